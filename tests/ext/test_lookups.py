"""Look-ups by name: one normal form, and the near ones when none fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ledgerhq_ext import Accounts, InputError, RecordLookupError
from ledgerhq_ext.models import Account
from tests.support.clients import ORG, client

pytestmark = pytest.mark.slow


def account(code: str, name: str) -> Account:
    return Account(
        id=f"acc_{code}", code=code, name=name, type="expense", currency_code="EUR", is_active=True
    )


def chart(*names: str) -> Accounts:
    return Accounts(account(str(6000 + at), name) for at, name in enumerate(names))


# --- the normal form


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


def test_what_contains_it_goes_first() -> None:
    accounts = chart("Rents", "Income of all kinds from rented rooms", "Rental")
    error = candidates_of(lambda: accounts.by_name("rent"))
    assert [candidate[:4] for candidate in error.candidates] == ["6000", "6002", "6001"]


def test_twenty_are_shown_and_the_rest_is_counted() -> None:
    accounts = chart("Wages", *(f"Till {number:02}" for number in range(57)))
    error = candidates_of(lambda: accounts.by_name("till"))
    assert (len(error.candidates), error.more) == (20, 37)
    assert str(error).endswith("\n  and 37 more")
    assert "Wages" not in str(error)


def test_so_are_several_that_match() -> None:
    error = candidates_of(lambda: chart(*["Till"] * 57).by_name("till"))
    assert "57 records match" in str(error)
    assert (len(error.candidates), error.more) == (20, 37)


def test_where_nothing_is_near_the_first_ones_are_shown() -> None:
    error = candidates_of(lambda: chart(*(f"Till {number}" for number in range(21))).by_name("xyz"))
    assert error.candidates[0].startswith("6000 Till 0")
    assert (len(error.candidates), error.more) == (20, 1)


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
