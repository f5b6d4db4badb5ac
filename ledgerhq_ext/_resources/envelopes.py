"""What the envelope of a page says beside its data, where a page is written down or read back."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Pagination:
    """The number of a page, its limit, and the number of rows of the whole list."""

    page: int | None = None
    limit: int | None = None
    total: int


@frozen
class Place:
    """The place of a page in its list: of numbered pages, or of those that a cursor leads to."""

    pagination: Pagination | None = None
    next_cursor: str | None = None
