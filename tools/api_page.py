"""The public names with their signatures, so that a change of them shows in a diff."""

import importlib
import inspect
from enum import Enum
from types import ModuleType

import attrs

import subrenew
from subrenew import tables
from tools.decision_pages import NOTE

#: Modules whose ``__all__`` is promised; the others are found through these.
MODULES = ("subrenew", "subrenew.rules.tables", "subrenew.policy.vendors.autodesk")

WIDTH = 80
INTRO = """\
Every public name, written from the code. A pull request that changes one changes this page too, so
that nothing public changes unseen. What is promised about them stands under
[Compatibility](../compatibility.md).
"""

REFERENCE_INTRO = """\
Everything here is imported from `subrenew` itself, and the vendors' policies from
`subrenew.policy.vendors`. The [list of signatures](public-api.md) is shorter.
"""
REFERENCE_END = """\
## Decision tables

`subrenew.tables` is this module.

```{eval-rst}
.. automodule:: subrenew.rules.tables
```

## Vendors

```{eval-rst}
.. automodule:: subrenew.policy.vendors.autodesk
   :no-members:

.. currentmodule:: subrenew

.. py:data:: subrenew.policy.vendors.autodesk.EDITIONS
   :type: Editions

   The source, and the page that followed it.

.. py:data:: subrenew.policy.vendors.autodesk.EDITION_2024
   :type: RenewalPolicy

   The source, clause by clause.

.. py:data:: subrenew.policy.vendors.autodesk.EDITION_2025_12
   :type: RenewalPolicy

   Late renewal in stages, the purchaser alone renews, no saving is promised.
```
"""
#: Headings of the reference, and the modules below each of them; the first that fits counts.
GROUPS = (
    (
        "Questions",
        "The entity comes first, the day by name as `on`; each returns a decision or a value.",
        "rules function",
    ),
    ("Ways forward", "Enums: the route of a decision is a member of one of these.", "rules route"),
    ("Decisions", "What a question is asked with, and what it returns.", "rules"),
    ("Money", "Exact amounts of one currency.", "model.money"),
    ("Time", "Terms, windows and dated values.", "model.terms"),
    ("Entities", "What there is. Frozen values, checked once.", "model"),
    ("Prices", "What things cost, dated.", "policy.prices"),
    ("Policies", "What a vendor decides, as data.", "policy"),
    (
        "Quotes and plans",
        "What a renewal costs, and what a portfolio needs.",
        "renewal.quotes renewal.plans",
    ),
    ("Carts", "What is renewed together, and paid.", "renewal.carts"),
    (
        "Transitions",
        "What happens to a subscription: the next value, or a refusal with its decision.",
        "renewal",
    ),
    ("Words", "How it is said, and text as people write it.", "words"),
    ("Storage", "What an application implements, and the use cases over it.", "repositories desk"),
    ("Clauses", "[The source](../source.md), as values.", "clauses"),
    ("Errors", "What a caller did wrong. A refusal is never one of these.", "errors"),
    ("More", "Everything else.", ""),
)

