"""The clauses of "renew automatically": both conditions, the review, the scheduled date."""

from datetime import date, timedelta

import pytest

from subrenew import (
    PaymentKind,
    PaymentMethod,
    Route,
    SwitchRoute,
    renew,
    renew_automatically,
    replace_payment_method,
    switch_auto_renew,
    switching,
)
from tests.clauses.page import (
    CARD,
    EARLY,
    EXPIRES,
    LAPSING,
    LAST,
    ONE_DAY,
    OPEN,
    OPENS,
    PAGE,
    STARTS,
    asked,
    automatic,
    cites,
    does,
    done,
    refused,
)
from tests.makers import INVOICE, OFF, ON, a_subscription

VALID_ON_THE_DAY = PaymentMethod(kind=PaymentKind.CARD, valid_through=EXPIRES)
VALID_UNTIL_THE_DAY = PaymentMethod(kind=PaymentKind.CARD, valid_through=LAST)


# Both conditions


@pytest.mark.clause("automatic")
@pytest.mark.parametrize("method", [CARD, VALID_ON_THE_DAY, INVOICE])
def test_switched_on_with_a_valid_method_it_renews_itself(method):
    """Both conditions hold: it is said before, and the run of the renewal date does it."""
    held = automatic(payment_method=method)
    assert asked(held, EARLY).route is Route.RENEWS_ITSELF
    assert done(renew_automatically(held, policy=PAGE, on=EXPIRES)).starts_on == EXPIRES


@pytest.mark.clause("automatic")
def test_switched_off_a_valid_method_is_not_enough():
    """The card is good, and nothing is charged."""
    held = automatic(auto_renew=OFF)
    assert not asked(held, EARLY).renews_itself
    assert "switched-off" in asked(held, EARLY).codes
    refused(renew_automatically(held, policy=PAGE, on=EXPIRES))


@pytest.mark.clause("automatic")
@pytest.mark.parametrize(
    ("method", "code"),
    [
        (None, "payment-missing"),
        (VALID_UNTIL_THE_DAY, "payment-lapsed"),
        (LAPSING, "payment-lapsed"),
    ],
)
def test_switched_on_without_a_valid_method_it_does_not_renew_itself(method, code):
    """Valid is what can be charged on the renewal date; good until the day before is not."""
    held = automatic(payment_method=method)
    decision = asked(held, EARLY)
    assert decision.route is Route.REPAIR_PAYMENT
    assert not decision.renews_itself
    assert does(decision)[0] == "update-payment"
    [found] = [each for each in decision.findings if each.code == code]
    assert found.clause.id == "automatic"
    refused(renew_automatically(held, policy=PAGE, on=EXPIRES))


@pytest.mark.clause("automatic")
def test_a_card_that_has_lapsed_by_the_run_is_not_charged():
    """Valid on the renewal date, and the run comes a day late."""
    held = automatic(payment_method=VALID_ON_THE_DAY)
    refused(renew_automatically(held, policy=PAGE, on=EXPIRES + ONE_DAY))


# The review


@pytest.mark.clause("automatic.review")
def test_the_method_on_file_is_reviewed_before_it_is_relied_on():
    """It is the first action of what renews itself, and useful until the last day."""
    action = asked(automatic(), EARLY).actions[0]
    assert (action.code, action.by, action.clause.id) == (
        "review-payment",
        LAST,
        "automatic.review",
    )


@pytest.mark.clause("automatic.review")
def test_a_review_that_finds_a_lapsing_card_repairs_it():
    """Replaced in time, the renewal that would not have come comes."""
    held = automatic(payment_method=LAPSING)
    decision = asked(held, EARLY)
    assert (decision.route, str(decision.clause)) == (Route.REPAIR_PAYMENT, "automatic.review")
    answer = replace_payment_method(held, by=CARD, policy=PAGE, on=LAST)
    repaired = done(answer)
    assert [each.clause for each in answer.events] == ["automatic.review"]
    assert asked(repaired, LAST).renews_itself
    assert done(renew_automatically(repaired, policy=PAGE, on=EXPIRES)).starts_on == EXPIRES


