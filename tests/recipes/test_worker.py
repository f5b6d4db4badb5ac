"""The worker recipe: several firms, a kill, a signal, a health check, a firm that connects late."""

from __future__ import annotations

import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from ledgerhq_ext import Deposit, DepositLine, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store
from tests.support.waiting import PATIENCE, Gate

from .support import (
    RECIPES,
    STORE_KEY,
    environment,
    granted,
    press_approve,
    running,
    wait_for,
)

pytestmark = pytest.mark.slow


class Office:
    """Two firms that share a store, each with a company and its accounts."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.box = box
        self.folder = folder
        self.store = Store(folder / "books.db")
        self.variables = environment(box, LEDGERHQ_STORE=str(folder / "books.db"))
        self.firms = {"birch": box.add_firm("Birch"), "oak": box.add_firm("Oak")}
        self.companies: dict[str, str] = {}
        self.accounts: dict[str, tuple[str, str]] = {}
        for name, firm in self.firms.items():
            company = box.add_company(f"{name} client", "USD", firm=firm, empty=True)
            cash = box.add_account(company, "1050", "Cash", "asset", sub_type="cash")
            sales = box.add_account(company, "4000", "Sales", "revenue")
            self.companies[name] = company
            self.accounts[name] = (str(cash), str(sales))

    def connect(self, name: str) -> None:
        """Store the tokens of a firm."""
        section = self.store.token_store(STORE_KEY, name=name).try_lock()
        assert section is not None
        with section:
            section.write(granted(self.box, self.firms[name]))

    def sell(self, name: str, number: str) -> None:
        """Add a sale of the firm's company, as the app does."""
        cash, sales = self.accounts[name]
        line = DepositLine(account_id=sales, amount=1250)
        deposit = Deposit(txn_date="2026-06-08", destination_account_id=cash, lines=[line])
        tokens = self.store.token_store(STORE_KEY, name=name)
        with LedgerHQ(base_url=self.box.url, token_store=tokens) as hq:
            books = hq.organization(self.companies[name])
            self.store.outbox().add(books, deposit, source=("till", number))

    def worker(self, *words: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Start the program."""
        command = [str(RECIPES / "worker_service.py"), *words]
        return running(command, self.variables, self.folder)

    def check(self) -> int:
        """Return the exit status of the health check."""
        with self.worker("--check") as process:
            return process.wait(PATIENCE)

    def posted(self, name: str) -> int:
        """Return how many entries the firm's company has."""
        return len(self.box.postings(self.companies[name]))


@pytest.fixture
def office(service: Sandbox, tmp_path: Path) -> Office:
    return Office(service, tmp_path)


def test_a_killed_worker_and_the_next_one_post_everything_of_every_firm_once(
    service: Sandbox, office: Office, stall_gate: Gate
) -> None:
    for name in office.firms:
        office.connect(name)
        for number in ("1", "2", "3"):
            office.sell(name, number)
    service.fault("POST /api/v1/deposits", "stall", when="after")
    with office.worker() as worker:
        wait_for(lambda: len(service.postings()) >= 1)
        worker.kill()
    stall_gate.open()

    with office.worker() as worker:
        wait_for(lambda: office.store.outbox().status().posted == 6)
        worker.terminate()
        assert worker.wait(PATIENCE) == 0
    assert (office.posted("birch"), office.posted("oak")) == (3, 3)
    assert office.check() == 0


def test_a_firm_that_connects_late_costs_the_others_nothing(
    service: Sandbox, office: Office
) -> None:
    office.connect("birch")
    office.sell("oak", "1")
    office.sell("birch", "1")
    with office.worker():
        wait_for(lambda: office.posted("birch") == 1)
    assert office.posted("oak") == 0

    address = "http://127.0.0.1:8400/callback"
    command = [str(RECIPES / "worker_service.py"), "--connect", "oak", address]
    callback, answer = connect_in_terminal(command, office)
    assert callback.startswith(address)
    assert answer == 0
    with office.worker():
        wait_for(lambda: office.posted("oak") == 1)


def connect_in_terminal(command: list[str], office: Office) -> tuple[str, int]:
    """Open the printed address in a browser, approve for Oak, and paste where it came back to."""
    with subprocess.Popen(
        [sys.executable, *command],
        env=office.variables,
        cwd=office.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with httpx.Client(timeout=PATIENCE) as browser:
            back = press_approve(browser, browser.get(address), firm="Oak")
        callback = back.headers["location"]
        process.stdin.write(f"{callback}\n")
        process.stdin.close()
        return callback, process.wait(PATIENCE)


@pytest.mark.sample
def test_the_check_fails_while_something_waits_for_a_person(
    service: Sandbox, office: Office
) -> None:
    office.connect("birch")
    office.sell("birch", "1")
    assert office.check() == 0
    service.lock_period(office.companies["birch"], "2026-12-31")
    with office.worker():
        wait_for(lambda: office.store.outbox().status().rejected == 1)
    assert office.check() == 1
