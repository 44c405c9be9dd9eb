"""
May it be renewed, and how?

Clauses, in the order of the source: `channel`, `managed`, `trial`, `expired`, `automatic`,
`automatic.switch-on`, `manual`, `manual.window`.

Rule 1: the bars are all reported; the route is decided in the order of `Route`'s members.

Rule 2: a step leads where the same rules say it leads, once the fact it changes is changed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, assert_never

import attrs

from subrenew import clauses
from subrenew.clauses import Clause
from subrenew.model import checks
from subrenew.model.entities import Actor, AutoRenew, Subscription
from subrenew.policy.conditions import Barred
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import EarlyRenewal, RenewalPolicy
from subrenew.rules.decisions import Decision, conditions_barring
from subrenew.rules.facts import (
    ENDED,
    LIVE,
    TRIAL,
    Asker,
    Coverage,
    End,
    EndedFacts,
    Flag,
    LiveFacts,
    Payment,
    Seller,
    Timing,
    TrialFacts,
    TrialTime,
    coverage_possible,
    flag_possible,
    late_possible,
    renewal_facts,
    seller_possible,
)
from subrenew.rules.questions import Cell, Cells, CitedRoute, Moment, Question, Step, Values, bar
from subrenew.rules.windows import access_on, late_window, opening_of, turning_days

__all__ = ["QUESTION", "Route", "renewability"]

RenewalFacts = LiveFacts | EndedFacts | TrialFacts


class Route(CitedRoute):
    """The ways forward, in the order in which they are decided, each with its clause."""

    CONVERT_TRIAL = "convert-trial", clauses.TRIAL
    BUY_NEW = "buy-new", clauses.EXPIRED
    ASK_THE_MANAGER = "ask-the-manager", clauses.MANAGED
    RESOLVE_CONDITION = "resolve-condition", clauses.OWN_CONDITION
    CONTACT_PARTNER = "contact-partner", clauses.CHANNEL
    RENEWS_ITSELF = "renews-itself", clauses.AUTOMATIC
    REPAIR_PAYMENT = "repair-payment", clauses.AUTOMATIC_REVIEW
    RENEW_NOW = "renew-now", clauses.MANUAL
    WAIT_FOR_WINDOW = "wait-for-window", clauses.MANUAL_WINDOW


def _renews_itself(facts: RenewalFacts) -> bool:
    return (
        isinstance(facts, LiveFacts)
        and facts.timing is not Timing.LATE
        and facts.auto_renew is AutoRenew.ON
        and facts.payment in (Payment.CHARGEABLE, Payment.INVOICED)
    )


def _expiry(decision: Decision[Any]) -> Values:
    return (("expires_on", decision.subscription.expires_on),)


def _method(decision: Decision[Any]) -> Values:
    subscription = decision.case[0]
    method = subscription.payment_method
    renewal_on = ("renewal_on", subscription.expires_on)
    if method is None:
        return (renewal_on,)
    return (("payment", method.kind), ("valid_through", method.valid_through), renewal_on)


def _roles(decision: Decision[Any]) -> Values:
    edition, account = decision.edition, decision.subscription.account
    managed = account is not None and account.managed
    roles = edition.managed_roles if managed else edition.unmanaged_roles
    return (("roles", tuple(sorted(str(role) for role in roles))),)


def _window(decision: Decision[Any]) -> Values:
    subscription, _, edition, _, _ = decision.case
    opens_on = opening_of(subscription, edition)
    return (("opens_on", opens_on), ("closes_on", subscription.ends_on))


def _late(decision: Decision[Any]) -> Values:
    window = late_window(decision.subscription, policy=decision.edition, on=decision.on)
    return (
        ("expires_on", window.opens_on),
        ("last_on", window.last_on),
        ("access", str(decision.access)),
    )


def _cancellation(decision: Decision[Any]) -> Values:
    return (("cancelled_on", decision.subscription.cancelled_on),)


@bar(clauses.CHANNEL)
def through_partner(facts: RenewalFacts) -> bool:
    """It was bought through a partner, who renews it."""
    return not isinstance(facts, TrialFacts) and facts.seller is Seller.PARTNER


@bar(clauses.MANAGED, values=_roles)
def not_the_manager(facts: RenewalFacts) -> bool:
    """The person who asks holds none of the roles that may renew."""
    return isinstance(facts, LiveFacts) and facts.asker is Asker.MAY_NOT


@bar(clauses.TRIAL)
def trial(facts: RenewalFacts) -> bool:
    """A trial is neither renewed nor extended."""
    return isinstance(facts, TrialFacts)


@bar(clauses.EXPIRED, values=_expiry)
def expired(facts: RenewalFacts) -> bool:
    """It has expired, and no stage renews it any more."""
    match facts:
        case TrialFacts():
            return facts.time is TrialTime.EXPIRED
        case EndedFacts():
            return facts.end is End.EXPIRED
        case _:
            return False


@bar(clauses.EXPIRED, values=_cancellation)
def cancelled(facts: RenewalFacts) -> bool:
    """It was cancelled and has ended."""
    return isinstance(facts, EndedFacts) and facts.end is End.CANCELLED


@bar(clauses.EXPIRED, values=_late)
def late(facts: RenewalFacts) -> bool:
    """It has expired, and a stage still renews it."""
    return isinstance(facts, LiveFacts) and facts.timing is Timing.LATE


@bar(clauses.AUTOMATIC, values=_method)
def payment_lapsed(facts: RenewalFacts) -> bool:
    """The payment method will no longer be valid on the renewal date."""
    return (
        isinstance(facts, LiveFacts)
        and facts.auto_renew is AutoRenew.ON
        and facts.payment is Payment.LAPSED
    )


@bar(clauses.AUTOMATIC, values=_method)
def payment_missing(facts: RenewalFacts) -> bool:
    """No payment method is on file."""
    return (
        isinstance(facts, LiveFacts)
        and facts.auto_renew is AutoRenew.ON
        and facts.payment is Payment.MISSING
    )


@bar(clauses.AUTOMATIC_REVIEW, values=_method)
def payment_by_invoice(facts: RenewalFacts) -> bool:
    """It renews by itself, but the invoice has to be paid (reading 11)."""
    return (
        isinstance(facts, LiveFacts) and facts.payment is Payment.INVOICED and _renews_itself(facts)
    )


@bar(clauses.AUTOMATIC_SWITCH_ON, values=_cancellation)
def switched_off(facts: RenewalFacts) -> bool:
    """Automatic renewal is off, or a cancellation on its way keeps it from acting."""
    return isinstance(facts, LiveFacts) and facts.auto_renew is AutoRenew.OFF


@bar(clauses.AUTOMATIC, values=_method)
def switch_without_effect(facts: RenewalFacts) -> bool:
    """Automatic renewal is on, but nothing can be charged (reading 13)."""
    return (
        isinstance(facts, LiveFacts)
        and facts.auto_renew is AutoRenew.ON
        and facts.payment is Payment.PUSHED
    )


@bar(clauses.MANUAL, values=_method)
def payment_by_customer(facts: RenewalFacts) -> bool:
    """The customer sends the money, so it is renewed by hand (reading 12)."""
    return isinstance(facts, LiveFacts) and facts.payment is Payment.PUSHED


@bar(clauses.MANUAL_WINDOW, values=_window)
def window_not_open(facts: RenewalFacts) -> bool:
    """It is to be renewed by hand, and the window has not opened."""
    return (
        isinstance(facts, LiveFacts) and facts.timing is Timing.EARLY and not _renews_itself(facts)
    )


@bar(clauses.OWN_CONDITION, values=conditions_barring(Barred.RENEWAL))
def own_condition(facts: RenewalFacts) -> bool:
    """A condition of the user's own bars the renewal."""
    return isinstance(facts, LiveFacts) and facts.condition is Flag.RAISED


