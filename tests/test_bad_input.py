"""Bad input is refused by name: the field, the value made short, and what to give instead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from subrenew.errors import InvalidType, InvalidValue, SubrenewError
from subrenew.model.entities import (
    Account,
    Actor,
    AutoRenew,
    History,
    Kind,
    Mechanism,
    Order,
    PaymentKind,
    PaymentMethod,
    Subscription,
)
from subrenew.model.money import Money, meets_floor
from subrenew.model.terms import Dated, Term, Unit, Window, local_day
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.laws import france
from subrenew.policy.parameters import (
    Access,
    Product,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    Way,
)
from subrenew.policy.prices import PriceList
from subrenew.renewal.carts import Cart, Purchase, check_out
from subrenew.renewal.compliance import compliance
from subrenew.renewal.lifecycle import (
    CancelAt,
    cancel,
    lapse,
    renew,
    renew_automatically,
    renew_order,
)
from subrenew.renewal.notices import notices
from subrenew.renewal.plans import plan
from subrenew.renewal.purchases import buy_anew, convert_trial
from subrenew.renewal.quotes import order_quote, renewal_quote
from subrenew.renewal.settings import switch_auto_renew, switch_order
from subrenew.renewal.timelines import timeline
from subrenew.rules import tables
from subrenew.rules.discounts import renewal_discount
from subrenew.rules.exclusions import exclusions
from subrenew.rules.order_access import order_access
from subrenew.rules.renewability import renewability
from subrenew.rules.schedules import late_window, renewal_window, schedule
from subrenew.rules.switching import switching
from subrenew.rules.term_changes import term_change

DAY = date(2024, 1, 31)
NOON = datetime(2024, 1, 31, 12)
YEAR = Term.years(1)
HUGE = 10**5_000
LONG = "x" * 10**6
DEEP = (HUGE, [HUGE])
DOLLAR = Money(1, "USD")
CARD = PaymentMethod.card(expires="2027-03")
POLICY = RenewalPolicy(id="vendor/1")
LENGTH = StageLength(days=1)

Row = tuple[Callable[[], object], type[Exception], str]


def bad(make: Callable[..., object], error: type[Exception], told: str, /, **given: Any) -> Row:
    """Return one row: what is called with what, the error and a piece of its message."""
    return (lambda: make(**given)), error, told


def sub(error: type[SubrenewError], told: str, /, **changes: Any) -> Row:
    """Return a row for a subscription with these fields changed."""
    given = {"id": "S-1", "product": "CAD", "term": YEAR, "starts_on": DAY, **changes}
    return bad(Subscription, error, told, **given)


LINE = Subscription(id="S-1", product="CAD", term=YEAR, starts_on=DAY)
PURCHASE = Purchase(
    key=(), lines=renewal_quote(LINE, prices=PriceList(prices=()), policy=POLICY, on=DAY).lines
)


def order(error: type[SubrenewError], told: str, /, **changes: Any) -> Row:
    """Return a row for an order with these fields changed."""
    given = {"number": "AB-1", "placed_on": DAY, "subscriptions": (LINE,), **changes}
    return bad(Order, error, told, **given)


def pol(error: type[SubrenewError], told: str, /, **changes: Any) -> Row:
    """Return a row for a policy with these fields given."""
    return bad(RenewalPolicy, error, told, **{"id": "vendor/1", **changes})


V, T = InvalidValue, InvalidType

ROWS: dict[str, Row] = {
    # Money
    "money-float": (lambda: Money(1.5, "USD"), T, "Money.amount is 1.5: floats are not exact"),
    "money-bool": (lambda: Money(True, "USD"), T, "Money.amount is True"),
    "money-none": (lambda: Money(None, "USD"), T, "Money.amount is None"),
    "money-words": (lambda: Money("ten", "USD"), V, "Money.amount is 'ten': write digits"),
    "money-comma": (lambda: Money("1,50", "USD"), V, "Money.amount is '1,50': write digits"),
    "money-nan": (lambda: Money(Decimal("NaN"), "USD"), V, "Money.amount is Decimal('NaN')"),
    "money-bomb": (lambda: Money(Decimal("1e999999"), "USD"), V, "Decimal('1E+999999')"),
    "money-huge": (lambda: Money(HUGE, "USD"), V, "an integer of more than 20 digits"),
    "money-long": (lambda: Money(LONG, "USD"), V, "xxx...: write digits"),
    "money-deep": (lambda: Money(DEEP, "USD"), T, "a tuple that cannot be shown"),
    "money-currency": (lambda: Money(1, "usd"), V, "currency is 'usd': give an ISO 4217 code"),
    "money-no-currency": (lambda: Money(1, None), T, "currency is None: give an ISO 4217"),
    "money-product": (lambda: DOLLAR * 10**15, V, "keep sums below 10**15"),
    "money-units": (lambda: Money.of_units(1.0, "USD"), T, "Money.of_units is 1.0"),
    "rate-float": (lambda: DOLLAR.less(0.05), T, "rate is 0.05: give a Decimal fraction: Decimal"),
    "rate-percent": (lambda: DOLLAR.less(Decimal(5)), V, "rate is Decimal('5'): give a fraction"),
    "floor-fraction": (lambda: meets_floor(DOLLAR, DOLLAR, Fraction(1, 20)), T, "floor_rate is"),
    # Term
    "term-zero": (lambda: Term.months(0), V, "Term.count is 0: give a whole number from 1"),
    "term-bool": (lambda: Term.years(True), T, "Term.count is True: give a whole number"),
    "term-text": (lambda: Term.days("7"), T, "Term.count is '7': give a whole number"),
    "term-huge": (lambda: Term.weeks(HUGE), V, "Term.count is an integer of more than 20 digits"),
    "term-unit": (lambda: Term(1, "month"), T, "Term.unit is 'month': give one of Unit.DAY"),
    "term-other-enum": (lambda: Term(1, Kind.PAID), T, "Term.unit is <Kind.PAID: 'paid'>"),
    "term-parse": (lambda: Term.parse("1 year"), V, "Term is '1 year': write P, a number and"),
    "term-parse-bytes": (lambda: Term.parse(b"P1Y"), T, "Term is bytes: give an ISO 8601"),
    "term-end": (lambda: YEAR.end(NOON), T, "starts_on is datetime.datetime(2024, 1, 31"),
    "term-end-text": (lambda: YEAR.end("2024-01-31"), T, "starts_on is '2024-01-31': give a date"),
    "term-anchor": (lambda: YEAR.end(DAY, 0), V, "anchor_day is 0: give a whole number from 1 to"),
    "term-late": (lambda: YEAR.end(date(9000, 1, 1)), V, "keep dates within the years 1900 to"),
    "term-boundary": (lambda: YEAR.boundary(DAY, HUGE), V, "keep dates within the years"),
    "term-boundaries": (lambda: YEAR.boundaries(DAY, -1), V, "count is -1: give a whole number"),
    "term-period": (lambda: YEAR.period_containing(DAY, date(2024, 1, 30)), V, "on or after"),
    # Window, Dated, local_day
    "window-instant": (lambda: Window(NOON, DAY), T, "Window.opens_on is datetime.datetime"),
    "window-text": (lambda: Window(DAY, "2024-02-01"), T, "Window.closes_on is '2024-02-01'"),
    "window-turned": (lambda: Window(DAY, date(2024, 1, 30)), V, "give a day from 2024-01-31 on"),
    "window-early": (lambda: Window(date(1899, 12, 31), DAY), V, "Window.opens_on is datetime"),
    "window-in": (lambda: NOON in Window(DAY, DAY), T, "day is datetime.datetime(2024, 1, 31"),
    "dated-empty": (lambda: Dated(()), V, "Dated.steps is (): give at least one (day, value)"),
    "dated-list": (lambda: Dated([(DAY, 1)]), T, "Dated.steps is [(datetime.date(2024, 1, 31)"),
    "dated-flat": (lambda: Dated((DAY, 1)), T, "Dated.steps[0] is datetime.date(2024, 1, 31)"),
    "dated-triple": (lambda: Dated(((DAY, 1, 2),)), V, "give a pair (day, value)"),
    "dated-single": (lambda: Dated(((),)), V, "Dated.steps[0] is (): give a pair (day, value)"),
    "dated-text": (lambda: Dated((("2024", 1),)), T, "Dated.steps[0] is '2024': give a datetime"),
    "dated-twice": (lambda: Dated(((DAY, 1), (DAY, 2))), V, "Dated.steps[1] is"),
    "dated-at": (lambda: Dated(((DAY, 1),)).at(NOON), T, "local_day(instant, zone)"),
    "local-naive": (lambda: local_day(NOON, UTC), V, "give it a time zone: a naive one is no"),
    "local-date": (lambda: local_day(DAY, UTC), T, "give a datetime with a time zone"),
    "local-zone": (lambda: local_day(NOON, "UTC"), T, "zone is 'UTC': give a tzinfo, such as"),
    # PaymentMethod
    "pay-kind": bad(PaymentMethod, V, "say how 'cheque' moves money", kind="cheque"),
    "pay-kind-none": bad(PaymentMethod, T, "PaymentMethod.kind is None: give text", kind=None),
    "pay-kind-enum": bad(PaymentMethod, T, "PaymentMethod.kind is <Kind.PAID", kind=Kind.PAID),
    "pay-kind-blank": bad(PaymentMethod, V, "PaymentMethod.kind is ''", kind=""),
    "pay-mechanism": bad(
        PaymentMethod,
        T,
        "PaymentMethod.mechanism is 'pull': give one of Mechanism.PULL",
        kind=PaymentKind.CARD,
        mechanism="pull",
    ),
    "pay-through": bad(
        PaymentMethod,
        T,
        "PaymentMethod.valid_through is datetime.datetime",
        kind=PaymentKind.CARD,
        valid_through=NOON,
    ),
    "pay-id": bad(
        PaymentMethod, T, "PaymentMethod.id is 7: give text", kind=PaymentKind.CARD, id=7
    ),
    "card-date": (lambda: PaymentMethod.card(expires=DAY), T, 'write it as "2027-03"'),
    "card-slash": (lambda: PaymentMethod.card(expires="03/27"), V, 'write it as "2027-03"'),
    "card-month": (lambda: PaymentMethod.card(expires="2027-13"), V, "expires is '2027-13'"),
    "card-year": (lambda: PaymentMethod.card(expires="1899-12"), V, "check the year"),
    # Account, Actor, History
    "account-id": bad(Account, T, "Account.id is 7: give text", id=7),
    "account-blank": bad(Account, V, "Account.id is ' A': give 1 to 200 characters", id=" A"),
    "account-long": bad(Account, V, "Account.id is 'xxxx", id=LONG),
    "account-country": bad(Account, V, "Account.country is 'fr': give two", id="A", country="fr"),
    "account-country-type": bad(Account, T, "Account.country is 33", id="A", country=33),
    "account-managed": bad(Account, T, "Account.managed is 1: give a bool", id="A", managed=1),
    "account-kind": bad(Account, V, "Account.customer_kind is ''", id="A", customer_kind=""),
    "actor-id": bad(Actor, V, "Actor.id is 'P\\n1': leave out line breaks", id="P\n1"),
    "actor-roles": bad(Actor, T, "Actor.roles is {'owner'}: give a", id="P", roles={"owner"}),
    "actor-role": bad(Actor, T, "Actor.roles is 'owner': give a frozenset", id="P", roles="owner"),
    "actor-role-enum": bad(
        Actor, T, "give a frozenset of Role or str only", id="P", roles=frozenset({Kind.PAID})
    ),
    "history-day": bad(History, T, "History.purchased_on is '2024'", purchased_on="2024"),
    "history-renewed": bad(History, T, "History.renewed_on is datetime", renewed_on=NOON),
    "history-count": bad(History, V, "History.renewals is -1: give a whole number", renewals=-1),
    "history-bool": bad(History, T, "History.renewals is True", renewals=True),
    # Subscription
    "sub-id": sub(T, "Subscription.id is 7: give text", id=7),
    "sub-id-newline": sub(V, "leave out line breaks and control characters", id="S\n1"),
    "sub-product": sub(V, "Subscription.product is ''", product=""),
    "sub-product-object": sub(T, "Subscription.product is Product(", product=Product(code="C")),
    "sub-term": sub(T, "Subscription.term is 'P1Y': give a Term, such as Term.years", term="P1Y"),
    "sub-term-days": sub(T, "Subscription.term is 365", term=365),
    "sub-start": sub(T, "local_day(instant, zone) turns an instant into one", starts_on=NOON),
    "sub-start-text": sub(T, "Subscription.starts_on is '2024-01-31'", starts_on="2024-01-31"),
    "sub-start-none": sub(T, "Subscription.starts_on is None", starts_on=None),
    "sub-start-early": sub(V, "give a day of the years 1900", starts_on=date(1899, 12, 31)),
    "sub-start-late": sub(V, "keep dates within the years", starts_on=date(9000, 12, 31)),
    "sub-end": sub(T, "Subscription.expires_on is datetime.datetime", expires_on=NOON),
    "sub-end-early": sub(V, "Subscription.expires_on is datetime.date", expires_on=DAY),
    "sub-anchor": sub(V, "anchor_day is 32: give a whole number from 1 to 31", anchor_day=32),
    "sub-anchor-with-end": sub(
        V,
        "Subscription.anchor_day is 0: give a whole number",
        expires_on=date(2025, 1, 31),
        anchor_day=0,
    ),
    "sub-kind": sub(T, "Subscription.kind is 'trial': give one of Kind.PAID", kind="trial"),
    "sub-auto": sub(T, "Subscription.auto_renew is True: give one of AutoRenew", auto_renew=True),
    "sub-channel": sub(T, "give one of Channel.ACCOUNT", channel=AutoRenew.ON),
    "sub-payment": sub(T, "give a PaymentMethod", payment_method=PaymentKind.CARD),
    "sub-account": sub(T, "Subscription.account is 'A-1': give a Account", account="A-1"),
    "sub-seats": sub(V, "Subscription.seats is 0: give a whole number from 1", seats=0),
    "sub-seats-bool": sub(T, "Subscription.seats is True", seats=True),
    "sub-seats-text": sub(T, "Subscription.seats is '7'", seats="7"),
    "sub-seats-huge": sub(V, "Subscription.seats is an integer of more", seats=HUGE),
    "sub-currency": sub(V, "currency is 'euro': give an ISO 4217 code", currency="euro"),
    "sub-order": sub(V, "Subscription.order_number is ''", order_number=""),
    "sub-cancelled": sub(V, "give a day from 2024-01-31", cancelled_on=date(2024, 1, 30)),
    "sub-cancelled-type": sub(T, "Subscription.cancelled_on is True", cancelled_on=True),
    "sub-next": sub(T, "Subscription.next_term is 'P3Y': give a Term", next_term="P3Y"),
    "sub-conditions": sub(T, "Subscription.conditions is ('x',)", conditions=("x",)),
    "sub-no-conditions": sub(T, "Subscription.conditions is []", conditions=[]),
    "sub-condition": sub(T, "give a frozenset of str only", conditions=frozenset({1})),
    "sub-history": sub(T, "Subscription.history is None: give a History", history=None),
    "sub-covering": (
        lambda: Subscription.covering(last_day=NOON),
        T,
        "Subscription.covering.last_day is datetime.datetime",
    ),
    # Order
    "order-number": order(V, "Order.number is 'ab-1': give 1 to 40 capital", number="ab-1"),
    "order-number-type": order(T, "Order.number is 1: give text", number=1),
    "order-day": order(T, "Order.placed_on is datetime.datetime", placed_on=NOON),
    "order-list": order(T, "give a tuple of Subscription", subscriptions=[LINE]),
    "order-empty": order(V, "Order.subscriptions is (): give at least one", subscriptions=()),
    "order-item": order(T, "Order.subscriptions[1] is 'S-2'", subscriptions=(LINE, "S-2")),
    "order-twice": order(V, "is 'S-1': give each line once", subscriptions=(LINE, LINE)),
    "order-account": order(T, "Order.account is 'A-1': give a Account", account="A-1"),
    # Product, Stage, StageLength, RegionWays
    "product-code": bad(Product, V, "Product.code is 'C ': give 1 to 200", code="C "),
    "product-alias": bad(Product, T, "Product.aliases is ['x']", code="C", aliases=["x"]),
    "length-days": bad(StageLength, V, "StageLength.days is -1: give a whole", days=-1),
    "length-bool": bad(StageLength, T, "StageLength.days is True", days=True),
    "length-term": bad(StageLength, T, "StageLength.up_to is 'P1M'", up_to="P1M", days=1),
    "stage-name": bad(Stage, V, "name is ''", name="", access=Access.FULL, lengths=(LENGTH,)),
    "stage-access": bad(
        Stage, T, "Stage.access is 'full': give one of", name="s", access="full", lengths=(LENGTH,)
    ),
    "stage-lengths": bad(
        Stage, T, "Stage.lengths is [", name="s", access=Access.FULL, lengths=[LENGTH]
    ),
    "stage-empty": bad(
        Stage, V, "end with a length for every", name="s", access=Access.FULL, lengths=()
    ),
    "region": bad(RegionWays, T, "RegionWays.region is None", region=None, way=Way.ACCOUNT),
    "region-way": bad(RegionWays, T, "give one of Way.ACCOUNT", region="FR", way="account"),
    # RenewalPolicy
    "policy-id": pol(T, "RenewalPolicy.id is None: give text", id=None),
    "policy-window": pol(V, "RenewalPolicy.window_opens_days is -1", window_opens_days=-1),
    "policy-window-huge": pol(V, "an integer of more than 20 digits", window_opens_days=HUGE),
    "policy-rate": pol(T, "RenewalPolicy.saving_floor_rate is 0.05", saving_floor_rate=0.05),
    "policy-percent": pol(V, "give a fraction below 1", saving_floor_rate=Decimal(5)),
    "policy-digits": pol(V, "at most six digits", saving_floor_rate=Decimal("0.0000001")),
    "policy-roles": pol(V, "let somebody renew", managed_roles=frozenset()),
    "policy-stages": pol(T, "RenewalPolicy.stages[0] is None", stages=(None,)),
    "policy-term": pol(T, "RenewalPolicy.price_excluded_up_to is 1", price_excluded_up_to=1),
    # Editions
    "edition-day": bad(Edition, T, "Edition.from_on is datetime", from_on=NOON, policy=POLICY),
    "edition-policy": bad(Edition, T, "give a RenewalPolicy", from_on=DAY, policy="vendor/1"),
    "editions-empty": (lambda: Editions(()), V, "give at least one edition"),
    "editions-list": (lambda: Editions([POLICY]), T, "give a tuple of Edition"),
    "editions-item": (lambda: Editions((POLICY,)), T, "Editions.editions[0] is RenewalPolicy("),
}


@pytest.mark.parametrize(("make", "error", "told"), ROWS.values(), ids=ROWS)
def test_bad_input_is_refused_by_name(
    make: Callable[[], object], error: type[SubrenewError], told: str
) -> None:
    """Each bad input raises its own error, with the field, the value made short and the remedy."""
    with pytest.raises(SubrenewError) as caught:
        make()
    message = str(caught.value)
    assert type(caught.value) is error
    assert isinstance(caught.value, ValueError)
    assert told in message
    assert len(message) < 250
    assert "\n" not in message


def test_good_input_is_taken() -> None:
    """What the rows start from is good, so that each fails for its own reason."""
    Order(number="AB-1", placed_on=DAY, subscriptions=(LINE,))
    Stage(name="s", access=Access.FULL, lengths=(LENGTH,))
    assert Term(1, Unit.YEAR) == YEAR
    assert CARD.mechanism is Mechanism.PULL
    assert len(ROWS) >= 60


@pytest.mark.parametrize("term", [timedelta(seconds=100), timedelta(days=30)])
def test_a_term_given_as_a_timedelta_says_what_to_do(term):
    """Terms are whole days, so a sandbox's hundred seconds stand for a day each."""
    with pytest.raises(InvalidType, match=r"Subscription\.term .*Term\.days\(1\)"):
        Subscription(id="S-1", product="CAD", term=term, starts_on=date(2026, 1, 1))


