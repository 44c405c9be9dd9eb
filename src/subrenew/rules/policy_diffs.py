"""
What differs between two policies: their parameters, and the cells whose answer changes.

Rule 1: parameters are read off the policy; none is listed here.

Rule 2: what changes for customers is computed from the decision tables, never from the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import attrs

from subrenew.model import checks
from subrenew.policy.mapping import written, written_fields
from subrenew.policy.parameters import RenewalPolicy
from subrenew.rules.tables import QUESTIONS, TableDiff, markdown, table

__all__ = ["ParameterChange", "PolicyDiff", "policy_diff"]

_UNSET: Final = "—"


@attrs.frozen(kw_only=True)
class ParameterChange:
    """
    One parameter that differs.

    >>> made = ParameterChange(name="x", clauses=(), before=("a", "b"), after=("b", "c"))
    >>> made.removed, made.added, made.texts
    (('a',), ('c',), ('-a', '+c'))
    """

    #: The parameter's name, such as ``window_opens_days``.
    name: str
    #: The identifiers of the clauses that it comes from.
    clauses: tuple[str, ...]
    #: What the first policy has.
    before: Any
    #: What the second one has.
    after: Any

    @property
    def removed(self) -> tuple[Any, ...]:
        """What only the first policy lists; empty where the parameter is no list."""
        return _only_in(self.before, self.after)

    @property
    def added(self) -> tuple[Any, ...]:
        """What only the second policy lists; empty where the parameter is no list."""
        return _only_in(self.after, self.before)

    @property
    def texts(self) -> tuple[str, str]:
        """Both sides as people read them; of lists, what is removed and what is added."""
        if self.removed or self.added:
            return _signed("-", self.removed), _signed("+", self.added)
        return in_words(written(self.before)), in_words(written(self.after))


def _only_in(here: object, there: object) -> tuple[Any, ...]:
    if not isinstance(here, tuple | frozenset) or not isinstance(there, tuple | frozenset):
        return ()
    others = frozenset(there)
    found = [each for each in here if each not in others]
    return tuple(found if isinstance(here, tuple) else sorted(found, key=_text))


def _text(item: object) -> str:
    return in_words(written(item))


def _signed(sign: str, items: Iterable[object]) -> str:
    return ", ".join(f"{sign}{_text(each)}" for each in items)


def in_words(plain: object) -> str:
    """
    Return a plain value, as mappings hold them, as people read it on one line.

    >>> in_words({"name": "expired", "lengths": [{"days": 30}]}), in_words([]), in_words(None)
    ('expired (lengths: days: 30)', 'none', '—')
    """
    if isinstance(plain, dict):
        pairs = [f"{key}: {in_words(_named(value))}" for key, value in plain.items()]
        first = next(iter(plain.values()), "default")
        if not isinstance(first, str):
            return ", ".join(pairs)
        rest = ", ".join(pairs[1:])
        return f"{first} ({rest})" if rest else first
    if isinstance(plain, list):
        return ", ".join(in_words(each) for each in plain) or "none"
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return _UNSET if plain is None else str(plain)


def _named(plain: object) -> object:
    """Return the identifier of a clause that is cited, and anything else as it is."""
    if isinstance(plain, dict) and {"id", "heading", "says"} <= plain.keys():
        return plain["id"]
    return plain


def aligned(text: str) -> str:
    """
    Return a Markdown table with its columns padded, so that it reads well as plain text too.

    >>> print(aligned(markdown(("name", "days"), [["opening", "90"]])), end="")
    | name    | days |
    |---------|------|
    | opening | 90   |
    """
    head, _, *lines = [line[2:-2].split(" | ") for line in text.splitlines()]
    rows = [head, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    padded.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(padded) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


@attrs.frozen(kw_only=True)
class PolicyDiff:
    """
    What differs from one policy to another.

    >>> from subrenew.policy.vendors import autodesk
    >>> source = autodesk.EDITION_2024
    >>> made = policy_diff(source, source.evolve(id="own", saving_floor_rate=None))
    >>> made.count
    6
    >>> print(made.to_markdown())
    | parameter         | clauses                     | before        | after |
    |-------------------|-----------------------------|---------------|-------|
    | id                |                             | autodesk/2024 | own   |
    | saving_floor_rate | saving.floor, renewal-price | 0.05          | —     |
    <BLANKLINE>
    renewal-discount, 6 cells:
    <BLANKLINE>
    |      | situation | when ...
    """

    #: The policy compared from.
    before: RenewalPolicy
    #: The policy compared to.
    after: RenewalPolicy
    #: The parameters that differ, in their order.
    parameters: tuple[ParameterChange, ...]
    #: For each of `tables.QUESTIONS`, in that order, the cells that only one of the two reaches.
    tables: tuple[TableDiff, ...]

    @property
    def count(self) -> int:
        """How many cells differ, over all questions."""
        return sum(each.count for each in self.tables)

    def to_markdown(self) -> str:
        """Return the differences as aligned tables; empty where there are none."""
        lines = [
            [each.name, ", ".join(each.clauses), *map(_cell, each.texts)]
            for each in self.parameters
        ]
        parts = []
        if lines:
            parts.append(aligned(markdown(("parameter", "clauses", "before", "after"), lines)))
        for question, diff in zip(QUESTIONS, self.tables, strict=True):
            if diff.count:
                cells = f"{diff.count} cell" + "s" * (diff.count > 1)
                parts.append(f"{question.name}, {cells}:\n\n{aligned(diff.to_markdown())}")
        return "\n".join(parts)


def policy_diff(before: RenewalPolicy, after: RenewalPolicy) -> PolicyDiff:
    """
    Return what differs from one policy to another.

    Raises:
        InvalidType: One of them is no `RenewalPolicy`; of editions, compare two.
    """
    checks.instance("policy_diff.before", before, RenewalPolicy)
    checks.instance("policy_diff.after", after, RenewalPolicy)
    cited = RenewalPolicy.cited()
    return PolicyDiff(
        before=before,
        after=after,
        parameters=tuple(
            ParameterChange(
                name=field.name,
                clauses=tuple(each.id for each in cited.get(field.name, ())),
                before=getattr(before, field.name),
                after=getattr(after, field.name),
            )
            for field in written_fields(RenewalPolicy)
            if getattr(before, field.name) != getattr(after, field.name)
        ),
        tables=tuple(table(each, before).diff(table(each, after)) for each in QUESTIONS),
    )
