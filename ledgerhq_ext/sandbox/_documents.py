"""Bills and invoices: listing the former, paying either."""

from __future__ import annotations

from ledgerhq_ext.sandbox._errors import bad_request, not_found
from ledgerhq_ext.sandbox._ledger import Draft, Line
from ledgerhq_ext.sandbox._paging import numbered_page
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row

ROUTES = Routes()
PAYABLE = ("received", "partial", "overdue")
_CONTROL = {"bill": "accounts_payable", "invoice": "accounts_receivable"}
_BILL = """id, contactId, number AS billNumber, status, issueDate, dueDate, total, amountPaid,
    total - amountPaid AS amountDue, currencyCode, createdAt"""


@ROUTES.add("GET", "/api/v1/bills")
def list_bills(call: Call) -> Reply:
    """Return a page of the bills, newest first."""
    filters = [
        ("organizationId = ?", call.org),
        ("kind = ?", "bill"),
        ("status = ?", call.query.get("status")),
    ]
    source = "documents WHERE {where} ORDER BY issueDate DESC, number DESC"
    return numbered_page(call, _BILL, source, filters, dict)


def document(call: Call, kind: str, document_id: str) -> Row:
    """Return a bill or invoice of the organization; none is a 404."""
    sql = "SELECT * FROM documents WHERE id = ? AND organizationId = ? AND kind = ?"
    row = call.one(sql, document_id, call.org, kind)
    if row is None:
        raise not_found(kind.capitalize())
    return row


def require_payable(row: Row, amount: int) -> None:
    """Refuse to pay more than what is due, in minor units."""
    if row["status"] not in PAYABLE:
        raise bad_request(f"{row['kind']} {row['number']} is {row['status']}")
    due = row["total"] - row["amountPaid"]
    if amount > due:
        raise bad_request(
            f"amount: {amount} is more than the {due} due on {row['kind']} {row['number']}"
        )


def payment_line(call: Call, row: Row, amount: int) -> Line:
    """Return the line of a payment's entry that settles the document."""
    control = call.one(
        "SELECT id FROM accounts WHERE organizationId = ? AND subType = ? AND isSystem",
        call.org,
        _CONTROL[row["kind"]],
    )
    if control is None:
        raise bad_request(f"The organization has no account of the kind {_CONTROL[row['kind']]}")
    text = f"{row['kind'].capitalize()} {row['number']}"
    if row["kind"] == "bill":
        return Line(control["id"], debit=amount, description=text)
    return Line(control["id"], credit=amount, description=text)


def record_payment(
    call: Call,
    row: Row,
    amount: int,
    draft: Draft,
    entry_id: str,
    method: str | None,
    payment_id: str | None = None,
) -> JSON:
    """Write a payment down, move its document on, and return both as one object."""
    count = call.one("SELECT count(*) FROM payments WHERE organizationId = ?", call.org)
    number = f"PAY-{1001 + (count[0] if count else 0)}"
    payment_id = payment_id or call.state.new_id()
    call.insert(
        "payments",
        id=payment_id,
        organizationId=call.org,
        paymentNumber=number,
        documentId=row["id"],
        amount=amount,
        date=draft.date,
        method=method,
        journalEntryId=entry_id,
    )
    status = add_paid(call, row["id"], amount)
    return {
        "id": payment_id,
        "paymentNumber": number,
        "documentId": row["id"],
        "amount": amount,
        "status": status,
    }


def add_paid(call: Call, document_id: str, amount: int) -> str:
    """Add to what is paid (negative: a payment undone), and return the document's new status."""
    call.db.execute(
        "UPDATE documents SET amountPaid = amountPaid + ? WHERE id = ?", (amount, document_id)
    )
    row = call.one("SELECT * FROM documents WHERE id = ?", document_id)
    if row is None:
        raise not_found("Document")
    status = _status(row)
    call.db.execute("UPDATE documents SET status = ? WHERE id = ?", (status, document_id))
    return status


def _status(row: Row) -> str:
    if row["amountPaid"] == row["total"]:
        return "paid"
    # Where all payments were undone it is due again, as it was when it came.
    return "partial" if row["amountPaid"] else "received"
