"""What every call of one client shares: where to, who is calling, how patiently, and who is told."""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Literal, Protocol
from urllib.parse import urlsplit

from attrs import evolve, field, frozen, validators

from ledgerhq_ext.checks import number
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.flow import Flow
from ledgerhq_ext.idempotency import fingerprint
from ledgerhq_ext.operations import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext.retries import RetryPolicy

log = logging.getLogger("ledgerhq_ext")

_DAY = 86_400.0
_BODY_HEADERS = {"content-length", "content-type", "host", "transfer-encoding"}
_RESERVED = frozenset({"authorization", KEY_HEADER.lower(), SCOPE_HEADER.lower(), *_BODY_HEADERS})


def _check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not (isinstance(name, str) and re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name, re.ASCII)):
            raise InputError(f"{name!r} is no name of a header.")
        if name.lower() in _RESERVED:
            raise InputError(f"the header {name} is this package's own business and cannot be set.")
        if not (isinstance(value, str) and value.isascii() and value.isprintable()):
            raise InputError(f"the header {name} must be a string of printable ASCII.")
    return dict(headers)


@frozen(kw_only=True)
class Options:
    """How calls behave. ``timeout`` bounds each wait for the network, ``deadline`` a whole call with its retries.

    Both are seconds; there is no way to switch them off. ``headers`` are sent in addition.
    """

    timeout: float = field(default=30.0, validator=number(0.001, _DAY))
    deadline: float = field(default=90.0, validator=number(0.001, _DAY))
    retries: RetryPolicy = field(factory=RetryPolicy, validator=validators.instance_of(RetryPolicy))
    headers: Mapping[str, str] = field(factory=dict, converter=_check_headers, repr=False)


class Clock(Protocol):
    """The time, injectable for tests."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds that never go back."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


@frozen(kw_only=True)
class Event:
    """Something a hook is told: no bodies, no tokens.

    ``kind``: ``response`` (an answer came), ``failure`` (none came), ``retry`` (another try follows after
    ``pause`` seconds).
    """

    kind: Literal["response", "failure", "retry"]
    method: str
    path: str
    attempt: int
    status: int | None = None
    request_id: str | None = None
    elapsed: float = 0.0
    pause: float = 0.0
    error: str = ""


Hook = Callable[[Event], None]


class Credentials(Protocol):
    """Who is calling."""

    def token(self, session: Session, deadline: float, /, rejected: str | None = None) -> Flow[str | None]:
        """The bearer token; with ``rejected`` (the ``mark`` of one), another one, or None when there is none."""

    def check_scope(self, organization_id: str) -> None:
        """Raise ``InputError`` when these credentials cannot speak for the organization."""


def mark(token: str) -> str:
    """What tells a token from others without showing it: tracebacks may show the locals of every frame."""
    return fingerprint(token.encode())


def origin(url: str) -> str:
    """Scheme, host and port of a URL: who a token belongs to."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and parts.port != {"https": 443, "http": 80}.get(parts.scheme) else ""
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def check_base_url(url: str) -> str:
    """The base URL without a slash at its end; ``InputError`` unless https, or http on loopback."""
    try:
        if not re.fullmatch(r"[!-~]+", url, re.ASCII) or re.search(r"[?#@\\]", url):
            raise InputError("the base URL is a scheme, a host and perhaps a path; nothing else.")
        parts = urlsplit(url)
        plain = parts.scheme == "http" and is_loopback(parts.hostname or "")
        _ = parts.port
    except (ValueError, AttributeError, TypeError):
        raise InputError(f"{url!r} is not a URL.") from None
    if not parts.hostname:
        raise InputError(f"{url!r} names no host.")
    if parts.scheme != "https" and not plain:
        raise InputError(f"{url!r} would send the token in the clear; use https (http only on loopback).")
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@frozen(kw_only=True)
class Session:
    """The shared parts. Immutable: ``with_options`` makes another one over the same connections."""

    base_url: str
    credentials: Credentials = field(repr=False)
    options: Options
    clock: Clock
    user_agent: str
    hooks: tuple[Hook, ...] = ()

    def with_options(self, options: Options) -> Session:
        """The same session with other options."""
        return evolve(self, options=options)

    def tell(self, event: Event) -> None:
        """Log an event, and call the hooks. A hook that fails is logged: it must not cost anybody a receipt."""
        log.debug(
            "%s %s: %s (attempt %d, %.3f s, status %s, request %s)%s",
            event.method, event.path, event.kind, event.attempt, event.elapsed, event.status, event.request_id,
            f" {event.error}" if event.error else "",
        )  # fmt: skip
        for hook in self.hooks:
            try:
                hook(event)
            except Exception:
                log.exception("the hook %r failed", hook)
