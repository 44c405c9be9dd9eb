"""
A storage in memory, for tests and notebooks.

Rule 1: it copies nothing, because everything in it is immutable. What a transaction writes stays
aside and is put in place at once when it is left normally.

Rule 2: two transactions at once are found out by the revisions that they read.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Generic, TypeVar

from subrenew.errors import NotFound, RevisionConflict
from subrenew.model.entities import PaymentMethod, Subscription
from subrenew.model.terms import days_after
from subrenew.policy.prices import PriceBook, PriceList
from subrenew.renewal.events import Event
from subrenew.repositories import EventPage, OrderRecord, Page, Stored

__all__ = ["MemoryRepositories", "MemoryStorage"]

T = TypeVar("T")


class _Index:
    """Identifiers under words: each list is sorted when it is read, and cleared of what moved."""

    def __init__(self, word: Callable[[Subscription], str | None]) -> None:
        self.word = word
        self._ids: dict[str, list[str]] = {}
        self._unsorted: set[str] = set()

    def moved(self, before: Subscription | None, after: Subscription) -> None:
        word = self.word(after)
        if word is not None and (before is None or self.word(before) != word):
            self._ids.setdefault(word, []).append(after.id)
            self._unsorted.add(word)

    def under(self, word: str, kept: dict[str, Stored[Subscription]]) -> list[str]:
        if word in self._unsorted:
            held = set(self._ids[word]) & kept.keys()
            self._ids[word] = sorted(each for each in held if self.word(kept[each].value) == word)
            self._unsorted.discard(word)
        return self._ids.get(word, [])


def _day_of(subscription: Subscription) -> str:
    return subscription.expires_on.isoformat()


def _method_of(subscription: Subscription) -> str | None:
    method = subscription.payment_method
    return method.id if method else None


class MemoryStorage:
    """
    Everything in memory, with the same promises as a database.

    >>> storage = MemoryStorage()
    >>> with storage.transaction() as repositories:
    ...     repositories.orders.save(
    ...         OrderRecord(number="A-1", placed_on=date(2026, 1, 1), subscription_ids=("S-1",)),
    ...         revision=None,
    ...     )
    1
    """

    def __init__(
        self, subscriptions: Iterable[Subscription] = (), *, prices: PriceBook | None = None
    ) -> None:
        self.prices: PriceBook = PriceList(prices=()) if prices is None else prices
        self.lock = threading.Lock()
        self.subscriptions: dict[str, Stored[Subscription]] = {}
        self.orders: dict[str, Stored[OrderRecord]] = {}
        self.methods: dict[str, Stored[PaymentMethod]] = {}
        self.events_of: dict[str, list[Event]] = {}
        self.events_under: dict[str, tuple[Event, ...]] = {}
        self.answers: dict[str, str | None] = {}
        self.log: list[Event | None] = []
        self.by_day, self.by_method = _Index(_day_of), _Index(_method_of)
        with self.transaction() as repositories:
            for each in subscriptions:
                repositories.subscriptions.save(each, revision=None)

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        """Return a context in which everything is read and written together."""
        repositories = MemoryRepositories(self)
        yield repositories
        with self.lock:
            self._put_in_place(repositories)

    def _put_in_place(self, made: MemoryRepositories) -> None:
        shelves = (made.subscriptions.shelf, made.orders.shelf, made.payment_methods.shelf)
        for shelf in shelves:
            shelf.check()
        for _, key, _ in made.events.written:
            if key is not None and key in self.events_under:
                raise RevisionConflict(f"the key {key!r} is taken: ask for its answer")
        for id, stored in made.subscriptions.shelf.written.items():
            if stored is None:
                continue
            was = self.subscriptions.get(id)
            before = was.value if was else None
            self.by_day.moved(before, stored.value)
            self.by_method.moved(before, stored.value)
        for shelf in shelves:
            shelf.put_in_place()
        for id in made.events.forgotten:
            self._forget_events_of(id)
        for events, key, answer in made.events.written:
            self.log += events
            for event in events:
                self.events_of.setdefault(event.subscription_id, []).append(event)
            if key is not None:
                self.events_under[key], self.answers[key] = events, answer

    def _forget_events_of(self, subscription_id: str) -> None:
        self.events_of.pop(subscription_id, None)
        # Their places stay, so that no cursor into the log is moved.
        self.log = [
            None if each is None or each.subscription_id == subscription_id else each
            for each in self.log
        ]
        for key, events in self.events_under.items():
            left = _without(events, {subscription_id})
            if left != events:
                self.events_under[key], self.answers[key] = left, None


def _without(events: tuple[Event, ...], forgotten: Collection[str]) -> tuple[Event, ...]:
    return tuple(each for each in events if each.subscription_id not in forgotten)


class _Shelf(Generic[T]):
    """Values by key with their revisions; what is written stays aside until it is put in place."""

    def __init__(self, kept: dict[str, Stored[T]], what: str) -> None:
        self.kept, self._what = kept, what
        #: ``None`` for what was deleted.
        self.written: dict[str, Stored[T] | None] = {}
        self._read: dict[str, int | None] = {}

    def get(self, key: str) -> Stored[T]:
        found = self.latest(key)
        if found is None:
            raise NotFound(f"there is no {self._what} {key!r}")
        return found

    def save(self, key: str, value: T, revision: int | None) -> int:
        self._compare(key, self.latest(key), revision)
        self._read.setdefault(key, revision)
        made = Stored(value=value, revision=(revision or 0) + 1)
        self.written[key] = made
        return made.revision

    def delete(self, key: str, revision: int) -> None:
        self._compare(key, self.latest(key), revision)
        self._read.setdefault(key, revision)
        self.written[key] = None

    def latest(self, key: str) -> Stored[T] | None:
        return self.written[key] if key in self.written else self.kept.get(key)

    def check(self) -> None:
        for key, revision in self._read.items():
            self._compare(key, self.kept.get(key), revision)

    def put_in_place(self) -> None:
        for key, stored in self.written.items():
            if stored is None:
                self.kept.pop(key, None)
            else:
                self.kept[key] = stored

    def _compare(self, key: str, found: Stored[T] | None, revision: int | None) -> None:
        latest = found.revision if found else None
        if latest != revision:
            raise RevisionConflict(
                f"{self._what} {key!r} is at revision {latest}, not {revision}: read it again"
            )


class _Subscriptions:
    def __init__(self, storage: MemoryStorage, events: _Events) -> None:
        self._storage, self._events = storage, events
        self.shelf = _Shelf(storage.subscriptions, "subscription")

    def get(self, id: str) -> Stored[Subscription]:
        return self.shelf.get(id)

    def save(self, subscription: Subscription, *, revision: int | None) -> int:
        return self.shelf.save(subscription.id, subscription, revision)

    def delete(self, id: str, *, revision: int) -> None:
        self.shelf.delete(id, revision)
        self._events.forget(id)

    def expiring(
        self, from_on: date, before_on: date, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        """Return a page by day and identifier; the cursor is the last one's."""
        days = range((before_on - from_on).days)
        words = [days_after(from_on, number).isoformat() for number in days]
        return self._page(self._storage.by_day, words, cursor, limit)

    def paid_with(
        self, payment_method_id: str, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        return self._page(self._storage.by_method, [payment_method_id], cursor, limit)

    def _page(
        self, index: _Index, words: list[str], cursor: str | None, limit: int
    ) -> Page[Subscription]:
        last_word, _, last_id = (cursor or "").partition("\n")
        items: list[Stored[Subscription]] = []
        with self._storage.lock:
            for word in words:
                if word < last_word:
                    continue
                ids = index.under(word, self._storage.subscriptions)
                start = bisect_right(ids, last_id) if word == last_word else 0
                for position in range(start, len(ids)):
                    stored = self._storage.subscriptions.get(ids[position])
                    if stored is None or index.word(stored.value) != word:
                        continue
                    if len(items) == limit:
                        last = items[-1].value
                        return Page(items=tuple(items), cursor=f"{index.word(last)}\n{last.id}")
                    items.append(stored)
        return Page(items=tuple(items), cursor=None)


class _Orders:
    def __init__(self, storage: MemoryStorage) -> None:
        self.shelf = _Shelf(storage.orders, "order")

    def get(self, number: str) -> Stored[OrderRecord]:
        return self.shelf.get(number)

    def save(self, order: OrderRecord, *, revision: int | None) -> int:
        return self.shelf.save(order.number, order, revision)

    def delete(self, number: str, *, revision: int) -> None:
        self.shelf.delete(number, revision)

    def purge_tries(self, before: datetime) -> int:
        purged = 0
        for number in list(self.shelf.kept):
            stored = self.shelf.latest(number)
            idle_since = stored.value.idle_since if stored else None
            if stored is not None and idle_since is not None and idle_since < before:
                self.shelf.delete(number, stored.revision)
                purged += 1
        return purged


class _PaymentMethods:
    def __init__(self, storage: MemoryStorage) -> None:
        self.shelf = _Shelf(storage.methods, "payment method")

    def get(self, id: str) -> Stored[PaymentMethod]:
        return self.shelf.get(id)

    def save(self, method: PaymentMethod, *, revision: int | None) -> int:
        return self.shelf.save(str(method.id), method, revision)

    def delete(self, id: str, *, revision: int) -> None:
        self.shelf.delete(id, revision)


class _Events:
    def __init__(self, storage: MemoryStorage) -> None:
        self._storage = storage
        self.written: list[tuple[tuple[Event, ...], str | None, str | None]] = []
        #: The subscriptions that were deleted: of what was there before, theirs is left out.
        self.forgotten: set[str] = set()

    def append(
        self, events: tuple[Event, ...], *, key: str | None = None, answer: str | None = None
    ) -> None:
        if key is not None and self.under(key) is not None:
            raise RevisionConflict(f"the key {key!r} is taken: ask for its answer")
        self.written.append((events, key, answer))

    def forget(self, subscription_id: str) -> None:
        self.forgotten.add(subscription_id)
        written = [
            (events, _without(events, self.forgotten), key, answer)
            for events, key, answer in self.written
        ]
        self.written = [
            (left, key, answer if left == events else None) for events, left, key, answer in written
        ]

    def of(self, subscription_id: str) -> tuple[Event, ...]:
        written = (each for events, _, _ in self.written for each in events)
        later = (each for each in written if each.subscription_id == subscription_id)
        before = tuple(self._storage.events_of.get(subscription_id, ()))
        return (*_without(before, self.forgotten), *later)

    def under(self, key: str) -> tuple[Event, ...] | None:
        for events, own, _ in self.written:
            if own == key:
                return events
        before = self._storage.events_under.get(key)
        return None if before is None else _without(before, self.forgotten)

    def answer(self, key: str) -> str | None:
        for _, own, answer in self.written:
            if own == key:
                return answer
        before = self._storage.events_under.get(key, ())
        gone = _without(before, self.forgotten) != before
        return None if gone else self._storage.answers.get(key)

    def since(self, cursor: str | None = None, *, limit: int = 500) -> EventPage:
        """Return a page of what is in place; the cursor counts it, and what was deleted."""
        log, end = self._storage.log, int(cursor or 0)
        events: list[Event] = []
        while end < len(log) and len(events) < limit:
            event = log[end]
            end += 1
            if event is not None:
                events.append(event)
        return EventPage(events=tuple(events), cursor=str(end) if end else None)


class MemoryRepositories:
    """What one transaction reads and writes."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.events = _Events(storage)
        self.subscriptions = _Subscriptions(storage, self.events)
        self.orders = _Orders(storage)
        self.payment_methods = _PaymentMethods(storage)
        self.prices = storage.prices
