"""Terms never drift, windows are half-open, and every day belongs to exactly one period."""

import copy
import pickle
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from attrs.exceptions import FrozenInstanceError
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model.terms import Dated, Term, Unit, Window, days_after, local_day

DAY = timedelta(days=1)
FIRST = date(1900, 1, 1)
LAST = date(9000, 12, 31)
#: Python does not write out an integer of so many digits, so its id is given.
HUGE = pytest.param(10**5_000, id="huge")

days = st.dates(FIRST, date(8000, 12, 31))
terms = st.one_of(
    st.builds(Term.days, st.integers(1, 5_000)),
    st.builds(Term.weeks, st.integers(1, 500)),
    st.builds(Term.months, st.integers(1, 120)),
    st.builds(Term.years, st.integers(1, 20)),
)


def every_day(first: date, last: date) -> Iterator[date]:
    """Yield each day from *first* to *last*, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


def months_later(anchor: date, months: int) -> date:
    """Return the anchor's day so many months on, clamped: worked out one month at a time."""
    year, month = anchor.year, anchor.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


# Terms ----------------------------------------------------------------------------------------


@given(terms)
def test_text_of_a_term_gives_it_back(term: Term) -> None:
    """Parsing the text of a term gives the same count of the same unit."""
    parsed = Term.parse(str(term))
    assert (parsed, parsed.count, parsed.unit) == (term, term.count, term.unit)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("P30D", Term.days(30)),
        ("P2W", Term.weeks(2)),
        ("P1M", Term.months(1)),
        ("P3Y", Term.years(3)),
        ("P001Y", Term.years(1)),
        ("P85200M", Term.months(85_200)),
    ],
)
def test_durations_of_one_unit_are_read(text: str, term: Term) -> None:
    """A duration of days, weeks, months or years is that term."""
    assert Term.parse(text) == term


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PY",
        "P1",
        "1Y",
        "p1y",
        "P1y",
        "P1Y ",
        " P1Y",
        "P1Y\n",
        "P-1Y",
        "+P1Y",
        "-P1Y",
        "P1.5Y",
        "P1,5Y",
        "P1Y6M",
        "P1M2W",
        "PT1H",
        "P1YT1H",
        "P1H",
        "P1S",
        "P\u0661Y",
        "P\uff11Y",
        "P1_0Y",
        "P1000000D",
        pytest.param("P" + "9" * 5_000 + "D", id="5000-digits"),
        "P0D",
        "P0Y",
        "P85201M",
        "P7101Y",
        "P371429W",
    ],
)
def test_other_durations_are_refused(text: str) -> None:
    """A duration of several units, of none, out of range or written otherwise is refused."""
    with pytest.raises(InvalidValue, match=r"^Term") as caught:
        Term.parse(text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", [None, 1, b"P1Y", Term.years(1), ["P1Y"]])
def test_a_duration_is_text(text: object) -> None:
    """Only text is read as a duration."""
    with pytest.raises(InvalidType, match='such as "P1Y"'):
        Term.parse(text)  # type: ignore[arg-type]


def test_terms_are_equal_by_meaning() -> None:
    """A year is twelve months and a week is seven days, in equality, hash and dict."""
    assert Term.years(1) == Term.months(12)
    assert Term.weeks(2) == Term.days(14)
    assert hash(Term.years(3)) == hash(Term.months(36))
    assert {Term.months(12): "annual"}[Term.years(1)] == "annual"
    assert (str(Term.years(1)), str(Term.months(12))) == ("P1Y", "P12M")


@pytest.mark.parametrize("other", [Term.days(30), Term.days(31), Term.weeks(4), "P1M", 1, None])
def test_a_month_is_no_number_of_days(other: object) -> None:
    """A month equals neither 28, 30 nor 31 days, nor its own text."""
    assert Term.months(1) != other


@given(terms, terms)
def test_equal_terms_end_on_the_same_day(left: Term, right: Term) -> None:
    """Terms are equal exactly where months and days are, and then their hashes are equal."""
    same = (left.month_count, left.day_count) == (right.month_count, right.day_count)
    assert (left == right) is same
    assert not same or hash(left) == hash(right)


@given(terms)
def test_repr_of_a_term_is_an_expression(term: Term) -> None:
    """Evaluating the repr gives the same term."""
    assert eval(repr(term), {"Term": Term}) == term  # noqa: S307 - our own repr


@pytest.mark.parametrize(
    ("unit", "most"),
    [
        (Unit.DAY, 2_600_000),
        (Unit.WEEK, 371_428),
        (Unit.MONTH, 85_200),
        (Unit.YEAR, 7_100),
    ],
)
def test_counts_at_their_limits(unit: Unit, most: int) -> None:
    """One and the most are taken; zero, one more and less than nothing are refused."""
    assert Term(1, unit).count == 1
    assert Term(most, unit).count == most
    for count in (0, -1, most + 1, 10**5_000):
        with pytest.raises(InvalidValue, match=r"^Term\.count is .* from 1 to"):
            Term(count, unit)


@pytest.mark.parametrize("count", [True, 1.0, "1", None])
def test_a_count_is_a_whole_number(count: object) -> None:
    """A count is an integer: no bool, no float, no text."""
    with pytest.raises(InvalidType, match=r"^Term\.count"):
        Term.months(count)  # type: ignore[arg-type]


@pytest.mark.parametrize("term", [Term.days(3), Term.weeks(2), Term.months(7), Term.years(2)])
def test_terms_pickle_without_their_hash(term: Term) -> None:
    """A term read back is equal, and its hash, which differs by process, is worked out anew."""
    hash(term)
    for twin in (pickle.loads(pickle.dumps(term)), copy.deepcopy(term)):  # noqa: S301 - ours
        assert (twin, hash(twin), str(twin)) == (term, hash(term), str(term))
    fresh = pickle.loads(pickle.dumps(term))  # noqa: S301 - our own bytes
    assert fresh._attrs_cached_hash is None


def test_a_term_is_frozen() -> None:
    """A term cannot be changed."""
    with pytest.raises(FrozenInstanceError):
        Term.months(1).count = 2  # type: ignore[misc]


def test_relativedelta_is_the_same_length() -> None:
    """The length given to python-dateutil is the term's, in months and days."""
    assert Term.years(3).relativedelta == relativedelta(months=36)
    assert Term.weeks(2).relativedelta == relativedelta(days=14)


@pytest.mark.parametrize("months", range(1, 61))
def test_longest_days_by_trying_every_start(months: int) -> None:
    """No start and no anchor makes a term longer than it says, and one makes it that long."""
    term = Term.months(months)
    lengths = {(term.end(day) - day).days for day in every_day(FIRST_TRIED, LAST_TRIED)}
    anchored = {(term.end(day, 31) - day).days for day in MONTH_ENDS}
    assert max(lengths | anchored) == term.longest_days


FIRST_TRIED, LAST_TRIED = date(2020, 1, 1), date(2024, 2, 29)
MONTH_ENDS = [months_later(date(2020, 1, 31), n) for n in range(60)]


def test_longest_days_of_days_and_weeks() -> None:
    """A term of days or weeks is as long as it says."""
    assert (Term.days(30).longest_days, Term.weeks(2).longest_days) == (30, 14)


# Boundaries (reading 4) -----------------------------------------------------------------------


def test_monthly_from_the_31st_of_january() -> None:
    """Golden case: twelve boundaries from 31 January 2024, the 31st kept throughout."""
    expected = (
        "2024-02-29 2024-03-31 2024-04-30 2024-05-31 2024-06-30 2024-07-31 2024-08-31 "
        "2024-09-30 2024-10-31 2024-11-30 2024-12-31 2025-01-31"
    )
    boundaries = Term.months(1).boundaries(date(2024, 1, 31), 12)
    assert " ".join(day.isoformat() for day in boundaries) == expected


def test_annual_from_the_29th_of_february() -> None:
    """Golden case: 29 February comes back to the 29th in the next leap year."""
    boundaries = Term.years(1).boundaries(date(2024, 2, 29), 4)
    expected = ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
    assert [day.isoformat() for day in boundaries] == expected


def test_the_29th_of_february_around_a_century() -> None:
    """2100 is no leap year and 2000 was one."""
    assert Term.years(4).end(date(2096, 2, 29)) == date(2100, 2, 28)
    assert Term.years(4).boundary(date(2096, 2, 29), 2) == date(2104, 2, 29)
    assert Term.years(4).end(date(1996, 2, 29)) == date(2000, 2, 29)
    assert Term.months(1).end(date(1900, 1, 31)) == date(1900, 2, 28)


@pytest.mark.parametrize(("months", "count"), [(1, 36), (3, 12), (12, 4), (36, 2)])
def test_boundaries_from_every_day_of_six_years(months: int, count: int) -> None:
    """From every day of 2023 to 2028 the boundaries are the calendar's and python-dateutil's."""
    term = Term.months(months)
    for anchor in every_day(date(2023, 1, 1), date(2028, 12, 31)):
        boundaries = term.boundaries(anchor, count)
        assert boundaries == tuple(months_later(anchor, months * n) for n in range(1, count + 1))
        assert boundaries[0] == term.end(anchor) == anchor + relativedelta(months=months)
        assert boundaries[-1] == anchor + relativedelta(months=months * count)


@given(days, terms, st.integers(0, 50))
def test_a_boundary_is_python_dateutils_from_the_anchor(
    anchor: date, term: Term, count: int
) -> None:
    """The n-th boundary is the anchor and n times the length, in one step."""
    length = relativedelta(months=term.month_count * count, days=term.day_count * count)
    if (anchor + length).year <= LAST.year:
        assert term.boundary(anchor, count) == anchor + length


@given(days, terms, st.integers(1, 20))
def test_boundaries_ascend(anchor: date, term: Term, count: int) -> None:
    """Boundaries are as many as asked for, after the anchor, each after the one before."""
    boundaries = term.boundaries(anchor, count)
    assert len(boundaries) == count
    assert all(a < b for a, b in zip((anchor, *boundaries), boundaries, strict=False))


@given(days, st.integers(1, 48), st.integers(1, 20))
def test_ends_with_the_anchor_day_do_not_drift(anchor: date, months: int, count: int) -> None:
    """Going from end to end with the anchor's day gives the boundaries from the anchor."""
    term = Term.months(months)
    day, walked = anchor, []
    for _ in range(count):
        day = term.end(day, anchor.day)
        walked.append(day)
    assert tuple(walked) == term.boundaries(anchor, count)


@pytest.mark.parametrize(
    ("term", "starts_on", "anchor_day", "ends_on"),
    [
        (Term.months(1), date(2024, 2, 29), 31, date(2024, 3, 31)),
        (Term.months(1), date(2024, 2, 29), None, date(2024, 3, 29)),
        (Term.months(1), date(2024, 3, 31), 31, date(2024, 4, 30)),
        (Term.months(1), date(2025, 1, 31), 31, date(2025, 2, 28)),
        (Term.years(1), date(2027, 2, 28), 29, date(2028, 2, 29)),
        (Term.years(1), date(2024, 2, 29), 29, date(2025, 2, 28)),
        (Term.months(1), date(2024, 3, 15), 1, date(2024, 4, 1)),
        (Term.months(11), date(2024, 1, 31), None, date(2024, 12, 31)),
        (Term.months(12), date(2024, 12, 31), None, date(2025, 12, 31)),
        (Term.days(30), date(2024, 1, 31), 31, date(2024, 3, 1)),
        (Term.weeks(2), date(2024, 2, 20), 1, date(2024, 3, 5)),
    ],
)
def test_the_anchor_day_is_come_back_to(
    term: Term, starts_on: date, anchor_day: int | None, ends_on: date
) -> None:
    """A term of months ends on its anchor day, clamped; one of days does not know it."""
    assert term.end(starts_on, anchor_day) == ends_on
    assert term.end(starts_on, anchor_day=anchor_day) == ends_on


@pytest.mark.parametrize("anchor_day", [0, 32, -1, HUGE, True, 1.0, "31"])
def test_an_anchor_day_is_1_to_31(anchor_day: object) -> None:
    """An anchor day is an integer from 1 to 31, for every kind of term."""
    for term in (Term.months(1), Term.days(1)):
        with pytest.raises(InvalidValue, match=r"^anchor_day is .* from 1 to 31"):
            term.end(date(2024, 1, 1), anchor_day)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", [datetime(2024, 1, 31), "2024-01-31", None, 20240131])
def test_terms_count_from_dates_only(day: object) -> None:
    """Every function of a term refuses what is not exactly a date, an instant among it."""
    term = Term.months(1)
    with pytest.raises(InvalidType, match=r"^starts_on"):
        term.end(day)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"^anchor"):
        term.boundaries(day, 1)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"^anchor"):
        Term.days(1).boundary(day, 1)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"^anchor"):
        term.period_containing(day, date(2024, 1, 31))  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"^day"):
        term.period_containing(date(2024, 1, 31), day)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [-1, True, 1.0, "2", 2_600_001, HUGE])
