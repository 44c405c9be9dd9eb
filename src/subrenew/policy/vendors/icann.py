"""
Domain names under ICANN's policy: reminders, a grace period after expiry, redemption once deleted.

The registrar reminds about a month and about a week before a name expires, and once more within
five days after, unless it is renewed or deleted by then. The registry renews it automatically and
takes that back if the registrar deletes it within 45 days: it can be renewed for 1 to 45 days, as
the registrar chooses, and it does not resolve on the last eight of them. From the day of the
deletion it can be restored for 30 days, for a fee; five days later anybody can register it.

Sources: https://www.icann.org/en/resources/registrars/consensus-policies/errp (2024-02-21, to be
followed since 2025-08-21) and
https://www.icann.org/resources/pages/registrant-about-errp-2018-12-07-en (2018-12-07); registrars
had to follow the policy since 2013-08-31 (https://domaincocoon.com/tag/redemption-grace-period).

Readings: the reminders' days are those that are accepted in practice, 26 to 35 and 4 to 10; the
registrar's choice is 45 days, and `RenewalPolicy.evolve` makes others. A deletion is a cancellation
(`Subscription.cancelled_on`).

Unset, because the pages leave it to the registrar or do not say it: fees, when manual renewal
opens, how automatic renewal is set, what becomes of trials, and where the term of a late renewal
starts.

>>> from subrenew import Subscription, late_window, notices
>>> name = Subscription(
...     id="example.org", product="org", term=Term.years(1), starts_on=date(2025, 1, 1)
... )
>>> for notice in notices(name, policy=EDITIONS, on=date(2025, 6, 1)):
...     print(notice.code, notice.earliest_on, notice.latest_on)
expires-in-a-month 2025-11-27 2025-12-06
expires-in-a-week 2025-12-22 2025-12-28
has-expired 2026-01-01 2026-01-06
>>> late_window(name, policy=EDITIONS, on=date(2026, 1, 1))
Window(date(2026, 1, 1), date(2026, 2, 15))
>>> eight_days = EDITION_2013_08.evolve(id="registrar/8", stages=EDITION_2013_08.stages[1:])
>>> late_window(name, policy=eight_days, on=date(2026, 1, 1))
Window(date(2026, 1, 1), date(2026, 1, 9))
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.entities import Role
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.notice_rules import Anchor, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import Access, Stage, StageLength, StageRenewal

__all__ = ["CLAUSES", "EDITIONS", "EDITION_2013_08", "NOTICES"]

_ERRP: Final = "expired registration recovery policy"
_LIFE: Final = "life cycle of a domain name"

_REMINDED: Final = Clause(
    "icann.reminders", _ERRP, "The registrar reminds about a month and about a week before expiry."
)
_EXPIRED: Final = Clause(
    "icann.expired",
    _ERRP,
    "Once more within five days after expiry, unless it is renewed or deleted by then.",
)

_GRACE: Final = Clause(
    "icann.grace", _LIFE, "For 1 to 45 days after expiry, as the registrar says, it is renewed."
)
_INTERRUPTED: Final = Clause(
    "icann.interrupted",
    _ERRP,
    "For the last eight days before a deletion it does not resolve and can be renewed.",
)
_REDEMPTION: Final = Clause(
    "icann.redemption",
    _ERRP,
    "For 30 days from the deletion on it can be restored, for a fee, and does not resolve.",
)
_PENDING_DELETE: Final = Clause(
    "icann.pending-delete", _LIFE, "For five days more nobody can have it back."
)

_REGISTRANT: Final = Clause(
    "icann.registrant",
    _ERRP,
    "The registrant could renew before expiry and can do so after it.",
)

#: The pages' sentences, restated.
CLAUSES: Final = (
    _REMINDED,
    _EXPIRED,
    _GRACE,
    _INTERRUPTED,
    _REDEMPTION,
    _PENDING_DELETE,
    _REGISTRANT,
)


def _notice(
    code: str, clause: Clause, topic: Topic, earliest: Offset, latest: Offset
) -> NoticeRule:
    return NoticeRule(
        code=code,
        clause=clause,
        topic=topic,
        # A deleted name has no renewal date, and gets no notice.
        anchor=Anchor.RENEWAL_DATE,
        earliest=earliest,
        latest=latest,
    )


def _before(days: int) -> Offset:
    return Offset(before=Term.days(days))


#: To the registrant, who alone may renew.
NOTICES: Final = (
    _notice("expires-in-a-month", _REMINDED, Topic.RENEWAL, _before(35), _before(26)),
    _notice("expires-in-a-week", _REMINDED, Topic.RENEWAL, _before(10), _before(4)),
    _notice("has-expired", _EXPIRED, Topic.END, Offset(), Offset(after=Term.days(5))),
)


def _stage(
    name: str,
    days: int,
    access: Access,
    clause: Clause,
    renewal: StageRenewal = StageRenewal.POSSIBLE,
) -> Stage:
    return Stage(
        name=name,
        access=access,
        lengths=(StageLength(days=days),),
        renewal=renewal,
        clause=clause,
    )


EDITION_2013_08: Final = RenewalPolicy(
    id="icann/2013-08",
    source="ICANN, Expired Registration Recovery Policy",
    verified_until=date(2024, 2, 21),
    clauses=CLAUSES,
    stages=(
        _stage("auto-renew-grace", 45 - 8, Access.FULL, _GRACE),
        _stage("interrupted", 8, Access.NONE, _INTERRUPTED),
    ),
    cancelled_stages=(
        _stage("redemption", 30, Access.NONE, _REDEMPTION),
        _stage("pending-delete", 5, Access.NONE, _PENDING_DELETE, StageRenewal.OVER),
    ),
    managed_roles=frozenset({Role.OWNER}),
    unmanaged_roles=frozenset({Role.OWNER}),
    notices=NOTICES,
    cites={"managed_roles": _REGISTRANT, "unmanaged_roles": _REGISTRANT},
)

#: The figures have not changed since registrars had to follow the policy.
EDITIONS: Final = Editions((Edition(from_on=date(2013, 8, 31), policy=EDITION_2013_08),))
