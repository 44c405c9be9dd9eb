"""May its term change, and by which way? Unknown is an answer, and never a silent no."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from subrenew import (
    Account,
    AutoRenew,
    Channel,
    InvalidType,
    InvalidValue,
    Kind,
    RegionWays,
    RenewalPolicy,
    Term,
    TermRoute,
    TrialEnd,
    Way,
    clause,
    tables,
    term_change,
)
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.vendors import autodesk
from tests.makers import ANNUAL, MONTHLY, PAYPAL, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ALL_WAYS = OLD.evolve(
    id="ways",
    term_change_ways=(
        RegionWays(region="FR", way=Way.ACCOUNT),
        RegionWays(region="JP", way=Way.SUPPORT),
        RegionWays(region="XX", way=Way.NEITHER),
        RegionWays(region="YY", way=Way.UNKNOWN),
        RegionWays(region="Rest of the world", way=Way.SUPPORT),
    ),
)
ON_DAY = date(2025, 6, 1)
END = date(2026, 1, 1)


def test_the_routes_stand_in_the_order_in_which_they_are_decided() -> None:
    """Each way forward has a binding clause."""
    assert [route.value for route in TermRoute] == [
        "convert-trial",
        "buy-new",
        "nothing-to-change",
        "withdraw-change",
        "resolve-condition",
        "contact-partner",
        "change-in-account",
        "ask-support",
        "let-expire",
        "unknown",
    ]
    of_the_source = [route for route in TermRoute if route is not TermRoute.RESOLVE_CONDITION]
    assert all(route.clause.binding and clause(route.clause.id) for route in of_the_source)


@pytest.mark.parametrize(
    ("region", "route", "codes", "action"),
    [
        ("FR", "change-in-account", (), ("change-term", None, date(2025, 12, 31))),
        ("JP", "ask-support", (), ("ask-support", None, date(2025, 12, 31))),
        ("XX", "let-expire", ("no-way-in-region",), ("buy-new", END, None)),
        ("YY", "unknown", ("region-unknown",), ("ask-support", None, date(2025, 12, 31))),
        ("ZZ", "unknown", ("region-unknown",), ("ask-support", None, date(2025, 12, 31))),
        (None, "unknown", ("region-unknown",), ("ask-support", None, date(2025, 12, 31))),
        ("REST  of the World", "ask-support", (), ("ask-support", None, date(2025, 12, 31))),
    ],
)
def test_the_way_of_each_region(region: str | None, route: str, codes, action) -> None:
    """Reading 10: account, support, neither, and unknown everywhere else."""
    decision = term_change(a_subscription(), to=MONTHLY, policy=ALL_WAYS, on=ON_DAY, region=region)
    (found,) = decision.actions
    assert (decision.route, decision.codes) == (route, codes)
    assert (found.code, found.from_on, found.by) == action
    # What is bought anew is another subscription.
    done = None if found.code == "buy-new" else TermRoute.NOTHING_TO_CHANGE
    assert found.leads_to is done


@pytest.mark.parametrize(
    ("changes", "policy", "days", "to", "route"),
    [
        ({"kind": Kind.TRIAL}, OLD, -1, MONTHLY, "convert-trial"),
        ({"kind": Kind.TRIAL}, OLD, 1, ANNUAL, "convert-trial"),
        ({}, OLD, -1, MONTHLY, "unknown"),
        ({}, OLD, 0, MONTHLY, "buy-new"),
        ({}, NEW, 0, MONTHLY, "unknown"),
        ({}, NEW, 44, MONTHLY, "unknown"),
        ({}, NEW, 45, MONTHLY, "buy-new"),
        ({"cancelled_on": ON_DAY}, OLD, -1, MONTHLY, "buy-new"),
        ({}, OLD, -1, ANNUAL, "nothing-to-change"),
        ({}, OLD, 0, ANNUAL, "buy-new"),
        ({"channel": Channel.PARTNER}, OLD, -1, MONTHLY, "contact-partner"),
        ({"channel": Channel.PARTNER}, OLD, -1, ANNUAL, "nothing-to-change"),
        ({"next_term": MONTHLY}, OLD, -1, MONTHLY, "nothing-to-change"),
        ({"next_term": MONTHLY}, OLD, -1, ANNUAL, "withdraw-change"),
        ({"next_term": MONTHLY}, OLD, -1, Term.years(3), "unknown"),
        ({"next_term": MONTHLY, "channel": Channel.PARTNER}, OLD, -1, ANNUAL, "withdraw-change"),
        ({"next_term": MONTHLY}, OLD, 0, ANNUAL, "buy-new"),
        ({"next_term": MONTHLY}, NEW, 44, ANNUAL, "withdraw-change"),
    ],
)
def test_what_comes_first_decides(changes, policy, days: int, to: Term, route: str) -> None:
    """A trial, then the end, then the same term, then a partner, then the region."""
    decision = term_change(
        a_subscription(**changes), to=to, policy=policy, on=END + timedelta(days=days)
    )
    assert decision.route == route


def test_every_reason_is_reported_with_what_it_saw() -> None:
    """Partner, end, sameness and region are all told."""
    subscription = a_subscription(channel=Channel.PARTNER, account=Account(id="A-1", country="JP"))
    decision = term_change(subscription, to=ANNUAL, policy=OLD, on=END)
    assert [(each.code, each.values) for each in decision.findings] == [
        ("through-partner", ()),
        ("ended", (("expires_on", END),)),
        ("same-term", (("term", ANNUAL),)),
        ("region-unknown", (("region", "JP"),)),
    ]


def test_a_condition_of_ones_own_bars_the_change() -> None:
    """Once it is resolved, the way of the region is open."""
    flag = Condition(code="flag", message="In review.", bars=frozenset({Barred.TERM_CHANGE}))
    policy = ALL_WAYS.evolve(id="own", conditions=(flag,))
    raised = a_subscription(conditions=frozenset({"flag"}))
    asked = {"to": MONTHLY, "policy": policy, "on": ON_DAY, "region": "FR"}
    decision = term_change(raised, **asked)
    assert decision.route is TermRoute.RESOLVE_CONDITION
    assert decision.findings[-1].value("conditions") == ("In review.",)
    assert [action.code for action in decision.actions] == ["resolve-condition"]
    assert term_change(a_subscription(), **asked).route is TermRoute.CHANGE_IN_ACCOUNT


def test_nothing_is_left_to_do_where_nothing_changes() -> None:
    """The one route without an action is the one that is done."""
    decision = term_change(a_subscription(), to=ANNUAL, policy=OLD, on=ON_DAY)
    assert decision.actions == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"kind": Kind.TRIAL}, "buy-subscription"), ({"cancelled_on": ON_DAY}, "buy-new")],
)
def test_what_is_over_is_bought_without_a_deadline(changes, code: str) -> None:
    """A new one with the term wanted can be bought on any day."""
    (action,) = term_change(a_subscription(**changes), to=MONTHLY, policy=OLD, on=ON_DAY).actions
    assert (action.code, action.from_on, action.by) == (code, None, None)


def test_it_really_leads_to_nothing_to_change() -> None:
    """Once the next term is the one wanted, nothing is left to change."""
    before = term_change(a_subscription(), to=MONTHLY, policy=OLD, on=ON_DAY, region="FR")
    changed = a_subscription(next_term=MONTHLY)
    after = term_change(changed, to=MONTHLY, policy=OLD, on=ON_DAY, region="FR")
    assert before.actions[0].leads_to is after.route


def test_the_answer_changes_when_it_ends() -> None:
    """Time alone changes the answer when nothing renews it any more; then never again."""
    for policy, over_on in ((OLD, END), (NEW, END + timedelta(days=45))):
        decision = term_change(a_subscription(), to=MONTHLY, policy=policy, on=ON_DAY)
        assert decision.changes_on == over_on
        over = term_change(a_subscription(), to=MONTHLY, policy=policy, on=over_on)
        assert over.changes_on is None


@pytest.mark.parametrize(
    ("changes", "to", "code"),
    [
        ({"channel": Channel.PARTNER}, MONTHLY, "contact-partner"),
        ({"conditions": frozenset({"flag"})}, MONTHLY, "resolve-condition"),
        ({"next_term": MONTHLY}, ANNUAL, "withdraw-change"),
        ({}, MONTHLY, "change-term"),
        ({}, Term.years(3), "change-term"),
    ],
    ids=str,
)
@pytest.mark.parametrize(("policy", "over"), [(OLD, 0), (NEW, 45)], ids=["over", "stages"])
def test_a_change_is_asked_for_at_once_and_through_the_last_day(
    policy: RenewalPolicy, over: int, changes: dict[str, Any], to: Term, code: str
) -> None:
    """From now on, by the last day on which a renewal is still taken; a partner's too."""
    flag = Condition(code="flag", message="In review.", bars=frozenset({Barred.TERM_CHANGE}))
    own = policy.evolve(id="own", conditions=(flag,))
    (action,) = term_change(
        a_subscription(**changes), to=to, policy=own, on=ON_DAY, region="FR"
    ).actions
    last_on = END + timedelta(days=over - 1)
    assert (action.code, action.from_on, action.by) == (code, None, last_on)


