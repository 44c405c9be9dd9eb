"""Every cell of every question is said in words, and nothing that is said is false."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import (
    Access,
    Actor,
    AutoRenew,
    Barred,
    Channel,
    Condition,
    Editions,
    History,
    Kind,
    Money,
    Order,
    Reduction,
    RegionWays,
    RenewalPolicy,
    Role,
    Stage,
    StageLength,
    Subscription,
    Term,
    Way,
    order_quote,
    plan,
    renew,
    renewability,
    switching,
    tables,
    term_change,
)
from subrenew.model.payments import PaymentMethod
from subrenew.policy import vendors
from subrenew.policy.choices import TrialEnd
from subrenew.policy.stages import LateStart
from subrenew.policy.vendors import autodesk
from subrenew.renewal.plans import RenewalPlan
from subrenew.renewal.transitions import Refusal
from subrenew.rules.decisions import Decision
from subrenew.rules.discounts import DiscountAsked
from subrenew.rules.fact_types import ContinuingFacts, PendingFacts, TrialFacts
from subrenew.rules.increases import IncreaseAsked
from subrenew.rules.order_access import OrderAsked
from subrenew.rules.term_changes import TermChangeAsked
from subrenew.words import labels
from subrenew.words.display import plan_table
from subrenew.words.pages import plan_html
from subrenew.words.quotations import quote_text
from subrenew.words.wording import (
    action_text,
    answer_text,
    decision_text,
    finding_text,
    happening_text,
    plan_text,
    route_text,
)
from tests.makers import INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_list, a_price, a_subscription

ONE_DAY = timedelta(days=1)
LOCALES = ("en", "fr")
END = date(2026, 1, 1)
HELD = Condition(code="held", message="It is held.", bars=frozenset(Barred))
LADDER = (
    Stage(name="grace", access=Access.ADMIN_ONLY, lengths=(StageLength(days=10),)),
    Stage(name="later", lengths=(StageLength(days=20),)),
)
#: No page says anything.
SILENT = RenewalPolicy(id="own/silent")
#: No page says when it opens, where a late term begins, what can be used, or who may.
LATE = SILENT.evolve(
    id="own/late", stages=LADDER, catch_up_days=3, switch_closes_days=5, conditions=(HELD,)
)
GOING_ON = autodesk.EDITION_2025_12.evolve(
    id="own/going-on", trials=TrialEnd.GOES_ON, conditions=(HELD,), catch_up_days=0
)
#: A term of ten days, renewed late from its old end, is over.
OVER = LATE.evolve(id="own/over", late_start=LateStart.OLD_END, window_opens_days=5)


def shipped() -> Iterator[RenewalPolicy]:
    """Yield the policies that the vendors' modules hold."""
    for found in pkgutil.iter_modules(vendors.__path__, f"{vendors.__name__}."):
        for value in vars(importlib.import_module(found.name)).values():
            if isinstance(value, RenewalPolicy):
                yield value
            elif isinstance(value, Editions):
                yield from (each.policy for each in value.editions)


POLICIES = {each.id: each for each in (SILENT, LATE, GOING_ON, OVER, *shipped())}
PRICES = a_list(a_price("10.00"), a_price("12.00", from_on=END))


# Every cell ---------------------------------------------------------------------------------------


def subject_of(cell) -> Subscription:
    """A subscription of the kind that such facts are about."""
    kind = Kind.PAID
    converted_on = date(2025, 12, 1) if "converted" in cell.codes else None
    if isinstance(cell.facts, TrialFacts | ContinuingFacts) or converted_on:
        kind = Kind.TRIAL
    return a_subscription(
        kind=kind,
        payment_method=PAYPAL,
        cancelled_on=date(2025, 12, 1) if "cancelled" in cell.codes else None,
        history=History(converted_on=converted_on),
    )


