"""
Answers agree (law 14): what one function says is possible, another does; what it says comes, comes.

Each pair of functions that must agree is a function here, and a row of the table in
`docs/explanation/coherence.md`. Each is tried on cases of `tests.strategies`: policies and
editions, shipped and made up, with a subscription, on the days before, of and after everything
that matters. A failure names the number of its case: `a_case(number)` gives it again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same number gives the same case
from typing import Any

import attrs
import pytest

from subrenew import (
    Actor,
    AutoRenew,
    Channel,
    EarlyRenewal,
    Editions,
    Kind,
    Mechanism,
    Order,
    PaymentMethod,
    RenewalPolicy,
    Subscription,
    Term,
    plan,
    renew,
    renewability,
    renewal_quote,
    renewal_window,
    term_change,
)
from subrenew.errors import InvalidValue
from subrenew.model.entities import History
from subrenew.model.money import Money
from subrenew.policy.choices import TrialEnd
from subrenew.policy.conditions import Barred
from subrenew.policy.notice_rules import Anchor, RenewsBy
from subrenew.policy.regions import RegionWays, Way
from subrenew.policy.stages import (
    Access,
    BackPay,
    LadderStart,
    LateStart,
    LateTerms,
    Loyalty,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
)
from subrenew.renewal.dues import (
    Due,
    Receipt,
    invoice_due,
    payment_failed,
    record_payment,
    renewal_due,
)
from subrenew.renewal.events import Happening, replay
from subrenew.renewal.lifecycle import (
    CancelAt,
    cancel,
    lapse,
    renew_automatically,
    renew_order,
    withdraw_cancellation,
)
from subrenew.renewal.notices import notices
from subrenew.renewal.purchases import buy_anew, convert_trial
from subrenew.renewal.settings import (
    change_term,
    raise_condition,
    replace_payment_method,
    resolve_condition,
    switch_auto_renew,
)
from subrenew.renewal.timelines import timeline
from subrenew.renewal.transitions import OrderTransition, Refusal, Transition, may_manage
from subrenew.rules.decisions import Action, Decision
from subrenew.rules.facts import (
    ContinuingFacts,
    EndedFacts,
    LateFacts,
    LiveFacts,
    PendingFacts,
    Seller,
    Situation,
    TrialFacts,
)
from subrenew.rules.renewability import CELLS, QUESTION, Route
from subrenew.rules.schedules import (
    edition_on,
    late_window,
    opening_known,
    run_until,
    schedule,
    state_on,
)
from subrenew.rules.switching import SwitchRoute, switching
from subrenew.rules.term_changes import CELLS as TERM_CELLS
from subrenew.rules.term_changes import QUESTION as TERM_QUESTION
from subrenew.rules.term_changes import TermRoute
from tests.makers import PAYPAL, a_subscription
from tests.strategies import (
    ONE_DAY,
    Case,
    a_case,
    a_price_list,
    cases,
    days_around,
    in_force,
    policies_of,
)

ON, OFF = AutoRenew
VALID = PaymentMethod(kind="always-valid", mechanism=Mechanism.PULL)
Pair = Callable[[Case], None]


def _ok(done: object) -> bool:
    """Whether a transition was accepted."""
    return isinstance(done, Transition | OrderTransition)


def _asked(case: Case, day: date, actor: Actor | None = None) -> Decision[Route]:
    return renewability(case.subscription, policy=case.policy, on=day, actor=actor)


# What is answered, and what is done --------------------------------------------------------------


def the_run(case: Case) -> None:
    """`renew_automatically` is accepted on a day if and only if it is pending on that day."""
    for day in case.days:
        done = renew_automatically(case.subscription, policy=case.policy, on=day)
        assert _ok(done) is ("renewal-pending" in _asked(case, day).codes), day


def what_is_said_comes(case: Case) -> None:
    """What is said to renew itself is pending on its renewal date, unless something comes first."""
    held, policy = case.subscription, case.policy
    if not in_force(held, policy, held.expires_on - ONE_DAY):
        return
    for day in case.days:
        decision = _asked(case, day)
        if day >= held.expires_on:
            return
        changes_on = decision.changes_on
        if decision.edition is not policy.in_force(held, on=held.expires_on):
            continue  # the edition of the renewal date decides
        if changes_on is None or changes_on >= held.expires_on:
            comes = "renewal-pending" in _asked(case, held.expires_on).codes
            assert decision.renews_itself is comes, day


def renewing_by_hand(case: Case) -> None:
    """`renew` is accepted if and only if `can_renew_now`, whoever asks."""
    held, policy = case.subscription, case.policy
    for day in case.days:
        for actor in {None, case.actor}:
            done = renew(held, policy=policy, on=day, actor=actor)
            assert _ok(done) is _asked(case, day, actor).can_renew_now, (day, actor)


def buying_again(case: Case) -> None:
    """`buy_anew` is accepted if and only if the route is to buy a new one."""
    for day in case.days:
        done = buy_anew(case.subscription, id="S-2", policy=case.policy, on=day)
        assert _ok(done) is (_asked(case, day).route is Route.BUY_NEW), day


def converting(case: Case) -> None:
    """`convert_trial` is accepted if and only if it is a trial that was not converted yet."""
    first = case.subscription.history.converted_on is None
    for day in case.days:
        done = convert_trial(case.subscription, id="S-2", policy=case.policy, on=day)
        facts = _asked(case, day).facts
        assert _ok(done) is (first and isinstance(facts, TrialFacts | ContinuingFacts)), day


def lapsing(case: Case) -> None:
    """`lapse` is accepted if and only if it is over: where nothing renews it any more."""
    for day in case.days:
        done = lapse(case.subscription, policy=case.policy, on=day)
        decision = _asked(case, day)
        assert _ok(done) is (decision.route is Route.BUY_NEW), day
        if _ok(done):
            later = [each for each in case.days if each > day]
            routes = {_asked(case, each).route for each in later}
            if isinstance(case.policy, RenewalPolicy):
                assert routes <= {Route.BUY_NEW}, (day, routes)


def switching_over(case: Case) -> None:
    """The switch is set, and a cancellation made or withdrawn, if and only if `switching` says."""
    held, policy = case.subscription, case.policy
    for day in case.days:
        for actor in {None, case.actor}:
            asked: dict[str, Any] = {"policy": policy, "on": day, "actor": actor}
            may = switching(held, **asked).route is SwitchRoute.SWITCH
            renewer = actor if switching(held, **asked).edition.switch_roles is None else None
            decision = renewability(held, policy=policy, on=day, actor=renewer)
            may = may and may_manage(decision)
            moved = OFF if held.auto_renew is ON else ON
            assert _ok(switch_auto_renew(held, to=moved, **asked)) is may, (day, actor, moved)
            assert _ok(withdraw_cancellation(held, **asked)) is may, (day, actor)
            running = isinstance(decision.facts, TrialFacts) and day < held.ends_on
            done = _ok(cancel(held, at=CancelAt.END_OF_TERM, **asked))
            assert done is (may or running), (day, actor)


def cancelling_at_once(case: Case) -> None:
    """A cancellation at once is accepted on what is not over, and never while it is pending."""
    held, policy = case.subscription, case.policy
    for day in case.days:
        decision = _asked(case, day, case.actor)
        done = cancel(held, at=CancelAt.AT_ONCE, policy=policy, on=day, actor=case.actor)
        facts = decision.facts
        running = isinstance(facts, TrialFacts) and day < held.ends_on
        held_on = isinstance(facts, LiveFacts | LateFacts | ContinuingFacts)
        assert _ok(done) is ((held_on and may_manage(decision)) or running), day


def changing_the_term(case: Case) -> None:
    """`change_term` is accepted if and only if `term_change` says so and the one who asks may."""
    held, policy = case.subscription, case.policy
    accepted = {
        TermRoute.NOTHING_TO_CHANGE,
        TermRoute.WITHDRAW_CHANGE,
        TermRoute.CHANGE_IN_ACCOUNT,
    }
    helped = {*accepted, TermRoute.ASK_SUPPORT, TermRoute.UNKNOWN}
    for day in case.days:
        for to in (held.term, Term.years(1)):
            said = term_change(held, to=to, policy=policy, on=day)
            may = _asked(case, day, case.actor).route is not Route.ASK_THE_MANAGER
            asked: dict[str, Any] = {"to": to, "policy": policy, "on": day, "actor": case.actor}
            assert _ok(change_term(held, **asked)) is (may and said.route in accepted), (day, to)
            done = change_term(held, by_support=True, **asked)
            assert _ok(done) is (may and said.route in helped), (day, to)


def setting(case: Case) -> None:
    """A method is replaced, and a condition raised or resolved, on what is not over only."""
    held, policy = case.subscription, case.policy
    for day in case.days:
        decision = _asked(case, day, case.actor)
        asked: dict[str, Any] = {"policy": policy, "on": day}
        paid = replace_payment_method(held, by=VALID, actor=case.actor, **asked)
        assert _ok(paid) is may_manage(decision), day
        over = isinstance(decision.facts, EndedFacts | TrialFacts)
        for each in decision.edition.conditions[:1]:
            assert _ok(raise_condition(held, code=each.code, **asked)) is not over, day
            assert _ok(resolve_condition(held, code=each.code, **asked)) is not over, day


def changes_from_the_renewal_date_on(case: Case) -> None:
    """What is changed on the renewal date or later neither stops the run nor lets it charge."""
    held = case.subscription
    for day in case.days:
        if day < held.expires_on:
            continue
        was = renew_automatically(held, policy=case.policy, on=day)
        for done in _settings(case, day):
            if not isinstance(done, Transition):
                continue
            if held.history.failed_charges and done.subscription.payment_method == VALID:
                continue  # what could not be charged is charged to another method at once
            after = renew_automatically(done.subscription, policy=case.policy, on=day)
            assert _ok(after) is _ok(was), (day, done.events)
            if isinstance(after, Transition) and isinstance(was, Transition):
                one, other = after.subscription, was.subscription
                assert (one.starts_on, one.expires_on) == (other.starts_on, other.expires_on), day


def _settings(case: Case, day: date) -> Iterator[object]:
    held, asked = case.subscription, {"policy": case.policy, "on": day}
    edition = _asked(case, day).edition
    for to in AutoRenew:
        yield switch_auto_renew(held, to=to, **asked)
    yield cancel(held, at=CancelAt.END_OF_TERM, **asked)
    yield replace_payment_method(held, by=VALID, **asked)
    yield change_term(held, to=Term.years(1), by_support=True, **asked)
    for each in edition.conditions[:2]:
        yield raise_condition(held, code=each.code, **asked)
        yield resolve_condition(held, code=each.code, **asked)


# Actions -----------------------------------------------------------------------------------------

Perform = Callable[[Subscription, Action[Any], date, Actor | None], object]


def _asks(action: Action[Any], day: date, actor: Actor | None) -> dict[str, Any]:
    return {"policy": action.decision.policy, "on": day, "actor": actor}


def _resolved(held: Subscription, action: Action[Any], day: date, _: Actor | None) -> object:
    what = Barred.RENEWAL if action.decision.question is QUESTION else Barred.TERM_CHANGE
    policy = action.decision.policy
    edition = renewability(held, policy=policy, on=day).edition
    done: object = None
    events: tuple[Any, ...] = ()
    for each in edition.barred_by(held.conditions, what):
        done = resolve_condition(held, code=each.code, policy=policy, on=day)
        if isinstance(done, Refusal):
            return done
        assert isinstance(done, Transition)
        held, events = done.subscription, events + done.events
    return Transition(subscription=held, events=events) if done else done


def _term_asked(held: Subscription, action: Action[Any], day: date, _: Actor | None) -> object:
    asked = action.decision.asked
    return change_term(
        held,
        to=asked.to,
        region=asked.region,
        by_support=action.code == "ask-support",
        **_asks(action, day, None),
    )


def _paid(due: Due) -> Receipt:
    return Receipt(key=due.key, amount=Money(1, "USD") if due.amount is None else due.amount)


def _invoice(held: Subscription) -> tuple[Due, Receipt]:
    due = invoice_due(held)
    assert due is not None
    return due, _paid(due)


#: The transition that each step names.
PERFORM: dict[str, Perform] = {
    "buy-subscription": lambda held, action, day, _: convert_trial(
        held, id="S-2", policy=action.decision.policy, on=day
    ),
    "buy-new": lambda held, action, day, _: buy_anew(
        held, id="S-2", policy=action.decision.policy, on=day
    ),
    "await-renewal": lambda held, action, day, _: renew_automatically(
        held, policy=action.decision.policy, on=day
    ),
    "resolve-condition": _resolved,
    "review-payment": lambda held, action, day, actor: replace_payment_method(
        held, by=held.payment_method or VALID, **_asks(action, day, actor)
    ),
    "update-payment": lambda held, action, day, actor: replace_payment_method(
        held, by=VALID, **_asks(action, day, actor)
    ),
    "switch-off": lambda held, action, day, actor: switch_auto_renew(
        held, to=OFF, **_asks(action, day, actor)
    ),
    "switch-on": lambda held, action, day, actor: switch_auto_renew(
        held, to=ON, **_asks(action, day, actor)
    ),
    "withdraw-cancellation": lambda held, action, day, actor: withdraw_cancellation(
        held, **_asks(action, day, actor)
    ),
    "renew": lambda held, action, day, actor: renew(held, **_asks(action, day, actor)),
    "settle": lambda held, action, day, _: record_payment(
        held, *_invoice(held), policy=action.decision.policy, on=day
    ),
    "change-term": _term_asked,
    "ask-support": _term_asked,
    "withdraw-change": _term_asked,
}
#: Somebody else is asked; what they do is their own transition.
PERSONS_ACTS = {"ask-the-manager", "contact-partner"}
#: One buys another subscription, or the run renews it: the route right after is not of the old one.
LEADS_ELSEWHERE = {"buy-subscription", "buy-new", "await-renewal"}


def _days_of(case: Case, action: Action[Any], on: date) -> list[date]:
    first = action.from_on or on
    between = [day for day in case.days if first < day and (action.by is None or day <= action.by)]
    return [first, *between, *([action.by] if action.by else [])]


def _is_past(held: Subscription, on: date) -> bool:
    """Whether what happened after that day is known: nothing is done in the past."""
    converted_on, failed_on = held.history.converted_on, held.history.failed_on
    if failed_on is not None and on < failed_on:
        return True
    return (held.at_renewal is not None and on < held.expires_on) or (
        converted_on is not None and on < converted_on
    )


def _kept(case: Case, decision: Decision[Any]) -> None:
    """Every action of a decision is accepted on its days, and leads where it says."""
    held, on, actor = case.subscription, decision.on, decision.asked
    if _is_past(held, on):
        return
    asker = actor if isinstance(actor, Actor) else None
    for action in decision.actions:
        if action.code in PERSONS_ACTS:
            continue
        for day in _days_of(case, action, on):
            done = PERFORM[action.code](held, action, day, asker)
            assert isinstance(done, Transition), (action.code, on, day, done)
            if action.code in LEADS_ELSEWHERE or action.leads_to is None:
                continue
            if action.code == "renew" and done.subscription.expires_on <= day:
                continue  # test_where_renewing_leads_once_the_new_term_is_over
            asked = (done.subscription, decision.policy, day, decision.asked)
            after = decision.question.ask(*asked).route
            assert after is action.leads_to, (action.code, on, day, after, action.leads_to)


def actions_of_renewability(case: Case) -> None:
    """Every action offered is accepted by its transition on each of its days and leads there."""
    for day in case.days:
        _kept(case, _asked(case, day, case.actor))


def actions_of_term_change(case: Case) -> None:
    """Every action of a change of term is accepted by its transition, and leads there."""
    for day in case.days:
        for to in (Term.years(1), case.subscription.term):
            decision = term_change(case.subscription, to=to, policy=case.policy, on=day)
            if "renewal-pending" in decision.codes and case.subscription.kind is Kind.TRIAL:
                continue  # test_a_pending_trial_is_not_told_to_buy_another
            _kept(case, decision)


def buying_begins_where_renewing_ends(case: Case) -> None:
    """The action to buy a new one begins on the first day on which that is accepted."""
    held, policy = case.subscription, case.policy
    for day in case.days:
        for action in _asked(case, day).actions:
            if action.code == "buy-new" and action.from_on is not None:
                before = action.from_on - ONE_DAY
                assert not _ok(buy_anew(held, id="S-2", policy=policy, on=before)), (day, before)


# Time --------------------------------------------------------------------------------------------


def _answer(decision: Decision[Any]) -> tuple[object, ...]:
    return (decision.route, decision.codes, decision.can_renew_now, decision.access)


def _spans(case: Case) -> Iterator[date]:
    first = case.subscription.starts_on - ONE_DAY * 2
    last = max(case.days, default=first) + ONE_DAY * 2
    day = max(first, last - ONE_DAY * 800)
    while day <= last:
        if in_force(case.subscription, case.policy, day):
            yield day
        day += ONE_DAY


def what_changes_by_itself(case: Case) -> None:
    """Until `changes_on` nothing changes, on each single day; on it, something does."""
    before: Decision[Route] | None = None
    due: date | None = None
    for day in _spans(case):
        decision = _asked(case, day, case.actor)
        if before is None or day == due:
            assert before is None or _answer(decision) != _answer(before), (day, "nothing changed")
            before, due = decision, decision.changes_on
        else:
            assert _answer(decision) == _answer(before), (day, "changed, and was not told", due)


def the_timeline(case: Case) -> None:
    """`timeline(...).at(day)` is `renewability` on that day."""
    if not in_force(case.subscription, case.policy, case.subscription.starts_on):
        return
    until = max(case.days, default=case.subscription.starts_on) + ONE_DAY * 2
    if until <= case.subscription.starts_on:
        return
    told = timeline(case.subscription, policy=case.policy, until=until, actor=case.actor)
    for day in case.days:
        if day >= case.subscription.starts_on:
            asked = _asked(case, day, case.actor)
            assert told.at(day) == asked, day
            piece = next(each for each in told.pieces if day in each.window)
            assert _answer(piece.decision) == _answer(asked), day


SITUATIONS = {
    Situation.TRIAL: TrialFacts,
    Situation.CONTINUING: ContinuingFacts,
    Situation.COVERED: LiveFacts,
    Situation.PENDING: PendingFacts,
    Situation.LATE: LateFacts,
    Situation.ENDED: EndedFacts,
}


def the_schedule(case: Case) -> None:
    """Phases tile all days from the start on, and each says what `renewability` says."""
    for edition in policies_of(case.policy):
        if not case.subscription.conditions <= {each.code for each in edition.conditions}:
            continue
        phases = schedule(case.subscription, edition).phases
        assert phases[0].from_on == case.subscription.starts_on
        assert phases[-1].until_on is None
        for one, other in pairwise(phases):
            assert one.until_on == other.from_on
            assert one.from_on < other.from_on
        for day in case.days:
            if day < case.subscription.starts_on:
                continue
            [phase] = [each for each in phases if day in each]
            decision = renewability(case.subscription, policy=edition, on=day)
            assert phase.state == state_on(case.subscription, edition, day), day
            assert isinstance(decision.facts, SITUATIONS[phase.state.situation]), day
            assert decision.access is phase.state.access, day


def the_windows(case: Case) -> None:
    """Unbarred and asked by nobody, it can be renewed on the days of its two windows, no others."""
    for edition in policies_of(case.policy):
        held = attrs.evolve(case.subscription, conditions=frozenset(), at_renewal=None)
        if held.channel in edition.partner_channels or held.kind is Kind.TRIAL:
            continue
        for day in case.days:
            decision = renewability(held, policy=edition, on=day)
            early = renewal_window(held, policy=edition, on=day)
            late = late_window(held, policy=edition, on=day)
            early_on = opening_known(held, edition) and edition.early_renewal
            kept = decision.renews_itself and early_on is not EarlyRenewal.ALLOWED
            inside = (day in early and not kept) or day in late
            assert decision.can_renew_now is inside, (edition.id, day, early, late)


# Money -------------------------------------------------------------------------------------------


def _quote(case: Case, day: date) -> Any:
    prices = a_price_list(case.number)
    return renewal_quote(case.subscription, prices=prices, policy=case.policy, on=day)


def _money(quote: Any) -> tuple[object, ...]:
    [line] = quote.lines
    return (line.list_price, line.price, line.charges, quote.total, quote.charged_on)


def the_price_of_the_run(case: Case) -> None:
    """What renews itself costs the same on every day until it does: what the run would charge."""
    held = case.subscription
    for day in case.days:
        decision = _asked(case, day)
        unpaid_since = held.history.unpaid_since
        if not decision.renews_itself or (unpaid_since is not None and day < unpaid_since):
            continue  # that an invoice will fall due and not be paid is not known yet
        quote = _quote(case, day)
        run = _asked(case, held.expires_on)
        if "renewal-pending" not in run.codes:
            continue  # another edition on the renewal date, under which it does not
        assert quote.charged_on == held.expires_on, day
        assert _money(quote) == _money(_quote(case, held.expires_on)), day
        assert quote.lines[0].charges == (), day


def the_price_of_an_act(case: Case) -> None:
    """What is renewed by hand is priced for the day of the act."""
    for day in case.days:
        decision = _asked(case, day)
        if decision.can_renew_now and not decision.renews_itself:
            assert _quote(case, day).charged_on == day, day


def the_plan(case: Case) -> None:
    """A plan's line is the decision and the quote that the subscription gets alone."""
    held, policy, prices = case.subscription, case.policy, a_price_list(case.number)
    for day in case.days:
        made = plan([held], policy=policy, prices=prices, on=day, actor=case.actor)
        [line] = made.lines
        decision = _asked(case, day, case.actor)
        assert line.decision == decision, day
        assert _money(made.entries[0].quote) == _money(_quote(case, day)), day
        assert made.entries[0].route is decision.route, day
        can = decision.can_renew_now and not decision.renews_itself
        assert made.entries[0].can_renew_now is can, day
        assert line.next_on >= day, day
        made.attention()


