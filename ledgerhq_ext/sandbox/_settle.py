"""Settling a row of the bank register: matching it, or splitting it over documents or accounts."""

from __future__ import annotations

from ledgerhq_ext.sandbox._bank import open_row, rendered, require_matching_entry, settle
from ledgerhq_ext.sandbox._documents import document, payment_line, record_payment, require_payable
from ledgerhq_ext.sandbox._errors import bad_request, not_found
from ledgerhq_ext.sandbox._ledger import (
    Draft,
    Line,
    account,
    belongs,
    linked_bank_account,
    require_balance,
    require_open,
    write_entry,
)
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row

ROUTES = Routes()


@ROUTES.add("POST", "/api/v1/bank-transactions/{id}/match", errors="structured")
def match(call: Call) -> Reply:
    """Match a row with an entry, a payment, a bill or an invoice."""
    row = open_row(call)
    body = call.body
    kind = body.get("matchType") or _implied_kind(body)
    if kind == "existing_journal":
        return _match_entry(call, row, kind, _needed(body, "journalEntryId"), None)
    if kind == "existing_payment":
        payment_id = _needed(body, "paymentId")
        return _match_entry(call, row, kind, _entry_of_payment(call, payment_id), payment_id)
    return _match_document(call, row, kind, _needed(body, f"{kind}Id"))


@ROUTES.add("POST", "/api/v1/bank-transactions/{id}/split", errors="structured")
def split(call: Call) -> Reply:
    """Split a row over bills (money out) or invoices (money in)."""
    row = _unlinked_row(call)
    allocations = call.body["allocations"]
    kind = _direction(row)
    # Money out pays bills, money in invoices.
    if any(allocation["documentType"] != kind for allocation in allocations):
        raise bad_request(f"allocations: this transaction can be split only across {kind}s")

    total = sum(allocation["amount"] for allocation in allocations)
    amount = abs(row["amount"])
    if total != amount:
        raise bad_request(f"allocations: {total} is not the transaction's amount ({amount})")
    # Each alone may be payable where both together are more than is due.
    if len({allocation["documentId"] for allocation in allocations}) < len(allocations):
        raise bad_request(f"allocations: the same {kind} is named twice")

    parts = []
    for allocation in allocations:
        payable = document(call, kind, allocation["documentId"])
        parts.append((payable, allocation["amount"]))
    payments = _pay(call, row, parts, call.body["date"], call.body.get("method"))
    return Reply(200, {"transaction": rendered(call, row["id"]), "payments": payments})


@ROUTES.add("POST", "/api/v1/bank-transactions/{id}/split-account", errors="structured")
def split_over_accounts(call: Call) -> Reply:
    """Split a row over accounts, in one balanced entry."""
    row = _unlinked_row(call)
    allocations = call.body["allocations"]
    total = sum(allocation["amount"] for allocation in allocations)
    amount = abs(row["amount"])
    if total != amount:
        raise bad_request(f"allocations: they add up to {total}, but the transaction is {amount}")

    lines = [_bank_line(call, row)]
    for index, allocation in enumerate(allocations):
        lines.append(_account_line(call, row, index, allocation))
    draft = Draft(row["date"], row["description"], lines, source_type="bank_split")
    return Reply(201, {"journalEntryId": _book(call, row, draft)})


def _implied_kind(body: JSON) -> str:
    kinds = {
        "journalEntryId": "existing_journal",
        "paymentId": "existing_payment",
        "billId": "bill",
        "invoiceId": "invoice",
    }
    choices = [kind for name, kind in kinds.items() if name in body]
    if len(choices) == 1:
        return choices[0]
    raise bad_request(f"matchType: must be one of {', '.join(kinds)}")


def _needed(body: JSON, name: str) -> str:
    if name not in body:
        raise bad_request(f"{name}: is required")
    return str(body[name])


