"""Spellings of one source id that nobody can tell apart are refused, at every door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import InputError, idempotency_key
from ledgerhq_ext.store import Store

from .support import ORG, Answer, blocking, purchase, receipt

PLAIN = "TX-1001"
LOOK_ALIKES = {
    "a byte order mark": "\ufeffTX-1001",
    "a blank after it": "TX-1001 ",
    "a blank before it": " TX-1001",
    "a no-break space": "TX-1001\u00a0",
    "a zero-width space": "TX-1001\u200b",
    "a non-breaking hyphen": "TX\u20111001",
    "a line separator": "TX-1001\u2028",
    "a mark of direction": "TX-1001\u202c",
}

parametrize_look_alikes = pytest.mark.parametrize(
    "look_alike",
    LOOK_ALIKES.values(),
    ids=LOOK_ALIKES,
)


def is_refused(door: Callable[..., Any], *arguments: Any, **options: Any) -> bool:
    """Return whether a call ends with an ``InputError``."""
    try:
        door(*arguments, **options)
    except InputError:
        return True
    return False


def test_a_plain_source_id_is_one_posting_each_time() -> None:
    keys: list[str] = []
    with blocking(recording(keys)) as hq:
        books = hq.organization(ORG)
        for _ in range(2):
            books.post(purchase(), source=("bank", PLAIN))
    assert keys == [idempotency_key(ORG, "purchase", "bank", PLAIN)] * 2


@parametrize_look_alikes
def test_a_post(look_alike: str) -> None:
    keys: list[str] = []
    with blocking(recording(keys)) as hq:
        books = hq.organization(ORG)
        books.post(purchase(), source=("bank", PLAIN))
        assert is_refused(books.post, purchase(), source=("bank", look_alike))
    assert len(keys) == 1


@parametrize_look_alikes
def test_the_outbox(look_alike: str, tmp_path: Path) -> None:
    with Store(tmp_path / "books.db") as store:
        outbox = store.outbox()
        outbox.add(ORG, purchase(), source=("bank", PLAIN))
        assert is_refused(outbox.add, ORG, purchase(), source=("bank", look_alike))
        assert outbox.status().pending == 1


@parametrize_look_alikes
def test_a_key(look_alike: str) -> None:
    assert is_refused(idempotency_key, ORG, "purchase", "bank", look_alike)


def recording(keys: list[str]) -> Answer:
    """Return a service that acknowledges purchases and writes their keys down."""

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return receipt(request)

    return answer
