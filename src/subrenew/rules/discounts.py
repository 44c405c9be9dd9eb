"""
Which saving applies to a renewal?

Clauses: `renewal-price`, `saving.floor`, `saving.base`, `saving.revisable`.

Rule 1: the floor is a promise about the saving. A larger rate may be set for a product, a country
or a customer; a smaller one is the price book's mistake and is raised (reading 6).

Rule 2: the rate is the one of the day of the renewal, since the vendor may change it at any time.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, assert_never

import attrs

from subrenew import clauses
from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.prices import PriceBook, PriceList
from subrenew.policy.scopes import EVERYBODY
from subrenew.rules import exclusions
from subrenew.rules.decisions import Decision, decided, scheduled_turns
from subrenew.rules.facts import (
    DISCOUNT,
    EXCLUSION,
    DiscountFacts,
    Eligibility,
    Offer,
    discount_facts,
    exclusion_facts,
)
from subrenew.rules.questions import Cell, Cells, Question, Values, bar
from subrenew.rules.reductions import Reduction, checked_reductions
from subrenew.rules.schedules import edition_on

__all__ = ["QUESTION", "Saving", "renewal_discount"]


class Saving(StrEnum):
    """Which saving applies."""

    OWN_RATE = "own-rate"
    LOYALTY_RATE = "loyalty-rate"
    FLOOR_RATE = "floor-rate"
    NO_SAVING = "no-saving"


@attrs.frozen
class DiscountAsked:
    """What a decision about the saving was asked with."""

    #: Supplies rates above the floor.
    prices: PriceBook = attrs.field(eq=False)
    #: Discounts and promotions that it already has.
    reductions: tuple[Reduction, ...]
    #: The fraction that is saved; zero where nothing is.
    rate: Decimal


_ZERO: Final = Decimal(0)


def _rate(decision: Decision[Any]) -> Values:
    return (("rate", decision.asked.rate),)


def _tier(decision: Decision[Any]) -> Clause | None:
    tier = decision.edition.loyalty_tier(decision.subscription)
    return None if tier is None else tier.clause


def _exclusions(decision: Decision[Any]) -> Values:
    _, subscription, _, edition, on, asked = decision
    facts = exclusion_facts(subscription, edition, on, reduced=bool(asked.reductions))
    return (("exclusions", exclusions.CELLS[facts].codes),)


@bar(clauses.RENEWAL_PRICE, "saving_floor_rate", values=_exclusions)
def not_a_renewal(facts: DiscountFacts) -> bool:
    """Nothing is renewed: what is bought is a new subscription."""
    return facts.eligibility is Eligibility.NOT_A_RENEWAL


@bar(clauses.SAVING_BASE, "saving_floor_rate", values=_exclusions)
def excluded(facts: DiscountFacts) -> bool:
    """It is excluded from the renewal price."""
    return facts.eligibility is Eligibility.EXCLUDED


@bar(clauses.EXCLUDED_PRODUCTS, "product_list")
def open_list(facts: DiscountFacts) -> bool:
    """The list of exclusions is open, so the saving is as far as the list tells (reading 8)."""
    return facts.eligibility is Eligibility.ELIGIBLE_UNLISTED


@bar(clauses.SAVING_FLOOR, "saving_floor_rate")
def nothing_promised(facts: DiscountFacts) -> bool:
    """The policy promises no saving, and the price book has no rate of its own."""
    return facts.offer is Offer.NONE


@bar(clauses.SAVING_FLOOR, "saving_floor_rate", values=_rate)
def floor(facts: DiscountFacts) -> bool:
    """It saves what the policy promises at least."""
    return _applies(facts) and facts.offer is Offer.FLOOR


@bar(clauses.SAVING_REVISABLE, values=_rate)
def own_rate(facts: DiscountFacts) -> bool:
    """The price book has a larger rate for this product, country or customer."""
    return _applies(facts) and facts.offer is Offer.OWN_RATE


@bar(clauses.SAVING_BASE, "loyalty", values=_rate, cites=_tier)
def loyalty(facts: DiscountFacts) -> bool:
    """Terms without a break save more than is promised."""
    return _applies(facts) and facts.offer is Offer.LOYALTY


def _applies(facts: DiscountFacts) -> bool:
    return facts.eligibility in (Eligibility.ELIGIBLE, Eligibility.ELIGIBLE_UNLISTED)


def route(facts: DiscountFacts) -> Saving:
    """Return which saving applies."""
    match facts:
        case DiscountFacts(eligibility=Eligibility.EXCLUDED | Eligibility.NOT_A_RENEWAL):
            return Saving.NO_SAVING
        case DiscountFacts(offer=Offer.OWN_RATE):
            return Saving.OWN_RATE
        case DiscountFacts(offer=Offer.LOYALTY):
            return Saving.LOYALTY_RATE
        case DiscountFacts(offer=Offer.FLOOR):
            return Saving.FLOOR_RATE
        case DiscountFacts():
            return Saving.NO_SAVING
        case never:
            assert_never(never)


def possible(facts: DiscountFacts, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has these facts under this edition."""
    least = edition.saving_floor_rate or 0
    larger = [tier for tier in edition.loyalty if tier.rate > least]
    match facts.offer:
        case Offer.OWN_RATE:
            offered = True
        case Offer.LOYALTY:
            offered = bool(larger)
        case Offer.FLOOR | Offer.NONE:
            promised = edition.saving_floor_rate is not None
            for_all = any(not tier.from_renewals and tier.scope == EVERYBODY for tier in larger)
            offered = promised is (facts.offer is Offer.FLOOR) and not for_all
        case never:
            assert_never(never)
    if not offered:
        return False
    return any(
        exclusions.possible(each, edition) and exclusions.route(each) is facts.eligibility
        for each in EXCLUSION.every()
    )


