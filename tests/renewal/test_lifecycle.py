"""Renewed by hand, renewed by itself, cancelled, over: contiguous, on the anchor, and once."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    CancelAt,
    Channel,
    Decision,
    EarlyRenewal,
    Happening,
    History,
    InvalidType,
    InvalidValue,
    Kind,
    LateStart,
    NotInForce,
    Order,
    PaymentMethod,
    Refusal,
    Role,
    Route,
    Subscription,
    Term,
    Transition,
    buy_anew,
    cancel,
    lapse,
    renew,
    renew_automatically,
    renewability,
    replay,
    switch_auto_renew,
)
from subrenew.policy.stages import BackPay, LateTerms, Loyalty
from subrenew.policy.vendors import autodesk
from tests.makers import ANNUAL, INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

EARLY, LATE = autodesk.EDITION_2024, autodesk.EDITION_2025_12
LATE_TODAY = LATE.evolve(late_start=LateStart.RENEWAL_DAY)
ONE = timedelta(days=1)
OWNER = Actor(id="P-1", roles=frozenset({Role.OWNER}))
NOBODY = Actor(id="P-2", roles=frozenset({Role.USER}))


def done(answer: Transition | Refusal) -> Transition:
    """Return the transition; a refusal fails with its route."""
    assert isinstance(answer, Transition), answer.decision
    return answer


def refused(answer: Transition | Refusal) -> Decision[Any]:
    """Return the decision of a refusal, which asking again gives again."""
    assert isinstance(answer, Refusal), answer
    decision = answer.decision
    again = renewability(
        decision.subscription, policy=decision.policy, on=decision.on, actor=decision.asked
    )
    assert again == decision
    assert answer.explain() == decision.explain()
    return decision


def by_hand(subscription: Subscription, on: date, policy: Any = EARLY) -> Subscription:
    """Renewed by hand on that day."""
    return done(renew(subscription, policy=policy, on=on)).subscription


# Contiguous, and on the anchor


def test_early_or_on_the_last_day_the_next_term_begins_where_this_one_ends() -> None:
    """On the first day of the window or on the last, not a paid day is lost."""
    subscription = a_subscription()
    for on in (date(2025, 10, 3), date(2025, 12, 31)):
        renewed = by_hand(subscription, on)
        assert (renewed.starts_on, renewed.expires_on) == (date(2026, 1, 1), date(2027, 1, 1))
        assert renewed.history == History(
            purchased_on=date(2025, 1, 1),
            previous_starts_on=date(2025, 1, 1),
            renewed_on=on,
            renewals=1,
        )


def test_nothing_but_the_term_and_its_history_changes() -> None:
    """Seats, account, payment method, switch and the rest are kept."""
    subscription = a_subscription(
        payment_method=WIRE,
        auto_renew=ON,
        account=Account(id="A-1", country="FR"),
        seats=7,
        currency="EUR",
        order_number="A-1",
        channel=Channel.ORDER,
    )
    (event,) = done(renew(subscription, policy=EARLY, on=date(2025, 12, 1))).events
    assert {name for name, _, _ in event.changes} == {"starts_on", "expires_on", "history"}


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (
            date(2024, 1, 31),
            (
                "2024-02-29 2024-03-31 2024-04-30 2024-05-31 2024-06-30 2024-07-31 2024-08-31 "
                "2024-09-30 2024-10-31 2024-11-30 2024-12-31 2025-01-31 2025-02-28"
            ),
        ),
        (date(2025, 1, 29), "2025-02-28 2025-03-29 2025-04-29"),
        (date(2025, 1, 30), "2025-02-28 2025-03-30 2025-04-30"),
        (date(2025, 12, 31), "2026-01-31 2026-02-28 2026-03-31"),
    ],
)
def test_a_monthly_term_keeps_its_day(starts_on: date, expected: str) -> None:
    """Reading 4: renewed over and over, the 31st comes back after February."""
    subscription = a_subscription(term=MONTHLY, starts_on=starts_on)
    ends = [subscription.expires_on]
    for _ in expected.split()[1:]:
        subscription = by_hand(subscription, subscription.expires_on - ONE)
        ends.append(subscription.expires_on)
    assert " ".join(str(each) for each in ends) == expected
    assert subscription.anchor_day == starts_on.day


@pytest.mark.parametrize("automatically", [True, False])
def test_the_29_february_comes_back(automatically: bool) -> None:
    """Renewed by hand or by itself, an annual term from 29 February is on it every fourth year."""
    subscription = a_subscription(starts_on=date(2024, 2, 29), auto_renew=ON, payment_method=PAYPAL)
    ends = []
    for _ in range(5):
        on = subscription.expires_on
        if automatically:
            subscription = done(renew_automatically(subscription, policy=EARLY, on=on)).subscription
        else:
            manual = attrs.evolve(subscription, auto_renew=OFF)
            subscription = attrs.evolve(by_hand(manual, on - ONE), auto_renew=ON)
        ends.append(str(subscription.expires_on))
    assert ends == ["2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28"]


@pytest.mark.parametrize(
    ("starts_on", "expires_on", "anchor_day", "ends"),
    [
        # A first term that was cut short or made long is counted from its end on.
        (date(2025, 1, 10), date(2025, 3, 31), None, ["2026-03-31", "2027-03-31"]),
        (date(2025, 1, 31), date(2025, 6, 15), None, ["2026-06-15", "2027-06-15"]),
        (date(2025, 1, 10), date(2028, 2, 29), None, ["2029-02-28", "2030-02-28"]),
        (date(2025, 1, 10), date(2025, 2, 28), 31, ["2026-02-28", "2027-02-28"]),
        # An anchor that the end is not on is none of its.
        (date(2025, 1, 10), date(2025, 6, 30), 10, ["2026-06-30", "2027-06-30"]),
        (date(2025, 1, 31), date(2025, 6, 15), 31, ["2026-06-15", "2027-06-15"]),
    ],
)
def test_a_first_term_of_another_length(
    starts_on: date, expires_on: date, anchor_day: int | None, ends: list[str]
) -> None:
    """Whatever the first term's end was, the next term begins there and is a whole one."""
    subscription = a_subscription(starts_on=starts_on, expires_on=expires_on, anchor_day=anchor_day)
    for end in ends:
        before = subscription
        subscription = by_hand(subscription, subscription.expires_on - ONE)
        assert subscription.starts_on == before.expires_on
        assert str(subscription.expires_on) == end


