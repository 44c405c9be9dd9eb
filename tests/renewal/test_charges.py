"""What lateness costs: surcharges, back-pay and fees, one below, at and above each boundary."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    EVERYBODY,
    Access,
    BackPay,
    History,
    LadderStart,
    LateFee,
    LateTerms,
    Money,
    PriceSchedule,
    Quote,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
    Subscription,
    Term,
    renewal_quote,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.charges import late_charges, missed_terms
from tests.makers import ANNUAL, MONTHLY, a_list, a_price, a_subscription

ONE_DAY = timedelta(days=1)
END = date(2026, 1, 1)
OLD = autodesk.EDITION_2024


def _usd(amount: str) -> Money:
    return Money(amount, "USD")


def _stage(name: str, days: int, surcharge: str | None = None, **changes: Any) -> Stage:
    fields: dict[str, Any] = {"access": Access.FULL, "price": StagePrice.RENEWAL}
    return Stage(
        name=name,
        lengths=(StageLength(days=days),),
        surcharge_rate=None if surcharge is None else Decimal(surcharge),
        **fields | changes,
    )


def _policy(*stages: Stage, **changes: Any) -> Any:
    late = {
        key: changes.pop(key) for key in ("back_pay", "capped_at_new", "fees") if key in changes
    }
    return OLD.evolve(
        id="late",
        stages=stages or (_stage("late", 3650),),
        late_terms=LateTerms(**late),
        **changes,
    )


def _charges(
    policy: Any,
    days: int,
    *,
    price: str = "100.00",
    new: str = "1000.00",
    subscription: Subscription | None = None,
) -> list[tuple[str, str]]:
    subscription = subscription or a_subscription()
    on = subscription.expires_on + days * ONE_DAY
    found = late_charges(subscription, policy, on, price=_usd(price), new=_usd(new))
    return [(each.code, str(each.amount.amount)) for each in found]


def _quote(subscription: Subscription, policy: Any, on: date) -> Quote:
    prices = a_list(a_price("100.00"), a_price("10.00", term=MONTHLY))
    return renewal_quote(subscription, prices=prices, policy=policy, on=on)


# Surcharges


@pytest.mark.parametrize(
    ("days", "charges"),
    [
        (-1, []),
        (0, []),
        (9, []),
        (10, [("surcharge", "10.00")]),
        (19, [("surcharge", "10.00")]),
        (20, [("surcharge", "25.00")]),
        (29, [("surcharge", "25.00")]),
        (30, []),
    ],
)
def test_a_surcharge_is_its_stages(days: int, charges: list[Any]) -> None:
    """Each stage has its own, from its first day to its last; after the last there is none."""
    stages = (_stage("a", 10), _stage("b", 10, "0.1"), _stage("c", 10, "0.25"))
    assert _charges(_policy(*stages), days) == charges


def test_a_surcharge_is_rounded_down_per_seat() -> None:
    """A third of 10.01 is 3.33, and three seats of it 9.99 - not 10.00."""
    policy = _policy(_stage("late", 10, "0.333333"))
    three = a_subscription(seats=3)
    assert _charges(policy, 0, price="10.01", subscription=three) == [("surcharge", "9.99")]


def test_a_surcharge_of_zero_is_said() -> None:
    """It is a charge of nothing, and not a missing one."""
    assert _charges(_policy(_stage("late", 10, "0")), 0) == [("surcharge", "0.00")]


@pytest.mark.parametrize(
    ("days", "charges"), [(-21, []), (-20, ["10.00"]), (-11, ["10.00"]), (-10, [])]
)
def test_a_stage_before_the_end_has_its_surcharge_too(days: int, charges: list[str]) -> None:
    """A ladder that an unpaid invoice begins is on its way before the term ends."""
    policy = _policy(_stage("late", 10, "0.1"), ladder_start=LadderStart.UNPAID_INVOICE)
    unpaid = a_subscription(history=History(unpaid_since=END - 20 * ONE_DAY))
    line = _quote(unpaid, policy, END + days * ONE_DAY).lines[0]
    assert [str(each.amount.amount) for each in line.charges] == [
        str((Decimal(each) * Decimal("0.95")).quantize(Decimal("0.01"))) for each in charges
    ]


@pytest.mark.parametrize(
    ("days", "charges"), [(-21, []), (-20, [10, 5]), (-11, [10, 5]), (-10, [])]
)
def test_who_cancelled_and_comes_back_pays_the_stage_and_the_fee(
    days: int, charges: list[int]
) -> None:
    """Within the cancellation's ladder, before the term would have ended: no day is owed."""
    policy = OLD.evolve(
        id="own",
        saving_floor_rate=None,
        cancelled_stages=(_stage("redemption", 10, "0.1"),),
        late_terms=LateTerms(back_pay=BackPay.UNPAID_DAYS, fees=(LateFee(amount=_usd("5.00")),)),
    )
    cancelled = a_subscription(cancelled_on=END - 20 * ONE_DAY)
    line = _quote(cancelled, policy, END + days * ONE_DAY).lines[0]
    assert [each.amount for each in line.charges] == [_usd(f"{each}.00") for each in charges]


