"""
How often an order's password may be tried.

Rule 1: a limit is a policy value; it takes the state and returns the next one, and keeps nothing.

Rule 2: instants are the caller's and have a time zone (reading 1). They are counted in UTC: two
wall clocks of one zone are an hour off when summer time begins.

Rule 3: clocks differ. A failure that lies ahead counts, so that a clock that is behind opens
nothing, and the next one is dated no earlier. One that lies more than a day ahead was dated by a
clock that is wrong, and does not count: otherwise it would lock for ever.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks

__all__ = ["AttemptLimit", "Attempts"]

#: How far ahead a failure may lie: a clock that is off by more is wrong, and not a little fast.
_MOST_SKEW: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Attempts:
    """The failed tries that still count, oldest first."""

    #: When each failed.
    failed_at: tuple[datetime, ...] = ()

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Attempts.failed_at", self.failed_at, datetime)
        for instant in self.failed_at:
            checks.instant("Attempts.failed_at", instant)

    def without(self, instant: datetime) -> Attempts:
        """Return them without the one of that instant; the same where there is none."""
        others = list(self.failed_at)
        if instant in others:
            others.remove(instant)
        return Attempts(failed_at=tuple(others))


@attrs.frozen(kw_only=True)
class AttemptLimit:
    """
    So many failed tries within a period, then a wait.

    >>> from datetime import UTC
    >>> limit, at = AttemptLimit(tries=1), datetime(2026, 1, 1, tzinfo=UTC)
    >>> state = limit.after_failure(Attempts(), at=at)
    >>> limit.allows(state, at=at), limit.opens_at(state, at=at).minute
    (False, 15)
    """

    #: How many failed tries are taken.
    tries: int = 5
    #: Within how long.
    period: timedelta = timedelta(minutes=15)

    def __attrs_post_init__(self) -> None:
        checks.whole_number("AttemptLimit.tries", self.tries, least=1, most=1000)
        checks.instance("AttemptLimit.period", self.period, timedelta)
        if self.period <= timedelta(0):
            raise InvalidValue("AttemptLimit.period", self.period, "give a period above zero")

    def allows(self, state: Attempts, *, at: datetime) -> bool:
        """Return whether another try is taken at that instant."""
        return len(self._counting(state, at)) < self.tries

    def after_failure(self, state: Attempts, *, at: datetime) -> Attempts:
        """Return the state after a try that failed at that instant; its own is the last one."""
        counting = self._counting(state, at)
        failed_at = (*counting, max((at.astimezone(UTC), *counting[-1:])))
        return Attempts(failed_at=failed_at[-self.tries :])

    def opens_at(self, state: Attempts, *, at: datetime) -> datetime:
        """Return the first instant, from *at* on, at which another try is taken."""
        counting = self._counting(state, at)
        return at if len(counting) < self.tries else counting[-self.tries] + self.period

    def over_before(self, at: datetime) -> datetime:
        """Return the instant before which a failure does not count any more, by any clock."""
        checks.instant("at", at)
        return at.astimezone(UTC) - self.period - _MOST_SKEW

    def _counting(self, state: Attempts, at: datetime) -> tuple[datetime, ...]:
        checks.instant("at", at)
        now = at.astimezone(UTC)
        failed_at = sorted(each.astimezone(UTC) for each in state.failed_at)
        return tuple(each for each in failed_at if -_MOST_SKEW <= now - each < self.period)
