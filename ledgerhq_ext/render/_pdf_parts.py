"""A long document in parts of some pages each: typst would need memory for all rows at once.

Every part is typeset by itself, from the row on with which a new page begins, and joined to those
before. The part with the first pages is typeset twice: at first to count its pages, and at the end,
when it is known where everything stands that its contents name.
"""

from __future__ import annotations

import json
from pathlib import Path

from ledgerhq_ext.render._pdf_drawings import TOTAL, Drawings
from ledgerhq_ext.render._pdf_file import PdfFile
from ledgerhq_ext.render._pdf_join import JoinedPdf
from ledgerhq_ext.render._pdf_process import typeset_apart
from ledgerhq_ext.render._pdf_split import Data, LongDocument, Span

WHOLE = 1_000
"""Up to so many table rows, a document is typeset in one piece."""
WHOLE_DOCUMENT: Data = {"head": True, "tail": True, "page": 1, "total": "", "elsewhere": []}
"""What a document in one piece says of itself as a part."""
_ROWS_ON_PAGE = 50


def set_in_parts(root: Path, data: Data, fonts: Path | None, description: str) -> bytes | None:
    """Return a document as PDF, typeset in parts in a folder that has the templates.

    None if it has other first pages once the numbers in its contents are known.
    """
    return _Parts(root, data, fonts, description).joined()


class _Parts:
    """The typesetting of one document in parts."""

    def __init__(self, root: Path, data: Data, fonts: Path | None, description: str) -> None:
        self._root = root
        self._long = LongDocument(data)
        self._fonts = fonts
        self._description = description
        self._drawings = Drawings(root, data["fonts"], fonts)

    def joined(self) -> bytes | None:
        """Return all parts as one PDF."""
        # Room for as many digits as the number is likely to have.
        digits = len(str(_page_about(self._long.rows)))
        self._drawings.write_total(0, digits)
        first, file = self._part(0, 1)
        count = len(file.pages)

        joined = JoinedPdf(self._drawings.compressed)
        span = first
        while not self._long.is_last(span):
            span, file = self._part(span.end, count + joined.pages + 1)
            joined.add(file, self._long.sections_in(span))

        pages = [count + section.page for section in joined.sections()]
        file = self._typeset(first, 1, pages)
        if len(file.pages) != count + len(pages):
            return None
        self._drawings.write_total(count + joined.pages, digits)
        return joined.finish(file, self._drawings.total())

    def _part(self, start: int, page: int) -> tuple[Span, PdfFile]:
        """Return the part that begins with a row, which ends where a page does."""
        span, is_complete = self._long.next_span(start)
        pages: list[int] = []
        if start == 0:
            pages = [_page_about(row) for _, row in self._long.sections_after(span)]
        file = self._typeset(span, page, pages)
        file.take_out(len(pages))
        if is_complete:
            return span, file

        # The rest of the last page would stay empty: the next part begins with it.
        rows = file.rows_on_last_page()
        if 0 < rows < span.end - start:
            file.take_out(1)
            span = Span(start, span.end - rows)
        return span, file

    def _typeset(self, span: Span, page: int, pages: list[int]) -> PdfFile:
        """Return a part as typst sets it; its first page has a number.

        ``pages`` are those on which the sections of other parts begin, for the contents.
        """
        data = self._long.part(span)
        data |= {"page": page, "total": TOTAL, "elsewhere": []}
        if pages:
            titles = [title for title, _ in self._long.sections_after(span)]
            data["elsewhere"] = list(zip(titles, pages, strict=True))
        text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
        (self._root / "packet.json").write_text(text, encoding="utf-8")
        return PdfFile(typeset_apart(self._root / "main.typ", self._fonts, self._description))


def _page_about(row: int) -> int:
    """Return about the page on which a row stands."""
    return 2 + row // _ROWS_ON_PAGE
