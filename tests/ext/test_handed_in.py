"""Clients and transports of httpx that were handed in, with hooks and wrappers of their own."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import Any
from urllib.request import Request as UrlRequest
from urllib.request import urlopen

import httpx
import pytest

from ledgerhq_ext import (
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQ,
    LedgerHQError,
    TransportError,
    ValidationError,
)
from tests.cases.wire_support import Exchange, RawServer, receipt
from tests.support.postings import PURCHASE
from tests.support.relays import Certificate, Relay
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio
REFUSAL = {"error": {"code": "VALIDATION_ERROR", "message": "The account is inactive."}}


def post_receipt(exchange: Exchange) -> bool:
    """Answer with a receipt, compressed, and keep the connection open."""
    content = gzip.compress(json.dumps(receipt(exchange)).encode())
    return exchange.reply(201, body=content, headers=["Content-Encoding: gzip"])


def refuse(exchange: Exchange) -> bool:
    return exchange.reply(422, REFUSAL)


def with_hook(surface: Surface, *steps: str) -> dict[str, Any]:
    """Return a client of httpx whose hook calls these methods of every response."""

    def blocking_hook(response: httpx.Response) -> None:
        for step in steps:
            getattr(response, step)()

    async def awaiting_hook(response: httpx.Response) -> None:
        for step in steps:
            await resolve(getattr(response, "aread" if step == "read" else step)())

    if surface is LedgerHQ:
        return {"http_client": httpx.Client(event_hooks={"response": [blocking_hook]})}
    return {"http_client": httpx.AsyncClient(event_hooks={"response": [awaiting_hook]})}


class Reading(httpx.HTTPTransport):
    """Reads every response, as a transport does that writes them down."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        response.read()
        return response


class AwaitingReading(httpx.AsyncHTTPTransport):
    """As ``Reading``, awaited."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        await response.aread()
        return response


def reading_transport(surface: Surface) -> dict[str, Any]:
    return {"transport": Reading() if surface is LedgerHQ else AwaitingReading()}


def reading_hook(surface: Surface) -> dict[str, Any]:
    return with_hook(surface, "read")


async def post(surface: Surface, url: str, wiring: dict[str, Any], **settings: Any) -> Any:
    client: Any = surface(base_url=url, access_token="t", deadline=5, **wiring, **settings)
    try:
        return await resolve(client.organization("org_1").post(PURCHASE, key="k"))
    finally:
        await resolve(client.close())
        for each in wiring.values():
            await resolve(each.close() if surface is LedgerHQ else each.aclose())


@pytest.mark.parametrize("wiring", [reading_hook, reading_transport])
async def test_a_response_that_was_read_on_the_way_is_an_answer(
    surface: Surface, wiring: Callable[[Surface], dict[str, Any]]
) -> None:
    with RawServer(post_receipt) as server:
        posted = await post(surface, server.url, wiring(surface))
    assert posted.journal_entry_id == "je_1"
    assert server.sent_to("purchases") == 1


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (["read", "raise_for_status"], "The account is inactive."),
        # httpx closes what the hook has not read.
        (["raise_for_status"], "the service responded with status 422"),
    ],
)
async def test_a_status_that_a_hook_raises_for_is_an_answer(
    surface: Surface, steps: list[str], message: str
) -> None:
    with RawServer(refuse) as server, pytest.raises(ValidationError) as caught:
        await post(surface, server.url, with_hook(surface, *steps))
    assert caught.value.message == message
    assert caught.value.outcome == "rejected"
    assert server.sent_to("purchases") == 1


def taking_hook(surface: Surface) -> dict[str, Any]:
    """Return a client of httpx whose hook reads every response, and keeps nothing of it."""

    def blocking_hook(response: httpx.Response) -> None:
        list(response.iter_raw())

    async def awaiting_hook(response: httpx.Response) -> None:
        async for _ in response.aiter_raw():
            pass

    if surface is LedgerHQ:
        return {"http_client": httpx.Client(event_hooks={"response": [blocking_hook]})}
    return {"http_client": httpx.AsyncClient(event_hooks={"response": [awaiting_hook]})}


async def test_a_response_that_a_hook_took_for_itself_is_none(surface: Surface) -> None:
    with RawServer(post_receipt) as server, pytest.raises(TransportError) as caught:
        await post(surface, server.url, taking_hook(surface), retries=0)
    assert caught.value.outcome == "unknown"


def another_refusal() -> Exception:
    response = httpx.Response(404, request=httpx.Request("GET", "https://metrics.test"))
    return httpx.HTTPStatusError("404", request=response.request, response=response)


def failing_hook(surface: Surface, error: Exception) -> dict[str, Any]:
    """Return a client of httpx whose hook fails at a call of its own."""

    def fail(_: httpx.Response) -> None:
        raise error

    async def fail_later(response: httpx.Response) -> None:
        fail(response)

    if surface is LedgerHQ:
        return {"http_client": httpx.Client(event_hooks={"response": [fail]})}
    return {"http_client": httpx.AsyncClient(event_hooks={"response": [fail_later]})}


@pytest.mark.parametrize(
    "error", [InputError("Another call was refused before anything was sent."), another_refusal()]
)
async def test_the_outcome_of_a_call_within_a_hook_is_not_that_of_the_posting(
    surface: Surface, error: Exception
) -> None:
    with RawServer(post_receipt) as server, pytest.raises(LedgerHQError) as caught:
        await post(surface, server.url, failing_hook(surface, error), retries=0)
    assert server.sent_to("purchases") == 1
    assert caught.value.outcome == "unknown"


class Foreign(httpx.BaseTransport):
    """Sends by another library, whose errors have but one name among those of httpx."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            with urlopen(UrlRequest(str(request.url), request.content), timeout=10) as answer:
                return httpx.Response(answer.status, content=answer.read())
        except OSError as error:
            raise httpx.ConnectTimeout(str(error)) from error


