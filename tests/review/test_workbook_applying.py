"""A workbook that was filled in, carried out against a sandbox."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from ledgerhq_ext import Event, InputError, LedgerHQ, Organization, review
from ledgerhq_ext.sandbox import Sandbox

openpyxl: Any = import_module("openpyxl")  # it has no types


@pytest.fixture
def sent() -> list[Event]:
    return []


@pytest.fixture
def hq(box: Sandbox, sent: list[Event]) -> Iterator[LedgerHQ]:
    with LedgerHQ(base_url=box.url, access_token=box.access_token(), hooks=[sent.append]) as hq:
        yield hq


@pytest.fixture
def books(hq: LedgerHQ) -> Organization:
    return hq.organization(hq.company("Maple Street Coffee"))


class Sheet:
    """The sheet with the rows, as a person has it open."""

    def __init__(self, content: bytes) -> None:
        self._book = openpyxl.load_workbook(io.BytesIO(content))
        self._sheet = self._book["Review"]
        self._at = {cell.value: cell.column for cell in self._sheet[2]}
        self.choices = [cells[0].value for cells in self._book["Accounts"].iter_rows(min_row=2)]

    def write(self, id: str, **cells: object) -> None:
        """Write into the row of an id."""
        for number in range(3, self._sheet.max_row + 1):
            if self._sheet.cell(number, self._at["transaction_id"]).value == id:
                for name, value in cells.items():
                    self._sheet.cell(number, self._at[name]).value = value

    def saved(self) -> io.BytesIO:
        """Return the file."""
        target = io.BytesIO()
        self._book.save(target)
        target.seek(0)
        return target


@pytest.fixture
def sheet(books: Organization) -> Sheet:
    return Sheet(review.read_table(books).workbook(books.accounts()))


def rows_of(books: Organization, *, linked: bool) -> list[str]:
    """Return the ids of rows that are spent, with an entry or without one."""
    rows = books.bank_transactions(status="unreconciled")
    settled = [row for row in rows if row.amount < 0 and not row.pending]
    return [row.id for row in settled if bool(row.journal_entry_id) == linked]


def test_a_workbook_goes_all_the_way_and_the_second_time_nothing_changes(
    books: Organization, sheet: Sheet, sent: list[Event]
) -> None:
    linked = rows_of(books, linked=True)
    loose = rows_of(books, linked=False)
    [supplies] = [choice for choice in sheet.choices if choice.startswith("6100 ")]
    sheet.write(linked[0], action="reclassify", account=supplies)
    sheet.write(linked[1], action="reconcile")
    sheet.write(loose[0], action="exclude")
    sheet.write(loose[1], action="leave")
    assert str(review.apply(books, sheet.saved())) == "3 done"
    assert books.bank_transaction(linked[0]).account_code == "6100"
    assert books.bank_transaction(linked[1]).status == "reconciled"
    assert books.bank_transaction(loose[0]).status == "excluded"
    assert books.bank_transaction(loose[1]).status == "unreconciled"

    sent.clear()
    assert str(review.apply(books, sheet.saved())) == "3 already"
    assert [event for event in sent if event.method == "POST"] == []


def test_a_candidate_of_the_list_is_matched(books: Organization, sheet: Sheet) -> None:
    table = review.read_table(books)
    row = next(row for row in table.rows if row.candidates and not row.transaction.pending)
    candidate = row.candidates[0]
    sheet.write(row.transaction.id, action="match", target=f"{candidate.target} ({candidate})")
    assert str(review.apply(books, sheet.saved())) == "1 done"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": -0.01}, "it was reviewed as -0.01"),
        ({"date": "2020-01-31"}, "it was reviewed as of 2020-01-31"),
        ({"status": "excluded"}, "it was reviewed as excluded"),
        ({"entry": "entry:another"}, "it was reviewed with entry another"),
        ({"transaction_id": "nobody"}, "nobody"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_says_which_row_it_is_must_not_be_changed(
    books: Organization, sheet: Sheet, changes: dict[str, object], said: str
) -> None:
    first, second = rows_of(books, linked=False)[:2]
    sheet.write(second, action="exclude")
    sheet.write(first, action="exclude", **changes)
    report = review.apply(books, sheet.saved())
    assert sorted(result.status for result in report.results) == ["done", "refused"]
    (refusal,) = report.failed
    assert said in refusal.message
    assert books.bank_transaction(first).status == "unreconciled"


def test_a_file_of_another_company_is_refused_before_anything_is_sent(
    hq: LedgerHQ, books: Organization, sheet: Sheet, sent: list[Event]
) -> None:
    sheet.write(rows_of(books, linked=False)[0], action="exclude")
    other = hq.organization(hq.company("Harbor Bike Repair"))
    sent.clear()
    with pytest.raises(InputError, match="is about the organization") as caught:
        review.apply(other, sheet.saved())
    assert books.id in caught.value.message
    assert sent == []


def test_an_account_that_was_renamed_is_not_found(books: Organization, sheet: Sheet) -> None:
    sheet.write(rows_of(books, linked=True)[0], action="reclassify", account="6100 Stationery")
    with pytest.raises(InputError, match="Nothing was changed") as caught:
        review.apply(books, sheet.saved())
    assert "6100 Stationery" in caught.value.message


def test_an_account_with_a_colon_in_its_name_is_an_account(
    books: Organization, sent: list[Event]
) -> None:
    meals = books.create_account(code="6199", name="Meals: clients", type="expense")
    sheet = Sheet(review.read_table(books).workbook(books.accounts()))
    [choice] = [choice for choice in sheet.choices if choice.startswith("6199 ")]
    linked = rows_of(books, linked=True)[0]
    loose = books.bank_transaction(rows_of(books, linked=False)[0])
    sheet.write(linked, action="reclassify", account=choice)
    amount = f"{-loose.amount // 100}.{-loose.amount % 100:02}"
    sheet.write(loose.id, action="split", shares=f"{choice}={amount}")
    assert str(review.apply(books, sheet.saved())) == "2 done"
    assert books.bank_transaction(linked).account_id == meals.id

    sheet.write(linked, account="6199 Meals: staff")
    sent.clear()
    with pytest.raises(InputError, match="Nothing was changed"):
        review.apply(books, sheet.saved())
    assert [event for event in sent if event.method == "POST"] == []
