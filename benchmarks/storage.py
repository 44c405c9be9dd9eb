"""How fast the desk is over a storage: `python benchmarks/storage.py`.

The nightly run on SQLite is measured against a bare SQLAlchemy loop that does the same reads and
writes and decides nothing, in rounds that alternate. `--quick` takes seconds. This is no test.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean, median
from time import perf_counter

import attrs
from sqlalchemy import bindparam, insert, select, tuple_, update

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.run import BATCH, ON, POLICY, Row, peak_mib, ratio, table
from examples.webshop.database import engine_for
from examples.webshop.storage import SqlStorage
from examples.webshop.tables import EVENTS, SUBSCRIPTIONS
from subrenew import AutoRenew, PaymentMethod, Secret, Subscription, Term, Transition, renew
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.repositories import OrderRecord
from subrenew.testing.memory import MemoryStorage

PAGE = 500
CARD = PaymentMethod.card(expires="2031-01", id="M-1")


def due(number: int) -> Subscription:
    """Return one that renews itself on the day of the run."""
    return Subscription(
        id=f"S-{number:06}",
        product="CAD",
        term=Term.years(1),
        starts_on=date(ON.year - 1, ON.month, ON.day),
        auto_renew=AutoRenew.ON,
        payment_method=CARD,
    )


# The nightly run on SQLite --------------------------------------------------------------------

C = SUBSCRIPTIONS.c
READ_PAGE = (
    select(C.id, C.expires_on, C.fields, C.revision)
    .where(
        C.expires_on >= bindparam("from_on"),
        C.expires_on < bindparam("before_on"),
        tuple_(C.expires_on, C.id) > tuple_(bindparam("last_on"), bindparam("last_id")),
    )
    .order_by(C.expires_on, C.id)
    .limit(PAGE + 1)
)
READ = select(C.id, C.fields, C.revision).where(C.id == bindparam("key"))
SAVE = update(SUBSCRIPTIONS).where(C.id == bindparam("key"), C.revision == bindparam("read"))
LOG = insert(EVENTS)
VERDICT = {
    "question": "renewability",
    "edition": POLICY.id,
    "on": ON.isoformat(),
    "route": "renews-itself",
    "codes": [],
}


def bare_run(file: Path) -> int:
    """Do what the nightly run reads and writes, and nothing else; return how many it did."""
    engine, done = engine_for(f"sqlite:///{file}"), 0
    starts_on, expires_on = ON, ON.replace(year=ON.year + 1)
    moved = {"starts_on": starts_on.isoformat(), "expires_on": expires_on.isoformat()}
    last_on, last_id = ON - timedelta(days=7), ""
    while True:
        days = {"from_on": ON - timedelta(days=7), "before_on": ON + timedelta(days=1)}
        with engine.connect() as connection:
            values = {**days, "last_on": last_on, "last_id": last_id}
            rows = connection.execute(READ_PAGE, values).all()
        for row in rows[:PAGE]:
            with engine.begin() as connection:
                before = connection.execute(READ, {"key": row.id}).one()
                after = before.fields | moved
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                saved = {"revision": before.revision + 1, "expires_on": expires_on, "fields": after}
                connection.execute(SAVE, {"key": row.id, "read": before.revision, **saved})
                event = {"subscription_id": row.id, "what": "renewed", "happened_on": ON}
                texts = {"before": before.fields, "after": after, "verdict": VERDICT}
                connection.execute(LOG, {**event, **texts, "clause": "automatic"})
            done += 1
        if len(rows) <= PAGE:
            engine.dispose()
            return done
        last_on, last_id = rows[PAGE - 1].expires_on, rows[PAGE - 1].id


def desk_run(file: Path) -> int:
    """Do the nightly run; return how many it renewed."""
    storage = SqlStorage(f"sqlite:///{file}")
    report = Desk(storage=storage, policy=POLICY).renew_due(ON)
    storage.close()
    return len(report.renewed)


def rate(run: Callable[[Path], int], folder: Path, count: int) -> float:
    """Return how many a second it renews, of so many on a new file."""
    file = folder / "bench.sqlite"
    for each in folder.iterdir():
        each.unlink()
    storage = SqlStorage(f"sqlite:///{file}")
    storage.create_tables()
    with storage.transaction() as repositories:
        for number in range(count):
            repositories.subscriptions.save(due(number), revision=None)
    storage.close()
    began = perf_counter()
    done = run(file)
    spent = perf_counter() - began
    if done != count:
        raise AssertionError(f"{done} of {count} were renewed")
    return count / spent


def on_sqlite(count: int, rounds: int) -> list[Row]:
    """Measure the nightly run on SQLite beside the bare loop, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        both = [
            (rate(bare_run, Path(folder), count), rate(desk_run, Path(folder), count))
            for _ in range(rounds)
        ]
    bare, desk = median(each[0] for each in both), median(each[1] for each in both)
    part = median(desk / bare for bare, desk in both)
    return [
        (f"bare SQLAlchemy loop, {count:,} on SQLite", "", f"{bare:,.0f} /s"),
        (f"`desk.renew_due`, {count:,} on SQLite", "", f"{desk:,.0f} /s"),
        ("... as a part of the bare loop's rate", "0.5", f"{part:.2f}"),
    ]


