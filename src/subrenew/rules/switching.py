"""
Can automatic renewal be switched?

Clauses: `automatic.switch-on`, `order.switch`, `managed`, `channel`, `trial`, `expired`.

Rule 1: an edition may close the switch some days before the end; from then on it renews, or ends,
as it is set.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, assert_never

from subrenew import clauses
from subrenew.model.entities import Actor, Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.rules.decisions import Decision, decided, end_seen, scheduled_turns
from subrenew.rules.facts import (
    SWITCH,
    Asker,
    Seller,
    Situation,
    SwitchFacts,
    SwitchTime,
    asker_possible,
    seller_possible,
    situation_possible,
    switch_facts,
)
from subrenew.rules.questions import Cell, Cells, CitedRoute, Question, Values, bar
from subrenew.rules.schedules import edition_on, switch_last_on

__all__ = ["QUESTION", "SwitchRoute", "switching"]


class SwitchRoute(CitedRoute):
    """The ways forward, in the order in which they are decided, each with its clause."""

    NOTHING_TO_SWITCH = "nothing-to-switch", clauses.EXPIRED, "stages"
    ASK_THE_MANAGER = "ask-the-manager", clauses.MANAGED, "switch_roles"
    CONTACT_PARTNER = "contact-partner", clauses.CHANNEL, "partner_channels"
    TOO_LATE = "too-late", clauses.ORDER_SWITCH, "switch_closes_days"
    SWITCH = "switch", clauses.AUTOMATIC_SWITCH_ON, "switch_closes_days"


def _closed(decision: Decision[Any]) -> Values:
    subscription, edition = decision.subscription, decision.edition
    return (("last_on", switch_last_on(subscription, edition)),)


def _run(decision: Decision[Any]) -> Values:
    return (("renewal_on", decision.subscription.expires_on),)


@bar(clauses.CHANNEL, "partner_channels")
def through_partner(facts: SwitchFacts) -> bool:
    """It was bought through a partner, who manages it."""
    return facts.seller is Seller.PARTNER


@bar(clauses.MANAGED, "switch_roles")
def may_not_switch(facts: SwitchFacts) -> bool:
    """The person who asks holds none of the roles that may switch."""
    return facts.asker is Asker.MAY_NOT


@bar(clauses.MANAGED, "switch_roles")
def roles_unknown(facts: SwitchFacts) -> bool:
    """The policy does not say who may switch."""
    return facts.asker is Asker.UNKNOWN


@bar(clauses.TRIAL, "trials")
def trial(facts: SwitchFacts) -> bool:
    """A trial has no renewal to switch."""
    return facts.situation is Situation.TRIAL


@bar(clauses.EXPIRED, "stages", values=end_seen)
def ended(facts: SwitchFacts) -> bool:
    """It is over."""
    return facts.situation is Situation.ENDED


@bar(clauses.ORDER_SWITCH, "switch_closes_days", values=_closed)
def switch_closed(facts: SwitchFacts) -> bool:
    """It is too close to the end."""
    return facts.time is SwitchTime.TOO_LATE


@bar(clauses.AUTOMATIC_SWITCH_ON, "catch_up_days", values=_run)
def renewal_pending(facts: SwitchFacts) -> bool:
    """The present renewal is being made; the switch counts for the next one (reading 29)."""
    return facts.situation is Situation.PENDING


def route(facts: SwitchFacts) -> SwitchRoute:
    """Return the one way forward."""
    match facts:
        case SwitchFacts(situation=Situation.TRIAL | Situation.ENDED):
            return SwitchRoute.NOTHING_TO_SWITCH
        case SwitchFacts(asker=Asker.MAY_NOT):
            return SwitchRoute.ASK_THE_MANAGER
        case SwitchFacts(seller=Seller.PARTNER):
            return SwitchRoute.CONTACT_PARTNER
        case SwitchFacts(time=SwitchTime.TOO_LATE):
            return SwitchRoute.TOO_LATE
        case SwitchFacts():
            return SwitchRoute.SWITCH
        case never:
            assert_never(never)


def possible(facts: SwitchFacts, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has these facts under this edition."""
    roles = (
        (edition.managed_roles, edition.unmanaged_roles)
        if edition.switch_roles is None
        else (edition.switch_roles,)
    )
    if not asker_possible(facts.asker, *roles) or not seller_possible(facts.seller, edition):
        return False
    if not situation_possible(facts.situation, edition):
        return False
    if facts.time is SwitchTime.IN_TIME:
        return True
    closes = facts.situation in (Situation.COVERED, Situation.CONTINUING)
    return closes and (edition.switch_closes_days or 0) > 1


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: Actor | None
) -> Cell[SwitchRoute]:
    return CELLS[switch_facts(subscription, edition, on, asked)]


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: Actor | None
) -> Decision[SwitchRoute]:
    return switching(subscription, policy=policy, on=on, actor=asked)


QUESTION: Final[Question[SwitchRoute]] = Question(
    name="switching",
    kinds=(SWITCH,),
    bars=(
        through_partner,
        may_not_switch,
        roles_unknown,
        trial,
        ended,
        renewal_pending,
        switch_closed,
    ),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=scheduled_turns,
    possible=possible,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def switching(
    subscription: Subscription, *, policy: Policy, on: date, actor: Actor | None = None
) -> Decision[SwitchRoute]:
    """
    Decide whether automatic renewal of *subscription* can be switched on that day.

    Args:
        subscription: Paid or a trial.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        actor: Who switches; without one the question is about the subscription.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> closing = autodesk.EDITION_2024.evolve(id="closing", switch_closes_days=3)
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1)
    ... )
    >>> [
    ...     switching(subscription, policy=closing, on=date(2025, 12, day)).route.value
    ...     for day in (29, 30)
    ... ]
    ['switch', 'too-late']
    """
    edition = edition_on(subscription, policy, on)
    cell = CELLS[switch_facts(subscription, edition, on, actor)]
    return decided(cell, subscription, policy, edition, on, actor)
