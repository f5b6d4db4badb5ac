"""Journal entries: drafts, posting, voiding."""

from __future__ import annotations

from functools import partial

from ledgerhq_ext.sandbox._documents import add_paid
from ledgerhq_ext.sandbox._errors import conflict, not_found
from ledgerhq_ext.sandbox._ledger import Draft, decimal, require_open, write_entry
from ledgerhq_ext.sandbox._paging import numbered_page
from ledgerhq_ext.sandbox._postings import journal_lines
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row

ROUTES = Routes()
_FIELDS = """id, entryNumber, date, description, reference, status, sourceType, sourceId, postedAt,
    voidedAt, voidReason, createdAt"""

_LINE_FIELDS = "l.*, e.date, e.entryNumber"
_LINES = """lines l JOIN entries e ON e.id = l.journalEntryId
    WHERE {where} ORDER BY e.date DESC, e.entryNumber DESC, l.position"""


@ROUTES.add("GET", "/api/v1/entries")
def list_entries(call: Call) -> Reply:
    """Return a page of the entries, newest first."""
    filters = [
        ("organizationId = ?", call.org),
        ("status = ?", call.query.get("status")),
        ("date >= ?", call.query.get("startDate")),
        ("date <= ?", call.query.get("endDate")),
    ]
    source = "entries WHERE {where} ORDER BY date DESC, entryNumber DESC"
    return numbered_page(call, _FIELDS, source, filters, partial(rendered, call))


@ROUTES.add("GET", "/api/v1/journal-lines")
def list_lines(call: Call) -> Reply:
    """Return the lines of posted entries, newest first.

    The contract has it below a company only.
    """
    filters = [
        ("e.organizationId = ?", call.org),
        ("e.status = ?", "posted"),
        ("e.date >= ?", call.query.get("startDate")),
        ("e.date <= ?", call.query.get("endDate")),
    ]
    return numbered_page(call, _LINE_FIELDS, _LINES, filters, _posted_line)


@ROUTES.add("POST", "/api/v1/entries")
def create_entry(call: Call) -> Reply:
    """Write a draft."""
    body = call.body
    lines = journal_lines(call, body["lines"])
    draft = Draft(
        body["date"], body["description"], lines, body.get("reference"), source_type="manual"
    )
    require_open(call, draft.date)
    return _answer(call, write_entry(call, draft, "draft"), 201)


@ROUTES.add("GET", "/api/v1/entries/{id}")
def get_entry(call: Call) -> Reply:
    """Return one entry."""
    return _answer(call, call.values[0])


@ROUTES.add("POST", "/api/v1/entries/{id}/post")
def post_entry(call: Call) -> Reply:
    """Post a draft."""
    row = _entry(call, call.values[0])
    if row["status"] != "draft":
        raise conflict(f"The entry is {row['status']}, not a draft")
    require_open(call, row["date"])
    sql = "UPDATE entries SET status = 'posted', postedAt = ? WHERE id = ?"
    call.db.execute(sql, (call.state.now(), row["id"]))
    return _answer(call, row["id"])


@ROUTES.add("POST", "/api/v1/entries/{id}/void")
def void_entry(call: Call) -> Reply:
    """Void a posted entry; what it paid is due again."""
    row = _entry(call, call.values[0])
    if row["status"] != "posted":
        raise conflict(f"The entry is {row['status']}; only a posted one can be voided")
    require_open(call, row["date"])
    reason = (call.body or {}).get("reason")
    sql = "UPDATE entries SET status = 'void', voidedAt = ?, voidReason = ? WHERE id = ?"
    call.db.execute(sql, (call.state.now(), reason, row["id"]))

    # Rows of the register stay: the bank has moved that money.
    for payment in call.all("SELECT * FROM payments WHERE journalEntryId = ?", row["id"]):
        add_paid(call, payment["documentId"], -payment["amount"])
    return _answer(call, row["id"])


def rendered(call: Call, row: Row) -> JSON:
    """Return an entry with its lines, money as decimal strings."""
    lines = call.all("SELECT * FROM lines WHERE journalEntryId = ? ORDER BY position", row["id"])
    return {**dict(row), "lines": [_line(line) for line in lines]}


def _posted_line(row: Row) -> JSON:
    entry = {
        "journalEntryId": row["journalEntryId"],
        "entryNumber": row["entryNumber"],
        "date": row["date"],
    }
    return {**_line(row), **entry}


def _line(row: Row) -> JSON:
    return {
        "id": row["id"],
        "accountId": row["accountId"],
        "description": row["description"],
        "debitAmount": decimal(row["debit"], row["currencyCode"]),
        "creditAmount": decimal(row["credit"], row["currencyCode"]),
        "currencyCode": row["currencyCode"],
    }


def _entry(call: Call, entry_id: str) -> Row:
    sql = f"SELECT {_FIELDS} FROM entries WHERE id = ? AND organizationId = ?"  # noqa: S608
    row = call.one(sql, entry_id, call.org)
    if row is None:
        raise not_found("Entry")
    return row


def _answer(call: Call, entry_id: str, status: int = 200) -> Reply:
    return Reply(status, {"entry": rendered(call, _entry(call, entry_id))})
