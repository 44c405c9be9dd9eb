"""Laws as values: whom they reach, what they cite, and the sample data."""

import pickle
from datetime import date

import attrs
import pytest

from subrenew import Account, Clause, History, InvalidType, InvalidValue, Term
from subrenew.policy.laws import (
    california,
    france,
    germany,
    india,
    new_york,
    united_kingdom,
)
from subrenew.policy.laws.reach import NO_LIMIT, Applies, Basis, Reach, Since
from subrenew.policy.laws.samples import LAWS
from subrenew.policy.laws.statutes import CAUTION, Law, Right
from subrenew.policy.notice_rules import Anchor, Medium, Missed, NoticeRule, Topic
from subrenew.policy.offsets import Offset
from tests.makers import a_subscription

CLAUSE = Clause("own.law", "own", "Somebody is told.")
YES, NO, UNKNOWN = Applies


def account(country=None, kind=None):
    """Somebody there, of that kind."""
    return Account(id="A-1", country=country, customer_kind=kind)


def a_law(**changes):
    """A law that asks for nothing."""
    fields = {
        "id": "own/law",
        "title": "A law",
        "source": "own",
        "checked_on": date(2026, 1, 1),
        "reach": NO_LIMIT,
    }
    return Law(**fields | changes)


def a_rule(**changes):
    """A notice throughout the term."""
    fields = {
        "code": "told",
        "clause": CLAUSE,
        "topic": Topic.RENEWAL,
        "anchor": Anchor.TERM_END,
    }
    return NoticeRule(**fields | changes)


# Reach ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regions", "country", "region", "applies"),
    [
        ((), None, None, YES),
        ((), "FR", None, YES),
        (("FR",), "FR", None, YES),
        (("FR",), "DE", None, NO),
        (("FR",), None, None, UNKNOWN),
        (("FR",), "FR", "FR-75", YES),
        (("FR",), "DE", "fr", YES),
        (("FR",), "FR", "DE", NO),
        (("FR",), "FR", "FRX", NO),
        (("US-CA",), "US", None, UNKNOWN),
        (("US-CA",), "US", "US-CA", YES),
        (("US-CA",), "US", "us-ca", YES),
        (("US-CA",), "US", "US-NY", NO),
        (("US-CA",), "US", "US-C", NO),
        (("US-CA",), "FR", None, NO),
        (("US-CA", "FR"), "FR", None, YES),
        (("US-CA", "US-NY"), "US", "US-NY", YES),
    ],
)
def test_a_place_is_a_country_or_a_part_of_one(regions, country, region, applies):
    """The country alone does not tell the state: that is unknown and not a no."""
    reach = Reach(regions=frozenset(regions))
    subscription = a_subscription(account=account(country))
    assert reach.applies(subscription, region=region) is applies


def test_without_an_account_nothing_is_known():
    """Neither where the customer is nor of what kind."""
    for reach in (Reach(regions=frozenset({"FR"})), Reach(customer_kinds=frozenset({"consumer"}))):
        assert reach.applies(a_subscription()) is UNKNOWN
    assert NO_LIMIT.applies(a_subscription()) is YES


@pytest.mark.parametrize(
    ("kind", "applies"),
    [("consumer", YES), ("Consumer", YES), ("business", NO), ("consumers", NO), (None, UNKNOWN)],
)
def test_a_kind_of_customer(kind, applies):
    """Whole words, whatever their case."""
    reach = Reach(customer_kinds=frozenset({"consumer", "non-professional"}))
    assert reach.applies(a_subscription(account=account("FR", kind))) is applies


@pytest.mark.parametrize(
    ("country", "kind", "applies"),
    [
        ("FR", "consumer", YES),
        ("FR", None, UNKNOWN),
        (None, "consumer", UNKNOWN),
        (None, None, UNKNOWN),
        ("DE", None, NO),
        (None, "business", NO),
        ("DE", "business", NO),
    ],
)
def test_one_no_is_enough_and_one_unknown_too(country, kind, applies):
    """A no outweighs an unknown, an unknown outweighs a yes."""
    reach = Reach(regions=frozenset({"FR"}), customer_kinds=frozenset({"consumer"}))
    assert reach.applies(a_subscription(account=account(country, kind))) is applies


FIRST = date(2025, 7, 1)
BELOW, ABOVE = date(2025, 6, 30), date(2025, 7, 2)


