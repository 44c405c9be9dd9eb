"""
May it be renewed, and how?

Clauses, in the order of the source: `channel`, `managed`, `trial`, `expired`, `automatic`,
`automatic.review`, `automatic.switch-on`, `order.switch`, `manual`, `manual.window`.

Rule 1: the bars are all reported; the route is decided in the order of `Route`'s members.

Rule 2: while its automatic renewal is pending, a subscription is neither expired nor late, and only
the run renews it (reading 29).

Rule 3: an action is offered on the days on which its transition is accepted, and leads where the
same rules say once the act is done (`subrenew.rules.outcomes`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final, assert_never

from subrenew import clauses
from subrenew.clauses import Clause
from subrenew.model.entities import Actor, AutoRenew, Mechanism, PaymentMethod, Subscription
from subrenew.policy.choices import TrialEnd
from subrenew.policy.conditions import Barred
from subrenew.policy.editions import Policy
from subrenew.policy.parameters import EarlyRenewal, RenewalPolicy
from subrenew.policy.scopes import EVERYBODY
from subrenew.policy.stages import Access
from subrenew.rules import outcomes
from subrenew.rules.decisions import (
    Action,
    Decision,
    clause_of_conditions,
    conditions_barring,
    decided,
    end_seen,
    scheduled_turns,
)
from subrenew.rules.facts import (
    CONTINUING,
    ENDED,
    LATE,
    LIVE,
    PENDING,
    TRIAL,
    Asker,
    Collection,
    ContinuingFacts,
    End,
    EndedFacts,
    Flag,
    LateFacts,
    LateTerm,
    LiveFacts,
    Payment,
    PendingFacts,
    Seller,
    Situation,
    SwitchTime,
    Timing,
    TrialAfter,
    TrialFacts,
    TrialTime,
    asker_possible,
    flag_possible,
    late_term_possible,
    renewal_facts,
    seller_possible,
    situation_possible,
    switch_facts,
)
from subrenew.rules.questions import Cell, Cells, CitedRoute, Moment, Question, Step, Values, bar
from subrenew.rules.schedules import (
    as_renewed,
    edition_on,
    held_until,
    is_unpaid,
    next_charge_on,
    next_term,
    opening_of,
    over_from,
    renewing_days,
    run_until,
    state_on,
    switch_last_on,
    turning_days,
)

__all__ = ["QUESTION", "RenewalFacts", "Route", "renewability"]

HeldFacts = LiveFacts | LateFacts | ContinuingFacts
RenewalFacts = HeldFacts | PendingFacts | EndedFacts | TrialFacts


class Route(CitedRoute):
    """The ways forward, in the order in which they are decided, each with its clause."""

    CONVERT_TRIAL = "convert-trial", clauses.TRIAL, "trials"
    BUY_NEW = "buy-new", clauses.EXPIRED, "stages"
    ASK_THE_MANAGER = "ask-the-manager", clauses.MANAGED, "managed_roles"
    RESOLVE_CONDITION = "resolve-condition", clauses.OWN_CONDITION, "conditions"
    CONTACT_PARTNER = "contact-partner", clauses.CHANNEL, "partner_channels"
    RENEWS_ITSELF = "renews-itself", clauses.AUTOMATIC, "catch_up_days"
    REPAIR_PAYMENT = "repair-payment", clauses.AUTOMATIC_REVIEW
    RENEW_NOW = "renew-now", clauses.MANUAL, "window_opens_days"
    WAIT_FOR_WINDOW = "wait-for-window", clauses.MANUAL_WINDOW, "window_opens_days"
    #: Manual, and no page says from when on.
    UNKNOWN = "unknown", clauses.MANUAL_WINDOW, "window_opens_days"


def _collects(facts: HeldFacts) -> bool:
    """Return whether automatic renewal is on, nothing is owed, and the money comes in."""
    return facts.auto_renew is AutoRenew.ON and facts.payment in (
        Payment.CHARGEABLE,
        Payment.INVOICED,
    )


def _renews_itself(facts: RenewalFacts) -> bool:
    """Return whether it is going to renew itself, or to go on."""
    return isinstance(facts, LiveFacts | ContinuingFacts) and _collects(facts)


def _asked_by(facts: RenewalFacts, asker: Asker) -> bool:
    return isinstance(facts, HeldFacts | PendingFacts) and facts.asker is asker


def _method(decision: Decision[Any]) -> Values:
    subscription = decision.subscription
    if not isinstance(decision.facts, LateFacts):
        subscription = as_renewed(subscription)
    method = subscription.payment_method
    renewal_on = ("renewal_on", subscription.expires_on)
    if method is None:
        return (renewal_on,)
    return (("payment", method.kind), ("valid_through", method.valid_through), renewal_on)


def _debt(decision: Decision[Any]) -> Values:
    subscription, edition = decision.subscription, decision.edition
    history = subscription.history
    if history.failed_on is None:
        return (("debt", "invoice"), ("since", history.unpaid_since), ("amount", history.owed))
    return (
        ("debt", "charge"),
        ("since", history.failed_on),
        ("failed_charges", history.failed_charges),
        ("next_on", _next_charge_on(subscription, edition, decision.on)),
    )


def _next_charge_on(subscription: Subscription, edition: RenewalPolicy, on: date) -> date | None:
    """Return the day of the next attempt, or that day where no run has made it; if one does."""
    until_on, day = run_until(subscription, edition), next_charge_on(subscription, edition)
    if until_on is None or day is None:
        return None
    day = max(day, on)
    return day if day < until_on else None


def _roles(decision: Decision[Any]) -> Values:
    account = decision.subscription.account
    roles = decision.edition.roles(managed=account is not None and account.managed)
    return (("roles", tuple(sorted(str(role) for role in roles or ()))),)


def _window(decision: Decision[Any]) -> Values:
    subscription, edition = decision.subscription, decision.edition
    opens_on = opening_of(subscription, edition)
    return (("opens_on", opens_on), ("closes_on", subscription.ends_on))


def _late(decision: Decision[Any]) -> Values:
    return (
        ("expires_on", decision.subscription.ends_on),
        ("last_on", _last_late_day(decision)),
        ("access", str(decision.access)),
    )


def _run(decision: Decision[Any]) -> Values:
    return (
        ("renewal_on", decision.subscription.expires_on),
        ("last_on", _day(decision, Moment.LAST_RUN_DAY)),
    )


def _next_term(decision: Decision[Any]) -> Values:
    given = next_term(decision.subscription, decision.edition, decision.on)
    return (("starts_on", given.starts_on), ("ends_on", given.expires_on), ("on", decision.on))


def _renewal(decision: Decision[Any]) -> Values:
    renewed_on = decision.subscription.history.renewed_on
    return (("renewed_on", renewed_on), ("opens_on", _day(decision, Moment.OPENS_ON)))


def _cancellation(decision: Decision[Any]) -> Values:
    return (("cancelled_on", decision.subscription.cancelled_on),)


def _conversion(decision: Decision[Any]) -> Values:
    return (("converted_on", decision.subscription.history.converted_on),)


def _last_late_day(decision: Decision[Any]) -> date | None:
    days = renewing_days(decision.subscription, decision.edition)
    return None if days is None else days[1] - _ONE_DAY


def _stage(decision: Decision[Any]) -> Clause | None:
    stage = state_on(decision.subscription, decision.edition, decision.on).stage
    return None if stage is None else stage.clause


def _window_rule(decision: Decision[Any]) -> Clause | None:
    subscription, edition = decision.subscription, decision.edition
    for rule in edition.window_rules:
        if rule.scope.covers(subscription):
            return rule.clause
    return None


def _cites(decision: Decision[Any], parameter: str | None) -> tuple[str | None, Clause | None]:
    """Return what a route or a step follows from: a late renewal from its stage, not the window."""
    if parameter != "window_opens_days":
        return parameter, None
    if isinstance(decision.facts, LateFacts):
        return "stages", _stage(decision)
    return parameter, _window_rule(decision)


@bar(clauses.CHANNEL, "partner_channels")
def through_partner(facts: RenewalFacts) -> bool:
    """It was bought through a partner, who renews it."""
    return not isinstance(facts, TrialFacts) and facts.seller is Seller.PARTNER


@bar(clauses.MANAGED, "managed_roles", values=_roles)
def not_the_manager(facts: RenewalFacts) -> bool:
    """The person who asks holds none of the roles that may renew."""
    return _asked_by(facts, Asker.MAY_NOT)


@bar(clauses.MANAGED, "managed_roles")
def roles_unknown(facts: RenewalFacts) -> bool:
    """The policy does not say who may renew."""
    return _asked_by(facts, Asker.UNKNOWN)


@bar(clauses.TRIAL, "trials")
def trial(facts: RenewalFacts) -> bool:
    """A trial is neither renewed nor extended."""
    return isinstance(facts, TrialFacts) and facts.after is TrialAfter.ENDS


@bar(clauses.TRIAL, "trials")
def trial_end_unknown(facts: RenewalFacts) -> bool:
    """The policy does not say what becomes of a trial at its end."""
    return isinstance(facts, TrialFacts) and facts.after is TrialAfter.UNKNOWN


@bar(clauses.TRIAL, "trials", values=_cancellation)
def trial_stopped(facts: RenewalFacts) -> bool:
    """The trial does not go on: it was cancelled, or could not be charged at its end."""
    return isinstance(facts, TrialFacts) and facts.after is TrialAfter.STOPPED


@bar(clauses.TRIAL, "trials", values=end_seen)
def trial_goes_on(facts: RenewalFacts) -> bool:
    """The trial goes on as a paid subscription at its end."""
    if not isinstance(facts, ContinuingFacts) or facts.condition is Flag.RAISED:
        return False
    return _collects(facts)


@bar(clauses.TRIAL, "trials", values=_conversion)
def converted(facts: RenewalFacts) -> bool:
    """A subscription was bought in place of the trial."""
    return isinstance(facts, EndedFacts) and facts.end is End.CONVERTED


@bar(clauses.EXPIRED, "stages", values=end_seen)
def expired(facts: RenewalFacts) -> bool:
    """It has expired, and no stage renews it any more."""
    match facts:
        case TrialFacts():
            return facts.time is TrialTime.EXPIRED
        case EndedFacts():
            return facts.end is End.EXPIRED
        case _:
            return False


@bar(clauses.EXPIRED, "cancelled_stages", values=_cancellation)
def cancelled(facts: RenewalFacts) -> bool:
    """It was cancelled and has ended."""
    return isinstance(facts, EndedFacts) and facts.end is End.CANCELLED


@bar(clauses.AUTOMATIC_SWITCH_ON, "catch_up_days", values=_run)
def renewal_pending(facts: RenewalFacts) -> bool:
    """Its renewal date has come, and its automatic renewal may still be made (reading 29)."""
    return isinstance(facts, PendingFacts) and facts.collection is not Collection.FAILED


@bar(clauses.EXPIRED, "stages", values=_late, cites=_stage)
def late(facts: RenewalFacts) -> bool:
    """It has expired, and a stage still renews it."""
    return isinstance(facts, LateFacts)


@bar(clauses.EXPIRED, "late_start", values=_next_term)
def late_start_unknown(facts: RenewalFacts) -> bool:
    """No page says where the term of a late renewal begins (reading 16)."""
    return isinstance(facts, LateFacts) and facts.term is LateTerm.UNDATED


@bar(clauses.EXPIRED, "late_start", values=_next_term)
def term_already_over(facts: RenewalFacts) -> bool:
    """Renewed that day, nothing of the new term would be left (reading 16)."""
    return isinstance(facts, LateFacts) and facts.term is LateTerm.OVER


@bar(clauses.MANUAL, "stages", values=_renewal, cites=_stage)
def renewed_today(facts: RenewalFacts) -> bool:
    """It was renewed on that day already; the same term is not renewed twice (reading 15)."""
    return isinstance(facts, LateFacts) and facts.term is LateTerm.RENEWED_TODAY


@bar(clauses.AUTOMATIC, "manual_payment_kinds", values=_method)
def payment_lapsed(facts: RenewalFacts) -> bool:
    """The payment method will no longer be valid on the renewal date."""
    return _is_on_and(facts, Payment.LAPSED)


@bar(clauses.AUTOMATIC, "manual_payment_kinds", values=_method)
def payment_missing(facts: RenewalFacts) -> bool:
    """No payment method is on file."""
    return _is_on_and(facts, Payment.MISSING)


@bar(clauses.AUTOMATIC, "charge_attempts", values=_debt)
def unpaid(facts: RenewalFacts) -> bool:
    """A charge has failed, or an invoice is unpaid."""
    if isinstance(facts, PendingFacts):
        return facts.collection is Collection.FAILED
    return isinstance(facts, HeldFacts) and facts.payment is Payment.UNPAID


@bar(clauses.AUTOMATIC_REVIEW, "manual_payment_kinds", values=_method)
def payment_by_invoice(facts: RenewalFacts) -> bool:
    """It renews automatically, but the invoice has to be paid (reading 11)."""
    if isinstance(facts, PendingFacts):
        return facts.collection is Collection.INVOICED
    return (
        isinstance(facts, HeldFacts) and facts.payment is Payment.INVOICED and _renews_itself(facts)
    )


@bar(clauses.AUTOMATIC_SWITCH_ON, "auto_renew_default", values=_cancellation)
def switched_off(facts: RenewalFacts) -> bool:
    """Automatic renewal is off, or a cancellation on its way keeps it from acting."""
    return isinstance(facts, HeldFacts) and facts.auto_renew is AutoRenew.OFF


@bar(clauses.AUTOMATIC, "manual_payment_kinds", values=_method)
def switch_without_effect(facts: RenewalFacts) -> bool:
    """Automatic renewal is on, but nothing can be charged (reading 13)."""
    return _is_on_and(facts, Payment.PUSHED)


@bar(clauses.MANUAL, "manual_payment_kinds", values=_method)
def payment_by_customer(facts: RenewalFacts) -> bool:
    """The customer sends the money, so it is renewed manually (reading 12)."""
    return isinstance(facts, HeldFacts) and facts.payment is Payment.PUSHED


@bar(clauses.MANUAL_WINDOW, "window_opens_days", values=_window, cites=_window_rule)
def window_not_open(facts: RenewalFacts) -> bool:
    """It has to be renewed manually, and the window has not opened."""
    return (
        isinstance(facts, LiveFacts) and facts.timing is Timing.EARLY and not _renews_itself(facts)
    )


@bar(clauses.MANUAL_WINDOW, "window_opens_days", values=_window)
def opening_unknown(facts: RenewalFacts) -> bool:
    """It has to be renewed manually, and no page says from when on (reading 3)."""
    return (
        isinstance(facts, LiveFacts)
        and facts.timing is Timing.UNKNOWN
        and not _renews_itself(facts)
    )


@bar(
    clauses.OWN_CONDITION,
    "conditions",
    values=conditions_barring(Barred.RENEWAL),
    cites=clause_of_conditions(Barred.RENEWAL),
)
def own_condition(facts: RenewalFacts) -> bool:
    """A condition of the user's own bars the renewal."""
    return isinstance(facts, HeldFacts) and facts.condition is Flag.RAISED


