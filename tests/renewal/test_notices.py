"""Which message is due when: windows, periods, conditions, and sending once."""

import pickle
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Account,
    Channel,
    Clause,
    Edition,
    Editions,
    History,
    InvalidType,
    InvalidValue,
    Kind,
    NotInForce,
    PaymentMethod,
    Role,
    Term,
    clauses,
)
from subrenew.policy.laws.reach import Applies, Reach
from subrenew.policy.notice_rules import (
    Anchor,
    Medium,
    Missed,
    NoticeCondition,
    NoticeRule,
    RenewsBy,
    Topic,
)
from subrenew.policy.offsets import Offset
from subrenew.policy.scopes import Scope
from subrenew.policy.vendors import autodesk
from subrenew.renewal.notice_days import anchor_day
from subrenew.renewal.notices import due, notices
from subrenew.rules.schedules import schedule, switch_last_on
from tests.makers import ANNUAL, INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
CLAUSE = Clause("own.notice", "own", "A message is sent.")
DAY = timedelta(days=1)
EARLY = date(2025, 1, 1)


def rule(code="reminder", **changes):
    """A rule whose window is the term, if nothing else is said."""
    fields = {"clause": CLAUSE, "topic": Topic.RENEWAL, "anchor": Anchor.TERM_END}
    return NoticeRule(code=code, **fields | changes)


def point(days, **changes):
    """A notice on one day before the term's end."""
    offset = Offset(before=Term.days(days))
    return rule(f"before-{days}", earliest=offset, latest=offset, **changes)


def at(anchor, days=0, **changes):
    """A notice on one day after an anchor."""
    offset = Offset(after=Term.days(days)) if days else Offset()
    return rule(anchor=anchor, earliest=offset, latest=offset, **changes)


def policy(*rules, base=OLD, **changes):
    """A policy with these rules only."""
    return base.evolve(id="own", notices=rules, **changes)


def days(found):
    """First days and last days, as text."""
    return [f"{each.earliest_on}..{each.latest_on}" for each in found]


def listed(*rules, subscription=None, on=EARLY, base=OLD, **changes):
    """Days of what these rules list."""
    subscription = subscription or a_subscription(**changes)
    return days(notices(subscription, policy=policy(*rules, base=base), on=on))


# The source's message ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "is_due"),
    [
        ("2025-10-02", False),
        ("2025-10-03", True),
        ("2025-10-04", True),
        ("2025-12-30", True),
        ("2025-12-31", True),
        ("2026-01-01", False),
    ],
)
def test_that_it_can_be_renewed_is_told_while_the_window_is_open(on, is_due):
    """Clause `manual.notice`: from the day the window opens through the last day covered."""
    found = due(a_subscription(), policy=OLD, on=date.fromisoformat(on))
    assert [each.code for each in found] == ["you-can-renew-now"] * is_due


def test_what_the_source_s_message_is():
    """Clause `manual.notice`: an email to those who may renew; nothing follows if it is missed."""
    [notice] = notices(a_subscription(), policy=OLD, on=EARLY)
    assert notice.clause is clauses.MANUAL_NOTICE
    assert notice.medium == {Medium.EMAIL}
    assert notice.missed is Missed.NOTHING
    assert notice.recipients == {Role.OWNER}
    assert notice.applies is Applies.YES
    assert notice.key == "S-1/2025-01-01/you-can-renew-now/1"


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"auto_renew": OFF}, 1),
        ({"auto_renew": OFF, "payment_method": PAYPAL}, 1),
        ({"auto_renew": ON, "payment_method": PAYPAL}, 0),
        ({"auto_renew": ON, "payment_method": INVOICE}, 0),
        ({"auto_renew": ON, "payment_method": WIRE}, 1),
        ({"auto_renew": ON}, 1),
        ({"auto_renew": ON, "payment_method": PaymentMethod.card(expires="2025-12")}, 1),
        ({"auto_renew": ON, "payment_method": PaymentMethod.card(expires="2026-01")}, 0),
        ({"channel": Channel.ORDER}, 1),
        ({"channel": Channel.PARTNER}, 0),
        ({"kind": Kind.TRIAL}, 0),
        ({"cancelled_on": date(2025, 10, 2)}, 0),
        ({"cancelled_on": date(2025, 10, 3)}, 0),
        ({"cancelled_on": date(2025, 10, 4)}, 0),
        ({"cancelled_on": date(2026, 1, 1)}, 0),
        ({"cancelled_on": EARLY}, 0),
    ],
)
def test_only_who_renews_by_hand_is_told(changes, count):
    """Clause `manual.notice`: not if it renews itself, by a partner, or is to end."""
    assert len(notices(a_subscription(**changes), policy=OLD, on=EARLY)) == count


