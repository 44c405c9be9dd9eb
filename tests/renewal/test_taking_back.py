"""What is taken back: a cancellation on its way, and conditions of the application's own."""

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    Actor,
    AtRenewal,
    Barred,
    CancelAt,
    Channel,
    Condition,
    Happening,
    History,
    InvalidValue,
    Money,
    NotInForce,
    Refusal,
    RenewalPolicy,
    Role,
    Route,
    Subscription,
    Transition,
    buy_anew,
    cancel,
    lapse,
    raise_condition,
    renew,
    renew_automatically,
    renewability,
    replay,
    resolve_condition,
    switch_auto_renew,
    switching,
    withdraw_cancellation,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules.switching import SwitchRoute
from tests.makers import OFF, ON, PAYPAL, a_subscription

FINE = Condition(code="fine", message="A fine is unpaid.", bars=frozenset({Barred.RENEWAL}))
POLICY = autodesk.EDITION_2024.evolve(conditions=(FINE,))
DAY, END = date(2025, 6, 1), date(2026, 1, 1)
ONE = timedelta(days=1)
AUTO = a_subscription(auto_renew=ON, payment_method=PAYPAL)
USER = Actor(id="P-1", roles=frozenset({Role.USER}))


def done(answer: object) -> Transition:
    """Return the transition."""
    assert isinstance(answer, Transition), answer
    return answer


def cancelled(on: date = DAY, policy: RenewalPolicy = POLICY) -> Subscription:
    """Cancelled to the end of its term."""
    return done(cancel(AUTO, at=CancelAt.END_OF_TERM, policy=policy, on=on)).subscription


# A cancellation


def test_a_cancellation_on_its_way_is_withdrawn() -> None:
    """It goes on, and is renewed by hand: the switch, which the cancellation set off, stays off."""
    held = cancelled()
    answer = done(withdraw_cancellation(held, policy=POLICY, on=date(2025, 7, 1)))
    assert answer.subscription == attrs.evolve(AUTO, auto_renew=OFF)
    (event,) = answer.events
    assert (event.what, event.clause) == (Happening.CANCELLATION_WITHDRAWN, "order.switch")
    assert {name for name, _, _ in event.changes} == {"cancelled_on"}
    assert replay(held, answer.events) == answer.subscription


def test_it_is_offered_while_it_can_be_withdrawn() -> None:
    """Offered by the decision, through the last day; afterwards it is over."""
    held = cancelled()
    for on in (DAY, END - ONE):
        (action,) = (
            each
            for each in renewability(held, policy=POLICY, on=on).actions
            if each.code == "withdraw-cancellation"
        )
        assert action.by == END - ONE
        done(withdraw_cancellation(held, policy=POLICY, on=on))
    assert isinstance(withdraw_cancellation(held, policy=POLICY, on=END), Refusal)


@pytest.mark.parametrize("closes", [1, 2, 30])
def test_a_closed_switch_keeps_the_cancellation(closes: int) -> None:
    """It asks the same question as the cancellation did."""
    policy = POLICY.evolve(switch_closes_days=closes)
    held, last = cancelled(policy=policy), END - closes * ONE
    done(withdraw_cancellation(held, policy=policy, on=last))
    answer = withdraw_cancellation(held, policy=policy, on=last + ONE)
    assert isinstance(answer, Refusal)
    if closes > 1:
        assert answer.decision.route is SwitchRoute.TOO_LATE


def test_what_is_not_cancelled_is_left_as_it_is() -> None:
    """There is nothing to withdraw, and that is no refusal."""
    answer = withdraw_cancellation(AUTO, policy=POLICY, on=DAY)
    assert answer == Transition(subscription=AUTO, events=())


def test_what_has_ended_by_a_cancellation_is_not_brought_back() -> None:
    """Cancelled at once it is over, and over it stays."""
    ended = done(cancel(AUTO, at=CancelAt.AT_ONCE, policy=POLICY, on=DAY)).subscription
    for on in (DAY, DAY + ONE, END):
        answer = withdraw_cancellation(ended, policy=POLICY, on=on)
        assert isinstance(answer, Refusal)
        assert answer.decision.route is Route.BUY_NEW


