import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.errors import StepError
from scripts.contract.misfit_table import table
from scripts.contract.normalise import normalise
from scripts.contract.seam import Misfit, absent, load_needs, misfits
from scripts.drift.editing import editing
from tests.support.checkouts import FakeNeed
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
    small,
)

THINGS = "/api/v1/things"
NULLABLE = {"type": ["string", "null"]}


def found(contract: Any, need: FakeNeed) -> list[tuple[str, str, str]]:
    return [(row.where, row.expected, row.found) for row in misfits(normalise(contract), [need])]


def reading(expected: Any, schema: Any, **schemas: Any) -> list[tuple[str, str]]:
    """Where an answer of `schema` does not hold what is read, below the answer itself."""
    rows = found(one(schema, **schemas), FakeNeed("GET", THINGS, response=expected))
    return [(where.removeprefix("/responses/200"), what) for where, _, what in rows]


def sending(
    expected: Any, schema: Any, *, media_type: str = "application/json", **schemas: Any
) -> list[tuple[str, str]]:
    operation = {"requestBody": body(schema, media_type), "responses": answer(STRING)}
    need = FakeNeed("POST", THINGS, request=expected)
    rows = found(document({THINGS: {"post": operation}}, **schemas), need)
    return [(where.removeprefix("/requestBody"), what) for where, _, what in rows]


def test_the_small_contract_fits_what_is_needed_of_it() -> None:
    account = {
        "id": "string",
        "type": "string",
        "balance": "integer",
        "note?": "string",
        "parent?": {"id": "string"},
    }
    needs = [
        FakeNeed(
            "GET",
            "/api/v1/accounts",
            parameters=(("header", "x-organization-id"), ("query", "type")),
            response={"accounts": [account]},
        ),
        FakeNeed(
            "POST",
            "/api/v1/accounts",
            parameters=(("header", "x-organization-id"), ("header", "IDEMPOTENCY-KEY")),
            request={"name": "string", "type": "string"},
            response={"account": account},
            statuses=(201,),
        ),
        FakeNeed(
            "GET", "/api/v1/accounts/{whatever}", parameters=(("header", "X-Organization-Id"),)
        ),
        FakeNeed(
            "POST",
            "/api/oauth/token",
            request={"grant_type": "string"},
            request_media="application/x-www-form-urlencoded",
            response={},
        ),
    ]
    assert misfits(normalise(small()), needs) == []


@pytest.mark.parametrize("need", [FakeNeed("GET", "/api/v1/gone"), FakeNeed("DELETE", THINGS)])
def test_a_route_that_is_gone(need: FakeNeed) -> None:
    assert misfits(normalise(one(STRING)), [need]) == [
        Misfit(
            "Organization.things", f"{need.method} {need.path}", "", "the route", "no such route"
        )
    ]


def test_an_optional_route_may_be_gone_but_not_differ() -> None:
    need = FakeNeed("GET", THINGS, response={"name": "string"}, is_optional=True)
    gone = replace(need, path="/api/v1/gone")
    contract = normalise(one(obj(["name"], name=STRING)))
    assert misfits(contract, [need, gone]) == []
    assert absent(contract, [need, gone]) == [gone]
    # On its other route it is there.
    assert absent(contract, [replace(gone, instead=(need,))]) == []
    assert absent(contract, [replace(gone, is_optional=False)]) == []

    [row] = misfits(normalise(one(obj(["name"], name=INTEGER))), [need, gone])
    assert (row.operation, row.found) == ("Organization.things", "integer")


def test_parameters() -> None:
    operation = {
        "parameters": [ORGANIZATION, {"name": "cursor", "in": "query", "schema": STRING}],
        "responses": answer(STRING),
    }
    contract = document({THINGS: {"get": operation}})
    need = FakeNeed("GET", THINGS, parameters=(("header", "cursor"), ("query", "page")))
    assert found(contract, need) == [
        ("/parameters/header/cursor", "header parameter cursor", "it is in the query"),
        ("/parameters/query/page", "query parameter page", "no such parameter"),
        (
            "/parameters/header/x-organization-id",
            "nothing else required",
            "required header parameter x-organization-id",
        ),
    ]


