"""Records that are one, whatever the contract calls them: `same` in `openapi/records.json`."""

from typing import Any

from .pointers import Object
from .refs import component, to_component
from .schemas import alternatives, map_children


def joined(document: Object, table: dict[str, Object]) -> Object:
    """Return the document with records that are one under one name."""
    schemas: dict[str, Object] = document["components"]["schemas"]
    other = {
        name: rules["same"] for name, rules in table.items() if "same" in rules and name in schemas
    }
    if not other:
        return document

    def change(child: Any, _: tuple[str, ...]) -> Any:
        """Aim a reference at the record that stands for it."""
        if not isinstance(child, dict):
            return child
        name = component(child.get("$ref", ""))
        return to_component(other[name]) if name in other else map_children(child, change)

    records: dict[str, Object] = {}
    for name in sorted(schemas, key=lambda each: each in other):
        schema = map_children(schemas[name], change)
        target = other.get(name, name)
        records[target] = _together(records[target], schema) if target in records else schema
    paths = {
        path: {method: _with_schemas(operation, change) for method, operation in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths, "components": {"schemas": records}}


def _together(first: Object, second: Object) -> Object:
    """Return two records as one; what only one of them has is marked as partial."""
    first_ones = first.get("properties", {})
    second_ones = second.get("properties", {})
    # In the order of the first; where both have one, it is the first one's.
    properties = {**first_ones, **second_ones, **first_ones}
    for name in first_ones.keys() & second_ones.keys():
        if {spelling_of(first_ones[name]), spelling_of(second_ones[name])} == {"integer", "string"}:
            # Money in cents here and in decimals there: its marks make one type of both.
            properties[name] = {**first_ones[name], "x-spelled": "string"}
    for name in first_ones.keys() ^ second_ones.keys():
        properties[name] = {**properties[name], "x-partial": True}

    required = sorted(set(first.get("required", [])) & set(second.get("required", [])))
    return {**first, "properties": properties, "required": required}


def _with_schemas(operation: Object, change: Any) -> Object:
    def content(holder: Object) -> Object:
        """Return a body or an answer with its schemas changed."""
        if "content" not in holder:
            return holder
        media = {
            kind: {**each, "schema": change(each["schema"], ())}
            for kind, each in holder["content"].items()
        }
        return {**holder, "content": media}

    new = {
        **operation,
        "responses": {status: content(each) for status, each in operation["responses"].items()},
    }
    if "requestBody" in operation:
        new["requestBody"] = content(operation["requestBody"])
    return new


def spelling_of(schema: Object) -> str:
    """Return `string` or `integer`, as a value is spelled; nothing where it is neither."""
    kinds = {each.get("type") for each in options_of(schema)}
    if "string" in kinds:
        return "string"
    return "integer" if "integer" in kinds else ""


def options_of(schema: Object) -> list[Object]:
    """Return a schema and its alternatives, as far as they say anything."""
    return [each for each in [schema, *alternatives(schema)] if isinstance(each, dict)]
