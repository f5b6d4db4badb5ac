"""Where a store is: what an address says is heeded, or refused with the name of what cannot be."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ledgerhq_ext import InputError
from ledgerhq_ext.store import Store, StoreError, _place
from scripts.storm.servers import Postgres
from tests.support.poolers import Pooler
from tests.support.servers import Listener

SECRET = "hunter2"


def refusal(place: str) -> str:
    """Return why a place is refused, before anything is opened."""
    with pytest.raises(StoreError) as caught:
        Store(place)
    assert SECRET not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("sqlite:///books.db?mode=ro", "Remove mode"),
        ("sqlite:///books.db?timeout=5&cache=shared", "Remove cache, timeout"),
        ("sqlite:///file:books.db?uri=true", "Remove uri"),
        ("sqlite:///file:books.db", "without a file: prefix"),
        ("file:books.db?mode=ro", "without a file: prefix"),
        ("file:///books.db", "without a file: prefix"),
        ("sqlite://books.db", "cannot have a host or password"),
        (f"sqlite://:{SECRET}@/books.db", "cannot have a host or password"),
        (f"sqlite+pysqlcipher://:{SECRET}@/books.db", "driver sqlite+pysqlcipher"),
        ("postgresql+asyncpg://me@host/books", "Use postgresql://"),
        ("postgres://me@host/books", "begins with sqlite:/// or postgresql://"),
        (
            f"postgresql://me:{SECRET}@host:none/books",
            "port in the store's URL is not a number",
        ),
        (f"postgresql://me:{SECRET}@one:1,other:2/books", r"?host=one,other&port="),
        (f"postgresql://me:p@{SECRET}@host/books", "percent-encoded"),
        (
            f"postgresql://me:{SECRET}@host/books?ssl=require",
            "cannot have ssl. Supported parameters: application_name, ",
        ),
        (
            "postgresql://host/books?autocommit=true&prepare_threshold=1",
            "cannot have autocommit, prepare_threshold.",
        ),
        ("postgresql://host/books?client_encoding=latin1", "cannot have client_encoding."),
        ("postgresql://host/books?replication=database", "cannot have replication."),
        ("postgresql://host/books?sslmode=require&sslmode=disable", "has sslmode more than once"),
    ],
)
def test_an_address_that_cannot_be_heeded(
    place: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reason in refusal(place)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("patience", ["30", -1, float("nan"), None])
def test_a_patience_that_is_no_time(tmp_path: Path, patience: Any) -> None:
    with pytest.raises(InputError, match="patience must be a number of 0 or more"):
        Store(tmp_path / "books.db", patience=patience)


def test_the_url_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for place in ("sqlite:///books.db", f"sqlite+pysqlite:///{tmp_path}/books.db"):
        with Store(place) as store:
            store.clients.link("client-1", "org_1")
    with Store(tmp_path / "books.db") as store:
        assert len(store.clients.links()) == 1


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    """Its log and its locks stand beside the file itself."""
    (tmp_path / "data").mkdir()
    link = tmp_path / "books.db"
    link.symlink_to(tmp_path / "data" / "books.db")
    with Store(link) as store, Store(tmp_path / "data" / "books.db") as same:
        section = store.token_store(plaintext=True).try_lock()
        assert section is not None
        with section:
            assert same.token_store(plaintext=True).try_lock() is None
    assert {path.name for path in tmp_path.iterdir()} == {"books.db", "data"}


def test_a_file_that_is_mounted_alone_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_place, "is_mounted_alone", lambda path: path.name == "books.db")
    with (
        Store(tmp_path / "books.db") as store,
        pytest.raises(StoreError, match="Mount its folder instead"),
    ):
        store.outbox().status()
    with Store(tmp_path / "other.db") as store:
        assert store.outbox().status().total == 0


def test_a_folder_is_refused_as_one(tmp_path: Path) -> None:
    """And not for its rights: without them, nobody could look into it."""
    folder = tmp_path / "books"
    folder.mkdir(mode=0o755)
    with Store(folder) as store, pytest.raises(StoreError, match="books is a folder"):
        store.outbox().status()


def test_what_the_url_of_a_server_says_is_heeded() -> None:
    with Listener() as server:
        query = f"application_name=till&options=-csearch_path%3Dbooks&port={server.port}"
        place = f"postgresql://me:p%40s%2Fs%25{SECRET}@127.0.0.1/books?{query}"
        with Store(place) as store:
            with pytest.raises(StoreError) as caught:
                store.outbox().status()
            assert SECRET not in f"{caught.value} {store!r} {store.token_store(plaintext=True)!r}"
        assert server.parameters["user"] == "me"
        assert server.parameters["database"] == "books"
        assert server.parameters["application_name"] == "till"
        assert server.parameters["options"] == "-csearch_path=books"
        assert server.password == f"p@s/s%{SECRET}"


def test_a_password_among_the_parameters_is_heeded_and_not_shown() -> None:
    with (
        Listener() as server,
        Store(f"postgresql://127.0.0.1:{server.port}/?password={SECRET}&user=me") as store,
    ):
        with pytest.raises(StoreError) as caught:
            store.outbox().status()
        assert server.password == SECRET
        assert SECRET not in f"{caught.value} {store!r}"


def test_tls_that_is_asked_for_is_had_or_refused() -> None:
    with (
        Listener() as server,
        Store(f"postgresql://127.0.0.1:{server.port}/?sslmode=require") as store,
    ):
        with pytest.raises(StoreError, match="SSL"):
            store.outbox().status()
        assert server.has_asked_for_tls
        assert server.parameters == {}


def test_the_second_host_is_asked_when_the_first_is_gone() -> None:
    with Listener() as gone:
        pass
    with Listener() as server:
        query = f"host=127.0.0.1,127.0.0.1&port={gone.port},{server.port}&connect_timeout=9"
        with Store(f"postgresql://me@/books?{query}") as store, pytest.raises(StoreError):
            store.outbox().status()
        assert server.parameters["user"] == "me"


def test_a_server_that_may_lose_what_it_commits_is_refused(pg: Postgres) -> None:
    place = pg.new_database()
    with (
        Store(f"{place}%20-csynchronous_commit%3Doff") as store,
        pytest.raises(StoreError, match="synchronous_commit"),
    ):
        store.outbox().status()
    with Store(f"{place}%20-csynchronous_commit%3Dlocal") as store:
        assert store.outbox().status().total == 0


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_text_is_refused(pg: Postgres, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    with closing(psycopg.connect(pg.new_database(), autocommit=True)) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    with (
        Store(f"postgresql://postgres@/{name}?host={pg.folder}") as store,
        pytest.raises(StoreError, match=f"{encoding}. Create another one: createdb"),
    ):
        store.outbox().status()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_the_encoding_of_the_environment_makes_no_difference(
    pg: Postgres, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = pg.new_database()
    monkeypatch.setenv("PGCLIENTENCODING", encoding)
    with Store(place) as store:
        store.clients.link("\u4e2d", "org_1")
        assert store.clients.organization_of("\u4e2d") == "org_1"


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="needs Linux")
def test_a_machine_that_is_gone_is_not_waited_for(pg: Postgres) -> None:
    """Nothing can be asked of one that answers nothing, but the system notices it."""
    with Pooler(pg.folder) as pooler:
        place = f"postgresql://{pg.new_user()}@127.0.0.1:{pooler.port}/postgres"
        idle, every, probes, unanswered = _patience_with_the_network(place)
        assert idle + every * probes <= 30
        assert unanswered == 30_000
        # What the URL says is heeded.
        query = "?keepalives_idle=600&tcp_user_timeout=0"
        assert _patience_with_the_network(place + query) == (600, every, probes, 0)


def _patience_with_the_network(place: str) -> tuple[int, ...]:
    """Return the settings of a connection's socket."""
    options = (
        socket.TCP_KEEPIDLE,
        socket.TCP_KEEPINTVL,
        socket.TCP_KEEPCNT,
        socket.TCP_USER_TIMEOUT,
    )
    with Store(place) as store, store._database._ready().connect() as db:
        driver: Any = db.connection.driver_connection
        with socket.socket(fileno=os.dup(driver.fileno())) as copy:
            return tuple(copy.getsockopt(socket.IPPROTO_TCP, option) for option in options)
