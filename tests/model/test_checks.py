"""Types are compared exactly, and every refusal names the field and the remedy."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import pytest

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks


class Colour(Enum):
    """Two members to choose from."""

    RED = 1
    BLUE = 2


def test_dates_at_the_limits() -> None:
    """The first and the last day are taken, the days around them are not."""
    checks.calendar_date("f", date(1900, 1, 1))
    checks.calendar_date("f", date(9000, 12, 31))
    checks.optional_date("f", None)
    for day in (date(1899, 12, 31), date(9001, 1, 1), date.min, date.max):
        with pytest.raises(InvalidValue, match=r"^f is .* give a day of the years 1900 to 9000"):
            checks.optional_date("f", day)


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (datetime(2026, 1, 31), "local_day"),
        ("2026-01-31", r"datetime\.date"),
        (20260131, r"datetime\.date"),
        (None, r"datetime\.date"),
    ],
)
def test_only_dates_are_dates(value: object, remedy: str) -> None:
    """An instant is told how to become a day, and other types what to be."""
    with pytest.raises(InvalidType, match=remedy):
        checks.calendar_date("f", value)


@pytest.mark.parametrize("value", ["a", "a b", "é", "東京", "a" * 200, "-", "0"])
def test_text_is_taken(value: str) -> None:
    """Printable text of 1 to 200 characters is text, in any script."""
    assert checks.is_text(value)
    checks.text("f", value)
    checks.optional_text("f", value)


@pytest.mark.parametrize(
    ("value", "error", "remedy"),
    [
        ("", InvalidValue, "1 to 200 characters"),
        (" ", InvalidValue, "1 to 200 characters"),
        (" a", InvalidValue, "neither begin nor end"),
        ("a ", InvalidValue, "neither begin nor end"),
        pytest.param("a" * 201, InvalidValue, "1 to 200 characters", id="long"),
        ("a\nb", InvalidValue, "line breaks"),
        ("a\x00", InvalidValue, "control characters"),
        ("\u202eabc", InvalidValue, "control characters"),
        ("\ud800", InvalidValue, "control characters"),
        (b"a", InvalidType, "give text"),
        (1, InvalidType, "give text"),
        (Colour.RED, InvalidType, "give text"),
        (checks, InvalidType, "give text"),
    ],
)
def test_text_is_refused(value: object, error: type[Exception], remedy: str) -> None:
    """Blanks at the ends, control characters, empty or long text and other types are refused."""
    assert not checks.is_text(value)
    with pytest.raises(error, match=remedy):
        checks.optional_text("f", value)


def test_whole_numbers_at_their_limits() -> None:
    """Both ends are included, and one beyond either is refused."""
    checks.whole_number("f", 1, least=1, most=3)
    checks.whole_number("f", 3, least=1, most=3)
    for value in (0, 4, -(10**5_000)):
        with pytest.raises(InvalidValue, match="from 1 to 3"):
            checks.whole_number("f", value, least=1, most=3)
    for other in (True, 2.0, "2", Decimal(2), None):
        with pytest.raises(InvalidType, match="from 1 to 3"):
            checks.whole_number("f", other, least=1, most=3)


def test_members_are_listed() -> None:
    """What is no member is told which members there are."""
    checks.member("f", Colour.RED, Colour)
    for value in ("RED", 1, None):
        with pytest.raises(InvalidType, match=r"give one of Colour\.RED, Colour\.BLUE"):
            checks.member("f", value, Colour)


def test_instances_are_of_the_class_itself() -> None:
    """A value of a subclass is refused."""
    checks.instance("f", 1, int)
    for value in (True, "1", None):
        with pytest.raises(InvalidType, match="give a int"):
            checks.instance("f", value, int)


def test_tuples_name_the_item() -> None:
    """A wrong item is told by its place; a list is no tuple."""
    checks.tuple_of("f", (), int)
    checks.tuple_of("f", (1, "a"), int, str)
    with pytest.raises(InvalidType, match=r"^f\[1\] is True: give a int or str"):
        checks.tuple_of("f", (1, True), int, str)
    for value in ([1], None, iter((1,))):
        with pytest.raises(InvalidType, match="give a tuple of int"):
            checks.tuple_of("f", value, int)


def test_frozensets_name_their_classes() -> None:
    """A wrong item and a set that can change are refused."""
    checks.frozenset_of("f", frozenset(), str)
    checks.frozenset_of("f", frozenset({"a", 1}), str, int)
    with pytest.raises(InvalidType, match=r"^f is 1: give a frozenset of str only"):
        checks.frozenset_of("f", frozenset({1}), str)
    for value in ({"a"}, ("a",), "a", None):
        with pytest.raises(InvalidType, match="give a frozenset of str"):
            checks.frozenset_of("f", value, str)


@pytest.mark.parametrize("value", ["0", "-0", "0.000001", "0.05", "0.050000", "0.999999", "0E+9"])
def test_rates_are_taken(value: str) -> None:
    """A fraction from zero to below one, of six digits at most, is a rate."""
    checks.rate("f", Decimal(value))


def test_countries_are_two_capital_letters() -> None:
    """Two ASCII capital letters are a country and nothing else is."""
    checks.country("f", "FR")
    for value in ("fr", "F", "FRA", "F1", "", "ÉÉ", "\uff26\uff32"):
        with pytest.raises(InvalidValue, match="two capital letters"):
            checks.country("f", value)
    for other in (None, 33, b"FR"):
        with pytest.raises(InvalidType, match="two capital letters"):
            checks.country("f", other)
