"""What a token store keeps: odd answers, odd places, another host, another firm.

Cases t1 and t4, t23 (f, g), and the second half of t36.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from attrs import evolve
from cryptography.fernet import Fernet

from ledgerhq_ext import (
    APIError,
    AsyncLedgerHQ,
    AuthenticationError,
    FileTokenStore,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuthError,
    TokenStore,
)
from ledgerhq_ext.store import Store

from .wire_support import (
    MOMENT,
    PATIENCE,
    Exchange,
    Firm,
    RawServer,
    account,
    assert_connected,
    async_client,
    client,
    connection,
    keep,
    token_answer,
)

# --- t1: token answers that drifted from the contract


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="as-it-should-be"),
        pytest.param({"expires_in": None}, id="no-lifetime"),
        pytest.param({"expires_in": "3600"}, id="lifetime-as-text"),
        pytest.param({"expires_in": 3600.0}, id="lifetime-as-float"),
        pytest.param({"expires_in": 0}, id="lifetime-zero"),
        pytest.param({"expires_in": 2 * 10**9}, id="lifetime-of-decades"),
        pytest.param({"token_type": None}, id="no-type"),
        pytest.param({"scope": ["mcp"]}, id="scope-as-list"),
    ],
)
def test_an_odd_token_answer_keeps_the_firm_connected(changes: dict[str, Any]) -> None:
    def change(document: dict[str, Any]) -> None:
        for name, value in changes.items():
            document[name] = value
            if value is None:
                del document[name]

    with Firm(change=change) as firm:
        store = MemoryTokenStore(firm.connection())
        assert_connected(firm, store)
        assert firm.requests[-1].token == "mcp_at_1"


# --- t4: what neighbors, links and folders do to a token file


def test_a_neighbor_whose_name_begins_alike_is_not_touched(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`tokens.co` is neighbors while `tokens.co.uk` writes its new pair."""
    short = FileTokenStore(tmp_path / "tokens.co")
    long = FileTokenStore(tmp_path / "tokens.co.uk")
    fsync = os.fsync
    neighbors: list[str] = []

    with Firm() as firm:

        def refresh_the_neighbor(handle: int) -> None:
            fsync(handle)
            if not neighbors:
                neighbors.append("tokens.co")
                keep(short, firm.connection())

        monkeypatch.setattr(os, "fsync", refresh_the_neighbor)
        section = long.try_lock()
        assert section is not None
        with section:
            section.write(firm.connection(life=100))

    assert neighbors, "nothing was forced to the disk"
    assert short.read() is not None
    assert long.read() is not None


