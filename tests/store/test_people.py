"""What people decide: corrections, discards, entries for postings, and a store that was restored
from a backup.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import update

from ledgerhq_ext import Deposit, DepositLine, FileTokenStore, InputError, LedgerHQ, OAuth, Period
from ledgerhq_ext.store import Store
from ledgerhq_ext.store._schema import distrusts, postings
from tests.cases.wire_support import DAY, SOURCE, Exchange, Ledger, purchase, refusal
from tests.support.outbox import OPTIONS, after, the_only, time_passes
from tests.support.surfaces import Surface, collect, resolve

pytestmark = pytest.mark.anyio

ORG = "org_1"
HOUR = 3600


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


def inactive(exchange: Exchange) -> bool:
    """Refuse a posting for good."""
    return exchange.reply(422, refusal("VALIDATION_ERROR", "The account is inactive"))


def another_payload(exchange: Exchange) -> bool:
    """Say that the key stands for another payload."""
    return exchange.reply(
        409, refusal("IDEMPOTENCY_CONFLICT", "The key stands for another payload")
    )


class Burning(Ledger):
    """A ledger that keeps the key of a posting that it refused, with its payload, as some services
    do.
    """

    def __init__(self, refuses: Callable[[Exchange], bool]) -> None:
        super().__init__()
        self._burnt: dict[str, bytes] = {}
        serve = self.handler

        def burning(exchange: Exchange) -> bool:
            if (
                exchange.method == "POST"
                and self._burnt.get(exchange.key, exchange.body) != exchange.body
            ):
                return another_payload(exchange)
            if exchange.method == "POST" and refuses(exchange):
                self._burnt[exchange.key] = exchange.body
                return inactive(exchange)
            return serve(exchange)

        self.handler = burning


async def in_doubt(surface: Surface, store: Store, ledger: Ledger, hq: Any, number: int = 1) -> Any:
    """Return a posting whose entry stands, and that needs attention."""
    outbox = outbox_of(surface, store)
    ledger.faults = ["lost after"]
    await resolve(outbox.add(hq.organization(ORG), purchase(number), source=("till", str(number))))
    await resolve(outbox.drain(hq, **after(1)))
    time_passes(store, 24 * HOUR)
    await resolve(outbox.drain(hq))
    rows = await resolve(outbox.postings("needs_attention"))
    return next(row for row in rows if row.source[1] == str(number))


# --- correct


async def test_a_correction_gets_a_key_that_is_not_burnt(surface: Surface, store: Store) -> None:
    with Burning(lambda exchange: b"acc_expenses" in exchange.body) as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        books = hq.organization(ORG)
        row = await resolve(outbox.add(books, purchase(), source=SOURCE))
        assert (await resolve(outbox.drain(hq))).rejected == 1

        rejected = the_only(await resolve(outbox.postings()))
        corrected = await resolve(outbox.correct(rejected, purchase(account_id="acc_other")))
        assert (corrected.state, corrected.source, corrected.failure) == ("pending", SOURCE, None)
        assert corrected.key not in (row.key, "")
        assert (await resolve(outbox.drain(hq))).posted == 1
        assert [body["lines"][0]["accountId"] for body in ledger.bodies()] == ["acc_other"]

        # The corrected payload is what the source transaction is from now on, under the key that it
        # was added with.
        again = await resolve(
            outbox.add(books, purchase(account_id="acc_other"), source=SOURCE, key=row.key)
        )
        assert again.state == "posted"
        with pytest.raises(InputError, match="account_id"):
            await resolve(outbox.add(books, purchase(), source=SOURCE))
        await resolve(hq.close())


async def test_the_same_posting_corrected_twice_is_one_entry(
    surface: Surface, tmp_path: Path
) -> None:
    """In a restored store it is rejected once more. Corrected otherwise, it is a conflict, and no
    second entry.
    """
    place = tmp_path / "books.db"
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        with Store(place) as store:
            outbox = outbox_of(surface, store)
            ledger.faults = [inactive]
            await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
            await resolve(outbox.drain(hq))
        backup = back_up(place)
        for account, state in (("acc_other", "posted"), ("acc_third", "conflict")):
            restore(backup, place)
            with Store(place) as store:
                outbox = outbox_of(surface, store)
                row = the_only(await resolve(outbox.postings("rejected")))
                await resolve(outbox.correct(row, purchase(account_id=account)))
                await resolve(outbox.drain(hq))
                assert the_only(await resolve(outbox.postings())).state == state
        await resolve(hq.close())
    assert len(ledger.entries) == 1


async def test_what_was_never_sent_keeps_its_key(surface: Surface, store: Store) -> None:
    outbox = outbox_of(surface, store)
    row = await resolve(outbox.add(ORG, purchase(1), source=SOURCE))
    corrected = await resolve(outbox.correct(row, purchase(2)))
    assert (corrected.key, corrected.request["lines"][0]["amount"]) == (row.key, 2)
    with pytest.raises(InputError, match="has been corrected since"):
        await resolve(outbox.correct(row, purchase(3)))


async def test_a_damaged_row_is_mended_by_its_correction(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        store._database.write(
            "test", lambda db: db.execute(update(postings).values(request=b"{")).rowcount
        )
        await resolve(outbox.drain(hq))

        row = the_only(await resolve(outbox.postings("needs_attention")))
        await resolve(outbox.correct(row, purchase()))
        assert (await resolve(outbox.drain(hq))).posted == 1
        assert the_only(await resolve(outbox.postings())).alarm is None
        await resolve(hq.close())


async def test_what_may_stand_is_not_corrected(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        doubtful = await in_doubt(surface, store, ledger, hq)
        with pytest.raises(InputError, match="may be in the books"):
            await resolve(outbox.correct(doubtful, purchase(2)))

        await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        posted = the_only(await resolve(outbox.receipts()))
        with pytest.raises(InputError, match="is posted"):
            await resolve(outbox.correct(posted, purchase(2)))
        await resolve(hq.close())


async def test_a_correction_is_of_the_same_kind(surface: Surface, store: Store) -> None:
    outbox = outbox_of(surface, store)
    row = await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    lines = [DepositLine(account_id="acc_income", amount=1)]
    deposit = Deposit(txn_date=DAY, destination_account_id="acc_checking", lines=lines)
    with pytest.raises(InputError, match="cannot become a deposit"):
        await resolve(outbox.correct(row, deposit))


async def test_a_long_difference_is_cut(surface: Surface, store: Store) -> None:
    outbox = outbox_of(surface, store)
    await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    store._database.write(
        "test", lambda db: db.execute(update(postings).values(request=b"{")).rowcount
    )
    with pytest.raises(InputError, match="changed in the database"):
        await resolve(outbox.add(ORG, purchase(2), source=SOURCE))


# --- discard


@pytest.mark.parametrize(
    ("fault", "state"), [(inactive, "rejected"), (another_payload, "conflict")]
)
async def test_what_is_discarded_is_never_sent(
    surface: Surface, store: Store, fault: Any, state: str
) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = [fault]
        books = hq.organization(ORG)
        await resolve(outbox.add(books, purchase(), source=SOURCE))
        await resolve(outbox.drain(hq))
        row = the_only(await resolve(outbox.postings()))
        assert row.state == state

        laid = await resolve(outbox.discard(row, reason="entered by hand\x00 as 17"))
        assert (laid.state, laid.discard_reason) == ("discarded", "entered by hand� as 17")
        assert laid.failure == row.failure

        assert (await resolve(outbox.add(books, purchase(), source=SOURCE))).state == "discarded"
        with pytest.raises(
            InputError, match="in state discarded, so nothing was sent: entered by"
        ) as caught:
            await resolve(outbox.post(books, purchase(), source=SOURCE))
        assert "under a source id of its own" in caught.value.message
        assert await resolve(outbox.retry_rejected()) == 0
        assert (await resolve(outbox.drain(hq))).why == "settled"
        status = await resolve(outbox.status())
        assert (status.discarded, status.total, status.unknown) == (1, 1, 0)
        assert len(ledger.requests) == 1
        await resolve(hq.close())


async def test_what_cannot_be_discarded(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        row = await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        for reason in ("", "  ", None, "x" * 2001):
            with pytest.raises(InputError, match="reason must be"):
                await resolve(outbox.discard(row, reason=reason))

        await resolve(outbox.drain(hq, **after(1)))
        with pytest.raises(InputError, match="pending and may have been posted"):
            await resolve(outbox.discard(row, reason="no more"))
        await resolve(outbox.drain(hq))
        with pytest.raises(InputError, match="is posted"):
            await resolve(outbox.discard(row, reason="no more"))
        await resolve(hq.close())


async def test_a_posting_whose_state_is_damaged_is_discarded_and_not_corrected(
    surface: Surface, store: Store
) -> None:
    """It needs attention; that it is not in the books, nothing says."""
    outbox = outbox_of(surface, store)
    await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    damage = update(postings).values(state="posteb")
    store._database.write("test", lambda db: db.execute(damage).rowcount)
    row = the_only(await resolve(outbox.postings("needs_attention")))
    with pytest.raises(InputError, match="only a posting that is not in the books"):
        await resolve(outbox.correct(row, purchase(2)))
    assert (await resolve(outbox.discard(row, reason="no more"))).state == "discarded"


async def test_what_has_changed_since_it_was_read_is_not_discarded(
    surface: Surface, store: Store
) -> None:
    """Somebody has mended it meanwhile, or it was tried again: whoever discards it has not seen."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = [inactive, inactive]
        first = await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        corrected = await resolve(outbox.correct(first, purchase(2)))
        with pytest.raises(InputError, match="has been corrected since it was read"):
            await resolve(outbox.discard(first, reason="no more"))

        await resolve(outbox.drain(hq))
        rejected = the_only(await resolve(outbox.postings("rejected")))
        assert await resolve(outbox.retry_rejected()) == 1
        await resolve(outbox.drain(hq))
        for row, reason in ((corrected, "tried"), (rejected, "tried again")):
            with pytest.raises(InputError, match=f"has been {reason} since it was read"):
                await resolve(outbox.discard(row, reason="no more"))
        row = the_only(await resolve(outbox.postings("rejected")))
        assert (await resolve(outbox.discard(row, reason="no more"))).state == "discarded"
        await resolve(hq.close())