def test_a_number_of_boundaries_is_a_whole_number(count: object) -> None:
    """Boundaries are counted by an integer from 0 on."""
    with pytest.raises(InvalidValue, match=r"^count is .* from 0 to"):
        Term.months(1).boundaries(date(2024, 1, 31), count)  # type: ignore[arg-type]


def test_no_boundaries_and_the_anchor_itself() -> None:
    """No boundary is an empty tuple, and the boundary of number 0 is the anchor."""
    anchor = date(2024, 1, 31)
    assert Term.months(1).boundaries(anchor, 0) == ()
    assert Term.months(1).boundary(anchor, 0) == anchor
    assert Term.days(1).boundary(anchor, 0) == anchor


@pytest.mark.parametrize("number", [True, 1.5, "1", None])
def test_the_number_of_a_boundary_is_whole(number: object) -> None:
    """A boundary is numbered by an integer."""
    with pytest.raises(InvalidType, match=r"^number"):
        Term.months(1).boundary(date(2024, 1, 31), number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "starts_on", "ends_on"),
    [
        (Term.days(1), date(9000, 12, 29), date(9000, 12, 30)),
        (Term.days(1), date(9000, 12, 30), LAST),
        (Term.days(1), LAST, None),
        (Term.days(2_600_000), date(2024, 1, 1), None),
        (Term.days(2_600_000), date(9000, 1, 1), None),
        (Term.months(1), date(9000, 10, 31), date(9000, 11, 30)),
        (Term.months(1), date(9000, 11, 30), date(9000, 12, 30)),
        (Term.months(1), date(9000, 12, 1), None),
        (Term.years(1), date(8998, 12, 31), date(8999, 12, 31)),
        (Term.years(1), date(8999, 12, 31), LAST),
        (Term.years(1), date(9000, 1, 1), None),
        (Term.years(7_100), FIRST, date(9000, 1, 1)),
        (Term.years(7_100), date(1901, 1, 1), None),
    ],
)
def test_the_last_year_below_at_and_above(
    term: Term, starts_on: date, ends_on: date | None
) -> None:
    """A term may end within the year 9000 and not after it."""
    if ends_on is not None:
        assert term.end(starts_on) == term.boundary(starts_on, 1) == ends_on
        return
    with pytest.raises(InvalidValue, match="keep dates within the years 1900 to 9000"):
        term.end(starts_on)
    with pytest.raises(InvalidValue, match="keep dates within the years 1900 to 9000"):
        term.boundary(starts_on, 1)


