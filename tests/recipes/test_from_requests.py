"""The migration from hand-written code: old and new run against one service, and double nothing."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ledgerhq_ext import (
    FileTokenStore,
    IdempotencyConflictError,
    InputError,
    Organization,
)
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store

from .support import ROOT, granted

BILLS: list[dict[str, Any]] = [
    {"id": "17", "day": "2026-06-01", "payee": "Office Depot", "dollars": 42.5},
    {"id": "18", "day": "2026-06-02", "payee": "Delta Travel", "dollars": 19.99},
    {"id": "19", "day": "2026-06-03", "payee": "Office Depot", "dollars": 8.0},
]


def module(name: str) -> ModuleType:
    """Return a module of the page."""
    path = ROOT / f"docs/migrating/{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


old_app = module("by_hand")
new_app = module("with_the_library")


@pytest.fixture
def old_file(service: Sandbox, tmp_path: Path) -> Path:
    """The token file of the old app, whose access token has ended."""
    tokens = granted(service)
    file = tmp_path / "tokens-by-hand.json"
    values = {"client_id": tokens.client_id, "refresh_token": tokens.refresh_token}
    file.write_text(json.dumps({**values, "expires_at": 0}), encoding="utf-8")
    return file


@pytest.fixture
def old(service: Sandbox, old_file: Path) -> Iterator[Any]:
    """The old app."""
    client = old_app.HandWrittenClient(service.url, old_file)
    with client.http:
        yield client


@pytest.fixture
def tokens(tmp_path: Path) -> FileTokenStore:
    """The token store of the new app."""
    return FileTokenStore(tmp_path / "tokens.json")


def account(box: Sandbox, company: str, code: str) -> str:
    query = "SELECT id FROM accounts WHERE organizationId = ? AND code = ?"
    return str(box.rows(query, company, code)[0]["id"])


@pytest.fixture
def books(
    service: Sandbox, maple: str, old: Any, old_file: Path, tokens: FileTokenStore
) -> Iterator[Organization]:
    """The company in the new app, after the old one has posted and its grant was moved."""
    for bill in BILLS:
        old.post_purchase(maple, account(service, maple, "1010"), expense(service, maple), bill)
    new_app.import_tokens(service.url, old_file, tokens)
    with new_app.client(service.url, tokens) as hq:
        yield hq.organization(maple)


def expense(box: Sandbox, company: str) -> str:
    return account(box, company, "6100")


def purchase(box: Sandbox, company: str, bill: dict[str, Any], cents: int) -> Any:
    bank = account(box, company, "1010")
    return new_app.purchase(bank, expense(box, company), bill, cents)


def test_what_the_old_app_posted_is_not_posted_again(
    service: Sandbox, maple: str, books: Organization
) -> None:
    for bill in BILLS:
        posting = purchase(service, maple, bill, new_app.old_amount(bill["dollars"]))
        assert new_app.post_old(books, bill["id"], posting).replayed
    assert len(service.postings(maple)) == len(BILLS)

    new_bill = {"id": "20", "day": "2026-06-04", "payee": "Office Depot"}
    posting = purchase(service, maple, new_bill, new_app.amount("19.99", books))
    receipt = new_app.post_new(books, "20", posting)
    assert not receipt.replayed
    assert new_app.post_new(books, "20", posting).replayed
    assert len(service.postings(maple)) == len(BILLS) + 1
    assert service.postings(maple)[-1]["request"]["lines"][0]["amount"] == 1999


def test_an_amount_that_the_old_app_got_wrong_is_a_conflict_and_no_second_entry(
    service: Sandbox, maple: str, books: Organization
) -> None:
    assert new_app.old_amount(19.99) == 1998
    posting = purchase(service, maple, BILLS[1], 1999)
    with pytest.raises(IdempotencyConflictError):
        new_app.post_old(books, "18", posting)
    assert len(service.postings(maple)) == len(BILLS)
    with pytest.raises(InputError):
        new_app.amount("19.995", books)


def test_an_old_key_goes_through_the_outbox_too(
    service: Sandbox, maple: str, books: Organization, tokens: FileTokenStore, tmp_path: Path
) -> None:
    posting = purchase(service, maple, BILLS[0], 4250)
    with Store(tmp_path / "books.db") as store, new_app.client(service.url, tokens) as hq:
        outbox = store.outbox()
        outbox.add(books, posting, source=("acme", "17"), key="acme-purchase-17")
        assert outbox.drain(hq).posted == 1
    assert len(service.postings(maple)) == len(BILLS)


def test_the_grant_moves_once_and_no_refresh_token_is_presented_twice(
    service: Sandbox, books: Organization, old: Any, old_file: Path, tokens: FileTokenStore
) -> None:
    assert books.accounts()
    assert not old_file.exists()
    moved = old_file.with_suffix(".moved")
    with pytest.raises(InputError, match="nothing was changed"):
        new_app.import_tokens(service.url, moved, tokens)
    assert service.refresh_tokens_presented_twice == []


def test_both_read_the_same_rows(
    service: Sandbox, maple: str, old: Any, old_file: Path, tokens: FileTokenStore
) -> None:
    by_hand = [row["id"] for row in old.unreconciled(maple)]
    new_app.import_tokens(service.url, old_file, tokens)
    with new_app.client(service.url, tokens) as hq:
        rows = new_app.unreconciled(hq.organization(maple))
    assert {row.id for row in rows} == set(by_hand)
    assert len(by_hand) > 0


def test_a_locked_token_store_is_left_alone(
    service: Sandbox, old_file: Path, tokens: FileTokenStore
) -> None:
    section = tokens.try_lock()
    assert section is not None
    with section, pytest.raises(InputError, match="Somebody uses"):
        new_app.import_tokens(service.url, old_file, tokens)
    assert old_file.exists()


def test_the_old_code_retries_by_hand(service: Sandbox, maple: str, old: Any) -> None:
    """What the page says of it: after a lost answer it posts again under its key."""
    service.fault("POST /api/v1/purchases", "lose_response")
    bank = account(service, maple, "1010")
    old.post_purchase(maple, bank, expense(service, maple), BILLS[0])
    assert len(service.postings(maple)) == 1
