"""
SOLIDWORKS: what lapsed is renewed by paying for the years in between, up to a new licence.

A customer who let the yearly service of a licence lapse pays for all that was missed, at most the
price of a new licence, and for the coming year. That is so since 2016-01-01; before, it was USD 500
and the coming year.

Source: https://www.cati.com/landing/solidworks-subscription-policy/ (a partner's page, undated).
When the older rule began is not told: it begins here with the year before the change.

Readings: what was missed runs by the day from the end to the renewal, and the coming year starts
with the renewal. A list price is that of a new licence, and the price book's renewal rate says how
much less a year of service is. A service that has lapsed is not given, so there is no access to it
after the end. No last day is told; a stage has to have one, so ten years stand for it.

Unset, because the page does not say it: when manual renewal opens, how automatic renewal is
set, who may renew, and what becomes of trials.

>>> from decimal import Decimal
>>> from subrenew import ListPrice, PriceList, RenewalRate, Subscription, Term, renewal_quote
>>> new, less = Money("4000.00", "USD"), Decimal("0.75")
>>> prices = PriceList(
...     prices=(ListPrice(product="CAD", term=Term.years(1), price=new, from_on=date(2015, 1, 1)),),
...     rates=(RenewalRate(rate=less, from_on=date(2015, 1, 1)),),
... )
>>> lapsed = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2013, 12, 31))
>>> for on in (date(2015, 12, 31), date(2016, 1, 1), date(2020, 1, 1)):
...     line = renewal_quote(lapsed, prices=prices, policy=EDITIONS, on=on).lines[0]
...     print(on, line.price, *[f"{each.code} {each.amount}" for each in line.charges])
2015-12-31 1000.00 USD late-fee 500.00 USD
2016-01-01 1000.00 USD back-pay 1002.73 USD
2020-01-01 1000.00 USD back-pay 4000.00 USD
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.money import Money
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import (
    Access,
    BackPay,
    LateFee,
    LateStart,
    LateTerms,
    Stage,
    StageLength,
    StagePrice,
)

__all__ = ["CLAUSES", "EDITIONS", "EDITION_2015", "EDITION_2016"]

_PAGE: Final = "changes to the subscription service"

_FEE: Final = Clause(
    "solidworks.fee",
    _PAGE,
    "Until the end of 2015 a lapsed service is renewed for USD 500 and the price of the coming"
    " year.",
)
_LAPSED: Final = Clause(
    "solidworks.lapsed", _PAGE, "A lapsed service can be renewed, for the coming year."
)
_BACKDATED: Final = Clause(
    "solidworks.backdated",
    _PAGE,
    "From 2016 on it is renewed for all that was missed since it lapsed, and the coming year.",
)

#: The page's sentences, restated.
CLAUSES: Final = (
    _FEE,
    _LAPSED,
    _BACKDATED,
    Clause("solidworks.cap", _PAGE, "What was missed costs no more than a new licence."),
    Clause("solidworks.nothing-more", _PAGE, "From 2016 on there is no fee beside that."),
)

EDITION_2015: Final = RenewalPolicy(
    id="solidworks/2015",
    source="a SOLIDWORKS partner's page on the change of 2016",
    verified_until=date(2015, 12, 31),
    clauses=CLAUSES[:2],
    stages=(
        Stage(
            name="lapsed",
            access=Access.NONE,
            lengths=(StageLength(days=3653),),
            price=StagePrice.RENEWAL,
            clause=_LAPSED,
        ),
    ),
    late_terms=LateTerms(fees=(LateFee(amount=Money("500.00", "USD"), clause=_FEE),), clause=_FEE),
    late_start=LateStart.RENEWAL_DAY,
    cites={"late_start": _LAPSED},
)

EDITION_2016: Final = EDITION_2015.evolve(
    id="solidworks/2016",
    verified_until=None,
    clauses=CLAUSES[1:],
    late_terms=LateTerms(back_pay=BackPay.UNPAID_DAYS, capped_at_new=True, clause=_BACKDATED),
)

#: By the day of the renewal, whenever it lapsed.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2015, 1, 1), policy=EDITION_2015),
        Edition(from_on=date(2016, 1, 1), policy=EDITION_2016),
    )
)
