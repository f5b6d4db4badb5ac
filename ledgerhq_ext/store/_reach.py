"""Whether the service of a drain can be reached: where it cannot, one posting finds out, and not
every one of them.
"""

from __future__ import annotations

import threading
import time

from ledgerhq_ext.store._verdict import Verdict, pause_after


class Reach:
    """How long nothing is sent because nothing could be: longer after each attempt in a row.

    Safe for threads.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def wait(self) -> float:
        """Return the seconds until the next attempt; 0 where the last one reached the service."""
        return max(self._until - time.monotonic(), 0.0)

    def note(self, verdict: Verdict) -> None:
        """Learn from how an attempt ended."""
        failure = verdict.failure
        is_out_of_reach = failure is not None and failure.outcome == "not_sent"
        with self._guard:
            if not is_out_of_reach:
                self._failures = 0
                self._until = 0.0
            elif self.wait() == 0:
                # Those that were under way at the same time tell nothing more.
                self._failures += 1
                self._until = time.monotonic() + pause_after(self._failures)
