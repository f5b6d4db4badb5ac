"""Values cross process boundaries and go into sets; those of two companies are different values."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import httpx
import pytest

import ledgerhq_ext
from ledgerhq_ext import LedgerHQ, MemoryTokenStore, OAuth, Organization, RetryPolicy
from ledgerhq_ext.sandbox import Sandbox

from .support import (
    BASE,
    ORG,
    Clock,
    RotatingTokens,
    blocking,
    expired_connection,
    refresh_token,
)

READS: dict[str, Callable[[LedgerHQ, Organization], Any]] = {
    "organization": lambda hq, _: next(iter(hq.organizations(type="client"))),
    "accounts": lambda _, books: books.accounts(),
    "bank row": lambda _, books: next(iter(books.bank_transactions())),
    "bank connections": lambda _, books: books.bank_connections(),
    "bill": lambda _, books: next(iter(books.bills())),
    "entry": lambda _, books: next(iter(books.entries())),
    "packet": lambda _, books: books.financial_packet("2026-05"),
    "period": lambda _, books: books.period("last quarter"),
    "policy": lambda *_: RetryPolicy(attempts=2),
}
Copy = Callable[[Any], Any]
COPIES: dict[str, Copy] = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}
TAX_RATE = {
    "id": "tax_1",
    "name": "Sales tax",
    "rate": 1000,
    "type": "sales",
    "kind": "standard",
    "recoverablePercent": 100,
    "isDefault": True,
    "isActive": True,
}

parametrize_copies = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


@pytest.fixture(scope="module")
def hq() -> Iterator[LedgerHQ]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        yield hq


@pytest.fixture(scope="module")
def books(hq: LedgerHQ) -> Organization:
    return hq.organization(next(iter(hq.organizations(type="client"))))


@parametrize_copies
@pytest.mark.parametrize("name", READS)
def test_a_copy_is_equal(hq: LedgerHQ, books: Organization, name: str, duplicate: Copy) -> None:
    value = READS[name](hq, books)
    again = duplicate(value)
    assert again == value
    assert type(again) is type(value)


@parametrize_copies
def test_a_copy_keeps_what_it_can_do(books: Organization, duplicate: Copy) -> None:
    accounts = books.accounts()
    assert duplicate(accounts).by_code("1010") == accounts.by_code("1010")
    assert duplicate(accounts)[0].organization_id == books.id


@pytest.mark.parametrize("name", READS)
def test_a_value_can_be_hashed(hq: LedgerHQ, books: Organization, name: str) -> None:
    value = READS[name](hq, books)
    assert hash(copy.deepcopy(value)) == hash(value)


def test_public_settings_can_be_hashed() -> None:
    unhashable = [type(value).__name__ for value in public_settings() if not is_hashable(value)]
    assert unhashable == []


def public_settings() -> list[Any]:
    """Return a value of each public class that needs no argument."""
    values = [getattr(ledgerhq_ext, name) for name in ledgerhq_ext.__all__]
    classes = [value for value in values if isinstance(value, type) and attrs.has(value)]
    return [cls() for cls in classes if all(is_optional(field) for field in attrs.fields(cls))]


def is_optional(field: attrs.Attribute[Any]) -> bool:
    return field.default is not attrs.NOTHING


def is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def test_records_of_two_companies_differ() -> None:
    answer = httpx.Response(200, json={"taxRates": [TAX_RATE]})
    with blocking(lambda _: answer) as hq:
        (first,) = hq.organization("org_a").tax_rates()
        (second,) = hq.organization("org_b").tax_rates()
        (again,) = hq.organization("org_a").tax_rates()
    assert first == again
    assert first != second
    assert len({first, second, again}) == 2


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.deepcopy], ids=["pickle", "deepcopy"])
@pytest.mark.parametrize("what", ["client", "organization", "pages"])
def test_what_holds_connections_says_that_it_cannot_be_copied(
    hq: LedgerHQ, books: Organization, what: str, duplicate: Copy
) -> None:
    things = {"client": hq, "organization": books, "pages": books.bank_transactions()}
    # The kind is Python's, which depends on what it meets first.
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError), match="pickle"):
        duplicate(things[what])


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_a_copy_of_credentials_presents_no_spent_token(duplicate: Copy) -> None:
    """As of settings that a framework copies."""
    service = RotatingTokens()
    store = MemoryTokenStore(expired_connection())
    for each in (OAuth(store), OAuth(duplicate(store)), duplicate(OAuth(store))):
        with LedgerHQ(
            each, base_url=BASE, clock=Clock(), transport=httpx.MockTransport(service)
        ) as client:
            client.organization(ORG).tax_rates()
    assert service.refresh_tokens == [refresh_token(1)]


def test_a_store_in_memory_says_that_it_belongs_to_one_process() -> None:
    for value in (MemoryTokenStore(), OAuth(MemoryTokenStore())):
        with pytest.raises(TypeError, match="FileTokenStore"):
            pickle.dumps(value)