def _entry_of_payment(call: Call, payment_id: str) -> str:
    sql = "SELECT journalEntryId FROM payments WHERE id = ? AND organizationId = ?"
    payment = call.one(sql, payment_id, call.org)
    if payment is None:
        raise not_found("paymentId: payment")
    return str(payment["journalEntryId"])


def _match_entry(call: Call, row: Row, kind: str, entry_id: str, payment_id: str | None) -> Reply:
    # Its entry would be left without a row, and the money be booked twice.
    if row["journalEntryId"] not in (None, entry_id):
        raise bad_request("The transaction already has another entry")
    require_matching_entry(call, row, entry_id)
    settle(call, row, entry_id)
    return Reply(200, {"matchType": kind, "paymentId": payment_id, "journalEntryId": entry_id})


def _match_document(call: Call, row: Row, kind: str, document_id: str) -> Reply:
    body = call.body
    amount = abs(row["amount"])
    if row["journalEntryId"] is not None:
        raise bad_request("The transaction already has an entry")
    if kind != _direction(row):
        raise bad_request(
            f"matchType: this transaction can be matched only with {_direction(row)}s"
        )
    if body.get("amount", amount) != amount:
        raise bad_request("amount: is not the transaction's amount; split it instead")

    parts = [(document(call, kind, document_id), amount)]
    [payment] = _pay(call, row, parts, body.get("date", row["date"]), body.get("method"))
    summary = {"id": payment["id"], "paymentNumber": payment["paymentNumber"]}
    return Reply(200, {"payment": summary, f"{kind}Status": payment["status"]})


def _pay(
    call: Call, row: Row, parts: list[tuple[Row, int]], date: str, method: str | None
) -> list[JSON]:
    """Pay bills or invoices, each with its amount, by the bank row; one entry for all of them."""
    for payable, amount in parts:
        require_payable(payable, amount)
    lines = [_bank_line(call, row)]
    for payable, amount in parts:
        lines.append(payment_line(call, payable, amount))
    draft = Draft(date, row["description"], lines, source_type="payment")
    entry_id = _book(call, row, draft)

    payments = []
    for payable, amount in parts:
        payments.append(record_payment(call, payable, amount, draft, entry_id, method))
    return payments


def _book(call: Call, row: Row, draft: Draft) -> str:
    require_balance(draft.lines)
    require_open(call, draft.date)
    entry_id = write_entry(call, draft)
    settle(call, row, entry_id)
    return entry_id


def _unlinked_row(call: Call) -> Row:
    row = open_row(call)
    if row["journalEntryId"] is not None:
        raise bad_request("The transaction already has an entry; reclassify or reconcile it")
    return row


def _direction(row: Row) -> str:
    return "bill" if row["amount"] < 0 else "invoice"


def _bank_line(call: Call, row: Row) -> Line:
    sql = "SELECT chartAccountId FROM bankAccounts WHERE id = ? AND chartAccountId IS NOT NULL"
    bank = call.one(sql, row["bankAccountId"])
    if bank is None:
        raise bad_request("The transaction's bank account has no ledger account")
    ledger_account = account(call, bank["chartAccountId"], "bank account")["id"]
    # Money in is a debit of the bank account.
    return Line(ledger_account, debit=max(row["amount"], 0), credit=max(-row["amount"], 0))


def _account_line(call: Call, row: Row, index: int, allocation: JSON) -> Line:
    place = f"allocations.{index}.accountId"
    target = account(call, allocation["accountId"], place)["id"]
    if linked_bank_account(call, target):
        raise bad_request(f"{place}: is the ledger account of a bank account")
    tax_rate_id = allocation.get("taxRateId")
    belongs(call, "taxRates", tax_rate_id, f"allocations.{index}.taxRateId: tax rate")

    line = Line(target, description=allocation.get("memo"), tax_rate_id=tax_rate_id)
    if row["amount"] < 0:
        line.debit = allocation["amount"]
    else:
        line.credit = allocation["amount"]
    return line
