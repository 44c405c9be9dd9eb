"""A law beside a policy: what is missing or mistimed; and the law laid over it."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import (
    Account,
    Clause,
    Edition,
    Editions,
    History,
    InvalidType,
    Kind,
    NotInForce,
    PaymentMethod,
    RenewalPolicy,
    Term,
)
from subrenew.policy.laws import (
    california,
    france,
    germany,
    india,
    new_york,
    united_kingdom,
)
from subrenew.policy.laws.reach import Applies, Basis, Reach, Since
from subrenew.policy.laws.samples import LAWS
from subrenew.policy.laws.statutes import Law, Right
from subrenew.policy.mapping import from_mapping, to_mapping
from subrenew.policy.notice_rules import (
    Anchor,
    Medium,
    Missed,
    NoticeCondition,
    NoticeRule,
    Topic,
)
from subrenew.policy.offsets import Offset
from subrenew.policy.vendors import autodesk
from subrenew.renewal.compliance import Standing, compliance, overlaid
from subrenew.renewal.notices import due, notices
from tests.makers import ANNUAL, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

BASE = autodesk.EDITION_2024
CLAUSE = Clause("own.law", "own", "Somebody is told.")
ON_DAY = date(2025, 6, 1)
CARD = PaymentMethod.card(expires="2031-01")


def a_rule(code="told", **changes):
    """An email between 45 and 15 days before the term ends."""
    fields = {
        "clause": CLAUSE,
        "topic": Topic.RENEWAL,
        "anchor": Anchor.TERM_END,
        "earliest": Offset(before=Term.days(45)),
        "latest": Offset(before=Term.days(15)),
    }
    return NoticeRule(code=code, **fields | changes)


def sends(first, last, **changes):
    """What a vendor sends between so many days before the term's end."""
    return a_rule(
        f"sent-{first}-{last}",
        earliest=Offset(before=Term.days(first)),
        latest=Offset(before=Term.days(last)),
        **changes,
    )


def a_law(*rules, **changes):
    """A law for everybody."""
    fields = {
        "id": "own/law",
        "title": "A law",
        "source": "own",
        "checked_on": ON_DAY,
        "reach": Reach(),
    }
    return Law(rules=rules, **fields | changes)


def vendor(*rules, **changes):
    """A policy that sends these."""
    return BASE.evolve(id="vendor", notices=rules, **changes)


def codes(policy, law, *, on=ON_DAY, region=None, **changes):
    """The codes of what falls short."""
    found = compliance(policy, law, subscription=a_subscription(**changes), on=on, region=region)
    return [finding.code for finding in found.findings]


def customer(country, who="consumer", **changes):
    """An annual subscription that renews itself, held by somebody there."""
    fields = {
        "auto_renew": ON,
        "payment_method": CARD,
        "account": Account(id="A-1", country=country, customer_kind=who),
    }
    return a_subscription(**fields | changes)


# Notices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (46, 30, ["notice-too-early"]),
        (45, 30, []),
        (44, 30, []),
        (30, 16, []),
        (30, 15, []),
        (30, 14, ["notice-too-late"]),
        (45, 15, []),
        (46, 14, ["notice-too-early", "notice-too-late"]),
        (14, 14, ["notice-too-late"]),
        (46, 46, ["notice-too-early"]),
    ],
)
def test_every_day_on_which_it_may_be_sent_has_to_be_the_laws(first, last, found):
    """A law of 45 to 15 days: one below, at and one above each."""
    assert codes(vendor(sends(first, last)), a_law(a_rule())) == found


def test_one_that_is_in_time_is_enough():
    """Of 45, 30 and 4 days before, those of 45 and 30 satisfy the law."""
    policy = vendor(sends(4, 4), sends(45, 45), sends(30, 30))
    assert codes(policy, a_law(a_rule())) == []


