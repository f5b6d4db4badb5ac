"""The five posting resources, under idempotency keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ledgerhq_ext.sandbox._documents import document, payment_line, record_payment, require_payable
from ledgerhq_ext.sandbox._errors import Problem, bad_request, conflict
from ledgerhq_ext.sandbox._ledger import (
    Draft,
    Line,
    account,
    belongs,
    linked_bank_account,
    post,
    require_balance,
)
from ledgerhq_ext.sandbox._routes import JSON, Call, Handler, Reply, Routes, Row

ROUTES = Routes()
_BALANCE_SHEET = ("asset", "liability", "equity")
Builder = Callable[[Call, JSON], Draft]


def purchase(call: Call, body: JSON) -> Draft:
    """Money spent."""
    source = _source(call, body["sourceAccountId"])
    lines = [
        Line(_counter_account(call, line, index, source), debit=line["amount"], **_said(line))
        for index, line in enumerate(body["lines"])
    ]
    _require_references(call, body)
    lines.append(Line(source["id"], credit=sum(line.debit for line in lines)))
    payee = body["payeeName"]
    return Draft(body["txnDate"], body.get("memo") or payee, lines, payee=payee, contact_id=body.get("contactId"))


def deposit(call: Call, body: JSON) -> Draft:
    """Money received."""
    place = "destinationAccountId"
    target = account(call, body[place], place)
    if target["type"] != "asset" and not linked_bank_account(call, target["id"]):
        raise bad_request(f"{place}: {target['code']} is not a bank, cash, asset or clearing account")
    lines = [
        Line(_counter_account(call, line, index, target), credit=line["amount"], **_said(line))
        for index, line in enumerate(body["lines"])
    ]
    _require_references(call, body)
    lines.insert(0, Line(target["id"], debit=sum(line.credit for line in lines)))
    payer = body.get("payerName")
    text = body.get("memo") or payer or "Deposit"
    return Draft(body["txnDate"], text, lines, payee=payer, contact_id=body.get("contactId"))


def transfer(call: Call, body: JSON) -> Draft:
    """Money moved."""
    ends = [account(call, body[place], place) for place in ("fromAccountId", "toAccountId")]
    for place, end in zip(("fromAccountId", "toAccountId"), ends, strict=True):
        if end["type"] not in _BALANCE_SHEET:
            raise bad_request(f"{place}: {end['code']} is not a balance-sheet account")
    if ends[0]["id"] == ends[1]["id"]:
        raise bad_request("toAccountId: is the account that the money comes from")
    amount = body["amount"]
    lines = [Line(ends[1]["id"], debit=amount), Line(ends[0]["id"], credit=amount)]
    text = body.get("memo") or f"Transfer from {ends[0]['name']} to {ends[1]['name']}"
    return Draft(body["txnDate"], text, lines)


def bill_payment(call: Call, body: JSON) -> Draft:
    """A bill paid."""
    bill = document(call, "bill", body["billId"])
    require_payable(bill, body["amount"])
    source = _source(call, body["sourceAccountId"])
    lines = [payment_line(call, bill, body["amount"]), Line(source["id"], credit=body["amount"])]
    contact = call.one("SELECT name FROM contacts WHERE id = ?", bill["contactId"])
    text = body.get("memo") or f"Payment of bill {bill['number']}"
    payee = contact["name"] if contact else None
    return Draft(body["txnDate"], text, lines, bill["number"], payee, bill["contactId"])


def journal_entry(call: Call, body: JSON) -> Draft:
    """An adjustment."""
    return Draft(
        body["txnDate"],
        body.get("memo") or "Journal entry",
        journal_lines(call, body["lines"]),
        body.get("reference"),
    )


def journal_lines(call: Call, given: list[JSON]) -> list[Line]:
    """The lines of a journal or draft entry, checked."""
    lines = [
        Line(
            account(call, line["accountId"], f"lines.{index}.accountId")["id"],
            line["debitAmount"],
            line["creditAmount"],
            line.get("description"),
        )
        for index, line in enumerate(given)
    ]
    require_balance(lines)
    return lines


def _resource(name: str, path: str, build: Builder) -> Handler:
    @ROUTES.add("POST", path, errors="structured", keyed=True)
    def handler(call: Call) -> Reply:
        replayed = _replayed(call, name)
        return replayed or Reply(201, {"data": _posted(call, name, build(call, call.body))})

    return handler


def _replayed(call: Call, name: str) -> Reply | None:
    key = call.headers["idempotency-key"]
    sql = "SELECT * FROM postings WHERE organizationId = ? AND idempotencyKey = ?"
    earlier = call.one(sql, call.org, key)
    if earlier is None:
        return None
    if earlier["resource"] != name or earlier["request"] != _canonical(call.body):
        message = f"The Idempotency-Key was used for another payload ({earlier['resource']})"
        raise conflict(message, "IDEMPOTENCY_CONFLICT")
    return Reply(200, {"data": json.loads(earlier["receipt"])})


def _posted(call: Call, name: str, draft: Draft) -> JSON:
    require_balance(draft.lines)
    draft.source_type, draft.source_id = name, call.state.new_id()
    entry_id, rows = post(call, draft)
    if name == "bill_payment":
        bill = document(call, "bill", call.body["billId"])
        record_payment(call, bill, call.body["amount"], draft, entry_id, None, draft.source_id)
    receipt = {
        "id": draft.source_id,
        "resourceType": name,
        "journalEntryId": entry_id,
        "bankTransactionIds": rows,
        "status": "posted",
        "postedAt": call.state.now(),
        "idempotencyKey": call.headers["idempotency-key"],
    }
    call.insert(
        "postings",
        organizationId=call.org,
        idempotencyKey=call.headers["idempotency-key"],
        resource=name,
        request=_canonical(call.body),
        journalEntryId=entry_id,
        receipt=json.dumps(receipt),
    )
    return receipt


def _canonical(body: Any) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _source(call: Call, account_id: str) -> Row:
    row = account(call, account_id, "sourceAccountId")
    is_cash = row["type"] == "asset" and row["subType"] in ("bank", "cash")
    if not (is_cash or row["type"] == "liability" or linked_bank_account(call, row["id"])):
        message = f"sourceAccountId: {row['code']} is not a bank, cash, credit card or liability account"
        raise bad_request(message)
    return row


def _counter_account(call: Call, line: JSON, index: int, other: Row) -> str:
    row = account(call, line["accountId"], f"lines.{index}.accountId")
    if row["id"] == other["id"]:
        raise bad_request(f"lines.{index}.accountId: is the account on the other side")
    return str(row["id"])


def _said(line: JSON) -> JSON:
    return {"description": line.get("description"), "tax_rate_id": line.get("taxRateId")}


def _require_references(call: Call, body: JSON) -> None:
    belongs(call, "contacts", body.get("contactId"), "contactId: contact")
    for index, line in enumerate(body["lines"]):
        belongs(call, "taxRates", line.get("taxRateId"), f"lines.{index}.taxRateId: tax rate")
    currency = body.get("currencyCode", call.currency)
    if currency != call.currency:
        message = f"currencyCode: no exchange rate from {currency} to {call.currency}"
        raise Problem(422, message, "EXCHANGE_RATE_MISSING")


_resource("purchase", "/api/v1/purchases", purchase)
_resource("deposit", "/api/v1/deposits", deposit)
_resource("transfer", "/api/v1/transfers", transfer)
_resource("bill_payment", "/api/v1/bill-payments", bill_payment)
_resource("journal_entry", "/api/v1/journal-entries", journal_entry)
