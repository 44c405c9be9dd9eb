"""
Amounts that people wrote, read back.

Rule 1: what `money_text` writes is read as the same amount, in every locale.

Rule 2: who reads must be sure. An amount that could mean two things in a locale is refused, and so
is a locale that is not known, although writing falls back to English.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model.money import Money, smallest_unit_digits
from subrenew.words.catalogues import known_locale
from subrenew.words.formats import money_text

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["parse_money"]

#: Marks for the direction of writing, which some locales put into their amounts.
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
#: What is typed for what is printed: blanks of all widths, apostrophes, minus signs.
_TYPED: Final = {
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " "),
    ord("’"): "'",
    ord("\u2212"): "-",
}


def parse_money(text: str, currency: str, locale: str = "en") -> Money:
    """
    Return the amount that a person wrote, with separators and maybe the currency's sign.

    Separators are the locale's own, wherever they stand they must be in place, and there are never
    more digits after the point than the currency has: "1.234" is no amount of dollars in English,
    because its author probably means something else.

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
        number = re.sub(r"^[^0-9]+|[^0-9]+$", "", _typed(example))
        raise InvalidValue(
            "text",
            text,
            f'write an amount as "{number}", in the way of the locale {spoken}, with at'
            f" most {digits} digits after the point and no other currency than {currency}",
        )
    return Money(f"{sign}{plain}", currency)


def _typed(text: str) -> str:
    return text.translate(_UNSEEN).translate(_TYPED).strip()


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
    if found and not (0 < len(fraction) <= digits and fraction.isascii() and fraction.isdigit()):
        return None
    first, *groups = whole.split(_typed_symbol(group))
    if groups and not any(
        [len(each) for each in groups] == [*[other] * (len(groups) - 1), last]
        and 1 <= len(first) <= other
        and first[0] != "0"
        for last, other in _groupings(locale)
    ):
        return None
    plain = "".join((first, *groups))
    if not (0 < len(plain) <= 15 and plain.isascii() and plain.isdigit()):
        return None
    return f"{plain}.{fraction}" if found else plain


def _groupings(locale: Locale) -> set[tuple[int, int]]:
    """Return how many digits the last group has, and the others; amounts may have their own."""
    patterns = locale.decimal_formats[None], locale.currency_formats["standard"]
    return {pattern.grouping for pattern in patterns}


def _typed_symbol(symbol: str) -> str:
    # Not `_typed`: a blank is what separates groups in half of the world.
    return symbol.translate(_UNSEEN).translate(_TYPED)