@pytest.mark.parametrize("number", [10**9, HUGE, pytest.param(-(10**5_000), id="huge-negative")])
def test_a_huge_number_of_terms_is_refused(number: int) -> None:
    """A boundary beyond the calendar is one clear error, however far."""
    for term in (Term.days(1), Term.months(1)):
        with pytest.raises(InvalidValue, match="keep dates within") as caught:
            term.boundary(date(2024, 1, 31), number)
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("day", "count", "moved"),
    [
        (date(2025, 12, 31), -90, date(2025, 10, 2)),
        (date(2024, 3, 1), -90, date(2023, 12, 2)),
        (date(1900, 1, 2), -1, FIRST),
        (FIRST, -1, None),
        (date(9000, 12, 30), 1, LAST),
        (LAST, 1, None),
        (FIRST, -800_000, None),
        pytest.param(FIRST, 10**5_000, None, id="huge"),
    ],
)
def test_days_after_within_the_years(day: date, count: int, moved: date | None) -> None:
    """Days are added within the years 1900 to 9000 and refused outside."""
    if moved is not None:
        assert days_after(day, count) == moved
        return
    with pytest.raises(InvalidValue, match="keep dates within the years 1900 to 9000"):
        days_after(day, count)


# Periods --------------------------------------------------------------------------------------


