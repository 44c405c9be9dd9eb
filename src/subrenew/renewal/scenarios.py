"""
Side by side: what becomes of a portfolio on another day, under another policy, at other prices.

Rule 1: nothing is decided here. Two plans are compared line by line, and the sums are their own.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import attrs

from subrenew.model import checks
from subrenew.model.money import Money
from subrenew.renewal.plans import PlanLine, RenewalPlan
from subrenew.rules.policy_diffs import aligned
from subrenew.rules.tables import markdown

__all__ = ["LineChange", "MoneyChange", "PlanDiff", "plan_diff"]

_NONE: Final = "—"


@attrs.frozen
class MoneyChange:
    """What the lines of one currency cost in two plans, before tax."""

    #: In the first plan.
    before: Money
    #: In the second one.
    after: Money

    @property
    def difference(self) -> Money:
        """How much more the second one costs; negative where it costs less."""
        return self.after - self.before


@attrs.frozen
class LineChange:
    """A subscription of two plans that is decided, priced or acted on otherwise."""

    #: Its line of the first plan.
    before: PlanLine
    #: Its line of the second one.
    after: PlanLine

    @property
    def id(self) -> str:
        """The subscription's identifier."""
        return self.before.subscription.id

    @property
    def what(self) -> tuple[str, ...]:
        """What changes: ``route``, ``price``, ``next-action``, in this order."""
        sides = zip(_answers(self.before).items(), _answers(self.after).values(), strict=True)
        return tuple(name for (name, before), after in sides if before != after)

    @property
    def difference(self) -> Money | None:
        """
        How much more it costs for all seats; negative where it costs less.

        ``None`` where one side has no price or the two are of different currencies.
        """
        before, after = self.before.quoted.total, self.after.quoted.total
        if before is None or after is None or before.currency != after.currency:
            return None
        return after - before


def _answers(line: PlanLine) -> dict[str, object]:
    action = line.next_action
    return {
        "route": line.decision.route,
        "price": line.quoted.total,
        "next-action": (action.code, action.from_on, action.by, action.where),
    }


@attrs.frozen(kw_only=True)
class PlanDiff:
    """What differs from one plan to another."""

    #: The plan compared from.
    before: RenewalPlan
    #: The plan compared to.
    after: RenewalPlan
    #: The subscriptions of both whose route, price or next action differs, as the first lists them.
    changed: tuple[LineChange, ...]
    #: The lines that only the first plan has.
    only_before: tuple[PlanLine, ...]
    #: The lines that only the second plan has.
    only_after: tuple[PlanLine, ...]

    @property
    def count(self) -> int:
        """How many subscriptions differ."""
        return len(self.changed) + len(self.only_before) + len(self.only_after)

    @property
    def money(self) -> tuple[MoneyChange, ...]:
        """What the priced lines cost in both plans, for each currency in which that differs."""
        sums = [
            {each.total.currency: each.total for each in plan.totals()}
            for plan in (self.before, self.after)
        ]
        changes = [
            MoneyChange(*(each.get(code, Money(0, code)) for each in sums))
            for code in sorted(set().union(*sums))
        ]
        return tuple(each for each in changes if not each.difference.is_zero)

    def to_markdown(self) -> str:
        """
        Return the differences as aligned tables, lines first, then money; empty where equal.

        What changes is written with an arrow. A line that only one plan has is a dash in the other.
        """
        pairs: list[tuple[PlanLine | None, PlanLine | None]] = []
        pairs += [(each.before, each.after) for each in self.changed]
        pairs += [(each, None) for each in self.only_before]
        pairs += [(None, each) for each in self.only_after]
        if not pairs:
            return ""
        head = ("subscription", "route", "price", "next action")
        text = aligned(markdown(head, [_row(before, after) for before, after in pairs]))
        money = [
            [each.before.currency, str(each.before.amount), str(each.after.amount), _signed(each)]
            for each in self.money
        ]
        if money:
            text += "\n" + aligned(markdown(("currency", "before", "after", "difference"), money))
        return text


def _signed(change: MoneyChange) -> str:
    amount = change.difference.amount
    return f"+{amount}" if amount > 0 else str(amount)


def _row(before: PlanLine | None, after: PlanLine | None) -> list[str]:
    sides = [_NOTHING if line is None else _texts(line) for line in (before, after)]
    line = before or after
    name = line.subscription.id if line else ""
    changes = [was if was == now else f"{was} → {now}" for was, now in zip(*sides, strict=True)]
    return [name.replace("|", "\\|"), *changes]


_NOTHING: Final = (_NONE, _NONE, _NONE)


def _texts(line: PlanLine) -> tuple[str, str, str]:
    action, total = line.next_action, line.quoted.total
    days = [("from", action.from_on), ("by", action.by)]
    said = "".join(f" {word} {day}" for word, day in days if day is not None)
    price = _NONE if total is None else str(total)
    return line.decision.route.value, price, f"{action.code}{said}"


def plan_diff(before: RenewalPlan, after: RenewalPlan) -> PlanDiff:
    """
    Return which subscriptions differ from one plan to another, and by how much money.

    Subscriptions are matched by their identifiers; one that a plan holds twice, in turn.

    Raises:
        InvalidType: One of them is no `RenewalPlan`.

    >>> from datetime import date
    >>> from subrenew import PriceList, Subscription, Term, plan
    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    >>> plans = [
    ...     plan([held], policy=policy, prices=PriceList(prices=()), on=date(2026, 1, 5))
    ...     for policy in (autodesk.EDITION_2024, autodesk.EDITION_2025_12)
    ... ]
    >>> [(each.id, each.what) for each in plan_diff(*plans).changed]
    [('S-1', ('route', 'next-action'))]
    """
    checks.instance("plan_diff.before", before, RenewalPlan)
    checks.instance("plan_diff.after", after, RenewalPlan)
    first, second = _numbered(before), _numbered(after)
    both = [LineChange(line, second[key]) for key, line in first.items() if key in second]
    return PlanDiff(
        before=before,
        after=after,
        changed=tuple(each for each in both if each.what),
        only_before=tuple(line for key, line in first.items() if key not in second),
        only_after=tuple(line for key, line in second.items() if key not in first),
    )


def _numbered(plan: RenewalPlan) -> dict[tuple[str, int], PlanLine]:
    """Return the lines by identifier, and by how often it came before."""
    seen: Counter[str] = Counter()
    found = {}
    for line in plan.lines:
        key = line.subscription.id
        found[key, seen[key]] = line
        seen[key] += 1
    return found
