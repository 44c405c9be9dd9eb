"""
The part of the storage contract on keys, answers and the outbox; `contracts` has it all.

Rule 1: what is kept under a key is what was appended under it, and its answer, to the letter.

Rule 2: the outbox neither skips nor repeats, whoever appends meanwhile.
"""

from __future__ import annotations

import threading
from typing import Final

import pytest

from subrenew.desk import Desk
from subrenew.errors import KeyTaken, RevisionConflict
from subrenew.model.terms import days_after
from subrenew.policy.vendors import autodesk
from subrenew.renewal.events import Event
from subrenew.renewal.transitions import Refusal, Transition
from subrenew.repositories import Storage
from subrenew.testing.samples import FIRST, PATIENCE, a_subscription, renewal_events

__all__ = ["LogbookContract"]

_MANY: Final = 100
#: As long and as awkward as an answer may be.
_LONG: Final = '{"a":"é漢\\u0000 \'quoted\' %s {} ?"}\n' * 5_000


class LogbookContract:
    """Needs the fixture ``storage``: an empty storage for each test."""

    # Keys and answers

    @pytest.mark.parametrize("answer", ["{}", "", "null", _LONG], ids=["short", "", "null", "long"])
    def test_an_answer_comes_back_to_the_letter(self, storage: Storage, answer: str) -> None:
        """Whatever its length: the fingerprint of the request is in it."""
        with storage.transaction() as repositories:
            repositories.events.append((), key="once", answer=answer)
        with storage.transaction() as repositories:
            found = repositories.events.answer("once")
            assert repositories.events.answer("never") is None
        assert found == answer, found

    def test_a_key_without_an_answer_is_taken_too(self, storage: Storage) -> None:
        """It has events, and nothing that was answered."""
        events = renewal_events(a_subscription())
        with storage.transaction() as repositories:
            repositories.events.append(events, key="once")
        with storage.transaction() as repositories:
            assert repositories.events.under("once") == events
            assert repositories.events.answer("once") is None

    def test_who_comes_second_leaves_the_first_answer(self, storage: Storage) -> None:
        """A key that is taken again keeps the events and the answer of the first time."""
        first, second = renewal_events(a_subscription()), renewal_events(a_subscription("S-2"))
        with storage.transaction() as repositories:
            repositories.events.append(first, key="once", answer="first")
        with pytest.raises(RevisionConflict), storage.transaction() as repositories:
            repositories.events.append(second, key="once", answer="second")
        with storage.transaction() as repositories:
            assert repositories.events.answer("once") == "first"
            assert repositories.events.under("once") == first

    def test_an_error_keeps_no_answer(self, storage: Storage) -> None:
        """Left by an error, a transaction has answered nobody."""
        with pytest.raises(ZeroDivisionError), storage.transaction() as repositories:  # noqa: PT012
            repositories.events.append((), key="once", answer="first")
            raise ZeroDivisionError
        with storage.transaction() as repositories:
            assert repositories.events.answer("once") is None
            assert repositories.events.under("once") is None

    def test_a_key_gives_its_own_events_only(self, storage: Storage) -> None:
        """Neither those of another key, of the same subscription, nor those without one."""
        states = [a_subscription()]
        chains: list[tuple[Event, ...]] = []
        for _ in range(4):
            chains.append(renewal_events(states[-1]))
            states.append(chains[-1][0].after)
        for events, key in zip(chains, ("k-1", None, "k-2", None), strict=True):
            with storage.transaction() as repositories:
                repositories.events.append(events, key=key)
        with storage.transaction() as repositories:
            found = [repositories.events.under(key) for key in ("k-1", "k-2", "k-3")]
        assert found == [chains[0], chains[2], None], found

    def test_the_desk_tells_its_first_answer_again(self, storage: Storage) -> None:
        """What was renewed and what was refused; and no other request is answered for."""
        with storage.transaction() as repositories:
            for id in ("S-1", "S-2"):
                repositories.subscriptions.save(a_subscription(id), revision=None)
        desk = Desk(storage=storage, policy=autodesk.EDITION_2024)
        on = days_after(a_subscription().expires_on, -1)
        done = desk.renew("S-1", on=on, key="once")
        refused = desk.renew("S-2", on=FIRST, key="again")
        assert isinstance(done, Transition), done
        assert isinstance(refused, Refusal), refused
        assert desk.renew("S-1", on=on, key="once") == done
        assert desk.renew("S-2", on=on, key="again") == refused
        with pytest.raises(KeyTaken):
            desk.renew("S-2", on=on, key="once")

    # The outbox

    def _since(self, storage: Storage, cursor: str | None, limit: int = 500) -> list[Event]:
        """Return everything after the cursor, page by page."""
        found: list[Event] = []
        while True:
            with storage.transaction() as repositories:
                page = repositories.events.since(cursor, limit=limit)
            assert len(page.events) <= limit, page
            found += page.events
            assert len(found) < _MANY, "the outbox does not end"
            if not page.events:
                return found
            assert page.cursor not in (None, cursor), "the cursor has to move on"
            cursor = page.cursor

    def _filled(self, storage: Storage) -> list[Event]:
        """Append the events of three subscriptions, one or two at once, with and without a key."""
        made = [renewal_events(a_subscription(f"S-{number}")) for number in (3, 1, 2)]
        made += [renewal_events(each[0].after) for each in made]
        with storage.transaction() as repositories:
            repositories.events.append((*made[0], *made[1]), key="both")
        for each in made[2:]:
            with storage.transaction() as repositories:
                repositories.events.append(each)
        return [event for each in made for event in each]

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 100])
    def test_the_outbox_has_every_event_in_order(self, storage: Storage, limit: int) -> None:
        """Of all subscriptions, in the order of appending, page by page."""
        expected = self._filled(storage)
        found = self._since(storage, None, limit)
        assert found == expected, found

    def test_an_empty_outbox_has_no_events(self, storage: Storage) -> None:
        """Neither before anything has happened nor after a key without an event."""
        with storage.transaction() as repositories:
            assert repositories.events.since().events == ()
            repositories.events.append((), key="once")
        with storage.transaction() as repositories:
            assert repositories.events.since().events == ()

    def test_a_cursor_at_the_end_waits_for_what_comes(self, storage: Storage) -> None:
        """Asked again it gives nothing, then only what is new; the last cursor is kept."""
        self._filled(storage)
        with storage.transaction() as repositories:
            end = repositories.events.since(limit=_MANY).cursor
        for _ in range(2):
            with storage.transaction() as repositories:
                page = repositories.events.since(end)
            assert page.events == (), page
            end = page.cursor
        new = renewal_events(a_subscription("S-9"))
        with storage.transaction() as repositories:
            repositories.events.append(new)
        assert self._since(storage, end) == list(new)

    def test_what_was_not_kept_is_not_in_the_outbox(self, storage: Storage) -> None:
        """Events of a transaction that was left by an error."""
        with pytest.raises(ZeroDivisionError), storage.transaction() as repositories:  # noqa: PT012
            repositories.events.append(renewal_events(a_subscription()))
            raise ZeroDivisionError
        kept = renewal_events(a_subscription("S-2"))
        with storage.transaction() as repositories:
            repositories.events.append(kept)
        assert self._since(storage, None) == list(kept)

    def test_the_outbox_misses_nothing_that_is_under_way(self, storage: Storage) -> None:
        """Who appends first and is kept last comes after the cursor handed out in between."""
        slow, fast = renewal_events(a_subscription("S-1")), renewal_events(a_subscription("S-2"))
        appended, released = threading.Event(), threading.Event()

        def first() -> None:
            with storage.transaction() as repositories:
                repositories.events.append(slow)
                appended.set()
                # A storage that lets one in at a time makes the others wait for this one.
                released.wait(PATIENCE)

        def second() -> None:
            appended.wait(PATIENCE)
            with storage.transaction() as repositories:
                repositories.events.append(fast)

        threads = [threading.Thread(target=each) for each in (first, second)]
        for each in threads:
            each.start()
        threads[1].join(PATIENCE)
        with storage.transaction() as repositories:
            page = repositories.events.since()
        released.set()
        for each in threads:
            each.join()
        found = [*page.events, *self._since(storage, page.cursor)]
        assert len(found) == 2, found
        assert {each.subscription_id for each in found} == {"S-1", "S-2"}, found

    def test_the_outbox_goes_on_after_a_deletion(self, storage: Storage) -> None:
        """What is deleted leaves its place empty: cursors before and after it stay right."""
        made = [a_subscription(f"S-{number}") for number in range(4)]
        with storage.transaction() as repositories:
            for each in made:
                repositories.subscriptions.save(each, revision=None)
                repositories.events.append(renewal_events(each))
        with storage.transaction() as repositories:
            first = repositories.events.since(limit=1)
            end = repositories.events.since().cursor
        assert [each.subscription_id for each in first.events] == ["S-0"], first
        with storage.transaction() as repositories:
            for id in ("S-0", "S-1", "S-3"):
                repositories.subscriptions.delete(id, revision=1)
        new = renewal_events(a_subscription("S-9"))
        with storage.transaction() as repositories:
            repositories.events.append(new)
        assert self._since(storage, first.cursor, 1) == [*renewal_events(made[2]), *new]
        assert self._since(storage, end) == list(new)

    def test_an_answer_is_deleted_with_the_subscription(self, storage: Storage) -> None:
        """It holds the subscription as it was. The key stays taken, and others keep theirs."""
        first, second = a_subscription("S-1"), a_subscription("S-2")
        with storage.transaction() as repositories:
            for each in (first, second):
                repositories.subscriptions.save(each, revision=None)
            events = (*renewal_events(first), *renewal_events(second))
            repositories.events.append(events, key="both", answer="both")
            repositories.events.append(renewal_events(second), key="second", answer="second")
        with storage.transaction() as repositories:
            repositories.events.append(renewal_events(first), key="first", answer="first")
            repositories.subscriptions.delete("S-1", revision=1)
            assert repositories.events.answer("first") is None
            assert repositories.events.answer("both") is None
            assert repositories.events.answer("second") == "second"
        with storage.transaction() as repositories:
            assert repositories.events.under("first") == ()
            found = [repositories.events.answer(key) for key in ("first", "both", "second")]
        assert found == [None, None, "second"], found
