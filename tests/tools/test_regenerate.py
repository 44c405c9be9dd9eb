"""The program that writes derived files, and the parts of it that can be wrong by themselves."""

import ast

import pytest

from subrenew import clauses, tables
from subrenew.policy.vendors import autodesk
from tools import api_page, clause_coverage, decision_pages, policy_pages, printed, regenerate


def test_a_missing_and_a_changed_file_are_written_once(tmp_path):
    entries = [("deep/new.md", lambda: "new\n"), ("old.md", lambda: "right\n")]
    (tmp_path / "old.md").write_text("wrong\n", encoding="utf-8")
    assert regenerate.write(entries, tmp_path) == ["deep/new.md", "old.md"]
    assert (tmp_path / "deep" / "new.md").read_bytes() == b"new\n"
    assert regenerate.write(entries, tmp_path) == []


def test_a_difference_is_shown_shortened(tmp_path):
    text = "".join(f"line {number}\n" for number in range(50))
    shown = regenerate.difference("new.md", text, tmp_path).splitlines()
    assert shown[0] == "--- new.md"
    assert len(shown) == regenerate.SHOWN_LINES + 1
    assert shown[-1].endswith("lines more")


def test_a_check_names_the_file_and_the_repair(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(regenerate, "GENERATED", (("absent/page.md", lambda: "text\n"),))
    assert regenerate.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "out of date: absent/page.md" in said
    assert "make regenerate" in said
    assert not (regenerate.ROOT / "absent").exists()


def test_a_check_of_what_is_up_to_date_passes(monkeypatch, capsys):
    text = (regenerate.ROOT / "LICENSE").read_text(encoding="utf-8")
    monkeypatch.setattr(regenerate, "GENERATED", (("LICENSE", lambda: text),))
    assert regenerate.main(["--check"]) == 0
    assert regenerate.main([]) == 0
    assert "1 derived files are up to date" in capsys.readouterr().out


def test_every_question_has_its_page():
    paths = [path for path, _ in regenerate.GENERATED]
    for question in tables.QUESTIONS:
        assert f"docs/reference/tables/{question.name}.md" in paths
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda each: each.name)
def test_a_page_is_the_same_twice_and_names_every_finding(question):
    page = decision_pages.question_page(question)
    assert page == decision_pages.question_page(question)
    assert decision_pages.NOTE in page
    for bar in question.bars:
        assert f"- `{bar.code}`: {bar.says}" in page


def test_values_of_a_policy_are_written_as_a_person_would():
    edition = autodesk.EDITION_2024
    assert policy_pages.human("window_opens_days", edition.window_opens_days) == "90 days"
    assert policy_pages.human("saving_floor_rate", edition.saving_floor_rate) == "5 %"
    assert policy_pages.human("saving_floor_rate", None) == "none"
    assert policy_pages.human("price_excluded_up_to", edition.price_excluded_up_to) == "one month"
    stages = policy_pages.human("stages", autodesk.EDITION_2025_12.stages)
    assert stages == (
        "*expired*, access full: 15 days; "
        "*suspended*, access none: 15 days for terms up to one month, 30 days for longer terms"
    )


def test_every_parameter_has_a_meaning_from_its_comment():
    said = policy_pages.meanings()
    assert said["window_opens_days"].startswith("How many days before expiry")
    assert all(said[name] for name in autodesk.EDITION_2024.cited())


def test_signatures_leave_out_self_and_name_enum_members():
    def example(self, a: int, *, b: clauses.Clause, c: str = "x") -> str: ...

    assert (
        api_page.signature(example)
        == "(a: int, *, b: subrenew.clauses.Clause, c: str = 'x') -> str"
    )
    assert "kind: Kind = Kind.PAID" in api_page.listing("subrenew")


@pytest.mark.parametrize("module", api_page.MODULES)
def test_no_address_stands_in_a_signature(module):
    assert " at 0x" not in api_page.listing(module)


def test_code_refers_to_clauses_by_value_under_any_name():
    tree = ast.parse(
        "from subrenew import clauses as page\n"
        "from subrenew.clauses import TRIAL\n"
        "class Box:\n"
        "    def inner(self):\n"
        "        return page.MANUAL_WINDOW, other.EXPIRED\n"
        "kept = TRIAL\n"
    )
    assert set(clause_coverage.references(tree)) == {
        (clauses.MANUAL_WINDOW, "Box.inner"),
        (clauses.TRIAL, ""),
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('@pytest.mark.clause("trial")\ndef test_it(): ...', [("trial", "test_it")]),
        (
            '@pytest.mark.clause("trial", "expired")\n@given(days)\ndef test_it(): ...',
            [("trial", "test_it"), ("expired", "test_it")],
        ),
        ('@pytest.mark.clause("trial")\ndef made(): ...', []),
        ('@pytest.mark.exhaustive("trial")\ndef test_it(): ...', []),
        ('def test_it():\n    """`trial`: only quoted."""', []),
    ],
)
def test_a_test_proves_the_clauses_that_it_is_marked_with(source, found):
    """Quoting a clause is no proof, and what is no test proves nothing."""
    assert list(clause_coverage.marked(ast.parse(source))) == found


def test_shown_output_is_what_the_block_before_prints():
    page = "```python\nx = 1\nprint(x + 1)\n```\n\n```text\nwrong\n```\n\n```text\nkept\n```\n"
    assert printed.refreshed(page) == page.replace("wrong", "2")


def test_blocks_share_names_and_a_skipped_one_does_not_run():
    page = (
        "```python\n>>> x = 1\n```\n\n<!-- skip: next -->\n\n```python\nx = no_such_name\n```\n\n"
        "```python\nprint(x)\n```\n\n```text\n```\n"
    )
    assert printed.refreshed(page).endswith("```text\n1\n```\n")
