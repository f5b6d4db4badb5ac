from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.match_request import MatchRequest
from ...models.match_result import MatchResult
from ...types import Response


def _get_kwargs(
    id: str,
    *,
    body: MatchRequest,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/bank-transactions/{id}/match".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> MatchResult | None:
    if response.status_code == 200:
        response_200 = MatchResult.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[MatchResult]:
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
    body: MatchRequest,
    x_organization_id: str,
) -> Response[MatchResult]:
    """Match a row with a document, payment or entry

    Args:
        id (str):
        x_organization_id (str):
        body (MatchRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MatchResult]
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
    body: MatchRequest,
    x_organization_id: str,
) -> MatchResult | None:
    """Match a row with a document, payment or entry

    Args:
        id (str):
        x_organization_id (str):
        body (MatchRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MatchResult
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
    body: MatchRequest,
    x_organization_id: str,
) -> Response[MatchResult]:
    """Match a row with a document, payment or entry

    Args:
        id (str):
        x_organization_id (str):
        body (MatchRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MatchResult]
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
    body: MatchRequest,
    x_organization_id: str,
) -> MatchResult | None:
    """Match a row with a document, payment or entry

    Args:
        id (str):
        x_organization_id (str):
        body (MatchRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MatchResult
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            x_organization_id=x_organization_id,
        )
    ).parsed
