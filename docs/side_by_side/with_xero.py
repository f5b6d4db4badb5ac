"""The same tasks with xero-python. There is no asynchronous client, and no stand-in for tests."""

import os

from xero_python.accounting import AccountingApi, BankTransactions
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import ApiException


# --8<-- [start:connect]
def connected(tokens: dict, load, save) -> ApiClient:
    """Take tokens that another library got: addresses, state and codes are not of this SDK."""
    oauth = OAuth2Token(os.environ["XERO_CLIENT_ID"], os.environ["XERO_CLIENT_SECRET"])
    configuration = Configuration(oauth2_token=oauth)
    client = ApiClient(configuration, oauth2_token_saver=save, oauth2_token_getter=load)
    client.set_oauth2_token(tokens)
    return client


# --8<-- [end:connect]
# --8<-- [start:environment]
def from_environment() -> OAuth2Token:
    return OAuth2Token(os.environ["XERO_CLIENT_ID"], os.environ["XERO_CLIENT_SECRET"])


# --8<-- [end:environment]
# --8<-- [start:list]
def contacts(api: AccountingApi, tenant: str):
    rows, page = [], 1
    while True:
        answer = api.get_bank_transactions(tenant, page=page, page_size=100)
        if not answer.bank_transactions:
            return [row.contact.name for row in rows]
        rows += answer.bank_transactions
        page += 1


# --8<-- [end:list]
# --8<-- [start:lookup]
def account(api: AccountingApi, tenant: str):
    return api.get_accounts(tenant, where='Code=="200"').accounts[0]


# --8<-- [end:lookup]
# --8<-- [start:post]
def post(api: AccountingApi, tenant: str, transactions: BankTransactions, sale: str):
    return api.create_bank_transactions(tenant, transactions, idempotency_key=f"till-{sale}")


# --8<-- [end:post]
# --8<-- [start:retries]
def patient(api: AccountingApi, tenant: str):
    return api.get_accounts(tenant, _request_timeout=(5, 10))  # repeats are yours


# --8<-- [end:retries]
# --8<-- [start:error]
def refusal(api: AccountingApi, tenant: str):
    try:
        api.get_accounts(tenant)
    except ApiException as error:
        return error.headers.get("xero-correlation-id"), error.status
    raise AssertionError("nothing went wrong")


# --8<-- [end:error]
# --8<-- [start:raw]
def raw(api: AccountingApi, tenant: str):
    accounts, status, headers = api.get_accounts(tenant, _return_http_data_only=False)
    return status, headers["content-type"], accounts


# --8<-- [end:raw]
