"""The review table of a company and a reviewed file, on both surfaces, against the sandbox."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from typing import Any

import pytest

from ledgerhq_ext import AsyncLedgerHQ, InputError, review
from tests.support.companies import World
from tests.support.surfaces import Hook, Surface, collect, resolve

pytestmark = pytest.mark.anyio
FREE = {"status": "unreconciled", "journalEntryId": None}


async def read_table(surface: Surface, books: Any) -> review.ReviewTable:
    read: Any = review.async_read_table if surface is AsyncLedgerHQ else review.read_table
    table = await resolve(read(books))
    assert isinstance(table, review.ReviewTable)
    return table


async def apply(surface: Surface, books: Any, decisions: str, **options: Any) -> review.Report:
    apply: Any = review.async_apply if surface is AsyncLedgerHQ else review.apply
    report = await resolve(apply(books, io.StringIO(decisions), **options))
    assert isinstance(report, review.Report)
    return report


def one_decision(row_id: str, action: str) -> str:
    return f"transaction_id,action\n{row_id},{action}\n"


async def test_every_list_is_read_once(surface: Surface, books: Any, hooks: list[Hook]) -> None:
    """As many requests as walking over each list alone takes, whatever the number of rows."""
    paths: list[str] = []
    hooks.append(lambda event: paths.append(event.path.rpartition("/")[2]))
    table = await read_table(surface, books)
    assert len(table) > 20
    assert table.unread == ()
    requests = Counter(paths)

    paths.clear()
    days = [row.transaction.date for row in table.rows]
    margin = dt.timedelta(days=10)
    await collect(books.bank_transactions())
    await resolve(books.bank_accounts())
    await collect(books.entries(status="posted", start=min(days) - margin, end=max(days) + margin))
    await collect(books.bills())
    await collect(books.contacts())
    assert requests == Counter(paths)


async def test_a_candidate_goes_all_the_way(surface: Surface, books: Any, maple: World) -> None:
    """From the table into the file, and from there into the books."""
    row_id = maple.row(description="ACH METRO PARTS", **FREE)["id"]
    table = await read_table(surface, books)
    cells = {row["transaction_id"]: row for row in csv.DictReader(io.StringIO(table.decisions()))}
    decision = cells[row_id]
    target = decision["candidates"].partition(" ")[0]
    assert target == f"bill:{maple.bill('BILL-1003')['id']}"
    assert decision["bank_account"]

    decision |= {"action": "match", "target": target}
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(decision), delimiter=";")
    writer.writeheader()
    writer.writerow(decision)
    report = await apply(surface, books, buffer.getvalue())
    assert str(report) == "1 done"
    assert maple.row(id=row_id)["status"] == "reconciled"
    assert maple.bill("BILL-1003")["status"] == "paid"


async def test_every_candidate_entry_matches(surface: Surface, books: Any, maple: World) -> None:
    table = await read_table(surface, books)
    matches: dict[str, str] = {}
    for row in table.rows:
        for candidate in row.candidates[:1]:
            if candidate.kind == "entry" and candidate.id not in matches.values():
                matches[row.transaction.id] = candidate.id
    assert matches
    lines = [f"{row_id},match,entry:{entry_id}" for row_id, entry_id in matches.items()]
    report = await apply(
        surface, books, "\n".join(["transaction_id,action,target", *lines]), pending=True
    )
    assert str(report) == f"{len(matches)} done"


async def test_what_may_not_be_read_is_named(surface: Surface, books: Any, maple: World) -> None:
    maple.box.fault("GET /api/v1/bills", "status", status=403, times=1)
    maple.box.fault("GET /api/v1/bank-accounts", "status", status=404, times=1)
    table = await read_table(surface, books)
    assert table.unread == ("bank accounts", "bills")
    assert "may not read bank accounts, bills" in table.html()
    assert "Not readable with these credentials: bank accounts, bills." in table.text()


async def test_a_pending_row_is_left_alone_unless_it_is_asked_for(
    surface: Surface, books: Any, maple: World
) -> None:
    row_id = maple.row(pending=True, **FREE)["id"]
    report = await apply(surface, books, one_decision(row_id, "exclude"))
    assert [result.status for result in report.results] == ["refused"]
    assert "still pending" in report.results[0].message
    assert maple.posts() == 0

    assert (
        str(await apply(surface, books, one_decision(row_id, "exclude"), pending=True)) == "1 done"
    )
    # What stands is no question any more.
    assert str(await apply(surface, books, one_decision(row_id, "exclude"))) == "1 already"
    assert maple.posts() == 1


async def test_a_method_that_names_a_pending_row_asks_for_it(
    surface: Surface, books: Any, maple: World
) -> None:
    row_id = maple.row(pending=True, **FREE)["id"]
    await resolve(books.reclassify(row_id, maple.account("6900")))
    assert (await resolve(books.exclude(row_id))).status == "excluded"


async def test_a_handle_of_the_other_surface_is_refused(surface: Surface, books: Any) -> None:
    with pytest.raises(InputError, match="organization must be an Organization, not 'org_1'"):
        review.read_table("org_1")  # type: ignore[arg-type]
    if surface is AsyncLedgerHQ:
        with pytest.raises(InputError, match="must be an Organization, not AsyncOrganization"):
            review.read_table(books)


async def test_a_firm_is_refused_where_a_company_is_asked_for(surface: Surface) -> None:
    firm: Any = surface
    hq = firm(base_url="http://127.0.0.1:9", access_token="mcp_at_x")
    for call in (read_table(surface, hq), apply(surface, hq, one_decision("btx_1", "exclude"))):
        with pytest.raises(InputError, match=r"organization must be an (Async)?Organization, not"):
            await call
