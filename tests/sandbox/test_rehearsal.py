"""A contract is rehearsed before it is served: its answers are filled, or refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.sandbox.__main__ import main
from ledgerhq_ext.sandbox._contract import vendored_contract

from .api import Api

Document = dict[str, Any]
METHODS = ("get", "post", "patch", "delete")
ACCOUNTS = "/api/v1/accounts"
ON_COMPANY = "/api/v1/companies/{companyId}/accounts"
CARRIERS = pytest.mark.parametrize("path", [ACCOUNTS, ON_COMPANY], ids=["header", "company"])
ACCOUNT: Document = {"$ref": "#/components/schemas/Account"}
LIST: Document = {"type": "array", "items": ACCOUNT}
TEXT: Document = {"type": "string"}
CODE: Document = {"type": "string", "pattern": "^[A-Z]{40}$"}


def object_of(*, closed: bool = False, **properties: Document) -> Document:
    """Return the schema of an object that requires all its properties."""
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {**schema, "additionalProperties": False} if closed else schema


def with_answer(path: str, schema: Document, status: str = "200") -> Document:
    """Return the vendored contract with another answer of one GET, and no other operation."""
    document = vendored_contract()
    operation = document["paths"][path]["get"]
    operation["responses"] = {
        status: {"description": "OK", "content": {"application/json": {"schema": schema}}}
    }
    document["paths"] = {path: {"get": operation}}
    return document


def answer(box: Sandbox, http: httpx.Client, path: str) -> Any:
    """Return what an operation answers, and hold that nothing was violated."""
    api = Api(box, http)
    place = path.removeprefix("/api/v1").replace("{companyId}", api.org)
    response = api.get(place.replace("{id}", api.account("1010")))
    assert response.status_code == 200, response.text
    assert box.contract_violations == []
    return response.json()


def pointer(path: str, *steps: str) -> str:
    """Return the JSON pointer of a place in the schema of a GET's answer."""
    escaped = path.replace("/", "~1")
    schema = f"#/paths/{escaped}/get/responses/200/content/application~1json/schema"
    return "/".join((schema, *steps))


NUMBERED = object_of(page={"type": "integer"}, limit={"type": "integer"}, total={"type": "integer"})


@CARRIERS
@pytest.mark.parametrize(
    ("schema", "accounts"),
    [
        (object_of(items=LIST), lambda body: body["items"]),
        (object_of(closed=True, items=LIST), lambda body: body["items"]),
        (LIST, lambda body: body),
        (object_of(data=object_of(accounts=LIST)), lambda body: body["data"]["accounts"]),
        (object_of(data=object_of(items=LIST)), lambda body: body["data"]["items"]),
        (object_of(result=LIST, pagination=NUMBERED), lambda body: body["result"]),
        ({"allOf": [object_of(ok={"const": True}), object_of(data=LIST)]}, lambda b: b["data"]),
    ],
    ids=["renamed", "closed", "bare", "wrapped", "wrapped and renamed", "paged", "in two parts"],
)
def test_a_changed_envelope_holds_every_account(
    http: httpx.Client,
    path: str,
    schema: Document,
    accounts: Callable[[Any], list[Document]],
) -> None:
    with Sandbox(contract=with_answer(path, schema)) as box:
        served = accounts(answer(box, http, path))
        rows = box.rows("SELECT code FROM accounts WHERE organizationId = ?", Api(box, http).org)
        assert [account["code"] for account in served] == sorted(row["code"] for row in rows)


def test_counts_beside_a_list_are_those_of_the_list(http: httpx.Client) -> None:
    schema = object_of(
        closed=True,
        data=LIST,
        total={"type": "integer"},
        hasMore={"type": "boolean"},
        pagination=NUMBERED,
        nextCursor={"type": ["string", "null"]},
    )
    with Sandbox(contract=with_answer(ACCOUNTS, schema)) as box:
        body = answer(box, http, ACCOUNTS)
        number = len(body.pop("data"))
        assert number > 0
        assert body == {
            "total": number,
            "hasMore": False,
            "pagination": {"page": 1, "limit": number, "total": number},
            "nextCursor": None,
        }


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        (ACCOUNT, lambda body: body["code"]),
        (object_of(data=ACCOUNT), lambda body: body["data"]["code"]),
        (object_of(data=object_of(account=ACCOUNT)), lambda body: body["data"]["account"]["code"]),
    ],
    ids=["bare", "renamed", "wrapped"],
)
def test_one_record_is_found_in_another_envelope(
    http: httpx.Client, schema: Document, code: Callable[[Any], str]
) -> None:
    path = "/api/v1/accounts/{id}"
    with Sandbox(contract=with_answer(path, schema)) as box:
        assert code(answer(box, http, path)) == "1010"