async def test_a_posting_of_another_store_is_not_decided_here(
    surface: Surface, store: Store
) -> None:
    outbox = outbox_of(surface, store)
    row = evolve(await resolve(outbox.add(ORG, purchase(), source=SOURCE)), id=999)
    with pytest.raises(InputError, match="Posting 999 is not in the store"):
        await resolve(outbox.discard(row, reason="no more"))
    with pytest.raises(InputError, match="Posting 999 is not in the store"):
        await resolve(outbox.correct(row, purchase()))
    with pytest.raises(InputError, match="Posting 999 is not in the store"):
        await resolve(outbox.resolve(row, stands_as=None))
    with pytest.raises(InputError, match="Posting 999 has no open alarm"):
        await resolve(outbox.acknowledge(row, reason="seen"))


# --- candidates, resolve


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("resolve", {"stands_as": None}),
        ("correct", {"correction": purchase()}),
        ("discard", {"reason": "a mistake"}),
        ("acknowledge", {"reason": "looked"}),
    ],
)
async def test_the_number_of_a_posting_is_not_the_posting(
    surface: Surface, store: Store, method: str, values: dict[str, Any]
) -> None:
    outbox = outbox_of(surface, store)
    with pytest.raises(InputError, match=r"not 17; outbox\.posting\(id\) returns one"):
        await resolve(getattr(outbox, method)(17, **values))