@given(days, terms, st.integers(0, 30_000))
def test_a_period_covers_its_day_and_touches_its_neighbours(
    anchor: date, term: Term, offset: int
) -> None:
    """A period holds its day, lies between two boundaries and touches the next period."""
    day = anchor + offset * DAY
    period = term.period_containing(anchor, day)
    assert day in period
    assert period.opens_on >= anchor
    after = term.period_containing(anchor, period.closes_on)
    assert after.opens_on == period.closes_on
    if period.opens_on > anchor:
        before = term.period_containing(anchor, period.opens_on - DAY)
        assert before.closes_on == period.opens_on
    else:
        assert period.opens_on == anchor


@pytest.mark.parametrize(
    "term", [Term.months(1), Term.months(3), Term.years(1), Term.days(30), Term.weeks(1)]
)
def test_periods_tile_the_calendar(term: Term) -> None:
    """From every late day of a month, each day of three years is in its one period."""
    for anchor in every_day(date(2023, 12, 27), date(2024, 3, 1)):
        starts = [anchor, *term.boundaries(anchor, 170)]
        number = 0
        for day in every_day(anchor, anchor + 1_096 * DAY):
            number += day == starts[number + 1]
            expected = Window(starts[number], starts[number + 1])
            assert term.period_containing(anchor, day) == expected


