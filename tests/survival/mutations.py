"""Small changes of a contract, of every kind that the judges have a rule for, wherever they can be
made: each is one change in one place.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from .edits import METHODS, Json

Mutation = Callable[[Json], None]
ON_PROPERTIES: dict[str, Callable[[Json, str], None]] = {}
ON_OPERATIONS: dict[str, Callable[[Json], None]] = {}


def on_properties(change: Callable[[Json, str], None]) -> Callable[[Json, str], None]:
    """A change of one property of a component."""
    ON_PROPERTIES[change.__name__] = change
    return change


def on_operations(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """A change of one operation."""
    ON_OPERATIONS[change.__name__] = change
    return change


@on_properties
def gone(owner: Json, name: str) -> None:
    del owner["properties"][name]
    owner["required"] = [each for each in owner.get("required", []) if each != name]


@on_properties
def renamed(owner: Json, name: str) -> None:
    owner["properties"][f"{name}New"] = owner["properties"].pop(name)
    required = owner.get("required", [])
    owner["required"] = [f"{name}New" if each == name else each for each in required]


@on_properties
def retyped(owner: Json, name: str) -> None:
    is_text = owner["properties"][name].get("type") == "string"
    owner["properties"][name] = {"type": "integer" if is_text else "string"}


@on_properties
def listed(owner: Json, name: str) -> None:
    owner["properties"][name] = {"type": "array", "items": owner["properties"][name]}


@on_properties
def nullable(owner: Json, name: str) -> None:
    owner["properties"][name] = {"anyOf": [owner["properties"][name], {"type": "null"}]}


@on_properties
def optional(owner: Json, name: str) -> None:
    owner["required"] = [each for each in owner.get("required", []) if each != name]


@on_properties
def required(owner: Json, name: str) -> None:
    owner["required"] = sorted({*owner.get("required", []), name})


@on_properties
def of_another_format(owner: Json, name: str) -> None:
    owner["properties"][name]["format"] = "uri"


@on_properties
def of_fewer_words(owner: Json, name: str) -> None:
    owner["properties"][name]["enum"] = owner["properties"][name].get("enum", ["a", "b"])[1:]


@on_properties
def beside_another(owner: Json, name: str) -> None:
    owner["properties"][f"{name}Too"] = {"type": "string"}


@on_operations
def another_success(operation: Json) -> None:
    answers = operation["responses"]
    status = next(each for each in answers if each.startswith("2"))
    answers["203"] = answers.pop(status)


@on_operations
def one_more_success(operation: Json) -> None:
    operation["responses"]["203"] = {"description": "Also."}


@on_operations
def another_envelope(operation: Json) -> None:
    for status, each in operation["responses"].items():
        schema = each.get("content", {}).get("application/json", {}).get("schema", {})
        names = list(schema.get("properties", {}))
        if status.startswith("2") and len(names) == 1:
            new = "data" if names != ["data"] else "items"
            schema["properties"] = {new: schema["properties"][names[0]]}
            schema["required"] = [new]


@on_operations
def json_of_the_vendor(operation: Json) -> None:
    for each in operation["responses"].values():
        if "application/json" in each.get("content", {}):
            content = each["content"]
            content["application/vnd.ledgerhq+json"] = content.pop("application/json")


@on_operations
def without_its_last_parameter(operation: Json) -> None:
    operation["parameters"] = operation.get("parameters", [])[:-1]


@on_operations
def one_more_required_parameter(operation: Json) -> None:
    more = {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
    operation["parameters"] = [*operation.get("parameters", []), more]


@on_operations
def one_more_optional_parameter(operation: Json) -> None:
    more = {"name": "region", "in": "query", "schema": {"type": "string"}}
    operation["parameters"] = [*operation.get("parameters", []), more]


@on_operations
def deprecated(operation: Json) -> None:
    operation["deprecated"] = True


def sample(contract: Json, number: int, seed: int) -> Iterator[tuple[str, Mutation]]:
    """Return some mutations of a contract by their names, each kind about equally often."""
    chance = random.Random(seed)
    properties = [
        (name, each)
        for name, schema in contract["components"]["schemas"].items()
        for each in schema.get("properties", {})
    ]
    routes = [
        (path, method)
        for path, item in contract["paths"].items()
        for method in METHODS
        if method in item
    ]
    kinds = [*ON_PROPERTIES, *ON_OPERATIONS]
    for index in range(number):
        kind = kinds[index % len(kinds)]
        if kind in ON_PROPERTIES:
            place = chance.choice(properties)
            yield f"{'.'.join(place)} {kind}", _of_property(kind, *place)
        else:
            place = chance.choice(routes)
            yield f"{' '.join(place)} {kind}", _of_operation(kind, *place)


def _of_property(kind: str, owner: str, name: str) -> Mutation:
    def mutate(contract: Json) -> None:
        ON_PROPERTIES[kind](contract["components"]["schemas"][owner], name)

    return mutate


def _of_operation(kind: str, path: str, method: str) -> Mutation:
    def mutate(contract: Json) -> None:
        ON_OPERATIONS[kind](contract["paths"][path][method])

    return mutate
