"""
What a renewal costs, line by line.

Rule 1: a price is per seat, before tax, rounded down to the currency's smallest unit before it is
multiplied; so the promised saving always holds and the parts add up (reading 6).

Rule 2: a line that already has a reduction keeps it and gets no renewal price; the finding says
what each would have cost (reading 7).

Rule 3: money is due on a day. What renews itself is priced for its renewal date, what is renewed
manually for the day of the act.

Rule 4: a missing price is an explained answer for its line, and never an error; so is an amount
that the policy has in another currency only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

from subrenew import clauses
from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Order, Subscription
from subrenew.model.money import Money, saving_rate
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.prices import PriceBook
from subrenew.policy.pricing import Stacking
from subrenew.renewal.charges import Charge, debt_charges, late_charges
from subrenew.rules.decisions import Decision, Finding
from subrenew.rules.discounts import Saving, renewal_discount
from subrenew.rules.exclusions import exclusions
from subrenew.rules.fact_types import Situation
from subrenew.rules.reductions import Reduction, checked_reductions, reduced
from subrenew.rules.renewability import renewability
from subrenew.rules.schedules import (
    PriceBasis,
    State,
    as_renewed,
    edition_on,
    is_unpaid,
    run_until,
    state_on,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Quote", "QuoteLine", "charged_on", "order_quote", "renewal_quote", "totals"]

_OFF: Final = AutoRenew.OFF
# Bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_TRIAL, _, _, _PENDING, _LATE, _ENDED = Situation


@attrs.frozen
class QuoteLine:
    """The price of renewing one subscription, or the reason why there is none."""

    #: Which saving applies, and why; holds the subscription, the edition and the day.
    discount: Decision[Saving]
    #: What a new one costs per seat, before tax; ``None`` where there is no such price.
    list_price: Money | None
    #: What this renewal costs per seat, before tax.
    price: Money | None
    #: What lateness costs, for all seats.
    charges: tuple[Charge, ...] = ()

    @property
    def subscription(self) -> Subscription:
        """What is renewed."""
        return self.discount.subscription

    @property
    def charged_on(self) -> date:
        """The day whose prices, rates and edition it was made with: that of the charge."""
        return self.discount.on

    @property
    def reductions(self) -> tuple[Reduction, ...]:
        """Discounts and promotions that the line has."""
        reductions: tuple[Reduction, ...] = self.discount.asked.reductions
        return reductions

    @property
    def seats(self) -> int:
        """How many are renewed."""
        return self.subscription.seats

    @property
    def list_total(self) -> Money | None:
        """The list price of all seats."""
        return None if self.list_price is None else self.list_price * self.seats

    @property
    def total(self) -> Money | None:
        """What all seats cost, with every charge; ``None`` where a charge is not known."""
        return self.total_without(None)

    def total_without(self, code: str | None) -> Money | None:
        """Return the total without the charges of this code; ``None`` where one is not known."""
        if self.price is None:
            return None
        total = self.price * self.seats
        for charge in self.charges:
            if charge.code == code:
                continue
            if charge.amount is None:
                return None
            total += charge.amount
        return total

    @property
    def saving(self) -> Money | None:
        """What all seats save against their list price; below zero where lateness costs more."""
        if self.list_total is None or self.total is None:
            return None
        return self.list_total - self.total

    @property
    def saving_rate(self) -> Decimal | None:
        """The fraction saved, never overstated; ``None`` without a price or at a price of zero."""
        if self.list_total is None or self.total is None:
            return None
        return saving_rate(self.total, self.list_total)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why it costs that: exclusions first, then the saving, then what is missing."""
        _, subscription, policy, _, on, asked = self.discount
        excluded = exclusions(subscription, policy=policy, on=on, reductions=asked.reductions)
        found = [*excluded.findings, *self.discount.findings]
        if self.list_price is None:
            found.append(_missing(self.discount))
        elif asked.reductions and self.discount.edition.stacking is Stacking.NONE:
            found.append(_compared(self, self.list_price))
        # One code, one sentence: an open list is said once.
        said = {each.code: each for each in found if each.code != "open-list"}
        return (*said.values(), *_about_the_term(self.discount), *_unknown(self))


