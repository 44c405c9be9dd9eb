"""A portfolio on a day: every line is what the same subscription gets by itself."""

from __future__ import annotations

import gc
import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Actor,
    Attention,
    AutoRenew,
    BackPay,
    Channel,
    CurrencyTotal,
    InvalidType,
    Kind,
    LateFee,
    LateTerms,
    Money,
    NotInForce,
    Order,
    PaymentMethod,
    Quote,
    RenewalPlan,
    RenewalRate,
    Role,
    Route,
    Subscription,
    Term,
    Window,
    order_quote,
    plan,
    renewability,
    renewal_quote,
)
from subrenew.policy.vendors import autodesk
from subrenew.words.display import plan_csv, plan_html, plan_table
from tests.makers import (
    INVOICE,
    LONG_AGO,
    MONTHLY,
    ON,
    PAYPAL,
    WIRE,
    a_list,
    a_price,
    a_subscription,
)

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ON_DAY = date(2025, 12, 1)
PRICES = a_list(
    a_price("10.01"),
    a_price("10.00", "EUR"),
    a_price("7.00", product="Arnold"),
    a_price("1001", "JPY"),
)
PRODUCTS = ("CAD", "Arnold", "Maya")


def _plan(*items: Any, **changes: Any) -> RenewalPlan:
    return plan(items, **{"policy": OLD, "prices": PRICES, "on": ON_DAY, **changes})


def _usd(amount: str) -> Money:
    return Money(amount, "USD")


def _order(number: str, *lines: Subscription) -> Order:
    return Order(number=number, placed_on=date(2025, 1, 1), subscriptions=lines)


TRIAL = a_subscription(id="trial", kind=Kind.TRIAL)
TRIED = a_subscription(id="tried", kind=Kind.TRIAL, starts_on=date(2024, 1, 1))
OVER = a_subscription(id="over", starts_on=date(2024, 1, 1))
PARTNER = a_subscription(id="partner", channel=Channel.PARTNER, currency="USD")
ITSELF = a_subscription(id="itself", auto_renew=ON, payment_method=PAYPAL, currency="USD")
REPAIR = a_subscription(id="repair", auto_renew=ON, currency="EUR", starts_on=date(2024, 12, 15))
OPEN = a_subscription(id="open", currency="USD", seats=2)
WAIT = a_subscription(id="wait", currency="USD", starts_on=date(2025, 6, 1))
EVERY = (TRIAL, TRIED, OVER, PARTNER, ITSELF, REPAIR, OPEN, WAIT)


@given(
    fields=st.lists(
        st.fixed_dictionaries(
            {
                "product": st.sampled_from(PRODUCTS),
                "kind": st.sampled_from(Kind),
                "auto_renew": st.sampled_from(AutoRenew),
                "payment_method": st.sampled_from(
                    (None, PAYPAL, WIRE, INVOICE, PaymentMethod.card(expires="2025-12"))
                ),
                "channel": st.sampled_from(Channel),
                "term": st.sampled_from((MONTHLY, Term.years(1), Term.days(7))),
                "starts_on": st.dates(date(2024, 1, 1), date(2027, 1, 1)),
                "currency": st.sampled_from((None, "USD", "EUR", "JPY", "KWD")),
                "seats": st.integers(1, 1_000_000),
            }
        ),
        max_size=8,
    ),
    on=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    roles=st.none() | st.frozensets(st.sampled_from(Role)),
)
def test_a_line_is_the_same_decision_alone(
    fields: list[dict[str, Any]], on: date, roles: frozenset[Role] | None
) -> None:
    """Rule 1: a plan decides nothing, and nothing in a portfolio stops it."""
    actor = None if roles is None else Actor(id="P-1", roles=roles)
    items = [a_subscription(id=f"S-{index}", **each) for index, each in enumerate(fields)]
    asked: dict[str, Any] = {"policy": autodesk.EDITIONS, "on": on}
    made = plan(iter(items), prices=PRICES, actor=actor, **asked)
    assert [line.subscription for line in made.lines] == items
    for line in made.lines:
        alone = renewability(line.subscription, actor=actor, **asked)
        quote = renewal_quote(line.subscription, prices=PRICES, **asked)
        assert line.decision == alone
        assert line.quoted == quote.lines[0]
        assert line.next_action == alone.actions[0]
        assert line.next_on >= on
    assert {entry.id for entry in made.attention()} == {each.id for each in items}
    assert sum(each.count for each in made.totals()) + len(made.unpriced()) == len(items)
    for grouped in (made.by_route(), made.by_month()):
        assert sum(len(lines) for lines in grouped.values()) == len(items)
    for each in made.totals():
        lines = made.by_currency()[each.total.currency]
        assert each.total.units == sum(line.quoted.total.units for line in lines)
        assert each.saving == each.list_total - each.total
        assert each.count == len(lines)


