"""
What it costs, in sentences: line by line, then in all.

Rule 1: what is paid for being late is said beside the price that it is part of, amount by amount.

Rule 2: what costs more than a new one is never called a saving.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from subrenew.model.money import Money
from subrenew.renewal.plans import CurrencyTotal, RenewalPlan
from subrenew.renewal.quotes import Quote, QuoteLine, totals
from subrenew.words import labels
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import label_text, value_texts
from subrenew.words.formats import date_text, list_text, money_text
from subrenew.words.sentences import finding_text, section

__all__ = [
    "charged_texts",
    "charges_of",
    "lateness_texts",
    "priced_texts",
    "quote_text",
    "sum_texts",
    "total_text",
    "unpriced_texts",
]

#: Findings of a saving that a quote says already, exclusion by exclusion.
_SAID_ALREADY: Final = frozenset({"excluded", "not-a-renewal"})
_UNKNOWN: Final = "amount-unknown-in-currency"


def _kind(line: QuoteLine) -> str:
    if line.price is None:
        return "none"
    if line.saving is None:
        return "part"
    if "not-a-renewal" in line.discount.codes:
        return "new"
    if line.saving.is_zero:
        return "list"
    return "saves" if line.saving.amount > 0 else "dearer"


def _known(line: QuoteLine) -> Money | None:
    """Return what a line costs as far as that is known: without the charges that are not."""
    if line.price is None:
        return None
    known = [charge.amount for charge in line.charges if charge.amount is not None]
    return sum(known, line.price * line.seats)


def _line_texts(line: QuoteLine, language: Language, *, dated: bool) -> list[str]:
    values = value_texts(
        {
            "product": line.subscription.product,
            "seats": language.count(labels.SEATS, line.seats),
            "total": line.total,
            "known": _known(line),
            "list_total": line.list_total,
            "saving": line.saving,
            "extra": None if line.saving is None else -line.saving,
            "rate": line.saving_rate,
        },
        language,
    )
    unsaid = _SAID_ALREADY
    if unsaid & set(line.discount.codes):
        # Without a renewal price it does not matter that the list is open.
        unsaid |= {"unlisted-product"}
    conditions = line.discount.edition.conditions
    why = [
        finding_text(each, language, conditions=conditions)
        for each in line.findings
        if each.code not in unsaid
    ]
    return [
        language.say(labels.QUOTES[_kind(line)], **values),
        *charged_texts([line], language),
        *([_day_text(labels.LINE_DAY, line.charged_on, language)] if dated else []),
        *section(labels.WHY, why, language),
    ]


def _day_text(message: str, day: date, language: Language) -> str:
    return language.say(message, on=date_text(day, language))


def quote_text(quote: Quote, locale: str | Language = "en") -> str:
    """
    Return a quote in sentences that a customer can read, line by line, then in all.

    The day of the charge stands at the end, or below each line where there are several.
    """
    language, charged_on = resolve_locale(locale), quote.charged_on
    dated = charged_on is None
    lines = [text for line in quote.lines for text in _line_texts(line, language, dated=dated)]
    if len(quote.lines) > 1:
        sums = _sums(quote.lines)
        lines += sum_texts(sums, quote.lines, language)
        unpriced = sum(line.total is None for line in quote.lines)
        lines += unpriced_texts(unpriced, language)
    if charged_on is None:
        lines.append(language.say(labels.PRICES_CHANGE))
    else:
        lines.append(_day_text(labels.QUOTE_DAY, charged_on, language))
    return "\n".join(lines)


def _sums(lines: tuple[QuoteLine, ...]) -> list[CurrencyTotal]:
    counts = Counter(line.total.currency for line in lines if line.total is not None)
    whole = [line for line in lines if line.total is not None]
    sums = zip(
        totals(whole, lambda line: line.list_total),
        totals(whole, lambda line: line.total),
        strict=True,
    )
    return [CurrencyTotal(listed, total, counts[total.currency]) for listed, total in sums]


def charges_of(lines: Iterable[QuoteLine]) -> dict[str, Money]:
    """
    Return what lines of one currency cost for being late: the sum of each charge, by code.

    A charge whose amount is not known is left out.
    """
    sums: dict[str, Money] = {}
    for line in lines:
        for code, amount in [(each.code, each.amount) for each in line.charges]:
            if amount is not None:
                so_far = sums.get(code)
                sums[code] = amount if so_far is None else so_far + amount
    return sums


def charged_texts(lines: Iterable[QuoteLine], language: Language) -> list[str]:
    """Return what lines of one currency cost for being late, as a text; nothing where none is."""
    texts = [
        language.say(
            labels.CHARGED,
            label=label_text(labels.CHARGES, code, language),
            amount=money_text(amount, language),
        )
        for code, amount in charges_of(lines).items()
    ]
    return [language.say(labels.INCLUDES, charges=list_text(texts, language))] if texts else []


def lateness_texts(line: QuoteLine, language: Language) -> list[str]:
    """Return what a line costs for being late, or which part of that is not known."""
    if line.total is not None:
        return charged_texts([line], language)
    unknown = (each for each in line.findings if each.code == _UNKNOWN)
    return [finding_text(each, language) for each in unknown]


def sum_texts(
    sums: Iterable[CurrencyTotal], lines: Iterable[QuoteLine], language: Language
) -> list[str]:
    """Return what lines add up to, for each currency, each with what is paid for being late."""
    late = [(line, line.total) for line in lines if line.charges]
    texts = []
    for each in sums:
        code = each.total.currency
        own = [line for line, total in late if total is not None and total.currency == code]
        texts += [total_text(each, language), *charged_texts(own, language)]
    return texts


def unpriced_texts(number: int, language: Language) -> list[str]:
    """Return how many lines have no price, as a text; nothing where all have one."""
    count = language.count(labels.LINES, number)
    return [language.say(labels.UNPRICED, lines=count)] if number else []


def priced_texts(plan: RenewalPlan, language: Language) -> list[str]:
    """Return how many lines are priced for another day than the plan's; nothing where none is."""
    later = [each for each in plan.lines if each.charged_on != plan.on]
    number = sum(each.quoted.price is not None for each in later)
    lines, on = language.count(labels.LINES, number), date_text(plan.on, language)
    return [language.say(labels.PRICED_LATER, on=on, lines=lines)] if number else []


def total_text(total: CurrencyTotal, locale: str | Language = "en") -> str:
    """Return the sum of one currency as a sentence."""
    language = resolve_locale(locale)
    saving = total.saving
    values = {
        "total": total.total,
        "saving": saving,
        "extra": -saving,
        "rate": total.saving_rate,
    }
    texts = value_texts(values, language) | {"lines": language.count(labels.LINES, total.count)}
    message = labels.SUM
    if not saving.is_zero:
        message = labels.SUM_SAVES if saving.amount > 0 else labels.SUM_MORE
    return language.say(message, **texts)
