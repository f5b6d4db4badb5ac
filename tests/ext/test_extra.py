"""What the contract gains and loses: unknown fields are kept, odd ones cost nothing, new ones can
be sent.
"""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal
from typing import Any

import attrs
import httpx
import pytest
from ledgerhq_api.fields import fields
from ledgerhq_api.values import Extra

from ledgerhq_ext import (
    BankAccount,
    BankTransaction,
    ContractError,
    Entry,
    EntryLine,
    InputError,
    JournalEntry,
    JournalLine,
    Purchase,
    PurchaseLine,
    Record,
    models,
)
from ledgerhq_ext._wire import Reading, read, to_wire
from tests.support.clients import ORG, client
from tests.support.responses import Script

pytestmark = pytest.mark.usefixtures("parser")

ROW: dict[str, Any] = {
    "id": "bt_1",
    "bankAccountId": "ba_1",
    "date": "2026-06-08",
    "description": "Coffee",
    "amount": -450,
    "status": "unreconciled",
    "sourceType": "plaid_bank_feed",
    "pending": False,
    "reference": "R-1",
    "balance": 1000,
    "payee": "Cafe",
    "postedDate": "2026-06-09",
    "createdAt": "2026-06-08T16:00:00.000Z",
}
OPTIONAL = [field.wire for field in fields(BankTransaction) if field.on_wire and not field.needed]
NEEDED = [field.wire for field in fields(BankTransaction) if field.on_wire and field.needed]
MANGLED: list[Any] = [
    12.5,
    "soon",
    True,
    [],
    {"x": [1]},
    "2026-02-30",
    ["a", {"b": None}],
    10**400,
    "\ud800",
]


def page_of(*rows: Any) -> Any:
    pagination = {"page": 1, "limit": 100, "total": len(rows), "totalPages": 1}
    answer = httpx.Response(
        200, content=json.dumps({"data": list(rows), "pagination": pagination}).encode()
    )
    return client(Script(answer)).organization(ORG)


@pytest.mark.parametrize("name", OPTIONAL)
def test_what_is_not_needed_costs_no_page(name: str) -> None:
    for value in MANGLED:
        odd = {**ROW, "id": "bt_2", name: value}
        rows = list(page_of(ROW, odd).bank_transactions())
        assert [row.id for row in rows] == ["bt_1", "bt_2"]
        attribute = next(field.attribute for field in fields(BankTransaction) if field.wire == name)
        kept = getattr(rows[1], attribute)
        assert kept is None or isinstance(kept, str)
        # Read or not, it is still what the service said.
        assert rows[1].to_dict()[name] == value
        assert (name in rows[1].extra) == (kept is None)
        assert BankTransaction.from_json(rows[1].to_json()) == rows[1]
        assert hash(rows[1]) == hash(copy.deepcopy(rows[1]))
    missing = {known: value for known, value in ROW.items() if known != name}
    [row] = page_of({**missing, name: None}).bank_transactions()
    assert row == next(iter(page_of(missing).bank_transactions()))


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "9" * 5_000, "-" + "9" * 5_000])
def test_a_number_that_nobody_counts_with_costs_no_page(number: str) -> None:
    row = json.dumps(ROW).removesuffix("}") + f', "score": {number}}}'
    place = {"page": 1, "limit": 100, "total": 1, "totalPages": 1}
    content = f'{{"data": [{row}], "pagination": {json.dumps(place)}}}'.encode()
    script = Script(httpx.Response(200, content=content))
    [record] = client(script).organization(ORG).bank_transactions()
    assert record == next(iter(page_of(ROW).bank_transactions()))

    # As text: JSON has no such number, or others do not read it.
    document = json.loads(record.to_json(), parse_constant=pytest.fail)
    assert document["score"] == str(Decimal(number))


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_needed_says_where_it_is_missing(name: str) -> None:
    odd = {known: value for known, value in ROW.items() if known != name}
    with pytest.raises(ContractError) as raised:
        list(page_of(ROW, odd).bank_transactions())
    assert raised.value.pointer == f"/data/1/{name}"


