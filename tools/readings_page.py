"""The page of readings: written by hand, but for the lines that say what quotes each of them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = "docs/readings.md"

_SECTION = re.compile(r"^## (?P<number>\d+)\. .*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(
    r"\breadings?[ \n]+(?:#[ ]*)?(?P<numbers>\d+(?:(?:, | and )\d+)*)", re.IGNORECASE
)
_WRITTEN = re.compile(r"^\*(?:Tests|Code)\*: .*\n\n?", re.MULTILINE)


def quoted(text: str) -> set[int]:
    """Return the numbers of the readings that a text names: "reading 6", "readings 2, 3 and 16"."""
    found = (match["numbers"] for match in _QUOTED.finditer(text))
    return {int(number) for numbers in found for number in re.findall(r"\d+", numbers)}


def _quoting(folder: str) -> dict[str, set[int]]:
    files = sorted((ROOT / folder).rglob("*.py"))
    return {
        file.relative_to(ROOT).as_posix(): quoted(file.read_text(encoding="utf-8"))
        for file in files
    }


def refreshed(text: str, tests: dict[str, set[int]], code: dict[str, set[int]]) -> str:
    """Return the page with its lines about tests and code as they have to be."""

    def section(match: re.Match[str]) -> str:
        number = int(match["number"])
        lines = []
        for title, files in (("Tests", tests), ("Code", code)):
            paths = [f"`{path}`" for path, numbers in files.items() if number in numbers]
            if paths:
                lines.append(f"*{title}*: {', '.join(paths)}.")
        kept = _WRITTEN.sub("", match[0]).rstrip()
        return "\n\n".join([kept, *lines]) + "\n\n"

    return _SECTION.sub(section, text).rstrip() + "\n"


def page() -> str:
    """Return the right text of the page."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    tests = {
        path: numbers
        for path, numbers in _quoting("tests").items()
        if path != "tests/docs/test_readings.py"
    }
    return refreshed(text, tests, _quoting("src"))
