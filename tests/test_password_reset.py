"""Password resets: a token that is kept as a hash, used once, and tells nothing."""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    AttemptLimit,
    Attempts,
    InvalidType,
    InvalidValue,
    NotFound,
    OrderRoute,
    PasswordHash,
    RevisionConflict,
    Secret,
)
from subrenew.desk import Desk, ResetAnswer
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord, PasswordReset
from subrenew.testing.memory import MemoryStorage
from tests.makers import a_subscription

DAY = date(2025, 12, 1)
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
OLD, NEW = Secret("hunter2"), Secret("correct horse")
CHANGED, REFUSED = ResetAnswer.CHANGED, ResetAnswer.REFUSED
HASHER = ScryptHasher(cost=4, r=1)


def a_desk(**more: Any) -> Desk:
    """A desk with an order, one without a password, and one that is failed tries only."""
    storage = MemoryStorage([a_subscription()])
    records = [
        OrderRecord(number="A-1", placed_on=DAY, subscription_ids=("S-1",)),
        OrderRecord(number="C-3", placed_on=DAY, subscription_ids=("S-1",)),
        OrderRecord(number="E-5", placed_on=DAY, subscription_ids=()),
    ]
    with storage.transaction() as found:
        for each in records:
            hashed = None if each.number == "C-3" else HASHER.hash(OLD)
            found.orders.save(attrs.evolve(each, password_hash=hashed), revision=None)
    return Desk(storage=storage, policy=autodesk.EDITION_2024, hasher=HASHER, **more)


def record(desk: Desk, number: str = "A-1") -> OrderRecord:
    """What is stored of an order."""
    with desk.storage.transaction() as found:
        return found.orders.get(number).value


def route(desk: Desk, password: Secret, at: datetime = NOON) -> OrderRoute:
    """What the order's page answers."""
    decided = desk.open_order(number="A-1", password=password, on=DAY, at=at)
    return OrderRoute(decided.route)


def test_a_token_sets_a_new_password() -> None:
    """The new one opens the page, and the old one does not any more."""
    desk = a_desk()
    token = desk.request_password_reset("A-1", at=NOON)
    assert route(desk, OLD) is OrderRoute.OPEN_ORDER
    assert desk.reset_password(" a-1\n", token, NEW, at=NOON) is CHANGED
    assert route(desk, NEW) is OrderRoute.OPEN_ORDER
    assert route(desk, OLD) is OrderRoute.TRY_AGAIN


def test_it_is_used_once() -> None:
    """A second time it is worth nothing, with whatever password."""
    desk = a_desk()
    token = desk.request_password_reset("A-1", at=NOON)
    assert desk.reset_password("A-1", token, NEW, at=NOON) is CHANGED
    before = record(desk)
    assert desk.reset_password("A-1", token, NEW, at=NOON) is REFUSED
    assert desk.reset_password("A-1", token, OLD, at=NOON) is REFUSED
    assert record(desk) == before


def test_of_two_at_once_one_changes_the_password() -> None:
    """Both were right when they were read; the second comes too late."""
    desk = a_desk()
    token = desk.request_password_reset("A-1", at=NOON)
    gate = threading.Barrier(2)

    class Together(type(HASHER)):  # type: ignore[misc]
        def hash(self, secret: Secret) -> PasswordHash:
            gate.wait()
            return HASHER.hash(secret)

    meeting = attrs.evolve(desk, hasher=Together(cost=4, r=1))
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(
            lambda new: meeting.reset_password("A-1", token, new, at=NOON), (OLD, NEW)
        )
        assert sorted(each.value for each in answers) == ["changed", "refused"]


@pytest.mark.parametrize(
    ("after", "answer"), [(timedelta(0), CHANGED), (HOUR - TICK, CHANGED), (HOUR, REFUSED)]
)
def test_it_lasts_an_hour(after: timedelta, answer: ResetAnswer) -> None:
    """Until just before its end it is right; from then on not."""
    desk = a_desk()
    token = desk.request_password_reset("A-1", at=NOON)
    assert desk.reset_password("A-1", token, NEW, at=NOON + after) is answer


