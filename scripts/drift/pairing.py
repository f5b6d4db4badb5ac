"""Which operation of the vendored contract is which one of the new contract: also one that has
moved.
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
    name = one.value.get(OPERATION_ID)
    by_name = [
        other for other in fresh if name is not None and other.value.get(OPERATION_ID) == name
    ]
    by_path = [
        other for other in fresh if other.method == one.method and _is_tail(one.path, other.path)
    ]
    for found in (by_name, by_path):
        if len(found) == 1:
            return found[0]
    return None


def _is_tail(old: str, new: str) -> bool:
    """Whether, after what both begin with, the old path is the end of the new one."""
    mine, others = _segments(old), _segments(new)
    while mine and others and mine[0] == others[0]:
        mine, others = mine[1:], others[1:]
    return bool(mine) and len(others) >= len(mine) and others[len(others) - len(mine) :] == mine


def _segments(path: str) -> list[str]:
    # Another version of the same route is the same route, moved.
    return ["v" if _VERSION.fullmatch(part) else part for part in shape(path).split("/") if part]
