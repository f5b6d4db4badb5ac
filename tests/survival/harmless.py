"""What vendors do without breaking anybody. `same` variants give the generator the very same input."""

from __future__ import annotations

import copy
from collections.abc import Callable

from .edits import (
    SCHEMAS,
    Json,
    add_property,
    answer,
    inlined,
    nodes,
    operation,
    operations,
    property_of,
    renamed_text,
    replace,
    rewritten,
    schema,
    shuffled,
)

STRING = {"type": "string"}
SAME: dict[str, Callable[[Json], None]] = {}
ADDITIVE: dict[str, Callable[[Json], None]] = {}


def same(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """A variant that means what the vendored contract means."""
    SAME[change.__name__] = change
    return change


def additive(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """A variant that has more than the vendored contract."""
    ADDITIVE[change.__name__] = change
    return change


@same
def operation_ids_renamed(contract: Json) -> None:
    for number, each in enumerate(operations(contract)):
        each["operationId"] = f"Controller_{number}_handle"


@same
def operation_ids_dropped(contract: Json) -> None:
    for each in operations(contract):
        del each["operationId"]


@same
def tags_renamed(contract: Json) -> None:
    for each in operations(contract):
        each["tags"] = ["v1", "Everything"]


@same
def tags_dropped(contract: Json) -> None:
    for each in operations(contract):
        each.pop("tags", None)


@same
def keys_shuffled(contract: Json) -> None:
    replace(contract, shuffled(contract, 7))


@same
def told_otherwise(contract: Json) -> None:
    contract["info"] = {
        "title": "LedgerHQ public API",
        "version": "2026-12-01",
        "description": "New words.",
    }
    for node in nodes(contract["paths"]):
        for key in ("summary", "description"):
            if isinstance(node.get(key), str):
                node[key] = "Said in another way: ::set-output name=x::`*<b>*` @everybody"


@same
def examples_dropped(contract: Json) -> None:
    for node in nodes(contract):
        if "schema" in node:
            node.pop("example", None)


@same
def components_renamed(contract: Json) -> None:
    schemas = contract["components"]["schemas"]
    contract["components"]["schemas"] = {f"{name}Dto": value for name, value in schemas.items()}
    replace(
        contract,
        renamed_text(contract, {f"{SCHEMAS}{name}": f"{SCHEMAS}{name}Dto" for name in schemas}),
    )


@same
def schemas_inlined(contract: Json) -> None:
    contract["paths"] = inlined(contract, contract["paths"], SCHEMAS)


@same
def schemas_extracted(contract: Json) -> None:
    found: Json = {}
    for number, each in enumerate(operations(contract)):
        for status, response in each["responses"].items():
            for media in response.get("content", {}).values():
                found[f"Answer{number}Status{status}"] = media["schema"]
                media["schema"] = {"$ref": f"{SCHEMAS}Answer{number}Status{status}"}
    contract["components"]["schemas"] |= found


@same
def responses_inlined(contract: Json) -> None:
    for kind in ("responses", "parameters"):
        contract["paths"] = inlined(contract, contract["paths"], f"#/components/{kind}/")


@same
def written_as_3_0(contract: Json) -> None:
    contract["openapi"] = "3.0.3"
    replace(contract, rewritten(contract, _nullable))


def _nullable(node: Json) -> Json:
    types = node.get("type")
    if isinstance(types, list):
        [kind] = [each for each in types if each != "null"]
        node |= {"type": kind, "nullable": True}
    options = node.get("anyOf", [])
    if {"type": "null"} in options:
        [rest] = [option for option in options if option != {"type": "null"}]
        said = {key: value for key, value in node.items() if key != "anyOf"}
        return {**said, "allOf": [rest], "nullable": True}
    return node


@same
def nullable_in_3_1(contract: Json) -> None:
    replace(contract, rewritten(contract, _nullable))


@same
def null_as_an_alternative(contract: Json) -> None:
    def change(node: Json) -> Json:
        types = node.get("type")
        if not isinstance(types, list):
            return node
        [kind] = [each for each in types if each != "null"]
        said: Json = {key: node.pop(key) for key in ("description", "x-evidence") if key in node}
        return {**said, "oneOf": [{"type": "null"}, {**node, "type": kind}]}

    replace(contract, rewritten(contract, change))


@same
def types_and_sizes_written_otherwise(contract: Json) -> None:
    """As tools of .NET, Java and JSON Schema write them."""
    idle = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}

    def change(node: Json) -> Json:
        kind = node.get("type")
        if kind not in ("string", "array", "integer") or "in" in node:
            return node
        least, most = idle.get(kind, ("minimum", "maximum"))
        limits = {} if kind == "integer" else {least: 0, most: 2**31 - 1}
        sizes = {name: float(node[name]) for name in (least, most) if name in node}
        return {**limits, **node, **sizes, "type": [kind]}

    schemas = contract["components"]["schemas"]
    contract["components"]["schemas"] = rewritten(schemas, change)
    for name, each in contract["components"]["schemas"].items():
        each["$id"] = f"https://app.ledgerhq.pro/schemas/{name}"


@same
def what_cannot_be_beside_a_property(contract: Json) -> None:
    """As zod writes what may be left out."""
    for each in contract["components"]["schemas"].values():
        required = each.get("required", [])
        for name, content in each.get("properties", {}).items():
            if name not in required:
                each["properties"][name] = {"anyOf": [{"not": {}}, content]}


@same
def references_wrapped_in_all_of(contract: Json) -> None:
    def change(node: Json) -> Json:
        ref = node.get("$ref", "")
        return (
            {"allOf": [node], "description": "Wrapped."} if str(ref).startswith(SCHEMAS) else node
        )

    replace(contract, rewritten(contract, change))


@same
def components_split_into_parts(contract: Json) -> None:
    schemas = contract["components"]["schemas"]
    for name, each in list(schemas.items()):
        if len(each.get("properties", {})) > 3 and "additionalProperties" not in each:
            first, *rest = each["properties"]
            schemas[f"{name}Base"] = {
                "type": "object",
                "properties": {first: each["properties"][first]},
            }
            own = {**each, "properties": {key: each["properties"][key] for key in rest}}
            schemas[name] = {"allOf": [{"$ref": f"{SCHEMAS}{name}Base"}, own]}


@same
def parameters_hoisted(contract: Json) -> None:
    for item in contract["paths"].values():
        found = [item[method] for method in item]
        shared = [
            p
            for p in found[0].get("parameters", [])
            if all(p in each.get("parameters", []) for each in found)
        ]
        for each in found:
            each["parameters"] = [p for p in each.get("parameters", []) if p not in shared]
        item["parameters"] = shared


@same
def path_parameters_renamed(contract: Json) -> None:
    contract["components"]["parameters"]["Id"]["name"] = "recordId"
    contract["paths"] = {
        path.replace("{id}", "{recordId}"): item for path, item in contract["paths"].items()
    }


@same
def parameters_not_exploded(contract: Json) -> None:
    """As TypeSpec writes every parameter: of one plain value there is nothing to explode."""
    for node in nodes(contract):
        if node.get("in") == "query":
            node["explode"] = False


@same
def nulls_written_out(contract: Json) -> None:
    """As tools in Go and Python write what is not there."""
    for each in operations(contract):
        for key in ("parameters", "servers", "callbacks", "deprecated", "requestBody"):
            each.setdefault(key, None)
    for node in nodes(contract):
        if isinstance(node.get("type"), str) and "in" not in node and "flows" not in node:
            for key in ("required", "format", "allOf", "enum", "readOnly", "properties"):
                node.setdefault(key, None)


@same
def sign_in_told_with_more_words(contract: Json) -> None:
    schemes = contract["components"]["securitySchemes"]
    schemes["apiKey"] |= {"in": "header", "name": "Authorization"}
    schemes["firm"] = schemes.pop("oauth2")
    schemes["oauth2"] = {"$ref": "#/components/securitySchemes/firm"}


@same
def header_names_in_capitals(contract: Json) -> None:
    contract["components"]["parameters"]["OrganizationId"]["name"] = "X-ORGANIZATION-ID"
    contract["components"]["parameters"]["IdempotencyKey"]["name"] = "idempotency-key"


@same
def security_said_at_each_operation(contract: Json) -> None:
    schemes = contract["components"]["securitySchemes"]
    contract["components"]["securitySchemes"] = {
        f"{name}Auth": scheme for name, scheme in schemes.items()
    }
    shared = [
        {f"{name}Auth": scopes for name, scopes in each.items()}
        for each in contract.pop("security")
    ]
    for each in operations(contract):
        each.setdefault("security", copy.deepcopy(shared))


@same
def servers_changed(contract: Json) -> None:
    contract["servers"] = [{"url": "https://ledgerhq.pro"}, {"url": "https://app.ledgerhq.pro"}]


@same
def unused_components_added(contract: Json) -> None:
    contract["components"]["schemas"]["Webhook"] = {"type": "object", "properties": {"url": STRING}}


@same
def error_codes_added(contract: Json) -> None:
    for each in operations(contract):
        each["responses"]["402"] = {"$ref": "#/components/responses/Forbidden"}
        each["responses"]["503"] = {"$ref": "#/components/responses/InternalError"}
    error = schema(contract, "Error")["properties"]["error"]["oneOf"][1]
    error["properties"]["docsUrl"] = STRING


@same
def response_headers_added(contract: Json) -> None:
    for each in operations(contract):
        for status, response in each["responses"].items():
            if status.startswith("2"):
                response["headers"] = {"X-Request-Id": {"schema": STRING}}


@same
def bounds_loosened(contract: Json) -> None:
    property_of(contract, "PurchaseRequest.memo")["maxLength"] = 5000
    property_of(contract, "PostingLine.description").pop("maxLength")


@same
def another_way_to_sign_in(contract: Json) -> None:
    contract["components"]["securitySchemes"]["session"] = {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
    }
    contract["security"].append({"session": []})


@same
def operations_deprecated(contract: Json) -> None:
    operation(contract, "GET /api/v1/tax-rates")["deprecated"] = True
    operation(contract, "GET /api/v1/bills")["deprecated"] = True


@additive
def optional_response_fields(contract: Json) -> None:
    for name in ("Account", "BankTransaction", "PostingReceipt", "TaxRate"):
        add_property(contract, f"{name}.externalRef", {"type": ["string", "null"]})
    add_property(contract, "Contact.address", {"type": "object", "properties": {"city": STRING}})


@additive
def required_response_fields(contract: Json) -> None:
    for name in ("Account", "BankTransaction", "PostingReceipt", "Organization", "FinancialPacket"):
        add_property(contract, f"{name}.revision", {"type": "integer"}, required=True)
    add_property(
        contract, "Bill.approval", {"type": "string", "enum": ["open", "approved"]}, required=True
    )


@additive
def optional_request_fields(contract: Json) -> None:
    for name in ("PurchaseRequest", "TransferRequest", "PostingLine", "ReclassifyRequest"):
        add_property(contract, f"{name}.projectId", dict(STRING))
    add_property(contract, "JournalEntryRequest.attachments", {"type": "array", "items": STRING})


@additive
def optional_parameters(contract: Json) -> None:
    for each in operations(contract):
        each.setdefault("parameters", []).append(
            {"name": "x-trace-id", "in": "header", "schema": STRING}
        )
    found = operation(contract, "GET /api/v1/accounts")["parameters"]
    found.append({"name": "includeArchived", "in": "query", "schema": {"type": "boolean"}})


@additive
def enum_values_added(contract: Json) -> None:
    schema(contract, "AccountType")["enum"].append("memorandum")
    schema(contract, "BankTransactionStatus")["enum"].append("pending_review")
    property_of(contract, "MatchRequest.matchType")["enum"].append("expense")
    property_of(contract, "Organization.type")["enum"].append("branch")


@additive
def routes_added(contract: Json) -> None:
    listed = copy.deepcopy(operation(contract, "GET /api/v1/accounts"))
    for name in ("projects", "invoices", "payments", "budgets", "webhooks"):
        contract["paths"][f"/api/v1/{name}"] = {
            "get": {**copy.deepcopy(listed), "operationId": f"list_{name}"}
        }
    contract["paths"]["/api/v1/bank-accounts/{id}"] = {
        "get": {
            **copy.deepcopy(operation(contract, "GET /api/v1/accounts/{id}")),
            "operationId": "getBankAccount",
        }
    }


@additive
def company_routes_added(contract: Json) -> None:
    """The vendor's newer pages: the company in the path, next to the header."""
    company = {
        "name": "companyId",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }
    header = {"$ref": "#/components/parameters/OrganizationId"}
    for path, item in list(contract["paths"].items()):
        scoped = {
            method: each for method, each in item.items() if header in each.get("parameters", [])
        }
        for each in scoped.values():
            copied = copy.deepcopy(each)
            copied["operationId"] += "OfCompany"
            copied["parameters"] = [company, *(p for p in copied["parameters"] if p != header)]
            method = next(name for name, found in scoped.items() if found is each)
            new = path.replace("/api/v1/", "/api/v1/companies/{companyId}/")
            contract["paths"].setdefault(new, {})[method] = copied
    listed = copy.deepcopy(operation(contract, "GET /api/v1/organizations"))
    contract["paths"]["/api/v1/companies"] = {"get": {**listed, "operationId": "listCompanies"}}


@additive
def another_success(contract: Json) -> None:
    """A status that says "taken, not yet done", beside those there are."""
    answers = operation(contract, "POST /api/v1/bank-transactions/{id}/match")["responses"]
    answers["202"] = copy.deepcopy(answers["200"])
    answer(contract, "POST /api/v1/bank-transactions/{id}/match", "202")["description"] = (
        "Will be done."
    )
