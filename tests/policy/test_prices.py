"""What is written down is what it costs: by product, term, country, currency and day."""

import pickle
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model.entities import Account, Subscription
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.prices import ListPrice, PriceBook, PriceList, RenewalRate

START = date(2024, 1, 1)
NEXT = date(2025, 1, 1)


def price(amount: str, currency: str = "EUR", **changes: Any) -> ListPrice:
    """Return a price of one year of CAD from 2024 on, with these fields changed."""
    fields = {"product": "CAD", "term": Term.years(1), "from_on": START, **changes}
    return ListPrice(price=Money(amount, currency), **fields)


def rate(fraction: str, **changes: Any) -> RenewalRate:
    """Return a rate for everything from 2024 on, with these fields changed."""
    return RenewalRate(**{"rate": Decimal(fraction), "from_on": START, **changes})


def subscribed(**changes: Any) -> Subscription:
    """Return one year of CAD held in France, with these fields changed."""
    fields = {
        "id": "S-1",
        "product": "CAD",
        "term": Term.years(1),
        "starts_on": START,
        "account": Account(id="A-1", country="FR"),
    }
    return Subscription(**{**fields, **changes})


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        ("2023-12-31", None),
        ("2024-01-01", "100"),
        ("2024-12-31", "100"),
        ("2025-01-01", "120"),
        ("2025-01-02", "120"),
    ],
)
def test_a_price_holds_until_the_next(on: str, amount: str | None) -> None:
    """A price holds from its day, in whatever order the list names them; before it is none."""
    book = PriceList(prices=(price("120", from_on=NEXT), price("100")))
    found = book.list_price(subscribed(), on=date.fromisoformat(on))
    assert found == (None if amount is None else Money(amount, "EUR"))


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({}, "100"),
        ({"product": "cad"}, "100"),
        ({"product": "\uff23\uff21\uff24"}, "100"),
        ({"product": "CA"}, None),
        ({"product": "CAD LT"}, None),
        ({"term": Term.months(12)}, "100"),
        ({"term": Term.months(1)}, None),
        ({"term": Term.days(365)}, None),
        ({"currency": "EUR"}, "100"),
        ({"currency": "USD"}, None),
        ({"account": None}, "90"),
        ({"account": Account(id="A-1")}, "90"),
        ({"account": Account(id="A-1", country="DE")}, "90"),
    ],
)
def test_a_price_is_for_its_product_term_country_and_currency(
    changes: dict[str, Any], amount: str | None
) -> None:
    """The country's own price comes first; product, term and currency match whole."""
    book = PriceList(prices=(price("90"), price("100", country="FR")))
    found = book.list_price(subscribed(**changes), on=START)
    assert found == (None if amount is None else Money(amount, "EUR"))


def test_a_country_without_a_price_yet_has_the_one_for_all() -> None:
    """Until a country's own price begins, the price for every country holds there."""
    book = PriceList(prices=(price("90"), price("100", country="FR", from_on=NEXT)))
    found = [book.list_price(subscribed(), on=day) for day in (date(2024, 12, 31), NEXT)]
    assert found == [Money("90", "EUR"), Money("100", "EUR")]


def test_a_currency_that_the_country_lacks_is_the_one_for_all() -> None:
    """A currency asked for is looked up for the country and then for every country."""
    book = PriceList(prices=(price("90", "USD"), price("100", country="FR")))
    assert book.list_price(subscribed(currency="USD"), on=START) == Money("90", "USD")


def test_several_currencies_and_none_asked_for() -> None:
    """Where there are several currencies and none is named there is no answer."""
    book = PriceList(prices=(price("90", "USD"), price("100")))
    assert book.list_price(subscribed(), on=START) is None
    assert book.list_price(subscribed(currency="USD"), on=START) == Money("90", "USD")


def test_the_largest_rate_applies() -> None:
    """Of the rates for product, country and customer the largest one counts, day by day."""
    book = PriceList(
        prices=(),
        rates=(
            rate("0.05"),
            rate("0.06", product="cad"),
            rate("0.07", country="FR"),
            rate("0.08", customer="A-1"),
            rate("0.09", product="CAD", country="FR", customer="A-1", from_on=NEXT),
            rate("0.50", product="Maya"),
        ),
    )
    asked: dict[str, dict[str, Any]] = {
        "0.08": {},
        "0.06": {"account": None},
        "0.07": {"account": Account(id="A-2", country="FR")},
        "0.05": {"account": None, "product": "Web"},
        "0.50": {"product": "maya"},
    }
    for fraction, changes in asked.items():
        assert book.renewal_rate(subscribed(**changes), on=START) == Decimal(fraction)
    assert book.renewal_rate(subscribed(), on=NEXT) == Decimal("0.09")
    assert book.renewal_rate(subscribed(), on=date(2023, 12, 31)) is None


