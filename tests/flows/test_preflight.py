"""Preflight and the sandbox: what is called a problem is refused, and what is refused was foreseen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgerhq_ext import (
    APIError,
    BillPayment,
    Deposit,
    JournalEntry,
    JournalLine,
    LedgerHQ,
    Organization,
    PostingLine,
    Purchase,
    Transfer,
)
from ledgerhq_ext.sandbox import Sandbox
from tests.support.companies import HARBOR, MAPLE, NORDIC, SAKURA, World, connect_to
from tests.support.surfaces import resolve

KINDS = (Purchase, Deposit, Transfer, BillPayment, JournalEntry)
SLUGS = (MAPLE, NORDIC, SAKURA)
NUMBERS = itertools.count(1)
AMOUNTS = st.integers(1, 500_000) | st.sampled_from([1, 10**11, 2 * 10**12])


class Chart:
    """What postings to one company may refer to, and what they may not."""

    def __init__(self, box: Sandbox, hq: LedgerHQ, slug: str) -> None:
        world = World(box, slug)
        self.books: Organization = hq.organization(world.org)
        world.somebody(
            "POST",
            "/accounts",
            {"code": "1999", "name": "Abroad", "type": "asset", "currencyCode": "KWD"},
        )
        world.somebody("POST", "/accounts", {"code": "1998", "name": "Chest", "type": "asset"})
        world.somebody("POST", "/accounts", {"code": "6999", "name": "Old", "type": "expense"})
        world.somebody("PATCH", f"/accounts/{world.account('6999')}", {"isActive": False})
        other = World(box, HARBOR)
        self.accounts = [
            *(account.id for account in self.books.accounts()),
            other.account("1010"),
            "nowhere",
        ]
        self.contacts = [None, *(contact.id for contact in self.books.contacts()), "nobody"]
        self.tax_rates = [None, *(rate.id for rate in self.books.tax_rates()), "none"]
        self.bills = [*(bill.id for bill in self.books.bills()), "nothing"]

    def draw(self, data: st.DataObject) -> Any:
        """Return a posting of any kind."""
        kind = data.draw(st.sampled_from(KINDS))
        day = data.draw(st.sampled_from(["2026-06-08", "1800-01-01"]))
        amount = data.draw(AMOUNTS)
        first = data.draw(st.sampled_from(self.accounts))
        second = data.draw(st.sampled_from(self.accounts))
        if kind is Transfer:
            end = second if second != first else "nowhere"
            start = first if first != end else self.accounts[0]
            return Transfer(txn_date=day, from_account_id=start, to_account_id=end, amount=amount)
        if kind is BillPayment:
            bill = data.draw(st.sampled_from(self.bills))
            return BillPayment(txn_date=day, bill_id=bill, source_account_id=first, amount=amount)
        if kind is JournalEntry:
            lines = [JournalLine.of(first, amount), JournalLine.of(second, -amount)]
            return JournalEntry(txn_date=day, lines=lines)

        tax_rate = data.draw(st.sampled_from(self.tax_rates))
        shared: dict[str, Any] = {
            "txn_date": day,
            "lines": [PostingLine(account_id=second, amount=amount, tax_rate_id=tax_rate)],
            "contact_id": data.draw(st.sampled_from(self.contacts)),
            "currency_code": data.draw(st.sampled_from([None, None, "USD", "EUR"])),
        }
        if kind is Purchase:
            return Purchase(payee_name="x", source_account_id=first, **shared)
        return Deposit(destination_account_id=first, **shared)


def refusal_of(books: Organization, posting: Any) -> APIError | None:
    """Post; return what the sandbox says against it."""
    try:
        books.post(posting, source=("preflight", f"drawn-{next(NUMBERS)}"))
    except APIError as error:
        return error
    return None


@pytest.fixture(scope="module")
def charts() -> Iterator[list[Chart]]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        yield [Chart(box, hq, slug) for slug in SLUGS]
        assert box.contract_violations == []


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_problem_is_refused_and_a_refusal_is_foreseen(
    charts: list[Chart], data: st.DataObject
) -> None:
    chart = data.draw(st.sampled_from(charts))
    posting = chart.draw(data)
    report = chart.books.check(posting)
    refusal = refusal_of(chart.books, posting)
    if refusal is None:
        assert report.problems == ()
    else:
        assert refusal.outcome == "rejected"
        assert report.problems or report.warnings, str(refusal)


@pytest.mark.anyio
async def test_postings_of_every_kind_pass(books: Any, maple: World) -> None:
    report = await resolve(books.check(*maple.of_each_kind()))
    assert report.ok
    assert report.warnings == ()
    assert maple.postings() == []


@pytest.mark.anyio
async def test_what_another_posting_paid_is_no_longer_due(books: Any, maple: World) -> None:
    payment = maple.of_each_kind()[3]
    bill = next(bill for bill in maple.box.documents(maple.org) if bill["id"] == payment.bill_id)
    rest = BillPayment(
        txn_date="2026-06-09",
        bill_id=bill["id"],
        source_account_id=payment.source_account_id,
        amount=bill["total"],
    )
    assert (await resolve(books.check(rest))).ok
    await resolve(books.post(payment, source=("preflight", "1")))
    report = await resolve(books.check(rest))
    assert [problem.field for problem in report.problems] == ["amount"]


@pytest.mark.anyio
async def test_a_locked_period_cannot_be_read(books: Any, maple: World) -> None:
    maple.box.lock_period(maple.org, "2026-12-31")
    report = await resolve(books.check(maple.purchase()))
    assert report.ok
    assert report.unchecked == ("period lock",)


@pytest.mark.anyio
async def test_an_api_key_checks_its_own_company(
    surface: Any, clock: Any, box: Sandbox, maple: World
) -> None:
    client = connect_to(box, surface, clock, api_key=box.api_key(maple.org))
    try:
        report = await resolve(client.organization(maple.org).check(maple.purchase()))
        assert report.ok
        assert "currency" in report.checked
    finally:
        await resolve(client.close())
