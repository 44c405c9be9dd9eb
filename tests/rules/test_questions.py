"""The finite machinery itself: made once, complete, and with defaults that answer nothing."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import AutoRenew, Route, renewability, tables, term_change
from subrenew.clauses import MANUAL
from subrenew.policy.vendors import autodesk
from subrenew.rules.decisions import Decision
from subrenew.rules.questions import (
    Cells,
    Flyweights,
    Moment,
    Question,
    bar,
    cells,
    combinations,
)
from tests.makers import MONTHLY, PAYPAL, a_subscription


class Colour(StrEnum):
    """One fact."""

    RED = "red"
    BLUE = "blue"


class Size(StrEnum):
    """Another fact."""

    SMALL = "small"
    LARGE = "large"
    HUGE = "huge"


class Way(StrEnum):
    """The ways forward."""

    STAY = "stay"
    GO = "go"


@attrs.frozen(kw_only=True, eq=False)
class Facts:
    """Two facts."""

    colour: Colour
    size: Size


@bar(MANUAL)
def is_red(facts: Any) -> bool:
    """It is red."""
    return facts.colour is Colour.RED


def _route(facts: Any) -> Way:
    return Way.GO if facts.size is Size.LARGE else Way.STAY


KIND = Flyweights(Facts)
PLAIN: Question[Way] = Question(name="plain", kinds=(KIND,), bars=(is_red,), route=_route)


def test_every_combination_once_in_order() -> None:
    """The product of the members, each of them one value, however it is come by."""
    every = KIND.every()
    assert [(each.colour, each.size) for each in every] == list(product(Colour, Size))
    assert all(KIND[each.colour, each.size] is each for each in every)
    assert KIND.every() == every
    assert len(list(combinations(Facts))) == len(KIND) == 6


def test_cells_are_made_once() -> None:
    """Asked for twice, or all at once, a cell is the same value; and each has its answer."""
    made = Cells(PLAIN)
    facts = KIND[Colour.RED, Size.LARGE]
    cell = made[facts]
    assert made[facts] is cell
    assert cell in made.every()
    assert (cell.route, cell.codes, cell.steps, cell.now) == (Way.GO, ("is-red",), (), False)
    assert cell.answer == (Way.GO, (is_red,), False)
    assert len(cells(PLAIN)) == len(made) == 6


def test_a_bar_is_named_by_its_predicate() -> None:
    """Code and meaning come from the function; it stays an ordinary predicate."""
    assert (is_red.code, is_red.says, is_red.clause) == ("is-red", "It is red.", MANUAL)
    assert is_red.holds(KIND[Colour.RED, Size.SMALL])
    assert not is_red.holds(KIND[Colour.BLUE, Size.SMALL])

    @bar(MANUAL)
    def silent(_: Any) -> bool:
        return True

    assert silent.says == ""


def test_a_question_that_says_nothing_more_answers_nothing_more() -> None:
    """Without steps, days, turns and access a decision has none of them, and never changes."""
    cell = Cells(PLAIN)[KIND[Colour.BLUE, Size.HUGE]]
    edition = autodesk.EDITION_2024
    on = date(2025, 6, 1)
    decision = Decision(cell, a_subscription(), edition, edition, on, None)
    assert (decision.actions, decision.changes_on, decision.access) == ((), None, None)
    assert (decision.can_renew_now, decision.findings, decision.rate) == (False, (), None)
    assert PLAIN.day(decision, Moment.OVER) is None
    assert PLAIN.possible(cell.facts, edition)
    assert repr(PLAIN) == "Question('plain')"
    for function in (PLAIN.ask, PLAIN.cell):
        with pytest.raises(TypeError, match="checked a password"):
            function(a_subscription(), edition, on, None)


def test_a_decision_points_at_a_cell_of_the_table() -> None:
    """What is decided and what is proved are the same values."""
    decision = renewability(a_subscription(), policy=autodesk.EDITION_2024, on=date(2025, 6, 1))
    made = tables.table("renewability")
    assert any(decision.cell is each for each in made.cells)
    assert {cell.route for cell in made.cells} == set(Route)


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda each: each.name)
def test_facts_are_words_and_never_truth_values(question: Any) -> None:
    """Law 5: every fact is an enum of two words or more, and every cell has one answer."""
    for kind in question.kinds:
        for facts in kind.every():
            values = [getattr(facts, field.name) for field in attrs.fields(type(facts))]
            assert all(isinstance(each, StrEnum) and len(type(each)) > 1 for each in values)
            assert isinstance(question.route(facts), StrEnum)


@pytest.mark.parametrize(
    ("moment", "renewal", "change"),
    [
        (Moment.ANY, None, None),
        (Moment.OPENS_ON, date(2025, 10, 3), None),
        (Moment.LAST_DAY, date(2025, 12, 31), date(2026, 2, 14)),
        (Moment.OVER, date(2026, 2, 15), date(2026, 2, 15)),
        (Moment.LAST_LATE_DAY, date(2026, 2, 14), None),
        (Moment.LAST_SWITCH_DAY, date(2025, 12, 31), None),
        (Moment.LAST_RUN_DAY, date(2026, 1, 8), None),
    ],
)
def test_the_day_that_a_moment_stands_for(
    moment: Moment, renewal: date | None, change: date | None
) -> None:
    """Each question knows the days that its steps refer to; "at any time" is none."""
    asked: dict[str, Any] = {"policy": autodesk.EDITION_2025_12, "on": date(2025, 6, 1)}
    itself = {"auto_renew": AutoRenew.ON, "payment_method": PAYPAL}
    held = a_subscription(**itself if moment is Moment.LAST_RUN_DAY else {})
    renewing = renewability(held, **asked)
    changing = term_change(held, to=MONTHLY, **asked)
    assert renewing.cell.question.day(renewing, moment) == renewal
    assert changing.cell.question.day(changing, moment) == change
