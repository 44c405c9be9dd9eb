"""Where a subscription and an edition become days: phases, single days, ladders, the next term."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise, product
from random import Random  # noqa: TID251 - seeded: the same cases in every run
from typing import Any

import attrs
import pytest

from subrenew import (
    EVERYBODY,
    Access,
    AtRenewal,
    AutoRenew,
    BackPay,
    Barred,
    Bound,
    Condition,
    EarlyRenewal,
    Edition,
    Editions,
    History,
    InvalidType,
    Kind,
    LadderStart,
    LateStart,
    LateTerms,
    NotInForce,
    PaymentMethod,
    Refusal,
    RenewalPolicy,
    Scope,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    Window,
    WindowRule,
    exclusions,
    late_window,
    renew_automatically,
    renewability,
    renewal_window,
    switching,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules.fact_types import Situation
from subrenew.rules.schedules import (
    Automatic,
    ByHand,
    PriceBasis,
    Rung,
    State,
    Switch,
    edition_on,
    ladder,
    ladder_start,
    longest_catch_up_days,
    missed_terms,
    next_term,
    opening_known,
    opening_of,
    run_until,
    schedule,
    state_on,
    switch_last_on,
    turning_days,
)
from tests.makers import ANNUAL, INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription
from tests.oracle import term_end

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
BARE = RenewalPolicy(id="v/1")
ONE_DAY = timedelta(days=1)
END = date(2026, 1, 1)


def a_stage(name: str, days: int, access: Access = Access.FULL, **changes: Any) -> Stage:
    """A stage of so many days for every term."""
    fields: dict[str, Any] = {"lengths": (StageLength(days=days),)}
    return Stage(name=name, access=access, **fields | changes)


STAGES = (
    a_stage("grace", 10),
    a_stage("admin", 5, Access.ADMIN_ONLY, price=StagePrice.RENEWAL),
    a_stage("gone", 7, Access.NONE, renewal=StageRenewal.OVER),
)
CANCELLED = (
    a_stage("redemption", 6, Access.ADMIN_ONLY),
    a_stage("pending", 2, Access.NONE, renewal=StageRenewal.OVER),
)
POLICY = OLD.evolve(id="ladder", stages=STAGES, cancelled_stages=CANCELLED)


def unpaid(day: date | None, **changes: Any) -> Subscription:
    """A subscription with an invoice that fell due on that day and is unpaid."""
    return a_subscription(history=History(unpaid_since=day), **changes)


def names(subscription: Subscription, policy: RenewalPolicy, days: range) -> list[str | None]:
    """The stage of each day, counted from the end."""
    found = [state_on(subscription, policy, END + day * ONE_DAY).stage for day in days]
    return [stage and stage.name for stage in found]


# Phases -----------------------------------------------------------------------------------------

RULES = (
    WindowRule(scope=Scope(up_to=MONTHLY), opens_days=9, bound=Bound.STRICT),
    WindowRule(scope=Scope(offers=frozenset({"edu"})), opens_days=20),
)
DELETED = (
    a_stage("grace", 4),
    a_stage("again", 40, Access.NONE, price=StagePrice.RENEWAL),
    a_stage("deleted", 3, renewal=StageRenewal.OVER),
)


def _generated(seed: int) -> tuple[Subscription, RenewalPolicy]:
    """Any subscription under any policy, the same for the same seed."""
    pick = Random(seed)
    starts_on = (
        pick.choice([date(2023, 1, 31), date(2024, 2, 29), date(2023, 2, 28), date(2024, 12, 31)])
        + pick.choice([0, 0, 1, 17]) * ONE_DAY
    )
    term = pick.choice([MONTHLY, ANNUAL, Term.days(1), Term.days(40), Term.weeks(2)])
    end = term.end(starts_on)

    def near(*shifts: int) -> date | None:
        shift = pick.choice([None, None, *shifts])
        return None if shift is None else max(starts_on, end + shift * ONE_DAY)

    method = pick.choice(
        [None, PAYPAL, PAYPAL, WIRE, INVOICE]
        + [attrs.evolve(PAYPAL, valid_through=end + each * ONE_DAY) for each in (-1, 0, 3, 9)]
    )
    switch = pick.choice([ON, ON, OFF])
    subscription = a_subscription(
        starts_on=starts_on,
        term=term,
        kind=pick.choice([Kind.PAID, Kind.PAID, Kind.PAID, Kind.TRIAL]),
        auto_renew=switch,
        payment_method=method,
        cancelled_on=near(-20, -1, 0, 2, 12, 30) if pick.random() < 0.5 else None,
        at_renewal=AtRenewal(auto_renew=ON, payment_method=method) if pick.random() < 0.2 else None,
        history=History(
            unpaid_since=near(-12, -1, 0, 4),
            renewed_on=near(-400, -30, -5, -1),
            converted_on=near(-3, 0, 5) if pick.random() < 0.2 else None,
            offer=pick.choice([None, "edu"]),
        ),
    )
    policy = BARE.evolve(
        id=f"generated/{seed}",
        window_opens_days=pick.choice([None, 0, 1, 30, 90, 400]),
        window_rules=pick.choice([(), RULES]),
        trials=pick.choice([None, *TrialEnd]),
        catch_up_days=pick.choice([0, 1, 7, 40, 366]),
        switch_closes_days=pick.choice([None, 0, 1, 2, 3, 30]),
        stages=pick.choice([(), STAGES, DELETED]),
        cancelled_stages=pick.choice([(), CANCELLED]),
        ladder_start=pick.choice(list(LadderStart)),
        late_start=pick.choice([None, *LateStart]),
    )
    return subscription, policy


def _every_day(subscription: Subscription, *, years: int = 0) -> list[date]:
    """From the term's start until after all that a generated policy can still bring."""
    first = subscription.starts_on
    count = 366 * years or (subscription.expires_on - first).days + 430
    return [first + number * ONE_DAY for number in range(count)]


@pytest.mark.parametrize("block", range(10))
def test_phases_are_what_a_walk_from_day_to_day_finds(block: int) -> None:
    """Half-open, without a gap, for ever: the state changes on their first days and no other."""
    for seed in range(block * 15, block * 15 + 15):
        years = 4 if seed % 15 == 0 else 0
        subscription, policy = _generated(seed)
        days = _every_day(subscription, years=years)
        states = [state_on(subscription, policy, day) for day in days]
        changes = [
            day
            for day, (before, after) in zip(days[1:], pairwise(states), strict=True)
            if before != after
        ]
        made = schedule(subscription, policy)
        assert list(made.turns) == changes, seed
        assert [phase.from_on for phase in made.phases] == [days[0], *changes]
        for before, after in pairwise(made.phases):
            assert before.until_on == after.from_on > before.from_on
            assert before.state != after.state
        assert made.phases[-1].until_on is None
        index = 0
        for day, state in zip(days, states, strict=True):
            while day not in made.phases[index]:
                index += 1
            assert made.phases[index].state == state == made.at(day)


