"""A local LedgerHQ for tests and demos: every operation of the contract, backed by real books.

    from ledgerhq_ext import LedgerHQ
    from ledgerhq_ext.sandbox import Sandbox

    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        print(hq.health())

pytest discovers the fixtures for testing an app automatically (``ledgerhq_pytest``). The sandbox
starts with one firm and four companies; ``box.add_firm``, ``box.add_company`` and
``box.add_account`` add more.

It needs the extra ``[sandbox]``: ``pip install 'ledgerhq-ext[sandbox]'``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ledgerhq_ext._extras import require

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox._clock import Clock
    from ledgerhq_ext.sandbox._server import Sandbox

__all__ = ["Clock", "Sandbox"]

_HOMES = {"Clock": "_clock", "Sandbox": "_server"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require("the sandbox", "sandbox", "jsonschema_rs", "starlette", "uvicorn")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