def _is_on_and(facts: RenewalFacts, payment: Payment) -> bool:
    return (
        isinstance(facts, HeldFacts)
        and facts.auto_renew is AutoRenew.ON
        and facts.payment is payment
    )


def route(facts: RenewalFacts) -> Route:
    """Return the one way forward; there always is one."""
    match facts:
        case TrialFacts():
            return Route.CONVERT_TRIAL
        case EndedFacts():
            return Route.BUY_NEW
        case PendingFacts(asker=Asker.MAY_NOT):
            return Route.ASK_THE_MANAGER
        case PendingFacts(collection=Collection.FAILED):
            partner = facts.seller is Seller.PARTNER
            return Route.CONTACT_PARTNER if partner else Route.REPAIR_PAYMENT
        case PendingFacts():
            return Route.RENEWS_ITSELF
        case LiveFacts() | LateFacts() | ContinuingFacts():
            return _way(facts)
        case never:
            assert_never(never)


def _way(facts: HeldFacts) -> Route:
    """Return the one way forward of what is not over."""
    match facts:
        case LiveFacts(asker=Asker.MAY_NOT) | LateFacts(asker=Asker.MAY_NOT):
            return Route.ASK_THE_MANAGER
        case ContinuingFacts(asker=Asker.MAY_NOT):
            return Route.ASK_THE_MANAGER
        case _ if facts.condition is Flag.RAISED:
            return Route.RESOLVE_CONDITION
        case _ if facts.seller is Seller.PARTNER and not _renews_itself(facts):
            return Route.CONTACT_PARTNER
        case _ if _renews_itself(facts):
            return Route.RENEWS_ITSELF
        case LateFacts():
            today = facts.term is LateTerm.RENEWED_TODAY
            return Route.WAIT_FOR_WINDOW if today else Route.RENEW_NOW
        case _ if facts.auto_renew is AutoRenew.ON and facts.payment in _TO_REPAIR:
            return Route.REPAIR_PAYMENT
        case ContinuingFacts():
            return Route.CONVERT_TRIAL
        case LiveFacts():
            return _BY_HAND[facts.timing]
        case never:
            assert_never(never)


