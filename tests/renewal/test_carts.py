"""The cart: quoted lines, grouped into purchases, reviewed, and bought all or none."""

import pickle
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    Cart,
    CartChange,
    CheckOut,
    CurrencyMismatch,
    GroupKey,
    InvalidType,
    InvalidValue,
    Kind,
    LateFee,
    LateTerms,
    Money,
    NotInForce,
    PriceList,
    Purchase,
    Reduction,
    Refusal,
    RenewalPolicy,
    Role,
    Route,
    Subscription,
    Term,
    check_out,
    renewability,
    renewal_quote,
    replay,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.carts import Changed
from tests.makers import ANNUAL, INVOICE, ON, PAYPAL, a_list, a_price, a_subscription

POLICY = autodesk.EDITION_2024
DAY, LATER = date(2025, 12, 1), date(2025, 12, 15)
PRICES = a_list(a_price("100.00"), a_price("110.00", from_on=LATER), a_price("90.00", "EUR"))
ANNA, BERT = Account(id="anna"), Account(id="bert")
FIELDS: dict[str, Any] = {"currency": "USD", "account": ANNA}


def _line(id: str = "S-1", **changes: Any) -> Subscription:
    return a_subscription(**{"id": id} | FIELDS | changes)


def _cart(*subscriptions: Subscription, **more: Any) -> Cart:
    cart = Cart()
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICES, "on": DAY}
    for each in subscriptions:
        added = cart.add(each, **asked | more)
        assert isinstance(added, Cart), added
        cart = added
    return cart


def _purchase(*subscriptions: Subscription, **more: Any) -> Purchase:
    (purchase,) = _cart(*subscriptions, **more).purchases(POLICY)
    return purchase


def _bought(purchase: Purchase, **more: Any) -> Any:
    asked: dict[str, Any] = {"number": "A-1", "policy": POLICY, "prices": PRICES, "on": DAY}
    return check_out(purchase, **asked | more)


def _ids(purchase: Purchase | Cart) -> list[str]:
    return [line.subscription.id for line in purchase.lines]


# In and out


def test_lines_stand_in_the_order_in_which_they_were_added() -> None:
    """With the quote of the day on which each was added."""
    cart = _cart(_line("S-2"), _line("S-1"))
    assert _ids(cart) == ["S-2", "S-1"]
    quote = renewal_quote(_line("S-1"), prices=PRICES, policy=POLICY, on=DAY)
    assert cart.lines[1] == quote.lines[0]
    assert "S-1" in cart
    assert "S-3" not in cart


def test_adding_one_again_quotes_it_again() -> None:
    """It is in once, last, at the new day's price."""
    cart = _cart(_line("S-1"), _line("S-2"))
    again = cart.add(_line("S-1"), policy=POLICY, prices=PRICES, on=LATER)
    assert isinstance(again, Cart)
    assert _ids(again) == ["S-2", "S-1"]
    assert again.lines[1].total == Money("104.50", "USD")
    assert _ids(cart) == ["S-1", "S-2"]


def test_removing_leaves_the_others() -> None:
    """And removing what is not in changes nothing."""
    cart = _cart(_line("S-1"), _line("S-2"))
    assert _ids(cart.remove("S-1")) == ["S-2"]
    assert cart.remove("S-9") == cart
    assert Cart().remove("S-1") == Cart()


@pytest.mark.parametrize(
    ("changes", "on", "route"),
    [
        ({}, date(2025, 6, 1), Route.WAIT_FOR_WINDOW),
        ({}, date(2026, 1, 1), Route.BUY_NEW),
        ({"kind": Kind.TRIAL}, DAY, Route.CONVERT_TRIAL),
    ],
)
def test_what_cannot_be_renewed_now_does_not_go_in(
    changes: dict[str, Any], on: date, route: Route
) -> None:
    """The refusal's decision is that of `renewability`."""
    line = _line(**changes)
    refusal = Cart().add(line, policy=POLICY, prices=PRICES, on=on)
    assert isinstance(refusal, Refusal)
    assert refusal.decision == renewability(line, policy=POLICY, on=on)
    assert refusal.decision.route is route


