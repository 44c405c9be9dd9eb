"""
India: a notice at least 24 hours before a debit; sample data, not legal advice.

Notices have days and no hours, so that the hours are rounded to the earlier day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.entities import AutoRenew, Kind, Mechanism
from subrenew.policy.laws.reach import Basis, Reach, Since
from subrenew.policy.laws.statutes import Law
from subrenew.policy.notice_rules import Anchor, Missed, NoticeCondition, NoticeRule, Topic
from subrenew.policy.offsets import Offset

__all__ = ["E_MANDATE"]

E_MANDATE: Final = Law(
    id="in/rbi-e-mandate",
    title="India, Reserve Bank of India, Digital Payments - E-Mandate Framework, 2026",
    source="https://thelivenagpur.com/2026/04/22/rbis-new-e-mandate-rules-24-hour-alert-before-auto-debits/",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"IN"}),
        since=Since(on=date(2026, 4, 21), basis=Basis.RENEWAL_DATE),
    ),
    rules=(
        NoticeRule(
            code="in-pre-debit",
            clause=Clause(
                "in.rbi.pre-debit",
                "Digital Payments - E-Mandate Framework, 2026",
                "At least 24 hours before a debit the customer is told its merchant, amount and"
                " date.",
            ),
            topic=Topic.CHARGE,
            anchor=Anchor.RENEWAL_DATE,
            latest=Offset.hours_before(24),
            condition=NoticeCondition(
                auto_renew=AutoRenew.ON,
                kinds=frozenset({Kind.PAID}),
                mechanisms=frozenset({Mechanism.PULL}),
            ),
            contents=("merchant", "price", "date", "how-to-refuse"),
            missed=Missed.UNKNOWN,
        ),
    ),
    left_out=(
        "Above INR 15,000, for some purposes 100,000, the customer has to confirm each debit.",
        "The bank sends it, not the vendor.",
    ),
)
