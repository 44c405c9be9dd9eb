"""The switch, the payment method and the next term: set while it lives, decided each time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    CancelAt,
    Channel,
    Decision,
    Happening,
    InvalidType,
    Kind,
    Order,
    OrderTransition,
    PaymentMethod,
    Refusal,
    RegionWays,
    Role,
    Route,
    Subscription,
    Term,
    TermRoute,
    Transition,
    Way,
    cancel,
    change_term,
    renewability,
    replace_payment_method,
    switch_auto_renew,
    switch_order,
    term_change,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules.switching import SwitchRoute, switching
from tests.makers import ANNUAL, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

EARLY, LATE = autodesk.EDITION_2024, autodesk.EDITION_2025_12
DAY = date(2025, 6, 1)
CARD = PaymentMethod.card(expires="2030-01")
THREE = Term.years(3)
USER = Actor(id="P-1", roles=frozenset({Role.USER}))


def done(answer: Transition | Refusal) -> Transition:
    """Return the transition."""
    assert isinstance(answer, Transition), answer.decision
    return answer


def refused(answer: object) -> Decision[Any]:
    """Return the decision of a refusal, which asking again gives again."""
    assert isinstance(answer, Refusal), answer
    decision = answer.decision
    given = {"policy": decision.policy, "on": decision.on}
    asked = decision.asked
    again: Decision[Any]
    if isinstance(decision.route, SwitchRoute):
        again = switching(decision.subscription, actor=asked, **given)
    elif isinstance(decision.route, TermRoute):
        again = term_change(decision.subscription, to=asked.to, region=asked.region, **given)
    else:
        again = renewability(decision.subscription, actor=asked, **given)
    assert again == decision
    return decision


Act = Callable[..., Transition | Refusal]
ACTS: dict[str, Act] = {
    "switch on": lambda each, **asked: switch_auto_renew(each, to=ON, **asked),
    "switch off": lambda each, **asked: switch_auto_renew(each, to=OFF, **asked),
    "payment": lambda each, **asked: replace_payment_method(each, by=CARD, **asked),
}
# With every setting away from what the acts above set.
OTHER: dict[str, dict[str, Any]] = {
    "switch on": {"auto_renew": OFF},
    "switch off": {"auto_renew": ON},
    "payment": {"payment_method": PAYPAL},
}


@pytest.mark.parametrize("name", ACTS)
def test_what_is_set_is_one_event_and_set_again_none(name: str) -> None:
    """Rule 2: setting what is already set is neither a refusal nor an event."""
    before = a_subscription(**OTHER[name])
    first = done(ACTS[name](before, policy=EARLY, on=DAY))
    (event,) = first.events
    assert (event.before, event.after) == (before, first.subscription)
    again = done(ACTS[name](first.subscription, policy=EARLY, on=DAY))
    assert again == Transition(subscription=first.subscription, events=())


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize(
    ("policy", "on", "may"),
    [
        (EARLY, date(2025, 1, 1), True),
        (EARLY, date(2025, 12, 31), True),
        (EARLY, date(2026, 1, 1), False),
        (LATE, date(2026, 2, 14), True),
        (LATE, date(2026, 2, 15), False),
    ],
)
def test_what_is_over_is_not_set(name: str, policy: Any, on: date, may: bool) -> None:
    """Up to the last day on which it can be renewed, and not from then on."""
    answer = ACTS[name](a_subscription(**OTHER[name]), policy=policy, on=on)
    if may:
        assert done(answer).events
    else:
        assert refused(answer).route is Route.BUY_NEW


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize(
    ("changes", "actor", "route"),
    [
        ({"kind": Kind.TRIAL}, None, Route.CONVERT_TRIAL),
        ({"channel": Channel.PARTNER, "payment_method": WIRE}, None, Route.CONTACT_PARTNER),
        ({}, USER, Route.ASK_THE_MANAGER),
        ({"cancelled_on": DAY}, None, Route.BUY_NEW),
    ],
    ids=["trial", "partner", "user", "cancelled"],
)
def test_who_may_not_and_what_cannot_is_refused(
    name: str, changes: dict[str, Any], actor: Actor | None, route: Route
) -> None:
    """The decision that forbids it is the one that `renewability` gives."""
    subscription = a_subscription(**OTHER[name] | changes)
    assert refused(ACTS[name](subscription, policy=EARLY, on=DAY, actor=actor)).route is route


def test_the_clause_of_a_switch_is_where_it_is_switched() -> None:
    """In the account, or on the order's page."""
    clauses = [
        done(switch_auto_renew(a_subscription(channel=channel), to=ON, policy=EARLY, on=DAY))
        .events[0]
        .clause
        for channel in (Channel.ACCOUNT, Channel.ORDER)
    ]
    assert clauses == ["automatic.switch-on", "order.switch"]


