"""The storage in memory: nothing copied, all or nothing, found out by revisions."""

import threading
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import NotFound, PaymentMethod, PriceList, RevisionConflict, Subscription
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord, Repositories, Storage, Stored
from subrenew.testing.contracts import StorageContract
from subrenew.testing.memory import MemoryStorage
from tests.makers import ON, PAYPAL, a_list, a_price, a_subscription

END = date(2026, 1, 1)
CARD = PaymentMethod.card(expires="2030-01", id="M-1")


class TestMemory(StorageContract):
    """It keeps the contract."""

    @pytest.fixture
    def storage(self) -> Storage:
        """An empty one."""
        return MemoryStorage()


def _ids(storage: MemoryStorage, limit: int = 500) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        with storage.transaction() as repositories:
            page = repositories.subscriptions.expiring(
                END, END + timedelta(days=30), cursor=cursor, limit=limit
            )
        found += [each.value.id for each in page.items]
        if page.cursor is None:
            return found
        cursor = page.cursor


def test_it_begins_with_what_it_is_given() -> None:
    """Each under its first revision; prices too."""
    prices = a_list(a_price("100.00"))
    line = a_subscription()
    storage = MemoryStorage([line], prices=prices)
    with storage.transaction() as repositories:
        found: Repositories = repositories
        assert found.subscriptions.get("S-1") == Stored(value=line, revision=1)
        assert found.prices is prices
    with MemoryStorage().transaction() as repositories:
        assert repositories.prices == PriceList(prices=())


def test_two_of_one_identifier_are_refused() -> None:
    """One would be lost."""
    with pytest.raises(RevisionConflict):
        MemoryStorage([a_subscription(), a_subscription()])


def test_nothing_is_copied() -> None:
    """What is read is what was saved, itself."""
    line = a_subscription()
    with MemoryStorage([line]).transaction() as repositories:
        assert repositories.subscriptions.get("S-1").value is line


def test_a_transaction_reads_what_it_wrote() -> None:
    """Entities, events and keys; nobody else does before it is left."""
    storage = MemoryStorage([a_subscription()])
    changed = a_subscription(seats=2)
    with storage.transaction() as inner, storage.transaction() as outer:
        assert inner.subscriptions.save(changed, revision=1) == 2
        inner.events.append((), key="k-1", answer="first")
        assert inner.subscriptions.get("S-1") == Stored(value=changed, revision=2)
        assert inner.events.under("k-1") == ()
        assert inner.events.under("k-2") is None
        assert inner.events.answer("k-1") == "first"
        assert inner.events.answer("k-2") is None
        assert outer.subscriptions.get("S-1").revision == 1
        assert outer.events.under("k-1") is None
        assert outer.events.answer("k-1") is None
        again = attrs.evolve(changed, seats=3)
        assert inner.subscriptions.save(again, revision=2) == 3
        with pytest.raises(RevisionConflict):
            inner.subscriptions.save(again, revision=1)
        with pytest.raises(RevisionConflict):
            inner.events.append((), key="k-1")
    with storage.transaction() as repositories:
        assert repositories.subscriptions.get("S-1") == Stored(value=again, revision=3)


def test_of_two_transactions_at_once_the_second_conflicts_on_leaving() -> None:
    """Although both read the same revision, and neither saw the other."""
    storage = MemoryStorage([a_subscription(), a_subscription(id="S-2")])
    second = storage.transaction()
    repositories = second.__enter__()
    repositories.subscriptions.save(a_subscription(seats=9), revision=1)
    repositories.subscriptions.save(a_subscription(id="S-2", seats=9), revision=1)
    with storage.transaction() as first:
        first.subscriptions.save(a_subscription(seats=2), revision=1)
    with pytest.raises(RevisionConflict, match="read it again"):
        second.__exit__(None, None, None)
    with storage.transaction() as repositories:
        assert repositories.subscriptions.get("S-1").value.seats == 2
        assert repositories.subscriptions.get("S-2").value.seats == 1


def test_of_two_takers_of_a_key_the_second_conflicts_on_leaving() -> None:
    """And keeps nothing of what it saved."""
    storage = MemoryStorage([a_subscription()])
    second = storage.transaction()
    repositories = second.__enter__()
    repositories.subscriptions.save(a_subscription(seats=2), revision=1)
    repositories.events.append((), key="k-1")
    with storage.transaction() as first:
        first.events.append((), key="k-1")
    with pytest.raises(RevisionConflict, match="k-1"):
        second.__exit__(None, None, None)
    with storage.transaction() as repositories:
        assert repositories.subscriptions.get("S-1").revision == 1


def test_pages_are_by_day_and_identifier() -> None:
    """However they were added, and whatever the page's size."""
    lines = [
        a_subscription(id=f"S-{number}", starts_on=date(2025, 1, 1 + day))
        for number, day in enumerate([3, 1, 2, 1, 3, 0])
    ]
    storage = MemoryStorage(lines)
    for limit in (1, 2, 3, 500):
        assert _ids(storage, limit) == ["S-5", "S-1", "S-3", "S-2", "S-0", "S-4"]


