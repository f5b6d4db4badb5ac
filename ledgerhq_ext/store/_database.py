"""The engine: SQLite in a file, or PostgreSQL; short transactions, each all or nothing.

SQLite: write-ahead log, ``synchronous=FULL`` (asserted), ``BEGIN IMMEDIATE``. PostgreSQL: READ
COMMITTED with row locks; work that met a lost connection is done again, so all work must be safe to
repeat.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, Select, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from ledgerhq_ext._checks import check_number
from ledgerhq_ext._redaction import redact
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._faultpoints import reach
from ledgerhq_ext.store._forks import FORKS
from ledgerhq_ext.store._locations import Location, location_of, location_of_file
from ledgerhq_ext.store._place import connect_arguments, make_private, shown, url_of
from ledgerhq_ext.store._schema import versions
from ledgerhq_ext.store._versions import prepare

P = ParamSpec("P")
T = TypeVar("T")

_BUSY_MS = 30_000
"""For how long a writer waits for SQLite's lock."""
_SECONDS_BETWEEN_ATTEMPTS = 0.2
"""While a PostgreSQL server restarts, or another one takes over."""
_READ_ONLY = "25006"
"""What PostgreSQL says of a write on a standby."""
_LONGEST_MESSAGE = 500
_MAY_BE_DONE = (
    "The connection to the store was lost while this was committed, so it may be done. Read what "
    "you wanted to change, and decide anew."
)
_ADVICE = {
    "database is locked": "Another process is writing to it: let it end, and try again.",
    "disk is full": "Free some space, and try again.",
    "readonly database": "Let this user write to the file and its folder, and try again.",
    "unable to open": "Let this user read and write the file and its folder, and try again.",
    "malformed": "Restore it from a backup.",
    "read-only transaction": "To find the server that can write, name all of them in the URL, with "
    "target_session_attrs=read-write.",
}
"""What to do next, by words of the databases' own messages."""


