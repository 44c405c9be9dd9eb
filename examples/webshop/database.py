"""
The database: SQLite in a file, or PostgreSQL, and who comes second there.

What was read is held by its revision, not by a lock: `UPDATE ... WHERE revision = <the one read>`
finds out who came second, on both databases. SQLite lets one writer in at a time, and refuses one
whose reading is no longer the latest. So there a transaction takes the lock with its first write,
and what it read before was read freely: it waits its turn instead of failing, and never waits for
somebody who waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
