"""Buying in place of renewing: a new subscription, and the old one stays over."""

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from subrenew import (
    Account,
    AutoRenew,
    Channel,
    Happening,
    History,
    InvalidValue,
    Kind,
    NotInForce,
    PaymentMethod,
    Refusal,
    Route,
    Subscription,
    Term,
    Transition,
    TrialEnd,
    buy_anew,
    convert_trial,
    renew,
    renew_automatically,
    renewability,
    renewal_quote,
    replay,
)
from subrenew.policy.vendors import autodesk
from tests.makers import INVOICE, MONTHLY, OFF, ON, PAYPAL, a_list, a_price, a_subscription

EARLY, LATE = autodesk.EDITION_2024, autodesk.EDITION_2025_12
DAY = date(2025, 1, 10)
ACCOUNT = Account(id="A-1", country="FR")


def _trial(**changes: Any) -> Subscription:
    fields: dict[str, Any] = {"kind": Kind.TRIAL, "term": Term.days(30), "account": ACCOUNT}
    return a_subscription(**fields | changes)


def _converted(trial: Subscription, **more: Any) -> Transition:
    asked: dict[str, Any] = {"id": "S-2", "policy": EARLY, "on": DAY, "term": Term.years(1)}
    answer = convert_trial(trial, **asked | more)
    assert isinstance(answer, Transition), answer
    return answer


def test_a_trial_becomes_a_subscription_of_its_own() -> None:
    """Clause `trial`: bought that day, with an identifier of its own; the trial ends with it."""
    trial = _trial(seats=3, currency="EUR", channel=Channel.ORDER)
    answer = _converted(trial)
    assert answer.subscription == Subscription(
        id="S-2",
        product="CAD",
        term=Term.years(1),
        starts_on=DAY,
        kind=Kind.PAID,
        account=ACCOUNT,
        seats=3,
        currency="EUR",
        channel=Channel.ORDER,
        history=History(purchased_on=DAY),
    )
    ended, begun = answer.events
    assert (ended.what, ended.after) == (
        Happening.TRIAL_CONVERTED,
        attrs.evolve(trial, cancelled_on=DAY, history=History(converted_on=DAY)),
    )
    assert (begun.what, begun.before, begun.after) == (
        Happening.BOUGHT,
        None,
        answer.subscription,
    )
    assert {event.clause for event in answer.events} == {"trial"}
    over = renewability(ended.after, policy=EARLY, on=DAY)
    assert (over.route, over.codes) == (Route.BUY_NEW, ("converted",))


def test_a_trial_that_has_expired_keeps_its_end() -> None:
    """It is converted all the same, and remembers only that it was."""
    day = date(2025, 1, 31)
    answer = _converted(_trial(), on=day)
    ended, begun = answer.events
    assert ended.after == attrs.evolve(_trial(), history=History(converted_on=day))
    assert begun.what is Happening.BOUGHT
    assert answer.subscription.starts_on == day


@pytest.mark.parametrize(
    ("on", "cancelled_on"),
    [
        (date(2024, 12, 1), date(2025, 1, 1)),
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 1, 30), date(2025, 1, 30)),
        (date(2025, 1, 31), None),
    ],
)
def test_the_trial_ends_with_it(on: date, cancelled_on: date | None) -> None:
    """Before it begins it is taken away whole, on its last day for that day."""
    answer = _converted(_trial(), on=on)
    ended = replay(_trial(), [each for each in answer.events if each.subscription_id == "S-1"])
    assert ended is not None
    assert ended.cancelled_on == cancelled_on


