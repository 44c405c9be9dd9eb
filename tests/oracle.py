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


def is_leap(year: int) -> bool:
    """Every fourth year, but of the hundredth ones only every fourth."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def number_of(year: int, month: int, day: int) -> int:
    """Days since the beginning of the calendar, counted by hand."""
    before = year - 1
    months = sum(MONTH_DAYS[: month - 1]) + (1 if is_leap(year) and month > 2 else 0)
    return before * 365 + before // 4 - before // 100 + before // 400 + months + day


def day_number(day: date) -> int:
    """The number of a date."""
    return number_of(day.year, day.month, day.day)


def term_end(start: tuple[int, int, int], term: Any, anchor_day: int) -> tuple[int, int, int]:
    """Reading 4: so many months on, on the anchor day, or on the month's last day before it."""
    text = str(term)
    count, unit = int(text[1:-1]), text[-1]
    year, month, day = start
    if unit in "DW":
        day += count * LONGEST[unit]
        while day > month_days(year, month):
            day -= month_days(year, month)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return year, month, day
    months = month + count * (12 if unit == "Y" else 1)
    year, month = year + (months - 1) // 12, (months - 1) % 12 + 1
    return year, month, min(anchor_day, month_days(year, month))


def month_days(year: int, month: int) -> int:
    """How many days a month has."""
    return 29 if month == 2 and is_leap(year) else MONTH_DAYS[month - 1]


