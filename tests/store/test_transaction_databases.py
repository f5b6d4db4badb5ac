"""Adding within an app's own transaction: in which database it is, what carries it, and what is
done there.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections  # type: ignore[import-untyped]
from psycopg.rows import dict_row
from sqlalchemy import create_engine, event, text
from sqlalchemy.ext.asyncio import async_scoped_session, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from ledgerhq_ext import InputError
from ledgerhq_ext.store import AddResult, Store, StoreError
from ledgerhq_ext.store import _schema as schema
from ledgerhq_ext.store import _versions as versions
from scripts.storm.servers import Postgres
from tests.cases.wire_support import purchase
from tests.support.apps import DjangoApp, opened
from tests.support.places import is_file, sqlalchemy_url

pytestmark = pytest.mark.slow

ORG = "org_1"
SOURCE = ("till", "1")
ELSEWHERE = "not in the store's own database"


def add(store: Store, transaction: Any, source: tuple[str, str] = SOURCE) -> Any:
    return store.outbox().add(ORG, purchase(), source=source, transaction=transaction)


@pytest.fixture
def books(store: Store) -> Store:
    """Return a store whose tables are made."""
    store.outbox().status()
    return store


@contextmanager
def connected(place: str) -> Iterator[Any]:
    """Return a connection of SQLAlchemy's."""
    engine = create_engine(sqlalchemy_url(place))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


# --- whose database


def test_another_file_is_refused(tmp_path: Path) -> None:
    """Whatever it holds: here it is another store, and a copy of this one."""
    with Store(tmp_path / "books.db") as store, Store(tmp_path / "other.db") as other:
        store.outbox().status()
        other.outbox().status()
    shutil.copy(tmp_path / "books.db", tmp_path / "copy.db")
    for name in ("other.db", "copy.db", ":memory:"):
        path = name if name == ":memory:" else str(tmp_path / name)
        with (
            closing(sqlite3.connect(path)) as connection,
            pytest.raises(InputError, match=ELSEWHERE),
        ):
            add(store, connection)


def test_the_same_file_by_another_path_is_accepted(tmp_path: Path) -> None:
    with Store(tmp_path / "books.db") as store:
        store.outbox().status()
        (tmp_path / "link").symlink_to("books.db")
        (tmp_path / "folder").symlink_to(tmp_path)
        for path in ("link", "folder/books.db"):
            with closing(sqlite3.connect(tmp_path / path)) as connection:
                add(store, connection)
                connection.rollback()
        with (
            Store(tmp_path / "folder" / "link") as same,
            closing(sqlite3.connect(tmp_path / "books.db")) as connection,
        ):
            add(same, connection)
            connection.commit()
        assert store.outbox().status().total == 1


@pytest.mark.parametrize("name", ["name.db", "folder/books.db"])
def test_the_same_file_by_another_hard_link_is_refused(tmp_path: Path, name: str) -> None:
    """SQLite looks for its log beside it, under that name: it would be another database."""
    with Store(tmp_path / "books.db") as store:
        store.outbox().status()
    (tmp_path / "folder").mkdir()
    os.link(tmp_path / "books.db", tmp_path / name)
    with (
        closing(sqlite3.connect(tmp_path / name)) as connection,
        pytest.raises(InputError, match=ELSEWHERE),
    ):
        add(store, connection)


def test_an_attached_file_is_refused(tmp_path: Path) -> None:
    """A crash may keep the commit of one file, and lose that of the other."""
    with Store(tmp_path / "books.db") as store:
        store.outbox().status()
        with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
            connection.execute(f"ATTACH '{tmp_path / 'books.db'}' AS books")
            with pytest.raises(InputError, match=ELSEWHERE):
                add(store, connection)
        assert store.outbox().status().total == 0


@pytest.mark.parametrize(
    "where", ["another store's schema", "a schema without a store", "another database"]
)
def test_another_place_on_the_server_is_refused_and_the_transaction_goes_on(
    pg: Postgres, where: str
) -> None:
    with Store(pg.new_database()) as store:
        store.outbox().status()
        elsewhere = pg.new_database()
        if where == "another database":
            with closing(psycopg.connect(elsewhere, autocommit=True)) as db:
                db.execute("DROP DATABASE IF EXISTS elsewhere")
                db.execute("CREATE DATABASE elsewhere")
            elsewhere = f"postgresql://postgres@/elsewhere?host={pg.folder}"
        if where != "a schema without a store":
            with Store(elsewhere) as other:
                other.outbox().status()

        with closing(psycopg.connect(elsewhere)) as connection:
            connection.execute("CREATE TABLE sales (number INTEGER)")
            with pytest.raises(InputError, match=ELSEWHERE):
                add(store, connection)
            connection.execute("INSERT INTO sales VALUES (1)")
            connection.commit()
        assert store.outbox().status().total == 0


def test_the_other_kind_of_database_is_refused(pg: Postgres, tmp_path: Path) -> None:
    server = pg.new_database()
    file = str(tmp_path / "books.db")
    with Store(server) as in_server, Store(file) as in_file:
        for store in (in_server, in_file):
            store.outbox().status()
        with connected(server) as to_server, connected(file) as to_file:
            for store, connection in ((in_server, to_file), (in_file, to_server)):
                with pytest.raises(InputError, match=ELSEWHERE):
                    add(store, connection)