def _walked(subscription: Subscription, policy: RenewalPolicy) -> dict[date, State]:
    """How it stands on every day."""
    return {day: state_on(subscription, policy, day) for day in _every_day(subscription)}


@pytest.mark.parametrize("block", range(5))
def test_what_a_schedule_says_in_short_is_what_its_days_say(block: int) -> None:
    """Both windows, the last run, the last switch and the first day that is over."""
    for seed in range(1000 + block * 25, 1025 + block * 25):
        subscription, policy = _generated(seed)
        made, walked = schedule(subscription, policy), _walked(subscription, policy)
        for day, state in walked.items():
            if state.situation is Situation.COVERED:
                assert (state.by_hand is not ByHand.NOT_OPEN) is (day in made.window), seed
            closes = state.situation in (Situation.COVERED, Situation.CONTINUING)
            if closes and state.switch is Switch.CLOSED:
                assert day > made.switch_last_on, seed
            assert (state.by_hand is ByHand.LATE) <= (day in made.late), seed
            if state.automatic is Automatic.PENDING:
                assert subscription.expires_on <= day, seed
                assert made.run_until is not None, seed
                assert day < made.run_until, seed
        late = [day for day in walked if walked[day].by_hand is ByHand.LATE]
        assert late[:1] == ([made.late.opens_on] if made.late.days else []), seed
        assert late[-1:] == ([made.late.last_on] if made.late.days else []), seed
        open_days = [day for day in walked if walked[day].by_hand is not ByHand.OVER]
        assert made.over_on == (max(open_days) + ONE_DAY if open_days else min(walked)), seed


@pytest.mark.parametrize(("policy", "over"), [(POLICY, 15), (OLD, 0), (NEW, 45)])
def test_it_is_over_when_nothing_renews_it_any_more(policy: RenewalPolicy, over: int) -> None:
    """Not when the last stage is left: one that no longer renews is over on its first day."""
    assert schedule(a_subscription(), policy).over_on == END + over * ONE_DAY
    decision = renewability(a_subscription(), policy=policy, on=END + over * ONE_DAY)
    assert decision.route == "buy-new"
    before = renewability(a_subscription(), policy=policy, on=END + (over - 1) * ONE_DAY)
    assert before.route == "renew-now"


def test_one_that_renews_itself_has_all_the_days_of_the_picture() -> None:
    """Not open, open, the switch closed, pending, two stages, over: each with its first day."""
    policy = NEW.evolve(id="own", switch_closes_days=3)
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    found = [
        (phase.from_on.isoformat(), *(str(each) for each in _told(phase.state)))
        for phase in schedule(held, policy).phases
    ]
    assert found == [
        ("2025-01-01", "covered", "not-open", "ahead", "open", "full", "renewal"),
        ("2025-10-03", "covered", "open", "ahead", "open", "full", "renewal"),
        ("2025-12-30", "covered", "open", "ahead", "closed", "full", "renewal"),
        ("2026-01-01", "pending", "not-open", "pending", "open", "full", "renewal"),
        ("2026-01-09", "late", "late", "past", "open", "full", "list"),
        ("2026-01-16", "late", "late", "past", "open", "none", "list"),
        ("2026-02-15", "ended", "over", "past", "closed", "none", "new"),
    ]


def _told(state: State) -> tuple[object, ...]:
    return (
        state.situation,
        state.by_hand,
        state.automatic,
        state.switch,
        state.access,
        state.price,
    )


def test_a_phase_holds_its_days() -> None:
    """Half-open: the first day is in it, the first day after it is not; the last has no end."""
    phases = schedule(a_subscription(), OLD).phases
    assert [
        [phases[0].from_on in phase, END - ONE_DAY in phase, END in phase, date.max in phase]
        for phase in phases
    ] == [[True, False, False, False], [False, True, False, False], [False, False, True, True]]


def test_a_schedule_is_of_an_edition_and_of_dates() -> None:
    """Editions are no edition, and a datetime is no day."""
    with pytest.raises(InvalidType, match="edition"):
        schedule(a_subscription(), autodesk.EDITIONS)  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match="local_day"):
        schedule(a_subscription(), OLD).at(datetime(2025, 6, 1))


# The opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "inside"),
    [
        ("2025-10-02", False),
        ("2025-10-03", True),
        ("2025-10-04", True),
        ("2025-12-31", True),
        ("2026-01-01", False),
    ],
)
def test_the_window_holds_the_ninetieth_day_and_not_the_expiry(on: str, *, inside: bool) -> None:
    """Reading 3: from 90 days before the expiry date until it, which is outside."""
    window = renewal_window(a_subscription(), policy=OLD, on=date(2025, 6, 1))
    assert (date.fromisoformat(on) in window) is inside
    assert window.days == 90
    state = state_on(a_subscription(), OLD, date.fromisoformat(on))
    assert (state.by_hand is ByHand.OPEN) is inside


@pytest.mark.parametrize(
    ("days", "opens_on"),
    [(89, "2025-01-01"), (90, "2025-01-01"), (91, "2025-01-02")],
)
def test_the_window_never_opens_before_the_term(days: int, opens_on: str) -> None:
    """Reading 3: terms one day shorter, as long as and one day longer than the opening."""
    subscription = a_subscription(term=Term.days(days))
    window = renewal_window(subscription, policy=OLD, on=date(2025, 1, 1))
    assert window.opens_on.isoformat() == opens_on


def test_a_monthly_term_is_open_throughout() -> None:
    """Reading 3: a term shorter than the opening is open from its first day on."""
    subscription = a_subscription(term=MONTHLY)
    window = renewal_window(subscription, policy=OLD, on=date(2025, 1, 1))
    assert window == Window(date(2025, 1, 1), date(2025, 2, 1))


@pytest.mark.parametrize(
    ("days", "opens_on"), [(0, "2026-01-01"), (1, "2025-12-31"), (120, "2025-09-03")]
)
def test_the_opening_is_the_policys(days: int, opens_on: str) -> None:
    """The 90 days are a parameter."""
    policy = OLD.evolve(id="own", window_opens_days=days)
    window = renewal_window(a_subscription(), policy=policy, on=date(2025, 6, 1))
    assert window.opens_on.isoformat() == opens_on
    assert window.days == days


