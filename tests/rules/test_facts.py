"""Dates, names and amounts become facts: one below, at and one above each boundary."""

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest

from subrenew import (
    Account,
    Actor,
    AtRenewal,
    AutoRenew,
    Channel,
    EarlyRenewal,
    History,
    Kind,
    LadderStart,
    LateStart,
    Listing,
    Mechanism,
    PaymentKind,
    PaymentMethod,
    ProductList,
    Role,
    StageLength,
    Subscription,
    Term,
    TrialEnd,
    Way,
)
from subrenew.policy.vendors import autodesk
from subrenew.rules.facts import (
    Asker,
    Change,
    Collection,
    ContinuingFacts,
    Coverage,
    Eligibility,
    End,
    EndedFacts,
    LateFacts,
    LateTerm,
    Length,
    LiveFacts,
    Offer,
    Payment,
    PendingFacts,
    Reductions,
    Seller,
    Timing,
    TrialAfter,
    TrialFacts,
    TrialTime,
    discount_facts,
    exclusion_facts,
    renewal_facts,
    term_change_facts,
)
from tests.makers import ANNUAL, INVOICE, MONTHLY, OFF, ON, PAYPAL, WIRE, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
COVERED_ON = date(2025, 6, 1)
EXPIRES_ON = date(2026, 1, 1)
ITSELF = {"auto_renew": ON, "payment_method": PAYPAL}


def _live(
    subscription: Subscription, on: date = COVERED_ON, policy=OLD, actor: Actor | None = None
) -> LiveFacts:
    facts = renewal_facts(subscription, policy, on, actor)
    assert isinstance(facts, LiveFacts)
    return facts


@pytest.mark.parametrize(
    ("on", "timing"),
    [
        ("2025-10-02", Timing.EARLY),
        ("2025-10-03", Timing.OPEN_BY_HAND_ONLY),
        ("2025-10-04", Timing.OPEN_BY_HAND_ONLY),
        ("2025-12-31", Timing.OPEN_BY_HAND_ONLY),
    ],
)
def test_timing_at_the_opening(on: str, timing: Timing) -> None:
    """The 90th day is open, the day before early."""
    assert _live(a_subscription(), date.fromisoformat(on), NEW).timing is timing


@pytest.mark.parametrize(
    ("days", "kind"), [(-1, LiveFacts), (0, LateFacts), (44, LateFacts), (45, EndedFacts)]
)
def test_the_expiry_date_is_late_where_a_stage_renews(days: int, kind: type) -> None:
    """Covered through the day before it, late from that day on, over after the last stage."""
    on = EXPIRES_ON + timedelta(days=days)
    assert isinstance(renewal_facts(a_subscription(), NEW, on, None), kind)


@pytest.mark.parametrize(
    ("days", "kind"), [(-1, LiveFacts), (0, PendingFacts), (7, PendingFacts), (8, LateFacts)]
)
@pytest.mark.parametrize(
    ("method", "collection"), [(PAYPAL, Collection.CHARGED), (INVOICE, Collection.INVOICED)]
)
def test_what_renews_itself_is_pending_first(
    method: PaymentMethod, collection: Collection, days: int, kind: type
) -> None:
    """Reading 29: from the renewal date through the catch-up, with how the money comes in."""
    subscription = a_subscription(auto_renew=ON, payment_method=method)
    facts = renewal_facts(subscription, NEW, EXPIRES_ON + timedelta(days=days), None)
    assert isinstance(facts, kind)
    if isinstance(facts, PendingFacts):
        assert facts.collection is collection


def test_an_opening_that_no_page_gives_is_unknown() -> None:
    """Reading 3: unset, it is unknown from the term's first day on, and early before."""
    silent = OLD.evolve(id="own", window_opens_days=None)
    first = date(2025, 1, 1)
    found = [
        _live(a_subscription(), first + timedelta(days=days), silent).timing for days in (-1, 0, 1)
    ]
    assert found == [Timing.EARLY, Timing.UNKNOWN, Timing.UNKNOWN]


