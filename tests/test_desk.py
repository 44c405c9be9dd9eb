"""The desk over a storage in memory: who may, decide, transition, save, append, once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    AttemptLimit,
    Attempts,
    AutoRenew,
    CancelAt,
    Cart,
    CheckOut,
    Decision,
    Event,
    Happening,
    InvalidType,
    InvalidValue,
    Kind,
    Money,
    NotFound,
    NotInForce,
    NumberTaken,
    OrderChanged,
    OrderRoute,
    OrderTransition,
    PasswordHash,
    PaymentMethod,
    Purchase,
    Reduction,
    Refusal,
    RegionLink,
    RevisionConflict,
    Role,
    Route,
    Secret,
    Subscription,
    Term,
    Transition,
    buy_anew,
    cancel,
    convert_trial,
    renew,
    renewability,
    renewal_quote,
    replay,
)
from subrenew.collecting import DueReport
from subrenew.desk import Desk
from subrenew.passwords import BoundedHasher, ScryptHasher
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord, Stored
from subrenew.testing.memory import MemoryStorage
from tests.makers import OFF, ON, PAYPAL, a_list, a_price, a_subscription

POLICY = autodesk.EDITION_2024.evolve(
    order_links=(RegionLink(region="FR", url="https://example.com/fr"),)
)
DAY, END = date(2025, 12, 1), date(2026, 1, 1)
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
PRICES = a_list(a_price("100.00"), a_price("120.00", from_on=date(2025, 12, 20)))
HASHER = ScryptHasher(cost=4)
CARD = PaymentMethod.card(expires="2025-06", id="M-1")
NEW_CARD = PaymentMethod.card(expires="2030-06", id="M-1")
USER = Actor(id="P-1", roles=frozenset({Role.USER}))
WORD = Secret("hunter2")


def a_desk(*subscriptions: Subscription, policy: Any = POLICY, **more: Any) -> Desk:
    """A desk over these subscriptions."""
    storage = MemoryStorage(subscriptions, prices=PRICES)
    return Desk(storage=storage, policy=policy, hasher=HASHER, **more)


def held(desk: Desk, id: str = "S-1") -> Stored[Subscription]:
    """What storage holds."""
    with desk.storage.transaction() as found:
        return found.subscriptions.get(id)


def log(desk: Desk, id: str = "S-1") -> tuple[Event, ...]:
    """What happened."""
    with desk.storage.transaction() as found:
        return found.events.of(id)


def all_of(desk: Desk) -> tuple[object, ...]:
    """Everything that a storage in memory keeps, to compare."""
    storage: Any = desk.storage
    return (
        dict(storage.subscriptions),
        dict(storage.orders),
        dict(storage.methods),
        {key: tuple(events) for key, events in storage.events_of.items()},
        dict(storage.events_under),
        dict(storage.answers),
    )


def done(answer: object) -> Transition:
    """Return the transition."""
    assert isinstance(answer, Transition), answer
    return answer


# One subscription


def test_a_renewal_is_saved_with_its_event() -> None:
    """Load, decide, save, append: the entity under the next revision, and what happened."""
    desk = a_desk(a_subscription())
    answer = done(desk.renew("S-1", on=DAY))
    same = renew(a_subscription(), policy=POLICY, on=DAY, amount=Money("95.00", "USD"))
    assert isinstance(same, Transition)
    [event] = same.events
    assert answer == attrs.evolve(same, events=(attrs.evolve(event, id="S-1/2"),))
    assert held(desk) == Stored(value=answer.subscription, revision=2)
    assert log(desk) == answer.events


def test_a_switch_is_saved_with_its_event() -> None:
    """In the account."""
    desk = a_desk(a_subscription())
    answer = done(desk.switch_auto_renew("S-1", to=ON, on=DAY))
    assert held(desk).value.auto_renew is ON
    assert [event.what for event in log(desk)] == [Happening.SWITCHED_ON]
    again = done(desk.switch_auto_renew("S-1", to=ON, on=DAY))
    assert again == Transition(subscription=answer.subscription, events=())
    assert held(desk).revision == 2


def test_a_refusal_saves_nothing() -> None:
    """Neither an entity nor an event."""
    desk = a_desk(a_subscription())
    before = all_of(desk)
    for answer in (
        desk.renew("S-1", on=date(2025, 2, 1)),
        desk.renew("S-1", on=DAY, actor=USER),
        desk.switch_auto_renew("S-1", to=ON, on=END),
        desk.switch_auto_renew("S-1", to=ON, on=DAY, actor=USER),
    ):
        assert isinstance(answer, Refusal)
        assert all_of(desk) == before
    assert done(desk.renew("S-1", on=DAY)).events


def test_what_is_not_there_is_not_found() -> None:
    """By whichever use case it is asked for."""
    desk = a_desk()
    for act in (
        lambda: desk.renew("S-9", on=DAY),
        lambda: desk.switch_auto_renew("S-9", to=ON, on=DAY),
        lambda: desk.change("S-9", lambda each: renew(each, policy=POLICY, on=DAY)),
    ):
        with pytest.raises(NotFound, match="S-9"):
            act()


def test_without_a_key_a_second_renewal_is_refused() -> None:
    """The rules themselves keep a term from being renewed twice."""
    desk = a_desk(a_subscription())
    done(desk.renew("S-1", on=DAY))
    answer = desk.renew("S-1", on=DAY)
    assert isinstance(answer, Refusal)
    assert answer.decision == renewability(held(desk).value, policy=POLICY, on=DAY)


def test_a_retry_gives_the_first_answer_again() -> None:
    """Also later, and after other things have happened; nothing is done a second time."""
    desk = a_desk(a_subscription())
    first = desk.renew("S-1", on=DAY, key="k-1")
    assert desk.renew("S-1", on=DAY, key="k-1") == first
    done(desk.switch_auto_renew("S-1", to=ON, on=DAY, key="k-2"))
    assert desk.renew("S-1", on=date(2026, 12, 1), key="k-1") == first
    assert held(desk).revision == 3
    assert len(log(desk)) == 2


def test_an_answer_without_an_event_is_given_again_too() -> None:
    """Set already, then set otherwise: a retry of the first request does not set it back."""
    desk = a_desk(a_subscription())
    first = desk.switch_auto_renew("S-1", to=OFF, on=DAY, key="k-1")
    assert first == Transition(subscription=a_subscription(), events=())
    done(desk.switch_auto_renew("S-1", to=ON, on=DAY))
    assert desk.switch_auto_renew("S-1", to=OFF, on=DAY, key="k-1") == first
    assert held(desk).value.auto_renew is ON


# Any transition


def test_a_trial_is_converted_and_the_new_one_saved() -> None:
    """Both are saved, at once, and a retry gives the new one again."""
    desk = a_desk(a_subscription(kind=Kind.TRIAL, term=Term.days(30)))

    def act(each: Subscription) -> Transition | Refusal:
        return convert_trial(each, id="S-2", policy=POLICY, on=date(2025, 1, 10))

    first = done(desk.change("S-1", act, key="k-1", request="buy S-2"))
    assert held(desk, "S-2") == Stored(value=first.subscription, revision=1)
    assert held(desk).value.cancelled_on == date(2025, 1, 10)
    assert log(desk, "S-2")[0].what is Happening.BOUGHT
    assert desk.change("S-1", act, key="k-1", request="buy S-2") == first
    # Without the key the rules themselves keep it from being bought twice.
    again = desk.change("S-1", act)
    assert isinstance(again, Refusal)
    assert "converted" in again.decision.codes
    assert held(desk, "S-2").revision == 1


def test_a_renewal_that_names_its_term_is_made_once() -> None:
    """Without a key: the page that was pressed twice shows the same term, which is renewed now."""
    desk = a_desk(a_subscription())
    first = done(desk.renew("S-1", on=DAY, term_ends_on=END))
    again = desk.renew("S-1", on=date(2026, 12, 1), term_ends_on=END)
    assert isinstance(again, Refusal)
    assert [each.code for each in again.findings] == ["already-renewed"]
    assert held(desk).value == first.subscription
    assert len(log(desk)) == 1
    done(desk.renew("S-1", on=date(2026, 12, 1), term_ends_on=date(2027, 1, 1)))


def test_what_is_over_is_bought_anew_once() -> None:
    """An expired trial and an expired subscription have no event of their own; the new one has."""
    desk = a_desk(a_subscription())

    def act(each: Subscription) -> Transition | Refusal:
        return buy_anew(each, id="S-2", policy=POLICY, on=END)

    first = done(desk.change("S-1", act, key="k-1", request="buy S-2"))
    assert held(desk) == Stored(value=a_subscription(), revision=1)
    assert desk.change("S-1", act, key="k-1", request="buy S-2") == first
    assert held(desk, "S-2").revision == 1


def test_an_act_on_something_stale_is_refused() -> None:
    """Whoever acts on what was read before, and not on what is handed in, would undo the rest."""
    desk = a_desk(a_subscription())
    stale = held(desk).value
    done(desk.switch_auto_renew("S-1", to=ON, on=DAY))
    before = all_of(desk)
    with pytest.raises(InvalidValue, match="act on the subscription that it is given"):
        desk.change("S-1", lambda _: cancel(stale, at=CancelAt.AT_ONCE, policy=POLICY, on=DAY))
    other = a_subscription(id="S-2")
    with pytest.raises(InvalidValue, match="act on the subscription that it is given"):
        desk.change("S-1", lambda _: renew(other, policy=POLICY, on=DAY))
    assert all_of(desk) == before


def test_several_events_of_one_subscription_are_saved_in_turn() -> None:
    """An act of one's own that does two things is saved with both."""
    desk = a_desk(a_subscription())

    def act(each: Subscription) -> Transition | Refusal:
        one = done(renew(each, policy=POLICY, on=DAY))
        two = done(cancel(one.subscription, at=CancelAt.END_OF_TERM, policy=POLICY, on=DAY))
        return Transition(subscription=two.subscription, events=(*one.events, *two.events))

    answer = done(desk.change("S-1", act))
    assert held(desk) == Stored(value=answer.subscription, revision=3)
    assert replay(a_subscription(), log(desk)) == answer.subscription