def test_a_missing_notice_says_what_is_wanted():
    """The finding has the law's clause and days, and what follows."""
    law = a_law(
        a_rule(
            medium=frozenset({Medium.LETTER, Medium.EMAIL}),
            contents=("deadline",),
            missed=Missed.CHARGE_UNLAWFUL,
        )
    )
    found = compliance(vendor(), law, subscription=a_subscription(), on=ON_DAY)
    [finding] = found.findings
    assert finding.code == "notice-missing"
    assert finding.clause is CLAUSE
    assert finding.values == (
        ("notice", "told"),
        ("earliest_on", date(2025, 11, 17)),
        ("latest_on", date(2025, 12, 17)),
        ("medium", ("email", "letter")),
        ("contents", ("deadline",)),
        ("missed", "charge-unlawful"),
    )
    assert found.standing is Standing.FALLS_SHORT


def test_a_mistimed_notice_says_what_is_done():
    """Of several, the one that is the fewest days off."""
    policy = vendor(sends(90, 60), sends(50, 20), sends(80, 80))
    found = compliance(policy, a_law(a_rule()), subscription=a_subscription(), on=ON_DAY)
    [finding] = found.findings
    assert finding.code == "notice-too-early"
    assert finding.value("sent_as") == "sent-50-20"
    assert finding.value("sent_earliest_on") == date(2025, 11, 12)
    assert finding.value("sent_latest_on") == date(2025, 12, 12)


def test_another_topic_does_not_count():
    """That it ends is not that it renews."""
    assert codes(vendor(sends(30, 30, topic=Topic.END)), a_law(a_rule())) == ["notice-missing"]


@pytest.mark.parametrize(
    ("wanted", "sent", "found"),
    [
        ((), (), []),
        ((), (Medium.EMAIL,), []),
        ((Medium.EMAIL,), (Medium.EMAIL,), []),
        ((Medium.EMAIL, Medium.LETTER), (Medium.EMAIL,), []),
        ((Medium.EMAIL,), (Medium.EMAIL, Medium.LETTER), ["notice-medium"]),
        ((Medium.EMAIL,), (Medium.LETTER,), ["notice-medium"]),
        ((Medium.EMAIL,), (), ["notice-medium"]),
    ],
)
def test_every_medium_by_which_it_may_be_sent_has_to_be_the_laws(wanted, sent, found):
    """One that is not said may be any."""
    law = a_law(a_rule(medium=frozenset(wanted)))
    assert codes(vendor(sends(30, 30, medium=frozenset(sent))), law) == found


@pytest.mark.parametrize(
    ("wanted", "sent", "found"),
    [
        ((), (), []),
        (("price",), ("price", "deadline"), []),
        (("price", "deadline"), ("price",), ["notice-contents"]),
        (("price",), (), ["notice-contents"]),
    ],
)
def test_all_that_the_law_wants_has_to_be_said(wanted, sent, found):
    """More may be said."""
    law = a_law(a_rule(contents=wanted))
    assert codes(vendor(sends(30, 30, contents=sent)), law) == found


def test_a_condition_has_to_hold():
    """A law that asks nothing for this subscription is met."""
    law = a_law(a_rule(condition=NoticeCondition(auto_renew=ON)))
    assert codes(vendor(), law, auto_renew=ON) == ["notice-missing"]
    assert codes(vendor(), law, auto_renew=OFF) == []
    only_on = sends(30, 30, condition=NoticeCondition(auto_renew=OFF))
    assert codes(vendor(only_on), law, auto_renew=ON) == ["notice-missing"]


@pytest.mark.parametrize(
    ("days", "found"),
    [(14, ["notice-impossible"]), (15, ["notice-missing"]), (16, ["notice-missing"])],
)
def test_a_term_too_short_for_the_notice(days, found):
    """Where the law's last day is before the term, no day is left for it."""
    assert codes(vendor(), a_law(a_rule()), term=Term.days(days)) == found


def test_without_an_anchor_nothing_is_asked():
    """A cancelled subscription has no renewal date."""
    law = a_law(a_rule(anchor=Anchor.RENEWAL_DATE))
    assert codes(vendor(), law) == ["notice-missing"]
    assert codes(vendor(), law, cancelled_on=date(2025, 8, 1)) == []


