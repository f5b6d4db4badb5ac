import copy
import json
import subprocess
import sys
from typing import Any

import pytest

from scripts.contract.errors import StepError
from scripts.contract.layout import ROOT
from scripts.contract.lint import findings, lint
from scripts.contract.normalise import normalise
from scripts.contract.omissions import LEFT_OUT
from scripts.contract.pointers import canonical_json
from scripts.contract.source import parse
from tests.support.contracts import (
    INTEGER,
    ORGANIZATION,
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

NULL = {"type": "null"}


def schema_of(normal: dict[str, Any]) -> Any:
    return normal["paths"]["/api/v1/things"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]


def canonical(schema: Any, **schemas: Any) -> Any:
    """The canonical form of one schema."""
    return schema_of(normalise(one(schema, **schemas)))


def test_what_comes_out_passes_the_linter_and_stays_as_it_is() -> None:
    normal = normalise(small())
    assert findings(normal) == []
    assert normalise(normal) == normal


def test_the_order_of_keys_means_nothing() -> None:
    normal = normalise(small())
    for seed in range(5):
        assert canonical_json(normalise(shuffled(small(), seed))) == canonical_json(normal)


def test_operation_ids_tags_and_parameter_names_of_the_vendor_mean_nothing() -> None:
    contract = small()
    for item in contract["paths"].values():
        for method in ("get", "post", "delete"):
            item.get(method, {}).pop("operationId", None)
            item.get(method, {}).pop("tags", None)
    item = contract["paths"].pop("/api/v1/accounts/{accountId}")
    item["parameters"][0]["name"] = "uuid"
    contract["paths"]["/api/v1/accounts/{uuid}"] = item
    assert normalise(contract) == normalise(small())


def test_parameters_may_stand_at_the_path_or_at_the_operation_or_be_references() -> None:
    there, here, referred = small(), small(), small()
    shared = here["paths"]["/api/v1/accounts/{accountId}"].pop("parameters")
    for method in ("get", "delete"):
        here["paths"]["/api/v1/accounts/{accountId}"][method]["parameters"] = shared[::-1]
    referred["components"]["parameters"] = {
        "Scope": ORGANIZATION,
        "Again": {"$ref": "#/components/parameters/Scope"},
    }
    referred["paths"]["/api/v1/accounts"]["get"]["parameters"][0] = {
        "$ref": "#/components/parameters/Again"
    }
    assert normalise(there) == normalise(here) == normalise(referred)


def test_path_items_responses_and_bodies_may_be_references() -> None:
    contract = small()
    contract["components"]["pathItems"] = {"Accounts": contract["paths"]["/api/v1/accounts"]}
    contract["paths"]["/api/v1/accounts"] = {"$ref": "#/components/pathItems/Accounts"}
    post = contract["components"]["pathItems"]["Accounts"]["post"]
    contract["components"]["requestBodies"] = {"New": post["requestBody"]}
    contract["components"]["responses"] = {"Bad": post["responses"]["409"]}
    post["requestBody"] = {"$ref": "#/components/requestBodies/New"}
    post["responses"]["409"] = {"$ref": "#/components/responses/Bad"}
    assert normalise(contract) == normalise(small())


def test_the_case_of_header_names_means_nothing_and_some_headers_are_no_parameters() -> None:
    contract = small()
    parameters = contract["paths"]["/api/v1/accounts"]["get"]["parameters"]
    parameters[0] = {**ORGANIZATION, "name": "x-ORGANIZATION-id"}
    parameters.append({"name": "Authorization", "in": "header", "required": True, "schema": STRING})
    assert normalise(contract) == normalise(small())


def test_security_of_the_whole_document_is_said_at_each_operation() -> None:
    contract = small()
    contract["security"] = [{"key": []}]
    contract["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    contract["paths"]["/api/oauth/token"]["post"]["security"] = []
    paths = normalise(contract)["paths"]
    assert paths["/api/v1/accounts"]["get"]["security"] == [{"key": []}]
    assert paths["/api/oauth/token"]["post"]["security"] == []


def test_a_component_that_nothing_leads_to_is_dropped() -> None:
    assert "Unused" not in normalise(small())["components"]["schemas"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"type": "string", "nullable": True}, {"anyOf": [STRING, NULL]}),
        ({"type": ["null", "string"]}, {"anyOf": [STRING, NULL]}),
        ({"oneOf": [NULL, STRING]}, {"anyOf": [STRING, NULL]}),
        ({"anyOf": [STRING, {"anyOf": [INTEGER, NULL]}]}, {"anyOf": [INTEGER, STRING, NULL]}),
        (
            {"type": ["string", "null"], "enum": ["a", None]},
            {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]},
        ),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]},
        ),
        ({"anyOf": [{"const": "a"}, {"const": "b"}]}, {"type": "string", "enum": ["a", "b"]}),
        ({"const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"enum": [None]}, NULL),
        ({"type": "string", "nullable": True, "enum": [None]}, NULL),
        ({"type": "number", "multipleOf": 1}, INTEGER),
        ({"type": "number", "multipleOf": 5}, {"type": "integer", "multipleOf": 5}),
        ({"type": "number", "multipleOf": 0.01}, {"type": "number", "multipleOf": 0.01}),
        ({"type": "number", "enum": [2, 1]}, {"type": "integer", "enum": [1, 2]}),
        ({"type": "number", "enum": [1.5, 2]}, {"type": "number", "enum": [1.5, 2]}),
        ({"type": "string", "enum": ["a", 1]}, {"type": "string", "enum": ["a"]}),
        ({"type": "boolean", "enum": ["b"]}, {"type": "boolean"}),
        ({"type": "integer", "format": "int64"}, INTEGER),
        ({"type": ["integer"], "format": "int64"}, INTEGER),
        ({"type": "integer", "minimum": 1.0}, {"type": "integer", "minimum": 1}),
        ({"type": "string", "minLength": 0, "maxLength": 2147483647}, STRING),
        ({"type": "array", "items": STRING, "minItems": 0.0}, {"type": "array", "items": STRING}),
        ({"anyOf": [{"not": {}}, STRING]}, STRING),
        ({"anyOf": [False, {"not": {}}]}, {"not": {}}),
        ({"enum": ["b", "a", "b"]}, {"type": "string", "enum": ["a", "b"]}),
        (
            {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": 0},
        ),
        (
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
            {"type": "integer", "minimum": 1},
        ),
        (
            {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10},
            {"type": "integer", "minimum": 1, "maximum": 9},
        ),
        ({"type": "string", "$defs": {"Line": INTEGER}}, STRING),
        ({"type": "string", "definitions": {"Line": INTEGER}}, STRING),
        (
            {"type": "integer", "minimum": 0, "exclusiveMinimum": False},
            {"type": "integer", "minimum": 0},
        ),
        (
            {"type": ["string", "integer"], "maxLength": 3},
            {"anyOf": [{"type": "string", "maxLength": 3}, INTEGER]},
        ),
        (
            {"properties": {"b": STRING, "a": True}},
            {"type": "object", "properties": {"a": {}, "b": STRING}},
        ),
        ({"type": "object", "additionalProperties": True, "required": []}, {"type": "object"}),
        ({"items": STRING}, {"type": "array", "items": STRING}),
        ({"allOf": [STRING]}, STRING),
        ({"anyOf": [STRING]}, STRING),
        (
            {"additionalProperties": True, "anyOf": [STRING, {"type": "object"}]},
            {"anyOf": [{"type": "object"}, STRING]},
        ),
        ({"anyOf": [STRING, STRING]}, STRING),
        (True, {}),
    ],
)
def test_one_spelling_for_each_meaning(written: Any, meant: Any) -> None:
    assert canonical_json(_sets(canonical(written))) == canonical_json(_sets(meant))
    assert canonical(written) == canonical(canonical(written))


def _sets(schema: Any) -> Any:
    """Alternatives compare as a set here: their order is the normaliser's own affair."""
    union = schema.get("anyOf") if isinstance(schema, dict) else None
    return {**schema, "anyOf": sorted(union, key=canonical_json)} if union else schema


def test_all_of_is_folded_through_references() -> None:
    base = obj(["id"], id=STRING, kind={"type": "string", "enum": ["a", "b"]})
    schema = {
        "allOf": [ref("Base"), obj(["kind"], kind={"enum": ["b", "c"]}, extra=INTEGER)],
        "description": "Mine.",
    }
    assert canonical(schema, Base=base) == {
        "type": "object",
        "description": "Mine.",
        "required": ["id", "kind"],
        "properties": {"id": STRING, "kind": {"type": "string", "enum": ["b"]}, "extra": INTEGER},
    }


def test_all_of_with_one_reference_is_that_reference_also_when_nullable() -> None:
    thing = obj(id=STRING)
    assert canonical({"allOf": [ref("Thing")]}, Thing=thing) == ref("Thing")
    assert canonical({"allOf": [ref("Thing")], "nullable": True}, Thing=thing)["anyOf"] == [
        ref("Thing"),
        NULL,
    ]
    assert canonical({**ref("Thing"), "nullable": True}, Thing=thing)["anyOf"] == [
        ref("Thing"),
        NULL,
    ]


def test_properties_beside_alternatives_belong_to_each_alternative() -> None:
    schema = {**obj(["id"], id=STRING), "oneOf": [obj(["a"], a=STRING), obj(["b"], b=STRING)]}
    found = canonical(schema)["oneOf"]
    assert [sorted(each["properties"]) for each in found] == [["a", "id"], ["b", "id"]]
    assert [each["required"] for each in found] == [["a", "id"], ["b", "id"]]


def test_alternatives_that_only_ask_for_properties_stay_beside_the_object() -> None:
    schema = {**obj(a=STRING, b=STRING), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert canonical(schema) == {key: value for key, value in schema.items() if key != "required"}


def test_components_without_a_class_of_their_own_are_written_where_they_are_used() -> None:
    contract = one(
        obj(id=ref("Id"), ids=ref("Ids")),
        Id=ref("Text"),
        Text=STRING,
        Ids={"type": "array", "items": ref("Id")},
    )
    normal = normalise(contract)
    assert schema_of(normal)["properties"] == {
        "id": STRING,
        "ids": {"type": "array", "items": STRING},
    }
    assert normal["components"]["schemas"] == {}


def test_references_may_point_into_other_schemas() -> None:
    thing = obj(part=obj(id=STRING))
    pointer = {"$ref": "#/components/schemas/Thing/properties/part"}
    assert canonical(pointer, Thing=thing) == canonical(obj(id=STRING))


def test_recursion_is_safe() -> None:
    tree = obj(children={"type": "array", "items": ref("Tree")}, up={"anyOf": [ref("Tree"), NULL]})
    assert canonical(ref("Tree"), Tree=tree) == ref("Tree")
    forest = {"type": "array", "items": ref("Forest")}
    assert canonical(ref("Forest"), Forest=forest) == ref("Forest")


def test_a_nullable_component_keeps_its_name_and_may_refer_to_itself() -> None:
    node = {**obj(up=ref("Node")), "nullable": True}
    normal = normalise(one(ref("Node"), Node=node))
    nullable = {"anyOf": [ref("Node"), NULL]}
    assert schema_of(normal) == nullable
    assert normal["components"]["schemas"] == {
        "Node": {"type": "object", "properties": {"up": nullable}}
    }
    assert normalise(normal) == normal


ANSWER = "/paths/~1api~1v1~1things/get/responses/200/content/application~1json/schema"


@pytest.mark.parametrize(
    ("contract", "where", "why"),
    [
        (one(ref("Gone")), ANSWER, "#/components/schemas/Gone"),
        (
            one({"$ref": "https://example.org/schema.json"}),
            ANSWER,
            "https://example.org/schema.json",
        ),
        (one(obj(a={"$ref": "#/nowhere"})), f"{ANSWER}/properties/a", "#/nowhere"),
        (one(ref("A"), A=ref("B"), B=ref("A")), "/components/schemas/A", "it contains itself"),
        (
            one(ref("A"), A={"anyOf": [ref("A"), STRING]}),
            "/components/schemas/A",
            "it contains itself",
        ),
        (
            one(ref("A"), A={"allOf": [ref("B"), STRING]}, B={"allOf": [ref("A"), STRING]}),
            "/components/schemas/B",
            "it contains itself",
        ),
        (one("string"), ANSWER, "a schema is of the type str"),
        (one(obj(a=obj(b={"enum": 1}))), f"{ANSWER}/properties/a/properties/b", "form"),
    ],
)
def test_a_schema_that_cannot_be_read_is_any_value_and_its_place_is_told(
    contract: Any, where: str, why: str
) -> None:
    normal = normalise(contract)
    assert why in normal[LEFT_OUT][where]
    assert findings(normal) == []
    assert "get" in normal["paths"]["/api/v1/things"]


def test_an_operation_that_cannot_be_read_is_left_out_by_name() -> None:
    contract = small()
    contract["paths"]["/api/v1/odd"] = {
        "get": {"parameters": [{"in": "query"}], "responses": {}},
        "put": [],
    }
    contract["paths"]["/api/v1/gone"] = {"$ref": "#/nowhere"}
    normal = normalise(contract)
    assert normal["paths"] == normalise(small())["paths"]
    places = {"/paths/~1api~1v1~1odd/get", "/paths/~1api~1v1~1odd/put", "/paths/~1api~1v1~1gone"}
    assert set(normal[LEFT_OUT]) == places


def test_a_component_that_nothing_leads_to_may_be_as_it_likes() -> None:
    contract = small()
    contract["components"]["schemas"]["Unused"] = ref("Gone")
    assert normalise(contract) == normalise(small())


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        (document({"/x": {"get": []}}), "form"),
        (
            document({"/x": {"get": {"parameters": [{"in": "query"}], "responses": {}}}}),
            "parameter",
        ),
        (document({"/x": {"description": "nothing to call"}}), "no operations"),
    ],
)
def test_a_contract_without_a_readable_operation_is_an_error(contract: Any, said: str) -> None:
    with pytest.raises(StepError) as caught:
        normalise(contract)
    assert caught.value.step == "normalise"
    assert said in str(caught.value)


