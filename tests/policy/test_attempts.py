"""Attempts: so many failed tries within a period, then a wait; nothing is kept."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import AttemptLimit, Attempts, InvalidType, InvalidValue

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
LIMIT = AttemptLimit(tries=3, period=timedelta(minutes=15))


def _failed(*seconds: float) -> Attempts:
    return Attempts(failed_at=tuple(NOON + each * SECOND for each in seconds))


@pytest.mark.parametrize(("failed", "allowed"), [(0, True), (2, True), (3, False), (4, False)])
def test_so_many_and_no_more(failed: int, allowed: bool) -> None:
    """Below the number another try is taken; at it and above it none is."""
    state = _failed(*range(failed))
    assert LIMIT.allows(state, at=NOON + 10 * SECOND) is allowed


def test_one_try_only() -> None:
    """The smallest limit waits after each failure."""
    limit = AttemptLimit(tries=1, period=SECOND)
    state = limit.after_failure(Attempts(), at=NOON)
    assert state == Attempts(failed_at=(NOON,))
    assert not limit.allows(state, at=NOON)
    assert limit.allows(state, at=NOON + SECOND)
    assert limit.after_failure(state, at=NOON + SECOND) == Attempts(failed_at=(NOON + SECOND,))


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (timedelta(minutes=15) - TICK, False),
        (timedelta(minutes=15), True),
        (timedelta(minutes=15) + TICK, True),
    ],
)
def test_a_failure_counts_for_one_period(after: timedelta, allowed: bool) -> None:
    """Until just before its period is over it counts; from then on not."""
    assert LIMIT.allows(_failed(0, 1, 2), at=NOON + after) is allowed


def test_it_opens_again_when_the_oldest_that_counts_is_over() -> None:
    """The wait ends at one instant: not before it, and from it on."""
    state = _failed(0, 60, 120)
    opens_at = LIMIT.opens_at(state, at=NOON + 130 * SECOND)
    assert opens_at == NOON + timedelta(minutes=15)
    assert not LIMIT.allows(state, at=opens_at - TICK)
    assert LIMIT.allows(state, at=opens_at)


def test_where_tries_are_left_it_is_open_now() -> None:
    """There is nothing to wait for."""
    assert LIMIT.opens_at(_failed(0, 1), at=NOON + 10 * SECOND) == NOON + 10 * SECOND


def test_a_lower_limit_waits_for_more_to_pass() -> None:
    """A state that was counted under a higher limit opens when enough of it is over."""
    state = _failed(0, 60, 120, 180, 240)
    assert LIMIT.opens_at(state, at=NOON + 250 * SECOND) == NOON + timedelta(minutes=17)


def test_the_state_stays_small() -> None:
    """However often it fails, no more is kept than can count, and what is over is left out."""
    state = Attempts()
    for number in range(100):
        state = LIMIT.after_failure(state, at=NOON + number * SECOND)
    assert state == _failed(97, 98, 99)
    assert LIMIT.after_failure(state, at=NOON + timedelta(days=1)).failed_at == (
        NOON + timedelta(days=1),
    )


def test_it_returns_its_state_and_changes_none() -> None:
    """The state that was given is what it was."""
    state = _failed(0)
    LIMIT.after_failure(state, at=NOON + SECOND)
    assert state == _failed(0)


def test_summer_time_does_not_shorten_the_wait() -> None:
    """Instants are counted, not the clock on the wall: ten minutes over the jump are ten."""
    paris = ZoneInfo("Europe/Paris")
    before = datetime(2026, 3, 29, 1, 55, tzinfo=paris)
    after = datetime(2026, 3, 29, 3, 5, tzinfo=paris)
    state = AttemptLimit(tries=1).after_failure(Attempts(), at=before)
    assert not AttemptLimit(tries=1).allows(state, at=after)
    assert not AttemptLimit(tries=1).allows(Attempts(failed_at=(before,)), at=after)
    opens_at = AttemptLimit(tries=1).opens_at(Attempts(failed_at=(before,)), at=after)
    assert opens_at == datetime(2026, 3, 29, 1, 10, tzinfo=UTC)


def test_winter_time_does_not_lengthen_it() -> None:
    """The hour that comes twice is two hours."""
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    second = datetime(2026, 10, 25, 2, 40, tzinfo=paris, fold=1)
    assert AttemptLimit(tries=1).allows(Attempts(failed_at=(first,)), at=second)


def test_zones_may_differ() -> None:
    """An instant is the same wherever it is read."""
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    assert LIMIT.after_failure(Attempts(), at=tokyo) == _failed(0)
    assert not LIMIT.allows(_failed(0, 1, 2), at=tokyo + 5 * SECOND)


DAY = timedelta(days=1)


@pytest.mark.parametrize("behind", [TICK, timedelta(minutes=15), timedelta(hours=1), DAY])
def test_a_clock_that_is_behind_opens_nothing(behind: timedelta) -> None:
    """Failures that lie ahead count, up to a day."""
    assert not LIMIT.allows(_failed(0, 0, 0), at=NOON - behind)


def test_a_failure_that_lies_more_than_a_day_ahead_does_not_lock_for_ever() -> None:
    """It was dated by a clock that is wrong: it does not count, and is not kept."""
    at = NOON - DAY - TICK
    state = _failed(0, 0, 0)
    assert LIMIT.allows(state, at=at)
    assert LIMIT.opens_at(state, at=at) == at
    assert LIMIT.after_failure(state, at=at) == Attempts(failed_at=(at,))


def test_a_failure_is_dated_no_earlier_than_the_one_before() -> None:
    """So that tries through a clock that is behind count by the other one, too."""
    state = LIMIT.after_failure(_failed(0), at=NOON - timedelta(hours=1))
    assert state == _failed(0, 0)
    assert LIMIT.after_failure(state, at=NOON + SECOND) == _failed(0, 0, 1)


@given(offsets=st.lists(st.integers(-40_000, 40_000), max_size=60))
def test_clocks_that_differ_by_less_than_a_day_give_no_more_tries(offsets: list[int]) -> None:
    """Through servers whose clocks differ, no more are taken than by the fastest clock so far."""
    state, taken = Attempts(), []
    for offset in offsets:
        at = NOON + offset * SECOND
        if LIMIT.allows(state, at=at):
            state = LIMIT.after_failure(state, at=at)
            taken.append(state.failed_at[-1])
            assert taken[-1] >= at
    for first in taken:
        within = [each for each in taken if first <= each < first + LIMIT.period]
        assert len(within) <= LIMIT.tries


def test_failures_are_counted_by_their_instants_and_not_by_their_order() -> None:
    """However they are stored, the oldest that counts ends the wait."""
    state = Attempts(failed_at=tuple(reversed(_failed(0, 60, 120).failed_at)))
    assert LIMIT.opens_at(state, at=NOON + 130 * SECOND) == NOON + timedelta(minutes=15)


def test_one_failure_is_taken_back() -> None:
    """One of several at the same instant; of an instant that has none, none."""
    assert _failed(0, 1, 1, 2).without(NOON + SECOND) == _failed(0, 1, 2)
    assert _failed(0, 1).without(NOON + 5 * SECOND) == _failed(0, 1)
    assert Attempts().without(NOON) == Attempts()


def test_a_failure_is_over_after_its_period_and_the_day_that_clocks_may_differ() -> None:
    """Before the instant that is returned it counts by no clock."""
    over = LIMIT.over_before(NOON)
    assert over == NOON - timedelta(minutes=15) - DAY
    assert LIMIT.allows(Attempts(failed_at=(over - TICK,) * 3), at=NOON - DAY)
    assert not LIMIT.allows(Attempts(failed_at=(over + TICK,) * 3), at=NOON - DAY)
    with pytest.raises(InvalidValue, match="naive"):
        LIMIT.over_before(datetime(2026, 1, 1, 12))


@pytest.mark.parametrize("at", [date(2026, 1, 1), "2026-01-01", None, 0], ids=repr)
def test_an_instant_is_a_datetime(at: object) -> None:
    """Anything else is refused, wherever it is given."""
    for act in (LIMIT.allows, LIMIT.after_failure, LIMIT.opens_at):
        with pytest.raises(InvalidType, match="time zone"):
            act(Attempts(), at=at)  # type: ignore[arg-type]
    with pytest.raises(InvalidType):
        Attempts(failed_at=(at,))  # type: ignore[arg-type]


def test_a_naive_datetime_is_no_instant() -> None:
    """Reading 1: it is refused, by the state as well."""
    naive = datetime(2026, 1, 1, 12)
    for act in (LIMIT.allows, LIMIT.after_failure, LIMIT.opens_at):
        with pytest.raises(InvalidValue, match="naive"):
            act(Attempts(), at=naive)
    with pytest.raises(InvalidValue, match="naive"):
        Attempts(failed_at=(naive,))


@pytest.mark.parametrize("tries", [0, -1, 1001])
def test_a_limit_takes_a_try_or_more(tries: int) -> None:
    """A limit of none would lock everybody out."""
    with pytest.raises(InvalidValue, match=r"AttemptLimit\.tries"):
        AttemptLimit(tries=tries)


@pytest.mark.parametrize("period", [timedelta(0), -SECOND])
def test_a_period_is_longer_than_nothing(period: timedelta) -> None:
    """A limit within no time is none."""
    with pytest.raises(InvalidValue, match=r"AttemptLimit\.period"):
        AttemptLimit(period=period)
    with pytest.raises(InvalidType):
        AttemptLimit(period=900)  # type: ignore[arg-type]


@given(
    tries=st.integers(1, 5),
    gaps=st.lists(st.integers(0, 2000), max_size=20),
)
def test_no_period_has_more_tries_than_allowed(tries: int, gaps: list[int]) -> None:
    """Whoever tries whenever it is allowed fails at most so often within any one period."""
    limit = AttemptLimit(tries=tries, period=1000 * SECOND)
    state, at, taken = Attempts(), NOON, []
    for gap in gaps:
        at += gap * SECOND
        assert limit.allows(state, at=at) == (limit.opens_at(state, at=at) == at)
        if limit.allows(state, at=at):
            taken.append(at)
            state = limit.after_failure(state, at=at)
    for first in taken:
        within = [each for each in taken if first <= each < first + limit.period]
        assert len(within) <= tries
