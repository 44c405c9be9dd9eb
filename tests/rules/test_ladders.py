"""Ladders: where they begin, how long each rung lasts, and what a cancellation does to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from subrenew.rules.ladders import Rung, ladder, ladder_start, rung_on
from subrenew.rules.windows import access_on

from subrenew import (
    Access,
    AutoRenew,
    History,
    Kind,
    LadderStart,
    RenewalPolicy,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
    Subscription,
    exclusions,
    late_window,
    renewability,
    switching,
)
from subrenew.policy.vendors import autodesk
from tests.makers import MONTHLY, PAYPAL, a_subscription

ONE_DAY = timedelta(days=1)
END = date(2026, 1, 1)
OLD = autodesk.EDITION_2024


def a_stage(name: str, days: int, access: Access = Access.FULL, **changes: Any) -> Stage:
    """A stage of so many days for every term."""
    fields: dict[str, Any] = {"lengths": (StageLength(days=days),)}
    return Stage(name=name, access=access, **fields | changes)


STAGES = (
    a_stage("grace", 10),
    a_stage("admin", 5, Access.ADMIN_ONLY, price=StagePrice.RENEWAL),
    a_stage("gone", 7, Access.NONE, renewal=StageRenewal.OVER),
)
CANCELLED = (
    a_stage("redemption", 6, Access.ADMIN_ONLY),
    a_stage("pending", 2, Access.NONE, renewal=StageRenewal.OVER),
)
POLICY = OLD.evolve(id="ladder", stages=STAGES, cancelled_stages=CANCELLED)


def unpaid(day: date | None, **changes: Any) -> Subscription:
    """A subscription with an invoice that fell due on that day and is unpaid."""
    return a_subscription(history=History(unpaid_since=day), **changes)


def names(subscription: Subscription, policy: RenewalPolicy, days: range) -> list[str | None]:
    """The stage of each day, counted from the end."""
    rungs = [rung_on(subscription, policy, END + day * ONE_DAY) for day in days]
    return [rung and rung.stage.name for rung in rungs]


@pytest.mark.parametrize("shift", [None, -30, -1, 0, 1, 30])
@pytest.mark.parametrize("start", list(LadderStart))
def test_where_a_ladder_begins(start: LadderStart, shift: int | None) -> None:
    """At the end, at the unpaid invoice, or at whichever comes first; paid up, at the end."""
    since = None if shift is None else END + shift * ONE_DAY
    found = ladder_start(unpaid(since), OLD.evolve(id="own", ladder_start=start))
    if since is None or start is LadderStart.TERM_END:
        assert found == END
    elif start is LadderStart.UNPAID_INVOICE:
        assert found == since
    else:
        assert found == (since if shift is not None and shift < 0 else END)


@pytest.mark.parametrize(
    ("days", "name", "access", "route"),
    [
        (-1, None, "full", "renew-now"),
        (0, "grace", "full", "renew-now"),
        (9, "grace", "full", "renew-now"),
        (10, "admin", "admin-only", "renew-now"),
        (14, "admin", "admin-only", "renew-now"),
        (15, "gone", "none", "buy-new"),
        (21, "gone", "none", "buy-new"),
        (22, None, "none", "buy-new"),
    ],
)
def test_each_rung_is_half_open(days: int, name: str | None, access: str, route: str) -> None:
    """One day below, at and above each boundary: stage, access and way forward."""
    on = END + days * ONE_DAY
    rung = rung_on(a_subscription(), POLICY, on)
    assert (rung and rung.stage.name) == name
    decision = renewability(a_subscription(), policy=POLICY, on=on)
    assert (str(decision.access), str(decision.route)) == (access, route)
    assert (rung.renews if rung else route == "renew-now") is (route == "renew-now")


@pytest.mark.parametrize(
    ("start", "first_late", "first_over"),
    [(LadderStart.TERM_END, 0, 15), (LadderStart.UNPAID_INVOICE, -30, -15)],
)
def test_an_unpaid_invoice_begins_the_ladder_before_the_end(
    start: LadderStart, first_late: int, first_over: int
) -> None:
    """Late, over, and without access, although the term is not: and by the end otherwise."""
    policy = POLICY.evolve(id="own", ladder_start=start)
    subscription = unpaid(END - 30 * ONE_DAY, auto_renew=AutoRenew.ON, payment_method=PAYPAL)
    routes = [
        str(renewability(subscription, policy=policy, on=END + days * ONE_DAY).route)
        for days in (first_late - 1, first_late, first_over - 1, first_over, first_over + 30)
    ]
    assert routes == ["renews-itself", "renew-now", "renew-now", "buy-new", "buy-new"]
    for days, access in ((-1, "full"), (0, "full"), (10, "admin-only"), (15, "none"), (22, "none")):
        on = END + (first_late + days) * ONE_DAY
        assert access_on(subscription, policy, on) == access


def test_an_unpaid_invoice_without_stages_is_left_alone() -> None:
    """Where there is no ladder nothing begins, and the term is used until its end."""
    policy = OLD.evolve(id="own", ladder_start=LadderStart.UNPAID_INVOICE)
    subscription = unpaid(END - 30 * ONE_DAY)
    for days, access, route in ((-1, "full", "renew-now"), (0, "none", "buy-new")):
        decision = renewability(subscription, policy=policy, on=END + days * ONE_DAY)
        assert (decision.access, decision.route) == (access, route)


def test_a_trial_has_no_ladder_paid_or_not() -> None:
    """What is never renewed has no stage after its end, and full access until then."""
    trial = unpaid(END - 30 * ONE_DAY, kind=Kind.TRIAL)
    policy = POLICY.evolve(id="own", ladder_start=LadderStart.EARLIER)
    assert ladder(trial, policy) == ()
    assert [access_on(trial, policy, END + days * ONE_DAY) for days in (-1, 0)] == ["full", "none"]
    assert ladder(a_subscription(kind=Kind.TRIAL, cancelled_on=END), policy) == ()


@pytest.mark.parametrize(
    ("cancelled", "days", "expected"),
    [
        # Before the end and at it: nothing of the other ladder is left.
        (-20, range(-21, -11), [None, *["redemption"] * 6, *["pending"] * 2, None]),
        (0, range(-1, 9), [None, *["redemption"] * 6, *["pending"] * 2, None]),
        # Within the first rung, on the first day of the second, on the last one, at the end.
        (4, range(3, 13), ["grace", *["redemption"] * 6, *["pending"] * 2, None]),
        (10, range(9, 12), ["grace", "redemption", "redemption"]),
        (21, range(20, 30), ["gone", *["redemption"] * 6, *["pending"] * 2, None]),
        (22, range(21, 23), ["gone", "redemption"]),
        # One day after it was over: there is nothing left to cancel.
        (23, range(21, 26), ["gone", None, None, None, None]),
    ],
)
def test_a_cancellation_cuts_the_ladder_and_begins_another(
    cancelled: int, days: range, expected: list[str | None]
) -> None:
    """From the day of the cancellation on there is the other ladder, and no gap before it."""
    subscription = a_subscription(cancelled_on=END + cancelled * ONE_DAY)
    assert names(subscription, POLICY, days) == expected


def test_cancelled_means_over_without_stages_of_its_own() -> None:
    """The ladder after expiry is cut on the day of the cancellation, and none follows."""
    policy = OLD.evolve(id="own", stages=STAGES)
    subscription = a_subscription(cancelled_on=END + 4 * ONE_DAY)
    assert names(subscription, policy, range(3, 6)) == ["grace", None, None]
    routes = [
        str(renewability(subscription, policy=policy, on=END + days * ONE_DAY).route)
        for days in (3, 4)
    ]
    assert routes == ["renew-now", "buy-new"]


def test_what_is_over_is_not_cancelled_into_being() -> None:
    """Without a ladder it is over at its end; a cancellation after that brings nothing back."""
    policy = OLD.evolve(id="own", cancelled_stages=CANCELLED)
    for cancelled, route in ((0, "renew-now"), (1, "buy-new")):
        subscription = a_subscription(cancelled_on=END + cancelled * ONE_DAY)
        on = END + (cancelled + 1) * ONE_DAY
        assert renewability(subscription, policy=policy, on=on).route == route


def test_rungs_follow_each_other_and_empty_ones_are_left_out() -> None:
    """A stage that has no day for a term is no rung."""
    lengths = (StageLength(up_to=MONTHLY, days=0), StageLength(days=3))
    stages = (a_stage("a", 0, lengths=lengths), a_stage("b", 2))
    policy = OLD.evolve(id="own", stages=stages)
    short = a_subscription(term=MONTHLY)
    assert ladder(short, policy) == (
        Rung(stages[1], short.expires_on, short.expires_on + 2 * ONE_DAY),
    )
    assert ladder(a_subscription(), policy) == (
        Rung(stages[0], END, END + 3 * ONE_DAY),
        Rung(stages[1], END + 3 * ONE_DAY, END + 5 * ONE_DAY),
    )


@pytest.mark.parametrize(
    ("grace", "retry"), [(0, 60), (1, 59), (16, 44), (28, 32)], ids=lambda days: f"{days}"
)
def test_sixty_days_less_the_grace(grace: int, retry: int) -> None:
    """The end of the ladder stays where it is, however long the grace was."""
    stages = (
        *([a_stage("grace", grace)] if grace else []),
        a_stage(
            "retry",
            60,
            Access.NONE,
            lengths=(StageLength(days=60, less=("grace",) if grace else ()),),
        ),
    )
    policy = OLD.evolve(id="own", stages=stages)
    assert late_window(a_subscription(), policy=policy, on=END).days == 60
    rungs = ladder(a_subscription(), policy)
    assert (rungs[-1].until_on - rungs[-1].from_on).days == retry
    for days, access in ((grace - 1, "full"), (grace, "none"), (59, "none"), (60, "none")):
        assert access_on(a_subscription(), policy, END + days * ONE_DAY) == access


@pytest.mark.parametrize(
    ("days", "eligibility", "switch"),
    [
        (-1, "eligible-unlisted", "switch"),
        (0, "excluded", "switch"),
        (9, "excluded", "switch"),
        (10, "eligible-unlisted", "switch"),
        (14, "eligible-unlisted", "switch"),
        (15, "not-a-renewal", "nothing-to-switch"),
    ],
)
def test_a_stage_says_what_a_renewal_is_priced_like(
    days: int, eligibility: str, switch: str
) -> None:
    """One stage asks the price of a new one, the next one the renewal price."""
    on = END + days * ONE_DAY
    assert exclusions(a_subscription(), policy=POLICY, on=on).route == eligibility
    assert switching(a_subscription(), policy=POLICY, on=on).route == switch