@pytest.mark.parametrize(
    ("basis", "fields"),
    [
        (Basis.PURCHASE, lambda day: {"history": History(purchased_on=day)}),
        (Basis.PURCHASE, lambda day: {"starts_on": day}),
        (
            Basis.LAST_RENEWAL,
            lambda day: {"history": History(purchased_on=date(2020, 1, 1), renewed_on=day)},
        ),
        (Basis.LAST_RENEWAL, lambda day: {"history": History(purchased_on=day)}),
        (Basis.RENEWAL_DATE, lambda day: {"expires_on": day}),
    ],
)
@pytest.mark.parametrize(("day", "applies"), [(BELOW, NO), (FIRST, YES), (ABOVE, YES)])
def test_since_when(basis, fields, day, applies):
    """One day below, at and above the first day, by purchase, renewal and renewal date."""
    reach = Reach(since=Since(on=FIRST, basis=basis))
    assert reach.applies(a_subscription(**fields(day))) is applies


def test_a_first_day_that_is_not_known():
    """Then it is not known whether the law applies."""
    reach = Reach(since=Since(on=None, basis=Basis.PURCHASE))
    assert reach.applies(a_subscription()) is UNKNOWN


def test_a_purchase_counts_though_a_renewal_does_not():
    """Renewed by an old renewal, concluded anew: the later day counts."""
    since = Since(on=FIRST, basis=Basis.LAST_RENEWAL)
    history = History(purchased_on=ABOVE, renewed_on=BELOW)
    assert since.applies(a_subscription(history=history)) is YES


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"regions": "FR"}, InvalidType),
        ({"regions": frozenset({1})}, InvalidType),
        ({"regions": frozenset({"France"})}, InvalidValue),
        ({"regions": frozenset({"-CA"})}, InvalidValue),
        ({"regions": frozenset({"us-CA"})}, InvalidValue),
        ({"customer_kinds": {"consumer"}}, InvalidType),
        ({"since": FIRST}, InvalidType),
    ],
)
def test_a_reach_is_checked(fields, error):
    """Sets of text, and countries in two capital letters."""
    with pytest.raises(error, match=r"Reach\."):
        Reach(**fields)


def test_a_first_day_is_checked():
    """A day or none, and a basis."""
    with pytest.raises(InvalidType, match=r"Since\.on"):
        Since(on="2025-07-01", basis=Basis.PURCHASE)
    with pytest.raises(InvalidType, match=r"Since\.basis"):
        Since(on=FIRST, basis="purchase")


# Laws ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"id": ""}, InvalidValue, r"Law\.id"),
        ({"title": None}, InvalidType, r"Law\.title"),
        ({"source": 1}, InvalidType, r"Law\.source"),
        ({"caution": ""}, InvalidValue, r"Law\.caution"),
        ({"checked_on": None}, InvalidType, r"Law\.checked_on"),
        ({"reach": None}, InvalidType, r"Law\.reach"),
        ({"rules": [a_rule()]}, InvalidType, r"Law\.rules"),
        ({"rules": (a_rule(), a_rule())}, InvalidValue, "give each code once"),
        ({"rules": (a_rule(reach=NO_LIMIT),)}, InvalidValue, r"rules\[0\]\.reach .* to the law"),
        ({"rights": (CLAUSE,)}, InvalidType, r"Law\.rights"),
        ({"unset": (1,)}, InvalidType, r"Law\.unset"),
        ({"left_out": "much"}, InvalidType, r"Law\.left_out"),
    ],
)
def test_a_law_is_checked(changes, error, message):
    """Each field names what it takes."""
    with pytest.raises(error, match=message):
        a_law(**changes)


def test_a_right_limits_something():
    """One limit or more, each a term."""
    with pytest.raises(InvalidValue, match="give one of deadline_at_most, first_term_at_most"):
        Right(clause=CLAUSE)
    with pytest.raises(InvalidType, match=r"Right\.renewal_at_most"):
        Right(clause=CLAUSE, renewal_at_most=30)
    with pytest.raises(InvalidType, match=r"Right\.missed"):
        Right(clause=CLAUSE, renewal_at_most=Term.months(1), missed="void")
    with pytest.raises(InvalidType, match=r"Right\.clause"):
        Right(clause="own.law", renewal_at_most=Term.months(1))


def test_a_law_lends_its_reach_to_its_rules():
    """Laid over a policy, each rule is for whom the law is for; nothing else of it changes."""
    reach = Reach(regions=frozenset({"FR"}))
    law = a_law(reach=reach, rules=(a_rule(), a_rule(code="other")))
    assert [rule.reach for rule in law.notices] == [reach, reach]
    assert tuple(attrs.evolve(rule, reach=None) for rule in law.notices) == law.rules


