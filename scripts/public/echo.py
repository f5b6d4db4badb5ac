"""A server on the loopback interface that keeps what it is sent."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from .wire import Sent

CASE = "x-case"
"""The header that says which call a request belongs to."""

# No contract declares it, so nobody reads the answer as one of the contract's.
_STATUS = 599


class EchoServer:
    """Answers each request with what came: method, target, headers, body (base64).

    ``requests`` holds them by the number in the header ``x-case``.
    """

    def __init__(self) -> None:
        self.requests: dict[int, Sent] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.requests))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(requests: dict[int, Sent]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Keep each request by the number of its case, and answer it."""

        protocol_version = "HTTP/1.1"

        def echo(self) -> None:
            """Note the request, and answer as the contract says."""
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = [(name.lower(), value) for name, value in self.headers.items()]
            sent = Sent(self.command, self.path, headers, content)
            number = self.headers.get(CASE)
            if number is not None:
                requests[int(number)] = sent
            self._answer(sent)

        def _answer(self, sent: Sent) -> None:
            document = {
                "method": sent.method,
                "target": sent.target,
                "headers": sent.headers,
                "body": base64.b64encode(sent.content).decode(),
            }
            answer = json.dumps(document).encode()
            self.send_response(_STATUS, "Echo")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Print nothing."""

    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        setattr(Handler, f"do_{method}", Handler.echo)
    return Handler
