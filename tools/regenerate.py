"""Write, or check, every committed file that is derived from the code.

`python -m tools.regenerate` writes them; with `--check` it compares, names what is out of date
and exits with 1.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from difflib import unified_diff
from functools import partial
from pathlib import Path

from subrenew import tables
from tools import api_page, clause_coverage, decision_pages, policy_pages, printed, readings_page

ROOT = Path(__file__).resolve().parents[1]
REPAIR = "make regenerate"
SHOWN_LINES = 20

Entry = tuple[str, Callable[[], str]]

# One line for each derived file: its path from the root, and the function that returns its text.
GENERATED: tuple[Entry, ...] = (
    ("docs/reference/tables/index.md", decision_pages.index_page),
    *(
        (
            f"docs/reference/tables/{question.name}.md",
            partial(decision_pages.question_page, question),
        )
        for question in tables.QUESTIONS
    ),
    ("docs/reference/policies/autodesk.md", policy_pages.autodesk_page),
    ("docs/reference/api.md", api_page.reference),
    ("docs/reference/public-api.md", api_page.page),
    ("docs/source.md", clause_coverage.page),
    (readings_page.PAGE, readings_page.page),
    *((page, partial(printed.refreshed_page, page)) for page in printed.pages()),
)


def write(entries: Iterable[Entry], root: Path = ROOT) -> list[str]:
    """Write what is out of date; return the paths that changed."""
    changed = []
    for path, text in outdated(entries, root):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        changed.append(path)
    return changed


def outdated(entries: Iterable[Entry], root: Path = ROOT) -> list[tuple[str, str]]:
    """Return the path and the right text of every file that is missing or differs."""
    texts = [(path, make()) for path, make in entries]
    return [(path, text) for path, text in texts if committed(root / path) != text]


def committed(file: Path) -> str | None:
    """Return the text as it stands, or None where there is no file."""
    return file.read_bytes().decode("utf-8") if file.exists() else None


def difference(path: str, text: str, root: Path = ROOT) -> str:
    """Return the first lines in which a file and its right text differ."""
    old = (committed(root / path) or "").splitlines()
    lines = list(unified_diff(old, text.splitlines(), path, "regenerated", lineterm="", n=1))
    more = [f"... and {len(lines) - SHOWN_LINES} lines more"] if len(lines) > SHOWN_LINES else []
    return "\n".join(lines[:SHOWN_LINES] + more)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.regenerate")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args(arguments).check:
        for path in write(GENERATED):
            print(f"written: {path}")
        print(f"{len(GENERATED)} derived files are up to date")
        return 0
    stale = outdated(GENERATED)
    for path, text in stale:
        print(f"out of date: {path}; run `{REPAIR}` and commit it", file=sys.stderr)
        print(difference(path, text), file=sys.stderr)
    if not stale:
        print(f"{len(GENERATED)} derived files are up to date")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
