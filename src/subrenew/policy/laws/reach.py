"""
Whom a law reaches: places, kinds of customer, and since when.

Rule 1: there are three answers. Where the country, the state, the kind of customer or the first day
is not known, the answer is `Applies.UNKNOWN`, never a silent no.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from subrenew.model import checks
from subrenew.model.entities import Subscription

__all__ = ["Applies", "Basis", "Reach", "Since"]


class Applies(StrEnum):
    """Whether a rule is for a subscription."""

    YES = "yes"
    NO = "no"
    #: A fact that decides it is not known; on the customer's side that counts as yes.
    UNKNOWN = "unknown"


_YES, _NO, _UNKNOWN = Applies


class Basis(StrEnum):
    """Which day of a subscription is compared with a law's first day."""

    #: The contract was concluded.
    PURCHASE = "purchase"
    #: It was concluded, or extended since.
    LAST_RENEWAL = "last-renewal"
    #: It is to be renewed: the end of the present term.
    RENEWAL_DATE = "renewal-date"


@attrs.frozen(kw_only=True, cache_hash=True)
class Since:
    """Since when a law is in force, and for which contracts."""

    #: Which day of a subscription has to be the first day or later.
    basis: Basis
    #: The first day, included; ``None`` where it is not known.
    on: date | None = None

    def __attrs_post_init__(self) -> None:
        checks.optional_date("Since.on", self.on)
        checks.member("Since.basis", self.basis, Basis)

    def applies(self, subscription: Subscription) -> Applies:
        """Return whether the subscription's day is the first day or later."""
        if self.on is None:
            return _UNKNOWN
        history = subscription.history
        if self.basis is Basis.RENEWAL_DATE:
            day = subscription.expires_on
        else:
            day = history.purchased_on or subscription.starts_on
            if self.basis is Basis.LAST_RENEWAL and history.renewed_on is not None:
                day = max(day, history.renewed_on)
        return _YES if day >= self.on else _NO


@attrs.frozen(kw_only=True, cache_hash=True)
class Reach:
    """
    Whom a law is for; what is left out does not matter.

    >>> from subrenew import Account, Term
    >>> reach = Reach(regions=frozenset({"US-CA"}))
    >>> subscription = Subscription(
    ...     id="S-1",
    ...     product="CAD",
    ...     term=Term.years(1),
    ...     starts_on=date(2025, 1, 1),
    ...     account=Account(id="A-1", country="US"),
    ... )
    >>> reach.applies(subscription).value, reach.applies(subscription, region="US-CA").value
    ('unknown', 'yes')
    """

    #: ISO 3166: countries such as ``FR``, or parts of them such as ``US-CA``.
    regions: frozenset[str] = frozenset()
    #: Kinds of customer, such as ``consumer``, whatever their case.
    customer_kinds: frozenset[str] = frozenset()
    #: Since when.
    since: Since | None = None

    def __attrs_post_init__(self) -> None:
        checks.frozenset_of("Reach.regions", self.regions, str)
        for region in self.regions:
            checks.country("Reach.regions", region.partition("-")[0])
        checks.frozenset_of("Reach.customer_kinds", self.customer_kinds, str)
        if self.since is not None:
            checks.instance("Reach.since", self.since, Since)

    def applies(self, subscription: Subscription, *, region: str | None = None) -> Applies:
        """
        Return whether it is for the subscription.

        Args:
            subscription: Whose account and history decide.
            region: Where the customer is, such as ``US-CA``; the account's country where it is not
                given.
        """
        account = subscription.account
        found = {
            self._here(region or (account.country if account else None)),
            self._customer(account.customer_kind if account else None),
            self.since.applies(subscription) if self.since is not None else _YES,
        }
        if _NO in found:
            return _NO
        return _UNKNOWN if _UNKNOWN in found else _YES

    def _here(self, place: str | None) -> Applies:
        if not self.regions:
            return _YES
        if place is None:
            return _UNKNOWN
        place = place.upper()
        named = [region.upper() for region in self.regions]
        if any(place == region or place.startswith(f"{region}-") for region in named):
            return _YES
        # The country alone does not say in which of its states the customer is.
        return _UNKNOWN if any(region.startswith(f"{place}-") for region in named) else _NO

    def _customer(self, kind: str | None) -> Applies:
        if not self.customer_kinds:
            return _YES
        if kind is None:
            return _UNKNOWN
        return _YES if kind.casefold() in {each.casefold() for each in self.customer_kinds} else _NO


#: Everybody, everywhere, always.
NO_LIMIT: Final = Reach()
