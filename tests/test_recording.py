"""What is recorded late, twice or out of order: no money is kept in silence or given back twice."""

from datetime import date, timedelta
from typing import Any

from subrenew import (
    AfterLastAttempt,
    Cart,
    ChargeAttempts,
    CheckOut,
    Due,
    Happening,
    History,
    Money,
    PaymentMethod,
    PriceList,
    Receipt,
    RegionWays,
    RenewalPolicy,
    Subscription,
    Transition,
    Way,
    change_term,
    invoice_due,
    renew,
    renewal_due,
    replace_payment_method,
)
from subrenew.collecting import Decline, Refund
from subrenew.desk import Desk
from subrenew.testing.gateways import FakeGateway
from subrenew.testing.memory import MemoryStorage
from tests.makers import INVOICE, MONTHLY, ON, PAYPAL, a_list, a_price, a_subscription

END, ONE = date(2026, 1, 1), timedelta(days=1)
NEXT_END = date(2027, 1, 1)
USD_1000 = Money("1000.00", "USD")
PRICES = a_list(a_price("1000.00"), a_price("90.00", term=MONTHLY))
POLICY = RenewalPolicy(
    id="own/1",
    window_opens_days=90,
    charge_attempts=ChargeAttempts(days=(-3, 0, 3)),
    term_change_ways=(RegionWays(region="US", way=Way.ACCOUNT),),
)


def a_desk(
    *, policy: RenewalPolicy = POLICY, prices: PriceList = PRICES, **changes: Any
) -> tuple[Desk, MemoryStorage]:
    """A desk with one subscription that renews itself on the first of January 2026."""
    line = a_subscription(**{"auto_renew": ON, "payment_method": PAYPAL, **changes})
    storage = MemoryStorage([line], prices=prices)
    return Desk(storage=storage, policy=policy), storage


def held(storage: MemoryStorage) -> Subscription:
    """It as it is stored."""
    return storage.subscriptions["S-1"].value


def due_of(desk: Desk, on: date) -> Due:
    """What may be charged on that day."""
    (due,) = desk.due(on)
    return due


def paid(due: Due) -> Receipt:
    """The receipt of a due."""
    assert due.amount is not None
    return Receipt(key=due.key, amount=due.amount)


def replaced(desk: Desk, by: PaymentMethod, on: date) -> None:
    """Another method is on file."""
    done = desk.change(
        "S-1", lambda each: replace_payment_method(each, by=by, policy=desk.policy, on=on)
    )
    assert isinstance(done, Transition)


def for_a_month(desk: Desk, on: date) -> None:
    """The next term is another one."""
    given: dict[str, Any] = {"to": MONTHLY, "region": "US", "policy": desk.policy, "on": on}
    done = desk.change("S-1", lambda each: change_term(each, **given))
    assert isinstance(done, Transition)
    assert done.events


def test_told_again_after_the_next_payment_nothing_is_given_back() -> None:
    """The message of a payment comes once more a year later: its term was given."""
    desk, storage = a_desk()
    first = due_of(desk, END)
    answer = desk.record(first, paid(first), on=END)
    second = due_of(desk, NEXT_END)
    desk.record(second, paid(second), on=NEXT_END)
    before = held(storage)
    assert desk.record(first, paid(first), on=NEXT_END + ONE) == answer
    assert held(storage) == before


def test_a_receipt_that_differs_is_given_back_although_its_due_was_paid() -> None:
    """It is other money."""
    desk, _ = a_desk()
    due = due_of(desk, END)
    desk.record(due, paid(due), on=END)
    other = Receipt(key=due.key, amount=Money(7, "USD"))
    assert isinstance(desk.record(due, other, on=END), Refund)


def test_a_charge_for_another_term_is_given_back() -> None:
    """A year was paid for, and then a month was asked for: the month is charged anew."""
    desk, storage = a_desk()
    on, gateway = END - 3 * ONE, FakeGateway()
    due = due_of(desk, on)
    receipt = gateway.charge(due)
    assert isinstance(receipt, Receipt)
    for_a_month(desk, on)
    before = held(storage)
    refund = desk.record(due, receipt, on=on)
    assert isinstance(refund, Refund)
    assert held(storage) == before
    assert refund.refusal.decision.renews_itself
    gateway.refund(refund)
    for day in (on, END):
        desk.renew_due(day, collect=gateway)
    assert (held(storage).term, held(storage).starts_on) == (MONTHLY, END)
    assert gateway.taken == (Money("90.00", "USD"),)


def test_a_run_that_was_killed_before_the_term_was_changed_gives_the_money_back() -> None:
    """The first answer under the key is of another amount than is due by now."""
    desk, storage = a_desk()
    on, gateway = END - 3 * ONE, FakeGateway()
    gateway.charge(due_of(desk, on))  # and then the run was killed
    for_a_month(desk, on)
    report = desk.renew_due(on, collect=gateway)
    assert report.failures == ()
    [refund] = report.refunds
    assert refund.amount == USD_1000
    gateway.refund(refund)
    for day in (on, END):
        desk.renew_due(day, collect=gateway)
    assert held(storage).term == MONTHLY
    assert gateway.taken == (Money("90.00", "USD"),)


