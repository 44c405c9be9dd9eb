"""
Pictures as SVG: no dependency, no script, in the colour of the text around them.

Rule 1: a picture says in its title and description what it shows, for whoever does not see it.

Rule 2: every text is escaped, attributes too.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any, Final

from subrenew.renewal.plans import RenewalPlan
from subrenew.rules.decisions import Decision
from subrenew.rules.schedules import renewal_window
from subrenew.words import labels
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.formats import month_text, number_text, short_date_text
from subrenew.words.sentences import answer_text

__all__ = ["months_svg", "timeline_svg"]

_BAR: Final = 44
_HEIGHT: Final = 120
_MOST_LABELS: Final = 12
#: Room for half of the first month's name and of the last one's.
_SIDE: Final = 16
_WIDTH: Final = 640
_MARGIN: Final = 60


def _svg(width: int, height: int, title: str, description: str, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" style="max-width: 100%; height: auto"'
        f' fill="currentColor" font-family="system-ui, sans-serif" font-size="12">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _rect(x: float, y: float, size: tuple[float, float], opacity: float, title: str) -> str:
    width, height = size
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2"'
        f' fill-opacity="{opacity:g}"><title>{escape(title)}</title></rect>'
    )


def months_svg(plan: RenewalPlan, locale: str | Language = "en") -> str:
    """Return how many lines of a plan end in each month, as a picture of bars."""
    language = resolve_locale(locale)
    counts = {month: len(lines) for month, lines in plan.by_month().items()}
    most = max(counts.values(), default=1)
    every = -(-len(counts) // _MOST_LABELS) or 1
    step = max(_BAR, 2 * _BAR // every)
    parts, said = [], []
    for index, (month, count) in enumerate(counts.items()):
        name, number = month_text(month, language), number_text(count, language)
        label = language.say(labels.LABELLED, label=name, value=number)
        said.append(label)
        height = _HEIGHT * count / most
        left = _SIDE + index * step + step * 0.2
        parts.append(_rect(left, 20 + _HEIGHT - height, (step * 0.6, height), 0.65, label))
        middle = left + step * 0.3
        parts.append(_text(middle, 14 + _HEIGHT - height, number))
        if not index % every:
            parts.append(_text(middle, _HEIGHT + 38, name))
    title = language.say(labels.BY_MONTH)
    width = max(1, len(counts)) * step + 2 * _SIDE
    return _svg(width, _HEIGHT + 48, title, "; ".join(said), parts)


def timeline_svg(decision: Decision[Any], locale: str | Language = "en") -> str:
    """
    Return a subscription's term, its renewal window and the day asked about, as a picture.

    Args:
        decision: About a subscription; its edition says when the window opens.
        locale: The language of its texts.
    """
    language, subscription, on = resolve_locale(locale), decision.subscription, decision.on
    window = renewal_window(subscription, policy=decision.edition, on=on)
    first, last = min(subscription.starts_on, on), max(subscription.ends_on, on)
    span = max(1, (last - first).days)

    def at(day: date) -> float:
        return round(_MARGIN + (_WIDTH - 2 * _MARGIN) * (day - first).days / span, 1)

    start, end, opens, here = map(
        at, (subscription.starts_on, subscription.ends_on, window.opens_on, on)
    )
    days = [
        short_date_text(day, language)
        for day in (subscription.starts_on, window.opens_on, subscription.ends_on, on)
    ]
    parts = [
        _rect(start, 40, (end - start, 24), 0.25, language.say(labels.TERM)),
        _rect(opens, 40, (end - opens, 24), 0.6, language.say(labels.RENEWAL_WINDOW)),
        f'<path d="M{here:g} 26V72" stroke="currentColor" stroke-width="2"/>',
        _text(here, 18, _named(labels.DAY_ASKED, days[3], language), _anchor(here)),
        _text(start, 84, days[0]),
        _text(end, 84, days[2]),
    ]
    if start < opens < end:
        parts.append(_text(opens, 102, days[1]))
    title = language.say(
        labels.TERM_PICTURE,
        product=subscription.product,
        starts_on=days[0],
        ends_on=days[2],
    )
    return _svg(_WIDTH, 112, title, answer_text(decision, language), parts)


def _named(label: str, value: str, language: Language) -> str:
    return language.say(labels.LABELLED, label=language.say(label), value=value)


def _anchor(x: float) -> str:
    if x < _WIDTH / 4:
        return "start"
    return "end" if x > _WIDTH * 3 / 4 else "middle"