def the_plan_of_an_order(case: Case) -> None:
    """An order's entry can be renewed now if and only if `renew_order` does it."""
    other = a_case(case.number + 1_000_003).subscription
    other = attrs.evolve(other, id="S-9", conditions=frozenset(), at_renewal=None)
    order = Order(
        number="ORDER-1", placed_on=date(2023, 1, 1), subscriptions=(case.subscription, other)
    )
    for day in case.days:
        if not in_force(other, case.policy, day):
            continue
        asked: dict[str, Any] = {"policy": case.policy, "on": day, "actor": case.actor}
        [entry] = plan([order], prices=a_price_list(case.number), **asked).entries
        done = renew_order(order, **asked)
        assert _ok(done) is entry.can_renew_now, (day, entry.route)
        if entry.route is Route.RENEW_NOW:
            assert _ok(done), day
        if isinstance(done, Refusal):
            assert entry.route is not Route.RENEW_NOW, day
            if done.decision.route is Route.RENEWS_ITSELF:
                assert entry.route is Route.RENEWS_ITSELF, day


# Notices -----------------------------------------------------------------------------------------


def the_notices(case: Case) -> None:
    """A notice for what renews itself, or not, goes to whom the last day's decision names."""
    if isinstance(case.policy, Editions):
        return
    held, edition = case.subscription, case.policy
    ruled = {each.condition.renews for each in edition.notices} - {None}
    if held.cancelled_on is not None or not ruled:
        return
    last = renewability(held, policy=edition, on=held.expires_on - ONE_DAY)
    run = renewability(held, policy=edition, on=held.expires_on)
    listed = {
        each.rule.condition.renews
        for each in notices(held, policy=edition, on=held.starts_on)
        if each.subscription == held
    } - {None}
    if isinstance(run.facts, PendingFacts):
        assert listed <= {RenewsBy.ITSELF}, listed
    elif isinstance(last.facts, LiveFacts | LateFacts | ContinuingFacts):
        by_hand = None if isinstance(last.facts, ContinuingFacts) else RenewsBy.HAND
        by = RenewsBy.PARTNER if last.facts.seller is Seller.PARTNER else by_hand
        assert listed <= {by}, listed
    else:
        assert listed <= {None}, listed


