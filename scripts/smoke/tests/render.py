"""The extra ``render``: a packet as a page, a PDF, a workbook and a table."""

from __future__ import annotations

import sys

from ledgerhq_ext import LedgerHQ, render

with LedgerHQ(base_url=sys.argv[1], access_token=sys.argv[2]) as hq:
    company = next(iter(hq.organizations(type="client")))
    packet = hq.organization(company).financial_packet("2026-05")

assert render.pdf(packet).startswith(b"%PDF")
assert render.xlsx(packet).startswith(b"PK")
assert company.name in render.html(packet)
assert render.csv(packet, "trial-balance")
