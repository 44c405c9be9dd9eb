"""Take each binding clause out of a copy of the code, and show that a test of its own fails.

`python -m tools.clause_removal` tries every removal of `tools.removals`, `... trial order` those of
these clauses. It exits with 1 if a removal survives, breaks the code, or no longer applies, and if
a marked test fails for none of them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from subrenew import CLAUSES
from tools import clause_coverage
from tools.removals import REMOVALS, Removal

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src", "subrenew")
#: What pytest returns where all tests passed, and where some failed; all else is no answer.
PASSED, FAILED = 0, 1
OPTIONS = ("-q", "-rf", "--tb=no", "--no-header", "-p", "no:cacheprovider", "--noconftest")

_FAILED_TEST = re.compile(r"^FAILED \S+?::(\w+)", re.MULTILINE)


class NotRemoved(Exception):
    """A removal proves nothing: it does not apply, breaks the code, or no test is against it."""


def removed(text: str, removal: Removal) -> str:
    """
    Return the text of a file without what carries the clause.

    Raises:
        NotRemoved: The old text does not stand there exactly once.
    """
    times = text.count(removal.old)
    if times != 1:
        raise NotRemoved(f"stands {times} times in {removal.file}: {removal.old!r}")
    return text.replace(removal.old, removal.new)


def _tests_of(clause: str) -> list[str]:
    return [
        each for known in CLAUSES if known.id == clause for each in clause_coverage.tests(known)
    ]


def _environment(copy: Path) -> dict[str, str]:
    """Return an environment in which the copy is imported, and nothing watches."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        # Coverage would report files that are gone by then.
        if not name.startswith(("COVERAGE_", "COV_CORE_", "PYTEST_"))
    }
    return inherited | {
        "PYTHONPATH": str(copy / "src"),
        # A file that was just changed has the old one's second and may have its size.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _run(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """
    Run these tests against the copy; return pytest's exit code and what it printed.

    Raises:
        NotRemoved: There is no test; pytest would run all there are.
    """
    if not tests:
        raise NotRemoved("no test is marked with the clause")
    command = (sys.executable, "-m", "pytest", *OPTIONS, "-o", "addopts=--import-mode=importlib")
    ran = subprocess.run(  # noqa: S603 - this interpreter, on our own tests
        (*command, *tests),
        cwd=ROOT,
        env=_environment(copy),
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def killers(copy: Path, removal: Removal) -> list[str]:
    """
    Return the marked tests that fail once the removal is made in the copy; then undo it.

    Raises:
        NotRemoved: None fails, or they could not be run.
    """
    file = copy / PACKAGE / removal.file
    text = file.read_text(encoding="utf-8")
    file.write_text(removed(text, removal), encoding="utf-8")
    try:
        code, printed = _run(copy, _tests_of(removal.clause))
    finally:
        file.write_text(text, encoding="utf-8")
    if code == PASSED:
        raise NotRemoved("survived: every test marked with the clause passes without it")
    if code != FAILED:
        raise NotRemoved(f"the tests could not be run:\n{printed[-1000:]}")
    return list(dict.fromkeys(_FAILED_TEST.findall(printed)))


def _copied(into: Path) -> None:
    """Copy the code, compiled so that a module is compiled anew wherever its text differs."""
    shutil.copytree(
        ROOT / "src", into / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    compileall = (sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash")
    command = (*compileall, str(into / "src"))
    subprocess.run(command, env=_environment(into), check=True)  # noqa: S603 - as above


def _check_unchanged(copy: Path, clauses: Iterable[str]) -> None:
    """Raise unless the tests run against the copy, and pass there as long as nothing is removed."""
    where = "import subrenew, sys; sys.exit(not subrenew.__file__.startswith(sys.argv[1]))"
    asked = (sys.executable, "-c", where, str(copy))
    subprocess.run(asked, env=_environment(copy), check=True)  # noqa: S603 - as above
    code, printed = _run(copy, [each for clause in clauses for each in _tests_of(clause)])
    if code != PASSED:
        raise NotRemoved(f"the marked tests do not pass as things are:\n{printed[-1000:]}")


def table(rows: Iterable[tuple[Removal, list[str]]]) -> str:
    """Return the table of what was removed and which test was against it."""
    lines = ["| clause | removal | killed by |", "| --- | --- | --- |"]
    for removal, tests in rows:
        more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
        lines.append(f"| {removal.clause} | {removal.what} | {tests[0]}{more} |")
    return "\n".join(lines)


def idle(rows: Iterable[tuple[Removal, list[str]]]) -> list[str]:
    """Return what to say of marked tests that no removal made fail: they prove nothing."""
    failed: dict[str, set[str]] = {}
    for removal, tests in rows:
        failed.setdefault(removal.clause, set()).update(tests)
    return [
        f"{clause}: {test} stays green whatever is removed: unmark it, or add a removal"
        for clause, names in failed.items()
        for test in _tests_of(clause)
        if test.rpartition("::")[2] not in names
    ]


def main(arguments: Sequence[str]) -> int:
    """Try every removal, or those of the clauses that are named; return the exit code."""
    chosen = [each for each in REMOVALS if not arguments or each.clause in arguments]
    if not chosen:
        print(f"no clause of these has a removal: {', '.join(arguments)}", file=sys.stderr)
        return 1
    rows: list[tuple[Removal, list[str]]] = []
    problems: list[str] = []
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        _copied(copy)
        _check_unchanged(copy, dict.fromkeys(each.clause for each in chosen))
        for number, removal in enumerate(chosen, 1):
            name = f"{removal.clause}: {removal.what}"
            try:
                rows.append((removal, killers(copy, removal)))
                print(f"{number}/{len(chosen)} {name}", flush=True)
            except NotRemoved as error:
                problems.append(f"{name}: {error}")
                print(f"{number}/{len(chosen)} NOT KILLED {problems[-1]}", flush=True)
    problems += idle(rows)
    print(table(rows))
    print(f"{len(rows)} of {len(chosen)} removals were killed by a test of their clause")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
