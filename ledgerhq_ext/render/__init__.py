"""Documents from a financial packet (HTML, PDF, XLSX and CSV), and a check that a document matches
its packet.

    from ledgerhq_ext import render

    packet = books.financial_packet("2026-06")
    render.write_html(packet, "packet.html", render.Options(firm="Ledger & Sons"))
    render.write_pdf(packet, "packet.pdf")
    assert render.verify("packet.pdf", packet)

It needs the extra ``[render]``: ``pip install 'ledgerhq-ext[render]'``.
"""

from ledgerhq_ext._extras import require

require("rendering", "render", "babel", "jinja2", "typst", "xlsxwriter")

from ledgerhq_ext.render._finishing import CLIENT_SECTIONS, NO_ASSURANCE, WORKING_PAPERS
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.render._sources import fingerprint
from ledgerhq_ext.render._verifying import Verdict, verify
from ledgerhq_ext.render._writing import (
    csv,
    html,
    pdf,
    statement,
    write_csv,
    write_html,
    write_pdf,
    write_xlsx,
    xlsx,
)

__all__ = [
    "CLIENT_SECTIONS",
    "NO_ASSURANCE",
    "WORKING_PAPERS",
    "Options",
    "Verdict",
    "csv",
    "fingerprint",
    "html",
    "pdf",
    "statement",
    "verify",
    "write_csv",
    "write_html",
    "write_pdf",
    "write_xlsx",
    "xlsx",
]
