"""
A law beside a vendor's policy: what is missing or comes at the wrong time, and the law laid over.

Rule 1: a law is compared for one subscription, over the whole of its present term. A vendor's
notice satisfies a law's if it has the same topic and every day on which it may be sent is within
the law's days, by a medium that the law takes, with what the law wants it to say.

Rule 2: laid over a policy, a law only adds notices. Terms that it forbids are named here; they are
the vendor's to change.

Sample data, not legal advice: see `Law.caution`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NoReturn, overload

import attrs

from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Kind, Subscription
from subrenew.model.terms import Term
from subrenew.policy.editions import Editions, Policy
from subrenew.policy.laws.reach import Applies
from subrenew.policy.laws.statutes import Law, Right
from subrenew.policy.notice_rules import NoticeRule
from subrenew.policy.offsets import day_before
from subrenew.policy.parameters import RenewalPolicy
from subrenew.renewal.notice_days import Notice, anchor_day, expanded, wanted
from subrenew.rules.decisions import Finding
from subrenew.rules.questions import Values
from subrenew.rules.schedules import edition_on, switch_last_on

__all__ = ["Compliance", "Standing", "compliance", "overlaid"]


class Standing(StrEnum):
    """How a policy stands to a law, for one subscription."""

    #: The law is not for this subscription.
    NOT_APPLICABLE = "not-applicable"
    #: Everything that the law wants is done.
    MET = "met"
    #: Something is not done, but it is not known whether the law wants it here.
    UNKNOWN = "unknown"
    #: Something that the law wants is not done.
    FALLS_SHORT = "falls-short"


@attrs.frozen(kw_only=True)
class Compliance:
    """Where a policy falls short of a law, for one subscription."""

    #: Which law; its `caution` belongs beside whatever is shown of this.
    law: Law
    #: The edition that was in force.
    edition: RenewalPolicy
    #: Whose term, customer and country it is about.
    subscription: Subscription
    #: The day asked about.
    on: date
    #: Whether the law is for this subscription.
    applies: Applies
    #: What falls short, in the law's order, each with the law's clause: what it wants and what the
    #: policy does.
    findings: tuple[Finding, ...]

    @property
    def standing(self) -> Standing:
        """How the policy stands to the law."""
        if self.applies is Applies.NO:
            return Standing.NOT_APPLICABLE
        if not self.findings:
            return Standing.MET
        certain = any(finding.code != "figures-unset" for finding in self.findings)
        return Standing.FALLS_SHORT if certain and self.applies is _YES else Standing.UNKNOWN

    def explain(self, locale: str = "en") -> str:
        """Return how the policy stands to the law, what is lacking, and the law's caution."""
        from subrenew.words import wording

        return wording.compliance_text(self, locale)

    def __bool__(self) -> NoReturn:
        raise TypeError("a compliance has no truth value: ask .standing or .findings")


_YES, _NO = Applies.YES, Applies.NO


def compliance(
    policy: Policy,
    law: Law,
    *,
    subscription: Subscription,
    on: date,
    region: str | None = None,
) -> Compliance:
    """
    Return what *law* wants of *policy* for one subscription, and does not get.

    Args:
        policy: An edition, or editions from which the day chooses one.
        law: What it is compared with.
        subscription: The whole of its present term is looked at, past days included.
        on: Chooses the edition.
        region: Where the customer is, such as ``US-CA``; the account's country where it is not
            given.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Account, PaymentMethod, Term
    >>> from subrenew.policy.laws import france
    >>> from subrenew.policy.vendors import autodesk
    >>> found = compliance(
    ...     autodesk.EDITION_2024,
    ...     france.L215_1,
    ...     subscription=Subscription(
    ...         id="S-1",
    ...         product="CAD",
    ...         term=Term.years(1),
    ...         starts_on=date(2025, 7, 1),
    ...         auto_renew=AutoRenew.ON,
    ...         payment_method=PaymentMethod.card(expires="2031-01"),
    ...         account=Account(id="A-1", country="FR", customer_kind="consumer"),
    ...     ),
    ...     on=date(2026, 1, 15),
    ... )
    >>> found.standing.value, [finding.code for finding in found.findings]
    ('falls-short', ['notice-missing'])
    """
    checks.calendar_date("on", on)
    edition = edition_on(subscription, policy, on)
    applies = law.reach.applies(subscription, region=region)
    findings: list[Finding] = []
    if applies is not _NO:
        sent = _vendors(subscription, edition, region)
        for rule in law.rules:
            findings += _shortfalls(rule, sent, subscription, edition, region)
        if _renews(subscription):
            for right in law.rights:
                findings += _excesses(right, subscription, edition)
        findings += [Finding("figures-unset", clause) for clause in law.unset]
    return Compliance(
        law=law,
        edition=edition,
        subscription=subscription,
        on=on,
        applies=applies,
        findings=tuple(findings),
    )


def _vendors(
    subscription: Subscription, edition: RenewalPolicy, region: str | None
) -> list[Notice]:
    return [
        notice
        for rule in edition.notices
        if wanted(rule, subscription, edition, region) is not _NO
        for notice in expanded(rule, subscription, edition, _YES)
    ]


