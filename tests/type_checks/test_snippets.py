"""What mypy and basedpyright make of code that uses the library, of right code and of wrong code.

A comment says what both checkers must answer to its line: ``# is: T`` which type ``reveal_type``
shows, ``# error: a | b`` which error mypy (a) and basedpyright (b) report. Any other error, and any
that is missing, fails the test.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .support import run_basedpyright, run_checker

BLOCKING = """
import sqlite3

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, scoped_session

from ledgerhq_ext import (
    AccountAllocation, BankTransaction, BillPayment, Contacts, DocumentAllocation, FinancialPacket,
    LedgerHQ, Organization, Other, Purchase, PurchaseLine, Receipt, Transfer,
)
from ledgerhq_ext.store import Store
from typing import reveal_type


def post(hq: LedgerHQ, books: Organization, purchase: Purchase) -> None:
    reveal_type(hq.with_options(deadline=10))  # is: LedgerHQ
    reveal_type(books.with_options(retries=0, headers={"X-Trace": "1"}))  # is: Organization
    reveal_type(hq.organization("org_1"))  # is: Organization
    reveal_type(books.post(purchase))  # is: Receipt
    reveal_type(books.with_raw_response)  # is: OrganizationWithRawResponse
    raw = books.with_raw_response.post(purchase, source=("till", "1"))
    reveal_type(raw)  # is: RawResponse[Receipt]
    reveal_type(raw.value)  # is: Receipt
    reveal_type(raw.request_id)  # is: str | None
    reveal_type(hq.with_raw_response.health())  # is: RawResponse[Health]
    books.post("purchase")  # error: arg-type | reportArgumentType
    hq.with_options(retry=1)  # error: call-arg | reportCallIssue


def walk(hq: LedgerHQ, books: Organization) -> None:
    for row in books.bank_transactions():
        reveal_type(row)  # is: BankTransaction
        reveal_type(row.amount)  # is: int
    for rows in books.bank_transactions().pages():
        reveal_type(rows)  # is: tuple[BankTransaction, ...]
    for client in hq.organizations():
        reveal_type(client)  # is: OrganizationRecord
        reveal_type(hq.organization(client))  # is: Organization
    reveal_type(books.bank_transactions().page(1))  # is: Page[BankTransaction]
    reveal_type(books.accounts())  # is: Accounts
    reveal_type(books.accounts().by_code("1010"))  # is: Account
    reveal_type(books.accounts()["1010"])  # is: Account
    reveal_type(books.accounts()[0])  # is: Account
    reveal_type(books.accounts()[:2])  # is: tuple[Account, ...]
    reveal_type(books.accounts().get("1010"))  # is: Account | None
    reveal_type(books.tax_rates()["Sales tax"])  # is: TaxRate
    reveal_type(books.bank_transactions().first())  # is: BankTransaction | None
    reveal_type(books.bank_transactions().has_more)  # is: bool
    reveal_type(books.accounts(deadline=10, headers={"X-Trace": "1"}))  # is: Accounts
    books.accounts(timout=10)  # error: call-arg | reportCallIssue
    books.accounts(timeout="10")  # error: arg-type | reportArgumentType
    reveal_type([account for account in books.accounts()])  # is: list[Account]


def choose(books: Organization) -> None:
    books.entries(status="posted")
    books.entries(status="postedd")  # error: arg-type | reportArgumentType
    books.entries(status=Other("postedd"))
    books.bills(status="overdue")
    books.bills(status="late")  # error: arg-type | reportArgumentType
    books.bank_transactions(status=Other("archived"))
    books.bank_transactions(status="reconcilled")  # error: arg-type | reportArgumentType
    books.contacts(type="suplier")  # error: arg-type | reportArgumentType
    reveal_type(Contacts(books.contacts())["Office Depot"])  # is: Contact
    reveal_type(books.create_contact(name="Toner Town", type="supplier"))  # is: Contact
    books.create_contact(name="Toner Town", type=Other("employee"), payment_terms_days=14)
    books.create_contact(name="Toner Town", type="vendor")  # error: arg-type | reportArgumentType
    books.create_contact(name="Toner Town")  # error: call-arg | reportCallIssue
    books.financial_packet("2026-06", include=["profitAndLoss", Other("cashFlow")])
    books.financial_packet("2026", include="profitAndLos")  # error: arg-type | reportArgumentType


def read(packet: FinancialPacket) -> None:
    reveal_type(packet.profit_and_loss)  # is: ProfitAndLoss
    reveal_type(packet.general_ledger)  # is: GeneralLedger
    reveal_type(packet.statement("profitAndLoss"))  # is: ProfitAndLoss | None
    reveal_type(packet.to_json())  # is: str
    reveal_type(packet.to_dict())  # is: dict[str, Any]


