"""
What is to be done about a portfolio of subscriptions on a day, and what it costs.

Reads subscriptions and prices from CSV files, prints the plan as a table with the days for which
its lines are priced, and writes it as `plan.csv` and `plan.html`. Rows that are wrong are reported,
all of them at once, with what to write instead; the others are planned.

    python examples/renewal_plan.py --on 2026-01-15 --locale fr
    python examples/renewal_plan.py --on 2026-01-15 --role owner --portfolio mine.csv

Ends with 0 if every row was good, 1 if some were not, 2 if a file could not be read at all.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from subrenew import (
    Actor,
    Editions,
    NotInForce,
    RenewalPlan,
    RenewalPolicy,
    Role,
    plan,
)
from subrenew.policy.vendors import autodesk
from subrenew.words import display

if not __package__:  # run as a script
    sys.path.insert(0, str(Path(__file__).parents[1]))

from examples.csv_rows import Problem, UnreadableFileError
from examples.portfolio_csv import read_portfolio, read_price_list

T = TypeVar("T")

DATA: Final = Path(__file__).parent / "data"
#: `autodesk` chooses the edition by the day; the others are one edition on every day.
POLICIES: Final[dict[str, Editions | RenewalPolicy]] = {
    "autodesk": autodesk.EDITIONS,
    **{each.policy.id: each.policy for each in autodesk.EDITIONS.editions},
}
LONG: Final = 10_000


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--on", required=True, type=_day, help="the day, such as 2026-01-15")
    parser.add_argument("--locale", default="en", help="the plan's language (en)")
    parser.add_argument("--policy", default="autodesk", choices=POLICIES, help="(autodesk)")
    parser.add_argument(
        "--role",
        action="append",
        choices=[role.value for role in Role],
        help="a role of the person who asks, may be repeated; without one nobody is asked for",
    )
    parser.add_argument("--portfolio", type=Path, default=DATA / "portfolio.csv")
    parser.add_argument("--prices", type=Path, default=DATA / "prices.csv")
    parser.add_argument("--rates", type=Path, default=DATA / "rates.csv")
    parser.add_argument("--out", type=Path, default=Path("build"), help="a folder (build)")
    parser.add_argument("--width", type=int, help="in columns (those of the terminal, or 120)")
    return parser.parse_args(argv)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write 2026-01-15") from None


def floor_rate(policy: Editions | RenewalPolicy) -> Decimal:
    """Return the least saving that any edition of the policy promises."""
    editions = [policy] if isinstance(policy, RenewalPolicy) else _each(policy)
    return max(edition.saving_floor_rate or Decimal(0) for edition in editions)


def _each(editions: Editions) -> list[RenewalPolicy]:
    return [each.policy for each in editions.editions]


def counted(items: Iterable[T], what: str) -> Iterator[T]:
    """Yield the items; say how many went by, as soon as there are many."""
    for number, item in enumerate(items, start=1):
        if number % LONG == 0:
            print(f"{what}: {number:,}", file=sys.stderr, flush=True)
        yield item


def charged(made: RenewalPlan) -> Iterator[str]:
    """
    Yield for which day each line is priced: what renews itself, for its renewal date.

    A price is that of the day on which it is charged, which need not be today's.
    """
    days: dict[date, list[str]] = {}
    for line in made.lines:
        days.setdefault(line.charged_on, []).append(line.subscription.id)
    today = days.pop(made.on, [])
    yield f"priced for {made.on}, the day asked about: {len(today)}"
    for day in sorted(days):
        yield f"priced for {day}, the renewal date of {', '.join(days[day])}"


def make(asked: argparse.Namespace) -> tuple[RenewalPlan, tuple[Problem, ...]]:
    """Return the plan, and what is wrong with the files."""
    policy = POLICIES[asked.policy]
    roles = frozenset(Role(role) for role in asked.role or ())
    prices, wrong_prices = read_price_list(asked.prices, asked.rates, floor_rate=floor_rate(policy))
    held = read_portfolio(asked.portfolio, counted=lambda rows: counted(rows, "rows read"))
    made = plan(
        counted(held.items, "planned"),
        policy=policy,
        prices=prices,
        on=asked.on,
        actor=Actor(id="who-asks", roles=roles) if roles else None,
        reductions=held.promotions,
    )
    return made, (*wrong_prices, *held.problems)


def write(made: RenewalPlan, asked: argparse.Namespace) -> list[Path]:
    """Write the plan as CSV and HTML, and return where."""
    asked.out.mkdir(parents=True, exist_ok=True)
    texts = {
        asked.out / "plan.csv": display.plan_csv(made, asked.locale),
        asked.out / "plan.html": display.plan_html(made, asked.locale),
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="")
    return list(texts)


def main(argv: list[str] | None = None) -> int:
    """Plan, print, write; return the exit code."""
    asked = arguments(argv)
    try:
        made, problems = make(asked)
        written = write(made, asked)
    except (UnreadableFileError, NotInForce, OSError) as error:
        print(f"renewal_plan: {error}", file=sys.stderr)
        return 2
    width = asked.width or shutil.get_terminal_size((120, 24)).columns
    print(display.plan_table(made, asked.locale, width=width))
    print(*charged(made), sep="\n")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(made.lines)} subscriptions planned, {len(problems)} things to put right")
    print("written:", *written)
    return 1 if problems else 0


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a yen sign stops no terminal
    sys.exit(main())
