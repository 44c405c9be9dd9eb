"""
The life of a subscription: renewed by hand, renewed by itself, cancelled, over.

Rule 1: each transition derives the decision itself, on the day of the act. A permission cannot be
passed in, so none can be stale or forged.

Rule 2: a renewal begins where the last term ends, early or late, and keeps the anchor day; no paid
day is lost (reading 4). Renewed, a term stands before its own window, so it is not renewed twice,
by hand or automatically, in whatever order (reading 15).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import attrs

from subrenew import clauses
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Actor, AutoRenew, Order, Subscription
from subrenew.model.terms import days_after
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import BackPay, LateStart, Loyalty
from subrenew.renewal.charges import missed_terms
from subrenew.renewal.events import Happening
from subrenew.renewal.transitions import Refusal, Transition, changed, may_manage
from subrenew.rules.decisions import Decision
from subrenew.rules.facts import EndedFacts, TrialFacts
from subrenew.rules.renewability import Route, renewability

__all__ = ["CancelAt", "cancel", "lapse", "renew", "renew_automatically"]


class CancelAt(StrEnum):
    """When a cancellation takes effect."""

    END_OF_TERM = "end-of-term"
    AT_ONCE = "at-once"


_ONE_DAY: Final = timedelta(days=1)


def _renewed(subscription: Subscription, edition: RenewalPolicy, on: date) -> Subscription:
    """Return the subscription with its next term, which begins where this one ends."""
    term = edition.renewal_term(subscription)
    starts_on, anchor_day = subscription.expires_on, subscription.anchor_day
    late = on > starts_on
    if late and edition.late_start is LateStart.RENEWAL_DAY:
        starts_on = on
    elif late and edition.late_terms.back_pay is BackPay.MISSED_TERMS:
        # What was missed is paid for, so the new term begins where the last missed one ends.
        for _ in range(missed_terms(subscription, on)):
            starts_on = subscription.term.end(starts_on, anchor_day)
    # The anchor day is kept where the new start is on it, clamped or not.
    clamped = starts_on.day < anchor_day and (starts_on + _ONE_DAY).day == 1
    if starts_on.day != anchor_day and not clamped:
        anchor_day = starts_on.day
    history = subscription.history
    lost = late and edition.late_terms.loyalty is Loyalty.LOST
    return attrs.evolve(
        subscription,
        term=term,
        next_term=None,
        starts_on=starts_on,
        expires_on=term.end(starts_on, anchor_day),
        anchor_day=anchor_day,
        cancelled_on=None,
        history=attrs.evolve(
            history,
            purchased_on=history.purchased_on or subscription.starts_on,
            renewed_on=on,
            renewals=0 if lost else history.renewals + 1,
            unpaid_since=None,
        ),
    )


def renew(
    subscription: Subscription,
    *,
    policy: Policy,
    on: date,
    actor: Actor | None = None,
    order: Order | None = None,
) -> Transition | Refusal:
    """
    Renew by hand: early within the window, or late in a stage that still renews.

    Clauses `manual`, `manual.window`, `manual.deadline`; readings 4, 15 and 16. A cancellation on
    its way is withdrawn by it.

    Args:
        subscription: What is renewed.
        policy: An edition, or editions from which the day chooses one.
        on: The day of the act.
        actor: Who renews (clause `managed`).
        order: The order it is a line of, to get it back with the new line.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidValue: *order* has no such line.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 2, 29)
    ... )
    >>> renewal = renew(subscription, policy=autodesk.EDITION_2024, on=date(2025, 1, 10))
    >>> renewal.subscription.starts_on.isoformat(), renewal.subscription.expires_on.isoformat()
    ('2025-02-28', '2026-02-28')
    >>> again = renew(renewal.subscription, policy=autodesk.EDITION_2024, on=date(2025, 1, 10))
    >>> again.decision.route.value
    'wait-for-window'
    """
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    if not decision.can_renew_now:
        return Refusal(decision=decision)
    after = _renewed(subscription, decision.edition, on)
    late = on >= subscription.expires_on
    clause = clauses.EXPIRED if late else clauses.MANUAL_DEADLINE
    done = changed(subscription, after, Happening.RENEWED, clause, decision, on=on)
    return done if order is None else attrs.evolve(done, order=_with_line(order, after))


def renew_automatically(
    subscription: Subscription, *, policy: Policy, on: date, catch_up_days: int = 7
) -> Transition | Refusal:
    """
    Renew by itself, on the scheduled date: the first day after the term.

    Clauses `automatic`, `automatic.switch-on`, `order.switch`. What counts is the decision of the
    term's last day. A run that comes late catches up for *catch_up_days*; after that it is an
    expired subscription like any other, because nobody expects to be charged any more.

    Args:
        subscription: What is renewed.
        policy: An edition, or editions from which the term's last day chooses one.
        on: The day of the run.
        catch_up_days: For how many days after the scheduled date a run still renews; 0 for none.

    Raises:
        NotInForce: *policy* has no edition on that day.
    """
    decision = _scheduled(subscription, policy, on, catch_up_days)
    if decision is None:
        return Refusal(decision=renewability(subscription, policy=policy, on=on))
    if not decision.renews_itself:
        return Refusal(decision=decision)
    after = _renewed(subscription, decision.edition, subscription.expires_on)
    what = Happening.RENEWED_AUTOMATICALLY
    return changed(subscription, after, what, clauses.AUTOMATIC_SWITCH_ON, decision, on=on)


def _scheduled(
    subscription: Subscription, policy: Policy, on: date, catch_up_days: int
) -> Decision[Route] | None:
    """Return the decision of the term's last day, where a run on that day comes in time for it."""
    checks.calendar_date("on", on)
    checks.whole_number("catch_up_days", catch_up_days, least=0, most=366)
    scheduled_on = subscription.expires_on
    if not scheduled_on <= on <= days_after(scheduled_on, catch_up_days):
        return None
    return renewability(subscription, policy=policy, on=scheduled_on - _ONE_DAY)


