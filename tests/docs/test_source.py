"""The source page as tests: for each of its binding clauses, what follows from it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Cart,
    Channel,
    CheckOut,
    Decision,
    Eligibility,
    Kind,
    ListPrice,
    Money,
    Order,
    OrderRoute,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Reduction,
    Refusal,
    RegionLink,
    RegionWays,
    RenewalRate,
    Role,
    Route,
    Saving,
    Secret,
    Subscription,
    Term,
    TermRoute,
    Transition,
    Way,
    buy_anew,
    check_out,
    convert_trial,
    exclusions,
    meets_floor,
    order_access,
    renew,
    renew_automatically,
    renewability,
    renewal_discount,
    renewal_quote,
    renewal_window,
    switch_auto_renew,
    switch_order,
    term_change,
)
from subrenew.policy.vendors import autodesk

PAGE = autodesk.EDITION_2024
YEAR, MONTH = Term.years(1), Term.months(1)
STARTS, EXPIRES = date(2025, 1, 1), date(2026, 1, 1)
OPENS = date(2025, 10, 3)
OPEN = date(2025, 12, 1)
EARLY = date(2025, 6, 1)
CARD = PaymentMethod.card(expires="2030-01")
PRICE = ListPrice(product="CAD", term=YEAR, price=Money("10.01", "USD"), from_on=date(2020, 1, 1))
PRICES = PriceList(prices=(PRICE,))


def sold(**changes: Any) -> Subscription:
    """A year of CAD from 2025-01-01, renewed by hand."""
    fields = {"id": "S-1", "product": "CAD", "term": YEAR, "starts_on": STARTS}
    return Subscription(**fields | changes)


def automatic(**changes: Any) -> Subscription:
    """The same, which renews itself."""
    return sold(**{"auto_renew": AutoRenew.ON, "payment_method": CARD} | changes)


def asked(subscription: Subscription, on: date = OPEN, **changes: Any) -> Decision[Route]:
    """What the page says of it."""
    return renewability(subscription, policy=PAGE, on=on, **changes)


# Introduction ---------------------------------------------------------------------------------


def test_where_it_was_bought_decides_who_renews_it():
    """`channel`: what a partner sold, the partner renews, unless it renews itself."""
    assert asked(sold(channel=Channel.PARTNER)).route is Route.CONTACT_PARTNER
    assert asked(sold(channel=Channel.ACCOUNT)).route is Route.RENEW_NOW
    assert asked(automatic(channel=Channel.PARTNER)).route is Route.RENEWS_ITSELF


def test_bought_directly_it_is_set_up_to_renew_itself():
    """`automatic-default`: a trial that is bought with a card renews itself."""
    trial = sold(kind=Kind.TRIAL, term=Term.days(30), payment_method=CARD)
    bought = convert_trial(trial, id="S-2", policy=PAGE, on=STARTS, term=YEAR)
    assert isinstance(bought, Transition)
    assert bought.subscription.auto_renew is AutoRenew.ON
    assert asked(bought.subscription, EARLY).renews_itself


def test_some_are_renewed_by_hand():
    """`manual-sometimes`: by hand where it does not renew itself, and not where it does."""
    assert asked(sold()).can_renew_now
    assert not asked(automatic()).can_renew_now


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.CONTRACT_MANAGER, True),
        (Role.PURCHASER, True),
        (Role.PRIMARY_ADMIN, True),
        (Role.SECONDARY_ADMIN, False),
        (Role.OWNER, False),
        (Role.USER, False),
    ],
)
def test_in_a_managed_environment_three_roles_renew(role, may):
    """`managed`: and nobody else does."""
    managed = sold(account=Account(id="A-1", managed=True))
    decision = asked(managed, actor=Actor(id="U-1", roles=frozenset({role})))
    assert decision.can_renew_now is may
    assert decision.route is (Route.RENEW_NOW if may else Route.ASK_THE_MANAGER)


# Things to know -------------------------------------------------------------------------------


def test_renewing_costs_less_than_buying_anew():
    """`renewal-price`: before expiry; on the day of expiry it is a new one at its list price."""
    last = renewal_quote(sold(), prices=PRICES, policy=PAGE, on=EXPIRES - timedelta(days=1))
    over = renewal_quote(sold(), prices=PRICES, policy=PAGE, on=EXPIRES)
    assert last.total < last.list_total
    assert over.total == over.list_total


@pytest.mark.parametrize(("term", "short"), [(MONTH, True), (Term.months(2), False)])
def test_monthly_terms_get_no_renewal_price(term, short):
    """`renewal-price.monthly`, `excluded.monthly`: the term decides, one above does not count."""
    decision = exclusions(sold(term=term), policy=PAGE, on=STARTS)
    assert (decision.route is Eligibility.EXCLUDED) is short
    assert ("short-term" in decision.codes) is short


@pytest.mark.parametrize("on", [STARTS, EXPIRES - timedelta(days=1), EXPIRES, date(2027, 1, 1)])
def test_a_trial_is_bought_and_not_renewed(on):
    """`trial`: neither renewed nor extended, on no day."""
    trial = automatic(kind=Kind.TRIAL)
    assert asked(trial, on).route is Route.CONVERT_TRIAL
    assert isinstance(renew(trial, policy=PAGE, on=on), Refusal)
    assert isinstance(renew_automatically(trial, policy=PAGE, on=on), Refusal)


def test_what_has_expired_is_bought_anew():
    """`expired`: from the expiry date on; the new one begins on the day of the purchase."""
    assert asked(sold(), EXPIRES - timedelta(days=1)).route is Route.RENEW_NOW
    assert asked(sold(), EXPIRES).route is Route.BUY_NEW
    assert isinstance(renew(sold(), policy=PAGE, on=EXPIRES), Refusal)
    bought = buy_anew(sold(), id="S-2", policy=PAGE, on=date(2026, 2, 1))
    assert isinstance(bought, Transition)
    assert bought.subscription.starts_on == date(2026, 2, 1)


def test_in_some_regions_the_term_changes():
    """`term-change`: in the account where the region is named, by support where it is not."""
    monthly = sold(term=MONTH)
    named = term_change(monthly, to=YEAR, policy=PAGE, on=STARTS, region="FR")
    other = term_change(monthly, to=YEAR, policy=PAGE, on=STARTS, region="JP")
    assert named.route is TermRoute.CHANGE_IN_ACCOUNT
    assert other.route is TermRoute.UNKNOWN
    assert [action.code for action in other.actions] == ["ask-support"]


def test_without_a_way_it_expires_first():
    """`term-change.otherwise`: it ends, and from that day on another one is bought."""
    policy = PAGE.evolve(term_change_ways=(RegionWays(region="JP", way=Way.NEITHER),))
    decision = term_change(sold(), to=MONTH, policy=policy, on=OPEN, region="JP")
    assert decision.route is TermRoute.LET_EXPIRE
    assert [(each.code, each.from_on) for each in decision.actions] == [("buy-new", EXPIRES)]


# Renew automatically --------------------------------------------------------------------------


@pytest.mark.parametrize("switch", AutoRenew)
@pytest.mark.parametrize("expires", ["2025-12", "2026-01"])
def test_it_renews_itself_with_the_switch_and_a_valid_method(switch, expires):
    """`automatic`: both are needed, and the method has to be valid on the renewal date."""
    card = PaymentMethod.card(expires=expires)
    decision = asked(sold(auto_renew=switch, payment_method=card), EARLY)
    assert decision.renews_itself is (switch is AutoRenew.ON and expires == "2026-01")


def test_the_payment_method_is_reviewed():
    """`automatic.review`: before it is relied on, and repaired where it will have lapsed."""
    assert "review-payment" in [each.code for each in asked(automatic(), EARLY).actions]
    lapsed = asked(automatic(payment_method=PaymentMethod.card(expires="2025-12")), EARLY)
    assert lapsed.route is Route.REPAIR_PAYMENT


def test_switched_on_it_renews_on_its_date():
    """`automatic.switch-on`: on the scheduled date and not on the day of the switch."""
    off = sold(payment_method=CARD)
    done = switch_auto_renew(off, to=AutoRenew.ON, policy=PAGE, on=OPEN)
    assert isinstance(done, Transition)
    assert done.subscription.expires_on == EXPIRES
    assert asked(done.subscription).renews_itself


# Renewal by order number ----------------------------------------------------------------------

LINE = automatic(channel=Channel.ORDER, order_number="AB-123")
ORDER = Order(number="AB-123", placed_on=STARTS, subscriptions=(LINE,))


def opened(order: Order | None = ORDER, **changes: Any) -> Decision[OrderRoute]:
    """What somebody with a number and a password sees; the password is "right"."""
    given = {"number": "AB-123", "password": Secret("right"), "policy": PAGE, "on": OPEN}
    return order_access(order, verify=lambda each: each == Secret("right"), **given | changes)


def test_some_are_managed_through_their_order():
    """`order`: what was bought so is acted on at the order's page, once it is open."""
    assert opened().route is OrderRoute.OPEN_ORDER
    assert {action.where for action in asked(LINE).actions} == {Channel.ORDER}


