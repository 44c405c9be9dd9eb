"""Windows, stages and access: one day below, at and above each boundary."""

from datetime import date, datetime, timedelta

import pytest
from subrenew.rules.windows import access_on, opening_of, turning_days

from subrenew import (
    EVERYBODY,
    Access,
    Bound,
    Edition,
    Editions,
    InvalidType,
    Kind,
    NotInForce,
    RenewalPolicy,
    Scope,
    Stage,
    StageLength,
    Subscription,
    Term,
    Window,
    WindowRule,
    late_window,
    renewability,
    renewal_window,
)
from subrenew.policy.vendors import autodesk
from tests.makers import MONTHLY, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12


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
def test_a_day_before_every_edition_is_refused(window_of) -> None:
    """Reading 17: the gap is named."""
    with pytest.raises(NotInForce, match="no edition is in force on 2023-12-31"):
        window_of(a_subscription(), policy=autodesk.EDITIONS, on=date(2023, 12, 31))


@pytest.mark.parametrize("window_of", [renewal_window, late_window])
def test_a_datetime_is_no_day(window_of) -> None:
    """Reading 1: a datetime is refused where a date is asked."""
    with pytest.raises(InvalidType, match="local_day"):
        window_of(a_subscription(), policy=OLD, on=datetime(2025, 6, 1, 12))


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
    assert window == Window(subscription.expires_on, subscription.expires_on + timedelta(days=days))


def test_without_stages_there_is_no_late_window() -> None:
    """Under the edition of 2024 expired means over."""
    assert late_window(a_subscription(), policy=OLD, on=date(2025, 6, 1)).days == 0


@pytest.mark.parametrize(
    "changes", [{"cancelled_on": date(2026, 1, 1)}, {"kind": Kind.TRIAL}], ids=str
)
def test_what_is_never_renewed_is_not_renewed_late(changes) -> None:
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
    on = date(2026, 1, 1) + timedelta(days=days)
    assert access_on(a_subscription(), NEW, on) is annual
    short = a_subscription(term=MONTHLY, starts_on=date(2025, 12, 1))
    assert access_on(short, NEW, on) is monthly


def test_access_of_each_stage_is_its_own() -> None:
    """A ladder of three stages: each has its access until its last day."""
    lengths = (StageLength(days=2),)
    names = ((Access.FULL, "a"), (Access.ADMIN_ONLY, "b"), (Access.NONE, "c"))
    stages = tuple(Stage(name=name, access=access, lengths=lengths) for access, name in names)
    policy = OLD.evolve(id="ladder", stages=stages)
    days = [date(2026, 1, 1) + timedelta(days=late) for late in range(-1, 7)]
    assert [access_on(a_subscription(), policy, day).value for day in days] == [
        *("full", "full", "full", "admin-only", "admin-only", "none", "none", "none"),
    ]


@pytest.mark.parametrize("policy", [OLD, NEW], ids=lambda policy: policy.id)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_trial_is_over_when_it_ends(policy, days: int) -> None:
    """A trial has no stages: it cannot be used from its end on, under either edition."""
    trial = a_subscription(kind=Kind.TRIAL, term=Term.days(30))
    on = trial.expires_on + timedelta(days=days)
    expected = Access.FULL if days < 0 else Access.NONE
    assert access_on(trial, policy, on) is expected
    assert renewability(trial, policy=policy, on=on).access is expected


@pytest.mark.parametrize(("days", "access"), [(-1, Access.FULL), (0, Access.NONE)])
def test_access_ends_on_the_cancellation(days: int, access: Access) -> None:
    """The day of a cancellation is the first without access, stages or not."""
    cancelled_on = date(2025, 6, 1)
    subscription = a_subscription(cancelled_on=cancelled_on)
    assert access_on(subscription, NEW, cancelled_on + timedelta(days=days)) is access


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


def test_the_opening_of_an_edition() -> None:
    """The opening is the later one of the 90th day and the term's start."""
    assert opening_of(a_subscription(), OLD) == date(2025, 10, 3)


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
    on = date(2026, 1, 1) - days * timedelta(days=1)
    decision = renewability(a_subscription(), policy=policy, on=on)
    assert decision.can_renew_now is opens
    if not opens:
        first = date(2026, 1, 1) - rule.days * timedelta(days=1)
        assert decision.changes_on == first
        assert decision.findings[-1].value("opens_on") == first


def test_the_first_rule_that_covers_it_is_its_own() -> None:
    """An annual subscription passes the rule for months; else it has the policy's days."""
    month = WindowRule(scope=Scope(up_to=MONTHLY), opens_days=3)
    always = WindowRule(scope=EVERYBODY, opens_days=10)
    for rules, days in (((month,), 90), ((month, always), 10), ((always, month), 10)):
        policy = OLD.evolve(id="own", window_rules=rules)
        first = date(2026, 1, 1) - days * timedelta(days=1)
        for on, route in ((first - timedelta(days=1), "wait-for-window"), (first, "renew-now")):
            assert renewability(a_subscription(), policy=policy, on=on).route == route


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
