"""Where a request asks for an id, the record goes as well: its id is what is stored and sent."""

import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import httpx
import pytest

from ledgerhq_ext import (
    AccountAllocation,
    BillPayment,
    Deposit,
    DocumentAllocation,
    DraftEntry,
    InputError,
    JournalLine,
    Purchase,
    PurchaseLine,
    Transfer,
)
from ledgerhq_ext._bodies import MatchTo, Reclassify, Reconcile
from ledgerhq_ext._wire import to_wire
from ledgerhq_ext.models import (
    Account,
    BankAccount,
    Bill,
    Contact,
    Entry,
    EntryLine,
    Payment,
    Receipt,
    TaxRate,
)
from ledgerhq_ext.reports.statements import LastReconciliation
from ledgerhq_ext.store import Store
from tests.support.clients import ORG, client
from tests.support.postings import DAY, PURCHASE
from tests.support.responses import Script, bank_row, receipt

from .test_records_as_data import ACCOUNT, RECEIPT, entry

pytestmark = pytest.mark.slow

BANK = BankAccount(
    id="ba_1",
    account_name="Checking",
    account_type="checking",
    currency_code="USD",
    balance=0,
    is_active=True,
    chart_account_id="acc_9",
)
UNLINKED = attrs.evolve(BANK, chart_account_id=None)
CONTACT = Contact(id="con_1", name="Office Depot", type="supplier")
TAX_RATE = TaxRate(id="tax_1", name="VAT", rate=2000, type="both", is_active=True)
BILL = Bill(
    id="bill_1",
    contact_id="con_1",
    bill_number="B-1",
    status="received",
    issue_date=DAY,
    due_date=DAY,
    total=1,
    amount_paid=0,
    amount_due=1,
    currency_code="USD",
)
PAYMENT = Payment(id="pay_1", payment_number="P-1")
ENTRY = entry(1)
LINE: EntryLine = ENTRY.lines[0]
RECONCILIATION = LastReconciliation(id="rec_1")
RECORDS: tuple[Any, ...] = (
    ACCOUNT,
    BANK,
    CONTACT,
    TAX_RATE,
    BILL,
    PAYMENT,
    ENTRY,
    LINE,
    RECEIPT,
    RECONCILIATION,
)

# What each field takes: the classes, and what is stored of their records.
ACCOUNTS: dict[type, str] = {Account: "acc_1", BankAccount: "acc_9"}
TAKES: dict[str, dict[type, str]] = {
    "account_id": ACCOUNTS,
    "source_account_id": ACCOUNTS,
    "destination_account_id": ACCOUNTS,
    "from_account_id": ACCOUNTS,
    "to_account_id": ACCOUNTS,
    "contact_id": {Contact: "con_1"},
    "tax_rate_id": {TaxRate: "tax_1"},
    "bill_id": {Bill: "bill_1"},
    "document_id": {Bill: "bill_1"},
    "invoice_id": {},
    "payment_id": {Payment: "pay_1"},
    "journal_entry_id": {Entry: "je_1", Receipt: "je_1"},
    "journal_line_id": {EntryLine: "l0"},
    "reconciliation_id": {LastReconciliation: "rec_1"},
}
REQUESTS: tuple[Any, ...] = (
    PURCHASE,
    PURCHASE.lines[0],
    Deposit(txn_date=DAY, destination_account_id="a", lines=PURCHASE.lines),
    Transfer(txn_date=DAY, from_account_id="a", to_account_id="b", amount=1),
    BillPayment(txn_date=DAY, bill_id="b", source_account_id="a", amount=1),
    JournalLine(account_id="a", debit_amount=1),
    AccountAllocation(account_id="a", amount=1),
    DocumentAllocation(document_type="bill", document_id="b", amount=1),
    Reclassify(account_id="a"),
    MatchTo(match_type="bill"),
    Reconcile(),
)
FIELDS = [
    pytest.param(request, field.name, id=f"{type(request).__name__}.{field.name}")
    for request in REQUESTS
    for field in attrs.fields(type(request))
    if field.name.endswith("_id")
]


def test_type_checkers_take_both_spellings() -> None:
    line = PurchaseLine(account_id=ACCOUNT, amount=500, tax_rate_id=TAX_RATE)
    purchase = Purchase(
        txn_date=DAY, payee_name="x", source_account_id=BANK, lines=[line], contact_id=CONTACT
    )
    plain = Purchase(
        txn_date=DAY,
        payee_name="x",
        source_account_id="acc_9",
        lines=[PurchaseLine(account_id="acc_1", amount=500, tax_rate_id="tax_1")],
        contact_id="con_1",
    )
    assert purchase == plain
    assert to_wire(purchase) == to_wire(plain)
    assert pickle.loads(pickle.dumps(purchase)) == plain
    payment = BillPayment(txn_date=DAY, bill_id=BILL, source_account_id=ACCOUNT, amount=1)
    assert (payment.bill_id, payment.source_account_id) == ("bill_1", "acc_1")
    with pytest.raises(InputError):
        AccountAllocation(account_id=5, amount=1)  # type: ignore[arg-type]


@pytest.mark.sample
@pytest.mark.parametrize(("request_", "name"), FIELDS)
def test_records_that_fit(request_: Any, name: str) -> None:
    for record in RECORDS:
        if type(record) in TAKES[name]:
            changed = attrs.evolve(request_, **{name: record})
            assert getattr(changed, name) == TAKES[name][type(record)]
            assert type(getattr(changed, name)) is str
    own = SimpleNamespace(id="own_1")
    assert getattr(attrs.evolve(request_, **{name: own}), name) == "own_1", (
        "an object of the caller's"
    )