def test_statuses_and_media_types() -> None:
    contract = document({THINGS: {"get": {"responses": answer(STRING, "200", "text/html")}}})
    need = FakeNeed("GET", THINGS, response="string", statuses=(200, 201), tells_replays=True)
    assert found(contract, need) == [
        ("/responses/200", "application/json", "text/html"),
        ("/responses/201", "status 201", "statuses 200"),
    ]
    assert found(contract, FakeNeed("GET", THINGS)) == []


def test_one_success_is_read_as_any_other_unless_it_tells_a_replay() -> None:
    contract = document({THINGS: {"get": {"responses": answer(STRING, "202")}}})
    assert found(contract, FakeNeed("GET", THINGS, response="string")) == []
    assert found(contract, FakeNeed("GET", THINGS, response="integer")) == [
        ("/responses/202", "integer", "string")
    ]
    posting = FakeNeed("GET", THINGS, response="string", tells_replays=True)
    assert found(contract, posting) == [("/responses/200", "status 200", "statuses 202")]


def test_a_range_of_statuses_holds_each_of_them() -> None:
    contract = document(
        {THINGS: {"get": {"responses": answer(STRING, "2XX", "application/json; charset=utf-8")}}}
    )
    assert found(contract, FakeNeed("GET", THINGS, response="string", statuses=(200, 201))) == []


def test_bodies_that_are_there_or_not() -> None:
    operation = {"requestBody": body(obj()), "responses": answer(STRING)}
    contract = document({THINGS: {"post": operation, "get": {"responses": answer(STRING)}}})
    assert found(contract, FakeNeed("POST", THINGS)) == [
        ("/requestBody", "no body", "a required body")
    ]
    assert found(contract, FakeNeed("GET", THINGS, request={})) == [
        ("/requestBody", "a body of application/json", "no body")
    ]
    form = FakeNeed("POST", THINGS, request={}, request_media="application/x-www-form-urlencoded")
    assert found(contract, form) == [
        ("/requestBody", "application/x-www-form-urlencoded", "application/json")
    ]


@pytest.mark.parametrize(
    ("expected", "schema", "gaps"),
    [
        ("string", {"type": "string", "format": "date"}, []),
        ("string", {"type": "string", "enum": ["a"]}, []),
        ("string", INTEGER, [("", "integer")]),
        ("string|integer", INTEGER, []),
        ("string", {"type": ["string", "integer"]}, [("", "integer|string")]),
        ("string|integer", {"type": ["string", "integer"]}, []),
        ("number", INTEGER, []),
        ("integer", {"type": "number"}, [("", "number")]),
        ("string", {}, [("", "any")]),
        ("any", {}, []),
        ("any", obj(a=STRING), []),
        ("object", obj(a=STRING), []),
        ("string", NULLABLE, [("", "may be null")]),
        ("string", {"type": "null"}, [("", "may be null"), ("", "always null")]),
        (["string"], {"type": "array", "items": STRING}, []),
        (["string"], {"type": "array", "items": NULLABLE}, [("/items", "may be null")]),
        (["string"], {"type": "array"}, [("/items", "any")]),
        (["string"], STRING, [("", "string")]),
        ({"a": "string"}, STRING, [("", "string")]),
        ({"a": "string"}, obj(["a"], a=STRING), []),
        ({"a": "string"}, obj(a=STRING), [("/properties/a", "may be missing")]),
        ({"a": "string"}, obj(["a"], a=NULLABLE), [("/properties/a", "may be null")]),
        ({"a?": "string"}, obj(a=NULLABLE), []),
        ({"a?": "string"}, obj(a=INTEGER), [("/properties/a", "integer")]),
        ({"a?": "string"}, obj(b=STRING), [("/properties/a", "no such property")]),
        (
            {"a": {"b": "string"}},
            obj(["a"], a=obj(b=STRING)),
            [("/properties/a/properties/b", "may be missing")],
        ),
        ({"a": "string"}, {"allOf": [obj(a=STRING), {"required": ["a"]}]}, []),
    ],
)
def test_what_is_read(expected: Any, schema: Any, gaps: list[tuple[str, str]]) -> None:
    assert reading(expected, schema) == gaps