@pytest.mark.parametrize(
    ("changes", "actor"),
    [({}, USER), ({"channel": Channel.PARTNER}, None)],
    ids=["user", "partner"],
)
def test_who_may_not_cancel_may_not_withdraw(changes: dict[str, Any], actor: Actor | None) -> None:
    """Neither a person without the role nor anybody where the partner renews."""
    held = attrs.evolve(cancelled(), **changes)
    answer = withdraw_cancellation(held, policy=POLICY, on=DAY, actor=actor)
    assert isinstance(answer, Refusal)


def test_three_ways_withdraw_it() -> None:
    """Asked for, by switching on, or by renewing; only switching on sets the switch."""
    held, on = cancelled(), date(2025, 12, 1)
    asked: dict[str, Any] = {"policy": POLICY, "on": on}
    states = {
        "asked": done(withdraw_cancellation(held, **asked)).subscription,
        "on": done(switch_auto_renew(held, to=ON, **asked)).subscription,
        "renewed": done(renew(held, **asked)).subscription,
    }
    assert {each.cancelled_on for each in states.values()} == {None}
    assert {name: each.auto_renew for name, each in states.items()} == {
        "asked": OFF,
        "on": ON,
        "renewed": OFF,
    }


# A condition


def test_a_condition_is_raised_and_resolved() -> None:
    """Raised it bars the renewal, resolved it is as before; each is an event."""
    raised = done(raise_condition(AUTO, code="fine", policy=POLICY, on=DAY))
    assert renewability(raised.subscription, policy=POLICY, on=DAY).route is Route.RESOLVE_CONDITION
    resolved = done(resolve_condition(raised.subscription, code="fine", policy=POLICY, on=DAY))
    assert resolved.subscription == AUTO
    assert [each.what for each in (*raised.events, *resolved.events)] == [
        Happening.CONDITION_RAISED,
        Happening.CONDITION_RESOLVED,
    ]
    assert replay(AUTO, [*raised.events, *resolved.events]) == AUTO


def test_what_stands_so_already_is_no_event() -> None:
    """Raised twice or resolved twice, nothing happens."""
    raised = done(raise_condition(AUTO, code="fine", policy=POLICY, on=DAY)).subscription
    assert raise_condition(raised, code="fine", policy=POLICY, on=DAY) == Transition(
        subscription=raised, events=()
    )
    assert resolve_condition(AUTO, code="fine", policy=POLICY, on=DAY) == Transition(
        subscription=AUTO, events=()
    )


@pytest.mark.parametrize("act", [raise_condition, resolve_condition])
@pytest.mark.parametrize("code", ["fines", "", "Fine"])
def test_a_condition_that_the_policy_does_not_declare_is_a_mistake(act: Any, code: str) -> None:
    """A misspelt code would bar nothing: it is named instead."""
    with pytest.raises(InvalidValue):
        act(AUTO, code=code, policy=POLICY, on=DAY)


@pytest.mark.parametrize("act", [raise_condition, resolve_condition])
def test_of_what_is_over_nothing_is_raised(act: Any) -> None:
    """It is renewed no more, so there is nothing to bar."""
    answer = act(AUTO, code="fine", policy=POLICY, on=date(2026, 6, 1))
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.BUY_NEW


@pytest.mark.parametrize("act", [raise_condition, resolve_condition])
def test_before_the_first_edition_nothing_is_raised(act: Any) -> None:
    """A day outside of every edition is the caller's mistake."""
    with pytest.raises(NotInForce):
        act(AUTO, code="fine", policy=autodesk.EDITIONS, on=date(2023, 1, 1))


# From the renewal date on


@pytest.mark.parametrize("later", [0, 3, 7])
def test_what_it_was_before_its_renewal_date_is_kept(later: int) -> None:
    """Changed twice while it is pending, it still remembers how it stood before; then no more."""
    on = END + later * ONE
    asked: dict[str, Any] = {"policy": POLICY, "on": on}
    once = done(switch_auto_renew(AUTO, to=OFF, **asked)).subscription
    twice = done(raise_condition(once, code="fine", **asked)).subscription
    stood = AtRenewal(auto_renew=ON, payment_method=PAYPAL)
    assert once.at_renewal == twice.at_renewal == stood
    renewed = done(renew_automatically(twice, **asked)).subscription
    assert renewed.at_renewal is None
    assert (renewed.auto_renew, renewed.conditions) == (OFF, frozenset({"fine"}))


