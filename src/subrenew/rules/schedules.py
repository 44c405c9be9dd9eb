"""
The schedule: where a subscription and an edition become days. The only place that does it.

Rule 1: what a policy counts in days becomes a day here, from an anchor, and nowhere else. Facts,
windows, the days of actions, the day an answer changes, notices, transitions and pictures read it.

Rule 2: phases are half-open and tile all days from the term's start on, for ever. A phase is a few
small enums and has no opinion: who asks, prices, products and conditions are not in it, but for
the one question whether the automatic renewal would have come (reading 29).

Rule 3: the renewal date is the first day not covered (reading 2). From it until the catch-up ends,
what was going to renew itself on the last day before is *pending*, and nothing else happens to it.

Rule 4: late renewal follows a ladder: which stage a subscription is in after its end, and for
how long. It begins at the end of the term, or at an unpaid invoice, as the edition says; a
cancellation begins one of its own (reading 16).

Rule 5: the term that a renewal gives is worked out here too: where it begins, and the day its ends
come back to (readings 4 and 16).

Rule 6: an automatic renewal belongs to the edition of its renewal date, whenever its run comes;
everything else to that of the day (reading 17).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

import attrs

from subrenew.errors import InvalidType, NotInForce
from subrenew.model import checks
from subrenew.model.entities import (
    AutoRenew,
    History,
    Kind,
    Mechanism,
    PaymentMethod,
    Subscription,
)
from subrenew.model.terms import Term, Window
from subrenew.policy.choices import TrialEnd
from subrenew.policy.conditions import Barred
from subrenew.policy.editions import Editions, Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import (
    Access,
    AfterLastAttempt,
    BackPay,
    LadderStart,
    LateStart,
    Stage,
    StagePrice,
    StageRenewal,
    ladder_days,
)
from subrenew.rules.fact_types import Payment, Situation

__all__ = [
    "Automatic",
    "ByHand",
    "NextTerm",
    "Phase",
    "PriceBasis",
    "Rung",
    "Schedule",
    "State",
    "Switch",
    "as_renewed",
    "edition_on",
    "editions_from",
    "held_until",
    "is_unpaid",
    "ladder",
    "ladder_start",
    "late_days",
    "late_start_known",
    "late_window",
    "longest_catch_up_days",
    "longest_lead_days",
    "missed_terms",
    "next_charge_on",
    "next_term",
    "opening_known",
    "opening_of",
    "over_from",
    "payment_on",
    "renewal_window",
    "renewing_days",
    "run_until",
    "schedule",
    "state_on",
    "switch_last_on",
    "turning_days",
]


class ByHand(StrEnum):
    """Where manual renewal stands."""

    NOT_OPEN = "not-open"
    OPEN = "open"
    LATE = "late"
    OVER = "over"
    #: The page does not say when it opens.
    UNKNOWN = "unknown"


class Automatic(StrEnum):
    """Where the automatic renewal stands."""

    AHEAD = "ahead"
    #: Its date has come, and the run may still make it.
    PENDING = "pending"
    PAST = "past"
    #: There is none: a trial that ends, or a cancellation.
    NONE = "none"


class Switch(StrEnum):
    """Whether automatic renewal can be switched."""

    OPEN = "open"
    CLOSED = "closed"


class PriceBasis(StrEnum):
    """What a renewal is priced like."""

    #: Like a renewal in time.
    RENEWAL = "renewal"
    #: Late, and priced like a new subscription.
    LIST = "list"
    #: Nothing is renewed; what is bought is new.
    NEW = "new"


@attrs.frozen
class State:
    """How a subscription stands on a day, without the days themselves."""

    #: What it is.
    situation: Situation
    #: Where manual renewal stands.
    by_hand: ByHand
    #: Where the automatic renewal stands.
    automatic: Automatic
    #: Whether automatic renewal can be switched.
    switch: Switch
    #: What can be used, if nothing is renewed until then.
    access: Access
    #: What a renewal is priced like.
    price: PriceBasis
    #: The stage, between the end and the last day of the ladder.
    stage: Stage | None = None
    #: Where the term of a renewal made now starts; ``None`` where none is made or no page says.
    starts: LateStart | None = None


@attrs.frozen
class Phase:
    """
    Days on which a subscription stands the same; one of the half-open spans of a `Schedule`.

    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> first, *_, last = schedule(held, autodesk.EDITION_2024).phases
    >>> first.until_on, date(2025, 10, 2) in first, date(2025, 10, 3) in first
    (datetime.date(2025, 10, 3), True, False)
    >>> last.from_on, last.until_on
    (datetime.date(2026, 1, 1), None)
    """

    #: The first day.
    from_on: date
    #: The first day after it; ``None`` for ever.
    until_on: date | None
    #: How it stands.
    state: State

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@attrs.frozen
class Rung:
    """A stage with its days."""

    #: The stage.
    stage: Stage
    #: The first day in it.
    from_on: date
    #: The first day after it.
    until_on: date

    @property
    def renews(self) -> bool:
        """Whether it can still be renewed."""
        return self.stage.renewal is _POSSIBLE


# Bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_ONE_DAY: Final = timedelta(days=1)
_NO_TIME: Final = timedelta()
_OFF: Final = AutoRenew.OFF
_PUSH, _INVOICE = Mechanism.PUSH, Mechanism.INVOICE
_CHARGEABLE, _INVOICED, _PUSHED, _LAPSED, _MISSING, _ = Payment
_NOT_OPEN, _OPEN, _LATE = ByHand.NOT_OPEN, ByHand.OPEN, ByHand.LATE
_UNKNOWN: Final = ByHand.UNKNOWN
_AHEAD, _PAST, _NO_AUTOMATIC = Automatic.AHEAD, Automatic.PAST, Automatic.NONE
_TERM_END, _EARLIER = LadderStart.TERM_END, LadderStart.EARLIER
_TRIAL: Final = Kind.TRIAL
_GOES_ON: Final = TrialEnd.GOES_ON
_RENEWAL: Final = Barred.RENEWAL
_POSSIBLE: Final = StageRenewal.POSSIBLE
_OLD_END, _RENEWAL_DAY = LateStart
_FULL: Final = Access.FULL
_LAPSES: Final = AfterLastAttempt.LAPSES


_SITUATION_COVERED: Final = Situation.COVERED
_SWITCH_OPEN, _SWITCH_CLOSED = Switch
_LIKE_A_RENEWAL, _NEW = PriceBasis.RENEWAL, PriceBasis.NEW


def _covered(by_hand: ByHand) -> State:
    return State(
        Situation.COVERED, by_hand, Automatic.AHEAD, Switch.OPEN, Access.FULL, PriceBasis.RENEWAL
    )


_COVERED_NOT_OPEN: Final = _covered(ByHand.NOT_OPEN)
_COVERED_OPEN: Final = _covered(ByHand.OPEN)
_COVERED_UNKNOWN: Final = _covered(ByHand.UNKNOWN)
_PENDING_STATE: Final = State(
    Situation.PENDING,
    ByHand.NOT_OPEN,
    Automatic.PENDING,
    Switch.OPEN,
    Access.FULL,
    PriceBasis.RENEWAL,
    starts=LateStart.OLD_END,
)
#: A trial that goes on is not renewed: its first paid term costs what a new one costs.
_PENDING_TRIAL: Final = attrs.evolve(_PENDING_STATE, price=PriceBasis.NEW)
_TRIAL_RUNS: Final = State(
    Situation.TRIAL,
    ByHand.NOT_OPEN,
    Automatic.NONE,
    Switch.CLOSED,
    Access.FULL,
    PriceBasis.NEW,
)
_TRIAL_OVER: Final = attrs.evolve(_TRIAL_RUNS, by_hand=ByHand.OVER, access=Access.NONE)
#: Where no page says what becomes of it, nobody knows what can still be used.
_TRIAL_UNKNOWN: Final = attrs.evolve(_TRIAL_OVER, access=Access.UNKNOWN)
_ENDED: Final = State(
    Situation.ENDED, ByHand.OVER, Automatic.PAST, Switch.CLOSED, Access.NONE, PriceBasis.NEW
)


# Single days ------------------------------------------------------------------------------------


def opening_of(subscription: Subscription, edition: RenewalPolicy) -> date:
    """
    Return the first day of the renewal window (clause `manual.window`, reading 3).

    Never before the term does, nor on the day on which the term itself was paid for: the same term
    is not renewed twice by asking twice. Where the page does not say when it opens, the first day
    that nothing rules out; see `opening_known`.
    """
    opening = _opening(subscription, edition) if edition.window_rules else edition.opening
    opens_on = subscription.starts_on
    if opening is not None and subscription.expires_on - opening > opens_on:
        opens_on = subscription.expires_on - opening
    renewed_on = subscription.history.renewed_on
    if renewed_on is not None and renewed_on >= opens_on:
        opens_on = renewed_on + _ONE_DAY
    cancelled_on = subscription.cancelled_on
    return opens_on if cancelled_on is None else min(opens_on, cancelled_on)


def _opening(subscription: Subscription, edition: RenewalPolicy) -> timedelta | None:
    for rule in edition.window_rules:
        if rule.scope.covers(subscription):
            return timedelta(days=rule.days)
    return edition.opening


def opening_known(subscription: Subscription, edition: RenewalPolicy) -> bool:
    """Return whether the page says when manual renewal opens."""
    return _opening(subscription, edition) is not None


def switch_last_on(subscription: Subscription, edition: RenewalPolicy) -> date:
    """Return the last day before the end on which automatic renewal can be switched."""
    return subscription.ends_on - timedelta(days=max(edition.switch_closes_days or 0, 1))


def payment_on(method: PaymentMethod | None, edition: RenewalPolicy, renewal_on: date) -> Payment:
    """Return what the payment method can do on the renewal date (readings 11 and 12)."""
    if method is None:
        return _MISSING
    mechanism = method.mechanism
    if mechanism is _PUSH or method.kind in edition.manual_payment_kinds:
        return _PUSHED
    if mechanism is _INVOICE:
        return _INVOICED
    through = method.valid_through
    return _LAPSED if through is not None and through < renewal_on else _CHARGEABLE


def is_unpaid(history: History, on: date) -> bool:
    """Return whether a charge has failed, or an invoice is overdue on that day."""
    unpaid_since = history.unpaid_since
    return history.failed_on is not None or (unpaid_since is not None and unpaid_since <= on)


def next_charge_on(subscription: Subscription, edition: RenewalPolicy) -> date | None:
    """
    Return the first day on which its renewal is charged, or charged again where that has failed.

    ``None`` where the last attempt has failed. Where another payment method is on file since, the
    first day of all: it is charged at once.
    """
    failed_on, renewal_on = subscription.history.failed_on, subscription.expires_on
    days = (renewal_on + timedelta(days=each) for each in edition.charge_days)
    return next((day for day in days if failed_on is None or day > failed_on), None)


def as_renewed(subscription: Subscription) -> Subscription:
    """Return the subscription as it stood on the last day before its renewal date (reading 29)."""
    then = subscription.at_renewal
    if then is None:
        return subscription
    return attrs.evolve(
        subscription,
        auto_renew=then.auto_renew,
        payment_method=then.payment_method,
        conditions=then.conditions,
        next_term=then.next_term,
        at_renewal=None,
    )


def run_until(subscription: Subscription, edition: RenewalPolicy) -> date | None:
    """
    Return the first day on which its automatic renewal can no longer be made.

    ``None`` where it would not renew itself: what counts is how it stood on the last day before the
    renewal date (reading 29). A card that has lapsed by the day of the run is not charged.
    """
    then = subscription.at_renewal or subscription
    if then.auto_renew is _OFF or subscription.cancelled_on is not None:
        return None
    if subscription.kind is _TRIAL and edition.trials is not _GOES_ON:
        return None
    if edition.conditions and edition.barred_by(then.conditions, _RENEWAL):
        return None
    renewal_on, method = subscription.expires_on, then.payment_method
    payment = payment_on(method, edition, renewal_on)
    if payment is not _CHARGEABLE and payment is not _INVOICED:
        return None
    history, catch_up_days = subscription.history, edition.catch_up_days
    if history.unpaid_since is not None and history.unpaid_since < renewal_on:
        return None  # what is owed for the present term is paid first
    if history.failed_charges:
        catch_up_days = edition.run_days
    until_on = renewal_on + timedelta(days=catch_up_days + 1)
    term = then.next_term or edition.renews_to or subscription.term
    if catch_up_days >= (term.day_count or 28):
        # A run never buys a term of which nothing is left.
        given = _beginning(term, renewal_on, _kept_anchor(subscription))
        until_on = min(until_on, given.expires_on)
    through = method.valid_through if method is not None and payment is _CHARGEABLE else None
    if through is not None and through < until_on:
        until_on = through + _ONE_DAY
    if history.failed_on is not None:
        charge_on = next_charge_on(subscription, edition)
        return until_on if charge_on is not None and charge_on < until_on else None
    return until_on


# The ladder -------------------------------------------------------------------------------------


def ladder_start(subscription: Subscription, edition: RenewalPolicy) -> date:
    """Return the first day of the ladder: not covered, or not paid for."""
    unpaid_since, expires_on = subscription.history.unpaid_since, subscription.expires_on
    start = edition.ladder_start
    if unpaid_since is None or start is _TERM_END:
        return expires_on
    return min(unpaid_since, expires_on) if start is _EARLIER else unpaid_since


@lru_cache(maxsize=4096)
def _steps(
    edition: RenewalPolicy, term: Term, *, cancelled: bool
) -> tuple[tuple[Stage, timedelta], ...]:
    """Return each stage that lasts for such a term, with how long after the start it ends."""
    found, end = [], timedelta()
    stages = edition.cancelled_stages if cancelled else edition.stages
    for stage, days in ladder_days(stages, term):
        if days:
            end += timedelta(days=days)
            found.append((stage, end))
    return tuple(found)


def _ladders(
    subscription: Subscription, edition: RenewalPolicy
) -> tuple[tuple[date, tuple[tuple[Stage, timedelta], ...]], ...]:
    """Return the ladders of a subscription: each begins on its day and ends where the next does."""
    if subscription.kind is _TRIAL or _has_lapsed(subscription, edition):
        return ()
    term, cancelled_on = subscription.term, subscription.cancelled_on
    start, steps = ladder_start(subscription, edition), _steps(edition, term, cancelled=False)
    late = start - subscription.expires_on
    if late > _NO_TIME:
        # An invoice that falls due after the end: until then it stays in the first stage.
        start, steps = subscription.expires_on, tuple([(stage, end + late) for stage, end in steps])
    if cancelled_on is None:
        return ((start, steps),)
    renewing = [end for stage, end in steps if stage.renewal is _POSSIBLE]
    over_on = start + renewing[-1] if renewing else subscription.expires_on
    if cancelled_on > over_on:
        return ((start, steps),)  # cancelling what is over does not reopen it
    return (start, steps), (cancelled_on, _steps(edition, term, cancelled=True))


def _has_lapsed(subscription: Subscription, edition: RenewalPolicy) -> bool:
    """Return whether its last attempt has failed, where that is the end."""
    attempts = edition.charge_attempts
    if attempts is None or attempts.after_last is not _LAPSES:
        return False
    return next_charge_on(subscription, edition) is None


def ladder(subscription: Subscription, edition: RenewalPolicy) -> tuple[Rung, ...]:
    """
    Return every rung, in order; a cancellation cuts the ladder and begins another.

    A trial has none: a stage is a step towards a late renewal.
    """
    ladders = _ladders(subscription, edition)
    found = []
    for number, (start, steps) in enumerate(ladders, 1):
        cut_on = ladders[number][0] if number < len(ladders) else date.max
        from_on = start
        for stage, length in steps:
            until_on = min(start + length, cut_on)
            if from_on < until_on:
                found.append(Rung(stage, from_on, until_on))
            from_on = until_on
    return tuple(found)


def renewing_days(subscription: Subscription, edition: RenewalPolicy) -> tuple[date, date] | None:
    """Return the first day of the stages that still renew, and the first day after them."""
    # The loop of `ladder`, without its values: every answer about a late renewal asks for this.
    first = until = None
    ladders = _ladders(subscription, edition)
    for number, (start, steps) in enumerate(ladders, 1):
        cut_on = ladders[number][0] if number < len(ladders) else date.max
        from_on = start
        for stage, length in steps:
            ends_on = min(start + length, cut_on)
            if from_on < ends_on and stage.renewal is _POSSIBLE:
                first, until = first or from_on, ends_on
            from_on = ends_on
    return None if first is None or until is None else (first, until)


def late_days(subscription: Subscription, edition: RenewalPolicy) -> tuple[date, date] | None:
    """Return the first day on which a late renewal is taken, and the first on which no more is."""
    days = renewing_days(subscription, edition)
    if days is None:
        return None
    from_on, until_on = days
    # Until the run can no longer be made it is pending, and no day renews it twice.
    run_until_on, renewed_on = run_until(subscription, edition), subscription.history.renewed_on
    if run_until_on is not None and run_until_on > from_on:
        from_on = run_until_on
    if renewed_on is not None and renewed_on >= from_on:
        from_on = renewed_on + _ONE_DAY
    return (from_on, until_on) if from_on < until_on else None


def _stage_on(
    subscription: Subscription, edition: RenewalPolicy, day: date
) -> tuple[Stage | None, bool]:
    """Return the stage of a day, and whether a ladder has begun by then."""
    for start, steps in reversed(_ladders(subscription, edition)):
        if day >= start:
            gone = day - start
            for stage, end in steps:
                if gone < end:
                    return stage, True
            return None, bool(steps)
    return None, False


# How it stands on a day -------------------------------------------------------------------------


def state_on(subscription: Subscription, edition: RenewalPolicy, day: date) -> State:
    """Return how a subscription stands on a day under an edition; the rules read nothing else."""
    expires_on, history = subscription.expires_on, subscription.history
    if (
        day >= expires_on
        or subscription.cancelled_on is not None
        or subscription.kind is _TRIAL
        or history.unpaid_since is not None
        or edition.switch_closes_days is not None
        or edition.window_rules
    ):
        return _state(subscription, edition, day)
    # What most subscriptions are on most days: covered, with nothing to mind but the window.
    renewed_on, opening = history.renewed_on, edition.opening
    if day < subscription.starts_on or (renewed_on is not None and day <= renewed_on):
        return _COVERED_NOT_OPEN
    if opening is None:
        return _COVERED_UNKNOWN
    return _COVERED_OPEN if expires_on - day <= opening else _COVERED_NOT_OPEN


def _before_the_end(subscription: Subscription, edition: RenewalPolicy, day: date) -> ByHand:
    if day < opening_of(subscription, edition):
        return _NOT_OPEN
    return _OPEN if opening_known(subscription, edition) else _UNKNOWN


def _state(subscription: Subscription, edition: RenewalPolicy, day: date) -> State:
    if subscription.kind is _TRIAL:
        return _of_a_trial(subscription, edition, day)
    if day >= subscription.expires_on and _is_pending(subscription, edition, day):
        return _PENDING_STATE
    if edition.stages or edition.cancelled_stages:
        stage, begun = _stage_on(subscription, edition, day)
        if stage is not None:
            return _of_a_stage(subscription, edition, stage, day)
        if begun:
            return _ENDED
    return _in_time(subscription, edition, day) if day < subscription.ends_on else _ENDED


def _is_pending(subscription: Subscription, edition: RenewalPolicy, day: date) -> bool:
    until_on = run_until(subscription, edition)
    return until_on is not None and subscription.expires_on <= day < until_on


def _in_time(subscription: Subscription, edition: RenewalPolicy, day: date) -> State:
    return State(
        _SITUATION_COVERED,
        _before_the_end(subscription, edition, day),
        _AHEAD if subscription.cancelled_on is None else _NO_AUTOMATIC,
        _SWITCH_OPEN if day <= switch_last_on(subscription, edition) else _SWITCH_CLOSED,
        _FULL,
        _LIKE_A_RENEWAL,
    )


def _of_a_stage(
    subscription: Subscription, edition: RenewalPolicy, stage: Stage, day: date
) -> State:
    early, renewed_on = day < subscription.expires_on, subscription.history.renewed_on
    return _stage_state(
        stage,
        # What was renewed late on a day is not renewed again on it, whatever is left of the term.
        _LATE if renewed_on is None or day > renewed_on else _NOT_OPEN,
        _PAST if subscription.cancelled_on is None else _NO_AUTOMATIC,
        _OLD_END if early else edition.late_start,
    )


@lru_cache(maxsize=4096)
def _stage_state(
    stage: Stage, by_hand: ByHand, automatic: Automatic, starts: LateStart | None
) -> State:
    if stage.renewal is not _POSSIBLE:
        return attrs.evolve(_ENDED, access=stage.access, stage=stage)
    return State(
        Situation.LATE,
        by_hand,
        automatic,
        Switch.OPEN,
        stage.access,
        PriceBasis.LIST if stage.price is StagePrice.LIST else PriceBasis.RENEWAL,
        stage,
        starts,
    )


def _of_a_trial(subscription: Subscription, edition: RenewalPolicy, day: date) -> State:
    converted_on = subscription.history.converted_on
    if converted_on is not None and day >= converted_on:
        return _ENDED
    goes_on = edition.trials is _GOES_ON and subscription.cancelled_on is None
    if goes_on and day >= subscription.expires_on and _is_pending(subscription, edition, day):
        return _PENDING_TRIAL
    runs = day < subscription.ends_on
    if not runs:
        silent = edition.trials is None and subscription.cancelled_on is None
        return _TRIAL_UNKNOWN if silent else _TRIAL_OVER
    if not goes_on:
        return _TRIAL_RUNS
    return State(
        Situation.CONTINUING,
        _NOT_OPEN,
        _AHEAD,
        _SWITCH_OPEN if day <= switch_last_on(subscription, edition) else _SWITCH_CLOSED,
        _FULL,
        _NEW,
    )


# The next term ----------------------------------------------------------------------------------


@attrs.frozen
class NextTerm:
    """The term that a renewal gives."""

    #: How long it is.
    term: Term
    #: Its first day.
    starts_on: date
    #: The first day after it.
    expires_on: date
    #: The day of the month that its ends come back to.
    anchor_day: int

    def is_over_on(self, day: date) -> bool:
        """Return whether nothing of it is left on that day."""
        return self.expires_on <= day


def missed_terms(subscription: Subscription, on: date) -> int:
    """Return how many whole terms have passed since the last one ended; 0 before its end."""
    if on < subscription.expires_on:
        return 0
    term, end = subscription.term, subscription.expires_on
    if term.day_count:
        return (on - end).days // term.day_count
    number = 0
    # Each ends on the anchor day, so that a clamped end does not move those after it (reading 4).
    while (end := term.end(end, subscription.anchor_day)) <= on:
        number += 1
    return number


def late_start_known(edition: RenewalPolicy) -> bool:
    """Return whether the page says where the term of a late renewal begins."""
    if edition.late_terms.back_pay is BackPay.MISSED_TERMS:
        return True  # where the last missed term ends
    return edition.late_start is not None


def next_term(subscription: Subscription, edition: RenewalPolicy, on: date) -> NextTerm:
    """
    Return the term that a renewal made on a day gives (readings 4 and 16).

    In time it begins where the last one ends. Late it begins where the edition says; where no page
    says, at the old end too, unless nothing of it would be left, and then on the day of the
    renewal. Where it begins on a day of its own, its ends come back to that day.
    """
    term, old_end = edition.renewal_term(subscription), subscription.expires_on
    starts_on = old_end
    if on > old_end and edition.late_start is _RENEWAL_DAY:
        starts_on = on
    elif on > old_end and edition.late_terms.back_pay is BackPay.MISSED_TERMS:
        # What was missed is paid for, so the new term begins where the last missed one ends.
        missed = missed_terms(subscription, on)
        if missed:
            paid = Term(subscription.term.count * missed, subscription.term.unit)
            starts_on = paid.end(old_end, subscription.anchor_day)
            return _beginning(term, starts_on, subscription.anchor_day)
    if starts_on == old_end:
        found = _from_the_end(subscription, edition)
        if late_start_known(edition) or not found.is_over_on(on):
            return found
        starts_on = on
    return _beginning(term, starts_on, starts_on.day)


def _from_the_end(subscription: Subscription, edition: RenewalPolicy) -> NextTerm:
    term, old_end = edition.renewal_term(subscription), subscription.expires_on
    return _beginning(term, old_end, _kept_anchor(subscription))


def _beginning(term: Term, starts_on: date, anchor_day: int) -> NextTerm:
    return NextTerm(term, starts_on, term.end(starts_on, anchor_day), anchor_day)


def _kept_anchor(subscription: Subscription) -> int:
    """Return the anchor day, where the end is on it, clamped or not; else the end's own day."""
    end, anchor_day = subscription.expires_on, subscription.anchor_day
    clamped = end.day < anchor_day and (end + _ONE_DAY).day == 1
    return anchor_day if clamped or end.day == anchor_day else end.day


