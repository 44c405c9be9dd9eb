"""Which saving applies, and that no rate is below what is promised."""

import pickle
from datetime import date, datetime
from decimal import Decimal

import pytest

from subrenew import (
    Account,
    Edition,
    Editions,
    History,
    InvalidType,
    InvalidValue,
    Kind,
    LoyaltyTier,
    Product,
    Reduction,
    RenewalRate,
    Saving,
    Subscription,
    renewal_discount,
)
from subrenew.policy.vendors import autodesk
from tests.makers import LONG_AGO, MONTHLY, a_list, a_subscription

OLD, NEW = autodesk.EDITION_2024, autodesk.EDITION_2025_12
ELIGIBLE = OLD.evolve(id="cad", eligible_products=(Product(code="CAD"),))
ON_DAY = date(2025, 12, 1)


def _rates(*pairs: tuple[str, date]):
    return a_list(rates=tuple(RenewalRate(rate=Decimal(rate), from_on=day) for rate, day in pairs))


@pytest.mark.parametrize(
    ("own", "route", "rate", "codes"),
    [
        (None, Saving.FLOOR_RATE, "0.05", ("floor",)),
        ("0.05", Saving.FLOOR_RATE, "0.05", ("floor",)),
        ("0.050001", Saving.OWN_RATE, "0.050001", ("own-rate",)),
        ("0.999999", Saving.OWN_RATE, "0.999999", ("own-rate",)),
    ],
)
def test_the_larger_one_of_floor_and_own_rate(
    own: str | None, route: Saving, rate: str, codes: tuple[str, ...]
) -> None:
    """Reading 6: at the floor it is the floor; one millionth above it is a rate of its own."""
    prices = _rates() if own is None else _rates((own, LONG_AGO))
    decision = renewal_discount(a_subscription(), policy=ELIGIBLE, prices=prices, on=ON_DAY)
    assert (decision.route, decision.rate, decision.codes) == (route, Decimal(rate), codes)
    assert decision.findings[0].value("rate") == Decimal(rate)


@pytest.mark.parametrize("own", ["0.049999", "0"])
def test_a_rate_below_the_floor_is_an_error(own: str) -> None:
    """Reading 6: a smaller rate is the price book's mistake, and never quoted."""
    with pytest.raises(InvalidValue, match=r"at least the policy's floor, 0\.05"):
        renewal_discount(a_subscription(), policy=OLD, prices=_rates((own, LONG_AGO)), on=ON_DAY)


class _OwnBook:
    def __init__(self, rate) -> None:
        self.rate = rate

    def list_price(self, subscription: Subscription, *, on: date) -> None:
        return None

    def renewal_rate(self, subscription: Subscription, *, on: date):
        return self.rate


@pytest.mark.parametrize("rate", [0.08, "0.08", 1, Decimal(1), Decimal("NaN"), Decimal("-0.1")])
def test_a_book_of_the_callers_own_is_checked(rate) -> None:
    """A rate that is no fraction is refused, whoever returned it."""
    with pytest.raises(InvalidValue, match=r"PriceBook\.renewal_rate"):
        renewal_discount(a_subscription(), policy=OLD, prices=_OwnBook(rate), on=ON_DAY)


def test_a_book_of_the_callers_own_supplies_rates() -> None:
    """Any class with the two methods is a price book."""
    book = _OwnBook(Decimal("0.08"))
    decision = renewal_discount(a_subscription(), policy=OLD, prices=book, on=ON_DAY)
    assert (decision.route, decision.rate) == (Saving.OWN_RATE, Decimal("0.08"))
    assert decision.changes_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("changes", "policy", "on", "codes"),
    [
        ({"kind": Kind.TRIAL}, OLD, ON_DAY, ("not-a-renewal",)),
        ({}, OLD, date(2026, 1, 1), ("not-a-renewal",)),
        ({}, NEW, date(2026, 1, 1), ("excluded", "nothing-promised")),
        ({"term": MONTHLY, "starts_on": ON_DAY}, OLD, ON_DAY, ("excluded",)),
        ({"product": "Arnold"}, OLD, ON_DAY, ("excluded",)),
        ({}, NEW, ON_DAY, ("open-list", "nothing-promised")),
    ],
)
def test_no_saving(changes, policy, on: date, codes: tuple[str, ...]) -> None:
    """What is excluded, not renewed, or promised nothing, saves nothing."""
    decision = renewal_discount(a_subscription(**changes), policy=policy, prices=_rates(), on=on)
    assert (decision.route, decision.rate, decision.codes) == (Saving.NO_SAVING, 0, codes)


def test_what_is_excluded_names_every_exclusion() -> None:
    """The finding holds the codes of `exclusions`, in the order of the source."""
    decision = renewal_discount(
        a_subscription(term=MONTHLY, starts_on=ON_DAY, product="Arnold"),
        policy=OLD,
        prices=_rates(),
        on=ON_DAY,
        reductions=(Reduction(code="SPRING", rate=Decimal("0.1")),),
    )
    (finding,) = decision.findings
    assert finding.value("exclusions") == ("already-reduced", "short-term", "excluded-product")