def _bought(subscription: Subscription, edition: RenewalPolicy, state: State) -> Subscription:
    """
    Return what is paid for: the subscription with the term that is bought.

    A renewal is for the next term, and so is a trial that is converted or goes on; what has ended
    is bought again as it was.
    """
    situation = state.situation
    if situation is _ENDED:
        return subscription
    if subscription.at_renewal is not None and situation is _PENDING:
        subscription = as_renewed(subscription)
    term = subscription.next_term
    if term is None and situation is not _TRIAL:
        term = edition.renews_to
    if term is None or term == subscription.term:
        return subscription
    return attrs.evolve(subscription, term=term)


def charged_on(subscription: Subscription, policy: Policy, on: date) -> date:
    """
    Return the day on which the renewal is charged: the renewal date of what renews itself.

    What is renewed manually is charged on the day of the act, *on*.
    """
    if type(subscription) is not Subscription:
        checks.instance("subscription", subscription, Subscription)
    renewal_on = subscription.expires_on
    if subscription.auto_renew is _OFF and subscription.at_renewal is None:
        return on
    edition = edition_on(subscription, policy, on)
    if on >= renewal_on:
        pending = state_on(subscription, edition, on).situation is _PENDING
        return renewal_on if pending else on
    if is_unpaid(subscription.history, on):
        return on
    # Another edition may be in force by then; it has to say so as well.
    then = edition if policy is edition else edition_on(subscription, policy, renewal_on)
    if run_until(subscription, then) is None:
        return on
    if then is edition or renewability(subscription, policy=policy, on=on).renews_itself:
        return renewal_on
    return on


#: What a late renewal says of the term that it gives.
_OF_THE_TERM: Final = frozenset({"late-start-unknown", "term-already-over"})


def _about_the_term(discount: Decision[Saving]) -> list[Finding]:
    """Return what the decision of the day says of a late renewal's term (reading 16)."""
    _, subscription, policy, edition, on, _ = discount
    if state_on(subscription, edition, on).situation is not _LATE:
        return []
    found = renewability(subscription, policy=policy, on=on).findings
    return [each for each in found if each.code in _OF_THE_TERM]


def _missing(discount: Decision[Saving]) -> Finding:
    state = state_on(discount.subscription, discount.edition, discount.on)
    subscription = _bought(discount.subscription, discount.edition, state)
    clause, is_own = discount.edition.citation(None, clauses.SAVING_BASE)
    values = (
        ("product", subscription.product),
        ("term", subscription.term),
        ("country", subscription.country),
        ("currency", subscription.currency),
        ("on", discount.on),
    )
    return Finding("price-missing", clause, values, not is_own)


def _unknown(line: QuoteLine) -> Iterator[Finding]:
    """Yield a finding for each charge that the policy has in other currencies only."""
    for charge in line.charges:
        if charge.amount is None and line.price is not None:
            values = (("charge", charge.code), ("currency", line.price.currency))
            yield Finding("amount-unknown-in-currency", charge.clause, values, charge.is_general)


def _compared(line: QuoteLine, list_price: Money) -> Finding:
    _, subscription, policy, _, on, asked = line.discount
    own = renewal_discount(subscription, policy=policy, prices=asked.prices, on=on)
    clause, is_own = line.discount.edition.citation("stacking", clauses.EXCLUDED_REDUCTIONS)
    values = (
        ("with_reductions", None if line.price is None else line.price * line.seats),
        ("with_renewal_price", list_price.less(own.asked.rate) * line.seats),
    )
    return Finding("reductions-kept", clause, values, not is_own)


def totals(
    lines: Iterable[QuoteLine], of: Callable[[QuoteLine], Money | None]
) -> tuple[Money, ...]:
    """Return one sum for each currency, by code; lines without a price are left out."""
    sums: dict[str, Money] = {}
    for line in lines:
        money = of(line)
        if money is not None:
            so_far = sums.get(money.currency)
            sums[money.currency] = money if so_far is None else so_far + money
    return tuple(sums[code] for code in sorted(sums))


