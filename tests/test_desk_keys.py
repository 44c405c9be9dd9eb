"""A key stands for one request: the same one gets the first answer, another one none."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import attrs
import pytest

from subrenew import (
    Actor,
    AutoRenew,
    CancelAt,
    Cart,
    CartChange,
    Changed,
    CheckOut,
    Clause,
    Finding,
    InvalidType,
    InvalidValue,
    KeyTaken,
    Money,
    NotFound,
    Order,
    OrderTransition,
    PriceList,
    Purchase,
    Reduction,
    Refusal,
    RegionWays,
    RenewalRate,
    RevisionConflict,
    Role,
    Route,
    Secret,
    SubrenewError,
    Subscription,
    Term,
    Transition,
    Way,
    buy_anew,
    cancel,
    change_term,
    exclusions,
    renew,
    renewability,
    renewal_quote,
)
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.vendors import autodesk, solidworks
from subrenew.testing import memory
from subrenew.testing.memory import MemoryStorage
from tests.makers import LONG_AGO, OFF, ON, a_list, a_price, a_subscription

POLICY = autodesk.EDITION_2024
DAY, EARLY, END = date(2025, 12, 1), date(2025, 2, 1), date(2026, 1, 1)
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
PRICES = a_list(a_price("100.00"))
DEARER = a_list(a_price("150.00"), rates=(RenewalRate(rate=Decimal("0.5"), from_on=LONG_AGO),))
HASHER = ScryptHasher(cost=4)
USER = Actor(id="P-1", roles=frozenset({Role.USER}))
WORD = Secret("hunter2")
TWO = (a_subscription(), a_subscription(id="S-2"))
HALF = Reduction(code="HALF", rate=Decimal("0.5"))


def a_desk(*subscriptions: Subscription, policy: Any = POLICY) -> Desk:
    """A desk over these subscriptions, S-1 and S-2 if none is given."""
    storage = MemoryStorage(subscriptions or TWO, prices=PRICES)
    return Desk(storage=storage, policy=policy, hasher=HASHER)


def a_purchase(*lines: Subscription, prices: PriceList = PRICES, **more: Any) -> Purchase:
    """Both of them, or these, as they were quoted."""
    cart = Cart()
    for each in lines or TWO:
        added = cart.add(each, policy=POLICY, prices=prices, on=DAY, **more)
        assert isinstance(added, Cart), added
        cart = added
    (purchase,) = cart.purchases(POLICY)
    return purchase


def kept(desk: Desk) -> tuple[object, ...]:
    """Everything that is stored, to compare."""
    storage: Any = desk.storage
    return (
        dict(storage.subscriptions),
        dict(storage.orders),
        tuple(storage.log),
        dict(storage.answers),
    )


def text_under(desk: Desk, key: str = "k") -> str:
    """The text that storage keeps under a key."""
    storage: Any = desk.storage
    text: str = storage.answers[key]
    return text


def put_text(desk: Desk, text: str | None, key: str = "k") -> None:
    """Put another text in its place."""
    storage: Any = desk.storage
    storage.answers[key] = text


def with_prices(desk: Desk, prices: PriceList) -> Desk:
    """The same desk on a day when things cost something else."""
    storage: Any = desk.storage
    storage.prices = prices
    return desk


def opened(desk: Desk) -> Any:
    """The decision that opens order A-1."""
    return desk.open_order(number="A-1", password=WORD, on=DAY, at=NOON)


def with_order() -> tuple[Desk, Any]:
    """A desk on which A-1 was bought, and the decision that opened it."""
    desk = a_desk()
    done = desk.check_out(a_purchase(), number="A-1", on=DAY, password=WORD)
    assert isinstance(done, CheckOut)
    return desk, opened(desk)


def cancelled(each: Subscription) -> Transition | Refusal:
    """Cancel at once."""
    return cancel(each, at=CancelAt.AT_ONCE, policy=POLICY, on=DAY)


Ask = Callable[..., object]


def asks() -> dict[str, tuple[Desk, Ask]]:
    """Every use case that takes a key, as a function of what differs; with its desk."""
    desk, decision = with_order()
    fresh = a_desk()
    return {
        "renew": (
            fresh,
            lambda **more: fresh.renew(**{"subscription_id": "S-1", "on": DAY} | more),
        ),
        "switch_auto_renew": (
            fresh,
            lambda **more: fresh.switch_auto_renew(
                **{"subscription_id": "S-1", "to": ON, "on": DAY} | more
            ),
        ),
        "change": (
            fresh,
            lambda **more: fresh.change(
                **{"subscription_id": "S-1", "act": cancelled, "request": "cancel at-once"} | more
            ),
        ),
        "check_out": (
            fresh,
            lambda **more: fresh.check_out(
                **{"purchase": a_purchase(), "number": "B-1", "on": DAY} | more
            ),
        ),
        "switch_order": (
            desk,
            lambda **more: desk.switch_order(**{"decision": decision, "to": ON, "on": DAY} | more),
        ),
    }


USE_CASES = list(asks())

# What a key is


@pytest.mark.parametrize("use_case", USE_CASES)
@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("", InvalidValue),
        (" k", InvalidValue),
        ("k\n", InvalidValue),
        ("k" * 201, InvalidValue),
        (7, InvalidType),
        (b"k", InvalidType),
        (True, InvalidType),
    ],
    ids=repr,
)
def test_what_is_no_key_is_an_error(use_case: str, key: Any, error: type[Exception]) -> None:
    """Empty, no text, with blanks at its ends or too long: nothing is done."""
    desk, ask = asks()[use_case]
    before = kept(desk)
    with pytest.raises(error, match="key is"):
        ask(key=key)
    assert kept(desk) == before


@pytest.mark.parametrize("use_case", USE_CASES)
@pytest.mark.parametrize("key", ["k", "k" * 200, "é漢 k"])
def test_the_same_request_gets_the_first_answer(use_case: str, key: str) -> None:
    """Whichever use case it is; nothing is done a second time."""
    desk, ask = asks()[use_case]
    first = ask(key=key)
    before = kept(desk)
    assert ask(key=key) == first
    assert kept(desk) == before


@pytest.mark.parametrize("use_case", [each for each in USE_CASES if each != "change"])
def test_a_retry_on_another_day_is_the_same_request(use_case: str) -> None:
    """A day is when it is asked, and not what: after midnight the first answer is told too."""
    _, ask = asks()[use_case]
    assert ask(key="k", on=date(2026, 6, 1)) == ask(key="k")


DIFFERENT: list[tuple[str, dict[str, Any]]] = [
    ("renew", {"subscription_id": "S-2"}),
    ("renew", {"actor": USER}),
    ("renew", {"term_ends_on": END}),
    ("switch_auto_renew", {"subscription_id": "S-2"}),
    ("switch_auto_renew", {"to": OFF}),
    ("switch_auto_renew", {"actor": USER}),
    ("change", {"subscription_id": "S-2"}),
    ("change", {"request": "cancel end-of-term"}),
    ("check_out", {"number": "B-2"}),
    ("check_out", {"accepted": Money("190.00", "USD")}),
    ("check_out", {"actor": USER}),
    ("check_out", {"password": WORD}),
    ("check_out", {"purchase": a_purchase(TWO[0])}),
    ("check_out", {"purchase": a_purchase(*reversed(TWO))}),
    ("check_out", {"purchase": a_purchase(prices=DEARER)}),
    ("check_out", {"purchase": a_purchase(a_subscription(seats=2), TWO[1])}),
    ("check_out", {"purchase": a_purchase(reductions=(HALF,))}),
    ("switch_order", {"to": OFF}),
]


@pytest.mark.parametrize(
    ("use_case", "other"), DIFFERENT, ids=[f"{name}-{'-'.join(more)}" for name, more in DIFFERENT]
)
def test_another_request_under_the_key_is_refused_for_good(
    use_case: str, other: dict[str, Any]
) -> None:
    """Neither the first one's answer nor an act of its own; and not to be asked again."""
    desk, ask = asks()[use_case]
    ask(key="k")
    before = kept(desk)
    for _ in range(2):
        with pytest.raises(KeyTaken, match="stands for another request") as raised:
            ask(key="k", **other)
        assert raised.value.key == "k"
        assert not isinstance(raised.value, RevisionConflict)
    assert kept(desk) == before


