"""
A whole portfolio on a day: what is decided, what it costs, and what needs a person first.

Rule 1: a plan decides nothing. Every line is the decision and the quote that the same subscription
gets alone: priced for its renewal date where it renews itself, else for the day asked about.

Rule 2: an order is planned as a unit of its lines (reading 18).

Rule 3: nothing in the portfolio stops the plan: a price that is missing is an answer of its line.

Rule 4: a plan keeps one flat row for each line; decisions, quotes and entries are made when they
are read. So a large plan has few objects for Python's collector to look at again and again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

import attrs

from subrenew.errors import InvalidType
from subrenew.model import checks
from subrenew.model.entities import Actor, Order, Subscription
from subrenew.model.money import Money, saving_rate
from subrenew.model.terms import Window
from subrenew.policy.editions import Policy
from subrenew.policy.prices import PriceBook
from subrenew.renewal.quotes import (
    Quote,
    QuoteLine,
    Reductions,
    order_quote,
    renewal_quote,
    totals,
)
from subrenew.rules.decisions import Action, Decision
from subrenew.rules.discounts import DiscountAsked, Saving
from subrenew.rules.renewability import Route, renewability
from subrenew.rules.schedules import schedule

__all__ = ["Attention", "CurrencyTotal", "PlanEntry", "PlanLine", "RenewalPlan", "plan"]

K = TypeVar("K")


class Attention(StrEnum):
    """How soon a person has to look, the soonest first."""

    NOW = "now"
    LATER = "later"
    NONE = "none"
    OVER = "over"


_ATTENTION: Final = MappingProxyType(
    {
        Route.CONVERT_TRIAL: Attention.NOW,
        Route.BUY_NEW: Attention.OVER,
        Route.ASK_THE_MANAGER: Attention.NOW,
        Route.CONTACT_PARTNER: Attention.NOW,
        Route.RENEWS_ITSELF: Attention.NONE,
        Route.REPAIR_PAYMENT: Attention.NOW,
        Route.RESOLVE_CONDITION: Attention.NOW,
        Route.RENEW_NOW: Attention.NOW,
        Route.WAIT_FOR_WINDOW: Attention.LATER,
        Route.UNKNOWN: Attention.LATER,
    }
)


@attrs.frozen(repr=False)
class PlanLine:
    """One subscription's place in a plan."""

    # The decision's six fields, the discount's first five, what that was asked with, the prices.
    _row: tuple[Any, ...]

    @classmethod
    def of(cls, decision: Decision[Route], quoted: QuoteLine) -> PlanLine:
        """Return the line of a decision and a quoted line of the same subscription."""
        asked, prices = quoted.discount.asked, (quoted.list_price, quoted.price, quoted.charges)
        rates = asked.prices, asked.reductions, asked.rate
        return cls((*decision, *quoted.discount[:5], *rates, *prices))

    @property
    def decision(self) -> Decision[Route]:
        """May it be renewed, and how?"""
        return Decision(*self._row[:6])

    @property
    def quoted(self) -> QuoteLine:
        """What it costs, or why there is no price."""
        row = self._row
        discount: Decision[Saving] = Decision._make((*row[6:11], DiscountAsked(*row[11:14])))
        return QuoteLine(discount, *row[14:])

    @property
    def route(self) -> Route:
        """The way forward."""
        route: Route = self._row[0].route
        return route

    @property
    def subscription(self) -> Subscription:
        """What is planned."""
        subscription: Subscription = self._row[1]
        return subscription

    @property
    def charged_on(self) -> date:
        """The day on which it is charged, and for which it is priced."""
        day: date = self._row[10]
        return day

    @property
    def window(self) -> Window:
        """The days on which it can be renewed manually, before it expires."""
        return schedule(self.subscription, self.decision.edition).window

    @property
    def next_action(self) -> Action[Route]:
        """The surest thing to do."""
        return self.decision.actions[0]

    @property
    def next_on(self) -> date:
        """The first day, from the day asked about on, on which that can be done."""
        from_on, on = self.next_action.from_on, self.decision.on
        return on if from_on is None or from_on < on else from_on

    @property
    def attention(self) -> Attention:
        """How soon a person has to look."""
        on, ends_on = self._row[4], self.subscription.ends_on
        if self.route is Route.CONVERT_TRIAL and on >= ends_on:
            return Attention.OVER
        return _ATTENTION[self.route]

    def __repr__(self) -> str:
        return f"PlanLine({self.decision!r}, {self.quoted.total})"

    def __reduce__(self) -> tuple[Callable[..., PlanLine], tuple[Decision[Route], QuoteLine]]:
        return PlanLine.of, (self.decision, self.quoted)