@attrs.frozen
class Quote:
    """
    What a renewal costs on a day: lines and their sums, before tax.

    A sum is ``None`` where a line has none or the lines are of several currencies; `totals` of the
    lines gives one sum for each currency.

    >>> from subrenew import PaymentMethod, PriceList, Term
    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(
    ...     id="S-1",
    ...     product="CAD",
    ...     term=Term.years(1),
    ...     starts_on=date(2025, 1, 1),
    ...     auto_renew=AutoRenew.ON,
    ...     payment_method=PaymentMethod.card(expires="2027-03"),
    ... )
    >>> asked = {
    ...     "prices": PriceList(prices=()),
    ...     "policy": autodesk.EDITION_2024,
    ...     "on": date(2025, 12, 1),
    ... }
    >>> renewal_quote(held, **asked).charged_on
    datetime.date(2026, 1, 1)
    >>> renewal_quote(held, by_hand=True, **asked).charged_on
    datetime.date(2025, 12, 1)
    """

    #: One for each subscription, one or more.
    lines: tuple[QuoteLine, ...]

    @property
    def charged_on(self) -> date | None:
        """
        The day on which it is charged, whose prices, rates and edition it was made with.

        ``None`` where the lines are charged on different days.
        """
        days = {line.charged_on for line in self.lines}
        return days.pop() if len(days) == 1 else None

    @property
    def edition(self) -> RenewalPolicy:
        """The edition it was made with: the first line's."""
        return self.lines[0].discount.edition

    @property
    def is_complete(self) -> bool:
        """Whether every line has a total: a price, and no charge that is not known."""
        return all(line.total is not None for line in self.lines)

    @property
    def list_total(self) -> Money | None:
        """What all lines cost at list prices."""
        return self._sum(_list_total)

    @property
    def total(self) -> Money | None:
        """What all lines cost."""
        return self._sum(_total)

    @property
    def saving(self) -> Money | None:
        """What all lines save."""
        return self._sum(_saving)

    @property
    def saving_rate(self) -> Decimal | None:
        """The fraction saved over all lines, never overstated."""
        total, list_total = self.total, self.list_total
        if total is None or list_total is None:
            return None
        return saving_rate(total, list_total)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every line's findings, in the order of the lines."""
        return tuple(each for line in self.lines for each in line.findings)

    def _sum(self, of: Callable[[QuoteLine], Money | None]) -> Money | None:
        if len(self.lines) == 1:
            return of(self.lines[0])
        sums = totals(self.lines, of)
        known = all(of(line) is not None for line in self.lines)
        return sums[0] if len(sums) == 1 and known else None

    def explain(self, locale: str = "en") -> str:
        """Return the quote in sentences that a customer can read, in this language."""
        from subrenew.words import wording

        return wording.quote_text(self, locale)


def _list_total(line: QuoteLine) -> Money | None:
    return line.list_total


def _total(line: QuoteLine) -> Money | None:
    return line.total


def _saving(line: QuoteLine) -> Money | None:
    return line.saving


def _line(
    subscription: Subscription,
    prices: PriceBook,
    policy: Policy,
    on: date,
    reductions: tuple[Reduction, ...],
) -> QuoteLine:
    """Return the line for a renewal that is charged on this day."""
    discount = renewal_discount(
        subscription, policy=policy, prices=prices, on=on, reductions=reductions
    )
    edition = discount.edition
    state = state_on(subscription, edition, on)
    bought = _bought(subscription, edition, state)
    list_price = prices.list_price(bought, on=on)
    if list_price is None:
        return QuoteLine(discount, None, None)
    if type(list_price) is not Money:
        raise InvalidType("PriceBook.list_price", list_price, "return Money or None")
    new = list_price
    # A price that was kept is gone with a lapse that is priced like a new purchase.
    if edition.price_schedules and state.price is PriceBasis.RENEWAL:
        scheduled = _scheduled(bought, edition, prices, on)
        list_price = list_price if scheduled is None else scheduled
    price = list_price.less(discount.asked.rate)
    if reductions:
        price = reduced(price, reductions)
    charges: tuple[Charge, ...] = ()
    if subscription.history.owed is not None and state.price is not PriceBasis.NEW:
        charges = debt_charges(subscription, edition, on, price.currency)
    if state.situation is _LATE:
        charges += late_charges(subscription, edition, on, price=price, new=new)
    return QuoteLine(discount, list_price, price, charges)


