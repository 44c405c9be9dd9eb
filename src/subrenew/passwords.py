"""
Order passwords: hashes that can be stored and checked.

Rule 1: a stored text says how it was made, and what it says is bounded before it is believed, so
that a stored text cannot be made a bomb. Garbage is a wrong password, and never an error.

Rule 2: whoever has no stored text checks against a dummy, so that an unknown order takes as long as
a wrong password (reading 19).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from typing import Final, Protocol

import attrs

from subrenew.model import checks
from subrenew.model.secret import Secret

__all__ = ["Argon2Hasher", "PasswordHasher", "ScryptHasher"]

_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_STORED: Final = re.compile(
    r"scrypt\$([0-9]{1,2})\$([0-9]{1,2})\$([0-9]{1,2})\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)",
    re.ASCII,
)


class PasswordHasher(Protocol):
    """What turns a secret into a text that may be stored, and checks it again."""

    def hash(self, secret: Secret) -> str:
        """Return a text to store, with a salt of its own."""

    def verify(self, secret: Secret, stored: str | None) -> bool:
        """
        Return whether *stored* was made of *secret*.

        ``None`` stands for "no such order": it takes as long as a wrong password and is wrong. A
        text that cannot be read is wrong too; nothing is raised.
        """


@attrs.frozen(kw_only=True)
class ScryptHasher:
    """
    The default hasher: the standard library's scrypt, at the cost recommended in 2026.

    The cost is ``n = 2**cost``, with *r* and *p*; 128 MiB and about half a second for each check.
    Tests pass a small cost.

    Raises:
        InvalidValue: The cost is not within 4 to 20, *r* within 1 to 32, *p* within 1 to 16.

    >>> hasher = ScryptHasher(cost=4)
    >>> stored = hasher.hash(Secret("hunter2"))
    >>> hasher.verify(Secret("hunter2"), stored), hasher.verify(Secret("hunter3"), stored)
    (True, False)
    """

    #: The exponent of n.
    cost: int = 17
    #: Block size.
    r: int = 8
    #: Parallelism.
    p: int = 1
    _dummy: str = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        checks.whole_number("ScryptHasher.cost", self.cost, least=4, most=20)
        checks.whole_number("ScryptHasher.r", self.r, least=1, most=32)
        checks.whole_number("ScryptHasher.p", self.p, least=1, most=16)
        nothing = b64encode(bytes(_SALT_BYTES)).decode(), b64encode(bytes(_HASH_BYTES)).decode()
        dummy = f"scrypt${self.cost}${self.r}${self.p}${nothing[0]}${nothing[1]}"
        object.__setattr__(self, "_dummy", dummy)

    def hash(self, secret: Secret) -> str:
        """Return a text to store, with a salt of its own."""
        salt = secrets.token_bytes(_SALT_BYTES)
        made = _scrypt(secret, salt, self.cost, self.r, self.p)
        texts = b64encode(salt).decode(), b64encode(made).decode()
        return f"scrypt${self.cost}${self.r}${self.p}${texts[0]}${texts[1]}"

    def verify(self, secret: Secret, stored: str | None) -> bool:
        """Return whether *stored* was made of *secret*; ``None`` and garbage take as long."""
        match = _STORED.fullmatch(stored) if type(stored) is str else None
        bounded = match is not None and _is_bounded(*map(int, match.group(1, 2, 3)))
        if match is None or not bounded:
            match = _STORED.fullmatch(self._dummy)
            bounded = False
        if match is None:
            raise AssertionError(self._dummy)
        cost, r, p = map(int, match.group(1, 2, 3))
        made = _scrypt(secret, b64decode(match[4]), cost, r, p)
        return hmac.compare_digest(made, b64decode(match[5])) and bounded


def _is_bounded(cost: int, r: int, p: int) -> bool:
    return 4 <= cost <= 20 and 1 <= r <= 32 and 1 <= p <= 16


def _scrypt(secret: Secret, salt: bytes, cost: int, r: int, p: int) -> bytes:
    n = 1 << cost
    # The default maxmem refuses n of 2**15 and more.
    maxmem = 128 * r * (n + p + 2) + (1 << 20)
    return hashlib.scrypt(
        secret.reveal(), salt=salt, n=n, r=r, p=p, maxmem=maxmem, dklen=_HASH_BYTES
    )


class Argon2Hasher:
    """
    Argon2id through argon2-cffi, the extra ``argon2``.

    Raises:
        ImportError: The extra is not installed; the message names it.
    """

    def __init__(self) -> None:
        try:
            import argon2  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ImportError("install subrenew[argon2] to hash with Argon2") from error
        self._hasher = argon2.PasswordHasher()
        self._dummy = self._hasher.hash(secrets.token_bytes(_SALT_BYTES))

    def hash(self, secret: Secret) -> str:
        """Return a text to store, with a salt of its own."""
        return self._hasher.hash(secret.reveal())

    def verify(self, secret: Secret, stored: str | None) -> bool:
        """Return whether *stored* was made of *secret*; ``None`` and garbage take as long."""
        import argon2.exceptions  # noqa: PLC0415 - an extra

        if type(stored) is str:
            try:
                return self._hasher.verify(stored, secret.reveal())
            except argon2.exceptions.VerifyMismatchError:
                return False
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                pass  # unreadable: checked against the dummy below, so that it takes as long
        try:
            self._hasher.verify(self._dummy, secret.reveal())
        except argon2.exceptions.VerifyMismatchError:
            return False
        return False
