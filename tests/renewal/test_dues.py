"""What is due, what becomes of it when it is paid, and when it is not."""

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    AfterLastAttempt,
    Attention,
    ChargeAttempts,
    Due,
    Event,
    Happening,
    History,
    InvalidType,
    InvalidValue,
    Kind,
    LadderStart,
    ListPrice,
    Money,
    PriceList,
    Receipt,
    Refusal,
    RenewalPolicy,
    Route,
    Stage,
    StageLength,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    invoice_due,
    payment_failed,
    plan,
    record_payment,
    renew,
    renew_automatically,
    renewability,
    renewal_due,
    renewal_quote,
    replace_payment_method,
    switch_auto_renew,
    write_off,
)
from subrenew.policy.vendors import autodesk, solidworks
from tests.makers import INVOICE, OFF, ON, PAYPAL, a_subscription

END = date(2026, 1, 1)
ONE = timedelta(days=1)
PRICES = PriceList(
    prices=(
        ListPrice(
            product="CAD", term=Term.years(1), price=Money(1000, "USD"), from_on=date(2020, 1, 1)
        ),
    )
)
FOUR = ChargeAttempts(days=(-3, 0, 3, 7))
POLICY = RenewalPolicy(id="v/1", window_opens_days=90, charge_attempts=FOUR)
LATE = Stage(name="late", lengths=(StageLength(days=20),))


def itself(**changes: Any) -> Subscription:
    """One that ends on the first of January 2026 and renews itself."""
    return a_subscription(**{"auto_renew": ON, "payment_method": PAYPAL, **changes})


def due_on(day: date, held: Subscription | None = None, policy: Any = POLICY) -> Due:
    """What is due on that day."""
    found = renewal_due(held or itself(), policy=policy, prices=PRICES, on=day)
    assert isinstance(found, Due), found.decision
    return found


def paid(due: Due) -> Receipt:
    """The receipt of a due."""
    assert due.amount is not None
    return Receipt(key=due.key, amount=due.amount, reference="ch_1")


def done(found: object) -> Transition:
    """A transition that was accepted."""
    assert isinstance(found, Transition), found
    return found


def failed(day: date, held: Subscription | None = None, policy: Any = POLICY) -> Subscription:
    """It after a charge failed on that day."""
    held = held or itself()
    return done(payment_failed(held, due_on(day, held, policy), policy=policy, on=day)).subscription


# The due ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [-400, -4, -3, -1, 0, 1, 7])
@pytest.mark.parametrize("policy", [*(each.policy for each in autodesk.EDITIONS.editions), POLICY])
def test_it_costs_on_every_day_what_it_costs_on_its_own(policy: RenewalPolicy, shift: int) -> None:
    """A run that comes late charges nothing for that."""
    policy = policy.evolve(id="own", catch_up_days=7)
    due = due_on(END + shift * ONE, policy=policy)
    quote = renewal_quote(itself(), policy=policy, prices=PRICES, on=END - ONE)
    assert (due.amount, due.charged_on) == (quote.total, END)
    assert due.term.starts_on == END
    assert due.term.expires_on == date(2027, 1, 1)
    assert due.key == "S-1/2026-01-01"


def test_a_late_run_carries_no_fee() -> None:
    """SOLIDWORKS asks 500 dollars of who renews late, and nothing of who is charged late."""
    policy = solidworks.EDITIONS.editions[-1].policy.evolve(
        id="own", catch_up_days=7, window_opens_days=90
    )
    assert due_on(END + 3 * ONE, policy=policy).amount == due_on(END, policy=policy).amount


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"auto_renew": OFF}, END - ONE),
        ({"payment_method": None}, END - ONE),
        ({"cancelled_on": END}, END - ONE),
        ({"kind": Kind.TRIAL}, END - ONE),
        ({}, END + ONE),
    ],
)
def test_what_does_not_renew_itself_is_not_due(changes: dict[str, Any], day: date) -> None:
    """The refusal holds the decision that says why."""
    held = itself(**changes)
    refused = renewal_due(held, policy=POLICY, prices=PRICES, on=day)
    assert isinstance(refused, Refusal)
    assert refused.decision == renewability(held, policy=POLICY, on=day)


