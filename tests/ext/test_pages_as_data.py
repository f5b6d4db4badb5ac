"""Pages are written down in the contract's envelopes and read back."""

import json
from typing import Any

import attrs
import pytest

from ledgerhq_ext import InputError, Page
from ledgerhq_ext.models import Account

from .test_records_as_data import ACCOUNT

OTHER = attrs.evolve(ACCOUNT, id="acc_2", organization_id="")
DATA = [ACCOUNT.to_dict(), OTHER.to_dict()]
CURSOR: Page[Account] = Page(items=(ACCOUNT, OTHER), next_cursor="c2")
LAST: Page[Account] = Page(items=(ACCOUNT, OTHER))
NUMBERED: Page[Account] = Page(items=(ACCOUNT, OTHER), total=250, limit=100)
THIRD: Page[Account] = Page(items=(ACCOUNT, OTHER), total=250, limit=100, number=3)
EMPTY: Page[Account] = Page(items=(), total=0, limit=100)
PAGES = [
    (CURSOR, {"data": DATA, "nextCursor": "c2"}),
    (LAST, {"data": DATA, "nextCursor": None}),
    (NUMBERED, {"data": DATA, "pagination": {"limit": 100, "total": 250}}),
    (THIRD, {"data": DATA, "pagination": {"page": 3, "limit": 100, "total": 250}}),
    (EMPTY, {"data": [], "pagination": {"limit": 100, "total": 0}}),
]


@pytest.mark.parametrize(("page", "document"), PAGES)
def test_the_contracts_envelopes(page: Page[Account], document: dict[str, Any]) -> None:
    assert page.to_dict() == document
    assert json.loads(page.to_json()) == document
    for back in (Page.from_dict(document, Account), Page.from_json(page.to_json(), Account)):
        assert back == page
        assert [item.organization_id for item in back.items] == [
            item.organization_id for item in page.items
        ]


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"data": [DATA[0], {**DATA[1], "code": 5}], "nextCursor": None}, "/data/1/code"),
        ({"data": {}, "nextCursor": None}, "/data"),
        ({"nextCursor": None}, "/data"),
        ({"data": [], "nextCursor": 5}, "/nextCursor"),
        ({"data": [], "pagination": {"limit": 100}}, "/pagination/total"),
        ({"data": [], "pagination": {"limit": "100", "total": 0}}, "/pagination/limit"),
        ([], "the whole document"),
    ],
)
def test_what_does_not_fit(document: Any, where: str) -> None:
    for read in (Page.from_dict, lambda value, kind: Page.from_json(json.dumps(value), kind)):
        with pytest.raises(InputError, match="not a valid page of Account") as caught:
            read(document, Account)
        assert where in str(caught.value)


@pytest.mark.parametrize(
    ("page", "has_more"),
    [
        (CURSOR, True),
        (LAST, False),
        (THIRD, False),
        (attrs.evolve(THIRD, number=2), True),
        (attrs.evolve(THIRD, number=2, total=200), False),
        (attrs.evolve(EMPTY, number=1), False),
    ],
)
def test_whether_more_follows(page: Page[Account], has_more: bool) -> None:
    assert page.has_more is has_more


def test_without_its_place_nobody_can_say() -> None:
    with pytest.raises(InputError, match="without its number"):
        _ = NUMBERED.has_more


def test_what_is_no_json() -> None:
    with pytest.raises(InputError, match="not a valid page of Account: it is not JSON"):
        Page.from_json("{", Account)


def test_a_repr_holds_no_records() -> None:
    assert repr(NUMBERED) == "Page(items=[2], …)"
