"""
What a renewal costs beside its price: back-pay, fees and surcharges, and what is owed already.

Rule 1: a charge is a line of its own beside the price, so that nobody has to guess what a total is
made of.

Rule 2: rounded down to the smallest unit, each of them.

Rule 3: a policy's amount in another currency than the price is no amount: the charge is due all the
same, and how much it is stays unknown.
"""

from __future__ import annotations

from datetime import date

import attrs

from subrenew import clauses
from subrenew.clauses import Clause
from subrenew.model.entities import Subscription
from subrenew.model.money import Money
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import BackPay, LateFee
from subrenew.rules.schedules import missed_terms, state_on

__all__ = ["Charge", "debt_charges", "late_charges"]


@attrs.frozen
class Charge:
    """An amount beside the price of a renewal, for all seats, before tax."""

    #: ``surcharge``, ``back-pay``, ``late-fee`` or ``debt``.
    code: str
    #: How much; ``None`` where the policy has amounts in other currencies only.
    amount: Money | None
    #: What it follows from: the policy's own clause, or the vocabulary's where it gives none.
    clause: Clause = clauses.EXPIRED
    #: Whether the clause is the vocabulary's, because the policy in force gives none of its own.
    is_general: bool = True


def late_charges(
    subscription: Subscription, edition: RenewalPolicy, on: date, *, price: Money, new: Money
) -> tuple[Charge, ...]:
    """
    Return what a renewal on that day costs beside its price; nothing where it is in time.

    A surcharge belongs to a stage, which may begin before the term ends: with an unpaid invoice or
    a cancellation. Fees count from the end or the cancellation, back-pay from what was paid for.

    Args:
        subscription: What is renewed.
        edition: The edition in force.
        on: The day of the renewal.
        price: What the renewal costs per seat.
        new: What a new subscription costs per seat: the cap, where the edition has one.
    """
    late_days = (on - subscription.ends_on).days
    seats, terms = subscription.seats, edition.late_terms
    stage = state_on(subscription, edition, on).stage
    found = []
    if stage is not None and stage.surcharge_rate is not None:
        part, whole = stage.surcharge_rate.as_integer_ratio()
        cited = _cited(edition, "stages", stage.clause)
        found.append(Charge("surcharge", price.scaled(part, whole) * seats, *cited))
    back_pay = _back_pay(subscription, edition, on, price)
    if not back_pay.is_zero:
        owed = _capped(back_pay, new) if terms.capped_at_new else back_pay
        cited = _cited(edition, "late_terms")
        if owed is None:
            found.append(Charge("back-pay", None, *cited))
        elif not owed.is_zero:
            found.append(Charge("back-pay", owed * seats, *cited))
    come = [fee for fee in terms.fees if fee.from_days <= late_days]
    if come:
        fee = _fee_in(price.currency, [fee for fee in come if fee.from_days == come[-1].from_days])
        cited = _cited(edition, "late_terms", (fee or come[-1]).clause)
        amount = None if fee is None else _amount(fee, price) * seats
        found.append(Charge("late-fee", amount, *cited))
    return tuple(found)


def debt_charges(
    subscription: Subscription, edition: RenewalPolicy, on: date, currency: str
) -> tuple[Charge, ...]:
    """
    Return the overdue invoice that a manual renewal on that day settles; nothing where none is.

    Where nobody said how much it is, there is no charge: the decision says that it is unpaid.
    """
    history = subscription.history
    unpaid_since, owed = history.unpaid_since, history.owed
    if owed is None or unpaid_since is None or unpaid_since > on:
        return ()
    clause, is_own = edition.citation(None, clauses.AUTOMATIC_REVIEW)
    amount = owed if owed.currency == currency else None
    return (Charge("debt", amount, clause, not is_own),)


def _cited(
    edition: RenewalPolicy, parameter: str, own: Clause | None = None
) -> tuple[Clause, bool]:
    """Return what a charge follows from, and whether that is the vocabulary's."""
    clause, is_own = edition.citation(parameter, clauses.EXPIRED, own)
    return clause, not is_own


def _back_pay(subscription: Subscription, edition: RenewalPolicy, on: date, price: Money) -> Money:
    match edition.late_terms.back_pay:
        case BackPay.UNPAID_DAYS:
            days = max(0, (on - subscription.expires_on).days)
            whole = (subscription.expires_on - subscription.starts_on).days
            return price.scaled(days, whole)
        case BackPay.MISSED_TERMS:
            return price * missed_terms(subscription, on)
        case _:
            return Money(0, price.currency)


def _capped(back_pay: Money, new: Money) -> Money | None:
    """Return no more than a new one costs; ``None`` where its price is in another currency."""
    # A locked price may be of a year in which the list was in another currency.
    return min(back_pay, new.rounded_down()) if new.currency == back_pay.currency else None


def _fee_in(currency: str, fees: list[LateFee]) -> LateFee | None:
    """Return the fee whose amount is in this currency, else the one that has only a rate."""
    by_currency = {fee.currency: fee for fee in fees}
    return by_currency.get(currency) or by_currency.get(None)


def _amount(fee: LateFee, price: Money) -> Money:
    amounts = [] if fee.amount is None else [fee.amount]
    if fee.rate is not None:
        part, whole = fee.rate.as_integer_ratio()
        amounts.append(price.scaled(part, whole))
    return max(amounts).rounded_down()