@pytest.mark.parametrize(
    ("first", "second"),
    list(permutations([each for each in USE_CASES if each != "switch_order"], 2)),
)
def test_a_key_is_of_one_use_case(first: str, second: str) -> None:
    """Whichever of them took it, no other gets an answer under it."""
    both = asks()
    both[first][1](key="k")
    with pytest.raises(KeyTaken):
        both[second][1](key="k")


def test_an_order_is_not_switched_under_another_requests_key() -> None:
    """Nor is another order; and what was done under it is not shown."""
    desk, decision = with_order()
    desk.renew("S-1", on=DAY, key="k-1")
    with pytest.raises(KeyTaken):
        desk.switch_order(decision, to=ON, on=DAY, key="k-1")
    desk.switch_order(decision, to=ON, on=DAY, key="k-2")
    with pytest.raises(KeyTaken):
        desk.switch_auto_renew("S-1", to=ON, on=DAY, key="k-2")


def test_what_opened_nothing_is_not_answered_under_the_key() -> None:
    """The refusal is the decision's own, and the key stays free for the order that is opened."""
    desk, decision = with_order()
    wrong = desk.open_order(number="A-1", password=Secret("guess"), on=DAY, at=NOON)
    assert desk.switch_order(wrong, to=ON, on=DAY, key="k") == Refusal(decision=wrong)
    assert isinstance(desk.switch_order(decision, to=ON, on=DAY, key="k"), OrderTransition)


