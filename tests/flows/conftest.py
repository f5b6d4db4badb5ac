from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from ledgerhq_ext import Event
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clocks import FakeClock
from tests.support.companies import World, connect_to
from tests.support.surfaces import Hook, Surface, resolve


@pytest.fixture
def hooks() -> list[Hook]:
    """What the client under test calls for every event; tests add to it."""
    return []


@pytest.fixture
async def hq(surface: Surface, box: Sandbox, clock: FakeClock, hooks: list[Hook]) -> AsyncIterator[Any]:
    def tell(event: Event) -> None:
        for hook in hooks:
            hook(event)

    client = connect_to(box, surface, clock, access_token=box.access_token(), hooks=[tell])
    yield client
    await resolve(client.close())


@pytest.fixture
def books(hq: Any, maple: World) -> Any:
    """Maple Street Coffee, seen through the client under test."""
    return hq.organization(maple.org)
