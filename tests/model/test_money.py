"""Money is exact, of one currency, never a float, and keeps the promised saving."""

import copy
import pickle
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    Clamped,
    Context,
    Decimal,
    FloatOperation,
    Inexact,
    Rounded,
    Subnormal,
    localcontext,
)
from fractions import Fraction
from math import floor
from random import Random  # noqa: TID251 - seeded: the same sample every time

import pytest
from attrs.exceptions import FrozenInstanceError
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from subrenew.errors import CurrencyMismatch, InvalidType, InvalidValue
from subrenew.model.money import (
    CURRENCIES,
    Money,
    meets_floor,
    saving_rate,
    smallest_unit_digits,
)

FIVE_PERCENT = Decimal("0.05")

#: Where Babel follows what is handed out in shops, ISO 4217 keeps the digits of the books.
ISO_WHERE_BABEL_DIFFERS = {
    "AFN": 2,
    "ALL": 2,
    "IQD": 3,
    "IRR": 2,
    "KPW": 2,
    "LAK": 2,
    "LBP": 2,
    "MGA": 2,
    "MMK": 2,
    "RSD": 2,
    "SOS": 2,
    "SYP": 2,
    "YER": 2,
}

amounts = st.decimals(
    min_value=Decimal(-(10**14)), max_value=Decimal(10**14), places=6, allow_nan=False
)


def test_text_integer_and_decimal_mean_the_same_amount() -> None:
    """The same amount is the same value, whichever of the three types wrote it."""
    assert Money("7", "USD") == Money(7, "USD") == Money(Decimal(7), "USD") == Money("7.00", "USD")


@given(amounts)
def test_decimal_comes_back_exactly(amount: Decimal) -> None:
    """Every decimal of six places comes back as it went in."""
    assert Money(amount, "USD").amount == amount


@given(amounts)
def test_text_comes_back_exactly(amount: Decimal) -> None:
    """What `amount` shows, written as text, makes the same value."""
    money = Money(amount, "KWD")
    assert Money(str(money.amount), "KWD") == money


@given(amounts)
def test_micros_are_millionths(amount: Decimal) -> None:
    """`micros` is the amount in millionths, exactly."""
    assert Money(amount, "USD").micros == Fraction(amount) * 10**6


@given(amounts)
def test_repr_is_an_expression_of_the_value(amount: Decimal) -> None:
    """Evaluating the repr gives the same value."""
    money = Money(amount, "JPY")
    assert eval(repr(money), {"Money": Money}) == money  # noqa: S307 - our own repr


def test_written_differently_equal_and_hashed_alike() -> None:
    """Trailing zeros and a negative zero make no difference, nor to the hash."""
    for left, right in (("1.5", "1.500000"), ("0", "-0.00"), ("007", "7")):
        assert Money(left, "EUR") == Money(right, "EUR")
        assert hash(Money(left, "EUR")) == hash(Money(right, "EUR"))


def test_another_currency_or_another_type_is_not_equal() -> None:
    """An amount equals neither that of another currency nor a bare number."""
    assert Money(1, "USD") != Money(1, "EUR")
    assert Money(1, "USD") != 1
    assert Money(0, "USD") != Money(0, "JPY")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1690", "USD", "1690.00 USD"),
        ("1690.5", "USD", "1690.50 USD"),
        ("1.234567", "USD", "1.234567 USD"),
        ("1.230", "KWD", "1.230 KWD"),
        (1001, "JPY", "1001 JPY"),
        ("1001.5", "JPY", "1001.5 JPY"),
        ("0.1", "CLF", "0.1000 CLF"),
        ("-0.01", "EUR", "-0.01 EUR"),
        (0, "KRW", "0 KRW"),
    ],
)
def test_text_shows_the_digits_of_a_currency(amount: str | int, currency: str, text: str) -> None:
    """Text shows at least the currency's own digits, a point and no grouping: no locale."""
    assert str(Money(amount, currency)) == text
    assert f"{Money(amount, currency)}" == text