def test_each_period_has_to_have_its_notice():
    """A reminder every half year; what is sent in another period does not count."""
    law = a_law(a_rule(anchor=Anchor.PURCHASE, every=Term.months(6), earliest=None, latest=None))
    found = compliance(
        vendor(sends(30, 30)), law, subscription=a_subscription(), on=ON_DAY
    ).findings
    assert [(each.code, each.value("earliest_on")) for each in found] == [
        ("notice-missing", date(2025, 1, 2))
    ]
    across = sends(200, 170)
    assert codes(vendor(across), law) == ["notice-too-late", "notice-too-early"]
    assert codes(vendor(sends(300, 300), sends(30, 30)), law) == []
    assert codes(vendor(), law, term=Term.days(30)) == []


def test_the_whole_term_counts_and_not_the_day_asked_on():
    """What is past was sent or not; the day only chooses the edition."""
    policy, law = vendor(sends(30, 30)), a_law(a_rule())
    for on in (date(2024, 1, 1), date(2025, 12, 31), date(2027, 1, 1)):
        assert codes(policy, law, on=on) == []
        assert codes(vendor(), law, on=on) == ["notice-missing"]


# Whom it is for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "applies", "standing"),
    [
        ("FR", Applies.YES, Standing.FALLS_SHORT),
        (None, Applies.UNKNOWN, Standing.UNKNOWN),
        ("DE", Applies.NO, Standing.NOT_APPLICABLE),
    ],
)
def test_whether_it_applies(country, applies, standing):
    """Unknown is an answer: what would fall short is named, and it is said that it may not."""
    law = a_law(a_rule(), reach=Reach(regions=frozenset({"FR"})))
    found = compliance(vendor(), law, subscription=customer(country), on=ON_DAY)
    assert found.applies is applies
    assert found.standing is standing
    assert bool(found.findings) is (applies is not Applies.NO)


def test_what_is_met_is_met_even_if_it_may_not_apply():
    """Nothing falls short, whoever the customer is."""
    law = a_law(a_rule(), reach=Reach(regions=frozenset({"FR"})))
    found = compliance(vendor(sends(30, 30)), law, subscription=customer(None), on=ON_DAY)
    assert found.standing is Standing.MET


def test_a_region_may_be_given():
    """The state is not on the account, so the caller gives it."""
    subscription = customer("US")
    for region, standing in (
        ("US-CA", Standing.FALLS_SHORT),
        ("US-NY", Standing.NOT_APPLICABLE),
        (None, Standing.UNKNOWN),
    ):
        found = compliance(
            BASE, california.ARL, subscription=subscription, on=ON_DAY, region=region
        )
        assert found.standing is standing


def test_figures_that_are_unset_leave_it_unknown():
    """Where the law's days are not known for certain, nothing certain is said."""
    found = compliance(
        BASE, new_york.GBL_527_A, subscription=customer("US"), on=ON_DAY, region="US-NY"
    )
    assert [finding.code for finding in found.findings] == ["figures-unset"]
    assert found.applies is Applies.YES
    assert found.standing is Standing.UNKNOWN


# Rights --------------------------------------------------------------------------------------


def german(**changes):
    """Codes of what the German law finds about a consumer there."""
    closes = changes.pop("closes", None)
    renews_to = changes.pop("renews_to", None)
    policy = vendor(switch_closes_days=closes, renews_to=renews_to)
    subscription = customer("DE", **{"starts_on": date(2025, 1, 1)} | changes)
    found = compliance(policy, germany.BGB_309_9, subscription=subscription, on=ON_DAY)
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (Term.months(23), []),
        (Term.years(2), []),
        (Term.months(25), ["first-term-too-long"]),
        (Term.years(3), ["first-term-too-long"]),
    ],
)
def test_a_first_term_has_a_longest_length(term, found):
    """Two years; a later term is not a first one."""
    assert german(term=term, next_term=MONTHLY) == found
    renewed = History(renewals=1)
    assert german(term=term, next_term=MONTHLY, history=renewed) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"next_term": MONTHLY}, []),
        ({"next_term": Term.days(31)}, []),
        ({"next_term": Term.days(32)}, ["renewal-too-long"]),
        ({}, ["renewal-too-long"]),
        ({"renews_to": MONTHLY}, []),
        ({"renews_to": MONTHLY, "next_term": ANNUAL}, ["renewal-too-long"]),
        ({"term": MONTHLY}, []),
    ],
)
def test_a_renewal_has_a_longest_length(changes, found):
    """A month: what was asked for counts, then what the policy renews to, then the present one."""
    assert german(**changes) == found


