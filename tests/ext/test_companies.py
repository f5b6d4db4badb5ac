"""Client companies by what people type, and accounts that are created, on both surfaces."""

from __future__ import annotations

import pytest

from ledgerhq_ext import ConflictError, InputError, LedgerHQ, RecordLookupError
from ledgerhq_ext.sandbox import Sandbox
from tests.support.companies import World


def client(box: Sandbox) -> LedgerHQ:
    return LedgerHQ(base_url=box.url, access_token=box.access_token())


def test_a_company_goes_by_its_name_or_its_id(box: Sandbox) -> None:
    with client(box) as hq:
        by_name = hq.company("maple street  coffee")
        assert by_name.name == "Maple Street Coffee"
        assert hq.company(by_name.id) == by_name


def test_a_company_that_is_not_there_names_the_near_ones(box: Sandbox) -> None:
    with client(box) as hq, pytest.raises(RecordLookupError, match="Maple Street Coffee") as caught:
        hq.company("Maple Stret")
    assert len(caught.value.candidates) == 1


def test_the_firm_itself_is_not_one_of_its_companies(box: Sandbox) -> None:
    with client(box) as hq, pytest.raises(RecordLookupError):
        hq.company("Ledger & Co")


def test_an_account_is_created_below_another_one(maple: World) -> None:
    with client(maple.box) as hq:
        books = hq.organization(maple.org)
        parent = books.accounts().by_code("6100")
        account = books.create_account(
            code="6105", name="Toner", type="expense", parent=parent, description="For printers"
        )
        assert books.accounts().by_code("6105") == account
        assert (account.parent_id, account.currency_code) == (parent.id, "USD")

        with pytest.raises(ConflictError) as caught:
            books.create_account(code="6105", name="Toner", type="expense")
        assert caught.value.outcome == "rejected"


@pytest.mark.parametrize(
    "account",
    [
        {"code": "", "name": "Toner", "type": "expense"},
        {"code": "6105", "name": " ", "type": "expense"},
        {"code": "6105", "name": "Toner", "type": "expanse"},
        {"code": "6105", "name": "Toner", "type": "expense", "currency_code": "usd"},
        {"code": "6105", "name": "Toner", "type": "expense", "parent": 6100},
    ],
)
def test_an_account_that_cannot_be_is_refused_before_it_is_sent(account: dict[str, str]) -> None:
    with LedgerHQ(access_token="t") as hq, pytest.raises(InputError):
        hq.organization("o").create_account(**account)  # type: ignore[arg-type]
