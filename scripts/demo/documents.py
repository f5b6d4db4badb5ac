"""The documents for the firm's clients: packet, ledger, management pack, and rows to review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from ledgerhq_ext import FinancialPacket, Organization, render, review
from ledgerhq_ext.pack import Group, ManagementPack
from scripts.files import write_text

FIRM = "Birch & Partners"
FOOTER = "Prepared by Birch & Partners from the books kept in LedgerHQ. Unaudited."
LOOKS = {
    "downtown": render.Options(firm=FIRM, footer=FOOTER, color="#1f4e5f", locale="en_US"),
    "harbor": render.Options(firm=FIRM, footer=FOOTER, color="#5a3e7a", locale="en_US"),
    "ginza": render.Options(firm=FIRM, footer=FOOTER, color="#8c2f39", locale="ja_JP"),
}

GROUPS: dict[str, Group] = {"4900": "other_income", "6600": "depreciation"}
"""The kinds of accounts that the sandbox's chart does not say."""
LETTER = """
Enclosed is the management pack of the month. It compares the result with the month before and with
the same month a year ago, shows where cash came from and went, and lists what is owed to suppliers.

Please call us with any question. We look forward to going through it with you.
"""


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


def write_pack(folder: Path, store: str, pack: ManagementPack) -> Iterator[str]:
    """Write the client's pack as PDF, HTML and a workbook, and the working papers as PDF.

    Yield why one of them does not show the pack.
    """
    papers = evolve(LOOKS[store], title="Working papers", sections=render.WORKING_PAPERS)
    client = evolve(
        LOOKS[store],
        title="Management pack",
        sections=render.CLIENT_SECTIONS,
        letter=LETTER,
        assurance=render.NO_ASSURANCE,
        preparer="Jo Birch",
    )
    paths = (
        render.write_pdf(pack, folder / "pack.pdf", client),
        render.write_html(pack, folder / "pack.html", client),
        render.write_xlsx(pack, folder / "pack.xlsx", client),
        render.write_pdf(pack, folder / "working-papers.pdf", papers),
    )
    for path in paths:
        verdict = render.verify(path, pack)
        if not verdict:
            yield f"{store}/{path.name}: {verdict.reason}"


def write_review(folder: Path, store: str, books: Organization, packet: FinancialPacket) -> int:
    """Write what is left to review as a page, and as files to fill in.

    Return how many rows that is.
    """
    table = review.read_table(books, as_of=packet.period.end_date)
    options = LOOKS[store]
    look = render.Options(
        title="Bank review", firm=FIRM, color=options.color, locale=options.locale
    )
    write_text(folder / "review.html", table.html(look))
    table.write_decisions(folder / "decisions.csv")
    table.write_workbook(folder / "review.xlsx", books.accounts())
    return len(table)