def asked_of(name: str) -> Any:
    """What a question is asked with."""
    return {
        "term-change": TermChangeAsked(to=Term.years(3), region="JP"),
        "price-increase": IncreaseAsked(
            old=Money("10.00", "USD"), new=Money("20.00", "USD"), last_on=None, told_on=None
        ),
        "renewal-discount": DiscountAsked(PRICES, (), Decimal("0.08")),
        "exclusions": (Reduction(code="SPRING", rate=Decimal("0.1")),),
        "order-access": OrderAsked(reset_link="https://a.example", page_link=None),
    }.get(name)


def assert_said(sentences: list[str], codes: set[str]) -> None:
    """Whole sentences, without codes, places left open or values that are not there."""
    for sentence in sentences:
        assert sentence not in codes
        assert not re.search(r"[{}]|None|unknown-|-unknown", sentence)
        assert sentence[0].isupper()
        assert sentence.endswith(".") or "https://" in sentence


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda question: question.name)
@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
def test_every_cell_under_every_policy_explains_itself(policy, question):
    """In English and French, each in its own words."""
    for cell in tables.table(question.name, policy).cells:
        case = (subject_of(cell), policy, policy, date(2026, 1, 2), asked_of(question.name))
        decision: Decision[Any] = Decision(cell, *case)
        codes = {cell.route.value, *cell.codes, *(step.code for step in cell.steps)}
        said = []
        for locale in LOCALES:
            texts = [answer_text(decision, locale)]
            texts += [
                finding_text(each, locale, question=question.name) for each in decision.findings
            ]
            texts += [action_text(each, locale) for each in decision.actions]
            assert_said(texts, codes)
            assert route_text(cell.route, locale) != cell.route.value
            said.append(set(texts))
        assert said[0].isdisjoint(said[1] - {HELD.message})


# Every situation that days lead to ----------------------------------------------------------------


def subscriptions() -> Iterator[Subscription]:
    """Yield subscriptions that end on one day: each kind, switch, payment and cancellation."""
    lapsed = PaymentMethod.card(expires="2025-11")
    for kind, switch, method in product(Kind, AutoRenew, (None, PAYPAL, INVOICE, WIRE, lapsed)):
        yield a_subscription(kind=kind, auto_renew=switch, payment_method=method)
    short = a_subscription(term=Term.days(10), starts_on=END - timedelta(days=10))
    yield from (short, attrs.evolve(short, auto_renew=ON, payment_method=PAYPAL))
    plain = a_subscription()
    trial = a_subscription(kind=Kind.TRIAL, auto_renew=ON, payment_method=PAYPAL)
    for each in (plain, trial):
        yield attrs.evolve(each, auto_renew=OFF, cancelled_on=date(2025, 12, 20))
        yield attrs.evolve(each, auto_renew=OFF, cancelled_on=END)
        yield attrs.evolve(each, channel=Channel.PARTNER)
    itself = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    for each in (itself, trial):
        failed = History(failed_charges=1, failed_on=END - timedelta(days=1))
        yield attrs.evolve(each, history=failed)
    owed = History(unpaid_since=date(2025, 12, 1), owed=Money("1200.00", "USD"))
    yield attrs.evolve(itself, history=owed)
    yield attrs.evolve(plain, next_term=MONTHLY)
    yield attrs.evolve(plain, history=History(renewed_on=END + timedelta(days=5)))
    yield attrs.evolve(
        trial, history=History(converted_on=date(2025, 12, 20)), cancelled_on=date(2025, 12, 20)
    )


DAYS = [END + timedelta(days=each) for each in (-300, -12, -3, 0, 2, 5, 12, 60)]
ASKERS = (None, Actor(id="U"), Actor(id="P", roles=frozenset({Role.PURCHASER})))
OWN = (SILENT, LATE, GOING_ON, OVER, autodesk.EDITION_2024)
WAYS = {
    each.id: [
        each,
        *(each.evolve(term_change_ways=(RegionWays(region="FR", way=way),)) for way in Way),
    ]
    for each in OWN
}


