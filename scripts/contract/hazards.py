"""Step `check`, first half: what the generator would lose or break without a word, found before it runs."""

import unicodedata
from collections.abc import Iterator

from .errors import StepError, listed
from .names import module_name
from .pointers import Object, join
from .routes import shape
from .schemas import is_enum, map_children, operation_schemas

# Variables and methods of generated classes and functions: each was seen to break them.
_IN_CLASSES = frozenset(
    {
        "additional_keys",
        "additional_properties",
        "cast",
        "cls",
        "d",
        "field_dict",
        "from_dict",
        "src_dict",
        "to_dict",
    }
)
_IN_UPLOADS = frozenset({"files", "json", "to_multipart", "types"})
_IN_FUNCTIONS = frozenset({"body", "cookies", "headers", "kwargs", "params", "quote", "response"})


def check_hazards(document: Object) -> None:
    """Raise when something in the named view cannot be generated faithfully, saying where it stands."""
    faults = [*_of_components(document), *_of_operations(document)]
    if faults:
        why = "they would be lost or break the generated code" + listed(faults)
        todo = "rename or take them out by rows in openapi/repairs.json, and tell the vendor"
        raise StepError("check", "the generator cannot write some things in the contract", why=why, todo=todo)


def _of_components(document: Object) -> Iterator[str]:
    uploads = _uploads(document)
    for name, schema in document["components"]["schemas"].items():
        taken = _IN_CLASSES | (_IN_UPLOADS if name in uploads else frozenset())
        yield from _of_class(join("/components/schemas", name), schema, taken)


def _uploads(document: Object) -> set[str]:
    bodies = [operation.get("requestBody", {}).get("content", {}) for _, operation in _operations(document)]
    refs = [media["schema"].get("$ref", "") for body in bodies for kind, media in body.items() if "multipart" in kind]
    return {ref.rpartition("/")[2] for ref in refs}


def _of_class(pointer: str, schema: Object, taken: frozenset[str]) -> Iterator[str]:
    properties = schema.get("properties", {})
    # The generated code has a variable for the items of each list.
    lists = {module_name(name) for name, each in properties.items() if "array" in _kinds(each)}
    loops = {f"{name}_item" for name in lists} | {f"{name}_item_data" for name in lists}
    for name in properties:
        if module_name(name) in taken | loops:
            yield f"{join(pointer, 'properties', name)}: a property of this name"
        yield from _unwritable(join(pointer, "properties", name), name)
    if is_enum(schema):
        for value in schema["enum"]:
            yield from _unwritable(join(pointer, "enum"), str(value))
    yield from _unfolded(pointer, schema)


def _kinds(schema: Object) -> set[str]:
    return {each.get("type", "") for each in [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]}


def _unfolded(pointer: str, schema: Object) -> Iterator[str]:
    if "allOf" in schema:
        yield f"{pointer}/allOf: parts that cannot be said as one"
    if "type" in schema and ("anyOf" in schema or "oneOf" in schema):
        yield f"{pointer}: alternatives that cannot be joined with what stands beside them"
    found: list[str] = []

    def visit(child: object, where: tuple[str, ...]) -> object:
        if isinstance(child, dict):
            found.extend(_unfolded(join(pointer, *where), child))
        return child

    map_children(schema, visit)
    yield from found


def _unwritable(pointer: str, text: str) -> Iterator[str]:
    if any(unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} for character in text):
        yield f"{pointer}: {text!r} has characters that do not show"


def _operations(document: Object) -> Iterator[tuple[str, Object]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield join("/paths", path, method), operation


def _of_operations(document: Object) -> Iterator[str]:
    for pointer, operation in _operations(document):
        names = [parameter["name"] for parameter in operation["parameters"]]
        yield from _of_parameters(pointer, names)
        for name in names:
            yield from _unwritable(pointer, name)
        for place, schema in operation_schemas(operation):
            yield from _unfolded(pointer + place, schema)
    for path in document["paths"]:
        yield from _unwritable(join("/paths", path), path)
        if {"{", "}"} & set(shape(path).replace("{}", "")):
            yield f"{join('/paths', path)}: a brace that belongs to no parameter"


def _of_parameters(pointer: str, names: list[str]) -> Iterator[str]:
    made = {module_name(name) for name in names}
    for name in names:
        if module_name(name) in _IN_FUNCTIONS or module_name(name).removeprefix("json_") in made - {module_name(name)}:
            yield f"{pointer}: a parameter called {name}"
