"""What tests of rules and renewals are made of: one ordinary value of each kind."""

from datetime import date
from typing import Any

from subrenew import (
    AutoRenew,
    ListPrice,
    Money,
    PaymentKind,
    PaymentMethod,
    PriceList,
    RenewalRate,
    Subscription,
    Term,
)

ANNUAL = Term.years(1)
MONTHLY = Term.months(1)
ON, OFF = AutoRenew.ON, AutoRenew.OFF
PAYPAL = PaymentMethod(kind=PaymentKind.PAYPAL)
INVOICE = PaymentMethod(kind=PaymentKind.INVOICE)
WIRE = PaymentMethod(kind=PaymentKind.WIRE_TRANSFER)
LONG_AGO = date(2020, 1, 1)


def a_subscription(**changes: Any) -> Subscription:
    """Annual, 2025-01-01 to 2026-01-01, renewed by hand; the window opens on 2025-10-03."""
    fields: dict[str, Any] = {
        "id": "S-1",
        "product": "CAD",
        "term": ANNUAL,
        "starts_on": date(2025, 1, 1),
    }
    return Subscription(**fields | changes)


def a_price(amount: str, currency: str = "USD", **changes: Any) -> ListPrice:
    """The list price of an annual CAD, in every country, since long ago."""
    fields: dict[str, Any] = {"product": "CAD", "term": ANNUAL, "from_on": LONG_AGO}
    return ListPrice(price=Money(amount, currency), **fields | changes)


def a_list(*prices: ListPrice, rates: tuple[RenewalRate, ...] = ()) -> PriceList:
    """A price list of these."""
    return PriceList(prices=prices, rates=rates)