def test_without_a_price_it_says_why() -> None:
    """It is due all the same, and can not be charged."""
    found = renewal_due(itself(), policy=POLICY, prices=PriceList(prices=()), on=END)
    assert isinstance(found, Due)
    assert found.amount is None
    assert "price-missing" in [each.code for each in found.findings]
    assert not found.is_open(END)


@pytest.mark.parametrize(("shift", "is_open"), [(-4, False), (-3, True), (-2, True), (0, True)])
def test_it_is_open_from_its_first_attempt_on(shift: int, is_open: bool) -> None:
    """Three days before the renewal date, as the policy says."""
    day = END + shift * ONE
    assert due_on(day).is_open(day) is is_open


def test_a_trial_that_goes_on_is_due() -> None:
    """Its first paid term, at the price of a new one."""
    policy = POLICY.evolve(id="v/2", trials=TrialEnd.GOES_ON)
    trial = itself(kind=Kind.TRIAL)
    due = due_on(END - ONE, trial, policy)
    after = done(record_payment(trial, due, paid(due), policy=policy, on=END)).subscription
    assert (after.kind, after.starts_on, due.amount) == (Kind.PAID, END, Money(1000, "USD"))


# Attempts ---------------------------------------------------------------------------------------


def test_attempts_follow_the_policys_days() -> None:
    """Each failure names the next day; each attempt has a key of its own; the last has no other."""
    held, seen = itself(), []
    for shift in (-3, 0, 3, 7):
        due = due_on(END + shift * ONE, held)
        seen.append((due.attempt, due.attempt_on, due.next_attempt_on, due.key))
        held = failed(END + shift * ONE, held)
    assert seen == [
        (1, END - 3 * ONE, END, "S-1/2026-01-01"),
        (2, END, END + 3 * ONE, "S-1/2026-01-01/2"),
        (3, END + 3 * ONE, END + 7 * ONE, "S-1/2026-01-01/3"),
        (4, END + 7 * ONE, None, "S-1/2026-01-01/4"),
    ]
    assert isinstance(renewal_due(held, policy=POLICY, prices=PRICES, on=END + 7 * ONE), Refusal)
    assert due.is_last


@pytest.mark.parametrize("shift", [1, 2])
def test_an_attempt_made_late_skips_those_that_have_passed(shift: int) -> None:
    """Failed on the second of January, it is tried next on the fourth, and not twice that day."""
    after = failed(END + shift * ONE, policy=POLICY.evolve(id="v/2", catch_up_days=7))
    policy = POLICY.evolve(id="v/2", catch_up_days=7)
    due = due_on(END + shift * ONE, after, policy)
    assert (due.attempt, due.attempt_on) == (2, END + 3 * ONE)
    assert not due.is_open(END + 2 * ONE)


def test_a_failed_charge_gives_no_term_and_is_told() -> None:
    """The decision, the plan and the sentence know it, and the run does not renew it."""
    after = failed(END)
    decision = renewability(after, policy=POLICY, on=END + ONE)
    assert (decision.route, decision.access) == (Route.REPAIR_PAYMENT, "full")
    [finding] = decision.findings
    assert (finding.code, finding.value("next_on")) == ("unpaid", END + 3 * ONE)
    assert "The payment failed on January 1, 2026." in decision.explain()
    assert "The next attempt is on January 4, 2026." in decision.explain()
    assert after.expires_on == END
    assert isinstance(renew_automatically(after, policy=POLICY, on=END + ONE), Refusal)
    made = plan([after], policy=POLICY, prices=PRICES, on=END + ONE)
    assert made.lines[0].attention is Attention.NOW


