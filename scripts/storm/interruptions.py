"""A storm of interruptions: calls cancelled, and cut by a signal's exception, at any place."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
from types import FrameType

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, LedgerHQError
from ledgerhq_ext.sandbox import Sandbox
from scripts.storm.figures import Figures
from scripts.storm.input import Company, companies, transaction

LONGEST = 0.004
"""Seconds until an interruption, at the most: about as long as a post takes here."""


class InterruptionError(Exception):
    """What a signal handler of the app raises, in the middle of anything."""


def storm(*, count: int = 1_000, seed: int = 5) -> Figures:
    """Interrupt so many posts, half of them tasks and half by signals, and post each again.

    An interrupted post may stand in the books or not; posted again with its source, it stands there
    once. The chance decides where each one is cut.
    """
    figures = Figures(f"{count} posts interrupted")
    chance = random.Random(seed)  # noqa: S311 - a storm that can be repeated
    with Sandbox() as box:
        company = companies(box)[0]
        known = {row["id"] for row in box.entries()}
        half = count // 2
        cut = asyncio.run(_cancel(box, company, range(half), chance))
        if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
            cut += _signal(box, company, range(half, count), chance)
        posted = [row for row in box.entries() if row["id"] not in known]
        keys = [row["idempotencyKey"] for row in box.postings()]
        figures.facts["cut before they ended"] = cut
        figures.check("entries made", len(posted), count)
        figures.check("postings under a key that another one has", len(keys) - len(set(keys)), 0)
        figures.check("answers that do not fit the contract", len(box.contract_violations), 0)
    return figures


async def _cancel(box: Sandbox, company: Company, numbers: range, chance: random.Random) -> int:
    cut = 0
    async with AsyncLedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        books = hq.organization(company.org)
        for number in numbers:
            _, posting, source = transaction(number, [company])
            task = asyncio.create_task(books.post(posting, source=source))
            await asyncio.sleep(chance.uniform(0, LONGEST))
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                cut += 1
            await books.post(posting, source=source)
    return cut


def _signal(box: Sandbox, company: Company, numbers: range, chance: random.Random) -> int:
    def interrupt(_: int, __: FrameType | None) -> None:
        raise InterruptionError

    cut = 0
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
            books = hq.organization(company.org)
            for number in numbers:
                _, posting, source = transaction(number, [company])
                try:
                    signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.00001, LONGEST))
                    books.post(posting, source=source)
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except (InterruptionError, LedgerHQError):
                    cut += 1
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
                books.post(posting, source=source)
    finally:
        signal.signal(signal.SIGALRM, before)
    return cut
