"""Keywords of a contract that are null: some tools write so what is not there."""

from typing import Any

# Of these, null is a value.
_VALUES = frozenset({"default", "const", "example", "value"})
# The keys in these are names of the vendor's: one of nothing is a fault, which is told elsewhere.
_NAMED = frozenset({
    "paths", "webhooks", "content", "encoding", "headers", "links", "callbacks", "responses",
    "parameters", "requestBodies", "pathItems", "schemas", "securitySchemes", "scopes", "mapping",
    "variables", "properties", "patternProperties", "dependentSchemas", "$defs", "definitions",
})  # fmt: skip
# What is inside these has no keywords.
_OPAQUE = _VALUES | {"examples", "security", "enum"}


def without_nulls(node: Any, *, is_named: bool = False) -> Any:
    """Return a document without the keywords that are null; `is_named` tells whether the keys of
    the node are names.
    """
    if isinstance(node, list):
        return [without_nulls(item) for item in node]
    if not isinstance(node, dict):
        return node
    if is_named:
        return {name: without_nulls(inner) for name, inner in node.items()}

    new: dict[str, Any] = {}
    for key, inner in node.items():
        if inner is None and key not in _VALUES:
            continue
        is_opaque = key in _OPAQUE or key.startswith("x-")
        new[key] = inner if is_opaque else without_nulls(inner, is_named=key in _NAMED)
    return new