def test_how_long_it_lasts_is_the_applications_choice() -> None:
    """Whatever it is, it is above zero."""
    desk = a_desk(token_lasts=timedelta(minutes=5))
    token = desk.request_password_reset("A-1", at=NOON)
    assert desk.reset_password("A-1", token, NEW, at=NOON + timedelta(minutes=5)) is REFUSED
    with pytest.raises(InvalidValue, match=r"Desk\.token_lasts"):
        a_desk(token_lasts=timedelta(0))
    with pytest.raises(InvalidType, match=r"Desk\.token_lasts"):
        a_desk(token_lasts=3600)


def test_only_the_last_one_asked_for_is_right() -> None:
    """Asked again, the one before is worth nothing any more."""
    desk = a_desk()
    first = desk.request_password_reset("A-1", at=NOON)
    second = desk.request_password_reset("A-1", at=NOON)
    assert desk.reset_password("A-1", first, NEW, at=NOON) is REFUSED
    assert desk.reset_password("A-1", second, NEW, at=NOON) is CHANGED


@pytest.mark.parametrize("number", ["A-1", "C-3", "E-5", "F-6", "?", ""])
def test_a_refusal_is_one_answer(number: str) -> None:
    """Wrong token, no password, no lines, unknown, no number at all; and nothing is stored."""
    desk = a_desk()
    own = desk.request_password_reset(number, at=NOON)
    assert type(own) is Secret
    storage: Any = desk.storage
    before = dict(storage.orders)
    tokens = [Secret("x" * 43), OLD, Secret("")]
    if number != "A-1":
        tokens.append(own)
    assert [desk.reset_password(number, each, NEW, at=NOON) for each in tokens] == [REFUSED] * len(
        tokens
    )
    assert storage.orders == before


def test_another_orders_token_is_wrong() -> None:
    """A token is its order's, and no other's."""
    desk = a_desk()
    token = desk.request_password_reset("C-3", at=NOON)
    desk.request_password_reset("A-1", at=NOON)
    assert desk.reset_password("A-1", token, NEW, at=NOON) is REFUSED


def test_where_none_was_asked_for_none_is_right() -> None:
    """Not even the hash that an absent token is compared with."""
    assert a_desk().reset_password("A-1", Secret("-" * 64), NEW, at=NOON) is REFUSED


def test_a_request_writes_as_much_at_an_unknown_number() -> None:
    """Neither its time nor what others wait for tells that there is an order."""
    desk = a_desk()
    for number in ("A-1", "F-6"):
        desk.request_password_reset(number, at=NOON)
        reset = record(desk, number).reset
        assert reset is not None
        assert reset.expires_at == NOON + HOUR
    assert record(desk, "F-6").subscription_ids == ()


@pytest.mark.parametrize("number", ["A-1", "F-6"])
def test_a_wrong_token_costs_no_hash(number: str) -> None:
    """Nobody without a token makes the application work, known or unknown."""
    desk = attrs.evolve(a_desk(), hasher=None)
    assert desk.reset_password(number, Secret("x" * 43), NEW, at=NOON) is REFUSED


def test_a_reset_ends_the_wait() -> None:
    """Failed tries are forgotten with the password that they failed at."""
    desk = a_desk(limit=AttemptLimit(tries=1))
    route(desk, NEW)
    assert route(desk, OLD) is OrderRoute.WAIT
    token = desk.request_password_reset("A-1", at=NOON)
    assert len(record(desk).attempts.failed_at) == 1
    assert desk.reset_password("A-1", token, NEW, at=NOON) is CHANGED
    assert (record(desk).attempts, record(desk).reset) == (Attempts(), None)
    assert route(desk, NEW) is OrderRoute.OPEN_ORDER


def test_the_token_is_the_sources() -> None:
    """The library has no chance of its own: whoever gives the source knows what comes of it."""
    desk = a_desk(tokens=lambda: "0123456789abcdefghijkl")
    token = desk.request_password_reset("A-1", at=NOON)
    assert token == Secret("0123456789abcdefghijkl")
    assert a_desk().tokens is secrets.token_urlsafe


def test_a_source_that_can_be_guessed_is_refused() -> None:
    """Tries at a token are not counted, so it has 128 bits; the message does not show it."""
    desk = a_desk(tokens=lambda: "0123456789abcdefghijk")
    with pytest.raises(InvalidValue, match="22 characters or more") as caught:
        desk.request_password_reset("A-1", at=NOON)
    assert "0123" not in str(caught.value)
    assert record(desk).reset is None