# Over days --------------------------------------------------------------------------------------


def _turns(subscription: Subscription, edition: RenewalPolicy) -> list[date]:
    """Return every day on which the state may change, and no order."""
    days = [opening_of(subscription, edition), subscription.ends_on]
    cancelled_on = subscription.cancelled_on
    if cancelled_on is not None:
        days += (cancelled_on, subscription.expires_on)
    elif (until_on := run_until(subscription, edition)) is not None:
        days.append(until_on)
    if edition.switch_closes_days is not None:
        days.append(switch_last_on(subscription, edition) + _ONE_DAY)
    if edition.stages or edition.cancelled_stages:
        for start, steps in _ladders(subscription, edition):
            days.append(start)
            days += [start + end for _, end in steps]
        days += _turns_of_a_late_term(subscription, edition, days[-1])
    history = subscription.history
    if history.converted_on is not None:
        days.append(history.converted_on)
    if history.unpaid_since is not None:
        days.append(history.unpaid_since)
    if history.renewed_on is not None:
        days.append(history.renewed_on + _ONE_DAY)
    return days


def _turns_of_a_late_term(
    subscription: Subscription, edition: RenewalPolicy, until_on: date
) -> list[date]:
    """Return the days from which on nothing of a late term would be left, or again something."""
    if edition.late_start is _RENEWAL_DAY or not late_start_known(edition):
        return []
    given = next_term(subscription, edition, subscription.expires_on)
    days = [given.expires_on]
    missed, begins_on = edition.late_terms.back_pay is BackPay.MISSED_TERMS, given.starts_on
    while missed and given.term != subscription.term and begins_on < until_on:
        begins_on = subscription.term.end(begins_on, subscription.anchor_day)
        days += (begins_on, given.term.end(begins_on, subscription.anchor_day))
    return days


