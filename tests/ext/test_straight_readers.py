"""Straight-line readers give what the plain reader gives, or leave the object to it."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgerhq_api import compiling, models, reading, records
from ledgerhq_api.fields import DECIMAL
from ledgerhq_api.types import Cents
from ledgerhq_api.values import Misfit

from ledgerhq_ext import ContractError
from ledgerhq_ext._wire import read_many
from tests.support.shapes import CENTS, READINGS, RECORDS, objects_of

pytestmark = pytest.mark.slow

MANY = 40


def outcome(read: Any, raw: Any, how: Any) -> Any:
    """What reading gives, with all that it depends on; or what does not fit, and where."""
    try:
        record = read(raw, how)
    except Misfit as misfit:
        return misfit.complaint(), misfit.pointer()
    return type(record), record, record.extra, hash(record)


def straight_of(kind: Any, usual: list[str]) -> compiling.Straight:
    plan = reading._Plan(kind)
    made = compiling.straight(kind, {field.name: read for field, read in plan.everything}, usual)
    assert made is not None
    return made


def plainly(kind: Any, raw: Any, how: Any) -> Any:
    # A reader that was just made has read too little to be a straight one.
    return outcome(reading._Objects(kind), raw, how)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_read_straight_is_what_the_plain_reader_reads(
    kind: Any, data: st.DataObject
) -> None:
    # Three objects in turns: what a reader remembers of one must not change the next.
    some = data.draw(st.lists(objects_of(kind), min_size=1, max_size=3))
    raws = data.draw(st.lists(st.sampled_from(some), min_size=1, max_size=6))
    how = data.draw(st.sampled_from([each for each in READINGS if each.spelling != "decimal"]))
    before = json.dumps(raws, default=str)
    odd: list[Any] = []
    records: list[Any] = []
    # The names of one of them are the usual ones; the others are read by name.
    straight = straight_of(kind, list(some[0]))
    straight(raws, how, records, lambda raw, _: odd.append(raw))
    for raw, record in zip(raws, records, strict=True):
        if record is not None:
            assert outcome(lambda *_, record=record: record, raw, how) == plainly(kind, raw, how)
    assert all(any(raw is each for each in raws) for raw in odd)
    assert json.dumps(raws, default=str) == before


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_list_is_read_as_its_objects_are(kind: Any, data: st.DataObject) -> None:
    raws = data.draw(st.lists(objects_of(kind), max_size=4))
    how = data.draw(st.sampled_from(READINGS))
    objects = reading._Objects(kind)
    for _ in range(MANY):
        with contextlib.suppress(Misfit):
            objects({}, how)
    expected: Any = [plainly(kind, raw, how) for raw in raws]
    for at, alone in enumerate(expected):
        if isinstance(alone[0], str):
            complaint, pointer = alone
            expected = complaint, f"/{at}{pointer}"
            break
    assert list_outcome(objects, raws, how) == expected


def list_outcome(objects: Any, raws: list[Any], how: Any) -> Any:
    try:
        records = reading._many(objects, tuple)(raws, how)
    except Misfit as misfit:
        return misfit.complaint(), misfit.pointer()
    return [outcome(lambda *_, record=record: record, None, how) for record in records]


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"bt_{number}",
        "bankAccountId": "ba_1",
        "date": "2026-06-08",
        "description": "CARD",
        "amount": -number,
        "status": "unreconciled",
        "sourceType": "plaid_bank_feed",
        "pending": False,
        "createdAt": "2026-06-08T16:00:00.000Z",
        **changes,
    }


@pytest.mark.sample
def test_an_ordinary_row_is_read_straight() -> None:
    kind = models.BankTransaction
    records: list[Any] = []
    straight = straight_of(kind, [])
    straight([row(1)], CENTS, records, lambda raw, _: pytest.fail(f"left out: {raw}"))
    record = records[0]
    assert type(record) is kind
    assert record == reading._Objects(kind)(row(1), CENTS)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(record, "id", "another")  # noqa: B010 - the type says so too


def test_a_row_with_the_usual_names_is_not_read_by_name() -> None:
    usual = row(1)
    turned = dict(reversed(usual.items()))
    shorter = {name: value for name, value in usual.items() if name != "createdAt"}
    another = {**shorter, "payee": "Office Depot"}
    straight = straight_of(models.BankTransaction, list(usual))
    by_name: list[Any] = []

    class Names(dict[str, Any]):
        """Names without values, which note what is looked up by them."""

        def __or__(self, raw: Any) -> Any:
            by_name.append(raw)
            return {**self, **raw}

    names = getattr(straight, "__globals__")  # noqa: B009 - a type of calls has none
    names["nothing"] = Names(names["nothing"])
    records: list[Any] = []
    rows = [usual, turned, shorter, another]
    straight(rows, CENTS, records, lambda raw, _: pytest.fail(f"left out: {raw}"))
    assert by_name == [shorter, another]
    assert records == [reading._Objects(models.BankTransaction)(each, CENTS) for each in rows]


@records.frozen(kw_only=True, repr=False)
class Leaf(records.CompanyAnswer):
    amount: Cents
    rate: float | None = None


@records.frozen(kw_only=True, repr=False)
class Tree(records.CompanyAnswer):
    """One of everything that may hold a number."""

    id: str
    amount: Cents | None = None
    price: Cents | None = attrs.field(default=None, metadata=DECIMAL)
    rate: float | None = None
    rates: tuple[float, ...] | None = None
    anything: Any = None
    things: tuple[Any, ...] | None = None
    either: Leaf | float | None = None
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] | None = None


FRACTION = Decimal("9007199254740990.6")
# Many of each, so that all of them are read straight.
TREES = [{"id": "t", "amount": 1, "leaf": {"amount": 1}, "leaves": [{"amount": 1}] * MANY}] * MANY


@pytest.mark.sample
@pytest.mark.parametrize(
    "changes",
    [
        {"amount": FRACTION},
        {"price": FRACTION},
        {"rate": FRACTION},
        {"rates": [FRACTION]},
        {"anything": FRACTION},
        {"anything": [{"a": FRACTION}]},
        {"things": [[FRACTION]]},
        {"either": FRACTION},
        {"either": {"amount": 1, "rate": FRACTION}},
        {"leaf": {"amount": 1, "rate": FRACTION}},
        {"leaf": {"amount": FRACTION}},
        {"leaf": {"amount": 1, "aNewName": FRACTION}},
        {"leaves": [{"amount": 1}, {"amount": 1, "rate": FRACTION}]},
        {"aNewName": [FRACTION]},
    ],
    ids=str,
)
def test_every_fraction_is_in_what_is_odd(changes: dict[str, Any]) -> None:
    odd: list[Any] = []
    read_many(Tree, [*TREES, {**TREES[0], **changes}], CENTS._replace(odd=odd.append))
    assert "9007199254740990.6" in repr(odd)


def test_ordinary_rows_are_not_odd() -> None:
    read_many(Tree, TREES, CENTS)
    odd: list[Any] = []
    read_many(Tree, TREES, CENTS._replace(odd=odd.append))
    assert odd == []


def test_the_names_of_many_rows_are_the_usual_ones() -> None:
    objects = reading._Objects(models.BankTransaction)
    objects.append([row(number) for number in range(MANY)], CENTS, [])
    usual_of = getattr(objects._straight, "__globals__")["usual_of"]  # noqa: B009 - as above
    assert usual_of({name: name for name in row(1)}) == tuple(row(1))


@pytest.mark.parametrize("names", [list(row(1)), tuple(row(1)), None, 1, "id"], ids=repr)
def test_the_usual_names_alone_are_no_row(names: Any) -> None:
    rows = [*(row(number) for number in range(MANY)), names]
    with pytest.raises(ContractError, match="an object") as caught:
        read_many(models.BankTransaction, rows, CENTS, pointer="/data")
    assert caught.value.pointer == f"/data/{MANY}"


@pytest.mark.parametrize(
    "changes",
    [
        {"aNewName": 1},
        {"payee": 1},
        {"status": "a new word"},
        {"balance": "12.50"},
        {"createdAt": "2026-06-08T16:00:60.000Z"},
        {"amount": Decimal("12.0")},
        {"postedDate": "20260608"},
    ],
    ids=str,
)
def test_an_odd_row_among_many_is_read_as_if_it_were_alone(changes: dict[str, Any]) -> None:
    rows = [row(number) for number in range(MANY)] + [row(MANY, **changes)]
    alone = read_many(models.BankTransaction, [rows[-1]], CENTS)[0]
    last = read_many(models.BankTransaction, rows, CENTS)[-1]
    assert (last, last.extra) == (alone, alone.extra)


def test_what_rows_say_again_is_in_memory_once() -> None:
    documents = json.loads(json.dumps([row(number) for number in range(MANY)]))
    records = read_many(models.BankTransaction, documents, CENTS)
    for name in ("bank_account_id", "date", "source_type", "created_at"):
        assert len({id(getattr(record, name)) for record in records}) == 1
    assert len({record.id for record in records}) == MANY


def test_a_misfit_among_many_rows_has_its_pointer() -> None:
    rows = [row(number) for number in range(MANY)] + [row(MANY, amount="much")]
    with pytest.raises(ContractError) as caught:
        read_many(models.BankTransaction, rows, CENTS, pointer="/data")
    assert caught.value.pointer == f"/data/{MANY}/amount"


def test_a_row_of_another_company_among_many_is_refused() -> None:
    rows = [row(number) for number in range(MANY)] + [row(MANY, organizationId="org_2")]
    with pytest.raises(ContractError) as caught:
        read_many(models.BankTransaction, rows, CENTS, pointer="/data")
    assert caught.value.pointer == f"/data/{MANY}/organizationId"