@pytest.mark.parametrize(
    ("edition", "managed", "roles"),
    [
        (OLD, True, {Role.CONTRACT_MANAGER, Role.PURCHASER, Role.PRIMARY_ADMIN}),
        (OLD, False, {Role.OWNER}),
        (NEW, True, {Role.PURCHASER}),
    ],
)
def test_who_may_renew_is_told(edition, managed, roles):
    """Where a rule names nobody, those get it who may renew (reading 14)."""
    account = Account(id="A-1", managed=managed)
    [notice] = notices(a_subscription(account=account), policy=edition, on=EARLY)
    assert notice.recipients == roles


def test_a_rule_may_name_who_is_told():
    """Recipients of a rule are taken as they are."""
    own = point(30, recipients=frozenset({Role.PAYER, "lawyer"}))
    [notice] = notices(a_subscription(), policy=policy(own), on=EARLY)
    assert notice.recipients == {Role.PAYER, "lawyer"}


@pytest.mark.parametrize(
    ("renews", "changes", "count"),
    [
        (RenewsBy.ITSELF, {"auto_renew": ON, "payment_method": PAYPAL}, 1),
        (RenewsBy.ITSELF, {}, 0),
        (RenewsBy.PARTNER, {"channel": Channel.PARTNER}, 1),
        (RenewsBy.PARTNER, {"channel": Channel.ACCOUNT}, 0),
        (RenewsBy.HAND, {"channel": Channel.PARTNER}, 0),
        (
            RenewsBy.ITSELF,
            {"channel": Channel.PARTNER, "auto_renew": ON, "payment_method": PAYPAL},
            1,
        ),
    ],
)
def test_who_renews_it_is_asked_of_the_rules(renews, changes, count):
    """The way forward on the last day covered tells who renews it."""
    own = policy(point(30, condition=NoticeCondition(renews=renews)))
    assert len(notices(a_subscription(**changes), policy=own, on=EARLY)) == count


# Days ----------------------------------------------------------------------------------------


def test_forty_five_thirty_and_four_days():
    """The term ends on 2025-12-31: notices on 2025-11-16, 12-01 and 12-27."""
    subscription = a_subscription(starts_on=date(2024, 12, 31))
    found = notices(subscription, policy=policy(point(4), point(45), point(30)), on=EARLY)
    assert [each.earliest_on.isoformat() for each in found] == [
        "2025-11-16",
        "2025-12-01",
        "2025-12-27",
    ]
    assert all(each.earliest_on == each.latest_on for each in found)


def test_months_are_counted_from_the_refusal_date():
    """The term ends on 2026-06-30, refusal until 2026-05-31: between 2026-02-28 and 04-30."""
    own = rule(
        anchor=Anchor.CANCELLATION_DEADLINE,
        deadline=Term.days(30),
        earliest=Offset(before=Term.months(3)),
        latest=Offset(before=Term.months(1)),
    )
    subscription = a_subscription(starts_on=date(2025, 6, 30))
    assert listed(own, subscription=subscription) == ["2026-02-28..2026-04-30"]


