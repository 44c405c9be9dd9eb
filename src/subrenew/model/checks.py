"""
What a field may hold: plain functions that return nothing or raise.

Rule 1: types are compared exactly. ``True`` is not 1, ``"7"`` is not 7, and a ``datetime`` is not a
``date`` although Python says so.

Rule 2: each takes the field's path first, so that the message can name it.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeVar

from subrenew.clauses import Clause
from subrenew.errors import InvalidType, InvalidValue

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9000
FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)
LAST_DAY: Final = date(LAST_YEAR, 12, 31)
_RATE_DIGITS: Final = 6
_TEXT_CHARACTERS: Final = 200

E = TypeVar("E", bound=Enum)


def calendar_date(field: str, value: object) -> None:
    """Raise unless it is a date of the years 1900 to 9000 (reading 1)."""
    if type(value) is not date:
        if isinstance(value, datetime):
            raise InvalidType(
                field, value, "give a date; local_day(instant, zone) turns an instant into one"
            )
        raise InvalidType(field, value, "give a datetime.date, such as date(2026, 1, 31)")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise InvalidValue(field, value, f"give a day of the years {FIRST_YEAR} to {LAST_YEAR}")


def optional_date(field: str, value: object) -> None:
    """Raise unless it is ``None`` or what `calendar_date` takes."""
    if value is not None:
        calendar_date(field, value)


def instant(field: str, value: object) -> None:
    """Raise unless it is a datetime with a time zone (reading 1)."""
    if type(value) is not datetime:
        raise InvalidType(field, value, "give a datetime with a time zone")
    if value.utcoffset() is None:
        raise InvalidValue(field, value, "give it a time zone: a naive one is no instant")


def is_text(value: object) -> bool:
    """Return whether *value* is printable text, without blanks at its ends, not too long."""
    return (
        type(value) is str
        and 0 < len(value) <= _TEXT_CHARACTERS
        and value.isprintable()
        and value.strip() == value
    )


def text(field: str, value: object) -> None:
    """Raise unless it is printable text of 1 to 200 characters without blanks at its ends."""
    if is_text(value):
        return
    if type(value) is not str:
        raise InvalidType(field, value, "give text")
    if not value.isprintable():
        raise InvalidValue(field, value, "leave out line breaks and control characters")
    raise InvalidValue(
        field, value, "give 1 to 200 characters that neither begin nor end with a blank"
    )


def bounded(key: str) -> str:
    """Return a key of at most 200 characters: a longer one by its hash, which is as good as it."""
    if len(key) <= _TEXT_CHARACTERS:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def optional_text(field: str, value: object) -> None:
    """Raise unless it is ``None`` or what `text` takes."""
    if value is not None:
        text(field, value)


def whole_number(field: str, value: object, *, least: int, most: int) -> None:
    """Raise unless it is an integer from *least* to *most*, both included."""
    if type(value) is not int:
        raise InvalidType(field, value, f"give a whole number from {least} to {most}")
    if not least <= value <= most:
        raise InvalidValue(field, value, f"give a whole number from {least} to {most}")


def member(field: str, value: object, enum: type[E]) -> None:
    """Raise unless it is a member of *enum*."""
    if type(value) is not enum:
        names = ", ".join(f"{enum.__name__}.{each.name}" for each in enum)
        raise InvalidType(field, value, f"give one of {names}")


def instance(field: str, value: object, kind: type) -> None:
    """Raise unless it is an instance of exactly this class."""
    if type(value) is not kind:
        raise InvalidType(field, value, f"give a {kind.__name__}")


def tuple_of(field: str, value: object, *kinds: type) -> None:
    """Raise unless it is a tuple whose items are of exactly these classes."""
    names = " or ".join(kind.__name__ for kind in kinds)
    if type(value) is not tuple:
        raise InvalidType(field, value, f"give a tuple of {names}")
    for index, item in enumerate(value):
        if type(item) not in kinds:
            raise InvalidType(f"{field}[{index}]", item, f"give a {names}")


def optional_clause(field: str, value: object) -> None:
    """Raise unless it is ``None`` or a clause."""
    if value is not None:
        instance(field, value, Clause)


def frozenset_of(field: str, value: object, *kinds: type) -> None:
    """Raise unless it is a frozenset whose items are of exactly these classes."""
    names = " or ".join(kind.__name__ for kind in kinds)
    if type(value) is not frozenset:
        raise InvalidType(field, value, f"give a frozenset of {names}")
    for item in value:
        if type(item) not in kinds:
            raise InvalidType(field, item, f"give a frozenset of {names} only")


def rate(field: str, value: object, *, whole: bool = False) -> None:
    """Raise unless it is a `Decimal` fraction from 0 to below 1, or to 1, of six digits at most."""
    if type(value) is not Decimal:
        raise InvalidType(field, value, 'give a Decimal fraction: Decimal("0.05") is 5 %')
    if not value.is_finite() or not (0 <= value < 1 or (whole and value == 1)):
        raise InvalidValue(field, value, 'give a fraction below 1: Decimal("0.05") is 5 %')
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_RATE_DIGITS:
        raise InvalidValue(field, value, "give at most six digits after the point")


def country(field: str, value: object) -> None:
    """Raise unless it is a country's two capital letters (ISO 3166-1)."""
    if type(value) is not str:
        raise InvalidType(field, value, 'give two capital letters, such as "FR"')
    if not (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        raise InvalidValue(field, value, 'give two capital letters, such as "FR"')
