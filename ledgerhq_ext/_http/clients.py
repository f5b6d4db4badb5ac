"""What is handed in of httpx, checked."""

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
        if not isinstance(http_client, client_class):
            raise InputError(f"http_client must be an httpx.{client_class.__name__}, not {http_client!r}.")
        if transport is not None or proxy is not None or verify is not None:
            raise InputError("http_client brings its own transport, proxy and verify: give it alone.")
    if transport is not None and not isinstance(transport, transport_class):
        raise InputError(f"transport must be an httpx.{transport_class.__name__}, not {transport!r}.")
    if proxy is not None:
        _check_proxy(proxy)
    if verify is not None and not isinstance(verify, bool | ssl.SSLContext):
        raise InputError(f"verify must be an ssl.SSLContext, True or False, not {verify!r}.")


def _check_proxy(proxy: object) -> None:
    """Raise ``InputError``, which does not show the URL: it may hold a password."""
    if isinstance(proxy, str | httpx.URL):
        try:
            proxy = httpx.Proxy(proxy)
        except (ValueError, httpx.InvalidURL):
            proxy = None
    if not isinstance(proxy, httpx.Proxy) or not proxy.url.host:
        raise InputError("proxy must be the URL of a proxy (http, https or socks5), or an httpx.Proxy.")
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise InputError("proxy: a SOCKS proxy needs the package socksio: pip install 'httpx[socks]'")
