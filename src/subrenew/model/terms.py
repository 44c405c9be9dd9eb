"""
Terms, windows and dated values: everything that is done with the calendar.

Rule 1: a boundary is computed from the anchor, never from the boundary before it. So the 31st
comes back after February, and 29 February after three years (reading 4).

Rule 2: every span is half-open, ``[first day in, first day out)`` (reading 2).

Rule 3: years 1900 to 9000; one clear error outside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import attrs

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta

__all__ = ["Dated", "Term", "Unit", "Window", "days_after", "local_day"]

T = TypeVar("T")

_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORTEST_MONTH: Final = 28
_FIRST_YEAR: Final = checks.FIRST_YEAR
_LAST_YEAR: Final = checks.LAST_YEAR
_ISO: Final = re.compile(r"P([0-9]{1,6})([DWMY])", re.ASCII)


#: What to do about a term of hours or seconds, as sandboxes of billing systems have them.
WITHIN_A_DAY: Final = (
    "terms are whole days: let each short term stand for a day, such as Term.days(1), and count the"
    " days of your test yourself"
)


class Unit(StrEnum):
    """What a term is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_LETTERS: Final = (("D", Unit.DAY), ("W", Unit.WEEK), ("M", Unit.MONTH), ("Y", Unit.YEAR))


def _outside(field: str, value: object) -> InvalidValue:
    first, last = checks.FIRST_YEAR, checks.LAST_YEAR
    return InvalidValue(field, value, f"keep dates within the years {first} to {last}")


