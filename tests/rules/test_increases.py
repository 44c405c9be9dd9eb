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
    Silence,
    Term,
    price_increase,
    tables,
)
from subrenew.policy.vendors import apple, autodesk, google_play
from subrenew.rules.tables import faults
from tests.makers import MONTHLY, a_subscription

OLD = autodesk.EDITION_2024
ON_DAY = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
YEARLY = Term.years(1)


def _usd(amount: str) -> Money:
    return Money(amount, "USD")


def _policy(*limits: IncreaseLimit, apart: Term | None = None, **more: Any) -> Any:
    rule = ConsentRule(limits=limits, not_more_often_than=apart, **more)
    return OLD.evolve(id="own", consent=rule)


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
    assert decision.codes == ("beyond-the-limits", "silence-ends")
    finding = decision.findings[0]
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
        assert decision.codes == ("too-soon", "silence-ends")
        assert decision.findings[0].value("last_on") == last_on
        assert last_on is not None
        assert decision.changes_on == YEARLY.end(last_on)
    else:
        assert decision.changes_on is None


def test_both_reasons_are_told() -> None:
    """Beyond the limits and too soon: both are findings; beyond, waiting changes no route."""
    policy = _policy(_limit(Combine.ANY), apart=YEARLY)
    decision = _asked("10.00", "20.00", policy, last_increase_on=ON_DAY - ONE_DAY)
    assert decision.codes == ("beyond-the-limits", "too-soon", "silence-ends")
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


# Currencies


def _in(currency: str, new: str, policy: Any) -> str:
    """The way forward from 10.00 to this price in this currency."""
    prices = {"old": Money("10.00", currency), "new": Money(new, currency)}
    return price_increase(a_subscription(), policy=policy, on=ON_DAY, **prices).route.value


@pytest.mark.parametrize("flip", [1, -1])
@pytest.mark.parametrize(
    ("currency", "new", "route"),
    [
        ("USD", "14.99", "without-consent"),
        ("USD", "15.00", "without-consent"),
        ("USD", "15.01", "ask-consent"),
        ("EUR", "13.99", "without-consent"),
        ("EUR", "14.00", "without-consent"),
        ("EUR", "14.01", "ask-consent"),
        ("GBP", "10.00", "not-dearer"),
        ("GBP", "10.01", "ask-consent"),
    ],
)
def test_the_limit_in_the_currency_of_the_price_counts(
    currency: str, new: str, route: str, flip: int
) -> None:
    """In whichever order; without one, every increase asks."""
    limits = (IncreaseLimit(amount=_usd("5.00")), IncreaseLimit(amount=Money("4.00", "EUR")))
    assert _in(currency, new, _policy(*limits[::flip])) == route


@pytest.mark.parametrize("combine", list(Combine))
def test_a_limit_in_another_currency_does_not_count_at_all(combine: Combine) -> None:
    """Not its rate either: whether the two are combined by "and" or "or", one is not known."""
    policy = _policy(_limit(combine))
    assert (_in("USD", "10.01", policy), _in("EUR", "10.01", policy)) == (
        "without-consent",
        "ask-consent",
    )


def test_a_limit_of_a_rate_is_for_every_currency() -> None:
    """Also beside one in another currency."""
    policy = _policy(_limit(Combine.ANY), IncreaseLimit(rate=Decimal("0.2")))
    assert (_in("EUR", "12.00", policy), _in("EUR", "12.01", policy)) == (
        "without-consent",
        "ask-consent",
    )


# Silence


SILENCE = [
    (Silence.ENDS, "silence-ends"),
    (Silence.RENEWS_AT_OLD_PRICE, "silence-keeps-old-price"),
    (Silence.RENEWS_AT_NEW_PRICE, "silence-takes-new-price"),
]


