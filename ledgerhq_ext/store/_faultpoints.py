"""Named moments between the steps of the store, at which tests stop a process.

Nothing happens there in production.
"""

from __future__ import annotations

from collections.abc import Callable

hook: Callable[[str], None] | None = None
"""Called with the name of every moment that is reached; tests set it, nobody else does."""


def reach(name: str) -> None:
    """Tell the hook, if there is one."""
    if hook is not None:
        hook(name)