@attrs.frozen
class Schedule:
    """
    The phases of one subscription under one edition; each is worked out when it is asked for.

    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> for phase in schedule(held, autodesk.EDITION_2025_12).phases:
    ...     state = phase.state
    ...     print(phase.from_on, state.situation, state.by_hand, state.access)
    2025-01-01 covered not-open full
    2025-10-03 covered open full
    2026-01-01 late late full
    2026-01-16 late late none
    2026-02-15 ended over none
    """

    #: Whose days they are.
    subscription: Subscription
    #: What counts them.
    edition: RenewalPolicy

    def at(self, day: date) -> State:
        """
        Return how it stands on a day.

        Raises:
            InvalidType, InvalidValue: *day* is not a date from 1900 to 9000.
        """
        checks.calendar_date("day", day)
        return state_on(self.subscription, self.edition, day)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases that tile all days from the term's start on; the last one has no end."""
        starts_on = self.subscription.starts_on
        turns = _turns(self.subscription, self.edition)
        days = sorted({starts_on, *(day for day in turns if day > starts_on)})
        found: list[Phase] = []
        for day in days:
            state = state_on(self.subscription, self.edition, day)
            if not found or found[-1].state != state:
                if found:
                    found[-1] = attrs.evolve(found[-1], until_on=day)
                found.append(Phase(day, None, state))
        return tuple(found)

    @property
    def turns(self) -> tuple[date, ...]:
        """The first days of all phases but the first."""
        return tuple(phase.from_on for phase in self.phases[1:])

    @property
    def window(self) -> Window:
        """The days before the end on which it can be renewed manually (clause `manual.window`)."""
        closes_on = self.subscription.ends_on
        if self.subscription.history.unpaid_since is not None:
            # From the ladder on it is late, or over, although the term is not.
            begin_on = (each.from_on for each in ladder(self.subscription, self.edition))
            closes_on = min((closes_on, *begin_on))
        opens_on = opening_of(self.subscription, self.edition)
        return Window(min(opens_on, closes_on), closes_on)

    @property
    def late(self) -> Window:
        """The days on which a late renewal is taken; empty where there are none (reading 16)."""
        ends_on = self.subscription.ends_on
        days = late_days(self.subscription, self.edition)
        return Window(ends_on, ends_on) if days is None else Window(*days)

    @property
    def switch_last_on(self) -> date:
        """The last day on which this renewal's switch can be set."""
        return switch_last_on(self.subscription, self.edition)

    @property
    def run_until(self) -> date | None:
        """The first day on which the automatic renewal can no longer be made; see `run_until`."""
        return run_until(self.subscription, self.edition)

    @property
    def over_on(self) -> date:
        """The first day on which nothing renews it any more, whatever is done."""
        over_on = self.subscription.starts_on
        for phase in reversed(self.phases):
            if phase.state.by_hand is not ByHand.OVER:
                break
            over_on = phase.from_on
        return over_on


