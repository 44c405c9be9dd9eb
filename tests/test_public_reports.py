"""
Situations that users of other systems reported, each with its right answer, and what is like them.

Each is named by its number in the collection; those below a heading go beyond the example: other
terms, vendors and days.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from subrenew import (
    Access,
    Account,
    Actor,
    AfterLastAttempt,
    Attention,
    BackPay,
    Barred,
    CancelAt,
    Cart,
    ChargeAttempts,
    CheckOut,
    Clause,
    Condition,
    Due,
    Edition,
    Editions,
    History,
    IncreaseRoute,
    Kind,
    LateFee,
    LateStart,
    LateTerms,
    Loyalty,
    Money,
    Order,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Receipt,
    Reduction,
    Refusal,
    RenewalPolicy,
    Role,
    Route,
    Scope,
    Stage,
    StageLength,
    StagePrice,
    Subscription,
    SwitchRoute,
    Term,
    Transition,
    TrialEnd,
    buy_anew,
    cancel,
    change_term,
    check_out,
    due,
    lapse,
    plan,
    price_increase,
    raise_condition,
    record_payment,
    renew,
    renew_automatically,
    renewability,
    renewal_due,
    renewal_quote,
    replace_payment_method,
    resolve_condition,
    switch_auto_renew,
    switching,
)
from subrenew.policy.notice_rules import Anchor, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from subrenew.policy.pricing import (
    ConsentRule,
    IncreaseLimit,
    PriceSchedule,
    Silence,
)
from subrenew.policy.vendors import autodesk
from tests.makers import INVOICE, MONTHLY, OFF, ON, PAYPAL, a_list, a_price, a_subscription
from tests.policy.vendors.test_all_vendors import POLICIES

OLD, NEW, BOTH = autodesk.EDITION_2024, autodesk.EDITION_2025_12, autodesk.EDITIONS
CARD = PaymentMethod.card(expires="2049-12")
END = date(2026, 1, 1)
ONE = timedelta(days=1)
FINE = Condition(code="fine", message="A fine is unpaid.", bars=frozenset({Barred.RENEWAL}))
HARMLESS = attrs.evolve(FINE, bars=frozenset({Barred.TERM_CHANGE}))
TERMS = [Term.years(1), Term.months(1), Term.years(3), Term.days(30), Term.weeks(1)]
SHIPPED = [pytest.param(each, id=name) for name, each in POLICIES.items()]


def auto(**changes: Any) -> Subscription:
    """Renews itself: the switch is on, and the card is good for long."""
    return a_subscription(**{"auto_renew": ON, "payment_method": CARD} | changes)


def grace(days: int, **changes: Any) -> tuple[Stage, ...]:
    """One stage in which it is still renewed."""
    lengths = (StageLength(days=days),)
    return (Stage(**{"name": "grace", "access": Access.FULL, "lengths": lengths} | changes),)


def done(answer: object) -> Subscription:
    """Return what became of it."""
    assert isinstance(answer, Transition), answer
    return answer.subscription


def eur(amount: str) -> Money:
    """Return euros."""
    return Money(amount, "EUR")


def ending(term: Term, **changes: Any) -> Subscription:
    """Return one of this term that ends on 2026-01-01."""
    starts_on = next(
        day for day in (END - timedelta(days=n) for n in range(1, 1200)) if term.end(day) == END
    )
    return a_subscription(term=term, starts_on=starts_on, **changes)


# F01: a plan that stops at a condition of the application's own


def test_13a_a_barred_line_needs_attention_now() -> None:
    """A loan that a fine keeps from being renewed stands in front of the day's plan."""
    policy = OLD.evolve(conditions=(FINE,))
    barred = a_subscription(conditions=frozenset({"fine"}))
    made = plan([barred], policy=policy, prices=a_list(), on=date(2025, 12, 1))
    (entry,) = made.attention()
    assert (entry.route, entry.lines[0].attention) == (Route.RESOLVE_CONDITION, Attention.NOW)