def test_a_law_cites_each_clause_once():
    """Those of its rules, its rights, and what is unset, in this order."""
    one, two, three = (Clause(f"own.{n}", "own", "-") for n in (1, 2, 3))
    law = a_law(
        rules=(a_rule(clause=two), a_rule(code="other", clause=two)),
        rights=(Right(clause=one, renewal_at_most=Term.months(1)),),
        unset=(three,),
    )
    assert law.clauses == (two, one, three)


# The samples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_a_sample_says_what_it_is(law):
    """Sample data, with a source, the day it was read, and a clause for all that it asks."""
    assert law.caution == CAUTION
    assert "not legal advice" in law.caution
    assert law.source.startswith("https://")
    assert law.checked_on == date(2026, 11, 23)
    assert law.rules or law.rights or law.unset
    place = law.id.partition("/")[0]
    assert {region.lower() for region in law.reach.regions} == {place}
    for clause in law.clauses:
        assert clause.id.startswith(f"{place}.")
        assert clause.heading
        assert clause.says.endswith(".")
    assert pickle.loads(pickle.dumps(law)) == law  # noqa: S301 - our own bytes
    assert hash(law) == hash(pickle.loads(pickle.dumps(law)))  # noqa: S301


def test_samples_do_not_clash():
    """All of them can be laid over one policy: no code and no clause twice."""
    codes = [rule.code for law in LAWS for rule in law.rules]
    assert len(set(codes)) == len(codes)
    cited = [clause.id for law in LAWS for clause in law.clauses]
    assert len(set(cited)) == len(cited)
    assert len({law.id for law in LAWS}) == len(LAWS) == 8


def window(law, code):
    """The window of one of its rules."""
    [rule] = [each for each in law.rules if each.code == code]
    return rule.anchor, rule.earliest, rule.latest


@pytest.mark.parametrize(
    ("law", "code", "anchor", "earliest", "latest"),
    [
        (
            france.L215_1,
            "fr-refusal",
            Anchor.CANCELLATION_DEADLINE,
            Offset(before=Term.months(3)),
            Offset(before=Term.months(1)),
        ),
        (
            california.ARL,
            "us-ca-renewal",
            Anchor.RENEWAL_DATE,
            Offset(before=Term.days(45)),
            Offset(before=Term.days(15)),
        ),
        (
            california.ARL,
            "us-ca-trial-end",
            Anchor.TERM_END,
            Offset(before=Term.days(21)),
            Offset(before=Term.days(3)),
        ),
        (
            california.AB_2863,
            "us-ca-price-change",
            Anchor.RENEWAL_DATE,
            Offset(before=Term.days(30)),
            Offset(before=Term.days(7)),
        ),
        (california.AB_2863, "us-ca-yearly-reminder", Anchor.PURCHASE, None, None),
        (
            new_york.GOL_5_903,
            "us-ny-refusal",
            Anchor.CANCELLATION_DEADLINE,
            Offset(before=Term.days(30)),
            Offset(before=Term.days(15)),
        ),
        (united_kingdom.DMCC_258, "gb-six-months-reminder", Anchor.PURCHASE, None, None),
        (india.E_MANDATE, "in-pre-debit", Anchor.RENEWAL_DATE, None, Offset(before=Term.days(2))),
    ],
)
def test_the_figures_of_the_samples(law, code, anchor, earliest, latest):
    """As the sources report them."""
    assert window(law, code) == (anchor, earliest, latest)


def test_what_follows_if_it_is_missed():
    """As the sources report it; unknown where they do not."""
    assert [law.rules[0].missed for law in (france.L215_1, california.ARL, new_york.GOL_5_903)] == [
        Missed.CUSTOMER_MAY_END_ANY_TIME,
        Missed.CHARGE_UNLAWFUL,
        Missed.RENEWAL_UNENFORCEABLE,
    ]
    assert {right.missed for right in germany.BGB_309_9.rights} == {Missed.CLAUSE_VOID}
    assert new_york.GOL_5_903.rules[0].medium == {Medium.IN_PERSON, Medium.CERTIFIED_LETTER}


def test_what_is_not_certain_is_unset():
    """No days of General Business Law 527-a, and no first day of the British act."""
    assert new_york.GBL_527_A.rules == ()
    assert [str(clause) for clause in new_york.GBL_527_A.unset] == ["us-ny.gbl-527-a"]
    assert united_kingdom.DMCC_258.reach.since == Since(on=None, basis=Basis.PURCHASE)
    assert [law.id for law in LAWS if law.unset] == ["us-ny/gbl-527-a"]
