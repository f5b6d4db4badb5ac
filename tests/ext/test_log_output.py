"""``LEDGERHQ_LOG``: the log of calls on standard error, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledgerhq_ext import InputError, LedgerHQ
from tests.support.clients import BASE, TOKEN

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CALLS = """
import logging, sys
import httpx
if "configured" in sys.argv:
    logging.basicConfig(format="mine %(message)s", stream=sys.stderr)
from ledgerhq_ext import LedgerHQ, RetryPolicy

answers = iter([503, 200, 200])

def answer(request):
    if request.url.path == "/api/v1/bank-feeds":
        raise httpx.ConnectError(f"refused {request.headers['authorization']}")
    headers = {"x-request-id": "req_7"}
    rate = {"id": "t", "name": "Hidden rate", "rate": 1, "type": "sales", "isActive": True}
    rates = {"taxRates": [rate]}
    return httpx.Response(next(answers), json=rates, headers=headers)

for _ in range(2):
    hq = LedgerHQ(
        base_url="https://ledger.test", access_token=sys.argv[1], sleep=lambda seconds: None,
        transport=httpx.MockTransport(answer), retries=RetryPolicy(attempts=2, first_pause=0),
    )
books = hq.organization("org_1")
print(books.tax_rates()[0].name)
try:
    books.bank_feeds()
except Exception as error:
    print(type(error).__name__)
"""


def log_of(word: str | None, *words: str) -> list[str]:
    """Return the lines on standard error of a process that makes calls."""
    environment = {name: value for name, value in os.environ.items() if name != "LEDGERHQ_LOG"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    if word is not None:
        environment["LEDGERHQ_LOG"] = word
    done = subprocess.run(
        [sys.executable, "-c", CALLS, TOKEN, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["Hidden rate", "TransportError"]
    assert TOKEN not in done.stderr
    assert "Hidden rate" not in done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize("word", [None, "", "  "])
def test_without_it_nothing_is_said(word: str | None) -> None:
    assert log_of(word) == []


@pytest.mark.parametrize("word", ["debug", "DEBUG"])
def test_debug_says_every_response_failure_and_retry(word: str) -> None:
    lines = log_of(word)
    kinds = [re.findall(r"GET /api/v1/([a-z-]+): ([a-z]+)", line)[0] for line in lines]
    assert kinds == [
        ("tax-rates", "response"),
        ("tax-rates", "retry"),
        ("tax-rates", "response"),
        ("bank-feeds", "failure"),
        ("bank-feeds", "retry"),
        ("bank-feeds", "failure"),
    ]
    first = lines[0]
    assert re.match(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ledgerhq_ext GET /api/v1/tax-rates", first
    )
    assert re.search(r"attempt 1, \d\.\d{3} s, status 503, request req_7", first)


def test_info_leaves_responses_out() -> None:
    lines = log_of("info")
    assert [line for line in lines if ": response" in line] == []
    assert len(lines) == 4


@pytest.mark.sample
def test_an_app_that_writes_its_logs_hears_it_once() -> None:
    lines = log_of("debug", "configured")
    assert len(lines) == 6
    assert all(line.startswith("mine GET") for line in lines)


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHQ_LOG", "loud")
    with pytest.raises(InputError, match="LEDGERHQ_LOG must be debug or info, not 'loud'"):
        LedgerHQ(base_url=BASE, access_token=TOKEN)