@pytest.mark.parametrize(
    ("closes", "deadline", "day"),
    [
        (None, None, "2025-12-31"),
        (0, None, "2025-12-31"),
        (1, None, "2025-12-31"),
        (2, None, "2025-12-30"),
        (30, None, "2025-12-02"),
        (30, Term.months(1), "2025-12-01"),
        (None, Term.days(45), "2025-11-17"),
    ],
)
def test_until_when_it_can_be_refused(closes, deadline, day):
    """The rule's lead, or the policy's, or through the last day covered."""
    own = at(Anchor.CANCELLATION_DEADLINE, deadline=deadline)
    edition = policy(own, switch_closes_days=closes)
    assert days(notices(a_subscription(), policy=edition, on=EARLY)) == [f"{day}..{day}"]
    if deadline is None:
        assert switch_last_on(a_subscription(), edition).isoformat() == day


FAILED = History(failed_charges=1, failed_on=date(2025, 12, 30))


def test_each_failed_charge_is_told():
    """Under a key of its own, so that the second one is sent as well."""
    own = at(Anchor.PAYMENT_FAILED)
    edition, on = policy(own), date(2025, 12, 30)
    again = History(failed_charges=2, failed_on=FAILED.failed_on)
    first, second = (
        due(a_subscription(history=history), policy=edition, on=on) for history in (FAILED, again)
    )
    assert [each.key for each in (*first, *second)] == [
        "S-1/2025-01-01/reminder/1",
        "S-1/2025-01-01/reminder/2",
    ]


@pytest.mark.parametrize(
    ("anchor", "changes", "day"),
    [
        (Anchor.TERM_START, {}, "2025-01-01"),
        (Anchor.TERM_END, {}, "2026-01-01"),
        (Anchor.TERM_END, {"cancelled_on": date(2025, 6, 1)}, "2025-06-01"),
        (Anchor.RENEWAL_DATE, {}, "2026-01-01"),
        (Anchor.RENEWAL_DATE, {"cancelled_on": date(2025, 6, 1)}, None),
        (Anchor.WINDOW_OPENS, {}, "2025-10-03"),
        (Anchor.WINDOW_OPENS, {"term": MONTHLY}, "2025-01-01"),
        (Anchor.WINDOW_OPENS, {"cancelled_on": date(2025, 6, 1)}, None),
        (Anchor.WINDOW_OPENS, {"cancelled_on": date(2025, 10, 4)}, "2025-10-03"),
        (Anchor.CANCELLATION_DEADLINE, {}, "2025-12-31"),
        (Anchor.CANCELLATION_DEADLINE, {"cancelled_on": date(2025, 6, 1)}, None),
        (Anchor.PURCHASE, {}, "2025-01-01"),
        (Anchor.PURCHASE, {"history": History(purchased_on=date(2023, 5, 5))}, "2023-05-05"),
        (Anchor.CANCELLATION, {}, None),
        (Anchor.CANCELLATION, {"cancelled_on": date(2025, 6, 1)}, "2025-06-01"),
        (Anchor.PAYMENT_FAILED, {}, None),
        (Anchor.PAYMENT_FAILED, {"history": FAILED}, "2025-12-30"),
        (Anchor.PAYMENT_FAILED, {"history": History(unpaid_since=EARLY)}, EARLY.isoformat()),
    ],
)
def test_each_anchor_is_a_day_or_none(anchor, changes, day):
    """Where a subscription has no such day, there is no notice."""
    subscription, own = a_subscription(**changes), at(anchor)
    found = anchor_day(own, subscription, OLD)
    assert (found and found.isoformat()) == day
    if day is None:
        assert listed(own, subscription=subscription) == []


@pytest.mark.parametrize(
    ("stage", "term", "day"),
    [
        ("expired", ANNUAL, "2026-01-01"),
        ("suspended", ANNUAL, "2026-01-16"),
        ("expired", MONTHLY, "2025-02-01"),
        ("suspended", MONTHLY, "2025-02-16"),
        ("deleted", ANNUAL, None),
    ],
)
def test_the_entry_of_a_stage(stage, term, day):
    """Counted from the first day of that stage; a stage that is not there has no notice."""
    found = listed(at(Anchor.STAGE_ENTRY, stage=stage), base=NEW, term=term)
    assert found == ([] if day is None else [f"{day}..{day}"])


