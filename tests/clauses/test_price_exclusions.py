"""The clauses of "price exclusions": the least saving, what varies it, and who does not get it."""

from datetime import date
from decimal import Decimal

import pytest

from subrenew import (
    Account,
    Cart,
    Changed,
    Eligibility,
    InvalidValue,
    Money,
    PriceList,
    Reduction,
    Saving,
    Subscription,
    Term,
    change_term,
    exclusions,
    meets_floor,
    renew,
    renewal_discount,
    renewal_quote,
)
from tests.clauses.page import (
    EARLY,
    EXPIRES,
    LIST_PRICE,
    ONE_DAY,
    OPEN,
    PAGE,
    PRICES,
    STARTS,
    automatic,
    done,
    priced,
)
from tests.makers import ANNUAL, MONTHLY, a_list, a_price, a_subscription

FIVE_PER_CENT = Decimal("0.05")
PRODUCTS = (
    "Arnold",
    "Assemble",
    "AutoCAD Inventor LT Suite",
    "AutoCAD LT with CALS Tools",
    "AutoCAD Web",
    "Build",
    "Fusion 360 with EAGLE Standard",
    "Flow Production Tracking",
    "Takeoff",
)
HIS = a_subscription(account=Account(id="A-1", country="FR"))


def total(
    subscription: Subscription = HIS, prices: PriceList = PRICES, on: date = OPEN
) -> Money | None:
    """What its renewal costs."""
    return renewal_quote(subscription, prices=prices, policy=PAGE, on=on).total


def saving(prices: PriceList = PRICES, on: date = OPEN) -> tuple[Saving, Decimal]:
    """Which saving applies to it, and the fraction."""
    decision = renewal_discount(HIS, policy=PAGE, prices=prices, on=on)
    return decision.route, decision.rate


# At least five per cent


@pytest.mark.clause("saving.floor")
@pytest.mark.parametrize(
    ("price", "renewed"),
    [("10.00", "9.50"), ("10.01", "9.50"), ("10.19", "9.68"), ("0.01", "0.00"), ("0.00", "0.00")],
)
def test_a_renewal_saves_at_least_five_per_cent(price, renewed):
    """To the cent: rounding never eats the promise, and one cent more would break it."""
    renewal = total(prices=a_list(a_price(price)))
    assert renewal == Money(renewed, "USD")
    assert meets_floor(renewal, Money(price, "USD"), FIVE_PER_CENT)
    if price != "0.00":
        assert not meets_floor(renewal + Money("0.01", "USD"), Money(price, "USD"), FIVE_PER_CENT)


@pytest.mark.clause("saving.floor")
def test_without_a_rate_of_its_own_it_saves_what_is_promised():
    """Five per cent, with the clause that promises it."""
    assert saving() == (Saving.FLOOR_RATE, FIVE_PER_CENT)
    decision = renewal_discount(HIS, policy=PAGE, prices=PRICES, on=OPEN)
    [found] = [each for each in decision.findings if each.code == "floor"]
    assert found.clause.id == "saving.floor"


@pytest.mark.clause("saving.floor")
def test_a_price_list_that_saves_less_is_a_mistake():
    """4.9 % breaks the promise and is refused; 5 % and 5.1 % are not."""
    with pytest.raises(InvalidValue, match=r"0\.05"):
        saving(priced(a_price("100.00"), rate="0.049"))
    assert saving(priced(a_price("100.00"), rate="0.05")) == (Saving.FLOOR_RATE, FIVE_PER_CENT)
    own = saving(priced(a_price("100.00"), rate="0.051"))
    assert own == (Saving.OWN_RATE, Decimal("0.051"))


# What it is measured on, and what varies it


@pytest.mark.clause("saving.base")
def test_the_saving_is_a_fraction_of_the_list_price():
    """Of the price of a new one, per seat and before tax, in the customer's country."""
    prices = a_list(a_price("100.00"), a_price("200.00", country="FR"))
    quote = renewal_quote(HIS, prices=prices, policy=PAGE, on=OPEN)
    assert (quote.list_total, quote.total) == (Money("200.00", "USD"), Money("190.00", "USD"))
    assert quote.saving_rate == FIVE_PER_CENT