@pytest.mark.parametrize(
    ("default", "method", "expected"),
    [(ON, PAYPAL, ON), (ON, None, OFF), (OFF, PAYPAL, OFF), (OFF, None, OFF)],
)
def test_automatic_renewal_is_on_by_default_where_something_can_be_charged(
    default: AutoRenew, method: PaymentMethod | None, expected: AutoRenew
) -> None:
    """Clause `automatic.default`, the policy's own; whoever says otherwise is heard."""
    policy = EARLY.evolve(auto_renew_default=default)
    trial = _trial(payment_method=method)
    assert _converted(trial, policy=policy).subscription.auto_renew is expected
    assert _converted(_trial(), policy=policy, payment_method=method).subscription.auto_renew is (
        expected
    )
    for own in AutoRenew:
        assert _converted(trial, policy=policy, auto_renew=own).subscription.auto_renew is own


def test_what_is_bought_may_differ() -> None:
    """Term, seats, payment method and order are the caller's choice."""
    bought = _converted(
        _trial(payment_method=PAYPAL),
        term=Term.years(3),
        seats=9,
        payment_method=None,
        order_number="A-1",
    ).subscription
    assert (bought.term, bought.seats, bought.payment_method, bought.order_number) == (
        Term.years(3),
        9,
        None,
        "A-1",
    )


@pytest.mark.parametrize("changes", [{"starts_on": DAY}, {"kind": Kind.TRIAL}, {"colour": "red"}])
def test_what_it_is_cannot_be_chosen(changes: dict[str, Any]) -> None:
    """That it is paid, and begins that day, is what converting means."""
    with pytest.raises(TypeError):
        _converted(_trial(), **changes)


def test_only_a_trial_is_converted() -> None:
    """Anything else is refused with its own way forward."""
    answer = convert_trial(a_subscription(), id="S-2", policy=EARLY, on=DAY)
    assert isinstance(answer, Refusal)
    assert answer.decision == renewability(a_subscription(), policy=EARLY, on=DAY)
    assert answer.decision.route is Route.WAIT_FOR_WINDOW


@pytest.mark.parametrize("id", ["S-1", "", " S-2"])
def test_the_new_one_has_an_identifier_of_its_own(id: str) -> None:
    """Neither is the old one brought back, nor anything without a name bought."""
    for act, old in ((convert_trial, _trial()), (buy_anew, a_subscription())):
        with pytest.raises(InvalidValue, match="id"):
            act(old, id=id, policy=EARLY, on=date(2026, 6, 1))


# Anew


def test_what_is_over_is_bought_anew() -> None:
    """Clause `expired`: the old one is not reactivated, the new one begins that day."""
    old = a_subscription(account=ACCOUNT, seats=2)
    answer = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 1, 5))
    assert isinstance(answer, Transition)
    bought = answer.subscription
    assert (bought.id, bought.starts_on, bought.expires_on) == (
        "S-2",
        date(2026, 1, 5),
        date(2027, 1, 5),
    )
    assert (bought.seats, bought.account) == (2, ACCOUNT)
    assert bought.history == History(purchased_on=date(2026, 1, 5))
    (event,) = answer.events
    assert (event.what, event.before, event.clause) == (Happening.BOUGHT, None, "expired")


def test_what_was_bought_anew_is_not_renewed_as_well() -> None:
    """While the run may still come it is refused; afterwards no run charges a second time."""
    old = a_subscription(auto_renew=ON, payment_method=PAYPAL, next_term=Term.years(3))
    for day in (1, 8):
        answer = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 1, day))
        assert isinstance(answer, Refusal)
        assert answer.decision.codes == ("renewal-pending",)
    answer = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 1, 9))
    assert isinstance(answer, Transition)
    lapsed, begun = answer.events
    assert (lapsed.what, begun.what) == (Happening.LAPSED, Happening.BOUGHT)
    assert (lapsed.after.auto_renew, lapsed.after.next_term) == (OFF, None)
    for day in (9, 10, 16):
        run = renew_automatically(lapsed.after, policy=EARLY, on=date(2026, 1, day))
        assert isinstance(run, Refusal)
    assert answer.subscription.auto_renew is ON


