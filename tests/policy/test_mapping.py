"""Policies are written as plain mappings and read back equal, or everything wrong is named."""

from __future__ import annotations

import copy
import importlib
import json
import pkgutil
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subrenew.clauses import CLAUSES, Clause, clause
from subrenew.errors import (
    CurrencyMismatch,
    InvalidType,
    InvalidValue,
    InvalidValues,
    SubrenewError,
    shown,
)
from subrenew.model.entities import Kind, PaymentKind, Role
from subrenew.model.money import Money
from subrenew.model.secret import PasswordHash
from subrenew.model.terms import Term
from subrenew.policy import vendors
from subrenew.policy.choices import TrialEnd
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.mapping import from_mapping, to_mapping
from subrenew.policy.parameters import (
    Product,
    ProductList,
    RegionWays,
    RenewalPolicy,
    Way,
)
from subrenew.policy.stages import Access, Stage, StageLength
from subrenew.policy.vendors.autodesk import EDITION_2024
from subrenew.repositories import OrderRecord


def shipped() -> Iterator[Any]:
    """Yield every policy and every value with editions that a vendor's module holds."""
    for found in pkgutil.iter_modules(vendors.__path__, f"{vendors.__name__}."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, RenewalPolicy | Editions):
                yield pytest.param(value, id=f"{found.name.rpartition('.')[2]}-{name}")


SHIPPED = list(shipped())


def told(kind: type[Any], mapping: object) -> list[tuple[str, str]]:
    """Return the path and the remedy of everything that is wrong with a mapping."""
    with pytest.raises(InvalidValues) as caught:
        from_mapping(kind, mapping)
    assert all(error.field in str(caught.value) for error in caught.value.errors)
    return [(error.field, error.remedy) for error in caught.value.errors]


# There and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("value", SHIPPED)
def test_a_shipped_policy_comes_back_equal(value: Any) -> None:
    """Every policy of every vendor, through JSON and back, is the same value."""
    text = json.dumps(to_mapping(value))
    assert from_mapping(type(value), json.loads(text)) == value


@pytest.mark.parametrize("value", SHIPPED)
def test_what_is_written_is_plain_and_never_null(value: Any) -> None:
    """A mapping holds text, whole numbers, true and false, lists and tables, and no null."""
    waiting: list[object] = [to_mapping(value)]
    while waiting:
        part = waiting.pop()
        assert type(part) in (dict, list, str, int, bool)
        waiting += part.values() if type(part) is dict else part if type(part) is list else []