def a_condition_silences_no_notice(case: Case) -> None:
    """Raising a condition never takes away every notice about the renewal."""
    held = case.subscription
    if held.kind is Kind.TRIAL:
        return  # one that would go on does not while the condition holds, and nobody renews it
    clear = attrs.evolve(held, conditions=frozenset(), at_renewal=None)
    for edition in policies_of(case.policy):
        codes = frozenset(each.code for each in edition.conditions)
        raised = attrs.evolve(clear, conditions=codes)
        both = {RenewsBy.ITSELF, RenewsBy.HAND, RenewsBy.PARTNER}
        if {each.condition.renews for each in edition.notices} < both:
            continue
        anchored = {each.rule.anchor for each in notices(clear, policy=edition, on=held.starts_on)}
        found = {each.rule.anchor for each in notices(raised, policy=edition, on=held.starts_on)}
        told = [each for each in edition.notices if each.condition.renews is not None]
        full = {
            anchor
            for anchor in Anchor
            if {each.condition.renews for each in told if each.anchor is anchor} == both
        }
        assert anchored & full <= found, (anchored, found)


# Renewed -----------------------------------------------------------------------------------------


def no_renewal_of_the_past(case: Case) -> None:
    """A renewal whose term is over when it is made says so beforehand, and no other does."""
    for day in case.days:
        decision = _asked(case, day)
        done = renew(case.subscription, policy=case.policy, on=day)
        if isinstance(done, Transition):
            over = done.subscription.expires_on <= day
            assert over is ("term-already-over" in decision.codes), day


