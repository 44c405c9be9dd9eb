"""
Facts: where dates, names, amounts and regions become small enums. The only place that does it.

Rule 1: rules read facts and nothing else; so whatever can be wrong about a date or a number is
wrong here, and here are the tests of one below, at and one above.

Rule 2: parameters of the policy act here. A rule never sees a policy.

Rule 3: what cannot happen cannot be written: a trial has no switch, an ended subscription no
window.

Rule 4: facts are made once. Each combination is one value, found by its members in `LIVE` and its
like, and compared by identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

import attrs

from subrenew.model.entities import Actor, AutoRenew, Channel, Kind, Mechanism, Subscription
from subrenew.model.terms import Term
from subrenew.policy.parameters import EarlyRenewal, Listing, RenewalPolicy, Way
from subrenew.rules.decisions import combinations

__all__ = [
    "Asker",
    "Change",
    "Coverage",
    "DiscountFacts",
    "Eligibility",
    "End",
    "EndedFacts",
    "ExclusionFacts",
    "Facts",
    "Length",
    "LiveFacts",
    "Offer",
    "OrderAccessFacts",
    "Password",
    "Payment",
    "Prefilled",
    "Proof",
    "Reductions",
    "Seller",
    "TermChangeFacts",
    "Timing",
    "TrialFacts",
    "TrialTime",
    "Tries",
    "coverage_possible",
    "discount_facts",
    "exclusion_facts",
    "renewal_facts",
    "seller_possible",
    "term_change_facts",
]


class Timing(StrEnum):
    """Where the day stands to the renewal window of a subscription that is not over."""

    EARLY = "early"
    OPEN = "open"
    #: Open, but the edition leaves one that renews itself alone (reading 15).
    OPEN_BY_HAND_ONLY = "open-by-hand-only"
    LATE = "late"


class Payment(StrEnum):
    """What the payment method can do on the renewal date (reading 11)."""

    CHARGEABLE = "chargeable"
    INVOICED = "invoiced"
    PUSHED = "pushed"
    LAPSED = "lapsed"
    MISSING = "missing"


class Asker(StrEnum):
    """Whether the person who asks may renew; asking for nobody is asking for one who may."""

    MAY = "may"
    MAY_NOT = "may-not"


class Seller(StrEnum):
    """Who renews it: the vendor or a partner."""

    VENDOR = "vendor"
    PARTNER = "partner"


class End(StrEnum):
    """How a subscription ended."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"


class TrialTime(StrEnum):
    """Whether a trial still runs."""

    RUNNING = "running"
    EXPIRED = "expired"


@attrs.frozen(kw_only=True, eq=False)
class LiveFacts:
    """A paid subscription that is covered, or late in a stage that still renews."""

    #: Clause `manual.window`, readings 2, 3 and 16.
    timing: Timing
    #: The switch; off where a cancellation is on its way. Clause `automatic`.
    auto_renew: AutoRenew
    #: Clauses `automatic` and `manual`, readings 11 and 12.
    payment: Payment
    #: Clause `managed`, reading 14.
    asker: Asker
    #: Clause `channel`.
    seller: Seller


@attrs.frozen(kw_only=True, eq=False)
class EndedFacts:
    """A paid subscription that is past every stage that renews, or cancelled and ended."""

    #: Clause `expired`, readings 2 and 16.
    end: End
    #: Clause `channel`.
    seller: Seller


@attrs.frozen(kw_only=True, eq=False)
class TrialFacts:
    """A trial, or whatever else the policy never renews."""

    #: Clause `trial`, reading 2.
    time: TrialTime


class Coverage(StrEnum):
    """What a saving or a change of term would apply to."""

    TRIAL = "trial"
    COVERED = "covered"
    LATE = "late"
    ENDED = "ended"


class Length(StrEnum):
    """Whether the term is too short for the renewal price (reading 5)."""

    SHORT = "short"
    LONG = "long"


class Reductions(StrEnum):
    """Whether the line already has a discount or a promotion (reading 7)."""

    NONE = "none"
    PRESENT = "present"


class Eligibility(StrEnum):
    """The ways forward of `exclusions`."""

    ELIGIBLE = "eligible"
    ELIGIBLE_UNLISTED = "eligible-unlisted"
    EXCLUDED = "excluded"
    NOT_A_RENEWAL = "not-a-renewal"


