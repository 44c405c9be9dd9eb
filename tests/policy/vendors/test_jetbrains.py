"""What JetBrains' page on the continuity discount says, a row for each of its sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    History,
    NotInForce,
    Subscription,
    Term,
    buy_anew,
    late_window,
    renew,
    renewability,
    renewal_quote,
)
from subrenew.policy.vendors.jetbrains import (
    CLAUSES,
    EDITION_2015_11,
    EDITION_2025_01,
    EDITION_2025_01_WITHOUT,
    EDITIONS,
)
from tests.makers import ANNUAL, MONTHLY, a_list, a_price, a_subscription

QUARTERLY = Term.months(3)
#: A new year costs 100, a new quarter 30 and a new month 10.
PRICES = a_list(a_price("100.00"), a_price("30.00", term=QUARTERLY), a_price("10.00", term=MONTHLY))
OLD, NEW, WITHOUT = "jetbrains/2015-11", "jetbrains/2025-01", "jetbrains/2025-01-without"
#: The end of the annual terms below; the last of the old text's days is two years before.
END = date(2027, 1, 1)
OLD_END = date(2025, 1, 1)


def annual(renewals: int, end: date = END, kind: str | None = "personal") -> Subscription:
    """A yearly subscription that ends on that day and was renewed so often."""
    starts_on = end.replace(year=end.year - 1)
    return _bought(ANNUAL, starts_on, starts_on.replace(year=starts_on.year - renewals), kind)


def monthly(payments: int, end: date = END) -> Subscription:
    """A personal monthly subscription that was paid so often."""
    first = MONTHLY.boundary(end, -payments)
    return _bought(MONTHLY, MONTHLY.boundary(end, -1), first, "personal", payments - 1)


def _bought(
    term: Term, starts_on: date, purchased_on: date, kind: str | None, renewals: int | None = None
) -> Subscription:
    if renewals is None:
        renewals = starts_on.year - purchased_on.year
    return a_subscription(
        term=term,
        starts_on=starts_on,
        account=Account(id="A-1", customer_kind=kind),
        history=History(purchased_on=purchased_on, renewals=renewals),
    )


def in_days(days: int, end: date = END) -> date:
    """So many days after the end."""
    return end + timedelta(days=days)


def answer(subscription: Subscription, on: date) -> tuple[str, str, str, list[str]]:
    """The edition, the way forward, the price and what lateness costs."""
    decision = renewability(subscription, policy=EDITIONS, on=on)
    line = renewal_quote(subscription, prices=PRICES, policy=EDITIONS, on=on).lines[0]
    assert line.price is not None
    charges = [f"{each.code} {each.amount.amount}" for each in line.charges]
    return decision.edition.id, decision.route.value, str(line.price.amount), charges


# fmt: off
SCENARIOS: list[tuple[str, Subscription, date, str, str, str, list[str]]] = [
    # A year's first renewal saves a fifth, each later one two fifths, in the old text as well.
    ("jetbrains.annual", annual(0), in_days(-1), NEW, "unknown", "80.00", []),
    ("jetbrains.annual", annual(1, kind="commercial", end=date(2026, 1, 1)),
     date(2025, 12, 31), NEW, "unknown", "60.00", []),
    ("jetbrains.annual", annual(9), in_days(-1), NEW, "unknown", "60.00", []),
    ("jetbrains.annual", annual(0, OLD_END), in_days(-1, OLD_END), OLD, "unknown", "80.00", []),
    ("jetbrains.annual", annual(1, OLD_END), in_days(-1, OLD_END), OLD, "unknown", "60.00", []),
    # Monthly payments: what is asked about is the one after those that were made.
    ("jetbrains.monthly", monthly(1), in_days(-1), NEW, "unknown", "10.00", []),
    ("jetbrains.monthly", monthly(11), in_days(-1), NEW, "unknown", "10.00", []),
    ("jetbrains.monthly", monthly(12), in_days(-1), NEW, "unknown", "8.00", []),
    ("jetbrains.monthly", monthly(23), in_days(-1), NEW, "unknown", "8.00", []),
    ("jetbrains.monthly", monthly(24), in_days(-1), NEW, "unknown", "6.00", []),
    ("jetbrains.monthly", monthly(11, OLD_END), in_days(-1, OLD_END), OLD, "unknown", "10.00",
     []),
    ("jetbrains.monthly", monthly(12, OLD_END), in_days(-1, OLD_END), OLD, "unknown", "8.00",
     []),
    ("jetbrains.monthly", monthly(22, OLD_END), in_days(-1, OLD_END), OLD, "unknown", "8.00",
     []),
    ("jetbrains.monthly", monthly(23, OLD_END), in_days(-1, OLD_END), OLD, "unknown", "6.00",
     []),
    # Neither a year nor a month: the page says nothing.
    ("jetbrains.annual", _bought(QUARTERLY, date(2026, 10, 1), date(2020, 1, 1), "personal", 20),
     in_days(-1), NEW, "unknown", "30.00", []),
    # A missed renewal costs the days in between too, and keeps its discount.
    ("jetbrains.missed", annual(0), END, NEW, "renew-now", "80.00", []),
    ("jetbrains.missed", annual(0), in_days(73), NEW, "renew-now", "80.00", ["back-pay 16.00"]),
    ("jetbrains.missed", annual(1), in_days(73), NEW, "renew-now", "60.00", ["back-pay 12.00"]),
    ("jetbrains.missed", annual(0, OLD_END), in_days(0, OLD_END), OLD, "renew-now", "80.00", []),
    # December has 31 days.
    ("jetbrains.missed", monthly(12), in_days(8), NEW, "renew-now", "8.00", ["back-pay 2.06"]),
    # For six months after a year and one after a month, in the fewest days that they can have.
    ("jetbrains.missed.until", annual(0), in_days(180), NEW, "renew-now", "80.00",
     ["back-pay 39.45"]),
    ("jetbrains.missed.until", annual(0), in_days(181), NEW, "buy-new", "100.00", []),
    ("jetbrains.missed.until", monthly(12), in_days(27), NEW, "renew-now", "8.00",
     ["back-pay 6.96"]),
    ("jetbrains.missed.until", monthly(12), in_days(28), NEW, "buy-new", "10.00", []),
    # Bought since 2025-01-02, only personal ones have it; bought before, commercial ones too.
    ("jetbrains.since-2025", annual(1, date(2027, 1, 2)), in_days(0), NEW, "unknown", "60.00",
     []),
    ("jetbrains.since-2025", annual(1, date(2027, 1, 2), "commercial"), in_days(0), WITHOUT,
     "unknown", "100.00", []),
    ("jetbrains.since-2025", annual(1, date(2027, 1, 1), "commercial"), in_days(-1), NEW,
     "unknown", "60.00", []),
    # Of an unknown kind: it is not taken for a personal one.
    ("jetbrains.since-2025", annual(1, date(2027, 1, 2), None), in_days(0), WITHOUT, "unknown",
     "100.00", []),
    # Without it there is nothing to keep, and the page names no way back.
    ("jetbrains.since-2025", annual(1, date(2027, 1, 2), "commercial"), in_days(1), WITHOUT,
     "buy-new", "100.00", []),
]
# fmt: on


@pytest.mark.parametrize(
    ("source", "subscription", "on", "edition", "route", "price", "charges"), SCENARIOS
)
def test_a_sentence_of_the_page(
    source: str,
    subscription: Subscription,
    on: date,
    *,
    edition: str,
    route: str,
    price: str,
    charges: list[str],
) -> None:
    """Each row is a state and a day with the answer that a sentence gives."""
    assert source in [clause.id for clause in CLAUSES]
    assert answer(subscription, on) == (edition, route, price, charges)


def test_every_binding_sentence_has_its_row() -> None:
    """Each clause that binds is the source of a row, but for the one with a test of its own."""
    binding = {clause.id for clause in CLAUSES if clause.binding}
    assert binding - {row[0] for row in SCENARIOS} == {"jetbrains.own"}


def test_a_new_subscription_starts_at_the_full_price() -> None:
    """`jetbrains.own`: what is bought in place of an old one has earned nothing yet."""
    bought: Any = buy_anew(annual(9), id="S-2", policy=EDITIONS, on=in_days(200))
    assert bought.subscription.history.renewals == 0
    assert EDITION_2025_01.loyalty_rate(annual(9)) != EDITION_2025_01.loyalty_rate(
        bought.subscription
    )


@pytest.mark.parametrize("days", [0, 1, 180])
def test_a_late_renewal_goes_on_counting(days: int) -> None:
    """`jetbrains.missed`: the discount of the next renewal is what it would have been in time."""
    renewal: Any = renew(annual(0), policy=EDITIONS, on=in_days(days))
    assert renewal.subscription.history.renewals == 1
    assert renewal.subscription.starts_on == in_days(days)
    assert EDITION_2025_01.loyalty_rate(renewal.subscription) == EDITION_2025_01.loyalty[1].rate


def test_the_late_windows_stay_within_the_months_of_the_page() -> None:
    """From whatever day they are counted, 181 days are in six months, and 28 in one."""
    for end in (date(2025, 1, 31) + timedelta(days=days) for days in range(1500)):
        for term, months in ((ANNUAL, 6), (MONTHLY, 1)):
            limit = Term.months(months).end(end)
            assert end + timedelta(days=EDITION_2025_01.late_days(term)) <= limit
            assert (limit - end).days - EDITION_2025_01.late_days(term) <= 3


def test_a_late_renewal_has_its_window() -> None:
    """`jetbrains.missed.until`: the window runs from the end on."""
    window = late_window(annual(0), policy=EDITIONS, on=END)
    assert (window.opens_on, window.days) == (END, 181)


def test_the_editions_differ_in_one_tier() -> None:
    """Old text and new text differ in the month from which two fifths are saved."""
    old = attrs.asdict(EDITION_2015_11, recurse=False)
    new = attrs.asdict(EDITION_2025_01, recurse=False)
    differing = {name for name in old if name[0] != "_" and old[name] != new[name]}
    assert differing == {"id", "source", "clauses", "loyalty"}
    tiers = zip(EDITION_2015_11.loyalty, EDITION_2025_01.loyalty, strict=True)
    assert [(a.from_renewals, b.from_renewals) for a, b in tiers if a != b] == [(22, 23)]


def test_where_the_page_is_silent_nothing_is_set() -> None:
    """Those without the discount have no stage, no tier and no terms of lateness."""
    bare = EDITION_2025_01_WITHOUT
    assert (bare.stages, bare.loyalty) == ((), ())
    assert bare.saving_floor_rate is None


@pytest.mark.parametrize(
    ("on", "bought_on", "kind", "edition"),
    [
        ("2015-11-01", "2014-01-01", "personal", None),
        ("2015-11-02", "2014-01-01", "personal", OLD),
        ("2025-01-01", "2024-12-31", "commercial", OLD),
        ("2025-01-02", "2024-12-31", "commercial", NEW),
        ("2025-01-02", "2025-01-01", "commercial", NEW),
        ("2025-01-02", "2025-01-02", "commercial", WITHOUT),
        ("2025-01-02", "2025-01-02", "personal", NEW),
        ("2030-12-31", "2025-01-01", "commercial", NEW),
        ("2030-12-31", "2025-01-02", "commercial", WITHOUT),
        ("2030-12-31", "2025-01-02", "education", WITHOUT),
    ],
)
def test_the_first_day_of_each_edition(
    on: str, bought_on: str, kind: str, edition: str | None
) -> None:
    """The day of the act chooses the text, the purchase and the customer whether it is for them."""
    day = date.fromisoformat(bought_on)
    subscription = _bought(ANNUAL, day, day, kind)
    if edition is None:
        with pytest.raises(NotInForce, match="jetbrains/2015-11, begins on 2015-11-02"):
            EDITIONS.in_force(subscription, on=date.fromisoformat(on))
    else:
        assert EDITIONS.in_force(subscription, on=date.fromisoformat(on)).id == edition
