"""A packet that ties has no problems; each thing that does not tie is named."""

import copy
from typing import Any

import httpx
import pytest

from ledgerhq_ext import ContractError, InputError, OrganizationRecord, Period, ReportName
from ledgerhq_ext.reports.packet import REPORTS, FinancialPacket
from tests.support.clients import ORG, client
from tests.support.responses import Script

pytestmark = pytest.mark.slow

GOOD: dict[str, Any] = {
    "organization": {"id": ORG, "name": "Maple", "defaultCurrency": "USD"},
    "period": {"startDate": "2026-01-01", "endDate": "2026-03-31"},
    "generatedAt": "2026-04-01T00:00:00.000Z",
    "amountUnit": "integer_cents",
    "warnings": [],
    "profitAndLoss": {
        "revenue": [{"accountId": "a4", "accountCode": "4000", "accountName": "Sales", "balance": 900}],
        "totalRevenue": 900,
        "expenses": [{"accountId": "a6", "accountCode": "6000", "accountName": "Rent", "balance": 250}],
        "totalExpenses": 250,
        "netIncome": 650,
    },
    "balanceSheet": {
        "assets": {"accounts": [{"accountId": "a1", "accountName": "Cash", "balance": 650}], "total": 650},
        "liabilities": {"accounts": [], "total": 0},
        "equity": {"accounts": [{"accountName": "Current Year Earnings", "balance": 650}], "total": 650},
    },
    "trialBalance": {
        "accounts": [
            {"accountId": "a1", "code": "1", "name": "Cash", "type": "asset", "debitBalance": 650, "creditBalance": 0},
            {
                "accountId": "a4",
                "code": "4",
                "name": "Sales",
                "type": "revenue",
                "debitBalance": 0,
                "creditBalance": 900,
            },
            {
                "accountId": "a6",
                "code": "6",
                "name": "Rent",
                "type": "expense",
                "debitBalance": 250,
                "creditBalance": 0,
            },
        ],
        "totalDebits": 900,
        "totalCredits": 900,
    },
    "generalLedger": {
        "lines": [
            {
                "date": "2026-02-01",
                "entryNumber": 1,
                "accountId": id,
                "accountCode": id,
                "accountName": id,
                "debit": debit,
                "credit": 900 - debit,
                "runningBalance": 900,
            }
            for id, debit in (("a1", 900), ("a4", 0))
        ],
        "truncated": False,
        "totalLines": 2,
    },
    "bankReconciliationStatus": {
        "accounts": [
            {
                "id": "b1",
                "accountName": "Checking",
                "balance": 650,
                "balanceDiscrepancy": 0,
                "unreconciled": {
                    "count": 3,
                    "total": -50,
                    "aging": {"week": 1, "month": 1, "twoMonths": 1, "older": 0},
                },
            }
        ]
    },
}


