from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.split_account_request import SplitAccountRequest
from ...models.split_account_result import SplitAccountResult
from ...types import Response


def _get_kwargs(
    id: str,
    *,
    body: SplitAccountRequest,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/bank-transactions/{id}/split-account".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> SplitAccountResult | None:
    if response.status_code == 201:
        response_201 = SplitAccountResult.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[SplitAccountResult]:
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
    body: SplitAccountRequest,
    x_organization_id: str,
) -> Response[SplitAccountResult]:
    """Split a row over accounts

    Args:
        id (str):
        x_organization_id (str):
        body (SplitAccountRequest): The amounts sum to the row's magnitude.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SplitAccountResult]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
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
    body: SplitAccountRequest,
    x_organization_id: str,
) -> SplitAccountResult | None:
    """Split a row over accounts

    Args:
        id (str):
        x_organization_id (str):
        body (SplitAccountRequest): The amounts sum to the row's magnitude.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SplitAccountResult
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    body: SplitAccountRequest,
    x_organization_id: str,
) -> Response[SplitAccountResult]:
    """Split a row over accounts

    Args:
        id (str):
        x_organization_id (str):
        body (SplitAccountRequest): The amounts sum to the row's magnitude.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SplitAccountResult]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    body: SplitAccountRequest,
    x_organization_id: str,
) -> SplitAccountResult | None:
    """Split a row over accounts

    Args:
        id (str):
        x_organization_id (str):
        body (SplitAccountRequest): The amounts sum to the row's magnitude.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SplitAccountResult
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            x_organization_id=x_organization_id,
        )
    ).parsed
