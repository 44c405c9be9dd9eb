"""An order is renewed as a unit, and its entry in a plan says the same (reading 18)."""

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Account,
    Actor,
    Barred,
    Channel,
    Condition,
    Happening,
    Kind,
    NotInForce,
    Order,
    OrderTransition,
    PaymentMethod,
    PlanEntry,
    Refusal,
    RenewalPolicy,
    Role,
    Route,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    plan,
    renew,
    renew_order,
    renewability,
)
from subrenew.policy.vendors import autodesk
from tests.makers import INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_list, a_price, a_subscription

FINE = Condition(code="fine", message="A fine is unpaid.", bars=frozenset({Barred.RENEWAL}))
OLD = autodesk.EDITION_2024.evolve(conditions=(FINE,))
NEW = autodesk.EDITION_2025_12.evolve(conditions=(FINE,))
SILENT = RenewalPolicy(id="own", conditions=(FINE,))
TODAY, END = date(2025, 12, 1), date(2026, 1, 1)
PRICES = a_list(a_price("100"))

OPEN = a_subscription(id="open")
OTHER = a_subscription(id="other", payment_method=WIRE)
ITSELF = a_subscription(id="itself", auto_renew=ON, payment_method=PAYPAL)
REPAIR = a_subscription(id="repair", auto_renew=ON)
WAIT = a_subscription(id="wait", starts_on=date(2025, 6, 1))
OVER = a_subscription(id="over", starts_on=date(2024, 1, 1))
TRIAL = a_subscription(id="trial", kind=Kind.TRIAL)
PARTNER = a_subscription(id="partner", channel=Channel.PARTNER)
FINED = a_subscription(id="fined", conditions=frozenset({"fine"}))


def an_order(*lines: Subscription) -> Order:
    """An order of these lines."""
    return Order(number="PO-1", placed_on=date(2025, 1, 1), subscriptions=lines)


def entry_of(order: Order, **changes: Any) -> PlanEntry:
    """Return the order's place in a plan."""
    asked: dict[str, Any] = {"policy": OLD, "prices": PRICES, "on": TODAY}
    (entry,) = plan([order], **asked | changes).entries
    return entry


def test_every_line_is_renewed_as_by_itself() -> None:
    """Each gets what it would get alone, with its event, in the order of the lines."""
    answer = renew_order(an_order(OPEN, OTHER), policy=OLD, on=TODAY)
    assert isinstance(answer, OrderTransition)
    for line, before in zip(answer.order.subscriptions, (OPEN, OTHER), strict=True):
        alone = renew(before, policy=OLD, on=TODAY)
        assert isinstance(alone, Transition)
        assert line == alone.subscription
    assert [event.subscription_id for event in answer.events] == ["open", "other"]
    assert {event.what for event in answer.events} == {Happening.RENEWED}
    assert (answer.order.number, answer.order.placed_on) == ("PO-1", date(2025, 1, 1))


