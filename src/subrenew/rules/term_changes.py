"""
May its term change, and by which way?

Clauses: `term-change`, `term-change.otherwise`, `trial`, `expired`, `channel`.

Rule 1: "in some regions" is a set that the policy carries. Outside it the answer is unknown, with
the way to support; it is never a silent no (reading 10).

Rule 2: until the next term begins, a change that was asked for can always be taken back.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Any, Final, assert_never

import attrs

from subrenew import clauses
from subrenew.model import checks
from subrenew.model.entities import Kind, Subscription
from subrenew.model.terms import Term
from subrenew.policy.conditions import Barred
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy, Way
from subrenew.policy.products import product_key
from subrenew.policy.regions import RegionWays
from subrenew.rules.decisions import (
    Decision,
    clause_of_conditions,
    conditions_barring,
    decided,
    end_seen,
    scheduled_turns,
)
from subrenew.rules.facts import (
    TERM_CHANGE,
    Change,
    Flag,
    Seller,
    Situation,
    TermChangeFacts,
    flag_possible,
    seller_possible,
    situation_possible,
    term_change_facts,
)
from subrenew.rules.questions import Cell, Cells, CitedRoute, Moment, Question, Step, Values, bar
from subrenew.rules.schedules import edition_on, over_from

__all__ = ["QUESTION", "TermRoute", "term_change"]


class TermRoute(CitedRoute):
    """The ways forward, in the order in which they are decided, each with its clause."""

    CONVERT_TRIAL = "convert-trial", clauses.TRIAL, "trials"
    BUY_NEW = "buy-new", clauses.EXPIRED, "stages"
    NOTHING_TO_CHANGE = "nothing-to-change", clauses.TERM_CHANGE, "term_change_ways"
    #: A change that was asked for is taken back.
    WITHDRAW_CHANGE = "withdraw-change", clauses.TERM_CHANGE, "term_change_ways"
    RESOLVE_CONDITION = "resolve-condition", clauses.OWN_CONDITION, "conditions"
    CONTACT_PARTNER = "contact-partner", clauses.CHANNEL, "partner_channels"
    CHANGE_IN_ACCOUNT = "change-in-account", clauses.TERM_CHANGE, "term_change_ways"
    ASK_SUPPORT = "ask-support", clauses.TERM_CHANGE, "term_change_ways"
    LET_EXPIRE = "let-expire", clauses.TERM_CHANGE_OTHERWISE, "term_change_ways"
    UNKNOWN = "unknown", clauses.TERM_CHANGE, "term_change_ways"


@attrs.frozen(kw_only=True)
class TermChangeAsked:
    """What a decision about a change of term was asked with."""

    #: The term that is wanted.
    to: Term
    #: The region, in the policy's words; the account's country where it is not given.
    region: str | None


def _region(decision: Decision[Any]) -> Values:
    return (("region", decision.asked.region or decision.subscription.country),)


def _run(decision: Decision[Any]) -> Values:
    return (("renewal_on", decision.subscription.expires_on),)


def _term(decision: Decision[Any]) -> Values:
    return (("term", decision.asked.to),)


@bar(clauses.CHANNEL, "partner_channels")
def through_partner(facts: TermChangeFacts) -> bool:
    """It was bought through a partner, who changes its term."""
    return facts.seller is Seller.PARTNER


@bar(clauses.TRIAL, "trials")
def trial(facts: TermChangeFacts) -> bool:
    """A trial has no term to change; a subscription is bought with the term wanted."""
    return facts.situation is Situation.TRIAL


@bar(clauses.EXPIRED, "stages", values=end_seen)
def ended(facts: TermChangeFacts) -> bool:
    """It has ended; a new one is bought with the term wanted."""
    return facts.situation is Situation.ENDED


@bar(clauses.AUTOMATIC_SWITCH_ON, "catch_up_days", values=_run)
def renewal_pending(facts: TermChangeFacts) -> bool:
    """The present renewal is being made; another term counts for the next one (reading 29)."""
    return facts.situation is Situation.PENDING


@bar(clauses.TERM_CHANGE, "term_change_ways", values=_term)
def same_term(facts: TermChangeFacts) -> bool:
    """It is the term that it has, or that its next term will have."""
    return facts.change is Change.SAME


@bar(clauses.TERM_CHANGE, "term_change_ways", values=_region)
def region_unknown(facts: TermChangeFacts) -> bool:
    """The policy does not name this region; support knows."""
    return facts.way is Way.UNKNOWN


@bar(clauses.TERM_CHANGE_OTHERWISE, "term_change_ways", values=_region)
def no_way_in_region(facts: TermChangeFacts) -> bool:
    """Neither the account nor support changes it in this region."""
    return facts.way is Way.NEITHER


@bar(
    clauses.OWN_CONDITION,
    "conditions",
    values=conditions_barring(Barred.TERM_CHANGE),
    cites=clause_of_conditions(Barred.TERM_CHANGE),
)
def own_condition(facts: TermChangeFacts) -> bool:
    """A condition of the user's own bars the change."""
    return facts.condition is Flag.RAISED


