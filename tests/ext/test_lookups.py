"""Look-ups by name: one normal form, and the near ones when none fits."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from attrs import evolve

from ledgerhq_ext import Accounts, Bills, Contacts, InputError, RecordLookupError
from ledgerhq_ext.models import Account, Bill
from tests.support.clients import ORG, client
from tests.support.responses import Script

pytestmark = pytest.mark.slow


def account(code: str, name: str) -> Account:
    return Account(
        id=f"acc_{code}", code=code, name=name, type="expense", currency_code="EUR", is_active=True
    )


def chart(*names: str) -> Accounts:
    return Accounts(account(str(6000 + at), name) for at, name in enumerate(names))


# --- the normal form


@pytest.mark.sample
@pytest.mark.parametrize(
    "spelling",
    [
        "Café Zürich",
        "Cafe\u0301 Zu\u0308rich",
        "CAFÉ ZÜRICH",
        "café\u00a0zürich",
        "café\u202fzürich",
        "  Café \t Zürich\n",
        "Café\u200b Zürich",
        "\ufeffCafé Zürich",
        "Ca\u00adfé Zürich",
    ],
    ids=ascii,
)
def test_spellings_of_one_name(spelling: str) -> None:
    for name, wanted in (("Café Zürich", spelling), (spelling, "Café Zürich")):
        accounts = chart(name, "Café Bern", "Cafe Zurich")
        assert accounts.by_name(wanted) == accounts[0]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Hauptstraße 5", "HAUPTSTRASSE 5"),
        ("ΟΔΟΣ", "οδος"),
        ("İstanbul", "i\u0307stanbul"),
        ("ǰ", "J\u030c"),
        ("\u212bngström", "ångström"),
    ],
)
def test_letters_whose_case_is_a_matter_of_their_own(name: str, wanted: str) -> None:
    accounts = chart("Other", name)
    assert accounts.by_name(wanted) == accounts[1]


def test_what_is_spelled_exactly_goes_first() -> None:
    accounts = chart("Travel", "TRAVEL", "travel")
    assert accounts.by_name("TRAVEL") == accounts[1]
    with pytest.raises(RecordLookupError, match="3 records match") as caught:
        accounts.by_name("Travel\u00a0")
    assert len(caught.value.candidates) == 3


@pytest.mark.parametrize("name", ["Cafe", "Caffé", "Café 2", "Ｃａｆé"])
def test_other_names_stay_other_names(name: str) -> None:
    with pytest.raises(RecordLookupError):
        chart(name).by_name("Café")


@pytest.mark.parametrize("wanted", ["", " ", "\u00a0", "\u200b", "\ufeff ", None, 5, b"x"])
def test_what_is_no_name(wanted: Any) -> None:
    nameless = Accounts([account("1", "\u200b"), account("2", "")])
    with pytest.raises(InputError, match="pass the text") as caught:
        nameless.by_name(wanted)
    assert not isinstance(caught.value, RecordLookupError)


def test_a_code_is_compared_alike() -> None:
    accounts = Accounts([account("61\u00a000", "Supplies"), account("62a", "Travel")])
    assert accounts.by_code("61 00").name == "Supplies"
    assert accounts.by_code("62A ").name == "Travel"


# --- candidates


def candidates_of(look: Callable[[], object]) -> RecordLookupError:
    with pytest.raises(RecordLookupError) as caught:
        look()
    return caught.value


def test_a_typo_gets_the_near_ones_nearest_first() -> None:
    accounts = chart(
        "Wages", "Office", "Offices and supplies", "Rent", "Office supplies", "Utilities"
    )
    error = candidates_of(lambda: accounts.by_name("Ofice suplies"))
    assert [candidate.split(" (")[0] for candidate in error.candidates] == [
        "6004 Office supplies",
        "6002 Offices and supplies",
    ]
    assert error.more == 0
    assert "more" not in str(error)


def test_a_code_with_a_typo_gets_the_near_ones_alone() -> None:
    accounts = Accounts(account(str(code), "Till") for code in range(1000, 8000, 100))
    error = candidates_of(lambda: accounts.by_code("61000"))
    assert [candidate[:4] for candidate in error.candidates] == ["1000", "6000", "6100"]
    assert error.are_near


def test_what_contains_it_goes_first() -> None:
    accounts = chart("Rents", "Income of all kinds from rented rooms", "Rental")
    error = candidates_of(lambda: accounts.by_name("rent"))
    assert [candidate[:4] for candidate in error.candidates] == ["6000", "6002", "6001"]


def test_twenty_are_shown_and_the_rest_is_counted() -> None:
    accounts = chart("Wages", *(f"Till {number:02}" for number in range(57)))
    error = candidates_of(lambda: accounts.by_name("till"))
    assert (len(error.candidates), error.more) == (20, 37)
    assert str(error).endswith("\n  and 37 more")
    assert error.are_near
    assert "Wages" not in str(error)


def test_so_are_several_that_match() -> None:
    error = candidates_of(lambda: chart(*["Till"] * 57).by_name("till"))
    assert "57 records match" in str(error)
    assert (len(error.candidates), error.more) == (20, 37)


def test_where_nothing_is_near_the_first_ones_are_shown() -> None:
    error = candidates_of(lambda: chart(*(f"Till {number}" for number in range(21))).by_name("xyz"))
    assert error.candidates[0].startswith("6000 Till 0")
    assert (len(error.candidates), error.more) == (20, 1)
    assert not error.are_near


def test_nothing_to_choose_from() -> None:
    error = candidates_of(lambda: Accounts().by_name("Till"))
    assert (error.candidates, error.more) == ((), 0)
    assert "Candidates" not in str(error)


# --- contacts and bills, of a service whose search compares byte by byte


class Directory:
    """A service with some contacts and bills; its search finds what contains the very bytes."""

    def __init__(self, *names: str) -> None:
        self.contacts = [
            {"id": f"con_{at}", "name": name, "type": "supplier", "email": f"{at}@example.org"}
            for at, name in enumerate(names)
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        search = request.url.params.get("search", "")
        rows = [contact for contact in self.contacts if search in contact["name"]]
        pagination = {"page": 1, "limit": 100, "total": len(rows)}
        return httpx.Response(200, json={"data": rows, "pagination": pagination})


@pytest.mark.parametrize(
    "wanted", ["Café Bern", "Cafe\u0301 Bern", "CAFÉ\u00a0BERN", "café  bern"], ids=ascii
)
def test_a_contact_in_another_spelling(wanted: str) -> None:
    books = client(Directory("Bern", "Café Bern", "Café Basel")).organization(ORG)
    assert books.contact(name=wanted).id == "con_1"


def test_a_search_that_finds_only_others_does_not_decide() -> None:
    """It brings "Cafe Bern Süd" alone, which is not the one."""
    books = client(Directory("CAFE BERN", "Cafe Bern Süd")).organization(ORG)
    assert books.contact(name="Cafe Bern").id == "con_0"


def test_a_contact_by_a_typo() -> None:
    books = client(Directory("Office Depot", "Metro Parts", "Bean Brothers")).organization(ORG)
    error = candidates_of(lambda: books.contact(name="Ofice Depott"))
    assert [candidate.split(" <")[0] for candidate in error.candidates] == ["Office Depot"]


def test_contacts_and_bills_that_were_read_once_go_by_name_and_number() -> None:
    requests: list[httpx.Request] = []
    service = Directory("Office Depot", "Metro Parts", "Metro Parts")

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return service(request)

    contacts = Contacts(client(answer).organization(ORG).contacts())
    assert contacts["office  depot"].id == "con_0"
    assert contacts.by_name("Office Depot") is contacts[0]
    assert contacts.get("Nobody") is None
    assert candidates_of(lambda: contacts.by_name("Ofice Depott")).candidates == (
        "Office Depot <0@example.org> tax - (con_0)",
    )
    with pytest.raises(RecordLookupError, match="2 records match"):
        _ = contacts["Metro Parts"]
    assert len(requests) == 1

    bill = {"id": "b_1", "contactId": "con_0", "billNumber": "BILL-1", "status": "received"}
    money = {"total": 5, "amountPaid": 0, "amountDue": 5, "currencyCode": "USD"}
    days = {"issueDate": "2026-06-01", "dueDate": "2026-06-30"}
    bills = Bills([Bill.from_dict({**bill, **money, **days})])
    assert bills["bill-1"] is bills.by_number("BILL-1") is bills[0]
    assert bills.get("BILL-2") is None
    assert "BILL-1 of 2026-06-01" in str(candidates_of(lambda: bills.by_number("BIL-1")))


# --- by a key, as a mapping


def test_a_code_is_a_key_beside_the_place() -> None:
    accounts = chart("Supplies", "Travel")
    assert accounts["6001"] is accounts[1]
    assert accounts["6001 "].name == "Travel"
    assert accounts[:1] == (accounts[0],)
    assert len(accounts) == 2
    assert [one.code for one in accounts] == ["6000", "6001"]


def test_membership_and_get_go_by_the_key() -> None:
    # A type checker that is strict looks at what a tuple holds, and not at what it answers.
    accounts: Any = chart("Supplies")
    assert "6000" in accounts
    assert "6001" not in accounts
    assert "" not in accounts
    assert accounts[0] in accounts
    assert 6000 not in accounts
    assert accounts.get("6000") is accounts[0]
    assert accounts.get("6001") is None
    assert accounts.get("6001", "nothing") == "nothing"
    assert accounts.get("") is None


@pytest.mark.parametrize("key", [6000, 0, None, True, 6000.0])
def test_a_number_in_the_place_of_a_key_is_not_taken_for_a_missing_one(key: Any) -> None:
    with pytest.raises(InputError, match="pass the text to look for"):
        chart("Supplies").get(key)


@pytest.mark.parametrize("text", ["", " \u200b", 5, None])
def test_what_is_no_text_is_refused_before_anything_is_read(text: Any) -> None:
    hq = client(Script())
    books = hq.organization(ORG)
    with pytest.raises(InputError, match="pass the text to look for"):
        hq.company(text)
    with pytest.raises(InputError, match="pass the text to look for"):
        books.bill(text)
    if text is not None:
        with pytest.raises(InputError, match="pass the text to look for"):
            books.contact(name=text)


def test_a_key_that_is_not_there_is_a_key_error_with_the_near_ones() -> None:
    accounts = chart("Supplies")
    with pytest.raises(KeyError) as caught:
        _ = accounts["6009"]
    assert isinstance(caught.value, RecordLookupError)
    assert caught.value.candidates == ("6000 Supplies (expense, acc_6000)",)
    assert str(caught.value).startswith("account code '6009': no record matches.")
    assert pickle.loads(pickle.dumps(caught.value)).candidates == caught.value.candidates
    with pytest.raises(IndexError):
        _ = accounts[1]


def test_a_key_of_several_is_there_and_names_none() -> None:
    accounts: Any = Accounts([account("6000", "One"), account("6000", "Two")])
    assert "6000" in accounts
    with pytest.raises(RecordLookupError, match="2 records match"):
        _ = accounts["6000"]
    with pytest.raises(RecordLookupError, match="2 records match"):
        accounts.get("6000")


def test_tax_rates_and_bank_accounts_go_by_their_names() -> None:
    rate = {"id": "t_1", "name": "Sales tax", "rate": 825, "type": "sales", "isActive": True}
    bank = {
        "id": "b_1",
        "accountName": "Business checking",
        "currencyCode": "USD",
        "accountType": "checking",
        "balance": 5,
        "isActive": True,
    }

    def answer(request: httpx.Request) -> httpx.Response:
        is_rates = request.url.path.endswith("/tax-rates")
        return httpx.Response(
            200, json={"taxRates": [rate]} if is_rates else {"bankAccounts": [bank]}
        )

    books = client(answer).organization(ORG)
    assert books.tax_rates()["sales tax"].id == "t_1"
    assert books.tax_rates().get("Use tax") is None
    assert books.bank_accounts()["Business checking"].id == "b_1"
    with pytest.raises(KeyError):
        _ = books.bank_accounts()["Checking account"]


def test_candidates_of_one_name_say_which_are_inactive() -> None:
    used = account("6000", "Travel")
    unused = evolve(used, id="acc_old", is_active=False)
    error = candidates_of(lambda: Accounts([used, unused]).by_name("Travel"))
    assert error.candidates == (
        "6000 Travel (expense, acc_6000)",
        "6000 Travel (expense, acc_old, inactive)",
    )
