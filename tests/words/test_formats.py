"""Numbers, dates and amounts as they are written and read."""

from datetime import date
from decimal import Decimal, localcontext

import pytest

from subrenew import Money, Term
from subrenew.words.catalogues import resolve_locale
from subrenew.words.formats import (
    date_text,
    list_text,
    money_text,
    month_text,
    number_text,
    rate_text,
    region_text,
    short_date_text,
    term_text,
)


def plain(text: str) -> str:
    """Blanks of all widths as one: which of them CLDR uses is its own affair."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_dates_are_written_long_or_short():
    """French dates of the first say so."""
    assert date_text(date(2025, 12, 31)) == "December 31, 2025"
    assert date_text(date(2025, 12, 31), "en_GB") == "31 December 2025"
    assert date_text(date(2025, 1, 31), "fr") == "31 janvier 2025"
    assert date_text(date(2025, 1, 1), "fr") == "1er janvier 2025"
    assert date_text(date(2025, 1, 1), "de") == "1. Januar 2025"
    assert short_date_text(date(2025, 1, 1), "fr_CA").startswith("1er janv")
    assert "2025" in month_text(date(2025, 12, 31), "fr")


def test_a_format_falls_back_to_english():
    """Writing harms nobody, so it never fails."""
    assert date_text(date(2025, 12, 31), "no such") == "December 31, 2025"
    assert date_text(date(2025, 12, 31), None) == "December 31, 2025"
    assert date_text(date(2025, 12, 31), resolve_locale("fr")) == "31 décembre 2025"


@pytest.mark.parametrize(
    ("rate", "english", "french"),
    [
        ("0", "0%", "0 %"),
        ("0.05", "5%", "5 %"),
        ("0.0500", "5%", "5 %"),
        ("0.125", "12.5%", "12,5 %"),
        ("0.050949", "5.09%", "5,09 %"),
        ("0.059999", "5.99%", "5,99 %"),
        ("-0.000001", "-0.01%", "-0,01 %"),
    ],
)
def test_a_rate_is_cut_off_and_never_overstated(rate, english, french):
    """Five per cent is 5 %, and 5.999 % is not six."""
    assert rate_text(Decimal(rate)) == english
    assert plain(rate_text(Decimal(rate), "fr")) == french


@pytest.mark.parametrize(
    ("money", "english", "french"),
    [
        (Money("2060.23", "USD"), "$2,060.23", "2 060,23 $US"),
        (Money("2060.23", "EUR"), "€2,060.23", "2 060,23 €"),
        (Money(1001, "JPY"), "¥1,001", "1 001 JPY"),
        (Money("1.005", "KWD"), "KWD 1.005", "1,005 KWD"),
        (Money("9.509", "EUR"), "€9.509", "9,509 €"),
        (Money("10.50", "AFN"), "AFN 10.50", "10,50 AFN"),
        (Money("-1.00", "USD"), "-$1.00", "-1,00 $US"),
    ],
)
def test_an_amount_is_written_with_all_its_digits(money, english, french):
    """Also where CLDR counts fewer digits than ISO 4217, and where a price is not yet rounded."""
    assert plain(money_text(money)) == english
    assert plain(money_text(money, "fr")) == french


def test_the_callers_decimal_context_changes_nothing():
    """Babel computes in the ambient context; amounts do not depend on it."""
    with localcontext() as ambient:
        ambient.prec = 2
        assert money_text(Money("1234567.89", "USD")) == "$1,234,567.89"
        assert rate_text(Decimal("0.050949")) == "5.09%"
        assert number_text(1234567) == "1,234,567"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_terms_are_counted(count):
    """A term is said in its own unit, in the languages that have a catalogue."""
    ending = "" if count == 1 else "s"
    assert term_text(Term.days(count)) == f"{count} day{ending}"
    assert term_text(Term.weeks(count)) == f"{count} week{ending}"
    assert term_text(Term.months(count)) == f"{count} month{ending}"
    assert term_text(Term.years(count)) == f"{count} year{ending}"
    assert plain(term_text(Term.years(count), "fr_CA")) == f"{count} an{ending}"
    assert plain(term_text(Term.months(count), "fr")) == f"{count} mois"
    assert term_text(Term.years(count), "de") == f"{count} year{ending}"


def test_lists_and_regions():
    """Enumerations follow the language; a region that is no country is its own name."""
    assert list_text(("a", "b")) == "a and b"
    assert list_text(("a", "b"), "fr", style="or") == "a ou b"
    assert region_text("JP", "fr") == "Japon"
    assert region_text("EMEA", "fr") == "EMEA"
