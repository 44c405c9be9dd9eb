"""
A vendor's renewal policy, as one value.

Rule 1: every number, list, role and payment kind of a vendor's page is a field here, and every
field carries the clauses it comes from (`RenewalPolicy.cited`).

Rule 2: nothing here decides. Parameters act in one place, where facts are made.

Rule 3: what a page does not say is left unset; it is not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import attrs

from subrenew import clauses as page
from subrenew.clauses import Clause
from subrenew.errors import InvalidType, InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Channel, PaymentKind, Role, Subscription
from subrenew.model.terms import Term
from subrenew.policy import mapping as mappings
from subrenew.policy.choices import EarlyRenewal, GroupKey, TrialEnd
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.notice_rules import NoticeRule
from subrenew.policy.pricing import ConsentRule, LoyaltyTier, PriceSchedule, Stacking
from subrenew.policy.products import Listing, Product, ProductList, product_key, product_keys
from subrenew.policy.regions import RegionLink, RegionWays, Way
from subrenew.policy.scopes import WindowRule
from subrenew.policy.soundness import check_policy
from subrenew.policy.stages import (
    Access,
    ChargeAttempts,
    LadderStart,
    LateStart,
    LateTerms,
    Stage,
    StageLength,
    StageRenewal,
    ladder_days,
)

__all__ = [
    "Access",
    "Citation",
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
    "TrialEnd",
    "Way",
    "product_key",
]


_LATE_TERMS: Final = LateTerms()
_LADDERS: Final = frozenset({"stages", "cancelled_stages"})


@attrs.frozen(kw_only=True, cache_hash=True)
class Citation:
    """
    The clause of a policy's own page that says a parameter.

    A policy takes a mapping from name to clause as well, and makes these of it, in the order of the
    names.

    Raises:
        InvalidType, InvalidValue: The parameter is no text, or the clause no `Clause`.

    >>> window = Clause("acme.window", "Renewals", "Renew from 60 days before the end.")
    >>> policy = RenewalPolicy(
    ...     id="acme/1", window_opens_days=60, cites={"window_opens_days": window}
    ... )
    >>> policy.cites == (Citation(parameter="window_opens_days", clause=window),)
    True
    """

    #: The parameter's name, such as ``window_opens_days``.
    parameter: str
    #: The clause.
    clause: Clause

    def __attrs_post_init__(self) -> None:
        checks.text("Citation.parameter", self.parameter)
        checks.instance("Citation.clause", self.clause, Clause)


def _as_citations(
    given: Mapping[str, Clause] | tuple[Citation, ...],
) -> tuple[Citation, ...]:
    """Return citations by name, so that two policies that cite the same are equal."""
    at, remedy = "RenewalPolicy.cites", "give a mapping from parameter to clause"
    found = []
    if isinstance(given, Mapping):
        for name, clause in given.items():
            if type(name) is not str:
                raise InvalidType(at, name, "name a parameter of RenewalPolicy.cited()")
            if type(clause) is not Clause:
                raise InvalidType(f"{at}[{name!r}]", clause, "give a clause")
            found.append(Citation(parameter=name, clause=clause))
    elif type(given) is tuple and all(type(each) is Citation for each in given):
        found = list(given)
    else:
        raise InvalidType(at, given, remedy)
    return tuple(sorted(found, key=lambda each: each.parameter))


def _cited(*cited: Clause) -> dict[str, tuple[Clause, ...]]:
    return {"clauses": cited}


def _clauses_of(value: object) -> list[Clause | None]:
    """Return what each part of a parameter's value cites, or the value itself."""
    if type(value) is LateTerms and value == LateTerms(fees=value.fees):
        value = value.fees  # they are all that it says
    parts = value if type(value) is tuple else (value,)
    return [getattr(each, "clause", None) for each in parts]


