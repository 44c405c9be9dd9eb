"""The storage contract bites: each storage that is wrong in one way fails it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import Happening, History, RevisionConflict, Subscription
from subrenew.repositories import EventPage, Page, Stored
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
            given = dict(arguments)
            yield name, lambda storage, test=test, given=given: test(storage, **given)


CASES = list(_cases())


def failures(make: Callable[[], MemoryStorage], *names: str) -> dict[str, str]:
    """Return the tests, of these or of all, that a storage fails, each with what it said."""
    failed = {}
    for name, test in CASES:
        if names and name not in names:
            continue
        try:
            test(make())
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - in whatever way
            failed[name] = f"{type(error).__name__}: {error}"
    return failed


def test_a_right_storage_fails_nothing() -> None:
    """The runner of this module itself is right."""
    assert len(CASES) > 60
    assert failures(MemoryStorage) == {}


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
            for events, _, _ in repositories.events.written:
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
        for events, key, _ in repositories.events.written:
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
        repositories.events.append = lambda events, **_: append(events)


class KeysOfEventsOnly(Wrapped):
    """A key that stands for no event is forgotten: there is no row to keep it in."""

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append
        repositories.events.append = lambda events, *, key=None, answer=None: append(
            events, key=key if events else None, answer=answer
        )


class KeysTwice(Wrapped):
    """Reads the key's events, and does not mind who else takes it."""

    def tamper(self, repositories: Any) -> None:
        def append(events: Any, *, key: str | None = None, answer: str | None = None) -> None:
            self.events_under.pop(key or "", None)
            repositories.events.written.append((events, key, answer))

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
        for _, key, _ in made.events.written:
            self.events_under.pop(key or "", None)
        super()._put_in_place(made)


def _not_written(shelf: str, field: str) -> Callable[[], MemoryStorage]:
    """The UPDATE has no column for one field: it keeps what it was saved with first."""

    class NotWritten(Wrapped):
        def tamper(self, repositories: Any) -> None:
            each = getattr(repositories, shelf)
            save = each.save

            def saved(value: Any, *, revision: int | None) -> int:
                if revision is not None:
                    held = each.get(value.number if shelf == "orders" else value.id).value
                    value = attrs.evolve(value, **{field: getattr(held, field)})
                return save(value, revision=revision)

            each.save = saved

    return NotWritten


class StaleMethodColumn(MemoryStorage):
    """The column that is searched is written with the first save only."""

    def __init__(self) -> None:
        super().__init__()
        moved = self.by_method.moved
        word = self.by_method.word
        first: dict[str, str | None] = {}

        def once(before: Subscription | None, after: Subscription) -> None:
            if before is None:
                moved(None, after)

        self.by_method.moved = once  # type: ignore[method-assign]
        self.by_method.word = lambda each: first.setdefault(each.id, word(each))


class StaleDayColumn(MemoryStorage):
    """As above, of the day."""

    def __init__(self) -> None:
        super().__init__()
        moved = self.by_day.moved
        word = self.by_day.word
        first: dict[str, str | None] = {}

        def once(before: Subscription | None, after: Subscription) -> None:
            if before is None:
                moved(None, after)

        self.by_day.moved = once  # type: ignore[method-assign]
        self.by_day.word = lambda each: first.setdefault(each.id, word(each))


def _named(shelf: str, change: Callable[[str], str]) -> Callable[[], MemoryStorage]:
    """Identifiers are changed on their way into the table, and on the way to be looked up."""

    class Named(Wrapped):
        def tamper(self, repositories: Any) -> None:
            held = getattr(repositories, shelf).shelf
            get, save = held.get, held.save
            held.get = lambda key: get(change(key))
            held.save = lambda key, value, revision: save(change(key), value, revision)

    return Named


def _events_named(change: Callable[[str], str]) -> Callable[[], MemoryStorage]:
    """Events are found by a name that is not compared exactly."""

    class EventsNamed(Wrapped):
        def tamper(self, repositories: Any) -> None:
            def of(id: str) -> Any:
                return tuple(
                    each for each in self.log if change(each.subscription_id) == change(id)
                )

            repositories.events.of = of

    return EventsNamed


