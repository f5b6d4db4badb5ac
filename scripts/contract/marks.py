"""Step `mark`: what the contract does not say of its records, and the templates have to know.

`openapi/records.json` is written by hand. For each record it says which properties are needed, in
their order; which are dates, moments and amounts; what they are called where that is not their name
in Python's spelling; which of them no `repr` shows; whether it is of one client company; what the
layer adds; what it says of itself beside the contract's words; which of what may be left out has to
fit where it is not; and which record is another one in other words.
"""

import json
import keyword
from collections.abc import Iterator
from typing import Any

from ledgerhq_api.fields import camel

from .attributes import spoken
from .errors import StepError
from .layout import Layout
from .pointers import Object
from .refs import component, to_component
from .schemas import alternatives, is_enum, map_children, operation_schemas, operations_in

_KINDS = frozenset({"cents", "date", "date-time"})
_RULES = frozenset(
    {"about", "attributes", "exact", "local", "needed", "same", "secret", "stamped", "types"}
)
_CARRIERS = frozenset({"x-organization-id", "company_id"})
# What the bases of generated records define.
_OF_ANSWERS = frozenset(
    {
        "additional_keys",
        "additional_properties",
        "extra",
        "from_dict",
        "from_json",
        "organization_id",
    }
    | {"to_dict", "to_json"}
)
_OF_BODIES = frozenset(
    {"additional_keys", "additional_properties", "from_dict", "to_dict", "to_multipart"}
)
# What the declarations themselves need: a field of this name would hide it.
_IN_DECLARATIONS = frozenset(
    {
        "Any",
        "Cents",
        "File",
        "UNSET",
        "Unset",
        "bool",
        "constant",
        "define",
        "dt",
        "float",
        "frozen",
        "int",
        "list",
    }
    | {"field", "models", "property", "self", "str", "tuple", "wire"}
)


def read_marks(layout: Layout) -> dict[str, Object]:
    """Return the table, or an empty one when there is none."""
    if not layout.records.exists():
        return {}
    try:
        table: dict[str, Object] = json.loads(layout.records.read_bytes())
        faults = [fault for name, rules in table.items() for fault in _faults(name, rules)]
    except (ValueError, AttributeError, TypeError) as error:
        raise StepError("mark", "openapi/records.json cannot be read", why=str(error)) from None
    if faults:
        raise StepError(
            "mark", "openapi/records.json has rules that are none", why="; ".join(faults)
        )
    return table


def _faults(name: str, rules: Object) -> Iterator[str]:
    for rule in sorted(rules.keys() - _RULES):
        yield f"{name}: {rule}"
    for property, kind in rules.get("types", {}).items():
        if kind not in _KINDS:
            yield f"{name}.{property}: {kind}"
    attributes = [*rules.get("attributes", {}).values(), *rules.get("local", {})]
    yield from (f"{name}: {each}" for each in attributes if not _is_attribute(each))


def _is_attribute(name: str) -> bool:
    """Return whether Python takes a name for an attribute."""
    return name.isidentifier() and not keyword.iskeyword(name)


def mark(document: Object, table: dict[str, Object]) -> Object:
    """Return the named view with records that are one joined, and with all that the templates need
    to know.
    """
    document = _joined(document, table)
    schemas: dict[str, Object] = document["components"]["schemas"]
    sent, answered, scoped, roots = _reached(document)
    marked = {}
    for name, schema in schemas.items():
        rules = table.get(name, {})
        if is_enum(schema):
            marked[name] = schema
            continue
        if name in sent and name not in answered:
            marked[name] = _body(schema, rules)
            continue

        if not rules and name in roots:
            rules = {"needed": _contents(schema)}
        has_id = "id" in schema.get("properties", {})
        is_stamped = rules.get("stamped", name in scoped and has_id)
        marked[name] = _answer(schema, rules, is_stamped=is_stamped)
    return {**document, "components": {"schemas": marked}}


# --- records that are one


