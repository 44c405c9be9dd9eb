"""
Whom a rule of a policy is for.

Rule 1: one predicate type serves windows, prices, editions and notices alike. All that is named has
to hold; what is left out does not matter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import Channel, Subscription
from subrenew.model.terms import Term

__all__ = ["EVERYBODY", "Bound", "Scope", "WindowRule"]


@attrs.frozen(kw_only=True, cache_hash=True)
class Scope:
    """
    A conjunction over plain fields of a subscription.

    A field that the subscription does not know is not in any set: a scope that names regions does
    not cover a subscription without a country.

    >>> from datetime import date
    >>> monthly = Scope(up_to=Term.months(1))
    >>> monthly.covers(
    ...     Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2025, 1, 1))
    ... )
    False
    """

    #: The longest term, included.
    up_to: Term | None = None
    #: The longest term that is still too short.
    longer_than: Term | None = None
    #: Offers, in the vendor's words, such as ``education``.
    offers: frozenset[str] = frozenset()
    #: Where the renewal is managed.
    channels: frozenset[Channel] = frozenset()
    #: Countries, two capital letters.
    countries: frozenset[str] = frozenset()
    #: Kinds of customer, in the vendor's words, such as ``consumer``.
    customer_kinds: frozenset[str] = frozenset()
    #: Groups of customers whose price is of its own, in the vendor's words.
    cohorts: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        for name in ("up_to", "longer_than"):
            if getattr(self, name) is not None:
                checks.instance(f"Scope.{name}", getattr(self, name), Term)
        for name in ("offers", "countries", "customer_kinds", "cohorts"):
            checks.frozenset_of(f"Scope.{name}", getattr(self, name), str)
        checks.frozenset_of("Scope.channels", self.channels, Channel)
        for country in self.countries:
            checks.country("Scope.countries", country)
        if (
            self.up_to is not None
            and self.longer_than is not None
            and self.up_to.longest_days <= self.longer_than.longest_days
        ):
            raise InvalidValue("Scope.up_to", self.up_to, f"give more than {self.longer_than}")

    def covers(self, subscription: Subscription) -> bool:
        """Return whether everything that is named holds for the subscription."""
        days = subscription.term.longest_days
        if self.up_to is not None and days > self.up_to.longest_days:
            return False
        if self.longer_than is not None and days <= self.longer_than.longest_days:
            return False
        if self.channels and subscription.channel not in self.channels:
            return False
        history = subscription.history
        if self.offers and history.offer not in self.offers:
            return False
        if self.cohorts and history.price_cohort not in self.cohorts:
            return False
        account = subscription.account
        if self.countries and (account is None or account.country not in self.countries):
            return False
        kinds = self.customer_kinds
        return not kinds or (account is not None and account.customer_kind in kinds)


#: Covers every subscription.
EVERYBODY: Final = Scope()


class Bound(StrEnum):
    """How a number of days is meant: "from 90 days before", or "fewer than 30 days left"."""

    INCLUSIVE = "inclusive"
    STRICT = "strict"


@attrs.frozen(kw_only=True, cache_hash=True)
class WindowRule:
    """When manual renewal opens, for some subscriptions."""

    #: Who it applies to.
    scope: Scope
    #: How many days before expiry.
    opens_days: int
    #: Whether the day with exactly so many days left is inside.
    bound: Bound = Bound.INCLUSIVE
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.instance("WindowRule.scope", self.scope, Scope)
        checks.whole_number("WindowRule.opens_days", self.opens_days, least=0, most=3660)
        checks.member("WindowRule.bound", self.bound, Bound)
        checks.optional_clause("WindowRule.clause", self.clause)
        if self.bound is Bound.STRICT and not self.opens_days:
            raise InvalidValue("WindowRule.opens_days", 0, "fewer than none never opens")

    @property
    def days(self) -> int:
        """The most days that may be left."""
        return self.opens_days - (self.bound is Bound.STRICT)