@pytest.mark.parametrize(
    "amount",
    [
        "",
        " ",
        "1 ",
        " 1",
        "1\n",
        "\n1",
        "1 000",
        "1_000",
        "1,000",
        "1,5",
        "1.",
        ".5",
        "+1",
        "--1",
        "1e3",
        "1E3",
        "0x10",
        "\u0667",  # Arabic digits
        "\u0661\u066b\u0665",
        "\uff17",  # full width
        "1.²",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "$1",
        "1 USD",
        "ten",
        "\x001",
        "−1",
        "1.0000000",
        "1.1234567",
        "1234567890123456",
        "0000000000000001",
        pytest.param("9" * 5_000, id="5000-digits"),
        pytest.param("0." + "9" * 5_000, id="5000-digits-after-the-point"),
    ],
)
def test_text_that_is_no_plain_number_is_refused(amount: str) -> None:
    """Text is ASCII digits, a sign and a point, of 15 and 6 digits; all else is refused."""
    with pytest.raises(InvalidValue, match=r"Money\.amount is .*write digits") as caught:
        Money(amount, "USD")
    assert not isinstance(caught.value, InvalidType)


@pytest.mark.parametrize(
    "amount",
    [
        Decimal("NaN"),
        Decimal("-NaN"),
        Decimal("sNaN"),
        Decimal("NaN123"),
        Decimal("Infinity"),
        Decimal("-Infinity"),
        Decimal("1e999999"),
        Decimal("-1e999999"),
        Decimal("1e-999999"),
        Decimal("1.0000001"),
        Decimal("1e-7"),
        Decimal("1e15"),
        Decimal("-1e15"),
        Decimal("999999999999999.9999999"),
        Decimal("1." + "3" * 100_000),
        Decimal("1" + "0" * 100_000),
    ],
)
def test_decimal_out_of_reach_is_refused(amount: Decimal) -> None:
    """A decimal that is not finite, too big or too fine is refused without being expanded."""
    with pytest.raises(InvalidValue, match=r"Money\.amount is Decimal"):
        Money(amount, "USD")


def test_decimal_of_many_zeros_is_not_expanded() -> None:
    """A million zeros behind the point cost a million steps and no more."""
    assert Money(Decimal("1." + "0" * 1_000_000), "USD") == Money(1, "USD")


@pytest.mark.parametrize("text", ["0", "-0", "0E+999999", "0E-999999", "0.0000000", "-0E+20"])
def test_every_zero_is_zero(text: str) -> None:
    """A decimal zero is zero, whatever its exponent."""
    money = Money(Decimal(text), "USD")
    assert money == Money(0, "USD")
    assert str(money) == "0.00 USD"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1e14"), "100000000000000.00"),
        (Decimal("1e-6"), "0.000001"),
        (Decimal("-12.30"), "-12.30"),
        (Decimal("1.5000000000"), "1.50"),
        (Decimal((0, (0, 0, 7), 0)), "7.00"),
        (Decimal("999999999999999.999999"), "999999999999999.999999"),
    ],
)
def test_decimal_at_the_limits_is_taken(amount: Decimal, shown: str) -> None:
    """A decimal of up to 15 digits before and 6 after the point is taken, however written."""
    assert str(Money(amount, "USD")) == f"{shown} USD"
    assert Money(amount, "USD").amount == amount


@pytest.mark.parametrize(
    "amount",
    [
        10**15,
        -(10**15),
        pytest.param(10**5_000, id="huge"),
        pytest.param(-(10**5_000), id="huge-credit"),
    ],
)
def test_integer_of_sixteen_digits_is_refused(amount: int) -> None:
    """An integer of more than 15 digits is refused, and a huge one is not written out."""
    with pytest.raises(InvalidValue) as caught:
        Money(amount, "USD")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("amount", [10**15 - 1, 1 - 10**15])
def test_integer_of_fifteen_digits_is_taken(amount: int) -> None:
    """An integer of 15 digits is the largest that is taken."""
    assert Money(amount, "USD").amount == amount


class _Text(str):
    __slots__ = ()


