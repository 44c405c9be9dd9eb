"""Sentences: every code has one in every language, and they say what they know."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import attrs
import pytest

from subrenew import (
    Access,
    Account,
    Actor,
    Attention,
    AutoRenew,
    Barred,
    Channel,
    Condition,
    Kind,
    Money,
    Order,
    PaymentKind,
    PaymentMethod,
    Quote,
    Reduction,
    RegionLink,
    RegionWays,
    Role,
    Term,
    Way,
    Window,
    clauses,
    exclusions,
    order_access,
    order_quote,
    plan,
    renewability,
    renewal_discount,
    renewal_quote,
    tables,
    term_change,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal import charges as charges_module
from subrenew.renewal.charges import Charge
from subrenew.renewal.events import Happening
from subrenew.renewal.plans import PlanLine, RenewalPlan
from subrenew.rules.decisions import Decision, Finding
from subrenew.rules.discounts import DiscountAsked
from subrenew.rules.increases import IncreaseAsked
from subrenew.rules.order_access import OrderAsked
from subrenew.rules.term_changes import TermChangeAsked
from subrenew.words import answers, labels, messages
from subrenew.words.filling import places
from subrenew.words.wording import (
    action_text,
    answer_text,
    decision_text,
    finding_text,
    plan_text,
    quote_text,
    route_text,
    timely,
    total_text,
    window_sentence,
)
from tests.makers import INVOICE, MONTHLY, ON, PAYPAL, WIRE, a_list, a_price, a_subscription

POLICY = autodesk.EDITION_2024
LATER = autodesk.EDITION_2025_12
EARLY, OPEN, OVER = date(2025, 6, 1), date(2025, 11, 1), date(2026, 3, 1)
CARD = PaymentMethod.card(expires="2027-03")
LAPSED = PaymentMethod.card(expires="2025-12")
PRICES = a_list(a_price("10.01"), a_price("1001", "JPY", product="図面"))

EVERY_CELL = [cell for each in tables.QUESTIONS for cell in tables.table(each.name).cells]


def plain(text: str) -> str:
    """Blanks of all widths as one: which of them CLDR uses is its own affair."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def answer(cell) -> Decision:
    """A decision with this cell, about an ordinary subscription."""
    asked = {
        "term-change": TermChangeAsked(to=Term.years(3), region="JP"),
        "price-increase": IncreaseAsked(
            old=Money("10.00", "USD"),
            new=Money("20.00", "USD"),
            last_on=date(2025, 1, 1),
            told_on=None,
        ),
        "renewal-discount": DiscountAsked(PRICES, (), Decimal("0.08")),
        "exclusions": (Reduction(code="SPRING", rate=Decimal("0.1")),),
        "order-access": OrderAsked(reset_link="https://a.example", page_link=None),
    }.get(cell.question.name)
    cancelled_on = date(2025, 12, 1) if "cancelled" in cell.codes else None
    subscription = a_subscription(payment_method=PAYPAL, cancelled_on=cancelled_on)
    return Decision(cell, subscription, LATER, LATER, OPEN, asked)


# Every code -----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda question: question.name)
def test_every_finding_has_a_sentence(question):
    """And one that needs no value, for findings that saw none."""
    for each in question.bars:
        assert each.code in messages.FINDINGS, f"say {each.code} in subrenew.words.messages"
        assert not places(messages.FINDINGS[each.code][-1])


def test_findings_of_quotes_and_refusals_have_sentences():
    """These come from no question."""
    quoted = {"price-missing", "reductions-kept", "amount-unknown-in-currency"}
    assert {*quoted, "already-renewed"} <= messages.FINDINGS.keys()


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda question: question.name)
def test_every_way_forward_has_an_answer_and_a_label(question):
    """The whole sentence for people, the label for tables."""
    for route in {cell.route for cell in tables.table(question.name).cells}:
        assert f"{question.name}/{route}" in answers.ANSWERS
        assert route.value in labels.ROUTES


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda question: question.name)
def test_every_member_of_a_route_has_a_label(question):
    """Also members that no cell leads to at present."""
    for route in type(next(iter(tables.table(question.name).cells)).route):
        assert route.value in labels.ROUTES


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda question: question.name)
def test_every_step_has_a_label(question):
    """What can be done is said in words."""
    for cell in tables.table(question.name).cells:
        for step in cell.steps:
            assert step.code in labels.STEPS