class Case:
    """What the design asks of one subscription under one edition, in day numbers and words."""

    def __init__(self, subscription: Any, edition: Any, actor: Any = None) -> None:
        self.subscription, self.edition = subscription, edition
        self.trial = subscription.kind.value == "trial"
        # What becomes of a trial: it ends, it goes on, or no page says.
        self.goes_on = edition.trials is not None and edition.trials.value == "goes-on"
        self.starts = day_number(subscription.starts_on)
        self.expires = day_number(subscription.expires_on)
        cancelled_on = subscription.cancelled_on
        self.cancelled = None if cancelled_on is None else day_number(cancelled_on)
        self.ends = self.expires if self.cancelled is None else min(self.expires, self.cancelled)
        converted_on = subscription.history.converted_on
        self.converted = None if converted_on is None else day_number(converted_on)
        # Reading 3: at most so many days before the end, and never before the term's own start, nor
        # on the day on which the term was paid for.
        self.opens = self.starts
        if edition.window_opens_days is not None:
            self.opens = max(self.starts, self.expires - edition.window_opens_days)
        renewed_on = subscription.history.renewed_on
        if renewed_on is not None:
            self.opens = max(self.opens, day_number(renewed_on) + 1)
        # Reading 14: one of the listed roles; where none is listed it is not known.
        self.stranger = self.unsure = False
        if actor is not None:
            roles = listed_roles(subscription, edition)
            self.unsure = roles is None
            self.stranger = roles is not None and not any(role in roles for role in actor.roles)
        self.partner = subscription.channel in edition.partner_channels
        # Reading 29: how it stood on the last day before the renewal date.
        self.then = Standing(self, subscription.at_renewal or subscription)
        self.now = Standing(self, subscription)
        self.rungs = rungs(self)
        self.run_ends = self.last_run()
        self.early_allowed = edition.early_renewal.value == "allowed"

    def last_run(self) -> int | None:
        """Reading 29: the first day on which the automatic renewal can no longer be made."""
        if not self.then.itself or self.then.barred or (self.trial and not self.goes_on):
            return None
        history, catch_up = self.subscription.history, int(self.edition.catch_up_days)
        # What is owed for the present term is paid before there is another.
        if history.unpaid_since is not None and day_number(history.unpaid_since) < self.expires:
            return None
        attempts = self.edition.charge_attempts.days if self.edition.charge_attempts else (0,)
        if history.failed_charges:
            catch_up = max(catch_up, attempts[-1])
        until = int(self.expires + catch_up + 1)
        # Reading 16: a run never buys a term of which nothing is left.
        end = self.subscription.expires_on
        term = self.then.next_term or self.edition.renews_to or self.subscription.term
        given = term_end((end.year, end.month, end.day), term, self.anchor(missed=False))
        until = min(until, number_of(*given))
        method = self.then.method
        if self.then.money == "charged" and method.valid_through is not None:
            until = min(until, day_number(method.valid_through) + 1)
        if history.failed_on is not None:
            # A charge that failed is tried again on the policy's days alone.
            failed = day_number(history.failed_on)
            left = [self.expires + each for each in attempts if self.expires + each > failed]
            return until if left and left[0] < until else None
        return until

    def lapsed(self) -> bool:
        """Whether the last attempt has failed, where nothing follows it."""
        attempts, failed_on = self.edition.charge_attempts, self.subscription.history.failed_on
        if attempts is None or failed_on is None or attempts.after_last.value != "lapses":
            return False
        return bool(self.expires + attempts.days[-1] <= day_number(failed_on))

    def owing(self, day: int) -> bool:
        """Whether a charge has failed, or an invoice is overdue."""
        history = self.subscription.history
        overdue = history.unpaid_since is not None and day_number(history.unpaid_since) <= day
        return overdue or history.failed_on is not None

    def rungs_start(self) -> int:
        """Where the stages begin: at the end, at an unpaid invoice, or at the earlier one."""
        unpaid_since = self.subscription.history.unpaid_since
        if unpaid_since is None or self.edition.ladder_start.value == "term-end":
            return self.expires
        if self.edition.ladder_start.value == "earlier":
            return min(self.expires, day_number(unpaid_since))
        return day_number(unpaid_since)

    def answer(self, day: int) -> Answer:
        """The design's table of routes, from top to bottom."""
        partner = ("through-partner",) if self.partner else ()
        if self.trial and self.converted is not None and day >= self.converted:
            return Answer("buy-new", False, False, (*partner, "converted"))
        if self.run_ends is not None and self.expires <= day < self.run_ends:
            return self.pending(partner)
        if self.trial:
            if self.goes_on and self.cancelled is None and day < self.expires:
                return self.continuing(day, partner)
            return self.of_a_trial(over=day >= self.ends)
        rung = next((each for each in self.rungs if each[0] <= day < each[1]), None)
        begun = bool(self.rungs) and day >= self.rungs[0][0]
        if rung is None and day < self.ends and not begun:
            return self.covered(day, partner)
        if rung is not None and rung[2].renewal.value == "possible":
            return self.late(day, partner)
        over = self.cancelled is not None and day >= self.cancelled
        return Answer("buy-new", False, False, (*partner, "cancelled" if over else "expired"))

    def of_a_trial(self, *, over: bool) -> Answer:
        """A trial that ends, was stopped, or of which no page says what becomes of it."""
        code = "trial-stopped" if self.goes_on else "trial"
        if self.edition.trials is None:
            code = "trial-end-unknown"
        return Answer("convert-trial", False, False, (code, "expired") if over else (code,))

    def pending(self, partner: tuple[str, ...]) -> Answer:
        """The renewal date has come, and the run may still be made."""
        if self.subscription.history.failed_on is not None:
            way = "contact-partner" if self.partner else "repair-payment"
            way = "ask-the-manager" if self.stranger else way
            return Answer(way, False, False, (*partner, *self.asker(), "unpaid"))
        found = [*self.asker(), "renewal-pending"]
        if self.then.money == "invoiced":
            found.append("payment-by-invoice")
        route = "ask-the-manager" if self.stranger else "renews-itself"
        return Answer(route, False, not self.stranger, (*partner, *found))

    def continuing(self, day: int, partner: tuple[str, ...]) -> Answer:
        """A trial that goes on as a paid subscription, if nothing stops it."""
        found, owing = self.asker(), self.owing(day)
        itself = self.then.itself and not owing
        if itself and not self.then.barred:
            found.append("trial-goes-on")
        found += self.then.reasons(itself=itself, owing=owing)
        route = self.way(self.then, itself=itself, by_hand="convert-trial", owing=owing)
        return Answer(route, False, route == "renews-itself", (*partner, *found))

    def covered(self, day: int, partner: tuple[str, ...]) -> Answer:
        """A paid subscription before its end."""
        owing, unknown = self.owing(day), self.edition.window_opens_days is None
        itself, is_open = self.then.itself and not owing, day >= self.opens
        found = [*self.asker(), *self.then.reasons(itself=itself, last=False, owing=owing)]
        if not itself and not is_open:
            found.append("window-not-open")
        if not itself and is_open and unknown:
            found.append("opening-unknown")
        if self.then.barred:
            found.append("own-condition")
        by_hand = "wait-for-window"
        if is_open:
            by_hand = "unknown" if unknown else "renew-now"
        route = self.way(self.then, itself=itself, by_hand=by_hand, owing=owing)
        may = is_open and not self.stranger and not self.partner and not self.then.barred
        may = may and (not itself or (self.early_allowed and not unknown))
        return Answer(route, may, route == "renews-itself", (*partner, *found))

    def late(self, day: int, partner: tuple[str, ...]) -> Answer:
        """In a stage that still renews it: nothing happens by itself any more."""
        renewed_on = self.subscription.history.renewed_on
        today = renewed_on is not None and day <= day_number(renewed_on)
        left = ("renewed-today",) if today else self.what_is_left(day)
        reasons = self.now.reasons(itself=False, owing=self.owing(day))
        found = [*self.asker(), "late", *left, *reasons]
        by_hand = "wait-for-window" if today else "renew-now"
        route = self.way(self.now, itself=False, by_hand=by_hand, repair=False)
        may = not today and not self.stranger and not self.partner and not self.now.barred
        return Answer(route, may, False, (*partner, *found))

    def asker(self) -> list[str]:
        """What there is to say of the person who asks."""
        if self.stranger:
            return ["not-the-manager"]
        return ["roles-unknown"] if self.unsure else []

    def way(
        self,
        held: Standing,
        *,
        itself: bool,
        by_hand: str,
        repair: bool = True,
        owing: bool = False,
    ) -> str:
        """The routes of a subscription that is not over."""
        if self.stranger:
            return "ask-the-manager"
        if held.barred:
            return "resolve-condition"
        if self.partner and not itself:
            return "contact-partner"
        if itself:
            return "renews-itself"
        if repair and held.on and (owing or held.money in ("missing", "lapsed")):
            return "repair-payment"
        return by_hand

    def what_is_left(self, day: int) -> tuple[str, ...]:
        """Reading 16: where the term of a late renewal begins, and whether it would be over."""
        start = self.edition.late_start and self.edition.late_start.value
        expires_on = self.subscription.expires_on
        begins = first = (expires_on.year, expires_on.month, expires_on.day)
        missed = self.edition.late_terms.back_pay.value == "missed-terms"
        if day > self.expires and start == "renewal-day":
            return ()
        if day > self.expires and missed:
            begins = self.after_what_was_missed(begins, day)
        term = self.subscription.next_term or self.edition.renews_to or self.subscription.term
        over = number_of(*term_end(begins, term, self.anchor(missed=begins != first))) <= day
        if start is None and not missed:
            return ("late-start-unknown",) if day >= self.expires else ()
        return ("term-already-over",) if over else ()

    def anchor(self, *, missed: bool) -> int:
        """Reading 4: the anchor, if the end is on it, or before it on a month's last day."""
        end, anchor_day = self.subscription.expires_on, int(self.subscription.anchor_day)
        clamped = end.day < anchor_day and end.day == month_days(end.year, end.month)
        return anchor_day if missed or clamped else int(end.day)

    def after_what_was_missed(self, begins: tuple[int, int, int], day: int) -> tuple[int, int, int]:
        """Every whole term that has passed is paid for."""
        while True:
            end = term_end(begins, self.subscription.term, self.subscription.anchor_day)
            if number_of(*end) > day:
                return begins
            begins = end