def _some(hint: Any) -> st.SearchStrategy[Any]:
    """Draw a value of a type hint, now and then one that the value's own checks refuse."""
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*(_some(each) for each in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(_some(get_args(hint)[0]), max_size=2).map(tuple)
    if get_origin(hint) is frozenset:
        return st.frozensets(_some(get_args(hint)[0]), max_size=2)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    scalars: dict[Any, st.SearchStrategy[Any]] = {
        NoneType: st.none(),
        bool: st.booleans(),
        int: st.integers(0, 40),
        str: st.sampled_from(["FR", "DE", "own word", "é|\\", "P1Y", "7"]),
        date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        Decimal: st.decimals(0, Decimal("0.99"), places=3),
        Term: st.builds(Term.months, st.integers(1, 40)) | st.builds(Term.days, st.just(30)),
        Money: st.builds(Money.of_units, st.integers(0, 10**6), st.sampled_from(["EUR", "JPY"])),
        Clause: st.sampled_from([*CLAUSES[:2], Clause("own", "here", "it holds", binding=False)]),
    }
    return scalars[hint] if hint in scalars else _tables(hint)


@st.composite
def _tables(draw: st.DrawFn, kind: Any) -> Any:
    """Draw what its class needs, then change some fields, leaving out what it refuses."""
    hints = get_type_hints(kind)
    fields = [field for field in attrs.fields(kind) if field.init and field.name[0] != "_"]
    needed = {
        field.name: draw(_some(hints[field.name]))
        for field in fields
        if field.default is attrs.NOTHING
    }
    # Now and then what is drawn contradicts itself: fall back on nothing.
    try:
        value = kind(**needed)
    except InvalidValue:
        return draw(st.nothing())
    optional = [field.name for field in fields if field.name not in needed]
    for name in draw(st.lists(st.sampled_from(optional), max_size=3)) if optional else ():
        try:
            value = attrs.evolve(value, **{name: draw(_some(hints[name]))})
        except InvalidValue:
            continue
    return value


@given(_tables(RenewalPolicy))
def test_any_policy_comes_back_equal(policy: RenewalPolicy) -> None:
    """Whatever a policy holds is written, and read back from JSON as the same value."""
    mapping = to_mapping(policy)
    assert from_mapping(RenewalPolicy, json.loads(json.dumps(mapping))) == policy


TOML = """
id = "vendor/1"
source = "a page, read on a Monday"
verified_until = 2025-12-29
window_opens_days = 60
clauses = ["manual.window", "trial"]
trials = "goes-on"
catch_up_days = 7
manual_payment_kinds = ["konbini", "cheque"]
managed_roles = ["purchaser", "the boss"]
saving_floor_rate = "0.05"
price_excluded_up_to = "P1M"
product_list = "open"

[[cites]]
parameter = "window_opens_days"
clause = "manual.window"

[[cites]]
parameter = "trials"
clause = { id = "v.trial", heading = "trials", says = "A trial goes on." }

[[stages]]
name = "grace"
access = "full"
clause = { id = "v.grace", heading = "late", says = "Renewed late.", binding = false }
lengths = [{ up_to = "P1M", days = 15 }, { days = 30 }]

[[excluded_products]]
code = "CAD"
aliases = ["Drawing", "C.A.D."]

[[term_change_ways]]
region = "FR"
way = "account"
"""


def test_a_policy_is_written_by_hand_in_toml() -> None:
    """A TOML page says the same policy as Python does, its own dates and all."""
    assert from_mapping(RenewalPolicy, tomllib.loads(TOML)) == RenewalPolicy(
        id="vendor/1",
        source="a page, read on a Monday",
        verified_until=date(2025, 12, 29),
        window_opens_days=60,
        clauses=tuple(each for each in CLAUSES if each.id in {"manual.window", "trial"})[::-1],
        trials=TrialEnd.GOES_ON,
        catch_up_days=7,
        cites={
            "trials": Clause("v.trial", "trials", "A trial goes on."),
            "window_opens_days": clause("manual.window"),
        },
        manual_payment_kinds=frozenset({PaymentKind.KONBINI, "cheque"}),
        managed_roles=frozenset({Role.PURCHASER, "the boss"}),
        saving_floor_rate=Decimal("0.05"),
        price_excluded_up_to=Term.months(1),
        product_list=ProductList.OPEN,
        stages=(
            Stage(
                name="grace",
                access=Access.FULL,
                clause=Clause("v.grace", "late", "Renewed late.", binding=False),
                lengths=(StageLength(up_to=Term.months(1), days=15), StageLength(days=30)),
            ),
        ),
        excluded_products=(Product(code="CAD", aliases=frozenset({"Drawing", "C.A.D."})),),
        term_change_ways=(RegionWays(region="FR", way=Way.ACCOUNT),),
    )


def test_the_forms_of_values() -> None:
    """Defaults are left out, sets are sorted, clauses of the source are named, others written."""
    own = Clause("own", "heading", "it holds")
    length = StageLength(up_to=Term.months(1), days=15)
    policy = RenewalPolicy(
        id="v/1",
        verified_until=date(2025, 12, 29),
        clauses=(CLAUSES[0], own),
        window_opens_days=90,
        trials=TrialEnd.ENDS,
        cites={"window_opens_days": own, "trials": CLAUSES[0]},
        stages=(Stage(name="late", access=Access.NONE, lengths=(length, StageLength(days=30))),),
        manual_payment_kinds=frozenset({PaymentKind.KONBINI, "barter", PaymentKind.CARD}),
        managed_roles=frozenset({Role.PURCHASER}),
        saving_floor_rate=Decimal("0.050"),
        price_excluded_up_to=Term.months(1),
        product_list=ProductList.OPEN,
        cart_most_lines=100,
    )
    assert to_mapping(policy) == {
        "id": "v/1",
        "verified_until": "2025-12-29",
        "clauses": ["channel", {"id": "own", "heading": "heading", "says": "it holds"}],
        "window_opens_days": 90,
        "trials": "ends",
        "cites": [
            {"parameter": "trials", "clause": "channel"},
            {
                "parameter": "window_opens_days",
                "clause": {"id": "own", "heading": "heading", "says": "it holds"},
            },
        ],
        "stages": [
            {
                "name": "late",
                "access": "none",
                "lengths": [{"up_to": "P1M", "days": 15}, {"days": 30}],
            },
        ],
        "manual_payment_kinds": ["barter", "card", "konbini"],
        "managed_roles": ["purchaser"],
        "saving_floor_rate": "0.050",
        "price_excluded_up_to": "P1M",
        "product_list": "open",
        "cart_most_lines": 100,
    }


def test_editions_are_a_list_of_days_and_policies() -> None:
    """Editions are written whole, one table for each, and read back."""
    editions = Editions(
        (
            Edition(from_on=date(2024, 1, 1), policy=RenewalPolicy(id="v/1")),
            Edition(from_on=date(2025, 1, 1), policy=RenewalPolicy(id="v/2", cart_most_lines=5)),
        )
    )
    mapping = to_mapping(editions)
    assert mapping == {
        "editions": [
            {"from_on": "2024-01-01", "policy": {"id": "v/1"}},
            {"from_on": "2025-01-01", "policy": {"id": "v/2", "cart_most_lines": 5}},
        ]
    }
    assert from_mapping(Editions, mapping, at="editions") == editions
    mapping["editions"][1]["from_on"] = "2024-01-01"
    assert told(Editions, mapping) == [("policy.editions", "give days that ascend")]
    mapping["editions"][1]["policy"]["id"] = 2
    assert told(Editions, mapping)[0] == ("policy.editions[1].policy.id", "give text")


def test_a_mapping_is_not_changed_by_reading_it() -> None:
    """What is read stays as it was, whether it is right or wrong."""
    for mapping in (to_mapping(EDITION_2024), {"id": "", "stages": [{"lengths": [{}]}]}):
        kept = copy.deepcopy(mapping)
        with suppress(InvalidValues):
            from_mapping(RenewalPolicy, mapping)
        assert mapping == kept


def test_null_stands_for_what_may_be_unset() -> None:
    """JSON's null is what leaving out is, where a field may be unset."""
    assert from_mapping(RenewalPolicy, {"id": "v/1", "source": None}) == RenewalPolicy(id="v/1")


# Values of every kind ------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Inner:
    """A table within a table."""

    days: int = attrs.field(default=3)

    def __attrs_post_init__(self) -> None:
        """Refuse what tests want refused."""
        if self.days == 13:
            raise InvalidValue("Inner.days", 13, "not that one")
        if self.days == 14:
            raise CurrencyMismatch("EUR", "USD")
        if self.days == 15:
            raise InvalidValue("Another.field", 15, "not that one either")


@attrs.frozen(kw_only=True)
class Every:
    """A field of every kind that policies may come to have."""

    price: Money
    took: timedelta
    maybe: str | None
    inner: Inner
    how: Term | Inner | str
    many: tuple[Inner | Kind | date, ...] = ()
    open: bool = False
    unset: int | None = 5
    at: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    _hidden: int = 0
    derived: int = attrs.field(init=False, default=0)


EVERY: dict[str, Any] = {"price": "1.005 KWD", "took": "PT168H", "inner": {}, "how": "P1Y"}


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({}, "price", Money("1.005", "KWD")),
        ({"price": "-3 JPY"}, "price", Money(-3, "JPY")),
        ({}, "took", timedelta(hours=168)),
        ({"took": "PT90M"}, "took", timedelta(minutes=90)),
        ({"took": "PT1S"}, "took", timedelta(seconds=1)),
        ({"took": "PT0H"}, "took", timedelta(0)),
        ({}, "maybe", None),
        ({}, "how", Term.years(1)),
        ({"how": "by hand"}, "how", "by hand"),
        ({"how": {"days": 4}}, "how", Inner(days=4)),
        ({"many": [{}, "paid", "2024-02-29"]}, "many", (Inner(), Kind.PAID, date(2024, 2, 29))),
        ({"open": True}, "open", True),
        ({"unset": None}, "unset", None),
        (
            {"at": "2026-01-31T12:30:15.000001+05:30"},
            "at",
            datetime(2026, 1, 31, 12, 30, 15, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        ),
    ],
)
def test_every_kind_of_value(changes: dict[str, Any], name: str, value: object) -> None:
    """A value of each kind is read, and written and read again."""
    found = from_mapping(Every, EVERY | changes)
    assert getattr(found, name) == value
    assert type(getattr(found, name)) is type(value)
    again = to_mapping(found)
    assert from_mapping(Every, again) == found
    assert again[name] == (EVERY | changes)[name] if name in EVERY | changes else True


