"""Connections in SQL and in a keyring: one user of a refresh token at a time, and no token spent in
vain.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import psycopg
import pytest
from attrs import evolve
from cryptography.fernet import Fernet
from sqlalchemy import event, text

from ledgerhq_ext import Connection, InputError, LedgerHQ, ReconnectRequired, TokenStore
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store, StoreError
from ledgerhq_ext.store._keyrings import KeyringTokenStore
from ledgerhq_ext.store._tokens import SQLTokenStore
from scripts.storm.servers import Postgres
from tests.support.outbox import OPTIONS
from tests.support.tokens import write_connection
from tests.support.waiting import wait_until

from . import jobs


def expired(box: Sandbox) -> Connection:
    """A connection whose access token has to be refreshed."""
    tokens = box.token_response()
    return Connection(
        issuer=origin(box.url),
        client_id="sandbox",
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
        obtained_at=0.0,
        expires_at=1.0,
    )


def call(box: Sandbox, store: TokenStore) -> None:
    with LedgerHQ(base_url=box.url, token_store=store, **OPTIONS) as hq:
        next(iter(hq.organizations()))


def refreshes(box: Sandbox) -> list[str]:
    return [event["outcome"] for event in box.oauth_log if event["event"] == "refresh"]


@pytest.fixture
def key() -> bytes:
    return Fernet.generate_key()


def test_what_is_written_is_read(store: Store, key: bytes, box: Sandbox) -> None:
    tokens = store.token_store(key)
    assert tokens.read() is None
    write_connection(tokens, expired(box))
    assert tokens.read() == store.token_store([key]).read() is not None
    assert store.token_store(key, name="another firm").read() is None
    write_connection(tokens, None)
    assert tokens.read() is None


def test_a_refresh_is_kept_and_used(store: Store, key: bytes, box: Sandbox) -> None:
    write_connection(store.token_store(key), expired(box))
    for _ in range(2):
        call(box, store.token_store(key))
    assert refreshes(box) == ["ok"]


def test_tokens_are_encrypted(store: Store, key: bytes, box: Sandbox) -> None:
    connection = expired(box)
    write_connection(store.token_store(key), connection)
    content = store._database.read(
        lambda db: db.execute(text("SELECT content FROM ledgerhq_tokens")).scalar_one()
    )
    assert content.startswith("fernet2:")
    assert str(connection.access_token) not in content


def test_a_ciphertext_opens_in_its_own_row_only(store: Store, key: bytes, box: Sandbox) -> None:
    mine, theirs = (store.token_store(key, name=name) for name in ("mine", "theirs"))
    for tokens in (mine, theirs):
        write_connection(tokens, expired(box))
    query = text(
        "UPDATE ledgerhq_tokens SET content = "
        "(SELECT content FROM ledgerhq_tokens WHERE name = 'theirs') WHERE name = 'mine'"
    )
    store._database.write("test", lambda db: db.execute(query))
    with pytest.raises(InputError, match="another row"):
        mine.read()
    assert theirs.read() is not None


def test_a_row_of_another_service_is_not_sent(
    store: Store, key: bytes, box: Sandbox, tmp_path: Path
) -> None:
    """A row opens under its name and key; that it is another service's stands in it, and cannot be
    changed.
    """
    write_connection(
        store.token_store(key), evolve(expired(box), issuer="https://elsewhere.example")
    )
    content = store._database.read(
        lambda db: db.execute(text("SELECT content FROM ledgerhq_tokens")).scalar_one()
    )
    with Store(tmp_path / "other.db") as other:
        write_connection(other.token_store(key), expired(box))
        change = text("UPDATE ledgerhq_tokens SET content = :content")
        other._database.write("test", lambda db: db.execute(change, {"content": content}))
        with pytest.raises(InputError, match=r"belong to elsewhere\.example"):
            call(box, other.token_store(key))
    assert refreshes(box) == []
    assert not [request for request in box.requests if request["path"].endswith("/organizations")]


def test_a_ciphertext_of_an_older_release_still_opens(
    store: Store, key: bytes, box: Sandbox
) -> None:
    tokens = store.token_store(key)
    connection = expired(box)
    write_connection(tokens, connection)
    content = "fernet:" + Fernet(key).encrypt(connection.to_json().encode()).decode()
    query = text("UPDATE ledgerhq_tokens SET content = :content")
    store._database.write("test", lambda db: db.execute(query, {"content": content}))
    assert tokens.read() == connection
    call(box, tokens)
    kept = store._database.read(
        lambda db: db.execute(text("SELECT content FROM ledgerhq_tokens")).scalar_one()
    )
    assert kept.startswith("fernet2:")


def test_a_row_that_cannot_be_changed_spends_nothing(
    store: Store, key: bytes, box: Sandbox
) -> None:
    if store._database.path is None:
        pytest.skip("a trigger of SQLite")
    tokens = store.token_store(key)
    write_connection(tokens, expired(box))
    trigger = (
        "CREATE TRIGGER no_write BEFORE UPDATE ON ledgerhq_tokens WHEN OLD.name NOT LIKE '%probe' "
        "BEGIN SELECT RAISE(ABORT, 'read-only'); END"
    )
    store._database.write("test", lambda db: db.execute(text(trigger)))
    with pytest.raises(StoreError):
        call(box, tokens)
    assert refreshes(box) == []


def test_plain_text_needs_the_switch(store: Store, key: bytes, box: Sandbox) -> None:
    with pytest.raises(InputError, match="plaintext=True"):
        store.token_store()
    write_connection(store.token_store(plaintext=True), expired(box))
    with pytest.raises(InputError, match="are not encrypted"):
        store.token_store(key).read()
    store.token_store(key, plaintext=True).rotate()
    assert store.token_store(key).read() is not None


def test_keys_rotate(store: Store, key: bytes, box: Sandbox) -> None:
    fresh = Fernet.generate_key()
    write_connection(store.token_store(key), expired(box))
    with pytest.raises(InputError, match="cannot be decrypted"):
        store.token_store(fresh).read()
    store.token_store([fresh, key]).rotate()
    assert store.token_store(fresh).read() is not None
    with pytest.raises(InputError, match="cannot be decrypted"):
        store.token_store(key).read()


def test_a_broken_key_is_refused_and_not_shown(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        store.token_store("s3cret-that-is-no-key")
    assert "s3cret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_wrong_key_spends_nothing(store: Store, key: bytes, box: Sandbox) -> None:
    write_connection(store.token_store(key), expired(box))
    with pytest.raises(InputError, match="cannot be decrypted"):
        call(box, store.token_store(Fernet.generate_key()))
    assert refreshes(box) == []


def test_a_full_disk_spends_nothing(tmp_path: Path, key: bytes, box: Sandbox) -> None:
    """SQLite says that the disk is full when its pages are used up: the write is tried before the
    token is spent.
    """
    with Store(tmp_path / "books.db") as store:
        tokens = store.token_store(key)
        write_connection(tokens, expired(box))
        database = store._database

        def limit(connection: Any, *_: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        engine = database._ready()
        engine.dispose()
        event.listen(engine, "connect", limit)
        with pytest.raises(StoreError, match="full"):
            call(box, tokens)
        assert refreshes(box) == []
        event.remove(engine, "connect", limit)
        engine.dispose()
        call(box, tokens)
        assert refreshes(box) == ["ok"]


def test_a_store_that_can_only_be_read_spends_nothing(
    store: Store, key: bytes, box: Sandbox
) -> None:
    tokens = store.token_store(key)
    write_connection(tokens, expired(box))
    statement = (
        "CREATE TRIGGER no_write BEFORE INSERT ON ledgerhq_tokens BEGIN SELECT RAISE(ABORT, "
        "'read-only'); END"
        if store._database.path
        else "ALTER TABLE ledgerhq_tokens ADD CONSTRAINT no_write CHECK (length(content) < 10) NOT VALID"
    )
    store._database.write("test", lambda db: db.execute(text(statement)))
    with pytest.raises(StoreError):
        call(box, tokens)
    assert refreshes(box) == []


def test_an_unreadable_store_spends_nothing(store: Store, key: bytes, box: Sandbox) -> None:
    tokens = store.token_store(key)
    write_connection(tokens, expired(box))
    store._database.write(
        "test", lambda db: db.execute(text("ALTER TABLE ledgerhq_tokens RENAME TO elsewhere"))
    )
    with pytest.raises(StoreError):
        call(box, tokens)
    assert refreshes(box) == []


def test_the_section_is_exclusive(store: Store, key: bytes, box: Sandbox) -> None:
    first = store.token_store(key).try_lock()
    assert first is not None
    with first:
        assert store.token_store(key).try_lock() is None
        other = store.token_store(key, name="another firm").try_lock()
        assert other is not None
        other.__exit__(None, None, None)
    again = store.token_store(key).try_lock()
    assert again is not None
    again.__exit__(None, None, None)


def _tokens(place: str, key: bytes) -> SQLTokenStore:
    return Store(place).token_store(key)


def test_the_section_of_a_killed_process_is_free(
    place: str, store: Store, key: bytes, box: Sandbox
) -> None:
    """Killed before the refresh token was sent: the next one refreshes, and nothing is lost."""
    write_connection(store.token_store(key), expired(box))
    # The first write of a refresh is that of check_writable.
    job = partial(jobs.refresh, "token: before the commit", partial(_tokens, place, key), box.url)
    assert jobs.run(job) == -signal.SIGKILL
    assert refreshes(box) == []
    call(box, store.token_store(key))
    assert refreshes(box) == ["ok"]


def test_killed_between_the_answer_and_the_write(
    place: str, store: Store, key: bytes, box: Sandbox
) -> None:
    """The one loss that cannot be avoided: the new pair was nowhere but in the dead process. It is
    said as such.
    """
    write_connection(store.token_store(key), expired(box))
    job = partial(jobs.refresh_and_die_before_keeping, partial(_tokens, place, key), box.url)
    assert jobs.run(job) == -signal.SIGKILL
    assert refreshes(box) == ["ok"]
    with pytest.raises(ReconnectRequired, match="invalid_grant"):
        call(box, store.token_store(key))
    with pytest.raises(ReconnectRequired):
        call(box, store.token_store(key))
    assert refreshes(box) == ["ok", "invalid_grant"]


def test_killed_after_the_write(place: str, store: Store, key: bytes, box: Sandbox) -> None:
    write_connection(store.token_store(key), expired(box))
    job = partial(jobs.refresh_and_die_after_keeping, partial(_tokens, place, key), box.url)
    assert jobs.run(job) == -signal.SIGKILL
    call(box, store.token_store(key))
    assert refreshes(box) == ["ok"]


def test_repr_shows_no_password(tmp_path: Path, key: bytes) -> None:
    store = Store("postgresql://me:secret-word@db.example/books")
    assert "secret-word" not in repr(store) + repr(store.token_store(key))


# --- the keyring of the system


class Ring(keyring.backend.KeyringBackend):
    """A keyring in a folder, so that processes share it."""

    priority = 1

    def __init__(self, folder: Path, *, full: bool = False, locked: bool = False) -> None:
        self.folder, self.full, self.locked = folder, full, locked
        self.error: Exception | None = None

    def _file(self, service: str, username: str) -> Path:
        return self.folder / f"{service}-{username}"

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked("mcp_at_canary")
        file = self._file(service, username)
        return file.read_text() if file.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error
        if self.full:
            raise keyring.errors.PasswordSetError(password)
        self._file(service, username).write_text(password)

    def delete_password(self, service: str, username: str) -> None:
        if not self._file(service, username).exists():
            raise keyring.errors.PasswordDeleteError("not found")
        self._file(service, username).unlink()


@pytest.fixture
def ring(tmp_path: Path) -> Any:
    before = keyring.get_keyring()
    (tmp_path / "ring").mkdir()
    made = Ring(tmp_path / "ring")
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_every_name_of_the_store_is_there_without_the_extra_keyring() -> None:
    program = """
