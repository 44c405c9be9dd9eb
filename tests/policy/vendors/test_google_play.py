"""Google Play's subscriptions: one row for each thing that the pages say."""

from datetime import date, timedelta

import pytest

from subrenew import (
    CancelAt,
    History,
    InvalidValue,
    ListPrice,
    Money,
    NotInForce,
    PaymentMethod,
    PriceList,
    PriceSchedule,
    RenewalPolicy,
    Scope,
    Silence,
    Subscription,
    Term,
    buy_anew,
    cancel,
    late_window,
    renewability,
    renewal_quote,
    switch_auto_renew,
    tables,
)
from subrenew.policy.vendors import google_play
from subrenew.rules.increases import price_increase
from tests.makers import ON, PAYPAL

EDITIONS = google_play.EDITIONS
#: The ends of two terms: one before the change and one after it.
OLD_END, NEW_END = date(2025, 9, 1), date(2026, 2, 1)


def a_plan(end: date, *, days: int | None = None, **changes) -> Subscription:
    """Monthly; its card was good until the day before the end; *days* of grace were set."""
    fields = {
        "id": "S-1",
        "product": "App",
        "term": Term.months(1),
        "starts_on": Term.months(1).boundary(end, -1),
        "expires_on": end,
        "auto_renew": ON,
        "payment_method": PaymentMethod.card(expires="2025-06"),
        "history": History(offer=days and f"grace-{days}"),
    }
    return Subscription(**fields | changes)


PAID = a_plan(NEW_END, payment_method=PAYPAL)
PREPAID = a_plan(NEW_END, conditions=frozenset({"prepaid"}))

#: Plan, days after the end, route, access, and the clause that says so.
SCENARIOS = [
    (PAID, -1, "renews-itself", "full", "play.grace"),
    (a_plan(OLD_END, days=7), -1, "repair-payment", "full", "play.grace"),
    (a_plan(OLD_END, days=7), 0, "renew-now", "full", "play.grace"),
    (a_plan(OLD_END, days=7), 6, "renew-now", "full", "play.grace"),
    (a_plan(OLD_END, days=7), 7, "renew-now", "none", "play.hold"),
    (a_plan(OLD_END, days=7), 36, "renew-now", "none", "play.hold"),
    (a_plan(OLD_END, days=7), 37, "buy-new", "none", "play.hold"),
    (a_plan(OLD_END), 0, "renew-now", "none", "play.hold"),
    (a_plan(OLD_END), 29, "renew-now", "none", "play.hold"),
    (a_plan(OLD_END), 30, "buy-new", "none", "play.hold"),
    (a_plan(OLD_END, days=30), 29, "renew-now", "full", "play.grace"),
    (a_plan(OLD_END, days=30), 30, "renew-now", "none", "play.hold"),
    (a_plan(OLD_END, days=30), 59, "renew-now", "none", "play.hold"),
    (a_plan(OLD_END, days=30), 60, "buy-new", "none", "play.hold"),
    (a_plan(NEW_END, days=7), 6, "renew-now", "full", "play.grace"),
    (a_plan(NEW_END, days=7), 7, "renew-now", "none", "play.hold-rest"),
    (a_plan(NEW_END, days=7), 59, "renew-now", "none", "play.hold-rest"),
    (a_plan(NEW_END, days=7), 60, "buy-new", "none", "play.hold-rest"),
    (a_plan(NEW_END), 59, "renew-now", "none", "play.hold-rest"),
    (a_plan(NEW_END), 60, "buy-new", "none", "play.hold-rest"),
    (a_plan(NEW_END, days=30), 59, "renew-now", "none", "play.hold-rest"),
    (a_plan(NEW_END, days=30), 60, "buy-new", "none", "play.hold-rest"),
    (PREPAID, -1, "resolve-condition", "full", "play.prepaid"),
    (PREPAID, 0, "resolve-condition", "none", "play.prepaid"),
]


@pytest.mark.parametrize(("plan", "days", "route", "access", "source"), SCENARIOS)
def test_scenarios(plan, days, route, access, source):
    """Each state has the answer that the clause gives so many days after the end."""
    on = plan.expires_on + timedelta(days=days)
    decision = renewability(plan, policy=EDITIONS, on=on)
    assert (decision.route.value, decision.access.value) == (route, access)
    assert source in {clause.id for clause in decision.edition.clauses}


@pytest.mark.parametrize("days", range(1, 31))
def test_grace_and_hold_are_sixty_days_together(days):
    """Clause `play.hold-rest`: whatever grace the developer sets, the hold is the rest of 60."""
    stages = (google_play.grace(days), google_play.HOLD)
    policy = google_play.EDITION_2025_12.evolve(stages=stages)
    plan = a_plan(NEW_END)
    assert late_window(plan, policy=policy, on=NEW_END).days == 60
    first_held = renewability(plan, policy=policy, on=NEW_END + timedelta(days=days))
    last_full = renewability(plan, policy=policy, on=NEW_END + timedelta(days=days - 1))
    assert (last_full.access.value, first_held.access.value) == ("full", "none")


@pytest.mark.parametrize(
    ("on", "days", "name"),
    [
        ("2024-01-01", None, "google-play/2024"),
        ("2025-11-30", None, "google-play/2024"),
        ("2025-11-30", 7, "google-play/2024-grace-7"),
        ("2025-11-30", 30, "google-play/2024-grace-30"),
        ("2025-12-01", None, "google-play/2025-12"),
        ("2025-12-01", 7, "google-play/2025-12-grace-7"),
        ("2025-12-01", 30, "google-play/2025-12-grace-30"),
        ("2025-12-02", 7, "google-play/2025-12-grace-7"),
    ],
)
def test_the_day_of_the_act_chooses_the_edition(on, days, name):
    """The hold changed on 2025-12-01, whenever the plan was bought."""
    bought = a_plan(OLD_END, days=days)
    assert EDITIONS.in_force(bought, on=date.fromisoformat(on)).id == name