def _checked_rate(
    subscription: Subscription, edition: RenewalPolicy, on: date, prices: PriceBook
) -> Decimal | None:
    rate = prices.renewal_rate(subscription, on=on)
    floor_rate = edition.saving_floor_rate
    if rate is not None:
        checks.rate("PriceBook.renewal_rate", rate)
        if floor_rate is not None and rate < floor_rate:
            raise InvalidValue(
                "PriceBook.renewal_rate", rate, f"give at least the policy's floor, {floor_rate}"
            )
    return rate


def _decided(
    subscription: Subscription,
    edition: RenewalPolicy,
    on: date,
    prices: PriceBook,
    reductions: tuple[Reduction, ...],
) -> tuple[Cell[Saving], Decimal]:
    own = _checked_rate(subscription, edition, on, prices)
    loyal = edition.loyalty_rate(subscription) if edition.loyalty else None
    facts = exclusion_facts(subscription, edition, on, reduced=bool(reductions))
    eligibility = exclusions.CELLS[facts].route
    cell = CELLS[discount_facts(eligibility, edition, own_rate=own, loyalty_rate=loyal)]
    route = cell.route
    if route is _FLOOR_RATE:
        return cell, edition.saving_floor_rate or _ZERO
    if route is _NO_SAVING:
        return cell, _ZERO
    return cell, (own if route is _OWN_RATE else loyal) or _ZERO


_OWN_RATE, _, _FLOOR_RATE, _NO_SAVING = Saving


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: DiscountAsked
) -> Cell[Saving]:
    return _decided(subscription, edition, on, asked.prices, asked.reductions)[0]


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: DiscountAsked
) -> Decision[Saving]:
    return renewal_discount(
        subscription, policy=policy, prices=asked.prices, on=on, reductions=asked.reductions
    )


def _turns(decision: Decision[Saving]) -> list[date]:
    prices = decision.asked.prices
    days = scheduled_turns(decision)
    if isinstance(prices, PriceList):
        days += prices.rate_days_after(decision.subscription, on=decision.on)
    return days


QUESTION: Final[Question[Saving]] = Question(
    name="renewal-discount",
    kinds=(DISCOUNT,),
    bars=(not_a_renewal, excluded, open_list, nothing_promised, floor, own_rate, loyalty),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=_turns,
    possible=possible,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def renewal_discount(
    subscription: Subscription,
    *,
    policy: Policy,
    prices: PriceBook,
    on: date,
    reductions: tuple[Reduction, ...] = (),
) -> Decision[Saving]:
    """
    Decide which saving *subscription* gets, if it is renewed on that day.

    Args:
        subscription: Paid or a trial.
        policy: An edition, or editions from which the day chooses one.
        prices: Supplies rates above the policy's floor.
        on: The day of the renewal, whose rate it is (clause `saving.revisable`).
        reductions: Discounts and promotions that it already has (reading 7).

    Returns:
        A decision whose route is a member of `Saving` and whose ``rate`` is the fraction saved.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: The price book's rate is below the policy's floor.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> decision = renewal_discount(
    ...     Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1)),
    ...     policy=autodesk.EDITION_2024,
    ...     prices=PriceList(prices=()),
    ...     on=date(2025, 12, 1),
    ... )
    >>> decision.route.value, decision.rate, decision.codes
    ('floor-rate', Decimal('0.05'), ('open-list', 'floor'))
    """
    edition = edition_on(subscription, policy, on)
    given = checked_reductions(reductions)
    cell, rate = _decided(subscription, edition, on, prices, given)
    asked = DiscountAsked(prices, given, rate)
    return decided(cell, subscription, policy, edition, on, asked)
