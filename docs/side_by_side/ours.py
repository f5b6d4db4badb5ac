"""Ten everyday tasks with ledgerhq-ext."""

from ledgerhq_ext import (
    Account,
    AsyncLedgerHQ,
    AuthorizationRequest,
    Deposit,
    LedgerHQ,
    LedgerHQError,
    Organization,
    Receipt,
)
from ledgerhq_ext.sandbox import Sandbox


# --8<-- [start:connect]
def begin(hq: LedgerHQ, redirect_uri: str) -> AuthorizationRequest:
    return hq.authorization_request(redirect_uri)  # its .url; state and PKCE are made


def end(hq: LedgerHQ, callback_url: str, request: AuthorizationRequest) -> None:
    hq.connect(callback_url, request)  # checks the state, stores the tokens


# --8<-- [end:connect]
# --8<-- [start:environment]
def from_environment() -> LedgerHQ:
    return LedgerHQ.from_env()


# --8<-- [end:environment]
# --8<-- [start:list]
def payees(books: Organization) -> list[str | None]:
    return [row.payee for row in books.bank_transactions(status="unreconciled")]


# --8<-- [end:list]
# --8<-- [start:lookup]
def account(books: Organization) -> Account:
    return books.accounts().by_code("4000")


# --8<-- [end:lookup]
# --8<-- [start:post]
def post(books: Organization, deposit: Deposit, sale: str) -> Receipt:
    return books.post(deposit, source=("till", sale))


# --8<-- [end:post]
# --8<-- [start:retries]
def patient(token: str, base_url: str) -> LedgerHQ:
    return LedgerHQ(access_token=token, base_url=base_url, timeout=10, deadline=60, retries=4)


# --8<-- [end:retries]
# --8<-- [start:error]
def refusal(books: Organization, deposit: Deposit, sale: str) -> tuple[str | None, str]:
    try:
        books.post(deposit, source=("till", sale))
    except LedgerHQError as error:
        return error.request_id, error.outcome
    raise AssertionError("nothing went wrong")


# --8<-- [end:error]
# --8<-- [start:raw]
def raw(books: Organization, deposit: Deposit, sale: str) -> tuple[int, str]:
    response = books.with_raw_response.post(deposit, source=("till", sale))
    return response.status, response.headers["content-type"]


# --8<-- [end:raw]
# --8<-- [start:async]
async def awaited(hq: AsyncLedgerHQ, company: str) -> list[str | None]:
    books = hq.organization(company)
    return [row.payee async for row in books.bank_transactions(status="unreconciled")]


# --8<-- [end:async]
# --8<-- [start:test]
def offline() -> int:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        return len(list(hq.organizations(type="client")))


# --8<-- [end:test]
