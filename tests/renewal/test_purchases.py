"""Buying in place of renewing: a new subscription, and the old one stays over."""

from datetime import date
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    AutoRenew,
    Channel,
    Happening,
    History,
    InvalidValue,
    Kind,
    NotInForce,
    PaymentMethod,
    Refusal,
    Route,
    Subscription,
    Term,
    Transition,
    buy_anew,
    convert_trial,
    renew_automatically,
    renewability,
    replay,
)
from subrenew.policy.vendors import autodesk
from tests.makers import OFF, ON, PAYPAL, a_subscription

EARLY, LATE = autodesk.EDITION_2024, autodesk.EDITION_2025_12
DAY = date(2025, 1, 10)
ACCOUNT = Account(id="A-1", country="FR")


def _trial(**changes: Any) -> Subscription:
    fields: dict[str, Any] = {"kind": Kind.TRIAL, "term": Term.days(30), "account": ACCOUNT}
    return a_subscription(**fields | changes)


def _converted(trial: Subscription, **more: Any) -> Transition:
    asked: dict[str, Any] = {"id": "S-2", "policy": EARLY, "on": DAY, "term": Term.years(1)}
    answer = convert_trial(trial, **asked | more)
    assert isinstance(answer, Transition), answer
    return answer


def test_a_trial_becomes_a_subscription_of_its_own() -> None:
    """Clause `trial`: bought that day, with an identifier of its own; the trial ends with it."""
    trial = _trial(seats=3, currency="EUR", channel=Channel.ORDER)
    answer = _converted(trial)
    assert answer.subscription == Subscription(
        id="S-2",
        product="CAD",
        term=Term.years(1),
        starts_on=DAY,
        kind=Kind.PAID,
        account=ACCOUNT,
        seats=3,
        currency="EUR",
        channel=Channel.ORDER,
        history=History(purchased_on=DAY),
    )
    ended, begun = answer.events
    assert (ended.what, ended.after) == (
        Happening.TRIAL_CONVERTED,
        attrs.evolve(trial, cancelled_on=DAY, history=History(converted_on=DAY)),
    )
    assert (begun.what, begun.before, begun.after) == (
        Happening.BOUGHT,
        None,
        answer.subscription,
    )
    assert {event.clause for event in answer.events} == {"trial"}
    over = renewability(ended.after, policy=EARLY, on=DAY)
    assert (over.route, over.codes) == (Route.BUY_NEW, ("converted",))


def test_a_trial_that_has_expired_keeps_its_end() -> None:
    """It is converted all the same, and remembers only that it was."""
    day = date(2025, 1, 31)
    answer = _converted(_trial(), on=day)
    ended, begun = answer.events
    assert ended.after == attrs.evolve(_trial(), history=History(converted_on=day))
    assert begun.what is Happening.BOUGHT
    assert answer.subscription.starts_on == day


@pytest.mark.parametrize(
    ("on", "cancelled_on"),
    [
        (date(2024, 12, 1), date(2025, 1, 1)),
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 1, 30), date(2025, 1, 30)),
        (date(2025, 1, 31), None),
    ],
)
def test_the_trial_ends_with_it(on: date, cancelled_on: date | None) -> None:
    """Before it begins it is taken away whole, on its last day for that day."""
    answer = _converted(_trial(), on=on)
    ended = replay(_trial(), [each for each in answer.events if each.subscription_id == "S-1"])
    assert ended is not None
    assert ended.cancelled_on == cancelled_on


@pytest.mark.parametrize(
    ("default", "method", "expected"),
    [(ON, PAYPAL, ON), (ON, None, OFF), (OFF, PAYPAL, OFF), (OFF, None, OFF)],
)
def test_automatic_renewal_is_on_by_default_where_something_can_be_charged(
    default: AutoRenew, method: PaymentMethod | None, expected: AutoRenew
) -> None:
    """Clause `automatic.default`, the policy's own; whoever says otherwise is heard."""
    policy = EARLY.evolve(auto_renew_default=default)
    trial = _trial(payment_method=method)
    assert _converted(trial, policy=policy).subscription.auto_renew is expected
    assert _converted(_trial(), policy=policy, payment_method=method).subscription.auto_renew is (
        expected
    )
    for own in AutoRenew:
        assert _converted(trial, policy=policy, auto_renew=own).subscription.auto_renew is own


def test_what_is_bought_may_differ() -> None:
    """Term, seats, payment method and order are the caller's choice."""
    bought = _converted(
        _trial(payment_method=PAYPAL),
        term=Term.years(3),
        seats=9,
        payment_method=None,
        order_number="A-1",
    ).subscription
    assert (bought.term, bought.seats, bought.payment_method, bought.order_number) == (
        Term.years(3),
        9,
        None,
        "A-1",
    )


