"""Writing within an app's own transaction: that it is open, and in the store's own database, is
asked of the database.

No table is made here, nothing is committed or rolled back, and no statement fails for what is there
already.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import false, select, update

from ledgerhq_ext._http.io import Work, in_place
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._database_errors import explain
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._locations import Location, location_of, mark_of_transaction
from ledgerhq_ext.store._schema import versions
from ledgerhq_ext.store._transactions import (
    AnyTransaction,
    AppConnection,
    awaited_by,
    connection_of,
    database_errors,
)
from ledgerhq_ext.store._versions import VERSION, check_not_newer

P = ParamSpec("P")
T = TypeVar("T")
_VERSION = select(versions.c.version)
_VERSION_HELD = _VERSION.add_columns(mark_of_transaction()).with_for_update(read=True)
_WRITE_NOTHING = update(versions).values(version=versions.c.version).where(false())
_TO_OPEN = (
    "open the store when your app starts (store.outbox().status() creates or upgrades its tables)"
)


class AppTransaction:
    """The transaction of an app, for what the store reads and writes within it."""

    def __init__(self, transaction: AnyTransaction, database: Database, work: Work) -> None:
        self._transaction = transaction
        self._database = database
        self._work = work
        self._mark = uuid.uuid4().hex

    async def read(
        self,
        work: Callable[Concatenate[AnyConnection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what the work returns, called with the transaction's connection and these
        arguments.

        It sees what this transaction has written, and what others have committed. Raises
        ``InputError`` for a transaction in another database.
        """
        await self._check_database()

        def read(app: AppConnection) -> T:
            """Do the work, whether a transaction is open or not."""
            return work(app.db, *args, **kwargs)

        return await self._run(read)

    async def write(
        self,
        work: Callable[Concatenate[AnyConnection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do as ``read`` does, with work that writes; ``InputError`` too when no transaction is
        open.
        """
        await self._check_database()

        def write(app: AppConnection) -> T:
            """Do the work, within the transaction."""
            self._enter(app)
            return work(app.db, *args, **kwargs)

        return await self._run(write)

    async def _check_database(self) -> None:
        """Raise ``InputError`` unless the statements of the transaction find the tables of this
        very store.
        """
        location = await self._work(self._database.location)
        if location is None:
            raise StoreError(f"There is no store at {self._database.path} yet: {_TO_OPEN}.")
        other = await self._run(self._location_of)
        if other == location:
            return
        # The server may have been started again since.
        if other == await self._work(self._database.location, fresh=True):
            return
        raise InputError(
            "The transaction is not in the store's own database. Pass a connection whose main "
            "database is the store's and that finds the store's tables without a schema name. "
            "Nothing was added."
        )

    def _location_of(self, app: AppConnection) -> Location | None:
        return location_of(app.db, self._mark)

    def _enter(self, app: AppConnection) -> None:
        """Raise ``InputError`` unless a transaction is open, and hold the version of the tables
        until it ends.

        Who brings the tables up to date, moves the host or distrusts the store waits for it, and is
        seen after it: a transaction whose view of the database is older cannot go on, and says so.
        """
        if app.db.dialect.name == "sqlite":
            # Takes the lock of the one writer before anything is read, and begins a transaction if
            # the driver does.
            app.db.execute(_WRITE_NOTHING)
            is_open = app.in_transaction
            version = app.db.execute(_VERSION).scalar() or 0
        else:
            row = app.db.execute(_VERSION_HELD).first()
            # Two statements have the same mark in the same transaction only.
            is_open = row is not None and row.mark == self._mark
            version = 0 if row is None else row.version

        if not is_open:
            raise InputError(
                "No transaction is open, because this connection commits every statement "
                "immediately (autocommit). Begin a transaction and add within it. Nothing was "
                "added."
            )
        check_not_newer(version)
        if version != VERSION:
            raise StoreError(f"The store's tables were created by an older release: {_TO_OPEN}.")

    async def _run(self, work: Callable[[AppConnection], T]) -> T:
        """Do the work on the transaction's connection, where the app would: it may belong to this
        thread.
        """
        try:
            awaited = awaited_by(self._transaction)
            if awaited is None:
                return work(connection_of(self._transaction))
            if self._work is in_place:
                raise InputError(
                    f"{type(awaited).__name__} is asynchronous: use store.async_outbox() to "
                    "add, and store.async_clients or store.async_accounts(…) to link."
                )
            # SQLAlchemy hands over the connection or session that blocks, behind the awaited one.
            result: T = await awaited.run_sync(_run_on, work)
            return result
        except UnicodeEncodeError as error:
            raise InputError(
                f"The transaction's connection speaks {error.encoding}, which lacks a character "
                f"of {error.object!r}. Set its client_encoding to utf8."
            ) from None
        except database_errors() as error:
            problem = explain(error)
        # Out of the handler: as its context SQLAlchemy's error would carry the parameters.
        raise StoreError(f"{problem.message.rstrip('.')}. {_advice(problem)}")


def _run_on(transaction: Any, work: Callable[[AppConnection], T]) -> T:
    return work(connection_of(transaction))


def _advice(problem: StoreError) -> str:
    if "no such table" in problem.message:
        return f"The store's tables do not exist: {_TO_OPEN}."
    advice = "Roll back your transaction and run all of it again."
    if "locked" in problem.message:
        return f"{advice} A transaction that writes to SQLite should begin with BEGIN IMMEDIATE."
    return advice