def test_a_key_that_the_application_gave_to_its_own_events_is_taken() -> None:
    """What was appended past the desk is nobody's answer."""
    desk = a_desk()
    with desk.storage.transaction() as found:
        found.events.append((), key="k")
    with pytest.raises(KeyTaken):
        desk.renew("S-1", on=DAY, key="k")


@pytest.mark.parametrize("request_", [None, "", 7])
def test_an_act_under_a_key_says_what_it_is(request_: Any) -> None:
    """A function does not tell, so the caller does."""
    desk = a_desk()
    before = kept(desk)
    with pytest.raises(InvalidValue, match="request is"):
        desk.change("S-1", cancelled, key="k", request=request_)
    assert kept(desk) == before


def test_an_argument_of_a_foreign_type_is_named() -> None:
    """It has no canonical text."""
    desk: Any = a_desk()
    with pytest.raises(InvalidType, match="accepted is 190"):
        desk.check_out(a_purchase(), number="B-1", on=DAY, accepted=190.0, key="k")


# What is told again


def test_a_refusal_is_told_again() -> None:
    """Also on a day on which it would be renewed: the key stands for what was refused."""
    desk = a_desk()
    first = desk.renew("S-1", on=EARLY, key="k")
    assert isinstance(first, Refusal)
    assert first.decision.route is Route.WAIT_FOR_WINDOW
    before = kept(desk)
    again = desk.renew("S-1", on=DAY, key="k")
    assert again == first
    assert isinstance(again, Refusal)
    assert again.explain("fr") == first.explain("fr")
    assert kept(desk) == before
    assert isinstance(desk.renew("S-1", on=DAY, key="k-2"), Transition)


def test_a_refusal_is_told_again_after_other_things_have_happened() -> None:
    """With what it saw then."""
    desk = a_desk()
    first = desk.renew("S-1", on=DAY, actor=USER, term_ends_on=date(2025, 6, 1), key="k")
    assert isinstance(first, Refusal)
    assert [each.code for each in first.findings] == ["already-renewed"]
    desk.renew("S-1", on=DAY)
    assert desk.renew("S-1", on=DAY, actor=USER, term_ends_on=date(2025, 6, 1), key="k") == first


WAYS = POLICY.evolve(term_change_ways=(RegionWays(region="JP", way=Way.SUPPORT),))
OTHERS: list[Callable[[Desk, str | None], object]] = [
    lambda desk, key: desk.switch_auto_renew("S-1", to=ON, on=END, key=key),
    lambda desk, key: desk.switch_auto_renew("S-1", to=ON, on=DAY, actor=USER, key=key),
    lambda desk, key: desk.check_out(a_purchase(), number="B-1", on=END, key=key),
    lambda desk, key: desk.check_out(a_purchase(), number="B-1", on=DAY, actor=USER, key=key),
    lambda desk, key: desk.change(
        "S-1",
        lambda each: change_term(each, to=Term.years(3), region="JP", policy=WAYS, on=DAY),
        key=key,
        request="change to P3Y",
    ),
]


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_every_refusal_is_told_again(number: int) -> None:
    """By whichever question it was refused, with its actor, term and region."""
    desk = a_desk(policy=WAYS)
    first = OTHERS[number](desk, "k")
    assert isinstance(first, Refusal)
    assert OTHERS[number](desk, "k") == first == OTHERS[number](desk, None)