@pytest.mark.parametrize(
    ("enum", "labelled"),
    [
        (Attention, labels.ATTENTION),
        (Access, labels.ACCESS),
        (Role, labels.ROLES),
        (PaymentKind, labels.PAYMENTS),
        (Channel, labels.PLACES),
        (Happening, labels.HAPPENINGS),
    ],
)
def test_every_member_has_a_label(enum, labelled):
    """Neither more nor less."""
    assert set(enum) == set(labelled)


def test_every_exclusion_has_a_short_reason():
    """For the list in brackets."""
    question = next(each for each in tables.QUESTIONS if each.name == "exclusions")
    assert {each.code for each in question.bars} <= set(labels.REASONS)


def test_every_key_belongs_to_a_code():
    """A key that nothing leads to any more is taken out."""
    codes = {each.code for question in tables.QUESTIONS for each in question.bars}
    codes |= {"price-missing", "reductions-kept", "amount-unknown-in-currency", "already-renewed"}
    codes |= {"receipt-differs"}
    assert {re.split("[:@]", key)[0] for key in messages.FINDINGS} <= codes
    names = {question.name for question in tables.QUESTIONS}
    assert {key.partition("@")[2] for key in messages.FINDINGS} - {""} <= names
    marks = {mark for key in answers.ANSWERS for mark in key.partition(":")[2].split("+")}
    assert marks - {""} <= codes | {"on-trial"}
    steps = {step.code for cell in EVERY_CELL for step in cell.steps}
    assert set(labels.STEPS) <= steps
    assert steps >= labels.PLACED
    assert {f"{cell.question.name}/{cell.route}" for cell in EVERY_CELL} == {
        key.partition(":")[0] for key in answers.ANSWERS
    }


@pytest.mark.parametrize("locale", ["en", "fr", "fr_CA"])
@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda question: question.name)
def test_every_cell_is_explained(question, locale):
    """No cell is shown by its codes, and no place is left unfilled."""
    for cell in tables.table(question.name).cells:
        decision = answer(cell)
        said = [answer_text(decision, locale)]
        said += [finding_text(each, locale) for each in decision.findings]
        said += [action_text(each, locale) for each in decision.actions]
        codes = {cell.route.value, *cell.codes, *(step.code for step in cell.steps)}
        for sentence in said:
            assert sentence not in codes
            assert not re.search(r"[{}]|None", sentence)
            assert sentence[0].isupper()
            assert sentence.endswith(".") or "https://" in sentence
        if locale != "en":
            english = [answer_text(decision), *map(finding_text, decision.findings)]
            assert not set(said) & set(english)


# Sentences ------------------------------------------------------------------------------------


def test_a_decision_says_the_answer_then_why_then_what_to_do_then_how_long_it_holds():
    """The golden case: the card lapses before the renewal."""
    decision = renewability(
        a_subscription(auto_renew=ON, payment_method=LAPSED), policy=POLICY, on=EARLY
    )
    assert decision.explain() == (
        "The CAD subscription will not renew automatically on January 1, 2026 unless the payment"
        " method is updated.\n"
        "Why:\n"
        "- The card is valid through December 31, 2025; the renewal date is January 1, 2026.\n"
        "- Manual renewal opens on October 3, 2025.\n"
        "What you can do:\n"
        "- Update the payment method by December 31, 2025, in your account.\n"
        "- Renew manually from October 3, 2025 to December 31, 2025, in your account.\n"
        "This answer holds through October 2, 2025, if nothing else changes."
    )
    assert plain(decision.explain("fr")).split("\n")[1:3] == [
        "Pourquoi :",
        (
            "- La carte bancaire est valide jusqu’au 31 décembre 2025 ; la date de renouvellement"
            " est le 1er janvier 2026."
        ),
    ]


