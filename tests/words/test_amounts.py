"""Amounts as people write them, and what is refused."""

import re

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from subrenew import InvalidType, InvalidValue, Money
from subrenew.model.money import CURRENCIES
from subrenew.words.amounts import parse_money
from subrenew.words.formats import money_text


@pytest.mark.parametrize(
    ("text", "currency", "locale", "amount"),
    [
        ("2,060.23", "USD", "en", "2060.23"),
        ("$2,060.23", "USD", "en", "2060.23"),
        ("USD 2060.23", "USD", "en", "2060.23"),
        ("2060.2", "USD", "en", "2060.2"),
        ("2060", "USD", "en", "2060"),
        (" 2060 ", "USD", "en", "2060"),
        ("2 060,23", "EUR", "fr", "2060.23"),
        ("2\u202f060,23\u00a0€", "EUR", "fr", "2060.23"),
        ("2\u00a0060,23", "EUR", "fr", "2060.23"),
        ("2060,23 EUR", "EUR", "fr", "2060.23"),
        ("2.060,23", "EUR", "de", "2060.23"),
        ("2'060.23", "CHF", "de_CH", "2060.23"),
        ("2’060.23", "CHF", "de_CH", "2060.23"),
        ("12,34,567.00", "INR", "en_IN", "1234567"),
        ("-5", "USD", "en", "-5"),
        ("-$5", "USD", "en", "-5"),
        ("$-5", "USD", "en", "-5"),
        ("\u22125 €", "EUR", "fr", "-5"),
        ("€ 5,00-", "EUR", "fy", "-5"),
        ("1,001", "JPY", "en", "1001"),
        ("1.234", "KWD", "en", "1.234"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, currency, locale, amount):
    """With the locale's separators, blanks of any width, and the currency's own sign."""
    assert parse_money(text, currency, locale) == Money(amount, currency)


@pytest.mark.parametrize(
    ("text", "currency", "locale"),
    [
        ("2.060,23", "USD", "en"),
        ("2,060.23", "EUR", "fr"),
        ("2.060,23", "EUR", "fr"),
        ("1.234", "USD", "en"),
        ("1,23", "USD", "en"),
        ("1,234,56", "USD", "en"),
        ("12,34,567", "USD", "en"),
        ("1234,567", "USD", "en"),
        (",123", "USD", "en"),
        ("0,123", "KWD", "en"),
        ("1 234", "USD", "en"),
        ("1,001.0", "JPY", "en"),
        ("5.", "USD", "en"),
        (".5", "USD", "en"),
        ("", "USD", "en"),
        ("-", "USD", "en"),
        ("$", "USD", "en"),
        ("--5", "USD", "en"),
        ("-5-", "USD", "en"),
        ("$$5", "USD", "en"),
        ("€5", "USD", "en"),
        ("$5", "USD", "en_CA"),
        ("five", "USD", "en"),
        ("1e3", "USD", "en"),
        ("\u0665", "USD", "en"),
        ("5.\u0665", "USD", "en"),
        ("NaN", "USD", "en"),
        ("1" * 16, "USD", "en"),
        ("1" * 100_000, "USD", "en"),
        (" " * 100 + "5", "USD", "en"),
    ],
)
def test_an_ambiguous_amount_is_refused_with_an_example(text, currency, locale):
    """The error names the field, the value, and how to write it."""
    with pytest.raises(InvalidValue, match="write an amount as") as caught:
        parse_money(text, currency, locale)
    assert caught.value.field == "text"
    assert caught.value.value == text


def test_the_example_in_the_message_can_be_typed():
    """What the message shows is accepted."""
    with pytest.raises(InvalidValue, match='"2 060,23", in the way of the locale fr'):
        parse_money("?", "EUR", "fr")
    with pytest.raises(InvalidValue, match=re.escape('"2\'060.23"')):
        parse_money("?", "CHF", "de_CH")
    with pytest.raises(InvalidValue, match='"2,060"'):
        parse_money("?", "JPY", "en")


def test_reading_is_strict_about_everything_else():
    """A locale that is not known could misread an amount, so it is refused where one is read."""
    with pytest.raises(InvalidType, match="text"):
        parse_money(5, "USD")
    with pytest.raises(InvalidType, match="locale"):
        parse_money("5", "USD", None)
    with pytest.raises(InvalidValue, match="locale"):
        parse_money("5", "USD", "tlh")
    with pytest.raises(InvalidValue, match="currency"):
        parse_money("5", "usd")


@given(
    st.sampled_from(locale_identifiers()),
    st.sampled_from(sorted(CURRENCIES)),
    st.integers(-(10**15) + 1, 10**15 - 1),
)
def test_what_is_written_is_read_back(locale, currency, units):
    """For every locale and currency that Babel and ISO 4217 know."""
    money = Money.of_units(units, currency)
    assert parse_money(money_text(money, locale), currency, locale) == money
