"""What keeps a subscription from the renewal price, and that it stays renewable."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from subrenew import (
    Edition,
    Editions,
    Eligibility,
    InvalidType,
    Kind,
    Product,
    Reduction,
    Route,
    exclusions,
    renewability,
)
from subrenew.model.terms import Term
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.vendors import autodesk
from tests.makers import MONTHLY, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ELIGIBLE = OLD.evolve(id="cad", eligible_products=(Product(code="CAD"),))
ON_DAY = date(2025, 12, 1)
SPRING = (Reduction(code="SPRING", rate=Decimal("0.1")),)


@pytest.mark.parametrize(
    ("changes", "policy", "days", "route", "codes"),
    [
        ({}, ELIGIBLE, -1, Eligibility.ELIGIBLE, ()),
        ({}, OLD, -1, Eligibility.ELIGIBLE_UNLISTED, ("unlisted-product",)),
        ({}, ELIGIBLE, 0, Eligibility.NOT_A_RENEWAL, ("ended",)),
        ({}, NEW, 0, Eligibility.EXCLUDED, ("renewed-late", "unlisted-product")),
        ({}, NEW, 45, Eligibility.NOT_A_RENEWAL, ("ended", "unlisted-product")),
        ({"product": "Takeoff"}, OLD, -1, Eligibility.EXCLUDED, ("excluded-product",)),
        ({"kind": Kind.TRIAL}, ELIGIBLE, -1, Eligibility.NOT_A_RENEWAL, ("trial",)),
    ],
)
def test_each_exclusion(changes, policy, days: int, route: Eligibility, codes) -> None:
    """One exclusion at a time, at the day before the expiry, on it and after the last stage."""
    on = date(2026, 1, 1) + timedelta(days=days)
    decision = exclusions(a_subscription(**changes), policy=policy, on=on)
    assert (decision.route, decision.codes) == (route, codes)


def test_all_exclusions_are_reported_in_the_order_of_the_source() -> None:
    """A monthly, reduced subscription to a named product has three reasons."""
    subscription = a_subscription(term=MONTHLY, product="AutoCAD Web", starts_on=date(2025, 11, 15))
    decision = exclusions(subscription, policy=OLD, on=ON_DAY, reductions=SPRING)
    assert decision.route is Eligibility.EXCLUDED
    assert [(each.code, each.values) for each in decision.findings] == [
        ("already-reduced", (("reductions", ("SPRING",)),)),
        ("short-term", (("term", MONTHLY),)),
        ("excluded-product", (("product", "AutoCAD Web"),)),
    ]


@pytest.mark.parametrize("cancelled_on", [None, date(2025, 11, 30)])
def test_what_has_ended_tells_when(cancelled_on: date | None) -> None:
    """The end is the expiry or the cancellation before it."""
    subscription = a_subscription(cancelled_on=cancelled_on)
    decision = exclusions(subscription, policy=ELIGIBLE, on=date(2026, 1, 1))
    assert decision.findings[0].value("expires_on") == cancelled_on or date(2026, 1, 1)


@pytest.mark.parametrize("product", [each.code for each in autodesk.EXCLUDED_PRODUCTS])
def test_no_exclusion_makes_it_non_renewable(product: str) -> None:
    """Reading 9: an exclusion is from the price only."""
    subscription = a_subscription(product=product)
    assert exclusions(subscription, policy=OLD, on=ON_DAY).route is Eligibility.EXCLUDED
    assert renewability(subscription, policy=OLD, on=ON_DAY).route is Route.RENEW_NOW


@pytest.mark.parametrize("barred", [*Barred])
def test_a_condition_of_ones_own_bars_the_price(barred: Barred) -> None:
    """Only one that bars the renewal price is a reason here, and it is told by its message."""
    flag = Condition(code="flag", message="No offer.", bars=frozenset({barred}))
    policy = ELIGIBLE.evolve(id="own", conditions=(flag,))
    subscription = a_subscription(conditions=frozenset({"flag"}))
    decision = exclusions(subscription, policy=policy, on=ON_DAY)
    told = [(each.code, each.values) for each in decision.findings]
    if barred is Barred.RENEWAL_PRICE:
        assert decision.route is Eligibility.EXCLUDED
        assert told == [("own-condition", (("conditions", ("No offer.",)),))]
    else:
        assert (decision.route, told) == (Eligibility.ELIGIBLE, [])


def test_a_decision_about_the_price_offers_no_renewal() -> None:
    """It has no actions, no access and no rate: those belong to other questions."""
    decision = exclusions(a_subscription(), policy=OLD, on=ON_DAY)
    assert decision.actions == ()
    assert (decision.access, decision.rate) == (None, None)
    assert not decision.can_renew_now


def test_the_answer_changes_on_the_expiry_and_after_the_last_stage() -> None:
    """Time alone ends the renewal price, and then the renewal."""
    subscription = a_subscription()
    before = exclusions(subscription, policy=NEW, on=ON_DAY)
    late = exclusions(subscription, policy=NEW, on=date(2026, 1, 1))
    over = exclusions(subscription, policy=NEW, on=date(2026, 2, 15))
    assert [each.changes_on for each in (before, late, over)] == [
        date(2026, 1, 1),
        date(2026, 2, 15),
        None,
    ]


def test_the_answer_changes_with_the_edition() -> None:
    """An edition that lists the product changes the answer on its first day."""
    editions = Editions(
        (
            Edition(from_on=date(2025, 1, 1), policy=OLD),
            Edition(from_on=date(2025, 12, 10), policy=ELIGIBLE),
        )
    )
    decision = exclusions(a_subscription(), policy=editions, on=ON_DAY)
    assert decision.changes_on == date(2025, 12, 10)


def test_the_last_stage_of_a_later_edition_changes_the_answer() -> None:
    """The end of a ladder that only a later edition has is found from before that edition."""
    grace = attrs.evolve(NEW.stages[1], name="grace")
    longer = NEW.evolve(id="longer", stages=(*NEW.stages, grace))
    editions = Editions(
        (
            Edition(from_on=date(2025, 1, 1), policy=NEW),
            Edition(from_on=date(2026, 1, 20), policy=longer),
        )
    )
    late = exclusions(a_subscription(), policy=editions, on=date(2026, 1, 10))
    assert late.changes_on == date(2026, 3, 17)


@pytest.mark.parametrize("reductions", [[*SPRING], (1,), None, "SPRING"], ids=repr)
def test_reductions_are_a_tuple(reductions) -> None:
    """A list, a text and other things are refused by name."""
    with pytest.raises(InvalidType, match="reductions"):
        exclusions(a_subscription(), policy=OLD, on=ON_DAY, reductions=reductions)


def test_what_is_no_date_is_an_error() -> None:
    """Reading 1: a datetime is refused."""
    with pytest.raises(InvalidType, match="local_day"):
        exclusions(a_subscription(), policy=OLD, on=datetime(2025, 12, 1))


@pytest.mark.parametrize(
    ("term", "to", "short"),
    [
        (Term.years(1), Term.months(1), True),
        (Term.months(1), Term.years(1), False),
        (Term.months(1), None, True),
        (Term.years(1), None, False),
    ],
)
def test_the_term_that_is_renewed_for_counts(term: Term, to: Term | None, *, short: bool) -> None:
    """Reading 5: where a change of term is on its way, the next term decides on the price."""
    line = a_subscription(term=term, next_term=to)
    decision = exclusions(line, policy=OLD, on=line.starts_on)
    assert ("short-term" in decision.codes) is short
