"""
Which edition of a policy is in force.

Rule 1: editions are written with start dates only, so that neither a gap between two nor an overlap
can be written. Before the first there is none, and that is said (reading 17).
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

import attrs

from subrenew.errors import InvalidValue, NotInForce
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.policy.parameters import RenewalPolicy

__all__ = ["Edition", "Editions", "Policy"]


class Policy(Protocol):
    """What every policy function takes: a `RenewalPolicy` or `Editions` of one."""

    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:
        """
        Return the one edition that holds for *subscription* on *on*.

        Raises:
            NotInForce: None does.
        """


@attrs.frozen(kw_only=True, cache_hash=True)
class Edition:
    """A policy and the first day on which it holds."""

    #: The first day, included.
    from_on: date
    #: What holds from then on.
    policy: RenewalPolicy

    def __attrs_post_init__(self) -> None:
        checks.calendar_date("Edition.from_on", self.from_on)
        checks.instance("Edition.policy", self.policy, RenewalPolicy)


@attrs.frozen(cache_hash=True)
class Editions:
    """
    One vendor's policies over time, each from its first day until the next one's.

    Raises:
        InvalidValue: There is none, or their first days do not ascend.

    >>> from subrenew.policy.vendors import autodesk
    >>> [edition.policy.id for edition in autodesk.EDITIONS.editions]
    ['autodesk/2024', 'autodesk/2025-12']
    """

    #: Ascending by first day.
    editions: tuple[Edition, ...]

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Editions.editions", self.editions, Edition)
        if not self.editions:
            raise InvalidValue("Editions.editions", (), "give at least one edition")
        for earlier, later in zip(self.editions, self.editions[1:], strict=False):
            if later.from_on <= earlier.from_on:
                raise InvalidValue("Editions.editions", later.from_on, "give days that ascend")

    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:
        """
        Return the edition that holds on the day of the act (reading 17).

        Raises:
            NotInForce: *on* is before the first edition.
        """
        del subscription  # the day of the act alone decides here
        for edition in reversed(self.editions):
            if edition.from_on <= on:
                return edition.policy
        first = self.editions[0]
        raise NotInForce(
            f"no edition is in force on {on}: the first, {first.policy.id}, begins on "
            f"{first.from_on}; ask about a later day or name a policy"
        )

    def starts_after(self, on: date) -> tuple[date, ...]:
        """Return the days after *on* on which another edition begins."""
        return tuple(each.from_on for each in self.editions if each.from_on > on)
