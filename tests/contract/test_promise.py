"""What the layer's records promise: additions are taken, what is gone is a decision, and both say
the next version.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate as command
from scripts.contract.errors import StepError
from scripts.contract.layout import ROOT, Layout
from scripts.contract.promise import Change, changes, promise, read_promise
from scripts.contract.version import next_version
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


def with_version(checkout: Checkout, version: str) -> Path:
    """Return the file that says the version of the layer."""
    file = checkout.root / "ledgerhq_ext" / "_version.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f'__version__ = "{version}"\n')
    return file


def without_a_note() -> dict[str, Any]:
    less = contract()
    del less["components"]["schemas"]["Account"]["properties"]["note"]
    return less


def accepted(checkout: Checkout, value: dict[str, Any]) -> list[str]:
    """Return what regenerating says when a broken promise is accepted."""
    said: list[str] = []
    source = checkout.contract(value)
    options: Any = {"needs": (), "today": DAY, "say": said.append}
    assert command.regenerate(source, checkout.layout, accept_promise=True, **options) == 0
    return said


def test_the_version_of_the_layer_is_asked_for_another(checkout: Checkout) -> None:
    file = with_version(checkout, "1.4.2")
    assert checkout.run(contract(iban=STRING)) == 0
    assert any("asks for version 1.5.0, after 1.4.2" in line for line in checkout.said)
    assert any("(the minor part)" in line for line in checkout.said)
    assert file.read_text() == '__version__ = "1.4.2"\n', "additions decide nothing"


def test_an_accepted_break_sets_the_next_version(checkout: Checkout) -> None:
    file = with_version(checkout, "1.4.2")
    assert checkout.run(without_a_note()) == command.MISFIT
    assert file.read_text() == '__version__ = "1.4.2"\n', "nothing is decided yet"
    said = accepted(checkout, without_a_note())
    assert file.read_text() == '__version__ = "2.0.0"\n'
    assert any("after 1.4.2 (the major part)" in line for line in said)
    assert any(line.startswith("version    2.0.0 in ledgerhq_ext/_version.py") for line in said)


@pytest.mark.parametrize(
    ("released", "version", "after"),
    [("1.4.2", "1.5.0", "2.0.0"), ("1.4.2", "2.0.0", "2.0.0"), ("1.4.2", "2.1.0", "2.1.0")],
)
def test_the_next_version_follows_the_one_that_users_have(
    checkout: Checkout, released: str, version: str, after: str
) -> None:
    file = with_version(checkout, version)
    changelog = f"# Changelog\n\n## Unreleased\n\n## {released} - 2026-06-01\n\n## 1.0.0\n"
    (checkout.root / "CHANGELOG.md").write_text(changelog)
    said = accepted(checkout, without_a_note())
    assert any(f"asks for version 2.0.0, after {released}" in line for line in said)
    assert file.read_text() == f'__version__ = "{after}"\n'
    assert any(line.startswith("version") for line in said) == (version != after)


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
