"""Conditions of a user's own are reported, explained and in the tables; others are refused."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Barred,
    Channel,
    Condition,
    InvalidValue,
    Kind,
    PriceList,
    RegionWays,
    Role,
    Route,
    TrialEnd,
    Way,
    exclusions,
    price_increase,
    renewability,
    renewal_discount,
    switching,
    tables,
    term_change,
)
from subrenew.policy.notice_rules import NoticeCondition
from subrenew.policy.vendors import autodesk
from subrenew.rules.tables import faults
from tests.makers import MONTHLY, PAYPAL, WIRE, a_list, a_price, a_subscription

END = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
EDITIONS = (autodesk.EDITION_2024, autodesk.EDITION_2025_12)
OPEN = Condition(code="open-invoice", message="An invoice is open.", bars=frozenset(Barred))
RAISED = frozenset({"open-invoice"})
NOTHING = PriceList(prices=())
WAYS = (RegionWays(region="FR", way=Way.ACCOUNT),)


def _policy(*bars: Barred, edition: Any = autodesk.EDITION_2025_12) -> Any:
    condition = attrs.evolve(OPEN, bars=frozenset(bars or Barred))
    return edition.evolve(id="own", conditions=(condition,), term_change_ways=WAYS)


def _answers(subscription: Any, policy: Any, on: date, actor: Actor | None = None) -> list[Any]:
    change = {"to": MONTHLY, "region": "FR"}
    decisions: list[Any] = [
        renewability(subscription, policy=policy, on=on, actor=actor),
        exclusions(subscription, policy=policy, on=on),
        renewal_discount(subscription, policy=policy, prices=NOTHING, on=on),
        term_change(subscription, policy=policy, on=on, **change),  # type: ignore[arg-type]
        switching(subscription, policy=policy, on=on, actor=actor),
    ]
    return [
        (
            each.route,
            each.codes,
            [(action.code, action.from_on, action.by) for action in each.actions],
            each.changes_on,
            each.can_renew_now,
        )
        for each in decisions
    ]


@pytest.mark.parametrize("what", list(Barred))
@pytest.mark.parametrize("days", [-100, -1, 0, 20])
def test_it_bars_what_it_says_and_nothing_else(what: Barred, days: int) -> None:
    """Each bar has its own question; the others answer as if it were not there."""
    plain, raised = a_subscription(), a_subscription(conditions=RAISED)
    on = END + days * ONE_DAY
    policy = _policy(what)
    without, with_it = _answers(plain, policy, on), _answers(raised, policy, on)
    differ = [index for index in range(5) if without[index] != with_it[index]]
    assert (
        differ
        == {
            Barred.RENEWAL: [0],
            Barred.RENEWAL_PRICE: [1, 2] if days < 0 else [1],
            Barred.TERM_CHANGE: [3],
        }[what]
    )
    barred = differ[0]
    assert "own-condition" in with_it[barred][1]
    assert "own-condition" not in without[barred][1]


@pytest.mark.parametrize("days", [-100, -1, 0, 20, 60])
@pytest.mark.parametrize("conditions", [(), (attrs.evolve(OPEN, code="another"),)])
def test_a_code_that_the_policy_does_not_declare_is_named(conditions: Any, days: int) -> None:
    """Reading 27: raised but undeclared it would bar nothing, so every question refuses it."""
    policy = autodesk.EDITION_2025_12.evolve(id="own", conditions=conditions)
    asked: dict[str, Any] = {"policy": policy, "on": END + days * ONE_DAY}
    raised = a_subscription(conditions=RAISED)
    for ask in (
        lambda: renewability(raised, **asked),
        lambda: exclusions(raised, **asked),
        lambda: renewal_discount(raised, prices=NOTHING, **asked),
        lambda: term_change(raised, to=MONTHLY, **asked),
        lambda: switching(raised, **asked),
    ):
        with pytest.raises(
            InvalidValue, match=r"'open-invoice': declare it in .*conditions of own"
        ):
            ask()


@pytest.mark.parametrize("days", [-100, -1, 0, 20, 60])
def test_one_that_is_declared_and_not_raised_changes_nothing(days: int) -> None:
    """With it and without it among the policy's conditions, every answer is the same."""
    on = END + days * ONE_DAY
    declared, none = (
        autodesk.EDITION_2025_12.evolve(id="own", conditions=conditions, term_change_ways=WAYS)
        for conditions in ((OPEN,), ())
    )
    found = [_answers(a_subscription(), policy, on) for policy in (declared, none)]
    assert found[0] == found[1]


