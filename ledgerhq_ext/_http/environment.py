"""The proxy and certificates of the environment, honored as httpx honors them.

Variables: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY`` (in either case), and
``SSL_CERT_FILE`` and ``SSL_CERT_DIR``. ``NO_PROXY`` may also hold addresses in brackets, networks
such as ``10.0.0.0/8``, and ``*.example.com``, as other programs read them.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from ledgerhq_ext.errors import InputError

_PORTS = {"http": 80, "https": 443}
_TLS_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


@cache
def _certificates(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    # httpx reads the variables itself; the arguments only tell one environment from another.
    # Reading the certificates takes 50 ms: once for a process, not once for a client.
    return httpx.create_ssl_context()


def default_certificates() -> ssl.SSLContext:
    """Return the certificates of the environment.

    Raises ``InputError`` that names the variables when what they name cannot be used.
    """
    file = os.environ.get("SSL_CERT_FILE")
    folder = os.environ.get("SSL_CERT_DIR")
    if folder and not file and not any(map(os.path.isdir, folder.split(os.pathsep))):
        # OpenSSL would take it, and trust nobody.
        raise InputError(f"TLS cannot be set up with SSL_CERT_DIR={folder}: it is not a folder.")
    try:
        return _certificates(file, folder)
    except (OSError, ssl.SSLError, ValueError) as error:
        variables = [f"{name}={os.environ[name]}" for name in _TLS_VARIABLES if name in os.environ]
        raise InputError(
            f"TLS cannot be set up with {', '.join(variables) or 'the default certificates'}: "
            f"{error}"
        ) from None


def environment_proxy(base_url: str) -> tuple[str, str] | None:
    """Return the environment's proxy for a service, as (variable, URL); None for none."""
    parts = urlsplit(base_url)
    proxies = getproxies()
    if _is_bypassed(proxies.get("no", ""), parts.scheme, parts.hostname or "", parts.port):
        return None

    # The variable of the scheme goes before ALL_PROXY.
    for scheme in (parts.scheme, "all"):
        url = proxies.get(scheme)
        if not url:
            continue
        # "proxy.example:3128" is how most people write it, and httpx wants a scheme.
        if "://" not in url:
            url = f"http://{url}"
        return _variable(scheme), url
    return None


def _variable(scheme: str) -> str:
    """Return the variable of a scheme as it is written here; lower case goes first."""
    name = f"{scheme}_proxy"
    return name if name in os.environ else name.upper()


def _is_bypassed(no_proxy: str, scheme: str, host: str, port: int | None) -> bool:
    """Return whether ``NO_PROXY``, a list with commas, has an entry that names the host."""
    for entry in no_proxy.split(","):
        name = entry.strip().lower()
        if name and _names_host(name, scheme, host, port):
            return True
    return False


def _names_host(name: str, scheme: str, host: str, port: int | None) -> bool:
    """Return whether an entry names the host: by name, domain, address, network or URL, or as any.

    Raises ``InputError`` for a URL that is none: a proxy nobody meant would see the calls.
    """
    if name == "*":
        return True
    if "://" in name:
        try:
            parts = urlsplit(name)
            is_port = parts.port in (None, port)
        except ValueError:
            raise InputError(
                f"{_variable('no')} contains {name!r}, which is not a valid URL."
            ) from None
        return is_port and parts.hostname == host and parts.scheme in ("all", scheme)

    # These have no subdomains.
    if name == "localhost":
        return host == name
    try:
        network = ipaddress.ip_network(name.strip("[]"), strict=False)
    except ValueError:
        return _is_within(host, port or _PORTS[scheme], name)
    return _is_address_of(host, network)


def _is_address_of(host: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False


def _is_within(host: str, port: int, domain: str) -> bool:
    """Return whether a host is in a domain, and the port is that of the domain, if it has one.

    ``.example.com`` and ``*.example.com`` do not name example.com itself.
    """
    name, _, only = domain.removeprefix("*").partition(":")
    if only not in ("", f"{port}"):
        return False
    if name.startswith("."):
        return host.endswith(name)
    return host == name or host.endswith(f".{name}")
