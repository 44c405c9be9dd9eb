"""The golden cases of the design, one test each, word for word."""

from datetime import date
from itertools import product

import pytest

from subrenew import (
    Access,
    Decision,
    Kind,
    Money,
    PaymentMethod,
    Route,
    Saving,
    Subscription,
    Term,
    Window,
    renewability,
    renewal_discount,
    renewal_quote,
    renewal_window,
)
from subrenew.policy.vendors import autodesk
from tests.makers import ANNUAL, INVOICE, MONTHLY, OFF, ON, PAYPAL, a_list, a_price, a_subscription


def _late(term: Term, days: int) -> Decision[Route]:
    # Expires on 2026-01-01 and is asked about so many days later, under the later edition.
    starts_on = date(2025, 1, 1) if term == ANNUAL else date(2025, 12, 1)
    subscription = a_subscription(term=term, starts_on=starts_on)
    on = date.fromordinal(date(2026, 1, 1).toordinal() + days)
    return renewability(subscription, policy=autodesk.EDITION_2025_12, on=on)


def test_a_card_that_lapses_before_the_renewal_date() -> None:
    """Annual from 2024-01-31, a card to 2024-12: update it, or renew by hand from 2024-11-02."""
    subscription = a_subscription(
        starts_on=date(2024, 1, 31),
        auto_renew=ON,
        payment_method=PaymentMethod.card(expires="2024-12"),
    )
    policy, on = autodesk.EDITION_2024, date(2024, 6, 1)
    decision = renewability(subscription, policy=policy, on=on)
    assert subscription.expires_on == date(2025, 1, 31)
    assert renewal_window(subscription, policy=policy, on=on).opens_on == date(2024, 11, 2)
    assert not decision.renews_itself
    assert decision.route is Route.REPAIR_PAYMENT
    assert "payment-lapsed" in decision.codes
    update, renew = decision.actions
    assert (update.code, update.leads_to) == ("update-payment", Route.RENEWS_ITSELF)
    assert (renew.code, renew.from_on) == ("renew", date(2024, 11, 2))


def test_expires_2025_12_31() -> None:
    """The window opens on 2025-10-02; renewable on 2025-12-30, expired on 2025-12-31."""
    subscription = a_subscription(starts_on=date(2024, 12, 31))
    policy = autodesk.EDITION_2024
    window = renewal_window(subscription, policy=policy, on=date(2025, 6, 1))
    assert window == Window(date(2025, 10, 2), date(2025, 12, 31))
    last = renewability(subscription, policy=policy, on=date(2025, 12, 30))
    assert (last.route, last.can_renew_now) == (Route.RENEW_NOW, True)
    over = renewability(subscription, policy=policy, on=date(2025, 12, 31))
    assert (over.route, over.can_renew_now) == (Route.BUY_NEW, False)
    assert "expired" in over.codes


def test_expires_2024_03_01() -> None:
    """The window opens on 2023-12-02, across a 29 February."""
    subscription = a_subscription(starts_on=date(2023, 3, 1))
    window = renewal_window(subscription, policy=autodesk.EDITION_2024, on=date(2023, 6, 1))
    assert window == Window(date(2023, 12, 2), date(2024, 3, 1))


def test_monthly_2025_01_15_to_2025_02_15() -> None:
    """The window opens on 2025-01-15, and there is no renewal price."""
    subscription = a_subscription(term=MONTHLY, starts_on=date(2025, 1, 15))
    policy, on = autodesk.EDITION_2024, date(2025, 1, 20)
    window = renewal_window(subscription, policy=policy, on=on)
    assert window == Window(date(2025, 1, 15), date(2025, 2, 15))
    discount = renewal_discount(subscription, policy=policy, prices=a_list(), on=on)
    assert (discount.route, discount.rate) == (Saving.NO_SAVING, 0)


def test_twelve_monthly_boundaries() -> None:
    """Monthly from 2024-01-31: every boundary is a month's end, none drifts."""
    expected = (
        "2024-02-29 2024-03-31 2024-04-30 2024-05-31 2024-06-30 2024-07-31 "
        "2024-08-31 2024-09-30 2024-10-31 2024-11-30 2024-12-31 2025-01-31"
    )
    boundaries = MONTHLY.boundaries(date(2024, 1, 31), 12)
    assert " ".join(day.isoformat() for day in boundaries) == expected