def test_an_opening_that_no_page_gives_is_unknown_throughout() -> None:
    """Reading 3: unset, it may be open on any day of the term, and on none before."""
    assert not opening_known(a_subscription(), BARE)
    assert opening_of(a_subscription(), BARE) == date(2025, 1, 1)
    found = [
        state_on(a_subscription(), BARE, day).by_hand
        for day in (date(2024, 12, 31), date(2025, 1, 1), END - ONE_DAY, END)
    ]
    assert found == ["not-open", "unknown", "unknown", "over"]


def test_a_rule_that_covers_it_is_known_where_the_rest_is_not() -> None:
    """The rule for months says when a month opens; of a year no page says it."""
    policy = BARE.evolve(id="own", window_rules=RULES)
    month = a_subscription(term=MONTHLY)
    assert (opening_known(month, policy), opening_known(a_subscription(), policy)) == (True, False)
    assert opening_of(month, policy) == month.expires_on - 8 * ONE_DAY


@pytest.mark.parametrize("shift", [-1, 0, 1])
@pytest.mark.parametrize("policy", [OLD, BARE], ids=["said", "unset"])
def test_the_term_is_not_renewed_on_the_day_it_was_paid_for(
    policy: RenewalPolicy, shift: int
) -> None:
    """Pressing "renew" twice: a month opens on the day after the renewal that it comes from."""
    renewed_on = date(2025, 1, 10)
    month = a_subscription(
        term=MONTHLY, starts_on=date(2025, 1, 5), history=History(renewed_on=renewed_on)
    )
    on = renewed_on + shift * ONE_DAY
    assert renewability(month, policy=policy, on=on).can_renew_now is (shift > 0)
    assert opening_of(month, policy) == renewed_on + ONE_DAY


def test_a_renewal_of_long_ago_does_not_move_the_opening() -> None:
    """Only a renewal on the day of the opening or later does: one below, at, one above."""
    for shift, opens_on in ((-1, 3), (0, 4), (1, 5)):
        renewed_on = date(2025, 10, 3) + shift * ONE_DAY
        held = a_subscription(history=History(renewed_on=renewed_on))
        assert opening_of(held, OLD) == date(2025, 10, opens_on)


@pytest.mark.parametrize(
    ("cancelled_on", "opens_on"),
    [
        ("2025-06-01", "2025-06-01"),
        ("2025-10-02", "2025-10-02"),
        ("2025-10-03", "2025-10-03"),
        ("2025-10-04", "2025-10-03"),
        ("2026-01-01", "2025-10-03"),
    ],
)
def test_the_window_closes_on_a_cancellation(cancelled_on: str, opens_on: str) -> None:
    """A cancellation cuts the window short; one that comes first leaves it empty."""
    ends_on = date.fromisoformat(cancelled_on)
    subscription = a_subscription(cancelled_on=ends_on)
    window = renewal_window(subscription, policy=OLD, on=date(2025, 6, 1))
    assert window == Window(date.fromisoformat(opens_on), ends_on)


@pytest.mark.parametrize(
    ("bound", "days", "opens"),
    [
        (Bound.INCLUSIVE, 31, False),
        (Bound.INCLUSIVE, 30, True),
        (Bound.INCLUSIVE, 29, True),
        (Bound.STRICT, 31, False),
        (Bound.STRICT, 30, False),
        (Bound.STRICT, 29, True),
    ],
)
def test_fewer_than_thirty_days_left(bound: Bound, days: int, *, opens: bool) -> None:
    """From 30 days before, or with fewer than 30 left: the window opens a day apart."""
    rule = WindowRule(scope=EVERYBODY, opens_days=30, bound=bound)
    policy = OLD.evolve(id="own", window_rules=(rule,))
    on = END - days * ONE_DAY
    decision = renewability(a_subscription(), policy=policy, on=on)
    assert decision.can_renew_now is opens
    if not opens:
        first = END - rule.days * ONE_DAY
        assert decision.changes_on == first
        assert decision.findings[-1].value("opens_on") == first


def test_the_first_rule_that_covers_it_is_its_own() -> None:
    """An annual subscription passes the rule for months; else it has the policy's days."""
    month = WindowRule(scope=Scope(up_to=MONTHLY), opens_days=3)
    always = WindowRule(scope=EVERYBODY, opens_days=10)
    for rules, days in (((month,), 90), ((month, always), 10), ((always, month), 10)):
        policy = OLD.evolve(id="own", window_rules=rules)
        first = END - days * ONE_DAY
        for on, route in ((first - ONE_DAY, "wait-for-window"), (first, "renew-now")):
            assert renewability(a_subscription(), policy=policy, on=on).route == route


@pytest.mark.parametrize("early", list(EarlyRenewal))
def test_a_rule_with_its_own_days_lets_early_renewal_be_what_the_policy_says(
    early: EarlyRenewal,
) -> None:
    """Rules of its own and early renewal together: on the rule's first day, and not before."""
    rule = WindowRule(scope=EVERYBODY, opens_days=10)
    policy = OLD.evolve(id="own", window_rules=(rule,), early_renewal=early)
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    found = [
        renewability(held, policy=policy, on=END - days * ONE_DAY).can_renew_now
        for days in (11, 10, 9)
    ]
    allowed = early is EarlyRenewal.ALLOWED
    assert found == [False, allowed, allowed]


def test_a_window_across_29_february_and_at_month_ends() -> None:
    """90 days are 90 days: over a leap day, and for terms that end on a month's last day."""
    for starts_on, opens_on, ends_on in (
        ("2023-03-01", "2023-12-02", "2024-03-01"),
        ("2022-03-01", "2022-12-01", "2023-03-01"),
        ("2024-02-29", "2024-11-30", "2025-02-28"),
        ("2024-01-31", "2024-11-02", "2025-01-31"),
    ):
        held = a_subscription(starts_on=date.fromisoformat(starts_on))
        window = schedule(held, OLD).window
        assert (window.opens_on.isoformat(), window.closes_on.isoformat()) == (opens_on, ends_on)


