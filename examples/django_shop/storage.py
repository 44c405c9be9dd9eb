"""
Subscriptions on Django's ORM; implements `subrenew.repositories.Storage`.

What was read is held by its revision, not by a lock: ``UPDATE ... WHERE revision = <the one read>``
finds out who came second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar

from django.db import DatabaseError, connections, transaction
from django.db.models import QuerySet

from subrenew import (
    Event,
    NotFound,
    PaymentMethod,
    PriceBook,
    PriceList,
    RevisionConflict,
    Subscription,
)
from subrenew.policy.mapping import from_mapping, to_mapping
from subrenew.repositories import EventPage, OrderRecord, Page, Stored

from . import models

T = TypeVar("T", Subscription, OrderRecord, PaymentMethod)

#: SQLite: busy, locked (the last eight bits of a code); a primary key or a unique value is taken.
_SQLITE_BUSY: Final = frozenset({5, 6})
_SQLITE_TAKEN: Final = frozenset({1555, 2067})
#: PostgreSQL: serialization failure, deadlock, lock not available; a unique value is taken.
_POSTGRES_CONFLICTS: Final = frozenset({"40001", "40P01", "55P03", "23505"})
#: The number of the lock that whoever writes events holds; any number that nobody else uses.
_EVENTS_TURN: Final = 7_355_608


@contextmanager
def _conflicts() -> Iterator[None]:
    """Turn what the database refuses because of somebody else into `RevisionConflict`."""
    try:
        yield
    except DatabaseError as error:
        code = getattr(error.__cause__, "sqlite_errorcode", 0)
        state = getattr(error.__cause__, "sqlstate", None)
        if code & 0xFF in _SQLITE_BUSY or code in _SQLITE_TAKEN or state in _POSTGRES_CONFLICTS:
            raise RevisionConflict("somebody else saved first: read again") from error
        raise


class _Shelf(Generic[T]):
    """A table of values with their revisions."""

    def __init__(self, rows: QuerySet[Any], kind: type[T]) -> None:
        self._rows = rows
        self._kind: type[T] = kind

    def _stored(self, row: Any) -> Stored[T]:  # noqa: ANN401 - a model of any of the tables
        return Stored(value=from_mapping(self._kind, row.fields), revision=row.revision)

    def _get(self, id: str) -> Stored[T]:
        row = self._rows.filter(id=id).first()
        if row is None:
            raise NotFound(f"there is no {self._kind.__name__} {id!r}")
        return self._stored(row)

    def _save(self, id: str, value: T, revision: int | None, **columns: object) -> int:
        columns["fields"] = to_mapping(value)
        if revision is None:
            with _conflicts():
                self._rows.create(id=id, revision=1, **columns)
            return 1
        found = self._rows.filter(id=id, revision=revision)
        self._compare(found.update(revision=revision + 1, **columns), id, revision)
        return revision + 1

    def _delete(self, id: str, revision: int) -> None:
        deleted, _ = self._rows.filter(id=id, revision=revision).delete()
        self._compare(deleted, id, revision)

    def _compare(self, written: int, id: str, revision: int) -> None:
        if written != 1:
            raise RevisionConflict(
                f"{self._kind.__name__} {id!r} is no longer at revision {revision}: read it again"
            )


class _Subscriptions(_Shelf[Subscription]):
    """Subscriptions; implements `SubscriptionRepository`, and finds those of an account."""

    def __init__(self, using: str) -> None:
        super().__init__(models.Subscription.objects.using(using), Subscription)
        self._events = models.Event.objects.using(using)
        self._keys = models.Key.objects.using(using)

    def get(self, id: str) -> Stored[Subscription]:
        return self._get(id)

    def save(self, subscription: Subscription, *, revision: int | None) -> int:
        method, account = subscription.payment_method, subscription.account
        return self._save(
            subscription.id,
            subscription,
            revision,
            expires_on=subscription.expires_on,
            payment_method_id=method.id if method else None,
            account_id=account.id if account else None,
        )

    def delete(self, id: str, *, revision: int) -> None:
        self._delete(id, revision)
        events = self._events.filter(subscription_id=id)
        # An answer holds the subscription as it was; its key stays taken.
        keys = events.exclude(key=None).values("key")
        self._keys.filter(key__in=keys).update(answer=None)
        events.delete()

    def expiring(
        self, from_on: date, before_on: date, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        """Return a page by day and identifier; the cursor is the last one's."""
        last_on, _, last_id = (cursor or f"{from_on}\n").partition("\n")
        rows = self._rows.filter(expires_on__gte=last_on, expires_on__lt=before_on)
        rows = rows.exclude(expires_on=last_on, id__lte=last_id).order_by("expires_on", "id")
        return self._page(rows, limit, lambda row: f"{row.expires_on}\n{row.id}")

    def paid_with(
        self, payment_method_id: str, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        rows = self._rows.filter(payment_method_id=payment_method_id, id__gt=cursor or "")
        return self._page(rows.order_by("id"), limit, lambda row: row.id)

    def of_account(self, account_id: str) -> tuple[Subscription, ...]:
        """Return those of an account, the next to end first: the application's own question."""
        rows = self._rows.filter(account_id=account_id).order_by("expires_on", "id")
        return tuple(self._stored(row).value for row in rows)

    def _page(
        self, rows: QuerySet[Any], limit: int, cursor_of: Callable[[Any], str]
    ) -> Page[Subscription]:
        # One more than asked for is read, to know whether there is another page.
        found = list(rows[: limit + 1])
        return Page(
            items=tuple(self._stored(row) for row in found[:limit]),
            cursor=cursor_of(found[limit - 1]) if len(found) > limit else None,
        )


class _Orders(_Shelf[OrderRecord]):
    """Orders; implements `OrderRepository`."""

    def __init__(self, using: str) -> None:
        super().__init__(models.Order.objects.using(using), OrderRecord)

    def get(self, number: str) -> Stored[OrderRecord]:
        return self._get(number)

    def save(self, order: OrderRecord, *, revision: int | None) -> int:
        return self._save(order.number, order, revision, idle_since=order.idle_since)

    def delete(self, number: str, *, revision: int) -> None:
        self._delete(number, revision)

    def purge_tries(self, before: datetime) -> int:
        deleted, _ = self._rows.filter(idle_since__lt=before).delete()
        return int(deleted)


class _PaymentMethods(_Shelf[PaymentMethod]):
    """Payment methods; implements `PaymentMethodRepository`."""

    def __init__(self, using: str) -> None:
        super().__init__(models.PaymentMethod.objects.using(using), PaymentMethod)

    def get(self, id: str) -> Stored[PaymentMethod]:
        return self._get(id)

    def save(self, method: PaymentMethod, *, revision: int | None) -> int:
        return self._save(str(method.id), method, revision)

    def delete(self, id: str, *, revision: int) -> None:
        self._delete(id, revision)


class _Events:
    """What happened; implements `EventLog`."""

    def __init__(self, using: str) -> None:
        self._connection = connections[using]
        self._rows = models.Event.objects.using(using).order_by("sequence")
        self._keys = models.Key.objects.using(using)

    def append(
        self, events: tuple[Event, ...], *, key: str | None = None, answer: str | None = None
    ) -> None:
        if key is not None:
            with _conflicts():
                self._keys.create(key=key, answer=answer)
        if events:
            self._take_turn()
        self._rows.bulk_create(
            models.Event(subscription_id=each.subscription_id, key=key, fields=to_mapping(each))
            for each in events
        )

    def _take_turn(self) -> None:
        """
        Let events be numbered in the order in which their transactions end, until this one ends.

        On SQLite there is one writer at a time anyway. PostgreSQL numbers rows when they are
        written, and who reads after the last number would miss one that is committed late.
        """
        if self._connection.vendor == "postgresql":
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_EVENTS_TURN])

    def of(self, subscription_id: str) -> tuple[Event, ...]:
        return _events_of(self._rows.filter(subscription_id=subscription_id))

    def under(self, key: str) -> tuple[Event, ...] | None:
        if not self._keys.filter(key=key).exists():
            return None
        return _events_of(self._rows.filter(key=key))

    def answer(self, key: str) -> str | None:
        found: str | None = self._keys.filter(key=key).values_list("answer", flat=True).first()
        return found

    def since(self, cursor: str | None = None, *, limit: int = 500) -> EventPage:
        """Return a page by sequence; the cursor is the last one's."""
        rows = list(self._rows.filter(sequence__gt=int(cursor or 0))[:limit])
        return EventPage(events=_events_of(rows), cursor=str(rows[-1].sequence) if rows else cursor)