@pytest.mark.parametrize(
    ("closes", "found"),
    [(None, []), (30, []), (31, []), (32, ["deadline-too-early"])],
)
def test_a_deadline_is_not_too_early(closes, found):
    """A month before 2026-01-01 is 2025-12-01, which is 31 days."""
    assert german(closes=closes, next_term=MONTHLY) == found


def test_what_a_right_finds_says_both_sides():
    """What the law allows and what the contract asks, with the law's clause."""
    policy = vendor(switch_closes_days=90)
    subscription = customer("DE", term=Term.years(3))
    found = compliance(policy, germany.BGB_309_9, subscription=subscription, on=ON_DAY)
    assert [(str(each.clause), each.values) for each in found.findings] == [
        (
            "de.bgb-309-9a",
            (("at_most", Term.years(2)), ("term", Term.years(3)), ("missed", "clause-void")),
        ),
        (
            "de.bgb-309-9b",
            (("at_most", Term.months(1)), ("term", Term.years(3)), ("missed", "clause-void")),
        ),
        (
            "de.bgb-309-9c",
            (
                ("not_before", date(2027, 12, 1)),
                ("deadline_on", date(2027, 10, 3)),
                ("missed", "clause-void"),
            ),
        ),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"auto_renew": OFF}, {"kind": Kind.TRIAL}, {"cancelled_on": date(2025, 8, 1)}],
)
def test_a_right_is_about_what_renews_tacitly(changes):
    """Switched off, a trial, or cancelled: nobody is bound by a renewal."""
    assert german(closes=90, **changes) == []


def test_an_old_contract_keeps_its_terms():
    """The German law is for contracts concluded from 2022-03-01 on."""
    for purchased_on, found in (
        (date(2022, 2, 28), []),
        (date(2022, 3, 1), ["renewal-too-long"]),
    ):
        assert german(history=History(purchased_on=purchased_on)) == found


# The sample laws -----------------------------------------------------------------------------


def test_france():
    """Golden: the term ends on 2026-06-30, refusal until 2026-05-31: 2026-02-28 to 2026-04-30."""
    policy = overlaid(BASE.evolve(switch_closes_days=30), france.L215_1)
    subscription = customer("FR", starts_on=date(2025, 6, 30))
    [notice] = notices(subscription, policy=policy, on=date(2025, 6, 30))
    assert notice.earliest_on == date(2026, 2, 28)
    assert notice.latest_on == date(2026, 4, 30)
    assert notice.missed is Missed.CUSTOMER_MAY_END_ANY_TIME
    for on, count in (
        (date(2026, 2, 27), 0),
        (date(2026, 2, 28), 1),
        (date(2026, 3, 1), 1),
        (date(2026, 4, 29), 1),
        (date(2026, 4, 30), 1),
        (date(2026, 5, 1), 0),
    ):
        assert len(due(subscription, policy=policy, on=on)) == count


@pytest.mark.parametrize(
    ("on", "count"),
    [
        ("2025-11-15", 0),
        ("2025-11-16", 1),
        ("2025-11-17", 1),
        ("2025-12-15", 1),
        ("2025-12-16", 1),
        ("2025-12-17", 0),
    ],
)
def test_california(on, count):
    """The term ends on 2025-12-31: 15 to 45 days before it."""
    policy = overlaid(BASE, california.ARL)
    subscription = customer("US", starts_on=date(2024, 12, 31))
    found = due(subscription, policy=policy, on=date.fromisoformat(on), region="US-CA")
    assert len(found) == count


