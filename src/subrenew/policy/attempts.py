"""
How often an order's password may be tried.

Rule 1: a limit is a policy value; it takes the state and returns the next one, and keeps nothing.

Rule 2: instants are the caller's and have a time zone (reading 1). They are counted in UTC: two
wall clocks of one zone are an hour off when summer time begins.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks

__all__ = ["AttemptLimit", "Attempts"]


def _check_instant(field: str, value: object) -> None:
    if type(value) is not datetime:
        raise InvalidType(field, value, "give a datetime with a time zone")
    if value.utcoffset() is None:
        raise InvalidValue(field, value, "give it a time zone: a naive one is no instant")


@attrs.frozen(kw_only=True)
class Attempts:
    """The failed tries that still count, oldest first."""

    #: When each failed.
    failed_at: tuple[datetime, ...] = ()

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Attempts.failed_at", self.failed_at, datetime)
        for instant in self.failed_at:
            _check_instant("Attempts.failed_at", instant)


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
        """Return the state after a try that failed at that instant."""
        failed_at = (*self._counting(state, at), at.astimezone(UTC))
        return Attempts(failed_at=failed_at[-self.tries :])

    def opens_at(self, state: Attempts, *, at: datetime) -> datetime:
        """Return the first instant, from *at* on, at which another try is taken."""
        counting = self._counting(state, at)
        return at if len(counting) < self.tries else counting[-self.tries] + self.period

    def _counting(self, state: Attempts, at: datetime) -> tuple[datetime, ...]:
        _check_instant("at", at)
        now = at.astimezone(UTC)
        failed_at = (each.astimezone(UTC) for each in state.failed_at)
        return tuple(each for each in failed_at if now - each < self.period)
