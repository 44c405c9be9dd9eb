"""The loader of the examples: what is wrong is reported, all of it, and the rest is read."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from examples.csv_rows import UnreadableFileError
from examples.portfolio_csv import read_portfolio, read_price_list
from subrenew import Money, Order, PaymentKind, Subscription, Term

DATA = Path(__file__).parents[2] / "examples" / "data"
HEAD = "id,product,term,starts_on"
ROW = "S-1,CAD,P1Y,2025-02-03"


@pytest.fixture
def read(tmp_path):
    def portfolio(text, encoding="utf-8"):
        path = tmp_path / "portfolio.csv"
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return read_portfolio(path)

    return portfolio


@pytest.fixture
def read_prices(tmp_path):
    def price_list(prices, rates=None, **options):
        paths = []
        for name, text in (("prices.csv", prices), ("rates.csv", rates)):
            path = tmp_path / name
            path.write_text(text or "", encoding="utf-8")
            paths.append(path if text else None)
        return read_price_list(*paths, **({"floor_rate": Decimal("0.05")} | options))

    return price_list


def wrong(problems):
    return [(each.line, each.column) for each in problems]


def test_the_portfolio_of_the_demonstration_is_good():
    held = read_portfolio(DATA / "portfolio.csv")
    assert held.problems == ()
    lines = [
        line
        for each in held.items
        for line in (each.subscriptions if isinstance(each, Order) else (each,))
    ]
    assert len(lines) >= 60
    assert {line.currency for line in lines} == {"USD", "EUR", "JPY", "KWD"}
    assert sum(len(each.subscriptions) > 1 for each in held.items if isinstance(each, Order)) > 3


def test_the_prices_of_the_demonstration_are_good():
    prices, problems = read_price_list(
        DATA / "prices.csv", DATA / "rates.csv", floor_rate=Decimal("0.05")
    )
    assert problems == ()
    assert prices.prices
    assert prices.rates


def test_every_mistake_of_the_broken_file_is_reported():
    held = read_portfolio(DATA / "broken.csv")
    assert wrong(held.problems) == [
        (1, ""),
        (3, "starts_on"),
        (3, "seats"),
        (4, "id"),
        (5, ""),
        (6, "term"),
        (7, "kind"),
        (7, "auto_renew"),
        (8, "payment"),
        (9, "card_expires"),
        (10, "card_expires"),
        (11, "expires_on"),
        (11, "currency"),
        (12, "country"),
        (13, "seats"),
        (14, "cancelled_on"),
        (15, "product"),
        (16, "managed"),
        (17, "promotion_rate"),
        (18, "order_number"),
        (19, "starts_on"),
        (19, "cancelled_on"),
        (20, "card_expires"),
        (21, "id"),
        (23, ""),
    ]
    assert [each.id for each in held.items] == ["B-01", "B-21"]
    assert all(each.remedy and each.file.endswith("broken.csv") for each in held.problems)


def test_a_problem_says_file_line_column_value_and_remedy():
    said = [str(each) for each in read_portfolio(DATA / "broken.csv").problems]
    path = DATA / "broken.csv"
    assert f"{path}:1: column 'colour' is not known: leave it out, or correct it" in said
    assert f"{path}:3: seats is 'ten': write a whole number in digits, such as 25" in said
    assert f"{path}:4: id is 'B-01': line 2 has it already: give each its own" in said
    assert f"{path}:7: kind is 'payed': write one of paid, trial" in said
    assert f"{path}:12: country is 'France': give two capital letters, such as \"FR\"" in said


def test_all_cells_mean_what_they_say(read):
    held = read(
        f"{HEAD},expires_on,payment,card_expires,account,country,managed,seats,purchased_on,"
        "promotion,promotion_rate\n"
        f"{ROW},2026-02-01,card,2027-03,A-1,FR,yes,5,2024-02-03,SPRING,0.15\n"
    )
    (one,) = held.items
    assert isinstance(one, Subscription)
    assert (one.starts_on, one.expires_on, one.seats) == (date(2025, 2, 3), date(2026, 2, 1), 5)
    assert one.term == Term.years(1)
    assert one.payment_method.kind is PaymentKind.CARD
    assert one.payment_method.valid_through == date(2027, 3, 31)
    assert (one.account.id, one.account.country, one.account.managed) == ("A-1", "FR", True)
    assert one.history.purchased_on == date(2024, 2, 3)
    assert held.promotions["S-1"][0].rate == Decimal("0.15")


def test_lines_of_one_order_are_one_item_where_the_first_stood(read):
    held = read(
        f"{HEAD},order_number,purchased_on\n"
        "1,CAD,P1Y,2025-02-03,,\n"
        "2,CAD,P1Y,2025-02-03,N-1,2024-02-03\n"
        "3,CAD,P1Y,2025-02-03,N-2,\n"
        "4,CAD,P1Y,2025-01-03,N-1,2024-01-03\n"
    )
    assert held.problems == ()
    assert [getattr(each, "number", None) for each in held.items] == [None, "N-1", "N-2"]
    order = held.items[1]
    assert [line.id for line in order.subscriptions] == ["2", "4"]
    assert order.placed_on == date(2024, 1, 3)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{ROW}\n",
        f"{HEAD}\n{ROW}",
        f"{HEAD}\r\n{ROW}\r\n",
        f"\ufeff{HEAD}\n{ROW}\n",
        f"\ufeff{HEAD}\r\n\r\n{ROW}\r\n,,,\r\n",
        f'"id","product","term","starts_on"\n{ROW}\n',
        "starts_on,term,product,id\n2025-02-03,P1Y,CAD,S-1\n",
    ],
)
def test_files_of_every_make_are_read(read, text):
    held = read(text)
    assert held.problems == ()
    assert held.items == read(f"{HEAD}\n{ROW}\n").items


def test_a_missing_column_is_said_once_and_the_cells_are_still_looked_at(read):
    held = read("id,product,starts_on\nS-1,CAD,soon\nS-1,,2025-02-03\n")
    assert wrong(held.problems) == [(1, ""), (2, "starts_on"), (3, "id"), (3, "product")]
    assert held.problems[0].remedy == "add the column term"
    assert held.items == ()


def test_a_column_that_is_there_twice_is_said(read):
    held = read(f"{HEAD},id\n{ROW},S-1\n")
    assert wrong(held.problems) == [(1, "")]
    assert "more than once" in held.problems[0].remedy


def test_lines_are_counted_as_an_editor_does(read):
    held = read(f'{HEAD},account\n{ROW},"two\nlines"\n,CAD,P1Y,2025-02-03,\n')
    assert wrong(held.problems) == [(2, "account"), (4, "id")]


@pytest.mark.parametrize(
    ("columns", "cells", "column"),
    [
        ("seats", "1e3", "seats"),
        ("seats", "٣", "seats"),
        ("seats", "9" * 5000, "seats"),
        ("seats", "-1", "seats"),
        ("seats", "1000001", "seats"),
        ("expires_on", "20260101", "expires_on"),
        ("expires_on", "2026-W01-1", "expires_on"),
        ("expires_on", "2026-02-30", "expires_on"),
        ("expires_on", "1000-01-01", "expires_on"),
        ("purchased_on", "1000-01-01", "purchased_on"),
        ("cancelled_on", "9999-12-31", "cancelled_on"),
        ("currency", "eur", "currency"),
        ("order_number", "N 1", "order_number"),
        ("managed", "yes", "account"),
        ("account,managed", "A-1,true", "managed"),
        ("country", "FR", "account"),
        ("auto_renew", "ON", "auto_renew"),
        ("channel", "Account", "channel"),
        ("payment", "card ", "payment"),
        ("payment,card_expires", "paypal,2027-03", "card_expires"),
        ("promotion", "SPRING", "promotion_rate"),
        ("promotion_rate", "0.1", "promotion"),
        ("promotion,promotion_rate", "SPRING,1", "promotion_rate"),
        ("promotion,promotion_rate", "SPRING ,0.1", "promotion"),
    ],
)
def test_one_wrong_cell_is_one_problem(read, columns, cells, column):
    held = read(f"{HEAD},{columns}\n{ROW},{cells}\n")
    assert wrong(held.problems) == [(2, column)]
    assert held.items == ()


@pytest.mark.parametrize("term", ["P0Y", "P99999M", "P85200M", "P1Y6M", "p1y", "365"])
def test_a_term_that_cannot_be_is_a_problem_of_its_column(read, term):
    held = read(f"{HEAD},cancelled_on\nS-1,CAD,{term},2025-02-03,2025-03-01\n")
    assert wrong(held.problems) == [(2, "term")]


def test_a_wrong_end_says_nothing_of_the_cancellation(read):
    held = read(f"{HEAD},expires_on,cancelled_on\n{ROW},2025-01-01,2026-06-01\n")
    assert wrong(held.problems) == [(2, "expires_on")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"a;b\n1;2\n", "no column is known"),
        (HEAD.encode() + b"\nS-1,caf\xe9,P1Y,2025-02-03\n", ":2: byte 0xe9 is not UTF-8"),
        (f"{HEAD}\n".encode("utf-16"), ":1: byte 0xff is not UTF-8"),
        (b"PK\x03\x04\x00\x00", "no column is known"),
    ],
)
def test_what_is_no_such_file_is_refused(read, content, says):
    with pytest.raises(UnreadableFileError, match=says):
        read(content)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"none\.csv: No such file"):
        read_portfolio(tmp_path / "none.csv")
    with pytest.raises(UnreadableFileError):
        read_portfolio(tmp_path)


def test_prices_are_read_as_people_write_them(read_prices):
    head = "product,term,currency,price,from_on,country\n"
    prices, problems = read_prices(
        f'{head}CAD,P1Y,USD,"1,690.00",2025-01-01,\nCAD,P1Y,JPY,"272,290",2025-01-01,JP\n'
    )
    assert problems == ()
    assert [each.price for each in prices.prices] == [
        Money("1690.00", "USD"),
        Money(272290, "JPY"),
    ]
    german, problems = read_prices(f'{head}CAD,P1Y,EUR,"1.690,50",2025-01-01,DE\n', locale="de")
    assert problems == ()
    assert german.prices[0].price == Money("1690.50", "EUR")


def test_every_wrong_price_is_reported(read_prices):
    prices, problems = read_prices(
        "product,term,currency,price,from_on,country\n"
        "CAD,P1Y,USD,cheap,2025-13-01,\n"
        "CAD,P1Y,JPY,10.50,2025-01-01,\n"
        "CAD,P1Y,EURO,10.50,2025-01-01,France\n"
        ",year,USD,10.50,2025-01-01,\n"
        "CAD,P1Y,USD,10.00,2025-01-01,\n"
        "cad,P12M,USD,11.00,2025-01-01,\n"
        "CAD,P1Y,USD,-1.00,2025-02-01,\n"
        "CAD,P1Y,USD,,2025-02-01,\n"
    )
    assert wrong(problems) == [
        (2, "price"),
        (2, "from_on"),
        (3, "price"),
        (4, "currency"),
        (4, "country"),
        (5, "product"),
        (5, "term"),
        (7, "from_on"),
        (8, "price"),
        (9, "price"),
    ]
    assert [each.price for each in prices.prices] == [Money("10.00", "USD")]


def test_every_wrong_rate_is_reported(read_prices):
    prices, problems = read_prices(
        "product,term,currency,price,from_on\nCAD,P1Y,USD,1.00,2025-01-01\n",
        "rate,from_on,product,country,customer\n"
        "0.08,2025-01-01,CAD,,\n"
        "0.04,2025-01-01,,,\n"
        "8 %,2025-01-01,,,\n"
        "1.5,,,fr,\n"
        "0.09,2025-01-01,cad,,\n"
        "0.05,2025-01-01,,,A-1\n",
    )
    assert wrong(problems) == [
        (3, "rate"),
        (4, "rate"),
        (5, "rate"),
        (5, "from_on"),
        (5, "country"),
        (6, "from_on"),
    ]
    assert "at least the floor, 0.05" in str(problems[0])
    assert [each.rate for each in prices.rates] == [Decimal("0.08"), Decimal("0.05")]
