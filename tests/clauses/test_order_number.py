"""The clauses of "renewal by order number": opened with number and password, switched, linked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from subrenew import (
    AttemptLimit,
    CancelAt,
    Cart,
    Channel,
    CheckOut,
    Decision,
    Order,
    OrderRoute,
    OrderTransition,
    RegionLink,
    RenewalPolicy,
    Route,
    Secret,
    SwitchRoute,
    cancel,
    order_access,
    renew_automatically,
    switching,
)
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.testing.memory import MemoryStorage
from tests.clauses.page import (
    CARD,
    EARLY,
    EXPIRES,
    LAST,
    OPEN,
    PAGE,
    PRICES,
    asked,
    automatic,
    cites,
    does,
    done,
    refused,
)
from tests.makers import OFF, ON, a_subscription

RESET = "https://example.com/reset"
LINKS = tuple(
    RegionLink(region=region, url=f"https://example.com/{region}") for region in ("FR", "JP")
)
#: The page's links are pictures there, so a user of the library supplies them.
LINKED = PAGE.evolve(order_reset_link=RESET, order_links=LINKS)
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
RIGHT, WRONG = Secret("correct horse"), Secret("battery staple")
NEXT_END = EXPIRES.replace(year=2027)


def a_desk(policy: RenewalPolicy = LINKED, *, tries: int = 5) -> Desk:
    """A desk with the order AB-123 of two lines, bought with the password and renewed by it."""
    lines = [
        a_subscription(id=each, channel=Channel.ORDER, payment_method=CARD) for each in ("1", "2")
    ]
    desk = Desk(
        storage=MemoryStorage(lines, prices=PRICES),
        policy=policy,
        hasher=ScryptHasher(cost=4),
        limit=AttemptLimit(tries=tries),
    )
    cart = Cart()
    for line in lines:
        filled = cart.add(line, policy=policy, prices=PRICES, on=OPEN)
        assert isinstance(filled, Cart)
        cart = filled
    [purchase] = cart.purchases(policy)
    bought = desk.check_out(purchase, number="AB-123", on=OPEN, password=RIGHT)
    assert isinstance(bought, CheckOut)
    return desk


def opened(desk: Desk | None = None, **changes: Any) -> Decision[OrderRoute]:
    """What somebody sees who gives the right number and the right password."""
    given = {"number": "AB-123", "password": RIGHT, "on": OPEN, "at": NOON}
    return (desk or a_desk()).open_order(**given | changes)


def found(decision: Decision[OrderRoute], code: str) -> dict[str, object]:
    """The values of the finding with this code, under the clause that it cites."""
    [each] = [each for each in decision.findings if each.code == code]
    return {"clause": each.clause.id} | dict(each.values)


# Managed through the order


@pytest.mark.clause("order")
def test_what_was_bought_by_order_is_managed_there():
    """Every action of it takes place at the order's page, and of another not."""
    by_order = automatic(channel=Channel.ORDER)
    assert {each.where for each in asked(by_order).actions} == {Channel.ORDER}
    assert {each.where for each in asked(automatic()).actions} == {Channel.ACCOUNT}


@pytest.mark.clause("order")
def test_an_opened_order_is_managed_as_a_whole():
    """The page that opens holds the order with its lines, to be managed."""
    decision = opened()
    assert (decision.route, str(decision.clause)) == (OrderRoute.OPEN_ORDER, "order")
    assert does(decision) == ["manage-order"]
    assert [each.id for each in decision.subscription.subscriptions] == ["1", "2"]


@pytest.mark.clause("order")
def test_nothing_is_managed_through_an_order_that_is_not_open():
    """A decision that did not open the page switches nothing."""
    desk = a_desk()
    shut = opened(desk, password=WRONG)
    assert refused(desk.switch_order(shut, to=ON, on=OPEN)) is shut


# Number and password


@pytest.mark.clause("order.unlock")
@pytest.mark.parametrize("number", ["AB-123", " ab-123 ", "\uff21\uff22-123"])
def test_number_and_password_find_an_order(number):
    """The number may be typed in any width and case; it is the same number."""
    assert opened(number=number).route is OrderRoute.OPEN_ORDER


