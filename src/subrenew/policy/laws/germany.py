"""
Germany: how long a consumer can be bound; sample data, not legal advice.

It asks for no notice: it limits the first term, the renewal, and the deadline for ending it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Basis, Reach, Since
from subrenew.policy.laws.statutes import CONSUMERS, Law, Right
from subrenew.policy.notice_rules import Missed

__all__ = ["BGB_309_9"]

BGB_309_9: Final = Law(
    id="de/bgb-309-9",
    title="Germany, Bürgerliches Gesetzbuch, section 309 number 9",
    source="https://www.haufe.de/recht/deutsches-anwalt-office-premium/pruettingwegenweinreich-bgb-309-bgb-klauselverbote-iii-kuendigungsfristklauseln-nr9c_idesk_PI17574_HI15892005.html",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"DE"}),
        customer_kinds=CONSUMERS,
        since=Since(on=date(2022, 3, 1), basis=Basis.PURCHASE),
    ),
    rights=(
        Right(
            clause=Clause(
                "de.bgb-309-9a",
                "BGB, section 309 number 9 letter a",
                "The first term binds for two years at the most.",
            ),
            first_term_at_most=Term.years(2),
            missed=Missed.CLAUSE_VOID,
        ),
        Right(
            clause=Clause(
                "de.bgb-309-9b",
                "BGB, section 309 number 9 letter b",
                "Renewed tacitly, it runs on for no fixed time and can be ended within a month.",
            ),
            renewal_at_most=Term.months(1),
            missed=Missed.CLAUSE_VOID,
        ),
        Right(
            clause=Clause(
                "de.bgb-309-9c",
                "BGB, section 309 number 9 letter c",
                "Notice to end it is asked for a month before the term's end at the most.",
            ),
            deadline_at_most=Term.months(1),
            missed=Missed.CLAUSE_VOID,
        ),
    ),
    left_out=("Contracts concluded before 2022-03-01 keep longer limits.",),
)