@pytest.mark.clause("saving.base")
@pytest.mark.parametrize("of", [{"product": "cad"}, {"country": "FR"}, {"customer": "A-1"}])
def test_product_country_and_customer_vary_the_saving(of):
    """Ten per cent for the one that is meant."""
    assert total(prices=priced(a_price("100.00"), rate="0.10", **of)) == Money("90.00", "USD")


@pytest.mark.clause("saving.base")
@pytest.mark.parametrize("of", [{"product": "BIM"}, {"country": "DE"}, {"customer": "A-2"}])
def test_a_saving_of_others_is_not_given(of):
    """Another product, country or customer: what is promised to all remains."""
    assert total(prices=priced(a_price("100.00"), rate="0.10", **of)) == Money("95.00", "USD")


@pytest.mark.clause("saving.base")
def test_without_a_list_price_there_is_nothing_to_save_on():
    """No price is an answer, and it says which price is missing."""
    quote = renewal_quote(HIS, prices=a_list(), policy=PAGE, on=OPEN)
    assert quote.total is None
    [found] = [each for each in quote.findings if each.code == "price-missing"]
    assert found.clause.id == "saving.base"


@pytest.mark.clause("saving.base")
def test_what_is_excluded_has_no_saving_to_measure():
    """The decision names the exclusion behind it."""
    decision = renewal_discount(
        a_subscription(product="Arnold"), policy=PAGE, prices=PRICES, on=OPEN
    )
    [found] = [each for each in decision.findings if each.code == "excluded"]
    assert found.clause.id == "saving.base"
    assert dict(found.values)["exclusions"] == ("excluded-product",)
    assert decision.rate == 0


# It may change


@pytest.mark.clause("saving.revisable")
def test_the_rate_of_the_day_counts():
    """The day before the change and the day of it."""
    prices = priced(a_price("100.00"), rate="0.10", on=OPEN)
    assert saving(prices, on=OPEN - ONE_DAY) == (Saving.FLOOR_RATE, FIVE_PER_CENT)
    assert saving(prices, on=OPEN) == (Saving.OWN_RATE, Decimal("0.10"))
    decision = renewal_discount(HIS, policy=PAGE, prices=prices, on=OPEN)
    [found] = [each for each in decision.findings if each.code == "own-rate"]
    assert found.clause.id == "saving.revisable"


@pytest.mark.clause("saving.revisable")
def test_a_decision_knows_on_which_day_the_saving_changes():
    """It was told in the price list, so the answer says until when it is good."""
    prices = priced(a_price("100.00"), rate="0.10", on=OPEN)
    decision = renewal_discount(HIS, policy=PAGE, prices=prices, on=EARLY)
    assert decision.changes_on == OPEN


@pytest.mark.clause("saving.revisable")
def test_the_list_price_of_the_day_counts():
    """The base changes too."""
    prices = a_list(a_price("100.00"), a_price("120.00", from_on=OPEN))
    before, after = (total(prices=prices, on=on) for on in (OPEN - ONE_DAY, OPEN))
    assert (before, after) == (Money("95.00", "USD"), Money("114.00", "USD"))


@pytest.mark.clause("saving.revisable")
def test_what_renews_itself_pays_the_price_of_its_renewal_date():
    """Asked weeks before, the quote is made for the day of the charge."""
    prices = a_list(a_price("100.00"), a_price("120.00", from_on=EXPIRES))
    assert total(automatic(), prices=prices) == Money("114.00", "USD")


@pytest.mark.clause("saving.revisable")
def test_a_price_that_changed_since_is_seen_at_the_review():
    """A quote is good for its day and no promise for the next."""
    prices = priced(a_price("100.00"), rate="0.10", on=OPEN)
    cart = Cart().add(HIS, policy=PAGE, prices=prices, on=OPEN - ONE_DAY)
    assert isinstance(cart, Cart)
    [change] = cart.review(policy=PAGE, prices=prices, on=OPEN)
    assert (change.what, change.before, change.after) == (
        Changed.PRICE,
        Money("95.00", "USD"),
        Money("90.00", "USD"),
    )


# Who does not get it


