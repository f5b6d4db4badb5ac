"""The documents for the firm's clients: the packet as HTML and PDF, the ledger as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ledgerhq_ext import FinancialPacket, Organization, render, review
from scripts.files import write_text

FIRM = "Birch & Partners"
FOOTER = "Prepared by Birch & Partners from the books kept in LedgerHQ. Unaudited."
LOOKS = {
    "downtown": render.Options(firm=FIRM, footer=FOOTER, color="#1f4e5f", locale="en_US"),
    "harbor": render.Options(firm=FIRM, footer=FOOTER, color="#5a3e7a", locale="en_US"),
    "ginza": render.Options(firm=FIRM, footer=FOOTER, color="#8c2f39", locale="ja_JP"),
}


def write(
    folder: Path, store: str, packet: FinancialPacket, before: FinancialPacket
) -> Iterator[str]:
    """Write packet.html, packet.pdf and ledger.xlsx.

    Yield why one of them does not show the packet.
    """
    options = LOOKS[store]
    paths = (
        render.write_html(packet, folder / "packet.html", options, compare=before),
        render.write_pdf(packet, folder / "packet.pdf", options, compare=before),
        render.write_xlsx(packet, folder / "ledger.xlsx", options, compare=before),
    )
    for path in paths:
        verdict = render.verify(path, packet, compare=before)
        if not verdict:
            yield f"{store}/{path.name}: {verdict.reason}"


def write_review(folder: Path, store: str, books: Organization, packet: FinancialPacket) -> int:
    """Write what is left to review as a page, and as a file to fill in.

    Return how many rows that is.
    """
    table = review.read_table(books, as_of=packet.period.end_date)
    options = LOOKS[store]
    look = render.Options(
        title="Bank review", firm=FIRM, color=options.color, locale=options.locale
    )
    write_text(folder / "review.html", table.html(look))
    table.write_decisions(folder / "decisions.csv")
    return len(table)
