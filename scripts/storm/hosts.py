"""The hosts of the second ledger: HTTP in threads. A seed decides which answers are lost, cut or
late.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from scripts.storm.ledger import Answer, Books, Keys

FAULTS = {
    "lost before": 0.05,
    "lost after": 0.07,
    "500 before": 0.02,
    "500 after": 0.02,
    "503": 0.005,
    "cut": 0.05,
    "slow": 0.005,
}
"""What goes wrong with a posting, before or after it is carried out, and how often. "locked" and
"429" can too.
"""
_SLOW_SECONDS = 1.3
_ERROR = {"error": "Internal error"}
_LOCKED = {
    "error": {"code": "PERIOD_LOCKED", "message": "The period is locked", "retryable": False}
}


class Host:
    """One host of a ledger, with what it knows of keys."""

    def __init__(
        self, books: Books, keys: Keys, *, seed: int, faults: Mapping[str, float] = FAULTS
    ) -> None:
        self.books = books
        self.keys = keys
        self.rates = faults
        self.faults: Counter[str] = Counter()
        self.postings = 0
        self.moved_to: str | None = None
        self.is_gone = False
        self._chance = random.Random(seed)  # noqa: S311 - a storm that can be repeated
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def redirect(self, url: str) -> None:
        """Answer everything with 308 from now on: on return nothing is carried out here."""
        with self.books.guard:
            self.moved_to = url

    def leave(self) -> None:
        """Answer nobody from now on, and refuse connections: on return nothing is carried out here
        any more.
        """
        with self.books.guard:
            was_gone = self.is_gone
            self.is_gone = True
        if not was_gone:
            self._server.shutdown()
            self._server.server_close()

    def next_fault(self) -> str:
        """Return what goes wrong with the next posting; mostly nothing."""
        with self.books.guard:
            self.postings += 1
            rates = self.rates
            names = ["", *rates]
            weights = [1 - sum(rates.values()), *rates.values()]
            fault = self._chance.choices(names, weights)[0]
            if fault:
                self.faults[fault] += 1
            return fault

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | None:
        """Return status and document; None when nobody is there."""
        with self.books.guard:
            if self.is_gone:
                return None
            if self.moved_to is not None:
                return 308, {"error": "Moved"}
            return self.books.answer(self.keys, method, target, headers, body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self, host: Host) -> None:
        self.host = host
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that were killed."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer a read."""
        self._write(self._answer(self._body()))

    def do_POST(self) -> None:
        """Answer a posting, unless something goes wrong before or after it is carried out."""
        body = self._body()
        fault = self.server.host.next_fault()
        if fault == "lost before":
            self.close_connection = True
        elif fault == "500 before":
            self._write((500, _ERROR))
        elif fault == "locked":
            self._write((422, _LOCKED))
        elif fault in ("503", "429"):
            self._write((int(fault), _ERROR), {"Retry-After": "1"})
        else:
            self._write_after(fault, self._answer(body))

    def _write_after(self, fault: str, answer: Answer | None) -> None:
        if fault == "slow":
            time.sleep(_SLOW_SECONDS)
        if fault == "lost after":
            self.close_connection = True
        elif fault == "500 after":
            self._write((500, _ERROR))
        else:
            self._write(answer, is_cut=fault == "cut")

    def _body(self) -> bytes:
        size = int(self.headers.get("content-length", 0))
        body = self.rfile.read(size)
        if len(body) < size:
            # Its sender was killed.
            raise ConnectionResetError
        return body

    def _answer(self, body: bytes) -> Answer | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.server.host.answer(self.command, self.path, headers, body)

    def _write(
        self,
        answer: Answer | None,
        headers: Mapping[str, str] | None = None,
        *,
        is_cut: bool = False,
    ) -> None:
        if answer is None:
            self.close_connection = True
            return

        status, document = answer
        content = json.dumps(document).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status == 308:
            self.send_header("Location", f"{self.server.host.moved_to}{self.path}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if is_cut:
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
