"""Fixtures of more than one folder. `tests/conftest.py` loads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import respx

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext._http import documents

from .clients import BASE
from .clocks import FakeClock
from .companies import HARBOR, World
from .surfaces import Surface
from .waiting import Gate

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

# How long an example takes says something about the machine, and nothing about the code.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


@pytest.fixture
def anyio_backend() -> str:
    """Run every awaiting test on asyncio."""
    return "asyncio"


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that moves only when somebody sleeps."""
    return FakeClock()


@pytest.fixture(params=[LedgerHQ, AsyncLedgerHQ], ids=["blocking", "awaiting"])
def surface(request: pytest.FixtureRequest) -> Surface:
    """Return each of the two surfaces."""
    kind: Surface = request.param
    return kind


@pytest.fixture(params=["orjson", "json"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every response, however short, with orjson where it can; and as if it were not there."""
    monkeypatch.setattr(documents, "_LONG", 0)
    if request.param == "json":
        monkeypatch.setattr(documents, "parser", lambda: None)


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    """Mock the service by routes that a test fills in; a request without a route fails the test."""
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        yield router


@pytest.fixture(scope="session")
def types_of_libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which mypy keeps what it knows of the libraries: reading them takes
    longer than the code of a test.

    For ``--strict --config-file=``; other options begin anew.
    """
    return tmp_path_factory.mktemp("types")


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    """Start the one sandbox of the run."""
    # Tests that need no sandbox do not wait for its import.
    from ledgerhq_ext.sandbox import Sandbox

    with Sandbox(auto_approve=True) as box:
        yield box


@pytest.fixture
def box(server: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox as if new; what it served must keep to the contract."""
    server.reset()
    yield server
    assert server.contract_violations == []


@pytest.fixture
def stall_gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Let every stall of the sandbox last until the gate is opened, at the latest when the test
    ends.
    """
    from ledgerhq_ext.sandbox import _faults

    gate = Gate()
    monkeypatch.setattr(_faults, "asyncio", gate.asyncio())
    yield gate
    gate.open()


@pytest.fixture
def maple(box: Sandbox) -> World:
    """Return Maple Street Coffee."""
    return World(box)


@pytest.fixture
def harbor(box: Sandbox) -> World:
    """Return Harbor Bike Repair."""
    return World(box, HARBOR)
