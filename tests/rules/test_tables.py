"""The tables are proved: total, without dead ends, every bar and fact needed, every cell met."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import product
from typing import Any

import attrs
import pytest

from subrenew import (
    EVERYBODY,
    Access,
    Account,
    Actor,
    AtRenewal,
    AutoRenew,
    BackPay,
    Cell,
    Channel,
    ConsentRule,
    EarlyRenewal,
    History,
    IncreaseLimit,
    InvalidValue,
    Kind,
    LadderStart,
    LateStart,
    LateTerms,
    Money,
    Order,
    Product,
    ProductList,
    Reduction,
    RegionWays,
    RenewalPolicy,
    RenewalRate,
    Role,
    Scope,
    Secret,
    Silence,
    Stage,
    StageLength,
    StagePrice,
    StageRenewal,
    Subscription,
    Term,
    TrialEnd,
    Tries,
    Way,
    WindowRule,
    order_access,
    tables,
)
from subrenew.policy.conditions import Barred, Condition
from subrenew.policy.pricing import LoyaltyTier, Stacking
from subrenew.policy.vendors import (
    adobe,
    apple,
    autodesk,
    city_licences,
    google_play,
    icann,
    jetbrains,
    microsoft,
    solidworks,
)
from subrenew.rules.discounts import DiscountAsked
from subrenew.rules.facts import (
    ConsentPolicy,
    Facts,
    Frequency,
    Password,
    Prefilled,
    Proof,
    Rise,
    Situation,
    SwitchTime,
    Told,
)
from subrenew.rules.increases import IncreaseAsked
from subrenew.rules.questions import Question, cells
from subrenew.rules.tables import (
    QUESTIONS,
    DecisionTable,
    faults,
    members,
    question_named,
    situation,
    table,
)
from subrenew.rules.term_changes import TermChangeAsked
from tests.makers import (
    ANNUAL,
    INVOICE,
    LONG_AGO,
    MONTHLY,
    PAYPAL,
    WIRE,
    a_list,
    a_subscription,
)

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
EXPIRES_ON = date(2026, 1, 1)

#: The policies of other vendors, which were written without this test in mind.
EDITIONS_OF = {
    name: value
    for module in (
        adobe,
        apple,
        city_licences,
        google_play,
        icann,
        jetbrains,
        microsoft,
        solidworks,
    )
    for name, value in vars(module).items()
    if isinstance(value, RenewalPolicy)
}
LIMIT = IncreaseLimit(rate=Decimal("0.5"))
CONSENTS = {
    "always": ConsentRule(),
    "beyond a rate": ConsentRule(limits=(LIMIT,), silence=Silence.RENEWS_AT_OLD_PRICE),
    "of no rise": ConsentRule(limits=(IncreaseLimit(rate=Decimal(0)),)),
    "in time": ConsentRule(notice_days=30, silence=Silence.RENEWS_AT_NEW_PRICE),
    "not too often": ConsentRule(limits=(LIMIT,), not_more_often_than=ANNUAL, notice_days=1),
}
FLAG = Condition(code="flag", message="A flag is up.", bars=frozenset(Barred))


def _loyalty(rate: str, from_renewals: int = 1) -> tuple[LoyaltyTier, ...]:
    return (LoyaltyTier(from_renewals=from_renewals, rate=Decimal(rate)),)


def _stage(name: str, days: int, **changes: Any) -> Stage:
    fields = {"lengths": (StageLength(days=days),), "access": Access.NONE}
    return Stage(name=name, **fields | changes)


OVER = StageRenewal.OVER
LONG = (_stage("long", 40),)
REDEEM = (_stage("redeem", 9, price=StagePrice.RENEWAL),)
SHORT = _stage("short", 9, lengths=(StageLength(up_to=MONTHLY, days=9), StageLength(days=0)))
FR_TO_YEARS = RegionWays(region="FR", way=Way.ACCOUNT, to=frozenset({ANNUAL}))
FR_OF_MONTHS = RegionWays(region="FR", way=Way.SUPPORT, of=frozenset({MONTHLY}))
FR_ELSE = RegionWays(region="FR", way=Way.SUPPORT)
FR_CROSS = RegionWays(region="FR", way=Way.ACCOUNT, of=frozenset({MONTHLY}), to=frozenset({ANNUAL}))
NOT_OURS = Scope(offers=frozenset({"edu"}))
BARE = RenewalPolicy(id="v/1")

_PLAIN = (
    OLD,
    NEW,
    BARE,
    *(EDITIONS_OF[name] for name in EDITIONS_OF),
    NEW.evolve(id="early", early_renewal=EarlyRenewal.ALLOWED),
    NEW.evolve(id="no window", window_opens_days=0),
    NEW.evolve(id="any day", window_opens_days=None),
    OLD.evolve(id="a rule", window_rules=(WindowRule(scope=NOT_OURS, opens_days=9),)),
    OLD.evolve(
        id="a rule for all, and none behind it",
        window_opens_days=None,
        window_rules=(
            WindowRule(scope=EVERYBODY, opens_days=0),
            WindowRule(scope=NOT_OURS, opens_days=9),
        ),
    ),
    BARE.evolve(id="a rule alone", window_rules=(WindowRule(scope=NOT_OURS, opens_days=9),)),
    OLD.evolve(id="trials go on", trials=TrialEnd.GOES_ON, catch_up_days=0),
    OLD.evolve(id="trials unknown", trials=None),
    OLD.evolve(id="no roles", managed_roles=None, unmanaged_roles=None),
    OLD.evolve(id="owners alone", managed_roles=None),
    OLD.evolve(
        id="payers switch", managed_roles=frozenset({"payer"}), switch_roles=frozenset({"payer"})
    ),
    BARE.evolve(id="switch roles", switch_roles=frozenset({"payer"})),
    *(OLD.evolve(id=f"closes {days}", switch_closes_days=days) for days in (0, 1, 2)),
    BARE.evolve(id="trials close", switch_closes_days=9, trials=TrialEnd.GOES_ON),
    *(
        OLD.evolve(id=f"late from {start}", stages=LONG, late_start=start)
        for start in (None, *LateStart)
    ),
    *(
        OLD.evolve(id=f"cancelled from {start}", cancelled_stages=REDEEM, late_start=start)
        for start in (None, *LateStart)
    ),
    *(
        OLD.evolve(id=f"ladder from {start}", stages=LONG, ladder_start=start)
        for start in LadderStart
    ),
    *(
        OLD.evolve(
            id=f"a day from {start}",
            stages=(_stage("day", 1),),
            ladder_start=start,
            late_start=LateStart.OLD_END,
        )
        for start in LadderStart
    ),
    OLD.evolve(
        id="a day after others",
        stages=(_stage("gap", 3, renewal=OVER),),
        cancelled_stages=(_stage("day", 1),),
        late_start=LateStart.OLD_END,
    ),
    OLD.evolve(id="two days", stages=(_stage("two", 2),), late_start=LateStart.OLD_END),
    OLD.evolve(id="missed", stages=LONG, late_terms=LateTerms(back_pay=BackPay.MISSED_TERMS)),
    OLD.evolve(id="short terms only", stages=(SHORT,), cancelled_stages=(_stage("c", 3),)),
    OLD.evolve(id="like a renewal", stages=REDEEM),
    OLD.evolve(id="not at all", stages=(_stage("gone", 9, renewal=OVER),)),
    OLD.evolve(id="no partner", partner_channels=frozenset()),
    OLD.evolve(id="partners only", partner_channels=frozenset(Channel)),
    NEW.evolve(id="closed", product_list=ProductList.CLOSED),
    OLD.evolve(id="all named", eligible_products=(Product(code="CAD"),)),
    OLD.evolve(id="none excluded", excluded_products=()),
    NEW.evolve(id="monthly too", price_excluded_up_to=None),
    NEW.evolve(id="floor of zero", saving_floor_rate=Decimal(0)),
    OLD.evolve(id="nowhere", term_change_ways=()),
    NEW.evolve(
        id="every way",
        term_change_ways=tuple(RegionWays(region=way.value, way=way) for way in Way),
    ),
    OLD.evolve(id="to years", term_change_ways=(FR_TO_YEARS,)),
    OLD.evolve(id="to years or else", term_change_ways=(FR_TO_YEARS, FR_ELSE)),
    OLD.evolve(id="of months", term_change_ways=(FR_OF_MONTHS,)),
    OLD.evolve(id="months to years", term_change_ways=(FR_CROSS,)),
    OLD.evolve(id="months to years, always", term_change_ways=(FR_CROSS,), renews_to=ANNUAL),
    OLD.evolve(id="always months", term_change_ways=(FR_TO_YEARS,), renews_to=MONTHLY),
    NEW.evolve(id="stacking", stacking=Stacking.ALL),
    OLD.evolve(id="loyalty", loyalty=_loyalty("0.3"), eligible_products=(Product(code="CAD"),)),
    OLD.evolve(id="loyalty at the floor", loyalty=_loyalty("0.05")),
    NEW.evolve(id="loyalty without a floor", loyalty=_loyalty("0.01")),
    NEW.evolve(id="loyalty of nothing", loyalty=_loyalty("0")),
    OLD.evolve(id="loyalty for all", loyalty=_loyalty("0.3", 0)),
    *(OLD.evolve(id=f"consent {name}", consent=rule) for name, rule in CONSENTS.items()),
)
#: Where a condition can be raised beside everything else.
_FLAGGED = (OLD.id, NEW.id, BARE.id, "early", "trials go on", "late from None", "every way")
POLICIES: dict[str, RenewalPolicy] = {each.id: each for each in _PLAIN} | {
    f"{name}, flagged": plain.evolve(id=f"{name}, flagged", conditions=(FLAG,))
    for plain in _PLAIN
    if (name := plain.id) in _FLAGGED
}
#: Whatever a policy can say, said at once; more cells than a person would review.
_EVERYTHING = BARE.evolve(
    id="everything",
    conditions=(FLAG,),
    trials=TrialEnd.GOES_ON,
    window_rules=(WindowRule(scope=NOT_OURS, opens_days=9),),
    early_renewal=EarlyRenewal.ALLOWED,
    managed_roles=frozenset({Role.PURCHASER}),
    switch_closes_days=9,
    stages=LONG,
    cancelled_stages=REDEEM,
    ladder_start=LadderStart.EARLIER,
    term_change_ways=tuple(RegionWays(region=way.value, way=way) for way in Way),
    excluded_products=OLD.excluded_products,
    eligible_products=(Product(code="CAD"),),
    product_list=ProductList.OPEN,
    price_excluded_up_to=MONTHLY,
    consent=ConsentRule(limits=(LIMIT,), not_more_often_than=ANNUAL, notice_days=30),
)
_ALL = (
    _EVERYTHING,
    _EVERYTHING.evolve(
        id="everything, at the old end",
        late_start=LateStart.OLD_END,
        window_opens_days=90,
        early_renewal=EarlyRenewal.NOT_ALLOWED,
        consent=attrs.evolve(_EVERYTHING.consent, silence=Silence.RENEWS_AT_OLD_PRICE),
    ),
    _EVERYTHING.evolve(
        id="everything, on the day",
        late_start=LateStart.RENEWAL_DAY,
        consent=attrs.evolve(_EVERYTHING.consent, silence=Silence.RENEWS_AT_NEW_PRICE),
    ),
)
EVERY = POLICIES | {each.id: each for each in _ALL}
#: Enough of them for what takes long: merging rows tries every order of the facts.
SOME: dict[str, RenewalPolicy | None] = {
    "all": None,
    **{name: POLICIES[name] for name in (OLD.id, NEW.id, "early, flagged", "every way")},
}
NOBODY, PAYER = Actor(id="P-1"), Actor(id="P-2", roles=frozenset({"payer"}))
MANAGED = Account(id="A-1", managed=True)
LAPSED = attrs.evolve(PAYPAL, valid_through=date(2025, 1, 1))
WAS_OFF = AtRenewal(auto_renew=AutoRenew.OFF)
WAS_ON = AtRenewal(auto_renew=AutoRenew.ON, payment_method=PAYPAL)


#: A charge before the renewal date, which fails and is tried again.
BEFORE = EXPIRES_ON - timedelta(days=1)


def _days(*shifts: int) -> list[date]:
    return [EXPIRES_ON + timedelta(days=shift) for shift in shifts]


#: Before the term; early, after a cancellation, in the window; pending, late, over for good.
DAYS = _days(-400, -200, -28, -5, -1, 0, 1, 3, 10, 20, 4500)


def _late(policy: RenewalPolicy) -> bool:
    return bool(policy.stages or policy.cancelled_stages)


def _flags(policy: RenewalPolicy) -> set[frozenset[str]]:
    return {frozenset(), frozenset(each.code for each in policy.conditions)}


def _cancelled(policy: RenewalPolicy) -> list[date | None]:
    """Never, within the term, at its end and after its end, where there is a ladder."""
    return [None, *_days(-30), *(_days(0, 3) if _late(policy) else [])]


def _histories(policy: RenewalPolicy) -> list[History]:
    unpaid = _days(-6, 3) if policy.ladder_start is not LadderStart.TERM_END else []
    offers = ("edu",) if policy.window_rules else ()
    found = [
        History(),
        *(History(unpaid_since=day) for day in unpaid),
        *(History(offer=offer) for offer in offers),
        *(History(renewed_on=day) for day in (_days(0, 3) if _late(policy) else [])),
    ]
    return [*found, *(attrs.evolve(each, failed_charges=1, failed_on=BEFORE) for each in found)]


def _lived(policy: RenewalPolicy) -> Iterator[Subscription]:
    """Of everything that bears on days and on who renews it, each with each."""
    channels, flags = (Channel.ACCOUNT, Channel.PARTNER), _flags(policy)
    terms = (ANNUAL, MONTHLY) if _late(policy) else (ANNUAL,)
    converted = History(converted_on=EXPIRES_ON - timedelta(days=100))
    pasts = (History(), converted, History(failed_charges=1, failed_on=BEFORE))
    trials = product((ANNUAL,), (None,), [None, *_days(-30)], pasts)
    next_terms = (None, Term.days(1)) if _late(policy) else (None,)
    paid = product(terms, next_terms, _cancelled(policy), _histories(policy))
    for kind, lives in ((Kind.TRIAL, trials), (Kind.PAID, paid)):
        for (term, next_term, cancelled_on, history), channel, raised in product(
            lives, channels, flags
        ):
            begins = _days(-365 if term == ANNUAL else -31)[0]
            yield a_subscription(
                kind=kind,
                term=term,
                starts_on=begins,
                next_term=next_term,
                channel=channel,
                cancelled_on=cancelled_on,
                conditions=raised,
                history=history,
            )


def _renewability(policy: RenewalPolicy) -> Iterator[tuple[Any, ...]]:
    settings = [
        {"payment_method": method, "auto_renew": switch}
        for method, switch in product((None, PAYPAL, WIRE, INVOICE, LAPSED), AutoRenew)
    ]
    changed = [{**each, "at_renewal": WAS_OFF} for each in settings] if _late(policy) else []
    for held, setting in product(_lived(policy), (*settings, *changed)):
        subscription = attrs.evolve(held, **setting)
        for account, actor in ((None, None), (None, NOBODY), (MANAGED, NOBODY)):
            asked = attrs.evolve(subscription, account=account)
            for on in DAYS:
                yield asked, policy, on, actor


def _switching(policy: RenewalPolicy) -> Iterator[tuple[Any, ...]]:
    askers = ((None, None), (None, NOBODY), (MANAGED, NOBODY), (None, PAYER))
    for held, (account, actor), switch in product(_lived(policy), askers, AutoRenew):
        subscription = attrs.evolve(held, payment_method=PAYPAL, auto_renew=switch, account=account)
        for on in DAYS:
            yield subscription, policy, on, actor


def _priced(policy: RenewalPolicy) -> Iterator[tuple[Subscription, date]]:
    excluded = [each.code for each in policy.excluded_products[:1]]
    for kind, term, next_term, name, raised, renewals in product(
        Kind,
        (MONTHLY, ANNUAL),
        (None, MONTHLY, ANNUAL),
        ("CAD", "Maya", *excluded),
        _flags(policy),
        (0, 1),
    ):
        subscription = a_subscription(
            kind=kind,
            term=term,
            product=name,
            starts_on=_days(-365 if term == ANNUAL else -31)[0],
            next_term=next_term,
            history=History(renewals=renewals),
            conditions=raised,
        )
        for on in _days(-1, 0, 1, 3, 10, 20, 4500):
            yield subscription, on
        for on in _days(-28) if policy.cancelled_stages else ():
            yield attrs.evolve(subscription, cancelled_on=on), on


SPRING = (Reduction(code="SPRING", rate=Decimal("0.1")),)


def _exclusions(policy: RenewalPolicy) -> Iterator[tuple[Any, ...]]:
    for (subscription, on), reductions in product(_priced(policy), ((), SPRING)):
        yield subscription, policy, on, reductions


def _discount(policy: RenewalPolicy) -> Iterator[tuple[Any, ...]]:
    own = a_list(rates=(RenewalRate(rate=Decimal("0.9"), from_on=LONG_AGO),))
    for (subscription, on), prices, reductions in product(
        _priced(policy), (a_list(), own), ((), SPRING)
    ):
        yield subscription, policy, on, DiscountAsked(prices, reductions, Decimal(0))


def _term_change(policy: RenewalPolicy) -> Iterator[tuple[Any, ...]]:
    regions = [each.region for each in policy.term_change_ways]
    some = set(regions) if len(regions) < 9 else set(regions[:1])
    terms = (MONTHLY, ANNUAL, policy.renews_to or Term.days(40), Term.years(3))
    cancelled = [None, *_days(-30), *(_days(0) if policy.cancelled_stages else [])]
    for kind, before, channel, raised, cancelled_on, of, next_term in product(
        Kind,
        (None, WAS_ON),
        (Channel.ACCOUNT, Channel.PARTNER),
        _flags(policy),
        cancelled,
        terms,
        (None, MONTHLY, ANNUAL),
    ):
        subscription = a_subscription(
            kind=kind,
            channel=channel,
            conditions=raised,
            cancelled_on=cancelled_on,
            term=of,
            expires_on=EXPIRES_ON,
            next_term=next_term,
            # Raised after the renewal date, a condition does not hold this renewal back.
            at_renewal=before,
        )
        for region, to, on in product((None, *some), terms, _days(-28, -5, 0, 1, 10, 4500)):
            yield subscription, policy, on, TermChangeAsked(to=to, region=region)


def _increase(policy: RenewalPolicy) -> Iterator[tuple[Any, ...]]:
    long_ago = EXPIRES_ON - timedelta(days=900)
    for new, last_on, told_on in product(
        ("9.00", "10.01", "100.00"), (None, EXPIRES_ON), (None, EXPIRES_ON, long_ago)
    ):
        asked = IncreaseAsked(
            old=Money("10.00", "USD"), new=Money(new, "USD"), last_on=last_on, told_on=told_on
        )
        yield a_subscription(), policy, EXPIRES_ON, asked


#: Everything that a question can be asked with; a question without an entry is found missing.
WITNESSES: dict[str, Callable[[RenewalPolicy], Iterator[tuple[Any, ...]]]] = {
    "renewability": _renewability,
    "exclusions": _exclusions,
    "renewal-discount": _discount,
    "term-change": _term_change,
    "switching": _switching,
    "price-increase": _increase,
}


def _opened(policy: RenewalPolicy) -> Iterator[Cell[Any]]:
    """An order's page is opened by number and password, and asked for in no other way."""
    order = Order(number="A-1", placed_on=LONG_AGO, subscriptions=(a_subscription(),))
    for given, number, password, confirmed, tries in product(
        (order, None), ("A-1", "A-2"), (None, "right", "wrong"), (None, "A-1", "A-2"), Tries
    ):
        yield order_access(
            given,
            number=number,
            password=None if password is None else Secret(password),
            verify=lambda secret: secret == Secret("right"),
            policy=policy,
            on=EXPIRES_ON,
            confirmed_number=confirmed,
            tries=tries,
        ).cell


