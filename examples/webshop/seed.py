"""
What the demonstration begins with: three people, two accounts, one order with a password.

Names of products are those of the vendor's help page; customers, subscriptions and prices are made
up. On the demonstration's day, 2025-12-10, there is one subscription for each way forward, one
whose automatic renewal is pending, and one that is cancelled to the end of its term.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any, Final

import attrs

from examples.webshop.gateway import FakeCards
from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Channel,
    ChargeAttempts,
    History,
    Kind,
    ListPrice,
    Money,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Role,
    Secret,
    Subscription,
    Term,
)
from subrenew.passwords import PasswordHasher
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord, Storage

MONTH, YEAR, THREE_YEARS = Term.months(1), Term.years(1), Term.years(3)
ON, OFF = AutoRenew.ON, AutoRenew.OFF

NORTHWIND: Final = Account(id="NORTHWIND", country="US", managed=True)
LUMEN: Final = Account(id="LUMEN", country="FR")
HARBOUR: Final = Account(id="HARBOUR", country="US")

#: The vendor's policy, and what its pages do not say: how often a card is charged again.
POLICY: Final = autodesk.EDITIONS.evolve(charge_attempts=ChargeAttempts(days=(0, 3, 6)))

CARD: Final = PaymentMethod.card(expires="2027-08", id="M-CARD")
OLD_CARD: Final = PaymentMethod.card(expires="2025-12", id="M-OLD-CARD")
EMPTY_CARD: Final = PaymentMethod.card(expires="2027-05", id="M-EMPTY-CARD")
WIRE: Final = PaymentMethod(kind=PaymentKind.WIRE_TRANSFER, id="M-WIRE")
INVOICE: Final = PaymentMethod(kind=PaymentKind.INVOICE, id="M-INVOICE")

#: What the payment service knows of the cards on file.
CARDS: Final = (
    (CARD, "4242 4242 4242 4242", "2027-08"),
    (OLD_CARD, "4242 4242 4242 4242", "2025-12"),
    (EMPTY_CARD, "4000 0000 0000 9995", "2027-05"),
)


@attrs.frozen(kw_only=True)
class Person:
    """Somebody whom the demonstration lets in without a password."""

    name: str
    account_name: str
    account: Account
    actor: Actor


def _person(name: str, account_name: str, account: Account, role: Role) -> Person:
    actor = Actor(id=name.lower(), roles=frozenset({role}))
    return Person(name=name, account_name=account_name, account=account, actor=actor)


PEOPLE: Final = MappingProxyType(
    {
        "alice": _person("Alice", "Northwind Architects", NORTHWIND, Role.PURCHASER),
        "bruno": _person("Bruno", "Northwind Architects", NORTHWIND, Role.USER),
        "camille": _person("Camille", "Atelier Lumen", LUMEN, Role.OWNER),
    }
)

ORDER_NUMBER: Final = "ORD-2025-0042"
ORDER_PASSWORD: Final = "harbour-lantern-7"


def prices() -> PriceList:
    """Return the price list, in dollars and euros."""
    annual = {
        "3ds Max": "1785.00",
        "Arnold": "380.00",
        "AutoCAD": "1865.00",
        "AutoCAD LT": "490.00",
        "Civil 3D": "2645.00",
        "Maya": "1785.00",
        "Revit": "2645.00",
        "Revit LT": "540.00",
    }
    others = [("Civil 3D", THREE_YEARS, "7935.00"), ("Maya", MONTH, "221.34")]
    listed = [*((product, YEAR, amount) for product, amount in annual.items()), *others]
    return PriceList(
        prices=tuple(
            ListPrice(
                product=product,
                term=term,
                price=Money(amount, currency),
                from_on=date(2024, 1, 1),
            )
            for product, term, amount in listed
            for currency in ("USD", "EUR")
        )
    )


def _sold(id: str, product: str, starts_on: date, **fields: Any) -> Subscription:  # noqa: ANN401
    usual: dict[str, Any] = {
        "term": YEAR,
        "account": NORTHWIND,
        "currency": "USD",
        "payment_method": CARD,
    }
    return Subscription(id=id, product=product, starts_on=starts_on, **usual | fields)


def subscriptions() -> tuple[Subscription, ...]:
    """Return everything that was sold."""
    lumen = {"account": LUMEN, "currency": "EUR"}
    harbour = {
        "account": HARBOUR,
        "channel": Channel.ORDER,
        "order_number": ORDER_NUMBER,
        "auto_renew": ON,
    }
    return (
        _sold("N-101", "AutoCAD", date(2025, 1, 15), seats=5),
        _sold("N-102", "Revit", date(2025, 2, 3), auto_renew=ON),
        _sold("N-103", "Maya", date(2025, 1, 31), auto_renew=ON, payment_method=OLD_CARD),
        _sold("N-104", "Civil 3D", date(2024, 3, 1), term=THREE_YEARS, seats=2),
        _sold("N-105", "3ds Max", date(2024, 11, 20)),
        _sold("N-106", "Revit LT", date(2025, 12, 1), kind=Kind.TRIAL, term=MONTH),
        _sold("N-107", "AutoCAD LT", date(2025, 1, 20), channel=Channel.PARTNER),
        _sold("N-108", "Maya", date(2025, 11, 15), term=MONTH),
        _sold("N-109", "Arnold", date(2025, 1, 10), seats=3),
        # Its renewal date was two days ago, and the nightly run has not come yet.
        _sold("N-110", "Revit", date(2024, 12, 8), auto_renew=ON),
        _sold("N-111", "3ds Max", date(2025, 2, 20), cancelled_on=date(2026, 2, 20)),
        # Its renewal date is today, and there is no money on its card.
        _sold("N-112", "Maya", date(2024, 12, 10), auto_renew=ON, payment_method=EMPTY_CARD),
        _sold("N-113", "Revit LT", date(2025, 1, 8), seats=4, payment_method=None),
        _sold("L-201", "AutoCAD", date(2025, 2, 28), auto_renew=ON, payment_method=WIRE, **lumen),
        _sold("L-202", "Revit LT", date(2025, 1, 5), seats=2, **lumen),
        _sold("L-203", "AutoCAD LT", date(2025, 1, 25), payment_method=INVOICE, **lumen),
        # Renewed on invoice in June, and not paid for.
        _sold(
            "L-204",
            "3ds Max",
            date(2025, 6, 1),
            auto_renew=ON,
            payment_method=INVOICE,
            history=History(owed=Money("1695.75", "EUR"), unpaid_since=date(2025, 7, 1)),
            **lumen,
        ),
        _sold("H-301", "AutoCAD", date(2025, 1, 22), seats=2, **harbour),
        _sold("H-302", "Revit", date(2025, 1, 22), **harbour),
    )


def fill(storage: Storage, hasher: PasswordHasher) -> None:
    """Put all of it into an empty storage, whichever it is."""
    sold = subscriptions()
    lines = tuple(each.id for each in sold if each.order_number == ORDER_NUMBER)
    record = OrderRecord(
        number=ORDER_NUMBER,
        placed_on=date(2025, 1, 22),
        subscription_ids=lines,
        password_hash=hasher.hash(Secret(ORDER_PASSWORD)),
    )
    with storage.transaction() as repositories:
        for each in sold:
            repositories.subscriptions.save(each, revision=None)
        for method in (CARD, OLD_CARD, EMPTY_CARD, WIRE, INVOICE):
            repositories.payment_methods.save(method, revision=None)
        repositories.orders.save(record, revision=None)


def fill_cards(service: FakeCards) -> None:
    """Give the cards that are on file to whoever charges them."""
    for method, number, expires in CARDS:
        service.add(number, expires=expires, id=method.id)
