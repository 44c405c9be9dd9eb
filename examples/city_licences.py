"""
A city's rule, stated as a policy and held against what really happened.

    python examples/city_licences.py FOLDER

Chicago renews business licences by hand: the renewal opens two months before the licence ends,
cancelled and revoked licences are not renewed, late renewals are taken. That is a `RenewalPolicy`
and no program, `subrenew.policy.vendors.city_licences`. FOLDER holds
`chicago-avenue-licences/licences.csv`, with the days of payment, and
`chicago-food-licence-terms-a/terms.csv`, city-wide, with terms only.

The files name the *last covered day* of a licence; `Subscription.covering` takes it.

Ends with 0, or with 2 if a file could not be read.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import attrs

from subrenew import (
    Decision,
    Mechanism,
    PaymentMethod,
    RenewalPolicy,
    Route,
    Subscription,
    Term,
    renewability,
    renewal_window,
)
from subrenew.policy.vendors.city_licences import AS_IT_IS_DONE, BY_THE_BOOK

LICENCES: Final = Path("chicago-avenue-licences") / "licences.csv"
TERMS: Final = Path("chicago-food-licence-terms-a") / "terms.csv"
#: Cancelled during its term, revoked.
BARRED: Final = frozenset({"AAC", "REV"})

AT_THE_COUNTER: Final = PaymentMethod(kind="at-the-counter", mechanism=Mechanism.PUSH)


@attrs.frozen(kw_only=True)
class Licence:
    """One term of a licence, as a row of a file has it."""

    number: str
    application: str
    status: str
    first_day: date
    last_day: date
    paid_on: date | None = None
    changed_on: date | None = None

    @property
    def subscription(self) -> Subscription:
        """The same as the library knows it."""
        return Subscription.covering(
            last_day=self.last_day,
            id=f"{self.number}-{self.first_day}",
            product="licence",
            # First terms are cut to the licence's own date, so a term is as long as it is.
            term=Term.days((self.last_day - self.first_day).days + 1),
            starts_on=self.first_day,
            payment_method=AT_THE_COUNTER,
            cancelled_on=self.changed_on if self.status in BARRED else None,
        )


class Renewal(NamedTuple):
    """A licence's term and the one that followed it by renewal."""

    old: Licence
    new: Licence

    def decision(self, policy: RenewalPolicy) -> Decision[Route]:
        """Return what the policy says of the old term on the day of payment."""
        paid_on = self.new.paid_on
        if paid_on is None:
            raise ValueError(f"the day of payment of {self.new.number} is not known")
        return renewability(self.old.subscription, policy=policy, on=paid_on)


@attrs.frozen(kw_only=True)
class Avenue:
    """What one street's licences show."""

    rows: int
    without_start: int
    #: Renewals that follow a term of the file, those that follow without a gap, those whose day
    #: of payment is known.
    renewals: int
    contiguous: int
    paid: int
    #: On the day of payment.
    not_before_window: int
    allowed: int
    refused_as_expired: int
    allowed_with_late: int
    #: Terms cancelled or revoked: refused for good, all, followed by another term.
    barred: int
    barred_terms: int
    renewed_after_all: int


@attrs.frozen(kw_only=True)
class City:
    """What the terms of the whole city show."""

    rows: int
    renewed: int
    two_years: int
    one_year: int
    followers: int
    contiguous: int


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%m/%d/%Y").date() if text else None


def read_licences(path: Path) -> tuple[list[Licence], int]:
    """Return the street's licences, and how many rows have no first or last day."""
    found, skipped = [], 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            first_day = _day(row["LICENSE TERM START DATE"])
            last_day = _day(row["LICENSE TERM EXPIRATION DATE"])
            if first_day is None or last_day is None:
                skipped += 1
                continue
            found.append(
                Licence(
                    number=row["LICENSE NUMBER"],
                    application=row["APPLICATION TYPE"],
                    status=row["LICENSE STATUS"],
                    first_day=first_day,
                    last_day=last_day,
                    paid_on=_day(row["PAYMENT DATE"]),
                    changed_on=_day(row["LICENSE STATUS CHANGE DATE"]),
                )
            )
    return found, skipped


