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

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from subrenew.model.entities import Actor, AutoRenew, Channel, Kind, Mechanism, Subscription
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.conditions import Barred
from subrenew.policy.parameters import EarlyRenewal, RenewalPolicy, Way
from subrenew.policy.pricing import Combine, IncreaseLimit, Stacking
from subrenew.policy.products import Listing
from subrenew.policy.stages import LadderStart, StagePrice, StageRenewal
from subrenew.rules.ladders import ladder, rung_on
from subrenew.rules.questions import Flyweights
from subrenew.rules.windows import opening_of

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
    "Flag",
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


class Flag(StrEnum):
    """Whether a condition of the user's own holds that bars what is asked."""

    CLEAR = "clear"
    RAISED = "raised"


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
    #: A condition of the user's own.
    condition: Flag


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
    """What saving is on offer: none, the promised floor, or a rate above it."""

    NONE = "none"
    FLOOR = "floor"
    LOYALTY = "loyalty"
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
    #: A condition of the user's own.
    condition: Flag


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
    #: A condition of the user's own.
    condition: Flag


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


class SwitchTime(StrEnum):
    """Whether automatic renewal can still be switched before the end."""

    IN_TIME = "in-time"
    TOO_LATE = "too-late"


@attrs.frozen(kw_only=True, eq=False)
class SwitchFacts:
    """What bears on switching automatic renewal."""

    #: Clauses `trial` and `expired`.
    coverage: Coverage
    #: Clauses `automatic.switch-on` and `order.switch`.
    time: SwitchTime
    #: Clause `managed`, reading 14; with the roles for switching.
    asker: Asker
    #: Clause `channel`.
    seller: Seller


class Rise(StrEnum):
    """How a new price compares with the old one and the limits without consent."""

    NONE = "none"
    WITHIN = "within"
    BEYOND = "beyond"


class Frequency(StrEnum):
    """Whether the last increase lies far enough back."""

    RARE = "rare"
    TOO_SOON = "too-soon"


class ConsentPolicy(StrEnum):
    """What the policy says of increases."""

    SILENT = "silent"
    LIMITED = "limited"


@attrs.frozen(kw_only=True, eq=False)
class IncreaseFacts:
    """What bears on a dearer renewal."""

    #: Clause `saving.revisable`.
    policy: ConsentPolicy
    #: Clause `saving.revisable`.
    rise: Rise
    #: Clause `saving.revisable`.
    frequency: Frequency


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
    | SwitchFacts
    | IncreaseFacts
)


#: Every value of each fact type, by its members.
LIVE: Final = Flyweights(LiveFacts)
ENDED: Final = Flyweights(EndedFacts)
TRIAL: Final = Flyweights(TrialFacts)
EXCLUSION: Final = Flyweights(ExclusionFacts)
DISCOUNT: Final = Flyweights(DiscountFacts)
TERM_CHANGE: Final = Flyweights(TermChangeFacts)
ORDER_ACCESS: Final = Flyweights(OrderAccessFacts)
SWITCH: Final = Flyweights(SwitchFacts)
INCREASE: Final = Flyweights(IncreaseFacts)

# Members bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_EARLY, _OPEN, _BY_HAND_ONLY, _LATE = Timing
_CHARGEABLE, _INVOICED, _PUSHED, _LAPSED, _MISSING = Payment
_MAY, _MAY_NOT = Asker
_VENDOR, _PARTNER = Seller
_CLEAR: Final = Flag.CLEAR
_ALONE: Final = Stacking.NONE
_COVERED: Final = Coverage.COVERED
_SHORT, _LONG = Length
_UNREDUCED, _REDUCED = Reductions
_EXPIRED, _CANCELLED = End
_ON, _OFF = AutoRenew
_PUSH, _INVOICE = Mechanism.PUSH, Mechanism.INVOICE
_NOT_ALLOWED: Final = EarlyRenewal.NOT_ALLOWED
_TERM_END: Final = LadderStart.TERM_END


