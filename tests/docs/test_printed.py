"""What the README and the documentation show as output is what their blocks print."""

import pytest

from tools import printed


@pytest.mark.parametrize("page", printed.pages())
def test_shown_output_is_up_to_date(page):
    """`make regenerate` repairs it."""
    assert printed.refreshed_page(page) == (printed.ROOT / page).read_text(encoding="utf-8")


def test_the_readme_shows_output():
    assert "README.md" in printed.pages()