def test_what_is_read_of_alternatives_must_be_in_each_of_them() -> None:
    schema = {"oneOf": [obj(["id", "a"], id=STRING, a=STRING), obj(["id"], id=STRING, b=STRING)]}
    assert reading({"id": "string", "a?": "string", "b?": "string"}, schema) == []
    assert reading({"a": "string"}, schema) == [("/properties/a", "no such property")]
    assert reading({"c?": {"x": "string"}}, schema) == [("/properties/c", "no such property")]


def test_what_only_one_alternative_holds_must_be_whole_there() -> None:
    schema = {"oneOf": [obj(a=obj(x=STRING)), obj(b=STRING)]}
    assert reading({"a?": {"y?": "string"}, "b?": "string"}, schema) == [
        ("/properties/a/properties/y", "no such property")
    ]


def test_references_and_recursion_are_followed() -> None:
    tree = obj(["name", "children"], name=STRING, children={"type": "array", "items": ref("Tree")})
    shape = {"name": "string", "children": [{"name": "string", "children": [{"name": "integer"}]}]}
    assert reading(shape, ref("Tree"), Tree=tree) == [
        ("/properties/children/items/properties/children/items/properties/name", "string")
    ]


@pytest.mark.parametrize(
    ("expected", "schema", "gaps"),
    [
        ({"a": "string", "b?": "integer"}, obj(["a"], a=STRING, b=INTEGER), []),
        (
            {"a": "string", "b?": "integer"},
            obj(["a"], a=STRING),
            [("/properties/b", "no such property")],
        ),
        ({"a?": "string"}, obj(["a"], a=STRING), [("/properties/a", "required always: string")]),
        (
            {"a": "string"},
            obj(["a", "b"], a=STRING, b=INTEGER),
            [("/properties/b", "required: integer")],
        ),
        ({"a": "string"}, obj(["a", "b"], a=STRING, b={**INTEGER, "readOnly": True}), []),
        ({"a": "string"}, obj(a=NULLABLE), []),
        ({"a": "integer"}, obj(a={"type": "number"}), []),
        ({"a": "number"}, obj(a=INTEGER), [("/properties/a", "integer")]),
        ({"a": "string|integer"}, obj(a=STRING), [("/properties/a", "string")]),
        ({"a": "string|integer"}, obj(a={"type": ["string", "integer"]}), []),
        ({"a": "string"}, obj(a={}), []),
        ({"a": "string"}, {}, []),
        ({"lines": [{"a": "integer"}]}, obj(lines={}), []),
        ({"lines": [{"a": "integer"}]}, obj(lines={"type": "array", "items": obj(a=INTEGER)}), []),
        ({"a": "string"}, {"oneOf": [obj(["b"], b=STRING), obj(["a"], a=STRING)]}, []),
        (
            {"c": "string"},
            {"oneOf": [obj(["b"], b=STRING), obj(c=INTEGER)]},
            [("/properties/c", "integer")],
        ),
    ],
)
def test_what_is_sent(expected: Any, schema: Any, gaps: list[tuple[str, str]]) -> None:
    assert sending(expected, schema) == gaps


TWO = obj(["a"], a=STRING, b=STRING, c=STRING)


