"""What the pages ask of the desk, the storage and the session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import attrs

from examples.webshop.seed import PEOPLE, Person
from examples.webshop.storage import SqlStorage
from examples.webshop.web import Session
from subrenew import (
    Actor,
    CancelAt,
    Cart,
    CartChange,
    CheckOut,
    Decision,
    NotFound,
    Order,
    OrderRoute,
    Purchase,
    Refusal,
    Route,
    Secret,
    Subscription,
    SwitchRoute,
    Transition,
    cancel,
    renewability,
    renewal_quote,
    renewal_window,
    switching,
    withdraw_cancellation,
)
from subrenew.desk import Desk

_MOST_LINES = 500


class NobodyError(Exception):
    """Nobody has come in yet."""


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

    def options(self, session: Session, id: str) -> dict[str, Any]:
        """Return what is known about renewing one subscription: answer, window, price, acts."""
        person, on, policy = self.person(session), self.clock(), self.desk.policy
        subscription = self.subscription(person, id)
        line = self._line(subscription, person)
        switch = switching(subscription, policy=policy, on=on, actor=person.actor)
        may_switch = switch.route is SwitchRoute.SWITCH and (
            line.decision.route is not Route.ASK_THE_MANAGER
        )
        offered = {action.code for action in line.decision.actions}
        return {
            "line": line,
            "window": renewal_window(subscription, policy=policy, on=on),
            "quote": renewal_quote(subscription, prices=self.storage.prices, policy=policy, on=on),
            "can_withdraw": "withdraw-cancellation" in offered,
            "can_cancel": may_switch and subscription.cancelled_on is None,
            "key": session.form_key(),
        }

    # What a button does, once

    def renew(
        self, session: Session, id: str, *, term_ends_on: date, key: str
    ) -> Transition | Refusal:
        """
        Renew one subscription at once, with what it is paid with.

        The page says which term it showed and has a key of its own. So a second press of the same
        button gives the first answer again, and one on another page that shows the old term is
        refused: the term is not renewed twice.
        """
        person = self.person(session)
        self.subscription(person, id)
        return self.desk.renew(
            id,
            on=self.clock(),
            actor=person.actor,
            term_ends_on=term_ends_on,
            key=key or None,
        )

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
        asked: dict[str, Any] = {
            "policy": self.desk.policy,
            "on": self.clock(),
            "actor": person.actor,
        }
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
        person, on = self.person(session), self.clock()
        lines = session.cart.lines
        if not lines:
            return {"changes": (), "offers": {}}
        changes = session.cart.review(
            policy=self.desk.policy,
            prices=self.storage.prices,
            on=on,
            current=tuple(self.subscription(person, each.subscription.id) for each in lines),
            actor=person.actor,
        )
        return {"changes": changes, "offers": self._offers(session, session.cart, person.actor)}

    def _offers(self, session: Session, cart: Cart, actor: Actor | None) -> dict[str, Purchase]:
        if not cart.lines:
            return {}
        edition = self.desk.policy.in_force(cart.lines[0].subscription, on=self.clock())
        return {session.offer(each, actor): each for each in cart.purchases(edition)}

    def check_out(
        self, session: Session, key: str, password: Secret | None
    ) -> CheckOut | Refusal | tuple[CartChange, ...]:
        """Buy what was offered under this key; once, however often it is asked."""
        offer = session.offers.get(key)
        if offer is None:
            raise NotFound("nothing was offered under this key")
        done = self.desk.check_out(
            offer.purchase,
            number=offer.number,
            on=self.clock(),
            actor=offer.actor,
            password=password,
            key=key,
        )
        if isinstance(done, CheckOut):
            session.bought[key] = done
            if offer.actor is None:
                session.opened = None  # its lines are the new order's
            for line in done.subscriptions:
                session.cart = session.cart.remove(line.id)
        return done

    def bought(self, session: Session, key: str) -> CheckOut:
        """Return what was bought under this key, as the desk answered."""
        if key not in session.bought:
            raise NotFound("nothing was bought under this key")
        return session.bought[key]

    # Orders

    def opened(self, session: Session, decision: Decision[OrderRoute]) -> dict[str, Any]:
        """Return an order that was opened, its lines as they are now, and what may be renewed."""
        order: Any = decision.subscription
        assert isinstance(order, Order)
        with self.storage.transaction() as repositories:
            held = [repositories.subscriptions.get(each.id).value for each in order.subscriptions]
        cart, on, prices = Cart(), self.clock(), self.storage.prices
        for each in held:
            made = cart.add(each, policy=self.desk.policy, prices=prices, on=on)
            cart = cart if isinstance(made, Refusal) else made
        offers = self._offers(session, cart, None)
        return {"order": order, "lines": [self._line(each) for each in held], "offers": offers}
