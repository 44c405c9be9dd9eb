"""Loyalty, schedules and consent as data: boundaries of each number, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    EVERYBODY,
    Combine,
    ConsentRule,
    History,
    IncreaseLimit,
    InvalidType,
    InvalidValue,
    LoyaltyTier,
    Money,
    PriceSchedule,
    RenewalPolicy,
    Scope,
    Silence,
    Term,
    YearlyIncrease,
)
from tests.makers import MONTHLY, a_subscription

FIVE = Decimal("0.05")


def _yearly(*years: int, rate: Decimal = FIVE) -> tuple[YearlyIncrease, ...]:
    return tuple(YearlyIncrease(year=year, rate=rate) for year in years)


def _schedule(*increases: YearlyIncrease, base_year: int = 2020) -> PriceSchedule:
    return PriceSchedule(scope=EVERYBODY, base_year=base_year, increases=increases)


@pytest.mark.parametrize(
    ("year", "index"),
    [
        (2019, "100"),
        (2020, "100"),
        (2021, "105"),
        (2022, "105"),
        (2023, "110.25"),
        (2024, "110.25"),
        (2025, "115.7625"),
        (2026, "115.7625"),
        (2027, "121.550625"),
        (2028, "121.550625"),
        (9000, "121.550625"),
    ],
)
def test_five_per_cent_every_other_year(year: int, index: str) -> None:
    """From 2020 = 100 on, compounded exactly: only the last step is rounded."""
    schedule = _schedule(*_yearly(2021, 2023, 2025, 2027))
    # A million and a hundred: the first shows every digit, the second what is rounded down.
    exact = Decimal(index)
    assert schedule.price(Money("1000000.00", "USD"), year=year).amount == exact * 10_000
    cents = exact.quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    assert schedule.price(Money("100.00", "USD"), year=year).amount == cents


def test_rounded_once_at_the_end() -> None:
    """10.03 three times increased is 11.6109...; rounded down each year it would be 11.60."""
    schedule = _schedule(*_yearly(2021, 2022, 2023))
    assert schedule.price(Money("10.03", "USD"), year=2023) == Money("11.61", "USD")
    assert schedule.price(Money("1003", "JPY"), year=2023) == Money("1161", "JPY")


def test_a_year_of_zero_is_said_and_changes_nothing() -> None:
    """Announcing that prices do not rise is an increase of zero."""
    schedule = _schedule(*_yearly(2021, rate=Decimal(0)))
    assert schedule.price(Money("10.00", "USD"), year=2021) == Money("10.00", "USD")


@pytest.mark.parametrize(
    ("renewals", "rate"), [(0, None), (1, "0.1"), (2, "0.1"), (3, "0.2"), (4, "0.2"), (99, "0.2")]
)
def test_a_tier_is_reached_with_its_renewal(renewals: int, rate: str | None) -> None:
    """One below, at and above each tier."""
    tiers = (
        LoyaltyTier(from_renewals=1, rate=Decimal("0.1")),
        LoyaltyTier(from_renewals=3, rate=Decimal("0.2")),
    )
    policy = RenewalPolicy(id="v/1", loyalty=tiers)
    found = policy.loyalty_rate(a_subscription(history=History(renewals=renewals)))
    assert found == (None if rate is None else Decimal(rate))


def test_the_largest_tier_counts_whatever_the_order() -> None:
    """A tier from fewer renewals on may save more; and one that is for others saves nothing."""
    tiers = (
        LoyaltyTier(from_renewals=0, rate=Decimal("0.15")),
        LoyaltyTier(from_renewals=2, rate=Decimal("0.1")),
        LoyaltyTier(from_renewals=0, rate=Decimal("0.4"), scope=Scope(up_to=MONTHLY)),
    )
    for order in (tiers, tiers[::-1]):
        policy = RenewalPolicy(id="v/1", loyalty=order)
        annual = a_subscription(history=History(renewals=2))
        assert policy.loyalty_rate(annual) == Decimal("0.15")
        assert policy.loyalty_rate(a_subscription(term=MONTHLY)) == Decimal("0.4")


def test_a_limit_of_one_lets_a_price_double() -> None:
    """The rate of a limit goes up to and including 1; that of a saving stays below."""
    assert IncreaseLimit(rate=Decimal(1)).rate == 1
    with pytest.raises(InvalidValue, match="give a fraction below 1"):
        IncreaseLimit(rate=Decimal("1.000001"))
    with pytest.raises(InvalidValue, match="give a fraction below 1"):
        LoyaltyTier(from_renewals=0, rate=Decimal(1))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: LoyaltyTier(from_renewals=-1, rate=FIVE), "from_renewals"),
        (lambda: LoyaltyTier(from_renewals=0, rate=0.05), r"LoyaltyTier\.rate"),
        (lambda: LoyaltyTier(from_renewals=0, rate=FIVE, scope=None), r"LoyaltyTier\.scope"),
        (lambda: YearlyIncrease(year=1899, rate=FIVE), r"YearlyIncrease\.year"),
        (lambda: YearlyIncrease(year=2025, rate=Decimal(-1)), r"YearlyIncrease\.rate"),
        (lambda: _schedule(*_yearly(2020)), "give years that ascend after the base"),
        (lambda: _schedule(*_yearly(2022, 2021)), "give years that ascend after the base"),
        (lambda: _schedule(*_yearly(2021, 2021)), "give years that ascend after the base"),
        (lambda: _schedule(base_year=9001), r"PriceSchedule\.base_year"),
        (lambda: PriceSchedule(scope=None, base_year=2020, increases=()), r"\.scope"),
        (lambda: PriceSchedule(scope=EVERYBODY, base_year=2020, increases=[]), r"\.increases"),
        (IncreaseLimit, "give an amount, a rate or both"),
        (lambda: IncreaseLimit(amount=5), r"IncreaseLimit\.amount"),
        (lambda: IncreaseLimit(amount=Money("-1", "USD")), "give what may be added"),
        (lambda: IncreaseLimit(rate=FIVE, combine="any"), r"IncreaseLimit\.combine"),
        (lambda: IncreaseLimit(rate=FIVE, scope=None), r"IncreaseLimit\.scope"),
        (lambda: ConsentRule(limits=[]), r"ConsentRule\.limits"),
        (lambda: ConsentRule(not_more_often_than="P1Y"), r"not_more_often_than"),
        (lambda: ConsentRule(notice_days=-1), r"ConsentRule\.notice_days"),
        (lambda: ConsentRule(silence="ends"), r"ConsentRule\.silence"),
    ],
)
def test_what_cannot_be_meant_is_refused(make: Any, told: str) -> None:
    """Tiers, schedules, limits and rules name the field that is wrong."""
    with pytest.raises((InvalidValue, InvalidType), match=told):
        make()


def test_values_that_are_taken_as_they_are() -> None:
    """A schedule without an increase keeps its price; a rule may have no limit at all."""
    assert _schedule().price(Money("7.00", "USD"), year=2030) == Money("7.00", "USD")
    rule = ConsentRule(not_more_often_than=Term.years(1), notice_days=30, silence=Silence.ENDS)
    assert rule.limits == ()
    limit = IncreaseLimit(amount=Money("5", "USD"), rate=FIVE)
    assert limit.combine is Combine.ANY


def test_consent_and_loyalty_of_a_policy_are_checked() -> None:
    """A policy refuses what is no rule and no tier."""
    for fields in ({"consent": ()}, {"loyalty": ("a",)}, {"price_schedules": ("a",)}):
        with pytest.raises(InvalidType, match=next(iter(fields))):
            RenewalPolicy(id="v/1", **fields)  # type: ignore[arg-type]
