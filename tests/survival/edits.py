"""What variants do to a contract, in small strokes."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

METHODS = ("get", "put", "post", "patch", "delete")
Json = dict[str, Any]
SCHEMAS = "#/components/schemas/"


def operations(contract: Json) -> Iterator[Json]:
    """Every operation."""
    for item in contract["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def operation(contract: Json, route: str) -> Json:
    """One operation, by `POST /api/v1/purchases`."""
    method, path = route.split()
    found: Json = contract["paths"][path][method.lower()]
    return found


def schema(contract: Json, name: str) -> Json:
    """A component."""
    found: Json = contract["components"]["schemas"][name]
    return found


def property_of(contract: Json, place: str) -> Json:
    """A property, by `Account.code`."""
    name, _, key = place.partition(".")
    found: Json = schema(contract, name)["properties"][key]
    return found


def add_property(contract: Json, place: str, content: Json, *, required: bool = False) -> None:
    """Put a property into a component."""
    name, _, key = place.partition(".")
    schema(contract, name)["properties"][key] = content
    if required:
        schema(contract, name).setdefault("required", []).append(key)


def drop_property(contract: Json, place: str) -> Any:
    """Take a property out of a component."""
    name, _, key = place.partition(".")
    required = schema(contract, name).get("required", [])
    if key in required:
        required.remove(key)
    return schema(contract, name)["properties"].pop(key)


def answer(contract: Json, route: str, status: str = "200") -> Json:
    """The schema of an answer."""
    found: Json = operation(contract, route)["responses"][status]["content"]["application/json"][
        "schema"
    ]
    return found


def nodes(value: Any) -> Iterator[Json]:
    """Every object inside, what is inside an object before it."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from nodes(each)
    if isinstance(value, dict):
        yield value


def rewritten(value: Any, change: Callable[[Json], Any]) -> Any:
    """The same with every object replaced by what `change` makes of it, from the inside out."""
    if isinstance(value, list):
        return [rewritten(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    return change({key: rewritten(item, change) for key, item in value.items()})


def replace(contract: Json, new: Json) -> None:
    """Make the contract another one, in place."""
    contract.clear()
    contract.update(new)


def renamed_text(contract: Json, names: dict[str, str]) -> Json:
    """The contract with references to components under other names."""
    text = json.dumps(contract)
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    found: Json = json.loads(text)
    return found


def target(contract: Json, ref: str) -> Any:
    """A copy of what a reference leads to."""
    value: Any = contract
    for part in ref.removeprefix("#/").split("/"):
        value = value[part]
    return copy.deepcopy(value)


def inlined(contract: Json, value: Any, where: str) -> Any:
    """The value with every reference that begins with `where` written out."""

    def write(node: Json) -> Any:
        ref = node.get("$ref", "")
        if not (isinstance(ref, str) and ref.startswith(where)):
            return node
        return inlined(contract, target(contract, ref), where)

    return rewritten(value, write)


def shuffled(value: Any, seed: int) -> Any:
    """The same with keys, `required` and `enum` in another order."""
    chance = random.Random(seed)

    def shuffle(node: Json) -> Json:
        keys = list(node)
        chance.shuffle(keys)
        new = {key: node[key] for key in keys}
        for key in ("required", "enum"):
            if isinstance(new.get(key), list):
                new[key] = chance.sample(new[key], len(new[key]))
        return new

    return rewritten(value, shuffle)
