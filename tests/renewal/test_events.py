"""Events: what happened, stored as words, from which the state is told again."""

from datetime import date

import attrs
import pytest

from subrenew import (
    Event,
    Happening,
    InvalidValue,
    Subscription,
    Transition,
    Verdict,
    convert_trial,
    renew,
    renewability,
    replay,
    term_change,
)
from subrenew.model.entities import Kind
from subrenew.model.terms import Term
from subrenew.policy.vendors import autodesk
from subrenew.renewal.events import verdict_of
from tests.makers import a_subscription

POLICY = autodesk.EDITION_2024
DAY = date(2025, 12, 1)


def _renewed(subscription: Subscription, on: date = DAY) -> Transition:
    answer = renew(subscription, policy=POLICY, on=on)
    assert isinstance(answer, Transition)
    return answer


def test_an_event_says_what_when_whose_and_why() -> None:
    """What, when, which entity, before and after, clause, decision."""
    before = a_subscription()
    answer = _renewed(before)
    assert answer.events == (
        Event(
            what=Happening.RENEWED,
            on=DAY,
            subscription_id="S-1",
            before=before,
            after=answer.subscription,
            clause="manual.deadline",
            verdict=Verdict(
                question="renewability",
                edition="autodesk/2024",
                on=DAY,
                route="renew-now",
                codes=("switched-off",),
            ),
        ),
    )


def test_a_verdict_is_words_only() -> None:
    """It can be stored, and what a later version does not know survives as text."""
    decision = term_change(a_subscription(), to=Term.years(3), policy=POLICY, on=DAY, region="JP")
    verdict = verdict_of(decision)
    assert verdict == Verdict(
        question="term-change",
        edition="autodesk/2024",
        on=DAY,
        route="unknown",
        codes=("region-unknown",),
    )
    assert all(type(each) in (str, date, tuple) for each in attrs.astuple(verdict))
    later = attrs.evolve(verdict, route="teleport", codes=("a-code-of-tomorrow",))
    event = attrs.evolve(_renewed(a_subscription()).events[0], what="teleported", verdict=later)
    assert replay(a_subscription(), [event]) == event.after


def test_changes_name_each_field_that_changed() -> None:
    """With its value before and after; nothing else is named."""
    (event,) = _renewed(a_subscription()).events
    changes = {name: (before, after) for name, before, after in event.changes}
    assert changes["expires_on"] == (date(2026, 1, 1), date(2027, 1, 1))
    assert set(changes) == {"starts_on", "expires_on", "history"}


def test_where_it_began_nothing_changed() -> None:
    """An event that begins a subscription has no state before."""
    trial = a_subscription(kind=Kind.TRIAL)
    answer = convert_trial(trial, id="S-2", policy=POLICY, on=DAY)
    assert isinstance(answer, Transition)
    *_, begun = answer.events
    assert (begun.before, begun.changes) == (None, ())
    assert replay(None, [begun]) == answer.subscription


def test_no_events_leave_the_first_state() -> None:
    """Of nothing comes nothing."""
    assert replay(a_subscription(), ()) == a_subscription()
    assert replay(None, ()) is None


def test_events_out_of_order_missing_or_of_another_are_found() -> None:
    """An event that does not begin where the one before it ended breaks the chain."""
    first = a_subscription()
    one = _renewed(first)
    two = _renewed(one.subscription, date(2026, 12, 1))
    other = _renewed(a_subscription(id="S-2"))
    assert replay(first, [*one.events, *two.events]) == two.subscription
    for events in (
        [*two.events, *one.events],
        [*two.events],
        [*one.events, *one.events],
        [*one.events, *other.events, *two.events],
    ):
        with pytest.raises(InvalidValue, match="every event, in order, from first on"):
            replay(first, events)
    with pytest.raises(InvalidValue):
        replay(None, one.events)


def test_events_are_values() -> None:
    """Frozen, equal by what they say, and hashable."""
    (event,) = _renewed(a_subscription()).events
    assert event == _renewed(a_subscription()).events[0]
    assert len({event, _renewed(a_subscription()).events[0]}) == 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.on = DAY  # type: ignore[misc]


def test_codes_are_plain_words_that_do_not_change() -> None:
    """What is stored under a word is read under it."""
    assert [str(each) for each in Happening] == [
        "bought",
        "renewed",
        "renewed-automatically",
        "switched-on",
        "switched-off",
        "payment-replaced",
        "term-change-asked",
        "term-change-withdrawn",
        "trial-converted",
        "trial-continued",
        "condition-raised",
        "condition-resolved",
        "cancelled",
        "cancellation-withdrawn",
        "lapsed",
        "payment-failed",
        "settled",
        "written-off",
    ]


def test_the_verdict_is_that_of_the_decision_which_allowed_it() -> None:
    """Decided again on that day, it is the same in words."""
    (event,) = _renewed(a_subscription()).events
    assert event.before is not None
    decision = renewability(event.before, policy=POLICY, on=event.on)
    assert event.verdict == verdict_of(decision)