def test_a_policy_that_promises_nothing_may_have_rates() -> None:
    """Under the later edition a rate of the price book still saves."""
    decision = renewal_discount(
        a_subscription(), policy=NEW, prices=_rates(("0.02", LONG_AGO)), on=ON_DAY
    )
    assert (decision.route, decision.rate) == (Saving.OWN_RATE, Decimal("0.02"))


@pytest.mark.parametrize(
    ("on", "rate"), [("2025-11-30", "0.05"), ("2025-12-01", "0.08"), ("2025-12-02", "0.08")]
)
def test_the_rate_is_the_one_of_the_day(on: str, rate: str) -> None:
    """Clause `saving.revisable`: the rate of the day of the renewal."""
    decision = renewal_discount(
        a_subscription(),
        policy=OLD,
        prices=_rates(("0.08", ON_DAY)),
        on=date.fromisoformat(on),
    )
    assert decision.rate == Decimal(rate)


def test_the_answer_changes_when_the_rate_does() -> None:
    """A new rate changes the answer, also from one rate of its own to another."""
    prices = _rates(("0.08", LONG_AGO), ("0.08", date(2025, 6, 1)), ("0.10", ON_DAY))
    decision = renewal_discount(a_subscription(), policy=OLD, prices=prices, on=date(2025, 2, 1))
    assert decision.changes_on == ON_DAY
    later = renewal_discount(a_subscription(), policy=OLD, prices=prices, on=ON_DAY)
    assert later.changes_on == date(2026, 1, 1)


def test_the_answer_changes_when_the_floor_does() -> None:
    """An edition with another floor changes the answer: a floor before and after."""
    editions = Editions(
        (
            Edition(from_on=date(2025, 1, 1), policy=OLD),
            Edition(
                from_on=date(2025, 7, 1),
                policy=OLD.evolve(id="ten", saving_floor_rate=Decimal("0.1")),
            ),
        )
    )
    decision = renewal_discount(
        a_subscription(), policy=editions, prices=_rates(), on=date(2025, 2, 1)
    )
    assert decision.changes_on == date(2025, 7, 1)


def test_the_customers_rate_counts() -> None:
    """Clause `saving.base`: product, country and customer may vary it."""
    rates = (
        RenewalRate(rate=Decimal("0.06"), from_on=LONG_AGO),
        RenewalRate(rate=Decimal("0.07"), from_on=LONG_AGO, customer="A-1"),
    )
    prices = a_list(rates=rates)
    for account, rate in ((None, "0.06"), (Account(id="A-1"), "0.07")):
        subscription = a_subscription(account=account)
        decision = renewal_discount(subscription, policy=OLD, prices=prices, on=ON_DAY)
        assert decision.rate == Decimal(rate)


def test_decisions_about_the_saving_pickle() -> None:
    """Decided again from the same prices, the answer is the same."""
    prices = _rates(("0.08", LONG_AGO))
    decision = renewal_discount(a_subscription(), policy=OLD, prices=prices, on=ON_DAY)
    twin = pickle.loads(pickle.dumps(decision))  # noqa: S301 - our own bytes
    assert twin == decision
    assert (twin.route, twin.rate) == (decision.route, decision.rate)


def test_what_is_no_date_is_an_error() -> None:
    """Reading 1: a datetime is refused."""
    with pytest.raises(InvalidType, match="local_day"):
        renewal_discount(a_subscription(), policy=OLD, prices=_rates(), on=datetime(2025, 12, 1))


@pytest.mark.parametrize(
    ("renewals", "own", "route", "rate"),
    [
        (1, None, "floor-rate", "0.05"),
        (2, None, "loyalty-rate", "0.1"),
        (3, None, "loyalty-rate", "0.1"),
        (4, None, "loyalty-rate", "0.1"),
        (5, None, "loyalty-rate", "0.2"),
        (6, None, "loyalty-rate", "0.2"),
        (2, "0.099999", "loyalty-rate", "0.1"),
        (2, "0.1", "loyalty-rate", "0.1"),
        (2, "0.100001", "own-rate", "0.100001"),
        (1, "0.06", "own-rate", "0.06"),
        (5, "0.06", "loyalty-rate", "0.2"),
    ],
)
def test_the_largest_rate_counts(renewals: int, own: str | None, route: str, rate: str) -> None:
    """Floor, own rate and loyalty: one below, at and above each other, and each tier."""
    tiers = (
        LoyaltyTier(from_renewals=2, rate=Decimal("0.1")),
        LoyaltyTier(from_renewals=5, rate=Decimal("0.2")),
    )
    policy = OLD.evolve(id="own", loyalty=tiers)
    rates = () if own is None else (RenewalRate(rate=Decimal(own), from_on=LONG_AGO),)
    decision = renewal_discount(
        a_subscription(history=History(renewals=renewals)),
        policy=policy,
        prices=a_list(rates=rates),
        on=date(2025, 12, 1),
    )
    assert (decision.route, decision.rate) == (route, Decimal(rate))
    assert decision.findings[-1].value("rate") == Decimal(rate)
