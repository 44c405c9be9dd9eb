"""Notices as data: windows counted from an anchor, and what cannot be written."""

import pickle
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import AutoRenew, Clause, InvalidType, InvalidValue, Kind, Mechanism, Role, Term
from subrenew.policy.laws.reach import Reach
from subrenew.policy.notice_rules import (
    ALWAYS,
    Anchor,
    Medium,
    Missed,
    NoticeCondition,
    NoticeRule,
    Topic,
    check_notice_rules,
)
from subrenew.policy.offsets import Offset, ascends, least_days
from tests.makers import INVOICE, OFF, ON, PAYPAL, WIRE, a_subscription

CLAUSE = Clause("own.notice", "own", "A message is sent.")
DAY = timedelta(days=1)
DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))
LENGTHS = st.one_of(
    st.integers(1, 800).map(Term.days), st.integers(1, 60).map(Term.months), st.none()
)
OFFSETS = st.one_of(
    LENGTHS.map(lambda length: Offset(before=length)),
    LENGTHS.map(lambda length: Offset(after=length)),
)


def rule(**changes):
    """An email 45 to 30 days before the term ends."""
    fields = {
        "code": "reminder",
        "clause": CLAUSE,
        "topic": Topic.RENEWAL,
        "anchor": Anchor.TERM_END,
        "earliest": Offset(before=Term.days(45)),
        "latest": Offset(before=Term.days(30)),
    }
    return NoticeRule(**fields | changes)


# Offsets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "day"),
    [
        (Offset(), "2026-05-31"),
        (Offset(before=Term.days(1)), "2026-05-30"),
        (Offset(after=Term.days(1)), "2026-06-01"),
        (Offset(before=Term.days(31)), "2026-04-30"),
        (Offset(before=Term.months(1)), "2026-04-30"),
        (Offset(before=Term.months(3)), "2026-02-28"),
        (Offset(before=Term.years(1)), "2025-05-31"),
        (Offset(after=Term.months(1)), "2026-06-30"),
        (Offset(after=Term.months(9)), "2027-02-28"),
    ],
)
def test_an_offset_is_counted_from_its_anchor(offset, day):
    """Reading 4: days are days; months are of the calendar and clamped to the month's end."""
    assert offset.day(date(2026, 5, 31)).isoformat() == day


@pytest.mark.parametrize(
    ("anchor", "day"), [("2024-03-31", "2024-02-29"), ("2024-03-29", "2024-02-29")]
)
def test_months_before_know_leap_years(anchor, day):
    """Reading 4: a month before the last days of March is the leap day."""
    assert Offset(before=Term.months(1)).day(date.fromisoformat(anchor)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("hours", "days"), [(1, 2), (23, 2), (24, 2), (25, 3), (48, 3), (49, 4), (72, 4)]
)
def test_hours_become_days_and_are_rounded_to_the_earlier_one(hours, days):
    """Sent at any time of that day, it is so many hours before the anchor's day begins."""
    assert Offset.hours_before(hours) == Offset(before=Term.days(days))
    last_moment = 24 * days - 24
    assert last_moment >= hours > last_moment - 24


@pytest.mark.parametrize("hours", [0, -24, 24 * 3660 + 1, 24.0, True])
def test_hours_are_whole_and_above_zero(hours):
    """Neither none, nor too many, nor another kind of number."""
    with pytest.raises(InvalidValue, match=r"Offset\.hours_before"):
        Offset.hours_before(hours)


def test_an_offset_is_before_or_after():
    """Not both, and a length is a term."""
    with pytest.raises(InvalidValue, match="before or after, not both"):
        Offset(before=Term.days(1), after=Term.days(1))
    with pytest.raises(InvalidType, match=r"Offset\.before .* give a Term"):
        Offset(before=45)
    with pytest.raises(InvalidType, match=r"Offset\.after .* give a Term"):
        Offset(after="P1D")


def test_an_offset_stays_within_the_calendar():
    """Years 1900 to 9000: what is outside becomes the first or last day of them."""
    for length in (Term.days(2), Term.months(1), Term.years(7000)):
        assert Offset(before=length).day(date(1900, 1, 2)) == date(1900, 1, 1)
        assert Offset(after=length).day(date(9000, 12, 30)) == date(9000, 12, 31)
    assert Offset(before=Term.days(1)).day(date(1900, 1, 2)) == date(1900, 1, 1)
    assert Offset(after=Term.days(1)).day(date(9000, 12, 30)) == date(9000, 12, 31)


def test_the_fewest_days_of_so_many_months():
    """Never more than any real span, forwards or backwards."""
    for months in [*range(1, 26), 36, 48, 60, 120]:
        term = Term.months(months)
        least = least_days(term)
        for number in range(0, 1500, 3):
            day = date(2023, 1, 1) + number * DAY
            assert least <= (term.boundary(day, 1) - day).days <= term.longest_days
            assert least <= (day - term.boundary(day, -1)).days <= term.longest_days
    assert least_days(Term.days(45)) == 45


