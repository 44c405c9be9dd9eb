"""
Lives at random, over the desk: whatever is done on whatever day, the promises hold.

Runs: 20 of 30 steps locally, 200 of 50 in the profile ``ci``, 20,000 of 50 in ``release``.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from subrenew import (
    Account,
    Actor,
    AutoRenew,
    Barred,
    CancelAt,
    Cart,
    CheckOut,
    Condition,
    Decision,
    EarlyRenewal,
    Event,
    Happening,
    KeyTaken,
    Kind,
    LateStart,
    Order,
    OrderRoute,
    OrderTransition,
    PaymentKind,
    PaymentMethod,
    Refusal,
    RegionWays,
    RenewalPolicy,
    Role,
    Secret,
    Subscription,
    Term,
    TermRoute,
    Transition,
    TrialEnd,
    Way,
    buy_anew,
    cancel,
    change_term,
    convert_trial,
    lapse,
    plan,
    raise_condition,
    renew_automatically,
    renew_order,
    renewability,
    replay,
    resolve_condition,
    term_change,
    withdraw_cancellation,
)
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.repositories import Storage, Stored
from subrenew.rules.switching import SwitchRoute, switching
from subrenew.testing.memory import MemoryStorage
from tests.makers import a_list, a_price

with suppress(ImportError):  # the extra 'examples'
    from examples.webshop.storage import SqlStorage

WAYS = (
    RegionWays(region="US", way=Way.ACCOUNT),
    RegionWays(region="JP", way=Way.SUPPORT),
    RegionWays(region="BR", way=Way.NEITHER),
)
INVOICE_OPEN = Condition(
    code="open-invoice", message="An invoice is unpaid.", bars=frozenset({Barred.RENEWAL})
)
OWN = {"term_change_ways": WAYS, "conditions": (INVOICE_OPEN,)}
EARLY = autodesk.EDITION_2024.evolve(**OWN)
LATE = autodesk.EDITION_2025_12.evolve(**OWN, cart_most_lines=2)
POLICIES: list[RenewalPolicy] = [
    EARLY,
    EARLY.evolve(early_renewal=EarlyRenewal.ALLOWED, switch_closes_days=3),
    LATE,
    LATE.evolve(late_start=LateStart.RENEWAL_DAY),
    LATE.evolve(trials=TrialEnd.GOES_ON, catch_up_days=0),
    EARLY.evolve(trials=TrialEnd.GOES_ON, catch_up_days=20, switch_closes_days=2),
]
TERMS = [Term.years(1), Term.months(1), Term.years(3), Term.months(6), Term.weeks(1), Term.days(30)]
TRIAL = Term.days(30)
STARTS = [
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2024, 3, 15),
    date(2023, 12, 30),
    date(2024, 8, 31),
]
METHODS = {
    "card": [
        PaymentMethod.card(expires=expires, id="card")
        for expires in ("2024-06", "2025-01", "2026-03", "2099-12")
    ],
    "wire": [PaymentMethod(kind=PaymentKind.WIRE_TRANSFER, id="wire")],
    "invoice": [PaymentMethod(kind=PaymentKind.INVOICE, id="invoice")],
}
OWNER = Actor(id="P-1", roles=frozenset({Role.OWNER}))
USER = Actor(id="P-2", roles=frozenset({Role.USER}))
PRICES = a_list(a_price("100.00"), *(a_price("10.00", term=term) for term in TERMS[1:]))
HASHER = ScryptHasher(cost=4, r=1)
WORD = Secret("hunter2")
AUTOMATIC = (Happening.RENEWED_AUTOMATICALLY, Happening.TRIAL_CONTINUED)
RENEWALS = (Happening.RENEWED, *AUTOMATIC)

which = st.integers(0, 5)
actors = st.sampled_from([None, None, OWNER, USER])
terms = st.sampled_from(TERMS)
switches = st.sampled_from(list(AutoRenew))
subscriptions = st.builds(
    lambda **fields: fields,
    term=terms,
    starts_on=st.sampled_from(STARTS),
    auto_renew=switches,
    payment_method=st.sampled_from([None, *(each[-1] for each in METHODS.values())]),
    kind=st.sampled_from([*[Kind.PAID] * 5, Kind.TRIAL]),
)


def asked_again(decision: Decision[Any]) -> Decision[Any]:
    """Return the decision that the rules give for what a decision was asked with."""
    given = {"policy": decision.policy, "on": decision.on}
    asked = decision.asked
    if isinstance(decision.route, TermRoute):
        return term_change(decision.subscription, to=asked.to, region=asked.region, **given)
    if isinstance(decision.route, SwitchRoute):
        return switching(decision.subscription, actor=asked, **given)
    return renewability(decision.subscription, actor=asked, **given)


def check_renewal(event: Event) -> None:
    """A renewal is contiguous, on the anchor, and a whole term."""
    before, after = event.before, event.after
    assert before is not None
    # By hand once the term has begun, by itself once it has ended: so each term is renewed once.
    by_hand = event.what == Happening.RENEWED
    assert event.on >= (before.starts_on if by_hand else before.expires_on)
    late = by_hand and event.on >= before.expires_on
    gap = after.starts_on - before.expires_on
    if gap:
        # Only where the policy says so, and only for whoever comes late.
        assert late
        assert after.starts_on == event.on
        assert after.anchor_day == event.on.day
    else:
        assert after.anchor_day == before.anchor_day or before.term.day_count
    assert after.expires_on == after.term.end(after.starts_on, after.anchor_day)
    # Terms of days have no day of the month to keep.
    clamped = (after.expires_on + timedelta(days=1)).day == 1
    if after.term.month_count:
        assert after.expires_on.day == after.anchor_day or (
            clamped and after.expires_on.day < after.anchor_day
        )
    assert after.history.previous_starts_on == before.starts_on
    assert after.at_renewal is None
    if by_hand:
        assert after.term == (before.next_term or before.term)
    else:
        # As it stood on the last day before: what was changed since is for the next renewal.
        then = before.at_renewal or before
        assert after.term == (then.next_term or before.term)
        assert after.auto_renew is before.auto_renew
        assert after.payment_method == before.payment_method
        assert after.conditions == before.conditions
    if event.what == Happening.TRIAL_CONTINUED:
        assert (before.kind, after.kind) == (Kind.TRIAL, Kind.PAID)
        assert after.history.renewals == 0
        assert after.history.purchased_on == after.history.converted_on == before.expires_on
    else:
        assert before.kind is after.kind is Kind.PAID
        assert after.history.renewals == before.history.renewals + 1


class Lives(RuleBasedStateMachine):
    """A few subscriptions, and everything that can be done to them."""

    def make_storage(self) -> Storage:
        """Return an empty storage."""
        return MemoryStorage(prices=PRICES)

    @initialize(
        policy=st.sampled_from(POLICIES),
        made=st.lists(subscriptions, min_size=1, max_size=4),
    )
    def begin(self, policy: RenewalPolicy, made: list[dict[str, Any]]) -> None:
        """A few subscriptions are there."""
        self.desk = Desk(storage=self.make_storage(), policy=policy, hasher=HASHER)
        self.day = date(2024, 3, 1)
        self.first: dict[str, Subscription | None] = {}
        self.told: dict[str, list[Event]] = {}
        self.answers: dict[str, tuple[Any, Any]] = {}
        self.orders: list[str] = []
        self.numbers = 0
        with self.desk.storage.transaction() as found:
            for number, fields in enumerate(made):
                trial = {"term": TRIAL} if fields["kind"] is Kind.TRIAL else {}
                line = Subscription(
                    **{"id": f"S-{number}", "product": "CAD"} | fields | trial,
                    account=Account(id="A-1", country=("US", "JP", "BR", None)[number]),
                )
                found.subscriptions.save(line, revision=None)
                self.first[line.id] = line
                self.told[line.id] = []
        self.kept = self.read()

    # What is there

    def read(self) -> dict[str, Stored[Subscription]]:
        """Return what is stored."""
        with self.desk.storage.transaction() as found:
            return {id: found.subscriptions.get(id) for id in self.first}

    def id_of(self, number: int) -> str:
        """Return one of the identifiers."""
        return list(self.first)[number % len(self.first)]

    def new_name(self) -> str:
        """Return a name that nothing has."""
        self.numbers += 1
        return f"N-{self.numbers}"

    def check(self, answer: Any) -> None:
        """Note what happened, or see that nothing did and why."""
        if isinstance(answer, Refusal):
            assert asked_again(answer.decision) == answer.decision
            assert self.read() == self.kept
            return
        for event in answer.events:
            if event.subscription_id not in self.first:
                assert event.before is None
                self.first[event.subscription_id] = None
                self.told[event.subscription_id] = []
            self.told[event.subscription_id].append(event)
            assert event.on == self.day

    # What can be done

    @rule(days=st.one_of(st.integers(0, 3), st.integers(1, 40), st.integers(30, 300)))
    def wait(self, days: int) -> None:
        """Any number of days go by."""
        self.day += timedelta(days=days)

    @rule(number=which, offset=st.sampled_from([-90, -30, -1, 0, 0, 1, 7, 20]))
    def wait_for_the_end(self, number: int, offset: int) -> None:
        """One of them is about to end, ends, or has ended."""
        days = (self.kept[self.id_of(number)].value.expires_on - self.day).days
        self.day += timedelta(days=max(0, days + offset))

    @rule(number=which, offset=st.sampled_from([0, 3]))
    def renew_in_time(self, number: int, offset: int) -> None:
        """The run comes on the day, or a little late."""
        self.wait_for_the_end(number, offset)
        self.nightly_run()

    @rule(number=which)
    def wait_for_the_answer_to_change(self, number: int) -> None:
        """The day comes on which time alone changes the answer."""
        line = self.kept[self.id_of(number)].value
        changes_on = renewability(line, policy=self.desk.policy, on=self.day).changes_on
        self.day = changes_on or self.day

    @rule(number=which, actor=actors)
    def renew(self, number: int, actor: Actor | None) -> None:
        """By hand."""
        id = self.id_of(number)
        decision = renewability(
            self.kept[id].value, policy=self.desk.policy, on=self.day, actor=actor
        )
        answer = self.desk.renew(id, on=self.day, actor=actor)
        assert isinstance(answer, Transition) == decision.can_renew_now
        self.check(answer)

    @rule()
    def nightly_run(self) -> None:
        """By itself: each once, and no event is written that is not reported."""
        due = {id: self.read_log(id) for id in self.first}
        report = self.desk.renew_due(self.day)
        assert report.failures == ()
        for id, before in due.items():
            new = self.read_log(id)[len(before) :]
            assert len(new) == report.renewed.count(id)
            assert {event.what for event in new} <= set(AUTOMATIC)
            self.told[id] += new
        states = self.read()
        for id, route in report.left:
            assert id not in report.renewed or states[id].value.term.day_count
            assert route != "renews-itself"

    @rule(number=which)
    def run_for_one(self, number: int) -> None:
        """The run and the answer are one: it renews what is pending, and nothing else."""
        id = self.id_of(number)
        decision = renewability(self.kept[id].value, policy=self.desk.policy, on=self.day)
        answer = self.desk.change(
            id, lambda each: renew_automatically(each, policy=self.desk.policy, on=self.day)
        )
        assert isinstance(answer, Transition) == ("renewal-pending" in decision.codes)
        self.check(answer)

    @rule(number=which, days=st.integers(0, 22))
    def run_on_a_pending_day(self, number: int, days: int) -> None:
        """The renewal date has come, or some days more, and the run comes for this one."""
        self.wait_for_the_end(number, days)
        self.run_for_one(number)

    @rule(number=which, code=st.just("open-invoice"), raised=st.booleans())
    def set_condition(self, number: int, code: str, raised: bool) -> None:
        """A condition of the application's own is raised or resolved."""
        act = raise_condition if raised else resolve_condition
        given: dict[str, Any] = {"code": code, "policy": self.desk.policy, "on": self.day}
        self.check(self.desk.change(self.id_of(number), lambda each: act(each, **given)))

    @rule(number=which, to=switches, actor=actors)
    def switch(self, number: int, to: AutoRenew, actor: Actor | None) -> None:
        """In the account."""
        answer = self.desk.switch_auto_renew(self.id_of(number), to=to, on=self.day, actor=actor)
        self.check(answer)

    @rule(name=st.sampled_from(list(METHODS)), number=which, actor=actors)
    def replace_everywhere(self, name: str, number: int, actor: Actor | None) -> None:
        """Wherever it is used."""
        methods = METHODS[name]
        method = methods[number % len(methods)]
        users = {
            id
            for id, each in self.kept.items()
            if each.value.payment_method and each.value.payment_method.id == name
        }
        answers = self.desk.replace_payment_method(method, on=self.day, actor=actor)
        assert len(answers) == len(users)
        for answer in answers:
            if isinstance(answer, Refusal):
                assert asked_again(answer.decision) == answer.decision
            else:
                self.check(answer)

    @rule(
        number=which,
        to=terms,
        region=st.sampled_from([None, "US", "JP", "BR"]),
        by_support=st.booleans(),
        actor=actors,
    )
    def change_term(
        self, number: int, to: Term, region: str | None, by_support: bool, actor: Actor | None
    ) -> None:
        """From the next one on."""
        given: dict[str, Any] = {"policy": self.desk.policy, "on": self.day, "actor": actor}
        answer = self.desk.change(
            self.id_of(number),
            lambda each: change_term(each, to=to, region=region, by_support=by_support, **given),
        )
        self.check(answer)

    @precondition(lambda self: len(self.first) < 6)
    @rule(number=which, term=terms, anew=st.booleans())
    def buy(self, number: int, term: Term, anew: bool) -> None:
        """In place of a trial, or of what is over."""
        act = buy_anew if anew else convert_trial
        name = self.new_name()
        answer = self.desk.change(
            self.id_of(number),
            lambda each: act(each, id=name, policy=self.desk.policy, on=self.day, term=term),
        )
        self.check(answer)

    @rule(number=which, at=st.sampled_from(list(CancelAt)), actor=actors)
    def cancel(self, number: int, at: CancelAt, actor: Actor | None) -> None:
        """At the end of the term, or at once."""
        given: dict[str, Any] = {"policy": self.desk.policy, "on": self.day, "actor": actor}
        self.check(self.desk.change(self.id_of(number), lambda each: cancel(each, at=at, **given)))

    @rule(number=which, actor=actors)
    def withdraw_cancellation(self, number: int, actor: Actor | None) -> None:
        """Where one is on its way; else nothing happens."""
        given: dict[str, Any] = {"policy": self.desk.policy, "on": self.day, "actor": actor}
        self.check(
            self.desk.change(self.id_of(number), lambda each: withdraw_cancellation(each, **given))
        )

    @rule(numbers=st.sets(which, min_size=1, max_size=3), actor=actors)
    def renew_order(self, numbers: set[int], actor: Actor | None) -> None:
        """All of its lines that do not renew themselves, or none; as its plan says."""
        ids = sorted({self.id_of(number) for number in numbers})
        lines = tuple(attrs.evolve(self.kept[each].value, order_number=None) for each in ids)
        order = Order(number="O-1", placed_on=self.day, subscriptions=lines)
        given: dict[str, Any] = {"policy": self.desk.policy, "on": self.day, "actor": actor}
        answer = renew_order(order, **given)
        (entry,) = plan([order], prices=PRICES, **given).entries
        if isinstance(answer, Refusal):
            assert asked_again(answer.decision) == answer.decision
            assert not entry.can_renew_now
            return
        assert entry.can_renew_now
        renewed = {event.subscription_id for event in answer.events}
        for before, after in zip(lines, answer.order.subscriptions, strict=True):
            if before.id in renewed:
                check_renewal(next(e for e in answer.events if e.subscription_id == before.id))
            else:
                assert after == before
                assert renewability(before, **given).renews_itself

    @rule(number=which)
    def lapse(self, number: int) -> None:
        """Where it is over."""
        answer = self.desk.change(
            self.id_of(number),
            lambda each: lapse(each, policy=self.desk.policy, on=self.day),
        )
        self.check(answer)

    @rule(numbers=st.lists(which, min_size=1, max_size=3), actor=actors)
    def check_out(self, numbers: list[int], actor: Actor | None) -> None:
        """All of a purchase, or nothing."""
        cart = Cart()
        for number in numbers:
            line = self.kept[self.id_of(number)].value
            added = cart.add(line, policy=self.desk.policy, prices=PRICES, on=self.day)
            cart = added if isinstance(added, Cart) else cart
        for purchase in cart.purchases(self.desk.policy):  # type: ignore[arg-type]
            number, key = self.new_name(), self.new_name()
            asked = {"number": number, "on": self.day, "actor": actor, "key": key}
            answer = self.desk.check_out(purchase, password=WORD, **asked)
            if isinstance(answer, CheckOut):
                self.orders.append(number)
                ids = {line.subscription.id for line in purchase.lines}
                assert {each.id for each in answer.subscriptions} == ids
            assert self.desk.check_out(purchase, password=WORD, **asked) == answer
            with pytest.raises(KeyTaken):
                self.desk.check_out(purchase, **asked)
            self.check(answer)
            self.kept = self.read()

    @precondition(lambda self: self.orders)
    @rule(number=which, to=switches)
    def switch_order(self, number: int, to: AutoRenew) -> None:
        """With number and password."""
        decision = self.desk.open_order(
            number=self.orders[number % len(self.orders)],
            password=WORD,
            on=self.day,
            at=datetime.combine(self.day, time(12), UTC),
        )
        if decision.route is OrderRoute.OPEN_ORDER:
            answer = self.desk.switch_order(decision, to=to, on=self.day)
            if isinstance(answer, OrderTransition):
                states = self.read()
                for line in answer.order.subscriptions:
                    assert states[line.id].value == line
            self.check(answer)

    @rule(number=which, to=switches, renews=st.booleans())
    def ask_with_a_key(self, number: int, to: AutoRenew, renews: bool) -> None:
        """And again under the same key: the first answer, and nothing is done."""
        id, key = self.id_of(number), self.new_name()

        def ask() -> Transition | Refusal:
            if renews:
                return self.desk.renew(id, on=self.day, key=key)
            return self.desk.switch_auto_renew(id, to=to, on=self.day, key=key)

        answer = ask()
        self.check(answer)
        states = self.read()
        assert ask() == answer
        with pytest.raises(KeyTaken):
            self.desk.change(id, lambda _: answer, key=key, request="anything else")
        self.day += timedelta(days=1)
        assert ask() == answer
        assert self.read() == states

    # What always holds

    def read_log(self, id: str) -> tuple[Event, ...]:
        """Return what happened to one."""
        with self.desk.storage.transaction() as found:
            return found.events.of(id)

    @invariant()
    def promises_hold(self) -> None:
        """Of every one that has changed, from its beginning to now."""
        if not hasattr(self, "desk"):
            return
        states = self.read()
        for id, stored in states.items():
            if self.kept.get(id) == stored:
                continue
            events = self.read_log(id)
            # No event is lost, none is written twice, and they tell the state.
            assert list(events) == self.told[id]
            assert replay(self.first[id], events) == stored.value
            self.check_terms(events)
        for id, events in self.told.items():
            assert self.kept.get(id) != states[id] or len(events) + 1 >= states[id].revision
        self.kept = states

    def check_terms(self, events: tuple[Event, ...]) -> None:
        """Terms tile, the anchor is kept, and no term is renewed twice."""
        ends = [event.before.expires_on for event in renewals(events) if event.before]
        assert ends == sorted(set(ends))
        for event in events:
            if event.what in RENEWALS:
                check_renewal(event)
            elif event.before is not None:
                names = {name for name, _, _ in event.changes}
                assert not names & {"term", "starts_on", "expires_on", "anchor_day", "kind"}
                # But for the day on which something was bought in a trial's place.
                assert "history" not in names or event.what == Happening.TRIAL_CONVERTED


