"""The bank register: reading it, and what is done to one row at a time."""

from __future__ import annotations

from ledgerhq_ext.sandbox._clock import is_day
from ledgerhq_ext.sandbox._errors import bad_request, not_found
from ledgerhq_ext.sandbox._ledger import (
    MAX_TOTAL,
    account,
    belongs,
    linked_bank_account,
    require_open,
)
from ledgerhq_ext.sandbox._paging import numbered_page
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row
from ledgerhq_ext.sandbox._state import State

ROUTES = Routes()
_FIELDS = """
    r.id, r.bankAccountId, r.date, r.description, r.reference, r.amount, r.status,
    r.reconciliationId, r.journalEntryId, r.sourceType, r.externalTransactionId, r.payee,
    r.counterparty, r.currencyCode, r.postedDate, r.pending, r.accountId, r.contactId, r.taxRateId,
    a.code AS accountCode, a.name AS accountName, r.createdAt"""
_SOURCE = """bankRows r LEFT JOIN accounts a ON a.id = r.accountId
    WHERE {where} ORDER BY r.date DESC, r.seq DESC"""


@ROUTES.add("GET", "/api/v1/bank-transactions")
def list_rows(call: Call) -> Reply:
    """Return a page of the register of all bank accounts, newest first."""
    return _page(call, call.query.get("bankAccountId"))


@ROUTES.add("GET", "/api/v1/bank-accounts/{id}/transactions")
def list_rows_of_account(call: Call) -> Reply:
    """Return a page of the register of one bank account, newest first."""
    belongs(call, "bankAccounts", call.values[0], "Bank account")
    return _page(call, call.values[0])


@ROUTES.add("GET", "/api/v1/bank-transactions/{id}")
def get_row(call: Call) -> Reply:
    """Return one row."""
    return answer(call, bank_row(call)["id"])


@ROUTES.add("POST", "/api/v1/bank-transactions/{id}/exclude", errors="structured")
def exclude(call: Call) -> Reply:
    """Exclude a row; an excluded one comes back."""
    row = bank_row(call)
    if row["status"] == "reconciled":
        raise bad_request("The transaction is already reconciled")
    # It toggles, as in the service: a client that repeats it blindly undoes it.
    status = "unreconciled" if row["status"] == "excluded" else "excluded"
    call.db.execute("UPDATE bankRows SET status = ? WHERE id = ?", (status, row["id"]))
    return answer(call, row["id"])


@ROUTES.add("POST", "/api/v1/bank-transactions/{id}/reconcile", errors="structured")
def reconcile(call: Call) -> Reply:
    """Mark a row reconciled. A missing journalEntryId clears its link, as in the service."""
    row = open_row(call)
    entry_id = call.body.get("journalEntryId")
    reconciliation_id = call.body.get("reconciliationId")
    belongs(call, "reconciliations", reconciliation_id, "reconciliationId: reconciliation")
    if entry_id is not None:
        require_matching_entry(call, row, entry_id)
    settle(call, row, entry_id, reconciliation_id)
    return answer(call, row["id"])


@ROUTES.add("POST", "/api/v1/bank-transactions/{id}/reclassify", errors="structured")
def reclassify(call: Call) -> Reply:
    """Move a row, and the line of its entry, to another account."""
    row = bank_row(call)
    body = call.body
    target = account(call, body["accountId"], "accountId")
    # The bank's own side follows from the register; only the other side is classified.
    if linked_bank_account(call, target["id"]):
        raise bad_request(f"accountId: {target['code']} is the ledger account of a bank account")
    belongs(call, "contacts", body.get("contactId"), "contactId: contact")
    belongs(call, "taxRates", body.get("taxRateId"), "taxRateId: tax rate")

    line_id = _line_to_move(call, row, body.get("journalLineId"))
    if line_id is not None:
        call.db.execute("UPDATE lines SET accountId = ? WHERE id = ?", (target["id"], line_id))

    changes = {"accountId": target["id"]}
    for name in ("contactId", "taxRateId"):
        if name in body:
            changes[name] = body[name]
    # The names are those above, never input.
    for name, value in changes.items():
        sql = f"UPDATE bankRows SET {name} = ? WHERE id = ?"  # noqa: S608
        call.db.execute(sql, (value, row["id"]))

    reply: JSON = {
        "transaction": rendered(call, row["id"]),
        "journalEntryId": row["journalEntryId"],
        "journalLineId": line_id,
    }
    return Reply(200, reply)


def bank_row(call: Call) -> Row:
    """Return the row that the path names; none is a 404."""
    sql = "SELECT * FROM bankRows WHERE id = ? AND organizationId = ?"
    row = call.one(sql, call.values[0], call.org)
    if row is None:
        raise not_found("Bank transaction")
    return row


def open_row(call: Call) -> Row:
    """Return the row that the path names, if it can be matched or reconciled; else it is a 400."""
    row = bank_row(call)
    if row["status"] == "reconciled":
        raise bad_request("The transaction is already reconciled")
    if row["status"] == "excluded":
        raise bad_request("The transaction is excluded")
    return row


