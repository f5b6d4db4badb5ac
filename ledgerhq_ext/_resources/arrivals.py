"""A page as it arrives in a walk: which of its rows are new there."""

from __future__ import annotations

from operator import attrgetter
from typing import Generic, TypeVar

from attrs import frozen

from ledgerhq_ext._resources.id_sets import IdSet
from ledgerhq_ext._resources.listing import Page

T = TypeVar("T")

_id_of = attrgetter("id")


@frozen(eq=False)
class Arrival(Generic[T]):
    """A page, the ids of its rows, and which of these the walk has not given yet."""

    page: Page[T]
    ids: list[str]
    new: set[str]

    def new_items(self) -> tuple[T, ...]:
        """Return the rows that the walk has not given yet, each once."""
        items = self.page.items
        if len(self.new) == len(items):
            return items

        # Pages may overlap while rows come and go, and a page may hold a row twice.
        left = set(self.new)
        new: list[T] = []
        for id, item in zip(self.ids, items, strict=True):
            if id in left:
                left.remove(id)
                new.append(item)
        return tuple(new)


def arrival(page: Page[T], ids: IdSet) -> Arrival[T]:
    """Return a page with what is new of it to a walk that has given these ids."""
    own = list(map(_id_of, page.items))
    return Arrival(page, own, ids.missing(own))
