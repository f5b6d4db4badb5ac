from __future__ import annotations

from typing import Any

import pytest

from ledgerhq_ext import Connection, MemoryTokenStore
from tests.support.authorization import MakeClient, Service
from tests.support.clients import BASE, new_client
from tests.support.clocks import FakeClock
from tests.support.surfaces import Surface


@pytest.fixture
def service(clock: FakeClock) -> Service:
    return Service(clock)


@pytest.fixture
def make_client(surface: Surface, service: Service, clock: FakeClock) -> MakeClient:
    """Make clients of the service, on either surface; a connection may stand for its store."""

    def make(store: Any, **settings: Any) -> Any:
        store = MemoryTokenStore(store) if isinstance(store, Connection) else store
        defaults = {"base_url": BASE, "token_store": store, "transport": service.transport()}
        return new_client(surface, clock, **defaults | settings)

    return make