def test_who_may_not_renew_may_not_add() -> None:
    """Clause `managed`."""
    user = Actor(id="P", roles=frozenset({Role.USER}))
    refusal = Cart().add(_line(), policy=POLICY, prices=PRICES, on=DAY, actor=user)
    assert isinstance(refusal, Refusal)
    assert refusal.decision.route is Route.ASK_THE_MANAGER


def test_each_subscription_is_in_once() -> None:
    """However a cart is made."""
    (line,) = _cart(_line()).lines
    with pytest.raises(InvalidValue, match="once"):
        Cart(lines=(line, line))
    with pytest.raises(InvalidType):
        Cart(lines=[line])  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [4, 400])
def test_a_step_does_not_look_at_the_other_lines(count: int) -> None:
    """Adding, removing and looking up call as much in a long cart as in a short one."""
    cart = _cart(*(_line(f"S-{n}") for n in range(count)))
    calls: list[str] = []
    sys.setprofile(lambda frame, event, _: calls.append(event) if event == "call" else None)
    try:
        added = cart.add(_line("new"), policy=POLICY, prices=PRICES, on=DAY)
        removed, found = cart.remove("S-1"), "S-2" in cart
    finally:
        sys.setprofile(None)
    assert isinstance(added, Cart)
    assert (len(added.lines), len(removed.lines), found) == (count + 1, count - 1, True)
    assert len(calls) < 150


def test_however_it_came_about_a_cart_is_what_its_lines_are() -> None:
    """Filled step by step, made at once, and read back: alike in all that can be asked of it."""
    steps = _cart(_line("S-1"), _line("S-2"), _line("S-3")).remove("S-2")
    for twin in (Cart(lines=steps.lines), pickle.loads(pickle.dumps(steps))):  # noqa: S301 - ours
        assert twin == steps
        assert hash(twin) == hash(steps)
        assert [name in twin for name in ("S-1", "S-2", "S-3")] == [True, False, True]
        more = twin.add(_line("S-2"), policy=POLICY, prices=PRICES, on=DAY)
        assert isinstance(more, Cart)
        assert _ids(more) == ["S-1", "S-3", "S-2"]
        assert _ids(twin) == ["S-1", "S-3"]


# Purchases


def test_one_customer_one_currency_one_way_of_paying() -> None:
    """Clause `manual.cart`: lines that differ in one of them are bought apart."""
    cart = _cart(
        _line("S-1"),
        _line("S-2", account=BERT),
        _line("S-3", currency="EUR"),
        _line("S-4", payment_method=PAYPAL),
        _line("S-5"),
        _line("S-6", payment_method=INVOICE),
        _line("S-7", account=None),
    )
    purchases = cart.purchases(POLICY)
    assert [_ids(each) for each in purchases] == [
        ["S-1", "S-5"],
        ["S-2"],
        ["S-3"],
        ["S-4"],
        ["S-6"],
        ["S-7"],
    ]
    assert purchases[0].key == ("anna", "USD", None)
    assert purchases[3].key == ("anna", "USD", "paypal")


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (frozenset(), [["S-1", "S-2", "S-3"]]),
        (frozenset({GroupKey.CUSTOMER}), [["S-1", "S-3"], ["S-2"]]),
        (frozenset({GroupKey.CURRENCY}), [["S-1", "S-2"], ["S-3"]]),
        (frozenset({GroupKey.PAYMENT}), [["S-1", "S-2", "S-3"]]),
    ],
)
def test_the_policy_says_what_belongs_together(
    groups: frozenset[GroupKey], expected: list[list[str]]
) -> None:
    """Each grouping is the policy's."""
    cart = _cart(_line("S-1"), _line("S-2", account=BERT), _line("S-3", currency="EUR"))
    edition = POLICY.evolve(cart_groups=groups)
    assert [_ids(each) for each in cart.purchases(edition)] == expected


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (2, [2]), (3, [2, 1]), (5, [2, 2, 1])]
)
def test_a_purchase_has_no_more_lines_than_the_policy_says(count: int, sizes: list[int]) -> None:
    """One more begins another purchase; every line is in exactly one."""
    cart = _cart(*(_line(f"S-{n}") for n in range(count)))
    purchases = cart.purchases(POLICY.evolve(cart_most_lines=2))
    assert [len(each.lines) for each in purchases] == sizes
    assert [each for purchase in purchases for each in _ids(purchase)] == _ids(cart)


