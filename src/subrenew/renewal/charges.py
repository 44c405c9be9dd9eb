"""
What lateness costs: back-pay, fees and surcharges.

Rule 1: a charge is a line of its own beside the price, so that nobody has to guess what a total is
made of.

Rule 2: rounded down to the smallest unit, each of them.
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
from subrenew.rules.ladders import rung_on

__all__ = ["Charge", "late_charges", "missed_terms"]


@attrs.frozen
class Charge:
    """An amount beside the price of a renewal, for all seats, before tax."""

    #: ``surcharge``, ``back-pay`` or ``late-fee``.
    code: str
    #: How much.
    amount: Money
    #: What it follows from.
    clause: Clause = clauses.EXPIRED


def missed_terms(subscription: Subscription, on: date) -> int:
    """Return how many whole terms have passed since the last one ended; 0 before its end."""
    if on < subscription.expires_on:
        return 0
    term, end = subscription.term, subscription.expires_on
    if term.day_count:
        return (on - end).days // term.day_count
    number = 0
    # Each ends on the anchor day, so that a clamped end does not move those after it (reading 4).
    while (end := term.end(end, subscription.anchor_day)) <= on:
        number += 1
    return number


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
    rung = rung_on(subscription, edition, on)
    found = []
    if rung is not None and rung.stage.surcharge_rate is not None:
        part, whole = rung.stage.surcharge_rate.as_integer_ratio()
        found.append(Charge("surcharge", price.scaled(part, whole) * seats))
    back_pay = _back_pay(subscription, edition, on, price)
    if terms.capped_at_new:
        back_pay = min(back_pay, new.rounded_down())
    if back_pay:
        found.append(Charge("back-pay", back_pay * seats))
    fees = [fee for fee in terms.fees if fee.from_days <= late_days]
    if fees:
        found.append(Charge("late-fee", _fee(fees[-1], price) * seats))
    return tuple(found)


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


def _fee(fee: LateFee, price: Money) -> Money:
    amounts = [] if fee.amount is None else [fee.amount]
    if fee.rate is not None:
        part, whole = fee.rate.as_integer_ratio()
        amounts.append(price.scaled(part, whole))
    return max(amounts).rounded_down()
