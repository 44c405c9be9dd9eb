"""
Codes and values become sentences. Last of all: nothing is decided here.

Rule 1: the answer comes first, then why, then what can be done about it, then how long it holds.

Rule 2: a value is said where there is one; where there is none, another sentence is said.

Rule 3: an unknown code, of a caller's own question or of a later version, is shown as its own text.
An unknown language is English. Nothing here fails for want of words.

Rule 4: plain text, one sentence or item a line. Whoever puts it into a page escapes it there.

This floor is the only user of Babel in the package, and imports it when something is said.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

import attrs

from subrenew.model.entities import Subscription
from subrenew.model.terms import Window
from subrenew.renewal.plans import Attention, CurrencyTotal, PlanLine, RenewalPlan
from subrenew.renewal.quotes import Quote, QuoteLine, totals
from subrenew.rules.decisions import Action, Decision, Finding
from subrenew.words import labels, messages
from subrenew.words.amounts import parse_money
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import chosen, label_text, places, value_texts
from subrenew.words.formats import (
    date_text,
    money_text,
    number_text,
    rate_text,
    term_text,
)

__all__ = [
    "Language",
    "action_text",
    "answer_text",
    "date_text",
    "decision_text",
    "finding_text",
    "label_text",
    "money_text",
    "parse_money",
    "plan_text",
    "quote_text",
    "rate_text",
    "resolve_locale",
    "route_text",
    "term_text",
    "timely",
    "total_text",
    "window_sentence",
]

_ONE_DAY: Final = timedelta(days=1)
_SHOWN_FIRST: Final = 20
#: Findings of a saving that a quote says already, exclusion by exclusion.
_SAID_ALREADY: Final = frozenset({"excluded", "not-a-renewal"})


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
    return values


def finding_text(finding: Finding, locale: str | Language = "en") -> str:
    """Return a finding as a sentence."""
    language = resolve_locale(locale)
    values = value_texts(_seen(finding), language)
    special = [f"{finding.code}:{value}" for _, value in finding.values if isinstance(value, str)]
    message = chosen(messages.FINDINGS, (*special, finding.code), values)
    return finding.code if message is None else language.say(message, **values)


def action_text(action: Action[Any], locale: str | Language = "en") -> str:
    """Return what can be done as a sentence, with its days and its place."""
    language = resolve_locale(locale)
    values = value_texts({"from_on": action.from_on, "by": action.by}, language)
    values["deed"] = label_text(labels.STEPS, action.code, language)
    if action.code in labels.PLACED:
        values["place"] = label_text(labels.PLACES, action.where, language)
    message = next(each for each in labels.ACTIONS if places(each) <= values.keys())
    return language.say(message, **values)


def route_text(route: StrEnum, locale: str | Language = "en") -> str:
    """
    Return what a way forward is called.

    >>> from subrenew.rules.renewability import Route
    >>> route_text(Route.RENEW_NOW)
    'Renew by hand now'
    """
    return label_text(labels.ROUTES, route, resolve_locale(locale))


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


def answer_text(decision: Decision[Any], locale: str | Language = "en") -> str:
    """Return the way forward as a sentence, or two, about this subscription."""
    language = resolve_locale(locale)
    values = _asked_about(decision)
    for finding in decision.findings:
        values |= _seen(finding)
    texts = value_texts(values, language)
    key = f"{decision.cell.question.name}/{decision.route}"
    message = chosen(messages.ANSWERS, [*(f"{key}:{code}" for code in decision.codes), key], texts)
    return (
        route_text(decision.route, language) if message is None else language.say(message, **texts)
    )


def _section(heading: str, items: list[str], language: Language) -> list[str]:
    return [language.say(heading), *(f"- {item}" for item in items)] if items else []


def timely(action: Action[Any], on: date) -> Action[Any]:
    """Return an action as it is said on a day: from then on where its first day has come."""
    come = action.from_on is not None and action.from_on <= on
    return attrs.evolve(action, from_on=None) if come else action


def decision_text(decision: Decision[Any], locale: str | Language = "en") -> str:
    """Return a decision in sentences that a customer can read, a line for each."""
    language = resolve_locale(locale)
    why = [finding_text(each, language) for each in decision.findings]
    deeds = [action_text(timely(each, decision.on), language) for each in decision.actions]
    lines = [
        answer_text(decision, language),
        *_section(labels.WHY, why, language),
        *_section(labels.WHAT_TO_DO, deeds, language),
    ]
    if decision.changes_on:
        last_on = date_text(decision.changes_on - _ONE_DAY, language)
        lines.append(language.say(labels.HOLDS, last_on=last_on))
    return "\n".join(lines)


def window_sentence(window: Window, locale: str | Language = "en") -> str:
    """Return a window as a sentence, with its last day inside."""
    language = resolve_locale(locale)
    if window.last_on is None:
        return language.say(labels.WINDOW_EMPTY)
    days = value_texts({"opens_on": window.opens_on, "last_on": window.last_on}, language)
    return language.count(labels.WINDOW, window.days, **days)


def _quote_line(line: QuoteLine, language: Language) -> list[str]:
    values = value_texts(
        {
            "product": line.subscription.product,
            "seats": language.count(labels.SEATS, line.seats),
            "total": line.total,
            "list_total": line.list_total,
            "saving": line.saving,
            "rate": line.saving_rate,
        },
        language,
    )
    if line.price is None:
        kind = "none"
    elif "not-a-renewal" in line.discount.codes:
        kind = "new"
    else:
        kind = "saves" if line.saving else "list"
    unsaid = _SAID_ALREADY
    if unsaid & set(line.discount.codes):
        # Without a renewal price it does not matter that the list is open.
        unsaid |= {"unlisted-product"}
    why = [finding_text(each, language) for each in line.findings if each.code not in unsaid]
    return [language.say(labels.QUOTES[kind], **values), *_section(labels.WHY, why, language)]


def quote_text(quote: Quote, locale: str | Language = "en") -> str:
    """Return a quote in sentences that a customer can read, line by line, then in all."""
    language = resolve_locale(locale)
    lines = [text for line in quote.lines for text in _quote_line(line, language)]
    if len(quote.lines) > 1:
        lines += _sums(quote.lines, language)
    return "\n".join([*lines, language.say(labels.QUOTE_DAY, on=date_text(quote.on, language))])


def _sums(lines: tuple[QuoteLine, ...], language: Language) -> list[str]:
    """Return what the lines add up to, a text for each currency, then how many have no price."""
    counts = Counter(line.total.currency for line in lines if line.total)
    sums = zip(
        totals(lines, lambda line: line.list_total),
        totals(lines, lambda line: line.total),
        strict=True,
    )
    texts = [
        total_text(CurrencyTotal(list_total, total, counts[total.currency]), language)
        for list_total, total in sums
    ]
    return [*texts, *unpriced_texts(sum(line.price is None for line in lines), language)]


def unpriced_texts(number: int, language: Language) -> list[str]:
    """Return how many lines have no price, as a text; nothing where all have one."""
    count = language.count(labels.LINES, number)
    return [language.say(labels.UNPRICED, lines=count)] if number else []


def total_text(total: CurrencyTotal, locale: str | Language = "en") -> str:
    """Return the sum of one currency as a sentence."""
    language = resolve_locale(locale)
    values = {"total": total.total, "saving": total.saving, "rate": total.saving_rate}
    texts = value_texts(values, language) | {"lines": language.count(labels.LINES, total.count)}
    return language.say(labels.SUM_SAVES if total.saving else labels.SUM, **texts)


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
    texts += [total_text(each, language) for each in plan.totals()]
    texts += unpriced_texts(len(plan.unpriced()), language)
    urgent = [line for line in lines if line.attention is Attention.NOW]
    first = [_first_step(line, language) for line in urgent[:_SHOWN_FIRST]]
    if len(urgent) > len(first):
        first.append(language.count(labels.MORE, len(urgent) - len(first)))
    return "\n".join([*texts, *_section(labels.FIRST, first, language)])