def renewed_once(case: Case) -> None:
    """Renewed by hand, it cannot be renewed by hand again on that day, nor by the run."""
    for day in case.days:
        done = renew(case.subscription, policy=case.policy, on=day)
        if not isinstance(done, Transition):
            continue
        after, ends_on = done.subscription, case.subscription.expires_on
        asked: dict[str, Any] = {"policy": case.policy, "on": day}
        assert not _ok(renew(after, term_ends_on=ends_on, **asked)), day
        if after.expires_on > day:
            assert not _ok(renew(after, **asked)), day
            assert not _ok(renew_automatically(after, **asked)), day


def what_a_renewal_keeps(case: Case) -> None:
    """The first late day is late everywhere: for loyalty, for a kept price, for the new start."""
    held = case.subscription
    for day in case.days:
        done = renew(held, policy=case.policy, on=day)
        if not isinstance(done, Transition):
            continue
        decision, after = _asked(case, day), done.subscription
        edition, late = decision.edition, day >= held.expires_on
        lost = late and edition.late_terms.loyalty is Loyalty.LOST
        assert after.history.renewals == (0 if lost else held.history.renewals + 1), day
        stage = state_on(held, edition, day).stage
        like_new = stage is not None and stage.price is StagePrice.LIST
        cohort = None if like_new else held.history.price_cohort
        assert after.history.price_cohort == cohort, day
        assert after.starts_on >= held.expires_on, day
        assert after.starts_on == held.expires_on or late, day
        assert after.cancelled_on is None, day
        assert after.next_term is None, day
        assert after.term == edition.renewal_term(held), day


