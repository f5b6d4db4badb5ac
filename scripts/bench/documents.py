"""Documents of long ledgers, measured against their parts by themselves."""

from __future__ import annotations

import html
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ledgerhq_ext import FinancialPacket, render
from ledgerhq_ext.render._build import build
from ledgerhq_ext.render._pdf_pages import lay_out, set_pages
from scripts.bench.packets import packet

HTML_AIM = 5.0
PDF_AIM = 1.3
LINES = (1, 60, 5_000, 50_000)
PDF_LINES = (1, 60, 5_000)
MEMORY_AIMS = {10_000: 150, 50_000: 400}
"""The most memory in MiB that a PDF of so many lines may take, over what the process had before."""
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


def plain(sample: FinancialPacket, path: Path) -> None:
    """Write what HTML is measured by: the packet as JSON, and its rows as a plain table."""
    text = json.dumps(sample.to_dict())
    with path.open("w", encoding="utf-8") as file:
        file.write(f"<!doctype html><script type='application/json'>{text}</script><table>\n")
        for line in sample.general_ledger.lines:
            cells = (
                line.date,
                line.entry_number,
                line.description or "",
                line.debit,
                line.credit,
                line.running_balance,
            )
            row = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells)
            file.write(f"<tr>{row}</tr>\n")


def best(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the best seconds of each, taken in turns, so that other load meets all of them."""
    times = [float("inf")] * len(calls)
    for _ in range(rounds):
        for at, call in enumerate(calls):
            start = time.perf_counter()
            call()
            seconds = time.perf_counter() - start
            times[at] = min(times[at], seconds)
    return times


def peak(call: Callable[[], object]) -> float:
    """Return the most memory that Python holds during a call, in MB."""
    tracemalloc.start()
    call()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def htmls(folder: Path) -> bool:
    """Measure HTML in time and memory, workbook and CSV in time.

    Return whether HTML keeps its aim.
    """
    print("HTML    lines   plain s    html s   ratio   peak MB     size MB   xlsx s    csv s")
    # The longest comes last, and counts: a handful of lines costs its templates and its style
    # sheet, whatever the rows take.
    ratio = 0.0
    for lines in LINES:
        ratio = _html(folder, lines)
    return ratio <= HTML_AIM


def _html(folder: Path, lines: int) -> float:
    """Measure the files of one packet.

    Return the time of HTML as a multiple of that of plain rows.
    """
    sample = packet(lines)
    page = folder / f"{lines}.html"

    def write_page() -> None:
        """Render the packet as HTML."""
        render.write_html(sample, page)

    def write_rows() -> None:
        """Write the same rows plainly."""
        plain(sample, folder / "plain.html")

    def write_workbook() -> None:
        """Render the packet as a workbook."""
        render.write_xlsx(sample, folder / "ledger.xlsx")

    def write_tables() -> None:
        """Render the packet as CSV."""
        render.write_csv(sample, folder)

    # Once before, so that no import is measured.
    write_page()
    of_rows, of_page = best(write_rows, write_page)
    [of_workbook] = best(write_workbook, rounds=1)
    [of_tables] = best(write_tables, rounds=1)
    ratio = of_page / of_rows
    size = page.stat().st_size / 1e6
    print(
        f"     {lines:>8} {of_rows:>9.4f} {of_page:>9.4f} {ratio:>7.1f} {peak(write_page):>9.1f} "
        f"{size:>11.1f} {of_workbook:>8.2f} {of_tables:>8.2f}"
    )
    return ratio


def pdfs() -> bool:
    """Measure PDF against typst alone; return whether the longest keeps its aim.

    Each runs in a process of its own: typst remembers what it has set before. It sets all pages at
    once, which a long PDF does not.
    """
    print("\nPDF     lines   typst s     pdf s   ratio   (of the processor)")
    ratio = 0.0
    for lines in PDF_LINES:
        of_typst = min(_process("typst", lines) for _ in range(ROUNDS))
        of_pdf = min(_process("pdf", lines) for _ in range(ROUNDS))
        ratio = of_pdf / of_typst
        print(f"     {lines:>8} {of_typst:>9.3f} {of_pdf:>9.3f} {ratio:>7.2f}")
    return ratio <= PDF_AIM


def memory() -> bool:
    """Measure the memory of long PDFs; return whether they keep their aims."""
    print("\nPDF     lines  peak MiB    aim   (with the processes that typeset it)")
    holds = True
    for lines, aim in MEMORY_AIMS.items():
        peak = _process("memory", lines)
        print(f"     {lines:>8} {peak:>9.0f} {aim:>6}")
        holds = holds and peak <= aim
    return holds


def _process(what: str, lines: int) -> float:
    command = [sys.executable, "-m", "scripts.bench", what, str(lines)]
    completed = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return float(completed.stdout)


def one(what: str, lines: int) -> float:
    """Return the processor's seconds for one PDF: all of it ("pdf"), or typst's part ("typst").

    For "memory", return the most memory that it takes, in MiB.
    """
    sample = packet(lines)
    if what == "memory":
        return _peak(sample)
    options = render.Options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = build(sample, options)
        lay_out(folder, document, options)
        # Of the processor, all threads and processes: the machine may do other things beside.
        start = _processor_seconds()
        if what == "typst":
            set_pages(folder, options)
        else:
            render.pdf(sample, options)
        return _processor_seconds() - start


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peak(sample: FinancialPacket) -> float:
    """Return the most memory that a PDF takes: of this process over what it had, and of others.

    The others are counted whole, and with what this process had when it started them.
    """
    render.pdf(packet(LINES[0]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    render.pdf(sample)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return (own + others) / unit


def browser(folder: Path) -> None:
    """Measure how long chromium takes to open and show a page, against one of a single line."""
    chromium = shutil.which("chromium")
    if not chromium:
        print("\nBrowser: no chromium here.")
        return
    print("\nBrowser lines   one line s    open s   more s")
    shortest = partial(_open, chromium, folder / f"{LINES[0]}.html", folder)
    for lines in LINES[1:]:
        page = partial(_open, chromium, folder / f"{lines}.html", folder)
        of_shortest, of_page = best(shortest, page)
        print(f"     {lines:>8} {of_shortest:>12.2f} {of_page:>9.2f} {of_page - of_shortest:>8.2f}")


def _open(chromium: str, page: Path, folder: Path) -> None:
    profile = tempfile.mkdtemp(dir=folder)
    command = [
        chromium,
        *(f"--{flag}" for flag in FLAGS),
        f"--user-data-dir={profile}",
        f"--screenshot={folder / 'page.png'}",
        page.as_uri(),
    ]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    shutil.rmtree(profile, ignore_errors=True)
