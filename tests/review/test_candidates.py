"""What a row may belong to: open bills and posted entries of its amount, about its date."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from ledgerhq_ext import BankAccount, BankTransaction, Bill, Contact, Entry, EntryLine, review

TODAY = dt.date(2026, 6, 30)


def row(**changes: Any) -> BankTransaction:
    """Return a row of 20 June, 125.00 paid to Metro Parts."""
    fields: dict[str, Any] = {
        "id": "row-1",
        "bank_account_id": "bank-1",
        "date": dt.date(2026, 6, 20),
        "description": "ACH METRO PARTS 4411",
        "reference": "INV 77",
        "amount": -12_500,
        "status": "unreconciled",
        "source_type": "plaid_bank_feed",
        "pending": False,
        "currency_code": "USD",
    }
    return BankTransaction(**fields | changes)


def bill(**changes: Any) -> Bill:
    """Return an open bill of the same amount."""
    fields: dict[str, Any] = {
        "id": "bill-1",
        "contact_id": "contact-1",
        "bill_number": "B-77",
        "status": "received",
        "issue_date": dt.date(2026, 6, 1),
        "due_date": dt.date(2026, 7, 1),
        "total": 20_000,
        "amount_paid": 7_500,
        "amount_due": 12_500,
        "currency_code": "USD",
    }
    return Bill(**fields | changes)


def entry(*moves: tuple[str, int], **changes: Any) -> Entry:
    """Return a posted entry; unless moves are given, of 125.00 from the bank account."""
    lines: list[EntryLine] = []
    for number, (account_id, amount) in enumerate(
        moves or (("acc-bank", -12_500), ("acc-6100", 12_500))
    ):
        debit, credit = max(amount, 0), max(-amount, 0)
        lines.append(
            EntryLine(
                id=f"l{number}", account_id=account_id, debit_amount=debit, credit_amount=credit
            )
        )
    fields: dict[str, Any] = {
        "id": "entry-1",
        "entry_number": 42,
        "date": dt.date(2026, 6, 18),
        "description": "Metro Parts, brake pads",
        "status": "posted",
        "lines": tuple(lines),
    }
    return Entry(**fields | changes)


BANK = BankAccount(
    id="bank-1",
    account_name="Business checking",
    account_type="checking",
    currency_code="USD",
    balance=0,
    is_active=True,
    chart_account_id="acc-bank",
)
METRO = Contact(id="contact-1", name="Metro Parts Ltd", type="supplier")


def table(*rows: BankTransaction, **context: Any) -> review.ReviewTable:
    """Return the table of rows with all that is known about them."""
    known: dict[str, Any] = {"bank_accounts": [BANK], "contacts": [METRO], "as_of": TODAY}
    return review.table(rows, **known | context)


def targets(*rows: BankTransaction, **context: Any) -> list[str]:
    """Return what the first row may belong to."""
    return [candidate.target for candidate in table(*rows, **context).rows[0].candidates]


def test_an_open_bill_and_a_posted_entry_are_candidates() -> None:
    (waiting,) = table(row(), bills=[bill()], entries=[entry()]).rows
    assert [candidate.target for candidate in waiting.candidates] == [
        "entry:entry-1",
        "bill:bill-1",
    ]
    assert waiting.candidate_names == (
        "entry 42 Metro Parts, brake pads, 2026-06-18",
        "bill B-77 Metro Parts Ltd, due 2026-07-01",
    )
    assert all(candidate.same_payee for candidate in waiting.candidates)
    assert (waiting.bank, waiting.memo, waiting.booked) == ("Business checking", "INV 77", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "paid"},
        {"status": "draft"},
        {"status": "void"},
        {"amount_due": 12_501},
        {"amount_due": 20_000, "amount_paid": 0},
        {"currency_code": "EUR"},
        {"issue_date": dt.date(2026, 7, 1)},
        {"issue_date": dt.date(2026, 3, 1), "due_date": dt.date(2026, 4, 20)},
        {"organization_id": "org_other"},
    ],
)
def test_a_bill_that_is_no_candidate(changes: dict[str, Any]) -> None:
    assert targets(row(), bills=[bill(**changes)]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"issue_date": dt.date(2026, 6, 30)},
        {"issue_date": dt.date(2026, 3, 1), "due_date": dt.date(2026, 4, 21)},
        {"status": "overdue"},
        {"status": "partial"},
        {"contact_id": "contact-9"},
    ],
)
def test_a_bill_that_is_a_candidate(changes: dict[str, Any]) -> None:
    assert targets(row(), bills=[bill(**changes)]) == ["bill:bill-1"]


def test_money_in_pays_no_bill() -> None:
    assert targets(row(amount=12_500), bills=[bill()]) == []


@pytest.mark.parametrize(
    "other",
    [
        entry(status="draft"),
        entry(status="void"),
        entry(date=dt.date(2026, 6, 9)),
        entry(date=dt.date(2026, 7, 1)),
        entry(("acc-bank", 12_500), ("acc-4000", -12_500)),
        entry(("acc-bank", -12_500), ("acc-bank", 500), ("acc-6100", 12_000)),
        entry(("acc-cash", -12_500), ("acc-6100", 12_500)),
        entry(organization_id="org_other"),
    ],
    ids=[
        "draft",
        "void",
        "before",
        "after",
        "money in",
        "another sum",
        "another account",
        "another company",
    ],
)
def test_an_entry_that_is_no_candidate(other: Entry) -> None:
    assert targets(row(), entries=[other]) == []


def test_an_entry_in_another_currency_is_no_candidate() -> None:
    line = EntryLine(
        id="l", account_id="acc-bank", debit_amount=0, credit_amount=12_500, currency_code="EUR"
    )
    assert targets(row(), entries=[entry(lines=(line,))]) == []


def test_the_lines_of_the_bank_account_are_added_up() -> None:
    split = entry(("acc-bank", -12_000), ("acc-bank", -500), ("acc-6100", 12_500))
    assert targets(row(), entries=[split]) == ["entry:entry-1"]


def test_an_entry_of_another_row_is_no_candidate() -> None:
    linked = row(id="row-0", status="reconciled", journal_entry_id="entry-1")
    assert targets(row(), linked, entries=[entry()]) == []
    assert targets(row(), history=[linked], entries=[entry()]) == []


def test_the_other_side_of_a_transfer_is_a_candidate() -> None:
    """Its entry is linked with the row of the other bank account, which is no row of this one."""
    savings = row(
        id="row-0",
        bank_account_id="bank-2",
        amount=12_500,
        status="reconciled",
        journal_entry_id="entry-1",
    )
    moved = entry(("acc-bank", -12_500), ("acc-savings", 12_500))
    assert targets(row(), savings, entries=[moved]) == ["entry:entry-1"]


def test_a_row_with_an_entry_has_no_candidates() -> None:
    (waiting,) = table(
        row(journal_entry_id="entry-1"), bills=[bill()], entries=[entry(), entry(id="entry-2")]
    ).rows
    assert waiting.candidates == ()
    assert waiting.booked == "entry 42 Metro Parts, brake pads, 2026-06-18"


def test_without_its_bank_account_no_entry_is_a_candidate() -> None:
    (waiting,) = table(row(), bank_accounts=[], entries=[entry()]).rows
    assert (waiting.candidates, waiting.bank) == ((), "")


def test_the_payee_comes_first_and_then_the_nearest_date() -> None:
    stranger = entry(id="entry-9", description="Rent", date=dt.date(2026, 6, 20))
    near = entry(id="entry-2", date=dt.date(2026, 6, 19))
    assert targets(row(), entries=[stranger, entry(), near]) == [
        "entry:entry-2",
        "entry:entry-1",
        "entry:entry-9",
    ]


def test_a_row_has_twenty_candidates_at_the_most() -> None:
    """A shop books the same amount many times a month."""
    entries = [entry(id=f"entry-{number:02}", description="Till") for number in range(30)]
    assert targets(row(), entries=[*entries, entry()]) == [
        "entry:entry-1",
        *(f"entry:entry-{number:02}" for number in range(19)),
    ]


def test_the_ends_of_the_calendar_are_days_like_others() -> None:
    first = row(date=dt.date.min)
    last = row(date=dt.date.max)
    assert targets(first, entries=[entry(date=dt.date.min)]) == ["entry:entry-1"]
    assert targets(last, bills=[bill(due_date=dt.date.max)]) == ["bill:bill-1"]


@pytest.mark.parametrize(
    ("description", "same"),
    [
        ("METRO PARTS LTD 12", True),
        ("Metro Parts Wholesale", True),
        ("Metro Cinema", False),
        ("Of to at", False),
        ("", False),
    ],
)
def test_a_payee_is_the_same_by_its_words(description: str, same: bool) -> None:
    own = row(payee="Metro Parts", description="POS 8841")
    (candidate,) = table(own, entries=[entry(description=description)]).rows[0].candidates
    assert candidate.same_payee is same


def test_a_file_to_fill_in_names_what_a_target_takes() -> None:
    entries = [entry(id=f"entry-{number}", entry_number=number) for number in range(1, 5)]
    text = table(
        row(), row(id="row-2", journal_entry_id="entry-9"), bills=[bill()], entries=entries
    ).decisions()
    first, second = csv.DictReader(io.StringIO(text))
    assert first["candidates"].startswith(
        "entry:entry-1 (entry 1 Metro Parts, brake pads, 2026-06-18) | entry:entry-2 ("
    )
    assert first["candidates"].endswith(" | and more")
    assert (first["bank_account"], first["memo"], first["entry"]) == (
        "Business checking",
        "INV 77",
        "",
    )
    assert (second["candidates"], second["entry"]) == ("", "entry:entry-9")
    assert list(first)[-1] == "status"
    assert first["status"] == "unreconciled"


def test_names_are_harmless_wherever_they_are_written() -> None:
    evil = Contact(id="contact-1", name="<b>Evil</b>\u202e\nLtd", type="supplier")
    account = BankAccount(
        id="bank-1",
        account_name="=1+1",
        account_type="checking",
        currency_code="USD",
        balance=0,
        is_active=True,
    )
    hostile = table(row(reference="<i>"), bills=[bill()], contacts=[evil], bank_accounts=[account])
    page = hostile.html()
    assert "&lt;b&gt;Evil&lt;/b&gt;\N{REPLACEMENT CHARACTER} Ltd" in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert "\u202e" not in hostile.decisions() + hostile.text()
    (cells,) = csv.DictReader(io.StringIO(hostile.decisions()))
    assert cells["bank_account"] == "'=1+1"


def test_the_terminal_has_a_second_line_for_what_is_known() -> None:
    linked = row(id="row-2", date=dt.date(2026, 6, 21), journal_entry_id="entry-9")
    lines = table(row(), linked, bills=[bill()]).text(120).splitlines()
    assert (
        lines[2].strip()
        == "Business checking · INV 77 · bill B-77 Metro Parts Ltd, due 2026-07-01?"
    )
    assert lines[4].strip() == "Business checking · INV 77 · entry entry-9"
    assert all(
        len(line) <= 60 for line in table(row(), linked, bills=[bill()]).text(60).splitlines()[:5]
    )


def test_the_page_says_where_a_row_stands_and_what_it_may_belong_to() -> None:
    linked = row(id="row-2", journal_entry_id="entry-9")
    page = table(row(), linked, bills=[bill()]).html()
    assert page.count("<small>Business checking</small>") == 2
    assert page.count("<small>INV 77</small>") == 2
    assert "<li>bill B-77 Metro Parts Ltd, due Jul 1, 2026</li>" in page
    assert "</span> entry entry-9" in page


def test_the_page_writes_a_linked_entry_and_the_first_candidates() -> None:
    entries = [entry(id=f"entry-{number}", entry_number=number) for number in range(1, 6)]
    page = table(row(), row(id="row-2", journal_entry_id="entry-5"), entries=entries).html()
    assert "</span> entry 5 Metro Parts, brake pads, Jun 18, 2026" in page
    assert page.count("<li>") == 4
    assert "<li>and more</li>" in page