def test_every_way_forward_has_its_place_in_a_plan() -> None:
    """Also one of an order with barred lines, and one whose opening no page says."""
    policy = RenewalPolicy(id="own", conditions=(FINE,), managed_roles=frozenset({Role.PURCHASER}))
    raised = {"conditions": frozenset({"fine"})}
    managed = a_subscription(id="S-2", account=Account(id="A-1", managed=True))
    order = Order(
        number="O-1",
        placed_on=date(2025, 1, 1),
        subscriptions=(a_subscription(id="S-3", **raised), a_subscription(id="S-4")),
    )
    made = plan(
        [a_subscription(), managed, order],
        policy=policy,
        prices=a_list(),
        on=date(2025, 12, 1),
        actor=Actor(id="P-1"),
    )
    assert [entry.route for entry in made.entries] == [
        Route.UNKNOWN,
        Route.ASK_THE_MANAGER,
        Route.RESOLVE_CONDITION,
    ]
    assert made.attention()[-1].lines[0].attention is Attention.LATER


# F02: the renewal date itself


@pytest.mark.parametrize("policy", [pytest.param(OLD, id="09"), pytest.param(NEW, id="09d")])
def test_09_on_the_scheduled_day_it_renews_itself(policy: RenewalPolicy) -> None:
    """The day has come, the run has not: it is neither expired nor late, and nothing is lost."""
    decision = renewability(auto(), policy=policy, on=END)
    assert (decision.route, decision.access) == (Route.RENEWS_ITSELF, Access.FULL)
    assert decision.codes == ("renewal-pending",)
    assert not decision.can_renew_now


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("policy", SHIPPED)
def test_the_run_and_the_answer_agree_on_every_day(policy: RenewalPolicy, term: Term) -> None:
    """From a day before the renewal date to a day after the catch-up, whatever the vendor."""
    subscription = ending(term, auto_renew=ON, payment_method=CARD)
    last = min(policy.catch_up_days, (term.end(END) - END).days - 1)  # something has to be left
    for days in range(-1, last + 3):
        on = END + days * ONE
        decision = renewability(subscription, policy=policy, on=on)
        run = renew_automatically(subscription, policy=policy, on=on)
        pending = 0 <= days <= last
        assert ("renewal-pending" in decision.codes) == pending == isinstance(run, Transition)
        if pending:
            assert (decision.route, decision.access) == (Route.RENEWS_ITSELF, Access.FULL)
            for act in (renew, lapse):
                assert isinstance(act(subscription, policy=policy, on=on), Refusal)
            assert isinstance(buy_anew(subscription, id="S-2", policy=policy, on=on), Refusal)


# F03: the price of an automatic renewal

DEARER = PriceList(prices=(a_price("100", "EUR"), a_price("120", "EUR", from_on=END)))


@pytest.mark.parametrize(
    "on", [pytest.param(date(2025, 12, 1), id="10"), pytest.param(END, id="10a")]
)
def test_10_what_renews_itself_costs_what_it_is_charged(on: date) -> None:
    """Told a month before or on the day: 5 % off what it costs from that day on."""
    quote = renewal_quote(auto(), prices=DEARER, policy=OLD, on=on)
    made = plan([auto()], policy=OLD, prices=DEARER, on=on)
    assert quote.total == made.totals()[0].total == eur("114.00")
    assert quote.charged_on == made.lines[0].charged_on == END


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("policy", SHIPPED)
def test_the_price_told_is_the_price_charged(policy: RenewalPolicy, term: Term) -> None:
    """On every day of the term and of the catch-up the quote is that of the renewal date."""
    subscription = ending(term, auto_renew=ON, payment_method=CARD)
    changes = (END - timedelta(days=3), END, END + ONE)
    prices = PriceList(
        prices=tuple(
            a_price(f"{100 + 10 * number}", "EUR", term=each, from_on=day)
            for each in {term, policy.renews_to or term}
            for number, day in enumerate((date(2020, 1, 1), *changes))
        )
    )
    asked: dict[str, Any] = {"prices": prices, "policy": policy}
    charged = renewal_quote(subscription, on=END, **asked)
    assert charged.list_total == eur("120")
    last = min(policy.catch_up_days, (term.end(END) - END).days - 1)
    days = [*range(-5, last + 1), -(END - subscription.starts_on).days]
    for on in (END + days_ * ONE for days_ in days):
        if on >= subscription.starts_on:
            quote = renewal_quote(subscription, on=on, **asked)
            assert (quote.total, quote.charged_on) == (charged.total, END)


# F04: a term that is over when it is paid for


def test_05a_a_late_term_that_is_over_is_said() -> None:
    """Monthly, over for two months, counted from the old end: said, or not sold so at all."""
    late = a_subscription(term=MONTHLY, starts_on=date(2025, 11, 15))
    on = date(2026, 2, 19)
    counted = RenewalPolicy(id="own", stages=grace(90), late_start=LateStart.OLD_END)
    decision = renewability(late, policy=counted, on=on)
    assert "term-already-over" in decision.codes
    silent = counted.evolve(late_start=None)
    assert "late-start-unknown" in renewability(late, policy=silent, on=on).codes
    assert done(renew(late, policy=silent, on=on)).expires_on > on