@pytest.mark.parametrize(
    ("changes", "policy", "on", "begins"),
    [
        ({"kind": Kind.TRIAL}, POLICY, EARLY, "The CAD trial runs through December 31, 2025."),
        ({"kind": Kind.TRIAL}, POLICY, OVER, "The CAD trial has ended."),
        ({}, POLICY, OVER, "The CAD subscription can no longer be renewed."),
        ({}, POLICY, EARLY, "The CAD subscription can be renewed manually from October 3, 2025 to"),
        ({}, POLICY, OPEN, "The CAD subscription can be renewed manually now, and through"),
        ({}, LATER, date(2026, 1, 5), "The CAD subscription can still be renewed manually"),
        ({"channel": Channel.PARTNER}, POLICY, OPEN, "The CAD subscription is renewed by the par"),
        (
            {"auto_renew": ON, "payment_method": CARD},
            POLICY,
            OPEN,
            (
                "The CAD subscription renews automatically on January 1, 2026: automatic renewal is"
                " on, and the payment method (card) is valid on that day."
            ),
        ),
        (
            {"auto_renew": ON, "payment_method": INVOICE},
            POLICY,
            OPEN,
            (
                "The CAD subscription renews automatically on January 1, 2026: automatic renewal is"
                " on, and an invoice will be sent."
            ),
        ),
        ({"auto_renew": ON}, POLICY, OPEN, "The CAD subscription will not renew automatically on"),
        (
            {"cancelled_on": date(2025, 8, 1)},
            POLICY,
            EARLY,
            "The CAD subscription ends on August 1, 2025, before it can be renewed manually.",
        ),
    ],
)
def test_the_answer_comes_first(changes, policy, on, begins):
    """With the product and the days that matter."""
    decision = renewability(a_subscription(**changes), policy=policy, on=on)
    assert decision.explain().startswith(begins)


def test_a_cancellation_that_leaves_no_day_to_renew_offers_none():
    """What can still be done is said, and that the window never opens."""
    decision = renewability(
        a_subscription(cancelled_on=date(2025, 8, 1), payment_method=CARD), policy=POLICY, on=EARLY
    )
    assert [each.code for each in decision.actions] == ["switch-on", "withdraw-cancellation"]
    assert "- Manual renewal has not opened.\n" in decision.explain()


def test_who_may_renew_is_said_by_role():
    """A role of the caller's own is its own text."""
    policy = POLICY.evolve(managed_roles=frozenset({Role.PURCHASER, "treasurer"}))
    decision = renewability(
        a_subscription(account=Account(id="A", managed=True)),
        policy=policy,
        on=OPEN,
        actor=Actor(id="X"),
    )
    assert decision.explain().startswith("You may not renew the CAD subscription yourself.")
    assert "- Only the purchaser or treasurer may manage its renewal.\n" in decision.explain()
    assert "l’acheteur ou treasurer" in decision.explain("fr")


@pytest.mark.parametrize(
    ("day", "remark"),
    [
        (date(2026, 1, 5), "It expired on January 1, 2026. The product can still be used for now."),
        (
            date(2026, 1, 25),
            "It expired on January 1, 2026. Until it is renewed, the product cannot be used.",
        ),
    ],
)
def test_a_late_renewal_says_what_can_still_be_used(day, remark):
    """By the stage that the day falls in."""
    decision = renewability(a_subscription(), policy=LATER, on=day)
    assert f"- {remark}\n" in decision.explain()


