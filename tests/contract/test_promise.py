"""What the layer's records promise: additions are taken, what is gone is a decision, and both say
the next version.
"""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from scripts import regenerate as command
from scripts.contract.errors import StepError
from scripts.contract.layout import ROOT, Layout
from scripts.contract.promise import Change, changes, next_version, promise, read_promise
from tests.support.checkouts import DAY, Checkout
from tests.support.contracts import STRING, small


def contract(**properties: Any) -> dict[str, Any]:
    value = small()
    value["components"]["schemas"]["Account"]["properties"] |= properties
    return value


def test_an_attribute_that_is_new_is_taken_and_said(checkout: Checkout) -> None:
    assert checkout.run(contract(iban=STRING)) == 0
    assert any("Account.iban is new: str | None" in line for line in checkout.said)
    after = read_promise(checkout.layout)
    assert after is not None
    assert after["Account"]["iban"] == "str | None"


def test_an_attribute_that_is_gone_is_a_decision(checkout: Checkout) -> None:
    before = checkout.files()
    less = contract()
    del less["components"]["schemas"]["Account"]["properties"]["note"]
    assert checkout.run(less) == command.MISFIT
    assert any("Account.note was str | None, is gone" in line for line in checkout.said)
    assert any("ACCEPT=promise" in line for line in checkout.said)
    assert checkout.files() == before
    source = checkout.contract(less)
    assert (
        command.regenerate(source, checkout.layout, needs=(), today=DAY, accept_promise=True) == 0
    )
    after = read_promise(checkout.layout)
    assert after is not None
    assert "note" not in after["Account"]


def test_an_attribute_of_another_type_is_a_decision(checkout: Checkout) -> None:
    assert checkout.run(contract(note={"type": "integer"})) == command.MISFIT
    assert any("Account.note was str | None, is int | None" in line for line in checkout.said)


def test_words_of_an_enum_are_text(checkout: Checkout) -> None:
    assert checkout.run(contract(note={"type": "string", "enum": ["a", "b"]})) == 0


def test_the_version_of_the_layer_is_asked_for_another(checkout: Checkout) -> None:
    (checkout.root / "ledgerhq_ext").mkdir()
    (checkout.root / "ledgerhq_ext" / "_version.py").write_text('__version__ = "1.4.2"\n')
    assert checkout.run(contract(iban=STRING)) == 0
    assert any("asks for version 1.5.0, after 1.4.2" in line for line in checkout.said)


BROKEN, ADDED = Change("A.b", "str", ""), Change("A.b", "", "str")
FIRMER = Change("A.b", "str | None", "str")


@pytest.mark.parametrize(
    ("version", "found", "after"),
    [
        ("1.4.2", [BROKEN, ADDED], "2.0.0"),
        ("1.4.2", [ADDED], "1.5.0"),
        ("1.4.2", [FIRMER], "1.5.0"),
        ("1.4.2", [], "1.4.2"),
        ("0.1.0", [BROKEN], "0.2.0"),
        ("0.1.0", [ADDED], "0.1.1"),
    ],
)
def test_the_next_version(version: str, found: list[Change], after: str) -> None:
    assert next_version(version, found) == after


def test_records_that_come_and_go() -> None:
    found = changes({"A": {"b": "str"}}, {"C": {"b": "str"}})
    assert [str(change) for change in found] == ["A was a record, is gone", "C is new: a record"]


def test_a_promise_that_cannot_be_read(checkout: Checkout) -> None:
    checkout.layout.public.write_text("{")
    with pytest.raises(StepError, match="public"):
        checkout.run(contract(iban=STRING))


def test_the_table_that_cannot_be_read(checkout: Checkout) -> None:
    checkout.layout.records.write_text("{")
    with pytest.raises(StepError, match="records"):
        checkout.run(contract())
    rows: Any = {
        "Account": {"wanted": ["id"], "types": {"x": "money"}, "attributes": {"y": "class"}}
    }
    checkout.layout.records.write_text(json.dumps(rows))
    with pytest.raises(StepError) as caught:
        checkout.run(contract())
    for fault in ("Account: wanted", "Account.x: money", "Account: class"):
        assert fault in caught.value.why


def test_the_committed_promise_is_that_of_the_public_records() -> None:
    from ledgerhq_api.fields import fields

    from ledgerhq_ext import models

    committed = read_promise(Layout(ROOT))
    assert committed is not None
    for name in models.__all__:
        if name == "BankConnection":
            continue
        kind: Any = getattr(models, name)
        there = {field.attribute: field.needed for field in fields(kind) if field.on_wire}
        assert there == {
            name: not said.endswith("| None") for name, said in committed[name].items()
        }


def test_bodies_promise_nothing() -> None:
    empty: dict[str, Any] = {"components": {"schemas": {"B": {"x-base": "Body", "properties": {}}}}}
    assert promise(empty, {"B": {}, "C": {}}) == {}


def test_a_first_generation_breaks_no_promise(empty: Checkout) -> None:
    assert empty.run(small()) == 0
    assert not any(line.startswith("promise") for line in empty.said)
    shutil.rmtree(empty.layout.build, ignore_errors=True)