async def test_what_is_neither_a_posting_nor_an_entry_nor_an_organization_is_named(
    surface: Surface, store: Store
) -> None:
    outbox = outbox_of(surface, store)
    hq = client_of(surface, "http://127.0.0.1:9")
    with pytest.raises(InputError, match="posting must be a StoredPosting, not 17"):
        await resolve(outbox.candidates(hq, [17]))
    posting = await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    with pytest.raises(InputError, match=r"not 'je_1'; books\.entry\(id\) returns one"):
        await resolve(outbox.resolve(posting, stands_as="je_1"))
    with pytest.raises(InputError, match="organization id must be a string, not int"):
        await resolve(outbox.add(17, purchase(), source=SOURCE))


async def test_one_organization_is_no_list_of_them(surface: Surface, store: Store) -> None:
    outbox = outbox_of(surface, store)
    hq = client_of(surface, "http://127.0.0.1:9")
    for one in (ORG, hq.organization(ORG)):
        for call in (outbox.drain, outbox.adopt):
            with pytest.raises(InputError, match="organizations must be a list"):
                await resolve(call(hq, organizations=one))


async def test_what_is_no_awaiting_client_is_named(store: Store) -> None:
    outbox = store.async_outbox()
    with LedgerHQ(base_url="http://127.0.0.1:9", access_token="t") as blocking:
        for hq in (blocking, "hq", None):
            client: Any = hq
            for call in (outbox.drain, outbox.adopt, outbox.candidates):
                with pytest.raises(InputError, match="hq must be an AsyncLedgerHQ, not"):
                    await call(client)