@pytest.mark.clause("order.unlock")
@pytest.mark.parametrize(
    "wrong",
    [{"number": "AB-124"}, {"password": WRONG}, {"number": "AB-124", "password": WRONG}],
)
def test_neither_number_nor_password_is_enough(wrong):
    """Nothing opens, nothing of the order is shown, and nothing tells which was wrong."""
    decision = opened(**wrong)
    assert (decision.route, str(decision.clause)) == (OrderRoute.TRY_AGAIN, "order.unlock")
    assert decision.subscription is None
    assert found(decision, "not-found") == {"clause": "order.unlock"}
    assert decision.cell is opened(number="XY-9").cell


@pytest.mark.clause("order.unlock")
@pytest.mark.parametrize(("number", "opens"), [("AB-123", True), ("AB-124", False)])
def test_an_order_is_opened_by_its_own_number_only(number, opens):
    """Whatever the caller's storage returned for the number that was typed."""
    line = a_subscription(channel=Channel.ORDER)
    order = Order(number="AB-123", placed_on=OPEN, subscriptions=(line,))
    decision = order_access(
        order, number=number, password=RIGHT, verify=RIGHT.__eq__, policy=LINKED, on=OPEN
    )
    assert (decision.route is OrderRoute.OPEN_ORDER) is opens
    assert (decision.subscription is order) is opens


@pytest.mark.clause("order.unlock")
@pytest.mark.parametrize(("password", "opens"), [(RIGHT, True), (WRONG, False)])
def test_an_order_is_opened_by_its_own_password_only(password, opens):
    """Whatever order the caller's storage returned beside it."""
    decision = given_to_the_rule(password)
    assert (decision.route is OrderRoute.OPEN_ORDER) is opens


def given_to_the_rule(password: Secret, **more: str) -> Decision[OrderRoute]:
    """The decision about AB-123 and a password, without a storage before it."""
    order = Order(
        number="AB-123", placed_on=OPEN, subscriptions=(a_subscription(channel=Channel.ORDER),)
    )
    given = {"number": "AB-123", "verify": RIGHT.__eq__, "policy": LINKED, "on": OPEN}
    return order_access(order, password=password, **given | more)


@pytest.mark.clause("order.unlock")
def test_passwords_are_not_tried_for_ever():
    """After two failures even the right one waits, whether there is such an order or not."""
    for number in ("AB-123", "AB-124"):
        desk = a_desk(tries=2)
        for _ in range(2):
            opened(desk, number=number, password=WRONG)
        decision = opened(desk, number=number)
        assert decision.route is OrderRoute.WAIT
        assert found(decision, "too-many-tries") == {"clause": "order.unlock"}


# A prefilled number


@pytest.mark.clause("order.prefilled")
@pytest.mark.parametrize("password", [RIGHT, WRONG])
def test_a_number_that_is_not_the_confirmed_one_opens_nothing(password):
    """The number in the confirmation message counts; with any password the answer is the same."""
    decision = opened(password=password, confirmed_number="AB-124")
    assert decision.route is OrderRoute.CHECK_NUMBER
    assert does(decision) == ["copy-number"]
    assert decision.codes == ("prefilled-differs", "page-elsewhere")
    assert found(decision, "prefilled-differs") == {"clause": "order.prefilled"}


@pytest.mark.clause("order.prefilled")
def test_beside_another_confirmed_number_a_right_password_proves_nothing():
    """The rule has one answer for it and for a wrong one, whatever the storage looked up."""
    right, wrong = (given_to_the_rule(each, confirmed_number="AB-124") for each in (RIGHT, WRONG))
    assert right == wrong
    assert right.route is OrderRoute.CHECK_NUMBER


@pytest.mark.clause("order.prefilled")
def test_a_number_that_is_the_confirmed_one_opens_the_order():
    """As it is typed or printed makes no difference."""
    assert opened(confirmed_number="ab-123 ").route is OrderRoute.OPEN_ORDER


@pytest.mark.clause("order.prefilled")
def test_who_did_not_find_the_order_copies_the_number():
    """Without the confirmation message at hand, the way back to it is offered first."""
    assert does(opened(number="AB-124"))[0] == "copy-number"


# A forgotten password


@pytest.mark.clause("order.forgotten")
def test_a_forgotten_password_is_reset_through_the_link():
    """The link is in the answer, and the way to it is the only action."""
    decision = opened(password=None)
    assert (decision.route, str(decision.clause)) == (OrderRoute.RESET_PASSWORD, "order.forgotten")
    assert does(decision) == ["reset-password"]
    expected = {"clause": "order.forgotten", "link": RESET}
    assert found(decision, "password-forgotten") == expected


