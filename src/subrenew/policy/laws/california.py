"""
California: notices before a renewal, a trial's end, a dearer price; sample data, not legal advice.

Read in reports on the bills AB 390 of 2021 and AB 2863 of 2024.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.entities import AutoRenew, Kind
from subrenew.model.terms import Term
from subrenew.policy.laws.reach import Basis, Reach, Since
from subrenew.policy.laws.statutes import CONSUMERS, RENEWS, Law
from subrenew.policy.notice_rules import Anchor, Missed, NoticeCondition, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.scopes import Scope

__all__ = ["AB_2863", "ARL"]

#: 365 days count as a year.
_A_YEAR_OR_MORE: Final = Scope(longer_than=Term.days(364))

ARL: Final = Law(
    id="us-ca/arl",
    title="California, Automatic Renewal Law, Business and Professions Code 17602",
    source="https://fastdemocracy.com/bill-summary/?billsummary_state=ca&billsummary_id=CAB00021688&billsummary_session=20212022",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"US-CA"}),
        customer_kinds=CONSUMERS,
        since=Since(on=date(2022, 7, 1), basis=Basis.RENEWAL_DATE),
    ),
    rules=(
        NoticeRule(
            code="us-ca-renewal",
            clause=Clause(
                "us-ca.17602.renewal",
                "Business and Professions Code 17602",
                "Where the first term is a year or longer, the customer is told 15 to 45 days"
                " before the renewal.",
            ),
            topic=Topic.RENEWAL,
            anchor=Anchor.RENEWAL_DATE,
            earliest=Offset(before=Term.days(45)),
            latest=Offset(before=Term.days(15)),
            condition=RENEWS,
            scope=_A_YEAR_OR_MORE,
            contents=("how-to-cancel",),
            missed=Missed.CHARGE_UNLAWFUL,
        ),
        NoticeRule(
            code="us-ca-trial-end",
            clause=Clause(
                "us-ca.17602.trial",
                "Business and Professions Code 17602",
                "Where a trial lasts more than 31 days, the customer is told 3 to 21 days before"
                " it ends.",
            ),
            topic=Topic.TRIAL_END,
            anchor=Anchor.TERM_END,
            earliest=Offset(before=Term.days(21)),
            latest=Offset(before=Term.days(3)),
            condition=NoticeCondition(auto_renew=AutoRenew.ON, kinds=frozenset({Kind.TRIAL})),
            scope=Scope(longer_than=Term.days(31)),
            contents=("how-to-cancel",),
            missed=Missed.CHARGE_UNLAWFUL,
        ),
    ),
    left_out=(
        "The length of the first term is taken from the present one.",
        "Whether a trial of exactly 31 days counts is told in two ways; here it does not.",
        "A price that is reduced for a time counts like a trial.",
    ),
)

AB_2863: Final = Law(
    id="us-ca/ab-2863",
    title="California, Assembly Bill 2863 of 2024",
    source="https://www.consumerfinsights.com/2024/10/california-enacts-new-bill-to-strengthen-customer-protection-on-automatic-renewals/",
    checked_on=date(2026, 11, 23),
    reach=Reach(
        regions=frozenset({"US-CA"}),
        customer_kinds=CONSUMERS,
        since=Since(on=date(2025, 7, 1), basis=Basis.LAST_RENEWAL),
    ),
    rules=(
        NoticeRule(
            code="us-ca-price-change",
            clause=Clause(
                "us-ca.ab-2863.price",
                "Assembly Bill 2863",
                "A change of the price is announced 7 to 30 days before it takes effect.",
            ),
            topic=Topic.PRICE_CHANGE,
            anchor=Anchor.RENEWAL_DATE,
            earliest=Offset(before=Term.days(30)),
            latest=Offset(before=Term.days(7)),
            condition=NoticeCondition(
                auto_renew=AutoRenew.ON,
                kinds=frozenset({Kind.PAID}),
                raised=frozenset({"price-change"}),
            ),
            contents=("price", "how-to-cancel"),
            missed=Missed.UNKNOWN,
        ),
        NoticeRule(
            code="us-ca-yearly-reminder",
            clause=Clause(
                "us-ca.ab-2863.reminder",
                "Assembly Bill 2863",
                "Once a year the customer is told what is bought, what it costs, how often, and how"
                " to end it.",
            ),
            topic=Topic.REMINDER,
            anchor=Anchor.PURCHASE,
            every=Term.years(1),
            condition=RENEWS,
            contents=("product", "frequency", "price", "how-to-cancel"),
            missed=Missed.UNKNOWN,
        ),
    ),
    left_out=(
        "That the price changes is told by the condition price-change of the subscription.",
        "Consent is recorded for three years, or one year after the end if that is longer.",
    ),
)
