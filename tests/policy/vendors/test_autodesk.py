"""Both Autodesk editions side by side: one row for each boundary, role, channel and payment."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from subrenew import (
    Account,
    Actor,
    Channel,
    Kind,
    ListPrice,
    Mechanism,
    Money,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Role,
    Subscription,
    Term,
    exclusions,
    late_window,
    policy_diff,
    renew,
    renewability,
    renewal_quote,
    renewal_window,
    tables,
    term_change,
)
from subrenew.policy.vendors.autodesk import EDITION_2024, EDITION_2025_12, EDITIONS
from subrenew.rules.switching import switching
from tests.makers import OFF, ON

BOTH = (EDITION_2024, EDITION_2025_12)
#: The first day not covered of every subscription here.
END = date(2026, 3, 1)
MONTHLY, ANNUAL, TRIENNIAL = Term.months(1), Term.years(1), Term.years(3)


def a_seat(term: Term = ANNUAL, *, end: date = END, **changes) -> Subscription:
    fields = {
        "id": "S-1",
        "product": "AutoCAD",
        "term": term,
        "starts_on": term.boundary(end, -1),
        "expires_on": end,
    }
    return Subscription(**fields | changes)


#: Term, days after the end, both answers, access under 2025-12, and the clause that says so.
SCENARIOS = [
    (ANNUAL, -91, "wait-for-window wait-for-window full", "manual.window"),
    (ANNUAL, -90, "renew-now renew-now full", "manual.window"),
    (ANNUAL, -89, "renew-now renew-now full", "manual.window"),
    (ANNUAL, -1, "renew-now renew-now full", "manual.deadline"),
    (ANNUAL, 0, "buy-new renew-now full", "expired"),
    (ANNUAL, 1, "buy-new renew-now full", "expired"),
    (ANNUAL, 14, "buy-new renew-now full", "expired"),
    (ANNUAL, 15, "buy-new renew-now none", "expired"),
    (ANNUAL, 29, "buy-new renew-now none", "expired"),
    (ANNUAL, 30, "buy-new renew-now none", "expired"),
    (ANNUAL, 44, "buy-new renew-now none", "expired"),
    (ANNUAL, 45, "buy-new buy-new none", "expired"),
    (ANNUAL, 46, "buy-new buy-new none", "expired"),
    (TRIENNIAL, -91, "wait-for-window wait-for-window full", "manual.window"),
    (TRIENNIAL, -90, "renew-now renew-now full", "manual.window"),
    (TRIENNIAL, 14, "buy-new renew-now full", "expired"),
    (TRIENNIAL, 15, "buy-new renew-now none", "expired"),
    (TRIENNIAL, 44, "buy-new renew-now none", "expired"),
    (TRIENNIAL, 45, "buy-new buy-new none", "expired"),
    # A monthly term is open throughout: it has no day that is 90 days before its end.
    (MONTHLY, -28, "renew-now renew-now full", "manual.window"),
    (MONTHLY, -1, "renew-now renew-now full", "manual.deadline"),
    (MONTHLY, 0, "buy-new renew-now full", "expired"),
    (MONTHLY, 14, "buy-new renew-now full", "expired"),
    (MONTHLY, 15, "buy-new renew-now none", "expired"),
    (MONTHLY, 29, "buy-new renew-now none", "expired"),
    (MONTHLY, 30, "buy-new buy-new none", "expired"),
    (MONTHLY, 31, "buy-new buy-new none", "expired"),
]


@pytest.mark.parametrize(("term", "days", "answers", "source"), SCENARIOS)
def test_late_renewal(term, days, answers, source):
    """Access ends 15 days after the end; the last chance is day 29 monthly, day 44 otherwise."""
    on = END + timedelta(days=days)
    found = [renewability(a_seat(term), policy=each, on=on) for each in BOTH]
    assert " ".join([*(each.route for each in found), found[1].access]) == answers
    assert source in {clause.id for clause in found[0].edition.clauses}


@pytest.mark.parametrize(("term", "days"), [(MONTHLY, 30), (ANNUAL, 45), (TRIENNIAL, 45)])
def test_the_late_window(term, days):
    """None in 2024; 30 days for monthly terms and 45 for longer ones in 2025-12."""
    found = [late_window(a_seat(term), policy=each, on=END).days for each in BOTH]
    assert found == [0, days]


@pytest.mark.parametrize("days", [-90, -1, 0, 14, 15, 44])
def test_a_renewal_does_not_move_the_date(days):
    """Early or late, the new term starts where the old one ended."""
    done = renew(a_seat(), policy=EDITION_2025_12, on=END + timedelta(days=days))
    assert (done.subscription.starts_on, done.subscription.expires_on) == (END, date(2027, 3, 1))


MANAGED = Account(id="A-1", managed=True)
OWN = Account(id="A-2")


@pytest.mark.parametrize(
    ("account", "role", "answers"),
    [
        (MANAGED, Role.PURCHASER, "renew-now renew-now"),
        (MANAGED, Role.CONTRACT_MANAGER, "renew-now ask-the-manager"),
        (MANAGED, Role.PRIMARY_ADMIN, "renew-now ask-the-manager"),
        (MANAGED, Role.SECONDARY_ADMIN, "ask-the-manager ask-the-manager"),
        (MANAGED, Role.OWNER, "ask-the-manager ask-the-manager"),
        (MANAGED, Role.PAYER, "ask-the-manager ask-the-manager"),
        (MANAGED, Role.USER, "ask-the-manager ask-the-manager"),
        (OWN, Role.OWNER, "renew-now renew-now"),
        (OWN, Role.PURCHASER, "ask-the-manager ask-the-manager"),
        (None, Role.OWNER, "renew-now renew-now"),
    ],
)
def test_roles(account, role, answers):
    """Clause `managed`: three roles may renew in 2024, the purchaser alone in 2025-12."""
    seat, actor = a_seat(account=account), Actor(id="U-1", roles=frozenset({role}))
    on = END - timedelta(days=1)
    found = [renewability(seat, policy=each, on=on, actor=actor).route for each in BOTH]
    assert " ".join(found) == answers


@pytest.mark.parametrize(
    ("channel", "days", "answers"),
    [
        (Channel.ACCOUNT, -1, "renew-now renew-now"),
        (Channel.ORDER, -1, "renew-now renew-now"),
        (Channel.PARTNER, -91, "contact-partner contact-partner"),
        (Channel.PARTNER, -1, "contact-partner contact-partner"),
        (Channel.PARTNER, 0, "buy-new contact-partner"),
        (Channel.PARTNER, 44, "buy-new contact-partner"),
        (Channel.PARTNER, 45, "buy-new buy-new"),
    ],
)
def test_channels(channel, days, answers):
    """Clause `channel`: what was bought through a partner is renewed there, late as well."""
    on = END + timedelta(days=days)
    found = [renewability(a_seat(channel=channel), policy=each, on=on).route for each in BOTH]
    assert " ".join(found) == answers


def _paid(kind: PaymentKind | str, **changes) -> PaymentMethod:
    return PaymentMethod(kind=kind, **changes)


@pytest.mark.parametrize(
    ("method", "answers"),
    [
        (_paid(PaymentKind.CARD), "renews-itself renews-itself"),
        (_paid(PaymentKind.PAYPAL), "renews-itself renews-itself"),
        (_paid(PaymentKind.DIRECT_DEBIT), "renews-itself renews-itself"),
        (_paid(PaymentKind.INVOICE), "renews-itself renews-itself"),
        (_paid(PaymentKind.KONBINI), "wait-for-window wait-for-window"),
        (_paid(PaymentKind.WIRE_TRANSFER), "wait-for-window wait-for-window"),
        (_paid(PaymentKind.ATM_TRANSFER), "wait-for-window wait-for-window"),
        (_paid(PaymentKind.ALIPAY), "wait-for-window wait-for-window"),
        # A wallet that can be charged: the pages name Alipay in 2024 and not any more in 2025-12.
        (_paid(PaymentKind.ALIPAY, mechanism=Mechanism.PULL), "wait-for-window renews-itself"),
        (
            _paid(PaymentKind.ATM_TRANSFER, mechanism=Mechanism.PULL),
            "renews-itself wait-for-window",
        ),
        (_paid(PaymentKind.KONBINI, mechanism=Mechanism.PULL), "wait-for-window wait-for-window"),
        (
            _paid(PaymentKind.WIRE_TRANSFER, mechanism=Mechanism.PULL),
            "wait-for-window renews-itself",
        ),
        (_paid("gift-card", mechanism=Mechanism.PUSH), "wait-for-window wait-for-window"),
        # Good through the day before the renewal date, and through that day.
        (_paid(PaymentKind.CARD, valid_through=date(2026, 2, 28)), "repair-payment repair-payment"),
        (_paid(PaymentKind.CARD, valid_through=date(2026, 3, 1)), "renews-itself renews-itself"),
        (None, "repair-payment repair-payment"),
    ],
)
def test_payment_kinds(method, answers):
    """Clauses `automatic` and `manual`: what can be charged on the renewal date renews itself."""
    seat = a_seat(auto_renew=ON, payment_method=method)
    found = [renewability(seat, policy=each, on=date(2025, 6, 1)).route for each in BOTH]
    assert " ".join(found) == answers


#: The kinds that the source names for the manual renewal.
NAMED = {PaymentKind.ALIPAY, PaymentKind.KONBINI, PaymentKind.WIRE_TRANSFER}


def test_the_source_names_three_kinds_that_are_paid_manually():
    """
    Clauses `manual` and `manual-sometimes`: each is renewed by hand because it is on the list.

    Given a mechanism that could be charged, nothing but the list keeps it from renewing itself.
    """
    assert EDITION_2024.manual_payment_kinds == NAMED
    for kind in PaymentKind:
        seat = a_seat(auto_renew=ON, payment_method=_paid(kind, mechanism=Mechanism.PULL))
        decision = renewability(seat, policy=EDITION_2024, on=date(2025, 6, 1))
        assert decision.renews_itself is (kind not in NAMED)


@pytest.mark.parametrize("kind", [PaymentKind.CARD, PaymentKind.INVOICE])
def test_switched_off_waits_for_the_window(kind):
    """Clause `automatic.switch-on`: both are needed, the switch and the method."""
    seat = a_seat(auto_renew=OFF, payment_method=_paid(kind))
    found = [renewability(seat, policy=each, on=date(2025, 6, 1)).route for each in BOTH]
    assert " ".join(found) == "wait-for-window wait-for-window"


@pytest.mark.parametrize(
    ("term", "days", "answers"),
    [
        (ANNUAL, -200, "switch switch"),
        (ANNUAL, -1, "switch switch"),
        (ANNUAL, 0, "nothing-to-switch switch"),
        (ANNUAL, 44, "nothing-to-switch switch"),
        (ANNUAL, 45, "nothing-to-switch nothing-to-switch"),
        (MONTHLY, 29, "nothing-to-switch switch"),
        (MONTHLY, 30, "nothing-to-switch nothing-to-switch"),
    ],
)
def test_the_switch(term, days, answers):
    """Clause `order.switch`: until the end in 2024, 30 or 45 days longer in 2025-12."""
    on = END + timedelta(days=days)
    found = [switching(a_seat(term), policy=each, on=on).route for each in BOTH]
    assert " ".join(found) == answers


@pytest.mark.parametrize("days", [-1, 0, 14, 44])
def test_a_trial_is_never_renewed(days):
    """Clause `trial`: in neither edition, late or not."""
    trial, on = a_seat(kind=Kind.TRIAL), END + timedelta(days=days)
    found = [renewability(trial, policy=each, on=on).route for each in BOTH]
    assert " ".join(found) == "convert-trial convert-trial"


#: End, day, answer: the day of the act decides, whatever the edition when the term began.
EDITION_DAYS = [
    ("2025-12-20", "2025-12-28", "buy-new none"),
    ("2025-12-20", "2025-12-29", "renew-now full"),
    ("2025-12-20", "2025-12-30", "renew-now full"),
    ("2025-12-28", "2025-12-28", "buy-new none"),
    ("2025-12-28", "2025-12-29", "renew-now full"),
    ("2025-12-29", "2025-12-28", "renew-now full"),
    ("2025-12-29", "2025-12-29", "renew-now full"),
    ("2025-12-15", "2025-12-29", "renew-now full"),
    ("2025-12-14", "2025-12-29", "renew-now none"),
    ("2025-12-15", "2025-12-30", "renew-now none"),
    ("2025-11-15", "2025-12-28", "buy-new none"),
    ("2025-11-15", "2025-12-29", "renew-now none"),
    ("2025-11-15", "2025-12-30", "buy-new none"),
    ("2025-11-14", "2025-12-29", "buy-new none"),
]


@pytest.mark.parametrize(("end", "on", "answer"), EDITION_DAYS)
def test_the_day_of_the_second_edition(end, on, answer):
    """On 2025-12-28 expired is over; from the 29th on the stages hold, counted from the end."""
    seat = a_seat(end=date.fromisoformat(end))
    decision = renewability(seat, policy=EDITIONS, on=date.fromisoformat(on))
    assert f"{decision.route} {decision.access}" == answer


@pytest.mark.parametrize(
    ("on", "route", "total"),
    [
        ("2025-12-28", "renew-now", "95.00"),
        ("2025-12-29", "ask-the-manager", "100.00"),
        ("2025-12-30", "ask-the-manager", "100.00"),
    ],
)
def test_roles_and_price_change_on_the_same_day(on, route, total):
    """From the 29th on a contract manager may not renew, and no saving is promised."""
    seat, day = a_seat(account=MANAGED), date.fromisoformat(on)
    actor = Actor(id="U-1", roles=frozenset({Role.CONTRACT_MANAGER}))
    assert renewability(seat, policy=EDITIONS, on=day, actor=actor).route == route
    quote = renewal_quote(seat, prices=PRICES, policy=EDITIONS, on=day)
    assert quote.total == Money(total, "USD")


PRICES = PriceList(
    prices=tuple(
        ListPrice(
            product=product,
            term=term,
            price=Money("100.00", "USD"),
            from_on=date(2020, 1, 1),
        )
        for product in ("AutoCAD", "AutoCAD Web")
        for term in (MONTHLY, ANNUAL)
    )
)


@pytest.mark.parametrize(
    ("product", "term", "days", "totals"),
    [
        ("AutoCAD", ANNUAL, -1, "95.00 100.00"),
        ("AutoCAD", ANNUAL, 0, "100.00 100.00"),
        ("AutoCAD", MONTHLY, -1, "100.00 100.00"),
        ("AutoCAD Web", ANNUAL, -1, "100.00 100.00"),
    ],
)
def test_prices(product, term, days, totals):
    """Clause `saving.floor`: five per cent in 2024, in time, not monthly, not if excluded."""
    seat, on = a_seat(term, product=product), END + timedelta(days=days)
    found = [renewal_quote(seat, prices=PRICES, policy=each, on=on).total for each in BOTH]
    assert " ".join(str(each.amount) for each in found) == totals


@pytest.mark.parametrize("product", [each.code for each in EDITION_2024.excluded_products])
def test_excluded_products(product):
    """Clause `excluded.products`: each named product gets no renewal price, in both editions."""
    on = END - timedelta(days=1)
    found = [exclusions(a_seat(product=product), policy=each, on=on) for each in BOTH]
    assert all("excluded-product" in each.codes for each in found)


@pytest.mark.parametrize(
    ("region", "route"),
    [("US", "change-in-account"), ("FR", "change-in-account"), ("JP", "unknown")],
)
def test_term_changes(region, route):
    """Clause `term-change`: in some regions; elsewhere it is unknown, and not refused."""
    on = END - timedelta(days=1)
    found = [
        term_change(a_seat(), to=TRIENNIAL, policy=each, on=on, region=region) for each in BOTH
    ]
    assert [each.route.value for each in found] == [route, route]


def test_the_window_is_the_same():
    """Ninety days in both editions."""
    found = {renewal_window(a_seat(), policy=each, on=END).opens_on for each in BOTH}
    assert found == {date(2025, 12, 1)}


def test_they_differ_in_data_only():
    """The parameters that differ, and no other; a cart holds a hundred lines in 2025-12."""
    names = [
        name
        for name in type(EDITION_2024).cited()
        if getattr(EDITION_2024, name) != getattr(EDITION_2025_12, name)
    ]
    assert set(names) >= {"stages", "managed_roles", "saving_floor_rate", "cart_most_lines"}
    assert (EDITION_2024.saving_floor_rate, EDITION_2025_12.saving_floor_rate) == (
        Decimal("0.05"),
        None,
    )
    assert (EDITION_2024.cart_most_lines, EDITION_2025_12.cart_most_lines) == (None, 100)


def test_a_diff_names_the_clauses_that_are_cited():
    """A stage's own clause is told by its identifier, not by all that it says."""
    changes = {each.name: each.texts for each in policy_diff(*BOTH).parameters}
    assert changes["stages"][1].startswith(
        "+expired (lengths: P1M (days: 15), days: 15, access: full, clause: autodesk.expired)"
    )
    assert changes["cites"][1].startswith("+cart_groups (clause: autodesk.cart), +cart_most_lines")


def test_the_later_pages_cite_themselves():
    """What 2025-12 says anew is cited from there, what it says no more is general."""
    cases = (
        (10, "late", "autodesk.expired", False),
        (20, "late", "autodesk.suspended", False),
        (20, "late-start-unknown", "expired", True),
        (45, "expired", "autodesk.over", False),
    )
    for days, code, clause, is_general in cases:
        decision = renewability(a_seat(), policy=EDITION_2025_12, on=END + timedelta(days=days))
        found = {each.code: (each.clause.id, each.is_general) for each in decision.findings}
        assert found[code] == (clause, is_general)


@pytest.mark.parametrize("policy", BOTH, ids=lambda each: each.id)
@pytest.mark.parametrize("question", tables.QUESTIONS, ids=lambda each: each.name)
def test_every_question_is_small_and_has_no_dead_end(question, policy):
    """What a policy leaves out leaves a bar without a cell, and breaks nothing else."""
    made = tables.table(question, policy)
    assert len(made.cells) <= tables.MOST_CELLS
    assert all(fault.startswith("bar ") for fault in tables.faults(made))