@pytest.mark.parametrize(
    ("changes", "path", "remedy"),
    [
        ({"price": 5}, "price", 'give an amount, such as "10.00 USD"'),
        ({"price": "5 usd"}, "price", 'give an amount, such as "10.00 USD"'),
        ({"price": "5"}, "price", 'give an amount, such as "10.00 USD"'),
        ({"price": "5.00 XXX"}, "price", 'give an ISO 4217 code, such as "EUR"'),
        ({"price": "5..0 USD"}, "price", 'write digits such as "10.00", at most 15 before and '),
        ({"took": 60}, "took", 'give a time, such as "PT168H"'),
        ({"took": "PT1.5H"}, "took", 'give a time, such as "PT168H"'),
        ({"took": "P7D"}, "took", 'give a time, such as "PT168H"'),
        ({"maybe": 7}, "maybe", "give text"),
        ({"open": 1}, "open", "give true or false"),
        ({"open": "true"}, "open", "give true or false"),
        ({"inner": None}, "inner", "give a table"),
        ({"inner": {"days": 13}}, "inner.days", "not that one"),
        ({"inner": {"days": 14}}, "inner", "EUR and USD do not mix"),
        ({"inner": {"days": 15}}, "inner", "not that one either"),
        ({"how": 5}, "how", 'give a term, such as "P1Y" or a table or text'),
        ({"how": {"days": "4"}}, "how.days", "give a whole number"),
        ({"many": ["x"]}, "many[0]", 'give a table or one of "paid", "trial" or a day, such as'),
        ({"at": "2026-01-31T12:00:00"}, "at", 'give an instant, such as "2026-'),
        ({"at": "2026-02-31T12:00:00+00:00"}, "at", "give an instant that the calendar has"),
        ({"at": 7}, "at", "give an instant, such as"),
        ({"_hidden": 1}, "_hidden", "there is no such key"),
        ({"hidden": 1}, "hidden", "there is no such key"),
        ({"derived": 1}, "derived", "there is no such key"),
    ],
)
def test_every_kind_of_mistake(changes: dict[str, Any], path: str, remedy: str) -> None:
    """Each is refused at its own path, with the form to give."""
    ((where, said),) = told(Every, EVERY | changes)
    assert where == f"policy.{path}"
    assert said.startswith(remedy)


