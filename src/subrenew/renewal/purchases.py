"""
Buying in place of renewing: after a trial, and after the end.

Rule 1: what is bought is a new subscription with an identifier of its own; the old one is not
brought back (clauses `trial` and `expired`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from subrenew import clauses
from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, History, Kind, Subscription
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.renewal.events import Event, Happening, verdict_of
from subrenew.renewal.transitions import Refusal, Transition, changed
from subrenew.rules.decisions import Decision, Finding
from subrenew.rules.facts import ContinuingFacts, EndedFacts, TrialFacts
from subrenew.rules.renewability import renewability

__all__ = ["buy_anew", "convert_trial"]


def _bought(
    old: Subscription, edition: RenewalPolicy, on: date, id: str, changes: dict[str, Any]
) -> Subscription:
    method = changes.get("payment_method", old.payment_method)
    default = edition.auto_renew_default or AutoRenew.OFF
    trial = old.kind is Kind.TRIAL
    fields: dict[str, Any] = {
        "term": (old.next_term or old.term) if trial else old.term,
        "seats": old.seats,
        "payment_method": method,
        "auto_renew": default if method else AutoRenew.OFF,
    }
    fields |= changes
    return Subscription(
        id=id,
        product=old.product,
        kind=Kind.PAID,
        starts_on=on,
        channel=old.channel,
        account=old.account,
        currency=old.currency,
        history=History(purchased_on=on, offer=old.history.offer),
        **fields,
    )


def _began(after: Subscription, clause: Clause, decision: Decision[Any], on: date) -> Event:
    return Event(
        what=Happening.BOUGHT,
        on=on,
        subscription_id=after.id,
        before=None,
        after=after,
        clause=clause.id,
        verdict=verdict_of(decision),
    )


def convert_trial(
    trial: Subscription,
    *,
    id: str,
    policy: Policy,
    on: date,
    **changes: Any,  # noqa: ANN401 - fields of a subscription
) -> Transition | Refusal:
    """
    Buy the subscription that a trial was for (clause `trial`).

    The new subscription begins on that day, and a trial that is not over ends with it. Automatic
    renewal is as the policy's default says where a payment method is on file, and off where it says
    nothing. It is of the same offer; the price of an older cohort is not taken along. A trial is
    converted once: a second time is refused (`converted`).

    Args:
        trial: The trial.
        id: The new subscription's identifier, not the trial's.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        changes: ``term``, ``seats``, ``payment_method``, ``auto_renew``, ``order_number`` of the
            new subscription; the trial's own where they are not given, and the term that was asked
            for next.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *id* is the trial's.
    """
    _check_new(trial, id)
    decision = renewability(trial, policy=policy, on=on)
    if not isinstance(decision.facts, TrialFacts | ContinuingFacts):
        return Refusal(decision=decision)
    if trial.history.converted_on is not None:  # on whichever day that was
        clause, is_own = decision.edition.citation("trials", clauses.TRIAL)
        values = (("converted_on", trial.history.converted_on),)
        found = Finding("converted", clause, values, not is_own)
        return Refusal(decision=decision, findings=(found,))
    after = _bought(trial, decision.edition, on, id, changes)
    begun = _began(after, clauses.TRIAL, decision, on)
    ended = attrs.evolve(trial, history=attrs.evolve(trial.history, converted_on=on))
    if on < trial.ends_on:
        taken_on = max(on, trial.starts_on)
        ended = attrs.evolve(ended, cancelled_on=taken_on, auto_renew=AutoRenew.OFF)
    done = changed(trial, ended, Happening.TRIAL_CONVERTED, clauses.TRIAL, decision, on=on)
    return Transition(subscription=after, events=(*done.events, begun))


def buy_anew(
    expired: Subscription,
    *,
    id: str,
    policy: Policy,
    on: date,
    **changes: Any,  # noqa: ANN401 - fields of a subscription
) -> Transition | Refusal:
    """
    Buy a new subscription in place of one that is over (clause `expired`).

    Automatic renewal of the old one is switched off. It is refused while that may still be made, so
    that nobody pays twice (reading 29).

    Args:
        expired: The one that is over.
        id: The new subscription's identifier, not the old one's.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act, on which the new one begins.
        changes: As for `convert_trial`.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *id* is the old one's.
    """
    _check_new(expired, id)
    decision = renewability(expired, policy=policy, on=on)
    if not isinstance(decision.facts, EndedFacts):
        return Refusal(decision=decision)
    after = _bought(expired, decision.edition, on, id, changes)
    begun = _began(after, clauses.EXPIRED, decision, on)
    ended = attrs.evolve(expired, auto_renew=AutoRenew.OFF, next_term=None, at_renewal=None)
    done = changed(expired, ended, Happening.LAPSED, clauses.EXPIRED, decision, on=on)
    return Transition(subscription=after, events=(*done.events, begun))


def _check_new(old: Subscription, id: str) -> None:
    checks.instance("subscription", old, Subscription)
    checks.text("id", id)
    if id == old.id:
        raise InvalidValue("id", id, "give the new subscription an identifier of its own")