def route(facts: TermChangeFacts) -> TermRoute:
    """Return the one way forward."""
    match facts:
        case TermChangeFacts(situation=Situation.TRIAL):
            return TermRoute.CONVERT_TRIAL
        case TermChangeFacts(situation=Situation.ENDED):
            return TermRoute.BUY_NEW
        case TermChangeFacts(change=Change.SAME):
            return TermRoute.NOTHING_TO_CHANGE
        case TermChangeFacts(change=Change.WITHDRAWAL):
            return TermRoute.WITHDRAW_CHANGE
        case TermChangeFacts(condition=Flag.RAISED):
            return TermRoute.RESOLVE_CONDITION
        case TermChangeFacts(seller=Seller.PARTNER):
            return TermRoute.CONTACT_PARTNER
        case TermChangeFacts(way=Way.ACCOUNT):
            return TermRoute.CHANGE_IN_ACCOUNT
        case TermChangeFacts(way=Way.SUPPORT):
            return TermRoute.ASK_SUPPORT
        case TermChangeFacts(way=Way.NEITHER):
            return TermRoute.LET_EXPIRE
        case TermChangeFacts():
            return TermRoute.UNKNOWN
        case never:
            assert_never(never)


#: What is done on each route, and until when it is of use.
_STEPS: Final = MappingProxyType(
    {
        TermRoute.CONVERT_TRIAL: ("buy-subscription", Moment.ANY, Moment.ANY),
        TermRoute.BUY_NEW: ("buy-new", Moment.ANY, Moment.ANY),
        TermRoute.NOTHING_TO_CHANGE: None,
        TermRoute.WITHDRAW_CHANGE: ("withdraw-change", Moment.ANY, Moment.LAST_DAY),
        TermRoute.RESOLVE_CONDITION: ("resolve-condition", Moment.ANY, Moment.LAST_DAY),
        TermRoute.CONTACT_PARTNER: ("contact-partner", Moment.ANY, Moment.LAST_DAY),
        TermRoute.CHANGE_IN_ACCOUNT: ("change-term", Moment.ANY, Moment.LAST_DAY),
        TermRoute.ASK_SUPPORT: ("ask-support", Moment.ANY, Moment.LAST_DAY),
        TermRoute.UNKNOWN: ("ask-support", Moment.ANY, Moment.LAST_DAY),
        TermRoute.LET_EXPIRE: ("buy-new", Moment.OVER, Moment.ANY),
    }
)


#: What ends with the term that was wanted; the others depend on what is bought or asked.
_CHANGES: Final = frozenset({"change-term", "ask-support", "withdraw-change"})


def steps(facts: TermChangeFacts) -> tuple[Step[TermRoute], ...]:
    """Return what can be done; a change leads to the term that was wanted."""
    way = route(facts)
    step = _STEPS[way]
    if step is None:
        return ()
    code, opens, closes = step
    if code == "buy-new" and facts.situation is Situation.CONTINUING:
        code = "buy-subscription"  # what ends is a trial
    done = TermRoute.NOTHING_TO_CHANGE if code in _CHANGES else None
    return (
        Step(
            code=code,
            clause=way.clause,
            parameter=way.parameter,
            opens=opens,
            closes=closes,
            leads_to=done,
        ),
    )


