import json
from typing import Any

import pytest

from scripts.contract.errors import StepError
from scripts.contract.repair import load_repairs, repair

DOCUMENT = {"paths": {"/a/b": {"get": {"x": 1, "tags": ["one", "two"]}}}}
PLACE = "/paths/~1a~1b/get"


def run(**row: Any) -> tuple[Any, list[str]]:
    document, warnings = repair(
        DOCUMENT, load_repairs(json.dumps([{"reason": "because", **row}]).encode())
    )
    return document["paths"]["/a/b"]["get"], warnings


def test_a_value_is_replaced_and_the_document_left_alone() -> None:
    assert run(pointer=f"{PLACE}/x", expect=1, value=2) == ({"x": 2, "tags": ["one", "two"]}, [])
    assert DOCUMENT["paths"]["/a/b"]["get"]["x"] == 1


def test_a_value_is_added_removed_and_reached_in_a_list() -> None:
    assert run(pointer=f"{PLACE}/y", value=None)[0]["y"] is None
    assert "x" not in run(pointer=f"{PLACE}/x", expect=1, remove=True)[0]
    assert run(pointer=f"{PLACE}/tags/1", expect="two", value="2")[0]["tags"] == ["one", "2"]


@pytest.mark.parametrize(
    "row",
    [
        {"pointer": f"{PLACE}/x", "expect": 3, "value": 1},
        {"pointer": f"{PLACE}/x", "value": 1},
        {"pointer": f"{PLACE}/gone", "expect": 1, "remove": True},
    ],
)
def test_what_the_vendor_has_made_himself_warns(row: dict[str, Any]) -> None:
    document, warnings = run(**row)
    assert document == DOCUMENT["paths"]["/a/b"]["get"]
    assert len(warnings) == 1
    assert "because" in warnings[0]


@pytest.mark.parametrize(
    "row",
    [
        {"pointer": f"{PLACE}/x", "expect": 7, "value": 8},
        {"pointer": f"{PLACE}/x", "expect": True, "value": 8},
        {"pointer": f"{PLACE}/x", "value": 8},
        {"pointer": "/paths/~1gone/get/x", "expect": 1, "remove": True},
        {"pointer": "/paths/~1gone/get/x", "value": 1},
        {"pointer": f"{PLACE}/tags/9", "value": "nine"},
    ],
)
def test_a_repair_whose_spot_is_gone_fails_and_says_why(row: dict[str, Any]) -> None:
    with pytest.raises(StepError) as caught:
        run(**row)
    assert caught.value.step == "repair"
    assert row["pointer"] in str(caught.value)
    assert "because" in str(caught.value)


@pytest.mark.parametrize(
    "table",
    [
        b"nonsense",
        b"{}",
        b"[1]",
        b'[{"pointer": "/a", "value": 1}]',
        b'[{"pointer": "/a", "reason": "r"}]',
        b'[{"pointer": "a", "reason": "r", "value": 1}]',
        b'[{"pointer": "/a", "reason": "r", "remove": true}]',
        b'[{"pointer": "/a", "reason": "r", "value": 1, "remove": true, "expect": 1}]',
        b'[{"pointer": "/a", "reason": "r", "value": 1, "typo": 1}]',
    ],
)
def test_a_wrong_table_is_refused(table: bytes) -> None:
    with pytest.raises(StepError):
        load_repairs(table)
