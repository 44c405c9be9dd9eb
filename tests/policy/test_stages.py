"""Stages, fees and terms of lateness: what they hold, and what contradicts itself is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from subrenew import (
    Access,
    BackPay,
    InvalidType,
    InvalidValue,
    LateFee,
    LateTerms,
    Loyalty,
    Money,
    RenewalPolicy,
    Stage,
    StageLength,
    StageRenewal,
    Term,
)
from subrenew.policy.stages import ladder_days
from tests.makers import ANNUAL, MONTHLY

FIVE = Money("5.00", "USD")


def _stage(*lengths: StageLength, name: str = "late", **changes: Any) -> Stage:
    return Stage(**{"name": name, "access": Access.FULL, "lengths": lengths, **changes})


@pytest.mark.parametrize(
    ("term", "days"),
    [
        (Term.weeks(1), 6),
        (Term.days(8), 15),
        (Term.days(31), 15),
        (MONTHLY, 15),
        (Term.days(32), 30),
        (ANNUAL, 30),
    ],
)
def test_a_length_by_the_term(term: Term, days: int) -> None:
    """The shortest limit that the term is within; the last length is for every longer one."""
    stage = _stage(
        StageLength(up_to=Term.weeks(1), days=6),
        StageLength(up_to=MONTHLY, days=15),
        StageLength(days=30),
    )
    assert stage.days_for(term) == days
    assert stage.length_for(term).days == days


@pytest.mark.parametrize(
    ("grace", "left"), [(0, 60), (1, 59), (16, 44), (59, 1), (60, 0), (61, 0), (90, 0)]
)
def test_sixty_days_less_the_grace(grace: int, left: int) -> None:
    """What earlier stages took is taken off, and never more than there is."""
    stages = (
        _stage(StageLength(days=grace), name="grace"),
        _stage(StageLength(days=60, less=("grace",)), name="retry"),
    )
    assert [days for _, days in ladder_days(stages, ANNUAL)] == [grace, left]


def test_what_was_shortened_counts_as_it_is() -> None:
    """A third stage takes off what the second one really lasts, not what it is written with."""
    stages = (
        _stage(StageLength(days=10), name="a"),
        _stage(StageLength(days=15, less=("a",)), name="b"),
        _stage(StageLength(days=40, less=("a", "b")), name="c"),
    )
    assert [days for _, days in ladder_days(stages, ANNUAL)] == [10, 5, 25]


def test_less_is_said_of_one_length_and_not_of_another() -> None:
    """For a month the grace is taken off; for a year it is not."""
    stages = (
        _stage(StageLength(days=10), name="grace"),
        _stage(
            StageLength(up_to=MONTHLY, days=30, less=("grace",)), StageLength(days=30), name="retry"
        ),
    )
    for term, days in ((MONTHLY, 20), (ANNUAL, 30)):
        assert [length for _, length in ladder_days(stages, term)] == [10, days]


def test_the_days_of_a_ladder_are_worked_out_once() -> None:
    """Equal stages and terms get the same tuple; another term or stage gets its own."""

    def asked(days: int, term: Term) -> tuple[tuple[Stage, int], ...]:
        return ladder_days(
            (_stage(StageLength(up_to=MONTHLY, days=2), StageLength(days=days)),), term
        )

    assert asked(10, ANNUAL) is asked(10, Term.months(12))
    assert [asked(*each)[0][1] for each in ((10, ANNUAL), (11, ANNUAL), (11, MONTHLY))] == [
        10,
        11,
        2,
    ]


@pytest.mark.parametrize("field", ["stages", "cancelled_stages"])
def test_an_earlier_stage_is_named(field: str) -> None:
    """A stage can take off neither itself nor a later one, nor one of the other ladder."""
    later = _stage(StageLength(days=60, less=("retry",)), name="retry")
    with pytest.raises(InvalidValue, match=rf"{field}\[0\]\.lengths .*name an earlier stage"):
        RenewalPolicy(id="v/1", **{field: (later,)})  # type: ignore[arg-type]


def test_a_cancelled_stage_takes_nothing_off_the_other_ladder() -> None:
    """The two ladders are counted apart, and share no names."""
    grace = _stage(StageLength(days=10), name="grace")
    retry = _stage(StageLength(days=60, less=("grace",)), name="retry")
    with pytest.raises(InvalidValue, match=r"cancelled_stages\[0\]\.lengths"):
        RenewalPolicy(id="v/1", stages=(grace,), cancelled_stages=(retry,))
    with pytest.raises(InvalidValue, match="name each one once"):
        RenewalPolicy(id="v/1", stages=(grace,), cancelled_stages=(grace,))


@pytest.mark.parametrize(
    ("days", "taken"), [((0,), False), ((1,), True), ((0, 1), True), ((0, 0), False)]
)
def test_a_stage_that_no_day_reaches_is_refused(days: tuple[int, ...], *, taken: bool) -> None:
    """One length with a day is enough: the first is for a month, the last for longer."""
    limits = (MONTHLY, None) if len(days) == 2 else (None,)
    lengths = (
        StageLength(up_to=up_to, days=each) for up_to, each in zip(limits, days, strict=True)
    )
    stage = _stage(*lengths)
    if taken:
        assert RenewalPolicy(id="v/1", stages=(stage,)).stages == (stage,)
        return
    with pytest.raises(InvalidValue, match="no day ever reaches it"):
        RenewalPolicy(id="v/1", stages=(stage,))


@pytest.mark.parametrize(
    ("days", "late"), [((10, 0, 0), 10), ((10, 5, 0), 15), ((10, 5, 7), 15), ((0, 0, 7), 0)]
)
def test_late_days_count_up_to_the_last_stage_that_renews(days: tuple[int, ...], late: int) -> None:
    """A stage that no longer renews does not count, nor does one that has no day for the term."""
    renewals = (StageRenewal.POSSIBLE, StageRenewal.POSSIBLE, StageRenewal.OVER)
    stages = tuple(
        _stage(StageLength(up_to=ANNUAL, days=each), StageLength(days=1), name=str(n), renewal=way)
        for n, (each, way) in enumerate(zip(days, renewals, strict=True))
    )
    assert RenewalPolicy(id="v/1", stages=stages).late_days(ANNUAL) == late


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: StageLength(days=-1), r"StageLength\.days"),
        (lambda: StageLength(days=3661), "from 0 to 3660"),
        (lambda: StageLength(days=1, up_to=31), r"StageLength\.up_to"),
        (lambda: StageLength(days=1, less=["a"]), r"StageLength\.less"),
        (_stage, "end with a length for every longer term"),
        (lambda: _stage(StageLength(up_to=MONTHLY, days=1)), "end with a length"),
        (lambda: _stage(StageLength(days=1), StageLength(days=2)), "shortest terms first"),
        (
            lambda: _stage(
                StageLength(up_to=MONTHLY, days=1),
                StageLength(up_to=Term.days(31), days=1),
                StageLength(days=1),
            ),
            "shortest terms first",
        ),
        (lambda: _stage(StageLength(days=1), surcharge_rate=Decimal(1)), "surcharge_rate"),
        (lambda: _stage(StageLength(days=1), price="list"), r"Stage\.price"),
        (lambda: _stage(StageLength(days=1), renewal=None), r"Stage\.renewal"),
        (lambda: _stage(StageLength(days=1), access="full"), r"Stage\.access"),
        (lambda: _stage(StageLength(days=1), name=" "), r"Stage\.name"),
        (LateFee, "give an amount, a rate or both"),
        (lambda: LateFee(amount=5), r"LateFee\.amount"),
        (lambda: LateFee(amount=Money("-0.01", "USD")), "give what is added"),
        (lambda: LateFee(rate=Decimal("-0.1")), r"LateFee\.rate"),
        (lambda: LateFee(amount=FIVE, from_days=-1), r"LateFee\.from_days"),
        (lambda: LateTerms(back_pay="none"), r"LateTerms\.back_pay"),
        (lambda: LateTerms(capped_at_new=1), r"LateTerms\.capped_at_new"),
        (lambda: LateTerms(loyalty=None), r"LateTerms\.loyalty"),
        (lambda: LateTerms(fees=[LateFee(amount=FIVE)]), r"LateTerms\.fees"),
        (lambda: LateTerms(fees=(LateFee(amount=FIVE),) * 2), "one fee for each day in each"),
        (
            lambda: LateTerms(
                fees=(LateFee(amount=FIVE), LateFee(amount=FIVE + FIVE, rate=Decimal("0.1")))
            ),
            "one fee for each day in each",
        ),
        (lambda: LateTerms(fees=(LateFee(rate=Decimal("0.1")),) * 2), "and one rate"),
        (
            lambda: LateTerms(
                fees=(LateFee(amount=FIVE, from_days=2), LateFee(amount=FIVE, from_days=1))
            ),
            "give days that ascend",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(make: Any, told: str) -> None:
    """Lengths, stages, fees and terms name the field that is wrong."""
    with pytest.raises((InvalidValue, InvalidType), match=told):
        make()


def test_the_default_asks_for_nothing_more() -> None:
    """Lateness costs nothing where nothing is said, and terms go on being counted."""
    plain = LateTerms()
    assert (plain.back_pay, plain.fees, plain.loyalty) == (BackPay.NONE, (), Loyalty.KEPT)
    assert not plain.capped_at_new


def test_a_day_may_have_a_fee_in_each_currency_and_one_rate() -> None:
    """In any order within the day; the next day begins anew with the same currencies."""
    euros, rate = LateFee(amount=Money("4", "EUR")), LateFee(rate=Decimal("0.1"))
    later = LateFee(amount=FIVE, from_days=1)
    for fees in ((LateFee(amount=FIVE), euros, rate, later), (rate, euros, LateFee(amount=FIVE))):
        assert LateTerms(fees=fees).fees == fees


def test_a_fee_has_the_currency_of_its_amount() -> None:
    """One with only a rate is for every currency."""
    assert LateFee(amount=FIVE, rate=Decimal("0.1")).currency == FIVE.currency
    assert LateFee(rate=Decimal("0.1")).currency is None
