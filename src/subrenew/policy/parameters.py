"""
A vendor's renewal policy, as one value.

Rule 1: every number, list, role and payment kind of a vendor's page is a field here, and every
field carries the clauses it comes from (`RenewalPolicy.cited`).

Rule 2: nothing here decides. Parameters act in one place, where facts are made.

Rule 3: what a page does not say is left unset; it is not guessed.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from subrenew import clauses as page
from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Channel, Kind, PaymentKind, Role, Subscription
from subrenew.model.terms import Term

__all__ = [
    "Access",
    "EarlyRenewal",
    "GroupKey",
    "LateStart",
    "Listing",
    "Product",
    "ProductList",
    "RegionLink",
    "RegionWays",
    "RenewalPolicy",
    "Stage",
    "StageLength",
    "Way",
    "product_key",
]


class Access(StrEnum):
    """What the customer can still use."""

    FULL = "full"
    ADMIN_ONLY = "admin-only"
    NONE = "none"


class EarlyRenewal(StrEnum):
    """Whether one that renews itself may be renewed by hand beforehand (reading 15)."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"


class LateStart(StrEnum):
    """Where the term of a late renewal starts (reading 16)."""

    OLD_END = "old-end"
    RENEWAL_DAY = "renewal-day"


class ProductList(StrEnum):
    """Whether the list of excluded products is complete (reading 8)."""

    OPEN = "open"
    CLOSED = "closed"


class Listing(StrEnum):
    """What the lists of products say of one (reading 8)."""

    EXCLUDED = "excluded"
    ELIGIBLE = "eligible"
    UNLISTED = "unlisted"


class Way(StrEnum):
    """By which way a term can be changed in a region; ``UNKNOWN`` is never a silent no."""

    ACCOUNT = "account"
    SUPPORT = "support"
    NEITHER = "neither"
    UNKNOWN = "unknown"


