"""
What things cost: list prices and renewal rates, dated.

Rule 1: a list price is what a new subscription costs, per seat, before tax: the base of every saving
(clause `saving.base`). It is dated, because it may change at any time (clause `saving.revisable`).

Rule 2: a renewal rate is the fraction that a renewal saves. Where several apply, the largest one
does: product, country and customer vary a promise that is a floor (reading 6).

Rule 3: a missing price is an answer, ``None``; it is not an error.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Protocol

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.parameters import product_key

__all__ = ["ListPrice", "PriceBook", "PriceList", "RenewalRate"]


class PriceBook(Protocol):
    """Where prices come from: a `PriceList`, or a class of the caller's own."""

    def list_price(self, subscription: Subscription, *, on: date) -> Money | None:
        """
        Return what a new subscription of this kind costs on that day, per seat, before tax.

        For the same product, term, country and currency. ``None`` where there is no such price.
        """

    def renewal_rate(self, subscription: Subscription, *, on: date) -> Decimal | None:
        """
        Return the fraction that this renewal saves on that day, above any floor.

        ``None`` where nothing but the policy's floor is known.
        """


@attrs.frozen(kw_only=True)
class ListPrice:
    """
    The price of a new subscription, per seat and before tax, from a day on.

    Raises:
        InvalidValue: The price is negative, or finer than the currency's smallest unit.
    """

    #: The product's code or any name of it; compared whole (reading 8).
    product: str
    #: The term it is for.
    term: Term
    #: Per seat, for the whole term.
    price: Money
    #: The first day on which it holds, included.
    from_on: date
    #: ISO 3166-1; ``None`` for every country without a price of its own.
    country: str | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("ListPrice.product", self.product)
        checks.instance("ListPrice.term", self.term, Term)
        checks.instance("ListPrice.price", self.price, Money)
        if self.price.micros < 0 or not self.price.is_payable:
            raise InvalidValue(
                "ListPrice.price", self.price, "give whole smallest units, zero or more"
            )
        checks.calendar_date("ListPrice.from_on", self.from_on)
        if self.country is not None:
            checks.country("ListPrice.country", self.country)


@attrs.frozen(kw_only=True)
class RenewalRate:
    """The fraction that renewals save, for a product, a country or a customer, from a day on."""

    #: The fraction saved; Decimal("0.08") is eight per cent.
    rate: Decimal
    #: The first day on which it holds, included.
    from_on: date
    #: The product; ``None`` for all.
    product: str | None = None
    #: ISO 3166-1; ``None`` for all.
    country: str | None = None
    #: The account's identifier; ``None`` for all.
    customer: str | None = None

    def __attrs_post_init__(self) -> None:
        checks.rate("RenewalRate.rate", self.rate)
        checks.calendar_date("RenewalRate.from_on", self.from_on)
        checks.optional_text("RenewalRate.product", self.product)
        if self.country is not None:
            checks.country("RenewalRate.country", self.country)
        checks.optional_text("RenewalRate.customer", self.customer)


_Steps = tuple[tuple[date, ...], tuple[Money | Decimal, ...]]


def _steps(pairs: list[tuple[date, Money]] | list[tuple[date, Decimal]]) -> _Steps:
    ascending = sorted(pairs, key=lambda pair: pair[0])
    return tuple(day for day, _ in ascending), tuple(value for _, value in ascending)


