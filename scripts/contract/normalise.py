"""Step `normalise`: the same contract in canonical form. It keeps what it means."""

from .canonical import Schemas, reachable
from .errors import StepError
from .operations import Operations, origins
from .pointers import Object
from .refs import check_circles, check_refs


def normalise(document: Object) -> Object:
    """The canonical form of a contract, as OpenAPI 3.1.

    Two documents that mean the same to a client become equal, but for the names of their components and what
    they say to people: operationIds and tags follow from the route, references outside the schemas are
    resolved, everything is spelled in one way, order that means nothing is sorted away, and what nothing leads
    to is dropped.
    """
    check_refs(document)
    try:
        check_circles(document)
        return _normalise(document)
    except RecursionError:
        raise StepError("normalise", "the contract is nested too deeply to be read") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"
        todo = "see what the linter says of the raw document, and mend it by a row in openapi/repairs.json"
        raise StepError(
            "normalise", "a part of the contract has not the form that OpenAPI wants", why=why, todo=todo
        ) from error


def _normalise(document: Object) -> Object:
    schemas = Schemas(document)
    paths = Operations(document, schemas).paths()
    security = document.get("components", {}).get("securitySchemes", {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "LedgerHQ", "version": "1", **document.get("info", {})},
        "servers": origins(document.get("servers", [])),
        "paths": paths,
        "components": {"schemas": reachable(paths, schemas.components), "securitySchemes": security},
    }
