"""What properties and parameters are called in Python, where the generator's own choice would break
its code, and in which styles they are sent.
"""

from collections import Counter
from collections.abc import Iterable, Set
from typing import Any

from .names import module_name
from .pointers import Object
from .routes import unique
from .schemas import alternatives, operations_in
from .styles import STYLES

Table = dict[str, dict[str, Any]]

# Variables and methods of generated classes and functions: each was seen to break them.
_IN_CLASSES = frozenset(
    {
        "additional_keys",
        "additional_properties",
        "cast",
        "cls",
        "d",
        "extra",
        "field_dict",
        "from_dict",
        "from_json",
        "src_dict",
        "to_dict",
        "to_json",
    }
)
_IN_UPLOADS = frozenset({"files", "json", "to_multipart", "types"})
_IN_FUNCTIONS = frozenset(
    {"body", "client", "cookies", "headers", "kwargs", "params", "quote", "response"}
)
_SIGNS = {"+": "plus_", "-": "minus_"}


def python_names(document: Object) -> Table:
    """Return the names of the properties and parameters of a named view that the generator has to
    be told, by wire name; and the styles of its operations, by their names.
    """
    return {
        "properties": _of_properties(document),
        "parameters": _of_parameters(document),
        "styles": _of_styles(document),
    }


def _of_styles(document: Object) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for operation in operations_in(document):
        if STYLES in operation:
            table[module_name(operation["operationId"])] = operation[STYLES]
    return table


def _of_properties(document: Object) -> dict[str, str]:
    table: dict[str, str] = {}
    uploads = _uploads(document)
    for name, schema in document["components"]["schemas"].items():
        properties = schema.get("properties", {})
        reserved = _IN_CLASSES | _loops(properties)

        if name in uploads:
            reserved |= _IN_UPLOADS
        _choose(properties, reserved, table)
    return table


def _of_parameters(document: Object) -> dict[str, str]:
    table: dict[str, str] = {}
    for operation in operations_in(document):
        names = [parameter["name"] for parameter in operation["parameters"]]
        texts = {f"json_{module_name(name)}" for name in names}
        _choose(names, _IN_FUNCTIONS | texts, table)
    return table


def _choose(names: Iterable[str], reserved: Set[str], table: dict[str, str]) -> None:
    """Add to the table the names that are reserved, or alike for the generator."""
    names = list(dict.fromkeys(names))
    uses = Counter(module_name(name) for name in names)
    # Two spellings of one word the generator keeps apart by their capitals.
    plain = Counter(module_name(name, plain=True) for name in names)
    odd = []
    used = set(reserved)
    for name in names:
        is_one_of_many = uses[module_name(name)] > 1 and plain[module_name(name, plain=True)] > 1
        if module_name(name) in reserved or is_one_of_many:
            odd.append(name)
        else:
            used |= {module_name(name), module_name(name, plain=True)}

    # Odd names come last, so that they evade the names that need no change.
    for name in odd:
        choice = table.get(name, spoken(name))
        if choice in used:
            choice = unique(f"{choice}_", used)
        used.add(choice)
        table[name] = choice


def spoken(name: str) -> str:
    """Return the usual name, but `plus_1` and `minus_1` for what would both be `field_1`."""
    sign = _SIGNS.get(name[:1])
    return module_name(name) if sign is None else module_name(sign + name[1:])


def _loops(properties: Object) -> set[str]:
    """Return the variables that the generated code has for the items of each list."""
    lists = {module_name(name) for name, each in properties.items() if "array" in _kinds(each)}
    return {f"{name}_item" for name in lists} | {f"{name}_item_data" for name in lists}


def _kinds(schema: Object) -> set[str]:
    return {each.get("type", "") for each in [schema, *alternatives(schema)]}


def _uploads(document: Object) -> set[str]:
    """Return the names of the schemas that are sent as multipart."""
    names: set[str] = set()
    for operation in operations_in(document):
        content = operation.get("requestBody", {}).get("content", {})
        for kind, media in content.items():
            if "multipart" in kind:
                names.add(media["schema"].get("$ref", "").rpartition("/")[2])
    return names
