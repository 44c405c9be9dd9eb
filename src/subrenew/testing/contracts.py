"""
Proof that a storage is right: test classes to inherit, with one fixture.

    class TestMyStorage(StorageContract):
        @pytest.fixture
        def storage(self):
            return MyStorage(...)      # empty, for each test

Rule 1: what is proved is what `subrenew.repositories` promises, and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

import attrs
import pytest

from subrenew.errors import NotFound, RevisionConflict
from subrenew.model.entities import (
    Account,
    AutoRenew,
    Channel,
    History,
    Kind,
    Mechanism,
    PaymentKind,
    PaymentMethod,
    Subscription,
)
from subrenew.model.terms import Term, days_after
from subrenew.policy.attempts import Attempts
from subrenew.policy.vendors import autodesk
from subrenew.renewal.events import Event
from subrenew.renewal.lifecycle import renew
from subrenew.renewal.transitions import Transition
from subrenew.repositories import OrderRecord, Repositories, Storage, Stored

__all__ = ["StorageContract"]

_FIRST = date(2025, 1, 1)


def _subscription(id: str = "S-1", *, starts_on: date = _FIRST) -> Subscription:
    return Subscription(id=id, product="CAD", term=Term.years(1), starts_on=starts_on)


def _full(id: str = "S-full") -> Subscription:
    """Return a subscription with every field away from its default."""
    return Subscription(
        id=id,
        product="Flow Production Tracking é漢",
        term=Term.months(3),
        # An anchor day that neither end tells.
        starts_on=date(2024, 11, 30),
        expires_on=date(2025, 2, 28),
        anchor_day=31,
        kind=Kind.TRIAL,
        auto_renew=AutoRenew.ON,
        payment_method=PaymentMethod(
            kind="own-kind",
            mechanism=Mechanism.INVOICE,
            valid_through=date(2027, 3, 31),
            id="M-1",
        ),
        channel=Channel.ORDER,
        account=Account(id="A-1", country="FR", managed=True, customer_kind="business"),
        seats=7,
        currency="JPY",
        order_number="ORDER-1",
        cancelled_on=date(2025, 1, 1),
        next_term=Term.years(3),
        conditions=frozenset({"open-invoice"}),
        history=History(
            purchased_on=date(2021, 2, 28),
            renewed_on=date(2024, 2, 1),
            renewals=3,
            offer="education",
            price_cohort="2021",
            unpaid_since=date(2024, 12, 1),
        ),
    )


def _renewed(subscription: Subscription) -> tuple[Event, ...]:
    done = renew(
        subscription, policy=autodesk.EDITION_2024, on=days_after(subscription.expires_on, -1)
    )
    assert isinstance(done, Transition), done
    return done.events


class StorageContract:
    """Inherit it, supply the fixture ``storage``: an empty storage for each test."""

    @pytest.fixture
    def storage(self) -> Storage:
        """Return an empty storage; override it."""
        raise NotImplementedError("override the fixture 'storage' to return an empty storage")

    def _add(self, storage: Storage, *subscriptions: Subscription) -> None:
        with storage.transaction() as repositories:
            for each in subscriptions:
                repositories.subscriptions.save(each, revision=None)

    # Round trips

    @pytest.mark.parametrize("made", [_subscription(), _full()], ids=["plain", "full"])
    def test_a_subscription_comes_back_equal(self, storage: Storage, made: Subscription) -> None:
        """What was saved is what is read, every field of it."""
        self._add(storage, made)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get(made.id).value == made

    def test_an_order_comes_back_equal(self, storage: Storage) -> None:
        """An order's lines, password text and tries are kept."""
        record = OrderRecord(
            number="A-1",
            placed_on=_FIRST,
            subscription_ids=("S-2", "S-1"),
            password_hash="text",  # noqa: S106 - no password
            attempts=Attempts(failed_at=(datetime(2026, 1, 1, 12, 30, 15, tzinfo=UTC),)),
        )
        with storage.transaction() as repositories:
            repositories.orders.save(record, revision=None)
        with storage.transaction() as repositories:
            assert repositories.orders.get("A-1").value == record

    @pytest.mark.parametrize(
        "made",
        [
            PaymentMethod.card(expires="2027-03", id="M-1"),
            PaymentMethod(kind=PaymentKind.KONBINI, id="M-1"),
            PaymentMethod(kind="own-kind", mechanism=Mechanism.PUSH, id="M-1"),
        ],
        ids=["card", "konbini", "own"],
    )
    def test_a_payment_method_comes_back_equal(self, storage: Storage, made: PaymentMethod) -> None:
        """A kind that the library does not know survives as text."""
        with storage.transaction() as repositories:
            repositories.payment_methods.save(made, revision=None)
        with storage.transaction() as repositories:
            assert repositories.payment_methods.get("M-1").value == made

    def test_events_come_back_equal_and_in_order(self, storage: Storage) -> None:
        """Events of one subscription are read in the order in which they were appended."""
        first = _renewed(_subscription())
        second = _renewed(first[0].after)
        with storage.transaction() as repositories:
            repositories.events.append(first)
            repositories.events.append(_renewed(_subscription("S-2")))
        with storage.transaction() as repositories:
            repositories.events.append(second)
        with storage.transaction() as repositories:
            assert repositories.events.of("S-1") == (*first, *second)
            assert repositories.events.of("S-3") == ()

    # Not found

    @pytest.mark.parametrize(
        "get",
        [
            lambda found: found.subscriptions.get("nobody"),
            lambda found: found.orders.get("nobody"),
            lambda found: found.payment_methods.get("nobody"),
        ],
        ids=["subscriptions", "orders", "payment-methods"],
    )
    def test_what_is_not_there_is_not_found(
        self, storage: Storage, get: Callable[[Repositories], object]
    ) -> None:
        """An identifier that nothing has raises NotFound."""
        with storage.transaction() as repositories, pytest.raises(NotFound):
            get(repositories)

    # Revisions

    def test_a_revision_counts_the_saves(self, storage: Storage) -> None:
        """The first save gives revision 1, each further one the next."""
        made = _subscription()
        with storage.transaction() as repositories:
            assert repositories.subscriptions.save(made, revision=None) == 1
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").revision == 1
            seats = attrs.evolve(made, seats=2)
            assert repositories.subscriptions.save(seats, revision=1) == 2
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").value.seats == 2

    @pytest.mark.parametrize("stale", [None, 0, 1, 3], ids=str)
    def test_a_stale_revision_is_refused(self, storage: Storage, stale: int | None) -> None:
        """Saving with a revision that is not the latest raises RevisionConflict."""
        made = _subscription()
        self._add(storage, made)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(attrs.evolve(made, seats=2), revision=1)
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.subscriptions.save(attrs.evolve(made, seats=3), revision=stale)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").value.seats == 2

    def test_a_revision_of_something_new_is_refused(self, storage: Storage) -> None:
        """Saving something that is not there under a revision raises RevisionConflict."""
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.subscriptions.save(_subscription(), revision=1)

    def test_orders_and_payment_methods_have_revisions_too(self, storage: Storage) -> None:
        """A second first save is refused for orders and payment methods alike."""
        record = OrderRecord(number="A-1", placed_on=_FIRST, subscription_ids=("S-1",))
        method = PaymentMethod.card(expires="2027-03", id="M-1")
        with storage.transaction() as repositories:
            repositories.orders.save(record, revision=None)
            repositories.payment_methods.save(method, revision=None)
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.orders.save(record, revision=None)
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.payment_methods.save(method, revision=None)

    def test_orders_and_payment_methods_are_saved_again(self, storage: Storage) -> None:
        """Under the revision that was read, each is replaced; an order may have no lines yet."""
        tried = OrderRecord(number="A-1", placed_on=_FIRST, subscription_ids=())
        record = attrs.evolve(tried, subscription_ids=("S-1",))
        method = PaymentMethod.card(expires="2027-03", id="M-1")
        with storage.transaction() as repositories:
            assert repositories.orders.save(tried, revision=None) == 1
            assert repositories.payment_methods.save(method, revision=None) == 1
        later = PaymentMethod.card(expires="2030-03", id="M-1")
        with storage.transaction() as repositories:
            assert repositories.orders.get("A-1").value == tried
            assert repositories.orders.save(record, revision=1) == 2
            assert repositories.payment_methods.save(later, revision=1) == 2
        with storage.transaction() as repositories:
            assert repositories.orders.get("A-1") == Stored(value=record, revision=2)
            assert repositories.payment_methods.get("M-1") == Stored(value=later, revision=2)

    # All or nothing

    def test_an_error_keeps_nothing_of_the_transaction(self, storage: Storage) -> None:
        """Left by an error, a transaction has saved neither entities nor events nor the key."""
        made = _subscription()
        self._add(storage, made)
        with pytest.raises(ZeroDivisionError), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.save(attrs.evolve(made, seats=2), revision=1)
            repositories.events.append(_renewed(made), key="once")
            raise ZeroDivisionError
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").value == made
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("once") is None

    def test_a_conflict_keeps_nothing_of_the_transaction(self, storage: Storage) -> None:
        """Where one of several saves is stale, none of them is kept, nor events nor the key."""
        first, second = _subscription("S-1"), _subscription("S-2")
        self._add(storage, first, second)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(attrs.evolve(second, seats=2), revision=1)
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.save(attrs.evolve(first, seats=9), revision=1)
            repositories.events.append(_renewed(first), key="once")
            repositories.subscriptions.save(attrs.evolve(second, seats=9), revision=1)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1") == Stored(value=first, revision=1)
            assert repositories.subscriptions.get("S-2").value.seats == 2
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("once") is None

    def test_a_taken_key_keeps_nothing_of_the_transaction(self, storage: Storage) -> None:
        """What was saved before a key turned out to be taken is not kept."""
        made = _subscription()
        self._add(storage, made)
        with storage.transaction() as repositories:
            repositories.events.append((), key="once")
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.save(attrs.evolve(made, seats=9), revision=1)
            repositories.events.append(_renewed(made), key="once")
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1") == Stored(value=made, revision=1)
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("once") == ()

    def test_a_key_is_taken_once(self, storage: Storage) -> None:
        """A key gives its events back, and nobody else can take it."""
        events = _renewed(_subscription())
        with storage.transaction() as repositories:
            repositories.events.append(events, key="once")
        with storage.transaction() as repositories:
            assert repositories.events.under("once") == events
            assert repositories.events.under("never") is None
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.events.append(events, key="once")

    def test_a_key_without_events_is_taken_too(self, storage: Storage) -> None:
        """An answer without an event can be asked for again."""
        with storage.transaction() as repositories:
            repositories.events.append((), key="nothing-happened")
        with storage.transaction() as repositories:
            assert repositories.events.under("nothing-happened") == ()

    def test_events_of_two_subscriptions_under_one_key_keep_their_order(
        self, storage: Storage
    ) -> None:
        """What was done at once is read at once, in order."""
        events = (*_renewed(_subscription("S-2")), *_renewed(_subscription("S-1")))
        with storage.transaction() as repositories:
            repositories.events.append(events, key="both")
        with storage.transaction() as repositories:
            assert repositories.events.under("both") == events

    # Paging

    def _ids(self, storage: Storage, limit: int) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    date(2026, 1, 1), date(2026, 1, 3), cursor=cursor, limit=limit
                )
            assert len(page.items) <= limit
            found += [each.value.id for each in page.items]
            cursor = page.cursor
            if cursor is None:
                return found

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_paging_neither_skips_nor_repeats(self, storage: Storage, limit: int) -> None:
        """Whatever the page's size, each one within the days is found once, the ends half-open."""
        days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3)]
        made = [
            _subscription(f"S-{index}-{number}", starts_on=day)
            for index, day in enumerate(days)
            for number in range(3)
        ]
        self._add(storage, *made)
        expected = {each.id for each in made if each.starts_on in days[1:3]}
        found = self._ids(storage, limit)
        assert set(found) == expected
        assert len(found) == len(expected)

    def test_paging_is_not_disturbed_by_what_is_added(self, storage: Storage) -> None:
        """One that is there throughout is found once, while others are added between pages."""
        made = [_subscription(f"S-{number:02}0") for number in range(9)]
        self._add(storage, *made)
        found: list[str] = []
        cursor = None
        for added in range(20):
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    date(2026, 1, 1), date(2026, 1, 2), cursor=cursor, limit=2
                )
            found += [each.value.id for each in page.items]
            self._add(storage, _subscription(f"S-{added % 10:02}5-{added}"))
            cursor = page.cursor
            if cursor is None:
                break
        assert len(found) == len(set(found))
        assert {each.id for each in made} <= set(found)

    def test_paging_is_not_disturbed_by_what_is_renewed(self, storage: Storage) -> None:
        """Those that leave the days while they are paged through take no other with them."""
        made = [_subscription(f"S-{number:02}") for number in range(9)]
        self._add(storage, *made)
        found: list[str] = []
        cursor = None
        while True:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    date(2026, 1, 1), date(2026, 1, 2), cursor=cursor, limit=2
                )
                for each in page.items:
                    after = _renewed(each.value)[0].after
                    repositories.subscriptions.save(after, revision=each.revision)
            found += [each.value.id for each in page.items]
            cursor = page.cursor
            if cursor is None:
                break
        assert found == sorted(each.id for each in made)

    def test_payment_methods_are_found_where_they_are_used(self, storage: Storage) -> None:
        """Those paid with one method are found, page by page, and no other."""
        card = PaymentMethod.card(expires="2027-03", id="M-1")
        other = PaymentMethod.card(expires="2027-03", id="M-2")
        made = [attrs.evolve(_subscription(f"S-{n}"), payment_method=card) for n in range(3)]
        self._add(storage, *made, attrs.evolve(_subscription("S-9"), payment_method=other))
        with storage.transaction() as repositories:
            page = repositories.subscriptions.paid_with("M-1", limit=2)
            rest = repositories.subscriptions.paid_with("M-1", cursor=page.cursor, limit=2)
        assert [each.value.id for each in (*page.items, *rest.items)] == ["S-0", "S-1", "S-2"]
        assert rest.cursor is None

    # Concurrency

    def test_of_many_savers_at_once_one_is_first(self, storage: Storage) -> None:
        """Eight threads save what they all read at one revision: one succeeds, seven conflict."""
        made = _subscription()
        self._add(storage, made)

        def save(number: int, together: Callable[[], None]) -> None:
            with storage.transaction() as repositories:
                changed = attrs.evolve(made, seats=number)
                repositories.subscriptions.save(changed, revision=1)
                together()

        assert _outcomes(save) == ["conflict"] * 7 + ["saved"]
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").revision == 2

    def test_of_many_takers_of_a_key_one_is_first(self, storage: Storage) -> None:
        """Eight threads renew eight subscriptions under one key: one succeeds, with its event."""
        made = [_subscription(f"S-{number}") for number in range(2, 10)]
        self._add(storage, *made)

        def take(number: int, together: Callable[[], None]) -> None:
            with storage.transaction() as repositories:
                events = _renewed(made[number - 2])
                repositories.subscriptions.save(events[0].after, revision=1)
                repositories.events.append(events, key="once")
                together()

        assert _outcomes(take) == ["conflict"] * 7 + ["saved"]
        with storage.transaction() as repositories:
            events = repositories.events.under("once")
            revisions = [repositories.subscriptions.get(each.id).revision for each in made]
            logged = [event for each in made for event in repositories.events.of(each.id)]
        assert events is not None
        assert logged == list(events)
        assert sorted(revisions) == [1] * 7 + [2]


_PATIENCE: Final = 0.5


def _outcomes(act: Callable[[int, Callable[[], None]], None]) -> list[str]:
    """
    Return how it went for eight threads that do it at once, numbered from 2 on.

    Each is given what to call before it leaves its transaction, to wait for the others to have come
    as far. Where a storage lets one in at a time, that is given up.
    """
    gate, inside = threading.Barrier(8), threading.Barrier(8)
    outcomes: list[str] = []

    def together() -> None:
        with suppress(threading.BrokenBarrierError):
            inside.wait(_PATIENCE)

    def one(number: int) -> None:
        gate.wait()
        try:
            act(number, together)
        except RevisionConflict:
            outcomes.append("conflict")
        except Exception as error:  # noqa: BLE001 - whatever a storage raises instead
            outcomes.append(repr(error))
        else:
            outcomes.append("saved")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2, 10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(outcomes)
