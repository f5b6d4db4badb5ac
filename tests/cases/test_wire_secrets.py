"""Secrets of another shape: the client masks exactly its own tokens, wherever they are echoed.

Case t20. No token here is long enough for the pattern of the run's canary, which would end a test
that is meant to fail with an error: it looks for the known prefixes, and 12 characters behind them.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, LedgerHQError, MemoryTokenStore
from tests.support.relays import Certificate, Relay
from tests.support.surfaces import Surface, resolve

from .wire_support import Exchange, Firm, Handler, RawServer, async_client, client, connection

BEARER = "mcp_at_abcdef0123"
API_KEY = "dk_live_abcdef"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJmaXJtIjoiYmlyY2gifQ.c2lnbmF0dXJlLXZlcnktc2VjcmV0"
OPAQUE = "0.AXoA" + "r" * 40


# --- where a service echoes the access token


def authorization_in_message(exchange: Exchange) -> bool:
    """Refuse, and repeat the whole header."""
    header = exchange.headers["authorization"]
    return exchange.reply(403, {"error": f"no access for {header}"})


def token_in_message(exchange: Exchange) -> bool:
    """Refuse, and repeat the token alone."""
    return exchange.reply(403, {"error": f"no access for token {exchange.token}"})


def token_in_html(exchange: Exchange) -> bool:
    """Show the request in an error page."""
    return exchange.reply(404, body=f"<pre>authorization={exchange.token}</pre>".encode())


def token_as_request_id(exchange: Exchange) -> bool:
    """Succeed, and call the request what the token is called."""
    header = f"X-Request-Id: {exchange.token}"
    return exchange.reply(200, {"accounts": []}, headers=[header])


def token_in_location(exchange: Exchange) -> bool:
    """Redirect with the token in the address."""
    header = f"Location: https://elsewhere.test/?t={exchange.token}"
    return exchange.reply(302, {}, headers=[header])


def token_escaped(exchange: Exchange) -> bool:
    """Refuse, and repeat the token with a part of it escaped."""
    escaped = exchange.token.replace("_", "\\u005f").replace(".", "\\u002e")
    return exchange.reply(404, body=b'{"error": "%b"}' % escaped.encode())


class Places:
    """Where a token shows after a call."""

    def __init__(self, log: pytest.LogCaptureFixture) -> None:
        self.events: list[object] = []
        self._log = log
        log.set_level(logging.DEBUG)

    def of(self, token: str, call: Callable[[], object]) -> list[str]:
        """Return every place that shows the token, once the call is over."""
        texts: dict[str, str] = {}
        try:
            call()
        except LedgerHQError as error:
            texts = {
                "str": str(error),
                "repr": repr(error),
                "attributes": repr(vars(error)),
                "pickle": pickle.dumps(error).decode("latin-1"),
                "traceback": "".join(traceback.format_exception(error)),
            }
        texts["events"] = repr(self.events)
        texts["log"] = self._log.text
        return [place for place, text in texts.items() if token in text]


TOKENS = {"bearer": BEARER, "api-key": API_KEY, "jwt": JWT}


ECHOES = (
    authorization_in_message,
    token_in_message,
    token_in_html,
    token_as_request_id,
    token_in_location,
    token_escaped,
)


@pytest.mark.parametrize(("kind", "serve"), list(itertools.product(TOKENS, ECHOES)))
def test_an_echoed_access_token_shows_nowhere(
    kind: str,
    serve: Handler,
    caplog: pytest.LogCaptureFixture,
) -> None:
    places = Places(caplog)
    token = TOKENS[kind]
    with (
        RawServer(serve) as server,
        client(server.url, access_token=token, hooks=[places.events.append]) as hq,
    ):
        assert places.of(token, hq.organization("org_1").accounts) == []


# --- where the token endpoint echoes the refresh token


@pytest.mark.parametrize(
    ("code", "refresh_token"),
    [
        pytest.param("invalid_grant", "mcp_rt_secretsecre", id="invalid_grant-known-shape"),
        pytest.param("invalid_grant", OPAQUE, id="invalid_grant-opaque"),
        pytest.param("invalid_client", "mcp_rt_secretsecre", id="invalid_client-known-shape"),
        pytest.param("invalid_client", OPAQUE, id="invalid_client-opaque"),
    ],
)
def test_an_echoed_refresh_token_shows_nowhere(
    code: str,
    refresh_token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(exchange: Exchange) -> bool:
        description = f"the refresh token {refresh_token} was used before, or is of another client"
        return exchange.reply(400, {"error": code, "error_description": description})

    places = Places(caplog)
    with RawServer(refuse) as server:
        stale = connection(server.url, life=-1, refresh_token=refresh_token)
        store = MemoryTokenStore(stale)
        with client(server.url, token_store=store, hooks=[places.events.append]) as hq:
            assert places.of(refresh_token, hq.organization("org_1").accounts) == []

        left = store.read()
        assert left is not None
        assert refresh_token not in str(left.lost)


def test_no_token_is_in_the_log_of_a_refresh_and_a_call(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At level DEBUG, with asyncio's own debugging. (Held on 80c6499.)"""
    caplog.set_level(logging.DEBUG)

    async def call(firm: Firm) -> None:
        store = MemoryTokenStore(firm.connection())
        async with async_client(firm.url, token_store=store) as hq:
            await hq.organization("org_1").accounts()

    with Firm() as firm:
        asyncio.run(call(firm), debug=True)
        assert firm.exchanges == 1

    tokens = ("mcp_at_0", "mcp_rt_0", "mcp_at_1", "mcp_rt_1")
    assert [token for token in tokens if token in caplog.text] == []
    assert "api/v1/accounts" in caplog.text


# --- proxies that may not read along


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
@pytest.mark.anyio
async def test_a_proxy_over_tls_passes_on_what_it_cannot_read(
    surface: Surface, tmp_path: Path
) -> None:
    certificate = Certificate(tmp_path)
    context = certificate.server_context()
    with (
        RawServer(lambda exchange: exchange.reply(200, {"accounts": []})) as server,
        Relay(urlsplit(server.url).port, context) as tls,
        Relay(None, context) as proxy,
    ):
        settings = certificate.settings("proxy over tls", 0, tls.port, proxy.port)
        hq = surface(access_token=BEARER, retries=0, **settings)
        for _ in range(2):
            assert await resolve(hq.organization("org_1").accounts()) == ()
        await resolve(hq.close())

    assert len(server.requests) == 2
    assert BEARER.encode() in bytes(tls.passed)
    assert proxy.passed
    assert BEARER.encode() not in bytes(proxy.passed)
