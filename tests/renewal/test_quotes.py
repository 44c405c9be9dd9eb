"""What a renewal costs: the floor always holds, the parts add up, and nothing missing is silent."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Access,
    Account,
    CurrencyMismatch,
    History,
    InvalidType,
    InvalidValue,
    Kind,
    LateStart,
    Money,
    NotInForce,
    Order,
    PriceSchedule,
    Product,
    Quote,
    Reduction,
    RenewalRate,
    Scope,
    Stacking,
    Stage,
    StageLength,
    StagePrice,
    Subscription,
    Term,
    YearlyIncrease,
    meets_floor,
    order_quote,
    renewal_quote,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.quotes import totals
from tests.makers import ANNUAL, LONG_AGO, MONTHLY, a_list, a_price, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ELIGIBLE = OLD.evolve(id="cad", eligible_products=(Product(code="CAD"),))
ON_DAY = date(2025, 12, 1)
TENNER = a_list(a_price("10.01"))
SPRING = Reduction(code="SPRING", rate=Decimal("0.10"))


def _usd(amount: str) -> Money:
    return Money(amount, "USD")


def _quote(subscription: Subscription | None = None, **changes: Any) -> Quote:
    asked = {"prices": TENNER, "policy": OLD, "on": ON_DAY, **changes}
    return renewal_quote(subscription or a_subscription(), **asked)


def _codes(quote: Quote) -> list[str]:
    return [each.code for each in quote.findings]


@pytest.mark.parametrize(
    ("amount", "currency", "renewed"),
    [
        ("10.01", "USD", "9.50"),
        ("10.00", "USD", "9.50"),
        ("10.02", "USD", "9.51"),
        ("0.01", "USD", "0.00"),
        ("0.20", "USD", "0.19"),
        ("1001", "JPY", "950"),
        ("1000", "JPY", "950"),
        ("1", "JPY", "0"),
        ("10.001", "KWD", "9.500"),
        ("0.020", "KWD", "0.019"),
        ("0", "EUR", "0"),
        ("1690.00", "EUR", "1605.50"),
    ],
)
def test_the_unit_price_is_rounded_down(amount: str, currency: str, renewed: str) -> None:
    """Reading 6: to the currency's smallest unit, so that five per cent are always saved."""
    quote = _quote(prices=a_list(a_price(amount, currency)))
    assert quote.total == Money(renewed, currency)
    assert quote.lines[0].price == quote.total


@pytest.mark.parametrize(
    ("seats", "listed", "total", "saving"),
    [
        (1, "10.01", "9.50", "0.51"),
        (2, "20.02", "19.00", "1.02"),
        (999, "9999.99", "9490.50", "509.49"),
    ],
)
def test_rounded_before_it_is_multiplied(seats: int, listed: str, total: str, saving: str) -> None:
    """Reading 6: every seat costs the same, and the parts add up."""
    quote = _quote(a_subscription(seats=seats))
    assert (quote.list_total, quote.total, quote.saving) == (
        _usd(listed),
        _usd(total),
        _usd(saving),
    )
    assert quote.lines[0].seats == seats


@given(
    units=st.integers(0, 10**9),
    seats=st.integers(1, 10_000),
    rate=st.integers(0, 999_999),
    currency=st.sampled_from(["USD", "JPY", "KWD", "CLF"]),
)
def test_the_promise_holds_for_every_price(
    units: int, seats: int, rate: int, currency: str
) -> None:
    """Whatever the price, seats, rate and currency: payable, exact, and the floor is kept."""
    listed = Money.of_units(units, currency)
    floor = Decimal(f"{rate}E-6")
    quote = renewal_quote(
        a_subscription(seats=seats),
        prices=a_list(a_price(str(listed.amount), currency)),
        policy=OLD.evolve(id="own", saving_floor_rate=floor),
        on=ON_DAY,
    )
    (line,) = quote.lines
    assert quote.list_total == listed * seats
    assert quote.total is not None
    assert quote.saving is not None
    assert quote.total + quote.saving == quote.list_total
    assert quote.total.is_payable
    assert quote.total == line.price * seats
    assert meets_floor(quote.total, quote.list_total, floor)
    assert line.price.units == units * (10**6 - rate) // 10**6
    if units:
        assert quote.saving_rate >= floor
        assert quote.saving_rate == line.saving_rate


def test_a_price_of_zero_has_no_rate() -> None:
    """Nothing can be saved on what is free."""
    quote = _quote(prices=a_list(a_price("0")))
    assert quote.saving == _usd("0")
    assert quote.saving_rate is None


