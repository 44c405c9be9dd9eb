"""May it be renewed, and how? Routes, findings with what they saw, actions with their days."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from subrenew import (
    Access,
    Account,
    Actor,
    AutoRenew,
    Channel,
    EarlyRenewal,
    History,
    InvalidType,
    Kind,
    LateStart,
    NotInForce,
    PaymentMethod,
    RenewalPolicy,
    Role,
    Route,
    Stage,
    StageLength,
    Subscription,
    Term,
    TrialEnd,
    clause,
    renewability,
)
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.vendors import autodesk
from tests.makers import INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
EARLY_ON, OPEN_ON, LATE_ON, OVER_ON = (
    date(2025, 6, 1),
    date(2025, 12, 1),
    date(2026, 1, 10),
    date(2026, 3, 1),
)
LAST_ON, DUE_ON = date(2025, 12, 31), date(2026, 1, 8)
LATE = ("late", "late-start-unknown")
THROUGH_PARTNER = ("through-partner", "switched-off", "opening-unknown")
CARD = PaymentMethod.card(expires="2030-01")
LAPSED = PaymentMethod.card(expires="2025-11")
STRANGER = Actor(id="P-1", roles=frozenset({Role.USER}))


def _codes(subscription: Subscription, on: date, policy=OLD, actor=None) -> tuple[str, ...]:
    return renewability(subscription, policy=policy, on=on, actor=actor).codes


def test_the_routes_stand_in_the_order_in_which_they_are_decided() -> None:
    """The members of `Route` are the design's table, and what a user's own condition adds."""
    assert [route.value for route in Route] == [
        "convert-trial",
        "buy-new",
        "ask-the-manager",
        "resolve-condition",
        "contact-partner",
        "renews-itself",
        "repair-payment",
        "renew-now",
        "wait-for-window",
        "unknown",
    ]
    of_the_source = [route for route in Route if route is not Route.RESOLVE_CONDITION]
    assert all(route.clause.binding and clause(route.clause.id) for route in of_the_source)


@pytest.mark.parametrize(
    ("changes", "on", "actor", "route"),
    [
        ({"kind": Kind.TRIAL, "channel": Channel.PARTNER}, OVER_ON, STRANGER, "convert-trial"),
        ({"channel": Channel.PARTNER}, OVER_ON, STRANGER, "buy-new"),
        ({"channel": Channel.PARTNER}, OPEN_ON, STRANGER, "ask-the-manager"),
        ({"auto_renew": ON, "payment_method": PAYPAL}, OPEN_ON, STRANGER, "ask-the-manager"),
        ({"channel": Channel.PARTNER}, OPEN_ON, None, "contact-partner"),
        ({"channel": Channel.PARTNER, "auto_renew": ON}, OPEN_ON, None, "contact-partner"),
        (
            {"channel": Channel.PARTNER, "auto_renew": ON, "payment_method": PAYPAL},
            OPEN_ON,
            None,
            "renews-itself",
        ),
        ({"auto_renew": ON, "payment_method": PAYPAL}, EARLY_ON, None, "renews-itself"),
        ({"auto_renew": ON, "payment_method": INVOICE}, OPEN_ON, None, "renews-itself"),
        ({"auto_renew": ON}, OPEN_ON, None, "repair-payment"),
        ({"auto_renew": ON, "payment_method": LAPSED}, EARLY_ON, None, "repair-payment"),
        ({"auto_renew": ON, "payment_method": WIRE}, OPEN_ON, None, "renew-now"),
        ({"auto_renew": ON, "payment_method": WIRE}, EARLY_ON, None, "wait-for-window"),
        ({"auto_renew": ON, "payment_method": PAYPAL}, LATE_ON, None, "renew-now"),
        ({"auto_renew": ON}, LATE_ON, None, "renew-now"),
        ({"channel": Channel.PARTNER}, LATE_ON, None, "contact-partner"),
        ({"channel": Channel.ORDER}, OPEN_ON, None, "renew-now"),
        ({}, EARLY_ON, None, "wait-for-window"),
    ],
)
def test_what_comes_first_decides(changes, on: date, actor: Actor | None, route: str) -> None:
    """Of two routes that could apply, the one higher in the table is taken."""
    decision = renewability(a_subscription(**changes), policy=NEW, on=on, actor=actor)
    assert decision.route == route


def test_every_reason_is_reported() -> None:
    """A refusal does not hide the reasons below it."""
    subscription = a_subscription(
        channel=Channel.PARTNER, auto_renew=ON, payment_method=LAPSED, account=Account(id="A-1")
    )
    assert _codes(subscription, EARLY_ON, actor=STRANGER) == (
        "through-partner",
        "not-the-manager",
        "payment-lapsed",
        "window-not-open",
    )


@pytest.mark.parametrize(
    ("changes", "on", "codes"),
    [
        ({"kind": Kind.TRIAL}, LAST_ON, ("trial",)),
        ({"kind": Kind.TRIAL}, date(2026, 1, 1), ("trial", "expired")),
        ({}, OVER_ON, ("expired",)),
        ({"cancelled_on": LAST_ON}, LAST_ON, ("cancelled",)),
        ({}, LATE_ON, ("late", "late-start-unknown", "switched-off")),
        ({"auto_renew": ON, "payment_method": INVOICE}, OPEN_ON, ("payment-by-invoice",)),
        ({"auto_renew": ON, "payment_method": INVOICE}, LATE_ON, LATE),
        ({"auto_renew": ON, "payment_method": PAYPAL}, LATE_ON, LATE),
        ({"auto_renew": ON, "payment_method": PAYPAL}, DUE_ON, ("renewal-pending",)),
        (
            {"auto_renew": ON, "payment_method": INVOICE},
            DUE_ON,
            ("renewal-pending", "payment-by-invoice"),
        ),
        ({"auto_renew": ON}, OPEN_ON, ("payment-missing",)),
        ({"auto_renew": ON}, EARLY_ON, ("payment-missing", "window-not-open")),
        ({"payment_method": LAPSED}, OPEN_ON, ("switched-off",)),
        (
            {"auto_renew": ON, "payment_method": WIRE},
            OPEN_ON,
            ("switch-without-effect", "payment-by-customer"),
        ),
        ({"payment_method": WIRE}, OPEN_ON, ("switched-off", "payment-by-customer")),
        ({"auto_renew": ON, "payment_method": PAYPAL}, EARLY_ON, ()),
    ],
)
def test_findings(changes, on: date, codes: tuple[str, ...]) -> None:
    """Each finding is there when its sentence is true, and only then."""
    policy = OLD if changes.get("payment_method") is WIRE else NEW
    assert _codes(a_subscription(**changes), on, policy) == codes


@pytest.mark.parametrize(
    ("changes", "on", "code", "values"),
    [
        ({}, OVER_ON, "expired", {"expires_on": date(2026, 1, 1)}),
        ({"cancelled_on": LAST_ON}, OVER_ON, "cancelled", {"cancelled_on": LAST_ON}),
        (
            {},
            LATE_ON,
            "late",
            {"expires_on": date(2026, 1, 1), "last_on": date(2026, 2, 14), "access": "full"},
        ),
        (
            {"auto_renew": ON, "payment_method": LAPSED},
            OPEN_ON,
            "payment-lapsed",
            {
                "payment": "card",
                "valid_through": date(2025, 11, 30),
                "renewal_on": date(2026, 1, 1),
            },
        ),
        ({"auto_renew": ON}, OPEN_ON, "payment-missing", {"renewal_on": date(2026, 1, 1)}),
        (
            {},
            EARLY_ON,
            "window-not-open",
            {"opens_on": date(2025, 10, 3), "closes_on": date(2026, 1, 1)},
        ),
        ({"channel": Channel.PARTNER}, OPEN_ON, "through-partner", {}),
    ],
)
def test_findings_tell_what_they_saw(changes, on: date, code: str, values) -> None:
    """A finding carries the dates and names that it is about."""
    decision = renewability(a_subscription(**changes), policy=NEW, on=on)
    (finding,) = [each for each in decision.findings if each.code == code]
    assert dict(finding.values) == values
    assert finding.clause.binding


@pytest.mark.parametrize(
    ("managed", "roles"),
    [(True, ("contract-manager", "primary-admin", "purchaser")), (False, ("owner",))],
)
def test_the_roles_that_may_renew_are_told(managed: bool, roles: tuple[str, ...]) -> None:
    """Whoever may not renew is told who may."""
    subscription = a_subscription(account=Account(id="A-1", managed=managed))
    decision = renewability(subscription, policy=OLD, on=OPEN_ON, actor=STRANGER)
    assert decision.findings[0].value("roles") == roles


def test_a_finding_has_no_value_of_another_name() -> None:
    """Asking a finding for what it did not see is the caller's mistake."""
    finding = renewability(a_subscription(), policy=OLD, on=OPEN_ON).findings[0]
    with pytest.raises(KeyError):
        finding.value("price")


