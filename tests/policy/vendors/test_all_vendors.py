"""The laws that every vendor's policies keep, whoever the vendor is."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import subrenew
from subrenew import (
    Account,
    Channel,
    Editions,
    History,
    Kind,
    NotInForce,
    RenewalPolicy,
    Subscription,
)
from subrenew.policy import vendors
from subrenew.policy.editions import Edition
from subrenew.rules.questions import Question
from subrenew.rules.tables import MOST_CELLS, QUESTIONS, faults, table
from tests.makers import MONTHLY, a_subscription

ROOT = Path(inspect.getfile(subrenew)).parent
MODULES: dict[str, ModuleType] = {
    found.name: importlib.import_module(f"{vendors.__name__}.{found.name}")
    for found in pkgutil.iter_modules(vendors.__path__)
}
VENDORS = [pytest.param(module, id=name) for name, module in MODULES.items()]


def _policies(module: ModuleType) -> Iterator[RenewalPolicy]:
    for value in vars(module).values():
        if isinstance(value, RenewalPolicy):
            yield value
        elif isinstance(value, Editions):
            yield from (each.policy for each in value.editions)


POLICIES = {each.id: each for module in MODULES.values() for each in _policies(module)}
TABLES = [
    pytest.param(policy, question, id=f"{policy.id}-{question.name}")
    for policy, question in product(POLICIES.values(), QUESTIONS)
]


# Policies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", VENDORS)
def test_a_vendor_tells_its_story(module: ModuleType) -> None:
    """A module has editions, says where it is from, and shows itself at work."""
    assert isinstance(module.EDITIONS, Editions)
    assert ">>> " in (module.__doc__ or "")
    for edition in module.EDITIONS.editions:
        assert edition.policy.source
        assert edition.policy.clauses


@pytest.mark.parametrize("module", VENDORS)
def test_a_vendors_clauses_are_told_apart(module: ModuleType) -> None:
    """No policy cites two clauses of one identifier."""
    for policy in _policies(module):
        ids = [clause.id for clause in policy.clauses]
        assert len(ids) == len(set(ids))


def test_each_policy_has_an_identifier_of_its_own() -> None:
    """Two policies that differ have different identifiers, over all vendors."""
    for module in MODULES.values():
        for policy in _policies(module):
            assert POLICIES[policy.id] == policy


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_a_policy_is_a_value(policy: RenewalPolicy) -> None:
    """Equal policies have equal hashes, and one that is changed is another one."""
    again = policy.evolve()
    assert again is not policy
    assert (again, hash(again)) == (policy, hash(policy))
    assert policy.evolve(id="another") != policy


@pytest.mark.parametrize(("policy", "question"), TABLES)
def test_every_question_is_answered_in_every_cell(
    policy: RenewalPolicy, question: Question[Any]
) -> None:
    """At most 256 cells, each with one route, and each of these a word of the question's own."""
    made = table(question, policy)
    assert 0 < len(made.cells) <= MOST_CELLS == 256
    assert len({cell.facts for cell in made.cells}) == len(made.cells)
    assert len({type(cell.route) for cell in made.cells}) == 1
    assert all(isinstance(cell.route, StrEnum) for cell in made.cells)


#: A fault that is none, and the property of a policy that explains it.
EXPLAINED = {
    "bar region-unknown is in every cell": lambda policy: not policy.term_change_ways,
}


@pytest.mark.parametrize(("policy", "question"), TABLES)
def test_the_laws_of_the_tables_hold(policy: RenewalPolicy, question: Question[Any]) -> None:
    """No dead end, no bar without a cell free of it and no fact without effect, but explained."""
    found = [each for each in faults(table(question, policy)) if not each.endswith("in no cell")]
    for fault in found:
        assert fault in EXPLAINED, fault
        assert EXPLAINED[fault](policy), fault


def test_an_explanation_is_needed() -> None:
    """Where the regions of a change of term are named, no bar is in every cell."""
    named = [policy for policy in POLICIES.values() if policy.term_change_ways]
    assert named
    for policy in named:
        assert "bar region-unknown is in every cell" not in faults(table("term-change", policy))


# Editions ------------------------------------------------------------------------------------

FIRST, LAST = date(2010, 1, 1), date(2030, 12, 31)
DAYS = tuple(FIRST + timedelta(days=days) for days in range((LAST - FIRST).days + 1))


def _account(kind: str | None, country: str | None) -> Account:
    return Account(id="A-1", customer_kind=kind, country=country)