@pytest.mark.parametrize(
    ("policy", "on", "route"),
    [
        (EARLY, date(2025, 12, 31), Route.RENEW_NOW),
        (LATE, date(2026, 2, 14), Route.RENEW_NOW),
        (EARLY, date(2025, 2, 1), Route.WAIT_FOR_WINDOW),
    ],
)
def test_what_can_be_renewed_is_not_bought_anew(policy: Any, on: date, route: Route) -> None:
    """It is renewed instead, also late."""
    answer = buy_anew(a_subscription(), id="S-2", policy=policy, on=on)
    assert isinstance(answer, Refusal)
    assert answer.decision == renewability(a_subscription(), policy=policy, on=on)
    assert answer.decision.route is route


def test_a_trial_is_converted_and_not_bought_anew() -> None:
    """Even after its end."""
    answer = buy_anew(_trial(), id="S-2", policy=EARLY, on=date(2026, 1, 1))
    assert isinstance(answer, Refusal)
    assert answer.decision.route is Route.CONVERT_TRIAL


def test_a_cancelled_one_is_bought_anew() -> None:
    """Once its end has come."""
    cancelled = a_subscription(cancelled_on=date(2025, 6, 1))
    answer = buy_anew(cancelled, id="S-2", policy=EARLY, on=date(2025, 6, 1))
    assert isinstance(answer, Transition)


def test_before_the_first_edition_nothing_is_bought() -> None:
    """A day outside of every edition is the caller's mistake."""
    for act, old in ((convert_trial, _trial()), (buy_anew, a_subscription())):
        with pytest.raises(NotInForce):
            act(old, id="S-2", policy=autodesk.EDITIONS, on=date(2023, 1, 1))


# A second time


@pytest.mark.parametrize("trials", [None, *TrialEnd], ids=str)
@pytest.mark.parametrize(
    "first",
    [
        date(2024, 12, 1),
        date(2025, 1, 1),
        DAY,
        date(2025, 1, 30),
        date(2025, 1, 31),
        date(2025, 6, 1),
    ],
    ids=str,
)
def test_a_trial_is_converted_once(trials: TrialEnd | None, first: date) -> None:
    """Whatever becomes of trials, and on whatever later day it is tried: refused, and said why."""
    policy = EARLY.evolve(trials=trials)
    answer = _converted(_trial(), policy=policy, on=first)
    ended = replay(_trial(), [each for each in answer.events if each.subscription_id == "S-1"])
    assert ended is not None
    for days in (0, 1, 2, 7, 20, 21, 30, 60, 365, 900):
        again = convert_trial(ended, id="S-3", policy=policy, on=first + timedelta(days=days))
        assert isinstance(again, Refusal)
        assert again.decision.codes == ("converted",)


def test_in_place_of_a_converted_trial_something_may_be_bought_anew() -> None:
    """What was bought in its place may be over by then; it is a new purchase."""
    ended = _converted(_trial()).events[0].after
    assert isinstance(buy_anew(ended, id="S-3", policy=EARLY, on=date(2026, 6, 1)), Transition)


# Going on


GOES_ON = EARLY.evolve(trials=TrialEnd.GOES_ON, catch_up_days=7)
TRIAL_ENDS = date(2025, 1, 31)


def _going_on(**changes: Any) -> Subscription:
    return _trial(**{"auto_renew": ON, "payment_method": PAYPAL} | changes)


def _paid(trial: Subscription, on: date = TRIAL_ENDS) -> Subscription:
    answer = renew_automatically(trial, policy=GOES_ON, on=on)
    assert isinstance(answer, Transition), answer
    return answer.subscription