def test_number_and_password_open_an_order():
    """`order.unlock`: neither is enough, and nothing tells which was wrong."""
    refused = [opened(number="AB-124"), opened(password=Secret("wrong")), opened(None)]
    assert {decision.route for decision in refused} == {OrderRoute.TRY_AGAIN}
    assert len({decision.cell for decision in refused}) == 1


def test_a_prefilled_number_can_be_wrong():
    """`order.prefilled`: the number in the confirmation message counts."""
    assert opened(confirmed_number="AB-124").route is OrderRoute.CHECK_NUMBER
    assert opened(confirmed_number="ab-123 ").route is OrderRoute.OPEN_ORDER


def test_a_forgotten_password_is_reset():
    """`order.forgotten`: through the policy's link."""
    policy = PAGE.evolve(order_reset_link="https://example.com/reset")
    decision = opened(password=None, policy=policy)
    assert decision.route is OrderRoute.RESET_PASSWORD
    assert "https://example.com/reset" in dict(decision.findings[0].values).values()


def test_an_order_is_switched_as_a_whole():
    """`order.switch`: every line, and it renews on the scheduled date."""
    done = switch_order(ORDER, to=AutoRenew.OFF, policy=PAGE, on=OPEN)
    assert not isinstance(done, Refusal)
    [line] = done.order.subscriptions
    assert line == attrs.evolve(LINE, auto_renew=AutoRenew.OFF)
    assert asked(LINE).renews_itself
    assert not asked(line).renews_itself


