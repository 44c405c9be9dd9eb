"""
The cart: renewals that are reviewed and bought together.

Clauses: `manual.cart`, `managed`, reading 18.

Rule 1: a cart is a value. It remembers each line as it was quoted, so that a review can tell what
has changed since.

Rule 2: one purchase has one customer, one currency and one way of paying, as the policy groups
them, and no more lines than the policy says.

Rule 3: a check-out decides again, line by line, and does all of it or none.

Rule 4: a line keeps the reductions that it was quoted with, and is quoted again with them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

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
from subrenew.rules.reductions import Reduction
from subrenew.rules.renewability import renewability
from subrenew.rules.schedules import edition_on

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
    #: The same by their identifiers. It is not changed once the cart is made, so carts share it.
    _by_id: dict[str, QuoteLine] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Cart.lines", self.lines, QuoteLine)
        by_id: dict[str, QuoteLine] = {}
        for line in self.lines:
            each = line.subscription.id
            if each in by_id:
                raise InvalidValue("Cart.lines", each, "put each subscription in once")
            by_id[each] = line
        _set(self, "_by_id", by_id)

    def __contains__(self, subscription_id: str) -> bool:
        return subscription_id in self._by_id

    def add(
        self,
        subscription: Subscription,
        *,
        policy: Policy,
        prices: PriceBook,
        on: date,
        actor: Actor | None = None,
        reductions: tuple[Reduction, ...] = (),
    ) -> Cart | Refusal:
        """
        Return the cart with this renewal in it, or why it cannot be renewed manually now.

        A subscription that is already in the cart is quoted again, with the reductions given now,
        and becomes the last line.

        Args:
            subscription: What is renewed.
            policy: An edition, or editions from which the day chooses one.
            prices: Supplies the prices of that day.
            on: The day on which it is quoted.
            actor: Who buys (clause `managed`).
            reductions: Discounts and promotions that it already has; the line keeps them, and a
                review and a check-out quote it again with them (reading 7).

        Raises:
            NotInForce: *policy* has no edition on that day.
            CurrencyMismatch: A reduction's amount is of another currency.
        """
        decision = renewability(subscription, policy=policy, on=on, actor=actor)
        if not decision.can_renew_now:
            return Refusal(decision=decision)
        quote = renewal_quote(
            subscription, prices=prices, policy=policy, on=on, reductions=reductions, by_hand=True
        )
        by_id = self._by_id.copy()
        by_id.pop(subscription.id, None)
        by_id[subscription.id] = quote.lines[0]
        return _cart(by_id)

    def remove(self, subscription_id: str) -> Cart:
        """Return the cart without this subscription; the same cart where it is not in."""
        if subscription_id not in self._by_id:
            return self
        by_id = self._by_id.copy()
        del by_id[subscription_id]
        return _cart(by_id)

    def purchases(self, edition: RenewalPolicy) -> tuple[Purchase, ...]:
        """Return the lines as they can be bought: grouped, and no more at once than allowed."""
        checks.instance("edition", edition, RenewalPolicy)
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

        Each line is quoted again with the reductions that it was quoted with.

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


_set: Final = object.__setattr__


def _cart(by_id: dict[str, QuoteLine]) -> Cart:
    """Return the cart of these lines without checking them: they come from a checked one."""
    made = object.__new__(Cart)
    _set(made, "lines", tuple(by_id.values()))
    _set(made, "_by_id", by_id)
    return made


def _quoted_again(
    line: QuoteLine, now: Subscription, policy: Policy, prices: PriceBook, on: date
) -> QuoteLine:
    quote = renewal_quote(
        now, prices=prices, policy=policy, on=on, reductions=line.reductions, by_hand=True
    )
    return quote.lines[0]


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
    fresh = _quoted_again(line, now, policy, prices, on)
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
    edition = edition_on(purchase.lines[0].subscription, policy, on)
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
        after = attrs.evolve(done.subscription, order_number=number)
        quoted.append(_quoted_again(line, line.subscription, policy, prices, on))
        *settled, renewed = done.events
        paid = quoted[-1].total_without("debt")
        events += (*settled, attrs.evolve(renewed, after=after, amount=paid))
        lines.append(after)
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
