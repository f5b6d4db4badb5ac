"""`ledgerhq post`: files as spreadsheets, tills and people save them. What is doubtful is refused."""

from __future__ import annotations

import pytest

from ledgerhq_ext.sandbox import Sandbox
from tests.cli.conftest import Terminal

pytestmark = pytest.mark.slow

COMPANY = "Maple Street Coffee"
HEADER = "id,kind,date,payee,bank,account,amount"
ROW = "{id},purchase,2026-06-01,{payee},1010,6100,{amount}"


def table(*, id: str = "1", payee: str = "Shop", amount: str = "1.00") -> str:
    """Return a file with one purchase."""
    return f"{HEADER}\n{ROW.format(id=id, payee=payee, amount=amount)}\n"


def save(machine: Terminal, name: str, content: str | bytes) -> str:
    """Save a file in somebody's folder, and return its name."""
    raw = content if isinstance(content, bytes) else content.encode()
    (machine.home / name).write_bytes(raw)
    return name


def keys(service: Sandbox) -> set[str]:
    """Return the idempotency keys of everything that was posted."""
    return {posting["receipt"]["idempotencyKey"] for posting in service.postings()}


@pytest.mark.parametrize(
    "content",
    [
        table(payee="Café").encode("cp1252"),
        b"PK\x03\x04\x14\x00\x06\x00\x08\xff\xfe",
        b"\x1f\x8b\x08\x00",
    ],
    ids=["cp1252", "a workbook", "gzip"],
)
def test_a_file_in_another_encoding_is_refused(
    content: bytes, machine: Terminal, service: Sandbox
) -> None:
    before = keys(service)
    done = machine.run("post", save(machine, "month.csv", content), "--company", COMPANY)
    assert (done.status, done.out) == (2, "")
    assert "Save it as CSV UTF-8" in done.err
    assert keys(service) == before
