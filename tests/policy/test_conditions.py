"""Conditions of a user's own are declared in the policy, once each."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from subrenew import Barred, Condition, InvalidValue, RenewalPolicy
from subrenew.policy.mapping import from_mapping, to_mapping

OPEN = Condition(code="open-invoice", message="Pay first.", bars=frozenset({Barred.RENEWAL}))
HOLD = Condition(code="hold", message="On hold.", bars=frozenset(Barred))
POLICY = RenewalPolicy(id="v/1", conditions=(OPEN, HOLD))


@pytest.mark.parametrize("what", list(Barred))
@pytest.mark.parametrize(
    "raised",
    [
        frozenset(each)
        for count in range(4)
        for each in combinations(("open-invoice", "hold", "undeclared"), count)
    ],
    ids=sorted,
)
def test_what_holds_and_bars(raised: frozenset[str], what: Barred) -> None:
    """In the policy's order: raised, declared, and barring what is asked; else nothing."""
    expected = [each for each in (OPEN, HOLD) if each.code in raised and what in each.bars]
    assert list(POLICY.barred_by(raised, what)) == expected


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"code": ""}, r"Condition\.code"),
        ({"message": " "}, r"Condition\.message"),
        ({"bars": frozenset()}, r"Condition\.bars .* say what it bars"),
        ({"bars": frozenset({"renewal"})}, r"Condition\.bars"),
        ({"bars": {Barred.RENEWAL}}, r"Condition\.bars"),
    ],
)
def test_conditions_are_checked(fields: dict[str, Any], told: str) -> None:
    """A condition has a code, a message, and something that it bars."""
    with pytest.raises(InvalidValue, match=told):
        Condition(**{"code": "hold", "message": "On hold.", "bars": frozenset(Barred), **fields})


def test_each_code_is_declared_once() -> None:
    """Two conditions of one code are refused, even if they say the same."""
    with pytest.raises(InvalidValue, match=r"conditions .* name each one once"):
        RenewalPolicy(id="v/1", conditions=(HOLD, HOLD))


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([("fr", "En attente.")], r"messages .* give a tuple"),
        ((["fr", "En attente."],), r"messages\[0\] .* give a tuple"),
        ((("fr",),), r"messages\[0\] .* give a locale and a text"),
        ((("fr", ""),), r"messages\[0\] .* give 1 to 200 characters"),
        ((("fr", 1),), r"messages\[0\] .* give text"),
        ((("fr-CA", "En attente."),), r"messages\[0\] .* such as \"fr\" or \"fr_CA\""),
        ((("fr", "A"), ("fr", "B")), r"messages\[1\] .* give each locale once"),
    ],
)
def test_messages_in_other_languages_are_checked(messages: Any, told: str) -> None:
    """Pairs of a locale and a text, each locale once."""
    with pytest.raises(InvalidValue, match=told):
        Condition(code="hold", message="On hold.", bars=frozenset(Barred), messages=messages)


def test_messages_in_other_languages_are_written_and_read() -> None:
    """A policy holds them, and so does its mapping."""
    told = (("fr", "En attente."), ("fr_CA", "Suspendu."), ("zh_Hant_TW", "保留中"))
    held = Condition(code="hold", message="On hold.", bars=frozenset(Barred), messages=told)
    policy = RenewalPolicy(id="v/1", conditions=(held,))
    assert from_mapping(RenewalPolicy, to_mapping(policy)) == policy
