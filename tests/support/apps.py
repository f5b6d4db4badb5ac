"""Partner apps that keep their sales in the database of the store: by SQLAlchemy, a driver, or
Django.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import django  # type: ignore[import-untyped]
import django.db  # type: ignore[import-untyped]
import psycopg
from django.conf import settings  # type: ignore[import-untyped]
from django.db import connections
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from ledgerhq_ext.store import Store

from .places import is_file, sqlalchemy_url

settings.configure(USE_TZ=True, DATABASES={}, LOGGING_CONFIG=None)
django.setup()


class RollBackError(Exception):
    """What ends a block of Django's without a commit."""


class App:
    """An app, and the connection on which it opens its transactions."""

    awaits: ClassVar[bool] = False
    """Whether it uses the asynchronous outbox."""

    def __init__(self, place: str, store: Store) -> None:
        self.place = place
        self.store = store
        self.connection: Any = None
        self.runner = asyncio.Runner()
        self.open()

    def open(self) -> None:
        """Connect."""
        raise NotImplementedError

    def begin(self) -> None:
        """Begin a transaction, where that takes more than a first statement."""

    def execute(self, statement: str) -> Any:
        """Run a statement of the app's own; return the value that it asks for, if any."""
        raise NotImplementedError

    def commit(self) -> None:
        """Commit."""
        self.connection.commit()

    def rollback(self) -> None:
        """Roll back."""
        self.connection.rollback()

    def close(self) -> None:
        """Disconnect."""
        self.connection.close()

    def commits_at_once(self) -> None:
        """Let every statement be committed at once, from now on."""
        raise NotImplementedError

    def add(self, *arguments: Any, **options: Any) -> Any:
        """Add to the outbox, within the transaction."""
        if not self.awaits:
            return self.store.outbox().add(*arguments, transaction=self.connection, **options)
        adding = self.store.async_outbox().add(*arguments, transaction=self.connection, **options)
        return self.runner.run(adding)

    def add_all(self, *arguments: Any, **options: Any) -> Any:
        """Add many to the outbox, within the transaction."""
        if not self.awaits:
            return self.store.outbox().add_all(*arguments, transaction=self.connection, **options)
        outbox = self.store.async_outbox()
        return self.runner.run(outbox.add_all(*arguments, transaction=self.connection, **options))

    def link(self, *arguments: Any, **options: Any) -> Any:
        """Link a client, within the transaction."""
        if not self.awaits:
            return self.store.clients.link(*arguments, transaction=self.connection, **options)
        linking = self.store.async_clients.link(*arguments, transaction=self.connection, **options)
        return self.runner.run(linking)

    def link_account(self, organization: str, *arguments: Any) -> Any:
        """Link an account, within the transaction."""
        if not self.awaits:
            accounts = self.store.accounts(organization)
            return accounts.link(*arguments, transaction=self.connection)
        awaited = self.store.async_accounts(organization)
        return self.runner.run(awaited.link(*arguments, transaction=self.connection))

    def sell(self, number: int) -> None:
        """Write a sale of the app's own down."""
        self.execute(f"INSERT INTO sales (number) VALUES ({number})")

    def sales(self) -> list[int]:
        """Return the sales that are committed."""
        return list(sales_of(self.place))


class ConnectionApp(App):
    """It uses connections of SQLAlchemy's."""

    def open(self) -> None:
        self.engine = create_engine(sqlalchemy_url(self.place))
        self.connection = self.engine.connect()

    def execute(self, statement: str) -> Any:
        result = self.connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None

    def commits_at_once(self) -> None:
        self.connection.close()
        self.connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        self.connection.close()
        self.engine.dispose()


class SessionApp(ConnectionApp):
    """It uses sessions of SQLAlchemy's."""

    def open(self) -> None:
        self.engine = create_engine(sqlalchemy_url(self.place))
        self.connection = Session(self.engine)

    def commits_at_once(self) -> None:
        self.connection.close()
        self.connection = Session(self.engine.execution_options(isolation_level="AUTOCOMMIT"))


