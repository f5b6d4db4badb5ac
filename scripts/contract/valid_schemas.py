"""Schemas that are no JSON Schema: of one of the type "strnig", the smallest schema around the
fault is any value. Where only words to people are at fault, these alone are dropped.
"""

from typing import Any

import jsonschema_rs

from .omissions import LEFT_OUT
from .pointers import Object, join
from .schemas import LISTS, MAPS, SINGLES, drop, is_annotation

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# One schema may have several faults, and the judge tells one at a time.
_MOST_FAULTS = 50


def with_valid_schemas(document: Object) -> Object:
    """Return a normalised document in which every schema is one; what was cut stands under
    `LEFT_OUT`.
    """
    cut = _Cut()
    schemas = document["components"]["schemas"]
    valid = {
        name: cut.valid(schema, join("/components/schemas", name))
        for name, schema in schemas.items()
    }
    paths = cut.inside(document["paths"], "/paths")
    components = {**document["components"], "schemas": valid}
    new = {**document, "paths": paths, "components": components}
    left_out = {**document.get(LEFT_OUT, {}), **cut.left_out}
    return {**new, LEFT_OUT: left_out} if left_out else new


class _Cut:
    def __init__(self) -> None:
        self.left_out: dict[str, str] = {}

    def inside(self, value: Any, where: str) -> Any:
        """Operations and what they consist of, with their schemas made valid."""
        if isinstance(value, list):
            return [self.inside(item, join(where, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        new = {}
        for key, item in value.items():
            place = join(where, key)
            if key.startswith("x-"):
                # A vendor's own words may look like a schema; nobody reads them as one.
                new[key] = item
            else:
                new[key] = self.valid(item, place) if key == "schema" else self.inside(item, place)
        return new

    def valid(self, schema: Any, where: str) -> Any:
        """Return a schema without its faulty parts."""
        for _ in range(_MOST_FAULTS):
            try:
                jsonschema_rs.meta.validate({**schema, "$schema": _DIALECT})
            except jsonschema_rs.ValidationError as error:
                path = [str(part) for part in error.instance_path]
                schema, place = _without(schema, path, where)
                if place is not None:
                    self.left_out[place] = f"{error.message:.200}; it is treated as any value"
            else:
                return schema
        return {}


def _without(schema: Any, path: list[str], where: str) -> tuple[Any, str | None]:
    """Return the schema with the innermost schema on a path made any value, and the place of that
    one.

    Of words to people only the faulty ones are dropped, and there is no place to tell.
    """
    if not path:
        return {}, where
    key = path[0]
    if is_annotation(key):
        return drop(schema, key), None

    holder = schema.get(key)
    if key in SINGLES and isinstance(holder, dict):
        inner, place = _without(holder, path[1:], join(where, key))
        return {**schema, key: inner}, place
    if len(path) < 2:
        return {}, where

    name = path[1]
    deeper = join(where, key, name)
    if key in MAPS and isinstance(holder, dict):
        inner, place = _without(holder[name], path[2:], deeper)
        return {**schema, key: {**holder, name: inner}}, place
    if key in LISTS and isinstance(holder, list):
        items = list(holder)
        items[int(name)], place = _without(items[int(name)], path[2:], deeper)
        return {**schema, key: items}, place
    return {}, where
