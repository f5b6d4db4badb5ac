from __future__ import annotations

import pytest

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ

from .support import Clock, Face, Service


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(clock: Clock) -> Service:
    return Service(clock)


@pytest.fixture(params=[LedgerHQ, AsyncLedgerHQ], ids=["blocking", "awaiting"])
def face(request: pytest.FixtureRequest, service: Service, clock: Clock) -> Face:
    """Makes clients of the service, on either surface."""
    return Face(request.param, service, clock)
