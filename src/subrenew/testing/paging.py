"""
The part of the storage contract that reads pages; `subrenew.testing.contracts` has it all.

Rule 1: pages neither skip nor repeat one that is there throughout, and they come to an end.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs
import pytest

from subrenew.model.entities import PaymentMethod, Subscription
from subrenew.repositories import Storage
from subrenew.testing.samples import a_subscription, renewal_events

__all__ = ["PagingContract"]

_MANY: Final = 100


class PagingContract:
    """Needs the fixture ``storage``: an empty storage for each test."""

    def add(self, storage: Storage, *subscriptions: Subscription) -> None:
        """Save new subscriptions."""
        with storage.transaction() as repositories:
            for each in subscriptions:
                repositories.subscriptions.save(each, revision=None)

    def _ids(self, storage: Storage, limit: int) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while not found or cursor is not None:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    date(2026, 1, 1), date(2026, 1, 3), cursor=cursor, limit=limit
                )
            assert len(page.items) <= limit
            found += [each.value.id for each in page.items]
            assert 0 < len(found) < _MANY, "paging does not end"
            cursor = page.cursor
        return found

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_paging_neither_skips_nor_repeats(self, storage: Storage, limit: int) -> None:
        """Whatever the page's size, each one within the days is found once, the ends half-open."""
        days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3)]
        made = [
            a_subscription(f"S-{index}-{number}", starts_on=day)
            for index, day in enumerate(days)
            for number in range(3)
        ]
        self.add(storage, *made)
        expected = {each.id for each in made if each.starts_on in days[1:3]}
        found = self._ids(storage, limit)
        assert set(found) == expected
        assert len(found) == len(expected)

    def test_paging_is_not_disturbed_by_what_is_added(self, storage: Storage) -> None:
        """One that is there throughout is found once, while others are added between pages."""
        made = [a_subscription(f"S-{number:02}0") for number in range(9)]
        self.add(storage, *made)
        found: list[str] = []
        cursor: str | None = None
        added = 0
        while not added or cursor is not None:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    date(2026, 1, 1), date(2026, 1, 2), cursor=cursor, limit=2
                )
            found += [each.value.id for each in page.items]
            added += 1
            assert added < _MANY, "paging does not end"
            self.add(storage, a_subscription(f"S-{added % 10:02}5-{added}"))
            cursor = page.cursor
        assert len(found) == len(set(found))
        assert {each.id for each in made} <= set(found)

    def test_paging_is_not_disturbed_by_what_is_renewed(self, storage: Storage) -> None:
        """Those that leave the days while they are paged through take no other with them."""
        made = [a_subscription(f"S-{number:02}") for number in range(9)]
        self.add(storage, *made)
        found: list[str] = []
        cursor: str | None = None
        while not found or cursor is not None:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    date(2026, 1, 1), date(2026, 1, 2), cursor=cursor, limit=2
                )
                for each in page.items:
                    after = renewal_events(each.value)[0].after
                    repositories.subscriptions.save(after, revision=each.revision)
            found += [each.value.id for each in page.items]
            assert 0 < len(found) < _MANY, "paging does not end"
            cursor = page.cursor
        assert found == sorted(each.id for each in made)

    def test_payment_methods_are_found_where_they_are_used(self, storage: Storage) -> None:
        """Those paid with one method are found, page by page, and no other."""
        card = PaymentMethod.card(expires="2027-03", id="M-1")
        other = PaymentMethod.card(expires="2027-03", id="M-2")
        made = [attrs.evolve(a_subscription(f"S-{n}"), payment_method=card) for n in range(3)]
        self.add(storage, *made, attrs.evolve(a_subscription("S-9"), payment_method=other))
        with storage.transaction() as repositories:
            page = repositories.subscriptions.paid_with("M-1", limit=2)
            rest = repositories.subscriptions.paid_with("M-1", cursor=page.cursor, limit=2)
        assert [each.value.id for each in (*page.items, *rest.items)] == ["S-0", "S-1", "S-2"]
        assert rest.cursor is None