def test_another_method_is_charged_at_once() -> None:
    """Replaced after the renewal date, it counts for the renewal that failed."""
    asked: dict[str, Any] = {"policy": POLICY, "on": END + ONE}
    card = attrs.evolve(PAYPAL, id="M-2")
    after = done(replace_payment_method(failed(END), by=card, **asked)).subscription
    due = due_on(END + ONE, after)
    assert (due.attempt, due.is_open(END + ONE)) == (2, True)
    assert renewability(after, **asked).route is Route.RENEWS_ITSELF
    renewed = done(record_payment(after, due, paid(due), **asked)).subscription
    assert (renewed.starts_on, renewed.payment_method) == (END, card)
    assert (renewed.history.failed_charges, renewed.history.failed_on) == (0, None)


@pytest.mark.parametrize(
    ("after_last", "route", "access"),
    [
        (AfterLastAttempt.LAPSES, Route.BUY_NEW, "none"),
        (AfterLastAttempt.LATE_STAGE, Route.RENEW_NOW, "unknown"),
        (AfterLastAttempt.UNPAID_LADDER, Route.RENEW_NOW, "unknown"),
    ],
)
def test_what_follows_the_last_attempt(
    after_last: AfterLastAttempt, route: Route, access: str
) -> None:
    """It is over, late from the end on, or late from the last attempt on."""
    policy = POLICY.evolve(
        id="v/2",
        stages=(LATE,),
        ladder_start=LadderStart.UNPAID_INVOICE,
        charge_attempts=attrs.evolve(FOUR, after_last=after_last),
    )
    held = itself()
    for shift in (-3, 0, 3, 7):
        held = failed(END + shift * ONE, held, policy)
    decision = renewability(held, policy=policy, on=END + 8 * ONE)
    assert (decision.route, decision.access) == (route, access)
    ladder = after_last is AfterLastAttempt.UNPAID_LADDER
    assert held.history.unpaid_since == (END + 7 * ONE if ladder else None)
    last = {AfterLastAttempt.LATE_STAGE: 19, AfterLastAttempt.UNPAID_LADDER: 26}.get(after_last)
    if last is not None:
        routes = [
            renewability(held, policy=policy, on=END + day * ONE).route for day in (last, last + 1)
        ]
        assert routes == [Route.RENEW_NOW, Route.BUY_NEW]


def test_renewed_by_hand_it_is_paid_for() -> None:
    """Late or in time: what failed was the charge for this very term."""
    policy = POLICY.evolve(id="v/2", stages=(LATE,), charge_attempts=ChargeAttempts(days=(0,)))
    held = failed(END, policy=policy)
    found = done(renew(held, policy=policy, on=END + ONE))
    assert [each.what for each in found.events] == [Happening.RENEWED]
    assert (found.subscription.history.failed_on, found.subscription.history.failed_charges) == (
        None,
        0,
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": ()}, "days"),
        ({"days": (1,)}, "days"),
        ({"days": (0, 0)}, "days"),
        ({"days": (0, 5, 3)}, "days"),
        ({"days": (-367,)}, "days"),
        ({"days": (0, 367)}, "days"),
        ({"days": [0]}, "days"),
        ({"days": ("0",)}, "days"),
        ({"days": (0,), "after_last": "lapses"}, "after_last"),
        ({"days": (0,), "clause": "p. 1"}, "clause"),
    ],
)
def test_attempts_are_checked(changes: dict[str, Any], field: str) -> None:
    """The message names the field."""
    with pytest.raises((InvalidType, InvalidValue), match=rf"ChargeAttempts\.{field}"):
        ChargeAttempts(**changes)


def test_a_policy_names_its_attempts() -> None:
    """Not something else."""
    with pytest.raises(InvalidType, match=r"RenewalPolicy\.charge_attempts"):
        RenewalPolicy(id="v/1", charge_attempts=(0, 3))  # type: ignore[arg-type]


def test_a_failure_is_counted() -> None:
    """A day without a count contradicts itself."""
    with pytest.raises(InvalidValue, match="failed_charges"):
        History(failed_on=END)
    with pytest.raises(InvalidType, match="owed"):
        History(owed="9.50")  # type: ignore[arg-type]


# Being paid -------------------------------------------------------------------------------------


