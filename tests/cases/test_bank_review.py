"""Bank review for people: the company's currency, codes that are not unique, rows still pending."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import httpx
import pytest

from ledgerhq_ext import LedgerHQ, LedgerHQError, Organization, RecordLookupError, review

from .support import bank_row, blocking, organization, organizations, page_of

YEN_COMPANY = organization("org_jp", defaultCurrency="JPY", countryCode="JP")
AS_OF = dt.date(2026, 7, 1)


class Bank:
    """A company with one bank row; what is posted to the row is written down."""

    def __init__(self, row: dict[str, Any], accounts: list[dict[str, Any]] | None = None) -> None:
        self.row = row
        self.accounts = accounts or []
        self.posts: list[tuple[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST":
            return self._carry_out(path.rpartition("/")[2], request.content)
        if path.endswith(("/organizations", "/companies")):
            return organizations([YEN_COMPANY])
        if path.endswith("/accounts"):
            return httpx.Response(200, json={"accounts": self.accounts})
        if path.endswith(f"/{self.row['id']}"):
            return httpx.Response(200, json={"transaction": self.row})
        return httpx.Response(200, json=page_of([self.row]))

    def _carry_out(self, verb: str, content: bytes) -> httpx.Response:
        body = json.loads(content) if content else {}
        self.posts.append((verb, body))
        if verb == "reclassify":
            self.row = self.row | {"accountId": body["accountId"]}
        else:
            status = {"exclude": "excluded", "reconcile": "reconciled"}[verb]
            self.row = self.row | {"status": status}
        return httpx.Response(200, json={"transaction": self.row})


def books_of(hq: LedgerHQ) -> Organization:
    """Return the company as an app gets it: from the list of the firm."""
    return hq.organization(next(iter(hq.organizations())))


def apply(books: Organization, decisions: str) -> tuple[bool, str]:
    """Return whether all of it stands in the books, and what is said about it."""
    try:
        report = review.apply(books, io.StringIO(decisions))
    except LedgerHQError as error:
        return False, str(error)
    return report.ok, str(report)


# --- the company's currency


@pytest.fixture
def yen() -> Bank:
    """A bank whose row names no currency, which is optional."""
    return Bank(bank_row(amount=-1250, currencyCode=None))


def test_a_table_uses_the_currency_of_the_company(yen: Bank) -> None:
    with blocking(yen) as hq:
        table = review.table(books_of(hq).bank_transactions(), as_of=AS_OF)
    assert table.totals == {"JPY": (1, 0, -1250)}
    assert "JPY" in table.text()
    assert "USD" not in table.text()
    assert "12.50" not in table.html()


def test_decisions_use_the_currency_of_the_company(yen: Bank) -> None:
    with blocking(yen) as hq:
        books = books_of(hq)
        decisions = review.table(books.bank_transactions(), as_of=AS_OF).decisions()
        header, row = decisions.splitlines()
        cells = dict(zip(header.split(","), row.split(","), strict=True))
        assert (cells["amount"], cells["currency"]) == ("-1250", "JPY")

        cells["action"] = "exclude"
        ok, message = apply(books, "\n".join([",".join(cells), ",".join(cells.values())]))
    assert ok, message
    assert yen.posts == [("exclude", {})]


# --- codes that are not unique


def account(id: str, *, is_active: bool) -> dict[str, Any]:
    return {
        "id": id,
        "organizationId": YEN_COMPANY["id"],
        "code": "6100",
        "name": "Office supplies",
        "type": "expense",
        "currencyCode": "JPY",
        "isActive": is_active,
        "isSystem": False,
        "createdAt": "2025-01-01T00:00:00.000Z",
    }


@pytest.fixture
def ambiguous() -> Bank:
    """A chart in which an inactive account has the code of its successor."""
    accounts = [account("acc_new", is_active=True), account("acc_old", is_active=False)]
    return Bank(bank_row(), accounts)


def test_a_look_up_refuses_a_code_that_is_not_unique(ambiguous: Bank) -> None:
    with blocking(ambiguous) as hq:
        accounts = books_of(hq).accounts()
    with pytest.raises(RecordLookupError) as caught:
        accounts.by_code("6100")
    assert "acc_new" in str(caught.value)
    assert "acc_old" in str(caught.value)


def test_a_reviewed_file_refuses_a_code_that_is_not_unique(ambiguous: Bank) -> None:
    with blocking(ambiguous) as hq:
        decisions = "transaction_id,action,account\nbtx_1,reclassify,6100\n"
        ok, message = apply(books_of(hq), decisions)
    assert ambiguous.posts == []
    assert not ok
    assert "acc_new" in message
    assert "acc_old" in message


# --- rows that are still pending


@pytest.fixture
def pending() -> Bank:
    """A bank whose row will be replaced by a posted one with another id."""
    return Bank(bank_row(pending=True, description="CARD AUTH", journalEntryId="je_1"))


@pytest.mark.parametrize("form", ["text", "html", "decisions"])
def test_a_pending_row_is_marked_or_left_out(pending: Bank, form: str) -> None:
    with blocking(pending) as hq:
        table = review.table(books_of(hq).bank_transactions(), as_of=AS_OF)
    document = getattr(table, form)().lower()
    assert "card auth" not in document or "pending" in document


def test_a_reviewed_file_leaves_a_pending_row_alone(pending: Bank) -> None:
    with blocking(pending) as hq:
        ok, message = apply(books_of(hq), "transaction_id,action\nbtx_1,reconcile\n")
    assert pending.posts == []
    assert not ok
    assert "pending" in message
