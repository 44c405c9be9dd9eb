"""Hashers: round trips, bounds on what a stored text may ask for, and the dummy check."""

import builtins
import hashlib
import sys
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import InvalidType, InvalidValue, PasswordHash, Secret
from subrenew import passwords as module
from subrenew.passwords import Argon2Hasher, BoundedHasher, PasswordHasher, ScryptHasher

CHEAP = ScryptHasher(cost=4)
RIGHT, WRONG = Secret("hunter2"), Secret("hunter3")
SALT = b64encode(b"0123456789abcdef").decode()
HASH = b64encode(bytes(range(32))).decode()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every call of hashlib.scrypt, answered at once and never right."""
    calls: list[dict[str, Any]] = []

    def scrypt(password: bytes, **parameters: Any) -> bytes:
        calls.append(parameters)
        return b"\xff" * parameters["dklen"]

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    return calls


def _stored(cost: int, r: int = 8, p: int = 1) -> str:
    return f"scrypt${cost}${r}${p}${SALT}${HASH}"


def test_a_password_is_told_from_another() -> None:
    """What was hashed verifies, and nothing else does."""
    stored = CHEAP.hash(RIGHT)
    assert CHEAP.verify(RIGHT, stored) is True
    assert CHEAP.verify(WRONG, stored) is False


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("a", "a\0"), ("a\0", "a"), ("a\0", "a\0\0"), ("", "\0"), ("x" * 64, "x" * 64 + "\0")],
)
def test_zeros_behind_a_password_are_part_of_it(right: str, wrong: str) -> None:
    """Although scrypt itself does not tell them from nothing."""
    stored = CHEAP.hash(Secret(right))
    assert CHEAP.verify(Secret(right), stored) is True
    assert CHEAP.verify(Secret(wrong), stored) is False


def test_each_hash_has_a_salt_of_its_own() -> None:
    """Two hashes of one password differ, so that equal passwords do not show."""
    assert CHEAP.hash(RIGHT) != CHEAP.hash(RIGHT)


def test_a_hash_says_how_it_was_made() -> None:
    """So a hasher of another cost verifies it."""
    stored = ScryptHasher(cost=5, r=4, p=2).hash(RIGHT)
    assert stored.reveal().startswith("scrypt$5$4$2$")
    assert CHEAP.verify(RIGHT, stored) is True
    assert "hunter2" not in stored.reveal()


def test_the_default_costs_what_is_recommended(asked: list[dict[str, Any]]) -> None:
    """n is 2**17, r is 8, p is 1, with a maxmem that is enough for them."""
    ScryptHasher().hash(RIGHT)
    (call,) = asked
    assert (call["n"], call["r"], call["p"], call["dklen"]) == (2**17, 8, 1, 32)
    assert call["maxmem"] >= 128 * 8 * (2**17 + 3)
    assert len(call["salt"]) == 16


def test_the_default_runs() -> None:
    """At its real cost a password is hashed and verified, within the memory that is asked for."""
    hasher = ScryptHasher()
    assert hasher.verify(RIGHT, hasher.hash(RIGHT)) is True


def test_it_is_scrypt() -> None:
    """The stored hash is that of the standard library, so that other programs can check it."""
    made = hashlib.scrypt(b"hunter2", salt=b"0123456789abcdef", n=16, r=8, p=1, dklen=32)
    stored = PasswordHash(f"scrypt$4$8$1${SALT}${b64encode(made).decode()}")
    assert CHEAP.verify(RIGHT, stored) is True


BOMBS = {
    "memory": _stored(20, 32),
    "memory, at the largest exponent": _stored(20),
    "one doubling too much": _stored(19, 9),
    "work": _stored(17, 8, 9),
    "work of many": _stored(19, 8, 3),
    "exponent": _stored(21),
    "exponent of two digits": _stored(99, 1),
    "an exponent too small": _stored(3),
    "no exponent": _stored(0),
    "more than this r takes": _stored(16, 1),
    "r of zero": _stored(10, 0),
    "p of zero": _stored(10, 8, 0),
    "r": _stored(4, 33),
    "p": _stored(4, 1, 17),
}


@pytest.mark.parametrize("stored", BOMBS.values(), ids=BOMBS)
def test_a_stored_bomb_is_not_lit(stored: str, asked: list[dict[str, Any]]) -> None:
    """Parameters out of bounds are a wrong password, at the cost of the hasher's own dummy."""
    assert CHEAP.verify(RIGHT, PasswordHash(stored)) is False
    assert [(call["n"], call["r"], call["p"]) for call in asked] == [(16, 8, 1)]


