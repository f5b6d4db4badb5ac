"""The login of a proxy shows nowhere: in no error, no event and no log, whatever the proxy does."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from typing import Any
from urllib.parse import quote

import pytest

from ledgerhq_ext import InputError, LedgerHQError, TransportError
from tests.support.sockets import SocketServer
from tests.support.surfaces import Surface, resolve

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PASSWORDS = ["correct-horse", "correct)horse='b", "correct/horse", "correct?horse", "correct#horse"]
NO_METHOD = b"\x05\xff"
LOGIN = b"\x05\x02"
REFUSED = b"\x01\x01"
TAKEN = b"\x01\x00"
NO_ROUTE = b"\x05\x05\x00\x01" + bytes(6)


class Socks(SocketServer):
    """A SOCKS proxy that gives these answers, one after the other."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__()
        self.received: list[bytes] = []
        self._answers = answers

    def serve(self, connection: socket.socket) -> None:
        """Answer what comes, and hang up."""
        for answer in self._answers:
            self.received.append(connection.recv(65536))
            connection.sendall(answer)
        connection.close()


class Lasting(Socks):
    """A SOCKS proxy that refuses, and leaves it to the client to hang up."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(*answers)
        self.hung_up = threading.Event()

    def serve(self, connection: socket.socket) -> None:
        """Answer what comes, and wait for the end."""
        for answer in self._answers:
            self.received.append(connection.recv(65536))
            connection.sendall(answer)
        if connection.recv(65536) == b"":
            self.hung_up.set()


async def error_of(surface: Surface, **settings: Any) -> tuple[LedgerHQError, list[Any]]:
    """Return the error of a read by a proxy, and the events of it."""
    events: list[Any] = []
    hq: Any = surface(
        base_url="https://ledger.test",
        access_token="token-of-a-test",
        retries=0,
        hooks=[events.append],
        **settings,
    )
    try:
        with pytest.raises(LedgerHQError) as caught:
            await resolve(hq.organization("org_1").accounts())
    finally:
        await resolve(hq.close())
    return caught.value, events


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize(
    "answers", [[], [NO_METHOD], [LOGIN, REFUSED], [LOGIN, TAKEN, NO_ROUTE], [LOGIN, TAKEN, b""]]
)
async def test_a_socks_proxy_that_opens_no_way(
    answers: list[bytes], password: str, surface: Surface, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Socks(*answers) as proxy:
        login = f"till:{quote(password, safe='')}"
        address = f"socks5://{login}@127.0.0.1:{proxy.port}"
        error, events = await error_of(surface, proxy=address)

    assert (type(error), error.outcome) == (TransportError, "not_sent")
    if LOGIN in answers:
        assert password.encode() in proxy.received[1]
        assert "setup_socks5_connection.started" in caplog.text
    shown = f"{error} {error!r} {vars(error)} {events} {caplog.text}"
    assert password not in shown
    assert repr(password.encode())[2:-1] not in shown


@pytest.mark.parametrize("password", ["correct/horse", "correct?horse", "correct#horse"])
async def test_a_proxy_of_the_environment_that_is_not_spelled_as_a_url(
    password: str, surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://till:{password}@127.0.0.1:3128")
    error, _ = await error_of(surface)
    assert isinstance(error, InputError)
    assert "HTTPS_PROXY" in str(error)
    assert "%2F" in str(error)
    assert "correct" not in str(error) + repr(error) + repr(vars(error))


@pytest.mark.parametrize("answers", [[NO_METHOD], [LOGIN, REFUSED], [LOGIN, TAKEN, NO_ROUTE]])
async def test_a_connection_to_a_proxy_that_refuses_is_closed(
    answers: list[bytes], surface: Surface
) -> None:
    """At once: a worker that tries for hours would run out of descriptors."""
    with Lasting(*answers) as proxy:
        hq: Any = surface(
            base_url="https://ledger.test",
            access_token="token-of-a-test",
            retries=0,
            proxy=f"socks5://till:horse@127.0.0.1:{proxy.port}",
        )
        with pytest.raises(TransportError):
            await resolve(hq.organization("org_1").accounts())
        await asyncio.sleep(0)
        assert await asyncio.to_thread(proxy.hung_up.wait, 30)
        await resolve(hq.close())
