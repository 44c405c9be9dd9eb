"""Entities are frozen, checked once, and resolve the days that are left out."""

import copy
import pickle
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Generic

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from subrenew.clauses import Clause
from subrenew.errors import InvalidType, InvalidValue
from subrenew.model.entities import (
    Account,
    Actor,
    AtRenewal,
    AutoRenew,
    Channel,
    History,
    Kind,
    Mechanism,
    Order,
    PaymentKind,
    PaymentMethod,
    Role,
    Subscription,
)
from subrenew.model.money import Money
from subrenew.model.terms import Dated, Term, Window
from subrenew.policy.editions import Edition, Editions
from subrenew.policy.parameters import (
    Access,
    Product,
    RegionWays,
    RenewalPolicy,
    Stage,
    StageLength,
    Way,
)

DAY = timedelta(days=1)


def subscribed(**changes: Any) -> Subscription:
    """Return an annual subscription from 31 January 2024 with these fields changed."""
    fields: dict[str, Any] = {
        "id": "S-1",
        "product": "CAD",
        "term": Term.years(1),
        "starts_on": date(2024, 1, 31),
    }
    return Subscription(**{**fields, **changes})


def full() -> Subscription:
    """Return a subscription with every field given."""
    return Subscription(
        id="S-1",
        product="AutoCAD Web",
        term=Term.years(1),
        starts_on=date(2024, 1, 31),
        expires_on=date(2025, 1, 31),
        anchor_day=31,
        kind=Kind.PAID,
        auto_renew=AutoRenew.ON,
        payment_method=PaymentMethod.card(expires="2027-03", id="pm-1"),
        channel=Channel.ORDER,
        account=Account(id="A-1", country="FR", managed=True, customer_kind="business"),
        seats=7,
        currency="EUR",
        order_number="AB-1",
        cancelled_on=date(2024, 12, 31),
        next_term=Term.years(3),
        conditions=frozenset({"open-invoice"}),
        history=History(purchased_on=date(2023, 1, 31), renewed_on=date(2024, 1, 15), renewals=1),
        at_renewal=AtRenewal(auto_renew=AutoRenew.OFF),
    )


def values() -> tuple[object, ...]:
    """Return one value of every class that describes something."""
    policy = RenewalPolicy(id="v/1")
    edition = Edition(from_on=date(2024, 1, 1), policy=policy)
    length = StageLength(days=15)
    subscription = full()
    return (
        Money("9.50", "USD"),
        Term.years(1),
        Window(date(2024, 1, 1), date(2024, 2, 1)),
        Dated(((date(2024, 1, 1), 5),)),
        PaymentMethod(kind="cheque", mechanism=Mechanism.PUSH, id="pm-2"),
        Account(id="A-1"),
        Actor(id="P-1", roles=frozenset({Role.OWNER, "bookkeeper"})),
        History(),
        AtRenewal(auto_renew=AutoRenew.ON, next_term=Term.years(3)),
        subscription,
        Order(number="AB-1", placed_on=date(2024, 1, 31), subscriptions=(subscription,)),
        Clause("x", "heading", "says"),
        Product(code="CAD", aliases=frozenset({"Cad"})),
        length,
        Stage(name="expired", access=Access.FULL, lengths=(length,)),
        RegionWays(region="FR", way=Way.ACCOUNT),
        policy,
        edition,
        Editions((edition,)),
    )


VALUES = pytest.mark.parametrize("value", values(), ids=lambda value: type(value).__name__)


# Values ---------------------------------------------------------------------------------------


@VALUES
def test_values_are_frozen(value: object) -> None:
    """No field of a value can be set, deleted or added."""
    for field in attrs.fields(type(value)):  # type: ignore[arg-type]
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
        with pytest.raises(FrozenInstanceError):
            delattr(value, field.name)
    with pytest.raises(AttributeError):
        value.surprise = 1  # type: ignore[attr-defined]


