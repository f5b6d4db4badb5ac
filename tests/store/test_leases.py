"""Who has a posting in its hands: the dead give it up at once, and so does a call that is
interrupted.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import update

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, TransportError
from ledgerhq_ext.store import OutboxSettings, Store, _holders, _postings
from ledgerhq_ext.store import _faultpoints as faultpoints
from ledgerhq_ext.store._claims import Choice
from ledgerhq_ext.store._holders import _started, this_process
from ledgerhq_ext.store._outcomes import End
from ledgerhq_ext.store._schema import postings
from ledgerhq_ext.store._verdict import Verdict
from tests.cases.wire_support import PATIENCE, SOURCE, Ledger, arrival, purchase
from tests.support.clients import core
from tests.support.outbox import OPTIONS, the_only
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

ORG = "org_1"
LONG = OutboxSettings(lease_margin=600)


class Interruption(BaseException):
    """What ends a call from outside: neither ours nor an ordinary exception."""


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox(LONG) if surface is LedgerHQ else store.async_outbox(LONG)


@pytest.fixture
def interrupt() -> Iterator[Any]:
    """Interrupt a call at a moment that has a name."""

    def at(moment: str) -> None:
        def hook(name: str) -> None:
            if name == moment:
                faultpoints.hook = None
                raise Interruption

        faultpoints.hook = hook

    yield at
    faultpoints.hook = None


@pytest.mark.parametrize(
    ("moment", "unknown"), [("send: before the request", False), ("send: after the answer", True)]
)
async def test_an_interrupted_call_gives_its_lease_back(
    surface: Surface, store: Store, interrupt: Any, moment: str, unknown: bool
) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        interrupt(moment)
        with pytest.raises(Interruption):
            await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))

        row = the_only(await resolve(outbox.postings()))
        assert (row.state, row.unknown, row.holder) == ("pending", unknown, None)
        assert (row.first_sent_at is not None) is unknown
        assert row.failure is not None
        assert row.failure.type == "Interrupted"
        assert (await resolve(outbox.drain(hq, wait=10))).posted == 1
        assert len(ledger.entries) == 1
        await resolve(hq.close())


@pytest.mark.parametrize("name", ["post", "drain"])
async def test_a_task_that_is_cancelled_while_it_sends(store: Store, name: str) -> None:
    """The entry is made; its answer comes too late for whoever asked."""
    release = threading.Event()
    arrived = threading.Event()

    def hold_the_first(_: Any) -> None:
        if not arrived.is_set():
            arrived.set()
            release.wait(PATIENCE)

    with Ledger() as ledger:
        ledger.before_answer = hold_the_first
        async with AsyncLedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq:
            outbox = store.async_outbox(LONG)
            books = hq.organization(ORG)
            await outbox.add(books, purchase(), source=SOURCE)
            call: Any = (
                outbox.post(books, purchase(), source=SOURCE)
                if name == "post"
                else outbox.drain(hq)
            )
            task = asyncio.ensure_future(call)
            await arrival(arrived)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

            row = the_only(await outbox.postings())
            assert (row.state, row.unknown, row.holder) == ("pending", True, None)
            release.set()
            assert (await outbox.drain(hq)).posted == 1
        assert len(ledger.entries) == 1


async def test_a_post_says_who_has_the_posting(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url).with_options(deadline=60)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        terms = core(outbox)._terms(core(hq)._session)
        core(outbox)._rows.claim(Choice(terms=terms))

        began = time.monotonic()
        with pytest.raises(
            TransportError, match=rf"process {os.getpid()} on .+ until \d{{4}}-"
        ) as caught:
            await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        assert caught.value.outcome == "unknown"
        assert time.monotonic() - began < 30
        row = the_only(await resolve(outbox.postings()))
        assert row.holder is not None
        assert row.holder.startswith(f"process {os.getpid()} on ")
        assert ledger.requests == []
        await resolve(hq.close())


async def test_a_lease_on_longer_terms_is_not_taken_away(surface: Surface, store: Store) -> None:
    """A worker whose deadline is shorter does not send what a patient one has in its hands."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        terms = core(outbox)._terms(core(hq.with_options(deadline=3600))._session)
        assert core(outbox)._rows.claim(Choice(terms=terms))[0] is not None

        drained = await resolve(outbox.drain(hq, wait=0))
        assert (drained.why, drained.posted, drained.left) == ("waiting", 0, 1)
        assert ledger.requests == []
        await resolve(hq.close())


def test_a_worker_that_is_never_idle_takes_what_the_dead_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It claims the next one as it writes the last one down."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    gone = evolve(this_process(), pid=child.pid, started="1")
    outbox = store.outbox(LONG)
    rows = core(outbox)._rows
    with LedgerHQ(base_url="http://127.0.0.1:9", access_token="mcp_at_x", **OPTIONS) as hq:
        choice = Choice(terms=core(outbox)._terms(core(hq)._session))
        left = outbox.add(ORG, purchase(1), source=("till", "1"))
        assert rows.claim(choice)[0] is not None
        outbox.add(ORG, purchase(2), source=("till", "2"))
        claim, _ = rows.claim(choice)
        store._database.write(
            "test",
            lambda db: db.execute(
                update(postings).where(postings.c.id == left.id).values(holder=gone.to_json())
            ),
        )
        put_back = Verdict(state="pending", unknown=False, pause=600.0)
        monkeypatch.setattr(_postings, "_WAKE_EVERY", 3600.0)
        ends = [End(claim=claim, verdict=put_back)]
        assert rows.finish_and_claim(ends, choice, 1)[1].claims == []

        monkeypatch.setattr(_postings, "_WAKE_EVERY", 0.0)
        _, catch = rows.finish_and_claim(ends, choice, 1)
    assert [following.id for following in catch.claims] == [left.id]


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")  # noqa: PTH110
def test_who_is_provably_gone() -> None:
    me = this_process()
    assert not me.is_gone()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        other = evolve(me, pid=child.pid, started=_started(child.pid) or "")
        assert not other.is_gone()
        assert child.stdin is not None
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert other.is_gone(), "a zombie has ended"
    assert other.is_gone()

    reused = evolve(me, started="1")
    assert reused.is_gone()
    for elsewhere in (
        evolve(other, host="another"),
        evolve(other, boot="another"),
        evolve(other, boot=""),
    ):
        assert not elsewhere.is_gone()


def test_a_process_that_is_hidden_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mounted with hidepid, /proc shows a user nothing of the processes of others, which live on."""
    me = this_process()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        other = evolve(me, pid=child.pid, started=_started(child.pid) or "")
        own = tmp_path / "self" / "stat"
        own.parent.mkdir()
        own.write_text("1 (python) S", encoding="ascii")
        monkeypatch.setattr(_holders, "_PROC", tmp_path)
        assert not other.is_gone()
        assert child.stdin is not None
        child.stdin.close()
        child.wait()
        assert other.is_gone()


@pytest.mark.parametrize("text", [None, "", "{}", "null", "process 7", '{"pid": 1}'])
def test_a_holder_that_nobody_can_read_is_nobody(text: str | None) -> None:
    assert type(this_process()).from_json(text) is None
