"""Making, upgrading, refusing and losing the database."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import evolve
from sqlalchemy import Connection, text

from ledgerhq_ext import InputError
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store, StoreError
from ledgerhq_ext.store import _versions as versions
from ledgerhq_ext.store._forks import FORKS
from ledgerhq_ext.store._steps import STEPS
from scripts.storm.servers import Postgres
from tests.cases.wire_support import purchase
from tests.support.companies import World
from tests.support.waiting import PATIENCE, wait_until

from . import jobs


def _version(store: Store) -> Any:
    return store._database.read(
        lambda db: db.execute(text("SELECT version FROM ledgerhq_version")).scalar_one()
    )


def _set_version(store: Store, version: int) -> None:
    store._database.write(
        "test", lambda db: db.execute(text(f"UPDATE ledgerhq_version SET version = {version}"))
    )


def test_tables_are_made_on_first_use(place: str) -> None:
    with Store(place) as store:
        assert store.outbox().status().total == 0
        assert _version(store) == versions.VERSION


def test_an_older_database_is_upgraded_in_place(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(place) as store:
        store.clients.link("partner-client-42", "org_8c1f")
    monkeypatch.setattr(versions, "VERSION", versions.VERSION + 2)
    steps = {versions.VERSION - 2: ["ALTER TABLE ledgerhq_clients ADD COLUMN note VARCHAR(20)"]}
    steps[versions.VERSION - 1] = ["UPDATE ledgerhq_clients SET note = 'new'"]
    monkeypatch.setattr(versions, "STEPS", steps)
    with Store(place) as store:
        assert store.clients.organization_of("partner-client-42") == "org_8c1f"
        assert _version(store) == versions.VERSION
        notes = store._database.read(
            lambda db: db.execute(text("SELECT note FROM ledgerhq_clients")).scalars().all()
        )
        assert notes == ["new"]


def test_an_upgrade_that_fails_changes_nothing(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(place) as store:
        store.outbox().status()
    monkeypatch.setattr(versions, "VERSION", versions.VERSION + 1)
    steps = [
        "ALTER TABLE ledgerhq_clients ADD COLUMN note VARCHAR(20)",
        "UPDATE nowhere SET note = 'new'",
    ]
    monkeypatch.setattr(versions, "STEPS", {versions.VERSION - 1: steps})
    with Store(place) as store, pytest.raises(StoreError):
        store.outbox().status()
    monkeypatch.undo()
    with Store(place) as store:
        assert _version(store) == versions.VERSION
        with pytest.raises(StoreError):
            store._database.read(lambda db: db.execute(text("SELECT note FROM ledgerhq_clients")))


def test_a_newer_database_is_refused(place: str) -> None:
    with Store(place) as store:
        store.outbox().status()
        _set_version(store, versions.VERSION + 1)
    with (
        Store(place) as store,
        pytest.raises(
            StoreError, match=f"version {versions.VERSION + 1}, written by a newer release"
        ),
    ):
        store.outbox().status()


def test_a_version_that_is_missing_is_refused(place: str) -> None:
    with Store(place) as store:
        store.clients.link("client-1", "org_1")
        store._database.write("test", lambda db: db.execute(text("DELETE FROM ledgerhq_version")))
    with Store(place) as store, pytest.raises(StoreError, match="has version None, which no"):
        store.outbox().status()


def test_a_version_that_is_there_twice_is_that_version(place: str) -> None:
    again = text("INSERT INTO ledgerhq_version SELECT version FROM ledgerhq_version")
    with Store(place) as store:
        store.clients.link("client-1", "org_1")
        store._database.write("test", lambda db: db.execute(again))
    with Store(place) as store:
        assert len(store.clients.links()) == 1


@pytest.mark.parametrize("version", ["'x'", "x'00'", "0", "-1", "0.5"])
def test_a_version_that_is_none_is_refused(tmp_path: Path, version: str) -> None:
    place = tmp_path / "books.db"
    with Store(place) as store:
        store.outbox().status()
    with closing(sqlite3.connect(place)) as db, db:
        db.execute(f"UPDATE ledgerhq_version SET version = {version}")
    with Store(place) as store, pytest.raises(StoreError, match="no release has written"):
        store.outbox().status()


def test_every_version_has_its_step() -> None:
    assert sorted(STEPS) == list(range(1, versions.VERSION))


def test_the_file_and_its_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "books.db"
    with Store(path) as store:
        store.clients.link("partner-client-42", "org_8c1f")
        for found in path.parent.iterdir():
            assert stat.S_IMODE(found.stat().st_mode) == 0o600, found
        assert {found.name for found in path.parent.iterdir()} >= {"books.db", "books.db-wal"}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    path.touch(mode=0o644)
    with Store(path) as store, pytest.raises(StoreError, match="chmod 600"):
        store.outbox().status()


@pytest.mark.parametrize(
    "place", [":memory:", "", "sqlite://", "mysql://host/db", "postgres//", "://"]
)
def test_places_that_are_no_store(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "://" in place or place in (":memory:", ""):
        with pytest.raises(StoreError, match="A store"):
            Store(place)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(b"not a database at all, but long enough to look at" * 100)
    path.chmod(0o600)
    with Store(path) as store, pytest.raises(StoreError, match="not a database"):
        store.outbox().status()


def test_a_failure_names_the_store_and_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "books.db"
    with Store(path) as store:
        store.outbox().status()
        monkeypatch.setattr("ledgerhq_ext.store._engines._BUSY_MS", 1)
        with sqlite3.connect(path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as caught:
                store.outbox().resume()
        other.close()
    assert f"{path} failed: OperationalError: database is locked. Another" in str(caught.value)
    assert str(caught.value).endswith("try again.")


def test_no_server() -> None:
    with Store("postgresql://nobody:secret-word@127.0.0.1:9/none") as store:
        assert "secret-word" not in repr(store)
        with pytest.raises(StoreError) as caught:
            store.outbox().status()
    assert "secret-word" not in str(caught.value)


def test_work_goes_on_when_the_server_was_restarted(
    pg: Postgres, box: Sandbox, maple: World
) -> None:
    with Store(pg.new_database()) as store:
        outbox = store.outbox()
        first = outbox.add(maple.org, maple.purchase(), source=("till", "1"))
        pg.crash_and_restart()
        assert outbox.add(maple.org, maple.purchase(), source=("till", "1")) == first
        assert outbox.status().total == 1


def test_work_goes_on_when_a_standby_has_taken_over(pg: Postgres) -> None:
    """Until then it can be read only; and what is connected to it may stay so."""
    user = pg.new_user()
    with (
        Store(f"postgresql://{user}@/postgres?host={pg.folder}") as store,
        closing(psycopg.connect(pg.new_database(), autocommit=True)) as admin,
        ThreadPoolExecutor() as threads,
    ):
        store.clients.link("before", "org_1")
        sessions = f"FROM pg_stat_activity WHERE usename = '{user}'"
        admin.execute(f"ALTER ROLE {user} SET default_transaction_read_only = on")
        admin.execute(f"SELECT pg_terminate_backend(pid) {sessions}")
        wait_until(lambda: admin.execute(f"SELECT 1 {sessions}").fetchone() is None)
        linked = threads.submit(store.clients.link, "after", "org_2")
        wait_until(lambda: admin.execute(f"SELECT 1 {sessions}").fetchone() or linked.done())
        admin.execute(f"ALTER ROLE {user} RESET default_transaction_read_only")
        assert linked.result(PATIENCE).partner_id == "after"


def test_a_server_that_stays_read_only_is_named_as_such(pg: Postgres) -> None:
    user = pg.new_user()
    place = f"postgresql://{user}@/postgres?host={pg.folder}"
    with Store(place) as store:
        store.clients.link("before", "org_1")
    with Store(f"{place}&options=-cdefault_transaction_read_only%3Don", patience=0) as store:
        assert len(store.clients.links()) == 1
        with pytest.raises(StoreError, match=r"read-only transaction\. To find"):
            store.clients.link("after", "org_2")


def test_a_commit_whose_answer_is_lost_is_not_said_to_have_changed_nothing(
    pg: Postgres, box: Sandbox, maple: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is done again, and meets what it did itself."""
    commit = psycopg.Connection.commit
    lost: list[psycopg.Connection[Any]] = []

    def commit_and_lose(connection: psycopg.Connection[Any]) -> None:
        """Commit, and lose the first answer."""
        commit(connection)
        if not lost:
            lost.append(connection)
            connection.close()
            raise psycopg.OperationalError

    with Store(pg.new_database()) as store:
        outbox = store.outbox()
        row = outbox.add(maple.org, maple.purchase(), source=("till", "1"))
        monkeypatch.setattr(psycopg.Connection, "commit", commit_and_lose)
        with pytest.raises(StoreError, match="it may be done"):
            outbox.discard(row, reason="twice")
        assert outbox.posting(row.id).discard_reason == "twice"
        with pytest.raises(InputError, match="is discarded; only"):
            outbox.discard(row, reason="twice")


