from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import OutboxSettings, Store
from scripts.storm.servers import Postgres, postgres

from .support import OPTIONS, World, done


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    with Sandbox(auto_approve=True) as box:
        yield box


@pytest.fixture
def box(server: Sandbox) -> Iterator[Sandbox]:
    server.reset()
    yield server
    assert server.contract_violations == []


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
    with Store(place) as made:
        yield made


@pytest.fixture(params=["blocking", "awaiting"])
def surface(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def hq(surface: str, box: Sandbox) -> AsyncIterator[Any]:
    kind: Any = LedgerHQ if surface == "blocking" else AsyncLedgerHQ
    client = kind(base_url=box.url, access_token=box.access_token(), **OPTIONS)
    yield client
    await done(client.close())


@pytest.fixture
def outbox(store: Store, surface: str) -> Any:
    settings = OutboxSettings(lease_margin=5)
    return store.outbox(settings) if surface == "blocking" else store.async_outbox(settings)


@pytest.fixture
def maple(box: Sandbox) -> World:
    return World(box)


@pytest.fixture
def harbor(box: Sandbox) -> World:
    return World(box, "harbor-bike-repair")
