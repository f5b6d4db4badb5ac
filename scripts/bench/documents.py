"""Documents of long ledgers, measured against what the parts they are made of take by themselves."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from ledgerhq_ext import FinancialPacket, render
from ledgerhq_ext.render._build import build
from ledgerhq_ext.render._pdf_pages import lay_out, set_pages
from scripts.bench.packets import packet

HTML_AIM, PDF_AIM = 5.0, 1.3
LINES = (1, 60, 5_000, 50_000)
PDF_LINES = (1, 60, 5_000)
ROUNDS = 3
FLAGS = (
    "headless",
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-sync",
    "disable-background-networking",
    "disable-component-update",
)


def plain(shown: FinancialPacket, path: Path) -> None:
    """The measure of HTML: `json.dumps` of the packet, and its rows as plain table rows."""
    text = json.dumps(shown.to_dict())
    with path.open("w", encoding="utf-8") as file:
        file.write(f"<!doctype html><script type='application/json'>{text}</script><table>\n")
        for line in shown.general_ledger.lines:
            cells = (
                line.date,
                line.entry_number,
                line.description or "",
                line.debit,
                line.credit,
                line.running_balance,
            )
            file.write(f"<tr>{''.join(f'<td>{html.escape(str(cell))}</td>' for cell in cells)}</tr>\n")


def best(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The best time of each, taken in turns, so that what else the machine does meets all of them."""
    times = [float("inf")] * len(calls)
    for _ in range(rounds):
        for at, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            times[at] = min(times[at], time.perf_counter() - begun)
    return times


def peak(call: Callable[[], object]) -> float:
    """The most memory that Python holds during a call, in MB."""
    tracemalloc.start()
    call()
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held / 1e6


def htmls(folder: Path) -> bool:
    """HTML in time and memory, workbook and CSV in time."""
    print("HTML    lines   plain s    html s   ratio   peak MB     size MB   xlsx s    csv s")
    kept = True
    for lines in LINES:
        shown = packet(lines)
        page = folder / f"{lines}.html"

        def write(shown: FinancialPacket = shown, page: Path = page) -> None:
            render.write_html(shown, page)

        def rows(shown: FinancialPacket = shown) -> None:
            plain(shown, folder / "plain.html")

        write()
        base, made = best(rows, write)
        ((sheet,), (table,)) = (
            best(lambda shown=shown: render.write_xlsx(shown, folder / "ledger.xlsx"), rounds=1),  # type: ignore[misc]
            best(lambda shown=shown: render.write_csv(shown, folder), rounds=1),  # type: ignore[misc]
        )
        print(
            f"     {lines:>8} {base:>9.4f} {made:>9.4f} {made / base:>7.1f} {peak(write):>9.1f} "
            f"{page.stat().st_size / 1e6:>11.1f} {sheet:>8.2f} {table:>8.2f}"
        )
        # A handful of lines costs its templates and its style sheet, whatever the rows take.
        kept &= lines < LINES[-1] or made <= HTML_AIM * base
    return kept


def pdfs() -> bool:
    """PDF against typst alone, each in a process of its own: typst remembers what it has set before."""
    print("\nPDF     lines   typst s     pdf s   ratio   (of the processor)")
    kept = True
    for lines in PDF_LINES:
        took = {what: min(_process(what, lines) for _ in range(ROUNDS)) for what in ("typst", "pdf")}
        ratio = took["pdf"] / took["typst"]
        print(f"     {lines:>8} {took['typst']:>9.3f} {took['pdf']:>9.3f} {ratio:>7.2f}")
        kept &= lines < PDF_LINES[-1] or ratio <= PDF_AIM
    return kept


def _process(what: str, lines: int) -> float:
    command = [sys.executable, "-m", "scripts.bench", what, str(lines)]
    return float(subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout)


def one(what: str, lines: int) -> float:
    """What one PDF takes: all of it, or typst's part."""
    shown, options = packet(lines), render.Options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = build(shown, options)
        lay_out(folder, document, options)
        # Of the processor, all threads: the machine may do other things beside.
        begun = time.process_time()
        if what == "typst":
            set_pages(folder, document, options)
        else:
            render.pdf(shown, options)
        return time.process_time() - begun


def browser(folder: Path) -> None:
    """How long chromium takes to open and show a page, against one of a single line."""
    chromium = shutil.which("chromium")
    if not chromium:
        print("\nBrowser: no chromium here.")
        return
    print("\nBrowser lines   one line s    open s   more s")
    pages = [folder / f"{lines}.html" for lines in LINES]
    for lines, page in list(zip(LINES, pages, strict=True))[1:]:
        least, took = best(*(lambda page=page: _open(chromium, page, folder) for page in (pages[0], page)))
        print(f"     {lines:>8} {least:>12.2f} {took:>9.2f} {took - least:>8.2f}")


def _open(chromium: str, page: Path, folder: Path) -> None:
    profile = tempfile.mkdtemp(dir=folder)
    flags = [f"--{flag}" for flag in FLAGS]
    command = [chromium, *flags, f"--user-data-dir={profile}", f"--screenshot={folder / 'page.png'}", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    shutil.rmtree(profile, ignore_errors=True)
