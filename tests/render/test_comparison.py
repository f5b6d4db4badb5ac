"""``packet.diff``: what changed between two packets, as data."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings

from ledgerhq_ext import InputError, render
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.statements import StatementLine

from .packets import earlier, packet, packets, result


def test_changes_are_by_account_and_totals_come_last() -> None:
    found = [
        (change.name, change.before, change.after, change.change)
        for change in packet().diff(earlier())
        if (change.statement, change.section) == ("profitAndLoss", "expenses")
    ]
    assert found == [
        ("Rent", 250000, 260000, 10000),
        ("Supplies", 70000, 63372, -6628),
        ("Travel", 12345, None, -12345),
        ("Total expenses", 332345, 323372, -8973),
    ]


def test_the_same_packet_has_no_changes_but_all_its_lines() -> None:
    assert packet().diff(packet()) == ()
    every = packet().diff(packet(), changed_only=False)
    assert len([change for change in every if change.total]) == 6
    assert all(change.before == change.after for change in every)


def test_a_renamed_account_is_still_the_same() -> None:
    shown = packet()
    (sales, refunds) = shown.profit_and_loss.revenue
    renamed = evolve(
        shown.profit_and_loss, revenue=(evolve(sales, account_name="Turnover"), refunds)
    )
    assert evolve(shown, profit_and_loss=renamed).diff(shown) == ()


def test_two_computed_lines_of_one_name_are_told_apart() -> None:
    def of(*balances: int) -> FinancialPacket:
        lines = tuple(
            StatementLine(account_name="Adjustment", balance=balance) for balance in balances
        )
        total = sum(balances)
        return evolve(
            packet(),
            profit_and_loss=evolve(
                result({}, {}), revenue=lines, total_revenue=total, net_income=total
            ),
        )

    changes = [change for change in of(1, 5).diff(of(1, 2)) if change.name == "Adjustment"]
    assert [(change.before, change.after) for change in changes] == [(2, 5)]


def test_an_account_in_two_lines_of_the_trial_balance_keeps_the_sides_of_each() -> None:
    whole = packet()
    trial = whole.trial_balance
    checking, *others = trial.accounts
    one = evolve(checking, debit_balance=checking.debit_balance + 300)
    other = evolve(checking, debit_balance=0, credit_balance=300)
    split = evolve(
        trial,
        accounts=(one, other, *others),
        total_debits=trial.total_debits + 300,
        total_credits=trial.total_credits + 300,
    )
    twice = evolve(whole, trial_balance=split)

    table = render.csv(twice, "trial-balance", compare=earlier())
    rows = [row for row in csv.DictReader(io.StringIO(table, newline="")) if row["Code"] == "1000"]
    sides = [(row["Debit"], row["Credit"]) for row in rows]
    assert sides == [("90103.34", "0.00"), ("0.00", "3.00")]


def test_statements_that_one_of_them_lacks_are_left_out() -> None:
    bare = evolve(earlier(), balance_sheet=None, trial_balance=None)
    assert {change.statement for change in packet().diff(bare)} == {"profitAndLoss"}


@pytest.mark.parametrize("field", ["id", "default_currency"])
def test_packets_of_two_companies_or_currencies_are_refused(field: str) -> None:
    change: dict[str, Any] = {field: "EUR"}
    other = evolve(earlier(), organization=evolve(earlier().organization, **change))
    with pytest.raises(InputError, match="one company"):
        packet().diff(other)


def test_a_later_packet_is_refused() -> None:
    """Every change would have the wrong sign."""
    with pytest.raises(InputError, match="other must be an earlier packet, but this one begins"):
        earlier().diff(packet())
    period = packet().period
    month = evolve(packet(), period=evolve(period, end_date=period.end_date.replace(day=20)))
    with pytest.raises(InputError, match="other must be an earlier packet, but this one ends"):
        month.diff(packet())


def test_a_period_is_no_packet_to_compare_with() -> None:
    with pytest.raises(InputError, match="other must be a FinancialPacket, not '2026-05'"):
        packet().diff("2026-05")  # type: ignore[arg-type]


@settings(max_examples=30)
@given(packets(), packets())
def test_changes_of_lines_sum_to_the_change_of_their_total(
    one: FinancialPacket, other: FinancialPacket
) -> None:
    other = evolve(other, organization=one.organization)
    changes = one.diff(other, changed_only=False)
    for section in {(change.statement, change.section) for change in changes} - {
        ("profitAndLoss", "netIncome")
    }:
        lines = [change for change in changes if (change.statement, change.section) == section]
        totals = [change.change for change in lines if change.total]
        if totals:
            assert totals == [sum(change.change for change in lines if not change.total)]


def test_accounts_of_the_earlier_packet_alone_stand_in_the_order_of_codes() -> None:
    def of(*codes: str) -> FinancialPacket:
        lines = tuple(
            StatementLine(account_id=f"acc-{code}", account_code=code, account_name=code, balance=1)
            for code in codes
        )
        computed = StatementLine(account_name="Rounding", balance=2)
        revenue = (*lines, computed)
        total = sum(line.balance for line in revenue)
        shown = evolve(result({}, {}), revenue=revenue, total_revenue=total, net_income=total)
        return evolve(packet(), profit_and_loss=shown)

    changes = of("4000", "4200", "4400").diff(
        of("3900", "4100", "4300", "4500"), changed_only=False
    )
    names = [change.name for change in changes if change.section == "revenue"]
    assert names == [
        "3900",
        "4000",
        "4100",
        "4200",
        "4300",
        "4400",
        "4500",
        "Rounding",
        "Total revenue",
    ]
