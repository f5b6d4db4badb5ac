"""Checks of what is handed in of httpx: a client, a transport, a proxy, certificates."""

from __future__ import annotations

import ssl
from importlib.util import find_spec

import httpx

from ledgerhq_ext.errors import InputError


def check_client(
    http_client: object,
    client_class: type,
    transport: object,
    transport_class: type,
    proxy: object,
    verify: object,
) -> None:
    """Raise ``InputError`` for an httpx client, transport, proxy or verify of the wrong kind."""
    if http_client is not None:
        is_alone = transport is None and proxy is None and verify is None
        _check_http_client(http_client, client_class, is_alone=is_alone)
    if transport is not None:
        _check_transport(transport, transport_class)
    if proxy is not None:
        _check_proxy(proxy)
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


def _check_proxy(proxy: object) -> None:
    """Raise ``InputError``, which does not show the URL: it may hold a password."""
    if isinstance(proxy, str | httpx.URL):
        try:
            proxy = httpx.Proxy(proxy)
        except (ValueError, httpx.InvalidURL):
            proxy = None
    if not isinstance(proxy, httpx.Proxy) or not proxy.url.host:
        raise InputError(
            "proxy must be the URL of a proxy (http, https or socks5), or an httpx.Proxy."
        )
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise InputError(
            "proxy: a SOCKS proxy needs the package socksio: pip install 'httpx[socks]'"
        )
