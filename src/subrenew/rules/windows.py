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
from subrenew.model.terms import Window, days_after
from subrenew.policy.editions import Editions, Policy
from subrenew.policy.parameters import Access, RenewalPolicy

__all__ = ["access_on", "late_window", "opening_of", "renewal_window", "turning_days"]


_FULL: Final = Access.FULL
_NONE: Final = Access.NONE


def opening_of(subscription: Subscription, edition: RenewalPolicy) -> date:
    """Return the first day of the renewal window, under this edition (clause `manual.window`)."""
    opens_on = subscription.expires_on - edition.opening
    opens_on = max(opens_on, subscription.starts_on)
    cancelled_on = subscription.cancelled_on
    return opens_on if cancelled_on is None or opens_on < cancelled_on else cancelled_on


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
    days = edition.late_days(subscription.term) if _has_stages(subscription, edition) else 0
    return Window(subscription.expires_on, days_after(subscription.expires_on, days))


def _has_stages(subscription: Subscription, edition: RenewalPolicy) -> bool:
    # A stage is a step towards a late renewal, so what is never renewed has none.
    return (
        bool(edition.stages)
        and subscription.cancelled_on is None
        and subscription.kind not in edition.not_renewable
    )


def turning_days(
    subscription: Subscription, policy: Policy, edition: RenewalPolicy, on: date
) -> list[date]:
    """Return the days on which time alone may change an answer: of *edition* and all to come."""
    starts = policy.starts_after(on) if isinstance(policy, Editions) else ()
    days = [subscription.ends_on, *starts]
    for each in (edition, *[policy.in_force(subscription, on=day) for day in starts]):
        days.append(opening_of(subscription, each))
        late_until = subscription.expires_on
        for stage in each.stages:
            late_until += timedelta(days=stage.days_for(subscription.term))
            days.append(late_until)
    return days


def access_on(subscription: Subscription, edition: RenewalPolicy, day: date) -> Access:
    """Return what can be used on that day, if nothing is renewed until then."""
    ends_on = subscription.cancelled_on or subscription.expires_on
    if day < ends_on:
        return _FULL
    if _has_stages(subscription, edition):
        for stage in edition.stages:
            ends_on += timedelta(days=stage.days_for(subscription.term))
            if day < ends_on:
                return stage.access
    return _NONE