def test_a_code_that_only_a_notice_knows_may_be_raised() -> None:
    """What a notice's condition raises is declared by the notice, and bars nothing."""
    notice = attrs.evolve(
        autodesk.YOU_CAN_RENEW_NOW, condition=NoticeCondition(raised=frozenset({"reminded"}))
    )
    policy = autodesk.EDITION_2024.evolve(id="own", notices=(notice,))
    held = a_subscription(conditions=frozenset({"reminded"}))
    decision = renewability(held, policy=policy, on=END - ONE_DAY)
    assert decision.route is Route.RENEW_NOW


@pytest.mark.parametrize(
    ("changes", "days", "actor", "route"),
    [
        ({"kind": Kind.TRIAL}, -1, None, "convert-trial"),
        ({}, 45, None, "buy-new"),
        ({}, -1, Actor(id="n"), "ask-the-manager"),
        ({}, -1, None, "resolve-condition"),
        ({}, -100, None, "resolve-condition"),
        ({}, 20, None, "resolve-condition"),
        ({"channel": Channel.PARTNER}, -1, None, "resolve-condition"),
        ({"auto_renew": AutoRenew.ON, "payment_method": PAYPAL}, -1, None, "resolve-condition"),
        ({"auto_renew": AutoRenew.ON}, -1, None, "resolve-condition"),
    ],
)
def test_where_it_stands_among_the_routes(
    changes: dict[str, Any], days: int, actor: Actor | None, route: str
) -> None:
    """After the trial, the end and the person; before the partner and every way of renewing."""
    raised = a_subscription(conditions=RAISED, **changes)
    decision = renewability(raised, policy=_policy(), on=END + days * ONE_DAY, actor=actor)
    assert decision.route == route
    assert not decision.can_renew_now
    assert not decision.renews_itself


@pytest.mark.parametrize(
    ("changes", "days", "leads_to", "by"),
    [
        ({}, -1, Route.RENEW_NOW, date(2025, 12, 31)),
        # Resolved before the window opens it leads to waiting, and in it to renewing.
        ({}, -100, None, date(2025, 12, 31)),
        ({}, 0, Route.RENEW_NOW, date(2026, 2, 14)),
        ({"channel": Channel.PARTNER}, -1, Route.CONTACT_PARTNER, date(2025, 12, 31)),
        (
            {"auto_renew": AutoRenew.ON, "payment_method": PAYPAL},
            -1,
            Route.RENEWS_ITSELF,
            date(2025, 12, 31),
        ),
        ({"auto_renew": AutoRenew.ON}, -1, Route.REPAIR_PAYMENT, date(2025, 12, 31)),
    ],
)
def test_resolving_it_leads_to_where_it_would_be_without(
    changes: dict[str, Any], days: int, leads_to: Route | None, by: date
) -> None:
    """The one action says where it leads, and the same subscription without it is there."""
    on = END + days * ONE_DAY
    raised = a_subscription(conditions=RAISED, **changes)
    (action,) = renewability(raised, policy=_policy(), on=on).actions
    assert (action.code, action.leads_to, action.by) == ("resolve-condition", leads_to, by)
    days_of_it = [on + shift * ONE_DAY for shift in range((by - on).days + 1)]
    cleared = {
        renewability(a_subscription(**changes), policy=_policy(), on=day).route
        for day in days_of_it
    }
    assert cleared == {leads_to} if leads_to else len(cleared) > 1


def test_the_managers_action_leads_to_the_condition() -> None:
    """Who may not renew asks one who may, and that one resolves the condition."""
    decision = renewability(
        a_subscription(conditions=RAISED), policy=_policy(), on=END - ONE_DAY, actor=Actor(id="n")
    )
    assert [each.leads_to for each in decision.actions] == [Route.RESOLVE_CONDITION]


