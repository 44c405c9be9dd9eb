"""
Proof that a storage is right: test classes to inherit, with one fixture.

    class TestMyStorage(StorageContract):
        @pytest.fixture
        def storage(self):
            return MyStorage(...)      # empty, for each test

It needs pytest, which comes with the extra ``testing``: ``pip install 'subrenew[testing]'``.

Rule 1: what is proved is what `subrenew.repositories` promises, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest

from subrenew.errors import NotFound, RevisionConflict
from subrenew.model.entities import Mechanism, PaymentKind, PaymentMethod, Subscription
from subrenew.model.terms import days_after
from subrenew.policy.attempts import Attempts
from subrenew.repositories import OrderRecord, PasswordReset, Repositories, Storage, Stored
from subrenew.testing.exactness import ExactnessContract
from subrenew.testing.logbook import LogbookContract
from subrenew.testing.paging import PagingContract
from subrenew.testing.samples import (
    FIRST,
    a_full_subscription,
    a_subscription,
    asking_again,
    outcomes_at_once,
    renewal_events,
)

__all__ = ["StorageContract"]


def _deletes(revision: int) -> tuple[Callable[[Repositories], None], ...]:
    return (
        lambda found: found.subscriptions.delete("S-1", revision=revision),
        lambda found: found.orders.delete("A-1", revision=revision),
        lambda found: found.payment_methods.delete("M-1", revision=revision),
    )


class StorageContract(PagingContract, ExactnessContract, LogbookContract):
    """Inherit it, supply the fixture ``storage``: an empty storage for each test."""

    @pytest.fixture
    def storage(self) -> Storage:
        """Return an empty storage; override it."""
        raise NotImplementedError("override the fixture 'storage' to return an empty storage")

    # Round trips

    @pytest.mark.parametrize(
        "made", [a_subscription(), a_full_subscription()], ids=["plain", "full"]
    )
    def test_a_subscription_comes_back_equal(self, storage: Storage, made: Subscription) -> None:
        """What was saved is what is read, every field of it."""
        self.add(storage, made)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get(made.id).value == made

    def test_an_order_comes_back_equal(self, storage: Storage) -> None:
        """An order's lines, password text, tries and open password reset are kept."""
        record = OrderRecord(
            number="A-1",
            placed_on=FIRST,
            subscription_ids=("S-2", "S-1"),
            password_hash="text",  # noqa: S106 - no password
            attempts=Attempts(failed_at=(datetime(2026, 1, 1, 12, 30, 15, tzinfo=UTC),)),
            reset=PasswordReset(
                token_hash="token",  # noqa: S106 - no password
                expires_at=datetime(2026, 1, 1, 13, 30, 15, 7, tzinfo=UTC),
            ),
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
        first = renewal_events(a_subscription())
        second = renewal_events(first[0].after)
        with storage.transaction() as repositories:
            repositories.events.append(first)
            repositories.events.append(renewal_events(a_subscription("S-2")))
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
        made = a_subscription()
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
        made = a_subscription()
        self.add(storage, made)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(attrs.evolve(made, seats=2), revision=1)
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.subscriptions.save(attrs.evolve(made, seats=3), revision=stale)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").value.seats == 2

    def test_a_revision_of_something_new_is_refused(self, storage: Storage) -> None:
        """Saving something that is not there under a revision raises RevisionConflict."""
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.subscriptions.save(a_subscription(), revision=1)

    def test_orders_and_payment_methods_have_revisions_too(self, storage: Storage) -> None:
        """A second first save is refused for orders and payment methods alike."""
        record = OrderRecord(number="A-1", placed_on=FIRST, subscription_ids=("S-1",))
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
        tried = OrderRecord(number="A-1", placed_on=FIRST, subscription_ids=())
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
        made = a_subscription()
        self.add(storage, made)
        with pytest.raises(ZeroDivisionError), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.save(attrs.evolve(made, seats=2), revision=1)
            repositories.events.append(renewal_events(made), key="once")
            raise ZeroDivisionError
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").value == made
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("once") is None

    def test_a_conflict_keeps_nothing_of_the_transaction(self, storage: Storage) -> None:
        """Where one of several saves is stale, none of them is kept, nor events nor the key."""
        first, second = a_subscription("S-1"), a_subscription("S-2")
        self.add(storage, first, second)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(attrs.evolve(second, seats=2), revision=1)
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.save(attrs.evolve(first, seats=9), revision=1)
            repositories.events.append(renewal_events(first), key="once")
            repositories.subscriptions.save(attrs.evolve(second, seats=9), revision=1)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1") == Stored(value=first, revision=1)
            assert repositories.subscriptions.get("S-2").value.seats == 2
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("once") is None

    def test_a_taken_key_keeps_nothing_of_the_transaction(self, storage: Storage) -> None:
        """What was saved before a key turned out to be taken is not kept."""
        made = a_subscription()
        self.add(storage, made)
        with storage.transaction() as repositories:
            repositories.events.append((), key="once")
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.save(attrs.evolve(made, seats=9), revision=1)
            repositories.events.append(renewal_events(made), key="once")
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1") == Stored(value=made, revision=1)
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("once") == ()

    def test_a_key_is_taken_once(self, storage: Storage) -> None:
        """A key gives its events back, and nobody else can take it."""
        events = renewal_events(a_subscription())
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
        events = (*renewal_events(a_subscription("S-2")), *renewal_events(a_subscription("S-1")))
        with storage.transaction() as repositories:
            repositories.events.append(events, key="both")
        with storage.transaction() as repositories:
            assert repositories.events.under("both") == events

    # Concurrency

    def test_of_many_savers_at_once_one_is_first(self, storage: Storage) -> None:
        """Eight threads save what they all read at one revision: one succeeds, seven conflict."""
        made = a_subscription()
        self.add(storage, made)

        def save(number: int, together: Callable[[], None]) -> None:
            with storage.transaction() as repositories:
                changed = attrs.evolve(made, seats=number)
                repositories.subscriptions.save(changed, revision=1)
                together()

        outcomes = outcomes_at_once(save)
        assert outcomes == ["conflict"] * 7 + ["saved"], outcomes
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").revision == 2

    def test_of_many_takers_of_a_key_one_is_first(self, storage: Storage) -> None:
        """Eight threads renew eight subscriptions under one key: one succeeds, with its event."""
        made = [a_subscription(f"S-{number}") for number in range(2, 10)]
        self.add(storage, *made)

        def take(number: int, together: Callable[[], None]) -> None:
            with storage.transaction() as repositories:
                events = renewal_events(made[number - 2])
                repositories.subscriptions.save(events[0].after, revision=1)
                repositories.events.append(events, key="once")
                together()

        outcomes = outcomes_at_once(take)
        assert outcomes == ["conflict"] * 7 + ["saved"], outcomes
        with storage.transaction() as repositories:
            events = repositories.events.under("once")
            revisions = [repositories.subscriptions.get(each.id).revision for each in made]
            logged = [event for each in made for event in repositories.events.of(each.id)]
        assert events is not None
        assert logged == list(events)
        assert sorted(revisions) == [1] * 7 + [2]

    def test_of_many_that_read_and_save_one_no_save_is_lost(self, storage: Storage) -> None:
        """Eight threads read, then save; asking again, each adds its own seat to the others'."""
        self.add(storage, a_subscription())

        def add_a_seat(_: int, together: Callable[[], None]) -> None:
            with storage.transaction() as repositories:
                held = repositories.subscriptions.get("S-1")
                together()
                more = attrs.evolve(held.value, seats=held.value.seats + 1)
                repositories.subscriptions.save(more, revision=held.revision)

        outcomes = outcomes_at_once(asking_again(add_a_seat))
        assert outcomes == ["saved"] * 8, outcomes
        with storage.transaction() as repositories:
            found = repositories.subscriptions.get("S-1")
        assert (found.value.seats, found.revision) == (9, 9), found

    def test_of_many_that_read_and_save_different_ones_all_are_saved(
        self, storage: Storage
    ) -> None:
        """Eight threads read, then renew, each its own; none fails because of the others."""
        made = [a_subscription(f"S-{number}") for number in range(2, 10)]
        self.add(storage, *made)

        def renew(number: int, together: Callable[[], None]) -> None:
            with storage.transaction() as repositories:
                held = repositories.subscriptions.get(f"S-{number}")
                assert repositories.events.under(f"k-{number}") is None
                together()
                events = renewal_events(held.value)
                repositories.subscriptions.save(events[0].after, revision=held.revision)
                repositories.events.append(events, key=f"k-{number}", answer="{}")

        outcomes = outcomes_at_once(asking_again(renew))
        assert outcomes == ["saved"] * 8, outcomes
        with storage.transaction() as repositories:
            revisions = [repositories.subscriptions.get(each.id).revision for each in made]
            logged = repositories.events.since()
        assert revisions == [2] * 8, revisions
        assert sorted(each.subscription_id for each in logged.events) == sorted(
            each.id for each in made
        )

    # Deleting

    def test_what_is_deleted_is_gone(self, storage: Storage) -> None:
        """It is not found any more, and can be saved as new; for all three kinds."""
        made, method = a_subscription(), PaymentMethod.card(expires="2027-03", id="M-1")
        record = OrderRecord(number="A-1", placed_on=FIRST, subscription_ids=("S-1",))
        for _ in range(2):
            with storage.transaction() as repositories:
                assert repositories.subscriptions.save(made, revision=None) == 1
                assert repositories.orders.save(record, revision=None) == 1
                assert repositories.payment_methods.save(method, revision=None) == 1
            with storage.transaction() as repositories:
                repositories.subscriptions.delete("S-1", revision=1)
                repositories.orders.delete("A-1", revision=1)
                repositories.payment_methods.delete("M-1", revision=1)
            with storage.transaction() as repositories:
                for get, id in (
                    (repositories.subscriptions.get, "S-1"),
                    (repositories.orders.get, "A-1"),
                    (repositories.payment_methods.get, "M-1"),
                ):
                    with pytest.raises(NotFound):
                        get(id)

    def test_a_deleted_subscription_is_not_found_by_day_or_payment_method(
        self, storage: Storage
    ) -> None:
        """Neither search returns it, and both return the others."""
        method = PaymentMethod.card(expires="2027-03", id="M-1")
        made = [
            attrs.evolve(a_subscription(each), payment_method=method) for each in ("S-1", "S-2")
        ]
        self.add(storage, *made)
        ends_on = made[0].expires_on
        for _ in range(2):
            with storage.transaction() as repositories:
                by_day = repositories.subscriptions.expiring(ends_on, days_after(ends_on, 1))
                paid = repositories.subscriptions.paid_with("M-1")
                assert [each.value for each in by_day.items] == made
                assert [each.value for each in paid.items] == made
                if len(made) == 2:
                    repositories.subscriptions.delete(made.pop(0).id, revision=1)

    def test_a_subscription_is_deleted_with_its_events(self, storage: Storage) -> None:
        """Events of others stay, and so does the key: nobody can do it again under it."""
        first, second = a_subscription("S-1"), a_subscription("S-2")
        self.add(storage, first, second)
        others = renewal_events(second)
        with storage.transaction() as repositories:
            repositories.events.append((*renewal_events(first), *others), key="both")
            repositories.events.append(renewal_events(first), key="first")
        with storage.transaction() as repositories:
            repositories.subscriptions.delete("S-1", revision=1)
        with storage.transaction() as repositories:
            assert repositories.events.of("S-1") == ()
            assert repositories.events.of("S-2") == others
            assert repositories.events.under("both") == others
            assert repositories.events.under("first") == ()

    def test_what_is_deleted_and_saved_as_new_has_no_past(self, storage: Storage) -> None:
        """In one transaction: it stays, with the events that follow, and without those before."""
        made = a_subscription()
        self.add(storage, made)
        with storage.transaction() as repositories:
            repositories.events.append(renewal_events(made), key="before")
        without_name = attrs.evolve(made, seats=2)
        later = renewal_events(without_name)
        with storage.transaction() as repositories:
            repositories.events.append(renewal_events(made), key="just-before")
            repositories.subscriptions.delete("S-1", revision=1)
            assert repositories.events.of("S-1") == ()
            assert repositories.events.under("before") == ()
            assert repositories.events.under("just-before") == ()
            assert repositories.subscriptions.save(without_name, revision=None) == 1
            repositories.events.append(later, key="after")
            assert repositories.events.of("S-1") == later
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1") == Stored(value=without_name, revision=1)
            assert repositories.events.of("S-1") == repositories.events.under("after") == later
            assert repositories.events.under("before") == ()
            assert repositories.events.under("just-before") == ()
            expires_on = made.expires_on
            page = repositories.subscriptions.expiring(expires_on, days_after(expires_on, 1))
            assert [each.value for each in page.items] == [without_name]

    @pytest.mark.parametrize("stale", [0, 1, 3])
    def test_what_was_saved_since_is_not_deleted(self, storage: Storage, stale: int) -> None:
        """Deleting under a revision that is not the latest raises RevisionConflict."""
        made, method = a_subscription(), PaymentMethod.card(expires="2027-03", id="M-1")
        record = OrderRecord(number="A-1", placed_on=FIRST, subscription_ids=("S-1",))
        for revision in (None, 1):
            with storage.transaction() as repositories:
                repositories.subscriptions.save(made, revision=revision)
                repositories.orders.save(record, revision=revision)
                repositories.payment_methods.save(method, revision=revision)
        for delete in _deletes(stale):
            with pytest.raises(RevisionConflict), storage.transaction() as repositories:
                delete(repositories)
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1").revision == 2
            assert repositories.orders.get("A-1").revision == 2
            assert repositories.payment_methods.get("M-1").revision == 2

    def test_what_is_not_there_cannot_be_deleted(self, storage: Storage) -> None:
        """Somebody else has deleted it: that is a RevisionConflict, too."""
        for delete in _deletes(1):
            with pytest.raises(RevisionConflict), storage.transaction() as repositories:
                delete(repositories)

    def test_an_error_deletes_nothing(self, storage: Storage) -> None:
        """Left by an error, a transaction has deleted neither the subscription nor its events."""
        made = a_subscription()
        self.add(storage, made)
        events = renewal_events(made)
        with storage.transaction() as repositories:
            repositories.events.append(events, key="once")
        with pytest.raises(ZeroDivisionError), storage.transaction() as repositories:  # noqa: PT012
            repositories.subscriptions.delete("S-1", revision=1)
            raise ZeroDivisionError
        with storage.transaction() as repositories:
            assert repositories.subscriptions.get("S-1") == Stored(value=made, revision=1)
            assert repositories.events.of("S-1") == repositories.events.under("once") == events

    def test_tries_at_unknown_numbers_are_purged(self, storage: Storage) -> None:
        """Records without lines that were last used before an instant; an order never."""
        noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
        tick, zone = timedelta(microseconds=1), timezone(timedelta(hours=9))
        token = PasswordReset(token_hash="text", expires_at=noon.astimezone(zone))  # noqa: S106
        early, late = (Attempts(failed_at=(each,)) for each in (noon - tick, noon))
        records = [
            OrderRecord(number="LINES", placed_on=FIRST, subscription_ids=("S-1",), attempts=early),
            OrderRecord(number="EARLY", placed_on=FIRST, subscription_ids=(), attempts=early),
            OrderRecord(number="LATE", placed_on=FIRST, subscription_ids=(), attempts=late),
            OrderRecord(number="NOTHING", placed_on=FIRST, subscription_ids=()),
            OrderRecord(
                number="TOKEN", placed_on=FIRST, subscription_ids=(), attempts=early, reset=token
            ),
        ]
        with storage.transaction() as repositories:
            for each in records:
                repositories.orders.save(each, revision=None)
        with storage.transaction() as repositories:
            assert repositories.orders.purge_tries(noon.astimezone(zone)) == 2
        with storage.transaction() as repositories:
            for each in records:
                if each.number not in {"EARLY", "NOTHING"}:
                    assert repositories.orders.get(each.number).value == each
                    continue
                with pytest.raises(NotFound):
                    repositories.orders.get(each.number)
