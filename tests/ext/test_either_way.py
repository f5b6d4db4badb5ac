"""What the layer takes either way, as drift and regeneration say of it (docs/drift.md)."""

from __future__ import annotations

import httpx
import pytest

from ledgerhq_ext import DraftEntry, Receipt
from tests.support.clients import ORG, client
from tests.support.postings import DRAFT, PURCHASE
from tests.support.responses import Script, account, entry, receipt


def test_json_is_read_under_the_media_type_of_a_vendor() -> None:
    headers = {"content-type": "application/vnd.ledgerhq+json"}
    script = Script(httpx.Response(200, json={"accounts": [account()]}, headers=headers))
    [only] = client(script).organization(ORG).accounts()
    assert only.id == "acc_1"


@pytest.mark.parametrize("status", [200, 201, 202, 203])
def test_any_success_of_a_draft_is_read(status: int) -> None:
    assert isinstance(DRAFT, DraftEntry)
    script = Script(entry(status=status))
    assert client(script).organization(ORG).create_entry(DRAFT).status == "draft"


@pytest.mark.parametrize(("status", "replayed"), [(200, True), (201, False)])
def test_the_status_of_a_posting_tells_a_replay(status: int, replayed: bool) -> None:
    script = Script(lambda request: httpx.Response(status, content=receipt(request).content))
    posting = client(script).organization(ORG).post(PURCHASE, source=("till", "1"))
    assert isinstance(posting, Receipt)
    assert posting.replayed is replayed


@pytest.mark.parametrize("change", [{"createdAt": None}, {}])
def test_what_may_be_none_may_be_null_or_missing(change: dict[str, None]) -> None:
    assert "createdAt" not in account()
    script = Script(httpx.Response(200, json={"accounts": [{**account(), **change}]}))
    [only] = client(script).organization(ORG).accounts()
    assert only.created_at is None
