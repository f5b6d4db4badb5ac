"""Ranges of media types: `*/*` says nothing of how a body is read."""

from .pointers import Object

JSON = "application/json"
BYTES = "application/octet-stream"
TEXT = "text/plain"
FORM = "multipart/form-data"
_ANYTHING = frozenset({"*/*", "application/*"})


def concrete(media_type: str, schema: Object) -> str:
    """Return the media type that a body of a schema has, where the contract names a range of them.

    Frameworks write `*/*` for what they have no word for: objects, lists and numbers, which are
    JSON, but also texts and bytes as they are.
    """
    name = media_type.lower()
    if name == "text/*":
        return TEXT
    if name == "multipart/*":
        return FORM
    if "*" in name and name.endswith("+json"):
        return JSON
    if name not in _ANYTHING:
        return name

    if not schema or schema.get("format") == "binary":
        return BYTES

    if schema.get("type") != "string":
        return JSON
    # A framework that answers one of some words answers it as JSON.
    return JSON if "enum" in schema else TEXT