def require_matching_entry(call: Call, row: Row, entry_id: str) -> None:
    """Refuse an entry that is not posted, is matched elsewhere, or moves another amount."""
    sql = "SELECT * FROM entries WHERE id = ? AND organizationId = ?"
    entry = call.one(sql, entry_id, call.org)
    if entry is None:
        raise not_found("journalEntryId: entry")
    if entry["status"] != "posted":
        raise bad_request(f"journalEntryId: the entry is {entry['status']}, not posted")
    elsewhere = "SELECT 1 FROM bankRows WHERE journalEntryId = ? AND bankAccountId = ? AND id <> ?"
    if call.one(elsewhere, entry_id, row["bankAccountId"], row["id"]):
        raise bad_request("journalEntryId: the entry is matched with another transaction")
    movement = call.one(
        """SELECT coalesce(sum(l.debit - l.credit), 0)
        FROM lines l JOIN bankAccounts b ON b.chartAccountId = l.accountId
        WHERE l.journalEntryId = ? AND b.id = ?""",
        entry_id,
        row["bankAccountId"],
    )
    if movement is None or movement[0] != row["amount"]:
        message = "the entry does not move the transaction's amount on its bank account"
        raise bad_request(f"journalEntryId: {message}")


def settle(
    call: Call, row: Row, entry_id: str | None, reconciliation_id: str | None = None
) -> None:
    """Mark a row reconciled with an entry; None clears the row's link to its entry."""
    sql = """UPDATE bankRows SET status = 'reconciled', journalEntryId = ?, reconciliationId = ?
        WHERE id = ?"""
    call.db.execute(sql, (entry_id, reconciliation_id, row["id"]))


def rendered(call: Call, row_id: str) -> JSON:
    """Return a row as the API spells it."""
    sql = f"SELECT {_FIELDS} FROM {_SOURCE.format(where='r.id = ?')}"  # noqa: S608
    row = call.one(sql, row_id)
    if row is None:
        raise not_found("Bank transaction")
    return _spelled(row)


def answer(call: Call, row_id: str) -> Reply:
    """Return a row as the answer of a route."""
    return Reply(200, {"transaction": rendered(call, row_id)})


def feed_row(
    state: State, bank_account: str, amount: int, description: str, date: str | None
) -> str:
    """Let a row come in from the feed of a bank account, and return its id.

    `amount` is in minor units, negative for money out; `date` is the sandbox's day where it is
    None. LookupError where there is no such bank account, ValueError for an amount, a description
    or a date that no answer can have.
    """
    now = state.now()
    day = now[:10] if date is None else date
    if type(amount) is not int or abs(amount) > MAX_TOTAL:
        raise ValueError(f"{amount!r} is not a valid amount in minor units, such as -1250")
    if not isinstance(description, str):
        raise ValueError(f"{description!r} is not a valid description; give a text")
    if not is_day(day):
        raise ValueError(f"{day!r} is not a valid date, such as '2026-06-30'")

    row_id = state.new_id()
    result = state.db.execute(
        """INSERT INTO bankRows (id, organizationId, bankAccountId, date, description, amount,
        status, sourceType, externalTransactionId, currencyCode, postedDate, pending, createdAt)
        SELECT ?, organizationId, id, ?, ?, ?,
        'unreconciled', 'plaid_bank_feed', ?, currencyCode, ?, 0, ?
        FROM bankAccounts WHERE id = ?""",
        (row_id, day, description, amount, f"plaid-{row_id[:13]}", day, now, bank_account),
    )
    if result.rowcount == 0:
        raise LookupError(f"there is no bank account {bank_account}")
    return row_id


def _spelled(row: Row) -> JSON:
    return {**dict(row), "pending": bool(row["pending"])}


def _page(call: Call, bank_account_id: str | None) -> Reply:
    filters = [
        ("r.organizationId = ?", call.org),
        ("r.bankAccountId = ?", bank_account_id),
        ("r.status = ?", call.query.get("status")),
        ("r.date >= ?", call.query.get("startDate")),
        ("r.date <= ?", call.query.get("endDate")),
        ("r.sourceType = ?", call.query.get("sourceType")),
    ]
    return numbered_page(call, _FIELDS, _SOURCE, filters, _spelled)


def _line_to_move(call: Call, row: Row, choice: str | None) -> str | None:
    """Return the journal line that goes to the new account, None for a row without an entry."""
    if row["journalEntryId"] is None:
        if choice is not None:
            raise bad_request("journalLineId: the transaction has no entry")
        return None

    entry = call.one("SELECT * FROM entries WHERE id = ?", row["journalEntryId"])
    if entry is None or entry["status"] != "posted":
        raise bad_request("The transaction's entry is not posted")
    require_open(call, entry["date"])

    lines = [str(line["id"]) for line in _editable_lines(call, entry["id"])]
    if choice is not None:
        if choice not in lines:
            raise bad_request(
                "journalLineId: not an editable non-bank line of the transaction's entry"
            )
        return choice
    return _only_line(lines)


def _only_line(lines: list[str]) -> str:
    """Return the line of an entry that is meant when the request names none."""
    if not lines:
        raise bad_request("The transaction's entry has no editable non-bank line")
    if len(lines) > 1:
        raise bad_request("journalLineId: is required, as the entry has several non-bank lines")

    return lines[0]


def _editable_lines(call: Call, entry_id: str) -> list[Row]:
    # Lines on system accounts (payables, receivables) belong to their documents.
    return call.all(
        """SELECT l.id FROM lines l JOIN accounts a ON a.id = l.accountId
        WHERE l.journalEntryId = ? AND NOT a.isSystem
        AND NOT EXISTS (SELECT 1 FROM bankAccounts b WHERE b.chartAccountId = a.id)
        ORDER BY l.position""",
        entry_id,
    )
