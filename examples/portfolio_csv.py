"""
CSV files in, entities out; whatever is wrong with them is collected, not raised.

Cells: days are ISO 8601 (`2026-01-31`), terms are ISO 8601 durations (`P1Y`), words are those of
the library's enums (`direct-debit`), an empty cell is a value that is not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

import attrs

from examples.csv_rows import (
    Columns,
    Problem,
    Row,
    cell_count,
    cell_day,
    cell_fraction,
    cell_text,
    cell_word,
    cell_yes_or_no,
    rows,
)
from subrenew import (
    Account,
    AutoRenew,
    Channel,
    History,
    InvalidValue,
    Kind,
    ListPrice,
    Money,
    Order,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Reduction,
    RenewalRate,
    Subscription,
    Term,
)
from subrenew.policy.parameters import product_key
from subrenew.words.wording import parse_money

#: Columns of each kind of file: required, optional.
PORTFOLIO: Final[Columns] = (
    ("id", "product", "term", "starts_on"),
    (
        "expires_on",
        "kind",
        "auto_renew",
        "payment",
        "card_expires",
        "channel",
        "account",
        "country",
        "managed",
        "seats",
        "currency",
        "order_number",
        "purchased_on",
        "cancelled_on",
        "converted_on",
        "failed_on",
        "promotion",
        "promotion_rate",
    ),
)
PRICES: Final[Columns] = (("product", "term", "currency", "price", "from_on"), ("country",))
RATES: Final[Columns] = (("rate", "from_on"), ("product", "country", "customer"))

#: What stands in for a required cell that was refused, so that the others are looked at too.
_ANY_DAY: Final = date(2000, 1, 1)
_ANY_TEXT: Final = "-"
_INSTEAD: Final = MappingProxyType({"id": _ANY_TEXT, "product": _ANY_TEXT, "starts_on": _ANY_DAY})
#: What the calendar refuses is the end of the term.
_DAYS: Final = MappingProxyType({"year": "term", "days": "term"})


@attrs.frozen(kw_only=True)
class Portfolio:
    """What a portfolio file held."""

    #: Subscriptions, and orders with all their lines, in the order of the file.
    items: tuple[Subscription | Order, ...]
    #: Promotions that a subscription already has, by its identifier.
    promotions: Mapping[str, tuple[Reduction, ...]]
    #: What is to be put right, in the order of the file.
    problems: tuple[Problem, ...]


# Portfolios -----------------------------------------------------------------------------------


def read_portfolio(
    path: Path, *, counted: Callable[[Iterator[Row]], Iterator[Row]] = iter
) -> Portfolio:
    """
    Return what a portfolio file holds, and everything that is wrong with it.

    Args:
        path: The file; its columns are those of `PORTFOLIO`.
        counted: Sees the rows go by, to show progress.

    Raises:
        UnreadableFileError: There is no such file, it is not UTF-8, or it has none of the columns.
    """
    problems: list[Problem] = []
    reader = _PortfolioReader()
    for row in counted(rows(path, PORTFOLIO, problems)):
        reader.add(row)
    return Portfolio(
        items=tuple(reader.items()),
        promotions=reader.promotions,
        problems=tuple(problems),
    )


@attrs.define
class _PortfolioReader:
    good: list[Subscription] = attrs.Factory(list)
    promotions: dict[str, tuple[Reduction, ...]] = attrs.Factory(dict)
    lines: dict[str, int] = attrs.Factory(dict)
    accounts: dict[str, tuple[Account, int]] = attrs.Factory(dict)

    def add(self, row: Row) -> None:
        """Keep the row's subscription, if nothing is wrong with it."""
        subscription = _subscription(row, self.account(row))
        promotion = _promotion(row)
        self.refuse_known(row)
        if subscription is None or row.problems or _lacks(row):
            return
        self.good.append(subscription)
        if promotion:
            self.promotions[subscription.id] = (promotion,)

    def refuse_known(self, row: Row) -> None:
        """Refuse an identifier that stands on a line before."""
        id_ = row.cells.get("id", "")
        if id_ and self.lines.setdefault(id_, row.line) != row.line:
            row.refuse("id", f"line {self.lines[id_]} has it already: give each its own")

    def account(self, row: Row) -> Account | None:
        """Return the row's account, which has to be the same on every line."""
        fields: dict[str, object] = {
            "id": row.read("account", cell_text, ""),
            "country": row.read("country", cell_text, None),
            "managed": row.read("managed", cell_yes_or_no, default=False),
        }
        if not fields["id"]:
            for column in ("country", "managed"):
                if row.cells.get(column):
                    row.refuse("account", f"name the account that {column} belongs to")
            return None
        made = row.make(Account, fields, {"id": "account"}, {"id": _ANY_TEXT})
        if made is None or row.problems:
            return None
        known, line = self.accounts.setdefault(made.id, (made, row.line))
        for column in ("country", "managed"):
            if getattr(known, column) != getattr(made, column):
                row.refuse(column, f"line {line} says otherwise of account {made.id}")
        return known

    def items(self) -> Iterator[Subscription | Order]:
        """Yield the subscriptions, those of one order together as that order."""
        orders: dict[str, list[Subscription]] = {}
        for each in self.good:
            if each.order_number:
                orders.setdefault(each.order_number, []).append(each)
        for each in self.good:
            if not each.order_number:
                yield each
            elif orders.get(each.order_number, [None])[0] is each:
                yield _order(tuple(orders[each.order_number]))


