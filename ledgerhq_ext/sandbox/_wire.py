"""Answers on the wire, whole or broken on purpose."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from ledgerhq_ext.sandbox._routes import Reply

CONNECTION = "ledgerhq.sandbox.connection"


class SandboxProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, with the connection handed to the application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = self.app

        # ASGI hides the connection; a fault that breaks it needs it.
        async def app_with_connection(scope: Any, receive: Any, send: Any) -> None:
            """Answer a request, with its connection in the scope."""
            scope.setdefault("extensions", {})[CONNECTION] = self.transport
            await app(scope, receive, send)

        self.app = app_with_connection


def encoded(reply: Reply) -> bytes:
    """Return the body of a reply."""
    body = "" if reply.body is None else reply.body
    if not isinstance(body, str):
        body = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return body.encode()


async def send_reply(reply: Reply, send: Send) -> None:
    """Answer with the whole reply."""
    body = encoded(reply)
    await send(_start(reply, len(body)))
    await send({"type": "http.response.body", "body": body})


async def lose_connection(scope: Scope, receive: Receive) -> None:
    """Close the connection without an answer."""
    transport = _transport(scope)
    # Not `close`, which would send what is in the buffers before.
    transport.abort()
    await _gone(receive)


async def cut_body(reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    """Announce the whole body, send half of it, and close."""
    transport = _transport(scope)
    body = encoded(reply)
    await send(_start(reply, len(body)))
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    transport.close()
    await _gone(receive)


def _start(reply: Reply, length: int) -> dict[str, Any]:
    headers = {"content-length": str(length), **reply.headers}
    if reply.body is not None:
        headers["content-type"] = reply.media_type

    pairs = [_encoded_header(name, value) for name, value in headers.items()]
    return {"type": "http.response.start", "status": reply.status, "headers": pairs}


def _encoded_header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")


def _transport(scope: Scope) -> asyncio.Transport:
    transport = scope.get("extensions", {}).get(CONNECTION)
    if transport is None:
        # In process there is no wire to cut; the caller gets what a closed connection would give.
        raise ConnectionResetError("the sandbox closed the connection (fault script)")
    if not isinstance(transport, asyncio.Transport):
        raise TypeError(f"not a transport: {transport!r}")
    return transport


async def _gone(receive: Receive) -> None:
    # An application that returns without an answer is a bug to uvicorn, which logs it.
    while (await receive())["type"] != "http.disconnect":
        pass