@pytest.mark.parametrize("changes", [{"starts_on": DAY}, {"kind": Kind.TRIAL}, {"colour": "red"}])
def test_what_it_is_cannot_be_chosen(changes: dict[str, Any]) -> None:
    """That it is paid, and begins that day, is what converting means."""
    with pytest.raises(TypeError):
        _converted(_trial(), **changes)


def test_only_a_trial_is_converted() -> None:
    """Anything else is refused with its own way forward."""
    answer = convert_trial(a_subscription(), id="S-2", policy=EARLY, on=DAY)
    assert isinstance(answer, Refusal)
    assert answer.decision == renewability(a_subscription(), policy=EARLY, on=DAY)
    assert answer.decision.route is Route.WAIT_FOR_WINDOW


@pytest.mark.parametrize("id", ["S-1", "", " S-2"])
def test_the_new_one_has_an_identifier_of_its_own(id: str) -> None:
    """Neither is the old one brought back, nor anything without a name bought."""
    for act, old in ((convert_trial, _trial()), (buy_anew, a_subscription())):
        with pytest.raises(InvalidValue, match="id"):
            act(old, id=id, policy=EARLY, on=date(2026, 6, 1))


# Anew


def test_what_is_over_is_bought_anew() -> None:
    """Clause `expired`: the old one is not reactivated, the new one begins that day."""
    old = a_subscription(account=ACCOUNT, seats=2)
    answer = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 1, 5))
    assert isinstance(answer, Transition)
    bought = answer.subscription
    assert (bought.id, bought.starts_on, bought.expires_on) == (
        "S-2",
        date(2026, 1, 5),
        date(2027, 1, 5),
    )
    assert (bought.seats, bought.account) == (2, ACCOUNT)
    assert bought.history == History(purchased_on=date(2026, 1, 5))
    (event,) = answer.events
    assert (event.what, event.before, event.clause) == (Happening.BOUGHT, None, "expired")


def test_what_was_bought_anew_is_not_renewed_as_well() -> None:
    """While the run may still come it is refused; afterwards no run charges a second time."""
    old = a_subscription(auto_renew=ON, payment_method=PAYPAL, next_term=Term.years(3))
    for day in (1, 8):
        answer = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 1, day))
        assert isinstance(answer, Refusal)
        assert answer.decision.codes == ("renewal-pending",)
    answer = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 1, 9))
    assert isinstance(answer, Transition)
    lapsed, begun = answer.events
    assert (lapsed.what, begun.what) == (Happening.LAPSED, Happening.BOUGHT)
    assert (lapsed.after.auto_renew, lapsed.after.next_term) == (OFF, None)
    for day in (9, 10, 16):
        run = renew_automatically(lapsed.after, policy=EARLY, on=date(2026, 1, day))
        assert isinstance(run, Refusal)
    assert answer.subscription.auto_renew is ON


@pytest.mark.parametrize(
    ("policy", "on", "route"),
    [
        (EARLY, date(2025, 12, 31), Route.RENEW_NOW),
        (LATE, date(2026, 2, 14), Route.RENEW_NOW),
        (EARLY, date(2025, 2, 1), Route.WAIT_FOR_WINDOW),
    ],
)
def test_what_can_be_renewed_is_not_bought_anew(policy: Any, on: date, route: Route) -> None:
    """It is renewed instead, also late."""
    answer = buy_anew(a_subscription(), id="S-2", policy=policy, on=on)
    assert isinstance(answer, Refusal)
    assert answer.decision == renewability(a_subscription(), policy=policy, on=on)
    assert answer.decision.route is route


def test_a_trial_is_converted_and_not_bought_anew() -> None:
    """Even after its end."""
    answer = buy_anew(_trial(), id="S-2", policy=EARLY, on=date(2026, 1, 1))
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.CONVERT_TRIAL


def test_a_cancelled_one_is_bought_anew() -> None:
    """Once its end has come."""
    cancelled = a_subscription(cancelled_on=date(2025, 6, 1))
    answer = buy_anew(cancelled, id="S-2", policy=EARLY, on=date(2025, 6, 1))
    assert isinstance(answer, Transition)


def test_before_the_first_edition_nothing_is_bought() -> None:
    """A day outside of every edition is the caller's mistake."""
    for act, old in ((convert_trial, _trial()), (buy_anew, a_subscription())):
        with pytest.raises(NotInForce):
            act(old, id="S-2", policy=autodesk.EDITIONS, on=date(2023, 1, 1))