@pytest.mark.parametrize(
    ("cost", "r", "p"), [(4, 1, 1), (15, 1, 16), (17, 8, 8), (19, 8, 2), (16, 2, 16), (14, 32, 16)]
)
def test_a_stored_cost_within_bounds_is_paid(
    cost: int, r: int, p: int, asked: list[dict[str, Any]]
) -> None:
    """At the bounds themselves the stored parameters are the ones that are used."""
    CHEAP.verify(RIGHT, PasswordHash(_stored(cost, r, p)))
    assert [(call["n"], call["r"], call["p"]) for call in asked] == [(2**cost, r, p)]


GARBAGE = {
    "nothing": "",
    "blank": " ",
    "another kind": "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA",
    "cut off": _stored(4)[:-1],
    "a line break behind": _stored(4) + "\n",
    "something behind": _stored(4) + "x",
    "something before": " " + _stored(4),
    "capitals": _stored(4).upper(),
    "full-width digits": _stored(4).replace("$4$", "$\uff14$"),
    "Arabic digits": _stored(4).replace("$4$", "$\u0664$"),
    "a negative cost": _stored(4).replace("$4$", "$-4$"),
    "a cost of many digits": _stored(4).replace("$4$", "$" + "9" * 5000 + "$"),
    "base64 of another alphabet": _stored(4).replace(SALT, "-" * 22 + "=="),
    "NUL": _stored(4).replace("scrypt", "scrypt\0"),
    "a surrogate": "\ud800" + _stored(4),
    "a megabyte": "scrypt$4$8$1$" + "A" * 1_000_000,
}


