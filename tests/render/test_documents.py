"""PDF, workbook and CSV: the same figures, as text and numbers, in the same bytes every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from pypdf import PdfReader

from ledgerhq_ext import (
    InputError,
    LedgerHQ,
    OrganizationRecord,
    Period,
    render,
    to_cents,
    to_decimal,
)
from ledgerhq_ext._plain import no_formula, plain
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.reports.packet import FinancialPacket, PacketPeriod

from .packets import (
    HOSTILE,
    LOGO,
    broken,
    earlier,
    hostile,
    packet,
    packets,
    position,
    result,
)
from .reading import calculated, read_workbook


def _words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def _tagged(pdf: bytes) -> bool:
    return "/StructTreeRoot" in PdfReader(io.BytesIO(pdf)).root_object


def test_the_pdf_has_every_figure_page_numbers_and_bookmarks() -> None:
    shown, figures = packet(lines=300), Figures("en_US", "USD")
    pdf = render.pdf(shown, render.Options(firm="Birch & Partners", logo=LOGO))
    reader, words = PdfReader(io.BytesIO(pdf)), _words(pdf)
    book = shown.general_ledger
    for line in book.lines:
        assert figures.cents(line.running_balance) in words
    assert "$42,320.94" in words
    assert [str(item["/Title"]) for item in reader.outline if not isinstance(item, list)] == [
        "Profit and loss",
        "Balance sheet",
        "Trial balance",
        "Bank reconciliation",
        "Checks",
        "General ledger",
    ]
    assert f"1 / {len(reader.pages)}" in words
    repeated = [
        page
        for page in reader.pages[4:-1]
        if re.search(r"Date\s+Entry\s+Description", page.extract_text())
    ]
    assert len(repeated) == len(reader.pages[4:-1])
    assert _tagged(pdf)


def test_paper_follows_the_locale() -> None:
    sizes = {
        locale: round(
            float(
                PdfReader(io.BytesIO(render.pdf(packet(), render.Options(locale=locale))))
                .pages[0]
                .mediabox.width
            )
        )
        for locale in ("en_US", "de_DE")
    }
    assert sizes == {"en_US": 612, "de_DE": 595}


def test_the_pdf_shows_hostile_names_as_text() -> None:
    words = _words(render.pdf(hostile()))
    squeezed = re.sub(r"\s", "", words.replace("\u200b", ""))
    assert "#strong[x]$y$" in squeezed
    assert "<script>alert(1)</script>" in squeezed


def test_a_pdf_that_does_not_tie_says_so_on_every_page() -> None:
    reader = PdfReader(io.BytesIO(render.pdf(broken())))
    assert all("Does not tie" in page.extract_text() for page in reader.pages)
    assert reader.metadata
    assert str(reader.metadata.title).startswith("DOES NOT TIE")


def test_blocks_of_the_pdf_can_be_replaced_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "blocks.typ").write_text(
        '#import "parts.typ": *\n#let cover(doc) = [Our own cover for #doc.organization]'
    )
    words = _words(render.pdf(packet(), render.Options(templates=tmp_path)))
    assert "Our own cover for Maple Street Coffee" in words
    assert "Profit and loss" in words
    (tmp_path / "blocks.typ").write_text("#let")
    with pytest.raises(InputError, match="templates"):
        render.pdf(packet(), render.Options(templates=tmp_path))


def test_the_workbook_has_numbers_not_text() -> None:
    sheets = read_workbook(render.xlsx(packet()))
    assert list(sheets) == [
        "Summary", "Profit and loss", "Balance sheet", "Trial balance", "Bank reconciliation", "Checks",
        "General ledger", "Accounts without lines",
    ]  # fmt: skip
    assert ["4000", "Sales", "42335.94"] in sheets["Profit and loss"]
    assert sheets["General ledger"][0] == [
        "Account", "Date", "Entry", "Description", "Debit, USD", "Credit, USD", "Balance, USD",
    ]  # fmt: skip
    assert len(sheets["General ledger"]) == 1 + 2 * (3 + 3)


def test_the_moment_of_a_workbook_is_in_utc() -> None:
    in_india = dt.timezone(dt.timedelta(hours=5, minutes=30))
    shown = evolve(packet(), generated_at=dt.datetime(2026, 7, 1, 12, 0, tzinfo=in_india))
    with zipfile.ZipFile(io.BytesIO(render.xlsx(shown))) as book:
        assert b">2026-07-01T06:30:00Z<" in book.read("docProps/core.xml")


@settings(max_examples=15)
@given(packets())
def test_every_amount_of_the_ledger_is_in_workbook_and_csv(shown: FinancialPacket) -> None:
    book, currency = shown.general_ledger, shown.organization.default_currency
    expected = sorted((line.debit, line.credit, line.running_balance) for line in book.lines)
    rows = [
        row
        for row in csv.reader(io.StringIO(render.csv(shown, "general-ledger"), newline=""))
        if row[2].startswith("#")
    ]
    assert sorted(tuple(to_cents(cell, currency) for cell in row[-3:]) for row in rows) == expected
    lines = [
        row
        for row in read_workbook(render.xlsx(shown))["General ledger"]
        if any(c.startswith("#") for c in row[2:3])
    ]
    sheet = sorted(float(row[-1]) for row in lines)
    assert sheet == sorted(float(to_decimal(balance, currency)) for _, _, balance in expected)


def test_a_spreadsheet_calculates_the_very_figures() -> None:
    """Sums that binary fractions miss, and changes of half a tenth of a percent."""
    before = {"Sales": 10_000, "Services": 200_000, "Rebates": -20_000, "Net zero": 30, "Rest": -31}
    now = {"Sales": 10_005, "Services": 200_100, "Rebates": -19_990, "Net zero": 20, "Rest": -30}
    costs = {"Fees": 10, "Tips": 20, "Corrections": -30}
    shown = evolve(packet(), profit_and_loss=result(now, costs))
    prior = evolve(earlier(), profit_and_loss=result(before, costs))

    results = calculated(render.xlsx(shown, compare=prior))
    assert len(results) > 20
    assert {place: pair for place, pair in results.items() if pair[0] != pair[1]} == {}


def test_names_that_look_like_formulas_stay_names() -> None:
    rows = list(csv.reader(io.StringIO(render.csv(hostile(), "profit-and-loss"), newline="")))
    names = [row[1] for row in rows if row[1].lstrip("'").startswith("=")]
    assert names
    assert all(name.startswith("'=") for name in names)
    cells = [
        cell for row in read_workbook(render.xlsx(hostile()))["Profit and loss"] for cell in row
    ]
    assert plain(HOSTILE) in cells


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "|cmd", "＝1"])
def test_formulas_are_defused(text: str) -> None:
    assert no_formula(text) == f"'{text}"
    assert no_formula("Rent") == "Rent"


def test_amounts_a_spreadsheet_would_round_are_refused() -> None:
    whole = packet()
    huge = evolve(whole, profit_and_loss=result({"Sales": 2**53 - 1}, {}))
    with pytest.raises(InputError, match="Write it as CSV"):
        render.xlsx(huge)
    assert "90071992547409.91" in render.csv(huge, "profit-and-loss")


def test_csv_that_does_not_tie_begins_with_that() -> None:
    assert "DOES NOT TIE: Balance sheet" in render.csv(broken(), "trial-balance").partition("\n")[0]


def test_unknown_tables_are_refused() -> None:
    with pytest.raises(InputError, match="general-ledger"):
        render.csv(packet(), "cash-flow")


def test_every_table_becomes_a_file(tmp_path: Path) -> None:
    names = [path.name for path in render.write_csv(packet(), tmp_path)]
    assert names == [
        "profit-and-loss.csv", "balance-sheet.csv", "trial-balance.csv", "bank-balances.csv", "bank-aging.csv",
        "checks.csv", "accounts-without-lines.csv", "general-ledger.csv",
    ]  # fmt: skip
    assert (tmp_path / "bank-aging.csv").read_text(encoding="utf-8-sig").startswith("Bank account,")


def test_a_statement_alone_is_rendered_by_the_same_parts() -> None:
    whole, shop = packet(), packet().organization
    info = OrganizationRecord(
        id=shop.id, name=shop.name, type="client", default_currency="USD", fiscal_year_start_month=1
    )
    sheet = position({"Checking": 5}, {})
    alone = render.statement(
        sheet, info, Period("2026-06-01", "2026-06-30"), generated_at=whole.generated_at
    )
    assert "Total assets" in render.html(alone)
    assert "Balance sheet" in _words(render.pdf(alone))
    assert list(read_workbook(render.xlsx(alone))) == ["Summary", "Balance sheet", "Checks"]
    assert render.verify(render.pdf(alone), alone)
    with pytest.raises(InputError, match="is not a statement"):
        render.statement(whole, info, Period("2026-06-01", "2026-06-30"))  # type: ignore[arg-type]


def test_a_bar_of_nothing_is_not_drawn() -> None:
    result = evolve(
        earlier().profit_and_loss,
        revenue=(),
        expenses=(),
        total_revenue=0,
        total_expenses=0,
        net_income=0,
    )
    before = evolve(earlier(), profit_and_loss=result)
    page = PdfReader(io.BytesIO(render.pdf(packet(), compare=before))).pages[0]
    content = page.get_contents()
    assert content is not None
    outlines = re.findall(rb"(?:[-0-9.]+ [-0-9.]+ [ml]\s+)+h\b", content.get_data())
    assert outlines
    for outline in outlines:
        assert len(set(re.findall(rb"([-0-9.]+) [-0-9.]+ [ml]", outline))) > 1, outline


def test_a_statement_needs_the_record_of_its_company_and_a_period() -> None:
    sheet = position({"Checking": 5}, {})
    company: Any = packet().organization
    june: Any = Period("2026-06-01", "2026-06-30")
    assert render.statement(sheet, company, june).included == ("balanceSheet",)
    books: Any = LedgerHQ(access_token="mcp_at_x").organization("org_1")
    with pytest.raises(InputError, match=r"which books.record\(\) returns, not Organization"):
        render.statement(sheet, books, june)
    with pytest.raises(InputError, match=r"period must be a Period, such as .* not '2026-06'"):
        render.statement(sheet, company, "2026-06")  # type: ignore[arg-type]


def test_the_same_packet_gives_the_same_bytes_in_another_process() -> None:
    program = """
