"""
A secret on its way to a check.

Rule 1: wrapped as soon as it is given, it is not in a repr, a text, a format, a pickle, a copy,
JSON, an error or ``attrs.asdict``.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NoReturn

from subrenew.errors import InvalidType

__all__ = ["Secret"]

_MOST_BYTES: Final = 1024
_MOST_NORMALISED: Final = 2048


class Secret:
    """
    A password on its way to a check.

    Compared in constant time, without a hash, and shown nowhere. Text of up to 2,048 characters is
    normalised (NFC), so that one password typed on two keyboards is one password.

    Raises:
        InvalidType: It is not text. The message does not show it.

    >>> Secret("hunter2"), str(Secret("hunter2")), Secret("hunter2") == Secret("hunter2")
    (Secret(...), 'Secret(...)', True)
    """

    __slots__ = ("_bytes",)
    _bytes: bytes
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        if type(text) is not str:
            raise InvalidType("Secret", "...", "give text")
        if len(text) <= _MOST_NORMALISED:
            # Longer text is taken as it is: normalising it takes quadratic time.
            text = unicodedata.normalize("NFC", text)
        encoded = text.encode("utf-8", "surrogatepass")
        if len(encoded) > _MOST_BYTES:
            # One megabyte costs one pass.
            import hashlib  # noqa: PLC0415 - 4 ms, for enormous texts only

            encoded = hashlib.sha256(encoded).digest()
        object.__setattr__(self, "_bytes", encoded)

    def reveal(self) -> bytes:
        """Return the bytes to hash: for implementations of `PasswordHasher` only."""
        return self._bytes

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a secret cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Secret:
            return NotImplemented
        import hmac  # noqa: PLC0415 - 4 ms, where secrets are compared only

        return hmac.compare_digest(self._bytes, other._bytes)

    def __repr__(self) -> str:
        return "Secret(...)"

    def __format__(self, spec: str) -> str:
        return "Secret(...)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor stored")