@pytest.mark.parametrize(("silence", "code"), SILENCE)
def test_what_silence_means_is_told_where_consent_is_asked(silence: Silence, code: str) -> None:
    """Beyond the limits as well as too soon; and not where nobody is asked."""
    policy = _policy(_limit(Combine.ANY), apart=YEARLY, silence=silence)
    assert _asked("10.00", "15.01", policy).codes == ("beyond-the-limits", code)
    assert _asked("10.00", "10.01", policy, last_increase_on=ON_DAY).codes == ("too-soon", code)
    assert _asked("10.00", "15.00", policy).codes == ()
    assert _asked("10.00", "10.00", policy, last_increase_on=ON_DAY).codes == ()


@pytest.mark.parametrize(
    ("silence", "said"),
    [
        (Silence.ENDS, "If you do not answer, the subscription ends."),
        (
            Silence.RENEWS_AT_OLD_PRICE,
            "If you do not answer, it is renewed at the old price, $10.00.",
        ),
        (
            Silence.RENEWS_AT_NEW_PRICE,
            "If you do not answer, it is renewed at the new price, $20.00.",
        ),
    ],
)
def test_the_customer_reads_what_silence_means(silence: Silence, said: str) -> None:
    """With the price that follows; where silence takes the new one, it does not "only if"."""
    text = _asked("10.00", "20.00", _policy(silence=silence)).explain()
    assert said in text
    assert ("only if you agree" in text) is (silence is not Silence.RENEWS_AT_NEW_PRICE)
    assert ("unless you object" in text) is (silence is Silence.RENEWS_AT_NEW_PRICE)


# Notice


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (None, True),
        ("2025-12-01", False),
        ("2025-12-02", False),
        ("2025-12-03", True),
        ("2026-01-01", True),
        ("2026-01-02", True),
    ],
)
def test_thirty_days_before_the_customer_is_told(told: str | None, due: bool) -> None:
    """Told a day earlier than the last day, on it, and a day later; calendar days."""
    told_on = None if told is None else date.fromisoformat(told)
    policy = _policy(_limit(Combine.ANY), notice_days=30)
    decision = _asked("10.00", "11.00", policy, told_on=told_on)
    assert decision.route == "without-consent"
    assert decision.codes == (("notice-due",) if due else ())
    if due:
        values = (("by", date(2025, 12, 2)), ("notice_days", 30))
        assert decision.findings[0].values == values
        assert "You have to be told about the increase by December 2, 2025." in decision.explain()
        after = None if told_on is None else told_on + 30 * ONE_DAY
        assert decision.changes_on == after


@pytest.mark.parametrize(
    ("days", "told_on", "codes"),
    [
        (0, None, ()),
        (0, ON_DAY + ONE_DAY, ()),
        (1, None, ("notice-due",)),
        (1, ON_DAY, ("notice-due",)),
        (1, ON_DAY - ONE_DAY, ()),
    ],
)
def test_no_notice_is_due_where_the_policy_wants_none(
    days: int, told_on: date | None, codes: tuple[str, ...]
) -> None:
    """No day at all, and one."""
    policy = _policy(_limit(Combine.ANY), notice_days=days)
    decision = _asked("10.00", "11.00", policy, told_on=told_on)
    assert decision.codes == codes


def test_notice_is_due_whether_consent_is_asked_or_not() -> None:
    """Between why it is asked and what silence means; what is not dearer needs none."""
    policy = _policy(_limit(Combine.ANY), notice_days=30)
    codes = ("beyond-the-limits", "notice-due", "silence-ends")
    assert _asked("10.00", "20.00", policy).codes == codes
    assert _asked("10.00", "10.00", policy).codes == ()
    assert _asked("10.00", "20.00", OLD).codes == ("policy-silent",)


def test_notice_of_an_edition_to_come() -> None:
    """What was in time under one edition is due under the next, until its days have passed."""
    start = date(2026, 7, 1)
    editions = Editions(
        (
            Edition(from_on=date(2024, 1, 1), policy=_policy(_limit(Combine.ANY), notice_days=1)),
            Edition(from_on=start, policy=_policy(_limit(Combine.ANY), notice_days=60)),
        )
    )
    told: dict[str, Any] = {"told_on": date(2026, 6, 1)}
    before = _asked("10.00", "11.00", editions, on=date(2026, 6, 2), **told)
    assert (before.codes, before.changes_on) == ((), start)
    after = _asked("10.00", "11.00", editions, on=start, **told)
    assert (after.codes, after.changes_on) == (("notice-due",), date(2026, 7, 31))


