"""Errors say what was wrong and what to do, and are the built-in errors they refine."""

import copy
import pickle
from enum import StrEnum

import pytest

from subrenew import errors
from subrenew.errors import (
    CurrencyMismatch,
    InvalidType,
    InvalidValue,
    InvalidValues,
    KeyTaken,
    NotFound,
    NotInForce,
    NumberTaken,
    OrderChanged,
    RevisionConflict,
    SubrenewError,
    shown,
)

TWO_WRONG = InvalidValues(
    "line 3 of subscriptions.csv",
    (
        InvalidValue("Subscription.seats", 0, "give a whole number from 1 on"),
        InvalidType("Subscription.id", 7, "give text"),
    ),
)

SAMPLES: tuple[SubrenewError, ...] = (
    SubrenewError("something"),
    InvalidValue("Subscription.seats", 0, "give a whole number from 1 on"),
    InvalidType("Subscription.id", 7, "give text"),
    TWO_WRONG,
    CurrencyMismatch("USD", "EUR"),
    NotInForce("no edition is in force"),
    NotFound("nothing under S-1"),
    RevisionConflict("saved as revision 3"),
    KeyTaken("k-1"),
    NumberTaken("A-1"),
    OrderChanged("A-1"),
)


@pytest.mark.parametrize(
    ("error", "built_in"),
    [
        (InvalidValue, ValueError),
        (InvalidType, ValueError),
        (InvalidType, TypeError),
        (InvalidType, InvalidValue),
        (InvalidValues, ValueError),
        (CurrencyMismatch, ValueError),
        (NotInForce, LookupError),
        (NotFound, LookupError),
        (RevisionConflict, RuntimeError),
        (KeyTaken, RuntimeError),
        (NumberTaken, RuntimeError),
        (OrderChanged, RuntimeError),
    ],
)
def test_each_is_the_built_in_error_it_refines(
    error: type[Exception], built_in: type[Exception]
) -> None:
    """Code that catches the built-in error catches ours."""
    assert issubclass(error, built_in)
    assert issubclass(error, SubrenewError)


def test_every_public_error_is_a_subrenew_error() -> None:
    """One `except SubrenewError` catches everything that is raised on purpose."""
    assert {type(sample).__name__ for sample in SAMPLES} == set(errors.__all__)
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), SubrenewError)


def test_a_wrong_value_is_not_a_wrong_type() -> None:
    """A value of the right type out of its range is no TypeError."""
    assert not issubclass(InvalidValue, TypeError)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_errors_pickle_and_copy(error: SubrenewError, protocol: int) -> None:
    """An error crosses a process boundary with its message and its attributes."""
    twins = (
        pickle.loads(pickle.dumps(error, protocol)),  # noqa: S301 - our own bytes
        copy.copy(error),
        copy.deepcopy(error),
    )
    for twin in twins:
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert repr(vars(twin)) == repr(vars(error))


def test_a_wrong_value_is_told_with_its_field_and_the_remedy() -> None:
    """The message is the field, the value and what to give instead, each an attribute too."""
    error = InvalidValue("Subscription.seats", 0, "give a whole number from 1 on")
    assert str(error) == "Subscription.seats is 0: give a whole number from 1 on"
    told = (error.field, error.value, error.remedy)
    assert told == ("Subscription.seats", 0, "give a whole number from 1 on")


def test_several_wrong_values_are_all_told() -> None:
    """One error lists everything that is wrong with one input, in its order."""
    assert str(TWO_WRONG) == (
        "line 3 of subscriptions.csv: 2 things to put right\n"
        "  Subscription.seats is 0: give a whole number from 1 on\n"
        "  Subscription.id is 7: give text"
    )
    assert [error.field for error in TWO_WRONG.errors] == ["Subscription.seats", "Subscription.id"]
    assert TWO_WRONG.what == "line 3 of subscriptions.csv"


def test_two_currencies_are_both_named() -> None:
    """A mismatch names both currencies and the way out."""
    error = CurrencyMismatch("USD", "EUR")
    assert str(error).startswith("USD and EUR do not mix: convert one of them first")
    assert (error.left, error.right) == ("USD", "EUR")


class Word(StrEnum):
    """Text that is a member."""

    PAID = "paid"


class _Unprintable:
    def __repr__(self) -> str:
        msg = "no"
        raise RuntimeError(msg)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (True, "True"),
        (10**20 - 1, "99999999999999999999"),
        (10**20, "an integer of more than 20 digits"),
        (-(10**20), "an integer of more than 20 digits"),
        pytest.param(10**5_000, "an integer of more than 20 digits", id="huge"),
        ("x" * 58, repr("x" * 58)),
        ("x" * 59, "'" + "x" * 59 + "..."),
        pytest.param("x" * 10**6, "'" + "x" * 59 + "...", id="long"),
        (b"secret", "bytes"),
        (bytearray(b"secret"), "bytes"),
        (NotInForce, "<class 'subrenew.errors.NotInForce'>"),
        (Word.PAID, "<Word.PAID: 'paid'>"),
        ("a\nb", r"'a\nb'"),
        ("\x1b[31m", r"'\x1b[31m'"),
        ((10**5_000,), "a tuple that cannot be shown"),
        (_Unprintable(), "a _Unprintable that cannot be shown"),
    ],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    """A value is shown on one line of some 60 characters, never as bytes, and never fails."""
    assert shown(value) == text
