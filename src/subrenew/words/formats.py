"""
Numbers, dates, amounts and lists as a locale writes them, and amounts read back.

Rule 1: nothing is hidden: an amount is written with all its digits, and read back as the same one.

Rule 2: a saving is never overstated, here as anywhere: a rate is cut off, not rounded up.

Rule 3: who reads must be sure. An amount that could mean two things in a locale is refused, and so
is a locale that is not known; writing, which harms nobody, falls back to English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model.money import Money, smallest_unit_digits
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
    "parse_money",
    "rate_text",
    "region_text",
    "short_date_text",
    "term_text",
]

#: Babel computes in the ambient decimal context, which is the caller's and may be anything.
_EXACT: Final = Context(prec=60)
_FRACTION: Final = re.compile(r"\.0+")
_UNITS: Final = MappingProxyType(
    {Unit.DAY: labels.DAYS, Unit.WEEK: labels.WEEKS, Unit.MONTH: labels.MONTHS}
)
#: Marks for the direction of writing, which some locales put into their amounts.
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
#: What is typed for what is printed: blanks of all widths, apostrophes, minus signs.
_TYPED: Final = {
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " "),
    ord("’"): "'",
    ord("\u2212"): "-",
}
_AMOUNT: Final = re.compile(r"[0-9]{1,15}", re.ASCII)


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
    digits = -int(amount.as_tuple().exponent)
    pattern = _FRACTION.sub(
        f".{'0' * digits}" if digits else "", spoken.currency_formats["standard"].pattern
    )
    with localcontext(_EXACT):
        return format_currency(
            amount, money.currency, pattern, locale=spoken, currency_digits=False
        )


def term_text(term: Term, locale: str | Language = "en") -> str:
    """
    Return a term in words; it is a text, and so in a language that has a catalogue.

    >>> term_text(Term.years(1)), term_text(Term.months(12)), term_text(Term.months(2), "fr")
    ('1 year', '12 months', '2 mois')
    """
    return resolve_locale(locale).count(_UNITS.get(term.unit, labels.YEARS), term.count)


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


def parse_money(text: str, currency: str, locale: str = "en") -> Money:
    """
    Return the amount that a person wrote, with separators and maybe the currency's sign.

    Separators are the locale's own, wherever they stand they must be in place, and there are never
    more digits after the point than the currency has: "1.234" is no amount of dollars in English,
    because who writes that means something else.

    Args:
        text: As people write it; blanks of any width and straight apostrophes are taken.
        currency: ISO 4217. A sign or code of another currency is refused.
        locale: Whose separators they are.

    Raises:
        InvalidValue: The text is no amount in this locale, or could be read in two ways; the
            locale or the currency is not known.
        InvalidType: The text or the locale is not text.

    >>> parse_money("2,060.23", "USD"), parse_money("2 060,23 €", "EUR", locale="fr")
    (Money('2060.23', 'USD'), Money('2060.23', 'EUR'))
    >>> parse_money("2.060,23", "USD")
    Traceback (most recent call last):
    subrenew.errors.InvalidValue: text is '2.060,23': write an amount as "2,060.23", ...
    """
    digits = smallest_unit_digits(currency)
    if type(text) is not str:
        raise InvalidType("text", text, "give an amount as a person writes it")
    if type(locale) is not str:
        raise InvalidType("locale", locale, 'give the name of a locale, such as "fr"')
    spoken = known_locale(locale)
    if spoken is None:
        raise InvalidValue("locale", locale, 'give the name of a locale, such as "fr"')
    sign, number = _signed(text, currency, spoken)
    plain = _plain_number(number, digits, spoken) if len(text) <= 80 else None
    if plain is None:
        example = money_text(Money("2060.23" if digits else "2060", currency), locale)
        typed = _typed(example).translate({ord("'"): "’"})
        raise InvalidValue(
            "text",
            text,
            f'write an amount as "{_number_of(typed)}", in the way of the locale {spoken}, with at'
            f" most {digits} digits after the point and no other currency than {currency}",
        )
    return Money(f"{sign}{plain}", currency)


def _typed(text: str) -> str:
    return text.translate(_UNSEEN).translate(_TYPED).strip()


def _number_of(text: str) -> str:
    found = re.search(r"[0-9].*[0-9]", text)
    return found[0] if found else text


def _signed(text: str, currency: str, locale: Locale) -> tuple[str, str]:
    """Return a minus or nothing, and the text without it and without the currency's sign."""
    from babel.numbers import get_currency_symbol

    rest, sign = _typed(text), ""
    signs: tuple[str, ...] = (_typed(get_currency_symbol(currency, locale)), currency)
    # A minus stands before or after a sign that comes first, or at the end of it all.
    for _ in range(2):
        if not sign and rest.startswith("-"):
            sign, rest = "-", rest[1:].lstrip()
        for mark in signs:
            if rest.startswith(mark):
                rest, signs = rest.removeprefix(mark).lstrip(), ()
                break
            if rest.endswith(mark):
                rest, signs = rest.removesuffix(mark).rstrip(), ()
                break
    if not sign and rest.endswith("-"):
        sign, rest = "-", rest[:-1].rstrip()
    return sign, rest


def _plain_number(text: str, digits: int, locale: Locale) -> str | None:
    """Return a number in plain digits, or ``None`` where it is not written as the locale does."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    point, group = _typed_symbol(get_decimal_symbol(locale)), get_group_symbol(locale)
    whole, found, fraction = text.partition(point)
    if found and not re.fullmatch(f"[0-9]{{1,{digits or 1}}}", fraction, re.ASCII):
        return None
    if found and not digits:
        return None
    first, *groups = whole.split(_typed_symbol(group))
    if groups:
        last, other = locale.decimal_formats[None].grouping
        sizes = [*[other] * (len(groups) - 1), last]
        if [len(each) for each in groups] != sizes or not 1 <= len(first) <= other:
            return None
    plain = "".join((first, *groups))
    if not _AMOUNT.fullmatch(plain):
        return None
    return f"{plain}.{fraction}" if found else plain


def _typed_symbol(symbol: str) -> str:
    # Not `_typed`: a blank is what separates groups in half of the world.
    return symbol.translate(_UNSEEN).translate(_TYPED)
