from typing import Any

import pytest

from scripts.contract.members import member_names
from scripts.contract.normalise import normalise
from scripts.contract.view import generator_view
from tests.support.contracts import INTEGER, STRING, answer, body, document, obj, one, ref, small


def view(contract: Any) -> Any:
    return generator_view(normalise(contract))


def operation(**parts: Any) -> Any:
    """The view of one operation."""
    parts.setdefault("responses", answer(STRING))
    return view(document({"/things": {"post": parts}}))["paths"]["/things"]["post"]


def schema(written: Any, **schemas: Any) -> Any:
    contract = view(one(written, **schemas))
    return contract["paths"]["/api/v1/things"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]


def parameter(**parts: Any) -> Any:
    return operation(parameters=[{"name": "p", "in": "query", **parts}])["parameters"][0]["schema"]


def test_error_answers_and_what_only_they_need_are_dropped() -> None:
    contract = view(small())
    assert list(contract["paths"]["/api/v1/accounts"]["get"]["responses"]) == ["200"]
    assert "Error" not in contract["components"]["schemas"]
    assert "servers" not in contract


def test_a_redirect_is_kept_when_there_is_nothing_else() -> None:
    assert list(
        operation(responses={"302": {"description": ""}, "400": {"description": ""}})["responses"]
    ) == ["302"]


def test_what_answers_every_status_is_read_where_it_alone_answers_success() -> None:
    everything = answer(STRING, "default")
    seen = operation(responses={**answer(INTEGER, "404"), **everything})["responses"]
    assert seen == {"2XX": everything["default"]}
    assert list(operation(responses={**everything, **answer(STRING, "201")})["responses"]) == [
        "201"
    ]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (
            {"type": "string", "format": "uuid", "default": "x", "title": "T", "pattern": "x"},
            STRING,
        ),
        ({"type": "string", "format": "date-time"}, {**STRING, "x-format": "date-time"}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"enum": [1, "a"]}, {}),
        ({"enum": [1.5, 2.5]}, {"type": "number"}),
        ({"type": "boolean", "enum": [True]}, {"type": "boolean", "x-constant": True}),
        ({"type": "boolean", "enum": [False, True]}, {"type": "boolean"}),
        (
            {"allOf": [{"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}]},
            STRING,
        ),
        (
            {**obj(a=STRING), "anyOf": [{"required": ["a"]}, {"not": {}}]},
            {"type": "object", "properties": {"a": STRING}},
        ),
    ],
)
def test_a_schema_is_seen_by_its_structure(written: Any, seen: Any) -> None:
    assert schema(written) == seen


def test_a_list_that_contains_itself_is_seen_as_anything() -> None:
    assert schema(ref("Forest"), Forest={"type": "array", "items": ref("Forest")}) == {
        "type": "array",
        "items": {},
    }


def test_values_of_an_enum_get_different_names() -> None:
    values = ["a", "A", "a-b", "a b", "", "1099", "é", "ß", "bankFeed"]
    names = member_names(values)
    assert len(set(names)) == len(values)
    assert all(name.isidentifier() and name.isascii() and name == name.upper() for name in names)
    assert names[-1] == "BANK_FEED"
    assert member_names([1, -1]) == ["VALUE_1", "VALUE_NEGATIVE_1"]


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        ({"schema": {"type": ["string", "null"]}}, STRING),
        ({"schema": {"type": "array", "items": STRING}}, {"type": "array", "items": STRING}),
        (
            {"schema": {"type": "array", "items": STRING}, "explode": False},
            {"type": "array", "items": STRING},
        ),
        (
            {"schema": {"type": "array", "items": STRING}, "in": "header"},
            {"type": "array", "items": STRING},
        ),
        ({"schema": obj(a=STRING), "style": "deepObject"}, {}),
        ({"content": {"application/json": {"schema": obj(a=STRING)}}}, {}),
        ({"content": {"text/csv": {"schema": STRING}}}, STRING),
        ({"schema": INTEGER}, INTEGER),
        ({"schema": {}, "in": "header"}, STRING),
        ({"schema": {"type": "null"}, "in": "header"}, STRING),
    ],
)
def test_a_parameter_is_what_the_generator_can_send_rightly(parts: Any, seen: Any) -> None:
    assert parameter(**parts) == seen


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (["application/xml", "application/json"], "application/json"),
        (
            ["application/x-www-form-urlencoded", "application/vnd.ledgerhq+json"],
            "application/vnd.ledgerhq+json",
        ),
        (
            ["multipart/form-data", "application/x-www-form-urlencoded"],
            "application/x-www-form-urlencoded",
        ),
        (["application/xml"], "application/xml"),
    ],
)
def test_one_way_to_send_a_body_is_kept(content: list[str], kept: str) -> None:
    written = {"required": True, "content": {name: {"schema": obj(a=STRING)} for name in content}}
    assert list(operation(requestBody=written)["requestBody"]["content"]) == [kept]


def test_answers_that_are_no_json_are_text_or_bytes() -> None:
    text = operation(responses=answer(STRING, media_type="text/csv"))["responses"]["200"]["content"]
    assert [media["schema"] for media in text.values()] == [STRING]
    data = operation(responses=answer(STRING, media_type="application/pdf"))["responses"]["200"][
        "content"
    ]
    assert [media["schema"].get("format") for media in data.values()] == ["binary"]


def test_a_file_is_one_in_a_form_and_text_in_json() -> None:
    file = {**STRING, "format": "binary"}
    contract = document(
        {
            "/json": {"post": {"requestBody": body(ref("Note")), "responses": answer(ref("Note"))}},
            "/form": {
                "post": {
                    "requestBody": body(ref("Upload"), "multipart/form-data"),
                    "responses": answer(obj(inline=file)),
                }
            },
        },
        Note=obj(text=file),
        Upload=obj(file=file, part=ref("Part")),
        Part=obj(files={"type": "array", "items": file}),
    )
    seen = view(contract)["components"]["schemas"]
    assert seen["Note"]["properties"]["text"] == STRING
    assert seen["Upload"]["properties"]["file"] == file
    assert seen["Part"]["properties"]["files"]["items"] == file
    inline = view(contract)["paths"]["/form"]["post"]["responses"]["200"]["content"]
    assert inline["application/json"]["schema"]["properties"] == {"inline": STRING}


def test_an_answer_of_null_is_no_content() -> None:
    assert "content" not in operation(responses=answer({"type": "null"}))["responses"]["200"]


def test_a_body_of_several_plain_values_is_anything() -> None:
    seen = operation(requestBody=body({"type": ["string", "integer"]}, required=False))[
        "requestBody"
    ]["content"]
    assert seen == {"application/json": {"schema": {}}}


def test_an_optional_body_stays_optional() -> None:
    assert operation(requestBody=body(obj(), required=False))["requestBody"]["required"] is False
