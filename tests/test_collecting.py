"""What is due is charged, and what became of it is recorded: once, whatever happens in between."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    CancelAt,
    ChargeAttempts,
    Due,
    Happening,
    History,
    InvalidType,
    InvalidValue,
    Kind,
    Money,
    NotFound,
    PaymentMethod,
    Receipt,
    Refusal,
    RevisionConflict,
    Subscription,
    TrialEnd,
    invoice_due,
    replace_payment_method,
)
from subrenew.collecting import Decline, DeclinedDue, DueReport, Refund
from subrenew.desk import Desk
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.vendors import autodesk
from subrenew.rules.schedules import longest_lead_days
from subrenew.testing.gateways import FakeGateway
from subrenew.testing.memory import MemoryStorage
from tests.makers import INVOICE, OFF, ON, PAYPAL, a_list, a_price, a_subscription

END, ONE = date(2026, 1, 1), timedelta(days=1)
POLICY = autodesk.EDITION_2024.evolve(
    id="own/1", charge_attempts=ChargeAttempts(days=(-3, 0, 3, 7))
)
PRICE = Money("95.00", "USD")


def due_one(id: str = "S-1", **changes: Any) -> Subscription:
    """One that renews itself on the first of January."""
    return a_subscription(**{"id": id, "auto_renew": ON, "payment_method": PAYPAL, **changes})


def a_desk(*lines: Subscription, policy: Any = POLICY, prices: Any = None) -> Desk:
    """A desk over these subscriptions."""
    found = a_list(a_price("100.00")) if prices is None else prices
    return Desk(storage=MemoryStorage(lines, prices=found), policy=policy)


def held(desk: Desk, id: str = "S-1") -> Subscription:
    """What storage holds."""
    with desk.storage.transaction() as found:
        return found.subscriptions.get(id).value


def happened(desk: Desk, id: str = "S-1") -> list[tuple[str, Money | None]]:
    """What happened, and for how much."""
    with desk.storage.transaction() as found:
        return [(str(each.what), each.amount) for each in found.events.of(id)]


class Breaks:
    """A gateway that takes the money and then breaks, for as often as it is said."""

    def __init__(self, times: int) -> None:
        self.gateway, self.times = FakeGateway(), times

    def charge(self, due: Due) -> Receipt | Decline:
        """Charge, and lose the answer."""
        answer = self.gateway.charge(due)
        if self.times:
            self.times -= 1
            raise TimeoutError("no answer")
        return answer


class Meanwhile:
    """A gateway while whose charge something else happens."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.gateway, self.act = FakeGateway(), act

    def charge(self, due: Due) -> Receipt | Decline:
        """Charge after it has happened."""
        self.act()
        return self.gateway.charge(due)


# The run ----------------------------------------------------------------------------------------


def test_a_run_charges_and_renews() -> None:
    """The receipt is in the report, the amount in the event, the money with the gateway."""
    desk, gateway = a_desk(due_one()), FakeGateway()
    report = desk.renew_due(END, collect=gateway)
    assert (report.renewed, report.receipts) == (("S-1",), gateway.receipts)
    assert held(desk).starts_on == END
    assert happened(desk) == [("renewed-automatically", PRICE)]
    assert gateway.taken == (PRICE,)
    again = desk.renew_due(END, collect=gateway)
    assert (again.renewed, again.receipts, gateway.taken) == ((), (), (PRICE,))


def test_a_decline_is_recorded_and_due_again_on_its_day() -> None:
    """Nothing is renewed, and nothing is tried in between."""
    gateway = FakeGateway(lambda due: "insufficient funds" if due.attempt < 3 else None)
    desk, seen = a_desk(due_one()), []
    for shift in range(-4, 8):
        report = desk.renew_due(END + shift * ONE, collect=gateway)
        seen += [(shift, each.reason, each.next_attempt_on) for each in report.declined]
        if report.renewed:
            seen.append((shift, "renewed", None))
    assert seen == [
        (-3, "insufficient funds", END),
        (0, "insufficient funds", END + 3 * ONE),
        (3, "renewed", None),
    ]
    assert happened(desk) == [
        ("payment-failed", PRICE),
        ("payment-failed", PRICE),
        ("renewed-automatically", PRICE),
    ]
    assert gateway.taken == (PRICE,)


def test_the_last_decline_has_no_next_day() -> None:
    """Then it is over, as the policy has no late stage."""
    gateway, desk = FakeGateway(lambda _: "stolen card"), a_desk(due_one())
    last: tuple[DeclinedDue, ...] = ()
    for shift in range(-3, 9):
        last = desk.renew_due(END + shift * ONE, collect=gateway).declined or last
    assert [(each.due.attempt, each.next_attempt_on) for each in last] == [(4, None)]
    assert desk.renew_due(END + 7 * ONE, collect=gateway).left == (("S-1", "buy-new"),)


