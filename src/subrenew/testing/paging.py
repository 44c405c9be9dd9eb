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
        # Whatever the page's size, one order.
        assert found == self._ids(storage, _MANY), found

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

    def _paid_with(self, storage: Storage, method_id: str, limit: int) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while True:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.paid_with(method_id, cursor=cursor, limit=limit)
            assert len(page.items) <= limit
            found += [each.value.id for each in page.items]
            assert len(found) < _MANY, "paging does not end"
            assert page.items or page.cursor is None, "paging does not end"
            cursor = page.cursor
            if cursor is None:
                return found

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_payment_methods_are_found_where_they_are_used(
        self, storage: Storage, limit: int
    ) -> None:
        """Those paid with one method are found once each, in one order, and no other."""
        card = PaymentMethod.card(expires="2027-03", id="M-1")
        other = PaymentMethod.card(expires="2027-03", id="M-2")
        ids = [f"S-{number}" for number in (4, 0, 2, 1, 3, 5)]
        made = [attrs.evolve(a_subscription(each), payment_method=card) for each in ids]
        self.add(storage, *made, attrs.evolve(a_subscription("S-9"), payment_method=other))
        found = self._paid_with(storage, "M-1", limit)
        assert sorted(found) == sorted(ids), found
        assert found == self._paid_with(storage, "M-1", _MANY), found
        assert self._paid_with(storage, "M-3", limit) == []

    def test_paging_by_payment_method_is_not_disturbed_by_what_is_replaced(
        self, storage: Storage
    ) -> None:
        """Those that leave the method while they are paged through take no other with them."""
        card = PaymentMethod.card(expires="2027-03", id="M-1")
        other = PaymentMethod.card(expires="2027-03", id="M-2")
        ids = [f"S-{number:02}" for number in range(9)]
        self.add(storage, *(attrs.evolve(a_subscription(id), payment_method=card) for id in ids))
        found: list[str] = []
        cursor: str | None = None
        while not found or cursor is not None:
            with storage.transaction() as repositories:
                page = repositories.subscriptions.paid_with("M-1", cursor=cursor, limit=2)
                for each in page.items:
                    after = attrs.evolve(each.value, payment_method=other)
                    repositories.subscriptions.save(after, revision=each.revision)
            found += [each.value.id for each in page.items]
            assert 0 < len(found) < _MANY, "paging does not end"
            cursor = page.cursor
        assert sorted(found) == ids, found
