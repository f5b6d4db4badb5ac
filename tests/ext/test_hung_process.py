"""A dump of a process that hangs in a post says so: frames are named ``post`` and ``perform``, on
both surfaces.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds for a process to start and to send; nothing here is quick or slow by this number."""

_FRAME = re.compile(r'File "([^"]+)", line \d+ in (\w+)')
_AWAITED = re.compile(r"^awaits (\S+) in (.+)$")

_SHARED = """
import faulthandler, signal, sys
from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, Transfer

url = sys.argv[1]
transfer = Transfer(txn_date="2026-06-08", from_account_id="acc_1", to_account_id="acc_2", amount=100)
source = ("acme-pos", "1001")
"""

_BLOCKING = f"""{_SHARED}
faulthandler.register(signal.SIGUSR1, file=sys.stdout)
books = LedgerHQ(access_token="a-token", base_url=url).organization("org_1")
books.post(transfer, source=source)
"""

_AWAITING = f"""{_SHARED}
import asyncio

async def work():
    books = AsyncLedgerHQ(access_token="a-token", base_url=url).organization("org_1")
    await books.post(transfer, source=source)

def dump():
    for task in asyncio.all_tasks():
        # What asyncio itself prints of a task: the outermost coroutine alone.
        task.print_stack(file=sys.stdout)
        # And what a debugger shows: every coroutine awaits the next one.
        awaiting = task.get_coro()
        while awaiting is not None and hasattr(awaiting, "cr_await"):
            print("awaits", awaiting.cr_code.co_qualname, "in", awaiting.cr_code.co_filename, flush=True)
            awaiting = awaiting.cr_await
    print("end of the dump", flush=True)

async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, dump)
    await asyncio.create_task(work(), name="the post")

asyncio.run(main())
"""


@pytest.fixture
def silent_service() -> Iterator[socket.socket]:
    """A service on loopback that takes a request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        yield listener


@contextmanager
def hanging(program: str, service: socket.socket) -> Iterator[subprocess.Popen[str]]:
    """Run a program until its post has arrived, and end it afterwards."""
    url = f"http://127.0.0.1:{service.getsockname()[1]}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", program, url],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        connection, _ = service.accept()
        with connection:
            connection.settimeout(PATIENCE)
            assert connection.recv(65_536).startswith(b"POST /api/v1/transfers ")
            yield process
    finally:
        process.kill()
        process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


def lines_until(process: subprocess.Popen[str], last: str) -> list[str]:
    """Return what the process prints, up to a line with this text; fail when it ends before."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if last in line:
            return lines
    return pytest.fail("the process ended: " + "\n".join(lines))


@pytest.mark.sample
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal asks for the dump")
def test_a_blocking_post(silent_service: socket.socket) -> None:
    with hanging(_BLOCKING, silent_service) as process:
        process.send_signal(signal.SIGUSR1)
        dump = lines_until(process, "in <module>")
    frames = [match.groups() for match in map(_FRAME.search, dump) if match]
    own = [(name, Path(path).name) for path, name in frames if "ledgerhq_ext" in path]
    # The innermost first: how it is sent, which attempt, which operation, what the user called.
    assert ("send", "io.py") in own
    wanted = [
        ("perform", "call.py"),
        ("post", "posting.py"),
        ("run", "io.py"),
        ("post", "blocking.py"),
    ]
    assert [frame for frame in own if frame in wanted] == wanted


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal asks for the dump")
def test_an_awaiting_post(silent_service: socket.socket) -> None:
    with hanging(_AWAITING, silent_service) as process:
        process.send_signal(signal.SIGUSR1)
        dump = lines_until(process, "end of the dump")
    assert any("in work" in line for line in dump), "what print_stack shows"
    awaited = [match.groups() for match in map(_AWAITED.match, dump) if match]
    names = [name.rpartition(".")[2] for name, path in awaited if "ledgerhq_ext" in path]
    # The outermost first.
    assert names[0] == "post"
    assert names.index("post") < names.index("perform") < names.index("send")
