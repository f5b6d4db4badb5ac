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
    """Return the entry of money spent: a debit on each line's account, the credit on the source."""
    source = _source(call, body["sourceAccountId"])
    lines = []
    for index, line in enumerate(body["lines"]):
        account_id = _counter_account(call, line, index, source)
        lines.append(Line(account_id, debit=line["amount"], **_details(line)))
    _require_references(call, body)
    lines.append(Line(source["id"], credit=sum(line.debit for line in lines)))

    payee = body["payeeName"]
    text = body.get("memo") or payee
    return Draft(body["txnDate"], text, lines, payee=payee, contact_id=body.get("contactId"))


def deposit(call: Call, body: JSON) -> Draft:
    """Return the entry of money received: a debit on the destination, credits on the lines."""
    place = "destinationAccountId"
    target = account(call, body[place], place)
    if target["type"] != "asset" and not linked_bank_account(call, target["id"]):
        raise bad_request(
            f"{place}: {target['code']} is not a bank, cash, asset or clearing account"
        )
    lines = []
    for index, line in enumerate(body["lines"]):
        account_id = _counter_account(call, line, index, target)
        lines.append(Line(account_id, credit=line["amount"], **_details(line)))
    _require_references(call, body)
    lines.insert(0, Line(target["id"], debit=sum(line.credit for line in lines)))

    payer = body.get("payerName")
    text = body.get("memo") or payer or "Deposit"
    return Draft(body["txnDate"], text, lines, payee=payer, contact_id=body.get("contactId"))


def transfer(call: Call, body: JSON) -> Draft:
    """Return the entry of money moved between two balance-sheet accounts."""
    source = account(call, body["fromAccountId"], "fromAccountId")
    target = account(call, body["toAccountId"], "toAccountId")
    for place, row in (("fromAccountId", source), ("toAccountId", target)):
        if row["type"] not in _BALANCE_SHEET:
            raise bad_request(f"{place}: {row['code']} is not a balance-sheet account")
    if source["id"] == target["id"]:
        raise bad_request("toAccountId: is the same as fromAccountId")

    amount = body["amount"]
    lines = [Line(target["id"], debit=amount), Line(source["id"], credit=amount)]
    text = body.get("memo") or f"Transfer from {source['name']} to {target['name']}"
    return Draft(body["txnDate"], text, lines)


def bill_payment(call: Call, body: JSON) -> Draft:
    """Return the entry of a bill's payment, or of a part of it."""
    bill = document(call, "bill", body["billId"])
    require_payable(bill, body["amount"])
    source = _source(call, body["sourceAccountId"])
    lines = [payment_line(call, bill, body["amount"]), Line(source["id"], credit=body["amount"])]

    contact = call.one("SELECT name FROM contacts WHERE id = ?", bill["contactId"])
    text = body.get("memo") or f"Payment of bill {bill['number']}"
    payee = contact["name"] if contact else None
    return Draft(body["txnDate"], text, lines, bill["number"], payee, bill["contactId"])


def journal_entry(call: Call, body: JSON) -> Draft:
    """Return the entry of an adjustment."""
    return Draft(
        body["txnDate"],
        body.get("memo") or "Journal entry",
        journal_lines(call, body["lines"]),
        body.get("reference"),
    )


def journal_lines(call: Call, records: list[JSON]) -> list[Line]:
    """Return the lines of a journal or draft entry, checked."""
    lines = []
    for index, record in enumerate(records):
        row = account(call, record["accountId"], f"lines.{index}.accountId")
        debit = record["debitAmount"]
        credit = record["creditAmount"]
        lines.append(Line(row["id"], debit, credit, record.get("description")))
    require_balance(lines)
    return lines


def _resource(name: str, path: str, build: Builder) -> Handler:
    @ROUTES.add("POST", path, errors="structured", keyed=True)
    def handler(call: Call) -> Reply:
        """Post an entry, or return the receipt that its key has already."""
        replay = _replay(call, name)
        if replay is not None:
            return replay
        draft = build(call, call.body)
        return Reply(201, {"data": _post(call, name, draft)})

    return handler


def _replay(call: Call, name: str) -> Reply | None:
    """Return the receipt of an earlier posting under this key, if any.

    409 where it was another payload.
    """
    key = call.headers["idempotency-key"]
    sql = "SELECT * FROM postings WHERE organizationId = ? AND idempotencyKey = ?"
    earlier = call.one(sql, call.org, key)
    if earlier is None:
        return None
    # In canonical form: another order of the fields is the same payload.
    if earlier["resource"] != name or earlier["request"] != _canonical(call.body):
        message = f"The Idempotency-Key was used for another payload ({earlier['resource']})"
        raise conflict(message, "IDEMPOTENCY_CONFLICT")
    return Reply(200, {"data": json.loads(earlier["receipt"])})


def _post(call: Call, name: str, draft: Draft) -> JSON:
    """Post an entry, keep its receipt under the key, and return the receipt."""
    require_balance(draft.lines)
    # The receipt's id is that of the purchase, deposit …, not that of its entry.
    draft.source_type = name
    draft.source_id = call.state.new_id()
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
    if row["type"] == "liability":
        return row
    if row["type"] == "asset" and row["subType"] in ("bank", "cash"):
        return row
    # Whatever its type says, a bank account stands for it.
    if linked_bank_account(call, row["id"]):
        return row

    message = f"{row['code']} is not a bank, cash, credit card or liability account"
    raise bad_request(f"sourceAccountId: {message}")


def _counter_account(call: Call, line: JSON, index: int, other: Row) -> str:
    row = account(call, line["accountId"], f"lines.{index}.accountId")
    if row["id"] == other["id"]:
        raise bad_request(f"lines.{index}.accountId: is the account on the other side")
    return str(row["id"])


def _details(line: JSON) -> JSON:
    return {"description": line.get("description"), "tax_rate_id": line.get("taxRateId")}


def _require_references(call: Call, body: JSON) -> None:
    belongs(call, "contacts", body.get("contactId"), "contactId: contact")
    for index, line in enumerate(body["lines"]):
        belongs(call, "taxRates", line.get("taxRateId"), f"lines.{index}.taxRateId: tax rate")
    # The sandbox has no rates of exchange: everything is in the books' own currency.
    currency = body.get("currencyCode", call.currency)
    if currency != call.currency:
        message = f"currencyCode: no exchange rate from {currency} to {call.currency}"
        raise Problem(422, message, "EXCHANGE_RATE_MISSING")


_resource("purchase", "/api/v1/purchases", purchase)
_resource("deposit", "/api/v1/deposits", deposit)
_resource("transfer", "/api/v1/transfers", transfer)
_resource("bill_payment", "/api/v1/bill-payments", bill_payment)
_resource("journal_entry", "/api/v1/journal-entries", journal_entry)