def test_an_order_page_has_a_link_for_each_region():
    """`order.links`: for those whom the account does not lead there."""
    link = RegionLink(region="FR", url="https://example.com/fr")
    policy = PAGE.evolve(order_links=(link,))
    assert policy.order_link("fr") == link.url
    decision = opened(password=Secret("wrong"), policy=policy, region="FR")
    [page] = [each for each in decision.findings if each.code == "page-elsewhere"]
    assert link.url in dict(page.values).values()


# Renew manually -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [PaymentKind.ALIPAY, PaymentKind.KONBINI, PaymentKind.WIRE_TRANSFER]
)
def test_what_the_customer_sends_is_renewed_by_hand(kind):
    """`manual`: even with the switch on."""
    decision = asked(automatic(payment_method=PaymentMethod(kind=kind)))
    assert decision.route is Route.RENEW_NOW
    assert "payment-by-customer" in decision.codes


def test_it_opens_90_days_before_expiry():
    """`manual.window`: the 90th day is in, the 91st is not."""
    assert renewal_window(sold(), policy=PAGE, on=EARLY).opens_on == OPENS
    assert timedelta(days=90) == EXPIRES - OPENS
    assert asked(sold(), OPENS - timedelta(days=1)).route is Route.WAIT_FOR_WINDOW
    assert asked(sold(), OPENS).route is Route.RENEW_NOW


