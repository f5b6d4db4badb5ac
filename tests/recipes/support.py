"""What the recipes' tests need: a browser, apps in processes of their own, and a free port."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx
from cryptography.fernet import Fernet

from ledgerhq_ext import Connection
from ledgerhq_ext.sandbox import Sandbox
from tests.support.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "docs/recipes"
_PAUSE = 0.1
STORE_KEY = Fernet.generate_key().decode()

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_OPTION = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)</option>')


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def approve(browser: httpx.Client, start: str) -> httpx.Response:
    """Open the app's address, press Approve on the consent page, and return what the app shows."""
    page = browser.get(start, follow_redirects=True)
    back = press_approve(browser, page)
    return browser.get(back.headers["location"])


def deny(browser: httpx.Client, start: str) -> httpx.Response:
    """Open the app's address, say no where it leads, and return what the app shows."""
    asked = httpx.URL(browser.get(start).headers["location"]).params
    answer = {"error": "access_denied", "state": asked["state"]}
    return browser.get(asked["redirect_uri"], params=answer)


def press_approve(
    browser: httpx.Client, page: httpx.Response, firm: str | None = None
) -> httpx.Response:
    """Press Approve on the consent page, for a firm where there are several; return where it leads
    the browser.
    """
    assert page.status_code == 200, page.text
    form = {unescape(name): unescape(value) for name, value in _HIDDEN.findall(page.text)}
    form["decision"] = "approve"
    if firm is not None:
        ids = {unescape(name): id for id, name in _OPTION.findall(page.text)}
        form["firm"] = ids[firm]
    back = browser.post(page.url.join("/api/oauth/authorize"), data=form)
    assert back.status_code == 302, back.text
    return back


def environment(box: Sandbox, **variables: str) -> dict[str, str]:
    """Return the environment of an app: the sandbox, the store's keys, and nothing of ours."""
    names = {name: value for name, value in os.environ.items() if "LEDGERHQ" not in name}
    own = {"LEDGERHQ_BASE_URL": box.url, "LEDGERHQ_STORE_KEYS": STORE_KEY}
    return names | own | variables


@contextmanager
def running(
    command: list[str], variables: dict[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of Python's in a process of its own; kill it if it is there in the end."""
    with (folder / "output.txt").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], env=variables, cwd=folder, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)


def wait_for_server(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers, whatever its answer is."""
    with httpx.Client() as http:

        def answers() -> bool:
            assert process.poll() is None, "the app ended"
            try:
                http.get(url)
            except httpx.TransportError:
                time.sleep(_PAUSE)
                return False
            return True

        wait_until(answers)


def wait_for(condition: Callable[[], object]) -> None:
    """Wait for what takes an app's own time, without keeping the app busy by asking."""

    def holds_now() -> bool:
        is_so = bool(condition())
        if not is_so:
            time.sleep(_PAUSE)
        return is_so

    wait_until(holds_now)


def granted(box: Sandbox, firm: str | None = None) -> Connection:
    """Return the connection that a firm has after its owner agreed."""
    tokens = box.token_response(firm)
    return Connection(
        issuer=box.url,
        client_id="sandbox",
        access_token=str(tokens["access_token"]),
        refresh_token=str(tokens["refresh_token"]),
        obtained_at=time.time(),
        expires_at=time.time() + float(tokens["expires_in"]),
    )


def approve_in(address: str) -> str:
    """Open a consent page, press Approve, and return the address that the browser comes back to."""
    with httpx.Client(timeout=PATIENCE) as browser:
        back = press_approve(browser, browser.get(address))
        return str(back.headers["location"])
