"""Notices and laws in sentences: every code in every language, and what the customer reads."""

import re
from datetime import date
from pathlib import Path

import attrs
import pytest

from subrenew import Account, Channel, Clause, History, PaymentMethod, Role, Term
from subrenew.policy.laws import france, germany
from subrenew.policy.laws.reach import Applies, Basis, Reach, Since
from subrenew.policy.laws.samples import LAWS
from subrenew.policy.laws.statutes import CAUTION, Law
from subrenew.policy.notice_rules import Anchor, Medium, Missed, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.vendors import autodesk
from subrenew.renewal import compliance as compliance_module
from subrenew.renewal.compliance import Standing, compliance, overlaid
from subrenew.renewal.notices import Notice, notices
from subrenew.rules.decisions import Finding
from subrenew.words import messages, notice_messages
from subrenew.words.filling import places
from subrenew.words.wording import (
    Mail,
    compliance_text,
    finding_text,
    notice_message,
    notice_text,
)
from tests.makers import ON, a_subscription

POLICY = autodesk.EDITION_2024
CLAUSE = Clause("own.law", "Own law", "Somebody is told.")
DAY = date(2025, 6, 1)
CARD = PaymentMethod.card(expires="2031-01")
#: Every finding that `compliance` gives.
CODES = {
    *("notice-missing", "notice-too-early", "notice-too-late", "notice-medium"),
    *("notice-contents", "notice-impossible", "deadline-too-early"),
    *("first-term-too-long", "renewal-too-long", "figures-unset"),
}