@pytest.mark.parametrize(
    ("changes", "on", "actions"),
    [
        ({"kind": Kind.TRIAL}, EARLY_ON, [("buy-subscription", None, LAST_ON)]),
        ({"kind": Kind.TRIAL}, OVER_ON, [("buy-subscription", None, None)]),
        ({}, OVER_ON, [("buy-new", None, None)]),
        ({"channel": Channel.PARTNER}, OPEN_ON, [("contact-partner", None, LAST_ON)]),
        ({"channel": Channel.PARTNER}, LATE_ON, [("contact-partner", None, date(2026, 2, 14))]),
        (
            {"auto_renew": ON, "payment_method": CARD},
            OPEN_ON,
            [("review-payment", None, LAST_ON), ("switch-off", None, LAST_ON)],
        ),
        (
            {"auto_renew": ON},
            EARLY_ON,
            [("update-payment", None, LAST_ON), ("renew", date(2025, 10, 3), LAST_ON)],
        ),
        (
            {"auto_renew": ON},
            OPEN_ON,
            [("update-payment", None, LAST_ON), ("renew", None, LAST_ON)],
        ),
        (
            {"payment_method": CARD},
            EARLY_ON,
            [("switch-on", None, LAST_ON), ("renew", date(2025, 10, 3), LAST_ON)],
        ),
        ({"payment_method": LAPSED}, OPEN_ON, [("renew", None, LAST_ON)]),
        ({}, EARLY_ON, [("renew", date(2025, 10, 3), LAST_ON)]),
        ({"auto_renew": ON}, LATE_ON, [("renew", None, date(2026, 2, 14))]),
    ],
)
def test_actions_have_their_days(changes, on: date, actions) -> None:
    """What can be done, the surest first, from when on and until which last useful day."""
    decision = renewability(a_subscription(**changes), policy=NEW, on=on)
    found = [(action.code, action.from_on, action.by) for action in decision.actions]
    assert found == actions
    assert all(action.clause.binding for action in decision.actions)


