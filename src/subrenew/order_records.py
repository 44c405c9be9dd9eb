"""
Orders as they are stored: bought, opened with their password, switched.

Rule 1: as in `subrenew.desk`, which these use cases belong to: nothing is decided here.

Rule 2: a retry is told the answer that was kept the first time (`subrenew.answers`).

Rule 3: neither timing nor having to wait reveals whether an order exists (reading 19).

Rule 4: a failed try is counted by what it did not prove, whichever its route: right and wrong
passwords that do not open the page leave the same state behind.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import attrs

from subrenew import answers
from subrenew.answers import Request
from subrenew.errors import NotFound, NumberTaken, OrderChanged, RevisionConflict
from subrenew.model.entities import Actor, AutoRenew, Order, Subscription
from subrenew.model.money import Money
from subrenew.model.secret import Secret
from subrenew.model.terms import Term
from subrenew.passwords import PasswordHasher
from subrenew.policy.attempts import AttemptLimit, Attempts
from subrenew.policy.editions import Policy
from subrenew.renewal import settings
from subrenew.renewal.carts import Cart, CartChange, Changed, CheckOut, Purchase, check_out
from subrenew.renewal.transitions import OrderTransition, Refusal
from subrenew.repositories import OrderRecord, Repositories, Storage, Stored
from subrenew.rules.decisions import Decision
from subrenew.rules.facts import OrderAccessFacts, Password, Proof, Tries
from subrenew.rules.order_access import OrderRoute, normalised_number, order_access

__all__ = ["OpenAsked", "check_out_stored", "open_stored", "switch_stored"]

_NO_ATTEMPTS: Final = Attempts()
_MOST_CONFLICTS: Final = 100


def check_out_stored(
    repositories: Repositories,
    purchase: Purchase,
    *,
    number: str,
    policy: Policy,
    on: date,
    accepted: Money | None,
    actor: Actor | None,
    password_hash: str | None,
    asked: Request | None,
) -> CheckOut | Refusal | tuple[CartChange, ...]:
    """Buy a purchase, its lines as they are stored now, and store the order; or answer a retry."""
    # Read before the key, as the lines are: who finds the key free has not met its own order.
    held = _found(repositories, number) if normalised_number(number) == number else None
    ids = [line.subscription.id for line in purchase.lines]
    stored, first = answers.read_first(repositories, ids, asked, policy)
    if first is not None:
        told: CheckOut | Refusal | tuple[CartChange, ...] = first
        return told
    done = _check_out_now(
        repositories,
        purchase,
        stored,
        number=number,
        policy=policy,
        on=on,
        accepted=accepted,
        actor=actor,
    )
    if isinstance(done, CheckOut):
        _save_check_out(repositories, done, stored, held, password_hash)
        answers.keep(repositories, asked, done, done.events)
    else:
        answers.keep(repositories, asked, done)
    return done


def _check_out_now(
    repositories: Repositories,
    purchase: Purchase,
    stored: list[Stored[Subscription]],
    *,
    number: str,
    policy: Policy,
    on: date,
    accepted: Money | None,
    actor: Actor | None,
) -> CheckOut | Refusal | tuple[CartChange, ...]:
    changed = Cart(lines=purchase.lines).review(
        policy=policy,
        prices=repositories.prices,
        on=on,
        current=tuple(each.value for each in stored),
        actor=actor,
    )
    moved = tuple(each for each in changed if each.what is Changed.SUBSCRIPTION)
    if moved:
        return moved
    return check_out(
        purchase,
        number=number,
        policy=policy,
        prices=repositories.prices,
        on=on,
        accepted=accepted,
        actor=actor,
    )


def _save_check_out(
    repositories: Repositories,
    done: CheckOut,
    stored: list[Stored[Subscription]],
    held: Stored[OrderRecord] | None,
    password_hash: str | None,
) -> None:
    record = OrderRecord(
        number=done.order.number,
        placed_on=done.order.placed_on,
        subscription_ids=tuple(line.id for line in done.subscriptions),
        password_hash=password_hash,
        total=done.quote.total,
    )
    # A record without lines holds failed tries only, and takes no number away.
    if held is not None and held.value.subscription_ids:
        raise NumberTaken(record.number)
    for line, was in zip(done.subscriptions, stored, strict=True):
        repositories.subscriptions.save(line, revision=was.revision)
    repositories.orders.save(record, revision=held.revision if held else None)


@attrs.frozen(kw_only=True)
class OpenAsked:
    """What somebody gives to open an order."""

    #: As it was typed or prefilled.
    number: str
    #: As it was given; ``None`` where it is forgotten.
    password: Secret | None
    #: The number in the confirmation message, where it is known.
    confirmed_number: str | None
    #: Chooses the page's link; without one of its own, those of all regions are given.
    region: str | None


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
    """Decide whether number and password open an order, and count a failed try."""
    typed = normalised_number(asked.number)
    with storage.transaction() as repositories:
        stored = _found(repositories, typed) if typed else None
        order = _order_of(repositories, stored.value) if stored else None
    record = stored.value if stored else None
    hashed = record.password_hash if record else None
    allowed = limit.allows(record.attempts if record else _NO_ATTEMPTS, at=at)
    # Outside of a transaction: a check takes its time on purpose.
    decision = order_access(
        order,
        number=asked.number,
        password=asked.password,
        verify=lambda secret: hasher.verify(secret, hashed),
        # Nobody's subscription chooses it: an order's own would tell that there is one.
        policy=policy.in_force(_nobodys(on), on=on),
        on=on,
        confirmed_number=asked.confirmed_number,
        tries=Tries.LEFT if allowed else Tries.USED_UP,
        region=asked.region,
    )
    if typed and _failed(decision):
        _count_failure(storage, typed, limit, on=on, at=at)
    return decision


def _failed(decision: Decision[OrderRoute]) -> bool:
    """Return whether a password was tried, while tries were left, and proved nothing."""
    match decision.facts:
        case OrderAccessFacts(password=Password.GIVEN, tries=Tries.LEFT, proof=Proof.MISSING):
            return True
        case _:
            return False


def _nobodys(on: date) -> Subscription:
    return Subscription(id="nobody", product="none", term=Term.years(1), starts_on=on)


def _count_failure(
    storage: Storage, number: str, limit: AttemptLimit, *, on: date, at: datetime
) -> None:
    """Count a failed try, also where others fail at the same moment; an error would tell of it."""
    for _ in range(_MOST_CONFLICTS):
        try:
            with storage.transaction() as repositories:
                held = _found(repositories, number)
                none = OrderRecord(number=number, placed_on=on, subscription_ids=())
                record = held.value if held else none
                attempts = limit.after_failure(record.attempts, at=at)
                repositories.orders.save(
                    attrs.evolve(record, attempts=attempts),
                    revision=held.revision if held else None,
                )
        except RevisionConflict:
            continue
        return


def switch_stored(
    repositories: Repositories,
    opened: Order,
    *,
    to: AutoRenew,
    policy: Policy,
    on: date,
    asked: Request | None,
) -> OrderTransition | Refusal:
    """Switch automatic renewal of the lines of an order, as they are stored now."""
    ids = [line.id for line in opened.subscriptions]
    stored, first = answers.read_first(repositories, ids, asked, policy)
    if first is not None:
        told: OrderTransition | Refusal = first
        return told
    if any(each.value.order_number not in (None, opened.number) for each in stored):
        raise OrderChanged(opened.number)
    order = attrs.evolve(opened, subscriptions=tuple(each.value for each in stored))
    done = settings.switch_order(order, to=to, policy=policy, on=on)
    if isinstance(done, Refusal):
        answers.keep(repositories, asked, done)
        return done
    for line, was in zip(done.order.subscriptions, stored, strict=True):
        if line != was.value:
            repositories.subscriptions.save(line, revision=was.revision)
    answers.keep(repositories, asked, done, done.events)
    return done


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


def _found(repositories: Repositories, number: str) -> Stored[OrderRecord] | None:
    try:
        return repositories.orders.get(number)
    except NotFound:
        return None
