from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.reclassify_request import ReclassifyRequest
from ...models.reclassify_result import ReclassifyResult
from ...types import Response


def _get_kwargs(
    id: str,
    *,
    body: ReclassifyRequest,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/bank-transactions/{id}/reclassify".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ReclassifyResult | None:
    if response.status_code == 200:
        response_200 = ReclassifyResult.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ReclassifyResult]:
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
    body: ReclassifyRequest,
    x_organization_id: str,
) -> Response[ReclassifyResult]:
    """Move a row to another account

     Updates the row's classification. Where an entry is linked, moves the chosen editable non-bank
    journal line to the account; journalLineId is required when the entry has several such lines.
    Period-locked (422) and void entries are rejected.

    Args:
        id (str):
        x_organization_id (str):
        body (ReclassifyRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ReclassifyResult]
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
    body: ReclassifyRequest,
    x_organization_id: str,
) -> ReclassifyResult | None:
    """Move a row to another account

     Updates the row's classification. Where an entry is linked, moves the chosen editable non-bank
    journal line to the account; journalLineId is required when the entry has several such lines.
    Period-locked (422) and void entries are rejected.

    Args:
        id (str):
        x_organization_id (str):
        body (ReclassifyRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ReclassifyResult
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
    body: ReclassifyRequest,
    x_organization_id: str,
) -> Response[ReclassifyResult]:
    """Move a row to another account

     Updates the row's classification. Where an entry is linked, moves the chosen editable non-bank
    journal line to the account; journalLineId is required when the entry has several such lines.
    Period-locked (422) and void entries are rejected.

    Args:
        id (str):
        x_organization_id (str):
        body (ReclassifyRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ReclassifyResult]
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
    body: ReclassifyRequest,
    x_organization_id: str,
) -> ReclassifyResult | None:
    """Move a row to another account

     Updates the row's classification. Where an entry is linked, moves the chosen editable non-bank
    journal line to the account; journalLineId is required when the entry has several such lines.
    Period-locked (422) and void entries are rejected.

    Args:
        id (str):
        x_organization_id (str):
        body (ReclassifyRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ReclassifyResult
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            x_organization_id=x_organization_id,
        )
    ).parsed
