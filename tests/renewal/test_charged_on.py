"""Money is due on a day: quotes, orders, plans and carts price for the day of the charge."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    Access,
    Cart,
    CheckOut,
    Edition,
    Editions,
    History,
    InvalidValue,
    Kind,
    Money,
    Order,
    PaymentKind,
    PriceList,
    PriceSchedule,
    Reduction,
    RenewalPolicy,
    RenewalRate,
    Scope,
    Stage,
    StageLength,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    YearlyIncrease,
    change_term,
    check_out,
    order_quote,
    plan,
    renew_automatically,
    renewal_quote,
    switch_auto_renew,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.quotes import charged_on
from tests.makers import (
    ANNUAL,
    INVOICE,
    LONG_AGO,
    MONTHLY,
    OFF,
    ON,
    PAYPAL,
    WIRE,
    a_list,
    a_price,
    a_subscription,
)

POLICY = autodesk.EDITION_2024
TODAY, END = date(2025, 12, 1), date(2026, 1, 1)
ONE = timedelta(days=1)


def usd(amount: str) -> Money:
    """Return dollars."""
    return Money(amount, "USD")


def auto(**changes: Any) -> Subscription:
    """Renews itself on 2026-01-01."""
    return a_subscription(**{"auto_renew": ON, "payment_method": PAYPAL} | changes)


def by_hand(**changes: Any) -> Subscription:
    """Is renewed by hand; the window is open on 2025-12-01."""
    return a_subscription(**{"payment_method": PAYPAL} | changes)


def an_order(*lines: Subscription) -> Order:
    """An order of these lines."""
    return Order(number="PO-1", placed_on=date(2025, 1, 1), subscriptions=lines)


def coupon(rate: str, code: str = "TEN") -> tuple[Reduction, ...]:
    """One reduction by this rate."""
    return (Reduction(code=code, rate=Decimal(rate)),)


# What lies between today and the renewal date


def _rates(*rates: tuple[str, date]) -> PriceList:
    made = tuple(RenewalRate(rate=Decimal(rate), from_on=day) for rate, day in rates)
    return PriceList(prices=(a_price("100"),), rates=made)


PRICE_CHANGES = a_list(a_price("100"), a_price("200", from_on=date(2025, 12, 20)))
RATE_CHANGES = _rates(("0.10", LONG_AGO), ("0.20", date(2025, 12, 20)))
SCHEDULED = POLICY.evolve(
    price_schedules=(
        PriceSchedule(
            scope=Scope(cohorts=frozenset({"early"})),
            base_year=2024,
            increases=(
                YearlyIncrease(year=2025, rate=Decimal("0.10")),
                YearlyIncrease(year=2026, rate=Decimal("0.50")),
            ),
        ),
    ),
    saving_floor_rate=None,
)
EDITIONS = Editions(
    (
        Edition(from_on=date(2020, 1, 1), policy=POLICY.evolve(id="own/1")),
        Edition(
            from_on=date(2025, 12, 20),
            policy=POLICY.evolve(id="own/2", saving_floor_rate=Decimal("0.30")),
        ),
    )
)
CASES = [
    pytest.param(POLICY, PRICE_CHANGES, "95.00", "190.00", id="price"),
    pytest.param(POLICY, RATE_CHANGES, "90.00", "80.00", id="rate"),
    pytest.param(EDITIONS, a_list(a_price("100")), "95.00", "70.00", id="edition"),
    pytest.param(SCHEDULED, a_list(a_price("100")), "110.00", "165.00", id="schedule"),
]


@pytest.mark.parametrize(("policy", "prices", "today", "then"), CASES)
def test_each_is_priced_for_the_day_of_its_charge(
    policy: Any, prices: PriceList, today: str, then: str
) -> None:
    """By hand it costs what it costs today; by itself, what it costs on the renewal date."""
    early = History(price_cohort="early")
    hand, itself = by_hand(history=early), auto(id="S-2", history=early)
    asked: dict[str, Any] = {"policy": policy, "prices": prices, "on": TODAY}
    assert renewal_quote(hand, **asked).total == usd(today)
    assert renewal_quote(itself, **asked).total == usd(then)
    order = order_quote(an_order(hand, itself), **asked)
    assert [line.total for line in order.lines] == [usd(today), usd(then)]
    assert [line.charged_on for line in order.lines] == [TODAY, END]
    for items in ([hand, itself], [an_order(hand, itself)]):
        made = plan(items, **asked)
        assert {line.subscription.id: line.quoted.total for line in made.lines} == {
            "S-1": usd(today),
            "S-2": usd(then),
        }
        assert {line.subscription.id: line.charged_on for line in made.lines} == {
            "S-1": TODAY,
            "S-2": END,
        }
        (total,) = made.totals()
        assert total.total == usd(today) + usd(then)


@pytest.mark.parametrize(("policy", "prices", "today", "then"), CASES)
def test_asked_by_hand_it_is_todays_price(
    policy: Any, prices: PriceList, today: str, then: str
) -> None:
    """What would renew itself, renewed by hand all the same, is charged today (reading 15)."""
    held = auto(history=History(price_cohort="early"))
    asked: dict[str, Any] = {"policy": policy, "prices": prices, "on": TODAY}
    quote = renewal_quote(held, by_hand=True, **asked)
    assert (quote.total, quote.charged_on) == (usd(today), TODAY)
    assert usd(today) != usd(then)


def test_a_quote_of_several_days_has_no_one_day() -> None:
    """An order of which one line renews itself and another does not."""
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICE_CHANGES, "on": TODAY}
    assert order_quote(an_order(by_hand(), auto(id="S-2")), **asked).charged_on is None
    assert order_quote(an_order(auto(), auto(id="S-2")), **asked).charged_on == END
    assert order_quote(an_order(by_hand()), **asked).charged_on == TODAY


@pytest.mark.parametrize(
    "changes",
    [
        {"auto_renew": OFF},
        {"payment_method": None},
        {"payment_method": WIRE},
        {"cancelled_on": END},
    ],
    ids=str,
)
def test_what_will_not_renew_itself_is_priced_for_today(changes: dict[str, Any]) -> None:
    """The switch alone does not make it renew itself."""
    quote = renewal_quote(auto(**changes), policy=POLICY, prices=PRICE_CHANGES, on=TODAY)
    assert (quote.total, quote.charged_on) == (usd("95.00"), TODAY)


def test_an_invoice_is_charged_on_the_renewal_date() -> None:
    """It renews itself, whoever collects the money."""
    quote = renewal_quote(
        auto(payment_method=INVOICE), policy=POLICY, prices=PRICE_CHANGES, on=TODAY
    )
    assert (quote.total, quote.charged_on) == (usd("190.00"), END)


@pytest.mark.parametrize(("days", "charged_on"), [(-1, 0), (0, 0), (7, 0), (8, 8), (30, 30)])
def test_once_the_run_cannot_come_any_more_it_is_the_day_asked_about(
    days: int, charged_on: int
) -> None:
    """While it is pending the renewal date counts; after the catch-up something new is bought."""
    quote = renewal_quote(auto(), policy=POLICY, prices=PRICE_CHANGES, on=END + days * ONE)
    assert quote.charged_on == END + charged_on * ONE


def test_pending_it_is_priced_as_it_stood_the_day_before() -> None:
    """A change of term that was asked for on the renewal date is for the next renewal."""
    prices = a_list(a_price("100"), a_price("250", term=Term.years(3)))
    asked: dict[str, Any] = {"policy": POLICY, "on": END}
    changed = change_term(auto(), to=Term.years(3), region="US", **asked)
    assert isinstance(changed, Transition)
    held = changed.subscription
    assert held.next_term == Term.years(3)
    for on in (END, END + ONE):
        assert renewal_quote(held, prices=prices, policy=POLICY, on=on).list_total == usd("100")
    renewed = renew_automatically(held, **asked)
    assert isinstance(renewed, Transition)
    assert (renewed.subscription.term, renewed.subscription.next_term) == (ANNUAL, Term.years(3))
    after = renewal_quote(renewed.subscription, prices=prices, policy=POLICY, on=END + ONE)
    assert after.list_total == usd("250")


# Which term is priced


PRICED = a_list(a_price("10", term=MONTHLY), a_price("100"), a_price("250", term=Term.years(3)))


@pytest.mark.parametrize(
    ("changes", "trials", "on", "expected"),
    [
        ({"next_term": Term.years(3)}, TrialEnd.ENDS, TODAY, "250"),
        ({"kind": Kind.TRIAL, "next_term": Term.years(3)}, TrialEnd.ENDS, TODAY, "250"),
        ({"kind": Kind.TRIAL, "next_term": Term.years(3)}, TrialEnd.ENDS, END, "250"),
        ({"kind": Kind.TRIAL, "next_term": Term.years(3)}, TrialEnd.GOES_ON, TODAY, "250"),
        ({"kind": Kind.TRIAL}, TrialEnd.ENDS, TODAY, "100"),
        ({"next_term": Term.years(3)}, TrialEnd.ENDS, END, "100"),
        ({"next_term": MONTHLY, "cancelled_on": date(2025, 6, 1)}, TrialEnd.ENDS, TODAY, "100"),
        (
            {
                "kind": Kind.TRIAL,
                "next_term": MONTHLY,
                "history": History(converted_on=date(2025, 6, 1)),
            },
            TrialEnd.ENDS,
            TODAY,
            "100",
        ),
    ],
    ids=lambda each: str(each)[:60],
)
def test_the_term_that_is_bought_is_priced(
    changes: dict[str, Any], trials: TrialEnd, on: date, expected: str
) -> None:
    """A trial's next term is its first that is paid; what has ended is bought again as it was."""
    policy = POLICY.evolve(trials=trials)
    quote = renewal_quote(a_subscription(**changes), policy=policy, prices=PRICED, on=on)
    assert quote.list_total == usd(expected)


