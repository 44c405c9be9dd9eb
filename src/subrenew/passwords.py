"""
Order passwords: hashes that can be stored and checked.

Rule 1: a stored text says how it was made. Its parameters are checked before use, so that a crafted
hash cannot exhaust memory. Garbage is a wrong password, and never an error.

Rule 2: whoever has no stored text checks against a dummy, so that an unknown order takes as long as
a wrong password (reading 19). A hash of a lower cost than today's is checked at its own cost, and
the rest of today's work is done on the dummy.

Rule 3: no variable holds a password, a hash or a salt, as tracebacks show variables.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from base64 import b64decode, b64encode
from typing import Final, NoReturn, Protocol

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.secret import PasswordHash, Secret

__all__ = ["Argon2Hasher", "BoundedHasher", "PasswordHasher", "ScryptHasher"]

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
    """What makes a hash of a secret that may be stored, and checks it again."""

    def hash(self, secret: Secret) -> PasswordHash:
        """Return a hash to store, with a salt of its own."""

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """
        Return whether *stored* was made of *secret*.

        ``None`` stands for "no such order": it takes as long as a wrong password and is wrong. A
        hash of a lower cost than new ones is as much work. A text that cannot be read is wrong too;
        nothing is raised.
        """

    def needs_rehash(self, stored: PasswordHash) -> bool:
        """Return whether `hash` would make *stored* otherwise today; no check is made."""


@attrs.frozen(kw_only=True)
class _Parameters:
    """What scrypt is asked for, and what it made; hidden from tracebacks."""

    cost: int
    r: int
    p: int
    salt: bytes = attrs.field(repr=False)
    made: bytes = attrs.field(repr=False)

    @property
    def work(self) -> int:
        """What it costs, in blocks mixed."""
        return (self.r << self.cost) * self.p


@attrs.frozen(kw_only=True)
class ScryptHasher:
    """
    The default hasher: the standard library's scrypt, at the cost recommended in 2026.

    The cost is ``n = 2**cost``, with *r* and *p*; 128 MiB and about half a second for each check.
    Tests pass a small cost. A cost that is raised later is hidden: checking an older hash is as
    much work as checking a new one, and takes nearly as long (less memory is mixed faster). One
    that is lowered is not, until each order has been opened once.

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

    def hash(self, secret: Secret) -> PasswordHash:
        """Return a hash to store, with a salt of its own."""
        return _written(secret, attrs.evolve(self._dummy(), salt=secrets.token_bytes(_SALT_BYTES)))

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """Return whether *stored* was made of *secret*; ``None`` and garbage take as long."""
        read = _read(stored)
        asked = read or self._dummy()
        same = hmac.compare_digest(_scrypt(secret, asked), asked.made)
        self._spend(secret, self._dummy().work - asked.work)
        return same and read is not None

    def needs_rehash(self, stored: PasswordHash) -> bool:
        """Return whether *stored* was made at another cost than this one, or cannot be read."""
        read = _read(stored)
        return read is None or (read.cost, read.r, read.p) != (self.cost, self.r, self.p)

    def _dummy(self) -> _Parameters:
        salt, made = bytes(_SALT_BYTES), bytes(_HASH_BYTES)
        return _Parameters(cost=self.cost, r=self.r, p=self.p, salt=salt, made=made)

    def _spend(self, secret: Secret, work: int) -> None:
        """Check the dummy at ever lower costs, until this much work is done."""
        for cost in range(self.cost - 1, 3, -1):
            part = attrs.evolve(self._dummy(), cost=cost)
            if part.work <= work:
                _scrypt(secret, part)
                work -= part.work


def _written(secret: Secret, asked: _Parameters) -> PasswordHash:
    return PasswordHash(
        f"scrypt${asked.cost}${asked.r}${asked.p}"
        f"${b64encode(asked.salt).decode()}${b64encode(_scrypt(secret, asked)).decode()}"
    )


def _read(stored: object) -> _Parameters | None:
    """Return what a stored text asks for and holds; ``None`` for garbage and for bombs."""
    if type(stored) is not PasswordHash:
        return None
    match = _STORED.fullmatch(stored.reveal())
    if match is None:
        return None
    cost, r, p = map(int, match.group(1, 2, 3))
    if not _is_bounded(cost, r, p):
        return None
    return _Parameters(cost=cost, r=r, p=p, salt=b64decode(match[4]), made=b64decode(match[5]))


def _is_bounded(cost: int, r: int, p: int) -> bool:
    """Return whether scrypt takes these (n below 2**16r, RFC 7914), and at a bearable price."""
    if not (4 <= cost <= 20 and 1 <= r <= 32 and 1 <= p <= 16 and cost < 16 * r):
        return False
    blocks = r << cost
    return 128 * blocks <= _MOST_MEMORY and blocks * p <= _MOST_WORK


def _scrypt(secret: Secret, asked: _Parameters) -> bytes:
    n = 1 << asked.cost
    # The default maxmem refuses n of 2**15 and more.
    maxmem = 128 * asked.r * (n + asked.p + 2) + (1 << 20)
    return hashlib.scrypt(
        _for_scrypt(secret),
        salt=asked.salt,
        n=n,
        r=asked.r,
        p=asked.p,
        maxmem=maxmem,
        dklen=_HASH_BYTES,
    )