@pytest.mark.parametrize("stored", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_a_wrong_password(stored: str, asked: list[dict[str, Any]]) -> None:
    """It raises nothing, is never right, and costs one check of the dummy."""
    assert CHEAP.verify(RIGHT, PasswordHash(stored)) is False
    assert [(call["n"], call["r"], call["p"]) for call in asked] == [(16, 8, 1)]


@pytest.mark.parametrize("stored", [None, _stored(4), b"scrypt", 4, ["scrypt"], object()])
def test_no_stored_text_costs_as_much(stored: Any, asked: list[dict[str, Any]]) -> None:
    """Where there is no order, one check at the hasher's own cost is made all the same."""
    hasher = ScryptHasher(cost=6, r=4, p=2)
    assert hasher.verify(RIGHT, stored) is False
    assert [(call["n"], call["r"], call["p"]) for call in asked] == [(64, 4, 2)]


def test_the_dummy_is_never_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a password whose hash is the dummy's own opens what is not there."""
    monkeypatch.setattr(hashlib, "scrypt", lambda *_, dklen, **__: bytes(dklen))
    assert CHEAP.verify(RIGHT, None) is False
    assert CHEAP.verify(RIGHT, PasswordHash("garbage")) is False


@given(st.text(max_size=40))
def test_no_text_is_an_error(text: str) -> None:
    """Whatever a database gives back, an answer comes of it."""
    for stored in (text, f"scrypt$4$8$1${text}"):
        assert CHEAP.verify(RIGHT, PasswordHash(stored)) is False


@given(cost=st.integers(0, 99), r=st.integers(0, 99), p=st.integers(0, 99))
def test_no_parameters_are_an_error(cost: int, r: int, p: int) -> None:
    """Whatever passes the bounds is taken by scrypt, or would be: it is within its own rules."""
    if module._is_bounded(cost, r, p):
        assert 2**cost < 2 ** (16 * r)
        assert r * p < 2**30
        assert 128 * r * (2**cost + p + 2) + 2**20 < 2**31
    else:
        assert CHEAP.verify(RIGHT, PasswordHash(_stored(cost, r, p))) is False


@pytest.mark.parametrize(
    ("field", "value"),
    [("cost", 3), ("cost", 21), ("r", 0), ("r", 33), ("p", 0), ("p", 17)],
)
def test_a_hasher_outside_of_its_bounds_is_refused(field: str, value: int) -> None:
    """What a stored text may not ask for cannot be asked for either."""
    with pytest.raises(InvalidValue, match=f"ScryptHasher.{field}"):
        ScryptHasher(**{field: value})


@pytest.mark.parametrize("parameters", [{"r": 1}, {"cost": 20}, {"p": 16}, {"r": 32, "p": 3}])
def test_a_hasher_that_costs_too_much_in_all_is_refused(parameters: dict[str, int]) -> None:
    """Otherwise it would make hashes that it does not read."""
    with pytest.raises(InvalidValue, match="ask for less"):
        ScryptHasher(**parameters)


def test_a_cost_is_a_whole_number() -> None:
    """Nothing is coerced."""
    with pytest.raises(InvalidType):
        ScryptHasher(cost="4")  # type: ignore[arg-type]


def test_a_hasher_shows_its_cost_and_nothing_else() -> None:
    """It is a value like any other."""
    assert repr(CHEAP) == "ScryptHasher(cost=4, r=8, p=1)"
    assert ScryptHasher(cost=4) == CHEAP
    hasher: PasswordHasher = CHEAP
    assert hasher is CHEAP


@pytest.mark.parametrize(
    ("cost", "r", "p", "asked_for"),
    [
        (10, 8, 1, [(10, 8)]),
        (9, 8, 1, [(9, 8), (9, 8)]),
        (5, 8, 1, [(5, 8), (9, 8), (8, 8), (7, 8), (6, 8), (5, 8)]),
        (4, 8, 1, [(4, 8), (9, 8), (8, 8), (7, 8), (6, 8), (5, 8), (4, 8)]),
        (9, 4, 1, [(9, 4), (9, 8), (8, 8)]),
        (8, 8, 3, [(8, 8), (8, 8)]),
        (10, 8, 2, [(10, 8)]),
        (11, 8, 1, [(11, 8)]),
    ],
)
def test_a_hash_of_a_lower_cost_takes_as_long_as_a_new_one(
    cost: int, r: int, p: int, asked_for: list[tuple[int, int]], asked: list[dict[str, Any]]
) -> None:
    """What it costs less is spent on the dummy: in all, as many blocks as an unknown order."""
    hasher = ScryptHasher(cost=10)
    assert hasher.verify(RIGHT, PasswordHash(_stored(cost, r, p))) is False
    assert [(call["n"].bit_length() - 1, call["r"]) for call in asked] == asked_for
    work = sum(call["n"] * call["r"] * call["p"] for call in asked)
    assert work == max(2**10 * 8, 2**cost * r * p)
    assert all(call["salt"] == bytes(16) for call in asked[1:])


def test_a_right_password_of_a_lower_cost_takes_as_long_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With another confirmed number a right password must not be told by its time."""
    stored, other = ScryptHasher(cost=4).hash(RIGHT), ScryptHasher(cost=6)
    calls: list[int] = []
    scrypt = hashlib.scrypt

    def counted(password: bytes, **parameters: Any) -> bytes:
        calls.append(parameters["n"])
        return scrypt(password, **parameters)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    assert (other.verify(RIGHT, stored), other.verify(WRONG, stored)) == (True, False)
    assert calls == [16, 32, 16] * 2


@pytest.mark.parametrize(
    ("stored", "needed"),
    [
        (_stored(6, 4, 2), False),
        (_stored(5, 4, 2), True),
        (_stored(7, 4, 2), True),
        (_stored(6, 8, 2), True),
        (_stored(6, 4, 1), True),
        ("garbage", True),
    ],
)
def test_a_hash_of_another_cost_needs_to_be_made_anew(
    stored: str, needed: bool, asked: list[dict[str, Any]]
) -> None:
    """Whichever of its parameters differs; and looking costs no check."""
    hasher = ScryptHasher(cost=6, r=4, p=2)
    assert hasher.needs_rehash(PasswordHash(stored)) is needed
    assert asked == []


def test_its_own_hash_needs_nothing() -> None:
    """What was made just now is not made again."""
    assert CHEAP.needs_rehash(CHEAP.hash(RIGHT)) is False


class Gauge:
    """A hasher that waits for others, and tells how many were in it at most."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = threading.Lock()

    def hash(self, secret: Secret) -> PasswordHash:
        """Return what is stored."""
        with self._measured():
            return PasswordHash(secret.reveal().decode())

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """Return whether it is the one stored."""
        with self._measured():
            return stored == PasswordHash(secret.reveal().decode())

    def needs_rehash(self, stored: PasswordHash) -> bool:
        """Return whether it is to be made anew."""
        return stored.reveal() == "old"

    @contextmanager
    def _measured(self) -> Iterator[None]:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.005)
        yield
        with self._lock:
            self.now -= 1