def what_the_run_keeps(case: Case) -> None:
    """What was changed on the renewal date or later is not in the term of this run."""
    held = case.subscription
    then = held.at_renewal or held
    for day in case.days:
        done = renew_automatically(held, policy=case.policy, on=day)
        if isinstance(done, Transition):
            edition, after = _asked(case, day).edition, done.subscription
            assert after.starts_on == held.expires_on, day
            assert after.term == (then.next_term or edition.renews_to or held.term), day
            assert after.kind is Kind.PAID, day
            assert after.at_renewal is None, day
            assert after.auto_renew is held.auto_renew, day
            assert after.payment_method == held.payment_method, day
            assert after.conditions == held.conditions, day


# What is due --------------------------------------------------------------------------------------


def _due(case: Case, held: Subscription, day: date) -> Due | None:
    prices = a_price_list(case.number)
    found = renewal_due(held, policy=case.policy, prices=prices, on=day)
    return found if isinstance(found, Due) else None


def the_due(case: Case) -> None:
    """What renews itself is due, at the price of its renewal date, without a late charge."""
    held = case.subscription
    keys: set[str] = set()
    for day in case.days:
        decision, due = _asked(case, day), _due(case, case.subscription, day)
        if held.history.failed_on is None:
            said = decision.renews_itself and not _another_decides(case, day)
            assert (due is not None) is said, day
        if due is None:
            continue
        keys.add(due.key)
        assert (due.term.starts_on, due.charged_on) == (held.expires_on, held.expires_on), day
        if decision.renews_itself:
            [line] = _quote(case, day).lines
            assert due.amount == (None if line.price is None else line.price * line.seats), day
    assert len(keys) <= 1


def _another_decides(case: Case, day: date) -> bool:
    """Whether the edition of the renewal date does not renew what today's says renews itself."""
    held = case.subscription
    edition = edition_on(held, case.policy, max(day, held.expires_on))
    until_on = run_until(held, edition)
    return until_on is None or day >= until_on


def what_is_paid_is_renewed(case: Case) -> None:
    """A payment gives the term of the due, once; a failed one gives none, and is tried again."""
    held, policy = case.subscription, case.policy
    for day in case.days:
        due = _due(case, held, day)
        if due is None or _is_past(held, day):
            continue
        asked: dict[str, Any] = {"policy": policy, "on": day}
        paid = record_payment(held, due, _paid(due), **asked)
        assert isinstance(paid, Transition), day
        after = paid.subscription
        assert (after.starts_on, after.expires_on) == (due.term.starts_on, due.term.expires_on)
        again = record_payment(after, due, _paid(due), **asked)
        assert isinstance(again, Transition), day
        assert (again.subscription, again.events) == (after, ()), day
        failed = payment_failed(held, due, **asked)
        assert isinstance(failed, Transition), day
        assert failed.subscription.expires_on == held.expires_on, day
        assert not _ok(renew_automatically(failed.subscription, **asked)), day
        if day < due.attempt_on:
            continue
        then = _due(case, failed.subscription, day)
        assert (then and then.attempt_on) == due.next_attempt_on, day
        if then is not None:
            assert (then.attempt, then.amount) == (due.attempt + 1, due.amount), day
            assert then.key != due.key, day


def no_debt_is_forgotten(case: Case) -> None:
    """What is owed stays owed, whatever is done, until an event says that it was paid."""
    held, history = case.subscription, case.subscription.history
    if history.unpaid_since is None or (history.failed_charges and history.owed is None):
        return
    for day in case.days:
        for done in _transitions(case, day):
            if isinstance(done, Transition):
                for event in done.events:
                    if event.subscription_id == held.id and event.what is not Happening.SETTLED:
                        before, after = event.before, event.after
                        assert before is not None
                        assert after.history.unpaid_since == before.history.unpaid_since, day


