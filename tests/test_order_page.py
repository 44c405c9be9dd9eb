"""The order's page: nothing but the opened page tells that a password was right (reading 19)."""

import pickle
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import attrs
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
    PasswordHash,
    RegionLink,
    RevisionConflict,
    Secret,
    Subscription,
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
OPENED_BY = {"A-1": RIGHT, "B-2": OTHER, "G-7": RIGHT, "I-9": RIGHT}
#: What a hash begins with that was made at an earlier cost.
OLD = "old:"


class CheapHasher:
    """Stores a password as it is, and notes every check."""

    def __init__(self) -> None:
        self.checked: list[PasswordHash | None] = []
        self.made = 0

    def hash(self, secret: Secret) -> PasswordHash:
        """Return what is stored."""
        self.made += 1
        return PasswordHash(secret.reveal().decode("latin-1"))

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """Return whether it is the one stored, also of the old make."""
        self.checked.append(stored)
        word = secret.reveal().decode("latin-1")
        return stored in (PasswordHash(word), PasswordHash(OLD + word))

    def needs_rehash(self, stored: PasswordHash) -> bool:
        """Return whether it is of the old make."""
        return stored.reveal().startswith(OLD)


class CountingStorage(MemoryStorage):
    """Counts transactions and lines: each takes a time that can be measured from outside."""

    transactions = lines_read = 0

    @contextmanager
    def transaction(self) -> Iterator[MemoryRepositories]:
        """Return a context in which everything is read and written together."""
        self.transactions += 1
        with super().transaction() as repositories:
            get = repositories.subscriptions.get

            def counted(id: str) -> Stored[Subscription]:
                self.lines_read += 1
                return get(id)

            repositories.subscriptions.get = counted  # type: ignore[method-assign]
            yield repositories


LINES = {
    "S-1": a_subscription(),
    "S-2": a_subscription(id="S-2"),
    "S-4": a_subscription(id="S-4", order_number="Z-9"),
}
#: With lines, of another password, without a password, without lines of its own, without any line,
#: with a line that was deleted, with nothing but deleted lines, and with a hash of an earlier cost.
#: F-6 is in no storage.
ORDERS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "A-1": (("S-1",), RIGHT),
    "B-2": (("S-2",), OTHER),
    "C-3": (("S-1",), None),
    "D-4": (("S-4",), RIGHT),
    "E-5": ((), None),
    "G-7": (("S-1", "S-0"), RIGHT),
    "H-8": (("S-0",), RIGHT),
    "I-9": (("S-1",), OLD + RIGHT),
}
TYPED = ("A-1", " \uff41-1\n", "B-2", "C-3", "D-4", "E-5", "F-6", "G-7", "H-8", "I-9", "A-1\0", "")
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
    seen = {
        "kept": kept(desk),
        "checks": len(hasher.checked),
        "hashes": hasher.made,
        "took": storage.transactions,
    }
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
    # Five ways to type a number that opens; three confirmed ones agree, and a fourth is B-2's own.
    assert opened == (5 * 3 + 1) * len(REGIONS) * 3 * 2


@pytest.mark.parametrize("confirmed", CONFIRMED)
@pytest.mark.parametrize("word", [WRONG, RIGHT])
def test_every_try_that_proves_nothing_is_counted_once(word: str, confirmed: str | None) -> None:
    """
    At the number that was typed; not while it waits, and not where it cannot be a number.

    What opens the page is given back: the tries that counted before count, and no other.
    """
    for typed, failed_at in product(TYPED, FAILED):
        desk = a_desk(WITH_LINKS, failed_at)
        before = kept(desk)
        chosen = typed if confirmed == "as typed" else confirmed
        seen = asked(desk, word, number=typed, confirmed_number=chosen)
        number = normalised_number(typed)
        waits = failed_at == FAILED[2] and number in ORDERS
        if number is None or waits:
            assert seen["kept"] == before
            continue
        counting = failed_at if number in ORDERS and failed_at != FAILED[3] else ()
        tried = () if seen["route"] is OrderRoute.OPEN_ORDER else (NOON,)
        assert seen["kept"][1].pop(number).value.attempts.failed_at == (*counting, *tried)
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


