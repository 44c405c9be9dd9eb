"""Adobe's VIP and VIP Marketplace: one row for each thing that the program guide says."""

from datetime import date

import pytest

from subrenew import (
    AutoRenew,
    History,
    Kind,
    ListPrice,
    Money,
    NotInForce,
    PriceList,
    RenewalPolicy,
    Subscription,
    Term,
    convert_trial,
    late_window,
    renew,
    renew_automatically,
    renewability,
    renewal_quote,
    renewal_window,
    tables,
)
from subrenew.policy.vendors import adobe
from subrenew.renewal.notices import due, notices
from subrenew.rules.switching import switching
from tests.makers import ON, PAYPAL

#: The guide's own example: accepted on 2024-01-16, the anniversary is 2025-01-16.
ACCEPTED_ON, ANNIVERSARY = date(2024, 1, 16), date(2025, 1, 16)
MARKETPLACE = History(offer="vip-marketplace")


def a_licence(**changes) -> Subscription:
    fields = {"id": "S-1", "product": "Photoshop", "term": Term.years(1), "starts_on": ACCEPTED_ON}
    return Subscription(**fields | changes)


HAND = a_licence()
SHOP_ON = a_licence(history=MARKETPLACE, auto_renew=ON, payment_method=PAYPAL)
SHOP_OFF = a_licence(history=MARKETPLACE, payment_method=PAYPAL)
#: Bought in November, it ends with all the others.
ADDED = a_licence(starts_on=date(2024, 11, 16), expires_on=ANNIVERSARY)

#: Licence, day, route, access, and the clause that says so.
SCENARIOS = [
    (HAND, "2024-06-01", "wait-for-window", "full", "adobe.orders"),
    (HAND, "2024-12-16", "wait-for-window", "full", "adobe.orders"),
    (HAND, "2024-12-17", "renew-now", "full", "adobe.orders"),
    (HAND, "2024-12-18", "renew-now", "full", "adobe.orders"),
    (HAND, "2025-01-15", "renew-now", "full", "adobe.anniversary"),
    (HAND, "2025-01-16", "renew-now", "full", "adobe.orders"),
    (HAND, "2025-01-17", "buy-new", "none", "adobe.orders"),
    (ADDED, "2024-12-16", "wait-for-window", "full", "adobe.anniversary"),
    (ADDED, "2024-12-17", "renew-now", "full", "adobe.anniversary"),
    (ADDED, "2025-01-17", "buy-new", "none", "adobe.anniversary"),
    (SHOP_ON, "2024-12-17", "renews-itself", "full", "adobe.by-itself"),
    (SHOP_ON, "2025-01-15", "renews-itself", "full", "adobe.by-itself"),
    (SHOP_OFF, "2024-12-17", "renew-now", "full", "adobe.opt-out"),
    (SHOP_OFF, "2025-01-15", "renew-now", "full", "adobe.opt-out"),
    (SHOP_OFF, "2025-01-16", "buy-new", "none", "adobe.opt-out"),
    (a_licence(cancelled_on=date(2024, 9, 1)), "2024-12-17", "buy-new", "none", "adobe.orders"),
]


@pytest.mark.parametrize(("licence", "on", "route", "access", "source"), SCENARIOS)
def test_scenarios(licence, on, route, access, source):
    """Each state has the answer that the clause gives on that day."""
    decision = renewability(licence, policy=adobe.EDITIONS, on=date.fromisoformat(on))
    assert (decision.route.value, decision.access.value) == (route, access)
    assert source in {clause.id for clause in decision.edition.clauses}


@pytest.mark.parametrize(
    ("days", "route", "access"),
    [
        (-1, "renew-now", "full"),
        (0, "renew-now", "none"),
        (12, "renew-now", "none"),
        (13, "buy-new", "none"),
        (14, "buy-new", "none"),
    ],
)
def test_late_orders_at_one_distributor(days, route, access):
    """Clause `adobe.late`: an inactive licence can be ordered for 13 days, without access."""
    on = date.fromordinal(ANNIVERSARY.toordinal() + days)
    decision = renewability(SHOP_OFF, policy=adobe.VIP_MARKETPLACE_LATE, on=on)
    assert (decision.route.value, decision.access.value) == (route, access)


def test_the_anniversary_is_the_first_day_not_covered():
    """Clause `adobe.anniversary`: accepted on 2024-01-16, due on 2025-01-16, expired before it."""
    assert HAND.expires_on == ANNIVERSARY
    window = renewal_window(HAND, policy=adobe.EDITIONS, on=ACCEPTED_ON)
    assert (window.opens_on, window.last_on) == (date(2024, 12, 17), date(2025, 1, 15))
    due_on = late_window(HAND, policy=adobe.EDITIONS, on=ACCEPTED_ON)
    assert (due_on.opens_on, due_on.last_on) == (ANNIVERSARY, ANNIVERSARY)