@pytest.mark.parametrize("days", [1, 30, 31])
@pytest.mark.parametrize("late_start", [None, *LateStart])
def test_what_becomes_of_a_late_term(late_start: LateStart | None, days: int) -> None:
    """Reading 16: undated where no page dates it; over where a month of it is behind."""
    stages = (attrs.evolve(NEW.stages[0], lengths=(StageLength(days=60),)),)
    policy = NEW.evolve(id="own", stages=stages, late_start=late_start)
    month = a_subscription(term=MONTHLY, starts_on=date(2025, 12, 1))
    facts = renewal_facts(month, policy, EXPIRES_ON + timedelta(days=days), None)
    assert isinstance(facts, LateFacts)
    expected = LateTerm.UNDATED if late_start is None else LateTerm.DATED
    over = late_start is LateStart.OLD_END and days == 31
    assert facts.term is (LateTerm.OVER if over else expected)


@pytest.mark.parametrize("shift", [-1, 0])
def test_a_late_term_before_the_end_has_its_day(shift: int) -> None:
    """Late because of an unpaid invoice, the next term begins at the end: nothing is unknown."""
    policy = NEW.evolve(id="own", ladder_start=LadderStart.UNPAID_INVOICE)
    history = History(unpaid_since=EXPIRES_ON - timedelta(days=5))
    on = EXPIRES_ON + timedelta(days=shift)
    facts = renewal_facts(a_subscription(history=history), policy, on, None)
    assert isinstance(facts, LateFacts)
    assert facts.term is (LateTerm.DATED if shift < 0 else LateTerm.UNDATED)


def test_before_the_end_what_counts_is_how_it_stood_then() -> None:
    """Reading 29: changed on the renewal date, the answer for the days before it stays the same."""
    before = a_subscription(auto_renew=ON, payment_method=PAYPAL)
    kept = AtRenewal(auto_renew=ON, payment_method=PAYPAL)
    after = attrs.evolve(before, auto_renew=OFF, payment_method=None, at_renewal=kept)
    for days in (-1, 0, 7):
        on = EXPIRES_ON + timedelta(days=days)
        assert renewal_facts(after, NEW, on, None) is renewal_facts(before, NEW, on, None)
    late = renewal_facts(after, NEW, EXPIRES_ON + timedelta(days=8), None)
    assert isinstance(late, LateFacts)
    assert (late.auto_renew, late.payment) == (OFF, Payment.MISSING)


@pytest.mark.parametrize(
    ("days", "timing"),
    [(-1, Timing.EARLY), (0, Timing.OPEN_BY_HAND_ONLY), (1, Timing.OPEN_BY_HAND_ONLY)],
)
def test_timing_at_the_start_of_a_short_term(days: int, timing: Timing) -> None:
    """Less than 90 days before its end, a term that has not begun is early (reading 3)."""
    subscription = a_subscription(term=MONTHLY)
    assert _live(subscription, subscription.starts_on + timedelta(days=days)).timing is timing


@pytest.mark.parametrize(
    ("early_renewal", "timing"),
    [
        (EarlyRenewal.ALLOWED, Timing.OPEN),
        (EarlyRenewal.NOT_ALLOWED, Timing.OPEN_BY_HAND_ONLY),
    ],
)
def test_early_renewal_is_the_policys(early_renewal: EarlyRenewal, timing: Timing) -> None:
    """Reading 15: whether an open window is open to one that renews itself is a parameter."""
    policy = OLD.evolve(id="own", early_renewal=early_renewal)
    assert _live(a_subscription(), date(2025, 12, 1), policy).timing is timing


@pytest.mark.parametrize("term", [MONTHLY, ANNUAL], ids=str)
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_the_last_stage_ends(term: Term, shift: int) -> None:
    """30 days after expiry for monthly terms, 45 for annual ones: that day is over."""
    subscription = a_subscription(term=term)
    last = 30 if term == MONTHLY else 45
    facts = renewal_facts(
        subscription, NEW, subscription.expires_on + timedelta(days=last + shift), None
    )
    assert isinstance(facts, LateFacts if shift < 0 else EndedFacts)