def test_a_payment_gives_the_term_and_its_event_the_amount() -> None:
    """The event holds what was paid; the history by which key."""
    due = due_on(END)
    found = done(record_payment(itself(), due, paid(due), policy=POLICY, on=END))
    [event] = found.events
    assert (event.what, event.amount) == (Happening.RENEWED_AUTOMATICALLY, Money(1000, "USD"))
    assert found.subscription.starts_on == END
    assert found.subscription.history.paid_key == due.key


def test_recorded_twice_it_is_told_again() -> None:
    """The second time changes nothing, whenever it comes."""
    due = due_on(END)
    after = done(record_payment(itself(), due, paid(due), policy=POLICY, on=END)).subscription
    again = done(record_payment(after, due, paid(due), policy=POLICY, on=END + 9 * ONE))
    assert (again.subscription, again.events) == (after, ())


@pytest.mark.parametrize(
    "receipt",
    [
        Receipt(key="S-1/2027-01-01", amount=Money(1000, "USD")),
        Receipt(key="S-1/2026-01-01", amount=Money("999.99", "USD")),
        Receipt(key="S-1/2026-01-01", amount=Money(1000, "EUR")),
    ],
    ids=["another due", "another amount", "another currency"],
)
def test_the_receipt_of_something_else_is_refused(receipt: Receipt) -> None:
    """Nothing is renewed, and the finding says what was due and what was paid."""
    due = due_on(END)
    refused = record_payment(itself(), due, receipt, policy=POLICY, on=END)
    assert isinstance(refused, Refusal)
    [finding] = refused.findings
    assert finding.code == "receipt-differs"
    assert finding.value("paid") == receipt.amount
    assert "$1,000.00 is due" in refused.explain()


def test_what_can_no_longer_be_renewed_is_refused() -> None:
    """Cancelled between the charge and its record: the money goes back."""
    due = due_on(END - 3 * ONE)
    off = done(switch_auto_renew(itself(), to=OFF, policy=POLICY, on=END - 2 * ONE)).subscription
    asked: dict[str, Any] = {"policy": POLICY, "on": END - 2 * ONE}
    assert isinstance(record_payment(off, due, paid(due), **asked), Refusal)
    assert isinstance(payment_failed(off, due, **asked), Refusal)


def test_an_older_attempt_is_no_receipt_for_the_next() -> None:
    """A due that has failed since is refused, and its failure told twice changes nothing."""
    due = due_on(END)
    after = failed(END)
    assert isinstance(record_payment(after, due, paid(due), policy=POLICY, on=END + ONE), Refusal)
    again = done(payment_failed(after, due, policy=POLICY, on=END + ONE))
    assert (again.subscription, again.events) == (after, ())


def test_a_due_of_the_term_before_is_refused() -> None:
    """Renewed by hand in between, it is no longer the coming term."""
    due = due_on(END - 3 * ONE)
    asked: dict[str, Any] = {"policy": POLICY, "on": END - 3 * ONE}
    off = done(switch_auto_renew(itself(), to=OFF, **asked)).subscription
    after = attrs.evolve(done(renew(off, **asked)).subscription, auto_renew=ON)
    assert isinstance(record_payment(after, due, paid(due), **asked), Refusal)


def test_a_due_of_another_subscription_is_the_callers_mistake() -> None:
    """The message names both."""
    with pytest.raises(InvalidValue, match=r"due is .*S-2"):
        payment_failed(itself(id="S-2"), due_on(END), policy=POLICY, on=END)
    with pytest.raises(InvalidType, match="due"):
        payment_failed(itself(), "S-1/2026-01-01", policy=POLICY, on=END)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match="receipt"):
        record_payment(itself(), due_on(END), None, policy=POLICY, on=END)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"key": "", "amount": Money(1, "USD")}, "key"),
        ({"key": "S-1/2026-01-01", "amount": 1}, "amount"),
        ({"key": "S-1/2026-01-01", "amount": Money(1, "USD"), "reference": 7}, "reference"),
    ],
)
def test_a_receipt_is_checked(fields: dict[str, Any], field: str) -> None:
    """The message names the field."""
    with pytest.raises((InvalidType, InvalidValue), match=rf"Receipt\.{field}"):
        Receipt(**fields)


