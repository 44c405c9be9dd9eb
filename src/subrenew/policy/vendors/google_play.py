"""
Subscriptions in Google Play: grace, account hold, and moving customers to a new price.

When a renewal cannot be charged, access goes on for a *grace period* of 0 to 30 days, as the
developer sets it, and stops in the *account hold* that follows. The hold lasted 30 days unless it
was set; since 1 December 2025 it is 60 days less the grace, and plans that had the old default
changed on that day. Before the end a cancelled subscription can be restored, afterwards it is
bought again. A prepaid plan is never renewed, it is topped up.

Customers keep the price that they have until the developer moves them. *Opt-in*: they accept within
30 days or are cancelled. *Opt-out*: they are told, and the new price holds unless they leave; where
region, frequency or amount do not allow that, it falls back to opt-in.

Sources: support.google.com, answer 16631229, a mirror (undated), for the hold;
https://developers.google.com/android-publisher/api-ref/rest/v3/RegionalPriceMigrationConfig
(undated) for prices; the 30 days to accept are a third party's.

Unset, because the pages give no figures: the limits of opt-out, and the day or so before grace in
which nothing is said. Unset, because they do not say it: what becomes of trials, who may renew, how
automatic renewal is set at first, and where a term starts that is charged late. A price that
customers keep depends on the app, so it is a `PriceSchedule` of the app's own policy
(`how-to/write-a-policy`). A hold that the developer set is one too: `EDITION_2024` did not change
for it. 2024 begins with the year, for want of a published day. The developer's grace stands in the
offer: ``grace-7``, ``grace-30``; without one there is none. For any other number of days:
``EDITION_2025_12.evolve(stages=(grace(14), HOLD))``.

>>> from subrenew import History, Subscription, Term, late_window
>>> plan = Subscription(
...     id="S-1",
...     product="App",
...     term=Term.months(1),
...     starts_on=date(2025, 11, 1),
...     history=History(offer="grace-7"),
... )
>>> late_window(plan, policy=EDITIONS, on=date(2025, 11, 30)).closes_on.isoformat()
'2026-01-07'
>>> late_window(plan, policy=EDITIONS, on=date(2025, 12, 1)).closes_on.isoformat()
'2026-01-30'
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.parameters import Access, RenewalPolicy, Stage, StageLength
from subrenew.policy.pricing import ConsentRule, Silence
from subrenew.policy.scopes import Scope
from subrenew.policy.stages import StagePrice

__all__ = [
    "CLAUSES",
    "EDITIONS",
    "EDITION_2024",
    "EDITION_2025_12",
    "HOLD",
    "HOLD_30",
    "HOLD_60",
    "OPT_IN",
    "OPT_OUT",
    "grace",
]

_GRACE: Final = Clause(
    "play.grace", "payment", "Access goes on for the 0 to 30 days that the developer sets."
)
_HOLD: Final = Clause("play.hold", "payment", "After grace access stops; by default for 30 days.")
_HOLD_REST: Final = Clause(
    "play.hold-rest", "payment", "From 2025-12-01 grace and hold last 60 days together."
)
_RESTORE: Final = Clause(
    "play.restore", "cancelling", "Restored before the end, bought again after it."
)
_PREPAID: Final = Clause("play.prepaid", "plans", "A prepaid plan is topped up and never renewed.")
_OPT_IN: Final = Clause(
    "play.opt-in", "prices", "Opt-in: customers who do not accept are cancelled."
)
_OPT_OUT: Final = Clause(
    "play.opt-out", "prices", "Opt-out: customers who do not leave get the new price."
)
_CHARGED: Final = Clause(
    "play.charged", "payment", "The store charges a renewal on its date, and tries again later."
)

CLAUSES: Final = (_GRACE, _HOLD, _HOLD_REST, _RESTORE, _PREPAID, _OPT_IN, _OPT_OUT, _CHARGED)


def _stage(name: str, access: Access, length: StageLength, clause: Clause) -> Stage:
    # What is tried again is the renewal itself, so it keeps its price.
    return Stage(
        name=name, access=access, lengths=(length,), price=StagePrice.RENEWAL, clause=clause
    )


def grace(days: int) -> Stage:
    """Return the grace period that a developer sets, 1 to 30 days; for none leave it out."""
    return _stage("grace", Access.FULL, StageLength(days=days), _GRACE)


#: Before 2025-12-01.
HOLD_30: Final = _stage("account-hold", Access.NONE, StageLength(days=30), _HOLD)
#: Since then, without grace.
HOLD_60: Final = _stage("account-hold", Access.NONE, StageLength(days=60), _HOLD_REST)
#: Since then, with grace: sixty days, less those of the grace.
HOLD: Final = _stage("account-hold", Access.NONE, StageLength(days=60, less=("grace",)), _HOLD_REST)

#: Clause `play.opt-in`.
OPT_IN: Final = ConsentRule(notice_days=30, silence=Silence.ENDS, clause=_OPT_IN)
#: Clause `play.opt-out`.
OPT_OUT: Final = ConsentRule(silence=Silence.RENEWS_AT_NEW_PRICE, clause=_OPT_OUT)

#: Without grace. Nothing is renewed manually before the end, so there is no window.
EDITION_2024: Final = RenewalPolicy(
    id="google-play/2024",
    source="Google Play help, before 2025-12-01",
    clauses=(*CLAUSES[:2], *CLAUSES[3:]),
    window_opens_days=0,
    stages=(HOLD_30,),
    # Whoever sold it, the store charges it.
    partner_channels=frozenset(),
    consent=OPT_IN,
    conditions=(
        Condition(
            code="prepaid",
            message="A prepaid plan is not renewed: top it up.",
            bars=frozenset({Barred.RENEWAL}),
            clause=_PREPAID,
        ),
    ),
    cites={
        "window_opens_days": _CHARGED,
        "cancelled_stages": _RESTORE,
        "partner_channels": _CHARGED,
    },
)
#: Without grace.
EDITION_2025_12: Final = EDITION_2024.evolve(
    id="google-play/2025-12",
    source="support.google.com, answer 16631229",
    clauses=CLAUSES,
    stages=(HOLD_60,),
)


def _set(from_on: date, policy: RenewalPolicy, days: int, hold: Stage) -> Edition:
    return Edition(
        from_on=from_on,
        policy=policy.evolve(id=f"{policy.id}-grace-{days}", stages=(grace(days), hold)),
        scope=Scope(offers=frozenset({f"grace-{days}"})),
    )


_FIRST: Final = date(2024, 1, 1)
_SIXTY: Final = date(2025, 12, 1)
#: By day, and by the grace that the developer set; for holds that were left at the default.
EDITIONS: Final = Editions(
    (
        Edition(from_on=_FIRST, policy=EDITION_2024),
        _set(_FIRST, EDITION_2024, 7, HOLD_30),
        _set(_FIRST, EDITION_2024, 30, HOLD_30),
        Edition(from_on=_SIXTY, policy=EDITION_2025_12),
        _set(_SIXTY, EDITION_2025_12, 7, HOLD),
        _set(_SIXTY, EDITION_2025_12, 30, HOLD),
    )
)