def test_a_list_without_rates_knows_none() -> None:
    """Without rates, and where none applies, there is no rate."""
    assert PriceList(prices=()).renewal_rate(subscribed(), on=START) is None
    book = PriceList(prices=(), rates=(rate("0.05", product="Maya"),))
    assert book.renewal_rate(subscribed(), on=START) is None


@pytest.mark.parametrize(("fraction", "taken"), [("0.049999", 0), ("0.05", 1), ("0.050001", 1)])
def test_no_rate_is_below_the_floor(fraction: str, *, taken: int) -> None:
    """A rate below the floor is refused when the list is built; at it and above it is taken."""
    floor = Decimal("0.05")
    if taken:
        assert PriceList(prices=(), rates=(rate(fraction),), floor_rate=floor).rates
        return
    with pytest.raises(InvalidValue, match=r"PriceList\.rates .* at least the floor, 0\.05"):
        PriceList(prices=(), rates=(rate(fraction),), floor_rate=floor)


def test_one_entry_for_each_day() -> None:
    """Two prices or two rates of one kind on one day are refused, whatever their case."""
    with pytest.raises(InvalidValue, match="give one price for each day"):
        PriceList(prices=(price("90"), price("100", product="cad", term=Term.months(12))))
    with pytest.raises(InvalidValue, match="give one rate for each day"):
        PriceList(prices=(), rates=(rate("0.05", product="CAD"), rate("0.06", product="Cad")))


def test_the_days_on_which_something_begins() -> None:
    """Every first day of a price or a rate is told once, ascending."""
    book = PriceList(
        prices=(price("120", from_on=NEXT), price("100")),
        rates=(rate("0.05", from_on=NEXT), rate("0.06", from_on=date(2023, 6, 1))),
    )
    assert book.days == (date(2023, 6, 1), START, NEXT)


EARLY, LATE = date(2023, 6, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("on", "later"),
    [
        (date(2023, 5, 31), [EARLY, START, NEXT]),
        (EARLY, [START, NEXT]),
        (date(2023, 12, 31), [START, NEXT]),
        (START, [NEXT]),
        (date(2024, 12, 31), [NEXT]),
        (NEXT, []),
    ],
)
def test_the_days_after_which_its_price_may_differ(on: date, later: list[date]) -> None:
    """Ascending, each once, never the day itself: of its product's prices and of its rates."""
    book = PriceList(
        prices=(
            price("130", product="cad", term=Term.months(1), from_on=NEXT),
            price("120", "USD", country="US", from_on=START),
            price("80", product="Maya", from_on=LATE),
        ),
        rates=(rate("0.05", from_on=NEXT), rate("0.06", from_on=EARLY)),
    )
    assert list(book.days_after(subscribed(), on=on)) == later
    assert book.days == (EARLY, START, NEXT, LATE)


def test_only_the_rates_that_may_apply_count() -> None:
    """Those of its product, country and customer and of every one; no other's."""
    own = (
        {},
        {"product": "cad"},
        {"country": "FR"},
        {"customer": "A-1"},
        {"product": "CAD", "country": "FR", "customer": "A-1"},
    )
    others = (
        {"product": "Maya"},
        {"country": "US"},
        {"customer": "A-2"},
        {"product": "CAD", "country": "FR", "customer": "A-2"},
    )
    for fields in own:
        book = PriceList(prices=(), rates=(rate("0.05", **fields),))
        assert book.rate_days_after(subscribed(), on=EARLY) == (START,)
        assert book.rate_days_after(subscribed(), on=START) == ()
    for fields in others:
        book = PriceList(prices=(), rates=(rate("0.05", **fields),))
        assert book.rate_days_after(subscribed(), on=EARLY) == ()
    every = PriceList(prices=(), rates=tuple(rate("0.05", **fields) for fields in own))
    assert every.rate_days_after(subscribed(), on=EARLY) == (START,)


