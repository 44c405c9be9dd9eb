"""
The part of the storage contract on what is kept, and under which name; `contracts` has it all.

Rule 1: whatever was saved last is what is read, every field of it, saved first or saved again.

Rule 2: identifiers and keys are compared whole and exactly, up to their 200 characters.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import attrs
import pytest

from subrenew.errors import NotFound
from subrenew.model.entities import Mechanism, PaymentKind, PaymentMethod, Subscription
from subrenew.model.money import Money
from subrenew.model.terms import days_after
from subrenew.policy.attempts import Attempts
from subrenew.repositories import OrderRecord, PasswordReset, Storage, Stored
from subrenew.testing.samples import (
    FIRST,
    a_full_subscription,
    a_subscription,
    an_event_of_ones_own,
    renewal_events,
)

__all__ = ["ExactnessContract"]

#: Pairs that are not the same, by what somebody's comparison takes for the same.
_NEARLY_SAME: Final = (
    ("S-1a", "s-1A"),  # case
    ("x" * 20 + "1", "x" * 20 + "2"),  # columns of 20 characters
    ("y" * 199 + "1", "y" * 199 + "2"),  # and of less than 200
    ("M-1", "M-10"),  # beginnings
    ("S_1", "SX1"),  # LIKE
    ("S%", "S-2"),
    ("é", "e"),  # accents
    ("007", "7"),  # numbers
    ("漢", "?"),  # what Latin 1 does not have
)
_FIRST_ONES: Final = tuple(one for one, _ in _NEARLY_SAME)
_OTHERS: Final = tuple(other for _, other in _NEARLY_SAME)
_LATER: Final = datetime(2026, 1, 1, 12, 30, 15, 1, tzinfo=timezone(timedelta(minutes=330)))


def _a_full_order() -> OrderRecord:
    return OrderRecord(
        number="A-1",
        placed_on=days_after(FIRST, 1),
        subscription_ids=("S-2", "S-1"),
        password_hash="text",  # noqa: S106 - no password
        attempts=Attempts(failed_at=(datetime(2026, 1, 1, 12, 30, 15, 999_999, UTC), _LATER)),
        total=Money("1425.005", "KWD"),
        reset=PasswordReset(token_hash="text", expires_at=_LATER),  # noqa: S106 - no token
    )


_PLAIN_ORDER: Final = OrderRecord(number="A-1", placed_on=FIRST, subscription_ids=())
_METHODS: Final = (
    PaymentMethod.card(expires="2027-03", id="M-1"),
    PaymentMethod(kind=PaymentKind.KONBINI, id="M-1"),
    PaymentMethod(kind="own-kind", mechanism=Mechanism.PUSH, id="M-1"),
)


class ExactnessContract:
    """Needs the fixture ``storage``: an empty storage for each test."""

    # Saved first, and saved again

    @pytest.mark.parametrize(
        "states",
        [
            (a_subscription("S-1"), a_full_subscription("S-1")),
            (a_full_subscription("S-1"), a_subscription("S-1")),
        ],
        ids=["filled", "emptied"],
    )
    def test_a_subscription_saved_again_comes_back_equal(
        self, storage: Storage, states: tuple[Subscription, Subscription]
    ) -> None:
        """Every field is written when it is saved again; one that was emptied is empty."""
        first, second = states
        with storage.transaction() as repositories:
            repositories.subscriptions.save(first, revision=None)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(second, revision=1)
        with storage.transaction() as repositories:
            found = repositories.subscriptions.get("S-1")
        assert found == Stored(value=second, revision=2), found

    @pytest.mark.parametrize(
        "states",
        [(_PLAIN_ORDER, _a_full_order()), (_a_full_order(), _PLAIN_ORDER)],
        ids=["filled", "emptied"],
    )
    def test_an_order_saved_again_comes_back_equal(
        self, storage: Storage, states: tuple[OrderRecord, OrderRecord]
    ) -> None:
        """Lines, password text, tries to the microsecond, and total, first and again."""
        for revision, state in ((None, states[0]), (1, states[1])):
            with storage.transaction() as repositories:
                repositories.orders.save(state, revision=revision)
            with storage.transaction() as repositories:
                found = repositories.orders.get("A-1").value
            assert found == state, found
            # Instants are equal in whatever zone; what was read has one.
            assert all(each.utcoffset() is not None for each in found.attempts.failed_at)

    @pytest.mark.parametrize("number", [0, 1, 2], ids=["card", "konbini", "own"])
    def test_a_payment_method_saved_again_comes_back_equal(
        self, storage: Storage, number: int
    ) -> None:
        """Kind, mechanism and last day, whichever it was before."""
        first, second = _METHODS[number], _METHODS[number - 1]
        with storage.transaction() as repositories:
            repositories.payment_methods.save(first, revision=None)
        with storage.transaction() as repositories:
            repositories.payment_methods.save(second, revision=1)
        with storage.transaction() as repositories:
            found = repositories.payment_methods.get("M-1")
        assert found == Stored(value=second, revision=2), found

    def test_an_event_without_a_before_and_with_own_words_comes_back_equal(
        self, storage: Storage
    ) -> None:
        """What began has no state before; words that this version does not know stay text."""
        event = an_event_of_ones_own()
        with storage.transaction() as repositories:
            repositories.events.append((event,), key="own")
        with storage.transaction() as repositories:
            assert repositories.events.of(event.subscription_id) == (event,)
            assert repositories.events.under("own") == (event,)

    # Found where they are now

    def test_a_payment_method_is_found_only_where_it_is_used_now(self, storage: Storage) -> None:
        """Replaced or taken away, it finds the subscription no more."""
        old, new = (PaymentMethod.card(expires="2027-03", id=each) for each in ("M-1", "M-2"))
        states = [
            attrs.evolve(a_subscription(), payment_method=each) for each in (old, new, None, old)
        ]
        for number, state in enumerate(states):
            with storage.transaction() as repositories:
                repositories.subscriptions.save(state, revision=number or None)
            method = state.payment_method
            for wanted in ("M-1", "M-2"):
                with storage.transaction() as repositories:
                    found = repositories.subscriptions.paid_with(wanted).items
                expected = method is not None and method.id == wanted
                assert [each.value for each in found] == [state] * expected, (wanted, found)

    def test_a_subscription_is_found_only_on_its_present_last_day(self, storage: Storage) -> None:
        """Renewed, it has left the days it was found in, and is found in its new ones."""
        made = a_subscription()
        (event,) = renewal_events(made)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(made, revision=None)
        with storage.transaction() as repositories:
            repositories.subscriptions.save(event.after, revision=1)
        for state, expected in ((made, []), (event.after, [event.after])):
            with storage.transaction() as repositories:
                page = repositories.subscriptions.expiring(
                    state.expires_on, days_after(state.expires_on, 1)
                )
            assert [each.value for each in page.items] == expected

    # Under which name

    def _name(self, storage: Storage, ids: tuple[str, ...]) -> None:
        with storage.transaction() as repositories:
            for each in ids:
                method = attrs.evolve(_METHODS[0], id=each)
                repositories.subscriptions.save(
                    attrs.evolve(a_subscription(each), payment_method=method), revision=None
                )
                repositories.orders.save(attrs.evolve(_PLAIN_ORDER, number=each), revision=None)
                repositories.payment_methods.save(method, revision=None)

    def test_identifiers_are_compared_whole_and_exactly(self, storage: Storage) -> None:
        """Subscriptions, orders and payment methods whose names are nearly the same are two."""
        self._name(storage, _FIRST_ONES)
        for other in _OTHERS:
            with storage.transaction() as repositories:
                for get in (
                    repositories.subscriptions.get,
                    repositories.orders.get,
                    repositories.payment_methods.get,
                ):
                    with pytest.raises(NotFound):
                        get(other)
        self._name(storage, _OTHERS)
        for each in (*_FIRST_ONES, *_OTHERS):
            with storage.transaction() as repositories:
                read = (
                    repositories.subscriptions.get(each).value.id,
                    repositories.orders.get(each).value.number,
                    repositories.payment_methods.get(each).value.id,
                )
            assert read == (each, each, each), read

    def test_a_payment_method_finds_exactly_its_own(self, storage: Storage) -> None:
        """And not those paid with one whose name is nearly the same."""
        self._name(storage, (*_FIRST_ONES, *_OTHERS))
        for each in (*_FIRST_ONES, *_OTHERS):
            with storage.transaction() as repositories:
                items = repositories.subscriptions.paid_with(each).items
            found = [stored.value.id for stored in items]
            assert found == [each], (each, found)

    def test_events_are_those_of_exactly_one_subscription(self, storage: Storage) -> None:
        """And not of one whose name is nearly the same."""
        logged = {each: renewal_events(a_subscription(each)) for each in (*_FIRST_ONES, *_OTHERS)}
        with storage.transaction() as repositories:
            for events in logged.values():
                repositories.events.append(events)
        for each, events in logged.items():
            with storage.transaction() as repositories:
                found = repositories.events.of(each)
            assert found == events, (each, found)

    def test_keys_are_compared_whole_and_exactly(self, storage: Storage) -> None:
        """A key that is nearly the same is free, and has events and an answer of its own."""
        for ids in (_FIRST_ONES, _OTHERS):
            for each in ids:
                with storage.transaction() as repositories:
                    assert repositories.events.under(each) is None, each
                    assert repositories.events.answer(each) is None, each
                    events = renewal_events(a_subscription(each))
                    repositories.events.append(events, key=each, answer=each)
        for each in (*_FIRST_ONES, *_OTHERS):
            with storage.transaction() as repositories:
                found = repositories.events.under(each), repositories.events.answer(each)
            assert found == (renewal_events(a_subscription(each)), each), (each, found)
