"""Readings that follow from no clause alone, each at its boundary."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    ListPrice,
    Money,
    Order,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Reduction,
    RenewalRate,
    Role,
    Route,
    Secret,
    Subscription,
    Term,
    TermRoute,
    exclusions,
    order_access,
    renewability,
    renewal_discount,
    renewal_quote,
    term_change,
)
from subrenew.policy.vendors import autodesk

PAGE, LATER = autodesk.EDITION_2024, autodesk.EDITION_2025_12
STARTS, EXPIRES = date(2025, 1, 1), date(2026, 1, 1)
OPEN = date(2025, 12, 1)
ONE_DAY = timedelta(days=1)
CARD = PaymentMethod.card(expires="2030-01")


def sold(**changes: Any) -> Subscription:
    """A year of CAD from 2025-01-01, renewed by hand."""
    fields = {"id": "S-1", "product": "CAD", "term": Term.years(1), "starts_on": STARTS}
    return Subscription(**fields | changes)


def test_the_expiry_date_is_not_covered():
    """Reading 2: the day before is, and `covering` takes that one."""
    assert Subscription.covering(last_day=EXPIRES - ONE_DAY, **_fields()) == sold()
    routes = [renewability(sold(), policy=PAGE, on=on).route for on in (EXPIRES - ONE_DAY, EXPIRES)]
    assert routes == [Route.RENEW_NOW, Route.BUY_NEW]


def _fields() -> dict[str, Any]:
    return {"id": "S-1", "product": "CAD", "term": Term.years(1), "starts_on": STARTS}


def test_the_switch_is_without_effect_where_the_customer_sends_the_money():
    """Reading 13: it is reported, and the route is by hand."""
    wire = PaymentMethod(kind=PaymentKind.WIRE_TRANSFER)
    decision = renewability(
        sold(auto_renew=AutoRenew.ON, payment_method=wire), policy=PAGE, on=OPEN
    )
    assert "switch-without-effect" in decision.codes
    assert decision.route is Route.RENEW_NOW


def test_a_wrong_number_and_a_wrong_password_are_one_answer():
    """Reading 19: one cell, equal words, and the password is checked once in every case."""
    order = Order(number="PO-7", placed_on=STARTS, subscriptions=(sold(),))
    given = [(order, "PO-7", "wrong"), (order, "PO-8", "right"), (None, "PO-9", "right")]
    checked = []

    def verify(secret: Secret) -> bool:
        checked.append(secret)
        return secret == Secret("right")

    decisions = [
        order_access(
            stored, number=number, password=Secret(password), verify=verify, policy=PAGE, on=OPEN
        )
        for stored, number, password in given
    ]
    assert len(checked) == len(given)
    assert len({(each.cell, each.findings, each.actions) for each in decisions}) == 1


@pytest.mark.parametrize(
    ("term", "short"),
    [
        (Term.weeks(4), True),
        (Term.days(30), True),
        (Term.days(31), True),
        (Term.months(1), True),
        (Term.days(32), False),
        (Term.weeks(5), False),
        (Term.months(2), False),
    ],
)
def test_a_term_of_at_most_a_month_counts_as_monthly(term, short):
    """Reading 20: 31 days do, 32 do not."""
    assert ("short-term" in exclusions(sold(term=term), policy=PAGE, on=STARTS).codes) is short


@pytest.mark.parametrize("largest", ["product", "country", "customer"])
def test_of_several_rates_the_largest_applies(largest):
    """Reading 21: whichever it was set for."""
    keys = {"product": "CAD", "country": "FR", "customer": "A-1"}
    rates = tuple(
        RenewalRate(
            rate=Decimal("0.20" if name == largest else "0.10"), from_on=STARTS, **{name: key}
        )
        for name, key in keys.items()
    )
    decision = renewal_discount(
        sold(account=Account(id="A-1", country="FR")),
        policy=PAGE,
        prices=PriceList(prices=(), rates=rates),
        on=OPEN,
    )
    assert decision.rate == Decimal("0.20")


def test_a_cancellation_on_its_way_switches_automatic_renewal_off():
    """Reading 22: until its day it is covered, from then on it is over, stages or not."""
    leaving = sold(auto_renew=AutoRenew.ON, payment_method=CARD, cancelled_on=date(2025, 12, 20))
    before = renewability(leaving, policy=LATER, on=date(2025, 12, 19))
    after = renewability(leaving, policy=LATER, on=date(2025, 12, 20))
    assert not before.renews_itself
    assert "switched-off" in before.codes
    assert before.route is Route.RENEW_NOW
    assert after.route is Route.BUY_NEW


def test_a_late_renewal_gets_no_renewal_price():
    """Reading 23: on the expiry date it is late, the day before it is not."""
    codes = [exclusions(sold(), policy=LATER, on=on).codes for on in (EXPIRES - ONE_DAY, EXPIRES)]
    assert ["renewed-late" in each for each in codes] == [False, True]


def test_an_account_that_is_not_known_counts_as_unmanaged():
    """Reading 24: so the owner renews, and a purchaser does not."""
    may = [
        renewability(
            sold(account=None), policy=PAGE, on=OPEN, actor=Actor(id="U", roles=frozenset({role}))
        ).can_renew_now
        for role in (Role.OWNER, Role.PURCHASER)
    ]
    assert may == [True, False]


def test_reductions_apply_one_after_the_other():
    """Reading 25: each rounded down: 10.01, 9.50, 9.02; never below zero."""
    price = ListPrice(
        product="CAD", term=Term.years(1), price=Money("10.01", "USD"), from_on=STARTS
    )
    five = Reduction(code="FIVE", rate=Decimal("0.05"))
    everything = Reduction(code="ALL", amount=Money("50.00", "USD"))
    totals = [
        renewal_quote(
            sold(), prices=PriceList(prices=(price,)), policy=PAGE, on=OPEN, reductions=reductions
        ).total
        for reductions in ((five, five), (five, everything))
    ]
    assert totals == [Money("9.02", "USD"), Money("0.00", "USD")]


@pytest.mark.parametrize(
    ("region", "route"),
    [
        ("US", TermRoute.CHANGE_IN_ACCOUNT),
        ("FR", TermRoute.CHANGE_IN_ACCOUNT),
        ("BR", TermRoute.UNKNOWN),
        (None, TermRoute.UNKNOWN),
    ],
)
def test_regions_are_those_that_the_sister_page_names(region, route):
    """Reading 26: the others are unknown, and never a silent no."""
    decision = term_change(sold(), to=Term.months(1), policy=PAGE, on=OPEN, region=region)
    assert decision.route is route
