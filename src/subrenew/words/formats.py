"""
Numbers, dates, amounts and lists as a locale writes them.

Rule 1: nothing is hidden: an amount is written with all its digits.

Rule 2: a saving is never overstated, here as anywhere: a rate is cut off, not rounded up.

Rule 3: formatting falls back to English where a locale is unknown; parsing does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from subrenew.model.money import Money
from subrenew.model.terms import Term, Unit
from subrenew.words import labels
from subrenew.words.catalogues import Language, known_locale, resolve_locale

if TYPE_CHECKING:
    from babel import Locale

__all__ = [
    "date_text",
    "list_text",
    "money_text",
    "month_text",
    "number_text",
    "rate_text",
    "region_text",
    "short_date_text",
    "term_text",
]

#: Babel computes in the ambient decimal context, which is the caller's and may be anything.
_EXACT: Final = Context(prec=60)
_FRACTION: Final = re.compile(r"\.0+")
_UNITS: Final = MappingProxyType(
    {
        Unit.DAY: labels.DAYS,
        Unit.WEEK: labels.WEEKS,
        Unit.MONTH: labels.MONTHS,
        Unit.YEAR: labels.YEARS,
    }
)


def _locale(locale: str | Language) -> Locale:
    if isinstance(locale, Language):
        return locale.locale
    known = known_locale(locale) if type(locale) is str else None
    return known or resolve_locale("en").locale


def date_text(day: date, locale: str | Language = "en") -> str:
    """
    Return a day in words.

    >>> date_text(date(2025, 12, 31)), date_text(date(2025, 12, 31), "de")
    ('December 31, 2025', '31. Dezember 2025')
    """
    from babel.dates import format_date

    spoken = _locale(locale)
    return _first_of_month(day, spoken, format_date(day, "long", locale=spoken))


def short_date_text(day: date, locale: str | Language = "en") -> str:
    """
    Return a day for a narrow column.

    >>> short_date_text(date(2025, 12, 31))
    'Dec 31, 2025'
    """
    from babel.dates import format_date

    spoken = _locale(locale)
    return _first_of_month(day, spoken, format_date(day, "medium", locale=spoken))


def _first_of_month(day: date, locale: Locale, text: str) -> str:
    # In French the first is said as an ordinal, which CLDR's patterns cannot express.
    if locale.language == "fr" and day.day == 1 and text.startswith("1 "):
        return f"1er{text[1:]}"
    return text


def month_text(day: date, locale: str | Language = "en") -> str:
    """
    Return the month and year of a day.

    >>> month_text(date(2025, 12, 31))
    'Dec 2025'
    """
    from babel.dates import format_skeleton

    return format_skeleton("yMMM", day, locale=_locale(locale))


def number_text(number: int, locale: str | Language = "en") -> str:
    """
    Return a whole number with the locale's separators.

    >>> number_text(12345)
    '12,345'
    """
    from babel.numbers import format_decimal

    with localcontext(_EXACT):
        return format_decimal(number, locale=_locale(locale))


def rate_text(rate: Decimal, locale: str | Language = "en") -> str:
    """
    Return a fraction in per cent, cut off after two digits.

    >>> rate_text(Decimal("0.05")), rate_text(Decimal("0.050999"))
    ('5%', '5.09%')
    """
    from babel.numbers import format_percent

    with localcontext(_EXACT):
        cut = rate.quantize(Decimal("0.0001"), rounding=ROUND_FLOOR).normalize()
        return format_percent(cut, locale=_locale(locale), decimal_quantization=False)


def money_text(money: Money, locale: str | Language = "en") -> str:
    """
    Return an amount with its currency, and with all its digits.

    The digits after the point are ISO 4217's, which Babel's own table does not always follow.

    >>> money_text(Money("2060.23", "USD")), money_text(Money(1001, "JPY"))
    ('$2,060.23', '¥1,001')
    """
    from babel.numbers import format_currency

    spoken, amount = _locale(locale), money.amount
    pattern = _money_pattern(money.currency, -int(amount.as_tuple().exponent), spoken)
    with localcontext(_EXACT):
        return format_currency(
            amount, money.currency, pattern, locale=spoken, currency_digits=False
        )


def _money_pattern(currency: str, digits: int, locale: Locale) -> str:
    """Return the locale's pattern with so many digits, and a blank where letters meet digits."""
    from babel.numbers import get_currency_symbol

    pattern: str = locale.currency_formats["standard"].pattern
    pattern = _FRACTION.sub(f".{'0' * digits}" if digits else "", pattern)
    # CLDR's rule for the spacing of currencies, which Babel leaves out.
    if unicodedata.category(get_currency_symbol(currency, locale)[-1])[0] not in "SZ":
        pattern = pattern.replace("¤#", "¤\u00a0#")
    return pattern


def term_text(term: Term, locale: str | Language = "en") -> str:
    """
    Return a term in words; it is a text, and so in a language that has a catalogue.

    >>> term_text(Term.years(1)), term_text(Term.months(12)), term_text(Term.days(30))
    ('1 year', '12 months', '30 days')
    """
    return resolve_locale(locale).count(_UNITS[term.unit], term.count)


def list_text(
    texts: Sequence[str],
    locale: str | Language = "en",
    *,
    style: Literal["standard", "or"] = "standard",
) -> str:
    """
    Return several texts as one enumeration.

    >>> list_text(("a", "b", "c"), style="or")
    'a, b, or c'
    """
    from babel.lists import format_list

    return format_list(texts, style=style, locale=_locale(locale))


def region_text(region: str, locale: str | Language = "en") -> str:
    """
    Return the name of a country given by its two letters; any other region is its own name.

    >>> region_text("JP"), region_text("EMEA")
    ('Japan', 'EMEA')
    """
    return str(_locale(locale).territories.get(region, region))