def test_a_day_before_the_anchor_is_in_no_period() -> None:
    """The first period begins on the anchor; the day before is refused."""
    anchor = date(2024, 1, 31)
    for term in (Term.months(1), Term.days(30)):
        assert term.period_containing(anchor, anchor).opens_on == anchor
        with pytest.raises(InvalidValue, match="on or after the anchor, 2024-01-31"):
            term.period_containing(anchor, anchor - DAY)


def test_a_period_that_would_end_too_late_is_refused() -> None:
    """Near the last year a period whose end is outside it is one clear error."""
    with pytest.raises(InvalidValue, match="keep dates within"):
        Term.years(1).period_containing(date(2024, 1, 31), LAST)


# Windows --------------------------------------------------------------------------------------


def test_a_window_is_half_open() -> None:
    """The first day and the last before closing are inside; those around them are not."""
    window = Window(date(2025, 10, 2), date(2025, 12, 31))
    days = [date(2025, 10, 1), date(2025, 10, 2), date(2025, 12, 30), date(2025, 12, 31)]
    assert [day in window for day in days] == [False, True, True, False]
    assert (window.days, window.last_on) == (90, date(2025, 12, 30))


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_a_window_holds_as_many_days_as_it_says(opens_on: date, closes_on: date) -> None:
    """A window's days are those between its ends, and closing before opening is refused."""
    if closes_on < opens_on:
        with pytest.raises(InvalidValue, match=r"^Window\.closes_on .* give a day from"):
            Window(opens_on, closes_on)
        return
    window = Window(opens_on, closes_on)
    assert window.days == (closes_on - opens_on).days
    assert (window.last_on is None) is (window.days == 0)
    assert (opens_on in window) is (window.days > 0)
    assert window.last_on is None or window.last_on in window
    assert closes_on not in window


def test_an_empty_window_holds_nothing() -> None:
    """A window that closes when it opens is empty, even on the first day of all."""
    for day in (FIRST, date(2024, 2, 29), LAST):
        window = Window(day, day)
        assert (window.days, window.last_on, day in window) == (0, None, False)


def test_windows_are_values() -> None:
    """Equal ends make equal windows, by position or by name; the repr is an expression."""
    window = Window(date(2024, 1, 1), date(2024, 2, 1))
    assert window == Window(opens_on=date(2024, 1, 1), closes_on=date(2024, 2, 1))
    assert hash(window) == hash(Window(date(2024, 1, 1), date(2024, 2, 1)))
    assert eval(repr(window), {"Window": Window, "date": date}) == window  # noqa: S307 - ours
    assert pickle.loads(pickle.dumps(window)) == window  # noqa: S301 - our own bytes
    assert window != (date(2024, 1, 1), date(2024, 2, 1))


