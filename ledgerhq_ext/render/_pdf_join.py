"""Parts of a document, each a PDF of typst's, as one PDF: pages, tags and bookmarks."""

from __future__ import annotations

import re

from ledgerhq_ext.render._pdf_bookmarks import Bookmark, bookmarks_of, write_bookmarks
from ledgerhq_ext.render._pdf_file import PdfFile, number_of, renumbered
from ledgerhq_ext.render._pdf_writer import Compress, PdfWriter

_KEY = re.compile(rb"/StructParents? (\d+)")
_ID = re.compile(rb"/ID\(([^()]*)\)")
_CELLS = (b"<</Type/StructElem/S/TH", b"<</Type/StructElem/S/TD")
_WITH_KEYS = (b"<</Type/Page/", b"<</Type/Annot")
_ROLES = re.compile(rb"/RoleMap<<[^<>]*>>")
_COUNT_OF_PAGES = re.compile(rb"(<xmpTPg:NPages>)\d+<")
_LENGTH = re.compile(rb"/Length \d+")
_ID_OF_FILE = re.compile(rb"(?s)/ID(\[.*?\])>>\nstartxref")


class _Numbers(dict[int, int]):
    """The new numbers of a file's objects; each gets one when something refers to it."""

    def __init__(self, writer: PdfWriter, known: dict[int, int]) -> None:
        super().__init__(known)
        self._writer = writer
        self.waiting: list[int] = []
        """Objects that have a number here and are still to be written."""

    def __missing__(self, number: int) -> int:
        self[number] = self._writer.number()
        self.waiting.append(number)
        return self[number]