@VALUES
def test_values_inherit_from_nothing(value: object) -> None:
    """No value is a kind of another: each class stands on its own."""
    expected = (Generic,) if isinstance(value, Dated) else (object,)
    assert type(value).__bases__ == expected


@VALUES
def test_equal_values_hash_alike(value: object) -> None:
    """A value made again is equal and hashes alike, so that it can be a key."""
    again = next(each for each in values() if type(each) is type(value))
    assert again is not value
    assert again == value
    assert hash(again) == hash(value)
    assert value != object()


@VALUES
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_values_pickle_and_copy(value: object, protocol: int) -> None:
    """A value read back or copied is equal to the one written, hash included."""
    hash(value)
    twins = (
        pickle.loads(pickle.dumps(value, protocol)),  # noqa: S301 - our own bytes
        copy.copy(value),
        copy.deepcopy(value),
    )
    for twin in twins:
        assert twin == value
        assert hash(twin) == hash(value)
        # A set is shown in any order.
        assert sorted(repr(twin)) == sorted(repr(value))


@VALUES
def test_only_money_terms_and_windows_go_by_position(value: object) -> None:
    """Entities are made by name; a positional argument is refused."""
    if type(value) in {Money, Term, Window, Dated, Editions, Clause}:
        return
    with pytest.raises(TypeError):
        type(value)("S-1")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        (Kind, "paid trial"),
        (AutoRenew, "on off"),
        (Channel, "account order partner"),
        (Mechanism, "pull push invoice"),
        (
            PaymentKind,
            "card paypal direct-debit alipay konbini wire-transfer atm-transfer invoice",
        ),
        (
            Role,
            "owner contract-manager purchaser primary-admin secondary-admin payer user",
        ),
    ],
)
def test_stored_words_never_change(enum: type[Kind], words: str) -> None:
    """The values of enums are kebab-case words that stored data relies on."""
    assert [member.value for member in enum] == words.split()
    assert [member.name.lower().replace("_", "-") for member in enum] == words.split()


# Payment methods ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mechanism"),
    [
        (PaymentKind.CARD, Mechanism.PULL),
        (PaymentKind.PAYPAL, Mechanism.PULL),
        (PaymentKind.DIRECT_DEBIT, Mechanism.PULL),
        (PaymentKind.ALIPAY, Mechanism.PUSH),
        (PaymentKind.KONBINI, Mechanism.PUSH),
        (PaymentKind.WIRE_TRANSFER, Mechanism.PUSH),
        (PaymentKind.ATM_TRANSFER, Mechanism.PUSH),
        (PaymentKind.INVOICE, Mechanism.INVOICE),
    ],
)
def test_each_kind_brings_its_mechanism(kind: PaymentKind, mechanism: Mechanism) -> None:
    """A kind moves money as it does: a mandate pulls, a transfer pushes (reading 12)."""
    assert PaymentMethod(kind=kind).mechanism is mechanism
    assert PaymentMethod(kind=kind.value) == PaymentMethod(kind=kind)
    assert PaymentMethod(kind=kind.value).kind is kind


def test_every_kind_has_a_mechanism() -> None:
    """No kind of payment is left without a mechanism."""
    assert {type(PaymentMethod(kind=kind).mechanism) for kind in PaymentKind} == {Mechanism}


def test_a_mechanism_can_be_given() -> None:
    """A mechanism that is given wins over the kind's own."""
    method = PaymentMethod(kind=PaymentKind.ALIPAY, mechanism=Mechanism.PULL)
    assert method.mechanism is Mechanism.PULL


def test_a_kind_of_the_callers_own_needs_a_mechanism() -> None:
    """A kind this version does not know survives as text, with a mechanism; never without."""
    method = PaymentMethod(kind="cheque", mechanism=Mechanism.PUSH)
    assert (type(method.kind), method.kind) == (str, "cheque")
    with pytest.raises(InvalidValue, match=r"mechanism is None: say how 'cheque' moves money"):
        PaymentMethod(kind="cheque")


