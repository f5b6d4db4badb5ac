"""Amounts in the company's own currency, and journal lines from signed amounts."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import httpx
import pytest

from ledgerhq_ext import AsyncLedgerHQ, InputError, JournalEntry, JournalLine, OrganizationRecord
from tests.support.clients import BASE, ORG, TOKEN, client
from tests.support.postings import DAY
from tests.support.responses import Script

from .test_records_as_data import ACCOUNT
from .test_records_as_ids import BANK, UNLINKED


def company(currency: str) -> httpx.Response:
    """Return the firm's list of one company."""
    record = {
        "id": ORG,
        "name": "Maple",
        "type": "client",
        "defaultCurrency": currency,
        "fiscalYearStartMonth": 1,
    }
    return httpx.Response(200, json={"data": [record], "nextCursor": None})


@pytest.mark.parametrize(
    ("currency", "amount", "cents"),
    [
        ("USD", "12.50", 1250),
        ("JPY", "1250", 1250),
        ("KWD", Decimal("1.25"), 1250),
        ("MGA", "12.50", 1250),
    ],
)
def test_cents_of_the_company(currency: str, amount: str | Decimal, cents: int) -> None:
    script = Script(company(currency))
    books = client(script).organization(ORG)
    assert (books.cents(amount), books.cents(amount)) == (cents, cents)
    assert [request.url.path for request in script.requests] == ["/api/v1/organizations"]


def test_cents_awaited() -> None:
    script = Script(company("JPY"))

    async def ask() -> tuple[int, int]:
        transport = httpx.MockTransport(script)
        async with AsyncLedgerHQ(base_url=BASE, access_token=TOKEN, transport=transport) as hq:
            books = hq.organization(ORG)
            return await books.cents("1250"), await books.cents("-7")

    assert asyncio.run(ask()) == (1250, -7)
    assert len(script.requests) == 1


def test_a_record_at_hand_is_not_read_again() -> None:
    record = OrganizationRecord(
        id=ORG,
        name="Maple",
        type="client",
        default_currency="JPY",
        fiscal_year_start_month=4,
    )
    script = Script(500)
    assert client(script).organization(record).cents("1250") == 1250
    assert script.requests == []


@pytest.mark.parametrize(
    ("currency", "amount", "message"),
    [
        ("JPY", "12.50", "has more decimal places than the currency"),
        ("USD", 12.5, "not an exact amount"),
        ("USD", 1250, "not an exact amount"),
        ("ABC", "12.50", "'ABC' is not an active ISO 4217 currency code"),
    ],
)
def test_amounts_that_the_company_does_not_have(currency: str, amount: Any, message: str) -> None:
    books = client(Script(company(currency))).organization(ORG)
    with pytest.raises(InputError, match=message):
        books.cents(amount)


# --- journal lines


def test_a_line_from_a_signed_amount() -> None:
    assert JournalLine.of("acc_1", 1250) == JournalLine(account_id="acc_1", debit_amount=1250)
    assert JournalLine.of("acc_1", -1250) == JournalLine(account_id="acc_1", credit_amount=1250)
    with_words = JournalLine.of("acc_1", -1, description="Rounding")
    assert with_words == JournalLine(account_id="acc_1", credit_amount=1, description="Rounding")


def test_a_line_takes_a_record() -> None:
    assert JournalLine.of(ACCOUNT, 1).account_id == ACCOUNT.id
    assert JournalLine.of(BANK, 1).account_id == BANK.chart_account_id
    with pytest.raises(InputError, match="account_id"):
        JournalLine.of(UNLINKED, 1)


def test_lines_of_signed_amounts_balance() -> None:
    lines = [
        JournalLine.of("acc_1", 700),
        JournalLine.of("acc_2", -300),
        JournalLine.of("acc_3", -400),
    ]
    assert JournalEntry(txn_date=DAY, lines=lines).lines == tuple(lines)
    with pytest.raises(InputError, match=r"Debits \(700 cents\)"):
        JournalEntry(txn_date=DAY, lines=lines[:2])


def test_a_line_of_nothing() -> None:
    with pytest.raises(InputError, match="must not be zero"):
        JournalLine.of("acc_1", 0)


@pytest.mark.parametrize("amount", [12.5, True, "1250", None, 2**53, -(2**53)])
def test_what_is_no_amount_of_a_line(amount: Any) -> None:
    with pytest.raises(InputError, match="amount"):
        JournalLine.of("acc_1", amount)
