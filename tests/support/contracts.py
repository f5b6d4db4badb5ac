"""Contracts written in short: documents, schemas, answers, and a small one with a bit of
everything.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any

ORGANIZATION = {
    "name": "X-Organization-Id",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(
    schema: Any, status: str = "200", media_type: str = "application/json"
) -> dict[str, Any]:
    return {status: {"description": "ok", "content": {media_type: {"schema": schema}}}}


def body(
    schema: Any, media_type: str = "application/json", *, required: bool = True
) -> dict[str, Any]:
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
            "parameters": [
                ORGANIZATION,
                {"name": "type", "in": "query", "schema": ref("AccountType")},
            ],
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
        "parameters": [
            {"name": "accountId", "in": "path", "required": True, "schema": STRING},
            ORGANIZATION,
        ],
        "get": {"operationId": "getAccount", "responses": answer(ref("Envelope"))},
        "delete": {"operationId": "deleteAccount", "responses": {"204": {"description": "gone"}}},
    }
    token = {
        "post": {
            "requestBody": body(ref("Grant"), "application/x-www-form-urlencoded"),
            "responses": answer(obj()),
        }
    }
    contract = document(
        {
            "/api/v1/accounts": accounts,
            "/api/v1/accounts/{accountId}": account,
            "/api/oauth/token": token,
        },
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