def _keyed(change: Callable[[str], str]) -> Callable[[], MemoryStorage]:
    """Keys are changed on their way into the table, and on the way to be looked up."""

    class Keyed(Wrapped):
        def tamper(self, repositories: Any) -> None:
            log = repositories.events
            append, under, answer = log.append, log.under, log.answer
            log.append = lambda events, *, key=None, answer=None: append(
                events, key=key and change(key), answer=answer
            )
            log.under = lambda key: under(change(key))
            log.answer = lambda key: answer(change(key))

    return Keyed


def _paid_with(same: Callable[[str, str], bool]) -> Callable[[], MemoryStorage]:
    """Payment methods are compared in a way of its own."""

    class PaidWith(Wrapped):
        def tamper(self, repositories: Any) -> None:
            def paid_with(id: str, *, cursor: Any = None, limit: int = 500) -> Any:
                items = [
                    each
                    for _, each in sorted(self.subscriptions.items())
                    if each.value.payment_method and same(str(each.value.payment_method.id), id)
                ]
                start = int(cursor or 0)
                more = str(start + limit) if start + limit < len(items) else None
                return Page(items=tuple(items[start : start + limit]), cursor=more)

            repositories.subscriptions.paid_with = paid_with

    return PaidWith


class Backwards(Paging):
    """Sorts each page the other way round."""

    def page(self, inner: Any, from_on: Any, before_on: Any, cursor: Any, limit: int) -> Any:
        page = inner(from_on, before_on, cursor=cursor, limit=limit)
        return attrs.evolve(page, items=page.items[::-1])


class MethodsBackwards(Wrapped):
    """As above, by payment method."""

    def tamper(self, repositories: Any) -> None:
        inner = repositories.subscriptions.paid_with

        def paid_with(id: str, *, cursor: Any = None, limit: int = 500) -> Any:
            page = inner(id, cursor=cursor, limit=limit)
            return attrs.evolve(page, items=page.items[::-1])

        repositories.subscriptions.paid_with = paid_with


class UnderAnything(Wrapped):
    """Joins the events of a key by subscription, and so finds those of its other keys too."""

    def tamper(self, repositories: Any) -> None:
        under = repositories.events.under

        def joined(key: str) -> Any:
            events = under(key)
            ids = {each.subscription_id for each in events or ()}
            return events and tuple(each for each in self.log if each.subscription_id in ids)

        repositories.events.under = joined


class NoAnswers(Wrapped):
    """Has no column for answers: the fingerprint is lost."""

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append
        repositories.events.append = lambda events, *, key=None, answer=None: append(
            events, key=key
        )


class ShortAnswers(Wrapped):
    """Keeps 255 characters of an answer, and says nothing."""

    def tamper(self, repositories: Any) -> None:
        answer = repositories.events.answer
        repositories.events.answer = lambda key: (answer(key) or "")[:255] or answer(key)


class LastAnswer(Wrapped):
    """Answers with an upsert: who comes second replaces the first answer."""

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append

        def upsert(events: Any, *, key: str | None = None, answer: str | None = None) -> None:
            if key in self.answers:
                self.answers[key] = answer
            append(events, key=key, answer=answer)

        repositories.events.append = upsert


class AnswersStay(Wrapped):
    """Keeps answers outside of the transaction."""

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append

        def outside(events: Any, *, key: str | None = None, answer: str | None = None) -> None:
            append(events, key=key, answer=answer)
            if key is not None:
                self.answers[key] = answer

        repositories.events.append = outside


class EmptyIsNone(Wrapped):
    """Stores an empty text as nothing, as Oracle does."""

    def tamper(self, repositories: Any) -> None:
        answer = repositories.events.answer
        repositories.events.answer = lambda key: answer(key) or None


