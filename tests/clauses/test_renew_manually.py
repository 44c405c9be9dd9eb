"""The clauses of "renew manually": who pays so, from when on, the message, the cart, the end."""

from datetime import date, timedelta

import attrs
import pytest

from subrenew import (
    Account,
    Cart,
    CartChange,
    Changed,
    CheckOut,
    GroupKey,
    Mechanism,
    Medium,
    Money,
    Order,
    OrderTransition,
    PaymentKind,
    PaymentMethod,
    Purchase,
    Route,
    Stage,
    StageLength,
    Subscription,
    check_out,
    due,
    exclusions,
    notices,
    renew,
    renew_automatically,
    renew_order,
    renewal_quote,
    renewal_window,
)
from tests.clauses.page import (
    CARD,
    EARLY,
    EXPIRES,
    LAST,
    LIST_PRICE,
    ONE_DAY,
    OPEN,
    OPENS,
    PAGE,
    PRICES,
    STARTS,
    asked,
    automatic,
    cites,
    does,
    done,
    refused,
)
from tests.makers import MONTHLY, PAYPAL, WIRE, a_list, a_price, a_subscription

NAMED = (PaymentKind.ALIPAY, PaymentKind.KONBINI, PaymentKind.WIRE_TRANSFER)
RENEWED = Money("95.00", "USD")


# Paid by the customer


@pytest.mark.clause("manual")
@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("mechanism", [Mechanism.PULL, Mechanism.PUSH])
def test_paid_by_one_of_the_three_kinds_it_is_renewed_manually(kind, mechanism):
    """Even with the switch on, and even where the vendor could charge it: the page names them."""
    held = automatic(payment_method=PaymentMethod(kind=kind, mechanism=mechanism))
    decision = asked(held)
    assert decision.route is Route.RENEW_NOW
    assert not decision.renews_itself
    assert {"switch-without-effect", "payment-by-customer"} <= set(decision.codes)
    assert "manual" in cites(decision)
    refused(renew_automatically(held, policy=PAGE, on=EXPIRES))
    assert done(renew(held, policy=PAGE, on=OPEN)).starts_on == EXPIRES


@pytest.mark.clause("manual")
def test_the_three_kinds_are_examples():
    """Whatever the customer sends is renewed manually; what the vendor collects is not."""
    sent = PaymentMethod(kind="cheque", mechanism=Mechanism.PUSH)
    collected = PaymentMethod(kind="cheque", mechanism=Mechanism.PULL)
    assert asked(automatic(payment_method=sent)).route is Route.RENEW_NOW
    for method in (collected, PAYPAL):
        assert asked(automatic(payment_method=method)).route is Route.RENEWS_ITSELF


@pytest.mark.clause("manual")
def test_a_purchase_order_is_renewed_manually_as_a_unit():
    """Paid by transfer: every line or none."""
    lines = tuple(a_subscription(id=each, payment_method=WIRE) for each in ("1", "2"))
    order = Order(number="PO-1", placed_on=STARTS, subscriptions=lines)
    renewed = renew_order(order, policy=PAGE, on=OPEN)
    assert isinstance(renewed, OrderTransition)
    assert [line.starts_on for line in renewed.order.subscriptions] == [EXPIRES, EXPIRES]
    over = attrs.evolve(lines[1], starts_on=date(2024, 1, 1), expires_on=STARTS)
    mixed = attrs.evolve(order, subscriptions=(lines[0], over))
    assert refused(renew_order(mixed, policy=PAGE, on=OPEN)).route is Route.BUY_NEW


# From 90 days before


@pytest.mark.clause("manual.window")
@pytest.mark.parametrize(
    ("on", "opened"),
    [(OPENS - ONE_DAY, False), (OPENS, True), (OPENS + ONE_DAY, True), (LAST, True)],
)
def test_it_can_be_renewed_from_90_days_before_the_expiry_date(on, opened):
    """The 91st day before is refused, the 90th, the 89th and the last are not."""
    assert timedelta(days=90) == EXPIRES - OPENS
    decision = asked(a_subscription(), on)
    assert decision.can_renew_now is opened
    assert ("window-not-open" in decision.codes) is not opened
    answer = renew(a_subscription(), policy=PAGE, on=on)
    if opened:
        assert done(answer).starts_on == EXPIRES
    else:
        assert refused(answer).route is Route.WAIT_FOR_WINDOW