def test_before_its_renewal_date_nothing_has_to_be_kept() -> None:
    """On the last day of the term a change counts for this renewal."""
    changed = done(switch_auto_renew(AUTO, to=OFF, policy=POLICY, on=END - ONE)).subscription
    assert changed.at_renewal is None


def test_cancelled_while_it_is_pending_it_ends_with_the_next_term() -> None:
    """The renewal is made all the same; the switch is off for the one after it."""
    answer = done(cancel(AUTO, at=CancelAt.END_OF_TERM, policy=POLICY, on=END))
    assert (answer.subscription.auto_renew, answer.subscription.cancelled_on) == (OFF, None)
    renewed = done(renew_automatically(answer.subscription, policy=POLICY, on=END)).subscription
    assert (renewed.expires_on, renewed.auto_renew) == (date(2027, 1, 1), OFF)
    assert isinstance(renew_automatically(renewed, policy=POLICY, on=date(2027, 1, 1)), Refusal)


def test_the_switch_is_open_again_while_it_is_pending() -> None:
    """Closed for the last days before the end, it can be set for the next renewal."""
    policy = POLICY.evolve(switch_closes_days=30)
    routes = {
        days: switching(AUTO, policy=policy, on=END + days * ONE).route
        for days in (-30, -29, -1, 0, 7)
    }
    assert routes == {
        -30: SwitchRoute.SWITCH,
        -29: SwitchRoute.TOO_LATE,
        -1: SwitchRoute.TOO_LATE,
        0: SwitchRoute.SWITCH,
        7: SwitchRoute.SWITCH,
    }


def test_only_the_condition_that_is_named_is_resolved() -> None:
    """Others go on barring."""
    other = attrs.evolve(FINE, code="dispute")
    policy = POLICY.evolve(conditions=(FINE, other))
    held = attrs.evolve(AUTO, conditions=frozenset({"fine", "dispute"}))
    answer = done(resolve_condition(held, code="fine", policy=policy, on=DAY))
    assert answer.subscription.conditions == {"dispute"}


def _switched_on_late(policy: RenewalPolicy) -> Subscription:
    """Expired with the switch off, which was switched on two days later."""
    held = a_subscription(payment_method=PAYPAL)
    late = done(switch_auto_renew(held, to=ON, policy=policy, on=END + 2 * ONE)).subscription
    assert late.at_renewal == AtRenewal(auto_renew=OFF, payment_method=PAYPAL)
    return late


def test_renewed_late_it_forgets_how_it_stood() -> None:
    """What was set in a late stage is for the renewal after this one, and counts then."""
    policy = autodesk.EDITION_2025_12
    renewed = done(renew(_switched_on_late(policy), policy=policy, on=END + 3 * ONE)).subscription
    assert (renewed.at_renewal, renewed.auto_renew) == (None, ON)
    done(renew_automatically(renewed, policy=policy, on=renewed.expires_on))


def test_what_is_over_forgets_how_it_stood() -> None:
    """Lapsed, or bought anew: there is no next renewal to keep it for."""
    policy = autodesk.EDITION_2025_12
    late, on = _switched_on_late(policy), END + 60 * ONE
    assert done(lapse(late, policy=policy, on=on)).subscription.at_renewal is None
    lapsed, _ = done(buy_anew(late, id="S-2", policy=policy, on=on)).events
    assert lapsed.after.at_renewal is None


def test_what_is_unpaid_is_settled_by_hand_and_never_forgotten() -> None:
    """Renewed manually it is paid as well, and an event says so; the run does not renew it."""
    held = attrs.evolve(AUTO, history=History(unpaid_since=END - ONE, owed=Money("9.50", "USD")))
    by_hand = done(renew(attrs.evolve(held, auto_renew=OFF), policy=POLICY, on=END - ONE))
    assert by_hand.subscription.history.unpaid_since is None
    settled, renewed = by_hand.events
    assert (settled.what, settled.amount) == (Happening.SETTLED, Money("9.50", "USD"))
    assert (renewed.what, renewed.before) == (Happening.RENEWED, settled.after)
    refused = renew_automatically(held, policy=POLICY, on=END)
    assert isinstance(refused, Refusal)
