"""
The entities: who holds what, until when, and how it is paid.

Rule 1: an entity is a frozen value, hashable all the way down, checked once when it is made; what
is derived from it is worked out elsewhere.

Rule 2: a term is half-open. ``expires_on`` is the first day not covered (reading 2); a system that
prints the last covered day uses `Subscription.covering`.

Rule 3: nothing secret is held. A payment method is a kind and a last day, an order has no password.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks
from subrenew.model.accounts import Account, Actor, Role
from subrenew.model.money import CURRENCIES, Money, smallest_unit_digits
from subrenew.model.payments import Mechanism, PaymentKind, PaymentMethod
from subrenew.model.terms import WITHIN_A_DAY, Term, days_after

__all__ = [
    "Account",
    "Actor",
    "AtRenewal",
    "AutoRenew",
    "Channel",
    "History",
    "Kind",
    "Mechanism",
    "Order",
    "PaymentKind",
    "PaymentMethod",
    "Role",
    "Subscription",
]


class Kind(StrEnum):
    """What was obtained: a paid subscription or a trial."""

    PAID = "paid"
    TRIAL = "trial"


class AutoRenew(StrEnum):
    """The switch for automatic renewal, which is one of its two conditions (clause `automatic`)."""

    ON = "on"
    OFF = "off"


class Channel(StrEnum):
    """Where the renewal is managed: the account, the order's own page, a partner (`channel`)."""

    ACCOUNT = "account"
    ORDER = "order"
    PARTNER = "partner"


@attrs.frozen(kw_only=True, cache_hash=True)
class History:
    """What came before a subscription's present term."""

    #: The day it was first bought; the present term's start where it is not known.
    purchased_on: date | None = None
    #: The day it was last renewed, if ever.
    renewed_on: date | None = None
    #: The first day of the term before the present one, where it was renewed.
    previous_starts_on: date | None = None
    #: The day a trial was converted: a subscription was bought in its place, or it went on as one.
    converted_on: date | None = None
    #: How often it was renewed without a break, 0 or more.
    renewals: int = 0
    #: What it was bought as, in the vendor's words, such as ``education``.
    offer: str | None = None
    #: The group of customers whose price it has, in the vendor's words.
    price_cohort: str | None = None
    #: The day an invoice fell due that is still unpaid.
    unpaid_since: date | None = None
    #: What is still to be paid for the present term, which was given on invoice.
    owed: Money | None = None
    #: How often the charge for the coming term has failed, 0 or more.
    failed_charges: int = 0
    #: The day the method on file was last charged in vain for the coming term.
    failed_on: date | None = None
    #: The key of the due that was paid last, by which a payment recorded twice is known.
    paid_key: str | None = None

    def __attrs_post_init__(self) -> None:
        checks.optional_date("History.purchased_on", self.purchased_on)
        checks.optional_date("History.renewed_on", self.renewed_on)
        checks.optional_date("History.previous_starts_on", self.previous_starts_on)
        checks.optional_date("History.converted_on", self.converted_on)
        checks.optional_text("History.offer", self.offer)
        checks.optional_text("History.price_cohort", self.price_cohort)
        checks.optional_date("History.unpaid_since", self.unpaid_since)
        checks.optional_date("History.failed_on", self.failed_on)
        checks.optional_text("History.paid_key", self.paid_key)
        if self.owed is not None:
            checks.instance("History.owed", self.owed, Money)
        checks.whole_number("History.failed_charges", self.failed_charges, least=0, most=_MOST)
        if self.failed_on is not None and not self.failed_charges:
            raise InvalidValue("History.failed_charges", 0, "count the charge that failed")
        checks.whole_number("History.renewals", self.renewals, least=0, most=_MOST)


@attrs.frozen(kw_only=True, cache_hash=True)
class AtRenewal:
    """
    How a subscription stood on the last day before its renewal date.

    Kept where one of these was changed on that date or later: such a change counts for the next
    renewal (reading 29). The next renewal drops it.

    Raises:
        InvalidType: A field is of another type; nothing is coerced.

    >>> from subrenew import renewability, switch_auto_renew
    >>> from subrenew.policy.vendors import autodesk
    >>> held = Subscription(
    ...     id="S-1",
    ...     product="CAD",
    ...     term=Term.years(1),
    ...     starts_on=date(2025, 1, 1),
    ...     auto_renew=AutoRenew.ON,
    ...     payment_method=PaymentMethod.card(expires="2027-03"),
    ... )
    >>> asked = {"policy": autodesk.EDITION_2024, "on": date(2026, 1, 2)}
    >>> off = switch_auto_renew(held, to=AutoRenew.OFF, **asked).subscription
    >>> off.auto_renew.value, off.at_renewal.auto_renew.value
    ('off', 'on')
    >>> renewability(off, **asked).route.value
    'renews-itself'
    """

    #: The switch.
    auto_renew: AutoRenew
    #: What it was paid with.
    payment_method: PaymentMethod | None = None
    #: Conditions of the caller's own that held.
    conditions: frozenset[str] = frozenset()
    #: The term that the renewal is for, where a change was asked for.
    next_term: Term | None = None

    def __attrs_post_init__(self) -> None:
        checks.member("AtRenewal.auto_renew", self.auto_renew, AutoRenew)
        if self.payment_method is not None:
            checks.instance("AtRenewal.payment_method", self.payment_method, PaymentMethod)
        checks.frozenset_of("AtRenewal.conditions", self.conditions, str)
        if self.next_term is not None:
            checks.instance("AtRenewal.next_term", self.next_term, Term)


