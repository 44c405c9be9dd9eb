"""
What happened: events, as values, from which the current state can be rebuilt.

Rule 1: an event holds the entity before and after it. Replayed on the first state, events give the
last one, or say where the chain is broken.

Rule 2: an event can be stored. It keeps the decision as words (`Verdict`), so that a code which a
later version does not know survives as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import attrs

from subrenew.errors import InvalidValue
from subrenew.model.entities import Subscription
from subrenew.model.money import Money
from subrenew.rules.decisions import Decision

__all__ = ["Event", "Happening", "Verdict", "replay", "verdict_of"]


class Happening(StrEnum):
    """What happened to a subscription."""

    BOUGHT = "bought"
    RENEWED = "renewed"
    RENEWED_AUTOMATICALLY = "renewed-automatically"
    SWITCHED_ON = "switched-on"
    SWITCHED_OFF = "switched-off"
    PAYMENT_REPLACED = "payment-replaced"
    TERM_CHANGE_ASKED = "term-change-asked"
    TERM_CHANGE_WITHDRAWN = "term-change-withdrawn"
    TRIAL_CONVERTED = "trial-converted"
    TRIAL_CONTINUED = "trial-continued"
    CONDITION_RAISED = "condition-raised"
    CONDITION_RESOLVED = "condition-resolved"
    CANCELLED = "cancelled"
    CANCELLATION_WITHDRAWN = "cancellation-withdrawn"
    LAPSED = "lapsed"
    PAYMENT_FAILED = "payment-failed"
    #: What was owed for a term given on invoice was paid.
    SETTLED = "settled"
    #: What was owed is not asked for any more.
    WRITTEN_OFF = "written-off"


@attrs.frozen(kw_only=True)
class Verdict:
    """A decision in words that can be stored."""

    #: The question's name.
    question: str
    #: The edition's identifier.
    edition: str
    #: The day asked about.
    on: date
    #: The route's word.
    route: str
    #: The findings' codes.
    codes: tuple[str, ...]


def verdict_of(decision: Decision[Any]) -> Verdict:
    """Return a decision in words that can be stored."""
    return Verdict(
        question=decision.cell.question.name,
        edition=decision.edition.id,
        on=decision.on,
        route=str(decision.route),
        codes=decision.codes,
    )


@attrs.frozen(kw_only=True)
class Event:
    """One thing that happened to one subscription on one day."""

    #: What.
    what: Happening | str
    #: The day.
    on: date
    #: Which subscription.
    subscription_id: str
    #: Its state before; ``None`` where it began.
    before: Subscription | None
    #: Its state after.
    after: Subscription
    #: The clause's identifier that it follows.
    clause: str
    #: Why it was allowed.
    verdict: Verdict
    #: What was paid, invoiced, asked for in vain or written off, for all seats and before tax;
    #: ``None`` where no money was moved or the act was not told how much.
    amount: Money | None = None
    #: Who did it: the actor's identifier; ``None`` where nobody was named.
    actor: str | None = None
    #: Its own identifier, once it is kept: the subscription's, and the revision that it made.
    id: str | None = None
    #: The instant at which it was kept, by the clock that the application gave.
    at: datetime | None = None

    @property
    def changes(self) -> tuple[tuple[str, object, object], ...]:
        """The fields that changed: name, before, after; empty where it began."""
        if self.before is None:
            return ()
        return tuple(
            (field.name, getattr(self.before, field.name), getattr(self.after, field.name))
            for field in attrs.fields(Subscription)
            if getattr(self.before, field.name) != getattr(self.after, field.name)
        )


def replay(first: Subscription | None, events: Iterable[Event]) -> Subscription | None:
    """
    Return the state that the events lead to, from the first state on.

    Raises:
        InvalidValue: An event does not begin where the one before it ended.
    """
    state = first
    for event in events:
        if event.before != state:
            raise InvalidValue(
                "events", f"{event.what} on {event.on}", "give every event, in order, from first on"
            )
        state = event.after
    return state