def doctored(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    at: Any = document
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return document


def packet(document: dict[str, Any]) -> FinancialPacket:
    books = client(Script(httpx.Response(200, json=document))).organization(ORG)
    return books.financial_packet("2026-01-01", "2026-03-31")


def test_a_packet_that_ties() -> None:
    assert packet(GOOD).problems() == ()


@pytest.mark.parametrize(
    ("path", "value", "wheres", "words"),
    [
        ("amountUnit", "cents", ["amountUnit"], "integer_cents"),
        ("profitAndLoss/revenue/0/balance", 901, ["profitAndLoss"], "revenue"),
        ("profitAndLoss/expenses/0/balance", 251, ["profitAndLoss"], "expenses"),
        ("profitAndLoss/netIncome", 651, ["profitAndLoss"], "net income"),
        ("profitAndLoss/totalRevenue", 901, ["profitAndLoss"] * 2, "revenue"),
        ("balanceSheet/assets/accounts/0/balance", 1, ["balanceSheet"], "assets"),
        ("balanceSheet/equity/accounts/0/balance", 1, ["balanceSheet"], "equity"),
        ("balanceSheet/liabilities/total", 1, ["balanceSheet"] * 2, "liabilities"),
        ("balanceSheet/assets", {"accounts": [], "total": 0}, ["balanceSheet"], "does not balance"),
        ("trialBalance/accounts/0/debitBalance", 651, ["trialBalance"], "debits"),
        ("trialBalance/accounts/1/creditBalance", 901, ["trialBalance"], "credits"),
        ("trialBalance/totalDebits", 901, ["trialBalance"] * 2, "does not balance"),
        ("generalLedger/truncated", True, ["generalLedger"], "truncated"),
        ("generalLedger/totalLines", 3, ["generalLedger"], "2 of 3"),
        ("generalLedger/lines/0/debit", 901, ["generalLedger"], "does not balance"),
        ("bankReconciliationStatus/accounts/0/unreconciled/count", 4, ["bankReconciliationStatus"], "Checking"),
    ],
)
def test_what_does_not_tie_is_named(path: str, value: Any, wheres: list[str], words: str) -> None:
    found = packet(doctored(path, value)).problems()
    assert [problem.where for problem in found] == wheres
    assert words in " ".join(map(str, found))


def test_a_stored_packet_of_another_company_is_named() -> None:
    """The answer itself would have been refused; a document on disk can be anything."""
    document = packet(GOOD).to_dict()
    document["organization"]["id"] = "org_other"
    [problem] = FinancialPacket.from_dict(document).problems()
    assert problem.where == "organization"
    assert "org_other" in str(problem)


def test_the_sheet_has_a_row_for_every_problem() -> None:
    """Every statement that can have a problem is doctored above."""
    document = doctored("amountUnit", "x")
    document["profitAndLoss"]["netIncome"] = 0
    document["balanceSheet"]["assets"]["total"] = 0
    document["trialBalance"]["totalDebits"] = 0
    document["generalLedger"]["truncated"] = True
    document["bankReconciliationStatus"]["accounts"][0]["unreconciled"]["count"] = 0
    assert {problem.where for problem in packet(document).problems()} == {"amountUnit", *REPORTS}


@pytest.mark.parametrize("report", REPORTS)
def test_statements_that_were_left_out(report: str) -> None:
    assert packet(doctored(report, None)).problems() == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("profitAndLoss/netIncome", "650"),
        ("profitAndLoss/netIncome", 650.5),
        ("generalLedger/lines/0/debit", True),
        ("balanceSheet/equity", None),
        ("amountUnit", None),
    ],
)
def test_what_does_not_fit_the_contract(path: str, value: Any) -> None:
    with pytest.raises(ContractError) as raised:
        packet(doctored(path, value))
    assert raised.value.pointer == f"/{path}"


def test_to_dict_is_the_contracts_spelling() -> None:
    document = packet(GOOD).to_dict()
    assert document == {**GOOD, "generatedAt": document["generatedAt"], "organizationId": ORG}
    assert packet(document) == packet(GOOD)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (("2026-01-01", "2026-03-31"), {"startDate": "2026-01-01", "endDate": "2026-03-31"}),
        ((Period("2026-01-01", "2026-03-31"),), {"startDate": "2026-01-01", "endDate": "2026-03-31"}),
        (("FY2026-Q1",), {"startDate": "2025-04-01", "endDate": "2025-06-30"}),
    ],
)
def test_what_is_asked_for(arguments: Any, query: dict[str, str]) -> None:
    info = OrganizationRecord(id=ORG, name="M", type="client", default_currency="USD", fiscal_year_start_month=4)
    script = Script(httpx.Response(200, json=doctored("period", query)))
    client(script).organization(info).financial_packet(
        *arguments, include=["trialBalance", "generalLedger"], general_ledger_limit=500
    )
    more = {"include": "trialBalance,generalLedger", "generalLedgerLimit": "500"}
    assert dict(script.requests[0].url.params) == {**query, **more}


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (("2026-03-31", "2026-01-01"), {}),
        (("2026-01-01",), {}),
        (("2026-01-01", "2026-03-31"), {"include": ["balance"]}),
        (("2026-01-01", "2026-03-31"), {"include": []}),
        (("2026-01-01", "2026-03-31"), {"general_ledger_limit": 0}),
        (("2026-01-01", "2026-03-31"), {"general_ledger_limit": True}),
        ((Period("2026-01-01", "2026-03-31"), "2026-03-31"), {}),
    ],
)
def test_refused_questions(arguments: Any, options: dict[str, Any]) -> None:
    info = OrganizationRecord(id=ORG, name="M", type="client", default_currency="USD", fiscal_year_start_month=1)
    script = Script(500)
    with pytest.raises(InputError):
        client(script).organization(info).financial_packet(*arguments, **options)
    assert script.requests == []


def test_a_packet_of_another_period_is_no_answer() -> None:
    document = doctored("period/endDate", "2026-03-30")
    with pytest.raises(ContractError, match="'2026-03-31', which was asked for") as raised:
        packet(document)
    assert raised.value.pointer == "/period/endDate"


@pytest.mark.parametrize("report", REPORTS)
def test_a_statement_that_was_asked_for_has_to_come(report: ReportName) -> None:
    books = client(Script(httpx.Response(200, json=doctored(report, None)))).organization(ORG)
    with pytest.raises(ContractError) as caught:
        books.financial_packet("2026-01-01", "2026-03-31", include=[report])
    assert caught.value.pointer == f"/{report}"
