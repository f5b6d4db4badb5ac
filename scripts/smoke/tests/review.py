"""The extra ``review``: a workbook for reviewers, and the decisions in it."""

from __future__ import annotations

import io
import sys

from ledgerhq_ext import LedgerHQ, review

with LedgerHQ(base_url=sys.argv[1], access_token=sys.argv[2]) as hq:
    company = next(iter(hq.organizations(type="client")))
    books = hq.organization(company)
    workbook = review.read_table(books).workbook(books.accounts())

assert workbook.startswith(b"PK")
assert review.read_decisions(io.BytesIO(workbook)) == ()