@pytest.mark.clause("manual.window")
def test_before_it_opens_the_day_is_told():
    """By the window, by the action and by the finding, each with the clause where it has one."""
    window = renewal_window(a_subscription(), policy=PAGE, on=EARLY)
    assert (window.opens_on, window.last_on) == (OPENS, LAST)
    decision = asked(a_subscription(), EARLY)
    [found] = [each for each in decision.findings if each.code == "window-not-open"]
    assert (found.clause.id, dict(found.values)["opens_on"]) == ("manual.window", OPENS)
    [action] = [each for each in decision.actions if each.code == "renew"]
    assert (action.from_on, action.by) == (OPENS, LAST)
    assert decision.changes_on == OPENS


@pytest.mark.clause("manual.window")
def test_a_term_that_is_shorter_than_90_days_opens_with_its_first_day():
    """The options of a term are not visible before the term."""
    monthly = a_subscription(term=MONTHLY)
    assert renewal_window(monthly, policy=PAGE, on=STARTS).opens_on == STARTS
    assert not asked(monthly, STARTS - ONE_DAY).can_renew_now


# The message


@pytest.mark.clause("manual.notice")
def test_a_message_tells_that_it_can_be_renewed():
    """By e-mail, from the day on which it can, and about nothing before that day."""
    [notice] = notices(a_subscription(), policy=PAGE, on=EARLY)
    assert (notice.code, notice.clause.id) == ("you-can-renew-now", "manual.notice")
    assert (notice.earliest_on, notice.latest_on) == (OPENS, LAST)
    assert notice.medium == {Medium.EMAIL}
    assert due(a_subscription(), policy=PAGE, on=OPENS - ONE_DAY) == ()
    assert due(a_subscription(), policy=PAGE, on=OPENS) == (notice,)
    assert asked(a_subscription(), OPENS).can_renew_now


@pytest.mark.clause("manual.notice")
def test_the_message_is_sent_once():
    """What was sent is known by its key."""
    [notice] = due(a_subscription(), policy=PAGE, on=OPENS)
    assert due(a_subscription(), policy=PAGE, on=OPENS + ONE_DAY, sent={notice.key}) == ()


@pytest.mark.clause("manual.notice")
def test_what_renews_itself_needs_no_such_message():
    """It cannot be renewed manually, so nobody is told that it can."""
    assert due(automatic(), policy=PAGE, on=OPEN) == ()


def test_what_is_renewed_needs_no_such_message_any_more():
    """The next one is about the next term."""
    renewed = done(renew(a_subscription(), policy=PAGE, on=OPEN))
    assert due(renewed, policy=PAGE, on=OPEN) == ()


# The cart


def filled(*subscriptions: Subscription, on: date = OPEN) -> Cart:
    """A cart with these renewals."""
    cart = Cart()
    for each in subscriptions:
        added = cart.add(each, policy=PAGE, prices=PRICES, on=on)
        assert isinstance(added, Cart), added
        cart = added
    return cart


def bought(purchase: Purchase, **changes: object) -> object:
    """What the check-out of a purchase returns."""
    given = {"number": "PO-1", "policy": PAGE, "prices": PRICES, "on": OPEN}
    return check_out(purchase, **given | changes)


@pytest.mark.clause("manual.cart")
def test_a_renewal_is_bought_in_a_cart():
    """Put in, quoted, paid: the order has the renewed line."""
    [purchase] = filled(a_subscription()).purchases(PAGE)
    assert purchase.quote.total == RENEWED
    answer = bought(purchase)
    assert isinstance(answer, CheckOut)
    assert answer.quote.total == RENEWED
    assert [line.starts_on for line in answer.order.subscriptions] == [EXPIRES]


@pytest.mark.clause("manual.cart")
@pytest.mark.parametrize("held", [automatic(), a_subscription(starts_on=STARTS + ONE_DAY * 9)])
def test_only_a_renewal_goes_into_the_cart(held):
    """What renews itself, or is not open yet, is refused with its decision."""
    refused(Cart().add(held, policy=PAGE, prices=PRICES, on=OPENS))