@pytest.mark.parametrize("on", [date(2024, 12, 17), ANNIVERSARY])
def test_a_renewal_keeps_the_anniversary(on):
    """Early, or on the day itself: the next anniversary is twelve months after the last one."""
    done = renew(HAND, policy=adobe.EDITIONS, on=on)
    assert done.subscription.starts_on == ANNIVERSARY
    assert done.subscription.expires_on == date(2026, 1, 16)


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        ("2024-12-16", []),
        ("2024-12-17", ["time-to-renew"]),
        ("2024-12-18", []),
        ("2025-01-15", []),
        ("2025-01-16", ["past-due"]),
        ("2025-01-17", []),
    ],
)
def test_messages(on, codes):
    """Clause `adobe.messages`: thirty days before and on the anniversary, by e-mail."""
    found = due(HAND, policy=adobe.EDITIONS, on=date.fromisoformat(on))
    assert [each.code for each in found] == codes
    assert all(each.recipients == {"vip-admin"} for each in found)


def test_the_message_before_removal_has_no_day():
    """The guide does not say when access is removed, so no day is made up for its message."""
    listed = notices(HAND, policy=adobe.EDITIONS, on=ACCEPTED_ON)
    assert [each.code for each in listed] == ["time-to-renew", "past-due"]


def test_a_renewed_licence_hears_of_the_next_anniversary_only():
    """Renewed on the first day of the window, nothing is past due on the anniversary."""
    done = renew(HAND, policy=adobe.EDITIONS, on=date(2024, 12, 17))
    listed = notices(done.subscription, policy=adobe.EDITIONS, on=ANNIVERSARY)
    assert [str(each.earliest_on) for each in listed] == ["2025-12-17", "2026-01-16"]


def test_the_marketplace_renews_by_itself_unless_switched_off():
    """Clause `adobe.by-itself`: it does on the anniversary, and does not where it is off."""
    done = renew_automatically(SHOP_ON, policy=adobe.EDITIONS, on=ANNIVERSARY)
    assert done.subscription.starts_on == ANNIVERSARY
    refused = renew_automatically(SHOP_OFF, policy=adobe.EDITIONS, on=ANNIVERSARY)
    assert refused.decision.route.value == "buy-new"


def test_the_switch_is_on_by_default():
    """Clause `adobe.by-itself`: bought after a trial, the new licence renews by itself."""
    trial = a_licence(kind=Kind.TRIAL, history=MARKETPLACE, payment_method=PAYPAL)
    done = convert_trial(trial, id="S-2", policy=adobe.EDITIONS, on=date(2024, 2, 1))
    assert done.subscription.auto_renew is AutoRenew.ON


@pytest.mark.parametrize(
    ("on", "route"),
    [
        ("2024-06-01", "switch"),
        ("2025-01-12", "switch"),
        ("2025-01-13", "switch"),
        ("2025-01-14", "too-late"),
        ("2025-01-15", "too-late"),
        # The renewal of that day is being made; the switch counts for the next one.
        ("2025-01-16", "switch"),
        ("2025-01-17", "nothing-to-switch"),
    ],
)
def test_the_last_day_to_switch_off(on, route):
    """Clause `adobe.opt-out`: three days before the anniversary at the latest."""
    decision = switching(SHOP_ON, policy=adobe.EDITIONS, on=date.fromisoformat(on))
    assert decision.route.value == route


def test_vip_names_no_last_day_to_switch():
    """The pages on VIP itself have no switch that closes."""
    decision = switching(HAND, policy=adobe.EDITIONS, on=date(2025, 1, 15))
    assert decision.route.value == "switch"


def test_the_price_is_that_of_the_anniversary():
    """Clause `adobe.price`: what renews itself costs what holds on the anniversary."""
    prices = PriceList(
        prices=tuple(
            ListPrice(
                product="Photoshop",
                term=Term.years(1),
                price=Money(amount, "USD"),
                from_on=from_on,
            )
            for amount, from_on in (("300.00", ACCEPTED_ON), ("330.00", ANNIVERSARY))
        )
    )
    for licence, before in ((SHOP_ON, "330.00"), (SHOP_OFF, "300.00")):
        quoted = [
            renewal_quote(licence, prices=prices, policy=adobe.EDITIONS, on=on).total
            for on in (date(2025, 1, 15), ANNIVERSARY)
        ]
        assert quoted == [Money(before, "USD"), Money("330.00", "USD")]


@pytest.mark.parametrize(
    ("offer", "policy"),
    [(None, adobe.VIP), ("vip", adobe.VIP), ("vip-marketplace", adobe.VIP_MARKETPLACE)],
)
def test_the_programme_chooses_the_policy(offer, policy):
    """The offer says on which programme it was bought; before 2024 neither is known."""
    licence = a_licence(history=History(offer=offer))
    assert adobe.EDITIONS.in_force(licence, on=date(2024, 1, 1)) is policy
    with pytest.raises(NotInForce):
        adobe.EDITIONS.in_force(licence, on=date(2023, 12, 31))


@pytest.mark.parametrize("policy", [adobe.VIP, adobe.VIP_MARKETPLACE, adobe.VIP_MARKETPLACE_LATE])
def test_what_the_guide_does_not_say_is_unset(policy):
    """No saving, no loyalty, no consent, no fee, no product list: the pages name none."""
    bare = RenewalPolicy(id="bare/1")
    unset = ("saving_floor_rate", "loyalty", "consent", "late_terms", "excluded_products")
    assert [getattr(policy, name) for name in unset] == [getattr(bare, name) for name in unset]
    assert len(tables.table("renewability", policy).cells) <= tables.MOST_CELLS
