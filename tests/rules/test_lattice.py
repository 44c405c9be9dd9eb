"""Millions of decisions, each compared with the oracle of `tests/oracle.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, product

import pytest

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Channel,
    EarlyRenewal,
    Editions,
    Kind,
    Mechanism,
    PaymentKind,
    PaymentMethod,
    RenewalPolicy,
    Role,
    Subscription,
    Term,
    renewability,
)
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.vendors import autodesk
from tests.oracle import Answer, Case, day_number

CONDITIONS = (
    Condition(code="open-invoice", message="An invoice is open.", bars=frozenset({Barred.RENEWAL})),
    Condition(code="no-offer", message="No offer.", bars=frozenset({Barred.RENEWAL_PRICE})),
)
POLICIES = (
    autodesk.EDITION_2024,
    autodesk.EDITION_2025_12,
    autodesk.EDITION_2025_12.evolve(
        id="early", early_renewal=EarlyRenewal.ALLOWED, conditions=CONDITIONS
    ),
    autodesk.EDITIONS,
)
FIRST_EDITION, SECOND_EDITION = date(2024, 1, 1), date(2025, 12, 29)
# Month ends, leap days, the turn of a year, a day that every month has; ends around the editions.
STARTS = (
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 11, 30),
    date(2024, 12, 31),
    date(2025, 1, 15),
    date(2025, 12, 1),
)
TERMS = (Term.months(1), Term.years(1), Term.years(3), Term.months(3), Term.days(32))
ACCOUNTS = (
    None,
    Account(id="A-1", managed=False),
    Account(id="A-2", managed=True),
)
ACTORS = (
    None,
    Actor(id="nobody"),
    Actor(id="own", roles=frozenset({"reseller"})),
    Actor(id="two", roles=frozenset({Role.USER, Role.PURCHASER})),
    *(Actor(id=role.value, roles=frozenset({role})) for role in Role),
)
CANCELLATIONS = ("never", "start", "middle", "last day", "end")
ONE_DAY = timedelta(days=1)


def _methods(expires_on: date) -> list[PaymentMethod | None]:
    """Nothing, every kind, and one below, at and above the renewal date for what lapses."""
    lapsing = [expires_on + ONE_DAY * shift for shift in (-1, 0, 1)]
    card_kinds = (PaymentKind.CARD, PaymentKind.DIRECT_DEBIT)
    return [
        None,
        *(PaymentMethod(kind=kind) for kind in PaymentKind),
        *(PaymentMethod(kind=kind, valid_through=day) for kind in card_kinds for day in lapsing),
        PaymentMethod(kind=PaymentKind.INVOICE, valid_through=lapsing[0]),
        *(PaymentMethod(kind="own", mechanism=each) for each in Mechanism),
        PaymentMethod(kind="own", mechanism=Mechanism.PULL, valid_through=lapsing[0]),
        PaymentMethod(kind=PaymentKind.KONBINI, mechanism=Mechanism.PULL),
    ]


def _cancellation(name: str, starts_on: date, expires_on: date) -> date | None:
    return {
        "never": None,
        "start": starts_on,
        "middle": starts_on + (expires_on - starts_on) // 2,
        "last day": expires_on - ONE_DAY,
        "end": expires_on,
    }[name]


def _days(subscription: Subscription, policy: RenewalPolicy | Editions) -> list[date]:
    """The day before, of and after everything that could matter."""
    method, expires_on = subscription.payment_method, subscription.expires_on
    turns = {subscription.starts_on, expires_on, SECOND_EDITION}
    turns.add(expires_on - timedelta(days=90))
    turns |= {expires_on + timedelta(days=late) for late in (15, 30, 45)}
    turns |= {subscription.cancelled_on or expires_on}
    turns |= {method.valid_through or expires_on if method else expires_on}
    days = {turn + ONE_DAY * shift for turn in turns for shift in (-1, 0, 1)}
    if isinstance(policy, Editions):
        days = {day for day in days if day >= FIRST_EDITION}
    return sorted(days)


def _by_shape() -> Iterator[tuple[Subscription, Actor | None]]:
    """Every start, term, cancellation, payment and switch; the rest as it mostly is."""
    for starts_on, term, cancelled in product(STARTS, TERMS, CANCELLATIONS):
        expires_on = term.end(starts_on)
        for switch, method in product(AutoRenew, _methods(expires_on)):
            yield (
                Subscription(
                    id="S-1",
                    product="CAD",
                    term=term,
                    starts_on=starts_on,
                    auto_renew=switch,
                    payment_method=method,
                    cancelled_on=_cancellation(cancelled, starts_on, expires_on),
                ),
                None,
            )


def _by_person() -> Iterator[tuple[Subscription, Actor | None]]:
    """Every kind, switch, payment, channel, account and actor, on shapes that take turns."""
    shapes = cycle(product(STARTS, TERMS, ("never", "never", "middle")))
    raised = cycle(([], ["open-invoice"], ["no-offer"], ["other"], ["no-offer", "open-invoice"]))
    methods = range(len(_methods(FIRST_EDITION)))
    for _, kind, switch, method, channel, account in product(
        range(3), Kind, AutoRenew, methods, Channel, ACCOUNTS
    ):
        starts_on, term, cancelled = next(shapes)
        expires_on = term.end(starts_on)
        subscription = Subscription(
            id="S-1",
            product="CAD",
            term=term,
            starts_on=starts_on,
            kind=kind,
            auto_renew=switch,
            payment_method=_methods(expires_on)[method],
            channel=channel,
            account=account,
            cancelled_on=_cancellation(cancelled, starts_on, expires_on),
            conditions=frozenset(next(raised)),
        )
        for actor in ACTORS:
            yield subscription, actor


def _compared(subscription: Subscription, actor: Actor | None) -> int:
    """Compare every policy on every day; return how many decisions that were."""
    numbers: dict[date, int] = {}
    count = 0
    for policy in POLICIES:
        days = _days(subscription, policy)
        for day in days:
            if day not in numbers:
                numbers[day] = day_number(day)
        if isinstance(policy, Editions):
            before = Case(subscription, autodesk.EDITION_2024, actor)
            after = Case(subscription, autodesk.EDITION_2025_12, actor)
        else:
            before = after = Case(subscription, policy, actor)
        for day in days:
            decision = renewability(subscription, policy=policy, on=day, actor=actor)
            expected = (after if day >= SECOND_EDITION else before).answer(numbers[day])
            found = (
                decision.route,
                decision.can_renew_now,
                decision.renews_itself,
                decision.codes,
            )
            if found != expected:
                pytest.fail(f"{subscription}\n{actor}\n{day}\n{Answer(*found)}\n{expected}")
        count += len(days)
    return count


@pytest.mark.exhaustive
def test_millions_of_decisions_agree_with_the_oracle() -> None:
    """Route, findings and both flags agree with the oracle wherever anything could matter."""
    pairs = (*_by_shape(), *_by_person())
    count = sum(_compared(subscription, actor) for subscription, actor in pairs)
    assert count >= 2_000_000


def test_a_sample_of_the_lattice_agrees_with_the_oracle() -> None:
    """One in fifty of the same pairs, so that a run without the exhaustive tests has some."""
    pairs = (*_by_shape(), *_by_person())
    assert sum(_compared(subscription, actor) for subscription, actor in pairs[::53]) > 20_000
