"""No mapping and no match over an enum is partial; they are found here, and not listed by hand."""

import ast
import enum
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import subrenew
from subrenew import Attention, Route
from tests.django_project import set_up_django

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for folder in ("src", "examples", "tools")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "__init__.py"
]
#: Part of the examples' extra; without it their modules cannot be imported.
OPTIONAL = ("django", "fastapi", "sqlalchemy", "jinja2", "uvicorn")


def namespace_of(path: Path) -> dict[str, Any]:
    """Return the names of a module, by which its keys are understood."""
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("src.")
    try:
        if "django_shop" in path.parts:
            set_up_django()
        return vars(importlib.import_module(dotted))
    except ModuleNotFoundError as error:
        if error.name not in OPTIONAL:
            raise
        pytest.skip("the extra 'examples' is not installed")


def member(node: ast.expr | None, names: dict[str, Any]) -> object:
    """Return the enum's member that an expression names; ``None`` where it names none."""
    match node:
        case ast.Name(id=name):
            found = names.get(name)
        case ast.Attribute(value=owner, attr=name):
            found = getattr(named(owner, names), name, None)
        case _:
            found = None
    return found if isinstance(found, enum.Enum) else None


def named(node: ast.expr, names: dict[str, Any]) -> object:
    """Return what a dotted name stands for in a module."""
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=owner, attr=name):
            return getattr(named(owner, names), name, None)
        case _:
            return None


def enums() -> Iterator[type[enum.Enum]]:
    """Yield the library's enums of words."""
    for name, module in list(sys.modules.items()):
        if name.startswith("subrenew"):
            for each in vars(module).values():
                if isinstance(each, type) and issubclass(each, enum.Enum) and len(each) > 1:
                    yield each


def partial_dict(node: ast.Dict, names: dict[str, Any]) -> str | None:
    """Return what a dictionary over one enum lacks, by its members or by their words."""
    members = [found for key in node.keys if (found := member(key, names)) is not None]
    if members:
        kind = type(members[0])
        missing = [str(each) for each in kind if each not in members]
        ours = kind.__module__.startswith(("subrenew", "examples", "tools", "made"))
        return ", ".join(missing) or None if len(members) > 1 and ours else None
    words = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    if len(words) < 2 or len(words) != len(node.keys):
        return None
    for kind in set(enums()):
        known = {each.value for each in kind}
        if words < known:
            return ", ".join(sorted(known - words))
    return None


def cases_of(pattern: ast.pattern) -> Iterator[ast.pattern]:
    """Yield the alternatives of a case."""
    if isinstance(pattern, ast.MatchOr):
        for each in pattern.patterns:
            yield from cases_of(each)
    else:
        yield pattern


def is_open_match(node: ast.Match, names: dict[str, Any]) -> bool:
    """Return whether a match over an enum may end without a case."""
    over = [
        each
        for case in node.cases
        for each in cases_of(case.pattern)
        if isinstance(each, ast.MatchValue) and member(each.value, names) is not None
    ]
    last = node.cases[-1]
    rest = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
    return bool(over) and not (rest and last.guard is None)


def problems(tree: ast.Module, names: dict[str, Any]) -> Iterator[str]:
    """Yield what is partial in a module, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and (missing := partial_dict(node, names)):
            yield f"line {node.lineno}: the mapping lacks {missing}"
        if isinstance(node, ast.Match) and is_open_match(node, names):
            yield f"line {node.lineno}: the match has neither a wildcard nor assert_never"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_over_an_enum_is_partial(path: Path) -> None:
    """A member that is added later cannot be forgotten: the module that forgets it fails here."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not any(isinstance(node, ast.Dict | ast.Match) for node in ast.walk(tree)):
        return
    assert list(problems(tree, namespace_of(path))) == []


def test_mappings_are_found() -> None:
    """The finder sees the mappings that are known to be there, or it would prove nothing."""
    found = {
        type(first).__name__
        for path in FILES
        if path.is_relative_to(ROOT / "src")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        and (first := next((member(key, namespace_of(path)) for key in node.keys), None))
    }
    assert {"Route", "Anchor", "GroupKey", "Timing", "TrialAfter", "Unit", "TermRoute"} <= found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("A = {Attention.NOW: 1, Attention.LATER: 2}", "lacks none, over"),
        ("A = P({Attention.NOW: 1, Attention.LATER: 2, Attention.NONE: 3})", "lacks over"),
        ("A = {own.Attention.NOW: 1, own.Attention.LATER: 2}", "lacks none, over"),
        ("A = {each: 1 for each in Attention}", None),
        ("A = {Attention.NOW: 1}", None),
        ("A = {a: 1 for a in (1, 2)}", None),
        (
            "A = {Attention.NOW: 1, Attention.LATER: 2, Attention.NONE: 3, Attention.OVER: 4}",
            None,
        ),
        ("A = {NOW: 1, LATER: 2, NONE: 3}", "lacks over"),
        ("A = {'now': 1, 'later': 2, 'none': 3}", "lacks over"),
        ("A = {'now': 1, 'later': 2, 'none': 3, 'over': 4}", None),
        ("A = {'now': 1, 'later': 2, 'never': 3}", None),
        ("match x:\n  case Attention.NOW: pass\n  case Attention.LATER: pass", "the match"),
        ("match x:\n  case Attention.NOW | Attention.LATER: pass", "the match"),
        ("match x:\n  case Attention.NOW: pass\n  case y if y: pass", "the match"),
        ("match x:\n  case Attention.NOW: pass\n  case _: pass", None),
        ("match x:\n  case Attention.NOW: pass\n  case never: assert_never(never)", None),
        ("match x:\n  case int(): pass\n  case str(): pass", None),
    ],
)
def test_what_is_partial_is_named(source: str, found: str | None) -> None:
    """By the member that is missing, or by the match."""
    names = {"Attention": Attention, "own": subrenew, "Route": Route}
    names |= dict(zip(("NOW", "LATER", "NONE", "OVER"), Attention, strict=True))
    said = list(problems(ast.parse(source), names))
    if found is None:
        assert said == []
    else:
        (one,) = said
        assert found in one
