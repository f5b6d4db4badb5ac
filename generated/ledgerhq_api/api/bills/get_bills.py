from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bill_status import BillStatus
from ...models.get_bills_response import GetBillsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BillStatus | Unset = UNSET,
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
        "url": "/api/v1/bills",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetBillsResponse | None:
    if response.status_code == 200:
        response_200 = GetBillsResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetBillsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BillStatus | Unset = UNSET,
    x_organization_id: str,
) -> Response[GetBillsResponse]:
    """Bills of suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        status (BillStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetBillsResponse]
    """

    kwargs = _get_kwargs(
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
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BillStatus | Unset = UNSET,
    x_organization_id: str,
) -> GetBillsResponse | None:
    """Bills of suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        status (BillStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetBillsResponse
    """

    return sync_detailed(
        client=client,
        limit=limit,
        page=page,
        status=status,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BillStatus | Unset = UNSET,
    x_organization_id: str,
) -> Response[GetBillsResponse]:
    """Bills of suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        status (BillStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetBillsResponse]
    """

    kwargs = _get_kwargs(
        limit=limit,
        page=page,
        status=status,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: BillStatus | Unset = UNSET,
    x_organization_id: str,
) -> GetBillsResponse | None:
    """Bills of suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        status (BillStatus | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetBillsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            page=page,
            status=status,
            x_organization_id=x_organization_id,
        )
    ).parsed
