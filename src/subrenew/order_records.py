"""
Orders as they are stored: bought and switched.

Rule 1: as in `subrenew.desk`, which these use cases belong to: nothing is decided here.

Rule 2: a retry is told the answer that was kept the first time (`subrenew.answers`).

Opening an order with its password is `subrenew.order_pages`.
"""

from __future__ import annotations

from datetime import date

import attrs

from subrenew import answers
from subrenew.answers import Request
from subrenew.errors import NumberTaken, OrderChanged
from subrenew.model.entities import Actor, AutoRenew, Order, Subscription
from subrenew.model.money import Money
from subrenew.model.secret import PasswordHash
from subrenew.order_pages import found
from subrenew.policy.editions import Policy
from subrenew.renewal import settings
from subrenew.renewal.carts import Cart, CartChange, Changed, CheckOut, Purchase, check_out
from subrenew.renewal.events import Event
from subrenew.renewal.transitions import OrderTransition, Refusal
from subrenew.repositories import Keeping, OrderRecord, Repositories, Stored
from subrenew.rules.order_access import normalised_number

__all__ = ["check_out_stored", "switch_stored"]


def check_out_stored(
    repositories: Repositories,
    purchase: Purchase,
    *,
    number: str,
    policy: Policy,
    on: date,
    accepted: Money | None,
    actor: Actor | None,
    password_hash: PasswordHash | None,
    asked: Request | None,
    keeping: Keeping,
) -> CheckOut | Refusal | tuple[CartChange, ...]:
    """Buy a purchase, its lines as they are stored now, and store the order; or answer a retry."""
    # Read before the key, as the lines are: who finds the key free has not met its own order.
    held = found(repositories, number) if normalised_number(number) == number else None
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
        done = _saved_check_out(repositories, done, stored, held, password_hash, keeping)
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


def _saved_check_out(  # noqa: PLR0917 - what is saved, and over what
    repositories: Repositories,
    done: CheckOut,
    stored: list[Stored[Subscription]],
    held: Stored[OrderRecord] | None,
    password_hash: PasswordHash | None,
    keeping: Keeping,
) -> CheckOut:
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
    events = _saved(repositories, done.events, stored, keeping)
    repositories.orders.save(record, revision=held.revision if held else None)
    return attrs.evolve(done, events=events)


def _saved(
    repositories: Repositories,
    events: tuple[Event, ...],
    stored: list[Stored[Subscription]],
    keeping: Keeping,
) -> tuple[Event, ...]:
    """Save each line as its events leave it, one after the other, and stamp them."""
    revisions = {each.value.id: each.revision for each in stored}
    found = []
    for event in events:
        id = event.subscription_id
        revisions[id] = repositories.subscriptions.save(event.after, revision=revisions[id])
        found.append(keeping.stamped(event, revisions[id]))
    keeping.tell(repositories, tuple(found))
    return tuple(found)


def switch_stored(
    repositories: Repositories,
    opened: Order,
    *,
    to: AutoRenew,
    policy: Policy,
    on: date,
    asked: Request | None,
    keeping: Keeping,
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
    done = attrs.evolve(done, events=_saved(repositories, done.events, stored, keeping))
    answers.keep(repositories, asked, done, done.events)
    return done
