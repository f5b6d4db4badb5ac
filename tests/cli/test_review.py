"""`ledgerhq review`: exported, filled in, applied, interrupted."""

from __future__ import annotations

import csv
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import PATIENCE, Terminal
from tests.support.waiting import Gate, wait_until

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

pytestmark = pytest.mark.slow
openpyxl: Any = import_module("openpyxl")  # it has no types

HARBOR = "Harbor Bike Repair"


def decide(path: Path, action: str, count: int) -> None:
    """Fill in an action for the first rows that no entry is linked with and no bank holds back."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for row in rows if not row["entry"] and not row["pending"]]
    for row in chosen[:count]:
        row["action"] = action
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_file_is_filled_in_and_applied_once(machine: Terminal) -> None:
    exported = machine.run("review", "export", HARBOR, "-o", "decisions.csv", "--json")
    assert exported.json["rows"]
    decide(machine.home / "decisions.csv", "exclude", 2)
    first = machine.run("review", "apply", HARBOR, "decisions.csv", "--json")
    assert [row["status"] for row in first.json["results"]] == ["done", "done"]
    again = machine.run("review", "apply", HARBOR, "decisions.csv", "--json")
    assert {row["status"] for row in again.json["results"]} == {"already"}


def test_a_page_names_its_company(machine: Terminal) -> None:
    done = machine.run("review", "export", HARBOR, "-o", "review.html")
    assert done.status == 0, done.err
    page = (machine.home / "review.html").read_text(encoding="utf-8")
    assert f"<h1>Bank review of {HARBOR}</h1>" in page


@pytest.mark.skipif(os.name == "nt", reason="needs /dev/stdin")
def test_a_pipe_is_applied(machine: Terminal) -> None:
    """It can be read once."""
    exported = machine.run("review", "export", HARBOR, "-o", "piped.csv", "--json")
    assert exported.json["rows"]
    decide(machine.home / "piped.csv", "exclude", 1)
    text = (machine.home / "piped.csv").read_text(encoding="utf-8")
    done = machine.run("review", "apply", HARBOR, "/dev/stdin", "--json", input=text)
    assert [row["status"] for row in done.json["results"]] == ["done"]

    done = machine.run("review", "apply", HARBOR, "/dev/stdin", input="a\0b\n")
    assert (done.status, done.out) == (2, "")
    assert "/dev/stdin cannot be read: it contains NUL characters" in done.err


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(["-o", "review.xlsx"], "review.xlsx"), (["--xlsx"], "harbor-bike-repair-review.xlsx")],
)
def test_a_workbook_is_filled_in_and_applied_once(
    machine: Terminal, arguments: list[str], name: str
) -> None:
    exported = machine.run("review", "export", HARBOR, *arguments)
    assert (exported.status, exported.out) == (0, "")
    path = machine.home / name
    book = openpyxl.load_workbook(path)
    sheet = book["Review"]
    at = {cell.value: cell.column for cell in sheet[2]}
    waiting = [
        row
        for row in range(3, sheet.max_row + 1)
        if not sheet.cell(row, at["pending"]).value and not sheet.cell(row, at["entry"]).value
    ]
    sheet.cell(waiting[0], at["action"]).value = "exclude"
    book.save(path)
    first = machine.run("review", "apply", HARBOR, name, "--json")
    assert [row["status"] for row in first.json["results"]] == ["done"]
    again = machine.run("review", "apply", HARBOR, name, "--json")
    assert {row["status"] for row in again.json["results"]} == {"already"}


@pytest.mark.sample
def test_a_malformed_file_changes_nothing(machine: Terminal) -> None:
    machine.run("review", "export", HARBOR, "-o", "odd.csv")
    decide(machine.home / "odd.csv", "exclood", 1)
    done = machine.run("review", "apply", HARBOR, "odd.csv")
    assert (done.status, done.out) == (2, "")
    assert "exclood" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_ends_it_after_the_line_that_is_carried_out(
    machine: Terminal, service: Sandbox, stall_gate: Gate
) -> None:
    machine.run("review", "export", HARBOR, "-o", "two.csv")
    decide(machine.home / "two.csv", "exclude", 2)
    fault = service.fault("POST /api/v1/bank-transactions/{id}/exclude", "stall", seconds=1.0)
    process = machine.start("review", "apply", HARBOR, "two.csv")
    wait_until(lambda: fault.hits == 1)
    process.send_signal(signal.SIGINT)
    assert process.stderr
    while "Stopping" not in process.stderr.readline():
        pass
    stall_gate.open()
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "1 done, 1 not_tried" in err
    assert "apply the file again" in out
    assert machine.run("review", "apply", HARBOR, "two.csv").status == 0