def test_a_renewal_goes_through_a_cart():
    """`manual.cart`: prices are looked at again before it is bought."""
    cart = Cart().add(sold(), policy=PAGE, prices=PRICES, on=OPEN)
    assert isinstance(cart, Cart)
    [purchase] = cart.purchases(PAGE)
    raised = PriceList(prices=(attrs.evolve(PRICE, price=Money("20.00", "USD")),))
    changed = check_out(purchase, number="PO-1", policy=PAGE, prices=raised, on=OPEN)
    assert isinstance(changed, tuple)
    assert [str(change.what) for change in changed] == ["price"]
    done = check_out(purchase, number="PO-1", policy=PAGE, prices=PRICES, on=OPEN)
    assert isinstance(done, CheckOut)
    assert done.subscriptions[0].starts_on == EXPIRES


def test_before_the_deadline_access_and_price_are_kept():
    """`manual.deadline`: renewed on the last day without a gap; late without the renewal price."""
    last = EXPIRES - timedelta(days=1)
    done = renew(sold(), policy=PAGE, on=last)
    assert isinstance(done, Transition)
    assert done.subscription.starts_on == EXPIRES
    decisions = [
        exclusions(sold(), policy=autodesk.EDITION_2025_12, on=on) for on in (last, EXPIRES)
    ]
    assert ["renewed-late" in each.codes for each in decisions] == [False, True]


# Price exclusions -----------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "renewed"), [("10.00", "9.50"), ("10.01", "9.50")])
def test_it_saves_at_least_five_per_cent(price, renewed):
    """`saving.floor`: rounding never breaks the promise."""
    book = PriceList(prices=(attrs.evolve(PRICE, price=Money(price, "USD")),))
    quote = renewal_quote(sold(), prices=book, policy=PAGE, on=OPEN)
    assert quote.total == Money(renewed, "USD")
    assert meets_floor(quote.total, quote.list_total, Decimal("0.05"))
    assert not meets_floor(Money("9.51", "USD"), Money(price, "USD"), Decimal("0.05"))


@pytest.mark.parametrize("by", [{"product": "CAD"}, {"country": "FR"}, {"customer": "A-1"}])
def test_product_country_and_customer_vary_the_saving(by):
    """`saving.base`: it is a fraction of the list price."""
    rate = RenewalRate(rate=Decimal("0.10"), from_on=STARTS, **by)
    book = PriceList(prices=(PRICE,), rates=(rate,))
    theirs = sold(account=Account(id="A-1", country="FR"))
    quote = renewal_quote(theirs, prices=book, policy=PAGE, on=OPEN)
    assert quote.total == Money("9.00", "USD")
    others = sold(product="Other", account=Account(id="A-2", country="US"))
    saving = renewal_discount(others, policy=PAGE, prices=book, on=OPEN)
    assert saving.route is Saving.FLOOR_RATE


def test_the_saving_may_change_on_any_day():
    """`saving.revisable`: the rate of the day of renewal counts."""
    book = PriceList(prices=(PRICE,), rates=(RenewalRate(rate=Decimal("0.10"), from_on=OPEN),))
    days = (OPEN - timedelta(days=1), OPEN)
    rates = [renewal_discount(sold(), policy=PAGE, prices=book, on=day).rate for day in days]
    assert rates == [Decimal("0.05"), Decimal("0.10")]


def test_discounts_do_not_add_up_with_it():
    """`excluded.reductions`: the line keeps its own and gets no other."""
    spring = Reduction(code="SPRING", rate=Decimal("0.01"))
    quote = renewal_quote(sold(), prices=PRICES, policy=PAGE, on=OPEN, reductions=(spring,))
    assert quote.total == Money("9.90", "USD")
    assert "already-reduced" in [finding.code for finding in quote.findings]


@pytest.mark.parametrize(
    ("product", "code"),
    [(each.code, "excluded-product") for each in autodesk.EXCLUDED_PRODUCTS]
    + [("AutoCAD", "unlisted-product"), ("AutoCAD Web 2", "unlisted-product")],
)
def test_named_products_are_excluded(product, code):
    """`excluded.products`: whole names only, and the list is open."""
    assert code in exclusions(sold(product=product), policy=PAGE, on=OPEN).codes
