"""Discounts and promotions: what they may be and what they take off."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import CurrencyMismatch, InvalidType, InvalidValue, Money, Reduction
from subrenew.rules.reductions import checked_reductions, reduced


def _rate(fraction: str) -> Reduction:
    return Reduction(code="R", rate=Decimal(fraction))


def _amount(amount: str, currency: str = "USD") -> Reduction:
    return Reduction(code="A", amount=Money(amount, currency))


@pytest.mark.parametrize(
    ("price", "reductions", "expected"),
    [
        ("10.01", (), "10.01"),
        ("10.01", (_rate("0.1"),), "9.00"),
        ("10.00", (_rate("0"),), "10.00"),
        ("10.00", (_rate("0.1"), _rate("0.1")), "8.10"),
        ("10.00", (_amount("2.50"),), "7.50"),
        ("10.00", (_rate("0.1"), _amount("1")), "8.00"),
        ("10.00", (_amount("1"), _rate("0.1")), "8.10"),
        ("10.00", (_amount("9.99"),), "0.01"),
        ("10.00", (_amount("10"),), "0"),
        ("10.00", (_amount("10.01"),), "0"),
        ("10.00", (_amount("0.001"),), "9.99"),
        ("0", (_rate("0.5"), _amount("1")), "0"),
    ],
)
def test_reductions_apply_one_after_the_other(
    price: str, reductions: tuple[Reduction, ...], expected: str
) -> None:
    """Each is rounded down to the smallest unit, and nothing costs less than nothing."""
    assert reduced(Money(price, "USD"), reductions) == Money(expected, "USD")


@given(
    units=st.integers(0, 10**9),
    rates=st.lists(st.integers(0, 999_999), max_size=4),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_rates_take_off_at_least_what_they_say(units: int, rates: list[int], currency: str) -> None:
    """However often it is rounded, a price never ends above the exact one, nor below zero."""
    reductions = tuple(Reduction(code="R", rate=Decimal(rate).scaleb(-6)) for rate in rates)
    price = reduced(Money.of_units(units, currency), reductions)
    exact = units * 10 ** (6 * len(rates))
    for rate in rates:
        exact = exact * (10**6 - rate) // 10**6
    assert 0 <= price.units * 10 ** (6 * len(rates)) <= exact
    assert price.is_payable


def test_an_amount_of_another_currency_is_refused() -> None:
    """Currencies do not meet."""
    with pytest.raises(CurrencyMismatch):
        reduced(Money("10.00", "USD"), (_amount("1", "EUR"),))


@pytest.mark.parametrize(
    ("fields", "error", "told"),
    [
        ({}, InvalidValue, "either a rate or an amount"),
        ({"rate": Decimal("0.1"), "amount": Money("1", "USD")}, InvalidValue, "either"),
        ({"rate": Decimal(1)}, InvalidValue, "below 1"),
        ({"rate": Decimal("-0.000001")}, InvalidValue, "below 1"),
        ({"rate": Decimal("0.0000001")}, InvalidValue, "six digits"),
        ({"rate": Decimal("NaN")}, InvalidValue, "below 1"),
        ({"rate": 0.1}, InvalidType, "Decimal"),
        ({"amount": Money("-0.01", "USD")}, InvalidValue, "what is taken off"),
        ({"amount": 1}, InvalidType, "Money"),
        ({"rate": Decimal("0.1"), "code": ""}, InvalidValue, "characters"),
    ],
)
def test_what_a_reduction_may_be(
    fields: dict[str, Any], error: type[InvalidValue], told: str
) -> None:
    """A fraction below one or an amount, and not both."""
    with pytest.raises(error, match=told):
        Reduction(**{"code": "R", **fields})


@pytest.mark.parametrize("rate", ["0", "0.000001", "0.999999"])
def test_the_smallest_and_the_largest_rate(rate: str) -> None:
    """From nothing to nearly everything."""
    assert Reduction(code="R", rate=Decimal(rate)).rate == Decimal(rate)


def test_reductions_are_checked_as_a_tuple() -> None:
    """What is a tuple of reductions comes back as it is."""
    given_ones = (_rate("0.1"),)
    assert checked_reductions(given_ones) is given_ones
    with pytest.raises(InvalidType, match=r"reductions\[0\]"):
        checked_reductions(("SPRING",))
