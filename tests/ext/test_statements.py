"""Statements: rows for a data frame, and the statements that a packet has or has not."""

import copy
import csv
import datetime as dt
import io
import pickle
from typing import Any

import attrs
import pytest

from ledgerhq_ext._wire import wire_fields
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.reports.packet import REPORTS, FinancialPacket
from scripts.contract.needs import shape_of

from .test_packet import GOOD

pytestmark = pytest.mark.slow

PACKET = FinancialPacket.from_dict(GOOD)
NAMES = {wire: name for name, wire, _ in wire_fields(FinancialPacket) if wire in REPORTS}


def without(report: str) -> FinancialPacket:
    return FinancialPacket.from_dict(
        {name: value for name, value in GOOD.items() if name != report}
    )


@pytest.mark.sample
@pytest.mark.parametrize("report", REPORTS)
def test_rows_are_flat_and_alike(report: Any) -> None:
    statement: Any = PACKET.statement(report)
    rows = statement.rows()
    assert rows
    for row in rows:
        assert list(row) == list(rows[0])
        assert {type(value) for value in row.values()} <= {
            str,
            int,
            dt.date,
            dt.datetime,
            type(None),
        }
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    lines = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert [line["balance" if "balance" in line else "account_id"] for line in lines]
    assert len(lines) == len(rows)


def test_rows_have_no_totals() -> None:
    result, sheet, trial = PACKET.profit_and_loss, PACKET.balance_sheet, PACKET.trial_balance
    sales = {
        "section": "revenue",
        "account_id": "a4",
        "account_code": "4000",
        "account_name": "Sales",
        "balance": 900,
    }
    assert result.rows()[0] == sales
    assert [row["section"] for row in result.rows()] == ["revenue", "expenses"]
    assert (
        sum(row["balance"] for row in result.rows() if row["section"] == "expenses")
        == result.total_expenses
    )
    assert [row["section"] for row in sheet.rows()] == ["assets", "equity"]
    assert sheet.rows()[1]["account_id"] is None
    assert sum(row["debit_balance"] for row in trial.rows()) == trial.total_debits
    assert trial.rows()[1]["code"] == "4"


def test_rows_of_the_ledger() -> None:
    rows = PACKET.general_ledger.rows()
    assert rows[0] == {
        "date": dt.date(2026, 2, 1),
        "entry_number": 1,
        "account_id": "a1",
        "account_code": "a1",
        "account_name": "a1",
        "debit": 900,
        "credit": 0,
        "running_balance": 900,
        "description": None,
        "reference": None,
    }
    assert len(rows) == PACKET.general_ledger.total_lines


def test_rows_of_the_bank_accounts() -> None:
    (row,) = PACKET.bank_reconciliation_status.rows()
    assert row == {
        "id": "b1",
        "account_name": "Checking",
        "balance": 650,
        "balance_discrepancy": 0,
        "unreconciled_count": 3,
        "unreconciled_total": -50,
        "unreconciled_week": 1,
        "unreconciled_month": 1,
        "unreconciled_two_months": 1,
        "unreconciled_older": 0,
        "last_reconciliation_id": None,
        "last_reconciliation_end_date": None,
        "last_reconciliation_completed_at": None,
    }


def test_rows_of_a_reconciled_bank_account() -> None:
    document = copy.deepcopy(GOOD)
    account = document["bankReconciliationStatus"]["accounts"][0]
    account["lastReconciliation"] = {"id": "r1", "endDate": "2026-01-31"}
    (row,) = FinancialPacket.from_dict(document).bank_reconciliation_status.rows()
    assert row["last_reconciliation_id"] == "r1"
    assert row["last_reconciliation_end_date"] == dt.date(2026, 1, 31)


@pytest.mark.parametrize("report", REPORTS)
def test_a_statement_that_was_not_asked_for(report: Any) -> None:
    packet, name = without(report), NAMES[report]
    with pytest.raises(InputError) as caught:
        getattr(packet, name)
    assert str(caught.value) == (
        f"This packet has no {report}. Request it with include=['{report}'], or omit include."
    )
    assert packet.statement(report) is None
    assert packet.included == tuple(other for other in REPORTS if other != report)
    assert report not in packet.to_dict()
    assert getattr(PACKET, name) is PACKET.statement(report)


def test_all_of_them() -> None:
    assert PACKET.included == REPORTS
    wrong: Any = "profit_and_loss"
    with pytest.raises(InputError, match=r"not a valid statement.*profitAndLoss"):
        PACKET.statement(wrong)


@pytest.mark.parametrize("report", REPORTS)
def test_what_attrs_gives_still_works(report: Any) -> None:
    name = NAMES[report]
    changes: dict[str, Any] = {name: None}
    changed = attrs.evolve(PACKET, **changes)
    assert changed == without(report)
    assert hash(changed) == hash(without(report))
    assert changed != PACKET
    for same in (pickle.loads(pickle.dumps(changed)), copy.copy(changed), copy.deepcopy(changed)):
        assert same == changed
        assert same.included == changed.included
    changes[name] = getattr(PACKET, name)
    assert attrs.evolve(changed, **changes) == PACKET


def test_the_wire_does_not_know_how_a_packet_keeps_its_statements() -> None:
    assert list(NAMES) == list(REPORTS)
    assert all(name.islower() and not name.startswith("_") for name in NAMES.values())
    assert {f"{report}?" for report in REPORTS} < set(shape_of(FinancialPacket))


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("report", REPORTS)
def test_a_data_frame_takes_rows_as_they_are(library: str, report: Any) -> None:
    """Where somebody has installed one: the package needs neither."""
    frames = pytest.importorskip(library)
    statement: Any = PACKET.statement(report)
    rows = statement.rows()
    frame = frames.DataFrame(rows)
    assert list(frame.columns) == list(rows[0])
    for name in frame.columns:
        values = [row[name] for row in rows]
        if all(type(value) is int for value in values):
            # As whole cents, which no float has rounded.
            assert "int" in str(frame[name].dtype).lower()
            assert int(frame[name].sum()) == sum(values)
