"""
Money at random, over the desk: whatever is charged, declined, killed or given back, it adds up.

Runs: 20 of 30 steps locally, 200 of 50 in the profile ``ci``, 20,000 of 50 in ``release``.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from subrenew import (
    AfterLastAttempt,
    AutoRenew,
    CancelAt,
    Cart,
    ChargeAttempts,
    CheckOut,
    Due,
    EarlyRenewal,
    Event,
    Happening,
    KeyTaken,
    Kind,
    LadderStart,
    Money,
    PaymentKind,
    PaymentMethod,
    Receipt,
    RenewalPolicy,
    Stage,
    StageLength,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    change_term,
    invoice_due,
    replace_payment_method,
    replay,
)
from subrenew.collecting import Decline, Refund
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.rules.facts import Collection
from subrenew.testing.memory import MemoryStorage
from tests.makers import a_list, a_price
from tests.test_desk_machine import chosen

LATE = Stage(name="late", lengths=(StageLength(days=20),))
OWN = RenewalPolicy(
    id="own/1",
    window_opens_days=90,
    stages=(LATE,),
    trials=TrialEnd.GOES_ON,
    charge_attempts=ChargeAttempts(days=(-3, 0, 3, 7)),
)
LADDER = ChargeAttempts(days=(-2, -1), after_last=AfterLastAttempt.UNPAID_LADDER)
EDITIONS: list[RenewalPolicy] = [
    OWN,
    OWN.evolve(id="own/2", early_renewal=EarlyRenewal.ALLOWED, catch_up_days=20),
    OWN.evolve(
        id="own/3", charge_attempts=ChargeAttempts(days=(0, 5), after_last=AfterLastAttempt.LAPSES)
    ),
    OWN.evolve(id="own/4", charge_attempts=LADDER, ladder_start=LadderStart.UNPAID_INVOICE),
    OWN.evolve(
        id="own/5",
        charge_attempts=attrs.evolve(LADDER, days=(-3, 0, 3)),
        ladder_start=LadderStart.UNPAID_INVOICE,
    ),
    autodesk.EDITION_2025_12,
]
POLICIES = {each.id: each for each in EDITIONS}
TERMS = [Term.years(1), Term.months(1), Term.months(3)]
AMOUNTS = {Term.years(1): "100.00", Term.months(1): "10.01", Term.months(3): "28.00"}
DEARER = {Term.years(1): "107.00", Term.months(1): "11.00", Term.months(3): "30.00"}
DEARER_ON = date(2024, 9, 1)
PRICES = a_list(
    *(
        a_price(amount, currency, term=term)
        for term, amount in AMOUNTS.items()
        for currency in ("USD", "EUR")
    ),
    *(
        a_price(amount, currency, term=term, from_on=DEARER_ON)
        for term, amount in DEARER.items()
        for currency in ("USD", "EUR")
    ),
)
CARD = PaymentMethod.card(expires="2099-12", id="card")
METHODS = [
    CARD,
    PaymentMethod.card(expires="2024-07", id="card"),
    PaymentMethod(kind=PaymentKind.PAYPAL, id="paypal"),
    PaymentMethod(kind=PaymentKind.INVOICE, id="invoice"),
    PaymentMethod(kind=PaymentKind.INVOICE, id="invoice"),
]
BY_CHARGE = (Happening.RENEWED_AUTOMATICALLY, Happening.TRIAL_CONTINUED)

which = st.integers(0, 3)
methods = st.sampled_from(METHODS)
subscriptions = st.builds(
    lambda **fields: fields,
    term=st.sampled_from(TERMS),
    starts_on=st.sampled_from([date(2024, 1, 31), date(2023, 3, 15), date(2024, 2, 20)]),
    auto_renew=st.sampled_from([AutoRenew.ON, AutoRenew.ON, AutoRenew.OFF]),
    payment_method=methods,
    currency=st.sampled_from(["USD", "EUR"]),
    seats=st.integers(1, 3),
    kind=st.sampled_from([*[Kind.PAID] * 5, Kind.TRIAL]),
)


class Killed(BaseException):
    """The process is gone: not an error that anybody catches."""


class Unanswered(Exception):
    """Nobody knows whether the money was taken."""


class Till:
    """
    A gateway that keeps what it took and gave back, and answers a key as it did the first time.

    Also where another amount is asked; but what was given back is declined from then on.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[Due, Receipt | Decline]] = {}
        self.given_back: set[str] = set()
        self.does: list[str] = []

    def charge(self, due: Due) -> Receipt | Decline:
        """Do the next of what it was told to do, or pay."""
        does = self.does.pop(0) if self.does else "pay"
        if does == "unreachable":
            raise Unanswered
        if due.key in self.given_back:
            return Decline(reason="given back")
        if due.key not in self.answers:
            assert due.amount is not None
            paid = Receipt(key=due.key, amount=due.amount, reference=f"till-{due.key}")
            self.answers[due.key] = due, Decline(reason="no") if does == "decline" else paid
        if does == "killed":
            raise Killed
        if does == "unanswered":
            raise Unanswered
        return self.answers[due.key][1]

    @property
    def taken(self) -> dict[str, Money]:
        """What was charged under each key, given back or not."""
        return {
            key: answer.amount
            for key, (_, answer) in self.answers.items()
            if isinstance(answer, Receipt)
        }


