"""Can automatic renewal be switched: until when, by whom, and what keeps it from it."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Channel,
    Edition,
    Editions,
    InvalidType,
    InvalidValue,
    Kind,
    NotInForce,
    Refusal,
    RenewalPolicy,
    Role,
    Subscription,
    SwitchRoute,
    Transition,
    TrialEnd,
    switching,
    tables,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.settings import switch_auto_renew
from subrenew.rules.schedules import switch_last_on
from subrenew.rules.tables import faults
from tests.makers import PAYPAL, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ONE_DAY = timedelta(days=1)
END = date(2026, 1, 1)
OWNER = Actor(id="o", roles=frozenset({Role.OWNER}))
PAYER = Actor(id="p", roles=frozenset({Role.PAYER}))
NOBODY = Actor(id="n")
CLOSING = OLD.evolve(id="closing", switch_closes_days=3)


def _route(subscription: Subscription, days: int, policy: Any = CLOSING, **asked: Any) -> str:
    return str(switching(subscription, policy=policy, on=END + days * ONE_DAY, **asked).route)


@pytest.mark.parametrize(
    ("closes", "last"), [(None, -1), (0, -1), (1, -1), (2, -2), (3, -3), (30, -30)]
)
def test_the_last_day_on_which_it_can_be_switched(closes: int | None, last: int) -> None:
    """Three days before: still on the third day before the end, and on none of the days after."""
    policy = OLD.evolve(id="own", switch_closes_days=closes)
    subscription = a_subscription()
    assert _route(subscription, last - 1, policy) == "switch"
    assert _route(subscription, last, policy) == "switch"
    after = "nothing-to-switch" if last == -1 else "too-late"
    assert _route(subscription, last + 1, policy) == after
    assert _route(subscription, 0, policy) == "nothing-to-switch"
    decision = switching(subscription, policy=policy, on=date(2025, 1, 1))
    assert decision.changes_on == END + (last + 1) * ONE_DAY


def test_too_late_names_the_last_day() -> None:
    """The finding says through which day it could be switched."""
    decision = switching(a_subscription(), policy=CLOSING, on=END - 2 * ONE_DAY)
    (finding,) = decision.findings
    assert (finding.code, finding.value("last_on")) == ("switch-closed", date(2025, 12, 29))
    assert "December 29, 2025" in decision.explain()


def test_a_cancellation_moves_the_closing_with_the_end() -> None:
    """What counts is the end: the day of a cancellation, where that comes first."""
    subscription = a_subscription(cancelled_on=date(2025, 6, 10))
    found = [
        str(switching(subscription, policy=CLOSING, on=date(2025, 6, day)).route)
        for day in (7, 8, 9, 10)
    ]
    assert found == ["switch", "too-late", "too-late", "nothing-to-switch"]


@pytest.mark.parametrize("closes", [None, 0, 1, 2, 3])
def test_late_renewals_are_switched_for_the_next_one(closes: int | None) -> None:
    """After the end the switch is open again, until it is over."""
    policy = NEW.evolve(id="own", switch_closes_days=closes)
    for days in (0, 5, 44):
        assert _route(a_subscription(), days, policy) == "switch"
    assert _route(a_subscription(), 45, policy) == "nothing-to-switch"


@pytest.mark.parametrize("policy", [OLD, NEW, CLOSING], ids=lambda each: each.id)
def test_while_pending_the_switch_is_for_the_next_renewal(policy: RenewalPolicy) -> None:
    """Reading 29: from the renewal date through the catch-up it can be set, and that is told."""
    held = a_subscription(auto_renew=AutoRenew.ON, payment_method=PAYPAL)
    for days in (0, 7):
        decision = switching(held, policy=policy, on=END + days * ONE_DAY)
        assert (decision.route, decision.codes) == ("switch", ("renewal-pending",))
        assert decision.findings[0].value("renewal_on") == END
    after = "switch" if policy is NEW else "nothing-to-switch"
    assert _route(held, 8, policy) == after


@pytest.mark.parametrize("closes", [None, 0, 1, 2, 3, 30])
def test_the_last_day_that_is_told_is_the_last_one_that_is_open(closes: int | None) -> None:
    """Whenever it is too late, the day named is the last one on which it was not."""
    policy = OLD.evolve(id="own", switch_closes_days=closes)
    routes = {
        END - days * ONE_DAY: _route(a_subscription(), -days, policy) for days in range(1, 40)
    }
    last_on = max(day for day, route in routes.items() if route == "switch")
    closed = [day for day, route in routes.items() if route == "too-late"]
    assert len(closed) == max((closes or 0) - 1, 0)
    for day in closed:
        (finding,) = switching(a_subscription(), policy=policy, on=day).findings
        assert finding.value("last_on") == last_on


@pytest.mark.parametrize(
    ("closes", "last_on"), [(1, date(2025, 6, 9)), (2, date(2025, 6, 8)), (3, date(2025, 6, 7))]
)
def test_the_last_day_before_a_cancellation(closes: int, last_on: date) -> None:
    """It counts back from the day of the cancellation: the day before it is the first one."""
    policy = OLD.evolve(id="own", switch_closes_days=closes)
    held = a_subscription(cancelled_on=date(2025, 6, 10))
    assert switch_last_on(held, policy) == last_on
    found = [
        str(switching(held, policy=policy, on=last_on + shift * ONE_DAY).route) for shift in (0, 1)
    ]
    assert found == ["switch", "nothing-to-switch" if closes == 1 else "too-late"]


def test_the_trial_that_goes_on_has_a_switch() -> None:
    """It closes like any other; a trial that ends, or was stopped, has none."""
    policy = CLOSING.evolve(id="own", trials=TrialEnd.GOES_ON)
    trial = a_subscription(kind=Kind.TRIAL)
    assert [_route(trial, days, policy) for days in (-4, -3, -2, -1, 0)] == [
        *("switch", "switch", "too-late", "too-late", "nothing-to-switch")
    ]
    stopped = a_subscription(kind=Kind.TRIAL, cancelled_on=END)
    assert _route(stopped, -9, policy) == "nothing-to-switch"


def test_who_may_switch_is_unknown_where_no_page_says_it() -> None:
    """Reading 14: the way stays open, and the finding says so; nobody asked for is anybody."""
    silent = RenewalPolicy(id="v/1")
    asked = switching(a_subscription(), policy=silent, on=date(2025, 6, 1), actor=PAYER)
    assert (asked.route, asked.codes) == ("switch", ("roles-unknown",))
    assert switching(a_subscription(), policy=silent, on=date(2025, 6, 1)).codes == ()


@pytest.mark.parametrize(
    ("roles", "actor", "allowed"),
    [
        (None, OWNER, True),
        (None, PAYER, False),
        (None, None, True),
        (frozenset({Role.PAYER}), OWNER, False),
        (frozenset({Role.PAYER}), PAYER, True),
        (frozenset({Role.PAYER, "reseller"}), Actor(id="r", roles=frozenset({"reseller"})), True),
        (frozenset({Role.PAYER}), NOBODY, False),
        (frozenset(), OWNER, False),
        (frozenset(), None, True),
    ],
)
@pytest.mark.parametrize("managed", [False, True])
def test_who_may_switch(roles: Any, actor: Actor | None, *, allowed: bool, managed: bool) -> None:
    """The roles for switching, or else those that may renew; nobody asked for is anybody."""
    policy = OLD.evolve(id="own", switch_roles=roles, managed_roles=frozenset({Role.OWNER}))
    subscription = a_subscription(account=Account(id="A-1", managed=managed))
    decision = switching(subscription, policy=policy, on=date(2025, 6, 1), actor=actor)
    assert decision.route == ("switch" if allowed else "ask-the-manager")
    assert decision.codes == (() if allowed else ("may-not-switch",))


def test_who_may_switch_need_not_be_who_may_renew() -> None:
    """The act follows the question: the payer switches; the owner may not, even to no effect."""
    policy = OLD.evolve(id="own", switch_roles=frozenset({Role.PAYER}))
    asked: dict[str, Any] = {"policy": policy, "on": date(2025, 6, 1)}
    subscription = a_subscription(payment_method=PAYPAL)
    done = switch_auto_renew(subscription, to=AutoRenew.ON, actor=PAYER, **asked)
    assert isinstance(done, Transition)
    assert done.subscription.auto_renew is AutoRenew.ON
    for to in AutoRenew:
        refused = switch_auto_renew(subscription, to=to, actor=OWNER, **asked)
        assert isinstance(refused, Refusal)
        assert refused.decision.route == "ask-the-manager"


@pytest.mark.parametrize(
    ("changes", "days", "actor", "route", "codes"),
    [
        ({"kind": Kind.TRIAL}, -90, NOBODY, "nothing-to-switch", ("may-not-switch", "trial")),
        ({"kind": Kind.TRIAL}, 1, None, "nothing-to-switch", ("trial",)),
        ({}, 0, None, "nothing-to-switch", ("ended",)),
        ({"channel": Channel.PARTNER}, -90, None, "contact-partner", ("through-partner",)),
        (
            {"channel": Channel.PARTNER},
            -1,
            NOBODY,
            "ask-the-manager",
            ("through-partner", "may-not-switch", "switch-closed"),
        ),
        (
            {"channel": Channel.PARTNER},
            -1,
            None,
            "contact-partner",
            ("through-partner", "switch-closed"),
        ),
        ({"channel": Channel.ORDER}, -90, None, "switch", ()),
    ],
)
def test_what_comes_first_decides(
    changes: dict[str, Any], days: int, actor: Actor | None, route: str, codes: Any
) -> None:
    """The end, then the person, then the partner, then the time; and every reason is told."""
    decision = switching(
        a_subscription(**changes), policy=CLOSING, on=END + days * ONE_DAY, actor=actor
    )
    assert (decision.route, decision.codes) == (route, codes)


def test_the_routes_in_order() -> None:
    """The order in which they are decided is that of the members."""
    assert [each.value for each in SwitchRoute] == [
        "nothing-to-switch",
        "ask-the-manager",
        "contact-partner",
        "too-late",
        "switch",
    ]


def test_an_edition_to_come_closes_it_earlier() -> None:
    """The closing of the edition that will be in force counts, not that of today's."""
    start = date(2025, 7, 1)
    for closes, changes_on in ((10, date(2025, 12, 23)), (300, start)):
        editions = Editions(
            (
                Edition(from_on=date(2024, 1, 1), policy=OLD),
                Edition(from_on=start, policy=OLD.evolve(id="new", switch_closes_days=closes)),
            )
        )
        decision = switching(a_subscription(), policy=editions, on=date(2025, 2, 1))
        assert decision.changes_on == changes_on


