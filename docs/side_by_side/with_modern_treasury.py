"""The same tasks with modern-treasury. There is no OAuth."""

import httpx
import modern_treasury
from modern_treasury import AsyncModernTreasury, ModernTreasury


# --8<-- [start:environment]
def from_environment() -> ModernTreasury:
    return ModernTreasury()


# --8<-- [end:environment]
# --8<-- [start:list]
def names(client: ModernTreasury):
    return [party.name for party in client.counterparties.list(per_page=100)]


# --8<-- [end:list]
# --8<-- [start:lookup]
def counterparty(client: ModernTreasury):
    return next(iter(client.counterparties.list(email="orders@beanbrothers.example")))


# --8<-- [end:lookup]
# --8<-- [start:post]
def post(client: ModernTreasury, sale: str):
    return client.payment_orders.create(
        amount=1250,
        direction="credit",
        originating_account_id="ia_1",
        type="ach",
        idempotency_key=f"till-{sale}",
    )


# --8<-- [end:post]
# --8<-- [start:retries]
def patient() -> ModernTreasury:
    return ModernTreasury(timeout=10, max_retries=4)


# --8<-- [end:retries]
# --8<-- [start:error]
def refusal(client: ModernTreasury):
    try:
        client.counterparties.retrieve("no-such-id")
    except modern_treasury.APIStatusError as error:
        return error.response.headers.get("x-request-id"), error.status_code
    raise AssertionError("nothing went wrong")


# --8<-- [end:error]
# --8<-- [start:raw]
def raw(client: ModernTreasury):
    response = client.counterparties.with_raw_response.retrieve("cp_1")
    return response.status_code, response.headers["content-type"], response.parse()


# --8<-- [end:raw]
# --8<-- [start:async]
async def awaited(client: AsyncModernTreasury):
    return [party.name async for party in client.counterparties.list(per_page=100)]


# --8<-- [end:async]
# --8<-- [start:test]
def offline(handler) -> ModernTreasury:
    http = httpx.Client(transport=httpx.MockTransport(handler))
    return ModernTreasury(api_key="x", organization_id="x", http_client=http)


# --8<-- [end:test]