terms = st.one_of(
    st.integers(1, 36).map(Term.months), st.integers(1, 3).map(Term.years), st.just(Term.years(1))
)
days = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@given(term=terms, starts_on=days, count=st.integers(1, 12), ahead=st.integers(1, 90))
def test_terms_tile_and_stay_on_the_anchor(
    term: Term, starts_on: date, count: int, ahead: int
) -> None:
    """However often and however early it is renewed, its terms are the boundaries of the first."""
    subscription = a_subscription(term=term, starts_on=starts_on)
    states = [subscription]
    for _ in range(count):
        on = max(subscription.expires_on - ahead * ONE, subscription.starts_on)
        subscription = by_hand(subscription, on)
        states.append(subscription)
    for before, after in pairwise(states):
        assert after.starts_on == before.expires_on
        assert after.anchor_day == before.anchor_day == starts_on.day
    ends = tuple(each.expires_on for each in states)
    assert ends == term.boundaries(starts_on, count + 1)
    assert subscription.history.renewals == count


# Late


@pytest.mark.parametrize("policy", [LATE, LATE_TODAY], ids=["old end", "today"])
@pytest.mark.parametrize("days", [-90, -1])
def test_in_time_it_never_matters_where_a_late_term_would_start(policy: Any, days: int) -> None:
    """Reading 16: today only if expired."""
    renewed = by_hand(a_subscription(), date(2026, 1, 1) + days * ONE, policy)
    assert (renewed.starts_on, renewed.expires_on) == (date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize("days", [0, 1, 20, 44])
def test_a_late_term_starts_at_the_old_end(days: int) -> None:
    """Reading 16, the default: the days in between are part of the new term."""
    on = date(2026, 1, 1) + days * ONE
    answer = done(renew(a_subscription(), policy=LATE, on=on))
    assert answer.subscription.starts_on == date(2026, 1, 1)
    assert answer.subscription.expires_on == date(2027, 1, 1)
    assert answer.events[0].clause == "expired"
    assert answer.subscription.history.renewals == 1


def test_a_late_term_may_start_today() -> None:
    """Reading 16, the other way: no day without use is paid for, and the new day is the anchor."""
    renewed = by_hand(a_subscription(), date(2026, 1, 20), LATE_TODAY)
    assert (renewed.starts_on, renewed.expires_on) == (date(2026, 1, 20), date(2027, 1, 20))
    assert renewed.anchor_day == 20


def test_a_late_term_from_a_clamped_end_keeps_the_31st() -> None:
    """Late, and from the old end: the anchor survives February."""
    subscription = a_subscription(term=MONTHLY, starts_on=date(2026, 1, 31))
    renewed = by_hand(subscription, date(2026, 3, 2), LATE)
    assert (renewed.starts_on, renewed.expires_on) == (date(2026, 2, 28), date(2026, 3, 31))
    assert renewed.anchor_day == 31


@pytest.mark.parametrize(("days", "route"), [(44, None), (45, Route.BUY_NEW)])
def test_after_the_last_stage_it_is_over(days: int, route: Route | None) -> None:
    """On the day before, it renews; on the day itself it is bought anew."""
    answer = renew(a_subscription(), policy=LATE, on=date(2026, 1, 1) + days * ONE)
    if route is None:
        done(answer)
    else:
        assert refused(answer).route is route


def test_on_the_expiry_day_it_is_over_without_stages() -> None:
    """Reading 2: under the source's edition expired means buying anew."""
    assert (
        refused(renew(a_subscription(), policy=EARLY, on=date(2026, 1, 1))).route is Route.BUY_NEW
    )


@given(
    starts_on=days,
    days_late=st.integers(0, 44),
    term=terms,
    policy=st.sampled_from([LATE, LATE_TODAY]),
)
def test_a_late_term_is_never_shorter_than_a_term(
    starts_on: date, days_late: int, term: Term, policy: Any
) -> None:
    """Late by any number of days, the new term is a whole one, and no day is paid for twice."""
    subscription = a_subscription(term=term, starts_on=starts_on)
    on = subscription.expires_on + days_late * ONE
    answer = renew(subscription, policy=policy, on=on)
    assume(isinstance(answer, Transition))
    renewed = done(answer).subscription
    assert renewed.starts_on >= subscription.expires_on
    assert renewed.starts_on == (on if policy is LATE_TODAY else subscription.expires_on)
    assert renewed.expires_on == term.end(renewed.starts_on, renewed.anchor_day)


def test_missed_terms_that_are_paid_for_keep_the_anchor() -> None:
    """Where missed terms are paid for, the new one begins where the last one missed ends."""
    stages = tuple(
        attrs.evolve(each, lengths=(attrs.evolve(each.lengths[-1], days=200),))
        for each in LATE.stages
    )
    policy = LATE.evolve(
        stages=stages, late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS, loyalty=Loyalty.LOST)
    )
    subscription = a_subscription(term=MONTHLY, starts_on=date(2026, 1, 31))
    renewed = by_hand(subscription, date(2026, 5, 2), policy)
    assert (renewed.starts_on, renewed.expires_on) == (date(2026, 4, 30), date(2026, 5, 31))
    assert renewed.anchor_day == 31
    assert renewed.history.renewals == 0
    within = by_hand(subscription, date(2026, 3, 30), policy)
    assert (within.starts_on, within.expires_on) == (date(2026, 2, 28), date(2026, 3, 31))