class _Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "amount",
    [
        1.0,
        0.0,
        float("nan"),
        float("inf"),
        True,
        False,
        None,
        1j,
        Fraction(1, 2),
        b"1",
        (0, (1,), 0),
        (10**5_000,),
        ["1"],
        _Text("1"),
        _Unprintable(),
        Money(1, "USD"),
    ],
)
def test_other_types_are_refused(amount: object) -> None:
    """Only text, integers and decimals are amounts: no float, no bool, no subclass of text."""
    with pytest.raises(InvalidType, match=r"^Money\.amount is ") as caught:
        Money(amount, "USD")  # type: ignore[arg-type]
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "currency",
    [
        "",
        "usd",
        "US",
        "USDT",
        "XXX",
        "ZZZ",
        "USD ",
        "\uff35\uff33\uff24",  # full width
        "€",
        pytest.param("U" * 10**6, id="long"),
    ],
)
def test_unknown_currency_is_refused(currency: str) -> None:
    """Only an ISO 4217 code in capital letters is a currency."""
    with pytest.raises(InvalidValue, match=r"currency is .*ISO 4217") as caught:
        Money(1, currency)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("currency", [None, 840, b"USD", ["USD"], _Text("USD")])
def test_currency_of_another_type_is_refused(currency: object) -> None:
    """A currency is text and nothing else."""
    with pytest.raises(InvalidType, match="currency is "):
        Money(1, currency)  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_digits_of_a_currency_are_those_of_iso_4217(currency: str) -> None:
    """A currency has Babel's digits, or ISO's where Babel follows the shops."""
    expected = ISO_WHERE_BABEL_DIFFERS.get(currency, get_currency_precision(currency))
    assert smallest_unit_digits(currency) == expected


def test_babel_differs_where_it_is_said_to() -> None:
    """Every exception in this file's table is one."""
    for currency, digits in ISO_WHERE_BABEL_DIFFERS.items():
        assert get_currency_precision(currency) != digits


def test_currencies_cannot_be_changed() -> None:
    """The table of currencies is read-only."""
    with pytest.raises(TypeError):
        CURRENCIES["XYZ"] = 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("currency", "unit"),
    [("JPY", "1"), ("USD", "0.01"), ("KWD", "0.001"), ("CLF", "0.0001")],
)
def test_smallest_unit_by_number_of_digits(currency: str, unit: str) -> None:
    """One smallest unit is one of the last digit that the currency has."""
    assert Money.of_units(1, currency) == Money(unit, currency)
    assert Money(unit, currency).units == 1
    assert Money.of_units(-5, currency).units == -5


@pytest.mark.parametrize("units", [True, 1.0, "1", None, Decimal(1)])
def test_smallest_units_are_whole_numbers(units: object) -> None:
    """A number of smallest units is an integer."""
    with pytest.raises(InvalidType, match=r"Money\.of_units"):
        Money.of_units(units, "USD")  # type: ignore[arg-type]


def test_too_many_smallest_units_are_refused() -> None:
    """The limit of 15 digits holds for smallest units too."""
    assert Money.of_units(10**17 - 1, "USD") == Money("999999999999999.99", "USD")
    for units in (10**17, -(10**17), 10**6_000):
        with pytest.raises(InvalidValue, match="below"):
            Money.of_units(units, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "down", "payable"),
    [
        ("9.509", "EUR", "9.50", False),
        ("9.50", "EUR", "9.50", True),
        ("-9.501", "EUR", "-9.51", False),
        ("950.9", "JPY", "950", False),
        ("0.0009", "KWD", "0", False),
        ("0.000001", "USD", "0", False),
    ],
)
def test_rounding_down_is_towards_less(
    amount: str, currency: str, down: str, *, payable: bool
) -> None:
    """Rounded down means less, for a credit too, and only whole units are payable."""
    money = Money(amount, currency)
    assert money.rounded_down() == Money(down, currency)
    assert money.units == Money(down, currency).units
    assert money.is_payable is payable
    assert money.rounded_down().is_payable