#: What keeps a renewal from being made automatically until a person mends it.
_TO_REPAIR: Final = frozenset({Payment.LAPSED, Payment.MISSING, Payment.UNPAID})
_BY_HAND: Final = MappingProxyType(
    {
        Timing.EARLY: Route.WAIT_FOR_WINDOW,
        Timing.OPEN: Route.RENEW_NOW,
        Timing.OPEN_BY_HAND_ONLY: Route.RENEW_NOW,
        Timing.UNKNOWN: Route.UNKNOWN,
    }
)


def now(facts: RenewalFacts) -> bool:
    """Return whether it may be renewed manually at once: nothing known keeps it from that."""
    if not isinstance(facts, LiveFacts | LateFacts):
        return False
    if facts.asker is Asker.MAY_NOT or facts.seller is Seller.PARTNER:
        return False
    if facts.condition is Flag.RAISED:
        return False
    if isinstance(facts, LateFacts):
        return facts.term is not LateTerm.RENEWED_TODAY
    if facts.timing is Timing.EARLY:
        return False
    return facts.timing is Timing.OPEN or not _renews_itself(facts)


def steps(facts: RenewalFacts) -> tuple[Step[Route], ...]:
    """Return what can be done, the surest first."""
    match facts:
        case TrialFacts():
            until = Moment.LAST_DAY if facts.time is TrialTime.RUNNING else Moment.ANY
            return (_step("buy-subscription", closes=until),)
        case EndedFacts():
            return (_step("buy-new"),)
        case PendingFacts():
            return tuple(_step(code, closes=Moment.LAST_RUN_DAY) for code in _pending_codes(facts))
        case LiveFacts() | LateFacts() | ContinuingFacts():
            return _held_steps(facts)
        case never:
            assert_never(never)


