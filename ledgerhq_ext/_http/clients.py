"""The httpx clients behind a session: their settings, checked before one is made."""

from __future__ import annotations

import ssl
from functools import cache
from importlib.util import find_spec
from typing import Any

import httpx

from ledgerhq_ext.errors import InputError


@cache
def _default_certificates() -> ssl.SSLContext:
    # Reading the certificates takes 50 ms: once for a process, not once for a client.
    return httpx.create_ssl_context()


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


def client_settings(base_url: str, transport: Any, proxy: Any, verify: Any) -> dict[str, Any]:
    """Return the keyword arguments of the httpx client that a session makes for itself."""
    is_plain = base_url.lower().startswith("http:")
    if verify is None:
        # Plain http (loopback only) needs no certificates; an empty context trusts nobody.
        verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_plain else _default_certificates()

    # Nor may a proxy of the environment stand between us and this machine: it would see the token.
    settings = {"verify": verify, "trust_env": not is_plain}
    if transport is not None:
        settings["transport"] = transport
    if proxy is not None:
        settings["proxy"] = proxy
    return settings
