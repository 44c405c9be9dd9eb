"""
Made-up policies, subscriptions and days, every field varied; each from a number, so that a failure
is found again by its number.

Days lie close together on purpose: opening, switch, renewal date, card, cancellation, stages and
editions meet, cross and fall on one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random  # noqa: TID251 - seeded: the same number gives the same case
from typing import Any, TypeVar

import attrs

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Channel,
    EarlyRenewal,
    Edition,
    Editions,
    Kind,
    ListPrice,
    Mechanism,
    Money,
    NotInForce,
    PaymentKind,
    PaymentMethod,
    PriceList,
    RenewalPolicy,
    RenewalRate,
    Role,
    Subscription,
    Term,
)
from subrenew import clauses as page
from subrenew.errors import InvalidValue
from subrenew.model.entities import AtRenewal, History
from subrenew.policy.choices import TrialEnd
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.editions import KeyedOn, Start
from subrenew.policy.notice_rules import Anchor, NoticeCondition, NoticeRule, RenewsBy, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.pricing import LoyaltyTier, PriceSchedule, Stacking, YearlyIncrease
from subrenew.policy.regions import RegionWays, Way
from subrenew.policy.scopes import EVERYBODY, Bound, Scope, WindowRule
from subrenew.policy.stages import (
    Access,
    AfterLastAttempt,
    BackPay,
    ChargeAttempts,
    LadderStart,
    LateFee,
    LateStart,
    LateTerms,
    Loyalty,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
)
from subrenew.policy.vendors import (
    adobe,
    apple,
    autodesk,
    city_licences,
    google_play,
    icann,
    jetbrains,
    microsoft,
    solidworks,
)

T = TypeVar("T")
AnyPolicy = RenewalPolicy | Editions

ONE_DAY = timedelta(days=1)
TERMS = (
    Term.days(1),
    Term.days(7),
    Term.days(30),
    Term.days(45),
    Term.months(1),
    Term.months(3),
    Term.years(1),
    Term.years(3),
)
USUAL_TERMS = (Term.months(1), Term.months(1), Term.years(1), Term.years(1), *TERMS)
# Month ends, leap days, the turn of a year, a day that every month has.
STARTS = (
    date(2023, 2, 28),
    date(2024, 1, 31),
    date(2024, 2, 27),
    date(2024, 2, 29),
    date(2024, 11, 30),
    date(2024, 12, 31),
    date(2025, 1, 15),
    date(2025, 12, 1),
)
CODES = ("open-invoice", "no-offer", "on-hold", "price-rises")
ROLES = (Role.OWNER, Role.PURCHASER, Role.PRIMARY_ADMIN, "reseller")
OFFERS = (None, None, "education")
COHORTS = (None, "trade-in")
COUNTRIES = (None, "US", "JP", "FR")
SHORT = (0, 1, 2, 5, 15, 30)
#: Before it no edition of a made-up vendor begins.
FIRST_DAY = date(1990, 1, 1)
SHIPPED: tuple[AnyPolicy, ...] = tuple(
    dict.fromkeys(
        each
        for vendor in (
            adobe,
            apple,
            autodesk,
            city_licences,
            google_play,
            icann,
            jetbrains,
            microsoft,
            solidworks,
        )
        for each in vars(vendor).values()
        if isinstance(each, RenewalPolicy | Editions)
    )
)


def _some(random: Random, of: tuple[T, ...], *, least: int = 0) -> frozenset[T]:
    return frozenset(random.sample(of, random.randint(least, len(of))))


def _maybe(random: Random, chance: float, make: Callable[[], T]) -> T | None:
    return make() if random.random() < chance else None


# Policies ---------------------------------------------------------------------------------------


def a_scope(random: Random) -> Scope:
    """Everybody, or some, by one or two fields."""
    if random.random() < 0.4:
        return EVERYBODY
    choices: tuple[dict[str, Any], ...] = (
        {"up_to": Term.months(1)},
        {"longer_than": Term.months(1)},
        {"offers": frozenset({"education"})},
        {"channels": _some(random, tuple(Channel), least=1)},
        {"countries": frozenset({"US", "FR"})},
        {"cohorts": frozenset({"trade-in"})},
    )
    more: dict[str, Any] = random.choice(choices[2:]) if random.random() < 0.2 else {}
    return Scope(**random.choice(choices) | more)


def _a_stage(random: Random, name: str, earlier: list[str]) -> Stage:
    less = tuple(earlier[:1]) if earlier and random.random() < 0.2 else ()
    lengths = [StageLength(days=random.choice(SHORT), less=less)]
    if random.random() < 0.4:
        lengths.insert(0, StageLength(up_to=Term.months(1), days=random.choice(SHORT)))
    return Stage(
        name=name,
        lengths=tuple(lengths),
        access=random.choice(tuple(Access)),
        renewal=StageRenewal.POSSIBLE if random.random() < 0.7 else StageRenewal.OVER,
        price=random.choice(tuple(StagePrice)),
        surcharge_rate=random.choice((None, None, Decimal("0.1"))),
    )


def _stages(random: Random, prefix: str) -> tuple[Stage, ...]:
    earlier: list[str] = []
    found = []
    for number in range(random.choice((0, 0, 1, 2, 2, 3))):
        stage = _a_stage(random, f"{prefix}-{number}", earlier)
        earlier.append(stage.name)
        found.append(stage)
    return tuple(found)


def _late_terms(random: Random) -> LateTerms:
    fees = (
        (),
        (LateFee(rate=Decimal("0.1")),),
        (LateFee(amount=Money("5.00", "USD"), from_days=3),),
        (LateFee(amount=Money("5.00", "EUR")), LateFee(rate=Decimal("0.2"), from_days=10)),
    )
    return LateTerms(
        back_pay=random.choice(tuple(BackPay)),
        capped_at_new=random.random() < 0.3,
        fees=random.choice(fees),
        loyalty=random.choice(tuple(Loyalty)),
    )


def _conditions(random: Random) -> tuple[Condition, ...]:
    """All the codes that subscriptions raise, so that every edition knows them."""
    barred = tuple(Barred)
    return tuple(
        Condition(code=code, message=f"{code}.", bars=_some(random, barred, least=1))
        for code in CODES
    )


def _ways(random: Random) -> tuple[RegionWays, ...]:
    ways = tuple(Way)
    found = [RegionWays(region="US", way=random.choice(ways))]
    if random.random() < 0.5:
        of = _some(random, TERMS) if random.random() < 0.5 else frozenset()
        found = [RegionWays(region="US", way=random.choice(ways), of=of, to=_some(random, TERMS))]
    if random.random() < 0.5:
        found.append(RegionWays(region="FR", way=random.choice(ways)))
    return tuple(found)


def _notices(random: Random) -> tuple[NoticeRule, ...]:
    anchors = (Anchor.WINDOW_OPENS, Anchor.RENEWAL_DATE, Anchor.TERM_END)
    return tuple(
        NoticeRule(
            code=f"renews-by-{renews}-{anchor}",
            clause=page.MANUAL_NOTICE,
            topic=Topic.RENEWAL,
            anchor=anchor,
            earliest=None if anchor is not Anchor.WINDOW_OPENS else Offset(),
            condition=NoticeCondition(renews=renews),
        )
        for renews in RenewsBy
        for anchor in anchors
        if random.random() < 0.8
    )


def _roles(random: Random) -> frozenset[Role | str] | None:
    return _maybe(random, 0.6, lambda: _some(random, ROLES, least=1))


def _a_window_rule(random: Random) -> WindowRule:
    days = random.choice((0, 3, 30, 400))
    bound = random.choice(tuple(Bound)) if days else Bound.INCLUSIVE
    return WindowRule(scope=a_scope(random), opens_days=days, bound=bound)


def _fields(random: Random) -> dict[str, Any]:
    """Every field that decides something; each may be unset."""
    return {
        "window_opens_days": random.choice((None, 0, 1, 5, 30, 90, 90, 400)),
        "window_rules": tuple(
            _a_window_rule(random) for _ in range(random.choice((0, 0, 0, 1, 2)))
        ),
        "trials": random.choice((None, *TrialEnd)),
        "stages": _stages(random, "stage"),
        "cancelled_stages": _stages(random, "cancelled"),
        "ladder_start": random.choice(tuple(LadderStart)),
        "late_terms": _late_terms(random),
        "late_start": random.choice((None, *LateStart)),
        "catch_up_days": random.choice((0, 0, 1, 3, 7, 20)),
        "charge_attempts": _maybe(random, 0.4, lambda: _charge_attempts(random)),
        "early_renewal": random.choice(tuple(EarlyRenewal)),
        "auto_renew_default": random.choice((None, *AutoRenew)),
        "switch_closes_days": random.choice((None, None, 0, 1, 2, 30)),
        "switch_roles": random.choice((None, None, _some(random, ROLES))),
        "renews_to": random.choice((None, None, None, *TERMS)),
        "manual_payment_kinds": _some(random, (PaymentKind.CARD, PaymentKind.INVOICE, "voucher"))
        if random.random() < 0.3
        else frozenset(),
        "partner_channels": random.choice(
            (frozenset(), frozenset({Channel.PARTNER}), frozenset({Channel.ORDER}))
        ),
        "managed_roles": _roles(random),
        "unmanaged_roles": _roles(random),
        "saving_floor_rate": random.choice((None, Decimal("0.05"))),
        "loyalty": random.choice(
            ((), (LoyaltyTier(from_renewals=1, rate=Decimal("0.2"), scope=a_scope(random)),))
        ),
        "price_schedules": _price_schedules(random),
        "stacking": random.choice(tuple(Stacking)),
        "price_excluded_up_to": random.choice((None, Term.months(1))),
        "term_change_ways": _ways(random),
        "conditions": _conditions(random),
        "notices": _notices(random),
    }


def _charge_attempts(random: Random) -> ChargeAttempts:
    days = random.choice(((0,), (-3,), (-3, 0), (0, 1, 5), (-1, 2, 9)))
    return ChargeAttempts(days=days, after_last=random.choice(tuple(AfterLastAttempt)))


def _price_schedules(random: Random) -> tuple[PriceSchedule, ...]:
    if random.random() < 0.7:
        return ()
    increases = tuple(YearlyIncrease(year=year, rate=Decimal("0.05")) for year in (2025, 2026))
    return (PriceSchedule(scope=a_scope(random), base_year=2021, increases=increases),)


def a_policy(random: Random, id: str = "made-up/1") -> RenewalPolicy:
    """A policy that can be: those that contradict themselves are thrown away."""
    while True:
        try:
            return RenewalPolicy(id=id, **_fields(random))
        except InvalidValue:
            continue


def _an_edition(random: Random, policy: RenewalPolicy) -> Edition:
    near = random.choice(STARTS) + ONE_DAY * random.randint(0, 430)
    also = ()
    if random.random() < 0.2:
        also = (Start(keyed_on=random.choice(tuple(KeyedOn)), from_on=near + ONE_DAY * 30),)
    return Edition(
        from_on=near,
        policy=policy,
        keyed_on=random.choice((KeyedOn.ACT, KeyedOn.ACT, *KeyedOn)),
        also=also,
        scope=a_scope(random),
    )


def editions_of(random: Random) -> Editions:
    """One to three editions; the first is always in force."""
    while True:
        first = Edition(from_on=FIRST_DAY, policy=a_policy(random))
        more = range(random.choice((0, 1, 1, 2)))
        others = [_an_edition(random, a_policy(random, f"made-up/{n + 2}")) for n in more]
        try:
            return Editions((first, *others))
        except InvalidValue:
            continue


# Subscriptions ----------------------------------------------------------------------------------


def a_method(random: Random, renewal_on: date) -> PaymentMethod | None:
    """Nothing, or a method that lapses before, on, or after the renewal date."""
    lapsing = renewal_on + ONE_DAY * random.choice((-400, -31, -1, 0, 1, 3, 8, 400))
    return random.choice(
        (
            None,
            PaymentMethod(kind=PaymentKind.PAYPAL),
            PaymentMethod(kind=PaymentKind.PAYPAL),
            PaymentMethod(kind=PaymentKind.CARD, valid_through=lapsing),
            PaymentMethod(kind=PaymentKind.CARD, valid_through=lapsing),
            PaymentMethod(kind=PaymentKind.INVOICE),
            PaymentMethod(kind=PaymentKind.WIRE_TRANSFER),
            PaymentMethod(kind="voucher", mechanism=Mechanism.PULL, valid_through=lapsing),
        )
    )


def _codes(random: Random, known: tuple[str, ...]) -> frozenset[str]:
    if not known or random.random() < 0.7:
        return frozenset()
    return _some(random, known)


def _history(random: Random, starts_on: date, expires_on: date, *, trial: bool) -> History:
    renewed = None if trial else random.choice((None, None, starts_on, starts_on - ONE_DAY * 20))
    held = (expires_on - starts_on).days
    paid_late = (None, None, None, starts_on + ONE_DAY * (held // 2), expires_on - ONE_DAY)
    converted = starts_on + ONE_DAY * (held // 2) if trial and random.random() < 0.2 else None
    failed = converted is None and random.random() < 0.2
    failed_on = (
        expires_on + ONE_DAY * random.choice((-4, -3, -1, 0, 1, 2, 5, 9)) if failed else None
    )
    return History(
        purchased_on=random.choice((None, starts_on, starts_on - ONE_DAY * 700)),
        renewed_on=renewed,
        previous_starts_on=starts_on - ONE_DAY * 365 if renewed else None,
        converted_on=converted,
        renewals=random.choice((0, 1, 5)),
        offer=random.choice(OFFERS),
        price_cohort=random.choice(COHORTS),
        unpaid_since=None if trial or failed else random.choice((*paid_late, expires_on)),
        failed_charges=1 if failed else 0,
        failed_on=random.choice((failed_on, failed_on, None)),
    )


def _cancelled_on(random: Random, starts_on: date, expires_on: date, *, late: bool) -> date | None:
    if random.random() < 0.75:
        return None
    held = (expires_on - starts_on).days
    after = (held + 1, held + 5, held + 40) if late else ()
    return starts_on + ONE_DAY * random.choice((0, held // 2, held - 1, held, *after))


def a_subscription_of(random: Random, policy: AnyPolicy) -> Subscription:
    """A subscription that the policy could be asked about, every field varied."""
    starts_on, term = random.choice(STARTS), random.choice(USUAL_TERMS)
    starts_on += ONE_DAY * random.choice((0, 0, 0, 1, 17))
    anchor = random.choice((None, None, None, 31))
    expires_on = term.end(starts_on, anchor)
    trial = random.random() < 0.15
    known = known_codes(policy)
    fields: dict[str, Any] = {
        "auto_renew": random.choice((AutoRenew.ON, AutoRenew.ON, AutoRenew.OFF)),
        "payment_method": a_method(random, expires_on),
        "conditions": _codes(random, known),
        "next_term": random.choice((None, None, None, *TERMS)),
    }
    history = _history(random, starts_on, expires_on, trial=trial)
    # Nobody cancels what is over already: test_a_cancellation_of_what_is_over_does_not_reopen_it.
    ends = any(s.renewal is StageRenewal.OVER for each in policies_of(policy) for s in each.stages)
    cancelled_on = _cancelled_on(random, starts_on, expires_on, late=not ends)
    if ends and history.unpaid_since is not None:
        cancelled_on = None
    at_renewal = None
    if random.random() < 0.15:
        at_renewal = AtRenewal(
            auto_renew=random.choice((AutoRenew.ON, AutoRenew.ON, AutoRenew.OFF)),
            payment_method=a_method(random, expires_on),
            conditions=_codes(random, known),
            next_term=random.choice((None, None, *TERMS)),
        )
    return Subscription(
        id="S-1",
        product="CAD",
        term=term,
        starts_on=starts_on,
        expires_on=expires_on,
        anchor_day=anchor,
        kind=Kind.TRIAL if trial else Kind.PAID,
        channel=random.choice((Channel.ACCOUNT, *Channel)),
        account=_an_account(random),
        seats=random.choice((1, 3)),
        cancelled_on=cancelled_on,
        history=history,
        at_renewal=at_renewal,
        **fields,
    )


def _an_account(random: Random) -> Account | None:
    return _maybe(
        random,
        0.7,
        lambda: Account(id="A-1", managed=random.random() < 0.5, country=random.choice(COUNTRIES)),
    )


def an_actor(random: Random) -> Actor | None:
    """Nobody, or somebody with some roles or none."""
    return _maybe(random, 0.3, lambda: Actor(id="U-1", roles=_some(random, ROLES)))


def known_codes(policy: AnyPolicy) -> tuple[str, ...]:
    """The conditions that every edition declares."""
    declared = [{each.code for each in edition.conditions} for edition in policies_of(policy)]
    return tuple(sorted(set.intersection(*declared)))


def policies_of(policy: AnyPolicy) -> tuple[RenewalPolicy, ...]:
    """Every policy of some editions, or the one."""
    if isinstance(policy, RenewalPolicy):
        return (policy,)
    return tuple(each.policy for each in policy.editions)


# Days -------------------------------------------------------------------------------------------


def _edge_days(subscription: Subscription, policy: AnyPolicy) -> Iterator[date]:
    """Every day named by anybody, counted without the schedule."""
    starts_on, expires_on = subscription.starts_on, subscription.expires_on
    history, method = subscription.history, subscription.payment_method
    ends = {expires_on, subscription.cancelled_on or expires_on, history.unpaid_since or expires_on}
    yield from (starts_on, *ends)
    then = subscription.at_renewal
    for each in (method, then.payment_method if then else None):
        if each is not None and each.valid_through is not None:
            yield each.valid_through + ONE_DAY
    for day in (history.renewed_on, history.converted_on):
        if day is not None:
            yield day + ONE_DAY
    for edition in policies_of(policy):
        opens = (edition.window_opens_days or 0, *(each.days for each in edition.window_rules))
        yield from (expires_on - ONE_DAY * days for days in opens)
        yield expires_on - ONE_DAY * (edition.switch_closes_days or 0)
        yield expires_on + ONE_DAY * (edition.catch_up_days + 1)
        yield expires_on + ONE_DAY * (edition.run_days + 1)
        for stages in (edition.stages, edition.cancelled_stages):
            for start in ends:
                late = start
                for stage in stages:
                    late += ONE_DAY * stage.days_for(subscription.term)
                    yield late
    if isinstance(policy, Editions):
        for edition in policy.editions:
            yield from (start.from_on for start in edition.starts)


def days_around(subscription: Subscription, policy: AnyPolicy) -> list[date]:
    """The day before, of and after everything that could matter, from the term's start on."""
    first = subscription.starts_on - ONE_DAY * 3
    turns = set(_edge_days(subscription, policy))
    days = {turn + ONE_DAY * shift for turn in turns for shift in (-1, 0, 1)}
    return sorted(day for day in days if first <= day and in_force(subscription, policy, day))


