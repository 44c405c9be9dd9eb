"""The clauses of "things to know": the price, the trial, the end, another term."""

from datetime import date

import pytest

from subrenew import (
    Cart,
    Kind,
    Money,
    Refusal,
    RegionWays,
    Route,
    Saving,
    Term,
    TermRoute,
    Transition,
    Way,
    buy_anew,
    change_term,
    check_out,
    convert_trial,
    exclusions,
    lapse,
    renew,
    renew_automatically,
    renewal_discount,
    renewal_quote,
    schedule,
    switch_auto_renew,
    switching,
    term_change,
)
from tests.clauses.page import (
    EARLY,
    EXPIRES,
    LAST,
    LIST_PRICE,
    ONE_DAY,
    OPEN,
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
from tests.makers import ANNUAL, MONTHLY, OFF, ON, a_list, a_price, a_subscription

TRIAL = automatic(kind=Kind.TRIAL)
RENEWED = Money("95.00", "USD")
BY_MONTHS = a_list(a_price("100.00", term=MONTHLY), a_price("100.00", term=Term.months(2)))


# The renewal price


@pytest.mark.clause("renewal-price")
def test_renewed_before_expiry_it_costs_less_than_new():
    """On the last day it is still cheaper, quoted and bought; on the expiry date it is not."""
    last, over = (
        renewal_quote(a_subscription(), prices=PRICES, policy=PAGE, on=on) for on in (LAST, EXPIRES)
    )
    assert (last.total, last.list_total) == (RENEWED, LIST_PRICE)
    assert (over.total, over.list_total) == (LIST_PRICE, LIST_PRICE)


@pytest.mark.clause("renewal-price")
def test_the_lower_price_is_what_is_paid():
    """At the check-out, for the term after this one."""
    cart = Cart().add(a_subscription(), policy=PAGE, prices=PRICES, on=OPEN)
    assert isinstance(cart, Cart)
    [purchase] = cart.purchases(PAGE)
    bought = check_out(purchase, number="PO-1", policy=PAGE, prices=PRICES, on=OPEN)
    assert not isinstance(bought, Refusal | tuple)
    assert bought.quote.total == RENEWED
    assert bought.subscriptions[0].starts_on == EXPIRES


@pytest.mark.clause("renewal-price")
def test_what_is_bought_anew_saves_nothing():
    """After the end nothing is renewed, and the decision says so."""
    decision = renewal_discount(a_subscription(), policy=PAGE, prices=PRICES, on=EXPIRES)
    assert (decision.route, decision.rate) == (Saving.NO_SAVING, 0)
    [found] = [each for each in decision.findings if each.code == "not-a-renewal"]
    assert found.clause.id == "renewal-price"


@pytest.mark.clause("renewal-price.monthly")
@pytest.mark.parametrize(("term", "total"), [(MONTHLY, "100.00"), (Term.months(2), "95.00")])
def test_a_monthly_term_is_renewed_at_the_list_price(term, total):
    """The month pays what a new one costs; two months are no monthly term."""
    held = a_subscription(term=term)
    quote = renewal_quote(held, prices=BY_MONTHS, policy=PAGE, on=STARTS)
    assert quote.total == Money(total, "USD")


@pytest.mark.clause("renewal-price.monthly")
def test_a_monthly_term_that_renews_itself_saves_nothing():
    """Nor does it by the way in which it is renewed."""
    quote = renewal_quote(automatic(term=MONTHLY), prices=BY_MONTHS, policy=PAGE, on=STARTS)
    assert quote.total == quote.list_total == LIST_PRICE
    assert quote.charged_on == date(2025, 2, 1)


# Trials


@pytest.mark.clause("trial")
@pytest.mark.parametrize("on", [STARTS, OPEN, LAST, EXPIRES, EXPIRES + ONE_DAY])
def test_a_trial_is_neither_renewed_nor_extended(on):
    """On no day, by nobody: with the switch on, a valid card and a window that would be open."""
    for answer in (
        renew(TRIAL, policy=PAGE, on=on),
        renew_automatically(TRIAL, policy=PAGE, on=on),
        switch_auto_renew(TRIAL, to=ON, policy=PAGE, on=on),
        change_term(TRIAL, to=MONTHLY, policy=PAGE, on=on, region="FR"),
    ):
        assert isinstance(answer, Refusal)
    decision = asked(TRIAL, on)
    assert decision.route is Route.CONVERT_TRIAL
    assert "trial" in decision.codes
    assert "trial" in cites(decision)
    assert not decision.renews_itself


@pytest.mark.clause("trial")
@pytest.mark.parametrize("on", [EARLY, EXPIRES])
def test_going_on_means_buying_a_subscription(on):
    """A new one of its own identifier, from the day of the purchase; the trial is over then."""
    assert does(asked(TRIAL, on)) == ["buy-subscription"]
    answer = convert_trial(TRIAL, id="S-2", policy=PAGE, on=on)
    bought = done(answer)
    assert (bought.id, bought.kind, bought.starts_on) == ("S-2", Kind.PAID, on)
    [left] = [each.after for each in answer.events if each.subscription_id == TRIAL.id]
    assert left.ends_on == on
    assert asked(left, on).route is Route.BUY_NEW


@pytest.mark.clause("trial")
def test_a_trial_is_converted_once():
    """Whoever presses twice has one subscription."""
    answer = convert_trial(TRIAL, id="S-2", policy=PAGE, on=EARLY)
    assert isinstance(answer, Transition)
    [left] = [each.after for each in answer.events if each.subscription_id == TRIAL.id]
    assert "converted" in refused(convert_trial(left, id="S-3", policy=PAGE, on=EARLY)).codes


@pytest.mark.clause("trial")
def test_a_trial_has_no_renewal_price():
    """What is bought is new, and costs what a new one costs."""
    quote = renewal_quote(TRIAL, prices=PRICES, policy=PAGE, on=OPEN)
    assert quote.total == LIST_PRICE
    assert "trial" in exclusions(TRIAL, policy=PAGE, on=OPEN).codes


@pytest.mark.clause("trial")
def test_every_question_about_a_trial_names_it():
    """There is no renewal to switch and no term to change."""
    switch = switching(TRIAL, policy=PAGE, on=OPEN)
    change = term_change(TRIAL, to=MONTHLY, policy=PAGE, on=OPEN)
    assert switch.route.value == "nothing-to-switch"
    assert change.route is TermRoute.CONVERT_TRIAL
    assert "trial" in switch.codes
    assert "trial" in change.codes


# The end


@pytest.mark.clause("expired")
@pytest.mark.parametrize("on", [EXPIRES, EXPIRES + ONE_DAY, date(2030, 1, 1)])
def test_what_has_expired_is_not_reactivated(on):
    """From the expiry date on, for ever; the day before it is still renewed."""
    assert done(renew(a_subscription(), policy=PAGE, on=LAST)).starts_on == EXPIRES
    decision = refused(renew(a_subscription(), policy=PAGE, on=on))
    assert decision.route is Route.BUY_NEW
    assert decision.access.value == "none"
    assert "expired" in decision.codes
    assert "expired" in cites(decision)
    refused(renew_automatically(a_subscription(), policy=PAGE, on=on))
    refused(switch_auto_renew(a_subscription(), to=ON, policy=PAGE, on=on))


@pytest.mark.clause("expired")
def test_going_on_after_expiry_means_buying_a_new_one():
    """It begins on the day of the purchase; the old one stays over."""
    on = date(2026, 2, 1)
    held = a_subscription(auto_renew=ON)
    assert does(asked(held, on)) == ["buy-new"]
    answer = buy_anew(held, id="S-2", policy=PAGE, on=on)
    bought = done(answer)
    assert (bought.id, bought.starts_on, bought.expires_on) == ("S-2", on, date(2027, 2, 1))
    [left] = [each.after for each in answer.events if each.subscription_id == "S-1"]
    assert (left.auto_renew, left.expires_on) == (OFF, EXPIRES)
    refused(buy_anew(held, id="S-2", policy=PAGE, on=LAST))


@pytest.mark.clause("expired")
def test_the_expiry_date_is_the_day_on_which_everything_ends():
    """The schedule knows one way from there, and it is open: over, without access."""
    last = schedule(a_subscription(), PAGE).phases[-1]
    assert (last.from_on, last.until_on) == (EXPIRES, None)
    assert (last.state.by_hand.value, last.state.access.value) == ("over", "none")


@pytest.mark.clause("expired")
def test_what_is_over_is_recorded_as_over():
    """Its switch is turned off, so that nothing looks as if it went on."""
    held = a_subscription(auto_renew=ON)
    assert done(lapse(held, policy=PAGE, on=EXPIRES)).auto_renew is OFF
    refused(lapse(held, policy=PAGE, on=LAST))


@pytest.mark.clause("expired")
def test_every_question_about_what_has_expired_says_so():
    """Nothing is switched, no term is changed, and no renewal price is given."""
    switch = switching(a_subscription(), policy=PAGE, on=EXPIRES)
    change = term_change(a_subscription(), to=MONTHLY, policy=PAGE, on=EXPIRES)
    price = exclusions(a_subscription(), policy=PAGE, on=EXPIRES)
    assert switch.route.value == "nothing-to-switch"
    assert change.route is TermRoute.BUY_NEW
    assert all("ended" in each.codes for each in (switch, change, price))


# Another term


@pytest.mark.clause("term-change")
@pytest.mark.parametrize("region", ["US", "CA", "AU", "FR", "DE", "GB", "PL"])
def test_in_the_named_regions_the_account_changes_the_term(region):
    """From monthly to annual: the next renewal is for a year, priced and made so."""
    held = a_subscription(term=MONTHLY)
    decision = term_change(held, to=ANNUAL, policy=PAGE, on=STARTS, region=region)
    assert decision.route is TermRoute.CHANGE_IN_ACCOUNT
    changed = done(change_term(held, to=ANNUAL, policy=PAGE, on=STARTS, region=region))
    quote = renewal_quote(changed, prices=PRICES, policy=PAGE, on=STARTS + ONE_DAY)
    assert quote.total == RENEWED
    renewed = done(renew(changed, policy=PAGE, on=STARTS + ONE_DAY))
    assert (renewed.starts_on, renewed.expires_on) == (date(2025, 2, 1), date(2026, 2, 1))


@pytest.mark.clause("term-change")
def test_where_no_region_is_named_support_is_asked():
    """The page says "some regions", so elsewhere it is unknown and no silent refusal."""
    held = a_subscription(term=MONTHLY)
    decision = refused(change_term(held, to=ANNUAL, policy=PAGE, on=STARTS, region="JP"))
    assert decision.route is TermRoute.UNKNOWN
    assert does(decision) == ["ask-support"]
    assert "region-unknown" in decision.codes
    helped = change_term(held, to=ANNUAL, policy=PAGE, on=STARTS, region="JP", by_support=True)
    assert done(helped).next_term == ANNUAL


@pytest.mark.clause("term-change")
def test_in_other_regions_support_changes_the_term():
    """The second way of the page: nothing in the account, but support does it."""
    policy = PAGE.evolve(term_change_ways=(RegionWays(region="JP", way=Way.SUPPORT),))
    held = a_subscription(term=MONTHLY)
    asking = {"to": ANNUAL, "policy": policy, "on": STARTS, "region": "JP"}
    decision = refused(change_term(held, **asking))
    assert decision.route is TermRoute.ASK_SUPPORT
    assert done(change_term(held, by_support=True, **asking)).next_term == ANNUAL


@pytest.mark.clause("term-change")
def test_a_change_to_the_term_that_it_has_is_none():
    """Nothing to change is an answer of its own, and no event."""
    held = a_subscription()
    decision = term_change(held, to=ANNUAL, policy=PAGE, on=OPEN, region="FR")
    assert decision.route is TermRoute.NOTHING_TO_CHANGE
    assert "same-term" in decision.codes
    answer = change_term(held, to=ANNUAL, policy=PAGE, on=OPEN, region="FR")
    assert isinstance(answer, Transition)
    assert answer.events == ()


NO_WAY = PAGE.evolve(term_change_ways=(RegionWays(region="JP", way=Way.NEITHER),))


@pytest.mark.clause("term-change.otherwise")
def test_without_a_way_it_expires_and_another_one_is_bought():
    """The action's day is the expiry date, and on that day the other term is bought."""
    held = a_subscription()
    decision = refused(change_term(held, to=MONTHLY, policy=NO_WAY, on=OPEN, region="JP"))
    assert decision.route is TermRoute.LET_EXPIRE
    [action] = decision.actions
    assert (action.code, action.from_on) == ("buy-new", EXPIRES)
    refused(buy_anew(held, id="S-2", policy=NO_WAY, on=LAST, term=MONTHLY))
    bought = done(buy_anew(held, id="S-2", policy=NO_WAY, on=action.from_on, term=MONTHLY))
    assert (bought.term, bought.expires_on) == (MONTHLY, date(2026, 2, 1))


@pytest.mark.clause("term-change.otherwise")
def test_without_a_way_support_does_not_help_either():
    """That there is no way is said by the page, and is no unknown."""
    asking = {"to": MONTHLY, "policy": NO_WAY, "on": OPEN, "region": "JP"}
    decision = refused(change_term(a_subscription(), by_support=True, **asking))
    [found] = [each for each in decision.findings if each.code == "no-way-in-region"]
    assert found.clause.id == "term-change.otherwise"


@pytest.mark.clause("term-change.otherwise")
def test_a_term_that_a_named_region_does_not_offer_has_no_way():
    """The region changes monthly to annual; three years are bought anew."""
    to_annual = RegionWays(region="JP", way=Way.ACCOUNT, to=frozenset({ANNUAL}))
    policy = PAGE.evolve(term_change_ways=(to_annual,))
    held = a_subscription(term=MONTHLY)
    decision = term_change(held, to=Term.years(3), policy=policy, on=STARTS, region="JP")
    assert decision.route is TermRoute.LET_EXPIRE
