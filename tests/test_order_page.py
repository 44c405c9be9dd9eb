"""The order's page: nothing but the opened page tells that a password was right (reading 19)."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from subrenew import (
    AttemptLimit,
    Attempts,
    Decision,
    InvalidType,
    InvalidValue,
    NotInForce,
    Order,
    OrderRoute,
    RegionLink,
    Secret,
    normalised_number,
)
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord, Stored
from subrenew.testing.memory import MemoryRepositories, MemoryStorage
from tests.makers import a_subscription

DAY = date(2025, 12, 1)
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = AttemptLimit(tries=3)
WITHOUT_LINKS = autodesk.EDITION_2024
WITH_LINKS = WITHOUT_LINKS.evolve(
    order_links=(
        RegionLink(region="EMEA", url="https://example.com/emea"),
        RegionLink(region="FR", url="https://example.com/fr"),
    )
)
RIGHT, OTHER, WRONG = "hunter2", "another orders", "hunter3"
OPENED_BY = {"A-1": RIGHT, "B-2": OTHER, "G-7": RIGHT}


class CheapHasher:
    """Stores a password as it is, and notes every check."""

    def __init__(self) -> None:
        self.checked: list[str | None] = []

    def hash(self, secret: Secret) -> str:
        """Return what is stored."""
        return secret.reveal().decode("latin-1")

    def verify(self, secret: Secret, stored: str | None) -> bool:
        """Return whether it is the one stored."""
        self.checked.append(stored)
        return secret.reveal().decode("latin-1") == stored


class CountingStorage(MemoryStorage):
    """Counts transactions: each takes a time that can be measured from outside."""

    transactions = 0

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        """Return a context in which everything is read and written together."""
        self.transactions += 1
        with super().transaction() as repositories:
            yield repositories


LINES = {
    "S-1": a_subscription(),
    "S-2": a_subscription(id="S-2"),
    "S-4": a_subscription(id="S-4", order_number="Z-9"),
}
#: With lines, of another password, without a password, without lines of its own, without any line,
#: with a line that was deleted, and with nothing but deleted lines. F-6 is in no storage.
ORDERS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "A-1": (("S-1",), RIGHT),
    "B-2": (("S-2",), OTHER),
    "C-3": (("S-1",), None),
    "D-4": (("S-4",), RIGHT),
    "E-5": ((), None),
    "G-7": (("S-1", "S-0"), RIGHT),
    "H-8": (("S-0",), RIGHT),
}
TYPED = ("A-1", " \uff41-1\n", "B-2", "C-3", "D-4", "E-5", "F-6", "G-7", "H-8", "A-1\0", "")
CONFIRMED = (None, "as typed", "X-9", "B-2", "\0?")
REGIONS = ("FR", "JP", None)
#: None, one left, used up, and three that count no more.
FAILED = tuple(
    (NOON - minutes * MINUTE,) * times for times, minutes in ((0, 0), (2, 1), (3, 1), (3, 60))
)
PASSWORDS = (WRONG, RIGHT, OTHER, "", "HUNTER2", "hunter2 ", "hunter2\0", "x" * 3000)


def a_desk(policy: Any, failed_at: tuple[datetime, ...] = ()) -> Desk:
    """A desk over every order, each with these failed tries."""
    storage = CountingStorage()
    storage.subscriptions.update(
        {key: Stored(value=line, revision=1) for key, line in LINES.items()}
    )
    for number, (ids, word) in ORDERS.items():
        record = OrderRecord(
            number=number,
            placed_on=DAY,
            subscription_ids=ids,
            password_hash=word,
            attempts=Attempts(failed_at=failed_at),
        )
        storage.orders[number] = Stored(value=record, revision=1)
    storage.transactions = 0
    return Desk(storage=storage, policy=policy, hasher=CheapHasher(), limit=LIMIT)


def kept(desk: Desk) -> tuple[object, ...]:
    """Everything that is stored."""
    storage: Any = desk.storage
    shelves = storage.subscriptions, storage.orders, storage.methods, storage.events_under
    return (*map(dict, shelves), {key: tuple(each) for key, each in storage.events_of.items()})


def public(decision: Decision[OrderRoute]) -> dict[str, object]:
    """Everything that can be read of a decision."""
    names = [name for name in dir(decision) if not name.startswith("_")]
    read = {name: getattr(decision, name) for name in names}
    values = {name: value for name, value in read.items() if not callable(value)}
    said = {"en": decision.explain(), "fr": decision.explain("fr"), "repr": repr(decision)}
    return values | said | {"decision": decision, "hash": hash(decision)}


def asked(desk: Desk, password: str | None, **more: Any) -> dict[str, Any]:
    """Open the order, and return all that can be seen from outside and in storage afterwards."""
    secret = None if password is None else Secret(password)
    decision = desk.open_order(**{"on": DAY, "at": NOON} | more, password=secret)
    hasher: Any = desk.hasher
    storage: Any = desk.storage
    seen = {"kept": kept(desk), "checks": len(hasher.checked), "took": storage.transactions}
    return public(decision) | seen


def test_only_an_opened_page_tells_that_a_password_was_right() -> None:
    """Over 10,000 calls: all that is seen, said, stored and checked is as with a wrong password."""
    calls = opened = 0
    for typed, chosen, region, failed_at, policy in product(
        TYPED, CONFIRMED, REGIONS, FAILED, (WITH_LINKS, WITHOUT_LINKS)
    ):
        confirmed = typed if chosen == "as typed" else chosen
        given = {"number": typed, "confirmed_number": confirmed, "region": region}
        number, other = normalised_number(typed), normalised_number(confirmed or "")
        waits = failed_at == FAILED[2] and number in ORDERS
        wrong = asked(a_desk(policy, failed_at), WRONG, **given)
        assert wrong["route"] is not OrderRoute.OPEN_ORDER
        assert wrong["checks"] == (0 if waits else 1)
        for password in PASSWORDS[1:]:
            seen = asked(a_desk(policy, failed_at), password, **given)
            opens = OPENED_BY.get(number or "") == password and not waits
            if opens and other in (None, number):
                assert seen["route"] is OrderRoute.OPEN_ORDER
                opened += 1
            else:
                assert seen == wrong, (given, password)
        calls += len(PASSWORDS)
    assert calls > 10_000
    # Four ways to type a number that opens; three confirmed ones agree, and a fourth is B-2's own.
    assert opened == (4 * 3 + 1) * len(REGIONS) * 3 * 2


@pytest.mark.parametrize("confirmed", CONFIRMED)
@pytest.mark.parametrize("word", [WRONG, RIGHT])
def test_every_try_that_proves_nothing_is_counted_once(word: str, confirmed: str | None) -> None:
    """At the number that was typed; not while it waits, and not where it cannot be a number."""
    for typed, failed_at in product(TYPED, FAILED):
        desk = a_desk(WITH_LINKS, failed_at)
        before = kept(desk)
        chosen = typed if confirmed == "as typed" else confirmed
        seen = asked(desk, word, number=typed, confirmed_number=chosen)
        number = normalised_number(typed)
        waits = failed_at == FAILED[2] and number in ORDERS
        if seen["route"] is OrderRoute.OPEN_ORDER or number is None or waits:
            assert seen["kept"] == before
            continue
        counting = failed_at if number in ORDERS and failed_at != FAILED[3] else ()
        assert seen["kept"][1].pop(number).value.attempts.failed_at == (*counting, NOON)
        assert seen["kept"][1].items() <= before[1].items()  # type: ignore[attr-defined]


def test_a_forgotten_password_counts_nothing_wherever_it_is_said() -> None:
    """No check, no failed try, one transaction: for every number and however many tries failed."""
    for typed, confirmed, failed_at in product(TYPED, CONFIRMED, FAILED):
        desk = a_desk(WITH_LINKS, failed_at)
        before = kept(desk)
        seen = asked(desk, None, number=typed, confirmed_number=confirmed)
        assert (seen["kept"], seen["checks"], seen["took"]) == (before, 0, 1)
        assert seen["route"] is OrderRoute.RESET_PASSWORD


def test_a_series_of_tries_tells_nothing_until_the_page_opens() -> None:
    """With another confirmed number the right password is counted like wrong ones, and waits."""
    desks = a_desk(WITH_LINKS), a_desk(WITH_LINKS)
    for minute in range(40):
        right, wrong = (
            asked(desk, word, number="A-1", confirmed_number="B-2", at=NOON + minute * MINUTE)
            for desk, word in zip(desks, (RIGHT, WRONG), strict=True)
        )
        assert right == wrong
        expected = OrderRoute.CHECK_NUMBER if minute % 15 < LIMIT.tries else OrderRoute.WAIT
        assert right["route"] is expected


@pytest.mark.parametrize("word", [RIGHT, WRONG])
@pytest.mark.parametrize("confirmed", [None, "B-2"])
@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"at": datetime(2025, 12, 1, 12)}, InvalidValue),
        ({"at": DAY}, InvalidType),
        ({"on": NOON}, InvalidType),
        ({"region": 7}, TypeError),
        ({"policy": autodesk.EDITIONS, "on": date(2023, 1, 1)}, NotInForce),
    ],
    ids=["naive", "a day", "an instant", "no region", "no edition"],
)
def test_a_mistake_is_raised_before_the_password_is_looked_at(
    word: str, confirmed: str | None, more: dict[str, Any], error: type[Exception]
) -> None:
    """No check is made and nothing is kept, so neither the error nor its time can tell."""
    given = {"number": "A-1", "confirmed_number": confirmed} | more
    desk = a_desk(given.pop("policy", WITH_LINKS))
    before = kept(desk)
    with pytest.raises(error):
        asked(desk, word, **given)
    hasher: Any = desk.hasher
    assert (kept(desk), hasher.checked) == (before, [])


def test_a_pickled_refusal_is_the_same_for_every_password() -> None:
    """What does not open the page has the same bytes; none of them opens when it is read."""
    pickled = {
        pickle.dumps(asked(a_desk(WITH_LINKS), word, **given)["decision"])
        for word in (RIGHT, WRONG)
        for given in [{"number": "A-1", "confirmed_number": "B-2"}]
    }
    assert len(pickled) == 1
    with pytest.raises(TypeError, match="checked a password"):
        pickle.loads(pickled.pop())  # noqa: S301 - its own bytes


def test_a_deleted_line_is_left_out_and_is_no_error() -> None:
    """An exception would tell of the order; the page shows the lines that there are."""
    opened = asked(a_desk(WITH_LINKS), RIGHT, number="G-7")
    order: Any = opened["subscription"]
    assert isinstance(order, Order)
    assert [line.id for line in order.subscriptions] == ["S-1"]
    assert asked(a_desk(WITH_LINKS), RIGHT, number="H-8")["route"] is OrderRoute.TRY_AGAIN


def test_a_try_that_cannot_be_counted_is_answered_alike() -> None:
    """A storage that always conflicts, and another confirmed number: one answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.order_records._MOST_CONFLICTS", 0)
        right, wrong = (
            asked(a_desk(WITH_LINKS), word, number="A-1", confirmed_number="B-2")
            for word in (RIGHT, WRONG)
        )
    assert right == wrong
    assert right["kept"][1]["A-1"].value.attempts == Attempts()
