"""The partner app's files: receipts by source transaction, its clients, and review decisions."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

from ledgerhq_ext import Receipt
from scripts.files import write_text

_COLUMNS = (
    "source_id",
    "key",
    "journalEntryId",
    "bankTransactionIds",
    "resource",
    "organizationId",
)


class Receipts:
    """Receipts, a row for each source transaction, on disk before the next one is posted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows = {row["source_id"]: row for row in self._read()}
        self._rewrite()

    def _read(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        with self._path.open(encoding="utf-8", newline="") as file:
            # A run that was killed may have left half a row: posting it again gives the same
            # receipt.
            return [row for row in csv.DictReader(file) if row.get("organizationId")]

    def _rewrite(self) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows.values())
        write_text(self._path, text.getvalue())

    def __contains__(self, source_id: str) -> bool:
        return source_id in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def entry_of(self, source_id: str) -> str:
        """Return the id of the journal entry that a source transaction became."""
        return self._rows[source_id]["journalEntryId"]

    def add(self, source_id: str, receipt: Receipt) -> None:
        """Keep a receipt: it is safe on disk when this returns."""
        row = {
            "source_id": source_id,
            "key": receipt.idempotency_key,
            "journalEntryId": receipt.journal_entry_id,
            "bankTransactionIds": " ".join(receipt.bank_transaction_ids),
            "resource": receipt.resource_type,
            "organizationId": receipt.organization_id,
        }
        with self._path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, _COLUMNS, lineterminator="\n").writerow(row)
            file.flush()
            os.fsync(file.fileno())
        self._rows[source_id] = row


def save(path: Path, document: Any) -> None:
    """Write JSON so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def load(path: Path, default: Any) -> Any:
    """Return the JSON of a file, or the default when there is none."""
    if not path.exists():
        return default
    return json.loads(path.read_text(encoding="utf-8"))
