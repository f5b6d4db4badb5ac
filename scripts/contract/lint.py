"""Step `lint`: whether a document follows the OpenAPI specification."""

from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from .errors import StepError, listed
from .omissions import without
from .pointers import Object, join, split
from .valid_schemas import with_valid_schemas

# What is left out may show a fault that stood behind it.
_ROUNDS = 5


def findings(document: Object) -> list[str]:
    """What the linter finds, each with its place."""
    old = str(document.get("openapi", "")).startswith("3.0")
    validator = OpenAPIV30SpecValidator(document) if old else OpenAPIV31SpecValidator(document)
    try:
        return sorted(
            f"{join('', *error.absolute_path)}: {_first_line(error.message):.200}"
            for error in validator.iter_errors()
        )
    # The linter stumbles over some broken documents instead of judging them.
    except Exception as error:
        return [f"the linter itself fails: {type(error).__name__}: {error!s:.200}"]


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def lint(normalised: Object) -> Object:
    """The normalised document without what does not pass: operations are left out, schemas are any
    value.
    """
    normalised = with_valid_schemas(normalised)
    found = findings(_judged(normalised))
    for _ in range(_ROUNDS):
        places = {place: fault for fault in found if (place := _place(fault, normalised))}
        if not places:
            break
        normalised = without(normalised, places)
        found = findings(_judged(normalised))
    if not found:
        return normalised
    todo = "mend it by rows in openapi/repairs.json, or mend the normaliser"
    raise StepError(
        "lint",
        "the normalised contract does not pass the linter",
        why=listed(found).strip(),
        todo=todo,
    )


def _place(fault: str, document: Object) -> str:
    """The operation or the schema component that a finding speaks of; nothing when it speaks of the
    whole.
    """
    parts = split(fault.partition(": ")[0]) if fault.startswith("/") else []
    if len(parts) < 3:
        return ""
    is_operation = parts[0] == "paths" and parts[2] in document["paths"].get(parts[1], {})
    is_schema = (
        parts[:2] == ["components", "schemas"] and parts[2] in document["components"]["schemas"]
    )
    return join("", *parts[:3]) if is_operation or is_schema else ""


def _judged(document: Object) -> Object:
    """What a client is made of: operations and schemas. The rest may be as it likes."""
    schemas = _unsaid(document["components"]["schemas"])
    kept = {key: document[key] for key in ("openapi", "info")}
    return {**kept, "paths": _unsaid(document["paths"]), "components": {"schemas": schemas}}


def _unsaid(value: Any) -> Any:
    """The document without defaults and examples: vendors write some that do not fit, and no code
    depends on them.
    """
    if isinstance(value, list):
        return [_unsaid(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_schema = "type" in value or "anyOf" in value or "oneOf" in value
    return {
        key: _unsaid(item)
        for key, item in value.items()
        if not (is_schema and key in ("default", "examples"))
    }