def test_what_stands_in_for_a_missing_table() -> None:
    """All required keys are named at once; a choice and a table do not stop the reading."""
    assert [path for path, _ in told(Every, {"open": 3})] == [
        "policy.open",
        "policy.price",
        "policy.took",
        "policy.inner",
        "policy.how",
    ]


@attrs.frozen(kw_only=True)
class Never:
    """A table that is never right without a mapping."""

    name: str

    def __attrs_post_init__(self) -> None:
        """Refuse what stands in."""
        if self.name == "-":
            raise InvalidValue("Never.name", self.name, "give a name")


@attrs.frozen(kw_only=True)
class Holder:
    """Holds what nothing can stand in for."""

    never: Never
    kind: Kind
    choice: Kind | Never
    day: date

    def __attrs_post_init__(self) -> None:
        """Show that it is never made half."""
        assert self.never


def test_where_nothing_can_stand_in() -> None:
    """The keys are still named, and the value is not even tried."""
    paths = ["policy.never", "policy.kind", "policy.choice", "policy.day"]
    assert [path for path, _ in told(Holder, {})] == paths
    wrong = {"never": {"name": "-"}, "kind": "paid", "choice": "paid", "day": "2024-01-01"}
    assert told(Holder, wrong) == [("policy.never.name", "give a name")]


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (timedelta(seconds=-1), "give whole seconds, zero or more"),
        (timedelta(microseconds=1), "give whole seconds, zero or more"),
    ],
)
def test_times_that_are_not_written(value: timedelta, remedy: str) -> None:
    """Seconds are whole and not negative: nothing is rounded in writing."""
    made = from_mapping(Every, EVERY)
    with pytest.raises(InvalidValue, match=remedy):
        to_mapping(attrs.evolve(made, took=value))


@attrs.frozen(kw_only=True)
class Rated:
    """Holds a number."""

    rate: Decimal


def test_numbers_are_written_in_plain_digits() -> None:
    """No exponent is written or read; what is too long for that is refused."""
    assert to_mapping(Rated(rate=Decimal("1E+2"))) == {"rate": "100"}
    assert from_mapping(Rated, {"rate": "-100.50"}) == Rated(rate=Decimal("-100.5"))
    for wrong in (Decimal("1E+40"), Decimal("NaN")):
        with pytest.raises(InvalidValue, match="give 1 to 30 digits"):
            to_mapping(Rated(rate=wrong))


# Two hundred broken mappings -----------------------------------------------------------------

Row = tuple[str, dict[str, Any], str, str]
A_LENGTH = {"days": 5}
A_STAGE: dict[str, Any] = {"name": "grace", "access": "full", "lengths": [A_LENGTH]}
A_STAGE_AFTER = {**A_STAGE, "name": "after"}
LISTS = "give a list"
TABLES = "give a table"
WHOLE = "give a whole number"
TERMS = 'give a term, such as "P1Y"'
TERM_TEXT = "write P, a number and D, W, M or Y"
DAYS = 'give a day, such as "2026-01-31"'
NUMBERS = 'give a number as text, such as "0.05"'
FRACTION = "give a fraction below 1"
UNKNOWN = "there is no such key"
ENDS = "give 1 to 200 characters that neither begin nor end with a blank"
LINES = "leave out line breaks and control characters"