@given(amounts, amounts, st.integers(-9, 9))
def test_arithmetic_agrees_with_fractions(left: Decimal, right: Decimal, count: int) -> None:
    """Sums, differences and multiples are those of exact fractions."""
    a, b = Money(left, "USD"), Money(right, "USD")
    assert Fraction((a + b).amount) == Fraction(left) + Fraction(right)
    assert Fraction((a - b).amount) == Fraction(left) - Fraction(right)
    assert Fraction((a * count).amount) == Fraction(left) * count
    assert count * a == a * count
    assert a - b + b == a
    assert -a == Money(0, "USD") - a


@given(amounts, amounts)
def test_order_agrees_with_fractions(left: Decimal, right: Decimal) -> None:
    """Amounts of one currency are ordered as numbers are."""
    a, b = Money(left, "USD"), Money(right, "USD")
    x, y = Fraction(left), Fraction(right)
    assert (a < b, a <= b, a > b, a >= b) == (x < y, x <= y, x > y, x >= y)
    assert (a == b) is (x == y)


@pytest.mark.parametrize("amount", ["-0.01", "0", "0.01"])
@pytest.mark.parametrize(
    "judge", [bool, lambda money: not money, lambda money: money or 1, lambda money: any([money])]
)
def test_money_has_no_truth_value(judge: Callable[[Money], object], amount: str) -> None:
    """Free and dear alike are refused, and the message says what to ask instead."""
    with pytest.raises(TypeError, match=r"\.is_zero, compare with Money\(0, .* `is None`"):
        judge(Money(amount, "EUR"))


@pytest.mark.parametrize(
    ("amount", "zero"), [("-0.000001", False), ("0", True), ("-0.00", True), ("0.000001", False)]
)
def test_zero_is_asked_for(amount: str, zero: bool) -> None:
    """A millionth below, at and above nothing."""
    assert Money(amount, "EUR").is_zero is zero


_TWO_SIDED: tuple[Callable[[Money, Money], object], ...] = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a < b,
    lambda a, b: a <= b,
    lambda a, b: a > b,
    lambda a, b: a >= b,
    saving_rate,
    lambda a, b: meets_floor(a, b, FIVE_PERCENT),
)


@pytest.mark.parametrize("operation", _TWO_SIDED)
def test_two_currencies_do_not_meet(operation: Callable[[Money, Money], object]) -> None:
    """Amounts of two currencies are neither added nor compared, and the error names both."""
    with pytest.raises(CurrencyMismatch, match="convert one of them first") as caught:
        operation(Money(1, "USD"), Money(1, "EUR"))
    assert {caught.value.left, caught.value.right} == {"USD", "EUR"}


@pytest.mark.parametrize("operation", _TWO_SIDED[:6])
def test_money_and_a_bare_number_do_not_meet(
    operation: Callable[[object, object], object],
) -> None:
    """A bare number is no amount, on either side."""
    for left, right in ((Money(1, "USD"), 1), (1, Money(1, "USD"))):
        with pytest.raises(TypeError):
            operation(left, right)


@pytest.mark.parametrize("count", [True, 1.5, Decimal(2), "2", None, Money(2, "USD")])
def test_only_whole_numbers_multiply(count: object) -> None:
    """An amount is multiplied by an integer and by nothing else."""
    with pytest.raises(TypeError):
        Money(1, "USD") * count  # type: ignore[operator]


def test_results_beyond_fifteen_digits_are_refused() -> None:
    """A sum, a difference or a multiple of 16 digits is refused, however long."""
    most = Money("999999999999999.999999", "USD")
    bad: tuple[Callable[[], object], ...] = (
        lambda: most + Money("0.000001", "USD"),
        lambda: -most - Money("0.000001", "USD"),
        lambda: most * 2,
        lambda: most * 10**6_000,
    )
    for operation in bad:
        with pytest.raises(InvalidValue, match=r"below 10\*\*15"):
            operation()