def _joined(document: Object, table: dict[str, Object]) -> Object:
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

    joined: dict[str, Object] = {}
    for name in sorted(schemas, key=lambda each: each in other):
        schema = map_children(schemas[name], change)
        target = other.get(name, name)
        joined[target] = _together(joined[target], schema) if target in joined else schema
    paths = {
        path: {method: _with_schemas(operation, change) for method, operation in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths, "components": {"schemas": joined}}


def _together(first: Object, second: Object) -> Object:
    """Return two records as one; what only one of them has is marked as partial."""
    first_ones = first.get("properties", {})
    second_ones = second.get("properties", {})
    # In the order of the first; where both have one, it is the first one's.
    properties = {**first_ones, **second_ones, **first_ones}
    for name in first_ones.keys() & second_ones.keys():
        if {_spelling(first_ones[name]), _spelling(second_ones[name])} == {"integer", "string"}:
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


# --- who uses what


def _reached(document: Object) -> tuple[set[str], set[str], set[str], set[str]]:
    """Return the names of what is sent, answered, answered within a company, and of what is a whole
    answer.
    """
    schemas = document["components"]["schemas"]
    sent: set[str] = set()
    answered: set[str] = set()
    scoped: set[str] = set()
    roots: set[str] = set()
    for operation in operations_in(document):
        is_scoped = any(parameter["name"] in _CARRIERS for parameter in operation["parameters"])
        for place, schema in operation_schemas(operation):
            names = _names(schema, schemas)
            if place == "/requestBody":
                sent |= names
            elif place.startswith("/responses"):
                answered |= names
                roots.add(component(schema.get("$ref", "")) or "")
                scoped |= names if is_scoped else set()
    return sent, answered, scoped, roots


def _contents(schema: Object) -> list[str]:
    """Return the records and lists of an envelope, without which there is nothing to read."""
    properties = schema.get("properties", {})
    return [
        name
        for name in schema.get("required", [])
        if {"$ref", "items"} & properties.get(name, {}).keys()
    ]


def _names(schema: Any, schemas: Object) -> set[str]:
    """Return the components that a schema leads to."""
    names: set[str] = set()
    todo = [schema]
    while todo:
        each = todo.pop()
        if not isinstance(each, dict):
            continue
        name = component(each.get("$ref", ""))
        if name is not None and name not in names:
            names.add(name)
            todo.append(schemas[name])
        map_children(each, lambda child, _: todo.append(child))
    return names


# --- one record


def _body(schema: Object, rules: Object) -> Object:
    properties = schema.get("properties", {})
    attributes = _attributes(properties, {}, _OF_BODIES, plain=False)
    new = {name: _property(each, attributes[name], name, "") for name, each in properties.items()}
    return {**schema, "properties": _hidden(new, rules), "x-base": "Body"}


def _answer(schema: Object, rules: Object, *, is_stamped: bool) -> Object:
    properties = dict(schema.get("properties", {}))
    if is_stamped:
        properties.pop("organizationId", None)
    needed = [name for name in rules.get("needed", []) if name in properties]
    attributes = _attributes(properties, rules.get("attributes", {}), _OF_ANSWERS, plain=True)
    types = rules.get("types", {})
    new = {}
    exact = [name for name in rules.get("exact", []) if name in properties]
    for name in [*needed, *exact, *sorted(properties.keys() - {*needed, *exact})]:
        kind = types.get(name, _format(properties[name]))
        new[name] = _property(properties[name], attributes[name], name, kind)
    for name in exact:
        new[name]["x-exact"] = True
    marked = {**schema, "properties": _hidden(new, rules), "required": needed}
    marked["x-base"] = "CompanyAnswer" if is_stamped else "Answer"
    marked["x-local"] = rules.get("local", {})
    marked["x-about"] = rules.get("about", "")
    return marked


def _property(schema: Any, attribute: str, name: str, kind: str) -> Object:
    """Return a property with its name in Python, and with what its value is."""
    new = {**schema} if isinstance(schema, dict) else {}
    spelling = new.pop("x-spelled", None) or _spelling(new)
    new["x-attribute"] = attribute
    # Money in a text is decimal, whatever the table calls it.
    if kind == "cents" and spelling == "string":
        kind = "money"
    if kind:
        new["x-type"] = kind
    if camel(attribute) != name:
        new["x-wire"] = name
    return new


def _hidden(properties: Object, rules: Object) -> Object:
    """Return the properties with those marked that no `repr` shows."""
    new = dict(properties)
    for name in properties.keys() & set(rules.get("secret", [])):
        new[name] = {**properties[name], "x-secret": True}
    return new


def _variants(schema: Object) -> list[Object]:
    """Return a schema and its alternatives, as far as they say anything."""
    return [each for each in [schema, *alternatives(schema)] if isinstance(each, dict)]


def _spelling(schema: Object) -> str:
    """Return `string` or `integer`, as a value is spelled; nothing where it is neither."""
    kinds = {each.get("type") for each in _variants(schema)}
    if "string" in kinds:
        return "string"
    return "integer" if "integer" in kinds else ""


def _format(schema: Any) -> str:
    """Return what the contract says of a property that the table does not name."""
    formats = {str(each.get("x-format", "")) for each in _variants(schema)}
    formats.discard("")
    return formats.pop() if len(formats) == 1 else ""


def _attributes(
    properties: Object, chosen: Object, reserved: frozenset[str], *, plain: bool
) -> dict[str, str]:
    """Return what each property is called in Python. No two are called the same, and none hides
    anything.
    """
    names: dict[str, str] = {name: chosen[name] for name in properties if name in chosen}
    for name in sorted(properties.keys() - names.keys()):
        attribute = spoken(name)
        if plain:
            attribute = _plain(attribute)
        if attribute in reserved or attribute in _IN_DECLARATIONS:
            attribute += "_"

        number = 1
        free = attribute
        while free in names.values():
            number += 1
            free = f"{attribute.rstrip('_')}_{number}"
        names[name] = free
    return names


def _plain(attribute: str) -> str:
    """Return a name as Python itself would take it: the generator keeps clear of builtins."""
    bare = attribute.removesuffix("_")
    return bare if _is_attribute(bare) else attribute
