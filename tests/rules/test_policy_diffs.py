"""Two policies are compared: the parameters that differ, and the cells whose answer changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from subrenew.clauses import Clause
from subrenew.errors import InvalidType
from subrenew.model.entities import PaymentKind, Role
from subrenew.model.terms import Term
from subrenew.policy.parameters import RegionWays, RenewalPolicy, TrialEnd, Way
from subrenew.policy.products import Product, ProductList
from subrenew.policy.stages import Access, Stage, StageLength
from subrenew.policy.vendors.autodesk import EDITION_2024, EDITION_2025_12, EDITIONS
from subrenew.rules import tables
from subrenew.rules.policy_diffs import ParameterChange, in_words, policy_diff

BARE = RenewalPolicy(id="v/1")
#: Policies that differ in what can be reached.
POLICIES = (
    BARE,
    EDITION_2024,
    EDITION_2025_12,
    EDITION_2024.evolve(trials=TrialEnd.GOES_ON, catch_up_days=0),
    EDITION_2024.evolve(term_change_ways=(RegionWays(region="FR", way=Way.SUPPORT),)),
    EDITION_2025_12.evolve(saving_floor_rate=Decimal("0.1"), product_list=ProductList.CLOSED),
)
PAIRS = list(product(POLICIES, POLICIES))


def changes(before: RenewalPolicy, after: RenewalPolicy) -> dict[str, tuple[str, str]]:
    """Return both texts of each parameter that differs."""
    return {each.name: each.texts for each in policy_diff(before, after).parameters}


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_differs_from_itself(policy: RenewalPolicy) -> None:
    """Between a policy and its equal there is nothing, and nothing is printed."""
    made = policy_diff(policy, policy.evolve())
    assert (made.parameters, made.count, made.to_markdown()) == ((), 0, "")


def test_a_name_changes_nothing_else() -> None:
    """A policy by another name differs in its name, and no cell does."""
    made = policy_diff(BARE, BARE.evolve(id="v/2"))
    assert [each.name for each in made.parameters] == ["id"]
    assert made.count == 0
    assert made.to_markdown() == (
        "| parameter | clauses | before | after |\n"
        "|-----------|---------|--------|-------|\n"
        "| id        |         | v/1    | v/2   |\n"
    )


def test_parameters_are_told_with_their_clauses_and_values() -> None:
    """Each parameter that differs, in the policy's order, with the clauses it comes from."""
    after = EDITION_2024.evolve(window_opens_days=120, saving_floor_rate=None)
    first, second = policy_diff(EDITION_2024, after).parameters
    assert (first.name, first.clauses) == ("window_opens_days", ("manual.window",))
    assert (first.before, first.after, first.texts) == (90, 120, ("90", "120"))
    assert (second.name, second.clauses) == (
        "saving_floor_rate",
        ("saving.floor", "renewal-price"),
    )
    assert (second.before, second.after) == (Decimal("0.05"), None)
    assert second.texts == ("0.05", "—")


def test_parameters_are_told_as_people_read_them() -> None:
    """Text, days, numbers, fractions, lists of words and lists of tables, each in its own form."""
    lengths = (StageLength(up_to=Term.months(1), days=15), StageLength(days=30))
    before = BARE.evolve(
        source="an older page",
        verified_until=date(2025, 12, 28),
        manual_payment_kinds=frozenset({PaymentKind.ALIPAY, PaymentKind.KONBINI}),
        saving_floor_rate=Decimal("0.05"),
    )
    after = BARE.evolve(
        verified_until=date(2025, 12, 29),
        stages=(Stage(name="suspended", access=Access.NONE, lengths=lengths),),
        manual_payment_kinds=frozenset({PaymentKind.KONBINI, PaymentKind.ATM_TRANSFER}),
        cart_most_lines=100,
        price_excluded_up_to=Term.months(1),
    )
    assert changes(before, after) == {
        "source": ("an older page", "—"),
        "verified_until": ("2025-12-28", "2025-12-29"),
        "stages": ("", "+suspended (lengths: P1M (days: 15), days: 30, access: none)"),
        "manual_payment_kinds": ("-alipay", "+atm-transfer"),
        "saving_floor_rate": ("0.05", "—"),
        "price_excluded_up_to": ("—", "P1M"),
        "cart_most_lines": ("—", "100"),
    }


def test_lists_tell_what_is_removed_and_added() -> None:
    """Of a list only the difference is told; of one in another order, the whole."""
    names = [Product(code=code) for code in "ABC"]
    before = BARE.evolve(excluded_products=tuple(names[:2]))
    moved = before.evolve(excluded_products=(names[1], names[0]))
    after = before.evolve(excluded_products=(names[2], names[1]))
    assert changes(before, after) == {"excluded_products": ("-A", "+C")}
    assert changes(before, moved) == {"excluded_products": ("A, B", "B, A")}
    assert changes(before, BARE) == {"excluded_products": ("-A, -B", "")}
    (change,) = policy_diff(before, after).parameters
    assert (change.removed, change.added) == ((names[0],), (names[2],))


def test_what_is_no_list_has_nothing_removed_or_added() -> None:
    """Numbers, words and what is unset on one side are told as they are."""
    for before, after in ((1, 2), (None, ("a",)), (("a",), None), ("ab", "bc")):
        made = ParameterChange(name="x", clauses=(), before=before, after=after)
        assert (made.removed, made.added) == ((), ())
    assert made.texts == ("ab", "bc")


