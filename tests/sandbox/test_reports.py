from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgerhq_ext.sandbox import Sandbox

from .api import Api

SETTINGS = settings(
    max_examples=15,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def require_ties(packet: dict[str, Any]) -> None:
    """Everything in a packet that has to agree."""
    profit, sheet, trial = packet["profitAndLoss"], packet["balanceSheet"], packet["trialBalance"]
    assert trial["totalDebits"] == trial["totalCredits"] > 0
    assert trial["totalDebits"] == sum(line["debitBalance"] for line in trial["accounts"])
    assert trial["totalCredits"] == sum(line["creditBalance"] for line in trial["accounts"])
    assert sheet["assets"]["total"] == sheet["liabilities"]["total"] + sheet["equity"]["total"]
    for section in sheet.values():
        assert section["total"] == sum(line["balance"] for line in section["accounts"])
    assert profit["totalRevenue"] == sum(line["balance"] for line in profit["revenue"])
    assert profit["totalExpenses"] == sum(line["balance"] for line in profit["expenses"])
    assert profit["netIncome"] == profit["totalRevenue"] - profit["totalExpenses"]


@pytest.mark.parametrize(
    "end", ["2025-01-31", "2025-06-30", "2025-07-01", "2026-03-31", "2026-06-30", "2030-01-01"]
)
def test_the_packets_of_all_companies_tie_at_any_time(box: Sandbox, maple: Api, end: str) -> None:
    for company in box.clients:
        maple.headers["x-organization-id"] = company["id"]
        require_ties(maple.packet("2025-01-01", end))


def test_a_packet_says_what_it_is(maple: Api) -> None:
    packet = maple.packet("2026-04-01", "2026-06-30")
    assert packet["organization"] == {
        "id": maple.org,
        "name": "Maple Street Coffee",
        "defaultCurrency": "USD",
    }
    assert packet["period"] == {"startDate": "2026-04-01", "endDate": "2026-06-30"}
    assert (packet["amountUnit"], packet["warnings"]) == ("integer_cents", [])
    assert packet["generatedAt"].startswith("2026-06-30T12:")


def test_a_purchase_shows_in_every_statement(maple: Api) -> None:
    before, day = maple.packet(), {"txnDate": "2026-06-30"}
    maple.submit("purchases", maple.purchase(4299, **day))
    after = maple.packet()

    def change(*path: str) -> int:
        values = []
        for packet in (before, after):
            value: Any = packet
            for step in path:
                value = value[step]
            values.append(value)
        return int(values[1] - values[0])

    assert change("profitAndLoss", "totalExpenses") == 4299
    assert change("profitAndLoss", "netIncome") == -4299
    assert change("balanceSheet", "assets", "total") == -4299
    assert change("balanceSheet", "equity", "total") == -4299
    assert change("generalLedger", "totalLines") == 2
    checking = [packet["bankReconciliationStatus"]["accounts"][0] for packet in (before, after)]
    assert checking[1]["balance"] - checking[0]["balance"] == -4299
    assert checking[1]["balanceDiscrepancy"] == checking[0]["balanceDiscrepancy"]
    assert checking[1]["unreconciled"]["count"] == checking[0]["unreconciled"]["count"] + 1


@pytest.mark.parametrize(
    ("company", "first"),
    [("maple-street-coffee", "2026-01-01"), ("harbor-bike-repair", "2025-07-01")],
)
def test_earnings_are_retained_when_the_fiscal_year_ends(
    box: Sandbox, maple: Api, company: str, first: str
) -> None:
    maple.headers["x-organization-id"] = next(c["id"] for c in box.clients if c["slug"] == company)
    this_year = maple.packet(first, "2026-06-30")
    equity = {
        line["accountName"]: line["balance"]
        for line in this_year["balanceSheet"]["equity"]["accounts"]
    }
    assert equity["Current Year Earnings"] == this_year["profitAndLoss"]["netIncome"]
    earlier = (
        maple.packet("2000-01-01", "2026-06-30")["profitAndLoss"]["netIncome"]
        - equity["Current Year Earnings"]
    )
    assert equity["Retained earnings"] == earlier > 0


def test_include_chooses_the_statements(maple: Api) -> None:
    packet = maple.packet(include="trialBalance, profitAndLoss")
    assert {"profitAndLoss", "trialBalance"} == set(packet) - {
        "organization",
        "period",
        "generatedAt",
        "amountUnit",
        "warnings",
    }


@pytest.mark.parametrize(
    "params",
    [
        {"startDate": "2026-01-01", "endDate": "2026-06-30", "include": "cashFlow"},
        {"startDate": "2026-01-01", "endDate": "2026-06-30", "include": ""},
        {"startDate": "2026-07-01", "endDate": "2026-06-30"},
        {"startDate": "2026-01-01"},
        {"startDate": "2026-01-01", "endDate": "2026-06-31"},
        {"startDate": "2026-01-01", "endDate": "2026-06-30", "generalLedgerLimit": 0},
    ],
)
def test_bad_packets_are_400(maple: Api, params: dict[str, object]) -> None:
    assert maple.get("/reports/financial-packet", **params).status_code == 400


def test_a_long_ledger_is_cut_and_says_so(maple: Api) -> None:
    whole = maple.packet()["generalLedger"]
    packet = maple.packet(generalLedgerLimit=10)
    cut = packet["generalLedger"]
    assert (len(cut["lines"]), cut["truncated"], cut["totalLines"]) == (
        10,
        True,
        whole["totalLines"],
    )
    assert [warning["code"] for warning in packet["warnings"]] == ["GENERAL_LEDGER_TRUNCATED"]
    assert cut["lines"] == whole["lines"][:10]
    assert (whole["truncated"], len(whole["lines"])) == (False, whole["totalLines"])


def test_running_balances_end_where_the_trial_balance_does(maple: Api) -> None:
    packet = maple.packet("2026-05-01", "2026-06-30")
    last = {
        line["accountCode"]: line["runningBalance"] for line in packet["generalLedger"]["lines"]
    }
    for line in packet["trialBalance"]["accounts"]:
        if line["code"] in last:
            assert last[line["code"]] == line["debitBalance"] - line["creditBalance"], line["code"]


def test_statements_alone_spell_money_as_declared(maple: Api) -> None:
    packet = maple.packet()
    trial = maple.get("/reports/trial-balance", endDate="2026-06-30").json()
    assert Decimal(trial["totalDebits"]) * 100 == packet["trialBalance"]["totalDebits"]
    sheet = maple.get("/reports/balance-sheet", endDate="2026-06-30").json()
    assert Decimal(sheet["assets"]["total"]) * 100 == packet["balanceSheet"]["assets"]["total"]
    assert sheet["assets"]["total"][-3] == "."
    dates = {"startDate": "2026-01-01", "endDate": "2026-06-30"}
    assert maple.get("/reports/profit-and-loss", **dates).json() == packet["profitAndLoss"]
    assert maple.get("/reports/general-ledger", **dates).json() == packet["generalLedger"]
    status = maple.get("/reports/bank-reconciliation-status").json()
    assert status == packet["bankReconciliationStatus"]


def test_yen_have_no_decimals(sakura: Api) -> None:
    total = sakura.get("/reports/balance-sheet").json()["assets"]["total"]
    assert total == str(sakura.packet()["balanceSheet"]["assets"]["total"])


def test_unreconciled_rows_are_counted_by_age(maple: Api) -> None:
    [checking, *_] = maple.get("/reports/bank-reconciliation-status").json()["accounts"]
    unreconciled = checking["unreconciled"]
    assert unreconciled["count"] == sum(unreconciled["aging"].values()) > 0
    assert checking["lastReconciliation"]["endDate"] == "2026-04-30"
    maple.box.advance(90 * 86400)
    maple.headers["authorization"] = "Bearer " + maple.box.access_token()
    [checking, *_] = maple.get("/reports/bank-reconciliation-status").json()["accounts"]
    assert checking["unreconciled"]["aging"]["older"] == unreconciled["count"]


def test_reconciling_everything_closes_the_gap(maple: Api) -> None:
    """Register and ledger agree once every row is settled, and every entry has its row."""
    bank = maple.get("/bank-accounts").json()["bankAccounts"][1]
    assert bank["accountName"] == "Business savings"
    for row in maple.get(
        "/bank-transactions", bankAccountId=bank["id"], status="unreconciled"
    ).json()["data"]:
        if row["journalEntryId"]:
            body: dict[str, Any] = {"journalEntryId": row["journalEntryId"]}
            assert maple.act(row["id"], "reconcile", body).status_code == 200
        else:
            body = {
                "allocations": [{"accountId": maple.account("4900"), "amount": abs(row["amount"])}]
            }
            assert maple.act(row["id"], "split-account", body).status_code == 201
    status = maple.get("/reports/bank-reconciliation-status").json()["accounts"][1]
    assert (status["unreconciled"]["count"], status["balanceDiscrepancy"]) == (0, 0)


AMOUNTS = st.integers(1, 10**9)
DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31)).map(str) | st.sampled_from(
    ["2026-06-30", "2026-07-01"]
)
STEPS = st.tuples(
    st.sampled_from(["purchase", "deposit", "transfer", "journal", "void"]), AMOUNTS, DATES
)