import hashlib
from ledgerhq_ext import render
from tests.render.packets import packet, earlier
for make in (render.html, render.pdf, render.xlsx):
    made = make(packet(), compare=earlier())
    print(hashlib.sha256(made.encode() if isinstance(made, str) else made).hexdigest())
"""
    runs = []
    for seed, zone, locale in (("1", "UTC", "C"), ("2", "Asia/Tokyo", "de_DE.UTF-8")):
        path = os.pathsep.join(
            [str(Path.cwd()), str(Path.cwd() / "generated"), os.environ.get("PYTHONPATH", "")]
        )
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONPATH": path,
        }
        command = [sys.executable, "-W", "error", "-c", program]
        runs.append(
            subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True
            ).stdout
        )
    assert runs[0] == runs[1]
    assert len(set(runs[0].split())) == 3


@pytest.mark.parametrize("name", ["&" * 200, "\U0001f600" * 200])
def test_the_alarm_is_on_every_printed_page_whatever_the_company_is_called(name: str) -> None:
    whole = broken()
    shown = evolve(whole, organization=evolve(whole.organization, name=name))
    workbook = render.xlsx(shown, render.Options(draft=True))
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        sheets = [
            book.read(entry).decode()
            for entry in book.namelist()
            if entry.startswith("xl/worksheets/sheet")
        ]
    assert len(sheets) > 5
    assert all("DOES NOT TIE" in sheet.partition("<oddHeader>")[2] for sheet in sheets)


def test_a_comparison_needs_an_earlier_packet() -> None:
    with pytest.raises(InputError, match="begins later"):
        render.pdf(earlier(), compare=packet())


def test_a_comparison_needs_a_packet_that_does_not_end_later() -> None:
    # Its balance sheet would be the later one, and every change of a balance have the wrong sign.
    year = PacketPeriod(start_date=dt.date(2026, 1, 1), end_date=dt.date(2026, 12, 31))
    with pytest.raises(InputError, match="ends later"):
        render.html(packet(), compare=evolve(earlier(), period=year))


def test_packets_with_nothing_in_them_are_documents_too() -> None:
    whole = packet()
    bare = evolve(
        whole,
        profit_and_loss=None,
        balance_sheet=None,
        trial_balance=None,
        bank_reconciliation_status=None,
    )
    empty = evolve(bare, general_ledger=evolve(whole.general_ledger, lines=(), total_lines=0))
    for shown in (empty, evolve(bare, general_ledger=None)):
        assert "Maple Street Coffee" in _words(render.pdf(shown))
        assert "Summary" in read_workbook(render.xlsx(shown))
        assert render.verify(render.html(shown), shown)


def test_an_incomplete_ledger_is_told_of_and_condemns_nothing() -> None:
    whole = packet()
    cut = evolve(
        whole, general_ledger=evolve(whole.general_ledger, truncated=True, total_lines=9_999)
    )
    words, page = _words(render.pdf(cut)), render.html(cut)
    for text in (words, page, render.csv(cut, "checks")):
        assert "ledger holds 12 of 9999 lines" in " ".join(text.split())
    assert "Does not tie" not in words + page
    table, [sheet, *_] = (
        render.csv(cut, "general-ledger"),
        read_workbook(render.xlsx(cut))["General ledger"],
    )
    assert "DOES NOT TIE" not in table
    assert table.lstrip('"').startswith("INCOMPLETE: The ledger holds 12 of 9999 lines.")
    assert sheet[0].startswith("Incomplete: The ledger holds 12 of 9999 lines.")
    assert "Opening balance" not in words
    ledger_page = page[page.index('id="general-ledger"') :]
    assert '<tr class="total">' not in ledger_page
    assert "Balance</span>" not in ledger_page


def test_the_ledger_as_data_sums_right() -> None:
    """No row of an opening or a total among the lines: a column sums to what all lines move."""
    shown = packet()
    moved = sum(line.debit for line in shown.general_ledger.lines)
    rows = list(csv.DictReader(io.StringIO(render.csv(shown, "general-ledger"), newline="")))
    assert len(rows) == len(shown.general_ledger.lines)
    assert sum(to_cents(row["Debit"], "USD") for row in rows) == moved
    assert sum(to_cents(row["Credit"], "USD") for row in rows) == moved
    [heading, *sheet] = read_workbook(render.xlsx(shown))["General ledger"]
    assert len(sheet) == len(shown.general_ledger.lines)
    assert sum(round(float(row[heading.index("Debit, USD")]) * 100) for row in sheet) == moved


def test_the_bank_is_of_the_day_it_was_read_and_has_nothing_prior() -> None:
    shown, before = packet(), earlier()
    words = " ".join(_words(render.pdf(shown, compare=before)).split())
    page = render.html(shown, compare=before)
    assert "As read on Jul 1, 2026, 12:00 UTC" in words
    assert "As read on Jul 1, 2026, 12:00 UTC" in page
    assert "Prior rows" not in words + page
    sheet = read_workbook(render.xlsx(shown, compare=before))["Bank reconciliation"]
    assert sheet[0] == ["As read on Jul 1, 2026, 12:00 UTC, in US Dollar (USD)"]
    assert (
        render.csv(shown, "bank-balances", compare=before).splitlines()[1].split(",")[1]
        == "2026-07-01"
    )
