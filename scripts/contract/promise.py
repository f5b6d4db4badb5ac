"""Step `promise`: what users of the layer's records lean on, so that none of it vanishes unseen.

`openapi/public.json` is written by regenerating: each record that `openapi/records.json` names, its
attributes, their types, and whether they are always there. Additions are taken. What is gone or
changed is a decision.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import StepError
from .layout import Layout
from .pointers import Object
from .refs import component
from .schemas import alternatives, bare, is_enum

# By records and attributes: the type, with "| None" where it may be left out.
Promise = dict[str, dict[str, str]]

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
OPTIONAL = " | None"
_MARKED = {"cents": "Cents", "money": "Cents", "date": "date", "date-time": "datetime"}


@dataclass(frozen=True)
class Change:
    """A record or an attribute that is new, gone or another one; `before` and `after` say what of
    it.
    """

    place: str
    before: str
    after: str

    @property
    def is_broken(self) -> bool:
        """True when something that users lean on is not there any more."""
        return bool(self.before) and self.after != self.before.removesuffix(OPTIONAL)

    def __str__(self) -> str:
        if not self.before:
            return f"{self.place} is new: {self.after}"
        if not self.after:
            return f"{self.place} was {self.before}, is gone"
        return f"{self.place} was {self.before}, is {self.after}"


def promise(marked: Object, table: dict[str, Object]) -> Promise:
    """Return what the records of a marked view promise: those of the table, and what they hold."""
    schemas: dict[str, Object] = marked["components"]["schemas"]
    todo = [name for name, rules in table.items() if "same" not in rules and name in schemas]
    records: Promise = {}
    while todo:
        name = todo.pop()
        schema = schemas[name]
        # Bodies are what the caller writes: the layer has its own classes for them.
        if name in records or schema.get("x-base", "Body") == "Body":
            continue

        properties = schema.get("properties", {})
        required = set(schema.get("required", []))

        records[name] = {}
        for wire, each in properties.items():
            kind = _type(each, schemas, each.get("x-type", ""))
            records[name][each["x-attribute"]] = kind if wire in required else kind + OPTIONAL
        todo += [inner for inner in _inside(properties) if inner in schemas]
    return records


def _inside(value: Any) -> Iterator[str]:
    """Yield the names of the components that a schema refers to, however deep inside."""
    inner: list[Any] = []
    if isinstance(value, list):
        inner = value
    elif isinstance(value, dict):
        inner = list(value.values())
        name = component(str(value.get("$ref", "")))
        if name is not None:
            yield name

    for each in inner:
        yield from _inside(each)


def _type(schema: Any, schemas: Object, mark: str = "") -> str:
    if not isinstance(schema, dict):
        return "Any"
    if mark in _MARKED:
        return _MARKED[mark]
    name = component(schema.get("$ref", ""))
    if name is not None:
        # The words of an open enum are text, whatever the enum is called.
        return _type(bare(schemas[name]), schemas) if is_enum(schemas[name]) else name
    # A union is named by its parts, in one order; None is said apart.
    options = alternatives(schema)
    if options:
        return " | ".join(sorted({_type(option, schemas) for option in options} - {"None"}))
    if schema.get("type") == "array":
        return f"tuple[{_type(schema.get('items'), schemas)}, ...]"
    return _PLAIN.get(str(schema.get("type")), "Any")


def read_promise(layout: Layout) -> Promise | None:
    """Return the committed promise, None when there is none yet."""
    if not layout.public.exists():
        return None
    try:
        committed: Promise = json.loads(layout.public.read_bytes())
    except ValueError as error:
        todo = "restore it from version control"
        raise StepError(
            "promise", "openapi/public.json cannot be read", why=str(error), todo=todo
        ) from None
    return committed


def changes(before: Promise, after: Promise) -> list[Change]:
    """Return what differs, records and attributes in the order of their names."""
    rows: list[Change] = []
    for record in sorted(before.keys() | after.keys()):
        if record not in before:
            rows.append(Change(record, "", "a record"))
        elif record not in after:
            rows.append(Change(record, "a record", ""))
        else:
            rows += _attribute_changes(record, before[record], after[record])
    return rows


def _attribute_changes(
    record: str, before: dict[str, str], after: dict[str, str]
) -> Iterator[Change]:
    for attribute in sorted(before.keys() | after.keys()):
        old = before.get(attribute, "")
        new = after.get(attribute, "")

        if old != new:
            yield Change(f"{record}.{attribute}", old, new)
