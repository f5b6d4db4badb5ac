"""Keys: one for each source transaction, the same in every process and release; and the bytes under
them.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import InputError, idempotency_key
from ledgerhq_ext._idempotency import canonical_json, check_key, check_text, fingerprint
from tests.support.clients import ORG, client
from tests.support.postings import POSTINGS
from tests.support.responses import Script, receipt

GOLDEN = Path(__file__).with_name("golden_keys.json")


def safe(text: str) -> bool:
    try:
        return check_text(text, "part") == text
    except InputError:
        return False


parts = st.tuples(*[st.text(min_size=1, max_size=60).filter(safe)] * 4)
tricky = st.tuples(*[st.text("a-|\\ é.", min_size=1, max_size=4).filter(safe)] * 4)


@pytest.mark.slow
@given(parts | tricky, parts | tricky)
def test_different_transactions_have_different_keys(one: Any, other: Any) -> None:
    assert (idempotency_key(*one) == idempotency_key(*other)) == (one == other)


@pytest.mark.slow
@given(parts)
def test_keys_are_safe_headers(part: Any) -> None:
    key = idempotency_key(*part)
    assert check_key(key) == key
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,255}", key)
    assert key == idempotency_key(*part)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("o", "r", "a-b", "c"), ("o", "r", "a", "b-c")),
        (("o", "r", "ab", "c"), ("o", "r", "a", "bc")),
        (("o1", "r", "s", "1"), ("o2", "r", "s", "1")),
        (("o", "purchase", "s", "1"), ("o", "transfer", "s", "1")),
        (("o", "r", "s", "1 1"), ("o", "r", "s", "1  1")),
        (("o", "r", "s", "x" * 400 + "1"), ("o", "r", "s", "x" * 400 + "2")),
        (("o", "r", "S", "1"), ("o", "r", "s", "1")),
    ],
)
def test_look_alikes_differ(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert idempotency_key(*one) != idempotency_key(*other)


def test_readable_in_front() -> None:
    assert idempotency_key(ORG, "purchase", "acme-pos", "1001").startswith(
        "purchase-acme-pos-1001-"
    )


@pytest.mark.parametrize(
    "bad", ["", " ", "\n", "a\tb", "a\x7f", "\ud800", "e\u0301", "x" * 501, None, 7, b"x"]
)
@pytest.mark.parametrize("at", range(4))
def test_refused_parts(at: int, bad: Any) -> None:
    given: list[Any] = ["o", "r", "s", "1"]
    given[at] = bad
    with pytest.raises(InputError):
        idempotency_key(*given)


@pytest.mark.parametrize("bad", ["", "a b", "é", "a\n", "x" * 256, None, 5, b"k"])
def test_refused_keys(bad: Any) -> None:
    with pytest.raises(InputError):
        check_key(bad)


@pytest.mark.slow
def test_stable_across_processes() -> None:
    code = "import sys; from ledgerhq_ext import idempotency_key; print(idempotency_key(*sys.argv[1:]))"
    given = [ORG, "purchase", "acme-pos", "café-1001"]
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, *given], env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == idempotency_key(*given)


@pytest.mark.parametrize("segment", POSTINGS)
def test_golden_keys_and_bytes(segment: str) -> None:
    """A change here is a change of what old keys stand for: never edit the file to make this pass."""
    script = Script(receipt)
    client(script).organization(ORG).post(POSTINGS[segment], source=("acme-pos", "1001"))
    request = script.requests[0]
    sent = {"key": request.headers["Idempotency-Key"], "body": request.content.decode()}
    assert sent == json.loads(GOLDEN.read_text(encoding="utf-8"))[segment]


def test_golden_keys_of_odd_sources() -> None:
    """What looks odd and is legal has the key that it had in every release."""
    sources = json.loads(GOLDEN.read_text(encoding="utf-8"))["sources"]
    assert len(sources) > 10
    for source in sources:
        assert idempotency_key(ORG, "purchase", source["system"], source["id"]) == source["key"]


def test_canonical_json() -> None:
    assert (
        canonical_json({"b": 1, "a": {"d": "é", "c": [1]}})
        == b'{"a":{"c":[1],"d":"\xc3\xa9"},"b":1}'
    )
    for bad in ({"a": float("nan")}, {"a": {1, 2}}, {"a": "\ud800"}, {"a": b"x"}):
        with pytest.raises(InputError):
            canonical_json(bad)


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(), max_size=5))
def test_fingerprints_do_not_depend_on_order(payload: dict[str, int]) -> None:
    other = dict(reversed(list(payload.items())))
    assert fingerprint(canonical_json(payload)) == fingerprint(canonical_json(other))
