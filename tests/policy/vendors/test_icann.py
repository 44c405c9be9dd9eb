"""What ICANN's pages say of a domain name that expires, a row for each of their sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    Actor,
    NotInForce,
    Role,
    Stage,
    StageLength,
    Subscription,
    due,
    late_window,
    notices,
    renew,
    renewability,
    renewal_quote,
)
from subrenew.policy.vendors.icann import CLAUSES, EDITION_2013_08, EDITIONS, NOTICES
from subrenew.rules.schedules import ladder
from tests.makers import a_list, a_price, a_subscription

END = date(2026, 1, 1)
DAY = timedelta(days=1)
NAME = a_subscription(product="org")
#: Deleted on the twentieth day after expiry, on the last one that can be taken back, and before.
DELETED = attrs.evolve(NAME, cancelled_on=END + 20 * DAY)
DELETED_LAST = attrs.evolve(NAME, cancelled_on=END + 45 * DAY)
DELETED_EARLY = attrs.evolve(NAME, cancelled_on=END - 100 * DAY)


def answer(subscription: Subscription, on: date) -> tuple[str, str]:
    """The way forward, and whether the name resolves."""
    decision = renewability(subscription, policy=EDITIONS, on=on)
    return decision.route.value, str(decision.access)


def sent(subscription: Subscription, on: date) -> list[str]:
    """What can be sent on that day."""
    return [each.code for each in due(subscription, policy=EDITIONS, on=on)]


SCENARIOS = [
    # Renewed for up to 45 days after expiry.
    ("icann.grace", NAME, END - DAY, "unknown", "full"),
    ("icann.grace", NAME, END, "renew-now", "full"),
    ("icann.grace", NAME, END + 36 * DAY, "renew-now", "full"),
    ("icann.grace", NAME, END + 44 * DAY, "renew-now", "none"),
    ("icann.grace", NAME, END + 45 * DAY, "buy-new", "none"),
    # For the last eight days it does not resolve, and is still renewed.
    ("icann.interrupted", NAME, END + 37 * DAY, "renew-now", "none"),
    ("icann.interrupted", DELETED_LAST, END + 44 * DAY, "renew-now", "none"),
    # Deleted, it is restored for thirty days, counted from the deletion.
    ("icann.redemption", DELETED, END + 19 * DAY, "renew-now", "full"),
    ("icann.redemption", DELETED, END + 20 * DAY, "renew-now", "none"),
    ("icann.redemption", DELETED, END + 49 * DAY, "renew-now", "none"),
    ("icann.redemption", DELETED_LAST, END + 45 * DAY, "renew-now", "none"),
    ("icann.redemption", DELETED_LAST, END + 74 * DAY, "renew-now", "none"),
    ("icann.redemption", DELETED_EARLY, END - 100 * DAY, "renew-now", "none"),
    ("icann.redemption", DELETED_EARLY, END - 71 * DAY, "renew-now", "none"),
    # For five days more it is pending; then anybody can buy it.
    ("icann.pending-delete", DELETED, END + 50 * DAY, "buy-new", "none"),
    ("icann.pending-delete", DELETED, END + 54 * DAY, "buy-new", "none"),
    ("icann.pending-delete", DELETED, END + 55 * DAY, "buy-new", "none"),
    ("icann.pending-delete", DELETED_LAST, END + 75 * DAY, "buy-new", "none"),
    ("icann.pending-delete", DELETED_EARLY, END - 70 * DAY, "buy-new", "none"),
]

REMINDERS: list[tuple[str, Subscription, date, list[str]]] = [
    # About a month before: from the 35th day to the 26th.
    ("icann.reminders", NAME, END - 36 * DAY, []),
    ("icann.reminders", NAME, END - 35 * DAY, ["expires-in-a-month"]),
    ("icann.reminders", NAME, END - 26 * DAY, ["expires-in-a-month"]),
    ("icann.reminders", NAME, END - 25 * DAY, []),
    # About a week before: from the tenth day to the fourth.
    ("icann.reminders", NAME, END - 11 * DAY, []),
    ("icann.reminders", NAME, END - 10 * DAY, ["expires-in-a-week"]),
    ("icann.reminders", NAME, END - 4 * DAY, ["expires-in-a-week"]),
    ("icann.reminders", NAME, END - 3 * DAY, []),
    # Within five days after.
    ("icann.expired", NAME, END - DAY, []),
    ("icann.expired", NAME, END, ["has-expired"]),
    ("icann.expired", NAME, END + 5 * DAY, ["has-expired"]),
    ("icann.expired", NAME, END + 6 * DAY, []),
    # Not where it was deleted.
    ("icann.expired", attrs.evolve(NAME, cancelled_on=END + 3 * DAY), END + 3 * DAY, []),
    ("icann.reminders", DELETED_EARLY, END - 30 * DAY, []),
]


@pytest.mark.parametrize(("source", "subscription", "on", "route", "access"), SCENARIOS)
def test_a_sentence_of_the_pages(
    source: str, subscription: Subscription, on: date, route: str, access: str
) -> None:
    """Each row is a state and a day with the answer that a sentence gives."""
    assert source in [clause.id for clause in CLAUSES]
    assert answer(subscription, on) == (route, access)


@pytest.mark.parametrize(("source", "subscription", "on", "codes"), REMINDERS)
def test_a_reminder_has_its_days(
    source: str, subscription: Subscription, on: date, codes: list[str]
) -> None:
    """Each row is a day on which a reminder may be sent, or may not."""
    assert source in [clause.id for clause in CLAUSES]
    assert sent(subscription, on) == codes


def test_every_sentence_has_its_row() -> None:
    """Each clause is the source of a row, but for the one with a test of its own."""
    told = {row[0] for row in SCENARIOS} | {row[0] for row in REMINDERS}
    assert {clause.id for clause in CLAUSES} - told == {"icann.registrant"}


@pytest.mark.parametrize("days", [-40, -30, -1, 0, 5, 44])
def test_once_renewed_the_reminders_are_those_of_the_next_term(days: int) -> None:
    """`icann.expired`: a name renewed by then is reminded of a year later."""
    on = END + days * DAY
    renewal: Any = renew(NAME, policy=EDITIONS, on=on)
    listed = notices(renewal.subscription, policy=EDITIONS, on=on)
    assert [each.earliest_on for each in listed] == [
        date(2026, 11, 27),
        date(2026, 12, 22),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize(("subscription", "days"), [(NAME, 0), (NAME, 44), (DELETED, 49)])
def test_the_registrant_of_the_last_day_may_renew_and_nobody_else(
    subscription: Subscription, days: int
) -> None:
    """`icann.registrant`: the holder renews after expiry too, and alone gets the reminders."""
    on = END + days * DAY
    for roles, route in (({Role.OWNER}, "renew-now"), ({Role.USER}, "ask-the-manager")):
        actor = Actor(id="P-1", roles=frozenset(roles))
        assert renewability(subscription, policy=EDITIONS, on=on, actor=actor).route == route
    for notice in notices(NAME, policy=EDITIONS, on=date(2025, 6, 1)):
        assert notice.recipients == {Role.OWNER}


def test_a_late_renewal_follows_the_old_term() -> None:
    """Renewed in the grace period, the name has the same years as if renewed in time."""
    renewal: Any = renew(NAME, policy=EDITIONS, on=END + 30 * DAY)
    assert renewal.subscription.starts_on == END


def test_fees_are_the_registrars() -> None:
    """`icann.redemption`: no page gives an amount, so none is charged here."""
    prices = a_list(a_price("12.00", product="org"))
    for subscription, days in ((NAME, 40), (DELETED, 40)):
        on = END + days * DAY
        assert (
            renewal_quote(subscription, prices=prices, policy=EDITIONS, on=on).lines[0].charges
            == ()
        )


@pytest.mark.parametrize(("subscription", "days"), [(NAME, 45), (DELETED, 50), (DELETED_LAST, 75)])
def test_a_name_can_be_had_back_without_a_gap(subscription: Subscription, days: int) -> None:
    """Grace and redemption follow each other: from expiry on, until it is pending."""
    window = late_window(subscription, policy=EDITIONS, on=END)
    assert (window.opens_on, window.days) == (END, days)


def test_a_deleted_name_is_free_after_thirty_and_five_days() -> None:
    """`icann.pending-delete`: the deletion cuts the grace, and begins a ladder of its own."""
    rungs = ladder(DELETED, EDITION_2013_08)
    assert [(each.stage.name, (each.until_on - each.from_on).days) for each in rungs] == [
        ("auto-renew-grace", 20),
        ("redemption", 30),
        ("pending-delete", 5),
    ]
    assert [each.renews for each in rungs] == [True, True, False]


@pytest.mark.parametrize("days", [9, 10, 30, 44])
def test_a_registrar_chooses_its_grace(days: int) -> None:
    """`icann.grace`: other numbers of days are made by `evolve`, and touch nothing else."""
    open_, interrupted = EDITION_2013_08.stages
    shorter: Stage = attrs.evolve(open_, lengths=(StageLength(days=days - 8),))
    policy = EDITION_2013_08.evolve(id=f"registrar/{days}", stages=(shorter, interrupted))
    assert late_window(NAME, policy=policy, on=END).days == days
    decision = renewability(NAME, policy=policy, on=END + (days - 8) * DAY)
    assert (decision.route, decision.access) == ("renew-now", "none")
    assert policy.notices == NOTICES


@pytest.mark.parametrize(
    ("on", "begun"), [("2013-08-30", False), ("2013-08-31", True), ("2030-12-31", True)]
)
def test_the_first_day_of_the_edition(on: str, *, begun: bool) -> None:
    """Registrars had to follow the policy from 2013-08-31 on."""
    day = date.fromisoformat(on)
    if begun:
        assert EDITIONS.in_force(NAME, on=day) is EDITION_2013_08
    else:
        with pytest.raises(NotInForce, match="icann/2013-08, begins on 2013-08-31"):
            EDITIONS.in_force(NAME, on=day)