def test_an_action_says_its_place_where_it_has_one():
    """In the account, on the order's page, through the partner; buying leads elsewhere."""
    for channel, place in [
        (Channel.ACCOUNT, "in your account."),
        (Channel.ORDER, "on the page of your order."),
    ]:
        decision = renewability(a_subscription(channel=channel), policy=POLICY, on=OPEN)
        assert action_text(decision.actions[0]) == f"Renew manually by December 31, 2025, {place}"
    (buying,) = renewability(a_subscription(), policy=POLICY, on=OVER).actions
    assert action_text(buying) == "Buy a new subscription."
    decision = renewability(a_subscription(), policy=POLICY, on=OPEN)
    (renewing,) = decision.actions
    from_on = renewing._replace(from_on=OPEN, by=None)
    assert action_text(from_on) == "Renew manually from November 1, 2025 on, in your account."
    assert timely(from_on, EARLY) is from_on
    assert action_text(timely(from_on, OPEN)) == "Renew manually, in your account."


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        (
            "payment-lapsed",
            (("payment", PaymentKind.PAYPAL), ("valid_through", OPEN), ("renewal_on", OVER)),
            (
                "The payment method (PayPal) is valid through November 1, 2025; the renewal date is"
                " March 1, 2026."
            ),
        ),
        ("payment-lapsed", (), "The payment method will no longer be valid on the renewal date."),
        (
            "payment-by-customer",
            (("payment", "barter"),),
            "You send the payment yourself (barter), so it is renewed manually.",
        ),
        (
            "payment-by-customer",
            (("payment", None),),
            "You send the payment yourself, so it is renewed manually.",
        ),
        (
            "region-unknown",
            (("region", "EMEA"),),
            "The vendor does not say whether terms can be changed in this region (EMEA).",
        ),
        (
            "region-unknown",
            (("region", None),),
            "The vendor does not say whether terms can be changed in this region.",
        ),
        (
            "excluded",
            (("exclusions", ("short-term", "unlisted-product")),),
            "It is excluded from the renewal price (short term).",
        ),
        ("excluded-product", (("product", "card"),), "card is on the vendor’s list of products"),
        (
            "price-missing",
            (("product", "CAD"), ("term", MONTHLY), ("country", "FR"), ("on", OPEN)),
            "The price list has no price on November 1, 2025 for: CAD, 1 month, France.",
        ),
        (
            "late",
            (("expires_on", OPEN), ("access", "of-a-later-version")),
            "It expired on November 1, 2025, but a late renewal is still accepted.",
        ),
        ("window-not-open", (("opens_on", OPEN),), "Manual renewal opens on November 1, 2025."),
        (
            "own-condition",
            (("conditions", ("An invoice is open.", "Pay {it}.")),),
            "An invoice is open. Pay {it}.",
        ),
        ("own-condition", (("conditions", ()),), "A special condition prevents this."),
        ("of-a-later-version", (("product", "CAD"),), "of-a-later-version"),
    ],
)
def test_a_finding_says_what_it_saw(code, values, sentence):
    """A value where there is one, another sentence where there is none, a code it does not know."""
    assert finding_text(Finding(code, clauses.HELP, values)).startswith(sentence)


def test_a_product_is_never_taken_for_a_code_or_a_place():
    """Whatever a product is called, it is shown as it is."""
    for product in ("card", "{product}", "%s", "{0.__class__}", "Maya <script>"):
        decision = renewability(a_subscription(product=product), policy=POLICY, on=OPEN)
        assert decision.explain().startswith(f"The {product} subscription can be renewed")


class OwnRoute(StrEnum):
    """A way forward of a caller's own."""

    PHONE_US = "phone-us"


def test_a_question_of_the_callers_own_is_shown_by_its_codes():
    """Its codes are its texts, and nothing fails."""
    decision = renewability(a_subscription(), policy=POLICY, on=OPEN)
    own = attrs.evolve(decision.cell.question, name="own")
    step = attrs.evolve(decision.cell.steps[0], code="phone")
    cell = attrs.evolve(decision.cell, question=own, route=OwnRoute.PHONE_US, steps=(step,))
    said = decision_text(decision._replace(cell=cell), "fr")
    assert said.startswith("phone-us\n")
    assert "- phone au plus tard le 31 décembre 2025." in said
    assert route_text(OwnRoute.PHONE_US, "fr") == "phone-us"