# Back-pay


@pytest.mark.parametrize(
    ("days", "amount"),
    [(0, None), (1, "0.27"), (73, "20.00"), (364, "99.72"), (365, "100.00"), (730, "200.00")],
)
def test_unpaid_days_at_the_price_of_a_day(days: int, amount: str | None) -> None:
    """A 365th of the price for every day after the end; the day of the end itself costs none."""
    policy = _policy(back_pay=BackPay.UNPAID_DAYS)
    assert _charges(policy, days) == ([("back-pay", amount)] if amount else [])


def test_a_day_of_a_leap_year_costs_less() -> None:
    """The price of a day is that of the days that the term really had."""
    leap = a_subscription(starts_on=date(2024, 1, 1))
    policy = _policy(back_pay=BackPay.UNPAID_DAYS)
    assert _charges(policy, 183, subscription=leap) == [("back-pay", "50.00")]


@pytest.mark.parametrize(
    ("term", "starts_on", "on", "count"),
    [
        (ANNUAL, date(2025, 1, 1), date(2025, 12, 31), 0),
        (ANNUAL, date(2025, 1, 1), date(2026, 1, 1), 0),
        (ANNUAL, date(2025, 1, 1), date(2026, 12, 31), 0),
        (ANNUAL, date(2025, 1, 1), date(2027, 1, 1), 1),
        (ANNUAL, date(2025, 1, 1), date(2027, 1, 2), 1),
        (ANNUAL, date(2025, 1, 1), date(2027, 12, 31), 1),
        (ANNUAL, date(2025, 1, 1), date(2028, 1, 1), 2),
        # The 31st comes back after February: four weeks, then five.
        (MONTHLY, date(2024, 12, 31), date(2025, 2, 27), 0),
        (MONTHLY, date(2024, 12, 31), date(2025, 2, 28), 1),
        (MONTHLY, date(2024, 12, 31), date(2025, 3, 30), 1),
        (MONTHLY, date(2024, 12, 31), date(2025, 3, 31), 2),
        (Term.days(30), date(2025, 1, 1), date(2025, 3, 1), 0),
        (Term.days(30), date(2025, 1, 1), date(2025, 3, 2), 1),
    ],
)
def test_missed_terms_are_whole_ones(term: Term, starts_on: date, on: date, count: int) -> None:
    """The one that still runs is what is renewed; each end is counted from the anchor."""
    subscription = a_subscription(term=term, starts_on=starts_on)
    assert missed_terms(subscription, on) == count
    policy = _policy(back_pay=BackPay.MISSED_TERMS)
    found = late_charges(subscription, policy, on, price=_usd("7.00"), new=_usd("9.00"))
    assert [each.amount for each in found] == ([_usd("7.00") * count] if count else [])


@given(
    term=st.builds(Term.days, st.integers(1, 400)) | st.builds(Term.weeks, st.integers(1, 60)),
    starts_on=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    late=st.integers(-3, 3000),
)
def test_missed_days_are_divided_as_they_are_counted(
    term: Term, starts_on: date, late: int
) -> None:
    """For terms of days and weeks the quotient is what one gets term by term."""
    subscription = a_subscription(term=term, starts_on=starts_on)
    on = subscription.expires_on + late * ONE_DAY
    counted, end = 0, subscription.expires_on
    while (end := term.end(end)) <= on:
        counted += 1
    assert missed_terms(subscription, on) == counted


