"""Threads and tasks over three companies, on one client each: nobody sees, or posts into, the wrong
one.
"""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from scripts.storm.figures import Figures
from scripts.storm.input import Company, companies, transaction


def storm(*, threads: int = 16, tasks: int = 16, rounds: int = 10) -> Figures:
    """So many threads and tasks, each so many rounds; gives what they saw and where their postings
    stand.
    """
    figures = Figures(f"{threads} threads and {tasks} tasks over three companies")
    with Sandbox() as box:
        known = companies(box)[:3]
        first = {row["id"] for row in box.entries()}
        with (
            LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq,
            ThreadPoolExecutor(threads + 1) as pool,
        ):
            awaiting = pool.submit(
                lambda: asyncio.run(_tasks(box, known, range(threads, threads + tasks), rounds))
            )
            seen = list(pool.map(lambda who: _thread(hq, known, who, rounds), range(threads)))
        wrong = sum(awaiting.result()) + sum(seen)
        total = (threads + tasks) * rounds
        entries = {
            row["id"]: row["organizationId"] for row in box.entries() if row["id"] not in first
        }
        strays = [row for row in box.postings() if not _home(row, known)]
        figures.facts["rounds of reading and posting"] = total
        figures.check("records seen that belong to another company", wrong, 0)
        figures.check("entries made", len(entries), total)
        figures.check("entries in another company than asked for", len(strays), 0)
    return figures


def _plan(known: list[Company], who: int, rounds: int) -> list[tuple[Company, int]]:
    chance = random.Random(who)  # noqa: S311 - a storm that can be repeated
    return [
        (known[at], 11 + 3 * (who * rounds + n) * 20 + at)
        for n in range(rounds)
        for at in [chance.randrange(3)]
    ]


def _thread(hq: LedgerHQ, known: list[Company], who: int, rounds: int) -> int:
    wrong = 0
    for company, number in _plan(known, who, rounds):
        books = hq.organization(company.org)
        _, request, source = transaction(number, [company])
        receipt = books.post(request, source=source)
        entry = books.entry(receipt.journal_entry_id)
        wrong += _wrong(company, [receipt, entry, *books.accounts(), *books.bank_accounts()])
    return wrong


async def _tasks(box: Sandbox, known: list[Company], tasks: range, rounds: int) -> list[int]:
    async with AsyncLedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        return await asyncio.gather(*(_task(hq, known, who, rounds) for who in tasks))


async def _task(hq: AsyncLedgerHQ, known: list[Company], who: int, rounds: int) -> int:
    wrong = 0
    for company, number in _plan(known, who, rounds):
        books = hq.organization(company.org)
        _, request, source = transaction(number, [company])
        receipt = await books.post(request, source=source)
        entry = await books.entry(receipt.journal_entry_id)
        wrong += _wrong(
            company, [receipt, entry, *await books.accounts(), *await books.bank_accounts()]
        )
    return wrong


def _wrong(company: Company, records: list[Any]) -> int:
    return sum(record.organization_id != company.org for record in records)


def _home(row: dict[str, Any], known: list[Company]) -> bool:
    """Whether the accounts that a posting names are those of the company in whose books it stands."""
    company = next(company for company in known if company.org == row["organizationId"])
    text = str(row["request"])
    others = {id for other in known if other is not company for id in other.accounts.values()}
    return not any(id in text for id in others)
