"""Clients of either surface, whose service is a mock and whose time is a fake clock's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from ledgerhq_ext import LedgerHQ, RetryPolicy

from .clocks import FakeClock
from .surfaces import Surface

BASE = "https://ledger.test"
SECRET = "Zm9vYmFyU0VDUkVU"
TOKEN = f"mcp_at_{SECRET}"
ORG = "org_8c1f"


def options(attempts: int = 3, **more: Any) -> dict[str, Any]:
    """Return settings of a client that makes so many attempts."""
    return {"retries": RetryPolicy(attempts=attempts), **more}


def new_client(surface: Surface, clock: FakeClock, **settings: Any) -> Any:
    """Return a client of the surface that goes by the clock."""
    kind: Any = surface
    sleep = clock.sleep if surface is LedgerHQ else clock.asleep
    return kind(**{"clock": clock, "sleep": sleep, **settings})


def connect(surface: Surface, clock: FakeClock, **settings: Any) -> Any:
    """Return a client of the service that the fixture `web` mocks."""
    return new_client(
        surface, clock, **{"base_url": BASE, "access_token": TOKEN, **options(), **settings}
    )


def client(handler: Callable[[httpx.Request], httpx.Response], **settings: Any) -> LedgerHQ:
    """Return a blocking client whose service is a function."""
    blocking: LedgerHQ = connect(
        LedgerHQ, FakeClock(), transport=httpx.MockTransport(handler), **settings
    )
    return blocking


def core(client: Any) -> Any:
    """Return the asynchronous client behind a blocking one, or the client itself."""
    return getattr(client, "_core", client)