@cache
def answers() -> tuple[Decision[Any], ...]:
    """Answers to all questions about when and how, on the days around all that turns."""
    found: list[Decision[Any]] = []
    for policy, each, on in product(OWN, subscriptions(), DAYS):
        conditions = (each.conditions, {"held"}) if policy.conditions else (each.conditions,)
        for raised, actor in product(conditions, ASKERS):
            asked = attrs.evolve(each, conditions=frozenset(raised))
            found.append(renewability(asked, policy=policy, on=on, actor=actor))
            found.append(switching(asked, policy=policy, on=on, actor=actor))
        for to, changed in product((each.term, Term.years(3)), WAYS[policy.id]):
            asked = attrs.evolve(each, conditions=frozenset(conditions[-1]))
            found.append(term_change(asked, to=to, policy=changed, on=on, region="FR"))
            found.append(term_change(each, to=to, policy=changed, on=on, region="FR"))
    return tuple(found)


@cache
def kinds_of_answers() -> tuple[Decision[Any], ...]:
    """One answer of each cell, for each kind of subscription, policy and cancellation."""
    found = {
        (id(each.cell), each.edition.id, *subject(each.subscription)): each for each in answers()
    }
    return tuple(found.values())


def subject(subscription: Subscription) -> tuple[object, ...]:
    """What decides which values a sentence has."""
    method = subscription.payment_method
    return subscription.kind, subscription.cancelled_on, method and method.kind


def is_on_trial(decision: Decision[Any]) -> bool:
    """Whether it is a trial that is asked about."""
    return decision.subscription.kind is Kind.TRIAL


def test_answers_hold_every_code_of_their_questions():
    """So that what follows is about all of them."""
    names = {"renewability", "switching", "term-change"}
    codes = {(each.question.name, code) for each in answers() for code in each.codes}
    assert codes == {
        (question.name, each.code)
        for question in tables.QUESTIONS
        if question.name in names
        for each in question.bars
    }
    routes = {(each.question.name, each.route) for each in answers()}
    for name in names:
        assert {route for asked, route in routes if asked == name} == {
            cell.route for cell in tables.table(name).cells
        }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_answer_is_said_in_sentences(locale):
    """With the days of ordinary subscriptions."""
    for each in kinds_of_answers():
        _, *lines = decision_text(each, locale).split("\n")
        texts = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
        codes = {each.route.value, *each.codes, *(action.code for action in each.actions)}
        assert_said([answer_text(each, locale), *texts], codes)


def test_no_answer_calls_a_trial_a_subscription_to_renew():
    """It is converted, continued, or over; a change of term and the switch are not in it."""
    for each in answers():
        if each.question.name == "renewability" and is_on_trial(each):
            said = answer_text(each)
            assert "The CAD trial" in said or "the CAD trial" in said, each.facts
            assert "CAD subscription" not in said


def test_a_pending_renewal_is_neither_over_nor_renewed_by_anybody():
    """Nothing says expired, ended, late or renew manually; the days are said."""
    pending = [each for each in answers() if isinstance(each.facts, PendingFacts)]
    assert pending
    for each in pending:
        said = decision_text(each)
        assert not re.search(r"expired|ended|is over|late|[Mm]anual|invoice will", said), said
        if "unpaid" not in each.codes:
            assert "January 1, 2026" in said
        assert f"through {each.actions[0].by:%B} {each.actions[0].by.day}, 2026" in said


def test_what_is_said_to_have_happened_lies_behind():
    """Expired and ended on a day that has come, and no day in the future."""
    past = {"expired": "expires_on", "ended": "expires_on", "late": "expires_on"}
    past |= {"cancelled": "cancelled_on", "converted": "converted_on"}
    past |= {"renewal-pending": "renewal_on"}
    for each in answers():
        for finding in each.findings:
            if finding.code in past:
                seen = finding.value(past[finding.code])
                assert isinstance(seen, date)
                assert seen <= each.on, (finding, each.on)


