"""
What a subscription becomes by an act: renewed, switched, paid otherwise.

Rule 1: entities in, entities out. Whether the act is allowed is decided elsewhere; transitions and
the actions that tell where they lead call the same functions, so that the two agree.

Rule 2: what is changed on the renewal date or later counts for the next renewal. How it stood
before is kept until then (reading 29).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import attrs

from subrenew.errors import InvalidValue
from subrenew.model.entities import AtRenewal, AutoRenew, History, Kind, Subscription
from subrenew.model.money import Money
from subrenew.model.payments import PaymentMethod
from subrenew.model.terms import Term
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import AfterLastAttempt, Loyalty
from subrenew.rules.schedules import PriceBasis, as_renewed, next_charge_on, next_term, state_on

__all__ = [
    "cancelled",
    "charge_failed",
    "owing",
    "paid_up",
    "paid_with",
    "renewed",
    "renewed_automatically",
    "settled",
    "switched",
    "uncancelled",
    "with_conditions",
    "with_next_term",
    "written_off",
]

_ONE_DAY: Final = timedelta(days=1)


def renewed(subscription: Subscription, edition: RenewalPolicy, on: date) -> Subscription:
    """
    Return it renewed manually on that day, which withdraws a cancellation (reading 30).

    An overdue invoice is paid with it.
    """
    after = _with_next_term(subscription, edition, on)
    history = paid_up(subscription, on).history
    late = on >= subscription.expires_on
    lost = late and edition.late_terms.loyalty is Loyalty.LOST
    # A price that was kept goes with the lapse, where the lapse is priced like a new purchase.
    like_new = state_on(subscription, edition, on).price is PriceBasis.LIST
    return attrs.evolve(
        after,
        next_term=None,
        at_renewal=None,
        history=attrs.evolve(
            history,
            purchased_on=history.purchased_on or subscription.starts_on,
            renewed_on=on,
            previous_starts_on=subscription.starts_on,
            renewals=0 if lost else history.renewals + 1,
            price_cohort=None if like_new else history.price_cohort,
            # Where the charge failed, it was for the term that is given now.
            unpaid_since=_overdue_since(history),
            failed_charges=0,
            failed_on=None,
        ),
    )


def renewed_automatically(subscription: Subscription, edition: RenewalPolicy) -> Subscription:
    """
    Return it renewed automatically, as it was on the last day before the renewal date (reading 29).

    A trial goes on as a paid subscription, with a history of its own: going on is no renewal.
    """
    then, renewal_on = as_renewed(subscription), subscription.expires_on
    after = _with_next_term(then, edition, renewal_on - _ONE_DAY)
    changed = subscription.next_term != then.next_term
    settings = attrs.evolve(
        after,
        auto_renew=subscription.auto_renew,
        payment_method=subscription.payment_method,
        conditions=subscription.conditions,
        next_term=subscription.next_term if changed else None,
    )
    history = subscription.history
    if subscription.kind is Kind.TRIAL:
        begun = History(
            purchased_on=renewal_on,
            previous_starts_on=subscription.starts_on,
            converted_on=renewal_on,
            offer=history.offer,
            price_cohort=history.price_cohort,
        )
        return attrs.evolve(settings, kind=Kind.PAID, history=begun)
    counted = attrs.evolve(
        history,
        purchased_on=history.purchased_on or subscription.starts_on,
        renewed_on=renewal_on,
        previous_starts_on=subscription.starts_on,
        renewals=history.renewals + 1,
        unpaid_since=_overdue_since(history),
        failed_charges=0,
        failed_on=None,
    )
    return attrs.evolve(settings, history=counted)


def _with_next_term(subscription: Subscription, edition: RenewalPolicy, on: date) -> Subscription:
    given = next_term(subscription, edition, on)
    return attrs.evolve(
        subscription,
        term=given.term,
        starts_on=given.starts_on,
        expires_on=given.expires_on,
        anchor_day=given.anchor_day,
        cancelled_on=None,
    )


def _kept(subscription: Subscription, on: date) -> AtRenewal | None:
    """Return how it stood before its renewal date, where that has come."""
    kept = subscription.at_renewal
    if kept is None and on >= subscription.expires_on:
        kept = AtRenewal(
            auto_renew=subscription.auto_renew,
            payment_method=subscription.payment_method,
            conditions=subscription.conditions,
            next_term=subscription.next_term,
        )
    return _switched_off(kept) if subscription.cancelled_on is not None else kept


def _switched_off(kept: AtRenewal | None) -> AtRenewal | None:
    """Return how a cancelled one stood: switched off, whatever is stored of its switch."""
    return None if kept is None else attrs.evolve(kept, auto_renew=AutoRenew.OFF)


def switched(subscription: Subscription, to: AutoRenew, on: date) -> Subscription:
    """Return it with the switch set; switching on withdraws a cancellation (reading 30)."""
    cancelled_on = None if to is AutoRenew.ON else subscription.cancelled_on
    if to is subscription.auto_renew and cancelled_on == subscription.cancelled_on:
        return subscription
    return attrs.evolve(
        subscription,
        auto_renew=to,
        cancelled_on=cancelled_on,
        at_renewal=_kept(subscription, on),
    )


def paid_with(subscription: Subscription, method: PaymentMethod, on: date) -> Subscription:
    """Return it with another payment method on file."""
    history = subscription.history
    if method == subscription.payment_method and history.failed_on is None:
        return subscription
    kept = _kept(subscription, on)
    if history.failed_charges and kept is not None:
        # The renewal that could not be paid for is charged again, and to this one.
        kept = attrs.evolve(kept, payment_method=method)
    return attrs.evolve(
        subscription,
        payment_method=method,
        at_renewal=kept,
        history=attrs.evolve(history, failed_on=None),
    )


def charge_failed(subscription: Subscription, edition: RenewalPolicy, on: date) -> Subscription:
    """Return it after a charge for the coming term failed on that day; the term is not given."""
    history = subscription.history
    failed = attrs.evolve(
        subscription,
        history=attrs.evolve(history, failed_on=on, failed_charges=history.failed_charges + 1),
    )
    attempts = edition.charge_attempts
    ladder = attempts is not None and attempts.after_last is AfterLastAttempt.UNPAID_LADDER
    if not ladder or next_charge_on(failed, edition) is not None:
        return failed
    unpaid_since = history.unpaid_since or on
    return attrs.evolve(failed, history=attrs.evolve(failed.history, unpaid_since=unpaid_since))


def owing(subscription: Subscription, amount: Money) -> Subscription:
    """
    Return it with an invoice for its present term, beside what is owed already.

    Raises:
        InvalidValue: What is owed already is of another currency.
    """
    history = subscription.history
    owed = history.owed
    if owed is not None and owed.currency != amount.currency:
        raise InvalidValue("amount", amount, f"record first that {owed} was paid, or write it off")
    total = amount if owed is None else owed + amount
    return attrs.evolve(subscription, history=attrs.evolve(history, owed=total))


def written_off(subscription: Subscription) -> Subscription:
    """Return it with nothing owed, and with nothing that is going to be charged again."""
    after = settled(subscription)
    if not after.history.failed_charges:
        return after
    history = attrs.evolve(after.history, failed_charges=0, failed_on=None)
    return attrs.evolve(after, auto_renew=AutoRenew.OFF, at_renewal=None, history=history)


def paid_up(subscription: Subscription, on: date) -> Subscription:
    """Return it with its invoice paid, if that is overdue; a failed charge is no invoice."""
    history = subscription.history
    overdue_since = _overdue_since(history)
    overdue = overdue_since is not None and overdue_since <= on
    return settled(subscription) if overdue else subscription


def _overdue_since(history: History) -> date | None:
    """Return the day an invoice fell due that is unpaid; ``None`` where only a charge failed."""
    return None if history.failed_charges and history.owed is None else history.unpaid_since


def settled(subscription: Subscription) -> Subscription:
    """Return it with nothing owed for the present term."""
    history = attrs.evolve(subscription.history, unpaid_since=None, owed=None)
    return attrs.evolve(subscription, history=history)


def with_conditions(
    subscription: Subscription, conditions: frozenset[str], on: date
) -> Subscription:
    """Return it with these conditions of the caller's own and no others."""
    if conditions == subscription.conditions:
        return subscription
    return attrs.evolve(subscription, conditions=conditions, at_renewal=_kept(subscription, on))


def with_next_term(subscription: Subscription, term: Term | None, on: date) -> Subscription:
    """Return it with the term that the next renewal is for; ``None`` for the usual one."""
    if term == subscription.next_term:
        return subscription
    return attrs.evolve(subscription, next_term=term, at_renewal=_kept(subscription, on))


def cancelled(subscription: Subscription, ends_on: date) -> Subscription:
    """Return it cancelled as of a day: switched off, and without a change of term."""
    return attrs.evolve(
        subscription, cancelled_on=ends_on, auto_renew=AutoRenew.OFF, next_term=None
    )


def uncancelled(subscription: Subscription) -> Subscription:
    """Return it without the cancellation, which has switched off; the switch stays off."""
    if subscription.cancelled_on is None:
        return subscription
    return attrs.evolve(
        subscription,
        cancelled_on=None,
        auto_renew=AutoRenew.OFF,
        at_renewal=_switched_off(subscription.at_renewal),
    )