@pytest.mark.parametrize("traps", [[], [Inexact, Rounded, Subnormal, Clamped, FloatOperation]])
def test_the_ambient_decimal_context_has_no_say(traps: list[type]) -> None:
    """Precision, rounding and traps of the caller's decimal context change nothing."""
    context = Context(prec=3, rounding=ROUND_CEILING, Emin=-3, Emax=3, traps=traps)
    listed = Decimal("123456789.123456")
    with localcontext(context) as ambient:
        money = Money(listed, "USD")
        assert money.micros == 123_456_789_123_456
        assert str(money + money) == "246913578.246912 USD"
        assert money.amount.as_tuple() == listed.as_tuple()
        assert str(money.less(FIVE_PERCENT)) == "117283949.66 USD"
        assert str(money.rounded_down()) == "123456789.12 USD"
        assert saving_rate(Money("95", "USD"), Money("100", "USD")) == FIVE_PERCENT
        assert str(saving_rate(Money("9.50", "USD"), Money("10.01", "USD"))) == "0.050949"
        assert meets_floor(money.less(FIVE_PERCENT), money, FIVE_PERCENT)
        assert hash(money) == hash(Money("123456789.123456", "USD"))
        with pytest.raises(InvalidValue):
            Money(Decimal("1.0000001"), "USD")
        assert not any(ambient.flags.values())


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickled_and_copied_money_is_the_same(protocol: int) -> None:
    """Pickling and copying give an equal value with the same hash."""
    money = Money("-1690.005", "USD")
    twins = (
        pickle.loads(pickle.dumps(money, protocol)),  # noqa: S301 - our own bytes
        copy.copy(money),
        copy.deepcopy(money),
    )
    for twin in twins:
        assert twin == money
        assert hash(twin) == hash(money)
        assert str(twin) == str(money)


def test_money_is_frozen() -> None:
    """An amount cannot be changed, extended or inherited from by accident."""
    money = Money(1, "USD")
    with pytest.raises(FrozenInstanceError):
        money.micros = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del money.currency
    assert not hasattr(money, "__dict__")


# The promised saving (reading 6) --------------------------------------------------------------


def test_golden_prices() -> None:
    """The source's examples: 10.01 gives 9.50 and 1,001 yen give 950."""
    assert Money("10.01", "USD").less(FIVE_PERCENT) == Money("9.50", "USD")
    assert Money(1001, "JPY").less(FIVE_PERCENT) == Money(950, "JPY")
    assert Money("1.001", "KWD").less(FIVE_PERCENT) == Money("0.950", "KWD")


def test_the_saving_holds_and_is_tight_for_every_price_to_2000() -> None:
    """From 0.01 to 2000.00 the price saves 5 %, and one cent more would not."""
    promised = Fraction(5, 100)
    for cents in range(1, 200_001):
        price = Money.of_units(cents, "USD").less(FIVE_PERCENT).units
        assert cents - price >= promised * cents
        assert cents - (price + 1) < promised * cents


def test_the_saving_holds_and_is_tight_for_sampled_prices() -> None:
    """For 200,000 prices, rates, currencies and seats the price is the largest that saves."""
    sample = Random(20_260_131)
    currencies = (("JPY", 10**6), ("USD", 10**4), ("KWD", 10**3), ("KRW", 10**6), ("EUR", 10**4))
    rates = [0, 1, 50_000, 333_333, 999_999]
    rates += [sample.randrange(10**6) for _ in range(495)]
    decimals = {rate: Decimal(rate).scaleb(-6) for rate in rates}
    for number in range(200_000):
        currency, unit = currencies[number % 5]
        listed = sample.randrange(1, 10 ** sample.randrange(1, 12))
        rate = rates[number % 500]
        seats = sample.randrange(1, 1_000)
        price = Money.of_units(listed, currency).less(decimals[rate])
        largest = floor(Fraction(listed * (10**6 - rate), 10**6))
        assert price.units == largest
        assert price.micros == largest * unit
        saved = (listed * unit - price.micros) * seats
        assert saved * 10**6 >= listed * unit * seats * rate