# The nightly run in memory --------------------------------------------------------------------


def in_memory(count: int) -> dict[str, float]:
    """Renew so many in memory; return seconds and the peak of the process in MiB."""
    storage = MemoryStorage(map(due, range(count)))
    began = perf_counter()
    report = Desk(storage=storage, policy=POLICY).renew_due(ON)
    spent = perf_counter() - began
    if len(report.renewed) != count:
        raise AssertionError(f"{len(report.renewed)} of {count} were renewed")
    return {"seconds": spent, "peak": peak_mib()}


def grows(counts: tuple[int, ...], rounds: int) -> list[Row]:
    """Measure how the nightly run grows, each in a process of its own."""
    rows, each = [], []
    for count in counts:
        command = [sys.executable, __file__, "--memory", str(count)]
        results = [
            json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603
            for _ in range(rounds)
        ]
        spent = median(result["seconds"] for result in results)
        peak = max(result["peak"] for result in results)
        each.append(spent / count)
        limit = "512 MiB" if count == 100_000 else ""
        rows.append((f"`desk.renew_due`, {count:,} in memory, time", "", f"{spent:.2f} s"))
        rows.append((f"`desk.renew_due`, {count:,} in memory, peak", limit, f"{peak:.0f} MiB"))
    growth = each[-1] / each[0]
    rows.append((f"time for each one, {counts[-1]:,} against {counts[0]:,}", "1", f"{growth:.2f}"))
    return rows


# An order's page ------------------------------------------------------------------------------


def order_access(tries: int) -> list[Row]:
    """Measure an unknown order against a wrong password, in turns, with the default hasher."""
    with tempfile.TemporaryDirectory() as folder:
        storage = SqlStorage(f"sqlite:///{folder}/bench.sqlite")
        storage.create_tables()
        desk = Desk(storage=storage, policy=POLICY)
        hashed = ScryptHasher().hash(Secret("right"))
        record = OrderRecord(
            number="A-1", placed_on=ON, subscription_ids=("S-000000",), password_hash=hashed
        )
        with storage.transaction() as repositories:
            repositories.subscriptions.save(due(0), revision=None)
            repositories.orders.save(record, revision=None)
        at, spent = datetime(2026, 1, 15, tzinfo=UTC), {"A-1": [], "A-2": []}
        for number in range(2 * tries):
            at += timedelta(hours=1)  # so that each try is taken
            typed = ("A-1", "A-2")[(number + number // 2) % 2]  # either comes first as often
            began = perf_counter()
            desk.open_order(number=typed, password=Secret("wrong"), on=ON, at=at)
            spent[typed].append(perf_counter() - began)
        storage.close()
    wrong, unknown = mean(spent["A-1"]), mean(spent["A-2"])
    return [
        ("a wrong password, mean", "", f"{wrong * 1000:.0f} ms"),
        ("an unknown order, mean", "", f"{unknown * 1000:.0f} ms"),
        ("... as a part of a wrong password's", "0.9-1.1", f"{unknown / wrong:.3f}"),
    ]


# The pure transition --------------------------------------------------------------------------


def by_hand(count: int) -> list[Row]:
    """Measure a manual renewal as a multiple of a month step."""
    on = ON - timedelta(days=10)
    items = [attrs.evolve(due(number), auto_renew=AutoRenew.OFF) for number in range(count)]
    days: list[object] = [
        each.starts_on + timedelta(days=number % 28) for number, each in enumerate(items)
    ]

    def renewed(each: Subscription) -> object:
        return renew(each, policy=POLICY, on=on)

    if not any(isinstance(renewed(each), Transition) for each in items[:1]):
        raise AssertionError("nothing is renewed")
    gc.collect()
    gc.disable()
    try:
        seen = median(ratio(renewed, items, days) for _ in range(3))  # type: ignore[arg-type]
    finally:
        gc.enable()
    return [("a manual renewal, `renew`, in month steps", "25", f"{seen:.2f}")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer of everything, in seconds")
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        print(json.dumps(in_memory(options.memory)))
        return
    quick = options.quick
    rows = by_hand(BATCH * (5 if quick else 50))
    rows += on_sqlite(300 if quick else 2_000, 3 if quick else 7)
    rows += grows((1_000, 10_000) if quick else (1_000, 10_000, 100_000), 1 if quick else 3)
    rows += order_access(3 if quick else 25)
    print(table(rows))


if __name__ == "__main__":
    main()