def route(facts: RenewalFacts) -> Route:
    """Return the one way forward; there always is one."""
    match facts:
        case TrialFacts():
            return Route.CONVERT_TRIAL
        case EndedFacts():
            return Route.BUY_NEW
        case LiveFacts(asker=Asker.MAY_NOT):
            return Route.ASK_THE_MANAGER
        case LiveFacts(condition=Flag.RAISED):
            return Route.RESOLVE_CONDITION
        case LiveFacts(seller=Seller.PARTNER) if not _renews_itself(facts):
            return Route.CONTACT_PARTNER
        case LiveFacts() if _renews_itself(facts):
            return Route.RENEWS_ITSELF
        case LiveFacts(timing=Timing.LATE):
            return Route.RENEW_NOW
        case LiveFacts(auto_renew=AutoRenew.ON, payment=Payment.LAPSED | Payment.MISSING):
            return Route.REPAIR_PAYMENT
        case LiveFacts(timing=Timing.EARLY):
            return Route.WAIT_FOR_WINDOW
        case LiveFacts():
            return Route.RENEW_NOW
        case never:
            assert_never(never)


def now(facts: RenewalFacts) -> bool:
    """Return whether it may be renewed by hand at once."""
    if not isinstance(facts, LiveFacts) or facts.timing is Timing.EARLY:
        return False
    if facts.asker is Asker.MAY_NOT or facts.seller is Seller.PARTNER:
        return False
    if facts.condition is Flag.RAISED:
        return False
    return not (facts.timing is Timing.OPEN_BY_HAND_ONLY and _renews_itself(facts))