async def test_a_company_is_no_firm_and_a_firm_no_company(surface: Surface, store: Store) -> None:
    """A drain of one company's handle would send the postings of all companies of its firm."""
    outbox = outbox_of(surface, store)
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        books = hq.organization(ORG)
        await resolve(outbox.add(hq.organization("org_2"), purchase(), source=SOURCE))
        for call in (outbox.drain, outbox.adopt, outbox.candidates, outbox.pauses, outbox.status):
            with pytest.raises(InputError, match=f"hq must be an? {surface.__name__}, not"):
                await resolve(call(books))
        for stranger in (hq, ORG):
            with pytest.raises(InputError, match=r"organization must be an (Async)?Organization"):
                await resolve(outbox.post(stranger, purchase(), source=SOURCE))
        assert ledger.entries == []
    assert len(await resolve(outbox.postings())) == 1


async def test_settings_are_checked_when_the_outbox_is_made(store: Store) -> None:
    settings: Any = {"key_lifetime": 3600}
    for make in (store.outbox, store.async_outbox):
        with pytest.raises(InputError, match="settings must be an OutboxSettings, not"):
            make(settings)


async def test_candidates_of_any_postings(surface: Surface, store: Store) -> None:
    """A posted one has its own entry; what is another client's is refused."""
    with Ledger() as ledger, Ledger() as other:
        hq = client_of(surface, ledger.url)
        stranger = client_of(surface, other.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        rows = await resolve(outbox.receipts())
        assert await resolve(outbox.candidates(hq)) == []
        [doubt] = await resolve(outbox.candidates(hq, rows))
        assert [entry.id for entry in doubt.candidates] == ["je_0"]
        with pytest.raises(InputError, match="belongs to"):
            await resolve(outbox.candidates(stranger, rows))
        await resolve(hq.close())
        await resolve(stranger.close())


@pytest.mark.skipif(os.name == "nt", reason="needs the modes of POSIX")
async def test_candidates_and_an_audit_without_a_token_blame_nothing(
    surface: Surface, store: Store, tmp_path: Path
) -> None:
    """Not one of the postings is to blame: the next ones could not be looked at either."""
    tokens = tmp_path / "tokens.json"
    tokens.write_bytes(b"{}")
    tokens.chmod(0o644)
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        await resolve(hq.close())
        kind: Any = surface
        hq = kind(base_url=ledger.url, credentials=OAuth(FileTokenStore(tokens)))
        rows = await resolve(outbox.receipts())
        with pytest.raises(InputError, match="can be read by other users"):
            await resolve(outbox.candidates(hq, rows))
        with pytest.raises(InputError, match="can be read by other users"):
            await resolve(outbox.audit(hq, Period("2026-06-01", "2026-06-30")))
        await resolve(hq.close())


async def test_an_entry_that_does_not_match_has_to_be_forced(
    surface: Surface, store: Store
) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        doubtful = await in_doubt(surface, store, ledger, hq)
        ledger.entries[0]["request"] |= {"txnDate": "2026-06-09", "sourceAccountId": "acc_cash"}
        ledger.entries[0]["request"]["lines"][0]["amount"] = 3
        [entry] = await collect(hq.organization(ORG).entries())
        with pytest.raises(InputError) as caught:
            await resolve(outbox.resolve(doubtful, stands_as=entry))
        for word in ("2026-06-09", "its amount is 3 cents, not 1", "acc_checking", "force=True"):
            assert word in str(caught.value)
        assert the_only(await resolve(outbox.postings())).state == "needs_attention"

        decided = await resolve(outbox.resolve(doubtful, stands_as=entry, force=True))
        assert (decided.state, decided.receipt.journal_entry_id) == ("posted", "je_0")
        await resolve(hq.close())


@pytest.mark.parametrize("is_corrected", [False, True])
async def test_a_decision_is_about_the_posting_as_it_was_read(
    surface: Surface, store: Store, is_corrected: bool
) -> None:
    """Two people are at it: by the second one's decision it would be sent although it may stand."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        row = await in_doubt(surface, store, ledger, hq)
        decided = await resolve(outbox.resolve(row, stands_as=None))
        if is_corrected:
            await resolve(outbox.correct(decided, purchase(2)))
        ledger.faults = ["lost after"]
        await resolve(outbox.drain(hq, **after(1)))
        time_passes(store, 24 * HOUR)
        await resolve(outbox.drain(hq))

        reason = "corrected" if is_corrected else "tried again"
        with pytest.raises(InputError, match=f"has been {reason} since it was read"):
            await resolve(outbox.resolve(row, stands_as=None))
        again = the_only(await resolve(outbox.postings("needs_attention")))
        assert (await resolve(outbox.resolve(again, stands_as=None))).state == "pending"
        await resolve(hq.close())


async def test_the_same_source_without_a_key_keeps_the_one_it_has(
    surface: Surface, store: Store
) -> None:
    outbox = outbox_of(surface, store)
    row = await resolve(outbox.add(ORG, purchase(), source=SOURCE, key="first-key"))
    assert await resolve(outbox.add(ORG, purchase(), source=SOURCE)) == row
    with pytest.raises(InputError, match="with the key 'first-key', not 'second-key'"):
        await resolve(outbox.add(ORG, purchase(), source=SOURCE, key="second-key"))


# --- distrust: a backup is restored


def back_up(place: Path) -> Path:
    """Copy a store's file as SQLite does."""
    backup = place.with_name("backup.db")
    with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    backup.chmod(0o600)
    return backup


def restore(backup: Path, place: Path) -> None:
    """Put the copy in the place of the store's file."""
    for file in place.parent.glob(f"{place.name}*"):
        file.unlink()
    shutil.copy2(backup, place)


def test_the_log_of_the_old_file_is_no_part_of_a_restored_one(tmp_path: Path) -> None:
    place = tmp_path / "books.db"
    with Store(place) as store:
        store.outbox().add(ORG, purchase(), source=("till", "1"))
    backup = back_up(place)
    log = tmp_path / "books.db-wal"
    with Store(place) as store:
        store.outbox().add(ORG, purchase(), source=("till", "2"))
        # A worker that is killed leaves it.
        content = log.read_bytes()

    for is_deleted, pending in ((False, 2), (True, 1)):
        shutil.copy(backup, place)
        log.write_bytes(content)
        if is_deleted:
            log.unlink()
        with Store(place) as store:
            assert store.outbox().status().pending == pending


async def add_some(outbox: Any, hq: Any, numbers: range) -> None:
    for number in numbers:
        await resolve(
            outbox.add(hq.organization(ORG), purchase(100 + number), source=("till", str(number)))
        )


async def test_thirty_sources_stay_thirty_entries(surface: Surface, tmp_path: Path) -> None:
    """10 posted and 10 pending at the backup, 10 more afterwards; all of them posted; the store
    restored 30 h later.
    """
    place = tmp_path / "books.db"
    with Ledger(key_life=24 * HOUR) as ledger:
        hq = client_of(surface, ledger.url)
        with Store(place) as store:
            outbox = outbox_of(surface, store)
            await add_some(outbox, hq, range(10))
            assert (await resolve(outbox.drain(hq))).posted == 10
            await add_some(outbox, hq, range(10, 20))
        backup = back_up(place)
        taken_at = dt.datetime.now(dt.UTC)
        with Store(place) as store:
            outbox = outbox_of(surface, store)
            await add_some(outbox, hq, range(20, 30))
            assert (await resolve(outbox.drain(hq))).posted == 20

        restore(backup, place)
        ledger.clock = lambda: time.time() + 30 * HOUR
        with Store(place) as store:
            outbox = outbox_of(surface, store)
            assert await resolve(outbox.distrust(since=taken_at)) == 10
            await add_some(outbox, hq, range(20, 30))
            assert (await resolve(outbox.drain(hq))).posted == 0
            status = await resolve(outbox.status())
            assert (status.posted, status.needs_attention, status.unknown) == (10, 20, 20)
            assert status.distrusted_since == taken_at

            doubts = await resolve(outbox.candidates(hq))
            assert len(doubts) == 20
            for doubt in doubts:
                [entry] = doubt.candidates
                await resolve(outbox.resolve(doubt.posting, stands_as=entry))
            assert await resolve(outbox.trust())
            assert (await resolve(outbox.drain(hq))).posted == 0
            receipts = await resolve(outbox.receipts())
            assert (
                len({row.receipt.journal_entry_id for row in receipts}) == len(ledger.entries) == 30
            )

            await add_some(outbox, hq, range(30, 31))
            assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())
    assert len(ledger.entries) == 31


