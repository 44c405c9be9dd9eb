"""
What differs from region to region: the way to another term, and where an order's page is.

Rule 1: a region is a country's two letters or the vendor's own word. One that a policy does not
name is unknown, and unknown is an answer (reading 10).
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from subrenew.model import checks
from subrenew.model.terms import Term

__all__ = ["RegionLink", "RegionWays", "Way"]


class Way(StrEnum):
    """By which way a term can be changed in a region; ``UNKNOWN`` is never a silent no."""

    ACCOUNT = "account"
    SUPPORT = "support"
    NEITHER = "neither"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True, cache_hash=True)
class RegionLink:
    """Where a region's order page is."""

    #: A country's two capital letters, or the vendor's own word for a region.
    region: str
    #: Its address.
    url: str

    def __attrs_post_init__(self) -> None:
        checks.text("RegionLink.region", self.region)
        checks.text("RegionLink.url", self.url)


@attrs.frozen(kw_only=True, cache_hash=True)
class RegionWays:
    """By which way a term can be changed in one region."""

    #: A country's two capital letters, or the vendor's own word for a region.
    region: str
    #: Which way.
    way: Way
    #: The terms that can be changed; empty for all.
    of: frozenset[Term] = frozenset()
    #: The terms that they can become; empty for all.
    to: frozenset[Term] = frozenset()

    def __attrs_post_init__(self) -> None:
        checks.text("RegionWays.region", self.region)
        checks.frozenset_of("RegionWays.of", self.of, Term)
        checks.frozenset_of("RegionWays.to", self.to, Term)
        checks.member("RegionWays.way", self.way, Way)
