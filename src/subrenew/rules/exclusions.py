"""
What keeps a subscription from the renewal price?

Clauses: `renewal-price`, `renewal-price.monthly`, `excluded.monthly`, `excluded.products`,
`excluded.reductions`, `manual.deadline`, and `trial` and `expired`, which make it no renewal at
all.

Rule 1: an exclusion is from the price only. It never makes a subscription non-renewable (reading
9).

Rule 2: the product list is open, so "not listed" is an answer of its own (reading 8).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, assert_never

from subrenew import clauses
from subrenew.clauses import Clause
from subrenew.model.entities import Subscription
from subrenew.policy.conditions import Barred
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import Listing, ProductList, RenewalPolicy
from subrenew.policy.pricing import Stacking
from subrenew.rules.decisions import (
    Decision,
    clause_of_conditions,
    conditions_barring,
    decided,
    end_seen,
    scheduled_turns,
)
from subrenew.rules.facts import (
    EXCLUSION,
    Coverage,
    Eligibility,
    ExclusionFacts,
    Flag,
    Length,
    Reductions,
    coverage_possible,
    exclusion_facts,
    flag_possible,
)
from subrenew.rules.questions import Cell, Cells, Question, Values, bar
from subrenew.rules.reductions import Reduction, checked_reductions
from subrenew.rules.schedules import edition_on, state_on

__all__ = ["QUESTION", "Eligibility", "exclusions"]


def _product(decision: Decision[Any]) -> Values:
    return (("product", decision.subscription.product),)


def _term(decision: Decision[Any]) -> Values:
    return (("term", decision.edition.renewal_term(decision.subscription)),)


def _stage(decision: Decision[Any]) -> Clause | None:
    stage = state_on(decision.subscription, decision.edition, decision.on).stage
    return None if stage is None else stage.clause


def _reductions(decision: Decision[Any]) -> Values:
    return (("reductions", tuple(each.code for each in decision.asked)),)


@bar(clauses.TRIAL, "trials")
def trial(facts: ExclusionFacts) -> bool:
    """A trial is not renewed: a new subscription is bought at its list price."""
    return facts.coverage is Coverage.TRIAL


@bar(clauses.EXPIRED, "stages", values=end_seen)
def ended(facts: ExclusionFacts) -> bool:
    """It is over: a new subscription is bought at its list price."""
    return facts.coverage is Coverage.ENDED


@bar(clauses.MANUAL_DEADLINE, "stages", values=end_seen, cites=_stage)
def renewed_late(facts: ExclusionFacts) -> bool:
    """Only a renewal before the expiry date keeps the renewal price."""
    return facts.coverage is Coverage.LATE


@bar(clauses.EXCLUDED_REDUCTIONS, "stacking", values=_reductions)
def already_reduced(facts: ExclusionFacts) -> bool:
    """It already has a discount or a promotion (reading 7)."""
    return facts.reductions is Reductions.PRESENT


@bar(clauses.EXCLUDED_MONTHLY, "price_excluded_up_to", values=_term)
def short_term(facts: ExclusionFacts) -> bool:
    """Its term is a month or shorter (reading 5)."""
    return facts.length is Length.SHORT


@bar(clauses.EXCLUDED_PRODUCTS, "excluded_products", values=_product)
def excluded_product(facts: ExclusionFacts) -> bool:
    """Its product is on the list of exclusions."""
    return facts.listing is Listing.EXCLUDED


@bar(clauses.EXCLUDED_PRODUCTS, "product_list", values=_product)
def unlisted_product(facts: ExclusionFacts) -> bool:
    """Its product is not on the list, which is open (reading 8)."""
    return facts.listing is Listing.UNLISTED


@bar(
    clauses.OWN_CONDITION,
    "conditions",
    values=conditions_barring(Barred.RENEWAL_PRICE),
    cites=clause_of_conditions(Barred.RENEWAL_PRICE),
)
def own_condition(facts: ExclusionFacts) -> bool:
    """A condition of the user's own bars the renewal price."""
    return facts.condition is Flag.RAISED


def route(facts: ExclusionFacts) -> Eligibility:
    """Return whether the renewal price applies."""
    match facts:
        case ExclusionFacts(coverage=Coverage.TRIAL | Coverage.ENDED):
            return Eligibility.NOT_A_RENEWAL
        case (
            ExclusionFacts(coverage=Coverage.LATE)
            | ExclusionFacts(reductions=Reductions.PRESENT)
            | ExclusionFacts(length=Length.SHORT)
            | ExclusionFacts(condition=Flag.RAISED)
            | ExclusionFacts(listing=Listing.EXCLUDED)
        ):
            return Eligibility.EXCLUDED
        case ExclusionFacts(listing=Listing.UNLISTED):
            return Eligibility.ELIGIBLE_UNLISTED
        case ExclusionFacts():
            return Eligibility.ELIGIBLE
        case never:
            assert_never(never)


def possible(facts: ExclusionFacts, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has these facts under this edition."""
    if not coverage_possible(facts.coverage, edition):
        return False
    if not flag_possible(facts.condition, edition, Barred.RENEWAL_PRICE):
        return False
    if facts.reductions is Reductions.PRESENT and edition.stacking is Stacking.ALL:
        return False
    if facts.length is Length.SHORT and edition.price_excluded_up_to is None:
        return False
    match facts.listing:
        case Listing.EXCLUDED:
            return bool(edition.excluded_products)
        case Listing.UNLISTED:
            return edition.product_list is ProductList.OPEN
        case Listing.ELIGIBLE:
            return edition.product_list is ProductList.CLOSED or bool(edition.eligible_products)
        case never:
            assert_never(never)


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: tuple[Reduction, ...]
) -> Cell[Eligibility]:
    return CELLS[exclusion_facts(subscription, edition, on, reduced=bool(asked))]


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: tuple[Reduction, ...]
) -> Decision[Eligibility]:
    edition = edition_on(subscription, policy, on)
    cell = _cell(subscription, edition, on, asked)
    return decided(cell, subscription, policy, edition, on, asked)


QUESTION: Final[Question[Eligibility]] = Question(
    name="exclusions",
    kinds=(EXCLUSION,),
    bars=(
        trial,
        ended,
        renewed_late,
        already_reduced,
        short_term,
        excluded_product,
        unlisted_product,
        own_condition,
    ),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=scheduled_turns,
    possible=possible,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def exclusions(
    subscription: Subscription,
    *,
    policy: Policy,
    on: date,
    reductions: tuple[Reduction, ...] = (),
) -> Decision[Eligibility]:
    """
    Decide what keeps *subscription* from the renewal price, if it is renewed on that day.

    Args:
        subscription: Paid or a trial.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the renewal.
        reductions: Discounts and promotions that it already has (reading 7).

    Returns:
        A decision whose route is a member of `Eligibility`; every exclusion is a finding.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> decision = exclusions(
    ...     Subscription(
    ...         id="S-1", product="AutoCAD Web", term=Term.months(1), starts_on=date(2025, 1, 15)
    ...     ),
    ...     policy=autodesk.EDITION_2024,
    ...     on=date(2025, 2, 1),
    ... )
    >>> decision.route.value, decision.codes
    ('excluded', ('short-term', 'excluded-product'))
    """
    return _ask(subscription, policy, on, checked_reductions(reductions))
