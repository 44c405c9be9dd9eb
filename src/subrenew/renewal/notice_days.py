"""
On which days a notice may be sent: a rule, a subscription and an edition become days.

Rule 1: a notice is about the present term and what follows it. It never begins before the term does
(reading 3), and one whose last day is before the term is not due at all.

Rule 2: a periodic notice belongs to the term in which its period ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model.entities import Role, Subscription
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Applies
from subrenew.policy.notice_rules import (
    ALWAYS,
    Anchor,
    Medium,
    Missed,
    NoticeRule,
    RenewsBy,
)
from subrenew.policy.offsets import day_before
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.scopes import EVERYBODY
from subrenew.rules.facts import ContinuingFacts, LateFacts, LiveFacts, Seller
from subrenew.rules.renewability import renewability
from subrenew.rules.schedules import (
    ladder,
    opening_known,
    opening_of,
    run_until,
    switch_last_on,
)

__all__ = ["Notice", "anchor_day", "expanded", "term_before", "wanted"]

_ONE_DAY: Final = timedelta(days=1)
_YES, _NO = Applies.YES, Applies.NO


@attrs.frozen
class Notice:
    """One message about one subscription, with the days on which it may be sent."""

    #: What asks for it.
    rule: NoticeRule
    #: What it is about.
    subscription: Subscription
    #: Which period's, or which failed charge's, from 1 on; 1 for what is neither.
    number: int
    #: The first day, included.
    earliest_on: date
    #: The last day, included.
    latest_on: date
    #: Who gets it.
    recipients: frozenset[Role | str]
    #: Whether it is certain that it is for this customer; never ``NO``.
    applies: Applies = _YES

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def clause(self) -> Clause:
        """What it follows from."""
        return self.rule.clause

    @property
    def medium(self) -> frozenset[Medium]:
        """How it is sent; one of them is enough, none where that is not said."""
        return self.rule.medium

    @property
    def missed(self) -> Missed:
        """What follows if it is not sent."""
        return self.rule.missed

    @property
    def key(self) -> str:
        """
        What it is known by once it is sent: subscription, term, code and number.

        The days are not in it: a notice that moved with its term's end is still the same notice.
        """
        subscription = self.subscription
        return f"{subscription.id}/{subscription.starts_on}/{self.rule.code}/{self.number}"

    def explain(self, locale: str = "en") -> str:
        """Return what is sent when, to whom and how, in sentences, in this language."""
        from subrenew.words import wording

        return wording.notice_text(self, locale)


def _renewal_day(subscription: Subscription, _: RenewalPolicy, __: NoticeRule) -> date | None:
    return subscription.expires_on if subscription.cancelled_on is None else None


def _window_day(subscription: Subscription, edition: RenewalPolicy, _: NoticeRule) -> date | None:
    if not opening_known(subscription, edition):
        return None
    opens_on = opening_of(subscription, edition)
    return opens_on if opens_on < subscription.ends_on else None


def _deadline_day(
    subscription: Subscription, edition: RenewalPolicy, rule: NoticeRule
) -> date | None:
    if subscription.cancelled_on is not None:
        return None
    if rule.deadline is not None:
        return day_before(subscription.expires_on, rule.deadline)
    return switch_last_on(subscription, edition)


def _stage_day(subscription: Subscription, edition: RenewalPolicy, rule: NoticeRule) -> date | None:
    # As long as it may still renew itself it is in no stage (reading 29).
    run_until_on = run_until(subscription, edition)
    for rung in ladder(subscription, edition):
        if rung.stage.name == rule.stage:
            entered_on = max(rung.from_on, run_until_on or rung.from_on)
            return entered_on if entered_on < rung.until_on else None
    return None


_DAYS: Final[
    MappingProxyType[Anchor, Callable[[Subscription, RenewalPolicy, NoticeRule], date | None]]
] = MappingProxyType(
    {
        Anchor.TERM_START: lambda subscription, _, __: subscription.starts_on,
        Anchor.TERM_END: lambda subscription, _, __: subscription.ends_on,
        Anchor.RENEWAL_DATE: _renewal_day,
        Anchor.WINDOW_OPENS: _window_day,
        Anchor.CANCELLATION_DEADLINE: _deadline_day,
        Anchor.STAGE_ENTRY: _stage_day,
        Anchor.PURCHASE: lambda subscription, _, __: (
            subscription.history.purchased_on or subscription.starts_on
        ),
        Anchor.CANCELLATION: lambda subscription, _, __: subscription.cancelled_on,
        Anchor.PAYMENT_FAILED: lambda subscription, _, __: (
            subscription.history.failed_on or subscription.history.unpaid_since
        ),
    }
)
#: Counted from these, a notice is of no use once the term is over.
_BEFORE_THE_END: Final = frozenset(
    {Anchor.TERM_START, Anchor.PURCHASE, Anchor.WINDOW_OPENS, Anchor.CANCELLATION_DEADLINE}
)


def term_before(subscription: Subscription) -> Subscription | None:
    """
    Return the subscription in the term before, where it was renewed on its renewal date.

    ``None`` where it was not renewed, or manually on another day: that date means nothing then.
    """
    history, renewed_on = subscription.history, subscription.starts_on
    starts_on = history.previous_starts_on
    if starts_on is None or renewed_on not in (history.renewed_on, history.converted_on):
        return None
    return attrs.evolve(
        subscription,
        starts_on=starts_on,
        expires_on=renewed_on,
        cancelled_on=None,
        next_term=None,
        at_renewal=None,
        history=attrs.evolve(history, renewed_on=None, unpaid_since=None),
    )


def anchor_day(rule: NoticeRule, subscription: Subscription, edition: RenewalPolicy) -> date | None:
    """Return the day from which a rule counts, or ``None`` where the subscription has none."""
    return _DAYS[rule.anchor](subscription, edition, rule)


def _renews_by(subscription: Subscription, edition: RenewalPolicy) -> RenewsBy | None:
    """Return who renews it at its end; nobody where it was cancelled, or is a trial that ends."""
    if subscription.cancelled_on is not None:
        return None
    last_on = subscription.ends_on - _ONE_DAY
    facts = renewability(
        attrs.evolve(subscription, conditions=frozenset()), policy=edition, on=last_on
    ).facts
    if not isinstance(facts, LiveFacts | LateFacts | ContinuingFacts):
        return None
    if run_until(subscription, edition) is not None:
        return RenewsBy.ITSELF
    if facts.seller is Seller.PARTNER:
        return RenewsBy.PARTNER
    return None if isinstance(facts, ContinuingFacts) else RenewsBy.HAND


def wanted(
    rule: NoticeRule, subscription: Subscription, edition: RenewalPolicy, region: str | None
) -> Applies:
    """Return whether a rule is for a subscription, whatever the day."""
    condition = rule.condition
    if condition is not ALWAYS:
        if not condition.holds(subscription):
            return _NO
        renews = condition.renews
        if renews is not None and renews is not _renews_by(subscription, edition):
            return _NO
    if rule.scope is not EVERYBODY and not rule.scope.covers(subscription):
        return _NO
    return _YES if rule.reach is None else rule.reach.applies(subscription, region=region)


def _once(rule: NoticeRule, anchor: date, subscription: Subscription) -> tuple[date, date]:
    earliest, latest = rule.earliest, rule.latest
    earliest_on = subscription.starts_on if earliest is None else earliest.day(anchor)
    if latest is None:
        return earliest_on, subscription.ends_on - _ONE_DAY
    return earliest_on, earliest_on if latest is earliest else latest.day(anchor)


def _number(rule: NoticeRule, subscription: Subscription) -> int:
    """Return which of its kind it is in the term: of charges that fail, each one is told."""
    failed = subscription.history.failed_charges
    return failed if rule.anchor is Anchor.PAYMENT_FAILED and failed else 1


def _periods(
    rule: NoticeRule, every: Term, anchor: date, subscription: Subscription
) -> Iterator[tuple[int, date, date]]:
    """Yield each period that ends in the term: its number, and the notice's first and last day."""
    earliest, latest = rule.earliest, rule.latest
    starts_on, ends_on = subscription.starts_on, subscription.ends_on
    number = max((starts_on - anchor).days // every.longest_days, 0)
    after = every.boundary(anchor, number)
    while after < ends_on:
        number += 1
        begins_on = after + _ONE_DAY
        try:
            after = every.boundary(anchor, number)
        except InvalidValue:  # the calendar is at its end
            return
        if starts_on < after <= ends_on:
            yield (
                number,
                begins_on if earliest is None else earliest.day(after),
                after if latest is None else latest.day(after),
            )


def expanded(
    rule: NoticeRule,
    subscription: Subscription,
    edition: RenewalPolicy,
    applies: Applies,
    until: date | None = None,
) -> Iterator[Notice]:
    """Yield the notices of one rule over the whole term that begin before *until*."""
    anchor = anchor_day(rule, subscription, edition)
    if anchor is None:
        return
    starts_on, ends_on = subscription.starts_on, subscription.ends_on
    bounded = rule.anchor in _BEFORE_THE_END
    recipients = rule.recipients or _renewers(subscription, edition)
    periods = (
        ((_number(rule, subscription), *_once(rule, anchor, subscription)),)
        if rule.every is None
        else _periods(rule, rule.every, anchor, subscription)
    )
    for number, opens_on, latest_on in periods:
        earliest_on = opens_on if opens_on > starts_on else starts_on  # noqa: FURB136 - twice as fast
        if until is not None and earliest_on >= until:
            return
        if earliest_on <= latest_on and not (bounded and earliest_on > ends_on):
            yield Notice(rule, subscription, number, earliest_on, latest_on, recipients, applies)


def _renewers(subscription: Subscription, edition: RenewalPolicy) -> frozenset[Role | str]:
    account = subscription.account
    managed = account is not None and account.managed
    return edition.roles(managed=managed) or frozenset()
