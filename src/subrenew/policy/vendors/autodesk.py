"""
Autodesk's renewal policy, as its help page states it.

`EDITION_2024` is the source that this library implements clause by clause (`subrenew.clauses`).
`EDITION_2025_12` is the page that followed it: late renewal in stages, in which automatic renewal
can still be switched, the purchaser alone renews, and no saving is promised any more. They differ
in data only. What is new on the later pages has clauses of its own (`CLAUSES_2025_12`).

What a page does not say is unset; the pages of 2025-12 do not say where the term of a late renewal
starts. The days on which the vendor changed its page are not published:
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
from subrenew.clauses import CLAUSES, Clause
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

__all__ = ["CLAUSES_2025_12", "EDITIONS", "EDITION_2024", "EDITION_2025_12"]


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


_STAGES: Final = "after expiry"
_EXPIRED: Final = Clause(
    "autodesk.expired", _STAGES, "For 15 days after it has expired, access is kept."
)
_SUSPENDED: Final = Clause(
    "autodesk.suspended",
    _STAGES,
    "Access is then removed, for 15 days where the term is monthly and 30 where it is longer.",
)
_OVER: Final = Clause(
    "autodesk.over",
    _STAGES,
    "After 30 days (monthly) or 45 days (longer) it is not renewed any more; going on means"
    " buying a new one.",
)
_PURCHASER: Final = Clause("autodesk.purchaser", "roles", "The person who purchased it renews.")
_MANUAL: Final = Clause(
    "autodesk.manual",
    "renew manually",
    "What is paid by Konbini or ATM transfer, for example, is renewed manually.",
)
_SWITCH: Final = Clause(
    "autodesk.switch",
    "renew automatically",
    "Automatic renewal can be switched until 30 days (monthly) or 45 days (longer) after expiry.",
)
_CART: Final = Clause(
    "autodesk.cart",
    "renew manually",
    "Up to 100 subscriptions are renewed at once, of one customer number, currency and way of"
    " purchase.",
)
_REPLACED: Final = frozenset({page.EXPIRED, page.MANAGED, page.SAVING_FLOOR, page.ORDER_SWITCH})
#: The clauses of 2024 that still hold, and those that replace or join them.
CLAUSES_2025_12: Final = (
    *(each for each in CLAUSES if each not in _REPLACED),
    _EXPIRED,
    _SUSPENDED,
    _OVER,
    _PURCHASER,
    _MANUAL,
    _SWITCH,
    _CART,
)


def _stage(name: str, access: Access, clause: Clause, *, monthly_days: int, days: int) -> Stage:
    return Stage(
        name=name,
        access=access,
        clause=clause,
        lengths=(
            StageLength(up_to=Term.months(1), days=monthly_days),
            StageLength(days=days),
        ),
    )


EDITION_2025_12: Final = EDITION_2024.evolve(
    id="autodesk/2025-12",
    source="Autodesk help pages on renewals, copies of 2025-12-29",
    verified_until=date(2025, 12, 29),
    clauses=CLAUSES_2025_12,
    # The page says of a manual renewal in time only that it keeps the renewal date, so `late_start`
    # stays unset.
    stages=(
        _stage("expired", Access.FULL, _EXPIRED, monthly_days=15, days=15),
        _stage("suspended", Access.NONE, _SUSPENDED, monthly_days=15, days=30),
    ),
    manual_payment_kinds=frozenset({PaymentKind.KONBINI, PaymentKind.ATM_TRANSFER}),
    managed_roles=frozenset({Role.PURCHASER}),
    saving_floor_rate=None,
    cart_most_lines=100,
    cites={
        "stages": _OVER,
        "switch_closes_days": _SWITCH,
        "manual_payment_kinds": _MANUAL,
        "managed_roles": _PURCHASER,
        "unmanaged_roles": _PURCHASER,
        "cart_groups": _CART,
        "cart_most_lines": _CART,
    },
)

#: The source, and the page that followed it.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2024, 1, 1), policy=EDITION_2024),
        Edition(from_on=date(2025, 12, 29), policy=EDITION_2025_12),
    )
)
