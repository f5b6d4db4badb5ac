"""One deadline bounds a call with its retries; Retry-After is a floor."""

import email.utils
import socket
import threading
import time
from collections.abc import Callable

import httpx
import pytest
import respx

from ledgerhq_ext import RateLimitError, RetryPolicy, ServerError, TransportError
from ledgerhq_ext._http.retries import retry_after
from tests.support.clients import ORG, connect, options
from tests.support.clocks import FakeClock
from tests.support.postings import PURCHASE
from tests.support.responses import Script, accounts, receipt
from tests.support.surfaces import Surface, resolve
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.anyio


def slow(
    clock: FakeClock, seconds: float, answer: int = 503
) -> Callable[[httpx.Request], httpx.Response]:
    def respond(_: httpx.Request) -> httpx.Response:
        clock.advance(seconds)
        return httpx.Response(answer)

    return respond


async def test_retries_end_before_the_deadline(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(slow(clock, 25))
    web.get("/api/v1/accounts").mock(side_effect=script)
    books = connect(surface, clock, **options(attempts=50, deadline=90)).organization(ORG)
    with pytest.raises(ServerError):
        await resolve(books.accounts())
    assert len(script.requests) == 4
    assert clock.elapsed <= 102


async def test_every_attempt_waits_no_longer_than_what_is_left(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(slow(clock, 70), accounts)
    web.get("/api/v1/accounts").mock(side_effect=script)
    books = connect(surface, clock, **options(deadline=90, timeout=30)).organization(ORG)
    await resolve(books.accounts())
    waits = [request.extensions["timeout"] for request in script.requests]
    assert waits[0]["read"] == pytest.approx(30, abs=1)
    assert 0 < waits[1]["read"] <= 20
    assert all(
        set(wait) == {"connect", "read", "write", "pool"} and None not in wait.values()
        for wait in waits
    )
    assert max(wait["connect"] for wait in waits) <= 5


@pytest.mark.parametrize("value", ["7", "007", "date"])
async def test_retry_after_is_a_floor(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, value: str
) -> None:
    value = email.utils.formatdate(clock.now() + 7, usegmt=True) if value == "date" else value
    script = Script(httpx.Response(429, headers={"Retry-After": value}), receipt)
    web.post("/api/v1/purchases").mock(side_effect=script)
    await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert clock.sleeps == [7.0]


async def test_a_repetition_at_once_does_not_sleep(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    """``Retry-After: 0`` costs another round trip, and nothing else."""
    script = Script(httpx.Response(503, headers={"Retry-After": "0"}), receipt)
    web.post("/api/v1/purchases").mock(side_effect=script)
    await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert (len(script.requests), clock.sleeps) == (2, [])


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["0", "date"])
async def test_retry_after_nothing_is_at_once(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: int, value: str
) -> None:
    value = email.utils.formatdate(clock.now(), usegmt=True) if value == "date" else value
    script = Script(httpx.Response(status, headers={"Retry-After": value}), receipt)
    web.post("/api/v1/purchases").mock(side_effect=script)
    await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert clock.elapsed == 0


@pytest.mark.parametrize("ahead", [-3_600, 3_600])
async def test_a_date_is_one_of_the_service_whose_clock_differs(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, ahead: float
) -> None:
    now = clock.now() + ahead
    headers = {
        "Date": email.utils.formatdate(now, usegmt=True),
        "Retry-After": email.utils.formatdate(now + 7, usegmt=True),
    }
    script = Script(httpx.Response(429, headers=headers), receipt)
    web.post("/api/v1/purchases").mock(side_effect=script)
    await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert clock.sleeps == [7.0]


async def test_retry_after_that_says_nothing(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    """Two headers that a proxy joined: the pause is the policy's own."""
    script = Script(httpx.Response(429, headers={"Retry-After": "20, 20"}), receipt)
    web.post("/api/v1/purchases").mock(side_effect=script)
    await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert 0 < clock.elapsed < 1


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_that_does_not_fit(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: int
) -> None:
    script = Script(httpx.Response(status, headers={"Retry-After": "91"}))
    web.post("/api/v1/purchases").mock(side_effect=script)
    with pytest.raises((RateLimitError, ServerError)) as raised:
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert (len(script.requests), clock.sleeps) == (1, [])
    assert raised.value.headers["retry-after"] == "91"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("3", 3.0),
        (" 3 ", 3.0),
        *(
            (text, None)
            for text in (
                "-3",
                "+5",
                "1e3",
                "7.0",
                "1_0",
                "20, 20",
                "20 20",
                "0x10",
                "²",
                "٣",
                "9" * 400,
            )
        ),
        *(
            (text, None)
            for text in ("nan", "inf", "soon", "1 Jan 1970", "1970-01-01T00:00:09Z", "00:00:09")
        ),
        ("Thu, 01 Jan 1970 00:00:09 GMT", 9.0),
        ("Thursday, 01-Jan-70 00:00:09 GMT", 9.0),
        ("Thu Jan  1 00:00:09 1970", 9.0),
        ("Thu, 01 Jan 1970 00:00:09", 9.0),
        ("Thu, 01 Jan 1970 00:00:09 -0000", 9.0),
        ("Thu, 01 Jan 1970 01:00:09 +0100", 9.0),
        ("Wed, 31 Dec 1969 23:00:00 GMT", 0.0),
        ("Thu, 41 Jan 1970 00:00:09 GMT", None),
        ("Thu, 01 Jan 1970 00:00:09 +9999", None),
    ],
)
def test_reading_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, 0.0) == seconds


