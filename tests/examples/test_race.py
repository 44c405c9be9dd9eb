"""
Sixteen renew the same subscriptions at once; each is renewed once.

Eight processes with two threads each, on SQLite, and on PostgreSQL where one is at hand. As a
script, this file is one of the processes: it does a round for each line that it is sent.
"""

# ruff: noqa: E402, T201, TID251
# Extras are looked for before they are imported; a seed makes the same draws; the script prints.

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from examples.webshop.storage import SqlStorage
from examples.webshop.tables import METADATA
from subrenew import Refusal, RevisionConflict, Subscription, Term, replay
from subrenew.desk import Desk
from subrenew.policy.vendors import autodesk

ON = date(2025, 12, 10)
PROCESSES, THREADS = 8, 2
FULL = os.environ.get("SUBRENEW_PROFILE", os.environ.get("CI")) in ("ci", "release", "true")
ROUNDS, COUNT = (10, 200) if FULL else (2, 40)
POSTGRES = os.environ.get("SUBRENEW_POSTGRES_URL")
DATABASES = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(
            POSTGRES is None, reason="no PostgreSQL at hand: run `make test-postgres`"
        ),
    ),
]


def ids_of(number):
    return [f"R{number}-{each:03}" for each in range(COUNT)]


def keyed(number):
    """Every second round is one of retries: everybody uses the same key."""
    return number % 2 == 1


def a_subscription(id_):
    return Subscription(id=id_, product="CAD", term=Term.years(1), starts_on=date(2025, 1, 31))


# One worker -----------------------------------------------------------------------------------


def renewed(desk, id_, key):
    """Renew, asking again as the desk says where somebody else was first; say what came out."""
    while True:
        try:
            done = desk.renew(id_, on=ON, key=key)
        except RevisionConflict:
            if key is None:
                return "conflict"
            continue
        if isinstance(done, Refusal):
            return f"refused: {done.decision.route}"
        return f"renewed until {done.subscription.expires_on} by {len(done.events)}"


def work(desk, number, seed, found):
    ids = ids_of(number)
    if seed % 4 == 3:  # most go the same way and meet at each one; some come from elsewhere
        random.Random(seed).shuffle(ids)
    for id_ in ids:
        found.append((id_, renewed(desk, id_, f"renew-{id_}" if keyed(number) else None)))


def serve(url, process):
    storage = SqlStorage(url)
    desk = Desk(storage=storage, policy=autodesk.EDITION_2024)
    print("ready", flush=True)
    for line in sys.stdin:
        found = [[] for _ in range(THREADS)]
        threads = [
            threading.Thread(target=work, args=(desk, int(line), THREADS * process + each, mine))
            for each, mine in enumerate(found)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        print(json.dumps([pair for mine in found for pair in mine]), flush=True)
    storage.close()


# All of them ----------------------------------------------------------------------------------


@pytest.fixture
def storage(request, tmp_path):
    url = POSTGRES if request.param == "postgresql" else f"sqlite:///{tmp_path / 'shop.sqlite'}"
    storage = SqlStorage(url)
    METADATA.drop_all(storage.engine)
    storage.create_tables()
    yield storage
    storage.close()


@pytest.fixture
def workers(storage):
    url = storage.engine.url.render_as_string(hide_password=False)
    started = [
        subprocess.Popen(
            [sys.executable, __file__, url, str(process)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # What is measured in the tests' own process is enough.
            env={name: text for name, text in os.environ.items() if "COVERAGE" not in name},
        )
        for process in range(PROCESSES)
    ]
    assert [each.stdout.readline() for each in started] == ["ready\n"] * PROCESSES
    yield started
    for each in started:
        each.stdin.close()
        assert each.wait(timeout=60) == 0
        each.stdout.close()


def outcomes_of(workers, number):
    for each in workers:
        each.stdin.write(f"{number}\n")
        each.stdin.flush()
    outcomes = {id_: Counter() for id_ in ids_of(number)}
    for each in workers:
        for id_, outcome in json.loads(each.stdout.readline()):
            outcomes[id_][outcome] += 1
    return outcomes


@pytest.mark.parametrize("storage", DATABASES, indirect=True)
def test_of_sixteen_at_once_one_renews(storage, workers):
    everything = Counter()
    for number in range(ROUNDS):
        with storage.transaction() as repositories:
            for id_ in ids_of(number):
                repositories.subscriptions.save(a_subscription(id_), revision=None)
        for outcomes in outcomes_of(workers, number).values():
            assert outcomes.total() == PROCESSES * THREADS
            answer = outcomes.pop("renewed until 2027-01-31 by 1")
            if keyed(number):
                assert (answer, outcomes) == (PROCESSES * THREADS, {})
            else:
                assert answer == 1
                assert outcomes.keys() <= {"conflict", "refused: wait-for-window"}
            everything.update(outcomes)
        check_sums(storage, number)
    # It was a race: some did meet.
    assert everything["conflict"] > 0 or not FULL


def check_sums(storage, number):
    with storage.transaction() as repositories:
        for id_ in ids_of(number):
            first, stored = a_subscription(id_), repositories.subscriptions.get(id_)
            events = repositories.events.of(id_)
            assert (stored.revision, len(events)) == (2, 1)
            assert replay(first, events) == stored.value
            assert stored.value.starts_on == first.expires_on
            assert stored.value.history.renewals == 1
            under = repositories.events.under(f"renew-{id_}")
            assert under == (events if keyed(number) else None)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