def test_sets_are_told_in_the_order_of_their_words() -> None:
    """However a set is kept, its words come in one order, open words among them."""
    kinds = frozenset({PaymentKind.WIRE_TRANSFER, "cheque", PaymentKind.CARD, "barter"})
    after = BARE.evolve(manual_payment_kinds=kinds, managed_roles=frozenset({Role.USER, "boss"}))
    before = BARE.evolve(managed_roles=frozenset({Role.OWNER}))
    assert changes(before, after) == {
        "manual_payment_kinds": ("", "+barter, +card, +cheque, +wire-transfer"),
        "managed_roles": ("-owner", "+boss, +user"),
    }


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("open", "open"),
        (90, "90"),
        (True, "yes"),
        (False, "no"),
        (None, "—"),
        ([], "none"),
        ({}, "default"),
        (["a", "b"], "a, b"),
        ({"days": 5}, "days: 5"),
        ({"code": "CAD"}, "CAD"),
        ({"code": "CAD", "aliases": ["A", "B"]}, "CAD (aliases: A, B)"),
        ({"scope": {"up_to": "P1M"}, "opens_days": 30}, "scope: P1M, opens_days: 30"),
    ],
)
def test_plain_values_in_words(plain: object, text: str) -> None:
    """A table goes by its name where it has one, and tells the rest beside it."""
    assert in_words(plain) == text


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_cells_are_those_of_the_tables(before: RenewalPolicy, after: RenewalPolicy) -> None:
    """For every question, what one table has and the other has not, counted once."""
    made = policy_diff(before, after)
    count = 0
    for question, diff in zip(tables.QUESTIONS, made.tables, strict=True):
        here = set(tables.table(question, before).cells)
        there = set(tables.table(question, after).cells)
        assert (set(diff.gone), set(diff.new)) == (here - there, there - here)
        count += len(here ^ there)
    assert made.count == count
    assert hash(made) == hash(policy_diff(before, after))
    assert made == policy_diff(before, after)


@pytest.mark.parametrize(("before", "after"), PAIRS[1:6])
def test_the_other_way_round(before: RenewalPolicy, after: RenewalPolicy) -> None:
    """Comparing the other way round turns every change around."""
    there, back = policy_diff(before, after), policy_diff(after, before)
    assert [(each.name, each.before, each.after) for each in there.parameters] == [
        (each.name, each.after, each.before) for each in back.parameters
    ]
    assert [(each.gone, each.new) for each in there.tables] == [
        (each.new, each.gone) for each in back.tables
    ]


@pytest.mark.parametrize(("before", "after"), PAIRS[1:6])
def test_printed_tables_are_aligned(before: RenewalPolicy, after: RenewalPolicy) -> None:
    """Within a table every line is as long as its head, and its columns stand below each other."""
    for part in policy_diff(before, after).to_markdown().split("\n\n"):
        lines = part.splitlines()
        if lines and lines[0].startswith("|"):
            assert {len(line) for line in lines} == {len(lines[0])}
            bars = [at for at, letter in enumerate(lines[1]) if letter == "|"]
            assert all(line[at] == "|" for line in lines for at in bars)


def test_every_question_that_changes_is_printed_with_its_count() -> None:
    """A question whose cells differ is named with how many do; the others are left out."""
    made = policy_diff(EDITION_2024, EDITION_2024.evolve(saving_floor_rate=None))
    text = made.to_markdown()
    changed = dict(zip([each.name for each in tables.QUESTIONS], made.tables, strict=True))
    assert {name for name, diff in changed.items() if diff.count} == {"renewal-discount"}
    assert f"\nrenewal-discount, {changed['renewal-discount'].count} cells:\n\n|" in text
    assert "renewability" not in text
    assert text.endswith(" |\n")


def test_one_cell_is_one_cell() -> None:
    """The head counts in the singular too."""
    made = policy_diff(EDITION_2024, EDITION_2024.evolve(saving_floor_rate=None))
    cut = [tables.TableDiff(before=None, after=None, gone=d.gone[:1], new=()) for d in made.tables]
    one = type(made)(
        before=made.before, after=made.after, parameters=(), tables=tuple(cut)
    ).to_markdown()
    assert one.startswith("renewal-discount, 1 cell:\n\n|")


def test_text_of_the_user_does_not_break_the_table() -> None:
    """A bar or a line break in a name stays inside its cell."""
    own = Clause("own|clause", "two\nlines", "it  holds")
    made = policy_diff(BARE, BARE.evolve(id="v|2", clauses=(own,)))
    lines = made.to_markdown().splitlines()
    assert len(lines) == 4
    assert {line.count(" | ") for line in lines if "--" not in line} == {3}
    assert lines[2].rstrip(" |").endswith("v\\|2")
    assert "+own\\|clause (heading: two lines, says: it holds) |" in lines[3]


@pytest.mark.parametrize("wrong", [EDITIONS, None, "autodesk/2024", Term.years(1)])
def test_only_policies_are_compared(wrong: object) -> None:
    """Editions and anything else are refused, on either side."""
    with pytest.raises(InvalidType, match=r"policy_diff\.before .* give a RenewalPolicy"):
        policy_diff(wrong, BARE)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"policy_diff\.after .* give a RenewalPolicy"):
        policy_diff(BARE, wrong)  # type: ignore[arg-type]