# Once


def _due(**changes: Any) -> Subscription:
    """Renews itself on 2026-01-01."""
    return a_subscription(auto_renew=ON, payment_method=PAYPAL, **changes)


def test_twice_by_hand_is_refused() -> None:
    """Reading 15: the next window has not opened, neither that day nor on the old last day."""
    renewed = by_hand(a_subscription(), date(2025, 11, 1))
    for on in (date(2025, 11, 1), date(2025, 12, 31), date(2026, 10, 2)):
        assert refused(renew(renewed, policy=EARLY, on=on)).route is Route.WAIT_FOR_WINDOW
    assert by_hand(renewed, date(2026, 10, 3)).expires_on == date(2028, 1, 1)


@pytest.mark.parametrize("term", [MONTHLY, Term.days(30), Term.weeks(1), Term.days(1)], ids=str)
def test_twice_by_hand_is_refused_for_short_terms_too(term: Term) -> None:
    """Their window is open throughout, but not before they begin."""
    subscription = a_subscription(term=term)
    renewed = by_hand(subscription, subscription.starts_on)
    again = renew(renewed, policy=EARLY, on=subscription.starts_on)
    assert refused(again).route is Route.WAIT_FOR_WINDOW
    assert by_hand(renewed, renewed.starts_on).starts_on == renewed.expires_on


@pytest.mark.parametrize("policy", [EARLY, LATE], ids=["2024", "2025-12"])
@pytest.mark.parametrize("later", [0, 1, 7])
def test_twice_automatically_is_refused(policy: Any, later: int) -> None:
    """On the same day or within the days of catching up, a second run finds it done."""
    on = date(2026, 1, 1)
    renewed = done(renew_automatically(_due(), policy=policy, on=on)).subscription
    again = renew_automatically(renewed, policy=policy, on=on + later * ONE)
    assert refused(again).route is Route.RENEWS_ITSELF
    assert again.decision.on == on + later * ONE


@pytest.mark.parametrize("days", [-90, -1])
def test_by_hand_and_then_automatically_is_refused(days: int) -> None:
    """Whoever renews early, where the edition allows it, is not charged again by the run."""
    policy = EARLY.evolve(early_renewal=EarlyRenewal.ALLOWED)
    renewed = by_hand(_due(), date(2026, 1, 1) + days * ONE, policy)
    for run in range(8):
        on = date(2026, 1, 1) + run * ONE
        assert refused(renew_automatically(renewed, policy=policy, on=on)).subscription == renewed
    assert renewed.expires_on == date(2027, 1, 1)


def test_late_by_hand_and_then_automatically_is_refused() -> None:
    """The run never came; the customer renewed late, and a run after that does not charge again."""
    renewed = by_hand(_due(), date(2026, 1, 9), LATE)
    for day in (9, 10):
        refused(renew_automatically(renewed, policy=LATE, on=date(2026, 1, day)))
    assert renewed.expires_on == date(2027, 1, 1)