@pytest.mark.parametrize(
    ("expires", "last"),
    [
        ("2027-03", date(2027, 3, 31)),
        ("2027-04", date(2027, 4, 30)),
        ("2027-12", date(2027, 12, 31)),
        ("2027-01", date(2027, 1, 31)),
        ("2027-02", date(2027, 2, 28)),
        ("2028-02", date(2028, 2, 29)),
        ("2100-02", date(2100, 2, 28)),
        ("1900-01", date(1900, 1, 31)),
        ("8999-12", date(8999, 12, 31)),
    ],
)
def test_a_card_is_good_through_its_month(expires: str, last: date) -> None:
    """A card can be charged on the last day of its month and not on the next (reading 11)."""
    card = PaymentMethod.card(expires=expires, id="pm-1")
    assert (card.kind, card.valid_through, card.id) == (PaymentKind.CARD, last, "pm-1")
    asked = (last - DAY, last, last + DAY)
    assert [card.can_be_charged_on(day) for day in asked] == [True, True, False]


@pytest.mark.parametrize(
    "expires",
    [
        "2027-00",
        "2027-13",
        "2027-3",
        "27-03",
        "03/27",
        "2027-03-01",
        "202703",
        "",
        " 2027-03",
        "2027-03\n",
        "\u0662\u0660\u0662\u0667-\u0660\u0663",
        "1899-12",
        "9000-01",
        "0000-01",
        pytest.param("9" * 5_000, id="long"),
    ],
)
def test_a_card_expires_in_a_month(expires: str) -> None:
    """A card's expiry is a year and a month in digits, within the years."""
    with pytest.raises(InvalidValue, match=r"^PaymentMethod\.card\.expires"):
        PaymentMethod.card(expires=expires)


def test_what_does_not_lapse_can_be_charged_always() -> None:
    """A pull method without a last day can always be charged, and no other ever."""
    for kind in PaymentKind:
        method = PaymentMethod(kind=kind)
        pulled = method.mechanism is Mechanism.PULL
        assert method.can_be_charged_on(date(2999, 1, 1)) is pulled


def test_changing_the_kind_alone_keeps_the_mechanism() -> None:
    """A mechanism once worked out stays when the kind is changed; give both together."""
    card = PaymentMethod(kind=PaymentKind.CARD)
    wire = attrs.evolve(card, kind=PaymentKind.WIRE_TRANSFER)
    assert wire.mechanism is Mechanism.PULL
    again = attrs.evolve(card, kind=PaymentKind.WIRE_TRANSFER, mechanism=None)
    assert again.mechanism is Mechanism.PUSH


# Accounts, actors, history --------------------------------------------------------------------


def test_accounts_hold_what_was_given() -> None:
    """An account keeps its four fields; all but the identifier may be left out."""
    account = Account(id="A-1", country="FR", managed=True, customer_kind="consumer")
    assert attrs.asdict(account) == {
        "id": "A-1",
        "country": "FR",
        "managed": True,
        "customer_kind": "consumer",
    }
    assert attrs.astuple(Account(id="A-1")) == ("A-1", None, False, None)


def test_roles_of_the_callers_own_are_text() -> None:
    """An actor holds known roles and texts; a known role equals its word."""
    actor = Actor(id="P-1", roles=frozenset({Role.OWNER, "bookkeeper"}))
    assert "bookkeeper" in actor.roles
    assert "owner" in actor.roles
    assert Actor(id="P-1", roles=frozenset({"owner"})) == Actor(
        id="P-1", roles=frozenset({Role.OWNER})
    )
    assert Actor(id="P-1").roles == frozenset()


def test_history_is_empty_where_nothing_is_known() -> None:
    """A subscription without a history has an empty one."""
    assert subscribed().history == History() == History(renewals=0)
    given = attrs.asdict(History())
    assert (given.pop("renewals"), given.pop("failed_charges")) == (0, 0)
    assert set(given.values()) == {None}


