"""
How a plan looks: a table for the terminal, lines for a spreadsheet, a page for the browser.

Rule 1: a view decides nothing and adds nothing: what it shows is in the plan.

Rule 2: what stands in a cell is somebody's text. It is cut off by the columns that it fills, kept
from being a formula, and escaped, each where that matters.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from io import StringIO
from types import MappingProxyType
from typing import Final

from subrenew.model.money import Money
from subrenew.renewal.plans import Attention, PlanEntry, PlanLine, RenewalPlan
from subrenew.words import labels
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import label_text
from subrenew.words.formats import date_text, month_text, number_text
from subrenew.words.pages import plan_html
from subrenew.words.pictures import timeline_svg
from subrenew.words.quotations import charges_of, priced_texts, sum_texts, unpriced_texts
from subrenew.words.rows import plan_cells, plan_columns, plan_lines
from subrenew.words.sentences import answer_text, route_text, timely

__all__ = ["plan_csv", "plan_html", "plan_table", "timeline_svg"]

_MARKERS: Final = MappingProxyType(
    {Attention.NOW: "!", Attention.LATER: ">", Attention.NONE: "-", Attention.OVER: "x"}
)
_RIGHT: Final = frozenset({"list", "charges", "price", "saving"})
_GAP: Final = "  "
_WIDEST_PRODUCT: Final = 40
#: What a formula begins with, in half and full width.
_FORMULA: Final = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
#: What is left out, in this order, where a table has to be narrower.
_LEFT_OUT: Final = ("list", "route", "saving", "expires", "charges")
#: How much of a product is to be seen before other columns are left out.
_ENOUGH_PRODUCT: Final = 24
#: What gives way after that, in this order, and how far.
_GIVES_WAY: Final = (("product", 12), ("step", 12), ("when", 12))


def text_width(text: str) -> int:
    """
    Return how many columns of a terminal a text fills.

    >>> text_width("CAD"), text_width("図面")
    (3, 4)
    """
    return sum(_columns(each) for each in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _clipped(text: str, width: int) -> str:
    if text_width(text) <= width:
        return text
    while text_width(text) >= width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _padded(text: str, width: int, *, right: bool) -> str:
    clipped = _clipped(text, width)
    blanks = " " * (width - text_width(clipped))
    return blanks + clipped if right else clipped + blanks


def _filled(widths: dict[str, int]) -> int:
    return sum(widths.values()) + len(_GAP) * (len(widths) - 1)


def _widths(rows: list[dict[str, str]], width: int | None) -> dict[str, int]:
    widths = {name: max(text_width(row[name]) for row in rows) for name in rows[0]}
    widths["product"] = min(widths["product"], _WIDEST_PRODUCT)
    if width is None:
        return widths
    spare = max(0, widths["product"] - _ENOUGH_PRODUCT)
    for name in _LEFT_OUT:
        if name in widths and _filled(widths) - spare > width:
            del widths[name]
    for name, least in _GIVES_WAY:
        widths[name] -= max(0, min(_filled(widths) - width, widths[name] - least))
    return widths


def _table(rows: list[dict[str, str]], width: int | None) -> Iterator[str]:
    widths = _widths(rows, width)
    for index, row in enumerate(rows):
        cells = [_padded(row[name], widths[name], right=name in _RIGHT) for name in widths]
        yield _GAP.join(cells).rstrip()
        if not index:
            yield _GAP.join("-" * width for width in widths.values())


def _counts(
    heading: str, groups: Iterable[tuple[str, tuple[PlanLine, ...]]], language: Language
) -> Iterator[str]:
    yield ""
    yield language.say(heading)
    for label, lines in groups:
        number = number_text(len(lines), language)
        yield "  " + language.say(labels.LABELLED, label=label, value=number)


def _rows(
    plan: RenewalPlan, lines: list[PlanLine], language: Language, *, narrow: bool
) -> Iterator[dict[str, str]]:
    """Yield the headings, then the lines; in short words where the table is to be narrow."""
    names = plan_columns(plan)
    texts = labels.COLUMNS | labels.NARROW if narrow else labels.COLUMNS
    yield {name: "" if name == "marker" else language.say(texts[name]) for name in names}
    for line in lines:
        cells = {"marker": _MARKERS[line.attention]} | plan_cells(line, language)
        if narrow and (code := line.next_action.code) in labels.SHORT_STEPS:
            cells["step"] = label_text(labels.SHORT_STEPS, code, language)
        yield {name: cells[name] for name in names}


def plan_table(
    plan: RenewalPlan, locale: str | Language = "en", *, width: int | None = None
) -> str:
    """
    Return a plan as a text table, what needs attention first, with its totals and counts below.

    Args:
        plan: What `plan` returned.
        locale: The language of headings, steps and amounts.
        width: The columns of the terminal. Steps are said in a word or two, columns that matter
            less are left out, and products shortened; it is kept from about 80 on. Without it
            nothing is left out, and a product has 40.
    """
    language = resolve_locale(locale)
    lines = plan_lines(plan)
    texts = [language.say(labels.PLAN, on=date_text(plan.on, language)), ""]
    texts += _table(list(_rows(plan, lines, language, narrow=width is not None)), width)
    seen = {line.attention for line in lines}
    texts += [""] if seen else []
    for level in Attention:
        if level in seen:
            texts.append(f"{_MARKERS[level]} {label_text(labels.ATTENTION, level, language)}")
    texts.append("")
    texts += sum_texts(plan.totals(), (line.quoted for line in lines), language)
    texts += unpriced_texts(len(plan.unpriced()), language)
    texts += priced_texts(plan, language)
    routes = ((route_text(each, language), own) for each, own in plan.by_route().items())
    months = ((month_text(each, language), own) for each, own in plan.by_month().items())
    texts += _counts(labels.BY_ROUTE, routes, language)
    texts += _counts(labels.BY_MONTH, months, language)
    return "\n".join(texts) + "\n"


def _unformula(text: object) -> str:
    """Return a text that a spreadsheet shows instead of computing it."""
    cell = "" if text is None else str(text)
    return f"'{cell}" if cell and cell[0] in _FORMULA else cell


def _plain(money: Money | None) -> str:
    return "" if money is None else str(money.amount)


def _charge_cells(line: PlanLine) -> dict[str, str]:
    charged = charges_of([line.quoted])
    return {code.replace("-", "_"): _plain(charged.get(code)) for code in labels.CHARGES}


def _csv_row(entry: PlanEntry, line: PlanLine, language: Language) -> dict[str, str]:
    subscription, decision, quoted = line.subscription, line.decision, line.quoted
    action = timely(line.next_action, decision.on)
    order = entry.order.number if entry.order else subscription.order_number
    texts = {
        "id": subscription.id,
        "order": order,
        "product": subscription.product,
        "term": subscription.term,
        "kind": subscription.kind,
        "seats": subscription.seats,
        "starts_on": subscription.starts_on,
        "ends_on": subscription.ends_on,
        "attention": line.attention,
        "route": decision.route,
        "can_renew_now": "yes" if decision.can_renew_now else "no",
        "findings": " ".join(decision.codes),
        "next_action": action.code,
        "from_on": action.from_on,
        "by": action.by,
        "where": action.where,
        "changes_on": decision.changes_on,
        "currency": None if quoted.price is None else quoted.price.currency,
    }
    return {
        **{name: _unformula(text) for name, text in texts.items()},
        # A credit may begin with a minus, and stays a number.
        "list_total": _plain(quoted.list_total),
        **_charge_cells(line),
        "total": _plain(quoted.total),
        "saving": _plain(quoted.saving),
        "sentence": _unformula(answer_text(decision, language)),
    }


def plan_csv(plan: RenewalPlan, locale: str | Language = "en") -> str:
    """
    Return a plan as comma-separated values, a line for each subscription in the order given.

    Codes, ISO dates and plain amounts, for machines; the last column is a sentence in the language.
    A cell that a spreadsheet would take for a formula begins with an apostrophe. Lines end in a
    line feed.
    """
    language = resolve_locale(locale)
    rows: Iterable[dict[str, str]] = (
        _csv_row(entry, line, language) for entry in plan.entries for line in entry.lines
    )
    made = StringIO()
    writer = csv.DictWriter(made, fieldnames=CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


#: The columns of `plan_csv`, in order.
CSV_COLUMNS: Final = (
    *("id", "order", "product", "term", "kind", "seats", "starts_on", "ends_on"),
    *("attention", "route", "can_renew_now", "findings"),
    *("next_action", "from_on", "by", "where", "changes_on"),
    *("currency", "list_total", "surcharge", "back_pay", "late_fee", "debt"),
    *("total", "saving"),
    "sentence",
)
