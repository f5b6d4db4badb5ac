"""Two renderings of one packet side by side: a figure differs, or only how the rest is written."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest
from typing import NamedTuple

from attrs import frozen

from ledgerhq_ext._plain import brief, plain

_CELL = re.compile(r"<c [^>]*>(.*?)</c>", re.DOTALL)
_FORMULA = re.compile(r"<f>[^<]*</f>")
_TAG = re.compile(r"<[^>]*>")
_LARGEST_SHEET = 1 << 28
_SHOWN = 60
_FIGURES = {"n", "m", "value"}
"""The classes of figures on a page."""


@frozen
class Difference:
    """A text of a document, and what the packet gives in its place."""

    text: str
    expected: str
    is_figure: bool

    def __str__(self) -> str:
        return f"'{_shown(self.text)}' stands where '{_shown(self.expected)}' belongs"


def _shown(text: str) -> str:
    return brief(plain(text), _SHOWN)


def first_difference(document: bytes, expected: bytes, currency: str) -> Difference | None:
    """Return the first amount or count that differs, else the first other text.

    None where every text is the same.
    Figures are compared by their digits: a version of babel may group or mark them in another way.
    Dates are other texts, since it may write them in any way.
    """
    in_words: Difference | None = None
    nothing = _Text("")
    texts = _texts(document, currency)
    expected_texts = _texts(expected, currency)
    for one, other in zip_longest(texts, expected_texts, fillvalue=nothing):
        if one.text == other.text:
            continue
        is_figure = one.is_figure or other.is_figure
        if is_figure and _digits(one.text) != _digits(other.text):
            return Difference(one.text, other.text, is_figure=True)
        if in_words is None:
            in_words = Difference(one.text, other.text, is_figure=False)
    return in_words


class _Text(NamedTuple):
    text: str
    is_figure: bool = False


def _digits(text: str) -> str:
    """Return the digits of a figure, with a minus in front where it is below zero."""
    digits = re.sub(r"\D", "", text)
    is_negative = text.startswith("-") or "(" in text or "−" in text
    return f"-{digits}" if is_negative else digits


def _texts(data: bytes, currency: str) -> Iterator[_Text]:
    if data.startswith(b"PK"):
        return _cells(data, currency)
    return _page_texts(data)


def _page_texts(data: bytes) -> Iterator[_Text]:
    reader = _PageReader()
    reader.feed(data.decode("utf-8", "replace"))
    reader.close()
    yield from reader.texts


class _PageReader(HTMLParser):
    """Collects the words between the tags of a page, which marks its figures."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[_Text] = []
        self._tag = ""
        self._is_figure = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice which tag the next words stand in."""
        classes = (dict(attrs).get("class") or "").split()
        self._tag = tag
        self._is_figure = tag == "b" or not _FIGURES.isdisjoint(classes)

    def handle_endtag(self, _: str) -> None:
        """Notice that the words of a tag are over."""
        self._tag = ""
        self._is_figure = False

    def handle_data(self, data: str) -> None:
        """Add the words between two tags."""
        # Blanks between tags are layout, and a style sheet is none of the document's words.
        if self._tag != "style" and data.strip():
            self.texts.append(_Text(data.strip(), self._is_figure))


def _cells(data: bytes, currency: str) -> Iterator[_Text]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # In one order, whatever that of the archive is.
        for name in sorted(archive.namelist()):
            if name.startswith("xl/worksheets/sheet"):
                yield from _cells_of(archive, name, currency)


def _cells_of(archive: zipfile.ZipFile, name: str, currency: str) -> Iterator[_Text]:
    """Yield the texts of a sheet's cells.

    No XML parser is let at what strangers send, and no more is read than a sheet can be.
    """
    with archive.open(name) as file:
        sheet = file.read(_LARGEST_SHEET).decode("utf-8", "replace")
    for cell in _CELL.finditer(sheet):
        # The result of a formula is what the document says.
        text = html.unescape(_TAG.sub("", _FORMULA.sub("", cell[1])))
        yield _Text(text, _is_figure(text, currency))


def _is_figure(text: str, currency: str) -> bool:
    """Return True for an amount or a number, False for a name."""
    rest = text.replace(currency, "")
    has_digits = any(sign.isdigit() for sign in rest)
    has_letters = any(sign.isalpha() for sign in rest)
    return has_digits and not has_letters
