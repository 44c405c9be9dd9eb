"""A policy is a value: its lists, its ladder and its clauses, checked once."""

import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew import clauses
from subrenew.clauses import CLAUSES, EXPIRED, MANUAL_WINDOW, OWN_CONDITION, Clause, clause
from subrenew.errors import InvalidType, InvalidValue
from subrenew.model.entities import AutoRenew, Channel, Kind, PaymentKind, Role, Subscription
from subrenew.model.terms import Term
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.parameters import (
    Access,
    Citation,
    EarlyRenewal,
    LateStart,
    Listing,
    Product,
    ProductList,
    RegionLink,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    TrialEnd,
    Way,
    product_key,
)
from subrenew.policy.stages import BackPay, LateFee, LateTerms, Loyalty
from subrenew.policy.vendors.autodesk import EDITION_2024, EDITION_2025_12

#: What describes the edition instead of stating policy.
DESCRIBING = {"id", "source", "verified_until", "clauses", "conditions", "cites"}


def policy(**changes: Any) -> RenewalPolicy:
    """Return a policy with these fields given."""
    return RenewalPolicy(**{"id": "vendor/1", **changes})


def stage(*lengths: StageLength, name: str = "expired") -> Stage:
    """Return a stage of these lengths."""
    return Stage(name=name, access=Access.FULL, lengths=lengths)


# Product lists (reading 8) --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "AutoCAD Web",
        "autocad web",
        "AUTOCAD WEB",
        "  AutoCAD   Web ",
        "AutoCAD\tWeb",
        "AutoCAD\u00a0Web",
        "AutoCAD\u3000Web",
        "\uff21\uff55\uff54\uff4f\uff23\uff21\uff24 \uff37\uff45\uff42",
        "ShotGrid",
        "shotgrid",
        "Flow Production Tracking",
        "AutoCAD LT avec outils CALS",
        "AUTOCAD LT WITH CALS TOOLS",
        "Build",
        "Autodesk Build",
        "Takeoff",
        "Arnold",
        "Assemble",
        "AutoCAD Inventor LT Suite",
        "Fusion 360 with EAGLE Standard",
        "Fusion 360 avec la norme EAGLE",
    ],
)
def test_excluded_by_code_or_alias(name: str) -> None:
    """A product is excluded by code or alias, whatever its case, width and blanks."""
    assert EDITION_2024.listing(name) is Listing.EXCLUDED


@pytest.mark.parametrize(
    "name",
    [
        "AutoCAD",
        "AutoCAD LT",
        "AutoCAD We",
        "AutoCAD Webs",
        "AutoCADWeb",
        "Auto CAD Web",
        "AutoCAD-Web",
        "Web",
        "Build 2",
        "Shot Grid",
        "Arnold Renderer",
        "Fusion 360",
        "",
    ],
)
def test_never_excluded_by_a_part_of_the_name(name: str) -> None:
    """A name that holds, or is held in, an excluded one is not excluded."""
    assert EDITION_2024.listing(name) is Listing.UNLISTED


@pytest.mark.parametrize(
    ("product_list", "eligible", "answer"),
    [
        (ProductList.OPEN, ("Maya",), Listing.ELIGIBLE),
        (ProductList.OPEN, (), Listing.UNLISTED),
        (ProductList.CLOSED, ("Maya",), Listing.ELIGIBLE),
        (ProductList.CLOSED, (), Listing.ELIGIBLE),
    ],
)
def test_a_product_on_no_list_of_excluded(
    product_list: ProductList, eligible: tuple[str, ...], answer: Listing
) -> None:
    """Where the list is open a product is eligible only if it is named; where closed, always."""
    found = policy(
        product_list=product_list,
        excluded_products=(Product(code="Web"),),
        eligible_products=tuple(Product(code=each) for each in eligible),
    )
    assert found.listing("MAYA") is answer
    assert found.listing("web") is Listing.EXCLUDED