def test_while_pending_another_term_is_for_the_next_renewal() -> None:
    """Reading 29: it can be asked for, and the finding says that this renewal keeps its term."""
    held = a_subscription(auto_renew=AutoRenew.ON, payment_method=PAYPAL)
    for days, codes in ((-1, ()), (0, ("renewal-pending",)), (7, ("renewal-pending",))):
        on = END + timedelta(days=days)
        decision = term_change(held, to=MONTHLY, policy=ALL_WAYS, on=on, region="FR")
        assert (decision.route, decision.codes) == ("change-in-account", codes)
    after = term_change(held, to=MONTHLY, policy=ALL_WAYS, on=END + timedelta(days=8), region="FR")
    assert after.route == "buy-new"


def test_a_trial_that_goes_on_may_go_on_with_another_term() -> None:
    """It will be a subscription; the term of a trial that ends is nobody's."""
    trial = a_subscription(kind=Kind.TRIAL)
    for trials, route in ((TrialEnd.GOES_ON, "change-in-account"), (None, "convert-trial")):
        policy = ALL_WAYS.evolve(id="own", trials=trials)
        decision = term_change(trial, to=MONTHLY, policy=policy, on=ON_DAY, region="FR")
        assert decision.route == route


def test_the_policys_own_next_term_is_no_change() -> None:
    """Where every renewal is for three years, there is nothing to change to three years."""
    policy = ALL_WAYS.evolve(id="own", renews_to=Term.years(3))
    for to, route in ((Term.years(3), "nothing-to-change"), (ANNUAL, "change-in-account")):
        decision = term_change(a_subscription(), to=to, policy=policy, on=ON_DAY, region="FR")
        assert decision.route == route


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"to": "P1M"}, InvalidType, "to is 'P1M'"),
        ({"region": 7}, InvalidType, "region is 7"),
        ({"region": ""}, InvalidValue, "region is ''"),
        ({"on": datetime(2025, 6, 1)}, InvalidType, "local_day"),
    ],
    ids=str,
)
def test_what_is_asked_is_checked(asked, error: type[InvalidValue], told: str) -> None:
    """A term as text, a region that is none and a datetime are refused by name."""
    with pytest.raises(error, match=told):
        term_change(a_subscription(), **{"to": MONTHLY, "policy": OLD, "on": ON_DAY, **asked})


