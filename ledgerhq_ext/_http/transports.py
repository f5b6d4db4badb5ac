"""Our blocking transport, and what both of ours are made with: httpx's, over a network of our own.

That network keeps to deadlines and counts bytes. A transport is handed an ``httpx.Request``
directly: what a client adds to it (cookies, redirects, an auth flow, hooks) is what would have to
be switched off, and a third of a call.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import httpcore
import httpx

from ledgerhq_ext._http.clients import usable_proxy
from ledgerhq_ext._http.environment import default_certificates, environment_proxy
from ledgerhq_ext._http.network import (
    BlockingBackend,
    BlockingHTTPProxy,
    BlockingPool,
    BlockingSOCKSProxy,
)

_CONNECTIONS = 100
_KEPT_ALIVE = 20
_KEEPALIVE_EXPIRY = 5.0


class BlockingTransport(httpx.HTTPTransport):
    """httpx's transport over our own network."""

    def __init__(self, certificates: ssl.SSLContext, proxy: httpx.Proxy | None) -> None:
        super().__init__(verify=certificates)
        self.is_direct = proxy is None
        # httpx takes no network backend; the pool it uses does.
        pools = BlockingPool, BlockingHTTPProxy, BlockingSOCKSProxy
        pool = pool_of(pools, certificates, proxy, BlockingBackend())
        # A signal handler may raise inside of the Python method by which httpcore's own lock is
        # entered, when it is taken already: nobody could ever use the pool again. This one is
        # entered in one step.
        pool._optional_thread_lock = threading.Lock()
        self._pool = pool


def pool_of(
    pools: tuple[Any, Any, Any],
    certificates: ssl.SSLContext,
    proxy: httpx.Proxy | None,
    backend: object,
) -> Any:
    """Return the pool of httpcore's over a network of ours.

    The first class is for no proxy, the second for one by HTTP, the third for one by SOCKS.
    """
    direct, by_http, by_socks = pools
    settings: dict[str, Any] = {
        "ssl_context": certificates,
        "max_connections": _CONNECTIONS,
        "max_keepalive_connections": _KEPT_ALIVE,
        "keepalive_expiry": _KEEPALIVE_EXPIRY,
        "network_backend": backend,
    }
    if proxy is None:
        return direct(**settings)

    settings["proxy_url"] = httpcore.URL(
        scheme=proxy.url.raw_scheme,
        host=proxy.url.raw_host,
        port=proxy.url.port,
        target=proxy.url.raw_path,
    )
    settings["proxy_auth"] = proxy.raw_auth
    # SOCKS proxies take no headers, and no TLS of their own.
    if proxy.url.scheme.startswith("socks"):
        return by_socks(**settings)
    return by_http(**settings, proxy_headers=proxy.headers.raw, proxy_ssl_context=proxy.ssl_context)


T = TypeVar("T", bound=httpx.BaseTransport | httpx.AsyncBaseTransport)


def make_transport(
    transport_class: Callable[[ssl.SSLContext, httpx.Proxy | None], T],
    base_url: str,
    proxy: str | httpx.URL | httpx.Proxy | None,
    verify: ssl.SSLContext | bool | None,
) -> T:
    """Return a transport to a service, by the settings and else by the environment.

    Raises ``InputError`` that names the setting or the variable that does not work.
    """
    is_plain = base_url.startswith("http:")
    if isinstance(verify, ssl.SSLContext):
        certificates = verify
    elif verify is not None:
        certificates = httpx.create_ssl_context(verify=verify)
    elif is_plain:
        # Plain http (loopback only) needs no certificates; an empty context trusts nobody.
        certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        certificates = default_certificates()

    source = "proxy"
    if proxy is None and not is_plain:
        # No proxy of the environment may stand between us and this machine: it would see the token.
        variable = environment_proxy(base_url)
        if variable is not None:
            source, proxy = variable
    return transport_class(certificates, None if proxy is None else usable_proxy(proxy, source))