def schedule(subscription: Subscription, edition: RenewalPolicy) -> Schedule:
    """
    Return all days of a subscription under one edition (readings 2, 3, 16 and 29).

    Nothing is worked out before it is asked for. It is the edition given that counts, whichever day
    is looked at; of `Editions`, give what `in_force` returns.

    Args:
        subscription: Whose days they are.
        edition: What counts them.

    Raises:
        InvalidType: *subscription* is none, or *edition* is not a `RenewalPolicy`.

    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> found = schedule(held, autodesk.EDITION_2024)
    >>> found.window, found.at(date(2025, 10, 3)).by_hand.value
    (Window(date(2025, 10, 3), date(2026, 1, 1)), 'open')
    """
    checks.instance("subscription", subscription, Subscription)
    checks.instance("edition", edition, RenewalPolicy)
    return Schedule(subscription, edition)


# Over editions ----------------------------------------------------------------------------------


def edition_on(subscription: Subscription, policy: Policy, on: date) -> RenewalPolicy:
    """
    Return the edition that decides on a day (reading 17).

    That of the day; of an automatic renewal, that of the renewal date, whenever the run comes.

    Raises:
        NotInForce: None is in force.
        InvalidType: *subscription* is none, *policy* is no policy, or *on* no date.
        InvalidValue: A condition of the subscription is not declared (reading 27).
    """
    if type(subscription) is not Subscription:
        checks.instance("subscription", subscription, Subscription)
    if type(on) is not date:
        checks.calendar_date("on", on)
    if type(policy) is RenewalPolicy:
        edition = policy
    else:
        edition = _pending_under(subscription, policy, on) or policy.in_force(subscription, on=on)
    if subscription.conditions:
        edition.check_conditions(subscription.conditions)
    return edition