def test_a_missing_price_is_explained() -> None:
    """There is no total, and the finding says for what there is no price."""
    account = Account(id="A-1", country="FR")
    quote = _quote(a_subscription(product="Maya", account=account, currency="EUR"))
    (line,) = quote.lines
    assert not quote.is_complete
    assert (quote.list_total, quote.total, quote.saving, quote.saving_rate) == (None,) * 4
    assert (line.list_total, line.total, line.saving, line.saving_rate) == (None,) * 4
    finding = quote.findings[-1]
    assert (finding.code, finding.clause.id) == ("price-missing", "saving.base")
    assert dict(finding.values) == {
        "product": "Maya",
        "term": ANNUAL,
        "country": "FR",
        "currency": "EUR",
        "on": ON_DAY,
    }


@pytest.mark.parametrize(
    ("changes", "policy", "on", "total", "codes"),
    [
        ({}, ELIGIBLE, ON_DAY, "9.50", ["floor"]),
        ({}, OLD, ON_DAY, "9.50", ["unlisted-product", "floor"]),
        ({}, NEW, ON_DAY, "10.01", ["unlisted-product", "nothing-promised"]),
        ({"product": "Arnold"}, OLD, ON_DAY, "10.01", ["excluded-product", "excluded"]),
        ({"kind": Kind.TRIAL}, ELIGIBLE, ON_DAY, "10.01", ["trial", "not-a-renewal"]),
        ({}, ELIGIBLE, date(2026, 1, 1), "10.01", ["ended", "not-a-renewal"]),
        (
            {},
            NEW.evolve(late_start=LateStart.OLD_END),
            date(2026, 1, 1),
            "10.01",
            ["renewed-late", "unlisted-product", "excluded", "nothing-promised"],
        ),
    ],
)
def test_every_quote_gives_its_reasons(changes, policy, on: date, total: str, codes) -> None:
    """Exclusions first, then the saving; without a saving the list price is quoted."""
    prices = a_list(a_price("10.01"), a_price("10.01", product="Arnold"))
    quote = _quote(a_subscription(**changes), policy=policy, on=on, prices=prices)
    assert (quote.total, _codes(quote)) == (_usd(total), codes)
    assert (quote.edition, quote.charged_on) == (policy, on)


def test_a_monthly_term_has_no_renewal_price() -> None:
    """Reading 5: monthly is the length of the term."""
    monthly = a_subscription(term=MONTHLY, starts_on=ON_DAY)
    quote = _quote(monthly, prices=a_list(a_price("10.01", term=MONTHLY)))
    assert quote.total == quote.list_total == _usd("10.01")
    assert "short-term" in _codes(quote)


def test_reductions_do_not_combine_with_the_renewal_price() -> None:
    """Reading 7: the line keeps its own price, and the finding says what each would cost."""
    quote = _quote(a_subscription(seats=2), reductions=(SPRING,))
    assert quote.total == _usd("18.00")
    assert _codes(quote) == ["already-reduced", "unlisted-product", "excluded", "reductions-kept"]
    assert dict(quote.findings[-1].values) == {
        "with_reductions": _usd("18.00"),
        "with_renewal_price": _usd("19.00"),
    }


def test_the_comparison_is_with_the_price_it_would_really_have() -> None:
    """An excluded product has no renewal price: it is compared with its list price."""
    prices = a_list(a_price("10.01", product="Arnold"))
    quote = _quote(a_subscription(product="Arnold"), prices=prices, reductions=(SPRING,))
    assert quote.findings[-1].value("with_renewal_price") == _usd("10.01")


def test_a_reduction_may_cost_more_than_the_renewal_price() -> None:
    """It is kept all the same: the page says not cumulative, and not the better one."""
    small = Reduction(code="SMALL", amount=_usd("0.01"))
    quote = _quote(reductions=(small,))
    assert quote.total == _usd("10.00")
    assert quote.findings[-1].value("with_renewal_price") == _usd("9.50")


def test_what_is_free_is_compared_too() -> None:
    """A price of zero is compared like any other."""
    quote = _quote(prices=a_list(a_price("0")), reductions=(SPRING,))
    assert quote.findings[-1].value("with_renewal_price") == _usd("0")


def test_a_reduction_without_a_price_is_a_missing_price() -> None:
    """Nothing is compared where there is no list price."""
    quote = _quote(prices=a_list(), reductions=(SPRING,))
    assert _codes(quote)[-1] == "price-missing"