def test_an_order_is_asked_about_without_a_subscription():
    """A refused order is not there at all, and the answer is a sentence all the same."""
    question = next(each for each in tables.QUESTIONS if each.name == "order-access")
    asked = OrderAsked(reset_link=None, page_link="https://a.example/fr")
    for cell in tables.table(question.name).cells:
        decision = Decision(cell, None, POLICY, POLICY, OPEN, asked)
        assert "order" in answer_text(decision)
        for finding in decision.findings:
            assert finding_text(finding, "fr")


PAGES = (
    RegionLink(region="EMEA", url="https://a.example/emea"),
    RegionLink(region="FR", url="https://a.example/fr?a={b}"),
    RegionLink(region="JP", url="https://a.example/jp"),
)


@pytest.mark.parametrize(
    ("region", "english", "french"),
    [
        (
            "JP",
            "The page of your order is also found here: https://a.example/jp",
            "La page de votre commande se trouve aussi ici\u00a0: https://a.example/jp",
        ),
        (
            None,
            (
                "You can also open the page of your order with the link for your region:"
                " https://a.example/emea (EMEA), https://a.example/fr?a={b} (France), or"
                " https://a.example/jp (Japan)"
            ),
            (
                "Vous pouvez aussi ouvrir la page de votre commande avec le lien de votre"
                " région\u00a0: https://a.example/emea (EMEA), https://a.example/fr?a={b} (France)"
                " ou https://a.example/jp (Japon)"
            ),
        ),
    ],
)
def test_an_orders_links_are_said(region, english, french):
    """The region's own alone; where it is unknown, every region's with its name."""
    decision = order_access(
        None,
        number="A-1",
        password=None,
        verify=lambda secret: False,
        policy=POLICY.evolve(order_links=PAGES),
        on=OPEN,
        region=region,
    )
    assert f"- {english}\n" in decision.explain()
    assert f"- {french}\n" in decision.explain("fr")


@pytest.mark.parametrize(
    ("window", "english", "french"),
    [
        (
            Window(date(2025, 10, 2), date(2025, 12, 31)),
            "From October 2, 2025 to December 30, 2025 (90 days).",
            "Du 2 octobre 2025 au 30 décembre 2025 inclus (90 jours).",
        ),
        (
            Window(date(2025, 10, 1), date(2025, 10, 2)),
            "From October 1, 2025 to October 1, 2025 (1 day).",
            "Du 1er octobre 2025 au 1er octobre 2025 inclus (1 jour).",
        ),
        (Window(date(2025, 10, 1), date(2025, 10, 1)), "On no day.", "Aucun jour."),
    ],
)
def test_a_window_is_said_with_its_last_day_inside(window, english, french):
    """The first day outside is for programs."""
    assert window.explain() == window_sentence(window) == english
    assert plain(window.explain("fr")) == french


def test_other_questions_are_explained_too():
    """A saving, its exclusions, and a change of term."""
    subscription = a_subscription(account=Account(id="A", country="FR"))
    assert (
        exclusions(subscription, policy=POLICY, on=OPEN)
        .explain()
        .startswith("The CAD subscription gets the renewal price, according to the vendor’s list.")
    )
    saving = renewal_discount(subscription, policy=POLICY, prices=PRICES, on=OPEN)
    assert saving.explain().startswith("Renewing the CAD subscription saves at least 5% of its")
    change = term_change(subscription, to=Term.years(3), policy=POLICY, on=OPEN)
    assert "to 3 years in your account." in change.explain()
    nowhere = POLICY.evolve(term_change_ways=(RegionWays(region="FR", way=Way.NEITHER),))
    change = term_change(subscription, to=Term.years(3), policy=nowhere, on=OPEN)
    assert "(France)" in change.explain()
    assert "Buy a new subscription from January 1, 2026 on." in change.explain()


# Quotes ---------------------------------------------------------------------------------------


def quoted(*, reductions=(), **changes):
    return renewal_quote(
        a_subscription(**changes), prices=PRICES, policy=POLICY, on=OPEN, reductions=reductions
    )


