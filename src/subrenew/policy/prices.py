"""
What things cost: list prices and renewal rates, dated.

Rule 1: a list price is what a new subscription costs, per seat, before tax: the base of every
saving (clause `saving.base`). It is dated, because it may change at any time (clause
`saving.revisable`).

Rule 2: a renewal rate is the fraction that a renewal saves. Where several apply, the largest one
does: product, country and customer vary a promise that is a floor (reading 6).

Rule 3: a missing price is an answer, ``None``; it is not an error.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Protocol

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.model.money import Money
from subrenew.model.terms import Dated, Term
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


_PriceKey = tuple[str, Term, str | None]
_RateIndex = dict[str | None, dict[tuple[str | None, str | None], Dated[Decimal]]]


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
    _prices: dict[_PriceKey, dict[str, Dated[Money]]] = attrs.field(
        init=False, eq=False, repr=False
    )
    _rates: _RateIndex = attrs.field(init=False, eq=False, repr=False)
    #: Ascending: all of them, and by product those of its list prices.
    _days: tuple[date, ...] = attrs.field(init=False, eq=False, repr=False)
    _price_days: dict[str, tuple[date, ...]] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("PriceList.prices", self.prices, ListPrice)
        checks.tuple_of("PriceList.rates", self.rates, RenewalRate)
        checks.rate("PriceList.floor_rate", self.floor_rate)
        object.__setattr__(self, "_prices", _price_index(self.prices))
        object.__setattr__(self, "_rates", _rate_index(self.rates, self.floor_rate))
        begun = {each.from_on for each in self.prices} | {each.from_on for each in self.rates}
        object.__setattr__(self, "_days", tuple(sorted(begun)))
        object.__setattr__(self, "_price_days", _price_days(self.prices))

    def list_price(self, subscription: Subscription, *, on: date) -> Money | None:
        """
        Return what a new subscription of this kind costs on that day.

        The country's own price comes before the one for every country. A subscription without a
        currency gets the only one there is on that day; where there are several, there is no
        answer, and the one for every country does not stand in.
        """
        product, term = product_key(subscription.product), subscription.term
        currency = subscription.currency
        for country in (subscription.country, None):
            currencies = self._prices.get((product, term, country))
            if currencies is None:
                continue
            if currency is not None:
                own = currencies.get(currency)
                price = None if own is None else own.at(on)
                if price is not None:
                    return price
                continue
            prices = [dated.at(on) for dated in currencies.values()]
            held = [price for price in prices if price is not None]
            if held:
                return held[0] if len(held) == 1 else None
        return None

    def renewal_rate(self, subscription: Subscription, *, on: date) -> Decimal | None:
        """Return the largest rate that applies on that day, or ``None``."""
        rates = self._rates
        if not rates:
            return None
        best: Decimal | None = None
        for dated in self._rates_for(subscription):
            rate = dated.at(on)
            if rate is not None and (best is None or rate > best):
                best = rate
        return best

    def _rates_for(self, subscription: Subscription) -> Iterator[Dated[Decimal]]:
        account = subscription.account
        customer = account.id if account else None
        for product in (product_key(subscription.product), None):
            of_product = self._rates.get(product)
            if of_product is None:
                continue
            # A place that is not known is looked up twice, which changes nothing.
            for place in (subscription.country, None):
                for who in (customer, None):
                    dated = of_product.get((place, who))
                    if dated is not None:
                        yield dated

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which a price or a rate begins, ascending."""
        return self._days

    def rate_days_after(self, subscription: Subscription, *, on: date) -> tuple[date, ...]:
        """
        Return the days after *on* on which a rate begins that may apply to it, ascending.

        Its product's, country's and customer's own rates, and those for every one.
        """
        if type(on) is not date:
            checks.calendar_date("on", on)
        rates = self._rates_for(subscription) if self._rates else ()
        return tuple(sorted({day for dated in rates for day in dated.days_after(on)}))

    def days_after(self, subscription: Subscription, *, on: date) -> tuple[date, ...]:
        """
        Return the days after *on* on which what its renewal costs may change, ascending.

        Those on which a list price of its product begins, for any term, country and currency, and
        those of `rate_days_after`.
        """
        rates = self.rate_days_after(subscription, on=on)
        days = self._price_days.get(product_key(subscription.product), ())
        prices = days[bisect_right(days, on) :]
        return tuple(sorted({*prices, *rates})) if rates else prices


def _price_index(prices: tuple[ListPrice, ...]) -> dict[_PriceKey, dict[str, Dated[Money]]]:
    found: dict[_PriceKey, dict[str, dict[date, Money]]] = {}
    for each in prices:
        key = product_key(each.product), each.term, each.country
        steps = found.setdefault(key, {}).setdefault(each.price.currency, {})
        if each.from_on in steps:
            raise InvalidValue("PriceList.prices", each, "give one price for each day")
        steps[each.from_on] = each.price
    return {
        key: {
            currency: Dated(tuple(sorted(steps.items(), key=_day_of)))
            for currency, steps in currencies.items()
        }
        for key, currencies in found.items()
    }


def _price_days(prices: tuple[ListPrice, ...]) -> dict[str, tuple[date, ...]]:
    found: defaultdict[str, set[date]] = defaultdict(set)
    for each in prices:
        found[product_key(each.product)].add(each.from_on)
    return {product: tuple(sorted(days)) for product, days in found.items()}


def _rate_index(rates: tuple[RenewalRate, ...], floor_rate: Decimal) -> _RateIndex:
    found: dict[str | None, dict[tuple[str | None, str | None], dict[date, Decimal]]] = {}
    for each in rates:
        if each.rate < floor_rate:
            raise InvalidValue(
                "PriceList.rates", each.rate, f"give at least the floor, {floor_rate}"
            )
        product = None if each.product is None else product_key(each.product)
        of_product = found.setdefault(product, {})
        steps = of_product.setdefault((each.country, each.customer), {})
        if each.from_on in steps:
            raise InvalidValue("PriceList.rates", each, "give one rate for each day")
        steps[each.from_on] = each.rate
    return {
        product: {
            place: Dated(tuple(sorted(steps.items(), key=_day_of)))
            for place, steps in of_product.items()
        }
        for product, of_product in found.items()
    }


def _day_of(step: tuple[date, object]) -> date:
    return step[0]