def test_without_a_limit_it_is_one_purchase() -> None:
    """The source names none."""
    assert POLICY.cart_most_lines is None
    assert len(_purchase(*(_line(f"S-{n}") for n in range(200))).lines) == 200


def test_a_purchase_has_a_line() -> None:
    """Nothing is not bought."""
    with pytest.raises(InvalidValue, match="at least one line"):
        Purchase(key=(), lines=())
    with pytest.raises(InvalidType):
        Purchase(key=(), lines=("S-1",))  # type: ignore[arg-type]


def test_a_purchase_sums_its_lines() -> None:
    """Line by line and in all."""
    quote = _purchase(_line("S-1", seats=3), _line("S-2")).quote
    assert [line.total for line in quote.lines] == [Money("285.00", "USD"), Money("95.00", "USD")]
    assert quote.total == Money("380.00", "USD")


@pytest.mark.parametrize(
    ("changes", "policy", "total"),
    [
        ({"next_term": Term.years(3)}, POLICY, "266.00"),
        ({}, POLICY.evolve(renews_to=Term.years(3)), "266.00"),
        ({"next_term": ANNUAL}, POLICY.evolve(renews_to=Term.years(3)), "95.00"),
    ],
)
def test_what_is_paid_is_the_term_that_is_bought(
    changes: dict[str, Any], policy: RenewalPolicy, total: str
) -> None:
    """Where another term was asked for, its price is quoted, and not that of the present one."""
    prices = a_list(a_price("100.00"), a_price("280.00", term=Term.years(3)))
    purchase = _purchase(_line(**changes), policy=policy, prices=prices)
    done = _bought(purchase, policy=policy, prices=prices)
    assert isinstance(done, CheckOut)
    assert done.quote.total == Money(total, "USD")
    assert (done.subscriptions[0].term == Term.years(3)) == (total == "266.00")


def test_without_a_price_for_the_term_that_is_bought_there_is_none() -> None:
    """The finding names that term."""
    (line,) = _cart(_line(next_term=Term.years(3))).lines
    assert line.price is None
    assert line.findings[-1].value("term") == Term.years(3)


# Review


def _reviewed(cart: Cart, **more: Any) -> list[tuple[str, str, object, object]]:
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICES, "on": DAY}
    changes = cart.review(**asked | more)
    return [(each.subscription_id, str(each.what), each.before, each.after) for each in changes]


def test_on_the_same_day_nothing_has_changed() -> None:
    """Neither with nor without the present entities."""
    cart = _cart(_line("S-1"), _line("S-2"))
    assert _reviewed(cart) == []
    assert _reviewed(cart, current=(_line("S-1"), _line("S-9"))) == []


def test_a_price_that_rose_is_seen() -> None:
    """With the total before and after, of every line it concerns."""
    cart = _cart(_line("S-1", seats=2), _line("S-2", currency="EUR"))
    assert _reviewed(cart, on=LATER) == [
        ("S-1", "price", Money("190.00", "USD"), Money("209.00", "USD"))
    ]


def test_a_price_that_is_gone_is_seen() -> None:
    """It cannot be bought any more."""
    cart = _cart(_line())
    assert _reviewed(cart, prices=PriceList(prices=())) == [
        ("S-1", "price", Money("95.00", "USD"), None)
    ]


def test_another_edition_is_seen() -> None:
    """With what it does to the price: the later edition promises no saving."""
    cart = _cart(_line(), policy=autodesk.EDITIONS)
    assert _reviewed(cart, policy=autodesk.EDITIONS, on=date(2025, 12, 29)) == [
        ("S-1", "edition", "autodesk/2024", "autodesk/2025-12"),
        ("S-1", "price", Money("95.00", "USD"), Money("110.00", "USD")),
    ]