def _lacks(row: Row) -> bool:
    # Said once, of the header; not again of every row.
    return any(column not in row.cells for column in row.required)


def _placed_on(subscription: Subscription) -> date:
    return subscription.history.purchased_on or subscription.starts_on


def _order(lines: tuple[Subscription, ...]) -> Order:
    return Order(
        number=lines[0].order_number or "",
        placed_on=min(_placed_on(each) for each in lines),
        subscriptions=lines,
        account=lines[0].account,
    )


def _subscription(row: Row, account: Account | None) -> Subscription | None:
    read = row.read
    bought = {name: read(name, cell_day, None) for name in ("purchased_on", "converted_on")}
    failed_on = read("failed_on", cell_day, None)
    charged = {"failed_on": failed_on, "failed_charges": 1} if failed_on else {}
    fields: dict[str, object] = {
        "id": read("id", cell_text, _ANY_TEXT),
        "product": read("product", cell_text, _ANY_TEXT),
        "term": read("term", Term.parse, None),
        "starts_on": read("starts_on", cell_day, None),
        "expires_on": read("expires_on", cell_day, None),
        "kind": read("kind", cell_word(Kind), Kind.PAID),
        "auto_renew": read("auto_renew", cell_word(AutoRenew), AutoRenew.OFF),
        "payment_method": _payment(row),
        "channel": read("channel", cell_word(Channel), Channel.ACCOUNT),
        "account": account,
        "seats": read("seats", cell_count, 1),
        "currency": read("currency", cell_text, None),
        "order_number": read("order_number", cell_text, None),
        "history": row.make(History, bought | charged, {}, {}) or History(),
    }
    cancelled_on = read("cancelled_on", cell_day, None)
    if row.is_wrong("term", "starts_on", "expires_on") or not (
        fields["term"] and fields["starts_on"]
    ):
        # Nothing can be said of days that hang on one that is wrong.
        fields |= {"term": Term.years(1), "starts_on": _ANY_DAY, "expires_on": None}
    made = row.make(Subscription, fields, _DAYS, _INSTEAD)
    if made and cancelled_on and not (row.is_wrong("term", "starts_on", "expires_on")):
        made = row.make(Subscription, fields | {"cancelled_on": cancelled_on}, _DAYS, _INSTEAD)
    if made and made.order_number:
        try:
            _order((made,))
        except InvalidValue as error:
            row.refuse("order_number", error.remedy)
    return made


def _payment(row: Row) -> PaymentMethod | None:
    kind = row.read("payment", cell_word(PaymentKind), None)
    card = row.read("card_expires", lambda text: PaymentMethod.card(expires=text), None)
    if kind is PaymentKind.CARD:
        if not row.cells.get("card_expires"):
            row.refuse("card_expires", "give the card's last month, such as 2027-03")
        return card
    if card is not None:
        row.refuse("card_expires", "leave it empty, or write card under payment")
    return None if kind is None else PaymentMethod(kind=kind)


