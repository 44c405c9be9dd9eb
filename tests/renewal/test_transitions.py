"""What a transition returns: all of it or a refusal."""

from datetime import date

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    Channel,
    Happening,
    Kind,
    Refusal,
    Renewal,
    Role,
    Transition,
    clauses,
    renewability,
)
from subrenew.policy.vendors import autodesk
from subrenew.renewal.transitions import changed, may_manage
from tests.makers import ON, PAYPAL, a_subscription

POLICY, DAY = autodesk.EDITION_2024, date(2025, 12, 1)


def _decision(policy=POLICY, on=DAY, actor=None, **changes):
    return renewability(a_subscription(**changes), policy=policy, on=on, actor=actor)


def test_nothing_that_changed_is_no_event() -> None:
    """The entity comes back, and nothing happened."""
    same = a_subscription()
    answer = changed(
        same, a_subscription(), Happening.SWITCHED_ON, clauses.AUTOMATIC, _decision(), on=DAY
    )
    assert answer == Transition(subscription=same, events=())
    assert answer.subscription is same


def test_what_changed_is_one_event_from_before_to_after() -> None:
    """With the clause's identifier and the decision in words."""
    after = a_subscription(seats=2)
    answer = changed(
        a_subscription(), after, Happening.SWITCHED_ON, clauses.AUTOMATIC, _decision(), on=DAY
    )
    (event,) = answer.events
    assert (event.before, event.after, event.clause) == (a_subscription(), after, "automatic")
    assert (answer.subscription, answer.order) == (after, None)


@pytest.mark.parametrize(
    ("decision", "may"),
    [
        (_decision(), True),
        (_decision(auto_renew=ON, payment_method=PAYPAL), True),
        (_decision(on=date(2025, 2, 1)), True),
        (_decision(autodesk.EDITION_2025_12, date(2026, 1, 10)), True),
        (_decision(on=date(2026, 1, 10)), False),
        (_decision(kind=Kind.TRIAL), False),
        (_decision(channel=Channel.PARTNER), False),
        (_decision(channel=Channel.PARTNER, auto_renew=ON, payment_method=PAYPAL), False),
        (_decision(actor=Actor(id="P")), False),
        (_decision(actor=Actor(id="P", roles=frozenset({Role.OWNER}))), True),
        (
            _decision(
                actor=Actor(id="P", roles=frozenset({Role.OWNER})),
                account=Account(id="A", managed=True),
            ),
            False,
        ),
    ],
)
def test_who_may_manage_what(decision, may: bool) -> None:
    """A paid one of the vendor's that is not over, by one who may renew it."""
    assert may_manage(decision) is may


def test_a_refusal_says_why_in_many_languages() -> None:
    """Its words are the decision's."""
    refusal = Refusal(decision=_decision(on=date(2025, 2, 1)))
    assert refusal.explain() == refusal.decision.explain()
    assert refusal.explain("fr") == refusal.decision.explain("fr") != refusal.explain()


def test_both_are_values() -> None:
    """Frozen, and equal by what they hold."""
    one, two = (Refusal(decision=_decision()) for _ in range(2))
    assert one == two
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.decision = None  # type: ignore[misc, assignment]
    assert Renewal is Transition