# Invoices ---------------------------------------------------------------------------------------


def invoiced() -> Subscription:
    """Renewed on invoice, for 1,000 dollars."""
    held = itself(payment_method=INVOICE)
    due = due_on(END, held)
    assert due.collection == "invoiced"
    found = done(renew_automatically(held, policy=POLICY, on=END, amount=due.amount))
    assert found.events[0].amount == due.amount
    return found.subscription


def test_an_invoice_renews_first_and_is_paid_later() -> None:
    """The term is given, what is owed is kept, and its payment has a key of its own."""
    held = invoiced()
    due = invoice_due(held)
    assert due is not None
    assert (due.key, due.amount, due.term.starts_on) == (
        "S-1/2026-01-01/invoice",
        Money(1000, "USD"),
        END,
    )
    found = done(record_payment(held, due, paid(due), policy=POLICY, on=END + 30 * ONE))
    [event] = found.events
    assert (event.what, event.amount) == (Happening.SETTLED, due.amount)
    assert found.subscription.starts_on == held.starts_on
    assert invoice_due(found.subscription) is None
    again = done(record_payment(found.subscription, due, paid(due), policy=POLICY, on=END))
    assert again.events == ()


def test_an_invoice_in_advance_is_a_payment() -> None:
    """Paid before it is renewed, the term is given and nothing is owed."""
    held = itself(payment_method=INVOICE)
    due = due_on(END, held)
    after = done(record_payment(held, due, paid(due), policy=POLICY, on=END)).subscription
    assert (after.starts_on, after.history.owed) == (END, None)


def test_an_unpaid_invoice_is_a_debt_until_it_is_settled() -> None:
    """Nothing renews by itself; the decision says how much is owed and since when."""
    held, on = invoiced(), END + 40 * ONE
    due = invoice_due(held)
    assert due is not None
    overdue = done(payment_failed(held, due, policy=POLICY, on=on)).subscription
    decision = renewability(overdue, policy=POLICY, on=on)
    codes = [each.code for each in decision.actions]
    assert (decision.route, codes) == (Route.REPAIR_PAYMENT, ["settle", "renew"])
    assert "An invoice for $1,000.00 has been unpaid since February 10, 2026." in decision.explain()
    again = done(payment_failed(overdue, due, policy=POLICY, on=on + ONE)).subscription
    assert again.history.unpaid_since == on
    next_end = date(2027, 1, 1)
    assert isinstance(renew_automatically(overdue, policy=POLICY, on=next_end), Refusal)
    settled = done(record_payment(overdue, due, paid(due), policy=POLICY, on=on + ONE)).subscription
    assert renewability(settled, policy=POLICY, on=on + ONE).renews_itself
    assert done(payment_failed(settled, due, policy=POLICY, on=on + 2 * ONE)).events == ()


def test_an_invoice_of_which_nobody_said_how_much_is_settled_by_what_is_paid() -> None:
    """Whoever sets `unpaid_since` alone knows the amount elsewhere."""
    held = itself(history=History(unpaid_since=date(2025, 6, 1)))
    due = invoice_due(held)
    assert due is not None
    assert (due.amount, due.is_open(date(2025, 7, 1))) == (None, False)
    receipt = Receipt(key=due.key, amount=Money(7, "USD"))
    found = done(record_payment(held, due, receipt, policy=POLICY, on=date(2025, 7, 1)))
    assert found.events[0].amount == Money(7, "USD")
    assert found.subscription.history.unpaid_since is None


def test_invoices_add_up_in_one_currency() -> None:
    """Renewed again before the first one is due, both are owed; another currency is a mistake."""
    asked: dict[str, Any] = {"policy": POLICY, "on": date(2027, 1, 1)}
    after = done(renew_automatically(invoiced(), amount=Money(5, "USD"), **asked)).subscription
    assert after.history.owed == Money(1005, "USD")
    with pytest.raises(InvalidValue, match=r"amount is .*1000\.00 USD"):
        renew_automatically(invoiced(), amount=Money(5, "EUR"), **asked)


