"""
Notices and laws in sentences.

Rule 1: for whoever sends a notice: what, when, to whom, how, and what follows if not.

Rule 2: what the customer reads is a message of its own, and only for notices whose words are
known here.

Rule 3: a law's caution stands at the end of whatever is said of it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from subrenew.model.entities import Role
from subrenew.policy.laws.reach import Applies
from subrenew.renewal.compliance import Compliance
from subrenew.renewal.notice_days import Notice
from subrenew.rules.decisions import Finding
from subrenew.words import labels, notice_messages
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import label_text, places, value_texts
from subrenew.words.sentences import finding_text, section

__all__ = ["Mail", "compliance_text", "notice_message", "notice_text"]

_ROLES: Final = tuple(Role)


class Mail(NamedTuple):
    """What is sent to a customer."""

    #: One line.
    subject: str
    #: Plain text.
    body: str


def _sorted_roles(roles: frozenset[Role | str]) -> tuple[str, ...]:
    known = tuple(each.value for each in _ROLES if each in roles)
    return (*known, *sorted(str(each) for each in roles if not isinstance(each, Role)))


def notice_text(notice: Notice, locale: str | Language = "en") -> str:
    """
    Return a notice in sentences, for whoever sends it.

    What it is, on which days it may be sent, to whom, by which medium, what it has to say, and
    what follows if it is not sent; a line for each that is known.
    """
    language, rule, subscription = resolve_locale(locale), notice.rule, notice.subscription
    several = notice.earliest_on != notice.latest_on
    values = value_texts(
        {
            "topic": rule.topic,
            "code": rule.code,
            "product": subscription.product,
            "id": subscription.id,
            "earliest_on": notice.earliest_on if several else None,
            "latest_on": notice.latest_on if several else None,
            "day": notice.earliest_on,
            "anchor": rule.anchor,
            "stage": rule.stage,
            "every": rule.every,
            "number": notice.number,
            "recipients": _sorted_roles(notice.recipients),
            "medium": tuple(sorted(each.value for each in notice.medium)),
            "contents": rule.contents,
            "missed": notice.missed,
        },
        language,
    )
    lines = [notice_messages.NOTICE]
    for messages in notice_messages.NOTICE_LINES:
        lines += [each for each in messages if places(each) <= values.keys()][:1]
    if notice.applies is Applies.UNKNOWN:
        lines.append(notice_messages.LAW_UNCERTAIN)
    return "\n".join(language.say(each, **values) for each in lines)


def notice_message(notice: Notice, locale: str | Language = "en") -> Mail | None:
    """
    Return what the customer reads, where this package knows it; ``None`` for other notices.

    What a law wants to be said is not worded here: see `NoticeRule.contents`.
    """
    message = notice_messages.MAILS.get(notice.code)
    if message is None:
        return None
    language, subscription = resolve_locale(locale), notice.subscription
    values = value_texts(
        {
            "product": subscription.product,
            "seats": language.count(labels.SEATS, subscription.seats),
            "place": label_text(labels.PLACES, subscription.channel, language),
            "last_on": notice.latest_on,
        },
        language,
    )
    subject, body = (language.say(each, **values) for each in message)
    return Mail(subject, body)


def _lacking(finding: Finding, language: Language) -> str:
    """Return what falls short of which clause, and what follows from it."""
    sentence = finding_text(finding, language)
    missed = value_texts({"missed": dict(finding.values).get("missed")}, language)
    if missed:
        sentence += " " + language.say(notice_messages.CONSEQUENCE, **missed)
    return language.say(labels.LABELLED, label=finding.clause.heading, value=sentence)


def compliance_text(compliance: Compliance, locale: str | Language = "en") -> str:
    """Return how a policy stands to a law, what is lacking, and the law's caution."""
    language, law = resolve_locale(locale), compliance.law
    standing = notice_messages.STANDINGS[compliance.standing]
    lines = [language.say(standing, law=law.title, product=compliance.subscription.product)]
    if compliance.applies is Applies.UNKNOWN:
        lines.append(language.say(notice_messages.LAW_UNCERTAIN))
    lacking = [_lacking(each, language) for each in compliance.findings]
    lines += section(notice_messages.LACKS, lacking, language)
    # A law of the caller's own has a caution of its own, in the caller's language.
    known = law.caution == notice_messages.CAUTION
    lines.append(language.say(notice_messages.CAUTION) if known else law.caution)
    return "\n".join(lines)
