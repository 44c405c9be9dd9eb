"""
What an application implements to plug its own storage in: Protocols, and the errors they raise.

Rule 1: storage holds values and gives the same values back. It decides nothing.

Rule 2: whoever saves says which revision was read. Somebody else having saved first is a
`RevisionConflict`, and nothing of the transaction is kept.

Rule 3: a transaction is all or nothing: entities, events and the key that makes a retry harmless.

`subrenew.testing.contracts` proves an implementation right.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Final, Generic, Protocol, TypeVar

import attrs

from subrenew.model.entities import PaymentMethod, Subscription
from subrenew.policy.attempts import Attempts
from subrenew.policy.prices import PriceBook
from subrenew.renewal.events import Event

__all__ = [
    "EventLog",
    "OrderRecord",
    "OrderRepository",
    "Page",
    "PaymentMethodRepository",
    "Repositories",
    "Storage",
    "Stored",
    "SubscriptionRepository",
]

T = TypeVar("T")
_NO_ATTEMPTS: Final = Attempts()


@attrs.frozen(kw_only=True)
class Stored(Generic[T]):
    """A value with the revision under which it was read."""

    #: What was stored.
    value: T
    #: Counts the saves, from 1 on.
    revision: int


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """Some of what was found, in a stable order."""

    #: What was found.
    items: tuple[Stored[T], ...]
    #: Give it to get the next page; ``None`` on the last one.
    cursor: str | None


@attrs.frozen(kw_only=True)
class OrderRecord:
    """An order as it is stored: its lines by identifier, and what its page needs."""

    #: The number, normalised.
    number: str
    #: The day it was placed.
    placed_on: date
    #: The identifiers of its lines, in order.
    subscription_ids: tuple[str, ...]
    #: What a `PasswordHasher` made of the order's password; ``None`` where it has none.
    password_hash: str | None = attrs.field(default=None, repr=False)
    #: The failed tries that still count.
    attempts: Attempts = _NO_ATTEMPTS


class SubscriptionRepository(Protocol):
    """Where subscriptions are."""

    def get(self, id: str) -> Stored[Subscription]:
        """
        Return the subscription with this identifier.

        Raises:
            NotFound: There is none.
        """

    def expiring(
        self, from_on: date, before_on: date, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        """
        Return those whose ``expires_on`` is within ``[from_on, before_on)``.

        In a stable order (say, by identifier), so that paging neither skips nor repeats one that is
        there throughout, while others are added or saved.
        """

    def paid_with(
        self, payment_method_id: str, *, cursor: str | None = None, limit: int = 500
    ) -> Page[Subscription]:
        """Return those whose payment method has this identifier, in a stable order."""

    def save(self, subscription: Subscription, *, revision: int | None) -> int:
        """
        Store it and return the new revision.

        Args:
            subscription: The new state.
            revision: The revision that was read; ``None`` for a new one.

        Raises:
            RevisionConflict: The latest revision is another, or one exists where none was expected.
        """


class OrderRepository(Protocol):
    """Where orders are."""

    def get(self, number: str) -> Stored[OrderRecord]:
        """
        Return the order with this number.

        Raises:
            NotFound: There is none.
        """

    def save(self, order: OrderRecord, *, revision: int | None) -> int:
        """
        Store it and return the new revision.

        Raises:
            RevisionConflict: The latest revision is another, or one exists where none was expected.
        """


class PaymentMethodRepository(Protocol):
    """Where payment methods are."""

    def get(self, id: str) -> Stored[PaymentMethod]:
        """
        Return the payment method with this identifier.

        Raises:
            NotFound: There is none.
        """

    def save(self, method: PaymentMethod, *, revision: int | None) -> int:
        """
        Store it and return the new revision.

        Raises:
            RevisionConflict: The latest revision is another, or one exists where none was expected.
        """


class EventLog(Protocol):
    """What happened, in order, for ever."""

    def append(self, events: tuple[Event, ...], *, key: str | None = None) -> None:
        """
        Add events at the end, under the key that makes a retry harmless.

        Raises:
            RevisionConflict: The key is taken: somebody else has done it.
        """

    def of(self, subscription_id: str) -> tuple[Event, ...]:
        """Return what happened to one subscription, in order; empty where nothing did."""

    def under(self, key: str) -> tuple[Event, ...] | None:
        """Return what was appended under this key, in order; ``None`` where it is not taken."""


class Repositories(Protocol):
    """Everything that one transaction reads and writes."""

    @property
    def subscriptions(self) -> SubscriptionRepository:
        """Where subscriptions are."""

    @property
    def orders(self) -> OrderRepository:
        """Where orders are."""

    @property
    def payment_methods(self) -> PaymentMethodRepository:
        """Where payment methods are."""

    @property
    def events(self) -> EventLog:
        """What happened."""

    @property
    def prices(self) -> PriceBook:
        """What things cost."""


class Storage(Protocol):
    """Where an application keeps its subscriptions."""

    def transaction(self) -> AbstractContextManager[Repositories]:
        """
        Return a context in which everything is read and written together.

        Left normally, it keeps all that was saved; left by an error, nothing.

        Raises:
            RevisionConflict: On leaving, where storage notices only then that somebody else was
                first.
        """
