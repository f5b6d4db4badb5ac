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
from .joining import joined, options_of, spelling_of
from .layout import Layout
from .pointers import Object
from .refs import component
from .schemas import is_enum, map_children, operation_schemas, operations_in

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
        raise StepError("mark", "openapi/records.json has invalid rules", why="; ".join(faults))
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
    document = joined(document, table)
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
    # Those that the contract does not have (yet) are no fault: the seam tells.
    needed = [name for name in rules.get("needed", []) if name in properties]
    attributes = _attributes(properties, rules, _OF_ANSWERS, plain=True)
    types = rules.get("types", {})
    new = {}
    exact = [name for name in rules.get("exact", []) if name in properties]
    # Needed ones first: fields without a default come before those with one.
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
    spelling = new.pop("x-spelled", None) or spelling_of(new)
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


def _format(schema: Any) -> str:
    """Return what the contract says of a property that the table does not name."""
    formats = {str(each.get("x-format", "")) for each in options_of(schema)}
    formats.discard("")
    return formats.pop() if len(formats) == 1 else ""


def _attributes(
    properties: Object, rules: Object, reserved: frozenset[str], *, plain: bool
) -> dict[str, str]:
    """Return what each property is called in Python. No two are called the same, and none hides
    anything.
    """
    chosen = rules.get("attributes", {})
    needed = rules.get("needed", [])
    names: dict[str, str] = {name: chosen[name] for name in properties if name in chosen}

    def rank(name: str) -> tuple[bool, bool, str]:
        """Put first who has a name by right: `amount` has `amount` before `Amount` has."""
        return name not in needed, camel(spoken(name)) != name, name

    for name in sorted(properties.keys() - names.keys(), key=rank):
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
