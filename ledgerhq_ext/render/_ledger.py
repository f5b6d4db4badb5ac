"""The general ledger as a section: a part for each account, whose rows are made while they are
written.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Column, Fact, Part, Row, Section, Table
from ledgerhq_ext.reports.statement_checks import gap_of
from ledgerhq_ext.reports.statements import GeneralLedger, LedgerLine, TrialBalance

COLUMNS = (
    Column("Date", "date", 11),
    Column("Entry", "text", 8, header=True),
    Column("Description", "text", 35),
    Column("Debit", "cents", 15, quiet=True),
    Column("Credit", "cents", 15, quiet=True),
    Column("Balance", "cents", 16),
)
_IDLE_COLUMNS = (
    Column("Code", width=7),
    Column("Account", width=34, header=True),
    Column("Debit", "cents", 15, quiet=True),
    Column("Credit", "cents", 15, quiet=True),
)
_PLAIN = re.compile(r"[0-9]{1,12}", re.ASCII)
_NO_OPENING = "The packet does not tell what this account began with."


def described(line: LedgerLine) -> str:
    """Description and reference, the reference once."""
    told, reference = line.description or "", line.reference or ""
    return told if reference in told else f"{told} · {reference}" if told else reference


class LedgerRows:
    """The rows of one account: made anew each time they are walked over, never held.

    The ``opening`` row is there where the packet tells it, the total where no line is missing.
    """

    def __init__(
        self, lines: Sequence[LedgerLine], opening: int | None, start: dt.date, *, whole: bool
    ) -> None:
        self._lines, self._opening, self._start, self._whole = lines, opening, start, whole

    def __iter__(self) -> Iterator[Row]:
        if self._opening is not None:
            yield Row((self._start, None, "Opening balance", None, None, self._opening), "heading")
        for line in self._lines:
            text = plain(described(line))
            yield Row(
                (
                    line.date,
                    f"#{line.entry_number}",
                    text,
                    line.debit,
                    line.credit,
                    line.running_balance,
                )
            )
        if self._whole:
            debits, credits = (
                sum(line.debit for line in self._lines),
                sum(line.credit for line in self._lines),
            )
            yield Row(
                (None, None, "Total", debits, credits, self._lines[-1].running_balance), "total"
            )


def ledger(
    book: GeneralLedger,
    start: dt.date,
    openings: dict[str, int],
    trial: TrialBalance | None,
    problems: tuple[str, ...],
) -> Section:
    """The whole ledger, account by account, in the packet's order; ``openings`` are the balances
    that it tells.

    Accounts that did not move stand below, with their balances from the trial balance.
    """
    accounts: dict[str, list[LedgerLine]] = {}
    for line in book.lines:
        accounts.setdefault(line.account_id, []).append(line)
    whole = not gap_of(book)
    parts = tuple(
        _part(name, lines, openings.get(lines[0].account_id), start, whole=whole)
        for name, lines in zip(_anchors(accounts), accounts.values(), strict=True)
    )
    headline = (Fact("Accounts", len(parts), "count"), Fact("Lines", len(book.lines), "count"))
    idle = _idle(trial, accounts) if trial and whole else ()
    return Section(
        "general-ledger", "General ledger", "period", headline, problems, idle, parts, missing(book)
    )


def _idle(trial: TrialBalance, accounts: dict[str, list[LedgerLine]]) -> tuple[Table, ...]:
    """The accounts without lines, as one table; none where every account has some."""
    rows = [
        Row(
            (
                plain(account.code),
                plain(account.name),
                account.debit_balance,
                account.credit_balance,
            )
        )
        for account in trial.accounts
        if account.account_id not in accounts
    ]
    caption = "Accounts without lines in this period, as in the trial balance"
    return (
        (Table("accounts-without-lines", caption, _IDLE_COLUMNS, rows, len(rows)),) if rows else ()
    )


def missing(book: GeneralLedger) -> str:
    """Return what a ledger that is not whole lacks, as a sentence; empty for a whole one."""
    gap = gap_of(book)
    if not gap:
        return ""
    return f"{gap[0].upper()}{gap[1:]}. The others are missing here, and so are its totals and opening balances."


def _anchors(accounts: dict[str, list[LedgerLine]]) -> list[str]:
    """An anchor an account: by its code where that is plain and nobody else's, so that links to it
    last.
    """
    codes = [lines[0].account_code for lines in accounts.values()]
    plain_ones = {code for code in codes if _PLAIN.fullmatch(code) and codes.count(code) == 1}
    return [
        f"account-{code}" if code in plain_ones else f"account-number-{number}"
        for number, code in enumerate(codes, 1)
    ]


def _part(
    name: str, lines: Sequence[LedgerLine], opening: int | None, start: dt.date, *, whole: bool
) -> Part:
    first = lines[0]
    label = plain(f"{first.account_code} {first.account_name}".strip())
    rows = LedgerRows(lines, opening, start, whole=whole)
    size = len(lines) + whole + (opening is not None)
    facts = [Fact("Lines", len(lines), "count")]
    if whole:
        facts.append(Fact("Balance", lines[-1].running_balance))
    table = Table(f"{name}-table", label, COLUMNS, rows, size)
    return Part(name, label, tuple(facts), table, _NO_OPENING if whole and opening is None else "")
