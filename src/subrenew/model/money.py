"""
Money: exact, of one currency, never a float, with no locale.

Rule 1: an amount is held as a whole number of millionths, so that no arithmetic rounds and none
depends on the ambient decimal context. `Money.amount` shows it as a `Decimal`.

Rule 2: nothing is rounded unless a function says so in its name or its summary, and then it is
rounded to the currency's own smallest unit.

Rule 3: amounts of two currencies do not meet. No rate of exchange is known here.

Rule 4: zero is a price, so ``bool(money)`` is an error: "is it free" and "is there a price" are two
questions.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NoReturn

import attrs

from subrenew.errors import CurrencyMismatch, InvalidType, InvalidValue
from subrenew.model import checks

__all__ = ["CURRENCIES", "Money", "meets_floor", "saving_rate", "smallest_unit_digits"]

_MICRO_DIGITS: Final = 6
_MICROS: Final = 10**_MICRO_DIGITS
_WHOLE_DIGITS: Final = 15
_LIMIT: Final = 10 ** (_WHOLE_DIGITS + _MICRO_DIGITS)
_TEXT: Final = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,6}))?", re.ASCII)
_REMEDY: Final = 'write digits such as "10.00", at most 15 before and 6 after the point'

_NO_DIGITS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS: Final = "CLF UYW"
_TWO_DIGITS: Final = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD
TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""

#: ISO 4217 (2026, and HRK, BGN and ANG, which older price lists name): the digits after the point.
CURRENCIES: Final = MappingProxyType(
    dict.fromkeys(_TWO_DIGITS.split(), 2)
    | dict.fromkeys(_NO_DIGITS.split(), 0)
    | dict.fromkeys(_THREE_DIGITS.split(), 3)
    | dict.fromkeys(_FOUR_DIGITS.split(), 4)
)
#: Millionths in a smallest unit, by the digits after the point.
_MICROS_PER_UNIT: Final = (1_000_000, 100_000, 10_000, 1_000, 100)


def smallest_unit_digits(currency: str) -> int:
    """
    Return how many digits after the point the currency's smallest unit has.

    Raises:
        InvalidValue: ISO 4217 knows no such currency.

    >>> smallest_unit_digits("USD"), smallest_unit_digits("JPY"), smallest_unit_digits("KWD")
    (2, 0, 3)
    """
    if type(currency) is not str:
        raise InvalidType("currency", currency, 'give an ISO 4217 code, such as "EUR"')
    digits = CURRENCIES.get(currency)
    if digits is None:
        raise InvalidValue("currency", currency, 'give an ISO 4217 code, such as "EUR"')
    return digits


def _micros(amount: object) -> int:
    if type(amount) is str:
        match = _TEXT.fullmatch(amount)
        if match is None:
            raise InvalidValue("Money.amount", amount, _REMEDY)
        sign, whole, fraction = match.groups(default="")
        micros = int(whole) * _MICROS + int((fraction + "000000")[:_MICRO_DIGITS])
        return -micros if sign else micros
    if type(amount) is int:
        micros = amount * _MICROS if -_LIMIT < amount < _LIMIT else _LIMIT
    elif type(amount) is Decimal:
        micros = _micros_of_decimal(amount)
    else:
        raise InvalidType("Money.amount", amount, f"floats are not exact; {_REMEDY}")
    if not -_LIMIT < micros < _LIMIT:
        raise InvalidValue("Money.amount", amount, _REMEDY)
    return micros


def _micros_of_decimal(amount: Decimal) -> int:
    sign, digits, exponent = amount.as_tuple()
    if not amount:
        return 0
    # What is too long is refused by its size, before it is made a number: int(Decimal("1e999999"))
    # and the ratio of 1.000..., with a million zeros, run for a minute.
    if isinstance(exponent, int):
        kept = len(digits) + exponent + _MICRO_DIGITS
        if 0 < kept <= _WHOLE_DIGITS + _MICRO_DIGITS and not any(digits[kept:]):
            micros = int("".join(map(str, digits[:kept])) + "0" * (exponent + _MICRO_DIGITS))
            return -micros if sign else micros
    raise InvalidValue("Money.amount", amount, _REMEDY)


@attrs.frozen(init=False, repr=False, eq=False)
class Money:
    """
    An exact amount of one currency.

    Takes text, an integer or a `Decimal`, of at most 15 digits before the point and 6 after it;
    never a float. May be negative: a credit.

    Raises:
        InvalidValue: The amount is not finite, too long or not plain digits, or ISO 4217 knows no
            such currency.
        InvalidType: The amount is a float, a bool or anything else.

    >>> Money("1690.00", "USD") * 3
    Money('5070.00', 'USD')
    >>> print(Money(1001, "JPY"))
    1001 JPY
    """

    #: The amount in millionths of the currency's main unit.
    micros: int
    #: ISO 4217, three capital letters.
    currency: str

    def __init__(self, amount: str | int | Decimal, currency: str) -> None:
        smallest_unit_digits(currency)
        self.__attrs_init__(_micros(amount), currency)

    @classmethod
    def of_units(cls, units: int, currency: str) -> Money:
        """
        Return so many of the currency's smallest units: cents, yen, fils.

        >>> Money.of_units(950, "USD")
        Money('9.50', 'USD')
        """
        if type(units) is not int:
            raise InvalidType("Money.of_units", units, "give a whole number of smallest units")
        return _money(units * _MICROS_PER_UNIT[smallest_unit_digits(currency)], currency)

    @property
    def amount(self) -> Decimal:
        """The amount, with at least as many digits after the point as the currency has."""
        return Decimal(self._digits())

    @property
    def units(self) -> int:
        """How many whole smallest units it holds, rounded down."""
        unit: int = _MICROS_PER_UNIT[CURRENCIES[self.currency]]
        return self.micros // unit

    @property
    def is_zero(self) -> bool:
        """Whether it is nothing at all: free, and yet a price."""
        return self.micros == 0

    @property
    def is_payable(self) -> bool:
        """Whether it is a whole number of the currency's smallest units."""
        return not self.micros % _MICROS_PER_UNIT[CURRENCIES[self.currency]]

    def rounded_down(self) -> Money:
        """
        Return the amount in whole smallest units, rounded towards less.

        >>> Money("9.509", "EUR").rounded_down()
        Money('9.50', 'EUR')
        """
        unit = _MICROS_PER_UNIT[CURRENCIES[self.currency]]
        return _money(self.micros // unit * unit, self.currency)

    def less(self, rate: Decimal) -> Money:
        """
        Return the price that saves at least *rate* of this one, rounded down (reading 6).

        Rounding down to the smallest unit is what keeps the promise: 10.01 less 5 % is 9.50, and
        9.51 would save 4.995 % only.

        Raises:
            InvalidType, InvalidValue: *rate* is not a `Decimal` fraction from 0 to below 1.

        >>> Money("10.01", "USD").less(Decimal("0.05"))
        Money('9.50', 'USD')
        """
        if type(rate) is not Decimal or not rate.is_finite():
            checks.rate("rate", rate)
        kept, whole = _kept(rate)
        unit = _MICROS_PER_UNIT[CURRENCIES[self.currency]]
        return _money(self.micros * kept // (whole * unit) * unit, self.currency)

    def scaled(self, by: int, of: int) -> Money:
        """
        Return *by* parts of *of* of the amount, rounded down to the smallest unit.

        >>> Money("100.00", "EUR").scaled(1, 3)
        Money('33.33', 'EUR')
        """
        unit = _MICROS_PER_UNIT[CURRENCIES[self.currency]]
        return _money(self.micros * by // (of * unit) * unit, self.currency)

    def _digits(self) -> str:
        whole, fraction = divmod(abs(self.micros), _MICROS)
        sign = "-" if self.micros < 0 else ""
        digits = CURRENCIES[self.currency]
        tail = f"{fraction:06d}"
        tail = tail[:digits] + tail[digits:].rstrip("0")
        return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"

    def __repr__(self) -> str:
        return f"Money({self._digits()!r}, {self.currency!r})"

    def __str__(self) -> str:
        return f"{self._digits()} {self.currency}"

    def __eq__(self, other: object) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.micros == other.micros and self.currency == other.currency

    def __hash__(self) -> int:
        return hash((self.micros, self.currency))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "money has no truth value, because zero is a price: ask .is_zero,"
            " compare with Money(0, currency), or ask `is None` where there may be none"
        )

    def __add__(self, other: Money) -> Money:
        if type(other) is not Money:
            return NotImplemented
        return _money(self.micros + _same(self, other), self.currency)

    def __sub__(self, other: Money) -> Money:
        if type(other) is not Money:
            return NotImplemented
        return _money(self.micros - _same(self, other), self.currency)

    def __mul__(self, count: int) -> Money:
        if type(count) is not int:
            return NotImplemented
        return _money(self.micros * count, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return _money(-self.micros, self.currency)

    def __lt__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.micros < _same(self, other)

    def __le__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.micros <= _same(self, other)

    def __gt__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.micros > _same(self, other)

    def __ge__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.micros >= _same(self, other)


@lru_cache(maxsize=1024, typed=True)
def _kept(rate: Decimal) -> tuple[int, int]:
    """Return what is kept after a saving, as a ratio of whole numbers."""
    checks.rate("rate", rate)
    saved, whole = rate.as_integer_ratio()
    return whole - saved, whole


def _money(micros: int, currency: str) -> Money:
    # The way round the checks on text, for results of arithmetic; the size is still looked at.
    if not -_LIMIT < micros < _LIMIT:
        raise InvalidValue("Money.amount", micros // _MICROS, "keep sums below 10**15")
    money = _new(Money)
    _set(money, "micros", micros)
    _set(money, "currency", currency)
    return money


_new: Final = object.__new__
_set: Final = object.__setattr__


def _same(left: Money, right: Money) -> int:
    if left.currency != right.currency:
        raise CurrencyMismatch(left.currency, right.currency)
    return right.micros


def saving_rate(price: Money, list_price: Money) -> Decimal | None:
    """
    Return the fraction that *price* saves against *list_price*, or ``None`` if that is zero.

    Six digits after the point, rounded towards less, so that a saving is never overstated;
    negative where the price is dearer.

    Raises:
        CurrencyMismatch: The two are of different currencies.

    >>> saving_rate(Money("9.50", "USD"), Money("10.01", "USD"))
    Decimal('0.050949')
    """
    saved = (list_price - price).micros
    if not list_price.micros:
        return None
    return Decimal(f"{saved * _MICROS // list_price.micros}E-6")


def meets_floor(price: Money, list_price: Money, floor_rate: Decimal) -> bool:
    """
    Return whether *price* saves at least *floor_rate* of *list_price*, exactly.

    Raises:
        InvalidType, InvalidValue: *floor_rate* is not a `Decimal` fraction from 0 to below 1.
        CurrencyMismatch: The two are of different currencies.

    >>> meets_floor(Money("9.51", "USD"), Money("10.01", "USD"), Decimal("0.05"))
    False
    """
    checks.rate("floor_rate", floor_rate)
    saved = (list_price - price).micros
    part, whole = floor_rate.as_integer_ratio()
    return saved * whole >= list_price.micros * part