def _month_step(day: date, months: int, anchor_day: int) -> date:
    """Return the anchor day of the month so many months on, clamped to that month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise _outside("year", year)
    if anchor_day > _SHORTEST_MONTH:
        last = _MONTH_DAYS[month]
        if month == 1 and not year % 4 and (year % 100 or not year % 400):
            last = 29
        anchor_day = min(anchor_day, last)
    return date(year, month + 1, anchor_day)


def days_after(day: date, days: int) -> date:
    """
    Return the day so many days later, or earlier where *days* is negative.

    Raises:
        InvalidValue: That day is outside the years 1900 to 9000.

    >>> days_after(date(2025, 12, 31), -90)
    datetime.date(2025, 10, 2)
    """
    try:
        moved = day + timedelta(days=days)
    except OverflowError:
        raise _outside("days", days) from None
    if not checks.FIRST_YEAR <= moved.year <= checks.LAST_YEAR:
        raise _outside("days", days)
    return moved


@attrs.frozen(cache_hash=True)
class Term:
    """
    A length of time that a subscription is bought for.

    Two terms are equal when they mean the same: a year is twelve months, a week is seven days. A
    month and 30 days are not equal.

    Raises:
        InvalidValue: The count is not 1 to 85,200 (months) or 1 to 2,600,000 (days).

    >>> Term.years(1) == Term.months(12), str(Term.years(1)), Term.parse("P12M")
    (True, 'P1Y', Term.months(12))
    """

    #: How many of the unit.
    count: int = attrs.field(eq=False)
    #: What it is counted in.
    unit: Unit = attrs.field(eq=False)
    #: Its months; 0 for a term of days or weeks.
    month_count: int = attrs.field(init=False, repr=False)
    #: Its days; 0 for a term of months or years.
    day_count: int = attrs.field(init=False, repr=False)
    #: The most days it can span: 31 for a month, 366 for a year.
    longest_days: int = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        checks.member("Term.unit", self.unit, Unit)
        per = {Unit.DAY: (0, 1), Unit.WEEK: (0, 7), Unit.MONTH: (1, 0), Unit.YEAR: (12, 0)}
        months, days = per[self.unit]
        most = 85_200 // months if months else 2_600_000 // days
        checks.whole_number("Term.count", self.count, least=1, most=most)
        object.__setattr__(self, "month_count", months * self.count)
        object.__setattr__(self, "day_count", days * self.count)
        object.__setattr__(self, "longest_days", self.day_count or _longest(self.month_count))

    @classmethod
    def days(cls, count: int) -> Term:
        """Return a term of so many days."""
        return cls(count, Unit.DAY)

    @classmethod
    def weeks(cls, count: int) -> Term:
        """Return a term of so many weeks."""
        return cls(count, Unit.WEEK)

    @classmethod
    def months(cls, count: int) -> Term:
        """Return a term of so many months."""
        return cls(count, Unit.MONTH)

    @classmethod
    def years(cls, count: int) -> Term:
        """Return a term of so many years."""
        return cls(count, Unit.YEAR)

    @classmethod
    def parse(cls, text: str) -> Term:
        """
        Return the term that an ISO 8601 duration of one unit writes.

        Raises:
            InvalidValue: It is not ``P``, a number and one of ``D``, ``W``, ``M``, ``Y``.

        >>> Term.parse("P3Y"), str(Term.weeks(2))
        (Term.years(3), 'P2W')
        """
        if type(text) is not str:
            raise InvalidType("Term", text, 'give an ISO 8601 duration, such as "P1Y"')
        match = _ISO.fullmatch(text)
        if match is None and text.startswith("PT"):
            raise InvalidValue("Term", text, WITHIN_A_DAY)
        if match is None:
            raise InvalidValue("Term", text, 'write P, a number and D, W, M or Y, such as "P1Y"')
        return cls(int(match[1]), dict(_LETTERS)[match[2]])

    def __str__(self) -> str:
        return f"P{self.count}{self.unit[0].upper()}"

    def __repr__(self) -> str:
        return f"Term.{self.unit}s({self.count})"

    @property
    def relativedelta(self) -> relativedelta:
        """
        The same length for code that adds with python-dateutil; it does not keep an anchor.

        >>> date(2024, 1, 31) + Term.months(1).relativedelta
        datetime.date(2024, 2, 29)
        """
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - 10 ms, rarely needed

        return relativedelta(months=self.month_count, days=self.day_count)

    def end(self, starts_on: date, anchor_day: int | None = None) -> date:
        """
        Return the first day after a term that begins on *starts_on*.

        Month ends clamp; *anchor_day*, 1 to 31, is the day of the month to come back to (reading
        4). It is the start's own day where it is not given, and means nothing to days and weeks.

        Raises:
            InvalidValue: The end is outside the years 1900 to 9000.

        >>> Term.months(1).end(date(2024, 2, 29), anchor_day=31)
        datetime.date(2024, 3, 31)
        """
        if type(starts_on) is not date:
            checks.calendar_date("starts_on", starts_on)
        if anchor_day is not None:
            checks.whole_number("anchor_day", anchor_day, least=1, most=31)
        if self.month_count:
            return _month_step(starts_on, self.month_count, anchor_day or starts_on.day)
        return days_after(starts_on, self.day_count)

    def boundary(self, anchor: date, number: int) -> date:
        """
        Return the day *number* terms after *anchor*, computed from it; before it if negative.

        >>> Term.months(1).boundary(date(2024, 1, 31), 2)
        datetime.date(2024, 3, 31)
        """
        if type(anchor) is not date:
            checks.calendar_date("anchor", anchor)
        if type(number) is not int:
            checks.whole_number("number", number, least=0, most=2_600_000)
        if self.month_count:
            return _month_step(anchor, self.month_count * number, anchor.day)
        return days_after(anchor, self.day_count * number)

    def boundaries(self, anchor: date, count: int) -> tuple[date, ...]:
        """
        Return the days 1, 2, ... *count* terms after *anchor*, each computed from the anchor.

        Raises:
            InvalidValue: *count* is negative or a boundary is outside the years 1900 to 9000.

        >>> [day.isoformat() for day in Term.years(1).boundaries(date(2024, 2, 29), 4)]
        ['2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']
        """
        checks.calendar_date("anchor", anchor)
        checks.whole_number("count", count, least=0, most=2_600_000)
        return tuple(self.boundary(anchor, number) for number in range(1, count + 1))

    def period_containing(self, anchor: date, day: date) -> Window:
        """
        Return the recurring term, counted from *anchor*, that covers *day*.

        Raises:
            InvalidValue: *day* is before *anchor*.

        >>> Term.months(1).period_containing(date(2024, 1, 31), date(2024, 3, 1))
        Window(date(2024, 2, 29), date(2024, 3, 31))
        """
        checks.calendar_date("anchor", anchor)
        checks.calendar_date("day", day)
        if day < anchor:
            raise InvalidValue("day", day, f"give a day on or after the anchor, {anchor}")
        if self.month_count:
            months = (day.year - anchor.year) * 12 + day.month - anchor.month
            number = months // self.month_count
        else:
            number = (day - anchor).days // self.day_count
        # The month says nothing of the day: a boundary later in that month is one too many.
        if number and self.boundary(anchor, number) > day:
            number -= 1
        return Window(
            self.boundary(anchor, number) if number else anchor, self.boundary(anchor, number + 1)
        )


def _longest(month_count: int) -> int:
    years, months = divmod(month_count, 12)
    leaps = (years + 3) // 4
    return 365 * years + leaps + (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337)[months]


@attrs.frozen(repr=False)
class Window:
    """
    A half-open span of days: *closes_on* is the first day outside.

    Raises:
        InvalidValue: It closes before it opens. An empty window is allowed.

    >>> window = Window(date(2025, 10, 2), date(2025, 12, 31))
    >>> date(2025, 12, 30) in window, date(2025, 12, 31) in window, window.days
    (True, False, 90)
    """

    #: The first day inside.
    opens_on: date
    #: The first day outside.
    closes_on: date

    def __attrs_post_init__(self) -> None:
        checks.calendar_date("Window.opens_on", self.opens_on)
        checks.calendar_date("Window.closes_on", self.closes_on)
        if self.closes_on < self.opens_on:
            raise InvalidValue(
                "Window.closes_on", self.closes_on, f"give a day from {self.opens_on} on"
            )

    def __contains__(self, day: date) -> bool:
        if type(day) is not date:
            checks.calendar_date("day", day)
        return self.opens_on <= day < self.closes_on

    def __repr__(self) -> str:
        return f"Window({_shown(self.opens_on)}, {_shown(self.closes_on)})"

    @property
    def days(self) -> int:
        """How many days are inside."""
        return (self.closes_on - self.opens_on).days

    @property
    def last_on(self) -> date | None:
        """The last day inside, or ``None`` if the window is empty."""
        return days_after(self.closes_on, -1) if self.days else None

    def explain(self, locale: str = "en") -> str:
        """
        Return the window as a sentence in this language.

        >>> Window(date(2025, 10, 2), date(2025, 12, 31)).explain()
        'From October 2, 2025 to December 30, 2025 (90 days).'
        """
        from subrenew.words import wording  # noqa: PLC0415 - Babel is imported when words are made

        return wording.window_sentence(self, locale)


def _shown(day: date) -> str:
    return f"date({day.year}, {day.month}, {day.day})"


@attrs.frozen
class Dated(Generic[T]):
    """
    A value that changes over time, written with start dates only.

    Each step holds from its day until the next step's, so neither a gap nor an overlap can be
    written; before the first step there is no value.

    Raises:
        InvalidValue: There is no step, or the start dates do not strictly ascend.

    >>> Dated(((date(2024, 1, 1), 5), (date(2025, 1, 1), 7))).at(date(2024, 12, 31))
    5
    """

    #: Pairs of first day and value, ascending.
    steps: tuple[tuple[date, T], ...]
    _days: tuple[date, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Dated.steps", self.steps, tuple)
        if not self.steps:
            raise InvalidValue("Dated.steps", self.steps, "give at least one (day, value)")
        for index, step in enumerate(self.steps):
            if len(step) != 2:
                raise InvalidValue(f"Dated.steps[{index}]", step, "give a pair (day, value)")
            from_on = step[0]
            checks.calendar_date(f"Dated.steps[{index}]", from_on)
            if index and from_on <= self.steps[index - 1][0]:
                raise InvalidValue(f"Dated.steps[{index}]", from_on, "give days that ascend")
        object.__setattr__(self, "_days", tuple(from_on for from_on, _ in self.steps))

    def at(self, day: date) -> T | None:
        """Return the value that holds on *day*, or ``None`` before the first."""
        if type(day) is not date:
            checks.calendar_date("day", day)
        found = bisect_right(self._days, day)
        return self.steps[found - 1][1] if found else None

    def days_after(self, day: date) -> tuple[date, ...]:
        """
        Return the days after *day* on which another value begins to hold, ascending.

        >>> Dated(((date(2024, 1, 1), 5), (date(2025, 1, 1), 7))).days_after(date(2024, 1, 1))
        (datetime.date(2025, 1, 1),)
        """
        if type(day) is not date:
            checks.calendar_date("day", day)
        return self._days[bisect_right(self._days, day) :]


def local_day(instant: datetime, zone: tzinfo) -> date:
    """
    Return the calendar day that *instant* falls on in *zone* (reading 1).

    The account's own zone decides, and only the caller knows it.

    Raises:
        InvalidType: *instant* is not a datetime or *zone* not a tzinfo.
        InvalidValue: *instant* is naive: it says no instant at all.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> local_day(datetime(2025, 12, 30, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Paris"))
    datetime.date(2025, 12, 31)
    """
    if not isinstance(instant, datetime):
        raise InvalidType("instant", instant, "give a datetime with a time zone")
    if not isinstance(zone, tzinfo):
        raise InvalidType("zone", zone, 'give a tzinfo, such as ZoneInfo("Europe/Paris")')
    if instant.utcoffset() is None:
        raise InvalidValue("instant", instant, "give it a time zone: a naive one is no instant")
    try:
        day = instant.astimezone(zone).date()
    except OverflowError:
        raise _outside("instant", instant) from None
    checks.calendar_date("instant", day)
    return day