class JoinedPdf:
    """A PDF made of parts. The part with the first pages comes last, when it is known what follows.

    Every object of a part gets a number of its own here; the roots of the parts become one.
    """

    def __init__(self, compress: Compress) -> None:
        self._writer = PdfWriter(compress)
        self._catalog = self._writer.number()
        self._pages_root = self._writer.number()
        self._structure = self._writer.number()
        self._document = self._writer.number()
        self._outlines = self._writer.number()
        self._total = self._writer.number()
        self._parts = 0
        self._keys = 0
        self._pages: list[int] = []
        self._elements: list[int] = []
        self._bookmarks: list[Bookmark] = []
        # What stands at which key among the tags, and the heads of tables by their names.
        self._tags: list[tuple[int, int]] = []
        self._heads: list[tuple[bytes, int]] = []

    @property
    def pages(self) -> int:
        """The pages so far, without those of the first part."""
        return len(self._pages)

    def sections(self) -> list[Bookmark]:
        """Return the bookmarks of the sections that begin after the first part."""
        return [bookmark for bookmark in self._bookmarks if bookmark.level == 1]

    def add(self, file: PdfFile, sections: int) -> None:
        """Add a part in which so many sections begin, behind the others."""
        bookmarks = list(bookmarks_of(file))
        # What a part goes on with has its section's bookmark in a part before.
        deeper = sum(bookmark.level == 1 for bookmark in bookmarks) - sections
        numbers = self._write(file, [bookmark.target for bookmark in bookmarks], {})
        before = self.pages
        for bookmark in bookmarks:
            level = bookmark.level
            if deeper > 0 and level == 1:
                deeper -= 1
                level = 2
            target = numbers[bookmark.target]
            page = before + bookmark.page
            self._bookmarks.append(Bookmark(bookmark.title, level, page, target))
        self._pages += [numbers[page] for page in file.pages]
        self._elements += [numbers[kid] for kid in file.kids(file.document)]
        self._writer.pack()

    def finish(self, first: PdfFile, total: PdfFile) -> bytes:
        """Return the PDF with its first part, and the number of its pages as it is printed.

        The first part has a page at its end for every section that begins later: its contents lead
        there, and are led on to where the section stands.
        """
        sections = self.sections()
        bookmarks = list(bookmarks_of(first))
        count = len(first.pages) - len(sections)
        later = [bookmark for bookmark in bookmarks if bookmark.page > count]
        elsewhere: dict[int, int] = {}
        for stand_in, section in zip(later, sections, strict=True):
            elsewhere[stand_in.target] = section.target

        first.take_out(len(sections))
        own = [bookmark for bookmark in bookmarks if bookmark.page <= count]
        numbers = self._write(first, [bookmark.target for bookmark in own], elsewhere)
        self._write_total(total)
        pages = [numbers[page] for page in first.pages] + self._pages
        elements = [numbers[kid] for kid in first.kids(first.document)] + self._elements
        self._bookmarks[:0] = [b._replace(target=numbers[b.target]) for b in own]
        write_bookmarks(self._writer, self._outlines, self._bookmarks)
        self._write_roots(first, pages, elements)
        return self._close(first, len(pages))

    def _write(
        self, file: PdfFile, targets: list[int], elsewhere: dict[int, int]
    ) -> dict[int, int]:
        """Write the objects of a part; return their numbers here."""
        numbers = _Numbers(self._writer, elsewhere)
        numbers[number_of(file.catalog, b"Pages")] = self._pages_root
        numbers[number_of(file.catalog, b"StructTreeRoot")] = self._structure
        numbers[file.document] = self._document
        if file.form:
            numbers[file.form] = self._total
        lists = [number for _, number in file.tags_of_pages.values()]
        roots = [*file.pages, *file.kids(file.document), *lists, *targets]
        self._parts += 1
        self._copy(file, roots, numbers)
        for key, number in file.tags.items():
            # Those of pages that were taken out are nowhere.
            if number in numbers:
                self._tags.append((self._keys + key, numbers[number]))
        self._keys += max(file.tags, default=-1) + 1
        return numbers

    def _copy(self, file: PdfFile, roots: list[int], numbers: _Numbers) -> None:
        """Write objects of a file, and all that they lead to."""
        for root in roots:
            numbers[root]
        while numbers.waiting:
            number = numbers.waiting.pop()
            body = renumbered(file.objects[number], numbers)
            self._writer.put(numbers[number], self._as_own(body, numbers[number]))

    def _as_own(self, body: bytes, number: int) -> bytes:
        """Return an object under names that no other part has."""
        if body.startswith(_CELLS):
            body = body.replace(b"(U", b"(P%dU" % self._parts)
            name = _ID.search(body)
            if name:
                self._heads.append((name[1], number))
        if body.startswith(_WITH_KEYS):
            match = _KEY.search(body)
            if match:
                key = self._keys + int(match[1])
                body = body[: match.start(1)] + b"%d" % key + body[match.end(1) :]
        return body

    def _write_total(self, file: PdfFile) -> None:
        """Write what every page shows as the number of pages."""
        numbers = _Numbers(self._writer, {file.form: self._total})
        self._writer.put(self._total, renumbered(file.objects[file.form], numbers))
        self._copy(file, [], numbers)

    def _write_roots(self, first: PdfFile, pages: list[int], elements: list[int]) -> None:
        kids = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), _list(pages))
        self._writer.put(self._pages_root, kids)
        document = b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>"
        self._writer.put(self._document, document % (self._structure, _list(elements)))

        tags = self._writer.number()
        pairs = b" ".join(b"%d %d 0 R" % pair for pair in sorted(self._tags))
        self._writer.put(tags, b"<</Nums[%b]>>" % pairs)
        heads = self._writer.number()
        names = b"".join(b"(%b)%d 0 R" % pair for pair in sorted(self._heads))
        self._writer.put(heads, b"<</Names[%b]>>" % names)
        roles = _ROLES.search(first.structure)
        root = b"<</Type/StructTreeRoot%b/K[%d 0 R]/ParentTree %d 0 R/IDTree %d 0 R"
        root += b"/ParentTreeNextKey %d>>"
        role_map = roles[0] if roles else b""
        self._writer.put(
            self._structure, root % (role_map, self._document, tags, heads, self._keys)
        )

    def _close(self, first: PdfFile, pages: int) -> bytes:
        metadata = number_of(first.catalog, b"Metadata")
        numbers = {
            number_of(first.catalog, b"Pages"): self._pages_root,
            number_of(first.catalog, b"StructTreeRoot"): self._structure,
            number_of(first.catalog, b"Outlines"): self._outlines,
            metadata: self._writer.number(),
        }
        self._writer.put(self._catalog, renumbered(first.catalog, numbers))
        self._writer.put(numbers[metadata], _with_pages(first.objects[metadata], pages))
        info = self._writer.number()
        # Readable as it is: the seal is looked for here.
        self._writer.put_alone(info, first.objects[number_of(first.trailer, b"Info")])
        id = _ID_OF_FILE.search(first.trailer)
        assert id is not None
        return self._writer.close(self._catalog, info, id[1])


def _list(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _with_pages(metadata: bytes, pages: int) -> bytes:
    """Return the metadata of a document with so many pages."""
    head, separator, rest = metadata.partition(b"\nstream\n")
    content = rest.removesuffix(b"\nendstream")
    content = _COUNT_OF_PAGES.sub(rb"\g<1>%d<" % pages, content)
    return _LENGTH.sub(b"/Length %d" % len(content), head) + separator + content + b"\nendstream"
