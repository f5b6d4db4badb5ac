"""Preflight against a scripted service: each finding, what is read for it, and what is not claimed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest
import respx
from attrs import evolve

from ledgerhq_ext import (
    Account,
    BillPayment,
    Connection,
    Deposit,
    InputError,
    JournalEntry,
    JournalLine,
    MemoryTokenStore,
    OAuth,
    PermissionDeniedError,
    PostingLine,
    PreflightReport,
    Purchase,
    Transfer,
)
from tests.support.clients import BASE, ORG, connect
from tests.support.clocks import FakeClock
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.slow

DAY = "2026-06-08"
KINDS = {
    "bank": ("asset", "bank"),
    "card": ("liability", "credit_card"),
    "loan": ("liability", "loan"),
    "plain_liability": ("liability", None),
    "liability_clearing": ("liability", "Clearing"),
    "inventory": ("asset", "inventory"),
    "clearing": ("asset", "clearing"),
    "current": ("asset", "current"),
    "plain_asset": ("asset", None),
    "receivable": ("asset", "accountsReceivable"),
    "payable": ("liability", "accounts_payable"),
    "equity": ("equity", None),
    "sales": ("revenue", None),
    "supplies": ("expense", None),
    "memorandum": ("memorandum", None),
    "linked": ("asset", "other"),
}


def account(id: str, **changes: Any) -> dict[str, Any]:
    type, sub_type = KINDS.get(id, ("expense", None))
    document = {
        "id": id,
        "organizationId": ORG,
        "code": "1",
        "name": id,
        "type": type,
        "subType": sub_type,
    }
    return document | {"currencyCode": "USD", "isActive": True} | changes


def bank_account(account_id: str) -> dict[str, Any]:
    return {
        "id": "bank_1",
        "accountName": "Checking",
        "accountType": "checking",
        "currencyCode": "USD",
        "balance": 0,
        "isActive": True,
        "chartAccountId": account_id,
    }


def tax_rate(id: str, type: str, *, is_active: bool = True) -> dict[str, Any]:
    return {"id": id, "name": id, "rate": 825, "type": type, "isActive": is_active}


def bill(id: str, status: str, due: int, **changes: Any) -> dict[str, Any]:
    amounts = {"total": 500, "amountPaid": 500 - due, "amountDue": due, "currencyCode": "USD"}
    dates = {"issueDate": DAY, "dueDate": DAY}
    return (
        {"id": id, "contactId": "ct_1", "billNumber": id.upper(), "status": status}
        | amounts
        | dates
        | changes
    )


ACCOUNTS = [account(id) for id in KINDS]
ACCOUNTS += [account("closed", isActive=False), account("foreign", currencyCode="EUR")]
TAX_RATES = [
    tax_rate("sold", "sales"),
    tax_rate("bought", "purchase"),
    tax_rate("old", "both", is_active=False),
]
BILLS = [
    bill("open", "received", 500),
    bill("overdue", "overdue", 200),
    bill("paid", "paid", 0),
    bill("void", "void", 500),
    bill("draft", "draft", 500),
    bill("disputed", "disputed", 500),
    bill("euros", "received", 500, currencyCode="EUR"),
]
CONTACTS = [{"id": "ct_1", "name": "Office Depot", "type": "supplier"}]


@pytest.fixture
def service(web: respx.MockRouter) -> respx.MockRouter:
    """Script a company that has one of everything."""
    record = {
        "id": ORG,
        "name": "Maple",
        "type": "client",
        "defaultCurrency": "USD",
        "fiscalYearStartMonth": 1,
    }
    script(web, "organizations", {"data": [record], "nextCursor": None})
    script(web, "accounts", {"accounts": ACCOUNTS})
    script(web, "bank-accounts", {"bankAccounts": [bank_account("linked")]})
    script(web, "tax-rates", {"taxRates": TAX_RATES})
    script(web, "contacts", numbered(CONTACTS))
    script(web, "bills", numbered(BILLS))
    return web


def numbered(documents: list[dict[str, Any]]) -> dict[str, Any]:
    pagination = {"page": 1, "limit": 100, "total": len(documents), "totalPages": 1}
    return {"data": documents, "pagination": pagination}


def script(web: respx.MockRouter, name: str, document: object, status: int = 200) -> None:
    web.get(f"/api/v1/{name}", name=name).mock(return_value=httpx.Response(status, json=document))


@pytest.fixture
def books(service: respx.MockRouter, surface: Surface, clock: FakeClock) -> Any:
    return connect(surface, clock).organization(ORG)


def purchase(
    source: str = "bank", line: str = "supplies", amount: int = 100, **changes: Any
) -> Purchase:
    lines = [PostingLine(account_id="supplies", amount=1)]
    lines.append(
        PostingLine(account_id=line, amount=amount, tax_rate_id=changes.pop("tax_rate_id", None))
    )
    fields = {
        "txn_date": DAY,
        "payee_name": "Office Depot",
        "source_account_id": source,
        "lines": lines,
    }
    return Purchase(**fields | changes)


def deposit(destination: str = "bank", line: str = "sales", **changes: Any) -> Deposit:
    lines = [PostingLine(account_id=line, amount=100, tax_rate_id=changes.pop("tax_rate_id", None))]
    return Deposit(txn_date=DAY, destination_account_id=destination, lines=lines, **changes)


def transfer(start: str = "bank", end: str = "card", amount: int = 100) -> Transfer:
    return Transfer(txn_date=DAY, from_account_id=start, to_account_id=end, amount=amount)


def payment(bill_id: str = "open", amount: int = 100, source: str = "bank") -> BillPayment:
    return BillPayment(txn_date=DAY, bill_id=bill_id, source_account_id=source, amount=amount)


def journal(*lines: tuple[str, int]) -> JournalEntry:
    return JournalEntry(txn_date=DAY, lines=[JournalLine.of(id, amount) for id, amount in lines])


FITTING = [
    purchase(contact_id="ct_1", tax_rate_id="bought", currency_code="USD"),
    purchase("card"),
    purchase("loan"),
    purchase("linked"),
    deposit(tax_rate_id="sold"),
    deposit("clearing"),
    deposit("inventory"),
    deposit("linked"),
    deposit("liability_clearing"),
    transfer("bank", "equity"),
    payment("open", 500),
    payment("overdue", 200, "card"),
    journal(("supplies", 100), ("equity", -60), ("bank", -40)),
]
PROBLEMS = [
    (purchase("nowhere"), "source_account_id", "the company has no account 'nowhere'"),
    (purchase(line="nowhere"), "lines[1].account_id", "the company has no account 'nowhere'"),
    (
        purchase("bank_1"),
        "source_account_id",
        "'bank_1' is the bank account 'Checking'; pass its record, or its chart_account_id.",
    ),
    (purchase(line="closed"), "lines[1].account_id", "not active"),
    (purchase(line="foreign"), "lines[1].account_id", "in EUR, but the books are in USD"),
    (
        purchase("sales"),
        "source_account_id",
        "is revenue, not a bank, cash, credit card or liability account",
    ),
    (purchase("equity"), "source_account_id", "is equity, not a"),
    (purchase("inventory"), "source_account_id", "is asset (inventory), not a"),
    (purchase("clearing"), "source_account_id", "is asset (clearing), not a"),
    (purchase(contact_id="nobody"), "contact_id", "the company has no contact 'nobody'"),
    (purchase(tax_rate_id="none"), "lines[1].tax_rate_id", "the company has no tax rate 'none'"),
    (purchase(currency_code="EUR"), "currency_code", "in EUR, but the books are in USD"),
    (deposit("supplies"), "destination_account_id", "not a bank, cash, asset or clearing account"),
    (deposit("equity"), "destination_account_id", "is equity, not a"),
    (deposit("loan"), "destination_account_id", "is liability (loan), not a"),
    (deposit(line="closed"), "lines[0].account_id", "not active"),
    (transfer("sales"), "from_account_id", "not a balance-sheet account"),
    (transfer(end="supplies"), "to_account_id", "not a balance-sheet account"),
    (payment("nothing"), "bill_id", "the company has no bill 'nothing'"),
    (payment("void"), "bill_id", "bill VOID cannot be paid: its status is void"),
    (payment("draft"), "bill_id", "its status is draft"),
    (payment("open", 501), "amount", "501 is more than the 500 minor units due on bill OPEN"),
    (payment(source="sales"), "source_account_id", "is revenue, not a"),
    (
        journal(("supplies", 5), ("nowhere", -5)),
        "lines[1].account_id",
        "the company has no account",
    ),
]
WARNINGS = [
    (
        purchase("plain_asset"),
        "source_account_id",
        "it is not certain that account 1 plain_asset is a bank",
    ),
    (purchase("current"), "source_account_id", "it is asset (current)"),
    (
        purchase("memorandum"),
        "source_account_id",
        "type 'memorandum', which this release does not know",
    ),
    (deposit("plain_liability"), "destination_account_id", "it is not certain"),
    (transfer("memorandum"), "from_account_id", "it is not certain"),
    (purchase(line="bank"), "lines[1].account_id", "also on the other side"),
    (deposit(line="bank"), "lines[0].account_id", "also on the other side"),
    (
        journal(("bank", 5), ("supplies", 1), ("bank", -6)),
        "lines[2].account_id",
        "debits and credits",
    ),
    (
        purchase(line="receivable"),
        "lines[1].account_id",
        "the control account for invoices or bills",
    ),
    (
        journal(("payable", 5), ("supplies", -5)),
        "lines[0].account_id",
        "the control account for invoices or bills",
    ),
    (purchase(tax_rate_id="sold"), "lines[1].tax_rate_id", "for sales, not for purchase"),
    (deposit(tax_rate_id="bought"), "lines[0].tax_rate_id", "for purchase, not for sales"),
    (purchase(tax_rate_id="old"), "lines[1].tax_rate_id", "not active"),
    (purchase(txn_date="1800-01-01"), "txn_date", "1800-01-01 is far in the past"),
    (purchase(amount=10**10), "lines", "10000000001 minor units"),
    (transfer(amount=10**12), "amount", "very large"),
    (payment("disputed"), "bill_id", "its status is disputed"),
    (payment("euros"), "bill_id", "is in EUR, but the books are in USD"),
]


@pytest.mark.anyio
@pytest.mark.parametrize("posting", FITTING, ids=str)
async def test_a_posting_that_fits(books: Any, posting: Any) -> None:
    report = await resolve(books.check(posting))
    assert report.problems == report.warnings == ()
    assert report.ok
    assert report
    report.raise_for_problems()


@pytest.mark.anyio
@pytest.mark.parametrize(("posting", "field", "message"), PROBLEMS)
async def test_a_problem(books: Any, posting: Any, field: str, message: str) -> None:
    report = await resolve(books.check(posting))
    assert not report
    [problem] = report.problems
    assert problem.field == field
    assert message in problem.message
    with pytest.raises(InputError, match=r"postings\[0\]") as caught:
        report.raise_for_problems()
    assert caught.value.outcome == "not_sent"
    assert str(problem) in str(caught.value)


@pytest.mark.sample
@pytest.mark.anyio
@pytest.mark.parametrize(("posting", "field", "message"), WARNINGS)
async def test_a_warning(books: Any, posting: Any, field: str, message: str) -> None:
    report = await resolve(books.check(posting))
    assert report.problems == ()
    [warning] = report.warnings
    assert warning.field == field
    assert message in warning.message


@pytest.mark.anyio
async def test_a_day_far_ahead_is_odd_by_the_clients_own_clock(
    books: Any, clock: FakeClock
) -> None:
    today = dt.datetime.fromtimestamp(clock.now(), dt.UTC).date()
    near = purchase(txn_date=today + dt.timedelta(days=365))
    far = purchase(txn_date=today + dt.timedelta(days=400))
    report = await resolve(books.check(near, far))
    [warning] = report.warnings
    assert (warning.position, warning.field) == (1, "txn_date")


@pytest.mark.anyio
async def test_every_problem_is_named_at_once(books: Any) -> None:
    report = await resolve(
        books.check(purchase("nowhere", "closed"), transfer(), payment("void", 600))
    )
    places = [(problem.position, problem.field) for problem in report.problems]
    assert places == [
        (0, "source_account_id"),
        (0, "lines[1].account_id"),
        (2, "bill_id"),
        (2, "amount"),
    ]
    with pytest.raises(InputError) as caught:
        report.raise_for_problems()
    assert str(caught.value).count("\n") == 4
    assert "postings[2].amount" in str(caught.value)


@pytest.mark.anyio
async def test_payments_of_one_bill_are_added_up(books: Any) -> None:
    report = await resolve(
        books.check(payment("open", 300), payment("overdue", 200), payment("open", 201))
    )
    [problem] = report.problems
    assert (problem.position, problem.field) == (2, "amount")
    assert "less 300 paid by earlier postings in this check" in problem.message


@pytest.mark.anyio
async def test_each_list_is_read_once_for_many_postings(
    books: Any, service: respx.MockRouter
) -> None:
    everything = purchase(contact_id="ct_1", tax_rate_id="bought")
    report = await resolve(books.check(*[everything] * 300, *[payment("open", 1)] * 200))
    assert report.ok
    assert service.calls.call_count == 6
    assert set(report.checked) == {
        "accounts",
        "currency",
        "bank accounts",
        "contacts",
        "tax rates",
        "bills",
    }
    assert report.unchecked == ("period lock",)


@pytest.mark.anyio
async def test_only_what_is_referred_to_is_read(books: Any, service: respx.MockRouter) -> None:
    report = await resolve(books.check(transfer()))
    assert report.checked == ("accounts", "currency")
    assert not service.routes["bills"].called
    assert not service.routes["bank-accounts"].called
    assert {call.request.method for call in service.calls} == {"GET"}


@pytest.mark.anyio
async def test_a_list_is_read_no_further_than_to_the_last_record_needed(
    books: Any, service: respx.MockRouter
) -> None:
    page = numbered([{"id": f"ct_{at}", "name": "x", "type": "supplier"} for at in range(100)])
    page["pagination"]["total"] = 100_000
    script(service, "contacts", page)
    report = await resolve(books.check(purchase(contact_id="ct_7")))
    assert report.ok
    assert service.routes["contacts"].call_count == 1


@pytest.mark.anyio
async def test_what_may_not_be_read_is_not_claimed(books: Any, service: respx.MockRouter) -> None:
    for name in ("organizations", "bank-accounts", "contacts", "tax-rates", "bills"):
        script(service, name, {"error": "not in this plan"}, 403)
    strange = purchase(
        "inventory", "foreign", contact_id="nobody", tax_rate_id="none", currency_code="EUR"
    )
    report = await resolve(books.check(strange, payment("nothing", 5), deposit("card")))
    assert report.ok
    assert report.checked == ("accounts",)
    assert report.unchecked == (
        "period lock",
        "currency",
        "bank accounts",
        "contacts",
        "tax rates",
        "bills",
    )
    assert [warning.field for warning in report.warnings] == [
        "source_account_id",
        "destination_account_id",
    ]


@pytest.mark.anyio
async def test_a_company_that_may_not_be_read_is_an_error(
    books: Any, service: respx.MockRouter
) -> None:
    script(service, "accounts", {"error": "not a member"}, 403)
    with pytest.raises(PermissionDeniedError):
        await resolve(books.check(transfer()))


@pytest.mark.anyio
async def test_a_company_that_is_not_listed_has_no_known_currency(
    books: Any, service: respx.MockRouter
) -> None:
    script(service, "organizations", {"data": [], "nextCursor": None})
    report = await resolve(books.check(purchase(currency_code="EUR")))
    assert report.ok
    assert "currency" in report.unchecked


@pytest.mark.anyio
async def test_a_token_store_that_fails_in_the_middle_is_an_error(
    surface: Surface, service: respx.MockRouter
) -> None:
    clock = FakeClock()

    class Tokens(MemoryTokenStore):
        def read(self) -> Connection | None:
            if clock.elapsed:
                raise OSError("the disk is gone")
            return super().read()

    def accounts(_: httpx.Request) -> httpx.Response:
        # Beyond the minute in which a token is remembered.
        clock.advance(61)
        return httpx.Response(200, json={"accounts": ACCOUNTS})

    service["accounts"].mock(side_effect=accounts)
    tokens = Tokens(
        Connection(
            issuer=BASE,
            client_id="client",
            access_token="mcp_at_0",
            refresh_token="mcp_rt_0",
            obtained_at=clock.now(),
            expires_at=clock.now() + 3600,
        )
    )
    books = connect(surface, clock, access_token=None, credentials=OAuth(tokens)).organization(ORG)
    with pytest.raises(InputError, match="the disk is gone"):
        await resolve(books.check(transfer()))


@pytest.mark.anyio
@pytest.mark.parametrize("postings", [(), ("purchase",), ([transfer()],), (None,)])
async def test_what_is_no_posting_is_refused_before_anything_is_read(
    books: Any, service: respx.MockRouter, postings: tuple[Any, ...]
) -> None:
    with pytest.raises(InputError, match="posting"):
        await resolve(books.check(*postings))
    assert service.calls.call_count == 0


@pytest.mark.anyio
async def test_what_post_refuses_is_refused_before_anything_is_read(
    books: Any, service: respx.MockRouter
) -> None:
    theirs = Account(
        id="acc_1",
        organization_id="org_other",
        code="1010",
        name="Checking",
        type="asset",
        currency_code="USD",
        is_active=True,
    )
    with pytest.raises(InputError, match="belongs to organization org_other"):
        await resolve(books.check(evolve(transfer(), from_account_id=theirs)))
    assert service.calls.call_count == 0


def test_a_report_cannot_be_changed() -> None:
    report = PreflightReport(
        problems=(), warnings=(), checked=("accounts",), unchecked=("period lock",)
    )
    with pytest.raises(AttributeError):
        report.problems = ()  # type: ignore[misc]
    assert hash(report) == hash(report)
