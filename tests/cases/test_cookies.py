"""A client with bearer tokens carries nothing from one call to the next one."""

from __future__ import annotations

import httpx
import pytest

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ

from .support import SURFACES, ask, tax_rates

COMPANIES = ("org_a", "org_b", "org_c")


@pytest.mark.parametrize("surface", SURFACES)
def test_no_cookie_travels_with_a_call(surface: str) -> None:
    cookies: list[str | None] = []

    def service(request: httpx.Request) -> httpx.Response:
        company = request.headers["x-organization-id"]
        cookies.append(request.headers.get("cookie"))
        response = tax_rates(request)
        response.headers["set-cookie"] = f"active_organization={company}; Path=/; HttpOnly"
        return response

    def blocking(hq: LedgerHQ) -> None:
        for company in COMPANIES:
            hq.organization(company).tax_rates()

    async def awaiting(hq: AsyncLedgerHQ) -> None:
        for company in COMPANIES:
            await hq.organization(company).tax_rates()

    ask(surface, blocking if surface == "blocking" else awaiting, service)
    assert cookies == [None] * len(COMPANIES)