def test_eligible_by_alias() -> None:
    """A product is eligible by an alias too."""
    maya = Product(code="MY", aliases=frozenset({"Maya"}))
    found = policy(product_list=ProductList.OPEN, eligible_products=(maya,))
    assert [found.listing(name) for name in ("my", "maya", "m")] == [
        Listing.ELIGIBLE,
        Listing.ELIGIBLE,
        Listing.UNLISTED,
    ]


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_keys_of_products_are_stable(name: str) -> None:
    """A key is its own key, and case and outer blanks make no other."""
    key = product_key(name)
    assert product_key(key) == product_key(name.upper()) == product_key(f" {name}\n") == key


@pytest.mark.parametrize(
    ("one", "other"), [("Straße", "STRASSE"), ("Café", "Cafe\u0301"), ("ﬁle", "file"), ("Σ", "ς")]
)
def test_keys_of_products_fold_unicode(one: str, other: str) -> None:
    """Ligatures, combining accents and letters with two small forms make one key."""
    assert product_key(one) == product_key(other)


def test_the_lists_follow_a_changed_policy() -> None:
    """A changed list is looked up at once, and the policy it came from is as before."""
    changed = EDITION_2024.evolve(excluded_products=(Product(code="Maya"),))
    assert changed.listing("Maya") is Listing.EXCLUDED
    assert changed.listing("AutoCAD Web") is Listing.UNLISTED
    assert EDITION_2024.listing("AutoCAD Web") is Listing.EXCLUDED


# Stages after expiry (reading 16) -------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "days"),
    [
        (Term.days(1), 1),
        (Term.days(31), 1),
        (Term.months(1), 1),
        (Term.days(32), 2),
        (Term.months(2), 2),
        (Term.months(3), 2),
        (Term.days(92), 2),
        (Term.days(93), 3),
        (Term.months(4), 3),
        (Term.years(3), 3),
    ],
)
def test_a_stage_is_as_long_as_the_term_says(term: Term, days: int) -> None:
    """A stage's length is that of the shortest limit that the term does not exceed."""
    found = stage(
        StageLength(up_to=Term.months(1), days=1),
        StageLength(up_to=Term.months(3), days=2),
        StageLength(days=3),
    )
    assert found.days_for(term) == days
    assert policy(stages=(found,)).late_days(term) == days


def test_stages_follow_each_other() -> None:
    """The days of all stages add up; without a stage none is left."""
    assert policy().late_days(Term.years(1)) == 0
    assert EDITION_2024.late_days(Term.years(1)) == 0
    assert EDITION_2025_12.late_days(Term.years(1)) == 45
    assert EDITION_2025_12.late_days(Term.months(1)) == 30
    assert [each.access for each in EDITION_2025_12.stages] == [Access.FULL, Access.NONE]


@pytest.mark.parametrize(
    ("lengths", "remedy"),
    [
        ((), "end with a length for every longer term"),
        ((StageLength(up_to=Term.months(1), days=1),), "end with a length for every longer term"),
        ((StageLength(days=1), StageLength(days=2)), "give the shortest terms first"),
        (
            (
                StageLength(days=1),
                StageLength(up_to=Term.months(1), days=1),
                StageLength(days=2),
            ),
            "give the shortest terms first",
        ),
        (
            (
                StageLength(up_to=Term.years(1), days=1),
                StageLength(up_to=Term.months(1), days=1),
                StageLength(days=2),
            ),
            "give the shortest terms first",
        ),
        (
            (
                StageLength(up_to=Term.months(1), days=1),
                StageLength(up_to=Term.days(31), days=1),
                StageLength(days=2),
            ),
            "give the shortest terms first",
        ),
    ],
)
def test_lengths_of_a_stage_ascend(lengths: tuple[StageLength, ...], remedy: str) -> None:
    """Lengths go from the shortest term to a last one for every longer term."""
    with pytest.raises(InvalidValue, match=remedy):
        stage(*lengths)