def test_annual_from_29_february() -> None:
    """29 February comes back to the 29th after three years on the 28th."""
    expected = "2025-02-28 2026-02-28 2027-02-28 2028-02-29"
    boundaries = ANNUAL.boundaries(date(2024, 2, 29), 4)
    assert " ".join(day.isoformat() for day in boundaries) == expected


@pytest.mark.parametrize(
    ("listed", "renewed"),
    [
        (Money("10.01", "USD"), Money("9.50", "USD")),
        (Money(1001, "JPY"), Money(950, "JPY")),
    ],
)
def test_the_floor_of_five_per_cent(listed: Money, renewed: Money) -> None:
    """10.01 gives 9.50, never 9.51; JPY 1,001 gives 950."""
    quote = renewal_quote(
        a_subscription(),
        prices=a_list(a_price(str(listed.amount), listed.currency)),
        policy=autodesk.EDITION_2024,
        on=date(2025, 12, 1),
    )
    assert (quote.list_total, quote.total) == (listed, renewed)


def test_a_trial_whatever_else() -> None:
    """A trial is converted: neither renewed nor extended, whatever else holds."""
    for method, switch, policy, day in product(
        (None, PAYPAL, INVOICE),
        (ON, OFF),
        (autodesk.EDITION_2024, autodesk.EDITION_2025_12),
        (1, 20, 29, 30, 31, 60),
    ):
        trial = Subscription(
            id="T-1",
            product="CAD",
            kind=Kind.TRIAL,
            term=Term.days(30),
            starts_on=date(2026, 1, 1),
            auto_renew=switch,
            payment_method=method,
        )
        on = date.fromordinal(date(2026, 1, 1).toordinal() + day)
        decision = renewability(trial, policy=policy, on=on)
        assert decision.route is Route.CONVERT_TRIAL
        assert not decision.can_renew_now
        assert not decision.renews_itself
        assert [action.code for action in decision.actions] == ["buy-subscription"]


def test_expired_by_one_day() -> None:
    """Under the edition of 2024: buy new. Under 2025-12: renewable, access kept."""
    subscription = a_subscription()
    on = date(2026, 1, 2)
    before = renewability(subscription, policy=autodesk.EDITION_2024, on=on)
    assert (before.route, before.can_renew_now) == (Route.BUY_NEW, False)
    after = renewability(subscription, policy=autodesk.EDITION_2025_12, on=on)
    assert (after.route, after.can_renew_now) == (Route.RENEW_NOW, True)
    assert after.access is Access.FULL


@pytest.mark.parametrize("days", [20, 40])
def test_annual_expired_20_and_40_days(days: int) -> None:
    """Under the edition of 2025-12: renewable without access."""
    decision = _late(ANNUAL, days)
    assert (decision.route, decision.can_renew_now) == (Route.RENEW_NOW, True)
    assert decision.access is Access.NONE


def test_annual_expired_45_days() -> None:
    """Under the edition of 2025-12 it is cancelled on day 45."""
    assert _late(ANNUAL, 44).can_renew_now
    decision = _late(ANNUAL, 45)
    assert (decision.route, decision.can_renew_now) == (Route.BUY_NEW, False)
    assert decision.access is Access.NONE


def test_monthly_expired_20_days() -> None:
    """Under the edition of 2025-12: renewable without access."""
    decision = _late(MONTHLY, 20)
    assert (decision.route, decision.can_renew_now) == (Route.RENEW_NOW, True)
    assert decision.access is Access.NONE


def test_monthly_expired_40_days() -> None:
    """Under the edition of 2025-12: cancelled, since day 30."""
    assert _late(MONTHLY, 29).route is Route.RENEW_NOW
    assert _late(MONTHLY, 30).route is Route.BUY_NEW
    assert _late(MONTHLY, 40).route is Route.BUY_NEW
