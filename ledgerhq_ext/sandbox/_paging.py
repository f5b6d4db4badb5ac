"""Numbered pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Row

DEFAULT_LIMIT = 50


def numbered_page(
    call: Call, columns: str, source: str, filters: list[tuple[str, Any]], render: Callable[[Row], JSON]
) -> Reply:
    """One page of what the filters leave; a filter without a value does not count.

    `source` is the rest of the statement, with `{where}` where the conditions belong.
    """
    given = [(condition, value) for condition, value in filters if value is not None]
    sql = source.replace("{where}", " AND ".join(condition for condition, _ in given))
    values = [value for _, value in given]
    page, limit = call.query.get("page", 1), call.query.get("limit", DEFAULT_LIMIT)
    counted = call.one(f"SELECT count(*) FROM {sql}", *values)  # noqa: S608
    total = counted[0] if counted else 0
    rows = call.all(f"SELECT {columns} FROM {sql} LIMIT ? OFFSET ?", *values, limit, (page - 1) * limit)  # noqa: S608
    pagination = {"page": page, "limit": limit, "total": total, "totalPages": -(-total // limit)}
    return Reply(200, {"data": [render(row) for row in rows], "pagination": pagination})
