"""Payloads leave the store, into an archive; what keeps a source from being posted twice stays."""

from __future__ import annotations

import copy
import datetime as dt
import errno
import json
import signal
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from ledgerhq_ext import InputError, LedgerHQ, Period
from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext.store import OutboxSettings, Store
from ledgerhq_ext.store import _faultpoints as faultpoints
from ledgerhq_ext.store._schema import postings
from tests.cases.wire_support import SOURCE, Ledger, purchase, refusal
from tests.support.outbox import OPTIONS, after, the_only
from tests.support.surfaces import Surface, resolve

from .jobs import die_at, run

pytestmark = pytest.mark.anyio

ORG = "org_1"
JUNE = Period("2026-06-01", "2026-06-30")
DAY = 86_400


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


def long_ago(days: float = 10) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


def age(store: Store, days: float = 30) -> None:
    """Let everything have been settled so many days ago."""
    change = update(postings).values(changed_at=postings.c.changed_at - days * DAY)
    store._database.write("test", lambda db: db.execute(change).rowcount)


async def post_some(outbox: Any, hq: Any, count: int) -> None:
    for number in range(count):
        await resolve(
            outbox.add(hq.organization(ORG), purchase(100 + number), source=("till", str(number)))
        )
    await resolve(outbox.drain(hq))


def lines_of(archive: Path) -> list[dict[str, Any]]:
    header, *lines = [json.loads(line) for line in archive.read_text().splitlines()]
    assert header["ledgerhq_archive"] == 1
    return lines


async def test_what_is_pruned_is_known_and_never_posted_twice(
    surface: Surface, store: Store, tmp_path: Path
) -> None:
    archive = tmp_path / "2026-06.jsonl"
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        books = hq.organization(ORG)
        await post_some(outbox, hq, 3)
        before = await resolve(outbox.receipts())
        assert await resolve(outbox.prune(before=long_ago(), archive=archive)) == 0
        assert not archive.exists()

        age(store)
        assert await resolve(outbox.prune(before=long_ago(), archive=archive)) == 3
        rows = await resolve(outbox.receipts())
        for old, row in zip(before, rows, strict=True):
            assert (row.state, row.key, row.digest, row.receipt) == (
                "posted",
                old.key,
                old.digest,
                old.receipt,
            )
            assert row.pruned_at is not None
            assert row.alarm is None
            assert "payeeName" in old.request
            assert "payeeName" not in row.request

        # Added or posted once more, it is what it was.
        again = await resolve(outbox.add(books, purchase(100), source=("till", "0")))
        assert (again.id, again.state, again.receipt) == (before[0].id, "posted", before[0].receipt)
        receipt = await resolve(outbox.post(books, purchase(100), source=("till", "0")))
        assert (receipt.journal_entry_id, receipt.replayed) == (
            before[0].receipt.journal_entry_id,
            True,
        )
        with pytest.raises(InputError, match="only its archive shows what differs"):
            await resolve(outbox.add(books, purchase(999), source=("till", "0")))
        with pytest.raises(InputError, match="one key"):
            await resolve(outbox.add(books, purchase(100), source=("till", "0"), key="another"))
        assert (await resolve(outbox.drain(hq))).why == "settled"
        assert len(ledger.requests) == len(ledger.entries) == 3
        await resolve(hq.close())

    lines = lines_of(archive)
    assert [line["id"] for line in lines] == [row.id for row in before]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(".*")] == []
    for line, old in zip(lines, before, strict=True):
        assert json.loads(line["request"]) == old.request
        assert fingerprint(line["request"].encode()) == line["digest"] == old.digest
        assert line["receipt"]["journal_entry_id"] == old.receipt.journal_entry_id


async def test_the_audit_finds_the_same_after_a_prune(surface: Surface, store: Store) -> None:
    """An entry that is gone, one that was changed, and one that was doubled; nothing else, and no
    entry is unknown.
    """
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 5)
        assert (await resolve(outbox.audit(hq, JUNE))).ok
        ledger.entries.append(copy.deepcopy(ledger.entries[0]) | {"id": "je_7"})
        ledger.entries[1]["request"]["lines"][0]["amount"] += 100
        del ledger.entries[2]

        first = await resolve(outbox.audit(hq, JUNE))
        age(store)
        assert await resolve(outbox.prune(before=long_ago(), archive=None)) == 5
        second = await resolve(outbox.audit(hq, JUNE))
        assert [finding.kind for finding in first.findings] == ["changed", "gone", "doubled"]
        assert [finding.message for finding in second.findings] == [
            finding.message for finding in first.findings
        ]
        assert (second.unchecked, second.postings, second.entries) == ((), 5, 5)
        await resolve(hq.close())


