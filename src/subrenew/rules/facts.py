"""
Facts: where dates, names, amounts and regions become small enums. The only place that does it.

Rule 1: rules read facts and nothing else; so whatever can be wrong about a name or a number is
wrong here, and here are the tests of one below, at and one above. Days come from the schedule.

Rule 2: parameters of the policy act here. A rule never sees a policy.

Rule 3: what cannot happen cannot be written: an ended subscription has no window, and one that is
pending no missing payment method.

Rule 4: facts are made once. Each combination is one value, found by its members in `LIVE` and its
like, and compared by identity.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final, assert_never

from subrenew.model.entities import Actor, AutoRenew, Channel, Kind, Role, Subscription
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.choices import TrialEnd
from subrenew.policy.conditions import Barred
from subrenew.policy.parameters import EarlyRenewal, RenewalPolicy
from subrenew.policy.pricing import Combine, IncreaseLimit, Silence, Stacking
from subrenew.policy.stages import (
    LadderStart,
    LateStart,
    Stage,
    StagePrice,
    StageRenewal,
    ladder_days,
)
from subrenew.rules.fact_types import (
    Asker,
    Change,
    Collection,
    ConsentPolicy,
    ContinuingFacts,
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
    LateFacts,
    LateTerm,
    Length,
    LiveFacts,
    Offer,
    OrderAccessFacts,
    Password,
    Payment,
    PendingFacts,
    Prefilled,
    Proof,
    Reductions,
    Rise,
    Seller,
    Situation,
    SwitchFacts,
    SwitchTime,
    TermChangeFacts,
    Timing,
    Told,
    TrialAfter,
    TrialFacts,
    TrialTime,
    Tries,
)
from subrenew.rules.questions import Flyweights
from subrenew.rules.schedules import (
    ByHand,
    PriceBasis,
    State,
    Switch,
    as_renewed,
    is_unpaid,
    late_start_known,
    next_term,
    payment_on,
    state_on,
)

__all__ = [
    "Asker",
    "Change",
    "Collection",
    "ConsentPolicy",
    "ContinuingFacts",
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
    "LateFacts",
    "LateTerm",
    "Length",
    "LiveFacts",
    "Offer",
    "OrderAccessFacts",
    "Password",
    "Payment",
    "PendingFacts",
    "Prefilled",
    "Proof",
    "Reductions",
    "Rise",
    "Seller",
    "Situation",
    "SwitchFacts",
    "SwitchTime",
    "TermChangeFacts",
    "Timing",
    "Told",
    "TrialAfter",
    "TrialFacts",
    "TrialTime",
    "Tries",
    "asker_possible",
    "coverage_possible",
    "discount_facts",
    "exclusion_facts",
    "flag_possible",
    "increase_facts",
    "late_term_possible",
    "renewal_facts",
    "renewing_stages",
    "seller_possible",
    "situation_possible",
    "switch_facts",
    "term_change_facts",
]


#: Every value of each fact type, by its members.
LIVE: Final = Flyweights(LiveFacts)
LATE: Final = Flyweights(LateFacts)
CONTINUING: Final = Flyweights(ContinuingFacts)
PENDING: Final = Flyweights(PendingFacts)
ENDED: Final = Flyweights(EndedFacts)
TRIAL: Final = Flyweights(TrialFacts)
EXCLUSION: Final = Flyweights(ExclusionFacts)
DISCOUNT: Final = Flyweights(DiscountFacts)
TERM_CHANGE: Final = Flyweights(TermChangeFacts)
ORDER_ACCESS: Final = Flyweights(OrderAccessFacts)
SWITCH: Final = Flyweights(SwitchFacts)
INCREASE: Final = Flyweights(IncreaseFacts)

# Members bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_EARLY, _OPEN, _BY_HAND_ONLY, _OPENING_UNKNOWN = Timing
_INVOICED, _UNPAID = Payment.INVOICED, Payment.UNPAID
_CHARGED, _BY_INVOICE, _FAILED = Collection
_MAY, _MAY_NOT, _WHO_UNKNOWN = Asker
_VENDOR, _PARTNER = Seller
_CLEAR: Final = Flag.CLEAR
_ALONE: Final = Stacking.NONE
_SHORT, _LONG = Length
_UNREDUCED, _REDUCED = Reductions
_EXPIRED, _CANCELLED, _CONVERTED = End
_OFF: Final = AutoRenew.OFF
_NOT_ALLOWED: Final = EarlyRenewal.NOT_ALLOWED
_IS_TRIAL, _CONTINUES, _IS_COVERED, _IS_PENDING, _IS_LATE, _IS_ENDED = Situation
_NOT_OPEN, _WINDOW_OPEN = ByHand.NOT_OPEN, ByHand.OPEN
_LIKE_A_RENEWAL, _LIKE_NEW = PriceBasis.RENEWAL, PriceBasis.LIST
_IN_TIME: Final = Coverage.COVERED
_NO_OFFER, _FLOOR = Offer.NONE, Offer.FLOOR
_UNDATED, _DATED = LateTerm.UNDATED, LateTerm.DATED
_RENEWAL_DAY: Final = LateStart.RENEWAL_DAY
_AFTER: Final = MappingProxyType(
    {
        TrialEnd.ENDS: TrialAfter.ENDS,
        TrialEnd.GOES_ON: TrialAfter.STOPPED,
        None: TrialAfter.UNKNOWN,
    }
)


def renewal_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, actor: Actor | None
) -> LiveFacts | LateFacts | ContinuingFacts | PendingFacts | EndedFacts | TrialFacts:
    """Return the facts on which renewability is decided."""
    state = state_on(subscription, edition, on)
    situation = state.situation
    seller = _PARTNER if subscription.channel in edition.partner_channels else _VENDOR
    if situation is not _IS_COVERED and (situation is _IS_ENDED or situation is _IS_TRIAL):
        return _over_facts(subscription, edition, on, situation, seller)
    asker = _MAY if actor is None else _asker(subscription, edition, actor)
    if subscription.at_renewal is not None and situation is not _IS_LATE:
        subscription = as_renewed(subscription)
    history = subscription.history
    payment = payment_on(subscription.payment_method, edition, subscription.expires_on)
    if situation is _IS_PENDING:
        if history.failed_on is not None:
            return PENDING[_FAILED, asker, seller]
        return PENDING[_BY_INVOICE if payment is _INVOICED else _CHARGED, asker, seller]
    if is_unpaid(history, on):
        payment = _UNPAID
    switch = subscription.auto_renew if subscription.cancelled_on is None else _OFF
    condition = _flag(subscription, edition, Barred.RENEWAL) if edition.conditions else _CLEAR
    if situation is _IS_COVERED:
        by_hand = state.by_hand
        if by_hand is _NOT_OPEN:
            timing = _EARLY
        elif by_hand is _WINDOW_OPEN:
            timing = _BY_HAND_ONLY if edition.early_renewal is _NOT_ALLOWED else _OPEN
        else:
            timing = _OPENING_UNKNOWN
        return LIVE[timing, switch, payment, asker, seller, condition]
    if situation is _CONTINUES:
        return CONTINUING[switch, payment, asker, seller, condition]
    taken = state.by_hand is _NOT_OPEN
    term = LateTerm.RENEWED_TODAY if taken else _late_term(subscription, edition, on)
    return LATE[term, switch, payment, asker, seller, condition]


def _over_facts(
    subscription: Subscription,
    edition: RenewalPolicy,
    on: date,
    situation: Situation,
    seller: Seller,
) -> EndedFacts | TrialFacts:
    if situation is _IS_TRIAL:
        over = on >= subscription.ends_on
        return TRIAL[TrialTime.EXPIRED if over else TrialTime.RUNNING, _AFTER[edition.trials]]
    cancelled_on = subscription.cancelled_on
    if subscription.kind is Kind.TRIAL:
        end = _CONVERTED
    else:
        end = _CANCELLED if cancelled_on is not None and on >= cancelled_on else _EXPIRED
    return ENDED[end, seller]


def _late_term(subscription: Subscription, edition: RenewalPolicy, on: date) -> LateTerm:
    if on < subscription.expires_on or edition.late_start is _RENEWAL_DAY:
        return _DATED
    if not late_start_known(edition):
        return _UNDATED
    over = next_term(subscription, edition, on).is_over_on(on)
    return LateTerm.OVER if over else LateTerm.DATED


def _flag(subscription: Subscription, edition: RenewalPolicy, what: Barred) -> Flag:
    raised = edition.barred_by(subscription.conditions, what)
    return Flag.RAISED if raised else _CLEAR


def _asker(subscription: Subscription, edition: RenewalPolicy, actor: Actor) -> Asker:
    account = subscription.account
    return _one_of(edition.roles(managed=account is not None and account.managed), actor)


def _one_of(roles: frozenset[Role | str] | None, actor: Actor) -> Asker:
    if roles is None:
        return _WHO_UNKNOWN
    return _MAY_NOT if roles.isdisjoint(actor.roles) else _MAY


def switch_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, actor: Actor | None
) -> SwitchFacts:
    """Return the facts on which switching automatic renewal is decided."""
    state = state_on(subscription, edition, on)
    if actor is None:
        asker = _MAY
    elif edition.switch_roles is not None:
        asker = _one_of(edition.switch_roles, actor)
    else:
        asker = _asker(subscription, edition, actor)
    situation = state.situation
    closes = situation is _IS_COVERED or situation is _CONTINUES
    closed = closes and state.switch is Switch.CLOSED
    return SWITCH[
        situation,
        SwitchTime.TOO_LATE if closed else SwitchTime.IN_TIME,
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


def _coverage(state: State) -> Coverage:
    price = state.price
    if price is _LIKE_A_RENEWAL:
        return _IN_TIME
    if price is _LIKE_NEW:
        return Coverage.LATE
    return Coverage.ENDED if state.situation is _IS_ENDED else Coverage.TRIAL


def exclusion_facts(
    subscription: Subscription, edition: RenewalPolicy, on: date, *, reduced: bool
) -> ExclusionFacts:
    """Return the facts on which exclusions from the renewal price are decided."""
    state = state_on(subscription, edition, on)
    if subscription.at_renewal is not None and state.situation is not _IS_LATE:
        subscription = as_renewed(subscription)
    limit = edition.price_excluded_up_to
    short = (
        limit is not None and edition.renewal_term(subscription).longest_days <= limit.longest_days
    )
    return EXCLUSION[
        _coverage(state),
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
    if own_rate is None and loyalty_rate is None:
        return DISCOUNT[eligibility, _NO_OFFER if floor is None else _FLOOR]
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
    usual = edition.renews_to or subscription.term
    if to == edition.renewal_term(subscription):
        change = Change.SAME
    elif to == usual:
        change = Change.WITHDRAWAL
    else:
        change = Change.OTHER
    return TERM_CHANGE[
        state_on(subscription, edition, on).situation,
        change,
        edition.term_change_way(region or subscription.country, of=subscription.term, to=to),
        _PARTNER if subscription.channel in edition.partner_channels else _VENDOR,
        _flag(subscription, edition, Barred.TERM_CHANGE),
    ]


# What an edition can lead to --------------------------------------------------------------------


def flag_possible(flag: Flag, edition: RenewalPolicy, what: Barred) -> bool:
    """Return whether some subscription has this flag under this edition."""
    return flag is _CLEAR or any(what in each.bars for each in edition.conditions)


def seller_possible(seller: Seller, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has this seller under this edition."""
    if seller is _PARTNER:
        return bool(edition.partner_channels)
    return not edition.partner_channels.issuperset(Channel)


