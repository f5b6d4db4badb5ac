"""The way to a service, and a request as httpx takes it."""

from __future__ import annotations

import ssl
import time
from functools import lru_cache
from typing import Any

import httpx
from attrs import field, frozen

from ledgerhq_ext._http.body import ACCEPTED
from ledgerhq_ext._http.exchange import Exchange
from ledgerhq_ext._http.messages import Request

CONNECT_TIMEOUT = 5.0

# Their requests say that they have no content.
_WITH_BODY = ("POST", "PUT", "PATCH")


@frozen(kw_only=True, eq=False, repr=False)
class Wiring:
    """The way to a service: a client or transport that was handed in, or settings of ours."""

    base_url: str
    http_client: Any = None
    transport: Any = field(default=None, repr=False)
    proxy: str | httpx.URL | httpx.Proxy | None = field(default=None, repr=False)
    verify: ssl.SSLContext | bool | None = None

    def build(
        self, request: Request, timeout: float, exchange: Exchange, trace: Any
    ) -> httpx.Request:
        """Return the request as httpx takes it, with its time limits.

        ``trace`` hears of httpcore's events, where no stream of ours says what is written.
        """
        wait = max(min(timeout, exchange.end - time.monotonic()), 0.001)
        connect = min(wait, CONNECT_TIMEOUT)
        limits = {"connect": connect, "read": wait, "write": wait, "pool": wait}
        extensions: dict[str, Any] = {"timeout": limits}
        if trace is not None:
            extensions["trace"] = trace
        url = _address(self.base_url + request.path)
        if self.http_client is not None:
            return self._built_by_client(request, url, extensions)

        # With complete headers, and the content as a stream: to complete them, httpx makes all of
        # them twice. In line, since a test holds how many calls a warm post makes.
        content = request.content or b""
        headers = {"Host": url.netloc.decode("ascii")}
        if not content and request.method in _WITH_BODY:
            headers["Content-Length"] = "0"
        headers["accept-encoding"] = ACCEPTED
        headers.update(request.headers)
        if content:
            headers["Content-Length"] = f"{len(content)}"

        outgoing = httpx.Request(
            request.method,
            url,
            params=request.query or None,
            headers=headers,
            stream=httpx.ByteStream(content),
            extensions=extensions,
        )
        # A transport that was handed in may look at the content.
        outgoing.read()
        return outgoing

    def _built_by_client(
        self, request: Request, url: httpx.URL, extensions: dict[str, Any]
    ) -> httpx.Request:
        outgoing: httpx.Request = self.http_client.build_request(
            request.method,
            url,
            params=request.query or None,
            headers={"accept-encoding": ACCEPTED, **request.headers},
            content=request.content,
            extensions=extensions,
        )
        # What one company's response put into the client's jar is nothing for the next company.
        outgoing.headers.pop("cookie", None)
        return outgoing


# Most calls go to few routes, and httpx reads an address character by character.
@lru_cache(maxsize=1_000)
def _address(url: str) -> httpx.URL:
    return httpx.URL(url)
