"""Serving an application from a background thread, on a loopback port."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from starlette.applications import Starlette

from ledgerhq_ext.sandbox._wire import SandboxProtocol


class BackgroundServer:
    """An application, and the thread that serves it while it is started."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_started(self) -> bool:
        """True between `start` and `stop`."""
        return self._server is not None

    def start(self, host: str, port: int) -> int:
        """Serve, and return the port once the server answers; 0 takes a free one.

        OSError where it cannot listen on the address.
        """
        # Here and not in the thread, so that a port that is taken is the caller's error.
        listener = _listen(host, port)
        chosen_port: int = listener.getsockname()[1]
        self._server = uvicorn.Server(_config(self._app))
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="ledgerhq-sandbox", daemon=True
        )
        self._thread.start()
        # A server that fails at its start never says that it has started.
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.002)
        return chosen_port

    def stop(self) -> None:
        """Stop serving; nothing happens where it does not serve."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

        self._server = None
        self._thread = None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay off only for sockets that name their protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OverflowError:
        listener.close()
        raise ValueError(f"a port must be a number from 0 to 65535, not {port}") from None
    except OSError as error:
        listener.close()
        raise OSError(
            error.errno, f"cannot listen on port {port} of {host}: {error.strerror}"
        ) from error
    return listener


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=SandboxProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
    )
