"""The database: SQLite in a file, or PostgreSQL; short transactions, each all or nothing.

SQLite: write-ahead log, ``synchronous=FULL`` (asserted), ``BEGIN IMMEDIATE``. PostgreSQL: READ
COMMITTED with row locks; work that met a lost connection is done again, so all work must be safe to
repeat.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, Select, inspect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from ledgerhq_ext._checks import check_number
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._database_errors import explain, is_of_read_only_server
from ledgerhq_ext.store._engines import check_durability, postgres_engine, sqlite_engine
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._faultpoints import reach
from ledgerhq_ext.store._forks import FORKS
from ledgerhq_ext.store._locations import Location, location_of, location_of_file
from ledgerhq_ext.store._place import shown, url_of
from ledgerhq_ext.store._schema import versions
from ledgerhq_ext.store._versions import prepare

P = ParamSpec("P")
T = TypeVar("T")

_SECONDS_BETWEEN_ATTEMPTS = 0.2
"""While a PostgreSQL server restarts, or another one takes over."""
_MAY_BE_DONE = (
    "The connection to the store was lost while this was committed, so it may be done. Read what "
    "you wanted to change, and decide anew."
)


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
    def name(self) -> str:
        """Its address, as people see it."""
        return shown(self.url) if self.path is None else str(self.path)

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

    def exists(self) -> bool:
        """Return whether there is a store already, without making one. Raises ``StoreError``."""
        if self.path is not None:
            # Not by Path.exists, which raises where this user may not look into the folder.
            return os.path.exists(self.path)  # noqa: PTH110
        engine = postgres_engine(self.url)
        try:
            with engine.connect() as db:
                return inspect(db).has_table(versions.name)
        except SQLAlchemyError as error:
            problem = explain(error, shown(self.url))
        finally:
            engine.dispose()
        raise problem

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
                is_read_only = is_of_read_only_server(error)
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
        if isinstance(error, OperationalError | InterfaceError) or is_of_read_only_server(error):
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
            engine = postgres_engine(self.url)
        else:
            engine = sqlite_engine(self.url, self.path)
        try:
            with engine.begin() as db:
                prepare(db)
                if self.path is None:
                    check_durability(db)
                reach("tables: before the commit")
            reach("tables: after the commit")
        except BaseException:
            engine.dispose()
            raise
        return engine


def _rows_of(db: Connection, query: Select[Any]) -> Sequence[Any]:
    return db.execute(query).all()