def each(name: str, remedy: str, *given: object) -> Iterator[Row]:
    """Yield a row for each of these values, all of them refused where they are given."""
    for value in given:
        yield f"{name}={shown(value)}", {name: value}, name, remedy


def inside(name: str, *rows: tuple[object, str, str]) -> Iterator[Row]:
    """Yield a row for each value of a field whose mistake is further inside."""
    for number, (value, path, remedy) in enumerate(rows):
        yield f"{name}-{number}-{shown(value)}", {name: value}, f"{name}{path}", remedy


def stage(path: str, remedy: str, **changes: object) -> Iterator[Row]:
    """Yield a row for a second stage with these changes."""
    second = {k: v for k, v in {**A_STAGE_AFTER, **changes}.items() if v is not ...}
    name = f"stage-{'-'.join(changes)}-{list(changes.values())!r:.60}"
    yield name, {"stages": [A_STAGE, second]}, f"stages{path}", remedy


def rows_of_single_values() -> Iterator[Row]:
    """Yield what is wrong with text, numbers, days, terms and fractions."""
    for name in ("id", "source", "order_reset_link"):
        yield from each(name, "give text", 7, 1.0, True, ["x"], {"x": "x"}, date(2024, 1, 1))
        yield from each(name, ENDS, "", " ", " x", "x ", "x" * 201)
        yield from each(name, LINES, "a\nb", "x\n", "\x00")
    yield from each("id", "give text", None)
    yield from each("window_opens_days", WHOLE, "90", 90.0, True, [90], {"days": 90})
    yield from each("catch_up_days", WHOLE, "7", 7.0, True, None, [7])
    yield from each("catch_up_days", "give a whole number from 0 to 366", -1, 367)
    yield from each("window_opens_days", "give a whole number from 0 to 3660", -1, 3661, 10**5000)
    yield from each("cart_most_lines", WHOLE, "1", 1.0, False, [])
    yield from each("cart_most_lines", "give a whole number from 1 to 10000", 0, 10_001, -5)
    yield from each(
        "verified_until",
        DAYS,
        *("20240301", "2024-W09-5", "2024-061", "2024-3-1", "24-03-01", "01/03/2024", ""),
        *("2024-03-01T00:00:00", "2024-03-01 ", "\u0662\u0660\u0662\u0664-03-01", "-024-03-01"),
        *(20240301, 2024.0, True, ["2024-03-01"], {}, datetime(2024, 3, 1, tzinfo=UTC)),
    )
    yield from each(
        "verified_until", "give a day that the calendar has", "2023-02-29", "2024-13-01"
    )
    yield from each(
        "verified_until", "give a day of the years 1900 to 9000", "1899-12-31", "9001-01-01"
    )
    yield from each(
        "saving_floor_rate",
        NUMBERS,
        *(0.05, 0, True, [], {}, "5%", "0,05", ".05", "5e-2", "NaN", "Infinity", "", " 0.05"),
        *("+0.05", "0.05 ", "0.", "\u0660.05", "9" * 10_000),
    )
    yield from each("saving_floor_rate", FRACTION, "-0.05", "1", "1.00", "5")
    yield from each("saving_floor_rate", "give at most six digits", "0.0000001")
    yield from each("price_excluded_up_to", TERMS, 30, 1.0, True, [], {"months": 1})
    yield from each(
        "price_excluded_up_to",
        TERM_TEXT,
        *("1M", "P", "P1", "P1M2D", "p1m", "P-1M", "P1.5M", "P 1M", "", "P1000000D"),
    )
    yield from each("price_excluded_up_to", "give a whole number from 1 to 85200", "P0M", "P99999M")