def test_a_window_says_itself() -> None:
    """A window explains itself with its last day inside, in a sentence."""
    window = Window(date(2025, 10, 2), date(2025, 12, 31))
    assert window.explain() == window.explain(locale="en")
    assert window.explain() == "From October 2, 2025 to December 30, 2025 (90 days)."


@pytest.mark.parametrize("day", [datetime(2024, 1, 1), "2024-01-01", None])
def test_only_a_date_can_be_in_a_window(day: object) -> None:
    """Asking whether an instant or text is in a window is refused, not answered."""
    with pytest.raises(InvalidType, match=r"^day is "):
        day in Window(date(2024, 1, 1), date(2024, 2, 1))  # noqa: B015 - the question is the test


# Dated values ---------------------------------------------------------------------------------


def test_a_dated_value_before_at_and_after_each_step() -> None:
    """A step holds from its day; before the first there is no value."""
    dated = Dated(((date(2024, 1, 1), 5), (date(2025, 1, 1), 7)))
    asked = ("2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01", "2025-01-02")
    assert [dated.at(date.fromisoformat(day)) for day in asked] == [None, 5, 5, 7, 7]


@given(st.lists(st.dates(FIRST, LAST), min_size=1, unique=True), st.dates(FIRST, LAST))
def test_a_dated_value_is_that_of_the_last_step(starts: list[date], day: date) -> None:
    """The value on a day is that of the last step that began by then."""
    dated = Dated(tuple((start, str(start)) for start in sorted(starts)))
    begun = [start for start in starts if start <= day]
    assert dated.at(day) == (str(max(begun)) if begun else None)


@given(st.lists(st.dates(FIRST, LAST), min_size=1, unique=True), st.dates(FIRST, LAST))
def test_the_days_after_are_those_of_the_later_steps(starts: list[date], day: date) -> None:
    """Ascending, and never the day itself."""
    dated = Dated(tuple((start, None) for start in sorted(starts)))
    assert dated.days_after(day) == tuple(sorted(start for start in starts if start > day))
    for index, start in enumerate(sorted(starts)):
        assert dated.days_after(start) == tuple(sorted(starts)[index + 1 :])


@pytest.mark.parametrize("asked", [Dated.at, Dated.days_after])
def test_dated_values_are_asked_about_with_a_date(asked: Callable[..., object]) -> None:
    """An instant has no calendar day (reading 1)."""
    with pytest.raises(InvalidType, match="day is"):
        asked(Dated(((FIRST, 1),)), datetime(2024, 1, 1))


def test_dated_values_are_values() -> None:
    """Equal steps make equal dated values with equal hashes, which pickle."""
    steps = ((date(2024, 1, 1), "a"), (date(2025, 1, 1), "b"))
    assert Dated(steps) == Dated(steps)
    assert hash(Dated(steps)) == hash(Dated(steps))
    assert pickle.loads(pickle.dumps(Dated(steps))) == Dated(steps)  # noqa: S301 - ours


def test_a_dated_value_takes_any_value() -> None:
    """What changes over time may be of any kind, None among them."""
    assert Dated(((FIRST, None),)).at(LAST) is None
    assert Dated(((FIRST, (1, 2)),)).at(FIRST) == (1, 2)


@pytest.mark.parametrize(
    ("steps", "error", "told"),
    [
        ((), InvalidValue, r"^Dated\.steps .* give at least one \(day, value\)"),
        ([(FIRST, 1)], InvalidType, r"^Dated\.steps .* give a tuple"),
        (((FIRST,),), InvalidValue, r"^Dated\.steps\[0\] .* give a pair"),
        (((FIRST, 1), (datetime(2025, 1, 1), 2)), InvalidType, r"^Dated\.steps\[1\] .* local_day"),
        (((FIRST, 1), (FIRST, 2)), InvalidValue, r"^Dated\.steps\[1\] .* days that ascend"),
    ],
    ids=["none", "a list", "no pair", "an instant", "one day twice"],
)
def test_steps_that_say_nothing_or_too_much_are_refused(
    steps: object, error: type[Exception], told: str
) -> None:
    """No step, what is no pair, what is no day, and two values for a day."""
    with pytest.raises(error, match=told):
        Dated(steps)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", [datetime(2025, 1, 1), "2025-01-01", None])
