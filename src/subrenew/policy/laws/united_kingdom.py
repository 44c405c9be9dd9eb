"""
United Kingdom: a reminder in every six months; sample data, not legal advice.

When it comes into force was not found, so whether it applies is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Basis, Reach, Since
from subrenew.policy.laws.statutes import CONSUMERS, RENEWS, Law
from subrenew.policy.notice_rules import Anchor, Missed, NoticeRule, Topic

__all__ = ["DMCC_258"]

DMCC_258: Final = Law(
    id="gb/dmcc-258",
    title="United Kingdom, Digital Markets, Competition and Consumers Act 2024, section 258",
    source="https://crimeline.co.uk/legislationdisplay/?leg=ukpga%2F2024%2F13%2Fsection%2F258%2F2026-04-06",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"GB"}),
        customer_kinds=CONSUMERS,
        since=Since(basis=Basis.PURCHASE),
    ),
    rules=(
        NoticeRule(
            code="gb-six-months-reminder",
            clause=Clause(
                "gb.dmcc-258",
                "Digital Markets, Competition and Consumers Act 2024, section 258",
                "A reminder for the renewal payment at the end of each six months, counted from the"
                " day after the contract.",
            ),
            topic=Topic.REMINDER,
            anchor=Anchor.PURCHASE,
            every=Term.months(6),
            condition=RENEWS,
            missed=Missed.UNKNOWN,
        ),
    ),
    left_out=(
        "Its first day was not found; it was expected in 2026 or later.",
        "On which day of the six months the reminder is due; any day of them is taken here.",
        "Fourteen days to think it over, at the start and when it is renewed for a year or more.",
    ),
)
