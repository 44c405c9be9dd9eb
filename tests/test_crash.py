"""The nightly run is killed at every one of its calls of the storage, and run again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from subrenew import AutoRenew, Cart, Kind, PaymentMethod, Subscription, replay
from subrenew.collecting import DueReport
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from subrenew.repositories import Storage
from subrenew.testing.memory import MemoryStorage
from tests.makers import ON, PAYPAL, a_list, a_price, a_subscription

DAY = date(2026, 1, 3)
POLICY = autodesk.EDITION_2024
CARD = PaymentMethod.card(expires="2025-06", id="M-1")
NEW_CARD = PaymentMethod.card(expires="2030-06", id="M-1")


class Killed(BaseException):
    """The process is gone: not an error that anybody catches."""


class Failing:
    """A storage whose n-th call fails: a transaction begun, a read, a write, a commit."""

    def __init__(self, inner: Storage, at: int, error: BaseException) -> None:
        self.inner, self.at, self.error, self.calls = inner, at, error, 0

    def count(self) -> None:
        """Count a call, and fail if it is the one."""
        self.calls += 1
        if self.calls == self.at:
            raise self.error

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Count its beginning, what is called within, its commit, and what follows that."""
        self.count()
        with self.inner.transaction() as repositories:
            yield _Counted(repositories, self.count)
            self.count()
        self.count()


class _Counted:
    def __init__(self, inner: Any, count: Callable[[], None]) -> None:
        self._inner, self._count = inner, count

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return _Counted(found, self._count)

        def counted(*given: Any, **named: Any) -> Any:
            self._count()
            return found(*given, **named)

        return counted


def _lines() -> list[Subscription]:
    """Some to renew, on several days, some to leave, some not due."""
    due = [
        a_subscription(
            id=f"S-{number}",
            starts_on=date(2025, 1, 1 + number % 4),
            auto_renew=ON,
            payment_method=PAYPAL if number % 3 else CARD,
        )
        for number in range(6)
    ]
    return [
        *due,
        a_subscription(id="S-6", auto_renew=AutoRenew.OFF),
        a_subscription(id="S-7", kind=Kind.TRIAL),
        a_subscription(id="S-8", starts_on=date(2025, 6, 1), auto_renew=ON, payment_method=CARD),
    ]


def _kept(storage: MemoryStorage) -> tuple[object, ...]:
    events = {id: tuple(each) for id, each in storage.events_of.items()}
    return storage.subscriptions, storage.methods, events, storage.events_under


Run = Callable[[Desk], object]


def _nightly(desk: Desk) -> DueReport:
    return desk.renew_due(DAY)


def _replacing(desk: Desk) -> object:
    return desk.replace_payment_method(NEW_CARD, on=date(2025, 12, 1))


def _clean(run: Run) -> tuple[MemoryStorage, int]:
    """Return the end state of an undisturbed run, and how many calls it made."""
    storage = MemoryStorage(_lines())
    counting = Failing(storage, 0, Killed())
    run(Desk(storage=counting, policy=POLICY))
    return storage, counting.calls


@pytest.mark.parametrize("small_pages", [False, True])
@pytest.mark.parametrize("run", [_nightly, _replacing], ids=["nightly run", "payment method"])
def test_killed_at_any_call_and_run_again_it_ends_the_same(
    run: Run, small_pages: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each call, until a run passes clean: the end state is the one without the crash."""
    if small_pages:
        monkeypatch.setattr("subrenew.desk._PAGE", 2)
    expected, calls = _clean(run)
    assert calls > 20
    killed = 0
    for at in range(1, calls + 2):
        storage = MemoryStorage(_lines())
        try:
            run(Desk(storage=Failing(storage, at, Killed()), policy=POLICY))
        except Killed:
            killed += 1
        for line in _lines():
            # At every moment: what is stored is what the events tell.
            now = storage.subscriptions[line.id].value
            assert replay(line, storage.events_of.get(line.id, ())) == now
        run(Desk(storage=storage, policy=POLICY))
        assert _kept(storage) == _kept(expected)
    assert killed == calls


class Lost(OSError):
    """The connection to the database is lost, for a moment."""


def test_failing_at_any_call_it_is_reported_or_raised_and_run_again_ends_the_same() -> None:
    """An error of one subscription is in the report; one while paging is raised; no other way."""
    expected, calls = _clean(_nightly)
    reported = raised = 0
    for at in range(1, calls + 1):
        storage = MemoryStorage(_lines())
        try:
            report = _nightly(Desk(storage=Failing(storage, at, Lost("gone")), policy=POLICY))
        except Lost:
            raised += 1
        else:
            (failure,) = report.failures
            assert (failure.error, failure.message) == ("Lost", "gone")
            reported += 1
        _nightly(Desk(storage=storage, policy=POLICY))
        assert _kept(storage) == _kept(expected)
    assert reported > raised > 0


def test_a_run_that_fails_after_its_commit_has_renewed_once() -> None:
    """Reported as a failure although it was saved, it is found done and not done twice."""
    storage = MemoryStorage(_lines())
    desk = Desk(storage=storage, policy=POLICY)
    _, calls = _clean(_nightly)
    for at in range(1, calls + 1):
        try:
            _nightly(Desk(storage=Failing(storage, at, Lost("gone")), policy=POLICY))
        except Lost:
            continue
    _nightly(desk)
    assert _kept(storage) == _kept(_clean(_nightly)[0])
    revisions = [each.revision for each in storage.subscriptions.values()]
    assert set(revisions) == {1, 2}


# Under a key

TWO = a_subscription(), a_subscription(id="S-2")
PRICES = a_list(a_price("100.00"))


def _checking_out(desk: Desk) -> object:
    cart = Cart()
    for each in TWO:
        added = cart.add(each, policy=POLICY, prices=PRICES, on=date(2025, 12, 1))
        assert isinstance(added, Cart)
        cart = added
    (purchase,) = cart.purchases(POLICY)
    return desk.check_out(purchase, number="A-1", on=date(2025, 12, 1), key="k")


def _renewing(desk: Desk) -> object:
    return desk.renew("S-1", on=date(2025, 12, 1), key="k")


def _refused(desk: Desk) -> object:
    return desk.renew("S-1", on=date(2025, 2, 1), key="k")


@pytest.mark.parametrize("ask", [_checking_out, _renewing, _refused])
def test_killed_at_any_call_and_asked_again_it_is_done_once(ask: Run) -> None:
    """Before its commit nothing was answered; after it, the first answer is told."""
    clean = MemoryStorage(TWO, prices=PRICES)
    counting = Failing(clean, 0, Killed())
    first = ask(Desk(storage=counting, policy=POLICY))
    assert counting.calls > 5
    for at in range(1, counting.calls + 1):
        storage = MemoryStorage(TWO, prices=PRICES)
        with pytest.raises(Killed):
            ask(Desk(storage=Failing(storage, at, Killed()), policy=POLICY))
        assert storage.answers in ({}, clean.answers)
        assert ask(Desk(storage=storage, policy=POLICY)) == first
        assert (_kept(storage), storage.answers) == (_kept(clean), clean.answers)
