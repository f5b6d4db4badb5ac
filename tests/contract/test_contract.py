"""The vendored contract itself: complete, with evidence, its examples true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from scripts.contract.layout import ROOT

DOCUMENT: dict[str, Any] = json.loads(
    (ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8")
)
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]


def _resolved(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        target: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _examples() -> Iterator[tuple[str, Any, Any]]:
    for route, operation in OPERATIONS:
        answers = {status: _resolved(answer) for status, answer in operation["responses"].items()}
        for what, holder in {
            "body": _resolved(operation.get("requestBody", {})),
            **answers,
        }.items():
            for media in holder.get("content", {}).values():
                if "example" in media:
                    yield f"{route} {what}", media["schema"], media["example"]


@pytest.mark.parametrize(
    ("place", "schema", "example"), [pytest.param(*row, id=row[0]) for row in _examples()]
)
def test_examples_fit_their_schemas(place: str, schema: dict[str, Any], example: Any) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(example)


def test_every_post_has_an_example_of_its_body() -> None:
    without = [
        route
        for route, operation in OPERATIONS
        for media in _resolved(operation.get("requestBody", {})).get("content", {}).values()
        if "example" not in media
    ]
    assert without == []


@pytest.mark.parametrize(
    ("route", "operation"), [pytest.param(*row, id=row[0]) for row in OPERATIONS]
)
def test_every_operation_says_how_sure_it_is_and_how_it_fails(
    route: str, operation: dict[str, Any]
) -> None:
    assert operation["x-evidence"] in ("G", "V", "P", "A")
    assert {"summary", "operationId", "tags"} <= operation.keys()
    assert any(status >= "400" for status in operation["responses"])


@pytest.mark.parametrize(
    ("route", "operation"), [pytest.param(*row, id=row[0]) for row in OPERATIONS]
)
def test_one_carrier_names_the_client_company(route: str, operation: dict[str, Any]) -> None:
    path = route.split(" ")[1]
    names = [_resolved(parameter)["name"] for parameter in operation.get("parameters", ())]
    carriers = [name for name in names if name in ("x-organization-id", "companyId")]

    is_the_firm_s = not path.startswith("/api/v1/") or path in (
        "/api/v1/organizations",
        "/api/v1/companies",
    )
    expected = "companyId" if path.startswith("/api/v1/companies/") else "x-organization-id"
    assert carriers == ([] if is_the_firm_s else [expected])


def test_the_reconstruction_names_its_security() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert schemes["oauth2"]["flows"]["authorizationCode"]["tokenUrl"].endswith("/api/oauth/token")
    assert schemes["apiKey"]["scheme"] == "bearer"
    assert DOCUMENT["security"] == [{"oauth2": ["mcp"]}, {"apiKey": []}]