_STARS: dict[object, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def _default(value: object) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is attrs.NOTHING:
        return "..."
    if inspect.isroutine(value):
        return value.__name__  # its repr is an address
    if isinstance(value, frozenset) and value:
        return f"frozenset({{{', '.join(sorted(map(_default, value)))}}})"
    return repr(value)


def _annotation(annotation: object) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def signature(function: object) -> str:
    """Return a signature that is the same on every Python and every machine."""
    words, star = [], False
    taken = inspect.signature(function)  # type: ignore[arg-type]
    for each in taken.parameters.values():
        if each.name in ("self", "cls"):
            continue
        if each.kind is each.KEYWORD_ONLY and not star:
            words.append("*")
            star = True
        mark = _STARS.get(each.kind, "")
        star = star or mark == "*"
        note = _annotation(each.annotation)
        text = f"{mark}{each.name}" + (f": {note}" if note else "")
        if each.default is not each.empty:
            text += f" = {_default(each.default)}"
        words.append(text)
    result = _annotation(taken.return_annotation)
    arrow = f" -> {result}" if result not in ("", "None") else ""
    if sum(map(len, words)) > WIDTH:
        # One argument a line, so that a change of one shows as one line.
        return "(\n" + "".join(f"{' ' * 8}{word},\n" for word in words) + f"    ){arrow}"
    return f"({', '.join(words)}){arrow}"


def _member(name: str, value: object) -> str | None:
    if isinstance(value, classmethod):
        return f"    classmethod {name}{signature(value.__func__)}"
    if isinstance(value, staticmethod):
        return f"    staticmethod {name}{signature(value.__func__)}"
    if isinstance(value, property):
        result = _annotation(inspect.signature(value.fget).return_annotation)  # type: ignore[arg-type]
        return f"    property {name}: {result}"
    if inspect.isfunction(value):
        return f"    {name}{signature(value)}"
    return None


def _enum(cls: type[Enum]) -> list[str]:
    bases = ", ".join(base.__name__ for base in cls.__bases__)
    return [f"class {cls.__name__}({bases})"] + [
        f"    {member.name} = {member.value!r}" for member in cls
    ]


def _class(cls: type) -> list[str]:
    if issubclass(cls, Enum):
        return _enum(cls)
    bases = [base.__name__ for base in cls.__bases__ if base is not object]
    lines = [f"class {cls.__name__}" + (f"({', '.join(bases)})" if bases else "")]
    fields = attrs.fields_dict(cls) if attrs.has(cls) else {}
    if fields or "__init__" in vars(cls):
        lines.append(f"    __init__{signature(cls.__init__)}")
    lines += [
        f"    {name}: {_annotation(field.type)}"
        for name, field in fields.items()
        if not name.startswith("_")
    ]
    for name, value in vars(cls).items():
        if not name.startswith("_") and name not in fields and (line := _member(name, value)):
            lines.append(line)
    return lines


def _entry(name: str, value: object) -> list[str]:
    if isinstance(value, ModuleType):
        return [f"module {name} = {value.__name__}"]
    if inspect.isclass(value):
        return _class(value)
    if inspect.isfunction(value):
        return [f"{name}{signature(value)}"]
    return [f"{name}: {type(value).__name__}"]


def listing(module_name: str) -> str:
    """Return every public name of a module with its signature, in alphabetical order."""
    module = importlib.import_module(module_name)
    entries = [_entry(name, getattr(module, name)) for name in sorted(module.__all__)]
    return "\n".join("\n".join(entry) for entry in entries) + "\n"


def page() -> str:
    """Return the page of all public names."""
    parts = [
        "# Names and signatures\n",
        NOTE,
        INTRO,
    ]
    for name in MODULES:
        parts += [f"## {name}\n", f"```text\n{listing(name)}```\n"]
    return "\n".join(parts)


def _group(value: object) -> int:
    """Return the number of the first group in `GROUPS` that a public name belongs to."""
    module = getattr(value, "__module__", "subrenew.clauses").removeprefix("subrenew.")
    shape = "function" if inspect.isfunction(value) else ""
    if inspect.isclass(value) and any(value is type(each.cells[0].route) for each in _tables()):
        shape = "route"
    for number, (_, _, places) in enumerate(GROUPS):
        *prefixes, last = places.split() or [""]
        if last in ("function", "route"):
            if last == shape and module.startswith(prefixes[0]):
                return number
        elif any(module.startswith(place) for place in (*prefixes, last)):
            return number
    raise AssertionError(value)  # the last group takes everything


def _tables() -> list[tables.DecisionTable]:
    return [tables.table(question) for question in tables.QUESTIONS]


def _directive(name: str, value: object) -> str:
    if inspect.isclass(value):
        kind = "autoexception" if issubclass(value, Exception) else "autoclass"
    elif inspect.isfunction(value):
        kind = "autofunction"
    else:
        return f".. autodata:: {name}\n   :no-value:"
    return f".. {kind}:: {name}"


def reference() -> str:
    """Return the page that describes every public name, grouped."""
    groups: dict[int, list[str]] = {}
    for name, value in ((name, getattr(subrenew, name)) for name in subrenew.__all__):
        if not inspect.ismodule(value):
            groups.setdefault(_group(value), []).append(_directive(name, value))
    parts = ["# The public names\n", NOTE, REFERENCE_INTRO]
    for number in sorted(groups):
        title, intro, _ = GROUPS[number]
        body = "\n".join(groups[number])
        directives = f".. currentmodule:: subrenew\n\n{body}\n"
        parts += [f"## {title}\n", f"{intro}\n", f"```{{eval-rst}}\n{directives}```\n"]
    return "\n".join([*parts, REFERENCE_END])
