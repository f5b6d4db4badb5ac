"""The review table: what waits, since when, and what it probably is."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import BankTransaction, InputError, review

TODAY = dt.date(2026, 6, 30)


def row(
    number: int, day: int, amount: int = -1250, payee: str | None = "Office Depot", **more: object
) -> BankTransaction:
    """A row of June."""
    given_fields: dict[str, object] = {
        "id": f"row-{number:03}",
        "bank_account_id": "bank-1",
        "date": dt.date(2026, 6, day),
        "description": "ACH 4411 OFFICE DEPOT #42",
        "amount": amount,
        "status": "unreconciled",
        "source_type": "plaid_bank_feed",
        "pending": False,
        "payee": payee,
        "currency_code": "USD",
        **more,
    }
    return BankTransaction(**given_fields)  # type: ignore[arg-type]


def known(number: int, day: int, code: str, **more: object) -> BankTransaction:
    """A row that was classified."""
    booked = {
        "status": "reconciled",
        "account_id": f"acc-{code}",
        "account_code": code,
        "account_name": f"Name {code}",
    }
    return row(number, day, **{**booked, **more})  # type: ignore[arg-type]


def test_the_oldest_comes_first_with_its_age() -> None:
    table = review.table([row(1, 20), row(2, 3), known(3, 1, "6100")], as_of=TODAY)
    assert [(waiting.transaction.id, waiting.days) for waiting in table.rows] == [
        ("row-002", 27),
        ("row-001", 10),
    ]
    assert table.totals == {"USD": (2, 0, -2500)}


def test_earlier_rows_of_the_payee_suggest_an_account() -> None:
    past = [known(1, 1, "6100"), known(2, 2, "6500"), known(3, 3, "6100"), known(4, 25, "6900")]
    (waiting,) = review.table([row(9, 20)], history=past, as_of=TODAY).rows
    assert str(waiting.suggestion) == "6100 Name 6100 (2 of 3)"
    assert waiting.likely == "6100 Name 6100 (2 of 3)"


def test_of_two_as_common_the_latest_is_suggested() -> None:
    (waiting,) = review.table([row(9, 20)], history=[known(1, 1, "6100"), known(2, 2, "6500")]).rows
    assert waiting.suggestion
    assert waiting.suggestion.account_code == "6500"


@pytest.mark.parametrize(
    "other",
    [
        known(1, 25, "6100"),
        known(1, 1, "6100", amount=1250),
        known(1, 1, "6100", payee="Corner Cafe"),
        known(1, 1, "6100", status="excluded"),
        known(1, 1, "6100", account_id=None),
    ],
    ids=["later", "money in", "another payee", "excluded", "not classified"],
)
def test_what_says_nothing_suggests_nothing(other: BankTransaction) -> None:
    (waiting,) = review.table([row(9, 20)], history=[other]).rows
    assert waiting.suggestion is None
    assert waiting.likely == ""


def test_numbers_and_case_do_not_hide_a_payee() -> None:
    past = known(1, 1, "6100", payee=None, description="OFFICE DEPOT #17 06/01")
    (waiting,) = review.table(
        [row(9, 20, payee=None, description="Office Depot 99")], history=[past]
    ).rows
    assert waiting.suggestion


def test_its_own_account_is_likelier_than_a_suggestion() -> None:
    own = row(9, 20, account_id="acc-1", account_code="6400", account_name="Utilities")
    (waiting,) = review.table([own], history=[known(1, 1, "6100")]).rows
    assert waiting.likely == "6400 Utilities"


def _columns(line: str) -> int:
    wide = unicodedata.east_asian_width
    return sum(
        0 if unicodedata.combining(sign) else 2 if wide(sign) in "WF" else 1 for sign in line
    )


@given(st.text(max_size=60), st.integers(60, 200))
def test_lines_stay_in_the_terminal(payee: str, width: int) -> None:
    text = review.table([row(1, 2, payee=payee)], as_of=TODAY).text(width)
    lines = text.splitlines()
    assert len(lines) == 3
    assert all(_columns(line) <= width for line in lines[:2])
    assert not {"\x1b", "\u202e", "\r"} & set(text)


def test_wide_letters_take_two_columns() -> None:
    text = review.table([row(1, 2, payee="桜文具店" * 10), row(2, 3)], as_of=TODAY).text(80)
    _, first, second, total = text.splitlines()
    amount = "-12.50 USD"
    assert _columns(first[: first.index(amount)]) == _columns(second[: second.index(amount)])
    assert total == "2 unreconciled: 0.00 USD in, -25.00 USD out"


def test_nothing_to_review_says_so() -> None:
    table = review.table([known(1, 1, "6100")])
    assert len(table) == 0
    assert table.text() == "There are no unreconciled rows."
    assert "There are no unreconciled rows" in table.html()


def test_the_page_escapes_and_sums() -> None:
    page = review.table(
        [row(1, 2, payee="<script>x</script>\u202e"), row(2, 2, 99, currency_code="EUR")]
    ).html()
    assert "&lt;script&gt;x&lt;/script&gt;�" in page
    assert "<script>" not in page
    assert "($12.50)" in page
    assert "€0.99" in page


def test_the_file_to_fill_in_is_harmless_and_reads_back(tmp_path: Path) -> None:
    table = review.table(
        [row(1, 20, payee="=cmd|' /C calc'!A0")],
        history=[known(2, 1, "6100", payee="cmd C calc A")],
    )
    (written,) = csv.DictReader(io.StringIO(table.decisions()))
    assert written["payee"].startswith("'=")
    assert (written["amount"], written["account"], written["action"]) == ("-12.50", "6100", "")
    assert review.read_decisions(table.write_decisions(tmp_path / "decisions.csv")) == ()


@pytest.mark.parametrize(
    ("code", "account"),
    [
        ("6100", "6100"),
        ("SALES-1", "SALES-1"),
        ("0420", "acc-0420"),
        ("5000.10", "acc-5000.10"),
        ("1-2", "acc-1-2"),
        ("1E5", "acc-1E5"),
        ("MAR-1", "acc-MAR-1"),
        ("dec25", "acc-dec25"),
        ("TRUE", "acc-TRUE"),
        ("=1+1", "acc-=1+1"),
        ("1234567890123456", "acc-1234567890123456"),
        (None, "acc-None"),
    ],
)
def test_an_account_is_suggested_by_what_a_spreadsheet_keeps(
    code: str | None, account: str
) -> None:
    booked = known(2, 1, str(code), account_code=code)
    table = review.table([row(1, 20)], history=[booked])
    (written,) = csv.DictReader(io.StringIO(table.decisions()))
    assert written["account"] == account


def test_a_row_without_a_currency_is_not_guessed() -> None:
    nameless = row(1, 20, currency_code=None)
    with pytest.raises(
        InputError, match=r"row-001 has no currency\. Pass the company's with currency="
    ):
        review.table([nameless])
    assert review.table([nameless], currency="JPY").totals == {"JPY": (1, 0, -1250)}
    assert review.table([row(2, 20), known(1, 20, "6100", currency_code=None)]).totals == {
        "USD": (1, 0, -1250)
    }


def test_a_pending_row_is_marked_everywhere() -> None:
    table = review.table([row(1, 20, pending=True), row(2, 21)], as_of=TODAY)
    assert table.pending("USD") == 1
    _, first, second, total = table.text().splitlines()
    assert "pending" in first
    assert "pending" not in second
    assert total == "2 unreconciled (1 pending): 0.00 USD in, -25.00 USD out"

    marked, unmarked = csv.DictReader(io.StringIO(table.decisions()))
    assert (marked["pending"], unmarked["pending"]) == ("pending", "")

    page = table.html()
    assert page.count('<span class="mark">Pending</span>') == 1
    assert "<small>1 pending</small>" in page


def test_a_long_table_is_written_in_parts() -> None:
    page = review.table([row(number, 20) for number in range(251)], as_of=TODAY).html()
    assert page.count("<table") == 2
    assert 'id="review-usd-2"' in page
    assert page.count('<th scope="row">') == 251
