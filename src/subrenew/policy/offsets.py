"""
Days counted from a day: so many days or calendar months before or after it.

Rule 1: months are counted on the calendar from the anchor and clamped to the month's end (reading
4); days and months are never turned into each other.
"""

from __future__ import annotations

from datetime import date

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.terms import Term

__all__ = ["Offset", "ascends", "day_before", "least_days"]


@attrs.frozen(kw_only=True, cache_hash=True)
class Offset:
    """
    A day counted from an anchor: before it, after it, or the anchor itself.

    >>> Offset(before=Term.months(3)).day(date(2026, 5, 31))
    datetime.date(2026, 2, 28)
    """

    #: How long before; days, or calendar months clamped to the month's end.
    before: Term | None = None
    #: How long after, counted likewise.
    after: Term | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("before", "after"):
            if getattr(self, name) is not None:
                checks.instance(f"Offset.{name}", getattr(self, name), Term)
        if self.before is not None and self.after is not None:
            raise InvalidValue("Offset.after", self.after, "give before or after, not both")

    @classmethod
    def hours_before(cls, hours: int) -> Offset:
        """
        Return the last whole day that is at least so many hours before the anchor's day begins.

        A notice carries a day and no hour, so hours become days and are rounded to the earlier one:
        what is sent at any time of that day is early enough.

        >>> Offset.hours_before(24)
        Offset(before=Term.days(2), after=None)
        """
        checks.whole_number("Offset.hours_before", hours, least=1, most=24 * 3660)
        return cls(before=Term.days(-(-hours // 24) + 1))

    def day(self, anchor: date) -> date:
        """Return the day; one outside the years 1900 to 9000 becomes the first or last of them."""
        if self.before is not None:
            return day_before(anchor, self.before)
        if self.after is None:
            return anchor
        try:
            return self.after.boundary(anchor, 1)
        except InvalidValue:
            return checks.LAST_DAY


def day_before(day: date, length: Term) -> date:
    """Return the day so long before; one before 1900 becomes the first of that year."""
    try:
        return length.boundary(day, -1)
    except InvalidValue:
        return checks.FIRST_DAY


def least_days(term: Term) -> int:
    """Return the fewest days it can span, or up to four less where it is counted in months."""
    return term.day_count or term.longest_days - 4


def _bounds(offset: Offset) -> tuple[int, int]:
    if offset.before is not None:
        return -offset.before.longest_days, -least_days(offset.before)
    if offset.after is not None:
        return least_days(offset.after), offset.after.longest_days
    return 0, 0


def ascends(earliest: Offset, latest: Offset) -> bool:
    """Return whether the one is never after the other, whatever the anchor."""
    for one, other in ((latest.before, earliest.before), (earliest.after, latest.after)):
        if one is not None and other is not None and not one.day_count and not other.day_count:
            return one.month_count <= other.month_count
    return _bounds(earliest)[1] <= _bounds(latest)[0]
