"""A task that waits for a thread: one of the two modules of the core that know an event loop."""

from __future__ import annotations

from typing import Any


class ThreadSignal:
    """Set once from any thread; awaited by one task on asyncio or trio. Made inside the loop."""

    def __init__(self) -> None:
        import anyio
        from anyio.lowlevel import current_token

        token: Any = current_token()
        loop = getattr(token, "native_token", token)
        self._call_soon = getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon
        self._anyio = anyio
        self._event = anyio.Event()

    def set(self) -> None:
        """Wake the task. Raises what the loop raises when it is closed."""
        self._call_soon(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Wait until it is set, or the time is over."""
        with self._anyio.move_on_after(max(seconds, 0)):
            await self._event.wait()
