"""How fast it is here: `make bench`.

Small things are measured against one plain month step in the same process, in small batches that
alternate, and the median of the batches' ratios is shown; so noise changes little. This is
no test: nothing passes or fails.

`--quick` takes seconds; `--write` stores the table in docs/explanation/performance.md.
"""

import argparse
import calendar
import gc
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from subrenew import (
    Account,
    AutoRenew,
    Cart,
    Channel,
    Kind,
    ListPrice,
    Money,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Subscription,
    Term,
    plan,
    renewability,
    renewal_discount,
    renewal_quote,
)
from subrenew.policy.editions import Policy
from subrenew.policy.vendors import autodesk, jetbrains

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"

SEED = 20_260_115
BATCH = 200
POLICY = autodesk.EDITION_2024
ON = date(2026, 1, 15)
WHOLE = "a decision with findings, actions, `changes_on`"
#: Editions over time, with stages after the end: the dear way, with the goal of a whole decision.
LADDERED = (
    ("`autodesk.EDITIONS`", autodesk.EDITIONS, 15),
    ("`jetbrains.EDITIONS`", jetbrains.EDITIONS, 15),
)
PRODUCTS = [f"Product {number}" for number in range(20)]
TERMS = [Term.months(1), Term.years(1), Term.years(3)]
METHODS = [
    None,
    PaymentMethod.card(expires="2025-12"),
    PaymentMethod.card(expires="2031-01"),
    PaymentMethod(kind=PaymentKind.DIRECT_DEBIT),
    PaymentMethod(kind=PaymentKind.WIRE_TRANSFER),
    PaymentMethod(kind=PaymentKind.INVOICE),
]

Row = tuple[str, str, str]


def month_step(day: date) -> date:
    """Return the same day of the next month, plainly: the unit of all ratios."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def fields(number: int, draw: random.Random) -> dict[str, Any]:
    """Return what one subscription is made of."""
    term = draw.choice(TERMS)
    days = 31 if term.month_count == 1 else 30 * term.month_count
    return {
        "id": f"S-{number}",
        "product": draw.choice(PRODUCTS),
        "term": term,
        "starts_on": ON - timedelta(days=draw.randrange(1, days + 20)),
        "kind": Kind.TRIAL if draw.random() < 0.05 else Kind.PAID,
        "auto_renew": draw.choice(list(AutoRenew)),
        "payment_method": draw.choice(METHODS),
        "channel": draw.choices(list(Channel), (8, 1, 1))[0],
        "account": Account(id=f"A-{number // 5}", country=draw.choice(["FR", "US", "JP"])),
        "seats": draw.randrange(1, 50),
        "currency": "EUR",
    }


def sample(count: int) -> list[dict[str, Any]]:
    """Return so many different subscriptions' fields, the same ones every time."""
    draw = random.Random(SEED)
    return [fields(number, draw) for number in range(count)]


def price_list() -> PriceList:
    """Return a price for every product and term, of two days."""
    return PriceList(
        prices=tuple(
            ListPrice(
                product=product,
                term=term,
                price=Money.of_units((number + 1) * 1001 * term.month_count + year, "EUR"),
                from_on=date(year, 1, 1),
            )
            for number, product in enumerate(PRODUCTS)
            for term in TERMS
            for year in (2020, 2026)
        )
    )


def seconds(function: Callable[[Any], object], items: list[Any]) -> float:
    """Return how long it takes to call the function with each item."""
    began = perf_counter()
    for item in items:
        function(item)
    return perf_counter() - began


def ratio(function: Callable[[Any], object], items: list[Any], days: list[date]) -> float:
    """Return the median over batches of: this function's time as a multiple of a month step's."""
    seconds(function, items[:BATCH])  # what is made once has been made
    ratios = []
    for first in range(0, len(items) - BATCH + 1, BATCH):
        part = slice(first, first + BATCH)
        before = seconds(month_step, days[part])
        spent = seconds(function, items[part])
        after = seconds(month_step, days[part])
        ratios.append(2 * spent / (before + after))
    return median(ratios)


