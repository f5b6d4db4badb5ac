"""Every record can be written down and read back, says shortly what it is, and keeps what attrs
gives it.
"""

import copy
import datetime as dt
import json
import pickle
import types
import typing
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgerhq_api.models import TokenRequest, TokenResponse

from ledgerhq_ext import models
from ledgerhq_ext._wire import Record, wire_fields
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import (
    Account,
    BankAccount,
    BankConnection,
    BankFeed,
    BankTransaction,
    ClientRegistration,
    Entry,
    EntryLine,
    Match,
    Receipt,
)
from ledgerhq_ext.money import LIMIT, Cents
from ledgerhq_ext.reports import packet, statements

pytestmark = pytest.mark.slow

MOMENT = dt.datetime(2026, 6, 8, 16, tzinfo=dt.UTC)
ACCOUNT = Account(
    id="acc_1",
    code="1010",
    name="Checking",
    type="asset",
    currency_code="USD",
    is_active=True,
    description="Café ☕",
    created_at=MOMENT,
    organization_id="org_8c1f",
)
RECEIPT = Receipt(
    id="po_1",
    resource_type="purchase",
    journal_entry_id="je_1",
    bank_transaction_ids=("bt_1",),
    status="posted",
    posted_at=MOMENT,
    idempotency_key="key-1",
    replayed=True,
    organization_id="org_8c1f",
)
TILL = BankAccount(
    id="ba_2",
    account_name="Till",
    account_type="cash",
    currency_code="USD",
    balance=1,
    is_active=True,
)


def entry(*amounts: int) -> Entry:
    lines = tuple(
        EntryLine(id=f"l{number}", account_id="a", debit_amount=amount, credit_amount=0)
        for number, amount in enumerate(amounts)
    )
    return Entry(
        id="je_1", entry_number=7, date=MOMENT.date(), description="d", status="draft", lines=lines
    )


