"""The storage contract bites: each storage that is wrong in one way fails it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import History, RevisionConflict, Subscription
from subrenew.repositories import Page, Stored
from subrenew.testing import memory
from subrenew.testing.contracts import StorageContract
from subrenew.testing.memory import MemoryRepositories, MemoryStorage


def _cases() -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Every test of the contract with its parameters, as a function of a storage."""
    contract = StorageContract()
    for name in dir(StorageContract):
        if not name.startswith("test_"):
            continue
        test = getattr(contract, name)
        columns = [
            [(mark.args[0], value) for value in mark.args[1]]
            for mark in getattr(test, "pytestmark", [])
        ]
        for arguments in product(*columns):
            yield name, lambda storage, test=test, given=dict(arguments): test(storage, **given)


CASES = list(_cases())


def failures(make: Callable[[], MemoryStorage]) -> set[str]:
    """Return the names of the tests that a storage fails."""
    failed = set()
    for name, test in CASES:
        try:
            test(make())
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - failed, in whatever way
            failed.add(name)
    return failed


def test_a_right_storage_fails_nothing() -> None:
    """The runner of this module itself is right."""
    assert len(CASES) > 30
    assert failures(MemoryStorage) == set()


class Wrapped(MemoryStorage):
    """Hands out repositories that have been tampered with."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        with super().transaction() as repositories:
            self.tamper(repositories)
            yield repositories

    def tamper(self, repositories: Any) -> None:
        """Change what is handed out."""


class NoRevisions(Wrapped):
    """The last one to save wins, whatever was read."""

    def tamper(self, repositories: Any) -> None:
        for each in (
            repositories.subscriptions,
            repositories.orders,
            repositories.payment_methods,
        ):
            each.shelf._compare = lambda *_: None


class NoRevisionsOfOrders(Wrapped):
    """Only subscriptions are looked after."""

    def tamper(self, repositories: Any) -> None:
        repositories.orders.shelf._compare = lambda *_: None


class NewOnesOnly(Wrapped):
    """Compares the revision that is given, but not where none is."""

    def tamper(self, repositories: Any) -> None:
        shelf = repositories.subscriptions.shelf
        compare = shelf._compare
        shelf._compare = lambda key, found, revision: revision and compare(key, found, revision)


class NotAtOnce(MemoryStorage):
    """What was saved before the error stays."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        repositories = MemoryRepositories(self)
        try:
            yield repositories
        finally:
            with self.lock:
                self._put_in_place(repositories)


class EventsStay(MemoryStorage):
    """Entities are rolled back, events are not."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        repositories = MemoryRepositories(self)
        try:
            yield repositories
        except Exception:
            for events, _ in repositories.events.written:
                for event in events:
                    self.events_of.setdefault(event.subscription_id, []).append(event)
            raise
        with self.lock:
            self._put_in_place(repositories)


class ShelfByShelf(MemoryStorage):
    """Each save is final at once: a later conflict takes none back."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        repositories = MemoryRepositories(self)
        save = repositories.subscriptions.save

        def saved(subscription: Subscription, *, revision: int | None) -> int:
            made = save(subscription, revision=revision)
            self.subscriptions[subscription.id] = Stored(value=subscription, revision=made)
            return made

        repositories.subscriptions.save = saved  # type: ignore[method-assign]
        yield repositories
        for events, key in repositories.events.written:
            for event in events:
                self.events_of.setdefault(event.subscription_id, []).append(event)
            if key is not None:
                self.events_under[key] = events


class Paging(Wrapped):
    """Pages in a way of its own."""

    def tamper(self, repositories: Any) -> None:
        inner = repositories.subscriptions.expiring

        def expiring(from_on: Any, before_on: Any, *, cursor: Any = None, limit: int = 500) -> Any:
            return self.page(inner, from_on, before_on, cursor, limit)

        repositories.subscriptions.expiring = expiring

    def page(
        self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int
    ) -> Page[Subscription]:
        """Return a page."""
        raise NotImplementedError