def _shortfalls(
    rule: NoticeRule,
    sent: list[Notice],
    subscription: Subscription,
    edition: RenewalPolicy,
    region: str | None,
) -> Iterator[Finding]:
    if wanted(rule, subscription, edition, region) is _NO:
        return
    asked = list(expanded(rule, subscription, edition, _YES))
    if not asked and rule.every is None and anchor_day(rule, subscription, edition) is not None:
        yield Finding("notice-impossible", rule.clause, (("notice", rule.code),))
    for each in asked:
        same = [notice for notice in sent if notice.rule.topic is rule.topic]
        if rule.every is not None:
            same = [notice for notice in same if not _apart(notice, each)]
        if not same:
            yield Finding("notice-missing", rule.clause, _asked(each))
            continue
        # The fewest problems, then the fewest days off.
        nearest = min(same, key=lambda notice: (len(_problems(notice, each)), _days(notice, each)))
        for code in _problems(nearest, each):
            yield Finding(code, rule.clause, (*_asked(each), *_done(nearest)))


def _apart(notice: Notice, other: Notice) -> bool:
    return notice.latest_on < other.earliest_on or notice.earliest_on > other.latest_on


def _days(notice: Notice, asked: Notice) -> int:
    early = (asked.earliest_on - notice.earliest_on).days
    late = (notice.latest_on - asked.latest_on).days
    return max(early, 0) + max(late, 0)


def _problems(notice: Notice, asked: Notice) -> list[str]:
    medium, contents = asked.rule.medium, asked.rule.contents
    checked = (
        ("notice-too-early", notice.earliest_on < asked.earliest_on),
        ("notice-too-late", notice.latest_on > asked.latest_on),
        # A medium that is not said may be any.
        ("notice-medium", bool(medium) and not (notice.medium and notice.medium <= medium)),
        ("notice-contents", not set(contents) <= set(notice.rule.contents)),
    )
    return [code for code, holds in checked if holds]


def _asked(notice: Notice) -> Values:
    return (
        ("notice", notice.code),
        ("earliest_on", notice.earliest_on),
        ("latest_on", notice.latest_on),
        ("medium", _words(notice)),
        ("contents", notice.rule.contents),
        ("missed", notice.missed.value),
    )


def _done(notice: Notice) -> Values:
    return (
        ("sent_as", notice.code),
        ("sent_earliest_on", notice.earliest_on),
        ("sent_latest_on", notice.latest_on),
        ("sent_medium", _words(notice)),
        ("sent_contents", notice.rule.contents),
    )


def _words(notice: Notice) -> tuple[str, ...]:
    return tuple(sorted(each.value for each in notice.medium))


def _renews(subscription: Subscription) -> bool:
    """Return whether it will be renewed unless the customer does something."""
    return (
        subscription.kind is Kind.PAID
        and subscription.auto_renew is AutoRenew.ON
        and subscription.cancelled_on is None
    )


def _excesses(
    right: Right, subscription: Subscription, edition: RenewalPolicy
) -> Iterator[Finding]:
    """Yield what the contract asks of the customer beyond what the law allows."""
    missed = ("missed", right.missed.value)
    first, renewal, lead = right.first_term_at_most, right.renewal_at_most, right.deadline_at_most
    if (
        first is not None
        and not subscription.history.renewals
        and _exceeds(subscription.term, first)
    ):
        values = (("at_most", first), ("term", subscription.term), missed)
        yield Finding("first-term-too-long", right.clause, values)
    term = edition.renewal_term(subscription)
    if renewal is not None and _exceeds(term, renewal):
        values = (("at_most", renewal), ("term", term), missed)
        yield Finding("renewal-too-long", right.clause, values)
    if lead is not None:
        allowed_on = day_before(subscription.expires_on, lead)
        deadline_on = switch_last_on(subscription, edition)
        if deadline_on < allowed_on:
            days = (("not_before", allowed_on), ("deadline_on", deadline_on), missed)
            yield Finding("deadline-too-early", right.clause, days)


def _exceeds(term: Term, limit: Term) -> bool:
    return term.longest_days > limit.longest_days


@overload
def overlaid(policy: RenewalPolicy, law: Law) -> RenewalPolicy: ...
@overload
def overlaid(policy: Editions, law: Law) -> Editions: ...


def overlaid(policy: RenewalPolicy | Editions, law: Law) -> RenewalPolicy | Editions:
    """
    Return the policy, or each of its editions, with the notices that the law asks for.

    Nothing is taken away and nothing moves: the vendor's own notices stay as they are. A law that
    adds nothing, or is there already, leaves the policy as it is.

    >>> from subrenew.policy.laws import france
    >>> from subrenew.policy.vendors import autodesk
    >>> french = overlaid(autodesk.EDITION_2024, france.L215_1)
    >>> french.id, [rule.code for rule in french.notices]
    ('autodesk/2024+fr/l215-1', ['you-can-renew-now', 'fr-refusal'])
    """
    if isinstance(policy, Editions):
        editions = tuple(
            attrs.evolve(each, policy=overlaid(each.policy, law)) for each in policy.editions
        )
        return attrs.evolve(policy, editions=editions)
    added = tuple(rule for rule in law.notices if rule not in policy.notices)
    if not added:
        return policy
    return policy.evolve(id=f"{policy.id}+{law.id}", notices=(*policy.notices, *added))
