"""
A second opinion on `renewability`, written from the design and not from the library.

THE ORACLE. Naive on purpose: plain ifs in the order of the design's table of routes, dates counted
by hand, and no import from the library at all. It reads the attributes of entities and of policies,
as words and numbers, and nothing else. Where it and the library differ, one of the two is wrong;
look at the design before you change either.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LONGEST: Final = {"D": 1, "W": 7, "M": 31, "Y": 366}


class Answer(NamedTuple):
    """What the oracle says."""

    route: str
    can_renew_now: bool
    renews_itself: bool
    codes: tuple[str, ...]


def day_number(day: date) -> int:
    """Days since the beginning of the calendar, counted by hand."""
    before = day.year - 1
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    months = sum(MONTH_DAYS[: day.month - 1]) + (1 if leap and day.month > 2 else 0)
    return before * 365 + before // 4 - before // 100 + before // 400 + months + day.day


class Case:
    """What the design asks of one subscription under one edition, in day numbers and words."""

    def __init__(self, subscription: Any, edition: Any, actor: Any = None) -> None:
        self.never_renewed = subscription.kind in edition.not_renewable
        self.starts = day_number(subscription.starts_on)
        self.expires = day_number(subscription.expires_on)
        # Reading 3: at most so many days before the end, and never before the term's own start.
        self.opens = max(self.starts, self.expires - edition.window_opens_days)
        # Reading 16: what still renews after expiry.
        self.over = self.expires
        for stage in edition.stages:
            self.over += stage_days(stage, subscription.term)
        cancelled_on = subscription.cancelled_on
        self.cancelled = None if cancelled_on is None else day_number(cancelled_on)
        self.stranger = actor is not None and not may_renew(subscription, edition, actor)
        self.partner = subscription.channel in edition.partner_channels
        self.money = money(subscription, edition, self.expires)
        # One whose cancellation is on its way does not renew itself, whatever the switch says.
        self.switched_on = subscription.auto_renew.value == "on" and cancelled_on is None
        # A condition of the user's own that bars the renewal, declared and raised.
        self.barred = any(
            each.code in subscription.conditions and "renewal" in {str(what) for what in each.bars}
            for each in edition.conditions
        )
        self.early_allowed = edition.early_renewal.value == "allowed"

    def answer(self, day: int) -> Answer:
        """The design's table of routes, from top to bottom."""
        if self.never_renewed:
            end = self.expires if self.cancelled is None else self.cancelled
            codes = ("trial", "expired") if day >= end else ("trial",)
            return Answer("convert-trial", False, False, codes)
        partner = ("through-partner",) if self.partner else ()
        if self.cancelled is not None and day >= self.cancelled:
            return Answer("buy-new", False, False, (*partner, "cancelled"))
        if day >= self.over:
            return Answer("buy-new", False, False, (*partner, "expired"))
        expired = day >= self.expires
        is_open = expired or day >= self.opens
        itself = not expired and self.switched_on and self.money in ("charged", "invoiced")
        route = self.way(expired=expired, is_open=is_open, itself=itself)
        by_hand = is_open and not self.stranger and not self.partner and not self.barred
        by_hand = by_hand and (self.early_allowed or not itself)
        found = self.reasons(expired=expired, is_open=is_open, itself=itself)
        return Answer(route, by_hand, route == "renews-itself", (*partner, *found))

    def way(self, *, expired: bool, is_open: bool, itself: bool) -> str:
        """The routes of a paid subscription that is not over."""
        if self.stranger:
            return "ask-the-manager"
        if self.barred:
            return "resolve-condition"
        if self.partner and not itself:
            return "contact-partner"
        if itself:
            return "renews-itself"
        if not expired and self.switched_on and self.money in ("missing", "lapsed"):
            return "repair-payment"
        if is_open:
            return "renew-now"
        return "wait-for-window"

    def reasons(self, *, expired: bool, is_open: bool, itself: bool) -> list[str]:
        """Every reason of a paid subscription that is not over, in the order of the source."""
        found = []
        if self.stranger:
            found.append("not-the-manager")
        if expired:
            found.append("late")
        if self.switched_on and self.money == "lapsed":
            found.append("payment-lapsed")
        if self.switched_on and self.money == "missing":
            found.append("payment-missing")
        if itself and self.money == "invoiced":
            found.append("payment-by-invoice")
        if not self.switched_on:
            found.append("switched-off")
        if self.switched_on and self.money == "by hand":
            found.append("switch-without-effect")
        if self.money == "by hand":
            found.append("payment-by-customer")
        if not is_open and not itself:
            found.append("window-not-open")
        if self.barred:
            found.append("own-condition")
        return found


def stage_days(stage: Any, term: Any) -> int:
    """How long a stage lasts: monthly or annual, by the longest that the term can be."""
    for length in stage.lengths:
        if length.up_to is None or longest(term) <= longest(length.up_to):
            return int(length.days)
    raise AssertionError(stage)


def longest(term: Any) -> int:
    """The days of a term, read off its ISO 8601 text: a month has 31, a year 366."""
    text = str(term)
    return int(text[1:-1]) * LONGEST[text[-1]]


def may_renew(subscription: Any, edition: Any, actor: Any) -> bool:
    """Reading 14: in a managed environment the listed roles renew, elsewhere the owner."""
    managed = subscription.account is not None and subscription.account.managed
    allowed = edition.managed_roles if managed else edition.unmanaged_roles
    return any(role in allowed for role in actor.roles)


def money(subscription: Any, edition: Any, renewal_day: int) -> str:
    """Readings 11 and 12: what the payment method can do on the renewal date."""
    method = subscription.payment_method
    if method is None:
        return "missing"
    if method.kind in edition.manual_payment_kinds or method.mechanism.value == "push":
        return "by hand"
    if method.mechanism.value == "invoice":
        return "invoiced"
    if method.valid_through is not None and day_number(method.valid_through) < renewal_day:
        return "lapsed"
    return "charged"
