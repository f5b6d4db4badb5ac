"""A packet of any length, of a shop with two dozen accounts."""

from __future__ import annotations

import datetime as dt
from itertools import cycle, islice

from ledgerhq_ext.reports.packet import FinancialPacket, PacketOrganization, PacketPeriod
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    GeneralLedger,
    LedgerLine,
    ProfitAndLoss,
    StatementLine,
    StatementSection,
)

ACCOUNTS = 24
MEMOS = ("Till close 2026-06-01", "Office Depot #42", "City Power & Water", "Payment of BILL-1004", "Card settlement")
START = dt.date(2026, 6, 1)


def packet(lines: int) -> FinancialPacket:
    """A packet with so many ledger lines, which ties."""
    rent = StatementLine(account_id="rent", account_code="6300", account_name="Rent", balance=260000)
    sales = StatementLine(account_id="sales", account_code="4000", account_name="Sales", balance=4233594)
    cash = StatementLine(account_id="cash", account_code="1010", account_name="Checking", balance=3973594)
    earned = StatementLine(account_name="Current Year Earnings", balance=3973594)
    return FinancialPacket(
        organization=PacketOrganization(id="org", name="Maple Street Coffee", default_currency="USD"),
        period=PacketPeriod(start_date=START, end_date=dt.date(2026, 6, 30)),
        generated_at=dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC),
        amount_unit="integer_cents",
        warnings=(),
        profit_and_loss=ProfitAndLoss(
            revenue=(sales,), total_revenue=4233594, expenses=(rent,), total_expenses=260000, net_income=3973594
        ),
        balance_sheet=BalanceSheet(
            assets=StatementSection(accounts=(cash,), total=3973594),
            liabilities=StatementSection(accounts=(), total=0),
            equity=StatementSection(accounts=(earned,), total=3973594),
        ),
        general_ledger=_ledger(lines),
    )


def _ledger(lines: int) -> GeneralLedger:
    made: list[LedgerLine] = []
    for account in range(ACCOUNTS):
        # Both sides of an entry of so many cents; an odd line at the end is of nothing.
        count = lines // ACCOUNTS + (account < lines % ACCOUNTS)
        balance = 0
        for number, memo in enumerate(islice(cycle(MEMOS), count), 1):
            cents = 0 if number == count and count % 2 else 1019 + 37 * ((number + 1) // 2)
            debit, credit = (cents, 0) if number % 2 else (0, cents)
            balance += debit - credit
            made.append(_line(account, number, memo, debit, credit, balance))
    return GeneralLedger(lines=tuple(made), truncated=False, total_lines=len(made))


def _line(account: int, number: int, memo: str, debit: int, credit: int, balance: int) -> LedgerLine:
    return LedgerLine(
        date=START + dt.timedelta(days=number % 30),
        entry_number=number,
        account_id=f"account-{account}",
        account_code=str(1000 + 100 * account),
        account_name=f"Account number {account}",
        description=memo,
        debit=debit,
        credit=credit,
        running_balance=balance,
    )
