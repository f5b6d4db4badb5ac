"""A reviewed file carried out against a sandbox: once, again, half, and over a lost connection."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ledgerhq_ext import (
    BankTransaction,
    Connection,
    Event,
    FileTokenStore,
    InputError,
    LedgerHQ,
    OAuth,
    Organization,
    review,
)
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clients import ORG, client
from tests.support.responses import accounts, bank_row


@pytest.fixture
def sent() -> list[Event]:
    return []


@pytest.fixture
def books(box: Sandbox, sent: list[Event]) -> Iterator[Organization]:
    with LedgerHQ(base_url=box.url, access_token=box.access_token(), hooks=[sent.append]) as hq:
        yield hq.organization(next(iter(hq.organizations(type="client"))))


@pytest.fixture
def spent(books: Organization) -> dict[str, list[BankTransaction]]:
    rows = [
        row
        for row in books.bank_transactions(status="unreconciled")
        if row.amount < 0 and not row.pending
    ]
    return {
        "linked": [row for row in rows if row.journal_entry_id],
        "loose": [row for row in rows if not row.journal_entry_id],
    }


COLUMNS = ["transaction_id", "action", "account", "target", "shares", "amount", "status", "entry"]


def file(*lines: dict[str, str]) -> io.StringIO:
    """A reviewed file."""
    text = io.StringIO()
    columns = [name for name in COLUMNS if any(name in line for line in lines)]
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(lines)
    text.seek(0)
    return text


def month(spent: dict[str, list[BankTransaction]]) -> list[dict[str, str]]:
    """One row for each verb."""
    linked, loose = spent["linked"], spent["loose"]
    cents = -loose[0].amount
    return [
        {"transaction_id": linked[0].id, "action": "reclassify", "account": "6900"},
        {"transaction_id": linked[0].id, "action": "reconcile"},
        {"transaction_id": linked[1].id, "action": "match"},
        {
            "transaction_id": linked[2].id,
            "action": "reconcile",
            "target": f"entry:{linked[2].journal_entry_id}",
        },
        {
            "transaction_id": loose[0].id,
            "action": "split",
            "shares": f"6100={cents // 100}.{cents % 100:02}",
            "amount": f"-{cents // 100}.{cents % 100:02}",
        },
        {"transaction_id": loose[1].id, "action": "exclude"},
    ]


def test_every_verb_is_carried_out_and_the_second_time_nothing_changes(
    books: Organization, spent: dict[str, list[BankTransaction]], sent: list[Event]
) -> None:
    report = review.apply(books, file(*month(spent)))
    assert str(report) == "6 done"
    assert report.ok
    states = [books.bank_transaction(line["transaction_id"]) for line in month(spent)]
    assert [row.status for row in states] == ["reconciled"] * 5 + ["excluded"]
    assert states[0].account_code == "6900"
    sent.clear()
    again = review.apply(books, file(*month(spent)))
    assert str(again) == "6 already"
    assert [event for event in sent if event.method == "POST"] == []
    assert [books.bank_transaction(line["transaction_id"]) for line in month(spent)] == states


def test_a_bad_row_loses_no_other_one(
    books: Organization, spent: dict[str, list[BankTransaction]]
) -> None:
    loose = spent["loose"]
    told: list[review.Result] = []
    report = review.apply(
        books,
        file(
            {"transaction_id": "nobody", "action": "exclude"},
            {"transaction_id": loose[0].id, "action": "split", "shares": "6100=0.01"},
            {"transaction_id": loose[1].id, "action": "match"},
            {"transaction_id": loose[2].id, "action": "exclude", "amount": "-0.01"},
            {"transaction_id": loose[3].id, "action": "exclude"},
        ),
        on_result=told.append,
    )
    assert [result.status for result in report.results] == [
        "refused",
        "refused",
        "refused",
        "refused",
        "done",
    ]
    assert tuple(told) == report.results
    said = str(report)
    assert "line 2: exclude nobody: refused:" in said
    assert "it was reviewed as -0.01" in said
    assert not report.ok
    assert books.bank_transaction(loose[2].id).status == "unreconciled"


def test_thousands_are_never_taken_for_a_fraction(
    books: Organization, spent: dict[str, list[BankTransaction]]
) -> None:
    row = next(row for row in spent["loose"] if row.amount <= -200)
    bill = next(bill for bill in books.bills() if bill.amount_due >= 200)
    # Thousands to an American, a fraction to a German; the row of a bill need not be used up.
    text = f"transaction_id;action;shares\n{row.id};split;bill:{bill.id}=1,500\n"
    [result] = review.apply(books, io.StringIO(text)).results
    assert result.status == "refused"
    assert "'1.500' is ambiguous: it could be 1500 USD" in result.message
    assert books.bank_transaction(row.id) == row


@pytest.mark.parametrize(
    "line",
    [{"action": "frob"}, {"action": "reclassify"}, {"action": "reclassify", "account": "0000"}],
    ids=["unknown action", "no account", "unknown account"],
)
def test_a_malformed_file_changes_nothing(
    books: Organization,
    spent: dict[str, list[BankTransaction]],
    sent: list[Event],
    line: dict[str, str],
) -> None:
    good = {"transaction_id": spent["loose"][0].id, "action": "exclude"}
    sent.clear()
    with pytest.raises(InputError, match="Nothing was"):
        review.apply(books, file(good, {"transaction_id": "x", **line}))
    assert [event for event in sent if event.method == "POST"] == []


@pytest.mark.parametrize("action", ["exclude", "split", "reclassify"])
def test_a_row_whose_status_changed_is_refused_and_the_others_go_on(
    books: Organization, spent: dict[str, list[BankTransaction]], sent: list[Event], action: str
) -> None:
    """Somebody reconciled or excluded it after the file was written."""
    linked, loose = spent["linked"], spent["loose"]
    changed = loose[0] if action == "split" else linked[0]
    if action == "split":
        books.exclude(changed)
    else:
        books.reconcile(changed)
    more = {"split": {"shares": "6100=0.01"}, "reclassify": {"account": "6900"}, "exclude": {}}[
        action
    ]
    sent.clear()
    report = review.apply(
        books,
        file(
            {"transaction_id": changed.id, "action": action, "status": "unreconciled", **more},
            {"transaction_id": loose[1].id, "action": "exclude", "status": "Unreconciled"},
        ),
    )
    assert [result.status for result in report.results] == ["refused", "done"]
    by_now = "excluded" if action == "split" else "reconciled"
    refusal = f"The row is now {by_now}, but it was reviewed as unreconciled."
    assert report.results[0].message == refusal
    assert [event.method for event in sent if event.kind == "response"].count("POST") == 1


def test_what_the_file_itself_does_is_no_change(
    books: Organization, spent: dict[str, list[BankTransaction]]
) -> None:
    """A file that was carried out by half, and a row that is reconciled first and reclassified
    then.
    """
    row_id = spent["linked"][0].id
    books.reconcile(row_id)
    both = [
        {"transaction_id": row_id, "action": "reconcile", "status": "unreconciled"},
        {
            "transaction_id": row_id,
            "action": "reclassify",
            "account": "6900",
            "status": "unreconciled",
        },
    ]
    assert str(review.apply(books, file(*both))) == "1 already, 1 done"
    assert str(review.apply(books, file(*both))) == "2 already"


@pytest.mark.parametrize("before", ["entry:another (entry 7 Cafe, 2026-06-01)", ""])
@pytest.mark.parametrize("action", ["reconcile", "match", "reclassify", "exclude"])
def test_a_row_whose_entry_changed_is_refused(
    books: Organization, spent: dict[str, list[BankTransaction]], action: str, before: str
) -> None:
    """Somebody linked it with another entry, or with one at all, after the file was written."""
    row = spent["linked"][0]
    report = review.apply(
        books,
        file({"transaction_id": row.id, "action": action, "account": "6900", "entry": before}),
    )
    (result,) = report.results
    assert result.status == "refused"
    reviewed = "entry another" if before else "no entry"
    linked = f"The row is now linked to entry {row.journal_entry_id}"
    assert result.message == f"{linked}, but it was reviewed with {reviewed}."
    assert books.bank_transaction(row.id) == row


@pytest.mark.parametrize("kind", ["bill", "invoice", "payment"])
def test_a_row_is_reconciled_with_an_entry_alone(
    books: Organization, spent: dict[str, list[BankTransaction]], kind: str
) -> None:
    line = {"transaction_id": spent["linked"][0].id, "action": "reconcile", "target": f"{kind}:1"}
    [result] = review.apply(books, file(line)).results
    assert result.status == "refused"
    assert result.message == f"reconcile takes entry:ID, and not {kind}:1. Use match instead."


def test_a_file_that_makes_entries_can_be_applied_again(
    books: Organization, spent: dict[str, list[BankTransaction]]
) -> None:
    """What is linked afterwards is what the file itself linked."""
    linked, loose = spent["linked"], spent["loose"]
    cents = -loose[0].amount
    lines = [
        {
            "transaction_id": loose[0].id,
            "action": "split",
            "shares": f"6100={cents // 100}.{cents % 100:02}",
        },
        {
            "transaction_id": linked[0].id,
            "action": "reconcile",
            "entry": f"entry:{linked[0].journal_entry_id} (x y)",
        },
        {
            "transaction_id": linked[1].id,
            "action": "match",
            "target": f"entry:{linked[1].journal_entry_id}",
        },
    ]
    assert str(review.apply(books, file(*lines))) == "3 done"
    assert str(review.apply(books, file(*lines))) == "3 already"


def test_an_account_is_named_by_code_or_id(
    books: Organization, spent: dict[str, list[BankTransaction]]
) -> None:
    supplies = books.accounts().by_code("6900")
    lines = [
        {"transaction_id": row.id, "action": "reclassify", "account": name}
        for row, name in zip(spent["linked"], ["6900", supplies.id], strict=False)
    ]
    assert str(review.apply(books, file(*lines))) == "2 done"
    rows = [books.bank_transaction(line["transaction_id"]) for line in lines]
    assert [row.account_id for row in rows] == [supplies.id, supplies.id]


def test_a_lost_answer_is_settled(
    books: Organization, spent: dict[str, list[BankTransaction]], box: Sandbox
) -> None:
    box.fault("POST /api/v1/bank-transactions/*/exclude", "lose_response", times=1)
    report = review.apply(
        books, file({"transaction_id": spent["loose"][0].id, "action": "exclude"})
    )
    assert report.ok
    assert books.bank_transaction(spent["loose"][0].id).status == "excluded"


def test_an_answer_that_stays_lost_leaves_a_doubt() -> None:
    def lose(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(200, json={"transaction": bank_row()})

    row = {"transaction_id": "btx_1", "action": "exclude"}
    report = review.apply(client(lose).organization(ORG), file(row))
    assert [result.status for result in report.results] == ["unknown"]
    assert not report.ok


@pytest.mark.parametrize(("entry", "status"), [("je_8", "already"), ("je_9", "refused")])
def test_a_row_that_is_reconciled_already_is_compared_with_the_decision(
    entry: str, status: str
) -> None:
    def look(request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        row = bank_row("reconciled", journalEntryId="je_8")
        return httpx.Response(200, json={"transaction": row})

    decision = {"transaction_id": "btx_1", "action": "reconcile", "target": f"entry:{entry}"}
    report = review.apply(client(look).organization(ORG), file(decision))
    assert [result.status for result in report.results] == [status]


def test_the_reason_of_a_decision_is_sent() -> None:
    bodies: list[object] = []

    def carry_out(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/accounts"):
            return accounts()
        if request.method == "GET":
            return httpx.Response(200, json={"transaction": bank_row()})
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"transaction": bank_row(accountId="acc_1")})

    text = "transaction_id,action,account,reason\nbtx_1,reclassify,1010,by the rule\n"
    assert review.apply(client(carry_out).organization(ORG), io.StringIO(text)).ok
    assert bodies == [{"accountId": "acc_1", "reason": "by the rule"}]


def test_a_row_that_cannot_be_read_is_in_no_doubt(
    box: Sandbox, books: Organization, spent: dict[str, list[BankTransaction]]
) -> None:
    """Nothing was sent that could have changed it."""
    row = spent["loose"][0]
    box.fault("GET /api/v1/bank-transactions/*", "lose_response", times=None)
    quick = books.with_options(retries=0)
    report = review.apply(quick, file({"transaction_id": row.id, "action": "exclude"}))
    [result] = report.results
    assert result.status == "refused"


def test_nothing_more_is_tried_once_the_connection_is_gone(
    box: Sandbox, spent: dict[str, list[BankTransaction]]
) -> None:
    lines = [{"transaction_id": row.id, "action": "exclude"} for row in spent["loose"][:3]]
    with LedgerHQ(base_url=box.url, access_token="mcp_at_gone") as hq:
        report = review.apply(hq.organization(spent["loose"][0].organization_id), file(*lines))
    assert [result.status for result in report.results] == ["refused", "not_tried", "not_tried"]


def test_nothing_more_is_tried_once_the_tokens_cannot_be_read(
    box: Sandbox, spent: dict[str, list[BankTransaction]], tmp_path: Path
) -> None:
    class Away(FileTokenStore):
        """A token file that another user may read: it is not used."""

        def read(self) -> Connection | None:
            """Refuse the file."""
            raise InputError("tokens.json can be read by other users.")

    lines = [{"transaction_id": row.id, "action": "exclude"} for row in spent["loose"][:3]]
    tokens = OAuth(Away(tmp_path / "tokens.json"))
    with LedgerHQ(base_url=box.url, credentials=tokens) as hq:
        report = review.apply(hq.organization(spent["loose"][0].organization_id), file(*lines))
    assert [result.status for result in report.results] == ["refused", "not_tried", "not_tried"]
    assert report.results[2].message == "not tried: tokens.json can be read by other users."


def test_the_report_can_be_kept(
    books: Organization, spent: dict[str, list[BankTransaction]], tmp_path: Path
) -> None:
    report = review.apply(books, file({"transaction_id": "=1+1", "action": "exclude"}))
    text = report.write(tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    (written,) = csv.DictReader(io.StringIO(text))
    assert written["status"] == "refused"
    assert (written["line"], written["action"]) == ("2", "exclude")


def test_a_decided_table_goes_all_the_way(books: Organization, tmp_path: Path) -> None:
    table = review.table(books.bank_transactions())
    path = table.write_decisions(tmp_path / "decisions.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    linked = {row.transaction.id for row in table.rows if row.transaction.journal_entry_id}
    booked = [row for row in rows if row["transaction_id"] in linked and not row["pending"]]
    for row in booked[:4]:
        row["action"] = "reconcile"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert str(review.apply(books, path)) == "4 done"
    assert len(review.table(books.bank_transactions())) == len(table) - 4
