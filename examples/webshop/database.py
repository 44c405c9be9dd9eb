"""
The database: SQLite in a file, or PostgreSQL, and who comes second there.

What was read is held by its revision, not by a lock: `UPDATE ... WHERE revision = <the one read>`
finds out who came second, on both databases. SQLite lets one writer in at a time, and refuses one
whose reading is no longer the latest. So there a transaction takes the lock with its first write,
and what it read before was read freely: it waits its turn instead of failing, and never waits for
somebody who waits for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    QueuePool,
    create_engine,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError

from subrenew import RevisionConflict

Fields = dict[str, Any]

#: SQLite: busy, locked (the last eight bits of a code); a primary key or a unique value is taken.
_SQLITE_BUSY: Final = frozenset({5, 6})
_SQLITE_TAKEN: Final = frozenset({1555, 2067})
#: PostgreSQL: serialization failure, deadlock, lock not available; a unique value is taken.
_POSTGRES_CONFLICTS: Final = frozenset({"40001", "40P01", "55P03", "23505"})

#: The number of the lock that whoever writes events holds; any number that nobody else uses.
_EVENTS_TURN: Final = 7_355_608
_TAKE_TURN: Final = text("SELECT pg_advisory_xact_lock(:turn)")


#: Marks the files that the demonstration made, in the header that SQLite keeps for it.
_OURS: Final = 0x73726E77
#: What SQLite writes beside a database.
_BESIDE: Final = ("-wal", "-shm", "-journal")


def make_file(file: Path) -> None:
    """
    Make an empty SQLite database, in place of one that was made here before.

    Raises:
        FileExistsError: Something else has that name, or that of a file that SQLite writes beside
            it. Nothing is deleted.
    """
    beside = [file.with_name(file.name + end) for end in _BESIDE]
    taken = [each for each in (file, *beside) if each.exists() or each.is_symlink()]
    if taken and not _is_ours(file):
        raise FileExistsError(
            f"{taken[0]} was not made by this demonstration: remove it, or name another file"
        )
    for each in taken:
        each.unlink()
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as database:
        database.execute(f"PRAGMA application_id = {_OURS}")


def _is_ours(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        header = opened.read(100)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == _OURS.to_bytes(4, "big")


def _is_conflict(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_BUSY or code in _SQLITE_TAKEN
    return getattr(error.orig, "sqlstate", None) in _POSTGRES_CONFLICTS


@contextmanager
def conflicts() -> Iterator[None]:
    """Turn what the database refuses because of somebody else into `RevisionConflict`."""
    try:
        yield
    except DBAPIError as error:
        if _is_conflict(error):
            raise RevisionConflict("somebody else saved first: read again") from error
        raise


def engine_for(url: str, *, busy_seconds: float = 30) -> Engine:
    """
    Return an engine as `SqlStorage` needs it.

    Args:
        url: ``sqlite:///file.sqlite`` or ``postgresql+psycopg://...``.
        busy_seconds: How long a writer waits for its turn on SQLite.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url)
    # No isolation level: the driver begins no transaction, `Session.write` does.
    arguments = {"timeout": busy_seconds, "isolation_level": None, "check_same_thread": False}
    in_memory = make_url(url).database in (None, "", ":memory:")
    # A database in memory lives as long as its one connection, so there is only that one.
    size, more = (1, 0) if in_memory else (5, 20)
    return create_engine(
        url, poolclass=QueuePool, pool_size=size, max_overflow=more, connect_args=arguments
    )


class Session:
    """One transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._must_begin = connection.dialect.name == "sqlite"

    def read(self, statement: Executable, values: Fields) -> CursorResult[Any]:
        """Return the rows."""
        with conflicts():
            return self._connection.execute(statement, values)

    def take_turn(self) -> None:
        """
        Let events be numbered in the order in which their transactions end, until this one ends.

        On SQLite there is one writer at a time anyway. PostgreSQL numbers rows when they are
        written, and who reads after the last number would miss one that is committed late.
        """
        if self._connection.dialect.name == "postgresql":
            self.write(_TAKE_TURN, {"turn": _EVENTS_TURN})

    def write(self, statement: Executable, values: Fields) -> int:
        """Return how many rows were written."""
        with conflicts():
            if self._must_begin:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
                self._must_begin = False
            return self._connection.execute(statement, values).rowcount