def asker_possible(asker: Asker, *roles: frozenset[Role | str] | None) -> bool:
    """Return whether someone who asks can be this, given the roles that may."""
    if asker is _MAY:
        return True
    return any((each is None) is (asker is _WHO_UNKNOWN) for each in roles)


@lru_cache(maxsize=256)
def _late_stages(edition: RenewalPolicy) -> tuple[tuple[Stage, int, bool], ...]:
    """
    Return each stage in which a late renewal is taken, for each length of term that matters.

    With it the last of its days, counted from the end at 0, if the ladder begins there; and whether
    only a cancellation leads to it.
    """
    every = (*edition.stages, *edition.cancelled_stages)
    limits = {length.up_to for stage in every for length in stage.lengths if length.up_to}
    found: list[tuple[Stage, int, bool]] = []
    for term in (*limits, _LONGEST_TERM):
        last = -1
        for stages in (edition.stages, edition.cancelled_stages):
            passed = last + 1  # what is over can no longer be cancelled
            for stage, days in ladder_days(stages, term):
                passed += days
                if days and stage.renewal is StageRenewal.POSSIBLE:
                    last = passed - 1
                    found.append((stage, last, stages is not edition.stages))
    return tuple(found)


_LONGEST_TERM: Final = Term.years(7_000)


