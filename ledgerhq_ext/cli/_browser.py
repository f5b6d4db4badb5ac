"""The way through a browser and back to this machine, for `ledgerhq login`."""

from __future__ import annotations

import contextlib
import html
import threading
import time
import webbrowser
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Self

from ledgerhq_ext import LedgerHQError, OAuthError, TransportError

_HOST = "127.0.0.1"
_PATH = "/callback"
_PATIENCE = 600.0
"""Seconds until nobody is expected to come back any more."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family: sans-serif; max-width: 34em; margin: 4em auto">
<h1>{title}</h1><p>{message}</p></body></html>
"""


def open_page(address: str) -> None:
    """Open a page in the browser, without waiting: some browsers run until they are closed."""
    threading.Thread(target=_open, args=(address,), daemon=True).start()


def _open(address: str) -> None:
    # The address stands on the terminal, too.
    with contextlib.suppress(Exception):
        webbrowser.open(address)


class Callback:
    """A server on this machine that the browser comes back to, once.

    ``finish`` is called with the whole address, before the page says how it went.
    """

    def __init__(self, port: int, finish: Callable[[str], None]) -> None:
        self._finish = finish
        self._error: LedgerHQError | None = None
        self._is_over = False
        self._server = _listen(port, self._handler())

    @property
    def address(self) -> str:
        """The address that the browser has to be sent back to."""
        return f"http://{_HOST}:{self._server.server_port}{_PATH}"

    def wait(self) -> None:
        """Serve until the browser has come back; raise what went wrong then."""
        until = time.monotonic() + _PATIENCE
        while not self._is_over:
            if time.monotonic() >= until:
                raise TransportError(
                    "The browser did not return within ten minutes. Run the command again, or "
                    "add --no-browser.",
                    outcome="not_sent",
                )
            self._server.timeout = 1.0
            self._server.handle_request()
        if self._error is not None:
            raise self._error

    def come_back(self, path: str) -> tuple[int, str]:
        """Return status and page for a path that was asked for."""
        if path.partition("?")[0] != _PATH:
            return 404, _page("Page not found", "This page is used by ledgerhq login.")
        try:
            self._finish(f"http://{_HOST}:{self._server.server_port}{path}")
        except OAuthError as error:
            if error.error == "invalid_state":
                # Somebody else's page may ask for this address, too: that ends nothing.
                return 400, _page("Wrong login", "This response belongs to another login.")
            return self._fail(error)
        except LedgerHQError as error:
            return self._fail(error)
        self._is_over = True
        return 200, _page("Connected", "You can close this page and return to the terminal.")

    def _fail(self, error: LedgerHQError) -> tuple[int, str]:
        self._error = error
        self._is_over = True
        return 400, _page("Not connected", html.escape(error.message))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        callback = self

        class Handler(BaseHTTPRequestHandler):
            """Answers the browser that comes back."""

            # A connection that a browser opens in advance, and says nothing on, must not hold up
            # the one that it speaks on.
            timeout = 5.0

            def do_GET(self) -> None:
                """Answer the browser."""
                status, page = callback.come_back(self.path)
                content = page.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the address holds the code."""

        return Handler

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.server_close()


def _listen(port: int, handler: type[BaseHTTPRequestHandler]) -> HTTPServer:
    """Return a server on the port, or on a free one where something else listens there."""
    try:
        return HTTPServer((_HOST, port), handler)
    except OSError:
        return HTTPServer((_HOST, 0), handler)


def _page(title: str, text: str) -> str:
    return _PAGE.format(title=title, message=text)
