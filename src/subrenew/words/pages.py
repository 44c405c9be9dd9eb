"""
A plan as one page for the browser: nothing is loaded, nothing runs.

Rule 1: every text is escaped, quotes too, where it is put into the page and nowhere else.

Rule 2: tables have captions and say which cells are headings; colour says nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from subrenew.renewal.plans import Attention, PlanLine, RenewalPlan
from subrenew.words import labels
from subrenew.words.catalogues import Language, resolve_locale
from subrenew.words.filling import label_text
from subrenew.words.formats import date_text, money_text, number_text, rate_text
from subrenew.words.pictures import months_svg
from subrenew.words.quotations import (
    charged_texts,
    lateness_texts,
    priced_texts,
    unpriced_texts,
)
from subrenew.words.rows import plan_cells, plan_columns, plan_lines
from subrenew.words.wording import decision_text, route_text

__all__ = ["plan_html"]

_STYLE: Final = """
:root { color-scheme: light dark; --text: #1d2430; --page: #fbfbfa; --line: #d9dbe0;
  --soft: #f0f1f3; --now: #b3261e; --accent: #2f5fa8; }
@media (prefers-color-scheme: dark) { :root { --text: #e7e9ee; --page: #15181d; --line: #363b45;
  --soft: #1f242c; --now: #ff9d94; --accent: #8db8f5; } }
body { margin: 0 auto; max-width: 84rem; padding: 2rem 1.25rem; color: var(--text);
  background: var(--page); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; } h1 + p { margin: .25rem 0 1.5rem; }
.summary { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; margin-bottom: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; } .wide table { width: 100%; font-size: .94rem; }
caption { padding: .25rem 0; text-align: start; font-weight: 600; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: start;
  vertical-align: top; font-weight: normal; }
thead th { font-size: .85rem; white-space: nowrap; }
tbody th[scope=rowgroup] { background: var(--soft); font-weight: 600; }
.now th[scope=rowgroup] { color: var(--now); }
.number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.day { white-space: nowrap; }
figure { margin: 0; } figcaption { padding: .25rem 0; font-weight: 600; }
figure svg { color: var(--accent); }
details { min-width: 11rem; } details[open] { min-width: 24rem; }
details p { max-width: 34rem; margin: .4rem 0; font-size: .94rem; }
summary { margin-inline-start: 1.1em; list-style-position: outside; cursor: pointer; }
"""
_NUMBERS: Final = frozenset({"list", "charges", "price", "saving"})
_DAYS: Final = frozenset({"expires", "when"})


def _escaped(text: str) -> str:
    return escape(text, quote=True)


def _cell(text: str, kind: str = "", tag: str = "td", scope: str = "") -> str:
    attributes = f' scope="{scope}"' if scope else ""
    attributes += f' class="{kind}"' if kind else ""
    return f"<{tag}{attributes}><bdi>{_escaped(text)}</bdi></{tag}>"


def _head(names: Iterable[tuple[str, str]]) -> str:
    cells = "".join(_cell(text, kind, "th", "col") for text, kind in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _totals(plan: RenewalPlan, language: Language) -> str:
    heads = [(labels.CURRENCY, ""), (labels.COUNT, "number")]
    heads += [(labels.COLUMNS[name], "number") for name in ("list", "price", "saving")]
    rows = []
    for each in plan.totals():
        rate = "" if each.saving_rate is None else f" ({rate_text(each.saving_rate, language)})"
        texts = [
            number_text(each.count, language),
            money_text(each.list_total, language),
            money_text(each.total, language),
            money_text(each.saving, language) + rate,
        ]
        cells = "".join(_cell(text, "number") for text in texts)
        rows.append(f"<tr>{_cell(each.total.currency, '', 'th', 'row')}{cells}</tr>")
    named = [(language.say(text), kind) for text, kind in heads]
    said = [*unpriced_texts(len(plan.unpriced()), language), *priced_texts(plan, language)]
    for lines in plan.by_currency().values():
        said += charged_texts((line.quoted for line in lines), language)
    remarks = "".join(f"<p>{_escaped(text)}</p>" for text in said)
    return (
        f"<div><table><caption>{_escaped(language.say(labels.TOTALS))}</caption>"
        f"{_head(named)}<tbody>{''.join(rows)}</tbody></table>{remarks}</div>"
    )


def _routes(plan: RenewalPlan, language: Language) -> str:
    rows = []
    for route, lines in plan.by_route().items():
        label = _cell(route_text(route, language), "", "th", "row")
        rows.append(f"<tr>{label}{_cell(number_text(len(lines), language), 'number')}</tr>")
    heads = [(language.say(labels.COLUMNS["route"]), ""), (language.say(labels.COUNT), "number")]
    return (
        f"<table><caption>{_escaped(language.say(labels.BY_ROUTE))}</caption>"
        f"{_head(heads)}<tbody>{''.join(rows)}</tbody></table>"
    )


def _kind(name: str) -> str:
    return "number" if name in _NUMBERS else "day" if name in _DAYS else ""


def _row(line: PlanLine, names: tuple[str, ...], language: Language) -> str:
    cells, texts = [], plan_cells(line, language)
    for name in names:
        text = texts[name]
        if name == "id":
            cells.append(_cell(text, "", "th", "row"))
        elif name == "route":
            sentences = decision_text(line.decision, language).split("\n")
            sentences += lateness_texts(line.quoted, language)
            said = "<br>".join(map(_escaped, sentences))
            cells.append(
                f"<td><details><summary>{_escaped(text)}</summary><p>{said}</p></details></td>"
            )
        else:
            cells.append(_cell(text, _kind(name)))
    return f"<tr>{''.join(cells)}</tr>"


def _bodies(lines: list[PlanLine], names: tuple[str, ...], language: Language) -> Iterator[str]:
    for level in Attention:
        own = [line for line in lines if line.attention is level]
        if own:
            label = label_text(labels.ATTENTION, level, language)
            number = number_text(len(own), language)
            heading = _escaped(language.say(labels.LABELLED, label=label, value=number))
            yield (
                f'<tbody class="{level}"><tr><th scope="rowgroup" colspan="{len(names)}">{heading}'
                f"</th></tr>{''.join(_row(line, names, language) for line in own)}</tbody>"
            )


def plan_html(plan: RenewalPlan, locale: str | Language = "en") -> str:
    """
    Return a plan as one self-contained page, light or dark as the reader prefers.

    It loads nothing and runs no script, so it can be mailed, stored, and shown under a strict
    content security policy that allows inline styles.
    """
    language = resolve_locale(locale)
    lines = plan_lines(plan)
    title = _escaped(language.say(labels.PLAN, on=date_text(plan.on, language)))
    names = tuple(name for name in plan_columns(plan) if name != "marker")
    heads = [(language.say(labels.COLUMNS[name]), _kind(name)) for name in names]
    months = _escaped(language.say(labels.BY_MONTH))
    return (
        f'<!doctype html>\n<html lang="{_escaped(language.tag)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n<p>{_escaped(language.count(labels.LINES, len(lines)))}</p>\n"
        f'<div class="summary">\n{_totals(plan, language)}\n{_routes(plan, language)}\n'
        f"<figure><figcaption>{months}</figcaption>{months_svg(plan, language)}</figure>\n</div>\n"
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="plan">\n<table>\n'
        f'<caption id="plan">{title}</caption>\n{_head(heads)}\n'
        + "\n".join(_bodies(lines, names, language))
        + "\n</table>\n</div>\n</main>\n</body>\n</html>\n"
    )