@pytest.mark.clause("manual.cart")
def test_prices_are_reviewed_before_it_is_bought():
    """A price that rose stops the purchase until its new total is accepted."""
    [purchase] = filled(a_subscription()).purchases(PAGE)
    risen = a_list(a_price("200.00"))
    [change] = bought(purchase, prices=risen)
    assert isinstance(change, CartChange)
    assert (change.what, change.before, change.after) == (
        Changed.PRICE,
        RENEWED,
        Money("190.00", "USD"),
    )
    accepted = bought(purchase, prices=risen, accepted=Money("190.00", "USD"))
    assert isinstance(accepted, CheckOut)
    assert accepted.quote.total == Money("190.00", "USD")


@pytest.mark.clause("manual.cart")
def test_a_line_that_can_no_longer_be_renewed_stops_the_purchase():
    """Nothing of it is bought."""
    [purchase] = filled(a_subscription()).purchases(PAGE)
    changes = filled(a_subscription()).review(policy=PAGE, prices=PRICES, on=EXPIRES)
    assert Changed.ELIGIBILITY in {each.what for each in changes}
    assert refused(bought(purchase, on=EXPIRES)).route is Route.BUY_NEW


@pytest.mark.clause("manual.cart")
@pytest.mark.parametrize(
    ("key", "other"),
    [
        (GroupKey.CUSTOMER, {"account": Account(id="A-2")}),
        (GroupKey.PAYMENT, {"payment_method": WIRE}),
        (GroupKey.CURRENCY, {"currency": "EUR"}),
    ],
)
def test_one_purchase_has_one_customer_currency_and_way_of_paying(key, other):
    """Lines that differ in one of the three are bought one after the other."""
    cart = filled(a_subscription(), a_subscription(id="S-2", **other))
    assert len(cart.purchases(PAGE)) == 2
    together = PAGE.evolve(cart_groups=PAGE.cart_groups - {key})
    assert len(cart.purchases(together)) == 1


# Before the expiry date


@pytest.mark.clause("manual.deadline")
def test_renewed_on_the_last_day_access_and_price_are_kept():
    """The next term begins where this one ends, at the renewal price, without a day between."""
    quote = renewal_quote(a_subscription(), prices=PRICES, policy=PAGE, on=LAST)
    answer = renew(a_subscription(), policy=PAGE, on=LAST)
    renewed = done(answer)
    assert [each.clause for each in answer.events] == ["manual.deadline"]
    assert quote.total == RENEWED
    assert renewed.starts_on == EXPIRES
    assert [asked(renewed, on).access.value for on in (LAST, EXPIRES)] == ["full", "full"]


@pytest.mark.clause("manual.deadline")
def test_not_renewed_by_then_both_are_lost():
    """On the expiry date there is no access, and what is bought costs what a new one costs."""
    quote = renewal_quote(a_subscription(), prices=PRICES, policy=PAGE, on=EXPIRES)
    assert asked(a_subscription(), LAST).access.value == "full"
    assert asked(a_subscription(), EXPIRES).access.value == "none"
    assert quote.total == LIST_PRICE


@pytest.mark.clause("manual.deadline")
def test_the_deadline_is_the_day_before_the_expiry_date():
    """The action says so, and after that day nothing of the renewal is offered."""
    [action] = [each for each in asked(a_subscription()).actions if each.code == "renew"]
    assert action.by == LAST
    assert "renew" not in does(asked(a_subscription(), EXPIRES))


@pytest.mark.clause("manual.deadline")
def test_where_a_stage_still_renews_late_the_price_is_gone():
    """Late is later than the deadline, whatever a stage allows."""
    policy = PAGE.evolve(stages=(Stage(name="late", lengths=(StageLength(days=15),)),))
    last, late = (exclusions(a_subscription(), policy=policy, on=on) for on in (LAST, EXPIRES))
    assert "renewed-late" not in last.codes
    [found] = [each for each in late.findings if each.code == "renewed-late"]
    assert found.clause.id == "manual.deadline"
    quote = renewal_quote(a_subscription(), prices=PRICES, policy=policy, on=EXPIRES)
    assert quote.total == LIST_PRICE


def test_what_renews_itself_has_no_deadline_of_this_kind():
    """On its renewal date it keeps both, until the run has made the renewal."""
    held = automatic(payment_method=CARD)
    quote = renewal_quote(held, prices=PRICES, policy=PAGE, on=EXPIRES)
    assert asked(held, EXPIRES).access.value == "full"
    assert quote.total == RENEWED
