"""What Microsoft and its partners say of what ends, a row for each of their sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    Channel,
    Editions,
    History,
    KeyedOn,
    NotInForce,
    Start,
    Subscription,
    late_window,
    renewability,
    renewal_quote,
)
from subrenew.policy.vendors.microsoft import (
    CLAUSES,
    EDITION_2023_01,
    EDITION_2026_05,
    EDITION_2026_05_NO_MONTHLY_PLAN,
    EDITIONS,
)
from tests.makers import ANNUAL, MONTHLY, OFF, ON, PAYPAL, a_list, a_price, a_subscription

#: A new year costs 100 and a new month 10.
PRICES = a_list(a_price("100.00"), a_price("10.00", term=MONTHLY))
LADDER, EXTENDED = "microsoft/2023-01", "microsoft/2026-05"
DEARER = "microsoft/2026-05-no-monthly-plan"
#: The end of a term of the ladder, and of one that is extended.
END = date(2025, 6, 1)
LATER = date(2026, 6, 1)
DAY = timedelta(days=1)


def ending(end: date = END, renewed_on: date | None = None, **changes: Any) -> Subscription:
    """A subscription that ends on that day, a year's unless its term is given."""
    starts_on = changes.get("term", ANNUAL).boundary(end, -1)
    offer = changes.pop("offer", None)
    return a_subscription(
        starts_on=starts_on, history=History(renewed_on=renewed_on, offer=offer), **changes
    )


def extended(**changes: Any) -> Subscription:
    """One that was renewed and ends late enough to be extended."""
    return ending(LATER, date(2025, 6, 1), **changes)


def answer(subscription: Subscription, on: date) -> tuple[str, str, str]:
    """The edition, the way forward and what can still be used."""
    decision = renewability(subscription, policy=EDITIONS, on=on)
    return decision.edition.id, decision.route.value, str(decision.access)


CANCELLED_YEAR = ending(cancelled_on=END)
CANCELLED_MONTH = ending(term=MONTHLY, cancelled_on=date(2025, 5, 11))

