"""
What can be set while a subscription lives: the switch, the payment method, the next term.

Rule 1: each derives the decision itself, on the day of the act, as in `subrenew.renewal.lifecycle`.

Rule 2: setting what is already set is no refusal and no event.
"""

from __future__ import annotations

from datetime import date

import attrs

from subrenew import clauses
from subrenew.model import checks
from subrenew.model.entities import Actor, AutoRenew, Channel, Order, PaymentMethod, Subscription
from subrenew.model.terms import Term
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
from subrenew.rules.facts import EndedFacts, TrialFacts
from subrenew.rules.renewability import Route, renewability
from subrenew.rules.switching import SwitchRoute
from subrenew.rules.term_changes import TermRoute, term_change

__all__ = [
    "change_term",
    "raise_condition",
    "replace_payment_method",
    "resolve_condition",
    "switch_auto_renew",
    "switch_order",
]


def switch_auto_renew(
    subscription: Subscription,
    *,
    to: AutoRenew,
    policy: Policy,
    on: date,
    actor: Actor | None = None,
) -> Transition | Refusal:
    """
    Switch automatic renewal on or off.

    Clauses `automatic.switch-on` and `order.switch`. Switching on withdraws a cancellation on its
    way. Where it already stands so, nothing happens.

    Args:
        subscription: Whose switch it is.
        to: How it shall stand.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        actor: Who switches (clause `managed`).

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *subscription* is none, or *to* is not a member of `AutoRenew`.
    """
    checks.instance("subscription", subscription, Subscription)
    checks.member("to", to, AutoRenew)
    after = outcomes.switched(subscription, to, on)
    refused = switch_refusal(subscription, policy, on, actor)
    if refused is not None and not (
        refused.route is SwitchRoute.TOO_LATE and after == subscription
    ):
        return Refusal(decision=refused)
    decision = renewability(subscription, policy=policy, on=on)
    what = Happening.SWITCHED_ON if to is AutoRenew.ON else Happening.SWITCHED_OFF
    by_order = subscription.channel is Channel.ORDER
    clause = clauses.ORDER_SWITCH if by_order else clauses.AUTOMATIC_SWITCH_ON
    return changed(subscription, after, what, clause, decision, on=on, actor=actor)


def switch_order(
    order: Order, *, to: AutoRenew, policy: Policy, on: date, actor: Actor | None = None
) -> OrderTransition | Refusal:
    """
    Switch automatic renewal of every line of an order (clause `order.switch`, reading 18).

    Lines that are over stay as they are. It is refused, as a whole, where no line can be switched
    or one that is not over may not be.

    Raises:
        NotInForce: *policy* has no edition on that day.
    """
    checks.instance("order", order, Order)
    lines: list[Subscription] = []
    events: list[Event] = []
    refusals: list[Refusal] = []
    for line in order.subscriptions:
        done = switch_auto_renew(line, to=to, policy=policy, on=on, actor=actor)
        if isinstance(done, Transition):
            lines.append(done.subscription)
            events += done.events
            continue
        if not isinstance(done.decision.facts, EndedFacts | TrialFacts):
            return done
        refusals.append(done)
        lines.append(line)
    if len(refusals) == len(lines):
        return refusals[0]
    changed = attrs.evolve(order, subscriptions=tuple(lines))
    return OrderTransition(order=changed, events=tuple(events))


def replace_payment_method(
    subscription: Subscription,
    *,
    by: PaymentMethod,
    policy: Policy,
    on: date,
    actor: Actor | None = None,
) -> Transition | Refusal:
    """
    Replace the payment method on file (clauses `automatic`, `automatic.review`).

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *by* is not a payment method.
    """
    checks.instance("by", by, PaymentMethod)
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    if not may_manage(decision):
        return Refusal(decision=decision)
    after = outcomes.paid_with(subscription, by, on)
    what = Happening.PAYMENT_REPLACED
    clause = clauses.AUTOMATIC_REVIEW
    return changed(subscription, after, what, clause, decision, on=on, actor=actor)