_MOST: Final = 1_000_000
_FIRST_DAY: Final = checks.FIRST_DAY
_LAST_DAY: Final = checks.LAST_DAY
_set: Final = object.__setattr__
_NEW: Final = History()


if TYPE_CHECKING:
    # To a type checker the field may be left out or None and is always a value afterwards;
    # `_resolve_end` makes it so, without the cost of a converter's call.
    def _end_or_none(given: date | None) -> date: ...
    def _day_or_none(given: int | None) -> int: ...
else:
    _end_or_none = _day_or_none = None


@attrs.frozen(kw_only=True)
class Subscription:
    """
    One subscription with the term that is paid for last.

    Once renewed, early or late, it holds the next term: ``starts_on`` may then lie ahead.

    Raises:
        InvalidType: A field is of another type; nothing is coerced.
        InvalidValue: A field is out of its range, or two of them contradict each other.

    >>> subscription = Subscription(
    ...     id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 2, 29)
    ... )
    >>> subscription.expires_on, subscription.anchor_day
    (datetime.date(2025, 2, 28), 29)
    """

    #: The caller's identifier.
    id: str
    #: The product's code; its names and aliases live in the policy and the price list.
    product: str
    #: The length it is bought for, which is not how often it is billed (reading 5).
    term: Term
    #: The first day of the term.
    starts_on: date
    #: The first day not covered, and the day on which the next term starts (reading 2).
    expires_on: date = attrs.field(default=None, converter=_end_or_none)
    #: The day of the month, 1 to 31, that month ends come back to (reading 4).
    anchor_day: int = attrs.field(default=None, converter=_day_or_none)
    #: Paid or a trial.
    kind: Kind = Kind.PAID
    #: The switch alone; whether it has an effect depends on the payment method.
    auto_renew: AutoRenew = AutoRenew.OFF
    #: What it is paid with, if anything is on file.
    payment_method: PaymentMethod | None = None
    #: Where its renewal is managed.
    channel: Channel = Channel.ACCOUNT
    #: Who holds it.
    account: Account | None = None
    #: How many are bought, 1 or more; the price is per seat.
    seats: int = 1
    #: ISO 4217; ``None`` where the price book offers one currency only.
    currency: str | None = None
    #: The order it belongs to.
    order_number: str | None = None
    #: The first day that a cancellation takes away, which may lie ahead.
    cancelled_on: date | None = None
    #: The term that the next renewal is for, where a change was asked for.
    next_term: Term | None = None
    #: Conditions of the caller's own that hold now, such as ``open-invoice``.
    conditions: frozenset[str] = frozenset()
    #: What came before the present term.
    history: History = _NEW
    #: How it stood before its renewal date, where it was changed on that date or later.
    at_renewal: AtRenewal | None = None

    def __attrs_post_init__(self) -> None:
        _check_subscription(self)

    @classmethod
    def covering(cls, *, last_day: date, **fields: object) -> Subscription:
        """
        Return the subscription whose last covered day is *last_day*.

        For systems that print the last day instead of the first one after it (reading 2).

        >>> Subscription.covering(
        ...     last_day=date(2025, 12, 30),
        ...     id="S-1",
        ...     product="CAD",
        ...     term=Term.years(1),
        ...     starts_on=date(2024, 12, 31),
        ... ).expires_on
        datetime.date(2025, 12, 31)
        """
        checks.calendar_date("Subscription.covering.last_day", last_day)
        if "expires_on" in fields:
            raise InvalidType("expires_on", fields["expires_on"], "give last_day or expires_on")
        return cls(expires_on=days_after(last_day, 1), **fields)  # type: ignore[arg-type]

    @property
    def ends_on(self) -> date:
        """The first day not covered: the expiry, or the day of a cancellation before it."""
        cancelled_on = self.cancelled_on
        if cancelled_on is None or cancelled_on > self.expires_on:
            return self.expires_on
        return cancelled_on

    @property
    def country(self) -> str | None:
        """The account's country, if both are known."""
        return self.account.country if self.account else None