class Skips(Paging):
    """Leaves out the last one of every full page."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        page = inner(from_on, before_on, cursor=cursor, limit=limit)
        return attrs.evolve(page, items=page.items[:-1]) if page.cursor else page


class Repeats(Paging):
    """Begins each page with the last one of the page before."""

    last: Any = None

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        page = inner(from_on, before_on, cursor=cursor, limit=limit)
        before, self.last = self.last if cursor else None, page.items[-1:]
        return attrs.evolve(page, items=(before or ()) + page.items)


class ByNumber(Paging):
    """Pages by offset: what is added or leaves moves the rest under it."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        start = int(cursor or 0)
        items = inner(from_on, before_on, limit=10_000).items
        more = str(start + limit) if start + limit < len(items) else None
        return Page(items=items[start : start + limit], cursor=more)


class Closed(Paging):
    """Holds the last day too, as BETWEEN does."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        return inner(from_on, memory.days_after(before_on, 1), cursor=cursor, limit=limit)


class AllAtOnce(Paging):
    """Does not look at the limit."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        return inner(from_on, before_on, limit=10_000)


class FirstPage(Paging):
    """Does not look at the cursor, and so never ends."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        return inner(from_on, before_on, limit=limit)


class NothingFound(Paging):
    """Promises another page for ever, and has nothing on it."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        return Page(items=(), cursor="more")


class AnyMethod(Wrapped):
    """Finds whatever is paid with anything."""

    def tamper(self, repositories: Any) -> None:
        def paid_with(id: str, *, cursor: Any = None, limit: int = 500) -> Page[Subscription]:
            held = self.subscriptions.values()
            return Page(
                items=tuple(each for each in held if each.value.payment_method), cursor=None
            )

        repositories.subscriptions.paid_with = paid_with


class NoKeys(Wrapped):
    """Takes a key as often as it is given."""

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append

        def keyless(events: Any, *, key: str | None = None) -> None:
            append(events)

        repositories.events.append = keyless


class KeysOfEventsOnly(Wrapped):
    """A key that stands for no event is forgotten: there is no row to keep it in."""

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append
        repositories.events.append = lambda events, *, key=None: append(
            events, key=key if events else None
        )


class KeysTwice(Wrapped):
    """Reads the key's events, and does not mind who else takes it."""

    def tamper(self, repositories: Any) -> None:
        def append(events: Any, *, key: str | None = None) -> None:
            self.events_under.pop(key or "", None)
            repositories.events.written.append((events, key))

        repositories.events.append = append


class Unordered(Wrapped):
    """Gives events back the other way round."""

    def tamper(self, repositories: Any) -> None:
        of = repositories.events.of
        repositories.events.of = lambda id: tuple(reversed(of(id)))


class UnorderedUnderAKey(Wrapped):
    """Sorts what was done at once by subscription."""

    def tamper(self, repositories: Any) -> None:
        under = repositories.events.under

        def sorted_under(key: str) -> Any:
            events = under(key)
            return events and tuple(sorted(events, key=lambda each: each.subscription_id))

        repositories.events.under = sorted_under


class Forgets(Wrapped):
    """Has no column for one field."""

    field, value = "seats", 1

    def tamper(self, repositories: Any) -> None:
        save = repositories.subscriptions.save

        def saved(subscription: Subscription, *, revision: int | None) -> int:
            without = attrs.evolve(subscription, **{self.field: self.value})
            return save(without, revision=revision)

        repositories.subscriptions.save = saved


def _forgetting(field: str, value: object) -> Callable[[], MemoryStorage]:
    class Forgetting(Forgets):
        pass

    Forgetting.field, Forgetting.value = field, value
    return Forgetting


class WithoutSeconds(Wrapped):
    """Keeps an instant to the minute."""

    def tamper(self, repositories: Any) -> None:
        save = repositories.orders.save

        def saved(order: Any, *, revision: int | None) -> int:
            whole = tuple(each.replace(second=0) for each in order.attempts.failed_at)
            attempts = attrs.evolve(order.attempts, failed_at=whole)
            return save(attrs.evolve(order, attempts=attempts), revision=revision)

        repositories.orders.save = saved


class NothingIsNone(Wrapped):
    """Returns None for what is not there, as a dictionary's get does."""

    def tamper(self, repositories: Any) -> None:
        for each in (
            repositories.subscriptions,
            repositories.orders,
            repositories.payment_methods,
        ):
            each.get = lambda key, shelf=each.shelf: shelf.kept.get(key)