def test_the_routes_are_grouped_in_their_order() -> None:
    """Every way forward that occurs, in the order of `Route`; the others are left out."""
    groups = _plan(*reversed(EVERY)).by_route()
    needs_more = {Route.ASK_THE_MANAGER, Route.RESOLVE_CONDITION, Route.UNKNOWN}
    assert list(groups) == [route for route in Route if route not in needs_more]
    assert [line.subscription.id for line in groups[Route.CONVERT_TRIAL]] == ["tried", "trial"]
    assert _plan().by_route() == {}


def test_the_months_are_those_of_the_ends() -> None:
    """By the first day of the month in which a line ends, ascending."""
    cancelled = a_subscription(id="cancelled", cancelled_on=date(2025, 12, 31))
    groups = _plan(OPEN, cancelled, REPAIR, WAIT).by_month()
    assert {month: [line.subscription.id for line in lines] for month, lines in groups.items()} == {
        date(2025, 12, 1): ["cancelled", "repair"],
        date(2026, 1, 1): ["open"],
        date(2026, 6, 1): ["wait"],
    }
    assert list(groups) == sorted(groups)


def test_the_totals_are_per_currency() -> None:
    """Sums never mix currencies, and leave out the lines without a price."""
    made = _plan(OPEN, ITSELF, REPAIR, a_subscription(id="maya", product="Maya"))
    assert made.totals() == (
        CurrencyTotal(Money("10.00", "EUR"), Money("9.50", "EUR"), 1),
        CurrencyTotal(_usd("30.03"), _usd("28.50"), 2),
    )
    euros, dollars = made.totals()
    assert dollars.saving == _usd("1.53")
    assert dollars.saving_rate == Decimal("0.050949")
    assert euros.saving_rate == Decimal("0.05")
    assert list(made.by_currency()) == ["EUR", "USD"]
    assert [line.subscription.id for line in made.unpriced()] == ["maya"]


def test_nothing_to_plan() -> None:
    """An empty portfolio has an empty plan."""
    made = _plan()
    assert (made.lines, made.totals(), made.attention(), made.unpriced()) == ((), (), (), ())
    assert (made.by_month(), made.by_currency(), made.on) == ({}, {}, ON_DAY)


def test_a_plan_does_not_stop_at_a_missing_price() -> None:
    """Rule 3: without any price every line is decided, and says what is missing."""
    made = _plan(*EVERY, _order("PO-1", OPEN, WAIT), prices=a_list())
    assert len(made.unpriced()) == len(made.lines) == len(EVERY) + 2
    assert made.totals() == ()
    codes = {line.quoted.findings[-1].code for line in made.lines}
    assert codes == {"price-missing"}


def test_what_needs_a_person_comes_first() -> None:
    """Now, by the first deadline; then later; then what renews itself; then what is over."""
    made = _plan(*EVERY)
    attention = [(entry.id, entry.lines[0].attention) for entry in made.attention()]
    assert attention == [
        ("repair", Attention.NOW),
        ("open", Attention.NOW),
        ("partner", Attention.NOW),
        ("trial", Attention.NOW),
        ("wait", Attention.LATER),
        ("itself", Attention.NONE),
        ("over", Attention.OVER),
        ("tried", Attention.OVER),
    ]
    assert [entry.id for entry in made.entries] == [each.id for each in EVERY]


@pytest.mark.parametrize(
    ("on", "level"), [("2025-12-31", Attention.NOW), ("2026-01-01", Attention.OVER)]
)
def test_a_trial_needs_attention_until_it_is_over(on: str, level: Attention) -> None:
    """On its last day a trial is urgent, the day after it is past."""
    (line,) = _plan(TRIAL, on=date.fromisoformat(on)).lines
    assert line.attention is level


def test_one_who_may_not_renew_is_to_ask_now() -> None:
    """With an actor who may not renew, every live line needs the manager."""
    (line,) = _plan(OPEN, actor=Actor(id="P-1")).lines
    assert (line.decision.route, line.attention) == (Route.ASK_THE_MANAGER, Attention.NOW)


