"""How the members of an enum are called."""

import hashlib
import re
from typing import Any

from .pointers import Object
from .schemas import is_enum


def with_members(schema: Object) -> Object:
    """An enum with names for its members, so that no two values share one; any other schema as it
    is.
    """
    return (
        {**schema, "x-enum-varnames": member_names(schema["enum"])} if is_enum(schema) else schema
    )


def member_names(values: list[Any]) -> list[str]:
    """One Python name for each value: readable, and different for different values."""
    names = [_member_name(value) for value in values]
    return [
        f"{name}_{hashlib.sha256(str(value).encode()).hexdigest()[:6].upper()}"
        if names.count(name) > 1
        else name
        for name, value in zip(names, values, strict=True)
    ]


def _member_name(value: Any) -> str:
    if isinstance(value, int):
        return f"VALUE_{value}" if value >= 0 else f"VALUE_NEGATIVE_{-value}"
    word = re.sub(r"[^A-Z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", value).upper()).strip(
        "_"
    )
    return word if word[:1].isalpha() else f"VALUE_{word}".rstrip("_")
