"""The core alone: connect, look up, post, post again, and pull a packet; both surfaces."""

from __future__ import annotations

import asyncio
import sys

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, Transfer


def main(url: str, token: str) -> None:
    """Post a transfer twice, and see that it stands once."""
    with LedgerHQ(base_url=url, access_token=token) as hq:
        company = next(iter(hq.organizations(type="client")))
        books = hq.organization(company)
        accounts = books.accounts()
        transfer = Transfer(
            txn_date="2026-06-08",
            from_account_id=accounts.by_code("1010"),
            to_account_id=accounts.by_code("1020"),
            amount=1_250,
        )
        receipt = books.post(transfer, source=("smoke", "1"))
        again = books.post(transfer, source=("smoke", "1"))
        assert again.journal_entry_id == receipt.journal_entry_id
        packet = books.financial_packet("2026-06")
        assert not [check for check in packet.checks() if check.verdict == "differs"]
    asyncio.run(read(url, token, company.id, receipt.journal_entry_id))


async def read(url: str, token: str, company: str, entry_id: str) -> None:
    """Read the entry with the asynchronous client."""
    async with AsyncLedgerHQ(base_url=url, access_token=token) as hq:
        entry = await hq.organization(company).entry(entry_id)
        assert entry.lines[0].debit_amount + entry.lines[0].credit_amount == 1_250


main(sys.argv[1], sys.argv[2])
