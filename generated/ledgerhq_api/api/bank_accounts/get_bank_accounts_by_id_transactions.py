from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bank_transaction_status import BankTransactionStatus
from ...models.get_bank_accounts_by_id_transactions_response import (
    GetBankAccountsByIdTransactionsResponse,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BankTransactionStatus | Unset = UNSET,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["page"] = page

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/bank-accounts/{id}/transactions".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetBankAccountsByIdTransactionsResponse | None:
    if response.status_code == 200:
        response_200 = GetBankAccountsByIdTransactionsResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetBankAccountsByIdTransactionsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BankTransactionStatus | Unset = UNSET,
    x_organization_id: str,
) -> Response[GetBankAccountsByIdTransactionsResponse]:
    """The register of one bank account, newest first

    Args:
        id (str):
        limit (int | Unset):
        page (int | Unset):
        status (BankTransactionStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetBankAccountsByIdTransactionsResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        limit=limit,
        page=page,
        status=status,
        x_organization_id=x_organization_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BankTransactionStatus | Unset = UNSET,
    x_organization_id: str,
) -> GetBankAccountsByIdTransactionsResponse | None:
    """The register of one bank account, newest first

    Args:
        id (str):
        limit (int | Unset):
        page (int | Unset):
        status (BankTransactionStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetBankAccountsByIdTransactionsResponse
    """

    return sync_detailed(
        id=id,
        client=client,
        limit=limit,
        page=page,
        status=status,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BankTransactionStatus | Unset = UNSET,
    x_organization_id: str,
) -> Response[GetBankAccountsByIdTransactionsResponse]:
    """The register of one bank account, newest first

    Args:
        id (str):
        limit (int | Unset):
        page (int | Unset):
        status (BankTransactionStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetBankAccountsByIdTransactionsResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        limit=limit,
        page=page,
        status=status,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BankTransactionStatus | Unset = UNSET,
    x_organization_id: str,
) -> GetBankAccountsByIdTransactionsResponse | None:
    """The register of one bank account, newest first

    Args:
        id (str):
        limit (int | Unset):
        page (int | Unset):
        status (BankTransactionStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetBankAccountsByIdTransactionsResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            limit=limit,
            page=page,
            status=status,
            x_organization_id=x_organization_id,
        )
    ).parsed
