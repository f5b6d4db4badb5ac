"""A person at a terminal, from `login` to `packet`: tmux types, chromium clicks."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Terminal, terminal
from tests.render import browser

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux here: apt-get install tmux"),
    browser.needed,
]

PATIENCE = 180.0
CLICK = """
import json, os, subprocess, sys, tempfile, urllib.request

page = urllib.request.urlopen(sys.argv[1]).read().decode()
script = "<script>document.querySelector('[value=approve]').click()</script>"
base = f"<base href={json.dumps(sys.argv[1])}>"
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    path = os.path.join(folder, "consent.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(base + page.replace("</body>", script + "</body>"))
    words = [os.environ["CHROMIUM"], *os.environ["CHROMIUM_FLAGS"].split()]
    words += [f"--user-data-dir={folder}/profile", "--dump-dom", "--virtual-time-budget=20000"]
    done = subprocess.run([*words, "file://" + path], capture_output=True, text=True, timeout=150)
with open(os.environ["LAST_PAGE"], "w", encoding="utf-8") as file:
    file.write(done.stdout)
"""
"""A browser whose person presses Approve, and stays on the page that follows."""


class Screen:
    """A terminal of its own, with a shell in it."""

    def __init__(self, machine: Terminal, socket: Path) -> None:
        self._tmux = ["tmux", "-S", str(socket)]
        self._lines = 0
        environment = {**machine.environment, "PS1": "$ ", "TERM": "xterm-256color"}
        self._do(
            *("new-session", "-d", "-x", "130", "-y", "60", "bash --norc --noprofile"),
            environment=environment,
            folder=machine.home,
        )

    def type(self, line: str) -> tuple[int, str]:
        """Type a line; return the exit status of its command, and what it printed."""
        self._lines += 1
        mark = f"end{self._lines}="
        self._do("send-keys", "-l", f"{line}; echo {mark}$?")
        self._do("send-keys", "Enter")
        end = time.monotonic() + PATIENCE
        screen = ""
        while time.monotonic() < end:
            screen = self._do("capture-pane", "-p", "-S", "-500").stdout
            status = re.search(rf"^{mark}(\d+)$", screen, re.MULTILINE)
            if status is not None:
                return int(status[1]), screen.partition(f"echo {mark}")[2]
            time.sleep(0.2)
        raise AssertionError(f"{line} did not end:\n{screen}")

    def close(self) -> None:
        """End the shell, and the tmux that holds it."""
        self._do("kill-server")

    def _do(
        self,
        *words: str,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._tmux, *words],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )


@pytest.fixture
def service() -> Iterator[Sandbox]:
    """Serve a LedgerHQ whose consent page waits for a person."""
    from ledgerhq_ext.sandbox import Sandbox

    with Sandbox() as box:
        yield box


@pytest.fixture
def screen(service: Sandbox, tmp_path: Path) -> Iterator[Screen]:
    """Return a terminal on which `ledgerhq` is a command."""
    machine = terminal(tmp_path / "home")
    (machine.home / "browser.py").write_text(CLICK, encoding="utf-8")
    command = tmp_path / "bin" / "ledgerhq"
    command.parent.mkdir()
    python = shlex.quote(sys.executable)
    command.write_text(f'#!/bin/sh\nexec {python} -m ledgerhq_ext "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {
        **machine.environment,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "LEDGERHQ_BASE_URL": service.url,
        "CHROMIUM": str(browser.CHROMIUM),
        "CHROMIUM_FLAGS": " ".join(browser._FLAGS),
        "LAST_PAGE": str(tmp_path / "page.html"),
    }
    opened = Screen(Terminal(machine.home, environment), tmp_path / "tmux")
    yield opened
    opened.close()


def test_from_login_to_packet(screen: Screen, tmp_path: Path) -> None:
    status, shown = screen.type("ledgerhq login")
    assert status == 0, shown
    assert "Maple Street Coffee" in shown
    assert "You can close this page" in wait_for(tmp_path / "page.html")

    _, shown = screen.type("ledgerhq companies")
    assert "January" in shown
    _, shown = screen.type('ledgerhq pl "Maple Street Coffee" 2026-05')
    assert "all tie" in shown

    packet = 'ledgerhq packet "Maple Street Coffee" "last month" --today 2026-06-15 --pdf'
    status, shown = screen.type(packet)
    assert status == 0, shown
    assert "Wrote maple-street-coffee-2026-05-packet.pdf" in shown
    document = tmp_path / "home" / "maple-street-coffee-2026-05-packet.pdf"
    assert document.read_bytes().startswith(b"%PDF")

    status, shown = screen.type('ledgerhq packet "Maple Stret Coffee" 2026-05')
    assert status == 2
    assert "Maple Street Coffee" in shown


def wait_for(path: Path) -> str:
    """Return what stands in a file that appears: the browser closes after the command has ended."""
    end = time.monotonic() + PATIENCE
    while not (path.exists() and path.stat().st_size) and time.monotonic() < end:
        time.sleep(0.2)
    return path.read_text(encoding="utf-8")