def answers(policy: Policy, prices: PriceList) -> list[Callable[[Any], object]]:
    """Return what is asked about one subscription: its route, its whole decision, its quote."""

    def route(each: Subscription) -> object:
        return renewability(each, policy=policy, on=ON).route

    def whole(each: Subscription) -> object:
        decision = renewability(each, policy=policy, on=ON)
        return decision.findings, decision.actions, decision.changes_on

    def quote(each: Subscription) -> object:
        return renewal_quote(each, prices=prices, policy=policy, on=ON).total

    return [route, whole, quote]


def long_list() -> PriceList:
    """Return 16,000 prices: a new one for each of 100 products every six weeks or so."""
    began, steps = date(2010, 1, 1), range(160)
    return PriceList(
        prices=tuple(
            ListPrice(
                product=f"Product {number}",
                term=Term.years(1),
                price=Money.of_units(10_000 + step, "EUR"),
                from_on=began + timedelta(days=40 * step + number % 30),
            )
            for number in range(100)
            for step in steps
        )
    )


def measured(
    rows: list[tuple[str, float | None, Callable[[Any], object], list[Any]]], days: list[date]
) -> list[Row]:
    """Return each row's ratio; three rounds, the middle one of which is shown."""
    gc.collect()
    gc.disable()
    try:
        # A neighbour is rarely noisy in two of three rounds.
        seen = [
            median(ratio(function, items, days) for _ in range(3)) for _, _, function, items in rows
        ]
    finally:
        gc.enable()
    return [
        (name, "" if goal is None else f"{goal:g}", f"{value:.2f}")
        for (name, goal, _, _), value in zip(rows, seen, strict=True)
    ]


def small_things(count: int) -> list[Row]:
    """Measure what is done for one subscription."""
    given = sample(count)
    subscriptions = [Subscription(**each) for each in given]
    prices, many = price_list(), long_list()
    route, whole, quote = answers(POLICY, prices)

    def construction(each: dict[str, Any]) -> object:
        return Subscription(**each)

    def boundary(each: Subscription) -> object:
        return each.term.end(each.starts_on, each.anchor_day)

    def next_rate(each: Subscription) -> object:
        return renewal_discount(each, policy=POLICY, prices=many, on=ON).changes_on

    rows: list[tuple[str, float | None, Callable[[Any], object], list[Any]]] = [
        ("a subscription, made and checked", 4, construction, given),
        ("the next boundary, `Term.end`", 2, boundary, subscriptions),
        ("the route of a decision", 1.5, route, subscriptions),
        (WHOLE, 8, whole, subscriptions),
        ("a renewal quote", 10, quote, subscriptions),
    ]
    for name, editions, goal in LADDERED:
        route, whole, quote = answers(editions, prices)
        rows += [
            (f"the route, under {name}", None, route, subscriptions),
            ("... the whole decision", goal, whole, subscriptions),
            ("... a quote", None, quote, subscriptions),
        ]
    rows.append(("`changes_on` of a discount, 16,000 prices", 20, next_rate, subscriptions))
    return measured(rows, [each.starts_on for each in subscriptions])


def filled(count: int, prices: PriceList) -> float:
    """Return how long a line takes to be added, reviewed and grouped, in a cart of so many."""
    lines = [
        Subscription(
            id=f"S-{number}",
            product=PRODUCTS[number % len(PRODUCTS)],
            term=Term.years(1),
            starts_on=ON - timedelta(days=350),
            currency="EUR",
        )
        for number in range(count)
    ]
    began, cart = perf_counter(), Cart()
    for each in lines:
        added = cart.add(each, policy=POLICY, prices=prices, on=ON)
        if isinstance(added, Cart):
            cart = added
    if len(cart.lines) != count:
        raise AssertionError("not every line can be renewed")
    cart.review(policy=POLICY, prices=prices, on=ON)
    cart.purchases(POLICY)
    return (perf_counter() - began) / count


def carts(rounds: int) -> list[Row]:
    """Measure how a cart grows: long and short ones in turns."""
    prices = price_list()
    filled(100, prices)  # what is made once has been made
    growth = median(
        filled(1_000, prices) / median(filled(100, prices) for _ in range(10))
        for _ in range(rounds)
    )
    return [("a cart, time for each line, 1,000 against 100", "1.5", f"{growth:.2f}")]