class TestBounded:
    """So many at once."""

    @pytest.mark.parametrize("at_most", [1, 3])
    def test_no_more_run_at_once(self, at_most: int) -> None:
        """Of twenty hashes and twenty checks begun together, never more than the bound are made."""
        gauge = Gauge()
        hasher = BoundedHasher(hasher=gauge, at_most=at_most)
        with ThreadPoolExecutor(40) as pool:
            hashed = [pool.submit(hasher.hash, RIGHT) for _ in range(20)]
            checked = [pool.submit(hasher.verify, RIGHT, PasswordHash("hunter2")) for _ in hashed]
        assert {each.result() for each in hashed} == {PasswordHash("hunter2")}
        assert {each.result() for each in checked} == {True}
        assert gauge.most == at_most

    def test_one_that_fails_gives_its_turn_to_the_next(self) -> None:
        """An error does not lock the hasher."""
        hasher = BoundedHasher(hasher=Gauge(), at_most=1)
        for _ in range(3):
            with pytest.raises(UnicodeDecodeError):
                hasher.hash(Secret("\ud800"))
            with pytest.raises(UnicodeDecodeError):
                hasher.verify(Secret("\ud800"), None)
        assert hasher.verify(WRONG, None) is False

    def test_the_other_one_answers(self) -> None:
        """Whether a hash is of today is its to say."""
        hasher = BoundedHasher(hasher=Gauge())
        assert hasher.needs_rehash(PasswordHash("old")) is True
        assert hasher.needs_rehash(PasswordHash("new")) is False

    def test_by_default_it_bounds_the_recommended_one(self) -> None:
        """Four checks of 128 MiB; and two of them are equal, whoever waits."""
        assert BoundedHasher() == BoundedHasher(hasher=ScryptHasher(), at_most=4)
        expected = "BoundedHasher(hasher=ScryptHasher(cost=17, r=8, p=1), at_most=4)"
        assert repr(BoundedHasher()) == expected

    @pytest.mark.parametrize("at_most", [0, 1001])
    def test_a_bound_outside_of_its_bounds_is_refused(self, at_most: int) -> None:
        """None would lock everybody out."""
        with pytest.raises(InvalidValue, match=r"BoundedHasher\.at_most"):
            BoundedHasher(at_most=at_most)


