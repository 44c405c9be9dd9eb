"""
Can automatic renewal be switched?

Clauses: `automatic.switch-on`, `order.switch`, `managed`, `channel`, `trial`, `expired`.

Rule 1: an edition may close the switch some days before the end; from then on it renews, or ends,
as it is set.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, assert_never

from subrenew import clauses
from subrenew.model import checks
from subrenew.model.entities import Actor, Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.rules.decisions import Decision
from subrenew.rules.facts import (
    SWITCH,
    Asker,
    Coverage,
    Seller,
    SwitchFacts,
    SwitchTime,
    coverage_possible,
    seller_possible,
    switch_facts,
)
from subrenew.rules.questions import Cell, Cells, CitedRoute, Question, Values, bar
from subrenew.rules.windows import editions_from, turning_days

__all__ = ["QUESTION", "SwitchRoute", "switching"]


class SwitchRoute(CitedRoute):
    """The ways forward, in the order in which they are decided, each with its clause."""

    NOTHING_TO_SWITCH = "nothing-to-switch", clauses.EXPIRED
    ASK_THE_MANAGER = "ask-the-manager", clauses.MANAGED
    CONTACT_PARTNER = "contact-partner", clauses.CHANNEL
    TOO_LATE = "too-late", clauses.ORDER_SWITCH
    SWITCH = "switch", clauses.AUTOMATIC_SWITCH_ON


def _closed(decision: Decision[Any]) -> Values:
    subscription, _, edition, _, _ = decision.case
    days = max(edition.switch_closes_days or 0, 1)
    return (("last_on", subscription.ends_on - timedelta(days=days)),)


def _expiry(decision: Decision[Any]) -> Values:
    return (("expires_on", decision.subscription.ends_on),)


@bar(clauses.CHANNEL)
def through_partner(facts: SwitchFacts) -> bool:
    """It was bought through a partner, who manages it."""
    return facts.seller is Seller.PARTNER


@bar(clauses.MANAGED)
def may_not_switch(facts: SwitchFacts) -> bool:
    """The person who asks holds none of the roles that may switch."""
    return facts.asker is Asker.MAY_NOT


@bar(clauses.TRIAL)
def trial(facts: SwitchFacts) -> bool:
    """A trial has no renewal to switch."""
    return facts.coverage is Coverage.TRIAL


@bar(clauses.EXPIRED, values=_expiry)
def ended(facts: SwitchFacts) -> bool:
    """It is over."""
    return facts.coverage is Coverage.ENDED


@bar(clauses.ORDER_SWITCH, values=_closed)
def switch_closed(facts: SwitchFacts) -> bool:
    """It is too close to the end, or after it."""
    return facts.time is SwitchTime.TOO_LATE


def route(facts: SwitchFacts) -> SwitchRoute:
    """Return the one way forward."""
    match facts:
        case SwitchFacts(coverage=Coverage.TRIAL | Coverage.ENDED):
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
    if not coverage_possible(facts.coverage, edition):
        return False
    if not seller_possible(facts.seller, edition):
        return False
    return facts.time is SwitchTime.IN_TIME or edition.switch_closes_days is not None


def _turns(decision: Decision[SwitchRoute]) -> list[date]:
    subscription, policy, edition, on, _ = decision.case
    days = turning_days(subscription, policy, edition, on)
    for each in editions_from(subscription, policy, edition, on):
        closes = max(each.switch_closes_days or 0, 1)
        days.append(subscription.ends_on - timedelta(days=closes - 1))
    return days


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
    bars=(through_partner, may_not_switch, trial, ended, switch_closed),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=_turns,
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
    if type(on) is not date:
        checks.calendar_date("on", on)
    edition = policy.in_force(subscription, on=on)
    cell = CELLS[switch_facts(subscription, edition, on, actor)]
    return Decision(cell, (subscription, policy, edition, on, actor))
