"""
The ladder: which stage a subscription is in after its end, and for how long.

Rule 1: a ladder begins at the end of the term, or at an unpaid invoice, as the edition says; a
cancellation begins one of its own (reading 16).

Rule 2: a rung is a stage with its days, half-open.
"""

from __future__ import annotations

from datetime import date, timedelta

import attrs

from subrenew.model.entities import Subscription
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import LadderStart, Stage, StageRenewal, ladder_days

__all__ = ["Rung", "ladder", "ladder_start", "rung_on"]


@attrs.frozen
class Rung:
    """A stage with its days."""

    #: The stage.
    stage: Stage
    #: The first day in it.
    from_on: date
    #: The first day after it.
    until_on: date

    @property
    def renews(self) -> bool:
        """Whether it can still be renewed."""
        return self.stage.renewal is StageRenewal.POSSIBLE


def ladder_start(subscription: Subscription, edition: RenewalPolicy) -> date:
    """Return the first day of the ladder: not covered, or not paid for."""
    unpaid_since, expires_on = subscription.history.unpaid_since, subscription.expires_on
    start = edition.ladder_start
    if unpaid_since is None or start is LadderStart.TERM_END:
        return expires_on
    return min(unpaid_since, expires_on) if start is LadderStart.EARLIER else unpaid_since


def _rungs(stages: tuple[Stage, ...], start: date, subscription: Subscription) -> list[Rung]:
    rungs = []
    for stage, days in ladder_days(stages, subscription.term):
        end = start + timedelta(days=days)
        if days:
            rungs.append(Rung(stage, start, end))
        start = end
    return rungs


def ladder(subscription: Subscription, edition: RenewalPolicy) -> tuple[Rung, ...]:
    """
    Return every rung, in order; a cancellation cuts the ladder and begins another.

    What is never renewed has none: a stage is a step towards a late renewal.
    """
    if subscription.kind in edition.not_renewable:
        return ()
    cancelled_on = subscription.cancelled_on
    rungs = _rungs(edition.stages, ladder_start(subscription, edition), subscription)
    over_on = rungs[-1].until_on if rungs else subscription.expires_on
    if cancelled_on is None or cancelled_on > over_on:
        return tuple(rungs)  # what is over already is not cancelled into being again
    kept = [
        Rung(each.stage, each.from_on, min(each.until_on, cancelled_on))
        for each in rungs
        if each.from_on < cancelled_on
    ]
    return (*kept, *_rungs(edition.cancelled_stages, cancelled_on, subscription))


def rung_on(subscription: Subscription, edition: RenewalPolicy, day: date) -> Rung | None:
    """Return the rung that the day is in, or ``None`` before the first and after the last."""
    for rung in ladder(subscription, edition):
        if rung.from_on <= day < rung.until_on:
            return rung
    return None