def test_an_orders_refusal_is_told_again() -> None:
    """Of lines that were over."""
    desk, decision = with_order()
    first = desk.switch_order(decision, to=ON, on=date(2027, 1, 1), key="k")
    assert isinstance(first, Refusal)
    assert desk.switch_order(decision, to=ON, on=DAY, key="k") == first


def test_a_refusal_is_no_success_where_the_policy_was_corrected_since() -> None:
    """The words of the first time win; nothing is done."""
    strict = POLICY.evolve(window_opens_days=10)
    desk = a_desk(policy=strict)
    first = desk.renew("S-1", on=DAY, key="k")
    assert isinstance(first, Refusal)
    corrected = attrs.evolve(desk, policy=POLICY)
    before = kept(desk)
    again = corrected.renew("S-1", on=DAY, key="k")
    assert isinstance(again, Refusal)
    assert (again.decision.route, again.decision.codes) == (
        first.decision.route,
        first.decision.codes,
    )
    assert kept(desk) == before
    assert isinstance(corrected.renew("S-1", on=DAY), Transition)


def test_a_success_is_no_refusal_where_the_policy_was_corrected_since() -> None:
    """What was done, was."""
    desk = a_desk()
    first = desk.renew("S-1", on=DAY, key="k")
    strict = attrs.evolve(desk, policy=POLICY.evolve(window_opens_days=10))
    assert strict.renew("S-1", on=DAY, key="k") == first


def test_an_answer_without_an_event_tells_how_it_stood() -> None:
    """The state of the first time, and not today's."""
    desk = a_desk()
    first = desk.switch_auto_renew("S-1", to=OFF, on=DAY, key="k")
    assert first == Transition(subscription=TWO[0], events=())
    desk.switch_auto_renew("S-1", to=ON, on=DAY)
    assert desk.switch_auto_renew("S-1", to=OFF, on=DAY, key="k") == first


def test_an_order_without_an_event_tells_how_it_stood() -> None:
    """All of its lines."""
    desk, decision = with_order()
    first = desk.switch_order(decision, to=OFF, on=DAY, key="k")
    assert isinstance(first, OrderTransition)
    assert first.events == ()
    desk.switch_auto_renew("S-1", to=ON, on=DAY)
    assert desk.switch_order(opened(desk), to=OFF, on=DAY, key="k") == first


def test_an_order_is_told_again_after_a_line_went_to_another() -> None:
    """It was switched then."""
    desk, decision = with_order()
    first = desk.switch_order(decision, to=ON, on=DAY, key="k")
    on = date(2026, 12, 1)
    cart = Cart().add(
        first.order.subscriptions[0],  # type: ignore[union-attr]
        policy=POLICY,
        prices=PRICES,
        on=on,
    )
    assert isinstance(cart, Cart)
    assert isinstance(desk.check_out(cart.purchases(POLICY)[0], number="B-1", on=on), CheckOut)
    assert desk.switch_order(decision, to=ON, on=on, key="k") == first


def test_an_act_that_says_which_order_it_is_of_is_told_again() -> None:
    """A transition's order is part of its answer."""
    desk = a_desk()
    order = Order(number="PO-1", placed_on=EARLY, subscriptions=TWO)

    def act(each: Subscription) -> Transition | Refusal:
        return renew(each, policy=POLICY, on=DAY, order=order)

    first = desk.change("S-1", act, key="k", request="renew in PO-1")
    assert isinstance(first, Transition)
    assert first.order is not None
    assert desk.change("S-1", act, key="k", request="renew in PO-1") == first


def test_what_was_bought_anew_is_told_again_once_it_is_renewed() -> None:
    """The new one as it was sold."""
    desk = a_desk()

    def act(each: Subscription) -> Transition | Refusal:
        return buy_anew(each, id="S-9", policy=POLICY, on=END)

    first = desk.change("S-1", act, key="k", request="buy S-9")
    desk.switch_auto_renew("S-9", to=ON, on=END)
    assert desk.change("S-1", act, key="k", request="buy S-9") == first


def test_what_is_gone_since_is_told_again_too() -> None:
    """And without the key it is not found."""
    desk = a_desk()
    first = desk.renew("S-1", on=DAY, key="k")
    storage: Any = desk.storage
    del storage.subscriptions["S-1"]  # and not by the repository, which deletes the answer, too
    assert desk.renew("S-1", on=DAY, key="k") == first
    for key in (None, "k-2"):
        with pytest.raises(NotFound, match="S-1"):
            desk.renew("S-1", on=DAY, key=key)


