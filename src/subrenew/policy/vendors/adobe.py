"""
Adobe's Value Incentive Plan (VIP), as its program guide states it: two programmes, two policies.

**VIP.** A customer has one anniversary date, twelve months after the first accepted order: accepted
on 16 January 2024, it is 16 January 2025. All licences end together, on the day before it, so the
anniversary is the first day not covered. Orders to renew are taken from thirty days before and are
due on the anniversary itself. Messages go out thirty days before, on the day, when the renewal is
past due, and once more before access is removed.

**VIP Marketplace.** Licences renew automatically unless that is switched off three days before the
anniversary at the latest; they cost what the price is on that day. Who has switched off orders
again before the anniversary. One distributor takes late orders for thirteen days.

Sources, read 2026-11-23; the pages carry no dates, so 2024 is the year of the guide's own example:

- https://helpx.adobe.com/lt/enterprise/vip/vip-dates.html and .../vip-renewal.html
- https://cbconnection.adobe.com/en/vip-marketplace-guide/manage-customer-accounts/renewals and
  https://helpx.adobe.com/enterprise/vip/marketplace-renewal.chromeless.html
- docs.cloudblue.com, "Placing a Late Renewal Order", for the distributor; a third party's page

Unset, because no page says it: when access is removed after a missed anniversary (so the message
before it has no day), the days of the window that enterprise customers have after theirs, who may
renew, what becomes of trials, how VIP itself sets automatic renewal, and where the term of a late
order at that distributor starts.

>>> from datetime import timedelta
>>> from subrenew import Subscription, renewability, renewal_window
>>> licence = Subscription(
...     id="S-1", product="Photoshop", term=Term.years(1), starts_on=date(2024, 1, 16)
... )
>>> licence.expires_on.isoformat()
'2025-01-16'
>>> renewal_window(licence, policy=EDITIONS, on=date(2024, 6, 1)).opens_on.isoformat()
'2024-12-17'
>>> due_on = date(2025, 1, 16)
>>> [
...     renewability(licence, policy=EDITIONS, on=due_on + timedelta(days=days)).route.value
...     for days in (-31, -30, 0, 1)
... ]
['wait-for-window', 'renew-now', 'renew-now', 'buy-new']
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.entities import AutoRenew
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.notice_rules import Anchor, Medium, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.parameters import Access, RenewalPolicy, Stage, StageLength
from subrenew.policy.scopes import Scope
from subrenew.policy.stages import LateStart, StagePrice

__all__ = ["CLAUSES", "EDITIONS", "VIP", "VIP_MARKETPLACE", "VIP_MARKETPLACE_LATE"]

_VIP: Final = "VIP: dates and renewals"
_MARKETPLACE: Final = "VIP Marketplace: renewals"

ANNIVERSARY: Final = Clause(
    "adobe.anniversary",
    _VIP,
    "Terms are twelve months, end together, and on the day before the anniversary.",
)
ORDERS: Final = Clause(
    "adobe.orders",
    _VIP,
    "Orders to renew are taken from 30 days before the anniversary and are due on it.",
)
MESSAGES: Final = Clause(
    "adobe.messages",
    _VIP,
    "The administrators hear of it 30 days before, on the anniversary, and before removal.",
)
BY_ITSELF: Final = Clause(
    "adobe.by-itself", _MARKETPLACE, "Licences renew by themselves unless that is switched off."
)
OPT_OUT: Final = Clause(
    "adobe.opt-out", _MARKETPLACE, "It is switched off 3 days before the anniversary at the latest."
)
PRICE: Final = Clause(
    "adobe.price",
    _MARKETPLACE,
    "Price and discount level are those of the anniversary; promotions end with the term.",
)
LATE: Final = Clause(
    "adobe.late", "a distributor's page", "A late order is taken for 13 days after the anniversary."
)
#: In the order of the pages.
CLAUSES: Final = (ANNIVERSARY, ORDERS, MESSAGES, BY_ITSELF, OPT_OUT, PRICE, LATE)


def _message(code: str, topic: Topic, day: Offset) -> NoticeRule:
    return NoticeRule(
        code=code,
        clause=MESSAGES,
        topic=topic,
        anchor=Anchor.RENEWAL_DATE,
        earliest=day,
        latest=day,
        recipients=frozenset({"vip-admin"}),
        medium=frozenset({Medium.EMAIL}),
    )


VIP: Final = RenewalPolicy(
    id="adobe/vip",
    source="Adobe VIP program guide: dates, renewals",
    clauses=CLAUSES[:3],
    window_opens_days=30,
    stages=(
        # Due on the anniversary: that day is still in time, and removal comes after a message.
        Stage(
            name="due",
            access=Access.FULL,
            lengths=(StageLength(days=1),),
            price=StagePrice.RENEWAL,
            clause=ORDERS,
        ),
    ),
    # Ordered on the anniversary itself, the terms still end together.
    late_start=LateStart.OLD_END,
    cites={"window_opens_days": ORDERS, "late_start": ANNIVERSARY},
    notices=(
        _message("time-to-renew", Topic.RENEWAL, Offset(before=Term.days(30))),
        _message("past-due", Topic.END, Offset()),
    ),
)

VIP_MARKETPLACE: Final = RenewalPolicy(
    id="adobe/vip-marketplace",
    source="Adobe VIP Marketplace guide: renewals",
    clauses=(ORDERS, *CLAUSES[3:6]),
    # The page only says "in advance"; the thirty days are those of the same guide's VIP pages.
    window_opens_days=30,
    auto_renew_default=AutoRenew.ON,
    switch_closes_days=3,
    cites={
        "window_opens_days": ORDERS,
        "auto_renew_default": BY_ITSELF,
        "switch_closes_days": OPT_OUT,
    },
)

#: With the distributor that takes late orders, for licences that were not to renew automatically.
VIP_MARKETPLACE_LATE: Final = VIP_MARKETPLACE.evolve(
    id="adobe/vip-marketplace-late",
    source="CloudBlue documentation: placing a late renewal order",
    clauses=(ORDERS, *CLAUSES[3:]),
    stages=(
        Stage(
            name="inactive",
            access=Access.NONE,
            lengths=(StageLength(days=13),),
            clause=LATE,
        ),
    ),
)

#: Both programmes; what was bought on the Marketplace has the offer ``vip-marketplace``.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2024, 1, 1), policy=VIP),
        Edition(
            from_on=date(2024, 1, 1),
            policy=VIP_MARKETPLACE,
            scope=Scope(offers=frozenset({"vip-marketplace"})),
        ),
    )
)
