"""Every method of the blocking outbox and mappings ends in one step too, also inside a running
loop.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import update

from ledgerhq_ext import InputError, LedgerHQ, LedgerHQError, Period
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import AccountLinks, Clients, Outbox, Progress, Store, StoredPosting
from ledgerhq_ext.store._schema import postings
from tests.support.companies import World
from tests.support.outbox import OPTIONS, SOURCE, the_only, time_passes
from tests.support.stepping import in_asyncio, in_trio, methods, settled


class Books:
    """A store, a connected firm, one company of it, and what methods are called with."""

    def __init__(self, box: Sandbox, store: Store) -> None:
        self.world = World(box)
        self.store = store
        self.hq = LedgerHQ(base_url=box.url, access_token=box.access_token(), **OPTIONS)
        self.organization = self.hq.organization(self.world.org)
        self.accounts = self.organization.accounts()

    @cached_property
    def doubtful(self) -> StoredPosting:
        """A posting that needs attention: its answer was lost a day ago."""
        outbox = self.store.outbox()
        outbox.add(self.organization, self.world.purchase(7), source=("till", "7"))
        self.world.box.fault("POST /api/v1/purchases", "lose_response")
        attempts: list[Progress] = []
        outbox.drain(self.hq, on_progress=attempts.append, stop=lambda: bool(attempts))
        time_passes(self.store, 24 * 3600)
        outbox.drain(self.hq)
        return the_only(outbox.postings("needs_attention"))

    @cached_property
    def fresh(self) -> StoredPosting:
        """A posting that was never sent."""
        return self.store.outbox().add(
            self.organization, self.world.purchase(9), source=("till", "9")
        )

    @cached_property
    def unwanted(self) -> StoredPosting:
        """Another one that was never sent."""
        return self.store.outbox().add(
            self.organization, self.world.purchase(10), source=("till", "10")
        )

    @cached_property
    def alarmed(self) -> StoredPosting:
        """A posting with an open alarm."""
        row = self.store.outbox().add(
            self.organization, self.world.purchase(11), source=("till", "11")
        )

        def raise_alarm(db: Any) -> None:
            db.execute(update(postings).where(postings.c.id == row.id).values(alarm="Two of them."))

        self.store._database.write("test", raise_alarm)
        return evolve(row, alarm="Two of them.")


def soon() -> Callable[[], bool]:
    """Return a function that says true after it was asked a few times."""
    count = itertools.count()
    return lambda: next(count) > 3


LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Call = Callable[[Any, Books, Any, Any], Any]
"""Calls a method of a handle with a firm and a company, blocking ones or the ones behind them."""

OF_AN_OUTBOX: dict[str, Call] = {
    "acknowledge": lambda outbox, b, hq, org: outbox.acknowledge(b.alarmed, reason="a test"),
    "add": lambda outbox, b, hq, org: outbox.add(org, b.world.purchase(), source=SOURCE),
    "add_all": lambda outbox, b, hq, org: outbox.add_all(org, [(b.world.purchase(), SOURCE)]),
    "adopt": lambda outbox, b, hq, org: outbox.adopt(hq),
    "audit": lambda outbox, b, hq, org: outbox.audit(hq, Period("2026-06-01", "2026-06-30")),
    "candidates": lambda outbox, b, hq, org: outbox.candidates(hq) if b.doubtful.id else None,
    "correct": lambda outbox, b, hq, org: outbox.correct(b.fresh, b.world.purchase(8)),
    "discard": lambda outbox, b, hq, org: outbox.discard(b.unwanted, reason="a test"),
    "distrust": lambda outbox, b, hq, org: outbox.distrust(since=dt.datetime.now(dt.UTC)),
    "drain": lambda outbox, b, hq, org: outbox.drain(hq, workers=2),
    "find": lambda outbox, b, hq, org: outbox.find(org, b.world.purchase(), source=SOURCE),
    "find_all": lambda outbox, b, hq, org: outbox.find_all(org, [(b.world.purchase(), SOURCE)]),
    "pauses": lambda outbox, b, hq, org: outbox.pauses(hq),
    "post": lambda outbox, b, hq, org: outbox.post(org, b.world.purchase(), source=SOURCE),
    "posting": lambda outbox, b, hq, org: outbox.posting(b.fresh.id),
    "postings": lambda outbox, b, hq, org: outbox.postings("pending", organization=org),
    "prune": lambda outbox, b, hq, org: outbox.prune(before=LONG_AGO, archive=None),
    "receipts": lambda outbox, b, hq, org: outbox.receipts(),
    "resolve": lambda outbox, b, hq, org: outbox.resolve(b.doubtful, stands_as=None),
    "resume": lambda outbox, b, hq, org: outbox.resume(org),
    "retry_rejected": lambda outbox, b, hq, org: outbox.retry_rejected(organization=org),
    "run": lambda outbox, b, hq, org: outbox.run(lambda _: hq, stop=soon()),
    "status": lambda outbox, b, hq, org: outbox.status(),
    "trust": lambda outbox, b, hq, org: outbox.trust(),
}
OF_CLIENTS: dict[str, Call] = {
    "link": lambda clients, b, hq, org: clients.link("till-3", org, shared=True),
    "links": lambda clients, b, hq, org: clients.links(),
    "organization_of": lambda clients, b, hq, org: clients.organization_of("till-2"),
    "unlink": lambda clients, b, hq, org: clients.unlink("till-2"),
    "unlinked": lambda clients, b, hq, org: clients.unlinked(hq),
    "vanished": lambda clients, b, hq, org: clients.vanished(hq),
}
OF_ACCOUNTS: dict[str, Call] = {
    "link": lambda links, b, hq, org: links.link("cash", b.accounts[1]),
    "links": lambda links, b, hq, org: links.links(),
    "of": lambda links, b, hq, org: links.of("till"),
    "unlink": lambda links, b, hq, org: links.unlink("till"),
    "unlinked": lambda links, b, hq, org: links.unlinked(b.accounts),
    "vanished": lambda links, b, hq, org: links.vanished(b.accounts),
}
CALLS: dict[type, dict[str, Call]] = {
    Outbox: OF_AN_OUTBOX,
    Clients: OF_CLIENTS,
    AccountLinks: OF_ACCOUNTS,
}
METHODS = [
    pytest.param(kind, name, id=f"{kind.__name__}.{name}")
    for kind in CALLS
    for name in methods(kind)
]
each_method = pytest.mark.parametrize(("kind", "name"), METHODS)


@pytest.fixture
def books(box: Sandbox, tmp_path: Path) -> Iterator[Books]:
    with Store(tmp_path / "store" / "books.db") as store:
        books = Books(box, store)
        yield books
        books.hq.close()


def handle_of(kind: type, books: Books) -> Any:
    if kind is Outbox:
        return books.store.outbox()
    if kind is Clients:
        books.store.clients.link("till-2", books.world.org, shared=True)
        return books.store.clients
    links = books.store.accounts(books.organization)
    links.link("till", books.accounts[0])
    return links


def test_the_tables_name_no_method_that_is_not_there() -> None:
    """A method that is missing in them fails below, where its test looks it up."""
    assert all(methods(kind).keys() == calls.keys() for kind, calls in CALLS.items())


@each_method
def test_its_coroutine_ends_in_one_step(books: Books, kind: type, name: str) -> None:
    core = handle_of(kind, books)._core
    assert inspect.iscoroutinefunction(getattr(core, name))
    value = CALLS[kind][name](core, books, books.hq._core, books.organization._core)
    assert inspect.iscoroutine(value)
    settled(value)


@each_method
def test_inside_a_running_loop_of_asyncio(books: Books, kind: type, name: str) -> None:
    handle = handle_of(kind, books)
    books.doubtful  # noqa: B018 - made outside of the loop
    result = in_asyncio(lambda: CALLS[kind][name](handle, books, books.hq, books.organization))
    assert not inspect.isawaitable(result)


def test_inside_a_running_loop_of_trio(books: Books) -> None:
    """All of them in one test, which is skipped where trio is not installed."""
    pytest.importorskip("trio")
    books.doubtful  # noqa: B018 - made outside of the loop
    for kind in CALLS:
        handle = handle_of(kind, books)
        # Of a store that is distrusted everything needs attention: last.
        for name in sorted(methods(kind), key=lambda name: (name == "distrust", name)):
            call = functools.partial(CALLS[kind][name], handle, books, books.hq, books.organization)
            assert not inspect.isawaitable(in_trio(call)), name


def test_a_pause_that_would_have_to_be_awaited(box: Sandbox, books: Books) -> None:
    """The posting stays what it was, for who comes next."""

    def sleep(seconds: float) -> Any:
        return asyncio.sleep(seconds)

    hq = LedgerHQ(access_token=box.access_token(), base_url=box.url, sleep=sleep, **OPTIONS)
    outbox = books.store.outbox()
    posting = books.doubtful
    box.fault("GET /api/v1/entries", "status", times=1)
    with pytest.raises(LedgerHQError, match=r"^candidates\(\) would have to wait"):
        outbox.candidates(hq)
    hq.close()
    assert [doubt.posting for doubt in outbox.candidates(books.hq)] == [posting]


@pytest.mark.parametrize("name", ["on_progress", "stop"])
def test_functions_that_would_have_to_be_awaited(books: Books, name: str) -> None:
    async def awaited(*_: object) -> bool:
        return False

    wrong: dict[str, Any] = {name: awaited}
    with pytest.raises(InputError, match=f"^{name} "):
        books.store.outbox().drain(books.hq, **wrong)