class Database:
    """One database, shared by any number of threads, processes and (PostgreSQL) machines. See
    ``Store``.
    """

    def __init__(self, place: str | os.PathLike[str], *, patience: float = 30.0) -> None:
        check_number(patience, "patience", 0)
        self.url: URL = url_of(place)
        self.path: Path | None = None
        if self.url.get_backend_name() == "sqlite":
            self.path = Path(self.url.database or "")
            FORKS.databases.add(self)
        self._patience = patience
        # By process: a fork copies a lock that is held, and nobody in the child would ever release
        # it. A thread may hold it for as long as a database takes to open.
        self._guards: dict[int, threading.Lock] = {}
        self._engine: Engine | None = None
        self._pid = os.getpid()
        self._abandoned: list[Engine] = []
        self._location: Location | None = None

    def __repr__(self) -> str:
        return f"Database({shown(self.url)!r})"

    @property
    def _guard(self) -> threading.Lock:
        return self._guards.setdefault(os.getpid(), threading.Lock())

    def read(
        self,
        work: Callable[Concatenate[Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what the work returns, in one consistent view of the database.

        The work is called with a connection and these arguments. Raises ``StoreError``.
        """

        def attempt(engine: Engine) -> T:
            """Do the work in a transaction that writes nothing."""
            with engine.connect().execution_options(reading=True) as db, db.begin():
                return work(db, *args, **kwargs)

        return self._run(attempt)

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        """Return the rows of a query. Raises ``StoreError``."""
        return self.read(_rows_of, query)

    def write(
        self,
        name: str,
        work: Callable[Concatenate[Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what the work returned, once it is committed.

        The work is called with a connection and these arguments, perhaps twice (see above).
        ``name`` is that of its fault points. Raises ``StoreError``.
        """

        may_be_done = False

        def attempt(engine: Engine) -> T:
            """Do the work in a transaction, and commit it."""
            nonlocal may_be_done
            with engine.begin() as db:
                try:
                    result = work(db, *args, **kwargs)
                except InputError:
                    # What it meets may be its own doing.
                    if may_be_done:
                        raise StoreError(_MAY_BE_DONE) from None
                    raise
                reach(f"{name}: before the commit")
                may_be_done = True
            reach(f"{name}: after the commit")
            return result

        return self._run(attempt)

    def connect(
        self,
        begin: Callable[Concatenate[Connection, P], bool],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Connection | None:
        """Return a connection of the caller's own, on which ``begin`` was called with these
        arguments; None where that returned False. Raises ``StoreError``.
        """

        def attempt(engine: Engine) -> Connection | None:
            """Begin on a connection."""
            db = engine.connect()
            has_begun = False
            try:
                has_begun = begin(db, *args, **kwargs)
            finally:
                if not has_begun:
                    db.close()
            return db if has_begun else None

        return self._run(attempt)

    def location(self, *, fresh: bool = False) -> Location | None:
        """Return where the tables are, to be compared with where another connection leads; None
        when there are none.

        A file is looked at without opening it: an app's transaction may have its lock. What a
        server said is remembered, so that an app's transaction does not wait for one more
        connection, until it is asked for ``fresh``.
        """
        if self.path is not None:
            return location_of_file(self.path)
        if fresh or self._location is None:
            self._location = self.read(location_of)
        return self._location

    def close(self) -> None:
        """Close the connections."""
        with self._guard:
            engine = self._engine
            self._engine = None
        # A child after a fork leaves the connections to its parent, which uses them still.
        if engine is not None and self._pid == os.getpid():
            engine.dispose()

    def close_connections(self) -> None:
        """Close the connections that nobody uses; the next use makes others."""
        if self._engine is not None and self._pid == os.getpid():
            self._engine.dispose()

    def _run(self, work: Callable[[Engine], T]) -> T:
        end = time.monotonic() + self._patience
        while True:
            # A store that never opened is misconfigured, not restarting: its first error is final.
            was_open = self._engine is not None
            try:
                with nullcontext() if self.path is None else FORKS.held_off():
                    return work(self._ready())
            except (SQLAlchemyError, sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
                # The last two: a driver cannot hand a value over, half a character for one.
                is_read_only = _is_read_only(error)
                may_pass = was_open and self._may_pass(error)
                problem = explain(error, shown(self.url))
            # Out of the handler: as its context SQLAlchemy's error would carry the parameters.
            if not may_pass or time.monotonic() >= end:
                raise problem
            if is_read_only:
                # The next connection may lead to the server that takes over.
                self.close_connections()
            time.sleep(_SECONDS_BETWEEN_ATTEMPTS)

    def _may_pass(self, error: Exception) -> bool:
        """Return whether the same may work in a moment, because the server restarts, or another one
        takes over.
        """
        if self.path is not None:
            # SQLite has waited for its lock already.
            return False
        if isinstance(error, OperationalError | InterfaceError) or _is_read_only(error):
            return True

        # SQLAlchemy says so of errors that have other classes with some drivers.
        return isinstance(error, DBAPIError) and error.connection_invalidated

    def _ready(self) -> Engine:
        with self._guard:
            if self._pid != os.getpid() and self._engine is not None:
                # The parent's connections must be neither used nor closed by the child, nor garbage
                # collected.
                self._abandoned.append(self._engine)
                self._engine.dispose(close=False)
                self._engine = None
            self._pid = os.getpid()
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        if self.path is None:
            engine = _postgres_engine(self.url)
        else:
            engine = _sqlite_engine(self.url, self.path)
        try:
            with engine.begin() as db:
                prepare(db)
                if self.path is None:
                    _check_durability(db)
                reach("tables: before the commit")
            reach("tables: after the commit")
        except BaseException:
            engine.dispose()
            raise
        return engine


def check_existing(place: str | os.PathLike[str]) -> None:
    """Raise ``StoreError`` where no store is: opening it would make an empty one."""
    url = url_of(place)
    if url.get_backend_name() == "postgresql":
        name = shown(url)
        is_there = _has_tables(url)
    else:
        name = url.database or ""
        # Not by Path.exists, which raises where this user may not look into the folder.
        is_there = os.path.exists(name)  # noqa: PTH110
    if not is_there:
        raise StoreError(f"There is no store at {name}.")


def _has_tables(url: URL) -> bool:
    engine = _postgres_engine(url)
    try:
        with engine.connect() as db:
            return inspect(db).has_table(versions.name)
    except SQLAlchemyError as error:
        problem = explain(error, shown(url))
    finally:
        engine.dispose()
    raise problem


def _rows_of(db: Connection, query: Select[Any]) -> Sequence[Any]:
    return db.execute(query).all()


def _sqlite_engine(url: URL, path: Path) -> Engine:
    make_private(path)
    patience = {"timeout": _BUSY_MS / 1000}
    engine = create_engine(url, hide_parameters=True, connect_args=patience)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres_engine(url: URL) -> Engine:
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


def _check_durability(db: Connection) -> None:
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


def explain(error: Exception, place: str = "") -> StoreError:
    """Return the error of a database, or of its driver, as one of ours.

    ``place`` is the address of the store, where it is the store's own connection.
    """
    cause = getattr(error, "orig", None) or error
    subject = f"The store {place}" if place else "The store"
    message = f"{subject} failed: {type(cause).__name__}"
    # SQLAlchemy's own texts may hold whole statements; those of the drivers do not.
    if not isinstance(cause, SQLAlchemyError):
        message = f"{message}: {cause}"
    message = redact(message)[:_LONGEST_MESSAGE]
    if place:
        message += _advice(str(cause))
    problem = StoreError(message)
    problem._is_outage = (
        isinstance(cause, sqlite3.OperationalError)
        or isinstance(error, OperationalError | InterfaceError)
        or _is_read_only(error)
    )
    return problem


def _is_read_only(error: Exception) -> bool:
    """Return whether a server of PostgreSQL cannot write, as a standby."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == _READ_ONLY


def _advice(reason: str) -> str:
    """Return the next step as a further sentence; empty where nothing is known to help."""
    for words, advice in _ADVICE.items():
        if words in reason:
            return f". {advice}"
    return ""