SCENARIOS = [
    # Expired: for thirty days everybody goes on, whatever the term.
    ("microsoft.expired", ending(), END, LADDER, "renew-now", "full"),
    ("microsoft.expired", ending(), END + 29 * DAY, LADDER, "renew-now", "full"),
    ("microsoft.expired", ending(term=MONTHLY), END + 29 * DAY, LADDER, "renew-now", "full"),
    # Disabled: for ninety days more, administrators alone.
    ("microsoft.disabled", ending(), END + 30 * DAY, LADDER, "renew-now", "admin-only"),
    ("microsoft.disabled", ending(term=MONTHLY), END + 30 * DAY, LADDER, "renew-now", "admin-only"),
    ("microsoft.disabled", ending(), END + 119 * DAY, LADDER, "renew-now", "admin-only"),
    # Both can be brought back; who bought through a partner asks the partner.
    (
        "microsoft.reactivate",
        ending(channel=Channel.PARTNER),
        END + 10 * DAY,
        LADDER,
        "contact-partner",
        "full",
    ),
    (
        "microsoft.reactivate",
        ending(channel=Channel.PARTNER),
        END + 40 * DAY,
        LADDER,
        "contact-partner",
        "admin-only",
    ),
    # Deleted: after 120 days nothing brings it back.
    ("microsoft.deleted", ending(), END + 120 * DAY, LADDER, "buy-new", "none"),
    ("microsoft.deleted", ending(), END + 1000 * DAY, LADDER, "buy-new", "none"),
    # An annual one that is not to go on runs to its anniversary, and expires like any other.
    ("microsoft.anniversary", ending(auto_renew=OFF), END - DAY, LADDER, "unknown", "full"),
    ("microsoft.anniversary", CANCELLED_YEAR, END - DAY, LADDER, "unknown", "full"),
    ("microsoft.anniversary", CANCELLED_YEAR, END + 29 * DAY, LADDER, "renew-now", "full"),
    ("microsoft.anniversary", CANCELLED_YEAR, END + 30 * DAY, LADDER, "renew-now", "admin-only"),
    ("microsoft.anniversary", CANCELLED_YEAR, END + 120 * DAY, LADDER, "buy-new", "none"),
    # A monthly one is disabled on the day of its cancellation, for ninety days.
    ("microsoft.monthly", CANCELLED_MONTH, date(2025, 5, 10), LADDER, "unknown", "full"),
    ("microsoft.monthly", CANCELLED_MONTH, date(2025, 5, 11), LADDER, "renew-now", "admin-only"),
    ("microsoft.monthly", CANCELLED_MONTH, date(2025, 8, 8), LADDER, "renew-now", "admin-only"),
    ("microsoft.monthly", CANCELLED_MONTH, date(2025, 8, 9), LADDER, "buy-new", "none"),
    # The extended term begins where the free month did, and goes on.
    ("microsoft.extended", extended(), LATER, EXTENDED, "renew-now", "full"),
    ("microsoft.extended", extended(), LATER + 30 * DAY, EXTENDED, "renew-now", "full"),
    ("microsoft.extended", extended(), LATER + 3652 * DAY, EXTENDED, "renew-now", "full"),
    (
        "microsoft.extended",
        extended(auto_renew=ON, payment_method=PAYPAL),
        LATER - DAY,
        EXTENDED,
        "renews-itself",
        "full",
    ),
    # Both days have to have come.
    (
        "microsoft.extended.since",
        ending(LATER, date(2025, 4, 1)),
        LATER,
        EXTENDED,
        "renew-now",
        "full",
    ),
    (
        "microsoft.extended.since",
        ending(LATER, date(2025, 3, 31)),
        LATER + 30 * DAY,
        LADDER,
        "renew-now",
        "admin-only",
    ),
    (
        "microsoft.extended.since",
        ending(date(2026, 5, 4), date(2025, 5, 4)),
        date(2026, 6, 3),
        EXTENDED,
        "renew-now",
        "full",
    ),
    (
        "microsoft.extended.since",
        ending(date(2026, 5, 3), date(2025, 5, 3)),
        date(2026, 6, 3),
        LADDER,
        "renew-now",
        "admin-only",
    ),
    # Bought and never renewed, the purchase counts.
    ("microsoft.extended.since", ending(LATER), LATER, EXTENDED, "renew-now", "full"),
    (
        "microsoft.extended.price",
        extended(offer="no-monthly-plan"),
        LATER,
        DEARER,
        "renew-now",
        "full",
    ),
    # Who cancels has nothing left.
    (
        "microsoft.extended.cancelled",
        extended(cancelled_on=LATER),
        LATER,
        EXTENDED,
        "buy-new",
        "none",
    ),
    (
        "microsoft.extended.cancelled",
        extended(cancelled_on=LATER + 10 * DAY),
        LATER + 9 * DAY,
        EXTENDED,
        "renew-now",
        "full",
    ),
    (
        "microsoft.extended.cancelled",
        extended(cancelled_on=LATER + 10 * DAY),
        LATER + 10 * DAY,
        EXTENDED,
        "buy-new",
        "none",
    ),
]


@pytest.mark.parametrize(("source", "subscription", "on", "edition", "route", "access"), SCENARIOS)
def test_a_sentence_of_the_pages(
    source: str, subscription: Subscription, on: date, *, edition: str, route: str, access: str
) -> None:
    """Each row is a state and a day with the answer that a sentence gives."""
    assert source in [clause.id for clause in CLAUSES]
    assert answer(subscription, on) == (edition, route, access)


def test_every_binding_sentence_has_its_row() -> None:
    """Each clause that binds is the source of a row; that of 168 hours binds nothing here."""
    binding = {clause.id for clause in CLAUSES if clause.binding}
    assert binding == {row[0] for row in SCENARIOS}
    assert [clause.id for clause in CLAUSES if not clause.binding] == ["microsoft.cancel"]


