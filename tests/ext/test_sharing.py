"""One client for many threads and tasks; after a fork the child makes its own connections."""

import asyncio
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from tests.support.clients import BASE, TOKEN
from tests.support.postings import PURCHASE
from tests.support.responses import entry, receipt
from tests.support.waiting import PATIENCE

ORGANIZATIONS = ["org_a", "org_b", "org_c"]


def checking(request: httpx.Request) -> httpx.Response:
    """Answers 422 when a request carries another company's header than its path or key names."""
    organization = request.headers["x-organization-id"]
    if request.method == "GET":
        id = request.url.path.rpartition("/")[2]
        return entry(status=200 if id.startswith(organization) else 422, id=id)
    wrong = not request.headers["Idempotency-Key"].startswith(organization)
    return httpx.Response(422) if wrong else receipt(request)


def test_threads_share_a_client() -> None:
    with LedgerHQ(base_url=BASE, access_token=TOKEN, transport=httpx.MockTransport(checking)) as hq:
        scopes = [hq.organization(id) for id in ORGANIZATIONS]

        def work(number: int) -> None:
            books = scopes[number % 3].with_options(headers={"X-Number": str(number)})
            for at in range(6):
                assert books.entry(f"{books.id}-{number}-{at}").id.endswith(f"{number}-{at}")
                key = f"{books.id}-{number}-{at}"
                assert books.post(PURCHASE, key=key).idempotency_key == key

        with ThreadPoolExecutor(32) as pool:
            list(pool.map(work, range(32)))


@pytest.mark.anyio
async def test_tasks_share_a_client() -> None:
    async with AsyncLedgerHQ(
        base_url=BASE, access_token=TOKEN, transport=httpx.MockTransport(checking)
    ) as hq:
        scopes = [hq.organization(id) for id in ORGANIZATIONS]

        async def work(number: int) -> None:
            books = scopes[number % 3]
            key = f"{books.id}-{number}"
            assert (await books.entry(key)).id.endswith(str(number))
            assert (await books.post(PURCHASE, key=key)).idempotency_key == key

        await asyncio.gather(*(work(number) for number in range(60)))


FORKING = """
    import json, os, socketserver, threading
    from http.server import BaseHTTPRequestHandler
    from ledgerhq_ext import LedgerHQ

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = json.dumps({"port": self.client_address[1]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hq = LedgerHQ(base_url=f"http://127.0.0.1:{server.server_address[1]}", access_token="t")
    port = lambda: hq.request("GET", "/x").json()["port"]
    before = port()
    # As if another thread held the lock at the moment of the fork.
    hq._core._session.io._guard.acquire()
    child = os.fork()
    if child == 0:
        os._exit(0 if port() != before and port() != before else 1)
    hq._core._session.io._guard.release()
    assert os.waitpid(child, 0)[1] == 0, "the child spoke on its parent's connection"
    assert port() == before, "the parent's connection was closed"
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_makes_its_own_connections() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(FORKING)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr


FORKING_KEY = """
import os, signal
import httpx
from ledgerhq_ext import ApiKey, LedgerHQ


class Forking(str):
    # Of another thread that is in the middle of a call at the moment of the fork.
    child = 0
    __hash__ = str.__hash__

    def __ne__(self, other):
        if not os.getpid() == parent or Forking.child:
            return str.__ne__(self, other)
        Forking.child = os.fork()
        if Forking.child == 0:
            signal.alarm(20)
            hq.organization("org_1").accounts()
            os._exit(0)
        return str.__ne__(self, other)


parent = os.getpid()
answers = httpx.MockTransport(lambda _: httpx.Response(200, json={"accounts": []}))
with LedgerHQ(credentials=ApiKey("dk_live_x", organization_id="org_1"), transport=answers) as hq:
    hq.organization(Forking("org_1")).accounts()
    assert Forking.child, "there was no fork in the middle"
    assert os.waitpid(Forking.child, 0)[1] == 0, "the child waited for a lock of its parent"
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_that_is_forked_during_a_call_by_an_api_key_is_not_locked() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(FORKING_KEY)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
