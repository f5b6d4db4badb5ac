"""A canary for a token goes through everything the store does; nothing but the token store may hold
it.
"""

from __future__ import annotations

import logging
import pickle
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import evolve
from cryptography.fernet import Fernet

from ledgerhq_ext import Connection, LedgerHQ, Purchase, PurchaseLine, RetryPolicy
from ledgerhq_ext.store import Store
from tests.support.outbox import SOURCE
from tests.support.tokens import write_connection

BASE = "https://ledger.test"
ACCESS, REFRESH, NEXT = ("CANARYaccess01", "CANARYrefresh2", "CANARYrenewed3")
SECRETS = (ACCESS, REFRESH, NEXT)
CONNECTION = Connection(
    issuer=BASE, client_id="app", access_token=f"mcp_at_{ACCESS}", refresh_token=f"mcp_rt_{REFRESH}"
)
PURCHASE = Purchase(
    txn_date="2026-06-08",
    payee_name="Office Depot",
    source_account_id="a1",
    lines=[PurchaseLine(account_id="a2", amount=4299)],
)


def renewed(_: httpx.Request) -> httpx.Response:
    pair = {"access_token": f"mcp_at_{NEXT}", "refresh_token": f"mcp_rt_{NEXT}"}
    return httpx.Response(200, json={**pair, "token_type": "Bearer", "expires_in": 3600})


def receipt(request: httpx.Request) -> httpx.Response:
    key = request.headers["idempotency-key"]
    told = {
        "id": "p1",
        "resourceType": "purchase",
        "journalEntryId": "e1",
        "bankTransactionIds": [],
        "status": "posted",
    }
    moment = "2026-06-08T16:00:00.000Z"
    return httpx.Response(201, json={"data": {**told, "postedAt": moment, "idempotencyKey": key}})


def echo(request: httpx.Request) -> httpx.Response:
    """A service that says aloud what it was sent."""
    sent = request.headers["authorization"]
    error = {"code": sent, "message": f"bad token {sent}", "requestId": sent}
    return httpx.Response(
        422, json={"error": error}, headers={"x-request-id": sent, "x-echo": sent}
    )


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError(f"reset while {request.headers.get('authorization')}")


class Witness(logging.Handler):
    """Keeps every record of every logger, as text with its arguments."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen += [record.getMessage(), repr(record.__dict__)]
        if record.exc_info:
            self.seen.append("".join(traceback.format_exception(*record.exc_info)))


@pytest.fixture
def witness() -> Any:
    handler, root = Witness(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    named = ("sqlalchemy.engine", "sqlalchemy.pool", "httpx", "httpcore", "psycopg", "ledgerhq_ext")
    levels = {name: logging.getLogger(name).level for name in named}
    for name in named:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _everything(
    place: str, keys: list[bytes], plaintext: bool, seen: list[str], answer: Callable[..., Any]
) -> None:
    """Every way through the store, with answers of one kind; what can be looked at goes into
    ``seen``.
    """

    def service(request: httpx.Request) -> Any:
        return (
            renewed(request)
            if request.url.path.endswith("/token") and answer is not broken
            else answer(request)
        )

    retries = RetryPolicy(attempts=1)
    store = Store(place)
    tokens = store.token_store(keys, plaintext=plaintext)
    write_connection(tokens, evolve(CONNECTION))
    hq = LedgerHQ(
        base_url=BASE, token_store=tokens, retries=retries, transport=httpx.MockTransport(service)
    )
    outbox = store.outbox()
    calls: list[Callable[[], Any]] = [
        lambda: outbox.add("org_1", PURCHASE, source=SOURCE),
        lambda: outbox.drain(hq, wait=0),
        lambda: outbox.post(hq.organization("org_1"), PURCHASE, source=("till", "2")),
        lambda: outbox.postings(),
        lambda: outbox.status(),
        lambda: outbox.candidates(hq),
        lambda: store.clients.link("client", "org_1"),
        lambda: store.clients.unlinked(hq),
        lambda: tokens.rotate(),
        lambda: store.token_store([Fernet.generate_key()]).rotate(),
        lambda: store.token_store([Fernet.generate_key()]).read(),
    ]
    for call in calls:
        try:
            seen.append(repr(call()))
        except Exception as error:
            seen += [str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error))]
            seen += traceback.TracebackException.from_exception(error).format()
    seen += [repr(thing) for thing in (store, tokens, outbox, hq, store._database, store.clients)]
    hq.close()
    store.close()


@pytest.mark.parametrize("answer", [receipt, echo, broken])
@pytest.mark.parametrize("plaintext", [False, True])
def test_no_token_outside_of_the_token_store(
    place: str,
    tmp_path: Path,
    witness: Witness,
    plaintext: bool,
    answer: Callable[..., Any],
    capfd: Any,
) -> None:
    key = Fernet.generate_key()
    seen: list[str] = []
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        _everything(place, [] if plaintext else [key], plaintext, seen, answer)
    assert len(witness.seen) > 100
    everything = [*seen, *witness.seen, *map(str, warned), *capfd.readouterr()]
    assert [text[:500] for text in everything for secret in SECRETS if secret in text] == []
    if not plaintext:
        assert _files_with_secrets(tmp_path) == []
        assert not any(key.decode() in text for text in everything)


def test_the_search_would_find_it(tmp_path: Path, witness: Witness) -> None:
    """The canary stands in a plain-text store's file, and a careless log line is seen."""
    logging.getLogger("careless").debug("token %s", ACCESS)
    assert any(ACCESS in text for text in witness.seen)
    _everything(str(tmp_path / "books.db"), [], True, [], receipt)
    assert "books.db" in "".join(_files_with_secrets(tmp_path))


def _files_with_secrets(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        path.name for path in files for secret in SECRETS if secret.encode() in path.read_bytes()
    ]