@pytest.mark.skipif(
    not hasattr(time, "tzset"), reason="this system's zone is not set by a variable"
)
def test_a_date_without_a_zone_is_utc_on_any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert retry_after("Thu Jan  1 00:00:09 1970", 0.0) == 9.0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_pauses_grow_to_a_bound_and_jitter() -> None:
    policy = RetryPolicy(first_pause=1, factor=2, longest_pause=5)
    for attempt, most in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (10_000, 5.0)]:
        pauses = {policy.pause(attempt) for _ in range(20)}
        assert most / 2 <= min(pauses) < max(pauses) <= most
    assert policy.pause(1, 60.0) == 60.0


async def test_one_attempt_never_sleeps(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(503)
    web.get("/api/v1/accounts").mock(side_effect=script)
    books = connect(surface, clock).organization(ORG).with_options(retries=RetryPolicy(attempts=1))
    with pytest.raises(ServerError):
        await resolve(books.accounts())
    assert (len(script.requests), clock.sleeps) == (1, [])


def stalling(*pieces: bytes, pause: float = 0.0) -> tuple[str, Callable[[], None]]:
    """A server that sends its pieces, with pauses, and then nothing more; its address, and how to
    end it.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(PATIENCE)
    ended = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)
                ended.wait(pause)
            ended.wait(PATIENCE)

    thread = threading.Thread(target=serve)
    thread.start()

    def end() -> None:
        ended.set()
        listener.close()
        thread.join()

    return f"http://127.0.0.1:{listener.getsockname()[1]}", end


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "pieces", [(), (HEAD,), (HEAD, b'{"acc')], ids=["nothing", "head", "some body"]
)
async def test_a_stalled_answer_ends_with_the_deadline(
    surface: Surface, pieces: tuple[bytes, ...]
) -> None:
    url, end = stalling(*pieces, pause=0.05)
    hq = connect(surface, FakeClock(), base_url=url, **options(1, deadline=1))
    started = time.monotonic()
    try:
        with pytest.raises(TransportError) as raised:
            await resolve(hq.organization(ORG).post(PURCHASE, key="k"))
    finally:
        end()
    assert raised.value.outcome == "unknown"
    assert time.monotonic() - started < 10
