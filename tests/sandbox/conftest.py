from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox

from .api import Api


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    # No certificates: an SSL context costs 50 ms, and everything here is http on loopback.
    with httpx.Client(verify=False, timeout=10) as client:
        yield client


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


@pytest.fixture
def box(server: Sandbox) -> Iterator[Sandbox]:
    server.reset()
    yield server
    assert server.contract_violations == []
    assert server.filled == set()


@pytest.fixture
def maple(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http, organization(box, "maple-street-coffee"))


@pytest.fixture
def harbor(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http, organization(box, "harbor-bike-repair"))


@pytest.fixture
def sakura(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http, organization(box, "sakura-stationery"))


def organization(box: Sandbox, slug: str) -> str:
    return str(next(row["id"] for row in box.clients if row["slug"] == slug))