def product_key(name: str) -> str:
    r"""
    Return the form in which product codes and names are compared (reading 8).

    Whole names, case-folded, width-normalised, blanks collapsed; never a part of a name.

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


@attrs.frozen(kw_only=True, cache_hash=True)
class StageLength:
    """How long a stage lasts for terms up to a length."""

    #: The longest term it is for, included; ``None`` for every longer one.
    up_to: Term | None = None
    #: How many days, 1 or more.
    days: int

    def __attrs_post_init__(self) -> None:
        if self.up_to is not None:
            checks.instance("StageLength.up_to", self.up_to, Term)
        checks.whole_number("StageLength.days", self.days, least=1, most=3660)


@attrs.frozen(kw_only=True, cache_hash=True)
class Stage:
    """One step of the ladder after expiry, during which a late renewal is still taken."""

    #: The vendor's own word for it, such as ``suspended``.
    name: str
    #: What can still be used.
    access: Access
    #: By length of term, shortest first; the last one is for every longer term.
    lengths: tuple[StageLength, ...]

    def __attrs_post_init__(self) -> None:
        checks.text("Stage.name", self.name)
        checks.member("Stage.access", self.access, Access)
        checks.tuple_of("Stage.lengths", self.lengths, StageLength)
        if not self.lengths or self.lengths[-1].up_to is not None:
            raise InvalidValue(
                "Stage.lengths", self.lengths, "end with a length for every longer term"
            )
        limits = [each.up_to.longest_days for each in self.lengths[:-1] if each.up_to]
        if len(limits) < len(self.lengths) - 1 or limits != sorted(set(limits)):
            raise InvalidValue("Stage.lengths", self.lengths, "give the shortest terms first")

    def days_for(self, term: Term) -> int:
        """Return how many days this stage lasts for a subscription of that term."""
        for length in self.lengths[:-1]:
            if length.up_to and term.longest_days <= length.up_to.longest_days:
                return length.days
        return self.lengths[-1].days


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


class GroupKey(StrEnum):
    """What the lines of one purchase have in common."""

    CUSTOMER = "customer"
    CURRENCY = "currency"
    PAYMENT = "payment"


@attrs.frozen(kw_only=True, cache_hash=True)
class RegionWays:
    """By which way a term can be changed in one region."""

    #: A country's two capital letters, or the vendor's own word for a region.
    region: str
    #: Which way.
    way: Way

    def __attrs_post_init__(self) -> None:
        checks.text("RegionWays.region", self.region)
        checks.member("RegionWays.way", self.way, Way)


def _cited(*cited: Clause) -> dict[str, tuple[Clause, ...]]:
    return {"clauses": cited}


@attrs.frozen(kw_only=True, cache_hash=True)
class RenewalPolicy:
    """
    One edition of one vendor's renewal policy.

    Change one with `evolve`; compare two with ``==`` or, cell by cell, with `tables.table`.

    Raises:
        InvalidValue, InvalidType: A field contradicts its meaning or another field.

    >>> from subrenew.policy.vendors import autodesk
    >>> generous = autodesk.EDITION_2024.evolve(id="generous", window_opens_days=120)
    >>> generous.window_opens_days, autodesk.EDITION_2024.window_opens_days
    (120, 90)
    """

    #: Vendor and edition, such as ``autodesk/2024``.
    id: str
    #: Where the vendor published it.
    source: str | None = None
    #: The last day on which the source was checked.
    verified_until: date | None = None
    #: Its clauses, in the order of the source.
    clauses: tuple[Clause, ...] = ()
    #: How many days before expiry the renewal by hand opens (reading 3).
    window_opens_days: int = attrs.field(default=90, metadata=_cited(page.MANUAL_WINDOW))
    #: Kinds that are never renewed.
    not_renewable: frozenset[Kind] = attrs.field(
        default=frozenset({Kind.TRIAL}), metadata=_cited(page.TRIAL)
    )
    #: What follows expiry, in order; empty where expired means over (reading 16).
    stages: tuple[Stage, ...] = attrs.field(default=(), metadata=_cited(page.EXPIRED))
    #: Where the term of a late renewal starts.
    late_start: LateStart = attrs.field(default=LateStart.OLD_END, metadata=_cited(page.EXPIRED))
    #: Whether one that renews itself may be renewed by hand beforehand (reading 15).
    early_renewal: EarlyRenewal = attrs.field(
        default=EarlyRenewal.NOT_ALLOWED, metadata=_cited(page.MANUAL_SOMETIMES)
    )
    #: How a new subscription's automatic renewal is set when it is bought directly.
    auto_renew_default: AutoRenew = attrs.field(
        default=AutoRenew.ON, metadata=_cited(page.AUTOMATIC_DEFAULT)
    )
    #: Kinds of payment for which the customer must act, whatever their own mechanism.
    manual_payment_kinds: frozenset[PaymentKind | str] = attrs.field(
        default=frozenset(), metadata=_cited(page.MANUAL, page.MANUAL_SOMETIMES)
    )
    #: Channels whose renewals somebody else makes.
    partner_channels: frozenset[Channel] = attrs.field(
        default=frozenset({Channel.PARTNER}), metadata=_cited(page.CHANNEL)
    )
    #: Roles that may renew in a managed environment; one of them is enough (reading 14).
    managed_roles: frozenset[Role | str] = attrs.field(
        default=frozenset({Role.OWNER}), metadata=_cited(page.MANAGED)
    )
    #: Roles that may renew elsewhere (reading 14).
    unmanaged_roles: frozenset[Role | str] = attrs.field(
        default=frozenset({Role.OWNER}), metadata=_cited(page.MANAGED)
    )
    #: The least that the renewal price saves, a fraction; ``None`` where none is promised.
    saving_floor_rate: Decimal | None = attrs.field(
        default=None, metadata=_cited(page.SAVING_FLOOR, page.RENEWAL_PRICE)
    )
    #: The longest term that gets no renewal price, included (reading 5).
    price_excluded_up_to: Term | None = attrs.field(
        default=None,
        metadata=_cited(page.EXCLUDED_MONTHLY, page.RENEWAL_PRICE_MONTHLY),
    )
    #: Products that get no renewal price.
    excluded_products: tuple[Product, ...] = attrs.field(
        default=(), metadata=_cited(page.EXCLUDED_PRODUCTS)
    )
    #: Products known to get it.
    eligible_products: tuple[Product, ...] = attrs.field(
        default=(), metadata=_cited(page.EXCLUDED_PRODUCTS)
    )
    #: Whether a product on neither list is unlisted or eligible (reading 8).
    product_list: ProductList = attrs.field(
        default=ProductList.CLOSED, metadata=_cited(page.EXCLUDED_PRODUCTS)
    )
    #: Where a term can be changed, and by which way; elsewhere it is unknown (reading 10).
    term_change_ways: tuple[RegionWays, ...] = attrs.field(
        default=(), metadata=_cited(page.TERM_CHANGE, page.TERM_CHANGE_OTHERWISE)
    )
    #: What the lines of one purchase have in common.
    cart_groups: frozenset[GroupKey] = attrs.field(
        default=frozenset(GroupKey), metadata=_cited(page.MANUAL_CART)
    )
    #: How many lines one purchase may have; ``None`` where there is no limit.
    cart_most_lines: int | None = attrs.field(default=None, metadata=_cited(page.MANUAL_CART))
    #: Where a forgotten order password is reset.
    order_reset_link: str | None = attrs.field(default=None, metadata=_cited(page.ORDER_FORGOTTEN))
    #: Where each region's order page is.
    order_links: tuple[RegionLink, ...] = attrs.field(default=(), metadata=_cited(page.ORDER_LINKS))
    #: The opening as a length of time, made once.
    opening: timedelta = attrs.field(init=False, eq=False, repr=False)
    _excluded: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    _eligible: frozenset[str] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _check_policy(self)
        object.__setattr__(self, "opening", timedelta(days=self.window_opens_days))
        object.__setattr__(self, "_excluded", frozenset(_keys(self.excluded_products)))
        object.__setattr__(self, "_eligible", frozenset(_keys(self.eligible_products)))

    def evolve(self, **changes: object) -> RenewalPolicy:
        """Return the same policy with these fields changed, checked as a new one is."""
        return attrs.evolve(self, **changes)  # type: ignore[arg-type]

    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:  # noqa: ARG002 - a protocol's
        """Return itself: who names one edition has chosen it; `Editions` choose by the day."""
        return self

    @classmethod
    def cited(cls) -> dict[str, tuple[Clause, ...]]:
        """
        Return each parameter's clauses, by the parameter's name.

        >>> [str(clause) for clause in RenewalPolicy.cited()["window_opens_days"]]
        ['manual.window']
        """
        return {
            field.name: field.metadata["clauses"]
            for field in attrs.fields(cls)
            if "clauses" in field.metadata
        }

    def listing(self, product: str) -> Listing:
        """Return what the lists say of a product, by code or alias, whole (reading 8)."""
        key = product_key(product)
        if key in self._excluded:
            return Listing.EXCLUDED
        if self.product_list is ProductList.CLOSED or key in self._eligible:
            return Listing.ELIGIBLE
        return Listing.UNLISTED

    def term_change_way(self, region: str | None) -> Way:
        """Return by which way a term can be changed there; unknown where none is named."""
        if region is None:
            return Way.UNKNOWN
        key = product_key(region)
        ways = (each.way for each in self.term_change_ways if product_key(each.region) == key)
        return next(ways, Way.UNKNOWN)

    def order_link(self, region: str | None) -> str | None:
        """Return the order page's link for a region, if the policy has one."""
        if region is None:
            return None
        key = product_key(region)
        links = (each.url for each in self.order_links if product_key(each.region) == key)
        return next(links, None)

    def late_days(self, term: Term) -> int:
        """Return for how many days after expiry such a term is still renewed; 0 for none."""
        return sum(stage.days_for(term) for stage in self.stages) if self.stages else 0


