"""What the pages promise about themselves, and numbers in prose that the code knows better."""

import re

import pytest

import subrenew
from subrenew import tables
from subrenew.policy.vendors import autodesk
from tools.printed import ROOT

PAGES = sorted(file for file in (ROOT / "docs").rglob("*.md") if "_build" not in file.parts)


def test_every_public_name_is_described():
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\.\. auto\w+:: (\w+)$", text, re.MULTILINE))
    assert set(subrenew.__all__) - {"tables"} <= described


def test_the_readme_counts_routes_as_they_are():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    counted = re.findall(r"\[(\d+) routes\]\(docs/reference/tables/([\w-]+)\.md\)", text)
    assert {name: int(number) for number, name in counted} == {
        question.name: len(type(tables.table(question).cells[0].route))
        for question in tables.QUESTIONS
    }


def test_the_changelog_counts_cells_as_they_are():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    counted = {
        name: tuple(map(int, numbers))
        for name, *numbers in re.findall(r"^\| `([\w-]+)` \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    }
    assert counted == {
        question.name: (
            len(tables.table(question, autodesk.EDITION_2024).cells),
            len(tables.table(question, autodesk.EDITION_2025_12).cells),
        )
        for question in tables.QUESTIONS
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", text):
        assert (page.parent / target).is_file(), target


def test_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
