"""The requests check themselves when they are made: nothing of what the service would refuse is
ever sent.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import attrs
import pytest

from ledgerhq_ext import (
    AccountAllocation,
    BillPayment,
    Deposit,
    DepositLine,
    DocumentAllocation,
    DraftEntry,
    InputError,
    JournalEntry,
    JournalLine,
    PostingLine,
    Purchase,
    PurchaseLine,
    Transfer,
)
from ledgerhq_ext.money import LIMIT
from tests.support.clients import ORG, client
from tests.support.postings import BALANCED, DAY, DRAFT, LINE, POSTINGS, PURCHASE
from tests.support.responses import Script, receipt

GOOD: dict[type, Any] = {
    Purchase: PURCHASE,
    Deposit: POSTINGS["deposits"],
    Transfer: POSTINGS["transfers"],
    BillPayment: POSTINGS["bill-payments"],
    JournalEntry: POSTINGS["journal-entries"],
    DraftEntry: DRAFT,
    PostingLine: LINE,
    JournalLine: BALANCED[0],
    AccountAllocation: AccountAllocation(account_id="a", amount=1),
    DocumentAllocation: DocumentAllocation(document_type="bill", document_id="b", amount=1),
}
BAD_AMOUNTS: list[Any] = [0, -1, 12.5, 1.0, True, "100", None, Decimal(1), LIMIT + 1]
BAD_IDS: list[Any] = ["", " ", ".", "..", "a\nb", 5, None, "é", "x" * 201]
BAD_DAYS: list[Any] = [
    "2026-02-30",
    "08/06/2026",
    "20260608",
    "",
    None,
    20260608,
    dt.datetime(2026, 6, 8, tzinfo=dt.UTC),
]
BAD_TEXTS: list[Any] = [5, b"x", "a\x00b", "\ud800", "bell\x07"]
BAD_LINES: list[Any] = [[], None, "lines", 5, [None], [{"account_id": "a", "amount": 1}], LINE]
HUGE = PostingLine(account_id="a", amount=LIMIT)
BAD_BY_NAME: dict[str, list[Any]] = {
    "amount": BAD_AMOUNTS,
    "debit_amount": [-1, 1.0, True, "1", None, LIMIT + 1, 0],
    "credit_amount": [-1, 1.0, True, "1", None, 5],
    "txn_date": BAD_DAYS,
    "date": BAD_DAYS,
    "memo": BAD_TEXTS,
    "description": BAD_TEXTS,
    "reference": BAD_TEXTS,
    "payer_name": BAD_TEXTS,
    "payee_name": [*BAD_TEXTS, "", "  ", "\u200b", "\u2800 ", None],
    "currency_code": ["usd", "US", "", 840, b"USD"],
    "document_type": ["Bill", "", None, "receipt"],
}


def bad_values(kind: type, name: str) -> list[Any]:
    if name == "lines":
        postings = kind in (Purchase, Deposit)
        more = (
            [[BALANCED[0]], [HUGE, HUGE]]
            if postings
            else [BALANCED[:1], [LINE, LINE], [*BALANCED, BALANCED[0]]]
        )
        return [*BAD_LINES, *more]
    required = attrs.fields_dict(kind)[name].default is attrs.NOTHING
    return BAD_BY_NAME.get(name) or (
        BAD_IDS if required else [bad for bad in BAD_IDS if bad is not None]
    )


CASES = [
    pytest.param(kind, attribute.name, bad, id=f"{kind.__name__}.{attribute.name}={bad!r:.30}")
    for kind in GOOD
    for attribute in attrs.fields(kind)
    for bad in bad_values(kind, attribute.name)
]


@pytest.mark.parametrize(("kind", "name", "bad"), CASES)
def test_refused(kind: type, name: str, bad: Any) -> None:
    with pytest.raises(InputError) as raised:
        attrs.evolve(GOOD[kind], **{name: bad})
    assert raised.value.outcome == "not_sent"


@pytest.mark.parametrize(
    "lines",
    [
        [JournalLine(account_id="a", debit_amount=1), JournalLine(account_id="b", credit_amount=2)],
        [JournalLine(account_id="a", debit_amount=1), JournalLine(account_id="b", debit_amount=1)],
        [JournalLine(account_id="a", debit_amount=LIMIT)] * 2
        + [JournalLine(account_id="b", credit_amount=LIMIT)] * 2,
    ],
    ids=["unbalanced", "one side", "huge"],
)
def test_entries_that_do_not_balance(lines: list[JournalLine]) -> None:
    for make in (
        lambda: JournalEntry(txn_date=DAY, lines=lines),
        lambda: DraftEntry(date=DAY, description="x", lines=lines),
    ):
        with pytest.raises(InputError):
            make()


def test_other_refusals() -> None:
    with pytest.raises(InputError, match="two different"):
        Transfer(txn_date=DAY, from_account_id="a", to_account_id="a", amount=1)
    with pytest.raises(InputError):
        JournalLine(account_id="a")
    with pytest.raises(InputError):
        JournalLine(account_id="a", debit_amount=1, credit_amount=1)


@pytest.mark.parametrize("wrong", [None, {}, "purchase", LINE, DRAFT, Purchase])
def test_post_takes_one_of_five(wrong: Any) -> None:
    script = Script(receipt)
    with pytest.raises(InputError):
        client(script).organization(ORG).post(wrong, key="k")
    assert script.requests == []


@pytest.mark.parametrize(
    "source", ["till", ("till",), ("till", "1 "), ("till", ""), ("", "1"), ("till", 1)]
)
def test_a_source_is_checked_beside_a_key_too(source: Any) -> None:
    script = Script(receipt)
    with pytest.raises(InputError, match="source"):
        client(script).organization(ORG).post(PURCHASE, source=source, key="k")
    assert script.requests == []


class Spoken(dt.date):
    """A date that writes itself in words, as classes of other libraries may."""

    def isoformat(self) -> str:
        return "the eighth of June"

    __str__ = isoformat


def test_a_date_of_another_class_is_sent_as_the_day_it_is() -> None:
    script = Script(receipt)
    books = client(script).organization(ORG)
    for day in (DAY, Spoken(DAY.year, DAY.month, DAY.day)):
        books.post(attrs.evolve(PURCHASE, txn_date=day), key="k")
    plain, spoken = script.requests
    assert spoken.content == plain.content


@pytest.mark.parametrize("wrong", [BALANCED, POSTINGS["journal-entries"], {"date": "2026-06-08"}])
def test_what_is_no_draft_is_refused(wrong: Any) -> None:
    script = Script(receipt)
    with pytest.raises(InputError, match="create_entry takes a DraftEntry"):
        client(script).organization(ORG).create_entry(wrong)
    assert script.requests == []


def test_conveniences() -> None:
    purchase = attrs.evolve(
        PURCHASE, txn_date="2026-06-08", lines=iter([LINE, LINE]), memo="two\nlines\tand a tab"
    )
    assert (purchase.txn_date, purchase.lines) == (DAY, (LINE, LINE))
    assert PurchaseLine is DepositLine is PostingLine
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        purchase.memo = "x"  # type: ignore[misc]
    assert hash(purchase)
