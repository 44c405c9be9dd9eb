"""
What may be shown nowhere: a secret on its way to a check, and the hash that is stored of it.

Rule 1: wrapped as soon as it is given, neither is in a repr, a text, a format, a pickle, a copy,
JSON, an error, ``attrs.asdict`` or the variables of a traceback.

Rule 2: neither holds its bytes in an attribute, for libraries that write objects as JSON read
every attribute there is. A function of its own holds them, and only ``reveal`` calls it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final, NoReturn

from subrenew.errors import InvalidType

__all__ = ["PasswordHash", "Secret"]

_MOST_BYTES: Final = 1024
_MOST_NORMALISED: Final = 2048


class Secret:
    """
    A password, or the token that resets one, on its way to a check.

    Compared in constant time, without a hash, and shown nowhere. Text of up to 2,048 characters is
    normalised (NFC), so that one password typed on two keyboards is one password.

    Raises:
        InvalidType: It is not text. The message does not show it.

    >>> Secret("hunter2"), str(Secret("hunter2")), Secret("hunter2") == Secret("hunter2")
    (Secret(...), 'Secret(...)', True)
    """

    __slots__ = ("_reveal",)
    _reveal: Callable[[], bytes]
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        if type(text) is not str:
            del text  # a traceback may show this frame's variables
            raise InvalidType("Secret", "...", "give text")
        if len(text) <= _MOST_NORMALISED:
            # Longer text is taken as it is: normalising it takes quadratic time.
            text = unicodedata.normalize("NFC", text)
        encoded = text.encode("utf-8", "surrogatepass")
        if len(encoded) > _MOST_BYTES:
            # One megabyte costs one pass.
            import hashlib  # noqa: PLC0415 - 4 ms, for enormous texts only

            encoded = hashlib.sha256(encoded).digest()
        object.__setattr__(self, "_reveal", lambda: encoded)

    def reveal(self) -> bytes:
        """
        Return the bytes: for a `PasswordHasher`, and for the letter that carries a reset token.

        Pass the result on at once: a variable that holds it is shown by tracebacks.
        """
        return self._reveal()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a secret cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Secret:
            return NotImplemented
        import hmac  # noqa: PLC0415 - 4 ms, where secrets are compared only

        return hmac.compare_digest(self.reveal(), other.reveal())

    def __repr__(self) -> str:
        return "Secret(...)"

    def __format__(self, spec: str) -> str:
        return "Secret(...)"

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret is neither copied nor stored")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor stored")


class PasswordHash:
    """
    What a `PasswordHasher` made of a password, to be stored as text.

    Compared in constant time and shown nowhere, as whoever reads it can guess at leisure. Storage
    writes what ``reveal()`` returns and makes a `PasswordHash` of it again.

    Raises:
        InvalidType: It is not text. The message does not show it.

    >>> stored = PasswordHash("scrypt$17$8$1$...")
    >>> stored, stored == PasswordHash(stored.reveal())
    (PasswordHash(...), True)
    """

    __slots__ = ("_reveal",)
    _reveal: Callable[[], str]

    def __init__(self, text: str) -> None:
        if type(text) is not str:
            del text  # a traceback may show this frame's variables
            raise InvalidType("PasswordHash", "...", "give the text that was stored")
        object.__setattr__(self, "_reveal", lambda: text)

    def reveal(self) -> str:
        """Return the text: for storage, and for a `PasswordHasher`."""
        return self._reveal()

    def _encoded(self) -> bytes:
        return self._reveal().encode("utf-8", "surrogatepass")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a password hash cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not PasswordHash:
            return NotImplemented
        import hmac  # noqa: PLC0415 - 4 ms, where hashes are compared only

        return hmac.compare_digest(self._encoded(), other._encoded())

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __repr__(self) -> str:
        return "PasswordHash(...)"

    def __format__(self, spec: str) -> str:
        return "PasswordHash(...)"

    def __getstate__(self) -> NoReturn:
        raise TypeError("a password hash is stored as the text that reveal() returns")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a password hash is stored as the text that reveal() returns")