def test_a_gateway_that_breaks_is_reported_and_stops_nobody() -> None:
    """What it has taken is recorded by the next run, which charges under the same key."""
    broken = Breaks(times=1)
    desk = a_desk(due_one("S-1"), due_one("S-2"))
    report = desk.renew_due(END, collect=broken)
    [failure] = report.failures
    assert (failure.subscription_id, failure.error, failure.message) == (
        "S-1",
        "TimeoutError",
        "no answer",
    )
    assert isinstance(failure.exception, TimeoutError)
    assert failure.exception.__traceback__ is not None
    assert report.renewed == ("S-2",)
    assert held(desk, "S-1") == due_one("S-1")
    again = desk.renew_due(END, collect=broken)
    assert (again.renewed, again.failures) == (("S-1",), ())
    assert broken.gateway.taken == (PRICE + PRICE,)


def test_what_was_stopped_while_it_was_charged_is_given_back() -> None:
    """The customer switched off in between: a refund with the receipt and the decision."""
    desk = a_desk(due_one())
    switch = lambda: desk.switch_auto_renew("S-1", to=OFF, on=END - 3 * ONE)  # noqa: E731
    meanwhile = Meanwhile(switch)
    report = desk.renew_due(END - 3 * ONE, collect=meanwhile)
    [refund] = report.refunds
    assert (refund.amount, refund.receipt.key) == (PRICE, "S-1/2026-01-01")
    assert refund.refusal.decision.codes[0] == "switched-off"
    assert (report.renewed, report.receipts) == ((), ())
    meanwhile.gateway.refund(refund)
    assert meanwhile.gateway.taken == ()
    assert held(desk).expires_on == END


def test_what_was_given_back_is_charged_anew() -> None:
    """Switched on again, the first receipt stands for no money: the next attempt is paid."""
    desk, day = a_desk(due_one()), END - 3 * ONE
    meanwhile = Meanwhile(lambda: desk.switch_auto_renew("S-1", to=OFF, on=day))
    [refund] = desk.renew_due(day, collect=meanwhile).refunds
    gateway = meanwhile.gateway
    gateway.refund(refund)
    desk.switch_auto_renew("S-1", to=ON, on=day)
    report = desk.renew_due(END - 2 * ONE, collect=gateway)
    assert ([each.reason for each in report.declined], gateway.taken) == (["given back"], ())
    assert held(desk).expires_on == END
    assert desk.renew_due(END, collect=gateway).renewed == ("S-1",)
    assert gateway.taken == (PRICE,)


@pytest.mark.parametrize("replaced_on", [END - ONE, END])
def test_a_due_is_charged_to_the_method_that_counts(replaced_on: date) -> None:
    """What is put on file on the renewal date or later is for the next renewal (reading 29)."""
    desk, card = a_desk(due_one()), PaymentMethod.card(expires="2030-01", id="M-9")
    desk.change(
        "S-1",
        lambda each: replace_payment_method(each, by=card, policy=POLICY, on=replaced_on),
    )
    [due] = desk.due(END)
    assert due.payment_method == (card if replaced_on < END else PAYPAL)


def test_what_answers_neither_way_is_named() -> None:
    """It is a failure of that subscription, and nothing is recorded."""

    class Silent:
        def charge(self, due: Due) -> Any:
            return None if due else due

    report = a_desk(due_one()).renew_due(END, collect=Silent())
    assert [(each.error, "PaymentGateway.charge" in each.message) for each in report.failures] == [
        ("InvalidType", True)
    ]


def test_an_invoice_is_renewed_on_its_date_and_owed() -> None:
    """Nothing is charged; what is owed is paid later, by a receipt of its due."""
    desk, gateway = a_desk(due_one(payment_method=INVOICE)), FakeGateway()
    assert desk.renew_due(END - ONE, collect=gateway) == DueReport(on=END - ONE)
    assert desk.renew_due(END, collect=gateway).renewed == ("S-1",)
    assert (gateway.taken, held(desk).history.owed) == ((), PRICE)
    due = invoice_due(held(desk))
    assert due is not None
    desk.record(due, Decline(reason="reminded twice"), on=END + 40 * ONE)
    assert held(desk).history.unpaid_since == END + 40 * ONE
    desk.record(due, Receipt(key=due.key, amount=PRICE), on=END + 41 * ONE)
    assert happened(desk) == [
        ("renewed-automatically", PRICE),
        ("payment-failed", PRICE),
        ("settled", PRICE),
    ]


