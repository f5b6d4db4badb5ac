"""A server that answers every request with something malformed. A seed decides with what."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

CANARY = "mcp_at_CANARYcanaryCANARY0123456789"
"""The access token of every call: no exception may show it, whatever the server says."""

Parts = Iterator[bytes | float]
"""An answer as it is sent: bytes, and seconds of silence between them."""

_DRIP_SECONDS = 0.05
# Far longer than a busy machine delays a call, so that only its deadline can have ended it.
_LONG_SECONDS = 60.0

_HEADER_END = b"\r\n\r\n"
_LENGTH = b"content-length:"

# The right names with the wrong values: what a drifted service would answer.
_DOCUMENT: dict[str, Any] = {
    "data": {"id": "x", "journalEntryId": 7, "bankTransactionIds": "none"},
    "accounts": [{"id": None}],
    "pagination": {"page": 1, "limit": "100", "total": -1, "totalPages": 1.5},
    "transaction": {"id": "r", "amount": "12.50", "status": ["excluded"]},
    "entry": {"id": "e", "lines": [{"debitAmount": 12.5}]},
    "amountUnit": "dollars",
}
_VALUES: tuple[Any, ...] = (1, "x", [], {}, None)
_BODIES = (
    b"null",
    b"[]",
    b"0",
    b'"text"',
    b"true",
    b"{}",
    b'{"error":{}}',
    b'{"data":[[]]}',
    b"",
    b"\xff\xfe",
    b"{",
    # Deeper than the stack of a reader that calls itself.
    b"[" * 5000,
    b'{"data":NaN}',
    b'{"data":1e999}',
    b'{"nextCursor":[]}',
)
_ERRORS: tuple[Any, ...] = (
    "text",
    {"code": 7, "message": None},
    {"code": "X" * 9000, "retryable": "yes"},
    [],
    None,
)
_NOT_HTTP = (
    b"",
    b"\0" * 50,
    b"HTTP/9.9 abc\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    b"SSH-2.0-x\r\n",
)


class NonsenseServer:
    """A server in a thread of its own; ``kinds`` counts what it has answered."""

    def __init__(self, seed: int) -> None:
        self.kinds: Counter[str] = Counter()
        self._random = random.Random(seed)  # noqa: S311 - a storm that can be repeated

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve for the length of a block, which gets the server's URL."""
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.close()
            _cancel_all(loop)
            loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that gave up is one of the things that happen here, and so is the storm's end.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _read_request(reader)
            kind = self._next_kind()
            for part in _ANSWERS[kind](self._random):
                if isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                else:
                    await asyncio.sleep(part)
        with suppress(OSError):
            writer.close()

    def _next_kind(self) -> str:
        kind = self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        self.kinds[kind] += 1
        return kind


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """End the answers that nobody waits for any more."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.wait(tasks) if tasks else asyncio.sleep(0))


async def _read_request(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(_HEADER_END)
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            await reader.readexactly(int(line.removeprefix(_LENGTH)))


# --- the answers


def _http(
    status: int, body: bytes, media: str = "application/json", length: int | None = None
) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {media}\r\ncontent-length: {size}\r\n\r\n"
    return head.encode() + body


def _truncated(chance: random.Random) -> Parts:
    body = json.dumps(_DOCUMENT).encode()
    part = body[: chance.randrange(len(body))]
    yield _http(chance.choice([200, 201]), part, length=len(body))


def _other_json(chance: random.Random) -> Parts:
    yield _http(chance.choice([200, 201]), chance.choice(_BODIES))


def _html(chance: random.Random) -> Parts:
    status = chance.choice([200, 400, 403, 500, 502])
    yield _http(status, b"<html><h1>Bad gateway</h1></html>", "text/html")


def _wrong_types(chance: random.Random) -> Parts:
    names = chance.sample(list(_DOCUMENT), chance.randrange(1, len(_DOCUMENT) + 1))
    document = {name: chance.choice([_DOCUMENT[name], *_VALUES]) for name in names}
    yield _http(200, json.dumps(document).encode())


def _any_status(chance: random.Random) -> Parts:
    document = {"error": chance.choice(_ERRORS)}
    yield _http(chance.randrange(100, 600), json.dumps(document).encode())


def _token_echo(chance: random.Random) -> Parts:
    # A service, or a proxy, that says aloud what it was sent.
    error = {"code": CANARY, "message": f"Bearer {CANARY}", "requestId": CANARY}
    status = chance.choice([400, 401, 409, 422, 429, 500])
    yield _http(status, json.dumps({"error": error}).encode())


def _not_http(chance: random.Random) -> Parts:
    yield chance.choice(_NOT_HTTP)


def _bad_chunks(_: random.Random) -> Parts:
    yield b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\nzz\r\n'


def _not_gzip(_: random.Random) -> Parts:
    yield b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 8\r\n\r\nnot gzip"


def _huge(_: random.Random) -> Parts:
    yield _http(200, b'{"data":"' + b"x" * 2_000_000 + b'"}')


def _endless(_: random.Random) -> Parts:
    # A drip that never lets a timeout between two reads pass: only a deadline ends it.
    yield b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"
    for _n in range(int(_LONG_SECONDS / _DRIP_SECONDS)):
        yield b"x" * 1000
        yield _DRIP_SECONDS


def _silent(_: random.Random) -> Parts:
    yield _LONG_SECONDS


_ANSWERS: dict[str, Callable[[random.Random], Parts]] = {
    "truncated": _truncated,
    "other JSON": _other_json,
    "HTML": _html,
    "wrong types": _wrong_types,
    "statuses 100 to 599": _any_status,
    "token echoed": _token_echo,
    "not HTTP": _not_http,
    "bad chunks": _bad_chunks,
    "not gzip": _not_gzip,
    "huge": _huge,
    "endless": _endless,
    "silent": _silent,
}
# The last ones take real time, so that they come seldom.
_WEIGHTS = {
    "truncated": 160,
    "other JSON": 200,
    "HTML": 100,
    "wrong types": 200,
    "statuses 100 to 599": 200,
    "token echoed": 60,
    "not HTTP": 50,
    "bad chunks": 20,
    "not gzip": 20,
    "huge": 4,
    "endless": 3,
    "silent": 3,
}