# Replaying ---------------------------------------------------------------------------------------


def _transitions(case: Case, day: date) -> Iterator[object]:
    held, policy = case.subscription, case.policy
    asked: dict[str, Any] = {"policy": policy, "on": day, "actor": case.actor}
    yield renew(held, **asked)
    yield renew_automatically(held, policy=policy, on=day)
    yield lapse(held, policy=policy, on=day)
    yield withdraw_cancellation(held, **asked)
    yield replace_payment_method(held, by=VALID, **asked)
    for at in CancelAt:
        yield cancel(held, at=at, **asked)
    for to in AutoRenew:
        yield switch_auto_renew(held, to=to, **asked)
    yield change_term(held, to=Term.years(1), **asked)
    for code in sorted(held.conditions)[:1]:
        yield resolve_condition(held, code=code, policy=policy, on=day)
    yield convert_trial(held, id="S-2", policy=policy, on=day)
    yield buy_anew(held, id="S-2", policy=policy, on=day)
    due = _due(case, held, day) or invoice_due(held)
    if due is not None:
        yield payment_failed(held, due, policy=policy, on=day)
        yield record_payment(held, due, _paid(due), policy=policy, on=day)


def the_events(case: Case) -> None:
    """The events of an accepted transition, replayed, give the state; a refusal can say why."""
    held = case.subscription
    for day in case.days:
        for done in _transitions(case, day):
            if isinstance(done, Refusal):
                continue
            assert isinstance(done, Transition)
            own = [each for each in done.events if each.subscription_id == held.id]
            state = replay(held, own)
            if done.subscription.id == held.id:
                assert state == done.subscription, day
            else:
                new = [each for each in done.events if each.subscription_id != held.id]
                assert replay(None, new) == done.subscription, day
            assert all(each.on == day for each in done.events), day


# All pairs ---------------------------------------------------------------------------------------

#: Every pair, and on how many cases it is tried in a normal run.
PAIRS: dict[str, tuple[Pair, int]] = {
    pair.__name__: (pair, count)
    for pair, count in (
        (the_run, 1500),
        (what_is_said_comes, 1000),
        (renewing_by_hand, 1500),
        (buying_again, 1000),
        (converting, 1000),
        (lapsing, 1000),
        (switching_over, 500),
        (cancelling_at_once, 1000),
        (changing_the_term, 500),
        (setting, 500),
        (changes_from_the_renewal_date_on, 500),
        (actions_of_renewability, 250),
        (actions_of_term_change, 200),
        (buying_begins_where_renewing_ends, 1000),
        (what_changes_by_itself, 600),
        (the_timeline, 1000),
        (the_schedule, 1000),
        (the_windows, 1500),
        (the_price_of_the_run, 1000),
        (the_price_of_an_act, 500),
        (the_plan, 200),
        (the_plan_of_an_order, 200),
        (the_notices, 1500),
        (a_condition_silences_no_notice, 1000),
        (no_renewal_of_the_past, 1500),
        (renewed_once, 1500),
        (what_a_renewal_keeps, 1500),
        (what_the_run_keeps, 1500),
        (the_due, 1000),
        (what_is_paid_is_renewed, 500),
        (no_debt_is_forgotten, 500),
        (the_events, 300),
    )
}
PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "coherence.md"


def _after_acts(number: int) -> Case | None:
    """The case of that number after two acts, on the days from the last one on."""
    case, random, days = a_case(number, shipped=number % 8 == 0), Random(number), []
    for _ in range(2):
        if not case.days:
            return None
        day = random.choice(case.days)
        made = [each for each in _transitions(case, day) if isinstance(each, Transition)]
        if not made:
            continue
        held = attrs.evolve(random.choice(made).subscription, id="S-1")
        days = [each for each in days_around(held, case.policy) if each >= day]
        case = Case(number, held, case.policy, case.actor, days)
    return case if days else None


def _try_after_acts(numbers: range) -> None:
    for case in filter(None, map(_after_acts, numbers)):
        for pair, _ in PAIRS.values():
            try:
                pair(case)
            except Exception as failed:
                failed.add_note(f"{pair.__name__}(_after_acts({case.number}))")
                raise


def _try(pair: Pair, count: int, *, start: int = 0) -> None:
    for case in cases(count, start=start):
        try:
            pair(case)
        except Exception as failed:
            failed.add_note(f"a_case({case.number}, shipped={case.number % 8 == 0})")
            raise


@pytest.mark.parametrize("name", PAIRS)
def test_answers_agree(name: str) -> None:
    """Each pair agrees on some hundred policies, on the days around every turning day."""
    pair, count = PAIRS[name]
    _try(pair, count)


ACTIONS = ("actions_of_renewability", "actions_of_term_change")
#: Before a release every pair is tried on 20,000 policies, which takes the better part of an hour.
RELEASE = os.environ.get("SUBRENEW_PROFILE") == "release"


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", range(100_000, 105_000, 1_250))
@pytest.mark.parametrize("name", ACTIONS)
def test_actions_keep_their_word(name: str, start: int) -> None:
    """On 5,000 policies, some twenty days each: about 100,000 cases, each with all its actions."""
    _try(PAIRS[name][0], 1_250, start=start)


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", range(100_000, 120_000, 5_000) if RELEASE else ())
@pytest.mark.parametrize("name", PAIRS)
def test_answers_agree_over_20_000_policies(name: str, start: int) -> None:
    """Each pair agrees on 20,000 policies; twenty days each make 400,000 decisions and more."""
    _try(PAIRS[name][0], 5_000, start=start)


def test_answers_agree_after_acts() -> None:
    """All pairs agree on what accepted transitions make of a subscription."""
    _try_after_acts(range(400_000, 400_060))


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", range(500_000, 503_000, 500) if RELEASE else ())
def test_answers_agree_after_acts_over_3_000_cases(start: int) -> None:
    """The same over thousands."""
    _try_after_acts(range(start, start + 500))


def test_every_step_has_its_transition_or_is_a_persons_act() -> None:
    """No step is offered that no transition performs, but for asking somebody."""
    asked = {QUESTION: CELLS, TERM_QUESTION: TERM_CELLS}
    codes = {step.code for cells in asked.values() for cell in cells.every() for step in cell.steps}
    assert codes == set(PERFORM) | PERSONS_ACTS


