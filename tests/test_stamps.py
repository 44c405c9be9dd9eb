"""Who did it, what it cost, when it was kept, and under which name: in every event that is kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from subrenew import (
    Actor,
    CancelAt,
    CheckOut,
    Event,
    Happening,
    History,
    InvalidType,
    InvalidValue,
    Money,
    PaymentMethod,
    Role,
    Subscription,
    Term,
    Transition,
    change_term,
    replace_payment_method,
    replay,
    withdraw_cancellation,
)
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from subrenew.renewal.carts import Cart
from subrenew.testing.gateways import FakeGateway
from subrenew.testing.memory import MemoryStorage
from tests.makers import OFF, ON, PAYPAL, a_list, a_price, a_subscription

POLICY, DAY = autodesk.EDITION_2024, date(2025, 12, 1)
END = date(2026, 1, 1)
NOON = datetime(2025, 12, 1, 12, 0, 0, 1, tzinfo=UTC)
PRICES = a_list(a_price("100.00"))
OWNER = Actor(id="P-7", roles=frozenset({Role.OWNER}))


def a_desk(*lines: Subscription, **more: Any) -> Desk:
    """A desk over these subscriptions, with a clock that stands still."""
    storage = MemoryStorage(lines or (a_subscription(),), prices=PRICES)
    return Desk(**{"storage": storage, "policy": POLICY, "clock": lambda: NOON, **more})


def log(desk: Desk, id: str = "S-1") -> tuple[Event, ...]:
    """What was kept."""
    with desk.storage.transaction() as found:
        return found.events.of(id)


def test_an_event_says_who_did_it_when_and_for_how_much() -> None:
    """Named after the subscription and the revision that it made."""
    desk = a_desk()
    done = desk.renew("S-1", on=DAY, actor=OWNER)
    assert isinstance(done, Transition)
    [event] = done.events
    assert (event.id, event.at, event.actor) == ("S-1/2", NOON, "P-7")
    assert event.amount == Money("95.00", "USD")
    assert log(desk) == done.events


def test_without_a_clock_an_event_has_its_day_alone() -> None:
    """The library asks nobody what time it is."""
    desk = a_desk(clock=None)
    desk.renew("S-1", on=DAY)
    [event] = log(desk)
    assert (event.on, event.at, event.actor) == (DAY, None, None)


@pytest.mark.parametrize(
    ("clock", "error"),
    [(lambda: datetime(2025, 12, 1), InvalidValue), (lambda: DAY, InvalidType)],
    ids=["naive", "a day"],
)
def test_a_clock_that_tells_no_instant_is_named(clock: Any, error: Any) -> None:
    """Nothing is kept."""
    desk = a_desk(clock=clock)
    with pytest.raises(error, match=r"Desk\.clock"):
        desk.renew("S-1", on=DAY)
    assert log(desk) == ()


def test_every_use_case_names_who_did_it() -> None:
    """Whoever asked: to switch, to pay otherwise, to cancel."""
    desk = a_desk(a_subscription(payment_method=PAYPAL, auto_renew=OFF))
    desk.switch_auto_renew("S-1", to=ON, on=DAY, actor=OWNER)
    card = PaymentMethod.card(expires="2030-01", id="M-1")
    for act in (
        lambda each: replace_payment_method(each, by=card, policy=POLICY, on=DAY, actor=OWNER),
        lambda each: change_term(
            each, to=Term.years(3), region="US", policy=POLICY, on=DAY, actor=OWNER
        ),
        lambda each: change_term(
            each, to=Term.years(1), region="US", policy=POLICY, on=DAY, actor=OWNER
        ),
    ):
        desk.change("S-1", act)
    desk.cancel("S-1", at=CancelAt.END_OF_TERM, on=DAY, actor=OWNER)
    desk.change("S-1", lambda each: withdraw_cancellation(each, policy=POLICY, on=DAY, actor=OWNER))
    assert [(str(each.what), each.actor) for each in log(desk)] == [
        (what, "P-7")
        for what in (
            "switched-on",
            "payment-replaced",
            "term-change-asked",
            "term-change-withdrawn",
            "cancelled",
            "cancellation-withdrawn",
        )
    ]


def test_events_of_one_act_have_names_of_their_own() -> None:
    """An overdue invoice that is paid with the renewal, in a check-out too; replayed they fit."""
    history = History(owed=Money("30.00", "USD"), unpaid_since=date(2025, 6, 1))
    held = a_subscription(history=history)
    cart: Any = Cart().add(held, policy=POLICY, prices=PRICES, on=DAY)
    [purchase] = cart.purchases(POLICY)
    assert purchase.quote.total == Money("125.00", "USD")
    desk = a_desk(held)
    done = desk.check_out(purchase, number="A-1", on=DAY, actor=OWNER, key="k-1")
    assert isinstance(done, CheckOut)
    assert [(each.id, each.what, each.amount) for each in done.events] == [
        ("S-1/2", Happening.SETTLED, Money("30.00", "USD")),
        ("S-1/3", Happening.RENEWED, Money("95.00", "USD")),
    ]
    assert {each.actor for each in done.events} == {"P-7"}
    assert replay(held, log(desk)) == done.subscriptions[0]
    assert desk.check_out(purchase, number="A-1", on=DAY, actor=OWNER, key="k-1") == done


def test_a_run_stamps_what_it_renews() -> None:
    """Nobody did it; the amount is the receipt's."""
    desk = a_desk(a_subscription(auto_renew=ON, payment_method=PAYPAL))
    desk.renew_due(END, collect=FakeGateway())
    [event] = log(desk)
    assert (event.id, event.at, event.actor) == ("S-1/2", NOON, None)
    assert event.amount == Money("95.00", "USD")


# The outbox -------------------------------------------------------------------------------------


def test_messages_are_kept_with_what_they_tell_of() -> None:
    """Once for each act, in its transaction, with the events as they are kept."""
    told: list[tuple[Event, ...]] = []
    history = History(owed=Money("30.00", "USD"), unpaid_since=date(2025, 6, 1))
    held = a_subscription(history=history)
    desk = a_desk(held, a_subscription(id="S-2"), outbox=lambda _, events: told.append(events))
    cart: Any = Cart().add(held, policy=POLICY, prices=PRICES, on=DAY)
    [purchase] = cart.purchases(POLICY)
    for _ in range(2):
        desk.check_out(purchase, number="A-1", on=DAY, key="k-1")
        desk.renew("S-2", on=DAY, key="k-2")
    assert told == [log(desk), log(desk, "S-2")]


def test_a_message_that_cannot_be_kept_undoes_the_act() -> None:
    """All or nothing."""

    def full(_: object, __: object) -> None:
        raise OSError("no space left")

    desk = a_desk(outbox=full)
    with pytest.raises(OSError, match="no space left"):
        desk.renew("S-1", on=DAY)
    assert log(desk) == ()
    desk.switch_auto_renew("S-1", to=OFF, on=DAY)  # nothing happens, and nothing is told