def steps(facts: RenewalFacts) -> tuple[Step[Route], ...]:
    """Return what can be done, the surest first."""
    if isinstance(facts, TrialFacts):
        until = Moment.LAST_DAY if facts.time is TrialTime.RUNNING else Moment.ANY
        return (_step("buy-subscription", clauses.TRIAL, Route.RENEWS_ITSELF, closes=until),)
    if isinstance(facts, EndedFacts):
        return (_step("buy-new", clauses.EXPIRED, Route.RENEWS_ITSELF),)
    closes = Moment.LAST_LATE_DAY if facts.timing is Timing.LATE else Moment.LAST_DAY
    if facts.asker is Asker.MAY_NOT:
        leads_to = route(attrs.evolve(facts, asker=Asker.MAY))
        return (_step("ask-the-manager", clauses.MANAGED, leads_to, closes=closes),)
    if facts.condition is Flag.RAISED:
        leads_to = route(attrs.evolve(facts, condition=Flag.CLEAR))
        return (_step("resolve-condition", clauses.OWN_CONDITION, leads_to, closes=closes),)
    if facts.seller is Seller.PARTNER and not _renews_itself(facts):
        leads_to = route(attrs.evolve(facts, seller=Seller.VENDOR))
        return (_step("contact-partner", clauses.CHANNEL, leads_to, closes=closes),)
    return (*_automatic_steps(facts), *_manual_steps(facts, closes))


def _automatic_steps(facts: LiveFacts) -> tuple[Step[Route], ...]:
    if facts.timing is Timing.LATE:
        return ()
    if _renews_itself(facts):
        off = route(attrs.evolve(facts, auto_renew=AutoRenew.OFF))
        return (
            _step("review-payment", clauses.AUTOMATIC_REVIEW, route(facts)),
            _step("switch-off", clauses.ORDER_SWITCH, off),
        )
    if facts.auto_renew is AutoRenew.ON:
        repaired = route(attrs.evolve(facts, payment=Payment.CHARGEABLE))
        return (_step("update-payment", clauses.AUTOMATIC, repaired),)
    if facts.payment in (Payment.CHARGEABLE, Payment.INVOICED):
        on = route(attrs.evolve(facts, auto_renew=AutoRenew.ON))
        return (_step("switch-on", clauses.AUTOMATIC_SWITCH_ON, on),)
    return ()


def _manual_steps(facts: LiveFacts, closes: Moment) -> tuple[Step[Route], ...]:
    # Once renewed it stands early in its next term, with the same switch and payment.
    renewed = route(attrs.evolve(facts, timing=Timing.EARLY))
    if now(facts):
        return (_step("renew", clauses.MANUAL, renewed, closes=closes),)
    if _renews_itself(facts):
        return ()
    return (
        _step("renew", clauses.MANUAL, renewed, opens=Moment.OPENS_ON, closes=closes),
        _step("buy-new", clauses.EXPIRED, Route.RENEWS_ITSELF, opens=Moment.END, last_resort=True),
    )


def _step(
    code: str,
    clause: Clause,
    leads_to: Route,
    *,
    opens: Moment = Moment.ANY,
    closes: Moment = Moment.LAST_DAY,
    last_resort: bool = False,
) -> Step[Route]:
    if code == "buy-new":
        closes = Moment.ANY
    return Step(
        code=code,
        clause=clause,
        opens=opens,
        closes=closes,
        leads_to=leads_to,
        last_resort=last_resort,
    )