# What is said of the properties together; whether it refuses a posting, of which any property that
# may be left out is, and another request, of which the layer makes some choices.
@pytest.mark.parametrize(
    ("rule", "of_postings", "of_others"),
    [
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, False, False),
        ({"anyOf": [{"required": ["b"]}, {"required": ["c"]}]}, True, False),
        ({"oneOf": [{"required": ["b"]}, {"required": ["c"]}]}, True, False),
        ({"oneOf": [{"required": ["unknown"]}]}, True, True),
        ({"not": {"required": ["b"]}}, True, False),
        ({"not": {"required": ["b", "c"]}}, True, False),
        ({"not": {"required": ["unknown"]}}, False, False),
        ({"dependentRequired": {"b": ["c"]}}, True, False),
        ({"dependentRequired": {"b": ["a"]}}, False, False),
        ({"if": {"required": ["b"]}, "then": {"required": ["c"]}}, True, False),
        ({"if": {"required": ["b"]}, "then": {"required": ["a"]}}, False, False),
        # What depends on values, nobody can tell.
        ({"if": {"properties": {"b": {"const": "x"}}}, "then": {"required": ["c"]}}, False, False),
    ],
)
def test_what_is_said_of_properties_together(rule: Any, of_postings: bool, of_others: bool) -> None:
    operation = {"requestBody": body({**TWO, **rule}), "responses": answer(STRING)}
    contract = document({THINGS: {"post": operation}})
    sent = {"a": "string", "b?": "string", "c?": "string"}
    for is_posting, is_refused in ((True, of_postings), (False, of_others)):
        need = FakeNeed("POST", THINGS, request=sent, tells_replays=is_posting)
        places = [where for where, _, _ in found(contract, need)]
        assert places == (["/requestBody"] if is_refused else []), is_posting


def test_a_misfit_names_the_call_and_stands_in_a_table() -> None:
    rows = [
        Misfit(
            "Organization.post(Purchase)",
            "POST /api/v1/purchases",
            "/requestBody",
            "a body",
            "none",
        )
    ]
    lines = table(rows).splitlines()
    assert lines[0].split() == ["operation", "route", "where", "expected", "found"]
    assert "Organization.post(Purchase)" in lines[2]
    assert lines[0].index("found") == lines[2].index("none")


def test_a_layer_that_is_not_there_yet_needs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_needs("no_such_layer.operations") is None
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "half_a_layer").mkdir()
    (tmp_path / "half_a_layer" / "__init__.py").write_text("")
    assert load_needs("half_a_layer.operations") is None
    (tmp_path / "half_a_layer" / "operations.py").write_text("import no_such_dependency")
    with pytest.raises(StepError, match="no_such_dependency"):
        load_needs("half_a_layer.operations")
    (tmp_path / "half_a_layer" / "operations.py").write_text("def needs(): return ['one']")
    sys.modules.pop("half_a_layer.operations", None)
    needs: object = load_needs("half_a_layer.operations")
    assert needs == ["one"]


# --- the table leads to the line


def row(operation: str, where: str, found: str = "integer") -> Misfit:
    return Misfit(operation, f"GET /{operation}", where, "string", found)


def test_one_cause_is_one_row() -> None:
    rows = [
        row(name, f"/responses/200/properties/{name}/properties/id")
        for name in ("a", "b", "c", "d", "e")
    ]
    lines = table(rows, lambda _: "Thing.id in ledgerhq_ext/models.py").splitlines()
    assert len(lines) == 3
    assert "a, b, c and 2 more" in lines[2]
    assert lines[0].split()[-2:] == ["to", "edit"]
    assert "Thing.id in ledgerhq_ext/models.py" in lines[2]


def test_rows_of_two_causes_stay_two() -> None:
    assert len(table([row("a", "/responses/200"), row("b", "/responses/200")]).splitlines()) == 4


def test_what_is_there_instead_of_a_route() -> None:
    contract = document({"/api/v2/things": {"get": {"responses": answer(STRING)}}})
    [misfit] = misfits(normalise(contract), [FakeNeed("GET", THINGS)])
    assert (misfit.found, misfit.near) == ("no such route", "GET /api/v2/things")