def test_what_can_no_longer_be_renewed_is_seen() -> None:
    """With the way forward when it was quoted, and the one now."""
    cart = _cart(_line())
    changes = _reviewed(cart, on=date(2026, 1, 1))
    assert ("S-1", "eligibility", "renew-now", "buy-new") in changes
    to_repair = _cart(_line(auto_renew=ON))
    assert _reviewed(to_repair, actor=Actor(id="P")) == [
        ("S-1", "eligibility", "repair-payment", "ask-the-manager")
    ]


def test_an_entity_that_changed_in_the_meantime_is_seen() -> None:
    """Renewed elsewhere: it is another, and not to be renewed again."""
    cart = _cart(_line())
    done = _bought(_purchase(_line()))
    assert isinstance(done, CheckOut)
    (now,) = done.subscriptions
    changes = _reviewed(cart, current=(now,))
    assert [what for _, what, _, _ in changes] == ["subscription", "eligibility"]
    assert changes[0] == ("S-1", "subscription", _line(), now)
    more_seats = _reviewed(cart, current=(_line(seats=2),))
    assert [what for _, what, _, _ in more_seats] == ["subscription", "price"]


# Reductions

TEN = (Reduction(code="TEN", rate=Decimal("0.10")),)


def test_a_line_keeps_the_reductions_it_was_quoted_with() -> None:
    """Ten per cent off 100 is 90, and not the renewal price of 95; the same day nothing changes."""
    cart = _cart(_line(), reductions=TEN)
    quote = renewal_quote(_line(), prices=PRICES, policy=POLICY, on=DAY, reductions=TEN)
    assert cart.lines == quote.lines
    assert cart.lines[0].total == Money("90.00", "USD")
    assert _reviewed(cart) == []
    assert _reviewed(cart, on=LATER) == [
        ("S-1", "price", Money("90.00", "USD"), Money("99.00", "USD"))
    ]


def test_lines_with_and_without_reductions_are_bought_together() -> None:
    """Each is quoted again with its own, whether the cart or the caller had it quoted."""
    quote = renewal_quote(_line("S-1"), prices=PRICES, policy=POLICY, on=DAY, reductions=TEN)
    cart = Cart(lines=quote.lines).add(_line("S-2"), policy=POLICY, prices=PRICES, on=DAY)
    assert isinstance(cart, Cart)
    (purchase,) = cart.purchases(POLICY)
    done = _bought(purchase)
    assert isinstance(done, CheckOut)
    assert [line.total for line in done.quote.lines] == [Money("90.00", "USD"), Money("95", "USD")]
    assert done.quote.lines == purchase.lines
    risen = _bought(purchase, on=LATER, accepted=Money("203.50", "USD"))
    assert isinstance(risen, CheckOut)


def test_adding_one_again_takes_the_reductions_given_now() -> None:
    """What is given counts, and not what the line had."""
    cart = _cart(_line(), reductions=TEN)
    again = cart.add(_line(), policy=POLICY, prices=PRICES, on=DAY)
    assert isinstance(again, Cart)
    assert [line.total for line in again.lines] == [Money("95.00", "USD")]


def test_reductions_are_checked_when_a_line_is_added() -> None:
    """A tuple of reductions, in the currency of the price."""
    asked: dict[str, Any] = {"policy": POLICY, "prices": PRICES, "on": DAY}
    with pytest.raises(InvalidType, match="reductions"):
        Cart().add(_line(), reductions=list(TEN), **asked)
    euro = (Reduction(code="FIVE", amount=Money("5.00", "EUR")),)
    with pytest.raises(CurrencyMismatch):
        Cart().add(_line(), reductions=euro, **asked)


# Check-out


