"""Whether a contract takes the properties that the layer sends, by what it says of them together:
`{"anyOf": [{"required": ["contactId"]}, …]}`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from .pointers import Object, canonical_json
from .schemas import bare

# What these say depends on the properties that are there, and on no value.
_OF_PROPERTIES = frozenset({"required", "minProperties", "maxProperties", "dependentRequired"})
_COMBINED = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_RULES = (
    ("allOf",), ("anyOf",), ("oneOf",), ("not",), ("dependentRequired",), ("if", "then", "else"),
)  # fmt: skip
"""The keywords that say one thing together."""


def refusals(sent: Mapping[str, Any], schema: Object, *, is_any_sent: bool) -> Iterator[str]:
    """Yield the keywords of an object, each with what it says, that refuse what the layer sends:
    `sent` are the names of its properties, those with a "?" at their end being sometimes left out.

    Where `is_any_sent`, the layer sends each choice of these; else only some, and one that is taken
    is enough.
    """
    always = dict.fromkeys(name for name in sent if not name.endswith("?"))
    others = [name.removesuffix("?") for name in sent if name.endswith("?")]
    choices = [always, *({**always, name: None} for name in others)]
    choices.append({**always, **dict.fromkeys(others)})

    for rule in _rules(schema):
        validator = jsonschema_rs.Draft202012Validator(rule)
        taken = [validator.is_valid(choice) for choice in choices]
        if not (all(taken) if is_any_sent else any(taken)):
            yield canonical_json(rule)


def _rules(schema: Object) -> Iterator[Object]:
    """Yield what is said of the properties together, each thing by itself."""
    for keys in _RULES:
        rule = {key: schema[key] for key in keys if key in schema}
        if rule and _is_of_properties(rule):
            yield rule


def _is_of_properties(schema: Any) -> bool:
    """Return whether a schema speaks of nothing but which properties are there."""
    if isinstance(schema, bool):
        return True
    for key, inner in bare(schema).items():
        parts = inner if isinstance(inner, list) else [inner]
        is_combined = key in _COMBINED and all(map(_is_of_properties, parts))
        if key not in _OF_PROPERTIES and not is_combined:
            return False
    return True
