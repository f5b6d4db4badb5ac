"""Work that several threads do together."""

from __future__ import annotations

from collections.abc import Callable

# At once: at the end of the interpreter it cannot be imported any more.
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress


def run_together(work: Callable[[], None], workers: int, stop: Callable[[], None]) -> None:
    """Do work in several threads at once; call ``stop`` at the first error, and raise it."""
    with ThreadPoolExecutor(workers, thread_name_prefix="ledgerhq") as pool:
        futures: list[Future[None]] = []
        try:
            with suppress(RuntimeError):
                while len(futures) < workers:
                    futures.append(pool.submit(work))
            if len(futures) < workers:
                # No thread starts any more, as in functions of atexit: what did start helps.
                work()
            for future in as_completed(futures):
                future.result()
        except BaseException:
            # Before the pool waits for its threads.
            stop()
            raise
