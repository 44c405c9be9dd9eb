"""
Does a dearer renewal need the customer's consent?

Clause: `saving.revisable`: the renewal price may change at any time.

Rule 1: within the limits, and not too soon after the last increase, no consent is needed. Exactly
the limit is within it.

Rule 2: where a policy is silent about increases, the answer is unknown, and not a yes.

Rule 3: a limit whose amount is in another currency than the prices is no limit for them.

Rule 4: notice is counted in calendar days back from the day of the increase. That it is due does
not change the way forward: an increase that needs no consent may have to be announced, too.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, assert_never

import attrs

from subrenew import clauses
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.model.money import Money
from subrenew.policy.editions import Editions, Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.pricing import Combine, IncreaseLimit
from subrenew.rules.decisions import Decision, decided
from subrenew.rules.facts import (
    CONSENT,
    INCREASE,
    ConsentPolicy,
    Frequency,
    IncreaseFacts,
    Rise,
    Told,
    increase_facts,
)
from subrenew.rules.questions import Cell, Cells, Question, Values, bar
from subrenew.rules.schedules import edition_on, editions_from

__all__ = ["QUESTION", "IncreaseRoute", "price_increase"]


class IncreaseRoute(StrEnum):
    """What a new price needs."""

    NOT_DEARER = "not-dearer"
    UNKNOWN = "consent-unknown"
    ASK_CONSENT = "ask-consent"
    WITHOUT_CONSENT = "without-consent"


@attrs.frozen(kw_only=True)
class IncreaseAsked:
    """What a decision about a dearer renewal was asked with."""

    #: What was paid per seat.
    old: Money
    #: What is to be paid per seat.
    new: Money
    #: The day of the last increase, if there was one.
    last_on: date | None
    #: The day on which the customer was told, if that was done.
    told_on: date | None


def _prices(decision: Decision[Any]) -> Values:
    return (("old", decision.asked.old), ("new", decision.asked.new))


def _last(decision: Decision[Any]) -> Values:
    return (("last_on", decision.asked.last_on),)


def _notice(decision: Decision[Any]) -> Values:
    rule = decision.edition.consent
    days = 0 if rule is None else rule.notice_days
    return (("by", decision.on - timedelta(days=days)), ("notice_days", days))


def _asks(facts: IncreaseFacts) -> bool:
    return route(facts) is IncreaseRoute.ASK_CONSENT


@bar(clauses.SAVING_REVISABLE, "consent", values=_prices)
def beyond_the_limits(facts: IncreaseFacts) -> bool:
    """It rises by more than the policy allows without consent."""
    return facts.rise is Rise.BEYOND and facts.policy is not ConsentPolicy.SILENT


@bar(clauses.SAVING_REVISABLE, "consent", values=_last)
def too_soon(facts: IncreaseFacts) -> bool:
    """The last increase was too short a time ago."""
    return facts.frequency is Frequency.TOO_SOON and facts.rise is not Rise.NONE


@bar(clauses.SAVING_REVISABLE, "consent", values=_notice)
def notice_due(facts: IncreaseFacts) -> bool:
    """The customer has not been told of it, or later than the policy requires."""
    return facts.told is Told.DUE and facts.rise is not Rise.NONE


@bar(clauses.SAVING_REVISABLE, "consent")
def silence_ends(facts: IncreaseFacts) -> bool:
    """Consent is asked, and without an answer the subscription ends."""
    return _asks(facts) and facts.policy is ConsentPolicy.ENDS


@bar(clauses.SAVING_REVISABLE, "consent", values=_prices)
def silence_keeps_old_price(facts: IncreaseFacts) -> bool:
    """Consent is asked, and without an answer it is renewed at the old price."""
    return _asks(facts) and facts.policy is ConsentPolicy.OLD_PRICE


@bar(clauses.SAVING_REVISABLE, "consent", values=_prices)
def silence_takes_new_price(facts: IncreaseFacts) -> bool:
    """Consent is asked, and without an answer it is renewed at the new price."""
    return _asks(facts) and facts.policy is ConsentPolicy.NEW_PRICE


@bar(clauses.SAVING_REVISABLE, "consent")
def policy_silent(facts: IncreaseFacts) -> bool:
    """The policy does not say whether an increase needs consent."""
    return facts.policy is ConsentPolicy.SILENT and facts.rise is not Rise.NONE


def route(facts: IncreaseFacts) -> IncreaseRoute:
    """Return the one way forward."""
    match facts:
        case IncreaseFacts(rise=Rise.NONE):
            return IncreaseRoute.NOT_DEARER
        case IncreaseFacts(policy=ConsentPolicy.SILENT):
            return IncreaseRoute.UNKNOWN
        case IncreaseFacts(rise=Rise.BEYOND) | IncreaseFacts(frequency=Frequency.TOO_SOON):
            return IncreaseRoute.ASK_CONSENT
        case IncreaseFacts():
            return IncreaseRoute.WITHOUT_CONSENT
        case never:
            assert_never(never)


def _allows_any(limit: IncreaseLimit) -> bool:
    """Return whether some increase is within the limit; an amount or a rate of zero allows none."""
    allows = []
    if limit.amount is not None:
        allows.append(not limit.amount.is_zero)
    if limit.rate is not None:
        allows.append(limit.rate > 0)
    return all(allows) if limit.combine is Combine.ANY else any(allows)


def possible(facts: IncreaseFacts, edition: RenewalPolicy) -> bool:
    """Return whether some increase has these facts under this edition."""
    rule = edition.consent
    rare, in_time = facts.frequency is Frequency.RARE, facts.told is Told.IN_TIME
    within = facts.rise is Rise.WITHIN
    if rule is None:
        return facts.policy is ConsentPolicy.SILENT and rare and in_time and not within
    return (
        facts.policy is CONSENT[rule.silence]
        and (rare or rule.not_more_often_than is not None)
        and (in_time or rule.notice_days > 0)
        and (not within or any(_allows_any(each) for each in rule.limits))
    )


def _turns(decision: Decision[IncreaseRoute]) -> list[date]:
    _, subscription, policy, edition, on, asked = decision
    days = list(policy.starts_after(on)) if isinstance(policy, Editions) else []
    for each in editions_from(subscription, policy, edition, on):
        rule = each.consent
        if rule is None:
            continue
        if rule.not_more_often_than is not None and asked.last_on is not None:
            days.append(rule.not_more_often_than.end(asked.last_on))
        if asked.told_on is not None:
            days.append(asked.told_on + timedelta(days=rule.notice_days))
    return days


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: IncreaseAsked
) -> Cell[IncreaseRoute]:
    facts = increase_facts(
        subscription,
        edition,
        on,
        prices=(asked.old, asked.new),
        last_on=asked.last_on,
        told_on=asked.told_on,
    )
    return CELLS[facts]


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: IncreaseAsked
) -> Decision[IncreaseRoute]:
    edition = edition_on(subscription, policy, on)
    cell = _cell(subscription, edition, on, asked)
    return decided(cell, subscription, policy, edition, on, asked)


QUESTION: Final[Question[IncreaseRoute]] = Question(
    name="price-increase",
    kinds=(INCREASE,),
    bars=(
        beyond_the_limits,
        too_soon,
        notice_due,
        silence_ends,
        silence_keeps_old_price,
        silence_takes_new_price,
        policy_silent,
    ),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=_turns,
    possible=possible,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def price_increase(
    subscription: Subscription,
    *,
    old: Money,
    new: Money,
    policy: Policy,
    on: date,
    last_increase_on: date | None = None,
    told_on: date | None = None,
) -> Decision[IncreaseRoute]:
    """
    Decide whether renewing at *new* instead of *old* needs the customer's consent.

    Args:
        subscription: What is renewed; its term decides which limits are its own.
        old: What was paid per seat.
        new: What is to be paid per seat.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the increase.
        last_increase_on: The day of the last one without consent, if there was one.
        told_on: The day on which the customer was told of this one; ``None`` if not yet told. Where
            the policy wants that earlier, the finding ``notice-due`` gives the last day for it.

    Raises:
        NotInForce: *policy* has no edition on that day.
        CurrencyMismatch: The two prices are of different currencies.

    >>> from subrenew import ConsentRule, RenewalPolicy, Silence, Term
    >>> rule = ConsentRule(limits=(), notice_days=30, silence=Silence.ENDS)
    >>> asked = {
    ...     "old": Money("10.00", "USD"),
    ...     "new": Money("12.00", "USD"),
    ...     "policy": RenewalPolicy(id="own/1", consent=rule),
    ...     "on": date(2026, 1, 1),
    ... }
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> late = price_increase(held, told_on=date(2025, 12, 3), **asked)
    >>> late.route.value, late.codes
    ('ask-consent', ('beyond-the-limits', 'notice-due', 'silence-ends'))
    >>> price_increase(held, told_on=date(2025, 12, 2), **asked).codes
    ('beyond-the-limits', 'silence-ends')
    """
    checks.calendar_date("on", on)
    checks.instance("old", old, Money)
    checks.instance("new", new, Money)
    checks.optional_date("last_increase_on", last_increase_on)
    checks.optional_date("told_on", told_on)
    asked = IncreaseAsked(old=old, new=new, last_on=last_increase_on, told_on=told_on)
    return _ask(subscription, policy, on, asked)
