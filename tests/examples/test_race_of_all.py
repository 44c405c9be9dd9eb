"""
Everything at once: sixteen threads do all use cases to the same subscriptions.

Whatever the order, events replay to the state, and money that was taken is recorded or given back.
"""

import random  # noqa: TID251 - a seed makes the same draws
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")

from examples.webshop.storage import SqlStorage
from subrenew import (
    AutoRenew,
    CancelAt,
    Cart,
    ChargeAttempts,
    Due,
    NumberTaken,
    OrderChanged,
    PaymentMethod,
    Receipt,
    RevisionConflict,
    Secret,
    Term,
    invoice_due,
    replace_payment_method,
    replay,
)
from subrenew.collecting import Decline, Refund
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord
from subrenew.testing.gateways import FakeGateway
from subrenew.testing.memory import MemoryStorage
from tests.makers import INVOICE, PAYPAL, a_list, a_price, a_subscription

THREADS, ACTS, COUNT = 16, 25, 8
ON = date(2025, 12, 31)
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
PRICES = a_list(a_price("100.00"), a_price("10.00", term=Term.months(1)))
POLICY = autodesk.EDITION_2024.evolve(id="own/1", charge_attempts=ChargeAttempts(days=(-3, 0, 3)))
WORD = Secret("hunter2")
#: Somebody else was first, and says so.
EXPECTED = (RevisionConflict, NumberTaken, OrderChanged)


class Till:
    """A gateway that keeps every due that was charged, and declines every fifth."""

    def __init__(self) -> None:
        self.gateway = FakeGateway(lambda due: "no" if sum(due.key.encode()) % 5 == 0 else None)
        self.dues: dict[str, Due] = {}

    def charge(self, due: Due) -> Receipt | Decline:
        """Charge, and keep what was charged."""
        self.dues[due.key] = due
        return self.gateway.charge(due)


def lines() -> list[Any]:
    """Some that renew by card, some on invoice, some manually."""
    kinds = [
        {"auto_renew": AutoRenew.ON, "payment_method": PAYPAL},
        {"auto_renew": AutoRenew.ON, "payment_method": INVOICE},
        {"auto_renew": AutoRenew.OFF},
    ]
    months = {"term": Term.months(1), "starts_on": date(2025, 12, 1)}
    return [
        a_subscription(
            id=f"S-{n}",
            order_number="A-1" if n < 2 else None,
            **kinds[n % 3],
            **(months if n % 2 else {}),
        )
        for n in range(COUNT)
    ]


def one_act(desk: Desk, till: Till, draw: random.Random, name: str) -> None:
    """Do something."""
    id, on = f"S-{draw.randrange(COUNT)}", ON + timedelta(days=draw.randrange(-3, 6))
    held: Any = None
    with desk.storage.transaction() as found:
        held = found.subscriptions.get(id).value
    match draw.randrange(10):
        case 0:
            desk.renew(id, on=on, key=f"renew-{draw.randrange(5)}-{id}")
        case 1:
            desk.switch_auto_renew(id, to=draw.choice(list(AutoRenew)), on=on)
        case 2:
            card = PaymentMethod.card(expires="2030-01", id=name)
            desk.change(
                id, lambda each: replace_payment_method(each, by=card, policy=POLICY, on=on)
            )
        case 3:
            desk.cancel(id, at=CancelAt.END_OF_TERM, on=on)
        case 4:
            desk.lapse(id, on=on)
        case 5 | 6:
            for refund in desk.renew_due(on, collect=till).refunds:
                till.gateway.refund(refund)
        case 7:
            cart = Cart().add(held, policy=POLICY, prices=PRICES, on=on)
            if isinstance(cart, Cart):
                desk.check_out(cart.purchases(POLICY)[0], number=f"B-{draw.randrange(9)}", on=on)
        case 8:
            opened = desk.open_order(number="A-1", password=WORD, on=on, at=NOON)
            desk.switch_order(opened, to=draw.choice(list(AutoRenew)), on=on)
        case _:
            due = invoice_due(held)
            if due is not None and due.amount is not None:
                desk.record(due, draw.choice([Decline(reason="late"), _paid(due)]), on=on)
            desk.write_off(id, on=on)


def _paid(due: Due) -> Receipt:
    assert due.amount is not None
    return Receipt(key=due.key, amount=due.amount)


@pytest.fixture(params=["memory", "sqlite"])
def storage(request, tmp_path):
    """Each storage, with the same subscriptions and an order of two of them."""
    if request.param == "memory":
        found: Any = MemoryStorage(prices=PRICES)
    else:
        found = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}", prices=PRICES)
        found.create_tables()
    hasher = ScryptHasher(cost=4)
    with found.transaction() as repositories:
        for each in lines():
            repositories.subscriptions.save(each, revision=None)
        record = OrderRecord(
            number="A-1",
            placed_on=date(2025, 1, 1),
            subscription_ids=("S-0", "S-1"),
            password_hash=hasher.hash(WORD),
        )
        repositories.orders.save(record, revision=None)
    yield found
    if request.param == "sqlite":
        found.close()


def race(desk: Desk, till: Till) -> list[BaseException]:
    """Let all threads do their acts at once; return what else was raised than conflicts."""
    gate, unexpected = threading.Barrier(THREADS), []

    def work(number: int) -> None:
        draw = random.Random(number)
        gate.wait()
        for act in range(ACTS):
            try:
                one_act(desk, till, draw, f"M-{number}-{act}")
            except EXPECTED:
                continue
            except Exception as error:  # noqa: BLE001 - none is expected
                unexpected.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return unexpected


def test_whatever_the_order_money_and_events_add_up(storage):
    """Nothing is taken twice or kept for nothing; the log is whole; every name is of one event."""
    till = Till()
    desk = Desk(storage=storage, policy=POLICY, hasher=ScryptHasher(cost=4))
    assert race(desk, till) == []
    # Whatever was charged and not recorded, because others saved all the time, is recorded now.
    for receipt in till.gateway.receipts:
        done = desk.record(till.dues[receipt.key], receipt, on=ON)
        if isinstance(done, Refund):
            till.gateway.refund(done)
    recorded, names = Counter(), Counter()
    with storage.transaction() as repositories:
        for first in lines():
            events = repositories.events.of(first.id)
            assert replay(first, events) == repositories.subscriptions.get(first.id).value
            names.update(each.id for each in events)
            keys = [(e.before.history.paid_key, e.after.history.paid_key) for e in events]
            recorded.update(after for before, after in keys if after not in (None, before))
    assert max(names.values()) == 1
    charged = {each.key for each in till.gateway.receipts}
    assert charged <= recorded.keys()
    assert all(recorded[key] == 1 for key in charged)
