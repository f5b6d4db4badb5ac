"""The general ledger as a section: a part for each account, its rows made while written."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import CODE, Column, Fact, Part, Row, Section, Table
from ledgerhq_ext.reports.statement_checks import gap_of
from ledgerhq_ext.reports.statements import GeneralLedger, LedgerLine, TrialBalance

COLUMNS = (
    Column(_("Date"), "date", 11),
    Column(_("Entry"), "text", 8, header=True),
    Column(_("Description"), "text", 35),
    Column(_("Debit"), "cents", 15, quiet=True),
    Column(_("Credit"), "cents", 15, quiet=True),
    Column(_("Balance"), "cents", 16),
)
_IDLE_COLUMNS = (
    CODE,
    Column(_("Account"), width=34, header=True),
    Column(_("Debit"), "cents", 15, quiet=True),
    Column(_("Credit"), "cents", 15, quiet=True),
)
_OPENING = _("Opening balance")
_TOTAL = _("Total")
_PLAIN_CODE = re.compile(r"[0-9]{1,12}", re.ASCII)
_NO_OPENING = _("The packet does not include the opening balance of this account.")


def described(line: LedgerLine) -> str:
    """Return description and reference in one text, the reference once."""
    description = line.description or ""
    reference = line.reference or ""
    # Apps often write the number of a bill into both.
    if reference in description:
        return description
    if not description:
        return reference
    return f"{description} · {reference}"


class LedgerRows:
    """The rows of one account: made anew each time they are walked over, never held.

    The ``opening`` row is there where the packet tells it, the total where no line is missing.
    """

    def __init__(
        self,
        lines: Sequence[LedgerLine],
        opening: int | None,
        start: dt.date,
        *,
        is_complete: bool,
    ) -> None:
        self._lines = lines
        self._opening = opening
        self._start = start
        self._is_complete = is_complete

    def __iter__(self) -> Iterator[Row]:
        if self._opening is not None:
            yield Row((self._start, None, _OPENING, None, None, self._opening), "heading")
        for line in self._lines:
            entry = f"#{line.entry_number}"
            text = plain(described(line))
            yield Row((line.date, entry, text, line.debit, line.credit, line.running_balance))
        if self._is_complete:
            debits = sum(line.debit for line in self._lines)
            credits = sum(line.credit for line in self._lines)
            end = self._lines[-1].running_balance
            yield Row((None, None, _TOTAL, debits, credits, end), "total")


def ledger(
    book: GeneralLedger,
    start: dt.date,
    openings: Mapping[str, int],
    trial: TrialBalance | None,
    problems: tuple[str, ...],
) -> Section:
    """Return the section of the ledger, account by account, in the packet's order.

    ``openings`` are the balances that accounts began with, in cents, as far as the packet tells
    them. Accounts that did not move stand below, with their balances from the trial balance.
    """
    # By id: two accounts may share a code.
    accounts: dict[str, list[LedgerLine]] = {}
    for line in book.lines:
        accounts.setdefault(line.account_id, []).append(line)

    is_complete = not gap_of(book)
    parts: list[Part] = []
    for name, (id, lines) in zip(_anchors(accounts), accounts.items(), strict=True):
        parts.append(_part(name, lines, openings.get(id), start, is_complete=is_complete))
    idle = _idle(trial, accounts) if trial and is_complete else ()
    return Section(
        id="general-ledger",
        title=_("General ledger"),
        when="period",
        headline=(
            Fact(_("Accounts"), len(parts), "count"),
            Fact(_("Lines"), len(book.lines), "count"),
        ),
        problems=problems,
        tables=idle,
        parts=tuple(parts),
        missing=missing(book),
    )


def lines_with_account(tables: Iterable[Table]) -> Iterator[Row]:
    """Yield the lines of several accounts as those of one table, the account in front.

    Openings and totals are no lines: so a column sums to what it says.
    """
    for table in tables:
        lines = (row for row in table.rows if row.style == "line")
        for line in lines:
            yield Row((table.caption, *line.cells))


def _idle(trial: TrialBalance, accounts: dict[str, list[LedgerLine]]) -> tuple[Table, ...]:
    """Return the accounts without lines as one table; no table where every account has some."""
    rows: list[Row] = []
    for line in trial.accounts:
        if line.account_id not in accounts:
            names = (plain(line.code), plain(line.name))
            rows.append(Row((*names, line.debit_balance, line.credit_balance)))
    if not rows:
        return ()
    caption = _("Accounts without lines in this period, as in the trial balance")
    return (Table("accounts-without-lines", caption, _IDLE_COLUMNS, rows, len(rows)),)


def missing(book: GeneralLedger) -> str:
    """Return what an incomplete ledger lacks, in sentences; empty for a complete one."""
    if not gap_of(book):
        return ""
    return _(
        "The ledger holds {count} of {total} lines. The other lines are missing, and so are totals "
        "and opening balances.",
        count=len(book.lines),
        total=book.total_lines,
    )


def _anchors(accounts: dict[str, list[LedgerLine]]) -> list[str]:
    """Return an anchor for each account, in their order.

    It goes by the code, where that is plain and no other account's, so that links to it last.
    """
    codes = [lines[0].account_code for lines in accounts.values()]
    uses = Counter(codes)
    anchors: list[str] = []
    for number, code in enumerate(codes, 1):
        is_plain = _PLAIN_CODE.fullmatch(code) is not None
        if is_plain and uses[code] == 1:
            anchors.append(f"account-{code}")
        else:
            anchors.append(f"account-number-{number}")
    return anchors


def _part(
    name: str,
    lines: Sequence[LedgerLine],
    opening: int | None,
    start: dt.date,
    *,
    is_complete: bool,
) -> Part:
    first = lines[0]
    label = plain(f"{first.account_code} {first.account_name}".strip())
    facts = [Fact(_("Lines"), len(lines), "count")]
    size = len(lines)
    note = ""
    if opening is not None:
        size += 1
    elif is_complete:
        note = _NO_OPENING
    if is_complete:
        size += 1
        facts.append(Fact(_("Balance"), lines[-1].running_balance))

    rows = LedgerRows(lines, opening, start, is_complete=is_complete)
    table = Table(f"{name}-table", label, COLUMNS, rows, size)
    return Part(name, label, tuple(facts), table, note)