@CARRIERS
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({**CODE, "default": "D" * 40}, "D" * 40),
        ({**CODE, "example": "E" * 40}, "E" * 40),
        ({**CODE, "examples": ["nothing", "F" * 40]}, "F" * 40),
        ({"enum": ["north", "south"]}, "north"),
        ({"const": 7}, 7),
        ({"type": ["string", "null"], "pattern": "^[A-Z]{40}$"}, None),
        ({"type": "string", "format": "date"}, "2026-01-01"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "boolean"}, False),
        ({"type": "array", "items": TEXT}, []),
        ({"oneOf": [CODE, {"type": "integer"}]}, 0),
        ({"allOf": [object_of(a=TEXT), object_of(b={"const": 1})]}, {"a": "string", "b": 1}),
    ],
)
def test_a_new_required_property_is_filled(
    http: httpx.Client, path: str, field: Document, value: Any
) -> None:
    document = with_answer(path, object_of(accounts=LIST))
    account = document["components"]["schemas"]["Account"]
    account["properties"]["novelty"] = field
    account["required"].append("novelty")
    with Sandbox(contract=document) as box:
        accounts = answer(box, http, path)["accounts"]
        assert [account["novelty"] for account in accounts] == [value] * len(accounts)
        assert f"GET {path} /accounts/0/novelty" in box.filled


def test_an_undeclared_property_is_left_out_of_a_closed_record(http: httpx.Client) -> None:
    document = with_answer(ACCOUNTS, object_of(accounts=LIST))
    account = document["components"]["schemas"]["Account"]
    account["additionalProperties"] = False
    account["required"].remove("isSystem")
    del account["properties"]["isSystem"]
    with Sandbox(contract=document) as box:
        first, *_ = answer(box, http, ACCOUNTS)["accounts"]
        assert first["code"] == "1010"
        assert "isSystem" not in first


def test_a_success_takes_the_status_that_is_declared(http: httpx.Client) -> None:
    document = vendored_contract()
    for path in ("/api/v1/purchases", "/api/v1/companies/{companyId}/purchases"):
        responses = document["paths"][path]["post"]["responses"]
        del responses["201"]
        responses["default"] = {"description": "An error"}
    with Sandbox(contract=document) as box:
        api = Api(box, http)
        first = api.post("/purchases", api.purchase(), key="k-1")
        again = api.post("/purchases", api.purchase(), key="k-1")
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json() == again.json()
        assert box.contract_violations == []


def test_a_media_type_may_have_parameters(http: httpx.Client) -> None:
    document = with_answer(ACCOUNTS, object_of(items=LIST))
    content = document["paths"][ACCOUNTS]["get"]["responses"]["200"]["content"]
    content["application/json; charset=utf-8"] = content.pop("application/json")
    with Sandbox(contract=document) as box:
        assert answer(box, http, ACCOUNTS)["items"]


# --- what is refused

REFUSED: dict[str, tuple[Document, tuple[str, ...], str]] = {
    "a pattern": (object_of(accounts=LIST, seal=CODE), ("properties", "seal"), "no valid value"),
    "two lists": (
        object_of(active=LIST, archived=LIST),
        ("properties", "active"),
        "'accounts'",
    ),
    "a cursor that is never null": (
        object_of(data=LIST, nextCursor=TEXT),
        ("properties", "nextCursor"),
        "no valid value",
    ),
    "a text in place of the records": (
        object_of(message=TEXT),
        ("properties", "message"),
        "'accounts'",
    ),
    "a closed envelope": (object_of(closed=True), (), "accounts"),
    "false": (
        object_of(accounts=LIST, never={"not": {}}),
        ("properties", "never"),
        "no valid value",
    ),
    "another kind": (
        object_of(accounts={"type": "array", "items": TEXT}),
        ("properties", "accounts", "items"),
        "/accounts/0",
    ),
    "a schema that requires itself": (
        object_of(accounts=LIST, node={"$ref": "#/components/schemas/Loop"}),
        ("properties", "node"),
        "no valid value",
    ),
    "a mistake": (
        object_of(accounts={"type": "lists"}),
        (),
        "not a valid schema",
    ),
    "a reference to nowhere": (
        object_of(accounts={"$ref": "#/components/schemas/Nowhere"}),
        (),
        "not a valid schema",
    ),
}


@CARRIERS
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_filled_is_refused_by_name(path: str, case: str) -> None:
    schema, steps, reason = REFUSED[case]
    document = with_answer(path, schema)
    document["components"]["schemas"]["Loop"] = object_of(
        loop={"$ref": "#/components/schemas/Loop"}
    )
    with pytest.raises(ValueError, match="cannot serve this contract") as refusal:
        Sandbox(contract=document)
    said = str(refusal.value)
    assert f"its answer to GET {path} does not fit " in said
    if case != "a schema that requires itself":
        assert f" {pointer(path, *steps)} (" in said
    assert reason in said


SCHEMAS = "#/components/schemas"
DROPPED = {
    "of a posting": ("PurchaseRequest", "payeeName", "POST /api/v1/purchases"),
    "of a line": ("PostingLine", "accountId", "POST /api/v1/purchases"),
    "of a verb": ("ReclassifyRequest", "accountId", "/reclassify"),
    "of a registration": ("ClientRegistrationRequest", "redirect_uris", "POST /api/oauth/register"),
}