# The switch -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closes", "last"), [(None, -1), (0, -1), (1, -1), (2, -2), (3, -3), (30, -30)]
)
def test_the_last_day_of_the_switch(closes: int | None, last: int) -> None:
    """Closed for the last days before the end; from the end on it is for the next renewal."""
    policy = NEW.evolve(id="own", switch_closes_days=closes)
    for held in (a_subscription(), a_subscription(auto_renew=ON, payment_method=PAYPAL)):
        assert switch_last_on(held, policy) == END + last * ONE_DAY
        for shift in (last - 1, last, last + 1, -1, 0, 44):
            state = state_on(held, policy, END + shift * ONE_DAY)
            expected = Switch.OPEN if shift <= last or shift >= 0 else Switch.CLOSED
            assert state.switch is expected, shift
        assert state_on(held, policy, END + 45 * ONE_DAY).switch is Switch.CLOSED


# The renewal date and the catch-up --------------------------------------------------------------

ITSELF = {"auto_renew": ON, "payment_method": PAYPAL}


@pytest.mark.parametrize("days", [0, 1, 7, 364])
@pytest.mark.parametrize("policy", [OLD, NEW], ids=lambda each: each.id)
def test_pending_from_the_renewal_date_until_the_catch_up_ends(
    policy: RenewalPolicy, days: int
) -> None:
    """Reading 29: none of the days before, that day and so many more, and none of those after."""
    own = policy.evolve(id="own", catch_up_days=days)
    held = a_subscription(**ITSELF)
    assert run_until(held, own) == END + (days + 1) * ONE_DAY
    found = [
        state_on(held, own, END + shift * ONE_DAY).automatic for shift in (-1, 0, days, days + 1)
    ]
    assert found == ["ahead", "pending", "pending", "past"]


@pytest.mark.parametrize(
    ("term", "days", "last"),
    [
        (Term.years(1), 364, 364),
        (Term.years(1), 365, 364),
        (Term.weeks(1), 6, 6),
        (Term.weeks(1), 7, 6),
        (MONTHLY, 31, 30),
        (Term.days(1), 7, 0),
    ],
    ids=str,
)
def test_a_run_buys_no_term_of_which_nothing_is_left(term: Term, days: int, last: int) -> None:
    """However long the catch-up, it ends with the term that the run would give."""
    own = NEW.evolve(id="own", catch_up_days=days)
    held = a_subscription(term=term, starts_on=date(2024, 1, 1), expires_on=END, **ITSELF)
    assert run_until(held, own) == END + (last + 1) * ONE_DAY
    done = renew_automatically(held, policy=own, on=END + last * ONE_DAY)
    assert isinstance(done, Transition)
    assert done.subscription.expires_on > END + last * ONE_DAY
    late = renew_automatically(held, policy=own, on=END + (last + 1) * ONE_DAY)
    assert isinstance(late, Refusal)


@pytest.mark.parametrize("shift", [-1, 0, 3, 6, 7, 8])
def test_a_card_that_lapses_within_the_catch_up_ends_it(shift: int) -> None:
    """Not charged once it has lapsed; one that is good for longer changes nothing."""
    card = attrs.evolve(PAYPAL, valid_through=END + shift * ONE_DAY)
    held = a_subscription(auto_renew=ON, payment_method=card)
    pending = [
        day
        for day in range(-2, 12)
        if state_on(held, NEW, END + day * ONE_DAY).automatic is Automatic.PENDING
    ]
    assert pending == list(range(min(shift, 7) + 1))


def test_a_card_to_the_months_end_is_charged_through_it() -> None:
    """Ending on 29 January, a card to January is charged until the 31st, and not in February."""
    held = a_subscription(
        starts_on=date(2025, 1, 29),
        auto_renew=ON,
        payment_method=PaymentMethod.card(expires="2026-01"),
    )
    assert run_until(held, OLD) == date(2026, 2, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"auto_renew": OFF},
        {"payment_method": None},
        {"payment_method": WIRE},
        {"payment_method": attrs.evolve(PAYPAL, valid_through=END - ONE_DAY)},
        {"cancelled_on": END},
        {"cancelled_on": END + 3 * ONE_DAY},
        {"kind": Kind.TRIAL},
        {"conditions": frozenset({"flag"})},
    ],
    ids=str,
)
def test_what_would_not_renew_itself_is_never_pending(changes: dict[str, Any]) -> None:
    """Off, unpaid, lapsed, cancelled, a trial that ends, or barred: nothing will come."""
    flag = Condition(code="flag", message="In review.", bars=frozenset({Barred.RENEWAL}))
    policy = NEW.evolve(id="own", conditions=(flag,))
    held = a_subscription(**ITSELF | changes)
    assert run_until(held, policy) is None
    assert state_on(held, policy, END).automatic is not Automatic.PENDING


def test_an_invoice_has_no_card_to_lapse() -> None:
    """What is invoiced is pending for the whole catch-up, whatever date is on the method."""
    method = attrs.evolve(INVOICE, valid_through=END + ONE_DAY)
    held = a_subscription(auto_renew=ON, payment_method=method)
    assert run_until(held, OLD) == END + 8 * ONE_DAY


@pytest.mark.parametrize("start", list(LadderStart))
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_an_invoice_unpaid_before_the_end_leaves_nothing_pending(
    start: LadderStart, shift: int
) -> None:
    """Overdue on the last day, it ends the automatic renewal; from the renewal date on, not."""
    policy = NEW.evolve(id="own", ladder_start=start)
    held = unpaid(END + shift * ONE_DAY, **ITSELF)
    assert (run_until(held, policy) is None) is (shift < 0)


def test_what_counts_is_how_it_stood_before_the_renewal_date() -> None:
    """Reading 29: switched on too late it is not pending; switched off too late it still is."""
    kept = AtRenewal(auto_renew=ON, payment_method=PAYPAL)
    was_on = a_subscription(auto_renew=OFF, at_renewal=kept)
    was_off = a_subscription(**ITSELF, at_renewal=attrs.evolve(kept, auto_renew=OFF))
    assert (run_until(was_on, OLD), run_until(was_off, OLD)) == (END + 8 * ONE_DAY, None)


@pytest.mark.parametrize("day", [END, END + 7 * ONE_DAY, END + 8 * ONE_DAY])
def test_the_edition_of_the_renewal_date_decides_while_it_is_pending(day: date) -> None:
    """Reading 17: a run that comes under the next edition is still that of its date."""
    new = NEW.evolve(id="new", catch_up_days=0)
    editions = Editions(
        (
            Edition(from_on=date(2024, 1, 1), policy=OLD),
            Edition(from_on=END + 3 * ONE_DAY, policy=new),
        )
    )
    held = a_subscription(**ITSELF)
    expected = OLD if day < END + 8 * ONE_DAY else new
    assert edition_on(held, editions, day) is expected
    assert edition_on(a_subscription(), editions, day) is (OLD if day == END else new)


