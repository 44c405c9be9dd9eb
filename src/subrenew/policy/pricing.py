"""
How a vendor changes prices: loyalty, scheduled increases, consent.

Rule 1: "ten per cent less", "at least five" and "up to ten" are three kinds of statement. A floor
is the policy's (`RenewalPolicy.saving_floor_rate`); a loyalty tier is a rate that is really given.

Rule 2: whether one limit or all of them count is data, because pages say "and" and mean either.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.scopes import EVERYBODY, Scope

__all__ = [
    "Combine",
    "ConsentRule",
    "IncreaseLimit",
    "LoyaltyTier",
    "PriceSchedule",
    "Silence",
    "Stacking",
    "YearlyIncrease",
]


class Stacking(StrEnum):
    """What becomes of a renewal price where a discount or a promotion is there already."""

    #: The reduction is kept, and there is no renewal price (reading 7).
    NONE = "none"
    #: Both, one after the other.
    ALL = "all"


@attrs.frozen(kw_only=True, cache_hash=True)
class LoyaltyTier:
    """What is saved from so many renewals on."""

    #: How often it was renewed before, at least; 0 for the first renewal.
    from_renewals: int
    #: The fraction saved against the price of a new subscription.
    rate: Decimal
    #: Who it applies to.
    scope: Scope = EVERYBODY
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.whole_number("LoyaltyTier.from_renewals", self.from_renewals, least=0, most=1000)
        checks.rate("LoyaltyTier.rate", self.rate)
        checks.instance("LoyaltyTier.scope", self.scope, Scope)
        checks.optional_clause("LoyaltyTier.clause", self.clause)


@attrs.frozen(kw_only=True, cache_hash=True)
class YearlyIncrease:
    """By how much prices rise in one calendar year."""

    #: The year.
    year: int
    #: The fraction added; zero says that they do not rise.
    rate: Decimal

    def __attrs_post_init__(self) -> None:
        checks.whole_number("YearlyIncrease.year", self.year, least=1900, most=9000)
        checks.rate("YearlyIncrease.rate", self.rate)


@attrs.frozen(kw_only=True, cache_hash=True)
class PriceSchedule:
    """
    A price that was locked in a year and rises by what was announced.

    >>> schedule = PriceSchedule(
    ...     scope=Scope(cohorts=frozenset({"trade-in"})),
    ...     base_year=2020,
    ...     increases=tuple(
    ...         YearlyIncrease(year=year, rate=Decimal("0.05")) for year in (2021, 2023)
    ...     ),
    ... )
    >>> schedule.price(Money("100.00", "USD"), year=2022)
    Money('105.00', 'USD')
    """

    #: Whose price it is.
    scope: Scope
    #: The year whose list price is the base.
    base_year: int
    #: By year, ascending; a year that is not named does not rise.
    increases: tuple[YearlyIncrease, ...]
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.instance("PriceSchedule.scope", self.scope, Scope)
        checks.optional_clause("PriceSchedule.clause", self.clause)
        checks.whole_number("PriceSchedule.base_year", self.base_year, least=1900, most=9000)
        checks.tuple_of("PriceSchedule.increases", self.increases, YearlyIncrease)
        years = [each.year for each in self.increases]
        if years != sorted(set(years)) or (years and years[0] <= self.base_year):
            raise InvalidValue(
                "PriceSchedule.increases", tuple(years), "give years that ascend after the base"
            )

    def price(self, base: Money, *, year: int) -> Money:
        """Return the price in that year, rounded down once, at the end."""
        whole, risen = 1, 1
        for each in self.increases:
            if each.year <= year:
                part, of = each.rate.as_integer_ratio()
                whole, risen = whole * of, risen * (of + part)
        return base.scaled(risen, whole)


class Combine(StrEnum):
    """Whether one exceeded limit is enough, or all have to be exceeded."""

    ANY = "any"
    ALL = "all"


class Silence(StrEnum):
    """What follows where consent is asked for and nobody answers."""

    ENDS = "ends"
    RENEWS_AT_OLD_PRICE = "renews-at-old-price"
    RENEWS_AT_NEW_PRICE = "renews-at-new-price"


@attrs.frozen(kw_only=True, cache_hash=True)
class IncreaseLimit:
    """How much a price may rise without consent, for some subscriptions."""

    #: Who it applies to.
    scope: Scope = EVERYBODY
    #: For each seat and term. It says nothing about prices in other currencies: give one limit for
    #: each currency.
    amount: Money | None = None
    #: Of the old price; up to and including 1, which doubles it.
    rate: Decimal | None = None
    #: Whether exceeding one of the two is too much, or only exceeding both.
    combine: Combine = Combine.ANY

    def __attrs_post_init__(self) -> None:
        checks.instance("IncreaseLimit.scope", self.scope, Scope)
        if self.amount is None and self.rate is None:
            raise InvalidValue("IncreaseLimit.amount", None, "give an amount, a rate or both")
        if self.amount is not None:
            checks.instance("IncreaseLimit.amount", self.amount, Money)
            if self.amount.micros < 0:
                raise InvalidValue("IncreaseLimit.amount", self.amount, "give what may be added")
        if self.rate is not None:
            checks.rate("IncreaseLimit.rate", self.rate, whole=True)
        checks.member("IncreaseLimit.combine", self.combine, Combine)


@attrs.frozen(kw_only=True, cache_hash=True)
class ConsentRule:
    """When a dearer renewal needs the customer's consent, and what silence means."""

    #: What may be added without consent; none where every increase needs it.
    limits: tuple[IncreaseLimit, ...] = ()
    #: How much time has to lie between two increases without consent.
    not_more_often_than: Term | None = None
    #: How many calendar days before it the customer is told, at least.
    notice_days: int = 0
    #: What follows where nobody answers.
    silence: Silence = Silence.ENDS
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("ConsentRule.limits", self.limits, IncreaseLimit)
        if self.not_more_often_than is not None:
            checks.instance("ConsentRule.not_more_often_than", self.not_more_often_than, Term)
        checks.whole_number("ConsentRule.notice_days", self.notice_days, least=0, most=3660)
        checks.member("ConsentRule.silence", self.silence, Silence)
        checks.optional_clause("ConsentRule.clause", self.clause)
