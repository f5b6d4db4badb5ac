from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from tests.support.companies import HARBOR, SAKURA, organization_id
from tests.support.waiting import PATIENCE

from .api import Api


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    # No certificates: an SSL context costs 50 ms, and everything here is http on loopback.
    with httpx.Client(verify=False, timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    """Start a sandbox whose consent page waits for a click."""
    with Sandbox() as box:
        yield box


@pytest.fixture
def box(box: Sandbox) -> Iterator[Sandbox]:
    yield box
    assert box.filled == set()


@pytest.fixture
def maple(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http)


@pytest.fixture
def harbor(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http, organization_id(box, HARBOR))


@pytest.fixture
def sakura(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http, organization_id(box, SAKURA))
