"""
A payment service that takes no money: it knows a few made-up cards, and remembers what it answered.

Rule 1: it keeps the promise of `subrenew.collecting.PaymentGateway`: one charge for each key, and
the first answer again, also after a restart. Its answers are rows of a table, written in
transactions of its own, as a service elsewhere would write them.

Rule 2: a card's number comes in and an identifier goes out; kept are the last four digits.

Rule 3: a charge that was given back is over: under its key nothing is paid any more, so that nobody
renews with money that went back. Whoever pays after all pays under another key.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Engine, bindparam, insert, select, update

from examples.webshop.database import Session, conflicts
from examples.webshop.tables import CARDS, CHARGES
from subrenew import (
    Due,
    InvalidValue,
    Money,
    PaymentMethod,
    Receipt,
    RevisionConflict,
)
from subrenew.collecting import Decline

#: The cards that there are, each with the reason for which it is declined.
MADE_UP: Final = MappingProxyType(
    {
        "4242424242424242": None,
        "4000000000000002": "refused",
        "4000000000009995": "insufficient-funds",
    }
)
#: Why a charge is declined; a page has words for each.
REASONS: Final = ("refused", "insufficient-funds", "no-card", "given-back")

_CARD: Final = select(CARDS.c.last_four, CARDS.c.declines).where(CARDS.c.id == bindparam("wanted"))
_CHARGE: Final = select(CHARGES).where(CHARGES.c.key == bindparam("wanted"))
_GIVE_BACK: Final = (
    update(CHARGES).where(CHARGES.c.key == bindparam("wanted")).values(given_back=True)
)


class FakeCards:
    """
    Charges made-up cards; implements `PaymentGateway`.

    Args:
        engine: The database in which it remembers, with the tables of `examples.webshop.tables`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Cards

    def add(self, number: str, *, expires: str, id: str | None = None) -> PaymentMethod:
        """
        Keep a card, and return what the shop may know of it.

        Args:
            number: One of `MADE_UP`, with or without spaces.
            expires: Year and month as ``2027-03``.
            id: Its identifier; a new one is made by default.

        Raises:
            InvalidValue: It is no card that there is. The number is not shown.
        """
        digits = number.replace(" ", "").replace("-", "")
        if digits not in MADE_UP:
            raise InvalidValue("card", "...", "give one of the made-up numbers")
        method = PaymentMethod.card(expires=expires, id=id or f"C-{secrets.token_hex(8)}")
        row = {"id": method.id, "last_four": digits[-4:], "declines": MADE_UP[digits]}
        with self._session() as session:
            session.write(insert(CARDS), row)
        return method

    def last_four(self, method_id: str) -> str | None:
        """Return the last digits of a card; ``None`` for one that was not added here."""
        with self._session() as session:
            row = session.read(_CARD, {"wanted": method_id}).one_or_none()
        return None if row is None else str(row.last_four)

    # Charges

    def charge(self, due: Due) -> Receipt | Decline:
        """Charge a due to the payment method that counts for it, once under its key."""
        if due.amount is None:
            raise InvalidValue("due", due.key, "charge a due with an amount")
        held = due.subscription
        # From the renewal date on, what was on file the day before is charged (reading 29).
        method = (held.at_renewal or held).payment_method
        return self.take(due.key, due.amount, method)

    def take(self, key: str, amount: Money, method: PaymentMethod | None) -> Receipt | Decline:
        """
        Charge an amount, once under this key; asked again, return the first answer.

        Raises:
            InvalidValue: The key was charged with another amount.
            RevisionConflict: It is not known whether the money was taken; ask again.
        """
        row = self._row(key)
        if row is None:
            try:
                self._write(key, amount, method)
            except RevisionConflict:
                # The same charge was asked for at the same moment: that one's answer counts.
                if self._row(key) is None:
                    raise
            row = self._row(key)
        if Money(*row.amount) != amount:
            raise InvalidValue("amount", amount, f"{key} was charged with {Money(*row.amount)}")
        return _answer(row)

    def answer(self, key: str) -> Receipt | Decline | None:
        """Return what was answered under a key; ``None`` where nothing was asked."""
        row = self._row(key)
        return None if row is None else _answer(row)

    def give_back(self, receipt: Receipt) -> None:
        """Give a charge back; once, however often it is asked."""
        with self._session() as session:
            session.write(_GIVE_BACK, {"wanted": receipt.reference})

    def _write(self, key: str, amount: Money, method: PaymentMethod | None) -> None:
        method_id = None if method is None else method.id
        with self._session() as session:
            card = session.read(_CARD, {"wanted": method_id}).one_or_none()
            row = {
                "key": key,
                "method_id": method_id,
                "amount": [str(amount.amount), amount.currency],
                "declined": "no-card" if card is None else card.declines,
                "given_back": False,
            }
            session.write(insert(CHARGES), row)

    def _row(self, key: str) -> Any:  # noqa: ANN401 - a row of whatever was selected
        with self._session() as session:
            return session.read(_CHARGE, {"wanted": key}).one_or_none()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with conflicts(), self._engine.begin() as connection:
            yield Session(connection)


def _answer(row: Any) -> Receipt | Decline:  # noqa: ANN401 - as above
    if row.given_back:
        return Decline(reason="given-back")
    if row.declined is not None:
        return Decline(reason=row.declined)
    return Receipt(key=row.key, amount=Money(*row.amount), reference=row.key)