@pytest.mark.parametrize("case", DROPPED)
def test_a_request_property_that_is_needed_and_not_declared_is_refused_by_name(case: str) -> None:
    """Clients of such a contract never send it."""
    schema, name, operation = DROPPED[case]
    document = vendored_contract()
    found = document["components"]["schemas"][schema]
    del found["properties"][name]
    found["required"] = [each for each in found.get("required", []) if each != name]
    with pytest.raises(ValueError, match="cannot serve this contract") as refusal:
        Sandbox(contract=document)
    assert f"needs {name} in {SCHEMAS}/{schema} of the document" in str(refusal.value)
    assert operation in str(refusal.value)


def test_a_body_that_is_needed_and_not_declared_is_refused_by_name() -> None:
    document = vendored_contract()
    del document["paths"]["/api/v1/transfers"]["post"]["requestBody"]
    with pytest.raises(ValueError, match=r"needs a body in #/paths/~1api~1v1~1transfers/post of"):
        Sandbox(contract=document)


@pytest.mark.parametrize("name", ["memo", "contactId"])
def test_a_request_property_that_is_not_needed_may_be_gone(name: str) -> None:
    document = vendored_contract()
    del document["components"]["schemas"]["PurchaseRequest"]["properties"][name]
    Sandbox(contract=document)


def test_properties_may_be_declared_in_parts_or_not_at_all() -> None:
    document = vendored_contract()
    schemas = document["components"]["schemas"]
    purchase = schemas["PurchaseRequest"]
    payee = {"payeeName": purchase["properties"].pop("payeeName")}
    schemas["PurchaseRequest"] = {"allOf": [purchase, {"oneOf": [{"properties": payee}, {}]}]}
    schemas["TransferRequest"] = {"type": "object"}
    schemas["DepositRequest"] = {"additionalProperties": True, "properties": {}}
    Sandbox(contract=document)


def test_a_page_that_loses_its_cursor_is_refused() -> None:
    path = "/api/v1/organizations"
    organizations = {"type": "array", "items": {"$ref": "#/components/schemas/Organization"}}
    document = with_answer(path, object_of(data=organizations, pagination=NUMBERED))
    with pytest.raises(ValueError, match="'nextCursor'") as refusal:
        Sandbox(contract=document)
    assert f" {pointer(path, 'properties', 'pagination')} (" in str(refusal.value)


def test_an_undeclared_status_and_media_type_are_refused() -> None:
    no_success = with_answer(ACCOUNTS, LIST, status="404")
    with pytest.raises(ValueError, match="status 200 is not documented") as refusal:
        Sandbox(contract=no_success)
    assert "#/paths/~1api~1v1~1accounts/get/responses (" in str(refusal.value)

    only_text = with_answer(ACCOUNTS, LIST)
    response = only_text["paths"][ACCOUNTS]["get"]["responses"]["200"]
    response["content"]["text/csv"] = response["content"].pop("application/json")
    with pytest.raises(ValueError, match="application/json is not documented") as refusal:
        Sandbox(contract=only_text)
    assert "#/paths/~1api~1v1~1accounts/get/responses/200/content (" in str(refusal.value)


def test_a_place_is_that_of_the_document_as_it_was_given() -> None:
    document = with_answer(ACCOUNTS, object_of(accounts=LIST))
    account = document["components"]["schemas"]["Account"]
    account["properties"]["code"] = {"allOf": [{"type": "integer"}], "nullable": True}
    with pytest.raises(ValueError, match="cannot serve") as refusal:
        Sandbox(contract=document)
    assert " #/components/schemas/Account/properties/code (" in str(refusal.value)


def json_operations() -> list[tuple[str, str]]:
    """Return the operations that answer a document, all but the consent page."""
    operations = []
    for path, item in vendored_contract()["paths"].items():
        for method in METHODS:
            if method in item and path != "/api/oauth/authorize":
                operations.append((method, path))
    return operations


@pytest.mark.parametrize(("method", "path"), json_operations())
def test_every_operation_is_rehearsed(method: str, path: str) -> None:
    document = vendored_contract()
    operation = document["paths"][path][method]
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            schema = response["content"]["application/json"]["schema"]
            demand = {"required": ["seal"], "properties": {"seal": CODE}}
            response["content"]["application/json"]["schema"] = {"allOf": [schema, demand]}
    document["paths"] = {path: {method: operation}}
    with pytest.raises(ValueError, match="properties/seal") as refusal:
        Sandbox(contract=document)
    assert f"its answer to {method.upper()} {path} does not fit #/paths/" in str(refusal.value)


def test_the_vendored_contract_passes() -> None:
    box = Sandbox(contract=vendored_contract())
    assert (box.filled, box.contract_violations) == (set(), [])


def test_the_command_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(with_answer(ACCOUNTS, object_of(accounts=LIST, seal=CODE))))
    assert main(["--contract", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: the sandbox cannot serve this contract")
    assert pointer(ACCOUNTS, "properties", "seal") in said.err
    assert said.err.count("\n") == 1
