"""The FastAPI recipe: connected in a browser, killed while it posts, every sale in the books once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from tests.support.waiting import PATIENCE, Gate

from .support import (
    RECIPES,
    approve,
    deny,
    environment,
    free_port,
    running,
    wait_for,
    wait_for_server,
)

pytestmark = pytest.mark.slow

CHOICE = {"company": "Maple Street Coffee", "bank": "1010", "cash": "1050", "sales": "4000"}
SALE = {"number": "1001", "day": "2026-06-08", "amount": 1250}
SLIP = {"slip": "S-7", "day": "2026-06-08", "amount": 900}


class Till:
    """The app, under an address that stays the same when it is started again."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        database = str(folder / "till.db")
        self.variables = environment(box, DATABASE=database, PUBLIC_URL=self.url)
        self.browser = httpx.Client(timeout=PATIENCE)

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """Serve."""
        command = ["-m", "uvicorn", "fastapi_app:app", "--app-dir", str(RECIPES)]
        command += ["--port", str(self.port)]
        with running(command, self.variables, self.folder) as process:
            wait_for_server(f"{self.url}/health", process)
            yield process

    def health(self) -> dict[str, Any]:
        """Return its figures."""
        figures: dict[str, Any] = self.browser.get(f"{self.url}/health").json()
        return figures

    def send(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        """Send something to Maple's shop."""
        return self.browser.request(method, f"{self.url}/shops/maple{path}", json=body)

    def connect(self) -> None:
        """Connect the firm, and choose the books of the shop."""
        answer = approve(self.browser, f"{self.url}/connect")
        assert "Maple Street Coffee" in answer.json()["companies"]
        assert self.send("PUT", "", CHOICE).status_code == 204


@pytest.fixture
def till(service: Sandbox, tmp_path: Path) -> Iterator[Till]:
    app = Till(service, tmp_path)
    yield app
    app.browser.close()


def test_a_sale_is_in_the_books_once_although_the_app_is_killed_while_it_posts(
    service: Sandbox, maple: str, till: Till, stall_gate: Gate
) -> None:
    with till.up() as process:
        till.connect()
        service.fault("POST /api/v1/deposits", "stall", when="after")
        assert till.send("POST", "/sales", SALE).status_code == 202
        # The entry stands, and its receipt is on no wire yet.
        wait_for(lambda: len(service.postings(maple)) == 1)
        process.kill()

    stall_gate.open()
    with till.up():
        wait_for(lambda: till.health()["posted"] == 1)
        # The same sale again, from a till that did not hear of the first.
        assert till.send("POST", "/sales", SALE).status_code == 202
        other = till.send("POST", "/sales", SALE | {"amount": 1300})
        assert (other.status_code, other.json()["request_id"]) == (422, None)
    [posting] = service.postings(maple)
    assert posting["request"]["lines"][0]["amount"] == 1250


@pytest.mark.sample
def test_what_is_posted_at_once_can_be_sent_again(service: Sandbox, maple: str, till: Till) -> None:
    with till.up():
        assert till.send("POST", "/bankings", SLIP).status_code == 404
        till.connect()
        service.fault("POST /api/v1/transfers", "lose_response", times=2)
        first = till.send("POST", "/bankings", SLIP)
        assert first.status_code == 200
        assert till.send("POST", "/bankings", SLIP).json() == first.json()

        service.fault("POST /api/v1/transfers", "status", status=503, times=None)
        late = till.send("POST", "/bankings", SLIP | {"slip": "S-8"})
        assert (late.status_code, late.headers["retry-after"]) == (503, "5")
        service.clear_faults()
        assert till.send("POST", "/bankings", SLIP | {"slip": "S-8"}).status_code == 200

        service.lock_period(maple, "2026-06-30")
        locked = till.send("POST", "/bankings", SLIP | {"slip": "S-9"})
        assert locked.status_code == 422
        assert locked.json()["request_id"].startswith("req_")
    assert len(service.postings(maple)) == 2


def test_a_callback_that_nobody_asked_for_is_refused(service: Sandbox, till: Till) -> None:
    with till.up() as process:
        stranger = httpx.get(f"{till.url}/callback?code=x&state=y")
        assert stranger.status_code == 400
        denied = deny(till.browser, f"{till.url}/connect")
        assert denied.json()["detail"].startswith("Connect the firm again")
        till.connect()
        assert till.browser.get(f"{till.url}/callback?code=x&state=y").status_code == 400
        process.terminate()
        process.wait(PATIENCE)
    # The worker and the client were closed in order.
    output = (till.folder / "output.txt").read_text(encoding="utf-8")
    assert "Application shutdown complete" in output
    assert "Traceback" not in output
