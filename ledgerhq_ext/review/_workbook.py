"""The review table as a workbook that people fill in. Needs the extra ``review``."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ledgerhq_ext._plain import plain
from ledgerhq_ext._spreadsheets import FIRST_DAY, exact, fitting
from ledgerhq_ext.models import Account
from ledgerhq_ext.money import digits
from ledgerhq_ext.review._decision_cells import cells_of
from ledgerhq_ext.review._suggestions import by_label
from ledgerhq_ext.review._tables import ReviewRow, ReviewTable
from ledgerhq_ext.review._workbook_columns import BANDS, COLUMNS, HEADING, PLACES, Column
from ledgerhq_ext.review._workbook_library import LIBRARY, STYLES, UTILITY
from ledgerhq_ext.review._workbook_lists import add_lists

_HAIRLINE = STYLES.Side("thin", color="D9DDE3")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Begins what a workbook takes for the code of a character: ``_x202E_`` reverses the rest."""
_LINE_POINTS = 15
_MOST_LINES = 6
_HELP = (
    "Fill in the yellow columns of the sheet Review; rows can be sorted and filtered.",
    "reconcile: the row belongs to the entry that it is linked with, or to the one in target.",
    "reclassify: the row belongs to another account; choose it in account, or type its code.",
    "match: the row is the payment of a bill or an invoice, or an entry; choose it in target.",
    "split: write accounts and amounts into shares: 6100=12.50; 6500=7.50 (or bill:ID=20.00).",
    "exclude: the row does not belong in the books. leave, or no action: it stays as it is.",
    "Then save the file as .xlsx and have it applied. Rows whose date, amount, status or entry was "
    "changed here or in the books are refused.",
)


def workbook(table: ReviewTable, accounts: Iterable[Account]) -> bytes:
    """Return the workbook: the rows, the accounts and candidates to choose from, and a help."""
    chart = _Chart(accounts)
    book = LIBRARY.Workbook()
    book.properties.title = "Bank review"
    book.properties.creator = "ledgerhq-ext"

    _write_rows(book.active, table, chart)
    _write_list(book.create_sheet("Accounts"), ("account", "code", "name"), chart.rows())
    heading = ("transaction_id", "candidate")
    candidates = list(_candidates(table))
    _write_list(book.create_sheet("Candidates"), heading, candidates)
    _write_list(book.create_sheet("Help"), ("How to use this file",), [(text,) for text in _HELP])
    add_lists(book.active, len(table.rows), len(chart), len(candidates))

    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Chart:
    """The accounts to choose from, each by its code and name, or by its id where two have both."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        everything = list(accounts)
        labels = {account.id: label for label, account in by_label(everything).items()}
        self._accounts = [account for account in everything if account.is_active]
        self._labels = {
            account.id: labels.get(account.id, account.id) for account in self._accounts
        }

    def __len__(self) -> int:
        return len(self._accounts)

    def label(self, account_id: str) -> str | None:
        """Return what an account is called in the list; None for one that is not in it."""
        return self._labels.get(account_id)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield label, code and name of every account."""
        for account in self._accounts:
            yield self._labels[account.id], account.code, account.name


def _candidates(table: ReviewTable) -> Iterator[tuple[str, str]]:
    """Yield the id of every row with each of its candidates, those of a row one after the other."""
    for row in table.rows:
        for candidate in row.candidates:
            yield row.transaction.id, f"{candidate.target} ({candidate})"


def _write_rows(sheet: Any, table: ReviewTable, chart: _Chart) -> None:
    """Write the sheet with the rows; it is the one that people see first."""
    sheet.title = "Review"
    _write_heading(sheet)
    for at, row in enumerate(table.rows, HEADING + 1):
        texts = _texts(row, chart)
        for place, column in enumerate(COLUMNS, 1):
            cell = sheet.cell(at, place)
            _look(cell, column)
            _write_value(cell, column.name, row, texts.get(column.name, ""))
        # Not every program makes room by itself.
        sheet.row_dimensions[at].height = _LINE_POINTS * _height(texts)

    # The payee stays in sight.
    sheet.freeze_panes = sheet.cell(HEADING + 1, PLACES["payee"] + 1)
    last = UTILITY.get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{HEADING}:{last}{HEADING + len(table.rows)}"
    sheet.print_title_rows = f"{HEADING}:{HEADING}"
    last_to_read = UTILITY.get_column_letter(PLACES["reason"])
    sheet.print_area = f"A1:{last_to_read}{HEADING + len(table.rows)}"
    _fit_page(sheet)


