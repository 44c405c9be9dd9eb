"""Every binding clause of the source is claimed by code and by a test."""

import pytest

from subrenew import CLAUSES
from tools import clause_coverage

#: Clauses that nothing claims yet, each with its reason.
#: Clauses that nothing claims yet, each with the reason; empty since notices are built.
PENDING: dict[str, str] = {}
BINDING = [clause for clause in CLAUSES if clause.binding]


def _claims(clause):
    return [
        *clause_coverage.decided(clause),
        *clause_coverage.parameters(clause),
        *clause_coverage.code(clause),
    ]


@pytest.mark.parametrize("clause", BINDING, ids=str)
def test_a_binding_clause_is_claimed_by_code_and_by_a_test(clause):
    if clause.id in PENDING:
        assert not _claims(clause), f"{clause} is claimed now: take it out of PENDING"
        return
    assert _claims(clause), f"no finding, route, action, parameter or function cites {clause}"
    assert clause_coverage.tests(clause), f"no test quotes `{clause}` in a docstring"


def test_only_binding_clauses_can_be_pending():
    assert set(PENDING) <= {clause.id for clause in BINDING}


def test_an_informative_clause_has_no_consequence():
    for clause in CLAUSES:
        if not clause.binding:
            assert not _claims(clause)
