"""Views of a plan: aligned, safe in a spreadsheet, escaped on a page."""

import csv
import re
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree as ET

import attrs
import pytest

from subrenew import (
    Account,
    Attention,
    Channel,
    Kind,
    Money,
    Order,
    PaymentMethod,
    plan,
    renewability,
    tables,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.charges import Charge
from subrenew.renewal.plans import PlanLine, RenewalPlan
from subrenew.words import labels
from subrenew.words.catalogues import resolve_locale
from subrenew.words.display import (
    CSV_COLUMNS,
    plan_csv,
    plan_html,
    plan_table,
    text_width,
    timeline_svg,
)
from subrenew.words.pictures import months_svg
from tests.makers import ON, a_list, a_price, a_subscription

POLICY = autodesk.EDITION_2024
DAY = date(2025, 11, 1)
HOSTILE = "Maya <script>alert('1')</script> \"&"
LONG = "AutoCAD LT with CALS Tools for the whole of the engineering department"
CARD = PaymentMethod.card(expires="2027-03")
PRICES = a_list(
    a_price("1690.00"),
    a_price("71500", "JPY", product="図面作成ソフト"),
    a_price("0.00", product="Free"),
)


def planned(*items, **asked):
    return plan(items, policy=POLICY, prices=PRICES, on=DAY, **asked)


@pytest.fixture
def portfolio():
    order = Order(
        number="A-1",
        placed_on=date(2025, 1, 1),
        subscriptions=(
            a_subscription(id="O-1", product=HOSTILE),
            a_subscription(id="O-2", product="=1+1"),
        ),
    )
    return planned(
        a_subscription(id="S-1", seats=2),
        a_subscription(id="S-2", product="図面作成ソフト", auto_renew=ON, payment_method=CARD),
        a_subscription(id="S-3", product=LONG, starts_on=date(2025, 10, 1)),
        a_subscription(id="S-4", starts_on=date(2024, 1, 1)),
        a_subscription(id="S-5", kind=Kind.TRIAL, order_number="A-9"),
        a_subscription(id="S-6", product="Free", channel=Channel.PARTNER),
        order,
    )


# Text -----------------------------------------------------------------------------------------


def rows_of(text: str) -> list[str]:
    return text.split("\n\n")[1].split("\n")


def starts(row: str, underline: str) -> list[str]:
    """The cells of a row, cut where the columns of the underline begin, by terminal columns."""
    wide = "".join(each + "\0" * (text_width(each) - 1) for each in row)
    spans = [match.span() for match in re.finditer("-+", underline)]
    return [wide[begin:end].replace("\0", "").strip() for begin, end in spans]


@pytest.mark.parametrize("locale", ["en", "fr", "fr_CA", "tlh"])
@pytest.mark.parametrize("width", [None, 160, 100, 80])
def test_the_columns_of_a_table_are_aligned(portfolio, locale, width):
    """Also where characters are two columns wide: no cell runs into the next."""
    heads, underline, *rows = rows_of(plan_table(portfolio, locale, width=width))
    assert len(rows) == 8
    assert width is None or all(text_width(row) <= width for row in (heads, underline, *rows))
    for row in rows:
        marker, identifier, product, *_ = starts(row, underline)
        assert marker in "!>-x"
        assert re.fullmatch("[SO]-[0-9]", identifier)
        assert product
    wide = next(starts(row, underline) for row in rows if "S-2" in row)
    assert wide[2].startswith("図面作成")


def test_a_table_gives_attention_first_and_totals_below(portfolio):
    """What needs a person stands in front; every currency has its sum; counts follow."""
    text = plan_table(portfolio)
    _, _, *rows = rows_of(text)
    assert [row[0] for row in rows] == ["!"] * 5 + [">"] + ["-"] + ["x"]
    assert "! Needs attention now\n> Needs attention later\n- Nothing to do\nx Over\n" in text
    assert "1 subscription: ¥67,925 before tax in all, ¥3,575 (5%) less" in text
    assert "Without a total: 3 subscriptions." in text
    assert "By way forward\n  Convert the trial: 1\n" in text
    assert "By month of expiry\n  Jan 2025: 1\n" in text


def test_a_free_product_costs_nothing_and_a_missing_price_is_blank(portfolio):
    """Zero is an amount."""
    _, underline, *rows = rows_of(plan_table(portfolio))
    by_id = {starts(row, underline)[1]: starts(row, underline) for row in rows}
    assert by_id["S-6"][-3:] == ["$0.00", "$0.00", "$0.00"]
    assert by_id["O-1"][-3:] == ["", "", ""]


def test_a_long_product_is_cut_off_with_an_ellipsis(portfolio):
    """At 40 columns or before, and never in the middle of a wide character."""
    assert "AutoCAD LT with CALS Tools for the whol…" in plan_table(portfolio)
    wide = planned(a_subscription(product="図" * 60))
    _, underline, row = rows_of(plan_table(wide))
    assert starts(row, underline)[2] == "図" * 19 + "…"


def test_widths_count_columns():
    """Combining marks and formatting marks fill none, wide characters two."""
    assert text_width("e\u0301\u200f") == 1
    assert text_width("\uff21\uff22") == 4


def late(made):
    """The same plan, its first line renewed late."""
    entry, *others = made.entries
    charges = (
        Charge("back-pay", Money("100.00", "USD")),
        Charge("late-fee", Money("5.00", "USD")),
    )
    line = entry.lines[0]
    line = PlanLine.of(line.decision, attrs.evolve(line.quoted, charges=charges))
    return RenewalPlan(made.on, (attrs.evolve(entry, lines=(line,)), *others))


@pytest.mark.parametrize("locale", ["en", "fr", "fr_CA"])
def test_a_narrow_table_leaves_out_what_matters_less(locale):
    """And says the step in a word or two, so that the product is still to be read."""
    made = planned(a_subscription(product="Inventor Professional", seats=12))
    heads = {}
    for width in (70, 100, 120, 160):
        names, underline, row = rows_of(plan_table(made, locale, width=width))
        heads[width] = starts(names, underline)
        assert text_width(underline) <= width
        assert starts(row, underline)[2].startswith("Inventor")
        assert width < 100 or "Inventor Professional" in row
    assert len(heads[70]) < len(heads[100]) <= len(heads[120]) <= len(heads[160]) == 10
    assert len(rows_of(plan_table(made, locale))[1].split()) == 10


def test_every_step_of_a_plan_has_a_short_form():
    """In every language it is narrow."""
    steps = {step.code for cell in tables.table("renewability").cells for step in cell.steps}
    assert steps == set(labels.SHORT_STEPS)
    for locale in ("en", "fr"):
        language = resolve_locale(locale)
        for text in labels.SHORT_STEPS.values():
            assert text_width(language.say(text)) <= 17


def test_a_step_of_the_callers_own_is_its_code_in_a_narrow_table():
    """It has no short form."""
    (entry,) = planned(a_subscription()).entries
    line = entry.lines[0]
    step = attrs.evolve(line.decision.cell.steps[0], code="phone")
    cell = attrs.evolve(line.decision.cell, steps=(step,))
    own = PlanLine.of(line.decision._replace(cell=cell), line.quoted)
    made = RenewalPlan(planned().on, (attrs.evolve(entry, lines=(own,)),))
    assert "  phone  " in plan_table(made, width=100)


def test_a_total_that_is_not_known_is_blank_in_every_view():
    """As a price that is missing: blank and counted; known parts are in the CSV alone."""
    entry, other = planned(a_subscription(), a_subscription(id="S-2")).entries
    line = entry.lines[0]
    charges = (Charge("back-pay", Money("100.00", "USD")), Charge("late-fee", None))
    line = PlanLine.of(line.decision, attrs.evolve(line.quoted, charges=charges))
    made = RenewalPlan(planned().on, (attrs.evolve(entry, lines=(line,)), other))
    table = plan_table(made)
    heads, underline, row, second = rows_of(table)
    cells = dict(zip(starts(heads, underline), starts(row, underline), strict=True))
    assert [cells[each] for each in ("Late charges", "Price", "Saving")] == ["", "", ""]
    assert cells["List price"] == "$1,690.00"
    assert "$1,605.50" in second
    for view in (table, Page(plan_html(made)).text):
        assert "Without a total: 1 subscription." in view
        assert "$1,605.50" in view
        assert "$100.00" not in view
    assert "no amount in USD for one of the charges (late fee)" in Page(plan_html(made)).text
    cells = next(csv.DictReader(StringIO(plan_csv(made))))
    assert (cells["back_pay"], cells["late_fee"], cells["total"]) == ("100.00", "", "")
    assert (cells["currency"], cells["list_total"], cells["saving"]) == ("USD", "1690.00", "")


def test_a_free_line_has_its_currency_in_the_csv():
    """A price of zero is of a currency too."""
    made = plan([a_subscription()], policy=POLICY, prices=a_list(a_price("0.00", "EUR")), on=DAY)
    cells = next(csv.DictReader(StringIO(plan_csv(made))))
    assert (cells["currency"], cells["total"]) == ("EUR", "0.00")


def test_what_is_paid_for_being_late_is_told_in_every_view(portfolio):
    """A column where there is something in it, and the amounts below the total."""
    assert "Late charges" not in plan_table(portfolio)
    assert "Late charges" not in Page(plan_html(portfolio)).text
    made = late(portfolio)
    table = plan_table(made)
    heads, underline, *rows = rows_of(table)
    column = starts(heads, underline).index("Late charges")
    (row,) = (each for each in rows if "S-1" in each)
    assert starts(row, underline)[column : column + 3] == ["$105.00", "$3,316.00", "$64.00"]
    assert "\nIncludes late charges: back payment ($100.00) and late fee ($5.00).\n" in table
    assert "Late" in rows_of(plan_table(made, width=200))[0]
    assert "Late" not in rows_of(plan_table(made, width=80))[0]
    page = Page(plan_html(made, "fr"))
    assert page.text.count("arriéré") == 2
    assert ("th", {"scope": "rowgroup", "colspan": "10"}) in page.tags
    first, second, *_ = csv.DictReader(StringIO(plan_csv(made)))
    assert (first["surcharge"], first["back_pay"], first["late_fee"]) == ("", "100.00", "5.00")
    assert first["total"] == "3316.00"
    assert second["back_pay"] == second["late_fee"] == ""


def test_an_empty_plan_is_a_table_without_rows():
    """Headings only."""
    heads, *rest = plan_table(planned(), "fr").split("\n\n")[1].split("\n")
    assert "Abonnement" in heads
    assert len(rest) == 1


# CSV ------------------------------------------------------------------------------------------


def test_a_csv_has_codes_dates_and_plain_amounts(portfolio):
    """For machines, in the order given; one column is for people."""
    text = plan_csv(portfolio, "fr")
    rows = list(csv.DictReader(StringIO(text)))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [row["id"] for row in rows][:3] == ["S-1", "S-2", "S-3"]
    assert "\r" not in text
    first = rows[0]
    assert first["route"] == "renew-now"
    assert first["attention"] == "now"
    assert first["can_renew_now"] == "yes"
    assert first["findings"] == "switched-off"
    assert first["ends_on"] == "2026-01-01"
    assert first["by"] == "2025-12-31"
    assert first["from_on"] == ""
    assert (first["currency"], first["list_total"], first["total"], first["saving"]) == (
        *("USD", "3380.00", "3211.00", "169.00"),
    )
    assert first["sentence"].startswith("L’abonnement CAD peut être renouvelé")
    assert rows[1]["total"] == "67925"
    assert rows[2]["from_on"] == "2026-07-03"
    by_id = {row["id"]: row for row in rows}
    assert by_id["O-1"]["order"] == by_id["O-2"]["order"] == "A-1"
    assert by_id["S-5"]["order"] == "A-9"
    assert by_id["O-1"]["total"] == by_id["O-1"]["currency"] == ""


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_cell_is_never_a_formula(begin):
    """A spreadsheet shows it as text; an apostrophe says so."""
    evil = f'{begin}HYPERLINK("https://evil.example")'
    made = planned(a_subscription(id=evil, product=evil, account=Account(id="A")))
    (row,) = csv.DictReader(StringIO(plan_csv(made)))
    assert row["id"] == row["product"] == f"'{evil}"
    for name, cell in row.items():
        assert not cell.startswith(begin), name


def test_a_credit_stays_a_number():
    """A minus before an amount is no formula."""

    class Credits:
        def list_price(self, subscription, *, on):
            return Money("-5.00", "USD")

        def renewal_rate(self, subscription, *, on):
            return None

    made = plan([a_subscription()], policy=POLICY, prices=Credits(), on=DAY)
    (row,) = csv.DictReader(StringIO(plan_csv(made)))
    assert row["list_total"] == "-5.00"


# HTML and SVG ---------------------------------------------------------------------------------


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - it was made here


class Page(HTMLParser):
    """Every tag that was opened, and the text outside of the style."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.depth: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.depth.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.depth.pop() == tag

    def handle_data(self, data):
        if "style" not in self.depth:
            self.text += data


@pytest.mark.parametrize(("locale", "lang"), [("en", "en"), ("fr_CA", "fr-CA"), ("tlh", "en")])
def test_a_page_is_whole_and_stands_by_itself(portfolio, locale, lang):
    """Tags nest, nothing is loaded, nothing runs, and the language is said."""
    source = plan_html(portfolio, locale)
    page = Page(source)
    assert not page.depth
    assert page.tags[0] == ("html", {"lang": lang})
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "base", "form"}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "href") for name in attributes)
    assert "url(" not in source
    assert "@import" not in source
    assert "prefers-color-scheme: dark" in source


def test_a_hostile_product_is_text_on_the_page(portfolio):
    """A product called <script> shows as that."""
    source = plan_html(portfolio)
    assert "<script" not in source
    assert "Maya &lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &quot;&amp;" in source
    assert HOSTILE in Page(source).text


def test_the_tables_of_a_page_say_what_their_cells_are(portfolio):
    """Captions, scopes, and attention as groups of rows."""
    page = Page(plan_html(portfolio))
    tables = [tag for tag, _ in page.tags].count("table")
    assert tables == [tag for tag, _ in page.tags].count("caption") == 3
    scopes = {attributes.get("scope") for tag, attributes in page.tags if tag == "th"}
    assert scopes == {"col", "row", "rowgroup"}
    groups = [attributes["class"] for tag, attributes in page.tags if tag == "tbody" and attributes]
    assert groups == [level.value for level in Attention]
    assert "Needs attention now: 5" in page.text
    columns = len(labels.COLUMNS) - len({"marker", "charges"})
    assert ("th", {"scope": "rowgroup", "colspan": str(columns)}) in page.tags


def test_an_empty_plan_is_a_page_too():
    """And a plan of free products has no rate to divide by."""
    assert "0 subscriptions" in Page(plan_html(planned())).text
    assert "$0.00" in Page(plan_html(planned(a_subscription(product="Free")))).text


def test_the_months_are_bars_with_labels(portfolio):
    """One bar for each month; where there are many, not every one is labelled."""
    few = parsed(months_svg(portfolio))
    assert len(few.findall(".//{*}rect")) == len(portfolio.by_month())
    many = planned(
        *[
            a_subscription(
                id=f"S-{number}", starts_on=date(2025 + number // 12, number % 12 + 1, 1)
            )
            for number in range(30)
        ]
    )
    picture = parsed(months_svg(many, "fr"))
    assert len(picture.findall(".//{*}rect")) == 30
    assert len(picture.findall("{*}text")) == 30 + 10
    assert picture.find("{*}title").text == "Par mois d’expiration"


@pytest.mark.parametrize(
    ("on", "anchor"),
    [(date(2025, 1, 15), "start"), (date(2025, 6, 1), "middle"), (date(2026, 3, 1), "end")],
)
def test_a_timeline_shows_term_window_and_day(on, anchor):
    """The renewal window is darker than the term; the day asked about is a line."""
    decision = renewability(a_subscription(product=HOSTILE), policy=POLICY, on=on)
    picture = parsed(timeline_svg(decision, "fr"))
    term, window = picture.findall("{*}rect")
    assert float(term.get("fill-opacity")) < float(window.get("fill-opacity"))
    assert float(term.get("x")) <= float(window.get("x"))
    assert HOSTILE in picture.find("{*}title").text
    asked = picture.find("{*}text")
    assert asked.get("text-anchor") == anchor
    assert len(picture.findall("{*}text")) == 4
    assert picture.get("fill") == "currentColor"


def test_a_timeline_of_a_short_term_is_all_window():
    """A monthly term is open throughout, and has no opening of its own to label."""
    monthly = a_subscription(expires_on=date(2025, 2, 1))
    decision = renewability(monthly, policy=POLICY, on=date(2025, 1, 15))
    picture = parsed(timeline_svg(decision))
    assert len(picture.findall("{*}text")) == 3
