"""The tables are proved: total, without dead ends, every bar and fact needed, every cell met."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import (
    Actor,
    AutoRenew,
    Cell,
    Channel,
    EarlyRenewal,
    History,
    InvalidValue,
    Kind,
    Product,
    ProductList,
    Reduction,
    RegionWays,
    RenewalPolicy,
    RenewalRate,
    Way,
    exclusions,
    renewability,
    renewal_discount,
    tables,
    term_change,
)
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.pricing import LoyaltyTier, Stacking
from subrenew.policy.vendors import autodesk
from subrenew.rules.questions import Question, cells
from subrenew.rules.tables import QUESTIONS, DecisionTable, faults, members, situation, table
from tests.makers import (
    ANNUAL,
    INVOICE,
    LONG_AGO,
    MONTHLY,
    PAYPAL,
    WIRE,
    a_list,
    a_subscription,
)

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
EXPIRES_ON = date(2026, 1, 1)

FLAG = Condition(code="flag", message="A flag is up.", bars=frozenset(Barred))


def _loyalty(rate: str) -> tuple[LoyaltyTier, ...]:
    return (LoyaltyTier(from_renewals=1, rate=Decimal(rate)),)


_PLAIN = (
    OLD,
    NEW,
    NEW.evolve(id="early", early_renewal=EarlyRenewal.ALLOWED),
    NEW.evolve(id="no window", window_opens_days=0),
    OLD.evolve(id="trials too", not_renewable=frozenset()),
    NEW.evolve(id="paid ones never", not_renewable=frozenset({Kind.PAID})),
    NEW.evolve(id="nothing is renewed", not_renewable=frozenset(Kind)),
    OLD.evolve(id="no partner", partner_channels=frozenset()),
    OLD.evolve(id="partners only", partner_channels=frozenset(Channel)),
    NEW.evolve(id="closed", product_list=ProductList.CLOSED),
    OLD.evolve(id="all named", eligible_products=(Product(code="CAD"),)),
    OLD.evolve(id="none excluded", excluded_products=()),
    NEW.evolve(id="monthly too", price_excluded_up_to=None),
    NEW.evolve(id="floor of zero", saving_floor_rate=Decimal(0)),
    OLD.evolve(id="nowhere", term_change_ways=()),
    NEW.evolve(
        id="every way",
        term_change_ways=tuple(RegionWays(region=way.value, way=way) for way in Way),
    ),
    NEW.evolve(id="stacking", stacking=Stacking.ALL),
    OLD.evolve(id="loyalty", loyalty=_loyalty("0.3"), eligible_products=(Product(code="CAD"),)),
    OLD.evolve(id="loyalty at the floor", loyalty=_loyalty("0.05")),
)
POLICIES: dict[str, RenewalPolicy] = {
    each.id: each
    for plain in _PLAIN
    for each in (plain, plain.evolve(id=f"{plain.id}, flagged", conditions=(FLAG,)))
}
#: Enough of them for what takes long: merging rows tries every order of the facts.
SOME: dict[str, RenewalPolicy | None] = {
    "all": None,
    **{name: POLICIES[name] for name in (OLD.id, NEW.id, "early, flagged", "every way")},
}
FLAGS = (frozenset[str](), frozenset({"flag"}))
# Questions that are asked about a subscription; `order-access` is asked about an order.
ASKED = {
    each.name: each
    for each in QUESTIONS
    if each.name in ("renewability", "exclusions", "renewal-discount", "term-change")
}


def _renewability_cells(policy: RenewalPolicy) -> Iterator[Cell[Any]]:
    lapsed = attrs.evolve(PAYPAL, valid_through=date(2025, 1, 1))
    actors = (None, Actor(id="P-1"))
    methods = (None, PAYPAL, WIRE, INVOICE, lapsed)
    for kind, method, switch, channel, cancelled_on, flags in product(
        Kind, methods, AutoRenew, Channel, (None, EXPIRES_ON), FLAGS
    ):
        subscription = a_subscription(
            kind=kind,
            payment_method=method,
            auto_renew=switch,
            channel=channel,
            cancelled_on=cancelled_on,
            conditions=flags,
        )
        for actor, days in product(actors, (-200, -10, 0, 50)):
            on = EXPIRES_ON + timedelta(days=days)
            yield renewability(subscription, policy=policy, on=on, actor=actor).cell


def _priced(policy: RenewalPolicy) -> Iterator[tuple[Any, date, tuple[Reduction, ...]]]:
    spring = (Reduction(code="SPRING", rate=Decimal("0.1")),)
    products = ("CAD", "Maya", "Takeoff")
    for kind, term, product_name, reductions, days, flags, renewals in product(
        Kind, (MONTHLY, ANNUAL), products, ((), spring), (-1, 0, 50), FLAGS, (0, 1)
    ):
        starts_on = date(2025, 12, 1) if term == MONTHLY else date(2025, 1, 1)
        subscription = a_subscription(
            kind=kind,
            term=term,
            product=product_name,
            starts_on=starts_on,
            history=History(renewals=renewals),
            conditions=flags,
        )
        yield subscription, EXPIRES_ON + timedelta(days=days), reductions


def _exclusions_cells(policy: RenewalPolicy) -> Iterator[Cell[Any]]:
    for subscription, on, reductions in _priced(policy):
        yield exclusions(subscription, policy=policy, on=on, reductions=reductions).cell


def _discount_cells(policy: RenewalPolicy) -> Iterator[Cell[Any]]:
    own = a_list(rates=(RenewalRate(rate=Decimal("0.5"), from_on=LONG_AGO),))
    for prices in (a_list(), own):
        for subscription, on, reductions in _priced(policy):
            yield renewal_discount(
                subscription, policy=policy, prices=prices, on=on, reductions=reductions
            ).cell


def _term_change_cells(policy: RenewalPolicy) -> Iterator[Cell[Any]]:
    regions = (*(each.region for each in policy.term_change_ways), "elsewhere")
    for kind, channel, region, to, days, flags in product(
        Kind, Channel, regions, (MONTHLY, ANNUAL), (-1, 0, 50), FLAGS
    ):
        subscription = a_subscription(kind=kind, channel=channel, conditions=flags)
        on = EXPIRES_ON + timedelta(days=days)
        yield term_change(subscription, to=to, policy=policy, on=on, region=region).cell


WITNESSES: dict[str, Callable[[RenewalPolicy], Iterator[Cell[Any]]]] = {
    "renewability": _renewability_cells,
    "exclusions": _exclusions_cells,
    "renewal-discount": _discount_cells,
    "term-change": _term_change_cells,
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("name", ASKED)
def test_a_table_has_exactly_the_cells_that_something_reaches(
    name: str, policy: RenewalPolicy
) -> None:
    """Every cell of a policy's table is some entity's, and no entity has another one."""
    reached = {cell.facts for cell in WITNESSES[name](policy)}
    made = {cell.facts for cell in table(name, policy).cells}
    unmet = [str(facts) for facts in made - reached]
    unlisted = [str(facts) for facts in reached - made]
    assert (unmet, unlisted) == ([], [])


@pytest.mark.parametrize("name", ASKED)
def test_every_cell_of_every_question_is_met(name: str) -> None:
    """Every cell there could be is produced by some entity under some policy."""
    met = {cell.facts for policy in POLICIES.values() for cell in WITNESSES[name](policy)}
    assert {cell.facts for cell in table(name).cells} == met


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_question_keeps_the_laws(question: Question[Any]) -> None:
    """Total, at most 256 cells, no dead end, every bar and every fact needed."""
    assert faults(table(question)) == ()


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_policy_keeps_the_laws(question: Question[Any], policy: RenewalPolicy) -> None:
    """Under every policy at most 256 cells and no dead end; a bar may be in none or all."""
    found = [each for each in faults(table(question, policy)) if not each.startswith("bar ")]
    assert [each for each in found if "changes nothing" not in each] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_question_is_total(question: Question[Any]) -> None:
    """Every combination of facts has one cell with one route."""
    every = table(question).cells
    assert len({cell.facts for cell in every}) == len(every) == len(question.facts)
    assert all(cell.route is question.route(cell.facts) for cell in every)


@pytest.mark.parametrize("name", ASKED)
def test_every_route_is_taken(name: str) -> None:
    """No route is in vain."""
    every = table(name).cells
    assert {cell.route for cell in every} == set(type(every[0].route))


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_every_bar_is_needed(question: Question[Any]) -> None:
    """Each bar can be raised and can be absent, and no two always come together."""
    every = table(question).cells
    patterns = set()
    for each in question.bars:
        pattern = tuple(each in cell.bars for cell in every)
        assert len(set(pattern)) == 2
        patterns.add(pattern)
    assert len(patterns) == len(question.bars) == len({each.code for each in question.bars})


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_every_bar_is_told(question: Question[Any]) -> None:
    """Each bar says what it means, and has a binding clause unless it is a user's own."""
    for each in question.bars:
        assert each.clause.binding is (each.code != "own-condition")
        assert each.says.endswith(".")