# Trials -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [None, *TrialEnd])
@pytest.mark.parametrize("switch", list(AutoRenew))
def test_what_becomes_of_a_trial(ends: TrialEnd | None, switch: AutoRenew) -> None:
    """It ends, or goes on under the two conditions of automatic renewal: around its end."""
    policy = OLD.evolve(id="own", trials=ends, catch_up_days=2)
    trial = a_subscription(
        kind=Kind.TRIAL, term=Term.days(30), auto_renew=switch, payment_method=PAYPAL
    )
    goes_on = ends is TrialEnd.GOES_ON
    found = [state_on(trial, policy, trial.expires_on + shift * ONE_DAY) for shift in (-1, 0, 2, 3)]
    before = Situation.CONTINUING if goes_on else Situation.TRIAL
    after = Situation.PENDING if goes_on and switch is ON else Situation.TRIAL
    assert [each.situation for each in found] == [before, after, after, Situation.TRIAL]
    over = Access.UNKNOWN if ends is None else Access.NONE
    assert [each.access for each in found][::3] == [Access.FULL, over]
    assert {each.price for each in found} == {PriceBasis.NEW}


def test_what_a_cancelled_trial_leaves_is_known_without_a_page() -> None:
    """Where no page says what becomes of a trial, a cancellation still ends it."""
    policy = OLD.evolve(id="own", trials=None)
    trial = a_subscription(kind=Kind.TRIAL, cancelled_on=END - ONE_DAY)
    states = [state_on(trial, policy, END + shift * ONE_DAY) for shift in (-2, -1, 0)]
    assert [each.access for each in states] == [Access.FULL, Access.NONE, Access.NONE]


def test_a_trial_that_was_cancelled_does_not_go_on() -> None:
    """It runs until the day of the cancellation, and stops."""
    policy = OLD.evolve(id="own", trials=TrialEnd.GOES_ON)
    trial = a_subscription(kind=Kind.TRIAL, cancelled_on=date(2025, 6, 1), **ITSELF)
    found = [state_on(trial, policy, date(2025, 6, 1) + shift * ONE_DAY) for shift in (-1, 0)]
    assert [(each.situation, each.access) for each in found] == [
        ("trial", "full"),
        ("trial", "none"),
    ]


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_trial_is_over_on_the_day_it_is_converted(shift: int) -> None:
    """From that day on what was bought counts, whatever the trial would have become."""
    converted_on = date(2025, 6, 1)
    for ends in (None, *TrialEnd):
        trial = a_subscription(
            kind=Kind.TRIAL, history=History(converted_on=converted_on), **ITSELF
        )
        state = state_on(trial, OLD.evolve(id="own", trials=ends), converted_on + shift * ONE_DAY)
        assert (state.situation is Situation.ENDED) is (shift >= 0)


@pytest.mark.parametrize("policy", [OLD, NEW], ids=lambda policy: policy.id)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_trial_is_over_when_it_ends(policy: RenewalPolicy, days: int) -> None:
    """A trial has no stages: it cannot be used from its end on, under either edition."""
    trial = a_subscription(kind=Kind.TRIAL, term=Term.days(30))
    on = trial.expires_on + days * ONE_DAY
    expected = Access.FULL if days < 0 else Access.NONE
    assert state_on(trial, policy, on).access is expected
    assert renewability(trial, policy=policy, on=on).access is expected


# The ladder -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "days"),
    [
        (Term.days(30), 30),
        (Term.days(31), 30),
        (Term.days(32), 45),
        (Term.months(1), 30),
        (Term.weeks(4), 30),
        (Term.months(2), 45),
        (Term.years(1), 45),
        (Term.years(3), 45),
    ],
)
def test_late_days_by_length_of_term(term: Term, days: int) -> None:
    """The later edition renews 30 days late up to a month, 45 days late above."""
    subscription = a_subscription(term=term)
    window = late_window(subscription, policy=NEW, on=date(2026, 1, 1))
    assert window == Window(subscription.expires_on, subscription.expires_on + days * ONE_DAY)


def test_late_renewal_begins_where_the_catch_up_ends() -> None:
    """What may still renew itself is not late yet; the last late day stays where it is."""
    window = late_window(a_subscription(**ITSELF), policy=NEW, on=END)
    assert window == Window(END + 8 * ONE_DAY, END + 45 * ONE_DAY)


def test_without_stages_there_is_no_late_window() -> None:
    """Under the edition of 2024 expired means over."""
    assert late_window(a_subscription(), policy=OLD, on=date(2025, 6, 1)).days == 0


@pytest.mark.parametrize(
    "changes", [{"cancelled_on": date(2026, 1, 1)}, {"kind": Kind.TRIAL}], ids=str
)
def test_what_is_never_renewed_is_not_renewed_late(changes: dict[str, Any]) -> None:
    """A cancelled subscription and a trial have no late window."""
    assert late_window(a_subscription(**changes), policy=NEW, on=date(2026, 1, 2)).days == 0


@pytest.mark.parametrize(
    ("days", "annual", "monthly"),
    [
        (-1, Access.FULL, Access.FULL),
        (0, Access.FULL, Access.FULL),
        (14, Access.FULL, Access.FULL),
        (15, Access.NONE, Access.NONE),
        (29, Access.NONE, Access.NONE),
        (30, Access.NONE, Access.NONE),
        (44, Access.NONE, Access.NONE),
        (45, Access.NONE, Access.NONE),
    ],
)
def test_access_by_stage(days: int, annual: Access, monthly: Access) -> None:
    """Access is kept for 15 days after expiry under the later edition, and lost then."""
    on = END + days * ONE_DAY
    assert state_on(a_subscription(), NEW, on).access is annual
    short = a_subscription(term=MONTHLY, starts_on=date(2025, 12, 1))
    assert state_on(short, NEW, on).access is monthly


def test_access_of_each_stage_is_its_own() -> None:
    """Three stages, one of which says nothing: each has its access until its last day."""
    stages = (
        a_stage("a", 2),
        a_stage("b", 2, Access.ADMIN_ONLY),
        Stage(name="c", lengths=(StageLength(days=2),)),
    )
    policy = OLD.evolve(id="ladder", stages=stages)
    found = [state_on(a_subscription(), policy, END + late * ONE_DAY) for late in range(-1, 7)]
    assert [each.access.value for each in found] == [
        *("full", "full", "full", "admin-only", "admin-only", "unknown", "unknown", "none"),
    ]