_LEVELS: Final = tuple(Attention)


def _urgency(line: PlanLine) -> tuple[int, date, str]:
    deadline = line.next_action.by or line.subscription.ends_on
    return _LEVELS.index(line.attention), deadline, line.subscription.id


@attrs.frozen
class PlanEntry:
    """A subscription, or an order with all its lines."""

    #: The most urgent line first.
    lines: tuple[PlanLine, ...]
    #: The order, where it is one.
    order: Order | None = None

    @property
    def id(self) -> str:
        """The order's number or the subscription's identifier."""
        return self.order.number if self.order else self.lines[0].subscription.id

    @property
    def route(self) -> Route:
        """
        The way forward of the whole entry: what `renew_order` would answer for an order.

        Lines that renew themselves need nothing. Where all of the others can be renewed now, the
        order can; else it is the way of the most urgent one that cannot.
        """
        others = [line for line in self.lines if line.route is not Route.RENEWS_ITSELF]
        if not others:
            return Route.RENEWS_ITSELF
        kept = [line for line in others if not line.decision.can_renew_now]
        if len(others) == 1 or kept:
            return (kept or others)[0].route
        return Route.RENEW_NOW

    @property
    def quote(self) -> Quote:
        """What the whole entry costs."""
        return Quote(tuple(line.quoted for line in self.lines))

    @property
    def can_renew_now(self) -> bool:
        """Whether all of it that does not renew itself may be renewed manually at once."""
        others = [line for line in self.lines if line.route is not Route.RENEWS_ITSELF]
        return bool(others) and all(line.decision.can_renew_now for line in others)

    @property
    def changes_on(self) -> date | None:
        """The next day on which time alone changes the answer of a line."""
        days = [line.decision.changes_on for line in self.lines]
        return min((day for day in days if day is not None), default=None)


@attrs.frozen
class CurrencyTotal:
    """What the lines with a total in one currency add up to, before tax."""

    #: What they cost at list prices.
    list_total: Money
    #: What they cost.
    total: Money
    #: How many lines.
    count: int

    @property
    def saving(self) -> Money:
        """What they save."""
        return self.list_total - self.total

    @property
    def saving_rate(self) -> Decimal | None:
        """The fraction saved, never overstated."""
        return saving_rate(self.total, self.list_total)


@attrs.frozen(repr=False)
class RenewalPlan:
    """A portfolio on a day."""

    #: The day asked about.
    on: date
    # A line stands for the entry that it is alone in.
    _held: tuple[PlanEntry | PlanLine, ...]

    @property
    def entries(self) -> tuple[PlanEntry, ...]:
        """Every entry, in the order given."""
        return tuple(
            PlanEntry((each,)) if isinstance(each, PlanLine) else each for each in self._held
        )

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """Every line of every entry."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[PlanLine]:
        for each in self._held:
            if isinstance(each, PlanLine):
                yield each
            else:
                yield from each.lines

    def __repr__(self) -> str:
        return f"<plan of {len(self._held)} on {self.on}>"

    def by_route(self) -> dict[Route, tuple[PlanLine, ...]]:
        """Return the lines of each way forward, in the order of `Route`; empty ones left out."""
        found = self._grouped(lambda line: line.route)
        return {route: found[route] for route in Route if route in found}

    def by_month(self) -> dict[date, tuple[PlanLine, ...]]:
        """Return the lines that end in each month, by the month's first day, ascending."""
        found = self._grouped(lambda line: line.subscription.ends_on.replace(day=1))
        return {month: found[month] for month in sorted(found)}

    def by_currency(self) -> dict[str, tuple[PlanLine, ...]]:
        """Return the lines with a total in each currency, by its code."""
        found = self._grouped(_currency)
        return {code: found[code] for code in sorted(code for code in found if code)}

    def unpriced(self) -> tuple[PlanLine, ...]:
        """Return the lines without a total: no price, or a charge that is not known."""
        return tuple(line for line in self._lines() if not _currency(line))

    def totals(self) -> tuple[CurrencyTotal, ...]:
        """Return what the lines with a total add up to, one for each currency."""
        return tuple(_total(code, lines) for code, lines in self.by_currency().items())

    def attention(self) -> tuple[PlanEntry, ...]:
        """Return the entries, what needs a person's attention first in front."""
        return tuple(sorted(self.entries, key=lambda entry: _urgency(entry.lines[0])))

    def _grouped(self, key: Callable[[PlanLine], K]) -> dict[K, tuple[PlanLine, ...]]:
        found: defaultdict[K, list[PlanLine]] = defaultdict(list)
        for line in self._lines():
            found[key(line)].append(line)
        return {each: tuple(lines) for each, lines in found.items()}

    def explain(self, locale: str = "en") -> str:
        """Return the plan in sentences, in this language."""
        from subrenew.words import wording

        return wording.plan_text(self, locale)