class Standing:
    """The switch, the payment and the conditions, as they are or as they were."""

    def __init__(self, case: Case, held: Any) -> None:
        self.method = held.payment_method
        self.next_term = held.next_term
        self.money = money(self.method, case.edition, case.expires)
        # One whose cancellation is on its way does not renew itself, whatever the switch says.
        self.on = held.auto_renew.value == "on" and case.cancelled is None
        self.itself = self.on and self.money in ("charged", "invoiced")
        # A condition of the user's own that bars the renewal, declared and raised.
        self.barred = any(
            each.code in held.conditions and "renewal" in {str(what) for what in each.bars}
            for each in case.edition.conditions
        )

    def reasons(self, *, itself: bool, last: bool = True, owing: bool = False) -> list[str]:
        """What there is to say of switch and payment, in the order of the source."""
        found = []
        money = "owed" if owing else self.money
        if self.on and money == "lapsed":
            found.append("payment-lapsed")
        if self.on and money == "missing":
            found.append("payment-missing")
        if owing:
            found.append("unpaid")
        if itself and money == "invoiced":
            found.append("payment-by-invoice")
        if not self.on:
            found.append("switched-off")
        if self.on and money == "by hand":
            found.append("switch-without-effect")
        if money == "by hand":
            found.append("payment-by-customer")
        if last and self.barred:
            found.append("own-condition")
        return found


