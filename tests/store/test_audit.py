"""The audit: the store's receipts against a ledger that somebody has changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from ledgerhq_ext import AuthenticationError, InputError, LedgerHQ, Period
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Audit, Store
from ledgerhq_ext.store._schema import postings
from tests.cases.wire_support import Exchange, Ledger, purchase
from tests.support.companies import World
from tests.support.outbox import OPTIONS, after
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

ORG = "org_1"
JUNE = Period("2026-06-01", "2026-06-30")


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


async def post_some(outbox: Any, hq: Any, count: int = 3, organization_id: str = ORG) -> None:
    for number in range(count):
        books = hq.organization(organization_id)
        await resolve(outbox.add(books, purchase(100 + number), source=("till", str(number))))
    await resolve(outbox.drain(hq))


def edit_answers(ledger: Ledger, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit each listed entry on its way out."""
    serve = ledger._listing

    def edited(exchange: Exchange) -> dict[str, Any]:
        document = serve(exchange)
        for entry in document["data"]:
            edit(entry)
        return document

    ledger._listing = edited  # type: ignore[method-assign]


def kinds(audit: Audit) -> list[str]:
    return [finding.kind for finding in audit.findings]


async def test_a_ledger_that_fits(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq)
        await post_some(outbox, hq, organization_id="org_2")
        audit = await resolve(outbox.audit(hq, JUNE))
        await resolve(hq.close())
    assert audit.ok
    assert (audit.organizations, audit.postings, audit.entries) == (2, 6, 6)
    assert {exchange.method for exchange in ledger.requests[6:]} == {"GET"}


async def test_what_is_gone_void_or_changed(surface: Surface, store: Store) -> None:
    def edit(entry: dict[str, Any]) -> None:
        if entry["id"] == "je_1":
            entry |= {"status": "void", "voidReason": "entered twice"}
        if entry["id"] == "je_2":
            entry["lines"][0]["accountId"] = "acc_other"

    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 4)
        ledger.entries.pop(0)
        edit_answers(ledger, edit)
        audit = await resolve(outbox.audit(hq, JUNE))
        await resolve(hq.close())

    assert kinds(audit) == ["gone", "void", "changed"]
    assert not audit.ok
    assert [finding.posting.source[1] for finding in audit.findings if finding.posting] == [
        "0",
        "1",
        "2",
    ]
    assert "je_0" in audit.findings[0].message
    assert "entered twice" in audit.findings[1].message
    assert "acc_expenses" in audit.findings[2].message


async def test_a_doubling_is_found(surface: Surface, store: Store) -> None:
    """The twin is known to nobody, and a purchase of another app looks like nothing of ours."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 2)
        for id, amount in (("je_7", 100), ("je_8", 999), ("je_9", 998)):
            twin = copy.deepcopy(ledger.entries[0]) | {"id": id}
            twin["request"]["lines"][0]["amount"] = amount
            ledger.entries.append(twin)
        edit_answers(
            ledger, lambda entry: entry.update(sourceType=None) if entry["id"] == "je_9" else None
        )
        audit = await resolve(outbox.audit(hq, JUNE))
        await resolve(hq.close())
    [doubled, unexplained] = audit.findings
    assert (doubled.kind, doubled.entry.id, doubled.posting.source[1]) == ("doubled", "je_7", "0")
    assert (unexplained.kind, unexplained.entry.id, unexplained.posting) == (
        "unexplained",
        "je_8",
        None,
    )
    assert audit.entries_without_source == 1


async def test_what_is_posted_while_it_reads_is_known(surface: Surface, store: Store) -> None:
    """A drain goes on meanwhile: its entry is in the ledger, and its receipt in the store."""
    with Ledger() as ledger, client_of(LedgerHQ, ledger.url) as till:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 1)
        serve = ledger._listing

        def serve_after_a_sale(exchange: Exchange) -> dict[str, Any]:
            store.outbox().post(till.organization(ORG), purchase(999), source=("till", "late"))
            return serve(exchange)

        ledger._listing = serve_after_a_sale  # type: ignore[method-assign]
        audit = await resolve(outbox.audit(hq, JUNE))
        await resolve(hq.close())
    assert audit.findings == ()
    assert (audit.postings, audit.entries) == (2, 2)


async def test_a_company_that_is_named_is_examined_without_postings(
    surface: Surface, store: Store, tmp_path: Path
) -> None:
    """Its store may be the wrong one, or have lost them all."""
    with Ledger() as ledger, Store(tmp_path / "lost.db") as lost:
        hq = client_of(surface, ledger.url)
        await post_some(outbox_of(surface, lost), hq, 2)
        named = await resolve(outbox_of(surface, store).audit(hq, JUNE, organizations=[ORG, ORG]))
        every = await resolve(outbox_of(surface, store).audit(hq, JUNE))
        await resolve(hq.close())
    assert kinds(named) == ["unexplained", "unexplained"]
    assert (named.organizations, named.postings, named.entries) == (1, 0, 2)
    assert (every.ok, every.organizations) == (True, 0)


async def test_postings_without_a_receipt(surface: Surface, store: Store) -> None:
    """One stands in the books, one was never sent, one was discarded, and one is of another month."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        books = hq.organization(ORG)
        ledger.faults = ["lost after"]
        await resolve(outbox.add(books, purchase(1), source=("till", "1")))
        await resolve(outbox.drain(hq, **after(1)))
        await resolve(outbox.add(books, purchase(2), source=("till", "2")))
        row = await resolve(outbox.add(books, purchase(3), source=("till", "3")))
        await resolve(outbox.discard(row, reason="a test"))
        audit = await resolve(outbox.audit(hq, JUNE))
        other = await resolve(outbox.audit(hq, Period("2026-07-01", "2026-07-31")))
        await resolve(hq.close())
    assert kinds(audit) == ["no_receipt", "no_receipt"]
    assert [finding.entry.id if finding.entry else None for finding in audit.findings] == [
        "je_0",
        None,
    ]
    assert (other.ok, other.postings, other.entries) == (True, 0, 0)


