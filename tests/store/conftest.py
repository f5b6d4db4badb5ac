from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import OutboxSettings, Store
from scripts.storm.servers import Postgres, postgres
from tests.support.outbox import OPTIONS
from tests.support.surfaces import Surface, resolve


@pytest.fixture(scope="session")
def pg() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store is made."""
    if request.param == "sqlite":
        return str(tmp_path / "store" / "books.db")
    server: Postgres = request.getfixturevalue("pg")
    return server.new_database()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with Store(place) as store:
        yield store


@pytest.fixture
async def hq(surface: Surface, box: Sandbox) -> AsyncIterator[Any]:
    kind: Any = surface
    client = kind(base_url=box.url, access_token=box.access_token(), **OPTIONS)
    yield client
    await resolve(client.close())


@pytest.fixture
def outbox(store: Store, surface: Surface) -> Any:
    settings = OutboxSettings(lease_margin=5)
    return store.outbox(settings) if surface is LedgerHQ else store.async_outbox(settings)
