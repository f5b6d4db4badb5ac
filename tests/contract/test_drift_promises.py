"""Drift holds a new contract against what the records promise, and not only against the old one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.contract import needs as layer
from scripts.contract.errors import StepError
from scripts.contract.layout import ROOT, Layout
from scripts.contract.normalise import normalise
from scripts.contract.promise import read_promise
from scripts.contract.seam import misfits
from scripts.drift import promises
from scripts.drift.__main__ import drift
from scripts.drift.findings import BREAKING, INFO, WARNING, Finding
from tests.support.checkouts import Checkout
from tests.support.contracts import STRING, small

Json = dict[str, Any]
VENDORED = Layout(ROOT)


def note_gone(properties: Json) -> None:
    del properties["note"]


def note_retyped(properties: Json) -> None:
    properties["note"] = {"type": "integer"}


def found(checkout: Checkout, change: Callable[[Json], object]) -> list[Finding]:
    contract = small()
    change(contract["components"]["schemas"]["Account"]["properties"])
    return drift(checkout.contract(contract), checkout.layout).drift.findings


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [(note_gone, "str | None", ""), (note_retyped, "str | None", "int | None")],
)
def test_a_promise_of_what_the_layer_does_not_read_is_breaking(
    checkout: Checkout, change: Callable[[Json], None], before: str, after: str
) -> None:
    [finding] = [each for each in found(checkout, change) if each.rule == "promise-broken"]
    assert finding.level == BREAKING
    assert finding.touches == ("Account.note",)
    assert (finding.before, finding.after) == (before, after)


def test_what_is_added_breaks_no_promise(checkout: Checkout) -> None:
    findings = found(checkout, lambda properties: properties.update(iban=STRING))
    assert [(each.level, each.rule) for each in findings] == [(INFO, "response-property-added")]


def test_what_is_added_takes_no_name_away(checkout: Checkout) -> None:
    added = {"Note": {"type": "integer"}, "NOTE": {"type": "integer"}, "note_": {"type": "integer"}}
    findings = found(checkout, lambda properties: properties.update(added))
    assert {(each.level, each.rule) for each in findings} == {(INFO, "response-property-added")}


def test_what_another_finding_tells_is_not_told_again(tmp_path: Path) -> None:
    contract = json.loads(VENDORED.contract.read_bytes())
    del contract["components"]["schemas"]["BankAccount"]["properties"]["color"]
    assert breaking_rules(contract, tmp_path) == ["response-property-removed"]


def test_a_record_that_is_gone_is_named(tmp_path: Path) -> None:
    contract = json.loads(VENDORED.contract.read_bytes())
    del contract["paths"]["/api/v1/tax-rates"]
    assert sorted(breaking_rules(contract, tmp_path)) == ["operation-removed", "promise-broken"]


def breaking_rules(contract: Json, folder: Path) -> list[str]:
    """Return the rules by which a contract breaks clients of the vendored one."""
    file = folder / "new.json"
    file.write_text(json.dumps(contract))
    report = drift(str(file), VENDORED)
    return [each.rule for each in report.drift.findings if each.level == BREAKING]


def test_what_no_records_can_be_made_of_is_compared_all_the_same(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StepError("name", "no names", why="of a test")

    monkeypatch.setattr(promises, "promised", fail)
    findings = found(checkout, note_gone)
    rules = {each.rule: (each.level, each.after) for each in findings}
    assert rules["promise-not-compared"] == (WARNING, "no names: of a test")
    assert "response-property-removed" in rules


def test_two_documents_of_others_promise_nothing(checkout: Checkout) -> None:
    contract = small()
    note_gone(contract["components"]["schemas"]["Account"]["properties"])
    base = checkout.root / "base.json"
    base.write_text(json.dumps(small()))
    report = drift(checkout.contract(contract), checkout.layout, str(base))
    assert "promise-broken" not in [each.rule for each in report.drift.findings]


# --- what the layer needs is what it promises


def test_what_is_promised_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    promise = read_promise(VENDORED) or {}
    promise["BankAccount"] = {**promise["BankAccount"], "iban": "str", "opened_on": "date | None"}
    monkeypatch.setattr(layer, "read_promise", lambda _: promise)
    rows = misfits(normalise(json.loads(VENDORED.contract.read_bytes())), layer.needs())
    assert {(row.operation, row.where.rpartition("/")[2], row.expected) for row in rows} == {
        ("Organization.bank_accounts", "iban", "string"),
        ("Organization.bank_accounts", "openedOn", "string (date)"),
    }


def test_a_record_that_is_promised_nowhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    promise = read_promise(VENDORED) or {}
    del promise["TaxRate"]
    monkeypatch.setattr(layer, "read_promise", lambda _: promise)
    with pytest.raises(StepError, match=r"openapi/public\.json does not name TaxRate"):
        layer.needs()