def renewal_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, actor: Actor | None
) -> LiveFacts | EndedFacts | TrialFacts:
    """Return the facts on which renewability is decided."""
    expires_on, cancelled_on = subscription.expires_on, subscription.cancelled_on
    if subscription.kind in edition.not_renewable:
        over = on >= subscription.ends_on
        return TRIAL[(TrialTime.EXPIRED if over else TrialTime.RUNNING,)]
    seller = _PARTNER if subscription.channel in edition.partner_channels else _VENDOR
    late = None
    if on >= expires_on or cancelled_on or subscription.history.unpaid_since:
        late = _late(subscription, edition, on)
    if late is False:
        gone = cancelled_on is not None and on >= cancelled_on
        return ENDED[_CANCELLED if gone else _EXPIRED, seller]
    if late:
        timing = _LATE
    elif edition.window_rules:
        timing = _EARLY if on < opening_of(subscription, edition) else _opened(edition)
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
        _flag(subscription, edition, Barred.RENEWAL) if edition.conditions else _CLEAR,
    ]


def _opened(edition: RenewalPolicy) -> Timing:
    return _BY_HAND_ONLY if edition.early_renewal is _NOT_ALLOWED else _OPEN


def _is_plain(subscription: Subscription, on: date) -> bool:
    """Return whether it is covered, with neither a cancellation nor an unpaid invoice."""
    return (
        on < subscription.expires_on
        and subscription.cancelled_on is None
        and subscription.history.unpaid_since is None
    )


def _flag(subscription: Subscription, edition: RenewalPolicy, what: Barred) -> Flag:
    raised = edition.barred_by(subscription.conditions, what)
    return Flag.RAISED if raised else _CLEAR


def flag_possible(flag: Flag, edition: RenewalPolicy, what: Barred) -> bool:
    """Return whether some subscription has this flag under this edition."""
    return flag is _CLEAR or any(what in each.bars for each in edition.conditions)


def _late(subscription: Subscription, edition: RenewalPolicy, on: date) -> bool | None:
    """Return whether it is over but a stage still renews it; ``None`` if it is not over."""
    unpaid = edition.ladder_start is not _TERM_END and subscription.history.unpaid_since
    ended = on >= subscription.ends_on
    if not ended and not unpaid:
        return None
    if not (edition.stages or edition.cancelled_stages):
        return False if ended else None
    rungs = ladder(subscription, edition)
    for rung in rungs:
        if rung.from_on <= on < rung.until_on:
            return rung.renews
    begun = bool(rungs) and on >= rungs[0].from_on
    return False if ended or begun else None


def switch_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, actor: Actor | None
) -> SwitchFacts:
    """Return the facts on which switching automatic renewal is decided."""
    closes = edition.switch_closes_days
    left = (subscription.ends_on - on).days
    late = closes is not None and left < max(closes, 1)
    asker = _MAY if actor is None else _asker(subscription, edition, actor)
    if actor is not None and edition.switch_roles is not None:
        asker = _MAY_NOT if edition.switch_roles.isdisjoint(actor.roles) else _MAY
    return SWITCH[
        _coverage(subscription, edition, on),
        SwitchTime.TOO_LATE if late else SwitchTime.IN_TIME,
        asker,
        _PARTNER if subscription.channel in edition.partner_channels else _VENDOR,
    ]


def increase_facts(
    subscription: Subscription,
    edition: RenewalPolicy,
    on: date,
    *,
    prices: tuple[Money, Money],
    last_on: date | None,
) -> IncreaseFacts:
    """Return the facts on which consent is decided; *prices* are the old one and the new one."""
    rule, (old, new) = edition.consent, prices
    if rule is None:
        return INCREASE[
            ConsentPolicy.SILENT, Rise.BEYOND if new > old else Rise.NONE, Frequency.RARE
        ]
    apart = rule.not_more_often_than
    soon = apart is not None and last_on is not None and on < apart.end(last_on)
    within = any(
        limit.scope.covers(subscription) and _within(limit, old, new) for limit in rule.limits
    )
    rise = Rise.NONE if new <= old else Rise.WITHIN if within else Rise.BEYOND
    return INCREASE[ConsentPolicy.LIMITED, rise, Frequency.TOO_SOON if soon else Frequency.RARE]


