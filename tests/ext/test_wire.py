"""Answers are read strictly: a type that is not the contract's is an error that says where; what is
new is ignored.
"""

import contextlib
import datetime as dt
import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgerhq_api.fields import STAMP

from ledgerhq_ext import ContractError
from ledgerhq_ext._wire import Reading, read, read_many, to_wire, wire
from ledgerhq_ext.models import Account, BankTransaction, Entry, EntryLine
from ledgerhq_ext.money import LIMIT, Cents, to_string


@attrs.frozen(kw_only=True)
class Leaf:
    amount: Cents
    name: str | None = None


@attrs.frozen(kw_only=True)
class Tree:
    """One of everything."""

    text_value: str
    whole: int
    yes: bool
    day: dt.date
    moment: dt.datetime
    price: Cents
    leaf: Leaf
    leaves: tuple[Leaf, ...]
    words: tuple[str, ...] | None = None
    odd: str | None = wire("odd/name~x", default=None)
    organization_id: str = attrs.field(default="", metadata=STAMP, repr=False)


GOOD: dict[str, Any] = {
    "textValue": "t",
    "whole": 3,
    "yes": True,
    "day": "2026-06-08",
    "moment": "2026-06-08T16:00:00.000Z",
    "price": 1250,
    "leaf": {"amount": 1},
    "leaves": [{"amount": 2, "name": "n"}],
}


def test_reads_everything() -> None:
    tree = read(Tree, {**GOOD, "new": {"x": [1]}}, Reading(organization_id="org_1"))
    moment = dt.datetime(2026, 6, 8, 16, tzinfo=dt.UTC)
    assert (tree.text_value, tree.whole, tree.yes, tree.day, tree.moment) == (
        "t",
        3,
        True,
        dt.date(2026, 6, 8),
        moment,
    )
    assert (tree.price, tree.leaf, tree.leaves) == (
        1250,
        Leaf(amount=1),
        (Leaf(amount=2, name="n"),),
    )
    assert (tree.words, tree.odd, tree.organization_id) == (None, None, "org_1")


NOT_CENTS: list[Any] = ["12.5", "12", 12.5, 12.25, True, None, [], {}, LIMIT + 1, -LIMIT - 1]
NOT_DAYS: list[Any] = [
    "2026-02-30",
    "20260608",
    "2026-W23-1",
    "2026-06-08T00:00:00Z",
    "",
    20260608,
    None,
    True,
]
NOT_MOMENTS: list[Any] = ["2026-06-08", "soon", "", 1780000000, None, True, "2026-06-08T25:00:00Z"]
NOT_OTHERS: dict[str, list[Any]] = {
    "price": NOT_CENTS,
    "whole": ["1", 1.5, True, None, []],
    "yes": ["true", 1, 0, None],
    "textValue": [1, True, None, ["t"], {}],
    "day": NOT_DAYS,
    "moment": NOT_MOMENTS,
    "leaf": [None, [], "x", 1],
    "leaves": [None, {}, "x", ()],
}
WRONG = [(name, value) for name, values in NOT_OTHERS.items() for value in values]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=repr)
def test_wrong_types_are_named(name: str, value: Any) -> None:
    with pytest.raises(ContractError) as raised:
        read(Tree, {**GOOD, name: value})
    assert (raised.value.pointer, raised.value.outcome) == (f"/{name}", "unknown")


@pytest.mark.parametrize("name", GOOD)
def test_missing_properties_are_named(name: str) -> None:
    with pytest.raises(ContractError, match="found nothing") as raised:
        read(Tree, {known: value for known, value in GOOD.items() if known != name})
    assert raised.value.pointer == f"/{name}"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"leaf": {"amount": "1"}}, "/data/leaf/amount"),
        ({"leaves": [{"amount": 1}, {"amount": 2.5}]}, "/data/leaves/1/amount"),
        ({"leaves": [{"amount": 1}, 5]}, "/data/leaves/1"),
        ({"words": ["a", 5]}, "/data/words/1"),
        ({"odd/name~x": 5}, "/data/odd~1name~0x"),
    ],
)
def test_pointers(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ContractError) as raised:
        read(Tree, {**GOOD, **change}, pointer="/data")
    assert raised.value.pointer == pointer


@pytest.mark.parametrize("document", [None, [], "x", 5, True])
def test_what_is_no_object(document: Any) -> None:
    with pytest.raises(ContractError) as raised:
        read(Tree, document)
    assert raised.value.pointer == ""
    with pytest.raises(ContractError):
        read_many(Tree, {"0": GOOD})


@pytest.mark.parametrize(
    ("text", "currency", "cents"),
    [
        ("12.50", "USD", 1250),
        ("-7", "USD", -700),
        ("1250", "JPY", 1250),
        ("1.250", "KWD", 1250),
        ("0.0001", "CLF", 1),
    ],
)
def test_decimals_by_currency(text: str, currency: str, cents: int) -> None:
    assert read(Leaf, {"amount": text}, Reading("decimal", currency)).amount == cents
    line = {
        "id": "l",
        "accountId": "a",
        "debitAmount": text,
        "creditAmount": "0",
        "currencyCode": currency,
    }
    assert read(EntryLine, line, Reading("decimal")).debit_amount == cents
    assert read(EntryLine, line, Reading("decimal", "XXX")).debit_amount == cents


@pytest.mark.parametrize(
    ("value", "currency"),
    [
        (1250, "USD"),
        ("12.505", "USD"),
        ("12.5", "JPY"),
        ("1,0", "USD"),
        (12.5, "USD"),
        ("1", None),
        ("1", "usd"),
        ("", "USD"),
    ],
)
def test_what_is_no_decimal(value: Any, currency: str | None) -> None:
    with pytest.raises(ContractError):
        read(Leaf, {"amount": value}, Reading("decimal", currency))


leaves = st.builds(Leaf, amount=st.integers(-LIMIT, LIMIT), name=st.none() | st.text())
trees = st.builds(
    Tree,
    text_value=st.text(),
    whole=st.integers(),
    yes=st.booleans(),
    day=st.dates(),
    moment=st.datetimes(timezones=st.just(dt.UTC)),
    price=st.integers(-LIMIT, LIMIT),
    leaf=leaves,
    leaves=st.lists(leaves, max_size=3).map(tuple),
    words=st.none() | st.lists(st.text(), max_size=3).map(tuple),
    odd=st.none() | st.text(),
    organization_id=st.just(""),
)


@pytest.mark.slow
@given(trees)
def test_round_trip(tree: Tree) -> None:
    assert read(Tree, json.loads(json.dumps(to_wire(tree)))) == tree


@given(st.integers(-LIMIT, LIMIT), st.sampled_from(["USD", "JPY", "KWD"]))
def test_decimal_round_trip(cents: int, currency: str) -> None:
    assert (
        read(Leaf, {"amount": to_string(cents, currency)}, Reading("decimal", currency)).amount
        == cents
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GOOD, "amount"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(json_values)
def test_whatever_comes_is_read_or_refused(document: Any) -> None:
    for kind in (Tree, Account, BankTransaction, Entry):
        with contextlib.suppress(ContractError):
            assert isinstance(read(kind, document), kind)
