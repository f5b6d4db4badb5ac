"""A set of ids that grows by some twenty bytes with each one, however long they are.

A set of strings takes seven times that, and a walk over a company's whole register has to know
every id that it gave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_AS_TEXT = 1_000
_SHELVES = 4_096
_DIGEST_SIZE = 16


class IdSet:
    """Ids that were added, the latest as they are, and the others as digests of 16 bytes.

    Two of a billion ids have the same digest once in 10²⁰ such sets.
    """

    __slots__ = ("_digests", "_shelves", "_texts")

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._shelves: list[bytearray] = []
        self._digests = 0

    def __len__(self) -> int:
        return len(self._texts) + self._digests

    def __contains__(self, id: str) -> bool:
        return not self.missing((id,))

    def missing(self, ids: Iterable[str]) -> set[str]:
        """Return those that are not here."""
        missing = set(ids) - self._texts
        if not self._shelves:
            return missing
        return {id for id in missing if not self._is_on_shelf(id)}

    def update(self, ids: Iterable[str]) -> None:
        """Add ids."""
        self._texts.update(self.missing(ids) if self._shelves else ids)
        if len(self._texts) > _AS_TEXT:
            self._put_on_shelves()

    def _is_on_shelf(self, id: str) -> bool:
        digest = _digest(id)
        # Across the border of two others it is as unlikely as any digest that is the same.
        return digest in self._shelves[_number(digest)]

    def _put_on_shelves(self) -> None:
        if not self._shelves:
            self._shelves = [bytearray() for _ in range(_SHELVES)]
        for id in self._texts:
            digest = _digest(id)
            self._shelves[_number(digest)] += digest
        self._digests += len(self._texts)
        self._texts.clear()


def _digest(id: str) -> bytes:
    # Ids are what the service says, also half of a surrogate pair.
    content = id.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=_DIGEST_SIZE).digest()


def _number(digest: bytes) -> int:
    """Return the number of the shelf that a digest stands on: its first twelve bits."""
    return digest[0] << 4 | digest[1] >> 4
