"""Every binding clause of the source is claimed by code and has tests marked as its own."""

import pytest

from subrenew import CLAUSES
from tools import clause_coverage

BINDING = [clause for clause in CLAUSES if clause.binding]


def _claims(clause):
    return [
        *clause_coverage.decided(clause),
        *clause_coverage.parameters(clause),
        *clause_coverage.code(clause),
    ]


@pytest.mark.parametrize("clause", BINDING, ids=str)
def test_a_binding_clause_is_claimed_by_code(clause):
    """A finding, a route, an action, a parameter or a function cites it."""
    assert _claims(clause)


@pytest.mark.parametrize("clause", BINDING, ids=str)
def test_a_binding_clause_has_tests_of_its_own(clause):
    """Marked with its id; `make clauses` shows that they fail without its code or data."""
    assert clause_coverage.tests(clause), f'mark a test with @pytest.mark.clause("{clause}")'


def test_the_page_lists_the_marked_tests():
    """Each by its name, under its file."""
    page = clause_coverage.page()
    for each in (each for clause in BINDING for each in clause_coverage.tests(clause)):
        path, _, name = each.partition("::")
        assert f"- Tests in `{path}`: " in page
        assert f"`{name}`" in page


def test_no_test_is_marked_with_what_is_no_binding_clause():
    """A misspelt mark would prove nothing."""
    assert clause_coverage.stray() == set()


def test_an_informative_clause_has_no_consequence():
    for clause in CLAUSES:
        if not clause.binding:
            assert not _claims(clause)