def test_an_older_library_keeps_what_a_newer_service_says() -> None:
    account = {
        "id": "ba_1",
        "organizationId": ORG,
        "accountName": "Till",
        "accountType": "vault",
        "currencyCode": "EUR",
        "balance": 5,
        "isActive": True,
        "color": "red",
        "ibans": ["DE02", {"country": "DE"}],
    }
    answer = httpx.Response(200, json={"bankAccounts": [account]})
    [till] = client(Script(answer)).organization(ORG).bank_accounts()
    assert till.account_type == "vault"
    assert till.extra == {"ibans": ("DE02", {"country": "DE"})}
    assert till.to_dict()["ibans"] == ["DE02", {"country": "DE"}]
    for copied in (
        pickle.loads(pickle.dumps(till)),
        copy.deepcopy(till),
        BankAccount.from_json(till.to_json()),
    ):
        assert copied == till
        assert copied.extra == till.extra
        assert hash(copied) == hash(till)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        till.extra = Extra()  # type: ignore[misc]
    with pytest.raises(TypeError):
        till.extra["ibans"] = 1  # type: ignore[index]


def test_extra_is_frozen_all_the_way_down() -> None:
    inside: dict[str, Any] = {"a": [1, {"b": []}]}
    extra = Extra(inside)
    inside["a"].append(2)
    assert extra == {"a": (1, {"b": ()})}
    assert hash(extra) == hash(pickle.loads(pickle.dumps(extra)))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        extra._values = {}


COMPANY_RECORDS = [
    kind
    for kind in (getattr(models, name) for name in models.__all__)
    if issubclass(kind, Record) and "organization_id" in attrs.fields_dict(kind)
]


def test_whatever_has_an_id_says_whose_it_is() -> None:
    names = {kind.__name__ for kind in COMPANY_RECORDS}
    with_id = {
        name for name in models.__all__ if "id" in attrs.fields_dict(getattr(models, name))
    } - {
        "OrganizationRecord",
        "PacketOrganization",
    }
    assert with_id <= names
    assert {
        "FinancialPacket",
        "Match",
        "Reclassification",
        "DocumentSplit",
        "AccountSplit",
    } <= names


def test_records_in_records_say_whose_they_are() -> None:
    line = {
        "id": "l",
        "accountId": "a",
        "debitAmount": "1.00",
        "creditAmount": "0",
        "currencyCode": "USD",
    }
    raw = {
        "id": "je",
        "entryNumber": 1,
        "date": "2026-06-08",
        "description": "d",
        "status": "draft",
        "lines": [line],
    }
    entry = read(Entry, raw, Reading("decimal", organization_id=ORG))
    assert entry.organization_id == entry.lines[0].organization_id == ORG
    other = read(EntryLine, line, Reading("decimal", organization_id="org_2"))
    assert other != entry.lines[0]
    books = client(Script(200)).organization(ORG)
    with pytest.raises(InputError, match="org_2"):
        books.reclassify("bt_1", account="a", journal_line_id=other)


def test_a_new_field_of_a_request_is_sent() -> None:
    line = PurchaseLine(account_id="a", amount=5, extra={"projectId": "p"})
    purchase = Purchase(
        txn_date="2026-06-08",
        payee_name="x",
        source_account_id="b",
        lines=[line],
        extra={"tags": ["a", "b"], "memo2": None},
    )
    assert to_wire(purchase)["tags"] == ["a", "b"]
    assert to_wire(purchase)["memo2"] is None
    assert to_wire(purchase)["lines"][0]["projectId"] == "p"
    assert purchase != attrs.evolve(purchase, extra={})
    assert hash(purchase) == hash(copy.deepcopy(purchase))


@pytest.mark.parametrize("extra", [5, "x", [("a", 1)], {5: 1}, {"": 1}, None])
def test_extra_that_is_none(extra: Any) -> None:
    with pytest.raises(InputError, match="extra"):
        PurchaseLine(account_id="a", amount=5, extra=extra)


def test_extra_that_contains_itself() -> None:
    extra: dict[str, Any] = {}
    extra["again"] = [extra]
    with pytest.raises(InputError, match="contains itself"):
        PurchaseLine(account_id="a", amount=5, extra=extra)


def test_extra_goes_round_no_check() -> None:
    with pytest.raises(InputError, match="amount"):
        PurchaseLine(account_id="a", amount=5, extra={"amount": -1})
    lines = [
        JournalLine(account_id="a", debit_amount=1),
        JournalLine(account_id="b", credit_amount=1),
    ]
    with pytest.raises(InputError, match="memo"):
        JournalEntry(txn_date="2026-06-08", lines=lines, extra={"memo": "\x00"})
