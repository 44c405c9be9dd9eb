"""
An order's page: opened with its password, which can be reset.

Rule 1: as in `subrenew.desk`, which these use cases belong to: nothing is decided here.

Rule 2: neither timing nor having to wait reveals whether an order exists (reading 19). What is done
for an order is done for a number that nothing has, too; only a password that is right has its
order's lines read.

Rule 3: a try is counted before the password is checked, and given back where the page opens. So of
any number of tries at once no more are checked than the limit allows; a try that cannot be counted
is not checked, and is answered as if none were left.

Rule 4: a failed try is counted by what it did not prove, whichever its route: right and wrong
passwords that do not open the page leave the same state behind.

Rule 5: costly checks run outside of transactions, and what was read before one is read again after
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final, NoReturn, TypeVar

import attrs

from subrenew.errors import InvalidType, InvalidValue, NotFound, RevisionConflict
from subrenew.model import checks
from subrenew.model.entities import Order, Subscription
from subrenew.model.secret import PasswordHash, Secret
from subrenew.model.terms import Term
from subrenew.passwords import PasswordHasher
from subrenew.policy.attempts import AttemptLimit, Attempts
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.repositories import OrderRecord, PasswordReset, Repositories, Storage, Stored
from subrenew.rules.decisions import Decision
from subrenew.rules.facts import OrderAccessFacts, Prefilled, Tries
from subrenew.rules.order_access import OrderRoute, normalised_number, order_access

__all__ = [
    "OpenAsked",
    "ResetAnswer",
    "ResetAsked",
    "found",
    "open_stored",
    "request_reset",
    "reset_stored",
]

T = TypeVar("T")
_NO_ATTEMPTS: Final = Attempts()
_MOST_CONFLICTS: Final = 100
_ASK_AGAIN: Final = "others saved this order again and again in between: ask again"
#: Of base64, these are 128 bits.
_LEAST_TOKEN: Final = 22


class ResetAnswer(Enum):
    """
    What became of a password reset; it has no truth value.

    A refusal is one and the same for an unknown order, a wrong token, one that was used and one
    that has expired.
    """

    CHANGED = "changed"
    REFUSED = "refused"

    def __bool__(self) -> NoReturn:
        raise TypeError("an answer has no truth value: compare with ResetAnswer.CHANGED")


@attrs.frozen(kw_only=True)
class OpenAsked:
    """What somebody gives to open an order."""

    #: As it was typed or prefilled.
    number: str
    #: As it was given; ``None`` where it is forgotten.
    password: Secret | None = attrs.field(repr=False)
    #: The number in the confirmation message, where it is known.
    confirmed_number: str | None
    #: Chooses the page's link; without one of its own, those of all regions are given.
    region: str | None


@attrs.frozen(kw_only=True)
class ResetAsked:
    """What somebody gives to set a new password."""

    #: As it was typed or prefilled.
    number: str
    #: The one that `request_reset` returned.
    token: Secret = attrs.field(repr=False)
    #: The new one.
    password: Secret = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class _Claim:
    """A try that is counted, with the hash that it is to be checked against."""

    number: str
    password_hash: PasswordHash | None
    counted_at: datetime


def open_stored(
    storage: Storage,
    asked: OpenAsked,
    hasher: PasswordHasher,
    limit: AttemptLimit,
    *,
    policy: Policy,
    on: date,
    at: datetime,
) -> Decision[OrderRoute]:
    """Decide whether number and password open an order; count the try, and give it back if so."""
    # Nobody's subscription chooses the edition: an order's own would tell that there is one.
    edition = policy.in_force(_nobodys(on), on=on)
    checks.instant("at", at)

    decided = partial(_decided, asked, edition, on)
    # What is wrong with the question is raised here, before anything is counted or checked.
    waits = decided(None, Tries.USED_UP)
    typed = normalised_number(asked.number)
    if asked.password is None:
        left = _has_tries_left(storage, typed, limit, at=at)
        return decided(None, Tries.LEFT) if left else waits
    if typed is None:
        hasher.verify(asked.password, None)
        return decided(None, Tries.LEFT)
    claim = _claimed(storage, typed, limit, on=on, at=at)
    if claim is None:
        return waits
    order = _opened(storage, claim, hasher, asked.password, agrees=_agrees(waits))
    return decided(order, Tries.LEFT)


def _decided(
    asked: OpenAsked, edition: RenewalPolicy, on: date, order: Order | None, tries: Tries
) -> Decision[OrderRoute]:
    return order_access(
        order,
        number=asked.number,
        password=asked.password,
        # Only an order whose password was right is given.
        verify=lambda _: order is not None,
        policy=edition,
        on=on,
        confirmed_number=asked.confirmed_number,
        tries=tries,
        region=asked.region,
    )


def _agrees(decision: Decision[OrderRoute]) -> bool:
    facts = decision.facts
    return isinstance(facts, OrderAccessFacts) and facts.prefilled is Prefilled.AGREES


def _nobodys(on: date) -> Subscription:
    return Subscription(id="nobody", product="none", term=Term.years(1), starts_on=on)


def _has_tries_left(
    storage: Storage, number: str | None, limit: AttemptLimit, *, at: datetime
) -> bool:
    def read(repositories: Repositories) -> bool:
        held = None if number is None else found(repositories, number)
        return limit.allows(held.value.attempts if held else _NO_ATTEMPTS, at=at)

    return _until_saved(storage, read) is True


def _claimed(
    storage: Storage, number: str, limit: AttemptLimit, *, on: date, at: datetime
) -> _Claim | None:
    """Count a try before it is made; ``None`` where none is left, or where it cannot be counted."""

    def count(repositories: Repositories) -> _Claim | None:
        held = found(repositories, number)
        record = held.value if held else _without_lines(number, on)
        if not limit.allows(record.attempts, at=at):
            return None
        attempts = limit.after_failure(record.attempts, at=at)
        _save(repositories, attrs.evolve(record, attempts=attempts), held)
        return _Claim(
            number=number, password_hash=record.password_hash, counted_at=attempts.failed_at[-1]
        )

    return _until_saved(storage, count)


def _opened(
    storage: Storage, claim: _Claim, hasher: PasswordHasher, password: Secret, *, agrees: bool
) -> Order | None:
    """Check the password, and return the order if it opens."""
    right = hasher.verify(password, claim.password_hash) is True
    order = _order_after_check(storage, claim, opens=right and agrees)
    if order is not None:
        _rehash(storage, claim, hasher, password)
    return order


def _order_after_check(storage: Storage, claim: _Claim, *, opens: bool) -> Order | None:
    """Return the order as it is now if it opens, and give the try back; else look it up alike."""
    order: Order | None = None

    def give_back(repositories: Repositories) -> None:
        nonlocal order
        held = found(repositories, claim.number)
        if not opens:
            return
        # Somebody else may have set another password, or deleted the order, while it was checked.
        same = held is not None and held.value.password_hash == claim.password_hash
        order = _order_of(repositories, held.value) if held and same else None
        if held and order is not None:
            attempts = held.value.attempts.without(claim.counted_at)
            _save(repositories, attrs.evolve(held.value, attempts=attempts), held)

    _until_saved(storage, give_back)
    # It is opened also where the try could not be given back: it stays counted then.
    return order


def _rehash(storage: Storage, claim: _Claim, hasher: PasswordHasher, password: Secret) -> None:
    """Store a hash as the hasher makes it today, unless somebody else saves first."""
    old = claim.password_hash
    if old is None or not hasher.needs_rehash(old):
        return
    new = hasher.hash(password)

    def replace(repositories: Repositories) -> None:
        held = found(repositories, claim.number)
        if held and held.value.password_hash == old:
            _save(repositories, attrs.evolve(held.value, password_hash=new), held)

    _until_saved(storage, replace)


# Password resets ------------------------------------------------------------------------------


def request_reset(
    storage: Storage,
    number: str,
    source: Callable[[], str],
    *,
    lasts: timedelta,
    at: datetime,
) -> Secret:
    """Return a token that resets the order's password, once; an unknown order's does nothing."""
    checks.instant("at", at)
    expires_at = at.astimezone(UTC) + lasts
    token = Secret(source())
    if len(token.reveal()) < _LEAST_TOKEN:
        raise InvalidValue(
            "Desk.tokens", "...", "return 22 characters or more, as secrets.token_urlsafe does"
        )
    typed = normalised_number(number)
    if typed is not None:
        reset = PasswordReset(token_hash=_hash_of(token), expires_at=expires_at)

        def keep(repositories: Repositories) -> bool:
            held = found(repositories, typed)
            record = held.value if held else _without_lines(typed, at.date())
            _save(repositories, attrs.evolve(record, reset=reset), held)
            return True

        if _until_saved(storage, keep) is None:
            raise RevisionConflict(_ASK_AGAIN)
    return token


def reset_stored(
    storage: Storage, asked: ResetAsked, hasher: PasswordHasher, *, at: datetime
) -> ResetAnswer:
    """Set a new password where the token is the order's; forget the token and the failed tries."""
    for name in ("token", "password"):
        if type(getattr(asked, name)) is not Secret:
            raise InvalidType(name, "...", "wrap it in Secret(...)")
    checks.instant("at", at)
    typed = normalised_number(asked.number)
    token_hash = _hash_of(asked.token)

    def held_by(repositories: Repositories) -> bool:
        return _reset_of(repositories, typed, token_hash, at=at) is not None

    if _until_saved(storage, held_by) is not True:
        return ResetAnswer.REFUSED
    # Only now, as it takes its time: whoever has no token makes nobody work.
    new = hasher.hash(asked.password)

    def change(repositories: Repositories) -> ResetAnswer:
        # Read again: of two that give one token at once, the second comes too late.
        held = _reset_of(repositories, typed, token_hash, at=at)
        if held is None:
            return ResetAnswer.REFUSED
        changed = attrs.evolve(held.value, password_hash=new, attempts=_NO_ATTEMPTS, reset=None)
        _save(repositories, changed, held)
        return ResetAnswer.CHANGED

    answer = _until_saved(storage, change)
    if answer is None:
        raise RevisionConflict(_ASK_AGAIN)
    return answer


