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

import attrs
import pytest

import subrenew
from subrenew import (
    Account,
    AutoRenew,
    Channel,
    Editions,
    History,
    Kind,
    NotInForce,
    RenewalPolicy,
    Subscription,
    Term,
    renewability,
)
from subrenew.clauses import CLAUSES, OWN_CONDITION
from subrenew.policy import vendors
from subrenew.policy.choices import TrialEnd
from subrenew.policy.editions import Edition
from subrenew.policy.stages import (
    Access,
    BackPay,
    LateStart,
    LateTerms,
    Stage,
    StageLength,
    StageRenewal,
)
from subrenew.rules import renewability as renewability_module
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
    # The city was seen to do it.
    "stages renew P1M for 3653 days, and P2Y is over after 730": lambda policy: (
        policy.id == "chicago/as-it-is-done"
    ),
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


# Citations -----------------------------------------------------------------------------------

_BARE = RenewalPolicy(id="bare/1")


def _is_set(policy: RenewalPolicy, parameter: str) -> bool:
    return bool(getattr(policy, parameter) != getattr(_BARE, parameter))


def _is_claimed(policy: RenewalPolicy, parameter: str) -> bool:
    """Whether a policy sets a parameter, or cites what it leaves as it is."""
    cited = {each.parameter for each in policy.cites}
    general = RenewalPolicy.cited().get(parameter, ())
    return _is_set(policy, parameter) or parameter in cited or bool({*general} & {*policy.clauses})


def _cited_parts(policy: RenewalPolicy) -> Iterator[Any]:
    yield from (*policy.stages, *policy.cancelled_stages, *policy.loyalty, *policy.notices)
    yield from (*policy.late_terms.fees, *policy.window_rules, *policy.price_schedules)
    yield from policy.conditions
    if policy.consent is not None:
        yield policy.consent
    if _is_set(policy, "late_terms"):
        yield policy.late_terms


def _is_cited_by_part(policy: RenewalPolicy, bar: Any) -> bool:
    """Whether a finding names the tier, stage or rule that it is about, and that has its clause."""
    named = getattr(bar.cites, "__name__", "_nowhere") != "_nowhere"
    return named and None not in [each.clause for each in getattr(policy, bar.parameter)]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_every_shipped_policy_cites_all_that_it_sets(policy: RenewalPolicy) -> None:
    """Nothing that is set lacks a clause, and every clause that is cited is the policy's own."""
    assert policy.uncited() == ()
    cited = [each.clause for each in policy.cites]
    cited += [each.clause for each in _cited_parts(policy)]
    assert None not in cited
    assert set(cited) <= set(policy.clauses)


@pytest.mark.parametrize(("policy", "question"), TABLES)
def test_what_is_set_is_cited_by_the_policys_own_clause(
    policy: RenewalPolicy, question: Question[Any]
) -> None:
    """Findings, routes and steps cite the policy where it says something, else the vocabulary."""
    for cell in table(question, policy).cells:
        for each in (*cell.bars, *cell.steps, cell.route):
            parameter = getattr(each, "parameter", None)
            if parameter is None:
                continue
            clause, is_own = policy.citation(parameter, each.clause)
            assert (clause in policy.clauses) is is_own
            # A policy that takes over the vocabulary's page may take over some of its clauses only.
            if _is_set(policy, parameter):
                assert is_own or _is_cited_by_part(policy, each), f"{each} of {parameter}"
            if not _is_claimed(policy, parameter):
                assert is_own is (each.clause in policy.clauses)
                assert clause == each.clause


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("days", [0, 5, 20, 40])
def test_a_late_renewal_cites_its_stage(policy: RenewalPolicy, days: int) -> None:
    """Its way forward and its action follow from what `late` cites, and not from the window."""
    subscription = a_subscription()
    on = subscription.expires_on + timedelta(days=days)
    decision = renewability(subscription, policy=policy, on=on)
    for late in (each for each in decision.findings if each.code == "late"):
        (action,) = decision.actions
        assert action.code == "renew"
        assert (action.clause, action.is_general) == (late.clause, late.is_general)
        assert decision.clause == late.clause
        assert f"[{late.clause.id}]" in decision.explain(cite=True).splitlines()[-2]


@pytest.mark.parametrize("module", VENDORS)
def test_decisions_cite_the_vendor(module: ModuleType) -> None:
    """Every finding, action and route of a real decision is the vendor's own or says it is not."""
    for policy, days in product(_policies(module), (-400, -100, -10, -1, 0, 5, 20, 40, 100, 4000)):
        for changes in ({}, {"auto_renew": AutoRenew.ON}, {"kind": Kind.TRIAL}):
            subscription = a_subscription(**changes)
            on = subscription.expires_on + timedelta(days=days)
            decision = renewability(subscription, policy=policy, on=on)
            for each in decision.findings:
                assert each.is_general is (each.clause not in policy.clauses)
            vocabulary = {*CLAUSES, OWN_CONDITION}
            for act in (*decision.actions, decision):
                assert act.clause in policy.clauses or act.clause in vocabulary
            general = {each.code for each in decision.findings if each.is_general}
            unset = {
                each.code
                for each in renewability_module.QUESTION.bars
                if each.parameter is None or not _is_set(policy, each.parameter)
            }
            assert general <= unset


