"""What the options do to a document once it is built: its sections, and the firm's words."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from ledgerhq_ext._message import message as _
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._document import Document, Section, Signer
from ledgerhq_ext.render._options import Options

CLIENT_SECTIONS = (
    "profit-and-loss",
    "year-to-date",
    "trend",
    "balance-sheet",
    "cash-flow",
    "ratios",
    "payables",
    "bank-reconciliation",
)
"""The sections of a management pack that a client gets."""

WORKING_PAPERS = ("trial-balance", "checks", "general-ledger")
"""The sections of a management pack that the firm keeps."""

NO_ASSURANCE = _(
    "These statements were compiled from the company's books. They have not been audited or "
    "reviewed, and no assurance is expressed on them."
)
"""The words of an accountant who gives no assurance."""

_DRAFT = _("DRAFT")


def finished(document: Document, options: Options) -> Document:
    """Return a document with the sections and the words that the options ask for.

    Raises ``InputError`` for the id of a section that the document does not have.
    """
    _check_ids(document, options)
    notes = dict(options.notes)
    sections: list[Section] = []
    for section in document.sections:
        if options.sections and section.id not in options.sections:
            continue
        note = (*section.note, *notes.get(section.id, ()))
        sections.append(evolve(section, note=note))

    # On every page and sheet, since pages of a document are passed on alone.
    marks = (*document.marks, _DRAFT) if options.draft else document.marks
    return evolve(
        document,
        sections=tuple(sections),
        letter=options.letter,
        assurance=tuple(_(paragraph) for paragraph in options.assurance),
        signers=tuple(_signers(options)),
        marks=marks,
    )


def _check_ids(document: Document, options: Options) -> None:
    ids = [section.id for section in document.sections]
    for id in (*options.sections, *dict(options.notes)):
        if id not in ids:
            raise InputError(
                f"This document has no section {id!r}; it has: {', '.join(ids) or 'none'}."
            )


def _signers(options: Options) -> Iterator[Signer]:
    if options.preparer:
        yield Signer(_("Prepared by"), options.preparer)
    if options.reviewer:
        yield Signer(_("Reviewed by"), options.reviewer)