def test_numbers_that_are_taken_are_said_to_be(pg: Postgres, box: Sandbox, maple: World) -> None:
    """And the statement that is advised helps."""
    with Store(pg.new_database()) as store:
        outbox = store.outbox()
        for number in range(3):
            outbox.add(maple.org, maple.purchase(), source=("till", str(number)))
        behind = text("SELECT setval('ledgerhq_postings_id_seq', 1)")
        store._database.write("test", lambda db: db.execute(behind).one())
        with pytest.raises(StoreError, match="number of another one") as caught:
            outbox.add(maple.org, maple.purchase(), source=("till", "new"))
        assert outbox.status().total == 3

        advice = text(str(caught.value).partition("Run: ")[2])
        store._database.write("test", lambda db: db.execute(advice).one())
        assert outbox.add(maple.org, maple.purchase(), source=("till", "new")).state == "pending"


def test_what_no_database_holds_is_not_there(place: str) -> None:
    with Store(place) as store:
        with pytest.raises(StoreError, match="surrogates not allowed"):
            store.clients.organization_of("half a character: \ud800")
        row = store.outbox().add("org_1", purchase(), source=("till", "1"))
        with pytest.raises(StoreError, match=r"too large|out of range"):
            store.outbox().discard(evolve(row, id=2**63), reason="no such number")
        assert store.outbox().status().pending == 1


