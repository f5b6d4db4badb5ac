"""A process that dies at any step, one that comes back too late, and a machine that loses its
power.
"""

from __future__ import annotations

import os
import shutil
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store, StoreError
from tests.support.companies import World
from tests.support.outbox import OPTIONS, same, the_only, time_passes
from tests.support.waiting import wait_until

from . import jobs


def _arguments(place: str, box: Sandbox, world: World, number: int) -> tuple[Any, ...]:
    return (
        place,
        box.url,
        box.access_token(),
        world.org,
        world.purchase(100 + number),
        ("till", str(number)),
    )


def _recover(place: str, box: Sandbox, world: World, number: int) -> None:
    """What the partner app does when it starts again, after the dead worker's lease."""
    request, source = _arguments(place, box, world, number)[4:]
    with (
        Store(place) as store,
        LedgerHQ(base_url=box.url, access_token=box.access_token(), **OPTIONS) as hq,
    ):
        outbox = store.outbox(jobs.SETTINGS)
        key = outbox.add(world.org, request, source=source).key
        time_passes(store, 16)
        assert outbox.drain(hq).why == "settled"
        (posting,) = [posting for posting in world.postings() if posting["idempotencyKey"] == key]
        (row,) = [row for row in outbox.receipts() if row.key == key]
        assert same(row.receipt, posting)


def _steps(place: str, box: Sandbox, world: World, number: int) -> list[str]:
    mine, theirs = jobs.CONTEXT.Pipe()
    assert jobs.run(jobs.record, theirs, *_arguments(place, box, world, number)) == 0
    names: list[str] = mine.recv()
    return names


def test_killed_at_every_step(place: str, box: Sandbox, maple: World) -> None:
    """The process is killed at the n-th step, for every n, from the making of the tables to the end
    of the drain.
    """
    steps = _steps(place, box, maple, 1000)
    for step in ("tables", "add", "claim", "finish"):
        assert {f"{step}: before the commit", f"{step}: after the commit"} <= set(steps)
    assert {"send: before the request", "send: after the answer"} <= set(steps)
    for number in range(len(steps)):
        assert (
            jobs.run(jobs.killed, number, *_arguments(place, box, maple, number)) == -signal.SIGKILL
        )
        _recover(place, box, maple, number)
    assert len(maple.postings()) == len(steps) + 1
    assert len({posting["journalEntryId"] for posting in maple.postings()}) == len(steps) + 1


def test_killed_while_the_tables_are_made(tmp_path: Path, box: Sandbox, maple: World) -> None:
    for number in range(2):
        place = str(tmp_path / str(number) / "books.db")
        assert (
            jobs.run(jobs.killed, number, *_arguments(place, box, maple, number)) == -signal.SIGKILL
        )
        _recover(place, box, maple, number)


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(
    place: str, box: Sandbox, maple: World
) -> None:
    mine, theirs = jobs.CONTEXT.Pipe()
    with (
        Store(place) as store,
        LedgerHQ(base_url=box.url, access_token=box.access_token(), **OPTIONS) as hq,
    ):
        outbox = store.outbox(jobs.SETTINGS)
        outbox.add(maple.org, maple.purchase(), source=("till", "1"))
        late = jobs.CONTEXT.Process(
            target=jobs.stopped, args=(theirs, place, box.url, box.access_token())
        )
        late.start()
        pid: int = mine.recv()
        wait_until(lambda: _is_stopped(pid))
        assert outbox.status().leased == 1
        assert outbox.drain(hq, wait=0).why == "waiting"
        time_passes(store, 16)
        assert outbox.drain(hq).posted == 1
        before = _row(store)
        os.kill(pid, signal.SIGCONT)
        assert mine.recv() == 0
        late.join()
        assert _row(store) == before
        assert maple.sent() == 2
        assert same(the_only(outbox.receipts()).receipt, maple.postings()[0])
        assert len(maple.postings()) == 1


def _is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


def _row(store: Store) -> Any:
    return store._database.read(
        lambda db: db.execute(text("SELECT * FROM ledgerhq_postings")).one()
    )


