"""
Is a renewal really cheaper? A registrar's public price list, looked at.

    python examples/domain_prices.py prices.json

The file is a JSON object: top-level domain to `registration` (a first year), `renewal`, and maybe a
`specialType`; prices are text in US dollars, some with a thousands comma. Nothing is taken for
granted: a library that believes renewals to be the cheaper ones would be wrong on half of the file.

Ends with 0 if every price was read, 1 if some were not, 2 if the file could not be read at all.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import attrs

from subrenew import (
    InvalidValue,
    Listing,
    Money,
    Product,
    RenewalPolicy,
    meets_floor,
    saving_rate,
)
from subrenew.words.wording import parse_money

CURRENCY: Final = "USD"
LOCALE: Final = "en"
FLOOR: Final = Decimal("0.05")
#: Names outside the public DNS.
LEFT_OUT: Final = "handshake"


@attrs.frozen(kw_only=True)
class Domain:
    """A top-level domain with what its first year and each further one cost."""

    name: str
    special: str | None
    new: Money
    renewal: Money

    @property
    def saving(self) -> Decimal | None:
        """The fraction that a renewal saves; nothing can be said of a price of zero."""
        return saving_rate(self.renewal, self.new)

    @property
    def keeps_floor(self) -> bool:
        """Whether a renewal saves five per cent or more."""
        return self.saving is not None and meets_floor(self.renewal, self.new, FLOOR)


@attrs.frozen(kw_only=True)
class Report:
    """What a price list says of renewals."""

    domains: tuple[Domain, ...]
    dearer: int
    equal: int
    cheaper: int
    without_rate: tuple[str, ...]
    #: Those that keep the floor, the largest saving first.
    kept: tuple[Domain, ...]
    #: Those of them that are left once a class of products is excluded.
    left: tuple[Domain, ...]


def read(path: Path) -> tuple[tuple[Domain, ...], tuple[str, ...]]:
    """Return the domains of a file, and what is wrong with the others."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("it is no JSON object of domains")
    domains, problems = [], []
    for name, entry in content.items():
        try:
            domains.append(_domain(name, entry))
        except InvalidValue as error:
            problems.append(f"{path}: {name}: {error}")
    return tuple(domains), tuple(problems)


def _domain(name: str, entry: Mapping[str, object]) -> Domain:
    if not isinstance(entry, dict):
        raise InvalidValue("entry", entry, "give an object with registration and renewal")
    special = entry.get("specialType")
    return Domain(
        name=name,
        special=str(special) if special else None,
        new=_price(entry, "registration"),
        renewal=_price(entry, "renewal"),
    )


def _price(entry: Mapping[str, object], field: str) -> Money:
    text = entry.get(field)
    if not isinstance(text, str):
        raise InvalidValue(field, text, 'give the price as text, such as "2,060.23"')
    return parse_money(text, CURRENCY, LOCALE)


def policy_without(domains: tuple[Domain, ...], special: str) -> RenewalPolicy:
    """Return a policy that promises the floor to all but the domains of one class."""
    return RenewalPolicy(
        id="domains",
        saving_floor_rate=FLOOR,
        excluded_products=tuple(
            Product(code=each.name) for each in domains if each.special == special
        ),
    )


def report(domains: tuple[Domain, ...]) -> Report:
    """Return what the price list says of renewals."""
    policy = policy_without(domains, LEFT_OUT)
    kept = sorted(
        (each for each in domains if each.keeps_floor),
        key=lambda each: (-(each.saving or 0), each.name),
    )
    return Report(
        domains=domains,
        dearer=sum(each.renewal > each.new for each in domains),
        equal=sum(each.renewal == each.new for each in domains),
        cheaper=sum(each.renewal < each.new for each in domains),
        without_rate=tuple(each.name for each in domains if each.saving is None),
        kept=tuple(kept),
        left=tuple(each for each in kept if policy.listing(each.name) is not Listing.EXCLUDED),
    )


def show(made: Report, most: int) -> None:
    """Print the report and the best offers."""
    count = len(made.domains)
    print(
        f"{count} prices: renewal dearer {made.dearer}, equal {made.equal}, cheaper {made.cheaper}"
    )
    print(
        f"{len(made.kept)} of {count} save {FLOOR:.0%} or more; "
        f"{len(made.without_rate)} without a rate, its price is zero: "
        f"{', '.join(made.without_rate)}"
    )
    if made.kept:
        least = made.kept[-1]
        print(f"smallest saving of these {least.saving:.2%}: {least.name}")
    print(f"{LEFT_OUT} excluded: {len(made.left)} of {len(made.kept)} left")
    print(f"\n{'domain':16}{'new':>12}{'renewal':>12}{'saving':>9}")
    for each in made.kept[:most]:
        print(f"{each.name:16}{each.new.amount:>12,}{each.renewal.amount:>12,}{each.saving:>9.2%}")


def main(argv: list[str] | None = None) -> int:
    """Read the file, print the report; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="prices.json")
    parser.add_argument("--most", type=int, default=10, help="how many to list (10)")
    asked = parser.parse_args(argv)
    try:
        domains, problems = read(asked.file)
    except (OSError, ValueError, TypeError) as error:
        print(f"domain_prices: {asked.file}: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem, file=sys.stderr)
    show(report(domains), asked.most)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
