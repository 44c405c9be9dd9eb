"""Readings about what happens, each at its boundary."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    Applies,
    AutoRenew,
    BackPay,
    Barred,
    CancelAt,
    Condition,
    ConsentRule,
    Edition,
    Editions,
    History,
    IncreaseLimit,
    IncreaseRoute,
    InvalidValue,
    LateFee,
    LateStart,
    LateTerms,
    ListPrice,
    Money,
    PaymentMethod,
    PriceList,
    Refusal,
    Route,
    Stage,
    StageLength,
    Subscription,
    Term,
    Transition,
    cancel,
    compliance,
    lapse,
    price_increase,
    raise_condition,
    renew,
    renew_automatically,
    renewability,
    renewal_quote,
    switch_auto_renew,
    withdraw_cancellation,
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
    """Reading 27: declared and raised it bars the renewal; raised alone it is an error."""
    line = sold(
        auto_renew=AutoRenew.ON, payment_method=CARD, conditions=frozenset({"open-invoice"})
    )
    declared = PAGE.evolve(id="own", conditions=(OPEN_INVOICE,))
    on = date(2025, 12, 1)
    assert renewability(line, policy=declared, on=on).route is Route.RESOLVE_CONDITION
    with pytest.raises(InvalidValue, match="'open-invoice': declare it"):
        renewability(line, policy=PAGE, on=on)
    refused = renew_automatically(line, policy=declared, on=EXPIRES)
    assert isinstance(refused, Refusal)


@pytest.mark.parametrize(("shift", "renews"), [(-1, False), (0, True), (1, True)])
def test_a_condition_that_is_raised_too_late_is_for_the_next_renewal(shift, renews):
    """Readings 27 and 29: on the renewal date it no longer holds this renewal back."""
    declared = PAGE.evolve(id="own", conditions=(OPEN_INVOICE,))
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    raised = raise_condition(
        line, code="open-invoice", policy=declared, on=EXPIRES + shift * ONE_DAY
    )
    assert isinstance(raised, Transition)
    done = renew_automatically(raised.subscription, policy=declared, on=EXPIRES + 2 * ONE_DAY)
    assert isinstance(done, Transition) is renews


@pytest.mark.parametrize("term", [Term.years(1), Term.months(1), Term.days(3)], ids=str)
@pytest.mark.parametrize("late_days", [-1, 0, 1, 14])
def test_a_renewal_leads_where_it_says(term, late_days):
    """Reading 28: to the next term before its window; a month is not open on that day either."""
    line = sold(term=term)
    on = line.expires_on + late_days * ONE_DAY
    decision = renewability(line, policy=LATER, on=on)
    (said,) = [action for action in decision.actions if action.code == "renew"]
    done = renew(line, policy=LATER, on=on)
    assert isinstance(done, Transition)
    assert said.leads_to is Route.WAIT_FOR_WINDOW
    assert renewability(done.subscription, policy=LATER, on=on).route is Route.WAIT_FOR_WINDOW


def test_what_depends_on_the_day_claims_nothing():
    """Reading 28: resolved before the window it leads to waiting, within it to renewing."""
    declared = PAGE.evolve(id="own", conditions=(OPEN_INVOICE,))
    line = sold(conditions=frozenset({"open-invoice"}))
    for on, leads_to in ((date(2025, 6, 1), None), (date(2025, 10, 3), Route.RENEW_NOW)):
        (action,) = renewability(line, policy=declared, on=on).actions
        assert action.leads_to is leads_to


@pytest.mark.parametrize("policy", [PAGE, LATER], ids=lambda each: each.id)
@pytest.mark.parametrize(("late_days", "renews"), [(-1, False), (0, True), (7, True), (8, False)])
def test_a_nightly_run_catches_up_for_a_week(policy, late_days, renews):
    """Reading 29: from the renewal date through the seventh day after it; it is pending then."""
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    on = EXPIRES + late_days * ONE_DAY
    done = renew_automatically(line, policy=policy, on=on)
    assert isinstance(done, Transition) is renews
    assert ("renewal-pending" in renewability(line, policy=policy, on=on).codes) is renews


@pytest.mark.parametrize("days", [0, 1, 7])
def test_the_catch_up_is_the_policys(days):
    """Reading 29: with 0 the renewal date alone."""
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    policy = PAGE.evolve(id="own", catch_up_days=days)
    accepted = [
        isinstance(
            renew_automatically(line, policy=policy, on=EXPIRES + late * ONE_DAY), Transition
        )
        for late in (days, days + 1)
    ]
    assert accepted == [True, False]


@pytest.mark.parametrize("shift", [-1, 0])
def test_a_switch_set_on_the_renewal_date_is_for_the_next_renewal(shift):
    """Reading 29: on too late it does not renew, off too late it still does."""
    for to in AutoRenew:
        line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
        if to is AutoRenew.ON:
            line = sold(payment_method=CARD)
        done = switch_auto_renew(line, to=to, policy=LATER, on=EXPIRES + shift * ONE_DAY)
        assert isinstance(done, Transition)
        run = renew_automatically(done.subscription, policy=LATER, on=EXPIRES + 2 * ONE_DAY)
        assert isinstance(run, Transition) is ((to is AutoRenew.ON) is (shift < 0))


def test_a_pending_renewal_is_left_alone():
    """Reading 29: neither renewed manually, nor bought again, nor cancelled at once, nor lapsed."""
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    asked = {"policy": PAGE, "on": EXPIRES}
    for done in (
        renew(line, **asked),
        lapse(line, **asked),
        cancel(line, at=CancelAt.AT_ONCE, **asked),
    ):
        assert isinstance(done, Refusal)
        assert done.decision.route is Route.RENEWS_ITSELF


@pytest.mark.parametrize(("last", "renews"), [(2, False), (3, True), (4, True)])
def test_a_card_that_has_lapsed_by_the_day_of_the_run_is_not_charged(last, renews):
    """Reading 29: good through the day of the run it is, and not on the day after its last."""
    card = PaymentMethod(kind="card", valid_through=EXPIRES + last * ONE_DAY)
    line = sold(auto_renew=AutoRenew.ON, payment_method=card)
    done = renew_automatically(line, policy=PAGE, on=EXPIRES + 3 * ONE_DAY)
    assert isinstance(done, Transition) is renews


def test_a_run_takes_the_edition_of_the_renewal_date():
    """Reading 17: also where the next edition has begun when it comes."""
    longer = PAGE.evolve(id="longer", renews_to=Term.years(3))
    editions = Editions(
        (
            Edition(from_on=date(2024, 1, 1), policy=PAGE),
            Edition(from_on=EXPIRES + ONE_DAY, policy=longer),
        )
    )
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    for late in (0, 1, 7):
        done = renew_automatically(line, policy=editions, on=EXPIRES + late * ONE_DAY)
        assert isinstance(done, Transition)
        assert done.subscription.term == Term.years(1)


@pytest.mark.parametrize("late_start", [None, *LateStart])
@pytest.mark.parametrize(("late_days", "behind"), [(30, False), (31, True)])
def test_a_late_renewal_does_not_buy_the_past_unsaid(late_start, late_days, behind):
    """Reading 16: of a month nothing is left after 31 days; unset, it then starts on the day."""
    stage = Stage(name="long", lengths=(StageLength(days=90),))
    policy = PAGE.evolve(id="own", stages=(stage,), late_start=late_start)
    line = sold(starts_on=date(2025, 12, 1), term=Term.months(1))
    on = EXPIRES + late_days * ONE_DAY
    decision, done = renewability(line, policy=policy, on=on), renew(line, policy=policy, on=on)
    assert isinstance(done, Transition)
    over = done.subscription.expires_on <= on
    assert ("term-already-over" in decision.codes) is over
    assert over is (late_start is LateStart.OLD_END and behind)
    assert ("late-start-unknown" in decision.codes) is (late_start is None)
    own_day = late_start is LateStart.RENEWAL_DAY or (late_start is None and behind)
    assert done.subscription.starts_on == (on if own_day else EXPIRES)


def test_renewing_by_hand_withdraws_a_cancellation():
    """Reading 30: what is renewed is not cancelled."""
    done = renew(sold(cancelled_on=EXPIRES), policy=PAGE, on=date(2025, 12, 1))
    assert isinstance(done, Transition)
    assert done.subscription.cancelled_on is None


@pytest.mark.parametrize("to", list(AutoRenew))
def test_switching_on_withdraws_a_cancellation_too(to):
    """Reading 30: switching off again leaves it, and withdrawing it alone leaves the switch off."""
    leaving = sold(cancelled_on=EXPIRES, payment_method=CARD)
    asked = {"policy": PAGE, "on": date(2025, 12, 1)}
    done = switch_auto_renew(leaving, to=to, **asked)
    assert isinstance(done, Transition)
    assert (done.subscription.cancelled_on is None) is (to is AutoRenew.ON)
    withdrawn = withdraw_cancellation(leaving, **asked)
    assert isinstance(withdrawn, Transition)
    kept = withdrawn.subscription
    assert (kept.cancelled_on, kept.auto_renew) == (None, AutoRenew.OFF)


@pytest.mark.parametrize(
    ("on", "missed"), [("2026-02-27", 0), ("2026-02-28", 1), ("2026-03-31", 2)]
)
def test_missed_terms_are_counted_on_the_anchor_day(on, missed):
    """Reading 31: a month from 31 January is missed on 28 February, the next one on 31 March."""
    policy = LATER.evolve(
        id="own",
        stages=(Stage(name="long", lengths=(StageLength(days=90),)),),
        late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS),
    )
    line = sold(starts_on=date(2025, 12, 31), term=Term.months(1))
    assert line.expires_on == date(2026, 1, 31)
    done = renew(line, policy=policy, on=date.fromisoformat(on))
    assert isinstance(done, Transition)
    starts = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
    assert done.subscription.starts_on == starts[missed]


def test_an_automatic_renewal_is_never_late():
    """Reading 31: made in the catch-up it costs what it cost on its date."""
    price = ListPrice(
        product="CAD", term=Term.years(1), price=Money("100.00", "EUR"), from_on=date(2024, 1, 1)
    )
    fees = LateTerms(fees=(LateFee(amount=Money("5.00", "EUR")),))
    policy = LATER.evolve(id="fee", late_terms=fees)
    line = sold(auto_renew=AutoRenew.ON, payment_method=CARD)
    for late_days, charges in ((-1, 0), (0, 0), (7, 0), (8, 1)):
        quote = renewal_quote(
            line,
            prices=PriceList(prices=(price,)),
            policy=policy,
            on=EXPIRES + late_days * ONE_DAY,
        )
        assert len(quote.lines[0].charges) == charges


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


@pytest.mark.parametrize(
    ("shift", "owes"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_an_invoice_overdue_before_the_renewal_date_stops_it(shift: int, owes: bool) -> None:
    """Reading 34: one that falls due on the renewal date or later counts for the next renewal."""
    held = sold(
        auto_renew=AutoRenew.ON,
        payment_method=CARD,
        history=History(unpaid_since=EXPIRES + shift * ONE_DAY),
    )
    done = renew_automatically(held, policy=PAGE, on=EXPIRES)
    assert isinstance(done, Refusal) is owes
