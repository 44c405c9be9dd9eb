"""Three customers, one year: the golden story, told through the desk."""

from datetime import date

from subrenew import (
    Account,
    AutoRenew,
    Happening,
    Money,
    PaymentMethod,
    Refusal,
    Route,
    Subscription,
    Term,
    Transition,
    buy_anew,
    renewability,
    renewal_quote,
    renewal_window,
    replay,
)
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk
from subrenew.testing.memory import MemoryStorage
from tests.makers import a_list, a_price

POLICY = autodesk.EDITION_2024
PRICES = a_list(a_price("1690.00"))


def _bought(id: str, **more: object) -> Subscription:
    return Subscription(
        id=id,
        product="CAD",
        term=Term.years(1),
        starts_on=date(2024, 1, 31),
        account=Account(id=f"account of {id}"),
        **more,  # type: ignore[arg-type]
    )


def test_three_customers_and_what_became_of_their_subscriptions() -> None:
    """One repairs the card and renews itself, one renews by hand, one comes too late."""
    # On 31 January 2024 three customers buy the same for a year.
    card = PaymentMethod.card(expires="2024-12", id="card of Anna")
    anna = _bought("Anna", auto_renew=AutoRenew.ON, payment_method=card)
    bert, carl = _bought("Bert"), _bought("Carl")
    storage = MemoryStorage([anna, bert, carl], prices=PRICES)
    desk = Desk(storage=storage, policy=POLICY)

    # Anna's card will have lapsed on the day it renews. The notice is the decision's own action.
    decision = renewability(anna, policy=POLICY, on=date(2024, 2, 1))
    assert decision.route is Route.REPAIR_PAYMENT
    notice = decision.actions[0]
    assert (notice.code, notice.leads_to) == ("update-payment", Route.RENEWS_ITSELF)
    assert notice.by == date(2025, 1, 30)

    # She does what it says, once, for everything that the card pays for.
    new_card = PaymentMethod.card(expires="2027-03", id="card of Anna")
    (repaired,) = desk.replace_payment_method(new_card, on=date(2024, 11, 20))
    assert isinstance(repaired, Transition)
    decision = renewability(repaired.subscription, policy=POLICY, on=date(2024, 11, 20))
    assert decision.route is notice.leads_to
    assert decision.renews_itself

    # Bert pays by hand. The day before the window opens is too early, the first day is not.
    opens_on = renewal_window(bert, policy=POLICY, on=date(2024, 6, 1)).opens_on
    assert opens_on == date(2024, 11, 2)
    early = desk.renew("Bert", on=date(2024, 11, 1))
    assert isinstance(early, Refusal)
    assert early.decision.changes_on == opens_on
    quote = renewal_quote(bert, prices=PRICES, policy=POLICY, on=opens_on)
    assert quote.total == Money("1605.50", "USD")
    renewed = desk.renew("Bert", on=opens_on, key="Bert's click")
    assert isinstance(renewed, Transition)
    assert renewed.subscription.starts_on == date(2025, 1, 31)
    # He clicks twice, and has renewed once.
    assert desk.renew("Bert", on=opens_on, key="Bert's click") == renewed

    # On 31 January 2025 the nightly run renews Anna's, leaves Carl's, and has nothing to do
    # with Bert's. It runs twice, because somebody was not sure.
    report = desk.renew_due(date(2025, 1, 31))
    assert report.renewed == ("Anna",)
    assert report.left == (("Carl", "buy-new"),)
    assert desk.renew_due(date(2025, 1, 31)).renewed == ()

    # Carl forgot. His is over, and is not brought back: he buys anew, at the list price.
    late = desk.renew("Carl", on=date(2025, 2, 3))
    assert isinstance(late, Refusal)
    assert late.decision.route is Route.BUY_NEW
    bought = desk.change(
        "Carl", lambda each: buy_anew(each, id="Carl, again", policy=POLICY, on=date(2025, 2, 3))
    )
    assert isinstance(bought, Transition)
    assert bought.subscription.starts_on == date(2025, 2, 3)

    # What they have now.
    with storage.transaction() as found:
        now = {each: found.subscriptions.get(each).value for each in ("Anna", "Bert", "Carl")}
        log = {each: found.events.of(each) for each in (*now, "Carl, again")}
    assert now["Anna"].expires_on == now["Bert"].expires_on == date(2026, 1, 31)
    assert now["Carl"] == carl

    # And the events tell it all again.
    assert {id: [event.what for event in events] for id, events in log.items()} == {
        "Anna": [Happening.PAYMENT_REPLACED, Happening.RENEWED_AUTOMATICALLY],
        "Bert": [Happening.RENEWED],
        "Carl": [],
        "Carl, again": [Happening.BOUGHT],
    }
    for first in (anna, bert, carl):
        assert replay(first, log[first.id]) == now[first.id]
    assert replay(None, log["Carl, again"]) == bought.subscription