def _promotion(row: Row) -> Reduction | None:
    code = row.read("promotion", cell_text, None)
    rate = row.read("promotion_rate", cell_fraction, None)
    if code is None:
        if row.cells.get("promotion_rate"):
            row.refuse("promotion", "name the promotion, or leave its rate empty")
        return None
    if not row.cells.get("promotion_rate"):
        row.refuse("promotion_rate", "give the fraction it takes off, such as 0.10")
    fields: dict[str, object] = {"code": code, "rate": rate or Decimal(0)}
    return row.make(Reduction, fields, {"code": "promotion"}, {"code": _ANY_TEXT})


# Prices and rates -----------------------------------------------------------------------------


def read_price_list(
    prices: Path, rates: Path | None, *, floor_rate: Decimal, locale: str = "en"
) -> tuple[PriceList, tuple[Problem, ...]]:
    """
    Return the price list of two files, and everything that is wrong with them.

    Args:
        prices: List prices; the columns are those of `PRICES`.
        rates: Renewal rates, if there are any; the columns are those of `RATES`.
        floor_rate: No rate may be below it: the policy's.
        locale: The language in which amounts are written: `2,060.23` in `en`, `2.060,23` in `de`.

    Raises:
        UnreadableFileError: A file is missing, not UTF-8, or has none of the columns.
    """
    problems: list[Problem] = []
    seen: dict[object, int] = {}
    listed = [made for row in rows(prices, PRICES, problems) if (made := _price(row, seen, locale))]
    rated: list[RenewalRate] = []
    if rates is not None:
        seen = {}
        found = (_rate(row, seen, floor_rate) for row in rows(rates, RATES, problems))
        rated = [each for each in found if each]
    both = PriceList(prices=tuple(listed), rates=tuple(rated), floor_rate=floor_rate)
    return both, tuple(problems)


def _currency(text: str) -> str:
    return Money(0, text).currency


def _price(row: Row, seen: dict[object, int], locale: str) -> ListPrice | None:
    currency = row.read("currency", _currency, "USD")
    fields: dict[str, object] = {
        "product": row.read("product", cell_text, _ANY_TEXT),
        "term": row.read("term", Term.parse, Term.years(1)),
        "price": row.read(
            "price", lambda text: parse_money(text, currency, locale), Money(0, currency)
        ),
        "from_on": row.read("from_on", cell_day, _ANY_DAY),
        "country": row.read("country", cell_text, None),
    }
    instead = {"product": _ANY_TEXT, "price": Money(0, currency), "from_on": _ANY_DAY}
    made = row.make(ListPrice, fields, {}, instead)
    if made is None or row.problems or _lacks(row):
        return None
    key = (product_key(made.product), made.term, made.country, currency, made.from_on)
    return made if _first(row, "from_on", key, seen) else None


def _rate(row: Row, seen: dict[object, int], floor_rate: Decimal) -> RenewalRate | None:
    fields: dict[str, object] = {
        "rate": row.read("rate", cell_fraction, floor_rate),
        "from_on": row.read("from_on", cell_day, _ANY_DAY),
        "product": row.read("product", cell_text, None),
        "country": row.read("country", cell_text, None),
        "customer": row.read("customer", cell_text, None),
    }
    made = row.make(RenewalRate, fields, {}, {"rate": floor_rate, "from_on": _ANY_DAY})
    if made is not None:
        # A price list refuses a rate below the floor: asked of this rate alone, it names the row.
        alone: dict[str, object] = {"prices": (), "rates": (made,), "floor_rate": floor_rate}
        row.make(PriceList, alone, {"rates": "rate"}, {"rates": ()})
    if made is None or row.problems or _lacks(row):
        return None
    product = None if made.product is None else product_key(made.product)
    key = (product, made.country, made.customer, made.from_on)
    return made if _first(row, "from_on", key, seen) else None


def _first(row: Row, column: str, key: object, seen: dict[object, int]) -> bool:
    line = seen.setdefault(key, row.line)
    if line != row.line:
        row.refuse(column, f"line {line} says what holds from that day on: leave one of them")
    return line == row.line
