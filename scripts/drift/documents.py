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
from ..contract.pointers import METHODS, Object, join
from ..contract.prose import with_headers_of_prose
from ..contract.repair import load_repairs, repair
from ..contract.routes import shape
from ..contract.seam import Need
from ..contract.source import Fetched, parse

# Extensions of an operation keep what the normaliser drops; it leaves them alone.
OPERATION_ID = "x-drift-operation-id"
SERVERS = "x-drift-servers"
CALLBACKS = "x-drift-callbacks"


@dataclass(frozen=True)
class Operation:
    """One operation of a normalised document, and where it stands there."""

    method: str
    path: str
    value: Object

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the operation: the names of path parameters mean nothing."""
        return self.method, shape(self.path)

    @property
    def route(self) -> str:
        """Method and path: `GET /api/v1/accounts/{id}`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def pointer(self) -> str:
        """The JSON pointer of the operation in its document."""
        return join("/paths", self.path, self.method)


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
        schemas: Object = self.normalised["components"]["schemas"]
        return schemas

    @property
    def operations(self) -> dict[tuple[str, str], Operation]:
        """Every operation, by method and shape of the path."""
        by_key: dict[tuple[str, str], Operation] = {}
        for path, item in sorted(self.normalised["paths"].items()):
            for method, value in item.items():
                operation = Operation(method, path, value)
                key = operation.key
                if key in by_key:
                    # The same path with a slash at its end beside the one without is another
                    # route.
                    key = (method, f"{operation.key[1]}/")
                by_key[key] = operation
        return by_key


def read_document(fetched: Fetched, layout: Layout, needs: Sequence[Need] = ()) -> Document:
    """Read, repair and normalise. The linter is not asked: a vendor's fault must not hide what has
    changed.

    Headers that the needs name may stand in the document's words alone.
    """
    table = layout.repairs.read_bytes() if layout.repairs.exists() else b"[]"
    raw, warnings = repair(parse(fetched.content), load_repairs(table))
    homes = _origins(raw.get("servers"))
    for item, operation in _operations(raw):
        _keep(operation, OPERATION_ID, operation.get("operationId"))
        _keep(operation, SERVERS, _own_servers(operation, item, homes))
        _keep(operation, CALLBACKS, operation.get("callbacks"))
    digest = hashlib.sha256(fetched.content).hexdigest()
    normalised = with_headers_of_prose(normalise(raw), raw, needs)
    return Document(normalised, _webhooks(raw), raw, fetched.origin, digest, tuple(warnings))


def _webhooks(raw: Object) -> Object:
    """Return the webhooks as if they were paths, in canonical form: what the service sends, and
    what it wants to hear.
    """
    none: Object = {"paths": {}, "components": {"schemas": {}}}
    hooks = raw.get("webhooks")
    if not isinstance(hooks, dict) or not hooks:
        return none
    as_paths = {**raw, "paths": {f"/{name}": item for name, item in hooks.items()}, "servers": []}
    try:
        return normalise(as_paths)
    except StepError:
        # Not one of them can be read, and that is no reason to stop.
        return {**none, LEFT_OUT: {"/webhooks": "they cannot be read"}}


def _operations(raw: Object) -> Iterator[tuple[Object, Object]]:
    """Yield every operation of a document as fetched, with the path item that it stands in."""
    items = list(raw["paths"].values())
    components = raw.get("components", {})
    if isinstance(components, dict):
        items += components.get("pathItems", {}).values()
    for item in items:
        if not isinstance(item, dict):
            continue
        for method in METHODS:
            operation = item.get(method)
            if isinstance(operation, dict):
                yield item, operation


def _keep(operation: Object, name: str, value: Any) -> None:
    if value:
        operation[name] = value


def _own_servers(operation: Object, item: Object, homes: list[str]) -> list[str]:
    """Return the servers of an operation where they are not those of the document."""
    own = _origins(operation.get("servers") or item.get("servers"))
    return own if own != homes else []


def _origins(servers: list[Object] | None) -> list[str]:
    return sorted({origin["url"] for origin in origins(servers or [])})
