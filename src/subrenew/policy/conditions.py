"""
Conditions of a user's own: "there is an open invoice", and what it bars.

Rule 1: a condition is declared in the policy and raised on the subscription, by its code. It is
reported, explained and enumerated like everything else, without a change to this library.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks

__all__ = ["Barred", "Condition"]


#: Language, script, country: each as CLDR writes it.
_LOCALE: Final = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?", re.ASCII)


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
    #: What the customer reads, in English.
    message: str
    #: What it bars, one or more.
    bars: frozenset[Barred]
    #: The message in other languages: pairs of locale and text, such as ``("fr", "...")``. One for
    #: ``fr`` is also for ``fr_CA``, where that has none of its own.
    messages: tuple[tuple[str, str], ...] = ()
    #: The clause of the vendor's page that says so, where one does.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("Condition.code", self.code)
        checks.text("Condition.message", self.message)
        checks.frozenset_of("Condition.bars", self.bars, Barred)
        if not self.bars:
            raise InvalidValue("Condition.bars", frozenset(), "say what it bars")
        checks.optional_clause("Condition.clause", self.clause)
        _check_messages("Condition.messages", self.messages)


def _check_messages(field: str, messages: tuple[tuple[str, str], ...]) -> None:
    checks.tuple_of(field, messages, tuple)
    seen = set()
    for index, pair in enumerate(messages):
        at = f"{field}[{index}]"
        if len(pair) != 2:
            raise InvalidValue(at, pair, "give a locale and a text")
        for part in pair:
            checks.text(at, part)
        if _LOCALE.fullmatch(pair[0]) is None:
            raise InvalidValue(at, pair[0], 'give a locale, such as "fr" or "fr_CA"')
        if pair[0] in seen:
            raise InvalidValue(at, pair[0], "give each locale once")
        seen.add(pair[0])