# The nightly run


def _due(id: str = "S-1", **changes: Any) -> Subscription:
    return a_subscription(id=id, **{"auto_renew": ON, "payment_method": PAYPAL} | changes)


def test_the_nightly_run_reports_each() -> None:
    """What it renewed, what does not renew itself and why; what is not due is not touched."""
    desk = a_desk(
        _due("S-1"),
        _due("S-2", auto_renew=OFF),
        _due("S-3", payment_method=CARD),
        _due("S-4", starts_on=date(2025, 1, 2)),
        _due("S-5", starts_on=date(2024, 12, 25)),
        _due("S-6", starts_on=date(2024, 12, 24)),
        _due("S-7", kind=Kind.TRIAL),
    )
    report = desk.renew_due(END)
    assert report.on == END
    assert set(report.renewed) == {"S-1", "S-5"}
    assert dict(report.left) == {
        "S-2": "buy-new",
        "S-3": "buy-new",
        "S-7": "convert-trial",
    }
    assert report.failures == ()
    assert held(desk, "S-5").value.starts_on == date(2025, 12, 25)
    assert held(desk, "S-4").revision == held(desk, "S-6").revision == 1


def test_run_again_it_finds_done_what_is_done() -> None:
    """On the same day by mistake, and on the days after."""
    desk = a_desk(*(_due(f"S-{n}") for n in range(3)))
    desk.renew_due(END)
    before = all_of(desk)
    for later in range(8):
        assert desk.renew_due(END + timedelta(days=later)).renewed == ()
        assert all_of(desk) == before


