"""What the layer remembers of the routes of the generated client, which a test may change."""

from __future__ import annotations

from ledgerhq_ext import _generated, _operations
from ledgerhq_ext._resources import posting


def forget_routes() -> None:
    """Let the layer look anew which routes there are."""
    _generated.operation_module.cache_clear()
    _operations._offers.cache_clear()
    posting._blank.cache_clear()
