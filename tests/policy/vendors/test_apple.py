"""Apple's auto-renewable subscriptions: one row for each thing that the pages say."""

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest

from subrenew import (
    CancelAt,
    Combine,
    History,
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
from tests.makers import ON, PAYPAL

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

#: Policy, subscription, days after the end, route, access, and the clause that says so.
SCENARIOS = [
    (OLD, an_app(WEEKLY), 0, "renew-now", "full", "apple.grace-2019"),
    (OLD, an_app(WEEKLY), 5, "renew-now", "full", "apple.grace-2019"),
    (OLD, an_app(WEEKLY), 6, "renew-now", "none", "apple.grace-2019"),
    (OLD, an_app(MONTHLY), 15, "renew-now", "full", "apple.grace-2019"),
    (OLD, an_app(MONTHLY), 16, "renew-now", "none", "apple.grace-2019"),
    (OLD, an_app(YEARLY), 15, "renew-now", "full", "apple.grace-2019"),
    (OLD, an_app(YEARLY), 16, "renew-now", "none", "apple.grace-2019"),
    (OLD, an_app(WEEKLY), 59, "renew-now", "none", "apple.retry"),
    (OLD, an_app(WEEKLY), 60, "buy-new", "none", "apple.retry"),
    (NOW, an_app(picked=3), 2, "renew-now", "full", "apple.grace"),
    (NOW, an_app(picked=3), 3, "renew-now", "none", "apple.grace"),
    (NOW, an_app(picked=16), 15, "renew-now", "full", "apple.grace"),
    (NOW, an_app(picked=16), 16, "renew-now", "none", "apple.grace"),
    (NOW, an_app(picked=28), 27, "renew-now", "full", "apple.grace"),
    (NOW, an_app(picked=28), 28, "renew-now", "none", "apple.grace"),
    (NOW, an_app(picked=None), -1, "repair-payment", "full", "apple.retry"),
    (NOW, an_app(picked=None), 0, "renew-now", "none", "apple.retry"),
    (NOW, an_app(picked=3), 59, "renew-now", "none", "apple.retry"),
    (NOW, an_app(picked=3), 60, "buy-new", "none", "apple.retry"),
    (NOW, an_app(picked=28), 59, "renew-now", "none", "apple.retry"),
    (NOW, an_app(picked=28), 60, "buy-new", "none", "apple.retry"),
    (NOW, an_app(picked=None), 60, "buy-new", "none", "apple.retry"),
    (NOW, an_app(payment_method=PAYPAL), -1, "renews-itself", "full", "apple.retry"),
]


@pytest.mark.parametrize(("policy", "app", "days", "route", "access", "source"), SCENARIOS)
def test_scenarios(policy, app, days, route, access, source):
    """Each state has the answer that the clause gives so many days after the end."""
    decision = renewability(app, policy=policy, on=END + timedelta(days=days))
    assert (decision.route.value, decision.access.value) == (route, access)
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


@pytest.mark.parametrize(
    ("term", "amount"),
    [(WEEKLY, "5.00"), (MONTHLY, "5.00"), (Term.months(6), "5.00"), (YEARLY, "50.00")],
)
def test_one_limit_covers_each_term(term, amount):
    """Clause `apple.increase`: about USD 5, or 50 for annual terms, and half the price."""
    [limit] = [each for each in apple.CONSENT.limits if each.scope.covers(an_app(term))]
    assert (limit.amount, limit.rate) == (Money(amount, "USD"), Decimal("0.50"))


def test_consent_once_a_year_and_silence_ends():
    """Clause `apple.consent`: at most yearly without consent; who does not answer is over."""
    assert apple.CONSENT.not_more_often_than == YEARLY
    assert apple.CONSENT.silence is Silence.ENDS


def test_and_is_data():
    """The page's "and" is read as "either is too much"; the other reading is one field away."""
    assert {each.combine for each in apple.CONSENT.limits} == {Combine.ANY}
    both = tuple(attrs.evolve(each, combine=Combine.ALL) for each in apple.CONSENT.limits)
    other = apple.GRACE_16.evolve(consent=attrs.evolve(apple.CONSENT, limits=both))
    assert other != apple.GRACE_16


def test_consent_came_after_2019():
    """The page on prices is not of 2019, so that edition says nothing of them."""
    assert apple.EDITION_2019.consent is None


@pytest.mark.parametrize("edition", NOW.editions, ids=lambda each: each.policy.id)
def test_what_the_pages_do_not_say_is_unset(edition):
    """No saving, no fee, no notice and no window by hand before the end."""
    policy, bare = edition.policy, RenewalPolicy(id="bare/1")
    unset = ("saving_floor_rate", "loyalty", "notices", "late_terms", "switch_closes_days")
    assert [getattr(policy, name) for name in unset] == [getattr(bare, name) for name in unset]
    assert policy.window_opens_days == 0
    assert len(tables.table("renewability", policy).cells) <= tables.MOST_CELLS
