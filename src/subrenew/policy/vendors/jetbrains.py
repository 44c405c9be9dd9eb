"""
JetBrains: the longer without a break, the cheaper, and a missed renewal can be made up for.

A renewal saves a fifth at first and two fifths later on. One that was missed can be paid within six
months (annual) or one month (monthly); the time without payment is paid too, and the discount goes
on. Since 2025-01-02 this is for personal subscriptions and for commercial ones bought before.

Sources: https://sales.jetbrains.com/hc/en-gb/articles/206386064-What-is-a-continuity-discount (the
old text, undated) and its zh-cn version of 2025. They differ in one payment: two fifths from the
24th monthly payment on, says the old one, and from the 25th, says the new one. The old text begins
here on the day from which JetBrains sells subscriptions
(https://sales.jetbrains.com/hc/en-gb/articles/206544679-Subscription-based-licensing).

Readings: a stage is counted in days, so six months and one month are the fewest days that they can
have; the time not paid for is paid by the day and the new term starts on the day of the renewal; a
customer of unknown kind is not taken for a personal one.

Unset, because the page does not say it: when manual renewal opens, what can be used after the
end, how automatic renewal is set, who may renew, and what becomes of trials.

>>> from subrenew import Account, Subscription, late_window
>>> bought_on, on = date(2025, 1, 2), date(2026, 1, 5)
>>> for kind in ("personal", "commercial"):
...     subscription = Subscription(
...         id="S-1",
...         product="IDE",
...         term=Term.years(1),
...         starts_on=bought_on,
...         account=Account(id="A-1", customer_kind=kind),
...     )
...     edition = EDITIONS.in_force(subscription, on=on)
...     late = late_window(subscription, policy=EDITIONS, on=on)
...     print(edition.id, edition.loyalty_rate(subscription), late.days)
jetbrains/2025-01 0.20 181
jetbrains/2025-01-without None 0
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions, KeyedOn
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.pricing import LoyaltyTier
from subrenew.policy.scopes import Scope
from subrenew.policy.stages import (
    BackPay,
    LateStart,
    LateTerms,
    Stage,
    StageLength,
    StagePrice,
)

__all__ = [
    "CLAUSES",
    "EDITIONS",
    "EDITION_2015_11",
    "EDITION_2025_01",
    "EDITION_2025_01_WITHOUT",
]

_PAGE: Final = "continuity discount"

_ANNUALLY: Final = Clause(
    "jetbrains.annual",
    _PAGE,
    "The first renewal of an annual subscription costs a fifth less than a new one, and every"
    " later one two fifths less.",
)
_BY_MONTH: Final = Clause(
    "jetbrains.monthly",
    _PAGE,
    "Monthly payments cost a fifth less from the 13th on and two fifths less from the 25th on;"
    " from the 24th on in the old text.",
)
_MISSED: Final = Clause(
    "jetbrains.missed",
    _PAGE,
    "A missed renewal is made up for at a price raised by the time not paid for, and the"
    " discount is kept.",
)
_MISSED_UNTIL: Final = Clause(
    "jetbrains.missed.until",
    _PAGE,
    "That is possible for six months after an annual and one month after a monthly"
    " subscription has expired.",
)
_SINCE_2025: Final = Clause(
    "jetbrains.since-2025",
    _PAGE,
    "From 2 January 2025 on it is for personal subscriptions and for commercial ones bought"
    " before that day.",
)

#: The page's sentences, restated.
CLAUSES: Final = (
    _ANNUALLY,
    _BY_MONTH,
    Clause(
        "jetbrains.own", _PAGE, "Each subscription earns its own discount, and a new one has none."
    ),
    Clause("jetbrains.bundle", _PAGE, "An upgrade to a bundle keeps the discount.", binding=False),
    _MISSED,
    _MISSED_UNTIL,
    _SINCE_2025,
)

_ANNUAL: Final = Scope(longer_than=Term.months(11), up_to=Term.years(1))
_MONTHLY: Final = Scope(longer_than=Term.days(27), up_to=Term.months(1))
_FIFTH, _TWO_FIFTHS = Decimal("0.20"), Decimal("0.40")


def _tiers(*, fewer_from: int) -> tuple[LoyaltyTier, ...]:
    # The renewal after n earlier ones is payment number n + 2.
    return (
        _tier(0, _FIFTH, _ANNUAL, _ANNUALLY),
        _tier(1, _TWO_FIFTHS, _ANNUAL, _ANNUALLY),
        _tier(13 - 2, _FIFTH, _MONTHLY, _BY_MONTH),
        _tier(fewer_from - 2, _TWO_FIFTHS, _MONTHLY, _BY_MONTH),
    )


def _tier(from_renewals: int, rate: Decimal, scope: Scope, clause: Clause) -> LoyaltyTier:
    return LoyaltyTier(from_renewals=from_renewals, rate=rate, scope=scope, clause=clause)


EDITION_2015_11: Final = RenewalPolicy(
    id="jetbrains/2015-11",
    source="JetBrains sales page on the continuity discount, the old text",
    clauses=CLAUSES[:-1],
    stages=(
        Stage(
            name="missed",
            lengths=(StageLength(up_to=Term.months(1), days=28), StageLength(days=181)),
            price=StagePrice.RENEWAL,
            clause=_MISSED_UNTIL,
        ),
    ),
    late_terms=LateTerms(back_pay=BackPay.UNPAID_DAYS, clause=_MISSED),
    late_start=LateStart.RENEWAL_DAY,
    cites={"late_start": _MISSED},
    loyalty=_tiers(fewer_from=24),
)

EDITION_2025_01: Final = EDITION_2015_11.evolve(
    id="jetbrains/2025-01",
    source="JetBrains sales page on the continuity discount, zh-cn text of 2025",
    clauses=CLAUSES,
    loyalty=_tiers(fewer_from=25),
)

#: The page says nothing more of those that do not get the discount.
EDITION_2025_01_WITHOUT: Final = RenewalPolicy(
    id="jetbrains/2025-01-without",
    source=EDITION_2025_01.source,
    clauses=CLAUSES,
    cites={"loyalty": _SINCE_2025},
)

_SINCE: Final = date(2025, 1, 2)

#: By the day of the act until 2025; from then on by the purchase and the kind of customer too.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2015, 11, 2), policy=EDITION_2015_11),
        Edition(from_on=_SINCE, policy=EDITION_2025_01),
        Edition(from_on=_SINCE, policy=EDITION_2025_01_WITHOUT, keyed_on=KeyedOn.PURCHASE),
        Edition(
            from_on=_SINCE,
            policy=EDITION_2025_01,
            keyed_on=KeyedOn.PURCHASE,
            scope=Scope(customer_kinds=frozenset({"personal"})),
        ),
    )
)
