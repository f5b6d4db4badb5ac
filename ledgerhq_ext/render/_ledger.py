"""The general ledger as a section: a part for each account, whose rows are made while they are written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Column, Fact, Part, Row, Section, Table
from ledgerhq_ext.reports.statements import GeneralLedger, LedgerLine

COLUMNS = (
    Column("Date", "date", 11),
    Column("Entry", "text", 8, header=True),
    Column("Description", "text", 35),
    Column("Debit", "cents", 15, quiet=True),
    Column("Credit", "cents", 15, quiet=True),
    Column("Balance", "cents", 16),
)
_PLAIN = re.compile(r"[0-9]{1,12}", re.ASCII)
_DERIVED = "The balances of this account do not follow from its debits and credits; they are shown as they came."


def described(line: LedgerLine) -> str:
    """Description and reference, the reference once."""
    told, reference = line.description or "", line.reference or ""
    return told if reference in told else f"{told} · {reference}" if told else reference


class LedgerRows:
    """The rows of one account: made anew each time they are walked over, never held."""

    def __init__(self, lines: Sequence[LedgerLine], opening: int | None, start: dt.date) -> None:
        self._lines, self._opening, self._start = lines, opening, start

    def __iter__(self) -> Iterator[Row]:
        if self._opening is not None:
            yield Row((self._start, None, "Opening balance", None, None, self._opening), "heading")
        for line in self._lines:
            text = plain(described(line))
            yield Row((line.date, f"#{line.entry_number}", text, line.debit, line.credit, line.running_balance))
        debits, credits = sum(line.debit for line in self._lines), sum(line.credit for line in self._lines)
        yield Row((None, None, "Total", debits, credits, self._lines[-1].running_balance), "total")


def opening_balance(lines: Sequence[LedgerLine]) -> int | None:
    """What the account began with, if its running balance follows from its lines, whichever side counts up."""
    for sign in (1, -1):
        opening = balance = lines[0].running_balance - sign * (lines[0].debit - lines[0].credit)
        for line in lines:
            balance += sign * (line.debit - line.credit)
            if balance != line.running_balance:
                break
        else:
            return opening
    return None


def ledger(book: GeneralLedger, start: dt.date, problems: tuple[str, ...]) -> Section:
    """The whole ledger, account by account, in the packet's order."""
    accounts: dict[str, list[LedgerLine]] = {}
    for line in book.lines:
        accounts.setdefault(line.account_id, []).append(line)
    parts = tuple(_part(name, lines, start) for name, lines in zip(_anchors(accounts), accounts.values(), strict=True))
    headline = (Fact("Accounts", len(parts), "count"), Fact("Lines", len(book.lines), "count"))
    return Section("general-ledger", "General ledger", "period", headline, problems, (), parts)


def _anchors(accounts: dict[str, list[LedgerLine]]) -> list[str]:
    """An anchor an account: by its code where that is plain and nobody else's, so that links to it last."""
    codes = [lines[0].account_code for lines in accounts.values()]
    plain_ones = {code for code in codes if _PLAIN.fullmatch(code) and codes.count(code) == 1}
    return [
        f"account-{code}" if code in plain_ones else f"account-number-{number}" for number, code in enumerate(codes, 1)
    ]


def _part(name: str, lines: Sequence[LedgerLine], start: dt.date) -> Part:
    first, opening = lines[0], opening_balance(lines)
    label = plain(f"{first.account_code} {first.account_name}".strip())
    rows = LedgerRows(lines, opening, start)
    size = len(lines) + 1 + (opening is not None)
    facts = (Fact("Lines", len(lines), "count"), Fact("Balance", lines[-1].running_balance))
    table = Table(f"{name}-table", label, COLUMNS, rows, size)
    return Part(name, label, facts, table, "" if opening is not None else _DERIVED)