@pytest.mark.parametrize(
    ("term", "count"),
    [(Term.days(364), 0), (Term.months(11), 0), (Term.days(365), 1), (ANNUAL, 1)],
)
def test_california_asks_for_it_from_a_year_on(term, count):
    """One day below, at and above a year."""
    policy = overlaid(BASE, california.ARL)
    found = notices(customer("US", term=term), policy=policy, on=ON_DAY, region="US-CA")
    assert len(found) == count


@pytest.mark.parametrize(
    ("days", "window"),
    [
        (31, None),
        (32, ("2025-01-12", "2025-01-30")),
        (33, ("2025-01-13", "2025-01-31")),
    ],
)
def test_california_and_trials(days, window):
    """A trial of more than 31 days: 3 to 21 days before its end."""
    policy = overlaid(BASE, california.ARL)
    trial = customer("US", kind=Kind.TRIAL, term=Term.days(days))
    found = notices(trial, policy=policy, on=date(2025, 1, 1), region="US-CA")
    shown = [(str(each.earliest_on), str(each.latest_on)) for each in found]
    assert shown == ([] if window is None else [window])


def test_california_since_2025():
    """A dearer price is announced 7 to 30 days before; a reminder in every year."""
    policy = overlaid(BASE, california.AB_2863)
    history = History(purchased_on=date(2024, 1, 1), renewed_on=date(2025, 7, 1))
    subscription = customer("US", term=Term.years(2), history=history)
    dearer = attrs.evolve(subscription, conditions=frozenset({"price-change"}))
    found = notices(dearer, policy=policy, on=date(2025, 1, 1), region="US-CA")
    assert [(each.code, str(each.earliest_on), str(each.latest_on)) for each in found] == [
        ("us-ca-yearly-reminder", "2025-01-02", "2026-01-01"),
        ("us-ca-yearly-reminder", "2026-01-02", "2027-01-01"),
        ("us-ca-price-change", "2026-12-02", "2026-12-25"),
    ]
    same = notices(subscription, policy=policy, on=date(2025, 1, 1), region="US-CA")
    assert [each.code for each in same] == ["us-ca-yearly-reminder"] * 2
    old = attrs.evolve(subscription, history=History(purchased_on=date(2024, 1, 1)))
    assert notices(old, policy=policy, on=date(2025, 1, 1), region="US-CA") == ()


@pytest.mark.parametrize(
    ("term", "count"), [(MONTHLY, 0), (Term.days(31), 0), (Term.days(32), 1), (ANNUAL, 1)]
)
def test_new_york(term, count):
    """15 to 30 days before the customer's deadline, businesses too; not for a month or less."""
    policy = overlaid(BASE.evolve(switch_closes_days=1), new_york.GOL_5_903)
    subscription = customer("US", "business", term=term)
    found = notices(subscription, policy=policy, on=date(2025, 1, 1), region="US-NY")
    assert len(found) == count
    if term == ANNUAL:
        assert str(found[0].earliest_on) == "2025-12-01"
        assert str(found[0].latest_on) == "2025-12-16"


def test_united_kingdom():
    """A reminder in every six months; whether the act is in force is not known."""
    policy = overlaid(BASE, united_kingdom.DMCC_258)
    found = notices(customer("GB"), policy=policy, on=date(2025, 1, 1))
    assert [(str(each.earliest_on), str(each.latest_on)) for each in found] == [
        ("2025-01-02", "2025-07-01"),
        ("2025-07-02", "2026-01-01"),
    ]
    assert {each.applies for each in found} == {Applies.UNKNOWN}


