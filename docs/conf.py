"""How Sphinx builds these pages: `make docs`. Nothing is fetched from the network."""

import re
from importlib.metadata import version as installed

from sphinx.application import Sphinx

project = "subrenew"
author = "subrenew contributors"
copyright = "2026, subrenew contributors"  # noqa: A001
release = version = installed("subrenew")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.napoleon",  # "Args:", "Attributes:", "Raises:" in docstrings
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build"]
intersphinx_mapping: dict[str, tuple[str, None]] = {}
# A name that leads nowhere fails the build, which finds types that were not exported. The
# standard library and attrs have no inventory here, since nothing is fetched.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(attrs?|collections|datetime|decimal|enum|fractions|typing|types|zoneinfo)\..*"),
]

html_theme = "furo"
html_title = f"subrenew {release}"

napoleon_numpy_docstring = False
napoleon_use_ivar = True

# Names that only a type checker sees, type variables among them, cannot be looked up where they
# stand.
nitpick_ignore_regex += [
    (r"py:class", r"(subrenew\.(rules|model|renewal)\.\w+\.)?[A-Z]"),
    (r"py:class", r"(Bar|Facts|Flyweights|Moment|Step|Values|date)"),
    (r"py:class", r"subrenew\.rules\.(decisions|facts|questions)\.\w+"),
]

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "undoc-members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 70

doctest_global_setup = "from subrenew import *"


def keep_colons(
    _app: Sphinx, what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Keep Napoleon from taking "the first day: 1 May" in a property's docstring for a type."""
    if what in ("attribute", "data", "property"):
        lines[:0] = ["..", ""]  # an empty comment


def plain_enums(
    _app: Sphinx,
    _what: str,
    _name: str,
    _obj: object,
    _options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Write an enum's member in a default as in Python, or Sphinx cannot read the signature."""
    plain = re.sub(r"<(\w+\.\w+): [^>]*>", r"\1", signature) if signature else signature
    return plain, returns


def setup(app: Sphinx) -> None:
    """Run before Napoleon does."""
    app.connect("autodoc-process-docstring", keep_colons, priority=100)
    app.connect("autodoc-process-signature", plain_enums)
