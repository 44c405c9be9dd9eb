"""
Which edition of a policy is in force.

Rule 1: editions are written with start dates only, in order, and the last one that applies is in
force; so neither a gap between two nor an overlap can be written. Before the first there is none,
and that is said (reading 17).

Rule 2: an edition says which day counts for it - that of the act, the purchase, the last renewal or
the term's end, or several at once - and for whom it is.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

import attrs

from subrenew.errors import InvalidValue, NotInForce
from subrenew.model import checks
from subrenew.model.entities import Subscription
from subrenew.policy import mapping as mappings
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.scopes import EVERYBODY, Scope

__all__ = ["Edition", "Editions", "KeyedOn", "Policy", "Start"]


class Policy(Protocol):
    """What every policy function takes: a `RenewalPolicy` or `Editions` of one."""

    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:
        """
        Return the one edition that holds for *subscription* on *on*.

        Raises:
            NotInForce: None does.
        """


class KeyedOn(StrEnum):
    """Which day decides whether an edition applies."""

    ACT = "act"
    #: The day it was first bought; the term's start where that is not known.
    PURCHASE = "purchase"
    #: The day it was last renewed, or else bought.
    LAST_RENEWAL = "last-renewal"
    #: The first day after the present term.
    TERM_END = "term-end"


@attrs.frozen(kw_only=True, cache_hash=True)
class Start:
    """One condition on a day: it has to be this one or later."""

    #: Which day counts.
    keyed_on: KeyedOn
    #: The first day, included.
    from_on: date

    def __attrs_post_init__(self) -> None:
        checks.member("Start.keyed_on", self.keyed_on, KeyedOn)
        checks.calendar_date("Start.from_on", self.from_on)

    def holds(self, subscription: Subscription, on: date) -> bool:
        """Return whether the day that counts has come."""
        return _day(self.keyed_on, subscription, on) >= self.from_on


def _day(keyed_on: KeyedOn, subscription: Subscription, on: date) -> date:
    if keyed_on is _ACT:
        return on
    if keyed_on is _TERM_END:
        return subscription.expires_on
    history = subscription.history
    bought_on = history.purchased_on or subscription.starts_on
    return bought_on if keyed_on is _PURCHASE else history.renewed_on or bought_on


# Bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_ACT, _PURCHASE, _, _TERM_END = KeyedOn


@attrs.frozen(kw_only=True, cache_hash=True)
class Edition:
    """A policy, from when on it holds, and for whom."""

    #: The first day, included.
    from_on: date
    #: What holds from then on.
    policy: RenewalPolicy
    #: Which day has to be *from_on* or later.
    keyed_on: KeyedOn = KeyedOn.ACT
    #: Further days that have to have come, all of them.
    also: tuple[Start, ...] = ()
    #: Who it applies to.
    scope: Scope = EVERYBODY

    def __attrs_post_init__(self) -> None:
        checks.calendar_date("Edition.from_on", self.from_on)
        checks.instance("Edition.policy", self.policy, RenewalPolicy)
        checks.member("Edition.keyed_on", self.keyed_on, KeyedOn)
        checks.tuple_of("Edition.also", self.also, Start)
        checks.instance("Edition.scope", self.scope, Scope)

    @property
    def starts(self) -> tuple[Start, ...]:
        """Every day that has to have come."""
        return (Start(keyed_on=self.keyed_on, from_on=self.from_on), *self.also)

    def applies(self, subscription: Subscription, on: date) -> bool:
        """Return whether it holds for the subscription on that day."""
        if self.keyed_on is _ACT:
            if on < self.from_on:
                return False
        elif _day(self.keyed_on, subscription, on) < self.from_on:
            return False
        if self.also and not all(each.holds(subscription, on) for each in self.also):
            return False
        return self.scope is EVERYBODY or self.scope.covers(subscription)


@attrs.frozen(cache_hash=True)
class Editions:
    """
    One vendor's policies over time; the last one that applies is in force.

    Raises:
        InvalidValue: There is none, or two that are keyed alike and for the same do not ascend.

    >>> from subrenew.policy.vendors import autodesk
    >>> [edition.policy.id for edition in autodesk.EDITIONS.editions]
    ['autodesk/2024', 'autodesk/2025-12']
    """

    #: In order; a later one that applies comes before an earlier one.
    editions: tuple[Edition, ...]
    #: The first days that time alone reaches, ascending.
    _acts: tuple[date, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("Editions.editions", self.editions, Edition)
        if not self.editions:
            raise InvalidValue("Editions.editions", (), "give at least one edition")
        latest: dict[tuple[object, ...], date] = {}
        for each in self.editions:
            alike = each.keyed_on, each.also, each.scope
            if alike in latest and each.from_on <= latest[alike]:
                raise InvalidValue("Editions.editions", each.from_on, "give days that ascend")
            latest[alike] = each.from_on
        starts = [start for each in self.editions for start in each.starts]
        acts = {start.from_on for start in starts if start.keyed_on is _ACT}
        object.__setattr__(self, "_acts", tuple(sorted(acts)))

    @classmethod
    def from_mapping(cls, mapping: object) -> Editions:
        """
        Return the editions that a mapping of plain JSON or TOML types says.

        Raises:
            InvalidValues: Whatever is wrong with it, all at once, each with its path.
        """
        return mappings.from_mapping(cls, mapping, at="vendor")

    def to_mapping(self) -> dict[str, Any]:
        """Return the editions as a mapping that `from_mapping` reads; defaults are left out."""
        return mappings.to_mapping(self)

    def evolve(self, **changes: object) -> Editions:
        """
        Return the same editions with these fields of every policy changed, checked as new ones are.

        Days, keys and scopes stay. ``editions`` stands for the editions themselves: those given are
        changed instead of one's own.

        Raises:
            InvalidValue: An ``id`` is given to several editions, which it could not tell apart; or
                a field is out of its range.

        >>> from subrenew.policy.vendors import autodesk
        >>> [
        ...     (each.policy.id, each.policy.window_opens_days)
        ...     for each in autodesk.EDITIONS.evolve(window_opens_days=60).editions
        ... ]
        [('autodesk/2024', 60), ('autodesk/2025-12', 60)]
        """
        made = Editions(changes.pop("editions", self.editions))  # type: ignore[arg-type]
        if not changes:
            return made
        if "id" in changes and len(made.editions) > 1:
            raise InvalidValue(
                "id", changes["id"], "leave it out: each of several editions keeps its own"
            )
        return Editions(
            tuple(
                attrs.evolve(each, policy=each.policy.evolve(**changes)) for each in made.editions
            )
        )

    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:
        """
        Return the edition that holds for the subscription on the day of the act (reading 17).

        Raises:
            NotInForce: None applies.
        """
        for edition in reversed(self.editions):
            if edition.applies(subscription, on):
                return edition.policy
        first = self.editions[0]
        raise NotInForce(
            f"no edition is in force on {on}: the first, {first.policy.id}, begins on "
            f"{first.from_on}; ask about a later day or name a policy"
        )

    def starts_after(self, on: date) -> tuple[date, ...]:
        """Return the days after *on* on which time alone brings another edition."""
        return self._acts[bisect_right(self._acts, on) :]
