"""Secrets: normalised, compared, and shown nowhere."""

import copy
import hashlib
import hmac
import inspect
import json
import pickle
import pprint
import traceback
import unicodedata
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import InvalidType, Order, OrderRoute, PasswordHash, Secret, order_access
from subrenew.desk import Desk
from subrenew.errors import InvalidValue, shown
from subrenew.passwords import BoundedHasher, ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord
from subrenew.testing.memory import MemoryStorage
from tests.makers import a_subscription

WORD = "hunter2-correct-horse"
SECRET = Secret(WORD)
HASH = PasswordHash(WORD)


@attrs.frozen
class Form:
    """A class of a user's own that holds a secret."""

    password: Secret | PasswordHash


SHOWN: dict[str, Callable[[], str]] = {
    "repr": lambda: repr(SECRET),
    "str": lambda: str(SECRET),
    "f-string": lambda: f"{SECRET}",
    "f-string, right-aligned": lambda: f"{SECRET:>40}",
    "f-string, repr": lambda: f"{SECRET!r}",
    "format()": lambda: format(SECRET, "s"),
    "str.format": lambda: "{} {0!s}".replace("{}", "{0}").format(SECRET),
    "a method": lambda: f"{SECRET.reveal}",
    "per cent": lambda: "%s %r" % (SECRET, SECRET),  # noqa: UP031 - that is what is tested
    "within a list": lambda: repr([SECRET, {"password": SECRET}]),
    "within an attrs class": lambda: repr(Form(SECRET)),
    "attrs.asdict": lambda: repr(attrs.asdict(Form(SECRET))),
    "attrs.astuple": lambda: repr(attrs.astuple(Form(SECRET))),
    "an error's value": lambda: shown(SECRET),
    "an error": lambda: str(InvalidValue("password", SECRET, "give another")),
    "an error's repr": lambda: repr(InvalidValue("password", SECRET, "give another")),
    "json with default=str": lambda: json.dumps({"password": SECRET}, default=str),
    "dir": lambda: repr(dir(SECRET)),
    "members": lambda: repr(inspect.getmembers(SECRET)),
    "pprint": lambda: pprint.pformat({"password": [SECRET]}),
    "slots": lambda: repr([getattr(SECRET, name) for name in Secret.__slots__]),
    "a hash's repr": lambda: repr(HASH),
    "a hash's str": lambda: str(HASH),
    "a hash's format": lambda: f"{HASH:>40}",
    "a hash's members": lambda: repr(inspect.getmembers(HASH)),
    "a hash's slots": lambda: repr([getattr(HASH, name) for name in PasswordHash.__slots__]),
    "a hash within an attrs class": lambda: repr(attrs.asdict(Form(HASH))),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_it_is_shown_nowhere(show: Callable[[], str]) -> None:
    """No way of turning it into text tells it."""
    assert WORD not in show()


TAKEN: dict[str, Callable[[], object]] = {
    **{
        f"pickle {protocol}": lambda protocol=protocol: pickle.dumps(SECRET, protocol)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "pickle within": lambda: pickle.dumps(Form(SECRET)),
    "copy": lambda: copy.copy(SECRET),
    "deepcopy": lambda: copy.deepcopy(SECRET),
    "deepcopy within": lambda: copy.deepcopy({"password": [SECRET]}),
    "json": lambda: json.dumps({"password": SECRET}),
    "vars": lambda: vars(SECRET),
    "iteration": lambda: list(SECRET),  # type: ignore[call-overload]
    "hash": lambda: hash(SECRET),
    "a set": lambda: {SECRET},
    "bytes": lambda: bytes(SECRET),  # type: ignore[call-overload]
    "getstate": SECRET.__getstate__,
    "reduce": SECRET.__reduce__,
    **{
        f"a hash's pickle {protocol}": lambda protocol=protocol: pickle.dumps(HASH, protocol)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "a hash's copy": lambda: copy.copy(HASH),
    "a hash's deepcopy": lambda: copy.deepcopy(Form(HASH)),
    "a hash's json": lambda: json.dumps({"password": HASH}),
    "a hash's vars": lambda: vars(HASH),
    "a hash's getstate": HASH.__getstate__,
    "a hash's reduce": HASH.__reduce__,
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_it_is_neither_copied_nor_stored(take: Callable[[], object]) -> None:
    """Whatever would carry it elsewhere is a TypeError, and that does not tell it either."""
    with pytest.raises(TypeError) as caught:
        take()
    assert WORD not in str(caught.value)


def test_it_cannot_be_changed() -> None:
    """It is frozen, and has no room for anything else."""
    for name in ("_reveal", "text"):
        for value in (SECRET, HASH):
            with pytest.raises(AttributeError, match="cannot be changed"):
                setattr(value, name, b"other")


@pytest.mark.parametrize(
    "given", [b"hunter2-correct-horse", None, 17, ["a"], Secret("a")], ids=repr
)
def test_only_text_is_a_secret(given: Any) -> None:
    """Anything else is refused, without being shown."""
    with pytest.raises(InvalidType) as caught:
        Secret(given)
    assert str(caught.value) == "Secret is '...': give text"
    assert caught.value.value == "..."


def test_a_class_of_text_is_refused() -> None:
    """A subclass might show itself, so it is no text."""

    class Shouting(str):
        __slots__ = ()

    with pytest.raises(InvalidType):
        Secret(Shouting(WORD))


def _traced(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whichever it is
        frames = traceback.TracebackException.from_exception(error, capture_locals=True)
        # The test's own frames know the word.
        ours = [frame for frame in frames.stack if "subrenew" in frame.filename]
        texts = [repr(frame.locals) for frame in ours if "/tests/" not in frame.filename]
        return "".join([*texts, *frames.format_exception_only()])
    raise AssertionError("nothing was raised")


def _desk() -> Desk:
    return Desk(storage=MemoryStorage(), policy=autodesk.EDITION_2024)


ERRORS: dict[str, Callable[[], object]] = {
    "plain text given to order_access": lambda: order_access(
        None,
        number="A-1",
        password=WORD,  # type: ignore[arg-type]
        verify=lambda secret: False,
        policy=autodesk.EDITION_2024,
        on=date(2026, 1, 1),
    ),
    "a verify that fails": lambda: order_access(
        None,
        number="A-1",
        password=SECRET,
        verify=lambda secret: 1 / 0,  # type: ignore[arg-type, return-value]
        policy=autodesk.EDITION_2024,
        on=date(2026, 1, 1),
    ),
    "a secret for an identifier": lambda: a_subscription(id=SECRET),
    "a secret for a number": lambda: Order(
        number=SECRET, placed_on=date(2026, 1, 1), subscriptions=()
    ),  # type: ignore[arg-type]
    "plain text given to a desk": lambda: _desk().open_order(
        number="A-1",
        password=WORD,  # type: ignore[arg-type]
        on=date(2026, 1, 1),
        at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    "a plain token given to a desk": lambda: _desk().reset_password(
        "A-1",
        WORD,  # type: ignore[arg-type]
        SECRET,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    "a plain new password given to a desk": lambda: _desk().reset_password(
        "A-1",
        SECRET,
        WORD,  # type: ignore[arg-type]
        at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    "bytes for a secret": lambda: Secret(WORD.encode()),  # type: ignore[arg-type]
    "bytes for a hash": lambda: PasswordHash(WORD.encode()),  # type: ignore[arg-type]
    "pickling": lambda: pickle.dumps(SECRET),
    "changing": lambda: setattr(SECRET, "text", "other"),
}


@pytest.mark.parametrize("act", ERRORS.values(), ids=ERRORS)
def test_no_error_tells_it(act: Callable[[], object]) -> None:
    """Neither the message nor the variables in our frames tell it."""
    assert WORD not in _traced(act)


def test_equal_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every comparison of two secrets goes through hmac.compare_digest, whatever they are."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return left == right

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != Secret("aa")
    assert compared == [(b"a", b"a"), (b"a", b"b"), (b"a", b"aa")]


@pytest.mark.parametrize("other", ["a", b"a", None, 1, ("a",)], ids=repr)
def test_nothing_else_equals_it(other: object) -> None:
    """Text that looks the same is not the same: a comparison with it is False, both ways."""
    assert Secret("a") != other
    assert other != Secret("a")


@pytest.mark.parametrize(
    "word", ["\u00e9t\u00e9", "\u00c5r\u00f6m", "\uac00\ub098", "\u1e9b\u0323"]
)
@pytest.mark.parametrize("times", [1, 100, 300])
def test_one_password_typed_on_two_keyboards_is_one(word: str, times: int) -> None:
    """Composed or decomposed, text is the same secret, also where only its digest is kept."""
    text = word * times
    decomposed = unicodedata.normalize("NFD", text)
    composed = unicodedata.normalize("NFC", text)
    assert decomposed != composed
    assert len(decomposed) <= 2048
    assert Secret(decomposed) == Secret(composed)


def test_width_and_case_are_part_of_it() -> None:
    """Nothing but composition is evened out: a password is not an order number."""
    assert Secret("A") != Secret("a")
    assert Secret("A") != Secret("\uff21")
    assert Secret("a ") != Secret("a")
    assert Secret("a\n") != Secret("a")
    assert Secret("") != Secret("\0")


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2047, 2048, 2049, 1_000_000])
def test_of_long_text_every_character_counts(size: int) -> None:
    """Up to a megabyte, another last character is another secret; what is hashed stays short."""
    text = "x" * size
    assert Secret(text) == Secret(text)
    assert Secret(text) != Secret(text[:-1] + "y")
    assert Secret(text) != Secret(text[:-1])
    assert len(Secret(text).reveal()) <= 1024


def test_a_megabyte_of_accents_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Normalising is never asked to sort more than 2,048 characters: that would take for ever."""
    seen: list[int] = []

    def normalize(form: str, text: str) -> str:
        seen.append(len(text))
        return text

    monkeypatch.setattr(unicodedata, "normalize", normalize)
    Secret("\u0316\u0301" * 500_000)
    Secret("\u0316\u0301" * 1024)
    assert seen == [2048]


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_text_is_a_secret(text: str) -> None:
    """Surrogates, NUL and emoji are taken; its own text only is revealed, to hashers."""
    secret = Secret(text)
    assert secret == Secret(text)
    assert secret.reveal() == unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    assert repr(secret) == "Secret(...)"


def test_neither_decisions_nor_records_show_a_hash() -> None:
    """What a stored order or a decision shows of itself has neither the password nor its hash."""
    hasher = ScryptHasher(cost=4)
    stored = hasher.hash(SECRET)
    record = OrderRecord(
        number="A-1",
        placed_on=date(2026, 1, 1),
        subscription_ids=("S-1",),
        password_hash=stored,
    )
    order = Order(number="A-1", placed_on=date(2026, 1, 1), subscriptions=(a_subscription(),))
    opened = order_access(
        order,
        number="A-1",
        password=SECRET,
        verify=lambda secret: hasher.verify(secret, record.password_hash),
        policy=autodesk.EDITION_2024,
        on=date(2026, 1, 1),
    )
    assert opened.route is OrderRoute.OPEN_ORDER
    texts = repr(record), repr(opened), repr(opened.asked), repr(opened.facts), opened.explain()
    for text in texts:
        assert WORD not in text
        assert stored.reveal() not in text
        assert "scrypt" not in text


@pytest.mark.parametrize("word", [WORD, WORD + "\0"])
@pytest.mark.parametrize("act", ["hash", "verify"])
def test_no_variable_of_a_hasher_shows_the_password_or_the_hash(
    act: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where scrypt fails, for want of memory say, the frames of the hasher hold neither."""
    hasher = BoundedHasher(hasher=ScryptHasher(cost=5))
    stored = ScryptHasher(cost=4).hash(Secret(word))

    def scrypt(_: bytes, **asked: Any) -> bytes:
        raise MemoryError(asked["n"])

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    with pytest.raises(MemoryError) as caught:
        hasher.hash(Secret(word)) if act == "hash" else hasher.verify(Secret(word), stored)
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in frames if frame.filename.endswith("passwords.py")]
    assert len(ours) >= 3
    text = "".join(repr(frame.locals) for frame in ours)
    salt, made = stored.reveal().split("$")[-2:]
    for hidden in (WORD, stored.reveal(), salt, made, repr(b64decode(salt)), repr(b64decode(made))):
        assert hidden not in text


def test_hashes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every comparison of two hashes goes through hmac.compare_digest, whatever they are."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return left == right

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert PasswordHash("a") == PasswordHash("a")
    assert PasswordHash("a") != PasswordHash("\ud800")
    assert compared == [(b"a", b"a"), (b"a", b"\xed\xa0\x80")]


@pytest.mark.parametrize("other", ["a", b"a", None, Secret("a")], ids=repr)
def test_a_hash_equals_nothing_but_a_hash(other: object) -> None:
    """Text that looks the same is not the same, both ways."""
    assert PasswordHash("a") != other
    assert other != PasswordHash("a")


def test_a_hash_is_hashable() -> None:
    """So that a record which holds it is."""
    assert len({PasswordHash("a"), PasswordHash("a"), PasswordHash("b")}) == 2


def test_only_text_is_a_hash() -> None:
    """Anything else is refused, without being shown."""
    with pytest.raises(InvalidType, match=r"PasswordHash is '\.\.\.': give the text"):
        PasswordHash(b"scrypt")  # type: ignore[arg-type]


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_a_hash_gives_its_text_back(text: str) -> None:
    """Whatever storage holds, it is what storage gets."""
    assert PasswordHash(text).reveal() == text
