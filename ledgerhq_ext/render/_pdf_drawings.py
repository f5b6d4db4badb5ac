"""What typst makes beside the pages of a long document: its number of pages, and packed objects."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ledgerhq_ext.render._pdf_file import PdfFile, content_of, objects_of
from ledgerhq_ext.render._pdf_process import fonts_in, typeset

TOTAL = "total.pdf"
_DIGIT = 3.72
"""The width of a digit in the small print at the foot of a page, in points."""
_SIZE = 8.0
_NUMBER = """
#import "parts.typ": quiet
#let number = json("total.json")
#set page(width: number.width * 1pt, height: 8pt, margin: 0pt)
#set text(font: number.fonts, size: number.size * 1pt, fill: quiet)
#set text(number-type: "lining", number-width: "tabular")
#place(bottom + left, dy: -2pt, text(bottom-edge: "baseline", number.digits))
"""
_DRAWING = f"""
#set page(width: auto, height: auto, margin: 0pt)
#image("{TOTAL}")
"""
_PACKS = """
#for place in range({}) {{ pdf.attach("pack-" + str(place)) }}
"""
_ATTACHMENT = re.compile(rb"/F\(pack-(\d+)\).*/EF<</F (\d+) 0 R")


class Drawings:
    """What typst makes in the folder of a document, with the document's fonts."""

    def __init__(self, root: Path, families: list[str], fonts: Path | None) -> None:
        self._root = root
        self._families = families
        self._fonts = fonts_in(fonts)

    def write_total(self, number: int, digits: int) -> None:
        """Write the number of pages as a drawing that has room for so many digits.

        A longer number is smaller.
        """
        values = {
            "fonts": self._families,
            "digits": str(number),
            "size": _SIZE * min(1, digits / len(str(number))),
            "width": digits * _DIGIT,
        }
        (self._root / "total.json").write_text(json.dumps(values), encoding="utf-8")
        (self._root / TOTAL).write_bytes(self._typeset("total.typ", _NUMBER))

    def total(self) -> PdfFile:
        """Return the drawing of ``write_total`` as it stands on the pages."""
        return PdfFile(self._typeset("drawing.typ", _DRAWING))

    def compressed(self, contents: list[bytes]) -> list[bytes]:
        """Return contents compressed for streams of a PDF.

        By typst, as files that are attached to a page: what Python's zlib makes of the same bytes
        differs from machine to machine.
        """
        for place, content in enumerate(contents):
            (self._root / f"pack-{place}").write_bytes(content)
        objects = objects_of(self._typeset("packs.typ", _PACKS.format(len(contents))))

        results = list(contents)
        for body in objects.values():
            match = _ATTACHMENT.search(body)
            if match:
                results[int(match[1])] = content_of(objects[int(match[2])])
        return results

    def _typeset(self, name: str, text: str) -> bytes:
        path = self._root / name
        path.write_text(text, encoding="utf-8")
        return typeset(path, self._fonts, "")
