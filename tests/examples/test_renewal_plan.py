"""The demonstration: every way forward and every finding is in it, and it fails as it says."""

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from examples import renewal_plan
from subrenew import Route, tables
from subrenew.policy.vendors import autodesk

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "examples" / "data" / "broken.csv"
DAY = "2026-01-15"
#: The questions that a plan asks, each with where its decision stands in a line.
ASKED = {
    "renewability": lambda line: line.decision,
    "renewal-discount": lambda line: line.quoted.discount,
}
EDITIONS = [each.policy for each in autodesk.EDITIONS.editions]


def made(*options):
    asked = renewal_plan.arguments(["--on", DAY, *options])
    plan, problems = renewal_plan.make(asked)
    assert problems == ()
    return plan


def lines_of(policy):
    """Return the lines of the demonstration, asked for nobody and for an owner."""
    return [
        line
        for role in ((), ("--role", "owner"))
        for line in made("--policy", policy.id, *role).lines
    ]


def possible(question, policy):
    """Return every route and every code that a policy lets a question answer."""
    found = tables.table(question, policy).cells
    return {each.route for each in found}, {code for each in found for code in each.codes}


def test_there_are_sixty_subscriptions_and_orders_of_several_lines():
    plan = made()
    assert len(plan.lines) >= 60
    assert sum(len(entry.lines) > 1 for entry in plan.entries) >= 4
    assert [total.total.currency for total in plan.totals()] == ["EUR", "JPY", "KWD", "USD"]


@pytest.mark.parametrize("policy", EDITIONS, ids=lambda policy: policy.id)
@pytest.mark.parametrize("question", ASKED)
def test_every_route_and_finding_of_the_edition_is_in_the_demonstration(policy, question):
    decisions = [ASKED[question](line) for line in lines_of(policy)]
    routes, codes = possible(question, policy)
    assert {decision.route for decision in decisions} == routes
    # Data of your own may say that it was renewed today; a renewal leaves something of its term.
    assert {code for decision in decisions for code in decision.codes} == codes - {"renewed-today"}


@pytest.mark.parametrize("policy", EDITIONS, ids=lambda policy: policy.id)
def test_every_exclusion_of_the_edition_is_in_the_demonstration(policy):
    _, codes = possible("exclusions", policy)
    codes |= {"price-missing", "reductions-kept"}
    codes |= possible("renewal-discount", policy)[1] - {"open-list"}
    lines = lines_of(policy)
    # What becomes of a late renewal's term is renewability's to tell, and in the test above.
    late = {"late-start-unknown", "term-already-over"}
    found = {finding.code for line in lines for finding in line.quoted.findings}
    assert found - late == codes


def test_both_editions_together_reach_every_route_and_finding_there_is():
    lines = [line for policy in EDITIONS for line in lines_of(policy)]
    # A condition of the user's own is in no vendor's edition, and these leave nothing unset.
    own = {
        "own-condition",
        "opening-unknown",
        "renewed-today",
        "roles-unknown",
        "term-already-over",
        "trial-end-unknown",
        "trial-goes-on",
        "trial-stopped",
    }
    elsewhere = {Route.RESOLVE_CONDITION, Route.UNKNOWN}
    assert {line.decision.route for line in lines} == set(Route) - elsewhere
    reached = {code for line in lines for code in line.decision.codes}
    reached |= {code for line in lines for code in line.quoted.discount.codes}
    reached |= {finding.code for line in lines for finding in line.quoted.findings}
    asked = [each for each in tables.QUESTIONS if each.name in {*ASKED, "exclusions"}]
    assert len(asked) == 3
    assert reached >= {bar.code for each in asked for bar in each.bars} - own - {"loyalty"}


def test_a_promotion_is_kept_and_compared():
    line = next(
        each for each in made("--policy", "autodesk/2024").lines if each.subscription.id == "S-1027"
    )
    assert line.quoted.price == line.quoted.list_price.less(
        line.quoted.discount.asked.reductions[0].rate
    )
    assert "already-reduced" in {finding.code for finding in line.quoted.findings}


