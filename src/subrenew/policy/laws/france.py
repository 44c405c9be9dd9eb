"""
France: information before a tacit renewal; sample data, not legal advice.

It is counted from the last day on which the customer can refuse, and not from the term's end.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Basis, Reach, Since
from subrenew.policy.laws.statutes import RENEWS, Law
from subrenew.policy.notice_rules import Anchor, Medium, Missed, NoticeRule, Topic
from subrenew.policy.offsets import Offset

__all__ = ["L215_1"]

L215_1: Final = Law(
    id="fr/l215-1",
    title="France, Code de la consommation, article L215-1",
    source="https://juriblio.fr/codes/code-de-la-consommation/partie-legislative-nouvelle/livre-ii/titre-ier/chapitre-v",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"FR"}),
        customer_kinds=frozenset({"consumer", "non-professional"}),
        since=Since(on=date(2016, 7, 1), basis=Basis.RENEWAL_DATE),
    ),
    rules=(
        NoticeRule(
            code="fr-refusal",
            clause=Clause(
                "fr.l215-1",
                "Code de la consommation, article L215-1",
                "Between three months and one month before the last day on which the renewal can be"
                " refused, the customer is told so, and which day that is.",
            ),
            topic=Topic.RENEWAL,
            anchor=Anchor.CANCELLATION_DEADLINE,
            earliest=Offset(before=Term.months(3)),
            latest=Offset(before=Term.months(1)),
            condition=RENEWS,
            medium=frozenset({Medium.EMAIL, Medium.LETTER}),
            contents=("deadline", "how-to-refuse"),
            missed=Missed.CUSTOMER_MAY_END_ANY_TIME,
        ),
    ),
    left_out=(
        "The deadline stands in a frame, and the message is about nothing else.",
        "What was paid in advance is refunded within 30 days.",
    ),
)