def test_a_trial_is_not_said_to_end_for_good_where_no_page_says_so():
    """Only the policy whose trials end says that they are neither renewed nor extended."""
    for each in kinds_of_answers():
        if is_on_trial(each):
            ends = each.edition.trials is TrialEnd.ENDS
            assert ends or "neither renewed nor extended" not in decision_text(each)


def test_a_term_that_is_named_is_said_with_its_last_day():
    """Ends are half-open; sentences hold the last day inside."""
    late = next(each for each in answers() if "late-start-unknown" in each.codes)
    finding = next(each for each in late.findings if each.code == "late-start-unknown")
    last_on = finding.value("ends_on") - ONE_DAY
    assert finding_text(finding).endswith(f", {last_on.year}.")
    assert f"to {last_on:%B} {last_on.day}, {last_on.year}." in finding_text(finding)


def test_a_route_that_is_unknown_says_what_is():
    """The opening of the renewal, beside the term's change, of which nothing is known."""
    unknown = {each.question.name: each for each in answers() if each.route == "unknown"}
    assert route_text(unknown["renewability"].route) == "Renew manually, opening unknown"
    assert route_text(unknown["term-change"].route) == "Not known"


def said_of(policy: RenewalPolicy, on: date, **changes: Any) -> str:
    return renewability(a_subscription(**changes), policy=policy, on=on).explain()


CATCHING_UP = autodesk.EDITION_2024
RENEWING = {"auto_renew": ON, "payment_method": PAYPAL}


def test_a_pending_renewal_says_until_when_it_may_still_come():
    """The whole text, from the renewal date to the last day of the run."""
    assert said_of(CATCHING_UP, date(2026, 1, 3), **RENEWING) == (
        "The CAD subscription renews automatically as of January 1, 2026; the renewal may still be"
        " processed through January 8, 2026.\n"
        "Why:\n"
        "- The renewal date (January 1, 2026) has come; the automatic renewal may still be"
        " processed through January 8, 2026.\n"
        "What you can do:\n"
        "- Wait for the automatic renewal, which may be processed through January 8, 2026.\n"
        "This answer holds through January 8, 2026, if nothing else changes."
    )


def test_a_continuing_trial_says_so():
    """By invoice too."""
    trial = {"kind": Kind.TRIAL, **RENEWING}
    assert said_of(GOING_ON, date(2025, 12, 1), **trial).startswith(
        "The CAD trial continues automatically as a paid subscription on January 1, 2026: automatic"
        " renewal is on, and the payment method (PayPal) is valid on that day.\n"
    )
    invoiced = trial | {"payment_method": INVOICE}
    assert "an invoice will be sent" in said_of(GOING_ON, date(2025, 12, 1), **invoiced)


# Citations --------------------------------------------------------------------------------------


def test_reasons_and_actions_are_cited_on_request():
    """By the policy's own clause, or by the vocabulary's, which is marked."""
    asked = a_subscription(payment_method=PAYPAL)
    own = renewability(asked, policy=autodesk.EDITION_2024, on=date(2025, 6, 1))
    assert "[" not in own.explain()
    assert own.explain(cite=True) == (
        "The CAD subscription can be renewed manually from October 3, 2025 to December 31, 2025.\n"
        "Why:\n"
        "- Automatic renewal is off. [automatic.switch-on]\n"
        "- Manual renewal opens on October 3, 2025. [manual.window]\n"
        "What you can do:\n"
        "- Switch automatic renewal on by December 31, 2025, in your account."
        " [automatic.switch-on]\n"
        "- Renew manually from October 3, 2025 to December 31, 2025, in your account. [manual]\n"
        "This answer holds through October 2, 2025, if nothing else changes."
    )
    general = renewability(asked, policy=SILENT, on=date(2025, 6, 1))
    assert "when manual renewal opens. [general: manual.window]\n" in general.explain(cite=True)
    assert "[général\u00a0: manual.window]\n" in general.explain("fr", cite=True)


