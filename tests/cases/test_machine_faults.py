"""Faults of the machine (proxy variables, certificate files) are errors of our tree, never sent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import LedgerHQ, LedgerHQError, RetryPolicy
from ledgerhq_ext.store import OutboxSettings, Store

from .support import ACCESS_TOKEN, ORG, purchase, receipt, refusing_port, run_python

CALLS = """
import asyncio, json, sys
from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, LedgerHQError, RetryPolicy

settings = {"base_url": sys.argv[1], "access_token": "mcp_at_x"}
once = {"retries": RetryPolicy(attempts=1), "deadline": 10}

def blocking():
    LedgerHQ(**settings).with_options(**once).organization("org_1").tax_rates()

async def awaiting():
    await AsyncLedgerHQ(**settings).with_options(**once).organization("org_1").tax_rates()

for call in (blocking, lambda: asyncio.run(awaiting())):
    try:
        call()
    except LedgerHQError as error:
        print(json.dumps([type(error).__name__, error.outcome, str(error)]))
    except Exception as error:
        print(json.dumps([f"outside of the tree: {type(error).__name__}", "", str(error)]))
"""


def is_read_by_httpx(name: str) -> bool:
    """Return whether a variable says how to connect."""
    return name.upper().endswith("_PROXY") or name.startswith("SSL")


WITHOUT_SOCKS = """
import sys
sys.modules["socksio"] = None
"""


NO_FILES_LEFT = """
import asyncio, json, sys
from ledgerhq_ext import AsyncLedgerHQ, JournalLine, DraftEntry, LedgerHQ, LedgerHQError
import httpx

answers = []

class NoFilesLeft:
    def find_spec(self, name, path, target=None):
        if answers and name.startswith("ledgerhq_api"):
            raise OSError(24, "Too many open files")

def answer(request):
    answers.append(request.method)
    return httpx.Response(200, json={"data": {"id": "je_1", "organizationId": "org_1"}})

sys.meta_path.insert(0, NoFilesLeft())
lines = [JournalLine.of("acc_1", 5), JournalLine.of("acc_2", -5)]
draft = DraftEntry(date="2026-06-08", description="Accrual", lines=lines)
settings = {
    "base_url": "https://ledger.test",
    "access_token": "mcp_at_x",
    "transport": httpx.MockTransport(answer),
}

def blocking():
    LedgerHQ(**settings).organization("org_1").create_entry(draft)

async def awaiting():
    await AsyncLedgerHQ(**settings).organization("org_1").create_entry(draft)

try:
    blocking() if sys.argv[1] == "sync" else asyncio.run(awaiting())
except LedgerHQError as error:
    print(json.dumps([type(error).__name__, error.outcome, str(error), answers]))