def test_05b_the_last_late_day_buys_a_day_to_come() -> None:
    """Expired on 28 February, renewed on the last late day, 29 March: it covers that day."""
    late = a_subscription(term=MONTHLY, starts_on=date(2026, 1, 28))
    renewed = done(renew(late, policy=NEW, on=date(2026, 3, 29)))
    assert renewed.expires_on > date(2026, 3, 29)
    again = renewability(renewed, policy=NEW, on=date(2026, 3, 29))
    assert again.route is not Route.RENEW_NOW


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("start", [*LateStart, None], ids=str)
@pytest.mark.parametrize("back_pay", BackPay)
def test_no_late_day_sells_the_past_unsaid(
    term: Term, start: LateStart | None, back_pay: BackPay
) -> None:
    """On every late day the renewed term has a day left, or the finding says that it has none."""
    policy = RenewalPolicy(
        id="own", stages=grace(45), late_start=start, late_terms=LateTerms(back_pay=back_pay)
    )
    subscription = ending(term)
    for on in (END + days * ONE for days in range(45)):
        decision = renewability(subscription, policy=policy, on=on)
        renewed = done(renew(subscription, policy=policy, on=on))
        assert ("term-already-over" in decision.codes) == (renewed.expires_on <= on)


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("policy", SHIPPED)
def test_no_vendor_sells_the_past_unsaid(policy: RenewalPolicy, term: Term) -> None:
    """The same over the late days of every shipped policy."""
    subscription = ending(term)
    for on in (END + days * ONE for days in range(0, 400, 3)):
        answer = renew(subscription, policy=policy, on=on)
        if isinstance(answer, Transition):
            codes = renewability(subscription, policy=policy, on=on).codes
            assert ("term-already-over" in codes) == (answer.subscription.expires_on <= on)


# F05: a trial that goes on