def _check_subscription(self: Subscription) -> None:
    # One pass in line instead of seventeen validators, and each field read once: construction is
    # what loaders do most.
    term, starts_on = self.term, self.starts_on
    if type(term) is not Term:
        given: object = term
        short = isinstance(given, timedelta)
        remedy = WITHIN_A_DAY if short else "give a Term, such as Term.years(1)"
        raise InvalidType("Subscription.term", term, remedy)
    if type(starts_on) is not date or not _FIRST_DAY <= starts_on <= _LAST_DAY:
        checks.calendar_date("Subscription.starts_on", starts_on)
    if self.expires_on is None:
        _resolve_end(self, term, starts_on)
    else:
        _check_end(self, self.expires_on)
    if not checks.is_text(self.id):
        checks.text("Subscription.id", self.id)
    if not checks.is_text(self.product):
        checks.text("Subscription.product", self.product)
    if type(self.kind) is not Kind:
        checks.member("Subscription.kind", self.kind, Kind)
    if type(self.auto_renew) is not AutoRenew:
        checks.member("Subscription.auto_renew", self.auto_renew, AutoRenew)
    if type(self.channel) is not Channel:
        checks.member("Subscription.channel", self.channel, Channel)
    method, account = self.payment_method, self.account
    if method is not None and type(method) is not PaymentMethod:
        checks.instance("Subscription.payment_method", method, PaymentMethod)
    if account is not None and type(account) is not Account:
        checks.instance("Subscription.account", account, Account)
    seats, currency = self.seats, self.currency
    if type(seats) is not int or not 0 < seats <= _MOST:
        checks.whole_number("Subscription.seats", seats, least=1, most=_MOST)
    if currency is not None and (type(currency) is not str or currency not in CURRENCIES):
        smallest_unit_digits(currency)
    if self.order_number is not None:
        checks.text("Subscription.order_number", self.order_number)
    if self.cancelled_on is not None or self.next_term is not None:
        _check_plans(self)
    if self.conditions or type(self.conditions) is not frozenset:
        checks.frozenset_of("Subscription.conditions", self.conditions, str)
    if type(self.history) is not History:
        checks.instance("Subscription.history", self.history, History)
    if self.at_renewal is not None:
        checks.instance("Subscription.at_renewal", self.at_renewal, AtRenewal)


def _resolve_end(self: Subscription, term: Term, starts_on: date) -> None:
    anchor_day = self.anchor_day
    _set(self, "expires_on", term.end(starts_on, anchor_day))
    if anchor_day is None:
        _set(self, "anchor_day", starts_on.day)


def _check_end(self: Subscription, expires_on: date) -> None:
    starts_on = self.starts_on
    checks.calendar_date("Subscription.expires_on", expires_on)
    if expires_on <= starts_on:
        raise InvalidValue(
            "Subscription.expires_on",
            expires_on,
            f"give a day after starts_on, {starts_on}: it is the first day not covered",
        )
    if self.anchor_day is not None:
        checks.whole_number("Subscription.anchor_day", self.anchor_day, least=1, most=31)
    elif expires_on.day == starts_on.day or expires_on == self.term.end(starts_on):
        _set(self, "anchor_day", starts_on.day)
    else:
        # A term of another length, such as a first one cut short, is counted from its end on.
        _set(self, "anchor_day", expires_on.day)


def _check_plans(self: Subscription) -> None:
    if self.cancelled_on is not None:
        checks.calendar_date("Subscription.cancelled_on", self.cancelled_on)
        if self.cancelled_on < self.starts_on:
            raise InvalidValue(
                "Subscription.cancelled_on", self.cancelled_on, f"give a day from {self.starts_on}"
            )
    if self.next_term is not None:
        checks.instance("Subscription.next_term", self.next_term, Term)


@attrs.frozen(kw_only=True)
class Order:
    """
    What was bought at once; it is renewed as a unit (reading 18).

    Holds neither the order's password nor its hash.

    Raises:
        InvalidValue: It has no line, two lines of one identifier, or a line of another order.
    """

    #: The number on the confirmation message: capital letters, digits and hyphens (ASCII).
    number: str
    #: The day it was placed.
    placed_on: date
    #: Its lines, one or more.
    subscriptions: tuple[Subscription, ...]
    #: Who placed it.
    account: Account | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("Order.number", self.number)
        if _ORDER_NUMBER.fullmatch(self.number) is None:
            raise InvalidValue(
                "Order.number", self.number, "give 1 to 40 capital letters, digits and hyphens"
            )
        checks.calendar_date("Order.placed_on", self.placed_on)
        checks.tuple_of("Order.subscriptions", self.subscriptions, Subscription)
        if not self.subscriptions:
            raise InvalidValue("Order.subscriptions", (), "give at least one subscription")
        seen: set[str] = set()
        for line in self.subscriptions:
            if line.id in seen:
                raise InvalidValue("Order.subscriptions", line.id, "give each line once")
            seen.add(line.id)
            if line.order_number not in (None, self.number):
                raise InvalidValue(
                    "Order.subscriptions", line.order_number, f"give lines of {self.number} only"
                )
        if self.account is not None:
            checks.instance("Order.account", self.account, Account)


_ORDER_NUMBER: Final = re.compile(r"[0-9A-Z](?:[0-9A-Z-]{0,38}[0-9A-Z])?", re.ASCII)
