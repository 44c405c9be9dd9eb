"""
Decision tables: every cell of a question, proved, printed and compared.

Rule 1: a table is computed from the rules; nothing is kept in step manually.

Rule 2: only cells that some subscription can reach under the policy are in its table.

Rule 3: rows are merged for readers, by the order of facts that needs the fewest rows; the cells are
the truth.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import permutations
from typing import Any, Final

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.terms import Term
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import BackPay, LateStart
from subrenew.rules import (
    discounts,
    exclusions,
    increases,
    order_access,
    renewability,
    switching,
    term_changes,
)
from subrenew.rules.questions import Cell, Question

__all__ = ["QUESTIONS", "DecisionTable", "Row", "TableDiff", "faults", "table"]

_CELLS: Final = (
    renewability.CELLS,
    exclusions.CELLS,
    discounts.CELLS,
    term_changes.CELLS,
    switching.CELLS,
    increases.CELLS,
    order_access.CELLS,
)
#: Every question, in the order of the documentation.
QUESTIONS: Final[tuple[Question[Any], ...]] = (
    renewability.QUESTION,
    exclusions.QUESTION,
    discounts.QUESTION,
    term_changes.QUESTION,
    switching.QUESTION,
    increases.QUESTION,
    order_access.QUESTION,
)

#: The most cells that one kind of facts may have under one policy: what a person still reviews.
MOST_CELLS: Final = 256
_ANY: Final = "—"

Pattern = tuple[tuple[str, tuple[str, ...]], ...]


@attrs.frozen(kw_only=True)
class Row:
    """Cells with one answer, as one line of a table."""

    #: The kind of facts, such as ``live``.
    situation: str
    #: Pairs of fact and the words it may have; a fact that does not matter is left out.
    when: Pattern
    #: The answer.
    answer: str
    #: How many cells.
    count: int

    def words(self, fact: str) -> str:
        """Return what the fact has to be, or a dash where it does not matter."""
        return " or ".join(dict(self.when).get(fact, (_ANY,)))


def members(cell: Cell[Any]) -> tuple[tuple[str, str], ...]:
    """Return a cell's facts as pairs of fact and word."""
    return tuple(
        (field.name.replace("_", "-"), str(getattr(cell.facts, field.name)))
        for field in attrs.fields(type(cell.facts))
    )


def situation(cell: Cell[Any]) -> str:
    """Return the kind of facts that a cell has, such as ``live``."""
    name = type(cell.facts).__name__.removesuffix("Facts")
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name).lstrip("-")


def _split(
    cells: list[tuple[dict[str, str], str]], facts: tuple[str, ...]
) -> list[tuple[Pattern, str, int]]:
    answers = Counter(answer for _, answer in cells)
    if len(answers) == 1:
        return [((), next(iter(answers)), len(cells))]
    fact, rest = facts[0], facts[1:]
    groups: dict[str, list[tuple[dict[str, str], str]]] = {}
    for cell in cells:
        groups.setdefault(cell[0][fact], []).append(cell)
    merged: dict[tuple[tuple[Pattern, str, int], ...], list[str]] = {}
    for word, group in groups.items():
        merged.setdefault(tuple(_split(group, rest)), []).append(word)
    rows: list[tuple[Pattern, str, int]] = []
    for lines, words in merged.items():
        head: Pattern = () if len(words) == len(groups) else ((fact, tuple(words)),)
        rows += [
            ((*head, *pattern), answer, count * len(words)) for pattern, answer, count in lines
        ]
    return rows


