from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.entry_create import EntryCreate
from ...models.get_entries_by_id_response import GetEntriesByIdResponse
from ...types import Response


def _get_kwargs(
    *,
    body: EntryCreate,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/entries",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetEntriesByIdResponse | None:
    if response.status_code == 201:
        response_201 = GetEntriesByIdResponse.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetEntriesByIdResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: EntryCreate,
    x_organization_id: str,
) -> Response[GetEntriesByIdResponse]:
    """Create a draft entry

    Args:
        x_organization_id (str):
        body (EntryCreate): A draft entry; amounts are integer cents.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetEntriesByIdResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        x_organization_id=x_organization_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: EntryCreate,
    x_organization_id: str,
) -> GetEntriesByIdResponse | None:
    """Create a draft entry

    Args:
        x_organization_id (str):
        body (EntryCreate): A draft entry; amounts are integer cents.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetEntriesByIdResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: EntryCreate,
    x_organization_id: str,
) -> Response[GetEntriesByIdResponse]:
    """Create a draft entry

    Args:
        x_organization_id (str):
        body (EntryCreate): A draft entry; amounts are integer cents.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetEntriesByIdResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: EntryCreate,
    x_organization_id: str,
) -> GetEntriesByIdResponse | None:
    """Create a draft entry

    Args:
        x_organization_id (str):
        body (EntryCreate): A draft entry; amounts are integer cents.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetEntriesByIdResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            x_organization_id=x_organization_id,
        )
    ).parsed