def test_the_ended_names_its_day() -> None:
    """The finding says since when it is over."""
    decision = switching(a_subscription(), policy=OLD, on=END)
    assert decision.findings[0].value("expires_on") == END


def test_the_table_is_proved() -> None:
    """Every cell is total, every bar and fact matters; without a closing none is too late."""
    assert faults(tables.table("switching")) == ()
    assert faults(tables.table("switching", CLOSING)) == ("bar roles-unknown is in no cell",)
    plain = tables.table("switching", OLD)
    assert {str(cell.route) for cell in plain.cells} == set(SwitchRoute) - {"too-late"}
    alone = tables.table("switching", OLD.evolve(id="own", partner_channels=frozenset()))
    assert "contact-partner" not in {str(cell.route) for cell in alone.cells}


def test_decisions_about_the_switch_pickle() -> None:
    """Decided again from what was asked, the answer is the same."""
    decision = switching(a_subscription(), policy=CLOSING, on=END - ONE_DAY, actor=OWNER)
    assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301 - our own bytes


def test_what_is_wrong_is_said() -> None:
    """A datetime is no day, days are whole numbers, roles are roles, and gaps are named."""
    with pytest.raises(InvalidType, match="local_day"):
        switching(a_subscription(), policy=OLD, on=datetime(2025, 6, 1))
    with pytest.raises(NotInForce):
        switching(a_subscription(), policy=autodesk.EDITIONS, on=date(2023, 1, 1))
    with pytest.raises(InvalidValue, match="switch_closes_days"):
        OLD.evolve(id="own", switch_closes_days=-1)
    with pytest.raises(InvalidType, match="switch_roles"):
        OLD.evolve(id="own", switch_roles={"payer"})
