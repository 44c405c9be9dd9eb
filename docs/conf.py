"""How Sphinx builds these pages: `make docs`. Nothing is fetched from the network."""

from importlib.metadata import version as installed

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

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 70

doctest_global_setup = "from subrenew import *"
