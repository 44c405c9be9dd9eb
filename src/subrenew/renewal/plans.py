"""
A whole portfolio on a day: what is decided, what it costs, and what needs a person first.

Rule 1: a plan decides nothing. Every line is the decision and the quote that the same subscription
gets by itself.

Rule 2: an order is planned as a unit of its lines (reading 18).

Rule 3: nothing in the portfolio stops the plan: a price that is missing is an answer of its line.

Rule 4: a plan keeps a flat row for each line; the values in it are made when they are read. So a
large plan has few objects, each of which Python's collector would look at again and again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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
from subrenew.renewal.quotes import Quote, QuoteLine, order_quote, renewal_quote
from subrenew.rules.decisions import Action, Decision
from subrenew.rules.discounts import DiscountAsked
from subrenew.rules.renewability import Route, renewability
from subrenew.rules.windows import renewal_window

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
        Route.RENEW_NOW: Attention.NOW,
        Route.WAIT_FOR_WINDOW: Attention.LATER,
    }
)


#: What the decision, the discount and the quoted line hold, one after the other.
_Row = tuple[Any, ...]
_CASE: Final = slice(1, 6)
_DISCOUNT: Final = 6
_DISCOUNT_CASE: Final = slice(7, 11)
_ASKED: Final = slice(11, 14)
_PRICE: Final = 15
_PRICES: Final = slice(14, 17)
_set: Final = object.__setattr__


def _row(decision: Decision[Route], quoted: QuoteLine) -> _Row:
    discount = quoted.discount
    subscription, policy, edition, on, asked = discount.case
    return (
        decision.cell,
        *decision.case,
        *(discount.cell, subscription, policy, edition, on),
        *(asked.prices, asked.reductions, asked.rate),
        *(quoted.list_price, quoted.price, quoted.charges),
    )


def _decision(held: Any) -> Decision[Route]:  # noqa: ANN401 - a row, or the value itself
    return Decision(held[0], held[_CASE]) if type(held) is tuple else held


def _quoted(held: Any) -> QuoteLine:  # noqa: ANN401 - a row, or the value itself
    if type(held) is not tuple:
        return held  # type: ignore[no-any-return]
    case = (*held[_DISCOUNT_CASE], DiscountAsked(*held[_ASKED]))
    return QuoteLine(Decision(held[_DISCOUNT], case), *held[_PRICES])


@attrs.frozen(repr=False)
class PlanLine:
    """One subscription's place in a plan."""

    __match_args__ = ("decision", "quoted")

    # Both are the same row in a line that a plan has made.
    _decision: Decision[Route] = attrs.field(eq=_decision)
    _quoted: QuoteLine = attrs.field(eq=_quoted)

    @property
    def decision(self) -> Decision[Route]:
        """May it be renewed, and how?"""
        return _decision(self._decision)

    @property
    def quoted(self) -> QuoteLine:
        """What it costs, or why there is no price."""
        return _quoted(self._quoted)

    @property
    def route(self) -> Route:
        """The way forward."""
        held: Any = self._decision
        return held[0].route if type(held) is tuple else held.route  # type: ignore[no-any-return]

    @property
    def subscription(self) -> Subscription:
        """What is planned."""
        held: Any = self._decision
        return held[1] if type(held) is tuple else held.case[0]  # type: ignore[no-any-return]

    @property
    def window(self) -> Window:
        """The days on which it can be renewed by hand, before it expires."""
        return renewal_window(self.subscription, policy=self.decision.edition, on=self.decision.on)

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
        route = self.route
        if route is Route.CONVERT_TRIAL and self.decision.on >= self.subscription.ends_on:
            return Attention.OVER
        return _ATTENTION[route]

    def __repr__(self) -> str:
        return f"PlanLine(decision={self.decision!r}, quoted={self.quoted!r})"

    def __reduce__(self) -> tuple[type[PlanLine], tuple[Decision[Route], QuoteLine]]:
        return PlanLine, (self.decision, self.quoted)  # a row's cells are not pickled


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
        """The way forward of the most urgent line."""
        return self.lines[0].route

    @property
    def quote(self) -> Quote:
        """What the whole entry costs."""
        return Quote(tuple(line.quoted for line in self.lines))

    @property
    def can_renew_now(self) -> bool:
        """Whether all of it may be renewed by hand at once."""
        return all(line.decision.can_renew_now for line in self.lines)

    @property
    def changes_on(self) -> date | None:
        """The next day on which time alone changes the answer of a line."""
        days = [line.decision.changes_on for line in self.lines]
        return min((day for day in days if day is not None), default=None)