RECORDS = sorted(
    {
        kind
        for module in (models, packet, statements)
        for kind in (getattr(module, name) for name in module.__all__)
        if isinstance(kind, type) and issubclass(kind, Record)
    },
    key=lambda kind: kind.__name__,
)
OTHERS = {
    kind.__name__
    for module in (models, packet, statements)
    for kind in (getattr(module, name) for name in module.__all__)
    if isinstance(kind, type) and attrs.has(kind) and not issubclass(kind, Record)
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Anything of a field's type."""
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    if is_union and str in typing.get_args(hint):
        # The words of an open enum are text.
        optional = type(None) in typing.get_args(hint)
        return st.none() | st.text(max_size=20) if optional else st.text(max_size=20)
    if is_union:
        return st.none() | values(
            next(part for part in typing.get_args(hint) if part is not type(None))
        )
    if typing.get_origin(hint) is tuple:
        return st.lists(values(typing.get_args(hint)[0]), max_size=2).map(tuple)
    if attrs.has(hint):
        return built(hint)
    return LEAVES[hint]


def built(kind: Any) -> st.SearchStrategy[Any]:
    """Any record of a class."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {
        str(field.alias): values(hints[field.name])
        for field in attrs.fields(kind)
        if field.name != "extra"
    }
    return st.builds(kind, **fields)


LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20),
    bool: st.booleans(),
    int: st.integers(),
    Cents: st.integers(-LIMIT, LIMIT),
    dt.date: st.dates(),
    dt.datetime: st.datetimes(
        timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5.5))])
    ),
}


@pytest.mark.sample
def test_every_class_is_a_record_but_the_tokens() -> None:
    assert len(RECORDS) > 35
    assert set() == OTHERS
    assert "TokenResponse" not in models.__all__


@pytest.mark.slow
@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=25)
@given(data=st.data())
def test_written_down_and_read_back(kind: type[Record], data: st.DataObject) -> None:
    record: Any = data.draw(built(kind))
    assert not hasattr(record, "__dict__"), "slots only"
    document = record.to_dict()
    assert json.loads(json.dumps(document)) == document, "JSON types only"
    text = record.to_json()
    assert text.encode()
    for back in (
        kind.from_dict(document),
        kind.from_json(text),
        pickle.loads(pickle.dumps(record)),
    ):
        assert type(back) is kind
        assert back == record
        assert hash(back) == hash(record)
        assert everything(back) == everything(record), "also what equality leaves out"
    assert everything(copy.deepcopy(record)) == everything(record)


def everything(record: Any) -> Any:
    """All values of a record, its organization and those of the records in it among them."""
    return attrs.asdict(record)


@pytest.mark.parametrize("kind", RECORDS)
def test_no_class_has_a_long_repr(kind: type[Record]) -> None:
    assert "__repr__" not in vars(kind)


def test_the_spelling() -> None:
    assert ACCOUNT.to_dict() == {
        "id": "acc_1",
        "code": "1010",
        "name": "Checking",
        "type": "asset",
        "currencyCode": "USD",
        "isActive": True,
        "description": "Café ☕",
        "createdAt": "2026-06-08T16:00:00+00:00",
        "organizationId": "org_8c1f",
    }
    in_order = ["id", "code", "name", "type", "currencyCode", "isActive"]
    assert list(ACCOUNT.to_dict()) == [*in_order, "createdAt", "description", "organizationId"]
    assert ACCOUNT.to_json().startswith('{"id":"acc_1","code":"1010","name":"Checking",')
    assert '"description":"Café ☕"' in ACCOUNT.to_json()


def test_names_that_are_not_camel_case_on_the_wire() -> None:
    registration = ClientRegistration(client_id="c", redirect_uris=("https://a.example",))
    assert registration.to_dict() == {"client_id": "c", "redirect_uris": ["https://a.example"]}


def test_what_is_not_on_the_wire() -> None:
    document = RECEIPT.to_dict()
    assert (document["replayed"], document["organizationId"]) == (True, "org_8c1f")
    back = Receipt.from_dict(document)
    assert (back.replayed, back.organization_id) == (True, "org_8c1f")
    del document["replayed"], document["organizationId"]
    back = Receipt.from_dict(document)
    assert (back.replayed, back.organization_id) == (False, "")
    assert "organizationId" not in back.to_dict(), "nobody knows it"
    wire_names = {wire for _, wire, _ in wire_fields(Receipt)}
    assert wire_names == set(document), "the contract's shape has neither"


def test_records_in_records_keep_their_organization() -> None:
    feed = BankFeed(id="f", institution_name="Bank", status="active", organization_id="org_8c1f")
    till = attrs.evolve(TILL, organization_id="org_2")
    joined = BankConnection(
        bank_account=till, feed=feed, status="ok", last_synced_at=MOMENT, error=None
    )
    back = BankConnection.from_json(joined.to_json())
    assert back == joined
    assert back.feed
    assert (back.bank_account.organization_id, back.feed.organization_id) == ("org_2", "org_8c1f")


def test_half_of_a_surrogate_pair_can_be_encoded_and_read_back() -> None:
    odd = attrs.evolve(ACCOUNT, name="a\ud800b")
    assert odd.to_json().encode()
    assert Account.from_json(odd.to_json()) == odd


def test_what_is_new_is_ignored() -> None:
    assert Account.from_dict({**ACCOUNT.to_dict(), "new": {"x": 1}}) == ACCOUNT


WITHOUT_CODE = {name: value for name, value in ACCOUNT.to_dict().items() if name != "code"}
MISFITS: list[tuple[type[Record], Any, str, str]] = [
    (Account, WITHOUT_CODE, "/code", "nothing"),
    (Account, {**ACCOUNT.to_dict(), "code": 5}, "/code", "a string"),
    (Account, {**ACCOUNT.to_dict(), "organizationId": 5}, "/organizationId", "a string"),
    (Receipt, {**RECEIPT.to_dict(), "replayed": "yes"}, "/replayed", "true or false"),
    (Receipt, {**RECEIPT.to_dict(), "postedAt": "soon"}, "/postedAt", "a timestamp"),
    (Entry, {**entry(1).to_dict(), "lines": [{}]}, "/lines/0/id", "nothing"),
    (Account, [], "the whole document", "an object"),
    (Account, None, "the whole document", "an object"),
]


@pytest.mark.parametrize(("kind", "document", "where", "words"), MISFITS)
def test_what_does_not_fit_is_the_callers_to_mend(
    kind: type[Record], document: Any, where: str, words: str
) -> None:
    for read in (kind.from_dict, lambda value: kind.from_json(json.dumps(value))):
        with pytest.raises(InputError) as caught:
            read(document)
        assert f"not a valid {kind.__name__}" in str(caught.value)
        assert where in str(caught.value)
        assert words in str(caught.value)
        assert caught.value.__context__ is None, "it would hold the document"


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "[" * 100_000, b"\xff", None, 5, '{"id": 1' + "0" * 5000 + "}"]
)
def test_what_is_no_json(text: Any) -> None:
    with pytest.raises(InputError, match="not a valid Account") as caught:
        Account.from_json(text)
    assert caught.value.__context__ is None


def test_reprs_fit_a_line() -> None:
    assert repr(ACCOUNT) == (
        "Account(id='acc_1', code='1010', name='Checking', type='asset', currency_code='USD', "
        "is_active=True, …)"
    )
    plain = attrs.evolve(ACCOUNT, description=None, created_at=None)
    assert repr(plain).endswith("is_active=True)"), "whose it is counts for nothing"
    assert repr(entry(1, 2, 3)) == (
        "Entry(id='je_1', entry_number=7, date=2026-06-08, description='d', status='draft', "
        "lines=[3])"
    )
    assert "bank_transaction_ids=[1]" in repr(RECEIPT)
    assert "posted_at=2026-06-08T16:00:00+00:00" in repr(RECEIPT)
    connection = BankConnection(
        bank_account=TILL, feed=None, status="none", last_synced_at=None, error=None
    )
    assert repr(connection).startswith(f"BankConnection(bank_account={TILL!r}, feed=None, ")
    assert repr(TILL).startswith("BankAccount(id='ba_2', account_name='Till', ")


def test_reprs_of_records_that_need_nothing() -> None:
    assert (
        repr(Match(match_type="bill", payment_id="p")) == "Match(match_type='bill', payment_id='p')"
    )
    assert repr(Match()) == "Match()"


def test_reprs_cut_long_texts() -> None:
    assert len(repr(attrs.evolve(ACCOUNT, name="x" * 10_000))) < 300


def test_a_repr_of_a_row_is_short() -> None:
    row = BankTransaction.from_dict(
        {
            "id": "bt_1",
            "bankAccountId": "ba_1",
            "date": "2026-06-08",
            "description": "Coffee",
            "amount": -450,
            "status": "unreconciled",
            "sourceType": "plaid_bank_feed",
            "pending": False,
            "payee": "Cafe",
        }
    )
    assert repr(row) == (
        "BankTransaction(id='bt_1', bank_account_id='ba_1', date=2026-06-08, description='Coffee', "
        "amount=-450, status='unreconciled', source_type='plaid_bank_feed', pending=False, …)"
    )


def test_tokens_are_never_shown() -> None:
    response = TokenResponse(
        access_token="mcp_at_x", expires_in=1, token_type="Bearer", refresh_token="mcp_rt_x"
    )
    assert "mcp_" not in repr(response)
    request = TokenRequest(
        grant_type="refresh_token", refresh_token="mcp_rt_x", code="c-1", code_verifier="v-1"
    )
    assert not [secret for secret in ("mcp_", "c-1", "v-1") if secret in repr(request)]
