"""
Products as a policy names them.

Rule 1: a product matches by its code or an alias, whole: case-folded, width-normalised, blanks
collapsed; never by a part of a name (reading 8).
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import lru_cache

import attrs

from subrenew.model import checks

__all__ = ["Listing", "Product", "ProductList", "product_key", "product_keys"]


class ProductList(StrEnum):
    """Whether the list of excluded products is complete (reading 8)."""

    OPEN = "open"
    CLOSED = "closed"


class Listing(StrEnum):
    """What the lists of products say of one (reading 8)."""

    EXCLUDED = "excluded"
    ELIGIBLE = "eligible"
    UNLISTED = "unlisted"


@lru_cache(maxsize=4096)
@lru_cache(maxsize=4096)
def product_key(name: str) -> str:
    r"""
    Return the form in which product codes and names are compared (reading 8).

    >>> product_key("  AutoCAD   WEB ") == product_key("\uff21utoCAD Web")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@attrs.frozen(kw_only=True, cache_hash=True)
class Product:
    """A product as a policy names it."""

    #: The code that subscriptions carry.
    code: str
    #: Other names of the same product, in any language.
    aliases: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        checks.text("Product.code", self.code)
        checks.frozenset_of("Product.aliases", self.aliases, str)


def product_keys(products: tuple[Product, ...]) -> list[str]:
    """Return every name of every product, in the form in which names are compared."""
    return [product_key(name) for each in products for name in (each.code, *each.aliases)]
