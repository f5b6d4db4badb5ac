"""`make bench`: print the measurements; 1 when an aim is missed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from scripts.bench import calls, documents, drains, hops, limits, start


def main(arguments: list[str]) -> int:
    """Print every measurement.

    With arguments one alone, for a process of its own: its name, and the lines.
    """
    if arguments:
        print(documents.one(arguments[0], int(arguments[1])))
        return 0

    hops_hold = hops.report()
    start_holds = start.report()
    calls_hold = calls.report()
    drains_hold = drains.report()
    limits.report()
    with tempfile.TemporaryDirectory() as name:
        html_holds = documents.htmls(Path(name))
        pdf_holds = documents.pdfs()
        memory_holds = documents.memory()
        documents.browser(Path(name))
    html_aim = f"HTML of {documents.LINES[-1]} lines within {documents.HTML_AIM} times plain rows"
    pdf_aim = f"PDF of {documents.PDF_LINES[-1]} lines within {documents.PDF_AIM} times typst"
    print(f"\nAim: {html_aim}: {_verdict(html_holds)}")
    print(f"Aim: {pdf_aim}: {_verdict(pdf_holds)}")
    print(f"Aim: the memory of a long PDF within what is said there: {_verdict(memory_holds)}")
    holds = (hops_hold, start_holds, calls_hold, drains_hold, html_holds, pdf_holds, memory_holds)
    return 0 if all(holds) else 1


def _verdict(holds: bool) -> str:
    return "kept" if holds else "MISSED"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
