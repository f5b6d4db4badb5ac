from typing import Any

import pytest

from scripts.contract.errors import StepError
from scripts.contract.hazards import check_hazards
from scripts.contract.names import Names
from scripts.contract.naming import assign_names
from scripts.contract.normalise import normalise
from scripts.contract.view import generator_view
from tests.support.contracts import STRING, answer, body, document, obj, one, ref, small


def check(contract: Any) -> None:
    check_hazards(assign_names(generator_view(normalise(contract)), Names())[0])


def with_parameter(name: str, path: str = "/x") -> Any:
    parameters = [{"name": name, "in": "query", "schema": STRING}]
    return document({path: {"get": {"parameters": parameters, "responses": answer(STRING)}}})


def test_an_honest_contract_has_no_hazards() -> None:
    check(small())


@pytest.mark.parametrize(
    "name", ["d", "cls", "to_dict", "toDict", "from_dict", "additional_properties", "additionalProperties", "cast"]
)
def test_a_property_that_would_break_its_class_is_an_error(name: str) -> None:
    with pytest.raises(StepError, match=f"/components/schemas/GetThingsResponse/properties/{name}"):
        check(one(obj(**{name: STRING})))


def test_a_property_that_a_loop_would_overwrite_is_an_error() -> None:
    with pytest.raises(StepError, match="lines_item"):
        check(one(obj(lines={"type": "array", "items": obj(a=STRING)}, lines_item=STRING)))


@pytest.mark.parametrize("name", ["params", "headers", "body", "response", "kwargs", "cookies"])
def test_a_parameter_that_would_break_its_function_is_an_error(name: str) -> None:
    with pytest.raises(StepError, match=name):
        check(with_parameter(name))


def test_names_that_only_break_uploads_break_only_uploads() -> None:
    check(one(obj(types=STRING, json=STRING)))
    upload = {"requestBody": body(obj(types=STRING), "multipart/form-data"), "responses": answer(STRING)}
    with pytest.raises(StepError, match="types"):
        check(document({"/x": {"post": upload}}))


@pytest.mark.parametrize(
    "contract",
    [
        one(obj(**{"a\x00b": STRING})),
        one({"type": "string", "enum": ["a\nb"]}),
        with_parameter("p\u202eq"),
        with_parameter("p", "/x\u2028y"),
        with_parameter("p", "/x}y"),
        one({"allOf": [obj(a=STRING), obj(a={"type": "boolean"})]}),
        one(obj(a={"allOf": [STRING, {"type": "boolean"}]})),
        one(ref("A"), A=obj(a={"allOf": [ref("A"), obj(b=STRING)]})),
    ],
)
def test_what_would_come_out_wrong_is_an_error(contract: Any) -> None:
    with pytest.raises(StepError) as caught:
        check(contract)
    assert caught.value.step == "check"
