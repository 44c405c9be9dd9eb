"""Output shown in prose: the text block after a Python block holds what that block prints."""

import doctest
import io
import re
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_BLOCKS = re.compile(
    r"(?P<head>^```python\n(?P<code>.*?)^```\n)(?P<shown>\n```text\n(?P<text>.*?)^```\n)?",
    re.DOTALL | re.MULTILINE,
)
_SKIP = "<!-- skip: next -->\n\n"


def pages() -> tuple[str, ...]:
    """Return the pages, by path from the root, that show what a block prints."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    shown = (file for file in files if "_build" not in file.parts)
    return tuple(
        file.relative_to(ROOT).as_posix()
        for file in shown
        if any(match["shown"] for match in _BLOCKS.finditer(file.read_text(encoding="utf-8")))
    )


def run(code: str, namespace: dict[str, object]) -> str:
    """Run a block, plain or with prompts, and return what it prints."""
    if ">>>" in code:
        examples = doctest.DocTestParser().get_examples(code)
        code = "".join(each.source for each in examples)
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(code, "<page>", "exec"), namespace)  # noqa: S102 - our own pages
    return "\n".join(line.rstrip(" ") for line in out.getvalue().splitlines()) + "\n"


def refreshed(text: str) -> str:
    """Return a page with every shown output as its block prints it now."""
    namespace: dict[str, object] = {"__name__": "__main__"}

    def block(match: re.Match[str]) -> str:
        if text[: match.start()].endswith(_SKIP):
            return match[0]
        printed = run(match["code"], namespace)
        return match["head"] + (f"\n```text\n{printed}```\n" if match["shown"] else "")

    return _BLOCKS.sub(block, text)


def refreshed_page(path: str) -> str:
    """Return the right text of a page, given by its path from the root."""
    try:
        return refreshed((ROOT / path).read_text(encoding="utf-8"))
    except Exception as error:
        error.add_note(f"while {path} was run")
        raise