def test_no_transaction_is_open_during_a_request(place: str, box: Sandbox, maple: World) -> None:
    """While the answer is on its way, another writer gets through at once."""
    with Store(place) as store:
        outbox = store.outbox(jobs.SETTINGS)
        added: list[int] = []

        def during(event: Any) -> None:
            if event.kind == "response" and not added:
                added.append(outbox.add(maple.org, maple.purchase(2), source=("till", "2")).id)
                with store._database._ready().connect() as db:
                    assert db.in_transaction() is False
                assert store._database._ready().pool.checkedout() == 0  # type: ignore[attr-defined]

        with LedgerHQ(
            base_url=box.url, access_token=box.access_token(), **OPTIONS, hooks=[during]
        ) as hq:
            outbox.add(maple.org, maple.purchase(1), source=("till", "1"))
            assert outbox.drain(hq).posted == 2


def test_a_full_disk_loses_nothing(tmp_path: Path, box: Sandbox, maple: World) -> None:
    """What `add` confirmed stands, and is posted when there is room again."""

    def limit(connection: Any, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    with (
        Store(tmp_path / "books.db") as store,
        LedgerHQ(base_url=box.url, access_token=box.access_token(), **OPTIONS) as hq,
    ):
        outbox = store.outbox(jobs.SETTINGS)
        engine = store._database._ready()
        engine.dispose()
        event.listen(engine, "connect", limit)
        confirmed: list[tuple[str, str]] = []

        def fill() -> None:
            for number in range(1000):
                outbox.add(maple.org, maple.purchase(memo="x" * 500), source=("till", str(number)))
                confirmed.append(("till", str(number)))

        with pytest.raises(StoreError, match="full"):
            fill()
        assert confirmed
        assert [row.source for row in outbox.postings()] == confirmed
        event.remove(engine, "connect", limit)
        engine.dispose()
        assert outbox.drain(hq).posted == len(confirmed) == len(maple.postings())


# --- power cuts


def test_every_commit_is_on_disk_before_it_returns(tmp_path: Path) -> None:
    with Store(tmp_path / "books.db") as store:
        for pragma, value in (("synchronous", 2), ("journal_mode", "wal")):
            assert store._database.write("test", partial(_ask, f"PRAGMA {pragma}")) == value


def _ask(question: str, db: Any) -> Any:
    return db.exec_driver_sql(question).scalar()


@pytest.mark.parametrize("damage", ["cut", "zeros", "garbage"])
def test_a_torn_log_loses_only_what_was_not_committed(
    tmp_path: Path, box: Sandbox, maple: World, damage: str
) -> None:
    """The log ends at any byte of the last transaction: everything before is there, and posted
    once.
    """
    source = tmp_path / "whole" / "books.db"
    log = Path(f"{source}-wal")
    sizes = []
    with Store(source) as store:
        outbox = store.outbox(jobs.SETTINGS)
        for number in range(3):
            outbox.add(maple.org, maple.purchase(100 + number), source=("till", str(number)))
            sizes.append(log.stat().st_size)
        whole = log.read_bytes()
        assert len(whole) == sizes[2] > sizes[1] > sizes[0]
        lengths = [
            sizes[1],
            sizes[1] + 1,
            sizes[1] + 24,
            (sizes[1] + sizes[2]) // 2,
            sizes[2] - 1,
            sizes[2],
        ]
        for at, length in enumerate(lengths):
            torn = tmp_path / str(at) / "books.db"
            torn.parent.mkdir()
            shutil.copy(source, torn)
            tail = len(whole) - length
            filler = {"cut": b"", "zeros": b"\0" * tail, "garbage": b"\x5a" * tail}[damage]
            Path(f"{torn}-wal").write_bytes(whole[:length] + filler)
            _check(torn, box, maple, 3 if length == sizes[2] else 2)
    assert len(maple.postings()) == 3


def _check(place: Path, box: Sandbox, world: World, count: int) -> None:
    with (
        Store(place) as store,
        LedgerHQ(base_url=box.url, access_token=box.access_token(), **OPTIONS) as hq,
    ):
        outbox = store.outbox(jobs.SETTINGS)
        assert [row.source[1] for row in outbox.postings()] == [
            str(number) for number in range(count)
        ]
        assert outbox.drain(hq).posted == count
