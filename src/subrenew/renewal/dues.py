"""
What a renewal costs on its day, and what becomes of it when that is paid, or is not.

Rule 1: a due is what an application charges for: the renewal at the price of its renewal date,
whenever it is charged, and never with a charge for lateness (reading 29). An invoice for the term
that runs is a due as well.

Rule 2: its key is made of the subscription, the term, whether it is invoiced, and the attempt. A
charge under the same key is the same charge; an attempt that was recorded as failed gives the next
one a key of its own, because a gateway repeats under a key what it answered first.

Rule 3: a charge that failed gives no term, and one that was paid is recorded together with its
term. An invoice is another fact: the term is given first, and what is owed is settled later.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import attrs

from subrenew import clauses
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Kind, Subscription
from subrenew.model.money import Money
from subrenew.model.payments import PaymentMethod
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.prices import PriceBook
from subrenew.renewal.events import Happening
from subrenew.renewal.quotes import renewal_quote
from subrenew.renewal.transitions import Refusal, Transition, changed
from subrenew.rules import outcomes
from subrenew.rules.decisions import Decision, Finding
from subrenew.rules.facts import Collection, Payment
from subrenew.rules.renewability import renewability
from subrenew.rules.schedules import (
    NextTerm,
    as_renewed,
    edition_on,
    next_charge_on,
    next_term,
    payment_on,
    run_until,
)

__all__ = [
    "Due",
    "Receipt",
    "invoice_due",
    "payment_failed",
    "record_payment",
    "renewal_due",
    "write_off",
]

_ONE_DAY: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Due:
    """What has to be paid for one term of one subscription; `renewal_due` makes it."""

    #: Whose term it is, as it was when it was asked about.
    subscription: Subscription
    #: The term that is paid for: the coming one, or the present one on invoice.
    term: NextTerm
    #: How much, for all seats and before tax; ``None`` where there is no total.
    amount: Money | None
    #: Why it is that much; where there is no amount, why not.
    findings: tuple[Finding, ...]
    #: The day whose price it is: the renewal date.
    charged_on: date
    #: Whether it is charged, charged again, or invoiced.
    collection: Collection
    #: Which attempt to charge this is, from 1 on.
    attempt: int
    #: The first day on which this attempt may be made.
    attempt_on: date
    #: The day of the next one, if this one fails; ``None`` where it is the last.
    next_attempt_on: date | None

    @property
    def key(self) -> str:
        """
        The key to charge it under: the same for the same attempt at the same term.

        An invoice has a key of its own: a term that is charged and invoiced is paid twice.
        """
        key = f"{self.subscription.id}/{self.term.starts_on}"
        if self.collection is Collection.INVOICED:
            key = f"{key}/invoice"
        return checks.bounded(key if self.attempt == 1 else f"{key}/{self.attempt}")

    @property
    def payment_method(self) -> PaymentMethod | None:
        """What it is paid with: from the renewal date on, what was on file before (reading 29)."""
        return as_renewed(self.subscription).payment_method

    @property
    def is_last(self) -> bool:
        """Whether no other attempt follows."""
        return self.next_attempt_on is None

    def is_open(self, on: date) -> bool:
        """Return whether it may be charged on that day: the day has come, the amount is known."""
        return self.amount is not None and self.attempt_on <= on


@attrs.frozen(kw_only=True)
class Receipt:
    """That a due was paid, as whoever took the money says."""

    #: The due's key.
    key: str
    #: What was paid.
    amount: Money
    #: The payment's own identifier, where it has one; it is needed to give the money back.
    reference: str | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("Receipt.key", self.key)
        checks.instance("Receipt.amount", self.amount, Money)
        checks.optional_text("Receipt.reference", self.reference)


def renewal_due(
    subscription: Subscription, *, policy: Policy, prices: PriceBook, on: date
) -> Due | Refusal:
    """
    Return what is to be paid for a subscription without anybody acting, now or on its day.

    That is the automatic renewal of its renewal date, while it lies ahead or may still be made
    (reading 29), also where a charge for it has failed and is tried again. Everything else is
    refused, with the decision that says why. What is owed for a term that was given on invoice is
    told by `invoice_due`.

    Args:
        subscription: Paid, or a trial that goes on.
        policy: An edition, or editions from which the renewal date chooses one.
        prices: Supplies list prices and rates of the renewal date.
        on: The day asked about; `Due.is_open` says whether its own day has come.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import AutoRenew, ListPrice, PaymentMethod, PriceList, Term
    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(
    ...     id="S-1",
    ...     product="CAD",
    ...     term=Term.years(1),
    ...     starts_on=date(2025, 1, 1),
    ...     auto_renew=AutoRenew.ON,
    ...     payment_method=PaymentMethod.card(expires="2030-03"),
    ... )
    >>> price = ListPrice(
    ...     product="CAD", term=Term.years(1), price=Money(1000, "USD"), from_on=date(2020, 1, 1)
    ... )
    >>> asked = {"policy": autodesk.EDITION_2024, "prices": PriceList(prices=(price,))}
    >>> due = renewal_due(held, on=date(2026, 1, 3), **asked)
    >>> due.key, due.amount, due.charged_on.isoformat()
    ('S-1/2026-01-01', Money('950.00', 'USD'), '2026-01-01')
    """
    decision = renewability(subscription, policy=policy, on=on)
    if not _is_charged(subscription, policy, decision):
        return Refusal(decision=decision)
    renewal_on = subscription.expires_on
    edition = _edition(subscription, policy, on)
    # As it would have been charged on the renewal date: a failure makes it no dearer.
    sound = attrs.evolve(
        subscription,
        history=attrs.evolve(subscription.history, failed_charges=0, failed_on=None),
    )
    quote = renewal_quote(sound, prices=prices, policy=policy, on=renewal_on, by_hand=True)
    [line] = quote.lines
    then = as_renewed(subscription)
    invoiced = payment_on(then.payment_method, edition, renewal_on) is Payment.INVOICED
    failed = subscription.history.failed_charges
    attempt_on = next_charge_on(subscription, edition) or renewal_on
    return Due(
        subscription=subscription,
        term=next_term(then, edition, renewal_on - _ONE_DAY),
        amount=line.total,
        findings=line.findings,
        charged_on=renewal_on,
        collection=Collection.INVOICED if invoiced else Collection.CHARGED,
        attempt=failed + 1,
        attempt_on=attempt_on,
        next_attempt_on=_day_after(subscription, edition, max(attempt_on, on)),
    )


def invoice_due(subscription: Subscription) -> Due | None:
    """
    Return what is owed for the present term, which was given on invoice; ``None`` for nothing.

    Its key is not that of a charge for the same term (`Due.key`). Where nobody said how much is
    owed, it has no amount, and whatever is paid settles it.
    """
    checks.instance("subscription", subscription, Subscription)
    owed, starts_on = subscription.history.owed, subscription.starts_on
    if not _owes(subscription):
        return None
    return Due(
        subscription=subscription,
        term=NextTerm(
            subscription.term, starts_on, subscription.expires_on, subscription.anchor_day
        ),
        amount=owed,
        findings=(),
        charged_on=starts_on,
        collection=Collection.INVOICED,
        attempt=1,
        attempt_on=starts_on,
        next_attempt_on=None,
    )


def payment_failed(
    subscription: Subscription, due: Due, *, policy: Policy, on: date
) -> Transition | Refusal:
    """
    Record that a charge failed, or that an invoice was not paid in time (clause `automatic`).

    A failed charge gives no term. It is tried again on the policy's next day, or at once when
    another payment method is on file; what follows the last attempt is the policy's as well
    (`ChargeAttempts`). An invoice counts as unpaid from that day on. Told twice, the second time
    changes nothing.

    Args:
        subscription: As it is now.
        due: What was charged, or invoiced.
        policy: An edition, or editions from which the renewal date chooses one.
        on: The day on which it failed.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *due* is of another subscription.
    """
    decision = _asked(subscription, due, policy, on)
    history = subscription.history
    what, clause = Happening.PAYMENT_FAILED, clauses.AUTOMATIC
    if _is_invoice_of(due, subscription):
        if not _owes(subscription):
            return _nothing(subscription)
        unpaid = attrs.evolve(history, unpaid_since=history.unpaid_since or on)
        after = attrs.evolve(subscription, history=unpaid)
    elif due.term.starts_on == subscription.expires_on and due.attempt <= history.failed_charges:
        return _nothing(subscription)
    elif not _is_next(due, subscription, policy, decision):
        return Refusal(decision=decision)
    else:
        edition = _edition(subscription, policy, on)
        after = outcomes.charge_failed(subscription, edition, on)
    return changed(subscription, after, what, clause, decision, on=on, amount=due.amount)


def record_payment(
    subscription: Subscription, due: Due, receipt: Receipt, *, policy: Policy, on: date
) -> Transition | Refusal:
    """
    Record that a due was paid: the term is given, or what is owed for it is settled.

    It is refused where the receipt is of another due or amount (`receipt-differs`), and where the
    renewal can no longer be made, or would be for another term than was paid for, because that was
    changed in the meantime: the money has to be given back then. Recorded twice, the second
    time changes nothing.

    Args:
        subscription: As it is now.
        due: What was charged, or invoiced.
        receipt: That it was paid.
        policy: An edition, or editions from which the renewal date chooses one.
        on: The day on which it is recorded.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *due* is of another subscription.
        InvalidType: *receipt* is none.
    """
    decision = _asked(subscription, due, policy, on)
    checks.instance("receipt", receipt, Receipt)
    if receipt.key != due.key or due.amount not in (None, receipt.amount):
        return Refusal(decision=decision, findings=(_differs(due, receipt, decision),))
    if subscription.history.paid_key == due.key:
        return _nothing(subscription)
    if _is_invoice_of(due, subscription) and _owes(subscription, due.amount):
        after, what = outcomes.settled(subscription), Happening.SETTLED
    elif not _is_next(due, subscription, policy, decision):
        return Refusal(decision=decision)
    else:
        edition = _edition(subscription, policy, on)
        after = outcomes.renewed_automatically(subscription, edition)
        if not _is_of(due, after):
            return Refusal(decision=decision)
        trial = subscription.kind is Kind.TRIAL
        what = Happening.TRIAL_CONTINUED if trial else Happening.RENEWED_AUTOMATICALLY
    paid = attrs.evolve(after, history=attrs.evolve(after.history, paid_key=due.key))
    clause = clauses.AUTOMATIC
    return changed(subscription, paid, what, clause, decision, on=on, amount=receipt.amount)


def write_off(subscription: Subscription, *, policy: Policy, on: date) -> Transition | Refusal:
    """
    Give up what is owed: an invoice for the present term, or charges for the coming one.

    After a failed charge automatic renewal is switched off: nothing is charged again. Where nothing
    is owed, nothing happens.

    Raises:
        NotInForce: *policy* has no edition on that day.
    """
    decision = renewability(subscription, policy=policy, on=on)
    amount = subscription.history.owed
    after = outcomes.written_off(subscription)
    what, clause = Happening.WRITTEN_OFF, clauses.AUTOMATIC_REVIEW
    return changed(subscription, after, what, clause, decision, on=on, amount=amount)


def _asked(subscription: Subscription, due: Due, policy: Policy, on: date) -> Decision[Any]:
    decision = renewability(subscription, policy=policy, on=on)
    checks.instance("due", due, Due)
    if due.subscription.id != subscription.id:
        raise InvalidValue("due", due.key, f"give a due of {subscription.id}")
    return decision


def _edition(subscription: Subscription, policy: Policy, on: date) -> RenewalPolicy:
    """Return the edition of the renewal date, on which it is charged (reading 17)."""
    return edition_on(subscription, policy, max(on, subscription.expires_on))


def _is_charged(subscription: Subscription, policy: Policy, decision: Decision[Any]) -> bool:
    """Return whether the coming term is charged, or invoiced, without anybody acting."""
    if not decision.renews_itself and subscription.history.failed_on is None:
        return False
    until_on = run_until(subscription, _edition(subscription, policy, decision.on))
    return until_on is not None and decision.on < until_on


def _is_next(due: Due, subscription: Subscription, policy: Policy, decision: Decision[Any]) -> bool:
    """Return whether a due is the one that waits to be charged."""
    if due.term.starts_on != subscription.expires_on:
        return False
    if due.attempt != subscription.history.failed_charges + 1:
        return False
    return _is_charged(subscription, policy, decision)


def _is_of(due: Due, renewed: Subscription) -> bool:
    """Return whether a due is of the very term that a subscription has been given."""
    given, term = due.term, (renewed.term, renewed.starts_on, renewed.expires_on)
    return (given.term, given.starts_on, given.expires_on) == term


def _is_invoice_of(due: Due, subscription: Subscription) -> bool:
    return due.collection is Collection.INVOICED and due.term.starts_on == subscription.starts_on


def _owes(subscription: Subscription, *amounts: Money | None) -> bool:
    """Return whether the present term has still to be paid for, and costs that if it is said."""
    history = subscription.history
    overdue = history.unpaid_since is not None and not history.failed_charges
    return (history.owed is not None or overdue) and all(each == history.owed for each in amounts)


def _day_after(subscription: Subscription, edition: RenewalPolicy, on: date) -> date | None:
    """Return the day of the attempt that follows one that fails on a day."""
    failed = outcomes.charge_failed(subscription, edition, on)
    day = next_charge_on(failed, edition)
    return None if run_until(failed, edition) is None else day


def _nothing(subscription: Subscription) -> Transition:
    return Transition(subscription=subscription, events=())


def _differs(due: Due, receipt: Receipt, decision: Decision[Any]) -> Finding:
    clause, is_own = decision.edition.citation(None, clauses.AUTOMATIC)
    values = (
        ("due", due.key),
        ("amount", due.amount),
        ("receipt", receipt.key),
        ("paid", receipt.amount),
    )
    return Finding("receipt-differs", clause, values, not is_own)
