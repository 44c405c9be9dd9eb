"""A gateway that takes no money keeps the promises of one that does."""

from datetime import date
from threading import Thread

import attrs
import pytest

from subrenew import Due, InvalidValue, ListPrice, Money, PriceList, Receipt, Term, renewal_due
from subrenew.collecting import Decline, Refund
from subrenew.policy.vendors import autodesk
from subrenew.renewal.transitions import Refusal
from subrenew.rules.renewability import renewability
from subrenew.testing.gateways import FakeGateway
from tests.makers import ON, PAYPAL, a_subscription

END = date(2026, 1, 1)
PRICES = PriceList(
    prices=(
        ListPrice(
            product="CAD", term=Term.years(1), price=Money(1000, "USD"), from_on=date(2020, 1, 1)
        ),
    )
)


def a_due(**changes: object) -> Due:
    """What is due on the first of January."""
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    found = renewal_due(held, policy=autodesk.EDITION_2024, prices=PRICES, on=END)
    assert isinstance(found, Due)
    return attrs.evolve(found, **changes)


def a_refund(due: Due, receipt: Receipt) -> Refund:
    """Money to be given back."""
    decision = renewability(due.subscription, policy=autodesk.EDITION_2024, on=END)
    return Refund(due=due, receipt=receipt, refusal=Refusal(decision=decision))


def test_it_charges_what_is_due() -> None:
    """With a receipt under the due's key."""
    gateway = FakeGateway()
    receipt = gateway.charge(a_due())
    assert isinstance(receipt, Receipt)
    assert (receipt.key, receipt.amount) == ("S-1/2026-01-01", Money("950.00", "USD"))
    assert gateway.receipts == (receipt,)
    assert gateway.taken == (Money("950.00", "USD"),)


def test_under_one_key_it_charges_once() -> None:
    """Sixteen at once are all given the first answer."""
    gateway, seen = FakeGateway(), []
    threads = [Thread(target=lambda: seen.append(gateway.charge(a_due()))) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(seen) == 16
    assert set(seen) == set(gateway.receipts)
    assert len(gateway.receipts) == 1


def test_another_amount_under_a_key_takes_nothing() -> None:
    """The receipt is of the amount that was taken, which tells whoever records it."""
    gateway = FakeGateway()
    first = gateway.charge(a_due())
    assert gateway.charge(a_due(amount=Money(1, "USD"))) == first
    assert gateway.taken == (Money("950.00", "USD"),)


def test_what_is_declined_stays_declined_under_its_key() -> None:
    """The next attempt has a key of its own."""
    gateway = FakeGateway(lambda due: "card expired" if due.attempt == 1 else None)
    assert gateway.charge(a_due()) == Decline(reason="card expired")
    assert gateway.charge(a_due()) == Decline(reason="card expired")
    assert isinstance(gateway.charge(a_due(attempt=2)), Receipt)
    assert gateway.taken == (Money("950.00", "USD"),)


def test_without_an_amount_there_is_nothing_to_charge() -> None:
    """Nothing is taken."""
    gateway = FakeGateway()
    with pytest.raises(InvalidValue, match="charge a due with an amount"):
        gateway.charge(a_due(amount=None))
    assert gateway.taken == ()


def test_what_is_given_back_was_taken() -> None:
    """Once, and from the sum of its currency."""
    gateway, due, other = FakeGateway(), a_due(), a_due(attempt=2)
    receipt = gateway.charge(due)
    gateway.charge(other)
    assert isinstance(receipt, Receipt)
    for _ in range(2):
        gateway.refund(a_refund(due, receipt))
    assert gateway.taken == (Money("950.00", "USD"),)
    never = attrs.evolve(receipt, key="S-2/2026-01-01")
    with pytest.raises(InvalidValue, match="give back what was charged"):
        gateway.refund(a_refund(due, never))
