"""The Django recipe: a sale and its posting are one transaction, and a killed worker doubles none."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
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

MANAGE = str(RECIPES / "django_project/manage.py")
CHOICE = {"company": "Maple Street Coffee", "cash": "1050", "sales": "4000"}
SALE = {"number": "1001", "day": "2026-06-08", "cents": 1250}


class Till:
    """The project, migrated and served."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.database = folder / "till.db"
        self.variables = environment(
            box, DATABASE=str(self.database), PUBLIC_URL=self.url, SECRET_KEY="of a test"
        )
        self.browser = httpx.Client(timeout=PATIENCE)

    def connect(self) -> None:
        """Connect the firm, and choose the books."""
        answer = approve(self.browser, f"{self.url}/connect")
        assert "Maple Street Coffee" in answer.json()["companies"]
        assert self.post("/books", CHOICE).status_code == 204

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Send something to the app."""
        return self.browser.post(f"{self.url}{path}", json=body)

    def count(self, query: str) -> int:
        """Return a number from its database."""
        with closing(sqlite3.connect(self.database)) as db:
            number: int = db.execute(query).fetchone()[0]
            return number


@pytest.fixture
def till(service: Sandbox, tmp_path: Path) -> Iterator[Till]:
    app = Till(service, tmp_path)
    migrate = [sys.executable, MANAGE, "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=app.variables, cwd=tmp_path, check=True, timeout=PATIENCE)
    serve = [MANAGE, "runserver", "--noreload", str(app.port)]
    with running(serve, app.variables, tmp_path) as process:
        wait_for_server(f"{app.url}/callback", process)
        yield app
    app.browser.close()


def test_a_sale_is_in_the_books_once_although_the_worker_is_killed(
    service: Sandbox, maple: str, till: Till, stall_gate: Gate
) -> None:
    till.connect()
    assert till.post("/sales", SALE).status_code == 202
    service.fault("POST /api/v1/deposits", "stall", when="after")
    with running([MANAGE, "post_sales"], till.variables, till.folder) as worker:
        wait_for(lambda: len(service.postings(maple)) == 1)
        worker.kill()
    stall_gate.open()

    posted = "SELECT count(*) FROM ledgerhq_postings WHERE state = 'posted'"
    with running([MANAGE, "post_sales"], till.variables, till.folder) as worker:
        wait_for(lambda: till.count(posted) == 1)
        assert till.post("/sales", SALE).status_code == 202
        worker.terminate()
        assert worker.wait(PATIENCE) == 0
    [posting] = service.postings(maple)
    assert posting["request"]["lines"][0]["amount"] == 1250


@pytest.mark.sample
def test_a_sale_and_its_posting_are_both_there_or_neither(till: Till) -> None:
    assert till.post("/sales", SALE).status_code == 404
    till.connect()
    assert till.post("/sales", SALE).status_code == 202
    # Refused by `add`, when the sale is in the transaction already.
    refusal = till.post("/sales", SALE | {"number": "1002 "})
    assert refusal.status_code == 422
    assert "1002" in refusal.json()["detail"]
    assert till.post("/sales", SALE | {"cents": 1300}).status_code == 422
    assert till.count("SELECT count(*) FROM till_sale") == 1
    assert till.count("SELECT count(*) FROM ledgerhq_postings") == 1


def test_a_callback_that_nobody_asked_for_is_refused(till: Till) -> None:
    assert httpx.get(f"{till.url}/callback?code=x&state=y").status_code == 400
    till.connect()
    assert till.browser.get(f"{till.url}/callback?code=x&state=y").status_code == 400


def test_without_a_grant_a_caller_hears_that_the_firm_has_to_connect(till: Till) -> None:
    for answer in (deny(till.browser, f"{till.url}/connect"), till.post("/books", CHOICE)):
        assert (answer.status_code, answer.json()["detail"][:16]) == (503, "Connect the firm")
