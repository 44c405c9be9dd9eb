"""
Which message is due when, as data.

Rule 1: a notice is not "so many days before expiry". It is a window of days, both ends included,
counted from an anchor, with a condition, recipients, a medium, and what follows if it is missed.

Rule 2: a rule of a vendor and a rule of a law are the same kind of value; a law's has a `Reach`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Kind, Mechanism, Role, Subscription
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Reach
from subrenew.policy.offsets import Offset, ascends, least_days
from subrenew.policy.scopes import EVERYBODY, Scope

__all__ = [
    "ALWAYS",
    "Anchor",
    "Medium",
    "Missed",
    "NoticeCondition",
    "NoticeRule",
    "RenewsBy",
    "Topic",
    "check_notice_rules",
]


class Anchor(StrEnum):
    """The day from which a notice is counted; without such a day there is no notice."""

    #: The first day of the present term.
    TERM_START = "term-start"
    #: The first day not covered: the expiry, or a cancellation before it (reading 2).
    TERM_END = "term-end"
    #: The day on which the next term starts; a cancelled subscription has none.
    RENEWAL_DATE = "renewal-date"
    #: The first day on which it can be renewed manually (reading 3).
    WINDOW_OPENS = "window-opens"
    #: The last day on which the renewal can be refused; a cancelled subscription has none.
    CANCELLATION_DEADLINE = "cancellation-deadline"
    #: The first day of the stage that the rule names.
    STAGE_ENTRY = "stage-entry"
    #: The day it was first bought.
    PURCHASE = "purchase"
    #: The first day that a cancellation takes away.
    CANCELLATION = "cancellation"
    #: The day on which a charge failed, or an invoice fell due that is unpaid; each charge that
    #: fails is a notice of its own.
    PAYMENT_FAILED = "payment-failed"


_AFTER_THE_END: Final = frozenset({Anchor.STAGE_ENTRY, Anchor.CANCELLATION, Anchor.PAYMENT_FAILED})
_AT_THE_END: Final = frozenset({Anchor.TERM_END, Anchor.RENEWAL_DATE})
_PERIODIC: Final = frozenset({Anchor.TERM_START, Anchor.PURCHASE})


class Topic(StrEnum):
    """What a notice is about; a law's is satisfied by a vendor's of the same topic."""

    #: That it can or will be renewed.
    RENEWAL = "renewal"
    #: That a trial ends.
    TRIAL_END = "trial-end"
    #: That the price changes.
    PRICE_CHANGE = "price-change"
    #: That money will be taken.
    CHARGE = "charge"
    #: That it goes on, and how to end it.
    REMINDER = "reminder"
    #: That a payment has failed, or is outstanding.
    PAYMENT = "payment"
    #: That it has ended, or that access changes.
    END = "end"


class Medium(StrEnum):
    """How a notice is sent."""

    EMAIL = "email"
    LETTER = "letter"
    CERTIFIED_LETTER = "certified-letter"
    IN_PERSON = "in-person"
    IN_ACCOUNT = "in-account"
    TEXT_MESSAGE = "text-message"


class RenewsBy(StrEnum):
    """Who renews a subscription, by the way forward that `renewability` gives."""

    ITSELF = "itself"
    HAND = "hand"
    PARTNER = "partner"


class Missed(StrEnum):
    """What follows when a notice is not sent in its window."""

    NOTHING = "nothing"
    CUSTOMER_MAY_END_ANY_TIME = "customer-may-end-any-time"
    RENEWAL_UNENFORCEABLE = "renewal-unenforceable"
    CHARGE_UNLAWFUL = "charge-unlawful"
    CLAUSE_VOID = "clause-void"
    #: The source that was read does not say.
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True, cache_hash=True)
class NoticeCondition:
    """What has to hold of a subscription; what is left out does not matter."""

    #: How the switch has to stand; a cancellation switches off.
    auto_renew: AutoRenew | None = None
    #: Who renews it, at the end of the present term.
    renews: RenewsBy | None = None
    #: Paid, trial or both; empty for both.
    kinds: frozenset[Kind] = frozenset()
    #: How money moves; empty for any, even for none on file.
    mechanisms: frozenset[Mechanism] = frozenset()
    #: Conditions of the caller's own that all have to be raised, such as ``price-rises``.
    raised: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        if self.auto_renew is not None:
            checks.member("NoticeCondition.auto_renew", self.auto_renew, AutoRenew)
        if self.renews is not None:
            checks.member("NoticeCondition.renews", self.renews, RenewsBy)
        checks.frozenset_of("NoticeCondition.kinds", self.kinds, Kind)
        checks.frozenset_of("NoticeCondition.mechanisms", self.mechanisms, Mechanism)
        checks.frozenset_of("NoticeCondition.raised", self.raised, str)

    def holds(self, subscription: Subscription) -> bool:
        """Return whether it holds, but for `renews`, which only the rules can tell."""
        if self.auto_renew is not None:
            cancelled = subscription.cancelled_on is not None
            if self.auto_renew is not (AutoRenew.OFF if cancelled else subscription.auto_renew):
                return False
        if self.kinds and subscription.kind not in self.kinds:
            return False
        method = subscription.payment_method
        if self.mechanisms and (method is None or method.mechanism not in self.mechanisms):
            return False
        return self.raised <= subscription.conditions


#: Holds of every subscription.
ALWAYS: Final = NoticeCondition()
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@attrs.frozen(kw_only=True, cache_hash=True)
class NoticeRule:
    """
    One message: when, to whom, how, and what if not.

    Raises:
        InvalidType: A field is of another type.
        InvalidValue: Two fields contradict each other, or the window can be empty.
    """

    #: Stable, in kebab-case; part of the key by which a notice is sent once.
    code: str
    #: What it follows from.
    clause: Clause
    #: What it is about.
    topic: Topic
    #: The day from which it is counted.
    anchor: Anchor
    #: The first day, included; ``None`` for the first of the term, or of each period.
    earliest: Offset | None = None
    #: The last day, included; ``None`` for the last day covered, or the last of each period.
    latest: Offset | None = None
    #: Which stage, where the anchor is the entry of one.
    stage: str | None = None
    #: How long before the renewal date it can be refused for the last time, that day included,
    #: where the anchor is that deadline; ``None`` for the policy's own.
    deadline: Term | None = None
    #: How often, where it is periodic: counted from the anchor, the first one a period after it.
    every: Term | None = None
    #: What has to hold.
    condition: NoticeCondition = ALWAYS
    #: Who it applies to, as a vendor says it.
    scope: Scope = EVERYBODY
    #: Who it applies to, as a law says it; ``None`` for everybody.
    reach: Reach | None = None
    #: Who gets it; empty for those who may renew under the policy.
    recipients: frozenset[Role | str] = frozenset()
    #: How it is sent; one of them is enough. Empty where that is not said.
    medium: frozenset[Medium] = frozenset()
    #: What it has to say, in words of the rule's own, such as ``deadline`` and ``price``.
    contents: tuple[str, ...] = ()
    #: What follows if it is not sent.
    missed: Missed = Missed.NOTHING

    def __attrs_post_init__(self) -> None:
        _check_types(self)
        _check_anchor(self)
        _check_order(self)
        if self.latest == self.earliest:
            # One day: the same object, so that it is counted once.
            object.__setattr__(self, "latest", self.earliest)


_MEMBERS: Final = (("topic", Topic), ("anchor", Anchor), ("missed", Missed))
_VALUES: Final[tuple[tuple[str, type], ...]] = (
    ("clause", Clause),
    ("condition", NoticeCondition),
    ("scope", Scope),
)
_OPTIONAL: Final[tuple[tuple[str, type], ...]] = (
    ("earliest", Offset),
    ("latest", Offset),
    ("deadline", Term),
    ("every", Term),
    ("reach", Reach),
)


def _check_types(rule: NoticeRule) -> None:
    at = "NoticeRule"
    checks.text(f"{at}.code", rule.code)
    if _CODE.fullmatch(rule.code) is None:
        raise InvalidValue(f"{at}.code", rule.code, "write small letters, digits and hyphens")
    for name, enum in _MEMBERS:
        checks.member(f"{at}.{name}", getattr(rule, name), enum)
    for name, kind in _VALUES:
        checks.instance(f"{at}.{name}", getattr(rule, name), kind)
    for name, kind in _OPTIONAL:
        if getattr(rule, name) is not None:
            checks.instance(f"{at}.{name}", getattr(rule, name), kind)
    checks.optional_text(f"{at}.stage", rule.stage)
    checks.frozenset_of(f"{at}.recipients", rule.recipients, Role, str)
    checks.frozenset_of(f"{at}.medium", rule.medium, Medium)
    checks.tuple_of(f"{at}.contents", rule.contents, str)


def _check_anchor(rule: NoticeRule) -> None:
    if (rule.anchor is Anchor.STAGE_ENTRY) is not (rule.stage is not None):
        raise InvalidValue("NoticeRule.stage", rule.stage, "name one where STAGE_ENTRY is meant")
    if rule.deadline is not None and rule.anchor is not Anchor.CANCELLATION_DEADLINE:
        raise InvalidValue(
            "NoticeRule.deadline", rule.deadline, "give it where CANCELLATION_DEADLINE is meant"
        )
    if rule.every is not None and rule.anchor not in _PERIODIC:
        raise InvalidValue("NoticeRule.every", rule.every, "count from TERM_START or PURCHASE")
    for name in ("earliest", "latest"):
        if rule.anchor in _AFTER_THE_END and getattr(rule, name) is None:
            raise InvalidValue(f"NoticeRule.{name}", None, f"say when, from {rule.anchor.name}")


def _check_order(rule: NoticeRule) -> None:
    earliest, latest, every = rule.earliest, rule.latest, rule.every
    if every is not None:
        # The last day of a period is the default; its first is the day after the last one.
        latest = latest or Offset()
        before = latest.before
        if earliest is None and before and before.longest_days >= least_days(every):
            raise InvalidValue("NoticeRule.latest", latest, f"stay within a period of {every}")
    elif latest is None and rule.anchor in _AT_THE_END and earliest and earliest.before is None:
        raise InvalidValue("NoticeRule.earliest", earliest, "give a day before the term ends")
    if earliest is not None and latest is not None and not ascends(earliest, latest):
        raise InvalidValue(
            "NoticeRule.latest", latest, "give a day that never comes before the earliest"
        )


def check_notice_rules(field: str, rules: tuple[NoticeRule, ...]) -> None:
    """Raise unless it is a tuple of `NoticeRule` whose codes are given once each."""
    checks.tuple_of(field, rules, NoticeRule)
    codes = [rule.code for rule in rules]
    for code in codes:
        if codes.count(code) > 1:
            raise InvalidValue(field, code, "give each code once")
