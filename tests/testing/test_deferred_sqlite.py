"""The how-to page's storage with a plain BEGIN in place of BEGIN IMMEDIATE fails the contract."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from subrenew.testing.contracts import StorageContract

PAGE = Path(__file__).parents[2] / "docs/how-to/bring-your-own-storage.md"


def storage_of_the_page(change: Callable[[str], str]) -> Any:
    """The page's class `MyStorage`, made of its code after a change."""
    blocks = re.findall(r"(?ms)^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"))
    last = next(number for number, each in enumerate(blocks) if "class MyStorage" in each)
    made: dict[str, Any] = {}
    exec(change("\n".join(blocks[: last + 1])), made)  # noqa: S102 - our own page
    return made["MyStorage"]


def deferred(code: str) -> str:
    """SQLite's default: nobody waits before it writes, and by then what it read is old."""
    changed = code.replace("BEGIN IMMEDIATE", "BEGIN")
    assert changed != code
    return changed


def test_the_page_itself_passes(tmp_path: Path) -> None:
    """Renewals of different subscriptions at once are all saved."""
    storage = storage_of_the_page(str)(tmp_path / "my.sqlite")
    StorageContract().test_of_many_that_read_and_save_different_ones_all_are_saved(storage)


@pytest.mark.parametrize(
    "name",
    [
        "test_of_many_that_read_and_save_one_no_save_is_lost",
        "test_of_many_that_read_and_save_different_ones_all_are_saved",
    ],
)
def test_deferred_transactions_fail_and_the_drivers_error_is_named(
    tmp_path: Path, name: str
) -> None:
    """Two that have read cannot both write: SQLite fails one, although they write other rows."""
    storage = storage_of_the_page(deferred)(tmp_path / "my.sqlite")
    with pytest.raises(AssertionError, match=r"sqlite3\.OperationalError: database is locked"):
        getattr(StorageContract(), name)(storage)