async def test_what_may_still_be_needed_is_never_pruned(
    surface: Surface, store: Store, tmp_path: Path
) -> None:
    def answer(status: int, code: str) -> Any:
        return lambda exchange: exchange.reply(status, refusal(code, "It is refused"))

    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        books = hq.organization(ORG)
        faults = [
            answer(422, "VALIDATION_ERROR"),
            answer(409, "IDEMPOTENCY_CONFLICT"),
            "lost after",
            "",
            "",
        ]
        ledger.faults = list(faults)
        for number in range(len(faults)):
            await resolve(outbox.add(books, purchase(1 + number), source=("till", str(number))))
        await resolve(outbox.drain(hq, **after(5)))
        await resolve(outbox.add(books, purchase(9), source=("till", "never sent")))
        rows = await resolve(outbox.postings())
        states = [row.state for row in rows]
        assert states == ["rejected", "conflict", "pending", "posted", "posted", "pending"]
        alarm = update(postings).where(postings.c.id == rows[3].id).values(alarm="Two of them.")
        damaged = (
            update(postings)
            .where(postings.c.id == rows[4].id)
            .values(request=b'{"txnDate": "2026-06-08"}')
        )
        store._database.write(
            "test", lambda db: [db.execute(change).rowcount for change in (alarm, damaged)]
        )
        age(store)
        archive = tmp_path / "archive.jsonl"
        assert await resolve(outbox.prune(before=long_ago(), archive=archive)) == 0

        # Once a person has laid them to rest, or looked, there is nothing that could be needed.
        await resolve(outbox.discard(rows[0], reason="entered by hand"))
        seen = next(row for row in await resolve(outbox.postings()) if row.alarm == "Two of them.")
        await resolve(outbox.acknowledge(seen, reason="the other is void"))
        age(store)
        assert await resolve(outbox.prune(before=long_ago(), archive=archive)) == 2
        pruned = [
            row.state for row in await resolve(outbox.postings()) if row.pruned_at is not None
        ]
        assert pruned == ["discarded", "posted"]
        again = await resolve(outbox.add(books, purchase(1), source=("till", "0")))
        assert (again.state, again.discard_reason) == ("discarded", "entered by hand")
        await resolve(hq.close())


async def test_what_may_stand_and_was_discarded_stays(surface: Surface, store: Store) -> None:
    outbox = outbox_of(surface, store)
    await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    await resolve(outbox.distrust(since=dt.datetime.now(dt.UTC)))
    await resolve(outbox.discard(the_only(await resolve(outbox.postings())), reason="nobody knows"))
    age(store)
    with pytest.raises(InputError, match="distrusted"):
        await resolve(outbox.prune(before=long_ago(), archive=None))
    await resolve(outbox.trust())
    assert await resolve(outbox.prune(before=long_ago(), archive=None)) == 0


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        (dt.datetime.fromisoformat("2026-06-08T12:00"), "time zone"),
        ("2026-06-08", "time zone"),
        (long_ago(1), "or earlier"),
    ],
)
async def test_a_moment_that_is_too_late(
    surface: Surface, store: Store, before: Any, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        await resolve(outbox_of(surface, store).prune(before=before, archive=None))


async def test_a_longer_life_of_keys_counts(store: Store) -> None:
    outbox = store.outbox(OutboxSettings(key_lifetime=20 * DAY))
    with pytest.raises(InputError, match="or earlier"):
        outbox.prune(before=long_ago(20), archive=None)
    assert outbox.prune(before=long_ago(22), archive=None) == 0


async def test_an_archive_is_never_replaced(surface: Surface, store: Store, tmp_path: Path) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 2)
        await resolve(hq.close())
    age(store)
    notes = tmp_path / "notes.txt"
    notes.write_text("Not yours.\n")
    with pytest.raises(InputError, match="not an archive from this release"):
        await resolve(outbox.prune(before=long_ago(), archive=notes))
    with pytest.raises(InputError, match="does not exist; create it first"):
        await resolve(outbox.prune(before=long_ago(), archive=tmp_path / "nowhere" / "a.jsonl"))
    assert (await resolve(outbox.receipts()))[0].pruned_at is None

    archive = tmp_path / "archive.jsonl"
    assert await resolve(outbox.prune(before=long_ago(), archive=archive)) == 2
    content = archive.read_bytes()
    with pytest.raises(InputError, match="Choose another file name"):
        await resolve(outbox.prune(before=long_ago(), archive=archive))
    assert archive.read_bytes() == content
    assert notes.read_text() == "Not yours.\n"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OSError(errno.EPERM, "no"), "does not support hard links"),
        (FileExistsError(errno.EEXIST, "no"), "already exists. Choose another name"),
        (OSError(errno.ENOSPC, "no"), "the disk or this user's quota is full"),
    ],
)
async def test_an_archive_that_cannot_get_its_name(
    surface: Surface,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    problem: str,
) -> None:
    """The file system has no hard links, another prune was faster, or there is no room: nothing is
    pruned or left.
    """
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 1)
        await resolve(hq.close())
    age(store)

    def refuse(*_: object) -> None:
        raise error

    folder = tmp_path / "archives"
    folder.mkdir()
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with pytest.raises(InputError, match=problem):
        await resolve(outbox.prune(before=long_ago(), archive=folder / "archive.jsonl"))
    assert list(folder.iterdir()) == []
    assert the_only(await resolve(outbox.receipts())).pruned_at is None


