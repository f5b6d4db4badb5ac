"""A PDF as typst writes it: every object by its number, references found, pages taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_PLAIN = rb"[^()\\]|\\."
_DEPTH = 24
_END_OF_OBJECT = b"\nendobj"
_END_OF_STREAM = b"\nendstream"
_STREAM = b"\nstream\n"
_CONTAINERS = (b"Document", b"Table", b"TBody")
"""The elements that may go on from page to page without being cut in two."""


def _string() -> bytes:
    """Return the pattern of a text in parentheses, which can have parentheses within."""
    inner = _PLAIN
    for _ in range(_DEPTH):
        inner = rb"%s|\((?:%s)*\)" % (_PLAIN, inner)
    return rb"\((?:%s)*\)" % inner


# Texts are skipped: an account may be named "1 0 R".
_TOKENS = re.compile(rb"(?s)" + _string() + rb"|\b(\d+) 0 R\b")
_REFERENCE = re.compile(rb"(\d+) 0 R\b")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_PARENT = re.compile(rb"/P (\d+) 0 R")
_KIND = re.compile(rb"/S/(\w+)")
_KEY = re.compile(rb"/StructParents (\d+)")
_NUMBERS = re.compile(rb"/ParentTree<</Nums\[([^\]]*)\]")
_FORM = b"/Subtype/Form"
_PAIR = re.compile(rb"(\d+) (\d+) 0 R")


def references(body: bytes) -> list[int]:
    """Return the numbers of the objects that an object refers to."""
    head, _, _ = body.partition(_STREAM)
    if _is_plain(head):
        return [int(number) for number in _REFERENCE.findall(head)]
    return [int(match[1]) for match in _TOKENS.finditer(head) if match[1]]


def _is_plain(head: bytes) -> bool:
    """Return whether no text of an object can be taken for a reference: most have none at all."""
    return b" 0 R" not in head[head.find(b"(") : head.rfind(b")")]


def renumbered(body: bytes, numbers: dict[int, int]) -> bytes:
    """Return an object that refers to the same objects by other numbers."""

    def token(match: re.Match[bytes]) -> bytes:
        """Return a reference by its new number, and a text as it is."""
        if match[1] is None:
            return match[0]
        return b"%d 0 R" % numbers[int(match[1])]

    head, separator, stream = body.partition(_STREAM)
    pattern = _REFERENCE if _is_plain(head) else _TOKENS
    return pattern.sub(token, head) + separator + stream


def is_stream(body: bytes) -> bool:
    """Return whether an object is a stream, which stands in a file by itself."""
    return body.endswith(_END_OF_STREAM)


def number_of(body: bytes, name: bytes) -> int:
    """Return the number of the object that stands under a name."""
    match = re.search(rb"/%s (\d+) 0 R" % name, body)
    if match is None:
        raise ValueError(f"the PDF has no {name.decode()}")
    return int(match[1])


class PdfFile:
    """The objects of a PDF, whose pages at the end can be taken out, tags and all."""

    def __init__(self, data: bytes) -> None:
        self.objects = objects_of(data)
        self.trailer = data[data.index(b"trailer", _table(data)) :]
        self.catalog = self.objects[number_of(self.trailer, b"Root")]
        self.pages = references(self.objects[number_of(self.catalog, b"Pages")])
        self.structure = self.objects[number_of(self.catalog, b"StructTreeRoot")]
        self.document = references(_kids(self.structure))[0]
        nums = _NUMBERS.search(self.structure)
        pairs = _PAIR.findall(nums[1]) if nums else []
        self.tags = {int(key): int(number) for key, number in pairs}
        """What stands at which key: a list of a page's elements, or a link's element."""
        self.form = self._form()

    def _form(self) -> int:
        """Return the drawing that stands on every page: zero where there is none."""
        for number, body in self.objects.items():
            if is_stream(body) and _FORM in body.partition(_STREAM)[0]:
                return number
        return 0

    @property
    def tags_of_pages(self) -> dict[int, tuple[int, int]]:
        """The key of every page among the tags, and the object that lists its elements."""
        tags: dict[int, tuple[int, int]] = {}
        for page in self.pages:
            match = _KEY.search(self.objects[page])
            if match:
                key = int(match[1])
                tags[page] = (key, self.tags[key])
        return tags

    def kids(self, element: int) -> list[int]:
        """Return the elements that stand in an element."""
        return references(_kids(self.objects[element]))

    def rows_on_last_page(self) -> int:
        """Return how many rows of tables stand on the last page.

        None can be told apart, and the result is zero, where the page is the only one, or goes on
        with a row or a paragraph of the page before.
        """
        on_last = self._elements(self.pages[-1:])
        # What goes on from any page before goes on from this one.
        before = self._elements(self.pages[-2:-1])
        cut = {self._kind(element) for element in on_last & before}
        if len(self.pages) == 1 or not cut.issubset(_CONTAINERS):
            return 0

        rows = 0
        for element in on_last:
            if self._kind(element) == b"TBody":
                rows += len(self._rows_from(element, before))
        return rows

    def _rows_from(self, body: int, before: set[int]) -> list[int]:
        """Return the rows of a table from the first one that does not stand on pages before."""
        rows = self.kids(body)
        last = max((at for at, row in enumerate(rows) if row in before), default=-1)
        return rows[last + 1 :]

    def take_out(self, count: int) -> None:
        """Take out so many pages at the end, with the tags of what stands on them."""
        if not count:
            return
        on_them = self._elements(self.pages[-count:])
        # What stays of these stands on the page before, too.
        kept = self._elements(self.pages[-count - 1 : -count])
        gone = on_them - kept
        # Rows without any text stand on no page; they go with those around them.
        for element in on_them & kept:
            if self._kind(element) == b"TBody":
                gone.update(self._rows_from(element, kept))

        for parent in {self._parent(element) for element in gone} - gone:
            self._remove_kids(parent, gone)
        del self.pages[-count:]

    def _remove_kids(self, parent: int, gone: set[int]) -> None:
        body = self.objects[parent]
        kids = [kid for kid in references(_kids(body)) if kid not in gone]
        start, end = _span(body)
        self.objects[parent] = body[:start] + b" ".join(b"%d 0 R" % k for k in kids) + body[end:]

    def _elements(self, pages: Iterable[int]) -> set[int]:
        """Return the elements that have something on pages, with all that they stand in."""
        elements: set[int] = set()
        tags = self.tags_of_pages
        for page in pages:
            _, listed = tags[page]
            for element in set(references(self.objects[listed])):
                elements.update(self._with_ancestors(element, elements))
        return elements

    def _with_ancestors(self, element: int, known: set[int]) -> Iterator[int]:
        while element not in known:
            yield element
            if element == self.document:
                return
            element = self._parent(element)

    def _parent(self, element: int) -> int:
        match = _PARENT.search(self.objects[element])
        assert match is not None
        return int(match[1])

    def _kind(self, element: int) -> bytes:
        match = _KIND.search(self.objects[element])
        return match[1] if match else b""


def content_of(stream: bytes) -> bytes:
    """Return what a stream contains, compressed as it is."""
    return stream.partition(_STREAM)[2].removesuffix(_END_OF_STREAM)


def objects_of(data: bytes) -> dict[int, bytes]:
    """Return the objects of a PDF, by the table that says where each begins."""
    table = _table(data)
    head, _, rest = data[table:].partition(b"\n")[2].partition(b"\n")
    count = int(head.split()[1])
    entries = [rest[at * 20 : at * 20 + 20] for at in range(count)]
    places = sorted((int(entry[:10]), n) for n, entry in enumerate(entries) if entry[17:18] == b"n")
    ends = [place for place, _ in places[1:]] + [table]

    objects: dict[int, bytes] = {}
    for (place, number), end in zip(places, ends, strict=True):
        start = data.index(b"\n", place) + 1
        objects[number] = data[start : data.rindex(_END_OF_OBJECT, start, end)]
    return objects


def _table(data: bytes) -> int:
    return int(data[data.rindex(b"startxref") + 9 :].split()[0])


def _span(body: bytes) -> tuple[int, int]:
    match = _KIDS.search(body)
    assert match is not None
    return match.span(1)


def _kids(body: bytes) -> bytes:
    """Return the list of what an element contains, as it is written."""
    start, end = _span(body)
    return body[start:end]
