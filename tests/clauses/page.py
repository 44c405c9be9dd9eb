"""What the tests of the source's clauses have in common: its edition, its days, its people."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from subrenew import (
    Account,
    Actor,
    Decision,
    ListPrice,
    Money,
    PaymentMethod,
    PriceList,
    Refusal,
    RenewalPolicy,
    RenewalRate,
    Role,
    Route,
    Subscription,
    Transition,
    renewability,
)
from subrenew.policy.vendors import autodesk
from tests.makers import ON, a_list, a_price, a_subscription

PAGE: RenewalPolicy = autodesk.EDITION_2024
ONE_DAY = timedelta(days=1)
# The days of `a_subscription()`.
STARTS, EARLY = date(2025, 1, 1), date(2025, 6, 1)
OPENS, OPEN = date(2025, 10, 3), date(2025, 12, 1)
LAST, EXPIRES = date(2025, 12, 31), date(2026, 1, 1)
CARD = PaymentMethod.card(expires="2030-01")
LAPSING = PaymentMethod.card(expires="2025-12")
LIST_PRICE = Money("100.00", "USD")
PRICES = a_list(a_price("100.00"))


def automatic(**changes: Any) -> Subscription:
    """The same subscription, which renews itself."""
    return a_subscription(**{"auto_renew": ON, "payment_method": CARD} | changes)


def asked(subscription: Subscription, on: date = OPEN, **changes: Any) -> Decision[Route]:
    """What the page says of it."""
    return renewability(subscription, **{"policy": PAGE, "on": on} | changes)


def done(answer: object) -> Subscription:
    """The subscription that a transition returned."""
    assert isinstance(answer, Transition), answer
    return answer.subscription


def refused(answer: object) -> Decision[Any]:
    """The decision behind a refusal."""
    assert isinstance(answer, Refusal), answer
    return answer.decision


def cites(decision: Decision[Any]) -> set[str]:
    """The clauses that the findings of a decision cite."""
    return {str(finding.clause) for finding in decision.findings}


def does(decision: Decision[Any]) -> list[str]:
    """The codes of the actions that a decision offers."""
    return [action.code for action in decision.actions]


def who(role: Role) -> Actor:
    """Somebody who holds this role and no other."""
    return Actor(id="P-1", roles=frozenset({role}))


def managed(**changes: Any) -> Subscription:
    """A subscription of a managed environment."""
    return a_subscription(account=Account(id="A-1", managed=True), **changes)


def priced(*prices: ListPrice, rate: str, on: date = STARTS, **of: Any) -> PriceList:
    """A price list with one rate from a day on, of a product, a country or a customer."""
    return a_list(*prices, rates=(RenewalRate(rate=Decimal(rate), from_on=on, **of),))