@given(OFFSETS, OFFSETS, DAYS)
def test_what_ascends_ascends_from_every_anchor(earliest, latest, anchor):
    """If the check says so, the first day is never after the last."""
    if ascends(earliest, latest):
        assert earliest.day(anchor) <= latest.day(anchor)


@pytest.mark.parametrize(
    ("earliest", "latest", "holds"),
    [
        (Offset(), Offset(), True),
        (Offset(before=Term.days(30)), Offset(before=Term.days(31)), False),
        (Offset(before=Term.days(30)), Offset(before=Term.days(30)), True),
        (Offset(before=Term.days(30)), Offset(before=Term.days(29)), True),
        (Offset(before=Term.months(1)), Offset(before=Term.months(1)), True),
        (Offset(before=Term.months(1)), Offset(before=Term.months(2)), False),
        (Offset(before=Term.months(2)), Offset(before=Term.months(1)), True),
        (Offset(after=Term.months(1)), Offset(after=Term.months(2)), True),
        (Offset(after=Term.months(2)), Offset(after=Term.months(1)), False),
        (Offset(before=Term.months(1)), Offset(before=Term.days(31)), False),
        (Offset(before=Term.months(1)), Offset(before=Term.days(27)), True),
        (Offset(before=Term.days(30)), Offset(before=Term.months(1)), False),
        (Offset(before=Term.days(31)), Offset(before=Term.months(1)), True),
        (Offset(after=Term.days(27)), Offset(after=Term.months(1)), True),
        (Offset(after=Term.days(31)), Offset(after=Term.months(1)), False),
        (Offset(before=Term.days(1)), Offset(after=Term.months(1)), True),
        (Offset(after=Term.days(1)), Offset(before=Term.months(1)), False),
        (Offset(), Offset(before=Term.days(1)), False),
        (Offset(), Offset(after=Term.days(1)), True),
    ],
)
def test_days_and_months_are_compared_for_every_month(earliest, latest, holds):
    """A month is 28 to 31 days, so days are before it only if they are before all of these."""
    assert ascends(earliest, latest) is holds


# Conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "changes", "holds"),
    [
        (ALWAYS, {}, True),
        (NoticeCondition(auto_renew=ON), {"auto_renew": ON}, True),
        (NoticeCondition(auto_renew=ON), {"auto_renew": OFF}, False),
        (NoticeCondition(auto_renew=OFF), {"auto_renew": OFF}, True),
        (
            NoticeCondition(auto_renew=ON),
            {"auto_renew": ON, "cancelled_on": date(2025, 6, 1)},
            False,
        ),
        (
            NoticeCondition(auto_renew=OFF),
            {"auto_renew": ON, "cancelled_on": date(2025, 6, 1)},
            True,
        ),
        (NoticeCondition(kinds=frozenset({Kind.PAID})), {"kind": Kind.PAID}, True),
        (NoticeCondition(kinds=frozenset({Kind.PAID})), {"kind": Kind.TRIAL}, False),
        (NoticeCondition(kinds=frozenset(Kind)), {"kind": Kind.TRIAL}, True),
        (
            NoticeCondition(mechanisms=frozenset({Mechanism.PULL})),
            {"payment_method": PAYPAL},
            True,
        ),
        (NoticeCondition(mechanisms=frozenset({Mechanism.PULL})), {"payment_method": WIRE}, False),
        (NoticeCondition(mechanisms=frozenset({Mechanism.PULL})), {}, False),
        (
            NoticeCondition(mechanisms=frozenset({Mechanism.PULL, Mechanism.INVOICE})),
            {"payment_method": INVOICE},
            True,
        ),
        (NoticeCondition(raised=frozenset({"price-change"})), {}, False),
        (
            NoticeCondition(raised=frozenset({"price-change"})),
            {"conditions": frozenset({"price-change", "open-invoice"})},
            True,
        ),
        (
            NoticeCondition(raised=frozenset({"price-change", "open-invoice"})),
            {"conditions": frozenset({"price-change"})},
            False,
        ),
    ],
)
def test_a_condition_is_a_conjunction(condition, changes, holds):
    """All that is named has to hold; a cancellation switches off."""
    assert condition.holds(a_subscription(**changes)) is holds


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("auto_renew", "on"),
        ("renews", "hand"),
        ("kinds", Kind.PAID),
        ("mechanisms", {Mechanism.PULL}),
        ("raised", "price-change"),
    ],
)
def test_a_condition_is_checked(field, value):
    """Each field names what it takes."""
    with pytest.raises(InvalidType, match=rf"NoticeCondition\.{field}"):
        NoticeCondition(**{field: value})


# Rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": 7}, "code"),
        ({"clause": "own.notice"}, "clause"),
        ({"topic": "renewal"}, "topic"),
        ({"anchor": "term-end"}, "anchor"),
        ({"missed": None}, "missed"),
        ({"earliest": Term.days(45)}, "earliest"),
        ({"latest": 30}, "latest"),
        ({"condition": None}, "condition"),
        ({"scope": None}, "scope"),
        ({"reach": "FR"}, "reach"),
        ({"every": 12, "anchor": Anchor.PURCHASE}, "every"),
        ({"deadline": 30, "anchor": Anchor.CANCELLATION_DEADLINE}, "deadline"),
        ({"stage": 1}, "stage"),
        ({"recipients": {Role.OWNER}}, "recipients"),
        ({"recipients": frozenset({1})}, "recipients"),
        ({"medium": frozenset({"email"})}, "medium"),
        ({"contents": ["price"]}, "contents"),
        ({"contents": (1,)}, "contents"),
    ],
)
def test_a_rule_is_checked(changes, field):
    """Each field names what it takes."""
    with pytest.raises(InvalidType, match=rf"NoticeRule\.{field}"):
        rule(**changes)


@pytest.mark.parametrize("code", ["Reminder", "re minder", "a/b", "-a", "a-", "a--b", "", "é"])
def test_a_code_is_kebab_case(code):
    """A code is part of a key: no slash, nothing that is written in two ways."""
    with pytest.raises(InvalidValue, match=r"NoticeRule\.code"):
        rule(code=code)


BEFORE, AFTER = Offset(before=Term.days(5)), Offset(after=Term.days(5))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stage": "suspended"}, r"stage .* where STAGE_ENTRY is meant"),
        ({"anchor": Anchor.STAGE_ENTRY}, r"stage .* where STAGE_ENTRY is meant"),
        ({"deadline": Term.days(30)}, r"deadline .* where CANCELLATION_DEADLINE is meant"),
        ({"every": Term.years(1)}, r"every .* from TERM_START or PURCHASE"),
        (
            {"anchor": Anchor.STAGE_ENTRY, "stage": "a", "earliest": None, "latest": AFTER},
            r"earliest .* say when, from STAGE_ENTRY",
        ),
        (
            {"anchor": Anchor.CANCELLATION, "earliest": Offset(), "latest": None},
            r"latest .* say when, from CANCELLATION",
        ),
        ({"earliest": BEFORE, "latest": Offset(before=Term.days(6))}, "never comes before"),
        ({"earliest": Offset(), "latest": None}, "give a day before the term ends"),
        (
            {"anchor": Anchor.RENEWAL_DATE, "earliest": AFTER, "latest": None},
            "give a day before the term ends",
        ),
        (
            {
                "anchor": Anchor.PURCHASE,
                "every": Term.months(1),
                "earliest": None,
                "latest": Offset(before=Term.days(27)),
            },
            "stay within a period of P1M",
        ),
        (
            {
                "anchor": Anchor.PURCHASE,
                "every": Term.months(1),
                "earliest": AFTER,
                "latest": None,
            },
            "never comes before",
        ),
    ],
)
def test_a_rule_that_contradicts_itself_cannot_be_written(changes, message):
    """What could never be due, or not be told from which day, is refused with what to do."""
    with pytest.raises(InvalidValue, match=message):
        rule(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"earliest": BEFORE, "latest": BEFORE},
        {"earliest": BEFORE, "latest": None},
        {"earliest": None, "latest": None},
        {"earliest": None, "latest": BEFORE},
        {"earliest": Offset(), "latest": AFTER},
        {"anchor": Anchor.STAGE_ENTRY, "stage": "suspended"},
        {"anchor": Anchor.CANCELLATION_DEADLINE, "deadline": Term.months(1)},
        {"anchor": Anchor.WINDOW_OPENS, "earliest": Offset(), "latest": None},
        {
            "anchor": Anchor.PURCHASE,
            "every": Term.months(1),
            "earliest": None,
            "latest": Offset(before=Term.days(26)),
        },
        {"anchor": Anchor.PURCHASE, "every": Term.days(7), "earliest": None, "latest": None},
        {"anchor": Anchor.TERM_START, "every": Term.years(1), "earliest": BEFORE, "latest": None},
        {"recipients": frozenset({Role.PAYER, "lawyer"}), "medium": frozenset(Medium)},
        {"reach": Reach(regions=frozenset({"FR"})), "missed": Missed.CLAUSE_VOID},
        {"contents": ("deadline", "price")},
    ],
)
def test_what_can_be_written(changes):
    """A rule is frozen, hashable and the same after pickling."""
    made = rule(**changes)
    assert hash(made) == hash(rule(**changes))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own bytes
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.code = "other"


def test_a_code_is_given_once():
    """Two rules of one code would have one key."""
    one, other = rule(), rule(code="other")
    check_notice_rules("notices", (one, other))
    check_notice_rules("notices", ())
    with pytest.raises(InvalidValue, match="notices is 'reminder': give each code once"):
        check_notice_rules("notices", (one, other, rule(topic=Topic.END)))
    with pytest.raises(InvalidType, match="notices"):
        check_notice_rules("notices", [one])
    with pytest.raises(InvalidType, match=r"notices\[1\]"):
        check_notice_rules("notices", (one, "other"))


def test_enums_are_words():
    """Values are kebab-case and stay."""
    assert AutoRenew.ON == "on"
    for enum in (Anchor, Medium, Missed, Topic):
        for member in enum:
            assert member.value == member.name.lower().replace("_", "-")