def rows_of_words() -> Iterator[Row]:
    """Yield what is wrong with enums, alone and in lists, and with open lists of words."""
    firsts = {
        "late_start": '"old-end", "renewal-day"',
        "early_renewal": '"allowed", "not-allowed"',
        "auto_renew_default": '"on", "off"',
        "product_list": '"open", "closed"',
        "trials": '"ends", "goes-on"',
    }
    for name, words in firsts.items():
        yield from each(name, f"give one of {words}", "", "nonsense", 1, True, [], {})
    for name in ("early_renewal", "product_list"):
        yield from each(name, f"give one of {firsts[name]}", None)
    yield from each("product_list", 'give one of "open", "closed"; did you mean "open"?', "opne")
    yield from each("late_start", '; did you mean "old-end"?', "old_end")
    for name in ("partner_channels", "cart_groups", "manual_payment_kinds"):
        yield from each(name, LISTS, "card", None, 1, {}, True)
    yield from inside(
        "partner_channels",
        (["shop"], "[0]", '"account", "order", "partner"'),
        (["partner", "PARTNER"], "[1]", 'give one of "account", "order", "partner"'),
        (["order", "partners"], "[1]", '; did you mean "partner"?'),
        ([1], "[0]", 'give one of "account", "order", "partner"'),
        ([["order"]], "[0]", 'give one of "account", "order", "partner"'),
        (["order", "order"], "[1]", "name each one once"),
    )
    yield from inside("cart_groups", (["currency", ""], "[1]", '"customer", "currency", "payment"'))
    yield from inside(
        "manual_payment_kinds",
        ([7], "[0]", '"invoice" or text'),
        ([None], "[0]", '"invoice" or text'),
        (["cheque", True], "[1]", '"invoice" or text'),
        (["card", "card"], "[1]", "name each one once"),
        (["cheque", "card", "cheque"], "[2]", "name each one once"),
    )
    for name in ("managed_roles", "unmanaged_roles"):
        yield from inside(
            name,
            ([], "", "let somebody renew"),
            ([3.0], "[0]", '"user" or text'),
            ([{}], "[0]", '"user" or text'),
            ("owner", "", LISTS),
        )


def rows_of_tables() -> Iterator[Row]:
    """Yield what is wrong with lists of tables, and with their keys."""
    tables = {
        "clauses": None,
        "stages": None,
        "excluded_products": "code",
        "eligible_products": "code",
        "term_change_ways": None,
        "order_links": None,
    }
    for name, only_key in tables.items():
        yield from each(name, LISTS, "x", None, 3, {})
        yield from inside(
            name, ([3], "[0]", TABLES), ([None], "[0]", TABLES), ([[]], "[0]", TABLES)
        )
        if only_key:
            yield from inside(name, ([{}], f"[0].{only_key}", "it is required: give text"))
            yield from inside(
                name,
                ([{"code": "A"}, {"code": 7}], "[1].code", "give text"),
                ([{"code": "A", "aliases": "B"}], "[0].aliases", LISTS),
                ([{"code": "A", "aliases": [7]}], "[0].aliases[0]", "give text"),
                ([{"code": "A", "alias": ["B"]}], "[0].alias", 'did you mean "aliases"?'),
            )
    yield from inside(
        "clauses",
        (["manual.windw"], "[0]", '; did you mean "manual.window"?'),
        (["trial", "no.such"], "[1]", "give a clause of the source, or a table with id"),
        ([{"id": "x", "heading": "h"}], "[0].says", "it is required: give text"),
        ([{"id": "x", "heading": "h", "says": "s", "binding": 1}], "[0].binding", "true or false"),
    )
    cited = {"parameter": "stages", "clause": "expired"}
    yield from inside(
        "cites",
        ("stages", "", LISTS),
        ({"stages": "expired"}, "", LISTS),
        ([{"parameter": "stages"}], "[0].clause", "it is required: give a table"),
        ([{"clause": "expired"}], "[0].parameter", "it is required: give text"),
        ([{**cited, "clause": "expird"}], "[0].clause", 'did you mean "expired"?'),
        ([{**cited, "clause": 7}], "[0].clause", TABLES),
        ([{**cited, "parameter": "stage"}], "", "name a parameter of RenewalPolicy.cited()"),
        ([cited, {**cited, "clause": "trial"}], "", "cite each parameter once"),
    )
    way = {"region": "FR", "way": "account"}
    yield from inside(
        "term_change_ways",
        ([{"region": "FR"}], "[0].way", 'it is required: give one of "account", "support"'),
        ([{"way": "account"}], "[0].region", "it is required: give text"),
        ([way, {**way, "way": "acount"}], "[1].way", 'did you mean "account"?'),
        ([way, {"region": " fr ", "way": "support"}], "[1].region", ENDS),
    )
    link = {"region": "FR", "url": "https://example.org"}
    yield from inside(
        "order_links",
        ([{"region": "FR"}], "[0].url", "it is required: give text"),
        ([{**link, "url": 7}], "[0].url", "give text"),
        ([{**link, "link": "x"}], "[0].link", UNKNOWN),
    )