def test_a_reduction_of_another_currency_is_an_error() -> None:
    """Currencies do not meet."""
    with pytest.raises(CurrencyMismatch):
        _quote(reductions=(Reduction(code="EURO", amount=Money("1", "EUR")),))


@pytest.mark.parametrize(
    ("on", "listed"),
    [
        ("2024-12-31", None),
        ("2025-01-01", "100"),
        ("2025-11-30", "100"),
        ("2025-12-01", "120"),
        ("2025-12-02", "120"),
    ],
)
def test_the_price_is_the_one_of_the_day(on: str, listed: str | None) -> None:
    """Clause `saving.revisable`: the day before, of and after each change."""
    prices = a_list(a_price("120", from_on=ON_DAY), a_price("100", from_on=date(2025, 1, 1)))
    quote = _quote(prices=prices, on=date.fromisoformat(on))
    assert quote.list_total == (None if listed is None else _usd(listed))


@pytest.mark.parametrize(
    ("country", "currency", "expected"),
    [
        ("FR", "EUR", Money("90", "EUR")),
        ("FR", "USD", Money("95", "USD")),
        ("FR", "GBP", Money("80", "GBP")),
        ("FR", None, None),
        ("DE", None, Money("80", "GBP")),
        ("DE", "EUR", None),
        (None, None, Money("80", "GBP")),
    ],
)
def test_several_currencies_in_a_country_leave_no_answer(
    country: str | None, currency: str | None, expected: Money | None
) -> None:
    """Without a currency, another country's price does not stand in for one of two."""
    prices = a_list(
        a_price("90", "EUR", country="FR"), a_price("95", country="FR"), a_price("80", "GBP")
    )
    account = Account(id="A-1", country=country)
    quote = _quote(a_subscription(account=account, currency=currency), prices=prices)
    assert quote.list_total == expected


@pytest.mark.parametrize(("on", "expected"), [("2025-11-30", "10"), ("2025-12-01", None)])
def test_a_second_currency_counts_from_its_first_day(on: str, expected: str | None) -> None:
    """Until a second currency begins, the only one there is needs no naming."""
    prices = a_list(a_price("10"), a_price("9", "EUR", from_on=ON_DAY))
    quote = _quote(prices=prices, on=date.fromisoformat(on))
    assert quote.list_total == (None if expected is None else _usd(expected))


def test_a_rate_below_the_floor_is_an_error() -> None:
    """Reading 6: a smaller rate is refused at quoting too."""
    rates = (RenewalRate(rate=Decimal("0.049999"), from_on=LONG_AGO),)
    with pytest.raises(InvalidValue, match="at least the policy's floor"):
        _quote(prices=a_list(a_price("10.01"), rates=rates))


class _OwnBook:
    def __init__(self, price: Any) -> None:
        self.price = price

    def list_price(self, subscription: Subscription, *, on: date) -> Any:
        return self.price

    def renewal_rate(self, subscription: Subscription, *, on: date) -> Decimal | None:
        return Decimal("0.08")


def test_a_book_of_the_callers_own_is_quoted() -> None:
    """Any class with the two methods is a price book."""
    quote = _quote(prices=_OwnBook(_usd("100")))
    assert (quote.total, quote.saving_rate) == (_usd("92.00"), Decimal("0.08"))


@pytest.mark.parametrize("price", [100, "100", Decimal(100), (100, "USD")])
def test_a_book_that_returns_no_money_is_an_error(price: Any) -> None:
    """What is not Money is refused by name, and not quoted."""
    with pytest.raises(InvalidType, match=r"PriceBook\.list_price"):
        _quote(prices=_OwnBook(price))


def _order(*lines: Subscription) -> Order:
    return Order(number="PO-1", placed_on=date(2025, 1, 1), subscriptions=lines)


def test_an_orders_quote_adds_up() -> None:
    """Reading 18: a line for each subscription, and their sums."""
    order = _order(a_subscription(seats=2), a_subscription(id="S-2", product="Arnold"))
    prices = a_list(a_price("10.01"), a_price("7.00", product="Arnold"))
    quote = order_quote(order, prices=prices, policy=OLD, on=ON_DAY)
    assert (quote.list_total, quote.total, quote.saving) == (
        _usd("27.02"),
        _usd("26.00"),
        _usd("1.02"),
    )
    assert quote.saving_rate == Decimal("0.037749")
    assert quote.is_complete
    assert len(quote.findings) == sum(len(line.findings) for line in quote.lines)


