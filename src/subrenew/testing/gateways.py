"""
A payment gateway that takes no money and remembers everything, for tests and demonstrations.

Rule 1: it keeps the promises of `subrenew.collecting.PaymentGateway`: one charge for each key, the
first answer again, and a decline for what was given back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from subrenew.collecting import Decline, Refund
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.money import Money
from subrenew.renewal.dues import Due, Receipt

__all__ = ["FakeGateway"]


def _pays(_: Due) -> None:
    return None


class FakeGateway:
    """
    Charges whatever it is asked to, but for what is declined.

    Safe to call from several threads.

    Args:
        declines: Says why a due is declined; ``None`` for a due that is paid.

    >>> from subrenew.testing.gateways import FakeGateway
    >>> gateway = FakeGateway(lambda due: "card expired" if due.attempt == 1 else None)
    >>> gateway.taken
    ()
    """

    def __init__(self, declines: Callable[[Due], str | None] = _pays) -> None:
        self._declines = declines
        self._answers: dict[str, Receipt | Decline] = {}
        self._refunded: dict[str, Money] = {}
        self._lock = threading.Lock()

    def charge(self, due: Due) -> Receipt | Decline:
        """
        Return a receipt or a decline; under a key that was charged before, the same one again.

        A receipt whose money was given back is a decline from then on.

        Raises:
            InvalidValue: There is nothing to charge.
        """
        with self._lock:
            if due.key in self._refunded:
                return Decline(reason="given back")
            if due.amount is None:
                raise InvalidValue("due", due.key, "charge a due with an amount")
            answer = self._answers.get(due.key)
            if answer is None:
                reason = self._declines(due)
                if reason is None:
                    answer = Receipt(
                        key=due.key, amount=due.amount, reference=checks.bounded(f"paid-{due.key}")
                    )
                else:
                    answer = Decline(reason=reason)
                self._answers[due.key] = answer
            return answer

    def refund(self, refund: Refund) -> None:
        """
        Give back what was taken, once.

        Raises:
            InvalidValue: Nothing was taken under the receipt's key.
        """
        with self._lock:
            key = refund.receipt.key
            if not isinstance(self._answers.get(key), Receipt):
                raise InvalidValue("refund", key, "give back what was charged")
            self._refunded[key] = refund.amount

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """What was paid and not given back, in the order of the charges."""
        with self._lock:
            return tuple(
                each
                for key, each in self._answers.items()
                if isinstance(each, Receipt) and key not in self._refunded
            )

    @property
    def taken(self) -> tuple[Money, ...]:
        """What was paid and not given back: one sum for each currency, by code."""
        sums: dict[str, Money] = {}
        for each in self.receipts:
            amount = each.amount
            so_far = sums.get(amount.currency)
            sums[amount.currency] = amount if so_far is None else so_far + amount
        return tuple(sums[code] for code in sorted(sums))
