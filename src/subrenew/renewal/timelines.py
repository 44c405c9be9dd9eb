"""
The whole future of one subscription, if nobody does anything: piece by piece.

Rule 1: a timeline decides nothing. Each piece is the decision of its first day, and lasts until
time alone changes the answer.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Actor, Subscription
from subrenew.model.terms import Window
from subrenew.policy.editions import Policy
from subrenew.rules.decisions import Decision
from subrenew.rules.renewability import Route, renewability

__all__ = ["Piece", "Timeline", "timeline"]


@attrs.frozen
class Piece:
    """Days with one answer."""

    #: The days.
    window: Window
    #: The answer, as it is given on the first of them.
    decision: Decision[Route]


@attrs.frozen
class Timeline:
    """Pieces that tile the days from the term's start until the day asked for."""

    #: In order, without gap or overlap.
    pieces: tuple[Piece, ...]

    def at(self, day: date) -> Decision[Route]:
        """
        Return the decision of one day: what `renewability` answers on it.

        Raises:
            InvalidValue: The day is before the first piece or after the last.
        """
        checks.calendar_date("day", day)
        starts = [piece.window.opens_on for piece in self.pieces]
        found = bisect_right(starts, day)
        if not found or day >= self.pieces[-1].window.closes_on:
            raise InvalidValue(
                "day",
                day,
                f"give a day from {starts[0]} to before {self.pieces[-1].window.closes_on}",
            )
        decision = self.pieces[found - 1].decision
        return renewability(
            decision.subscription, policy=decision.policy, on=day, actor=decision.asked
        )


def timeline(
    subscription: Subscription, *, policy: Policy, until: date, actor: Actor | None = None
) -> Timeline:
    """
    Return every answer that time alone brings, from the term's start on.

    Args:
        subscription: Paid or a trial.
        policy: An edition, or editions from which each day chooses one.
        until: The first day that is not told any more.
        actor: Who asks; without one the question is about the subscription.

    Raises:
        NotInForce: *policy* has no edition on the term's first day.
        InvalidType: *subscription* is none, or *until* is not a date.
        InvalidValue: *until* is not after the term's start.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> told = timeline(
    ...     Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1)),
    ...     policy=autodesk.EDITION_2024,
    ...     until=date(2026, 6, 1),
    ... )
    >>> for piece in told.pieces:
    ...     print(piece.window.opens_on, piece.decision.route.value)
    2025-01-01 wait-for-window
    2025-10-03 renew-now
    2026-01-01 buy-new
    """
    checks.instance("subscription", subscription, Subscription)
    checks.calendar_date("until", until)
    day = subscription.starts_on
    if until <= day:
        raise InvalidValue("until", until, f"give a day after the term's start, {day}")
    pieces: list[Piece] = []
    while day < until:
        decision = renewability(subscription, policy=policy, on=day, actor=actor)
        end = min(decision.changes_on or until, until)
        pieces.append(Piece(Window(day, end), decision))
        day = end
    return Timeline(tuple(pieces))
