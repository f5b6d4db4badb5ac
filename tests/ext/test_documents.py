"""Responses read by orjson are the documents that json reads, and so are the records and errors."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import httpx
import orjson
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerhq_ext import ApiKey, ContractError, LedgerHQ, _calls, _seam
from ledgerhq_ext._http import documents, messages
from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._operations import ListOperation
from ledgerhq_ext._wire import read_many
from scripts.bench.service import ORGANIZATION, PAGE, ROWS
from tests.support.shapes import READINGS, RECORDS, objects_of

pytestmark = pytest.mark.slow

MANY = 20
LISTS = [each for each in vars(_seam).values() if isinstance(each, ListOperation)]

NUMBERS = st.sampled_from(
    [
        *(
            "0",
            "-0",
            "1",
            "-1250",
            "12.50",
            "12.5",
            "1.0",
            "-0.0",
            "1e2",
            "1E-2",
            "1e400",
            "1e-400",
        ),
        *("1e99999999999999999999", "0.1", "9007199254740991.2", "9007199254740993"),
        *("0.1000000000000000055511151231257827", "123456789012345678", "1.7976931348623157e309"),
        *("9223372036854775807", "9223372036854775808", "-9223372036854775809"),
        *("18446744073709551615", "18446744073709551616", "1" * 40, "1" * 5_000),
        *("01", "+1", ".5", "1.", "1e", "-", "NaN", "Infinity", "-Infinity", "0x10"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=6).map(json.dumps),
    st.text(max_size=6).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(
        [
            *('"\\ud83d\\ude00"', '"\\ud83d"', '"\\udc00\\ud83d"', '"\ud800"', '"\\u0000"'),
            *('"\x00"', '"\x1f"', '"\x7f"', '"\t"', '"\\/"', '"\\x"', '"\\u12"', '"\ufeff"', "'a'"),
        ]
    ),
)
LEAVES = st.one_of(NUMBERS, TEXTS, st.sampled_from(["null", "true", "false", "nul", "True", ""]))
BLANKS = st.sampled_from(["", " ", "\n\t\r ", "\f", "\ufeff", "/**/"])
NAMES = st.one_of(st.sampled_from(['"a"', '"b"', '""', '"\\u0061"']), TEXTS)


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda each: f"[{','.join(each)}]")


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # Names may come twice: the last one counts, in the place of the first.
    pairs = st.lists(st.tuples(NAMES, values), max_size=4)
    return pairs.map(lambda each: f"{{{','.join(f'{name}:{value}' for name, value in each)}}}")


TREES = st.recursive(LEAVES, lambda inner: arrays(inner) | objects(inner), max_leaves=12)
ENCODINGS = st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
CONTENTS = st.one_of(
    st.tuples(BLANKS, TREES, BLANKS, ENCODINGS).map(
        lambda parts: "".join(parts[:3]).encode(parts[3], "surrogatepass")
    ),
    st.binary(max_size=40),
)


def with_json(read: Callable[[], Any]) -> Any:
    """What it gives where orjson is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "parser", lambda: None)
        return read()


def with_orjson(read: Callable[[], Any]) -> Any:
    """What it gives with orjson for the shortest text too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_LONG", 0)
        return read()


def outcome(content: bytes) -> str:
    """The document, with the types of all that is in it, and in its order; or the error."""
    try:
        return repr(Response(status=200, content=content).document())
    except ContractError as error:
        return f"{type(error)} {error}"


@settings(max_examples=1_500, deadline=None)
@given(content=CONTENTS)
def test_any_text_is_the_same_document(content: bytes) -> None:
    assert with_orjson(lambda: outcome(content)) == with_json(lambda: outcome(content))


@settings(max_examples=500, deadline=None)
@given(content=CONTENTS, at=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_damaged_text_is_the_same_document(content: bytes, at: int, byte: int) -> None:
    damaged = bytearray(content)
    damaged[at % (len(content) + 1) :][:1] = bytes([byte])
    for text in (bytes(damaged), content[: at % (len(content) + 1)], content + bytes([byte])):
        read = partial(outcome, text)
        assert with_orjson(read) == with_json(read)


@pytest.mark.sample
@pytest.mark.parametrize("depth", [1, 30, 31, 32, 33, 500, 990, 1_100, 100_000])
@pytest.mark.parametrize("shape", ["[1]", '{"a":1}'])
def test_a_deep_document_is_read_or_refused_alike(depth: int, shape: str) -> None:
    head, tail = shape.split("1")
    content = (head * depth + "1.5" + tail * depth).encode()
    assert with_orjson(lambda: refusal(content)) == with_json(lambda: refusal(content))


def refusal(content: bytes) -> str | None:
    try:
        Response(status=200, content=content).document()
    except ContractError as error:
        return str(error)
    return None


def text_of(value: Any) -> str:
    """JSON text of a value whose fractions are ``Decimal``, digit for digit."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{json.dumps(k)}:{text_of(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(text_of, value))}]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def records(kind: Any, content: bytes, how: Any) -> Any:
    """The records of a response, with all that they hold; or what is wrong with it, and where."""
    try:
        rows = read_many(kind, Response(status=200, content=content).document(), how)
    except ContractError as error:
        return type(error), str(error), error.pointer
    return [(type(row), row, repr(row.extra), repr(row.to_dict()), hash(row)) for row in rows]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_records_and_errors_are_the_same(kind: Any, data: st.DataObject) -> None:
    rows = data.draw(st.lists(objects_of(kind), max_size=3))
    how = data.draw(st.sampled_from(READINGS))
    content = text_of(rows).encode()
    fast = with_orjson(lambda: records(kind, content, how))
    assert fast == with_json(lambda: records(kind, content, how))