@pytest.mark.parametrize(
    ("catch_up_days", "expired", "suspended"),
    [
        (0, ["2026-01-02..2026-01-02"], ["2026-01-16..2026-01-16"]),
        (7, ["2026-01-09..2026-01-09"], ["2026-01-16..2026-01-16"]),
        (13, ["2026-01-15..2026-01-15"], ["2026-01-16..2026-01-16"]),
        (14, [], ["2026-01-16..2026-01-16"]),
        (15, [], ["2026-01-17..2026-01-17"]),
    ],
)
def test_no_stage_is_entered_while_it_may_renew_itself(catch_up_days, expired, suspended):
    """Reading 29: pending it is not late, so nobody is told that it is."""
    base = NEW.evolve(catch_up_days=catch_up_days)
    held = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    for stage, told in (("expired", expired), ("suspended", suspended)):
        own = at(Anchor.STAGE_ENTRY, stage=stage)
        assert listed(own, subscription=held, base=base) == told
        for day in told:
            on = date.fromisoformat(day[:10])
            state = schedule(held, base).at(on)
            assert state.stage is not None
            assert state.stage.name == stage
            assert schedule(held, base).at(on - DAY).stage != state.stage


def test_after_the_end():
    """A notice may follow the end: within five days after expiry."""
    own = rule(earliest=Offset(), latest=Offset(after=Term.days(5)))
    assert listed(own) == ["2026-01-01..2026-01-06"]
    assert listed(own, on=date(2026, 1, 6)) == ["2026-01-01..2026-01-06"]
    assert listed(own, on=date(2026, 1, 7)) == []


def test_left_out_ends_are_those_of_the_term():
    """Without a first and a last day it may be sent throughout the term."""
    assert listed(rule()) == ["2025-01-01..2025-12-31"]
    assert listed(rule(), cancelled_on=date(2025, 6, 1)) == ["2025-01-01..2025-05-31"]
    assert listed(rule(), cancelled_on=EARLY) == []


@pytest.mark.parametrize(
    ("length", "window"),
    [
        (29, None),
        (30, "2025-01-01..2025-01-01"),
        (31, "2025-01-01..2025-01-02"),
        (44, "2025-01-01..2025-01-15"),
        (45, "2025-01-01..2025-01-16"),
        (46, "2025-01-02..2025-01-17"),
    ],
)
def test_no_notice_begins_before_its_term(length, window):
    """45 to 30 days before the end of terms around that long (reading 3)."""
    own = rule(earliest=Offset(before=Term.days(45)), latest=Offset(before=Term.days(30)))
    found = listed(own, term=Term.days(length))
    assert found == ([] if window is None else [window])


@pytest.mark.parametrize(("after", "count"), [(30, 1), (31, 1), (32, 0)])
def test_what_is_counted_from_the_start_is_of_no_use_after_the_end(after, count):
    """A monthly term of 31 days: one day below, at and above its end."""
    assert len(listed(at(Anchor.TERM_START, after), term=MONTHLY)) == count


# Periods -------------------------------------------------------------------------------------


def test_a_period_ends_on_its_boundary():
    """Half a year, counted from the purchase, from the day after it: both ends included."""
    own = rule(anchor=Anchor.PURCHASE, every=Term.months(6))
    found = notices(a_subscription(term=Term.years(2)), policy=policy(own), on=EARLY)
    assert days(found) == [
        "2025-01-02..2025-07-01",
        "2025-07-02..2026-01-01",
        "2026-01-02..2026-07-01",
        "2026-07-02..2027-01-01",
    ]
    assert [each.number for each in found] == [1, 2, 3, 4]