def test_a_daily_term_may_have_been_missed_for_very_long() -> None:
    """Nothing is counted one by one, so even the last day there is can be asked about."""
    subscription = a_subscription(term=Term.days(1), starts_on=date(1900, 1, 1))
    assert missed_terms(subscription, date(9000, 12, 31)) == 2_593_585


@pytest.mark.parametrize("back_pay", [BackPay.UNPAID_DAYS, BackPay.MISSED_TERMS])
@pytest.mark.parametrize(
    ("new", "amount"), [("199.99", "199.99"), ("200.00", "200.00"), ("200.01", "200.00")]
)
def test_back_pay_costs_no_more_than_a_new_one(back_pay: BackPay, new: str, amount: str) -> None:
    """Two years at 100: one cent below, at and above what a new one costs; per seat."""
    policy = _policy(back_pay=back_pay, capped_at_new=True)
    assert _charges(policy, 730, new=new) == [("back-pay", amount)]
    uncapped = _policy(back_pay=back_pay)
    assert _charges(uncapped, 730, new=new) == [("back-pay", "200.00")]
    three = a_subscription(seats=3)
    expected = str(Decimal(amount) * 3)
    assert _charges(policy, 730, new=new, subscription=three) == [("back-pay", expected)]


def test_the_cap_is_payable() -> None:
    """A list price finer than the smallest unit caps at the unit below."""
    policy = _policy(back_pay=BackPay.UNPAID_DAYS, capped_at_new=True)
    assert _charges(policy, 730, new="150.009") == [("back-pay", "150.00")]


def test_the_cap_is_back_pays_alone() -> None:
    """Surcharge and fee are beside it."""
    policy = _policy(
        _stage("late", 3650, "0.5"),
        back_pay=BackPay.UNPAID_DAYS,
        capped_at_new=True,
        fees=(LateFee(amount=_usd("40.00")),),
    )
    assert _charges(policy, 730, new="50.00") == [
        ("surcharge", "50.00"),
        ("back-pay", "50.00"),
        ("late-fee", "40.00"),
    ]


# Fees


@pytest.mark.parametrize(
    ("days", "amount"),
    [
        (-1, None),
        (0, None),
        (4, None),
        (5, "1.00"),
        (6, "1.00"),
        (29, "1.00"),
        (30, "20.00"),
        (31, "20.00"),
        (3649, "20.00"),
    ],
)
def test_fees_by_lateness(days: int, amount: str | None) -> None:
    """The last one whose day has come is asked for, and not those before it."""
    fees = (
        LateFee(amount=_usd("1.00"), from_days=5),
        LateFee(rate=Decimal("0.2"), from_days=30),
    )
    assert _charges(_policy(fees=fees), days) == ([("late-fee", amount)] if amount else [])


@pytest.mark.parametrize(
    ("price", "fee"),
    [("99.99", "10.00"), ("100.00", "10.00"), ("100.09", "10.00"), ("100.10", "10.01")],
)
def test_the_larger_of_amount_and_rate(price: str, fee: str) -> None:
    """Ten dollars or ten per cent: the fraction counts from the first cent above."""
    fees = (LateFee(amount=_usd("10.00"), rate=Decimal("0.1")),)
    assert _charges(_policy(fees=fees), 0, price=price) == [("late-fee", fee)]


def test_fees_are_per_seat_and_rounded_down() -> None:
    """Three seats pay three fees; a fraction of a cent is dropped for each."""
    three = a_subscription(seats=3)
    for fee, amount in (
        (LateFee(amount=_usd("10.00")), "30.00"),
        (LateFee(amount=_usd("0.019")), "0.03"),
        (LateFee(rate=Decimal("0.333333")), "99.99"),
    ):
        assert _charges(_policy(fees=(fee,)), 0, subscription=three) == [("late-fee", amount)]