@attrs.frozen
class Transfer:
    """An invoice that was paid, and whether that was given back."""

    due: Due
    receipt: Receipt


def sums(amounts: Iterable[Money | None]) -> Counter[str]:
    """Return the sum of each currency, in its smallest unit."""
    found: Counter[str] = Counter()
    for each in amounts:
        if each is not None:
            found[each.currency] += int(each.amount * 100)
    return +found


class Moneys(RuleBasedStateMachine):
    """A few subscriptions, a gateway, a bank, and everything that moves money."""

    @initialize(
        policy=st.sampled_from(sorted(POLICIES)),
        made=st.lists(subscriptions, min_size=1, max_size=3),
    )
    def begin(self, policy: str, made: list[dict[str, Any]]) -> None:
        """A few subscriptions are there, none of which owes anything."""
        self.storage = MemoryStorage(prices=PRICES)
        self.desk = Desk(
            storage=self.storage, policy=POLICIES[policy], hasher=ScryptHasher(cost=4, r=1)
        )
        self.day = date(2024, 3, 1)
        self.till = Till()
        self.transfers: list[Transfer] = []
        self.sent_back: list[Transfer] = []
        self.unrecorded: set[str] = set()
        self.numbers = 0
        self.first = {
            f"S-{number}": Subscription(id=f"S-{number}", product="CAD", **fields)
            for number, fields in enumerate(made)
        }
        with self.storage.transaction() as found:
            for line in self.first.values():
                found.subscriptions.save(line, revision=None)

    # What is there

    def state(self, number: int) -> Subscription:
        """Return one of them as it is stored."""
        id = list(self.first)[number % len(self.first)]
        return self.storage.subscriptions[id].value

    def log(self) -> list[Event]:
        """Return what happened to all of them."""
        return [event for events in self.storage.events_of.values() for event in events]

    def new_name(self) -> str:
        """Return a name that nothing has."""
        self.numbers += 1
        return f"N-{self.numbers}"

    def give_back(self, refund: Refund) -> None:
        """Give back what the desk says has to be given back: never more than once."""
        key = refund.receipt.key
        found = [each for each in self.transfers if each.receipt == refund.receipt]
        if found:
            assert found[0] not in self.sent_back
            self.sent_back += found
            return
        assert refund.amount == self.till.taken[key]
        self.till.given_back.add(key)

    # What can be done

    @rule(days=st.one_of(st.integers(0, 3), st.integers(1, 40)))
    def wait(self, days: int) -> None:
        """Some days go by."""
        self.day += timedelta(days=days)

    @rule(number=which, offset=st.sampled_from([-60, -4, -3, -2, -1, 0, 0, 1, 3, 7, 8]))
    def wait_for_the_end(self, number: int, offset: int) -> None:
        """One of them is about to end, ends, or has ended."""
        days = (self.state(number).expires_on - self.day).days
        self.day += timedelta(days=max(0, days + offset))

    @rule(
        does=st.lists(
            st.sampled_from(["pay", "decline", "decline", "unreachable", "unanswered", "killed"]),
            max_size=3,
        )
    )
    def nightly_run(self, does: list[str]) -> None:
        """Each charge is paid, declined, not made, not answered, or the last thing that is done."""
        self.till.does = list(does)
        before = set(self.till.taken)
        try:
            report = self.desk.renew_due(self.day, collect=self.till)
        except Killed:
            pass
        else:
            for refund in report.refunds:
                self.give_back(refund)
            assert {each.error for each in report.failures} <= {"Unanswered"}
            assert {each.key for each in report.receipts} <= set(self.till.taken)
            assert len(report.renewed) == len(set(report.renewed))
        self.till.does = []  # what was not reached is not for the next one
        self.unrecorded |= set(self.till.taken) - before

    @rule(
        number=which,
        offset=st.sampled_from([-3, 0, 0, 3]),
        does=st.sampled_from(["pay", "decline", "killed"]),
    )
    def run_in_time(self, number: int, offset: int, does: str) -> None:
        """The run comes on a day on which one of them is charged."""
        self.wait_for_the_end(number, offset)
        self.nightly_run([does] * 3)

    @rule()
    def charge_only(self) -> None:
        """What is due is charged; what became of it is recorded some other day."""
        for due in self.desk.due(self.day):
            if due.collection is Collection.CHARGED:
                self.till.charge(due)
                self.unrecorded.add(due.key)

    @precondition(lambda self: self.till.answers)
    @rule(number=st.integers(0, 20), latest=st.booleans())
    def answer_arrives(self, number: int, latest: bool) -> None:
        """The gateway's message comes late, or once more."""
        keys = list(self.till.answers)
        key = keys[-1 - number % 2] if latest and len(keys) > 1 else keys[number % len(keys)]
        due, answer = self.till.answers[key]
        before = self.log()
        done = self.desk.record(due, answer, on=self.day)
        if isinstance(done, Refund):
            self.give_back(done)
        if key not in self.unrecorded or key in self.till.given_back:
            assert self.log() == before

    @rule(number=which)
    def invoice_is_overdue(self, number: int) -> None:
        """Nobody has paid it in time."""
        due = invoice_due(self.state(number))
        if due is not None:
            assert isinstance(
                self.desk.record(due, Decline(reason="late"), on=self.day), Transition
            )

    @rule(number=which)
    def invoice_is_paid(self, number: int) -> None:
        """In time or late."""
        due = invoice_due(self.state(number))
        if due is None:
            return
        assert due.amount is not None
        paid = Receipt(key=due.key, amount=due.amount, reference=self.new_name())
        self.transfers.append(Transfer(due, paid))
        done = self.desk.record(due, paid, on=self.day)
        assert isinstance(done, Transition)
        assert invoice_due(self.state(number)) is None
        assert self.desk.record(due, paid, on=self.day) == done

    @precondition(lambda self: self.transfers)
    @rule(number=st.integers(0, 10))
    def transfer_is_told_again(self, number: int) -> None:
        """Whenever it comes, nothing is done, and nothing is given back."""
        each = self.transfers[number % len(self.transfers)]
        before = self.log()
        done = self.desk.record(each.due, each.receipt, on=self.day)
        assert isinstance(done, Transition)
        assert self.log() == before

    @rule(number=which)
    def write_off(self, number: int) -> None:
        """Nothing is owed any more, asked once or twice."""
        id, key = self.state(number).id, self.new_name()
        answer = self.desk.write_off(id, on=self.day, key=key)
        after = self.log()
        assert self.desk.write_off(id, on=self.day, key=key) == answer
        with pytest.raises(KeyTaken):
            self.desk.lapse(id, on=self.day, key=key)
        assert self.log() == after
        history = self.state(number).history
        assert (history.owed, history.failed_charges) == (None, 0)

    @rule(number=which, to=st.sampled_from([*[AutoRenew.ON] * 2, AutoRenew.OFF]))
    def switch(self, number: int, to: AutoRenew) -> None:
        """On or off, also between a charge and its record."""
        self.desk.switch_auto_renew(self.state(number).id, to=to, on=self.day)

    @rule(number=which, at=st.sampled_from(CancelAt))
    def cancel(self, number: int, at: CancelAt) -> None:
        """Also between a charge and its record; told again under the key."""
        id, key = self.state(number).id, self.new_name()
        answer = self.desk.cancel(id, at=at, on=self.day, key=key)
        assert self.desk.cancel(id, at=at, on=self.day, key=key) == answer

    @rule(number=which)
    def lapse(self, number: int) -> None:
        """Where it is over."""
        self.desk.lapse(self.state(number).id, on=self.day)

    @rule(number=which, method=methods)
    def replace_method(self, number: int, method: PaymentMethod) -> None:
        """Of one of them: also one that renews on invoice by one that is charged."""
        self.desk.change(
            self.state(number).id,
            lambda each: replace_payment_method(
                each, by=method, policy=self.desk.policy, on=self.day
            ),
        )

    @rule()
    def replace_everywhere(self) -> None:
        """The card is a new one."""
        self.desk.replace_payment_method(CARD, on=self.day)

    @rule(number=which, to=st.sampled_from(TERMS))
    def change_term(self, number: int, to: Term) -> None:
        """From the next one on, also between a charge and its record."""
        self.desk.change(
            self.state(number).id,
            lambda each: change_term(
                each, to=to, by_support=True, policy=self.desk.policy, on=self.day
            ),
        )

    @rule(number=which)
    def renew_manually(self, number: int) -> None:
        """With whatever is owed; paid in the shop."""
        cart = Cart().add(self.state(number), policy=self.desk.policy, prices=PRICES, on=self.day)
        if not isinstance(cart, Cart):
            return
        (purchase,) = cart.purchases(self.desk.policy)  # type: ignore[arg-type]
        name = self.new_name()
        bought = self.desk.check_out(purchase, number=name, on=self.day, key=name)
        if not isinstance(bought, CheckOut):
            return
        assert sums(each.amount for each in bought.events) == sums([bought.quote.total])
        after = self.log()
        assert self.desk.check_out(purchase, number=name, on=self.day, key=name) == bought
        assert self.log() == after
        history = self.state(number).history
        assert (history.failed_charges, history.failed_on) == (0, None)

    # What always holds

    @invariant()
    def every_charge_is_recorded_once_or_given_back(self) -> None:
        """Or its record is still to come; and nothing is recorded as paid that was not."""
        if not hasattr(self, "desk"):
            return
        recorded: dict[str, list[Event]] = {}
        settled: dict[str, list[Event]] = {}
        for event in self.log():
            before = event.before.history.paid_key if event.before else None
            key = event.after.history.paid_key
            if key != before and key is not None:
                kept = recorded if event.what in BY_CHARGE else settled
                kept.setdefault(key, []).append(event)
        taken = self.till.taken
        self.unrecorded &= taken.keys() - recorded.keys() - self.till.given_back
        assert taken.keys() == recorded.keys() | self.till.given_back | self.unrecorded
        assert not recorded.keys() & self.till.given_back
        for key, events in recorded.items():
            (event,) = events
            due = self.till.answers[key][0]
            assert event.amount == taken[key]
            after = event.after
            assert (due.term.term, due.term.starts_on) == (after.term, after.starts_on)
            assert due.term.expires_on == after.expires_on
        paid = {each.receipt.key: each.receipt.amount for each in self.transfers}
        assert {key: each.amount for key, (each,) in settled.items()} == paid
        # The sums, for each currency.
        kept = (taken[key] for key in taken.keys() - self.till.given_back - self.unrecorded)
        amounts = (each.amount for events in recorded.values() for each in events)
        assert sums(kept) == sums(amounts)

    @invariant()
    def no_term_is_given_for_nothing_and_no_debt_is_forgotten(self) -> None:
        """A term is given once: paid, owed, or bought; what is owed is what was invoiced."""
        if not hasattr(self, "desk"):
            return
        for id, first in self.first.items():
            events = self.storage.events_of.get(id, [])
            state = self.storage.subscriptions[id].value
            assert replay(first, events) == state
            owed: list[Money] = []
            starts = [first.starts_on]
            for event in events:
                before, after = event.before, event.after
                assert before is not None
                if after.starts_on != before.starts_on:
                    assert event.amount is not None
                    starts.append(after.starts_on)
                    paid = after.history.paid_key != before.history.paid_key
                    if event.what in BY_CHARGE and not paid:
                        owed.append(event.amount)
                elif event.what in (Happening.SETTLED, Happening.WRITTEN_OFF):
                    assert sums(owed) == sums([event.amount])
                    owed = []
                invoiced = before.history.owed is not None
                if invoiced and before.history.unpaid_since and not after.history.unpaid_since:
                    assert event.what in (Happening.SETTLED, Happening.WRITTEN_OFF)
            assert starts == sorted(set(starts))
            due = invoice_due(state)
            if owed:
                assert due is not None
                assert due.amount is not None
                assert sums(owed) == sums([due.amount])
            else:
                assert state.history.owed is None

    def teardown(self) -> None:
        """Whatever the gateway took is recorded in the end, or given back."""
        if not hasattr(self, "desk"):
            return
        for key in sorted(self.unrecorded):
            done = self.desk.record(*self.till.answers[key], on=self.day)
            if isinstance(done, Refund):
                self.give_back(done)
        self.unrecorded = set()
        self.every_charge_is_recorded_once_or_given_back()


def test_money_adds_up() -> None:
    """Charged minus given back is what was renewed for; no term for nothing, no debt forgotten."""
    run_state_machine_as_test(Moneys, settings=chosen())