@pytest.mark.parametrize(
    ("term", "next_term"),
    [
        (Term.days(14), MONTHLY),
        (Term.days(7), None),
        (MONTHLY, Term.years(1)),
        (Term.weeks(1), Term.years(3)),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", [CARD, INVOICE, PAYPAL], ids=lambda each: each.kind)
def test_12_a_trial_that_goes_on_is_paid_and_has_no_renewal_behind_it(
    term: Term, next_term: Term | None, method: PaymentMethod
) -> None:
    """12, 12b: with a card on file it becomes a paid subscription, which nobody has renewed yet."""
    policy = RenewalPolicy(id="saas", trials=TrialEnd.GOES_ON)
    trial = auto(kind=Kind.TRIAL, term=term, next_term=next_term, payment_method=method)
    paid = done(renew_automatically(trial, policy=policy, on=trial.expires_on))
    assert (paid.kind, paid.history.renewals) == (Kind.PAID, 0)
    assert paid.term == (next_term or term)
    assert paid.starts_on == paid.history.purchased_on == trial.expires_on


# F06: a closed switch


def test_20c_a_closed_switch_closes_cancellation_as_well() -> None:
    """A day after the notice period has begun it can be ended by neither."""
    policy = RenewalPolicy(id="own", switch_closes_days=92)
    on = date(2025, 11, 1)
    for answer in (
        switch_auto_renew(auto(), to=OFF, policy=policy, on=on),
        cancel(auto(), at=CancelAt.END_OF_TERM, policy=policy, on=on),
    ):
        assert isinstance(answer, Refusal)


@pytest.mark.parametrize("closes", [None, 0, 1, 2, 30, 92])
@pytest.mark.parametrize("roles", [None, frozenset({Role.PAYER})], ids=["renewer", "payer"])
@pytest.mark.parametrize("role", [None, Role.OWNER, Role.PAYER])
def test_a_cancellation_is_the_switch_on_every_day(
    closes: int | None, roles: frozenset[Role] | None, role: Role | None
) -> None:
    """To the end of the term it is accepted exactly where the switch can be set."""
    policy = OLD.evolve(switch_closes_days=closes, switch_roles=roles)
    actor = None if role is None else Actor(id="P-1", roles=frozenset({role}))
    last = END - (closes or 1) * ONE
    for on in (date(2025, 6, 1), last - ONE, last, last + ONE, END - ONE, END, END + 8 * ONE):
        asked: dict[str, Any] = {"policy": policy, "on": on, "actor": actor}
        cancelled = cancel(auto(), at=CancelAt.END_OF_TERM, **asked)
        switched = switch_auto_renew(auto(), to=OFF, **asked)
        assert type(cancelled) is type(switched)
        if switching(auto(), **asked).route is not SwitchRoute.SWITCH:
            assert isinstance(cancelled, Refusal)


# F07: amounts in another currency


def test_15c_a_fee_in_another_currency_is_a_finding() -> None:
    """A shop sells in two currencies: the late renewal in euros has a quote all the same."""
    fees = LateTerms(fees=(LateFee(amount=Money("80", "USD")),))
    policy = RenewalPolicy(id="fee", stages=grace(30), late_terms=fees)
    quote = renewal_quote(
        a_subscription(), prices=a_list(a_price("18", "EUR")), policy=policy, on=date(2026, 1, 5)
    )
    assert (quote.total, quote.lines[0].price) == (None, eur("18"))
    assert "amount-unknown-in-currency" in [each.code for each in quote.findings]


@pytest.mark.parametrize(
    ("currency", "price", "fee"),
    [("JPY", "1001", "300"), ("KWD", "1.001", "0.005"), ("USD", "18", "80")],
)
def test_a_fee_is_found_in_the_currency_of_the_price(currency: str, price: str, fee: str) -> None:
    """Given for each currency, the right one is added."""
    fees = tuple(
        LateFee(amount=Money(*each)) for each in (("300", "JPY"), ("0.005", "KWD"), ("80", "USD"))
    )
    policy = RenewalPolicy(id="fee", stages=grace(30), late_terms=LateTerms(fees=fees))
    prices = a_list(a_price(price, currency))
    quote = renewal_quote(a_subscription(), prices=prices, policy=policy, on=date(2026, 1, 5))
    assert quote.total == Money(price, currency) + Money(fee, currency)


@pytest.mark.parametrize(
    ("currencies", "route"),
    [
        pytest.param(("USD", "EUR"), IncreaseRoute.WITHOUT_CONSENT, id="33d"),
        (("EUR",), IncreaseRoute.WITHOUT_CONSENT),
        (("USD",), IncreaseRoute.ASK_CONSENT),
        (("USD", "JPY"), IncreaseRoute.ASK_CONSENT),
    ],
)
def test_33d_the_limit_in_the_prices_currency_counts(
    currencies: tuple[str, ...], route: IncreaseRoute
) -> None:
    """One euro dearer, with limits of five in one currency or another."""
    limits = tuple(IncreaseLimit(amount=Money("5", each)) for each in currencies)
    policy = RenewalPolicy(id="two", consent=ConsentRule(limits=limits))
    decision = price_increase(auto(), old=eur("9"), new=eur("10"), policy=policy, on=END)
    assert decision.route is route


# F08: what is changed once the renewal date has come


@pytest.mark.parametrize(("day", "runs"), [(0, True), (1, False), (3, False)])
def test_17b_a_card_that_has_lapsed_is_not_charged(day: int, runs: bool) -> None:
    """Scheduled for 31 January, with a card good to that day: a run after it finds none."""
    card = PaymentMethod.card(expires="2025-01")
    held = auto(starts_on=date(2024, 1, 31), payment_method=card)
    answer = renew_automatically(held, policy=OLD, on=date(2025, 1, 31) + day * ONE)
    assert isinstance(answer, Transition) == runs


def test_17c_switched_on_in_a_late_stage_it_is_not_charged() -> None:
    """Expired with the switch off, switched on two days later: the next renewal, not this one."""
    off = a_subscription(payment_method=CARD)
    late = done(switch_auto_renew(off, to=ON, policy=NEW, on=date(2026, 1, 3)))
    assert renewability(late, policy=NEW, on=date(2026, 1, 4)).route is Route.RENEW_NOW
    assert isinstance(renew_automatically(late, policy=NEW, on=date(2026, 1, 4)), Refusal)


ACTS: dict[str, Any] = {
    "off": lambda held, **asked: switch_auto_renew(held, to=OFF, **asked),
    "on": lambda held, **asked: switch_auto_renew(held, to=ON, **asked),
    "cancel": lambda held, **asked: cancel(held, at=CancelAt.END_OF_TERM, **asked),
    "card": lambda held, **asked: replace_payment_method(held, by=PAYPAL, **asked),
    "lapsed": lambda held, **asked: replace_payment_method(
        held, by=PaymentMethod.card(expires="2025-06"), **asked
    ),
    "raise": lambda held, **asked: raise_condition(held, code="fine", **asked),
    "resolve": lambda held, **asked: resolve_condition(held, code="fine", **asked),
    "term": lambda held, **asked: change_term(held, to=Term.years(3), region="US", **asked),
}
STATES: dict[str, dict[str, Any]] = {
    "renews": {},
    "off": {"auto_renew": OFF},
    "no card": {"payment_method": None},
    "lapsed": {"payment_method": PaymentMethod.card(expires="2025-06")},
    "barred": {"conditions": frozenset({"fine"})},
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("later", [0, 1, 6])
@pytest.mark.parametrize("base", [OLD, NEW], ids=["2024", "2025-12"])
def test_what_is_changed_from_the_renewal_date_on_is_for_the_next_renewal(
    base: RenewalPolicy, later: int, state: str, act: str
) -> None:
    """Whether the run of this renewal is made, and for which term, is as if nothing was done."""
    policy = base.evolve(conditions=(FINE,))
    held = auto(**STATES[state])
    on = END + later * ONE
    answer = ACTS[act](held, policy=policy, on=on)
    changed = answer.subscription if isinstance(answer, Transition) else held
    for run_on in (on, on + ONE):
        before = renew_automatically(held, policy=policy, on=run_on)
        after = renew_automatically(changed, policy=policy, on=run_on)
        assert type(before) is type(after)
        if isinstance(before, Transition) and isinstance(after, Transition):
            assert after.subscription.expires_on == before.subscription.expires_on
            assert after.subscription.at_renewal is None
            # What was changed is kept for the next one.
            for name in ("auto_renew", "payment_method", "conditions", "next_term"):
                assert getattr(after.subscription, name) == getattr(changed, name)


@pytest.mark.parametrize("act", ["off", "lapsed", "raise"])
def test_what_is_changed_the_day_before_counts(act: str) -> None:
    """On the last day of the term it is not too late."""
    policy = OLD.evolve(conditions=(FINE,))
    changed = done(ACTS[act](auto(), policy=policy, on=END - ONE))
    assert isinstance(renew_automatically(changed, policy=policy, on=END), Refusal)


# F09: renewed twice


def test_07b_a_late_button_pressed_twice_renews_once() -> None:
    """Monthly, two days late, pressed again on the same day."""
    late = a_subscription(term=MONTHLY, starts_on=date(2026, 1, 10))
    renewed = done(renew(late, policy=NEW, on=date(2026, 2, 12)))
    assert isinstance(renew(renewed, policy=NEW, on=date(2026, 2, 12)), Refusal)


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("policy", SHIPPED)
def test_no_vendor_renews_twice_on_a_day(policy: RenewalPolicy, term: Term) -> None:
    """In time or late: a second press is refused, by the day and by the term that it names."""
    subscription = ending(term)
    for on in (END + days * ONE for days in (-90, -30, -7, -1, 0, 1, 5, 10, 14, 20, 29, 44, 59)):
        asked: dict[str, Any] = {"policy": policy, "on": on, "term_ends_on": END}
        answer = renew(subscription, **asked)
        if not isinstance(answer, Transition):
            continue
        again = renew(answer.subscription, **asked)
        assert isinstance(again, Refusal)
        assert [each.code for each in again.findings] == ["already-renewed"]
        assert isinstance(renew(answer.subscription, policy=policy, on=on), Refusal)


# F10, F11: what a lapse costs

SCHEDULE = PriceSchedule(scope=Scope(cohorts=frozenset({"early"})), base_year=2020, increases=())
KEPT_PRICES = a_list(a_price("8"), a_price("25", from_on=date(2024, 1, 1)))


@pytest.mark.parametrize(
    ("on", "like", "amount"),
    [
        (END - ONE, StagePrice.LIST, "8.00"),
        pytest.param(date(2026, 1, 10), StagePrice.LIST, "25.00", id="16a"),
        (END, StagePrice.LIST, "25.00"),
        (END, StagePrice.RENEWAL, "8.00"),
        (date(2026, 1, 10), StagePrice.RENEWAL, "8.00"),
    ],
)
def test_16a_a_kept_price_is_gone_with_a_lapse_priced_like_new(
    on: date, like: StagePrice, amount: str
) -> None:
    """On the last day in time it is kept, from the first late day on it is not."""
    policy = RenewalPolicy(id="own", stages=grace(30, price=like), price_schedules=(SCHEDULE,))
    held = a_subscription(history=History(price_cohort="early"))
    asked: dict[str, Any] = {"policy": policy, "on": on}
    policy = policy.evolve(window_opens_days=30)
    quote = renewal_quote(held, prices=KEPT_PRICES, **asked | {"policy": policy})
    assert quote.total == Money(amount, "USD")
    renewed = done(renew(held, policy=policy, on=on))
    assert renewed.history.price_cohort == ("early" if amount == "8.00" else None)


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_16c_loyalty_is_lost_on_the_first_late_day(term: Term) -> None:
    """Renewed in time it counts on; on the day it ends and later it begins again."""
    policy = RenewalPolicy(
        id="lost",
        window_opens_days=30,
        stages=grace(6),
        late_terms=LateTerms(loyalty=Loyalty.LOST),
    )
    held = ending(term, history=History(renewals=3))
    counts = [
        done(renew(held, policy=policy, on=on)).history.renewals
        for on in (END - ONE, END, END + ONE, END + 5 * ONE)
    ]
    assert counts == [4, 0, 0, 0]


# F12: the edition of an automatic renewal


def test_11_on_an_editions_first_day_it_is_that_edition() -> None:
    """It renews itself on the day a new edition begins: under the new one."""
    answer = renew_automatically(
        auto(starts_on=date(2024, 12, 29)), policy=BOTH, on=date(2025, 12, 29)
    )
    assert isinstance(answer, Transition)
    assert answer.events[0].verdict.edition == "autodesk/2025-12"


@pytest.mark.parametrize(
    ("days", "edition"), [(-1, "own/2"), (0, "own/2"), (1, "own/1"), (7, "own/1")]
)
@pytest.mark.parametrize("run", [0, 1, 7])
def test_the_edition_of_the_renewal_date_makes_and_prices_it(
    days: int, edition: str, run: int
) -> None:
    """A new edition a day before, on, or after that date; whenever the run comes."""
    first = OLD.evolve(id="own/1")
    second = OLD.evolve(id="own/2", saving_floor_rate=Decimal("0.10"))
    begins = END + days * ONE
    editions = Editions(
        (Edition(from_on=date(2020, 1, 1), policy=first), Edition(from_on=begins, policy=second))
    )
    answer = renew_automatically(auto(), policy=editions, on=END + run * ONE)
    assert isinstance(answer, Transition)
    assert answer.events[0].verdict.edition == edition
    prices = a_list(a_price("100", "EUR"))
    total = eur("90") if edition == "own/2" else eur("95")
    for on in (END - 60 * ONE, END - ONE, END, END + run * ONE):
        quote = renewal_quote(auto(), prices=prices, policy=editions, on=on)
        assert (quote.total, quote.edition.id) == (total, edition)


@pytest.mark.parametrize(
    "first",
    [
        {"catch_up_days": 0},
        {"manual_payment_kinds": frozenset({PaymentKind.CARD})},
        {"conditions": (FINE,)},
    ],
    ids=lambda each: next(iter(each)),
)
@pytest.mark.parametrize("begins", [1, 2, 5])
def test_no_later_edition_renews_what_was_over(first: dict[str, Any], begins: int) -> None:
    """Not pending under the edition of its renewal date, it is not charged under the next one."""
    base = OLD.evolve(id="own/1", **{"conditions": (HARMLESS,)} | first)
    then = OLD.evolve(id="own/2", conditions=(HARMLESS,))
    editions = Editions(
        (
            Edition(from_on=date(2020, 1, 1), policy=base),
            Edition(from_on=END + begins * ONE, policy=then),
        )
    )
    held = auto(conditions=frozenset({"fine"}))
    for days in range(1, 10):
        on = END + days * ONE
        assert "renewal-pending" not in renewability(held, policy=editions, on=on).codes
        assert isinstance(renew_automatically(held, policy=editions, on=on), Refusal)


# F13: reductions in a cart


@pytest.mark.parametrize(
    ("reduction", "total"),
    [
        pytest.param(Reduction(code="TEN", rate=Decimal("0.10")), "90.00", id="31d"),
        (Reduction(code="FIVE", amount=eur("7.50")), "92.50"),
        (Reduction(code="ALL", amount=eur("100.00")), "0.00"),
    ],
)
def test_31d_a_line_is_bought_with_the_reduction_it_was_quoted_with(
    reduction: Reduction, total: str
) -> None:
    """Quoted with a coupon, put into the cart and bought on the same day."""
    prices, on = a_list(a_price("100", "EUR")), date(2025, 12, 1)
    quote = renewal_quote(
        a_subscription(), prices=prices, policy=OLD, on=on, reductions=(reduction,)
    )
    (purchase,) = Cart(lines=quote.lines).purchases(OLD)
    bought = check_out(purchase, number="N1", policy=OLD, prices=prices, on=on)
    assert isinstance(bought, CheckOut), bought
    assert bought.quote.total == quote.total == eur(total)


# F14: what a consent rule says


def test_33b_the_meaning_of_silence_changes_the_answer() -> None:
    """Three meanings are three answers."""
    codes = {
        silence: price_increase(
            auto(),
            old=eur("9"),
            new=eur("10"),
            policy=RenewalPolicy(id="own", consent=ConsentRule(silence=silence)),
            on=END,
        ).codes
        for silence in Silence
    }
    assert len(set(codes.values())) == len(Silence)


@pytest.mark.parametrize(("days", "late"), [(29, True), (30, False), (31, False)])
def test_33b_so_does_the_day_on_which_it_is_told(days: int, late: bool) -> None:
    """Thirty days' notice: one day short of it is too late."""
    policy = RenewalPolicy(id="own", consent=ConsentRule(notice_days=30))
    decision = price_increase(
        auto(),
        old=eur("9"),
        new=eur("10"),
        policy=policy,
        on=END,
        told_on=END - timedelta(days=days),
    )
    assert ("notice-due" in decision.codes) == late


# F15: notices of the renewal date


def notice(before: int = 0, after: int = 0) -> NoticeRule:
    """A notice on one day about the renewal date."""
    offset = Offset(
        before=Term.days(before) if before else None, after=Term.days(after) if after else None
    )
    return NoticeRule(
        code=f"in-{before}-{after}",
        clause=Clause("own", "own", "A message is sent."),
        topic=Topic.RENEWAL,
        anchor=Anchor.RENEWAL_DATE,
        earliest=offset,
        latest=offset,
    )


@pytest.mark.parametrize("base", [OLD, NEW], ids=["2024", "2025-12"])
@pytest.mark.parametrize("after", [0, 1, 5])
@pytest.mark.parametrize("run", [0, 1])
@pytest.mark.parametrize("term", [Term.years(1), MONTHLY, Term.days(30)], ids=str)
def test_22a_a_notice_of_the_day_is_due_whichever_job_comes_first(
    base: RenewalPolicy, after: int, run: int, term: Term
) -> None:
    """Of the renewal date or of some days after it, once, before the run and after it."""
    policy = base.evolve(id="own", notices=(notice(after=after),))
    held, on = ending(term, auto_renew=ON, payment_method=CARD), END + after * ONE
    (before,) = due(held, policy=policy, on=on)
    renewed = done(renew_automatically(held, policy=policy, on=min(on, END + run * ONE)))
    (then,) = due(renewed, policy=policy, on=on)
    assert before.key == then.key
    assert due(renewed, policy=policy, on=on, sent={before.key}) == ()


# F16: month ends met by chance


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2025, 2, 27), date(2025, 3, 27), id="01e-27"),
        pytest.param(date(2025, 2, 28), date(2025, 3, 28), id="01e-28"),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2025, 4, 1)),
    ],
)
def test_01e_a_day_of_its_own_is_its_own_anchor(on: date, expected: date) -> None:
    """Renewed late from the day of payment, the 31st that it once had is of no matter."""
    policy = RenewalPolicy(id="own", stages=grace(60), late_start=LateStart.RENEWAL_DAY)
    held = a_subscription(term=MONTHLY, starts_on=date(2024, 12, 31))
    assert done(renew(held, policy=policy, on=on)).expires_on == expected


