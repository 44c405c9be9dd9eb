"""Two plans are compared line by line, and what differs adds up to what the plans cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Money,
    Order,
    PriceList,
    RenewalPlan,
    RenewalPolicy,
    RenewalRate,
    Route,
    Subscription,
    plan,
)
from subrenew.errors import InvalidType
from subrenew.policy.vendors.autodesk import EDITION_2024, EDITION_2025_12
from subrenew.renewal.scenarios import plan_diff
from tests.makers import LONG_AGO, MONTHLY, a_list, a_price, a_subscription

ON = date(2025, 12, 1)
DOLLARS = a_price("100.00")
PRICES = a_list(DOLLARS)
TRUSTING = EDITION_2024.evolve(id="own", managed_roles=frozenset({"boss"}))


def planned(
    *held: Subscription | Order,
    policy: RenewalPolicy = EDITION_2024,
    prices: PriceList = PRICES,
    on: date = ON,
) -> RenewalPlan:
    """Return a plan of these."""
    return plan(held, policy=policy, prices=prices, on=on)


def numbered(count: int, **changes: object) -> list[Subscription]:
    """Return so many subscriptions, S-1 first."""
    return [a_subscription(id=f"S-{number}", **changes) for number in range(1, count + 1)]


def test_equal_plans_do_not_differ() -> None:
    """A plan and its equal: nothing changes, no money, nothing is printed, new name or not."""
    held = numbered(3)
    for policy in (EDITION_2024, TRUSTING):
        made = plan_diff(planned(*held), planned(*held, policy=policy))
        assert (made.changed, made.only_before, made.only_after) == ((), (), ())
        assert (made.count, made.money, made.to_markdown()) == (0, (), "")


def test_a_price_changes() -> None:
    """A dearer price list: each line by its seats, and the sum of them."""
    held = [a_subscription(seats=3), a_subscription(id="S-2")]
    made = plan_diff(planned(*held), planned(*held, prices=a_list(a_price("110.00"))))
    assert [(each.id, each.what) for each in made.changed] == [
        ("S-1", ("price",)),
        ("S-2", ("price",)),
    ]
    assert [each.difference for each in made.changed] == [
        Money("28.50", "USD"),
        Money("9.50", "USD"),
    ]
    (money,) = made.money
    assert (money.before, money.after) == (Money("380.00", "USD"), Money("418.00", "USD"))
    assert money.difference == Money("38.00", "USD")
    assert made.to_markdown() == (
        "| subscription | route     | price                   | next action         |\n"
        "|--------------|-----------|-------------------------|---------------------|\n"
        "| S-1          | renew-now | 285.00 USD → 313.50 USD | renew by 2025-12-31 |\n"
        "| S-2          | renew-now | 95.00 USD → 104.50 USD  | renew by 2025-12-31 |\n"
        "\n"
        "| currency | before | after  | difference |\n"
        "|----------|--------|--------|------------|\n"
        "| USD      | 380.00 | 418.00 | +38.00     |\n"
    )


def test_a_route_changes_with_the_policy() -> None:
    """Expired under the source, still renewable under the page that followed it."""
    held = a_subscription()
    on = date(2026, 1, 5)
    made = plan_diff(planned(held, on=on), planned(held, policy=EDITION_2025_12, on=on))
    (change,) = made.changed
    assert (change.before.decision.route, change.after.decision.route) == (
        Route.BUY_NEW,
        Route.RENEW_NOW,
    )
    assert "route" in change.what
    assert "next-action" in change.what
    assert "buy-new → renew-now" in made.to_markdown()


def test_only_the_next_action_changes() -> None:
    """A longer window: the same route and price, and an earlier day to renew on."""
    held, on = a_subscription(), date(2025, 6, 1)
    wider = EDITION_2024.evolve(id="wider", window_opens_days=120)
    made = plan_diff(planned(held, on=on), planned(held, policy=wider, on=on))
    (change,) = made.changed
    assert change.what == ("next-action",)
    assert change.difference == Money(0, "USD")
    assert made.money == ()
    assert "from 2025-10-03" in made.to_markdown()
    assert "from 2025-09-03" in made.to_markdown()
    assert "currency" not in made.to_markdown()


def test_another_day_alone_is_no_change() -> None:
    """The day after, with the same answer, nothing differs although the plans do."""
    held = a_subscription()
    assert plan_diff(planned(held), planned(held, on=date(2025, 12, 2))).count == 0


def test_lines_that_only_one_plan_has() -> None:
    """What came and what went is told apart from what changed, and its money counts."""
    first, second, third = numbered(3)
    made = plan_diff(planned(first, second), planned(second, third, a_subscription(id="S-4")))
    assert made.changed == ()
    assert [line.subscription.id for line in made.only_before] == ["S-1"]
    assert [line.subscription.id for line in made.only_after] == ["S-3", "S-4"]
    assert made.count == 3
    (money,) = made.money
    assert money.difference == Money("95.00", "USD")
    rows = [line.split(" | ")[0] for line in made.to_markdown().splitlines()[2:5]]
    assert [row.strip("| ") for row in rows] == ["S-1", "S-3", "S-4"]
    assert "| renew-now → — |" in made.to_markdown()
    assert "| — → renew-now |" in made.to_markdown()


def test_money_of_several_currencies_is_never_added() -> None:
    """One line for each currency that changes, by its code; a saving is negative."""
    held = [a_subscription(currency="USD"), a_subscription(id="S-2", currency="CHF")]
    before = a_list(DOLLARS, a_price("90.00", "CHF"))
    after = a_list(a_price("80.00"), a_price("95.00", "CHF"))
    made = plan_diff(planned(*held, prices=before), planned(*held, prices=after))
    assert [str(each.difference) for each in made.money] == ["4.75 CHF", "-19.00 USD"]
    assert "| CHF      | 85.50  | 90.25 | +4.75      |" in made.to_markdown()
    assert "| USD      | 95.00  | 76.00 | -19.00     |" in made.to_markdown()


def test_a_price_in_one_plan_only() -> None:
    """No price, or one of another currency: a change without a difference of its own."""
    held = a_subscription()
    priced, unpriced = planned(held), planned(held, prices=a_list())
    euros = planned(held, prices=a_list(a_price("100.00", "EUR")))
    for before, after in ((priced, unpriced), (unpriced, priced), (priced, euros)):
        (change,) = plan_diff(before, after).changed
        assert (change.what, change.difference) == (("price",), None)
    assert [str(each.difference) for each in plan_diff(priced, euros).money] == [
        "95.00 EUR",
        "-95.00 USD",
    ]
    assert "95.00 USD → — " in plan_diff(priced, unpriced).to_markdown()
    assert plan_diff(unpriced, unpriced).count == 0


def test_orders_are_compared_line_by_line() -> None:
    """A line is found again whether it is planned in an order or by itself."""
    lines = numbered(2)
    order = Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=tuple(lines))
    assert plan_diff(planned(order), planned(*reversed(lines))).count == 0


def test_what_a_plan_holds_twice_is_compared_in_turn() -> None:
    """The first with the first, the second with the second; a third is only in one."""
    held = a_subscription()
    made = plan_diff(planned(held, held), planned(held, held, held))
    assert (made.changed, made.only_before, len(made.only_after)) == ((), (), 1)


def test_an_identifier_does_not_break_the_table() -> None:
    """A bar in an identifier is escaped."""
    made = plan_diff(planned(), planned(a_subscription(id="S|1")))
    assert made.to_markdown().splitlines()[2].startswith("| S\\|1 ")


def test_differences_are_values() -> None:
    """They compare and hash by what they hold."""
    held = numbered(2)
    made, twin = (
        plan_diff(planned(*held), planned(held[0], policy=EDITION_2025_12)) for _ in range(2)
    )
    assert made == twin
    assert hash(made) == hash(twin)


HELD = st.lists(
    st.builds(
        a_subscription,
        id=st.sampled_from(["S-1", "S-2", "S-3"]),
        seats=st.integers(1, 3),
        term=st.sampled_from([MONTHLY, a_subscription().term]),
        currency=st.sampled_from([None, "USD", "EUR"]),
    ),
    max_size=4,
)
RATES = (RenewalRate(rate=Decimal("0.2"), from_on=LONG_AGO),)
LISTS = st.sampled_from(
    [PRICES, a_list(), a_list(a_price("50.00", "EUR")), a_list(DOLLARS, rates=RATES)]
)
PLANS = st.builds(
    lambda held, prices, policy: planned(*held, prices=prices, policy=policy),
    HELD,
    LISTS,
    st.sampled_from([EDITION_2024, EDITION_2025_12]),
)


@given(PLANS, PLANS)
def test_the_parts_add_up(before: RenewalPlan, after: RenewalPlan) -> None:
    """Money changed, come and gone is what the plans differ by; the way back is the opposite."""
    made, back = plan_diff(before, after), plan_diff(after, before)
    sums = {each.after.currency: each.difference for each in made.money}
    assert {each.after.currency: -each.difference for each in back.money} == sums
    parts: dict[str, Money] = {}
    signed = [(each.after, 1) for each in made.changed]
    signed += [(each.before, -1) for each in made.changed]
    signed += [(each, 1) for each in made.only_after]
    signed += [(each, -1) for each in made.only_before]
    for line, sign in signed:
        total = line.quoted.total
        if total is not None:
            zero = Money(0, total.currency)
            parts[total.currency] = parts.get(total.currency, zero) + total * sign
    assert {code: money for code, money in parts.items() if not money.is_zero} == sums
    assert {each.id for each in made.changed} == {each.id for each in back.changed}
    assert made.only_before == back.only_after
    assert len(made.to_markdown().splitlines()) >= made.count


@pytest.mark.parametrize("wrong", [None, (), [a_subscription()], EDITION_2024])
def test_only_plans_are_compared(wrong: object) -> None:
    """Anything else is refused, on either side."""
    with pytest.raises(InvalidType, match=r"plan_diff\.before .* give a RenewalPlan"):
        plan_diff(wrong, planned())  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"plan_diff\.after .* give a RenewalPlan"):
        plan_diff(planned(), wrong)  # type: ignore[arg-type]


def test_what_becomes_free_is_a_difference() -> None:
    """From a price to zero and back; from zero to zero is none."""
    held, free = a_subscription(), a_list(a_price("0.00"))
    paid = Money("95.00", "USD")
    for before, after, change in ((PRICES, free, -paid), (free, PRICES, paid)):
        made = plan_diff(planned(held, prices=before), planned(held, prices=after))
        assert [each.difference for each in made.money] == [change]
    assert plan_diff(planned(held, prices=free), planned(held, prices=free)).money == ()