@pytest.mark.parametrize("days", [14, 15, 16])
def test_the_first_stage_renews_like_the_second(days: int) -> None:
    """Whether a late renewal is taken does not depend on the stage; access does."""
    first = renewal_facts(a_subscription(), NEW, EXPIRES_ON, None)
    assert renewal_facts(a_subscription(), NEW, EXPIRES_ON + timedelta(days=days), None) is first


@pytest.mark.parametrize("days", [0, 1, 400])
def test_without_stages_the_expiry_is_the_end(days: int) -> None:
    """Under the edition of 2024 it is over on the expiry date."""
    facts = renewal_facts(a_subscription(), OLD, EXPIRES_ON + timedelta(days=days), None)
    assert isinstance(facts, EndedFacts)
    assert facts.end is End.EXPIRED


@pytest.mark.parametrize(("days", "live"), [(-1, True), (0, False), (1, False)])
def test_a_cancellation_ends_on_its_day(days: int, *, live: bool) -> None:
    """The day of the cancellation is the first one that is over, stages or not."""
    cancelled_on = date(2025, 11, 1)
    subscription = a_subscription(cancelled_on=cancelled_on)
    facts = renewal_facts(subscription, NEW, cancelled_on + timedelta(days=days), None)
    if live:
        assert isinstance(facts, LiveFacts)
    else:
        assert isinstance(facts, EndedFacts)
        assert facts.end is End.CANCELLED


def test_one_cancelled_on_its_expiry_is_cancelled() -> None:
    """A cancellation that takes effect at expiry rules out a late renewal."""
    facts = renewal_facts(a_subscription(cancelled_on=EXPIRES_ON), NEW, EXPIRES_ON, None)
    assert isinstance(facts, EndedFacts)
    assert facts.end is End.CANCELLED


def test_a_cancellation_on_its_way_switches_automatic_renewal_off() -> None:
    """What is cancelled ahead does not renew itself, whatever the switch says."""
    subscription = a_subscription(auto_renew=ON, cancelled_on=EXPIRES_ON)
    assert _live(subscription).auto_renew is AutoRenew.OFF


@pytest.mark.parametrize(
    ("shift", "payment"),
    [(-1, Payment.LAPSED), (0, Payment.CHARGEABLE), (1, Payment.CHARGEABLE)],
)
def test_the_method_is_compared_with_the_renewal_date(shift: int, payment: Payment) -> None:
    """Reading 11: its last day the day before, on and after the renewal date."""
    method = PaymentMethod(
        kind=PaymentKind.DIRECT_DEBIT, valid_through=EXPIRES_ON + timedelta(days=shift)
    )
    assert _live(a_subscription(payment_method=method)).payment is payment


@pytest.mark.parametrize(
    ("starts_on", "payment"),
    [
        ("2024-01-30", Payment.CHARGEABLE),
        ("2024-01-31", Payment.CHARGEABLE),
        ("2024-02-01", Payment.LAPSED),
    ],
)
def test_a_card_is_good_through_its_month(starts_on: str, payment: Payment) -> None:
    """Reading 11: a card to 2025-01 pays a renewal on the 30th and the 31st, not on the 1st."""
    card = PaymentMethod.card(expires="2025-01")
    subscription = a_subscription(starts_on=date.fromisoformat(starts_on), payment_method=card)
    assert _live(subscription, date(2024, 6, 1)).payment is payment