async def test_nothing_is_certain_in_a_store_that_is_distrusted(
    surface: Surface, store: Store
) -> None:
    """Rejected at the backup, corrected and posted since, perhaps: it is not corrected again before
    somebody looked.
    """
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = [inactive]
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        await resolve(outbox.drain(hq))
        now = dt.datetime.now(dt.UTC)
        assert await resolve(outbox.distrust(since=now)) == 1
        row = the_only(await resolve(outbox.postings()))
        assert (row.state, row.unknown) == ("needs_attention", True)
        with pytest.raises(InputError, match="may be in the books"):
            await resolve(outbox.correct(row, purchase(2)))

        row = await resolve(outbox.resolve(row, stands_as=None))
        await resolve(outbox.correct(row, purchase(2)))
        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())


async def test_the_earliest_moment_counts_until_somebody_clears_it(
    surface: Surface, store: Store
) -> None:
    outbox = outbox_of(surface, store)
    later = dt.datetime.now(dt.UTC)
    earlier = later - dt.timedelta(hours=3)
    for since in (earlier, later):
        await resolve(outbox.distrust(since=since))
    assert (await resolve(outbox.status())).distrusted_since == earlier
    row = await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    assert (row.state, row.unknown, row.failure.type) == ("needs_attention", True, "RestoredStore")
    assert [await resolve(outbox.trust()), await resolve(outbox.trust())] == [True, False]
    assert (await resolve(outbox.status())).distrusted_since is None


async def test_a_store_that_is_distrusted_since_no_moment_is_distrusted(
    surface: Surface, store: Store
) -> None:
    """The moment was changed in the database."""
    outbox = outbox_of(surface, store)
    await resolve(outbox.distrust(since=dt.datetime.now(dt.UTC)))
    damaged = update(distrusts).values(since=1e300)
    store._database.write("test", lambda db: db.execute(damaged).rowcount)
    assert (await resolve(outbox.status())).distrusted_since == dt.datetime.fromtimestamp(0, dt.UTC)
    row = await resolve(outbox.add(ORG, purchase(), source=SOURCE))
    assert (row.state, row.unknown, row.failure.type) == ("needs_attention", True, "RestoredStore")


@pytest.mark.parametrize(
    "since",
    [
        dt.datetime.fromisoformat("2026-06-08T12:00"),
        "2026-06-08",
        dt.datetime.now(dt.UTC) + dt.timedelta(days=1),
    ],
)
async def test_a_moment_that_is_none(surface: Surface, store: Store, since: Any) -> None:
    with pytest.raises(InputError, match="since must be"):
        await resolve(outbox_of(surface, store).distrust(since=since))
