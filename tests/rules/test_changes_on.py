"""The day on which an answer changes, compared with a loop over all the days to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, product
from typing import Any

import pytest

from subrenew import (
    Access,
    AutoRenew,
    BackPay,
    Bound,
    ConsentRule,
    EarlyRenewal,
    Edition,
    Editions,
    History,
    IncreaseLimit,
    KeyedOn,
    Kind,
    LadderStart,
    LateStart,
    LateTerms,
    Money,
    PaymentMethod,
    RenewalRate,
    Scope,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
    Start,
    Subscription,
    Term,
    TrialEnd,
    WindowRule,
    exclusions,
    price_increase,
    renewability,
    renewal_discount,
    switching,
    term_change,
)
from subrenew.policy.vendors import autodesk
from tests.makers import LONG_AGO, MONTHLY, PAYPAL, a_list, a_subscription

ONE_DAY = timedelta(days=1)
OLD = autodesk.EDITION_2024
#: From before the start until after all that could still come.
FIRST, LAST = date(2025, 1, 28), date(2025, 5, 20)
STARTS = date(2025, 1, 31)


def _stage(name: str, *lengths: StageLength, **changes: Any) -> Stage:
    return Stage(**{"name": name, "access": Access.FULL, "lengths": lengths, **changes})


LADDER = (
    _stage("grace", StageLength(up_to=MONTHLY, days=3), StageLength(days=8)),
    _stage(
        "retry",
        StageLength(days=12, less=("grace",)),
        access=Access.NONE,
        price=StagePrice.RENEWAL,
    ),
    _stage("gone", StageLength(days=4), access=Access.ADMIN_ONLY, renewal=StageRenewal.OVER),
)
CANCELLED = (
    _stage("redeem", StageLength(days=5), access=Access.ADMIN_ONLY),
    _stage(
        "pending",
        StageLength(days=9, less=("redeem",)),
        access=Access.NONE,
        renewal=StageRenewal.OVER,
    ),
)
RULES = (
    WindowRule(scope=Scope(up_to=MONTHLY), opens_days=9, bound=Bound.STRICT),
    WindowRule(scope=Scope(offers=frozenset({"edu"})), opens_days=20),
)
PARTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "ladder": {"stages": LADDER},
    "cancelled": {"cancelled_stages": CANCELLED},
    "both": {"stages": LADDER, "cancelled_stages": CANCELLED},
    "unpaid": {
        "stages": LADDER,
        "cancelled_stages": CANCELLED,
        "ladder_start": LadderStart.UNPAID_INVOICE,
    },
    "earlier": {"stages": LADDER, "ladder_start": LadderStart.EARLIER},
    "windows": {"window_rules": RULES, "early_renewal": EarlyRenewal.ALLOWED},
    "closing": {"switch_closes_days": 6, "stages": LADDER},
    "goes on": {"trials": TrialEnd.GOES_ON, "switch_closes_days": 2, "catch_up_days": 3},
    "at once": {"catch_up_days": 0, "stages": LADDER},
    "silent": {
        "window_opens_days": None,
        "trials": None,
        "late_start": None,
        "catch_up_days": 12,
        "stages": LADDER,
    },
    "sells the past": {
        "late_start": LateStart.OLD_END,
        "stages": (_stage("long", StageLength(days=45)),),
    },
    "missed terms of another length": {
        "renews_to": Term.days(5),
        "late_terms": LateTerms(back_pay=BackPay.MISSED_TERMS),
        "stages": (_stage("long", StageLength(days=60)),),
    },
}
POLICIES = {name: OLD.evolve(id=name, **fields) for name, fields in PARTS.items()}


def _editions(first: str, second: str, third: str, **keyed: Any) -> Editions:
    return Editions(
        (
            Edition(from_on=LONG_AGO, policy=POLICIES[first]),
            Edition(from_on=date(2025, 2, 20), policy=POLICIES[second], **keyed),
            Edition(from_on=date(2025, 3, 6), policy=POLICIES[third]),
        )
    )


SOURCES: dict[str, Any] = {
    **POLICIES,
    "to a ladder": _editions("plain", "closing", "both"),
    "from a ladder": _editions("both", "windows", "plain"),
    "scoped": _editions("ladder", "unpaid", "closing", scope=Scope(up_to=MONTHLY)),
    "by the end": _editions("windows", "both", "earlier", keyed_on=KeyedOn.TERM_END),
    "by the purchase": _editions(
        "both",
        "closing",
        "cancelled",
        keyed_on=KeyedOn.PURCHASE,
        also=(Start(keyed_on=KeyedOn.ACT, from_on=date(2025, 3, 2)),),
    ),
    "pending over a change": _editions("silent", "at once", "goes on"),
    "to a trial that goes on": _editions("silent", "goes on", "sells the past"),
    "by the renewal": _editions("cancelled", "both", "goes on", keyed_on=KeyedOn.LAST_RENEWAL),
}
TERMS = (MONTHLY, Term.days(40), Term.weeks(2))
CANCELLATIONS = (None, -5, 0, 2, 11, 12, 30)
UNPAID = (None, -20, -3, 0, 4)


def _subscriptions(offset: int) -> Iterator[Subscription]:
    """A third of all shapes; what else there is takes turns, in circles of several lengths."""
    kinds = cycle((Kind.PAID, Kind.PAID, Kind.TRIAL, Kind.PAID, Kind.PAID))
    lapsing = PaymentMethod.card(expires="2025-03")
    others = cycle(product(AutoRenew, (None, PAYPAL, lapsing), (None, "edu"), (0, 3)))
    purchases = cycle((None, date(2025, 2, 1), date(2025, 2, 20)))
    renewals = cycle((None, date(2025, 2, 19), date(2025, 3, 6), date(2025, 2, 20)))
    for term, cancelled, unpaid in list(product(TERMS, CANCELLATIONS, UNPAID))[offset % 3 :: 3]:
        end = term.end(STARTS)
        switch, method, offer, count = next(others)
        yield a_subscription(
            term=term,
            starts_on=STARTS,
            kind=next(kinds),
            auto_renew=switch,
            payment_method=method,
            cancelled_on=None if cancelled is None else max(STARTS, end + cancelled * ONE_DAY),
            history=History(
                unpaid_since=None if unpaid is None else end + unpaid * ONE_DAY,
                offer=offer,
                purchased_on=next(purchases),
                renewed_on=next(renewals),
                renewals=count,
            ),
        )


PRICES = a_list(
    rates=(
        RenewalRate(rate=Decimal("0.06"), from_on=LONG_AGO),
        RenewalRate(rate=Decimal("0.08"), from_on=date(2025, 2, 25)),
    )
)


def _asked(subscription: Subscription, policy: Any, on: date) -> tuple[Any, ...]:
    return (
        renewability(subscription, policy=policy, on=on),
        exclusions(subscription, policy=policy, on=on),
        renewal_discount(subscription, policy=policy, prices=PRICES, on=on),
        term_change(subscription, to=Term.years(1), policy=policy, on=on, region="FR"),
        switching(subscription, policy=policy, on=on),
    )


def _answer(decision: Any) -> tuple[Any, ...]:
    return (
        decision.route,
        decision.codes,
        decision.can_renew_now,
        decision.access,
        decision.rate,
    )


def _expected(days: list[date], answers: list[Any]) -> list[date | None]:
    """For each day the next one with another answer: a loop from the last day back."""
    found: list[date | None] = [None] * len(days)
    for index in range(len(days) - 2, -1, -1):
        same = answers[index] == answers[index + 1]
        found[index] = found[index + 1] if same else days[index + 1]
    return found


@pytest.mark.parametrize("name", list(SOURCES))
def test_it_is_the_first_day_with_another_answer(name: str) -> None:
    """For every question, shape and day: neither a day too early nor one too late."""
    days = [FIRST + number * ONE_DAY for number in range((LAST - FIRST).days)]
    for subscription in _subscriptions(list(SOURCES).index(name)):
        columns = zip(*(_asked(subscription, SOURCES[name], day) for day in days), strict=True)
        for decisions in columns:
            expected = _expected(days, [_answer(each) for each in decisions])
            found = [each.changes_on for each in decisions]
            if found != expected:
                index = next(i for i in range(len(days)) if found[i] != expected[i])
                pytest.fail(f"{decisions[index]}: {found[index]}, not {expected[index]}")


def test_consent_changes_with_time_and_with_editions() -> None:
    """For every day of the last increase: time apart, and an edition that asks for more of it."""
    limit = IncreaseLimit(rate=Decimal("0.5"))
    rules = [
        None,
        ConsentRule(limits=(limit,), not_more_often_than=MONTHLY),
        ConsentRule(not_more_often_than=Term.days(50)),
    ]
    days = [FIRST + number * ONE_DAY for number in range((LAST - FIRST).days)]
    for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 1, 2)):
        editions = Editions(
            tuple(
                Edition(from_on=from_on, policy=OLD.evolve(id=f"{index}", consent=rules[index]))
                for from_on, index in zip(
                    (LONG_AGO, date(2025, 2, 20), date(2025, 3, 20)), order, strict=True
                )
            )
        )
        for last_on in (None, date(2025, 1, 10), date(2025, 2, 10), date(2025, 3, 1)):
            decisions = [
                price_increase(
                    a_subscription(),
                    old=Money("10", "USD"),
                    new=Money("11", "USD"),
                    policy=editions,
                    on=day,
                    last_increase_on=last_on,
                )
                for day in days
            ]
            expected = _expected(days, [_answer(each) for each in decisions])
            assert [each.changes_on for each in decisions] == expected


@pytest.mark.parametrize(
    ("cancelled", "on", "changes_on"),
    [
        (date(2026, 2, 1), date(2026, 1, 10), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 2, 1), None),
        (date(2026, 1, 1), date(2026, 1, 1), None),
    ],
)
def test_expired_first_and_cancelled_later(
    cancelled: date, on: date, changes_on: date | None
) -> None:
    """A cancellation after the end changes the reason, on its own day."""
    decision = renewability(a_subscription(cancelled_on=cancelled), policy=OLD, on=on)
    assert decision.route == "buy-new"
    assert decision.codes == ("cancelled" if on >= cancelled else "expired",)
    assert decision.changes_on == changes_on