def renewals(events: tuple[Event, ...]) -> Iterator[Event]:
    """Yield those of them that renewed."""
    return (event for event in events if event.what in RENEWALS)


class LivesOnSqlite(Lives):
    """The same, in a database in memory."""

    def make_storage(self) -> Storage:
        """Return an empty database."""
        self.sql = SqlStorage("sqlite://", prices=PRICES)
        self.sql.create_tables()
        return self.sql

    def teardown(self) -> None:
        """Close it."""
        if hasattr(self, "sql"):
            self.sql.close()


def chosen(share: int = 1) -> settings:
    """Return so many runs and steps as the profile asks for."""
    profile = settings()
    if profile.max_examples < 100:
        # Mutation runs choose their own.
        return settings(max_examples=max(1, profile.max_examples // share))
    local = profile.max_examples == 100
    runs, steps = (20, 30) if local else (profile.max_examples, 50)
    return settings(max_examples=max(1, runs // share), stateful_step_count=steps)


def test_lives_in_memory() -> None:
    """Whatever happens, terms tile, the anchor is kept, and nothing is renewed twice or lost."""
    run_state_machine_as_test(Lives, settings=chosen())


def test_lives_on_sqlite() -> None:
    """The same in a database, where events and entities come back from rows."""
    pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")
    run_state_machine_as_test(LivesOnSqlite, settings=chosen(share=5))