def take(api: Api, step: tuple[str, int, str]) -> None:
    """Do one thing to the books."""
    kind, amount, date = step
    line = {"accountId": api.account("6100"), "amount": amount}
    ends = {
        "fromAccountId": api.account("1010"),
        "toAccountId": api.account("2100"),
        "amount": amount,
    }
    sides = [("6600", amount, 0), ("1590", 0, amount // 2), ("3200", 0, amount - amount // 2)]
    lines = [
        {"accountId": api.account(code), "debitAmount": debit, "creditAmount": credit}
        for code, debit, credit in sides
        if debit or credit
    ]
    bodies: dict[str, tuple[str, dict[str, Any]]] = {
        "purchase": ("purchases", api.purchase(amount)),
        "deposit": ("deposits", {"destinationAccountId": api.account("1200"), "lines": [line]}),
        "transfer": ("transfers", ends),
        "journal": ("journal-entries", {"lines": lines}),
        "void": ("purchases", api.purchase(amount)),
    }
    resource, body = bodies[kind]
    response = api.submit(resource, body | {"txnDate": date})
    assert response.status_code == 201, response.text
    if kind == "void":
        entry = response.json()["data"]["journalEntryId"]
        assert api.post(f"/entries/{entry}/void").status_code == 200


@SETTINGS
@given(steps=st.lists(STEPS, min_size=1, max_size=8), end=DATES)
def test_whatever_is_posted_the_packet_ties(
    box: Sandbox, maple: Api, steps: list[tuple[str, int, str]], end: str
) -> None:
    before = trial_balance(maple, end)
    expected = dict.fromkeys(("1010", "1200", "1590", "2100"), 0)
    for step in steps:
        take(maple, step)
        if step[2] <= end:
            for code, amount in effect(step).items():
                expected[code] += amount
    require_ties(maple.packet(min(end, "2024-01-01"), end))
    after = trial_balance(maple, end)
    assert {code: after.get(code, 0) - before.get(code, 0) for code in expected} == expected


def effect(step: tuple[str, int, str]) -> dict[str, int]:
    """What one thing does to balance-sheet accounts."""
    kind, amount, _ = step
    effects = {
        "purchase": {"1010": -amount},
        "deposit": {"1200": amount},
        "transfer": {"1010": -amount, "2100": amount},
        "journal": {"1590": -(amount // 2)},
    }
    return effects.get(kind, {})


def trial_balance(api: Api, end: str) -> dict[str, int]:
    lines = api.packet("2000-01-01", end, include="trialBalance")["trialBalance"]["accounts"]
    return {line["code"]: line["debitBalance"] - line["creditBalance"] for line in lines}
