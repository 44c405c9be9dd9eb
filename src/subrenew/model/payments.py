"""
How subscriptions are paid: kinds, mechanisms, methods; never a number of a card or an account.

Rule 1: what counts is the mechanism - whether the vendor can charge it, the customer must act, or
an invoice is sent - and not the name (reading 12).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks
from subrenew.model.terms import days_after

__all__ = ["Mechanism", "PaymentKind", "PaymentMethod"]


class Mechanism(StrEnum):
    """How money moves: the vendor can charge, the customer must act, or an invoice is sent."""

    PULL = "pull"
    PUSH = "push"
    INVOICE = "invoice"


class PaymentKind(StrEnum):
    """Kinds of payment that have a mechanism of their own; any other kind is text."""

    CARD = "card"
    PAYPAL = "paypal"
    DIRECT_DEBIT = "direct-debit"
    ALIPAY = "alipay"
    KONBINI = "konbini"
    WIRE_TRANSFER = "wire-transfer"
    ATM_TRANSFER = "atm-transfer"
    INVOICE = "invoice"


_KINDS: Final = MappingProxyType({kind.value: kind for kind in PaymentKind})
_PULLED: Final = frozenset({PaymentKind.CARD, PaymentKind.PAYPAL, PaymentKind.DIRECT_DEBIT})


def _own_mechanism(kind: PaymentKind) -> Mechanism:
    if kind is PaymentKind.INVOICE:
        return Mechanism.INVOICE
    return Mechanism.PULL if kind in _PULLED else Mechanism.PUSH


def _resolved_mechanism(given: Mechanism | None) -> Mechanism:
    # Left out, it is the kind's own, which `__attrs_post_init__` works out.
    return given  # type: ignore[return-value]


_CARD_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@attrs.frozen(kw_only=True)
class PaymentMethod:
    """
    How a subscription is paid; never a number of a card or an account.

    A kind of `PaymentKind` brings its mechanism along (reading 12: a transfer that the customer
    sends is PUSH, a debit mandate is PULL); a kind given as other text needs one.

    Raises:
        InvalidValue: A kind of the caller's own was given without a mechanism.

    >>> PaymentMethod.card(expires="2027-03").valid_through
    datetime.date(2027, 3, 31)
    """

    #: A member of `PaymentKind`, or text of the caller's own.
    kind: PaymentKind | str
    #: Whether the vendor can charge it, the customer must act, or an invoice is sent.
    mechanism: Mechanism = attrs.field(default=None, converter=_resolved_mechanism)
    #: The last day on which it can be charged, included; ``None`` where it does not lapse.
    valid_through: date | None = None
    #: The caller's identifier for it.
    id: str | None = None

    def __attrs_post_init__(self) -> None:
        if type(self.kind) is not PaymentKind:
            checks.text("PaymentMethod.kind", self.kind)
            object.__setattr__(self, "kind", _kind_of(self.kind))
        if self.mechanism is None:
            if type(self.kind) is not PaymentKind:
                raise InvalidValue(
                    "PaymentMethod.mechanism", None, f"say how {self.kind!r} moves money"
                )
            object.__setattr__(self, "mechanism", _own_mechanism(self.kind))
        checks.member("PaymentMethod.mechanism", self.mechanism, Mechanism)
        checks.optional_date("PaymentMethod.valid_through", self.valid_through)
        checks.optional_text("PaymentMethod.id", self.id)

    @classmethod
    def card(cls, *, expires: str, id: str | None = None) -> PaymentMethod:
        """
        Return a card that is good through the last day of the month *expires* (reading 11).

        Args:
            expires: Year and month as ``2027-03``.
            id: The caller's identifier for it.

        Raises:
            InvalidValue: *expires* is not a year and a month.
        """
        if type(expires) is not str:
            raise InvalidType("PaymentMethod.card.expires", expires, 'write it as "2027-03"')
        match = _CARD_MONTH.fullmatch(expires)
        if match is None:
            raise InvalidValue("PaymentMethod.card.expires", expires, 'write it as "2027-03"')
        year, month = int(match[1]), int(match[2])
        if not checks.FIRST_YEAR <= year < checks.LAST_YEAR:
            raise InvalidValue("PaymentMethod.card.expires", expires, "check the year")
        through = days_after(date(year + month // 12, month % 12 + 1, 1), -1)
        return cls(kind=PaymentKind.CARD, valid_through=through, id=id)

    def can_be_charged_on(self, day: date) -> bool:
        """Return whether the vendor itself can take money from it on *day*."""
        return self.mechanism is Mechanism.PULL and (
            self.valid_through is None or day <= self.valid_through
        )


def _kind_of(text: str) -> PaymentKind | str:
    # A code that this version does not know survives as text.
    return _KINDS.get(text, text)
