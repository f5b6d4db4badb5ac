"""Checks of what is handed in of httpx: a client, a transport, a proxy, certificates."""

from __future__ import annotations

import ssl
from importlib.util import find_spec

import httpx

from ledgerhq_ext._http.urls import is_host_name
from ledgerhq_ext.errors import InputError

_LAST_PORT = 65535
_ESCAPES = (
    "it must read scheme://user:password@host:port, with characters such as / ? # @ in the user "
    "and the password written as %2F, %3F, %23 and %40."
)


def check_client(
    http_client: object, transport: object, proxy: object, verify: object, *, is_blocking: bool
) -> None:
    """Raise ``InputError`` for an httpx client, transport, proxy or verify of the wrong kind."""
    if http_client is not None:
        client_class = httpx.Client if is_blocking else httpx.AsyncClient
        is_alone = transport is None and proxy is None and verify is None
        _check_http_client(http_client, client_class, is_alone=is_alone)
    if transport is not None:
        transport_class = httpx.BaseTransport if is_blocking else httpx.AsyncBaseTransport
        _check_transport(transport, transport_class)
    if proxy is not None:
        usable_proxy(proxy, "proxy")
    if verify is not None:
        _check_verify(verify)


def _check_transport(transport: object, transport_class: type) -> None:
    if not isinstance(transport, transport_class):
        name = transport_class.__name__
        raise InputError(f"transport must be an httpx.{name}, not {transport!r}.")


def _check_verify(verify: object) -> None:
    if not isinstance(verify, bool | ssl.SSLContext):
        raise InputError(f"verify must be an ssl.SSLContext, True or False, not {verify!r}.")


def _check_http_client(http_client: object, client_class: type, *, is_alone: bool) -> None:
    if not isinstance(http_client, client_class):
        name = client_class.__name__
        raise InputError(f"http_client must be an httpx.{name}, not {http_client!r}.")
    if not is_alone:
        raise InputError(
            "An http_client has its own transport, proxy and verify settings. Do not pass them "
            "as well."
        )


def usable_proxy(proxy: object, source: str) -> httpx.Proxy:
    """Return a proxy as httpx takes it; ``source`` is the setting or the variable that names it.

    Raises ``InputError`` unless it has a scheme, a host and a port that can be used.
    """
    try:
        if not isinstance(proxy, httpx.Proxy):
            proxy = httpx.Proxy(proxy)  # type: ignore[arg-type]
        # In punycode (xn--...) a host may stand for none, which httpx says when it is read.
        host = proxy.url.host
        port = proxy.url.port
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        # It may quote a part of the password.
        reason = f"{error}" if "@" not in f"{proxy}" else _ESCAPES
        raise InputError(f"{source} is not the URL of a proxy: {reason}") from None
    if not host:
        raise InputError(f"{source} contains no proxy host.")
    if not is_host_name(host):
        raise InputError(f"{source}: {host} is not a valid host name.")
    if port is not None and port > _LAST_PORT:
        raise InputError(f"{source}: {port} is not a valid port.")
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise InputError(
            f"{source} names a SOCKS proxy, which needs socksio: pip install 'httpx[socks]'."
        )
    return proxy
