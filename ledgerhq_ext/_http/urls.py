"""The address of the service: which base URLs are safe, and whom a token belongs to."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from ledgerhq_ext.errors import InputError

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST_LENGTH = 253
_LABEL_LENGTH = 63


def origin(url: str) -> str:
    """Return scheme, host and port of a URL: whom a token belongs to."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_ipv6 = ":" in host
    if is_ipv6:
        host = f"[{host}]"
    # A port that goes without saying is left out, so that one service has one origin.
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    return f"{parts.scheme}://{host}"


class OriginMove(NamedTuple):
    """The origins that a service had before, and has from now on."""

    old: str
    new: str


def origins_of_move(old: str, new: str) -> OriginMove:
    """Return the origins of two addresses of one service.

    Raises ``InputError`` for what is not an address of a service, and for twice the same.
    """
    move = OriginMove(_origin_of("old", old), _origin_of("new", new))
    if move.old == move.new:
        raise InputError(
            f"old and new are both {move.old}. Give the service's previous address and its new one."
        )
    return move


def _origin_of(name: str, url: str) -> str:
    try:
        return origin(check_base_url(url))
    except InputError as error:
        problem = error.message
    raise InputError(f"{name} is not a valid address of the service: {problem}")


def check_base_url(url: str) -> str:
    """Return the base URL without a slash at its end.

    Raises ``InputError`` unless it is https, or http on the loopback interface.
    """
    if isinstance(url, str) and not url.isascii():
        raise InputError(f"base_url {url!r} must be ASCII{_ascii_hint(url)}.")
    try:
        if not re.fullmatch(r"[!-~]+", url, re.ASCII) or re.search(r"[?#@\\]", url):
            raise InputError("base_url must consist of a scheme, a host and an optional path.")
        parts = urlsplit(url)
        is_plain = parts.scheme == "http" and is_loopback(parts.hostname or "")
        # Read for its error alone: a port that is not a number says so here.
        _ = parts.port
    except (ValueError, AttributeError, TypeError):
        raise InputError(f"base_url {url!r} is not a valid URL.") from None

    if "://" not in url:
        raise InputError(
            f"base_url {url!r} must begin with https:// (or http://, only on loopback)."
        )
    if not parts.hostname:
        raise InputError(f"base_url {url!r} contains no host.")
    if not _is_host(parts.hostname, url):
        raise InputError(f"base_url {url!r}: {parts.hostname} is not a valid host name.")
    if parts.scheme != "https" and not is_plain:
        raise InputError(
            f"base_url {url!r} would send the token unencrypted. Use https (http is allowed "
            "only on loopback)."
        )
    return url.rstrip("/")


def refuse_api_path(base_url: str) -> None:
    """Raise ``InputError`` for a base URL that contains the beginning of every path as well."""
    if base_url.endswith("/api/v1"):
        raise InputError(
            f"base_url {base_url!r} must not contain /api/v1, with which the path of a request "
            f"begins. Use {base_url.removesuffix('/api/v1')!r}."
        )


def _is_host(host: str, url: str) -> bool:
    """Return whether httpx and the resolver will take a name.

    Else each raises an error of its own.
    """
    try:
        # A name in punycode (xn--…) that stands for none.
        _ = httpx.URL(url).host
    except (UnicodeError, httpx.InvalidURL):
        return False
    return is_host_name(host)


def is_host_name(host: str) -> bool:
    """Return whether the parts of a name are as long as the resolver takes them."""
    labels = host.removesuffix(".").split(".")
    return len(host) <= _HOST_LENGTH and all(1 <= len(label) <= _LABEL_LENGTH for label in labels)


def _ascii_hint(url: str) -> str:
    try:
        name = httpx.URL(url).raw_host.decode("ascii")
    except (UnicodeError, httpx.InvalidURL):
        return ""

    return f"; write its host as {name}" if name else ""


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
