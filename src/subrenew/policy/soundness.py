"""
Whether a policy can be what it says: types, ranges, and fields that contradict each other.

Rule 1: a contradiction is refused when the policy is made: a product on both lists, a region with
two ways, a stage that no day ever reaches.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.entities import AutoRenew, Channel, PaymentKind, Role
from subrenew.model.terms import Term
from subrenew.policy.choices import EarlyRenewal, GroupKey, TrialEnd
from subrenew.policy.conditions import Condition
from subrenew.policy.notice_rules import NoticeRule
from subrenew.policy.pricing import ConsentRule, LoyaltyTier, PriceSchedule, Stacking
from subrenew.policy.products import Product, ProductList, product_key, product_keys
from subrenew.policy.regions import RegionLink, RegionWays
from subrenew.policy.scopes import WindowRule
from subrenew.policy.stages import (
    ChargeAttempts,
    LadderStart,
    LateStart,
    LateTerms,
    Stage,
    StageRenewal,
    ladder_days,
)

if TYPE_CHECKING:
    from subrenew.policy.parameters import RenewalPolicy

__all__ = ["check_policy"]

_ENUM_FIELDS: Final[tuple[tuple[str, type[StrEnum]], ...]] = (
    ("early_renewal", EarlyRenewal),
    ("product_list", ProductList),
    ("ladder_start", LadderStart),
    ("stacking", Stacking),
)
#: Unset where the page is silent.
_OPTIONAL_ENUM_FIELDS: Final[tuple[tuple[str, type[StrEnum]], ...]] = (
    ("late_start", LateStart),
    ("auto_renew_default", AutoRenew),
    ("trials", TrialEnd),
)
_OPTIONAL_ROLE_FIELDS: Final = ("managed_roles", "unmanaged_roles", "switch_roles")
_SET_FIELDS: Final = (
    ("manual_payment_kinds", (PaymentKind, str)),
    ("partner_channels", (Channel,)),
    ("cart_groups", (GroupKey,)),
)
_TUPLE_FIELDS: Final = (
    ("clauses", Clause),
    ("stages", Stage),
    ("excluded_products", Product),
    ("eligible_products", Product),
    ("term_change_ways", RegionWays),
    ("order_links", RegionLink),
    ("window_rules", WindowRule),
    ("cancelled_stages", Stage),
    ("loyalty", LoyaltyTier),
    ("price_schedules", PriceSchedule),
    ("conditions", Condition),
    ("notices", NoticeRule),
)


def check_policy(policy: RenewalPolicy) -> None:
    """Refuse a policy with a field of another type, out of its range, or against another field."""
    at = "RenewalPolicy"
    checks.text(f"{at}.id", policy.id)
    checks.optional_text(f"{at}.source", policy.source)
    checks.optional_date(f"{at}.verified_until", policy.verified_until)
    if policy.window_opens_days is not None:
        checks.whole_number(f"{at}.window_opens_days", policy.window_opens_days, least=0, most=3660)
    checks.whole_number(f"{at}.catch_up_days", policy.catch_up_days, least=0, most=366)
    for name, choice in _OPTIONAL_ENUM_FIELDS:
        if getattr(policy, name) is not None:
            checks.member(f"{at}.{name}", getattr(policy, name), choice)
    for name in _OPTIONAL_ROLE_FIELDS:
        if getattr(policy, name) is not None:
            checks.frozenset_of(f"{at}.{name}", getattr(policy, name), Role, str)
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
    checks.instance(f"{at}.late_terms", policy.late_terms, LateTerms)
    if policy.charge_attempts is not None:
        checks.instance(f"{at}.charge_attempts", policy.charge_attempts, ChargeAttempts)
    if policy.consent is not None:
        checks.instance(f"{at}.consent", policy.consent, ConsentRule)
    if policy.renews_to is not None:
        checks.instance(f"{at}.renews_to", policy.renews_to, Term)
    if policy.switch_closes_days is not None:
        checks.whole_number(
            f"{at}.switch_closes_days", policy.switch_closes_days, least=0, most=3660
        )
    if policy.cart_most_lines is not None:
        checks.whole_number(f"{at}.cart_most_lines", policy.cart_most_lines, least=1, most=10_000)
    checks.optional_text(f"{at}.order_reset_link", policy.order_reset_link)
    _check_cites(policy)
    _check_contradictions(policy)


def _check_cites(policy: RenewalPolicy) -> None:
    at, cited = "RenewalPolicy.cites", policy.cited()
    names = [each.parameter for each in policy.cites]
    for name in names:
        if name not in cited:
            raise InvalidValue(at, name, "name a parameter of RenewalPolicy.cited()")
        if names.count(name) > 1:
            raise InvalidValue(at, name, "cite each parameter once")


def _check_contradictions(policy: RenewalPolicy) -> None:
    both = set(product_keys(policy.excluded_products)) & set(product_keys(policy.eligible_products))
    if both:
        raise InvalidValue(
            "RenewalPolicy.eligible_products", min(both), "it is on the excluded list too"
        )
    named = (
        ("term_change_ways", [_named(each) for each in policy.term_change_ways]),
        ("order_links", [product_key(each.region) for each in policy.order_links]),
        ("stages", [stage.name for stage in (*policy.stages, *policy.cancelled_stages)]),
        ("conditions", [each.code for each in policy.conditions]),
        ("notices", [each.code for each in policy.notices]),
    )
    for field, names in named:
        for name in names:
            if names.count(name) > 1:
                raise InvalidValue(f"RenewalPolicy.{field}", name, "name each one once")
    _check_ladder("stages", policy.stages)
    _check_ladder("cancelled_stages", policy.cancelled_stages)
    for name in ("managed_roles", "unmanaged_roles"):
        if getattr(policy, name) == frozenset():
            raise InvalidValue(f"RenewalPolicy.{name}", frozenset(), "let somebody renew")


def _check_ladder(field: str, stages: tuple[Stage, ...]) -> None:
    earlier: set[str] = set()
    for index, stage in enumerate(stages):
        for length in stage.lengths:
            unknown = sorted(set(length.less) - earlier)
            if unknown:
                raise InvalidValue(
                    f"RenewalPolicy.{field}[{index}].lengths", unknown[0], "name an earlier stage"
                )
        earlier.add(stage.name)
        if stage.renewal is StageRenewal.POSSIBLE and any(
            each.renewal is StageRenewal.OVER for each in stages[:index]
        ):
            raise InvalidValue(
                f"RenewalPolicy.{field}[{index}].renewal",
                stage.name,
                "put the stages that still renew before those in which it is over",
            )
        if not _reached(stages[: index + 1]):
            raise InvalidValue(
                f"RenewalPolicy.{field}[{index}].lengths", stage.name, "no day ever reaches it"
            )


def _reached(stages: tuple[Stage, ...]) -> bool:
    """Return whether the last of these stages has a day for some term."""
    limits = {length.up_to for stage in stages for length in stage.lengths if length.up_to}
    return any(ladder_days(stages, term)[-1][1] for term in (*limits, Term.years(7100)))


def _named(ways: RegionWays) -> str:
    """Return what names a region's way: the region, and the terms where there are any."""
    terms = sorted(map(str, ways.of)), sorted(map(str, ways.to))
    return product_key(ways.region) + (f" {terms}" if any(terms) else "")