@pytest.mark.parametrize(
    ("expected", "schema", "near"),
    [
        ({"journalEntryId": "string"}, obj(["entryId"], entryId=STRING), "entryId"),
        (
            {"accounts": ["string"]},
            obj(["data"], data={"type": "array", "items": STRING}, n=INTEGER),
            "data",
        ),
        ({"a": "string"}, obj(x=STRING, y=STRING), ""),
        ({"a": "string", "b": "string"}, obj(["b"], b=STRING), ""),
    ],
)
def test_what_is_there_instead_of_a_property(expected: Any, schema: Any, near: str) -> None:
    rows = misfits(normalise(one(schema)), [FakeNeed("GET", THINGS, response=expected)])
    assert [each.near for each in rows if each.found == "no such property"] == [near]


def test_a_document_that_never_says_required_is_one_row() -> None:
    expected = {"a": "string", "b": "string", "c": "integer"}
    rows = misfits(
        normalise(one(obj(a=STRING, b=STRING, c=STRING))),
        [FakeNeed("GET", THINGS, response=expected)],
    )
    assert [each.operation for each in rows] == ["every call", "Organization.things"]
    assert "no response has `required`" in rows[0].found
    assert rows[1].found == "string"


@pytest.mark.parametrize(
    ("expected", "schema", "gaps"),
    [
        ("string:date", {"type": "string", "format": "date"}, []),
        ("string:date", STRING, []),
        ("string:date", {"type": "string", "format": "date-time"}, [("", "string (date-time)")]),
        ("string:date-time", {"type": "string", "format": "date"}, [("", "string (date)")]),
        ("string:date", INTEGER, [("", "integer")]),
    ],
)
def test_formats(expected: Any, schema: Any, gaps: list[tuple[str, str]]) -> None:
    assert reading(expected, schema) == gaps


@pytest.mark.parametrize(
    ("name", "place", "schema", "found"),
    [
        ("limit", "query", {"type": "integer", "maximum": 99}, ["maximum 99"]),
        ("limit", "query", {"type": "integer", "maximum": 100}, []),
        ("page", "query", {"type": "integer", "minimum": 2}, ["minimum 2"]),
        ("Idempotency-Key", "header", {"type": "string", "maxLength": 255}, []),
        ("Idempotency-Key", "header", {"type": "string", "maxLength": 64}, ["maxLength 64"]),
        ("Idempotency-Key", "header", {"type": "string", "format": "uuid"}, ["format uuid"]),
        ("Idempotency-Key", "header", {"const": "fixed"}, ["enum ['fixed']"]),
        ("Idempotency-Key", "header", {"type": "string", "pattern": "("}, []),
        ("limit", "query", {"type": "integer", "maximum": "100"}, []),
        (
            "status",
            "query",
            {"type": "string", "enum": ["draft", "posted"]},
            ["enum ['draft', 'posted']"],
        ),
    ],
)
def test_values_that_the_layer_sends(name: str, place: str, schema: Any, found: list[str]) -> None:
    operation = {
        "parameters": [{"name": name, "in": place, "schema": schema}],
        "responses": answer(STRING),
    }
    need = FakeNeed("GET", THINGS, operation="Organization.entries", parameters=((place, name),))
    rows = misfits(normalise(document({THINGS: {"get": operation}})), [need])
    assert [each.found for each in rows] == found
    assert all(each.where == f"/parameters/{place}/{name}" for each in rows)


def test_a_misfit_of_the_layer_names_class_and_file() -> None:
    needs = load_needs()
    assert needs
    edit = editing(needs)
    listed = Misfit(
        "Organization.accounts",
        "GET /api/v1/accounts",
        "/responses/200/properties/accounts",
        "",
        "",
    )
    assert edit(listed) == "ledgerhq_ext/_seam.py"
    below = replace(listed, where=f"{listed.where}/items/properties/code")
    assert edit(below).startswith("Account.code in ledgerhq_ext/")
    route = Misfit(
        "Organization.accounts", "GET /api/v1/accounts", "", "the route", "no such route"
    )
    assert edit(route) == "ledgerhq_ext/_seam.py"
