"""The program that takes clauses away: that each removal applies, and that survivors are told."""

import ast

import pytest

from subrenew import CLAUSES
from tools import clause_coverage, clause_removal
from tools.removals import AUTODESK, REMOVALS, Removal

BINDING = [each for each in CLAUSES if each.binding]
KONBINI = next(each for each in REMOVALS if each.what == "Konbini")


def name_of(removal: Removal) -> str:
    """Name a case by its clause and what is removed."""
    return f"{removal.clause}: {removal.what}"


@pytest.mark.parametrize("removal", REMOVALS, ids=name_of)
def test_a_removal_applies_and_leaves_python(removal):
    """Its text stands in the code exactly once: adapt it in `tools.removals` with the code."""
    file = clause_removal.ROOT / clause_removal.PACKAGE / removal.file
    ast.parse(clause_removal.removed(file.read_text(encoding="utf-8"), removal))


@pytest.mark.parametrize("clause", BINDING, ids=str)
def test_a_binding_clause_can_be_taken_away_and_has_tests(clause):
    """One removal and one marked test at least."""
    assert any(each.clause == clause.id for each in REMOVALS)
    assert clause_coverage.tests(clause)


def test_removals_are_told_apart_and_are_of_binding_clauses():
    """By clause and name, so that the table is read without the code."""
    assert len({name_of(each) for each in REMOVALS}) == len(REMOVALS)
    assert {each.clause for each in REMOVALS} == {each.id for each in BINDING}


@pytest.mark.parametrize(("text", "times"), [("a b", 0), ("x x", 2)])
def test_a_text_that_does_not_stand_there_once_is_refused(text, times):
    """It would prove nothing, or take away something else."""
    with pytest.raises(clause_removal.NotRemoved, match=f"stands {times} times in file"):
        clause_removal.removed(text, Removal("trial", "a word", "file", "x", "y"))


def test_a_text_that_stands_there_once_is_replaced():
    """And nothing around it."""
    removal = Removal("trial", "a word", "file", "x", "y")
    assert clause_removal.removed("a x b", removal) == "a y b"


def test_what_is_killed_survives_breaks_or_does_not_apply_is_told(monkeypatch, capsys):
    """The table has what was killed; everything else is an error with its reason."""
    removals = (
        KONBINI,
        Removal("manual", "a comment", AUTODESK, "#: The source, and", "#: This, and"),
        Removal("manual", "a bracket", AUTODESK, "excluded_products=EXCLUDED_PRODUCTS,", ")"),
        Removal("manual", "a name", AUTODESK, "no such text"),
    )
    monkeypatch.setattr(clause_removal, "REMOVALS", removals)
    assert clause_removal.main([]) == 1
    said = capsys.readouterr()
    killer = "test_paid_by_one_of_the_three_kinds_it_is_renewed_manually"
    assert f"| manual | Konbini | {killer} |" in said.out
    assert "1 of 4 removals were killed" in said.out
    assert "manual: a comment: survived" in said.err
    assert "manual: a bracket: the tests could not be run" in said.err
    assert "manual: a name: stands 0 times" in said.err


def test_a_marked_test_that_stays_green_is_told(monkeypatch, capsys):
    """Konbini is named in one of the three tests marked with its clause."""
    monkeypatch.setattr(clause_removal, "REMOVALS", (KONBINI,))
    assert clause_removal.main(["manual"]) == 1
    said = capsys.readouterr()
    assert "1 of 1 removals were killed" in said.out
    assert said.err.count("manual: ") == 2
    assert "test_the_three_kinds_are_examples stays green" in said.err


def test_it_succeeds_where_all_is_killed_and_every_marked_test_failed(capsys):
    """Of the clause that is named only."""
    assert clause_removal.main(["renewal-price.monthly"]) == 0
    said = capsys.readouterr()
    assert "2 of 2 removals were killed" in said.out
    assert said.err == ""


def test_a_clause_without_removals_is_a_mistake(capsys):
    """Nothing would be tried, and that is no success."""
    assert clause_removal.main(["no-such-clause"]) == 1
    assert "no-such-clause" in capsys.readouterr().err
