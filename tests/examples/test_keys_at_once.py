"""Sixteen threads ask the same under one key, on a database: all are told the first answer."""

import threading
from datetime import date

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")

from examples.webshop.storage import SqlStorage
from subrenew import (
    AutoRenew,
    CancelAt,
    Cart,
    CheckOut,
    Money,
    RevisionConflict,
    SubrenewError,
    Term,
    Transition,
    cancel,
)
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from tests.makers import a_list, a_price, a_subscription

ON = date(2025, 12, 10)
POLICY = autodesk.EDITION_2024
PRICES = a_list(a_price("100.00"))
TWO = (a_subscription(), a_subscription(id="S-2", term=Term.years(1)))


@pytest.fixture
def desk(tmp_path):
    storage = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}", prices=PRICES)
    storage.create_tables()
    with storage.transaction() as repositories:
        for each in TWO:
            repositories.subscriptions.save(each, revision=None)
    yield Desk(storage=storage, policy=POLICY)
    storage.close()


def a_purchase():
    cart = Cart()
    for each in TWO:
        cart = cart.add(each, policy=POLICY, prices=PRICES, on=ON)
    (purchase,) = cart.purchases(POLICY)
    return purchase


def answers(ask):
    gate, found = threading.Barrier(16), []

    def one():
        gate.wait()
        while True:
            try:
                found.append(ask())
            except RevisionConflict:
                continue
            except SubrenewError as error:
                found.append(error)
            return

    threads = [threading.Thread(target=one) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def test_a_purchase_is_bought_once_and_all_are_told_its_total(desk):
    purchase = a_purchase()
    found = answers(lambda: desk.check_out(purchase, number="A-1", on=ON, key="k"))
    assert {type(each) for each in found} == {CheckOut}
    assert all(each == found[0] for each in found)
    assert found[0].quote.total == Money("190.00", "USD")
    with desk.storage.transaction() as repositories:
        assert repositories.events.since().events == found[0].events
        assert repositories.orders.get("A-1").value.total == found[0].quote.total
    # After a restart, at other prices.
    desk.storage.prices = a_list(a_price("150.00"))
    assert desk.check_out(purchase, number="A-1", on=ON, key="k") == found[0]


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk: desk.renew("S-1", on=ON, key="k"),
        lambda desk: desk.switch_auto_renew("S-1", to=AutoRenew.ON, on=ON, key="k"),
        lambda desk: desk.change(
            "S-1",
            lambda each: cancel(each, at=CancelAt.AT_ONCE, policy=POLICY, on=ON),
            key="k",
            request="cancel at-once",
        ),
    ],
    ids=["renew", "switch", "cancel"],
)
def test_what_is_done_once_is_told_to_all(desk, ask):
    found = answers(lambda: ask(desk))
    assert {type(each) for each in found} == {Transition}
    assert all(each == found[0] for each in found)


def test_what_is_refused_once_is_told_to_all(desk):
    found = answers(lambda: desk.renew("S-1", on=date(2025, 2, 1), key="k"))
    assert all(each == found[0] for each in found)
    assert found[0].decision.route == "wait-for-window"
    with desk.storage.transaction() as repositories:
        assert repositories.events.under("k") == ()