def test_a_quote_says_the_price_and_the_saving():
    """Amounts of all seats, the rate, and the day whose prices they are."""
    assert quoted(seats=3).explain().split("\n") == [
        (
            "Renewing CAD (3 seats) costs $28.50 before tax: $1.53 (5.09%) less than the list"
            " price, $30.03."
        ),
        "Why:",
        "- CAD is not on the vendor’s list of exclusions, but that list is open.",
        "- The vendor promises a saving of at least 5% on the list price before tax.",
        "With the prices of November 1, 2025; they may change at any time.",
    ]
    assert "coûte 28,50 $US hors taxes, soit 1,53 $US (5,09 %)" in plain(
        quoted(seats=3).explain("fr")
    )


def test_a_quote_without_a_saving_says_so():
    """A new subscription, an excluded product, a missing price, a reduction that is kept."""
    assert (
        quoted(kind=Kind.TRIAL).explain().startswith("A new CAD subscription (1 seat) costs $10.01")
    )
    assert "open" not in quoted(kind=Kind.TRIAL).explain()
    policy = POLICY.evolve(saving_floor_rate=None)
    flat = renewal_quote(a_subscription(), prices=PRICES, policy=policy, on=OPEN)
    assert flat.explain().startswith("Renewing CAD (1 seat) costs $10.01 before tax, as much as")
    assert quoted(product="X").explain().startswith("There is no price for X (1 seat).")
    spring = Reduction(code="SPRING", rate=Decimal("0.1"))
    kept = quoted(reductions=(spring,)).explain()
    assert "(SPRING)" in kept
    assert "it costs $9.00; with the renewal price it would cost $9.50." in kept


def test_a_quote_of_several_lines_adds_them_up_by_currency():
    """A line without a price is counted, not added."""
    order = Order(
        number="A-1",
        placed_on=date(2025, 1, 1),
        subscriptions=(
            a_subscription(),
            a_subscription(id="S-2", product="図面"),
            a_subscription(id="S-3", product="X"),
        ),
    )
    said = quote_text(order_quote(order, prices=PRICES, policy=POLICY, on=OPEN))
    assert (
        "1 subscription: ¥950 before tax in all, ¥51 (5.09%) less than the list prices.\n" in said
    )
    assert "1 subscription: $9.50 before tax in all, $0.51 (5.09%) less than" in said
    assert "Without a total: 1 subscription.\n" in said


def test_a_quote_of_several_priced_lines_has_no_remark_about_missing_ones():
    """Nothing is said of what is not missing."""
    order = Order(
        number="A-1",
        placed_on=date(2025, 1, 1),
        subscriptions=(a_subscription(), a_subscription(id="S-2")),
    )
    said = quote_text(order_quote(order, prices=PRICES, policy=POLICY, on=OPEN))
    assert "2 subscriptions: $19.00 before tax in all" in said
    assert "Without a total" not in said


# Plans ----------------------------------------------------------------------------------------


def planned(*subscriptions):
    return plan(subscriptions, policy=POLICY, prices=PRICES, on=OPEN)


def test_a_plan_counts_adds_up_and_begins():
    """How many need what, what they cost, what to do first."""
    made = planned(
        a_subscription(),
        a_subscription(id="S-2", product="X", auto_renew=ON, payment_method=CARD),
        a_subscription(id="S-3", auto_renew=AutoRenew.ON, payment_method=WIRE),
    )
    assert made.explain().split("\n") == [
        "Renewals on November 1, 2025: 3 subscriptions",
        "- Needs attention now: 2",
        "- Nothing to do: 1",
        "2 subscriptions: $19.00 before tax in all, $1.02 (5.09%) less than the list prices.",
        "Without a total: 1 subscription.",
        "What to do first:",
        "- S-1 (CAD): Renew manually by December 31, 2025, in your account.",
        "- S-3 (CAD): Update the payment method by December 31, 2025, in your account.",
    ]
    assert plain(made.explain("fr")).startswith("Renouvellements au 1er novembre 2025 : 3 abonn")