@pytest.mark.clause("order.forgotten")
def test_to_forget_a_password_is_no_failed_try():
    """Whoever asks for the link again and again may still open the order."""
    desk = a_desk(tries=1)
    opened(desk, password=None)
    assert opened(desk).route is OrderRoute.OPEN_ORDER


@pytest.mark.clause("order.forgotten")
@pytest.mark.parametrize("tries", [1, 5])
def test_a_password_can_be_reset_after_it_was_wrong(tries):
    """Offered beside another try, and also where no try is left."""
    desk = a_desk(tries=tries)
    assert "reset-password" in does(opened(desk, password=WRONG))
    assert opened(desk, password=None).route is OrderRoute.RESET_PASSWORD


# The order's switch


def lines(desk: Desk) -> list[Any]:
    """The lines of the order, as they are stored."""
    with desk.storage.transaction() as held:
        return [held.subscriptions.get(each).value for each in ("1", "2")]


@pytest.mark.clause("order.switch")
def test_an_order_is_switched_on_and_renews_on_the_scheduled_date():
    """Every line of it, and on that date the nightly run renews them all."""
    desk = a_desk()
    switched = desk.switch_order(opened(desk), to=ON, on=OPEN)
    assert isinstance(switched, OrderTransition)
    assert {each.clause for each in switched.events} == {"order.switch"}
    assert [each.auto_renew for each in lines(desk)] == [ON, ON]
    assert desk.renew_due(NEXT_END).renewed == ("1", "2")
    assert [each.starts_on for each in lines(desk)] == [NEXT_END, NEXT_END]


@pytest.mark.clause("order.switch")
def test_an_order_is_switched_off_and_does_not_renew():
    """Every line of it, and on the date nothing happens."""
    desk = a_desk()
    desk.switch_order(opened(desk), to=ON, on=OPEN)
    assert [each.auto_renew for each in lines(desk)] == [ON, ON]
    desk.switch_order(opened(desk), to=OFF, on=OPEN)
    assert [each.auto_renew for each in lines(desk)] == [OFF, OFF]
    assert desk.renew_due(NEXT_END).renewed == ()


@pytest.mark.clause("order.switch")
def test_what_renews_itself_can_be_switched_off_until_the_last_day():
    """The action is offered with that day; cancelling at the end of the term is the same act."""
    [action] = [each for each in asked(automatic(), EARLY).actions if each.code == "switch-off"]
    assert (action.by, action.clause.id) == (LAST, "order.switch")
    ended = done(cancel(automatic(), at=CancelAt.END_OF_TERM, policy=PAGE, on=LAST))
    assert ended.auto_renew is OFF
    refused(renew_automatically(ended, policy=PAGE, on=EXPIRES))


@pytest.mark.clause("order.switch")
def test_a_policy_may_close_the_switch_before_the_date():
    """Then it renews, or ends, as it is set."""
    closing = PAGE.evolve(switch_closes_days=2)
    decision = switching(automatic(), policy=closing, on=LAST)
    assert decision.route is SwitchRoute.TOO_LATE
    assert "order.switch" in cites(decision)
    assert asked(automatic(), LAST, policy=closing).route is Route.RENEWS_ITSELF


# The page's links


@pytest.mark.clause("order.links")
@pytest.mark.parametrize("region", ["FR", "jp"])
def test_each_region_has_its_link_to_the_order_page(region):
    """Whoever did not get in is shown the link of the region."""
    values = found(opened(number="AB-124", region=region), "page-elsewhere")
    url = f"https://example.com/{region.upper()}"
    assert values == {"clause": "order.links", "link": url}


@pytest.mark.clause("order.links")
@pytest.mark.parametrize("region", [None, "US"])
def test_where_the_region_has_no_link_all_are_shown(region):
    """The customer knows the region, also where the caller does not."""
    assert found(opened(number="AB-124", region=region), "page-elsewhere")["links"] == LINKS


@pytest.mark.clause("order.links")
def test_on_the_order_page_itself_no_link_is_needed():
    """It is for those whom the account does not lead there."""
    assert "page-elsewhere" not in opened().codes