def refer(books: Organization, row: BankTransaction, receipt: Receipt) -> None:
    accounts = books.accounts()
    till = books.bank_accounts().by_name("Till")
    bill = books.bill("B-1")
    rent = accounts.by_code("6000")
    vat = books.tax_rates().by_name("VAT")
    line = PurchaseLine(account_id=rent, amount=100, tax_rate_id=vat)
    day = "2026-06-01"
    Purchase(txn_date=day, payee_name="Shop", source_account_id=till, lines=[line])
    AccountAllocation(account_id=6000, amount=100)  # error: arg-type | reportArgumentType
    Transfer(txn_date=day, from_account_id=till, to_account_id=accounts.by_code("1010"), amount=100)
    BillPayment(txn_date=day, bill_id=bill, source_account_id=till, amount=100)
    AccountAllocation(account_id=rent, amount=100)
    DocumentAllocation(document_type="bill", document_id=bill, amount=100)
    books.bank_transactions(bank_account=till)
    books.reconcile(row, journal_entry=books.entry("je_1"))
    books.match(row, bill=bill)
    reveal_type(books.reclassify(row, rent))  # is: Reclassification
    part = AccountAllocation(account_id=rent, amount=100)
    reveal_type(books.split(row, [part]))  # is: AccountSplit
    reveal_type(books.split(row, (part,)).journal_entry_id)  # is: str
    reveal_type(books.with_raw_response.split(row, [part]).value)  # is: AccountSplit
    paid = DocumentAllocation(document_type="bill", document_id=bill, amount=100)
    reveal_type(books.split(row, [paid], date=row.date))  # is: DocumentSplit
    books.exclude(row.date)  # error: arg-type | reportArgumentType


def keep(store: Store, hq: LedgerHQ, books: Organization, purchase: Purchase) -> None:
    outbox = store.outbox()
    reveal_type(outbox)  # is: Outbox
    reveal_type(outbox.add(books, purchase, source=("till", "1")))  # is: StoredPosting
    reveal_type(outbox.post(books, purchase, source=("till", "1")))  # is: Receipt
    reveal_type(outbox.drain(hq))  # is: DrainResult
    reveal_type(outbox.status())  # is: Status
    reveal_type(store.clients)  # is: Clients
    reveal_type(store.accounts(books))  # is: AccountLinks


def join(
    store: Store,
    purchase: Purchase,
    file: sqlite3.Connection,
    server: psycopg.Connection[dict[str, object]],
    connection: Connection,
    session: Session,
    registry: scoped_session[Session],
    engine: Engine,
) -> None:
    outbox = store.outbox()
    source = ("till", "1")
    outbox.add("org_1", purchase, source=source, transaction=file)
    outbox.add("org_1", purchase, source=source, transaction=server)
    outbox.add("org_1", purchase, source=source, transaction=connection)
    outbox.add("org_1", purchase, source=source, transaction=session)
    outbox.add("org_1", purchase, source=source, transaction=registry)
    outbox.add("org_1", purchase, source=source, transaction=engine)  # error: arg-type | reportArgumentType
    outbox.add("org_1", purchase, source=source, transaction="default")  # error: arg-type | reportArgumentType