def possible(facts: RenewalFacts, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has these facts under this edition."""
    if isinstance(facts, TrialFacts):
        return coverage_possible(Coverage.TRIAL, edition)
    late = isinstance(facts, LiveFacts) and facts.timing is Timing.LATE
    if late and not late_possible(edition):
        return False
    if not coverage_possible(Coverage.COVERED, edition):
        return False
    if not seller_possible(facts.seller, edition):
        return False
    if isinstance(facts, EndedFacts):
        return True
    if not flag_possible(facts.condition, edition, Barred.RENEWAL):
        return False
    if facts.timing in (Timing.EARLY, Timing.LATE):
        return True
    allowed = edition.early_renewal is EarlyRenewal.ALLOWED
    opening = Timing.OPEN if allowed else Timing.OPEN_BY_HAND_ONLY
    opens = edition.window_opens_days or any(rule.days for rule in edition.window_rules)
    return bool(opens) and facts.timing is opening


# Bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_OPENS_ON, _END = Moment.OPENS_ON, Moment.END
_LAST_DAY, _LAST_LATE_DAY = Moment.LAST_DAY, Moment.LAST_LATE_DAY
_ONE_DAY: Final = timedelta(days=1)


def _day(decision: Decision[Route], moment: Moment) -> date | None:
    subscription, _, edition, on, _ = decision.case
    if moment is _LAST_DAY:
        return subscription.ends_on - _ONE_DAY
    if moment is _OPENS_ON:
        return opening_of(subscription, edition)
    if moment is _END:
        return subscription.ends_on
    if moment is _LAST_LATE_DAY:
        return late_window(subscription, policy=edition, on=on).last_on
    return None


def _turns(decision: Decision[Route]) -> list[date]:
    subscription, policy, edition, on, _ = decision.case
    return turning_days(subscription, policy, edition, on)


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: Actor | None
) -> Cell[Route]:
    return CELLS[renewal_facts(subscription, edition, on, asked)]


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: Actor | None
) -> Decision[Route]:
    return renewability(subscription, policy=policy, on=on, actor=asked)


QUESTION: Final[Question[Route]] = Question(
    name="renewability",
    kinds=(TRIAL, ENDED, LIVE),
    bars=(
        through_partner,
        not_the_manager,
        trial,
        expired,
        cancelled,
        late,
        payment_lapsed,
        payment_missing,
        payment_by_invoice,
        switched_off,
        switch_without_effect,
        payment_by_customer,
        window_not_open,
        own_condition,
    ),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=_turns,
    steps=steps,
    now=now,
    possible=possible,
    day=_day,
    access=access_on,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def renewability(
    subscription: Subscription, *, policy: Policy, on: date, actor: Actor | None = None
) -> Decision[Route]:
    """
    Decide whether *subscription* may be renewed on that day, how, and what can be done about it.

    Args:
        subscription: Paid or a trial.
        policy: An edition, or editions from which the day chooses one.
        on: The account's calendar day (reading 1).
        actor: Who asks. Without one the question is about the subscription (reading 14).

    Returns:
        A decision whose route is a member of `Route`.

    Raises:
        NotInForce: *policy* has no edition on that day.
        InvalidType: *on* is not a date.

    >>> from subrenew import PaymentMethod, Term
    >>> from subrenew.policy.vendors import autodesk
    >>> decision = renewability(
    ...     Subscription(
    ...         id="S-1",
    ...         product="CAD",
    ...         term=Term.years(1),
    ...         starts_on=date(2024, 1, 31),
    ...         auto_renew=AutoRenew.ON,
    ...         payment_method=PaymentMethod.card(expires="2024-12"),
    ...     ),
    ...     policy=autodesk.EDITION_2024,
    ...     on=date(2024, 6, 1),
    ... )
    >>> decision.route.value, decision.codes
    ('repair-payment', ('payment-lapsed', 'window-not-open'))
    >>> [(action.code, action.by.isoformat()) for action in decision.actions]
    [('update-payment', '2025-01-30'), ('renew', '2025-01-30')]
    """
    if type(on) is not date:
        checks.calendar_date("on", on)
    edition = policy.in_force(subscription, on=on)
    cell = CELLS[renewal_facts(subscription, edition, on, actor)]
    return Decision(cell, (subscription, policy, edition, on, actor))