def rungs(case: Case) -> list[tuple[int, int, Any]]:
    """Reading 16: every stage with its first day and the first day after it."""
    if case.trial or case.lapsed():
        return []
    found = ladder(case.edition.stages, case.rungs_start(), case.subscription.term)
    if found and found[0][0] > case.expires:
        # An invoice that falls due after the end leaves no gap: till then it is in the first one.
        found[0] = (case.expires, *found[0][1:])
    renewing = [end for _, end, stage in found if stage.renewal.value == "possible"]
    over = renewing[-1] if renewing else case.expires
    if case.cancelled is None or case.cancelled > over:
        return found
    kept = [
        (start, min(end, case.cancelled), stage)
        for start, end, stage in found
        if start < case.cancelled
    ]
    # A cancellation cuts the ladder and begins one of its own.
    return kept + ladder(case.edition.cancelled_stages, case.cancelled, case.subscription.term)


def ladder(stages: Any, start: int, term: Any) -> list[tuple[int, int, Any]]:
    """Stages follow each other; one without a day is left out."""
    found, taken = [], {}
    for stage in stages:
        length = next(
            each
            for each in stage.lengths
            if each.up_to is None or longest(term) <= longest(each.up_to)
        )
        days = max(0, length.days - sum(taken[name] for name in length.less))
        taken[stage.name] = days
        if days:
            found.append((start, start + days, stage))
        start += days
    return found


def longest(term: Any) -> int:
    """The days of a term, read off its ISO 8601 text: a month has 31, a year 366."""
    text = str(term)
    return int(text[1:-1]) * LONGEST[text[-1]]


def listed_roles(subscription: Any, edition: Any) -> Any:
    """Reading 14: in a managed environment the listed roles renew, elsewhere the owner."""
    managed = subscription.account is not None and subscription.account.managed
    return edition.managed_roles if managed else edition.unmanaged_roles


def money(method: Any, edition: Any, renewal_day: int) -> str:
    """Readings 11 and 12: what the payment method can do on the renewal date."""
    if method is None:
        return "missing"
    if method.kind in edition.manual_payment_kinds or method.mechanism.value == "push":
        return "by hand"
    if method.mechanism.value == "invoice":
        return "invoiced"
    if method.valid_through is not None and day_number(method.valid_through) < renewal_day:
        return "lapsed"
    return "charged"