def _euro_fee(amount: str, **more: Any) -> LateFee:
    return LateFee(amount=Money(amount, "EUR"), **more)


def _fee(fees: tuple[LateFee, ...], days: int, currency: str) -> Money | None:
    """The late fee on a price of 100 in that currency."""
    price = Money("100.00", currency)
    on = END + days * ONE_DAY
    (charge,) = late_charges(a_subscription(), _policy(fees=fees), on, price=price, new=price)
    assert charge.code == "late-fee"
    return charge.amount


@pytest.mark.parametrize(
    ("currency", "amount"), [("USD", "7.00"), ("EUR", "6.00"), ("JPY", "10"), ("GBP", "10.00")]
)
def test_the_fee_in_the_currency_of_the_price_comes_first(currency: str, amount: str) -> None:
    """In whichever order; other currencies have the one that is only a rate."""
    fees = (LateFee(amount=_usd("7.00")), LateFee(rate=Decimal("0.1")), _euro_fee("6.00"))
    for each in (fees, fees[::-1]):
        assert _fee(each, 0, currency) == Money(amount, currency)


@pytest.mark.parametrize("rate", [None, Decimal("0.1")])
def test_a_fee_in_other_currencies_only_is_unknown(rate: Decimal | None) -> None:
    """Which is the larger one of two currencies nobody knows, so a rate beside it does not help."""
    fees = (LateFee(amount=_usd("7.00"), rate=rate), _euro_fee("6.00"))
    assert _fee(fees, 0, "GBP") is None


@pytest.mark.parametrize(
    ("days", "dollars", "euros"),
    [(0, "1.00", "2.00"), (9, "1.00", "2.00"), (10, None, "4.00"), (11, None, "4.00")],
)
def test_only_the_last_day_that_has_come_counts(days: int, dollars: str | None, euros: str) -> None:
    """What was asked for before it is not asked for in the currencies that it leaves out."""
    fees = (
        LateFee(amount=_usd("1.00")),
        _euro_fee("2.00"),
        _euro_fee("4.00", from_days=10),
    )
    assert _fee(fees, days, "EUR") == Money(euros, "EUR")
    assert _fee(fees, days, "USD") == (None if dollars is None else _usd(dollars))


def test_a_fee_of_nothing_is_said() -> None:
    """Zero is an amount, and not an unknown one."""
    assert _fee((LateFee(amount=_usd("0")),), 0, "USD") == _usd("0")


def test_a_cap_in_another_currency_is_unknown() -> None:
    """A price that was locked in dollars, and a list that is in euros today."""
    policy = _policy(back_pay=BackPay.UNPAID_DAYS, capped_at_new=True)
    new, on = Money("150.00", "EUR"), END + 730 * ONE_DAY
    (charge,) = late_charges(a_subscription(), policy, on, price=_usd("100.00"), new=new)
    assert (charge.code, charge.amount) == ("back-pay", None)
    # On the day of the end nothing is owed yet, so nothing is unknown.
    assert late_charges(a_subscription(), policy, END, price=_usd("100.00"), new=new) == ()


def test_back_pay_of_nothing_is_no_charge() -> None:
    """Neither for a free renewal nor where a new one is free."""
    policy = _policy(back_pay=BackPay.UNPAID_DAYS, capped_at_new=True)
    assert _charges(policy, 730, price="0") == []
    assert _charges(policy, 730, new="0.009") == []


# In a quote


def test_a_quote_adds_what_lateness_costs() -> None:
    """Price of all seats, and every charge; the saving may fall below zero."""
    policy = _policy(_stage("late", 3650, "0.1"), fees=(LateFee(amount=_usd("7.00")),))
    subscription = a_subscription(seats=2)
    in_time = _quote(subscription, policy, END - ONE_DAY)
    assert (in_time.total, in_time.lines[0].charges) == (_usd("190.00"), ())
    late = _quote(subscription, policy, END)
    assert [(each.code, each.amount) for each in late.lines[0].charges] == [
        ("surcharge", _usd("19.00")),
        ("late-fee", _usd("14.00")),
    ]
    assert (late.list_total, late.total, late.saving) == (
        _usd("200.00"),
        _usd("223.00"),
        _usd("-23.00"),
    )