def _pending_codes(facts: PendingFacts) -> tuple[str, ...]:
    if facts.asker is Asker.MAY_NOT:
        return ("ask-the-manager",)
    if facts.collection is not Collection.FAILED:
        return ("await-renewal",)
    return ("contact-partner",) if facts.seller is Seller.PARTNER else ("update-payment",)


def _held_steps(facts: HeldFacts) -> tuple[Step[Route], ...]:
    closes = Moment.LAST_LATE_DAY if isinstance(facts, LateFacts) else Moment.LAST_DAY
    if facts.asker is Asker.MAY_NOT:
        return (_step("ask-the-manager", closes=closes),)
    if facts.condition is Flag.RAISED:
        return (_step("resolve-condition", closes=closes),)
    if facts.seller is Seller.PARTNER:
        return (_step("contact-partner", closes=closes),)
    if isinstance(facts, LateFacts):
        renewing, *buying = _manual_steps(facts, closes)
        settling = (_step("settle", closes=closes),) if facts.payment is Payment.UNPAID else ()
        return (renewing, *settling, *buying)
    if facts.payment is Payment.UNPAID:
        return _unpaid_steps(facts, closes)
    if isinstance(facts, ContinuingFacts):
        return (*_automatic_steps(facts), _step("buy-subscription", closes=closes))
    return (*_automatic_steps(facts), *_manual_steps(facts, closes))


