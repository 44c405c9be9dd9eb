"""Which day counts for an edition, and that the last one that applies wins."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import (
    Edition,
    Editions,
    History,
    InvalidType,
    InvalidValue,
    KeyedOn,
    NotInForce,
    RenewalPolicy,
    Scope,
    Start,
    Subscription,
)
from tests.makers import MONTHLY, a_subscription

ONE_DAY = timedelta(days=1)
CHANGE = date(2025, 7, 1)
ALWAYS = Edition(from_on=date(2000, 1, 1), policy=RenewalPolicy(id="always"))
DAYS = tuple(CHANGE + shift * ONE_DAY for shift in (-1, 0, 1))


def _edition(name: str = "new", **fields: Any) -> Edition:
    return Edition(**{"from_on": CHANGE, "policy": RenewalPolicy(id=name), **fields})


def _name(editions: Editions, subscription: Subscription, on: date) -> str:
    return editions.in_force(subscription, on=on).id


def _history(**fields: date | None) -> Subscription:
    return a_subscription(history=History(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keyed_on", "made"),
    [
        (KeyedOn.PURCHASE, lambda day: _history(purchased_on=day)),
        (
            KeyedOn.PURCHASE,
            lambda day: _history(purchased_on=day, renewed_on=date(1999, 1, 1)),
        ),
        (KeyedOn.PURCHASE, lambda day: a_subscription(starts_on=day)),
        (KeyedOn.LAST_RENEWAL, lambda day: _history(renewed_on=day)),
        (
            KeyedOn.LAST_RENEWAL,
            lambda day: _history(renewed_on=day, purchased_on=date(1999, 1, 1)),
        ),
        (KeyedOn.LAST_RENEWAL, lambda day: _history(purchased_on=day)),
        (KeyedOn.LAST_RENEWAL, lambda day: a_subscription(starts_on=day)),
        (
            KeyedOn.TERM_END,
            lambda day: a_subscription(starts_on=date(2025, 1, 1), expires_on=day),
        ),
    ],
)
@pytest.mark.parametrize("on", [date(2024, 1, 1), CHANGE, date(2030, 1, 1)])
def test_the_day_that_counts(keyed_on: KeyedOn, made: Any, on: date) -> None:
    """The day before the change keeps the old edition, the day itself and later have the new one.

    What is not known falls back: the renewal to the purchase, the purchase to the term's start.
    The day of the question does not matter.
    """
    editions = Editions((ALWAYS, _edition(keyed_on=keyed_on)))
    found = [_name(editions, made(day), on) for day in DAYS]
    assert found == ["always", "new", "new"]


@pytest.mark.parametrize("shifts", list(product((-1, 0, 1), repeat=4)))
def test_several_days_at_once(shifts: tuple[int, ...]) -> None:
    """Every one of the days has to have come; one that has not keeps the old edition."""
    act, purchase, renewal, end = (CHANGE + shift * ONE_DAY for shift in shifts)
    editions = Editions(
        (
            ALWAYS,
            _edition(
                also=tuple(
                    Start(keyed_on=keyed_on, from_on=CHANGE)
                    for keyed_on in (KeyedOn.PURCHASE, KeyedOn.LAST_RENEWAL, KeyedOn.TERM_END)
                )
            ),
        )
    )
    subscription = a_subscription(
        starts_on=date(2025, 1, 1),
        expires_on=end,
        history=History(purchased_on=purchase, renewed_on=renewal),
    )
    expected = "new" if min(shifts) >= 0 else "always"
    assert _name(editions, subscription, act) == expected


def test_the_last_one_that_applies_wins() -> None:
    """Not the one with the latest day: the order in which they are written decides."""
    early = _edition("early", from_on=date(2001, 1, 1), keyed_on=KeyedOn.PURCHASE)
    for order, name in (
        ((ALWAYS, _edition(), early), "early"),
        ((ALWAYS, early, _edition()), "new"),
    ):
        assert _name(Editions(order), a_subscription(), date(2026, 1, 1)) == name


def test_a_scope_chooses_among_editions() -> None:
    """An edition for monthly terms passes annual ones by, to the one before it."""
    monthly = _edition("monthly", scope=Scope(up_to=MONTHLY))
    editions = Editions((ALWAYS, monthly))
    for term, on, name in (
        (MONTHLY, CHANGE, "monthly"),
        (MONTHLY, CHANGE - ONE_DAY, "always"),
        (a_subscription().term, CHANGE, "always"),
    ):
        assert _name(editions, a_subscription(term=term), on) == name


@pytest.mark.parametrize(
    ("edition", "subscription"),
    [
        (_edition(), a_subscription()),
        (_edition(keyed_on=KeyedOn.PURCHASE), _history(purchased_on=CHANGE - ONE_DAY)),
        (_edition(keyed_on=KeyedOn.TERM_END), a_subscription(expires_on=CHANGE - ONE_DAY)),
        (
            _edition(from_on=date(2000, 1, 1), also=(Start(keyed_on=KeyedOn.ACT, from_on=CHANGE),)),
            a_subscription(),
        ),
        (_edition(from_on=date(2000, 1, 1), scope=Scope(up_to=MONTHLY)), a_subscription()),
    ],
)
def test_before_the_first_there_is_none(edition: Edition, subscription: Subscription) -> None:
    """Whatever keeps the first edition from applying, it is said and named."""
    with pytest.raises(NotInForce, match="no edition is in force on 2025-06-30: the first, new,"):
        Editions((edition,)).in_force(subscription, on=CHANGE - ONE_DAY)


def test_time_alone_brings_only_what_is_keyed_on_the_act() -> None:
    """Days of a purchase, a renewal or an end do not come by waiting; those of the act do."""
    later = date(2026, 3, 1)
    editions = Editions(
        (
            ALWAYS,
            _edition("a", keyed_on=KeyedOn.PURCHASE),
            _edition("b", also=(Start(keyed_on=KeyedOn.TERM_END, from_on=date(2025, 9, 1)),)),
            _edition(
                "c", keyed_on=KeyedOn.TERM_END, also=(Start(keyed_on=KeyedOn.ACT, from_on=later),)
            ),
        )
    )
    assert editions.starts_after(date(2025, 6, 1)) == (CHANGE, later)
    assert editions.starts_after(CHANGE) == (later,)
    assert editions.starts_after(later) == ()


def test_only_what_is_keyed_alike_has_to_ascend() -> None:
    """Two editions of one key and one scope ascend; of different ones they need not."""
    first = _edition("a", keyed_on=KeyedOn.PURCHASE)
    for other in (
        _edition("b", from_on=date(2001, 1, 1)),
        _edition("b", from_on=CHANGE, keyed_on=KeyedOn.PURCHASE, scope=Scope(up_to=MONTHLY)),
        _edition(
            "b",
            keyed_on=KeyedOn.PURCHASE,
            also=(Start(keyed_on=KeyedOn.ACT, from_on=CHANGE),),
        ),
        _edition("b", keyed_on=KeyedOn.PURCHASE, from_on=CHANGE + ONE_DAY),
    ):
        assert Editions((first, other)).editions == (first, other)
    for from_on in (CHANGE, CHANGE - ONE_DAY):
        with pytest.raises(InvalidValue, match="give days that ascend"):
            Editions((first, attrs.evolve(first, from_on=from_on)))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"keyed_on": "act"}, r"Edition\.keyed_on"),
        ({"also": [Start(keyed_on=KeyedOn.ACT, from_on=CHANGE)]}, r"Edition\.also"),
        ({"also": (CHANGE,)}, r"Edition\.also\[0\]"),
        ({"scope": None}, r"Edition\.scope"),
    ],
)
def test_editions_are_checked(fields: dict[str, Any], told: str) -> None:
    """Key, further days and scope are refused by name."""
    with pytest.raises(InvalidType, match=told):
        _edition(**fields)


def test_starts_are_checked() -> None:
    """A start is a key and a day."""
    with pytest.raises(InvalidType, match=r"Start\.keyed_on"):
        Start(keyed_on="act", from_on=CHANGE)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"Start\.from_on"):
        Start(keyed_on=KeyedOn.ACT, from_on="2025-07-01")  # type: ignore[arg-type]
