"""A proxy may say anything before TLS begins: none of it is an answer of the service."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import TransportError
from tests.support.relays import Certificate, Relay
from tests.support.sockets import SocketServer
from tests.support.surfaces import Surface, resolve

pytestmark = [pytest.mark.slow, pytest.mark.anyio]
FORGED = b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n" + b'{"accounts": []}'
PIECE = 64 * 1024


class Silent(SocketServer):
    """Answers nothing."""

    def serve(self, connection: socket.socket) -> None:
        """Read until the client hangs up."""
        while connection.recv(65536):
            pass


class Forger(SocketServer):
    """A proxy that sends more than its answer to CONNECT, and passes on what it is sent."""

    def __init__(self, target: int) -> None:
        super().__init__()
        self._target = target

    def serve(self, connection: socket.socket) -> None:
        """Say that the connection stands, and go on as if the service had answered."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * PIECE)
        connection.recv(65536)
        head = b"HTTP/1.1 200 OK\r\n\r\n"
        # As much as the client reads at a time, so that what follows is what it finds next.
        connection.sendall(head + b" " * (PIECE - len(head)) + FORGED)
        server = socket.create_connection(("127.0.0.1", self._target))
        self.shut_at_end(server)
        threading.Thread(target=_pass_on, args=(server, connection), daemon=True).start()
        _pass_on(connection, server)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)


async def test_what_a_proxy_adds_to_its_answer_is_no_answer_of_the_service(
    surface: Surface, tmp_path: Path
) -> None:
    certificate = Certificate(tmp_path)
    with (
        Silent() as service,
        Relay(service.port, certificate.server_context()) as tls,
        Forger(tls.port) as proxy,
    ):
        settings: dict[str, Any] = certificate.settings("proxy", 0, tls.port, proxy.port)
        hq = surface(access_token="token-of-a-test", retries=0, timeout=3, **settings)
        with pytest.raises(TransportError) as caught:
            await resolve(hq.organization("org_1").accounts())
        await resolve(hq.close())

    assert caught.value.outcome == "not_sent"
