"""A second ledger, written from what is known of the contract, and from nothing of the sandbox.

The sandbox and the layer have one author, and would share his mistakes. This one knows two things
that the sandbox does not: hosts that share their books, and keys that only the host and route know
that they were sent to.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import Factory, define, frozen

MOMENT = "2026-06-08T16:00:00.000Z"
RESOURCES = {
    "purchases": "purchase",
    "deposits": "deposit",
    "transfers": "transfer",
    "bill-payments": "bill_payment",
    "journal-entries": "journal_entry",
}
PAYABLES = "payables"
"""The account that bills are owed on, whichever company it is."""
Answer = tuple[int, dict[str, Any]]
Movement = tuple[str, int, int]
"""Account, debit and credit in cents."""


@frozen
class LedgerEntry:
    """A posting that was carried out: for which company, by whose token, what it was, and its
    receipt.
    """

    company: str
    token: str
    request: dict[str, Any]
    receipt: dict[str, Any]


Keys = dict[tuple[str, str, str], LedgerEntry]
"""What a host knows of idempotency keys, by company, route and key."""


@define
class Books:
    """The state that all hosts of a ledger share: the companies of each token, and the entries."""

    companies: Mapping[str, Sequence[str]]
    entries: list[LedgerEntry] = Factory(list)
    foreign_postings: int = 0
    """Postings to a company that their token does not see."""
    guard: threading.Lock = Factory(threading.Lock)

    def answer(
        self, keys: Keys, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Return status and document for a request to a host that knows these keys. Call it with
        the guard.
        """
        path = urlsplit(target).path.removeprefix("/api/v1/")
        token = headers.get("authorization", "").removeprefix("Bearer ")
        companies = self.companies.get(token)
        if companies is None:
            return 401, {"error": "Unauthorized"}
        if (method, path) == ("GET", "organizations"):
            return 200, {
                "data": [_organization(company) for company in companies],
                "nextCursor": None,
            }

        company, route = _scope(path, headers)
        if company not in companies:
            self.foreign_postings += method == "POST"
            return 404, {"error": "Not found"}
        if method == "POST" and route in RESOURCES:
            return self._post(
                keys, (company, route, headers.get("idempotency-key", "")), token, json.loads(body)
            )
        if (method, route) == ("GET", "bank-accounts"):
            return 200, {"bankAccounts": []}
        if (method, route) == ("GET", "entries"):
            return 200, self._entries(company, dict(parse_qsl(urlsplit(target).query)))
        return 404, {"error": "Not found"}

    def _post(
        self, keys: Keys, key: tuple[str, str, str], token: str, request: dict[str, Any]
    ) -> Answer:
        company, route, header = key
        if not header:
            return 400, _refusal("VALIDATION_ERROR", "Idempotency-Key is missing")
        original = keys.get(key)
        if original is not None and original.request != request:
            return 409, _refusal("IDEMPOTENCY_CONFLICT", "The key stands for another payload")
        if original is not None:
            return 200, {"data": original.receipt}

        number = len(self.entries) + 1
        receipt = {
            "id": f"doc_{number}",
            "resourceType": RESOURCES[route],
            "journalEntryId": f"je_{number}",
            "bankTransactionIds": [],
            "status": "posted",
            "postedAt": MOMENT,
            "idempotencyKey": header,
        }
        entry = LedgerEntry(company, token, request, receipt)
        self.entries.append(entry)
        keys[key] = entry
        return 201, {"data": receipt}

    def _entries(self, company: str, query: Mapping[str, str]) -> dict[str, Any]:
        page = int(query.get("page", 1))
        limit = int(query.get("limit", 50))
        rows: list[dict[str, Any]] = []
        for entry in self.entries:
            day = entry.request["txnDate"]
            is_asked_for = query.get("startDate", day) <= day <= query.get("endDate", day)
            if entry.company == company and is_asked_for:
                rows.append(_entry(entry))
        place = {
            "page": page,
            "limit": limit,
            "total": len(rows),
            "totalPages": -(-len(rows) // limit),
        }
        return {"data": rows[(page - 1) * limit : page * limit], "pagination": place}


def _scope(path: str, headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the company and the route below it: a header or the path carries the company."""
    if not path.startswith("companies/"):
        return headers.get("x-organization-id", ""), path
    company, _, route = path.removeprefix("companies/").partition("/")
    return company, route


def _organization(company: str) -> dict[str, Any]:
    return {
        "id": company,
        "name": f"Company {company}",
        "type": "client",
        "slug": company,
        "defaultCurrency": "USD",
        "fiscalYearStartMonth": 1,
        "createdAt": MOMENT,
    }


def _refusal(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "retryable": False, "requestId": "req_1"}}


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    resource = entry.receipt["resourceType"]
    return {
        "id": entry.receipt["journalEntryId"],
        "entryNumber": int(entry.receipt["journalEntryId"].removeprefix("je_")),
        "date": entry.request["txnDate"],
        "description": resource,
        "status": "posted",
        "sourceType": resource,
        "sourceId": entry.receipt["id"],
        "postedAt": MOMENT,
        "createdAt": MOMENT,
        "lines": [_line(movement) for movement in movements_of(entry)],
    }


def movements_of(entry: LedgerEntry) -> list[Movement]:
    """Return what an entry does to each account."""
    request = entry.request
    resource = entry.receipt["resourceType"]
    lines = request.get("lines", [])
    if resource == "journal_entry":
        return [
            (line["accountId"], line.get("debitAmount", 0), line.get("creditAmount", 0))
            for line in lines
        ]
    if resource == "transfer":
        amount = request["amount"]
        return [(request["toAccountId"], amount, 0), (request["fromAccountId"], 0, amount)]
    if resource == "bill_payment":
        amount = request["amount"]
        return [(PAYABLES, amount, 0), (request["sourceAccountId"], 0, amount)]

    total = sum(line["amount"] for line in lines)
    if resource == "deposit":
        return [
            (request["destinationAccountId"], total, 0),
            *((line["accountId"], 0, line["amount"]) for line in lines),
        ]
    return [
        (request["sourceAccountId"], 0, total),
        *((line["accountId"], line["amount"], 0) for line in lines),
    ]


def _line(movement: Movement) -> dict[str, Any]:
    account_id, debit, credit = movement
    return {
        "id": f"line_{account_id}",
        "accountId": account_id,
        "debitAmount": f"{debit // 100}.{debit % 100:02}",
        "creditAmount": f"{credit // 100}.{credit % 100:02}",
        "currencyCode": "USD",
    }