class Offer(StrEnum):
    """What saving is on offer: none, the promised floor, or a rate of its own above it."""

    NONE = "none"
    FLOOR = "floor"
    OWN_RATE = "own-rate"


class Change(StrEnum):
    """Whether another term is asked for."""

    SAME = "same"
    OTHER = "other"


@attrs.frozen(kw_only=True, eq=False)
class ExclusionFacts:
    """What may keep a subscription from the renewal price."""

    #: Clauses `renewal-price`, `trial`, `expired`, `manual.deadline`.
    coverage: Coverage
    #: Clauses `renewal-price.monthly`, `excluded.monthly`; reading 5.
    length: Length
    #: Clause `excluded.products`, reading 8.
    listing: Listing
    #: Clause `excluded.reductions`, reading 7.
    reductions: Reductions


@attrs.frozen(kw_only=True, eq=False)
class DiscountFacts:
    """Which saving there is, given whether any applies."""

    #: The route of `exclusions`, as a word.
    eligibility: Eligibility
    #: Clauses `saving.floor`, `saving.base`, `saving.revisable`; reading 6.
    offer: Offer


@attrs.frozen(kw_only=True, eq=False)
class TermChangeFacts:
    """What bears on a change of term."""

    #: Clauses `trial` and `expired`.
    coverage: Coverage
    #: Whether another term is asked for at all.
    change: Change
    #: Clauses `term-change` and `term-change.otherwise`, reading 10.
    way: Way
    #: Clause `channel`.
    seller: Seller


class Prefilled(StrEnum):
    """Whether the number agrees with the confirmation message's, where that is known."""

    AGREES = "agrees"
    DIFFERS = "differs"


class Proof(StrEnum):
    """Whether number and password open an order; all that is wrong is one fact (reading 19)."""

    GIVEN = "given"
    MISSING = "missing"


class Tries(StrEnum):
    """Whether tries are left."""

    LEFT = "left"
    USED_UP = "used-up"


class Password(StrEnum):
    """Whether a password was given at all."""

    GIVEN = "given"
    FORGOTTEN = "forgotten"


@attrs.frozen(kw_only=True, eq=False)
class OrderAccessFacts:
    """What bears on opening an order's page."""

    #: Clause `order.prefilled`.
    prefilled: Prefilled
    #: Clause `order.unlock`, reading 19.
    proof: Proof
    #: Clause `order.unlock`.
    tries: Tries
    #: Clause `order.forgotten`.
    password: Password


Facts = (
    LiveFacts
    | EndedFacts
    | TrialFacts
    | ExclusionFacts
    | DiscountFacts
    | TermChangeFacts
    | OrderAccessFacts
)


F = TypeVar(
    "F",
    LiveFacts,
    EndedFacts,
    TrialFacts,
    ExclusionFacts,
    DiscountFacts,
    TermChangeFacts,
    OrderAccessFacts,
)


def _by_members(fact_type: type[F]) -> Mapping[tuple[StrEnum, ...], F]:
    return MappingProxyType(
        {attrs.astuple(facts, recurse=False): facts for facts in combinations(fact_type)}
    )


#: Every value of each fact type, by its members.
LIVE: Final = _by_members(LiveFacts)
ENDED: Final = _by_members(EndedFacts)
TRIAL: Final = _by_members(TrialFacts)
EXCLUSION: Final = _by_members(ExclusionFacts)
DISCOUNT: Final = _by_members(DiscountFacts)
TERM_CHANGE: Final = _by_members(TermChangeFacts)
ORDER_ACCESS: Final = _by_members(OrderAccessFacts)

# Members bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_EARLY, _OPEN, _BY_HAND_ONLY, _LATE = Timing
_CHARGEABLE, _INVOICED, _PUSHED, _LAPSED, _MISSING = Payment
_MAY, _MAY_NOT = Asker
_VENDOR, _PARTNER = Seller
_EXPIRED, _CANCELLED = End
_ON, _OFF = AutoRenew
_PUSH, _INVOICE = Mechanism.PUSH, Mechanism.INVOICE
_NOT_ALLOWED: Final = EarlyRenewal.NOT_ALLOWED