def _child(place: str) -> None:
    with Store(place) as store:
        os.environ["LEDGERHQ_TEST"] = str(store.outbox().status().total)


def test_many_processes_make_the_tables_at_once(place: str) -> None:
    processes = [jobs.CONTEXT.Process(target=_child, args=(place,)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * 6


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_makes_its_own_connections(place: str) -> None:
    with Store(place) as store:
        store.clients.link("before", "org_1")
        child = os.fork()
        if child == 0:
            try:
                store.clients.link("child", "org_2")
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert status == 0
        store.clients.link("after", "org_3")
        assert {link.partner_id for link in store.clients.links()} == {"before", "child", "after"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_that_was_forked_while_a_thread_opened_the_store_does_not_hang(place: str) -> None:
    with Store(place) as store:
        # As another thread holds it, for as long as the database takes to open.
        with store._database._guard:
            child = os.fork()
            if child == 0:
                # One that hangs ends by this.
                signal.alarm(int(PATIENCE))
                try:
                    store.clients.link("child", "org_1")
                    os._exit(0)
                finally:
                    os._exit(1)
        _, status = os.waitpid(child, 0)
        assert status == 0
        assert {link.partner_id for link in store.clients.links()} == {"child"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_what_a_forked_child_commits_stands_after_its_parent_closed_the_store(
    tmp_path: Path,
) -> None:
    """SQLite in the parent does not take itself for the last user, and delete the child's log."""
    place = tmp_path / "books.db"
    committed, goes_on = os.pipe(), os.pipe()
    store = Store(place)
    store.clients.link("parent", "org_1")
    child = os.fork()
    if child == 0:
        signal.alarm(int(PATIENCE))
        try:
            store.clients.link("first of the child", "org_2")
            os.write(committed[1], b"x")
            os.read(goes_on[0], 1)
            store.clients.link("second of the child", "org_3")
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    os.read(committed[0], 1)
    store.close()
    os.write(goes_on[1], b"x")
    _, status = os.waitpid(child, 0)
    for end in (*committed, *goes_on):
        os.close(end)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with Store(place) as later:
        partners = {link.partner_id for link in later.clients.links()}
    assert partners == {"parent", "first of the child", "second of the child"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_waits_for_transactions_of_other_threads(tmp_path: Path) -> None:
    """Else SQLite would take the parent's lock for the child's own, and never give it one."""
    is_inside = threading.Event()

    def work(db: Connection) -> None:
        """End when the fork waits."""
        is_inside.set()
        wait_until(lambda: FORKS._waiting)

    with Store(tmp_path / "books.db") as store:
        thread = threading.Thread(target=store._database.write, args=("test", work))
        thread.start()
        is_inside.wait(PATIENCE)
        child = os.fork()
        if child == 0:
            signal.alarm(int(PATIENCE))
            try:
                store.clients.link("child", "org_1")
                os._exit(0)
            finally:
                os._exit(1)
        thread.join(PATIENCE)
        _, status = os.waitpid(child, 0)
        assert status == 0
        assert [link.partner_id for link in store.clients.links()] == ["child"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_keeps_nothing_open_that_its_parent_was_killed_in(pg: Postgres) -> None:
    """The server would take the parent for alive, and its locks would stay."""
    place = pg.new_database()
    with Store(place) as store:
        store.clients.link("client-1", "org_1")
    forked, goes_on = os.pipe(), os.pipe()
    parent = os.fork()
    if parent == 0:
        try:
            _fork_in_a_transaction(place, forked[1], goes_on[0])
        finally:
            os._exit(1)
    assert os.read(forked[0], 1) == b"x"
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    try:
        with Store(place) as store:
            wait_until(lambda: _can_be_locked(store))
            assert store.clients.unlink("client-1")
    finally:
        os.write(goes_on[1], b"x")
        for end in (*forked, *goes_on):
            os.close(end)


def _can_be_locked(store: Store) -> bool:
    section = store.token_store(plaintext=True).try_lock()
    if section is None:
        return False
    with section:
        return True


def _fork_in_a_transaction(place: str, forked: int, goes_on: int) -> None:
    """Fork while a token store is locked, and a row; the child lives until it may go on."""
    signal.alarm(int(PATIENCE))
    store = Store(place)
    section = store.token_store(plaintext=True).try_lock()
    assert section is not None

    def work(db: Connection) -> None:
        """Lock the row, and fork."""
        db.execute(text("UPDATE ledgerhq_clients SET linked_at = linked_at"))
        if os.fork() == 0:
            # Longer than the test waits.
            signal.alarm(2 * int(PATIENCE))
            os.write(forked, b"x")
            os.read(goes_on, 1)
            os._exit(0)
        signal.pause()

    store._database.write("test", work)


@pytest.mark.parametrize(
    "place",
    [None, 5, b"books.db", "", "a\0b", "\ud800", ["books.db"], "~no-such-user/books.db", Path()],
)
def test_places_that_hold_no_store(
    place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as caught:
        Store(place).outbox().status()
    assert str(caught.value).encode()
    assert list(tmp_path.iterdir()) == []
