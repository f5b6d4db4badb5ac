from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ledgerhq_ext import Event
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clocks import FakeClock
from tests.support.companies import World, connect_to
from tests.support.surfaces import Hook, Surface, resolve

CARRIER = "LEDGERHQ_SURVIVAL_CARRIER"


@pytest.fixture
def hooks() -> list[Hook]:
    """What the client under test calls for every event; tests add to it."""
    return []


@pytest.fixture
def carrier() -> str:
    """What the client under test names the company by: the header, or what the run says
    (`tests/survival`).
    """
    return os.environ.get(CARRIER, "header")


@pytest.fixture
async def hq(
    surface: Surface, box: Sandbox, clock: FakeClock, hooks: list[Hook], carrier: str
) -> AsyncIterator[Any]:
    def tell(event: Event) -> None:
        for hook in hooks:
            hook(event)

    client = connect_to(
        box, surface, clock, access_token=box.access_token(), hooks=[tell], carrier=carrier
    )
    yield client
    await resolve(client.close())


@pytest.fixture
def books(hq: Any, maple: World) -> Any:
    """Maple Street Coffee, seen through the client under test."""
    return hq.organization(maple.org)