def test_without_a_gateway_what_renews_itself_counts_as_renewed() -> None:
    """For applications that charge on their own; before the renewal date nothing is done."""
    desk = a_desk(due_one())
    assert desk.renew_due(END - 3 * ONE) == DueReport(on=END - 3 * ONE)
    assert desk.renew_due(END).renewed == ("S-1",)
    assert happened(desk) == [("renewed-automatically", PRICE)]


def test_without_a_price_it_is_left_with_the_reason() -> None:
    """There is no amount to charge."""
    desk, gateway = a_desk(due_one(), prices=a_list()), FakeGateway()
    assert desk.renew_due(END, collect=gateway).left == (("S-1", "price-missing"),)
    assert gateway.taken == ()


def test_what_is_not_due_yet_is_not_reported() -> None:
    """Read because others are charged before their date, it is no concern of this day."""
    desk = a_desk(due_one("S-1", auto_renew=OFF))
    assert desk.renew_due(END - 2 * ONE, collect=FakeGateway()) == DueReport(on=END - 2 * ONE)
    assert desk.renew_due(END, collect=FakeGateway()).left == (("S-1", "buy-new"),)


def test_a_trial_that_goes_on_is_charged() -> None:
    """It is a paid subscription from then on, at the price of a new one."""
    policy = POLICY.evolve(id="own/2", trials=TrialEnd.GOES_ON)
    desk, gateway = a_desk(due_one(kind=Kind.TRIAL), policy=policy), FakeGateway()
    assert desk.renew_due(END, collect=gateway).renewed == ("S-1",)
    assert held(desk).kind is Kind.PAID
    assert happened(desk) == [("trial-continued", Money("100.00", "USD"))]


# What is due ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shift", "found"), [(-4, 0), (-3, 2), (0, 2), (7, 2), (8, 0)])
def test_what_is_due_is_read(shift: int, found: int) -> None:
    """From the first attempt until the last day; what is not charged is not due."""
    desk = a_desk(due_one("S-1"), due_one("S-2"), due_one("S-3", auto_renew=OFF))
    keys = [each.key for each in desk.due(END + shift * ONE)]
    assert keys == ["S-1/2026-01-01", "S-2/2026-01-01"][:found]


def test_a_due_is_recorded_once() -> None:
    """Told again by the gateway's message a day later, nothing happens."""
    desk = a_desk(due_one())
    [due] = desk.due(END)
    receipt = Receipt(key=due.key, amount=PRICE)
    first = desk.record(due, receipt, on=END)
    assert not isinstance(first, Refusal | Refund)
    assert desk.record(due, receipt, on=END + ONE) == first
    assert happened(desk) == [("renewed-automatically", PRICE)]


def test_what_was_refused_once_renews_nothing_later() -> None:
    """The money went back: switched on again, the same receipt is a refund still."""
    desk, day = a_desk(due_one()), END - 3 * ONE
    [due] = desk.due(day)
    receipt = Receipt(key=due.key, amount=PRICE)
    desk.switch_auto_renew("S-1", to=OFF, on=day)
    assert isinstance(desk.record(due, receipt, on=day), Refund)
    desk.switch_auto_renew("S-1", to=ON, on=day)
    assert isinstance(desk.record(due, receipt, on=day), Refund)
    assert held(desk).expires_on == END


def test_a_receipt_of_another_amount_is_given_back() -> None:
    """It was not what was due."""
    desk = a_desk(due_one())
    [due] = desk.due(END)
    found = desk.record(due, Receipt(key=due.key, amount=Money("94.99", "USD")), on=END)
    assert isinstance(found, Refund)
    assert [each.code for each in found.refusal.findings] == ["receipt-differs"]
    assert happened(desk) == []


def test_the_decline_of_what_is_over_is_refused() -> None:
    """There is nothing to try again."""
    desk = a_desk(due_one())
    [due] = desk.due(END - 3 * ONE)
    desk.cancel("S-1", at=CancelAt.AT_ONCE, on=END - 3 * ONE)
    assert isinstance(desk.record(due, Decline(reason="no"), on=END - 3 * ONE), Refusal)


class Contended(MemoryStorage):
    """A storage in which somebody else is always first, for as often as it is said."""

    left = 0

    def transaction(self) -> Any:
        """Refuse the transaction."""
        if self.left:
            self.left -= 1
            raise RevisionConflict("somebody else was first")
        return super().transaction()


