"""A LedgerHQ in a box: every operation of the contract, with real books behind it.

    with Sandbox() as box:
        httpx.get(box.url + "/api/health")

Needs the extra: pip install 'ledgerhq-ext[sandbox]'. Names are imported on first use, so that the pytest
plugin of this package costs nothing to test suites that do not use it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox.clock import Clock
    from ledgerhq_ext.sandbox.server import Sandbox

__all__ = ["Clock", "Sandbox"]

_HOMES = {"Clock": "clock", "Sandbox": "server"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        missing = (error.name or "ledgerhq").split(".")[0]
        if missing.startswith("ledgerhq"):
            raise
        message = f"the sandbox needs {missing}: pip install 'ledgerhq-ext[sandbox]'"
        raise ModuleNotFoundError(message, name=missing) from error