def test_a_dated_value_is_asked_for_a_day(day: object) -> None:
    """An instant is no day, although Python compares the two after a fashion."""
    with pytest.raises(InvalidType, match=r"^day "):
        Dated(((FIRST, 1),)).at(day)  # type: ignore[arg-type]


# Local days (reading 1) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2025-12-30T22:59:59+00:00", "Europe/Paris", "2025-12-30"),
        ("2025-12-30T23:00:00+00:00", "Europe/Paris", "2025-12-31"),
        ("2025-06-30T21:59:59+00:00", "Europe/Paris", "2025-06-30"),
        ("2025-06-30T22:00:00+00:00", "Europe/Paris", "2025-07-01"),
        ("2025-12-31T00:30:00+01:00", "America/New_York", "2025-12-30"),
        ("2025-12-31T00:00:00+00:00", "Pacific/Kiritimati", "2025-12-31"),
        ("2025-12-31T10:00:00+00:00", "Pacific/Kiritimati", "2026-01-01"),
        ("2025-12-31T10:59:59+00:00", "Pacific/Pago_Pago", "2025-12-30"),
        ("2024-02-28T18:30:00+00:00", "Asia/Kolkata", "2024-02-29"),
    ],
)
def test_an_instant_falls_on_the_day_of_the_zone(instant: str, zone: str, day: str) -> None:
    """The account's zone decides the day, with its summer time."""
    found = local_day(datetime.fromisoformat(instant), ZoneInfo(zone))
    assert found.isoformat() == day
    assert type(found) is date


class _NoZone(tzinfo):
    """A zone that knows no offset, so that its datetimes are naive all the same."""

    def utcoffset(self, _: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    "instant", [datetime(2025, 12, 31), datetime(2025, 12, 31, tzinfo=_NoZone())]
)
def test_a_naive_instant_is_refused(instant: datetime) -> None:
    """A datetime without an offset says no instant, and is refused."""
    with pytest.raises(InvalidValue, match="naive"):
        local_day(instant, UTC)


@pytest.mark.parametrize(
    ("instant", "hours"),
    [
        (datetime.min.replace(tzinfo=UTC), -1),
        (datetime.max.replace(tzinfo=UTC), 1),
        (datetime(1899, 12, 31, 23, 59, tzinfo=UTC), 0),
        (datetime(9001, 1, 1, tzinfo=UTC), 0),
        (datetime(9000, 12, 31, 23, tzinfo=UTC), 1),
    ],
)
def test_an_instant_outside_the_years_is_refused(instant: datetime, hours: int) -> None:
    """A day outside the years 1900 to 9000 is refused, also where the zone makes it so."""
    with pytest.raises(InvalidValue, match=r"^instant .*1900 to 9000"):
        local_day(instant, timezone(timedelta(hours=hours)))


def test_the_first_and_the_last_instant() -> None:
    """The first and the last day of the calendar are days."""
    assert local_day(datetime(1900, 1, 1, tzinfo=UTC), UTC) == FIRST
    assert local_day(datetime(9000, 12, 31, 23, 59, tzinfo=UTC), UTC) == LAST


@pytest.mark.parametrize("instant", [date(2025, 12, 31), "2025-12-31T00:00Z", 0, None])
def test_only_a_datetime_is_an_instant(instant: object) -> None:
    """A date or a text is no instant."""
    with pytest.raises(InvalidType, match=r"^instant"):
        local_day(instant, UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ["Europe/Paris", None, timedelta(hours=1)])
def test_only_a_tzinfo_is_a_zone(zone: object) -> None:
    """A zone's name is no zone."""
    with pytest.raises(InvalidType, match=r'^zone .*ZoneInfo\("Europe/Paris"\)'):
        local_day(datetime(2025, 12, 31, tzinfo=UTC), zone)  # type: ignore[arg-type]