class KnownWordsOnly(Wrapped):
    """Reads an event's word as an enum that has no others."""

    def tamper(self, repositories: Any) -> None:
        of = repositories.events.of

        def known(id: str) -> Any:
            return tuple(attrs.evolve(each, what=Happening(each.what)) for each in of(id))

        repositories.events.of = known


class AlwaysABefore(Wrapped):
    """Reads an event's state before as that after, where it has none."""

    def tamper(self, repositories: Any) -> None:
        of = repositories.events.of

        def filled(id: str) -> Any:
            return tuple(attrs.evolve(each, before=each.before or each.after) for each in of(id))

        repositories.events.of = filled


class WithoutMicroseconds(Wrapped):
    """Keeps an instant to the second."""

    def tamper(self, repositories: Any) -> None:
        save = repositories.orders.save

        def saved(order: Any, *, revision: int | None) -> int:
            whole = tuple(each.replace(microsecond=0) for each in order.attempts.failed_at)
            attempts = attrs.evolve(order.attempts, failed_at=whole)
            return save(attrs.evolve(order, attempts=attempts), revision=revision)

        repositories.orders.save = saved


class Outbox(Wrapped):
    """Has an outbox of its own."""

    def tamper(self, repositories: Any) -> None:
        inner = repositories.events.since
        repositories.events.since = lambda cursor=None, *, limit=500: self.read(
            inner, cursor, limit
        )

    def read(self, inner: Any, cursor: Any, limit: int) -> Any:
        """Return a page."""
        raise NotImplementedError


class OutboxRepeats(Outbox):
    """Reads from the last event on, and not after it."""

    def read(self, inner: Any, cursor: Any, limit: int) -> Any:
        return inner(str(max(0, int(cursor or 0) - 1)), limit=limit)


class OutboxSkips(Outbox):
    """Counts one too many where a page is full."""

    def read(self, inner: Any, cursor: Any, limit: int) -> Any:
        page = inner(cursor, limit=limit)
        full = len(page.events) == limit
        return attrs.evolve(page, cursor=str(int(page.cursor) + 1)) if full else page


class OutboxUnordered(Outbox):
    """Sorts by subscription."""

    def read(self, inner: Any, cursor: Any, limit: int) -> Any:
        page = inner(cursor, limit=limit)
        return attrs.evolve(
            page, events=tuple(sorted(page.events, key=lambda each: each.subscription_id))
        )


class OutboxForgetsTheEnd(Outbox):
    """Has no cursor where nothing is new, and so begins again."""

    def read(self, inner: Any, cursor: Any, limit: int) -> Any:
        page = inner(cursor, limit=limit)
        return page if page.events else EventPage(events=(), cursor=None)


class OutboxWithoutALimit(Outbox):
    """Gives everything at once."""

    def read(self, inner: Any, cursor: Any, limit: int) -> Any:
        return inner(cursor, limit=10_000)


class OutboxOfWhatFailed(MemoryStorage):
    """Tells of events whose transaction was left by an error."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        repositories = MemoryRepositories(self)
        try:
            yield repositories
        except ZeroDivisionError:
            for events, _, _ in repositories.events.written:
                self.log += events
            raise
        with self.lock:
            self._put_in_place(repositories)


class OutboxNumberedEarly(Wrapped):
    """Numbers an event when it is appended, and shows it when it is kept: one may come late."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        super().__init__()

    def tamper(self, repositories: Any) -> None:
        append = repositories.events.append

        def numbered(events: Any, **more: Any) -> None:
            for each in events:
                self.numbers[id(each)] = len(self.numbers) + 1
            append(events, **more)

        def since(cursor: Any = None, *, limit: int = 500) -> EventPage:
            last = int(cursor or 0)
            log = sorted((self.numbers[id(each)], number) for number, each in enumerate(self.log))
            new = [each for each in log if each[0] > last][:limit]
            return EventPage(
                events=tuple(self.log[number] for _, number in new),
                cursor=str(new[-1][0]) if new else cursor,
            )

        repositories.events.append, repositories.events.since = numbered, since


