"""Whether a list goes on behind an answer: what the answer itself says of it, wherever it does.

The contract declares one way for each list, a service may have moved to another, and rows that are
left out are missed by nobody. So all that can say it is read, and anything odd says nothing.
"""

from __future__ import annotations

from typing import Any

from ledgerhq_ext._plain import counted
from ledgerhq_ext._wire import read
from ledgerhq_ext.errors import ContractError


def check_whole_list(document: Any, count: int) -> None:
    """Raise ``ContractError`` where an answer that should hold the whole list speaks of more."""
    for pointer, place in places_of(document):
        if says_more(place):
            raise ContractError(
                "the list continues beyond this response, which should contain all of it",
                pointer=f"{pointer}/nextCursor",
            )
        if place.get("truncated") is True:
            raise ContractError("the list is truncated", pointer=f"{pointer}/truncated")
    check_total(document, count)


def check_total(document: Any, count: int) -> None:
    """Raise ``ContractError`` where an answer that holds so many rows of a list, and should hold
    all, counts more.
    """
    for pointer, place in places_of(document):
        total = _number(place.get("total"))
        if total > count:
            raise ContractError(
                f"the list has {counted(total, 'row')}, but the response contains only {count}",
                pointer=f"{pointer}/total",
            )


def places_of(document: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the objects of an answer that may say how its list goes on, by their JSON pointers."""
    if not isinstance(document, dict):
        return []
    pagination = document.get("pagination")
    if not isinstance(pagination, dict):
        return [("", document)]
    return [("", document), ("/pagination", pagination)]


def says_more(place: dict[str, Any]) -> bool:
    """Return whether an answer, or its pagination, says that the list goes on behind it."""
    is_before_the_last = 0 < _number(place.get("page")) < _number(place.get("totalPages"))
    return bool(place.get("nextCursor")) or place.get("hasMore") is True or is_before_the_last


def _number(value: Any) -> int:
    """Return a whole number, however JSON spells it; 0 for anything else, which counts nothing."""
    if value is None:
        return 0
    try:
        return read(int, value)
    except ContractError:
        return 0
