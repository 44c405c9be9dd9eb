"""
The nightly run is killed in the middle; run again, it ends where it would have ended anyway.

Also between a charge and its record: the money is taken once, and for what is renewed alone.

As a script, this file does the killing: it forks a process for each run, so that a hundred take no
hundred starts of an interpreter, and kills it with SIGKILL after some part of the time it needs.
"""

# ruff: noqa: E402, T201, TID251
# Extras are looked for before they are imported; a seed makes the same draws; the script prints.

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from sqlalchemy import text

from examples.webshop.storage import SqlStorage
from examples.webshop.tables import METADATA
from subrenew import (
    AutoRenew,
    Channel,
    Kind,
    ListPrice,
    Money,
    PaymentMethod,
    PriceList,
    Receipt,
    Subscription,
    Term,
)
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk

ON = date(2025, 12, 10)
COUNT = 40
FULL = os.environ.get("SUBRENEW_PROFILE", os.environ.get("CI")) in ("ci", "release", "true")
KILLS = 100 if FULL else 10
SEED = 20_251_210
PRICES = PriceList(
    prices=tuple(
        ListPrice(product="CAD", term=term, price=Money(amount, "EUR"), from_on=date(2020, 1, 1))
        for term, amount in ((Term.months(1), "10.01"), (Term.years(1), "100.00"))
    )
)


def due(number):
    """Return one that ends on the day of the run or in the week before; every fourth stays."""
    card = PaymentMethod.card(expires="2025-11" if number % 8 == 3 else "2027-03")
    return Subscription(
        id=f"S-{number:03}",
        product="CAD",
        term=Term.months(1) if number % 3 else Term.years(1),
        starts_on=date(2025, 1, 1),
        expires_on=ON - timedelta(days=number % 8),
        kind=Kind.TRIAL if number % 8 == 7 else Kind.PAID,
        auto_renew=AutoRenew.ON,
        channel=Channel.ORDER if number % 5 == 0 else Channel.ACCOUNT,
        payment_method=card,
    )


class Charges:
    """A gateway that keeps every charge on the disk before it answers, as a real one does."""

    def __init__(self, file):
        self.file = file.with_suffix(".charges")
        self.file.touch()

    def all(self):
        """Return what was taken: key and amount of each charge, in order."""
        return [line.split("\t") for line in self.file.read_text().splitlines()]

    def charge(self, due):
        """Take the money once for each key."""
        if due.key not in dict(self.all()):
            with self.file.open("a") as kept:
                kept.write(f"{due.key}\t{due.amount}\n")
                kept.flush()
                os.fsync(kept.fileno())
        return Receipt(key=due.key, amount=due.amount)


def run(file):
    """Do the nightly run, and return what it reported."""
    storage = SqlStorage(f"sqlite:///{file}", prices=PRICES)
    report = Desk(storage=storage, policy=autodesk.EDITION_2024).renew_due(
        ON, collect=Charges(file)
    )
    storage.close()
    assert report.failures == ()
    return report


def paid(file):
    """Return what was charged for each key, if each was charged once."""
    charges = Charges(file).all()
    assert len(charges) == len(dict(charges)), charges
    return dict(charges)


def state_of(file):
    """Return every row of every table."""
    storage = SqlStorage(f"sqlite:///{file}")
    with closing(storage), storage.engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        return {
            table.name: [
                repr(tuple(row))
                for row in connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
        }


def killed(file, seconds):
    """Do the nightly run in a process of its own, killed after so long; return how many it did."""
    child = os.fork()
    if child == 0:
        run(file)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    done = len(state_of(file)["events"])
    return done, len(paid(file)) - done


def main(folder, kills):
    template, whole = folder / "template.sqlite", folder / "whole.sqlite"
    storage = SqlStorage(f"sqlite:///{template}")
    storage.create_tables()
    with storage.transaction() as repositories:
        for number in range(COUNT):
            repositories.subscriptions.save(due(number), revision=None)
    storage.close()  # leaves one file: the last connection empties the write-ahead log
    for _ in range(2):  # the second one is as fast as those that follow
        shutil.copy(template, whole)
        Charges(whole).file.unlink()
        began = time.perf_counter()
        report = run(whole)
        spent, expected = time.perf_counter() - began, state_of(whole)
    charged = paid(whole)
    draw, done, between, same = random.Random(SEED), [], 0, 0
    for number in range(kills):
        file = folder / f"killed-{number}.sqlite"
        shutil.copy(template, file)
        renewed, open_charges = killed(file, draw.uniform(0, spent))
        between += open_charges
        if number % 2:  # and killed once more, while it catches up
            renewed, open_charges = killed(file, draw.uniform(0, 0.5 * spent))
            between += open_charges
        done.append(renewed)
        # On a machine with other work, what a run takes is learnt as it goes.
        spent *= {0: 1.2, len(report.renewed): 0.8}.get(done[-1], 1)
        again = run(file)
        same += (
            state_of(file) == expected
            and set(again.renewed) <= set(report.renewed)
            and paid(file) == charged
        )
    print(
        json.dumps({"renewed": len(report.renewed), "done": done, "same": same, "between": between})
    )


def test_a_run_that_was_killed_is_simply_run_again(tmp_path):
    told = subprocess.run(
        [sys.executable, __file__, str(tmp_path), str(KILLS)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    ).stdout
    seen = json.loads(told)
    assert seen["same"] == KILLS
    assert seen["renewed"] == sum(renews(number) for number in range(COUNT))
    # It was killed in the middle, most times, and not always at one place.
    middle = Counter(done for done in seen["done"] if 0 < done < seen["renewed"])
    assert middle.total() >= KILLS // 10
    assert len(middle) >= KILLS // 20
    # Some charges had been made, and not been recorded yet.
    assert seen["between"] >= KILLS // 20


def renews(number):
    return number % 8 not in (3, 7)


def test_the_end_that_is_compared_is_a_good_one(tmp_path):
    storage = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}")
    storage.create_tables()
    with closing(storage):
        with storage.transaction() as repositories:
            for number in range(COUNT):
                repositories.subscriptions.save(due(number), revision=None)
        for _ in range(2):  # a second run finds nothing to do
            run(tmp_path / "shop.sqlite")
            with storage.transaction() as repositories:
                for number in range(COUNT):
                    first, stored = due(number), repositories.subscriptions.get(f"S-{number:03}")
                    events = repositories.events.of(first.id)
                    assert (stored.revision, len(events)) == ((2, 1) if renews(number) else (1, 0))
                    if renews(number):
                        assert events[0].before == first
                        assert stored.value.starts_on == first.expires_on


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
