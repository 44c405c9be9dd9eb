"""The whole future of one subscription, piece by piece."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from subrenew import (
    Actor,
    AutoRenew,
    InvalidValue,
    Kind,
    NotInForce,
    PaymentMethod,
    Role,
    Term,
    renewability,
    timeline,
)
from subrenew.policy.vendors import autodesk, google_play
from tests.makers import a_subscription

UNTIL = date(2026, 4, 1)
LATER = autodesk.EDITION_2025_12
STRANGER = Actor(id="P-1", roles=frozenset({Role.USER}))
CASES: list[tuple[dict[str, Any], Any, Actor | None]] = [
    ({}, autodesk.EDITION_2024, None),
    ({}, LATER, None),
    ({"term": Term.months(1)}, LATER, None),
    ({"kind": Kind.TRIAL}, autodesk.EDITION_2024, None),
    ({"cancelled_on": date(2025, 6, 1)}, LATER, None),
    ({"auto_renew": AutoRenew.ON, "payment_method": PaymentMethod.card(expires="2030-01")},
     autodesk.EDITIONS, None),
    ({}, autodesk.EDITIONS, STRANGER),
    ({"term": Term.months(1)}, google_play.EDITIONS, None),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "policy", "actor"), CASES)
def test_it_says_on_every_day_what_renewability_says(
    fields: dict[str, Any], policy: Any, actor: Actor | None
) -> None:
    """The pieces tile the days, neighbours differ, and each day's decision is its own."""
    line = a_subscription(**fields)
    told = timeline(line, policy=policy, until=UNTIL, actor=actor)
    day = line.starts_on
    for piece in told.pieces:
        assert piece.window.opens_on == day
        while day < piece.window.closes_on:
            decision = renewability(line, policy=policy, on=day, actor=actor)
            assert told.at(day) == decision
            assert decision.cell.answer == piece.decision.cell.answer
            assert decision.access is piece.decision.access
            day += timedelta(days=1)
    assert day == UNTIL
    answers = [(each.decision.cell.answer, each.decision.access) for each in told.pieces]
    assert all(one != other for one, other in pairwise(answers))


@pytest.mark.parametrize("days", [-1, 455])
def test_a_day_outside_is_refused(days: int) -> None:
    """Neither the day before the first piece nor the first one after the last is told."""
    line = a_subscription()
    told = timeline(line, policy=LATER, until=line.starts_on + timedelta(days=455))
    with pytest.raises(InvalidValue, match="give a day from"):
        told.at(line.starts_on + timedelta(days=days))


def test_it_needs_a_day_after_the_start() -> None:
    """Until its first day there is nothing to tell."""
    line = a_subscription()
    with pytest.raises(InvalidValue, match="give a day after the term's start"):
        timeline(line, policy=LATER, until=line.starts_on)


def test_it_begins_within_an_edition() -> None:
    """Before the first edition there is no answer."""
    line = a_subscription(starts_on=date(2020, 1, 1))
    with pytest.raises(NotInForce):
        timeline(line, policy=autodesk.EDITIONS, until=UNTIL)
