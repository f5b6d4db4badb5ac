"""Poolers in front of PostgreSQL, in transaction mode: PgBouncer where there is one, and a small
stand-in.

The stand-in gives every transaction another session than the last one had: what leans on a session
breaks at once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import AF_UNIX, create_connection, create_server, socket

from .sockets import SocketServer

_SOCKET = ".s.PGSQL.5432"
_PROTOCOL = (3 << 16).to_bytes(4, "big")
_SESSIONS = 3
_PATIENCE = 30.0


class Pooler(SocketServer):
    """A proxy: each transaction of a client goes to the session that was idle for the longest time."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / _SOCKET
        self._idle: deque[socket] = deque()
        self._change = threading.Condition()

    def serve(self, connection: socket) -> None:
        """Open sessions for a client, and pass its messages on."""
        with connection:
            startup = _startup(connection)
            while not startup.startswith(_PROTOCOL):
                # Neither TLS nor Kerberos.
                connection.sendall(b"N")
                startup = _startup(connection)
            connection.sendall(self._open_sessions(startup))
            self._relay(connection)

    def _open_sessions(self, startup: bytes) -> bytes:
        """Open sessions like this client's, as long as there are few; return the server's greeting."""
        greeting = b""
        for _ in range(_SESSIONS):
            session = socket(AF_UNIX)
            session.connect(str(self._path))
            self.shut_at_end(session)
            session.sendall((len(startup) + 4).to_bytes(4, "big") + startup)
            greeting = b"".join(_answer(session))
            self._give_back(session)
        return greeting

    def _relay(self, client: socket) -> None:
        """Pass messages on; between transactions the client has no session."""
        session: socket | None = None
        try:
            while (message := _message(client))[:1] != b"X":
                if session is None:
                    session = self._take()
                session.sendall(message)
                if message[:1] not in (b"Q", b"S"):
                    continue
                answer = _answer(session)
                is_over = answer[-1][-1:] == b"I"
                if is_over:
                    self._give_back(session)
                    session = None
                client.sendall(b"".join(answer))
        finally:
            if session is not None:
                # Whoever leaves in the middle of a transaction takes its session along.
                session.close()

    def _take(self) -> socket:
        with self._change:
            if not self._change.wait_for(lambda: len(self._idle) > 0, _PATIENCE):
                raise ConnectionError
            return self._idle.popleft()

    def _give_back(self, session: socket) -> None:
        with self._change:
            self._idle.append(session)
            self._change.notify()


def _startup(connection: socket) -> bytes:
    """Return the first message of a client: it has a length and no kind."""
    return _exactly(connection, int.from_bytes(_exactly(connection, 4), "big") - 4)


def _message(connection: socket) -> bytes:
    head = _exactly(connection, 5)
    return head + _exactly(connection, int.from_bytes(head[1:], "big") - 4)


def _answer(session: socket) -> list[bytes]:
    """Return the messages of a server up to the one that says in which state its transaction is."""
    messages = [_message(session)]
    while messages[-1][:1] != b"Z":
        messages.append(_message(session))
    return messages


def _exactly(connection: socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        part = connection.recv(size - len(content))
        if not part:
            raise ConnectionError
        content += part
    return content


@contextmanager
def pgbouncer(folder: Path, server: Path, user: str) -> Iterator[int]:
    """Run PgBouncer in front of a server, for one user, and give its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program is not None
    with create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    users = folder / "users.txt"
    users.write_text(f'"{user}" ""\n')
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={server} port=5432\n[pgbouncer]\nlisten_addr = "
        f"127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = "
        f"{users}\npool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = "
        "3\ndefault_pool_size = 10\n"
    )
    command = [program, "-q", str(settings)]
    if os.geteuid() == 0:
        # It does not run as root; the server's own user gets to the server's socket.
        for path in (folder, users, settings):
            shutil.chown(path, server.owner())
        command[1:1] = ["-u", server.owner()]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("PgBouncer does not answer.")
