"""pytest fixtures: a LedgerHQ in a box for the tests of a partner app.

    from ledgerhq_ext import LedgerHQ

    def test_the_service_answers(ledgerhq_sandbox):
        token = ledgerhq_sandbox.access_token()
        with LedgerHQ(base_url=ledgerhq_sandbox.url, access_token=token) as hq:
            assert hq.health()

Name it in ``conftest.py``: ``pytest_plugins = ["ledgerhq_ext.sandbox.pytest_plugin"]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox._server import Sandbox


@pytest.fixture(scope="session")
def ledgerhq_sandbox_server() -> Iterator[Sandbox]:
    """The server behind `ledgerhq_sandbox`, started once."""
    # Here, so that a test suite that does not use it needs no extra.
    from ledgerhq_ext.sandbox import Sandbox

    with Sandbox(auto_approve=True) as box:
        yield box


@pytest.fixture
def ledgerhq_sandbox(ledgerhq_sandbox_server: Sandbox) -> Sandbox:
    """A sandbox with a fresh state, no faults, and a consent page that answers by itself."""
    ledgerhq_sandbox_server.reset()
    return ledgerhq_sandbox_server
