"""Step `lint`: whether a document follows the OpenAPI specification."""

import re
import sys
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from .errors import StepError, listed
from .omissions import without
from .pointers import Object, join, split
from .schemas import drop
from .valid_schemas import with_valid_schemas

# What is left out may show a fault that stood behind it.
_ROUNDS = 5
# Enough for 150 schemas inside each other; each step costs as much memory as all before it.
_DEPTH = 3_000
_NAME = re.compile(r"^/components/schemas: .* does not match .*\^\[a-zA-Z0-9")


def findings(document: Object) -> list[str]:
    """Return what the linter has to say of a document, each with its place."""
    is_old = str(document.get("openapi", "")).startswith("3.0")
    validator = OpenAPIV30SpecValidator(document) if is_old else OpenAPIV31SpecValidator(document)
    # It follows a schema that is a part of itself until the stack ends.
    deepest = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEPTH)
    try:
        return sorted(
            f"{join('', *error.absolute_path)}: {_first_line(error.message):.200}"
            for error in validator.iter_errors()
        )
    # The linter stumbles over some broken documents instead of judging them.
    except Exception as error:
        return [f"the linter itself fails: {type(error).__name__}: {error!s:.200}"]
    finally:
        sys.setrecursionlimit(deepest)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def lint(normalised: Object) -> Object:
    """Return the normalised document without what does not pass: operations are left out, schemas
    are any value.
    """
    normalised = with_valid_schemas(normalised)
    faults = _faults(normalised)
    for _ in range(_ROUNDS):
        places = _places(faults, normalised)
        if not places:
            break
        normalised = without(normalised, places)
        faults = _faults(normalised)
    if not faults:
        return normalised

    raise StepError(
        "lint",
        "the normalized contract does not pass the linter",
        why=listed(faults).strip(),
        todo="repair it by rows in openapi/repairs.json, or fix the normalizer",
    )


def _faults(normalised: Object) -> list[str]:
    """Return what is wrong with the parts that a client is made of. What a component is called does
    not matter: classes have names of their own.
    """
    return [fault for fault in findings(_judged(normalised)) if not _NAME.search(fault)]


def _places(faults: list[str], document: Object) -> dict[str, str]:
    """Return what can be left out, by its pointer, with the fault."""
    places: dict[str, str] = {}
    for fault in faults:
        place = _place(fault, document)
        if place:
            places[place] = fault
    return places


def _place(fault: str, document: Object) -> str:
    """Return the operation or the schema component that a finding speaks of; nothing when it speaks
    of the whole.
    """
    pointer = fault.partition(": ")[0]
    if not pointer.startswith("/"):
        return ""

    schemas = document["components"]["schemas"]
    match split(pointer):
        case ["paths", path, method, *_] if method in document["paths"].get(path, {}):
            return join("/paths", path, method)
        case ["components", "schemas", name, *_] if name in schemas:
            return join("/components/schemas", name)
    return ""


def _judged(document: Object) -> Object:
    """Return what a client is made of: operations and schemas. The rest may be as it likes."""
    schemas = _unsaid(document["components"]["schemas"])
    head = {key: document[key] for key in ("openapi", "info")}
    return {**head, "paths": _unsaid(document["paths"]), "components": {"schemas": schemas}}


def _unsaid(value: Any) -> Any:
    """Return the document without defaults and examples: vendors write some that do not fit, and no
    code depends on them.
    """
    if isinstance(value, list):
        return [_unsaid(item) for item in value]
    if not isinstance(value, dict):
        return value

    # Elsewhere these may be names of properties, or the status `default`.
    is_schema = not value.keys().isdisjoint({"type", "anyOf", "oneOf"})
    if is_schema:
        value = drop(value, "default", "examples")

    return {key: _unsaid(item) for key, item in value.items()}