@attrs.frozen(kw_only=True)
class PriceList:
    """
    Prices and rates that were written down, with start dates only.

    Args:
        prices: Of one product, term, country and currency, each holds until the next.
        rates: Likewise, for one product, country and customer.
        floor_rate: No rate may be below it (clause `saving.floor`); give the policy's.

    Raises:
        InvalidValue: Two entries of one kind begin on one day, or a rate is below the floor.

    >>> prices = PriceList(
    ...     prices=(
    ...         ListPrice(
    ...             product="CAD",
    ...             term=Term.years(1),
    ...             price=Money("100.00", "EUR"),
    ...             from_on=date(2024, 1, 1),
    ...         ),
    ...     )
    ... )
    >>> subscription = Subscription(
    ...     id="S-1", product="cad", term=Term.months(12), starts_on=date(2024, 1, 1)
    ... )
    >>> prices.list_price(subscription, on=date(2024, 6, 1))
    Money('100.00', 'EUR')
    """

    #: List prices, in any order.
    prices: tuple[ListPrice, ...]
    #: Renewal rates, in any order.
    rates: tuple[RenewalRate, ...] = ()
    #: No rate may be below it.
    floor_rate: Decimal = Decimal(0)
    _prices: dict[tuple[str, Term, str | None], dict[str, _Steps]] = attrs.field(
        init=False, eq=False, repr=False
    )
    _rates: dict[tuple[str | None, str | None, str | None], _Steps] = attrs.field(
        init=False, eq=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("PriceList.prices", self.prices, ListPrice)
        checks.tuple_of("PriceList.rates", self.rates, RenewalRate)
        checks.rate("PriceList.floor_rate", self.floor_rate)
        object.__setattr__(self, "_prices", _price_index(self.prices))
        object.__setattr__(self, "_rates", _rate_index(self.rates, self.floor_rate))

    def list_price(self, subscription: Subscription, *, on: date) -> Money | None:
        """
        Return what a new subscription of this kind costs on that day.

        The country's own price comes before the one for every country. A subscription without a
        currency gets the only one there is; where there are several, there is no answer.
        """
        product, term = product_key(subscription.product), subscription.term
        for country in (subscription.country, None):
            currencies = self._prices.get((product, term, country))
            if not currencies:
                continue
            currency = subscription.currency
            if currency is None and len(currencies) == 1:
                currency = next(iter(currencies))
            steps = currencies.get(currency) if currency else None
            if steps and (found := bisect_right(steps[0], on)):
                return steps[1][found - 1]  # type: ignore[return-value]
        return None

    def renewal_rate(self, subscription: Subscription, *, on: date) -> Decimal | None:
        """Return the largest rate that applies on that day, or ``None``."""
        if not self._rates:
            return None
        account = subscription.account
        customer = account.id if account else None
        best: Decimal | None = None
        for product in {product_key(subscription.product), None}:
            for country in {subscription.country, None}:
                for who in {customer, None}:
                    steps = self._rates.get((product, country, who))
                    found = bisect_right(steps[0], on) if steps else 0
                    if steps and found:
                        rate: Decimal = steps[1][found - 1]  # type: ignore[assignment]
                        best = rate if best is None or rate > best else best
        return best

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which a price or a rate begins, ascending."""
        return tuple(sorted({each.from_on for each in (*self.prices, *self.rates)}))


def _price_index(
    prices: tuple[ListPrice, ...],
) -> dict[tuple[str, Term, str | None], dict[str, _Steps]]:
    found: defaultdict[tuple[str, Term, str | None], defaultdict[str, list[tuple[date, Money]]]]
    found = defaultdict(lambda: defaultdict(list))
    for each in prices:
        key = product_key(each.product), each.term, each.country
        steps = found[key][each.price.currency]
        if any(day == each.from_on for day, _ in steps):
            raise InvalidValue("PriceList.prices", each, "give one price for each day")
        steps.append((each.from_on, each.price))
    return {
        key: {currency: _steps(pairs) for currency, pairs in currencies.items()}
        for key, currencies in found.items()
    }


def _rate_index(
    rates: tuple[RenewalRate, ...], floor_rate: Decimal
) -> dict[tuple[str | None, str | None, str | None], _Steps]:
    found: defaultdict[tuple[str | None, str | None, str | None], list[tuple[date, Decimal]]] = (
        defaultdict(list)
    )
    for each in rates:
        if each.rate < floor_rate:
            raise InvalidValue(
                "PriceList.rates", each.rate, f"give at least the floor, {floor_rate}"
            )
        product = None if each.product is None else product_key(each.product)
        steps = found[product, each.country, each.customer]
        if any(day == each.from_on for day, _ in steps):
            raise InvalidValue("PriceList.rates", each, "give one rate for each day")
        steps.append((each.from_on, each.rate))
    return {key: _steps(pairs) for key, pairs in found.items()}