@pytest.mark.parametrize(
    ("method", "last_on"),
    [(CARD, "2026-12-30"), (PAYPAL, "2026-12-30"), (WIRE, None), (None, None)],
)
def test_india(method, last_on):
    """24 hours before a debit on 2027-01-01 at any hour: by the end of 2026-12-30."""
    policy = overlaid(vendor(), india.E_MANDATE)
    subscription = customer("IN", payment_method=method, starts_on=date(2026, 1, 1))
    found = notices(subscription, policy=policy, on=date(2026, 1, 1))
    assert [str(each.latest_on) for each in found] == ([] if last_on is None else [last_on])


def test_the_source_beside_the_laws():
    """The source's message is for those who renew by hand; a law asks for those who do not."""
    wanted = {
        "fr/l215-1": ("FR", ["notice-missing"]),
        "de/bgb-309-9": ("DE", ["renewal-too-long"]),
        "us-ca/arl": ("US-CA", ["notice-missing"]),
        "us-ca/ab-2863": ("US-CA", []),
        "us-ny/gol-5-903": ("US-NY", ["notice-missing"]),
        "us-ny/gbl-527-a": ("US-NY", ["figures-unset"]),
        "gb/dmcc-258": ("GB", ["notice-missing", "notice-missing"]),
        "in/rbi-e-mandate": ("IN", []),
    }
    for law in LAWS:
        region, expected = wanted[law.id]
        found = compliance(BASE, law, subscription=customer("ZZ"), on=ON_DAY, region=region)
        assert [finding.code for finding in found.findings] == expected


# The overlay ---------------------------------------------------------------------------------


def test_an_overlay_adds_and_takes_nothing_away():
    """The vendor's notices stay as they are, in front; all else of the policy stays too."""
    policy = vendor(sends(30, 30))
    over = overlaid(policy, california.ARL)
    assert over.notices == (*policy.notices, *california.ARL.notices)
    assert over.id == "vendor+us-ca/arl"
    assert over.evolve(id=policy.id, notices=policy.notices) == policy


def test_an_overlay_is_laid_once():
    """Again, or with a law that asks for no notice, it is the policy itself."""
    over = overlaid(BASE, france.L215_1)
    assert overlaid(over, france.L215_1) is over
    assert overlaid(BASE, germany.BGB_309_9) is BASE


def test_all_laws_can_be_laid_over_one_policy():
    """In any order the customers of one place get what is theirs."""
    policy = backwards = BASE
    for law in LAWS:
        policy = overlaid(policy, law)
    for law in reversed(LAWS):
        backwards = overlaid(backwards, law)
    for country in ("FR", "DE", "IN", "JP"):
        found = notices(customer(country), policy=policy, on=ON_DAY)
        other = notices(customer(country), policy=backwards, on=ON_DAY)
        assert {each.key for each in found} == {each.key for each in other}
        assert {each.applies for each in found} <= {Applies.YES}
        assert all(each.code.startswith(country.lower()) for each in found)


def test_an_overlay_can_be_stored():
    """As a mapping of plain types and back, like every policy."""
    policy = BASE
    for law in LAWS:
        policy = overlaid(policy, law)
    assert RenewalPolicy.from_mapping(policy.to_mapping()) == policy
    for law in LAWS:
        assert from_mapping(Law, to_mapping(law), at="law") == law


def test_editions_are_laid_over_one_by_one():
    """Each edition gets the law; their days stay."""
    over = overlaid(autodesk.EDITIONS, france.L215_1)
    assert [each.from_on for each in over.editions] == [
        each.from_on for each in autodesk.EDITIONS.editions
    ]
    for before, after in zip(autodesk.EDITIONS.editions, over.editions, strict=True):
        assert after.policy == overlaid(before.policy, france.L215_1)


def test_compliance_takes_editions():
    """The day chooses the edition; before the first there is an error."""
    both = Editions(
        (
            Edition(from_on=date(2025, 1, 1), policy=vendor()),
            Edition(from_on=date(2025, 9, 1), policy=vendor(sends(30, 30)).evolve(id="later")),
        )
    )
    law = a_law(a_rule())
    assert codes(both, law, on=date(2025, 8, 31)) == ["notice-missing"]
    assert codes(both, law, on=date(2025, 9, 1)) == []
    with pytest.raises(NotInForce):
        codes(both, law, on=date(2024, 12, 31))
    with pytest.raises(InvalidType, match="on"):
        codes(both, law, on="2025-09-01")


