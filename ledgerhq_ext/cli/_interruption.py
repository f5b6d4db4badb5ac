"""Ctrl-C while something is being sent: it ends first, so that what was sent is known."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ledgerhq_ext.cli._output import say, say_at_once


class Interruption:
    """The wish of somebody that the command stops."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def is_requested(self) -> bool:
        """Return whether Ctrl-C was pressed, or SIGTERM came."""
        return self._event.is_set()

    def request(self) -> None:
        """Ask to stop after what is being sent."""
        self._event.set()


DOUBT = (
    "Interrupted. The request that was being sent may have been carried out. Check before "
    "you repeat it."
)


@contextmanager
def deferred(doubt: str = DOUBT) -> Iterator[Interruption]:
    """Note the first Ctrl-C or SIGTERM instead of breaking off.

    A second Ctrl-C breaks off; ``doubt`` says what is known then.
    """
    interruption = Interruption()

    def note(number: int, _frame: FrameType | None) -> None:
        """Ask for a stop; the next Ctrl-C is Python's own."""
        interruption.request()
        # Before it is announced: whoever reads that may press at once.
        if number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)
        say_at_once("Stopping after the current request. Press Ctrl-C again to interrupt it.")

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interruption
    except KeyboardInterrupt:
        say(doubt)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
