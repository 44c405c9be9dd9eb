"""
Codes and values become sentences. Last of all: nothing is decided here.

Rule 1: the answer comes first, then why, then what can be done about it, then how long it holds.

Rule 2: a value is said where there is one; where there is none, another sentence is said.

Rule 3: an unknown code, of a caller's own question or of a later version, is shown as its own text.
An unknown language is English. Nothing here fails for want of words.

Rule 4: plain text, one sentence or item a line. Escape it where it goes into a page.

This floor is the only user of Babel in the package, and imports it when something is said.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, Final

from subrenew.clauses import Clause
from subrenew.model.terms import Window
from subrenew.renewal.plans import Attention, PlanLine, RenewalPlan
from subrenew.renewal.transitions import Refusal
from subrenew.rules.decisions import Decision
from subrenew.words import labels
from subrenew.words.amounts import parse_money
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import label_text, value_texts
from subrenew.words.formats import (
    date_text,
    money_text,
    number_text,
    rate_text,
    term_text,
)
from subrenew.words.notice_texts import Mail, compliance_text, notice_message, notice_text
from subrenew.words.quotations import (
    priced_texts,
    quote_text,
    sum_texts,
    total_text,
    unpriced_texts,
)
from subrenew.words.sentences import (
    action_text,
    answer_text,
    finding_text,
    happening_text,
    route_text,
    section,
    timely,
)

__all__ = [
    "Language",
    "Mail",
    "action_text",
    "answer_text",
    "compliance_text",
    "date_text",
    "decision_text",
    "finding_text",
    "happening_text",
    "label_text",
    "money_text",
    "notice_message",
    "notice_text",
    "parse_money",
    "plan_text",
    "quote_text",
    "rate_text",
    "refusal_text",
    "resolve_locale",
    "route_text",
    "term_text",
    "timely",
    "total_text",
    "window_sentence",
]

_ONE_DAY: Final = timedelta(days=1)
_SHOWN_FIRST: Final = 20


def _cited(sentence: str, clause: Clause, language: Language, *, general: bool) -> str:
    """Return a sentence with its clause; one of the vocabulary is marked as general."""
    message = labels.CITED_IN_GENERAL if general else labels.CITED
    return language.say(message, sentence=sentence, clause=str(clause))


def _reasons(decision: Decision[Any], language: Language, *, cite: bool) -> list[str]:
    conditions, question = decision.edition.conditions, decision.question.name
    texts = []
    for each in decision.findings:
        text = finding_text(each, language, conditions=conditions, question=question)
        if cite:
            text = _cited(text, each.clause, language, general=each.is_general)
        texts.append(text)
    return texts


def _deeds(decision: Decision[Any], language: Language, *, cite: bool) -> list[str]:
    texts = []
    for each in decision.actions:
        text = action_text(timely(each, decision.on), language)
        if cite:
            text = _cited(text, each.clause, language, general=each.is_general)
        texts.append(text)
    return texts


def decision_text(
    decision: Decision[Any], locale: str | Language = "en", *, cite: bool = False
) -> str:
    """
    Return a decision in sentences that a customer can read, a line for each.

    Args:
        decision: The answer to any question.
        locale: The language of the sentences.
        cite: Whether each reason and each action ends with the clause that it follows from, one of
            the vocabulary marked as general.
    """
    language = resolve_locale(locale)
    why = _reasons(decision, language, cite=cite)
    deeds = _deeds(decision, language, cite=cite)
    lines = [
        answer_text(decision, language),
        *section(labels.WHY, why, language),
        *section(labels.WHAT_TO_DO, deeds, language),
    ]
    if decision.changes_on:
        last_on = date_text(decision.changes_on - _ONE_DAY, language)
        lines.append(language.say(labels.HOLDS, last_on=last_on))
    return "\n".join(lines)


def refusal_text(refusal: Refusal, locale: str | Language = "en") -> str:
    """
    Return why nothing was done: what forbids it beside the decision, then the decision.

    Where something does, the decision alone may read as if it had been possible; so that nothing
    was changed is said first.
    """
    language = resolve_locale(locale)
    conditions = refusal.decision.edition.conditions
    found = [finding_text(each, language, conditions=conditions) for each in refusal.findings]
    nothing = [language.say(labels.REFUSED)] if found else []
    return "\n".join([*nothing, *found, decision_text(refusal.decision, language)])


def window_sentence(window: Window, locale: str | Language = "en") -> str:
    """Return a window as a sentence, with its last day inside."""
    language = resolve_locale(locale)
    if window.last_on is None:
        return language.say(labels.WINDOW_EMPTY)
    days = value_texts({"opens_on": window.opens_on, "last_on": window.last_on}, language)
    return language.count(labels.WINDOW, window.days, **days)


def _first_step(line: PlanLine, language: Language) -> str:
    action = timely(line.next_action, line.decision.on)
    subscription = line.subscription
    name = f"{subscription.id} ({subscription.product})"
    return language.say(labels.LABELLED, label=name, value=action_text(action, language))


def plan_text(plan: RenewalPlan, locale: str | Language = "en") -> str:
    """Return a plan in sentences: how many need what, what they add up to, what to do first."""
    language = resolve_locale(locale)
    lines = [line for entry in plan.attention() for line in entry.lines]
    heading = language.say(labels.PLAN, on=date_text(plan.on, language))
    count = language.count(labels.LINES, len(lines))
    texts = [language.say(labels.LABELLED, label=heading, value=count)]
    levels = Counter(line.attention for line in lines)
    for level in Attention:
        if levels[level]:
            label = label_text(labels.ATTENTION, level, language)
            number = number_text(levels[level], language)
            texts.append(f"- {language.say(labels.LABELLED, label=label, value=number)}")
    texts += sum_texts(plan.totals(), (line.quoted for line in lines), language)
    texts += unpriced_texts(len(plan.unpriced()), language)
    texts += priced_texts(plan, language)
    urgent = [line for line in lines if line.attention is Attention.NOW]
    first = [_first_step(line, language) for line in urgent[:_SHOWN_FIRST]]
    if len(urgent) > len(first):
        first.append(language.count(labels.MORE, len(urgent) - len(first)))
    return "\n".join([*texts, *section(labels.FIRST, first, language)])