def test_what_was_deleted_is_told_no_more() -> None:
    """Its answers are gone with it, and its keys stay taken."""
    desk = a_desk()
    desk.renew("S-1", on=DAY, key="k")
    with desk.storage.transaction() as found:
        found.subscriptions.delete("S-1", revision=2)
    with pytest.raises(KeyTaken):
        desk.renew("S-1", on=DAY, key="k")


# What was paid


def test_a_check_out_told_again_tells_the_first_total() -> None:
    """Prices and rates moved in between; the line, its price and its saving are the first ones."""
    desk = a_desk()
    first = desk.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(first, CheckOut)
    again = with_prices(desk, DEARER).check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(again, CheckOut)
    assert again == first
    assert again.quote.total == Money("190.00", "USD")
    assert again.quote.list_total == Money("200.00", "USD")
    assert [line.discount.rate for line in again.quote.lines] == [Decimal("0.05")] * 2


def test_a_check_out_told_again_tells_the_first_saving() -> None:
    """The rate of that day had been given up by the policy since."""
    desk = a_desk()
    first = desk.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(first, CheckOut)
    corrected = attrs.evolve(desk, policy=POLICY.evolve(saving_floor_rate=None))
    again = corrected.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(again, CheckOut)
    assert again.quote.total == first.quote.total
    assert [line.discount.codes for line in again.quote.lines] == [
        line.discount.codes for line in first.quote.lines
    ]


def test_a_late_charge_is_told_again() -> None:
    """What lateness cost is part of what was paid."""
    policy, on = solidworks.EDITIONS, date(2026, 1, 20)
    line = a_subscription()
    desk = a_desk(line, policy=policy)
    cart = Cart().add(line, policy=policy, prices=PRICES, on=on)
    assert isinstance(cart, Cart)
    (purchase,) = cart.purchases(policy.in_force(line, on=on))
    first = desk.check_out(purchase, number="B-1", on=on, key="k")
    assert isinstance(first, CheckOut)
    assert first.quote.lines[0].charges
    assert with_prices(desk, DEARER).check_out(purchase, number="B-1", on=on, key="k") == first


def test_a_line_quoted_with_a_reduction_is_bought_at_that_price() -> None:
    """By the desk, under a key and without one, and told again so."""
    quote = renewal_quote(TWO[0], policy=POLICY, prices=PRICES, on=DAY, reductions=(HALF,))
    purchase = Purchase(key=(), lines=quote.lines)
    assert quote.total == Money("50.00", "USD")
    for key in (None, "k"):
        desk = a_desk()
        done = desk.check_out(purchase, number="B-1", on=DAY, key=key)
        assert isinstance(done, CheckOut)
        assert done.quote.total == quote.total
        assert done.quote.lines[0].reductions == (HALF,)
    assert with_prices(desk, DEARER).check_out(purchase, number="B-1", on=DAY, key="k") == done


# What has changed


def test_a_dearer_cart_is_told_again() -> None:
    """Also when the price has come down again: whoever wants to buy takes a new key."""
    desk = with_prices(a_desk(), a_list(a_price("120.00")))
    first = desk.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(first, tuple)
    assert {each.what for each in first} == {Changed.PRICE}
    before = kept(desk)
    assert with_prices(desk, PRICES).check_out(a_purchase(), number="B-1", on=DAY, key="k") == first
    assert kept(desk) == before
    assert isinstance(desk.check_out(a_purchase(), number="B-1", on=DAY, key="k-2"), CheckOut)


def test_a_cart_whose_line_was_renewed_is_told_again() -> None:
    """With the line before and after."""
    desk = a_desk()
    desk.renew("S-1", on=DAY)
    first = desk.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(first, tuple)
    (change,) = first
    assert (change.what, change.before) == (Changed.SUBSCRIPTION, TWO[0])
    desk.switch_auto_renew("S-1", to=ON, on=DAY)
    assert desk.check_out(a_purchase(), number="B-1", on=DAY, key="k") == first


