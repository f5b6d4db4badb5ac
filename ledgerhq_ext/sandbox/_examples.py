"""One request or more for every operation of the sandbox, about the company it begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ledgerhq_ext.sandbox._routes import JSON, Settings
from ledgerhq_ext.sandbox._state import State
from ledgerhq_ext.sandbox._tokens import mint

_DAY = "2026-06-08"
_CLIENT = "rehearsal"


@dataclass(frozen=True)
class Example:
    """A request that the sandbox can serve, without what carries the company."""

    values: tuple[str, ...] = ()
    query: JSON = field(default_factory=dict)
    body: Any = None


class Books:
    """The ids in the books of a company that begins with a history."""

    def __init__(self, state: State, company: str) -> None:
        self.state = state
        self.company = company

    def account(self, code: str) -> str:
        """Return the id of a ledger account."""
        return self.id("accounts", "code = ?", code)

    def row(self, description: str) -> str:
        """Return the id of a row of the bank register."""
        return self.id("bankRows", "status = 'unreconciled' AND description = ?", description)

    def document(self, number: str) -> str:
        """Return the id of a bill or invoice."""
        return self.id("documents", "number = ?", number)

    def id(self, table: str, condition: str, *values: Any) -> str:
        """Return the id of the first row of a table that fits. Names are ours, never input."""
        sql = f"SELECT id FROM {table} WHERE organizationId = ? AND {condition}"  # noqa: S608
        return str(self.state.rows(sql, self.company, *values)[0]["id"])


def examples(key: tuple[str, str], books: Books) -> list[Example]:
    """Return the requests for a route, by the method and path under which its handler stands."""
    make = _EXAMPLES.get(key)
    return make(books) if make else [Example()]


def _pages(_: Books) -> list[Example]:
    # A page that has a next one, and one that has none.
    return [Example(query={"limit": 1}), Example()]


def _register(_: Books) -> list[Example]:
    return [Example(body={"redirect_uris": ["http://localhost/"], "client_name": "Rehearsal"})]


def _token(books: Books) -> list[Example]:
    firm = books.state.rows("SELECT firmId FROM organizations WHERE id = ?", books.company)
    books.state.db.execute("INSERT INTO clients VALUES (?, 'Rehearsal', '[]', 0)", (_CLIENT,))
    pair = mint(books.state, Settings(), _CLIENT, firm[0]["firmId"])
    body = {"grant_type": "refresh_token", "client_id": _CLIENT}
    return [Example(body={**body, "refresh_token": pair["refresh_token"]})]


def _company(books: Books) -> list[Example]:
    return [Example(values=(books.company,))]


def _new_account(_: Books) -> list[Example]:
    return [Example(body={"code": "R-1", "name": "Rehearsal", "type": "expense"})]


def _account(books: Books) -> list[Example]:
    return [Example(values=(books.account("1010"),)), Example(values=(books.account("2300"),))]


def _changed_account(books: Books) -> list[Example]:
    return [Example(values=(books.account("6100"),), body={"name": "Rehearsal"})]


def _unused_account(books: Books) -> list[Example]:
    return [Example(values=(books.account("3100"),))]


def _new_bank_account(_: Books) -> list[Example]:
    return [Example(body={"accountName": "Rehearsal"})]


def _new_contact(_: Books) -> list[Example]:
    return [Example(body={"name": "Rehearsal", "type": "supplier"})]


def _bank_account(books: Books) -> list[Example]:
    return [Example(values=(books.id("bankAccounts", "accountType = 'checking'"),))]


def _purchase(books: Books) -> list[Example]:
    body = {"txnDate": _DAY, "payeeName": "Rehearsal", "sourceAccountId": books.account("1010")}
    return [Example(body={**body, "lines": [{"accountId": books.account("6100"), "amount": 1}]})]


def _deposit(books: Books) -> list[Example]:
    body = {"txnDate": _DAY, "destinationAccountId": books.account("1010")}
    return [Example(body={**body, "lines": [{"accountId": books.account("4000"), "amount": 1}]})]


def _transfer(books: Books) -> list[Example]:
    accounts = {"fromAccountId": books.account("1010"), "toAccountId": books.account("1020")}
    return [Example(body={"txnDate": _DAY, **accounts, "amount": 1})]


def _bill_payment(books: Books) -> list[Example]:
    body = {"billId": books.document("BILL-1004"), "sourceAccountId": books.account("1010")}
    return [Example(body={"txnDate": _DAY, **body, "amount": 1})]


def _journal_entry(books: Books) -> list[Example]:
    return [Example(body={"txnDate": _DAY, "lines": _journal_lines(books)})]


def _draft_entry(books: Books) -> list[Example]:
    body = {"date": _DAY, "description": "Rehearsal"}
    return [Example(body={**body, "lines": _journal_lines(books)})]


def _journal_lines(books: Books) -> list[JSON]:
    debit = {"accountId": books.account("6600"), "debitAmount": 1, "creditAmount": 0}
    credit = {"accountId": books.account("1590"), "debitAmount": 0, "creditAmount": 1}
    return [debit, credit]


def _entry(books: Books) -> list[Example]:
    return [Example(values=(books.id("entries", "status = 'posted'"),))]


def _entry_to_post(books: Books) -> list[Example]:
    entry = books.id("entries", "date = ?", "2026-06-30")
    books.state.db.execute("UPDATE entries SET status = 'draft' WHERE id = ?", (entry,))
    return [Example(values=(entry,))]


def _entry_to_void(books: Books) -> list[Example]:
    entry = books.id("entries", "date = ?", "2026-06-30")
    return [Example(values=(entry,), body={"reason": "Rehearsal"})]


def _row(books: Books) -> list[Example]:
    return [Example(values=(books.row("WHOLESALE CLUB"),), body={})]


def _row_to_reclassify(books: Books) -> list[Example]:
    booked = books.id("bankRows", "status = 'unreconciled' AND journalEntryId IS NOT NULL")
    body = {"accountId": books.account("6100")}
    return [
        Example(values=(books.row("WHOLESALE CLUB"),), body=body),
        Example(values=(booked,), body=body),
    ]


def _row_to_match(books: Books) -> list[Example]:
    entry = {"journalEntryId": books.id("entries", "description = 'Owner contribution'")}
    bill = books.document("BILL-1005")
    payment = {"paymentId": books.id("payments", "documentId = ?", bill)}
    return [
        Example(values=(books.row("WIRE IN OWNER"),), body=entry),
        Example(values=(books.row("ACH PAPER & INK"),), body=payment),
        Example(
            values=(books.row("ACH METRO PARTS"),),
            body={"billId": books.document("BILL-1003")},
        ),
        Example(
            values=(books.row("ACH IN EASTSIDE EVENTS"),),
            body={"invoiceId": books.document("INV-2001")},
        ),
    ]


def _row_to_split(books: Books) -> list[Example]:
    allocations = []
    for number, amount in (("BILL-1006", 203_500), ("BILL-1007", 29_860)):
        document = {"documentType": "bill", "documentId": books.document(number)}
        allocations.append({**document, "amount": amount})
    body = {"date": _DAY, "allocations": allocations}
    return [Example(values=(books.row("BATCH PAYMENT SUPPLIERS"),), body=body)]


def _row_to_split_over_accounts(books: Books) -> list[Example]:
    allocation = {"accountId": books.account("6100"), "amount": 23_940}
    return [
        Example(values=(books.row("WHOLESALE CLUB"),), body={"allocations": [allocation]}),
    ]


def _packet(_: Books) -> list[Example]:
    period = {"startDate": "2026-01-01", "endDate": "2026-06-30"}
    truncated = {**period, "generalLedgerLimit": 1}
    return [Example(query=period), Example(query=truncated)]


_EXAMPLES: dict[tuple[str, str], Callable[[Books], list[Example]]] = {
    ("POST", "/api/oauth/register"): _register,
    ("POST", "/api/oauth/token"): _token,
    ("GET", "/api/v1/organizations"): _pages,
    ("GET", "/api/v1/companies"): _pages,
    ("GET", "/api/v1/companies/{}"): _company,
    ("POST", "/api/v1/accounts"): _new_account,
    ("GET", "/api/v1/accounts/{}"): _account,
    ("PATCH", "/api/v1/accounts/{}"): _changed_account,
    ("DELETE", "/api/v1/accounts/{}"): _unused_account,
    ("POST", "/api/v1/bank-accounts"): _new_bank_account,
    ("GET", "/api/v1/bank-accounts/{}/transactions"): _bank_account,
    ("POST", "/api/v1/contacts"): _new_contact,
    ("POST", "/api/v1/purchases"): _purchase,
    ("POST", "/api/v1/deposits"): _deposit,
    ("POST", "/api/v1/transfers"): _transfer,
    ("POST", "/api/v1/bill-payments"): _bill_payment,
    ("POST", "/api/v1/journal-entries"): _journal_entry,
    ("POST", "/api/v1/entries"): _draft_entry,
    ("GET", "/api/v1/entries/{}"): _entry,
    ("POST", "/api/v1/entries/{}/post"): _entry_to_post,
    ("POST", "/api/v1/entries/{}/void"): _entry_to_void,
    ("GET", "/api/v1/bank-transactions/{}"): _row,
    ("POST", "/api/v1/bank-transactions/{}/reclassify"): _row_to_reclassify,
    ("POST", "/api/v1/bank-transactions/{}/match"): _row_to_match,
    ("POST", "/api/v1/bank-transactions/{}/split"): _row_to_split,
    ("POST", "/api/v1/bank-transactions/{}/split-account"): _row_to_split_over_accounts,
    ("POST", "/api/v1/bank-transactions/{}/reconcile"): _row,
    ("POST", "/api/v1/bank-transactions/{}/exclude"): _row,
    ("GET", "/api/v1/reports/financial-packet"): _packet,
}
