"""Numbered pages."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Row

DEFAULT_LIMIT = 50


def numbered_page(
    call: Call,
    columns: str,
    source: str,
    filters: list[tuple[str, Any]],
    render: Callable[[Row], JSON],
) -> Reply:
    """Return one page of what the filters leave; a filter without a value does not count.

    `source` is the rest of the statement, with `{where}` where the conditions belong. The query has
    `page`, from 1, and `limit`, the rows of a page.
    """
    conditions = []
    values = []
    for condition, value in filters:
        if value is not None:
            conditions.append(condition)
            values.append(value)
    sql = source.replace("{where}", " AND ".join(conditions))

    page = call.query.get("page", 1)
    limit = call.query.get("limit", DEFAULT_LIMIT)
    offset = (page - 1) * limit
    count = call.one(f"SELECT count(*) FROM {sql}", *values)  # noqa: S608
    total = count[0] if count else 0
    page_sql = f"SELECT {columns} FROM {sql} LIMIT ? OFFSET ?"  # noqa: S608
    rows = call.all(page_sql, *values, limit, offset)

    pagination = {
        "page": page,
        "limit": limit,
        "total": total,
        "totalPages": math.ceil(total / limit),
    }
    return Reply(200, {"data": [render(row) for row in rows], "pagination": pagination})


def single_page(rows: int) -> JSON:
    """Return what a list says that has all its rows on one page, under the usual names."""
    counts = dict.fromkeys(("total", "totalCount", "totalItems", "count", "size"), rows)
    limits = dict.fromkeys(("limit", "perPage", "pageSize"), max(rows, 1))
    pages = dict.fromkeys(("page", "currentPage", "totalPages", "pageCount"), 1)
    more = dict.fromkeys(("hasMore", "hasNext", "hasNextPage"), False)
    cursors = dict.fromkeys(("nextCursor", "cursor", "next", "nextPage"), None)
    return counts | limits | pages | more | cursors


PAGING_NAMES = frozenset(single_page(0))