def test_a_compliance_has_no_truth_value():
    """It is asked for its standing."""
    found = compliance(BASE, france.L215_1, subscription=a_subscription(), on=ON_DAY)
    with pytest.raises(TypeError, match=r"ask \.standing or \.findings"):
        bool(found)


SUBSCRIPTIONS = st.builds(
    customer,
    st.sampled_from(["FR", "DE", "US", "GB", "IN", None]),
    st.sampled_from(["consumer", "business", None]),
    term=st.sampled_from([MONTHLY, Term.months(6), ANNUAL, Term.years(3)]),
    starts_on=st.dates(date(2021, 1, 1), date(2027, 1, 1)),
    auto_renew=st.sampled_from([ON, OFF]),
    payment_method=st.sampled_from([None, CARD, WIRE]),
)
REGIONS = st.sampled_from([None, "US-CA", "US-NY", "FR"])


@given(SUBSCRIPTIONS, REGIONS, st.sampled_from(LAWS))
def test_laid_over_a_policy_a_law_gets_its_notices(subscription, region, law):
    """Whatever the subscription: no notice is missing, and only more is sent than before."""
    on = subscription.starts_on
    over = overlaid(BASE, law)
    found = compliance(over, law, subscription=subscription, on=on, region=region)
    assert {finding.code for finding in found.findings} <= {
        "notice-impossible",
        "figures-unset",
        "first-term-too-long",
        "renewal-too-long",
        "deadline-too-early",
    }
    before = notices(subscription, policy=BASE, on=on, region=region)
    after = notices(subscription, policy=over, on=on, region=region)
    assert set(before) <= set(after)
    for each in after:
        assert each in before or each.applies is found.applies is not Applies.NO


@given(SUBSCRIPTIONS, REGIONS, st.sampled_from(LAWS))
def test_each_finding_cites_its_law(subscription, region, law):
    """A clause of the law compared with, and of no other."""
    found = compliance(BASE, law, subscription=subscription, on=ON_DAY, region=region)
    assert {finding.clause for finding in found.findings} <= set(law.clauses)
    assert (found.standing is Standing.NOT_APPLICABLE) is (found.applies is Applies.NO)
    assert found.law is law
    assert found.edition is BASE


def test_own_laws_are_values_like_the_samples():
    """A law of one's own is written like them."""
    law = a_law(
        reach=Reach(regions=frozenset({"JP"}), since=Since(on=ON_DAY, basis=Basis.RENEWAL_DATE)),
        rights=(Right(clause=CLAUSE, deadline_at_most=Term.days(7)),),
    )
    short, long = vendor(switch_closes_days=7), vendor(switch_closes_days=8)
    for policy, standing in ((short, Standing.MET), (long, Standing.FALLS_SHORT)):
        found = compliance(policy, law, subscription=customer("JP"), on=ON_DAY)
        assert found.standing is standing
    ended = customer("JP", starts_on=date(2024, 5, 31) - timedelta(days=365))
    found = compliance(long, law, subscription=ended, on=ON_DAY)
    assert found.standing is Standing.NOT_APPLICABLE


def test_while_pending_it_is_the_edition_of_the_renewal_date() -> None:
    """A new edition two days after that date does not decide: as everywhere else (reading 17)."""
    editions = Editions(
        (
            Edition(from_on=date(2020, 1, 1), policy=BASE),
            Edition(from_on=date(2026, 1, 3), policy=BASE.evolve(id="own/2")),
        )
    )
    held = a_subscription(auto_renew=ON, payment_method=CARD)
    found = compliance(editions, france.L215_1, subscription=held, on=date(2026, 1, 4))
    assert found.edition.id == BASE.id