def test_what_contains_itself_through_any_reference_becomes_a_component() -> None:
    pointer = {"$ref": "#/components/x/part"}
    contract = one(pointer)
    contract["components"]["x"] = {"part": obj(up=pointer, name=STRING)}
    assert canonical_json(normalise(contract)) == canonical_json(normalise(normalise(contract)))
    inner = schema_of(normalise(contract))["properties"]["up"]
    [name] = normalise(contract)["components"]["schemas"]
    assert inner == ref(name)
    assert normalise(contract)["components"]["schemas"][name]["properties"] == {
        "up": ref(name),
        "name": STRING,
    }


def test_a_deep_schema_is_read_to_its_end() -> None:
    schema: Any = STRING
    for _ in range(300):
        schema = obj(inner=schema)
    found = canonical(schema)
    for _ in range(300):
        found = found["properties"]["inner"]
    assert found == STRING


LINT_A_CIRCLE = """
import json, resource, sys
from scripts.contract.lint import findings
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
print(*findings(json.loads(sys.argv[1])))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set")
def test_the_linter_ends_for_a_schema_that_is_a_part_of_itself() -> None:
    """It followed `allOf` in a circle until the memory ended, before anything was said."""
    circle = one(ref("Loop"), Loop={"allOf": [ref("Loop"), obj(a=STRING)]})
    command = [sys.executable, "-c", LINT_A_CIRCLE, json.dumps(circle)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert "the linter itself fails: RecursionError" in done.stdout, done.stderr[-1000:]


def test_words_beside_a_reference_that_contradict_it_do_not_count() -> None:
    assert canonical(
        {**ref("Word"), "type": "object"}, Word={"type": "string", "enum": ["a"]}
    ) == ref("Word")


def test_an_all_of_of_many_alternatives_has_a_limit() -> None:
    parts = [
        {"oneOf": [obj(**{f"{letter}{number}": STRING}) for number in range(20)]}
        for letter in "abc"
    ]
    normal = normalise(one({"allOf": parts}))
    assert schema_of(normal) == {}
    assert "256 combinations" in normal[LEFT_OUT][ANSWER]


def test_a_parameter_with_content_has_no_style() -> None:
    item = {
        "name": "filter",
        "in": "query",
        "content": {"application/json": {"schema": obj(a=STRING)}},
    }
    normal = normalise(
        document({"/x": {"get": {"parameters": [item], "responses": answer(STRING)}}})
    )
    assert findings(normal) == []
    assert "style" not in normal["paths"]["/x"]["get"]["parameters"][0]


def test_a_path_says_itself_which_parameters_it_has() -> None:
    stray = {"name": "other", "in": "path", "required": True, "schema": STRING}
    contract = document({"/x/{id}": {"get": {"parameters": [stray], "responses": answer(STRING)}}})
    [parameter] = normalise(contract)["paths"]["/x/{id}"]["get"]["parameters"]
    assert (parameter["name"], parameter["required"]) == ("id", True)


def test_a_route_that_stands_there_twice_is_told() -> None:
    item = {"get": {"responses": answer(STRING)}}
    normal = normalise(document({"/x/{a}": item, "/x/{b}": item}))
    assert list(normal["paths"]) == ["/x/{id}"]
    assert "twice" in normal[LEFT_OUT]["/paths/~1x~1{b}/get"]


@pytest.mark.parametrize(
    "servers", [["https://a.example/sandbox", "https://b.example"], ["https://b.example"]]
)
def test_another_server_first_changes_no_route(servers: list[str]) -> None:
    contract = small() | {"servers": [{"url": url} for url in servers]}
    assert normalise(contract)["paths"] == normalise(small())["paths"]


def test_a_header_among_the_security_schemes_is_a_parameter() -> None:
    asked = small()
    header = {"type": "apiKey", "in": "header", "name": "X-Organization-Id"}
    asked["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "organization": header,
    }
    asked["security"] = [{"token": [], "organization": []}]
    asked["paths"]["/api/oauth/token"]["post"]["security"] = [{"token": []}]
    meant = copy.deepcopy(asked)
    meant["security"] = [{"token": []}]
    for item in asked["paths"].values():
        for operation in (item, *item.values()):
            if isinstance(operation, dict) and ORGANIZATION in operation.get("parameters", []):
                operation["parameters"].remove(ORGANIZATION)
    assert normalise(asked) == normalise(meant)


@pytest.mark.parametrize("responses", [{}, None])
def test_an_operation_that_says_nothing_of_its_answers_may_answer_anything(responses: Any) -> None:
    normal = normalise(document({"/x": {"get": {"responses": responses}}}))
    assert normal["paths"]["/x"]["get"]["responses"] == {"2XX": {"description": ""}}
    assert findings(normal) == []


def test_what_answers_every_status_answers_success_where_no_other_does() -> None:
    def statuses(*said: str) -> list[str]:
        responses = {status: answer(STRING)["200"] for status in said}
        normal = normalise(document({"/x": {"get": {"responses": responses}}}))
        return sorted(normal["paths"]["/x"]["get"]["responses"])

    assert statuses("default") == ["2XX", "default"]
    assert statuses("404", "default") == ["2XX", "404", "default"]
    assert statuses("201", "default") == ["201", "default"]
    assert statuses("302", "default") == ["302", "default"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("info", {"title": "no version", "license": 1}),
        ("tags", ["no object"]),
        ("externalDocs", "nowhere"),
    ],
)
def test_what_no_client_is_made_of_may_be_as_it_likes(key: str, value: Any) -> None:
    assert lint(normalise({**small(), key: value})) == lint(normalise(small()))


def test_components_of_one_word_each_are_an_enum() -> None:
    words = {name: {"type": "string", "const": name.lower()} for name in ("Open", "Paid")}
    union = {"oneOf": [ref("Open"), ref("Paid")]}
    enum = {"type": "string", "enum": ["open", "paid"]}
    plain = normalise(one(obj(status=ref("Status")), Status=enum))
    assert normalise(one(obj(status=ref("Status")), Status=union, **words)) == plain


def test_keywords_that_are_null_say_nothing() -> None:
    words = ("parameters", "requestBody", "security", "tags", "servers", "callbacks")
    schema = {**obj(["a"], a=STRING, parameters={**STRING, "format": None}), "allOf": None}
    content = {"application/json": {"schema": schema, "encoding": None}}
    responses = {"200": {"description": "", "content": content, "headers": None}}
    item = {"get": {"responses": responses, **dict.fromkeys(words)}, "parameters": None}
    whole = {**document({"/x": item}), "webhooks": None}
    whole["components"] = {"schemas": {}, "pathItems": None}

    normal = normalise(parse(json.dumps(whole).encode()))
    [media] = normal["paths"]["/x"]["get"]["responses"]["200"]["content"].values()
    assert media["schema"] == obj(["a"], a=STRING, parameters=STRING)
    assert "x-left-out" not in normal


def test_what_has_a_name_and_is_null_is_a_fault() -> None:
    whole = document({"/x": {"get": {"responses": answer(obj(a=None))}}, "/y": None})
    normal = normalise(parse(json.dumps(whole).encode()))
    places = normal["x-left-out"]
    assert [place for place in places if place.endswith(("/a", "~1y"))] == list(places)
    assert len(places) == 2


@pytest.mark.parametrize(
    "scheme", [{"type": "http", "scheme": "bearer"}, {"type": "apiKey"}, {"type": "nothing"}]
)
def test_an_odd_security_scheme_costs_no_operation(scheme: dict[str, Any]) -> None:
    contract = small()
    contract["components"]["securitySchemes"] = {"Bearer Token": scheme}
    contract["security"] = [{"Bearer Token": []}]
    linted = lint(normalise(contract))
    assert linted["paths"].keys() == normalise(small())["paths"].keys()
    assert LEFT_OUT not in linted


def test_a_path_without_a_slash_is_left_out_by_name() -> None:
    contract = small()
    contract["paths"]["accounts"] = {"get": {"responses": answer(STRING)}}
    normal = normalise(contract)
    assert normal["paths"] == normalise(small())["paths"]
    assert "slash" in normal[LEFT_OUT]["/paths/accounts"]


@pytest.mark.parametrize("words", [{"examples": {"a": "b"}}, {"description": None}, {"title": 7}])
def test_faulty_words_to_people_cost_no_schema(words: dict[str, Any]) -> None:
    linted = lint(normalise(one(obj(a={**INTEGER, **words}))))
    assert schema_of(linted) == {"type": "object", "properties": {"a": INTEGER}}
    assert LEFT_OUT not in linted


def test_a_word_called_ref_in_an_example_is_no_reference() -> None:
    contract = small()
    contract["components"]["schemas"]["Account"]["example"] = {"$ref": "#/nowhere"}
    contract["components"]["schemas"]["Account"]["properties"]["$ref"] = STRING
    assert "$ref" in normalise(contract)["components"]["schemas"]["Account"]["properties"]


@pytest.mark.parametrize(
    ("written", "schema", "meant"),
    [
        ("*/*", obj(a=STRING), "application/json"),
        ("*/*", INTEGER, "application/json"),
        ("*/*", {"type": "string", "enum": ["a"]}, "application/json"),
        ("*/*", STRING, "text/plain"),
        ("*/*", {**STRING, "format": "binary"}, "application/octet-stream"),
        ("*/*", {}, "application/octet-stream"),
        ("application/*", obj(a=STRING), "application/json"),
        ("text/*", STRING, "text/plain"),
        ("image/*", {**STRING, "format": "binary"}, "image/*"),
        ("multipart/*", obj(a=STRING), "multipart/form-data"),
        ("application/*+json", obj(a=STRING), "application/json"),
    ],
)
def test_what_any_media_type_may_carry_is_told_by_the_schema(
    written: str, schema: Any, meant: str
) -> None:
    contract = document({"/x": {"get": {"responses": answer(schema, media_type=written)}}})
    content = normalise(contract)["paths"]["/x"]["get"]["responses"]["200"]["content"]
    assert list(content) == [meant]


def test_a_media_type_that_has_a_name_comes_before_any_media_type() -> None:
    contract = document({"/x": {"get": {"responses": answer(INTEGER, media_type="*/*")}}})
    media = contract["paths"]["/x"]["get"]["responses"]["200"]["content"]
    media["application/json"] = {"schema": STRING}
    content = normalise(contract)["paths"]["/x"]["get"]["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": STRING}}


def test_the_document_given_is_left_alone() -> None:
    contract = small()
    before = copy.deepcopy(contract)
    normalise(contract)
    assert contract == before


def test_written_as_3_0_it_means_the_same() -> None:
    contract = small()
    contract["openapi"] = "3.0.3"
    account = contract["components"]["schemas"]["Account"]["properties"]
    account["note"] = {"type": "string", "nullable": True}
    account["parent"] = {"allOf": [ref("Account")], "nullable": True}
    assert normalise(contract) == normalise(small())


def test_media_types_and_statuses_are_spelled_alike() -> None:
    upper = document(
        {
            "/x": {
                "post": {
                    "requestBody": body(STRING, "Application/JSON"),
                    "responses": answer(STRING, "2xx"),
                }
            }
        }
    )
    lower = document(
        {"/x": {"post": {"requestBody": body(STRING), "responses": answer(STRING, "2XX")}}}
    )
    assert normalise(upper) == normalise(lower)


def test_a_vendors_own_words_are_no_schemas_and_a_strange_word_in_a_parameter_costs_nothing() -> (
    None
):
    contract = small()
    plain = lint(normalise(contract))
    get = contract["paths"]["/api/v1/accounts"]["get"]
    get["x-changes"] = [{"schema": {"properties": {"a": None}}}]
    get["parameters"][1]["type"] = "string"
    strange = lint(normalise(contract))
    assert LEFT_OUT not in strange
    assert strange["paths"]["/api/v1/accounts"]["get"].pop("x-changes")
    assert strange == plain
