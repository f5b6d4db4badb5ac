"""Detours of a regenerated client: where they are written down, and how long they hold."""

from __future__ import annotations

import json
import runpy
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts.check_generated import differences
from scripts.contract import needs as of_the_layer
from scripts.contract.layout import Layout
from scripts.contract.normalise import normalise
from scripts.contract.seam import misfits
from scripts.regenerate import regenerate

from .detoured import DETOURED
from .edits import Json
from .variants import HERE, variant

pytestmark = pytest.mark.slow


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A checkout, for which the needs of the layer are worked out."""
    layout = Layout(tmp_path / "checkout")
    shutil.copytree(HERE.openapi, layout.openapi)
    monkeypatch.setattr(of_the_layer, "Layout", lambda: layout)
    return layout


def taken(there: Layout, contract: Json) -> list[str]:
    """Regenerate from a contract, which the layer fits; return what is said."""
    source = there.root / "new.json"
    source.write_text(json.dumps(contract))
    said: list[str] = []
    day = date(2026, 6, 8)
    status = regenerate(str(source), there, needs=of_the_layer.needs(), today=day, say=said.append)
    assert status == 0, said
    return said


def told(there: Layout) -> Any:
    """What the generated client tells the layer."""
    return runpy.run_path(str(there.package / "detours.py"))["DETOURS"]


def test_a_detour_that_no_shape_shows_holds_until_it_is_taken_out(there: Layout) -> None:
    case = DETOURED["company_paths_want_another_scope"]
    contract = variant(case.change)
    said = "\n".join(taken(there, contract))
    assert "routes that do not fit: 3; the layer goes by the others" in said
    assert "POST /api/v1/purchases is taken" in said
    written = json.loads(there.detours.read_bytes())
    assert set(written) == set(case.routes) == set(told(there))
    assert "security-changed" in written[case.routes[0]]

    # The contract is the vendored one now, so that no comparison shows it any more.
    assert "swap       nothing to change" in taken(there, contract)
    assert set(told(there)) == set(case.routes)
    assert differences(there) == []

    del contract["paths"]["/api/v1/purchases"]["post"]
    rows = misfits(normalise(contract), of_the_layer.needs())
    assert [row.operation for row in rows] == ["Organization.post(Purchase)"]
    assert "security-changed" in rows[0].found

    there.detours.write_text("{}")
    taken(there, variant(case.change))
    assert told(there) == {}