def _pending_under(subscription: Subscription, policy: Policy, on: date) -> RenewalPolicy | None:
    # A class has its methods as well, and is no policy.
    if type(policy) is not Editions and (
        isinstance(policy, type) or not hasattr(policy, "in_force")
    ):
        raise InvalidType(
            "policy",
            policy,
            "give a RenewalPolicy or Editions; RenewalPolicy.from_mapping makes one of a table",
        )
    if on < subscription.expires_on:
        return None
    if (subscription.at_renewal or subscription).auto_renew is _OFF:
        return None
    try:
        edition = policy.in_force(subscription, on=subscription.expires_on)
    except NotInForce:
        return None
    if _is_pending(subscription, edition, on):
        return edition
    # What was over under the edition of the renewal date, no later one makes pending again.
    later = policy.in_force(subscription, on=on)
    return edition if later is not edition and _is_pending(subscription, later, on) else None


def editions_from(
    subscription: Subscription, policy: Policy, edition: RenewalPolicy, on: date
) -> list[RenewalPolicy]:
    """Return *edition*, and those that time alone brings into force after *on*."""
    if not isinstance(policy, Editions):
        return [edition]
    days = (on, *policy.starts_after(on))
    return [edition, *(policy.in_force(subscription, on=day) for day in days)]