def _scheduled(
    subscription: Subscription, edition: RenewalPolicy, prices: PriceBook, on: date
) -> Money | None:
    for schedule in edition.price_schedules:
        if schedule.scope.covers(subscription):
            base = prices.list_price(subscription, on=date(schedule.base_year, 12, 31))
            return None if base is None else schedule.price(base, year=on.year)
    return None


def renewal_quote(
    subscription: Subscription,
    *,
    prices: PriceBook,
    policy: Policy,
    on: date,
    reductions: tuple[Reduction, ...] = (),
    by_hand: bool = False,
) -> Quote:
    """
    Return what renewing *subscription* costs, before tax, at the price of the day of the charge.

    A subscription that cannot be renewed is quoted as a new one, at its list price, and the finding
    says so.

    Args:
        subscription: Paid or a trial.
        prices: Supplies list prices and rates above the floor.
        policy: An edition, or editions from which the day chooses one.
        on: The day asked about. What renews itself is quoted for its renewal date, on which it is
            charged (`Quote.charged_on`); what is renewed manually, for this day.
        reductions: Discounts and promotions that it already has; they do not combine with the
            renewal price (reading 7).
        by_hand: Whether it is renewed manually, on *on*, and does not renew itself (reading 15).

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: The price book's rate is below the policy's floor.
        CurrencyMismatch: A reduction's amount is of another currency.

    >>> from subrenew import ListPrice, PriceList, Term
    >>> from subrenew.policy.vendors import autodesk
    >>> quote = renewal_quote(
    ...     Subscription(
    ...         id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1), seats=3
    ...     ),
    ...     prices=PriceList(
    ...         prices=(
    ...             ListPrice(
    ...                 product="CAD",
    ...                 term=Term.years(1),
    ...                 price=Money("10.01", "USD"),
    ...                 from_on=date(2024, 1, 1),
    ...             ),
    ...         )
    ...     ),
    ...     policy=autodesk.EDITION_2024,
    ...     on=date(2025, 12, 1),
    ... )
    >>> quote.list_total, quote.total, quote.saving
    (Money('30.03', 'USD'), Money('28.50', 'USD'), Money('1.53', 'USD'))
    """
    day = on if by_hand else charged_on(subscription, policy, on)
    return Quote((_line(subscription, prices, policy, day, checked_reductions(reductions)),))


Reductions = Mapping[str, tuple[Reduction, ...]]
_NO_REDUCTIONS: Final[Reductions] = MappingProxyType({})


def order_quote(
    order: Order,
    *,
    prices: PriceBook,
    policy: Policy,
    on: date,
    reductions: Reductions = _NO_REDUCTIONS,
) -> Quote:
    """
    Return what renewing a whole order costs, a line for each subscription (reading 18).

    Each line is quoted as `renewal_quote` does it: for its renewal date, or for that day.

    Args:
        order: Whose lines are renewed.
        prices: As in `renewal_quote`.
        policy: As in `renewal_quote`.
        on: As in `renewal_quote`.
        reductions: Those of each line, by the subscription's identifier.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: The price book's rate is below the policy's floor, or *reductions* names a
            subscription that the order has not.
    """
    checks.instance("order", order, Order)
    if not isinstance(reductions, Mapping):
        raise InvalidType("reductions", reductions, "give reductions by subscription identifier")
    unknown = sorted(set(reductions) - {each.id for each in order.subscriptions})
    if unknown:
        raise InvalidValue("reductions", unknown[0], f"name lines of {order.number}")
    return Quote(
        tuple(
            _line(
                each,
                prices,
                policy,
                charged_on(each, policy, on),
                checked_reductions(reductions.get(each.id, ())),
            )
            for each in order.subscriptions
        )
    )
