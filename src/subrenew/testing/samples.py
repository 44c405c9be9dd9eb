"""
What the storage contract saves and reads, and what it does at once.

Rule 1: one subscription has every field away from its default, so that none is forgotten.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

from subrenew.errors import RevisionConflict
from subrenew.model.entities import (
    Account,
    AtRenewal,
    AutoRenew,
    Channel,
    History,
    Kind,
    Mechanism,
    PaymentMethod,
    Subscription,
)
from subrenew.model.money import Money
from subrenew.model.terms import Term, days_after
from subrenew.policy.vendors import autodesk
from subrenew.renewal.events import Event, Verdict
from subrenew.renewal.lifecycle import renew
from subrenew.renewal.transitions import Transition

__all__ = [
    "FIRST",
    "PATIENCE",
    "a_full_subscription",
    "a_subscription",
    "an_event_of_ones_own",
    "asking_again",
    "outcomes_at_once",
    "renewal_events",
]

#: The first day of a term.
FIRST: Final = date(2025, 1, 1)
#: How long, in seconds, threads wait for each other where a storage lets one in at a time.
PATIENCE: Final = 0.5
_MOST_CONFLICTS: Final = 100


def a_subscription(id: str = "S-1", *, starts_on: date = FIRST) -> Subscription:
    """Return an ordinary subscription of a year."""
    return Subscription(id=id, product="CAD", term=Term.years(1), starts_on=starts_on)


def a_full_subscription(id: str = "S-full") -> Subscription:
    """Return a subscription with every field away from its default."""
    return Subscription(
        id=id,
        product="Flow Production Tracking é漢",
        term=Term.months(3),
        # An anchor day that neither end tells.
        starts_on=date(2024, 11, 30),
        expires_on=date(2025, 2, 28),
        anchor_day=31,
        kind=Kind.TRIAL,
        auto_renew=AutoRenew.ON,
        payment_method=PaymentMethod(
            kind="own-kind",
            mechanism=Mechanism.INVOICE,
            valid_through=date(2027, 3, 31),
            id="M-1",
        ),
        channel=Channel.ORDER,
        account=Account(id="A-1", country="FR", managed=True, customer_kind="business"),
        seats=7,
        currency="JPY",
        order_number="ORDER-1",
        cancelled_on=date(2025, 1, 1),
        next_term=Term.years(3),
        conditions=frozenset({"open-invoice"}),
        history=History(
            purchased_on=date(2021, 2, 28),
            renewed_on=date(2024, 2, 1),
            previous_starts_on=date(2024, 8, 31),
            converted_on=date(2021, 3, 30),
            renewals=3,
            offer="education",
            price_cohort="2021",
            unpaid_since=date(2024, 12, 1),
            owed=Money("19000", "JPY"),
            failed_charges=2,
            failed_on=date(2024, 12, 28),
            paid_key="S-1/2024-08-31",
        ),
        at_renewal=AtRenewal(
            auto_renew=AutoRenew.OFF,
            payment_method=PaymentMethod(kind="own-kind", mechanism=Mechanism.PUSH, id="M-0"),
            conditions=frozenset({"closed-account"}),
            next_term=Term.months(6),
        ),
    )


def renewal_events(subscription: Subscription) -> tuple[Event, ...]:
    """Return what happens when it is renewed on its last day."""
    done = renew(
        subscription,
        policy=autodesk.EDITION_2024,
        on=days_after(subscription.expires_on, -1),
        amount=Money("9.50", "USD"),
    )
    assert isinstance(done, Transition), done
    return done.events


def an_event_of_ones_own() -> Event:
    """Return what began in words that the library does not have."""
    return Event(
        what="moved-in",
        on=FIRST,
        subscription_id="S-full",
        before=None,
        after=a_full_subscription(),
        clause="own.clause",
        verdict=Verdict(
            question="own-question",
            edition="own/1",
            on=days_after(FIRST, -1),
            route="own-route",
            codes=("own-code", "another"),
        ),
        amount=Money("0.50", "EUR"),
        actor="P-1",
        id="S-full/1",
        at=datetime(2025, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
    )


def asking_again(
    act: Callable[[int, Callable[[], None]], None],
) -> Callable[[int, Callable[[], None]], None]:
    """Return the act, done again where somebody else was first, as `RevisionConflict` says."""

    def until_done(number: int, together: Callable[[], None]) -> None:
        for _ in range(_MOST_CONFLICTS):
            try:
                act(number, together)
            except RevisionConflict:
                together = _alone
                continue
            return
        raise RevisionConflict(
            f"asked {_MOST_CONFLICTS} times, and somebody else was first each time"
        )

    return until_done


def _alone() -> None:
    """Wait for nobody."""


def outcomes_at_once(act: Callable[[int, Callable[[], None]], None]) -> list[str]:
    """
    Return how it went for eight threads that do it at once, numbered from 2 on.

    Each is given what to call before it leaves its transaction, to wait for the others to have come
    as far. Where a storage lets one in at a time, that is given up. What a storage raises in place
    of `RevisionConflict` is named.
    """
    gate, inside = threading.Barrier(8), threading.Barrier(8)
    outcomes: list[str] = []

    def together() -> None:
        with suppress(threading.BrokenBarrierError):
            inside.wait(PATIENCE)

    def one(number: int) -> None:
        gate.wait()
        try:
            act(number, together)
        except RevisionConflict:
            outcomes.append("conflict")
        except Exception as error:  # noqa: BLE001 - whatever a storage raises instead
            kind = type(error)
            outcomes.append(f"{kind.__module__}.{kind.__qualname__}: {error}")
        else:
            outcomes.append("saved")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2, 10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(outcomes)
