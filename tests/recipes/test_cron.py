"""The cron recipe: runs that overlap and runs that are killed post every sale once."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ledgerhq_ext import Connection, FileTokenStore
from ledgerhq_ext.sandbox import Sandbox
from tests.support.waiting import PATIENCE, Gate

from .support import RECIPES, environment, granted, running, wait_for

pytestmark = pytest.mark.slow

SALES = [(f"A-{number}", "2026-06-08", 100 + number) for number in range(5)]


class Job:
    """The job, in a folder with a till's database."""

    def __init__(self, box: Sandbox, folder: Path, connection: Connection) -> None:
        self.folder = folder
        self.till = folder / "till.db"
        tokens = FileTokenStore(folder / "tokens.json")
        section = tokens.try_lock()
        assert section is not None
        with section:
            section.write(connection)
        self.variables = environment(
            box,
            COMPANY="Maple Street Coffee",
            OUTBOX=str(folder / "outbox.db"),
            LEDGERHQ_TOKEN_FILE=str(tokens.path),
        )

    def sell(self, *sales: tuple[str, str, int]) -> None:
        """Write sales into the till."""
        with sqlite3.connect(self.till) as db:
            db.execute("CREATE TABLE IF NOT EXISTS sales (number TEXT, day TEXT, cents INTEGER)")
            db.executemany("INSERT INTO sales VALUES (?, ?, ?)", sales)
        db.close()

    def started(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Start it, as cron does."""
        return running([str(RECIPES / "cron_job.py"), str(self.till)], self.variables, self.folder)

    def run(self) -> int:
        """Run it to its end; return its exit status."""
        with self.started() as process:
            return process.wait(PATIENCE)

    def output(self) -> str:
        """Return what all runs printed."""
        return (self.folder / "output.txt").read_text(encoding="utf-8")


@pytest.fixture
def job(service: Sandbox, tmp_path: Path) -> Job:
    return Job(service, tmp_path, granted(service))


def test_runs_that_overlap_and_one_that_is_killed_post_every_sale_once(
    service: Sandbox, maple: str, job: Job, stall_gate: Gate
) -> None:
    job.sell(*SALES)
    service.fault("POST /api/v1/deposits", "stall", when="after")
    with job.started() as first:
        wait_for(lambda: len(service.postings(maple)) == 1)
        # The first run waits for its answer, and the next one comes.
        with job.started() as second:
            wait_for(lambda: len(service.postings(maple)) == len(SALES))
            first.kill()
            second.kill()
    stall_gate.open()

    assert job.run() == 0
    assert job.run() == 0
    numbers = [posting["request"]["lines"][0]["amount"] for posting in service.postings(maple)]
    assert sorted(numbers) == [cents for _, _, cents in SALES]
    assert "posted in all 5, left 0" in job.output()


@pytest.mark.sample
def test_a_sale_that_cannot_be_posted_is_named_and_the_others_go_on(
    service: Sandbox, maple: str, job: Job
) -> None:
    service.lock_period(maple, "2026-05-31")
    job.sell(("A-1", "2026-06-31", 100), ("A-2", "2026-05-20", 200), ("A-3", "2026-06-08", 300))
    assert job.run() == 1
    assert "sale A-1: " in job.output()
    assert "rejected: A-2: " in job.output()
    assert len(service.postings(maple)) == 1


def test_a_till_that_cannot_be_read_is_a_job_that_failed(job: Job) -> None:
    assert job.run() == 2
    assert f"{job.till} cannot be read: " in job.output()
    assert "Traceback" not in job.output()


def test_a_service_that_is_down_leaves_the_sales_for_the_next_run(
    service: Sandbox, maple: str, job: Job
) -> None:
    job.sell(*SALES)
    job.variables["LEDGERHQ_BASE_URL"] = "http://127.0.0.1:9"
    assert job.run() == 2
    job.variables["LEDGERHQ_BASE_URL"] = service.url
    assert job.run() == 0
    assert len(service.postings(maple)) == len(SALES)
