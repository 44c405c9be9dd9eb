"""What the pages ask of the desk, the storage, the till and the session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, Final, TypeVar

import attrs

from examples.webshop.seed import PEOPLE, Person
from examples.webshop.storage import SqlStorage
from examples.webshop.till import Declined, Given, Till, Way
from examples.webshop.web import Bought, Session, money_field
from subrenew import (
    Actor,
    AutoRenew,
    CancelAt,
    Cart,
    CartChange,
    CheckOut,
    Decision,
    Due,
    InvalidValue,
    Money,
    NotFound,
    Order,
    OrderRoute,
    OrderTransition,
    Purchase,
    Quote,
    Receipt,
    Refusal,
    Route,
    Secret,
    Subscription,
    Transition,
    cancel,
    invoice_due,
    renew,
    renewability,
    renewal_due,
    renewal_quote,
    renewal_window,
    replace_payment_method,
    switch_auto_renew,
    switch_order,
    withdraw_cancellation,
)
from subrenew.collecting import Decline, DueReport, Refund
from subrenew.desk import Desk

T = TypeVar("T")

_LOG: Final = logging.getLogger("webshop")
_MOST_LINES = 500


class NobodyError(Exception):
    """Nobody has come in yet."""


class PriceChangedError(Exception):
    """The price is no longer the one that the page showed, so nothing was charged."""


@attrs.frozen(kw_only=True)
class Line:
    """A subscription with what may be done about it."""

    subscription: Subscription
    decision: Decision[Route]


@attrs.frozen(kw_only=True)
class Shop:
    """The application without its pages."""

    desk: Desk
    storage: SqlStorage
    till: Till
    #: What day it is; asked nowhere else.
    clock: Callable[[], date]

    # People and what is theirs

    def enter(self, session: Session, person: str) -> None:
        """Be somebody else from now on, with an empty cart."""
        if person not in PEOPLE:
            raise NotFound(f"there is nobody called {person!r}")
        session.person, session.cart = person, Cart()
        session.offers, session.bought = {}, {}

    def person(self, session: Session) -> Person:
        """Return who is asking."""
        if session.person is None:
            raise NobodyError
        return PEOPLE[session.person]

    def lines(self, person: Person) -> list[Line]:
        """Return the account's subscriptions, the next to end first."""
        with self.storage.transaction() as repositories:
            found = repositories.subscriptions.of_account(person.account.id, limit=_MOST_LINES)
        held = sorted((each.value for each in found.items), key=lambda each: each.expires_on)
        return [self._line(each, person) for each in held]

    def subscription(self, person: Person, id: str) -> Subscription:
        """Return one subscription, if it is the person's account's."""
        with self.storage.transaction() as repositories:
            found = repositories.subscriptions.get(id).value
        if found.account != person.account:
            raise NotFound(f"{id!r} is somebody else's")
        return found

    def _line(self, subscription: Subscription, person: Person | None = None) -> Line:
        decision = renewability(
            subscription,
            policy=self.desk.policy,
            on=self.clock(),
            actor=person.actor if person else None,
        )
        return Line(subscription=subscription, decision=decision)

    def _asked(self, person: Person) -> dict[str, Any]:
        return {"policy": self.desk.policy, "on": self.clock(), "actor": person.actor}

    def options(self, session: Session, id: str) -> dict[str, Any]:
        """Return what is known about renewing one subscription: answer, window, price, acts."""
        person = self.person(session)
        held = self.subscription(person, id)
        line, asked = self._line(held, person), self._asked(person)
        # What is offered is what would be done: no button leads to a refusal.
        to = _other(held.auto_renew)
        return {
            "line": line,
            "window": renewal_window(held, policy=self.desk.policy, on=self.clock()),
            "quote": self._quote(held),
            "switch_to": to if _happens(switch_auto_renew(held, to=to, **asked)) else None,
            "can_withdraw": _happens(withdraw_cancellation(held, **asked)),
            "can_cancel": _happens(cancel(held, at=CancelAt.END_OF_TERM, **asked)),
            "ways": self.till.ways([held], self.clock()),
            "on_file": held.payment_method and self.till.way(held.payment_method),
            "unpaid": self._unpaid(line.decision),
            "offered": {action.code for action in line.decision.actions},
            "key": session.form_key(),
        }

    def _quote(self, held: Subscription) -> Quote:
        return renewal_quote(
            held, prices=self.storage.prices, policy=self.desk.policy, on=self.clock()
        )

    def _renewal_due(self, held: Subscription) -> Due | None:
        due = renewal_due(
            held, policy=self.desk.policy, prices=self.storage.prices, on=self.clock()
        )
        return due if isinstance(due, Due) else None

    def _unpaid(self, decision: Decision[Route]) -> dict[str, Any] | None:
        """Return what says that a payment is outstanding, and of how much."""
        for found in decision.findings:
            if found.code == "unpaid":
                held = decision.subscription
                failed = held.history.failed_on is not None
                due = self._renewal_due(held) if failed else invoice_due(held)
                return {"finding": found, "is_charge": failed, "amount": due and due.amount}
        return None

    # What a button does, once

    def renew(
        self, session: Session, id: str, *, term_ends_on: date, key: str, shown: str, given: Given
    ) -> Transition | Refusal | Declined:
        """
        Renew one subscription at once, and have it paid.

        The page says which term and which price it showed, and has a key of its own. So a second
        press of the same button pays nothing more and gives the first answer again, and one on
        another page that shows the old term is refused: the term is not renewed twice.

        Raises:
            PriceChangedError: The price is no longer the one that the page showed.
            CardError: Neither something on file nor a card was given.
        """
        person = self.person(session)
        held = self.subscription(person, id)
        asked = {**self._asked(person), "term_ends_on": term_ends_on}
        page, total = f"renew/{id}/{term_ends_on}/{key}", self._quote(held).total

        def check() -> Refusal | None:
            done = renew(held, **asked)
            if isinstance(done, Refusal):
                return done
            if total is not None and money_field(total) != shown:
                raise PriceChangedError
            return None

        def at_its_price(each: Subscription) -> Transition | Refusal:
            [line] = self._quote(each).lines
            return renew(each, **asked, amount=line.total_without("debt"))

        def act() -> Transition | Refusal:
            request = f"renew by {person.actor.id}"
            return self.desk.change(id, at_its_price, key=page, request=request)

        return self._paid_for(
            session, page, total=total, lines=(held,), given=given, check=check, act=act
        )

    def _paid_for(
        self,
        session: Session,
        page: str,
        *,
        total: Money | None,
        lines: Iterable[Subscription],
        given: Given,
        check: Callable[[], T | None],
        act: Callable[[], T],
    ) -> T | Declined:
        """Do what a page asks, once, and have it paid first; nothing is charged to be refused."""
        with session.paying:
            if self.till.has_acted(page):
                return act()  # the first answer again
            is_paid = self.till.paid(page) is not None
            if not is_paid and (refused := check()) is not None:
                return refused
            if total is None:
                raise InvalidValue("total", total, "every line needs a total before it is bought")
            way = self.till.chosen(given, self.till.ways(lines, self.clock()), self.clock())
            if way.is_invoice and not is_paid:
                return act()
            return self.till.pay(page, total, way, lambda _: act())

    def update_card(self, session: Session, id: str, given: Given) -> str | Refusal | Declined:
        """
        Put a new card on file, and charge it for what could not be charged.

        Return the name of the text that says what was done.

        Raises:
            CardError: It is none that can be charged.
        """
        person, on = self.person(session), self.clock()
        asked = self._asked(person)
        with session.paying:
            held = self.subscription(person, id)
            method = self.till.new_card(given, on)
            done = self.desk.change(
                id, lambda each: replace_payment_method(each, by=method, **asked)
            )
            if isinstance(done, Refusal):
                return done
            self.desk.replace_payment_method(method, on=on, actor=person.actor)
            due = self._renewal_due(done.subscription) if held.history.failed_charges else None
            if due is None or not due.is_open(on):
                return "card-changed"
            assert due.amount is not None
            return self._charge(due, due.amount, self.till.way(method))

    def _charge(self, due: Due, amount: Money, way: Way) -> str | Refusal | Declined:
        outcome = self.till.cards.charge(due)
        done = self.desk.record(due, outcome, on=self.clock())
        if isinstance(done, Refund):
            self.till.cards.give_back(done.receipt)
            return done.refusal
        if isinstance(outcome, Decline):
            return Declined(
                reason=outcome.reason,
                amount=amount,
                way=way,
                is_automatic=True,
                next_attempt_on=due.next_attempt_on,
            )
        return "paid-and-renewed"

    def settle(
        self, session: Session, id: str, *, key: str, given: Given
    ) -> str | Refusal | Declined:
        """
        Pay an invoice by card.

        Return the name of the text that says what was done.

        Raises:
            CardError: Neither something on file nor a card was given.
        """
        person, on = self.person(session), self.clock()
        with session.paying:
            held = self.subscription(person, id)
            due, decision = invoice_due(held), self._line(held, person).decision
            page = f"settle/{id}/{held.starts_on}/{key}"
            if due is None and self.till.paid(page) is not None:
                return "settled"  # pressed again
            may_settle = "settle" in {each.code for each in decision.actions}
            if due is None or due.amount is None or not may_settle:
                return Refusal(decision=decision)
            ways = [each for each in self.till.ways([held], on) if not each.is_invoice]
            way = self.till.chosen(given, ways, on)

            def act(paid: Receipt) -> Transition | Refusal | Refund:
                receipt = Receipt(key=due.key, amount=paid.amount, reference=paid.reference)
                return self.desk.record(due, receipt, on=on)

            done = self.till.pay(page, due.amount, way, act)
        if isinstance(done, Refund):
            return done.refusal
        return done if isinstance(done, Refusal | Declined) else "settled"

    def night(self) -> DueReport:
        """Renew what renews itself, and charge for it; give back what came to nothing."""
        report = self.desk.renew_due(self.clock(), collect=self.till.cards)
        for each in report.refunds:
            self.till.cards.give_back(each.receipt)
        for failure in report.failures:
            _LOG.error("%s failed", failure.subscription_id, exc_info=failure.exception)
        return report

    def cancel(self, session: Session, id: str) -> Transition | Refusal:
        """Cancel one subscription as of its end."""
        return self._change(session, id, partial(cancel, at=CancelAt.END_OF_TERM))

    def withdraw(self, session: Session, id: str) -> Transition | Refusal:
        """Withdraw a cancellation that is on its way."""
        return self._change(session, id, withdraw_cancellation)

    def _change(
        self, session: Session, id: str, act: Callable[..., Transition | Refusal]
    ) -> Transition | Refusal:
        person = self.person(session)
        self.subscription(person, id)
        asked = self._asked(person)
        return self.desk.change(id, lambda each: act(each, **asked))

    # The cart

    def add(self, session: Session, id: str) -> Refusal | None:
        """Put a renewal into the cart, or return why it cannot be."""
        person = self.person(session)
        made = session.cart.add(
            self.subscription(person, id),
            policy=self.desk.policy,
            prices=self.storage.prices,
            on=self.clock(),
            actor=person.actor,
        )
        if isinstance(made, Refusal):
            return made
        session.cart = made
        return None

    def refresh(self, session: Session) -> None:
        """Quote every line anew; what can no longer be renewed leaves the cart."""
        for line in session.cart.lines:
            if self.add(session, line.subscription.id):
                session.cart = session.cart.remove(line.subscription.id)

    def review(self, session: Session) -> dict[str, Any]:
        """Return the cart as purchases, each with its key, and what has changed since."""
        person, lines = self.person(session), session.cart.lines
        if not lines:
            return {"changes": (), "offers": {}}
        current = tuple(self.subscription(person, each.subscription.id) for each in lines)
        changes = self._changes(session.cart, current, person.actor)
        return {"changes": changes, "offers": self._offers(session, session.cart, person.actor)}

    def _changes(
        self, cart: Cart, current: tuple[Subscription, ...], actor: Actor | None
    ) -> tuple[CartChange, ...]:
        return cart.review(
            policy=self.desk.policy,
            prices=self.storage.prices,
            on=self.clock(),
            current=current,
            actor=actor,
        )

    def _offers(
        self, session: Session, cart: Cart, actor: Actor | None
    ) -> dict[str, tuple[Purchase, list[Way]]]:
        """Return each purchase under a new key, with the ways to pay that are on file."""
        if not cart.lines:
            return {}
        on = self.clock()
        edition = self.desk.policy.in_force(cart.lines[0].subscription, on=on)
        return {
            session.offer(each, actor): (each, self.till.ways(_held(each), on))
            for each in cart.purchases(edition)
        }

    def check_out(
        self, session: Session, key: str, password: Secret | None, given: Given
    ) -> CheckOut | Refusal | Declined | tuple[CartChange, ...]:
        """
        Buy what was offered under this key, and have it paid; once, however often it is asked.

        Raises:
            NotFound: Nothing was offered under the key.
            CardError: Neither something on file nor a card was given.
        """
        offer = session.offers.get(key)
        if offer is None:
            raise NotFound("nothing was offered under this key")
        page, held = f"cart/{key}", _held(offer.purchase)

        def check() -> tuple[CartChange, ...] | None:
            cart = Cart(lines=offer.purchase.lines)
            return self._changes(cart, self._stored(held), offer.actor) or None

        def act() -> CheckOut | Refusal | tuple[CartChange, ...]:
            return self.desk.check_out(
                offer.purchase,
                number=offer.number,
                on=self.clock(),
                actor=offer.actor,
                password=password,
                key=page,
            )

        total = offer.purchase.quote.total
        done = self._paid_for(
            session, page, total=total, lines=held, given=given, check=check, act=act
        )
        if isinstance(done, CheckOut):
            self._remember(session, key, done)
        return done

    def is_for_order(self, session: Session, key: str) -> bool:
        """Return whether a purchase was offered on the page of an order, opened by its password."""
        offer = session.offers.get(key)
        return offer is not None and offer.actor is None

    def _remember(self, session: Session, key: str, done: CheckOut) -> None:
        """Remember what was bought for the page that says so; it has left the cart."""
        is_paid = self.till.paid(f"cart/{key}") is not None
        session.bought[key] = Bought(done=done, is_paid=is_paid)
        if session.offers[key].actor is None:
            session.opened = None  # its lines are the new order's
        for line in done.subscriptions:
            session.cart = session.cart.remove(line.id)

    def _stored(self, lines: Iterable[Subscription]) -> tuple[Subscription, ...]:
        with self.storage.transaction() as repositories:
            return tuple(repositories.subscriptions.get(each.id).value for each in lines)

    def bought(self, session: Session, key: str) -> Bought:
        """Return what was bought under this key, as the desk answered."""
        if key not in session.bought:
            raise NotFound("nothing was bought under this key")
        return session.bought[key]

    # Orders

    def opened(self, session: Session, decision: Decision[OrderRoute]) -> dict[str, Any]:
        """Return an order that was opened, its lines as they are now, and what may be renewed."""
        order: Any = decision.subscription
        assert isinstance(order, Order)
        held = self._stored(order.subscriptions)
        cart, on, prices = Cart(), self.clock(), self.storage.prices
        for each in held:
            made = cart.add(each, policy=self.desk.policy, prices=prices, on=on)
            cart = cart if isinstance(made, Refusal) else made
        return {
            "order": order,
            "lines": [self._line(each) for each in held],
            "offers": self._offers(session, cart, None),
            "switch_to": self._order_switch(order, held),
        }

    def _order_switch(self, order: Order, held: tuple[Subscription, ...]) -> AutoRenew | None:
        """Return how an order's switch can be set; ``None`` where it would be refused."""
        if any(each.order_number not in (None, order.number) for each in held):
            return None  # lines were renewed with another order since
        any_on = any(each.auto_renew is AutoRenew.ON for each in held)
        to = AutoRenew.OFF if any_on else AutoRenew.ON
        now = attrs.evolve(order, subscriptions=held)
        return to if _happens(self._switched(now, to)) else None

    def _switched(self, order: Order, to: AutoRenew) -> OrderTransition | Refusal:
        return switch_order(order, to=to, policy=self.desk.policy, on=self.clock())


def _held(purchase: Purchase) -> tuple[Subscription, ...]:
    return tuple(each.subscription for each in purchase.lines)


def _other(switch: AutoRenew) -> AutoRenew:
    return AutoRenew.OFF if switch is AutoRenew.ON else AutoRenew.ON


def _happens(done: Transition | OrderTransition | Refusal) -> bool:
    """Return whether something would be done."""
    return not isinstance(done, Refusal) and bool(done.events)