def _unpaid_steps(facts: LiveFacts | ContinuingFacts, closes: Moment) -> tuple[Step[Route], ...]:
    mending: tuple[Step[Route], ...] = (
        _step("update-payment", closes=closes),
        _step("settle", closes=closes),
    )
    if facts.auto_renew is AutoRenew.OFF:
        mending = (*mending, _step("withdraw-cancellation", closes=Moment.LAST_SWITCH_DAY))
    if isinstance(facts, ContinuingFacts):
        return (*mending, _step("buy-subscription", closes=closes))
    return (*mending, *_manual_steps(facts, closes))


def _automatic_steps(facts: LiveFacts | ContinuingFacts) -> tuple[Step[Route], ...]:
    if _renews_itself(facts):
        return (
            _step("review-payment", closes=Moment.LAST_DAY),
            _step("switch-off", closes=Moment.LAST_SWITCH_DAY),
        )
    if facts.auto_renew is AutoRenew.ON:
        return (_step("update-payment", closes=Moment.LAST_DAY),)
    withdrawal = _step("withdraw-cancellation", closes=Moment.LAST_SWITCH_DAY)
    if facts.payment in (Payment.CHARGEABLE, Payment.INVOICED):
        return (_step("switch-on", closes=Moment.LAST_SWITCH_DAY), withdrawal)
    return (withdrawal,)


