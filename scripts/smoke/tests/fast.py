"""The extra ``fast``: a long list is read by orjson, and is what json reads."""

from __future__ import annotations

import sys

from ledgerhq_ext import LedgerHQ

assert "orjson" not in sys.modules
with LedgerHQ(base_url=sys.argv[1], access_token=sys.argv[2]) as hq:
    company = next(iter(hq.organizations(type="client")))
    rows = [row.to_dict() for row in hq.organization(company).bank_transactions()]
    accounts = hq.organization(company).accounts()
assert len(rows) > 10
assert len(accounts) > 10
assert "orjson" in sys.modules

sys.modules["orjson"] = None  # type: ignore[assignment]
from ledgerhq_ext._http import documents  # noqa: E402

documents.parser.cache_clear()
with LedgerHQ(base_url=sys.argv[1], access_token=sys.argv[2]) as hq:
    again = [row.to_dict() for row in hq.organization(company).bank_transactions()]
assert documents.parser() is None
assert again == rows