def possible(facts: TermChangeFacts, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has these facts under this edition."""
    if not situation_possible(facts.situation, edition):
        return False
    if not seller_possible(facts.seller, edition):
        return False
    if not flag_possible(facts.condition, edition, Barred.TERM_CHANGE):
        return False
    return (facts.change, facts.way) in _changes(edition)


@lru_cache(maxsize=256)
def _changes(edition: RenewalPolicy) -> frozenset[tuple[Change, Way]]:
    """Return every change that can be asked for, with its way: tried with all terms that matter."""
    regions: dict[str, list[RegionWays]] = {}
    for each in edition.term_change_ways:
        regions.setdefault(product_key(each.region), []).append(each)
    # Of regions with the same ways one is enough.
    alike = {
        tuple((each.way, each.of, each.to) for each in ways): ways[0].region
        for ways in regions.values()
    }
    named = {term for each in edition.term_change_ways for term in (*each.of, *each.to)}
    terms = {*named, *([edition.renews_to] if edition.renews_to else [])}
    terms.update(term for term in map(Term.days, range(1, len(terms) + 3)) if term not in named)
    found = set()
    for region, of, to in product((None, *alike.values()), terms, terms):
        way = edition.term_change_way(region, of=of, to=to)
        usual = to == (edition.renews_to or of)
        # The same term where it was asked for already; else the usual one takes a change back.
        found |= {(Change.SAME, way), (Change.WITHDRAWAL if usual else Change.OTHER, way)}
    return frozenset(found)


def _day(decision: Decision[TermRoute], moment: Moment) -> date | None:
    match moment:
        case Moment.LAST_DAY:
            return over_from(decision.subscription, decision.edition) - timedelta(days=1)
        case Moment.OVER:
            return over_from(decision.subscription, decision.edition)
        case _:
            return None


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: TermChangeAsked
) -> Cell[TermRoute]:
    return CELLS[term_change_facts(subscription, edition, on, asked.to, asked.region)]


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: TermChangeAsked
) -> Decision[TermRoute]:
    edition = edition_on(subscription, policy, on)
    cell = _cell(subscription, edition, on, asked)
    return decided(cell, subscription, policy, edition, on, asked)


def _offers(decision: Decision[TermRoute], step: Step[TermRoute]) -> bool:
    # What ends a trial is a purchase of its own, and `buy-new` is for what was paid for.
    return step.code != "buy-new" or decision.subscription.kind is not Kind.TRIAL


QUESTION: Final[Question[TermRoute]] = Question(
    name="term-change",
    kinds=(TERM_CHANGE,),
    bars=(
        through_partner,
        trial,
        ended,
        renewal_pending,
        same_term,
        region_unknown,
        no_way_in_region,
        own_condition,
    ),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=scheduled_turns,
    steps=steps,
    done=frozenset({TermRoute.NOTHING_TO_CHANGE}),
    possible=possible,
    day=_day,
    offers=_offers,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def term_change(
    subscription: Subscription,
    *,
    to: Term,
    policy: Policy,
    on: date,
    region: str | None = None,
) -> Decision[TermRoute]:
    """
    Decide whether the term of *subscription* can become *to*, and by which way.

    Args:
        subscription: Paid or a trial.
        to: The term that is wanted; it begins when the present one ends.
        policy: An edition, or editions from which the day chooses one.
        on: The day on which it is asked for.
        region: In the policy's words; the account's country where it is not given.

    Returns:
        A decision whose route is a member of `TermRoute`.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *to* is not a term or *region* not text.

    >>> from subrenew.policy.vendors import autodesk
    >>> decision = term_change(
    ...     Subscription(id="S-1", product="CAD", term=Term.months(1), starts_on=date(2025, 1, 1)),
    ...     to=Term.years(1),
    ...     policy=autodesk.EDITION_2024,
    ...     on=date(2025, 1, 10),
    ...     region="JP",
    ... )
    >>> decision.route.value, [action.code for action in decision.actions]
    ('unknown', ['ask-support'])
    """
    checks.instance("to", to, Term)
    checks.optional_text("region", region)
    return _ask(subscription, policy, on, TermChangeAsked(to=to, region=region))