def _manual_steps(facts: LiveFacts | LateFacts, closes: Moment) -> tuple[Step[Route], ...]:
    if now(facts):
        return (_step("renew", closes=closes),)
    if _renews_itself(facts):
        return ()
    return (
        _step("renew", opens=Moment.OPENS_ON, closes=closes),
        _step("buy-new", opens=Moment.OVER, last_resort=True),
    )


#: The clause and the parameter behind each step.
_CITED: Final = MappingProxyType(
    {
        "buy-subscription": (clauses.TRIAL, "trials"),
        "buy-new": (clauses.EXPIRED, "stages"),
        "ask-the-manager": (clauses.MANAGED, "managed_roles"),
        "await-renewal": (clauses.AUTOMATIC_SWITCH_ON, "catch_up_days"),
        "resolve-condition": (clauses.OWN_CONDITION, "conditions"),
        "contact-partner": (clauses.CHANNEL, "partner_channels"),
        "review-payment": (clauses.AUTOMATIC_REVIEW, None),
        "switch-off": (clauses.ORDER_SWITCH, "switch_closes_days"),
        "switch-on": (clauses.AUTOMATIC_SWITCH_ON, "switch_closes_days"),
        "withdraw-cancellation": (clauses.ORDER_SWITCH, "switch_closes_days"),
        "update-payment": (clauses.AUTOMATIC, None),
        "settle": (clauses.AUTOMATIC_REVIEW, None),
        "renew": (clauses.MANUAL, "window_opens_days"),
    }
)


def _step(
    code: str,
    *,
    opens: Moment = Moment.ANY,
    closes: Moment = Moment.ANY,
    last_resort: bool = False,
) -> Step[Route]:
    clause, parameter = _CITED[code]
    return Step(
        code=code,
        clause=clause,
        parameter=parameter,
        opens=opens,
        closes=closes,
        last_resort=last_resort,
    )