def test_an_order_with_a_missing_price_has_no_total() -> None:
    """A sum that leaves something out would be a wrong sum; the lines have their own."""
    order = _order(a_subscription(), a_subscription(id="S-2", product="Maya"))
    quote = order_quote(order, prices=TENNER, policy=OLD, on=ON_DAY)
    assert not quote.is_complete
    assert (quote.list_total, quote.total, quote.saving, quote.saving_rate) == (None,) * 4
    assert quote.lines[0].total == _usd("9.50")


def test_an_order_without_any_price() -> None:
    """Nothing to add is no sum of zero."""
    order = _order(a_subscription(), a_subscription(id="S-2"))
    assert order_quote(order, prices=a_list(), policy=OLD, on=ON_DAY).total is None


def test_an_order_of_two_currencies_has_no_total() -> None:
    """No rate of exchange is known; the totals are per currency."""
    order = _order(a_subscription(currency="USD"), a_subscription(id="S-2", currency="EUR"))
    prices = a_list(a_price("10.01"), a_price("10.00", "EUR"))
    quote = order_quote(order, prices=prices, policy=OLD, on=ON_DAY)
    assert quote.is_complete
    assert (quote.total, quote.saving_rate) == (None, None)
    assert totals(quote.lines, lambda line: line.total) == (Money("9.50", "EUR"), _usd("9.50"))


@pytest.mark.parametrize("precision", [1, 3])
def test_sums_do_not_depend_on_the_decimal_context(precision: int) -> None:
    """A caller's decimal context neither rounds a sum nor makes it an error."""
    order = _order(a_subscription(seats=123_456), a_subscription(id="S-2", seats=7))
    with localcontext(Context(prec=precision, traps=[Inexact])):
        quote = order_quote(order, prices=TENNER, policy=OLD, on=ON_DAY)
        assert quote.total == _usd("9.50") * 123_463
        assert quote.saving == _usd("0.51") * 123_463


@given(
    lines=st.lists(
        st.tuples(
            st.integers(0, 10**6), st.integers(1, 100), st.sampled_from(["USD", "JPY", "KWD"])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_sums_of_any_order(lines: list[tuple[int, int, str]]) -> None:
    """The totals per currency are the sums of the lines, and one currency has one total."""
    products = [f"P{number}" for number in range(len(lines))]
    prices = a_list(
        *(
            a_price(str(Money.of_units(units, currency).amount), currency, product=product)
            for product, (units, _, currency) in zip(products, lines, strict=True)
        )
    )
    order = _order(
        *(
            a_subscription(id=product, product=product, seats=seats)
            for product, (_, seats, _) in zip(products, lines, strict=True)
        )
    )
    quote = order_quote(order, prices=prices, policy=OLD, on=ON_DAY)
    expected: dict[str, int] = {}
    for units, seats, currency in lines:
        expected[currency] = expected.get(currency, 0) + units * 95 // 100 * seats
    found = totals(quote.lines, lambda line: line.total)
    assert {each.currency: each.units for each in found} == expected
    assert (quote.total is not None) is (len(expected) == 1)
    if quote.total is not None:
        assert quote.total + quote.saving == quote.list_total


def test_quotes_are_values() -> None:
    """A quote compares and pickles as what was asked and what it costs."""
    quote = _quote()
    twin = pickle.loads(pickle.dumps(quote))  # noqa: S301 - our own bytes
    assert twin == quote == _quote()
    assert (twin.total, twin.findings) == (quote.total, quote.findings)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"on": datetime(2025, 12, 1)}, InvalidType),
        ({"on": date(2023, 12, 31), "policy": autodesk.EDITIONS}, NotInForce),
        ({"reductions": [SPRING]}, InvalidType),
    ],
    ids=["datetime", "not in force", "list"],
)
def test_what_is_asked_is_checked(changes: dict[str, Any], error: type[Exception]) -> None:
    """A datetime, a day without an edition and a list of reductions are the caller's mistakes."""
    with pytest.raises(error):
        _quote(**changes)


def test_a_term_of_twelve_months_has_the_price_of_a_year() -> None:
    """Terms that mean the same have the same price."""
    subscription = a_subscription(term=Term.months(12))
    assert _quote(subscription).list_total == _usd("10.01")


def test_the_lines_know_their_subscription() -> None:
    """Each line names what it is the price of."""
    subscription = a_subscription()
    assert _quote(subscription).lines[0].subscription is subscription


# Stacking and schedules