@pytest.mark.parametrize(
    ("changes", "on", "expected"),
    [
        ({}, TODAY, "10"),
        ({"next_term": Term.years(3)}, TODAY, "250"),
        ({"kind": Kind.TRIAL}, TODAY, "100"),
        ({}, END, "100"),
    ],
    ids=str,
)
def test_a_policys_own_term_is_for_renewals(
    changes: dict[str, Any], on: date, expected: str
) -> None:
    """Neither for a trial that is converted nor for what has ended."""
    policy = POLICY.evolve(renews_to=MONTHLY)
    quote = renewal_quote(a_subscription(**changes), policy=policy, prices=PRICED, on=on)
    assert quote.list_total == usd(expected)


# Free lines


def test_a_free_line_is_in_every_total() -> None:
    """Zero is a price: of quotes, orders, plans and purchases."""
    prices = a_list(a_price("0"), a_price("100", product="Maya"))
    free, paid = by_hand(), by_hand(id="S-2", product="Maya")
    asked: dict[str, Any] = {"policy": POLICY, "prices": prices, "on": TODAY}
    quote = renewal_quote(free, **asked)
    assert (quote.total, quote.saving, quote.is_complete) == (usd("0"), usd("0"), True)
    assert quote.saving_rate is None
    order = order_quote(an_order(free, paid), **asked)
    assert (order.list_total, order.total) == (usd("100"), usd("95.00"))
    made = plan([free, paid], **asked)
    assert made.unpriced() == ()
    (total,) = made.totals()
    assert (total.total, total.count) == (usd("95.00"), 2)
    assert len(made.by_currency()["USD"]) == 2


