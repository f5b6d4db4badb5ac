"""What a typesetter looks at: sums that never stand alone, names on pages that go on, figures that
keep apart.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from ledgerhq_ext import render
from ledgerhq_ext.render._colors import NIGHT, PAPER, VISIBLE, contrast, readable, tones
from ledgerhq_ext.render._document import Row
from ledgerhq_ext.render._groups import groups
from ledgerhq_ext.reports.packet import FinancialPacket

from .browser import ask, needed, printed, without_policy
from .packets import LOGO, earlier, ledger, packet, position, result
from .reading import read_page, read_workbook

OPEN = render.Options(unfolded=True)
LONG = 123_456_789_012


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def one_account(lines: int) -> FinancialPacket:
    """A ledger of two accounts alone, the first of which has so many lines."""
    whole = packet()
    bare = evolve(
        whole,
        profit_and_loss=None,
        balance_sheet=None,
        trial_balance=None,
        bank_reconciliation_status=None,
    )
    return evolve(bare, general_ledger=ledger([500] * lines))


def all_open(page: str) -> str:
    """The page with every account of the ledger unfolded."""
    return page.replace('<details class="account">', '<details class="account" open>')


def huge() -> FinancialPacket:
    """Amounts of twelve digits everywhere."""
    return evolve(
        packet(),
        profit_and_loss=result(
            {"Sales of the northern region": LONG, "Refunds": -LONG // 2}, {"Rent": LONG - 9}
        ),
        balance_sheet=position({"Checking": LONG * 7, "Clearing": -LONG}, {"Loan": LONG * 2}),
        general_ledger=ledger([LONG, LONG * 5, 7]),
    )


def test_rows_that_belong_together() -> None:
    styles = [
        "heading",
        "line",
        "line",
        "subtotal",
        "heading",
        "subtotal",
        "total",
        "line",
        "total",
    ]
    rows = [Row((number,), style) for number, style in enumerate(styles)]  # type: ignore[arg-type]
    together = [[row.cells[0] for row in group] for group in groups(rows)]
    assert together == [[0, 1], [2, 3], [4, 5, 6], [7, 8]]


@pytest.mark.slow
def test_no_total_stands_alone_on_a_page_of_the_pdf() -> None:
    """Whatever the number of lines: the page that has the total has a line before it."""
    ends = set()
    for lines in range(50, 62):
        pages = pages_of(render.pdf(one_account(lines)))
        for page in pages:
            before, total, _ = page.partition("Total")
            if total and "Accounts" not in before.rsplit("\n", 1)[-1]:
                assert "Till close" in before
        ends.add(sum("1000 Account 0" in page for page in pages))
    assert len(ends) == 2, "the table has to end on both sides of a page's end"


def test_a_page_of_the_pdf_that_goes_on_names_the_account() -> None:
    pages = pages_of(render.pdf(one_account(200)))
    going_on = [page for page in pages if "continued" in page]
    assert len(going_on) >= 4
    for page in going_on:
        name = re.search(r"(1000 Account 0|1001 Account 1), continued", page)
        assert name
        assert "Balance" in page[name.end() : name.end() + 60]
    assert "continued" not in pages[0]


@pytest.mark.slow
@needed
def test_no_heading_or_total_is_stranded_on_printed_pages(tmp_path: Any) -> None:
    for lines in range(30, 42, 3):
        page = render.html(packet(lines=lines), OPEN, compare=earlier())
        texts = [
            sheet.extract_text().strip()
            for sheet in PdfReader(printed(page, tmp_path / "page.pdf")).pages
        ]
        for text in texts:
            last = [
                line for line in text.splitlines() if not re.fullmatch(r"\d+ / \d+", line.strip())
            ][-1]
            assert not re.match(
                r"(Profit and loss|Balance sheet|Trial balance|Bank rec|Checks|General|\d{4} )",
                last,
            ) or (re.search(r"\.\d\d", last)), last
            assert not text.startswith("Total")


@needed
def test_printed_pages_that_go_on_name_the_account(tmp_path: Any) -> None:
    page = render.html(packet(lines=200), OPEN)
    texts = [
        sheet.extract_text() for sheet in PdfReader(printed(page, tmp_path / "page.pdf")).pages
    ]
    ledger_pages = [text for text in texts if "Till close" in text]
    assert len(ledger_pages) > 4
    for text in ledger_pages:
        assert re.search(r"^(1000 Checking|4000 Sales)$", text, re.MULTILINE), text[:200]


WRAPPED = """
    document.documentElement.style.width = "%dpx";
    const bad = [];
    for (const cell of document.querySelectorAll("td.n, td.m, .figures b, .facts b")) {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const boxes = [...range.getClientRects()].filter(box => box.width > 0);
        if (!boxes.length) continue;
        const lines = new Set(boxes.map(box => Math.round(box.top))).size;
        const right = Math.max(...boxes.map(box => box.right)), left = Math.min(...boxes.map(box => box.left));
        if (lines > 1 || right > %d || left < 0) bad.push([cell.outerHTML, lines, left, right]);
        const next = cell.nextElementSibling;
        if (next && next.textContent && cell.tagName === "TD") {
            const other = document.createRange();
            other.selectNodeContents(next);
            const box = [...other.getClientRects()].filter(box => box.width > 0)[0];
            const isBeside = box && box.top < boxes[0].bottom && box.bottom > boxes[0].top;
            if (isBeside && box.left < right && box.right > left) bad.push([cell.outerHTML, next.outerHTML]);
        }
    }
    return bad;