def rows_of_stages() -> Iterator[Row]:
    """Yield what is wrong with the stages after expiry."""
    longer, month = "end with a length for every longer term", {"up_to": "P1M", "days": 1}
    yield from stage("[1].name", "it is required: give text", name=...)
    yield from stage("[1].name", "give text", name=2)
    yield from stage("[1].name", ENDS, name="")
    yield from stage("[1].access", 'did you mean "full"?', access="ful")
    yield from stage("[1].access", '"full", "admin-only", "none"', access=None)
    yield from stage("[1].lengths", "it is required: give a list", lengths=...)
    yield from stage("[1].lengths", LISTS, lengths=A_LENGTH)
    yield from stage("[1].lengths", longer, lengths=[])
    yield from stage("[1].lengths", longer, lengths=[month])
    yield from stage("[1].lengths", "shortest terms first", lengths=[A_LENGTH, A_LENGTH])
    yield from stage(
        "[1].lengths",
        "shortest terms first",
        lengths=[{"up_to": "P1Y", "days": 1}, month, A_LENGTH],
    )
    yield from stage("[1].lengths[0]", TABLES, lengths=[5])
    yield from stage("[1].lengths[0].days", "it is required: give a whole", lengths=[{}])
    yield from stage("[1].lengths[0].days", WHOLE, lengths=[{"days": "5"}])
    yield from stage("[1].lengths[0].days", WHOLE, lengths=[{"days": True}])
    yield from stage("[1].lengths[0].days", WHOLE, lengths=[{"days": 5.0}])
    yield from stage("[1].lengths[1].days", "to 3660", lengths=[month, {"days": 3661}])
    yield from stage("[1].lengths[0].days", "to 3660", lengths=[{"days": -1}])
    yield from stage("[1].lengths[0].up_to", TERMS, lengths=[{**month, "up_to": 1}, A_LENGTH])
    yield from stage("[1].lengths[0].upto", 'mean "up_to"?', lengths=[{"days": 5, "upto": "P1M"}])
    yield from stage("[1].lenghts", 'did you mean "lengths"?', lenghts=[])
    yield from stage("", "name each", name="grace")
    yield from stage("[1].lengths", "no day ever reaches it", lengths=[{"days": 0}])


def rows_of_keys_and_contradictions() -> Iterator[Row]:
    """Yield unknown keys, and what is right by itself but not together."""
    for key, meant in {
        "windw_opens_days": "window_opens_days",
        "stage": "stages",
        "excluded_product": "excluded_products",
        "ID": None,
        "opening": None,
        "_excluded": None,
        "evolve": None,
        "x" * 60: None,
    }.items():
        yield f"key-{key}", {key: 1}, key, f'did you mean "{meant}"?' if meant else UNKNOWN
    yield "key-blank", {"a b": 1}, "['a b']", UNKNOWN
    yield "key-empty", {"": 1}, "['']", UNKNOWN
    yield "key-number", {7: 1}, "[7]", UNKNOWN  # type: ignore[dict-item]
    yield "key-none", {None: 1}, "[None]", UNKNOWN  # type: ignore[dict-item]
    yield "key-long", {"x" * 10**6: 1}, f"['{'x' * 59}...]", UNKNOWN
    both = {"excluded_products": [{"code": "CAD"}], "eligible_products": [{"code": "cad"}]}
    yield "on-both-lists", both, "eligible_products", "it is on the excluded list too"
    way = {"region": "FR", "way": "account"}
    twice = {"term_change_ways": [way, {**way, "way": "support"}]}
    yield "region-twice", twice, "term_change_ways", "name each"


BROKEN = [
    *rows_of_single_values(),
    *rows_of_words(),
    *rows_of_tables(),
    *rows_of_stages(),
    *rows_of_keys_and_contradictions(),
]


def test_there_are_two_hundred_broken_mappings() -> None:
    """Each of another mistake."""
    assert len({name for name, *_ in BROKEN}) == len(BROKEN) >= 200


@pytest.mark.parametrize(
    ("changes", "path", "remedy"), [pytest.param(*row, id=name) for name, *row in BROKEN]
)
def test_a_broken_mapping(changes: dict[str, Any], path: str, remedy: str) -> None:
    """One mistake is one error, at its own path, with what to give instead."""
    ((where, said),) = told(RenewalPolicy, {"id": "v/1", **changes})
    assert where == (f"policy{path}" if path.startswith("[") else f"policy.{path}")
    assert remedy in said


@pytest.mark.parametrize(
    "mapping",
    [None, [], [{"id": "v/1"}], "id", "", b"{}", 1, 1.5, True, date(2024, 1, 1), {"id"}, object()],
)
def test_no_mapping_at_all(mapping: object) -> None:
    """What is no table is refused as such, and the message shows it."""
    assert told(RenewalPolicy, mapping) == [("policy", "give a table")]