def test_a_cart_under_another_edition_is_told_again() -> None:
    """The editions' identifiers."""
    editions = Editions(
        (
            Edition(from_on=date(2020, 1, 1), policy=POLICY),
            Edition(from_on=date(2025, 12, 15), policy=POLICY.evolve(id="own/2")),
        )
    )
    desk = a_desk(policy=editions)
    first = desk.check_out(a_purchase(), number="B-1", on=date(2025, 12, 20), key="k")
    assert isinstance(first, tuple)
    assert (first[0].before, first[0].after) == ("autodesk/2024", "own/2")
    assert desk.check_out(a_purchase(), number="B-1", on=date(2025, 12, 20), key="k") == first


def test_a_cart_whose_price_is_gone_is_told_again() -> None:
    """Nothing is what it costs now, and nothing is told again."""
    desk = with_prices(a_desk(), a_list())
    total = Money("190.00", "USD")
    with pytest.raises(InvalidValue, match="every line needs a total"):
        desk.check_out(a_purchase(), number="B-1", on=DAY, accepted=total, key="k")
    moved = a_desk(a_subscription(product="Gone"), TWO[1])
    first = moved.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(first, tuple)
    assert moved.check_out(a_purchase(), number="B-1", on=DAY, key="k") == first


def test_a_total_that_was_not_accepted_is_told_again() -> None:
    """Nothing has changed but what the customer agreed to."""
    desk = a_desk()
    asked: dict[str, Any] = {"number": "B-1", "accepted": Money("1.00", "USD"), "key": "k"}
    assert desk.check_out(a_purchase(), on=DAY, **asked) == ()
    assert desk.check_out(a_purchase(), on=DAY, **asked) == ()


# What is kept


def test_no_secret_is_kept_nor_can_it_be_guessed() -> None:
    """Two passwords give one fingerprint, and neither stands in the text."""
    texts = []
    for word in ("hunter2", "correct horse"):
        desk = a_desk()
        asked: dict[str, Any] = {"number": "B-1", "on": DAY, "key": "k"}
        desk.check_out(a_purchase(), password=Secret(word), **asked)
        texts.append(text_under(desk))
        assert word not in repr(kept(desk))
    assert texts[0] == texts[1]
    assert len(json.loads(texts[0])["fingerprint"]) == 64


def test_a_fingerprint_is_the_same_tomorrow() -> None:
    """Stored ones are compared with those of a later version: this one is written down."""
    desk = a_desk()
    desk.renew("S-1", on=DAY, actor=USER, key="k")
    assert json.loads(text_under(desk))["fingerprint"] == (
        "f465be027c22def0beed663a5d38a42ba0afa25b310cdfabb50a1be760c2b59c"
    )


def test_text_that_storage_has_cut_is_named() -> None:
    """It is no answer, and nothing is done."""
    desk = a_desk()
    desk.renew("S-1", on=DAY, key="k")
    put_text(desk, text_under(desk)[:100])
    with pytest.raises(InvalidValue, match="keep it whole"):
        desk.renew("S-1", on=DAY, key="k")


def test_words_of_another_version_are_named() -> None:
    """A route that this version does not have is not told as another one."""
    desk = a_desk()
    desk.renew("S-1", on=EARLY, key="k")
    put_text(desk, text_under(desk).replace("wait-for-window", "wait-for-spring"))
    with pytest.raises(InvalidValue, match="use a new key"):
        desk.renew("S-1", on=EARLY, key="k")


def test_facts_of_another_version_are_told_by_their_words() -> None:
    """Route and codes are the answer; the facts behind them only choose among equals."""
    desk = a_desk()
    first = desk.renew("S-1", on=EARLY, key="k")
    assert isinstance(first, Refusal)
    put_text(desk, text_under(desk).replace('"LiveFacts"', '"OldFacts"'))
    again = desk.renew("S-1", on=EARLY, key="k")
    assert isinstance(again, Refusal)
    assert (again.decision.route, again.decision.codes) == (
        first.decision.route,
        first.decision.codes,
    )


def test_a_refusal_of_the_applications_own_is_told_again() -> None:
    """With a clause of its own, and with what it saw; what is of no known type, as text."""
    own = Clause(id="own.credit", heading="ours", says="Credit is checked.")
    values = (("limit", Money("5.00", "USD")), ("since", END), ("who", Role.USER), ("by", None))

    def act(each: Subscription) -> Transition | Refusal:
        decision = renewability(each, policy=POLICY, on=DAY)
        return Refusal(decision=decision, findings=(Finding("no-credit", own, values, True),))

    desk = a_desk()
    first = desk.change("S-1", act, key="k", request="check credit")
    assert desk.change("S-1", act, key="k", request="check credit") == first