@pytest.mark.parametrize("number", ["A-1", "E-5", "F-6", "H-8", "I-9"])
@pytest.mark.parametrize("word", [RIGHT, WRONG])
def test_a_try_that_cannot_be_counted_is_not_checked(word: str, number: str) -> None:
    """A storage that always conflicts: it has to wait, right or wrong, known or unknown."""

    def save(self: object, order: OrderRecord, *, revision: int | None) -> int:
        raise RevisionConflict("somebody else was first")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.testing.memory._Orders.save", save)
        seen = asked(a_desk(WITH_LINKS), word, number=number)
    waits = asked(a_desk(WITH_LINKS, FAILED[2]), WRONG, number="A-1")
    assert seen["route"] is OrderRoute.WAIT
    assert (seen["en"], seen["checks"], seen["took"]) == (waits["en"], 0, 100)
    assert seen["kept"] == kept(a_desk(WITH_LINKS))


def test_a_storage_that_conflicts_when_it_is_read_counts_nothing_either() -> None:
    """A forgotten password is answered as if no tries were left, and no error tells anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.order_pages._MOST_CONFLICTS", 0)
        routes = {asked(a_desk(WITH_LINKS), None, number=each)["route"] for each in TYPED}
    assert routes == {OrderRoute.RESET_PASSWORD}


def test_a_try_that_cannot_be_given_back_opens_the_page() -> None:
    """The password was right; the try stays counted, and is over after the period."""
    desk = a_desk(WITH_LINKS)
    saves: list[int | None] = []
    saved = type(desk.storage.transaction().__enter__().orders).save

    def save(self: Any, order: OrderRecord, *, revision: int | None) -> int:
        saves.append(revision)
        if len(saves) > 1:
            raise RevisionConflict("somebody else was first")
        return saved(self, order, revision=revision)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("subrenew.testing.memory._Orders.save", save)
        seen = asked(desk, RIGHT, number="A-1")
    assert seen["route"] is OrderRoute.OPEN_ORDER
    assert seen["kept"][1]["A-1"].value.attempts.failed_at == (NOON,)
    assert len(saves) == 101


@pytest.mark.parametrize("confirmed", [None, "A-1", "B-2"])
@pytest.mark.parametrize("number", ["A-1", "C-3", "D-4", "E-5", "F-6", "G-7", "H-8", "I-9"])
def test_a_wrong_password_reads_no_line(number: str, confirmed: str | None) -> None:
    """How many lines an order has, and whether any, takes no time before its password is right."""
    desk = a_desk(WITH_LINKS)
    asked(desk, WRONG, number=number, confirmed_number=confirmed)
    storage: Any = desk.storage
    assert storage.lines_read == 0


def test_lines_are_those_of_the_moment_after_the_check() -> None:
    """What changes while the password is checked is on the page that opens."""
    desk = a_desk(WITH_LINKS)
    storage: Any = desk.storage
    more = a_subscription(seats=7)

    def meanwhile() -> None:
        storage.subscriptions["S-1"] = Stored(value=more, revision=2)

    order: Any = asked(_while_checking(desk, meanwhile), RIGHT, number="A-1")["subscription"]
    assert [line.seats for line in order.subscriptions] == [7]


@pytest.mark.parametrize("word", [RIGHT, WRONG])
@pytest.mark.parametrize("then", [OTHER, None, "nothing"])
def test_a_password_that_is_no_longer_the_orders_opens_nothing(word: str, then: str | None) -> None:
    """Another was set, it was taken away, or the order was deleted, while it was checked."""
    desk = a_desk(WITH_LINKS)
    storage: Any = desk.storage

    def meanwhile() -> None:
        held = storage.orders.pop("A-1")
        if then != "nothing":
            value = attrs.evolve(held.value, password_hash=then)
            storage.orders["A-1"] = Stored(value=value, revision=held.revision + 1)

    seen = asked(_while_checking(desk, meanwhile), word, number="A-1")
    assert seen["route"] is OrderRoute.TRY_AGAIN
    assert (seen["took"], seen["hashes"]) == (2, 0)


def _while_checking(desk: Desk, meanwhile: Callable[[], None]) -> Desk:
    """The desk, where this happens once, while a password is checked."""
    hasher: Any = desk.hasher
    verify = hasher.verify

    def slow(secret: Secret, stored: PasswordHash | None) -> bool:
        hasher.verify = verify
        meanwhile()
        return bool(verify(secret, stored))

    hasher.verify = slow
    return desk


# A hash of an earlier cost


def test_a_hash_of_an_earlier_cost_is_made_anew_when_its_page_opens() -> None:
    """Once, and nothing else of the record changes."""
    desk = a_desk(WITH_LINKS)
    before: Any = kept(desk)[1]
    seen = asked(desk, RIGHT, number="I-9")
    assert (seen["route"], seen["hashes"]) == (OrderRoute.OPEN_ORDER, 1)
    new = attrs.evolve(before["I-9"].value, password_hash=RIGHT)
    assert seen["kept"][1]["I-9"].value == new
    assert asked(desk, RIGHT, number="I-9")["hashes"] == 1


@pytest.mark.parametrize("confirmed", [None, "B-2"])
@pytest.mark.parametrize("word", [RIGHT, WRONG])
def test_it_stays_as_it_is_where_the_page_does_not_open(word: str, confirmed: str | None) -> None:
    """A hash made anew would tell that the password was right."""
    if (word, confirmed) == (RIGHT, None):
        return
    desk = a_desk(WITH_LINKS)
    seen = asked(desk, word, number="I-9", confirmed_number=confirmed)
    assert seen["hashes"] == 0
    assert seen["kept"][1]["I-9"].value.password_hash == PasswordHash(OLD + RIGHT)


@pytest.mark.parametrize("then", ["another", "nothing"])
def test_a_password_set_in_between_is_not_written_over(then: str) -> None:
    """Nor is an order that was deleted made anew, while the hash is made."""
    desk = a_desk(WITH_LINKS)
    hasher: Any = desk.hasher
    storage: Any = desk.storage
    hashed = hasher.hash

    def slow(secret: Secret) -> PasswordHash:
        held = storage.orders.pop("I-9")
        if then == "another":
            value = attrs.evolve(held.value, password_hash=OTHER)
            storage.orders["I-9"] = Stored(value=value, revision=held.revision + 1)
        made: PasswordHash = hashed(secret)
        return made

    hasher.hash = slow
    seen = asked(desk, RIGHT, number="I-9")
    assert seen["route"] is OrderRoute.OPEN_ORDER
    held = seen["kept"][1].get("I-9")
    assert (held and held.value.password_hash) == (PasswordHash(OTHER) if held else None)
    assert (held is None) == (then == "nothing")


# Many at once


class SlowHasher(CheapHasher):
    """Takes its time, and notes how many were checked at the same moment."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """Return whether it is the one stored, after a while."""
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self._lock:
            self.now -= 1
            return super().verify(secret, stored)


def _at_once(desk: Desk, words: list[str], number: str) -> list[OrderRoute]:
    """What as many threads are answered, all begun together."""
    gate = threading.Barrier(len(words))

    def one(word: str) -> OrderRoute:
        gate.wait()
        secret = Secret(word)
        return desk.open_order(number=number, password=secret, on=DAY, at=NOON).route

    with ThreadPoolExecutor(len(words)) as pool:
        return list(pool.map(one, words))


@pytest.fixture(params=["memory", "sqlite"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk over a storage that many threads use, with one order."""
    if request.param == "memory":
        storage: Any = MemoryStorage()
    else:
        pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")
        from examples.webshop.storage import SqlStorage

        storage = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}")
        storage.create_tables()
    with storage.transaction() as found:
        found.subscriptions.save(LINES["S-1"], revision=None)
        record = OrderRecord(
            number="A-1", placed_on=DAY, subscription_ids=("S-1",), password_hash=RIGHT
        )
        found.orders.save(record, revision=None)
    yield Desk(storage=storage, policy=WITH_LINKS, hasher=SlowHasher())
    getattr(storage, "close", lambda: None)()