def test_without_the_extra_an_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has not installed argon2-cffi is told what to install."""
    monkeypatch.setitem(sys.modules, "argon2", None)
    with pytest.raises(ImportError, match=r"subrenew\[argon2\]"):
        Argon2Hasher()


def test_without_the_extra_the_module_is_imported() -> None:
    """Only making an Argon2Hasher needs the extra: no import stands at the top."""
    imported = [name for name in vars(module) if name.startswith("argon2")]
    assert not imported
    assert isinstance(builtins.__import__("subrenew.passwords"), type(sys))


class TestArgon2:
    """Through argon2-cffi, made as cheap as it can be made."""

    @pytest.fixture
    def hasher(self, monkeypatch: pytest.MonkeyPatch) -> Argon2Hasher:
        """A hasher that takes no time."""
        argon2 = pytest.importorskip("argon2", reason="the extra 'argon2' is not installed")
        cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(argon2, "PasswordHasher", cheap)
        return Argon2Hasher()

    @pytest.fixture
    def checked(self, hasher: Argon2Hasher, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Every text that is checked by Argon2 itself."""
        texts: list[str] = []
        inner = hasher._hasher.verify

        class Spy:
            def verify(self, stored: str, secret: bytes) -> bool:
                texts.append(stored)
                return bool(inner(stored, secret))

        monkeypatch.setattr(hasher, "_hasher", Spy())
        return texts

    def test_a_password_is_told_from_another(self, hasher: Argon2Hasher) -> None:
        """What was hashed verifies, and nothing else does."""
        stored = hasher.hash(RIGHT)
        assert stored.reveal().startswith("$argon2id$")
        assert hasher.verify(RIGHT, stored) is True
        assert hasher.verify(WRONG, stored) is False

    def test_by_default_it_is_argon2s_own_recommendation(self) -> None:
        """A new hasher has a dummy at the library's default cost."""
        argon2 = pytest.importorskip("argon2")
        made = Argon2Hasher()
        dummy, own = made._dummy.reveal(), made.hash(RIGHT).reveal()
        assert argon2.extract_parameters(dummy) == argon2.extract_parameters(own)

    @pytest.mark.parametrize(
        "stored",
        [
            None,
            "",
            "garbage",
            b"$argon2id$",
            "\u00e9",
            "$argon2id$\u00e9",
            "$argon2id$v=19$m=8,t=1,p=1$\ud800$x",
            "$argon2id$v=19$m=x,t=1,p=1$c29tZXNhbHQ$aGFzaA",
            "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$aGFzaA",
            "$argon2id$v=19$m=8,t=4294967295,p=1$c29tZXNhbHQ$aGFzaA",
            "$argon2id$v=19$m=500000,t=100,p=1$c29tZXNhbHQ$aGFzaA",
            "$argon2id$v=19$m=262144,t=1,p=4096$c29tZXNhbHQ$aGFzaA",
            "$argon2id$v=19$m=8,t=" + "9" * 5000 + ",p=1$c29tZXNhbHQ$aGFzaA",
            CHEAP.hash(RIGHT).reveal(),
        ],
        ids=lambda stored: str(stored)[:10],
    )
    def test_garbage_and_bombs_cost_one_check_of_the_dummy(
        self, hasher: Argon2Hasher, checked: list[str], stored: Any
    ) -> None:
        """They raise nothing and are wrong, and their own parameters are never used."""
        given = PasswordHash(stored) if isinstance(stored, str) else stored
        assert hasher.verify(RIGHT, given) is False
        assert checked == [hasher._dummy.reveal()]

    @pytest.mark.parametrize(
        "stored",
        ["$argon2id$v=19$m=8,t=1,p=1$\0$aa", "$argon2id$v=19$m=-1,t=1,p=1$c29tZXNhbHQ$aGFzaA"],
    )
    def test_a_damaged_text_costs_a_check_of_the_dummy_too(
        self, hasher: Argon2Hasher, checked: list[str], stored: str
    ) -> None:
        """What reads well and is not is checked against the dummy after it failed."""
        assert hasher.verify(RIGHT, PasswordHash(stored)) is False
        assert checked == [stored, hasher._dummy.reveal()]

    def test_the_dummy_is_never_right(self, hasher: Argon2Hasher) -> None:
        """Not even its own password opens what is not there."""
        hasher._dummy = hasher.hash(Secret("dummy"))
        assert hasher.verify(Secret("dummy"), None) is False
        assert hasher.verify(Secret("dummy"), PasswordHash("garbage")) is False

    def test_a_hash_of_another_cost_needs_to_be_made_anew(self, hasher: Argon2Hasher) -> None:
        """Its own does not; another's and what cannot be read does."""
        assert hasher.needs_rehash(hasher.hash(RIGHT)) is False
        other = "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHQ$aGFzaA"
        assert hasher.needs_rehash(PasswordHash(other)) is True
        assert hasher.needs_rehash(CHEAP.hash(RIGHT)) is True

    @pytest.mark.parametrize(
        ("memory_cost", "time_cost", "spent"),
        [
            (64, 3, []),
            (64, 4, []),
            (64, 2, [(1, 64)]),
            (64, 1, [(2, 64)]),
            (32, 3, [(1, 64), (1, 32)]),
            (60, 3, [(1, 12)]),
            (62, 3, []),
        ],
    )
    def test_a_hash_of_a_lower_cost_takes_as_long_as_a_new_one(
        self, memory_cost: int, time_cost: int, spent: list[tuple[int, int]]
    ) -> None:
        """What it costs less is spent on the dummy, as far as Argon2 takes so little."""
        argon2 = pytest.importorskip("argon2", reason="the extra 'argon2' is not installed")
        make = partial(argon2.PasswordHasher, parallelism=1)
        stored = make(memory_cost=memory_cost, time_cost=time_cost).hash(b"hunter2")
        calls: list[tuple[int, int]] = []

        def hash_secret_raw(secret: bytes, salt: bytes, **asked: Any) -> bytes:
            calls.append((asked["time_cost"], asked["memory_cost"]))
            return raw(secret, salt, **asked)

        raw = argon2.low_level.hash_secret_raw
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(argon2, "PasswordHasher", partial(make, memory_cost=64, time_cost=3))
            patch.setattr(argon2.low_level, "hash_secret_raw", hash_secret_raw)
            hasher = Argon2Hasher()
            assert hasher.verify(RIGHT, PasswordHash(stored)) is True
            assert hasher.verify(WRONG, PasswordHash(stored)) is False
        assert calls == spent * 2

    @pytest.mark.parametrize("act", ["hash", "verify"])
    def test_an_error_within_argon2_does_not_show_the_password(
        self, hasher: Argon2Hasher, monkeypatch: pytest.MonkeyPatch, act: str
    ) -> None:
        """The frames of the other library hold it, and are left out of the traceback."""

        class Failing:
            def hash(self, password: bytes) -> str:
                raise MemoryError(len(password))

            def verify(self, stored: str, password: bytes) -> bool:
                raise MemoryError(len(stored), len(password))

        stored = hasher.hash(RIGHT)
        monkeypatch.setattr(hasher, "_hasher", Failing())
        with pytest.raises(MemoryError) as caught:
            hasher.hash(RIGHT) if act == "hash" else hasher.verify(RIGHT, stored)
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        text = "".join(shown.format())
        assert "hunter2" not in text
        assert stored.reveal() not in text
