"""Secrets: normalised, compared, and shown nowhere."""

import copy
import hmac
import json
import pickle
import traceback
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import InvalidType, Order, OrderRoute, Secret, order_access
from subrenew.errors import InvalidValue, shown
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.repositories import OrderRecord
from tests.makers import a_subscription

WORD = "hunter2-correct-horse"
SECRET = Secret(WORD)


@attrs.frozen
class Form:
    """A class of a user's own that holds a secret."""

    password: Secret


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
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_it_is_neither_copied_nor_stored(take: Callable[[], object]) -> None:
    """Whatever would carry it elsewhere is a TypeError, and that does not tell it either."""
    with pytest.raises(TypeError) as caught:
        take()
    assert WORD not in str(caught.value)


def test_it_cannot_be_changed() -> None:
    """It is frozen, and has no room for anything else."""
    for name in ("_bytes", "text"):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(SECRET, name, b"other")


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
    "pickling": lambda: pickle.dumps(SECRET),
    "changing": lambda: setattr(SECRET, "text", "other"),
}


@pytest.mark.parametrize("act", ERRORS.values(), ids=ERRORS)
def test_no_error_tells_it(act: Callable[[], object]) -> None:
    """Neither the message nor, with one exception, the variables in our frames tell it."""
    traced = _traced(act)
    if act is ERRORS["plain text given to order_access"]:
        # What was never wrapped is in the frame that it was given to; the message has it not.
        traced = traced[traced.rindex("password is") :]
    assert WORD not in traced


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
        assert stored not in text
        assert "scrypt" not in text
