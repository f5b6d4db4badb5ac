"""Lists of the service: what to list, and one page of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from ledgerhq_ext import _checks as checks
from ledgerhq_ext._calls import explain, list_call
from ledgerhq_ext._continuation import check_total, places_of, says_more
from ledgerhq_ext._http.call import perform
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._operations import ListOperation
from ledgerhq_ext._wire import (
    Record,
    ShortRepr,
    json_document,
    json_text,
    read,
    read_back,
    read_back_many,
    written,
)
from ledgerhq_ext.errors import ContractError, InputError

T = TypeVar("T")
R = TypeVar("R", bound=Record)

PAGE_SIZE = 100
ORGANIZATIONS_PAGE_SIZE = 250


@frozen(kw_only=True, repr=False)
class Page(ShortRepr, Generic[T]):
    """One page of a list, as the service returned it.

    Numbered pages have a ``number`` and a ``total``, cursor pages a ``next_cursor``, which is None
    on the last.
    """

    items: tuple[T, ...]
    total: int | None = None
    limit: int | None = None
    next_cursor: str | None = None
    number: int | None = None
    is_followed: bool = field(default=False, eq=False, repr=False)
    """True where the service says that more pages follow, whatever it counts."""

    @property
    def has_more(self) -> bool:
        """True when the list went on behind this page at the moment it was read.

        Raises ``InputError`` for a page that was written down without its number.
        """
        if self.total is None:
            return self.next_cursor is not None
        if self.number is None or self.limit is None:
            raise InputError(
                "This page was written down without its number or its limit, so that nobody can "
                "say whether more rows follow: read it again with page(number)."
            )
        return self.is_followed or self.number * self.limit < self.total

    def to_dict(self) -> dict[str, Any]:
        """Return the page in the contract's envelope, its records as their ``to_dict`` gives them.

        A numbered page has ``pagination`` (page, limit, total), any other page ``nextCursor``,
        which is None on the last.
        """
        from ledgerhq_ext._resources.envelopes import Pagination

        document: dict[str, Any] = {"data": [written(item) for item in self.items]}
        if self.total is None:
            document["nextCursor"] = self.next_cursor
        else:
            place = Pagination(page=self.number, limit=self.limit, total=self.total)
            document["pagination"] = written(place)
        return document

    def to_json(self) -> str:
        """Return ``to_dict()`` as compact JSON text that can be encoded in UTF-8."""
        return json_text(self.to_dict())

    @classmethod
    def from_dict(cls, document: dict[str, Any], record_class: type[R]) -> Page[R]:
        """Read a page of such records that ``to_dict`` wrote.

        Raises ``InputError`` that says what does not fit, and where (a JSON pointer).
        """
        from ledgerhq_ext._resources.envelopes import Place

        name = f"page of {record_class.__name__}"
        place = read_back(Place, document, name=name)
        items = read_back_many(record_class, document.get("data"), name=name, pointer="/data")
        pagination = place.pagination
        if pagination is None:
            return Page(items=items, next_cursor=place.next_cursor)
        return Page(
            items=items, total=pagination.total, limit=pagination.limit, number=pagination.page
        )

    @classmethod
    def from_json(cls, text: str, record_class: type[R]) -> Page[R]:
        """Read a page of such records that ``to_json`` wrote; errors as ``from_dict``."""
        return cls.from_dict(json_document(f"page of {record_class.__name__}", text), record_class)


class Listing(Generic[T]):
    """A list: its operation, its organization, and its filters (in the wire's names)."""

    def __init__(
        self,
        *,
        session: Session,
        operation: ListOperation[T],
        organization_id: str | None = None,
        id: str | None = None,
        query: Mapping[str, Any] | None = None,
        page_size: int = PAGE_SIZE,
        cursor: str | None = None,
    ) -> None:
        # Numbered pages overlap by a row, which takes two.
        least = 2 if operation.listing == "numbered" else 1
        checks.check_whole(page_size, "page_size", least)
        self.session = session
        self.operation = operation
        self.organization_id = organization_id
        self.id = id
        self.query: Mapping[str, Any] = query or {}
        self.page_size = page_size
        self.cursor = cursor

    @property
    def route(self) -> ListOperation[T]:
        """The operation on the route that all pages of this list are read on."""
        return self.operation.on(self.session.carrier, self.query)

    async def fetch(self, **place: Any) -> Page[T]:
        """Return one page: by ``page`` and ``limit``, or by ``cursor`` and ``limit``."""

        def make_page(items: tuple[T, ...], document: dict[str, Any]) -> Page[T]:
            """Return the records with where they stand in the list."""
            page = Page(
                items=items, number=place.get("page"), **_place_of(self.operation, document)
            )
            is_only_page = page.total is None and page.next_cursor is None
            if is_only_page and place.get("cursor") is None:
                check_total(document, len(items))
            return page

        call = list_call(
            self.route,
            make_page,
            organization_id=self.organization_id,
            id=self.id,
            query={**self.query, **place},
        )
        return await perform(self.session, call)

    def problem(self, message: str, pointer: str) -> ContractError:
        """Return the error of a list whose pages do not make a complete one."""
        error = ContractError(message, pointer=pointer)
        return explain(error, self.route, organization_id=self.organization_id, id=self.id)


def _place_of(operation: ListOperation[Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return the place of a page in its list, as the fields of ``Page``."""
    if operation.listing == "cursor":
        return {"next_cursor": _next_cursor(document)}

    pagination = document.get("pagination")
    if not isinstance(pagination, dict):
        pagination = {}
    return {
        "total": _size(pagination, "total"),
        "limit": _size(pagination, "limit"),
        "is_followed": any(says_more(place) for _, place in places_of(document)),
    }


def _size(pagination: dict[str, Any], name: str) -> int:
    pointer = f"/pagination/{name}"
    value = read(int, pagination.get(name), pointer=pointer)
    if value < 0:
        raise ContractError("expected an integer of zero or more", pointer=pointer)

    return value


def _next_cursor(document: dict[str, Any]) -> str | None:
    """Return the cursor that a page leads to; None on the last page."""
    cursor = document.get("nextCursor")
    if cursor is not None and not isinstance(cursor, str):
        raise ContractError(f"expected a string or null, found {cursor!r}", pointer="/nextCursor")

    # The contract does not promise "hasMore"; where it is there, it counts.
    has_more = document.get("hasMore")
    if has_more is False or not cursor:
        cursor = None
    if has_more is True and cursor is None:
        raise ContractError(
            "the page says that more rows follow, but has no cursor that leads to them",
            pointer="/hasMore",
        )
    if cursor is not None or has_more is False:
        return cursor

    for pointer, place in places_of(document):
        if says_more(place):
            raise ContractError(
                "the page says that more pages follow, but has no cursor that leads to them",
                pointer=pointer,
            )
        if place.get("truncated") is True:
            raise ContractError("the list is truncated", pointer=f"{pointer}/truncated")
    return None
