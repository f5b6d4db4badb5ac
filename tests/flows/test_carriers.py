"""The seven steps on either carrier of the client company: an app that changes the setting notices
nothing.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from ledgerhq_api.detours import DETOURS

from ledgerhq_ext import AccountAllocation, AuthorizationRequest, LedgerHQ
from ledgerhq_ext._http.messages import Carrier
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.sandbox import _contract as contract
from tests.support.clocks import FakeClock
from tests.support.companies import World, connect_to
from tests.support.surfaces import Surface, collect, resolve

pytestmark = pytest.mark.anyio
BACK = "http://127.0.0.1:8123/back"
SPAN = ("2026-01-01", "2026-06-30")


@pytest.fixture(params=get_args(Carrier))
def carrier(request: pytest.FixtureRequest) -> str:
    carrier: str = request.param
    return carrier


@pytest.fixture
async def connection(
    surface: Surface, box: Sandbox, clock: FakeClock, carrier: str, tmp_path: Path
) -> AsyncIterator[Any]:
    """Step 1: a client that was connected by OAuth."""
    client = connect_to(box, surface, clock, token_store=tmp_path / "tokens.json", carrier=carrier)
    request: AuthorizationRequest = await resolve(client.authorization_request(BACK))
    with httpx.Client(verify=False) as browser:
        callback = browser.get(request.url).headers["location"]
    await resolve(client.connect(callback, request))
    yield client
    await resolve(client.close())


async def seven_steps(hq: Any, world: World) -> dict[str, Any]:
    """Go through the flow; return what an app gets to see, but for ids that are made on the way."""
    seen: dict[str, Any] = {}
    companies = await collect(hq.organizations(type="client", page_size=2))
    seen["companies"] = companies
    seen["organizations"] = await collect(hq.organizations(page_size=2))
    company = next(company for company in companies if company.id == world.org)
    books = hq.organization(world.org)
    seen["record"] = await resolve(books.record())
    assert seen["record"] == company

    seen["accounts"] = await resolve(books.accounts())
    seen["bank accounts"] = await resolve(books.bank_accounts())
    seen["tax rates"] = await resolve(books.tax_rates())
    seen["contact"] = await resolve(books.contact(name="Metro Parts"))
    seen["bill"] = await resolve(books.bill("BILL-1008"))

    for number, posting in enumerate(world.of_each_kind()):
        source = ("acme-pos", str(number))
        receipt = await resolve(books.post(posting, source=source))
        again = await resolve(books.post(posting, source=source))
        assert (receipt.replayed, again.replayed) == (False, True)
        assert again.journal_entry_id == receipt.journal_entry_id
        seen[f"receipt {number}"] = (receipt.resource_type, receipt.idempotency_key, receipt.status)
    assert len(world.postings()) == 5

    seen["connections"] = [
        str(each.bank_account.id) for each in await resolve(books.bank_connections())
    ]
    waiting = await collect(books.bank_transactions(status="unreconciled", page_size=20))
    seen["waiting"] = sorted((row.date, row.description, row.amount) for row in waiting)

    loose = [
        row
        for row in waiting
        if row.amount < 0 and not row.pending and row.journal_entry_id is None
    ]
    booked = [row for row in waiting if row.journal_entry_id is not None]
    shares = [AccountAllocation(account_id=world.account("6100"), amount=-loose[0].amount)]
    await resolve(books.split(loose[0], shares))
    await resolve(books.exclude(loose[1]))
    await resolve(books.reclassify(loose[2], account=world.account("6400")))
    await resolve(books.reconcile(booked[0]))
    seen["entries"] = len(await collect(books.entries(status="posted", page_size=50)))

    packet = await resolve(books.financial_packet(*SPAN))
    assert packet.problems() == ()
    trial_balance = await resolve(books.trial_balance(*SPAN))
    seen["trial balance"] = trial_balance
    seen["balance sheet"] = await resolve(books.balance_sheet(SPAN[1]))
    seen["profit and loss"] = await resolve(books.profit_and_loss(*SPAN))
    seen["ledger lines"] = len((await resolve(books.general_ledger(*SPAN))).lines)
    assert packet.trial_balance.total_debits == trial_balance.total_debits
    return seen


def below_a_company(path: str) -> bool:
    return re.match(r"/api/v1/companies(/|$)", path) is not None


def offered(method: str, path: str) -> bool:
    """Return whether the contract that is served has an operation, and the layer fits it there."""
    if f"{method} {path}" in map(contract.normal_path, DETOURS):
        return False
    paths = contract.vendored_contract()["paths"]
    return any(
        method.lower() in paths[known] for known in paths if contract.normal_path(known) == path
    )


def on_the_other_carrier(method: str, leaf: str) -> str:
    """Return what an operation is called on the other carrier: the entries have another name below
    the company.
    """
    names = {"/entries": "/journal-entries", "/journal-entries": "/entries"}
    return names.get(leaf, leaf) if method == "GET" else leaf


async def test_the_seven_steps(connection: Any, maple: World, carrier: str) -> None:
    await seven_steps(connection, maple)

    scoped = [
        (r["method"], r["path"]) for r in maple.box.requests if r.get("organizationId") == maple.org
    ]
    assert scoped
    for method, path in scoped:
        leaf = path.removeprefix(f"/api/v1/companies/{maple.org}").removeprefix("/api/v1")
        other = on_the_other_carrier(method, leaf)
        if below_a_company(path):
            assert carrier == "path" or not offered(method, f"/api/v1{other}")
        else:
            assert carrier == "header" or not offered(method, f"/api/v1/companies/{{}}{other}")


async def test_both_carriers_show_the_same(box: Sandbox, clock: FakeClock) -> None:
    views: list[dict[str, Any]] = []
    for carrier in get_args(Carrier):
        box.reset()
        with connect_to(
            box, LedgerHQ, clock, access_token=box.access_token(), carrier=carrier
        ) as hq:
            views.append(await seven_steps(hq, World(box)))
    assert views[0].keys() == views[1].keys()
    for name, view in views[0].items():
        assert views[1][name] == view, name