@pytest.mark.clause("automatic.review")
def test_a_review_on_the_renewal_date_comes_too_late():
    """The lapsed card was relied on when the date came: there is nothing left to repair."""
    held = automatic(payment_method=LAPSING)
    refused(replace_payment_method(held, by=CARD, policy=PAGE, on=EXPIRES))
    refused(renew_automatically(held, policy=PAGE, on=EXPIRES))


@pytest.mark.clause("automatic.review")
def test_a_review_finds_that_an_invoice_has_to_be_paid():
    """It renews itself, and the customer has something to do nevertheless."""
    decision = asked(automatic(payment_method=INVOICE), EARLY)
    [found] = [each for each in decision.findings if each.code == "payment-by-invoice"]
    assert found.clause.id == "automatic.review"
    assert "payment-by-invoice" not in asked(automatic(), EARLY).codes


# The switch and the date


@pytest.mark.clause("automatic.switch-on")
@pytest.mark.parametrize("on", [STARTS, EARLY, OPENS, LAST])
def test_switched_on_it_renews_on_the_scheduled_date(on):
    """On whichever day it is switched: not then, not the day before, but on the date."""
    off = a_subscription(payment_method=CARD)
    assert "switch-on" in does(asked(off, on))
    switched = done(switch_auto_renew(off, to=ON, policy=PAGE, on=on))
    assert (switched.auto_renew, switched.expires_on) == (ON, EXPIRES)
    refused(renew_automatically(switched, policy=PAGE, on=on))
    refused(renew_automatically(switched, policy=PAGE, on=LAST))
    renewed = done(renew_automatically(switched, policy=PAGE, on=EXPIRES))
    assert (renewed.starts_on, renewed.expires_on) == (EXPIRES, date(2027, 1, 1))
    assert renewed.auto_renew is ON


@pytest.mark.clause("automatic.switch-on")
def test_not_switched_on_nothing_happens_on_the_date():
    """Off, it says so and whose clause that is, and the date passes."""
    off = a_subscription(payment_method=CARD)
    [found] = [each for each in asked(off).findings if each.code == "switched-off"]
    assert found.clause.id == "automatic.switch-on"
    refused(renew_automatically(off, policy=PAGE, on=EXPIRES))
    assert asked(off, EXPIRES).route is Route.BUY_NEW


@pytest.mark.clause("automatic.switch-on")
def test_until_its_renewal_is_made_it_is_neither_late_nor_over():
    """The run of the scheduled date may come days later: the term still begins on that date."""
    late_by = timedelta(days=7)
    decision = asked(automatic(), EXPIRES + late_by)
    assert decision.route is Route.RENEWS_ITSELF
    assert does(decision) == ["await-renewal"]
    assert "automatic.switch-on" in cites(decision)
    renewed = done(renew_automatically(automatic(), policy=PAGE, on=EXPIRES + late_by))
    assert renewed.starts_on == EXPIRES
    refused(renew_automatically(automatic(), policy=PAGE, on=EXPIRES + late_by + ONE_DAY))


@pytest.mark.clause("automatic.switch-on")
def test_the_switch_can_be_set_until_the_last_day():
    """Its own question says so, with the clause."""
    decision = switching(a_subscription(payment_method=CARD), policy=PAGE, on=LAST)
    assert (decision.route, str(decision.clause)) == (SwitchRoute.SWITCH, "automatic.switch-on")


@pytest.mark.clause("automatic.switch-on")
def test_a_term_is_renewed_once():
    """The run of the next day finds nothing to do, and neither does the customer."""
    renewed = done(renew_automatically(automatic(), policy=PAGE, on=EXPIRES))
    refused(renew_automatically(renewed, policy=PAGE, on=EXPIRES))
    refused(renew(renewed, policy=PAGE, on=EXPIRES))


@pytest.mark.clause("automatic.switch-on")
def test_switched_off_again_it_does_not_renew():
    """The switch works both ways."""
    off = done(switch_auto_renew(automatic(), to=OFF, policy=PAGE, on=OPEN))
    refused(renew_automatically(off, policy=PAGE, on=EXPIRES))
