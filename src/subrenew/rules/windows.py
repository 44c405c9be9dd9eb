"""
The days on which a subscription can be renewed by hand.

Rule 1: a window is a value and depends on the subscription and the edition alone; the day asked
about only chooses the edition.

Rule 2: half-open, it closes on the first day not covered, and it never opens before the term does
(reading 3).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.model.terms import Window
from subrenew.policy.editions import Editions, Policy
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.stages import Access
from subrenew.rules.ladders import ladder

__all__ = [
    "access_on",
    "editions_from",
    "late_window",
    "opening_of",
    "renewal_window",
    "turning_days",
]


_FULL: Final = Access.FULL
_NONE: Final = Access.NONE


def opening_of(subscription: Subscription, edition: RenewalPolicy) -> date:
    """Return the first day of the renewal window, under this edition (clause `manual.window`)."""
    opening = edition.opening
    if edition.window_rules:
        opening = _opening(subscription, edition)
    opens_on = subscription.expires_on - opening
    if opens_on < subscription.starts_on:  # noqa: PLR1730 - a call to max() takes twice as long
        opens_on = subscription.starts_on
    cancelled_on = subscription.cancelled_on
    return opens_on if cancelled_on is None or opens_on < cancelled_on else cancelled_on


def _opening(subscription: Subscription, edition: RenewalPolicy) -> timedelta:
    for rule in edition.window_rules:
        if rule.scope.covers(subscription):
            return timedelta(days=rule.days)
    return edition.opening


def renewal_window(subscription: Subscription, *, policy: Policy, on: date) -> Window:
    """
    Return the days before expiry on which *subscription* can be renewed by hand.

    Clause `manual.window`, reading 3. Trials have one too: they are barred later, not here. It is
    empty where a cancellation comes first. Late renewal has a window of its own, `late_window`.

    Args:
        subscription: Whose term decides.
        policy: Supplies the opening, in calendar days.
        on: Chooses the edition in force; it does not move the window.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 12, 31)
    ... )
    >>> renewal_window(subscription, policy=autodesk.EDITION_2024, on=date(2025, 6, 1))
    Window(date(2025, 10, 2), date(2025, 12, 31))
    """
    checks.calendar_date("on", on)
    edition = policy.in_force(subscription, on=on)
    return Window(opening_of(subscription, edition), subscription.ends_on)


def late_window(subscription: Subscription, *, policy: Policy, on: date) -> Window:
    """
    Return the days after expiry on which a late renewal is still taken (reading 16).

    Empty where expired means over, or nothing is ever renewed: for a trial, or once cancelled.

    Raises:
        NotInForce: *policy* has no edition on that day.

    >>> from subrenew import Term
    >>> from subrenew.policy.vendors import autodesk
    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 12, 31)
    ... )
    >>> late_window(subscription, policy=autodesk.EDITION_2025_12, on=date(2026, 1, 1))
    Window(date(2025, 12, 31), date(2026, 2, 14))
    """
    checks.calendar_date("on", on)
    edition = policy.in_force(subscription, on=on)
    renewing = [rung for rung in ladder(subscription, edition) if rung.renews]
    if not renewing:
        return Window(subscription.ends_on, subscription.ends_on)
    return Window(renewing[0].from_on, renewing[-1].until_on)


def turning_days(
    subscription: Subscription, policy: Policy, edition: RenewalPolicy, on: date
) -> list[date]:
    """Return the days on which time alone may change an answer: of *edition* and all to come."""
    days = [subscription.ends_on]
    if subscription.cancelled_on is not None:
        days.append(subscription.cancelled_on)
    if policy is edition:
        return days + _own_turns(subscription, edition)
    if isinstance(policy, Editions):
        days += policy.starts_after(on)
    for each in editions_from(subscription, policy, edition, on):
        days += _own_turns(subscription, each)
    return days


def editions_from(
    subscription: Subscription, policy: Policy, edition: RenewalPolicy, on: date
) -> list[RenewalPolicy]:
    """Return *edition*, and what time alone brings after *on*."""
    if not isinstance(policy, Editions):
        return [edition]
    later = [policy.in_force(subscription, on=day) for day in policy.starts_after(on)]
    return [edition, *later]


def _own_turns(subscription: Subscription, edition: RenewalPolicy) -> list[date]:
    days = [opening_of(subscription, edition)]
    if edition.stages or edition.cancelled_stages:
        for rung in ladder(subscription, edition):
            days += (rung.from_on, rung.until_on)
    return days


def access_on(subscription: Subscription, edition: RenewalPolicy, day: date) -> Access:
    """Return what can be used on that day, if nothing is renewed until then."""
    covered = day < subscription.ends_on
    if covered and subscription.history.unpaid_since is None:
        return _FULL
    rungs = ladder(subscription, edition)
    for rung in rungs:
        if rung.from_on <= day < rung.until_on:
            return rung.stage.access
    begun = bool(rungs) and day >= rungs[0].from_on
    return _FULL if covered and not begun else _NONE
