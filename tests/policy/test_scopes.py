"""Whom a rule is for: everything that is named has to hold, and what is unknown is in no set."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from subrenew import (
    EVERYBODY,
    Account,
    Bound,
    Channel,
    History,
    InvalidType,
    InvalidValue,
    Scope,
    Term,
    WindowRule,
)
from tests.makers import MONTHLY, a_subscription

#: One thing to name each, with subscriptions that it covers and that it does not.
NAMED: tuple[tuple[dict[str, Any], dict[str, Any], dict[str, Any]], ...] = (
    ({"offers": frozenset({"education", "trade-in"})}, {"offer": "education"}, {"offer": "new"}),
    ({"channels": frozenset({Channel.ORDER})}, {"channel": Channel.ORDER}, {}),
    ({"countries": frozenset({"FR", "DE"})}, {"country": "DE"}, {"country": "US"}),
    ({"customer_kinds": frozenset({"consumer"})}, {"customer_kind": "consumer"}, {}),
    ({"cohorts": frozenset({"2020"})}, {"price_cohort": "2020"}, {"price_cohort": "2021"}),
)


def _subscription(**changes: Any) -> Any:
    """Fields of the history and of the account, told apart by their names."""
    account = {key: changes.pop(key) for key in ("country", "customer_kind") if key in changes}
    history = {key: changes.pop(key) for key in ("offer", "price_cohort") if key in changes}
    return a_subscription(
        account=Account(id="A-1", **account) if account else None,
        history=History(**history),
        **changes,
    )


@pytest.mark.parametrize(
    ("term", "up_to", "longer"),
    [
        (Term.days(30), True, False),
        (Term.days(31), True, False),
        (Term.days(32), False, True),
        (Term.months(1), True, False),
        (Term.weeks(4), True, False),
        (Term.months(2), False, True),
        (Term.years(3), False, True),
    ],
)
def test_terms_below_at_and_above_the_limit(term: Term, *, up_to: bool, longer: bool) -> None:
    """Up to a month holds the month and 31 days; longer than a month holds neither."""
    subscription = a_subscription(term=term)
    assert Scope(up_to=MONTHLY).covers(subscription) is up_to
    assert Scope(longer_than=MONTHLY).covers(subscription) is longer


def test_a_span_of_terms_is_open_below_and_closed_above() -> None:
    """Longer than a month, up to a year: the year is in, the month and 13 months are not."""
    scope = Scope(longer_than=MONTHLY, up_to=Term.years(1))
    found = [
        scope.covers(a_subscription(term=Term.months(months))) for months in (1, 2, 11, 12, 13)
    ]
    assert found == [False, True, True, True, False]


@pytest.mark.parametrize("chosen", list(product((False, True), repeat=len(NAMED))))
def test_a_scope_is_a_conjunction(chosen: tuple[bool, ...]) -> None:
    """For every choice of fields, naming all five covers only where all five hold."""
    scope = Scope(**{key: value for names, _, _ in NAMED for key, value in names.items()})
    fields: dict[str, Any] = {}
    for (_, good, bad), holds in zip(NAMED, chosen, strict=True):
        fields |= good if holds else bad
    assert scope.covers(_subscription(**fields)) is all(chosen)
    # Each alone asks for nothing else.
    for (names, _, _), holds in zip(NAMED, chosen, strict=True):
        assert Scope(**names).covers(_subscription(**fields)) is holds


@pytest.mark.parametrize("names", [names for names, _, _ in NAMED if "channels" not in names])
def test_what_is_unknown_is_in_no_set(names: dict[str, Any]) -> None:
    """Without an account or a history no set of countries, kinds, offers or cohorts covers it."""
    assert not Scope(**names).covers(a_subscription())


def test_everybody_is_everybody() -> None:
    """A scope that names nothing covers all, and equals the one that the library has."""
    assert EVERYBODY.covers(a_subscription())
    assert EVERYBODY.covers(_subscription(term=MONTHLY, country="FR", offer="education"))
    assert Scope() == EVERYBODY
    assert hash(Scope()) == hash(EVERYBODY)


@pytest.mark.parametrize(
    ("longer_than", "up_to", "taken"),
    [
        (MONTHLY, Term.days(30), False),
        (MONTHLY, MONTHLY, False),
        (MONTHLY, Term.days(31), False),
        (MONTHLY, Term.days(32), True),
    ],
)
def test_a_span_that_no_term_is_in_is_refused(
    longer_than: Term, up_to: Term, *, taken: bool
) -> None:
    """The longest term has to be longer than the one that is still too short."""
    if taken:
        assert Scope(longer_than=longer_than, up_to=up_to).up_to == up_to
        return
    with pytest.raises(InvalidValue, match=r"Scope\.up_to .* give more than P1M"):
        Scope(longer_than=longer_than, up_to=up_to)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"up_to": 31}, r"Scope\.up_to"),
        ({"longer_than": "P1M"}, r"Scope\.longer_than"),
        ({"offers": {"a"}}, r"Scope\.offers"),
        ({"channels": frozenset({"order"})}, r"Scope\.channels"),
        ({"countries": frozenset({"France"})}, r"Scope\.countries .* two capital letters"),
        ({"customer_kinds": frozenset({1})}, r"Scope\.customer_kinds"),
        ({"cohorts": ("a",)}, r"Scope\.cohorts"),
    ],
)
def test_scopes_are_checked(fields: dict[str, Any], told: str) -> None:
    """Each field is refused by its name."""
    with pytest.raises(InvalidValue, match=told):
        Scope(**fields)


@pytest.mark.parametrize(
    ("days", "bound", "most"),
    [
        (30, Bound.INCLUSIVE, 30),
        (30, Bound.STRICT, 29),
        (1, Bound.STRICT, 0),
        (0, Bound.INCLUSIVE, 0),
    ],
)
def test_how_a_number_of_days_is_meant(days: int, bound: Bound, most: int) -> None:
    """ "Fewer than 30 days left" begins a day later than "from 30 days before"."""
    assert WindowRule(scope=EVERYBODY, opens_days=days, bound=bound).days == most


def test_window_rules_are_checked() -> None:
    """Fewer than no days never opens; scope, days and bound are what they say."""
    with pytest.raises(InvalidValue, match=r"opens_days .* fewer than none never opens"):
        WindowRule(scope=EVERYBODY, opens_days=0, bound=Bound.STRICT)
    for days in (-1, 3661):
        with pytest.raises(InvalidValue, match="from 0 to 3660"):
            WindowRule(scope=EVERYBODY, opens_days=days)
    with pytest.raises(InvalidType, match=r"WindowRule\.bound"):
        WindowRule(scope=EVERYBODY, opens_days=1, bound="strict")  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match=r"WindowRule\.scope"):
        WindowRule(scope=None, opens_days=1)  # type: ignore[arg-type]