@pytest.mark.parametrize(
    ("method", "payment"),
    [
        (None, Payment.MISSING),
        (PAYPAL, Payment.CHARGEABLE),
        (PaymentMethod(kind=PaymentKind.DIRECT_DEBIT), Payment.CHARGEABLE),
        (WIRE, Payment.PUSHED),
        (PaymentMethod(kind=PaymentKind.ALIPAY), Payment.PUSHED),
        (PaymentMethod(kind=PaymentKind.KONBINI), Payment.PUSHED),
        (PaymentMethod(kind=PaymentKind.ATM_TRANSFER), Payment.PUSHED),
        (INVOICE, Payment.INVOICED),
        (
            PaymentMethod(kind=PaymentKind.INVOICE, valid_through=date(2025, 1, 1)),
            Payment.INVOICED,
        ),
        (PaymentMethod(kind="purse", mechanism=Mechanism.PULL), Payment.CHARGEABLE),
        (PaymentMethod(kind="purse", mechanism=Mechanism.PUSH), Payment.PUSHED),
        (PaymentMethod(kind="purse", mechanism=Mechanism.INVOICE), Payment.INVOICED),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_what_a_payment_method_can_do(method: PaymentMethod | None, payment: Payment) -> None:
    """Reading 12: what is sent is pushed, what can be charged is pulled, invoices are neither."""
    assert _live(a_subscription(payment_method=method)).payment is payment


def test_a_manual_kind_is_pushed_whatever_its_mechanism() -> None:
    """The policy's manual kinds come before the mechanism of the method itself."""
    method = PaymentMethod(kind=PaymentKind.ALIPAY, mechanism=Mechanism.PULL)
    subscription = a_subscription(payment_method=method)
    assert _live(subscription, policy=OLD).payment is Payment.PUSHED
    assert _live(subscription, policy=NEW).payment is Payment.CHARGEABLE


@pytest.mark.parametrize(
    ("roles", "managed", "old", "new"),
    [
        ((), True, Asker.MAY_NOT, Asker.MAY_NOT),
        ((), False, Asker.MAY_NOT, Asker.MAY_NOT),
        ((Role.OWNER,), True, Asker.MAY_NOT, Asker.MAY_NOT),
        ((Role.OWNER,), False, Asker.MAY, Asker.MAY),
        ((Role.OWNER,), None, Asker.MAY, Asker.MAY),
        ((Role.PURCHASER,), True, Asker.MAY, Asker.MAY),
        ((Role.PURCHASER,), False, Asker.MAY_NOT, Asker.MAY_NOT),
        ((Role.CONTRACT_MANAGER,), True, Asker.MAY, Asker.MAY_NOT),
        ((Role.PRIMARY_ADMIN,), True, Asker.MAY, Asker.MAY_NOT),
        ((Role.SECONDARY_ADMIN,), True, Asker.MAY_NOT, Asker.MAY_NOT),
        ((Role.PAYER,), True, Asker.MAY_NOT, Asker.MAY_NOT),
        ((Role.USER, Role.PURCHASER), True, Asker.MAY, Asker.MAY),
        (("reseller",), True, Asker.MAY_NOT, Asker.MAY_NOT),
    ],
)
def test_who_may_renew(roles, managed, old: Asker, new: Asker) -> None:
    """Reading 14: one listed role is enough; an account that is not managed has its owner."""
    account = None if managed is None else Account(id="A-1", managed=managed)
    subscription = a_subscription(account=account)
    actor = Actor(id="P-1", roles=frozenset(roles))
    assert _live(subscription, actor=actor, policy=OLD).asker is old
    assert _live(subscription, actor=actor, policy=NEW).asker is new


def test_asking_for_nobody_is_asking_for_one_who_may() -> None:
    """Reading 14: without an actor the question is about the subscription."""
    assert _live(a_subscription(account=Account(id="A-1", managed=True))).asker is Asker.MAY


def test_a_role_of_the_callers_own_is_compared_as_text() -> None:
    """A policy may list a role that the library does not know."""
    policy = OLD.evolve(id="own", unmanaged_roles=frozenset({"reseller"}))
    actor = Actor(id="P-1", roles=frozenset({"reseller"}))
    assert _live(a_subscription(), policy=policy, actor=actor).asker is Asker.MAY


@pytest.mark.parametrize("channel", Channel)
def test_the_seller_is_the_policys_reading_of_the_channel(channel: Channel) -> None:
    """Which channels are partners is a parameter."""
    subscription = a_subscription(channel=channel)
    expected = Seller.PARTNER if channel is Channel.PARTNER else Seller.VENDOR
    assert _live(subscription).seller is expected
    own = OLD.evolve(id="own", partner_channels=frozenset({channel}))
    assert _live(subscription, policy=own).seller is Seller.PARTNER
    none = OLD.evolve(id="none", partner_channels=frozenset())
    assert _live(subscription, policy=none).seller is Seller.VENDOR


@pytest.mark.parametrize(
    ("days", "time"),
    [(-1, TrialTime.RUNNING), (0, TrialTime.EXPIRED), (1, TrialTime.EXPIRED)],
)
def test_a_trial_is_over_on_its_end(days: int, time: TrialTime) -> None:
    """A trial runs until its end, stages or not."""
    trial = a_subscription(kind=Kind.TRIAL, term=Term.days(30))
    for policy in (OLD, NEW):
        facts = renewal_facts(trial, policy, trial.expires_on + timedelta(days=days), None)
        assert isinstance(facts, TrialFacts)
        assert facts.time is time


@pytest.mark.parametrize(
    ("trials", "after"),
    [
        (None, TrialAfter.UNKNOWN),
        (TrialEnd.ENDS, TrialAfter.ENDS),
        (TrialEnd.GOES_ON, TrialAfter.STOPPED),
    ],
)
def test_what_becomes_of_a_trial_is_the_policys(trials: TrialEnd | None, after: TrialAfter) -> None:
    """It ends, or no page says; where trials go on, one that was cancelled has stopped."""
    policy = OLD.evolve(id="own", trials=trials)
    cancelled = a_subscription(kind=Kind.TRIAL, auto_renew=ON, cancelled_on=EXPIRES_ON)
    facts = renewal_facts(cancelled, policy, COVERED_ON, None)
    assert isinstance(facts, TrialFacts)
    assert facts.after is after


@pytest.mark.parametrize("switch", list(AutoRenew))
def test_a_trial_that_may_go_on_has_a_switch_and_a_payment(switch: AutoRenew) -> None:
    """The two conditions of automatic renewal are those of going on."""
    policy = OLD.evolve(id="own", trials=TrialEnd.GOES_ON)
    trial = a_subscription(kind=Kind.TRIAL, auto_renew=switch, payment_method=INVOICE)
    facts = renewal_facts(trial, policy, COVERED_ON, None)
    assert isinstance(facts, ContinuingFacts)
    assert (facts.auto_renew, facts.payment) == (switch, Payment.INVOICED)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_converted_trial_has_ended_on_that_day(days: int) -> None:
    """What was bought in its place counts from then on."""
    trial = a_subscription(kind=Kind.TRIAL, history=History(converted_on=COVERED_ON))
    facts = renewal_facts(trial, OLD, COVERED_ON + timedelta(days=days), None)
    if days < 0:
        assert isinstance(facts, TrialFacts)
    else:
        assert isinstance(facts, EndedFacts)
        assert facts.end is End.CONVERTED


def test_who_may_renew_is_unknown_where_no_page_says_it() -> None:
    """Reading 14: unset roles are unknown to whoever asks; asking for nobody stays possible."""
    policy = OLD.evolve(id="own", unmanaged_roles=None)
    owner = Actor(id="P-1", roles=frozenset({Role.OWNER}))
    assert _live(a_subscription(), policy=policy, actor=owner).asker is Asker.UNKNOWN
    assert _live(a_subscription(), policy=policy).asker is Asker.MAY
    managed = a_subscription(account=Account(id="A-1", managed=True))
    assert _live(managed, policy=policy, actor=owner).asker is Asker.MAY_NOT


@pytest.mark.parametrize(
    ("changes", "policy", "days", "coverage"),
    [
        ({}, OLD, -1, Coverage.COVERED),
        ({}, OLD, 0, Coverage.ENDED),
        ({}, NEW, -1, Coverage.COVERED),
        ({}, NEW, 0, Coverage.LATE),
        ({}, NEW, 44, Coverage.LATE),
        ({}, NEW, 45, Coverage.ENDED),
        ({"cancelled_on": EXPIRES_ON}, NEW, -1, Coverage.COVERED),
        ({"cancelled_on": EXPIRES_ON}, NEW, 0, Coverage.ENDED),
        ({"kind": Kind.TRIAL}, NEW, -1, Coverage.TRIAL),
        ({"kind": Kind.TRIAL}, NEW, 1, Coverage.TRIAL),
        (ITSELF, NEW, 0, Coverage.COVERED),
        (ITSELF, NEW, 7, Coverage.COVERED),
        (ITSELF, NEW, 8, Coverage.LATE),
        (ITSELF, OLD, 7, Coverage.COVERED),
        (ITSELF, OLD, 8, Coverage.ENDED),
    ],
)
def test_coverage(changes, policy, days: int, coverage: Coverage) -> None:
    """Covered until the end or the catch-up's, late while a stage renews, ended from then on."""
    on = EXPIRES_ON + timedelta(days=days)
    facts = exclusion_facts(a_subscription(**changes), policy, on, reduced=False)
    assert facts.coverage is coverage


@pytest.mark.parametrize(
    ("term", "length"),
    [
        (Term.days(30), Length.SHORT),
        (Term.days(31), Length.SHORT),
        (Term.days(32), Length.LONG),
        (Term.weeks(4), Length.SHORT),
        (Term.weeks(5), Length.LONG),
        (Term.months(1), Length.SHORT),
        (Term.months(2), Length.LONG),
        (Term.years(1), Length.LONG),
    ],
)
def test_monthly_is_the_length_of_the_term(term: Term, length: Length) -> None:
    """Reading 5: a month or shorter gets no renewal price."""
    facts = exclusion_facts(a_subscription(term=term), OLD, date(2025, 1, 1), reduced=False)
    assert facts.length is length


def test_without_a_limit_no_term_is_short() -> None:
    """A policy that excludes no term by its length has none that is short."""
    policy = OLD.evolve(id="own", price_excluded_up_to=None)
    subscription = a_subscription(term=Term.days(1))
    facts = exclusion_facts(subscription, policy, date(2025, 1, 1), reduced=False)
    assert facts.length is Length.LONG


@pytest.mark.parametrize(
    ("product", "listing"),
    [
        ("AutoCAD Web", Listing.EXCLUDED),
        ("  autocad   WEB".strip(), Listing.EXCLUDED),
        ("\uff21utoCAD Web", Listing.EXCLUDED),
        ("AutoCAD", Listing.UNLISTED),
        ("AutoCAD Web Plus", Listing.UNLISTED),
        ("AutoCAD We", Listing.UNLISTED),
        ("AutoCAD LT avec outils CALS", Listing.EXCLUDED),
        ("Build", Listing.EXCLUDED),
        ("Building", Listing.UNLISTED),
        ("Maya", Listing.UNLISTED),
    ],
)
def test_products_match_whole(product: str, listing: Listing) -> None:
    """Reading 8: by code or alias, whole, case-folded and width-normalised."""
    subscription = a_subscription(product=product)
    assert exclusion_facts(subscription, OLD, COVERED_ON, reduced=False).listing is listing


def test_on_a_closed_list_what_is_not_excluded_is_eligible() -> None:
    """Reading 8: only an open list has products that are unlisted."""
    policy = OLD.evolve(id="own", product_list=ProductList.CLOSED)
    facts = exclusion_facts(a_subscription(), policy, COVERED_ON, reduced=False)
    assert facts.listing is Listing.ELIGIBLE


@pytest.mark.parametrize("reduced", [False, True])
def test_reductions_are_present_or_not(*, reduced: bool) -> None:
    """Reading 7: whether there are any is all that counts."""
    facts = exclusion_facts(a_subscription(), OLD, COVERED_ON, reduced=reduced)
    assert facts.reductions is (Reductions.PRESENT if reduced else Reductions.NONE)


@pytest.mark.parametrize(
    ("floor", "own", "offer"),
    [
        ("0.05", None, Offer.FLOOR),
        ("0.05", "0.05", Offer.FLOOR),
        ("0.05", "0.050001", Offer.OWN_RATE),
        ("0", None, Offer.FLOOR),
        ("0", "0", Offer.FLOOR),
        ("0", "0.000001", Offer.OWN_RATE),
        (None, None, Offer.NONE),
        (None, "0", Offer.NONE),
        (None, "0.000001", Offer.OWN_RATE),
    ],
)
def test_a_rate_of_its_own_is_above_the_floor(
    floor: str | None, own: str | None, offer: Offer
) -> None:
    """Reading 6: at the floor it is the floor, one millionth above it is a rate of its own."""
    policy = OLD.evolve(id="own", saving_floor_rate=None if floor is None else Decimal(floor))
    rate = None if own is None else Decimal(own)
    facts = discount_facts(Eligibility.ELIGIBLE, policy, own_rate=rate, loyalty_rate=None)
    assert facts.offer is offer


@pytest.mark.parametrize(
    ("floor", "loyal", "own", "offer"),
    [
        ("0.05", "0.05", None, Offer.FLOOR),
        ("0.05", "0.050001", None, Offer.LOYALTY),
        ("0.05", "0.08", "0.08", Offer.LOYALTY),
        ("0.05", "0.08", "0.080001", Offer.OWN_RATE),
        ("0.05", "0.08", "0.079999", Offer.LOYALTY),
        (None, "0.000001", None, Offer.LOYALTY),
        (None, "0", None, Offer.NONE),
    ],
)
def test_the_largest_of_three_rates(
    floor: str | None, loyal: str, own: str | None, offer: Offer
) -> None:
    """A rate of the price book comes before loyalty, and loyalty before the floor, if larger."""
    policy = OLD.evolve(id="own", saving_floor_rate=None if floor is None else Decimal(floor))
    rate = None if own is None else Decimal(own)
    facts = discount_facts(Eligibility.ELIGIBLE, policy, own_rate=rate, loyalty_rate=Decimal(loyal))
    assert facts.offer is offer


@pytest.mark.parametrize(
    ("to", "next_term", "change"),
    [
        (ANNUAL, None, Change.SAME),
        (Term.months(12), None, Change.SAME),
        (Term.days(365), None, Change.OTHER),
        (MONTHLY, None, Change.OTHER),
        (MONTHLY, MONTHLY, Change.SAME),
        (ANNUAL, MONTHLY, Change.WITHDRAWAL),
        (Term.years(3), MONTHLY, Change.OTHER),
    ],
    ids=str,
)
def test_a_term_is_compared_with_the_next_one(
    to: Term, next_term: Term | None, change: Change
) -> None:
    """With a change that was asked for; the usual term takes it back. Twelve months are a year."""
    subscription = a_subscription(next_term=next_term)
    facts = term_change_facts(subscription, OLD, COVERED_ON, to, None)
    assert facts.change is change


@pytest.mark.parametrize(
    ("to", "next_term", "change"),
    [
        (Term.years(3), None, Change.SAME),
        (ANNUAL, None, Change.OTHER),
        (Term.years(3), ANNUAL, Change.WITHDRAWAL),
        (ANNUAL, ANNUAL, Change.SAME),
    ],
    ids=str,
)
def test_the_usual_next_term_is_the_policys(
    to: Term, next_term: Term | None, change: Change
) -> None:
    """Where a renewal is for three years, three years are no change, and a year is one."""
    policy = OLD.evolve(id="own", renews_to=Term.years(3))
    facts = term_change_facts(a_subscription(next_term=next_term), policy, COVERED_ON, to, None)
    assert facts.change is change


@pytest.mark.parametrize(
    ("country", "region", "way"),
    [
        ("FR", None, Way.ACCOUNT),
        ("JP", None, Way.UNKNOWN),
        (None, None, Way.UNKNOWN),
        ("JP", "FR", Way.ACCOUNT),
        ("FR", "JP", Way.UNKNOWN),
        (None, "fr", Way.ACCOUNT),
    ],
)
def test_the_region_given_comes_before_the_country(
    country: str | None, region: str | None, way: Way
) -> None:
    """Reading 10: outside the policy's regions the way is unknown."""
    account = Account(id="A-1", country=country)
    facts = term_change_facts(a_subscription(account=account), OLD, COVERED_ON, MONTHLY, region)
    assert facts.way is way


def test_facts_are_made_once() -> None:
    """Equal facts are one value."""
    first, second = (_live(a_subscription(id=each, auto_renew=OFF)) for each in ("S-1", "S-2"))
    assert first is second
