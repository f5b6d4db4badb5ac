"""Both documents of a comparison, read in the same way: repaired, normalised, with what the
comparison needs beside.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..contract.errors import StepError
from ..contract.layout import Layout
from ..contract.normalise import normalise
from ..contract.omissions import LEFT_OUT
from ..contract.operations import origins
from ..contract.pointers import METHODS, Object, canonical_json
from ..contract.prose import with_headers_of_prose
from ..contract.repair import load_repairs, repair
from ..contract.routes import shape
from ..contract.seam import Need
from ..contract.source import Fetched, parse

# Extensions of an operation keep what the normaliser drops; it leaves them alone.
OPERATION_ID, SERVERS, CALLBACKS = "x-drift-operation-id", "x-drift-servers", "x-drift-callbacks"


@dataclass(frozen=True)
class Operation:
    """One operation of a normalised document, and where it stands there."""

    method: str
    path: str
    value: Object

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by: the names of path parameters mean nothing."""
        return self.method, shape(self.path)

    @property
    def route(self) -> str:
        """`GET /api/v1/accounts/{id}`."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True)
class Document:
    """A contract, ready to be compared."""

    normalised: Object
    webhooks: Object
    raw: Object
    origin: str
    sha256: str
    warnings: tuple[str, ...]

    @property
    def schemas(self) -> Object:
        """The components that schemas refer to."""
        found: Object = self.normalised["components"]["schemas"]
        return found

    @property
    def operations(self) -> dict[tuple[str, str], Operation]:
        """Every operation, by method and shape of the path."""
        paths = sorted(self.normalised["paths"].items())
        every = [
            Operation(method, path, value) for path, item in paths for method, value in item.items()
        ]
        by_key: dict[tuple[str, str], Operation] = {}
        for operation in every:
            # The same path with a slash at its end beside the one without is another route.
            key = (
                operation.key
                if operation.key not in by_key
                else (operation.method, f"{operation.key[1]}/")
            )
            by_key[key] = operation
        return by_key


def read_document(fetched: Fetched, layout: Layout, needs: Sequence[Need] = ()) -> Document:
    """Read, repair and normalise. The linter is not asked: a vendor's fault must not hide what has
    changed.

    Headers that the needs name may stand in the document's words alone.
    """
    table = layout.repairs.read_bytes() if layout.repairs.exists() else b"[]"
    raw, warnings = repair(parse(fetched.content), load_repairs(table))
    for item, operation in _operations(raw):
        _keep(operation, OPERATION_ID, operation.get("operationId"))
        _keep(operation, SERVERS, _servers(operation, item))
        _keep(operation, CALLBACKS, operation.get("callbacks"))
    digest = hashlib.sha256(fetched.content).hexdigest()
    normalised = with_headers_of_prose(normalise(raw), raw, needs)
    return Document(normalised, _webhooks(raw), raw, fetched.origin, digest, tuple(warnings))


def _webhooks(raw: Object) -> Object:
    """The webhooks as if they were paths, in canonical form: what the service sends, and what it
    wants to hear.
    """
    hooks = raw.get("webhooks")
    if not isinstance(hooks, dict) or not hooks:
        return {"paths": {}, "components": {"schemas": {}}}
    pretended = {**raw, "paths": {f"/{name}": item for name, item in hooks.items()}, "servers": []}
    try:
        return normalise(pretended)
    except StepError:
        # Not one of them can be read, and that is no reason to stop.
        return {
            "paths": {},
            "components": {"schemas": {}},
            LEFT_OUT: {"/webhooks": "they cannot be read"},
        }


def _operations(raw: Object) -> Iterator[tuple[Object, Object]]:
    shared = raw.get("components", {})
    holders = [raw["paths"], shared.get("pathItems", {}) if isinstance(shared, dict) else {}]
    items = [item for holder in holders for item in holder.values() if isinstance(item, dict)]
    yield from (
        (item, item[method])
        for item in items
        for method in METHODS
        if isinstance(item.get(method), dict)
    )


def _keep(operation: Object, name: str, value: Any) -> None:
    if value:
        operation[name] = value


def _servers(operation: Object, item: Object) -> list[str]:
    own = operation.get("servers") or item.get("servers") or []
    return sorted({canonical_json(origin) for origin in origins(own)})