def test_a_check_out_renews_every_line_into_one_order() -> None:
    """The order with the renewed subscriptions, the events of each, and what was paid."""
    lines = [_line("S-1", seats=2), _line("S-2")]
    done = _bought(_purchase(*lines))
    assert isinstance(done, CheckOut)
    assert (done.order.number, done.order.placed_on, done.order.account) == ("A-1", DAY, ANNA)
    assert done.subscriptions == done.order.subscriptions
    assert [each.expires_on for each in done.subscriptions] == [date(2027, 1, 1)] * 2
    assert {each.order_number for each in done.subscriptions} == {"A-1"}
    assert done.quote.total == Money("285.00", "USD")
    for line, after in zip(lines, done.subscriptions, strict=True):
        own = [event for event in done.events if event.subscription_id == line.id]
        assert replay(line, own) == after


@pytest.mark.parametrize("last", [False, True])
def test_one_line_that_is_refused_refuses_all(last: bool) -> None:
    """All or nothing, wherever it stands: nothing of the other line is left."""
    user_of = Account(id="anna", managed=True)
    good, bad = _line("S-1"), _line("S-2", account=user_of)
    lines = [good, bad] if last else [bad, good]
    owner = Actor(id="P", roles=frozenset({Role.OWNER}))
    refusal = _bought(_purchase(*lines), actor=owner)
    assert isinstance(refusal, Refusal)
    assert refusal.decision == renewability(bad, policy=POLICY, on=DAY, actor=owner)


def test_after_the_deadline_it_is_refused() -> None:
    """The cart was filled in time, and left."""
    refusal = _bought(_purchase(_line()), on=date(2026, 1, 1))
    assert isinstance(refusal, Refusal)
    assert refusal.decision.route is Route.BUY_NEW


def test_what_changed_is_not_bought_until_it_is_accepted() -> None:
    """The customer sees what changed; with the new total it goes through, with the old one not."""
    purchase = _purchase(_line())
    change = CartChange(
        subscription_id="S-1",
        what=Changed.PRICE,
        before=Money("95.00", "USD"),
        after=Money("104.50", "USD"),
    )
    assert _bought(purchase, on=LATER) == (change,)
    assert _bought(purchase, on=LATER, accepted=Money("95.00", "USD")) == (change,)
    done = _bought(purchase, on=LATER, accepted=Money("104.50", "USD"))
    assert isinstance(done, CheckOut)
    assert done.quote.total == Money("104.50", "USD")


@pytest.mark.parametrize(
    "accepted", [Money("1.00", "USD"), Money("95.01", "USD"), Money("95.00", "EUR")], ids=str
)
def test_a_total_that_is_not_the_quotes_is_not_bought(accepted: Money) -> None:
    """Whoever accepted another amount is not charged this one, although nothing changed."""
    assert _bought(_purchase(_line()), accepted=accepted) == ()
    assert isinstance(_bought(_purchase(_line()), accepted=Money("95.00", "USD")), CheckOut)


def test_a_new_edition_at_the_same_price_has_to_be_accepted_too() -> None:
    """The rules are another; the total says that they were seen."""
    policy = POLICY.evolve(id="autodesk/later")
    purchase = _purchase(_line())
    (change,) = _bought(purchase, policy=policy)
    assert change.what is Changed.EDITION
    assert isinstance(_bought(purchase, policy=policy, accepted=Money("95.00", "USD")), CheckOut)


def test_without_a_price_nothing_is_bought() -> None:
    """One line without a price is a mistake of whoever offers it."""
    purchase = _purchase(_line("S-1"), _line("S-2", product="Unpriced"))
    with pytest.raises(InvalidValue, match="every line needs a total"):
        _bought(purchase)


@pytest.mark.parametrize(
    "lines",
    [
        (_line("S-1"), _line("S-2", account=BERT)),
        (_line("S-1"), _line("S-2", currency="EUR")),
        (_line("S-1"), _line("S-2", payment_method=PAYPAL)),
    ],
    ids=["two customers", "two currencies", "two ways of paying"],
)
def test_a_purchase_of_ones_own_is_held_to_the_groups(lines: tuple[Subscription, ...]) -> None:
    """Lines that do not belong together are not bought at once, whoever put them together."""
    forged = Purchase(key=(), lines=_cart(*lines).lines)
    with pytest.raises(InvalidValue, match=r"Cart\.purchases"):
        _bought(forged)