def _total(currency: str, lines: tuple[PlanLine, ...]) -> CurrencyTotal:
    nothing = Money(0, currency)
    quoted = [line.quoted for line in lines]
    [list_total] = totals(quoted, lambda line: line.list_total) or (nothing,)
    [total] = totals(quoted, lambda line: line.total) or (nothing,)
    return CurrencyTotal(list_total, total, len(lines))


def _currency(line: PlanLine) -> str:
    """Return the currency of the line's total, or nothing where it has none."""
    price, charges = line._row[15:]  # noqa: SLF001 - the plan's own line
    if price is None or any(each.amount is None for each in charges):
        return ""
    currency: str = price.currency
    return currency


def _entry(
    item: Subscription | Order,
    policy: Policy,
    prices: PriceBook,
    on: date,
    *,
    actor: Actor | None,
    reductions: Reductions,
) -> PlanEntry | PlanLine:
    if type(item) is Subscription:
        decision = renewability(item, policy=policy, on=on, actor=actor)
        own = reductions.get(item.id, ())
        quote = renewal_quote(item, prices=prices, policy=policy, on=on, reductions=own)
        return PlanLine.of(decision, quote.lines[0])
    if type(item) is not Order:
        raise InvalidType("subscriptions", item, "give subscriptions and orders")
    ids = {each.id for each in item.subscriptions}
    own_lines = {id: found for id, found in reductions.items() if id in ids}
    quote = order_quote(item, prices=prices, policy=policy, on=on, reductions=own_lines)
    lines = [
        PlanLine.of(renewability(each, policy=policy, on=on, actor=actor), quoted)
        for each, quoted in zip(item.subscriptions, quote.lines, strict=True)
    ]
    return PlanEntry(tuple(sorted(lines, key=_urgency)), item)


def plan(
    subscriptions: Iterable[Subscription | Order],
    *,
    policy: Policy,
    prices: PriceBook,
    on: date,
    actor: Actor | None = None,
    reductions: Reductions = MappingProxyType({}),
) -> RenewalPlan:
    """
    Return what is to be done about a whole portfolio on a day, and what it costs.

    Args:
        subscriptions: Subscriptions, and orders, which are planned as units (reading 18).
        policy: An edition, or editions from which the day chooses one.
        prices: Supplies list prices and rates; a price that is missing is an answer of its line.
        on: The day asked about.
        actor: Who asks; without one the question is about the subscriptions (reading 14).
        reductions: Those that lines already have, by the subscription's identifier (reading 7).

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: Something else than subscriptions and orders was given.

    >>> from subrenew import PriceList, Term
    >>> from subrenew.policy.vendors import autodesk
    >>> made = plan(
    ...     [Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))],
    ...     policy=autodesk.EDITION_2024,
    ...     prices=PriceList(prices=()),
    ...     on=date(2025, 12, 1),
    ... )
    >>> [(line.route.value, line.next_action.code) for line in made.lines]
    [('renew-now', 'renew')]
    """
    checks.calendar_date("on", on)
    if not isinstance(subscriptions, Iterable):
        raise InvalidType("subscriptions", subscriptions, "give a collection, such as a list")
    if not isinstance(reductions, Mapping):
        raise InvalidType("reductions", reductions, "give reductions by subscription identifier")
    return RenewalPlan(
        on,
        tuple(
            _entry(each, policy, prices, on, actor=actor, reductions=reductions)
            for each in subscriptions
        ),
    )
