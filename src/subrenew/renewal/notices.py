"""
Which message is due when (clause `manual.notice`).

Rule 1: nothing is sent here and nothing is remembered. The caller keeps the keys of what was sent;
a key does not change, so that nothing is sent twice.

Rule 2: what is due on the renewal date is due whether the renewal has been made that day or not; so
after it the notices of that date belong to the term before, under the same key.

Rule 3: where it is not known whether a law is for a customer, its notices are listed, and say so.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from operator import attrgetter
from typing import Final

from subrenew.errors import InvalidType
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.laws.reach import Applies
from subrenew.policy.notice_rules import Anchor, Topic
from subrenew.policy.parameters import RenewalPolicy
from subrenew.renewal.notice_days import Notice, expanded, term_before, wanted
from subrenew.rules.schedules import edition_on

__all__ = ["Notice", "due", "notices"]

_ONE_DAY: Final = timedelta(days=1)
_NO: Final = Applies.NO
_RENEWAL_DATE: Final = Anchor.RENEWAL_DATE
_END: Final = Topic.END


def notices(
    subscription: Subscription,
    *,
    policy: Policy,
    on: date,
    until: date | None = None,
    region: str | None = None,
) -> tuple[Notice, ...]:
    """
    Return what is due when, over the rest of the present term and after it.

    Args:
        subscription: Whose term, switch, payment and account decide.
        policy: An edition, or editions from which the day chooses one.
        on: What could be sent on this day at the latest is still listed, what is past is not.
        until: The first day on which nothing more has to begin; ``None`` for no limit.
        region: Where the customer is, such as ``US-CA``; the account's country where it is not
            given. It matters to laws only.

    Returns:
        Notices in the order of their first days.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 12, 31)
    ... )
    >>> [notice] = notices(subscription, policy=autodesk.EDITION_2024, on=date(2025, 6, 1))
    >>> notice.key, notice.earliest_on.isoformat(), notice.latest_on.isoformat()
    ('S-1/2024-12-31/you-can-renew-now/1', '2025-10-02', '2025-12-30')
    """
    if type(on) is not date:
        checks.calendar_date("on", on)
    if until is not None:
        checks.calendar_date("until", until)
    return _listed(subscription, edition_on(subscription, policy, on), on, until, region)


def _listed(
    subscription: Subscription,
    edition: RenewalPolicy,
    on: date,
    until: date | None,
    region: str | None,
) -> tuple[Notice, ...]:
    found = []
    for rule in edition.notices:
        applies = wanted(rule, subscription, edition, region)
        if applies is not _NO:
            for notice in expanded(rule, subscription, edition, applies, until):
                if notice.latest_on >= on:
                    found.append(notice)  # noqa: PERF401 - this is the inner loop
    before = term_before(subscription)
    if before is not None and edition.notices:
        for rule in edition.notices:
            if rule.anchor is _RENEWAL_DATE and rule.topic is not _END:
                applies = wanted(rule, before, edition, region)
                if applies is not _NO:
                    each = expanded(rule, before, edition, applies, until)
                    found += [notice for notice in each if notice.latest_on >= on]
    return tuple(sorted(found, key=attrgetter("earliest_on")))


def due(
    subscription: Subscription,
    *,
    policy: Policy,
    on: date,
    sent: AbstractSet[str] = frozenset(),
    region: str | None = None,
) -> tuple[Notice, ...]:
    """
    Return what to send on a day: what may be sent then, and was not.

    Args:
        subscription: As in `notices`.
        policy: As in `notices`.
        on: The account's calendar day (reading 1).
        sent: The keys of what was sent before, `Notice.key`.
        region: As in `notices`.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *sent* is not a set.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 12, 31)
    ... )
    >>> policy, on = autodesk.EDITION_2024, date(2025, 10, 2)
    >>> keys = {notice.key for notice in due(subscription, policy=policy, on=on)}
    >>> keys, due(subscription, policy=policy, on=on, sent=keys)
    ({'S-1/2024-12-31/you-can-renew-now/1'}, ())
    """
    if not isinstance(sent, AbstractSet):
        raise InvalidType("sent", sent, "give a set of keys")
    checks.calendar_date("on", on)
    edition = edition_on(subscription, policy, on)
    listed = _listed(subscription, edition, on, on + _ONE_DAY, region)
    return tuple(notice for notice in listed if notice.key not in sent)