@pytest.mark.parametrize(("catch_up_days", "renewed"), [(0, 1), (1, 2), (3, 4), (366, 8)])
def test_it_catches_up(catch_up_days: int, renewed: int) -> None:
    """For as many days as the policy says, and on the day itself."""
    policy = POLICY.evolve(catch_up_days=catch_up_days)
    lines = (_due(f"S-{n}", starts_on=date(2025, 1, 10 - n)) for n in range(8))
    report = a_desk(*lines, policy=policy).renew_due(date(2026, 1, 10))
    assert len(report.renewed) == renewed


@pytest.mark.parametrize(("days", "renewed"), [(1, ("S-1",)), (3, ("S-1",)), (4, ())])
def test_it_catches_up_as_the_edition_of_the_renewal_date_says(
    days: int, renewed: tuple[str, ...]
) -> None:
    """The next edition lets nothing be caught up, and does not shorten what was due before it."""
    first, then = (
        POLICY.evolve(id="own/1", catch_up_days=3),
        POLICY.evolve(id="own/2", catch_up_days=0),
    )
    editions = Editions(
        (
            Edition(from_on=date(2020, 1, 1), policy=first),
            Edition(from_on=date(2026, 1, 2), policy=then),
        )
    )
    desk = a_desk(_due(), policy=editions)
    assert desk.renew_due(END + timedelta(days=days)).renewed == renewed


@pytest.mark.parametrize("count", [499, 500, 501, 1203])
def test_it_pages_through_all_that_is_due(count: int) -> None:
    """Around the size of a page and beyond: each once, none left out."""
    desk = a_desk(*(_due(f"S-{n:04}") for n in range(count)))
    report = desk.renew_due(END)
    assert sorted(report.renewed) == [f"S-{n:04}" for n in range(count)]
    assert {held(desk, f"S-{n:04}").value.expires_on for n in range(count)} == {date(2027, 1, 1)}


class OwnError(Exception):
    """A storage's own, of no class that this library knows."""