def test_a_renewal_price_beside_a_reduction() -> None:
    """Where both count, the reduction is taken off the renewal price, and nothing is "kept"."""
    both = ELIGIBLE.evolve(id="all", stacking=Stacking.ALL)
    prices = a_list(a_price("100.00"))
    alone = _quote(prices=prices, policy=ELIGIBLE, reductions=(SPRING,))
    assert (alone.total, "reductions-kept" in _codes(alone)) == (_usd("90.00"), True)
    stacked = _quote(prices=prices, policy=both, reductions=(SPRING,))
    assert (stacked.total, _codes(stacked)) == (_usd("85.50"), ["floor"])
    assert _quote(prices=prices, policy=both).total == _usd("95.00")


def test_what_is_compared_is_the_price_without_charges() -> None:
    """Reading 7: late, both sides of the comparison leave out what lateness costs."""
    late = Stage(
        name="late",
        access=Access.FULL,
        lengths=(StageLength(days=10),),
        price=StagePrice.RENEWAL,
        surcharge_rate=Decimal("0.5"),
    )
    quote = _quote(
        a_subscription(seats=2),
        prices=a_list(a_price("100.00")),
        policy=ELIGIBLE.evolve(id="late", stages=(late,), late_start=LateStart.OLD_END),
        on=date(2026, 1, 1),
        reductions=(SPRING,),
    )
    assert quote.total == _usd("270.00")
    assert quote.findings[-1].values == (
        ("with_reductions", _usd("180.00")),
        ("with_renewal_price", _usd("190.00")),
    )


LOCKED = ELIGIBLE.evolve(
    id="locked",
    saving_floor_rate=None,
    price_schedules=(
        PriceSchedule(
            scope=Scope(cohorts=frozenset({"trade-in"})),
            base_year=2020,
            increases=tuple(
                YearlyIncrease(year=year, rate=Decimal("0.05")) for year in (2021, 2023, 2025, 2027)
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    ("year", "price"),
    [
        (2021, "105.00"),
        (2022, "105.00"),
        (2023, "110.25"),
        (2024, "110.25"),
        (2025, "115.76"),
        (2026, "115.76"),
        (2027, "121.55"),
        (2028, "121.55"),
    ],
)
def test_a_locked_price_rises_as_announced(year: int, price: str) -> None:
    """From the list price at the end of 2020, on the first and on the last day of a year."""
    prices = a_list(a_price("100.00"), a_price("300.00", from_on=date(2021, 1, 1)))
    for on in (date(year, 1, 1), date(year, 12, 31)):
        history = History(price_cohort="trade-in")
        locked = a_subscription(starts_on=date(year, 1, 1), history=history)
        assert _quote(locked, prices=prices, policy=LOCKED, on=on).total == _usd(price)
        # Of another cohort, and over: what everybody pays.
        other = a_subscription(starts_on=date(year, 1, 1))
        assert _quote(other, prices=prices, policy=LOCKED, on=on).total == _usd("300.00")
        over = a_subscription(starts_on=date(year - 2, 1, 1), history=history)
        assert _quote(over, prices=prices, policy=LOCKED, on=on).total == _usd("300.00")


def test_without_a_price_in_the_base_year_there_is_none_to_lock() -> None:
    """The list price of the day is quoted."""
    prices = a_list(a_price("300.00", from_on=date(2021, 1, 1)))
    locked = a_subscription(history=History(price_cohort="trade-in"))
    assert _quote(locked, prices=prices, policy=LOCKED).total == _usd("300.00")


def test_a_price_that_is_locked_at_nothing_stays_free() -> None:
    """Zero in the base year is a price, and not a missing one."""
    prices = a_list(a_price("0.00"), a_price("300.00", from_on=date(2021, 1, 1)))
    locked = a_subscription(history=History(price_cohort="trade-in"))
    quote = _quote(locked, prices=prices, policy=LOCKED)
    assert (quote.list_total, quote.total, quote.is_complete) == (_usd("0"), _usd("0"), True)


def test_what_a_reduction_makes_free_is_compared_at_nothing() -> None:
    """The finding shows a price of zero and not the lack of one."""
    quote = _quote(reductions=(Reduction(code="ALL", amount=_usd("10.01")),))
    assert quote.findings[-1].value("with_reductions") == _usd("0")


def test_a_free_line_is_in_the_sums_of_an_order() -> None:
    """Alone and beside one that is paid for."""
    prices = a_list(a_price("0.00"), a_price("7.00", product="Maya"))
    lines = a_subscription(), a_subscription(id="S-2", product="Maya")
    for held, total in ((lines[:1], "0"), (lines, "6.65")):
        order = Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=held)
        quote = order_quote(order, prices=prices, policy=ELIGIBLE, on=ON_DAY)
        assert (quote.total, quote.is_complete) == (_usd(total), True)