#: What no page says, by policy: left as a policy with a name alone leaves it.
UNSET = {
    "jetbrains/2025-01": ("window_opens_days", "auto_renew_default", "trials", "managed_roles"),
    "microsoft/2023-01": ("window_opens_days", "auto_renew_default", "trials", "late_start"),
    "microsoft/2026-05": ("window_opens_days", "auto_renew_default", "trials", "late_start"),
    "icann/2013-08": ("window_opens_days", "auto_renew_default", "trials", "late_start"),
    "solidworks/2016": ("window_opens_days", "auto_renew_default", "trials", "managed_roles"),
    "chicago/as-it-is-done": ("trials", "managed_roles", "unmanaged_roles"),
    "google-play/2025-12": ("trials", "auto_renew_default", "late_start", "unmanaged_roles"),
    "apple/2023-grace-16": ("late_start", "managed_roles", "unmanaged_roles"),
    "adobe/vip": ("auto_renew_default", "trials", "unmanaged_roles"),
    "adobe/vip-marketplace-late": ("trials", "late_start", "unmanaged_roles"),
    "autodesk/2025-12": ("late_start", "saving_floor_rate"),
}


@pytest.mark.parametrize(("name", "parameters"), UNSET.items(), ids=UNSET)
def test_what_no_page_says_is_unset(name: str, parameters: tuple[str, ...]) -> None:
    """No default stands in for a page that is silent."""
    assert [each for each in parameters if _is_set(POLICIES[name], each)] == []


def test_where_no_page_tells_of_access_it_is_unknown() -> None:
    """Two vendors do not say what can be used after the end."""
    unknown = {
        policy.id.partition("/")[0]
        for policy in POLICIES.values()
        for stage in (*policy.stages, *policy.cancelled_stages)
        if stage.access is Access.UNKNOWN
    }
    assert unknown == {"chicago", "jetbrains"}


def test_what_becomes_of_trials() -> None:
    """One vendor's trials end, one's go on; of the others no page says it."""
    found = {policy.id.partition("/")[0]: policy.trials for policy in POLICIES.values()}
    told = {name: trials for name, trials in found.items() if trials is not None}
    assert told == {"autodesk": TrialEnd.ENDS, "apple": TrialEnd.GOES_ON}


def _sold_over(policy: RenewalPolicy) -> list[str]:
    return [each for each in faults(table("renewability", policy)) if each.startswith("stages")]


def test_a_policy_that_sells_terms_that_are_over_is_named() -> None:
    """One vendor was seen to do it; the others never do, or do not say where a term starts."""
    assert {name for name, policy in POLICIES.items() if _sold_over(policy)} == {
        "chicago/as-it-is-done"
    }


@pytest.mark.parametrize(
    ("term", "days", "found"),
    [
        (None, 28, []),
        (None, 29, ["stages renew P1M for 29 days, and P1M is over after 28"]),
        (None, 30, ["stages renew P1M for 30 days, and P1M is over after 28"]),
        (Term.years(1), 365, []),
        (Term.years(1), 366, ["stages renew P1M for 366 days, and P1Y is over after 365"]),
        (Term.years(4), 1460, []),
        (Term.years(4), 1461, ["stages renew P1M for 1461 days, and P4Y is over after 1460"]),
        (Term.weeks(1), 7, []),
        (Term.weeks(1), 8, ["stages renew P1M for 8 days, and P1W is over after 7"]),
    ],
)
def test_a_term_is_over_from_the_day_after_its_shortest_span_on(
    term: Term | None, days: int, found: list[str]
) -> None:
    """The last late day is one day less than the ladder is long."""
    stages = (Stage(name="late", lengths=(StageLength(days=days),)),)
    policy = RenewalPolicy(id="v/1", stages=stages, renews_to=term, late_start=LateStart.OLD_END)
    assert _sold_over(policy) == found
    for changes in (
        {"late_start": None},
        {"late_start": LateStart.RENEWAL_DAY},
        {"late_terms": LateTerms(back_pay=BackPay.MISSED_TERMS)},
        {"stages": (attrs.evolve(stages[0], renewal=StageRenewal.OVER),)},
    ):
        assert _sold_over(policy.evolve(**changes)) == []


def test_the_terms_of_the_stages_are_tried_too() -> None:
    """A week's ladder that is too long is named by the term that its length is for."""
    lengths = (StageLength(up_to=Term.weeks(1), days=8), StageLength(days=20))
    policy = RenewalPolicy(
        id="v/1", stages=(Stage(name="late", lengths=lengths),), late_start=LateStart.OLD_END
    )
    assert _sold_over(policy) == ["stages renew P1W for 8 days, and P1W is over after 7"]


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
