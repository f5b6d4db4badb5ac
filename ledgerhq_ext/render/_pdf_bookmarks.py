"""The bookmarks of a PDF: read from one of typst's, and written for several of them together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledgerhq_ext.render._pdf_file import PdfFile, number_of, references
from ledgerhq_ext.render._pdf_writer import PdfWriter

_LINK = re.compile(rb"/(First|Next) (\d+) 0 R")


class Bookmark(NamedTuple):
    """A bookmark: its title as it is written, its level, its page, and the object it leads to."""

    title: bytes
    level: int
    page: int
    target: int


def bookmarks_of(file: PdfFile) -> Iterator[Bookmark]:
    """Yield the bookmarks of a PDF, in the order of its pages, the first page counted as 1."""
    if b"/Outlines" not in file.catalog:
        return
    outlines = number_of(file.catalog, b"Outlines")
    # The numbers still to be looked at, the next one last, each with its level.
    stack = [(number_of(file.objects[outlines], b"First"), 1)]
    while stack:
        number, level = stack.pop()
        body = file.objects[number]
        start = body.index(b"/Title")
        end = body.rindex(b"/Dest")
        links = {name: int(target) for name, target in _LINK.findall(body[:start])}
        if b"Next" in links:
            stack.append((links[b"Next"], level))
        if b"First" in links:
            stack.append((links[b"First"], level + 1))

        target = number_of(body[end:], b"Dest")
        page = references(file.objects[target])[0]
        # Others lead to a page that was taken out.
        if page in file.pages:
            yield Bookmark(body[start:end], level, file.pages.index(page) + 1, target)


def write_bookmarks(writer: PdfWriter, root: int, bookmarks: Sequence[Bookmark]) -> None:
    """Write bookmarks of two levels, those of the second folded in."""
    families: list[list[Bookmark]] = []
    for bookmark in bookmarks:
        if bookmark.level == 1 or not families:
            families.append([])
        families[-1].append(bookmark)

    heads = [writer.number() for _ in families]
    for head, family, neighbors in zip(heads, families, _neighbors(heads), strict=True):
        children = [writer.number() for _ in family[1:]]
        for child, bookmark, siblings in zip(
            children, family[1:], _neighbors(children), strict=True
        ):
            writer.put(child, _item(bookmark, root=head, neighbors=siblings))
        folded = b"/First %d 0 R/Last %d 0 R/Count %d" % _ends(children, -1) if children else b""
        writer.put(head, _item(family[0], root=root, neighbors=neighbors + folded))
    writer.put(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % _ends(heads, 1))


def _ends(numbers: list[int], sign: int) -> tuple[int, int, int]:
    return numbers[0], numbers[-1], sign * len(numbers)


def _neighbors(numbers: list[int]) -> list[bytes]:
    """Return what each of several bookmarks says of the ones before and after it."""
    texts: list[bytes] = []
    for place in range(len(numbers)):
        text = b""
        if place + 1 < len(numbers):
            text += b"/Next %d 0 R" % numbers[place + 1]
        if place:
            text += b"/Prev %d 0 R" % numbers[place - 1]
        texts.append(text)
    return texts


def _item(bookmark: Bookmark, *, root: int, neighbors: bytes) -> bytes:
    title = bookmark.title
    return b"<</Parent %d 0 R%b%b/Dest %d 0 R>>" % (root, neighbors, title, bookmark.target)
