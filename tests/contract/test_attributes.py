"""Names of properties and parameters in Python; on the wire they are what the contract says."""

from typing import Any

import pytest

from scripts.contract.attributes import python_names
from scripts.contract.names import Names
from scripts.contract.naming import assign_names
from scripts.contract.normalise import normalise
from scripts.contract.view import generator_view
from tests.support.checkouts import Checkout
from tests.support.contracts import INTEGER, STRING, answer, body, document, obj, one, small


def names(contract: Any) -> dict[str, dict[str, str]]:
    table = python_names(assign_names(generator_view(normalise(contract)), Names())[0])
    return {kind: table[kind] for kind in ("properties", "parameters")}


def with_parameters(*parameters: str) -> Any:
    items = [{"name": name, "in": "query", "schema": STRING} for name in parameters]
    return document({"/x": {"get": {"parameters": items, "responses": answer(STRING)}}})


def test_an_honest_contract_needs_no_other_names() -> None:
    assert names(small()) == {"properties": {}, "parameters": {}}


@pytest.mark.parametrize(
    "name", ["d", "cls", "to_dict", "from_dict", "additional_properties", "cast", "extra"]
)
def test_a_property_that_would_break_its_class(name: str) -> None:
    assert names(one(obj(**{name: STRING})))["properties"] == {name: f"{name}_"}


@pytest.mark.parametrize(
    ("properties", "renamed"),
    [
        (("+1", "-1"), {"+1": "plus_1", "-1": "minus_1"}),
        (("a-b", "a.b"), {"a-b": "a_b", "a.b": "a_b_"}),
        (("fooBar", "foo_bar"), {}),
        (("to_dict", "to_dict_"), {"to_dict": "to_dict_2"}),
    ],
)
def test_properties_that_would_have_one_name(
    properties: tuple[str, ...], renamed: dict[str, str]
) -> None:
    found = names(one(obj(**dict.fromkeys(properties, STRING))))["properties"]
    if "to_dict" in properties:
        assert len(set(found.values()) | {"to_dict_"}) == 2
    else:
        assert found == renamed


def test_a_property_that_a_loop_would_overwrite() -> None:
    lists = {"type": "array", "items": obj(a=STRING)}
    assert names(one(obj(lines=lists, linesItem=STRING)))["properties"] == {
        "linesItem": "lines_item_"
    }


@pytest.mark.parametrize("name", ["params", "headers", "body", "response", "kwargs", "cookies"])
def test_a_parameter_that_would_break_its_function(name: str) -> None:
    assert names(with_parameters(name)) == {"properties": {}, "parameters": {name: f"{name}_"}}


def test_names_that_only_break_uploads_are_changed_only_there() -> None:
    assert names(one(obj(types=STRING, json=STRING)))["properties"] == {}
    upload = {
        "requestBody": body(obj(types=STRING), "multipart/form-data"),
        "responses": answer(STRING),
    }
    assert names(document({"/x": {"post": upload}}))["properties"] == {"types": "types_"}


def test_the_wire_keeps_its_names(checkout: Checkout) -> None:
    contract = small()
    odd = obj(**{"d": STRING, "to_dict": INTEGER, "+1": INTEGER, "-1": INTEGER, "extra": STRING})
    contract["paths"]["/api/v1/odd"] = {
        "put": {"requestBody": body(odd), "responses": answer(STRING)}
    }
    item = contract["paths"]["/api/v1/accounts"]["get"]
    item["parameters"] = [*item["parameters"], {"name": "headers", "in": "query", "schema": STRING}]
    assert checkout.run(contract) == 0
    checkout.python("""
from ledgerhq_api.api.accounts import get_accounts
from ledgerhq_api.models import PutOddRequest

wire = {"d": "a", "to_dict": 1, "+1": 2, "-1": 3, "extra": "b"}
record = PutOddRequest.from_dict(wire)
assert (record.d, record.to_dict_, record.plus_1, record.minus_1, record.extra) == ("a", 1, 2, 3, "b")
assert record.to_dict() == wire
assert PutOddRequest(to_dict_=5).to_dict() == {"to_dict": 5}
sent = get_accounts.OPERATION.request(x_organization_id="o", headers_="h")
assert sent["params"] == {"headers": "h"}
""")