async def test_what_a_damaged_archive_holds_is_not_pruned(
    surface: Surface, store: Store, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.jsonl"
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 1)
        await resolve(hq.close())
    age(store)

    def break_off(name: str) -> None:
        if name == "prune: the archive is written":
            raise KeyboardInterrupt

    faultpoints.hook = break_off
    try:
        with pytest.raises(KeyboardInterrupt):
            await resolve(outbox.prune(before=long_ago(), archive=archive))
    finally:
        faultpoints.hook = None
    whole = archive.read_text()
    for damage in (
        whole[:-40],
        whole.replace("acc_expenses", "acc_other"),
        whole.replace('"key"', '"kee"'),
    ):
        archive.write_text(damage)
        with pytest.raises(InputError, match="Line 2 of the archive"):
            await resolve(outbox.prune(before=long_ago(), archive=archive))
        assert the_only(await resolve(outbox.receipts())).pruned_at is None
    archive.write_text(whole)
    assert await resolve(outbox.prune(before=long_ago(), archive=archive)) == 1


# --- kill -9


def prune_and_die(number: int, place: str, archive: str) -> None:
    with Store(place) as store:
        store.outbox().status()
        die_at(number)
        store.outbox().prune(before=long_ago(), archive=archive)


@pytest.mark.slow
def test_a_prune_that_is_killed_loses_nothing(place: str, tmp_path: Path) -> None:
    """Killed at every moment in turn. Each payload is in the store or in the archive, and the next
    prune ends it.
    """
    count = 450
    with (
        Ledger() as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        with Store(place) as store:
            outbox = store.outbox()
            outbox.add(hq.organization(ORG), purchase(), source=SOURCE)
            outbox.drain(hq)
            copy_row(store, count)
        assert len(ledger.entries) == 1

    archive = tmp_path / "archive.jsonl"
    kills = 0
    while (code := run(prune_and_die, kills, place, str(archive))) == -signal.SIGKILL:
        kills += 1
        assert kills < 50
        with Store(place) as store:
            rows = store.outbox().receipts()
        archived = (
            {line["id"]: line["request"] for line in lines_of(archive)} if archive.exists() else {}
        )
        for row in rows:
            assert row.pruned_at is None or "payeeName" in archived[row.id]
    # 1: the last one was killed when all was done, and there is nothing to finish.
    assert code in (0, 1)
    assert kills >= 3

    with Store(place) as store:
        rows = store.outbox().receipts()
    assert len(rows) == count
    assert all(row.pruned_at is not None and row.receipt is not None for row in rows)
    assert [line["id"] for line in lines_of(archive)] == [row.id for row in rows]


def copy_row(store: Store, count: int) -> None:
    """Let there be so many rows like the one there is, settled long ago."""

    def work(db: Any) -> None:
        row = dict(db.execute(postings.select()).one()._mapping)
        for number in range(1, count):
            unlike = {"id": row["id"] + number, "source_id": str(number), "key": f"till-{number}"}
            db.execute(
                postings.insert().values({**row, **unlike, "journal_entry_id": f"je_copy_{number}"})
            )

    store._database.write("test", work)
    age(store)
