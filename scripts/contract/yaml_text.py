"""Documents in YAML, read as the JSON they stand for: dates stay text, `no` is a word, every key is
a string.
"""

import json
import math
import re
from collections import Counter
from typing import Any

import yaml

from .pointers import Object

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Aliases may repeat what they name until no memory holds it.
MOST_VALUES = 5_000_000


_MERGE = "tag:yaml.org,2002:merge"


class _Loader(_Base):  # type: ignore[misc]
    """YAML 1.2's core schema: null, true and false, numbers, and text for everything else."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+0123456789.")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )


def _integer(loader: Any, node: Any) -> int:
    text = loader.construct_scalar(node)
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def _number(loader: Any, node: Any) -> float:
    return float(loader.construct_scalar(node))


def _mapping(loader: Any, node: Any) -> Object:
    counts = Counter(_key(loader, key) for key, _ in node.value if key.tag != _MERGE)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise ValueError(f"an object has the same key twice: {', '.join(twice)}")

    # What is merged comes first, and what the object says itself counts.
    loader.flatten_mapping(node)
    return {
        _key(loader, key): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _key(loader: Any, node: Any) -> str:
    return _name(loader.construct_object(node, deep=True))


def _name(key: Any) -> str:
    """Return a key as JSON has it: `200:` is `"200"`."""
    if isinstance(key, bool) or key is None:
        return json.dumps(key)
    return str(key)


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(content: bytes) -> Any:
    """Return the JSON value that a YAML document stands for. Raises `ValueError` for what is no
    YAML, or no JSON.
    """
    try:
        value = yaml.load(content, Loader=_Loader)  # noqa: S506 - a loader of plain values
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    _check(value)
    return value


def _check(value: Any) -> None:
    """Refuse what is no JSON, and what aliases have made larger than any document."""
    if _count(value, {}) > MOST_VALUES:
        raise ValueError(f"it has more than {MOST_VALUES:,} values, by aliases perhaps")


def _count(value: Any, known: dict[int, float]) -> float:
    """Return how many values there are, one for each alias: `known` are those of what aliases
    repeat, by its identity.
    """
    if isinstance(value, dict | list):
        place = id(value)
        if place not in known:
            # One that is inside itself has no end.
            known[place] = math.inf
            inner = value.values() if isinstance(value, dict) else value
            known[place] = 1 + sum(_count(each, known) for each in inner)
        return known[place]

    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is not JSON")
    if not isinstance(value, str | int | float | bool | None):
        raise ValueError(f"a value of the type {type(value).__name__} is not JSON")
    return 1