def test_a_stranger_is_sent_to_the_manager() -> None:
    """The manager can do it until the last covered day, or until the last late one."""
    subscription = a_subscription(channel=Channel.ORDER)
    for on, by in ((OPEN_ON, LAST_ON), (LATE_ON, date(2026, 2, 14))):
        (action,) = renewability(subscription, policy=NEW, on=on, actor=STRANGER).actions
        assert (action.code, action.by, action.where) == ("ask-the-manager", by, Channel.ORDER)


@pytest.mark.parametrize("early_renewal", EarlyRenewal)
def test_early_renewal_of_one_that_renews_itself(early_renewal: EarlyRenewal) -> None:
    """Reading 15: only where the policy allows it can it be renewed by hand beforehand."""
    policy = OLD.evolve(id="own", early_renewal=early_renewal)
    subscription = a_subscription(auto_renew=ON, payment_method=CARD)
    decision = renewability(subscription, policy=policy, on=OPEN_ON)
    allowed = early_renewal is EarlyRenewal.ALLOWED
    assert decision.route is Route.RENEWS_ITSELF
    assert decision.can_renew_now is allowed
    assert ("renew" in [action.code for action in decision.actions]) is allowed
    assert not renewability(subscription, policy=policy, on=EARLY_ON).can_renew_now


