"""Apple's auto-renewable subscriptions: one row for each thing that the pages say."""

from datetime import date, timedelta

import attrs
import pytest

from subrenew import (
    CancelAt,
    Combine,
    History,
    Kind,
    Money,
    NotInForce,
    PaymentMethod,
    RenewalPolicy,
    Silence,
    Subscription,
    Term,
    cancel,
    late_window,
    renew,
    renew_automatically,
    renewability,
    tables,
)
from subrenew.policy.vendors import apple
from subrenew.rules.increases import price_increase
from tests.makers import OFF, ON, PAYPAL

WEEKLY, MONTHLY, YEARLY = Term.weeks(1), Term.months(1), Term.years(1)
#: The first day not covered of every subscription here.
END = date(2026, 2, 1)


def an_app(term: Term = MONTHLY, *, picked: int | None = 16, **changes) -> Subscription:
    """Ends on 2026-02-01; its card was good until the day before."""
    fields = {
        "id": "S-1",
        "product": "App",
        "term": term,
        "starts_on": term.boundary(END, -1),
        "expires_on": END,
        "auto_renew": ON,
        "payment_method": PaymentMethod.card(expires="2025-12"),
        "history": History(offer=picked and f"grace-{picked}"),
    }
    return Subscription(**fields | changes)


OLD = apple.EDITION_2019
NOW = apple.EDITIONS

#: Policy, subscription, days after the end, route and access, and the clause that says so.
SCENARIOS = [
    (OLD, an_app(WEEKLY), 0, "renew-now full", "apple.grace-2019"),
    (OLD, an_app(WEEKLY), 5, "renew-now full", "apple.grace-2019"),
    (OLD, an_app(WEEKLY), 6, "renew-now none", "apple.grace-2019"),
    (OLD, an_app(MONTHLY), 15, "renew-now full", "apple.grace-2019"),
    (OLD, an_app(MONTHLY), 16, "renew-now none", "apple.grace-2019"),
    (OLD, an_app(YEARLY), 15, "renew-now full", "apple.grace-2019"),
    (OLD, an_app(YEARLY), 16, "renew-now none", "apple.grace-2019"),
    (OLD, an_app(WEEKLY), 59, "renew-now none", "apple.retry"),
    (OLD, an_app(WEEKLY), 60, "buy-new none", "apple.retry"),
    (NOW, an_app(picked=3), 2, "renew-now full", "apple.grace"),
    (NOW, an_app(picked=3), 3, "renew-now none", "apple.grace"),
    (NOW, an_app(picked=16), 15, "renew-now full", "apple.grace"),
    (NOW, an_app(picked=16), 16, "renew-now none", "apple.grace"),
    (NOW, an_app(picked=28), 27, "renew-now full", "apple.grace"),
    (NOW, an_app(picked=28), 28, "renew-now none", "apple.grace"),
    (NOW, an_app(picked=None), -1, "repair-payment full", "apple.retry"),
    (NOW, an_app(picked=None), 0, "renew-now none", "apple.retry"),
    (NOW, an_app(picked=3), 59, "renew-now none", "apple.retry"),
    (NOW, an_app(picked=3), 60, "buy-new none", "apple.retry"),
    (NOW, an_app(picked=28), 59, "renew-now none", "apple.retry"),
    (NOW, an_app(picked=28), 60, "buy-new none", "apple.retry"),
    (NOW, an_app(picked=None), 60, "buy-new none", "apple.retry"),
    (NOW, an_app(payment_method=PAYPAL), -1, "renews-itself full", "apple.retry"),
]


@pytest.mark.parametrize(("policy", "app", "days", "answer", "source"), SCENARIOS)
def test_scenarios(policy, app, days, answer, source):
    """Each state has the answer that the clause gives so many days after the end."""
    decision = renewability(app, policy=policy, on=END + timedelta(days=days))
    assert f"{decision.route} {decision.access}" == answer
    assert source in {clause.id for clause in decision.edition.clauses}


@pytest.mark.parametrize("picked", [None, 3, 16, 28])
def test_retry_lasts_sixty_days_whatever_the_grace(picked):
    """Clause `apple.retry`: the grace is part of the sixty days and does not add to them."""
    window = late_window(an_app(picked=picked), policy=NOW, on=END)
    assert (window.opens_on, window.days) == (END, 60)


@pytest.mark.parametrize(
    ("picked", "starts_on"),
    [(3, END), (16, END), (28, END), (None, END + timedelta(days=2))],
)
def test_where_a_recovered_term_starts(picked, starts_on):
    """Clause `apple.dates`: within grace at the old end, without grace on the day it is paid."""
    done = renew(an_app(picked=picked), policy=NOW, on=END + timedelta(days=2))
    assert done.subscription.starts_on == starts_on


def test_in_time_it_renews_by_itself():
    """A card that can be charged needs neither grace nor retry."""
    done = renew_automatically(an_app(payment_method=PAYPAL), policy=NOW, on=END)
    assert done.subscription.starts_on == END


@pytest.mark.parametrize("days", [0, 1, 15, 16])
def test_who_switched_off_has_no_grace(days):
    """A renewal that was cancelled did not fail: nothing follows the end."""
    asked = cancel(an_app(), at=CancelAt.END_OF_TERM, policy=NOW, on=date(2026, 1, 10))
    decision = renewability(asked.subscription, policy=NOW, on=END + timedelta(days=days))
    assert (decision.route.value, decision.access.value) == ("buy-new", "none")


