"""The engines of a store: how each database is connected to, and how its transactions begin."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._forks import FORKS
from ledgerhq_ext.store._place import connect_arguments, make_private

_BUSY_MS = 30_000
"""For how long a writer waits for SQLite's lock."""


def sqlite_engine(url: URL, path: Path) -> Engine:
    make_private(path)
    patience = {"timeout": _BUSY_MS / 1000}
    engine = create_engine(url, hide_parameters=True, connect_args=patience)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def postgres_engine(url: URL) -> Engine:
    # A drain has up to 100 workers, each with a connection while it works on the database.
    arguments = connect_arguments(url)
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args=arguments,
        max_overflow=90,
        # Whatever the database's default is: in a transaction that sees nothing of what was
        # committed since it began, a posting could be added that is not held back.
        isolation_level="READ COMMITTED",
    )
    event.listen(engine, "connect", _note_server)
    return engine


def _note_server(connection: Any, _: object) -> None:
    FORKS.servers.add(connection)


def check_durability(db: Connection) -> None:
    """Raise ``StoreError`` where a crash of PostgreSQL may lose what it committed: an option of the
    URL can do that.
    """
    if db.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "off":
        raise StoreError(
            "PostgreSQL may lose committed transactions because synchronous_commit is off. "
            "Turn it on for this role, for this database, or in the options of the URL."
        )


def _set_up_sqlite(connection: Any, _: object) -> None:
    # SQLAlchemy begins transactions (below); the driver must not begin its own.
    connection.isolation_level = None
    # One text that is no UTF-8 must not keep the rows beside it from being read.
    connection.text_factory = _to_text
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    journal = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    for setting in ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON"):
        cursor.execute(f"PRAGMA {setting}")
    synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    cursor.close()
    if (journal, synchronous) != ("wal", 2):
        raise StoreError(
            f"SQLite may lose committed transactions here: its journal mode is {journal} and "
            f"synchronous is {synchronous}. Put the store on a local disk."
        )


def _to_text(content: bytes) -> str:
    return content.decode(errors="replace")


def _begin_sqlite(db: Connection) -> None:
    if db.get_execution_options().get("reading"):
        db.exec_driver_sql("BEGIN")
    else:
        _begin_writing(db.connection.dbapi_connection)


def _begin_writing(connection: Any) -> None:
    """Begin a transaction that has the lock of the one writer from its start.

    A lock taken later, at the first write, cannot be waited for: SQLite refuses it at once when
    somebody has written since this transaction read.
    """
    end = time.monotonic() + _BUSY_MS / 1000
    # SQLite's own wait backs off to a tenth of a second; many writers need shorter ones.
    connection.execute("PRAGMA busy_timeout = 0")
    while not _begins(connection, end):
        time.sleep(random.uniform(0.0005, 0.008))  # noqa: S311 - jitter
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")


def _begins(connection: Any, end: float) -> bool:
    """Return whether a transaction began; False while another writer has the lock.

    Raises the driver's error after ``end`` (by ``time.monotonic``), and for any other failure.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        return True
    except sqlite3.OperationalError as error:
        if "locked" in str(error) and time.monotonic() < end:
            return False
        raise