# Regions (reading 10) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "way"),
    [
        ("FR", Way.ACCOUNT),
        ("fr", Way.ACCOUNT),
        (" FR ", Way.ACCOUNT),
        ("JP", Way.UNKNOWN),
        ("F", Way.UNKNOWN),
        ("", Way.UNKNOWN),
        (None, Way.UNKNOWN),
    ],
)
def test_the_way_of_a_region(region: str | None, way: Way) -> None:
    """A named region has its way; any other, and none, is unknown and never a no."""
    assert EDITION_2024.term_change_way(region) is way


@pytest.mark.parametrize("way", Way)
def test_each_way_is_told(way: Way) -> None:
    """Whatever way a policy names for a region is the answer."""
    found = policy(term_change_ways=(RegionWays(region="Nordics", way=way),))
    assert found.term_change_way("NORDICS") is way


# The policy as a value ------------------------------------------------------------------------


def test_evolve_changes_what_is_named() -> None:
    """A changed policy differs in the fields named and in nothing else."""
    changed = EDITION_2024.evolve(id="v/2", window_opens_days=120)
    differing = {
        field.name
        for field in attrs.fields(RenewalPolicy)
        if field.init and getattr(changed, field.name) != getattr(EDITION_2024, field.name)
    }
    assert differing == {"id", "window_opens_days"}
    assert changed.evolve(id="autodesk/2024", window_opens_days=90) == EDITION_2024


def test_evolve_checks_as_well() -> None:
    """A change is checked as a new policy is, and an unknown field is refused."""
    with pytest.raises(InvalidValue, match=r"RenewalPolicy\.window_opens_days"):
        EDITION_2024.evolve(window_opens_days=-1)
    with pytest.raises(TypeError, match="window_open_days"):
        EDITION_2024.evolve(window_open_days=90)


def test_policies_are_equal_by_value() -> None:
    """The same fields make the same policy, as key and after pickling."""
    for each in (EDITION_2024, EDITION_2025_12, policy()):
        twin = pickle.loads(pickle.dumps(each))  # noqa: S301 - our own bytes
        assert twin == each
        assert hash(twin) == hash(each)
        assert twin.listing("AutoCAD Web") is each.listing("AutoCAD Web")
    assert EDITION_2024 != EDITION_2025_12
    assert policy() == RenewalPolicy(id="vendor/1")


def test_a_policy_is_in_force_whenever_it_is_named() -> None:
    """Who names one edition has chosen it, whatever the day."""
    subscription = Subscription(
        id="S-1", product="CAD", term=Term.years(1), starts_on=date(2024, 1, 31)
    )
    for day in (date(1900, 1, 1), date(2024, 1, 31), date(9000, 12, 31)):
        assert EDITION_2024.in_force(subscription, on=day) is EDITION_2024


