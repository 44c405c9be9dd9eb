"""The pages of decision tables, made from the rules themselves."""

import sys
from types import MappingProxyType
from typing import Any

from subrenew import tables
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.vendors import autodesk
from subrenew.rules.questions import Cell, Moment, Question
from subrenew.rules.tables import markdown

SOURCE = autodesk.EDITION_2024
LATER = autodesk.EDITION_2025_12
NOTE = "<!-- Written by `make regenerate`; do not edit. -->\n"
INTRO = """\
A question is finite: its facts are small enums, and one combination of them is a *cell*. Each
number below counts the cells that some subscription can reach under a policy; no policy reaches
more than {}.
"""
READ = """\
## How to read one

A row is a set of cells that share an answer. `—` means that the fact makes no difference there, an
empty field that the fact does not exist there: a trial has no payment method to look at. The last
column counts the cells of the row. Rows are merged for the reader; the cells are the truth.

The *route* is the one way forward. The *findings* are all the reasons that hold, and several can
hold in one cell. A finding that is not reported under a policy is listed with `never`.

The same tables are values in Python:

```python
from subrenew import tables
from subrenew.policy.vendors import autodesk

made = tables.table("renewability", autodesk.EDITION_2024)
assert all(cell.steps for cell in made.cells)  # no dead end
assert made.to_csv().startswith("situation,")
```
"""

_MOMENTS = MappingProxyType(
    {
        Moment.ANY: "any day",
        Moment.OPENS_ON: "the window opens",
        Moment.LAST_DAY: "its last covered day",
        Moment.LAST_LATE_DAY: "the last day of its stages",
        Moment.LAST_SWITCH_DAY: "the last day of its switch",
        Moment.LAST_RUN_DAY: "the last day of its catch-up",
        Moment.OVER: "nothing renews it any more",
    }
)


def law(question: Question[Any]) -> str:
    """Return what the question's module says of itself."""
    return (sys.modules[question.route.__module__].__doc__ or "").strip()


def count(question: Question[Any], policy: RenewalPolicy | None) -> int:
    """Return how many cells a policy reaches; all there are without one."""
    return len(tables.table(question, policy).cells)


def _routes(cells: tuple[Cell[Any], ...]) -> list[Any]:
    reached = {cell.route for cell in cells}
    return [member for member in type(cells[0].route) if member in reached]


def _ways(cells: tuple[Cell[Any], ...]) -> str:
    lines = []
    for route in _routes(cells):
        clause = getattr(route, "clause", None)
        number = sum(cell.route is route for cell in cells)
        lines.append([f"`{route}`", f"`{clause}`" if clause else "", str(number)])
    if not any(line[1] for line in lines):
        return markdown(("route", "cells"), [[line[0], line[2]] for line in lines])
    return markdown(("route", "clause", "cells"), lines)


def _steps(cells: tuple[Cell[Any], ...]) -> str:
    leads: dict[tuple[str, ...], dict[str, None]] = {}
    numbers: dict[tuple[str, ...], int] = {}
    for cell in cells:
        for step in cell.steps:
            opens = "at once" if step.opens == "any" else _MOMENTS[step.opens]
            key = (f"`{step.code}`", f"`{step.clause}`", opens, _MOMENTS[step.closes])
            way = "depends on the day" if step.leads_to is None else f"`{step.leads_to}`"
            leads.setdefault(key, {})[way] = None
            numbers[key] = numbers.get(key, 0) + 1
    lines = [[*key, ", ".join(sorted(leads[key])), str(numbers[key])] for key in leads]
    return markdown(("action", "clause", "from", "until", "leads to", "cells"), lines)


def _edition(question: Question[Any], policy: RenewalPolicy) -> list[str]:
    made = tables.table(question, policy)
    return [
        f"## Routes under `{policy.id}`",
        f"{len(made.cells)} cells. `—` means that the fact makes no difference.",
        made.to_markdown(),
    ]


def question_page(question: Question[Any]) -> str:
    """Return the page of one question."""
    made, later = tables.table(question, SOURCE), tables.table(question, LATER)
    every = tables.table(question)
    parts = [f"# {question.name}", NOTE, law(question), *_edition(question, SOURCE)]
    parts += [f"## Findings under `{SOURCE.id}`", made.findings_to_markdown()]
    meanings = [f"- `{bar.code}`: {bar.says}" for bar in question.bars]
    parts += ["What each finding says:", "\n".join(meanings) + "\n"]
    parts += ["## Ways forward", "Under every policy there could be.", _ways(every.cells)]
    if any(cell.steps for cell in every.cells):
        parts += ["## Actions", "What can be done, under every policy.", _steps(every.cells)]
    if later.to_markdown() != made.to_markdown():
        parts += _edition(question, LATER)
        difference = made.diff(later)
        gone, new = len(difference.gone), len(difference.new)
        parts += [
            f"## From `{SOURCE.id}` to `{LATER.id}`",
            f"{gone + new} cells differ: {gone} are reached no more, {new} for the first time.",
            difference.to_markdown(),
        ]
    return "\n".join(part if part.endswith("\n") else part + "\n" for part in parts)


def index_page() -> str:
    """Return the page that lists the questions and says how to read a table."""
    lines = []
    for question in tables.QUESTIONS:
        asks = law(question).splitlines()[0]
        numbers = [str(count(question, policy)) for policy in (SOURCE, LATER, None)]
        findings = str(len(question.bars))
        lines.append([f"[{question.name}]({question.name}.md)", asks, *numbers, findings])
    head = ("question", "asks", f"`{SOURCE.id}`", f"`{LATER.id}`", "all there are", "findings")
    return "\n".join(
        ["# Decision tables\n", NOTE, INTRO.format(tables.MOST_CELLS), markdown(head, lines), READ]
    )
