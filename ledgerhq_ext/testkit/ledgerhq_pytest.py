"""pytest fixtures for the tests of an app that uses LedgerHQ: a sandbox, a client, books.

    def test_a_sale_is_posted(ledgerhq_books, ledgerhq_sandbox):
        post_sale(ledgerhq_books, sale)
        assert len(ledgerhq_sandbox.postings()) == 1

pytest finds it by itself where ``ledgerhq-ext[sandbox]`` is installed. It is a module of its own,
beside the package, and imports nothing of it until a fixture is used: a run of tests that have
nothing to do with LedgerHQ does not pay for it, and coverage can measure the package's own import.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ledgerhq_ext import LedgerHQ, Organization
    from ledgerhq_ext.sandbox import Sandbox


@pytest.fixture(scope="session")
def ledgerhq_sandbox_server() -> Iterator[Sandbox]:
    """Start the server behind ``ledgerhq_sandbox``, once for all tests."""
    from ledgerhq_ext.sandbox import Sandbox

    with Sandbox(auto_approve=True) as box:
        yield box


@pytest.fixture
def ledgerhq_sandbox(ledgerhq_sandbox_server: Sandbox) -> Sandbox:
    """Return a sandbox in a fresh state: a firm, four client companies, and no faults.

    Its consent page answers by itself. ``with ledgerhq_sandbox.failing(…)`` makes requests fail.
    """
    ledgerhq_sandbox_server.reset()
    return ledgerhq_sandbox_server


@pytest.fixture
def ledgerhq_client(ledgerhq_sandbox: Sandbox) -> Iterator[LedgerHQ]:
    """Return a client with an access token of the firm, good for an hour of the sandbox's clock."""
    from ledgerhq_ext import LedgerHQ

    token = ledgerhq_sandbox.access_token()
    with LedgerHQ(base_url=ledgerhq_sandbox.url, access_token=token) as hq:
        yield hq


@pytest.fixture
def ledgerhq_books(ledgerhq_sandbox: Sandbox, ledgerhq_client: LedgerHQ) -> Organization:
    """Return a company with six months of books: accounts, contacts, bills, bank activity."""
    company = ledgerhq_sandbox.clients[0]["id"]
    return ledgerhq_client.organization(company)


@pytest.fixture
def ledgerhq_empty_books(ledgerhq_sandbox: Sandbox, ledgerhq_client: LedgerHQ) -> Organization:
    """Return a company in US dollars whose books are empty, down to the chart of accounts.

    ``ledgerhq_sandbox.add_account(books.id, …)`` adds the accounts that a test needs.
    """
    company = ledgerhq_sandbox.add_company("Empty Books", "USD")
    return ledgerhq_client.organization(company)