"""

AWAITING = '''
from ledgerhq_ext import (
    Account, AccountAllocation, AsyncLedgerHQ, AsyncOrganization, Purchase, Receipt,
)
from ledgerhq_ext._seam import ACCOUNTS, HEALTH
from ledgerhq_ext.store import Store
from typing import reveal_type


async def post(hq: AsyncLedgerHQ, books: AsyncOrganization, purchase: Purchase) -> None:
    reveal_type(hq.with_options(deadline=10))  # is: AsyncLedgerHQ
    reveal_type(books.with_options(retries=0))  # is: AsyncOrganization
    reveal_type(hq.organization("org_1"))  # is: AsyncOrganization
    reveal_type(await books.post(purchase))  # is: Receipt
    raw = await books.with_raw_response.post(purchase, source=("till", "1"))
    reveal_type(raw)  # is: RawResponse[Receipt]
    async with hq as same:
        reveal_type(same)  # is: AsyncLedgerHQ


async def forget(hq: AsyncLedgerHQ, books: AsyncOrganization, purchase: Purchase) -> Receipt:
    books.post(purchase)  # error: unused-coroutine | reportUnusedCoroutine
    books.with_raw_response.post(purchase)  # error: unused-coroutine | reportUnusedCoroutine
    books.exclude("tx_1")  # error: unused-coroutine | reportUnusedCoroutine
    hq.close()  # error: unused-coroutine | reportUnusedCoroutine
    books.accounts().by_code("1010")  # error: attr-defined | reportAttributeAccessIssue
    for row in books.bank_transactions():  # error: attr-defined | reportGeneralTypeIssues
        print(row)
    async for row in books.bank_transactions():
        print(row)
    receipt: Receipt = books.post(purchase)  # error: assignment | reportAssignmentType
    print(receipt)
    return books.post(purchase)  # error: return-value | reportReturnType


async def walk(hq: AsyncLedgerHQ, books: AsyncOrganization) -> None:
    async for row in books.bank_transactions():
        reveal_type(row)  # is: BankTransaction
    async for rows in books.bank_transactions().pages():
        reveal_type(rows)  # is: tuple[BankTransaction, ...]
    async for client in hq.organizations():
        reveal_type(client)  # is: OrganizationRecord
    reveal_type(await books.bank_transactions().page(1))  # is: Page[BankTransaction]
    books.entries(status="postedd")  # error: arg-type | reportArgumentType


async def split(books: AsyncOrganization) -> None:
    part = AccountAllocation(account_id="acc_1", amount=100)
    reveal_type(await books.split("btx_1", [part]))  # is: AccountSplit
    raw = await books.with_raw_response.split("btx_1", [part])
    reveal_type(raw.value.journal_entry_id)  # is: str


async def keep(
    store: Store, hq: AsyncLedgerHQ, books: AsyncOrganization, purchase: Purchase
) -> None:
    outbox = store.async_outbox()
    reveal_type(await outbox.add(books, purchase, source=("till", "1")))  # is: StoredPosting
    reveal_type(await outbox.drain(hq))  # is: DrainResult
    outbox.drain(hq)  # error: unused-coroutine | reportUnusedCoroutine
    store.outbox().drain(hq)  # error: arg-type | reportArgumentType


class Methods(AsyncOrganization):
    """What is inside the core: one result and many are different types."""

    async def inside(self) -> None:
        account: Account = await self._fetch(ACCOUNTS)  # error: arg-type | reportArgumentType
        print(account)
        reveal_type(await self._fetch(HEALTH))  # is: Health
        reveal_type(await self._fetch_all(ACCOUNTS))  # is: tuple[Account, ...]
        await self._fetch_all(HEALTH)  # error: arg-type | reportArgumentType
'''

SNIPPETS = {"blocking.py": BLOCKING, "awaiting.py": AWAITING}
QUOTE = '"'
EXPECTED = re.compile(r"# (is|error): (.+)$")
MYPY_LINE = re.compile(r"(\w+\.py):(\d+): (error|note): (.*?)(?:  \[([\w-]+)\])?$", re.MULTILINE)


def expected(checker: int) -> set[str]:
    """Return what the comments ask of the first checker (mypy) or of the second (basedpyright)."""
    answers: set[str] = set()
    for file, source in SNIPPETS.items():
        for number, line in enumerate(source.splitlines(), start=1):
            comment = EXPECTED.search(line)
            if comment is None:
                continue
            kind, text = comment.groups()
            if kind == "error":
                text = text.split(" | ")[checker]
            answers.add(f"{file}:{number} {kind}: {text}")
    return answers


def plain(type_text: str) -> str:
    """Return a type without the modules of its names."""
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", type_text)


def check(answers: set[str], wanted: set[str]) -> None:
    """Fail unless a checker gives these answers and no other."""
    surplus = sorted(answers - wanted)
    missing = sorted(wanted - answers)
    assert not surplus, "no comment asks for " + "\n".join(surplus)
    assert not missing, "the checker does not say " + "\n".join(missing)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file, source in SNIPPETS.items():
        (tmp_path / file).write_text(source, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_mypy_says_so(folder: Path, types_of_libraries: Path) -> None:
    options = ("--strict", "--config-file=", f"--cache-dir={types_of_libraries}")
    result = run_checker("mypy", *options, *SNIPPETS, folder=folder)
    assert result.stderr == ""
    answers: set[str] = set()
    for file, line, kind, message, code in MYPY_LINE.findall(result.stdout):
        if kind == "error":
            answers.add(f"{file}:{line} error: {code}")
        elif message.startswith("Revealed type is"):
            answers.add(f"{file}:{line} is: {plain(message.split(QUOTE)[1])}")
    check(answers, expected(0))


def test_basedpyright_says_so(folder: Path) -> None:
    # Stricter modes repeat each error for what follows from it.
    config = {"typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    report = run_basedpyright(*SNIPPETS, folder=folder)
    answers: set[str] = set()
    for diagnostic in report["generalDiagnostics"]:
        place = f"{Path(diagnostic['file']).name}:{diagnostic['range']['start']['line'] + 1}"
        if diagnostic["severity"] == "information":
            answers.add(f"{place} is: {plain(diagnostic['message'].split(QUOTE)[-2])}")
        else:
            answers.add(f"{place} error: {diagnostic['rule']}")
    check(answers, expected(1))
