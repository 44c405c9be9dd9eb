"""The page of a vendor's policy: every parameter of every edition, with its clauses."""

import ast
import inspect
import sys
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

import attrs

from subrenew import (
    Clause,
    Editions,
    Product,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    Term,
    Unit,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules.tables import markdown
from tools.decision_pages import NOTE

_LONG = 4


def meanings() -> dict[str, str]:
    """Return what the source says of each parameter, in its `#:` comments."""
    source = inspect.getsource(sys.modules[RenewalPolicy.__module__])
    lines = source.splitlines()
    [policy] = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == RenewalPolicy.__name__
    ]
    found = {}
    for node in policy.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            first = node.lineno - 1
            while lines[first - 1].strip().startswith("#:"):
                first -= 1
            comment = [line.strip().removeprefix("#:").strip() for line in lines[first:]]
            found[node.target.id] = " ".join(comment[: node.lineno - 1 - first])
    return found


def _term(term: Term) -> str:
    month = term.unit is Unit.MONTH and term.count == 1
    return "one month" if month else f"{term.count} {term.unit}s"


def _length(length: StageLength, *, only: bool) -> str:
    less = f" less those of {', '.join(length.less)}" if length.less else ""
    if only:
        return f"{length.days} days{less}"
    terms = f"terms up to {_term(length.up_to)}" if length.up_to else "longer terms"
    return f"{length.days} days{less} for {terms}"


def _stage(stage: Stage) -> str:
    lengths = {(each.days, each.less): each for each in stage.lengths}
    shown = lengths.values() if len(lengths) == 1 else stage.lengths
    days = ", ".join(_length(each, only=len(lengths) == 1) for each in shown)
    words = [
        f"access {stage.access}",
        *_changed(stage, but=("name", "access", "lengths", "clause")),
    ]
    return f"*{stage.name}*, {', '.join(words)}: {days}"


def _changed(value: object, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return the fields of a value that are not as they are by default, with their words."""
    return [
        f"{field.name.replace('_', '-')} {human(field.name, getattr(value, field.name))}"
        for field in attrs.fields(type(value))  # type: ignore[arg-type]
        if field.init and field.name not in but and getattr(value, field.name) != field.default
    ]


def _one(value: object) -> str:
    match value:
        case Clause():
            return f"`{value}`"
        case Stage():
            return _stage(value)
        case Product():
            return value.code
        case RegionWays():
            return f"{value.region}: {value.way}"
        case Enum():
            return f"`{value.value}`"
        case Term():
            return _term(value)
        case _ if attrs.has(type(value)):
            return ", ".join(_changed(value)) or "nothing"
        case _:
            return str(value)


def human(name: str, value: object) -> str:
    """Return a parameter's value as a person would write it."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{(value * 100).normalize():f} %"
        case Term():
            return _term(value)
        case int():
            return f"{value} days" if name.endswith("_days") else str(value)
        case frozenset() | tuple() if not value:
            return "none"
        case frozenset():
            return ", ".join(sorted(_one(each) for each in value))
        case tuple() if len(value) > _LONG:
            return f"{len(value)}, [listed below](#{name.replace('_', '-')})"
        case tuple():
            return "; ".join(_one(each) for each in value)
        case _:
            return _one(value)


def _aliases(value: object) -> str:
    names = sorted(value.aliases) if isinstance(value, Product) else []
    return "".join(f"; also {name}" for name in names)


def _listed(name: str, policies: Iterable[RenewalPolicy]) -> list[str]:
    values = {policy.id: getattr(policy, name) for policy in policies}
    different = dict.fromkeys(values.values())
    if not any(isinstance(value, tuple) and len(value) > _LONG for value in different):
        return []
    parts = [f"## {name.replace('_', '-')}\n"]
    for value in different:
        holders = " and ".join(f"`{id_}`" for id_, held in values.items() if held == value)
        parts.append(f"In {holders}:\n")
        if all(isinstance(each, RegionWays) for each in value):
            ways = dict.fromkeys(each.way for each in value)
            lines = [
                f"- `{way}`: {', '.join(each.region for each in value if each.way is way)}"
                for way in ways
            ]
        else:
            lines = [f"- {_one(each)}{_aliases(each)}" for each in value]
        parts.append("\n".join(lines) + "\n")
    return parts


def _cited(
    name: str, general: tuple[Clause, ...], policies: Iterable[RenewalPolicy]
) -> dict[Clause, None]:
    """Return the vocabulary's clauses of a parameter, and those that the policies give for it."""
    own = []
    for policy in policies:
        value = getattr(policy, name)
        parts = value if isinstance(value, tuple) else (value,)
        own += [getattr(each, "clause", None) for each in parts]
        own += [each.clause for each in policy.cites if each.parameter == name]
    return dict.fromkeys((*general, *(each for each in own if each is not None)))


def vendor_page(title: str, editions: Editions, intro: str) -> str:
    """Return the page of one vendor's editions."""
    policies = [edition.policy for edition in editions.editions]
    about = [
        [
            f"`{edition.policy.id}`",
            str(edition.from_on),
            str(edition.policy.verified_until or ""),
            edition.policy.source or "",
        ]
        for edition in editions.editions
    ]
    lines, lists = [], []
    said = meanings()
    for name, cited in RenewalPolicy.cited().items():
        values = [human(name, getattr(policy, name)) for policy in policies]
        same = len(set(values)) == 1
        lines.append(
            [
                f"`{name}`",
                said[name],
                values[0],
                *("*the same*" if same else value for value in values[1:]),
                ", ".join(f"`{clause}`" for clause in _cited(name, cited, policies)),
            ]
        )
        lists += _listed(name, policies)
    head = ("parameter", "what it says", *(f"`{policy.id}`" for policy in policies), "clauses")
    parts = [
        f"# {title}\n",
        NOTE,
        intro,
        "## Editions\n",
        markdown(("edition", "in force from", "source last checked", "source"), about),
        "## Parameters\n",
        markdown(head, lines),
        *lists,
    ]
    return "\n".join(parts)


def autodesk_page() -> str:
    """Return the page of the policies that this library implements clause by clause."""
    return vendor_page(
        "Autodesk's policy",
        autodesk.EDITIONS,
        "`subrenew.policy.vendors.autodesk` holds these values. What the page does not say is\n"
        "unset. The [source, clause by clause](../../source.md) tells what each clause means.\n",
    )
