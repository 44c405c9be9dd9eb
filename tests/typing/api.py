"""
What a type checker makes of the public API. Checked by mypy, never executed.

The first half says what each function returns. The second half is wrong on purpose: every
``type: ignore`` names the error that has to be found, and an unused one is an error itself.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never, assert_type

from subrenew import (
    Access,
    Action,
    Actor,
    Attention,
    AutoRenew,
    Channel,
    CurrencyTotal,
    Decision,
    Editions,
    Eligibility,
    Finding,
    Kind,
    ListPrice,
    Money,
    Order,
    PaymentMethod,
    PlanEntry,
    PlanLine,
    Policy,
    PriceBook,
    PriceList,
    Quote,
    QuoteLine,
    Reduction,
    RenewalPlan,
    RenewalPolicy,
    Role,
    Route,
    Saving,
    Subscription,
    Term,
    TermRoute,
    Window,
    late_window,
    local_day,
    meets_floor,
    order_quote,
    plan,
    renewability,
    renewal_discount,
    renewal_quote,
    renewal_window,
    saving_rate,
    tables,
    term_change,
)
from subrenew import exclusions as exclusions_of
from subrenew.clauses import Clause
from subrenew.policy.vendors import autodesk

on = date(2025, 12, 1)
subscription = Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=on)
order = Order(number="PO-1", placed_on=on, subscriptions=(subscription,))
actor = Actor(id="P-1")
policy: Policy = autodesk.EDITIONS
edition = autodesk.EDITION_2024
prices = PriceList(prices=())
usd, less = Money("10", "USD"), Money("9.50", "USD")


# What each function returns ------------------------------------------------------------------


def decisions() -> None:
    renewable = renewability(subscription, policy=policy, on=on, actor=actor)
    assert_type(renewable, Decision[Route])
    assert_type(renewable.route, Route)
    assert_type(renewable.route.clause, Clause)
    assert_type(renewable.findings, tuple[Finding, ...])
    assert_type(renewable.findings[0].values, tuple[tuple[str, object], ...])
    assert_type(renewable.codes, tuple[str, ...])
    assert_type(renewable.actions, tuple[Action[Route], ...])
    assert_type(renewable.actions[0].leads_to, Route | None)
    assert_type(renewable.actions[0].by, date | None)
    assert_type(renewable.actions[0].where, Channel)
    assert_type(renewable.changes_on, date | None)
    assert_type(renewable.can_renew_now, bool)
    assert_type(renewable.renews_itself, bool)
    assert_type(renewable.access, Access | None)
    assert_type(renewable.edition, RenewalPolicy)
    assert_type(renewable.explain(locale="fr"), str)
    excluded = exclusions_of(subscription, policy=policy, on=on)
    assert_type(excluded.route, Eligibility)
    discount = renewal_discount(subscription, policy=policy, prices=prices, on=on)
    assert_type(discount.route, Saving)
    assert_type(discount.rate, Decimal | None)
    changed = term_change(subscription, to=Term.years(1), policy=policy, on=on, region="FR")
    assert_type(changed.route, TermRoute)
    assert_type(changed.actions[0].leads_to, TermRoute | None)


def windows() -> None:
    assert_type(renewal_window(subscription, policy=policy, on=on), Window)
    assert_type(late_window(subscription, policy=edition, on=on), Window)
    assert_type(on in Window(on, on), bool)
    assert_type(Term.months(1).end(on), date)
    assert_type(Term.months(1).boundaries(on, 12), tuple[date, ...])


def quotes() -> None:
    quote = renewal_quote(subscription, prices=prices, policy=policy, on=on)
    assert_type(quote, Quote)
    assert_type(quote.total, Money | None)
    assert_type(quote.saving_rate, Decimal | None)
    assert_type(quote.lines, tuple[QuoteLine, ...])
    assert_type(quote.findings, tuple[Finding, ...])
    assert_type(order_quote(order, prices=prices, policy=policy, on=on), Quote)


def plans() -> None:
    made = plan([subscription, order], policy=policy, prices=prices, on=on)
    assert_type(made, RenewalPlan)
    assert_type(made.entries, tuple[PlanEntry, ...])
    assert_type(made.by_route(), dict[Route, tuple[PlanLine, ...]])
    assert_type(made.by_month(), dict[date, tuple[PlanLine, ...]])
    assert_type(made.totals(), tuple[CurrencyTotal, ...])
    assert_type(made.lines[0].attention, Attention)
    assert_type(made.lines[0].next_action, Action[Route])


def money() -> None:
    assert_type(usd + usd, Money)
    assert_type(usd * 3, Money)
    assert_type(3 * usd, Money)
    assert_type(less < usd, bool)
    assert_type(saving_rate(usd, usd), Decimal | None)
    assert_type(meets_floor(usd, usd, Decimal("0.05")), bool)


def policies() -> None:
    assert_type(autodesk.EDITIONS, Editions)
    assert_type(edition.evolve(window_opens_days=120), RenewalPolicy)
    assert_type(policy.in_force(subscription, on=on), RenewalPolicy)
    assert_type(tables.table("renewability", edition).to_csv(), str)


def tells(route: Route) -> str:
    match route:
        case Route.CONVERT_TRIAL | Route.BUY_NEW:
            return "buy"
        case Route.ASK_THE_MANAGER | Route.CONTACT_PARTNER | Route.RESOLVE_CONDITION:
            return "ask"
        case Route.RENEWS_ITSELF | Route.WAIT_FOR_WINDOW | Route.UNKNOWN:
            return "wait"
        case Route.REPAIR_PAYMENT | Route.RENEW_NOW:
            return "act"
        case never:
            assert_never(never)


class OwnBook:
    def list_price(self, subscription: Subscription, *, on: date) -> Money | None:
        return Money("10", "USD")

    def renewal_rate(self, subscription: Subscription, *, on: date) -> Decimal | None:
        return None


class OwnPolicy:
    def in_force(self, subscription: Subscription, *, on: date) -> RenewalPolicy:
        return autodesk.EDITION_2024


own_book: PriceBook = OwnBook()
own_policy: Policy = OwnPolicy()
renewable_by: Callable[..., Decision[Route]] = renewability


# Wrong on purpose ----------------------------------------------------------------------------

Money(9.5, "USD")  # type: ignore[arg-type]
_ = usd + 1  # type: ignore[operator]
_ = usd * 1.5  # type: ignore[operator]
_ = usd * usd  # type: ignore[operator]
_ = usd < 5  # type: ignore[operator]
usd.currency = "EUR"  # type: ignore[misc]
subscription.seats = 2  # type: ignore[misc]
edition.window_opens_days = 120  # type: ignore[misc]
Term.months(1.5)  # type: ignore[arg-type]
Subscription("S-1", "CAD", Term.years(1), on)  # type: ignore[call-arg]
Subscription(id="S-1", product="CAD", term="P1Y", starts_on=on)  # type: ignore[arg-type]
Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on="2025-01-01")  # type: ignore[arg-type]
Subscription(id="S-1", product="CAD", term=Term.years(1))  # type: ignore[call-arg]
Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=on, kind="paid")  # type: ignore[arg-type]
Subscription(id="S-1", product="CAD", term=Term.years(1), starts_on=on, status="active")  # type: ignore[call-arg]
PaymentMethod.card(expires=on)  # type: ignore[arg-type]
Actor(id="P-1", roles=[Role.OWNER])  # type: ignore[arg-type]
Order(number="PO-1", placed_on=on, subscriptions=[subscription])  # type: ignore[arg-type]
Reduction(code="SPRING", rate=0.1)  # type: ignore[arg-type]
ListPrice(product="CAD", term=Term.years(1), price=Decimal(10), from_on=on)  # type: ignore[arg-type]
PriceList(prices=[])  # type: ignore[arg-type]
renewability(subscription, policy=policy)  # type: ignore[call-arg]
renewability(subscription, policy, on)  # type: ignore[call-arg]
renewability(subscription, policy=policy, on="2025-01-01")  # type: ignore[arg-type]
renewability(subscription, policy=policy, on=on, day=on)  # type: ignore[call-arg]
renewability(subscription, policy="autodesk", on=on)  # type: ignore[arg-type]
renewability(order, policy=policy, on=on)  # type: ignore[arg-type]
renewability(subscription, policy=policy, on=on).route = Route.BUY_NEW  # type: ignore[misc]
_ = renewability(subscription, policy=policy, on=on).status  # type: ignore[attr-defined]
exclusions_of(subscription, policy=policy, on=on, reductions=["SPRING"])  # type: ignore[arg-type]
term_change(subscription, policy=policy, on=on)  # type: ignore[call-arg]
term_change(subscription, to="P1Y", policy=policy, on=on)  # type: ignore[arg-type]
renewal_quote(subscription, policy=policy, on=on)  # type: ignore[call-arg]
plan(subscription, policy=policy, prices=prices, on=on)  # type: ignore[arg-type]
local_day(on, None)  # type: ignore[arg-type]
meets_floor(usd, usd, 0.05)  # type: ignore[arg-type]
_ = AutoRenew.MAYBE  # type: ignore[attr-defined]
Kind.PAID = "free"  # type: ignore[misc]
today: date = renewability(subscription, policy=policy, on=on).changes_on  # type: ignore[assignment]
total: Money = renewal_quote(subscription, prices=prices, policy=policy, on=on).total  # type: ignore[assignment]
wrong_book: PriceBook = OwnPolicy()  # type: ignore[assignment]
wrong_policy: Policy = datetime(2025, 1, 1)  # type: ignore[assignment]


def forgets_a_route(route: Route) -> str:
    match route:
        case Route.CONVERT_TRIAL | Route.BUY_NEW | Route.ASK_THE_MANAGER | Route.CONTACT_PARTNER:
            return "somebody else"
        case Route.RENEWS_ITSELF | Route.WAIT_FOR_WINDOW | Route.RENEW_NOW:
            return "in hand"
        case Route.RESOLVE_CONDITION:
            return "one's own"
        case never:
            assert_never(never)  # type: ignore[arg-type]


class ForgetsTheDay:
    def in_force(self, subscription: Subscription) -> RenewalPolicy:
        return autodesk.EDITION_2024


undated_policy: Policy = ForgetsTheDay()  # type: ignore[assignment]