def _matches(cell: Cell[Any], row: tables.Row) -> bool:
    words = dict(members(cell))
    return situation(cell) == row.situation and all(
        words[fact] in allowed for fact, allowed in row.when
    )


@pytest.mark.parametrize("policy", SOME.values(), ids=SOME)
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_merged_rows_cover_each_cell_once(
    question: Question[Any], policy: RenewalPolicy | None
) -> None:
    """Each cell is in exactly one row, which gives its answer and counts it."""
    made = table(question, policy)
    rows = made.rows
    counts = dict.fromkeys(range(len(rows)), 0)
    for cell in made.cells:
        (index,) = [index for index, row in enumerate(rows) if _matches(cell, row)]
        assert rows[index].answer == cell.route
        counts[index] += 1
    assert [row.count for row in rows] == list(counts.values())
    assert 0 not in counts.values()
    assert len(rows) <= len(made.cells)


def test_a_row_tells_what_a_fact_has_to_be() -> None:
    """Several words are joined by "or"; a fact that does not matter is a dash."""
    row = table("exclusions").rows[0]
    assert row.words("coverage") == "trial or ended"
    assert row.words("length") == "—"


@pytest.mark.parametrize("policy", [None, OLD, NEW], ids=["all", "old", "new"])
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_the_csv_has_a_line_for_each_cell(
    question: Question[Any], policy: RenewalPolicy | None
) -> None:
    """Read back, each line has the cell's facts, its route and its findings."""
    made = table(question, policy)
    lines = list(csv.DictReader(StringIO(made.to_csv())))
    assert len(lines) == len(made.cells)
    for line, cell in zip(lines, made.cells, strict=True):
        words = dict(members(cell))
        assert {fact: line[fact] for fact in made.facts} == {
            fact: words.get(fact, "") for fact in made.facts
        }
        assert line["route"] == cell.route
        assert line["findings"].split() == list(cell.codes)
        assert line.get("situation", situation(cell)) == situation(cell)


