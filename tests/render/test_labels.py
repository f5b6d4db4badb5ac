"""Headings: every figure says its currency and its period or day, and "prior" says which."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from attrs import evolve
from pypdf import PdfReader

from ledgerhq_ext import render
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._labels import Labels, notes, span
from ledgerhq_ext.reports.packet import FinancialPacket, PacketPeriod

from .packets import earlier, packet, result
from .reading import read_page, read_workbook


def period(start: str, end: str) -> PacketPeriod:
    """A period of two ISO dates."""
    return PacketPeriod(
        start_date=dt.date.fromisoformat(start), end_date=dt.date.fromisoformat(end)
    )


@pytest.mark.parametrize(
    ("start", "end", "locale", "short"),
    [
        ("2026-06-01", "2026-06-30", "en_US", "Jun 2026"),
        ("2024-02-01", "2024-02-29", "de_DE", "Feb. 2024"),
        ("2026-06-01", "2026-06-30", "ja_JP", "2026-06"),
        ("2026-01-01", "2026-12-31", "en_US", "2026"),
        ("2025-04-01", "2026-03-31", "en_US", "Apr 1, 2025 – Mar 31, 2026"),
        ("2026-06-01", "2026-06-29", "en_US", "Jun 1, 2026 – Jun 29, 2026"),
    ],
)
def test_a_period_in_short(start: str, end: str, locale: str, short: str) -> None:
    assert span(period(start, end), Figures(locale, "USD")) == short


HEADINGS = {
    "profit-and-loss": [("Amount", "Jun 2026, USD"), ("Prior", "May 2026, USD"), ("Change", "USD")],
    "balance-sheet": [
        ("Amount", "Jun 30, 2026, USD"),
        ("Prior", "May 31, 2026, USD"),
        ("Change", "USD"),
    ],
    "trial-balance": [
        ("Debit", "USD"),
        ("Credit", "USD"),
        ("Prior, net", "May 31, 2026, USD"),
        ("Change", "USD"),
    ],
}
SHEETS = {
    "profit-and-loss": "Profit and loss",
    "balance-sheet": "Balance sheet",
    "trial-balance": "Trial balance",
}


@pytest.mark.parametrize("name", HEADINGS)
def test_columns_of_a_comparison_say_which_period(name: str) -> None:
    sheets = read_workbook(render.xlsx(packet(), compare=earlier()))
    in_line = [f"{title}, {detail}" for title, detail in HEADINGS[name]]
    assert [cell for cell in sheets[SHEETS[name]][0] if "USD" in cell] == in_line
    page = read_page(render.html(packet(), compare=earlier()))
    in_two = [f"{title} {detail}" for title, detail in HEADINGS[name]]
    assert [cell for cell in page.tables[f"{name}-table"][0] if "USD" in cell] == in_two
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(compared_pdf())).pages)
    assert "May 2026, USD" in words
    assert "May 31, 2026, USD" in words


def compared_pdf() -> bytes:
    """June against May."""
    return render.pdf(packet(), compare=earlier())


def test_every_column_of_amounts_says_its_currency() -> None:
    page = read_page(render.html(packet("KWD")))
    titles = ("Amount", "Debit", "Credit", "Balance", "Sum", "First figure", "Second figure")
    for rows in page.tables.values():
        amounts = [cell for cell in rows[0] if cell.startswith(titles)]
        assert amounts
        assert all(cell.endswith("KWD") for cell in amounts)


def test_every_page_of_a_pdf_says_period_and_currency() -> None:
    pages = PdfReader(io.BytesIO(render.pdf(packet(lines=300)))).pages
    assert len(pages) > 5
    for page in pages[1:]:
        assert "Jun 1, 2026 to Jun 30, 2026, USD" in page.extract_text()


def test_every_sheet_prints_period_and_currency() -> None:
    with zipfile.ZipFile(io.BytesIO(render.xlsx(packet()))) as archive:
        sheets = [
            archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name
        ]
    assert len(sheets) == 8
    assert all("Jun 1, 2026 to Jun 30, 2026, USD</oddHeader>" in sheet for sheet in sheets)


def test_prior_figures_say_their_period() -> None:
    text = render.html(packet(), compare=earlier())
    page = read_page(text)
    assert "<small>May 2026: <b>$40,000.00</b></small>" in text
    assert "<small>May 31, 2026: <b>$80,000.00</b></small>" in text
    assert "Revenue, May 2026" in page.texts["text"]
    # A number to go on with, and not its text.
    assert ["Revenue, May 2026", "40000"] in read_workbook(
        render.xlsx(packet(), compare=earlier())
    )["Summary"]
    # Every "prior period" is followed by which.
    assert "prior" not in "".join(page.texts.values()).replace("prior period, May 2026", "")


def of_period(whole: FinancialPacket, start: str, end: str) -> FinancialPacket:
    """The same figures of another period."""
    return evolve(whole, period=period(start, end))


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        (("2026-06-01", "2026-06-30"), ("2026-05-01", "2026-05-31"), True),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), True),
        (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31"), True),
        (("2024-01-01", "2024-06-15"), ("2023-01-01", "2023-06-15"), True),
        (("2026-01-01", "2026-12-31"), ("2025-12-01", "2025-12-31"), False),
        (("2026-04-01", "2026-06-30"), ("2026-01-01", "2026-02-28"), False),
        (("2026-06-01", "2026-06-15"), ("2026-05-01", "2026-05-31"), False),
    ],
)
def test_a_comparison_of_unlike_periods_is_said(
    one: tuple[str, str], other: tuple[str, str], are_alike: bool
) -> None:
    now, before = of_period(packet(), *one), of_period(earlier(), *other)
    labels = Labels(now, before, render.Options())
    said = [note for note in notes(now, before, labels) if "differ in length" in note]
    assert bool(said) != are_alike
    text = render.html(now, compare=before)
    assert ("differ in length" in text) != are_alike
    if said:
        assert said[0] in "".join(
            PdfReader(io.BytesIO(render.pdf(now, compare=before))).pages[0].extract_text()
        ).replace("\n", " ")
        assert ["Note", said[0]] in read_workbook(render.xlsx(now, compare=before))["Summary"]


def test_a_change_from_loss_to_profit_is_not_meaningful_in_every_format() -> None:
    loss = evolve(earlier(), profit_and_loss=result({"Sales": 100}, {"Rent": 200}))
    page = read_page(render.html(packet(), compare=loss))
    assert [row[-1] for row in page.tables["profit-and-loss-table"] if row[1] == "Net income"] == [
        "n.m."
    ]
    assert "n.m.: not meaningful" in page.texts["p"]
    sheets = read_workbook(render.xlsx(packet(), compare=loss))
    assert sheets["Profit and loss"][-1][-1] == "n.m."
    assert render.csv(packet(), "profit-and-loss", compare=loss).splitlines()[-1].endswith(",n.m.")
    words = "\n".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(render.pdf(packet(), compare=loss))).pages
    )
    assert "n.m." in words