def test_a_list_without_entries_has_no_days() -> None:
    """Neither of prices nor of rates; a price alone is no rate's day."""
    assert PriceList(prices=()).days_after(subscribed(), on=EARLY) == ()
    book = PriceList(prices=(price("100"),))
    assert book.days_after(subscribed(), on=EARLY) == (START,)
    assert book.rate_days_after(subscribed(), on=EARLY) == ()


@pytest.mark.parametrize("asked", ["days_after", "rate_days_after"])
def test_days_are_asked_about_with_a_date(asked: str) -> None:
    """An instant has no calendar day (reading 1)."""
    with pytest.raises(InvalidType, match="on is"):
        getattr(PriceList(prices=()), asked)(subscribed(), on=datetime(2024, 1, 1))


def test_price_lists_are_values() -> None:
    """A price list compares and hashes by what was written down, and pickles."""
    book: PriceBook = PriceList(prices=(price("100"),), rates=(rate("0.05"),))
    twin = pickle.loads(pickle.dumps(book))  # noqa: S301 - our own bytes
    assert twin == book
    assert hash(twin) == hash(book)
    assert twin.list_price(subscribed(), on=START) == Money("100", "EUR")


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: price("-0.01"), InvalidValue, r"ListPrice\.price .* zero or more"),
        (lambda: price("0.001"), InvalidValue, r"ListPrice\.price .* whole smallest units"),
        (lambda: price("1", product=""), InvalidValue, r"ListPrice\.product is ''"),
        (lambda: price("1", term="P1Y"), InvalidType, r"ListPrice\.term is 'P1Y'"),
        (lambda: price("1", from_on=datetime(2024, 1, 1)), InvalidType, r"ListPrice\.from_on"),
        (lambda: price("1", country="fr"), InvalidValue, r"ListPrice\.country is 'fr'"),
        (lambda: rate("1"), InvalidValue, r"RenewalRate\.rate .* below 1"),
        (lambda: rate("-0.05"), InvalidValue, r"RenewalRate\.rate"),
        (lambda: rate("0.05", from_on="2024"), InvalidType, r"RenewalRate\.from_on is '2024'"),
        (lambda: rate("0.05", product=""), InvalidValue, r"RenewalRate\.product is ''"),
        (lambda: rate("0.05", country="F"), InvalidValue, r"RenewalRate\.country is 'F'"),
        (lambda: rate("0.05", customer=7), InvalidType, r"RenewalRate\.customer is 7"),
        (lambda: PriceList(prices=[]), InvalidType, r"PriceList\.prices is \[\]"),
        (lambda: PriceList(prices=(1,)), InvalidType, r"PriceList\.prices\[0\] is 1"),
        (lambda: PriceList(prices=(), rates=None), InvalidType, r"PriceList\.rates is None"),
        (lambda: PriceList(prices=(), floor_rate=0.05), InvalidType, r"PriceList\.floor_rate"),
    ],
)
def test_entries_are_checked(make: Any, error: type[InvalidValue], told: str) -> None:
    """A price or a rate is refused by name where it is of another type or out of its range."""
    with pytest.raises(error, match=told):
        make()


def test_what_is_free_may_be_listed() -> None:
    """A price of zero is a price."""
    assert PriceList(prices=(price("0"),)).list_price(subscribed(), on=START) == Money(0, "EUR")


def test_several_currencies_of_the_country_are_no_answer() -> None:
    """Where the country's own prices are of several currencies, no other country's stands in."""
    own = (price("100", country="FR"), price("110", "USD", country="FR"))
    book = PriceList(prices=(price("90", "GBP"), *own))
    assert book.list_price(subscribed(), on=START) is None
    assert book.list_price(subscribed(currency="USD"), on=START) == Money("110", "USD")
    assert book.list_price(subscribed(currency="GBP"), on=START) == Money("90", "GBP")


def test_a_currency_that_has_not_begun_is_not_there() -> None:
    """A second currency leaves no choice only from its first day on."""
    book = PriceList(prices=(price("100"), price("110", "USD", from_on=NEXT)))
    found = [book.list_price(subscribed(), on=day) for day in (date(2024, 12, 31), NEXT)]
    assert found == [Money("100", "EUR"), None]