def test_a_refusal_by_a_question_that_cannot_be_told_again_is_an_error() -> None:
    """Under a key; without one it is passed on."""
    desk = a_desk()

    def act(each: Subscription) -> Transition | Refusal:
        return Refusal(decision=exclusions(each, policy=POLICY, on=DAY))

    assert isinstance(desk.change("S-1", act), Refusal)
    before = kept(desk)
    with pytest.raises(InvalidValue, match="ask without a key"):
        desk.change("S-1", act, key="k", request="exclude")
    assert kept(desk) == before


def test_a_change_in_a_cart_is_a_value() -> None:
    """Told again it is equal, member for member."""
    desk = with_prices(a_desk(), a_list(a_price("120.00")))
    desk.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    again = desk.check_out(a_purchase(), number="B-1", on=DAY, key="k")
    assert isinstance(again, tuple)
    assert again[0] == CartChange(
        subscription_id="S-1",
        what=Changed.PRICE,
        before=Money("95.00", "USD"),
        after=Money("114.00", "USD"),
    )


def test_a_large_order_is_told_again() -> None:
    """Of more lines than a mapping is read of at once."""
    lines = tuple(a_subscription(id=f"S-{number}", seats=2) for number in range(4000))
    desk = a_desk(*lines)
    purchase = a_purchase(*lines)
    first = desk.check_out(purchase, number="B-1", on=DAY, key="k")
    assert isinstance(first, CheckOut)
    assert desk.check_out(purchase, number="B-1", on=DAY, key="k") == first


# At once


@pytest.mark.parametrize("use_case", USE_CASES)
def test_of_sixteen_at_once_all_get_the_first_answer(use_case: str) -> None:
    """Asking again where somebody else was first, as the error says: never anything else."""
    for round_ in range(5):
        _, ask = asks()[use_case]
        gate = threading.Barrier(16)
        found: list[object] = []

        def one(
            ask: Ask = ask, gate: threading.Barrier = gate, found: list[object] = found
        ) -> None:
            gate.wait()
            while True:
                try:
                    found.append(ask(key="k"))
                except RevisionConflict:
                    continue
                except SubrenewError as error:
                    found.append(error)
                return

        threads = [threading.Thread(target=one) for _ in range(16)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(found) == 16
        assert [each for each in found if each != found[0]] == [], round_
        assert isinstance(found[0], Transition | OrderTransition | CheckOut)


def test_a_key_that_is_taken_between_reading_and_saving_is_told_when_asked_again() -> None:
    """Somebody else answers under it meanwhile: nothing is done twice."""
    desk = a_desk()
    first: list[object] = []

    def act(each: Subscription) -> Transition | Refusal:
        if not first:
            first.append(None)
            first[0] = desk.switch_auto_renew("S-2", to=AutoRenew.ON, on=DAY, key="k")
        return cancelled(each)

    with pytest.raises(RevisionConflict):
        desk.change("S-1", act, key="k", request="cancel at-once")
    with pytest.raises(KeyTaken):
        desk.change("S-1", act, key="k", request="cancel at-once")


@pytest.mark.parametrize("use_case", USE_CASES)
@pytest.mark.parametrize(
    "read", ["_Subscriptions.get", "_Orders.get", "_Events.under", "_Events.answer"]
)
def test_an_answer_that_is_kept_between_two_reads_is_told(use_case: str, read: str) -> None:
    """After whichever read: a conflict or the first answer, and no taken key nor number."""
    _, ask = asks()[use_case]
    first: list[object] = []
    storage_class, name = read.split(".")
    reads = getattr(memory, storage_class)
    inner = getattr(reads, name)

    def late(self: Any, key: str) -> Any:
        try:
            return inner(self, key)
        finally:
            if not first:
                first.append(None)
                first[0] = ask(key="k")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reads, name, late)
        answer: object = None
        with suppress(RevisionConflict):
            answer = ask(key="k")
    again = ask(key="k")
    assert answer in (None, again)
    assert first in ([], [again])


def test_a_number_that_is_none_buys_nothing() -> None:
    """A number that is not one is an error, and nothing is looked up under it."""
    desk = a_desk()
    with pytest.raises(InvalidValue, match=r"Order\.number"):
        desk.check_out(a_purchase(), number="b-1", on=DAY, key="k")