@pytest.mark.parametrize(
    ("subscription", "next_on"),
    [(OPEN, ON_DAY), (WAIT, date(2026, 3, 3)), (REPAIR, ON_DAY), (OVER, ON_DAY)],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_the_next_action_has_its_first_day(subscription: Subscription, next_on: date) -> None:
    """Today, or the day on which the window opens."""
    (line,) = _plan(subscription).lines
    assert line.next_on == next_on


def test_a_line_has_its_window() -> None:
    """The days on which it can be renewed by hand."""
    (line,) = _plan(OPEN).lines
    assert line.window == Window(date(2025, 10, 3), date(2026, 1, 1))


def test_an_order_is_planned_as_a_unit() -> None:
    """Reading 18: one entry, its most urgent line first, with the price of the whole."""
    made = _plan(_order("PO-1", WAIT, ITSELF, OPEN))
    (entry,) = made.entries
    assert (entry.id, entry.route) == ("PO-1", Route.WAIT_FOR_WINDOW)
    assert [line.subscription.id for line in entry.lines] == ["open", "wait", "itself"]
    assert entry.quote.total == _usd("38.00")
    assert entry.order is not None
    assert not entry.can_renew_now
    assert entry.changes_on == date(2026, 1, 1)


def test_an_order_can_be_renewed_when_all_its_lines_can() -> None:
    """Reading 18: the decision of an order is that of its lines."""
    other = a_subscription(id="other", payment_method=WIRE)
    (entry,) = _plan(_order("PO-1", OPEN, other)).entries
    assert entry.can_renew_now


def test_a_subscription_is_an_entry_of_one_line() -> None:
    """Outside an order the entry is the subscription."""
    (entry,) = _plan(OVER).entries
    assert (entry.id, entry.route, entry.order) == ("over", Route.BUY_NEW, None)
    assert entry.changes_on is None
    assert not entry.can_renew_now


def test_equal_urgency_is_ordered_by_identifier() -> None:
    """The order of attention does not depend on the order given."""
    twins = [a_subscription(id=f"S-{index}") for index in (3, 1, 2)]
    assert [entry.id for entry in _plan(*twins).attention()] == ["S-1", "S-2", "S-3"]


def test_a_plan_under_editions_takes_the_one_of_the_day() -> None:
    """Reading 17: the edition in force on the day planned decides every line."""
    on = date(2026, 1, 2)
    (line,) = _plan(OPEN, policy=autodesk.EDITIONS, on=on).lines
    assert line.decision.edition is NEW
    assert line.quoted.discount.edition is NEW


@pytest.mark.parametrize(
    ("items", "changes", "error"),
    [
        ([1], {}, InvalidType),
        (["S-1"], {}, InvalidType),
        ([OPEN], {"on": datetime(2025, 12, 1)}, InvalidType),
        ([], {"on": "2025-12-01"}, InvalidType),
        ([OPEN], {"on": date(2023, 1, 1), "policy": autodesk.EDITIONS}, NotInForce),
    ],
)
def test_what_is_asked_is_checked(items, changes, error: type[Exception]) -> None:
    """Other things than subscriptions and orders, and other days than dates, are refused."""
    with pytest.raises(error):
        _plan(*items, **changes)


def test_a_price_book_below_the_floor_is_an_error_of_the_plan() -> None:
    """It is the price book's mistake for every line, and not an answer of one."""
    rates = (RenewalRate(rate=Decimal("0.01"), from_on=LONG_AGO),)
    with pytest.raises(ValueError, match="at least the policy's floor"):
        _plan(OPEN, prices=a_list(a_price("10.01"), rates=rates))


def test_a_plan_is_a_value() -> None:
    """The same portfolio on the same day is the same plan."""
    assert _plan(*EVERY) == _plan(*EVERY)
    assert hash(_plan(*EVERY)) == hash(_plan(*EVERY))
    assert _plan(*EVERY) != _plan(*EVERY, on=date(2025, 12, 2))


def test_a_free_line_is_in_the_totals() -> None:
    """By currency and in the sums, alone and beside one that is paid for; it is not unpriced."""
    prices = a_list(a_price("0.00"), a_price("0.00", "EUR"), a_price("7.00", product="Arnold"))
    free, euros = a_subscription(currency="USD"), a_subscription(id="S-3", currency="EUR")
    made = _plan(free, a_subscription(id="S-2", product="Arnold"), euros, prices=prices)
    assert made.unpriced() == ()
    assert {code: len(lines) for code, lines in made.by_currency().items()} == {"EUR": 1, "USD": 2}
    sums = [(each.count, each.total, each.list_total) for each in made.totals()]
    assert sums == [
        (1, Money("0", "EUR"), Money("0", "EUR")),
        (2, _usd("7.00"), _usd("7.00")),
    ]


def test_a_line_with_a_charge_that_is_not_known_is_in_no_total() -> None:
    """It is among the unpriced ones, and the others add up without it."""
    late = NEW.evolve(id="fee", late_terms=LateTerms(fees=(LateFee(amount=Money("9.00", "GBP")),)))
    unknown = a_subscription(id="late", starts_on=date(2024, 11, 25), currency="USD")
    made = _plan(unknown, a_subscription(currency="USD"), policy=late)
    assert [line.subscription.id for line in made.unpriced()] == ["late"]
    assert made.unpriced()[0].quoted.price is not None
    (total,) = made.totals()
    assert (total.count, total.list_total) == (1, _usd("10.01"))
    assert [line.subscription.id for line in made.by_currency()["USD"]] == ["S-1"]


FEES = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from([None, Money("5", "USD"), Money("4", "EUR"), Money(900, "JPY")]),
        st.sampled_from([None, Decimal("0.1")]),
    ),
    max_size=5,
    unique_by=lambda fee: (fee[0], None if fee[1] is None else fee[1].currency),
)