def test_what_moved_is_found_where_it_is_now() -> None:
    """Away from a day, to another, and back: once, and only there."""
    line = a_subscription()
    moved = a_subscription(starts_on=date(2025, 1, 5))
    storage = MemoryStorage([line, a_subscription(id="S-2")])
    assert _ids(storage) == ["S-1", "S-2"]
    for revision, state, expected in (
        (1, moved, ["S-2", "S-1"]),
        (2, line, ["S-1", "S-2"]),
        (3, a_subscription(starts_on=date(2025, 6, 1)), ["S-2"]),
        (4, moved, ["S-2", "S-1"]),
    ):
        with storage.transaction() as repositories:
            repositories.subscriptions.save(state, revision=revision)
        assert _ids(storage, 1) == _ids(storage) == expected


def test_a_method_is_found_where_it_is_used_now() -> None:
    """Methods without an identifier are found by none."""
    storage = MemoryStorage(
        [a_subscription(payment_method=CARD), a_subscription(id="S-2", payment_method=PAYPAL)]
    )
    with storage.transaction() as repositories:
        (found,) = repositories.subscriptions.paid_with("M-1").items
        assert found.value.id == "S-1"
        repositories.subscriptions.save(a_subscription(), revision=1)
    with storage.transaction() as repositories:
        page = repositories.subscriptions.paid_with("M-1")
        assert (page.items, page.cursor) == ((), None)
        assert repositories.subscriptions.paid_with("M-9").items == ()


def test_no_days_hold_nothing() -> None:
    """Neither an empty span nor one turned round."""
    storage = MemoryStorage([a_subscription()])
    with storage.transaction() as repositories:
        for days in (0, -5):
            page = repositories.subscriptions.expiring(END, END + timedelta(days=days))
            assert page.items == ()


@given(
    days=st.lists(st.integers(0, 5), max_size=20),
    moves=st.lists(st.tuples(st.integers(0, 19), st.integers(0, 40)), max_size=20),
    limit=st.integers(1, 7),
)
def test_pages_hold_what_a_sorted_list_would(
    days: list[int], moves: list[tuple[int, int]], limit: int
) -> None:
    """Whatever is added and moved: the same as looking at every one."""
    lines = {
        f"S-{number:02}": a_subscription(
            id=f"S-{number:02}", starts_on=date(2025, 1, 1) + timedelta(days=day)
        )
        for number, day in enumerate(days)
    }
    storage = MemoryStorage(lines.values())
    for number, day in moves:
        id = f"S-{number:02}"
        if id in lines:
            _ids(storage, limit)
            lines[id] = a_subscription(id=id, starts_on=date(2025, 1, 1) + timedelta(days=day))
            with storage.transaction() as repositories:
                revision = repositories.subscriptions.get(id).revision
                repositories.subscriptions.save(lines[id], revision=revision)
    expected = sorted((each.expires_on, each.id) for each in lines.values())
    within = [id for day, id in expected if day < END + timedelta(days=30)]
    assert _ids(storage, limit) == within


def test_what_is_not_there_is_named() -> None:
    """With what was looked for."""
    with MemoryStorage().transaction() as repositories:
        with pytest.raises(NotFound, match="there is no subscription 'S-9'"):
            repositories.subscriptions.get("S-9")
        with pytest.raises(NotFound, match="there is no order 'A-9'"):
            repositories.orders.get("A-9")
        with pytest.raises(NotFound, match="there is no payment method 'M-9'"):
            repositories.payment_methods.get("M-9")


def test_a_record_does_not_show_its_hash() -> None:
    """What is kept of an order may be printed."""
    record = OrderRecord(number="A-1", placed_on=END, subscription_ids=(), password_hash="scrypt$4")
    assert "scrypt" not in repr(Stored(value=record, revision=1))


def test_many_runs_at_once_renew_each_once() -> None:
    """Eight nightly runs over the same two hundred: the sums agree, and nothing is lost."""
    lines = [
        a_subscription(id=f"S-{number:03}", auto_renew=ON, payment_method=PAYPAL)
        for number in range(200)
    ]
    storage = MemoryStorage(lines)
    desk = Desk(storage=storage, policy=autodesk.EDITION_2024)
    gate = threading.Barrier(8)
    renewed: list[str] = []

    def run() -> None:
        gate.wait()
        renewed.extend(desk.renew_due(END).renewed)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(renewed) == [each.id for each in lines]
    states: list[Stored[Subscription]] = list(storage.subscriptions.values())
    assert {each.revision for each in states} == {2}
    assert {each.value.expires_on for each in states} == {date(2027, 1, 1)}
    assert {len(events) for events in storage.events_of.values()} == {1}
