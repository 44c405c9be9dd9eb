"""
Autodesk's renewal policy, as its help page states it.

`EDITION_2024` is the source that this library implements clause by clause (`subrenew.clauses`).
`EDITION_2025_12` is the page that followed it: late renewal in stages, the purchaser alone renews,
and no saving is promised any more. They differ in data only.

What a page does not say is unset. The days on which the vendor changed its page are not published:
the first days given here are those of the copies seen, and 2024 begins with the year.

>>> from subrenew import Subscription, Term, renewability
>>> subscription = Subscription(
...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1)
... )
>>> on = date(2026, 1, 5)
>>> renewability(subscription, policy=EDITION_2024, on=on).route.value
'buy-new'
>>> renewability(subscription, policy=EDITION_2025_12, on=on).route.value
'renew-now'
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from subrenew import clauses as page
from subrenew.clauses import CLAUSES
from subrenew.model.entities import AutoRenew, PaymentKind, Role
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.notice_rules import (
    Anchor,
    Medium,
    NoticeCondition,
    NoticeRule,
    RenewsBy,
    Topic,
)
from subrenew.policy.offsets import Offset
from subrenew.policy.parameters import (
    Access,
    Product,
    ProductList,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    TrialEnd,
    Way,
)

__all__ = ["EDITIONS", "EDITION_2024", "EDITION_2025_12"]


def _product(code: str, *aliases: str) -> Product:
    return Product(code=code, aliases=frozenset(aliases))


#: Clause `excluded.products`; English names, and the French ones of the page where they differ.
EXCLUDED_PRODUCTS: Final = (
    _product("Arnold"),
    _product("Assemble"),
    _product("AutoCAD Inventor LT Suite"),
    _product("AutoCAD LT with CALS Tools", "AutoCAD LT avec outils CALS"),
    _product("AutoCAD Web"),
    _product("Build", "Autodesk Build"),
    _product("Fusion 360 with EAGLE Standard", "Fusion 360 avec la norme EAGLE"),
    _product("Flow Production Tracking", "ShotGrid"),
    _product("Takeoff", "Autodesk Takeoff"),
)

#: Clause `term-change` says "some regions"; these are the ones that the vendor's account page
#: names (United States, Canada, Europe, Australia). Everywhere else the answer is unknown.
TERM_CHANGE_WAYS: Final = tuple(
    RegionWays(region=region, way=Way.ACCOUNT)
    for region in [
        "US",
        "CA",
        "AU",
        "AT",
        "BE",
        "BG",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)

#: Clause `manual.notice`: a message, from the day on which the window opens.
YOU_CAN_RENEW_NOW: Final = NoticeRule(
    code="you-can-renew-now",
    clause=page.MANUAL_NOTICE,
    topic=Topic.RENEWAL,
    anchor=Anchor.WINDOW_OPENS,
    earliest=Offset(),
    condition=NoticeCondition(renews=RenewsBy.HAND),
    medium=frozenset({Medium.EMAIL}),
)

EDITION_2024: Final = RenewalPolicy(
    id="autodesk/2024",
    source="Autodesk help page on renewing a subscription, French edition of 2024",
    verified_until=date(2025, 12, 28),
    clauses=CLAUSES,
    window_opens_days=90,
    trials=TrialEnd.ENDS,
    auto_renew_default=AutoRenew.ON,
    # Not on the page: reading 29.
    catch_up_days=7,
    manual_payment_kinds=frozenset(
        {PaymentKind.ALIPAY, PaymentKind.KONBINI, PaymentKind.WIRE_TRANSFER}
    ),
    managed_roles=frozenset({Role.CONTRACT_MANAGER, Role.PURCHASER, Role.PRIMARY_ADMIN}),
    unmanaged_roles=frozenset({Role.OWNER}),
    saving_floor_rate=Decimal("0.05"),
    price_excluded_up_to=Term.months(1),
    excluded_products=EXCLUDED_PRODUCTS,
    product_list=ProductList.OPEN,
    term_change_ways=TERM_CHANGE_WAYS,
    notices=(YOU_CAN_RENEW_NOW,),
)


def _stage(name: str, access: Access, *, monthly_days: int, days: int) -> Stage:
    return Stage(
        name=name,
        access=access,
        lengths=(
            StageLength(up_to=Term.months(1), days=monthly_days),
            StageLength(days=days),
        ),
    )


EDITION_2025_12: Final = EDITION_2024.evolve(
    id="autodesk/2025-12",
    source="Autodesk help pages on renewals, copies of 2025-12-29",
    verified_until=date(2025, 12, 29),
    stages=(
        _stage("expired", Access.FULL, monthly_days=15, days=15),
        _stage("suspended", Access.NONE, monthly_days=15, days=30),
    ),
    manual_payment_kinds=frozenset({PaymentKind.KONBINI, PaymentKind.ATM_TRANSFER}),
    managed_roles=frozenset({Role.PURCHASER}),
    saving_floor_rate=None,
    cart_most_lines=100,
)

#: The source, and the page that followed it.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2024, 1, 1), policy=EDITION_2024),
        Edition(from_on=date(2025, 12, 29), policy=EDITION_2025_12),
    )
)
