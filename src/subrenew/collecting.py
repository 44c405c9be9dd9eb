"""
Collecting: what is due is charged, and what became of it is recorded.

Rule 1: a charge takes place outside of any transaction, under the due's key. A run that was killed
between a charge and its record charges under the same key again, is given the same receipt, and
records it then: nothing is charged twice, and nothing is renewed twice.

Rule 2: money that can no longer be recorded, because the renewal was stopped in the meantime, is
a `Refund`, and never kept in silence.

Rule 3: a gateway that raises has not answered: nothing is recorded, it is reported, and the others
go on. The next run asks again.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

import attrs

from subrenew.model import checks
from subrenew.model.money import Money
from subrenew.renewal.dues import Due, Receipt
from subrenew.renewal.transitions import Refusal, Transition

__all__ = ["Decline", "DeclinedDue", "DueReport", "Failure", "PaymentGateway", "Refund", "Run"]


@attrs.frozen(kw_only=True)
class Decline:
    """That a due was not paid, as whoever should have taken the money says."""

    #: Why, in the gateway's words.
    reason: str

    def __attrs_post_init__(self) -> None:
        checks.text("Decline.reason", self.reason)


class PaymentGateway(Protocol):
    """Whoever takes the money."""

    def charge(self, due: Due) -> Receipt | Decline:
        """
        Charge the due's amount to `Due.payment_method`, once for each key.

        Return a receipt of that amount under `Due.key` where the money was taken, and a decline
        where it was not and will not be. Under a key that was charged before, return the first
        answer again and take nothing, also where another amount is due by now, because the term or
        the price was changed: the first one is then given back. Most gateways call such a key an
        idempotency key. A charge that was given back since is a decline under its key: its receipt
        stands for no money any more, and the next attempt has a key of its own.

        Raise any exception where it is not known whether the money was taken, such as a timeout.
        It is reported, and the next run charges under the same key.
        """


@attrs.frozen(kw_only=True)
class Refund:
    """Money that was taken and has to be given back: what it was for could not be recorded."""

    #: What was charged.
    due: Due
    #: That it was paid.
    receipt: Receipt
    #: Why it is not recorded.
    refusal: Refusal

    @property
    def amount(self) -> Money:
        """How much."""
        return self.receipt.amount


@attrs.frozen(kw_only=True)
class DeclinedDue:
    """A due that could not be charged."""

    #: What was charged in vain.
    due: Due
    #: Why, in the gateway's words.
    reason: str

    @property
    def next_attempt_on(self) -> date | None:
        """The day on which it is charged again; ``None`` where it is not."""
        return self.due.next_attempt_on


@attrs.frozen(kw_only=True)
class Failure:
    """A subscription that the nightly run could not finish."""

    #: Which.
    subscription_id: str
    #: The error's class.
    error: str
    #: What it said.
    message: str
    #: The error itself, with its traceback, for the application to log.
    exception: Exception = attrs.field(eq=False, repr=False)


@attrs.frozen(kw_only=True)
class DueReport:
    """What a nightly run did; the sums of its pages."""

    #: The day of the run.
    on: date
    #: Identifiers of those that it renewed.
    renewed: tuple[str, ...] = ()
    #: Identifiers of those that do not renew themselves, with the route or the finding that says
    #: why.
    left: tuple[tuple[str, str], ...] = ()
    #: Receipts of what was charged.
    receipts: tuple[Receipt, ...] = ()
    #: What could not be charged.
    declined: tuple[DeclinedDue, ...] = ()
    #: What was charged and has to be given back.
    refunds: tuple[Refund, ...] = ()
    #: What could not be finished; running again tries it again.
    failures: tuple[Failure, ...] = ()


class Run:
    """What a nightly run has done so far; `report` says it."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._renewed: list[str] = []
        self._left: list[tuple[str, str]] = []
        self._receipts: list[Receipt] = []
        self._declined: list[DeclinedDue] = []
        self._refunds: list[Refund] = []
        self._failures: list[Failure] = []

    def left_alone(self, subscription_id: str, why: str) -> None:
        """Count one that does not renew itself."""
        self._left.append((subscription_id, why))

    def renewed_or_left(self, done: Transition | Refusal, subscription_id: str) -> None:
        """Count one that was renewed, or refused in the meantime."""
        if isinstance(done, Refusal):
            self.left_alone(subscription_id, str(done.decision.route))
        else:
            self._renewed.append(subscription_id)

    def recorded(
        self, due: Due, outcome: Receipt | Decline, done: Transition | Refusal | Refund
    ) -> None:
        """Count what was charged, by what became of it."""
        if isinstance(done, Refund):
            self._refunds.append(done)
        elif isinstance(outcome, Receipt):
            self._receipts.append(outcome)
            self._renewed.append(due.subscription.id)
        else:
            self._declined.append(DeclinedDue(due=due, reason=outcome.reason))

    def failed(self, subscription_id: str, error: Exception) -> None:
        """Count one that could not be finished."""
        self._failures.append(
            Failure(
                subscription_id=subscription_id,
                error=type(error).__name__,
                message=str(error),
                exception=error,
            )
        )

    def report(self) -> DueReport:
        """Return what was done."""
        return DueReport(
            on=self.on,
            renewed=tuple(self._renewed),
            left=tuple(self._left),
            receipts=tuple(self._receipts),
            declined=tuple(self._declined),
            refunds=tuple(self._refunds),
            failures=tuple(self._failures),
        )