def cancel(
    subscription: Subscription,
    *,
    at: CancelAt,
    policy: Policy,
    on: date,
    actor: Actor | None = None,
) -> Transition | Refusal:
    """
    Cancel, at the end of the term or at once; automatic renewal is switched off.

    Clause `order.switch`. Before the term has begun, "at once" takes it away before its first day.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *at* is not a member of `CancelAt`.
    """
    checks.member("at", at, CancelAt)
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    running_trial = isinstance(decision.facts, TrialFacts) and on < subscription.ends_on
    if not may_manage(decision) and not running_trial:
        return Refusal(decision=decision)
    ends_on = subscription.expires_on
    if at is CancelAt.AT_ONCE:
        ends_on = min(max(on, subscription.starts_on), ends_on)
    after = attrs.evolve(
        subscription, cancelled_on=ends_on, auto_renew=AutoRenew.OFF, next_term=None
    )
    return changed(subscription, after, Happening.CANCELLED, clauses.ORDER_SWITCH, decision, on=on)


def lapse(
    subscription: Subscription, *, policy: Policy, on: date, catch_up_days: int = 7
) -> Transition | Refusal:
    """
    Record that a subscription is over: nothing renews it any more (clause `expired`).

    Its switch is set off and a change of term is forgotten; where both are so already, nothing
    happens. It is refused while a late run of `renew_automatically` may still renew it.

    Raises:
        NotInForce: *policy* has no edition on that day.
    """
    decision = renewability(subscription, policy=policy, on=on)
    if not isinstance(decision.facts, EndedFacts):
        return Refusal(decision=decision)
    scheduled = _scheduled(subscription, policy, on, catch_up_days)
    if scheduled is not None and scheduled.renews_itself:
        return Refusal(decision=scheduled)
    after = attrs.evolve(subscription, auto_renew=AutoRenew.OFF, next_term=None)
    return changed(subscription, after, Happening.LAPSED, clauses.EXPIRED, decision, on=on)


def _with_line(order: Order, line: Subscription) -> Order:
    if all(each.id != line.id for each in order.subscriptions):
        raise InvalidValue("order", order.number, f"give the order that {line.id} is a line of")
    lines = tuple(line if each.id == line.id else each for each in order.subscriptions)
    return attrs.evolve(order, subscriptions=lines)
