"""Which clause of the source is claimed by what, found by reading the code and the tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from subrenew import CLAUSES, Clause, RenewalPolicy, clauses, tables
from tools.decision_pages import NOTE

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "subrenew"
TESTS = ROOT / "tests"
#: What marks a test as the proof of a clause; `tools.clause_removal` shows that it is one.
MARK = "pytest.mark.clause"
INTRO = """\
The source is a vendor's help page about renewals. Its sentences stay there; here is each of its
clauses in our own words, with what follows from it: findings, routes and actions of the
[decision tables](reference/tables/index.md), parameters of the
[policy](reference/policies/autodesk.md), other code, and the tests that fail when the clause's code
or data is taken away (`make clauses` shows it). Where the source can be read in two ways, see
[Readings](readings.md).
"""

_CONSTANTS = {name: value for name, value in vars(clauses).items() if isinstance(value, Clause)}

Named = tuple[str, ast.AST]


def _named(tree: ast.AST, prefix: str = "") -> Iterator[Named]:
    """Yield every node with the dotted name of the function or class that it stands in."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            name = f"{prefix}.{child.name}" if prefix else child.name
            yield name, child
            yield from _named(child, name)
        else:
            yield prefix, child
            yield from _named(child, prefix)


def _aliases(tree: ast.AST) -> tuple[set[str], dict[str, str]]:
    """Return the names that stand for the module of clauses, and those for single clauses."""
    modules: set[str] = set()
    single: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "subrenew":
            modules |= {each.asname or each.name for each in node.names if each.name == "clauses"}
        if isinstance(node, ast.ImportFrom) and node.module == "subrenew.clauses":
            single |= {each.asname or each.name: each.name for each in node.names}
    return modules, single


def references(tree: ast.AST) -> Iterator[tuple[Clause, str]]:
    """Yield each clause that a module refers to as a value, with where it stands."""
    modules, single = _aliases(tree)
    for name, node in _named(tree):
        constant = None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            constant = node.attr if node.value.id in modules else None
        elif isinstance(node, ast.Name):
            constant = single.get(node.id)
        if constant in _CONSTANTS:
            yield _CONSTANTS[constant], name


def marked(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each clause's id with the test that is marked as its proof."""
    for name, node in _named(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == MARK:
                    yield from ((str(ast.literal_eval(each)), name) for each in mark.args)


@cache
def _trees(folder: Path) -> tuple[tuple[str, ast.Module], ...]:
    files = sorted(folder.rglob("*.py"))
    return tuple(
        (file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8")))
        for file in files
    )


@cache
def _tested() -> tuple[tuple[str, str, str], ...]:
    return tuple((id_, path, name) for path, tree in _trees(TESTS) for id_, name in marked(tree))


def stray() -> set[str]:
    """Return what tests are marked with that is no binding clause."""
    return {id_ for id_, _, _ in _tested()} - {each.id for each in CLAUSES if each.binding}


def decided(clause: Clause) -> list[str]:
    """Return the findings, routes and actions that follow from a clause."""
    found: dict[str, None] = {}
    for question in tables.QUESTIONS:
        every = tables.table(question).cells
        found |= {
            f"finding `{bar.code}` of `{question.name}`": None
            for bar in question.bars
            if bar.clause is clause
        }
        found |= {
            f"route `{member}` of `{question.name}`": None
            for member in type(every[0].route)
            if getattr(member, "clause", None) is clause
        }
        found |= {
            f"action `{step.code}` of `{question.name}`": None
            for cell in every
            for step in cell.steps
            if step.clause is clause
        }
    return list(found)


def parameters(clause: Clause) -> list[str]:
    """Return the parameters of a policy that come from a clause."""
    return [name for name, cited in RenewalPolicy.cited().items() if clause in cited]


def code(clause: Clause) -> list[str]:
    """Return the functions and classes that refer to a clause, as module:name."""
    found: dict[str, None] = {}
    for path, tree in _trees(SOURCE):
        if path == "src/subrenew/clauses.py":
            continue
        module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
        module = module.removesuffix(".__init__")
        found |= {
            f"{module}:{name}" if name else module: None
            for each, name in references(tree)
            if each is clause
        }
    return sorted(found)


def _is_shown_above(place: str, clause: Clause) -> bool:
    """Return whether a place in the code is a finding, a route or a parameter already listed."""
    name = place.rpartition(":")[2]
    routes = {type(tables.table(each).cells[0].route).__name__ for each in tables.QUESTIONS}
    bars = {
        bar.holds.__name__ for each in tables.QUESTIONS for bar in each.bars if bar.clause is clause
    }
    return name in routes | bars | {RenewalPolicy.__name__}


def tests(clause: Clause) -> list[str]:
    """Return the tests that are marked with a clause, as path::name."""
    return [f"{path}::{name}" for id_, path, name in _tested() if id_ == clause.id]


def _listed(clause: Clause) -> list[str]:
    """Return one text for each file of marked tests: the file, and the tests in it."""
    names: dict[str, list[str]] = {}
    for each in tests(clause):
        path, _, name = each.partition("::")
        names.setdefault(path, []).append(f"`{name}`")
    return [f"`{path}`: {', '.join(found)}" for path, found in names.items()]


def _section(clause: Clause) -> list[str]:
    kind = "binding" if clause.binding else "informative: nothing follows from it"
    places = [each for each in code(clause) if not _is_shown_above(each, clause)]
    rows = (
        ("Decides", decided(clause)),
        ("Parameters", [f"`{each}`" for each in parameters(clause)]),
        ("Code", [f"`{each}`" for each in places]),
    )
    claims = [f"- {title}: {', '.join(values)}" for title, values in rows if values]
    claims += [f"- Tests in {each}" for each in _listed(clause)]
    if clause.binding and not claims:
        claims = ["- *nothing claims it yet*"]
    lines = [f"({anchor(clause)})=", f"### {clause.id}\n", f"{clause.says} *({kind})*\n"]
    return [*lines, "\n".join(claims) + "\n"] if claims else lines


def anchor(clause: Clause) -> str:
    """Return the name under which other pages link to a clause."""
    return "clause-" + clause.id.replace(".", "-")


def page() -> str:
    """Return the page of the source, clause by clause."""
    binding = sum(each.binding for each in CLAUSES)
    parts = [
        "# The source, clause by clause\n",
        NOTE,
        INTRO,
        f"Of {len(CLAUSES)} clauses {binding} are binding.\n",
    ]
    heading = None
    for clause in CLAUSES:
        if clause.heading != heading:
            heading = clause.heading
            parts.append(f"## {heading.capitalize()}\n")
        parts += _section(clause)
    return "\n".join(parts)