def test_a_plan_of_free_lines_has_a_total_of_zero() -> None:
    """Nothing to pay is not nothing known."""
    made = plan([by_hand()], policy=POLICY, prices=a_list(a_price("0")), on=TODAY)
    (total,) = made.totals()
    assert (total.total, total.list_total, total.count) == (usd("0"), usd("0"), 1)
    assert total.saving_rate is None


def test_a_free_purchase_is_bought() -> None:
    """A cart of free lines is checked out like any other."""
    prices = a_list(a_price("0"))
    asked: dict[str, Any] = {"policy": POLICY, "prices": prices, "on": TODAY}
    cart = Cart().add(by_hand(), **asked)
    assert isinstance(cart, Cart)
    (purchase,) = cart.purchases(POLICY)
    bought = check_out(purchase, number="N1", **asked)
    assert isinstance(bought, CheckOut)
    assert bought.quote.total == usd("0")


# Reductions


def test_an_orders_lines_carry_their_reductions() -> None:
    """Each its own, by the subscription's identifier; the others get the renewal price."""
    order = an_order(by_hand(), auto(id="S-2"), by_hand(id="S-3"))
    given = {"S-1": coupon("0.10"), "S-2": coupon("0.50")}
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICE_CHANGES, "on": TODAY}
    quote = order_quote(order, reductions=given, **asked)
    assert [line.total for line in quote.lines] == [usd("90.00"), usd("100.00"), usd("95.00")]
    assert [line.reductions for line in quote.lines] == [given["S-1"], given["S-2"], ()]