@pytest.mark.parametrize("policy", [EARLY, LATE], ids=["2024", "2025-12"])
@pytest.mark.parametrize("run", [0, 3, 7])
def test_while_the_run_may_come_nothing_else_renews_it(policy: Any, run: int) -> None:
    """Reading 29: pending, it is neither renewed by hand nor over, so nobody pays twice."""
    on = date(2026, 1, 1) + run * ONE
    pending = _due()
    asked: dict[str, Any] = {"policy": policy, "on": on}
    for answer in (
        renew(pending, **asked),
        lapse(pending, **asked),
        buy_anew(pending, id="S-2", **asked),
        cancel(pending, at=CancelAt.AT_ONCE, **asked),
    ):
        decision = refused(answer)
        assert (decision.route, decision.codes) == (Route.RENEWS_ITSELF, ("renewal-pending",))


@pytest.mark.parametrize("policy", [EARLY, LATE], ids=["2024", "2025-12"])
@pytest.mark.parametrize("run", [0, 3, 7])
def test_automatically_and_then_by_hand_is_refused(policy: Any, run: int) -> None:
    """Once the run has renewed it, the customer cannot, until the next window opens."""
    renewed = done(
        renew_automatically(_due(), policy=policy, on=date(2026, 1, 1) + run * ONE)
    ).subscription
    manual = attrs.evolve(renewed, auto_renew=OFF)
    for on in (date(2026, 1, 1), date(2026, 1, 8), date(2026, 10, 2)):
        assert refused(renew(manual, policy=policy, on=on)).route is Route.WAIT_FOR_WINDOW


acts = st.lists(
    st.tuples(st.sampled_from(["hand", "run"]), st.integers(-100, 60)), min_size=1, max_size=12
)


@given(
    acts=acts,
    policy=st.sampled_from(
        [EARLY, LATE, LATE_TODAY, EARLY.evolve(early_renewal=EarlyRenewal.ALLOWED)]
    ),
    catch_up_days=st.integers(0, 30),
    method=st.sampled_from([PAYPAL, INVOICE, WIRE, None]),
)
def test_in_whatever_order_one_term_is_renewed_once(
    acts: list[tuple[str, int]], policy: Any, catch_up_days: int, method: PaymentMethod | None
) -> None:
    """By hand and automatically, over and over around one expiry day: at most one renewal."""
    policy = policy.evolve(catch_up_days=catch_up_days)
    subscription = a_subscription(auto_renew=ON, payment_method=method)
    first, renewals = subscription, 0
    for way, offset in sorted(acts, key=lambda each: each[1]):
        on = first.expires_on + offset * ONE
        answer = (
            renew(subscription, policy=policy, on=on)
            if way == "hand"
            else renew_automatically(subscription, policy=policy, on=on)
        )
        if isinstance(answer, Transition):
            renewals += 1
            assert answer.subscription.starts_on >= subscription.expires_on
            subscription = answer.subscription
        else:
            refused(answer)
    assert renewals <= 1
    assert subscription.history.renewals == renewals


# By itself


@pytest.mark.parametrize(
    ("days", "catch_up_days", "renews"),
    [(-1, 7, False), (0, 7, True), (7, 7, True), (8, 7, False), (0, 0, True), (1, 0, False)],
)
def test_a_run_renews_on_the_day_or_catches_up(days: int, catch_up_days: int, renews: bool) -> None:
    """Clause `automatic.switch-on`: on the scheduled date; late runs for so many days, included."""
    on = date(2026, 1, 1) + days * ONE
    policy = EARLY.evolve(catch_up_days=catch_up_days)
    answer = renew_automatically(_due(), policy=policy, on=on)
    if not renews:
        assert refused(answer).on == on
        return
    transition = done(answer)
    assert transition.subscription.starts_on == date(2026, 1, 1)
    assert transition.subscription.history.renewed_on == date(2026, 1, 1)
    (event,) = transition.events
    assert (event.what, event.on) == (Happening.RENEWED_AUTOMATICALLY, on)
    assert (event.verdict.on, event.verdict.route) == (on, "renews-itself")
    assert event.verdict.codes == ("renewal-pending",)
    assert event.clause == "automatic.switch-on"


