"""
The life of a subscription: renewed manually or automatically, cancelled, over.

Rule 1: each transition derives the decision itself, on the day of the act. A permission cannot be
passed in, so none can be stale or forged.

Rule 2: a renewal begins where the last term ends, early or late, unless the edition says otherwise,
and keeps the anchor day; no paid day is lost (reading 4). The same term is not renewed twice,
manually or automatically, in whatever order (reading 15).

Rule 3: the run and the answer are one: what `renewability` calls pending is renewed by
`renew_automatically` on that day, and nothing else is (reading 29).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import attrs

from subrenew import clauses
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Actor, AutoRenew, Kind, Order, Subscription
from subrenew.model.money import Money
from subrenew.policy.editions import Policy
from subrenew.renewal.events import Event, Happening
from subrenew.renewal.transitions import (
    OrderTransition,
    Refusal,
    Transition,
    changed,
    may_manage,
    switch_refusal,
)
from subrenew.rules import outcomes
from subrenew.rules.decisions import Decision, Finding
from subrenew.rules.facts import Collection, EndedFacts, Payment, PendingFacts, TrialFacts
from subrenew.rules.renewability import renewability

__all__ = [
    "CancelAt",
    "cancel",
    "lapse",
    "renew",
    "renew_automatically",
    "renew_order",
    "withdraw_cancellation",
]


class CancelAt(StrEnum):
    """When a cancellation takes effect."""

    END_OF_TERM = "end-of-term"
    AT_ONCE = "at-once"


def renew(
    subscription: Subscription,
    *,
    policy: Policy,
    on: date,
    actor: Actor | None = None,
    order: Order | None = None,
    term_ends_on: date | None = None,
    amount: Money | None = None,
) -> Transition | Refusal:
    """
    Renew manually: early within the window, or late in a stage that still renews.

    Clauses `manual`, `manual.window`, `manual.deadline`; readings 4, 15 and 16. A cancellation on
    its way is withdrawn by it. An overdue invoice is settled by it, in an event of its own before
    that of the renewal: what is owed is a charge of the quote.

    Args:
        subscription: What is renewed.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        actor: Who renews (clause `managed`).
        order: The order it is a line of, to get it back with the new line.
        term_ends_on: The end of the term that is renewed, as the caller saw it: where the term held
            ends on another day it was renewed since, and this is refused (`already-renewed`).
        amount: What the renewal itself costs, for all seats; its event keeps it. Where it is paid
            by invoice, it is owed from then on.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *order* has no such line, or *amount* is of another currency than what is
            still owed.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 2, 29)
    ... )
    >>> renewal = renew(subscription, policy=autodesk.EDITION_2024, on=date(2025, 1, 10))
    >>> renewal.subscription.starts_on.isoformat(), renewal.subscription.expires_on.isoformat()
    ('2025-02-28', '2026-02-28')
    >>> again = renew(renewal.subscription, policy=autodesk.EDITION_2024, on=date(2025, 1, 10))
    >>> again.decision.route.value
    'wait-for-window'
    """
    checks.optional_date("term_ends_on", term_ends_on)
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    if term_ends_on not in (None, subscription.expires_on):
        values = (("expires_on", subscription.expires_on),)
        clause, is_own = decision.edition.citation(None, clauses.MANUAL)
        found = Finding("already-renewed", clause, values, not is_own)
        return Refusal(decision=decision, findings=(found,))
    if not decision.can_renew_now:
        return Refusal(decision=decision)
    paid = _paid_up(subscription, decision, on, actor)
    after = outcomes.renewed(subscription, decision.edition, on)
    if amount is not None and getattr(decision.facts, "payment", None) is Payment.INVOICED:
        after = outcomes.owing(after, amount)
    late = on >= subscription.expires_on
    clause = clauses.EXPIRED if late else clauses.MANUAL_DEADLINE
    done = changed(
        paid.subscription,
        after,
        Happening.RENEWED,
        clause,
        decision,
        on=on,
        amount=amount,
        actor=actor,
    )
    done = attrs.evolve(done, events=(*paid.events, *done.events))
    return done if order is None else attrs.evolve(done, order=_with_line(order, after))


def _paid_up(
    subscription: Subscription, decision: Decision[Any], on: date, actor: Actor | None
) -> Transition:
    """Return it with its overdue invoice paid, together with the renewal."""
    after, amount = outcomes.paid_up(subscription, on), subscription.history.owed
    what, clause = Happening.SETTLED, clauses.AUTOMATIC_REVIEW
    return changed(subscription, after, what, clause, decision, on=on, amount=amount, actor=actor)


def renew_order(
    order: Order, *, policy: Policy, on: date, actor: Actor | None = None
) -> OrderTransition | Refusal:
    """
    Renew an order manually as a unit: every line, or none (clause `manual`, reading 18).

    Lines that renew themselves are left to do so. It is refused with the decision of the first of
    the others that cannot be renewed now, and where every line renews itself.

    Args:
        order: What is renewed.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        actor: Who renews (clause `managed`).

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> first = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1)
    ... )
    >>> lines = first, attrs.evolve(first, id="S-2")
    >>> order = Order(number="PO-7", placed_on=date(2025, 1, 1), subscriptions=lines)
    >>> done = renew_order(order, policy=autodesk.EDITION_2024, on=date(2025, 12, 1))
    >>> [line.expires_on.isoformat() for line in done.order.subscriptions]
    ['2027-01-01', '2027-01-01']
    """
    checks.instance("order", order, Order)
    lines: list[Subscription] = []
    events: list[Event] = []
    refusals: list[Refusal] = []
    for line in order.subscriptions:
        decision = renewability(line, policy=policy, on=on, actor=actor)
        if decision.renews_itself:
            # Even where it may be renewed manually beforehand (reading 15).
            lines.append(line)
            refusals.append(Refusal(decision=decision))
            continue
        done = renew(line, policy=policy, on=on, actor=actor)
        if isinstance(done, Transition):
            lines.append(done.subscription)
            events += done.events
        else:
            return done
    if not events:
        return refusals[0]
    return OrderTransition(
        order=attrs.evolve(order, subscriptions=tuple(lines)), events=tuple(events)
    )


def renew_automatically(
    subscription: Subscription, *, policy: Policy, on: date, amount: Money | None = None
) -> Transition | Refusal:
    """
    Renew automatically, on the renewal date or in the days in which the policy lets a run catch up.

    Clauses `automatic`, `automatic.switch-on`, `order.switch`; reading 29. What counts is how it
    stood on the term's last day, and the edition of the renewal date. A trial that goes on becomes
    a paid subscription. While something is owed, it is refused (`unpaid`).

    Args:
        subscription: What is renewed.
        policy: An edition, or editions from which the renewal date chooses one.
        on: The day of the run.
        amount: What it costs, as `renewal_due` says; its event keeps it, and where it is renewed on
            invoice it is owed from then on.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *amount* is of another currency than what is still owed for the last term.
    """
    decision = renewability(subscription, policy=policy, on=on)
    facts = decision.facts
    if not isinstance(facts, PendingFacts) or facts.collection is Collection.FAILED:
        return Refusal(decision=decision)
    after = outcomes.renewed_automatically(subscription, decision.edition)
    if amount is not None and facts.collection is Collection.INVOICED:
        after = outcomes.owing(after, amount)
    what = Happening.RENEWED_AUTOMATICALLY
    if subscription.kind is Kind.TRIAL:
        what = Happening.TRIAL_CONTINUED
    clause = clauses.AUTOMATIC_SWITCH_ON
    return changed(subscription, after, what, clause, decision, on=on, amount=amount)


def cancel(
    subscription: Subscription,
    *,
    at: CancelAt,
    policy: Policy,
    on: date,
    actor: Actor | None = None,
) -> Transition | Refusal:
    """
    Cancel, at the end of the term or at once; automatic renewal is switched off.

    Clause `order.switch`. At the end of the term it is the same act as switching off, and asks the
    same question (`switching`): a closed switch refuses it. While a renewal is pending it counts
    for the next one, and "at once" is refused (reading 29). Before the term has begun, "at once"
    takes it away before its first day.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *at* is not a member of `CancelAt`.
    """
    checks.member("at", at, CancelAt)
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    running_trial = isinstance(decision.facts, TrialFacts) and on < subscription.ends_on
    pending = isinstance(decision.facts, PendingFacts)
    if at is CancelAt.AT_ONCE:
        if pending or not (may_manage(decision) or running_trial):
            return Refusal(decision=decision)
        ends_on = min(max(on, subscription.starts_on), subscription.expires_on)
        after = outcomes.cancelled(subscription, ends_on)
    else:
        refused = None if running_trial else switch_refusal(subscription, policy, on, actor)
        if refused is not None:
            return Refusal(decision=refused)
        if pending:
            after = outcomes.switched(subscription, AutoRenew.OFF, on)
        else:
            after = outcomes.cancelled(subscription, subscription.expires_on)
    what, clause = Happening.CANCELLED, clauses.ORDER_SWITCH
    return changed(subscription, after, what, clause, decision, on=on, actor=actor)


def withdraw_cancellation(
    subscription: Subscription, *, policy: Policy, on: date, actor: Actor | None = None
) -> Transition | Refusal:
    """
    Withdraw a cancellation that is on its way; the switch stays off (clause `order.switch`).

    It asks the same question as the cancellation (`switching`). Switching automatic renewal on and
    renewing manually withdraw it as well (reading 30). Where there is none, nothing happens.

    Args:
        subscription: What was cancelled.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        actor: Who withdraws it (clause `managed`).

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> asked = {"policy": autodesk.EDITION_2024, "on": date(2025, 3, 1)}
    >>> cancelled = cancel(held, at=CancelAt.END_OF_TERM, **asked).subscription
    >>> cancelled.cancelled_on
    datetime.date(2026, 1, 1)
    >>> withdraw_cancellation(cancelled, **asked).subscription.cancelled_on is None
    True
    """
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    refused = switch_refusal(subscription, policy, on, actor)
    if refused is not None:
        return Refusal(decision=refused)
    what = Happening.CANCELLATION_WITHDRAWN
    after = outcomes.uncancelled(subscription)
    return changed(subscription, after, what, clauses.ORDER_SWITCH, decision, on=on, actor=actor)


def lapse(subscription: Subscription, *, policy: Policy, on: date) -> Transition | Refusal:
    """
    Record that a subscription is over: nothing renews it any more (clause `expired`).

    Turns automatic renewal off and drops a pending change of term; where both are so already,
    nothing happens. It is refused while an automatic renewal may still be made (reading 29).

    Raises:
        NotInForce: *policy* has no edition on that day.
    """
    decision = renewability(subscription, policy=policy, on=on)
    if not isinstance(decision.facts, EndedFacts):
        return Refusal(decision=decision)
    after = attrs.evolve(subscription, auto_renew=AutoRenew.OFF, next_term=None, at_renewal=None)
    return changed(subscription, after, Happening.LAPSED, clauses.EXPIRED, decision, on=on)


def _with_line(order: Order, line: Subscription) -> Order:
    if all(each.id != line.id for each in order.subscriptions):
        raise InvalidValue("order", order.number, f"give the order that {line.id} is a line of")
    lines = tuple(line if each.id == line.id else each for each in order.subscriptions)
    return attrs.evolve(order, subscriptions=lines)