def test_a_plans_lines_carry_their_reductions() -> None:
    """Alone or in an order, as the same line gets by itself."""
    alone, lines = by_hand(id="S-9"), (by_hand(), auto(id="S-2"))
    given = {"S-1": coupon("0.10"), "S-2": coupon("0.50"), "S-9": coupon("0.20")}
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICE_CHANGES, "on": TODAY}
    made = plan([alone, an_order(*lines)], reductions=given, **asked)
    assert len(made.lines) == 3
    for line in made.lines:
        held = line.subscription
        quote = renewal_quote(held, reductions=given[held.id], **asked)
        assert line.quoted == quote.lines[0]
        assert line.quoted.reductions == given[held.id]
    (total,) = made.totals()
    assert total.total == usd("270.00")


def test_a_plan_may_be_given_more_reductions_than_it_has_lines() -> None:
    """A shop gives all that it knows; what is of no line changes nothing."""
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICE_CHANGES, "on": TODAY}
    assert plan([by_hand()], reductions={"S-7": coupon("0.10")}, **asked) == plan(
        [by_hand()], **asked
    )


def test_a_reduction_of_no_line_of_an_order_is_a_mistake() -> None:
    """An order knows its lines: another name is a misspelling."""
    with pytest.raises(InvalidValue, match="S-7"):
        order_quote(
            an_order(by_hand()),
            policy=POLICY,
            prices=PRICE_CHANGES,
            on=TODAY,
            reductions={"S-7": coupon("0.10")},
        )


# Late


def test_what_renews_itself_is_never_charged_for_being_late() -> None:
    """Also where the run comes late: it is priced as on the renewal date."""
    stage = Stage(
        name="grace",
        access=Access.FULL,
        lengths=(StageLength(days=30),),
        surcharge_rate=Decimal("0.10"),
    )
    policy = RenewalPolicy(id="own", catch_up_days=7, stages=(stage,))
    for days in range(8):
        quote = renewal_quote(
            auto(), policy=policy, prices=a_list(a_price("100")), on=END + days * ONE
        )
        assert (quote.total, quote.lines[0].charges) == (usd("100"), ())
    late = renewal_quote(auto(), policy=policy, prices=a_list(a_price("100")), on=END + 8 * ONE)
    assert late.total == usd("110")


def test_what_the_edition_to_come_does_not_renew_is_priced_for_today() -> None:
    """On its renewal date PayPal will not be charged automatically any more."""
    editions = Editions(
        (
            Edition(from_on=date(2020, 1, 1), policy=POLICY.evolve(id="own/1")),
            Edition(
                from_on=date(2025, 12, 20),
                policy=POLICY.evolve(id="own/2", manual_payment_kinds=frozenset({PAYPAL.kind})),
            ),
        )
    )
    quote = renewal_quote(auto(), policy=editions, prices=PRICE_CHANGES, on=TODAY)
    assert (quote.total, quote.charged_on) == (usd("95.00"), TODAY)


def test_switched_off_while_it_is_pending_it_is_still_what_is_charged() -> None:
    """The renewal is made all the same, at the price of its date."""
    done = switch_auto_renew(auto(), to=OFF, policy=POLICY, on=END)
    assert isinstance(done, Transition)
    quote = renewal_quote(done.subscription, policy=POLICY, prices=PRICE_CHANGES, on=END + 2 * ONE)
    assert (quote.total, quote.charged_on) == (usd("190.00"), END)


def test_what_renews_itself_only_under_a_later_edition_is_charged_on_the_day_asked_about() -> None:
    """Both have to say so: today it is renewed manually, whatever the renewal date will bring."""
    today = autodesk.EDITION_2024.evolve(
        id="own/1", manual_payment_kinds=frozenset({PaymentKind.PAYPAL})
    )
    later = autodesk.EDITION_2024.evolve(id="own/2")
    editions = Editions(
        (
            Edition(from_on=date(2020, 1, 1), policy=today),
            Edition(from_on=date(2025, 12, 15), policy=later),
        )
    )
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    days = [date(2025, 12, 14), date(2025, 12, 15)]
    found = [charged_on(held, editions, day) for day in days]
    assert found == [days[0], date(2026, 1, 1)]
