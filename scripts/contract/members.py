"""How the members of an enum are called."""

import hashlib
import re
from collections import Counter
from typing import Any

from .pointers import Object
from .schemas import is_enum


def with_members(schema: Object) -> Object:
    """Return an enum with names for its members, so that no two values share one; any other schema
    as it is.
    """
    return (
        {**schema, "x-enum-varnames": member_names(schema["enum"])} if is_enum(schema) else schema
    )


def member_names(values: list[Any]) -> list[str]:
    """Return one Python name for each value: readable, and different for different values."""
    names = [_member_name(value) for value in values]
    uses = Counter(names)
    unique: list[str] = []
    for name, value in zip(names, values, strict=True):
        if uses[name] > 1:
            # Values that only signs tell apart, such as "a b" and "a-b".
            name += f"_{hashlib.sha256(str(value).encode()).hexdigest()[:6].upper()}"
        unique.append(name)
    return unique


def _member_name(value: Any) -> str:
    """Return `VALUE_3` for 3, `IN_TRANSIT` for "inTransit" and for "in transit"."""
    if isinstance(value, int):
        return f"VALUE_{value}" if value >= 0 else f"VALUE_NEGATIVE_{-value}"

    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", value).upper()
    name = re.sub(r"[^A-Z0-9]+", "_", words).strip("_")
    if name[:1].isalpha():
        return name
    return f"VALUE_{name}".rstrip("_")
