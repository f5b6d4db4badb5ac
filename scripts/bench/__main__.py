"""`make bench`: print the measurements; 1 when an aim is missed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from scripts.bench import documents


def main(arguments: list[str]) -> int:
    """Everything, or, for a process of its own, one measurement: what, and how many lines."""
    if arguments:
        print(documents.one(arguments[0], int(arguments[1])))
        return 0
    with tempfile.TemporaryDirectory() as name:
        html_kept = documents.htmls(Path(name))
        pdf_kept = documents.pdfs()
        documents.browser(Path(name))
    print(
        f"\nAim: HTML of {documents.LINES[-1]} lines within {documents.HTML_AIM} times plain rows: {_said(html_kept)}"
    )
    print(f"Aim: PDF of {documents.PDF_LINES[-1]} lines within {documents.PDF_AIM} times typst: {_said(pdf_kept)}")
    return 0 if html_kept and pdf_kept else 1


def _said(kept: bool) -> str:
    return "kept" if kept else "MISSED"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