def test_every_pair_is_a_row_of_the_page() -> None:
    """The table of pairs that must agree lists these, in this order, and no others."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert [row.split("|")[3].strip(" `") for row in rows[1:]] == list(PAIRS)


@pytest.mark.parametrize("shipped", [False, True])
def test_a_case_is_the_same_whenever_it_is_asked_for(*, shipped: bool) -> None:
    """A number is enough to find a failure again."""
    one, other = (a_case(56, shipped=shipped) for _ in range(2))
    assert one == other


# Faults that these pairs found -------------------------------------------------------------------


def _a_stage(days: int, renewal: StageRenewal = StageRenewal.POSSIBLE, **changes: Any) -> Stage:
    fields: dict[str, Any] = {"name": f"{renewal}-{days}", "access": Access.FULL}
    lengths = (StageLength(days=days),)
    return Stage(lengths=lengths, renewal=renewal, **fields | changes)


@pytest.mark.parametrize("field", ["stages", "cancelled_stages"])
def test_what_is_over_does_not_renew_again(field: str) -> None:
    """Between two stages that renew, one in which it is over would sell a second subscription."""
    over, renews = _a_stage(5, StageRenewal.OVER), _a_stage(7)
    assert RenewalPolicy(id="v/1", **{field: (renews, over)})
    with pytest.raises(InvalidValue, match=rf"{field}\[1\]\.renewal.*before those"):
        RenewalPolicy(id="v/1", **{field: (over, renews)})


def test_an_order_leaves_what_renews_itself_where_it_may_be_renewed_early() -> None:
    """A line that renews itself is not paid by hand with the others, though it could be alone."""
    policy = RenewalPolicy(
        id="v/1", window_opens_days=90, early_renewal=EarlyRenewal.ALLOWED, catch_up_days=7
    )
    itself = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    asked: dict[str, Any] = {"policy": policy, "on": date(2025, 12, 1)}
    assert _ok(renew(itself, **asked))
    alone = Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=(itself,))
    assert not _ok(renew_order(alone, **asked))
    both = attrs.evolve(alone, subscriptions=(itself, a_subscription(id="S-2")))
    done = renew_order(both, **asked)
    assert isinstance(done, OrderTransition)
    assert done.order.subscriptions[0] == itself
    assert [each.subscription_id for each in done.events] == ["S-2"]


@pytest.mark.parametrize("days", [0, 10])
def test_an_unpaid_invoice_stops_the_run(days: int) -> None:
    """Whether or not a stage begins with it, and before it is said to."""
    lengths = (StageLength(up_to=Term.years(1), days=days), StageLength(days=10))
    stage = Stage(name="late", lengths=lengths)
    policy = RenewalPolicy(id="v/1", stages=(stage,), ladder_start=LadderStart.EARLIER)
    unpaid = History(unpaid_since=date(2025, 12, 20))
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL, history=unpaid)
    said = renewability(held, policy=policy, on=date(2025, 12, 31)).renews_itself
    assert not said
    assert not _ok(renew_automatically(held, policy=policy, on=date(2026, 1, 1)))


def test_nothing_is_offered_after_an_unpaid_invoice_has_ended_it() -> None:
    """The last day of every action is before the day from which it is over, not the term's last."""
    policy = RenewalPolicy(
        id="v/1",
        stages=(_a_stage(15),),
        ladder_start=LadderStart.EARLIER,
        term_change_ways=(RegionWays(region="US", way=Way.ACCOUNT),),
    )
    unpaid = History(unpaid_since=date(2025, 6, 1))
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL, history=unpaid)
    assert renewability(held, policy=policy, on=date(2025, 6, 15)).route is Route.RENEW_NOW
    assert renewability(held, policy=policy, on=date(2025, 6, 16)).route is Route.BUY_NEW
    asked: dict[str, Any] = {"policy": policy, "on": date(2025, 5, 1)}
    offered = {each.code: each.by for each in renewability(held, **asked).actions}
    assert offered == dict.fromkeys(("review-payment", "switch-off"), date(2025, 6, 15))
    [action] = term_change(held, to=Term.months(1), region="US", **asked).actions
    assert action.by == date(2025, 6, 15)


def test_what_was_renewed_on_its_only_late_day_is_the_partners_until_that_day_ends() -> None:
    """Every answer has an action: whom to ask does not hang on a renewal being left to make."""
    policy = RenewalPolicy(
        id="v/1", cancelled_stages=(_a_stage(1),), partner_channels=frozenset({Channel.PARTNER})
    )
    start = date(2024, 11, 30)
    held = a_subscription(
        starts_on=start,
        cancelled_on=start,
        channel=Channel.PARTNER,
        history=History(renewed_on=start, renewals=1),
    )
    decision = renewability(held, policy=policy, on=start)
    assert "renewed-today" in decision.codes
    assert [(each.code, each.by) for each in decision.actions] == [("contact-partner", start)]


def test_the_window_closes_where_an_unpaid_invoice_begins_the_ladder() -> None:
    """Then it is late, and the late window has opened; both do not hold the same day."""
    policy = RenewalPolicy(
        id="v/1", window_opens_days=90, stages=(_a_stage(15),), ladder_start=LadderStart.EARLIER
    )
    held = a_subscription(history=History(unpaid_since=date(2025, 12, 1)))
    asked: dict[str, Any] = {"policy": policy, "on": date(2025, 11, 1)}
    assert renewal_window(held, **asked).closes_on == date(2025, 12, 1)
    assert late_window(held, **asked).opens_on == date(2025, 12, 1)


def test_a_trial_that_would_go_on_is_converted_to_change_its_term() -> None:
    """What was a trial is not bought anew; the step is the one that `convert_trial` performs."""
    ways = (RegionWays(region="US", way=Way.NEITHER),)
    policy = RenewalPolicy(id="v/1", trials=TrialEnd.GOES_ON, term_change_ways=ways)
    trial = a_subscription(kind=Kind.TRIAL)
    asked: dict[str, Any] = {"policy": policy, "on": date(2025, 6, 1), "region": "US"}
    [action] = term_change(trial, to=Term.months(1), **asked).actions
    assert (action.code, action.from_on) == ("buy-subscription", date(2026, 1, 1))
    assert _ok(convert_trial(trial, id="S-2", policy=policy, on=date(2026, 1, 1)))
    assert not _ok(buy_anew(trial, id="S-2", policy=policy, on=date(2026, 1, 1)))