def renewal_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, actor: Actor | None
) -> LiveFacts | EndedFacts | TrialFacts:
    """Return the facts on which renewability is decided."""
    expires_on, cancelled_on = subscription.expires_on, subscription.cancelled_on
    if subscription.kind in edition.not_renewable:
        over = on >= subscription.ends_on
        return TRIAL[(TrialTime.EXPIRED if over else TrialTime.RUNNING,)]
    seller = _PARTNER if subscription.channel in edition.partner_channels else _VENDOR
    if cancelled_on is not None and on >= cancelled_on:
        return ENDED[_CANCELLED, seller]
    if on >= expires_on:
        if not edition.stages or (on - expires_on).days >= edition.late_days(subscription.term):
            return ENDED[_EXPIRED, seller]
        timing = _LATE
    elif on < subscription.starts_on or expires_on - on > edition.opening:
        timing = _EARLY
    else:
        timing = _BY_HAND_ONLY if edition.early_renewal is _NOT_ALLOWED else _OPEN
    method = subscription.payment_method
    if method is None:
        payment = _MISSING
    elif method.mechanism is _PUSH or method.kind in edition.manual_payment_kinds:
        payment = _PUSHED
    elif method.mechanism is _INVOICE:
        payment = _INVOICED
    elif (through := method.valid_through) is not None and through < expires_on:
        payment = _LAPSED
    else:
        payment = _CHARGEABLE
    return LIVE[
        timing,
        subscription.auto_renew if cancelled_on is None else _OFF,
        payment,
        _MAY if actor is None else _asker(subscription, edition, actor),
        seller,
    ]


def _asker(subscription: Subscription, edition: RenewalPolicy, actor: Actor) -> Asker:
    account = subscription.account
    managed = account is not None and account.managed
    roles = edition.managed_roles if managed else edition.unmanaged_roles
    return _MAY_NOT if roles.isdisjoint(actor.roles) else _MAY


def _coverage(subscription: Subscription, edition: RenewalPolicy, on: date) -> Coverage:
    if subscription.kind in edition.not_renewable:
        return Coverage.TRIAL
    if on < subscription.ends_on:
        return Coverage.COVERED
    late = subscription.cancelled_on is None and (
        (on - subscription.expires_on).days < edition.late_days(subscription.term)
    )
    return Coverage.LATE if late else Coverage.ENDED


def seller_possible(seller: Seller, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has this seller under this edition."""
    if seller is _PARTNER:
        return bool(edition.partner_channels)
    return not edition.partner_channels.issuperset(Channel)


def coverage_possible(coverage: Coverage, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has this coverage under this edition."""
    if coverage is Coverage.TRIAL:
        return bool(edition.not_renewable)
    if edition.not_renewable.issuperset(Kind):
        return False
    return coverage is not Coverage.LATE or bool(edition.stages)


def exclusion_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, *, reduced: bool
) -> ExclusionFacts:
    """Return the facts on which exclusions from the renewal price are decided."""
    limit = edition.price_excluded_up_to
    short = limit is not None and subscription.term.longest_days <= limit.longest_days
    return EXCLUSION[
        _coverage(subscription, edition, on),
        Length.SHORT if short else Length.LONG,
        edition.listing(subscription.product),
        Reductions.PRESENT if reduced else Reductions.NONE,
    ]


def discount_facts(
    eligibility: Eligibility, edition: RenewalPolicy, own_rate: Decimal | None
) -> DiscountFacts:
    """Return the facts on which the saving is decided; *own_rate* is the price book's."""
    floor = edition.saving_floor_rate
    if own_rate is not None and own_rate > (floor or 0):
        return DISCOUNT[eligibility, Offer.OWN_RATE]
    return DISCOUNT[eligibility, Offer.NONE if floor is None else Offer.FLOOR]


def term_change_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, to: Term, region: str | None
) -> TermChangeFacts:
    """Return the facts on which a change of term is decided."""
    seller = _PARTNER if subscription.channel in edition.partner_channels else _VENDOR
    return TERM_CHANGE[
        _coverage(subscription, edition, on),
        Change.SAME if to == (subscription.next_term or subscription.term) else Change.OTHER,
        edition.term_change_way(region or subscription.country),
        seller,
    ]
