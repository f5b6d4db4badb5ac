"""A storm of interruptions: calls cancelled, and cut by a signal's exception, at any place."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import threading
from types import FrameType

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, LedgerHQError
from scripts.storm.figures import Figures
from scripts.storm.input import transaction
from scripts.storm.services import Ledger, Service, service_of

LONGEST = 0.004
"""Seconds until an interruption, at the most: about as long as a post takes here."""


class InterruptionError(Exception):
    """Raised by a signal handler of the app, in the middle of anything."""


def storm(*, count: int = 500, ledger: Ledger = "sandbox", seed: int = 5) -> Figures:
    """Interrupt so many posts, half of them tasks and half by signals, and post each again.

    An interrupted post may stand in the books or not; posted again with its source, it stands there
    once. The chance decides where each one is cut.
    """
    figures = Figures(
        f"{count} posts to the {ledger}{'' if ledger == 'sandbox' else ' ledger'} interrupted"
    )
    chance = random.Random(seed)  # noqa: S311 - a storm that can be repeated
    with service_of(ledger, seed=seed, calm=True) as service:
        half = count // 2
        cut = asyncio.run(_cancel(service, range(half), chance))
        if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
            cut += _signal(service, range(half, count), chance)
        keys = [receipt["idempotencyKey"] for receipt in service.receipts()]
        figures.facts["cut before they ended"] = cut
        figures.check("entries made", service.entry_count(), count)
        figures.check("postings under a key that another one has", len(keys) - len(set(keys)), 0)
        figures.check("problems that the service has with itself", service.problems(), 0)
    return figures


async def _cancel(service: Service, numbers: range, chance: random.Random) -> int:
    cut = 0
    company = service.companies[0]
    async with AsyncLedgerHQ(base_url=service.url, access_token=service.token) as hq:
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


def _signal(service: Service, numbers: range, chance: random.Random) -> int:
    def interrupt(_: int, __: FrameType | None) -> None:
        """Raise, wherever the process is."""
        raise InterruptionError

    cut = 0
    company = service.companies[0]
    # Cut just after it took the lock of a handler, `logging` never frees it: other threads hang.
    level = logging.root.manager.disable
    logging.disable()
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with LedgerHQ(base_url=service.url, access_token=service.token) as hq:
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
        logging.disable(level)
    return cut
