"""
A law as a value: notices that it asks for, and terms that it forbids.

Rule 1: a law is not a field of a vendor's policy. It is laid over one (`overlaid`), and can only
add to what the customer gets.

Rule 2: what a source does not say for certain is not guessed: a clause whose figures are not known
is listed in `Law.unset`, and whatever else is not expressed in `Law.left_out`.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Kind
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Reach
from subrenew.policy.notice_rules import Missed, NoticeCondition, NoticeRule, check_notice_rules

__all__ = ["CAUTION", "CONSUMERS", "RENEWS", "Law", "Right"]

#: What every sample law says of itself.
CAUTION: Final = "Sample data, not legal advice: verify it before you rely on it."
#: The kind of customer that most laws are for.
CONSUMERS: Final = frozenset({"consumer"})
#: Paid, and it will be renewed unless the customer does something.
RENEWS: Final = NoticeCondition(auto_renew=AutoRenew.ON, kinds=frozenset({Kind.PAID}))


@attrs.frozen(kw_only=True, cache_hash=True)
class Right:
    """What a contract may not ask of a customer; one limit or more."""

    #: What it follows from.
    clause: Clause
    #: How long before the end of the term a refusal may be asked for, at the most.
    deadline_at_most: Term | None = None
    #: How long the first term may be, at the most, included.
    first_term_at_most: Term | None = None
    #: For how long an automatic renewal may bind, at the most, included.
    renewal_at_most: Term | None = None
    #: What follows if the contract asks for more.
    missed: Missed = Missed.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks.instance("Right.clause", self.clause, Clause)
        names = ("deadline_at_most", "first_term_at_most", "renewal_at_most")
        given = [name for name in names if getattr(self, name) is not None]
        for name in given:
            checks.instance(f"Right.{name}", getattr(self, name), Term)
        if not given:
            raise InvalidValue("Right", None, f"give one of {', '.join(names)}")
        checks.member("Right.missed", self.missed, Missed)


@attrs.frozen(kw_only=True, cache_hash=True)
class Law:
    """
    One law about renewals: sample data, not legal advice.

    >>> from subrenew.policy.laws import france
    >>> [str(clause) for clause in france.L215_1.clauses]
    ['fr.l215-1']
    """

    #: Where it holds and what it is, such as ``fr/l215-1``.
    id: str
    #: Its name.
    title: str
    #: Where it, or a report of it, was read.
    source: str
    #: The day on which the source was read.
    checked_on: date
    #: Who it applies to.
    reach: Reach
    #: The notices that it asks for, without a reach of their own.
    rules: tuple[NoticeRule, ...] = ()
    #: What it forbids contracts to ask for.
    rights: tuple[Right, ...] = ()
    #: Clauses whose figures are not known for certain.
    unset: tuple[Clause, ...] = ()
    #: What it also says, and is not expressed here.
    left_out: tuple[str, ...] = ()
    #: What has to be said beside it.
    caution: str = CAUTION

    def __attrs_post_init__(self) -> None:
        for name in ("id", "title", "source", "caution"):
            checks.text(f"Law.{name}", getattr(self, name))
        checks.calendar_date("Law.checked_on", self.checked_on)
        checks.instance("Law.reach", self.reach, Reach)
        check_notice_rules("Law.rules", self.rules)
        checks.tuple_of("Law.rights", self.rights, Right)
        checks.tuple_of("Law.unset", self.unset, Clause)
        checks.tuple_of("Law.left_out", self.left_out, str)
        for index, rule in enumerate(self.rules):
            if rule.reach is not None:
                raise InvalidValue(f"Law.rules[{index}].reach", rule.reach, "leave it to the law")

    @property
    def notices(self) -> tuple[NoticeRule, ...]:
        """Its rules with its reach, ready to be laid over a policy."""
        return tuple(attrs.evolve(rule, reach=self.reach) for rule in self.rules)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause that it cites, once each, in order."""
        asked = [rule.clause for rule in self.rules]
        forbidden = [right.clause for right in self.rights]
        return tuple(dict.fromkeys([*asked, *forbidden, *self.unset]))