@pytest.mark.parametrize("days", range(-1, 10))
@pytest.mark.parametrize("method", [PAYPAL, INVOICE], ids=lambda each: each.kind)
def test_a_trial_goes_on_on_each_day_on_which_it_is_pending(
    days: int, method: PaymentMethod
) -> None:
    """Whenever the run comes it is paid from the trial's end on, and nothing was renewed."""
    trial = _going_on(payment_method=method)
    on = TRIAL_ENDS + timedelta(days=days)
    answer = renew_automatically(trial, policy=GOES_ON, on=on)
    if not 0 <= days <= 7:
        assert isinstance(answer, Refusal)
        return
    assert isinstance(answer, Transition)
    paid = answer.subscription
    assert (paid.kind, paid.starts_on) == (Kind.PAID, TRIAL_ENDS)
    assert paid.history == History(
        purchased_on=TRIAL_ENDS, previous_starts_on=date(2025, 1, 1), converted_on=TRIAL_ENDS
    )
    (event,) = answer.events
    assert (event.what, event.on) == (Happening.TRIAL_CONTINUED, on)


@pytest.mark.parametrize(
    "changes",
    [
        {"auto_renew": OFF},
        {"payment_method": None},
        {"payment_method": PaymentMethod.card(expires="2024-12")},
        {"cancelled_on": date(2025, 1, 20)},
        {"cancelled_on": TRIAL_ENDS},
    ],
    ids=str,
)
def test_without_both_conditions_a_trial_does_not_go_on(changes: dict[str, Any]) -> None:
    """Switched off, cancelled, or with nothing to be charged: it ends, and may be converted."""
    trial = _going_on(**changes)
    for day in (TRIAL_ENDS, TRIAL_ENDS + timedelta(days=3)):
        assert isinstance(renew_automatically(trial, policy=GOES_ON, on=day), Refusal)
        decision = renewability(trial, policy=GOES_ON, on=day)
        assert decision.route is Route.CONVERT_TRIAL
        assert "trial-stopped" in decision.codes
    assert isinstance(convert_trial(trial, id="S-2", policy=GOES_ON, on=TRIAL_ENDS), Transition)


@pytest.mark.parametrize("trials", [None, *TrialEnd], ids=str)
def test_what_went_on_is_never_a_trial_again(trials: TrialEnd | None) -> None:
    """On no day, under no policy on trials: it is decided as what is paid for."""
    policy, paid = GOES_ON.evolve(trials=trials), _paid(_going_on(next_term=MONTHLY))
    for days in range(120):
        on = paid.starts_on + timedelta(days=days)
        assert not {
            code for code in renewability(paid, policy=policy, on=on).codes if "trial" in code
        }
        assert isinstance(convert_trial(paid, id="S-2", policy=policy, on=on), Refusal)


def test_its_first_renewal_is_the_first() -> None:
    """Going on is no renewal, the term after it is."""
    paid = _paid(_going_on(next_term=Term.years(1)))
    answer = renew_automatically(paid, policy=GOES_ON, on=paid.expires_on)
    assert isinstance(answer, Transition)
    assert answer.subscription.history.renewals == 1
    assert answer.subscription.history.converted_on == TRIAL_ENDS


@pytest.mark.parametrize("next_term", [MONTHLY, Term.years(1), Term.years(3)], ids=str)
def test_the_next_term_of_a_trial_is_the_first_that_is_paid(next_term: Term) -> None:
    """Going on or converted, it is for the term that was asked for, unless another is given."""
    paid = _paid(_going_on(next_term=next_term))
    assert (paid.term, paid.next_term) == (next_term, None)
    assert paid.expires_on == next_term.end(TRIAL_ENDS)
    bought = convert_trial(_trial(next_term=next_term), id="S-2", policy=EARLY, on=DAY)
    assert isinstance(bought, Transition)
    assert bought.subscription.term == next_term
    assert _converted(_trial(next_term=next_term), term=Term.years(2)).subscription.term == (
        Term.years(2)
    )