@pytest.mark.parametrize(("days", "access"), [(-1, Access.FULL), (0, Access.NONE)])
def test_access_ends_on_the_cancellation(days: int, access: Access) -> None:
    """The day of a cancellation is the first without access, stages or not."""
    cancelled_on = date(2025, 6, 1)
    subscription = a_subscription(cancelled_on=cancelled_on)
    assert state_on(subscription, NEW, cancelled_on + days * ONE_DAY).access is access


@pytest.mark.parametrize("shift", [None, -30, -1, 0, 1, 30])
@pytest.mark.parametrize("start", list(LadderStart))
def test_where_a_ladder_begins(start: LadderStart, shift: int | None) -> None:
    """At the end, at the unpaid invoice, or at whichever comes first; paid up, at the end."""
    since = None if shift is None else END + shift * ONE_DAY
    found = ladder_start(unpaid(since), OLD.evolve(id="own", ladder_start=start))
    if since is None or start is LadderStart.TERM_END:
        assert found == END
    elif start is LadderStart.UNPAID_INVOICE:
        assert found == since
    else:
        assert found == (since if shift is not None and shift < 0 else END)


@pytest.mark.parametrize(
    ("days", "name", "access", "route"),
    [
        (-1, None, "full", "renew-now"),
        (0, "grace", "full", "renew-now"),
        (9, "grace", "full", "renew-now"),
        (10, "admin", "admin-only", "renew-now"),
        (14, "admin", "admin-only", "renew-now"),
        (15, "gone", "none", "buy-new"),
        (21, "gone", "none", "buy-new"),
        (22, None, "none", "buy-new"),
    ],
)
def test_each_rung_is_half_open(days: int, name: str | None, access: str, route: str) -> None:
    """One day below, at and above each boundary: stage, access and way forward."""
    on = END + days * ONE_DAY
    assert names(a_subscription(), POLICY, range(days, days + 1)) == [name]
    decision = renewability(a_subscription(), policy=POLICY, on=on)
    assert (str(decision.access), str(decision.route)) == (access, route)


@pytest.mark.parametrize(
    ("start", "first_late"), [(LadderStart.TERM_END, 0), (LadderStart.UNPAID_INVOICE, -30)]
)
def test_an_unpaid_invoice_begins_the_ladder_before_the_end(
    start: LadderStart, first_late: int
) -> None:
    """Late, over, and without access, although the term is not: and by the end otherwise."""
    policy = POLICY.evolve(id="own", ladder_start=start, catch_up_days=0)
    subscription = unpaid(END - 30 * ONE_DAY, payment_method=PAYPAL)
    shifts = (-1, 0, 14, 15, 22)
    found = [
        renewability(subscription, policy=policy, on=END + (first_late + shift) * ONE_DAY)
        for shift in shifts
    ]
    assert [str(each.route) for each in found] == [
        "renew-now",
        "renew-now",
        "renew-now",
        "buy-new",
        "buy-new",
    ]
    assert ["late" in each.codes for each in found] == [False, True, True, False, False]
    for days, access in ((-1, "full"), (0, "full"), (10, "admin-only"), (15, "none"), (22, "none")):
        on = END + (first_late + days) * ONE_DAY
        assert state_on(subscription, policy, on).access == access


def test_an_unpaid_invoice_without_stages_is_left_alone() -> None:
    """Where there is no ladder nothing begins, and the term is used until its end."""
    policy = OLD.evolve(id="own", ladder_start=LadderStart.UNPAID_INVOICE)
    subscription = unpaid(END - 30 * ONE_DAY)
    for days, access, route in ((-1, "full", "renew-now"), (0, "none", "buy-new")):
        decision = renewability(subscription, policy=policy, on=END + days * ONE_DAY)
        assert (decision.access, decision.route) == (access, route)


def test_an_invoice_unpaid_after_the_end_leaves_no_gap() -> None:
    """What can be renewed later is not over before: until the invoice it is in the first stage."""
    policy = POLICY.evolve(id="own", ladder_start=LadderStart.UNPAID_INVOICE)
    subscription = unpaid(END + 4 * ONE_DAY)
    found = [
        str(renewability(subscription, policy=policy, on=END + days * ONE_DAY).route)
        for days in (-1, 0, 3, 4, 18, 19)
    ]
    assert found == ["renew-now", *["renew-now"] * 4, "buy-new"]


def test_a_trial_has_no_ladder_paid_or_not() -> None:
    """What is never renewed has no stage after its end, and full access until then."""
    trial = unpaid(END - 30 * ONE_DAY, kind=Kind.TRIAL)
    policy = POLICY.evolve(id="own", ladder_start=LadderStart.EARLIER)
    assert ladder(trial, policy) == ()
    assert [state_on(trial, policy, END + days * ONE_DAY).access for days in (-1, 0)] == [
        "full",
        "none",
    ]
    assert ladder(a_subscription(kind=Kind.TRIAL, cancelled_on=END), policy) == ()


@pytest.mark.parametrize(
    ("cancelled", "days", "expected"),
    [
        # Before the end and at it: nothing of the other ladder is left.
        (-20, range(-21, -11), [None, *["redemption"] * 6, *["pending"] * 2, None]),
        (0, range(-1, 9), [None, *["redemption"] * 6, *["pending"] * 2, None]),
        # Within the first rung, on the first day of the second, on the last that still renews.
        (4, range(3, 13), ["grace", *["redemption"] * 6, *["pending"] * 2, None]),
        (10, range(9, 12), ["grace", "redemption", "redemption"]),
        (14, range(13, 23), ["admin", *["redemption"] * 6, *["pending"] * 2, None]),
        # When nothing renews it any more the other ladder may follow, and later it may not.
        (15, range(14, 24), ["admin", *["redemption"] * 6, *["pending"] * 2, None]),
        (16, range(14, 18), ["admin", "gone", "gone", "gone"]),
        (22, range(21, 26), ["gone", None, None, None, None]),
    ],
)
def test_a_cancellation_cuts_the_ladder_and_begins_another(
    cancelled: int, days: range, expected: list[str | None]
) -> None:
    """From the day of the cancellation on there is the other ladder, and no gap before it."""
    subscription = a_subscription(cancelled_on=END + cancelled * ONE_DAY)
    assert names(subscription, POLICY, days) == expected


