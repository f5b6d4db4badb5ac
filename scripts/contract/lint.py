"""Step `lint`: whether a document follows the OpenAPI specification."""

from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from .errors import StepError, listed
from .pointers import Object, join


def findings(document: Object) -> list[str]:
    """What the linter finds, each with its place."""
    old = str(document.get("openapi", "")).startswith("3.0")
    validator = OpenAPIV30SpecValidator(document) if old else OpenAPIV31SpecValidator(document)
    try:
        return sorted(f"{join('', *error.absolute_path)}: {error.message:.200}" for error in validator.iter_errors())
    # The linter stumbles over some broken documents instead of judging them.
    except Exception as error:
        return [f"the linter itself fails: {type(error).__name__}: {error!s:.200}"]


def lint(normalised: Object) -> None:
    """Raise when the normalised document does not pass."""
    found = findings(_unsaid(normalised))
    if found:
        todo = "mend it by rows in openapi/repairs.json, or mend the normaliser"
        raise StepError(
            "lint", "the normalised contract does not pass the linter", why=listed(found).strip(), todo=todo
        )


def _unsaid(value: Any) -> Any:
    """The document without defaults and examples: vendors write some that do not fit, and no code depends on them."""
    if isinstance(value, list):
        return [_unsaid(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_schema = "type" in value or "anyOf" in value or "oneOf" in value
    return {key: _unsaid(item) for key, item in value.items() if not (is_schema and key in ("default", "examples"))}
