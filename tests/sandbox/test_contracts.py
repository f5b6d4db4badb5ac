"""The sandbox on contracts that are not the vendored one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.sandbox._contract import Contract, vendored_contract
from ledgerhq_ext.sandbox._handlers import ROUTES

from .api import Api

Document = dict[str, Any]
METHODS = ("get", "post", "patch", "delete")


def operations(document: Document) -> list[tuple[str, str, Document]]:
    return [(p, m, item[m]) for p, item in document["paths"].items() for m in METHODS if m in item]


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    operations = Contract().operations
    targets = [ROUTES.find(*operation.key, ("company", "id")) for operation in operations]

    assert len(operations) == 61
    assert None not in targets
    assert {id(target.route) for target in targets if target} == {
        id(route) for route in ROUTES.values()
    }


def as_30(document: Document) -> Document:
    """The document as OpenAPI 3.0 would write it."""

    def rewrite(value: Any) -> Any:
        if isinstance(value, list):
            return [rewrite(item) for item in value]
        if not isinstance(value, dict):
            return value
        value = {name: rewrite(item) for name, item in value.items()}
        kinds = value.get("type")
        if isinstance(kinds, list) and "null" in kinds:
            [kind] = [kind for kind in kinds if kind != "null"]
            value |= {"type": kind, "nullable": True}
        choices = value.get("anyOf", [])
        if {"type": "null"} in choices:
            [choice] = [choice for choice in choices if choice != {"type": "null"}]
            del value["anyOf"]
            value |= {"allOf": [choice], "nullable": True}
        return value

    rewritten: Document = rewrite(document) | {"openapi": "3.0.3"}
    return rewritten


def inlined(document: Document) -> Document:
    """No references left."""

    def expand(value: Any) -> Any:
        if isinstance(value, list):
            return [expand(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            target: Any = document
            for step in value["$ref"][2:].split("/"):
                target = target[step]
            return expand(target)
        return {name: expand(item) for name, item in value.items()}

    expanded: Document = expand(document)
    del expanded["components"]["schemas"]
    return expanded


def hoisted(document: Document) -> Document:
    """Parameters on the path item."""
    for item in document["paths"].values():
        methods = [item[m] for m in METHODS if m in item]
        shared = [
            p
            for p in methods[0].get("parameters", [])
            if all(p in op.get("parameters", []) for op in methods)
        ]
        for operation in methods:
            operation["parameters"] = [
                p for p in operation.get("parameters", []) if p not in shared
            ]
        item["parameters"] = shared
    return document


def extracted(document: Document) -> Document:
    """Path items, bodies, responses and parameters by reference."""
    items = document["components"]["pathItems"] = {}
    for number, (path, item) in enumerate(list(document["paths"].items())):
        items[f"P{number}"] = item
        document["paths"][path] = {"$ref": f"#/components/pathItems/P{number}"}
    return document


def renamed(document: Document) -> Document:
    """Other names for components, operations and path parameters."""
    text = json.dumps(document)
    for name in sorted(document["components"]["schemas"], key=len, reverse=True):
        text = text.replace(f'#/components/schemas/{name}"', f'#/components/schemas/X{name}Dto"')
    renewed: Document = json.loads(
        text.replace("{id}", "{objectId}").replace('"name": "id"', '"name": "objectId"')
    )
    renewed["components"]["schemas"] = {
        f"X{n}Dto": s for n, s in renewed["components"]["schemas"].items()
    }
    for _, _, operation in operations(renewed):
        operation.pop("operationId")
    return renewed


def moved(document: Document) -> Document:
    document["servers"] = [{"url": "https://ledgerhq.pro"}]
    return document


def with_more(document: Document) -> Document:
    """New optional parameters and fields."""
    for _, _, operation in operations(document):
        operation.setdefault("parameters", []).append(
            {"name": "trace", "in": "query", "schema": {"type": "string"}}
        )
    for schema in document["components"]["schemas"].values():
        schema.get("properties", {}).setdefault("extra", {"type": "string"})
    return document


@pytest.mark.parametrize("change", [as_30, inlined, hoisted, extracted, renamed, moved, with_more])
def test_the_same_meaning_in_other_words_works(
    http: httpx.Client, change: Callable[[Document], Document]
) -> None:
    document = change(copy.deepcopy(vendored_contract()))
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        assert api.get("/organizations").status_code == 200
        assert api.submit("purchases", api.purchase()).status_code == 201
        assert api.submit("purchases", api.purchase(amount=0)).status_code == 400
        assert api.get("/bank-transactions", status="nonsense").status_code == 400
        row = api.row("WHOLESALE CLUB")
        body = {"accountId": api.account("6100"), "contactId": None}
        assert api.act(row["id"], "reclassify", body).status_code == 200
        assert api.packet()["bankReconciliationStatus"]["accounts"][0]["lastReconciliation"]
        assert api.get("/accounts/x").status_code == 404
        assert (box.contract_violations, box.filled) == ([], set())


def with_path(document: Document, path: str) -> Document:
    document["servers"] = [{"url": "https://ledgerhq.pro" + path}]
    prefix = len(path)
    document["paths"] = {
        name[prefix:]: item for name, item in document["paths"].items() if name.startswith(path)
    }
    return document


def test_a_path_in_the_server_belongs_to_the_routes(http: httpx.Client) -> None:
    with Sandbox(contract=with_path(vendored_contract(), "/api/v1")) as box:
        api = Api(box, http)
        assert api.get("/accounts").status_code == 200


def test_an_unknown_route_is_501_and_bad_requests_to_it_400(http: httpx.Client) -> None:
    document = vendored_contract()
    document["paths"]["/api/v1/companies/{companyId}/budgets"] = {
        "get": {
            "parameters": [
                {"name": "companyId", "in": "path", "required": True, "schema": {"type": "string"}},
                {"name": "year", "in": "query", "required": True, "schema": {"type": "integer"}},
            ],
            "responses": {
                "200": {"description": "ok"},
                "400": {"$ref": "#/components/responses/BadRequest"},
            },
        }
    }
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        response = api.get("/companies/c/budgets", year=2026)
        assert (response.status_code, response.json()["error"]["code"]) == (501, "NOT_IMPLEMENTED")
        assert api.get("/companies/c/budgets", year="x").status_code == 400
        assert api.get("/companies/c/budgets").status_code == 400
        assert box.contract_violations == []


def test_new_required_response_fields_are_filled_from_their_schema(http: httpx.Client) -> None:
    document = vendored_contract()
    fields: Document = {
        "region": {"type": "string", "enum": ["eu", "us"]},
        "since": {"type": "string", "format": "date"},
        "owner": {
            "type": "object",
            "required": ["age"],
            "properties": {"age": {"type": "integer", "minimum": 18}},
        },
        "note": {"type": ["string", "null"]},
        "currency": {"$ref": "#/components/schemas/Organization/properties/defaultCurrency"},
        "tags": {"type": "array", "minItems": 1, "items": {"type": "boolean"}},
    }
    account = document["components"]["schemas"]["Account"]
    account["properties"] |= fields
    account["required"] += list(fields)
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        first, *_ = api.get("/accounts").json()["accounts"]
        assert first["code"] == "1010"
        assert {name: first[name] for name in fields} == {
            "region": "eu",
            "since": "2026-01-01",
            "owner": {"age": 18},
            "note": None,
            "currency": "USD",
            "tags": [False],
        }
        assert box.contract_violations == []
        assert "GET /api/v1/accounts /accounts/0/region" in box.filled


def test_an_answer_that_cannot_fit_is_a_500_that_keeps_nothing(http: httpx.Client) -> None:
    # Only a key that is longer than that of the rehearsal shows it.
    document = vendored_contract()
    receipt = document["components"]["schemas"]["PostingReceipt"]
    receipt["properties"]["idempotencyKey"] = {"type": "string", "maxLength": 20}
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        assert api.post("/purchases", api.purchase(), key="k" * 20).status_code == 201
        assert api.post("/purchases", api.purchase(), key="k" * 21).status_code == 500
        assert [posting["idempotencyKey"] for posting in box.postings()] == ["k" * 20]
        [violation] = box.contract_violations
        assert violation["operation"] == "POST /api/v1/purchases"
        assert "/data/idempotencyKey" in violation["complaint"]


def test_an_undocumented_status_is_a_violation(http: httpx.Client) -> None:
    document = vendored_contract()
    del document["paths"]["/api/v1/accounts/{id}"]["get"]["responses"]["404"]
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        assert api.get("/accounts/x").status_code == 404
        assert len(box.contract_violations) == 1


def test_a_response_of_any_media_type_is_json(http: httpx.Client) -> None:
    document = vendored_contract()
    content = document["paths"]["/api/v1/accounts"]["get"]["responses"]["200"]["content"]
    content["*/*"] = content.pop("application/json")
    with Sandbox(contract=document) as box:
        response = Api(box, http).get("/accounts")
        assert response.status_code == 200
        assert response.json()["accounts"]
        assert box.contract_violations == []


def test_a_token_is_known_where_the_contract_would_do_without_one(http: httpx.Client) -> None:
    document = vendored_contract()
    document["security"].append({})
    with Sandbox(contract=document) as box:
        assert Api(box, http).get("/accounts").json()["accounts"]
        assert Api(box, http).get("/organizations").json()["data"]


def test_components_may_be_called_anything(http: httpx.Client) -> None:
    text = json.dumps(vendored_contract(), ensure_ascii=False)
    names = {
        'schemas/Account"': 'schemas/Konto[Ö]"',
        '"Account":': '"Konto[Ö]":',
    }
    for old, new in names.items():
        assert old in text
        text = text.replace(old, new)
    with Sandbox(contract=json.loads(text)) as box:
        assert Api(box, http).get("/accounts").json()["accounts"]
        assert box.contract_violations == []


def test_a_removed_route_is_gone(http: httpx.Client) -> None:
    document = vendored_contract()
    del document["paths"]["/api/v1/transfers"]
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        assert api.submit("transfers", {}).status_code == 404


def test_a_new_required_field_is_asked_for(http: httpx.Client) -> None:
    document = vendored_contract()
    schema = document["components"]["schemas"]["PurchaseRequest"]
    schema["properties"]["branch"] = {"type": "string"}
    schema["required"].append("branch")
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        refused = api.submit("purchases", api.purchase())
        assert (refused.status_code, "branch" in refused.json()["error"]["message"]) == (400, True)
        assert api.submit("purchases", api.purchase(branch="north")).status_code == 201


def test_a_contract_can_be_a_file(tmp_path: Any, http: httpx.Client) -> None:
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(vendored_contract()))
    with Sandbox(contract=path) as box:
        assert http.get(box.url + "/api/health").status_code == 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_have_any_encoding_of_json(
    encoding: str, tmp_path: Any, http: httpx.Client
) -> None:
    """A contract is kept as it was fetched."""
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(vendored_contract()), encoding=encoding)
    with Sandbox(contract=path) as box:
        assert http.get(box.url + "/api/health").status_code == 200


def test_keywords_that_are_null_say_nothing(http: httpx.Client) -> None:
    document = vendored_contract()
    for _, _, operation in operations(document):
        for key in ("parameters", "requestBody", "servers", "callbacks"):
            operation.setdefault(key, None)
    for schema in document["components"]["schemas"].values():
        for key in ("required", "format", "allOf", "enum"):
            schema.setdefault(key, None)
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        assert api.post("/purchases", api.purchase(), key="k").status_code == 201
        assert box.contract_violations == []


def test_the_path_of_a_server_belongs_to_the_routes(http: httpx.Client) -> None:
    """An operation may have a server of its own, and the first one need not be the usual one."""
    document = vendored_contract()
    paths = {path.removeprefix("/api/v1"): item for path, item in document["paths"].items()}
    for path, item in paths.items():
        if path in document["paths"]:
            item["servers"] = [{"url": "https://app.ledgerhq.pro"}]
    base = {"url": "https://app.ledgerhq.pro/{base}", "variables": {"base": {"default": "api/v1"}}}
    trial = {"url": "https://trial.ledgerhq.pro/trial/api/v1"}
    document |= {"paths": paths, "servers": [trial, base]}
    with Sandbox(contract=document) as box:
        assert http.get(box.url + "/api/health").status_code == 200
        assert Api(box, http).get("/accounts").json()["accounts"]


def test_half_a_character_costs_no_contract(http: httpx.Client) -> None:
    document = vendored_contract()
    document["components"]["schemas"]["Account"]["description"] = "cut \ud83d"
    with Sandbox(contract=document) as box:
        assert Api(box, http).get("/accounts").json()["accounts"]


def test_paths_may_end_with_a_slash(http: httpx.Client) -> None:
    document = vendored_contract()
    document["paths"] = {f"{path}/": item for path, item in document["paths"].items()}
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        assert api.get("/accounts/").json()["accounts"]
        assert api.get("/accounts").status_code == 404


def test_a_range_of_statuses_may_be_in_small_letters(http: httpx.Client) -> None:
    document = vendored_contract()
    responses = document["paths"]["/api/v1/accounts"]["get"]["responses"]
    responses["2xx"] = responses.pop("200")
    with Sandbox(contract=document) as box:
        assert Api(box, http).get("/accounts").json()["accounts"]


def envelope_renamed(document: Document, path: str, old: str, new: str) -> None:
    responses = document["paths"][path]["get"]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    schema["properties"][new] = schema["properties"].pop(old)
    schema["required"] = [new if name == old else name for name in schema["required"]]
    schema["additionalProperties"] = False


def test_a_changed_envelope_holds_what_the_old_one_held(http: httpx.Client) -> None:
    document = vendored_contract()
    envelope_renamed(document, "/api/v1/accounts", "accounts", "data")
    envelope_renamed(document, "/api/v1/tax-rates", "taxRates", "tax_rates")
    account = document["components"]["schemas"]["Account"]
    account["properties"]["region"] = {"type": "string", "enum": ["eu"]}
    account["required"].append("region")
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        answer = api.get("/accounts").json()
        assert list(answer) == ["data"]
        assert (answer["data"][0]["code"], answer["data"][0]["region"]) == ("1010", "eu")
        assert len(api.get("/tax-rates").json()["tax_rates"]) > 0
        assert box.contract_violations == []
        assert "GET /api/v1/accounts /data" in box.filled


def test_a_renamed_field_holds_its_value(http: httpx.Client) -> None:
    document = vendored_contract()
    receipt = document["components"]["schemas"]["PostingReceipt"]
    receipt["properties"]["journalEntryIdentifier"] = receipt["properties"].pop("journalEntryId")
    receipt["required"] = [
        "journalEntryIdentifier" if name == "journalEntryId" else name
        for name in receipt["required"]
    ]
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        data = api.submit("purchases", api.purchase()).json()["data"]
        assert "journalEntryId" not in data
        assert data["journalEntryIdentifier"]