def test_cancelled_means_over_without_stages_of_its_own() -> None:
    """The ladder after expiry is cut on the day of the cancellation, and none follows."""
    policy = OLD.evolve(id="own", stages=STAGES)
    subscription = a_subscription(cancelled_on=END + 4 * ONE_DAY)
    assert names(subscription, policy, range(3, 6)) == ["grace", None, None]
    routes = [
        str(renewability(subscription, policy=policy, on=END + days * ONE_DAY).route)
        for days in (3, 4)
    ]
    assert routes == ["renew-now", "buy-new"]


def test_what_is_over_is_not_cancelled_into_being() -> None:
    """Without a ladder it is over at its end; a cancellation after that brings nothing back."""
    policy = OLD.evolve(id="own", cancelled_stages=CANCELLED)
    for cancelled, route in ((0, "renew-now"), (1, "buy-new")):
        subscription = a_subscription(cancelled_on=END + cancelled * ONE_DAY)
        on = END + (cancelled + 1) * ONE_DAY
        assert renewability(subscription, policy=policy, on=on).route == route


def test_rungs_follow_each_other_and_empty_ones_are_left_out() -> None:
    """A stage that has no day for a term is no rung."""
    lengths = (StageLength(up_to=MONTHLY, days=0), StageLength(days=3))
    stages = (a_stage("a", 0, lengths=lengths), a_stage("b", 2))
    policy = OLD.evolve(id="own", stages=stages)
    short = a_subscription(term=MONTHLY)
    assert ladder(short, policy) == (
        Rung(stages[1], short.expires_on, short.expires_on + 2 * ONE_DAY),
    )
    assert ladder(a_subscription(), policy) == (
        Rung(stages[0], END, END + 3 * ONE_DAY),
        Rung(stages[1], END + 3 * ONE_DAY, END + 5 * ONE_DAY),
    )


@pytest.mark.parametrize(
    ("grace", "retry"), [(0, 60), (1, 59), (16, 44), (28, 32)], ids=lambda days: f"{days}"
)
def test_sixty_days_less_the_grace(grace: int, retry: int) -> None:
    """The end of the ladder stays where it is, however long the grace was."""
    stages = (
        *([a_stage("grace", grace)] if grace else []),
        a_stage(
            "retry",
            60,
            Access.NONE,
            lengths=(StageLength(days=60, less=("grace",) if grace else ()),),
        ),
    )
    policy = OLD.evolve(id="own", stages=stages)
    assert late_window(a_subscription(), policy=policy, on=END).days == 60
    rungs = ladder(a_subscription(), policy)
    assert (rungs[-1].until_on - rungs[-1].from_on).days == retry
    for days, access in ((grace - 1, "full"), (grace, "none"), (59, "none"), (60, "none")):
        assert state_on(a_subscription(), policy, END + days * ONE_DAY).access == access


@pytest.mark.parametrize(
    ("days", "eligibility", "switch"),
    [
        (-1, "eligible-unlisted", "switch"),
        (0, "excluded", "switch"),
        (9, "excluded", "switch"),
        (10, "eligible-unlisted", "switch"),
        (14, "eligible-unlisted", "switch"),
        (15, "not-a-renewal", "nothing-to-switch"),
    ],
)
def test_a_stage_says_what_a_renewal_is_priced_like(
    days: int, eligibility: str, switch: str
) -> None:
    """One stage asks the price of a new one, the next one the renewal price."""
    on = END + days * ONE_DAY
    assert exclusions(a_subscription(), policy=POLICY, on=on).route == eligibility
    assert switching(a_subscription(), policy=POLICY, on=on).route == switch


# The next term ----------------------------------------------------------------------------------


def _ends(begins: date, term: Term, anchor_day: int) -> date:
    """By the oracle's own calendar."""
    return date(*term_end((begins.year, begins.month, begins.day), term, anchor_day))


def _missed(subscription: Subscription, on: date) -> list[date]:
    """The ends of all terms that have passed since the last one, one after the other."""
    ends, end = [], subscription.expires_on
    while (end := _ends(end, subscription.term, subscription.anchor_day)) <= on:
        ends.append(end)
    return ends


STARTS = (
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 11, 30),
    date(2024, 12, 31),
    date(2025, 3, 15),
)
TERMS = (MONTHLY, ANNUAL, Term.months(3), Term.days(1), Term.days(30), Term.weeks(2))


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("starts_on", STARTS, ids=str)
def test_missed_terms_are_counted_one_by_one(starts_on: date, term: Term) -> None:
    """On each of 800 days from before the end on, the number that a naive loop counts."""
    held = a_subscription(starts_on=starts_on, term=term)
    first = held.expires_on - 2 * ONE_DAY
    for on in (first + number * ONE_DAY for number in range(800)):
        expected = [] if on < held.expires_on else _missed(held, on)
        assert missed_terms(held, on) == len(expected), on


LATE_STARTS = (None, *LateStart)


@pytest.mark.parametrize("back_pay", list(BackPay))
@pytest.mark.parametrize("late_start", LATE_STARTS)
def test_where_the_next_term_begins(late_start: LateStart | None, back_pay: BackPay) -> None:
    """In time at the old end; late as the page says; never wholly before the day of payment unless
    the page says so.
    """
    policy = NEW.evolve(id="own", late_start=late_start, late_terms=LateTerms(back_pay=back_pay))
    for starts_on, term, late in product(
        STARTS, TERMS, (-9, -1, 0, 1, 2, 29, 30, 31, 44, 365, 366)
    ):
        held = a_subscription(starts_on=starts_on, term=term)
        on = held.expires_on + late * ONE_DAY
        given = next_term(held, policy, on)
        begins, anchor_day = held.expires_on, held.anchor_day
        if late > 0 and late_start is LateStart.RENEWAL_DAY:
            begins, anchor_day = on, on.day
        elif late > 0 and back_pay is BackPay.MISSED_TERMS:
            begins = [begins, *_missed(held, on)][-1]
        elif late > 0 and late_start is None and _ends(begins, term, anchor_day) <= on:
            begins, anchor_day = on, on.day
        if begins == held.expires_on and term.day_count:
            anchor_day = begins.day
        case = (starts_on, str(term), late)
        assert (given.term, given.starts_on) == (term, begins), case
        assert given.expires_on == _ends(begins, term, anchor_day), case
        sold = late_start is LateStart.OLD_END and back_pay is not BackPay.MISSED_TERMS
        assert not given.is_over_on(on) or sold, case