def turning_days(
    subscription: Subscription, policy: Policy, edition: RenewalPolicy, on: date
) -> list[date]:
    """Return the days on which time alone may change an answer: of *edition* and all to come."""
    if policy is edition:
        return _turns(subscription, edition)
    days = list(policy.starts_after(on)) if isinstance(policy, Editions) else []
    if not days and on < subscription.expires_on:
        return _turns(subscription, edition)
    seen: list[RenewalPolicy] = []
    for each in editions_from(subscription, policy, edition, on):
        if not any(each is known for known in seen):
            seen.append(each)
            days += _turns(subscription, each)
    return days


def over_from(subscription: Subscription, edition: RenewalPolicy) -> date:
    """
    Return the first day on which it is over: not covered any more, and nothing renews it.

    That is before the term's end where a ladder that an unpaid invoice began has no stage left.
    """
    found, history = Schedule(subscription, edition), subscription.history
    if history.unpaid_since is None and history.converted_on is None:
        return found.over_on
    return next(each.from_on for each in found.phases if each.state.by_hand is ByHand.OVER)


def held_until(subscription: Subscription, edition: RenewalPolicy) -> date:
    """Return the first day after the term: its end, or the day from which it is over before."""
    ends_on, history = subscription.ends_on, subscription.history
    if history.unpaid_since is None and history.converted_on is None:
        return ends_on
    return min(ends_on, over_from(subscription, edition))