@pytest.mark.parametrize(("times", "recorded"), [(20, True), (21, False)])
def test_what_was_paid_is_recorded_though_others_save(times: int, recorded: bool) -> None:
    """It is read and recorded anew, many times in a row; after that the caller is told."""
    desk = Desk(storage=Contended((due_one(),), prices=a_list(a_price("100.00"))), policy=POLICY)
    [due] = desk.due(END)
    storage: Any = desk.storage
    storage.left = times
    receipt = Receipt(key=due.key, amount=PRICE)
    if recorded:
        desk.record(due, receipt, on=END)
        assert held(desk).starts_on == END
    else:
        with pytest.raises(RevisionConflict):
            desk.record(due, receipt, on=END)


def test_what_is_not_there_is_named() -> None:
    """It was deleted while it was charged."""
    desk = a_desk(due_one())
    [due] = desk.due(END)
    with pytest.raises(NotFound):
        a_desk().record(due, Receipt(key=due.key, amount=PRICE), on=END)


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (RenewalPolicy(id="v/1"), 0),
        (POLICY, 3),
        (
            Editions(
                (
                    Edition(from_on=date(2020, 1, 1), policy=RenewalPolicy(id="v/1")),
                    Edition(from_on=date(2025, 1, 1), policy=POLICY),
                )
            ),
            3,
        ),
        (object(), 366),
    ],
    ids=["bare", "attempts", "editions", "a user's own"],
)
def test_how_far_ahead_is_read(policy: Any, days: int) -> None:
    """As far as the first attempt of any edition; a year for what cannot be known."""
    assert longest_lead_days(policy) == days


def test_a_decline_says_why() -> None:
    """In the gateway's words, which are not empty."""
    with pytest.raises(InvalidValue, match=r"Decline\.reason"):
        Decline(reason="")
    with pytest.raises(InvalidType, match=r"Decline\.reason"):
        Decline(reason=7)  # type: ignore[arg-type]


# Use cases beside it ----------------------------------------------------------------------------


def test_it_is_cancelled_once() -> None:
    """Under a key the first answer again."""
    desk = a_desk(due_one())
    asked: dict[str, Any] = {"at": CancelAt.END_OF_TERM, "on": END - 30 * ONE, "key": "K-1"}
    first = desk.cancel("S-1", **asked)
    assert desk.cancel("S-1", **asked) == first
    assert held(desk).cancelled_on == END
    assert len(happened(desk)) == 1


def test_what_is_over_lapses_once() -> None:
    """What is not over refuses."""
    desk = a_desk(due_one())
    assert isinstance(desk.lapse("S-1", on=END - ONE), Refusal)
    desk.lapse("S-1", on=END + 30 * ONE, key="K-1")
    desk.lapse("S-1", on=END + 30 * ONE, key="K-1")
    assert happened(desk) == [("lapsed", None)]


def test_a_debt_is_written_off_once() -> None:
    """With its amount."""
    history = History(owed=PRICE, unpaid_since=date(2025, 3, 1))
    desk = a_desk(due_one(history=history))
    for _ in range(2):
        desk.write_off("S-1", on=date(2025, 9, 1), key="K-1")
    assert happened(desk) == [(str(Happening.WRITTEN_OFF), PRICE)]
    assert held(desk).history == attrs.evolve(history, owed=None, unpaid_since=None)


def test_a_notice_is_due_until_it_is_marked_as_sent() -> None:
    """The first one to mark it is told so."""
    desk, on = a_desk(due_one("S-1", auto_renew=OFF), due_one("S-2")), date(2025, 10, 3)
    [notice] = desk.notices_due(on)
    assert notice.subscription.id == "S-1"
    assert [desk.mark_sent(notice), desk.mark_sent(notice)] == [True, False]
    assert list(desk.notices_due(on)) == []
    with pytest.raises(InvalidType, match="on is"):
        list(desk.notices_due("2025-10-03"))  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [180, 189, 190, 200])
def test_long_identifiers_have_keys_that_can_be_kept(length: int) -> None:
    """At most 200 characters, and each its own: longer ones are hashed."""
    one, other = "S" * length, "S" * (length - 1) + "T"
    desk, gateway = a_desk(due_one(one), due_one(other)), FakeGateway()
    assert len(desk.renew_due(END, collect=gateway).renewed) == 2
    keys = {each.key for each in gateway.receipts}
    assert len(keys) == 2
    assert max(map(len, keys)) <= 200
    on = date(2026, 10, 3)
    manual = a_desk(due_one(one, auto_renew=OFF, starts_on=END), due_one(other))
    [notice] = manual.notices_due(on)
    assert [manual.mark_sent(notice), manual.mark_sent(notice)] == [True, False]
