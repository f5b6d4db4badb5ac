"""A small contract, and a checkout to regenerate it in."""

import copy
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scripts.contract.layout import ROOT, Layout
from scripts.contract.seam import Need
from scripts.regenerate import regenerate

DAY = date(2026, 6, 8)
ORGANIZATION = {"name": "X-Organization-Id", "in": "header", "required": True, "schema": {"type": "string"}}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(schema: Any, status: str = "200", media_type: str = "application/json") -> dict[str, Any]:
    return {status: {"description": "ok", "content": {media_type: {"schema": schema}}}}


def body(schema: Any, media_type: str = "application/json", *, required: bool = True) -> dict[str, Any]:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def obj(required: Sequence[str] = (), /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def document(paths: dict[str, Any] | None = None, **schemas: Any) -> dict[str, Any]:
    """A contract of just these paths and schemas."""
    paths = paths or {"/api/v1/things": {"get": {"responses": answer(STRING)}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "7"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def one(schema: Any, **schemas: Any) -> dict[str, Any]:
    """A contract of one operation that answers `schema`."""
    return document({"/api/v1/things": {"get": {"responses": answer(schema)}}}, **schemas)


def small() -> dict[str, Any]:
    """A contract with a bit of everything that the real one has."""
    accounts = {
        "get": {
            "operationId": "listAccounts",
            "tags": ["Accounting"],
            "parameters": [ORGANIZATION, {"name": "type", "in": "query", "schema": ref("AccountType")}],
            "responses": {
                **answer(obj(["accounts"], accounts={"type": "array", "items": ref("Account")})),
                **answer(ref("Error"), "400"),
            },
        },
        "post": {
            "operationId": "createAccount",
            "parameters": [
                ORGANIZATION,
                {"name": "Idempotency-Key", "in": "header", "required": True, "schema": STRING},
            ],
            "requestBody": body(ref("AccountCreate")),
            "responses": {**answer(ref("Envelope"), "201"), **answer(ref("Error"), "409")},
        },
    }
    account = {
        "parameters": [{"name": "accountId", "in": "path", "required": True, "schema": STRING}, ORGANIZATION],
        "get": {"operationId": "getAccount", "responses": answer(ref("Envelope"))},
        "delete": {"operationId": "deleteAccount", "responses": {"204": {"description": "gone"}}},
    }
    token = {
        "post": {"requestBody": body(ref("Grant"), "application/x-www-form-urlencoded"), "responses": answer(obj())}
    }
    contract = document(
        {"/api/v1/accounts": accounts, "/api/v1/accounts/{accountId}": account, "/api/oauth/token": token},
        Account=obj(
            ["id", "type", "balance"],
            id=STRING,
            type=ref("AccountType"),
            balance={**INTEGER, "description": "Cents."},
            parent={"anyOf": [ref("Account"), {"type": "null"}]},
            note={"type": ["string", "null"]},
            kind={"type": "string", "enum": ["checking", "savings"]},
        ),
        AccountType={"type": "string", "enum": ["asset", "liability"]},
        AccountCreate=obj(["name", "type"], name=STRING, type=ref("AccountType")),
        Envelope=obj(["account"], account=ref("Account")),
        Error=obj(["error"], error={"oneOf": [STRING, obj(["code"], code=STRING)]}),
        Grant=obj(["grant_type"], grant_type=STRING),
        Unused=obj(x=STRING),
    )
    return copy.deepcopy(contract)


def shuffled(value: Any, seed: int = 1) -> Any:
    """The same JSON with its keys in another order."""
    if isinstance(value, list):
        return [shuffled(item, seed) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    random.Random(seed).shuffle(keys)
    return {key: shuffled(value[key], seed) for key in keys}


@dataclass(frozen=True)
class FakeNeed:
    """What a layer could ask for."""

    method: str
    path: str
    operation: str = "Organization.things"
    parameters: tuple[tuple[str, str], ...] = ()
    request: Any = None
    request_media: str = "application/json"
    response: Any = None
    statuses: tuple[int, ...] = (200,)


@dataclass
class Checkout:
    """A folder with the settings of this repository, to regenerate in."""

    root: Path
    said: list[str] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        return Layout(self.root)

    def contract(self, value: Any) -> str:
        """Write a contract to a file beside the checkout."""
        file = self.root.parent / f"{self.root.name}-contract.json"
        file.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(file)

    def run(self, value: Any, *, needs: Sequence[Need] = (), accept_misfit: bool = False) -> int:
        return self.run_source(self.contract(value), needs=needs, accept_misfit=accept_misfit)

    def run_source(
        self, source: str, *, needs: Sequence[Need] = (), today: date = DAY, accept_misfit: bool = False
    ) -> int:
        say = self.said.append
        return regenerate(source, self.layout, needs=needs, today=today, accept_misfit=accept_misfit, say=say)

    def files(self) -> dict[str, bytes]:
        """Every file of the checkout, but for what may be thrown away."""
        found = {file.relative_to(self.root): file for file in self.root.rglob("*") if file.is_file()}
        kept = {
            path: file for path, file in found.items() if path.parts[0] != "build" and "__pycache__" not in path.parts
        }
        return {path.as_posix(): file.read_bytes() for path, file in kept.items()}

    def python(self, code: str) -> str:
        """Run code in a process of its own that sees the generated package. Warnings are errors."""
        command = [sys.executable, "-B", "-W", "error", "-c", f"import sys; sys.path.insert(0, 'generated')\n{code}"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def make_checkout(root: Path) -> Checkout:
    here = Layout(ROOT)
    there = Layout(root)
    shutil.copytree(here.templates, there.templates)
    shutil.copy(here.config, there.config)
    there.repairs.write_text("[]")
    return Checkout(root)
