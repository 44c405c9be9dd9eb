"""What every decision promises: its reasons, its steps, and the day on which it changes."""

import copy
import pickle
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import (
    EVERYBODY,
    Account,
    Actor,
    AutoRenew,
    Channel,
    Clause,
    Decision,
    EarlyRenewal,
    Edition,
    Editions,
    Kind,
    PaymentMethod,
    Policy,
    Refusal,
    RenewalPolicy,
    Role,
    Route,
    Stage,
    StageLength,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    WindowRule,
    exclusions,
    renewability,
    term_change,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.lifecycle import renew, withdraw_cancellation
from subrenew.renewal.settings import replace_payment_method, switch_auto_renew
from subrenew.rules.decisions import Action, Finding
from subrenew.rules.facts import TrialFacts, TrialTime
from subrenew.rules.questions import Bar, Flyweights, Question, Step, bar, cells, combinations
from subrenew.rules.renewability import QUESTION
from tests.makers import ANNUAL, INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ON_DAY = date(2025, 12, 1)
STRANGER = Actor(id="P-1")
EARLY = NEW.evolve(id="early", early_renewal=EarlyRenewal.ALLOWED)
WIDE = NEW.evolve(
    id="wide",
    window_opens_days=200,
    stages=(Stage(name="grace", access=NEW.stages[1].access, lengths=(StageLength(days=70),)),),
)
# Whatever an edition may change, changes: the opening, the stages, twice there and back.
CHANGING = Editions(
    (
        Edition(from_on=date(2020, 1, 1), policy=OLD),
        Edition(from_on=date(2025, 5, 1), policy=NEW.evolve(id="narrow", window_opens_days=30)),
        Edition(from_on=date(2025, 8, 1), policy=WIDE),
        Edition(from_on=date(2026, 1, 20), policy=OLD.evolve(id="again")),
        Edition(from_on=date(2026, 2, 20), policy=WIDE.evolve(id="wide again")),
    )
)
CLOSING = NEW.evolve(id="closing", switch_closes_days=3, trials=TrialEnd.GOES_ON)
HONEST = (OLD, NEW, EARLY, CLOSING, RenewalPolicy(id="v/1"))
POLICIES: tuple[Policy, ...] = (OLD, NEW, EARLY, autodesk.EDITIONS, CHANGING)


def _subscriptions() -> Iterator[Subscription]:
    methods = (None, PAYPAL, WIRE, INVOICE, PaymentMethod.card(expires="2025-12"))
    shapes = (
        (date(2025, 1, 15), ANNUAL, None),
        (date(2024, 11, 30), ANNUAL, None),
        (date(2024, 12, 20), ANNUAL, date(2025, 12, 5)),
        (date(2025, 2, 28), ANNUAL, date(2025, 6, 1)),
        (date(2025, 11, 30), MONTHLY, None),
        (date(2025, 12, 29), MONTHLY, None),
        (date(2025, 9, 1), Term.months(4), None),
    )
    for (starts_on, term, cancelled_on), method, switch, kind in product(
        shapes, methods, AutoRenew, Kind
    ):
        yield a_subscription(
            starts_on=starts_on,
            term=term,
            cancelled_on=cancelled_on,
            payment_method=method,
            auto_renew=switch,
            kind=kind,
        )


def _answers(decision: Decision[Route]) -> tuple[object, ...]:
    return decision.route, decision.codes, decision.can_renew_now, decision.access


@pytest.mark.parametrize("policy", POLICIES, ids=["old", "new", "early", "editions", "changing"])
def test_changes_on_is_the_first_day_with_another_answer(policy: Policy) -> None:
    """Asked on every day of a lifetime, it is the day that a search day by day finds."""
    compared = 0
    for subscription in _subscriptions():
        first = subscription.starts_on - timedelta(days=5)
        last = max(subscription.expires_on, date(2026, 2, 20)) + timedelta(days=100)
        days = [first + timedelta(days=shift) for shift in range((last - first).days)]
        expected: date | None = None
        later: tuple[object, ...] | None = None
        for day in reversed(days):
            decision = renewability(subscription, policy=policy, on=day)
            answers = _answers(decision)
            if later is not None and answers != later:
                expected = day + timedelta(days=1)
            later = answers
            if day.day % 4 == 0 or expected == day + timedelta(days=1):
                assert decision.changes_on == expected, (subscription, day)
                compared += 1
    assert compared > 10_000


def test_an_answer_that_stays_has_no_day() -> None:
    """What has ended for good never changes again by itself."""
    decision = renewability(a_subscription(), policy=OLD, on=date(2026, 1, 1))
    assert decision.changes_on is None


def test_an_ended_one_comes_back_with_the_next_edition() -> None:
    """Expired on 2025-12-16 and asked about before 2025-12-29, it changes on that day."""
    subscription = a_subscription(starts_on=date(2024, 12, 16))
    decision = renewability(subscription, policy=autodesk.EDITIONS, on=date(2025, 12, 20))
    assert (decision.route, decision.changes_on) == (Route.BUY_NEW, date(2025, 12, 29))


class _OwnPolicy:
    """A policy of the caller's own: keyed on the purchase and not on the day."""

    def in_force(self, subscription: Subscription, *, on: date):
        return NEW if subscription.starts_on >= date(2025, 1, 1) else OLD


def test_a_policy_of_the_callers_own_chooses_by_the_subscription() -> None:
    """Reading 17: an edition may be keyed on something else than the day of the act."""
    routes = []
    for starts_on in (date(2024, 12, 31), date(2025, 1, 1)):
        subscription = a_subscription(starts_on=starts_on)
        day = subscription.expires_on
        decision = renewability(subscription, policy=_OwnPolicy(), on=day)
        routes.append(decision.route)
    assert routes == [Route.BUY_NEW, Route.RENEW_NOW]


def test_a_decision_has_no_truth_value() -> None:
    """`if decision:` is an error, and tells what to ask instead."""
    decision = renewability(a_subscription(), policy=OLD, on=ON_DAY)
    with pytest.raises(TypeError, match=r"ask \.route"):
        bool(decision)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_decides_again(protocol: int) -> None:
    """A decision crosses a process boundary as what was asked, and is equal there."""
    actor = Actor(id="P-1", roles=frozenset({Role.USER}))
    decisions = (
        renewability(a_subscription(), policy=autodesk.EDITIONS, on=ON_DAY, actor=actor),
        exclusions(a_subscription(), policy=OLD, on=ON_DAY),
        term_change(a_subscription(), to=MONTHLY, policy=NEW, on=ON_DAY, region="FR"),
    )
    for decision in decisions:
        twin = pickle.loads(pickle.dumps(decision, protocol))  # noqa: S301 - our own bytes
        for other in (twin, copy.copy(decision), copy.deepcopy(decision)):
            assert other == decision
            assert hash(other) == hash(decision)
            assert other.cell is decision.cell
            assert other.findings == decision.findings
            assert other.actions == decision.actions


def test_decisions_compare_by_what_was_asked() -> None:
    """Another day, subscription, policy or actor makes another decision; the same does not."""
    decisions = {
        renewability(a_subscription(id=id), policy=policy, on=on, actor=actor)
        for id, policy, on, actor in product(
            ("S-1", "S-2"), (OLD, NEW), (ON_DAY, date(2025, 12, 2)), (None, STRANGER)
        )
        for _ in range(2)
    }
    assert len(decisions) == 16


def test_a_decision_is_frozen() -> None:
    """Nothing about it can be changed afterwards."""
    decision = renewability(a_subscription(), policy=OLD, on=ON_DAY)
    for name, value in (("cell", None), ("case", None), ("route", None), ("other", None)):
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            setattr(decision, name, value)


def test_a_decision_shows_itself_on_one_line() -> None:
    """The representation names the question, the subscription, the day and the route."""
    decision = renewability(a_subscription(), policy=OLD, on=ON_DAY)
    assert repr(decision) == "<renewability of 'S-1' on 2025-12-01: renew-now>"
    assert repr(QUESTION) == "Question('renewability')"


def test_a_decision_holds_what_was_asked() -> None:
    """Subscription, policy, edition, day and actor can be read back."""
    subscription = a_subscription()
    decision = renewability(subscription, policy=autodesk.EDITIONS, on=ON_DAY, actor=STRANGER)
    assert decision.subscription is subscription
    assert decision.policy is autodesk.EDITIONS
    assert decision.edition is OLD
    assert (decision.on, decision.asked, decision.rate) == (ON_DAY, STRANGER, None)
    assert decision.facts is decision.cell.facts


def _really(action: Action[Route], on: date) -> Transition | Refusal | None:
    """Do what an action names; nothing where a person does it, or it is bought elsewhere."""
    held = action.decision.subscription
    by: dict[str, Any] = {
        "policy": action.decision.policy,
        "on": on,
        "actor": action.decision.asked,
    }
    code = action.code
    if code in ("switch-on", "switch-off"):
        return switch_auto_renew(held, to=ON if code == "switch-on" else OFF, **by)
    if code == "update-payment":
        return replace_payment_method(held, by=PAYPAL, **by)
    if code == "withdraw-cancellation":
        return withdraw_cancellation(held, **by)
    return renew(held, **by) if code == "renew" else None


BY_OTHERS = {
    "ask-the-manager",
    "await-renewal",
    "buy-new",
    "buy-subscription",
    "contact-partner",
    "review-payment",
}


def _honest(decision: Decision[Route]) -> set[str]:
    for action in decision.actions:
        first = action.from_on or decision.on
        assert action.by is None or action.by >= first >= decision.on, (decision, action)
        found = set()
        for on in {first, action.by or first}:
            done = _really(action, on)
            if done is None:
                assert action.code in BY_OTHERS, action
                continue
            assert isinstance(done, Transition), (decision, action, on)
            after = renewability(
                done.subscription, policy=decision.policy, on=on, actor=decision.asked
            )
            found.add(after.route)
        if action.leads_to is not None and found:
            assert found == {action.leads_to}, (decision, action)
        # On one day alone there is nothing that it could depend on.
        if len(found) == 1 and action.by == first:
            assert action.leads_to is not None, (decision, action)
    return {action.code for action in decision.actions}


def test_a_step_is_accepted_and_leads_where_it_says() -> None:
    """On its first and last day it is done, and renewability then says what was promised."""
    codes: set[str] = set()
    shapes = ((date(2025, 1, 1), ANNUAL), (date(2025, 10, 1), MONTHLY), (date(2025, 2, 28), ANNUAL))
    methods = (None, PAYPAL, WIRE, INVOICE, PaymentMethod.card(expires="2025-10"))
    for (starts_on, term), method, switch, kind, channel, actor, policy in product(
        shapes, methods, AutoRenew, Kind, Channel, (None, STRANGER), HONEST
    ):
        subscription = a_subscription(
            starts_on=starts_on,
            term=term,
            payment_method=method,
            auto_renew=switch,
            kind=kind,
            channel=channel,
            account=Account(id="A-1", managed=True),
        )
        ends_on = subscription.expires_on
        for days in (-340, -91, -90, -10, -2, -1, 0, 7, 8, 29, 44, 60):
            on = ends_on + timedelta(days=days)
            codes |= _honest(renewability(subscription, policy=policy, on=on, actor=actor))
            if days in (-91, -10, -2):
                leaving = attrs.evolve(subscription, cancelled_on=ends_on)
                codes |= _honest(renewability(leaving, policy=policy, on=on, actor=actor))
    assert codes == BY_OTHERS | {
        "renew",
        "switch-off",
        "switch-on",
        "update-payment",
        "withdraw-cancellation",
    }


def test_no_renewal_is_offered_after_its_last_useful_day() -> None:
    """Cancelled before its window opens, it cannot be renewed by hand."""
    subscription = a_subscription(cancelled_on=date(2025, 6, 1))
    for action in renewability(subscription, policy=OLD, on=date(2025, 2, 1)).actions:
        assert action.from_on is None or action.by is None or action.from_on <= action.by


def test_a_cancellation_on_its_way_says_what_switches_it_off() -> None:
    """With automatic renewal on and a cancellation on its way, the finding names its day."""
    subscription = a_subscription(auto_renew=ON, cancelled_on=date(2025, 12, 15))
    findings = renewability(subscription, policy=OLD, on=ON_DAY).findings
    off = next(each for each in findings if each.code == "switched-off")
    assert off.value("cancelled_on") == date(2025, 12, 15)


def test_predicates_become_bars() -> None:
    """The decorator makes a value of a function: code, clause and docstring; it registers none."""

    @bar(Route.BUY_NEW.clause)
    def no_good(facts: TrialFacts) -> bool:
        """It is no good."""
        return facts.time is TrialTime.EXPIRED

    assert isinstance(no_good, Bar)
    assert (no_good.code, no_good.clause, no_good.says) == (
        "no-good",
        Route.BUY_NEW.clause,
        "It is no good.",
    )
    assert no_good not in QUESTION.bars
    assert all(
        no_good.holds(facts) is (facts.time is TrialTime.EXPIRED)
        for facts in combinations(TrialFacts)
    )


def test_a_bar_without_a_docstring_says_nothing() -> None:
    """A predicate need not be documented to be a bar."""

    @bar(Route.BUY_NEW.clause)
    def silent(facts: TrialFacts) -> bool:
        return True

    assert silent.says == ""


class _Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class _Way(StrEnum):
    KEEP = "keep"
    SPLIT = "split"


@attrs.frozen(kw_only=True, eq=False)
class _SizeFacts:
    size: _Size


def test_a_question_of_the_users_own() -> None:
    """Facts of enums, a route and days are enough: everything else has a default."""
    sizes = Flyweights(_SizeFacts)
    small, large = sizes.every()

    def ask(subscription: Subscription, policy: Policy, on: date, asked: object) -> Decision[_Way]:
        edition = policy.in_force(subscription, on=on)
        facts = large if subscription.seats > 10 else small
        made = next(cell for cell in cells(question) if cell.facts is facts)
        return Decision(made, subscription, policy, edition, on, asked)

    question = Question(
        name="size",
        kinds=(sizes,),
        bars=(),
        route=lambda facts: _Way.KEEP if facts.size is _Size.SMALL else _Way.SPLIT,
        ask=ask,
        cell=lambda *asked: ask(*asked).cell,
        turns=lambda _: (),
        steps=lambda facts: (
            Step(code="look", clause=Route.BUY_NEW.clause, leads_to=question.route(facts)),
        ),
    )
    decision = question.ask(a_subscription(seats=11), OLD, ON_DAY, None)
    assert (decision.route, decision.findings, decision.codes) == (_Way.SPLIT, (), ())
    (action,) = decision.actions
    assert (action.code, action.from_on, action.by) == ("look", None, None)
    assert (decision.changes_on, decision.access, decision.can_renew_now) == (None, None, False)
    assert question.facts == (small, large) == (sizes[_Size.SMALL,], sizes[_Size.LARGE,])
    assert all(question.possible(facts, OLD) for facts in question.facts)


def test_findings_are_values() -> None:
    """A finding compares and hashes by its code, clause and values."""
    clause = Route.BUY_NEW.clause
    assert Finding("late", clause) == Finding("late", clause, ())
    assert len({Finding("late", clause), Finding("late", clause, (("days", 1),))}) == 2


def test_a_route_carries_the_policys_own_clause_or_none() -> None:
    """A way forward of `renewability` follows from one clause; one of `exclusions` from several."""
    own = Clause("v.window", "renewals", "Renewals open 60 days before the end.")
    policy = RenewalPolicy(id="v/1", window_opens_days=60, cites={"window_opens_days": own})
    held = a_subscription()
    assert renewability(held, policy=policy, on=date(2025, 12, 1)).clause is own
    assert renewability(held, policy=OLD, on=date(2025, 12, 1)).clause is Route.RENEW_NOW.clause
    assert exclusions(held, policy=OLD, on=date(2025, 12, 1)).clause is None


def test_an_action_says_whose_clause_it_cites() -> None:
    """The policy's own, or the vocabulary's entry, which is general."""
    own = Clause("v.window", "renewals", "Renewals open 60 days before the end.")
    policy = RenewalPolicy(id="v/1", window_opens_days=60, cites={"window_opens_days": own})
    for asked, cited in ((policy, True), (policy.evolve(cites=()), False), (OLD, True)):
        (action,) = renewability(a_subscription(), policy=asked, on=date(2025, 12, 1)).actions
        assert action.is_general is not cited
    assert repr(action) == "<renew from None by 2025-12-31>"


@pytest.mark.parametrize("on", [date(2025, 6, 1), date(2025, 12, 31)])
def test_the_rule_for_a_window_is_cited_by_its_way_and_its_action(on: date) -> None:
    """Where a rule of its own opens the window, that rule's clause is behind both."""
    rule, page = (Clause(f"own.{each}", "own", "It opens then.") for each in ("rule", "page"))
    policy = RenewalPolicy(
        id="own/1",
        window_opens_days=30,
        window_rules=(WindowRule(scope=EVERYBODY, opens_days=10, clause=rule),),
        cites={"window_opens_days": page},
    )
    decision = renewability(a_subscription(), policy=policy, on=on)
    cited = [(each.clause, each.is_general) for each in decision.actions if each.code == "renew"]
    assert (decision.clause, cited) == (rule, [(rule, False)])


@pytest.mark.parametrize(
    ("clause", "cited"), [(None, ("manual", True)), ("own.late", ("own.late", False))]
)
def test_a_late_renewal_does_not_follow_from_the_window(
    clause: str | None, cited: tuple[str, bool]
) -> None:
    """It follows from its stage; where that has no clause, the vocabulary's entry is marked."""
    page = Clause("own.page", "own", "It opens then.")
    own = None if clause is None else Clause(clause, "own", "It is still renewed.")
    stage = Stage(name="late", lengths=(StageLength(days=5),), clause=own)
    policy = RenewalPolicy(
        id="own/1", window_opens_days=30, stages=(stage,), cites={"window_opens_days": page}
    )
    decision = renewability(a_subscription(), policy=policy, on=date(2026, 1, 1))
    (action,) = decision.actions
    assert (action.clause.id, action.is_general) == cited
    assert decision.clause is not None
    assert decision.clause.id == cited[0]