@pytest.mark.parametrize("on", [date(2024, 2, 29) + days * ONE for days in range(-3, 4)])
@pytest.mark.parametrize("term", [MONTHLY, Term.months(3), Term.years(1)], ids=str)
def test_a_day_of_its_own_stays_the_anchor(on: date, term: Term) -> None:
    """Around the 29 February, over the next terms as well."""
    policy = RenewalPolicy(
        id="own", window_opens_days=400, stages=grace(90), late_start=LateStart.RENEWAL_DAY
    )
    renewed = done(
        renew(
            a_subscription(term=MONTHLY, starts_on=date(2023, 12, 31), next_term=term),
            policy=policy,
            on=on,
        )
    )
    assert (renewed.starts_on, renewed.anchor_day) == (on, on.day)
    ends = term.boundaries(on, 3)
    for end in ends:
        assert renewed.expires_on == end
        renewed = done(renew(renewed, policy=policy, on=end - ONE))


# What is answered as it should be by now


def test_21b_who_cancelled_is_not_told_to_renew() -> None:
    """The shipped notice "you can renew now" is not for one who cancelled to the term's end."""
    told = a_subscription()
    assert [each.code for each in due(told, policy=OLD, on=date(2025, 12, 1))] == [
        "you-can-renew-now"
    ]
    cancelled = done(cancel(told, at=CancelAt.END_OF_TERM, policy=OLD, on=date(2025, 6, 1)))
    assert due(cancelled, policy=OLD, on=date(2025, 12, 1)) == ()