def _within(limit: IncreaseLimit, old: Money, new: Money) -> bool:
    """Return whether a limit allows the increase; exactly the limit is allowed."""
    exceeded = []
    if limit.amount is not None:
        exceeded.append(new - old > limit.amount)
    if limit.rate is not None:
        part, whole = limit.rate.as_integer_ratio()
        exceeded.append((new - old).micros * whole > old.micros * part)
    return not (any(exceeded) if limit.combine is Combine.ANY else all(exceeded))


def _asker(subscription: Subscription, edition: RenewalPolicy, actor: Actor) -> Asker:
    account = subscription.account
    managed = account is not None and account.managed
    roles = edition.managed_roles if managed else edition.unmanaged_roles
    return _MAY_NOT if roles.isdisjoint(actor.roles) else _MAY


def _coverage(subscription: Subscription, edition: RenewalPolicy, on: date) -> Coverage:
    if subscription.kind in edition.not_renewable:
        return Coverage.TRIAL
    late = None if _is_plain(subscription, on) else _late(subscription, edition, on)
    if late is None:
        return _COVERED
    if not late:
        return Coverage.ENDED
    rung = rung_on(subscription, edition, on)
    kept = rung is not None and rung.stage.price is StagePrice.RENEWAL
    return Coverage.COVERED if kept else Coverage.LATE


def late_possible(edition: RenewalPolicy) -> bool:
    """Return whether a late renewal is taken at all under this edition."""
    stages = (*edition.stages, *edition.cancelled_stages)
    return any(stage.renewal is StageRenewal.POSSIBLE for stage in stages)


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
    return coverage is not Coverage.LATE or any(
        stage.renewal is StageRenewal.POSSIBLE and stage.price is StagePrice.LIST
        for stage in (*edition.stages, *edition.cancelled_stages)
    )


def exclusion_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, *, reduced: bool
) -> ExclusionFacts:
    """Return the facts on which exclusions from the renewal price are decided."""
    limit = edition.price_excluded_up_to
    short = limit is not None and subscription.term.longest_days <= limit.longest_days
    return EXCLUSION[
        _coverage(subscription, edition, on),
        _SHORT if short else _LONG,
        edition.listing(subscription.product),
        _REDUCED if reduced and edition.stacking is _ALONE else _UNREDUCED,
        _flag(subscription, edition, Barred.RENEWAL_PRICE) if edition.conditions else _CLEAR,
    ]


def discount_facts(
    eligibility: Eligibility,
    edition: RenewalPolicy,
    *,
    own_rate: Decimal | None,
    loyalty_rate: Decimal | None,
) -> DiscountFacts:
    """Return the facts on which the saving is decided; the largest rate counts (reading 21)."""
    floor = edition.saving_floor_rate
    own, loyal, least = own_rate or 0, loyalty_rate or 0, floor or 0
    if own > max(loyal, least):
        return DISCOUNT[eligibility, Offer.OWN_RATE]
    if loyal > least:
        return DISCOUNT[eligibility, Offer.LOYALTY]
    return DISCOUNT[eligibility, Offer.NONE if floor is None else Offer.FLOOR]


def term_change_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, to: Term, region: str | None
) -> TermChangeFacts:
    """Return the facts on which a change of term is decided."""
    seller = _PARTNER if subscription.channel in edition.partner_channels else _VENDOR
    return TERM_CHANGE[
        _coverage(subscription, edition, on),
        Change.SAME if to == (subscription.next_term or subscription.term) else Change.OTHER,
        edition.term_change_way(region or subscription.country, of=subscription.term, to=to),
        seller,
        _flag(subscription, edition, Barred.TERM_CHANGE),
    ]