def plain(text: str) -> str:
    """Blanks of all widths as one: which of them CLDR uses is its own affair."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def a_rule(**changes) -> NoticeRule:
    fields = {
        "code": "told",
        "clause": CLAUSE,
        "topic": Topic.RENEWAL,
        "anchor": Anchor.TERM_END,
        "earliest": Offset(before=Term.days(45)),
        "latest": Offset(before=Term.days(15)),
    }
    return NoticeRule(**fields | changes)


def a_notice(*, subscription=None, **changes) -> Notice:
    """The first notice of such a rule."""
    policy = POLICY.evolve(notices=(a_rule(**changes),))
    return notices(subscription or a_subscription(), policy=policy, on=date(2025, 1, 1))[0]


def a_law(**changes) -> Law:
    fields = {
        "id": "own/law",
        "title": "Own law",
        "source": "here",
        "checked_on": DAY,
        "reach": Reach(regions=frozenset({"FR"})),
    }
    return Law(**fields | changes)


def renewing(country="FR", kind="consumer", **changes):
    """Renewed by itself, for a customer there."""
    return a_subscription(
        auto_renew=ON,
        payment_method=CARD,
        account=Account(id="A", country=country, customer_kind=kind),
        **changes,
    )


# Every code -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enum", "labelled"),
    [
        (Topic, notice_messages.TOPICS),
        (Anchor, notice_messages.ANCHORS),
        (Medium, notice_messages.MEDIA),
        (Missed, notice_messages.MISSED),
        (Standing, notice_messages.STANDINGS),
    ],
)
def test_every_member_has_a_label(enum, labelled):
    """Neither more nor less; the French catalogue holds every label (see test_catalogues)."""
    assert set(enum) == set(labelled)


def test_every_word_of_the_sample_laws_has_a_label():
    """And a label that no law uses is taken out."""
    words = {word for law in LAWS for rule in law.rules for word in rule.contents}
    assert words == set(notice_messages.CONTENTS)


def test_every_finding_of_a_compliance_has_a_sentence():
    """The last one needs no value; a code added to the module is found in its source."""
    source = Path(compliance_module.__file__).read_text(encoding="utf-8")
    pattern = r'"((?:notice|deadline|first-term|renewal|figures)-[a-z-]+)"'
    assert set(re.findall(pattern, source)) == CODES
    assert set(notice_messages.SHORTFALLS) == CODES
    for each in notice_messages.SHORTFALLS.values():
        assert not places(each[-1])
    assert not CODES & set(messages.FINDINGS)


@pytest.mark.parametrize("locale", ["en", "fr", "fr_CA"])
@pytest.mark.parametrize("code", sorted(CODES))
def test_a_finding_of_a_compliance_is_said_with_and_without_values(code, locale):
    """Also one of an earlier version that saw nothing."""
    said = finding_text(Finding(code, CLAUSE), locale)
    assert said != code
    assert said.endswith(".")
    assert locale == "en" or said != finding_text(Finding(code, CLAUSE))


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("missed", Missed)
@pytest.mark.parametrize("medium", Medium)
@pytest.mark.parametrize("topic", Topic)
def test_a_notice_says_every_code_in_words(topic, medium, missed, locale):
    """What, by which medium, and what follows; none of them by its code."""
    notice = a_notice(topic=topic, medium=frozenset({medium}), missed=missed)
    lines = notice_text(notice, locale).split("\n")
    assert len(lines) == 6
    if locale == "en":
        assert lines[0].startswith(f"{notice_messages.TOPICS[topic]} (told) for CAD, S-1")
        assert lines[4] == f"By: {notice_messages.MEDIA[medium]}."
        assert lines[5] == f"Consequence if it is not sent: {notice_messages.MISSED[missed]}."
    else:
        assert lines[0].startswith(("Avis", "Rappel"))
        assert plain(lines[4]).startswith("Moyen d’envoi : ")
        assert plain(lines[5]).startswith("Conséquence s’il n’est pas envoyé : ")


@pytest.mark.parametrize("anchor", Anchor)
def test_a_notice_says_what_it_is_counted_from(anchor):
    """In words, with the name of the stage where it is one."""
    stage = "late" if anchor is Anchor.STAGE_ENTRY else None
    days = {"earliest": Offset(), "latest": Offset()}
    notice = attrs.evolve(a_notice(), rule=a_rule(anchor=anchor, stage=stage, **days))
    said = notice.explain()
    tail = " (late)" if stage else ""
    assert f"\nCounted from: {notice_messages.ANCHORS[anchor]}{tail}.\n" in said
    assert notice_messages.ANCHORS[anchor] not in notice.explain("fr")


# Notices --------------------------------------------------------------------------------------


def test_a_notice_is_explained_to_whoever_sends_it():
    """What, when, from which day, to whom, how, what it has to say, what follows if not."""
    notice = a_notice(
        medium=frozenset({Medium.EMAIL, Medium.LETTER}),
        contents=("deadline", "own-word"),
        recipients=frozenset({Role.PAYER, Role.OWNER, "treasurer"}),
        missed=Missed.RENEWAL_UNENFORCEABLE,
    )
    assert notice.explain().split("\n") == [
        "Notice of renewal (told) for CAD, S-1",
        "To be sent from November 17, 2025 to December 17, 2025.",
        "Counted from: first day after the term.",
        "To: the owner, the payer, and treasurer.",
        "By: email or letter.",
        "It has to say: the deadline and own-word.",
        "Consequence if it is not sent: the renewal cannot be enforced.",
    ]
    assert plain(notice.explain("fr_CA")).split("\n") == [
        "Avis de renouvellement (told) pour CAD, S-1",
        "À envoyer du 17 novembre 2025 au 17 décembre 2025 inclus.",
        "Point de départ : premier jour après la période.",
        "Destinataires : le titulaire, le payeur et treasurer.",
        "Moyen d’envoi : courriel ou lettre.",
        "Il doit indiquer : la date limite et own-word.",
        "Conséquence s’il n’est pas envoyé : le renouvellement ne peut pas être imposé.",
    ]


def test_a_notice_of_one_day_and_a_periodic_one():
    """A single day is said as one; a period with its number."""
    day = Offset(before=Term.days(30))
    said = notice_text(a_notice(earliest=day, latest=day))
    assert "\nTo be sent on December 2, 2025.\n" in said
    assert "\nHow it is sent is not laid down.\n" in said
    periodic = a_notice(anchor=Anchor.TERM_START, every=Term.months(6), earliest=None, latest=None)
    assert "\nRecurring (6 months); this is number 1.\n" in notice_text(periodic)
    assert "\nPériodique (6 mois) ; envoi numéro 1.\n" in plain(notice_text(periodic, "fr"))


def test_a_notice_that_may_not_be_wanted_says_so():
    """Where it is not known whether a law is for the customer; and nobody to tell is not said."""
    notice = attrs.evolve(a_notice(), applies=Applies.UNKNOWN, recipients=frozenset())
    assert notice_text(notice).endswith("\nIt is not known whether the law is for this customer.")
    assert "To:" not in notice_text(notice)


@pytest.mark.parametrize(
    ("channel", "place"),
    [
        (Channel.ACCOUNT, "in your account"),
        (Channel.ORDER, "on the page of your order"),
    ],
)
def test_the_message_of_the_source_is_worded(channel, place):
    """A subject in one line and a body, for all seats, until the last day covered."""
    subscription = a_subscription(seats=3, channel=channel)
    (notice,) = notices(subscription, policy=POLICY, on=DAY)
    assert notice_message(notice) == Mail(
        "You can now renew CAD",
        f"Your CAD subscription (3 seats) can now be renewed {place}. At present it does not"
        " renew automatically: it runs through December 31, 2025. Please renew it by then.",
    )


def test_the_message_in_french():
    """A product in braces stays what it is."""
    (notice,) = notices(a_subscription(product="{id}"), policy=POLICY, on=DAY)
    subject, body = notice_message(notice, "fr")
    assert subject == "Vous pouvez maintenant renouveler {id}"
    assert plain(body) == (
        "Votre abonnement {id} (1 poste) peut maintenant être renouvelé dans votre compte. À ce"
        " jour, il ne se renouvelle pas automatiquement : il court jusqu’au 31 décembre 2025"
        " inclus. Pensez à le renouveler d’ici là."
    )


def test_other_messages_are_not_made_up():
    """What a law wants to be said is the caller's to word."""
    assert notice_message(a_notice()) is None
    shipped = {rule.code for each in autodesk.EDITIONS.editions for rule in each.policy.notices}
    assert set(notice_messages.MAILS) == shipped


