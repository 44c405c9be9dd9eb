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
from types import MappingProxyType
from typing import Final

from subrenew.model.entities import Actor, AutoRenew, Channel, Kind, Mechanism, Subscription
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.conditions import Barred
from subrenew.policy.parameters import EarlyRenewal, RenewalPolicy
from subrenew.policy.pricing import Combine, IncreaseLimit, Silence, Stacking
from subrenew.policy.stages import LadderStart, StagePrice, StageRenewal
from subrenew.rules.fact_types import (
    Asker,
    Change,
    ConsentPolicy,
    Coverage,
    DiscountFacts,
    Eligibility,
    End,
    EndedFacts,
    ExclusionFacts,
    Facts,
    Flag,
    Frequency,
    IncreaseFacts,
    Length,
    LiveFacts,
    Offer,
    OrderAccessFacts,
    Password,
    Payment,
    Prefilled,
    Proof,
    Reductions,
    Rise,
    Seller,
    SwitchFacts,
    SwitchTime,
    TermChangeFacts,
    Timing,
    Told,
    TrialFacts,
    TrialTime,
    Tries,
)
from subrenew.rules.ladders import ladder, rung_on
from subrenew.rules.questions import Flyweights
from subrenew.rules.windows import opening_of

__all__ = [
    "Asker",
    "Change",
    "ConsentPolicy",
    "Coverage",
    "DiscountFacts",
    "Eligibility",
    "End",
    "EndedFacts",
    "ExclusionFacts",
    "Facts",
    "Flag",
    "Frequency",
    "IncreaseFacts",
    "Length",
    "LiveFacts",
    "Offer",
    "OrderAccessFacts",
    "Password",
    "Payment",
    "Prefilled",
    "Proof",
    "Reductions",
    "Rise",
    "Seller",
    "SwitchFacts",
    "SwitchTime",
    "TermChangeFacts",
    "Timing",
    "Told",
    "TrialFacts",
    "TrialTime",
    "Tries",
    "coverage_possible",
    "discount_facts",
    "exclusion_facts",
    "increase_facts",
    "renewal_facts",
    "seller_possible",
    "switch_facts",
    "term_change_facts",
]


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


#: What a rule about consent says, by what it takes silence for.
CONSENT: Final = MappingProxyType(
    {
        Silence.ENDS: ConsentPolicy.ENDS,
        Silence.RENEWS_AT_OLD_PRICE: ConsentPolicy.OLD_PRICE,
        Silence.RENEWS_AT_NEW_PRICE: ConsentPolicy.NEW_PRICE,
    }
)


def increase_facts(
    subscription: Subscription,
    edition: RenewalPolicy,
    on: date,
    *,
    prices: tuple[Money, Money],
    last_on: date | None,
    told_on: date | None,
) -> IncreaseFacts:
    """Return the facts on which consent is decided; *prices* are the old one and the new one."""
    rule, (old, new) = edition.consent, prices
    if rule is None:
        rise = Rise.BEYOND if new > old else Rise.NONE
        return INCREASE[ConsentPolicy.SILENT, rise, Frequency.RARE, Told.IN_TIME]
    apart = rule.not_more_often_than
    soon = apart is not None and last_on is not None and on < apart.end(last_on)
    within = any(
        limit.scope.covers(subscription) and _within(limit, old, new) for limit in rule.limits
    )
    due = rule.notice_days and (told_on is None or (on - told_on).days < rule.notice_days)
    return INCREASE[
        CONSENT[rule.silence],
        Rise.NONE if new <= old else Rise.WITHIN if within else Rise.BEYOND,
        Frequency.TOO_SOON if soon else Frequency.RARE,
        Told.DUE if due else Told.IN_TIME,
    ]


def _within(limit: IncreaseLimit, old: Money, new: Money) -> bool:
    """Return whether a limit allows the increase; exactly the limit is allowed."""
    exceeded = []
    if limit.amount is not None:
        if limit.amount.currency != old.currency:
            # Without a rate of exchange it says nothing about this price: consent is asked.
            return False
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
    short = (
        limit is not None and edition.renewal_term(subscription).longest_days <= limit.longest_days
    )
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
