"""Readings are numbered without a gap, and whoever quotes one quotes one that there is."""

import re

from tools import readings_page

TEXT = (readings_page.ROOT / readings_page.PAGE).read_text(encoding="utf-8")
NUMBERS = [int(number) for number in re.findall(r"^## (\d+)\. ", TEXT, re.MULTILINE)]

#: Readings whose rule is still to come, each with its reason.
PENDING: dict[int, str] = {}


def test_readings_are_numbered_without_a_gap():
    assert list(range(1, len(NUMBERS) + 1)) == NUMBERS


def test_only_readings_that_exist_are_quoted():
    for folder in ("src", "tests", "tools"):
        for file in sorted((readings_page.ROOT / folder).rglob("*.py")):
            if file.name not in ("test_readings.py", "readings_page.py"):
                quoted = readings_page.quoted(file.read_text(encoding="utf-8"))
                assert quoted <= set(NUMBERS), file


def test_every_reading_is_quoted_by_a_test():
    page = readings_page.page()
    sections = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    for number, section in zip(NUMBERS, sections, strict=True):
        if number in PENDING:
            assert "*Tests*: " not in section, f"reading {number} is tested now"
        else:
            assert "*Tests*: " in section, f"no test says `reading {number}`"


def test_numbers_are_found_in_lists_and_across_lines():
    text = "(reading 4)\n# Readings 2, 3 and 16: so\n# as reading\n# 11 has it; reading it 7 times"
    assert readings_page.quoted(text) == {4, 2, 3, 16, 11}


def test_lines_are_replaced_and_the_rest_is_kept():
    text = "# R\n\n## 1. One?\n\nYes.\n\n*Tests*: `old.py`.\n\n## 2. Two?\n\nNo.\n"
    once = readings_page.refreshed(text, {"a.py": {1, 2}}, {"b.py": {2}})
    assert once == (
        "# R\n\n## 1. One?\n\nYes.\n\n*Tests*: `a.py`.\n\n"
        "## 2. Two?\n\nNo.\n\n*Tests*: `a.py`.\n\n*Code*: `b.py`.\n"
    )
    assert readings_page.refreshed(once, {"a.py": {1, 2}}, {"b.py": {2}}) == once