# Laws -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "fr", "fr_CA", "tlh"])
@pytest.mark.parametrize("region", ["FR", "DE", "GB", "IN", "US-CA", "US-NY"])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_every_sample_law_is_explained_with_its_caution(law, region, locale):
    """Whatever the standing: no place is unfilled, and the caution stands at the end."""
    found = compliance(POLICY, law, subscription=renewing(), on=DAY, region=region)
    said = compliance_text(found, locale)
    assert said.startswith(law.title)
    assert not re.search(r"[{}]|None", said)
    english = locale in ("en", "tlh")
    assert said.endswith(CAUTION if english else "vérifiez-les avant de vous y fier.")
    for each in found.findings:
        assert each.clause.heading in said
        assert each.code not in said


def test_a_policy_that_falls_short_is_told_what_is_lacking():
    """The standing, each clause with its consequence, the caution."""
    found = compliance(POLICY, france.L215_1, subscription=renewing(), on=DAY)
    assert found.explain().split("\n") == [
        (
            "France, Code de la consommation, article L215-1: the policy does not do all that is"
            " asked for the CAD subscription."
        ),
        "What is lacking:",
        (
            "- Code de la consommation, article L215-1: A notice (“fr-refusal”) is wanted from"
            " September 30, 2025 to November 30, 2025; the policy has none. Consequence: the"
            " customer may end the subscription at any time."
        ),
        "Sample data, not legal advice: verify it before you rely on it.",
    ]
    french = plain(found.explain("fr")).split("\n")
    assert french[1] == "Ce qui manque :"
    assert french[2].endswith(
        "Conséquence : le client peut mettre fin à l’abonnement à tout moment."
    )
    assert french[3].startswith("Données d’exemple, et non un avis juridique :")


