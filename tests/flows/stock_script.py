"""A script for the raw client, as its generator writes clients, without anything of
``ledgerhq_ext``.

python -m tests.flows.stock_script URL TOKEN ORGANIZATION
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from http import HTTPStatus

from ledgerhq_api import AuthenticatedClient, Client
from ledgerhq_api.api.accounts import (
    delete_accounts_by_id,
    get_accounts,
    patch_accounts_by_id,
    post_accounts,
)
from ledgerhq_api.api.bank_transactions import get_bank_transactions
from ledgerhq_api.api.entries import get_entries
from ledgerhq_api.api.health import get_health
from ledgerhq_api.api.purchases import post_purchases
from ledgerhq_api.errors import UnexpectedStatus
from ledgerhq_api.models import (
    AccountCreate,
    AccountType,
    AccountUpdate,
    PostingLine,
    PurchaseRequest,
)
from ledgerhq_api.types import UNSET


def run(url: str, token: str, organization: str) -> None:
    """Go through reads, creations, a posting and errors; every step is checked."""
    with Client(base_url=url) as anybody:
        health = get_health.sync(client=anybody)
        assert health is not None
        assert health.status == "ok"

    client = AuthenticatedClient(base_url=url, token=token)
    with client:
        response = get_accounts.sync_detailed(client=client, x_organization_id=organization)
        assert response.status_code is HTTPStatus.OK
        assert response.headers["content-type"].startswith("application/json")
        assert response.parsed is not None
        accounts = {account.code: account for account in response.parsed.accounts}
        checking = accounts["1010"]
        assert checking.type_ == AccountType.ASSET
        assert checking.organization_id == organization
        assert isinstance(checking.created_at, dt.datetime)

        body = AccountCreate(
            code="6998", name="Stamps", type_=AccountType.EXPENSE, description=UNSET
        )
        assert body.to_dict() == {"code": "6998", "name": "Stamps", "type": "expense"}
        assert AccountCreate.from_dict(body.to_dict()) == body
        body["x-note"] = 1
        assert body.additional_properties == {"x-note": 1}
        assert body.additional_keys == ["x-note"]
        assert "x-note" in body
        del body["x-note"]
        created = post_accounts.sync(client=client, body=body, x_organization_id=organization)
        assert created is not None
        stamps = created.account

        # Null is not the same as nothing.
        assert AccountUpdate(description=None).to_dict() == {"description": None}
        patched = patch_accounts_by_id.sync(
            stamps.id,
            client=client,
            body=AccountUpdate(name="Postage"),
            x_organization_id=organization,
        )
        assert patched is not None
        assert patched.account.name == "Postage"
        gone = delete_accounts_by_id.sync_detailed(
            stamps.id, client=client, x_organization_id=organization
        )
        assert gone.status_code in (HTTPStatus.OK, HTTPStatus.NO_CONTENT)

        purchase = PurchaseRequest(
            txn_date="2026-06-08",
            payee_name="Post office",
            source_account_id=checking.id,
            lines=[PostingLine(account_id=accounts["6100"].id, amount=1250)],
        )
        first = post_purchases.sync_detailed(
            client=client, body=purchase, idempotency_key="stock-1", x_organization_id=organization
        )
        again = post_purchases.sync_detailed(
            client=client, body=purchase, idempotency_key="stock-1", x_organization_id=organization
        )
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.parsed is not None
        assert again.parsed is not None
        assert first.parsed.data.id == again.parsed.data.id
        assert first.parsed.to_dict()["data"]["idempotencyKey"] == "stock-1"

        rows = get_bank_transactions.sync(client=client, limit=3, x_organization_id=organization)
        assert rows is not None
        assert len(rows.data) == 3
        assert isinstance(rows.data[0].amount, int)

        status = None
        try:
            get_accounts.sync(client=client, x_organization_id="no-such-company")
        except UnexpectedStatus as error:
            status = error.status_code
        assert status in (403, 404)
        lenient = client.with_headers({"x-lenient": "1"})
        lenient.raise_on_unexpected_status = False
        assert get_accounts.sync(client=lenient, x_organization_id="no-such-company") is None

    assert token not in repr(client) + repr(response) + repr(checking)
    asyncio.run(read_on(AuthenticatedClient(base_url=url, token=token), organization))


async def read_on(client: AuthenticatedClient, organization: str) -> None:
    """Read without blocking."""
    async with client:
        entries = await get_entries.asyncio(client=client, x_organization_id=organization)
        assert entries is not None
        assert entries.data[0].lines
        detailed = await get_accounts.asyncio_detailed(
            client=client, x_organization_id=organization
        )
        assert detailed.status_code == 200
        assert detailed.parsed is not None
        is_refused = False
        try:
            await get_accounts.asyncio(client=client, surprise=1)  # type: ignore[call-arg]
        except TypeError:
            is_refused = True
        assert is_refused


if __name__ == "__main__":
    run(*sys.argv[1:4])