# Subscriptions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: AtRenewal(auto_renew="on"), "AtRenewal.auto_renew"),  # type: ignore[arg-type]
        (
            lambda: AtRenewal(auto_renew=AutoRenew.ON, payment_method="card"),  # type: ignore[arg-type]
            "AtRenewal.payment_method",
        ),
        (
            lambda: AtRenewal(auto_renew=AutoRenew.ON, conditions={"fine"}),  # type: ignore[arg-type]
            "AtRenewal.conditions",
        ),
        (
            lambda: AtRenewal(auto_renew=AutoRenew.ON, next_term="P1Y"),  # type: ignore[arg-type]
            "AtRenewal.next_term",
        ),
        (lambda: subscribed(at_renewal="on"), "Subscription.at_renewal"),
        (lambda: History(previous_starts_on="2024-01-31"), "History.previous_starts_on"),  # type: ignore[arg-type]
        (lambda: History(converted_on=20240131), "History.converted_on"),  # type: ignore[arg-type]
    ],
)
def test_what_a_renewal_date_remembers_is_checked(make: Callable[[], object], field: str) -> None:
    """Nothing is coerced, and the field is named."""
    with pytest.raises(InvalidType, match=field):
        make()


def test_every_field_is_kept() -> None:
    """A subscription with every field given holds each of them."""
    shown = attrs.asdict(full(), recurse=False)
    names = (
        "id product term starts_on expires_on anchor_day kind auto_renew payment_method channel "
        "account seats currency order_number cancelled_on next_term conditions history at_renewal"
    )
    assert " ".join(shown) == names
    assert None not in shown.values()
    assert shown["seats"] == 7
    assert shown["channel"] is Channel.ORDER


def test_what_may_be_left_out() -> None:
    """Four fields are enough; the others say paid, by hand, one seat, nothing known."""
    subscription = subscribed()
    assert subscription == subscribed(
        expires_on=date(2025, 1, 31),
        anchor_day=31,
        kind=Kind.PAID,
        auto_renew=AutoRenew.OFF,
        payment_method=None,
        channel=Channel.ACCOUNT,
        account=None,
        seats=1,
        currency=None,
        order_number=None,
        cancelled_on=None,
        next_term=None,
        conditions=frozenset(),
        history=History(),
    )