"""


@pytest.mark.parametrize("surface", ["sync", "async"])
def test_a_fault_while_an_answer_is_read_leaves_the_outcome_unknown(surface: str) -> None:
    """Records are imported when they are first read, which takes a file."""
    kind, outcome, message, answers = json.loads(run_python(NO_FILES_LEFT, surface))
    assert (kind, outcome, answers) == ("TransportError", "unknown", ["POST"])
    assert "Too many open files" in message
    assert "POST /api/v1/entries, organization org_1, 1 attempt" in message


def call_with(variables: dict[str, str], code: str = CALLS) -> list[tuple[str, str, str]]:
    """Return the errors of a call on each surface, to a port where nothing listens."""
    rest = {name: value for name, value in os.environ.items() if not is_read_by_httpx(name)}
    with refusing_port() as port:
        url = f"https://127.0.0.1:{port}"
        values = {name: value.format(port=port) for name, value in variables.items()}
        text = run_python(code, url, environment=rest | values)
    return [tuple(json.loads(line)) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("NO_PROXY", "localhost", id="a plain NO_PROXY"),
        pytest.param("NO_PROXY", "localhost,::1,[::1]", id="bracketed IPv6"),
        pytest.param("NO_PROXY", "localhost,fd00::/8", id="an IPv6 network"),
        pytest.param("ALL_PROXY", "socks5://127.0.0.1:{port}", id="SOCKS"),
        pytest.param("all_proxy", "socks://127.0.0.1:{port}/", id="GNOME"),
        pytest.param("HTTPS_PROXY", "127.0.0.1:{port}", id="no scheme"),
        pytest.param("HTTPS_PROXY", "http://127.0.0.1:port", id="no port"),
        pytest.param("HTTPS_PROXY", "http://xn--.test:{port}", id="no host in punycode"),
        pytest.param("SSL_CERT_FILE", "/nonexistent/ca.pem", id="no CA file"),
        pytest.param("SSL_CERT_FILE", __file__, id="no certificate in it"),
        pytest.param("SSLKEYLOGFILE", "/nonexistent/keys", id="no key log"),
    ],
)
def test_a_variable_works_or_is_named(name: str, value: str) -> None:
    errors = call_with({name: value})
    assert len(errors) == 2
    for kind, outcome, message in errors:
        assert kind in ("InputError", "TransportError"), message
        assert outcome == "not_sent"
        # A transport error says that the variable was read, and nothing listens.
        assert kind == "TransportError" or name in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("NO_PROXY", "localhost,http://[::1", id="no URL"),
        pytest.param("no_proxy", "https://127.0.0.1:port", id="a URL without a port"),
        pytest.param("HTTPS_PROXY", "http://127.0.0.1:65536", id="no such port"),
        pytest.param("HTTPS_PROXY", f"http://{'a' * 64}.test", id="a name that is too long"),
        pytest.param("SSL_CERT_DIR", "/nonexistent", id="no CA folder"),
        pytest.param("SSL_CERT_DIR", __file__, id="a file for a CA folder"),
        pytest.param("SSL_CERT_DIR", f"/nonexistent{os.pathsep}/none", id="two without a folder"),
    ],
)
def test_a_variable_that_cannot_work_is_named(name: str, value: str) -> None:
    """A call would be tried until its deadline, or go elsewhere: 65536 more than a port is one."""
    errors = call_with({name: value})
    assert len(errors) == 2
    for kind, outcome, message in errors:
        assert (kind, outcome) == ("InputError", "not_sent"), message
        assert name in message


def test_one_ca_folder_of_two_is_enough(tmp_path: Path) -> None:
    errors = call_with({"SSL_CERT_DIR": f"/nonexistent{os.pathsep}{tmp_path}"})
    assert [kind for kind, _, _ in errors] == ["TransportError"] * 2


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY"])
def test_a_socks_proxy_without_its_package_is_named(name: str) -> None:
    errors = call_with({name: "socks5://127.0.0.1:{port}"}, WITHOUT_SOCKS + CALLS)
    assert len(errors) == 2
    for kind, outcome, message in errors:
        assert (kind, outcome) == ("InputError", "not_sent"), message
        assert name in message
        assert "socksio" in message


def test_a_posting_stays_pending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing_port() as port, Store(tmp_path / "books.db") as store:
        url = f"https://127.0.0.1:{port}"
        outbox = store.outbox(OutboxSettings(lease_margin=1))
        outbox.add(ORG, purchase(), source=("till", "1"))

        monkeypatch.setenv("NO_PROXY", "localhost,[::1]")
        error = error_of_a_drain(outbox, client(url))
        (row,) = outbox.postings()
        assert (row.state, row.unknown, row.first_sent_at) == ("pending", False, None)
        assert error is None or isinstance(error, LedgerHQError)

        # Somebody mends the variable.
        monkeypatch.delenv("NO_PROXY")
        mended = client(url, transport=httpx.MockTransport(receipt))
        assert outbox.drain(mended, wait=10, seconds=10).posted == 1


def client(url: str, **settings: Any) -> LedgerHQ:
    """Return a client that does not repeat."""
    hq = LedgerHQ(base_url=url, access_token=ACCESS_TOKEN, **settings)
    return hq.with_options(deadline=2, retries=RetryPolicy(attempts=1))


def error_of_a_drain(outbox: Any, hq: LedgerHQ) -> Exception | None:
    """Return what a drain raises, if anything."""
    try:
        outbox.drain(hq, wait=0)
    except Exception as error:
        return error
    return None
