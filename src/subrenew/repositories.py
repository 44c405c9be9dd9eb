"""
What an application implements to plug its own storage in: Protocols, and the errors they raise.

Rule 1: storage holds values and gives the same values back. It decides nothing.

Rule 2: whoever saves says which revision was read. Somebody else having saved first is a
`RevisionConflict`, and nothing of the transaction is kept.

Rule 3: a transaction is all or nothing: entities, events, and the key that makes a retry harmless
with the answer beside it.

Rule 4: identifiers and keys are compared whole and exactly, up to 200 characters long.

`subrenew.testing.contracts` (the extra ``testing``) proves an implementation right.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Final, Generic, Protocol, TypeVar

import attrs

from subrenew.model import checks
from subrenew.model.entities import PaymentMethod, Subscription
from subrenew.model.money import Money
from subrenew.model.secret import PasswordHash
from subrenew.policy.attempts import Attempts
from subrenew.policy.prices import PriceBook
from subrenew.renewal.events import Event

__all__ = [
    "EventLog",
    "EventPage",
    "Keeping",
    "OrderRecord",
    "OrderRepository",
    "Page",
    "PasswordReset",
    "PaymentMethodRepository",
    "Repositories",
    "Storage",
    "Stored",
    "SubscriptionRepository",
]

T = TypeVar("T")
_NO_ATTEMPTS: Final = Attempts()
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def _hash_of(text: str | PasswordHash) -> PasswordHash:
    return text if isinstance(text, PasswordHash) else PasswordHash(text)


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
class PasswordReset:
    """A password reset that was asked for and not made yet."""

    #: The hash of its token, also given as its text.
    token_hash: PasswordHash = attrs.field(converter=_hash_of, repr=False)
    #: The first instant at which the token is worth nothing any more; with a time zone.
    expires_at: datetime

    def __attrs_post_init__(self) -> None:
        checks.instant("PasswordReset.expires_at", self.expires_at)


@attrs.frozen(kw_only=True)
class OrderRecord:
    """
    An order as it is stored: its lines by identifier, and what its page needs.

    A record without lines is no order: it holds failed tries, or a reset, at a number that nothing
    has. It takes the number away from nobody.
    """

    #: The number, normalised.
    number: str
    #: The day it was placed.
    placed_on: date
    #: The identifiers of its lines, in order.
    subscription_ids: tuple[str, ...]
    #: What a `PasswordHasher` made of the order's password, also given as its text; ``None`` where
    #: it has none.
    password_hash: PasswordHash | None = attrs.field(
        default=None, converter=attrs.converters.optional(_hash_of), repr=False
    )
    #: The failed tries that still count.
    attempts: Attempts = _NO_ATTEMPTS
    #: What it cost, before tax; ``None`` where it was not bought through `Desk.check_out`.
    total: Money | None = None
    #: The password reset that was asked for last; ``None`` where none is open.
    reset: PasswordReset | None = None

    @property
    def idle_since(self) -> datetime | None:
        """Since when a record without lines is of no use; ``None`` for an order."""
        if self.subscription_ids:
            return None
        ends = () if self.reset is None else (self.reset.expires_at,)
        return max((*self.attempts.failed_at, *ends), default=_LONG_AGO)


@attrs.frozen(kw_only=True)
class EventPage:
    """Some of what happened, in the order in which it was appended."""

    #: What happened; empty where nothing is new.
    events: tuple[Event, ...]
    #: Keep it, and give it next time to get what comes after these; ``None`` where nothing ever
    #: happened.
    cursor: str | None


Outbox = Callable[["Repositories", tuple[Event, ...]], None]


@attrs.frozen(kw_only=True)
class Keeping:
    """What is done to events that are kept, beside keeping them."""

    #: Returns the instant that they are stamped with.
    clock: Callable[[], datetime] | None = None
    #: Called in the transaction that keeps them.
    outbox: Outbox | None = None

    def stamped(self, event: Event, revision: int) -> Event:
        """Return an event with an identifier of its own and the instant at which it is kept."""
        at = None if self.clock is None else self.clock()
        if at is not None:
            checks.instant("Desk.clock", at)
        return attrs.evolve(event, id=f"{event.subscription_id}/{revision}", at=at)

    def tell(self, repositories: Repositories, events: tuple[Event, ...]) -> None:
        """Give what is kept to the outbox, if there is one and anything happened."""
        if self.outbox is not None and events:
            self.outbox(repositories, events)


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

    def delete(self, id: str, *, revision: int) -> None:
        """
        Delete it with its events, for good; the keys of those stay taken, without their answers.

        Orders may still name it: it is left out of them. To take somebody's name out of it and keep
        the rest, delete it and save it as new in one transaction.

        Raises:
            RevisionConflict: The latest revision is another, or there is none any more.
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

    def delete(self, number: str, *, revision: int) -> None:
        """
        Delete it, for good; its lines stay.

        Raises:
            RevisionConflict: The latest revision is another, or there is none any more.
        """

    def purge_tries(self, before: datetime) -> int:
        """Delete the records whose ``idle_since`` is before that instant; return how many."""


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

    def delete(self, id: str, *, revision: int) -> None:
        """
        Delete it, for good; subscriptions and events keep what they hold of it.

        Raises:
            RevisionConflict: The latest revision is another, or there is none any more.
        """


class EventLog(Protocol):
    """What happened, in order, for ever."""

    def append(
        self, events: tuple[Event, ...], *, key: str | None = None, answer: str | None = None
    ) -> None:
        """
        Add events at the end, under the key that makes a retry harmless.

        Args:
            events: What happened; may be empty, and then the key is taken all the same.
            key: The caller's; compared whole and exactly.
            answer: Kept beside the key, of any length. The library wrote it and reads it again: it
                holds the fingerprint of the request and what was answered.

        Raises:
            RevisionConflict: The key is taken: somebody else has done it.
        """

    def of(self, subscription_id: str) -> tuple[Event, ...]:
        """Return what happened to one subscription, in order; empty where nothing did."""

    def under(self, key: str) -> tuple[Event, ...] | None:
        """Return what was appended under this key, in order; ``None`` where it is not taken."""

    def answer(self, key: str) -> str | None:
        """Return the answer that is kept under this key; ``None`` where there is none."""

    def since(self, cursor: str | None = None, *, limit: int = 500) -> EventPage:
        """
        Return what was appended after the cursor, oldest first; from the beginning without one.

        An outbox: whoever keeps the cursor and comes again misses nothing and gets nothing twice.
        So an event has its place when its transaction is left, and not when it is appended: one
        that is still under way must not end up before a cursor that was already handed out, nor may
        the place of a deleted one be given to another.

        Args:
            cursor: That of the last page.
            limit: How many at most, 1 or more.
        """


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