def test_a_purchase_of_ones_own_is_held_to_the_limit() -> None:
    """One line too many, under the edition of the day."""
    forged = Purchase(key=(), lines=_cart(*(_line(f"S-{n}") for n in range(3))).lines)
    with pytest.raises(InvalidValue, match=r"Cart\.purchases"):
        _bought(forged, policy=POLICY.evolve(cart_most_lines=2))
    assert isinstance(_bought(forged, policy=POLICY.evolve(cart_most_lines=3)), CheckOut)


def test_a_number_is_one_that_an_order_can_have() -> None:
    """Otherwise nothing is bought."""
    with pytest.raises(InvalidValue, match=r"Order\.number"):
        _bought(_purchase(_line()), number="a-1")


def test_an_order_of_its_own_takes_a_line_over() -> None:
    """A line of an earlier order belongs to the new one."""
    done = _bought(_purchase(_line(order_number="OLD-1")), number="NEW-1")
    assert isinstance(done, CheckOut)
    (event,) = done.events
    assert (event.before and event.before.order_number, event.after.order_number) == (
        "OLD-1",
        "NEW-1",
    )


def test_before_the_first_edition_nothing_is_asked() -> None:
    """A day outside of every edition is the caller's mistake."""
    asked: dict[str, Any] = {"policy": autodesk.EDITIONS, "on": date(2023, 1, 1)}
    with pytest.raises(NotInForce):
        Cart().add(_line(), prices=PRICES, **asked)
    with pytest.raises(NotInForce):
        _cart(_line()).review(prices=PRICES, **asked)
    with pytest.raises(NotInForce):
        _bought(_purchase(_line()), **asked)


def test_a_cart_is_a_value() -> None:
    """Frozen: what was returned before stays what it was."""
    cart = _cart(_line())
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        cart.lines = ()  # type: ignore[misc]
    assert cart == _cart(_line())


# Zero and unknown


FREE = a_list(a_price("0.00"), a_price("0.00", "EUR"), a_price("5.00", product="Maya"))


def test_free_lines_are_grouped_by_the_currency_of_their_price() -> None:
    """Not by the subscription's, which may be open: two free ones of a kind are one purchase."""
    dollars = a_list(a_price("0.00"))
    cart = _cart(_line("S-1", currency=None), _line("S-2"), prices=dollars)
    (purchase,) = cart.purchases(POLICY)
    assert _ids(purchase) == ["S-1", "S-2"]
    assert (
        len(_cart(_line("S-1", currency="EUR"), _line("S-2"), prices=FREE).purchases(POLICY)) == 2
    )


@pytest.mark.parametrize(("product", "total"), [("CAD", "0.00"), ("Maya", "4.75")])
def test_a_free_line_is_bought(product: str, total: str) -> None:
    """For nothing in all, or beside what is paid for."""
    purchase = _purchase(_line("S-1"), _line("S-2", product=product), prices=FREE)
    done = _bought(purchase, prices=FREE, accepted=Money(total, "USD"))
    assert isinstance(done, CheckOut)
    assert done.quote.total == Money(total, "USD")


def test_what_has_a_charge_that_is_not_known_is_not_bought() -> None:
    """It can be put in and reviewed; without a total it is not sold."""
    fees = (LateFee(amount=Money("9.00", "GBP")),)
    late = autodesk.EDITION_2025_12.evolve(id="fee", late_terms=LateTerms(fees=fees))
    asked: dict[str, Any] = {"policy": late, "on": date(2026, 1, 5)}
    cart = _cart(_line("S-1"), **asked)
    assert cart.review(prices=PRICES, **asked) == ()
    (purchase,) = cart.purchases(late)
    assert (purchase.quote.total, purchase.quote.is_complete) == (None, False)
    with pytest.raises(InvalidValue, match="every line needs a total"):
        _bought(purchase, **asked)