@pytest.mark.parametrize(
    ("kept", "route"),
    [
        (WAIT, Route.WAIT_FOR_WINDOW),
        (OVER, Route.BUY_NEW),
        (TRIAL, Route.CONVERT_TRIAL),
        (PARTNER, Route.CONTACT_PARTNER),
        (FINED, Route.RESOLVE_CONDITION),
    ],
    ids=lambda each: getattr(each, "id", str(each)),
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_line_that_cannot_be_renewed_keeps_the_order(
    kept: Subscription, route: Route, place: int
) -> None:
    """All or none, wherever that line stands; the refusal is its decision, and so is the entry."""
    lines = [OPEN, OTHER]
    lines.insert(place, kept)
    answer = renew_order(an_order(*lines), policy=OLD, on=TODAY)
    assert isinstance(answer, Refusal)
    assert answer.decision == renewability(kept, policy=OLD, on=TODAY)
    assert answer.decision.route is route
    entry = entry_of(an_order(*lines))
    assert (entry.route, entry.can_renew_now) == (route, False)


def test_lines_that_renew_themselves_are_left_to_do_so() -> None:
    """They neither are renewed by hand nor keep the others from it."""
    answer = renew_order(an_order(ITSELF, OPEN), policy=OLD, on=TODAY)
    assert isinstance(answer, OrderTransition)
    assert answer.order.subscriptions[0] == ITSELF
    assert answer.order.subscriptions[1].expires_on == date(2027, 1, 1)
    assert [event.subscription_id for event in answer.events] == ["open"]
    assert entry_of(an_order(ITSELF, OPEN)).route is Route.RENEW_NOW


def test_an_order_that_renews_itself_is_not_renewed_by_hand() -> None:
    """There is nothing to do, and the entry says so."""
    order = an_order(ITSELF, attrs.evolve(ITSELF, id="S-2"))
    answer = renew_order(order, policy=OLD, on=TODAY)
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.RENEWS_ITSELF
    entry = entry_of(order)
    assert (entry.route, entry.can_renew_now) == (Route.RENEWS_ITSELF, False)


def test_a_line_whose_card_is_to_be_repaired_is_renewed_by_hand() -> None:
    """The window is open for it; alone it is still the card that its entry is about."""
    assert isinstance(renew_order(an_order(REPAIR, OPEN), policy=OLD, on=TODAY), OrderTransition)
    assert entry_of(an_order(REPAIR, OPEN)).route is Route.RENEW_NOW
    alone = entry_of(an_order(REPAIR))
    assert (alone.route, alone.can_renew_now) == (Route.REPAIR_PAYMENT, True)


def test_renewed_twice_on_a_day_it_is_refused() -> None:
    """Pressing twice renews once."""
    answer = renew_order(an_order(OPEN, OTHER), policy=OLD, on=TODAY)
    assert isinstance(answer, OrderTransition)
    assert isinstance(renew_order(answer.order, policy=OLD, on=TODAY), Refusal)


@pytest.mark.parametrize("role", Role)
def test_who_may_not_renew_a_line_does_not_renew_the_order(role: Role) -> None:
    """One line of a managed account is enough."""
    managed = a_subscription(id="managed", account=Account(id="A-1", managed=True))
    actor = Actor(id="P-1", roles=frozenset({role}))
    answer = renew_order(an_order(OPEN, managed), policy=OLD, on=TODAY, actor=actor)
    # The owner may renew the one, the roles of a managed environment the other.
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.ASK_THE_MANAGER


def test_before_the_first_edition_no_order_is_renewed() -> None:
    """A day outside of every edition is the caller's mistake."""
    with pytest.raises(NotInForce):
        renew_order(an_order(OPEN), policy=autodesk.EDITIONS, on=date(2023, 1, 1))


LINES = st.builds(
    lambda starts_on, **fields: a_subscription(starts_on=starts_on, **fields),
    starts_on=st.dates(date(2024, 10, 1), date(2025, 12, 1)),
    term=st.sampled_from([Term.years(1), MONTHLY, Term.days(30)]),
    kind=st.sampled_from([*[Kind.PAID] * 6, Kind.TRIAL]),
    auto_renew=st.sampled_from([ON, OFF]),
    payment_method=st.sampled_from(
        [None, PAYPAL, WIRE, INVOICE, PaymentMethod.card(expires="2025-12")]
    ),
    channel=st.sampled_from([*[Channel.ACCOUNT] * 6, Channel.PARTNER]),
    conditions=st.sampled_from([*[frozenset[str]()] * 6, frozenset({"fine"})]),
    account=st.sampled_from([None, None, Account(id="A-1", managed=True)]),
)


@given(
    lines=st.lists(LINES, min_size=1, max_size=4),
    policy=st.sampled_from(
        [OLD, NEW, SILENT, NEW.evolve(trials=TrialEnd.GOES_ON), OLD.evolve(catch_up_days=0)]
    ),
    days=st.integers(-120, 60),
    actor=st.sampled_from([None, None, Actor(id="P-1", roles=frozenset({Role.OWNER}))]),
)
def test_the_entry_of_a_plan_says_what_renewing_the_order_does(
    lines: list[Subscription], policy: RenewalPolicy, days: int, actor: Actor | None
) -> None:
    """Renewed or refused, and by which way forward, for any order on any day."""
    order = an_order(*(attrs.evolve(each, id=f"S-{n}") for n, each in enumerate(lines)))
    asked: dict[str, Any] = {"policy": policy, "on": END + timedelta(days=days), "actor": actor}
    answer = renew_order(order, **asked)
    entry = entry_of(order, **asked)
    decisions = [renewability(each, **asked) for each in order.subscriptions]
    others = [each for each in decisions if each.route is not Route.RENEWS_ITSELF]
    kept = [each for each in others if not each.can_renew_now]
    assert entry.can_renew_now == isinstance(answer, OrderTransition)
    if isinstance(answer, Refusal):
        assert answer.decision == (kept or decisions)[0]
        assert entry.route in {each.route for each in kept or decisions}
        if len({each.route for each in kept}) == 1:
            assert entry.route is answer.decision.route
    else:
        assert not kept
        assert len(answer.events) == len(others)
        assert entry.route is (Route.RENEW_NOW if len(others) > 1 else others[0].route)