def change_term(
    subscription: Subscription,
    *,
    to: Term,
    policy: Policy,
    on: date,
    region: str | None = None,
    by_support: bool = False,
    actor: Actor | None = None,
) -> Transition | Refusal:
    """
    Ask for another term, from the next one on (clause `term-change`).

    It can be revised, and withdrawn by asking for the usual term, until the next term begins.

    Args:
        subscription: Whose term it is.
        to: The term wanted.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        region: In the policy's words; the account's country where it is not given.
        by_support: Whether support does it, where only support can.
        actor: Who asks (clause `managed`).

    Raises:
        NotInForce: *policy* has no edition on that day.
    """
    allowed = renewability(subscription, policy=policy, on=on, actor=actor)
    if allowed.route is Route.ASK_THE_MANAGER:
        return Refusal(decision=allowed)
    decision = term_change(subscription, to=to, policy=policy, on=on, region=region)
    if decision.route is TermRoute.NOTHING_TO_CHANGE:
        return Transition(subscription=subscription, events=())
    if decision.route is TermRoute.WITHDRAW_CHANGE:
        after = outcomes.with_next_term(subscription, None, on)
        what = Happening.TERM_CHANGE_WITHDRAWN
        return changed(subscription, after, what, clauses.TERM_CHANGE, decision, on=on, actor=actor)
    helped = by_support and decision.route in (TermRoute.ASK_SUPPORT, TermRoute.UNKNOWN)
    if decision.route is not TermRoute.CHANGE_IN_ACCOUNT and not helped:
        return Refusal(decision=decision)
    after = outcomes.with_next_term(subscription, to, on)
    what = Happening.TERM_CHANGE_ASKED
    return changed(subscription, after, what, clauses.TERM_CHANGE, decision, on=on, actor=actor)


def raise_condition(
    subscription: Subscription, *, code: str, policy: Policy, on: date
) -> Transition | Refusal:
    """
    Raise a condition of the application's own, such as an open invoice (reading 27).

    On the renewal date or later it counts for the next renewal (reading 29). Where it holds
    already, nothing happens; for what is over, and for a trial that ends, it is refused.

    Args:
        subscription: What it holds for.
        code: The condition's, as the policy declares it.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *code* is not text.
        InvalidValue: The edition does not declare *code*.

    >>> from subrenew import Barred, Condition
    >>> from subrenew.policy.vendors import autodesk
    >>> owed = Condition(code="owed", message="An invoice is open.", bars=frozenset(Barred))
    >>> asked = {
    ...     "policy": autodesk.EDITION_2024.evolve(id="own/1", conditions=(owed,)),
    ...     "on": date(2025, 12, 1),
    ... }
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> raised = raise_condition(held, code="owed", **asked).subscription
    >>> renewability(raised, **asked).route.value
    'resolve-condition'
    >>> resolve_condition(raised, code="owed", **asked).subscription == held
    True
    """
    return _with_condition(subscription, code, Happening.CONDITION_RAISED, policy=policy, on=on)


def resolve_condition(
    subscription: Subscription, *, code: str, policy: Policy, on: date
) -> Transition | Refusal:
    """
    Take back a condition of the application's own (reading 27); `raise_condition` shows both.

    On the renewal date or later it counts for the next renewal (reading 29). Where it does not
    hold, nothing happens; for what is over, and for a trial that ends, it is refused.

    Args:
        subscription: What it held for.
        code: The condition's, as the policy declares it.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *code* is not text.
        InvalidValue: The edition does not declare *code*.
    """
    return _with_condition(subscription, code, Happening.CONDITION_RESOLVED, policy=policy, on=on)


def _with_condition(
    subscription: Subscription, code: str, what: Happening, *, policy: Policy, on: date
) -> Transition | Refusal:
    checks.text("code", code)
    decision = renewability(subscription, policy=policy, on=on)
    decision.edition.check_conditions(frozenset({code}))
    if isinstance(decision.facts, EndedFacts | TrialFacts):
        return Refusal(decision=decision)
    others = subscription.conditions - {code}
    conditions = others | {code} if what is Happening.CONDITION_RAISED else others
    after = outcomes.with_conditions(subscription, conditions, on)
    return changed(subscription, after, what, clauses.OWN_CONDITION, decision, on=on)