class OutboxGivesPlacesTwice(MemoryStorage):
    """Numbers by the largest one there is: a deleted event's place is given again."""

    def _forget_events_of(self, subscription_id: str) -> None:
        super()._forget_events_of(subscription_id)
        while self.log and self.log[-1] is None:
            self.log.pop()


class AnswersAreKept(MemoryStorage):
    """Deletes a subscription and its events, and keeps what was answered."""

    def _forget_events_of(self, subscription_id: str) -> None:
        kept = dict(self.answers)
        super()._forget_events_of(subscription_id)
        self.answers = kept


class LocksTheWhole(MemoryStorage):
    """One writer at a time, and who has read before is told so by an error of the driver."""

    def _put_in_place(self, made: MemoryRepositories) -> None:
        began = getattr(made, "began", self.saves)
        written = made.subscriptions.shelf.written
        if written and began != self.saves:
            raise OperationalError("database is locked")
        super()._put_in_place(made)
        self.saves += bool(written)

    def __init__(self) -> None:
        self.saves = 0
        super().__init__()

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        began = self.saves
        with super().transaction() as repositories:
            repositories.began = began  # type: ignore[attr-defined]
            yield repositories


class OperationalError(Exception):
    """A driver's own."""


AGAIN = "test_a_subscription_saved_again_comes_back_equal"


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
    "payment methods by offset": (
        _paid_with(lambda own, wanted: own == wanted),
        "test_paging_by_payment_method_is_not_disturbed_by_what_is_replaced",
    ),
    "payment methods by their beginning": (
        _paid_with(lambda own, wanted: own.startswith(wanted)),
        "test_a_payment_method_finds_exactly_its_own",
    ),
    "payment methods without case": (
        _paid_with(lambda own, wanted: own.lower() == wanted.lower()),
        "test_a_payment_method_finds_exactly_its_own",
    ),
    "stale column of the payment method": (
        StaleMethodColumn,
        "test_a_payment_method_is_found_only_where_it_is_used_now",
    ),
    "stale column of the last day": (
        StaleDayColumn,
        "test_a_subscription_is_found_only_on_its_present_last_day",
    ),
    "pages in the wrong order": (Backwards, "test_paging_neither_skips_nor_repeats"),
    "pages of a payment method in the wrong order": (
        MethodsBackwards,
        "test_payment_methods_are_found_where_they_are_used",
    ),
    **{
        f"{shelf} {how}": (
            _named(shelf, change),
            "test_identifiers_are_compared_whole_and_exactly",
        )
        for shelf in ("subscriptions", "orders", "payment_methods")
        for how, change in (("without case", str.lower), ("cut at 20", lambda name: name[:20]))
    },
    "identifiers of 199 characters": (
        _named("orders", lambda name: name[:199]),
        "test_identifiers_are_compared_whole_and_exactly",
    ),
    "identifiers without accents": (
        _named("orders", lambda name: name.replace("é", "e")),
        "test_identifiers_are_compared_whole_and_exactly",
    ),
    "identifiers as numbers": (
        _named("orders", lambda name: str(int(name)) if name.isdigit() else name),
        "test_identifiers_are_compared_whole_and_exactly",
    ),
    "identifiers in Latin 1": (
        _named("orders", lambda name: name.encode("latin-1", "replace").decode("latin-1")),
        "test_identifiers_are_compared_whole_and_exactly",
    ),
    "events without case": (
        _events_named(str.lower),
        "test_events_are_those_of_exactly_one_subscription",
    ),
    "events cut at 20": (
        _events_named(lambda name: name[:20]),
        "test_events_are_those_of_exactly_one_subscription",
    ),
    "keys without case": (_keyed(str.lower), "test_keys_are_compared_whole_and_exactly"),
    "keys cut at 20": (
        _keyed(lambda key: key[:20]),
        "test_keys_are_compared_whole_and_exactly",
    ),
    "events of other keys": (UnderAnything, "test_a_key_gives_its_own_events_only"),
    "answer lost": (NoAnswers, "test_an_answer_comes_back_to_the_letter"),
    "answer cut": (ShortAnswers, "test_an_answer_comes_back_to_the_letter"),
    "empty answer lost": (EmptyIsNone, "test_an_answer_comes_back_to_the_letter"),
    "answer replaced": (LastAnswer, "test_who_comes_second_leaves_the_first_answer"),
    "answer stays behind": (AnswersStay, "test_an_error_keeps_no_answer"),
    "events in known words only": (
        KnownWordsOnly,
        "test_an_event_without_a_before_and_with_own_words_comes_back_equal",
    ),
    "events with a before throughout": (
        AlwaysABefore,
        "test_an_event_without_a_before_and_with_own_words_comes_back_equal",
    ),
    "instants without microseconds": (
        WithoutMicroseconds,
        "test_an_order_saved_again_comes_back_equal",
    ),
    "outbox repeats": (OutboxRepeats, "test_a_cursor_at_the_end_waits_for_what_comes"),
    "outbox skips": (OutboxSkips, "test_the_outbox_has_every_event_in_order"),
    "outbox out of order": (OutboxUnordered, "test_the_outbox_has_every_event_in_order"),
    "outbox forgets the end": (
        OutboxForgetsTheEnd,
        "test_a_cursor_at_the_end_waits_for_what_comes",
    ),
    "outbox without a limit": (OutboxWithoutALimit, "test_the_outbox_has_every_event_in_order"),
    "outbox of what failed": (OutboxOfWhatFailed, "test_what_was_not_kept_is_not_in_the_outbox"),
    "outbox numbered early": (
        OutboxNumberedEarly,
        "test_the_outbox_misses_nothing_that_is_under_way",
    ),
    "outbox gives places twice": (
        OutboxGivesPlacesTwice,
        "test_the_outbox_goes_on_after_a_deletion",
    ),
    "answers are kept": (AnswersAreKept, "test_an_answer_is_deleted_with_the_subscription"),
    "one lock for all": (
        LocksTheWhole,
        "test_of_many_that_read_and_save_different_ones_all_are_saved",
    ),
    "lost saves": (NoRevisions, "test_of_many_that_read_and_save_one_no_save_is_lost"),
    **{
        f"{field} is not written again": (_not_written("subscriptions", field), AGAIN)
        for field in (
            "cancelled_on",
            "history",
            "at_renewal",
            "payment_method",
            "conditions",
            "next_term",
            "seats",
            "order_number",
        )
    },
    **{
        f"an order's {field} is not written again": (
            _not_written("orders", field),
            "test_an_order_saved_again_comes_back_equal",
        )
        for field in (
            "password_hash",
            "attempts",
            "total",
            "reset",
            "subscription_ids",
            "placed_on",
        )
    },
    **{
        f"a method's {field} is not written again": (
            _not_written("payment_methods", field),
            "test_a_payment_method_saved_again_comes_back_equal",
        )
        for field in ("kind", "mechanism", "valid_through")
    },
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
    """It fails the test that is there for it."""
    make, expected = BROKEN[name]
    assert [*failures(make, expected)] == [expected]


def test_what_a_storage_raises_of_its_own_is_named() -> None:
    """By its class and its words, so that whoever wrote the storage knows what to turn."""
    name = "test_of_many_that_read_and_save_different_ones_all_are_saved"
    assert "OperationalError: database is locked" in failures(LocksTheWhole, name)[name]


class AlwaysConflicts(MemoryStorage):
    """Says for ever that somebody else was first."""

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        with super().transaction() as repositories:
            yield repositories
            if threading.current_thread() is not threading.main_thread():
                raise RevisionConflict("somebody else was first")


def test_a_storage_that_always_conflicts_is_given_up() -> None:
    """Asking again ends."""
    name = "test_of_many_that_read_and_save_one_no_save_is_lost"
    assert "conflict" in failures(AlwaysConflicts, name)[name]


def test_whoever_supplies_no_storage_is_told_to() -> None:
    """The fixture to override says so."""
    fixture: Any = StorageContract.storage
    with pytest.raises(NotImplementedError, match="override the fixture 'storage'"):
        fixture.__wrapped__(StorageContract())