@pytest.mark.parametrize("number", ["A-1", "F-6"])
def test_of_200_guesses_at_once_no_more_are_checked_than_allowed(shared: Desk, number: str) -> None:
    """The others have to wait, and so does the right password after them."""
    hasher: Any = shared.hasher
    routes = _at_once(shared, [f"guess {each}" for each in range(200)], number)
    assert len(hasher.checked) == 5
    assert Counter(routes) == {OrderRoute.TRY_AGAIN: 5, OrderRoute.WAIT: 195}
    decision = shared.open_order(number=number, password=Secret(RIGHT), on=DAY, at=NOON)
    assert (decision.route, len(hasher.checked)) == (OrderRoute.WAIT, 5)


def test_of_many_right_ones_at_once_each_checked_one_opens_and_none_stays_counted(
    shared: Desk,
) -> None:
    """No more than five are on their way at any moment; those beyond have to wait."""
    hasher: Any = shared.hasher
    routes = _at_once(shared, [RIGHT] * 50, "A-1")
    assert set(routes) <= {OrderRoute.OPEN_ORDER, OrderRoute.WAIT}
    assert routes.count(OrderRoute.OPEN_ORDER) == len(hasher.checked) >= 5
    assert hasher.most <= 5
    with shared.storage.transaction() as found:
        assert found.orders.get("A-1").value.attempts == Attempts()