def test_each_citation_is_that_of_its_finding():
    """Line by line, over all answers."""
    for each in kinds_of_answers():
        lines = iter(decision_text(each, cite=True).split("\n"))
        for finding in each.findings:
            mark = "general: " if finding.is_general else ""
            assert any(line.endswith(f" [{mark}{finding.clause}]") for line in lines)


# Refusals, quotes, plans, events ------------------------------------------------------------------


def test_a_refusal_says_that_nothing_was_changed_and_why():
    """What forbids it beside the decision comes before the decision, which speaks alone else."""
    refused = renew(
        a_subscription(), policy=autodesk.EDITION_2024, on=date(2025, 12, 1), term_ends_on=ONE_TERM
    )
    assert isinstance(refused, Refusal)
    assert refused.explain().split("\n")[:2] == [
        "Nothing was changed.",
        "It has been renewed already: it now expires on January 1, 2026.",
    ]
    assert refused.explain().endswith(refused.decision.explain())
    assert refused.explain("fr").startswith("Rien n’a été modifié.\nIl a déjà été renouvelé\u00a0:")
    alone = attrs.evolve(refused, findings=())
    assert alone.explain() == refused.decision.explain()


ONE_TERM = date(2025, 1, 1)


def an_order() -> Order:
    """A line that renews itself at the dearer price of its renewal date, and one by hand."""
    lines = (a_subscription(**RENEWING), a_subscription(id="S-2"))
    return Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=lines)


def test_a_quote_of_several_days_says_the_day_of_each_line():
    """And once that prices may change; of one day it says that day alone."""
    asked = {"prices": PRICES, "policy": autodesk.EDITION_2024, "on": date(2025, 11, 1)}
    said = quote_text(order_quote(an_order(), **asked))
    assert "Charged on January 1, 2026, with the prices of that day.\nWhy:" in said
    assert "Charged on November 1, 2025, with the prices of that day.\nWhy:" in said
    assert said.endswith("\nPrices may change at any time.")
    assert "With the prices of" not in said
    french = quote_text(order_quote(an_order(), **asked), "fr")
    assert "\nÀ payer le 1 janvier 2026" in french.replace("1er", "1")
    alone = attrs.evolve(an_order(), subscriptions=an_order().subscriptions[:1])
    said = quote_text(order_quote(alone, **asked))
    assert said.endswith("\nWith the prices of January 1, 2026; they may change at any time.")
    assert "Charged on" not in said


def planned(*items: Any, on: date) -> RenewalPlan:
    return plan(items, policy=autodesk.EDITION_2024, prices=PRICES, on=on)


def test_a_plan_says_how_many_lines_are_priced_for_another_day():
    """In every view; not where none is, and not for lines without a price."""
    unpriced = a_subscription(id="S-3", product="X", **RENEWING)
    made = planned(an_order(), unpriced, on=date(2025, 11, 1))
    said = "Priced for the renewal date, not for November 1, 2025: 1 subscription."
    for view in (plan_text(made), plan_table(made), plan_html(made)):
        assert said in view
    assert "Aux prix de la date de renouvellement" in plan_text(made, "fr")
    assert "Priced for" not in plan_text(planned(a_subscription(), on=date(2025, 11, 1)))
    on_the_day = planned(a_subscription(**RENEWING), on=END)
    assert on_the_day.lines[0].charged_on == END
    assert "Priced for" not in plan_text(on_the_day)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_an_event_says_is_a_word_of_its_own(locale):
    """A happening of a later version is its own text."""
    texts = [happening_text(each, locale) for each in labels.HAPPENINGS]
    assert len(set(texts)) == len(texts)
    assert all(text[0].isupper() for text in texts)
    assert happening_text("of-a-later-version", locale) == "of-a-later-version"