def test_month_ends_come_back():
    """Reading 4: the n-th period is computed from the anchor."""
    own = at(Anchor.TERM_START, every=MONTHLY)
    found = listed(own, starts_on=date(2024, 1, 31), term=Term.months(3), on=date(2024, 1, 1))
    assert [each[:10] for each in found] == ["2024-02-29", "2024-03-31", "2024-04-30"]


def test_a_period_may_have_days_of_its_own():
    """From ten days before each boundary to five days after it."""
    own = rule(
        anchor=Anchor.TERM_START,
        every=Term.months(6),
        earliest=Offset(before=Term.days(10)),
        latest=Offset(after=Term.days(5)),
    )
    assert listed(own) == ["2025-06-21..2025-07-06", "2025-12-22..2026-01-06"]


@pytest.mark.parametrize("every", [Term.months(1), Term.months(6), Term.days(40), Term.years(1)])
@pytest.mark.parametrize("purchased_on", [date(2024, 1, 1), date(2024, 5, 31), date(1960, 2, 29)])
def test_each_period_belongs_to_one_term(every, purchased_on):
    """Over three consecutive terms each period is listed once, under one number."""
    own = at(Anchor.PURCHASE, every=every)
    seen = {}
    for year in (2025, 2026, 2027):
        subscription = a_subscription(
            starts_on=date(year, 1, 1), history=History(purchased_on=purchased_on)
        )
        for each in notices(subscription, policy=policy(own), on=date(year, 1, 1)):
            assert each.number not in seen
            seen[each.number] = each.earliest_on
    boundaries = {n: every.boundary(purchased_on, n) for n in range(1, 900)}
    expected = {
        n: day for n, day in boundaries.items() if date(2025, 1, 1) < day <= date(2028, 1, 1)
    }
    assert seen == expected


def test_a_purchase_ahead_has_no_period():
    """What was bought for later is not reminded of now."""
    own = rule(anchor=Anchor.PURCHASE, every=MONTHLY)
    assert listed(own, history=History(purchased_on=date(2026, 1, 1))) == []


def test_the_calendar_ends():
    """Periods stop with the year 9000 instead of failing."""
    own = rule(anchor=Anchor.TERM_START, every=Term.years(1))
    subscription = a_subscription(starts_on=date(8998, 6, 1), expires_on=date(9000, 12, 31))
    assert listed(own, subscription=subscription, on=date(8998, 6, 1)) == [
        "8998-06-02..8999-06-01",
        "8999-06-02..9000-06-01",
    ]
    first = a_subscription(starts_on=date(1900, 1, 1), term=MONTHLY)
    own = at(Anchor.CANCELLATION_DEADLINE, deadline=Term.months(2))
    assert listed(own, subscription=first, on=EARLY.replace(1900)) == ["1900-01-01..1900-01-01"]
    last = date(9000, 12, 31)
    end = a_subscription(starts_on=date(9000, 1, 31), expires_on=last)
    assert days(due(end, policy=policy(at(Anchor.TERM_END)), on=last)) == [f"{last}..{last}"]


# What is listed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "count"), [("2025-11-17", 3), ("2025-11-18", 2), ("2025-12-28", 1), ("2025-12-29", 0)]
)
def test_what_is_past_is_not_listed(on, count):
    """One day at and one above a last day."""
    own = policy(point(45), point(30), point(4))
    assert len(notices(a_subscription(), policy=own, on=date.fromisoformat(on))) == count


@pytest.mark.parametrize(
    ("until", "count"), [("2025-11-17", 0), ("2025-11-18", 1), ("2025-12-02", 1), ("2025-12-03", 2)]
)
def test_until_is_the_first_day_not_wanted(until, count):
    """What begins on that day is left out."""
    own = policy(point(4), point(45), point(30))
    found = notices(a_subscription(), policy=own, on=EARLY, until=date.fromisoformat(until))
    assert len(found) == count


