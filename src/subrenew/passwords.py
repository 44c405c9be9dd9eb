"""
Order passwords: hashes that can be stored and checked.

Rule 1: a stored text says how it was made. Its parameters are checked before use, so that a crafted
hash cannot exhaust memory. Garbage is a wrong password, and never an error.

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

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.secret import Secret

__all__ = ["Argon2Hasher", "PasswordHasher", "ScryptHasher"]

_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
# What a stored text may ask for at most: 512 MiB, and eight times the default's work.
_MOST_MEMORY: Final = 1 << 29
_MOST_WORK: Final = 1 << 23
_MOST_THREADS: Final = 16
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
        InvalidValue: The cost is not within 4 to 20, *r* within 1 to 32, *p* within 1 to 16; or
            together they ask for more than 512 MiB, or for eight times the default's work.

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

    def __attrs_post_init__(self) -> None:
        checks.whole_number("ScryptHasher.cost", self.cost, least=4, most=20)
        checks.whole_number("ScryptHasher.r", self.r, least=1, most=32)
        checks.whole_number("ScryptHasher.p", self.p, least=1, most=16)
        if not _is_bounded(self.cost, self.r, self.p):
            raise InvalidValue(
                "ScryptHasher.cost", self.cost, f"ask for less, given r={self.r} and p={self.p}"
            )

    def hash(self, secret: Secret) -> str:
        """Return a text to store, with a salt of its own."""
        salt = secrets.token_bytes(_SALT_BYTES)
        made = _scrypt(secret, salt, self.cost, self.r, self.p)
        texts = b64encode(salt).decode(), b64encode(made).decode()
        return f"scrypt${self.cost}${self.r}${self.p}${texts[0]}${texts[1]}"

    def verify(self, secret: Secret, stored: str | None) -> bool:
        """Return whether *stored* was made of *secret*; ``None`` and garbage take as long."""
        read = _read(stored)
        cost, r, p, salt, expected = read or (self.cost, self.r, self.p, *_NOTHING)
        made = _scrypt(secret, salt, cost, r, p)
        return hmac.compare_digest(made, expected) and read is not None


_NOTHING: Final = (bytes(_SALT_BYTES), bytes(_HASH_BYTES))


def _read(stored: object) -> tuple[int, int, int, bytes, bytes] | None:
    """Return cost, r, p, salt and hash of a stored text; ``None`` for garbage and for bombs."""
    match = _STORED.fullmatch(stored) if type(stored) is str else None
    if match is None:
        return None
    cost, r, p = map(int, match.group(1, 2, 3))
    return (
        (cost, r, p, b64decode(match[4]), b64decode(match[5])) if _is_bounded(cost, r, p) else None
    )


def _is_bounded(cost: int, r: int, p: int) -> bool:
    """Return whether scrypt takes these (n below 2**16r, RFC 7914), and at a bearable price."""
    if not (4 <= cost <= 20 and 1 <= r <= 32 and 1 <= p <= 16 and cost < 16 * r):
        return False
    blocks = r << cost
    return 128 * blocks <= _MOST_MEMORY and blocks * p <= _MOST_WORK


def _scrypt(secret: Secret, salt: bytes, cost: int, r: int, p: int) -> bytes:
    n = 1 << cost
    # The default maxmem refuses n of 2**15 and more.
    maxmem = 128 * r * (n + p + 2) + (1 << 20)
    password = secret.reveal()
    if password.endswith(b"\0"):
        # scrypt ignores trailing zeros: HMAC pads its key with them.
        password = hashlib.sha256(password).digest()
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=maxmem, dklen=_HASH_BYTES)


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

        readable = _readable(stored)
        try:
            same: bool = self._hasher.verify(readable or self._dummy, secret.reveal())
        except argon2.exceptions.VerifyMismatchError:
            return False
        except argon2.exceptions.VerificationError:
            # It can be read and is damaged: it costs a check of the dummy like any garbage.
            return self.verify(secret, None)
        return same and readable is not None


def _readable(stored: object) -> str | None:
    """Return a stored text of Argon2 whose cost is bearable; ``None`` for garbage and bombs."""
    import argon2.exceptions  # noqa: PLC0415 - an extra

    if type(stored) is not str or not stored.isascii():
        return None
    try:
        found = argon2.extract_parameters(stored)
    except argon2.exceptions.InvalidHashError:
        return None
    memory = found.memory_cost << 10
    bounded = memory <= _MOST_MEMORY and memory * found.time_cost <= 8 * _MOST_MEMORY
    return stored if bounded and found.parallelism <= _MOST_THREADS else None