def test_what_a_page_does_not_say_is_unset() -> None:
    """A policy with a name alone claims nothing: no window, no roles, no trial that ends."""
    bare = policy()
    assert (bare.saving_floor_rate, bare.price_excluded_up_to, bare.stages) == (None, None, ())
    assert (bare.window_opens_days, bare.opening, bare.catch_up_days) == (None, None, 0)
    assert (bare.trials, bare.auto_renew_default, bare.late_start) == (None, None, None)
    assert (bare.managed_roles, bare.unmanaged_roles, bare.switch_roles) == (None, None, None)
    assert (bare.early_renewal, bare.product_list) == (EarlyRenewal.NOT_ALLOWED, ProductList.CLOSED)
    assert bare.partner_channels == frozenset({Channel.PARTNER})
    assert (bare.cites, bare.uncited()) == ((), ())
    assert Stage(name="a", lengths=(StageLength(days=1),)).access is Access.UNKNOWN


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"id": ""}, InvalidValue, "id"),
        ({"source": 1}, InvalidType, "source"),
        ({"verified_until": "2024"}, InvalidType, "verified_until"),
        ({"clauses": ("channel",)}, InvalidType, r"clauses\[0\]"),
        ({"window_opens_days": -1}, InvalidValue, "window_opens_days"),
        ({"window_opens_days": 3661}, InvalidValue, "window_opens_days"),
        ({"window_opens_days": True}, InvalidType, "window_opens_days"),
        ({"window_opens_days": "90"}, InvalidType, "window_opens_days"),
        ({"trials": "ends"}, InvalidType, "trials"),
        ({"trials": True}, InvalidType, "trials"),
        ({"trials": Kind.TRIAL}, InvalidType, "trials"),
        ({"catch_up_days": -1}, InvalidValue, "catch_up_days"),
        ({"catch_up_days": 367}, InvalidValue, "catch_up_days"),
        ({"catch_up_days": None}, InvalidType, "catch_up_days"),
        ({"catch_up_days": True}, InvalidType, "catch_up_days"),
        ({"catch_up_days": 7.0}, InvalidType, "catch_up_days"),
        ({"stages": [stage(StageLength(days=1))]}, InvalidType, "stages"),
        ({"late_start": "old-end"}, InvalidType, "late_start"),
        ({"late_start": AutoRenew.ON}, InvalidType, "late_start"),
        ({"early_renewal": True}, InvalidType, "early_renewal"),
        ({"auto_renew_default": "on"}, InvalidType, "auto_renew_default"),
        ({"product_list": None}, InvalidType, "product_list"),
        ({"manual_payment_kinds": frozenset({1})}, InvalidType, "manual_payment_kinds"),
        ({"partner_channels": frozenset({"partner"})}, InvalidType, "partner_channels"),
        ({"managed_roles": frozenset()}, InvalidValue, "managed_roles"),
        ({"unmanaged_roles": frozenset()}, InvalidValue, "unmanaged_roles"),
        ({"managed_roles": (Role.OWNER,)}, InvalidType, "managed_roles"),
        ({"unmanaged_roles": frozenset({1})}, InvalidType, "unmanaged_roles"),
        ({"switch_roles": [Role.OWNER]}, InvalidType, "switch_roles"),
        ({"saving_floor_rate": 0.05}, InvalidType, "saving_floor_rate"),
        ({"saving_floor_rate": Decimal(5)}, InvalidValue, "saving_floor_rate"),
        ({"price_excluded_up_to": "P1M"}, InvalidType, "price_excluded_up_to"),
        ({"excluded_products": ("CAD",)}, InvalidType, r"excluded_products\[0\]"),
        ({"eligible_products": Product(code="CAD")}, InvalidType, "eligible_products"),
        ({"term_change_ways": (("FR", Way.ACCOUNT),)}, InvalidType, r"term_change_ways\[0\]"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_fields_are_checked(changes: dict[str, Any], error: type[InvalidValue], told: str) -> None:
    """Each field is refused by name where it is of another type or out of its range."""
    with pytest.raises(error, match=rf"^RenewalPolicy\.{told} is "):
        policy(**changes)


def test_a_product_is_on_one_list_only() -> None:
    """A product on both lists, by alias, case or width, is a contradiction."""
    with pytest.raises(InvalidValue, match="'web': it is on the excluded list too"):
        policy(
            excluded_products=(Product(code="Web"),),
            eligible_products=(Product(code="W", aliases=frozenset({"\uff37EB"})),),
        )


def test_a_region_is_named_once() -> None:
    """A region with two ways is a contradiction, in whatever case."""
    ways = (RegionWays(region="FR", way=Way.ACCOUNT), RegionWays(region="fr", way=Way.NEITHER))
    with pytest.raises(InvalidValue, match="'fr': name each one once"):
        policy(term_change_ways=ways)


def test_a_stage_is_named_once() -> None:
    """Two stages of one name are a contradiction, two of different names are a ladder."""
    first, second = stage(StageLength(days=1)), stage(StageLength(days=1), name="suspended")
    assert policy(stages=(first, second)).late_days(Term.years(1)) == 2
    with pytest.raises(InvalidValue, match="'expired': name each one once"):
        policy(stages=(first, first))


@pytest.mark.parametrize("days", [0, 1, 3660])
def test_the_window_at_its_limits(days: int) -> None:
    """A window of none to 3,660 days is taken."""
    assert policy(window_opens_days=days).window_opens_days == days


@pytest.mark.parametrize("days", [0, 1, 365, 366])
def test_the_catch_up_at_its_limits(days: int) -> None:
    """A run may be up to 366 days late; 0 is the renewal date alone."""
    assert policy(catch_up_days=days).catch_up_days == days


@pytest.mark.parametrize(
    "changes",
    [
        *({"trials": each} for each in (*TrialEnd, None)),
        *({"late_start": each} for each in (*LateStart, None)),
        *({"auto_renew_default": each} for each in (*AutoRenew, None)),
        {"window_opens_days": None},
        {"managed_roles": None, "unmanaged_roles": None, "switch_roles": None},
    ],
    ids=str,
)
def test_what_may_be_unset_is_taken_set_and_unset(changes: dict[str, Any]) -> None:
    """Each choice is taken, and so is none."""
    made = policy(**changes)
    assert {name: getattr(made, name) for name in changes} == changes


# Citations ------------------------------------------------------------------------------------

WINDOW = Clause("own.window", "renewing", "It opens 30 days before the end.")
LATE = Clause("own.late", "renewing", "It is renewed for 10 days more.")
THEN = Clause("own.then", "renewing", "After that it is over.")
TWO = (
    Stage(name="a", lengths=(StageLength(days=5),), clause=LATE),
    Stage(name="b", lengths=(StageLength(days=5),), clause=THEN),
)


def test_a_parameter_cites_a_clause() -> None:
    """What a policy cites for a parameter stands before the vocabulary's entry."""
    made = policy(window_opens_days=30, cites={"window_opens_days": WINDOW})
    assert made.cites == (Citation(parameter="window_opens_days", clause=WINDOW),)
    assert made.citation("window_opens_days", MANUAL_WINDOW) == (WINDOW, True)
    assert made.citation("stages", EXPIRED) == (EXPIRED, False)
    assert made.citation(None, EXPIRED) == (EXPIRED, False)
    assert made.uncited() == ()


def test_the_order_of_citations_means_nothing() -> None:
    """Two policies that cite the same are equal, as a mapping or as a tuple."""
    both = {"window_opens_days": WINDOW, "stages": THEN}
    one, other = policy(cites=both), policy(cites=dict(reversed(both.items())))
    assert one == other
    assert hash(one) == hash(other)
    assert policy(cites=one.cites[::-1]) == one


def test_the_vocabulary_is_a_policys_own_where_it_takes_it_over() -> None:
    """A clause of the source that is among the policy's clauses is no general one."""
    made = policy(window_opens_days=30, clauses=(MANUAL_WINDOW,))
    assert made.citation("window_opens_days", MANUAL_WINDOW) == (MANUAL_WINDOW, True)
    assert made.uncited() == ()
    assert EDITION_2024.citation("stages", EXPIRED) == (EXPIRED, True)
    assert EDITION_2024.citation("conditions", OWN_CONDITION) == (OWN_CONDITION, False)


def test_a_value_that_cites_needs_no_other_citation() -> None:
    """A stage is cited by itself, what follows the last one by the last, unless it is said."""
    made = policy(stages=TWO)
    assert made.uncited() == ()
    assert made.citation("stages", EXPIRED, LATE) == (LATE, True)
    assert made.citation("stages", EXPIRED) == (THEN, True)
    said = made.evolve(cites={"stages": WINDOW})
    assert said.citation("stages", EXPIRED) == (WINDOW, True)
    assert policy(stages=(TWO[0], stage(StageLength(days=1)))).uncited() == ("stages",)


def test_of_several_values_one_is_cited_only_where_they_agree() -> None:
    """Which of two conditions it was, the parameter alone does not say."""
    bars = frozenset({Barred.RENEWAL})
    one = Condition(code="one", message="One.", bars=bars, clause=LATE)
    same, other = attrs.evolve(one, code="same"), attrs.evolve(one, code="two", clause=THEN)
    general = (OWN_CONDITION, False)
    assert policy(conditions=(one, same)).citation("conditions", OWN_CONDITION) == (LATE, True)
    assert policy(conditions=(one, other)).citation("conditions", OWN_CONDITION) == general
    assert policy().citation("conditions", OWN_CONDITION) == general
    with pytest.raises(InvalidType, match=r"^Condition\.clause is 'late'"):
        attrs.evolve(one, clause="late")


def test_what_is_set_and_not_cited_is_listed() -> None:
    """In the order of the fields; what is at its default is not set."""
    made = policy(catch_up_days=7, window_opens_days=30, trials=TrialEnd.ENDS, stages=())
    assert made.uncited() == ("window_opens_days", "trials", "catch_up_days")


@pytest.mark.parametrize(
    ("cites", "error", "told"),
    [
        ("window", InvalidType, r"^RenewalPolicy\.cites is 'window': give a mapping"),
        (None, InvalidType, r"^RenewalPolicy\.cites is None: give a mapping"),
        ([("stages", LATE)], InvalidType, r"^RenewalPolicy\.cites is .*: give a mapping"),
        ((("stages", LATE),), InvalidType, r"^RenewalPolicy\.cites is .*: give a mapping"),
        ({7: LATE}, InvalidType, r"^RenewalPolicy\.cites is 7: name a parameter"),
        ({"stages": "late"}, InvalidType, r"^RenewalPolicy\.cites\['stages'\] is 'late'"),
        ({"stages": None}, InvalidType, r"^RenewalPolicy\.cites\['stages'\] is None: give a"),
        ({"windw": LATE}, InvalidValue, r"^RenewalPolicy\.cites is 'windw': name a parameter"),
        ({"id": LATE}, InvalidValue, r"^RenewalPolicy\.cites is 'id': name a parameter"),
        (
            (
                Citation(parameter="stages", clause=LATE),
                Citation(parameter="stages", clause=THEN),
            ),
            InvalidValue,
            r"^RenewalPolicy\.cites is 'stages': cite each parameter once",
        ),
    ],
    ids=str,
)
def test_a_wrong_citation_is_named(cites: Any, error: type[InvalidValue], told: str) -> None:
    """Field, value and remedy, whatever is wrong with it."""
    with pytest.raises(error, match=told):
        policy(cites=cites)


@pytest.mark.parametrize(
    ("parameter", "clause", "told"), [("", LATE, "parameter"), ("stages", "late", "clause")]
)
def test_a_citation_is_checked(parameter: Any, clause: Any, told: str) -> None:
    """A citation has a name and a clause."""
    with pytest.raises(InvalidValue, match=rf"^Citation\.{told} is "):
        Citation(parameter=parameter, clause=clause)


# Clauses --------------------------------------------------------------------------------------


def test_every_field_that_states_policy_is_cited() -> None:
    """Each parameter carries clauses, and only what describes the edition carries none."""
    fields = {field.name for field in attrs.fields(RenewalPolicy) if field.init}
    assert set(RenewalPolicy.cited()) == fields - DESCRIBING


def test_what_is_cited_are_clauses_of_the_source() -> None:
    """Every citation is a binding clause of the source, given once."""
    for name, cited in RenewalPolicy.cited().items():
        assert cited, name
        assert len(set(cited)) == len(cited)
        for each in cited:
            assert each in CLAUSES
            assert each.binding


def test_the_clauses_are_the_modules_own() -> None:
    """The tuple holds every clause of the module, in its order, each identifier once."""
    named = tuple(value for value in vars(clauses).values() if isinstance(value, Clause))
    assert named == (*CLAUSES, clauses.OWN_CONDITION)
    assert len({each.id for each in CLAUSES}) == len(CLAUSES)


@pytest.mark.parametrize("each", CLAUSES, ids=str)
def test_a_clause_is_found_by_its_identifier(each: Clause) -> None:
    """An identifier finds its clause, is its text, and the clause says one sentence."""
    assert clause(each.id) is each
    assert str(each) == each.id
    assert each.says.endswith(".")
    assert each.heading


def test_an_unknown_clause_is_an_error() -> None:
    """An identifier that the source does not have is a KeyError."""
    with pytest.raises(KeyError, match=r"manual\.windows"):
        clause("manual.windows")


def test_the_editions_name_known_kinds_and_roles() -> None:
    """The vendor's editions use members of the enums, so that no spelling can slip in."""
    for each in (EDITION_2024, EDITION_2025_12):
        assert {type(kind) for kind in each.manual_payment_kinds} == {PaymentKind}
        assert {type(role) for role in each.managed_roles | each.unmanaged_roles} == {Role}


# Orders and purchases -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("FR", "https://vendor.example/fr"),
        (" fr", "https://vendor.example/fr"),
        ("Nordics", "https://vendor.example/nordics"),
        ("F", None),
        ("", None),
        (None, None),
    ],
)
def test_the_link_of_a_region(region: str | None, url: str | None) -> None:
    """A named region has its link; any other, and none, has no link."""
    links = (
        RegionLink(region="FR", url="https://vendor.example/fr"),
        RegionLink(region="Nordics", url="https://vendor.example/nordics"),
    )
    assert policy(order_links=links).order_link(region) == url