@attrs.frozen
class CurrencyTotal:
    """What the priced lines of one currency add up to, before tax."""

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


def _entries(held: tuple[PlanEntry | PlanLine, ...]) -> tuple[PlanEntry, ...]:
    return tuple([PlanEntry((each,)) if type(each) is PlanLine else each for each in held])  # type: ignore[misc]


@attrs.frozen(repr=False)
class RenewalPlan:
    """A portfolio on a day."""

    __match_args__ = ("on", "entries")

    #: The day asked about.
    on: date
    # A line stands for the entry that it is alone in.
    _entries: tuple[PlanEntry, ...] = attrs.field(eq=_entries)

    @property
    def entries(self) -> tuple[PlanEntry, ...]:
        """Every entry, in the order given."""
        return _entries(self._entries)

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """Every line of every entry."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[PlanLine]:
        held: tuple[PlanEntry | PlanLine, ...] = self._entries
        for each in held:
            if type(each) is PlanLine:
                yield each
            else:
                yield from each.lines  # type: ignore[union-attr]

    def __repr__(self) -> str:
        return f"RenewalPlan(on={self.on!r}, entries={self.entries!r})"

    def by_route(self) -> dict[Route, tuple[PlanLine, ...]]:
        """Return the lines of each way forward, in the order of `Route`; empty ones left out."""
        found = self._grouped(lambda line: line.route)
        return {route: found[route] for route in Route if route in found}

    def by_month(self) -> dict[date, tuple[PlanLine, ...]]:
        """Return the lines that end in each month, by the month's first day, ascending."""
        found = self._grouped(lambda line: line.subscription.ends_on.replace(day=1))
        return {month: found[month] for month in sorted(found)}

    def by_currency(self) -> dict[str, tuple[PlanLine, ...]]:
        """Return the priced lines of each currency, by its code."""
        found = self._grouped(_currency)
        return {code: found[code] for code in sorted(code for code in found if code)}

    def unpriced(self) -> tuple[PlanLine, ...]:
        """Return the lines without a price."""
        return tuple(line for line in self._lines() if _price(line) is None)

    def totals(self) -> tuple[CurrencyTotal, ...]:
        """Return what the priced lines add up to, one for each currency."""
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
    list_total = total = Money(0, currency)
    for line in lines:
        quoted = line.quoted
        # What has a currency has a price, and so both.
        list_total += quoted.list_total  # type: ignore[operator]
        total += quoted.total  # type: ignore[operator]
    return CurrencyTotal(list_total, total, len(lines))


def _price(line: PlanLine) -> Money | None:
    held: Any = line._quoted  # noqa: SLF001 - the plan's own line
    return held[_PRICE] if type(held) is tuple else held.price  # type: ignore[no-any-return]


def _currency(line: PlanLine) -> str:
    price = _price(line)
    return "" if price is None else price.currency


def _line(decision: Decision[Route], quoted: QuoteLine) -> PlanLine:
    made = object.__new__(PlanLine)
    row = _row(decision, quoted)
    _set(made, "_decision", row)
    _set(made, "_quoted", row)
    return made


def _planned(
    item: Subscription | Order, policy: Policy, prices: PriceBook, on: date, actor: Actor | None
) -> PlanEntry | PlanLine:
    if type(item) is Subscription:
        decision = renewability(item, policy=policy, on=on, actor=actor)
        quote = renewal_quote(item, prices=prices, policy=policy, on=on)
        return _line(decision, quote.lines[0])
    if type(item) is not Order:
        raise InvalidType("subscriptions", item, "give subscriptions and orders")
    quote = order_quote(item, prices=prices, policy=policy, on=on)
    lines = [
        _line(renewability(each, policy=policy, on=on, actor=actor), quoted)
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
) -> RenewalPlan:
    """
    Return what is to be done about a whole portfolio on a day, and what it costs.

    Args:
        subscriptions: Subscriptions, and orders, which are planned as units (reading 18).
        policy: An edition, or editions from which the day chooses one.
        prices: Supplies list prices and rates; a price that is missing is an answer of its line.
        on: The day asked about.
        actor: Who asks; without one the question is about the subscriptions (reading 14).

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
    >>> [(line.decision.route.value, line.next_action.code) for line in made.lines]
    [('renew-now', 'renew')]
    """
    checks.calendar_date("on", on)
    planned = (_planned(each, policy, prices, on, actor) for each in subscriptions)
    return RenewalPlan(on, tuple(planned))  # type: ignore[arg-type]