def in_force(subscription: Subscription, policy: AnyPolicy, day: date) -> bool:
    """Whether an edition holds that day."""
    try:
        policy.in_force(subscription, on=day)
    except NotInForce:
        return False
    return True


@attrs.frozen
class Case:
    """A subscription under a policy, and who asks."""

    number: int
    subscription: Subscription
    policy: AnyPolicy
    actor: Actor | None
    days: list[date] = attrs.field(repr=False)


def a_case(number: int, *, shipped: bool = False) -> Case:
    """The case of that number: the same one whenever it is asked for."""
    random = Random(number)
    if shipped:
        policy = SHIPPED[number // 8 % len(SHIPPED)]
    else:
        policy = editions_of(random) if random.random() < 0.35 else a_policy(random)
    subscription = a_subscription_of(random, policy)
    days = days_around(subscription, policy)
    return Case(number, subscription, policy, an_actor(random), days)


def cases(count: int, *, start: int = 0) -> Iterator[Case]:
    """So many cases: one in eight under a shipped policy, the others under one of its own."""
    for number in range(start, start + count):
        yield _known_case(number)


@lru_cache(maxsize=3_000)
def _known_case(number: int) -> Case:
    # Every pair is tried on the same cases, and making one takes longer than asking about it.
    return a_case(number, shipped=number % 8 == 0)


# Prices -----------------------------------------------------------------------------------------


def a_price_list(number: int) -> PriceList:
    """A price for each term that changes every few months, and rates that do."""
    random = Random(number)
    currency = random.choice(("USD", "USD", "EUR"))
    days = (date(1990, 1, 1), date(2024, 6, 1), date(2025, 2, 14), date(2025, 12, 20))
    prices = tuple(
        ListPrice(
            product="CAD",
            term=term,
            price=Money(f"{random.randint(0, 30000) / Decimal(100):.2f}", currency),
            from_on=day,
        )
        for term in TERMS
        for day in days
        if random.random() < 0.95
    )
    rates = tuple(
        RenewalRate(rate=Decimal(random.choice(("0.05", "0.08", "0.3"))), from_on=day)
        for day in days[1:]
    )
    return PriceList(prices=prices, rates=rates if random.random() < 0.5 else ())