def test_nothing_that_is_kept_shows_the_token() -> None:
    """Storage has its hash, and prints neither."""
    desk = a_desk()
    token = desk.request_password_reset("A-1", at=NOON)
    reset = record(desk).reset
    assert reset is not None
    text = token.reveal().decode()
    assert reset.token_hash.reveal() != text
    for shown in (repr(desk), repr(record(desk)), repr(token)):
        assert text not in shown
        assert reset.token_hash.reveal() not in shown


@pytest.mark.parametrize("number", ["A-1", "F-6"])
def test_an_instant_without_a_zone_is_a_mistake_for_every_order(number: str) -> None:
    """Known or not, for both steps."""
    naive = datetime(2025, 12, 1, 12)
    with pytest.raises(InvalidValue, match="naive"):
        a_desk().request_password_reset(number, at=naive)
    with pytest.raises(InvalidValue, match="naive"):
        a_desk().reset_password(number, OLD, NEW, at=naive)
    with pytest.raises(InvalidValue, match="naive"):
        PasswordReset(token_hash="text", expires_at=naive)


@pytest.mark.parametrize("name", ["token", "password"])
@pytest.mark.parametrize("number", ["A-1", "F-6"])
def test_plain_text_is_a_mistake_for_every_order(number: str, name: str) -> None:
    """It has to be wrapped as soon as it is read."""
    given: dict[str, Any] = {"token": OLD, "password": NEW} | {name: "hunter2"}
    with pytest.raises(InvalidType, match=f"{name} is .*wrap it in Secret"):
        a_desk().reset_password(number, **given, at=NOON)


def test_an_answer_has_no_truth_value() -> None:
    """A refusal would be as true as a change."""
    with pytest.raises(TypeError, match="no truth value"):
        bool(REFUSED)


def test_where_others_always_save_first_one_is_told_to_ask_again() -> None:
    """For a request of any order, known or not; for a change only whoever holds its token."""
    desk = a_desk()
    token = desk.request_password_reset("A-1", at=NOON)

    def save(self: object, order: OrderRecord, *, revision: int | None) -> int:
        raise RevisionConflict("somebody else was first")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.testing.memory._Orders.save", save)
        for number in ("A-1", "F-6"):
            with pytest.raises(RevisionConflict, match="ask again"):
                desk.request_password_reset(number, at=NOON)
        with pytest.raises(RevisionConflict, match="ask again"):
            desk.reset_password("A-1", token, NEW, at=NOON)
        assert desk.reset_password("A-1", Secret("x" * 43), NEW, at=NOON) is REFUSED
    assert desk.reset_password("A-1", token, NEW, at=NOON) is CHANGED


# What is left of unknown numbers


@pytest.mark.parametrize(
    ("after", "purged"),
    [(timedelta(days=1, minutes=15), False), (timedelta(days=1, minutes=15) + TICK, True)],
)
def test_tries_at_unknown_numbers_are_purged_when_they_count_no_more(
    after: timedelta, purged: bool
) -> None:
    """By no clock that differs by a day at most; what an order has is kept."""
    desk = a_desk()
    for number in ("A-1", "F-6"):
        desk.open_order(number=number, password=NEW, on=DAY, at=NOON)
    assert desk.purge_tries(at=NOON + after) == (2 if purged else 1)
    assert len(record(desk).attempts.failed_at) == 1
    if not purged:
        assert record(desk, "F-6").attempts == Attempts(failed_at=(NOON,))
        return
    for number in ("E-5", "F-6"):
        with pytest.raises(NotFound):
            record(desk, number)


def test_a_reset_at_an_unknown_number_is_purged_after_its_end() -> None:
    """Otherwise asking for one would tell by the next try at that number."""
    desk = a_desk()
    desk.request_password_reset("F-6", at=NOON)
    assert record(desk, "F-6").idle_since == NOON + HOUR
    assert desk.purge_tries(at=NOON + HOUR + timedelta(days=1, minutes=15)) == 1
    assert desk.purge_tries(at=NOON + 2 * HOUR + timedelta(days=1, minutes=15)) == 1


def test_an_order_is_never_idle() -> None:
    """Whatever is or is not kept beside its lines."""
    lines = OrderRecord(number="A-1", placed_on=DAY, subscription_ids=("S-1",))
    tried = attrs.evolve(lines, attempts=Attempts(failed_at=(NOON,)))
    assert (lines.idle_since, tried.idle_since) == (None, None)
    assert attrs.evolve(tried, subscription_ids=()).idle_since == NOON