def spawned(code: str, cache: str) -> tuple[float, str]:
    """Return how long an interpreter takes to run this, and what it prints."""
    # Byte code is kept, as that of an installed package is.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = perf_counter()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    return perf_counter() - began, done.stdout.strip()


def imports(pairs: int) -> list[Row]:
    """Measure what importing the library adds to the start of an interpreter."""
    bare, full, own = "pass", "import subrenew", "import attrs"
    with tempfile.TemporaryDirectory() as cache:
        spawned(full, cache)
        rounds = [[spawned(code, cache)[0] for code in (bare, full, own)] for _ in range(pairs)]
        _, babel = spawned("import sys, subrenew; print('babel' in sys.modules)", cache)
    added = median(with_it - without for without, with_it, _ in rounds)
    attrs = median(with_it - without for without, _, with_it in rounds)
    return [
        ("`import subrenew`, over a bare interpreter", "60 ms", f"{added * 1000:.0f} ms"),
        ("... of which `import attrs`", "", f"{attrs * 1000:.0f} ms"),
        ("... imports Babel", "no", "yes" if babel == "True" else "no"),
    ]


def peak_mib() -> float:
    """Return the most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins with what the parent process held
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def planned(count: int) -> dict[str, float]:
    """Plan so many subscriptions once; return seconds and the peak of the process in MiB."""
    subscriptions = [Subscription(**each) for each in sample(count)]
    prices = price_list()
    began = perf_counter()
    made = plan(subscriptions, policy=POLICY, prices=prices, on=ON)
    made.by_route()
    made.totals()
    spent = perf_counter() - began
    return {"seconds": spent, "peak": peak_mib()}


def plans(counts: tuple[int, ...], rounds: int) -> list[Row]:
    """Measure plans with prices, each in a process of its own, short and long ones in turns."""

    def once(count: int) -> dict[str, float]:
        command = [sys.executable, __file__, "--plan", str(count)]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603

    # A neighbour that is noisy for a while then slows down all plans of a round alike.
    results = [[once(count) for count in counts] for _ in range(rounds)]
    rows = []
    for count, column in zip(counts, zip(*results, strict=True), strict=True):
        spent = median(result["seconds"] for result in column)
        peak = max(result["peak"] for result in column)
        limit = "512 MiB" if count == 100_000 else ""
        rows.append((f"a plan of {count:,} with prices, time", "", f"{spent:.2f} s"))
        rows.append((f"a plan of {count:,} with prices, peak memory", limit, f"{peak:.0f} MiB"))
    growth = median(
        line[-1]["seconds"] / counts[-1] / (line[0]["seconds"] / counts[0]) for line in results
    )
    rows.append(
        (f"time for each one, {counts[-1]:,} against {counts[0]:,}", "1.3", f"{growth:.2f}")
    )
    return rows


def table(rows: list[Row]) -> str:
    """Return the rows as an aligned Markdown table."""
    lines = [("what", "goal", "seen"), *rows]
    wide = [max(len(line[column]) for line in lines) for column in range(3)]
    text = [
        f"| {name:<{wide[0]}} | {goal:>{wide[1]}} | {seen:>{wide[2]}} |"
        for name, goal, seen in lines
    ]
    text.insert(1, f"|{'-' * (wide[0] + 2)}|{'-' * (wide[1] + 1)}:|{'-' * (wide[2] + 1)}:|")
    return "\n".join(text)


def stored(text: str, made: str) -> str:
    """Return the page with this table between its two marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer subscriptions, in seconds")
    parser.add_argument("--write", action="store_true", help=f"store the table in {PAGE.name}")
    parser.add_argument("--plan", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plan:
        print(json.dumps(planned(options.plan)))
        return
    quick = options.quick
    rows = small_things(2_000 if quick else 20_000)
    rows += carts(3 if quick else 15)
    rows += imports(3 if quick else 15)
    rows += plans((1_000, 10_000) if quick else (1_000, 10_000, 100_000), 1 if quick else 5)
    version = f"{platform.python_implementation()} {platform.python_version()}"
    made = f"{table(rows)}\n\nSeen with {version} on {platform.system()} {platform.machine()}."
    print(made)
    if options.write:
        PAGE.write_text(stored(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
        print(f"written: {PAGE.name}")


if __name__ == "__main__":
    main()
