from __future__ import annotations

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class Pagination(Answer):
    """Pagination of the contract."""

    limit: int
    total: int
    page: int | None = None
    total_pages: int | None = None