def _lines(markdown: str) -> list[list[str]]:
    head, rule, *lines = markdown.splitlines()
    assert markdown.endswith("\n")
    assert set(rule) == {"|", "-"}
    width = head.count("|")
    assert all(line.count("|") == width for line in (rule, *lines))
    return [[each.strip() for each in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("policy", [None, OLD, NEW], ids=["all", "old", "new"])
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_the_markdown_counts_every_cell(
    question: Question[Any], policy: RenewalPolicy | None
) -> None:
    """The last column of the routes adds up to the cells."""
    made = table(question, policy)
    lines = _lines(made.to_markdown())
    assert sum(int(line[-1]) for line in lines) == len(made.cells)
    assert {line[-2] for line in lines} == {str(cell.route) for cell in made.cells}


@pytest.mark.parametrize("policy", [OLD, NEW], ids=["old", "new"])
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_the_findings_are_counted(question: Question[Any], policy: RenewalPolicy) -> None:
    """For each finding the cells add up; one that is in no cell is said to be never reported."""
    made = table(question, policy)
    counts: dict[str, int] = {}
    for code, clause, when, count in _lines(made.findings_to_markdown()):
        counts[code] = counts.get(code, 0) + int(count)
        assert clause
        assert when.startswith("never") is (count == "0")
    assert counts == {
        each.code: sum(each in cell.bars for cell in made.cells) for each in question.bars
    }


def test_two_editions_differ_in_the_cells_that_can_be_reached() -> None:
    """From the edition of 2024 to the later one, late renewal is what is new."""
    diff = table("renewability", OLD).diff(table("renewability", NEW))
    assert diff.gone == ()
    assert diff.count == len(diff.new) > 0
    assert all(("timing", "late") in members(cell) for cell in diff.new)
    assert (diff.before, diff.after) == (OLD, NEW)
    lines = _lines(diff.to_markdown())
    assert sum(int(line[-1]) for line in lines) == diff.count
    assert {line[0] for line in lines} == {"new"}


def test_a_diff_read_backwards() -> None:
    """What is new one way is gone the other way, and nothing differs from itself."""
    old, new = table("renewal-discount", OLD), table("renewal-discount", NEW)
    there, back = old.diff(new), new.diff(old)
    assert (there.gone, there.new) == (back.new, back.gone)
    assert {line[0] for line in _lines(there.to_markdown())} == {"gone", "new"}
    same = old.diff(table("renewal-discount", OLD))
    assert (same.count, same.to_markdown()) == (0, "")


def test_tables_of_two_questions_do_not_differ() -> None:
    """Comparing the tables of two questions is the caller's mistake."""
    with pytest.raises(InvalidValue, match="give a table of exclusions"):
        table("exclusions").diff(table("term-change"))


def test_a_question_is_found_by_its_name() -> None:
    """By name or by itself; another name is refused with those that there are."""
    for question in QUESTIONS:
        assert table(question.name).question is table(question).question is question
    with pytest.raises(InvalidValue, match="give one of renewability, exclusions"):
        table("renewal")


def _broken(question: Question[Any], **changes: Any) -> DecisionTable:
    other = attrs.evolve(question, **changes)
    return DecisionTable(question=other, policy=None, cells=cells(other))


def test_a_dead_end_is_found() -> None:
    """A cell without a step on a route where something is left to do is a fault."""
    question = ASKED["term-change"]
    found = faults(_broken(question, done=frozenset()))
    assert found
    assert all("is a dead end" in each for each in found)


def test_too_many_cells_are_found() -> None:
    """More cells than a person can review are a fault."""
    question = ASKED["renewability"]
    made = DecisionTable(question=question, policy=OLD, cells=table(question).cells * 2)
    assert f"{len(made.cells)} cells are more than 256" in faults(made)


def test_an_idle_bar_is_found() -> None:
    """A bar that is always or never raised is a fault."""
    question = ASKED["exclusions"]
    always = attrs.evolve(question.bars[0], code="always", holds=lambda _: True)
    never = attrs.evolve(question.bars[0], code="never", holds=lambda _: False)
    found = faults(_broken(question, bars=(*question.bars, always, never)))
    assert found == ("bar always is in every cell", "bar never is in no cell")


def test_an_idle_fact_is_found() -> None:
    """A fact that no answer depends on is a fault."""
    question = ASKED["exclusions"]
    bars = tuple(each for each in question.bars if each.code != "already-reduced")
    route = question.route

    def blind(facts: Any) -> Any:
        return route(attrs.evolve(facts, reductions="none"))

    found = faults(_broken(question, bars=bars, route=blind))
    assert found == ("fact reductions of exclusion changes nothing",)