def test_once_renewed_the_same_term_is_not_renewed_again() -> None:
    """Reading 15: the next term lies ahead, so its window has not opened, even a monthly one."""
    old = a_subscription(term=MONTHLY)
    on = date(2025, 1, 20)
    renewed = a_subscription(term=MONTHLY, starts_on=old.expires_on)
    assert renewability(old, policy=OLD, on=on).can_renew_now
    assert renewability(renewed, policy=OLD, on=on).route is Route.WAIT_FOR_WINDOW


@pytest.mark.parametrize(
    ("on", "can"), [("2025-10-02", False), ("2025-10-03", True), ("2025-12-31", True)]
)
def test_repairing_the_payment_does_not_close_the_window(on: str, *, can: bool) -> None:
    """On the way `repair-payment` the flag still says whether the window is open."""
    subscription = a_subscription(auto_renew=AutoRenew.ON)
    decision = renewability(subscription, policy=OLD, on=date.fromisoformat(on))
    assert decision.route is Route.REPAIR_PAYMENT
    assert decision.can_renew_now is can


@pytest.mark.parametrize(
    ("on", "route"),
    [("2025-12-28", "buy-new"), ("2025-12-29", "renew-now"), ("2026-01-30", "buy-new")],
)
def test_the_edition_of_the_day_decides(on: str, route: str) -> None:
    """Reading 17: what expired on 2025-12-16 can be renewed again from 2025-12-29 on."""
    subscription = a_subscription(starts_on=date(2024, 12, 16))
    decision = renewability(subscription, policy=autodesk.EDITIONS, on=date.fromisoformat(on))
    assert decision.route == route


def test_a_day_before_every_edition_is_an_error() -> None:
    """Reading 17: outside every edition is the caller's mistake, and never a refusal."""
    with pytest.raises(NotInForce):
        renewability(a_subscription(), policy=autodesk.EDITIONS, on=date(2023, 12, 31))


@pytest.mark.parametrize("on", [datetime(2025, 6, 1), "2025-06-01", None], ids=repr)
def test_what_is_no_date_is_an_error(on) -> None:
    """Reading 1: a datetime, a text and nothing at all are refused."""
    with pytest.raises(InvalidType, match="on is"):
        renewability(a_subscription(), policy=OLD, on=on)


INVOICE_OPEN = Condition(
    code="open-invoice", message="An invoice is open.", bars=frozenset({Barred.RENEWAL})
)


@pytest.mark.parametrize(
    ("raised", "declared", "on", "actor", "route"),
    [
        ({"open-invoice"}, True, EARLY_ON, None, "resolve-condition"),
        ({"open-invoice"}, True, OPEN_ON, None, "resolve-condition"),
        ({"open-invoice"}, True, OPEN_ON, STRANGER, "ask-the-manager"),
        ({"open-invoice"}, True, OVER_ON, None, "buy-new"),
        (set(), True, OPEN_ON, None, "renew-now"),
        (set(), False, OPEN_ON, None, "renew-now"),
    ],
)
def test_a_condition_of_ones_own_bars_the_renewal(raised, declared, on, actor, route) -> None:
    """Declared by the policy and raised on the subscription, it is a reason like any other."""
    policy = OLD.evolve(id="own", conditions=(INVOICE_OPEN,)) if declared else OLD
    subscription = a_subscription(conditions=frozenset(raised))
    decision = renewability(subscription, policy=policy, on=on, actor=actor)
    assert decision.route == route
    if decision.route is Route.RESOLVE_CONDITION:
        assert not decision.can_renew_now
        assert decision.findings[-1].value("conditions") == ("An invoice is open.",)
        (action,) = decision.actions
        cleared = renewability(a_subscription(), policy=policy, on=on)
        # Before the window opens it depends on the day.
        leads_to = cleared.route if cleared.can_renew_now else None
        assert (action.code, action.leads_to) == ("resolve-condition", leads_to)


