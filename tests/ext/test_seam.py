"""The seam: every operation builds its own route with the generated client, and says what its answer names."""

import re
import typing
from typing import Any

import attrs
import pytest

from ledgerhq_ext import _seam as operations
from ledgerhq_ext._calls import build
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext._operations import AnyOperation, ListOperation
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Receipt
from scripts.contract.needs import shape_of
from tests.support.postings import DRAFT, POSTINGS

ALL = operations.operations()
BODIES = {type(body): body for body in [*POSTINGS.values(), DRAFT]}


def body_of(operation: AnyOperation[Any]) -> Any:
    """Some body of the operation's type; its fields are checked elsewhere."""
    kind = operation.body_class
    if kind is None:
        return None
    if kind in BODIES:
        return BODIES[kind]
    given = {field.name: "x" for field in attrs.fields(kind) if field.default is attrs.NOTHING}
    listed = {
        name: () for name in ("allocations", "redirect_uris") if name in attrs.fields_dict(kind)
    }
    return kind(**{**given, **listed})


def built(operation: AnyOperation[Any], **change: Any) -> Any:
    settings: dict[str, Any] = {
        "organization_id": "org_1" if operation.scoped else None,
        "id": "id 1" if "{id}" in operation.path else None,
        "query": {
            name: 7 if name in ("page", "limit", "generalLedgerLimit") else "x"
            for name in operation.query
        },
        "body": body_of(operation),
        "key": "key-1" if operation.keyed else None,
    }
    return build(operation, **{**settings, **change})


@pytest.mark.parametrize(
    "operation", ALL, ids=lambda operation: f"{operation.method} {operation.path}"
)
def test_the_request_is_that_of_the_route(operation: AnyOperation[Any]) -> None:
    request = built(operation)
    assert (request.method, request.path) == (
        operation.method,
        operation.path.replace("{id}", "id%201"),
    )
    assert {name for name, _ in request.query} == set(operation.query)
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers.get(SCOPE_HEADER) == ("org_1" if operation.scoped else None)
    assert headers.get(KEY_HEADER.lower()) == ("key-1" if operation.keyed else None)
    media = "application/x-www-form-urlencoded" if operation.form else "application/json"
    assert headers.get("content-type") == (media if operation.body_class else None)
    assert (request.content is not None) == (operation.body_class is not None)


@pytest.mark.parametrize(
    "operation", [op for op in ALL if op.scoped], ids=lambda operation: operation.name
)
def test_no_company_call_without_a_company(operation: AnyOperation[Any]) -> None:
    for missing in (None, "", ".."):
        with pytest.raises(InputError):
            built(operation, organization_id=missing)


@pytest.mark.parametrize(
    "operation", [op for op in ALL if op.keyed], ids=lambda operation: operation.name
)
def test_no_post_without_a_key(operation: AnyOperation[Any]) -> None:
    for missing in (None, "", "a b"):
        with pytest.raises(InputError):
            built(operation, key=missing)


def test_each_route_stands_once() -> None:
    routes = [(operation.method, operation.path) for operation in ALL]
    assert len(routes) == len(set(routes))
    assert {operation.kind for operation in ALL if operation.method == "GET"} == {"read"}
    assert {operation.path for operation in ALL if operation.kind == "keyed"} == {
        f"/api/v1/{s}" for s in POSTINGS
    }


@pytest.mark.parametrize("operation", ALL, ids=lambda operation: operation.name)
def test_paths_hold_nothing_but_an_id(operation: AnyOperation[Any]) -> None:
    assert re.fullmatch(r"(/[a-z0-9-]+|/\{id\})+", operation.path)
    assert operation.envelope or not operation.listing


def test_the_table_says_what_the_contract_gives() -> None:
    """An annotation is a claim to users and to type checkers: it holds for the class that answers
    are read as.
    """
    hints = typing.get_type_hints(operations)
    single = {
        name: value for name, value in vars(operations).items() if isinstance(value, AnyOperation)
    }
    for name, operation in single.items():
        if operation in NOT_READ:
            continue
        [claimed] = typing.get_args(hints[name])
        assert claimed is operation.result, name
    assert {operation.result for operation in operations.POSTINGS.values()} == {Receipt}


NOT_READ = {operations.TOKEN, operations.AUTHORIZE}
"""The layer reads a token answer as far as it can, and a page for people not at all."""
NAMELESS = {operations.MATCH, operations.SPLIT_ACCOUNTS}
"""Their answers do not say which row they are about."""


@pytest.mark.parametrize("operation", ALL, ids=lambda operation: operation.name)
def test_what_an_answer_names_is_compared(operation: AnyOperation[Any]) -> None:
    parts = {"organization", "id", "key", *operation.query}
    for path, part in operation.names:
        assert part in parts
        at: Any = shape_of(operation.result)
        for step in path.split("/"):
            at = at[step]
        assert at.partition(":")[0] == "string"
    if "{id}" in operation.path and operation not in NAMELESS:
        assert "id" in [part for _, part in operation.names]
    if operation.keyed:
        assert "key" in [part for _, part in operation.names]


def test_only_declared_parameters_are_sent() -> None:
    with pytest.raises(AssertionError):
        built(operations.ACCOUNTS, query={"surprise": 1})


def test_a_list_says_where_its_rows_are_and_how_it_goes_on() -> None:
    lists = [each for each in ALL if isinstance(each, ListOperation)]
    assert lists
    for each in lists:
        assert isinstance(each.envelope, str), each.name
        assert each.listing is not None, each.name
