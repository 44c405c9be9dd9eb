"""Readings about what happens, each at its boundary."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    Applies,
    AutoRenew,
    Barred,
    Condition,
    ConsentRule,
    IncreaseLimit,
    IncreaseRoute,
    LateFee,
    LateTerms,
    ListPrice,
    Money,
    PaymentMethod,
    PriceList,
    Refusal,
    Route,
    Subscription,
    Term,
    Transition,
    compliance,
    price_increase,
    renew,
    renew_automatically,
    renewability,
    renewal_quote,
)
from subrenew.policy.laws import france
from subrenew.policy.vendors import autodesk

PAGE, LATER = autodesk.EDITION_2024, autodesk.EDITION_2025_12
EXPIRES = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
CARD = PaymentMethod.card(expires="2030-01")
OPEN_INVOICE = Condition(
    code="open-invoice", message="An invoice is open.", bars=frozenset({Barred.RENEWAL})
)


def sold(**changes: Any) -> Subscription:
    """A year of CAD from 2025-01-01, renewed by hand."""
    fields = {"id": "S-1", "product": "CAD", "term": Term.years(1), "starts_on": date(2025, 1, 1)}
    return Subscription(**fields | changes)


def test_a_condition_of_ones_own_holds_back_what_renews_by_itself():
    """Reading 27: declared and raised it bars the renewal; raised alone it changes nothing."""
    line = sold(
        auto_renew=AutoRenew.ON, payment_method=CARD, conditions=frozenset({"open-invoice"})
    )
    declared = PAGE.evolve(id="own", conditions=(OPEN_INVOICE,))
    on = date(2025, 12, 1)
    assert renewability(line, policy=declared, on=on).route is Route.RESOLVE_CONDITION
    assert renewability(line, policy=PAGE, on=on).route is Route.RENEWS_ITSELF
    refused = renew_automatically(line, policy=declared, on=EXPIRES)
    assert isinstance(refused, Refusal)


def test_a_renewal_leads_to_its_next_term_before_its_window():
    """Reading 28: true of a year renewed late; a month renewed late stands open at once."""
    for term, truly in ((Term.years(1), Route.WAIT_FOR_WINDOW), (Term.months(1), Route.RENEW_NOW)):
        line = sold(term=term)
        on = line.expires_on + ONE_DAY
        said = renewability(line, policy=LATER, on=on).actions[0]
        done = renew(line, policy=LATER, on=on)
        assert isinstance(done, Transition)
        assert said.leads_to is Route.WAIT_FOR_WINDOW
        assert renewability(done.subscription, policy=LATER, on=on).route is truly


@pytest.mark.parametrize(("late_days", "renews"), [(-1, False), (0, True), (7, True), (8, False)])
def test_a_nightly_run_catches_up_for_a_week(late_days, renews):
    """Reading 29: from the scheduled day through the seventh day after it."""
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    done = renew_automatically(line, policy=PAGE, on=EXPIRES + late_days * ONE_DAY)
    assert isinstance(done, Transition) is renews


def test_renewing_by_hand_withdraws_a_cancellation():
    """Reading 30: what is renewed is not cancelled."""
    done = renew(sold(cancelled_on=EXPIRES), policy=PAGE, on=date(2025, 12, 1))
    assert isinstance(done, Transition)
    assert done.subscription.cancelled_on is None


def test_lateness_is_charged_beside_the_price_and_by_the_seat():
    """Reading 31: the price stays what it is, and the fee is for each seat."""
    price = ListPrice(
        product="CAD", term=Term.years(1), price=Money("100.00", "EUR"), from_on=date(2024, 1, 1)
    )
    fees = LateTerms(fees=(LateFee(amount=Money("5.00", "EUR")),))
    line = renewal_quote(
        sold(seats=3),
        prices=PriceList(prices=(price,)),
        policy=LATER.evolve(id="fee", late_terms=fees),
        on=EXPIRES,
    ).lines[0]
    assert line.price == Money("100.00", "EUR")
    assert [charge.amount for charge in line.charges] == [Money("15.00", "EUR")]
    assert line.total == Money("315.00", "EUR")


@pytest.mark.parametrize(
    ("new", "route"),
    [
        ("14.99", IncreaseRoute.WITHOUT_CONSENT),
        ("15.00", IncreaseRoute.WITHOUT_CONSENT),
        ("15.01", IncreaseRoute.ASK_CONSENT),
    ],
)
def test_exactly_the_limit_is_within_it(new, route):
    """Reading 32: half as much again is allowed, a cent more is not."""
    rule = ConsentRule(limits=(IncreaseLimit(rate=Decimal("0.5")),))
    decision = price_increase(
        sold(),
        old=Money("10.00", "USD"),
        new=Money(new, "USD"),
        policy=PAGE.evolve(id="limits", consent=rule),
        on=EXPIRES,
    )
    assert decision.route is route


def test_amounts_in_other_currencies_say_nothing():
    """Readings 31 and 32: neither what a fee is nor what may be added, so consent is asked."""
    dollars = Money("5.00", "USD")
    price = ListPrice(
        product="CAD", term=Term.years(1), price=Money("100.00", "EUR"), from_on=date(2024, 1, 1)
    )
    policy = LATER.evolve(
        id="dollars",
        late_terms=LateTerms(fees=(LateFee(amount=dollars),)),
        consent=ConsentRule(limits=(IncreaseLimit(amount=dollars),)),
    )
    quote = renewal_quote(sold(), prices=PriceList(prices=(price,)), policy=policy, on=EXPIRES)
    assert (quote.lines[0].price, quote.total) == (price.price, None)
    decision = price_increase(
        sold(), old=price.price, new=Money("100.01", "EUR"), policy=policy, on=EXPIRES
    )
    assert decision.route is IncreaseRoute.ASK_CONSENT


def test_a_law_says_that_it_does_not_know_whether_it_applies():
    """Reading 33: without a country the law is neither in force nor out of it."""
    held = compliance(PAGE, france.L215_1, subscription=sold(), on=date(2025, 6, 1))
    assert held.applies is Applies.UNKNOWN