@pytest.mark.parametrize(
    ("on", "picked", "name"),
    [
        ("2019-01-01", None, "apple/2019"),
        ("2023-01-29", None, "apple/2019"),
        ("2023-01-29", 28, "apple/2019"),
        ("2023-01-30", None, "apple/2023-no-grace"),
        ("2023-01-30", 3, "apple/2023-grace-3"),
        ("2023-01-30", 16, "apple/2023-grace-16"),
        ("2023-01-30", 28, "apple/2023-grace-28"),
        ("2023-01-31", 28, "apple/2023-grace-28"),
        ("2023-01-30", 7, "apple/2023-no-grace"),
    ],
)
def test_the_day_and_the_choice_choose_the_edition(on, picked, name):
    """Until 2023-01-29 one grace for all; from the 30th on the developer's, one of three."""
    found = NOW.in_force(an_app(picked=picked), on=date.fromisoformat(on))
    assert found.id == name


def test_before_2019_there_is_none():
    """What held before grace came in is not known, and is not guessed."""
    with pytest.raises(NotInForce):
        NOW.in_force(an_app(), on=date(2018, 12, 31))


#: Term, old price, new price, answer: exactly the limit is within it.
INCREASES = [
    (MONTHLY, "10.00", "9.00", "not-dearer"),
    (MONTHLY, "10.00", "10.00", "not-dearer"),
    (MONTHLY, "10.00", "15.00", "without-consent"),
    (MONTHLY, "10.00", "15.01", "ask-consent"),
    # More than half, though less than five dollars; then more than five, though less than half.
    (MONTHLY, "2.00", "4.00", "ask-consent"),
    (MONTHLY, "20.00", "25.01", "ask-consent"),
    (WEEKLY, "20.00", "25.00", "without-consent"),
    (Term.months(6), "20.00", "25.01", "ask-consent"),
    (YEARLY, "100.00", "150.00", "without-consent"),
    (YEARLY, "100.00", "150.01", "ask-consent"),
    (YEARLY, "20.00", "31.00", "ask-consent"),
    (YEARLY, "200.00", "250.01", "ask-consent"),
]


def an_increase(term, old, new, **asked):
    return price_increase(
        an_app(term),
        old=Money(old, "USD"),
        new=Money(new, "USD"),
        **{"policy": NOW, "on": END} | asked,
    ).route.value


@pytest.mark.parametrize(("term", "old", "new", "route"), INCREASES)
def test_increases(term, old, new, route):
    """Clause `apple.increase`: USD 5 and half the price, or USD 50 and half for annual terms."""
    assert an_increase(term, old, new) == route


@pytest.mark.parametrize(
    ("last_on", "route"),
    [
        (date(2025, 1, 31), "without-consent"),
        (date(2025, 2, 1), "without-consent"),
        (date(2025, 2, 2), "ask-consent"),
    ],
)
def test_increases_once_a_year(last_on, route):
    """Clause `apple.increase`: a second one within a year of the last needs consent."""
    assert an_increase(MONTHLY, "10.00", "11.00", last_increase_on=last_on) == route


def test_silence_ends():
    """Clause `apple.consent`: who does not answer is not renewed."""
    assert apple.CONSENT.silence is Silence.ENDS


@pytest.mark.parametrize(
    ("old", "new", "either", "both"),
    [
        ("2.00", "4.00", "ask-consent", "without-consent"),
        ("20.00", "25.01", "ask-consent", "without-consent"),
        ("10.00", "15.01", "ask-consent", "ask-consent"),
        ("10.00", "15.00", "without-consent", "without-consent"),
    ],
)
def test_and_is_data(old, new, either, both):
    """The page's "and" is read as "either is too much"; the other reading is one field away."""
    limits = tuple(attrs.evolve(each, combine=Combine.ALL) for each in apple.CONSENT.limits)
    other = apple.GRACE_16.evolve(consent=attrs.evolve(apple.CONSENT, limits=limits))
    assert an_increase(MONTHLY, old, new) == either
    assert an_increase(MONTHLY, old, new, policy=other) == both


def test_consent_came_after_2019():
    """The page on prices is not of 2019, so that edition says nothing of them."""
    assert an_increase(MONTHLY, "10.00", "11.00", policy=OLD) == "consent-unknown"


@pytest.mark.parametrize("edition", NOW.editions, ids=lambda each: each.policy.id)
def test_what_the_pages_do_not_say_is_unset(edition):
    """No saving, no fee, no notice and no window by hand before the end."""
    policy, bare = edition.policy, RenewalPolicy(id="bare/1")
    unset = ("saving_floor_rate", "loyalty", "notices", "late_terms", "switch_closes_days")
    assert [getattr(policy, name) for name in unset] == [getattr(bare, name) for name in unset]
    assert policy.window_opens_days == 0
    assert len(tables.table("renewability", policy).cells) <= tables.MOST_CELLS


@pytest.mark.parametrize(
    ("changes", "route", "code"),
    [
        ({"auto_renew": ON, "payment_method": PAYPAL}, "renews-itself", "trial-goes-on"),
        ({"auto_renew": OFF, "payment_method": PAYPAL}, "convert-trial", "switched-off"),
    ],
)
def test_an_introductory_period_goes_on_unless_it_is_cancelled(changes, route, code):
    """Clause `apple.introductory`: at its end the regular price is charged."""
    trial = Subscription(
        id="S-1",
        product="App",
        term=Term.weeks(1),
        starts_on=date(2026, 1, 1),
        kind=Kind.TRIAL,
        **changes,
    )
    decision = renewability(trial, policy=apple.EDITIONS, on=date(2026, 1, 5))
    found = {each.code: (each.clause.id, each.is_general) for each in decision.findings}
    assert decision.route.value == route
    assert found[code][1] is False
    assert found[code][0] in {"apple.introductory", "apple.automatic"}