@pytest.mark.parametrize(("request_", "name"), FIELDS)
def test_records_of_another_kind(request_: Any, name: str) -> None:
    for record in RECORDS:
        if type(record) not in TAKES[name]:
            with pytest.raises(InputError) as caught:
                attrs.evolve(request_, **{name: record})
            assert str(caught.value).startswith(f"{name} needs a")
            assert repr(record) in str(caught.value)


@pytest.mark.parametrize(
    "wrong", [5, 1.5, b"acc_1", ["acc_1"], {"id": "acc_1"}, SimpleNamespace(id=5), Account]
)
def test_what_is_neither(wrong: Any) -> None:
    for request, name in (
        (PURCHASE, "source_account_id"),
        (PURCHASE, "contact_id"),
        (REQUESTS[7], "document_id"),
    ):
        with pytest.raises(InputError, match=f"^{name} needs a"):
            attrs.evolve(request, **{name: wrong})


def test_the_message_says_what_is_needed() -> None:
    with pytest.raises(InputError) as caught:
        attrs.evolve(PURCHASE, source_account_id=CONTACT)
    assert str(caught.value) == (
        "source_account_id needs a ledger account: its id or its record (Account, "
        "BankAccount), not Contact(id='con_1', name='Office Depot', type='supplier')."
    )


def test_a_bank_account_without_an_account_of_the_ledger() -> None:
    cases: tuple[tuple[Any, str], ...] = (
        (PURCHASE, "source_account_id"),
        (PURCHASE.lines[0], "account_id"),
    )
    for request, name in cases:
        with pytest.raises(
            InputError, match=f"^{name} needs a ledger account.*chart_account_id is None"
        ):
            attrs.evolve(request, **{name: UNLINKED})


def test_a_call_says_what_it_needs_as_a_request_does() -> None:
    books: Any = client(Script()).organization(ORG)
    with pytest.raises(InputError, match=r"^This call needs an invoice: its id, not 5\.$"):
        books.match("btx_1", invoice=5)
    with pytest.raises(InputError, match=r"^This call needs a bill: its id or its record \(Bill\)"):
        books.match("btx_1", bill=CONTACT)
    with pytest.raises(InputError, match=r"needs a ledger account.*chart_account_id is None"):
        books.reclassify("btx_1", UNLINKED)


def test_an_id_of_a_record_is_checked_like_any() -> None:
    with pytest.raises(InputError, match="source_account_id"):
        attrs.evolve(PURCHASE, source_account_id=attrs.evolve(ACCOUNT, id=".."))


def test_two_records_of_one_account_are_no_transfer() -> None:
    with pytest.raises(InputError, match="two different"):
        Transfer(
            txn_date=DAY,
            from_account_id=BANK,
            to_account_id=attrs.evolve(ACCOUNT, id="acc_9"),
            amount=1,
        )


THEIRS = attrs.evolve(ACCOUNT, organization_id="org_other")
OURS = attrs.evolve(ACCOUNT, organization_id=ORG)


def written(account: Account) -> dict[str, Any]:
    """Return what can be written with an account, by what writes it."""
    lines = [JournalLine.of(account, 5), JournalLine.of("acc_2", -5)]
    return {
        "post": Purchase(
            txn_date=DAY,
            payee_name="x",
            source_account_id="acc_9",
            lines=[PurchaseLine(account_id=account, amount=5)],
        ),
        "create_entry": DraftEntry(date=DAY, description="x", lines=lines),
        "split": AccountAllocation(account_id=account, amount=5),
        "create_account": account,
    }


def write(books: Any, account: Account, door: str) -> object:
    """Write with an account into books, by one of the methods that take it in a request."""
    request = written(account)[door]
    if door == "post":
        return books.post(request, key="k")
    if door == "split":
        return books.split("btx_1", [request])
    if door == "create_account":
        return books.create_account(code="1", name="x", type="asset", parent=request)
    return books.create_entry(request)


@pytest.mark.parametrize("door", written(OURS))
def test_a_record_of_another_organization_is_refused_before_it_is_sent(door: str) -> None:
    row = {"transaction": bank_row(amount=-5)}
    script = Script(httpx.Response(200, json=row) if door == "split" else receipt)
    with pytest.raises(InputError, match="acc_1 belongs to organization org_other"):
        write(client(script).organization(ORG), THEIRS, door)
    assert [request.method for request in script.requests] == ["GET"] * (door == "split")


def test_a_record_of_the_organization_itself_is_sent() -> None:
    script = Script(receipt)
    books = client(script).organization(ORG)
    write(books, OURS, "post")
    write(books, ACCOUNT, "post")
    one, other = script.requests
    assert one.content == other.content


def test_the_outbox_refuses_a_record_of_another_organization(tmp_path: Path) -> None:
    theirs, ours = (written(account)["post"] for account in (THEIRS, OURS))
    with Store(tmp_path / "books.db") as store:
        outbox = store.outbox()
        with pytest.raises(InputError, match="org_other"):
            outbox.add(ORG, theirs, source=("till", "1"))
        with pytest.raises(InputError, match="org_other"):
            outbox.add_all(ORG, [(theirs, ("till", "1"))])
        row = outbox.add(ORG, ours, source=("till", "1"))
        with pytest.raises(InputError, match="org_other"):
            outbox.correct(row, theirs)
        assert outbox.status().pending == 1


def test_a_bill_is_no_invoice() -> None:
    assert (
        DocumentAllocation(document_type="bill", document_id=BILL, amount=1).document_id == "bill_1"
    )
    assert (
        DocumentAllocation(document_type="invoice", document_id="inv_1", amount=1).document_id
        == "inv_1"
    )
    with pytest.raises(InputError, match="document_id needs an invoice"):
        DocumentAllocation(document_type="invoice", document_id=BILL, amount=1)
