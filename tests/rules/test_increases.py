"""Does a dearer renewal need consent: exactly the limit is within it, and silence is no yes."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    Combine,
    ConsentRule,
    CurrencyMismatch,
    Decision,
    Edition,
    Editions,
    IncreaseLimit,
    IncreaseRoute,
    InvalidType,
    Money,
    NotInForce,
    Scope,
    Term,
    price_increase,
    tables,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules.tables import faults
from tests.makers import MONTHLY, a_subscription

OLD = autodesk.EDITION_2024
ON_DAY = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
YEARLY = Term.years(1)


def _usd(amount: str) -> Money:
    return Money(amount, "USD")


def _policy(*limits: IncreaseLimit, apart: Term | None = None) -> Any:
    return OLD.evolve(id="own", consent=ConsentRule(limits=limits, not_more_often_than=apart))


def _asked(old: str, new: str, policy: Any = OLD, **changes: Any) -> Decision[IncreaseRoute]:
    term = changes.pop("term", YEARLY)
    asked = {"on": ON_DAY, **changes}
    return price_increase(
        a_subscription(term=term), old=_usd(old), new=_usd(new), policy=policy, **asked
    )


def _limit(combine: Combine, **changes: Any) -> IncreaseLimit:
    fields = {"amount": _usd("5.00"), "rate": Decimal("0.5"), **changes}
    return IncreaseLimit(combine=combine, **fields)


@pytest.mark.parametrize(
    ("old", "new", "of_any", "of_all"),
    [
        # Both at their limit, then one cent above both.
        ("10.00", "14.99", "without-consent", "without-consent"),
        ("10.00", "15.00", "without-consent", "without-consent"),
        ("10.00", "15.01", "ask-consent", "ask-consent"),
        # More than half, though less than five; exactly half, and five, is within.
        ("2.00", "3.00", "without-consent", "without-consent"),
        ("2.00", "3.01", "ask-consent", "without-consent"),
        # More than five, though less than half.
        ("20.00", "25.00", "without-consent", "without-consent"),
        ("20.00", "25.01", "ask-consent", "without-consent"),
        ("20.00", "30.00", "ask-consent", "without-consent"),
        ("20.00", "30.01", "ask-consent", "ask-consent"),
        # From nothing to something: the fraction is beyond any limit.
        ("0.00", "0.01", "ask-consent", "without-consent"),
        ("0.00", "5.01", "ask-consent", "ask-consent"),
    ],
)
def test_one_limit_or_both(old: str, new: str, of_any: str, of_all: str) -> None:
    """ANY asks once one limit is exceeded, ALL only where both are; at the limit is within."""
    assert _asked(old, new, _policy(_limit(Combine.ANY))).route == of_any
    assert _asked(old, new, _policy(_limit(Combine.ALL))).route == of_all


@pytest.mark.parametrize("combine", list(Combine))
@pytest.mark.parametrize(
    ("limit", "new", "route"),
    [
        ({"rate": None}, "15.00", "without-consent"),
        ({"rate": None}, "15.01", "ask-consent"),
        ({"amount": None}, "15.00", "without-consent"),
        ({"amount": None}, "15.01", "ask-consent"),
        ({"amount": None, "rate": Decimal(1)}, "20.00", "without-consent"),
        ({"amount": None, "rate": Decimal(1)}, "20.01", "ask-consent"),
        ({"amount": _usd("0"), "rate": None}, "10.01", "ask-consent"),
    ],
)
def test_a_single_limit(combine: Combine, limit: dict[str, Any], new: str, route: str) -> None:
    """With one of the two there is nothing to combine; a rate of one is a doubled price."""
    assert _asked("10.00", new, _policy(_limit(combine, **limit))).route == route


@pytest.mark.parametrize("new", ["0.00", "9.99", "10.00"])
@pytest.mark.parametrize("policy", [OLD, _policy(), _policy(_limit(Combine.ANY), apart=YEARLY)])
def test_what_is_not_dearer_needs_nothing(new: str, policy: Any) -> None:
    """The same price and a lower one need no consent, whatever the policy and however soon."""
    decision = _asked("10.00", new, policy, last_increase_on=ON_DAY)
    assert (decision.route, decision.codes) == ("not-dearer", ())


def test_where_the_policy_is_silent_the_answer_is_unknown() -> None:
    """One cent more is enough, and the finding says why."""
    decision = _asked("10.00", "10.01")
    assert (decision.route, decision.codes) == ("consent-unknown", ("policy-silent",))
    assert "not known" in decision.explain()


def test_without_limits_every_increase_asks() -> None:
    """A rule without limits allows none without consent; the prices are told."""
    decision = _asked("10.00", "10.01", _policy())
    assert decision.route == "ask-consent"
    (finding,) = decision.findings
    assert finding.values == (("old", _usd("10.00")), ("new", _usd("10.01")))


@pytest.mark.parametrize(
    ("last", "route"),
    [
        (None, "without-consent"),
        ("2024-12-31", "without-consent"),
        ("2025-01-01", "without-consent"),
        ("2025-01-02", "ask-consent"),
        ("2025-12-31", "ask-consent"),
        ("2026-01-01", "ask-consent"),
    ],
)
def test_a_year_has_to_lie_between(last: str | None, route: str) -> None:
    """A year after the last increase is far enough; a day less is too soon."""
    policy = _policy(_limit(Combine.ANY), apart=YEARLY)
    last_on = None if last is None else date.fromisoformat(last)
    decision = _asked("10.00", "11.00", policy, last_increase_on=last_on)
    assert decision.route == route
    if route == "ask-consent":
        assert decision.codes == ("too-soon",)
        assert decision.findings[0].value("last_on") == last_on
        assert last_on is not None
        assert decision.changes_on == YEARLY.end(last_on)
    else:
        assert decision.changes_on is None


def test_both_reasons_are_told() -> None:
    """Beyond the limits and too soon: both are findings; beyond, waiting changes no route."""
    policy = _policy(_limit(Combine.ANY), apart=YEARLY)
    decision = _asked("10.00", "20.00", policy, last_increase_on=ON_DAY - ONE_DAY)
    assert decision.codes == ("beyond-the-limits", "too-soon")
    assert decision.changes_on == date(2026, 12, 31)


def test_limits_are_for_whom_they_say() -> None:
    """The limit of a month does not allow a year, and what no limit covers needs consent."""
    month = _limit(Combine.ANY, scope=Scope(up_to=MONTHLY))
    year = _limit(Combine.ANY, scope=Scope(longer_than=MONTHLY), amount=_usd("50"))
    assert _asked("100.00", "110.00", _policy(month, year)).route == "without-consent"
    assert _asked("100.00", "110.00", _policy(month)).route == "ask-consent"
    assert _asked("10.00", "15.01", _policy(month, year), term=MONTHLY).route == "ask-consent"


def test_an_edition_to_come_may_ask() -> None:
    """The answer changes with the edition, and with the time that the edition to come asks for."""
    start = date(2026, 7, 1)
    editions = Editions(
        (
            Edition(from_on=date(2024, 1, 1), policy=OLD),
            Edition(from_on=start, policy=_policy(_limit(Combine.ANY), apart=YEARLY)),
        )
    )
    before = _asked("10.00", "11.00", editions, last_increase_on=date(2025, 12, 1))
    assert (before.route, before.changes_on) == ("consent-unknown", start)
    after = _asked("10.00", "11.00", editions, last_increase_on=date(2025, 12, 1), on=start)
    assert (after.route, after.changes_on) == ("ask-consent", date(2026, 12, 1))
    same = Editions(
        (
            Edition(from_on=date(2024, 1, 1), policy=_policy(_limit(Combine.ANY))),
            Edition(from_on=start, policy=_policy(_limit(Combine.ANY), apart=Term.years(2))),
        )
    )
    found = _asked("10.00", "11.00", same, last_increase_on=date(2023, 10, 1))
    assert (found.route, found.changes_on) == ("without-consent", None)


def test_the_table_is_proved() -> None:
    """Silent policies have two cells; the rule's limits and time decide which others there are."""
    assert faults(tables.table("price-increase")) == ()
    for policy, count in (
        (OLD, 2),
        (_policy(), 2),
        (_policy(_limit(Combine.ANY)), 3),
        (_policy(apart=YEARLY), 4),
        (_policy(_limit(Combine.ALL), apart=YEARLY), 6),
    ):
        assert len(tables.table("price-increase", policy).cells) == count


def test_decisions_about_increases_pickle() -> None:
    """Decided again from what was asked, the answer is the same."""
    decision = _asked("10.00", "11.00", last_increase_on=ON_DAY)
    assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301 - our own bytes


def test_what_is_wrong_is_said() -> None:
    """Prices of two currencies, a price that is none, a datetime, and a gap."""
    with pytest.raises(CurrencyMismatch):
        price_increase(
            a_subscription(), old=_usd("1"), new=Money("1", "EUR"), policy=OLD, on=ON_DAY
        )
    asked: dict[str, Any] = {"policy": OLD, "on": ON_DAY, "old": _usd("1"), "new": _usd("2")}
    for wrong, told in (
        ({"old": "1.00"}, "old"),
        ({"new": None}, "new"),
        ({"on": datetime(2026, 1, 1)}, "on"),
        ({"last_increase_on": "2026-01-01"}, "last_increase_on"),
    ):
        with pytest.raises(InvalidType, match=told):
            price_increase(a_subscription(), **{**asked, **wrong})
    with pytest.raises(NotInForce):
        price_increase(
            a_subscription(), **{**asked, "policy": autodesk.EDITIONS, "on": date(2023, 1, 1)}
        )