class AwaitingForeign(httpx.AsyncBaseTransport):
    """As ``Foreign``, awaited."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await asyncio.to_thread(Foreign().handle_request, request)


async def test_an_error_that_was_one_of_another_library_proves_nothing(surface: Surface) -> None:
    lines = [
        JournalLine(account_id="a", debit_amount=5),
        JournalLine(account_id="b", credit_amount=5),
    ]
    draft = DraftEntry(date="2026-06-08", description="Accrual", lines=lines)
    transport: Any = Foreign() if surface is LedgerHQ else AwaitingForeign()
    with RawServer(lambda _: False) as server:
        client: Any = surface(base_url=server.url, access_token="t", transport=transport)
        with pytest.raises(TransportError, match="ConnectTimeout") as caught:
            await resolve(client.organization("org_1").create_entry(draft))
        await resolve(client.close())
    # It has no key: each repetition would be another entry.
    assert server.sent_to("entries") == 1
    assert caught.value.outcome == "unknown"


class Once(Relay):
    """A proxy that lets one client through, and refuses the next ones."""

    def serve(self, connection: socket) -> None:
        if self.passed:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
            connection.close()
            return
        super().serve(connection)


class Twice(httpx.HTTPTransport):
    """Sends what failed once more, as transports do that repeat."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        except httpx.TransportError:
            return super().handle_request(request)


class AwaitingTwice(httpx.AsyncHTTPTransport):
    """As ``Twice``, awaited."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except httpx.TransportError:
            return await super().handle_async_request(request)


async def test_what_a_transport_sent_before_it_repeated_is_not_forgotten(
    surface: Surface, tmp_path: Path
) -> None:
    certificate = Certificate(tmp_path)
    with (
        RawServer(lambda _: False) as server,
        Relay(int(server.url.rpartition(":")[2]), certificate.server_context()) as tls,
        Once(None) as proxy,
    ):
        settings = certificate.settings("proxy", 0, tls.port, proxy.port)
        kind: Any = Twice if surface is LedgerHQ else AwaitingTwice
        wiring = {"transport": kind(verify=settings["verify"], proxy=settings["proxy"])}
        with pytest.raises(TransportError, match="503") as caught:
            await post(surface, settings["base_url"], wiring, retries=0)
    assert server.sent_to("purchases") == 1
    assert caught.value.outcome == "unknown"
