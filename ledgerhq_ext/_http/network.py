"""The network below our blocking transport: streams that keep to the deadline and count bytes.

httpcore gives every read and write a time limit of its own, so a server that drips bytes is never
too late. These streams ask the exchange that they work for how much time is left, and tell it when
the first byte of its request is written.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable

# At once: at the end of the interpreter it cannot be imported any more.
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

import httpcore

from ledgerhq_ext._http.exchange import CURRENT

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)
T = TypeVar("T")
MUCH = 64 * 1024
_TOO_LATE = "the call's deadline passed"


def _bounded(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    """Return the seconds that one wait may take; raise the error when none are left."""
    exchange = CURRENT.get()
    if exchange is None:
        return timeout
    left = exchange.end - time.monotonic()
    if left <= 0:
        raise error(_TOO_LATE)
    return left if timeout is None else min(timeout, left)


def about_to_connect() -> None:
    """Note that a stream of ours is going to carry the request of this thread or task."""
    exchange = CURRENT.get()
    if exchange is not None:
        exchange.counts_bytes = True


def opened(stream: T) -> T:
    """Note and return a stream that was opened for the request of this thread or task."""
    exchange = CURRENT.get()
    if exchange is not None:
        exchange.opened = stream
    return stream


def _wrote() -> None:
    """Note that bytes were written; only those of the request itself count."""
    exchange = CURRENT.get()
    if exchange is not None and exchange.is_sending:
        exchange.is_written = True


def _send(connection: socket.socket, buffer: memoryview) -> int:
    """Write what the system takes at once, and return how much it is."""
    exchange = CURRENT.get()
    was_written = exchange is not None and exchange.is_written
    if exchange is not None and exchange.is_sending:
        # Noted first: a signal handler may raise between the system call and the next line.
        exchange.is_written = True
    try:
        return connection.send(buffer)
    except OSError as error:
        # An error of the call itself: none of these bytes left. One that a handler raised has the
        # handler's frame.
        trace = error.__traceback__
        if exchange is not None and trace is not None and trace.tb_next is None:
            exchange.is_written = was_written
        if isinstance(error, TimeoutError):
            raise httpcore.WriteTimeout(str(error)) from error
        raise httpcore.WriteError(str(error)) from error


class _CarrierSocket(ssl.SSLSocket):
    """A connection over TLS that carries another one, through an https proxy.

    For a handshake or a read of ours, httpcore waits for it as often as it takes to have a whole
    record, each time with the whole limit.
    """

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Return what has come, within the time that is left."""
        self.settimeout(_bounded(self.gettimeout(), httpcore.ReadTimeout))
        return super().recv(buflen, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        """Write what the system takes, within the time that is left."""
        self.settimeout(_bounded(self.gettimeout(), httpcore.WriteTimeout))
        return super().send(data, flags)


class BlockingStream(httpcore.NetworkStream):
    """A stream of httpcore whose every read and write ends by the deadline of its exchange.

    httpcore writes head and body one after the other, and each would be a packet and a call of the
    system. So what is written leaves when the request is complete, or when there is much of it.
    """

    parser: Any = None
    """What httpcore reads the connection with, once it has carried a request.

    Its ``trailing_data`` is what came behind the last answer, be it an answer too many or a part of
    one. The stream is readable then, as it is where something has come since: httpcore closes it.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._unsent = b""
        connection = stream.get_extra_info("socket")
        tls = stream.get_extra_info("ssl_object")
        self._is_tls = tls is not None
        # None for TLS inside of TLS, through an https proxy: httpcore's own loop has to do. The
        # socket is that of the outer one, where the proxy would read along.
        is_inside = isinstance(tls, ssl.SSLObject)
        self._socket: socket.socket | None = None if is_inside else connection
        inner: Any = stream
        self._incoming: Any = inner._incoming if is_inside else None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what is unsent, and return the next bytes."""
        if self._unsent:
            # A service that answers before it has read everything is heard, as httpcore does.
            with suppress(httpcore.WriteError):
                self._flush(timeout)
        seconds = _bounded(timeout, httpcore.ReadTimeout)
        connection = self._socket
        if connection is None:
            return self._stream.read(max_bytes, timeout=seconds)
        try:
            connection.settimeout(seconds)
            return connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hold bytes back until the request is complete, or until they are many."""
        if not buffer:
            # The end of a request: the service works on it while httpcore gets ready to read.
            if self._unsent and self.parser is not None:
                self._flush(timeout)
            return
        # In line, since a test holds how many calls a warm post makes; two of them come by here.
        exchange = CURRENT.get()
        if exchange is not None and exchange.is_sending:
            exchange.counts_bytes = True
        self._unsent += buffer
        if len(self._unsent) > MUCH:
            self._flush(timeout)

    def _flush(self, timeout: float | None) -> None:
        buffer = self._unsent
        self._unsent = b""
        connection = self._socket
        if connection is None:
            _wrote()
            self._stream.write(buffer, timeout=_bounded(timeout, httpcore.WriteTimeout))
            return
        if self._is_tls:
            # A TLS record may be on its way in part when its writing fails.
            _wrote()
        rest = memoryview(buffer)
        while rest:
            connection.settimeout(_bounded(timeout, httpcore.WriteTimeout))
            count = _send(connection, rest)
            rest = rest[count:]

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream of ours over TLS."""
        seconds = _bounded(timeout, httpcore.ConnectTimeout)
        if self._is_tls and self._socket is not None:
            self._socket.__class__ = _CarrierSocket
        return BlockingStream(self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        """Return a fact of the stream below, such as its socket."""
        parser = self.parser
        if info == "is_readable" and parser is not None and parser.trailing_data[0]:
            return True
        # Also what httpcore has taken from the outer connection, and not yet read.
        if info == "is_readable" and self._incoming is not None and self._incoming.pending:
            return True
        return self._stream.get_extra_info(info)


class BlockingBackend(httpcore.NetworkBackend):
    """Connects within the deadline, whatever number of dead addresses a name has."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first address of a host that takes the connection."""
        about_to_connect()
        seconds = _bounded(timeout, httpcore.ConnectTimeout)
        end = None if seconds is None else time.monotonic() + seconds
        addresses = _addresses(host, port, seconds)
        for position, address in enumerate(addresses):
            share = None
            if end is not None:
                # What is left is shared by the addresses that are left.
                share = max(end - time.monotonic(), 0.001) / (len(addresses) - position)
            try:
                stream = self._backend.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses) - 1:
                    raise
            else:
                return opened(BlockingStream(stream))
        raise httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        """Sleep, as httpcore does between its attempts to connect."""
        self._backend.sleep(seconds)


class _ConnectionTaken(Exception):  # noqa: N818 - what happened, for the pool
    """Another request took the connection first."""


class BlockingPool(httpcore.ConnectionPool):
    """httpcore's pool whose streams know what is left over on their connection."""

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request as soon as a connection is free, within the deadline."""
        limits = request.extensions["timeout"]
        while True:
            try:
                return super().handle_request(request)
            except _ConnectionTaken:
                # httpcore gives a free connection to all that wait; for those that lose it, it
                # would begin the whole limit anew.
                limits["pool"] = _bounded(limits["pool"], httpcore.PoolTimeout)

    def _assign_requests_to_connections(self) -> list[httpcore.ConnectionInterface]:
        # httpcore asks the system about all idle connections when a request comes, and again when
        # it is over. Then, where none waits and none has to go, there is nothing to find out.
        waits = any(request.is_queued() for request in self._requests)
        if waits or len(self._connections) > self._max_keepalive_connections:
            return super()._assign_requests_to_connections()
        return []

    def create_connection(self, origin: httpcore.Origin) -> httpcore.ConnectionInterface:
        """Return a connection of ours to an origin."""
        return _Connection(
            origin=origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=self._keepalive_expiry,
            network_backend=self._network_backend,
        )


class _Connection(httpcore.HTTPConnection):
    """A connection that hands a request straight on, once it stands."""

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request, and return the beginning of its response."""
        connection: Any = self._connection
        if connection is not None:
            try:
                response: httpcore.Response = connection.handle_request(request)
            except httpcore.ConnectionNotAvailable:
                raise _ConnectionTaken from None
            return response

        response = super().handle_request(request)
        connection = self._connection
        connection._network_stream.parser = connection._h11_state
        return response


class ProxyPool:
    """What httpcore's pools of connections through a proxy have beside their own: their streams,
    too, know what is left over on their connection.
    """

    _connections: list[Any]

    def _assign_requests_to_connections(self) -> Any:
        # Before httpcore asks which of them may carry another request.
        for connection in self._connections:
            _introduce(connection)
        pool: Any = super()
        return pool._assign_requests_to_connections()


def _introduce(connection: Any) -> None:
    """Tell the stream of a connection what it is read with, once the connection stands."""
    while connection is not None and not hasattr(connection, "_h11_state"):
        # A connection through a proxy is one around another.
        connection = connection._connection
    if connection is not None:
        connection._network_stream.parser = connection._h11_state


class BlockingHTTPProxy(ProxyPool, httpcore.HTTPProxy):
    """httpcore's pool through an HTTP proxy."""


class BlockingSOCKSProxy(ProxyPool, httpcore.SOCKSProxy):
    """httpcore's pool through a SOCKS proxy."""


def _is_address(host: str) -> bool:
    """Return whether a host is an IP address, and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def look_up(host: str, port: int) -> Future[list[str]]:
    """Return the addresses of a host, once the system's resolver says them.

    It has no time limit of its own.
    """
    addresses: Future[list[str]] = Future()
    # Whoever stops waiting does not stop the resolver.
    addresses.set_running_or_notify_cancel()

    def ask() -> None:
        """Ask the system's resolver."""
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as error:
            addresses.set_exception(error)
            return
        # In the system's order, which knows which of them work here (RFC 6724).
        addresses.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))

    if _is_address(host):
        addresses.set_result([host])
    else:
        # A daemon: a resolver that hangs must not keep the process from ending.
        threading.Thread(target=ask, name="ledgerhq-name", daemon=True).start()
    return addresses


def _addresses(host: str, port: int, seconds: float | None) -> list[str]:
    """Return the addresses of a host, within some seconds."""
    try:
        return look_up(host, port).result(seconds)
    except TimeoutError:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from None
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
