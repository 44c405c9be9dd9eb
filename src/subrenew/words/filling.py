"""
Values become texts, and a message is chosen whose places they fill.

Rule 1: a value is shown by its type; only values of certain names are codes that have labels. So a
product called "card" stays what it is.

Rule 2: a value that is not there is not said, and a message that needs it is not chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from types import MappingProxyType
from typing import Final

from subrenew.model.money import Money
from subrenew.model.terms import Term
from subrenew.policy.regions import RegionLink
from subrenew.words import labels, notice_messages
from subrenew.words.catalogues import Language
from subrenew.words.formats import (
    date_text,
    list_text,
    money_text,
    rate_text,
    region_text,
    term_text,
)

__all__ = ["chosen", "label_text", "places", "value_texts"]

#: Values whose texts are codes, and what these are called.
_CODES: Final = MappingProxyType(
    {
        "access": labels.ACCESS,
        "charge": labels.CHARGES,
        "anchor": notice_messages.ANCHORS,
        "contents": notice_messages.CONTENTS,
        "exclusions": labels.REASONS,
        "medium": notice_messages.MEDIA,
        "missed": notice_messages.MISSED,
        "payment": labels.PAYMENTS,
        "recipients": labels.ROLES,
        "roles": labels.ROLES,
        "sent_contents": notice_messages.CONTENTS,
        "sent_medium": notice_messages.MEDIA,
        "topic": notice_messages.TOPICS,
    }
)
#: Of these one is enough; of other lists all are meant.
_ONE_OF: Final = frozenset({"links", "medium", "roles", "sent_medium"})


@lru_cache(maxsize=1024)
def places(message: str) -> frozenset[str]:
    """Return the names of a message's places."""
    return frozenset(name for _, name, _, _ in Formatter().parse(message) if name)


def chosen(
    table: Mapping[str, tuple[str, ...]], keys: Iterable[str], names: Iterable[str]
) -> str | None:
    """Return the first message of the first key whose places can all be filled."""
    known = frozenset(names)
    for key in keys:
        for message in table.get(key, ()):
            if places(message) <= known:
                return message
    return None


def label_text(labelled: Mapping[str, str], code: str, language: Language) -> str:
    """Return what a code is called; an unknown one is its own text."""
    return language.say(labelled[code]) if code in labelled else str(code)


def _value_text(name: str, value: object, language: Language) -> str:
    if isinstance(value, tuple):
        texts = [_value_text(name, each, language) for each in value]
        if name == "conditions":
            # A condition of the caller's own comes with its sentence.
            return " ".join(texts)
        return list_text(texts, language, style="or" if name in _ONE_OF else "standard")
    if name in _CODES:
        return label_text(_CODES[name], str(value), language)
    if name in ("country", "region"):
        return region_text(str(value), language)
    match value:
        case date():
            return date_text(value, language)
        case Money():
            return money_text(value, language)
        case Term():
            return term_text(value, language)
        case Decimal():
            return rate_text(value, language)
        case RegionLink():
            region = region_text(value.region, language)
            return language.say(labels.REGION_LINK, link=value.url, region=region)
        case _:
            return str(value)


def value_texts(values: Mapping[str, object], language: Language) -> dict[str, str]:
    """Return the values that there are, as texts."""
    return {
        name: _value_text(name, value, language)
        for name, value in values.items()
        if value is not None and value != ()
    }
