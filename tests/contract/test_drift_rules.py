"""The rules of drift, one change at a time, from the point of view of a client."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.layout import Layout
from scripts.contract.source import Fetched
from scripts.drift import operations, unions
from scripts.drift.compare import Drift, compare
from scripts.drift.documents import read_document
from scripts.drift.locate import located
from scripts.drift.parameters import compare_parameters
from scripts.drift.schemas import Comparison
from tests.support.contracts import (
    INTEGER,
    STRING,
    answer,
    body,
    document,
    obj,
    one,
    ref,
    shuffled,
    small,
)

THINGS = "/api/v1/things"
DATE = {"type": "string", "format": "date"}
UUID = {"type": "string", "format": "uuid"}
NULLABLE = {"type": ["string", "null"]}
EMPTY = Layout(Path("/nowhere"))


def drift(old: Any, new: Any) -> Drift:
    one, other = (
        read_document(Fetched(json.dumps(each).encode(), "test"), EMPTY) for each in (old, new)
    )
    return located(compare(one, other, {}), one, other)


def rules(old: Any, new: Any) -> list[str]:
    return [f"{finding.level.name[0]} {finding.rule}" for finding in drift(old, new).findings]


def served(schema: Any, **schemas: Any) -> dict[str, Any]:
    return document({THINGS: {"get": {"responses": answer(schema)}}}, **schemas)


def taken(schema: Any, **schemas: Any) -> dict[str, Any]:
    return document(
        {THINGS: {"post": {"requestBody": body(schema), "responses": answer(STRING)}}}, **schemas
    )


UNIONS = (
    obj(["kind"], kind={"enum": ["a"]}, x=STRING),
    obj(["kind"], kind={"enum": ["b"]}, x=STRING),
)

# (before, after, what the sender finds, what the reader finds)
SCHEMAS: list[tuple[Any, Any, list[str], list[str]]] = [
    (obj(), obj(a=STRING), ["I request-property-added"], ["I response-property-added"]),
    (obj(), obj(["a"], a=STRING), ["B request-required-property-added"], ["I response-property-added"]),
    (obj(), obj(["a"], a={**STRING, "readOnly": True}), ["I request-property-added"], ["I response-property-added"]),
    (obj(a=STRING), obj(), ["W request-property-removed"], ["W response-property-removed"]),
    (obj(["a"], a=STRING), obj(), ["W request-property-removed"], ["B response-property-removed"]),
    (
        obj(a=STRING) | {"additionalProperties": False},
        obj() | {"additionalProperties": False},
        ["B request-property-removed"],
        ["W response-property-removed"],
    ),
    (obj(a=STRING), obj(["a"], a=STRING), ["B request-became-required"], ["I response-became-required"]),
    (obj(["a"], a=STRING), obj(a=STRING), ["I request-became-optional"], ["B response-became-optional"]),
    (obj(a=STRING), obj(a=NULLABLE), ["I request-became-nullable"], ["B response-became-nullable"]),
    (obj(a=NULLABLE), obj(a=STRING), ["B request-no-longer-nullable"], ["I response-no-longer-nullable"]),
    (STRING, INTEGER, ["B request-type-changed"], ["B response-type-changed"]),
    (INTEGER, {"type": "number"}, ["I request-type-widened"], ["B response-type-widened"]),
    ({"type": "number"}, INTEGER, ["B request-type-narrowed"], ["I response-type-narrowed"]),
    (STRING, {}, ["I request-type-widened"], ["B response-type-widened"]),
    ({}, STRING, ["B request-type-narrowed"], ["I response-type-narrowed"]),
    (obj(a=STRING), obj(a=False), ["B request-type-changed"], ["B response-type-changed"]),
    (obj(a=STRING), obj(a={"not": {}}), ["B request-type-changed"], ["B response-type-changed"]),
    (STRING, {**STRING, "$id": "https://a.example/x", "$anchor": "x", "$schema": "https://b.example"}, [], []),
    (STRING, {"type": ["string", "integer"]}, ["I request-variant-added"], ["B response-variant-added"]),
    ({"type": ["string", "integer"]}, STRING, ["B request-variant-removed"], ["I response-variant-removed"]),
    (STRING, DATE, ["B request-format-added"], ["I response-format-added"]),
    (DATE, STRING, ["I request-format-removed"], ["W response-format-removed"]),
    (DATE, {"type": "string", "format": "date-time"}, ["B request-format-changed"], ["B response-format-changed"]),
    (DATE, {**DATE, "pattern": r"^\d{4}-\d\d-\d\d$"}, [], []),
    (DATE, {**DATE, "pattern": r"^\d\d/"}, ["B request-bound-tightened"], ["I response-bound-tightened"]),
    (DATE, {**DATE, "pattern": "("}, ["B request-bound-tightened"], ["I response-bound-tightened"]),
    (obj(itemId=STRING), obj(itemId=UUID), ["W request-format-added"], ["I response-format-added"]),
    (obj(id=STRING), obj(id=UUID), ["W request-format-added"], ["I response-format-added"]),
    (obj(paid=STRING), obj(paid=UUID), ["B request-format-added"], ["I response-format-added"]),
    (obj(itemId=STRING), obj(itemId=DATE), ["B request-format-added"], ["I response-format-added"]),
    ({"enum": ["a"]}, {"anyOf": [{"enum": ["a"]}, STRING]}, ["I request-enum-opened"], ["W response-enum-opened"]),
    ({"enum": ["a"]}, {"enum": ["a", "b"]}, ["I request-enum-value-added"], ["W response-enum-value-added"]),
    ({"enum": ["a", "b"]}, {"enum": ["a"]}, ["B request-enum-value-removed"], ["I response-enum-value-removed"]),
    (STRING, {"enum": ["a"]}, ["B request-enum-closed"], ["I response-enum-closed"]),
    ({"enum": ["a"]}, STRING, ["I request-enum-opened"], ["W response-enum-opened"]),
    (STRING, {**STRING, "maxLength": 5}, ["B request-bound-tightened"], ["I response-bound-tightened"]),
    ({**INTEGER, "minimum": 5}, {**INTEGER, "minimum": 1}, ["I request-bound-loosened"], ["W response-bound-loosened"]),
    (
        {**STRING, "pattern": "a"},
        {**STRING, "pattern": "b"},
        ["B request-bound-tightened"],
        ["I response-bound-tightened"],
    ),
    (
        {**INTEGER, "multipleOf": 4},
        {**INTEGER, "multipleOf": 2},
        ["I request-bound-loosened"],
        ["W response-bound-loosened"],
    ),
    ({**STRING, "default": "a"}, {**STRING, "default": "b"}, ["W request-default-changed"], []),
    (STRING, {**STRING, "readOnly": True}, ["W request-access-changed"], ["W response-access-changed"]),
    (STRING, {**STRING, "deprecated": True}, ["W request-deprecated"], ["W response-deprecated"]),
    (STRING, {**STRING, "contentEncoding": "7bit"}, ["W request-keyword-changed"], ["W response-keyword-changed"]),
    (obj(), obj() | {"additionalProperties": False}, ["B request-object-closed"], ["I response-object-closed"]),
    (
        {"type": "object", "additionalProperties": STRING},
        {"type": "object", "additionalProperties": INTEGER},
        ["B request-type-changed"],
        ["B response-type-changed"],
    ),
    (
        {"type": "array", "items": STRING},
        {"type": "array", "items": INTEGER},
        ["B request-type-changed"],
        ["B response-type-changed"],
    ),
    ({"oneOf": [*UNIONS]}, {"anyOf": [*UNIONS][::-1]}, [], []),
    (
        {"oneOf": [*UNIONS]},
        {"oneOf": [UNIONS[0] | {"properties": {**UNIONS[0]["properties"], "x": INTEGER}}, UNIONS[1]]},
        ["B request-type-changed"],
        ["B response-type-changed"],
    ),
    ({"allOf": [obj(a=STRING), obj(b=STRING)]}, obj(a=STRING, b=STRING), [], []),
    ({"const": "a"}, {"enum": ["a"]}, [], []),
    (NULLABLE, {"type": "string", "nullable": True}, [], []),
    (obj(a=STRING), obj(a={**STRING, "description": "x", "title": "x", "examples": ["x"], "x-any": 1}), [], []),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "sent", "read"), SCHEMAS)
def test_schemas(before: Any, after: Any, sent: list[str], read: list[str]) -> None:
    assert rules(taken(before), taken(after)) == sent
    assert rules(served(before), served(after)) == read
    assert rules(taken(ref("X"), X=before), taken(after)) == sent, (
        "a reference or its copy is the same"
    )


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    contract = small()
    change(contract["paths"])
    return contract


ACCOUNT, ACCOUNTS = "/api/v1/accounts/{accountId}", "/api/v1/accounts"


def _parameter(paths: dict[str, Any], **keys: Any) -> None:
    paths[ACCOUNTS]["get"]["parameters"][1].update(keys)


QUERY = {"name": "q", "in": "query", "schema": STRING}
PATHS: list[tuple[Callable[[dict[str, Any]], Any], list[str]]] = [
    (lambda paths: paths.pop("/api/oauth/token"), ["B operation-removed"]),
    (
        lambda paths: paths.update({"/api/v1/new": paths[ACCOUNTS]}),
        ["I operation-added", "I operation-added"],
    ),
    (lambda paths: paths[ACCOUNTS]["get"].update(deprecated=True), ["W operation-deprecated"]),
    (lambda paths: paths[ACCOUNTS]["get"].update({"x-sunset": "2027"}), ["W sunset"]),
    (
        lambda paths: paths[ACCOUNTS]["get"].update(servers=[{"url": "https://b.example"}]),
        ["W server-changed"],
    ),
    (lambda paths: paths[ACCOUNTS]["get"].update(callbacks={"done": {}}), ["W callbacks-changed"]),
    (lambda paths: paths[ACCOUNTS]["get"]["parameters"].pop(1), ["W parameter-removed"]),
    (lambda paths: paths[ACCOUNTS]["get"]["parameters"].append(QUERY), ["I parameter-added"]),
    (
        lambda paths: paths[ACCOUNTS]["get"]["parameters"].append({**QUERY, "required": True}),
        ["B required-parameter-added"],
    ),
    (lambda paths: _parameter(paths, required=True), ["B parameter-became-required"]),
    (
        lambda paths: paths[ACCOUNTS]["get"]["parameters"][0].update(required=False),
        ["I parameter-became-optional"],
    ),
    (lambda paths: _parameter(paths, **{"in": "header"}), ["B parameter-moved"]),
    (lambda paths: _parameter(paths, style="pipeDelimited"), ["B parameter-spelling-changed"] * 2),
    (lambda paths: _parameter(paths, deprecated=True), ["W parameter-deprecated"]),
    (lambda paths: _parameter(paths, allowEmptyValue=True), ["W parameter-keyword-changed"]),
    (lambda paths: _parameter(paths, schema=STRING), ["I request-enum-opened"]),
    (
        lambda paths: paths[ACCOUNTS]["post"]["requestBody"].update(required=False),
        ["I request-body-became-optional"],
    ),
    (lambda paths: paths[ACCOUNTS]["post"].pop("requestBody"), ["B request-body-removed"]),
    (
        lambda paths: paths[ACCOUNTS]["get"].update(requestBody=body(STRING)),
        ["B request-body-added"],
    ),
    (
        lambda paths: paths[ACCOUNTS]["post"]["requestBody"]["content"].update(
            {"text/csv": {"schema": STRING}}
        ),
        ["I request-media-type-added"],
    ),
    (
        lambda paths: paths[ACCOUNTS]["post"].update(requestBody=body(STRING, "text/csv")),
        ["B request-media-type-removed", "I request-media-type-added"],
    ),
    (lambda paths: paths[ACCOUNTS]["get"]["responses"].pop("400"), ["I response-status-removed"]),
    (
        lambda paths: paths[ACCOUNTS]["get"]["responses"].update(answer(STRING, "404")),
        ["I response-status-added"],
    ),
    (
        lambda paths: paths[ACCOUNTS]["get"]["responses"].update(answer(STRING, "202")),
        ["W response-status-added"],
    ),
    (
        lambda paths: paths[ACCOUNTS]["get"]["responses"].update(
            {"2XX": paths[ACCOUNTS]["get"]["responses"].pop("200")}
        ),
        ["W response-status-changed"],
    ),
    (
        lambda paths: paths[ACCOUNTS]["get"]["responses"]["200"].update(
            headers={"X-A": {"schema": STRING}}
        ),
        ["I response-header-added"],
    ),
    (lambda paths: paths[ACCOUNTS]["get"].update(security=[{"k": []}]), ["B security-added"]),
]


@pytest.mark.parametrize(("change", "found"), PATHS)
def test_operations(change: Callable[[dict[str, Any]], Any], found: list[str]) -> None:
    assert rules(small(), changed(change)) == found


def secured(requirements: Any, **schemes: Any) -> dict[str, Any]:
    contract = {**served(STRING), "security": requirements}
    contract["components"]["securitySchemes"] = schemes
    return contract


BEARER = {"type": "http", "scheme": "bearer"}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER_THERE = "#/components/securitySchemes/b"
MOVED_FLOW = {
    "type": "oauth2",
    "flows": {"authorizationCode": {"tokenUrl": "https://b/t", "scopes": {"a": ""}}},
}
FLOW = {
    "type": "oauth2",
    "flows": {"authorizationCode": {"tokenUrl": "https://a/t", "scopes": {"a": ""}}},
}
FLOW_WITH_WORDS = {
    "type": "oauth2",
    "flows": {
        "x-note": "a word",
        "authorizationCode": {"tokenUrl": "https://a/t", "scopes": {"a": ""}, "x-pkce": "S256"},
    },
}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (secured([{"a": []}], a=BEARER), secured([{"b": []}], b={**BEARER, "scheme": "Bearer"}), []),
        (secured([{"a": []}], a=BEARER), secured([{"a": []}], a={**BEARER, "in": "header", "name": "Authorization"}), []),
        (secured([{"a": []}], a=BEARER), secured([{"a": []}], a={"$ref": BEARER_THERE}, b=BEARER), []),
        (secured([{"f": ["a"]}], f=FLOW), secured([{"f": ["a"]}], f=FLOW_WITH_WORDS), []),
        (secured([{"a": []}], a=BEARER), secured([{"a": []}, {"k": []}], a=BEARER, k=KEY), ["I security-loosened"]),
        (secured([{"a": []}], a=BEARER), secured([]), ["I security-loosened"]),
        (secured([{"a": []}], a=BEARER), secured([{"a": []}], a=KEY), ["B security-changed"]),
        (secured([{"a": []}, {"k": []}], a=BEARER, k=KEY), secured([{"a": []}], a=BEARER), ["B security-changed"]),
        (secured([{"a": []}], a=BEARER), secured([{"a": [], "k": []}], a=BEARER, k=KEY), ["B security-changed"]),
        (secured([{"f": ["a"]}], f=FLOW), secured([{"f": ["a", "b"]}], f=FLOW), ["B security-changed"]),
        (
            secured([{"f": ["a"]}], f=FLOW),
            secured([{"f": ["a"]}], f=MOVED_FLOW),
            ["W oauth-flow-changed"],
        ),
    ],
)  # fmt: skip
def test_security(before: Any, after: Any, found: list[str]) -> None:
    assert rules(before, after) == found


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("https://a.example", []),
        ("https://A.example:443/", []),
        ("https://b.example", ["B server-changed"]),
    ],
)
def test_an_operation_on_a_server_of_its_own_is_out_of_reach(own: str, found: list[str]) -> None:
    plain = {**served(STRING), "servers": [{"url": "https://a.example"}]}
    moved = json.loads(json.dumps(plain))
    moved["paths"][THINGS]["get"]["servers"] = [{"url": own}]
    assert rules(plain, moved) == found


def test_servers_and_what_nobody_here_knows() -> None:
    plain = served(STRING)
    servers = {"servers": [{"url": "https://a.example"}]}
    assert rules(plain | servers, plain | {"servers": [{"url": "https://A.example:443"}]}) == []
    usual = {"jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base"}
    assert rules(plain, plain | usual) == []
    assert rules(plain | servers, plain | {"servers": [{"url": "https://b.example"}]}) == [
        "W server-changed"
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_means_the_same_is_no_drift(seed: int) -> None:
    assert drift(small(), shuffled(small(), seed)).findings == []
    contract = small()
    schemas = contract["components"]["schemas"]
    schemas["Renamed"] = schemas.pop("Account")
    text = json.dumps(contract).replace('schemas/Account"', 'schemas/Renamed"')
    assert (
        drift(
            small(), json.loads(text) | {"openapi": "3.1.1", "info": {"title": "x", "version": "9"}}
        ).findings
        == []
    )


def test_recursion_is_safe_and_its_inside_is_compared() -> None:
    def tree(leaf: Any) -> Any:
        return obj(
            ["name"],
            name=leaf,
            children={"type": "array", "items": ref("Tree")},
            parent=ref("Other"),
        )

    other = obj(tree=ref("Tree"), next={"anyOf": [ref("Other"), {"type": "null"}]})
    before, after = (
        served(ref("Tree"), Tree=tree(leaf), Other=other) for leaf in (STRING, INTEGER)
    )
    assert rules(before, before) == []
    assert rules(before, after) == ["B response-type-changed"]
    unrolled = served(tree(INTEGER), Tree=tree(STRING), Other=other)
    assert rules(before, unrolled) == ["B response-type-changed"]


def test_one_change_is_one_finding_wherever_it_is_seen() -> None:
    contract = small()
    contract["components"]["schemas"]["Account"]["properties"]["balance"] = {"type": "string"}
    [finding] = drift(small(), contract).findings
    assert finding.pointer == "/components/schemas/Account/properties/balance"
    assert finding.routes == (
        "GET /api/v1/accounts",
        "POST /api/v1/accounts",
        "GET /api/v1/accounts/{id}",
    )
    assert (finding.before, finding.after, finding.touches) == ("integer", "string", ())
    header = changed(
        lambda paths: [
            paths[p][m]["parameters"].pop(0) for p, m in ((ACCOUNTS, "get"), (ACCOUNTS, "post"))
        ]
    )
    [finding] = drift(small(), header).findings
    assert finding.routes == ("GET /api/v1/accounts", "POST /api/v1/accounts")


def test_a_parameter_that_operations_share_is_told_once() -> None:
    def contract(longest: int) -> Any:
        item = {
            "parameters": [{"$ref": "#/components/parameters/Key"}],
            "responses": answer(STRING),
        }
        schema = {**STRING, "maxLength": longest}
        key = {"name": "key", "in": "query", "schema": schema}
        both = document({THINGS: {"get": item, "delete": item}})
        both.setdefault("components", {})["parameters"] = {"Key": key}
        return both

    [finding] = drift(contract(9), contract(5)).findings
    assert finding.pointer == "/components/parameters/Key/schema/maxLength"
    assert sorted(finding.routes) == [f"DELETE {THINGS}", f"GET {THINGS}"]


@pytest.mark.parametrize("keep_id", [True, False])
def test_what_has_moved_is_told_once_and_its_inside_is_compared(keep_id: bool) -> None:
    contract = small()
    item = contract["paths"].pop(ACCOUNTS)
    del item["post"]
    item["get"]["operationId"] = "listAccounts" if keep_id else "other"
    item["get"]["parameters"][1]["required"] = True
    path = "/api/v3/ledger" if keep_id else "/api/v1/companies/{companyId}/accounts"
    contract["paths"][path] = item
    found = drift(small(), contract).findings
    assert sorted(f"{each.level.name[0]} {each.rule}" for each in found) == [
        "B operation-moved", "B operation-removed", "B parameter-became-required",
    ]  # fmt: skip


def test_pointers_lead_into_the_documents_as_fetched() -> None:
    old, new = small(), json.loads(json.dumps(small()))
    schemas = new["components"]["schemas"]
    schemas["Account"]["properties"]["note"] = {"type": ["string", "integer", "null"]}
    schemas["Account"] = {"allOf": [schemas["Account"], obj(fresh=STRING)]}
    schemas["AccountType"]["enum"].append("equity")
    new["paths"][ACCOUNT]["parameters"][1]["required"] = False
    new["paths"][ACCOUNTS]["get"]["responses"]["200"]["content"]["application/json"]["schema"][
        "required"
    ] = []
    found = drift(old, new).findings
    places = {finding.rule: finding.pointer for finding in found}
    listed = "/paths/~1api~1v1~1accounts/get/responses/200"
    assert places == {
        "response-variant-added": "/components/schemas/Account/allOf/0/properties/note",
        "response-property-added": "/components/schemas/Account/allOf/1/properties/fresh",
        "request-enum-value-added": "/components/schemas/AccountType/enum",
        "response-enum-value-added": "/components/schemas/AccountType/enum",
        "parameter-became-optional": "/paths/~1api~1v1~1accounts~1{accountId}/parameters/1",
        "response-became-optional": f"{listed}/content/application~1json/schema/properties/accounts",
    }  # fmt: skip


# --- what all operations share, and what is easily overlooked


def test_a_shared_component_is_told_once_with_every_operation_and_the_path_there() -> None:
    item = {
        "get": {"responses": answer(obj(["data"], data={"type": "array", "items": ref("Row")}))}
    }
    paths = {"/a": item, "/b": item}
    row = obj(["amount"], amount=INTEGER, inner=obj(note=STRING))
    was = document(paths, Row=row)
    now = document(paths, Row=obj(["amount"], amount=INTEGER, inner=obj(note=INTEGER)))
    [finding] = drift(was, now).findings
    assert finding.routes == ("GET /a", "GET /b")
    assert finding.places == (
        "GET /a response 200.data[].inner.note",
        "GET /b response 200.data[].inner.note",
    )


def test_recursion_that_differs_is_compared_to_its_end() -> None:
    def tree(leaf: Any) -> Any:
        node = obj(children={"type": "array", "items": ref("Tree")}, other=ref("Other"))
        return one(ref("Tree"), Tree=node, Other=obj(back=ref("Tree"), leaf=leaf))

    assert rules(tree(STRING), tree(INTEGER)) == ["B response-type-changed"]
    assert rules(tree(STRING), tree(STRING)) == []


def test_a_copy_of_a_recursive_component_is_no_drift() -> None:
    tree = obj(children={"type": "array", "items": ref("Tree")})
    copied = obj(children={"type": "array", "items": ref("Tree")})
    assert rules(one(obj(a=ref("Tree")), Tree=tree), one(obj(a=copied), Tree=tree)) == []


def test_a_required_name_that_nothing_describes() -> None:
    assert rules(taken(obj(a=STRING)), taken(obj(["b"], a=STRING))) == [
        "B request-required-property-added"
    ]
    assert rules(served(obj(["b"], a=STRING)), served(obj(a=STRING))) == [
        "W response-became-optional"
    ]


def test_discriminators() -> None:
    def union(name: str, *tags: str) -> Any:
        kinds = {
            "A": obj(["kind"], kind=STRING, a=STRING),
            "B": obj(["kind"], kind=STRING, b=STRING),
        }
        mapping = {tag: f"#/components/schemas/{tag[0]}" for tag in tags}
        schema = {
            "oneOf": [ref("A"), ref("B")],
            "discriminator": {"propertyName": name, "mapping": mapping},
        }
        return one(schema, **kinds)

    assert rules(union("kind", "A", "B"), union("type", "A", "B")) == [
        "B response-discriminator-changed"
    ]
    assert rules(union("kind", "A", "B"), union("kind", "A", "B", "B2")) == [
        "W response-discriminator-word-added"
    ]
    assert rules(union("kind", "A", "B"), union("kind", "A")) == [
        "I response-discriminator-word-removed"
    ]


def test_webhooks_are_compared_through_components() -> None:
    def hooked(schema: Any) -> Any:
        hook = {
            "post": {"requestBody": body(ref("Event")), "responses": {"200": {"description": ""}}}
        }
        return one(STRING, Event=schema) | {"webhooks": {"posted": hook}}

    assert rules(hooked(obj(a=STRING)), hooked(obj(a=INTEGER))) == ["W webhook-changed"]
    assert rules(hooked(obj(a=STRING)), hooked(obj(a={**STRING, "description": "told"}))) == []
    assert rules(one(STRING), hooked(obj())) == ["I webhook-added"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"type": "string", "format": "binary"},
            {"type": "string", "contentMediaType": "application/pdf"},
        ),
        ({"type": "string", "format": "binary"}, {"contentMediaType": "application/octet-stream"}),
        ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
    ],
)
def test_the_newer_spelling_of_files_is_no_drift(old: Any, new: Any) -> None:
    assert rules(taken(obj(file=old)), taken(obj(file=new))) == []
    media = "application/octet-stream"
    upload = {
        "requestBody": body({"type": "string", "format": "binary"}, media),
        "responses": answer(STRING),
    }
    newer = {"requestBody": {"required": True, "content": {media: {}}}, "responses": answer(STRING)}
    assert rules(document({"/x": {"post": upload}}), document({"/x": {"post": newer}})) == []


def test_one_more_error_breaks_nothing() -> None:
    def failing(*codes: str) -> Any:
        kinds = [obj(["code"], code={"const": code}) for code in codes]
        error = {"oneOf": kinds} if len(kinds) > 1 else kinds[0]
        return document({"/x": {"get": {"responses": {**answer(STRING), **answer(error, "422")}}}})

    levels = {rule[0] for rule in rules(failing("a", "b"), failing("a", "b", "c"))}
    assert levels == {"I"}


@pytest.mark.parametrize("schema", [STRING, NULLABLE, INTEGER, {"type": "array", "items": STRING}])
def test_of_one_plain_value_nothing_is_exploded(schema: Any) -> None:
    def asked(*, explode: bool) -> Any:
        parameter = {"name": "q", "in": "query", "explode": explode, "schema": schema}
        return document({"/x": {"get": {"parameters": [parameter], "responses": answer(STRING)}}})

    is_list = schema.get("type") == "array"
    found = ["B parameter-spelling-changed"] if is_list else []
    assert rules(asked(explode=True), asked(explode=False)) == found


def test_a_slash_at_the_end_of_the_path_of_a_company_is_a_warning() -> None:
    item = {"get": {"responses": answer(STRING)}}
    company = "/api/v1/companies/{companyId}"
    assert rules(document({company: item}), document({f"{company}/": item})) == ["W path-respelled"]


def test_a_slash_at_the_end_of_a_path_is_a_warning() -> None:
    item = {"get": {"responses": answer(STRING)}}
    assert rules(document({"/x": item}), document({"/x/": item})) == ["W path-respelled"]
    assert rules(document({"/x": item, "/x/": item}), document({"/x": item})) == [
        "B operation-removed"
    ]


def test_what_cannot_be_read_is_told_and_the_rest_is_compared() -> None:
    was = document(
        {"/x": {"get": {"responses": answer(STRING)}}, "/y": {"get": {"responses": answer(STRING)}}}
    )
    now = document(
        {
            "/x": {"get": {"responses": answer(ref("Gone"))}},
            "/y": {"get": {"responses": answer(INTEGER)}},
        }
    )
    found = rules(was, now)
    assert "W cannot-be-read" in found
    assert "B response-type-changed" in found


def test_a_fault_of_drift_itself_does_not_hide_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compare_parameters

    def broken(old: Any, *rest: Any, **more: Any) -> None:
        if "~1x" in old.pointer:
            raise TypeError("a fault of ours")
        whole(old, *rest, **more)

    monkeypatch.setattr(operations, "compare_parameters", broken)
    was = document(
        {"/x": {"get": {"responses": answer(STRING)}}, "/y": {"get": {"responses": answer(STRING)}}}
    )
    now = document(
        {
            "/x": {"get": {"responses": answer(STRING)}},
            "/y": {"get": {"responses": answer(INTEGER)}},
        }
    )
    assert rules(was, now) == ["B response-type-changed", "W not-compared"]


def test_hundreds_of_operations_over_shared_components_are_compared_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The work grows with the components, not with operations times components."""
    names = [f"C{number}" for number in range(30)]

    def contract(leaf: Any) -> Any:
        schemas = {
            name: obj(
                id=STRING,
                leaf=leaf,
                next=ref(names[(number + 1) % 30]),
                other=ref(names[number * 7 % 30]),
            )
            for number, name in enumerate(names)
        }
        item = {"get": {"responses": answer(ref("C0"))}, "post": {"responses": answer(ref("C0"))}}
        return document({f"/r{number}": item for number in range(200)}, **schemas)

    pairs = 0
    whole = Comparison._pair

    def counted(self: Comparison, *places: Any) -> None:
        nonlocal pairs
        pairs += 1
        whole(self, *places)

    monkeypatch.setattr(Comparison, "_pair", counted)
    found = drift(contract(STRING), contract(INTEGER)).findings
    assert len(found) == 30
    assert {len(finding.routes) for finding in found} == {400}
    # A component and its property: 60; nothing is compared again for another operation.
    assert pairs <= 70


def test_alternatives_are_held_against_each_other_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def events(leaf: Any) -> Any:
        names = [f"p{number}" for number in range(30)]
        return one({"oneOf": [obj(a=leaf, b=STRING, **{name: STRING}) for name in names]})

    likenesses = 0
    whole = unions._likeness

    def counted(old: Any, new: Any) -> float:
        nonlocal likenesses
        likenesses += 1
        return whole(old, new)

    monkeypatch.setattr(unions, "_likeness", counted)
    assert rules(events(STRING), events(INTEGER)) == ["B response-type-changed"]
    assert likenesses == 30 * 30