def test_a_long_plan_is_cut_off_and_an_empty_one_is_short():
    """Twenty lines are shown, the others counted."""
    many = planned(*[a_subscription(id=f"S-{number}") for number in range(25)])
    assert plan_text(many).endswith("- and 5 more")
    assert plan_text(planned()) == "Renewals on November 1, 2025: 0 subscriptions"


def test_a_sum_without_a_saving_says_none():
    """Nothing is said to be saved where nothing is."""
    (total,) = planned(a_subscription(kind=Kind.TRIAL)).totals()
    assert total.saving == Money(0, "USD")
    assert total_text(total) == "1 subscription: $10.01 before tax in all."


# Charges --------------------------------------------------------------------------------------


def charged(line, *amounts):
    """The line with charges of these codes, as a late renewal has them."""
    charges = tuple(Charge(code, Money(amount, "USD")) for code, amount in amounts)
    return attrs.evolve(line, charges=charges)


def test_every_charge_has_a_label():
    """A code that the module gives is found in its source."""
    source = Path(charges_module.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'Charge\("([a-z-]+)"', source)) == set(labels.CHARGES)


def test_a_quote_tells_what_is_paid_for_being_late():
    """Amount by amount; and what costs more than a new one is not called a saving."""
    (line,) = quoted(seats=3).lines
    late = Quote((charged(line, ("surcharge", "1.00"), ("back-pay", "5.00"), ("own", "0.50")),))
    assert late.total == Money("35.00", "USD")
    assert late.explain().split("\n")[:2] == [
        ("Renewing CAD (3 seats) costs $35.00 before tax: $4.97 more than the list price, $30.03."),
        "Includes late charges: surcharge ($1.00), back payment ($5.00), and own ($0.50).",
    ]
    assert plain(late.explain("fr")).split("\n")[:2] == [
        (
            "Renouveler l’abonnement CAD (3 postes) coûte 35,00 $US hors taxes, soit 4,97 $US de"
            " plus que le prix public de 30,03 $US."
        ),
        "Dont, pour le retard : majoration (1,00 $US), arriéré (5,00 $US) et own (0,50 $US).",
    ]
    even = Quote((charged(line, ("late-fee", "1.53")),)).explain()
    assert even.startswith("Renewing CAD (3 seats) costs $30.03 before tax, as much as a new one.")
    assert "\nIncludes late charges: late fee ($1.53).\n" in even


def test_charges_of_several_lines_are_added_up_by_currency():
    """The sum of each charge stands below the sum that it is part of."""
    (dollars,) = quoted().lines
    (yen,) = quoted(product="図面").lines
    fee = ("late-fee", "1.00")
    said = Quote((charged(dollars, fee), yen, charged(dollars, fee, ("surcharge", "2.00"))))
    assert said.explain().split("\n")[-4:-1] == [
        "1 subscription: ¥950 before tax in all, ¥51 (5.09%) less than the list prices.",
        "2 subscriptions: $23.00 before tax in all, $2.98 more than the list prices.",
        "Includes late charges: late fee ($2.00) and surcharge ($2.00).",
    ]


def test_a_free_renewal_counts_as_a_line():
    """A price of zero is a price."""
    free = a_list(a_price("0.00"))
    lines = [
        renewal_quote(each, prices=free, policy=POLICY, on=OPEN).lines[0]
        for each in (a_subscription(), a_subscription(id="S-2"))
    ]
    assert "2 subscriptions: $0.00 before tax in all.\n" in Quote(tuple(lines)).explain()


def test_a_quote_of_nothing_says_the_price():
    """Zero is a price: it is said as an amount, and never that there is none."""
    free = a_list(a_price("0.00"))
    said = renewal_quote(a_subscription(), prices=free, policy=POLICY, on=OPEN).explain()
    assert said.startswith("Renewing CAD (1 seat) costs $0.00 before tax, as much as a new one.")
    assert "no price" not in said


