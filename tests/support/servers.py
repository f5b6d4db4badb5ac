"""A server that speaks as much of PostgreSQL's protocol as shows what a client says when it
connects.
"""

from __future__ import annotations

from socket import socket

from .sockets import SocketServer

_SSL_REQUEST = (80877103).to_bytes(4, "big")
_GSS_REQUEST = (80877104).to_bytes(4, "big")
_ASK_FOR_PASSWORD = b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big")


class Listener(SocketServer):
    """Writes down the parameters and the password of everybody who connects, and hangs up."""

    def __init__(self) -> None:
        super().__init__()
        self.parameters: dict[str, str] = {}
        self.password: str | None = None
        self.has_asked_for_tls = False

    def serve(self, connection: socket) -> None:
        """Hear what a client says."""
        with connection:
            connection.settimeout(10)
            self._listen(connection)

    def _listen(self, connection: socket) -> None:
        content = _packet(connection)
        while content in (_SSL_REQUEST, _GSS_REQUEST):
            self.has_asked_for_tls |= content == _SSL_REQUEST
            connection.sendall(b"N")
            content = _packet(connection)
        if not content:
            return

        words = content[4:].decode().split("\0")
        self.parameters = dict(zip(words[::2], words[1::2], strict=False))
        connection.sendall(_ASK_FOR_PASSWORD)
        connection.recv(1)
        self.password = _packet(connection).rstrip(b"\0").decode()


def _packet(connection: socket) -> bytes:
    """Return what follows the length that stands in front of it; nothing at the end of the
    connection.
    """
    head = connection.recv(4)
    return connection.recv(int.from_bytes(head, "big") - 4) if len(head) == 4 else b""