import sys
sys.modules["keyring"] = None
from ledgerhq_ext.store import *
print(Store.__name__)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("Store\n", "")


def test_a_keyring_keeps_the_connection(ring: Ring, tmp_path: Path, box: Sandbox) -> None:
    store = KeyringTokenStore(tmp_path / "locks" / "tokens.lock")
    assert store.read() is None
    write_connection(store, expired(box))
    for _ in range(2):
        call(box, store)
    assert refreshes(box) == ["ok"]
    assert [file.name for file in ring.folder.iterdir()] == ["ledgerhq-ext-default"]
    assert stat.S_IMODE((tmp_path / "locks" / "tokens.lock").stat().st_mode) == 0o600
    write_connection(store, None)
    write_connection(store, None)
    assert store.read() is None


def test_a_keyring_that_takes_nothing_spends_nothing(
    ring: Ring, tmp_path: Path, box: Sandbox
) -> None:
    store = KeyringTokenStore(tmp_path / "tokens.lock")
    write_connection(store, expired(box))
    ring.full = True
    with pytest.raises(StoreError) as caught:
        call(box, store)
    assert caught.value.__context__ is None
    assert refreshes(box) == []
    ring.full, ring.locked = False, True
    with pytest.raises(StoreError) as caught:
        call(box, store)
    assert "canary" not in str(caught.value)
    assert refreshes(box) == []


