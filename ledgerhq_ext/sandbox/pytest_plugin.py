"""The pytest fixtures under the name they had before pytest found them by itself.

``pytest_plugins = ["ledgerhq_ext.sandbox.pytest_plugin"]`` goes on working; it is needed only where
plugins are not loaded by themselves (``PYTEST_DISABLE_PLUGIN_AUTOLOAD``).
"""

from __future__ import annotations

from ledgerhq_pytest import (
    ledgerhq_books,
    ledgerhq_client,
    ledgerhq_empty_books,
    ledgerhq_sandbox,
    ledgerhq_sandbox_server,
)

__all__ = [
    "ledgerhq_books",
    "ledgerhq_client",
    "ledgerhq_empty_books",
    "ledgerhq_sandbox",
    "ledgerhq_sandbox_server",
]
