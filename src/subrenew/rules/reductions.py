"""
Discounts and promotions that a line already has.

Rule 1: the renewal price does not combine with them (clause `excluded.reductions`, reading 7);
among each other they apply one after the other, each rounded down to the smallest unit.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.money import Money

__all__ = ["Reduction", "checked_reductions", "reduced"]


@attrs.frozen(kw_only=True, cache_hash=True)
class Reduction:
    """
    One discount or promotion: a fraction of the price, or an amount per seat.

    Raises:
        InvalidValue: Both or neither of *rate* and *amount* are given, or one is negative.

    >>> Reduction(code="SPRING", rate=Decimal("0.10")).code
    'SPRING'
    """

    #: The vendor's or the caller's own code.
    code: str
    #: The fraction taken off; Decimal("0.10") is ten per cent.
    rate: Decimal | None = None
    #: The amount taken off each seat, before tax.
    amount: Money | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("Reduction.code", self.code)
        if (self.rate is None) is (self.amount is None):
            raise InvalidValue("Reduction.rate", self.rate, "give either a rate or an amount")
        if self.rate is not None:
            checks.rate("Reduction.rate", self.rate)
        if self.amount is not None:
            checks.instance("Reduction.amount", self.amount, Money)
            if self.amount.micros < 0:
                raise InvalidValue("Reduction.amount", self.amount, "give what is taken off")


def checked_reductions(given: object) -> tuple[Reduction, ...]:
    """Return the reductions, or refuse whatever is not a tuple of them."""
    if given != () or type(given) is not tuple:
        checks.tuple_of("reductions", given, Reduction)
    return given  # type: ignore[return-value]


def reduced(price: Money, reductions: tuple[Reduction, ...]) -> Money:
    """
    Return the price of a seat after all reductions, rounded down, never below zero.

    Raises:
        CurrencyMismatch: An amount is of another currency.

    >>> reduced(Money("10.01", "USD"), (Reduction(code="SPRING", rate=Decimal("0.10")),))
    Money('9.00', 'USD')
    """
    for each in reductions:
        if each.amount is not None:
            price = (price - each.amount).rounded_down()
        else:
            price = price.less(each.rate or Decimal(0))
    return price if price.micros > 0 else Money(0, price.currency)