def test_a_switch_has_two_positions() -> None:
    """A word or a truth value is refused."""
    for to in ("on", True, None):
        with pytest.raises(InvalidType, match="AutoRenew"):
            switch_auto_renew(a_subscription(), to=to, policy=EARLY, on=DAY)  # type: ignore[arg-type]


def test_a_payment_method_is_one() -> None:
    """Neither a kind nor nothing is."""
    for by in ("card", None):
        with pytest.raises(InvalidType, match="PaymentMethod"):
            replace_payment_method(a_subscription(), by=by, policy=EARLY, on=DAY)  # type: ignore[arg-type]


def test_a_repaired_payment_renews_itself() -> None:
    """The decision's own step leads where it says."""
    lapsed = a_subscription(auto_renew=ON, payment_method=PaymentMethod.card(expires="2025-11"))
    decision = renewability(lapsed, policy=EARLY, on=DAY)
    assert decision.route is Route.REPAIR_PAYMENT
    repaired = done(replace_payment_method(lapsed, by=CARD, policy=EARLY, on=DAY)).subscription
    route = renewability(repaired, policy=EARLY, on=DAY).route
    assert decision.actions[0].leads_to is route is Route.RENEWS_ITSELF


# An order


def _order(*lines: Subscription) -> Order:
    return Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=lines)


def _lines(answer: OrderTransition | Refusal) -> tuple[Subscription, ...]:
    assert isinstance(answer, OrderTransition), answer
    return answer.order.subscriptions


def test_an_order_is_switched_as_a_unit() -> None:
    """Reading 18: every line, with an event for each that changed, in the order of the lines."""
    lines = [a_subscription(id=f"S-{n}", auto_renew=ON if n == 2 else OFF) for n in range(4)]
    answer = switch_order(_order(*lines), to=ON, policy=EARLY, on=DAY)
    assert isinstance(answer, OrderTransition)
    assert [each.auto_renew for each in answer.order.subscriptions] == [ON] * 4
    assert [event.subscription_id for event in answer.events] == ["S-0", "S-1", "S-3"]
    assert {event.what for event in answer.events} == {Happening.SWITCHED_ON}
    again = switch_order(answer.order, to=ON, policy=EARLY, on=DAY)
    assert again == OrderTransition(order=answer.order, events=())


def test_lines_that_are_over_stay_as_they_are() -> None:
    """A cancelled line and a trial do not keep the others from being switched."""
    over = a_subscription(id="S-2", cancelled_on=date(2025, 3, 1))
    trial = a_subscription(id="S-3", kind=Kind.TRIAL)
    lines = _lines(switch_order(_order(a_subscription(), over, trial), to=ON, policy=EARLY, on=DAY))
    assert lines == (a_subscription(auto_renew=ON), over, trial)


@pytest.mark.parametrize("turned", [False, True])
def test_one_line_that_may_not_be_switched_refuses_the_order(turned: bool) -> None:
    """Nothing half-done: no line is switched, wherever the one that may not be stands."""
    lines = [a_subscription(), a_subscription(id="S-2", channel=Channel.PARTNER)]
    order = _order(*(reversed(lines) if turned else lines))
    decision = refused(switch_order(order, to=ON, policy=EARLY, on=DAY))
    assert (decision.route, decision.subscription.id) == (Route.CONTACT_PARTNER, "S-2")