def test_a_policy_that_does_what_is_asked_or_need_not():
    """Met, and not applicable: one sentence and the caution."""
    own = a_law(reach=Reach(regions=frozenset({"FR"})), caution="Ask {me} first.")
    met = compliance(POLICY, own, subscription=renewing(), on=DAY)
    assert met.explain("fr").split("\n")[1:] == ["Ask {me} first."]
    assert met.explain().startswith("Own law: the policy does all that is asked for the CAD")
    elsewhere = compliance(POLICY, own, subscription=renewing("DE"), on=DAY)
    assert elsewhere.explain().split("\n")[0] == "Own law: not for this subscription (CAD)."
    laid = overlaid(POLICY, france.L215_1)
    done = compliance(laid, france.L215_1, subscription=renewing(), on=DAY)
    assert done.standing is Standing.MET
    assert "respectent tout ce qui est exigé" in done.explain("fr")


def test_what_is_not_known_is_said():
    """Whether the law is for the customer, and figures that are not known."""
    reach = Reach(regions=frozenset({"FR"}), since=Since(basis=Basis.PURCHASE))
    law = a_law(reach=reach, unset=(CLAUSE,))
    found = compliance(POLICY, law, subscription=renewing(), on=DAY)
    assert found.explain().split("\n")[:-1] == [
        (
            "Own law: it is not known whether the policy does all that is asked for the CAD"
            " subscription."
        ),
        "It is not known whether the law is for this customer.",
        "What is lacking:",
        "- Own law: The figures are not known for certain, so nothing was compared.",
    ]


@pytest.mark.parametrize(
    ("sent", "asked", "says"),
    [
        (
            {"earliest": Offset(before=Term.days(60))},
            {},
            "“sent” may be sent from November 2, 2025 on; “told” counts from November 17, 2025",
        ),
        (
            {"latest": Offset(before=Term.days(1))},
            {},
            "“sent” may still be sent on December 31, 2025; “told” is wanted by December 17, 2025",
        ),
        (
            {"medium": frozenset({Medium.EMAIL})},
            {"medium": frozenset({Medium.LETTER, Medium.CERTIFIED_LETTER})},
            "“sent” is sent by email; “told” is wanted by certified letter or letter.",
        ),
        (
            {},
            {"medium": frozenset({Medium.LETTER})},
            "How “sent” is sent is not laid down; “told” is wanted by letter.",
        ),
        (
            {"contents": ("price",)},
            {"contents": ("price", "own-word")},
            "“told” has to say: the price and own-word. “sent” says: the price.",
        ),
        (
            {},
            {"contents": ("price",)},
            "“told” has to say: the price. It is not laid down what “sent” says.",
        ),
    ],
)
def test_what_a_notice_lacks_is_said_beside_what_is_wanted(sent, asked, says):
    """Both by their codes, which are the caller's or the law's own."""
    policy = POLICY.evolve(notices=(a_rule(code="sent", **sent),))
    law = a_law(rules=(a_rule(**asked),))
    found = compliance(policy, law, subscription=renewing(), on=DAY)
    assert f"- Own law: {says}" in found.explain()
    assert says not in found.explain("fr")


def test_a_notice_that_no_day_is_left_for():
    """The term is shorter than the law's lead."""
    law = a_law(
        rules=(a_rule(earliest=Offset(before=Term.days(90)), latest=Offset(before=Term.days(60))),)
    )
    monthly = renewing(term=Term.months(1), expires_on=date(2025, 2, 1))
    found = compliance(POLICY, law, subscription=monthly, on=date(2025, 1, 5))
    assert "The term leaves no day on which the notice (“told”) could" in found.explain()


def test_terms_that_bind_too_long_are_said():
    """The first term, the renewal and the deadline, each beside what is allowed."""
    long = renewing("DE", term=Term.years(3), expires_on=date(2028, 1, 1), history=History())
    strict = POLICY.evolve(switch_closes_days=90)
    found = compliance(strict, germany.BGB_309_9, subscription=long, on=DAY)
    said = found.explain()
    assert "The first term is 3 years; 2 years is allowed at the most." in said
    assert "It is renewed for 3 years; 1 month is allowed at the most." in said
    assert "refused by October 3, 2027; a deadline before December 1, 2027 is not allowed." in said
    assert said.count("Consequence: that part of the contract is void.") == 3
    assert "durée maximale permise : 2 ans" in plain(found.explain("fr"))