# What cannot be said yet, as far as it can be asked with the names there are


@pytest.mark.xfail(strict=True, reason="a term that has not begun is not renewed again")
def test_27_renewed_further_ahead() -> None:
    """Renewed again and again, as long as the end stays within four years."""
    policy = RenewalPolicy(id="own", window_opens_days=4 * 365)
    held = a_subscription()
    for day in range(1, 4):
        held = done(renew(held, policy=policy, on=date(2025, 2, day)))
    assert held.expires_on == date(2029, 1, 1)


@pytest.mark.xfail(strict=True, reason="reductions are kept or combined; the better is not taken")
def test_31a_the_better_of_a_coupon_and_the_renewal_price_counts() -> None:
    """A coupon of 2 % beside a renewal price of 5 %: they do not add up."""
    quote = renewal_quote(
        a_subscription(),
        prices=a_list(a_price("100", "EUR")),
        policy=OLD,
        on=date(2025, 12, 1),
        reductions=(Reduction(code="TWO", rate=Decimal("0.02")),),
    )
    assert quote.total == eur("95.00")


@pytest.mark.xfail(strict=True, reason="who may renew may replace the payment method, nobody else")
def test_34a_the_payer_replaces_his_card() -> None:
    """The card is the payer's, who may not renew."""
    payer = Actor(id="P-1", roles=frozenset({Role.PAYER}))
    policy = OLD.evolve(switch_roles=frozenset({Role.PAYER}))
    answer = replace_payment_method(
        auto(), by=PAYPAL, policy=policy, on=date(2025, 6, 1), actor=payer
    )
    assert isinstance(answer, Transition)


