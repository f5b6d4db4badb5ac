"""Scope is one concept: whose a call is, and what may stand in a path."""

import datetime as dt
from typing import Any

import httpx
import pytest

from ledgerhq_ext import Account, ApiKey, BankTransaction, InputError, LedgerHQ, OrganizationRecord
from ledgerhq_ext._checks import check_id
from tests.support.clients import BASE, ORG, client
from tests.support.clocks import FakeClock
from tests.support.responses import Script, accounts, entry

pytestmark = pytest.mark.slow

BAD_IDS = ["", " ", ".", "..", " x", "x ", "a\nb", "a\x00b", "é", "\u202e", "x" * 201]
WRONG_TYPES: list[Any] = [None, 5, b"org", ["org"]]


@pytest.mark.sample
@pytest.mark.parametrize("bad", BAD_IDS + WRONG_TYPES, ids=repr)
def test_what_is_no_id_is_never_sent(bad: Any) -> None:
    script = Script(accounts)
    hq = client(script)
    books = hq.organization(ORG)
    for act in (
        lambda: hq.organization(bad),
        lambda: books.entry(bad),
        lambda: books.bank_transaction(bad),
        lambda: books.exclude(bad),
        lambda: books.bank_account_transactions(bad),
    ):
        with pytest.raises(InputError):
            act()
    assert script.requests == []


@pytest.mark.sample
def test_days_the_wrong_way_round_are_no_empty_list() -> None:
    script = Script(accounts)
    books = client(script).organization(ORG)
    for listing in (books.entries, books.bank_transactions):
        with pytest.raises(InputError, match="but 2026-06-01 is before 2026-06-30"):
            listing(start=dt.date(2026, 6, 30), end="2026-06-01")
        listing(start="2026-06-30", end="2026-06-30")
    assert script.requests == []


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("je/../../x", b"/api/v1/entries/je%2F..%2F..%2Fx"),
        ("a?b=c#d", b"/api/v1/entries/a%3Fb%3Dc%23d"),
        ("%2e%2e", b"/api/v1/entries/%252e%252e"),
        ("a b&c;d", b"/api/v1/entries/a%20b%26c%3Bd"),
        ("...", b"/api/v1/entries/..."),
    ],
)
def test_ids_go_into_paths_quoted(id: str, path: bytes) -> None:
    script = Script(lambda _: entry(status=200, id=id))
    client(script).organization(ORG).entry(id)
    assert script.requests[0].url.raw_path == path


def test_a_record_of_another_organization() -> None:
    row = {
        "id": "btx_1",
        "bankAccountId": "b",
        "date": "2026-06-08",
        "description": "x",
        "amount": -5,
        "status": "excluded",
        "sourceType": "plaid_bank_feed",
        "pending": False,
    }
    script = Script(httpx.Response(200, json={"transaction": row}))
    hq = client(script)
    read = hq.organization("org_1").bank_transaction("btx_1")
    assert isinstance(read, BankTransaction)
    assert hq.organization("org_1").exclude(read) == read
    sent = len(script.requests)
    with pytest.raises(InputError, match="org_1"):
        hq.organization("org_2").exclude(read)
    assert len(script.requests) == sent


def test_what_is_no_record() -> None:
    made = Account(id="a", code="1", name="n", type="asset", currency_code="USD", is_active=True)
    for wrong in (made, object(), {"id": "x"}, dt.date(2026, 1, 1)):
        with pytest.raises(InputError):
            client(accounts).organization(ORG).exclude(wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        client(accounts).organization(made)  # type: ignore[arg-type]


def test_an_api_key_does_not_switch_company() -> None:
    script = Script(accounts)
    hq = LedgerHQ(
        base_url=BASE, api_key="dk_live_1", clock=FakeClock(), transport=httpx.MockTransport(script)
    )
    hq.organization("org_1").accounts()
    with pytest.raises(InputError, match="org_1"):
        hq.organization("org_2")
    assert len(script.requests) == 1
    with pytest.raises(InputError):
        LedgerHQ(ApiKey("dk_live_1", organization_id="org_9")).organization("org_1")


def test_every_call_names_its_own_company() -> None:
    script = Script(accounts)
    hq = client(script)
    first, second = hq.organization("org_1"), hq.organization("org_2")
    for books in (first, second, first):
        books.accounts()
    assert [request.headers["x-organization-id"] for request in script.requests] == [
        "org_1",
        "org_2",
        "org_1",
    ]


def test_a_scope_from_a_record() -> None:
    info = OrganizationRecord(
        id="org_5", name="Maple", type="client", default_currency="JPY", fiscal_year_start_month=4
    )
    script = Script(accounts)
    books = client(script).organization(info)
    assert (books.id, books.record()) == ("org_5", info)
    assert script.requests == []


def test_check_id_names_what_it_checks() -> None:
    assert check_id("a/b", "entry id") == "a/b"
    with pytest.raises(InputError, match="entry id"):
        check_id("", "entry id")
