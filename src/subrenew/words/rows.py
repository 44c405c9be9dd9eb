"""
The line of a plan as cells that every view shows alike.

Rule 1: what needs a person's attention first stands first.
"""

from __future__ import annotations

from typing import Final

from subrenew.model.money import Money
from subrenew.renewal.plans import Attention, PlanLine, RenewalPlan
from subrenew.words import labels
from subrenew.words.catalogues import Language
from subrenew.words.filling import label_text
from subrenew.words.formats import money_text, short_date_text
from subrenew.words.quotations import charges_of
from subrenew.words.sentences import route_text, timely

__all__ = ["plan_cells", "plan_columns", "plan_lines"]

_LEVELS: Final = tuple(Attention)


def plan_lines(plan: RenewalPlan) -> list[PlanLine]:
    """Return the lines of a plan by attention; those of an order stay together where they can."""
    lines = [line for entry in plan.attention() for line in entry.lines]
    return sorted(lines, key=lambda line: _LEVELS.index(line.attention))


def plan_columns(plan: RenewalPlan) -> tuple[str, ...]:
    """Return the names of the columns that say something; charges are rare."""
    late = any(line.quoted.charges for line in plan.lines)
    return tuple(name for name in labels.COLUMNS if late or name != "charges")


def _charged_total(line: PlanLine) -> Money | None:
    """Return what a line costs for being late, if anything and if all of it is known."""
    amounts = [] if line.quoted.total is None else list(charges_of([line.quoted]).values())
    return sum(amounts[1:], amounts[0]) if amounts else None


def _when(line: PlanLine, language: Language) -> tuple[str, str]:
    """Return the next step and its day."""
    action = timely(line.next_action, line.decision.on)
    step = label_text(labels.STEPS, action.code, language)
    if action.from_on:
        return step, language.say(labels.FROM, day=short_date_text(action.from_on, language))
    if action.by:
        return step, language.say(labels.BY, day=short_date_text(action.by, language))
    return step, ""


def plan_cells(line: PlanLine, language: Language) -> dict[str, str]:
    """Return the texts of a line, by the names of `labels.COLUMNS` without the marker."""
    step, when = _when(line, language)
    quoted = line.quoted
    money = {
        "list": quoted.list_total,
        "charges": _charged_total(line),
        "price": quoted.total,
        "saving": quoted.saving,
    }
    return {
        "id": line.subscription.id,
        "product": line.subscription.product,
        "expires": short_date_text(line.subscription.ends_on, language),
        "route": route_text(line.decision.route, language),
        "step": step,
        "when": when,
        **{
            name: "" if each is None else money_text(each, language) for name, each in money.items()
        },
    }
