"""A packet that ties has no problems; each thing that does not tie is named."""

import copy
import datetime as dt
from typing import Any

import httpx
import pytest
from attrs import evolve

from ledgerhq_ext import ContractError, InputError, OrganizationRecord, Period, ReportName
from ledgerhq_ext.reports.packet import REPORTS, FinancialPacket
from ledgerhq_ext.reports.statements import StatementSection
from tests.render.books import Books, Entry, Way, books
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
        "revenue": [
            {"accountId": "a4", "accountCode": "4000", "accountName": "Sales", "balance": 900}
        ],
        "totalRevenue": 900,
        "expenses": [
            {"accountId": "a6", "accountCode": "6000", "accountName": "Rent", "balance": 250}
        ],
        "totalExpenses": 250,
        "netIncome": 650,
    },
    "balanceSheet": {
        "assets": {
            "accounts": [{"accountId": "a1", "accountName": "Cash", "balance": 650}],
            "total": 650,
        },
        "liabilities": {"accounts": [], "total": 0},
        "equity": {
            "accounts": [{"accountName": "Current Year Earnings", "balance": 650}],
            "total": 650,
        },
    },
    "trialBalance": {
        "accounts": [
            {
                "accountId": "a1",
                "code": "1",
                "name": "Cash",
                "type": "asset",
                "debitBalance": 650,
                "creditBalance": 0,
            },
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
                "entryNumber": number,
                "accountId": id,
                "accountCode": id,
                "accountName": id,
                "debit": max(net, 0),
                "credit": max(-net, 0),
                "runningBalance": balance,
            }
            for id, number, net, balance in (
                ("a1", 1, 900, 900),
                ("a1", 2, -250, 650),
                ("a4", 1, -900, -900),
                ("a6", 2, 250, 250),
            )
        ],
        "truncated": False,
        "totalLines": 4,
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


@pytest.mark.sample
def test_a_packet_that_ties() -> None:
    assert packet(GOOD).problems() == ()


def test_books_can_be_closed_on_the_last_day_of_the_calendar() -> None:
    sale = Entry(dt.date(9999, 12, 3), {"1000": 100, "4000": -100})
    closing = Entry(dt.date(9999, 12, 31), {"4000": 100, "3200": -100}, closing=True)
    shop = Books(Way(closes=True), (sale, closing), {0: 1, 1: 2})
    assert shop.packet(dt.date(9999, 12, 1), dt.date(9999, 12, 31)).problems() == ()


def asset_among_liabilities(whole: FinancialPacket, place: int) -> FinancialPacket:
    sheet = whole.balance_sheet
    others = list(sheet.assets.accounts)
    asset = others.pop(place)
    moved = evolve(asset, balance=-asset.balance)
    owed = (*sheet.liabilities.accounts, moved)
    assets = StatementSection(accounts=tuple(others), total=sheet.assets.total - asset.balance)
    liabilities = StatementSection(accounts=owed, total=sheet.liabilities.total - asset.balance)
    return evolve(whole, balance_sheet=evolve(sheet, assets=assets, liabilities=liabilities))


def sales_among_expenses(whole: FinancialPacket) -> FinancialPacket:
    profit = whole.profit_and_loss
    sales, *others = profit.revenue
    result = evolve(
        profit,
        revenue=tuple(others),
        total_revenue=profit.total_revenue - sales.balance,
        expenses=(*profit.expenses, evolve(sales, balance=-sales.balance)),
        total_expenses=profit.total_expenses - sales.balance,
    )
    return evolve(whole, profit_and_loss=result)