@pytest.mark.parametrize(
    ("currency", "charged", "total"),
    [("USD", Money(1000, "USD"), Money(2000, "USD")), ("EUR", None, None)],
)
def test_a_manual_renewal_pays_what_is_owed(
    currency: str, charged: Money | None, total: Money | None
) -> None:
    """It is a charge of the quote; in another currency nobody knows the total."""
    on = date(2026, 12, 1)
    history = History(owed=Money(1000, currency), unpaid_since=date(2026, 3, 1))
    held = a_subscription(starts_on=END, history=history)
    quote = renewal_quote(held, policy=POLICY, prices=PRICES, on=on)
    [charge] = quote.lines[0].charges
    assert (charge.code, charge.amount, quote.total) == ("debt", charged, total)
    assert quote.lines[0].total_without("debt") == Money(1000, "USD")
    found = done(renew(held, policy=POLICY, on=on, amount=Money(1000, "USD")))
    assert [(each.what, each.amount) for each in found.events] == [
        (Happening.SETTLED, Money(1000, currency)),
        (Happening.RENEWED, Money(1000, "USD")),
    ]


@pytest.mark.parametrize(("method", "owed"), [(INVOICE, Money(1000, "USD")), (PAYPAL, None)])
def test_renewed_manually_on_invoice_it_is_owed(method: Any, owed: Money | None) -> None:
    """What is charged is paid at once; an invoice is paid later, as after a run."""
    held = a_subscription(payment_method=method)
    asked: dict[str, Any] = {"policy": POLICY, "on": date(2025, 12, 1)}
    after = done(renew(held, amount=Money(1000, "USD"), **asked)).subscription
    assert after.history.owed == owed
    assert done(renew(held, **asked)).subscription.history.owed is None


@pytest.mark.parametrize(("shift", "told"), [(1, 3), (2, 3), (3, 3), (4, 4), (6, 6)])
def test_an_attempt_that_no_run_has_made_is_the_next_one_still(shift: int, told: int) -> None:
    """Its day has passed, so it is made on any day from now on: the sentence names no past one."""
    decision = renewability(failed(END), policy=POLICY, on=END + shift * ONE)
    [finding] = decision.findings
    assert finding.value("next_on") == END + told * ONE


@pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 3, 1)])
def test_an_invoice_is_no_debt_before_it_falls_due(on: date) -> None:
    """The day before it is charged by nobody, from that day on it is."""
    history = History(owed=Money(1000, "USD"), unpaid_since=date(2026, 3, 1))
    held = a_subscription(starts_on=END, history=history, term=Term.months(3))
    prices = PriceList(prices=(attrs.evolve(PRICES.prices[0], term=Term.months(3)),))
    quote = renewal_quote(held, policy=POLICY, prices=prices, on=on)
    assert [each.code for each in quote.lines[0].charges] == (["debt"] if on.month == 3 else [])


# Writing off ------------------------------------------------------------------------------------


def test_a_debt_is_written_off_in_an_event() -> None:
    """With the amount, and then nothing is owed."""
    held = invoiced()
    found = done(write_off(held, policy=POLICY, on=END + 90 * ONE))
    [event] = found.events
    assert isinstance(event, Event)
    assert (event.what, event.amount) == (Happening.WRITTEN_OFF, Money(1000, "USD"))
    assert invoice_due(found.subscription) is None


def test_a_failed_charge_written_off_is_not_tried_again() -> None:
    """Automatic renewal is off from then on."""
    found = done(write_off(failed(END), policy=POLICY, on=END + ONE)).subscription
    assert (found.auto_renew, found.history.failed_charges) == (OFF, 0)
    assert isinstance(renewal_due(found, policy=POLICY, prices=PRICES, on=END + ONE), Refusal)


def test_where_nothing_is_owed_nothing_happens() -> None:
    """No event tells of it."""
    assert done(write_off(itself(), policy=POLICY, on=END)).events == ()
