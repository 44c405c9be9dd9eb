"""The laws that hold for the whole house, read from its source or watched while it runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

import subrenew

ROOT = Path(inspect.getfile(subrenew)).parent
#: From the ground up; a floor imports only the floors below it and itself.
FLOORS = (
    ("errors",),
    ("clauses",),
    ("model",),
    ("policy",),
    ("rules",),
    ("renewal",),
    ("words",),
    ("repositories", "passwords", "collecting"),
    ("answers", "order_pages"),
    ("order_records",),
    ("desk",),
    ("frames",),
    ("testing",),
)
LEVELS = {name: level for level, names in enumerate(FLOORS) for name in names}
CORE = ("errors", "clauses", "model", "policy", "rules", "renewal")
CLOCK_AND_CHANCE = {
    *("asyncio", "http", "io", "logging", "os", "pathlib", "random", "secrets"),
    *("socket", "subprocess", "tempfile", "threading", "time", "urllib", "uuid"),
}


def _modules(*floors: str) -> list[Path]:
    paths = []
    for floor in floors:
        single = ROOT / f"{floor}.py"
        paths += [single] if single.exists() else sorted((ROOT / floor).rglob("*.py"))
    return paths


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


CORE_PATHS = _modules(*CORE)
ALL_PATHS = sorted(ROOT.rglob("*.py"))
ALL_NAMES = [_name(path) for path in ALL_PATHS]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


def _floor(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "subrenew" and len(parts) > 1 else None


@pytest.mark.parametrize("path", CORE_PATHS, ids=_name)
def test_the_core_knows_no_clock_no_chance_and_no_file(path: Path) -> None:
    """No import of a module that could read a clock, draw lots or leave the process."""
    found = {name.split(".")[0] for name, _ in _imported(_tree(path))}
    assert not found & CLOCK_AND_CHANCE


@pytest.mark.parametrize("path", CORE_PATHS, ids=_name)
def test_nobody_asks_what_day_it_is(path: Path) -> None:
    """Neither `today()` nor `now()` nor a timestamp, of whatever date or datetime."""
    asked = [
        ast.unparse(node)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute)
        and (
            node.attr in {"today", "utcnow", "fromtimestamp", "utcfromtimestamp"}
            or (node.attr == "now" and ast.unparse(node.value).endswith(("date", "datetime")))
        )
    ]
    assert asked == []


@pytest.mark.parametrize("path", CORE_PATHS, ids=_name)
def test_the_core_holds_no_float_and_calls_nothing_outside(path: Path) -> None:
    """No float literal, no `float()`, and none of `open`, `print`, `input`, `eval`, `exec`."""
    outside = {"open", "print", "input", "eval", "exec", "compile", "__import__", "float", "round"}
    found = [
        ast.unparse(node)
        for node in ast.walk(_tree(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in outside
        )
    ]
    assert found == []


MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)


@pytest.mark.parametrize("path", CORE_PATHS, ids=_name)
def test_no_module_holds_anything_that_can_be_changed(path: Path) -> None:
    """Only tuples, frozensets and mapping proxies stand at module level; `__all__` is a list."""
    found = []
    for node in _tree(path).body:
        if isinstance(node, ast.Assign):
            names = [ast.unparse(target) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            names = [ast.unparse(node.target)]
        else:
            continue
        value = node.value
        made_by = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
        if names != ["__all__"] and (
            isinstance(value, MUTABLE)
            or made_by in {"list", "dict", "set", "defaultdict", "Counter", "deque", "bytearray"}
        ):
            found.append(names)
    assert found == []


@pytest.mark.parametrize("path", CORE_PATHS, ids=_name)
def test_no_function_changes_its_module(path: Path) -> None:
    """No `global`, and no cache without a bound."""
    tree = _tree(path)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    assert "functools.cache" not in {name for name, _ in _imported(tree)}
    assert "maxsize=None" not in ast.unparse(tree)


@pytest.mark.parametrize("path", _modules(*LEVELS), ids=_name)
def test_a_floor_imports_only_the_floors_below_it(path: Path) -> None:
    """Imports point downwards; only inside a function may a value ask for words."""
    tree = _tree(path)
    level = LEVELS[_floor(_name(path))]
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    for name, node in _imported(tree):
        floor = _floor(name)
        if name.split(".")[0] != "subrenew" or floor not in LEVELS:
            continue
        asks_for_words = floor == "words" and id(node) in inside
        assert LEVELS[floor] <= level or asks_for_words, f"{name} stands above {path.name}"


def test_every_floor_is_known() -> None:
    """A module that is new has been given its floor in this file."""
    found = {_floor(name) for name in ALL_NAMES} - {None}
    assert found <= set(LEVELS)


@pytest.mark.parametrize(
    ("library", "only"), [("dateutil", "subrenew.model.terms"), ("babel", "subrenew.words")]
)
def test_one_place_knows_each_library(library: str, only: str) -> None:
    """Dates are computed with dateutil in one module, and spoken with Babel on one floor."""
    users = {
        _name(path)
        for path in ALL_PATHS
        for name, _ in _imported(_tree(path))
        if name.split(".")[0] == library
    }
    assert all(f"{user}.".startswith(f"{only}.") for user in users)


def _rank(name: str) -> tuple[object, ...]:
    # As Ruff sorts: by kind, and numbers within a name as numbers.
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    parts = re.split(r"([0-9]+)", name)
    return kind, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


@pytest.mark.parametrize("name", [each for each in ALL_NAMES if ".testing" not in each])
def test_public_names_are_sorted_and_there(name: str) -> None:
    """`__all__` is one literal: constants, classes, functions, each once, each importable."""
    module = importlib.import_module(name)
    public = getattr(module, "__all__", [])
    assert public == sorted(set(public), key=_rank)
    assert [each for each in public if not hasattr(module, each)] == []


def test_all_is_one_literal() -> None:
    """No module computes what it exports."""
    for path in ALL_PATHS:
        for node in ast.walk(_tree(path)):
            target = getattr(node, "targets", [getattr(node, "target", None)])[0]
            if isinstance(target, ast.Name) and target.id == "__all__":
                assert isinstance(node, ast.Assign | ast.AnnAssign)
                assert isinstance(ast.literal_eval(node.value), list)


def test_the_package_exports_exactly_what_it_imports() -> None:
    """`subrenew/__init__.py` is imports and one `__all__`, and holds no code."""
    tree = _tree(ROOT / "__init__.py")
    names = {name.rsplit(".", 1)[1] for name, _ in _imported(tree)}
    assert names == set(subrenew.__all__)
    kinds = {type(node) for node in tree.body}
    assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign, ast.AnnAssign}


def _values() -> list[type]:
    found = {}
    for path in CORE_PATHS:
        module = importlib.import_module(_name(path))
        for each in vars(module).values():
            if isinstance(each, type) and attrs.has(each) and each.__module__ == module.__name__:
                found[f"{each.__module__}.{each.__qualname__}"] = each
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("value", _values(), ids=lambda value: value.__name__)
def test_values_do_not_inherit(value: type) -> None:
    """A value holds others; it is not one of them."""
    assert {base.__name__ for base in value.__bases__} <= {"object", "Generic"}


@pytest.mark.parametrize("value", _values(), ids=lambda value: value.__name__)
def test_values_are_frozen_and_slotted(value: type) -> None:
    """No attribute can be set, and none can be added."""
    assert "__slots__" in vars(value)
    assert not [each for each in attrs.fields(value) if each.on_setattr]
    assert value.__setattr__ is not object.__setattr__


_WATCHED = """
import sys
from datetime import date
from decimal import Decimal
from subrenew import *
from subrenew.policy.vendors import autodesk

