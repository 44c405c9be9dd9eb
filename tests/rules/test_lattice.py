"""Millions of decisions, each compared with the oracle of `tests/oracle.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice, product
from typing import Any

import attrs
import pytest

from subrenew import (
    Access,
    Account,
    Actor,
    AtRenewal,
    AutoRenew,
    BackPay,
    Channel,
    EarlyRenewal,
    Editions,
    History,
    Kind,
    LadderStart,
    LateStart,
    LateTerms,
    Mechanism,
    PaymentKind,
    PaymentMethod,
    RenewalPolicy,
    Role,
    Stage,
    StageLength,
    StageRenewal,
    Subscription,
    Term,
    TrialEnd,
    renewability,
)
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.vendors import autodesk
from subrenew.rules.renewability import QUESTION
from tests.oracle import Answer, Case, day_number, term_end

Policies = tuple[RenewalPolicy | Editions, ...]

CONDITIONS = (
    Condition(code="open-invoice", message="An invoice is open.", bars=frozenset({Barred.RENEWAL})),
    Condition(code="no-offer", message="No offer.", bars=frozenset({Barred.RENEWAL_PRICE})),
)


def _stage(name: str, *lengths: StageLength, renews: bool = True) -> Stage:
    renewal = StageRenewal.POSSIBLE if renews else StageRenewal.OVER
    return Stage(name=name, access=Access.NONE, lengths=lengths, renewal=renewal)


#: Long enough for a month, and for 32 days, to be over before they are paid for.
LADDER = (
    _stage("grace", StageLength(days=15)),
    _stage("redeem", StageLength(days=45, less=("grace",))),
    _stage("gone", StageLength(up_to=Term.months(1), days=2), StageLength(days=0), renews=False),
)
#: Unset wherever a page can be silent.
SILENT = RenewalPolicy(id="silent", stages=LADDER, conditions=CONDITIONS)
POLICIES = (
    autodesk.EDITION_2024,
    autodesk.EDITION_2025_12,
    autodesk.EDITION_2025_12.evolve(
        id="early",
        early_renewal=EarlyRenewal.ALLOWED,
        conditions=CONDITIONS,
        catch_up_days=0,
        trials=TrialEnd.GOES_ON,
    ),
    autodesk.EDITIONS,
    SILENT.evolve(catch_up_days=7, early_renewal=EarlyRenewal.ALLOWED),
    SILENT.evolve(
        id="old end",
        late_start=LateStart.OLD_END,
        trials=TrialEnd.GOES_ON,
        ladder_start=LadderStart.EARLIER,
        cancelled_stages=(_stage("after", StageLength(days=15)),),
        catch_up_days=1,
    ),
)
#: Asked about fewer subscriptions, where a late term begins elsewhere.
MORE_POLICIES = (
    SILENT.evolve(id="own day", late_start=LateStart.RENEWAL_DAY, window_opens_days=0),
    SILENT.evolve(
        id="missed",
        late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS),
        ladder_start=LadderStart.UNPAID_INVOICE,
        renews_to=Term.months(1),
        managed_roles=frozenset({Role.PURCHASER}),
        window_opens_days=31,
    ),
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
CANCELLATIONS = ("never", "never", "start", "middle", "last day", "end", "late")
#: Days after the end on which a stage, a run or a late term may turn under some policy.
LATE_DAYS = (1, 2, 4, 8, 9, 15, 17, 30, 45, 47)
ONE_DAY = timedelta(days=1)


def _methods(expires_on: date) -> list[PaymentMethod | None]:
    """Nothing, every kind, and for what lapses the days around the renewal date and the run."""
    shifts = {PaymentKind.CARD: (-1, 0, 1), PaymentKind.DIRECT_DEBIT: (-1, 3, 6, 7, 8)}
    return [
        None,
        *(PaymentMethod(kind=kind) for kind in PaymentKind),
        *(
            PaymentMethod(kind=kind, valid_through=expires_on + shift * ONE_DAY)
            for kind in shifts
            for shift in shifts[kind]
        ),
        PaymentMethod(kind=PaymentKind.INVOICE, valid_through=expires_on - ONE_DAY),
        *(PaymentMethod(kind="own", mechanism=each) for each in Mechanism),
        PaymentMethod(kind="own", mechanism=Mechanism.PULL, valid_through=expires_on - ONE_DAY),
        PaymentMethod(kind=PaymentKind.KONBINI, mechanism=Mechanism.PULL),
    ]


def _cancellation(name: str, starts_on: date, expires_on: date) -> date | None:
    return {
        "never": None,
        "start": starts_on,
        "middle": starts_on + (expires_on - starts_on) // 2,
        "last day": expires_on - ONE_DAY,
        "end": expires_on,
        "late": expires_on + 10 * ONE_DAY,
    }[name]


def _days(subscription: Subscription, policy: RenewalPolicy | Editions) -> list[date]:
    """The day before, of and after everything that could matter."""
    method, expires_on = subscription.payment_method, subscription.expires_on
    history, cancelled_on = subscription.history, subscription.cancelled_on
    turns = {subscription.starts_on, expires_on}
    turns |= {expires_on - timedelta(days=days) for days in (31, 90)}
    turns |= {expires_on + timedelta(days=late) for late in LATE_DAYS}
    for length in (subscription.term, Term.months(1)):
        # The end of the next term, which a late renewal may reach.
        begins = (expires_on.year, expires_on.month, expires_on.day)
        ends_on = date(*term_end(begins, length, subscription.anchor_day))
        turns |= {ends_on} if ends_on < expires_on + timedelta(days=50) else set()
    if cancelled_on is not None:
        turns |= {cancelled_on, cancelled_on + timedelta(days=15)}
    turns |= {day for day in (history.unpaid_since, history.renewed_on) if day is not None}
    turns |= {method.valid_through + ONE_DAY} if method and method.valid_through else set()
    days = {turn + ONE_DAY * shift for turn in turns for shift in (-1, 0, 1)}
    if isinstance(policy, Editions):
        days |= {SECOND_EDITION + ONE_DAY * shift for shift in (-1, 0, 1)}
        days = {day for day in days if day >= FIRST_EDITION}
    return sorted(days)


def _histories(expires_on: date) -> list[History]:
    """Never renewed, renewed on a day of the term, an invoice unpaid, a trial converted."""
    return [
        History(),
        History(),
        History(renewed_on=expires_on - 20 * ONE_DAY),
        History(unpaid_since=expires_on - 10 * ONE_DAY),
        History(),
        History(unpaid_since=expires_on + 5 * ONE_DAY),
        History(converted_on=expires_on - 3 * ONE_DAY),
    ]


def _by_shape() -> Iterator[tuple[Subscription, Actor | None]]:
    """Every start, term, cancellation, payment and switch; the rest takes turns."""
    turn, kinds = cycle(range(7)), cycle((Kind.PAID, Kind.PAID, Kind.PAID, Kind.TRIAL, Kind.PAID))
    for starts_on, term, cancelled in product(STARTS, TERMS, CANCELLATIONS):
        expires_on = term.end(starts_on)
        for switch, method in product(AutoRenew, _methods(expires_on)):
            yield (
                Subscription(
                    id="S-1",
                    product="CAD",
                    term=term,
                    starts_on=starts_on,
                    kind=next(kinds),
                    auto_renew=switch,
                    payment_method=method,
                    cancelled_on=_cancellation(cancelled, starts_on, expires_on),
                    history=_histories(expires_on)[next(turn)],
                ),
                None,
            )


def _at_renewal(index: int, method: PaymentMethod | None) -> AtRenewal | None:
    """Changed on the renewal date or later: the switch, the card, or what barred it."""
    return (
        None,
        None,
        AtRenewal(auto_renew=AutoRenew.ON, payment_method=method),
        AtRenewal(auto_renew=AutoRenew.OFF, payment_method=method),
        AtRenewal(auto_renew=AutoRenew.ON),
    )[index]


def _by_person() -> Iterator[tuple[Subscription, Actor | None]]:
    """Every kind, switch, payment, channel, account and actor, on shapes that take turns."""
    shapes = cycle(product(STARTS, TERMS, ("never", "never", "middle")))
    raised = cycle(([], [], ["open-invoice"], ["no-offer"], [], ["no-offer", "open-invoice"], []))
    changed = cycle(range(5))
    methods = range(len(_methods(FIRST_EDITION)))
    for kind, switch, method, channel, account in product(
        Kind, AutoRenew, methods, Channel, ACCOUNTS
    ):
        starts_on, term, cancelled = next(shapes)
        expires_on = term.end(starts_on)
        paid_with = _methods(expires_on)[method]
        subscription = Subscription(
            id="S-1",
            product="CAD",
            term=term,
            starts_on=starts_on,
            kind=kind,
            auto_renew=switch,
            payment_method=paid_with,
            channel=channel,
            account=account,
            cancelled_on=_cancellation(cancelled, starts_on, expires_on),
            conditions=frozenset(next(raised)),
            at_renewal=_at_renewal(next(changed), paid_with),
        )
        for actor in ACTORS:
            yield subscription, actor


def _pairs() -> Iterator[tuple[Subscription, Actor | None, Policies]]:
    """Each subscription with the policies that it is asked about; those of a person take turns."""
    some = cycle((POLICIES[:3], POLICIES[3:], MORE_POLICIES))
    for subscription, actor in _by_shape():
        yield subscription, actor, (*POLICIES, *MORE_POLICIES)
    for subscription, actor in _by_person():
        yield subscription, actor, next(some)


class _Expected:
    """What the oracle says of one subscription under a policy, on every day."""

    def __init__(self, subscription: Subscription, policy: Any, actor: Actor | None) -> None:
        if not isinstance(policy, Editions):
            self.before = self.after = self.keeps = Case(subscription, policy, actor)
        else:
            self.before = Case(subscription, autodesk.EDITION_2024, actor)
            self.after = Case(subscription, autodesk.EDITION_2025_12, actor)
            # Reading 17: of an automatic renewal the edition of the renewal date decides.
            late = subscription.expires_on >= SECOND_EDITION
            self.keeps = self.after if late else self.before
        self.run_ends = self.keeps.run_ends
        if isinstance(policy, Editions) and subscription.expires_on < FIRST_EDITION:
            self.run_ends = None

    def answer(self, day: date, number: int) -> Answer:
        """The answer of the edition that decides."""
        keeps = self.keeps
        if self.run_ends is not None and keeps.expires <= number < self.run_ends:
            return keeps.answer(number)
        return (self.after if day >= SECOND_EDITION else self.before).answer(number)


def _compared(subscription: Subscription, actor: Actor | None, policies: Policies) -> int:
    """Compare every policy on every day; return how many decisions that were."""
    numbers: dict[date, int] = {}
    count = 0
    for policy in policies:
        given = subscription
        if given.conditions and not getattr(policy, "conditions", ()):
            given = attrs.evolve(given, conditions=frozenset())
        expected = _Expected(given, policy, actor)
        days = _days(given, policy)
        for day in days:
            if day not in numbers:
                numbers[day] = day_number(day)
            decision = renewability(given, policy=policy, on=day, actor=actor)
            wanted = expected.answer(day, numbers[day])
            found = (
                decision.route,
                decision.can_renew_now,
                decision.renews_itself,
                decision.codes,
            )
            if found != wanted:
                name = getattr(policy, "id", "editions")
                pytest.fail(f"{given}\n{actor}\n{name} {day}\n{Answer(*found)}\n{wanted}")
        count += len(days)
    return count


@pytest.mark.exhaustive
def test_millions_of_decisions_agree_with_the_oracle() -> None:
    """Route, findings and both flags agree with the oracle wherever anything could matter."""
    assert sum(_compared(*pair) for pair in _pairs()) >= 3_000_000


def test_a_sample_of_the_lattice_agrees_with_the_oracle() -> None:
    """One in fifty of the same pairs, so that a run without the exhaustive tests has some."""
    assert sum(_compared(*pair) for pair in islice(_pairs(), 0, None, 53)) > 40_000


def test_the_lattice_meets_every_finding() -> None:
    """What is compared is no corner: whatever there is to find is found somewhere in it."""
    seen: set[str] = set()
    for subscription, actor, policies in islice(_pairs(), 0, None, 11):
        for policy in policies:
            given = attrs.evolve(subscription, conditions=frozenset())
            for day in _days(given, policy)[::3]:
                seen.update(renewability(given, policy=policy, on=day, actor=actor).codes)
    assert seen == {each.code for each in QUESTION.bars} - {"own-condition"}
