from typing import Any

import pytest

from scripts.contract.hazards import hazards
from scripts.contract.normalise import normalise
from scripts.contract.view import generator_view
from tests.support.contracts import STRING, answer, document, obj, one, small


def check(contract: Any) -> dict[str, str]:
    return hazards(generator_view(normalise(contract)))


def with_parameter(name: str, path: str = "/x") -> Any:
    parameters = [{"name": name, "in": "query", "schema": STRING}]
    return document({path: {"get": {"parameters": parameters, "responses": answer(STRING)}}})


def test_an_honest_contract_has_no_hazards() -> None:
    assert check(small()) == {}


@pytest.mark.parametrize(
    ("contract", "place"),
    [
        (with_parameter("p\u202eq"), "/paths/~1x/get"),
        (with_parameter("p", "/x\u2028y"), "/paths/~1x\u2028y/get"),
        (with_parameter("p", "/x}y"), "/paths/~1x}y/get"),
    ],
)
def test_an_operation_that_would_come_out_wrong_is_named(contract: Any, place: str) -> None:
    assert list(check(contract)) == [place]


@pytest.mark.parametrize(
    "schema", [obj(**{"a\x00b": STRING}), {"type": "string", "enum": ["a\nb"]}]
)
def test_what_does_not_show_is_not_written_into_a_class(schema: Any) -> None:
    assert check(one(schema)) == {}