@pytest.mark.parametrize("name", ["id", "product", "term", "starts_on"])
def test_what_may_not_be_left_out(name: str) -> None:
    """An identifier, a product, a term and its first day are always given."""
    fields = {"id": "S", "product": "P", "term": Term.years(1), "starts_on": date(2024, 1, 31)}
    del fields[name]
    with pytest.raises(TypeError, match=name):
        Subscription(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "starts_on", "given", "expires_on", "anchor_day"),
    [
        # nothing given: the term's end, the start's own day
        (Term.years(1), "2024-01-31", {}, "2025-01-31", 31),
        (Term.years(1), "2024-02-29", {}, "2025-02-28", 29),
        (Term.months(1), "2025-01-31", {}, "2025-02-28", 31),
        (Term.months(1), "2025-01-15", {}, "2025-02-15", 15),
        (Term.days(30), "2025-01-15", {}, "2025-02-14", 15),
        # the anchor alone
        (Term.months(1), "2024-02-29", {"anchor_day": 31}, "2024-03-31", 31),
        (Term.years(1), "2027-02-28", {"anchor_day": 29}, "2028-02-29", 29),
        # the end alone, that of the term
        (Term.months(1), "2025-01-31", {"expires_on": "2025-02-28"}, "2025-02-28", 31),
        (Term.months(1), "2025-01-15", {"expires_on": "2025-02-15"}, "2025-02-15", 15),
        (Term.years(1), "2024-01-15", {"expires_on": "2027-01-15"}, "2027-01-15", 15),
        (Term.days(30), "2025-01-15", {"expires_on": "2025-02-14"}, "2025-02-14", 15),
        # the end alone, of another length: a first term cut short is counted from its end
        (Term.months(1), "2025-01-15", {"expires_on": "2025-02-01"}, "2025-02-01", 1),
        (Term.months(1), "2024-02-29", {"expires_on": "2024-03-31"}, "2024-03-31", 31),
        (Term.years(1), "2024-06-10", {"expires_on": "2024-12-31"}, "2024-12-31", 31),
        (Term.years(1), "2024-06-10", {"expires_on": "2024-06-11"}, "2024-06-11", 11),
        # both
        (
            Term.months(1),
            "2025-02-28",
            {"expires_on": "2025-03-31", "anchor_day": 31},
            "2025-03-31",
            31,
        ),
        (
            Term.years(1),
            "2024-06-10",
            {"expires_on": "2025-01-01", "anchor_day": 10},
            "2025-01-01",
            10,
        ),
    ],
)
def test_end_and_anchor_are_worked_out(
    term: Term, starts_on: str, given: dict[str, Any], expires_on: str, anchor_day: int
) -> None:
    """What is left out of the end and the anchor day follows from what is given."""
    fields = dict(given)
    if "expires_on" in fields:
        fields["expires_on"] = date.fromisoformat(fields["expires_on"])
    found = subscribed(term=term, starts_on=date.fromisoformat(starts_on), **fields)
    assert (found.expires_on.isoformat(), found.anchor_day) == (expires_on, anchor_day)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 48),
    st.integers(1, 31) | st.none(),
)
def test_stored_ends_are_read_back(starts_on: date, months: int, anchor_day: int | None) -> None:
    """A subscription stored with its end and its anchor day is the same when it is read."""
    made = subscribed(term=Term.months(months), starts_on=starts_on, anchor_day=anchor_day)
    read = subscribed(
        term=made.term,
        starts_on=starts_on,
        expires_on=made.expires_on,
        anchor_day=made.anchor_day,
    )
    assert read == made
    assert made.expires_on == made.term.end(starts_on, anchor_day)
    if anchor_day is None:
        bare = subscribed(term=made.term, starts_on=starts_on, expires_on=made.expires_on)
        assert bare == made


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, False), (1, True)])
def test_a_term_has_a_day_at_least(days: int, *, taken: bool) -> None:
    """It expires after it starts: the day before and the day itself are refused."""
    starts_on = date(2024, 1, 31)
    if taken:
        assert subscribed(expires_on=starts_on + days * DAY).expires_on == date(2024, 2, 1)
        return
    with pytest.raises(InvalidValue, match="give a day after starts_on, 2024-01-31"):
        subscribed(expires_on=starts_on + days * DAY)


def test_covering_takes_the_last_day() -> None:
    """A system that prints the last covered day gets the day after it as the expiry."""
    fields: dict[str, Any] = {
        "id": "S-1",
        "product": "CAD",
        "term": Term.years(1),
        "starts_on": date(2024, 12, 31),
    }
    found = Subscription.covering(last_day=date(2025, 12, 30), **fields)
    assert found == Subscription(expires_on=date(2025, 12, 31), **fields)
    assert found == Subscription(**fields)
    one_day = Subscription.covering(last_day=date(2024, 12, 31), **fields)
    assert one_day.expires_on == date(2025, 1, 1)
    leap = Subscription.covering(last_day=date(2028, 2, 28), **fields)
    assert leap.expires_on == date(2028, 2, 29)


def test_covering_takes_one_of_the_two_days() -> None:
    """The last day and the expiry together are refused, and so is one outside the years."""
    fields: dict[str, Any] = {
        "id": "S-1",
        "product": "CAD",
        "term": Term.years(1),
        "starts_on": date(2024, 12, 31),
    }
    with pytest.raises(InvalidType, match="give last_day or expires_on"):
        Subscription.covering(last_day=date(2025, 12, 30), expires_on=date(2025, 12, 31), **fields)
    with pytest.raises(InvalidType, match=r"Subscription\.covering\.last_day"):
        Subscription.covering(last_day="2025-12-30", **fields)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="keep dates within"):
        Subscription.covering(last_day=date(9000, 12, 31), **fields)


