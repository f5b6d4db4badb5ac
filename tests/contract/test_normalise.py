import copy
from typing import Any

import pytest

from scripts.contract.errors import StepError
from scripts.contract.lint import findings
from scripts.contract.normalise import normalise
from scripts.contract.pointers import canonical_json
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
    return normal["paths"]["/api/v1/things"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


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
    referred["components"]["parameters"] = {"Scope": ORGANIZATION, "Again": {"$ref": "#/components/parameters/Scope"}}
    referred["paths"]["/api/v1/accounts"]["get"]["parameters"][0] = {"$ref": "#/components/parameters/Again"}
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
        ({"type": ["string", "null"], "enum": ["a", None]}, {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]}),
        ({"type": "string", "nullable": True, "enum": ["a"]}, {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]}),
        ({"anyOf": [{"const": "a"}, {"const": "b"}]}, {"type": "string", "enum": ["a", "b"]}),
        ({"const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"enum": ["b", "a", "b"]}, {"type": "string", "enum": ["a", "b"]}),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 0}),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, {"type": "integer", "minimum": 0}),
        ({"type": ["string", "integer"], "maxLength": 3}, {"anyOf": [{"type": "string", "maxLength": 3}, INTEGER]}),
        ({"properties": {"b": STRING, "a": True}}, {"type": "object", "properties": {"a": {}, "b": STRING}}),
        ({"type": "object", "additionalProperties": True, "required": []}, {"type": "object"}),
        ({"items": STRING}, {"type": "array", "items": STRING}),
        ({"allOf": [STRING]}, STRING),
        ({"anyOf": [STRING]}, STRING),
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
    schema = {"allOf": [ref("Base"), obj(["kind"], kind={"enum": ["b", "c"]}, extra=INTEGER)], "description": "Mine."}
    assert canonical(schema, Base=base) == {
        "type": "object",
        "description": "Mine.",
        "required": ["id", "kind"],
        "properties": {"id": STRING, "kind": {"type": "string", "enum": ["b"]}, "extra": INTEGER},
    }


def test_all_of_with_one_reference_is_that_reference_also_when_nullable() -> None:
    thing = obj(id=STRING)
    assert canonical({"allOf": [ref("Thing")]}, Thing=thing) == ref("Thing")
    assert canonical({"allOf": [ref("Thing")], "nullable": True}, Thing=thing)["anyOf"] == [ref("Thing"), NULL]
    assert canonical({**ref("Thing"), "nullable": True}, Thing=thing)["anyOf"] == [ref("Thing"), NULL]


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
        obj(id=ref("Id"), ids=ref("Ids")), Id=ref("Text"), Text=STRING, Ids={"type": "array", "items": ref("Id")}
    )
    normal = normalise(contract)
    assert schema_of(normal)["properties"] == {"id": STRING, "ids": {"type": "array", "items": STRING}}
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
    assert normal["components"]["schemas"] == {"Node": {"type": "object", "properties": {"up": nullable}}}
    assert normalise(normal) == normal


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        (one(ref("Gone")), "#/components/schemas/Gone"),
        (one({"$ref": "https://example.org/schema.json"}), "https://example.org/schema.json"),
        (one(obj(a={"$ref": "#/nowhere"})), "/paths/~1api~1v1~1things/get/responses/200"),
        (one(ref("A"), A=ref("B"), B=ref("A")), "circle"),
        (
            one({"$ref": "#/components/x/a"}) | {"components": {"x": {"a": obj(b={"$ref": "#/components/x/a"})}}},
            "itself",
        ),
        (one(ref("A"), A={"anyOf": [ref("A"), STRING]}), "circle"),
        (one(ref("A"), A={"allOf": [ref("B"), STRING]}, B={"allOf": [ref("A"), STRING]}), "circle"),
        (one("string"), "a schema is a str"),
        (document({"/x": {"get": {"parameters": [{"in": "query"}], "responses": {}}}}), "parameter"),
        (document({"/x": {"get": []}}), "form"),
        (document({"/x": {"description": "nothing to call"}}), "no operations"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_where(contract: Any, said: str) -> None:
    with pytest.raises(StepError) as caught:
        normalise(contract)
    assert caught.value.step == "normalise"
    assert said in str(caught.value)


def test_a_word_called_ref_in_an_example_is_no_reference() -> None:
    contract = small()
    contract["components"]["schemas"]["Account"]["example"] = {"$ref": "#/nowhere"}
    contract["components"]["schemas"]["Account"]["properties"]["$ref"] = STRING
    assert "$ref" in normalise(contract)["components"]["schemas"]["Account"]["properties"]


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
        {"/x": {"post": {"requestBody": body(STRING, "Application/JSON"), "responses": answer(STRING, "2xx")}}}
    )
    lower = document({"/x": {"post": {"requestBody": body(STRING), "responses": answer(STRING, "2XX")}}})
    assert normalise(upper) == normalise(lower)
