"""
Subscriptions in a database: SQLite in a file, or PostgreSQL, through SQLAlchemy 2.

Implements `subrenew.repositories.Storage`, and passes `subrenew.testing.contracts`.

One transaction of the storage is one of the database; see `examples.webshop.database` for who comes
second there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Engine, Executable, Table, bindparam, delete, insert, select, tuple_, update

from examples.webshop import mapping
from examples.webshop.database import Fields, Session, conflicts, engine_for
from examples.webshop.tables import (
    EVENTS,
    KEYS,
    METADATA,
    ORDERS,
    PAYMENT_METHODS,
    SUBSCRIPTIONS,
)
from subrenew import (
    Event,
    NotFound,
    PaymentMethod,
    PriceBook,
    PriceList,
    RevisionConflict,
    Subscription,
)
from subrenew.repositories import EventPage, OrderRecord, Page, Stored

T = TypeVar("T")


class _Shelf(Generic[T]):
    """A table of values with their revisions."""

    def __init__(
        self,
        table: Table,
        what: str,
        columns: Callable[[T], Fields],
        value_of: Callable[[Fields], T],
    ) -> None:
        self._what, self._columns, self._value_of = what, columns, value_of
        columns_read = table.c.id, table.c.fields, table.c.revision
        self.rows = select(*columns_read).order_by(table.c.id).limit(bindparam("limit"))
        self._get = select(*columns_read).where(table.c.id == bindparam("key"))
        self._insert = insert(table)
        self._update = update(table).where(
            table.c.id == bindparam("key"), table.c.revision == bindparam("read")
        )
        self._delete = delete(table).where(
            table.c.id == bindparam("key"), table.c.revision == bindparam("read")
        )

    def stored(self, row: Any) -> Stored[T]:  # noqa: ANN401 - a row of whatever was selected
        return Stored(value=self._value_of(row.fields), revision=row.revision)

    def get(self, session: Session, key: str) -> Stored[T]:
        row = session.read(self._get, {"key": key}).one_or_none()
        if row is None:
            raise NotFound(f"there is no {self._what} {key!r}")
        return self.stored(row)

    def save(self, session: Session, key: str, value: T, revision: int | None) -> int:
        columns = self._columns(value)
        if revision is None:
            session.write(self._insert, {"id": key, "revision": 1, **columns})
            return 1
        changed = {"key": key, "read": revision, "revision": revision + 1, **columns}
        self._compare(session.write(self._update, changed), key, revision)
        return revision + 1

    def delete(self, session: Session, key: str, revision: int) -> None:
        self._compare(session.write(self._delete, {"key": key, "read": revision}), key, revision)

    def _compare(self, written: int, key: str, revision: int) -> None:
        if written != 1:
            raise RevisionConflict(
                f"{self._what} {key!r} is no longer at revision {revision}: read it again"
            )


def _subscription_columns(subscription: Subscription) -> Fields:
    method, account = subscription.payment_method, subscription.account
    return {
        "expires_on": subscription.expires_on,
        "payment_method_id": method.id if method else None,
        "account_id": account.id if account else None,
        "fields": mapping.subscription_fields(subscription),
    }


_SUBSCRIPTIONS: Final = _Shelf(
    SUBSCRIPTIONS, "subscription", _subscription_columns, mapping.subscription_of
)


def _in_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC).replace(tzinfo=None)


def _order_columns(order: OrderRecord) -> Fields:
    return {"idle_since": _in_utc(order.idle_since), "fields": mapping.order_fields(order)}


_ORDERS: Final = _Shelf(ORDERS, "order", _order_columns, mapping.order_of)
_METHODS: Final = _Shelf(
    PAYMENT_METHODS,
    "payment method",
    lambda each: {"fields": mapping.method_fields(each)},
    mapping.method_of,
)

_C: Final = SUBSCRIPTIONS.c
_BY_DAY: Final = (
    select(_C.id, _C.expires_on, _C.fields, _C.revision)
    .where(
        _C.expires_on >= bindparam("from_on"),
        _C.expires_on < bindparam("before_on"),
        tuple_(_C.expires_on, _C.id) > tuple_(bindparam("last_on"), bindparam("last_id")),
    )
    .order_by(_C.expires_on, _C.id)
    .limit(bindparam("limit"))
)
_BY_METHOD: Final = _SUBSCRIPTIONS.rows.where(
    _C.payment_method_id == bindparam("wanted"), _C.id > bindparam("last_id")
)
_BY_ACCOUNT: Final = _SUBSCRIPTIONS.rows.where(
    _C.account_id == bindparam("wanted"), _C.id > bindparam("last_id")
)


_DELETE_EVENTS: Final = delete(EVENTS).where(EVENTS.c.subscription_id == bindparam("wanted"))
_DELETE_ANSWERS: Final = (
    update(KEYS)
    .where(
        KEYS.c.key.in_(select(EVENTS.c.key).where(EVENTS.c.subscription_id == bindparam("wanted")))
    )
    .values(answer=None)
)
_PURGE_TRIES: Final = delete(ORDERS).where(ORDERS.c.idle_since < bindparam("before"))


class _Subscriptions:
    """Subscriptions; implements `SubscriptionRepository`, and finds those of an account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, id: str) -> Stored[Subscription]:
        return _SUBSCRIPTIONS.get(self._session, id)

    def save(self, subscription: Subscription, *, revision: int | None) -> int:
        return _SUBSCRIPTIONS.save(self._session, subscription.id, subscription, revision)

    def delete(self, id: str, *, revision: int) -> None:
        _SUBSCRIPTIONS.delete(self._session, id, revision)
        self._session.write(_DELETE_ANSWERS, {"wanted": id})
        self._session.write(_DELETE_EVENTS, {"wanted": id})

    def expiring(
        self, from_on: date, before_on: date, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        """Return a page by day and identifier; the cursor is the last one's."""
        last_on, _, last_id = (cursor or f"{from_on.isoformat()}\n").partition("\n")
        values = {
            "from_on": from_on,
            "before_on": before_on,
            "last_on": date.fromisoformat(last_on),
            "last_id": last_id,
            "limit": limit + 1,
        }
        return self._page(_BY_DAY, values, lambda row: f"{row.expires_on.isoformat()}\n{row.id}")

    def paid_with(
        self, payment_method_id: str, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        values = {"wanted": payment_method_id, "last_id": cursor or "", "limit": limit + 1}
        return self._page(_BY_METHOD, values, lambda row: row.id)

    def of_account(
        self, account_id: str, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        """Return those of an account, by identifier: the application's own question."""
        values = {"wanted": account_id, "last_id": cursor or "", "limit": limit + 1}
        return self._page(_BY_ACCOUNT, values, lambda row: row.id)

    def _page(
        self, statement: Executable, values: Fields, cursor_of: Callable[[Any], str]
    ) -> Page[Subscription]:
        # One more than asked for is read, to know whether there is another page.
        rows = self._session.read(statement, values).all()
        limit = values["limit"] - 1
        return Page(
            items=tuple(_SUBSCRIPTIONS.stored(row) for row in rows[:limit]),
            cursor=cursor_of(rows[limit - 1]) if len(rows) > limit else None,
        )


class _Orders:
    """Orders; implements `OrderRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, number: str) -> Stored[OrderRecord]:
        return _ORDERS.get(self._session, number)

    def save(self, order: OrderRecord, *, revision: int | None) -> int:
        return _ORDERS.save(self._session, order.number, order, revision)

    def delete(self, number: str, *, revision: int) -> None:
        _ORDERS.delete(self._session, number, revision)

    def purge_tries(self, before: datetime) -> int:
        return self._session.write(_PURGE_TRIES, {"before": _in_utc(before)})


class _PaymentMethods:
    """Payment methods; implements `PaymentMethodRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, id: str) -> Stored[PaymentMethod]:
        return _METHODS.get(self._session, id)

    def save(self, method: PaymentMethod, *, revision: int | None) -> int:
        return _METHODS.save(self._session, str(method.id), method, revision)

    def delete(self, id: str, *, revision: int) -> None:
        _METHODS.delete(self._session, id, revision)


_EVENTS: Final = select(EVENTS).order_by(EVENTS.c.sequence)
_EVENTS_OF: Final = _EVENTS.where(EVENTS.c.subscription_id == bindparam("wanted"))
_EVENTS_UNDER: Final = _EVENTS.where(EVENTS.c.key == bindparam("wanted"))
_EVENTS_SINCE: Final = _EVENTS.where(EVENTS.c.sequence > bindparam("last")).limit(
    bindparam("limit")
)
_KEY: Final = select(KEYS.c.key, KEYS.c.answer).where(KEYS.c.key == bindparam("wanted"))
_INSERT_EVENT: Final = insert(EVENTS)
_INSERT_KEY: Final = insert(KEYS)


class _Events:
    """What happened; implements `EventLog`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self, events: tuple[Event, ...], *, key: str | None = None, answer: str | None = None
    ) -> None:
        if key is not None:
            self._session.write(_INSERT_KEY, {"key": key, "answer": answer})
        if events:
            self._session.take_turn()
        for event in events:
            self._session.write(_INSERT_EVENT, mapping.event_row(event, key))

    def of(self, subscription_id: str) -> tuple[Event, ...]:
        rows = self._session.read(_EVENTS_OF, {"wanted": subscription_id})
        return tuple(mapping.event_of(row) for row in rows)

    def under(self, key: str) -> tuple[Event, ...] | None:
        if self._session.read(_KEY, {"wanted": key}).one_or_none() is None:
            return None
        rows = self._session.read(_EVENTS_UNDER, {"wanted": key})
        return tuple(mapping.event_of(row) for row in rows)

    def answer(self, key: str) -> str | None:
        row = self._session.read(_KEY, {"wanted": key}).one_or_none()
        return None if row is None else row.answer

    def since(self, cursor: str | None = None, *, limit: int = 500) -> EventPage:
        """Return a page by sequence; the cursor is the last one's."""
        values = {"last": int(cursor or 0), "limit": limit}
        rows = self._session.read(_EVENTS_SINCE, values).all()
        return EventPage(
            events=tuple(mapping.event_of(row) for row in rows),
            cursor=str(rows[-1].sequence) if rows else cursor,
        )


class SqlRepositories:
    """What one transaction reads and writes; implements `Repositories`."""

    def __init__(self, session: Session, prices: PriceBook) -> None:
        self.subscriptions = _Subscriptions(session)
        self.orders = _Orders(session)
        self.payment_methods = _PaymentMethods(session)
        self.events = _Events(session)
        self.prices = prices


class SqlStorage:
    """
    Subscriptions in a database; implements `Storage`.

    Args:
        database: ``sqlite:///file.sqlite``, ``postgresql+psycopg://...``, or an engine that
            `engine_for` made.
        prices: What things cost; prices are not kept in the database here.
    """

    def __init__(self, database: str | Engine, *, prices: PriceBook | None = None) -> None:
        self.engine = engine_for(database) if isinstance(database, str) else database
        self.prices: PriceBook = PriceList(prices=()) if prices is None else prices

    def create_tables(self) -> None:
        """Make the tables that are not there yet; once, before anybody else connects."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # Readers do not wait for the writer. Kept in the file.
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        METADATA.create_all(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[SqlRepositories]:
        """Return a context in which everything is read and written together."""
        with conflicts(), self.engine.begin() as connection:
            yield SqlRepositories(Session(connection), self.prices)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
