"""
Conditions of a user's own: "there is an open invoice", and what it bars.

Rule 1: a condition is declared in the policy and raised on the subscription, by its code. It is
reported, explained and enumerated like everything else, without a change to this library.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from subrenew.errors import InvalidValue
from subrenew.model import checks

__all__ = ["Barred", "Condition"]


class Barred(StrEnum):
    """What a condition keeps from happening."""

    RENEWAL = "renewal"
    RENEWAL_PRICE = "renewal-price"
    TERM_CHANGE = "term-change"


@attrs.frozen(kw_only=True, cache_hash=True)
class Condition:
    """
    A flag of a user's own.

    >>> Condition(
    ...     code="open-invoice", message="An invoice is open.", bars=frozenset({Barred.RENEWAL})
    ... ).code
    'open-invoice'
    """

    #: What a subscription's ``conditions`` carry, in kebab-case.
    code: str
    #: What the customer reads, in English; other languages by a catalogue of the user's own.
    message: str
    #: What it bars, one or more.
    bars: frozenset[Barred]

    def __attrs_post_init__(self) -> None:
        checks.text("Condition.code", self.code)
        checks.text("Condition.message", self.message)
        checks.frozenset_of("Condition.bars", self.bars, Barred)
        if not self.bars:
            raise InvalidValue("Condition.bars", frozenset(), "say what it bars")