def _events_of(rows: QuerySet[Any] | list[Any]) -> tuple[Event, ...]:
    return tuple(from_mapping(Event, row.fields) for row in rows)


class DjangoRepositories:
    """What one transaction reads and writes; implements `Repositories`."""

    def __init__(self, using: str, prices: PriceBook) -> None:
        self.subscriptions = _Subscriptions(using)
        self.orders = _Orders(using)
        self.payment_methods = _PaymentMethods(using)
        self.events = _Events(using)
        self.prices = prices


class DjangoStorage:
    """
    Subscriptions in one of the settings' databases; implements `Storage`.

    Args:
        prices: What things cost; prices are not kept in the database here.
        using: The database's name in the settings.
    """

    def __init__(self, *, prices: PriceBook | None = None, using: str = "default") -> None:
        self.prices: PriceBook = PriceList(prices=()) if prices is None else prices
        self.using = using

    @contextmanager
    def transaction(self) -> Iterator[DjangoRepositories]:
        """
        Return a context in which everything is read and written together.

        What else is saved on this database inside it is kept or left with it.

        Raises:
            RuntimeError: Within another transaction, which could undo later what was kept here.
        """
        with _conflicts(), transaction.atomic(using=self.using, durable=True):
            yield DjangoRepositories(self.using, self.prices)
