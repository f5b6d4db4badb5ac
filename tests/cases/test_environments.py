"""Bare and odd environments: the same answers as anywhere, or an error of our tree."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgerhq_ext import FileTokenStore, LedgerHQ, LedgerHQError
from ledgerhq_ext.store import Store

from .support import entry_lines, packet_body, run_python

# What an app does, to names in many scripts; it prints what must be the same everywhere.
WORK = """
import datetime as dt, hashlib, io, json, sys
import httpx
from ledgerhq_ext import LedgerHQ, Purchase, PurchaseLine, idempotency_key, render, review
from ledgerhq_ext.store import Store

folder, body = sys.argv[1:]
answers = {
    "financial-packet": json.loads(body),
    "bank-transactions": {
        "data": [{
            "id": "btx_1", "bankAccountId": "bank_1", "date": "2026-06-08", "amount": -4299,
            "description": "Zo\\u00eb \\u682a\\u5f0f \\U0001f9fe", "status": "unreconciled",
            "sourceType": "plaid_bank_feed", "pending": False, "currencyCode": "USD",
            "createdAt": "2026-06-08T16:00:00.000Z",
        }],
        "pagination": {"page": 1, "limit": 100, "total": 1, "totalPages": 1},
    },
}
service = httpx.MockTransport(
    lambda request: httpx.Response(200, json=answers[request.url.path.rpartition("/")[2]])
)
hq = LedgerHQ(base_url="https://ledger.test", access_token="mcp_at_x", transport=service)
books = hq.organization("org_8c1f")
packet = books.financial_packet("2026-05-01", "2026-05-31")
table = review.table(books.bank_transactions(), as_of=dt.date(2026, 7, 1))
table.write_decisions(f"{folder}/decisions.csv")
render.write_html(packet, f"{folder}/packet.html")
render.write_xlsx(packet, f"{folder}/packet.xlsx")
render.write_csv(packet, folder)
line = PurchaseLine(account_id="acc_2", amount=4299, description="\\u00e9")
purchase = Purchase(
    txn_date="2026-06-08", payee_name="Zo\\u00eb \\u682a\\u5f0f \\U0001f9fe",
    source_account_id="acc_1", lines=[line],
)
with Store(f"{folder}/books.db") as store:
    row = store.outbox().add("org_8c1f", purchase, source=("till", "K\\u00f6ln-1"))
files = [open(f"{folder}/{name}", "rb").read() for name in ("decisions.csv", "packet.html")]
results = [table.text(), row.key, row.digest, *(hashlib.sha256(file).hexdigest() for file in files)]
print(json.dumps(results))
"""
Settings = tuple[dict[str, str], list[str]]
"""Variables, and flags of the interpreter."""
ENVIRONMENTS: dict[str, Settings] = {
    "an ASCII locale": ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, []),
    "Latin-1 output": ({"PYTHONIOENCODING": "latin-1"}, []),
    "the first time zone": ({"TZ": "Pacific/Kiritimati"}, []),
    "no such time zone": ({"TZ": "No/Where"}, []),
    "an empty home": ({"HOME": ""}, []),
    "without docstrings": ({}, ["-OO"]),
    "isolated": ({}, ["-I"]),
}


def work(folder: Path, variables: dict[str, str], flags: list[str]) -> list[str]:
    """Return what an app sees in an environment that has nothing but these variables."""
    folder.mkdir()
    bare = {"PATH": os.environ["PATH"], "TMPDIR": str(folder)}
    body = json.dumps(packet_body("Zo\u00eb \u682a\u5f0f \U0001f9fe", "USD", entry_lines()))
    output = run_python(WORK, folder, body, flags=flags, environment=bare | variables)
    results: list[str] = json.loads(output)
    return results


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What an app sees where nothing is odd."""
    folder = tmp_path_factory.mktemp("plain")
    return work(folder / "work", {"LC_ALL": "C.UTF-8", "HOME": str(folder), "TZ": "UTC"}, [])


@pytest.mark.slow
@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_the_same_everywhere(tmp_path: Path, plain: list[str], environment: Settings) -> None:
    variables, flags = environment
    assert work(tmp_path / "work", variables, flags) == plain


HOMES: dict[str, Callable[[], object]] = {
    "token file": lambda: FileTokenStore("~/ledgerhq-token.json").read(),
    "client": lambda: LedgerHQ(token_store="~/ledgerhq-token.json"),
    "store": lambda: Store("~/books.db"),
}


@pytest.mark.parametrize("name", HOMES)
def test_a_user_without_a_home(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = pytest.importorskip("pwd", reason="users are of another kind here")

    def no_entry(_: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    # As in a container that runs under any user id.
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(users, "getpwuid", no_entry)
    monkeypatch.chdir(tmp_path)
    try:
        HOMES[name]()
    except LedgerHQError as error:
        message = str(error)
        assert "~" in message or "home" in message.lower()
    # Nothing may be put into a folder that is called "~".
    assert list(tmp_path.iterdir()) == []
