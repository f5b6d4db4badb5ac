from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from ledgerhq_ext import AsyncLedgerHQ, Event, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox

from .support import Clock, Hook, Surface, World, connect, done


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


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=[LedgerHQ, AsyncLedgerHQ], ids=["blocking", "awaiting"])
def surface(request: pytest.FixtureRequest) -> Surface:
    kind: Surface = request.param
    return kind


@pytest.fixture
def maple(box: Sandbox) -> World:
    return World(box)


@pytest.fixture
def hooks() -> list[Hook]:
    """What the client under test calls for every event; tests add to it."""
    return []


@pytest.fixture
async def hq(surface: Surface, box: Sandbox, clock: Clock, hooks: list[Hook]) -> AsyncIterator[Any]:
    def tell(event: Event) -> None:
        for hook in hooks:
            hook(event)

    client = connect(surface, box, clock, access_token=box.access_token(), hooks=[tell])
    yield client
    await done(client.close())


@pytest.fixture
def books(hq: Any, maple: World) -> Any:
    """Maple Street Coffee, seen through the client under test."""
    return hq.organization(maple.org)
