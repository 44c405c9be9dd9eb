"""
How a page is paid: with what, once, and given back where nothing came of it.

Rule 1: the charge comes first, outside of any transaction; then the desk acts, under the page's
key. Where the desk refuses, the money goes back.

Rule 2: a page's key is charged under a number of its own for each attempt. A charge that was paid
is told again, so that a button pressed twice pays once; one that was declined is followed by the
next, so that another card can be tried from the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, TypeVar

import attrs

from examples.webshop.gateway import FakeCards
from examples.webshop.storage import SqlStorage
from subrenew import (
    InvalidValue,
    Mechanism,
    Money,
    PaymentMethod,
    Receipt,
    Refusal,
    SubrenewError,
    Subscription,
)
from subrenew.collecting import Decline, Refund

T = TypeVar("T")

#: What a form names instead of a payment method on file.
NEW_CARD: Final = "new-card"


class CardError(Exception):
    """What was given is no card that can be charged, and nothing on file was chosen either."""


@attrs.frozen(kw_only=True)
class Way:
    """A way to pay, as a page offers it."""

    method: PaymentMethod
    #: Of a card; ``None`` for anything else.
    last_four: str | None

    @property
    def is_invoice(self) -> bool:
        """Whether it is paid later."""
        return self.method.mechanism is Mechanism.INVOICE


@attrs.frozen(kw_only=True)
class Given:
    """What a form says about paying."""

    #: A method's identifier, or `NEW_CARD`.
    pay_with: str
    number: str = attrs.field(repr=False)
    expires: str


@attrs.frozen(kw_only=True)
class Declined:
    """Nothing was paid, so nothing was done."""

    reason: str
    amount: Money
    way: Way
    #: Whether it is charged again without anybody acting, and when.
    is_automatic: bool = False
    next_attempt_on: date | None = None


def given_of(form: dict[str, str]) -> Given:
    """Take what a form says about paying out of it, so that nothing else sees a card's number."""
    return Given(
        pay_with=form.pop("pay_with", ""),
        number=form.pop("card_number", ""),
        expires=form.pop("card_expires", ""),
    )


@attrs.frozen(kw_only=True)
class Till:
    """Takes money for what a page asks."""

    storage: SqlStorage
    cards: FakeCards

    def way(self, method: PaymentMethod) -> Way:
        """Return a payment method as a page shows it."""
        return Way(method=method, last_four=self.cards.last_four(str(method.id)))

    def ways(self, lines: Iterable[Subscription], on: date) -> list[Way]:
        """Return what is on file for these, can be used today, and needs nobody to send money."""
        found: dict[str, PaymentMethod] = {}
        for each in lines:
            method = each.payment_method
            if method is None or method.id is None:
                continue
            if method.mechanism is Mechanism.INVOICE or method.can_be_charged_on(on):
                found[method.id] = method
        return [self.way(each) for each in found.values()]

    def chosen(self, given: Given, ways: list[Way], on: date) -> Way:
        """
        Return what a form has chosen: one of these, or a new card.

        Raises:
            CardError: It is neither.
        """
        for each in ways:
            if given.pay_with == each.method.id:
                return each
        if given.pay_with != NEW_CARD:
            raise CardError
        return self.way(self.new_card(given, on))

    def new_card(self, given: Given, on: date) -> PaymentMethod:
        """
        Keep a card that was typed.

        Raises:
            CardError: It is none, or no longer valid.
        """
        try:
            method = self.cards.add(given.number, expires=given.expires.strip())
        except InvalidValue:
            raise CardError from None
        if not method.can_be_charged_on(on):
            raise CardError
        return method

    def paid(self, key: str) -> Receipt | None:
        """Return what was paid under a page's key already."""
        return self._attempts(key)[1]

    def pay(self, key: str, amount: Money, way: Way, act: Callable[[Receipt], T]) -> T | Declined:
        """
        Charge for a page, then act; give the money back where nothing came of it.

        Args:
            key: The page's, under which the desk acts as well.
            amount: How much.
            way: What is charged.
            act: Does what was paid for.
        """
        attempt, receipt = self._attempts(key)
        if receipt is None:
            answer = self.cards.take(f"{key}/{attempt}", amount, way.method)
            if isinstance(answer, Decline):
                return Declined(reason=answer.reason, amount=amount, way=way)
            receipt = answer
        try:
            done = act(receipt)
        except SubrenewError:
            if not self.has_acted(key):
                self.cards.give_back(receipt)
            raise
        if isinstance(done, Refusal | Refund | tuple):
            self.cards.give_back(receipt)
        return done

    def _attempts(self, key: str) -> tuple[int, Receipt | None]:
        """Return the number of the attempt that was paid, or of the next one."""
        attempt = 1
        while isinstance(answer := self.cards.answer(f"{key}/{attempt}"), Decline):
            attempt += 1
        return attempt, answer

    def has_acted(self, key: str) -> bool:
        """Return whether the desk has answered under a page's key."""
        with self.storage.transaction() as repositories:
            return repositories.events.under(key) is not None
