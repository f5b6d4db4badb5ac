"""TLS and proxies in front of plain servers: relays that pass bytes on, both ways."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from socket import SHUT_RDWR, create_connection, socket
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .sockets import SocketServer


class Certificate:
    """A certificate of this machine, which nobody else trusts."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "certificate.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
        now = dt.datetime.now(dt.UTC)
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        encoding = serialization.Encoding.PEM
        private = key.private_bytes(
            encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._file.write_bytes(private + certificate.public_bytes(encoding))

    def server_context(self) -> ssl.SSLContext:
        """Return what a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._file)
        return context

    def settings(self, carrier: str, plain: int, tls: int, proxy: int) -> dict[str, Any]:
        """Return the settings of a client that reaches a server by http, https, or a proxy."""
        if carrier == "http":
            return {"base_url": f"http://127.0.0.1:{plain}"}
        context = ssl.create_default_context(cafile=str(self._file))
        settings: dict[str, Any] = {"base_url": f"https://127.0.0.1:{tls}", "verify": context}
        if carrier == "proxy":
            settings["proxy"] = f"http://127.0.0.1:{proxy}"
        if carrier == "proxy over tls":
            url = f"https://127.0.0.1:{proxy}"
            settings["proxy"] = httpx.Proxy(url, ssl_context=context)
        return settings


class Relay(SocketServer):
    """Passes on what comes, to a port of this machine: with TLS, or to where CONNECT says.

    ``passed`` is what clients sent through it, as it read it.
    """

    def __init__(self, target: int | None, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self._target = target
        self._context = context
        self.passed = bytearray()

    def serve(self, connection: socket) -> None:
        """Pass on what comes, both ways."""
        port = self._target
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
            self.shut_at_end(connection)
        if port is None:
            port = self.way(connection)
        server = create_connection(("127.0.0.1", port))
        self.shut_at_end(server)
        threading.Thread(target=_pump, args=(server, connection), daemon=True).start()
        _pump(connection, server, self.passed)

    def way(self, connection: socket) -> int:
        """Open the way that a client asks for, and return its port."""
        head = connection.recv(65536).split()
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        return int(head[1].rpartition(b":")[2])


class SocksRelay(Relay):
    """Passes on what comes, to where SOCKS says."""

    def way(self, connection: socket) -> int:
        """Open the way that a client asks for, and return its port."""
        connection.recv(65536)
        connection.sendall(b"\x05\x00")
        request = connection.recv(65536)
        connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return int.from_bytes(request[-2:], "big")


def _pump(source: socket, sink: socket, passed: bytearray | None = None) -> None:
    with suppress(OSError, ValueError):
        while data := source.recv(65536):
            if passed is not None:
                passed += data
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(SHUT_RDWR)