def _rows(cells: tuple[Cell[Any], ...], answers: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the fewest rows that say what the cells say."""
    rows: list[Row] = []
    for name in dict.fromkeys(situation(cell) for cell in cells):
        chosen = [
            (dict(members(cell)), answer)
            for cell, answer in zip(cells, answers, strict=True)
            if situation(cell) == name
        ]
        orders = permutations(chosen[0][0])
        best = min((_split(chosen, order) for order in orders), key=len)
        rows += [
            Row(situation=name, when=when, answer=answer, count=count)
            for when, answer, count in best
        ]
    return tuple(rows)


@attrs.frozen(kw_only=True)
class DecisionTable:
    """
    One question under one policy: every cell that can be reached, with its answer.

    >>> from subrenew.policy.vendors import autodesk
    >>> made = table("renewal-discount", autodesk.EDITION_2024)
    >>> print(made.to_markdown())  # doctest: +ELLIPSIS
    | eligibility | offer | answer | cells |
    |---|---|---|---|
    | ...
    """

    #: Whose table it is.
    question: Question[Any]
    #: Under which policy; ``None`` for all that there could be.
    policy: RenewalPolicy | None
    #: Every cell that can be reached, in the order of the facts.
    cells: tuple[Cell[Any], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The routes, in the fewest rows."""
        return _rows(self.cells, tuple(str(cell.route) for cell in self.cells))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts, in order."""
        return tuple(dict.fromkeys(name for cell in self.cells for name, _ in members(cell)))

    def to_markdown(self) -> str:
        """Return the routes as a Markdown table, rows merged."""
        rows = self.rows
        head = self._situations() + self.facts
        lines = [[*self._cells_of(row), row.answer, str(row.count)] for row in rows]
        return markdown((*head, "answer", "cells"), lines)

    def findings_to_markdown(self) -> str:
        """Return, for each finding, when it is reported, as a Markdown table, rows merged."""
        lines = []
        for each in self.question.bars:
            answers = tuple(str(each in cell.bars) for cell in self.cells)
            rows = [row for row in _rows(self.cells, answers) if row.answer == "True"]
            for row in rows or [Row(situation="never", when=(), answer="", count=0)]:
                when = [f"{fact} {' or '.join(words)}" for fact, words in row.when]
                if self._situations() or not rows:
                    when.insert(0, row.situation)
                text = ", ".join(when) or "always"
                lines.append([each.code, each.clause.id, text, str(row.count)])
        return markdown(("finding", "clause", "when", "cells"), lines)

    def to_csv(self) -> str:
        """Return every cell as a line: facts, route, findings; lines end in a line feed."""
        head = (*self._situations(), *self.facts, "route", "findings")
        lines = [",".join(head)]
        for cell in self.cells:
            words = dict(members(cell))
            line = [situation(cell)] if self._situations() else []
            line += [words.get(fact, "") for fact in self.facts]
            lines.append(",".join([*line, str(cell.route), " ".join(cell.codes)]))
        return "\n".join(lines) + "\n"

    def diff(self, other: DecisionTable) -> TableDiff:
        """
        Return what differs from this table to another of the same question.

        Raises:
            InvalidValue: The other table is of another question.
        """
        if other.question is not self.question:
            raise InvalidValue(
                "DecisionTable.diff", other.question, f"give a table of {self.question.name}"
            )
        here, there = set(self.cells), set(other.cells)
        return TableDiff(
            before=self.policy,
            after=other.policy,
            gone=tuple(cell for cell in self.cells if cell not in there),
            new=tuple(cell for cell in other.cells if cell not in here),
        )

    def _situations(self) -> tuple[str, ...]:
        return ("situation",) if len({situation(cell) for cell in self.cells}) > 1 else ()

    def _cells_of(self, row: Row) -> list[str]:
        own = {
            fact
            for cell in self.cells
            if situation(cell) == row.situation
            for fact, _ in members(cell)
        }
        words = [row.words(fact) if fact in own else "" for fact in self.facts]
        return [row.situation, *words] if self._situations() else words


@attrs.frozen(kw_only=True)
class TableDiff:
    """
    What differs between two policies for one question.

    Rules are the same for every policy; policies differ in the cells that can be reached.
    """

    #: The policy compared from.
    before: RenewalPolicy | None
    #: The policy compared to.
    after: RenewalPolicy | None
    #: Cells that only the first one reaches.
    gone: tuple[Cell[Any], ...]
    #: Cells that only the second one reaches.
    new: tuple[Cell[Any], ...]

    @property
    def count(self) -> int:
        """How many cells differ."""
        return len(self.gone) + len(self.new)

    def to_markdown(self) -> str:
        """Return the differences as a Markdown table, rows merged; empty where there are none."""
        lines = []
        for sign, cells in (("gone", self.gone), ("new", self.new)):
            for row in _rows(cells, tuple(str(cell.route) for cell in cells)):
                when = ", ".join(f"{fact} {' or '.join(words)}" for fact, words in row.when)
                lines.append([sign, row.situation, when or _ANY, row.answer, str(row.count)])
        return markdown(("", "situation", "when", "answer", "cells"), lines) if lines else ""


def markdown(head: tuple[str, ...], lines: list[list[str]]) -> str:
    """Return a Markdown table, ending in a line feed."""
    rows = [list(head), *lines]
    text = ["| " + " | ".join(row) + " |" for row in rows]
    text.insert(1, "|" + "---|" * len(head))
    return "\n".join(text) + "\n"


def question_named(question: Question[Any] | str) -> Question[Any]:
    """
    Return the question of that name, or the question itself.

    Raises:
        InvalidValue: No question has that name.
    """
    for each in QUESTIONS:
        if question is each or question == each.name:
            return each
    names = ", ".join(each.name for each in QUESTIONS)
    raise InvalidValue("question", question, f"give one of {names}")


def table(question: Question[Any] | str, policy: RenewalPolicy | None = None) -> DecisionTable:
    """
    Return the decision table of a question, given as a value or by name.

    Args:
        question: One of `QUESTIONS` or its name.
        policy: Leaves out the cells that nothing reaches under it; without one all are in.

    Raises:
        InvalidValue: No question has that name.
        InvalidType: *policy* is not an edition.
    """
    asked = question_named(question)
    if policy is not None:
        checks.instance("policy", policy, RenewalPolicy)
    every: tuple[Cell[Any], ...] = _CELLS[QUESTIONS.index(asked)].every()
    reached = (cell for cell in every if policy is None or asked.possible(cell.facts, policy))
    return DecisionTable(question=asked, policy=policy, cells=tuple(reached))


def faults(made: DecisionTable) -> tuple[str, ...]:
    """
    Return what a table breaks of the laws; empty where it keeps them all.

    The laws: at most 256 cells of one kind of facts; every cell offers a step, unless nothing is
    left to do on its route; every bar is raised in some cell and absent in another; every fact
    matters to some answer; no late renewal buys a term that is over on the day on which it is
    paid. A policy may leave a bar without a cell: one without stages never renews late.

    >>> from subrenew.policy.vendors import autodesk
    >>> faults(table("renewability", autodesk.EDITION_2024))[-2:]
    ('bar opening-unknown is in no cell', 'bar own-condition is in no cell')
    >>> faults(table("renewability"))
    ()
    """
    found = []
    if made.policy is not None:
        kinds = Counter(situation(cell) for cell in made.cells)
        found += [
            f"{count} cells of {kind} are more than {MOST_CELLS}"
            for kind, count in kinds.items()
            if count > MOST_CELLS
        ]
    if any(cell.steps for cell in made.cells):
        found += [
            f"cell {members(cell)} is a dead end"
            for cell in made.cells
            if not cell.steps and cell.route not in made.question.done
        ]
    for each in made.question.bars:
        raised = sum(each in cell.bars for cell in made.cells)
        if raised in (0, len(made.cells)):
            found.append(f"bar {each.code} is in {'every' if raised else 'no'} cell")
    if made.question is renewability.QUESTION and made.policy is not None:
        found += _terms_sold_over(made.policy)
    return (*found, *_idle_facts(made))


#: Where a term begins to be as short as it can be: over a February, and over 2100.
_STARTS: Final = tuple(date(year, month, 1) for year in range(2097, 2101) for month in range(1, 13))


def _terms_sold_over(policy: RenewalPolicy) -> list[str]:
    """Name the first term that is over on the last day on which it is renewed (reading 16)."""
    if policy.late_start is not LateStart.OLD_END:
        return []
    if policy.late_terms.back_pay is BackPay.MISSED_TERMS:
        return []  # the new term begins where the last missed one ends
    limits = [length.up_to for stage in policy.stages for length in stage.lengths]
    for term in (Term.months(1), Term.years(1), policy.renews_to, *limits):
        if term is None:
            continue
        days, bought = policy.late_days(term), policy.renews_to or term
        if days < bought.longest_days - 3:  # no term's spans differ by more
            continue
        shortest = min((bought.end(starts_on) - starts_on).days for starts_on in _STARTS)
        if days > shortest:
            return [f"stages renew {term} for {days} days, and {bought} is over after {shortest}"]
    return []


def _idle_facts(made: DecisionTable) -> list[str]:
    found = []
    for name in dict.fromkeys(situation(cell) for cell in made.cells):
        own = [cell for cell in made.cells if situation(cell) == name]
        for fact, _ in members(own[0]):
            answers: dict[tuple[tuple[str, str], ...], set[tuple[object, ...]]] = {}
            words = set()
            for cell in own:
                rest = tuple(pair for pair in members(cell) if pair[0] != fact)
                answers.setdefault(rest, set()).add((*cell.answer, cell.steps))
                words.add(dict(members(cell))[fact])
            if len(words) > 1 and all(len(each) == 1 for each in answers.values()):
                found.append(f"fact {fact} of {name} changes nothing")
    return found
