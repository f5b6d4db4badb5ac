"""Ledger lines as imports leave them: documents show the very dates and amounts, or are refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ledgerhq_ext import FinancialPacket, InputError, LedgerHQError, render
from tests.render.reading import read_workbook

from .support import entry_lines, ledger_line, packet

FORMATS: dict[str, Callable[[FinancialPacket], object]] = {
    "html": render.html,
    "pdf": render.pdf,
    "xlsx": render.xlsx,
    "csv": lambda whole: render.csv(whole, "general-ledger"),
}


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        ("0026-06-08", None),
        ("1899-12-30", None),
        ("1900-01-01", 1),
        ("1900-02-28", 59),
        ("1900-03-01", 61),
        ("2026-05-04", 46146),
        ("9999-12-31", 2958465),
    ],
)
def test_a_sheet_shows_the_very_day(day: str, serial: int | None) -> None:
    whole = packet(ledger=entry_lines(date=day, entryNumber=777))
    try:
        workbook = render.xlsx(whole)
    except InputError:
        # A sheet has no day before 1900, and one too many in February of that year.
        assert dt.date.fromisoformat(day).year <= 1900
        return
    cells = [cell for row in read_workbook(workbook)["General ledger"] for cell in row]
    assert day in cells or (serial is not None and str(serial) in cells)
    # A spreadsheet shows a negative day as a row of #.
    assert not [cell for cell in cells if cell.startswith("-")]


ODD_LINES: dict[str, dict[str, Any]] = {
    "16 digits": {"debit": 9007199254740991, "runningBalance": 9007199254740991},
    "a long memo": {"description": "x" * 40_000},
    "control characters": {"description": "a\x00b\x0bc\uffff_x000D_"},
    "right to left": {"description": "\u05e9\u05dc\u05d5\u05dd \u202eabc"},
}


def assert_written_or_refused(format: str, whole: FinancialPacket) -> None:
    """Check that a document is made, or that an error of our tree says why not."""
    try:
        document = FORMATS[format](whole)
    except LedgerHQError:
        return
    assert document


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("line", ODD_LINES.values(), ids=ODD_LINES)
def test_an_odd_line(format: str, line: dict[str, Any]) -> None:
    assert_written_or_refused(format, packet(ledger=[ledger_line(**line)]))


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_ledger(format: str) -> None:
    assert_written_or_refused(format, packet(ledger=[]))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("currency", ["JPY", "KWD", "CLF", "ZZZ"])
def test_a_currency(format: str, currency: str) -> None:
    assert_written_or_refused(format, packet(currency=currency))


DECIMALS = {"JPY": "125000", "USD": "1250.00", "KWD": "125.000"}


@pytest.mark.parametrize("currency", DECIMALS)
def test_amounts_have_the_decimals_of_their_currency(currency: str) -> None:
    table = render.csv(packet(currency=currency), "general-ledger")
    assert f",{DECIMALS[currency]}," in table
