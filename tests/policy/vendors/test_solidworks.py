"""What a SOLIDWORKS partner's page says of a lapsed service, a row for each of its sentences."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from subrenew import (
    NotInForce,
    RenewalRate,
    Subscription,
    renew,
    renewability,
    renewal_quote,
)
from subrenew.clauses import EXPIRED
from subrenew.policy.vendors.solidworks import CLAUSES, EDITION_2015, EDITION_2016, EDITIONS
from tests.makers import LONG_AGO, a_list, a_price, a_subscription

_RATE = RenewalRate(rate=Decimal("0.75"), from_on=date(2010, 1, 1))
#: A new licence costs 4000, and a year of its service 1000.
PRICES = a_list(a_price("4000.00", from_on=date(2010, 1, 1)), rates=(_RATE,))
DAY = timedelta(days=1)
#: The end of a service that is asked about in 2015, and of one that is asked about from 2016 on.
END_2015 = date(2015, 3, 1)
END = date(2017, 1, 1)


def lapsing(end: date, **changes: Any) -> Subscription:
    """A year of service that ends on that day."""
    return a_subscription(starts_on=end.replace(year=end.year - 1), **changes)


def answer(subscription: Subscription, on: date) -> tuple[str, str, list[str], str]:
    """The edition, the way forward, what lateness costs and the total."""
    decision = renewability(subscription, policy=EDITIONS, on=on)
    line = renewal_quote(subscription, prices=PRICES, policy=EDITIONS, on=on).lines[0]
    assert line.total is not None
    charges = [f"{each.code} {each.amount.amount}" for each in line.charges]
    return decision.edition.id, decision.route.value, charges, str(line.total.amount)


OLD, NEW = "solidworks/2015", "solidworks/2016"
# fmt: off
SCENARIOS: list[tuple[str, Subscription, date, str, str, list[str], str]] = [
    # Until the end of 2015: a flat fee and the year, however long ago it lapsed.
    ("solidworks.fee", lapsing(END_2015), END_2015 - DAY, OLD, "unknown", [], "1000.00"),
    ("solidworks.fee", lapsing(END_2015), END_2015, OLD, "renew-now", ["late-fee 500.00"],
     "1500.00"),
    ("solidworks.fee", lapsing(END_2015), END_2015 + 100 * DAY, OLD, "renew-now",
     ["late-fee 500.00"], "1500.00"),
    ("solidworks.fee", lapsing(date(2008, 1, 1)), date(2015, 12, 31), OLD, "renew-now",
     ["late-fee 500.00"], "1500.00"),
    # From 2016 on: what was missed, day by day, and the year; also for what lapsed before.
    ("solidworks.lapsed", lapsing(date(2008, 1, 1)), date(2015, 1, 1), OLD, "renew-now",
     ["late-fee 500.00"], "1500.00"),
    ("solidworks.backdated", lapsing(date(2015, 1, 1)), date(2016, 1, 1), NEW, "renew-now",
     ["back-pay 1000.00"], "2000.00"),
    ("solidworks.backdated", lapsing(END), END - DAY, NEW, "unknown", [], "1000.00"),
    ("solidworks.backdated", lapsing(END), END, NEW, "renew-now", [], "1000.00"),
    # 1000 by the 366 days of the year that ended.
    ("solidworks.backdated", lapsing(END), END + DAY, NEW, "renew-now", ["back-pay 2.73"],
     "1002.73"),
    ("solidworks.backdated", lapsing(END), END + 183 * DAY, NEW, "renew-now", ["back-pay 500.00"],
     "1500.00"),
    ("solidworks.backdated", lapsing(END), END + 732 * DAY, NEW, "renew-now", ["back-pay 2000.00"],
     "3000.00"),
    # Up to the price of a new licence; the coming year is paid for beside it.
    ("solidworks.cap", lapsing(END), END + 1463 * DAY, NEW, "renew-now", ["back-pay 3997.26"],
     "4997.26"),
    ("solidworks.cap", lapsing(END), END + 1464 * DAY, NEW, "renew-now", ["back-pay 4000.00"],
     "5000.00"),
    ("solidworks.cap", lapsing(END), END + 1465 * DAY, NEW, "renew-now", ["back-pay 4000.00"],
     "5000.00"),
    ("solidworks.cap", lapsing(END), END + 3000 * DAY, NEW, "renew-now", ["back-pay 4000.00"],
     "5000.00"),
    ("solidworks.cap", lapsing(END, seats=3), END + 3000 * DAY, NEW, "renew-now",
     ["back-pay 12000.00"], "15000.00"),
    # No fee beside it.
    ("solidworks.nothing-more", lapsing(END, seats=2), END + 183 * DAY, NEW, "renew-now",
     ["back-pay 1000.00"], "3000.00"),
    # Ten years stand for no last day.
    ("solidworks.backdated", lapsing(END), END + 3652 * DAY, NEW, "renew-now",
     ["back-pay 4000.00"], "5000.00"),
    ("solidworks.backdated", lapsing(END), END + 3653 * DAY, NEW, "buy-new", [], "4000.00"),
]
# fmt: on


@pytest.mark.parametrize(
    ("source", "subscription", "on", "edition", "route", "charges", "total"), SCENARIOS
)
def test_a_sentence_of_the_page(
    source: str,
    subscription: Subscription,
    on: date,
    *,
    edition: str,
    route: str,
    charges: list[str],
    total: str,
) -> None:
    """Each row is a state and a day with the answer that a sentence gives."""
    assert source in [clause.id for clause in CLAUSES]
    assert answer(subscription, on) == (edition, route, charges, total)


def test_every_sentence_has_its_row() -> None:
    """Each clause is the source of a row."""
    assert {clause.id for clause in CLAUSES} == {row[0] for row in SCENARIOS}


@pytest.mark.parametrize("end", [date(2014, 6, 1), END])
def test_the_coming_year_begins_with_the_renewal(end: date) -> None:
    """Under both rules a late renewal buys a year from its own day on."""
    on = end + 400 * DAY
    renewal: Any = renew(lapsing(end), policy=EDITIONS, on=on)
    assert renewal.subscription.starts_on == on
    assert renewal.subscription.expires_on == on.replace(year=on.year + 1)


def test_the_service_stops_with_its_term() -> None:
    """The page sells the service anew, so a lapsed one gives no access."""
    for end, on in ((END_2015, END_2015), (END, END + DAY)):
        assert renewability(lapsing(end), policy=EDITIONS, on=on).access == "none"


def test_the_fee_is_in_dollars() -> None:
    """`solidworks.fee`: the page gives no other amount, so in euros there is no answer."""
    euros = a_list(a_price("4000.00", "EUR", from_on=LONG_AGO.replace(year=2010)))
    quote = renewal_quote(lapsing(END_2015), prices=euros, policy=EDITIONS, on=END_2015)
    assert quote.total is None
    (finding,) = (each for each in quote.findings if each.code == "amount-unknown-in-currency")
    assert finding.values == (("charge", "late-fee"), ("currency", "EUR"))


def test_a_charge_cites_the_page() -> None:
    """The fee and what was missed are the page's; with no clause they are the vocabulary's."""
    for end, on, clause in (
        (END_2015, END_2015, "solidworks.fee"),
        (END, END + DAY, "solidworks.backdated"),
    ):
        line = renewal_quote(lapsing(end), prices=PRICES, policy=EDITIONS, on=on).lines[0]
        assert [(each.clause.id, each.is_general) for each in line.charges] == [(clause, False)]
    silent = EDITION_2016.evolve(late_terms=attrs.evolve(EDITION_2016.late_terms, clause=None))
    line = renewal_quote(lapsing(END), prices=PRICES, policy=silent, on=END + DAY).lines[0]
    assert [(each.clause, each.is_general) for each in line.charges] == [(EXPIRED, True)]


def test_the_editions_differ_in_the_terms_of_lateness() -> None:
    """The change of 2016 is one of price alone."""
    old = attrs.asdict(EDITION_2015, recurse=False)
    new = attrs.asdict(EDITION_2016, recurse=False)
    differing = {name for name in old if name[0] != "_" and old[name] != new[name]}
    assert differing == {"id", "verified_until", "clauses", "late_terms"}


@pytest.mark.parametrize(
    ("on", "edition"),
    [
        ("2014-12-31", None),
        ("2015-01-01", OLD),
        ("2015-12-31", OLD),
        ("2016-01-01", NEW),
        ("2030-12-31", NEW),
    ],
)
def test_the_first_day_of_each_edition(on: str, edition: str | None) -> None:
    """The day of the renewal chooses, whenever it lapsed."""
    subscription, day = lapsing(date(2012, 1, 1)), date.fromisoformat(on)
    if edition is None:
        with pytest.raises(NotInForce, match="solidworks/2015, begins on 2015-01-01"):
            EDITIONS.in_force(subscription, on=day)
    else:
        assert EDITIONS.in_force(subscription, on=day).id == edition