@pytest.mark.parametrize(
    ("starts_on", "late", "expected"),
    [
        # From 31 January a month ends on 28 February; renewed late it comes back to the 31st.
        ("2025-01-31", 0, "2025-03-31"),
        ("2025-01-31", 10, "2025-03-31"),
        # 29 February, renewed after 2028-02-28 has passed, comes back to the 29th.
        ("2024-02-29", 0, "2024-04-29"),
    ],
)
def test_a_late_term_from_the_old_end_keeps_a_clamped_anchor(
    starts_on: str, late: int, expected: str
) -> None:
    """Reading 4: an end that was clamped does not become the anchor of those after it."""
    held = a_subscription(term=MONTHLY, starts_on=date.fromisoformat(starts_on))
    policy = NEW.evolve(id="own", late_start=LateStart.OLD_END)
    given = next_term(held, policy, held.expires_on + late * ONE_DAY)
    assert given.expires_on.isoformat() == expected
    assert given.anchor_day == held.anchor_day


@pytest.mark.parametrize(("on", "anchor_day"), [("2025-02-27", 27), ("2025-02-28", 28)])
def test_a_renewal_on_a_day_of_its_own_takes_that_day_as_anchor(on: str, anchor_day: int) -> None:
    """27 and 28 February alike: the old anchor, the 29th or 31st, is not taken over."""
    policy = NEW.evolve(id="own", late_start=LateStart.RENEWAL_DAY)
    for old in (29, 31):
        held = a_subscription(term=MONTHLY, starts_on=date(2024, 12, old))
        given = next_term(held, policy, date.fromisoformat(on))
        assert (given.starts_on.isoformat(), given.anchor_day) == (on, anchor_day)
        assert given.expires_on == date(2025, 3, anchor_day)


@pytest.mark.parametrize(
    ("term", "days"), [(MONTHLY, 31), (ANNUAL, 365), (Term.days(10), 10)], ids=str
)
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_term_that_would_be_over(term: Term, days: int, shift: int) -> None:
    """On the day before its end something is left; on its end nothing is, and only a page that
    says so sells it.
    """
    held = a_subscription(
        term=term, starts_on=date(2025, 12, 1) if term == MONTHLY else date(2025, 1, 1)
    )
    on = held.expires_on + (days + shift) * ONE_DAY
    for late_start in LATE_STARTS:
        stage = a_stage("long", 400)
        policy = OLD.evolve(id="own", stages=(stage,), late_start=late_start)
        over = next_term(held, policy, on).is_over_on(on)
        assert over is (late_start is LateStart.OLD_END and shift >= 0)
        codes = renewability(held, policy=policy, on=on).codes
        assert ("term-already-over" in codes) is over
        assert ("late-start-unknown" in codes) is (late_start is None)


def test_the_next_term_may_be_of_another_length() -> None:
    """The one asked for, the policy's, or the same again; missed terms are those of the old one."""
    held = a_subscription(next_term=MONTHLY)
    assert next_term(held, OLD, date(2025, 12, 1)).expires_on == date(2026, 2, 1)
    three = OLD.evolve(id="own", renews_to=Term.years(3))
    assert next_term(a_subscription(), three, date(2025, 12, 1)).expires_on == date(2029, 1, 1)
    missed = three.evolve(id="own", late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS))
    assert next_term(a_subscription(), missed, date(2027, 6, 1)).starts_on == date(2027, 1, 1)


# Over editions ----------------------------------------------------------------------------------


def test_the_day_chooses_the_edition_and_does_not_move_the_window() -> None:
    """On every day of one edition the window is the same; the next edition has its own."""
    wide = OLD.evolve(id="wide", window_opens_days=120)
    editions = Editions(
        (
            Edition(from_on=date(2025, 1, 1), policy=OLD),
            Edition(from_on=date(2025, 9, 1), policy=wide),
        )
    )
    windows = [
        renewal_window(a_subscription(), policy=editions, on=on).days
        for on in (date(2025, 1, 1), date(2025, 8, 31), date(2025, 9, 1), date(2026, 6, 1))
    ]
    assert windows == [90, 90, 120, 120]


@pytest.mark.parametrize("window_of", [renewal_window, late_window])
def test_a_day_before_every_edition_is_refused(window_of: Any) -> None:
    """Reading 17: the gap is named."""
    with pytest.raises(NotInForce, match="no edition is in force on 2023-12-31"):
        window_of(a_subscription(), policy=autodesk.EDITIONS, on=date(2023, 12, 31))


@pytest.mark.parametrize("window_of", [renewal_window, late_window])
def test_a_datetime_is_no_day(window_of: Any) -> None:
    """Reading 1: a datetime is refused where a date is asked."""
    with pytest.raises(InvalidType, match="local_day"):
        window_of(a_subscription(), policy=OLD, on=datetime(2025, 6, 1, 12))


@pytest.mark.parametrize("wrong", [{"id": "v/1"}, None, "autodesk/2024"], ids=repr)
def test_what_is_no_policy_is_refused(wrong: object) -> None:
    """A table as it was loaded is no policy yet, and the error says what makes one of it."""
    with pytest.raises(InvalidType, match="from_mapping makes one"):
        edition_on(a_subscription(), wrong, date(2025, 6, 1))  # type: ignore[arg-type]


def test_turning_days_hold_those_of_every_edition_to_come() -> None:
    """The openings and stages of later editions are among the days, and their first days."""
    editions = autodesk.EDITIONS
    days = turning_days(a_subscription(), editions, OLD, date(2025, 6, 1))
    assert sorted({day.isoformat() for day in days}) == [
        "2025-10-03",
        "2025-12-29",
        "2026-01-01",
        "2026-01-16",
        "2026-02-15",
    ]


class _OneForAll:
    """A policy of the caller's own making: neither an edition nor editions."""

    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:
        return autodesk.EDITION_2024


def test_a_policy_of_the_callers_own_turns_as_its_edition_does() -> None:
    """Whatever has `in_force` is a policy, and the day on which the answer changes is the same."""
    line = a_subscription()
    asked = renewability(line, policy=_OneForAll(), on=line.starts_on)
    plain = renewability(line, policy=autodesk.EDITION_2024, on=line.starts_on)
    assert asked.changes_on == plain.changes_on


def test_the_longest_catch_up_of_editions() -> None:
    """One edition's own, the longest of several, and of a policy of the caller's own a year."""
    editions = Editions(
        tuple(
            Edition(from_on=date(2024 + index, 1, 1), policy=OLD.evolve(catch_up_days=days))
            for index, days in enumerate((3, 9, 1))
        )
    )
    found = [longest_catch_up_days(each) for each in (OLD, BARE, editions, _OneForAll())]
    assert found == [7, 0, 9, 366]