def read_terms(path: Path) -> list[Licence]:
    """Return the city's terms; the day of a cancellation is not in the file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Licence(
                number=row["LICENSE_NUMBER"],
                application=row["APPLICATION_TYPE"],
                status=row["LICENSE_STATUS"],
                first_day=date.fromisoformat(row["LICENSE_TERM_START_DATE"]),
                last_day=date.fromisoformat(row["LICENSE_TERM_EXPIRATION_DATE"]),
            )
            for row in csv.DictReader(file)
        ]


def chains(licences: Iterable[Licence]) -> list[list[Licence]]:
    """Return the terms of each licence, in the order of time."""
    found: defaultdict[str, list[Licence]] = defaultdict(list)
    for each in licences:
        found[each.number].append(each)
    return [sorted(chain, key=lambda each: each.first_day) for chain in found.values()]


def renewals(licences: Iterable[Licence]) -> list[Renewal]:
    """Return each renewal with the term before it, where the file has one."""
    return [
        Renewal(old, new)
        for chain in chains(licences)
        for old, new in pairwise(chain)
        if new.application == "RENEW"
    ]


def _follows(renewal: Renewal) -> bool:
    return renewal.old.subscription.expires_on == renewal.new.first_day


def _in_time(renewal: Renewal, policy: RenewalPolicy) -> bool:
    on = renewal.new.paid_on
    if on is None:
        return False
    return on >= renewal_window(renewal.old.subscription, policy=policy, on=on).opens_on


def _is_barred(licence: Licence) -> bool:
    """Return whether both policies refuse it for good from the day of its cancellation on."""
    subscription = licence.subscription
    days = {subscription.ends_on, subscription.expires_on + timedelta(days=1)}
    decisions = [
        renewability(subscription, policy=policy, on=day)
        for policy in (BY_THE_BOOK, AS_IT_IS_DONE)
        for day in days
    ]
    return all(
        "cancelled" in each.codes and not each.can_renew_now and each.changes_on is None
        for each in decisions
    )


def avenue(folder: Path) -> Avenue:
    """Return what the street's licences show."""
    licences, without_start = read_licences(folder / LICENCES)
    found = renewals(licences)
    paid = [each for each in found if each.new.paid_on]
    by_the_book = [each.decision(BY_THE_BOOK) for each in paid]
    stopped = [each for each in licences if each.status in BARRED]
    renewed = {(each.old.number, each.old.first_day) for each in found}
    return Avenue(
        rows=len(licences) + without_start,
        without_start=without_start,
        renewals=len(found),
        contiguous=sum(_follows(each) for each in found),
        paid=len(paid),
        not_before_window=sum(_in_time(each, BY_THE_BOOK) for each in paid),
        allowed=sum(each.can_renew_now for each in by_the_book),
        refused_as_expired=sum(
            each.route is Route.BUY_NEW and "expired" in each.codes for each in by_the_book
        ),
        allowed_with_late=sum(each.decision(AS_IT_IS_DONE).can_renew_now for each in paid),
        barred=sum(_is_barred(each) for each in stopped),
        barred_terms=len(stopped),
        renewed_after_all=sum((each.number, each.first_day) in renewed for each in stopped),
    )


def _lasts(licence: Licence, term: Term) -> bool:
    return term.end(licence.first_day) == licence.subscription.expires_on


def city(folder: Path) -> City:
    """Return what the city's terms show."""
    licences = read_terms(folder / TERMS)
    renewed = [each for each in licences if each.application == "RENEW"]
    found = renewals(licences)
    return City(
        rows=len(licences),
        renewed=len(renewed),
        two_years=sum(_lasts(each, Term.years(2)) for each in renewed),
        one_year=sum(_lasts(each, Term.years(1)) for each in renewed),
        followers=len(found),
        contiguous=sum(_follows(each) for each in found),
    )


def show(street: Avenue, whole: City) -> None:
    """Print what was found, next to how many there are."""
    lines = [
        ("paid on or after the day the window opens", street.not_before_window, street.paid),
        ("allowed on the day of payment, by the book", street.allowed, street.paid),
        ("refused as expired, by the book", street.refused_as_expired, street.paid),
        ("allowed with late renewal", street.allowed_with_late, street.paid),
        ("next term starts where the old one ends", street.contiguous, street.renewals),
        ("cancelled or revoked, and barred", street.barred, street.barred_terms),
        (
            "cancelled or revoked, and renewed after all",
            street.renewed_after_all,
            street.barred_terms,
        ),
    ]
    print(f"{LICENCES.parent}: {street.rows:,} rows, {street.without_start} without a first day")
    for text, count, of in lines:
        print(f"  {text:<46}{count:>6,} of {of:>6,}")
    print(f"{TERMS.parent}: {whole.rows:,} rows")
    for text, count, of in [
        ("renewals for exactly two years", whole.two_years, whole.renewed),
        ("renewals for exactly one year", whole.one_year, whole.renewed),
        ("next term starts where the old one ends", whole.contiguous, whole.followers),
    ]:
        print(f"  {text:<46}{count:>6,} of {of:>6,}")


def main(argv: list[str] | None = None) -> int:
    """Read both files, print what they show; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="the folder that holds both")
    folder: Path = parser.parse_args(argv).folder
    try:
        street, whole = avenue(folder), city(folder)
    except KeyError as error:
        print(f"city_licences: a file has no column {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"city_licences: {error}", file=sys.stderr)
        return 2
    show(street, whole)
    return 0


if __name__ == "__main__":
    sys.exit(main())