def test_a_store_whose_tables_were_made_anew_is_the_same(pg: Postgres) -> None:
    """What was kept of its place is too old, as it is after a restart of the server."""
    place = pg.new_database()
    with Store(place) as store:
        store.outbox().status()
        with connected(place) as connection:
            add(store, connection)
            connection.rollback()
            for name in schema.metadata.tables:
                connection.execute(text(f"DROP TABLE {name}"))
            connection.commit()
            with Store(place) as again:
                again.outbox().status()
            row = add(store, connection)
            connection.commit()
        assert store.outbox().postings() == (row,)


# --- tables


def test_no_table_is_made(tmp_path: Path) -> None:
    """What makes the tables could not be rolled back everywhere, and takes locks."""
    path = tmp_path / "books.db"
    with Store(path) as store:
        with (
            closing(sqlite3.connect(tmp_path / "other.db")) as connection,
            pytest.raises(StoreError) as caught,
        ):
            add(store, connection)
        assert "no store at" in str(caught.value)
        assert "store.outbox().status() creates or upgrades its tables" in str(caught.value)

        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE sales (number INTEGER)")
            with pytest.raises(
                StoreError, match=r"tables do not exist.*store\.outbox\(\)\.status\(\)"
            ):
                add(store, connection)
            tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("sales",)]


def test_every_statement_reads_or_writes_rows(place: str, books: Store) -> None:
    with connected(place) as connection:
        statements: list[str] = []
        event.listen(
            connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
        )
        event.listen(connection, "commit", lambda *_: statements.append("COMMIT"))
        event.listen(connection, "rollback", lambda *_: statements.append("ROLLBACK"))
        add(books, connection)
        add(books, connection)
        words = {statement.split()[0] for statement in statements}
    assert words == (
        {"PRAGMA", "SELECT", "INSERT", "UPDATE"} if is_file(place) else {"SELECT", "INSERT"}
    )


@pytest.mark.parametrize(
    ("difference", "reason"), [(1, "written by a newer release"), (-1, "by an older release")]
)
def test_tables_of_another_release_are_refused(
    place: str, books: Store, difference: int, reason: str
) -> None:
    with connected(place) as connection:
        connection.execute(
            text(f"UPDATE ledgerhq_version SET version = {versions.VERSION + difference}")
        )
        with pytest.raises(StoreError, match=reason):
            add(books, connection)


def test_no_other_connection_is_needed_while_the_transaction_is_open(
    place: str, books: Store
) -> None:
    """Where all connections of a server are in transactions of the app's, nobody would get on."""
    with connected(place) as connection:
        add(books, connection)
        connection.rollback()
        used: list[Any] = []
        event.listen(
            books._database._ready().pool, "checkout", lambda *arguments: used.append(arguments)
        )
        add(books, connection)
        assert used == []


# --- what carries a transaction


@pytest.mark.parametrize("carrier", ["sales", 5, object(), Path("books.db")])
def test_what_carries_no_transaction_is_refused(tmp_path: Path, carrier: Any) -> None:
    with Store(tmp_path / "books.db") as store:
        store.outbox().status()
        with pytest.raises(InputError, match="must be a SQLAlchemy Connection or Session"):
            add(store, carrier)


def test_an_engine_or_a_cursor_carries_none(place: str, books: Store) -> None:
    engine = create_engine(sqlalchemy_url(place))
    with engine.connect() as connection:
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        for carrier in (engine, cursor):
            with pytest.raises(InputError, match="must be a SQLAlchemy Connection or Session"):
                add(books, carrier)
        cursor.close()
    engine.dispose()


def test_what_is_awaited_needs_the_outbox_that_is_awaited(place: str) -> None:
    engine = create_async_engine(sqlalchemy_url(place, "+aiosqlite"))
    with Store(place) as store:
        store.outbox().status()
        with pytest.raises(
            InputError, match=r"AsyncConnection is asynchronous: use store\.async_outbox\(\) to add"
        ):
            add(store, engine.connect())


def test_a_scoped_session_is_its_session(place: str) -> None:
    engine = create_engine(sqlalchemy_url(place))
    session = scoped_session(sessionmaker(engine))
    with Store(place) as store:
        store.outbox().status()
        row = add(store, session)
        session.commit()
        assert store.outbox().postings() == (row,)
    session.remove()
    engine.dispose()


def test_an_asynchronous_scoped_session_is_its_session(place: str, books: Store) -> None:
    async def sell() -> Any:
        engine = create_async_engine(sqlalchemy_url(place, "+aiosqlite"))
        session = async_scoped_session(async_sessionmaker(engine), asyncio.current_task)
        row = await books.async_outbox().add(ORG, purchase(), source=SOURCE, transaction=session)
        await session.commit()
        await session.remove()
        await engine.dispose()
        return row

    row = asyncio.run(sell())
    assert books.outbox().postings() == (row,)


