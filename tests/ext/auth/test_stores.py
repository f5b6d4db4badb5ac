"""The stores: what is kept, for whose eyes, and that no refresh token is spent when it could not be
kept.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import Connection, FileTokenStore, InputError, MemoryTokenStore, TokenStore
from tests.support.authorization import HOUR, MakeClient, Service, ask
from tests.support.clients import BASE
from tests.support.clocks import FakeClock
from tests.support.tokens import write_connection

posix = pytest.mark.skipif(os.name != "posix", reason="file modes")
CONNECTION = Connection(
    issuer=BASE, client_id="c", redirect_uris=("https://a/b",), access_token="a", refresh_token="r"
)


@pytest.fixture
def store(tmp_path: Path) -> FileTokenStore:
    return FileTokenStore(tmp_path / "deep" / "down" / "tokens.json")


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_store_keeps_and_forgets_in_turns(kind: str, store: FileTokenStore) -> None:
    kept: TokenStore = store if kind == "file" else MemoryTokenStore()
    assert kept.read() is None
    write_connection(kept, CONNECTION)
    assert kept.read() == CONNECTION
    section = kept.try_lock()
    assert section is not None
    with section:
        assert kept.try_lock() is None
        assert kept.read() == CONNECTION
    write_connection(kept, None)
    write_connection(kept, None)
    assert kept.read() is None


@posix
def test_nobody_else_may_read_the_file(store: FileTokenStore) -> None:
    old = os.umask(0)
    try:
        write_connection(store, CONNECTION)
    finally:
        os.umask(old)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(f"{store.path}.lock").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(store: FileTokenStore, mode: int) -> None:
    write_connection(store, CONNECTION)
    store.path.chmod(mode)
    with pytest.raises(InputError, match="chmod 600"):
        store.read()


def test_the_file_is_replaced_never_written_over(store: FileTokenStore) -> None:
    write_connection(store, CONNECTION)
    with store.path.open(encoding="utf-8") as reader:
        write_connection(store, Connection(issuer=BASE, client_id="other"))
        assert Connection.from_json(reader.read()) == CONNECTION


def test_what_a_killed_writer_left_is_cleared_away(store: FileTokenStore) -> None:
    write_connection(store, CONNECTION)
    left = store.path.with_name(".tokens.json.abc123.new")
    left.write_text(CONNECTION.to_json(), encoding="utf-8")
    mine = store.path.with_name(".tokens.json.bak")
    mine.touch()
    assert store.read() == CONNECTION
    write_connection(store, CONNECTION)
    assert not left.exists()
    assert mine.exists()


GARBAGE = {
    "empty": b"",
    "not JSON": b"{",
    "not text": b"\xff\xfe\x00",
    "a list": b"[]",
    "no version": b'{"issuer": "x"}',
    "another release": b'{"version": 99, "refresh_token": "mcp_rt_secret"}',
    "unknown field": b'{"version": 1, "redirect_uris": [], "surprise": "mcp_rt_secret"}',
    "half": b'{"version": 1, "redirect_uris": []}',
    "too deep": b"[" * 100_000 + b'"mcp_rt_secret"',
    "no reason": b'{"version": 1, "redirect_uris": [], "issuer": "x", "client_id": "c", "lost": ["mcp_rt_secret"]}',
    "no time": b'{"version": 1, "redirect_uris": [], "issuer": "x", "client_id": "c", "expires_at": "mcp_rt_secret"}',
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused_without_showing_it(store: FileTokenStore, content: bytes) -> None:
    write_connection(store, CONNECTION)
    store.path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        store.read()
    assert "mcp_rt" not in str(caught.value)
    assert str(store.path) in str(caught.value)
    assert "Remove the file, and connect again." in str(caught.value)
    write_connection(store, None)
    assert store.read() is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_an_editor_saved_is_read(store: FileTokenStore, encoding: str) -> None:
    write_connection(store, CONNECTION)
    text = store.path.read_text(encoding="utf-8")
    store.path.write_text(text.replace(",", ",\r\n"), encoding=encoding)
    assert store.read() == CONNECTION


def fail_with(code: int) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.anyio
@pytest.mark.parametrize("broken", ["mkstemp", "fsync"])
async def test_a_full_disk_shows_before_the_refresh_token_is_spent(
    make_client: MakeClient,
    service: Service,
    clock: FakeClock,
    store: FileTokenStore,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    write_connection(store, service.connection())
    before = sorted(store.path.parent.iterdir())
    client = make_client(store)
    place = "tempfile.mkstemp" if broken == "mkstemp" else "os.fsync"
    with monkeypatch.context() as patch:
        patch.setattr(place, fail_with(errno.ENOSPC))
        clock.advance(HOUR - 30)
        await ask(client)  # The token still lives.
        clock.advance(60)
        with pytest.raises(InputError) as caught:
            await ask(client)
        assert f"The token file {store.path} cannot be written: the disk " in str(caught.value)
        assert "free some space" in str(caught.value)
    assert service.forms == []
    assert sorted(store.path.parent.iterdir()) == before
    await ask(client)
    assert service.presented == ["mcp_rt_refresh0"]


@pytest.mark.anyio
async def test_a_file_that_cannot_be_replaced_shows_before_the_refresh_token_is_spent(
    make_client: MakeClient,
    service: Service,
    clock: FakeClock,
    store: FileTokenStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As it is with a file that was mounted alone into a container."""
    write_connection(store, service.connection())
    before = store.path.read_bytes()
    clock.advance(HOUR)
    replace = Path.replace

    def busy(path: Path, target: Path) -> Path:
        if target == store.path:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", busy)
        with pytest.raises(InputError, match="Mount its folder"):
            await ask(make_client(store))
    assert service.forms == []
    assert store.path.read_bytes() == before
    assert {file.name for file in store.path.parent.iterdir()} == {
        "tokens.json",
        "tokens.json.lock",
    }
    await ask(make_client(store))


@posix
@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_the_mode_of_the_file_is_kept(store: FileTokenStore, mode: int) -> None:
    write_connection(store, CONNECTION)
    store.path.chmod(mode)
    write_connection(store, Connection(issuer=BASE, client_id="other"))
    assert stat.S_IMODE(store.path.stat().st_mode) == mode


@pytest.mark.anyio
async def test_an_unreadable_store_spends_nothing(
    make_client: MakeClient, service: Service, clock: FakeClock, store: FileTokenStore
) -> None:
    write_connection(store, service.connection())
    clock.advance(HOUR)
    store.path.write_bytes(b"{")
    with pytest.raises(InputError) as caught:
        await ask(make_client(store))
    assert caught.value.outcome == "not_sent"
    assert (service.forms, service.bearers) == ([], [])


@pytest.mark.skipif(os.name != "posix", reason="flock")
def test_a_lock_that_cannot_be_had_at_all_says_so(
    store: FileTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", fail_with(errno.ENOLCK))
    with pytest.raises(InputError, match="cannot be locked"):
        store.try_lock()


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: it is a folder") as caught:
        FileTokenStore(tmp_path).read()
    assert str(tmp_path) in str(caught.value)
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(InputError, match="cannot be locked"):
        FileTokenStore(blocked / "tokens.json").try_lock()
