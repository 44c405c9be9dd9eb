"""
One sentence each: an answer, a finding, an action, a way forward.

Rule 1: a value is said where there is one; where there is none, another sentence is said.

Rule 2: an unknown code, of a caller's own question or of a later version, is shown as its own text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from subrenew.model.entities import Kind, Subscription
from subrenew.policy.conditions import Condition
from subrenew.renewal.events import Happening
from subrenew.rules.decisions import Action, Decision, Finding
from subrenew.rules.renewability import Route
from subrenew.words import answers, labels, messages, notice_messages
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import chosen, label_text, places, value_texts

__all__ = [
    "action_text",
    "answer_text",
    "finding_text",
    "happening_text",
    "route_text",
    "section",
    "timely",
]

_ONE_DAY: Final = timedelta(days=1)
#: A mark of an answer that is about a trial, beside the codes of its findings.
_ON_TRIAL: Final = "on-trial"
_FINDINGS: Final = MappingProxyType({**messages.FINDINGS, **notice_messages.SHORTFALLS})


def _seen(finding: Finding) -> dict[str, object]:
    """Return what a finding saw, spans as people say them: by their last day."""
    values = dict(finding.values)
    opens_on, closes_on = values.get("opens_on"), values.get("closes_on")
    if isinstance(opens_on, date) and isinstance(closes_on, date):
        # A cancellation may leave no day to renew on, and then there is none to say.
        span = {"opens_on": opens_on, "last_on": closes_on - _ONE_DAY}
        return values | (span if opens_on < closes_on else dict.fromkeys(span))
    if isinstance(codes := values.get("exclusions"), tuple):
        # A product on no list is worth a remark of its own, but it excludes nothing.
        values["exclusions"] = tuple(code for code in codes if code != "unlisted-product")
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    if isinstance(starts_on, date) and isinstance(ends_on, date):
        # The end of a term that is spoken of is not that of the subscription.
        del values["ends_on"]
        values["through_on"] = ends_on - _ONE_DAY
    return values


def _condition_text(message: str, conditions: tuple[Condition, ...], language: Language) -> str:
    """Return a condition's message in this language, else as it is; a message is its own key."""
    told = dict(pair for each in conditions if each.message == message for pair in each.messages)
    return next((told[name] for name in language.names if name in told), message)


def finding_text(
    finding: Finding,
    locale: str | Language = "en",
    *,
    conditions: tuple[Condition, ...] = (),
    question: str = "",
) -> str:
    """
    Return a finding as a sentence.

    Args:
        finding: Of a decision, a quote or a compliance.
        locale: The language of the sentence.
        conditions: Those that the edition declares; their messages in other languages are said.
        question: The name of the decision's question, under which some findings say more.
    """
    language = resolve_locale(locale)
    seen = _seen(finding)
    if isinstance(told := seen.get("conditions"), tuple):
        seen["conditions"] = tuple(_condition_text(each, conditions, language) for each in told)
    values = value_texts(seen, language)
    special = [f"{finding.code}:{value}" for _, value in finding.values if isinstance(value, str)]
    keys = (*special, f"{finding.code}@{question}", finding.code)
    message = chosen(_FINDINGS, keys, values)
    return finding.code if message is None else language.say(message, **values)


def action_text(action: Action[Any], locale: str | Language = "en") -> str:
    """Return what can be done as a sentence, with its days and its place."""
    language = resolve_locale(locale)
    values = value_texts({"from_on": action.from_on, "by": action.by}, language)
    values["deed"] = label_text(labels.STEPS, action.code, language)
    if action.code in labels.PLACED:
        values["place"] = label_text(labels.PLACES, action.where, language)
    messages_of = labels.OWN_ACTIONS.get(action.code, labels.ACTIONS)
    message = next(each for each in messages_of if places(each) <= values.keys())
    return language.say(message, **values)


def route_text(route: StrEnum, locale: str | Language = "en") -> str:
    """
    Return what a way forward is called.

    >>> from subrenew.rules.renewability import Route
    >>> route_text(Route.RENEW_NOW)
    'Renew manually now'
    """
    language = resolve_locale(locale)
    if route is Route.UNKNOWN:
        return language.say(labels.OPENING_UNKNOWN)
    return label_text(labels.ROUTES, route, language)


def happening_text(what: Happening | str, locale: str | Language = "en") -> str:
    """
    Return what an event says that happened.

    >>> happening_text(Happening.RENEWED)
    'Renewed manually'
    """
    return label_text(labels.HAPPENINGS, what, resolve_locale(locale))


def _asked_about(decision: Decision[Any]) -> dict[str, object]:
    subject: object = decision.subscription
    if not isinstance(subject, Subscription):
        # An order's page is asked about without naming the order.
        return {}
    method = subject.payment_method
    return {
        "product": subject.product,
        "expires_on": subject.expires_on,
        "ends_on": subject.ends_on,
        "last_on": subject.ends_on - _ONE_DAY,
        "payment": method and method.kind,
        "rate": decision.rate,
        "term": getattr(decision.asked, "to", None),
    }


@lru_cache(maxsize=256)
def _narrower(key: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the keys of a way forward that hold under marks only, with these marks."""
    split = (each.partition(":") for each in answers.ANSWERS)
    return tuple(
        (f"{start}:{marks}", frozenset(marks.split("+")))
        for start, _, marks in split
        if start == key and marks
    )


def _marks(decision: Decision[Any]) -> Iterator[str]:
    """Yield what changes the sense of a way forward."""
    yield from decision.codes
    subject: object = decision.subscription
    if isinstance(subject, Subscription) and subject.kind is Kind.TRIAL:
        yield _ON_TRIAL


def answer_text(decision: Decision[Any], locale: str | Language = "en") -> str:
    """Return the way forward as a sentence, or two, about this subscription."""
    language = resolve_locale(locale)
    values = _asked_about(decision)
    for finding in decision.findings:
        values |= _seen(finding)
    texts = value_texts(values, language)
    key = f"{decision.cell.question.name}/{decision.route}"
    marks = frozenset(_marks(decision))
    keys = [narrower for narrower, wanted in _narrower(key) if wanted <= marks]
    message = chosen(answers.ANSWERS, [*keys, key], texts)
    return (
        route_text(decision.route, language) if message is None else language.say(message, **texts)
    )


def timely(action: Action[Any], on: date) -> Action[Any]:
    """Return an action as it is said on a day: from then on where its first day has come."""
    come = action.from_on is not None and action.from_on <= on
    return action._replace(from_on=None) if come else action


def section(heading: str, items: list[str], language: Language) -> list[str]:
    """Return a heading with its items, a line for each; nothing where there are none."""
    return [language.say(heading), *(f"- {item}" for item in items)] if items else []
