"""
The cart: renewals that are reviewed and bought together.

Clauses: `manual.cart`, `managed`, reading 18.

Rule 1: a cart is a value. It remembers each line as it was quoted, so that a review can tell what
has changed since.

Rule 2: one purchase has one customer, one currency and one way of paying, as the policy groups
them, and no more lines than the policy says.

Rule 3: a check-out decides again, line by line, and does all of it or none.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Actor, Order, Subscription
from subrenew.model.money import Money
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import GroupKey, RenewalPolicy
from subrenew.policy.prices import PriceBook
from subrenew.renewal.events import Event
from subrenew.renewal.lifecycle import renew
from subrenew.renewal.quotes import Quote, QuoteLine, renewal_quote
from subrenew.renewal.transitions import Refusal
from subrenew.rules.renewability import renewability

__all__ = ["Cart", "CartChange", "Changed", "CheckOut", "Purchase", "check_out"]


class Changed(StrEnum):
    """What may differ between a line as it was quoted and as it is now."""

    PRICE = "price"
    EDITION = "edition"
    ELIGIBILITY = "eligibility"
    SUBSCRIPTION = "subscription"


@attrs.frozen(kw_only=True)
class CartChange:
    """One thing that changed about one line since it was quoted."""

    #: Whose line.
    subscription_id: str
    #: What.
    what: Changed
    #: As it was quoted: an amount, an edition's identifier, a route.
    before: object
    #: As it is now.
    after: object


@attrs.frozen(kw_only=True)
class Purchase:
    """Lines that can be bought at once."""

    #: What they have in common, in the order of `GroupKey`; ``None`` where it is not known.
    key: tuple[str | None, ...]
    #: The lines, one or more.
    lines: tuple[QuoteLine, ...]

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Purchase.lines", self.lines, QuoteLine)
        if not self.lines:
            raise InvalidValue("Purchase.lines", (), "give at least one line")

    @property
    def quote(self) -> Quote:
        """What they cost together."""
        return Quote(self.lines)


@attrs.frozen(kw_only=True)
class CheckOut:
    """A purchase that was made."""

    #: The order, with the renewed subscriptions as its lines.
    order: Order
    #: What happened to each.
    events: tuple[Event, ...]
    #: What was paid.
    quote: Quote

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """The renewed subscriptions."""
        return self.order.subscriptions


@attrs.frozen(kw_only=True)
class Cart:
    """
    Renewals to be bought together; a new one is empty.

    >>> Cart().lines
    ()
    """

    #: Each as it was quoted, in the order in which they were added.
    lines: tuple[QuoteLine, ...] = ()

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Cart.lines", self.lines, QuoteLine)
        ids = [line.subscription.id for line in self.lines]
        for each in ids:
            if ids.count(each) > 1:
                raise InvalidValue("Cart.lines", each, "put each subscription in once")

    def __contains__(self, subscription_id: str) -> bool:
        return any(line.subscription.id == subscription_id for line in self.lines)

    def add(
        self,
        subscription: Subscription,
        *,
        policy: Policy,
        prices: PriceBook,
        on: date,
        actor: Actor | None = None,
    ) -> Cart | Refusal:
        """
        Return the cart with this renewal in it, or why it cannot be renewed by hand now.

        A subscription that is in already is quoted again.

        Raises:
            NotInForce: *policy* has no edition on that day.
        """
        decision = renewability(subscription, policy=policy, on=on, actor=actor)
        if not decision.can_renew_now:
            return Refusal(decision=decision)
        quote = renewal_quote(subscription, prices=prices, policy=policy, on=on, by_hand=True)
        kept = self.remove(subscription.id).lines
        return Cart(lines=(*kept, quote.lines[0]))

    def remove(self, subscription_id: str) -> Cart:
        """Return the cart without this subscription."""
        kept = (line for line in self.lines if line.subscription.id != subscription_id)
        return Cart(lines=tuple(kept))

    def purchases(self, edition: RenewalPolicy) -> tuple[Purchase, ...]:
        """Return the lines as they can be bought: grouped, and no more at once than allowed."""
        groups: dict[tuple[str | None, ...], list[QuoteLine]] = {}
        for line in self.lines:
            groups.setdefault(_group(line, edition), []).append(line)
        made = []
        for key, lines in groups.items():
            size = edition.cart_most_lines or len(lines)
            made += [
                Purchase(key=key, lines=tuple(lines[start : start + size]))
                for start in range(0, len(lines), size)
            ]
        return tuple(made)

    def review(
        self,
        *,
        policy: Policy,
        prices: PriceBook,
        on: date,
        current: tuple[Subscription, ...] = (),
        actor: Actor | None = None,
    ) -> tuple[CartChange, ...]:
        """
        Return what has changed since each line was quoted: price, edition, eligibility, entity.

        Args:
            policy: An edition, or editions from which the day chooses one.
            prices: Supplies the prices of that day.
            on: The day of the review.
            current: The subscriptions as storage holds them now, where they may have changed.
            actor: Who buys.

        Raises:
            NotInForce: *policy* has no edition on that day.
        """
        latest = {each.id: each for each in current}
        return tuple(
            change
            for line in self.lines
            for change in _changes(
                line,
                latest.get(line.subscription.id, line.subscription),
                policy,
                prices,
                on=on,
                actor=actor,
            )
        )


def _group(line: QuoteLine, edition: RenewalPolicy) -> tuple[str | None, ...]:
    subscription = line.subscription
    account, method = subscription.account, subscription.payment_method
    words = {
        GroupKey.CUSTOMER: account.id if account else None,
        GroupKey.CURRENCY: _currency(line),
        GroupKey.PAYMENT: str(method.kind) if method else None,
    }
    return tuple(words[key] for key in GroupKey if key in edition.cart_groups)


def _currency(line: QuoteLine) -> str | None:
    return line.subscription.currency if line.price is None else line.price.currency


def _changes(
    line: QuoteLine,
    now: Subscription,
    policy: Policy,
    prices: PriceBook,
    *,
    on: date,
    actor: Actor | None,
) -> list[CartChange]:
    decision = renewability(now, policy=policy, on=on, actor=actor)
    fresh = renewal_quote(now, prices=prices, policy=policy, on=on, by_hand=True).lines[0]
    before, after = line.discount, fresh.discount
    compared: list[tuple[Changed, object, object]] = [
        (Changed.SUBSCRIPTION, line.subscription, now),
        (Changed.EDITION, before.edition.id, after.edition.id),
        (Changed.PRICE, line.total, fresh.total),
    ]
    if not decision.can_renew_now:
        quoted = line.discount
        then = renewability(line.subscription, policy=quoted.policy, on=quoted.on)
        compared.append((Changed.ELIGIBILITY, str(then.route), str(decision.route)))
    return [
        CartChange(subscription_id=now.id, what=what, before=old, after=new)
        for what, old, new in compared
        if old != new
    ]


def check_out(
    purchase: Purchase,
    *,
    number: str,
    policy: Policy,
    prices: PriceBook,
    on: date,
    accepted: Money | None = None,
    actor: Actor | None = None,
) -> CheckOut | Refusal | tuple[CartChange, ...]:
    """
    Buy a purchase: renew every line and make the order of it, or do nothing.

    Args:
        purchase: One of `Cart.purchases`.
        number: The new order's number.
        policy: An edition, or editions from which the day chooses one.
        prices: Supplies the prices of that day.
        on: The day of the act.
        accepted: The total that the customer agreed to, where it differs from the one quoted.
        actor: Who buys (clause `managed`).

    Returns:
        The order with the renewed subscriptions; or the first line's refusal; or what has changed
        since it was quoted, if that has not been accepted: nothing, where only the total that was
        accepted is another.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: A line has no total, so it cannot be bought; or the lines do not belong
            together, or are too many, under the edition of that day.
    """
    cart = Cart(lines=purchase.lines)
    edition = policy.in_force(purchase.lines[0].subscription, on=on)
    if len(cart.purchases(edition)) > 1:
        raise InvalidValue("purchase", number, "buy what Cart.purchases returns, one at a time")
    changes = cart.review(policy=policy, prices=prices, on=on, actor=actor)
    lines: list[Subscription] = []
    events: list[Event] = []
    quoted: list[QuoteLine] = []
    for line in purchase.lines:
        done = renew(line.subscription, policy=policy, on=on, actor=actor)
        if isinstance(done, Refusal):
            return done
        lines.append(attrs.evolve(done.subscription, order_number=number))
        events += [
            attrs.evolve(each, after=attrs.evolve(each.after, order_number=number))
            for each in done.events
        ]
        fresh = renewal_quote(line.subscription, prices=prices, policy=policy, on=on, by_hand=True)
        quoted += fresh.lines
    quote = Quote(tuple(quoted))
    if not quote.is_complete:
        raise InvalidValue("purchase", number, "every line needs a total before it is bought")
    if (changes and accepted is None) or accepted not in (None, quote.total):
        return changes
    order = Order(
        number=number,
        placed_on=on,
        subscriptions=tuple(lines),
        account=purchase.lines[0].subscription.account,
    )
    return CheckOut(order=order, events=tuple(events), quote=quote)
