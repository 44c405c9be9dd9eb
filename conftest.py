"""Every Python block of the README and of the documentation is a test.

Blocks of one page share a namespace and run in order. `<!-- skip: next -->` leaves one out.
"""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE),
        SkipParser(),
    ],
    # Before Python 3.13 `**` in a pattern is one folder only, so each depth is named.
    patterns=["README.md", "docs/*.md", "docs/*/*.md", "docs/*/*/*.md"],
    excludes=["docs/_build/*", "docs/_build/*/*", "docs/_build/*/*/*"],
).pytest()

# `--doctest-modules` imports what it meets. Sphinx runs conf.py; mypy reads tests/typing, whose
# programs are wrong on purpose.
collect_ignore = ["hatch_build.py", "docs/_build", "docs/conf.py", "tests/typing"]