def possible(facts: RenewalFacts, edition: RenewalPolicy) -> bool:
    """Return whether some subscription has these facts under this edition."""
    match facts:
        case TrialFacts():
            return _AFTERS[facts.after](edition)
        case EndedFacts():
            return seller_possible(facts.seller, edition)
    roles = edition.managed_roles, edition.unmanaged_roles
    if not seller_possible(facts.seller, edition) or not asker_possible(facts.asker, *roles):
        return False
    if isinstance(facts, PendingFacts):
        return True
    if not flag_possible(facts.condition, edition, Barred.RENEWAL):
        return False
    match facts:
        case ContinuingFacts():
            return situation_possible(Situation.CONTINUING, edition)
        case LateFacts():
            return late_term_possible(facts, edition)
        case LiveFacts():
            return _timing_possible(facts.timing, edition)
        case never:
            assert_never(never)


def _ends(edition: RenewalPolicy) -> bool:
    return edition.trials is TrialEnd.ENDS


def _stops(edition: RenewalPolicy) -> bool:
    return edition.trials is TrialEnd.GOES_ON


def _is_silent(edition: RenewalPolicy) -> bool:
    return edition.trials is None


_AFTERS: Final = MappingProxyType(
    {TrialAfter.ENDS: _ends, TrialAfter.STOPPED: _stops, TrialAfter.UNKNOWN: _is_silent}
)


def _timing_possible(timing: Timing, edition: RenewalPolicy) -> bool:
    if timing is Timing.EARLY:
        return True
    openings: list[int | None] = []
    for rule in edition.window_rules:
        openings.append(rule.days)
        if rule.scope == EVERYBODY:
            break  # no rule after it applies to anyone
    else:
        openings.append(edition.window_opens_days)
    if timing is Timing.UNKNOWN:
        return None in openings
    allowed = edition.early_renewal is EarlyRenewal.ALLOWED
    return timing is (Timing.OPEN if allowed else Timing.OPEN_BY_HAND_ONLY) and any(openings)


# Days -------------------------------------------------------------------------------------------

# Bound to names of the module: ``Class.MEMBER`` costs ten times as much in Python 3.11.
_ANY, _OPENS_ON, _LAST_DAY, _LAST_LATE_DAY, _LAST_SWITCH_DAY, _LAST_RUN_DAY, _OVER = Moment
_ONE_DAY: Final = timedelta(days=1)
_SWITCHES: Final = frozenset({"switch-on", "switch-off", "withdraw-cancellation"})


def _day(decision: Decision[Route], moment: Moment) -> date | None:
    subscription, edition = decision.subscription, decision.edition
    if moment is _ANY:
        return None
    if moment is _LAST_DAY:
        return held_until(subscription, edition) - _ONE_DAY
    if moment is _OPENS_ON:
        renewed_on = subscription.history.renewed_on
        if isinstance(decision.facts, LateFacts) and renewed_on is not None:
            return renewed_on + _ONE_DAY
        return opening_of(subscription, edition)
    if moment is _LAST_SWITCH_DAY:
        last_on = held_until(subscription, edition) - _ONE_DAY
        return min(switch_last_on(subscription, edition), last_on)
    if moment is _LAST_RUN_DAY:
        until_on = run_until(subscription, edition)
        return None if until_on is None else until_on - _ONE_DAY
    if moment is _OVER:
        return over_from(subscription, edition)
    return _last_late_day(decision)


def _offers(decision: Decision[Route], step: Step[Route]) -> bool:
    if step.code not in _SWITCHES:
        return step.code not in _MENDS or _mends(decision, step.code)
    _, subscription, _, edition, on, actor = decision
    if step.code == "withdraw-cancellation":
        if subscription.cancelled_on is None:
            return False
    elif actor is None and edition.switch_closes_days is None:
        return True  # nothing that `switching` asks can refuse it
    facts = switch_facts(subscription, edition, on, actor)
    return facts.asker is not Asker.MAY_NOT and facts.time is SwitchTime.IN_TIME


_MENDS: Final = frozenset({"update-payment", "settle"})


def _mends(decision: Decision[Route], code: str) -> bool:
    """Return whether an act mends what keeps it from renewing: a failed charge, or an invoice."""
    history = decision.subscription.history
    if not is_unpaid(history, decision.on):
        return True
    return (history.failed_on is None) is (code == "settle")


# Where an action leads --------------------------------------------------------------------------


def _as_it_is(subscription: Subscription, _: RenewalPolicy, __: date) -> Subscription:
    return subscription


