"""An app's own transaction: the objects that may carry it, and the connection behind them."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from attrs import frozen
from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection, CursorConnection


class DriverConnection(Protocol):
    """A connection of ``sqlite3`` or ``psycopg`` (3), or Django's: ``django.db.connection``,
    ``connections[…]``.
    """

    @property
    def cursor(self) -> Callable[..., Any]:
        """Return a cursor."""

    @property
    def commit(self) -> Callable[[], None]:
        """Commit; the store never does."""

    @property
    def rollback(self) -> Callable[[], None]:
        """Roll back; the store never does."""


if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_scoped_session
    from sqlalchemy.orm import Session, scoped_session

    AnyTransaction: TypeAlias = (
        Connection
        | Session
        | scoped_session[Any]
        | AsyncConnection
        | AsyncSession
        | async_scoped_session[Any]
        | DriverConnection
    )
else:
    # Only an app that uses SQLAlchemy's sessions has to wait for their import.
    AnyTransaction = Any


@frozen(kw_only=True)
class AppConnection:
    """The connection of an app's transaction: for statements, and as its driver has it."""

    db: AnyConnection
    driver: Any

    @property
    def in_transaction(self) -> bool:
        """True while a transaction of SQLite is open."""
        return bool(self.driver.in_transaction)


def connection_of(transaction: Any) -> AppConnection:
    """Return the connection that a transaction is on; ``InputError`` for what carries none."""
    if _is(transaction, "sqlalchemy.orm", "scoped_session"):
        transaction = transaction()
    if _is(transaction, "sqlalchemy.orm", "Session"):
        transaction = transaction.connection()
    if isinstance(transaction, Connection):
        return AppConnection(db=transaction, driver=transaction.connection.driver_connection)
    if isinstance(transaction, sqlite3.Connection):
        cursors = CursorConnection(sqlite.dialect(), partial(_sqlite_cursor, transaction))
        return AppConnection(db=cursors, driver=transaction)
    if _is(transaction, "psycopg", "Connection"):
        if transaction.pgconn.pipeline_status:
            # What a statement found is not there behind it.
            raise InputError(
                "The connection is in psycopg's pipeline mode. Add before the pipeline begins, or "
                "after it has ended. Nothing was added."
            )
        cursors = CursorConnection(_postgres_dialect(), partial(_postgres_cursor, transaction))
        return AppConnection(db=cursors, driver=transaction)
    if hasattr(transaction, "vendor") and hasattr(transaction, "in_atomic_block"):
        return _connection_of_django(transaction)
    raise InputError(
        "transaction must be a SQLAlchemy Connection or Session (with store.async_outbox() "
        "also an AsyncConnection or AsyncSession), a sqlite3 or psycopg (3) connection, or "
        f"Django's django.db.connection, not {_kind_of(transaction)}."
    )


def awaited_by(transaction: Any) -> Any:
    """Return what has the ``run_sync`` of SQLAlchemy's transactions that are awaited; None for all
    others.
    """
    package = "sqlalchemy.ext.asyncio"
    if _is(transaction, package, "async_scoped_session"):
        transaction = transaction()
    for name in ("AsyncConnection", "AsyncSession"):
        if _is(transaction, package, name):
            return transaction
    return None


def database_errors() -> tuple[type[Exception], ...]:
    """Return what statements on an app's connection can raise, of the packages that the app has
    loaded.
    """
    errors: list[type[Exception]] = [SQLAlchemyError, sqlite3.Error]
    foreign = (
        ("psycopg", "Error"),
        ("django.db", "Error"),
        # Django's connections do not work where an event loop runs.
        ("django.core.exceptions", "SynchronousOnlyOperation"),
    )
    for module, name in foreign:
        if module in sys.modules:
            errors.append(getattr(sys.modules[module], name))
    return tuple(errors)


def _connection_of_django(connection: Any) -> AppConnection:
    if connection.vendor == "sqlite":
        # Django's cursors take %s, and make SQLite's own placeholder of it.
        dialect: Dialect = sqlite.dialect(paramstyle="format")
    elif connection.vendor == "postgresql":
        dialect = _postgres_dialect()
    else:
        raise InputError(
            f"A store uses SQLite or PostgreSQL, but this transaction is in {connection.vendor}."
        )
    connection.ensure_connection()
    cursors = CursorConnection(dialect, connection.cursor)
    return AppConnection(db=cursors, driver=connection.connection)


def _sqlite_cursor(connection: sqlite3.Connection) -> sqlite3.Cursor:
    cursor = connection.cursor()
    # The app may have rows made into something else; the store reads them by position.
    cursor.row_factory = None
    return cursor


def _postgres_cursor(connection: Any) -> Any:
    # Not what the connection makes: that may be a cursor on the server, or one that takes other
    # placeholders.
    import psycopg
    from psycopg.rows import tuple_row

    return psycopg.Cursor(connection, row_factory=tuple_row)


def _postgres_dialect() -> Dialect:
    from sqlalchemy.dialects.postgresql import psycopg

    new_dialect: Callable[..., Dialect] = psycopg.dialect
    return new_dialect(paramstyle="format")


def _is(value: object, module: str, name: str) -> bool:
    """Return whether a value is of a class.

    The package of the class is not imported for that: who has none of its values has no need of it.
    """
    return module in sys.modules and isinstance(value, getattr(sys.modules[module], name))


def _kind_of(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"
