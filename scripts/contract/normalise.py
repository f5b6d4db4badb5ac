"""Step `normalise`: the same contract in canonical form. It keeps what it means."""

from typing import Any

from .canonical import Schemas, reachable
from .errors import UNREADABLE, StepError, reason
from .omissions import LEFT_OUT
from .operations import Operations, origins
from .pointers import Object
from .refs import component, follow, leads_to


def normalise(document: Object) -> Object:
    """Return the canonical form of a contract, as OpenAPI 3.1.

    Two documents that mean the same to a client become equal, but for the names of their components
    and what they say to people: operationIds and tags follow from the route, references outside the
    schemas are resolved, everything is spelled in one way, order that means nothing is sorted away,
    and what nothing leads to is dropped. What cannot be read is left out, and stands under
    `LEFT_OUT`.
    """
    try:
        return _normalise(document)
    except StepError:
        raise
    except UNREADABLE as error:
        todo = (
            "see what the linter reports on the raw document, and repair it by a row in "
            "openapi/repairs.json"
        )
        raise StepError(
            "normalise", "the contract cannot be read", why=reason(error), todo=todo
        ) from error


def _normalise(document: Object) -> Object:
    left_out: dict[str, str] = {}
    schemas = Schemas(document, left_out)
    paths = Operations(document, schemas, left_out).paths()
    normalised = {
        "openapi": "3.1.0",
        "info": {"title": "LedgerHQ", "version": "1"},
        "servers": origins(document.get("servers", [])),
        "paths": paths,
        "components": {
            "schemas": reachable(paths, schemas.components),
            "securitySchemes": _security_schemes(document),
        },
    }
    relevant = {where: why for where, why in left_out.items() if _matters(where, document)}
    return {**normalised, LEFT_OUT: relevant} if relevant else normalised


def _matters(where: str, document: Object) -> bool:
    """Return whether an operation leads to a place; what nothing leads to may be as it likes."""
    name = component(f"#{'/'.join(where.split('/')[:4])}")
    return name is None or name in leads_to(document)


def _security_schemes(document: Object) -> Object:
    schemes = document.get("components", {}).get("securitySchemes") or {}
    return {name: _followed(document, scheme) for name, scheme in schemes.items()}


def _followed(document: Object, value: Any) -> Any:
    try:
        return follow(document, value)
    except StepError:
        # A scheme that is nowhere costs no operation.
        return value
