"""
Auto-renewable subscriptions in Apple's App Store: grace, retry, and consent to dearer prices.

When a renewal cannot be charged, the store goes on trying for up to sixty days. Where the developer
gives a *billing grace period*, access goes on during it: 6 days for weekly terms and 16 for longer
ones when it came in 2019; since 30 January 2023 the developer picks 3, 16 or 28 days. A renewal
within grace does not move the dates; without grace, the days that were not paid for do not count.

A price may rise without consent once a year at most, and by no more than about USD 5 *and* 50 %
(USD 50 *and* 50 % for annual terms), where the law allows it. Otherwise the customer is asked, and
without an answer the subscription does not renew.

Sources: https://developer.apple.com/news/releases/?id=01302023a (2023-01-30) for the choice of
days; Apple's developer documentation for introductory periods, and as a forum quotes it for the
sixty days; the days of 2019 without a day of the year; https://support.apple.com/en-nz/109501
(undated) for prices.

The "and" can be read in two ways. Here exceeding one of the two limits is enough to need consent
(`Combine.ANY`), which asks the customer more often; the other reading is `Combine.ALL`. "About" is
no figure, and amounts in other currencies are not published, so they are unset: convert prices to
USD before you ask, or give limits of your own. The developer's choice stands in the offer:
``grace-3``, ``grace-16``, ``grace-28``; without one, since 2023, there is no grace.

A subscription goes on automatically unless the customer switches that off, and so does a free
introductory period: at its end the regular price is charged. A customer who switches renewal off
cancels at the end of the term, and then nothing follows it.

Unset, because no page says it: who may renew, and where a term starts that is charged once grace
is over (within grace it starts where the old one ended; a policy has one answer for both).

>>> from subrenew import History, Subscription, renewability
>>> app = Subscription(
...     id="S-1",
...     product="App",
...     term=Term.months(1),
...     starts_on=date(2026, 1, 1),
...     history=History(offer="grace-16"),
... )
>>> for day in (date(2026, 2, 1), date(2026, 2, 16), date(2026, 2, 17), date(2026, 4, 2)):
...     decision = renewability(app, policy=EDITIONS, on=day)
...     print(day, decision.route.value, decision.access.value)
2026-02-01 renew-now full
2026-02-16 renew-now full
2026-02-17 renew-now none
2026-04-02 buy-new none
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.entities import AutoRenew
from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.parameters import (
    Access,
    LateStart,
    RenewalPolicy,
    Stage,
    StageLength,
    TrialEnd,
)
from subrenew.policy.pricing import Combine, ConsentRule, IncreaseLimit, Silence
from subrenew.policy.scopes import Scope
from subrenew.policy.stages import StagePrice

__all__ = [
    "CLAUSES",
    "CONSENT",
    "EDITIONS",
    "EDITION_2019",
    "GRACE_3",
    "GRACE_16",
    "GRACE_28",
    "NO_GRACE",
]

_BILLING: Final = "billing"

_RETRY: Final = Clause(
    "apple.retry", _BILLING, "A renewal that failed is tried again for up to 60 days."
)
_GRACE_2019: Final = Clause(
    "apple.grace-2019", _BILLING, "Access goes on for 6 days, or 16 where terms are longer."
)
_GRACE: Final = Clause(
    "apple.grace", _BILLING, "Access goes on for the 3, 16 or 28 days that the developer picks."
)
_DATES: Final = Clause(
    "apple.dates",
    _BILLING,
    "Renewed within grace, the paid period does not move; without grace it pauses.",
)
_INCREASE: Final = Clause(
    "apple.increase",
    "prices",
    "Once a year a small increase needs no consent: up to USD 5 and 50 %, annually USD 50.",
)
_CONSENT: Final = Clause(
    "apple.consent", "prices", "Otherwise, customers who do not agree are not renewed."
)
_AUTOMATIC: Final = Clause(
    "apple.automatic",
    "subscriptions",
    "A subscription renews automatically unless it is cancelled; it is not renewed manually.",
)
_INTRODUCTORY: Final = Clause(
    "apple.introductory",
    "subscriptions",
    "A free introductory period is followed by the regular price unless it is cancelled.",
)

CLAUSES: Final = (
    _RETRY,
    _GRACE_2019,
    _GRACE,
    _DATES,
    _INCREASE,
    _CONSENT,
    _AUTOMATIC,
    _INTRODUCTORY,
)


def _stage(name: str, access: Access, clause: Clause, *lengths: StageLength) -> Stage:
    # What is tried again is the renewal itself, so it keeps its price.
    return Stage(name=name, access=access, lengths=lengths, price=StagePrice.RENEWAL, clause=clause)


def _grace(clause: Clause, *lengths: StageLength) -> tuple[Stage, ...]:
    return (
        _stage("grace", Access.FULL, clause, *lengths),
        _stage("retry", Access.NONE, _RETRY, StageLength(days=60, less=("grace",))),
    )


def _limit(amount: str, scope: Scope) -> IncreaseLimit:
    return IncreaseLimit(
        scope=scope,
        amount=Money(amount, "USD"),
        rate=Decimal("0.50"),
        combine=Combine.ANY,
    )


#: Clauses `apple.increase` and `apple.consent`; half a year is the longest term below a year.
CONSENT: Final = ConsentRule(
    limits=(
        _limit("5.00", Scope(up_to=Term.months(6))),
        _limit("50.00", Scope(longer_than=Term.months(6))),
    ),
    not_more_often_than=Term.years(1),
    silence=Silence.ENDS,
    clause=_CONSENT,
)

#: Nothing is renewed manually before the end, so there is no window.
EDITION_2019: Final = RenewalPolicy(
    id="apple/2019",
    source="Apple's developer documentation of 2019",
    clauses=(_RETRY, _GRACE_2019, _DATES, _AUTOMATIC, _INTRODUCTORY),
    window_opens_days=0,
    trials=TrialEnd.GOES_ON,
    auto_renew_default=AutoRenew.ON,
    stages=_grace(_GRACE_2019, StageLength(up_to=Term.weeks(1), days=6), StageLength(days=16)),
    cites={
        "window_opens_days": _AUTOMATIC,
        "trials": _INTRODUCTORY,
        "auto_renew_default": _AUTOMATIC,
    },
)
GRACE_16: Final = EDITION_2019.evolve(
    id="apple/2023-grace-16",
    source="developer.apple.com/news/releases/?id=01302023a; support.apple.com/en-nz/109501",
    clauses=(_RETRY, *CLAUSES[2:]),
    stages=_grace(_GRACE, StageLength(days=16)),
    consent=CONSENT,
)
GRACE_3: Final = GRACE_16.evolve(
    id="apple/2023-grace-3", stages=_grace(_GRACE, StageLength(days=3))
)
GRACE_28: Final = GRACE_16.evolve(
    id="apple/2023-grace-28", stages=_grace(_GRACE, StageLength(days=28))
)
NO_GRACE: Final = GRACE_16.evolve(
    id="apple/2023-no-grace",
    stages=(_stage("retry", Access.NONE, _RETRY, StageLength(days=60)),),
    late_start=LateStart.RENEWAL_DAY,
    cites={
        "window_opens_days": _AUTOMATIC,
        "trials": _INTRODUCTORY,
        "auto_renew_default": _AUTOMATIC,
        "late_start": _DATES,
    },
)


def _picked(offer: str, policy: RenewalPolicy) -> Edition:
    scope = Scope(offers=frozenset({offer}))
    return Edition(from_on=date(2023, 1, 30), policy=policy, scope=scope)


#: By day, and from 2023 on by what the developer picked.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2019, 1, 1), policy=EDITION_2019),
        Edition(from_on=date(2023, 1, 30), policy=NO_GRACE),
        _picked("grace-3", GRACE_3),
        _picked("grace-16", GRACE_16),
        _picked("grace-28", GRACE_28),
    )
)