def _without_bars(subscription: Subscription, edition: RenewalPolicy, on: date) -> Subscription:
    barring = edition.barred_by(subscription.conditions, Barred.RENEWAL)
    left = subscription.conditions.difference(each.code for each in barring)
    return outcomes.with_conditions(subscription, left, on)


_VALID: Final = PaymentMethod(kind="valid", mechanism=Mechanism.PULL)
_Becomes = Callable[[Subscription, RenewalPolicy, date], Subscription]
#: What an act makes of a subscription; what is missing here depends on what is bought or asked.
_BECOMES: Final[MappingProxyType[str, _Becomes]] = MappingProxyType(
    {
        "ask-the-manager": _as_it_is,
        "await-renewal": _as_it_is,
        "review-payment": _as_it_is,
        "resolve-condition": _without_bars,
        "switch-off": lambda held, _, on: outcomes.switched(held, AutoRenew.OFF, on),
        "switch-on": lambda held, _, on: outcomes.switched(held, AutoRenew.ON, on),
        "withdraw-cancellation": lambda held, _, __: outcomes.uncancelled(held),
        "update-payment": lambda held, _, on: outcomes.paid_with(held, _VALID, on),
        "settle": lambda held, _, __: outcomes.settled(held),
        "renew": outcomes.renewed,
    }
)


def _leads_to(action: Action[Route]) -> Route | None:
    becomes = _BECOMES.get(action.code)
    if becomes is None:
        return None
    _, subscription, policy, edition, on, actor = action.decision
    first, last = action.from_on or on, action.by
    turns = turning_days(subscription, policy, edition, on)
    done = becomes(subscription, edition_on(subscription, policy, first), first)
    turns += turning_days(done, policy, edition, first)
    days = {first, last or first, *(day for day in turns if first < day <= (last or day))}
    asker = None if action.code == "ask-the-manager" else actor
    found = set()
    for day in days:
        after = becomes(subscription, edition_on(subscription, policy, day), day)
        found.add(renewability(after, policy=policy, on=day, actor=asker).route)
    return found.pop() if len(found) == 1 else None


def _cell(
    subscription: Subscription, edition: RenewalPolicy, on: date, asked: Actor | None
) -> Cell[Route]:
    return CELLS[renewal_facts(subscription, edition, on, asked)]


def _access(subscription: Subscription, edition: RenewalPolicy, on: date) -> Access:
    return state_on(subscription, edition, on).access


def _ask(
    subscription: Subscription, policy: Policy, on: date, asked: Actor | None
) -> Decision[Route]:
    return renewability(subscription, policy=policy, on=on, actor=asked)


QUESTION: Final[Question[Route]] = Question(
    name="renewability",
    kinds=(TRIAL, CONTINUING, ENDED, PENDING, LIVE, LATE),
    bars=(
        through_partner,
        not_the_manager,
        roles_unknown,
        trial,
        trial_end_unknown,
        trial_stopped,
        trial_goes_on,
        converted,
        expired,
        cancelled,
        renewal_pending,
        late,
        late_start_unknown,
        term_already_over,
        renewed_today,
        payment_lapsed,
        payment_missing,
        unpaid,
        payment_by_invoice,
        switched_off,
        switch_without_effect,
        payment_by_customer,
        window_not_open,
        opening_unknown,
        own_condition,
    ),
    route=route,
    ask=_ask,
    cell=_cell,
    turns=scheduled_turns,
    steps=steps,
    now=now,
    possible=possible,
    day=_day,
    offers=_offers,
    leads_to=_leads_to,
    cites=_cites,
    access=_access,
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
        InvalidType: *subscription* is none, or *on* is not a date.

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
    if (
        type(policy) is RenewalPolicy
        and type(on) is date
        and type(subscription) is Subscription
        and not subscription.conditions
    ):
        edition = policy  # most are asked about under one edition, and hold no condition
    else:
        edition = edition_on(subscription, policy, on)
    cell = CELLS[renewal_facts(subscription, edition, on, actor)]
    return decided(cell, subscription, policy, edition, on, actor)