SOME_WAYS = (
    RegionWays(
        region="FR",
        way=Way.ACCOUNT,
        of=frozenset({MONTHLY, Term.months(3)}),
        to=frozenset({Term.years(1)}),
    ),
    RegionWays(region="FR", way=Way.SUPPORT, of=frozenset({Term.years(1)})),
    RegionWays(region="DE", way=Way.ACCOUNT, to=frozenset({Term.years(1)})),
)


@pytest.mark.parametrize(
    ("region", "of", "to", "route"),
    [
        ("FR", MONTHLY, Term.months(12), "change-in-account"),
        ("FR", Term.months(3), Term.years(1), "change-in-account"),
        ("FR", MONTHLY, Term.years(3), "let-expire"),
        ("FR", Term.months(2), Term.years(1), "let-expire"),
        ("FR", Term.years(1), MONTHLY, "ask-support"),
        ("fr", Term.years(1), Term.years(3), "ask-support"),
        ("DE", Term.years(3), Term.years(1), "change-in-account"),
        ("DE", Term.years(1), MONTHLY, "let-expire"),
        ("US", MONTHLY, Term.years(1), "unknown"),
        (None, MONTHLY, Term.years(1), "unknown"),
    ],
)
def test_ways_of_some_terms_to_some_terms(
    region: str | None, of: Term, to: Term, route: str
) -> None:
    """Reading 10: where a region names terms, others have none; unnamed, it is unknown."""
    policy = OLD.evolve(id="own", term_change_ways=SOME_WAYS)
    subscription = a_subscription(term=of)
    decision = term_change(subscription, to=to, policy=policy, on=date(2025, 1, 31), region=region)
    assert decision.route == route
    # What can be asked is in the table, and so is that there is no way.
    assert decision.cell in tables.table("term-change", policy).cells


@pytest.mark.parametrize(("policy", "over"), [(OLD, 0), (NEW, 45)], ids=["over", "stages"])
def test_where_no_way_leads_it_is_bought_anew_when_it_is_over(
    policy: RenewalPolicy, over: int
) -> None:
    """Not on the expiry date where it can still be renewed late, but after the last stage."""
    own = policy.evolve(id="own", term_change_ways=ALL_WAYS.term_change_ways)
    (action,) = term_change(
        a_subscription(), to=MONTHLY, policy=own, on=ON_DAY, region="XX"
    ).actions
    over_on = END + timedelta(days=over)
    assert (action.code, action.from_on, action.by) == ("buy-new", over_on, None)
