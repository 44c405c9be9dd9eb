"""The city's licences: one row for each thing that its data show."""

from datetime import date

import pytest

from subrenew import (
    AutoRenew,
    Mechanism,
    NotInForce,
    PaymentMethod,
    RenewalPolicy,
    Subscription,
    Term,
    buy_anew,
    late_window,
    renew,
    renew_automatically,
    renewability,
    renewal_window,
    tables,
)
from subrenew.policy.vendors import city_licences
from subrenew.policy.vendors.city_licences import AS_IT_IS_DONE, BY_THE_BOOK, EDITIONS

AT_THE_COUNTER = PaymentMethod(kind="at-the-counter", mechanism=Mechanism.PUSH)
LAST_DAY = date(2014, 5, 15)


def a_licence(**changes) -> Subscription:
    """Two years, covered through 2014-05-15, so 2014-05-16 is the first day not covered."""
    fields = {
        "id": "L-1",
        "product": "licence",
        "term": Term.years(2),
        "starts_on": date(2012, 5, 16),
        "payment_method": AT_THE_COUNTER,
    }
    return Subscription.covering(last_day=LAST_DAY, **fields | changes)


PLAIN = a_licence()
#: Stopped during its term: cancelled (AAC) and revoked (REV) are one and the same to the policy.
STOPPED = a_licence(cancelled_on=date(2014, 4, 1))
#: Stopped on its very last day.
STOPPED_LAST = a_licence(cancelled_on=LAST_DAY)
#: Stopped where the term ends anyway.
STOPPED_AT_END = a_licence(cancelled_on=date(2014, 5, 16))

#: Licence, day, by the book, as it is done, and the clause that says so.
SCENARIOS = [
    (PLAIN, "2014-03-13", "wait-for-window", "wait-for-window", "city.window"),
    (PLAIN, "2014-03-14", "renew-now", "renew-now", "city.window"),
    (PLAIN, "2014-03-15", "renew-now", "renew-now", "city.window"),
    (PLAIN, "2014-05-15", "renew-now", "renew-now", "city.by-hand"),
    (PLAIN, "2014-05-16", "buy-new", "renew-now", "city.late"),
    (PLAIN, "2014-06-15", "buy-new", "renew-now", "city.late"),
    # 2,131 days after the last day, the latest payment that was observed.
    (PLAIN, "2020-03-16", "buy-new", "renew-now", "city.late"),
    (PLAIN, "2024-05-15", "buy-new", "renew-now", "city.late"),
    (PLAIN, "2024-05-16", "buy-new", "buy-new", "city.late"),
    (STOPPED, "2014-03-31", "renew-now", "renew-now", "city.barred"),
    (STOPPED, "2014-04-01", "buy-new", "buy-new", "city.barred"),
    (STOPPED, "2014-05-16", "buy-new", "buy-new", "city.barred"),
    (STOPPED_LAST, "2014-05-15", "buy-new", "buy-new", "city.barred"),
    (STOPPED_LAST, "2014-05-17", "buy-new", "buy-new", "city.barred"),
    (STOPPED_AT_END, "2014-05-16", "buy-new", "buy-new", "city.barred"),
]


@pytest.mark.parametrize(("licence", "on", "by_the_book", "as_done", "source"), SCENARIOS)
def test_scenarios(licence, on, by_the_book, as_done, source):
    """Each state has these two answers on that day, and the clause says why."""
    routes = [
        renewability(licence, policy=policy, on=date.fromisoformat(on)).route.value
        for policy in (BY_THE_BOOK, AS_IT_IS_DONE)
    ]
    assert routes == [by_the_book, as_done]
    assert source in {clause.id for clause in city_licences.CLAUSES}


def test_the_window_opens_sixty_two_days_before_the_last_day():
    """Clause `city.window`: counted from the last covered day, as the city prints it."""
    window = renewal_window(PLAIN, policy=EDITIONS, on=date(2014, 1, 1))
    assert (LAST_DAY - window.opens_on).days == 62
    assert window.last_on == LAST_DAY


def test_late_renewal_is_taken_for_ten_years():
    """Clause `city.late`: ten years stand for "no last day"; by the book there is none at all."""
    window = late_window(PLAIN, policy=AS_IT_IS_DONE, on=date(2014, 6, 1))
    assert (window.opens_on, window.last_on) == (date(2014, 5, 16), date(2024, 5, 15))
    assert late_window(PLAIN, policy=BY_THE_BOOK, on=date(2014, 6, 1)).days == 0


@pytest.mark.parametrize("on", ["2014-03-14", "2014-05-15", "2014-05-16", "2014-09-01"])
def test_a_new_term_starts_where_the_old_one_ends(on):
    """Clause `city.contiguous`: early or late, no day is lost and none is free."""
    done = renew(PLAIN, policy=AS_IT_IS_DONE, on=date.fromisoformat(on))
    assert done.subscription.starts_on == date(2014, 5, 16)
    assert done.subscription.expires_on == date(2016, 5, 16)


def test_a_first_term_cut_short_is_followed_by_two_years():
    """Clause `city.term`: whatever the term before it, a renewal is for two years."""
    first = a_licence(starts_on=date(2013, 9, 3), term=Term.days(255))
    done = renew(first, policy=EDITIONS, on=date(2014, 5, 1))
    assert done.subscription.term == Term.years(2)
    assert done.subscription.expires_on == date(2016, 5, 16)


def test_a_licence_with_another_term_says_so():
    """A few are for one year: the term asked for comes before the policy's."""
    annual = a_licence(next_term=Term.years(1))
    done = renew(annual, policy=EDITIONS, on=date(2014, 5, 1))
    assert done.subscription.expires_on == date(2015, 5, 16)


def test_nothing_renews_by_itself():
    """Clause `city.by-hand`: not on the day after the last one, and not when bought anew."""
    refused = renew_automatically(PLAIN, policy=EDITIONS, on=date(2014, 5, 16))
    assert "payment-by-customer" in refused.decision.codes
    bought = buy_anew(STOPPED, id="L-2", policy=EDITIONS, on=date(2014, 6, 1))
    assert bought.subscription.auto_renew is AutoRenew.OFF


def test_a_cancelled_licence_is_refused_for_good():
    """Clause `city.barred`: no later day brings it back."""
    decision = renewability(STOPPED, policy=AS_IT_IS_DONE, on=date(2014, 4, 1))
    assert (decision.codes, decision.changes_on) == (("cancelled",), None)


@pytest.mark.parametrize(
    ("on", "known"), [("1999-11-15", False), ("1999-11-16", True), ("2026-01-01", True)]
)
def test_it_is_known_from_the_first_term_of_the_data_on(on, known):
    """The data begin with a term of 1999-11-16; before it nothing is said."""
    day = date.fromisoformat(on)
    if known:
        assert EDITIONS.in_force(PLAIN, on=day) is AS_IT_IS_DONE
    else:
        with pytest.raises(NotInForce):
            EDITIONS.in_force(PLAIN, on=day)


@pytest.mark.parametrize("policy", [BY_THE_BOOK, AS_IT_IS_DONE])
def test_what_the_data_do_not_say_is_unset(policy):
    """No prices, no back-pay, no notices and no roles are in the data."""
    bare = RenewalPolicy(id="bare/1")
    unset = ("saving_floor_rate", "late_terms", "notices", "managed_roles", "consent")
    assert [getattr(policy, name) for name in unset] == [getattr(bare, name) for name in unset]
    assert len(tables.table("renewability", policy).cells) <= tables.MOST_CELLS
