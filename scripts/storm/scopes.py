"""Threads and tasks over three companies, on one client each.

Nobody sees, or posts into, the books of another company.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from scripts.storm.figures import Figures
from scripts.storm.input import Company, companies, transaction


def storm(*, threads: int = 16, tasks: int = 16, rounds: int = 10) -> Figures:
    """Let threads and tasks read and post, each so many rounds.

    The figures say what they saw, and in whose books their postings stand.
    """
    figures = Figures(f"{threads} threads and {tasks} tasks over three companies")
    with Sandbox() as box:
        clients = companies(box)[:3]
        first = {row["id"] for row in box.entries()}
        with (
            LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq,
            ThreadPoolExecutor(threads + 1) as pool,
        ):
            awaiting = pool.submit(
                asyncio.run, _tasks(box, clients, range(threads, threads + tasks), rounds)
            )
            strangers = sum(pool.map(partial(_thread, hq, clients, rounds), range(threads)))
            strangers += sum(awaiting.result())
        total = (threads + tasks) * rounds
        entries = {
            row["id"]: row["organizationId"] for row in box.entries() if row["id"] not in first
        }
        strays = [row for row in box.postings() if not _is_at_home(row, clients)]
        figures.facts["rounds of reading and posting"] = total
        figures.check("records seen that belong to another company", strangers, 0)
        figures.check("entries made", len(entries), total)
        figures.check("entries in another company than asked for", len(strays), 0)
    return figures


def _plan(clients: list[Company], who: int, rounds: int) -> Iterator[tuple[Company, int]]:
    """Give a company and the number of a source transaction for each round."""
    chance = random.Random(who)  # noqa: S311 - a storm that can be repeated
    for turn in range(rounds):
        place = chance.randrange(3)
        # Every sixtieth number has the same kind of posting, so that all of them are deposits.
        yield clients[place], 11 + 3 * (who * rounds + turn) * 20 + place


def _thread(hq: LedgerHQ, clients: list[Company], rounds: int, who: int) -> int:
    strangers = 0
    for company, number in _plan(clients, who, rounds):
        books = hq.organization(company.org)
        _, request, source = transaction(number, [company])
        receipt = books.post(request, source=source)
        entry = books.entry(receipt.journal_entry_id)
        records = [receipt, entry, *books.accounts(), *books.bank_accounts()]
        strangers += _strangers(company, records)
    return strangers


async def _tasks(box: Sandbox, clients: list[Company], tasks: range, rounds: int) -> list[int]:
    async with AsyncLedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        return await asyncio.gather(*(_task(hq, clients, who, rounds) for who in tasks))


async def _task(hq: AsyncLedgerHQ, clients: list[Company], who: int, rounds: int) -> int:
    strangers = 0
    for company, number in _plan(clients, who, rounds):
        books = hq.organization(company.org)
        _, request, source = transaction(number, [company])
        receipt = await books.post(request, source=source)
        entry = await books.entry(receipt.journal_entry_id)
        records = [receipt, entry, *await books.accounts(), *await books.bank_accounts()]
        strangers += _strangers(company, records)
    return strangers


def _strangers(company: Company, records: list[Any]) -> int:
    return sum(record.organization_id != company.org for record in records)


def _is_at_home(row: dict[str, Any], clients: list[Company]) -> bool:
    """Return whether a posting names no account of another company."""
    company = next(company for company in clients if company.org == row["organizationId"])
    text = str(row["request"])
    others = {id for other in clients if other is not company for id in other.accounts.values()}
    return not any(id in text for id in others)