def test_a_keyring_whose_backend_has_errors_of_its_own_spends_nothing(
    ring: Ring, tmp_path: Path, box: Sandbox
) -> None:
    """As that of Windows has for what is too long, and that of GNOME for a session that ended."""

    class BackendError(Exception):
        pass

    store = KeyringTokenStore(tmp_path / "tokens.lock")
    write_connection(store, expired(box))
    ring.error = BackendError("mcp_at_canary")
    with pytest.raises(StoreError, match="keyring cannot be used: BackendError") as caught:
        call(box, store)
    assert caught.value.__context__ is None
    assert "canary" not in str(caught.value)
    assert refreshes(box) == []


def test_the_lock_file_makes_users_of_a_keyring_take_turns(
    ring: Ring, tmp_path: Path, box: Sandbox
) -> None:
    store, other = (KeyringTokenStore(tmp_path / "tokens.lock") for _ in range(2))
    section = store.try_lock()
    assert section is not None
    with section:
        assert other.try_lock() is None
    free = other.try_lock()
    assert free is not None
    free.__exit__(None, None, None)


@pytest.mark.skipif(os.name != "posix", reason="flock")
def test_a_lock_that_cannot_be_had_at_all_says_so_and_leaves_no_file_open(
    ring: Ring, tmp_path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handles: list[int] = []

    def refuse(handle: int, _: int) -> None:
        handles.append(handle)
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with Store(tmp_path / "books.db") as store, pytest.raises(StoreError, match="cannot be locked"):
        store.token_store(key).rotate()
    with pytest.raises(StoreError, match="cannot be locked"):
        KeyringTokenStore(tmp_path / "tokens.lock").move_host("https://a.test", "https://b.test")

    assert len(handles) == 2
    for handle in handles:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(handle)


def test_a_refused_refresh_does_not_overwrite_a_new_pair(
    store: Store, key: bytes, box: Sandbox
) -> None:
    """The server restarted, and took the lock with it: the one who was refused is the last to
    write.
    """
    tokens = store.token_store(key)
    write_connection(tokens, expired(box))
    section = tokens.try_lock()
    assert section is not None
    with section:
        old = section.read()
        assert old is not None
        tokens._write(evolve(old, refresh_token="mcp_rt_new"))
        section.write(evolve(old, refresh_token=None, lost="refused"))
        kept = tokens.read()
        assert kept is not None
        assert kept.refresh_token == "mcp_rt_new"
        section.read()
        section.write(evolve(old, refresh_token=None, lost="refused"))
        assert tokens.read() == evolve(old, refresh_token=None, lost="refused")


def test_a_lock_does_not_fail_because_the_server_ended_idle_connections(
    pg: Postgres, key: bytes, box: Sandbox
) -> None:
    user = pg.new_user()
    with (
        Store(f"postgresql://{user}@/postgres?host={pg.folder}") as store,
        closing(psycopg.connect(pg.new_database(), autocommit=True)) as admin,
    ):
        tokens = store.token_store(key)
        connection = expired(box)
        write_connection(tokens, connection)
        sessions = f"FROM pg_stat_activity WHERE usename = '{user}'"
        admin.execute(f"SELECT pg_terminate_backend(pid) {sessions}")
        wait_until(lambda: admin.execute(f"SELECT 1 {sessions}").fetchone() is None)
        tokens.rotate()
        assert tokens.read() == connection


def test_a_lost_connection_is_written_down(store: Store, key: bytes, box: Sandbox) -> None:
    tokens = store.token_store(key)
    write_connection(tokens, evolve(expired(box), refresh_token="mcp_rt_spent"))
    with pytest.raises(ReconnectRequired):
        call(box, tokens)
    kept = tokens.read()
    assert kept is not None
    assert kept.refresh_token is None