def test_a_link_to_a_token_file_is_the_token_file(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    real = FileTokenStore(tmp_path / "vault" / "tokens.json")
    link = tmp_path / "tokens.json"

    with Firm() as firm:
        keep(real, firm.connection())
        link.symlink_to(tmp_path / "vault" / "tokens.json")
        linked = FileTokenStore(link)

        section = real.try_lock()
        assert section is not None
        with section:
            second = linked.try_lock()
            if second is not None:
                second.__exit__(None, None, None)
            assert second is None, "two are in the exclusive section of one file"

        renewed = firm.connection(life=100)
        keep(linked, renewed)
        assert link.is_symlink()
        assert real.read() == renewed
        assert linked.read() == renewed


def test_a_relative_token_file_stays_where_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A daemon changes its folder after it has made its client."""
    monkeypatch.chdir(tmp_path)
    store = FileTokenStore("tokens.json")
    with Firm() as firm:
        keep(store, firm.connection())

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert store.read() is not None


# --- t23 (f): the vendor's new host


def test_a_connection_moves_to_the_new_host(tmp_path: Path) -> None:
    def redirect(exchange: Exchange) -> bool:
        return exchange.reply(308, {}, headers=[f"Location: {new.url}{exchange.path}"])

    with (
        RawServer(lambda exchange: exchange.reply(200, {"accounts": [account("org_1")]})) as new,
        Firm(otherwise=redirect) as old,
        Store(tmp_path / "books.db") as books,
    ):
        tokens = books.token_store(Fernet.generate_key())
        keep(tokens, old.connection(life=3600))
        with client(old.url, token_store=tokens) as hq, pytest.raises(APIError, match="308"):
            hq.organization("org_1").accounts()

        moving: Any = books
        moving.move_host(old.url, new.url)
        with client(new.url, token_store=tokens) as hq:
            assert len(hq.organization("org_1").accounts()) == 1
        assert new.requests[0].token == "mcp_at_0"


# --- t23 (g): 401 for one company, although the token is good


def test_a_good_token_is_not_refreshed_for_every_401() -> None:
    def refuse(exchange: Exchange) -> bool:
        return exchange.reply(401, {"error": "Unauthorized"})

    with Firm(otherwise=refuse) as firm:
        store = MemoryTokenStore(firm.connection(life=3600))
        with client(firm.url, token_store=store) as hq:
            books = hq.organization("org_1")
            for _ in range(10):
                with pytest.raises(AuthenticationError):
                    books.accounts()
        assert firm.exchanges <= 1


@pytest.mark.parametrize("refreshed", [True, False], ids=["just-refreshed", "just-connected"])
def test_ten_clients_do_not_refresh_a_good_token_ten_times(refreshed: bool) -> None:
    """One after the other, as processes do that know nothing of each other."""

    def refuse(exchange: Exchange) -> bool:
        return exchange.reply(401, {"error": "Unauthorized"})

    with Firm(otherwise=refuse) as firm:
        store = MemoryTokenStore(evolve(firm.connection(life=3600), refreshed=refreshed))
        for _ in range(10):
            with client(firm.url, token_store=store) as hq, pytest.raises(AuthenticationError):
                hq.organization("org_1").accounts()
        assert firm.exchanges == (0 if refreshed else 1)


def test_ten_clients_at_once_do_not_refresh_a_good_token_ten_times() -> None:
    gate = threading.Barrier(10)

    def refuse(exchange: Exchange) -> bool:
        return exchange.reply(401, {"error": "Unauthorized"})

    with Firm(otherwise=refuse) as firm:
        store = MemoryTokenStore(firm.connection(life=3600))

        def work(_: int) -> None:
            with client(firm.url, deadline=PATIENCE, token_store=store) as hq:
                gate.wait(PATIENCE)
                with pytest.raises(AuthenticationError):
                    hq.organization("org_1").accounts()

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(work, range(10)))
        assert firm.exchanges == 1
        assert firm.refused == 0


# --- a token answer that breaks off


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
@pytest.mark.parametrize("is_chunked", [False, True], ids=["by length", "in chunks"])
def test_a_refresh_token_that_came_before_the_connection_broke_is_kept(
    surface: Any, is_chunked: bool
) -> None:
    """The whole of it came; the rest of the answer did not."""

    def breaking(exchange: Exchange) -> bool:
        if exchange.path != "/api/oauth/token":
            return exchange.reply(200, {"accounts": []})
        tokens.append(parse_qs(exchange.body.decode())["refresh_token"][0])
        if len(tokens) > 1:
            return exchange.reply(200, token_answer(2))
        content = json.dumps(token_answer(1)).partition(', "scope"')[0].encode()
        framing = b"Transfer-Encoding: chunked" if is_chunked else b"Content-Length: 1000"
        body = b"%x\r\n%b\r\n" % (len(content), content) if is_chunked else content
        exchange.send(b"HTTP/1.1 200 X\r\n" + framing + b"\r\n\r\n" + body)
        return False

    tokens: list[str] = []
    with RawServer(breaking) as server:
        store = MemoryTokenStore(connection(server.url, life=-400))
        with pytest.raises(OAuthError, match="refresh token was kept"):
            _ask(surface, server.url, store)
        _ask(surface, server.url, store)
    assert tokens == ["mcp_rt_0", "mcp_rt_1"]
    kept = store.read()
    assert kept is not None
    assert kept.refresh_token == "mcp_rt_2"


def _ask(surface: Any, url: str, store: TokenStore) -> None:
    if surface is LedgerHQ:
        with client(url, token_store=store) as hq:
            hq.organization("org_1").accounts()
        return

    async def work() -> None:
        async with async_client(url, token_store=store) as hq:
            await hq.organization("org_1").accounts()

    asyncio.run(work())


# --- a fork while a thread is in the section


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_is_not_locked_out_by_a_thread_of_its_parent() -> None:
    with Firm() as firm:
        store = MemoryTokenStore(firm.connection())
        section = store.try_lock()
        assert section is not None
        child = os.fork()
        if child == 0:
            try:
                with client(firm.url, deadline=PATIENCE, token_store=store) as hq:
                    hq.organization("org_1").accounts()
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert status == 0
        assert firm.exchanges == 1
        assert store.try_lock() is None, "the parent's section is still its own"
        section.__exit__(None, None, None)


# --- t36, second half: another firm connects into the same store

CALLBACK = "http://127.0.0.1:8400/callback"
REGISTERED = {
    "client_id": "client",
    "client_name": "Till",
    "redirect_uris": [CALLBACK],
    "client_id_issued_at": 1_780_000_000,
}


def test_another_firm_does_not_take_the_place_of_the_first() -> None:
    firms = {"mcp_at_1": "firm_birch", "mcp_at_2": "firm_oak", "mcp_at_3": "firm_oak"}
    exchanges: list[Exchange] = []

    def serve(exchange: Exchange) -> bool:
        if exchange.path == "/api/oauth/token":
            exchanges.append(exchange)
            return exchange.reply(200, token_answer(len(exchanges)))
        if exchange.path == "/api/oauth/register":
            return exchange.reply(201, REGISTERED)
        return exchange.reply(200, _firm_listing(firms[exchange.token]))

    store = MemoryTokenStore()
    with (
        RawServer(serve) as server,
        client(server.url, token_store=store) as hq,
    ):
        _connect(hq)
        with pytest.raises(InputError, match="firm"):
            _connect(hq)
        connection = store.read()
        assert connection is not None
        assert connection.access_token == "mcp_at_1"

        _connect(hq, replace=True)
        connection = store.read()
        assert connection is not None
        assert connection.access_token == "mcp_at_3"


def _connect(hq: LedgerHQ, **more: Any) -> None:
    request = hq.authorization_request(CALLBACK)
    connect: Any = hq.connect
    connect(f"{CALLBACK}?code=code&state={request.state}", request, **more)


def _firm_listing(firm: str) -> dict[str, Any]:
    record = {
        "id": firm,
        "name": firm.removeprefix("firm_").title(),
        "type": "firm",
        "slug": firm,
        "defaultCurrency": "USD",
        "fiscalYearStartMonth": 1,
        "createdAt": MOMENT,
    }
    return {"data": [record], "nextCursor": None}
