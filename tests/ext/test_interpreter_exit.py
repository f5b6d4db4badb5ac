"""Calls while the interpreter ends: they work, or end in an error of ours that says why."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledgerhq_ext import FileTokenStore
from tests.cases.wire_support import Exchange, RawServer, connection, token_answer
from tests.support.tokens import write_connection

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

# What a program says of a call goes straight to the descriptor: sys.stdout may be gone already.
CALLS = """
import asyncio, atexit, os, sys, threading, time, weakref
from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, LedgerHQError

SETTINGS = {"base_url": sys.argv[1], "access_token": "mcp_at_x", "retries": 0, "deadline": 20}

def say(call, LedgerHQError=LedgerHQError, write=os.write):
    try:
        call()
    except LedgerHQError as error:
        write(1, f"{type(error).__name__} {error.outcome}: {error}\\n".encode())
    except BaseException as error:
        write(1, f"LEAK {type(error).__name__}: {error}\\n".encode())
    else:
        write(1, b"worked\\n")

def blocking(LedgerHQ=LedgerHQ, settings=SETTINGS):
    LedgerHQ(**settings).organization("org_1").tax_rates()

def awaiting(AsyncLedgerHQ=AsyncLedgerHQ, settings=SETTINGS, asyncio=asyncio):
    async def call():
        async with AsyncLedgerHQ(**settings) as hq:
            await hq.organization("org_1").tax_rates()
    asyncio.run(call())

def draining(LedgerHQ=LedgerHQ, settings=SETTINGS):
    import pathlib, tempfile
    from ledgerhq_ext.store import Store
    with tempfile.TemporaryDirectory() as folder, Store(pathlib.Path(folder) / "store.db") as store:
        store.outbox().drain(LedgerHQ(**settings), workers=3)

class AtTheEnd:
    def __init__(self, call):
        self.call = call
    def __del__(self, say=say):
        say(self.call)
"""
WORKED = {"worked"}
TOO_LATE = {
    "InputError not_sent: It is too late for a call because the interpreter is shutting down"
}
NO_RESOLVER = {"TransportError not_sent: RuntimeError: cannot schedule new futures"}
"""The event loop looks names up in threads, which nobody can start any more."""
PROGRAMS = {
    "atexit": ("atexit.register(say, blocking)", WORKED),
    "atexit, awaiting": ("atexit.register(say, awaiting)", WORKED | NO_RESOLVER),
    "atexit, after calls": (
        "say(blocking)\nsay(awaiting)\natexit.register(say, blocking)\natexit.register(say, "
        "awaiting)",
        WORKED | NO_RESOLVER,
    ),
    "atexit, with workers": ("atexit.register(say, draining)", WORKED),
    "a finalizer": ("weakref.finalize(AtTheEnd, say, blocking)", WORKED),
    "__del__": ("last = AtTheEnd(blocking)", TOO_LATE),
    "__del__, awaiting": ("awaiting()\nlast = AtTheEnd(awaiting)", TOO_LATE),
    "__del__, after a call": ("blocking()\nlast = AtTheEnd(blocking)", TOO_LATE),
    "__del__, with a client": (
        "books = LedgerHQ(**SETTINGS).organization('org_1')\nbooks.tax_rates()\nlast = "
        "AtTheEnd(books.tax_rates)",
        TOO_LATE,
    ),
    "a thread that goes on": (
        "def later():\n    time.sleep(0.5)\n    say(blocking)\n    say(awaiting)\n"
        "threading.Thread(target=later).start()",
        WORKED | NO_RESOLVER,
    ),
    "a daemon thread": (
        "once = threading.Event()\n"
        "def always():\n    while True:\n        say(blocking)\n        once.set()\n"
        "threading.Thread(target=always, daemon=True).start()\nonce.wait()",
        WORKED | TOO_LATE,
    ),
}


class TaxRates(BaseHTTPRequestHandler):
    """A foreign server that lists no tax rates."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b'{"taxRates":[]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class QuietServer(ThreadingHTTPServer):
    """Callers that end in the middle of a request are what is tested here."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with QuietServer(("127.0.0.1", 0), TaxRates) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_call_at_the_end(name: str, host: str, port: int) -> None:
    program, expected = PROGRAMS[name]
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    done = subprocess.run(
        [sys.executable, "-c", CALLS + program, f"http://{host}:{port}"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    results = done.stdout.splitlines()
    assert results
    for result in results:
        assert any(result.startswith(beginning) for beginning in expected), result


REFRESHING = """
import atexit, os, signal, sys, threading, time
from ledgerhq_ext import AccessToken, LedgerHQ, OAuth

hq = LedgerHQ(OAuth(sys.argv[2]), base_url=sys.argv[1])
other = LedgerHQ(AccessToken("t"), base_url=sys.argv[1])

def until_the_token_is_spent():
    other.organization("org_1").tax_rates()
"""
BY_A_DAEMON = """
is_over = threading.Event()

def call():
    is_over.wait()
    hq.organization("org_1").tax_rates()

def end():
    is_over.set()
    until_the_token_is_spent()

threading.Thread(target=call, daemon=True).start()
atexit.register(end)
"""
INTERRUPTED = """
def press():
    until_the_token_is_spent()
    os.kill(os.getpid(), signal.SIGINT)
    while threading.main_thread().is_alive():
        time.sleep(0.01)
    for _ in range(3):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)

threading.Thread(target=press, daemon=True).start()
hq.organization("org_1").tax_rates()
"""


@pytest.mark.parametrize(
    "end",
    [
        BY_A_DAEMON,
        pytest.param(
            INTERRUPTED,
            marks=pytest.mark.skipif(os.name != "posix", reason="interrupts by signal"),
        ),
    ],
    ids=["by a daemon thread", "Ctrl-C is pressed again and again"],
)
def test_a_refresh_at_the_end_leaves_the_new_pair_on_disk(end: str, tmp_path: Path) -> None:
    is_spent = threading.Event()

    def serve(exchange: Exchange) -> bool:
        if exchange.path == "/api/oauth/token":
            is_spent.set()
            # A process that does not wait for its answer ends now.
            select.select([exchange.connection], [], [], 2)
            return exchange.reply(200, token_answer(1))
        is_spent.wait()
        return exchange.reply(200, {"taxRates": []})

    store = FileTokenStore(tmp_path / "tokens.json")
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    with RawServer(serve) as server:
        write_connection(store, connection(server.url, life=-400))
        subprocess.run(
            [sys.executable, "-c", REFRESHING + end, server.url, str(store.path)],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
            timeout=120,
        )
    stored = store.read()
    assert stored is not None
    assert stored.refresh_token == "mcp_rt_1"
