"""The partner app's own records: a month of a shop's transactions, and the requests they become."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import frozen

from ledgerhq_ext import (
    Accounts,
    BillPayment,
    Deposit,
    DepositLine,
    JournalEntry,
    JournalLine,
    Posting,
    Purchase,
    PurchaseLine,
    Transfer,
    to_cents,
)

SHOP = Path(__file__).with_name("shop.csv")


@frozen
class Transaction:
    """One row of the shop's file.

    ``lines`` pairs account codes with signed amounts in major units.
    """

    source_id: str
    store: str
    date: dt.date
    kind: str
    party: str
    account: str
    lines: tuple[tuple[str, str], ...]
    document: str
    memo: str


@frozen
class Chart:
    """The references of a company's transactions: accounts, bill ids by number, currency."""

    accounts: Accounts
    bills: Mapping[str, str]
    currency: str

    def account(self, code: str) -> str:
        """Return the id of the account with this code; a code that two accounts have is refused."""
        return self.accounts.by_code(code).id


def read_shop() -> list[Transaction]:
    """Return every transaction of the file, in its order."""
    with SHOP.open(encoding="utf-8", newline="") as file:
        return [_transaction(row) for row in csv.DictReader(file)]


def _transaction(row: dict[str, str]) -> Transaction:
    # Such as "5000=12.50 6100=3.00".
    lines = []
    for part in row["lines"].split():
        code, _, amount = part.partition("=")
        lines.append((code, amount))
    return Transaction(
        source_id=row["source_id"],
        store=row["store"],
        date=dt.date.fromisoformat(row["date"]),
        kind=row["kind"],
        party=row["party"],
        account=row["account"],
        lines=tuple(lines),
        document=row["document"],
        memo=row["memo"],
    )


def request(transaction: Transaction, chart: Chart) -> Posting:
    """Return the posting that a transaction becomes; the amounts turn into cents here, exactly."""
    lines = []
    for code, amount in transaction.lines:
        lines.append((chart.account(code), to_cents(amount, chart.currency)))
    return _MAKERS[transaction.kind](transaction, chart, lines)


Lines = list[tuple[str, int]]


def _purchase(row: Transaction, chart: Chart, lines: Lines) -> Posting:
    return Purchase(
        txn_date=row.date,
        payee_name=row.party,
        source_account_id=chart.account(row.account),
        lines=[
            PurchaseLine(account_id=account, amount=cents, description=row.memo)
            for account, cents in lines
        ],
    )


def _sale(row: Transaction, chart: Chart, lines: Lines) -> Posting:
    return Deposit(
        txn_date=row.date,
        payer_name=row.party,
        destination_account_id=chart.account(row.account),
        lines=[DepositLine(account_id=account, amount=cents) for account, cents in lines],
        memo=row.memo,
    )


def _transfer(row: Transaction, chart: Chart, lines: Lines) -> Posting:
    ((to_account, cents),) = lines
    return Transfer(
        txn_date=row.date,
        from_account_id=chart.account(row.account),
        to_account_id=to_account,
        amount=cents,
        memo=row.memo,
    )


def _bill_payment(row: Transaction, chart: Chart, lines: Lines) -> Posting:
    ((_, cents),) = lines
    return BillPayment(
        txn_date=row.date,
        bill_id=chart.bills[row.document],
        source_account_id=chart.account(row.account),
        amount=cents,
        memo=row.memo,
    )


def _adjustment(row: Transaction, _: Chart, lines: Lines) -> Posting:
    return JournalEntry(
        txn_date=row.date,
        memo=row.memo,
        lines=[
            JournalLine(
                account_id=account, debit_amount=max(cents, 0), credit_amount=max(-cents, 0)
            )
            for account, cents in lines
        ],
    )


_MAKERS: dict[str, Callable[[Transaction, Chart, Lines], Posting]] = {
    "purchase": _purchase,
    "sale": _sale,
    "transfer": _transfer,
    "bill_payment": _bill_payment,
    "adjustment": _adjustment,
}