@pytest.mark.parametrize("withdraw", [False, True])
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_cancellation_withdrawn_from_the_renewal_date_on_is_not_charged(
    days: int, *, withdraw: bool
) -> None:
    """Stored with its switch on, a cancelled one is switched off: only the day before counts."""
    policy = RenewalPolicy(id="v/1", cancelled_stages=(_a_stage(9),), catch_up_days=7)
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL, cancelled_on=date(2026, 1, 1))
    asked: dict[str, Any] = {"policy": policy, "on": held.expires_on + ONE_DAY * days}
    if withdraw:
        done = withdraw_cancellation(held, **asked)
    else:
        done = switch_auto_renew(held, to=ON, **asked)
    assert isinstance(done, Transition)
    assert done.subscription.auto_renew is (OFF if withdraw else ON)
    run = renew_automatically(done.subscription, policy=policy, on=date(2026, 1, 2))
    assert _ok(run) is (days < 0 and not withdraw)


def test_a_month_may_be_over_before_thirty_days_are_missed() -> None:
    """On 28 February a month from 30 January is over, and the second missed term not begun."""
    policy = RenewalPolicy(
        id="v/1",
        stages=(_a_stage(60),),
        late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS),
        renews_to=Term.months(1),
    )
    held = a_subscription(term=Term.days(30), starts_on=date(2024, 12, 31))
    changes = [renewability(held, policy=policy, on=date(2025, 2, day)) for day in (1, 28)]
    assert [each.changes_on for each in changes] == [date(2025, 2, 28), date(2025, 3, 1)]


# What was once not so --------------------------------------------------------------------------


def test_pressing_renew_twice_sells_one_term() -> None:
    """Not even where the term bought was over already, and so the next one could be bought too."""
    policy = RenewalPolicy(id="v/1", stages=(_a_stage(30),), late_start=LateStart.OLD_END)
    held = a_subscription(term=Term.days(7), starts_on=date(2025, 1, 1), expires_on=None)
    asked: dict[str, Any] = {"policy": policy, "on": date(2025, 1, 20)}
    done = renew(held, **asked)
    assert isinstance(done, Transition)
    assert not _ok(renew(done.subscription, **asked))


def test_the_run_buys_no_term_that_is_over() -> None:
    """A run that is caught up days after a weekly renewal date charges for nothing."""
    policy = RenewalPolicy(id="v/1", catch_up_days=20)
    held = a_subscription(term=Term.days(7), auto_renew=ON, payment_method=PAYPAL)
    done = renew_automatically(held, policy=policy, on=held.expires_on + ONE_DAY * 10)
    assert isinstance(done, Refusal) or done.subscription.expires_on > date(2025, 1, 18)


def test_an_invoice_that_falls_due_after_the_end_leaves_no_gap() -> None:
    """What still is renewed later cannot be over before."""
    policy = RenewalPolicy(
        id="v/1", stages=(_a_stage(15),), ladder_start=LadderStart.UNPAID_INVOICE
    )
    held = a_subscription(history=History(unpaid_since=date(2026, 1, 10)))
    days = [date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 10)]
    routes = {renewability(held, policy=policy, on=day).route for day in days}
    assert routes == {Route.RENEW_NOW}


def test_a_cancellation_of_what_is_over_does_not_reopen_it() -> None:
    """Cancelling what nothing renews any more changes nothing."""
    policy = RenewalPolicy(
        id="v/1",
        stages=(_a_stage(5), _a_stage(20, StageRenewal.OVER)),
        cancelled_stages=(_a_stage(7, name="cancelled"),),
    )
    held = a_subscription(cancelled_on=date(2026, 1, 10))
    assert renewability(held, policy=policy, on=date(2026, 1, 9)).route is Route.BUY_NEW
    assert renewability(held, policy=policy, on=date(2026, 1, 10)).route is Route.BUY_NEW


def test_a_pending_trial_is_not_told_to_buy_another() -> None:
    """What `buy-new` names is refused for a trial that did not go on."""
    ways = (RegionWays(region="US", way=Way.NEITHER),)
    policy = RenewalPolicy(id="v/1", trials=TrialEnd.GOES_ON, term_change_ways=ways)
    trial = a_subscription(kind=Kind.TRIAL, auto_renew=ON, payment_method=PAYPAL)
    on = trial.expires_on
    found = term_change(trial, to=Term.months(1), policy=policy, on=on, region="US").actions
    for action in found:
        assert _ok(PERFORM[action.code](trial, action, action.from_on or on, None))


def test_where_renewing_leads_once_the_new_term_is_over() -> None:
    """A term of a day may be pending, late or over when it is bought: no one route is told."""
    policy = RenewalPolicy(
        id="v/1",
        cancelled_stages=(_a_stage(15),),
        late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS),
    )
    day = date(2025, 12, 8)
    held = a_subscription(
        term=Term.days(7),
        starts_on=date(2025, 12, 1),
        cancelled_on=day,
        next_term=Term.days(1),
        auto_renew=ON,
        payment_method=PAYPAL,
    )
    [action] = [e for e in renewability(held, policy=policy, on=day).actions if e.code == "renew"]
    routes = set()
    for days in range(6):
        done = renew(held, policy=policy, on=day + ONE_DAY * days)
        assert isinstance(done, Transition)
        routes.add(renewability(done.subscription, policy=policy, on=day + ONE_DAY * days).route)
    assert len(routes) == 1 or action.leads_to is None


def test_what_was_renewed_on_its_last_late_day_is_not_renewed_the_day_after() -> None:
    """The next day it is over, so what is left to do is to pay for it, or to buy anew."""
    policy = RenewalPolicy(
        id="v/1", stages=(_a_stage(1),), ladder_start=LadderStart.EARLIER, window_opens_days=1
    )
    on = date(2025, 6, 1)
    held = a_subscription(history=History(renewed_on=on, unpaid_since=on))
    (action,) = renewability(held, policy=policy, on=on).actions
    assert (action.code, action.by) == ("settle", on)
    assert _ok(buy_anew(held, id="S-2", policy=policy, on=date(2025, 6, 2)))
