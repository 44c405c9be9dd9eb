"""
The tables of the example's storage.

A row holds an entity whole, as JSON, and beside it in columns only what is searched for: so a field
that the library adds later needs no new column, and what is searched has an index.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

METADATA: Final = MetaData()
#: SQLite numbers rows by itself in an INTEGER column only.
_COUNTER: Final = BigInteger().with_variant(Integer(), "sqlite")

SUBSCRIPTIONS: Final = Table(
    "subscriptions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("payment_method_id", Text),
    Column("account_id", Text),
    Column("fields", JSON, nullable=False),
    Index("subscriptions_by_day", "expires_on", "id"),
    Index("subscriptions_by_payment_method", "payment_method_id", "id"),
    Index("subscriptions_by_account", "account_id", "id"),
)

ORDERS: Final = Table(
    "orders",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    #: In UTC; null for an order. Whatever is older has no use.
    Column("idle_since", DateTime),
    Column("fields", JSON, nullable=False),
    Index("orders_by_idle_since", "idle_since"),
)

PAYMENT_METHODS: Final = Table(
    "payment_methods",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("fields", JSON, nullable=False),
)

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("sequence", _COUNTER, primary_key=True),
    Column("subscription_id", Text, nullable=False),
    Column("key", Text),
    Column("what", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("clause", Text, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON, nullable=False),
    Column("verdict", JSON, nullable=False),
    Column("amount", JSON(none_as_null=True)),
    Column("actor", Text),
    Column("id", Text),
    Column("at", Text),
    Index("events_by_subscription", "subscription_id", "sequence"),
    Index("events_by_key", "key", "sequence"),
    # No number is given twice, also not that of a deleted event: somebody's cursor may be there.
    sqlite_autoincrement=True,
)

#: Keys have a table of their own, so that one under which nothing happened is taken too. The answer
#: is text that the library made, and reads again.
KEYS: Final = Table("keys", METADATA, Column("key", Text, primary_key=True), Column("answer", Text))

# What the fake payment service remembers ------------------------------------------------------

CARDS: Final = Table(
    "cards",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("last_four", Text, nullable=False),
    #: Why every charge is declined; null where none is.
    Column("declines", Text),
)

CHARGES: Final = Table(
    "charges",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("method_id", Text),
    Column("amount", JSON, nullable=False),
    #: Why it was declined; null where it was paid.
    Column("declined", Text),
    Column("given_back", Boolean, nullable=False),
)