def unknown(line):
    """The line with a surcharge, and a fee whose amount is not known."""
    known = charged(line, ("surcharge", "1.00"))
    return attrs.evolve(known, charges=(*known.charges, Charge("late-fee", None)))


def test_a_quote_tells_that_a_charge_is_not_known():
    """What is known is said, with the charge that is not and the currency; no total is."""
    (line,) = quoted(seats=3).lines
    late = Quote((unknown(line),))
    assert late.explain().split("\n")[:6] == [
        "Renewing CAD (3 seats) costs $29.50 before tax, plus charges of an unknown amount.",
        "Includes late charges: surcharge ($1.00).",
        "Why:",
        "- CAD is not on the vendor’s list of exclusions, but that list is open.",
        "- The vendor promises a saving of at least 5% on the list price before tax.",
        (
            "- The vendor names no amount in USD for one of the charges (late fee), so the total is"
            " not known."
        ),
    ]
    french = plain(late.explain("fr")).split("\n")
    assert french[0] == (
        "Le renouvellement de l’abonnement CAD (3 postes) coûte 29,50 $US hors taxes, plus des"
        " frais d’un montant inconnu."
    )
    assert french[5] == (
        "- L’éditeur n’indique pas de montant en USD pour l’un des frais (frais de retard) ;"
        " le total n’est donc pas connu."
    )


def test_a_sum_leaves_out_what_is_not_known():
    """Neither its price nor its charges are in it, and the line is counted as one without."""
    (line,) = quoted().lines
    fee = charged(line, ("late-fee", "2.00"))
    assert Quote((unknown(line), fee)).explain().split("\n")[-4:-1] == [
        "1 subscription: $11.50 before tax in all, $1.49 more than the list prices.",
        "Includes late charges: late fee ($2.00).",
        "Without a total: 1 subscription.",
    ]


def test_a_plan_tells_what_is_paid_for_being_late():
    """Below the sum of the currency."""
    made = planned(a_subscription())
    (entry,) = made.entries
    first = entry.lines[0]
    line = PlanLine.of(first.decision, charged(first.quoted, ("back-pay", "1.00")))
    late = RenewalPlan(made.on, (attrs.evolve(entry, lines=(line,)),))
    assert "\nIncludes late charges: back payment ($1.00).\n" in late.explain()
    assert "1 subscription: $10.50 before tax in all, $0.49 more" in late.explain()
    assert "retard" in late.explain("fr")


# Conditions of the caller's own -----------------------------------------------------------------


INVOICE_OPEN = Condition(
    code="open-invoice",
    message="An invoice is open.",
    bars=frozenset(Barred),
    messages=(("fr", "Une facture est impayée."), ("fr_CA", "Une facture reste à payer.")),
)
HELD = Condition(code="held", message="It is held.", bars=frozenset(Barred))


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("en", "An invoice is open. It is held."),
        ("fr", "Une facture est impayée. It is held."),
        ("fr_BE", "Une facture est impayée. It is held."),
        ("fr_CA", "Une facture reste à payer. It is held."),
        ("de", "An invoice is open. It is held."),
    ],
)
def test_a_condition_is_said_in_the_language_that_the_caller_gave(locale, says):
    """The locale's own, its language's, else English."""
    policy = POLICY.evolve(conditions=(INVOICE_OPEN, HELD))
    subscription = a_subscription(conditions=frozenset({"open-invoice", "held"}))
    decision = renewability(subscription, policy=policy, on=OPEN)
    assert f"\n- {says}\n" in decision.explain(locale)
    change = term_change(subscription, to=Term.years(3), policy=policy, on=OPEN)
    assert f"\n- {says}\n" in change.explain(locale)
    quote = renewal_quote(subscription, prices=PRICES, policy=policy, on=OPEN)
    assert f"\n- {says}\n" in quote.explain(locale)
    (finding,) = (each for each in decision.findings if each.code == "own-condition")
    assert finding_text(finding, locale) == "An invoice is open. It is held."
    assert finding_text(finding, locale, conditions=policy.conditions) == says