def test_what_begins_first_comes_first():
    """Ordered by first day, then as the policy lists them."""
    own = policy(point(4), point(45), point(30), rule("b", latest=Offset()), rule("a"))
    found = notices(a_subscription(), policy=own, on=EARLY)
    assert [each.code for each in found] == ["b", "a", "before-45", "before-30", "before-4"]


def test_a_scope_and_a_reach_have_to_cover_it():
    """A vendor's scope is yes or no; a law's reach may be unknown, and then says so."""
    monthly = point(20, scope=Scope(up_to=MONTHLY))
    assert listed(monthly) == []
    assert len(listed(monthly, term=MONTHLY)) == 1
    french = policy(point(20, reach=Reach(regions=frozenset({"FR"}))))
    found = {}
    for country in ("FR", "DE", None):
        subscription = a_subscription(account=Account(id="A-1", country=country))
        found[country] = [each.applies for each in notices(subscription, policy=french, on=EARLY)]
    assert found == {"FR": [Applies.YES], "DE": [], None: [Applies.UNKNOWN]}
    assert notices(a_subscription(), policy=french, on=EARLY, region="DE") == ()
    [notice] = due(a_subscription(), policy=french, on=date(2025, 12, 12), region="FR")
    assert notice.applies is Applies.YES


def test_the_day_chooses_the_edition():
    """Editions answer like the edition in force; before the first there is an error."""
    later = policy(point(30), point(4))
    both = Editions(
        (
            Edition(from_on=date(2025, 6, 1), policy=OLD),
            Edition(from_on=date(2025, 9, 1), policy=later),
        )
    )
    assert len(notices(a_subscription(), policy=both, on=date(2025, 8, 31))) == 1
    assert len(notices(a_subscription(), policy=both, on=date(2025, 9, 1))) == 2
    with pytest.raises(NotInForce):
        notices(a_subscription(), policy=both, on=EARLY)
    with pytest.raises(NotInForce):
        due(a_subscription(), policy=both, on=EARLY)


def test_what_is_asked_is_checked():
    """Days are dates, and what was sent is a set: text would be searched for parts."""
    for wrong in (datetime(2025, 1, 1), "2025-01-01"):
        with pytest.raises(InvalidType, match="on"):
            notices(a_subscription(), policy=OLD, on=wrong)
        with pytest.raises(InvalidType, match="on"):
            due(a_subscription(), policy=OLD, on=wrong)
        with pytest.raises(InvalidType, match="until"):
            notices(a_subscription(), policy=OLD, on=EARLY, until=wrong)
    with pytest.raises(InvalidValue, match="on"):
        due(a_subscription(), policy=OLD, on=date(1899, 12, 31))
    for wrong in ("S-1/2025-01-01/you-can-renew-now/1", ["key"], None):
        with pytest.raises(InvalidType, match="give a set of keys"):
            due(a_subscription(), policy=OLD, on=EARLY, sent=wrong)


# Keys ----------------------------------------------------------------------------------------


def test_a_key_is_known_by_the_term_and_not_by_its_days():
    """Moved with the term's end, it is the same notice; in the next term it is another."""
    [before] = notices(a_subscription(), policy=OLD, on=EARLY)
    moved = a_subscription(expires_on=date(2026, 3, 1))
    [after] = notices(moved, policy=OLD, on=EARLY)
    assert before.earliest_on != after.earliest_on
    assert before.key == after.key
    renewed = a_subscription(starts_on=date(2026, 1, 1))
    [later] = notices(renewed, policy=OLD, on=date(2026, 1, 1))
    assert later.key == "S-1/2026-01-01/you-can-renew-now/1"


def test_a_notice_is_a_value():
    """It compares, hashes and pickles by what it holds."""
    [notice] = notices(a_subscription(), policy=OLD, on=EARLY)
    twin = pickle.loads(pickle.dumps(notice))  # noqa: S301 - our own bytes
    assert twin == notice
    assert hash(twin) == hash(notice)


