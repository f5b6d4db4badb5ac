"""Servers that speak whatever bytes a test wants, on a free port of this machine."""

from __future__ import annotations

import threading
from contextlib import suppress
from socket import SHUT_RDWR, create_server, socket
from types import TracebackType
from typing import Self


class SocketServer:
    """Serves every connection in a thread of its own, until its block ends; ``sockets`` are shut
    down then.
    """

    def __init__(self) -> None:
        self._listener = create_server(("127.0.0.1", 0), backlog=200)
        self._guard = threading.Lock()
        self._is_over = False
        self.sockets: list[socket] = [self._listener]
        self.port: int = self._listener.getsockname()[1]

    def serve(self, connection: socket) -> None:
        """Talk to a client; an ``OSError`` ends it."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._guard:
            self._is_over = True
        for each in self.sockets:
            _shut(each)

    def shut_at_end(self, connection: socket) -> None:
        """Shut a socket down at the end of the block; at once where that is over."""
        with self._guard:
            self.sockets.append(connection)
            is_late = self._is_over
        if is_late:
            _shut(connection)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.shut_at_end(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket) -> None:
        with suppress(OSError):
            self.serve(connection)


def _shut(each: socket) -> None:
    # What waits in accept() or recv() is woken by a shutdown, and not by close().
    with suppress(OSError):
        each.shutdown(SHUT_RDWR)
    each.close()
