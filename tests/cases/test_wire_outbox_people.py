"""What people decide, correct and lay to rest in an outbox.

Cases t9 (1, 2, 3), t10 (9) and t23 (h).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import InputError
from ledgerhq_ext.store import OutboxSettings, Store

from .wire_support import (
    DAY,
    NOWHERE,
    SOURCE,
    Exchange,
    Ledger,
    client,
    let_time_pass,
    public,
    purchase,
    refusal,
)

ORG = "org_1"
HOUR = 3600.0


def inactive(exchange: Exchange) -> bool:
    """Refuse a posting for good."""
    return exchange.reply(422, refusal("VALIDATION_ERROR", "The account is inactive"))


def another_payload(exchange: Exchange) -> bool:
    """Say that the key stands for another payload."""
    document = refusal("IDEMPOTENCY_CONFLICT", "The key stands for another payload")
    return exchange.reply(409, document)


# --- t9 (1): a backup is restored after the keys were forgotten


def test_a_restored_backup_that_is_declared_old_doubles_nothing(tmp_path: Path) -> None:
    place = tmp_path / "books.db"
    with Ledger(key_life=24 * HOUR) as ledger, client(ledger.url) as hq:
        books = hq.organization(ORG)
        with Store(place) as store:
            for number in range(10):
                source = ("till", str(number))
                store.outbox().add(books, purchase(100 + number), source=source)

        backup = _back_up(place)
        taken_at = dt.datetime.now(dt.UTC)
        with Store(place) as store:
            assert store.outbox().drain(hq).posted == 10

        _restore(backup, place)
        ledger.clock = lambda: time.time() + 30 * HOUR
        with Store(place) as store:
            outbox: Any = store.outbox()
            outbox.distrust(since=taken_at)
            assert outbox.drain(hq).posted == 0
            assert len(ledger.entries) == 10

            for doubt in outbox.candidates(hq):
                [entry] = doubt.candidates
                outbox.resolve(doubt.posting, stands_as=entry)
            assert outbox.status().posted == 10
            assert outbox.drain(hq).posted == 0
            assert len(ledger.entries) == 10


def _back_up(place: Path) -> Path:
    backup = place.with_name("backup.db")
    with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    backup.chmod(0o600)
    return backup


def _restore(backup: Path, place: Path) -> None:
    for file in place.parent.glob(f"{place.name}*"):
        file.unlink()
    shutil.copy2(backup, place)


# --- t9 (2): two twins, one entry


def test_an_entry_settles_one_posting(tmp_path: Path) -> None:
    """Of two purchases that look the same, one stands; it cannot be the receipt of both."""
    place = tmp_path / "books.db"
    with Ledger() as ledger, client(ledger.url) as hq, Store(place) as store:
        outbox: Any = store.outbox(OutboxSettings(key_lifetime=60, lease_margin=1))
        books = hq.organization(ORG)
        outbox.add(books, purchase(450), source=("till", "coffee-1"))
        outbox.add(books, purchase(450), source=("till", "coffee-2"))

        ledger.faults = ["lost after", "lost before"]
        outbox.drain(hq, wait=0)
        let_time_pass(place, HOUR)
        outbox.drain(hq, wait=0)
        first, second = outbox.postings("needs_attention")

        [entry] = books.entries(start=DAY, end=DAY)
        outbox.resolve(first, stands_as=entry)
        with pytest.raises(InputError):
            outbox.resolve(second, stands_as=entry)

        outbox.resolve(second, stands_as=None)
        assert outbox.drain(hq).posted == 1
        receipts = {row.receipt.journal_entry_id for row in outbox.postings()}
        assert receipts == {"je_0", "je_1"}


# --- t9 (3): a rejected posting


def test_a_rejected_posting_is_corrected(tmp_path: Path) -> None:
    with Ledger() as ledger, client(ledger.url) as hq, Store(tmp_path / "books.db") as store:
        outbox: Any = store.outbox()
        ledger.faults = [inactive]
        outbox.add(hq.organization(ORG), purchase(100), source=SOURCE)
        assert outbox.drain(hq).rejected == 1

        [row] = outbox.postings()
        outbox.correct(row, purchase(100, account_id="acc_other"))
        assert outbox.drain(hq).posted == 1
        [body] = ledger.bodies()
        assert body["lines"] == [{"accountId": "acc_other", "amount": 100}]
        [row] = outbox.postings()
        assert (row.state, row.source) == ("posted", SOURCE)


def test_another_payload_of_one_source_names_the_field_that_differs(tmp_path: Path) -> None:
    with client(NOWHERE) as hq, Store(tmp_path / "books.db") as store:
        outbox = store.outbox()
        books = hq.organization(ORG)
        outbox.add(books, purchase(100), source=SOURCE)
        with pytest.raises(InputError) as caught:
            outbox.add(books, purchase(100, account_id="acc_other"), source=SOURCE)

        said = str(caught.value)
        assert "account" in said
        assert "acc_other" in said
        assert not re.search("[0-9a-f]{64}", said)


# --- t10 (9): the same source with another key or order


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"key": "second-key"}, id="another-key"),
        pytest.param({"key": "first-key", "in_order": True}, id="another-order"),
    ],
)
def test_the_same_source_on_other_terms_is_refused(
    changes: dict[str, Any],
    tmp_path: Path,
) -> None:
    with client(NOWHERE) as hq, Store(tmp_path / "books.db") as store:
        outbox = store.outbox()
        books = hq.organization(ORG)
        row = outbox.add(books, purchase(), source=SOURCE, key="first-key")
        assert outbox.add(books, purchase(), source=SOURCE, key="first-key") == row
        with pytest.raises(InputError):
            outbox.add(books, purchase(), source=SOURCE, **changes)


# --- t23 (h): what can be laid to rest


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        pytest.param(another_payload, "conflict", id="conflict"),
        pytest.param(inactive, "rejected", id="rejected"),
    ],
)
def test_a_row_that_is_over_is_laid_to_rest(fault: Any, state: str, tmp_path: Path) -> None:
    with Ledger() as ledger, client(ledger.url) as hq, Store(tmp_path / "books.db") as store:
        outbox: Any = store.outbox()
        ledger.faults = [fault]
        outbox.add(hq.organization(ORG), purchase(), source=SOURCE)
        outbox.drain(hq)
        [row] = outbox.postings()
        assert row.state == state

        outbox.discard(row, reason="entered by hand")
        assert getattr(outbox.status(), state) == 0
        assert outbox.drain(hq).posted == 0
        assert ledger.entries == []
        [row] = outbox.postings()
        assert "entered by hand" in repr(public(row))