def _reset_of(
    repositories: Repositories, number: str | None, token_hash: PasswordHash, *, at: datetime
) -> Stored[OrderRecord] | None:
    """Return the order whose password this token resets at that instant, if there is one."""
    held = None if number is None else found(repositories, number)
    reset = held.value.reset if held else None
    # Compared in any case: the hash of nothing is no token's.
    same = token_hash == (reset.token_hash if reset else PasswordHash("-" * 64))
    if held is None or reset is None or not same or at >= reset.expires_at:
        return None
    # Without a password an order has no page; without lines it is none.
    return held if held.value.password_hash and held.value.subscription_ids else None


def _hash_of(token: Secret) -> PasswordHash:
    # A token is not chosen by anybody: nothing that is fast to compute finds one of 128 bits.
    return PasswordHash(hashlib.sha256(token.reveal()).hexdigest())


# Records --------------------------------------------------------------------------------------


def found(repositories: Repositories, number: str) -> Stored[OrderRecord] | None:
    """Return what is stored under an order's number; ``None`` where nothing is."""
    try:
        return repositories.orders.get(number)
    except NotFound:
        return None


def _without_lines(number: str, on: date) -> OrderRecord:
    return OrderRecord(number=number, placed_on=on, subscription_ids=())


def _save(
    repositories: Repositories, record: OrderRecord, held: Stored[OrderRecord] | None
) -> None:
    repositories.orders.save(record, revision=held.revision if held else None)


def _until_saved(storage: Storage, act: Callable[[Repositories], T]) -> T | None:
    """Do it in a transaction, again where others save at the same moment; ``None`` if in vain."""
    for _ in range(_MOST_CONFLICTS):
        try:
            with storage.transaction() as repositories:
                done = act(repositories)
        except RevisionConflict:
            continue
        return done
    return None


def _order_of(repositories: Repositories, record: OrderRecord) -> Order | None:
    """Return the order with its lines as they are now; ``None`` where it has none (any more)."""
    held = (_line_of(repositories, each) for each in record.subscription_ids)
    lines = tuple(
        attrs.evolve(each, order_number=record.number)
        for each in held
        if each is not None and each.order_number in (None, record.number)
    )
    if not lines:
        return None
    account = lines[0].account
    return Order(
        number=record.number, placed_on=record.placed_on, subscriptions=lines, account=account
    )


def _line_of(repositories: Repositories, subscription_id: str) -> Subscription | None:
    """Return a line, or ``None`` where it was deleted: an error would tell of its order."""
    try:
        return repositories.subscriptions.get(subscription_id).value
    except NotFound:
        return None