def test_a_term_of_one_day() -> None:
    """The shortest term there is opens and closes on one day."""
    subscription = a_subscription(term=Term.days(1), auto_renew=OFF)
    routes = [
        renewability(subscription, policy=OLD, on=date(2025, 1, 1) + timedelta(days=shift)).route
        for shift in (-1, 0, 1)
    ]
    assert routes == [Route.WAIT_FOR_WINDOW, Route.RENEW_NOW, Route.BUY_NEW]


SILENT = RenewalPolicy(id="v/1")


@pytest.mark.parametrize(
    ("changes", "route", "codes"),
    [
        ({}, "unknown", ("switched-off", "opening-unknown")),
        ({"auto_renew": ON}, "repair-payment", ("payment-missing", "opening-unknown")),
        ({"auto_renew": ON, "payment_method": PAYPAL}, "renews-itself", ()),
        ({"kind": Kind.TRIAL}, "convert-trial", ("trial-end-unknown",)),
        ({"channel": Channel.PARTNER}, "contact-partner", THROUGH_PARTNER),
    ],
)
def test_a_policy_that_says_nothing_is_answered_with_what_is_unknown(
    changes: Any, route: str, codes: tuple[str, ...]
) -> None:
    """Unset is no number: what can be said is said, and the rest is named as unknown."""
    for on in (date(2025, 1, 1), EARLY_ON, LAST_ON):
        decision = renewability(a_subscription(**changes), policy=SILENT, on=on)
        assert (decision.route, decision.codes) == (route, codes)


def test_on_the_unknown_way_nothing_keeps_it_from_being_renewed() -> None:
    """What no page forbids can be tried, by anybody who asks, until the term ends."""
    decision = renewability(a_subscription(), policy=SILENT, on=EARLY_ON, actor=STRANGER)
    assert (decision.route, decision.can_renew_now) == (Route.UNKNOWN, True)
    assert "roles-unknown" in decision.codes
    assert [(each.code, each.by) for each in decision.actions] == [("renew", LAST_ON)]
    before = renewability(a_subscription(), policy=SILENT, on=date(2024, 12, 31))
    assert (before.route, before.can_renew_now) == (Route.WAIT_FOR_WINDOW, False)
    over = renewability(a_subscription(), policy=SILENT, on=date(2026, 1, 1))
    assert over.route is Route.BUY_NEW


@pytest.mark.parametrize("policy", [OLD, NEW], ids=lambda each: each.id)
@pytest.mark.parametrize("days", [0, 7])
def test_while_pending_there_is_nothing_to_do_but_wait(policy: RenewalPolicy, days: int) -> None:
    """Reading 29: it renews itself, nobody renews it by hand, and the last day is told."""
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    decision = renewability(held, policy=policy, on=date(2026, 1, 1 + days))
    assert (decision.route, decision.can_renew_now) == (Route.RENEWS_ITSELF, False)
    assert decision.renews_itself
    assert decision.access is Access.FULL
    (finding,) = decision.findings
    assert (finding.code, dict(finding.values)) == (
        "renewal-pending",
        {"renewal_on": date(2026, 1, 1), "last_on": DUE_ON},
    )
    (action,) = decision.actions
    assert (action.code, action.by) == ("await-renewal", DUE_ON)
    assert action.leads_to is Route.RENEWS_ITSELF
    assert decision.changes_on == DUE_ON + timedelta(days=1)


def test_while_pending_a_partner_and_a_stranger_are_told() -> None:
    """It renews itself at the partner too; who may not renew asks one who may."""
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL, channel=Channel.PARTNER)
    decision = renewability(held, policy=NEW, on=DUE_ON, actor=STRANGER)
    assert decision.route is Route.ASK_THE_MANAGER
    assert decision.codes == ("through-partner", "not-the-manager", "renewal-pending")
    assert renewability(held, policy=NEW, on=DUE_ON).route is Route.RENEWS_ITSELF


