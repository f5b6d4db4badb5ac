"""What breaks on one of the two carriers of the company while the other one stands: releases that
are installed stop where they go by the first, and new clients go by the second, whatever an app
prefers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .edits import Json, operation
from .healed import BELOW

REGION: Json = {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
SCOPED: list[Json] = [{"oauth2": ["mcp", "post"]}]


@dataclass(frozen=True)
class Detoured:
    """A change, the carrier that it hits, the rule that tells it, and the routes that are left."""

    change: Callable[[Json], object]
    carrier: Literal["header", "path"]
    rule: str
    routes: tuple[str, ...]


DETOURED: dict[str, Detoured] = {}


def detoured(
    carrier: Literal["header", "path"], rule: str, *routes: str
) -> Callable[[Callable[[Json], object]], Callable[[Json], object]]:
    """A variant that breaks some routes of one carrier."""

    def add(change: Callable[[Json], object]) -> Callable[[Json], object]:
        DETOURED[change.__name__] = Detoured(change, carrier, rule, routes)
        return change

    return add


def _on(path: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{name.partition(' ')[0]} {path}{name.partition(' ')[2]}" for name in names)


POSTINGS = ("POST purchases", "POST transfers", "POST journal-entries")
READS = ("GET accounts", "GET bank-transactions", "GET journal-entries")


@detoured("path", "required-parameter-added", *_on(BELOW, *POSTINGS, *READS))
def company_paths_want_a_region(contract: Json) -> None:
    for route in _on(BELOW, *POSTINGS, *READS):
        operation(contract, route)["parameters"].append(REGION)


@detoured("path", "security-changed", *_on(BELOW, *POSTINGS))
def company_paths_want_another_scope(contract: Json) -> None:
    """No shape of the contract says that it is another one than before."""
    for route in _on(BELOW, *POSTINGS):
        operation(contract, route)["security"] = SCOPED
    scheme = contract["components"]["securitySchemes"]["oauth2"]
    scheme["flows"]["authorizationCode"]["scopes"]["post"] = "Post"


@detoured("path", "response-property-removed", *_on(BELOW, "GET accounts", "GET bank-accounts"))
def company_paths_answer_otherwise(contract: Json) -> None:
    for name in ("accounts", "bank-accounts"):
        answers = operation(contract, f"GET {BELOW}{name}")["responses"]["200"]
        schema = answers["content"]["application/json"]["schema"]
        [(_, rows)] = schema["properties"].items()
        schema["properties"] = {"items": rows}
        schema["required"] = ["items"]


@detoured("header", "required-parameter-added", *_on("/api/v1/", *POSTINGS, *READS[:2]))
def header_routes_want_a_region(contract: Json) -> None:
    for route in _on("/api/v1/", *POSTINGS, *READS[:2]):
        operation(contract, route)["parameters"].append(REGION)
