"""
Business licences of the City of Chicago: renewed manually, and late as well.

The city opens a renewal 62 days before a licence's last day at the earliest, which is 63 days
before the first day not covered (reading 2). Nobody is charged: those who go on pay. A new
term is for two years and starts where the old one ends, also when it is paid for late, and years
later the city still takes it. A licence that was cancelled during its term or revoked is not
renewed.

Source: the city's open data set "Business Licenses" (data.cityofchicago.org, r5kz-chrr) as two
public copies hold it, 1999 to 2016 and 2009 to 2015. These are observations and no published rule:
of 375 payments none came before the window and 111 came after the end, up to 2,131 days; 376 of 376
renewals follow without a gap; of 43 cancelled or revoked terms none was renewed; 7,121 of 7,185
renewals are for exactly two years.

`BY_THE_BOOK` takes a renewal in time only; `AS_IT_IS_DONE` takes it late. No last day was observed.
A stage has to have one, so ten years stand for it. There are no prices and no back-pay in the data,
nor what a licensee may do in the meantime, so they are unset: access after the end is unknown. A
licence that is paid for years late may start, and end, before the day on which it is paid; the city
does that, and the answer says so (``term-already-over``). A licence with another term says so
itself (`Subscription.next_term`).

>>> from subrenew import Subscription, renew, renewability
>>> first = Subscription.covering(
...     last_day=date(2014, 5, 15),
...     id="L-1",
...     product="licence",
...     term=Term.years(2),
...     starts_on=date(2012, 7, 1),
... )
>>> paid_on = date(2014, 9, 1)
>>> renewability(first, policy=BY_THE_BOOK, on=paid_on).route.value
'buy-new'
>>> second = renew(first, policy=AS_IT_IS_DONE, on=paid_on).subscription
>>> second.starts_on.isoformat(), second.expires_on.isoformat()
('2014-05-16', '2016-05-16')
"""

from __future__ import annotations

from datetime import date
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.entities import AutoRenew
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.parameters import LateStart, RenewalPolicy, Stage, StageLength

__all__ = ["AS_IT_IS_DONE", "BY_THE_BOOK", "CLAUSES", "EDITIONS"]

_OBSERVED: Final = "observed in the city's open data"

_BY_HAND: Final = Clause(
    "city.by-hand", _OBSERVED, "A renewal is paid by the licensee and never automatically."
)
_WINDOW: Final = Clause(
    "city.window", _OBSERVED, "A renewal opens 62 days before the last day covered."
)
_TERM: Final = Clause(
    "city.term", _OBSERVED, "A renewal is for two years, whatever the term before it."
)
_CONTIGUOUS: Final = Clause(
    "city.contiguous", _OBSERVED, "A new term starts where the old one ends, paid late too."
)
_BARRED: Final = Clause("city.barred", _OBSERVED, "A cancelled or revoked licence is not renewed.")
_LATE: Final = Clause("city.late", _OBSERVED, "A renewal is taken years after the end.")

CLAUSES: Final = (_BY_HAND, _WINDOW, _TERM, _CONTIGUOUS, _BARRED, _LATE)

#: Cancelled means over: `cancelled_stages` is left empty.
BY_THE_BOOK: Final = RenewalPolicy(
    id="chicago/by-the-book",
    source="City of Chicago, business licences",
    verified_until=date(2016, 11, 16),
    clauses=CLAUSES[:5],
    window_opens_days=63,
    auto_renew_default=AutoRenew.OFF,
    renews_to=Term.years(2),
    partner_channels=frozenset(),
    cites={
        "window_opens_days": _WINDOW,
        "auto_renew_default": _BY_HAND,
        "renews_to": _TERM,
        "partner_channels": _BY_HAND,
        "cancelled_stages": _BARRED,
    },
)
#: As the city really does it.
AS_IT_IS_DONE: Final = BY_THE_BOOK.evolve(
    id="chicago/as-it-is-done",
    clauses=CLAUSES,
    stages=(Stage(name="late", lengths=(StageLength(days=3653),), clause=_LATE),),
    late_start=LateStart.OLD_END,
    cites={
        "window_opens_days": _WINDOW,
        "auto_renew_default": _BY_HAND,
        "renews_to": _TERM,
        "partner_channels": _BY_HAND,
        "cancelled_stages": _BARRED,
        "late_start": _CONTIGUOUS,
    },
)

#: What the city does, from the first term on that the data hold.
EDITIONS: Final = Editions((Edition(from_on=date(1999, 11, 16), policy=AS_IT_IS_DONE),))
