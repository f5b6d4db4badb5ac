"""The extra ``sandbox``: it starts, and answers a client."""

from __future__ import annotations

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.sandbox import Sandbox

with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
    assert hq.health().status == "ok"
    assert len(list(hq.organizations(type="client"))) == 4
    assert box.contract_violations == []