def _fit_page(sheet: Any) -> None:
    """Print a sheet one page wide, and as many long as it takes."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_heading(sheet: Any) -> None:
    """Write who may change the columns, and below it their names."""
    previous = ""
    for place, column in enumerate(COLUMNS, 1):
        title, color, letters = BANDS[column.band]
        for at in (HEADING - 1, HEADING):
            cell = sheet.cell(at, place)
            cell.fill = STYLES.PatternFill("solid", fgColor=color)
            cell.font = STYLES.Font(name="Calibri", size=11, bold=True, color=letters)
            cell.alignment = STYLES.Alignment(
                horizontal="right" if column.name == "amount" else "left"
            )
        if column.band != previous:
            _write_text(sheet.cell(HEADING - 1, place), title)
        _write_text(sheet.cell(HEADING, place), column.name)
        sheet.column_dimensions[UTILITY.get_column_letter(place)].width = column.width
        previous = column.band


def _look(cell: Any, column: Column) -> None:
    """Set the looks of a cell: those of its band, and words that wrap."""
    cell.number_format = "@"
    cell.border = STYLES.Border(bottom=_HAIRLINE)
    cell.alignment = STYLES.Alignment(
        vertical="top",
        horizontal="right" if column.name == "amount" else "left",
        # Apart from the amount on its left.
        indent=1 if column.name == "currency" else 0,
        wrap_text=column.band == "read",
    )
    if column.band == "fill":
        cell.fill = STYLES.PatternFill("solid", fgColor="FFFBEB")
        cell.border = STYLES.Border(left=_HAIRLINE, right=_HAIRLINE, bottom=_HAIRLINE)
    if column.band == "keep":
        cell.font = STYLES.Font(name="Calibri", size=11, color="5B6470")


def _texts(row: ReviewRow, chart: _Chart) -> dict[str, str]:
    """Return the texts of a row: no cell of them is ever a formula, so they stand as they are."""
    texts = cells_of(row)
    texts |= {
        "bank_account": row.bank,
        "payee": row.who,
        "memo": row.memo,
        "likely": row.likely,
        "candidates": "\n".join(row.candidate_names),
    }
    if row.booked:
        texts["candidates"] = f"linked to {row.booked}"
    suggestion = row.suggestion
    if texts["account"] and suggestion is not None:
        texts["account"] = chart.label(suggestion.account_id) or texts["account"]
    return texts


def _height(texts: Mapping[str, str]) -> int:
    """Return how many lines the longest of the words to read takes."""
    most = 1
    for column in COLUMNS:
        if column.band == "read":
            lines = texts.get(column.name, "").split("\n")
            most = max(most, sum(1 + len(line) // column.width for line in lines))
    return min(most, _MOST_LINES)


def _write_value(cell: Any, name: str, row: ReviewRow, text: str) -> None:
    """Write a cell: an amount as a number, a date as a date, and anything else as a text."""
    own = row.transaction
    if name == "amount":
        places = digits(row.currency)
        cell.value = exact(own.amount, row.currency)
        cell.number_format = f"#,##0.{'0' * places}" if places else "#,##0"
        return
    if name == "date" and own.date >= FIRST_DAY:
        cell.value = dt.datetime(own.date.year, own.date.month, own.date.day)  # noqa: DTZ001 - no moment
        cell.number_format = "yyyy-mm-dd"
        return
    if text:
        _write_text(cell, text)


def _write_text(cell: Any, text: str) -> None:
    """Write a text, whatever it begins with."""
    lines = [plain(line) for line in text.split("\n")]
    cell.value = fitting(_CODE.sub("_x005F_", "\n".join(lines)))
    # The library takes "=" for the beginning of a formula.
    cell.data_type = "s"


def _write_list(sheet: Any, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a sheet of texts below a heading, every column as wide as its longest text."""
    widths = [len(title) for title in heading]
    for at, texts in enumerate([heading, *rows], 1):
        for place, text in enumerate(texts, 1):
            _write_text(sheet.cell(at, place), text)
            widths[place - 1] = max(widths[place - 1], len(text))
    for place, width in enumerate(widths, 1):
        sheet.cell(1, place).font = STYLES.Font(name="Calibri", size=11, bold=True)
        sheet.column_dimensions[UTILITY.get_column_letter(place)].width = min(width, 120) + 2
    sheet.freeze_panes = "A2"
    _fit_page(sheet)