def test_an_invoice_is_settled_although_the_next_term_was_charged() -> None:
    """What was charged last has another key than what is still owed."""
    desk, storage = a_desk(payment_method=INVOICE)
    desk.renew_due(END, collect=FakeGateway())
    replaced(desk, PAYPAL, END + ONE)
    desk.renew_due(NEXT_END, collect=FakeGateway())
    assert held(storage).starts_on == NEXT_END
    due = invoice_due(held(storage))
    assert due is not None
    assert due.amount == USD_1000
    done = desk.record(due, paid(due), on=NEXT_END)
    assert isinstance(done, Transition)
    assert [each.what for each in done.events] == [Happening.SETTLED]
    assert held(storage).history.owed is None


def test_a_charge_whose_message_comes_after_its_invoice_was_paid_is_given_back() -> None:
    """Charged, killed, renewed on invoice instead, and that was paid: the term was paid twice."""
    desk, _ = a_desk()
    on = END - 3 * ONE
    charged = due_of(desk, on)
    replaced(desk, INVOICE, on)
    desk.renew_due(END, collect=FakeGateway())
    [state] = [each.subscription for each in desk.due(NEXT_END)]
    due = invoice_due(state)
    assert due is not None
    assert isinstance(desk.record(due, paid(due), on=END + ONE), Transition)
    assert isinstance(desk.record(charged, paid(charged), on=END + ONE), Refund)


def in_debt_twice(**changes: Any) -> Subscription:
    """The invoice for the present term is overdue, and the charge for the coming one has failed."""
    debts = {
        "owed": USD_1000,
        "unpaid_since": END - 2 * ONE,
        "failed_charges": 1,
        "failed_on": END - 3 * ONE,
    }
    history = History(**debts | changes)
    return a_subscription(auto_renew=ON, payment_method=PAYPAL, history=history)


def test_an_overdue_invoice_is_settled_by_a_manual_renewal_after_a_failed_charge() -> None:
    """What the customer was charged for is owed no more."""
    line = in_debt_twice()
    desk = Desk(storage=MemoryStorage([line], prices=PRICES), policy=POLICY)
    asked: dict[str, Any] = {"policy": POLICY, "on": END - ONE}
    cart = Cart().add(line, prices=PRICES, **asked)
    assert isinstance(cart, Cart)
    [purchase] = cart.purchases(POLICY)
    bought = desk.check_out(purchase, number="A-1", on=END - ONE)
    assert isinstance(bought, CheckOut)
    assert bought.quote.total == Money("2000.00", "USD")
    assert [(each.what, each.amount) for each in bought.events] == [
        (Happening.SETTLED, USD_1000),
        (Happening.RENEWED, USD_1000),
    ]
    assert bought.subscriptions[0].history.owed is None


def test_an_overdue_invoice_is_no_less_overdue_after_a_charge_that_was_paid() -> None:
    """Where the invoice fell due after the renewal date, the charge goes on."""
    line = in_debt_twice(unpaid_since=END, failed_on=END)
    desk = Desk(storage=MemoryStorage([line], prices=PRICES), policy=POLICY)
    due = renewal_due(line, policy=POLICY, prices=PRICES, on=END + 3 * ONE)
    assert isinstance(due, Due)
    done = desk.record(due, paid(due), on=END + 3 * ONE)
    assert isinstance(done, Transition)
    history = done.subscription.history
    assert (history.owed, history.unpaid_since) == (USD_1000, END)
    assert (history.failed_on, history.failed_charges) == (None, 0)


def test_a_failed_charge_alone_is_no_invoice() -> None:
    """Renewed manually, there is nothing to settle, whatever ladder it was on."""
    ladder = ChargeAttempts(days=(-3,), after_last=AfterLastAttempt.UNPAID_LADDER)
    policy = POLICY.evolve(id="own/2", charge_attempts=ladder)
    desk, storage = a_desk(policy=policy)
    on = END - 3 * ONE
    desk.record(due_of(desk, on), Decline(reason="no"), on=on)
    assert held(storage).history.unpaid_since == on
    done = renew(held(storage), policy=policy, on=on)
    assert isinstance(done, Transition)
    assert [each.what for each in done.events] == [Happening.RENEWED]
    assert done.subscription.history.unpaid_since is None


def test_an_invoice_without_an_amount_gives_no_term() -> None:
    """Nobody would know what is owed; the report says why."""
    desk, storage = a_desk(payment_method=INVOICE, prices=a_list())
    report = desk.renew_due(END, collect=FakeGateway())
    assert report.left == (("S-1", "price-missing"),)
    assert held(storage).starts_on < END