@pytest.mark.parametrize("text", ["PT100S", "PT12H", "PT1M"])
def test_a_term_within_one_day_says_what_to_do(text):
    """The same for a duration as text."""
    with pytest.raises(InvalidValue, match=r"whole days.*Term\.days\(1\)"):
        Term.parse(text)


@pytest.mark.parametrize("policy", [{"id": "x"}, None, "autodesk/2024", [], RenewalPolicy])
def test_what_is_no_policy_is_named(policy):
    """A mapping that was not read yet is the usual mistake; the remedy names what reads it."""
    held = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=date(2026, 1, 1))
    with pytest.raises(InvalidType, match=r"policy .*RenewalPolicy\.from_mapping"):
        renewability(held, policy=policy, on=date(2026, 1, 1))


#: What may be asked about a subscription; whoever looks one up and finds none passes ``None``.
ASKED: dict[str, Callable[[Any], object]] = {
    "renewability": lambda held: renewability(held, policy=POLICY, on=DAY),
    "exclusions": lambda held: exclusions(held, policy=POLICY, on=DAY),
    "switching": lambda held: switching(held, policy=POLICY, on=DAY),
    "term_change": lambda held: term_change(held, to=YEAR, policy=POLICY, on=DAY),
    "renewal_discount": lambda held: renewal_discount(
        held, policy=POLICY, prices=PriceList(prices=()), on=DAY
    ),
    "renewal_quote": lambda held: renewal_quote(
        held, policy=POLICY, prices=PriceList(prices=()), on=DAY
    ),
    "renewal_quote by hand": lambda held: renewal_quote(
        held, policy=POLICY, prices=PriceList(prices=()), on=DAY, by_hand=True
    ),
    "renewal_window": lambda held: renewal_window(held, policy=POLICY, on=DAY),
    "late_window": lambda held: late_window(held, policy=POLICY, on=DAY),
    "schedule": lambda held: schedule(held, POLICY),
    "timeline": lambda held: timeline(held, policy=POLICY, until=DAY),
    "notices": lambda held: notices(held, policy=POLICY, on=DAY),
    "renew": lambda held: renew(held, policy=POLICY, on=DAY),
    "renew_automatically": lambda held: renew_automatically(held, policy=POLICY, on=DAY),
    "cancel": lambda held: cancel(held, at=CancelAt.AT_ONCE, policy=POLICY, on=DAY),
    "lapse": lambda held: lapse(held, policy=POLICY, on=DAY),
    "convert_trial": lambda held: convert_trial(held, id="S-2", policy=POLICY, on=DAY),
    "buy_anew": lambda held: buy_anew(held, id="S-2", policy=POLICY, on=DAY),
    "switch_auto_renew": lambda held: switch_auto_renew(
        held, to=AutoRenew.ON, policy=POLICY, on=DAY
    ),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("held", [None, "S-1", {"id": "S-1"}])
def test_what_is_no_subscription_is_named(ask, held):
    """A subscription that was not found, or not read yet, is named like every other mistake."""
    with pytest.raises(InvalidType, match=r"subscription is .*give a Subscription"):
        ask(held)


#: What may be asked about an order.
ORDERED: dict[str, Callable[[Any], object]] = {
    "order_quote": lambda order: order_quote(
        order, policy=POLICY, prices=PriceList(prices=()), on=DAY
    ),
    "renew_order": lambda order: renew_order(order, policy=POLICY, on=DAY),
    "switch_order": lambda order: switch_order(order, to=AutoRenew.ON, policy=POLICY, on=DAY),
}


@pytest.mark.parametrize("ask", ORDERED.values(), ids=ORDERED)
@pytest.mark.parametrize("order", [None, "A-1", []])
def test_what_is_no_order_is_named(ask, order):
    """An order that was not found is named, and so is its number given in its place."""
    with pytest.raises(InvalidType, match=r"order is .*give an? Order"):
        ask(order)


@pytest.mark.parametrize("portfolio", [None, LINE, 7])
def test_a_plan_of_what_is_no_collection_is_named(portfolio):
    """A single subscription is not a portfolio."""
    with pytest.raises(InvalidType, match=r"subscriptions is .*give a collection"):
        plan(portfolio, policy=POLICY, prices=PriceList(prices=()), on=DAY)


#: What does not begin with a decision about a subscription, and takes a policy all the same.
TAKERS: dict[str, Callable[[Any], object]] = {
    "order_access": lambda policy: order_access(
        None, number="A-1", password=None, verify=bool, policy=policy, on=DAY
    ),
    "check_out": lambda policy: check_out(
        PURCHASE, number="A-1", policy=policy, prices=PriceList(prices=()), on=date(2024, 1, 2)
    ),
    "purchases": lambda policy: Cart().purchases(policy),
    "table": lambda policy: tables.table("renewability", policy),
    "compliance": lambda policy: compliance(policy, france.L215_1, subscription=LINE, on=DAY),
}


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("policy", [{"id": "x"}, "autodesk/2024", RenewalPolicy])
def test_what_is_no_policy_is_named_whoever_takes_it(take, policy):
    """Not only questions about a subscription: an order's page, carts, tables and laws as well."""
    with pytest.raises(InvalidType, match=r"(policy|edition) is .*give a RenewalPolicy"):
        take(policy)


def test_a_region_that_is_no_text_is_named():
    """An order's page says so before it looks at the password."""
    with pytest.raises(InvalidType, match="region is 3"):
        order_access(
            None, number="A-1", password=None, verify=bool, policy=POLICY, on=DAY, region=3
        )