def test_every_message_is_told_and_explained() -> None:
    """The findings hold the messages, in the policy's order, and the sentences say them."""
    late = Condition(code="hold", message="It is on hold.", bars=frozenset({Barred.RENEWAL}))
    policy = autodesk.EDITION_2024.evolve(id="own", conditions=(OPEN, late))
    subscription = a_subscription(conditions=RAISED | {"hold"})
    asked: dict[str, Any] = {"policy": policy, "on": END - ONE_DAY}
    both, one = ("An invoice is open.", "It is on hold."), ("An invoice is open.",)
    for decision, messages in (
        (renewability(subscription, **asked), both),
        (exclusions(subscription, **asked), one),
        (term_change(subscription, to=MONTHLY, **asked), one),
    ):
        finding = next(each for each in decision.findings if each.code == "own-condition")
        assert finding.value("conditions") == messages
        assert finding.clause.id == "own-condition"
        assert all(message in decision.explain() for message in messages)
        assert "on hold" in decision.explain("fr") or messages == one


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda each: each.id)
@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda each: each.name)
def test_tables_with_conditions_can_still_be_reviewed(edition: Any, question: Any) -> None:
    """At most 256 cells for a condition that bars all three; every bar of it is in some cell."""
    policy = edition.evolve(id="own", conditions=(OPEN,))
    made, plain = tables.table(question, policy), tables.table(question, edition)
    assert not [each for each in tables.faults(made) if "more than" in each]
    own = {bar.code for bar in question.bars} & {"own-condition"}
    assert {code for cell in made.cells for code in cell.codes} >= own
    assert not any("own-condition" in cell.codes for cell in plain.cells)
    assert not [each for each in faults(made) if "dead end" in each or "cells are more" in each]


def test_many_conditions_make_no_more_cells_than_one() -> None:
    """It does not matter how many are declared: they are one fact."""
    many = tuple(attrs.evolve(OPEN, code=f"c-{number}") for number in range(40))
    for question in tables.QUESTIONS:
        one = tables.table(question, autodesk.EDITION_2025_12.evolve(id="1", conditions=(OPEN,)))
        forty = tables.table(question, autodesk.EDITION_2025_12.evolve(id="40", conditions=many))
        assert one.cells == forty.cells


def test_every_answer_is_in_the_table() -> None:
    """Whatever is asked under a policy with conditions, its cell is among the table's."""
    policy = _policy()
    made = {name: set(tables.table(name, policy).cells) for name in _NAMES}
    people = (None, Actor(id="n"), Actor(id="p", roles=frozenset({Role.PURCHASER, Role.OWNER})))
    methods = (None, PAYPAL, WIRE)
    for raised, channel, switch, method, kind, actor, days in product(
        (frozenset[str](), RAISED), Channel, AutoRenew, methods, Kind, people, (-100, -1, 0, 20, 45)
    ):
        subscription = a_subscription(
            conditions=raised,
            channel=channel,
            auto_renew=switch,
            payment_method=method,
            kind=kind,
            account=Account(id="A-1", country="FR"),
        )
        on = END + days * ONE_DAY
        decisions: tuple[Any, ...] = (
            renewability(subscription, policy=policy, on=on, actor=actor),
            exclusions(subscription, policy=policy, on=on),
            renewal_discount(subscription, policy=policy, prices=NOTHING, on=on),
            term_change(subscription, to=MONTHLY, policy=policy, on=on),
            switching(subscription, policy=policy, on=on, actor=actor),
        )
        for name, decision in zip(_NAMES, decisions, strict=True):
            assert decision.cell in made[name]


_NAMES = ("renewability", "exclusions", "renewal-discount", "term-change", "switching")


def test_prices_are_not_asked_about_conditions() -> None:
    """Consent to a dearer price has nothing to do with them."""
    price = a_list(a_price("10.00")).list_price(a_subscription(), on=END)
    assert price is not None
    for raised in (frozenset[str](), RAISED):
        decision = price_increase(
            a_subscription(conditions=raised), old=price, new=price, policy=_policy(), on=END
        )
        assert decision.route == "not-dearer"


def test_a_trial_that_is_barred_is_not_said_to_go_on() -> None:
    """It goes on once the condition is resolved, and not before."""
    policy = _policy().evolve(trials=TrialEnd.GOES_ON)
    held = a_subscription(kind=Kind.TRIAL, auto_renew=AutoRenew.ON, payment_method=PAYPAL)
    on = END - ONE_DAY
    assert renewability(held, policy=policy, on=on).codes == ("trial-goes-on",)
    barred = renewability(attrs.evolve(held, conditions=RAISED), policy=policy, on=on)
    assert (barred.route, barred.codes) == (Route.RESOLVE_CONDITION, ("own-condition",))