def longest_catch_up_days(policy: Policy) -> int:
    """Return for how many days after the renewal date any edition still renews automatically."""
    if isinstance(policy, RenewalPolicy):
        return policy.run_days
    if isinstance(policy, Editions):
        return max(each.policy.run_days for each in policy.editions)
    return 366


def longest_lead_days(policy: Policy) -> int:
    """Return for how many days before the renewal date any edition charges for the first time."""
    if isinstance(policy, RenewalPolicy):
        return -policy.charge_days[0]
    if isinstance(policy, Editions):
        return max(-each.policy.charge_days[0] for each in policy.editions)
    return 366


def renewal_window(subscription: Subscription, *, policy: Policy, on: date) -> Window:
    """
    Return the days before expiry on which *subscription* can be renewed manually.

    Clause `manual.window`, reading 3. Trials have one too: they are barred later, not here. It is
    empty where a cancellation comes first. Where the policy does not say when it opens, it is the
    whole term, and the decision says `opening-unknown`. Late renewal has a window of its own,
    `late_window`.

    Args:
        subscription: Whose term decides.
        policy: Supplies the opening, in calendar days.
        on: Chooses the edition in force; it does not move the window.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 12, 31)
    ... )
    >>> renewal_window(subscription, policy=autodesk.EDITION_2024, on=date(2025, 6, 1))
    Window(date(2025, 10, 2), date(2025, 12, 31))
    """
    return Schedule(subscription, edition_on(subscription, policy, on)).window


def late_window(subscription: Subscription, *, policy: Policy, on: date) -> Window:
    """
    Return the days after expiry on which a late renewal is still taken (reading 16).

    Empty where expired means over, or nothing is ever renewed: for a trial, or once cancelled. It
    begins when the automatic renewal can no longer be made (reading 29).

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 12, 31)
    ... )
    >>> late_window(subscription, policy=autodesk.EDITION_2025_12, on=date(2026, 1, 1))
    Window(date(2025, 12, 31), date(2026, 2, 14))
    """
    return Schedule(subscription, edition_on(subscription, policy, on)).late