def test_a_session_that_has_ended_cannot_go_on(place: str) -> None:
    engine = create_engine(sqlalchemy_url(place))
    with Store(place) as store:
        store.outbox().status()
        with Session(engine) as session, session.begin():
            session.rollback()
            with pytest.raises(StoreError, match="Roll back your transaction"):
                add(store, session)
    engine.dispose()


def test_djangos_connections_by_alias_are_taken(place: str) -> None:
    with Store(place) as store:
        store.outbox().status()
        with opened(DjangoApp, place, store) as app:
            app.begin()
            row = add(store, connections["default"])
            app.commit()
        assert store.outbox().postings() == (row,)


def test_djangos_connections_do_not_work_in_an_event_loop(place: str, books: Store) -> None:
    async def sell(connection: Any) -> None:
        await books.async_outbox().add(ORG, purchase(), source=SOURCE, transaction=connection)

    with opened(DjangoApp, place, books) as app:
        app.begin()
        with pytest.raises(
            StoreError, match=r"SynchronousOnlyOperation.*use a thread or sync_to_async"
        ):
            asyncio.run(sell(app.connection))
        app.commit()
    assert books.outbox().status().total == 0


def test_a_connection_of_another_thread_is_an_error(tmp_path: Path) -> None:
    with Store(tmp_path / "books.db") as store, ThreadPoolExecutor(1) as pool:
        store.outbox().status()
        with (
            closing(sqlite3.connect(tmp_path / "books.db")) as connection,
            pytest.raises(StoreError) as caught,
        ):
            pool.submit(add, store, connection).result()
        assert "same thread" in str(caught.value)


def test_a_django_database_that_holds_no_store_is_refused(tmp_path: Path) -> None:
    class Wrapper:
        vendor = "mysql"
        in_atomic_block = True

    with Store(tmp_path / "books.db") as store:
        store.outbox().status()
        with pytest.raises(
            InputError, match="SQLite or PostgreSQL, but this transaction is in mysql"
        ):
            add(store, Wrapper())


# --- connections that give rows, texts or cursors of another kind


def test_an_apps_own_rows_and_texts_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with Store(path) as store:
        before = store.outbox().add(ORG, purchase(), source=SOURCE)
        for factory in (sqlite3.Row, lambda cursor, row: {"row": row}):
            with closing(sqlite3.connect(path)) as connection:
                connection.row_factory = factory
                connection.text_factory = bytes
                assert add(store, connection) == before


def test_an_apps_own_rows_and_cursors_make_no_difference(pg: Postgres) -> None:
    place = pg.new_database()
    with Store(place) as store:
        before = store.outbox().add(ORG, purchase(), source=SOURCE)
        for cursors in (psycopg.ClientCursor, psycopg.RawCursor):
            with closing(
                psycopg.connect(place, row_factory=dict_row, cursor_factory=cursors)
            ) as connection:
                assert add(store, connection) == before


def test_a_connection_in_pipeline_mode_is_refused(pg: Postgres) -> None:
    place = pg.new_database()
    with Store(place) as store, closing(psycopg.connect(place)) as connection:
        store.outbox().status()
        with connection.pipeline():
            connection.execute("SELECT 1")
            with pytest.raises(InputError, match="pipeline mode"):
                add(store, connection)
        add(store, connection)
        connection.commit()
        assert store.outbox().status().pending == 1


class Uncounting(psycopg.Cursor[Any]):
    """A cursor that does not say how many rows a statement for many changed, as asyncpg's do not."""

    counts = True

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        super().executemany(*args, **kwargs)
        self.counts = False

    @property
    def rowcount(self) -> int:
        return super().rowcount if self.counts else -1


def test_a_driver_that_does_not_count_rows_makes_no_difference(pg: Postgres) -> None:
    place = pg.new_database()
    engine = create_engine(sqlalchemy_url(place), connect_args={"cursor_factory": Uncounting})
    sales = [(purchase(), ("till", str(number))) for number in range(300)]
    with Store(place) as store, engine.connect() as app:
        outbox = store.outbox()
        outbox.add(ORG, purchase(), source=SOURCE)
        assert outbox.add_all(ORG, sales, transaction=app) == AddResult(new=299, known=1)
        app.commit()
        assert outbox.status().pending == 300
    engine.dispose()


def test_a_connection_whose_encoding_lacks_a_character_is_told_so(pg: Postgres) -> None:
    place = pg.new_database()
    with Store(place) as store:
        store.outbox().status()
        with closing(psycopg.connect(place, client_encoding="latin1")) as connection:
            add(store, connection, ("till", "\xe9"))
            with pytest.raises(InputError, match=r"lacks a character of '\u4e2d'.*to utf8"):
                add(store, connection, ("till", "\u4e2d"))
            connection.commit()
        with closing(psycopg.connect(place, client_encoding="sql_ascii")) as connection:
            add(store, connection, ("till", "\u4e2d"))
            connection.commit()
        sources = [row.source for row in store.outbox().postings()]
        assert sources == [("till", "\xe9"), ("till", "\u4e2d")]