@pytest.mark.parametrize(
    ("cancelled_on", "taken"),
    [
        ("2024-01-30", False),
        ("2024-01-31", True),
        ("2024-08-01", True),
        ("2025-01-31", True),
    ],
)
def test_a_cancellation_lies_within_the_term(cancelled_on: str, *, taken: bool) -> None:
    """A cancellation takes a day of the term, or its end, and none before."""
    day = date.fromisoformat(cancelled_on)
    if taken:
        assert subscribed(cancelled_on=day).ends_on == day
        return
    with pytest.raises(InvalidValue, match="give a day from 2024-01-31"):
        subscribed(cancelled_on=day)


def test_a_cancellation_after_the_end_does_not_lengthen_the_term() -> None:
    """Cancelled within the ladder, it still ended when it expired."""
    line = subscribed(cancelled_on=date(2025, 2, 20))
    assert line.ends_on == line.expires_on == date(2025, 1, 31)


def test_it_ends_when_it_expires_unless_cancelled() -> None:
    """Without a cancellation the first day not covered is the expiry."""
    assert subscribed().ends_on == subscribed().expires_on


@pytest.mark.parametrize(
    ("account", "country"),
    [(None, None), (Account(id="A"), None), (Account(id="A", country="FR"), "FR")],
)
def test_the_country_is_the_accounts(account: Account | None, country: str | None) -> None:
    """A subscription's country is its account's, where both are known."""
    assert subscribed(account=account).country == country


@pytest.mark.parametrize("seats", [1, 2, 1_000_000])
def test_seats_at_their_limits(seats: int) -> None:
    """From one to a million seats are bought."""
    assert subscribed(seats=seats).seats == seats


@pytest.mark.parametrize(
    "change",
    [
        {"id": "S-2"},
        {"product": "Cad"},
        {"term": Term.months(12), "seats": 2},
        {"auto_renew": AutoRenew.ON},
        {"kind": Kind.TRIAL},
        {"channel": Channel.PARTNER},
        {"payment_method": PaymentMethod(kind=PaymentKind.CARD)},
        {"account": Account(id="A-1")},
        {"currency": "EUR"},
        {"order_number": "AB-1"},
        {"next_term": Term.years(3)},
        {"cancelled_on": date(2024, 6, 1)},
        {"conditions": frozenset({"open-invoice"})},
        {"history": History(renewals=1)},
        {"at_renewal": AtRenewal(auto_renew=AutoRenew.ON)},
        {"expires_on": date(2025, 1, 30)},
        {"anchor_day": 30},
    ],
    ids="-".join,
)
def test_every_field_makes_a_difference(change: dict[str, Any]) -> None:
    """Two subscriptions that differ in one field are not equal."""
    assert subscribed(**change) != subscribed()
    assert len({subscribed(**change), subscribed(), subscribed()}) == 2


def test_a_year_and_twelve_months_are_the_same_subscription() -> None:
    """A term written differently makes no other subscription."""
    assert subscribed(term=Term.months(12)) == subscribed()
    assert hash(subscribed(term=Term.months(12))) == hash(subscribed())


def test_what_changes_a_copy_is_checked_as_well() -> None:
    """A changed copy is checked like a new one."""
    subscription = subscribed()
    assert attrs.evolve(subscription, seats=2) == subscribed(seats=2)
    with pytest.raises(InvalidValue, match=r"Subscription\.seats"):
        attrs.evolve(subscription, seats=0)
    with pytest.raises(InvalidValue, match=r"Subscription\.expires_on"):
        attrs.evolve(subscription, starts_on=date(2025, 1, 31))