@pytest.mark.parametrize(
    ("offer", "days", "charges"),
    [
        (None, -1, []),
        (None, 0, [("surcharge", "0.30")]),
        (None, 200, [("surcharge", "0.30")]),
        ("no-monthly-plan", -1, []),
        ("no-monthly-plan", 0, [("surcharge", "2.30")]),
    ],
)
def test_an_extended_month_costs_more(
    offer: str | None, days: int, charges: list[tuple[str, str]]
) -> None:
    """`microsoft.extended.price`: 3 % or 23 % on the price of a month, and nothing else."""
    month = ending(LATER, date(2026, 5, 1), term=MONTHLY, offer=offer)
    on = LATER + days * DAY
    line = renewal_quote(month, prices=PRICES, policy=EDITIONS, on=on).lines[0]
    assert line.price is not None
    assert str(line.price.amount) == "10.00"
    assert [(each.code, str(each.amount.amount)) for each in line.charges] == charges


def test_the_free_month_is_free() -> None:
    """`microsoft.expired`: lateness costs nothing on the ladder."""
    for days in (0, 29, 30, 119):
        on = END + days * DAY
        line = renewal_quote(ending(), prices=PRICES, policy=EDITIONS, on=on).lines[0]
        assert line.charges == ()


def test_the_ladder_has_120_days() -> None:
    """`microsoft.deleted`: thirty and ninety days, within which it can be brought back."""
    window = late_window(ending(), policy=EDITIONS, on=END)
    assert (window.opens_on, window.days) == (END, 120)


def test_the_other_source_is_one_day_away() -> None:
    """Who trusts the source that says 2026-04-01 changes that day and nothing else."""
    end = Start(keyed_on=KeyedOn.TERM_END, from_on=date(2026, 4, 1))
    first, *rest = EDITIONS.editions
    other = Editions((first, *(attrs.evolve(each, also=(end,)) for each in rest)))
    for end_on, before, after in (
        (date(2026, 3, 31), LADDER, LADDER),
        (date(2026, 4, 1), LADDER, EXTENDED),
        (date(2026, 5, 3), LADDER, EXTENDED),
        (date(2026, 5, 4), EXTENDED, EXTENDED),
    ):
        subscription = ending(end_on, date(2025, 5, 4))
        assert EDITIONS.in_force(subscription, on=end_on).id == before
        assert other.in_force(subscription, on=end_on).id == after


def test_the_dearer_edition_differs_in_its_surcharge() -> None:
    """Where there is no monthly plan, the fraction is another one; nothing else is."""
    plain = attrs.asdict(EDITION_2026_05, recurse=False)
    dear = attrs.asdict(EDITION_2026_05_NO_MONTHLY_PLAN, recurse=False)
    assert {name for name in plain if plain[name] != dear[name]} == {"id", "stages"}


def test_cancelling_within_168_hours_is_told_and_not_decided() -> None:
    """The sentence is kept with every edition, although no parameter can say it."""
    for edition in (EDITION_2023_01, EDITION_2026_05, EDITION_2026_05_NO_MONTHLY_PLAN):
        assert edition.clauses[0].id == "microsoft.cancel"


@pytest.mark.parametrize(
    ("on", "renewed_on", "end", "edition"),
    [
        ("2023-01-09", "2022-06-01", "2023-06-01", None),
        ("2023-01-10", "2022-06-01", "2023-06-01", LADDER),
        ("2026-05-04", "2025-03-31", "2026-05-04", LADDER),
        ("2026-05-04", "2025-04-01", "2026-05-04", EXTENDED),
        ("2026-05-03", "2025-04-01", "2026-05-03", LADDER),
        # The days of the purchase and of the end decide, not the day of the question.
        ("2025-12-01", "2025-04-01", "2026-05-04", EXTENDED),
        ("2030-12-31", "2025-04-01", "2026-05-03", LADDER),
    ],
)
def test_the_first_day_of_each_edition(
    on: str, renewed_on: str, end: str, edition: str | None
) -> None:
    """The ladder begins with the day of its page, the extended term with two days at once."""
    subscription = ending(date.fromisoformat(end), date.fromisoformat(renewed_on))
    day = date.fromisoformat(on)
    if edition is None:
        with pytest.raises(NotInForce, match="microsoft/2023-01, begins on 2023-01-10"):
            EDITIONS.in_force(subscription, on=day)
    else:
        assert EDITIONS.in_force(subscription, on=day).id == edition
