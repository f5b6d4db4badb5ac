"""Whether a document ever says which properties are always there: some frameworks write none."""

from .canonical import reachable
from .pointers import Object
from .schemas import operations_in


def says_required(normalised: Object) -> bool:
    """Return whether any answer says which of its properties are always there."""
    components = normalised["components"]["schemas"]
    answers = [operation["responses"] for operation in operations_in(normalised)]
    schemas = [*answers, *reachable(answers, components).values()]
    return any(map(_has_required, schemas))


def _has_required(value: object) -> bool:
    """Return whether a list of names under `required` stands anywhere in a value."""
    if isinstance(value, list):
        return any(map(_has_required, value))
    if not isinstance(value, dict):
        return False

    required = value.get("required")
    if isinstance(required, list) and required:
        return True
    return any(map(_has_required, value.values()))
