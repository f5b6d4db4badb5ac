"""The live document will not look like ours: it is read, the table says what no longer fits, and it
can be taken.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from scripts.contract.layout import Layout
from scripts.contract.lint import findings
from scripts.contract.seam import load_needs
from scripts.regenerate import MISFIT, regenerate

from .breaking import BREAKING
from .harmless import ADDITIVE, SAME
from .redocly import DIFFERS
from .stranger import UNUSED, stranger
from .variants import ALL, HERE, compared, variant

DAY = date(2026, 6, 8)


def test_a_strange_document_is_compared() -> None:
    report = compared(variant(stranger))
    assert report.status == 2
    found = {
        (finding.rule, touch) for finding in report.drift.findings for touch in finding.touches
    }
    assert {
        ("response-envelope-renamed", "Organization.accounts"),
        ("response-property-removed", "Organization.tax_rates"),
        ("response-property-removed", "LedgerHQ.organizations"),
        ("response-type-changed", "Bill.id"),
        ("request-type-changed", "Purchase.source_account_id"),
        ("required-parameter-added", "Organization.post(Purchase)"),
    } <= found
    assert sum(finding.rule == "operation-added" for finding in report.drift.findings) == 3 * len(
        UNUSED
    )
    assert {row.operation for row in report.drift.misfits} >= {
        "Organization.tax_rates",
        "Organization.post(Transfer)",
    }


@pytest.mark.parametrize(
    "accept", [True, False] if ALL else [True], ids=lambda accept: "taken" if accept else "left"
)
def test_the_table_says_what_does_not_fit(tmp_path: Path, accept: bool) -> None:
    shutil.copytree(HERE.openapi, tmp_path / "openapi")
    there, source = Layout(tmp_path), tmp_path / "strange.json"
    contract = variant(stranger)
    assert findings(contract), "it has faults, which do not matter"
    source.write_text(json.dumps(contract))
    needs = load_needs()
    assert needs
    before, said = there.contract.read_bytes(), list[str]()
    done = regenerate(
        str(source),
        there,
        needs=needs,
        today=DAY,
        accept_misfit=accept,
        accept_promise=accept,
        say=said.append,
    )
    [shown] = [text for text in said if text.startswith("operation")]
    rows = [
        line.split() for line in shown.splitlines() if "/responses/200/properties/taxRates " in line
    ]
    # What is there instead, and where to mend it.
    reason = ["no", "such", "property", "items", "ledgerhq_ext/_seam.py"]
    assert [(row[0], row[-5:]) for row in rows] == [("Organization.tax_rates", reason)]
    if accept:
        assert done == 0
        assert there.contract.read_bytes() == source.read_bytes()
        assert (there.package / "api" / "invoices" / "get_invoices_by_id.py").exists()
    else:
        assert done == MISFIT
        assert there.contract.read_bytes() == before
        assert (there.build / "regenerate" / "openapi" / "openapi.json").exists()


def test_what_redocly_says_otherwise_is_about_variants_that_are_here() -> None:
    assert DIFFERS.keys() <= SAME.keys() | ADDITIVE.keys() | BREAKING.keys()
    told = (HERE.root / "docs" / "drift.md").read_text(encoding="utf-8")
    assert [name for name in DIFFERS if f"`{name}`" not in told] == []