def test_what_is_over_is_bought_anew_without_charges() -> None:
    """Past every stage that renews there is nothing late to be paid for."""
    stages = (_stage("late", 10, "0.1"), _stage("gone", 5, "0.1", renewal=StageRenewal.OVER))
    policy = _policy(*stages, back_pay=BackPay.UNPAID_DAYS)
    assert len(_quote(a_subscription(), policy, END + 9 * ONE_DAY).lines[0].charges) == 2
    for days in (10, 15):
        quote = _quote(a_subscription(), policy, END + days * ONE_DAY)
        assert (quote.total, quote.lines[0].charges) == (_usd("100.00"), ())


UNKNOWN = "amount-unknown-in-currency"


class _Moved:
    """A book that was in dollars until 2025 and is in pounds since."""

    def list_price(self, subscription: Subscription, *, on: date) -> Money:
        return Money("100.00", "USD" if on.year < 2025 else "GBP")

    def renewal_rate(self, subscription: Subscription, *, on: date) -> None:
        return None


def _euro_quote(policy: Any, *prices: Any, **changes: Any) -> Quote:
    subscription = a_subscription(seats=2, currency="EUR", **changes)
    prices = prices or (a_price("100.00", "EUR"),)
    return renewal_quote(subscription, prices=a_list(*prices), policy=policy, on=END)


def test_a_charge_that_is_not_known_leaves_no_total() -> None:
    """Prices stay known, and what depends on the charge is not; the finding says which it is."""
    policy = _policy(_stage("late", 3650, "0.1"), fees=(LateFee(amount=_usd("7.00")),))
    quote = _euro_quote(policy)
    (line,) = quote.lines
    assert (line.price, line.list_total) == (Money("95.00", "EUR"), Money("200.00", "EUR"))
    assert (line.total, line.saving, line.saving_rate) == (None, None, None)
    assert (quote.total, quote.saving, quote.saving_rate) == (None, None, None)
    assert not quote.is_complete
    assert quote.list_total == line.list_total
    assert [(each.code, each.amount) for each in line.charges] == [
        ("surcharge", Money("19.00", "EUR")),
        ("late-fee", None),
    ]
    finding = quote.findings[-1]
    assert (finding.code, finding.clause) == (
        "amount-unknown-in-currency",
        line.charges[-1].clause,
    )
    assert finding.values == (("charge", "late-fee"), ("currency", "EUR"))


def test_every_charge_that_is_not_known_is_told() -> None:
    """Two of them are two findings, though of one code; known ones are none."""
    locked = PriceSchedule(scope=EVERYBODY, base_year=2024, increases=())
    policy = _policy(
        back_pay=BackPay.UNPAID_DAYS,
        capped_at_new=True,
        fees=(_euro_fee("6.00"),),
        price_schedules=(locked,),
    )
    quote = renewal_quote(a_subscription(), prices=_Moved(), policy=policy, on=END + ONE_DAY)
    told = [each.value("charge") for each in quote.findings if each.code == UNKNOWN]
    assert told == ["back-pay", "late-fee"]
    assert quote.total is None


def test_in_a_currency_that_the_policy_has_nothing_is_unknown() -> None:
    """Fees by currency: the total is there, and no finding is."""
    policy = _policy(fees=(LateFee(amount=_usd("7.00")), _euro_fee("6.00")))
    quote = _euro_quote(policy)
    assert quote.total == Money("202.00", "EUR")
    assert UNKNOWN not in [each.code for each in quote.findings]


def test_sums_of_several_lines_leave_an_unknown_total_out() -> None:
    """The quote has no total; the list prices are known, and so is their sum."""
    policy = _policy(fees=(LateFee(amount=_usd("7.00")),))
    unknown, known = _euro_quote(policy), _euro_quote(policy, starts_on=date(2025, 6, 1))
    quote = Quote((*unknown.lines, *known.lines))
    assert (quote.total, quote.saving, quote.saving_rate) == (None, None, None)
    assert quote.list_total == Money("400.00", "EUR")
    assert not quote.is_complete
    assert Quote(known.lines * 2).total == Money("380.00", "EUR")