@pytest.mark.parametrize(("most", "taken"), [(0, 0), (1, 1), (10_000, 1), (10_001, 0), (None, 1)])
def test_a_purchase_has_a_line_at_least(most: int | None, *, taken: int) -> None:
    """A limit of lines is 1 to 10,000, or there is none."""
    if taken:
        assert policy(cart_most_lines=most).cart_most_lines == most
        return
    with pytest.raises(InvalidValue, match=r"cart_most_lines .* from 1 to 10000"):
        policy(cart_most_lines=most)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cart_groups": frozenset({"currency"})}, "give a frozenset of GroupKey only"),
        ({"cart_most_lines": True}, "cart_most_lines is True"),
        ({"order_reset_link": 1}, "order_reset_link is 1"),
        ({"order_links": (("FR", "https://vendor.example"),)}, r"order_links\[0\]"),
    ],
    ids=["groups", "lines", "reset", "links"],
)
def test_fields_of_orders_are_checked(changes: dict[str, Any], told: str) -> None:
    """What a policy says of orders and purchases is refused by name as all else is."""
    with pytest.raises(InvalidType, match=told):
        policy(**changes)


@pytest.mark.parametrize(
    ("terms", "uncited"),
    [
        ({}, ()),
        ({"clause": WINDOW}, ()),
        ({"back_pay": BackPay.UNPAID_DAYS}, ("late_terms",)),
        ({"loyalty": Loyalty.LOST}, ("late_terms",)),
        ({"fees": (LateFee(rate=Decimal("0.1")),)}, ("late_terms",)),
    ],
)
def test_late_terms_of_fees_alone_are_cited_by_them(
    terms: dict[str, Any], uncited: tuple[str, ...]
) -> None:
    """Whatever else they say, and a fee that cites nothing, needs a clause of its own."""
    fees = (LateFee(rate=Decimal("0.1"), clause=LATE),)
    made = policy(late_terms=LateTerms(**{"fees": fees} | terms))
    assert made.uncited() == uncited