def renewing_stages(edition: RenewalPolicy) -> tuple[Stage, ...]:
    """Return the stages in which a late renewal is taken; one without a day takes none."""
    return tuple(dict.fromkeys(stage for stage, _, _ in _late_stages(edition)))


def situation_possible(situation: Situation, edition: RenewalPolicy) -> bool:
    """Return whether some subscription is in this situation under this edition."""
    if situation is _CONTINUES:
        return edition.trials is TrialEnd.GOES_ON
    return situation is not _IS_LATE or bool(renewing_stages(edition))


def coverage_possible(coverage: Coverage, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has this coverage under this edition."""
    if coverage is not Coverage.LATE:
        return True
    return any(stage.price is StagePrice.LIST for stage in renewing_stages(edition))


def late_term_possible(facts: LateFacts, edition: RenewalPolicy) -> bool:
    """Return whether some late renewal with these facts gives such a term under this edition."""
    off = facts.auto_renew is _OFF  # as it counts wherever it is cancelled
    reached = [(last, cut) for _, last, cut in _late_stages(edition) if off or not cut]
    if not reached:
        return False
    known, start = late_start_known(edition), edition.ladder_start
    match facts.term:
        case LateTerm.DATED:
            # Late before the end: by an invoice that is unpaid, or by a cancellation.
            unpaid = start is not LadderStart.TERM_END and facts.payment is _UNPAID
            return known or unpaid or any(cut for _, cut in reached)
        case LateTerm.UNDATED:
            return not known
        case LateTerm.RENEWED_TODAY:
            return True
        case LateTerm.OVER:
            behind = known and edition.late_start is not LateStart.RENEWAL_DAY
            # The shortest term is a day, and over on the day after the end.
            late = start is LadderStart.UNPAID_INVOICE or max(last for last, _ in reached) > 0
            return behind and late
        case never:
            assert_never(never)
