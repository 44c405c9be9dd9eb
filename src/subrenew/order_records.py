"""
Orders as they are stored: bought and switched.

Rule 1: as in `subrenew.desk`, which these use cases belong to: nothing is decided here.

Rule 2: a retry is answered from the events that the first attempt stored.

Opening an order with its password is `subrenew.order_pages`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import attrs

from subrenew.errors import RevisionConflict
from subrenew.model.entities import Actor, AutoRenew, Order, Subscription
from subrenew.model.money import Money
from subrenew.model.secret import PasswordHash
from subrenew.order_pages import found
from subrenew.policy.editions import Policy
from subrenew.renewal import settings
from subrenew.renewal.carts import Cart, CartChange, Changed, CheckOut, Purchase, check_out
from subrenew.renewal.events import Event
from subrenew.renewal.quotes import Quote, renewal_quote
from subrenew.renewal.transitions import OrderTransition, Refusal
from subrenew.repositories import OrderRecord, Repositories, Stored

__all__ = ["answered", "check_out_stored", "switch_stored"]


def answered(
    repositories: Repositories, key: str | None, ids: Collection[str]
) -> tuple[Event, ...] | None:
    """
    Return what was done under this key to these subscriptions; ``None`` where nothing was.

    Raises:
        RevisionConflict: The key stands for something that was done to another.
    """
    events = None if key is None else repositories.events.under(key)
    for event in events or ():
        if event.before is not None and event.subscription_id not in ids:
            raise RevisionConflict(f"the key {key!r} is taken by another request: use a new one")
    return events


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
    key: str | None,
) -> CheckOut | Refusal | tuple[CartChange, ...]:
    """Buy a purchase, its lines as they are stored now, and store the order; or answer a retry."""
    ids = [line.subscription.id for line in purchase.lines]
    before = answered(repositories, key, ids)
    if before is not None:
        if {event.subscription_id for event in before} != set(ids):
            raise RevisionConflict(f"the key {key!r} is taken by another request: use a new one")
        return _first_answer(before, purchase, repositories, policy)
    stored = [repositories.subscriptions.get(each) for each in ids]
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
    done = check_out(
        purchase,
        number=number,
        policy=policy,
        prices=repositories.prices,
        on=on,
        accepted=accepted,
        actor=actor,
    )
    if isinstance(done, CheckOut):
        _save_check_out(repositories, done, stored, password_hash, key)
    return done


def _first_answer(
    events: tuple[Event, ...], purchase: Purchase, repositories: Repositories, policy: Policy
) -> CheckOut:
    """Return what the first attempt was answered, from the events that it stored."""
    first = events[0].after
    order = Order(
        number=str(first.order_number),
        placed_on=events[0].on,
        subscriptions=tuple(event.after for event in events),
        account=first.account,
    )
    # Events do not hold the reductions; the purchase does, and the key says it is the same one.
    had = {line.subscription.id: line.discount.asked.reductions for line in purchase.lines}
    quotes = (
        renewal_quote(
            event.before,
            prices=repositories.prices,
            policy=policy,
            on=event.on,
            reductions=had[event.subscription_id],
            by_hand=True,
        )
        for event in events
        if event.before is not None
    )
    quote = Quote(tuple(line for each in quotes for line in each.lines))
    return CheckOut(order=order, events=events, quote=quote)


def _save_check_out(
    repositories: Repositories,
    done: CheckOut,
    stored: list[Stored[Subscription]],
    password_hash: PasswordHash | None,
    key: str | None,
) -> None:
    for line, was in zip(done.subscriptions, stored, strict=True):
        repositories.subscriptions.save(line, revision=was.revision)
    record = OrderRecord(
        number=done.order.number,
        placed_on=done.order.placed_on,
        subscription_ids=tuple(line.id for line in done.subscriptions),
        password_hash=password_hash,
    )
    held = found(repositories, record.number)
    # A record without lines holds failed tries only, and takes no number away.
    free = held is not None and not held.value.subscription_ids
    repositories.orders.save(record, revision=held.revision if held and free else None)
    repositories.events.append(done.events, key=key)


def switch_stored(
    repositories: Repositories,
    opened: Order,
    *,
    to: AutoRenew,
    policy: Policy,
    on: date,
    key: str | None,
) -> OrderTransition | Refusal:
    """Switch automatic renewal of the lines of an order, as they are stored now."""
    stored = [repositories.subscriptions.get(line.id) for line in opened.subscriptions]
    if any(each.value.order_number not in (None, opened.number) for each in stored):
        raise RevisionConflict(f"lines of {opened.number} were renewed with another order since")
    order = attrs.evolve(opened, subscriptions=tuple(each.value for each in stored))
    before = answered(repositories, key, [line.id for line in order.subscriptions])
    if before is not None:
        after = {event.subscription_id: event.after for event in before}
        lines = tuple(after.get(line.id, line) for line in order.subscriptions)
        return OrderTransition(order=attrs.evolve(order, subscriptions=lines), events=before)
    done = settings.switch_order(order, to=to, policy=policy, on=on)
    if isinstance(done, Refusal):
        return done
    for line, was in zip(done.order.subscriptions, stored, strict=True):
        if line != was.value:
            repositories.subscriptions.save(line, revision=was.revision)
    if done.events or key is not None:
        repositories.events.append(done.events, key=key)
    return done
