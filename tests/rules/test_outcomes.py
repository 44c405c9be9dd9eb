"""What a subscription becomes by an act, at each boundary."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from subrenew import (
    AtRenewal,
    AutoRenew,
    History,
    Kind,
    LateStart,
    LateTerms,
    Loyalty,
    PaymentMethod,
    RenewalPolicy,
    Stage,
    StageLength,
    StagePrice,
    Subscription,
    Term,
    TrialEnd,
    renewability,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules import outcomes
from subrenew.rules.schedules import run_until
from tests.makers import MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
END = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
CARD = PaymentMethod.card(expires="2030-01")
GRACE = (
    Stage(name="cheap", lengths=(StageLength(days=5),), price=StagePrice.RENEWAL),
    Stage(name="dear", lengths=(StageLength(days=5),)),
)
STAGES = NEW.evolve(id="stages", stages=GRACE, late_start=LateStart.OLD_END)


def held(**changes: Any) -> Subscription:
    """Renews itself on 2026-01-01, for the fourth time."""
    history = History(purchased_on=date(2022, 1, 1), renewals=3, price_cohort="2022")
    fields = {"auto_renew": ON, "payment_method": PAYPAL, "history": history}
    return a_subscription(**fields | changes)


@pytest.mark.parametrize("shift", [-1, 0, 1, 4, 5, 9])
@pytest.mark.parametrize("loyalty", list(Loyalty))
def test_the_first_late_day_is_late_for_loyalty(loyalty: Loyalty, shift: int) -> None:
    """Terms are no longer counted together from the old end on, where lateness loses them."""
    policy = STAGES.evolve(late_terms=LateTerms(loyalty=loyalty))
    after = outcomes.renewed(held(), policy, END + shift * ONE_DAY)
    lost = loyalty is Loyalty.LOST and shift >= 0
    assert after.history.renewals == (0 if lost else 4)


@pytest.mark.parametrize("shift", [-1, 0, 4, 5, 9])
def test_a_price_that_was_kept_goes_where_the_lapse_is_priced_like_new(shift: int) -> None:
    """In time, and in the stage priced like a renewal, it is kept; in the other it is gone."""
    policy = STAGES.evolve(catch_up_days=0)
    after = outcomes.renewed(held(auto_renew=OFF), policy, END + shift * ONE_DAY)
    assert after.history.price_cohort == ("2022" if shift < 5 else None)


def test_renewed_by_hand_it_remembers_what_it_was() -> None:
    """The day, the term before, the count; plans for this renewal and a cancellation are done."""
    before = held(
        next_term=MONTHLY,
        cancelled_on=END,
        at_renewal=AtRenewal(auto_renew=ON),
        history=History(failed_charges=2, failed_on=END - ONE_DAY, unpaid_since=END - ONE_DAY),
    )
    after = outcomes.renewed(before, OLD, date(2025, 12, 1))
    assert (after.term, after.starts_on, after.expires_on) == (MONTHLY, END, date(2026, 2, 1))
    assert (after.next_term, after.cancelled_on, after.at_renewal) == (None, None, None)
    assert after.history == History(
        purchased_on=date(2025, 1, 1),
        renewed_on=date(2025, 12, 1),
        previous_starts_on=date(2025, 1, 1),
        renewals=1,
    )


@pytest.mark.parametrize("late_start", [None, *LateStart])
@pytest.mark.parametrize("on", [END - ONE_DAY, END, END + 9 * ONE_DAY])
def test_the_same_term_is_not_renewed_twice(on: date, late_start: LateStart | None) -> None:
    """Once renewed, in time or late, a year and a month alike are not open again on that day."""
    stage = Stage(name="long", lengths=(StageLength(days=60),))
    policy = OLD.evolve(id="own", stages=(stage,), late_start=late_start, catch_up_days=0)
    for term in (Term.years(1), MONTHLY, Term.days(3)):
        before = a_subscription(term=term, starts_on=END - 400 * ONE_DAY, expires_on=END)
        after = outcomes.renewed(before, policy, on)
        again = renewability(after, policy=policy, on=on)
        assert not again.can_renew_now, (term, again)
        # The day after, a term that was over when it was bought can be followed by the next one.
        over = after.expires_on <= on
        later = renewability(after, policy=policy, on=on + ONE_DAY)
        assert not over or (later.can_renew_now and late_start is LateStart.OLD_END)


def test_renewed_by_itself_it_is_renewed_as_of_its_date() -> None:
    """Whenever the run came, the day that counts is the renewal date; the settings stay."""
    after = outcomes.renewed_automatically(held(), NEW)
    assert (after.starts_on, after.expires_on) == (END, date(2027, 1, 1))
    assert (after.auto_renew, after.payment_method) == (ON, PAYPAL)
    history = after.history
    assert (history.renewed_on, history.renewals, history.price_cohort) == (END, 4, "2022")
    assert history.previous_starts_on == date(2025, 1, 1)


def test_what_was_changed_too_late_counts_for_the_next_renewal() -> None:
    """Reading 29: renewed as it stood, and then as it was set on the renewal date or later."""
    before = held(next_term=MONTHLY)
    changed = outcomes.switched(before, OFF, END)
    changed = outcomes.paid_with(changed, CARD, END + ONE_DAY)
    changed = outcomes.with_next_term(changed, Term.years(3), END + 2 * ONE_DAY)
    changed = outcomes.with_conditions(changed, frozenset({"flag"}), END + 3 * ONE_DAY)
    assert changed.at_renewal == AtRenewal(auto_renew=ON, payment_method=PAYPAL, next_term=MONTHLY)
    assert run_until(changed, OLD) == run_until(before, OLD)
    after = outcomes.renewed_automatically(changed, OLD)
    assert (after.term, after.expires_on) == (MONTHLY, date(2026, 2, 1))
    assert (after.auto_renew, after.payment_method) == (OFF, CARD)
    assert (after.next_term, after.conditions) == (Term.years(3), {"flag"})
    assert after.at_renewal is None


def test_a_change_of_term_that_was_asked_for_in_time_is_used_up() -> None:
    """It was for this renewal, and the next one is for the same term again."""
    after = outcomes.renewed_automatically(held(next_term=MONTHLY), OLD)
    assert (after.term, after.next_term) == (MONTHLY, None)
    switched = outcomes.switched(held(next_term=MONTHLY), OFF, END)
    assert outcomes.renewed_automatically(switched, OLD).next_term is None


ACTS = {
    "switch": lambda line, on: outcomes.switched(line, OFF, on),
    "payment": lambda line, on: outcomes.paid_with(line, WIRE, on),
    "conditions": lambda line, on: outcomes.with_conditions(line, frozenset({"x"}), on),
    "term": lambda line, on: outcomes.with_next_term(line, MONTHLY, on),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_how_it_stood_is_kept_from_the_renewal_date_on(act: Any, shift: int) -> None:
    """Changed the day before, it is simply changed; on that day and later the old state is kept."""
    before = held()
    after = act(before, END + shift * ONE_DAY)
    kept = AtRenewal(auto_renew=ON, payment_method=PAYPAL) if shift >= 0 else None
    assert after.at_renewal == kept


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_second_change_does_not_touch_what_was_kept(act: Any) -> None:
    """What counts is how it stood before the first one."""
    once = outcomes.paid_with(held(), CARD, END)
    twice = act(once, END + ONE_DAY)
    assert twice != once
    assert twice.at_renewal == once.at_renewal == AtRenewal(auto_renew=ON, payment_method=PAYPAL)


@pytest.mark.parametrize(
    "same",
    [
        lambda line: outcomes.switched(line, ON, END),
        lambda line: outcomes.paid_with(line, PAYPAL, END),
        lambda line: outcomes.with_conditions(line, frozenset(), END),
        lambda line: outcomes.with_next_term(line, None, END),
    ],
    ids=["switch", "payment", "conditions", "term"],
)
def test_what_is_so_already_changes_nothing(same: Any) -> None:
    """The same value comes back, and nothing is kept for it."""
    line = held()
    assert same(line) is line


@pytest.mark.parametrize("to", list(AutoRenew))
def test_switching_on_withdraws_a_cancellation_and_off_does_not(to: AutoRenew) -> None:
    """Reading 30: also where the switch had stayed on behind the cancellation."""
    for switch in AutoRenew:
        leaving = held(auto_renew=switch, cancelled_on=END)
        after = outcomes.switched(leaving, to, END - ONE_DAY)
        assert after.auto_renew is to
        assert after.cancelled_on == (None if to is ON else END)


def test_a_cancellation_drops_what_was_planned_and_is_withdrawn_alone() -> None:
    """Cancelled, it is off and keeps its term; uncancelled, the switch stays off."""
    gone = outcomes.cancelled(held(next_term=MONTHLY), END)
    assert (gone.cancelled_on, gone.auto_renew, gone.next_term) == (END, OFF, None)
    back = outcomes.uncancelled(gone)
    assert (back.cancelled_on, back.auto_renew) == (None, OFF)


def test_a_trial_that_went_on_has_a_history_of_its_own() -> None:
    """It is paid, bought and converted on that day, never renewed, and no trial again."""
    policy = OLD.evolve(id="own", trials=TrialEnd.GOES_ON)
    history = History(offer="spring", price_cohort="2026", renewals=2, renewed_on=END)
    trial = held(kind=Kind.TRIAL, term=Term.days(30), history=history, next_term=MONTHLY)
    after = outcomes.renewed_automatically(trial, policy)
    day = trial.expires_on
    assert (after.kind, after.starts_on, after.term) == (Kind.PAID, day, MONTHLY)
    assert after.history == History(
        purchased_on=day,
        previous_starts_on=trial.starts_on,
        converted_on=day,
        offer="spring",
        price_cohort="2026",
    )


@pytest.mark.parametrize("policy", [OLD, NEW], ids=lambda each: each.id)
def test_a_run_takes_the_term_of_the_edition(policy: RenewalPolicy) -> None:
    """The policy's own next term, begun at the old end and never late."""
    own = policy.evolve(id="own", renews_to=Term.years(3), late_start=LateStart.RENEWAL_DAY)
    after = outcomes.renewed_automatically(held(), own)
    assert (after.starts_on, after.expires_on) == (END, date(2029, 1, 1))