@pytest.mark.parametrize(
    ("changes", "routes"),
    [
        ({"auto_renew": OFF}, (Route.RENEW_NOW, Route.BUY_NEW)),
        ({"payment_method": None}, (Route.REPAIR_PAYMENT, Route.BUY_NEW)),
        ({"payment_method": WIRE}, (Route.RENEW_NOW, Route.BUY_NEW)),
        (
            {"payment_method": PaymentMethod.card(expires="2025-12")},
            (Route.REPAIR_PAYMENT, Route.BUY_NEW),
        ),
        ({"kind": Kind.TRIAL}, (Route.CONVERT_TRIAL, Route.CONVERT_TRIAL)),
        ({"cancelled_on": date(2026, 1, 1)}, (Route.RENEW_NOW, Route.BUY_NEW)),
        ({"cancelled_on": date(2025, 7, 1)}, (Route.BUY_NEW, Route.BUY_NEW)),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_does_not_renew_itself_is_not_renewed(
    changes: dict[str, Any], routes: tuple[Route, Route]
) -> None:
    """On the last day or on the renewal date, a refused run carries the decision of its own day."""
    subscription = attrs.evolve(_due(), **changes)
    for on, route in zip((date(2025, 12, 31), date(2026, 1, 1)), routes, strict=True):
        decision = refused(renew_automatically(subscription, policy=EARLY, on=on))
        assert (decision.route, decision.on) == (route, on)


def test_an_invoice_renews_by_itself() -> None:
    """Reading 11: it is not collected by itself, which is another fact."""
    subscription = attrs.evolve(_due(), payment_method=INVOICE)
    assert done(renew_automatically(subscription, policy=EARLY, on=date(2026, 1, 1))).events


@pytest.mark.parametrize(
    ("day", "renews"), [(28, True), (29, True), (30, True), (31, True), (32, False)]
)
def test_a_card_that_has_lapsed_by_the_day_of_the_run_is_not_charged(
    day: int, renews: bool
) -> None:
    """A card is good through the last day of its month, and a run that comes later finds none."""
    card = PaymentMethod.card(expires="2025-01")
    subscription = attrs.evolve(_due(starts_on=date(2024, 1, 28)), payment_method=card)
    on = date(2025, 1, 1) + (day - 1) * ONE
    answer = renew_automatically(subscription, policy=EARLY, on=on)
    if renews:
        assert done(answer).events
    else:
        assert refused(answer).route is Route.BUY_NEW


@pytest.mark.parametrize(("run", "renews"), [(0, True), (7, True), (8, False)])
def test_the_edition_of_the_renewal_date_decides(run: int, renews: bool) -> None:
    """Reading 17: it renews itself as an edition begins, under the new one, run late or not."""
    subscription = _due(starts_on=date(2024, 12, 29))
    on = date(2025, 12, 29) + run * ONE
    answer = renew_automatically(subscription, policy=autodesk.EDITIONS, on=on)
    if renews:
        assert done(answer).events[0].verdict.edition == "autodesk/2025-12"
    else:
        refused(answer)


@pytest.mark.parametrize("run", [0, 1, 7])
def test_a_late_run_over_a_change_of_editions_is_under_the_one_of_the_renewal_date(
    run: int,
) -> None:
    """It was due on the old edition's last day; the new edition does not take it over."""
    subscription = _due(starts_on=date(2024, 12, 28))
    on = date(2025, 12, 28) + run * ONE
    answer = done(renew_automatically(subscription, policy=autodesk.EDITIONS, on=on))
    assert answer.events[0].verdict.edition == "autodesk/2024"


def test_a_partners_subscription_renews_itself_only() -> None:
    """Clause `channel`: by hand the partner renews it."""
    by_partner = a_subscription(channel=Channel.PARTNER)
    assert refused(renew(by_partner, policy=EARLY, on=date(2025, 12, 1))).route is (
        Route.CONTACT_PARTNER
    )


# A change of term


def test_the_next_term_is_the_one_that_was_asked_for() -> None:
    """Asked for once, it is the term from then on, and no longer a plan."""
    subscription = a_subscription(next_term=Term.years(3))
    renewed = by_hand(subscription, date(2025, 12, 1))
    assert (renewed.term, renewed.next_term) == (Term.years(3), None)
    assert renewed.expires_on == date(2029, 1, 1)


def test_from_the_31st_a_month_is_what_it_would_be() -> None:
    """Another length of term keeps the anchor day as well."""
    subscription = a_subscription(starts_on=date(2024, 8, 31), next_term=Term.months(6))
    renewed = by_hand(subscription, date(2025, 8, 1))
    assert renewed.expires_on == date(2026, 2, 28)
    assert by_hand(renewed, date(2026, 2, 1)).expires_on == date(2026, 8, 31)


def test_a_policy_may_renew_to_a_term_of_its_own() -> None:
    """Unless another was asked for."""
    policy = EARLY.evolve(renews_to=MONTHLY)
    assert by_hand(a_subscription(), date(2025, 12, 1), policy).term == MONTHLY
    asked = a_subscription(next_term=Term.years(2))
    assert by_hand(asked, date(2025, 12, 1), policy).term == Term.years(2)


# Who may


@pytest.mark.parametrize(
    ("actor", "managed", "may"),
    [
        (None, True, True),
        (OWNER, False, True),
        (OWNER, True, False),
        (NOBODY, False, False),
        (Actor(id="P", roles=frozenset({Role.PURCHASER})), True, True),
        (Actor(id="P", roles=frozenset({Role.PURCHASER})), False, False),
    ],
)
@pytest.mark.parametrize("act", ["renew", "cancel", "switch"])
def test_who_may_not_renew_may_not_do_the_rest(
    act: str, actor: Actor | None, managed: bool, may: bool
) -> None:
    """Clause `managed`: the decision that forbids it names who may."""
    subscription = a_subscription(account=Account(id="A-1", managed=managed))
    asked: dict[str, Any] = {"policy": EARLY, "on": date(2025, 12, 1), "actor": actor}
    answers: dict[str, Callable[[], Transition | Refusal]] = {
        "renew": lambda: renew(subscription, **asked),
        "cancel": lambda: cancel(subscription, at=CancelAt.END_OF_TERM, **asked),
        "switch": lambda: switch_auto_renew(subscription, to=ON, **asked),
    }
    answer = answers[act]()
    if may:
        assert done(answer).events
    else:
        decision = refused(answer)
        assert decision.route is Route.ASK_THE_MANAGER
        assert "not-the-manager" in decision.codes


@pytest.mark.parametrize(
    "act",
    [
        lambda given, **more: renew(given, on=date(2025, 1, 2), **more),
        lambda given, **more: renew_automatically(given, on=date(2025, 1, 2), **more),
        lambda given, **more: cancel(given, at=CancelAt.AT_ONCE, on=date(2026, 2, 2), **more),
    ],
    ids=["renew", "automatically", "cancel"],
)
def test_a_permission_cannot_be_passed_in(act: Callable[..., Transition | Refusal]) -> None:
    """Another day's decision is of no use: there is no argument for it, and the act asks again."""
    subscription = _due()
    refused(act(subscription, policy=EARLY))
    allowed = renewability(a_subscription(), policy=EARLY, on=date(2025, 12, 1))
    with pytest.raises(TypeError):
        act(subscription, policy=EARLY, decision=allowed)
    with pytest.raises((TypeError, AttributeError)):
        act(allowed, policy=EARLY)


def test_before_the_first_edition_nothing_is_done() -> None:
    """A day outside of every edition is the caller's mistake."""
    old = a_subscription(starts_on=date(2023, 1, 1))
    for act in (
        lambda: renew(old, policy=autodesk.EDITIONS, on=date(2023, 12, 1)),
        lambda: lapse(old, policy=autodesk.EDITIONS, on=date(2023, 12, 1)),
        lambda: cancel(old, at=CancelAt.AT_ONCE, policy=autodesk.EDITIONS, on=date(2023, 12, 1)),
        lambda: renew_automatically(old, policy=autodesk.EDITIONS, on=date(2023, 12, 1)),
    ):
        with pytest.raises(NotInForce):
            act()


# An order


def test_with_its_order_the_renewed_line_stands_in_it() -> None:
    """The order comes back with the new line in its place, and the others as they are."""
    first, second = a_subscription(), a_subscription(id="S-2")
    order = Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=(first, second))
    answer = done(renew(first, policy=EARLY, on=date(2025, 12, 1), order=order))
    assert answer.order is not None
    assert answer.order.subscriptions == (answer.subscription, second)
    assert order.subscriptions == (first, second)


def test_an_order_that_it_is_no_line_of_is_a_mistake() -> None:
    """Nothing is renewed into an order of somebody else."""
    order = Order(number="A-1", placed_on=date(2025, 1, 1), subscriptions=(a_subscription(id="X"),))
    with pytest.raises(InvalidValue, match="a line of"):
        renew(a_subscription(), policy=EARLY, on=date(2025, 12, 1), order=order)


# Cancelled


def test_a_cancellation_at_the_end_keeps_every_paid_day() -> None:
    """It is covered until the end, does not renew itself, and its change of term is forgotten."""
    subscription = _due(next_term=Term.years(3))
    answer = done(cancel(subscription, at=CancelAt.END_OF_TERM, policy=EARLY, on=date(2025, 3, 1)))
    cancelled = answer.subscription
    assert (cancelled.cancelled_on, cancelled.ends_on) == (date(2026, 1, 1), date(2026, 1, 1))
    assert (cancelled.auto_renew, cancelled.next_term) == (OFF, None)
    assert answer.events[0].what is Happening.CANCELLED
    refused(renew_automatically(cancelled, policy=EARLY, on=date(2026, 1, 1)))
    over = renewability(cancelled, policy=LATE, on=date(2026, 1, 1))
    assert over.route is Route.BUY_NEW


@pytest.mark.parametrize(
    ("on", "cancelled_on"),
    [
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 3, 1), date(2025, 3, 1)),
        (date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_a_cancellation_at_once_ends_it_that_day(on: date, cancelled_on: date) -> None:
    """That day is the first one not covered."""
    cancelled = done(cancel(_due(), at=CancelAt.AT_ONCE, policy=EARLY, on=on)).subscription
    assert cancelled.cancelled_on == cancelled_on
    assert renewability(cancelled, policy=EARLY, on=on).route is Route.BUY_NEW


def test_before_it_has_begun_only_the_next_term_is_cancelled() -> None:
    """Renewed early and then cancelled at once, the term that runs is kept."""
    renewed = by_hand(a_subscription(), date(2025, 11, 1))
    answer = done(cancel(renewed, at=CancelAt.AT_ONCE, policy=EARLY, on=date(2025, 11, 2)))
    assert answer.subscription.ends_on == date(2026, 1, 1)


def test_late_it_is_cancelled_as_of_its_end() -> None:
    """What has expired is not covered longer by being cancelled."""
    for at in CancelAt:
        cancelled = done(cancel(_due(), at=at, policy=LATE, on=date(2026, 1, 10))).subscription
        assert cancelled.ends_on == date(2026, 1, 1)
        assert renewability(cancelled, policy=LATE, on=date(2026, 1, 10)).route is Route.BUY_NEW


def test_cancelling_twice_is_no_event() -> None:
    """It is cancelled already."""
    cancelled = done(
        cancel(_due(), at=CancelAt.END_OF_TERM, policy=EARLY, on=date(2025, 3, 1))
    ).subscription
    again = cancel(cancelled, at=CancelAt.END_OF_TERM, policy=EARLY, on=date(2025, 4, 1))
    assert again == Transition(subscription=cancelled, events=())


def test_what_is_over_is_not_cancelled() -> None:
    """Expired with no run to come any more, or cancelled at once."""
    cancelled = done(cancel(_due(), at=CancelAt.AT_ONCE, policy=EARLY, on=date(2025, 3, 1)))
    for subscription, on in (
        (_due(), date(2026, 1, 9)),
        (a_subscription(), date(2026, 1, 1)),
        (cancelled.subscription, date(2025, 3, 2)),
    ):
        answer = cancel(subscription, at=CancelAt.END_OF_TERM, policy=EARLY, on=on)
        assert refused(answer).route is Route.BUY_NEW


def test_a_running_trial_can_be_cancelled() -> None:
    """Although it is never renewed; one that is over cannot."""
    trial = a_subscription(kind=Kind.TRIAL, term=Term.days(30))
    answer = done(cancel(trial, at=CancelAt.AT_ONCE, policy=EARLY, on=date(2025, 1, 10)))
    assert answer.subscription.ends_on == date(2025, 1, 10)
    over = cancel(trial, at=CancelAt.AT_ONCE, policy=EARLY, on=date(2025, 1, 31))
    assert refused(over).route is Route.CONVERT_TRIAL


def test_a_partners_is_not_cancelled_here() -> None:
    """The partner does."""
    subscription = _due(channel=Channel.PARTNER)
    answer = cancel(subscription, at=CancelAt.AT_ONCE, policy=EARLY, on=date(2025, 3, 1))
    assert refused(answer).route is Route.RENEWS_ITSELF


def test_when_it_is_cancelled_is_said() -> None:
    """A word of the caller's own is refused."""
    with pytest.raises(InvalidType, match="CancelAt"):
        cancel(_due(), at="at-once", policy=EARLY, on=date(2025, 3, 1))  # type: ignore[arg-type]


def test_switching_on_withdraws_a_cancellation() -> None:
    """And then it renews itself on the scheduled date, as if nothing had been."""
    cancelled = done(
        cancel(_due(), at=CancelAt.END_OF_TERM, policy=EARLY, on=date(2025, 3, 1))
    ).subscription
    back = done(switch_auto_renew(cancelled, to=ON, policy=EARLY, on=date(2025, 4, 1))).subscription
    assert back == _due()
    assert done(renew_automatically(back, policy=EARLY, on=date(2026, 1, 1))).events


def test_switching_off_does_not_withdraw_a_cancellation() -> None:
    """It stays cancelled, and nothing happens."""
    cancelled = done(
        cancel(_due(), at=CancelAt.END_OF_TERM, policy=EARLY, on=date(2025, 3, 1))
    ).subscription
    again = switch_auto_renew(cancelled, to=OFF, policy=EARLY, on=date(2025, 4, 1))
    assert again == Transition(subscription=cancelled, events=())


def test_renewing_by_hand_withdraws_a_cancellation() -> None:
    """Whoever renews does not want it to end; the switch stays off."""
    cancelled = done(
        cancel(_due(), at=CancelAt.END_OF_TERM, policy=EARLY, on=date(2025, 3, 1))
    ).subscription
    renewed = by_hand(cancelled, date(2025, 12, 1))
    assert (renewed.cancelled_on, renewed.auto_renew) == (None, OFF)
    assert renewed.expires_on == date(2027, 1, 1)


# Over


def test_what_is_over_lapses_once() -> None:
    """Its switch is set off and its plans are forgotten; a second time nothing happens."""
    subscription = a_subscription(auto_renew=ON, payment_method=WIRE, next_term=Term.years(3))
    answer = done(lapse(subscription, policy=EARLY, on=date(2026, 1, 1)))
    assert (answer.subscription.auto_renew, answer.subscription.next_term) == (OFF, None)
    assert answer.events[0].what is Happening.LAPSED
    again = lapse(answer.subscription, policy=EARLY, on=date(2026, 1, 2))
    assert again == Transition(subscription=answer.subscription, events=())


@pytest.mark.parametrize(
    ("policy", "on", "route"),
    [
        (EARLY, date(2025, 12, 31), Route.RENEW_NOW),
        (LATE, date(2026, 1, 1), Route.RENEW_NOW),
        (LATE, date(2026, 2, 14), Route.RENEW_NOW),
    ],
)
def test_what_can_still_be_renewed_does_not_lapse(policy: Any, on: date, route: Route) -> None:
    """Before its end, and in a stage that still renews."""
    assert refused(lapse(a_subscription(), policy=policy, on=on)).route is route


def test_a_trial_does_not_lapse() -> None:
    """It has nothing to renew, and is converted even after its end."""
    trial = a_subscription(kind=Kind.TRIAL)
    assert refused(lapse(trial, policy=EARLY, on=date(2026, 6, 1))).route is Route.CONVERT_TRIAL


@pytest.mark.parametrize(("days", "lapses"), [(0, False), (7, False), (8, True)])
def test_what_a_late_run_would_renew_does_not_lapse_before_it(days: int, lapses: bool) -> None:
    """Otherwise the order of two nightly jobs would decide whether a customer goes on."""
    on = date(2026, 1, 1) + days * ONE
    answer = lapse(_due(), policy=EARLY, on=on)
    if lapses:
        refused(renew_automatically(done(answer).subscription, policy=EARLY, on=on))
        return
    assert refused(answer).route is Route.RENEWS_ITSELF
    assert done(renew_automatically(_due(), policy=EARLY, on=on))


def test_without_days_of_catching_up_it_lapses_the_day_after() -> None:
    """Where the policy lets nothing be caught up, the renewal date alone is pending."""
    policy = EARLY.evolve(catch_up_days=0)
    assert done(lapse(_due(), policy=policy, on=date(2026, 1, 2))).events
    refused(lapse(_due(), policy=policy, on=date(2026, 1, 1)))


# Nothing half-done


def test_a_life_is_told_again_by_its_events() -> None:
    """Replayed on the first state, in order, the events give the last state."""
    first = _due(next_term=None)
    steps: list[Callable[[Subscription], Transition | Refusal]] = [
        lambda each: switch_auto_renew(each, to=OFF, policy=LATE, on=date(2025, 2, 1)),
        lambda each: renew(each, policy=LATE, on=date(2025, 12, 1)),
        lambda each: renew(each, policy=LATE, on=date(2025, 12, 2)),
        lambda each: switch_auto_renew(each, to=ON, policy=LATE, on=date(2026, 2, 1)),
        lambda each: renew_automatically(each, policy=LATE, on=date(2027, 1, 3)),
        lambda each: cancel(each, at=CancelAt.END_OF_TERM, policy=LATE, on=date(2027, 2, 1)),
        lambda each: lapse(each, policy=LATE, on=date(2028, 2, 1)),
    ]
    state, events = first, []
    for step in steps:
        answer = step(state)
        if isinstance(answer, Transition):
            state = answer.subscription
            events += answer.events
    assert replay(first, events) == state
    assert [str(event.what) for event in events] == [
        "switched-off",
        "renewed",
        "switched-on",
        "renewed-automatically",
        "cancelled",
    ]
    assert state.ends_on == date(2028, 1, 1)


def test_a_refusal_has_changed_nothing() -> None:
    """It holds the decision and what forbids it beside that: no entity, no event."""
    answer = renew(a_subscription(), policy=EARLY, on=date(2025, 2, 1))
    assert isinstance(answer, Refusal)
    assert [field.name for field in attrs.fields(Refusal)] == ["decision", "findings"]
    assert answer.findings == ()
    assert not hasattr(answer, "subscription")
    assert not hasattr(answer, "events")
    assert isinstance(answer.decision.changes_on, date)


def test_dates_near_the_last_year_are_one_clear_error() -> None:
    """A renewal whose end cannot be written is refused as a value that is out of bounds."""
    subscription = a_subscription(starts_on=date(8999, 12, 31))
    with pytest.raises(InvalidValue, match="9000"):
        renew(subscription, policy=EARLY, on=date(9000, 12, 1))


def test_the_day_is_a_day() -> None:
    """Neither text nor an instant is one."""
    for act in (renew, renew_automatically, lapse):
        with pytest.raises(InvalidType):
            act(a_subscription(), policy=EARLY, on="2025-12-01")  # type: ignore[operator]


def test_the_default_switch_of_a_policy_changes_no_subscription() -> None:
    """A renewal keeps the switch as it stands."""
    policy = EARLY.evolve(auto_renew_default=AutoRenew.ON)
    assert by_hand(a_subscription(), date(2025, 12, 1), policy).auto_renew is OFF
    assert a_subscription().term == ANNUAL