@pytest.mark.parametrize("next_term", [None, MONTHLY, Term.years(1)], ids=str)
@pytest.mark.parametrize("offset", [-30, -10, -1, 0, 3, 7])
def test_the_quote_of_a_trial_that_goes_on_is_what_it_is_charged(
    next_term: Term | None, offset: int
) -> None:
    """The list price of the first paid term on the trial's last day, whenever it is asked."""
    trial = _going_on(next_term=next_term)
    term = next_term or trial.term
    prices = a_list(
        *(
            a_price(amount, term=each, from_on=day)
            for each in (Term.days(30), MONTHLY, Term.years(1))
            for amount, day in (
                ("10", date(2020, 1, 1)),
                ("12", TRIAL_ENDS),
                ("15", date(2025, 2, 1)),
            )
        )
    )
    on = TRIAL_ENDS + timedelta(days=offset)
    quote = renewal_quote(trial, prices=prices, policy=GOES_ON, on=on)
    paid = _paid(trial)
    charged = prices.list_price(paid, on=paid.starts_on)
    assert paid.term == term
    assert quote.total == quote.list_total == charged == a_price("12").price
    assert quote.charged_on == TRIAL_ENDS
    assert "not-a-renewal" in [each.code for each in quote.findings]


def test_a_trial_that_goes_on_is_not_renewed_by_hand() -> None:
    """On no day of it, nor while its end is pending."""
    for offset in (-30, -1, 0, 7):
        on = TRIAL_ENDS + timedelta(days=offset)
        assert isinstance(renew(_going_on(), policy=GOES_ON, on=on), Refusal)


def test_a_trial_that_goes_on_is_converted_while_it_runs() -> None:
    """Early, the customer may buy; then it does not go on as well."""
    answer = convert_trial(_going_on(), id="S-2", policy=GOES_ON, on=DAY)
    assert isinstance(answer, Transition)
    ended = answer.events[0].after
    assert isinstance(renew_automatically(ended, policy=GOES_ON, on=TRIAL_ENDS), Refusal)


def test_a_trial_that_goes_on_keeps_its_offer_and_its_price() -> None:
    """What it was obtained as is what it goes on as."""
    history = History(offer="education", price_cohort="early")
    paid = _paid(_going_on(history=history))
    assert (paid.history.offer, paid.history.price_cohort) == ("education", "early")


def test_what_is_bought_is_of_the_same_offer_at_todays_price() -> None:
    """The price of an older cohort is not taken along."""
    history = History(offer="education", price_cohort="early")
    bought = _converted(_trial(history=history)).subscription
    assert bought.history == History(purchased_on=DAY, offer="education")
    old = a_subscription(history=history)
    anew = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 6, 1))
    assert isinstance(anew, Transition)
    assert anew.subscription.history == History(purchased_on=date(2026, 6, 1), offer="education")


def test_where_the_policy_says_nothing_automatic_renewal_is_off() -> None:
    """Nobody is charged again by a default that no page gives."""
    policy = EARLY.evolve(auto_renew_default=None)
    bought = _converted(_trial(payment_method=PAYPAL), policy=policy).subscription
    assert (bought.auto_renew, bought.payment_method) == (OFF, PAYPAL)


def test_bought_anew_it_is_for_the_term_that_it_had() -> None:
    """A change that was asked for the next renewal came to nothing; another may be given."""
    old = a_subscription(next_term=Term.years(3))
    for more, term in (({}, Term.years(1)), ({"term": MONTHLY}, MONTHLY)):
        given: dict[str, Any] = more
        anew = buy_anew(old, id="S-2", policy=EARLY, on=date(2026, 6, 1), **given)
        assert isinstance(anew, Transition)
        assert anew.subscription.term == term


@pytest.mark.parametrize("shift", [-30, -1, 0, 1])
def test_a_trial_is_converted_once_whichever_day_is_named(shift: int) -> None:
    """Also on a day before the conversion, as a retry or a corrected date may name."""
    trial = a_subscription(kind=Kind.TRIAL)
    on = date(2025, 6, 1)
    done = convert_trial(trial, id="S-2", policy=autodesk.EDITION_2024, on=on)
    old = done.events[0].after
    again = convert_trial(
        old, id="S-3", policy=autodesk.EDITION_2024, on=on + timedelta(days=shift)
    )
    assert isinstance(again, Refusal)
    codes = {*again.decision.codes, *(each.code for each in again.findings)}
    assert "converted" in codes