"""


@pytest.mark.slow
@needed
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("made", [packet(), huge()], ids=["small", "huge"])
def test_no_figure_wraps_or_runs_into_another(made: FinancialPacket, width: int) -> None:
    for compare in (earlier(), None):
        page = all_open(render.html(made, OPEN, compare=compare))
        assert ask(page, WRAPPED % (width, width), (width, 900)) == []


@needed
def test_a_card_on_a_phone_labels_every_figure() -> None:
    script = """
        document.documentElement.style.width = "320px";
        return [...document.querySelectorAll("#profit-and-loss-table td.n")].map(
            cell => getComputedStyle(cell, "::before").content);
    """
    labels = set(ask(all_open(render.html(packet(), OPEN, compare=earlier())), script, (320, 900)))
    assert labels == {'"Amount, Jun 2026"', '"Prior, May 2026"', '"Change"', '"Change %"'}


@needed
def test_sums_have_a_double_rule_and_a_logo_a_light_plate_in_the_dark() -> None:
    page = all_open(render.html(packet(), render.Options(unfolded=True, logo=LOGO)))
    rules = ask(
        page,
        'return [...document.querySelectorAll(".total .n, .total .m")].map(c => getComputedStyle(c).borderBottomStyle)',
    )
    assert set(rules) == {"double"}
    plate = 'return getComputedStyle(document.querySelector(".firm img")).backgroundColor'
    assert ask(page, plate) == "rgba(0, 0, 0, 0)"
    dark = without_policy(page).replace("prefers-color-scheme: dark", "prefers-color-scheme: light")
    assert ask(dark, plate) == "rgb(255, 255, 255)"


@given(st.integers(0, 0xFFFFFF), st.sampled_from([PAPER, NIGHT]))
def test_bars_can_be_seen_whatever_the_color(number: int, ground: str) -> None:
    shades = tones(f"#{number:06x}", ground)
    assert shades["main"] == readable(f"#{number:06x}", ground)
    assert contrast(shades["soft"], ground) >= VISIBLE
    assert contrast(shades["main"], ground) >= VISIBLE


def test_bars_of_the_prior_period_are_outlined() -> None:
    text = render.html(packet(), compare=earlier())
    assert 'class="before"' in text
    assert "svg .before { fill: var(--softer); stroke: var(--soft) }" in text


@needed
@pytest.mark.parametrize(("locale", "zeros"), [("en_US", 2), ("fr_FR", 2), ("en_US", 6)])
def test_no_label_of_a_chart_runs_into_its_figure(locale: str, zeros: int) -> None:
    whole = packet("IDR")
    sheet = position({"Checking": 9_353_701 * 10**zeros}, {"Loan": 8_093_599 * 10**zeros})
    page = render.html(evolve(whole, balance_sheet=sheet), render.Options(locale=locale))
    script = """
        return [...document.querySelectorAll("svg text.value")].map(value =>
            value.getBoundingClientRect().left - value.previousElementSibling.getBoundingClientRect().right);
    """
    gaps = ask(page, script)
    assert len(gaps) > 5
    assert min(gaps) > 0


def test_accounts_without_lines_are_in_the_ledger() -> None:
    shown = packet()
    with_lines = {line.account_id for line in shown.general_ledger.lines}
    idle = [
        account for account in shown.trial_balance.accounts if account.account_id not in with_lines
    ]
    assert idle
    names = [account.name for account in idle]
    page = read_page(render.html(shown))
    assert [row[1] for row in page.tables["accounts-without-lines"][1:]] == names
    assert [
        row[1] for row in read_workbook(render.xlsx(shown))["Accounts without lines"][1:]
    ] == names
    rows = list(csv.reader(io.StringIO(render.csv(shown, "accounts-without-lines"), newline="")))
    assert [row[1] for row in rows[1:]] == names
    assert "Accounts without lines in this period" in "".join(pages_of(render.pdf(shown)))
    # Where lines are missing nobody knows which accounts have none.
    cut = evolve(shown.general_ledger, truncated=True, total_lines=9_999)
    assert "Accounts without lines" not in render.html(evolve(shown, general_ledger=cut))


def test_a_company_without_postings_has_a_ledger_without_lines() -> None:
    whole = packet()
    book = evolve(whole.general_ledger, lines=(), total_lines=0)
    quiet = evolve(whole, general_ledger=book)

    lines = render.csv(quiet, "general-ledger").splitlines()
    assert lines[-1] == "Account,Date,Entry,Description,Debit,Credit,Balance"
    assert "Checking" in render.csv(quiet, "accounts-without-lines")
    # Balances must not pass for lines in any format.
    assert "Accounts without lines in this period" in "".join(pages_of(render.pdf(quiet)))
    sheets = read_workbook(render.xlsx(quiet))
    assert not any("Checking" in row for row in sheets["General ledger"])
    assert any("Checking" in row for row in sheets["Accounts without lines"])

    alone = evolve(quiet, trial_balance=None)
    assert render.csv(alone, "general-ledger").splitlines()[-1] == lines[-1]
    assert "General ledger" in read_workbook(render.xlsx(alone))


def test_digests_are_small_print_and_options_are_metadata_alone() -> None:
    digest = render.fingerprint(packet())
    page = read_page(render.html(packet()))
    assert digest in page.texts["br"] + page.texts["p"]
    assert "made_by" not in "".join(page.texts.values())
    words = "".join(pages_of(render.pdf(packet())))
    assert digest in words
    assert "made_by" not in words
    summary = read_workbook(render.xlsx(packet()))["Summary"]
    assert ["Packet, sha256", digest] in summary
    assert not [row for row in summary if "made_by" in "".join(row)]


def test_two_tables_of_a_sheet_have_room_for_their_figures() -> None:
    whole = packet()
    (account,) = whole.bank_reconciliation_status.accounts
    bank = evolve(
        whole.bank_reconciliation_status,
        accounts=(evolve(account, balance_discrepancy=-LONG * 10),),
    )
    widths = _widths(
        render.xlsx(evolve(whole, bank_reconciliation_status=bank)), "Bank reconciliation"
    )
    assert max(widths) > len("(12,345,678,901.20)")


def _widths(workbook: bytes, sheet: str) -> list[float]:
    """The widths of a sheet's columns, in characters, but for the first one, which has names."""

    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        number = list(read_workbook(workbook)).index(sheet) + 1
        text = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
    return [float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', text)][1:]
