"""The records of the contract, and JSON in their shapes: ordinary, odd, too few and too many."""

from __future__ import annotations

import datetime as dt
import enum
import typing
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st
from ledgerhq_api import models, values
from ledgerhq_api.fields import Field, fields
from ledgerhq_api.records import Answer
from ledgerhq_api.types import Cents

from ledgerhq_ext._wire import Reading
from ledgerhq_ext.reports import packet, statements

OWN = [
    statements.BalanceSheet,
    statements.GeneralLedger,
    statements.ProfitAndLoss,
    packet.FinancialPacket,
]


def is_record(kind: Any) -> bool:
    """Return whether it is a class of the contract's records."""
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
        "2026-06-08ß16:00:00.000Z",
        "2026-06-08T16:00:00.000",
        "2026-06-08T16:00:00+00:00",
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
    """Return values that a type may be spelled as, and some that it may not."""
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
    """Return objects of a class: whole, with odd values, with properties too few and too many."""
    needed: dict[str, st.SearchStrategy[Any]] = {}
    others: dict[str, st.SearchStrategy[Any]] = {"aNewName": ODD}
    for field in fields(kind):
        place = needed if field.needed else others
        place[field.wire] = value_of(field)
    return st.fixed_dictionaries(needed, optional=others)


def value_of(field: Field) -> st.SearchStrategy[Any]:
    """Return values of a field, one in twenty an odd one."""
    if field.stamp:
        return st.sampled_from(["org_1", "org_2", None])
    # Most of them as they should be: one odd value is enough to leave the straight way.
    ordinary = values_of(field.hint)
    return st.integers(0, 20).flatmap(lambda number: ODD if number == 0 else ordinary)