def test_a_line_in_a_section_of_another_type_never_ties() -> None:
    def checks_of(packet: FinancialPacket) -> list[tuple[str, str]]:
        found = [check for check in packet.checks() if "another type" in check.reason]
        return [(check.account, check.verdict) for check in found]

    # All sums of these are right.
    whole = books(Way()).packet(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    assert checks_of(whole) == []
    assert checks_of(asset_among_liabilities(whole, 0)) == [("1000 Checking", "differs")]
    assert checks_of(sales_among_expenses(whole)) == [("4000 Sales", "differs")]
    # What is negative among assets may be meant to stand among liabilities, as overdrafts do.
    depreciation = ("1590 Accumulated depreciation", "not checkable")
    assert checks_of(asset_among_liabilities(whole, -1)) == [depreciation]


@pytest.mark.parametrize(
    ("path", "value", "wheres", "words"),
    [
        ("amountUnit", "cents", ["amountUnit"], ["integer_cents"]),
        (
            "profitAndLoss/revenue/0/balance",
            901,
            ["profitAndLoss"] * 2,
            ["total revenue", "4 Sales"],
        ),
        (
            "profitAndLoss/expenses/0/balance",
            251,
            ["profitAndLoss"] * 2,
            ["total expenses", "6 Rent"],
        ),
        (
            "profitAndLoss/netIncome",
            651,
            ["profitAndLoss"] * 2,
            ["revenue less expenses", "Current Year Earnings"],
        ),
        ("profitAndLoss/totalRevenue", 901, ["profitAndLoss"] * 2, ["total revenue", "net income"]),
        (
            "balanceSheet/assets/accounts/0/balance",
            1,
            ["balanceSheet"] * 2,
            ["total assets", "1 Cash"],
        ),
        (
            "balanceSheet/equity/accounts/0/balance",
            1,
            ["balanceSheet"] * 2,
            ["total equity", "trial balance"],
        ),
        (
            "balanceSheet/liabilities/total",
            1,
            ["balanceSheet"] * 2,
            ["total liabilities", "650 against 651"],
        ),
        (
            "balanceSheet/assets",
            {"accounts": [], "total": 0},
            ["balanceSheet"] * 2,
            ["0 against 650", "1 Cash"],
        ),
        (
            "trialBalance/accounts/0/debitBalance",
            651,
            ["trialBalance", "balanceSheet"],
            ["total debits", "1 Cash"],
        ),
        (
            "trialBalance/accounts/1/creditBalance",
            901,
            ["trialBalance", "balanceSheet"] * 2,
            ["credits", "4 Sales"],
        ),
        ("trialBalance/totalDebits", 901, ["trialBalance"] * 2, ["total debits = total credits"]),
        ("generalLedger/truncated", True, ["generalLedger"], ["truncated, but holds 4 of 4"]),
        ("generalLedger/totalLines", 5, ["generalLedger"], ["4 against 5 rows"]),
        ("generalLedger/totalLines", 3, ["generalLedger"], ["4 against 3"]),
        ("generalLedger/lines/0/debit", 901, ["generalLedger"], ["entry 1"]),
        (
            "generalLedger/lines/1/runningBalance",
            651,
            ["generalLedger"],
            ["1 Cash, entry 2", "651 against 650 cents"],
        ),
        ("generalLedger/lines/1/date", "2026-02-02", ["generalLedger"], ["one date", "entry 2"]),
        (
            "generalLedger/lines/1/date",
            "2026-04-02",
            ["generalLedger"] * 2,
            ["2026-04-02 is not between", "1 Cash"],
        ),
        (
            "bankReconciliationStatus/accounts/0/unreconciled/count",
            4,
            ["bankReconciliationStatus"],
            ["Checking"],
        ),
    ],
)
def test_what_does_not_tie_is_named(
    path: str, value: Any, wheres: list[str], words: list[str]
) -> None:
    problems = packet(doctored(path, value)).problems()
    assert sorted({problem.where for problem in problems}) == sorted(set(wheres))
    for word in words:
        assert word in " ".join(map(str, problems))


def test_the_checks_of_a_packet_that_ties_say_what_was_compared() -> None:
    checks = packet(GOOD).checks()
    assert {check.verdict for check in checks if check.statement != "bankReconciliationStatus"} == {
        "ties"
    }
    [net] = [check for check in checks if check.rule == "net income = Current Year Earnings"]
    assert (net.figure, net.counterpart, net.count) == (650, 650, 1)
    [sheet] = [check for check in checks if check.rule.startswith("balance sheet = trial balance")]
    assert (sheet.account_id, sheet.about, sheet.figure) == ("a1", "1 Cash", 650)
    [results] = [
        check for check in checks if check.rule.startswith("profit and loss = ledger lines")
    ]
    assert (results.count, results.figure, results.counterpart) == (2, 1150, 1150)
    [bank] = [check for check in checks if check.rule.startswith("bank balance")]
    assert (bank.verdict, bank.figure) == ("not checkable", None)
    assert "not checkable, because it is the balance on the day it was read" in str(bank)


def test_an_account_that_only_the_ledger_has_is_not_checkable() -> None:
    """Its lines stand under the id of another one, such as that of the bank account."""
    document = copy.deepcopy(GOOD)
    for line in document["generalLedger"]["lines"]:
        if line["accountId"] == "a1":
            line["accountId"] = "a9"
    (check,) = [check for check in packet(document).checks() if check.account_id == "a9"]
    assert check.rule == "trial balance = last running balance of the account"
    assert check.verdict == "not checkable"


def test_a_truncated_ledger_is_incomplete_and_not_wrong() -> None:
    document = doctored("generalLedger/truncated", True)
    document["generalLedger"]["totalLines"] = 9
    whole = packet(document)
    assert whole.problems() == whole.general_ledger.problems() == ()
    reasons = {check.reason for check in whole.checks() if "ledger holds" in check.reason}
    assert reasons == {"the ledger holds 4 of 9 lines"}
    undone = {check.rule for check in whole.checks() if check.verdict == "not checkable"}
    assert {
        "debits of an entry = its credits",
        "profit and loss = ledger lines of the account",
    } <= undone


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
    # What has an id says whose it is.
    for account in document["bankReconciliationStatus"]["accounts"]:
        assert account.pop("organizationId") == ORG
    assert document == {**GOOD, "generatedAt": document["generatedAt"], "organizationId": ORG}
    assert packet(document) == packet(GOOD)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (("2026-01-01", "2026-03-31"), {"startDate": "2026-01-01", "endDate": "2026-03-31"}),
        (
            (Period("2026-01-01", "2026-03-31"),),
            {"startDate": "2026-01-01", "endDate": "2026-03-31"},
        ),
        (("FY2026-Q1",), {"startDate": "2025-04-01", "endDate": "2025-06-30"}),
    ],
)
def test_what_is_asked_for(arguments: Any, query: dict[str, str]) -> None:
    info = OrganizationRecord(
        id=ORG, name="M", type="client", default_currency="USD", fiscal_year_start_month=4
    )
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
        (("2026-01-01", "2026-03-31"), {"include": [None]}),
        (("2026-01-01", "2026-03-31"), {"include": 5}),
        (("2026-01-01", "2026-03-31"), {"general_ledger_limit": 0}),
        (("2026-01-01", "2026-03-31"), {"general_ledger_limit": True}),
        ((Period("2026-01-01", "2026-03-31"), "2026-03-31"), {}),
    ],
)
def test_refused_questions(arguments: Any, options: dict[str, Any]) -> None:
    info = OrganizationRecord(
        id=ORG, name="M", type="client", default_currency="USD", fiscal_year_start_month=1
    )
    script = Script(500)
    with pytest.raises(InputError):
        client(script).organization(info).financial_packet(*arguments, **options)
    assert script.requests == []


def test_a_packet_of_another_period_is_no_answer() -> None:
    document = doctored("period/endDate", "2026-03-30")
    with pytest.raises(ContractError, match="the requested '2026-03-31'") as raised:
        packet(document)
    assert raised.value.pointer == "/period/endDate"


@pytest.mark.parametrize("report", REPORTS)
def test_a_statement_that_was_asked_for_has_to_come(report: ReportName) -> None:
    books = client(Script(httpx.Response(200, json=doctored(report, None)))).organization(ORG)
    with pytest.raises(ContractError) as caught:
        books.financial_packet("2026-01-01", "2026-03-31", include=[report])
    assert caught.value.pointer == f"/{report}"