@given(
    st.decimals(min_value=0, max_value=10**9, places=6),
    st.decimals(min_value=0, max_value=Decimal("0.999999"), places=6),
    st.sampled_from(["JPY", "USD", "KWD", "CLF"]),
)
def test_the_saving_holds_for_list_prices_finer_than_the_unit(
    listed: Decimal, rate: Decimal, currency: str
) -> None:
    """A list price of six digits after the point gives a payable price, the largest that saves."""
    price = Money(listed, currency).less(rate)
    unit = Fraction(1, 10 ** CURRENCIES[currency])
    exact = Fraction(listed) * (1 - Fraction(rate))
    assert price.is_payable
    assert Fraction(price.amount) <= exact < Fraction(price.amount) + unit


def test_a_credit_is_rounded_towards_less_too() -> None:
    """A negative list price is rounded to the larger credit, so that the saving holds."""
    assert Money("-10.01", "USD").less(FIVE_PERCENT) == Money("-9.51", "USD")


@pytest.mark.parametrize(
    ("rate", "error"),
    [
        (0.05, InvalidType),
        (5, InvalidType),
        (True, InvalidType),
        ("0.05", InvalidType),
        (Fraction(1, 20), InvalidType),
        (None, InvalidType),
        (Decimal("NaN"), InvalidValue),
        (Decimal("sNaN"), InvalidValue),
        (Decimal("Infinity"), InvalidValue),
        (Decimal("-0.000001"), InvalidValue),
        (Decimal(1), InvalidValue),
        (Decimal(5), InvalidValue),
        (Decimal("0.0500001"), InvalidValue),
        (Decimal("1e-999999"), InvalidValue),
        (Decimal("1e999999"), InvalidValue),
    ],
)
def test_a_rate_is_a_decimal_fraction(rate: object, error: type[Exception]) -> None:
    """A rate is a decimal fraction from 0 to below 1; a float is refused, not rounded."""
    money = Money("10.00", "USD")
    with pytest.raises(error, match=r"^rate is "):
        money.less(rate)  # type: ignore[arg-type]
    with pytest.raises(error, match=r"^floor_rate is "):
        meets_floor(money, money, rate)  # type: ignore[arg-type]


@given(
    st.integers(0, 10**12),
    st.integers(1, 10**12),
    st.integers(0, 999_999),
)
def test_the_floor_is_judged_exactly(price: int, listed: int, rate: int) -> None:
    """Whether a price meets the floor is what exact fractions say."""
    met = meets_floor(
        Money.of_units(price, "USD"), Money.of_units(listed, "USD"), Decimal(rate).scaleb(-6)
    )
    assert met is (1 - Fraction(price, listed) >= Fraction(rate, 10**6))


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_the_saving_is_never_overstated(price: int, listed: int) -> None:
    """The shown rate is below the exact one by less than a millionth."""
    shown = saving_rate(Money.of_units(price, "USD"), Money.of_units(listed, "USD"))
    assert shown is not None
    exact = 1 - Fraction(price, listed)
    assert Fraction(shown) <= exact < Fraction(shown) + Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("price", "listed", "rate"),
    [("9.50", "10.00", "0.050000"), ("9.51", "10.01", "0.049950"), ("11", "10", "-0.100000")],
)
def test_saving_rates_of_six_digits(price: str, listed: str, rate: str) -> None:
    """A rate shows six digits, and is negative where the price is dearer."""
    assert str(saving_rate(Money(price, "USD"), Money(listed, "USD"))) == rate


def test_nothing_is_saved_on_what_costs_nothing() -> None:
    """There is no rate against a list price of zero, and the floor is met only by zero."""
    zero = Money(0, "USD")
    assert saving_rate(zero, zero) is None
    assert meets_floor(zero, zero, FIVE_PERCENT)
    assert not meets_floor(Money("0.01", "USD"), zero, FIVE_PERCENT)


def test_the_floor_at_its_boundary() -> None:
    """One cent below and at 5 % meet the floor, one cent above does not."""
    listed = Money("10.00", "USD")
    met = [meets_floor(Money(each, "USD"), listed, FIVE_PERCENT) for each in ("9.49", "9.50")]
    assert met == [True, True]
    assert not meets_floor(Money("9.51", "USD"), listed, FIVE_PERCENT)