def test_a_changed_term_keeps_the_end_unless_it_is_asked_for() -> None:
    """A copy keeps end and anchor that were worked out; None asks for them again."""
    annual = subscribed()
    kept = attrs.evolve(annual, term=Term.months(1))
    assert (kept.expires_on, kept.anchor_day) == (date(2025, 1, 31), 31)
    asked = attrs.evolve(annual, term=Term.months(1), expires_on=None)
    assert (asked.expires_on, asked.anchor_day) == (date(2024, 2, 29), 31)
    moved = attrs.evolve(annual, starts_on=date(2025, 3, 10), expires_on=None, anchor_day=None)
    assert (moved.expires_on, moved.anchor_day) == (date(2026, 3, 10), 10)
    anchored = attrs.evolve(annual, starts_on=date(2025, 2, 28), expires_on=None)
    assert (anchored.expires_on, anchored.anchor_day) == (date(2026, 2, 28), 31)


# Orders ---------------------------------------------------------------------------------------


def ordered(**changes: Any) -> Order:
    """Return an order of one line with these fields changed."""
    fields: dict[str, Any] = {
        "number": "AB-1",
        "placed_on": date(2024, 1, 31),
        "subscriptions": (subscribed(order_number="AB-1"),),
    }
    return Order(**{**fields, **changes})


def test_orders_hold_what_was_given() -> None:
    """An order keeps its number, its day, its lines in order and its account."""
    lines = (subscribed(id="S-2"), subscribed(id="S-1", order_number="AB-1"))
    order = ordered(subscriptions=lines, account=Account(id="A-1"))
    assert order.subscriptions == lines
    assert (order.number, order.placed_on, order.account) == (
        "AB-1",
        date(2024, 1, 31),
        Account(id="A-1"),
    )
    assert ordered().account is None


@pytest.mark.parametrize("number", ["1", "A", "0", "AB-1", "A--1", "A" * 40])
def test_order_numbers_are_taken(number: str) -> None:
    """Capital letters, digits and inner hyphens make a number of up to 40 characters."""
    order = ordered(number=number, subscriptions=(subscribed(order_number=number),))
    assert order.number == number


@pytest.mark.parametrize(
    "number", ["-", "-A", "A-", "a1", "A 1", "A_1", "É1", "\uff11", "A" * 41, "A" * 200]
)
def test_order_numbers_are_refused(number: str) -> None:
    """Small letters, blanks, outer hyphens, other scripts and long numbers are refused."""
    with pytest.raises(InvalidValue, match=r"Order\.number .* 1 to 40 capital letters"):
        ordered(number=number)


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (partial(ordered, subscriptions=()), "at least one"),
        (lambda: ordered(subscriptions=(subscribed(), subscribed())), "each line once"),
        (
            lambda: ordered(subscriptions=(subscribed(order_number="AB-2"),)),
            "'AB-2': give lines of AB-1 only",
        ),
        (lambda: ordered(subscriptions=[subscribed()]), "give a tuple of Subscription"),
        (lambda: ordered(subscriptions=(subscribed(), "S-2")), r"subscriptions\[1\] is 'S-2'"),
        (lambda: ordered(account="A-1"), "give a Account"),
        (lambda: ordered(placed_on="2024-01-31"), r"Order\.placed_on"),
    ],
)
def test_orders_are_refused(make: Callable[[], Order], remedy: str) -> None:
    """An order has one line or more, each once, each its own."""
    with pytest.raises(InvalidValue, match=remedy):
        make()


def test_an_order_has_no_place_for_a_password() -> None:
    """Neither the order's password nor a card's number has a field."""
    names = {field.name for cls in (Order, PaymentMethod) for field in attrs.fields(cls)}
    assert not {name for name in names if "pass" in name or "hash" in name or "pan" in name}
    assert names == {
        "number",
        "placed_on",
        "subscriptions",
        "account",
        "kind",
        "mechanism",
        "valid_through",
        "id",
    }