class OwnErrors(MemoryStorage):
    """Lets the error of its driver through in place of RevisionConflict."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        try:
            with super().transaction() as repositories:
                yield repositories
        except RevisionConflict as error:
            raise LookupError("UNIQUE constraint failed") from error


class ChecksAndThenSaves(MemoryStorage):
    """Compares revisions when it saves, and not when it puts in place: others do so in between."""

    def _put_in_place(self, made: MemoryRepositories) -> None:
        for shelf in (made.subscriptions.shelf, made.orders.shelf, made.payment_methods.shelf):
            shelf._read.clear()
        super()._put_in_place(made)


class TakesKeysInBetween(MemoryStorage):
    """Looks whether a key is taken when it is given, and not when it is put in place."""

    def _put_in_place(self, made: MemoryRepositories) -> None:
        for _, key in made.events.written:
            self.events_under.pop(key or "", None)
        super()._put_in_place(made)


class DeletesNothing(Wrapped):
    """Takes note, and keeps it all the same."""

    def tamper(self, repositories: Any) -> None:
        for each in (
            repositories.subscriptions,
            repositories.orders,
            repositories.payment_methods,
        ):
            each.delete = lambda id, *, revision: None


class DeletesWhatWasSavedSince(Wrapped):
    """Does not look at the revision."""

    def tamper(self, repositories: Any) -> None:
        for each in (
            repositories.subscriptions,
            repositories.orders,
            repositories.payment_methods,
        ):
            each.delete = lambda id, *, revision, shelf=each.shelf: shelf.delete(
                id, shelf.get(id).revision
            )


class DeletesInSilence(Wrapped):
    """Does not mind that there is nothing, as DELETE does not."""

    def tamper(self, repositories: Any) -> None:
        delete = repositories.orders.delete

        def deleted(number: str, *, revision: int) -> None:
            with suppress(RevisionConflict):
                delete(number, revision=revision)

        repositories.orders.delete = deleted


class EventsAreKept(MemoryStorage):
    """What happened to a deleted subscription can still be read."""

    def _forget_events_of(self, subscription_id: str) -> None:
        pass


class KeysAreGivenBack(MemoryStorage):
    """With the last of its events, a key is free again."""

    def _forget_events_of(self, subscription_id: str) -> None:
        super()._forget_events_of(subscription_id)
        for key, events in list(self.events_under.items()):
            if not events:
                del self.events_under[key]


class DeletesAtOnce(Wrapped):
    """What is deleted is gone also where the transaction is left by an error."""

    def tamper(self, repositories: Any) -> None:
        delete = repositories.subscriptions.delete

        def deleted(id: str, *, revision: int) -> None:
            delete(id, revision=revision)
            self._forget_events_of(id)

        repositories.subscriptions.delete = deleted


class FindsWhatIsGone(Wrapped):
    """A column that is searched is not cleared."""

    held: Any = None

    def tamper(self, repositories: Any) -> None:
        inner = repositories.subscriptions.expiring

        def expiring(from_on: Any, before_on: Any, *, cursor: Any = None, limit: int = 500) -> Any:
            page = inner(from_on, before_on, cursor=cursor, limit=limit)
            self.held = self.held or page
            return self.held

        repositories.subscriptions.expiring = expiring


class PurgesOrders(Wrapped):
    """Whatever was tried long ago, lines or none."""

    def tamper(self, repositories: Any) -> None:
        shelf = repositories.orders.shelf

        def purge_tries(before: Any) -> int:
            old = [
                (number, stored.revision)
                for number, stored in shelf.kept.items()
                if all(each < before for each in stored.value.attempts.failed_at)
            ]
            for number, revision in old:
                shelf.delete(number, revision)
            return len(old)

        repositories.orders.purge_tries = purge_tries


class ForgetsResets(Wrapped):
    """Has no column for an open password reset."""

    def tamper(self, repositories: Any) -> None:
        save = repositories.orders.save
        repositories.orders.save = lambda order, *, revision: save(
            attrs.evolve(order, reset=None), revision=revision
        )


BROKEN: dict[str, tuple[Callable[[], MemoryStorage], str]] = {
    "lost revision check": (NoRevisions, "test_a_stale_revision_is_refused"),
    "lost revision check of orders": (
        NoRevisionsOfOrders,
        "test_orders_and_payment_methods_have_revisions_too",
    ),
    "lost check of new ones": (NewOnesOnly, "test_a_stale_revision_is_refused"),
    "not atomic": (NotAtOnce, "test_an_error_keeps_nothing_of_the_transaction"),
    "events stay behind": (EventsStay, "test_an_error_keeps_nothing_of_the_transaction"),
    "a conflict keeps a part": (
        ShelfByShelf,
        "test_a_conflict_keeps_nothing_of_the_transaction",
    ),
    "paging skips": (Skips, "test_paging_neither_skips_nor_repeats"),
    "paging repeats": (Repeats, "test_paging_neither_skips_nor_repeats"),
    "paging by offset": (ByNumber, "test_paging_is_not_disturbed_by_what_is_renewed"),
    "paging past the end": (Closed, "test_paging_neither_skips_nor_repeats"),
    "paging without a limit": (AllAtOnce, "test_paging_neither_skips_nor_repeats"),
    "paging without a cursor": (FirstPage, "test_paging_is_not_disturbed_by_what_is_added"),
    "paging of nothing": (NothingFound, "test_paging_neither_skips_nor_repeats"),
    "any payment method": (AnyMethod, "test_payment_methods_are_found_where_they_are_used"),
    "key ignored": (NoKeys, "test_a_key_is_taken_once"),
    "key of nothing ignored": (KeysOfEventsOnly, "test_a_key_without_events_is_taken_too"),
    "key taken twice": (KeysTwice, "test_a_key_is_taken_once"),
    "unordered events": (Unordered, "test_events_come_back_equal_and_in_order"),
    "unordered events of a key": (
        UnorderedUnderAKey,
        "test_events_of_two_subscriptions_under_one_key_keep_their_order",
    ),
    "instants without seconds": (WithoutSeconds, "test_an_order_comes_back_equal"),
    "nothing is None": (NothingIsNone, "test_what_is_not_there_is_not_found"),
    "errors of its own": (OwnErrors, "test_a_stale_revision_is_refused"),
    "deletes nothing": (DeletesNothing, "test_what_is_deleted_is_gone"),
    "deletes what was saved since": (
        DeletesWhatWasSavedSince,
        "test_what_was_saved_since_is_not_deleted",
    ),
    "deletes in silence": (DeletesInSilence, "test_what_is_not_there_cannot_be_deleted"),
    "keeps the events of what is deleted": (
        EventsAreKept,
        "test_a_subscription_is_deleted_with_its_events",
    ),
    "gives keys back": (KeysAreGivenBack, "test_a_subscription_is_deleted_with_its_events"),
    "deletes before the end": (DeletesAtOnce, "test_an_error_deletes_nothing"),
    "finds what is gone": (
        FindsWhatIsGone,
        "test_a_deleted_subscription_is_not_found_by_day_or_payment_method",
    ),
    "purges orders": (PurgesOrders, "test_tries_at_unknown_numbers_are_purged"),
    "forgets resets": (ForgetsResets, "test_an_order_comes_back_equal"),
    "no lock": (ChecksAndThenSaves, "test_of_many_savers_at_once_one_is_first"),
    "no lock on keys": (TakesKeysInBetween, "test_of_many_takers_of_a_key_one_is_first"),
    **{
        f"forgets {field}": (_forgetting(field, value), "test_a_subscription_comes_back_equal")
        for field, value in [
            ("seats", 1),
            ("next_term", None),
            ("cancelled_on", None),
            ("conditions", frozenset()),
            ("anchor_day", None),
            ("account", None),
            ("payment_method", None),
            ("order_number", None),
            ("currency", None),
            ("history", History(purchased_on=date(2021, 2, 28))),
        ]
    },
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_storage_that_is_wrong_in_one_way_fails(name: str) -> None:
    """And the test that is there for it is among those that it fails."""
    make, expected = BROKEN[name]
    assert expected in failures(make)


def test_whoever_supplies_no_storage_is_told_to() -> None:
    """The fixture to override says so."""
    fixture: Any = StorageContract.storage
    with pytest.raises(NotImplementedError, match="override the fixture 'storage'"):
        fixture.__wrapped__(StorageContract())
