"""The command line as a process, against a sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from attrs import frozen

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PATIENCE = 60
APPROVE = """
import sys, urllib.request
urllib.request.urlopen(sys.argv[1]).read()
"""
"""A browser whose person approves: the consent page of the sandbox answers by itself."""


@frozen
class Done:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what a script reads."""
        assert self.status in (0, 1), self.err
        return json.loads(self.out)


@frozen
class Terminal:
    """Somebody's machine: folders of its own, and the environment of its commands."""

    home: Path
    environment: Mapping[str, str]

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "ledgerhq_ext", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=self.home,
            env={**self.environment, **environment},
        )

    def run(self, *words: str, input: str = "", **environment: str) -> Done:
        """Run a command to its end."""
        process = self.start(*words, **environment)
        try:
            out, err = process.communicate(input, timeout=PATIENCE)
        finally:
            process.kill()
        return Done(process.returncode, out, err)


def terminal(home: Path) -> Terminal:
    """Return the machine of somebody who never ran the command."""
    home.mkdir(parents=True, exist_ok=True)
    browser = home / "browser.py"
    browser.write_text(APPROVE, encoding="utf-8")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("LEDGERHQ_")
    }
    environment |= {
        "BROWSER": f"{sys.executable} {browser} %s",
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
    return Terminal(home, environment)


def log_in(
    machine: Terminal, box: Sandbox, *words: str, firm: str | None = None, form: str = "{}"
) -> Done:
    """Log in by hand: paste the address that the browser returned to, in some form."""
    box.approve(firm)
    process = machine.start("login", "--no-browser", "--base-url", box.url, *words)
    assert process.stderr is not None
    url = ""
    while not url.startswith("http"):
        url = process.stderr.readline().strip()
    callback = httpx.get(url).headers["location"]
    out, err = process.communicate(f"{form.format(callback)}\n", timeout=PATIENCE)
    return Done(process.returncode, out, err)


@pytest.fixture(scope="module")
def service() -> Iterator[Sandbox]:
    """Serve a LedgerHQ for a module: its books have the history that a sandbox begins with."""
    from ledgerhq_ext.sandbox import Sandbox

    with Sandbox(auto_approve=True) as box:
        yield box
        assert box.contract_violations == []


@pytest.fixture(scope="module")
def machine(service: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return a machine that is logged in."""
    logged_in = terminal(tmp_path_factory.mktemp("machine"))
    done = log_in(logged_in, service)
    assert done.status == 0, done.err
    return logged_in