@pytest.mark.parametrize(
    ("changes", "route", "codes", "actions"),
    [
        (
            {"auto_renew": ON, "payment_method": PAYPAL},
            "renews-itself",
            ("trial-goes-on",),
            ("review-payment", "switch-off", "buy-subscription"),
        ),
        (
            {"auto_renew": ON, "payment_method": INVOICE},
            "renews-itself",
            ("trial-goes-on", "payment-by-invoice"),
            ("review-payment", "switch-off", "buy-subscription"),
        ),
        (
            {"auto_renew": ON},
            "repair-payment",
            ("payment-missing",),
            ("update-payment", "buy-subscription"),
        ),
        (
            {"payment_method": PAYPAL},
            "convert-trial",
            ("switched-off",),
            ("switch-on", "buy-subscription"),
        ),
        ({"cancelled_on": LAST_ON}, "convert-trial", ("trial-stopped",), ("buy-subscription",)),
    ],
)
def test_a_trial_that_may_go_on(
    changes: Any, route: str, codes: tuple[str, ...], actions: tuple[str, ...]
) -> None:
    """Under the two conditions it goes on; else what is missing is told, and it can be bought."""
    policy = OLD.evolve(id="own", trials=TrialEnd.GOES_ON)
    decision = renewability(a_subscription(kind=Kind.TRIAL, **changes), policy=policy, on=EARLY_ON)
    assert (decision.route, decision.codes) == (route, codes)
    assert tuple(each.code for each in decision.actions) == actions
    assert not decision.can_renew_now


def test_a_converted_trial_is_over_and_says_so() -> None:
    """What was bought in its place is what counts; it is not converted again."""
    trial = a_subscription(kind=Kind.TRIAL, history=History(converted_on=EARLY_ON))
    decision = renewability(trial, policy=OLD, on=EARLY_ON)
    (finding,) = decision.findings
    assert (decision.route, finding.code) == (Route.BUY_NEW, "converted")
    assert finding.value("converted_on") == EARLY_ON


@pytest.mark.parametrize(("days", "code"), [(30, None), (31, "term-already-over")])
def test_a_late_term_that_would_be_over_is_told_with_its_days(days: int, code: str | None) -> None:
    """Reading 16: sold by the page's own rule, with the first day, the end and the day asked."""
    stage = Stage(name="long", lengths=(StageLength(days=60),))
    policy = OLD.evolve(id="own", stages=(stage,), late_start=LateStart.OLD_END)
    month = a_subscription(term=MONTHLY, starts_on=date(2025, 12, 1))
    on = date(2026, 1, 1) + timedelta(days=days)
    decision = renewability(month, policy=policy, on=on)
    assert (decision.route, decision.can_renew_now) == (Route.RENEW_NOW, True)
    found = {each.code: dict(each.values) for each in decision.findings}
    assert ("term-already-over" in found) is (code is not None)
    if code:
        assert found[code] == {
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 2, 1),
            "on": on,
        }


def test_a_cancellation_on_its_way_can_be_withdrawn() -> None:
    """It is offered beside switching on, through the switch's last day."""
    leaving = a_subscription(cancelled_on=date(2026, 1, 1), payment_method=PAYPAL)
    policy = OLD.evolve(id="own", switch_closes_days=3)
    found = [
        (each.code, each.by) for each in renewability(leaving, policy=policy, on=OPEN_ON).actions
    ]
    assert found == [
        ("switch-on", date(2025, 12, 29)),
        ("withdraw-cancellation", date(2025, 12, 29)),
        ("renew", LAST_ON),
    ]
    late = renewability(leaving, policy=policy, on=date(2025, 12, 30)).actions
    assert [each.code for each in late] == ["renew"]


@pytest.mark.parametrize("stages", [(), NEW.stages], ids=["none", "some"])
def test_what_is_bought_instead_is_bought_where_renewal_ends(stages: Any) -> None:
    """Cancelled before the window opens, and too late to withdraw it: it is bought anew from the
    day of the cancellation, which cuts the stages after expiry.
    """
    leaving = a_subscription(cancelled_on=date(2025, 6, 10))
    policy = OLD.evolve(id="own", stages=stages, switch_closes_days=3)
    found = [
        [(each.code, each.from_on) for each in renewability(leaving, policy=policy, on=on).actions]
        for on in (date(2025, 6, 7), date(2025, 6, 8))
    ]
    assert found == [[("withdraw-cancellation", None)], [("buy-new", date(2025, 6, 10))]]