@given(FEES, st.sampled_from(BackPay), st.booleans(), st.integers(0, 60))
def test_whatever_a_policy_asks_for_in_whichever_currency_a_plan_is_made(
    fees: list[Any], back_pay: BackPay, capped: bool, days: int
) -> None:
    """No amount meets another currency, in sums and in words; each line is in one place."""
    asked = sorted((fee for fee in fees if fee[1:] != (None, None)), key=lambda fee: fee[0])
    terms = LateTerms(
        back_pay=back_pay,
        capped_at_new=capped,
        fees=tuple(LateFee(from_days=on, amount=money, rate=rate) for on, money, rate in asked),
    )
    held = [
        a_subscription(id=code, currency=code, starts_on=date(2024, 12, 1) - timedelta(days))
        for code in ("USD", "EUR", "JPY", "GBP")
    ]
    policy = NEW.evolve(id="fee", late_terms=terms)
    made = _plan(*held, policy=policy, prices=a_list(*PRICES.prices, a_price("9.00", "GBP")))
    counted = sum(each.count for each in made.totals())
    assert counted + len(made.unpriced()) == len(held)
    told = [finding.code for line in made.unpriced() for finding in line.quoted.findings]
    assert told.count("amount-unknown-in-currency") == len(made.unpriced())
    assert made.entries[0].quote.explain()
    assert Quote(tuple(line.quoted for line in made.lines)).explain()
    for shown in (made.explain(), plan_table(made), plan_csv(made), plan_html(made)):
        assert shown


def test_a_plan_is_kept_in_few_objects() -> None:
    """Rule 4: for each line the collector has the line, its row and its price to look at."""
    items = [a_subscription(id=f"S-{index}", seats=index + 1) for index in range(1_000)]
    _plan(*items[:1])  # what is made once has been made
    gc.collect()
    before = len(gc.get_objects())
    made = _plan(*items)
    gc.collect()
    assert len(made.lines) == 1_000
    assert len(gc.get_objects()) - before < 3_100


def test_a_plan_and_its_lines_are_values() -> None:
    """Planned twice or pickled, both are equal, hash alike and show alike; other ones differ."""
    made, again = (_plan(*EVERY, _order("PO-1", OPEN, WAIT)) for _ in range(2))
    for twin in (again, pickle.loads(pickle.dumps(made))):  # noqa: S301 - our own bytes
        assert (twin, hash(twin), repr(twin)) == (made, hash(made), repr(made))
        assert twin.lines == made.lines
        assert [repr(line) for line in twin.lines] == [repr(line) for line in made.lines]
        assert (twin.entries, twin.totals()) == (made.entries, made.totals())
    assert made.lines[0] != made.lines[1]
    assert _plan(*EVERY) != made


def test_what_is_free_is_in_the_totals() -> None:
    """A price of zero is a price."""
    made = _plan(OPEN, prices=a_list(a_price("0.00")))
    assert made.totals() == (CurrencyTotal(_usd("0.00"), _usd("0.00"), 1),)
    assert made.unpriced() == ()


@pytest.mark.parametrize("given", [[], (), "S-1", [("S-1", ())]])
def test_reductions_that_are_no_mapping_are_named(given: Any) -> None:
    """They belong to lines, so they are given by the line's identifier."""
    order = _order("PO-1", OPEN)
    for ask in (
        lambda: plan(
            [OPEN], policy=autodesk.EDITION_2024, prices=a_list(), on=ON_DAY, reductions=given
        ),
        lambda: order_quote(
            order, policy=autodesk.EDITION_2024, prices=a_list(), on=ON_DAY, reductions=given
        ),
    ):
        with pytest.raises(InvalidType, match="reductions"):
            ask()
