"""
What a transition returns: the new entities with their events, or a refusal with its decision.

Rule 1: never half of each. A refusal has changed nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from subrenew.clauses import Clause
from subrenew.model.entities import Actor, Order, Subscription
from subrenew.model.money import Money
from subrenew.policy.editions import Policy
from subrenew.renewal.events import Event, Happening, verdict_of
from subrenew.rules.decisions import Decision, Finding
from subrenew.rules.facts import (
    Asker,
    ContinuingFacts,
    LateFacts,
    LiveFacts,
    PendingFacts,
    Seller,
)
from subrenew.rules.renewability import renewability
from subrenew.rules.switching import SwitchRoute, switching

__all__ = [
    "OrderTransition",
    "Refusal",
    "Renewal",
    "Transition",
    "changed",
    "may_manage",
    "switch_refusal",
]


@attrs.frozen(kw_only=True)
class Transition:
    """What was done: the entity as it is now, and what happened."""

    #: The subscription as it is now.
    subscription: Subscription
    #: What happened; empty where it already was as asked.
    events: tuple[Event, ...]
    #: The order with the new line in it, where one was given.
    order: Order | None = None


#: What `renew` returns.
Renewal = Transition


@attrs.frozen(kw_only=True)
class OrderTransition:
    """What was done to an order."""

    #: The order as it is now.
    order: Order
    #: What happened to its lines.
    events: tuple[Event, ...]


@attrs.frozen(kw_only=True)
class Refusal:
    """Nothing was done, and this is why."""

    #: The decision that forbids it; asking again gives it again.
    decision: Decision[Any]
    #: What forbids it beside the decision, such as ``already-renewed``.
    findings: tuple[Finding, ...] = ()

    def explain(self, locale: str = "en") -> str:
        """Return why, in sentences that a customer can read, in this language."""
        from subrenew.words import wording

        return wording.refusal_text(self, locale)


def changed(
    before: Subscription,
    after: Subscription,
    what: Happening,
    clause: Clause,
    decision: Decision[Any],
    *,
    on: date,
    amount: Money | None = None,
    actor: Actor | None = None,
) -> Transition:
    """Return the transition from one state to another; without an event where they are equal."""
    if after == before:
        return Transition(subscription=before, events=())
    event = Event(
        what=what,
        on=on,
        subscription_id=after.id,
        before=before,
        after=after,
        clause=clause.id,
        verdict=verdict_of(decision),
        amount=amount,
        actor=None if actor is None else actor.id,
    )
    return Transition(subscription=after, events=(event,))


def switch_refusal(
    subscription: Subscription, policy: Policy, on: date, actor: Actor | None
) -> Decision[Any] | None:
    """Return the decision that keeps the switch from being set; ``None`` where nothing does."""
    switch = switching(subscription, policy=policy, on=on, actor=actor)
    # Who may switch need not be who may renew.
    renewer = actor if switch.edition.switch_roles is None else None
    decision = renewability(subscription, policy=policy, on=on, actor=renewer)
    if not may_manage(decision):
        return decision
    return None if switch.route is SwitchRoute.SWITCH else switch


def may_manage(decision: Decision[Any]) -> bool:
    """Return whether the one who asks may change a subscription that is not over."""
    facts = decision.facts
    if not isinstance(facts, LiveFacts | LateFacts | ContinuingFacts | PendingFacts):
        return False
    return facts.seller is Seller.VENDOR and facts.asker is not Asker.MAY_NOT
