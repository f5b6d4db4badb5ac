"""A PDF written object by object: small ones packed together, so that tags take little room."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledgerhq_ext.render._pdf_file import is_stream

Compress = Callable[[list[bytes]], list[bytes]]

_HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
_PACKED = 200
"""Objects that are packed together: a viewer unpacks all of them to read one."""
_FREE, _PLACE, _IN_PACK = range(3)


class PdfWriter:
    """A PDF that grows by objects, each under the number that it was promised."""

    def __init__(self, compress: Compress) -> None:
        self._compress = compress
        self._file = bytearray(_HEADER)
        self._count = 0
        # By number: its kind, then its offset in the file, or its pack and its place in there.
        self._entries: dict[int, tuple[int, int, int]] = {0: (_FREE, 0, 0xFFFF)}
        self._small: list[tuple[int, bytes]] = []

    def number(self) -> int:
        """Return the number of an object that is still to be written."""
        self._count += 1
        return self._count

    def put(self, number: int, body: bytes) -> None:
        """Write an object: a stream now, anything else when the next pack is written."""
        if is_stream(body):
            self.put_alone(number, body)
        else:
            self._small.append((number, body))

    def put_alone(self, number: int, body: bytes) -> None:
        """Write an object as it is, where everybody can read it."""
        self._entries[number] = (_PLACE, len(self._file), 0)
        self._file += b"%d 0 obj\n%b\nendobj\n" % (number, body)

    def pack(self) -> None:
        """Write the small objects that came since, compressed."""
        packs = list(self._packs())
        contents = self._compress([content for _, content in packs])
        for (head, _), content in zip(packs, contents, strict=True):
            number = self.number()
            for place, (small, _) in enumerate(self._small[:_PACKED]):
                self._entries[small] = (_IN_PACK, number, place)
            del self._small[:_PACKED]
            self.put_alone(number, _stream(head, content))

    def _packs(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the small objects in packs: what to say of a pack, and its content."""
        for start in range(0, len(self._small), _PACKED):
            objects = self._small[start : start + _PACKED]
            index: list[bytes] = []
            offset = 0
            for number, body in objects:
                index.append(b"%d %d" % (number, offset))
                offset += len(body) + 1

            first = b" ".join(index) + b"\n"
            head = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(first))
            yield head, first + b"".join(body + b"\n" for _, body in objects)

    def close(self, root: int, info: int, id: bytes) -> bytes:
        """Return the file, which names its first object, its title and keywords, and itself."""
        self.pack()
        number = self.number()
        start = len(self._file)
        self._entries[number] = (_PLACE, start, 0)
        entries = b"".join(_entry(*self._entries[at]) for at in range(number + 1))
        head = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID%b"
        [content] = self._compress([entries])
        self.put_alone(number, _stream(head % (number + 1, root, info, id), content))
        self._file += b"startxref\n%d\n%%%%EOF" % start
        return bytes(self._file)


def _entry(kind: int, first: int, second: int) -> bytes:
    return kind.to_bytes(1, "big") + first.to_bytes(4, "big") + second.to_bytes(2, "big")


def _stream(head: bytes, content: bytes) -> bytes:
    """Return a compressed stream."""
    return b"<<%b/Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (
        head,
        len(content),
        content,
    )