def everything():
    subscription = Subscription(
        id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1),
        auto_renew=AutoRenew.ON, payment_method=PaymentMethod.card(expires="2025-11"),
    )
    price = ListPrice(
        product="CAD", term=Term.years(1), price=Money("10.01", "USD"), from_on=date(2024, 1, 1)
    )
    rate = RenewalRate(rate=Decimal("0.08"), from_on=date(2024, 1, 1))
    prices = PriceList(prices=(price,), rates=(rate,))
    order = Order(number="PO-1", placed_on=date(2025, 1, 1), subscriptions=(subscription,))
    spring = (Reduction(code="SPRING", rate=Decimal("0.1")),)
    actor = Actor(id="P-1", roles=frozenset({Role.USER}))
    for on in (date(2025, 6, 1), date(2025, 12, 1), date(2026, 1, 10), date(2026, 3, 1)):
        asked = {"policy": autodesk.EDITIONS, "on": on}
        renewal_window(subscription, **asked)
        late_window(subscription, **asked)
        quoted = [
            renewal_quote(subscription, prices=prices, **asked),
            renewal_quote(subscription, prices=prices, reductions=spring, **asked),
            order_quote(order, prices=prices, **asked),
        ]
        made = plan([subscription, order], prices=prices, **asked)
        decisions = [
            renewability(subscription, **asked),
            renewability(subscription, actor=actor, **asked),
            exclusions(subscription, reductions=spring, **asked),
            renewal_discount(subscription, prices=prices, **asked),
            term_change(subscription, to=Term.months(1), region="FR", **asked),
        ]
        for each in (*quoted, *decisions):
            each.findings, repr(each), hash(each)
        for each in decisions:
            each.actions, each.changes_on, each.access, each.rate, each.facts
        for each in quoted:
            each.total, each.list_total, each.saving, each.saving_rate
        made.totals(), made.attention(), made.by_route(), made.by_month(), made.unpriced()
        [(line.window, line.next_on, line.attention) for line in made.lines]
    for name in ("renewability", "exclusions", "renewal-discount", "term-change"):
        old, new = (tables.table(name, each.policy) for each in autodesk.EDITIONS.editions)
        old.to_csv(), old.to_markdown(), old.diff(new).to_markdown(), tables.faults(old)

everything()  # whatever is imported late has now been imported
seen = []
watched = ("open", "socket", "import", "os.", "subprocess", "time", "urllib")
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith(watched) else None)
everything()
assert not seen, seen
open(sys.executable, "rb").close()
assert seen == ["open"], "the hook sees what happens"
"""


def test_deciding_touches_nothing_outside() -> None:
    """While every policy function runs, no file, socket, process or import is touched."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_policy_function_has_a_day_of_its_own() -> None:
    """The day is `on`: keyword-only, and required."""
    for name in subrenew.__all__:
        made = getattr(subrenew, name)
        if not inspect.isfunction(made):
            continue
        on = inspect.signature(made).parameters.get("on")
        if on is not None:
            assert on.kind is inspect.Parameter.KEYWORD_ONLY, name
            assert on.default is inspect.Parameter.empty, name