def _keys(products: tuple[Product, ...]) -> list[str]:
    return [product_key(name) for each in products for name in (each.code, *each.aliases)]


_ENUM_FIELDS: Final = (
    ("late_start", LateStart),
    ("early_renewal", EarlyRenewal),
    ("auto_renew_default", AutoRenew),
    ("product_list", ProductList),
)
_SET_FIELDS: Final = (
    ("not_renewable", (Kind,)),
    ("manual_payment_kinds", (PaymentKind, str)),
    ("partner_channels", (Channel,)),
    ("cart_groups", (GroupKey,)),
    ("managed_roles", (Role, str)),
    ("unmanaged_roles", (Role, str)),
)
_TUPLE_FIELDS: Final = (
    ("clauses", Clause),
    ("stages", Stage),
    ("excluded_products", Product),
    ("eligible_products", Product),
    ("term_change_ways", RegionWays),
    ("order_links", RegionLink),
)


def _check_policy(policy: RenewalPolicy) -> None:
    at = "RenewalPolicy"
    checks.text(f"{at}.id", policy.id)
    checks.optional_text(f"{at}.source", policy.source)
    checks.optional_date(f"{at}.verified_until", policy.verified_until)
    checks.whole_number(f"{at}.window_opens_days", policy.window_opens_days, least=0, most=3660)
    for name, enum in _ENUM_FIELDS:
        checks.member(f"{at}.{name}", getattr(policy, name), enum)
    for name, kinds in _SET_FIELDS:
        checks.frozenset_of(f"{at}.{name}", getattr(policy, name), *kinds)
    for name, kind in _TUPLE_FIELDS:
        checks.tuple_of(f"{at}.{name}", getattr(policy, name), kind)
    if policy.saving_floor_rate is not None:
        checks.rate(f"{at}.saving_floor_rate", policy.saving_floor_rate)
    if policy.price_excluded_up_to is not None:
        checks.instance(f"{at}.price_excluded_up_to", policy.price_excluded_up_to, Term)
    if policy.cart_most_lines is not None:
        checks.whole_number(f"{at}.cart_most_lines", policy.cart_most_lines, least=1, most=10_000)
    checks.optional_text(f"{at}.order_reset_link", policy.order_reset_link)
    _check_contradictions(policy)


def _check_contradictions(policy: RenewalPolicy) -> None:
    both = set(_keys(policy.excluded_products)) & set(_keys(policy.eligible_products))
    if both:
        raise InvalidValue(
            "RenewalPolicy.eligible_products", min(both), "it is on the excluded list too"
        )
    regions = [product_key(each.region) for each in policy.term_change_ways]
    for region in regions:
        if regions.count(region) > 1:
            raise InvalidValue("RenewalPolicy.term_change_ways", region, "name each region once")
    names = [stage.name for stage in policy.stages]
    for name in names:
        if names.count(name) > 1:
            raise InvalidValue("RenewalPolicy.stages", name, "name each stage once")
    for name in ("managed_roles", "unmanaged_roles"):
        if not getattr(policy, name):
            raise InvalidValue(f"RenewalPolicy.{name}", frozenset(), "let somebody renew")
