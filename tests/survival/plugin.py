"""For the flow tests of a variant: every sandbox speaks the variant's contract, and the client is
the variant's.

Loaded with `-p tests.survival.plugin` in a process of its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ledgerhq_ext.sandbox import _contract as contract

CONTRACT, PACKAGE = "LEDGERHQ_SURVIVAL_CONTRACT", "LEDGERHQ_SURVIVAL_PACKAGE"
CARRIER = "LEDGERHQ_SURVIVAL_CARRIER"
"""What the clients of the flow tests name the company by (`tests/flows/conftest.py`)."""


def _variant() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(os.environ[CONTRACT]).read_text(encoding="utf-8"))
    return found


def pytest_configure() -> None:
    """Put the variant in the place of the vendored contract."""
    import ledgerhq_api

    assert ledgerhq_api.__file__ is not None
    found = Path(ledgerhq_api.__file__).resolve().parent
    assert found == Path(os.environ[PACKAGE]).resolve(), f"the client of {found} would be tested"
    contract.vendored_contract = _variant
