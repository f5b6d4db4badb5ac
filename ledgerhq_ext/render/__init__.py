"""Packets people read: HTML, PDF, XLSX and CSV of a financial packet, and a check that they say what it says.

    from ledgerhq_ext import render

    packet = books.financial_packet("2026-06")
    render.write_html(packet, "packet.html", render.Options(firm="Ledger & Sons"))
    render.write_pdf(packet, "packet.pdf")
    assert render.verify("packet.pdf", packet)

Needs the extra ``render``: ``pip install 'ledgerhq-ext[render]'``.
"""

from importlib.util import find_spec as _find

_missing = [name for name in ("babel", "jinja2", "typst", "xlsxwriter") if _find(name) is None]
if _missing:
    raise ImportError(
        f"ledgerhq_ext.render needs {', '.join(_missing)}: pip install 'ledgerhq-ext[render]'", name=_missing[0]
    )

from ledgerhq_ext.render.build import fingerprint  # noqa: E402 - after the check
from ledgerhq_ext.render.options import Options  # noqa: E402
from ledgerhq_ext.render.verifying import Verdict, verify  # noqa: E402
from ledgerhq_ext.render.writing import (  # noqa: E402
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
