"""The test kit, as a partner's own tests use it: fixtures that pytest finds, and faults."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledgerhq_ext import LedgerHQ, Organization, Transfer, TransportError
from ledgerhq_ext.sandbox import Sandbox

# What other plugins of this environment would bring is left out, as in a partner's own.
_OTHERS = ("hypothesispytest", "schemathesis", "xdist", "anyio")


def run_tests(folder: Path, text: str, *arguments: str, autoload: bool = True) -> str:
    """Run a test file in a process of its own, as pytest runs it by default; return its output."""
    (folder / "test_partner.py").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "" if autoload else "1"}
    if autoload:
        del environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        arguments += tuple(f"-pno:{name}" for name in _OTHERS)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, *arguments, f"--rootdir={folder}", str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


IMPORTS_NOTHING = """
import sys

def test_nothing_of_the_package_is_imported(request):
    assert request.config.pluginmanager.has_plugin("ledgerhq")
    assert [name for name in sys.modules if name.startswith(("ledgerhq_ext", "ledgerhq_api"))] == []
"""

USES_EVERYTHING = """
import pytest
from ledgerhq_ext import JournalEntry, JournalLine, TransportError

def entry(debit, credit):
    lines = [JournalLine.of(debit, 500), JournalLine.of(credit, -500)]
    return JournalEntry(txn_date="2026-06-08", lines=lines)

def test_books(ledgerhq_books, ledgerhq_sandbox):
    accounts = ledgerhq_books.accounts()
    posting = entry(accounts.by_code("6900"), accounts.by_code("1010"))
    with ledgerhq_sandbox.failing("POST /api/v1/journal-entries", "lose_response") as fault:
        ledgerhq_books.post(posting, source=("till", "1"))
    assert fault.hits == 1
    assert len(ledgerhq_sandbox.postings(ledgerhq_books.id)) == 1

def test_fresh_books(ledgerhq_sandbox, ledgerhq_books, ledgerhq_client):
    assert ledgerhq_sandbox.postings(ledgerhq_books.id) == []
    assert len(list(ledgerhq_client.organizations(type="client"))) == 4

def test_empty_books(ledgerhq_sandbox, ledgerhq_empty_books):
    assert list(ledgerhq_empty_books.accounts()) == []
    company = ledgerhq_empty_books.id
    cash = ledgerhq_sandbox.add_account(company, "1000", "Cash", "asset", sub_type="cash")
    capital = ledgerhq_sandbox.add_account(company, "3000", "Capital", "equity")
    receipt = ledgerhq_empty_books.post(entry(cash, capital), source=("till", "1"))
    assert receipt.status == "posted"
"""


def test_pytest_finds_the_plugin_and_imports_nothing_of_the_package(tmp_path: Path) -> None:
    assert "1 passed" in run_tests(tmp_path, IMPORTS_NOTHING)


def test_the_fixtures_give_a_client_and_fresh_books(tmp_path: Path) -> None:
    assert "3 passed" in run_tests(tmp_path, USES_EVERYTHING)


def test_the_line_of_older_releases_goes_on_working(tmp_path: Path) -> None:
    line = 'pytest_plugins = ["ledgerhq_ext.sandbox.pytest_plugin"]\n'
    (tmp_path / "conftest.py").write_text(line, encoding="utf-8")
    assert "3 passed" in run_tests(tmp_path, USES_EVERYTHING)
    assert "3 passed" in run_tests(tmp_path, USES_EVERYTHING, autoload=False)


def test_the_example_of_the_readme_passes(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```python\n(# test_sales.py\n.*?)^```", readme, re.M | re.S)
    assert "1 passed" in run_tests(tmp_path, example)


ROUTE = "POST /api/v1/transfers"


def transfer(books: Organization) -> Transfer:
    accounts = books.accounts()
    return Transfer(
        txn_date="2026-06-08",
        from_account_id=accounts.by_code("1010"),
        to_account_id=accounts.by_code("1020"),
        amount=500,
    )


def test_requests_fail_for_the_length_of_a_block(
    ledgerhq_sandbox: Sandbox, ledgerhq_books: Organization
) -> None:
    posting = transfer(ledgerhq_books)
    with (
        LedgerHQ(
            base_url=ledgerhq_sandbox.url, access_token=ledgerhq_sandbox.access_token(), retries=0
        ) as hq,
        ledgerhq_sandbox.failing(ROUTE, "close", times=None) as fault,
    ):
        with pytest.raises(TransportError):
            hq.organization(ledgerhq_books.id).post(posting, source=("till", "1"))
        assert fault.hits == 1
    assert ledgerhq_books.post(posting, source=("till", "1")).status == "posted"
    assert fault.hits == 1


def test_a_fault_that_no_request_has_met_fails_the_test(ledgerhq_sandbox: Sandbox) -> None:
    message = "no request to 'POST /api/v1/transfers' met the fault 'close'"
    with pytest.raises(AssertionError, match=message), ledgerhq_sandbox.failing(ROUTE, "close"):
        pass


def test_what_a_block_raises_comes_first_and_ends_the_fault(
    ledgerhq_sandbox: Sandbox, ledgerhq_books: Organization
) -> None:
    with pytest.raises(KeyError), ledgerhq_sandbox.failing(ROUTE, "close"):
        raise KeyError
    assert ledgerhq_books.post(transfer(ledgerhq_books), source=("till", "1")).status == "posted"


def test_a_block_may_take_all_faults_out_of_force(ledgerhq_sandbox: Sandbox) -> None:
    with pytest.raises(AssertionError), ledgerhq_sandbox.failing(ROUTE, "close"):
        ledgerhq_sandbox.clear_faults()
