"""A service on loopback that costs next to nothing, in a process of its own: what is measured
beside it is the client.

It answers a ``POST`` with a receipt, the first time with a 503 where the body says ``BUSY``; a
``GET`` with a bank row, or with a page of them.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ORGANIZATION = "org_1"
ROWS = 250
BUSY = "try-again"
"""The payee of a purchase that is answered by a 503 at first."""

_RECEIPT = {
    "id": "pur_1",
    "resourceType": "purchase",
    "journalEntryId": "je_1",
    "bankTransactionIds": ["bt_1"],
    "status": "posted",
    "postedAt": "2026-06-08T10:00:00Z",
}


def _row(number: int) -> dict[str, object]:
    return {
        "id": f"bt_{number}",
        "bankAccountId": "ba_1",
        "date": f"2026-06-{30 - number // 10:02}",
        "description": f"CARD 4411 OFFICE DEPOT #{number}",
        "amount": -4299 - number,
        "balance": 1_000_000 - number,
        "currencyCode": "USD",
        "status": "unreconciled",
        "sourceType": "plaid_bank_feed",
        "pending": False,
        "payee": "Office Depot",
        "externalTransactionId": f"plaid_{number}",
        "createdAt": f"2026-06-30T{number // 60:02}:{number % 60:02}:00.000Z",
    }


PAGE = json.dumps(
    {
        "data": [_row(number) for number in range(ROWS)],
        "pagination": {"page": 1, "limit": ROWS, "total": ROWS, "totalPages": 1},
    }
).encode()
ROW = json.dumps({"transaction": _row(0)}).encode()


class _Answers(asyncio.Protocol):
    """One connection: answers each request when its last byte is there."""

    def __init__(self) -> None:
        self._buffer = b""
        self._refused: set[bytes] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, to answer on it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete, and keep the rest."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            headers = dict(line.lower().split(b": ", 1) for line in lines[1:])
            size = int(headers.get(b"content-length", b"0"))
            if len(rest) < size:
                return
            self._buffer = rest[size:]
            self._transport.write(self._answer(lines[0], headers, rest[:size]))

    def _answer(self, line: bytes, headers: dict[bytes, bytes], body: bytes) -> bytes:
        if line.startswith(b"GET"):
            return _response(b"200 OK", ROW if b"/bt_0" in line else PAGE)

        key = headers[b"idempotency-key"]
        if BUSY.encode() in body and key not in self._refused:
            self._refused.add(key)
            return _response(b"503 Service Unavailable", b"{}", b"retry-after: 0\r\n")
        name = key.decode()
        # An entry of its own: one that settles two postings is an alarm of the store's.
        receipt = {**_RECEIPT, "journalEntryId": f"je_{name}", "idempotencyKey": name}
        return _response(b"201 Created", json.dumps({"data": receipt}).encode())


def _response(status: bytes, content: bytes, headers: bytes = b"") -> bytes:
    size = str(len(content)).encode()
    return (
        b"HTTP/1.1 " + status + b"\r\n"
        b"content-type: application/json\r\n" + headers + b"content-length: " + size + b"\r\n\r\n"
    ) + content


@contextmanager
def service() -> Iterator[str]:
    """Start the service; give its address, and stop it afterwards."""
    command = [sys.executable, "-m", "scripts.bench.service"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Answers, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