def _default_of(name: str) -> object:
    return getattr(attrs.fields(RenewalPolicy), name).default


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
    #: How many days before expiry manual renewal opens (reading 3); ``None`` where the page does
    #: not say.
    window_opens_days: int | None = attrs.field(default=None, metadata=_cited(page.MANUAL_WINDOW))
    #: Where it opens otherwise; the first rule that covers a subscription is its own.
    window_rules: tuple[WindowRule, ...] = attrs.field(
        default=(), metadata=_cited(page.MANUAL_WINDOW)
    )
    #: What becomes of a trial at its end; ``None`` where the page does not say.
    trials: TrialEnd | None = attrs.field(default=None, metadata=_cited(page.TRIAL))
    #: What follows expiry, in order; empty where expired means over (reading 16).
    stages: tuple[Stage, ...] = attrs.field(default=(), metadata=_cited(page.EXPIRED))
    #: What follows a cancellation, in order; empty where cancelled means over.
    cancelled_stages: tuple[Stage, ...] = attrs.field(default=(), metadata=_cited(page.EXPIRED))
    #: Where the stages after expiry begin.
    ladder_start: LadderStart = attrs.field(
        default=LadderStart.TERM_END, metadata=_cited(page.EXPIRED)
    )
    #: What a late renewal costs on top.
    late_terms: LateTerms = attrs.field(default=_LATE_TERMS, metadata=_cited(page.EXPIRED))
    #: Where the term of a late renewal starts; ``None`` where the page does not say (reading 16).
    late_start: LateStart | None = attrs.field(default=None, metadata=_cited(page.EXPIRED))
    #: For how many days after the renewal date an automatic renewal may still be made; 0 for that
    #: day alone (reading 29).
    catch_up_days: int = attrs.field(default=0, metadata=_cited(page.AUTOMATIC_SWITCH_ON))
    #: When a renewal is charged, and charged again where that failed; ``None`` for the renewal date
    #: alone, where the page does not say.
    charge_attempts: ChargeAttempts | None = attrs.field(
        default=None, metadata=_cited(page.AUTOMATIC)
    )
    #: Whether one that renews itself may be renewed manually beforehand (reading 15).
    early_renewal: EarlyRenewal = attrs.field(
        default=EarlyRenewal.NOT_ALLOWED, metadata=_cited(page.MANUAL_SOMETIMES)
    )
    #: How a new subscription's automatic renewal is set when it is bought directly; ``None`` where
    #: the page does not say.
    auto_renew_default: AutoRenew | None = attrs.field(
        default=None, metadata=_cited(page.AUTOMATIC_DEFAULT)
    )
    #: How many days before the end automatic renewal can be switched for the last time; ``None``
    #: for as long as it is not over.
    switch_closes_days: int | None = attrs.field(default=None, metadata=_cited(page.ORDER_SWITCH))
    #: Roles that may switch automatic renewal; ``None`` for those that may renew.
    switch_roles: frozenset[Role | str] | None = attrs.field(
        default=None, metadata=_cited(page.MANAGED, page.ORDER_SWITCH)
    )
    #: The term that a renewal is for where it is not the same again.
    renews_to: Term | None = attrs.field(default=None, metadata=_cited(page.AUTOMATIC_SWITCH_ON))
    #: Kinds of payment for which the customer must act, whatever their own mechanism.
    manual_payment_kinds: frozenset[PaymentKind | str] = attrs.field(
        default=frozenset(), metadata=_cited(page.MANUAL, page.MANUAL_SOMETIMES)
    )
    #: Channels whose renewals somebody else makes.
    partner_channels: frozenset[Channel] = attrs.field(
        default=frozenset({Channel.PARTNER}), metadata=_cited(page.CHANNEL)
    )
    #: Roles that may renew in a managed environment; one of them is enough (reading 14). ``None``
    #: where the page does not say.
    managed_roles: frozenset[Role | str] | None = attrs.field(
        default=None, metadata=_cited(page.MANAGED)
    )
    #: Roles that may renew elsewhere (reading 14); ``None`` where the page does not say.
    unmanaged_roles: frozenset[Role | str] | None = attrs.field(
        default=None, metadata=_cited(page.MANAGED)
    )
    #: The least that the renewal price saves, a fraction; ``None`` where none is promised.
    saving_floor_rate: Decimal | None = attrs.field(
        default=None, metadata=_cited(page.SAVING_FLOOR, page.RENEWAL_PRICE)
    )
    #: What is saved from so many consecutive terms on.
    loyalty: tuple[LoyaltyTier, ...] = attrs.field(default=(), metadata=_cited(page.SAVING_BASE))
    #: Prices that were locked and rise as announced.
    price_schedules: tuple[PriceSchedule, ...] = attrs.field(
        default=(), metadata=_cited(page.SAVING_REVISABLE)
    )
    #: When a dearer renewal needs the customer's consent; ``None`` where the page is silent.
    consent: ConsentRule | None = attrs.field(default=None, metadata=_cited(page.SAVING_REVISABLE))
    #: What becomes of the renewal price beside a discount or a promotion (reading 7).
    stacking: Stacking = attrs.field(
        default=Stacking.NONE, metadata=_cited(page.EXCLUDED_REDUCTIONS)
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
    #: Which messages are due when.
    notices: tuple[NoticeRule, ...] = attrs.field(default=(), metadata=_cited(page.MANUAL_NOTICE))
    #: Conditions of a user's own, which the source knows nothing of.
    conditions: tuple[Condition, ...] = ()
    #: The policy's own clauses for its parameters; a mapping from name to clause may be given.
    cites: tuple[Citation, ...] = attrs.field(default=(), converter=_as_citations)
    #: The opening as a length of time, made once; ``None`` where it is not said.
    opening: timedelta | None = attrs.field(init=False, eq=False, repr=False)
    _excluded: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    _eligible: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    _raisable: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    _own: frozenset[Clause] = attrs.field(init=False, eq=False, repr=False)
    _own_clauses: Mapping[str, Clause] = attrs.field(init=False, eq=False, repr=False)
    _is_source: bool = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        check_policy(self)
        days = self.window_opens_days
        object.__setattr__(self, "opening", None if days is None else timedelta(days=days))
        object.__setattr__(self, "_excluded", frozenset(product_keys(self.excluded_products)))
        object.__setattr__(self, "_eligible", frozenset(product_keys(self.eligible_products)))
        declared = frozenset(each.code for each in self.conditions)
        noticed = (each.condition.raised for each in self.notices)
        object.__setattr__(self, "_raisable", declared.union(*noticed))
        object.__setattr__(self, "_own", frozenset(self.clauses))
        found = {name: self._own_clause(name) for name in (*self.cited(), "conditions")}
        own = {name: clause for name, clause in found.items() if clause is not None}
        object.__setattr__(self, "_own_clauses", own)  # a dict, because a proxy is not pickled
        object.__setattr__(self, "_is_source", self.clauses == page.CLAUSES)

    @classmethod
    def from_mapping(cls, mapping: object) -> RenewalPolicy:
        """
        Return the policy that a mapping of plain JSON or TOML types says.

        Raises:
            InvalidValues: Whatever is wrong with it, all at once, each with its path.

        >>> RenewalPolicy.from_mapping({"id": "v/1", "price_excluded_up_to": "P1M"}).id
        'v/1'
        """
        return mappings.from_mapping(cls, mapping)

    def to_mapping(self) -> dict[str, Any]:
        """Return the policy as a mapping that `from_mapping` reads; defaults are left out."""
        return mappings.to_mapping(self)

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

    def citation(
        self, parameter: str | None, general: Clause, own: Clause | None = None
    ) -> tuple[Clause, bool]:
        """
        Return the clause that a parameter follows from, and whether it is the policy's own.

        Args:
            parameter: The parameter's name, if one says it.
            general: The vocabulary's entry, for a policy that gives none.
            own: The clause of the stage, tier, fee or rule itself, where it has one.
        """
        if own is not None:
            return own, True
        if self._is_source and not self.cites and parameter != "conditions":
            return general, True
        own = self._own_clauses.get(parameter or "")
        return (general, general in self._own) if own is None else (own, True)

    def _own_clause(self, parameter: str) -> Clause | None:
        for each in self.cites:
            if each.parameter == parameter:
                return each.clause
        found = _clauses_of(getattr(self, parameter))
        if parameter in _LADDERS:
            return found[-1] if found else None  # after its last stage it is over
        return found[0] if len(set(found)) == 1 else None

    def uncited(self) -> tuple[str, ...]:
        """
        Return the parameters that are set but for which no clause of the policy's own is known.

        Their findings cite the vocabulary's entry, and say so. Not counted is what its own value
        cites: a stage, a tier, a fee.

        >>> RenewalPolicy(id="v/1", window_opens_days=30).uncited()
        ('window_opens_days',)
        """
        cites = {each.parameter for each in self.cites}
        return tuple(
            name
            for name, general in self.cited().items()
            if getattr(self, name) != _default_of(name)
            and name not in cites
            and not any(each in self.clauses for each in general)
            and None in _clauses_of(getattr(self, name))
        )

    def listing(self, product: str) -> Listing:
        """Return what the lists say of a product, by code or alias, whole (reading 8)."""
        key = product_key(product)
        if key in self._excluded:
            return Listing.EXCLUDED
        if self.product_list is ProductList.CLOSED or key in self._eligible:
            return Listing.ELIGIBLE
        return Listing.UNLISTED

    def term_change_way(
        self, region: str | None, *, of: Term | None = None, to: Term | None = None
    ) -> Way:
        """
        Return by which way a term can be changed there; unknown where none is named.

        Where the policy names terms for a region, another term cannot be changed there.
        """
        if region is None:
            return Way.UNKNOWN
        key = product_key(region)
        named = [each for each in self.term_change_ways if product_key(each.region) == key]
        for each in named:
            if (not each.of or of in each.of) and (not each.to or to in each.to):
                return each.way
        return Way.NEITHER if named else Way.UNKNOWN

    def order_link(self, region: str | None) -> str | None:
        """Return the order page's link for a region, if the policy has one."""
        if region is None:
            return None
        key = product_key(region)
        links = (each.url for each in self.order_links if product_key(each.region) == key)
        return next(links, None)

    def late_days(self, term: Term) -> int:
        """Return for how many days after expiry such a term is still renewed; 0 for none."""
        days = late = 0
        for stage, length in ladder_days(self.stages, term):
            days += length
            if length and stage.renewal is StageRenewal.POSSIBLE:
                late = days
        return late

    @property
    def charge_days(self) -> tuple[int, ...]:
        """The days after the renewal date on which it is charged; that date where none is said."""
        return (0,) if self.charge_attempts is None else self.charge_attempts.days

    @property
    def run_days(self) -> int:
        """For how many days after the renewal date a run or an attempt may still renew it."""
        return max(self.catch_up_days, self.charge_days[-1])

    def roles(self, *, managed: bool) -> frozenset[Role | str] | None:
        """Return the roles that may renew, in a managed environment or elsewhere."""
        return self.managed_roles if managed else self.unmanaged_roles

    def renewal_term(self, subscription: Subscription) -> Term:
        """Return the next renewal's term: the one asked for, the policy's, or the same again."""
        return subscription.next_term or self.renews_to or subscription.term

    def loyalty_tier(self, subscription: Subscription) -> LoyaltyTier | None:
        """Return the tier of consecutive terms that saves most on the next renewal, if any."""
        renewals = subscription.history.renewals
        tiers = (
            tier
            for tier in self.loyalty
            if renewals >= tier.from_renewals and tier.scope.covers(subscription)
        )
        return max(tiers, key=lambda tier: tier.rate, default=None)

    def loyalty_rate(self, subscription: Subscription) -> Decimal | None:
        """Return what consecutive terms save on the next renewal, if a tier is reached."""
        tier = self.loyalty_tier(subscription)
        return None if tier is None else tier.rate

    def barred_by(self, raised: frozenset[str], what: Barred) -> tuple[Condition, ...]:
        """Return the conditions of a user's own that hold and bar this."""
        return tuple(each for each in self.conditions if each.code in raised and what in each.bars)

    def check_conditions(self, raised: frozenset[str]) -> None:
        """
        Raise unless every condition that holds is declared, by the policy or by one of its notices.

        Raises:
            InvalidValue: One is not; it would bar nothing and nobody would notice (reading 27).
        """
        if not raised <= self._raisable:
            known = ", ".join(sorted(self._raisable)) or "none"
            raise InvalidValue(
                "Subscription.conditions",
                min(raised - self._raisable),
                f"declare it in RenewalPolicy.conditions of {self.id}, which has: {known}",
            )