@pytest.mark.clause("excluded.reductions")
@pytest.mark.parametrize(
    "own",
    [
        Reduction(code="SPRING", rate=Decimal("0.01")),
        Reduction(code="SPRING", amount=Money("1.00", "USD")),
    ],
)
def test_a_discount_and_the_renewal_price_do_not_combine(own):
    """One per cent off is kept, and five more are not given; the quote compares the two."""
    quote = renewal_quote(HIS, prices=PRICES, policy=PAGE, on=OPEN, reductions=(own,))
    assert quote.total == Money("99.00", "USD")
    found = {each.code: each for each in quote.findings}
    assert found["already-reduced"].clause.id == "excluded.reductions"
    assert dict(found["reductions-kept"].values) == {
        "with_reductions": Money("99.00", "USD"),
        "with_renewal_price": Money("95.00", "USD"),
    }


@pytest.mark.clause("excluded.reductions")
def test_a_reduced_line_is_excluded_and_still_renewed():
    """From the price only."""
    spring = Reduction(code="SPRING", rate=Decimal("0.01"))
    decision = exclusions(HIS, policy=PAGE, on=OPEN, reductions=(spring,))
    assert decision.route is Eligibility.EXCLUDED
    assert done(renew(HIS, policy=PAGE, on=OPEN)).starts_on == EXPIRES


@pytest.mark.clause("excluded.monthly")
@pytest.mark.parametrize(
    ("term", "short"),
    [(Term.days(30), True), (MONTHLY, True), (Term.days(32), False), (Term.months(2), False)],
)
def test_monthly_subscriptions_are_excluded(term, short):
    """A month and less, and the decision says so; more than a month is not."""
    decision = exclusions(a_subscription(term=term), policy=PAGE, on=STARTS)
    assert (decision.route is Eligibility.EXCLUDED) is short
    codes = [each.clause.id for each in decision.findings if each.code == "short-term"]
    assert codes == (["excluded.monthly"] if short else [])


@pytest.mark.clause("excluded.monthly")
def test_a_monthly_subscription_that_becomes_annual_is_not_excluded():
    """What is renewed counts, not what was had; and the other way about."""
    monthly = a_subscription(term=MONTHLY, next_term=ANNUAL)
    annual = done(change_term(HIS, to=MONTHLY, policy=PAGE, on=EARLY))
    assert "short-term" not in exclusions(monthly, policy=PAGE, on=STARTS).codes
    assert "short-term" in exclusions(annual, policy=PAGE, on=EARLY).codes


@pytest.mark.clause("excluded.products")
@pytest.mark.parametrize("product", PRODUCTS)
def test_each_named_product_is_excluded_and_still_renewed(product):
    """At its list price, with the clause."""
    held = a_subscription(product=product)
    decision = exclusions(held, policy=PAGE, on=OPEN)
    assert decision.route is Eligibility.EXCLUDED
    [found] = decision.findings
    assert (found.code, found.clause.id) == ("excluded-product", "excluded.products")
    quote = renewal_quote(
        held, prices=a_list(a_price("100.00", product=product)), policy=PAGE, on=OPEN
    )
    assert quote.total == quote.list_total == LIST_PRICE
    assert done(renew(held, policy=PAGE, on=OPEN)).starts_on == EXPIRES


@pytest.mark.clause("excluded.products")
@pytest.mark.parametrize(
    "name", ["autocad web", "AutoCAD LT avec outils CALS", "ShotGrid", "Autodesk Build"]
)
def test_a_named_product_is_known_by_its_other_names(name):
    """In any case and blanks, and by the names that the page and the vendor use beside."""
    assert (
        "excluded-product" in exclusions(a_subscription(product=name), policy=PAGE, on=OPEN).codes
    )


@pytest.mark.clause("excluded.products")
@pytest.mark.parametrize("name", ["AutoCAD", "AutoCAD Web 2", "CAD"])
def test_the_list_is_open(name):
    """What is not named gets the price, as far as the list tells, and the answer says so."""
    decision = exclusions(a_subscription(product=name), policy=PAGE, on=OPEN)
    assert decision.route is Eligibility.ELIGIBLE_UNLISTED
    assert decision.codes == ("unlisted-product",)
    assert decision.findings[0].clause.id == "excluded.products"