async def test_what_cannot_be_checked_is_said(surface: Surface, store: Store) -> None:
    """A company that is gone, and a payload that cannot be read; the others are checked."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        for organization_id in (ORG, "org_2", "org_3"):
            await post_some(outbox, hq, 1, organization_id)
        damaged = update(postings).where(postings.c.organization_id == "org_2").values(request=b"{")
        store._database.write("test", lambda db: db.execute(damaged).rowcount)
        serve = ledger.handler

        def closed(exchange: Exchange) -> bool:
            if exchange.organization == ORG:
                return exchange.reply(403, {"error": "Not a member"})
            return serve(exchange)

        ledger.handler = closed
        audit = await resolve(outbox.audit(hq, JUNE))
        part = await resolve(outbox.audit(hq, JUNE, organizations=["org_3"]))
        await resolve(hq.close())
    assert (kinds(audit), audit.ok, audit.organizations) == ([], False, 3)
    reasons = {gap.organization_id: gap.reason for gap in audit.unchecked}
    assert reasons.keys() == {ORG, "org_2"}
    assert "Not a member" in reasons[ORG]
    assert "payload cannot be read" in reasons["org_2"]
    assert (part.ok, part.organizations) == (True, 1)


async def test_an_alarm_is_a_finding(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 1)
        store._database.write(
            "test", lambda db: db.execute(update(postings).values(alarm="Two of them.")).rowcount
        )
        [finding] = (await resolve(outbox.audit(hq, JUNE))).findings
        await resolve(hq.close())
    assert (finding.kind, finding.message) == ("alarm", "Two of them.")


async def test_an_alarm_that_is_acknowledged_is_none(surface: Surface, store: Store) -> None:
    """It stays on the posting. What is damaged afterwards is another matter."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 1)
        store._database.write(
            "test", lambda db: db.execute(update(postings).values(alarm="Two of them.")).rowcount
        )
        [row] = await resolve(outbox.receipts())
        row = await resolve(outbox.acknowledge(row, reason="the other is void\x00"))
        assert (row.alarm, row.acknowledgement) == ("Two of them.", "the other is void�")
        assert (await resolve(outbox.audit(hq, JUNE))).ok
        with pytest.raises(InputError, match="no open alarm"):
            await resolve(outbox.acknowledge(row, reason="again"))
        with pytest.raises(InputError, match="reason must be"):
            await resolve(outbox.acknowledge(row, reason=" "))

        store._database.write(
            "test", lambda db: db.execute(update(postings).values(receipt="{")).rowcount
        )
        [row] = await resolve(outbox.receipts())
        assert row.acknowledgement is None
        assert "alarm" in kinds(await resolve(outbox.audit(hq, JUNE)))
        await resolve(hq.close())


async def test_a_token_that_is_refused_is_no_finding(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await post_some(outbox, hq, 1)
        ledger.handler = lambda exchange: exchange.reply(401, {"error": "invalid token"})
        with pytest.raises(AuthenticationError):
            await resolve(outbox.audit(hq, JUNE))
        with pytest.raises(InputError, match="must be a Period"):
            await resolve(outbox.audit(hq, "2026-06"))
        await resolve(hq.close())


async def test_every_kind_of_posting_fits_its_entry(
    surface: Surface, store: Store, box: Sandbox, maple: World
) -> None:
    """Against the sandbox, which makes the entries of all five."""
    kind: Any = surface
    hq = kind(base_url=box.url, access_token=box.access_token(), **OPTIONS)
    outbox = outbox_of(surface, store)
    for number, request in enumerate(maple.of_each_kind()):
        await resolve(outbox.add(hq.organization(maple.org), request, source=("till", str(number))))
    assert (await resolve(outbox.drain(hq))).posted == 5
    audit = await resolve(outbox.audit(hq, Period("2026-01-01", "2026-12-31")))
    await resolve(hq.close())
    assert audit.postings == 5
    assert [finding for finding in audit.findings if finding.posting] == []
    assert audit.unchecked == ()
