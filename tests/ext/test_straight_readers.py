"""Straight-line readers give what the plain reader gives, or leave the object to it."""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import json
import typing
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgerhq_api import compiling, models, reading, values
from ledgerhq_api.fields import Field, fields
from ledgerhq_api.records import Answer
from ledgerhq_api.types import Cents
from ledgerhq_api.values import Misfit

from ledgerhq_ext import ContractError
from ledgerhq_ext._wire import Reading, read_many
from ledgerhq_ext.reports import packet, statements

pytestmark = pytest.mark.slow

MANY = 40
OWN = [
    statements.BalanceSheet,
    statements.GeneralLedger,
    statements.ProfitAndLoss,
    packet.FinancialPacket,
]


def is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Answer)


RECORDS = [kind for name in dir(models) if is_record(kind := getattr(models, name))] + OWN
CENTS = Reading("cents", None, "org_1")
READINGS = [
    CENTS,
    Reading("decimal", "USD", "org_1"),
    Reading("cents", None, ""),
    values.Reading(),
]
DAYS = st.sampled_from(
    ["2026-06-08", "2024-02-29", "2026-02-30", "20260608", "2026-W23-1", "٢026-06-08"]
)
MOMENTS = st.sampled_from(
    [
        "2026-06-08T16:00:00.000Z",
        "2026-06-08T16:00:60.000Z",
        "2026-06-08t16:00:00.000z",
        "2026-06-08 16:00:00.000Z",
        "2026-06-08T16:00:00+02:00",
        "2026-06-08T25:00:00.000Z",
        "2026-06-08T16:00:00,000Z",
        "2026-W23-1T16:00:00.000Z",
        "2026-06-08",
    ]
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.just(Decimal("NaN")),
    st.text(max_size=4),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(-(2**60), 2**60),
    bool: st.booleans(),
    float: st.decimals(allow_nan=False, allow_infinity=False),
    Cents: st.one_of(st.integers(-(2**54), 2**54), st.just("12.50"), st.just(Decimal("12.0"))),
    dt.date: DAYS,
    dt.datetime: MOMENTS,
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values that a type may be spelled as, and some that it may not."""
    if hint in LEAVES:
        return LEAVES[hint]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from([member.value for member in hint])
    options = [option for option in typing.get_args(hint) if option not in (type(None), ...)]
    if typing.get_origin(hint) in (tuple, list):
        return st.lists(values_of(options[0]), max_size=2)
    if options and typing.get_origin(hint) is not typing.Literal:
        return st.one_of([values_of(option) for option in options])
    if attrs.has(hint):
        return objects_of(hint)
    return ODD


def objects_of(kind: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of a class: whole, with odd values, with properties too few and too many."""
    needed: dict[str, st.SearchStrategy[Any]] = {}
    others: dict[str, st.SearchStrategy[Any]] = {"aNewName": ODD}
    for field in fields(kind):
        place = needed if field.needed else others
        place[field.wire] = value_of(field)
    return st.fixed_dictionaries(needed, optional=others)


def value_of(field: Field) -> st.SearchStrategy[Any]:
    if field.stamp:
        return st.sampled_from(["org_1", "org_2", None])
    # Most of them as they should be: one odd value is enough to leave the straight way.
    ordinary = values_of(field.hint)
    return st.integers(0, 20).flatmap(lambda number: ODD if number == 0 else ordinary)


def outcome(read: Any, raw: Any, how: Any) -> Any:
    """What reading gives, with all that it depends on; or what does not fit, and where."""
    try:
        record = read(raw, how)
    except Misfit as misfit:
        return misfit.complaint(), misfit.pointer()
    return type(record), record, record.extra, hash(record)


def straight_of(kind: Any) -> compiling.Straight:
    plan = reading._Plan(kind)
    made = compiling.straight(kind, {field.name: read for field, read in plan.everything})
    assert made is not None
    return made


STRAIGHT = {kind: straight_of(kind) for kind in RECORDS}


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
    STRAIGHT[kind](raws, how, records, lambda raw, _: odd.append(raw))
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


def test_an_ordinary_row_is_read_straight() -> None:
    kind = models.BankTransaction
    records: list[Any] = []
    STRAIGHT[kind]([row(1)], CENTS, records, lambda raw, _: pytest.fail(f"left out: {raw}"))
    record = records[0]
    assert type(record) is kind
    assert record == reading._Objects(kind)(row(1), CENTS)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(record, "id", "another")  # noqa: B010 - the type says so too


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
