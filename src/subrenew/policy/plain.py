"""
Single values as JSON and TOML can hold them, and back.

Rule 1: each kind has one form: a day is ``"2026-01-31"``, a term ``"P1Y"``, a fraction ``"0.05"``,
an amount ``"10.00 USD"``, a time ``"PT168H"``, an instant ``"2026-01-31T12:00:00+00:00"``; a member
of an enum is its value, and a clause of the source its identifier.

Rule 2: nothing is coerced. ``"7"`` is not 7, ``True`` is not 1, and a float is no fraction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import attrs

from subrenew.clauses import CLAUSES
from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks
from subrenew.model.money import Money
from subrenew.model.secret import PasswordHash
from subrenew.model.terms import Term

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FRACTION: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_MONEY: Final = re.compile(r"(-?[0-9.]{1,30}) ([A-Z]{3})", re.ASCII)
_TIME: Final = re.compile(r"PT([0-9]{1,9})([HMS])", re.ASCII)
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}[+-][0-9:.]{5,15}", re.ASCII)
_SECONDS: Final = (("H", 3600), ("M", 60), ("S", 1))
_CLAUSES: Final = MappingProxyType({each.id: each for each in CLAUSES})
_LONGEST_NEAR: Final = 60


@attrs.frozen
class Form:
    """How one kind of value is written."""

    #: What to give, for messages.
    wanted: str
    #: From the plain value; what it raises names no field.
    read: Callable[[object], object]
    #: To the plain value.
    write: Callable[[Any], object]
    #: What stands where a wrong one was given, so that the rest can still be checked.
    stand_in: object


def _exactly(kind: type) -> Callable[[object], object]:
    def read(given: object) -> object:
        if type(given) is not kind:
            raise InvalidType("", given, f"give {wanted(kind)}")
        return given

    return read


def _same(value: object) -> object:
    return value


def _matched(given: object, pattern: re.Pattern[str], kind: type) -> re.Match[str]:
    if type(given) is not str:
        raise InvalidType("", given, f"give {wanted(kind)}")
    match = pattern.fullmatch(given)
    if match is None:
        raise InvalidValue("", given, f"give {wanted(kind)}")
    return match


def _read_day(given: object) -> date:
    if type(given) is date:  # TOML has days of its own
        day = given
    else:
        text = _matched(given, _DAY, date)[0]
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise InvalidValue("", given, "give a day that the calendar has") from None
    checks.calendar_date("", day)
    return day


def _read_fraction(given: object) -> Decimal:
    return Decimal(_matched(given, _FRACTION, Decimal)[0])


def _write_fraction(value: Decimal) -> str:
    text = f"{value:f}"
    if _FRACTION.fullmatch(text) is None:
        raise InvalidValue("to_mapping", value, "give 1 to 30 digits on each side of the point")
    return text


def _read_money(given: object) -> Money:
    match = _matched(given, _MONEY, Money)
    return Money(match[1], match[2])


def _read_term(given: object) -> Term:
    if type(given) is not str:
        raise InvalidType("", given, f"give {wanted(Term)}")
    return Term.parse(given)


def _read_time(given: object) -> timedelta:
    match = _matched(given, _TIME, timedelta)
    return timedelta(seconds=int(match[1]) * dict(_SECONDS)[match[2]])


def _read_instant(given: object) -> datetime:
    text = _matched(given, _INSTANT, datetime)[0]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue("", given, "give an instant that the calendar has") from None


def _read_hash(given: object) -> PasswordHash:
    if type(given) is not str:
        raise InvalidType("", given, f"give {wanted(PasswordHash)}")
    return PasswordHash(given)


def _write_time(value: timedelta) -> str:
    whole = value // timedelta(seconds=1)
    if whole < 0 or value != timedelta(seconds=whole):
        raise InvalidValue("to_mapping", value, "give whole seconds, zero or more")
    unit, count = next((unit, count) for unit, count in _SECONDS if not whole % count)
    return f"PT{whole // count}{unit}"


#: How each kind of single value is written.
FORMS: Final = MappingProxyType[Any, Form](
    {
        str: Form("text", _exactly(str), _same, "-"),
        int: Form("a whole number", _exactly(int), _same, 1),
        bool: Form("true or false", _exactly(bool), _same, stand_in=False),
        date: Form('a day, such as "2026-01-31"', _read_day, date.isoformat, date(2000, 1, 1)),
        Decimal: Form(
            'a number as text, such as "0.05"', _read_fraction, _write_fraction, Decimal(0)
        ),
        Money: Form('an amount, such as "10.00 USD"', _read_money, str, Money(1, "USD")),
        Term: Form('a term, such as "P1Y"', _read_term, str, Term.years(1)),
        datetime: Form(
            'an instant, such as "2026-01-31T12:00:00+00:00"',
            _read_instant,
            datetime.isoformat,
            datetime(2000, 1, 1, tzinfo=UTC),
        ),
        # To be stored: whoever writes an order keeps it where its hash is kept.
        PasswordHash: Form(
            "a hash that was stored", _read_hash, PasswordHash.reveal, PasswordHash("-")
        ),
        timedelta: Form('a time, such as "PT168H"', _read_time, _write_time, timedelta(days=1)),
    }
)


def is_union(hint: object) -> bool:
    """Return whether a type hint offers a choice, such as ``PaymentKind | str``."""
    return get_origin(hint) in (Union, UnionType)


def is_enum(hint: object) -> bool:
    """Return whether a type hint is an enum."""
    return isinstance(hint, type) and issubclass(hint, Enum)


def wanted(hint: Any) -> str:  # noqa: ANN401 - a type hint has no type
    """
    Return what to give for a type hint, in words.

    >>> wanted(Term | None), wanted(tuple[str, ...])
    ('a term, such as "P1Y"', 'a list')
    """
    if is_union(hint):
        return " or ".join(wanted(each) for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) in (tuple, frozenset):
        return "a list"
    if is_enum(hint):
        values = ", ".join(f'"{each.value}"' for each in hint)
        return f"one of {values}"
    return FORMS[hint].wanted if hint in FORMS else "a table"


def near(given: object, names: Iterable[str]) -> str:
    """
    Return the end of a remedy that suggests what was meant, or nothing.

    >>> near("windw", ["window", "stage"])
    '; did you mean "window"?'
    """
    if type(given) is not str or len(given) > _LONGEST_NEAR:
        return ""
    found = get_close_matches(given, names, 1)
    return f'; did you mean "{found[0]}"?' if found else ""


def read_member(hint: Any, given: object) -> Enum:  # noqa: ANN401 - an enum of any kind
    """
    Return the member of an enum that has this value.

    Raises:
        InvalidValue: None has.
    """
    for each in hint:
        if type(given) is str and each.value == given:
            member: Enum = each
            return member
    error = InvalidValue if type(given) is str else InvalidType
    raise error("", given, f"give {wanted(hint)}{near(given, [each.value for each in hint])}")


def read_clause(given: str) -> object:
    """
    Return the clause of the source that has this identifier.

    Raises:
        InvalidValue: None has.
    """
    if given in _CLAUSES:
        return _CLAUSES[given]
    remedy = "give a clause of the source, or a table with id, heading and says"
    raise InvalidValue("", given, f"{remedy}{near(given, _CLAUSES)}")