def _reached(question: Question[Any], policy: RenewalPolicy) -> set[Facts]:
    if question.name == "order-access":
        return {cell.facts for cell in _opened(policy)}
    return {question.cell(*asked).facts for asked in WITNESSES[question.name](policy)}


@pytest.mark.parametrize("policy", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_table_has_exactly_the_cells_that_something_reaches(
    question: Question[Any], policy: RenewalPolicy
) -> None:
    """Every cell of a policy's table is some entity's, and no entity has another one."""
    reached = _reached(question, policy)
    made = {cell.facts for cell in table(question, policy).cells}
    unmet = [str(facts) for facts in made - reached]
    unlisted = [str(facts) for facts in reached - made]
    assert (unmet, unlisted) == ([], [])


#: Facts that can be written, but go together under no policy.
NEVER: dict[str, Callable[[Any], bool]] = {
    "switching": lambda facts: (
        facts.time is SwitchTime.TOO_LATE
        and facts.situation not in (Situation.COVERED, Situation.CONTINUING)
    ),
    "price-increase": lambda facts: (
        facts.policy is ConsentPolicy.SILENT
        and (facts.rise, facts.frequency, facts.told)
        not in ((rise, Frequency.RARE, Told.IN_TIME) for rise in (Rise.NONE, Rise.BEYOND))
    ),
    "order-access": lambda facts: (
        facts.proof is Proof.GIVEN
        and (facts.prefilled, facts.tries, facts.password)
        != (Prefilled.AGREES, Tries.LEFT, Password.GIVEN)
    ),
}


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_every_cell_of_every_question_is_met(question: Question[Any]) -> None:
    """Every cell there could be is in the table of some policy, and so reached; few never are."""
    met = {cell.facts for policy in EVERY.values() for cell in table(question, policy).cells}
    never = NEVER.get(question.name, lambda _: False)
    unmet = {cell.facts for cell in table(question).cells} - met
    assert unmet == {cell.facts for cell in table(question).cells if never(cell.facts)}


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_question_keeps_the_laws(question: Question[Any]) -> None:
    """Total, at most 256 cells, no dead end, every bar and every fact needed."""
    assert faults(table(question)) == ()


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_policy_keeps_the_laws(question: Question[Any], policy: RenewalPolicy) -> None:
    """Under every policy at most 256 cells and no dead end; a bar may be in none or all."""
    # A bar without a cell and a term that is sold over are the policy's own, not the table's.
    own = ("bar ", "stages renew ")
    found = [each for each in faults(table(question, policy)) if not each.startswith(own)]
    assert [each for each in found if "changes nothing" not in each] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_a_question_is_total(question: Question[Any]) -> None:
    """Every combination of facts has one cell with one route."""
    every = table(question).cells
    assert len({cell.facts for cell in every}) == len(every) == len(question.facts)
    assert all(cell.route is question.route(cell.facts) for cell in every)


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_every_route_is_taken(question: Question[Any]) -> None:
    """No route is in vain."""
    every = table(question).cells
    assert {cell.route for cell in every} == set(type(every[0].route))


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_every_bar_is_needed(question: Question[Any]) -> None:
    """Each bar can be raised and can be absent, and no two always come together."""
    every = table(question).cells
    patterns = set()
    for each in question.bars:
        pattern = tuple(each in cell.bars for cell in every)
        assert len(set(pattern)) == 2
        patterns.add(pattern)
    assert len(patterns) == len(question.bars) == len({each.code for each in question.bars})


@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_every_bar_is_told(question: Question[Any]) -> None:
    """Each bar says what it means, and has a binding clause unless it is a user's own."""
    for each in question.bars:
        assert each.clause.binding is (each.code != "own-condition")
        assert each.says.endswith(".")


def _matches(cell: Cell[Any], row: tables.Row) -> bool:
    words = dict(members(cell))
    return situation(cell) == row.situation and all(
        words[fact] in allowed for fact, allowed in row.when
    )


@pytest.mark.parametrize("policy", SOME.values(), ids=SOME)
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_merged_rows_cover_each_cell_once(
    question: Question[Any], policy: RenewalPolicy | None
) -> None:
    """Each cell is in exactly one row, which gives its answer and counts it."""
    made = table(question, policy)
    rows = made.rows
    counts = dict.fromkeys(range(len(rows)), 0)
    for cell in made.cells:
        (index,) = [index for index, row in enumerate(rows) if _matches(cell, row)]
        assert rows[index].answer == cell.route
        counts[index] += 1
    assert [row.count for row in rows] == list(counts.values())
    assert 0 not in counts.values()
    assert len(rows) <= len(made.cells)


def test_a_row_tells_what_a_fact_has_to_be() -> None:
    """Several words are joined by "or"; a fact that does not matter is a dash."""
    row = table("exclusions").rows[0]
    assert row.words("coverage") == "trial or ended"
    assert row.words("length") == "—"


@pytest.mark.parametrize("policy", [None, OLD, NEW], ids=["all", "old", "new"])
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_the_csv_has_a_line_for_each_cell(
    question: Question[Any], policy: RenewalPolicy | None
) -> None:
    """Read back, each line has the cell's facts, its route and its findings."""
    made = table(question, policy)
    facts = made.facts
    lines = list(csv.DictReader(StringIO(made.to_csv())))
    assert len(lines) == len(made.cells)
    for line, cell in zip(lines, made.cells, strict=True):
        words = dict(members(cell))
        assert {fact: line[fact] for fact in facts} == {fact: words.get(fact, "") for fact in facts}
        assert line["route"] == cell.route
        assert line["findings"].split() == list(cell.codes)
        # Where there is one kind of facts, a fact of that name may have the column.
        if "situation" not in facts:
            assert line.get("situation", situation(cell)) == situation(cell)


def _lines(markdown: str) -> list[list[str]]:
    head, rule, *lines = markdown.splitlines()
    assert markdown.endswith("\n")
    assert set(rule) == {"|", "-"}
    width = head.count("|")
    assert all(line.count("|") == width for line in (rule, *lines))
    return [[each.strip() for each in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("policy", [None, OLD, NEW], ids=["all", "old", "new"])
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_the_markdown_counts_every_cell(
    question: Question[Any], policy: RenewalPolicy | None
) -> None:
    """The last column of the routes adds up to the cells."""
    made = table(question, policy)
    lines = _lines(made.to_markdown())
    assert sum(int(line[-1]) for line in lines) == len(made.cells)
    assert {line[-2] for line in lines} == {str(cell.route) for cell in made.cells}


@pytest.mark.parametrize("policy", [OLD, NEW], ids=["old", "new"])
@pytest.mark.parametrize("question", QUESTIONS, ids=repr)
def test_the_findings_are_counted(question: Question[Any], policy: RenewalPolicy) -> None:
    """For each finding the cells add up; one that is in no cell is said to be never reported."""
    made = table(question, policy)
    counts: dict[str, int] = {}
    for code, clause, when, count in _lines(made.findings_to_markdown()):
        counts[code] = counts.get(code, 0) + int(count)
        assert clause
        assert when.startswith("never") is (count == "0")
    assert counts == {
        each.code: sum(each in cell.bars for cell in made.cells) for each in question.bars
    }


def test_two_editions_differ_in_the_cells_that_can_be_reached() -> None:
    """From the edition of 2024 to the later one, late renewal is what is new."""
    diff = table("renewability", OLD).diff(table("renewability", NEW))
    assert diff.gone == ()
    assert diff.count == len(diff.new) > 0
    assert {situation(cell) for cell in diff.new} == {"late"}
    assert (diff.before, diff.after) == (OLD, NEW)
    lines = _lines(diff.to_markdown())
    assert sum(int(line[-1]) for line in lines) == diff.count
    assert {line[0] for line in lines} == {"new"}


def test_a_diff_read_backwards() -> None:
    """What is new one way is gone the other way, and nothing differs from itself."""
    old, new = table("renewal-discount", OLD), table("renewal-discount", NEW)
    there, back = old.diff(new), new.diff(old)
    assert (there.gone, there.new) == (back.new, back.gone)
    assert {line[0] for line in _lines(there.to_markdown())} == {"gone", "new"}
    same = old.diff(table("renewal-discount", OLD))
    assert (same.count, same.to_markdown()) == (0, "")


def test_tables_of_two_questions_do_not_differ() -> None:
    """Comparing the tables of two questions is the caller's mistake."""
    with pytest.raises(InvalidValue, match="give a table of exclusions"):
        table("exclusions").diff(table("term-change"))


def test_a_question_is_found_by_its_name() -> None:
    """By name or by itself; another name is refused with those that there are."""
    for question in QUESTIONS:
        assert table(question.name).question is table(question).question is question
    with pytest.raises(InvalidValue, match="give one of renewability, exclusions"):
        table("renewal")


def _broken(question: Question[Any], **changes: Any) -> DecisionTable:
    other = attrs.evolve(question, **changes)
    return DecisionTable(question=other, policy=None, cells=cells(other))


def test_a_dead_end_is_found() -> None:
    """A cell without a step on a route where something is left to do is a fault."""
    question = question_named("term-change")
    found = faults(_broken(question, done=frozenset()))
    assert found
    assert all("is a dead end" in each for each in found)


def test_too_many_cells_are_found() -> None:
    """More cells than a person can review are a fault."""
    question = question_named("renewability")
    made = DecisionTable(question=question, policy=OLD, cells=table(question).cells * 2)
    assert "1152 cells of live are more than 256" in faults(made)


def test_an_idle_bar_is_found() -> None:
    """A bar that is always or never raised is a fault."""
    question = question_named("exclusions")
    always = attrs.evolve(question.bars[0], code="always", holds=lambda _: True)
    never = attrs.evolve(question.bars[0], code="never", holds=lambda _: False)
    found = faults(_broken(question, bars=(*question.bars, always, never)))
    assert found == ("bar always is in every cell", "bar never is in no cell")


def test_an_idle_fact_is_found() -> None:
    """A fact that no answer depends on is a fault."""
    question = question_named("exclusions")
    bars = tuple(each for each in question.bars if each.code != "already-reduced")
    route = question.route

    def blind(facts: Any) -> Any:
        return route(attrs.evolve(facts, reductions="none"))

    found = faults(_broken(question, bars=bars, route=blind))
    assert found == ("fact reductions of exclusion changes nothing",)