OFFSETS = st.one_of(
    st.none(),
    st.integers(1, 120).map(lambda n: Offset(before=Term.days(n))),
    st.integers(1, 4).map(lambda n: Offset(before=Term.months(n))),
    st.integers(1, 60).map(lambda n: Offset(after=Term.days(n))),
    st.just(Offset()),
)
LAST = st.integers(60, 90).map(lambda n: Offset(after=Term.days(n)))
ANCHORS = st.sampled_from([each for each in Anchor if each is not Anchor.STAGE_ENTRY])


@st.composite
def rules(draw):
    """One to five rules with all kinds of anchors and periods."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        anchor = draw(ANCHORS)
        earliest, latest = draw(OFFSETS), draw(LAST)
        if anchor in (Anchor.CANCELLATION, Anchor.PAYMENT_FAILED) and earliest is None:
            earliest = Offset()
        periodic = anchor in (Anchor.TERM_START, Anchor.PURCHASE) and draw(st.booleans())
        every = (
            draw(st.sampled_from([MONTHLY, Term.months(6), Term.days(50)])) if periodic else None
        )
        made.append(
            rule(f"rule-{number}", anchor=anchor, earliest=earliest, latest=latest, every=every)
        )
    return tuple(made)


@st.composite
def subscriptions(draw):
    """Terms of a week to two years, some cancelled."""
    starts_on = draw(st.dates(date(2023, 1, 1), date(2026, 1, 1)))
    term = draw(st.sampled_from([Term.days(7), MONTHLY, Term.months(5), ANNUAL, Term.years(2)]))
    purchased_on = starts_on - DAY * draw(st.integers(0, 1000))
    cancelled = draw(st.one_of(st.none(), st.integers(0, 6)))
    return a_subscription(
        starts_on=starts_on,
        term=term,
        history=History(purchased_on=purchased_on),
        cancelled_on=None if cancelled is None else starts_on + cancelled * DAY,
        auto_renew=draw(st.sampled_from([ON, OFF])),
    )


@given(subscriptions(), rules(), st.integers(-30, 800))
def test_keys_are_unique_and_stable(subscription, made, asked):
    """No two notices share a key, and asking on another day gives the same keys and days."""
    own, starts_on = policy(*made), subscription.starts_on
    whole = notices(subscription, policy=own, on=starts_on)
    keys = [each.key for each in whole]
    assert len(set(keys)) == len(keys)
    assert all(starts_on <= each.earliest_on <= each.latest_on for each in whole)
    assert list(whole) == sorted(whole, key=lambda each: each.earliest_on)
    on = starts_on + asked * DAY
    later = notices(subscription, policy=own, on=on)
    assert later == tuple(each for each in whole if each.latest_on >= on)


@given(subscriptions(), rules())
def test_the_days_together_send_everything_once(subscription, made):
    """Asked every day and remembering the keys: each notice once, on its first day."""
    own, starts_on = policy(*made), subscription.starts_on
    whole = notices(subscription, policy=own, on=starts_on)
    sent, when = frozenset(), {}
    for number in range((max([starts_on, *(e.latest_on for e in whole)]) - starts_on).days + 2):
        on = starts_on + number * DAY
        for each in due(subscription, policy=own, on=on, sent=sent):
            assert each.key not in sent
            assert each.earliest_on <= on <= each.latest_on
            when[each.key] = on
        sent |= when.keys()
    assert when == {each.key: each.earliest_on for each in whole}


@given(subscriptions(), rules(), st.integers(-30, 900))
def test_due_is_what_is_listed_for_that_day(subscription, made, asked):
    """Exactly the listed ones whose days include it; without those that were sent."""
    own, on = policy(*made), subscription.starts_on + asked * DAY
    listed_then = notices(subscription, policy=own, on=subscription.starts_on)
    expected = tuple(each for each in listed_then if each.earliest_on <= on <= each.latest_on)
    assert due(subscription, policy=own, on=on) == expected
    sent = {each.key for each in expected[::2]}
    assert due(subscription, policy=own, on=on, sent=sent) == expected[1::2]