def test_an_order_that_is_over_is_refused_with_its_first_line() -> None:
    """There is nothing to switch."""
    order = _order(a_subscription(id="S-9"), a_subscription())
    decision = refused(switch_order(order, to=ON, policy=EARLY, on=date(2026, 1, 1)))
    assert (decision.route, decision.subscription.id) == (Route.BUY_NEW, "S-9")


CLOSING = EARLY.evolve(switch_closes_days=3)


@pytest.mark.parametrize(("day", "may"), [(29, True), (30, False), (31, False)])
def test_a_policy_may_close_the_switch_before_the_end(day: int, may: bool) -> None:
    """From then on it renews, or ends, as it is set; the refusal is that of `switching`."""
    answer = switch_auto_renew(a_subscription(), to=ON, policy=CLOSING, on=date(2025, 12, day))
    if may:
        assert done(answer).events
    else:
        assert refused(answer).route is SwitchRoute.TOO_LATE


def test_who_may_switch_need_not_be_who_may_renew() -> None:
    """Where the policy names roles of its own for the switch, they decide, and no other."""
    policy = EARLY.evolve(switch_roles=frozenset({Role.USER}))
    owner = Actor(id="P-2", roles=frozenset({Role.OWNER}))
    line = a_subscription()
    assert done(switch_auto_renew(line, to=ON, policy=policy, on=DAY, actor=USER)).events
    for to in (ON, OFF):
        answer = switch_auto_renew(line, to=to, policy=policy, on=DAY, actor=owner)
        assert refused(answer).route is SwitchRoute.ASK_THE_MANAGER
    order = _order(line, a_subscription(id="S-2", cancelled_on=date(2025, 3, 1)))
    answer = switch_order(order, to=ON, policy=policy, on=DAY, actor=owner)
    assert refused(answer).route is SwitchRoute.ASK_THE_MANAGER


def test_where_it_is_closed_what_stands_so_already_is_no_refusal() -> None:
    """Rule 2: nothing is asked for that was not so."""
    line = a_subscription(auto_renew=ON)
    answer = switch_auto_renew(line, to=ON, policy=CLOSING, on=date(2025, 12, 31))
    assert answer == Transition(subscription=line, events=())


@pytest.mark.parametrize("turned", [False, True])
def test_one_line_whose_switch_is_closed_refuses_the_order(turned: bool) -> None:
    """It is not over, so it is not left out in silence while the others are switched."""
    lines = [a_subscription(), a_subscription(id="S-2", starts_on=date(2025, 6, 1))]
    order = _order(*(reversed(lines) if turned else lines))
    decision = refused(switch_order(order, to=ON, policy=CLOSING, on=date(2025, 12, 31)))
    assert (decision.route, decision.subscription.id) == (SwitchRoute.TOO_LATE, "S-1")


def test_who_may_not_switch_an_order() -> None:
    """Clause `managed`."""
    order = _order(a_subscription(account=Account(id="A", managed=True)))
    answer = switch_order(order, to=ON, policy=EARLY, on=DAY, actor=USER)
    assert refused(answer).route is Route.ASK_THE_MANAGER


# The next term

REGIONS = EARLY.evolve(
    term_change_ways=tuple(
        RegionWays(region=region, way=way)
        for region, way in [
            ("FR", Way.ACCOUNT),
            ("JP", Way.SUPPORT),
            ("BR", Way.NEITHER),
        ]
    )
)


def _change(
    subscription: Subscription, to: Term = THREE, region: str | None = "FR", **more: Any
) -> Transition | Refusal:
    asked: dict[str, Any] = {"policy": REGIONS, "on": DAY, "to": to, "region": region}
    return change_term(subscription, **asked | more)


def test_a_change_takes_effect_at_the_next_term() -> None:
    """The present term is as it was: only the plan changes."""
    answer = done(_change(a_subscription()))
    assert answer.subscription == a_subscription(next_term=THREE)
    assert answer.events[0].what is Happening.TERM_CHANGE_ASKED
    assert answer.events[0].verdict.question == "term-change"