SUBSCRIPTIONS = (
    a_subscription(starts_on=date(2012, 2, 29), expires_on=date(2013, 2, 28)),
    a_subscription(
        account=_account("personal", "FR"),
        history=History(purchased_on=date(2024, 12, 31)),
    ),
    a_subscription(
        term=MONTHLY,
        starts_on=date(2026, 5, 1),
        account=_account("commercial", "US"),
        channel=Channel.PARTNER,
        history=History(
            purchased_on=date(2025, 1, 2), renewed_on=date(2026, 5, 1), offer="no-monthly-plan"
        ),
    ),
    a_subscription(kind=Kind.TRIAL, starts_on=date(2029, 12, 31)),
)


def _expected(editions: Editions, subscription: Subscription, on: date) -> RenewalPolicy | None:
    """The last edition of which every day has come, and whose scope covers it."""
    days = {
        "act": on,
        "term-end": subscription.expires_on,
        "purchase": subscription.history.purchased_on or subscription.starts_on,
        "last-renewal": subscription.history.renewed_on
        or subscription.history.purchased_on
        or subscription.starts_on,
    }

    def holds(edition: Edition) -> bool:
        starts = [(edition.keyed_on, edition.from_on)]
        starts += [(each.keyed_on, each.from_on) for each in edition.also]
        begun = all(days[keyed_on.value] >= from_on for keyed_on, from_on in starts)
        return begun and edition.scope.covers(subscription)

    found = [each.policy for each in editions.editions if holds(each)]
    return found[-1] if found else None


@pytest.mark.parametrize("module", VENDORS)
@pytest.mark.parametrize("subscription", SUBSCRIPTIONS, ids=["early", "late", "partner", "trial"])
def test_every_day_has_one_edition_or_none(module: ModuleType, subscription: Subscription) -> None:
    """From 2010 to 2030 each day has exactly one edition, or an error; once begun, never a gap."""
    editions: Editions = module.EDITIONS
    begun = False
    for on in DAYS:
        expected = _expected(editions, subscription, on)
        if expected is None:
            assert not begun, f"{on} is in a gap"
            with pytest.raises(NotInForce, match=re.escape(editions.editions[0].policy.id)):
                editions.in_force(subscription, on=on)
        else:
            begun = True
            assert editions.in_force(subscription, on=on) is expected
    assert begun


@pytest.mark.parametrize("module", VENDORS)
def test_an_edition_changes_on_its_first_day_only(module: ModuleType) -> None:
    """Where a day has another edition than the day before, it is a first day that is given."""
    editions: Editions = module.EDITIONS
    for subscription in SUBSCRIPTIONS:
        given = set(editions.starts_after(date(1900, 1, 1)))
        known = [_expected(editions, subscription, on) for on in DAYS]
        changed = {on for on, a, b in zip(DAYS[1:], known, known[1:], strict=False) if a is not b}
        assert changed <= given


# Rules know no vendor ------------------------------------------------------------------------

RULES = sorted([*(ROOT / "rules").rglob("*.py"), *(ROOT / "renewal").rglob("*.py")])
_WORDS = {
    vendors.__name__,
    *MODULES,
    *(
        name
        for module in MODULES.values()
        for name, value in vars(module).items()
        if isinstance(value, RenewalPolicy)
    ),
    *POLICIES,
    *(policy_id.partition("/")[0] for policy_id in POLICIES),
}
_LONGEST_FIRST = sorted(map(re.escape, _WORDS), key=len, reverse=True)
_NAMED = re.compile(rf"(?<![a-z0-9])({'|'.join(_LONGEST_FIRST)})(?![a-z0-9])", re.IGNORECASE)


def _code(path: Path) -> str:
    """A module's code without comments and docstrings: examples there may name a vendor."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            body = [each for each in node.body if not _is_text(each)]
            node.body = body or [ast.Pass()]
    return ast.unparse(tree)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


@pytest.mark.parametrize("path", RULES, ids=[str(path.relative_to(ROOT)) for path in RULES])
def test_no_rule_knows_a_vendor_or_an_edition(path: Path) -> None:
    """Editions differ in data only: neither rules nor renewals name a vendor or an edition."""
    assert _NAMED.findall(_code(path)) == []


def test_a_vendor_would_be_found_if_it_were_named() -> None:
    """The words that are looked for are those of vendors, their editions and their modules."""
    for text in ("autodesk.EDITION_2024", "'autodesk/2024'", "import jetbrains", "Microsoft"):
        assert _NAMED.search(text), text
    assert not _NAMED.search("significant")
