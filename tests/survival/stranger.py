"""A contract as the live one may well be: other envelopes, other ids, more of everything, and
faults.
"""

from __future__ import annotations

import copy
from typing import Any

from .edits import SCHEMAS, Json, answer, inlined, operations, replace, rewritten

HEADER = {"name": "X-Api-Version", "in": "header", "required": True, "schema": {"type": "string"}}
UNUSED = (
    "invoices",
    "payments",
    "projects",
    "budgets",
    "webhooks",
    "items",
    "quotes",
    "orders",
    "loans",
    "members",
)


def stranger(contract: Json) -> None:
    """Make the vendored contract a strange one."""
    _envelopes(contract)
    _ids(contract)
    _headers(contract)
    _routes(contract)
    # Every schema written out wherever it is used, and nothing has a name.
    for kind in ("parameters", "responses"):
        contract["paths"] = inlined(contract, contract["paths"], f"#/components/{kind}/")
    contract["paths"] = inlined(contract, contract["paths"], SCHEMAS)
    contract["components"] = {"securitySchemes": contract["components"]["securitySchemes"]}
    for each in operations(contract):
        del each["operationId"]
        each.pop("tags", None)
    replace(contract, rewritten(contract, _nullable))
    _faults(contract)


def _envelopes(contract: Json) -> None:
    for route, old, new in (
        ("GET /api/v1/accounts", "accounts", "data"),
        ("GET /api/v1/tax-rates", "taxRates", "items"),
        ("GET /api/v1/contacts", "data", "contacts"),
        ("GET /api/v1/organizations", "nextCursor", "next_cursor"),
    ):
        found = answer(contract, route)
        found["properties"][new] = found["properties"].pop(old)
        found["required"] = [new if name == old else name for name in found["required"]]


def _ids(contract: Json) -> None:
    for each in contract["components"]["schemas"].values():
        for name, content in each.get("properties", {}).items():
            if name == "id" or name.endswith("Id"):
                content["type"] = (
                    ["integer", "null"] if isinstance(content.get("type"), list) else "integer"
                )


def _headers(contract: Json) -> None:
    for each in operations(contract):
        each.setdefault("parameters", []).append(copy.deepcopy(HEADER))


def _routes(contract: Json) -> None:
    account = contract["paths"]["/api/v1/accounts"]
    for name in UNUSED:
        contract["paths"][f"/api/v1/{name}"] = copy.deepcopy(account)
        contract["paths"][f"/api/v1/{name}/{{{name[:3]}Id}}"] = {
            "parameters": [
                {
                    "name": f"{name[:3]}Id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "integer"},
                }
            ],
            "get": copy.deepcopy(account["get"]),
        }


def _nullable(node: Json) -> Any:
    types = node.get("type")
    if isinstance(types, list) and len(types) == 2:
        return {**node, "type": next(each for each in types if each != "null"), "nullable": True}
    return node


def _faults(contract: Json) -> None:
    """What the linter finds in the document as fetched, and nobody here can mend."""
    for each in operations(contract):
        for response in each["responses"].values():
            response.pop("description", None)
    contract["info"].pop("version")
    contract["unknownKeyword"] = {"vendors": "write such things"}