class DriverApp(App):
    """It uses ``sqlite3``, or ``psycopg``."""

    def open(self) -> None:
        self.connection = (
            sqlite3.connect(self.place) if is_file(self.place) else psycopg.connect(self.place)
        )

    def execute(self, statement: str) -> Any:
        cursor = self.connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None

    def commits_at_once(self) -> None:
        if is_file(self.place):
            self.connection.isolation_level = None
        else:
            self.connection.autocommit = True


class DjangoApp(App):
    """It uses Django's default connection, in blocks of ``atomic``."""

    def open(self) -> None:
        database: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.place}
        if not is_file(self.place):
            parts = psycopg.conninfo.conninfo_to_dict(self.place)
            database = {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts["dbname"],
                "USER": parts["user"],
                "HOST": parts["host"],
                "OPTIONS": {"options": parts["options"]},
            }
        connections.databases["default"] = connections.configure_settings({"default": database})[
            "default"
        ]
        self.connection = django.db.connection

    def begin(self) -> None:
        self.block = django.db.transaction.atomic()
        self.block.__enter__()

    def execute(self, statement: str) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    def commit(self) -> None:
        self.block.__exit__(None, None, None)

    def rollback(self) -> None:
        self.block.__exit__(RollBackError, RollBackError(), None)

    def commits_at_once(self) -> None:
        # So it does, outside of atomic.
        self.begin = lambda: None  # type: ignore[method-assign]

    def close(self) -> None:
        self.connection.close()
        del connections["default"]


class AwaitedOutboxApp(DriverApp):
    """Its connection blocks, and its outbox is awaited."""

    awaits = True


class AsyncConnectionApp(App):
    """It uses asynchronous connections of SQLAlchemy's."""

    awaits = True

    def open(self) -> None:
        self.engine = create_async_engine(sqlalchemy_url(self.place, "+aiosqlite"))
        self.connection = self.runner.run(self.connect())

    async def connect(self) -> Any:
        connection: AsyncConnection = await self.engine.connect()
        return connection

    def execute(self, statement: str) -> Any:
        result = self.runner.run(self.connection.execute(text(statement)))
        return result.scalar() if result.returns_rows else None

    def commit(self) -> None:
        self.runner.run(self.connection.commit())

    def rollback(self) -> None:
        self.runner.run(self.connection.rollback())

    def commits_at_once(self) -> None:
        self.runner.run(self.connection.close())
        self.engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.connection = self.runner.run(self.connect())

    def close(self) -> None:
        self.runner.run(self.connection.close())
        self.runner.run(self.engine.dispose())


class AsyncSessionApp(AsyncConnectionApp):
    """It uses asynchronous sessions of SQLAlchemy's."""

    async def connect(self) -> Any:
        return AsyncSession(self.engine)


APPS: dict[str, type[App]] = {
    "sqlalchemy connection": ConnectionApp,
    "sqlalchemy session": SessionApp,
    "driver": DriverApp,
    "driver, awaited outbox": AwaitedOutboxApp,
    "django": DjangoApp,
    "sqlalchemy async connection": AsyncConnectionApp,
    "sqlalchemy async session": AsyncSessionApp,
}


@contextmanager
def opened(kind: type[App], place: str, store: Store) -> Iterator[App]:
    """Return an app that is connected to the store's database, where the tables are."""
    app = kind(place, store)
    try:
        yield app
    finally:
        app.close()
        app.runner.close()


def make_sales(place: str) -> None:
    """Make the table of an app's own."""
    engine = create_engine(sqlalchemy_url(place))
    with engine.begin() as db:
        db.execute(text("CREATE TABLE sales (number INTEGER NOT NULL)"))
    engine.dispose()


def sales_of(place: str) -> list[int]:
    """Return the sales that are committed."""
    engine = create_engine(sqlalchemy_url(place))
    with engine.connect() as db:
        numbers = db.execute(text("SELECT number FROM sales ORDER BY number")).scalars().all()
    engine.dispose()
    return list(numbers)
