from collections.abc import Iterator

import pytest
import respx

from .support import BASE, FakeClock


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def web() -> Iterator[respx.MockRouter]:
    """The service, as routes that a test fills in; a request that has no route fails the test."""
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        yield router


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    """For tests of both surfaces."""
    return str(request.param)
