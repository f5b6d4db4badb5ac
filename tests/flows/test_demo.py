"""`make demo`, from a killed run to a second one that posts nothing new."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.demo.__main__ import main
from scripts.demo.source import read_shop
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
RUN = "import sys; from pathlib import Path; from scripts.demo.__main__ import main; sys.exit(main(Path(sys.argv[1])))"


@pytest.mark.slow
def test_demo_survives_a_kill_then_completes_then_posts_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    _kill_in_the_middle(folder)
    started = _receipts(folder)
    assert 0 < len(started) < len(read_shop())

    assert main(folder) == 0
    first = _summary(folder)
    assert first["problems"] == []
    assert first["companies"] == 3
    assert 0 < first["postings_sent"] == first["ledger_entries"] <= len(read_shop()) - len(started)
    assert first["receipts_recovered"] > 0
    assert first["bank_rows_reviewed"] == 30
    receipts = _receipts(folder)
    assert [row["source_id"] for row in receipts] == [row.source_id for row in read_shop()]
    assert len({row["journalEntryId"] for row in receipts}) == len(receipts)
    for store in ("downtown", "harbor", "ginza"):
        assert "Total assets" in (folder / store / "packet.html").read_text(encoding="utf-8")
        names = ("packet.pdf", "ledger.xlsx", "pack.pdf", "pack.xlsx", "working-papers.pdf")
        assert all((folder / store / name).stat().st_size for name in names)
        assert "Cash flow" in (folder / store / "pack.html").read_text(encoding="utf-8")
        assert (
            json.loads((folder / store / "packet.json").read_text())["amountUnit"]
            == "integer_cents"
        )

    assert main(folder) == 0
    second = _summary(folder)
    assert second["problems"] == []
    assert (second["postings_sent"], second["ledger_entries"], second["bank_rows_reviewed"]) == (
        0,
        0,
        0,
    )
    assert _receipts(folder) == receipts


def _kill_in_the_middle(folder: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: len(_receipts(folder)) >= 20)
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()


def _receipts(folder: Path) -> list[dict[str, str]]:
    path = folder / "receipts.csv"
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["organizationId"]]


def _summary(folder: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return summary


def test_the_shop_has_all_five_resources() -> None:
    shop = read_shop()
    assert len(shop) >= 200
    assert {row.kind for row in shop} == {
        "sale",
        "purchase",
        "transfer",
        "bill_payment",
        "adjustment",
    }
    assert len({row.source_id for row in shop}) == len(shop)
