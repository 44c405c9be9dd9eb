"""
New York: notices counted from the customer's own deadline; sample data, not legal advice.

The figures of General Business Law 527-a were not found for certain: they are unset.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Basis, Reach, Since
from subrenew.policy.laws.statutes import CONSUMERS, RENEWS, Law
from subrenew.policy.notice_rules import Anchor, Medium, Missed, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.scopes import Scope

__all__ = ["GBL_527_A", "GOL_5_903"]

GOL_5_903: Final = Law(
    id="us-ny/gol-5-903",
    title="New York, General Obligations Law 5-903",
    source="https://nysenate.gov/legislation/laws/GOB/5-903",
    checked_on=date(2026, 11, 23),
    reach=Reach(regions=frozenset({"US-NY"})),
    rules=(
        NoticeRule(
            code="us-ny-refusal",
            clause=Clause(
                "us-ny.gol-5-903",
                "General Obligations Law 5-903",
                "Between 15 and 30 days before the last day on which the customer can end it, the"
                " customer is told in person or by certified letter.",
            ),
            topic=Topic.RENEWAL,
            anchor=Anchor.CANCELLATION_DEADLINE,
            earliest=Offset(before=Term.days(30)),
            latest=Offset(before=Term.days(15)),
            condition=RENEWS,
            scope=Scope(longer_than=Term.months(1)),
            medium=frozenset({Medium.IN_PERSON, Medium.CERTIFIED_LETTER}),
            contents=("renewal-clause",),
            missed=Missed.RENEWAL_UNENFORCEABLE,
        ),
    ),
    left_out=(
        "It is about service, maintenance or repair of property; what is bought is not looked at.",
        "The length of the renewal is taken from the present term.",
    ),
)

GBL_527_A: Final = Law(
    id="us-ny/gbl-527-a",
    title="New York, General Business Law 527-a",
    source="https://newyork.public.law/laws/n.y._general_business_law_section_527-a",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"US-NY"}),
        customer_kinds=CONSUMERS,
        since=Since(on=date(2023, 12, 13), basis=Basis.RENEWAL_DATE),
    ),
    unset=(
        Clause(
            "us-ny.gbl-527-a",
            "General Business Law 527-a",
            "Where the first paid term is a year or longer, the customer is reminded before it can"
            " no longer be ended; the days were not found for certain.",
        ),
    ),
    left_out=("Versions of the bill said 45 and 30 days; it changed again on 2025-11-05.",),
)