def test_before_2024_there_is_none():
    """How long the old default held is not known, and is not guessed."""
    with pytest.raises(NotInForce):
        EDITIONS.in_force(PAID, on=date(2023, 12, 31))


def test_the_longer_hold_is_for_all_from_that_day_on():
    """Keyed on the act: over since 30 November, one is on hold again from 1 December on."""
    plan = a_plan(date(2025, 10, 31))
    routes = [
        renewability(plan, policy=EDITIONS, on=on).route.value
        for on in (date(2025, 11, 29), date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 30))
    ]
    assert routes == ["renew-now", "buy-new", "renew-now", "buy-new"]


def test_restored_before_the_end():
    """Clause `play.restore`: a cancellation on its way is withdrawn until the last day covered."""
    asked = cancel(PAID, at=CancelAt.END_OF_TERM, policy=EDITIONS, on=date(2026, 1, 10))
    on = NEW_END - timedelta(days=1)
    done = switch_auto_renew(asked.subscription, to=ON, policy=EDITIONS, on=on)
    assert done.subscription == PAID


def test_bought_again_after_the_end():
    """Clause `play.restore`: after the end there is neither grace nor hold for who cancelled."""
    asked = cancel(PAID, at=CancelAt.END_OF_TERM, policy=EDITIONS, on=date(2026, 1, 10))
    assert renewability(asked.subscription, policy=EDITIONS, on=NEW_END).route.value == "buy-new"
    done = buy_anew(asked.subscription, id="S-2", policy=EDITIONS, on=NEW_END)
    assert done.subscription.starts_on == NEW_END


def test_a_prepaid_plan_says_what_to_do():
    """Clause `play.prepaid`: it is topped up, in words that a customer can read."""
    decision = renewability(PREPAID, policy=EDITIONS, on=NEW_END)
    assert "top it up" in decision.explain()
    [told] = [each for each in decision.findings if each.code == "own-condition"]
    assert (told.clause.id, told.is_general) == ("play.prepaid", False)
    assert decision.clause.id == "play.prepaid"
    assert {each.clause.id for each in decision.actions} == {"play.prepaid"}


@pytest.mark.parametrize(
    ("rule", "silence"),
    [
        (google_play.OPT_IN, Silence.ENDS),
        (google_play.OPT_OUT, Silence.RENEWS_AT_NEW_PRICE),
    ],
)
def test_what_silence_means(rule, silence):
    """Clauses `play.opt-in`, `play.opt-out`: cancelled, or renewed at the new price."""
    assert rule.silence is silence


@pytest.mark.parametrize(("new", "route"), [("5.01", "ask-consent"), ("4.99", "not-dearer")])
def test_every_increase_asks_and_no_decrease_does(new, route):
    """Clause `play.opt-in`: no increase is too small; a lower price is simply taken."""
    decision = price_increase(
        PAID,
        old=Money("5.00", "USD"),
        new=Money(new, "USD"),
        policy=EDITIONS,
        on=date(2026, 1, 15),
    )
    assert decision.route.value == route


def test_opt_in_gives_thirty_days_and_is_the_fallback():
    """Clause `play.opt-in`: thirty days to accept; the policies have it, opt-out is asked for."""
    assert google_play.OPT_IN.notice_days == 30
    assert {each.policy.consent for each in EDITIONS.editions} == {google_play.OPT_IN}


def test_an_app_keeps_a_cohort_at_its_price():
    """Customers who were not moved pay the price of the year in which it was locked."""
    locked = PriceSchedule(scope=Scope(cohorts=frozenset({"launch"})), base_year=2024, increases=())
    policy = google_play.EDITION_2025_12.evolve(id="app/1", price_schedules=(locked,))
    prices = PriceList(
        prices=tuple(
            ListPrice(
                product="App",
                term=Term.months(1),
                price=Money(amount, "USD"),
                from_on=from_on,
            )
            for amount, from_on in (("5.00", date(2024, 1, 1)), ("7.00", date(2025, 6, 1)))
        )
    )
    cohorts = (History(), History(price_cohort="launch"))
    quoted = [
        renewal_quote(
            a_plan(NEW_END, history=each), prices=prices, policy=policy, on=date(2026, 1, 15)
        ).total
        for each in cohorts
    ]
    assert quoted == [Money("7.00", "USD"), Money("5.00", "USD")]


def test_no_grace_is_no_stage():
    """A stage that no day reaches is refused, so none is written where none was set."""
    with pytest.raises(InvalidValue, match="no day ever reaches it"):
        RenewalPolicy(id="x/1", stages=(google_play.grace(0),))


@pytest.mark.parametrize("edition", EDITIONS.editions, ids=lambda each: each.policy.id)
def test_what_the_pages_do_not_say_is_unset(edition):
    """No saving, no fee, no notice, no limit of opt-out, and no window by hand."""
    policy, bare = edition.policy, RenewalPolicy(id="bare/1")
    unset = ("saving_floor_rate", "loyalty", "notices", "late_terms", "price_schedules")
    assert [getattr(policy, name) for name in unset] == [getattr(bare, name) for name in unset]
    assert policy.window_opens_days == 0
    assert google_play.OPT_OUT.limits == ()
    assert len(tables.table("renewability", policy).cells) <= tables.MOST_CELLS
