"""
What a caller did wrong, and how to put it right.

Rule 1: a refusal is a value. "Not renewable, because ..." is a `Decision`, and never one of these.

Rule 2: every error names what was wrong, the value (never a secret) and the remedy, in lower case.

Rule 3: each is also the built-in error it refines, so ``except ValueError`` and ``except
LookupError`` go on working.
"""

from __future__ import annotations

__all__ = [
    "CurrencyMismatch",
    "InvalidType",
    "InvalidValue",
    "InvalidValues",
    "KeyTaken",
    "NotFound",
    "NotInForce",
    "NumberTaken",
    "OrderChanged",
    "RevisionConflict",
    "SubrenewError",
]

_SHOWN_CHARACTERS = 60


class SubrenewError(Exception):
    """Every error that this library raises on purpose."""


def shown(value: object) -> str:
    """Return the value as an error message shows it, shortened and never a secret."""
    if isinstance(value, int) and not -(10**20) < value < 10**20:
        return "an integer of more than 20 digits"
    if isinstance(value, (bytes, bytearray)):
        return "bytes"
    try:
        text = repr(value[: _SHOWN_CHARACTERS + 1] if type(value) is str else value)
    except Exception:  # noqa: BLE001 - a tuple of a huge integer, or a repr of the caller's own
        return f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


class InvalidValue(SubrenewError, ValueError):
    """
    A field was given a value it cannot have.

    Attributes:
        field: The field's path, such as ``Subscription.seats``.
        value: What was given.
        remedy: What to give instead.

    >>> from subrenew import Money
    >>> Money("ten", "USD")
    Traceback (most recent call last):
    subrenew.errors.InvalidValue: Money.amount is 'ten': write digits such as "10.00", ...
    """

    def __init__(self, field: str, value: object, remedy: str) -> None:
        super().__init__(f"{field} is {shown(value)}: {remedy}")
        self.field = field
        self.value = value
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[InvalidValue], tuple[str, object, str]]:
        return type(self), (self.field, self.value, self.remedy)


class InvalidType(InvalidValue, TypeError):
    """A field was given a value of another type; nothing is coerced silently."""


class InvalidValues(SubrenewError, ValueError):
    """
    Several things were wrong with one input, and all of them are named.

    Attributes:
        errors: One error each, in the order of the input.
    """

    def __init__(self, what: str, errors: tuple[InvalidValue, ...]) -> None:
        lines = "\n".join(f"  {error}" for error in errors)
        super().__init__(f"{what}: {len(errors)} things to put right\n{lines}")
        self.what = what
        self.errors = errors

    def __reduce__(self) -> tuple[type[InvalidValues], tuple[str, tuple[InvalidValue, ...]]]:
        return type(self), (self.what, self.errors)


class CurrencyMismatch(SubrenewError, ValueError):
    """
    Amounts of two currencies were added, subtracted or compared.

    Attributes:
        left: The currency on the left.
        right: The currency on the right.
    """

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            f"{left} and {right} do not mix: convert one of them first, at a rate of your own"
        )
        self.left = left
        self.right = right

    def __reduce__(self) -> tuple[type[CurrencyMismatch], tuple[str, str]]:
        return type(self), (self.left, self.right)


class NotInForce(SubrenewError, LookupError):
    """No edition of a policy, or more than one, holds on the day asked about."""


class NotFound(SubrenewError, LookupError):
    """Storage holds nothing under this identifier."""


class RevisionConflict(SubrenewError, RuntimeError):
    """Somebody else saved first: the revision that was read is not the latest. Ask again."""


class KeyTaken(SubrenewError, RuntimeError):
    """
    The key stands for another request. Asking again gives this again: use a new key.

    Attributes:
        key: The key that was given.
    """

    def __init__(self, key: str) -> None:
        super().__init__(
            f"key is {shown(key)}: it stands for another request, use a new key for each"
        )
        self.key = key

    def __reduce__(self) -> tuple[type[KeyTaken], tuple[str]]:
        return type(self), (self.key,)


class NumberTaken(SubrenewError, RuntimeError):
    """
    Another order has this number. Asking again gives this again: use a new number.

    Attributes:
        number: The number that was given.
    """

    def __init__(self, number: str) -> None:
        super().__init__(f"number is {shown(number)}: another order has it, give a new one")
        self.number = number

    def __reduce__(self) -> tuple[type[NumberTaken], tuple[str]]:
        return type(self), (self.number,)


class OrderChanged(SubrenewError, RuntimeError):
    """
    Lines of an order were renewed with another order since it was opened: open it again.

    Attributes:
        number: The number of the order that was opened.
    """

    def __init__(self, number: str) -> None:
        super().__init__(
            f"number is {shown(number)}: lines were renewed with another order since, open it again"
        )
        self.number = number

    def __reduce__(self) -> tuple[type[OrderChanged], tuple[str]]:
        return type(self), (self.number,)