# Every cell


def test_the_question_is_proved() -> None:
    """Every cell there could be: no dead end, and every bar and every fact matters."""
    assert faults(tables.table("price-increase")) == ()


CENT, NONE = IncreaseLimit(amount=_usd("0.01")), IncreaseLimit(amount=_usd("0"))
LIMITS: list[tuple[IncreaseLimit, ...]] = [
    (),
    (CENT,),
    (NONE,),
    (NONE, CENT),
    (IncreaseLimit(rate=Decimal("0.000001")),),
    (IncreaseLimit(rate=Decimal(0)),),
    (IncreaseLimit(amount=Money(5, "JPY")),),
    (IncreaseLimit(rate=Decimal(1), scope=Scope(up_to=MONTHLY)),),
    *(
        (_limit(combine, amount=_usd(amount), rate=Decimal(rate)),)
        for combine in Combine
        for amount in ("0", "5.00")
        for rate in ("0", "0.5")
    ),
]
#: One small and one large step, from prices that rates tell apart, and one step down.
PRICES = [("10.00", "10.00"), ("0.00", "0.01"), ("900000.00", "900000.01"), ("1.00", "900000.00")]


def _reached(policy: Any) -> set[Any]:
    """Every cell that these calls reach."""
    return {
        price_increase(
            a_subscription(term=term),
            old=Money(old.partition(".")[0] if currency == "JPY" else old, currency),
            new=Money(new.partition(".")[0] if currency == "JPY" else new, currency),
            policy=policy,
            on=ON_DAY,
            last_increase_on=last_on,
            told_on=told_on,
        ).cell
        for term, currency in ((YEARLY, "USD"), (MONTHLY, "USD"), (YEARLY, "JPY"))
        for old, new in (*PRICES, ("1000", "1001"))
        for last_on in (None, ON_DAY)
        for told_on in (None, ON_DAY - 30 * ONE_DAY)
    }


@pytest.mark.parametrize("limits", LIMITS, ids=repr)
@pytest.mark.parametrize("apart", [None, YEARLY])
@pytest.mark.parametrize("notice_days", [0, 1, 30])
@pytest.mark.parametrize("silence", list(Silence))
def test_the_table_has_the_cells_that_some_call_reaches(
    limits: tuple[IncreaseLimit, ...], apart: Term | None, notice_days: int, silence: Silence
) -> None:
    """And no other, for limits that allow nothing too."""
    policy = _policy(*limits, apart=apart, notice_days=notice_days, silence=silence)
    made = tables.table("price-increase", policy)
    assert set(made.cells) == _reached(policy)
    assert len(made.cells) == len(set(made.cells))


def test_the_table_of_a_silent_policy() -> None:
    """Dearer or not; nothing else is looked at."""
    assert set(tables.table("price-increase", OLD).cells) == _reached(OLD)


@pytest.mark.parametrize(
    ("rule", "count"), [(None, 2), (apple.CONSENT, 6), (google_play.OPT_IN, 4)], ids=repr
)
def test_the_tables_of_shipped_rules(rule: ConsentRule | None, count: int) -> None:
    """Limits and a time between, no notice; and thirty days of notice for any increase."""
    policy = OLD.evolve(id="own", consent=rule)
    assert len(tables.table("price-increase", policy).cells) == count


def test_decisions_about_increases_pickle() -> None:
    """Decided again from what was asked, the answer is the same."""
    decision = _asked("10.00", "11.00", last_increase_on=ON_DAY, told_on=ON_DAY)
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
        ({"told_on": datetime(2026, 1, 1)}, "told_on"),
    ):
        with pytest.raises(InvalidType, match=told):
            price_increase(a_subscription(), **{**asked, **wrong})
    with pytest.raises(NotInForce):
        price_increase(
            a_subscription(), **{**asked, "policy": autodesk.EDITIONS, "on": date(2023, 1, 1)}
        )