def test_it_can_be_revised_and_withdrawn() -> None:
    """Until the next term begins; the present term withdraws it."""
    asked = done(_change(a_subscription())).subscription
    revised = done(_change(asked, MONTHLY))
    assert revised.subscription.next_term == MONTHLY
    assert revised.events[0].what is Happening.TERM_CHANGE_ASKED
    withdrawn = done(_change(revised.subscription, ANNUAL))
    assert withdrawn.subscription == a_subscription()
    assert withdrawn.events[0].what is Happening.TERM_CHANGE_WITHDRAWN


@pytest.mark.parametrize("to", [THREE, Term.months(36)])
def test_what_was_asked_already_is_no_event(to: Term) -> None:
    """The same term, however it is written."""
    asked = a_subscription(next_term=THREE)
    assert _change(asked, to) == Transition(subscription=asked, events=())


def test_the_present_term_without_a_plan_is_nothing_to_change() -> None:
    """Neither refused nor an event."""
    assert _change(a_subscription(), ANNUAL) == Transition(subscription=a_subscription(), events=())


@pytest.mark.parametrize(
    ("region", "by_support", "route"),
    [
        ("FR", False, None),
        ("FR", True, None),
        ("JP", False, TermRoute.ASK_SUPPORT),
        ("JP", True, None),
        ("BR", False, TermRoute.LET_EXPIRE),
        ("BR", True, TermRoute.LET_EXPIRE),
        ("ZZ", False, TermRoute.UNKNOWN),
        ("ZZ", True, None),
        (None, False, TermRoute.UNKNOWN),
        (None, True, None),
    ],
)
def test_each_region_has_its_way(
    region: str | None, by_support: bool, route: TermRoute | None
) -> None:
    """Reading 10: where only support can, support can; an unknown region is never a silent no."""
    answer = _change(a_subscription(), region=region, by_support=by_support)
    if route is None:
        assert done(answer).subscription.next_term == THREE
    else:
        assert refused(answer).route is route


def test_without_a_region_the_accounts_country_is_meant() -> None:
    """Which the subscription knows."""
    french = a_subscription(account=Account(id="A-1", country="FR"))
    assert done(_change(french, region=None)).events
    japanese = a_subscription(account=Account(id="A-1", country="JP"))
    assert refused(_change(japanese, region=None)).route is TermRoute.ASK_SUPPORT
    assert done(_change(japanese, region=None, by_support=True)).events


@pytest.mark.parametrize("by_support", [False, True])
@pytest.mark.parametrize(
    ("changes", "on", "route"),
    [
        ({"kind": Kind.TRIAL}, DAY, TermRoute.CONVERT_TRIAL),
        ({}, date(2026, 1, 1), TermRoute.BUY_NEW),
        ({"cancelled_on": DAY}, DAY, TermRoute.BUY_NEW),
        ({"channel": Channel.PARTNER}, DAY, TermRoute.CONTACT_PARTNER),
    ],
    ids=["trial", "expired", "cancelled", "partner"],
)
@pytest.mark.parametrize("region", ["FR", "JP", "ZZ"])
def test_not_even_support_changes_what_has_no_next_term(
    changes: dict[str, Any], on: date, route: TermRoute, region: str, by_support: bool
) -> None:
    """A trial, an ended one, a partner's."""
    answer = _change(a_subscription(**changes), region=region, on=on, by_support=by_support)
    assert refused(answer).route is route


def test_who_may_not_renew_may_not_change_the_term() -> None:
    """Clause `managed` comes first, and its decision is that of `renewability`."""
    assert refused(_change(a_subscription(), actor=USER)).route is Route.ASK_THE_MANAGER


def test_a_cancellation_forgets_the_plan() -> None:
    """And a plan made afterwards is one for whoever renews by hand after all."""
    asked = done(_change(a_subscription())).subscription
    cancelled = done(cancel(asked, at=CancelAt.END_OF_TERM, policy=REGIONS, on=DAY)).subscription
    assert cancelled.next_term is None
    assert done(_change(cancelled)).subscription == attrs.evolve(cancelled, next_term=THREE)


def test_a_term_is_a_term() -> None:
    """Text is refused."""
    with pytest.raises(InvalidType, match="Term"):
        _change(a_subscription(), "P1Y")  # type: ignore[arg-type]
