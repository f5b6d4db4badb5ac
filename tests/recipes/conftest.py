from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledgerhq_ext.sandbox import Sandbox


@pytest.fixture
def service() -> Iterator[Sandbox]:
    """A sandbox whose consent page waits for a person; what it serves must keep to the contract."""
    with Sandbox() as box:
        yield box
        assert box.contract_violations == []


@pytest.fixture
def maple(service: Sandbox) -> str:
    """The id of Maple Street Coffee."""
    [company] = [row for row in service.clients if row["name"] == "Maple Street Coffee"]
    return str(company["id"])