@pytest.mark.parametrize(
    "error",
    [
        RevisionConflict("somebody else was first"),
        OSError("the disk is full"),
        OwnError("the database is locked"),
        KeyError("column"),
        TypeError("a driver's"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_one_failure_never_stops_the_others(error: Exception) -> None:
    """Whatever a storage raises for one subscription: it is reported, and the others go on."""
    desk = a_desk(*(_due(f"S-{n}") for n in range(5)))
    storage: Any = desk.storage

    class Failing:
        def transaction(self):
            return storage.transaction()

    original = type(storage.transaction().__enter__().subscriptions).get

    def get(self, id: str):
        if id == "S-2":
            raise error
        return original(self, id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.testing.memory._Subscriptions.get", get)
        report = attrs.evolve(desk, storage=Failing()).renew_due(END)
    assert report.renewed == ("S-0", "S-1", "S-3", "S-4")
    (failure,) = report.failures
    assert (failure.subscription_id, failure.error) == ("S-2", type(error).__name__)
    assert failure.message == str(error)
    assert desk.renew_due(END).renewed == ("S-2",)


def test_a_policy_that_fails_for_one_is_reported() -> None:
    """A day before every edition is a failure of that one."""
    editions = Editions((Edition(from_on=date(2026, 1, 2), policy=POLICY),))
    desk = a_desk(_due(), policy=editions)
    report = desk.renew_due(date(2026, 1, 1))
    assert [failure.error for failure in report.failures] == ["NotInForce"]


def test_the_day_of_a_run_is_a_day() -> None:
    """Before anything is read."""
    with pytest.raises(InvalidType):
        a_desk(_due()).renew_due("2026-01-01")  # type: ignore[arg-type]


def test_nothing_due_is_an_empty_report() -> None:
    """It is a value like any other."""
    assert a_desk().renew_due(END) == DueReport(on=END)


# A payment method


def test_a_payment_method_is_replaced_wherever_it_is_used() -> None:
    """Every subscription that uses it gets it, with an event each; no other does."""
    lines = [_due(f"S-{n:03}", payment_method=CARD) for n in range(501)]
    desk = a_desk(
        *lines, _due("S-x", payment_method=PaymentMethod.card(expires="2025-06", id="M-2"))
    )
    answers = desk.replace_payment_method(NEW_CARD, on=DAY)
    assert len(answers) == 501
    assert {done(each).subscription.payment_method for each in answers} == {NEW_CARD}
    assert held(desk, "S-500").value.payment_method == NEW_CARD
    assert log(desk, "S-000")[0].what is Happening.PAYMENT_REPLACED
    assert held(desk, "S-x").revision == 1
    with desk.storage.transaction() as found:
        assert found.payment_methods.get("M-1") == Stored(value=NEW_CARD, revision=1)
    assert len(desk.renew_due(END).renewed) == 501


def test_replaced_again_nothing_happens() -> None:
    """A retry finds it done, and goes on where it stopped."""
    desk = a_desk(_due(payment_method=CARD))
    desk.replace_payment_method(NEW_CARD, on=DAY)
    before = all_of(desk)
    (answer,) = desk.replace_payment_method(NEW_CARD, on=DAY)
    assert done(answer).events == ()
    assert all_of(desk) == before


def test_a_replaced_method_is_replaced_again_by_another() -> None:
    """Its revision counts."""
    desk = a_desk(_due(payment_method=CARD))
    desk.replace_payment_method(NEW_CARD, on=DAY)
    newer = PaymentMethod.card(expires="2031-06", id="M-1")
    desk.replace_payment_method(newer, on=DAY)
    with desk.storage.transaction() as found:
        assert found.payment_methods.get("M-1") == Stored(value=newer, revision=2)


def test_a_method_that_nothing_uses_is_kept() -> None:
    """It may be used later."""
    desk = a_desk()
    assert desk.replace_payment_method(NEW_CARD, on=DAY) == ()
    with desk.storage.transaction() as found:
        assert found.payment_methods.get("M-1").value == NEW_CARD


def test_those_that_are_over_refuse_and_the_others_get_it() -> None:
    """One refusal does not keep the rest from it."""
    desk = a_desk(
        _due("S-1", payment_method=CARD, cancelled_on=date(2025, 6, 1)),
        _due("S-2", payment_method=CARD),
    )
    refusal, answer = desk.replace_payment_method(NEW_CARD, on=DAY)
    assert isinstance(refusal, Refusal)
    assert refusal.decision.route is Route.BUY_NEW
    assert done(answer).subscription.payment_method == NEW_CARD
    assert held(desk, "S-1").value.payment_method == CARD


@pytest.mark.parametrize("over", [False, True])
def test_who_may_manage_none_of_them_replaces_nothing(over: bool) -> None:
    """Not even the method itself: a refusal saves nothing."""
    lines = [_due(payment_method=CARD)]
    if over:
        lines.append(_due("S-2", payment_method=CARD, cancelled_on=date(2025, 6, 1)))
    desk = a_desk(*lines)
    before = all_of(desk)
    answer, *_ = desk.replace_payment_method(NEW_CARD, on=DAY, actor=USER)
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.ASK_THE_MANAGER
    assert all_of(desk) == before


def test_a_method_without_an_identifier_replaces_nothing() -> None:
    """Nobody could say which."""
    with pytest.raises(InvalidType, match=r"PaymentMethod\.id"):
        a_desk().replace_payment_method(PAYPAL, on=DAY)


# Check-out


def _purchase(*lines: Subscription) -> Purchase:
    cart = Cart()
    for each in lines:
        added = cart.add(each, policy=POLICY, prices=PRICES, on=DAY)
        assert isinstance(added, Cart), added
        cart = added
    (purchase,) = cart.purchases(POLICY)
    return purchase


TWO = (a_subscription(), a_subscription(id="S-2"))


def test_a_check_out_saves_lines_order_and_events() -> None:
    """Everything at once: the renewed lines, the order's record, what happened."""
    desk = a_desk(*TWO)
    answer = desk.check_out(_purchase(*TWO), number="A-1", on=DAY, password=WORD)
    assert isinstance(answer, CheckOut)
    for line in answer.subscriptions:
        assert held(desk, line.id) == Stored(value=line, revision=2)
        assert line.order_number == "A-1"
    with desk.storage.transaction() as found:
        record = found.orders.get("A-1").value
    assert record.number == "A-1"
    assert record.placed_on == DAY
    assert record.subscription_ids == ("S-1", "S-2")
    assert record.total == answer.quote.total == Money("190.00", "USD")
    assert HASHER.verify(WORD, record.password_hash)
    assert (*log(desk, "S-1"), *log(desk, "S-2")) == answer.events


@pytest.mark.parametrize("plain", ["hunter2-in-plain", b"hunter2-in-plain", ""])
def test_a_check_out_with_a_plain_password_does_nothing_and_shows_it_nowhere(plain: Any) -> None:
    """Neither in the message nor in the variables of the library's frames; the key stays free."""
    desk = a_desk(*TWO)
    asked: dict[str, Any] = {"number": "A-1", "on": DAY, "key": "k-1"}
    with pytest.raises(InvalidType, match=r"password is .*wrap it in Secret") as caught:
        desk.check_out(_purchase(*TWO), **asked, password=plain)
    frames = [each.frame for each in caught.traceback if "tests" not in str(each.path)]
    assert frames
    for frame in frames:
        assert "hunter2-in-plain" not in str(frame.f_locals)
    assert "hunter2" not in str(caught.value)
    assert log(desk, "S-1") == ()
    assert isinstance(desk.check_out(_purchase(*TWO), **asked, password=WORD), CheckOut)


def test_a_check_out_with_its_key_retried_gives_the_first_answer() -> None:
    """Word for word, also on another day, at other prices and after a line went on living."""
    desk = a_desk(*TWO)
    purchase = _purchase(*TWO)
    on = date(2025, 12, 20)
    total = Money("228.00", "USD")
    asked: dict[str, Any] = {"number": "A-1", "accepted": total, "key": "k-1", "password": WORD}
    first = desk.check_out(purchase, on=on, **asked)
    assert isinstance(first, CheckOut)
    assert first.quote.total == total
    done(desk.switch_auto_renew("S-1", to=ON, on=on))
    before = all_of(desk)
    assert desk.check_out(purchase, on=on, **asked) == first
    assert desk.check_out(purchase, on=date(2026, 6, 1), **asked) == first
    assert all_of(desk) == before


def test_a_retried_check_out_tells_the_reductions_too() -> None:
    """What was paid is what the first answer said."""
    half = (Reduction(code="HALF", rate=Decimal("0.5")),)
    quote = renewal_quote(TWO[0], policy=POLICY, prices=PRICES, on=DAY, reductions=half)
    cart = Cart(lines=quote.lines).add(TWO[1], policy=POLICY, prices=PRICES, on=DAY)
    assert isinstance(cart, Cart)
    (purchase,) = cart.purchases(POLICY)
    desk = a_desk(*TWO)
    first = desk.check_out(purchase, number="A-1", on=DAY, key="k-1")
    assert isinstance(first, CheckOut)
    assert [line.discount.asked.reductions for line in first.quote.lines] == [half, ()]
    assert first.quote.lines == purchase.lines
    assert desk.check_out(purchase, number="A-1", on=DAY, key="k-1") == first


def test_a_subscription_in_two_carts_is_bought_once() -> None:
    """The second check-out sees that it is another one now, and nothing of it is done."""
    desk = a_desk(*TWO)
    first, second = _purchase(TWO[0]), _purchase(*TWO)
    assert isinstance(desk.check_out(first, number="A-1", on=DAY), CheckOut)
    before = all_of(desk)
    answer = desk.check_out(second, number="A-2", on=DAY)
    assert isinstance(answer, tuple)
    assert [(each.subscription_id, str(each.what)) for each in answer] == [("S-1", "subscription")]
    accepted = desk.check_out(second, number="A-2", on=DAY, accepted=second.quote.total)
    assert accepted == answer
    assert all_of(desk) == before


def test_renewed_in_the_meantime_it_is_not_bought() -> None:
    """By hand, by the run, or changed in any other way."""
    desk = a_desk(*TWO)
    purchase = _purchase(*TWO)
    done(desk.renew("S-2", on=DAY))
    answer = desk.check_out(purchase, number="A-1", on=DAY)
    assert isinstance(answer, tuple)
    assert [each.subscription_id for each in answer] == ["S-2"]
    assert held(desk, "S-1").revision == 1


def test_a_check_out_that_is_refused_saves_nothing() -> None:
    """Neither after the deadline, nor at another price, nor by one who may not."""
    desk = a_desk(*TWO)
    before = all_of(desk)
    purchase = _purchase(*TWO)
    assert isinstance(desk.check_out(purchase, number="A-1", on=END), Refusal)
    assert isinstance(desk.check_out(purchase, number="A-1", on=DAY, actor=USER), Refusal)
    changes = desk.check_out(purchase, number="A-1", on=date(2025, 12, 20))
    assert isinstance(changes, tuple)
    assert all_of(desk) == before


def test_a_number_is_taken_once() -> None:
    """The second order of that number is refused for good, and its lines are as they were."""
    desk = a_desk(*TWO)
    desk.check_out(_purchase(TWO[0]), number="A-1", on=DAY)
    before = all_of(desk)
    with pytest.raises(NumberTaken, match="number is 'A-1'") as raised:
        desk.check_out(_purchase(TWO[1]), number="A-1", on=DAY, key="k-1")
    assert raised.value.number == "A-1"
    assert all_of(desk) == before


def test_tries_at_a_number_do_not_take_it_away() -> None:
    """Whoever guesses tomorrow's number cannot keep it from being given."""
    desk = a_desk(a_subscription())
    _opened(desk, number="A-1", password=Secret("guess"))
    assert isinstance(
        desk.check_out(_purchase(a_subscription()), number="A-1", on=DAY, password=WORD), CheckOut
    )
    assert _opened(desk, number="A-1").route is OrderRoute.OPEN_ORDER


def test_a_line_that_is_gone_is_not_found() -> None:
    """A purchase of something that storage does not hold."""
    with pytest.raises(NotFound):
        a_desk().check_out(_purchase(a_subscription()), number="A-1", on=DAY)


# The order's page


def _opened(desk: Desk, **more: Any) -> Decision[OrderRoute]:
    asked: dict[str, Any] = {"number": "A-1", "password": WORD, "on": DAY, "at": NOON}
    return desk.open_order(**asked | more)


def _with_order(*lines: Subscription, **more: Any) -> Desk:
    desk = a_desk(*(lines or TWO), **more)
    answer = desk.check_out(_purchase(*(lines or TWO)), number="A-1", on=DAY, password=WORD)
    assert isinstance(answer, CheckOut)
    return desk


def test_an_order_is_opened_with_number_and_password() -> None:
    """With its lines as they are now."""
    desk = _with_order()
    done(desk.switch_auto_renew("S-2", to=ON, on=DAY))
    decision = _opened(desk, number=" a-1\n", region="FR")
    assert decision.route is OrderRoute.OPEN_ORDER
    order: Any = decision.subscription
    assert (order.number, order.placed_on) == ("A-1", DAY)
    assert order.subscriptions == (held(desk, "S-1").value, held(desk, "S-2").value)


def _public(decision: Decision[OrderRoute]) -> dict[str, object]:
    names = [name for name in dir(decision) if not name.startswith("_")]
    read = {name: getattr(decision, name) for name in names}
    values = {name: value for name, value in read.items() if not callable(value)}
    return values | {"repr": repr(decision), "explain": decision.explain("fr")}


def test_wrong_password_wrong_number_and_unknown_order_are_one_answer() -> None:
    """Reading 19, try for try, until it has to wait and afterwards: nothing tells them apart."""
    known, unknown = _with_order(), a_desk()
    for minute in range(40):
        at = NOON + timedelta(minutes=minute)
        wrong = _opened(known, password=Secret("guess"), at=at)
        none = _opened(unknown, password=Secret("guess"), at=at)
        assert _public(wrong) == _public(none)
        expected = OrderRoute.TRY_AGAIN if minute % 15 < 5 else OrderRoute.WAIT
        assert wrong.route is none.route is expected


def test_one_check_is_made_for_each_try() -> None:
    """Known or unknown, with or without a password of its own: exactly one."""
    calls: list[PasswordHash | None] = []

    class Counting:
        def hash(self, secret: Secret) -> PasswordHash:
            return HASHER.hash(secret)

        def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
            calls.append(stored)
            return HASHER.verify(secret, stored)

        def needs_rehash(self, stored: PasswordHash) -> bool:
            return HASHER.needs_rehash(stored)

    desk = attrs.evolve(_with_order(), hasher=Counting())
    for number, known in (("A-1", True), ("A-2", False), ("?", False), ("", False)):
        calls.clear()
        _opened(desk, number=number, password=Secret("guess"))
        assert [stored is not None for stored in calls] == [known]


@pytest.mark.parametrize("number", ["A-1", "Z-9"], ids=["known", "unknown"])
def test_after_so_many_tries_it_waits(number: str) -> None:
    """Even with the right password, until the period is over."""
    desk = _with_order(limit=AttemptLimit(tries=2, period=timedelta(minutes=10)))
    for second in (0, 1):
        at = NOON + timedelta(seconds=second)
        assert _opened(desk, number=number, password=Secret("guess"), at=at).route is (
            OrderRoute.TRY_AGAIN
        )
    waits = _opened(desk, number=number, at=NOON + timedelta(seconds=2))
    assert waits.route is OrderRoute.WAIT
    last = NOON + timedelta(minutes=10) - timedelta(microseconds=1)
    assert _opened(desk, number=number, at=last).route is OrderRoute.WAIT
    then = _opened(desk, number=number, at=NOON + timedelta(minutes=10))
    assert then.route is (OrderRoute.OPEN_ORDER if number == "A-1" else OrderRoute.TRY_AGAIN)


def test_only_what_failed_is_counted() -> None:
    """Neither an opened order nor a forgotten password is a failed try."""
    desk = _with_order(limit=AttemptLimit(tries=1))
    for more in ({}, {"password": None}, {"password": None, "confirmed_number": "B-2"}, {}):
        _opened(desk, **more)
    assert _opened(desk).route is OrderRoute.OPEN_ORDER
    with desk.storage.transaction() as found:
        assert found.orders.get("A-1").value.attempts == Attempts()


@pytest.mark.parametrize("password", [WORD, Secret("guess")], ids=["right", "wrong"])
def test_a_try_beside_another_confirmed_number_failed(password: Secret) -> None:
    """Right or wrong, it has proved nothing: counted, or it could be repeated without a limit."""
    desk = _with_order(limit=AttemptLimit(tries=1))
    decision = _opened(desk, password=password, confirmed_number="B-2")
    assert decision.route is OrderRoute.CHECK_NUMBER
    assert _opened(desk).route is OrderRoute.WAIT


def test_what_cannot_be_a_number_is_not_kept() -> None:
    """Garbage leaves no record behind."""
    desk = a_desk()
    for number in ("", "?", "\0", "\ud800", "x" * 1_000_000):
        assert _opened(desk, number=number).route is OrderRoute.TRY_AGAIN
    assert all_of(desk) == all_of(a_desk())


def test_tries_at_the_same_moment_are_all_counted() -> None:
    """Somebody else's failed try in between is no error, and neither try is lost."""
    desk = _with_order()
    storage: Any = desk.storage
    pushed: list[int] = []
    saved = type(storage.transaction().__enter__().orders).save

    def save(self, order: OrderRecord, *, revision: int | None) -> int:
        if len(pushed) < 3:
            pushed.append(1)
            _opened(desk, password=Secret("other"))
        return saved(self, order, revision=revision)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.testing.memory._Orders.save", save)
        assert _opened(desk, password=Secret("guess")).route is OrderRoute.TRY_AGAIN
    with desk.storage.transaction() as found:
        assert len(found.orders.get("A-1").value.attempts.failed_at) == 4


def test_a_storage_that_always_conflicts_is_answered_all_the_same() -> None:
    """An exception would tell that there is an order; after a hundred conflicts it has to wait."""
    desk = _with_order()

    def save(self, order: OrderRecord, *, revision: int | None) -> int:
        raise RevisionConflict("somebody else was first")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.testing.memory._Orders.save", save)
        assert _opened(desk, password=Secret("guess")).route is OrderRoute.WAIT


def test_an_order_without_a_password_is_not_opened() -> None:
    """It has no page."""
    desk = a_desk(*TWO)
    desk.check_out(_purchase(*TWO), number="A-1", on=DAY)
    for password in (WORD, Secret("")):
        assert _opened(desk, password=password).route is OrderRoute.TRY_AGAIN


def test_the_links_are_those_of_the_day_and_tell_nothing() -> None:
    """The edition is chosen by the day, and not by an order that may not exist."""

    class ByPurchase:
        def in_force(self, subscription: Subscription, *, on: date) -> Any:
            assert isinstance(subscription, Subscription)
            old = subscription.starts_on < date(2025, 6, 1)
            return POLICY.evolve(order_links=()) if old else POLICY

    desk = _with_order()
    by_purchase = attrs.evolve(desk, policy=ByPurchase())
    wrong, none = (
        _opened(by_purchase, number=number, password=Secret("guess"), region="FR")
        for number in ("A-1", "A-2")
    )
    assert _public(wrong) == _public(none)
    assert dict(wrong.findings[-1].values)["link"] == "https://example.com/fr"
    with pytest.raises(NotInForce):
        _opened(attrs.evolve(desk, policy=autodesk.EDITIONS), on=date(2023, 1, 1))


@pytest.mark.parametrize("number", ["A-1", "A-2", "?"])
def test_an_instant_without_a_zone_is_a_mistake_for_every_order(number: str) -> None:
    """Known or not: otherwise the error would tell."""
    with pytest.raises(InvalidValue, match="naive"):
        _opened(_with_order(), number=number, at=datetime(2025, 12, 1, 12))


# Its switch


def test_an_opened_order_is_switched() -> None:
    """Every line, as it is stored now, with its event; a second time nothing happens."""
    desk = _with_order()
    decision = _opened(desk)
    answer = desk.switch_order(decision, to=ON, on=DAY)
    assert isinstance(answer, OrderTransition)
    for line in answer.order.subscriptions:
        assert held(desk, line.id) == Stored(value=line, revision=3)
        assert line.auto_renew is ON
    assert [event.what for event in answer.events] == [Happening.SWITCHED_ON] * 2
    before = all_of(desk)
    again = desk.switch_order(decision, to=ON, on=DAY)
    assert again == OrderTransition(order=answer.order, events=())
    assert all_of(desk) == before


def test_lines_that_changed_since_it_was_opened_are_switched_as_they_are() -> None:
    """What the decision holds of them is not written back."""
    desk = _with_order()
    decision = _opened(desk)
    done(
        desk.change(
            "S-1", lambda each: cancel(each, at=CancelAt.END_OF_TERM, policy=POLICY, on=DAY)
        )
    )
    done(desk.switch_auto_renew("S-2", to=ON, on=DAY))
    answer = desk.switch_order(decision, to=OFF, on=DAY)
    assert isinstance(answer, OrderTransition)
    assert [event.subscription_id for event in answer.events] == ["S-2"]
    assert held(desk, "S-1").value.cancelled_on == date(2027, 1, 1)


def test_a_switch_with_its_key_retried_gives_the_first_answer() -> None:
    """Also after a line was switched back, and where nothing had to be done."""
    desk = _with_order()
    decision = _opened(desk)
    first = desk.switch_order(decision, to=ON, on=DAY, key="k-1")
    done(desk.switch_auto_renew("S-1", to=OFF, on=DAY))
    assert desk.switch_order(decision, to=ON, on=DAY, key="k-1") == first
    assert held(desk, "S-1").value.auto_renew is OFF
    nothing = desk.switch_order(_opened(desk), to=OFF, on=DAY, key="k-2")
    assert isinstance(nothing, OrderTransition)
    assert [event.subscription_id for event in nothing.events] == ["S-2"]
    none = desk.switch_order(_opened(desk), to=OFF, on=DAY, key="k-3")
    assert isinstance(none, OrderTransition)
    assert none.events == ()
    done(desk.switch_auto_renew("S-1", to=ON, on=DAY))
    retried = desk.switch_order(_opened(desk), to=OFF, on=DAY, key="k-3")
    assert isinstance(retried, OrderTransition)
    assert retried.events == ()
    assert held(desk, "S-1").value.auto_renew is ON


@pytest.mark.parametrize(
    "more", [{"password": Secret("guess")}, {"password": None}, {"confirmed_number": "B-1"}]
)
def test_an_order_that_was_not_opened_is_not_switched(more: dict[str, Any]) -> None:
    """The refusal carries the decision that did not open it."""
    desk = _with_order()
    decision = _opened(desk, **more)
    before = all_of(desk)
    assert desk.switch_order(decision, to=ON, on=DAY) == Refusal(decision=decision)
    assert all_of(desk) == before


def test_another_questions_decision_does_not_open_an_order() -> None:
    """A permission of another kind is none."""
    desk = _with_order()
    other: Any = renewability(a_subscription(), policy=POLICY, on=DAY)
    assert desk.switch_order(other, to=ON, on=DAY) == Refusal(decision=other)


def test_an_order_that_is_over_is_not_switched() -> None:
    """The refusal of its lines is passed on, and nothing is saved."""
    desk = _with_order()
    decision = _opened(desk)
    before = all_of(desk)
    answer = desk.switch_order(decision, to=ON, on=date(2027, 1, 1))
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.BUY_NEW
    assert all_of(desk) == before


def test_lines_that_were_renewed_with_another_order_are_that_orders() -> None:
    """The old order shows and switches what is left to it; without lines it is unknown."""
    desk = _with_order()
    stale = _opened(desk)
    line = held(desk, "S-1").value
    on = date(2026, 12, 1)
    cart = Cart().add(line, policy=POLICY, prices=PRICES, on=on)
    assert isinstance(cart, Cart)
    answer = desk.check_out(cart.purchases(POLICY)[0], number="B-1", on=on, password=WORD)
    assert isinstance(answer, CheckOut)
    with pytest.raises(OrderChanged, match="open it again") as raised:
        desk.switch_order(stale, to=ON, on=on)
    assert raised.value.number == "A-1"
    order: Any = _opened(desk).subscription
    assert [each.id for each in order.subscriptions] == ["S-2"]
    assert isinstance(desk.switch_order(_opened(desk), to=ON, on=on), OrderTransition)
    assert held(desk, "S-1").value.auto_renew is OFF
    own: Any = _opened(desk, number="B-1").subscription
    assert [each.id for each in own.subscriptions] == ["S-1"]


def test_an_order_all_of_whose_lines_went_elsewhere_is_unknown() -> None:
    """With the right password it is the one answer."""
    desk = _with_order(a_subscription())
    line = held(desk).value
    with desk.storage.transaction() as found:
        found.subscriptions.save(attrs.evolve(line, order_number="B-1"), revision=2)
    assert _public(_opened(desk)) == _public(_opened(a_desk()))


def test_lines_stored_without_a_number_are_the_orders() -> None:
    """An application may keep the number with the order alone; it is not written to the lines."""
    desk = a_desk(*TWO)
    with desk.storage.transaction() as found:
        record = OrderRecord(
            number="A-1",
            placed_on=DAY,
            subscription_ids=("S-1", "S-2"),
            password_hash=HASHER.hash(WORD),
        )
        found.orders.save(record, revision=None)
    answer = desk.switch_order(_opened(desk), to=ON, on=DAY)
    assert isinstance(answer, OrderTransition)
    assert held(desk).value == a_subscription(auto_renew=AutoRenew.ON)
    assert replay(a_subscription(), log(desk)) == held(desk).value


def test_a_desk_shows_no_secret() -> None:
    """Nor does anything that it keeps."""
    desk = _with_order()
    _opened(desk, password=Secret("guess-that-is-wrong"))
    texts = repr(desk), repr(all_of(desk)), repr(_opened(desk))
    for text in texts:
        assert "hunter2" not in text
        assert "guess-that-is-wrong" not in text
        assert "scrypt$" not in text


def test_by_default_it_has_the_recommended_hasher_and_limit() -> None:
    """So that whoever says nothing is not weak."""
    desk = Desk(storage=MemoryStorage(), policy=POLICY)
    assert desk.hasher == BoundedHasher(hasher=ScryptHasher(), at_most=4)
    assert desk.limit == AttemptLimit()


def test_accounts_are_told_apart_by_their_roles() -> None:
    """Clause `managed`, through the desk."""
    managed = a_subscription(account=Account(id="A-1", managed=True))
    desk = a_desk(managed)
    owner = Actor(id="P", roles=frozenset({Role.OWNER}))
    buyer = Actor(id="P", roles=frozenset({Role.PURCHASER}))
    assert isinstance(desk.renew("S-1", on=DAY, actor=owner), Refusal)
    assert done(desk.renew("S-1", on=DAY, actor=buyer)).events