def test_it_says_for_which_day_each_line_is_priced(capsys, tmp_path):
    assert renewal_plan.main(["--on", DAY, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    lines = made().lines
    today = sum(line.charged_on == date(2026, 1, 15) for line in lines)
    assert f"priced for 2026-01-15, the day asked about: {today}" in said
    ahead = [line for line in lines if line.charged_on != date(2026, 1, 15)]
    assert {line.decision.route for line in ahead} == {Route.RENEWS_ITSELF}
    for line in ahead:
        (told,) = (row for row in said.splitlines() if f"priced for {line.charged_on}" in row)
        assert line.subscription.id in told
        assert line.charged_on == line.subscription.expires_on


def test_the_day_chooses_the_edition():
    def editions(*options):
        asked = renewal_plan.arguments(list(options))
        return {line.decision.edition.id for line in renewal_plan.make(asked)[0].lines}

    assert editions("--on", "2025-12-28") == {"autodesk/2024"}
    assert editions("--on", "2025-12-29") == {"autodesk/2025-12"}


@pytest.mark.parametrize("locale", ["en", "fr", "de"])
def test_it_prints_and_writes_the_plan(tmp_path, capsys, locale):
    out = tmp_path / "deep" / "build"
    code = renewal_plan.main(["--on", DAY, "--locale", locale, "--out", str(out)])
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    rows = list(csv.reader((out / "plan.csv").read_text(encoding="utf-8").splitlines()))
    page = (out / "plan.html").read_text(encoding="utf-8")
    for line in made().lines:
        assert line.subscription.id in said.out
        assert line.subscription.id in page
        assert any(line.subscription.id in row for row in rows)
    assert "62 subscriptions planned, 0 things to put right" in said.out


def test_the_same_question_has_the_same_answer(tmp_path):
    files = []
    for name in ("one", "two"):
        assert renewal_plan.main(["--on", DAY, "--out", str(tmp_path / name)]) == 0
        files.append([(tmp_path / name / each).read_bytes() for each in ("plan.csv", "plan.html")])
    assert files[0] == files[1]


def test_bad_rows_are_reported_all_at_once_and_the_good_ones_are_planned(tmp_path, capsys):
    code = renewal_plan.main(["--on", DAY, "--portfolio", str(BROKEN), "--out", str(tmp_path)])
    said = capsys.readouterr()
    assert code == 1
    lines = said.err.splitlines()
    assert len(lines) == 25
    assert all(line.startswith(f"{BROKEN}:") for line in lines)
    assert "2 subscriptions planned, 25 things to put right" in said.out
    assert "B-21" in (tmp_path / "plan.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--on", DAY, "--portfolio", "none.csv"], "none.csv: No such file"),
        (["--on", DAY, "--prices", "none.csv"], "none.csv: No such file"),
        (["--on", "2020-01-01"], "no edition is in force on 2020-01-01"),
    ],
)
def test_what_cannot_be_read_or_asked_ends_with_two(tmp_path, capsys, options, says):
    assert renewal_plan.main([*options, "--out", str(tmp_path)]) == 2
    assert f"renewal_plan: {says}" in capsys.readouterr().err


def test_an_empty_portfolio_is_an_empty_plan(tmp_path, capsys):
    empty = tmp_path / "empty.csv"
    empty.write_text("id,product,term,starts_on\n")
    assert renewal_plan.main(["--on", DAY, "--portfolio", str(empty), "--out", str(tmp_path)]) == 0
    assert "0 subscriptions planned, 0 things to put right" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_ends_with_two(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert renewal_plan.main(["--on", DAY, "--out", str(tmp_path / "file")]) == 2
    assert "file" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--on", "soon"], ["--on", DAY, "--policy", "adobe"]])
def test_a_wrong_option_is_refused(capsys, options):
    with pytest.raises(SystemExit) as ended:
        renewal_plan.main(options)
    assert ended.value.code == 2


def test_progress_is_shown_only_when_it_is_long(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(renewal_plan, "LONG", 25)
    assert renewal_plan.main(["--on", DAY, "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().err.splitlines()[:2] == ["rows read: 25", "rows read: 50"]


def test_floors_are_those_of_the_editions():
    floors = {
        name: str(renewal_plan.floor_rate(each)) for name, each in renewal_plan.POLICIES.items()
    }
    assert floors == {"autodesk": "0.05", "autodesk/2024": "0.05", "autodesk/2025-12": "0"}


def test_it_runs_as_a_script(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "renewal_plan.py", "--on", DAY, "--locale", "en"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "S-1001" in done.stdout
    assert {each.name for each in (tmp_path / "build").iterdir()} == {"plan.csv", "plan.html"}