@pytest.mark.xfail(strict=True, reason="a cart takes what is renewed by hand")
def test_35f_what_renews_itself_is_one_purchase() -> None:
    """Twenty monthly lines that renew themselves are one purchase and one charge on the day."""
    cart: Cart | Refusal = Cart()
    for number in range(20):
        line = ending(MONTHLY, id=f"S-{number}", auto_renew=ON, payment_method=CARD)
        assert isinstance(cart, Cart)
        cart = cart.add(line, policy=OLD, prices=a_list(a_price("9", term=MONTHLY)), on=END)
    assert isinstance(cart, Cart)
    (purchase,) = cart.purchases(OLD)
    assert purchase.quote.total == Money("180", "USD")


def test_25_renewed_some_days_before_its_end() -> None:
    """It is charged and renewed thirty days before its end, and from then on not again."""
    attempts = ChargeAttempts(days=(-30, -20), after_last=AfterLastAttempt.LAPSES)
    policy = RenewalPolicy(id="own", charge_attempts=attempts)
    asked: dict[str, Any] = {"policy": policy, "prices": a_list(a_price("100"))}
    held, first_on = auto(), END - timedelta(days=30)
    early = renewal_due(held, on=first_on - timedelta(days=1), **asked)
    assert isinstance(early, Due)
    assert not early.is_open(first_on - timedelta(days=1))
    due = renewal_due(held, on=first_on, **asked)
    assert isinstance(due, Due)
    assert due.is_open(first_on)
    assert due.amount is not None
    receipt = Receipt(key=due.key, amount=due.amount)
    after = done(record_payment(held, due, receipt, policy=policy, on=first_on))
    assert (after.starts_on, after.expires_on) == (END, date(2027, 1, 1))
    for days in (-20, 0, 1):
        following = renewal_due(after, on=END + timedelta(days=days), **asked)
        assert isinstance(following, Due)
        assert not following.is_open(END + timedelta(days=days))
