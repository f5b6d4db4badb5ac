"""Pairs of an operation of the vendored contract and the same one of the new contract, also where
it has moved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.routes import shape
from .documents import OPERATION_ID, Operation

Key = tuple[str, str]
_VERSION = re.compile(r"v\d+")


@dataclass(frozen=True)
class Pairing:
    """The operations of both documents, each in one of these."""

    same: list[tuple[Operation, Operation]]
    moved: list[tuple[Operation, Operation]]
    gone: list[Operation]
    fresh: list[Operation]


def pair(old: Mapping[Key, Operation], new: Mapping[Key, Operation]) -> Pairing:
    """Match by route; what is left, by the vendor's operationId or by the tail of the path."""
    same = [(old[key], new[key]) for key in old if key in new]
    gone = [old[key] for key in old if key not in new]
    fresh = [new[key] for key in new if key not in old]
    moved: list[tuple[Operation, Operation]] = []
    for one in list(gone):
        target = _target(one, fresh)
        if target is not None:
            moved.append((one, target))
            gone.remove(one)
            fresh.remove(target)
    return Pairing(same, moved, gone, fresh)


def _target(one: Operation, fresh: list[Operation]) -> Operation | None:
    """Return where an operation has moved to, None where that is nowhere or not certain."""
    by_name = [other for other in fresh if _has_name_of(one, other)]
    if len(by_name) == 1:
        return by_name[0]

    # Vendors who move a route often rename its operation, too: then its path tells.
    by_path = [other for other in fresh if _has_tail_of(one, other)]

    return by_path[0] if len(by_path) == 1 else None


def _has_name_of(one: Operation, other: Operation) -> bool:
    name = one.value.get(OPERATION_ID)
    return name is not None and other.value.get(OPERATION_ID) == name


def _has_tail_of(one: Operation, other: Operation) -> bool:
    return one.method == other.method and _is_tail(one.path, other.path)


def _is_tail(old: str, new: str) -> bool:
    """Return whether, after what both begin with, the old path is the end of the new one."""
    old_segments = _segments(old)
    new_segments = _segments(new)
    while old_segments and new_segments and old_segments[0] == new_segments[0]:
        old_segments = old_segments[1:]
        new_segments = new_segments[1:]

    if not old_segments:
        return False
    return new_segments[-len(old_segments) :] == old_segments


def _segments(path: str) -> list[str]:
    """Return the segments of a path, the number of a version left out."""
    # Another version of the same route is the same route, moved.
    segments = [part for part in shape(path).split("/") if part]
    return ["v" if _VERSION.fullmatch(part) else part for part in segments]