def test_everything_wrong_is_told_at_once() -> None:
    """Types, unknown and missing keys, ranges and contradictions, in one error, in order."""
    wrong = {
        "source": 7,
        "windw": 90,
        "stages": [
            {"name": "a", "access": "full", "lengths": [{"days": -1}, {"days": "1"}]},
            {"name": "b", "lengths": [{"days": 1}]},
            3,
        ],
        "window_opens_days": 9999,
        "managed_roles": [],
        "saving_floor_rate": "2",
        "excluded_products": [{"code": "CAD"}, {"code": ""}],
        "eligible_products": [{"code": "CAD"}, {"code": True}],
    }
    assert [path for path, _ in told(RenewalPolicy, wrong)] == [
        "policy.source",
        "policy.windw",
        "policy.stages[0].lengths[0].days",
        "policy.stages[0].lengths[1].days",
        "policy.stages[2]",
        "policy.excluded_products[1].code",
        "policy.eligible_products[1].code",
        "policy.id",
        "policy.window_opens_days",
        "policy.saving_floor_rate",
        "policy.managed_roles",
    ]


def test_one_mistake_makes_no_other() -> None:
    """What follows from a mistake is not told as a second one."""
    stages = [
        {"name": "a", "access": "full", "lengths": [{"up_to": 1, "days": 5}, {"days": 5}]},
        {"name": "b", "access": "full", "lengths": [{"days": 9, "less": ["a"]}]},
    ]
    assert [path for path, _ in told(RenewalPolicy, {"id": "v/1", "stages": stages})] == [
        "policy.stages[0].lengths[0].up_to"
    ]
    typo = {"limits": [{"rat": "0.5"}]}
    assert [path for path, _ in told(RenewalPolicy, {"id": "v/1", "consent": typo})] == [
        "policy.consent.limits[0].rat"
    ]


def test_errors_are_of_their_kind() -> None:
    """A value of another type is an `InvalidType`, also a `TypeError`; the rest are values."""
    with pytest.raises(InvalidValues) as caught:
        from_mapping(RenewalPolicy, {"id": 7, "window_opens_days": -1})
    first, second = caught.value.errors
    assert type(first) is InvalidType
    assert type(second) is InvalidValue
    assert (first.value, second.value) == (7, -1)
    assert str(caught.value).startswith("policy: 2 things to put right\n  policy.id is 7: ")


def deep(levels: int) -> list[object]:
    """Return a list in a list, so many levels down."""
    found: list[object] = []
    for _ in range(levels - 1):
        found = [found]
    return found


def test_what_is_too_deep_or_too_large_is_refused_quickly() -> None:
    """A mapping that holds itself, that repeats itself a billion times, or that is just long."""
    itself: dict[str, Any] = {"id": "v/1"}
    itself["stages"] = [itself]
    laughs: list[object] = ["ha"]
    for _ in range(20):
        laughs = [laughs] * 10
    levels = "give at most 30 levels of lists and tables"
    many = "give at most 20000 values"
    for stages, remedy in ((itself, levels), (deep(100_000), levels), (laughs, many)):
        ((path, said),) = told(RenewalPolicy, {"id": "v/1", "stages": stages})
        assert (path, said) == ("policy", remedy)
    assert told(RenewalPolicy, {"id": "v/1", "stages": [1] * 10**6}) == [("policy", many)]


def test_the_limits_themselves() -> None:
    """Thirty levels and 20,000 values are read: what is wrong with them is then told."""
    assert told(RenewalPolicy, {"id": "v/1", "stages": deep(29)})[0][0] == "policy.stages[0]"
    assert told(RenewalPolicy, {"id": "v/1", "stages": deep(30)})[0][0] == "policy"
    names = [{"code": f"product {number}"} for number in range(9_999)]
    policy = from_mapping(RenewalPolicy, {"id": "v/1", "excluded_products": names})
    assert len(policy.excluded_products) == 9_999
    more = {"id": "v/1", "source": "x", "excluded_products": names, "order_links": []}
    assert told(RenewalPolicy, more)[0][0] == "policy"


def test_only_so_many_keys_are_looked_up() -> None:
    """A hundred misspelt keys get a suggestion, the next ones none: that would take long."""
    found = told(RenewalPolicy, {"id": "v/1"} | {f"stages{number}": 1 for number in range(102)})
    assert [said == UNKNOWN for _, said in found].index(True) == 100


def test_a_hash_is_written_to_be_stored():
    """It comes back as it was; what is no text is refused."""
    record = OrderRecord(
        number="A-1",
        placed_on=date(2025, 1, 1),
        subscription_ids=("S-1",),
        password_hash=PasswordHash("scrypt$17"),
    )
    written = to_mapping(record)
    assert written["password_hash"] == "scrypt$17"
    assert from_mapping(OrderRecord, written) == record
    with pytest.raises(SubrenewError, match="password_hash is 7: give a hash that was stored"):
        from_mapping(OrderRecord, written | {"password_hash": 7})
