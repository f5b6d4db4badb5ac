"""The extra ``beancount``: its reader finds a journal's transactions."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ledgerhq_ext.cli.files.beancount import read_beancount
from ledgerhq_ext.cli.files.mapping import Mapping
from ledgerhq_ext.store import Store

JOURNAL = """
2026-01-01 open Assets:Cash
2026-01-01 open Equity:Capital
2026-06-08 * "Capital"
  ref: "1"
  Assets:Cash       12.50 USD
  Equity:Capital
"""

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "books.beancount"
    path.write_text(JOURNAL, encoding="utf-8")
    [transaction] = read_beancount(path, Mapping(id="meta:ref"))
    with Store(Path(folder) / "books.db") as store:
        assert store.outbox().status().total == 0
assert transaction.id == "1"