def listed(operation: ListOperation[Any], content: bytes, spelling: Any) -> Any:
    """What a list gives, and what stands beside it; or what is wrong with it, and where."""
    call = _calls.list_call(
        evolve(operation, money=spelling),
        lambda rows, document: (rows, document.get("pagination")),
        organization_id="org_1" if operation.scoped else None,
        id="ba_1" if "{id}" in operation.path else None,
    )
    try:
        rows, beside = call.read(Response(status=200, content=content))
    except ContractError as error:
        return type(error), str(error), error.pointer
    held = [(type(row), row, repr(row.extra), repr(row.to_dict()), hash(row)) for row in rows]
    return held, repr(beside)


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: str(operation.name))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_lists_and_their_errors_are_the_same(
    operation: ListOperation[Any], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(objects_of(operation.result), min_size=1, max_size=2))
    beside = data.draw(st.sampled_from([1, 1_000, Decimal("1.0"), Decimal("0.10"), 2**64]))
    spelling = data.draw(st.sampled_from(["cents", "cents", "decimal"]))
    # Many, so that they are read straight.
    document = {operation.declared_envelope: rows * MANY, "pagination": {"total": beside}}
    content = text_of(document).encode()
    fast = with_orjson(lambda: listed(operation, content, spelling))
    assert fast == with_json(lambda: listed(operation, content, spelling))


@contextlib.contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The parsers that read, in their order."""
    used: list[str] = []

    def loads(content: bytes) -> Any:
        used.append("orjson")
        return orjson.loads(content)

    def plain(content: bytes) -> Any:
        used.append("json")
        return by_json(content)

    by_json = documents.exact_document_of
    with monkeypatch.context() as patch:
        patch.setattr(documents, "parser", lambda: loads)
        patch.setattr(documents, "exact_document_of", plain)
        patch.setattr(messages, "exact_document_of", plain)
        yield used


@pytest.mark.parametrize(
    ("value", "size", "used"),
    [
        ("[1]", 5_000, ["orjson"]),
        ("[1]", 10, ["json"]),
        ('{"a":[{"b":1.5}]}', 5_000, ["orjson", "json"]),
        ("[18446744073709551616]", 5_000, ["orjson", "json"]),
        ('["\\ud800"]', 5_000, ["orjson", "json"]),
        ("NaN", 5_000, ["orjson", "json"]),
    ],
)
def test_orjson_reads_long_texts_without_fractions(
    monkeypatch: pytest.MonkeyPatch, value: str, size: int, used: list[str]
) -> None:
    assert documents.parser() is orjson.loads
    with counted(monkeypatch) as parsers:
        Response(status=200, content=value.encode().ljust(size)).document()
    assert parsers == used


@pytest.mark.sample
@pytest.mark.parametrize(
    ("changes", "used"),
    [
        ({}, ["orjson"]),
        ({"aNewName": [1, {"a": "1.5"}]}, ["orjson"]),
        ({"aNewName": [1, {"a": Decimal("0.10")}]}, ["orjson", "json"]),
        ({"balance": Decimal("9007199254740990.6")}, ["orjson", "json"]),
        ({"amount": Decimal("1250.0")}, ["orjson", "json"]),
        ({"amount": 2**64}, ["orjson", "json"]),
        ({"payee": Decimal("0.10")}, ["orjson", "json"]),
    ],
    ids=str,
)
def test_a_page_is_read_again_for_one_inexact_number(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], used: list[str]
) -> None:
    page = json.loads(PAGE)
    page["data"][7] |= changes
    content = text_of(page).encode()
    with counted(monkeypatch) as parsers:
        rows = rows_of(content)
    assert parsers == used
    assert rows == with_json(lambda: rows_of(content))


def rows_of(content: bytes) -> Any:
    """What a client reads of a page of bank rows, with all that it holds; or the error."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    with LedgerHQ(ApiKey("key", organization_id=ORGANIZATION), transport=transport) as hq:
        try:
            rows = list(hq.organization(ORGANIZATION).bank_transactions(page_size=ROWS))
        except ContractError as error:
            return str(error), error.pointer
    return [repr(row.to_dict()) for row in rows]


def test_an_amount_keeps_its_last_digits() -> None:
    content = b'[{"amount":9007199254740991.2}]'.ljust(5_000)
    document = Response(status=200, content=content).document()
    assert document == [{"amount": Decimal("9007199254740991.2")}]


@pytest.mark.parametrize("module", ["orjson", "nothing"])
def test_orjson_is_imported_for_the_first_long_text_alone(module: str) -> None:
    code = f"""
import sys
if {module!r} != "orjson":
    sys.modules["orjson"] = None
from ledgerhq_ext import LedgerHQ
from ledgerhq_ext._http.documents import document_of
LedgerHQ(access_token="t").close()
assert document_of(b"[1]") == [1]
assert not sys.modules.get("orjson")
assert document_of(b"[1]".ljust(5_000)) == [1]
print(sys.modules["orjson"] is not None)
"""
    command = [sys.executable, "-I", "-c", code]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == str(module == "orjson")