def _for_scrypt(secret: Secret) -> bytes:
    if secret.reveal().endswith(b"\0"):
        # scrypt ignores trailing zeros: HMAC pads its key with them.
        return hashlib.sha256(secret.reveal()).digest()
    return secret.reveal()


@attrs.frozen(kw_only=True)
class BoundedHasher:
    """
    Another hasher, of which so many checks run at once; the others wait for their turn.

    A check of the default hasher takes 128 MiB, so that a few hundred requests at once would take
    a machine's memory. Give one and the same value to all desks of a program.

    Raises:
        InvalidValue: The number is not within 1 to 1,000.

    >>> hasher = BoundedHasher(hasher=ScryptHasher(cost=4), at_most=2)
    >>> hasher.verify(Secret("hunter2"), hasher.hash(Secret("hunter2")))
    True
    """

    #: The one that hashes and checks.
    hasher: PasswordHasher = attrs.field(factory=ScryptHasher)
    #: How many of its hashes and checks run at once.
    at_most: int = 4
    _turns: threading.Semaphore = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        checks.whole_number("BoundedHasher.at_most", self.at_most, least=1, most=1000)
        object.__setattr__(self, "_turns", threading.Semaphore(self.at_most))

    def hash(self, secret: Secret) -> PasswordHash:
        """Return a hash to store, with a salt of its own."""
        with self._turns:
            return self.hasher.hash(secret)

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """Return whether *stored* was made of *secret*; ``None`` and garbage take as long."""
        with self._turns:
            return self.hasher.verify(secret, stored)

    def needs_rehash(self, stored: PasswordHash) -> bool:
        """Return whether *stored* was made otherwise than `hash` makes it today."""
        return self.hasher.needs_rehash(stored)


class Argon2Hasher:
    """
    Argon2id through argon2-cffi, the extra ``argon2``.

    As with `ScryptHasher`, checking a hash of a lower cost is as much work as checking a new one.

    Raises:
        ImportError: The extra is not installed; the message names it.
    """

    def __init__(self) -> None:
        try:
            import argon2  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ImportError("install subrenew[argon2] to hash with Argon2") from error
        self._hasher = argon2.PasswordHasher()
        self._dummy = PasswordHash(self._hasher.hash(secrets.token_bytes(_SALT_BYTES)))

    def hash(self, secret: Secret) -> PasswordHash:
        """Return a hash to store, with a salt of its own."""
        try:
            return PasswordHash(self._hasher.hash(secret.reveal()))
        except Exception as error:  # noqa: BLE001 - raised again
            _raise_without_frames(error)

    def verify(self, secret: Secret, stored: PasswordHash | None) -> bool:
        """Return whether *stored* was made of *secret*; ``None`` and garbage take as long."""
        readable = _readable(stored)
        same = None if readable is None else self._same(secret, readable)
        if readable is None or same is None:
            self._same(secret, self._dummy)
            return False
        self._spend(secret, readable)
        return same

    def needs_rehash(self, stored: PasswordHash) -> bool:
        """Return whether *stored* was made at another cost than new ones, or cannot be read."""
        readable = _readable(stored)
        return readable is None or self._hasher.check_needs_rehash(readable.reveal())

    def _same(self, secret: Secret, stored: PasswordHash) -> bool | None:
        """Return whether they belong together; ``None`` for a text that reads well and is not."""
        import argon2.exceptions  # noqa: PLC0415 - an extra

        try:
            same: bool = self._hasher.verify(stored.reveal(), secret.reveal())
        except argon2.exceptions.VerifyMismatchError:
            return False
        except argon2.exceptions.VerificationError:
            return None
        except Exception as error:  # noqa: BLE001 - raised again
            _raise_without_frames(error)
        return same

    def _spend(self, secret: Secret, stored: PasswordHash) -> None:
        """Do the work that a check of the dummy takes more than one of *stored*."""
        import argon2.low_level  # noqa: PLC0415 - an extra

        own = argon2.extract_parameters(self._dummy.reveal())
        found = argon2.extract_parameters(stored.reveal())
        done = found.time_cost * found.memory_cost
        passes, rest = divmod(max(own.time_cost * own.memory_cost - done, 0), own.memory_cost)
        for time_cost, memory_cost in ((passes, own.memory_cost), (1, rest)):
            if time_cost > 0 and memory_cost >= 8 * own.parallelism:
                argon2.low_level.hash_secret_raw(
                    secret.reveal(),
                    bytes(_SALT_BYTES),
                    time_cost=time_cost,
                    memory_cost=memory_cost,
                    parallelism=own.parallelism,
                    hash_len=_HASH_BYTES,
                    type=own.type,
                )


def _raise_without_frames(error: Exception) -> NoReturn:
    """Raise it anew: the variables of the frames in which it was raised hold the password."""
    raise error.with_traceback(None) from None


def _readable(stored: object) -> PasswordHash | None:
    """Return a stored text of Argon2 whose cost is bearable; ``None`` for garbage and bombs."""
    import argon2.exceptions  # noqa: PLC0415 - an extra

    if type(stored) is not PasswordHash or not stored.reveal().isascii():
        return None
    try:
        found = argon2.extract_parameters(stored.reveal())
    except argon2.exceptions.InvalidHashError:
        return None
    memory = found.memory_cost << 10
    bounded = memory <= _MOST_MEMORY and memory * found.time_cost <= 8 * _MOST_MEMORY
    return stored if bounded and found.parallelism <= _MOST_THREADS else None
