from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.general_ledger import GeneralLedger
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    params: dict[str, Any] = {}

    params["endDate"] = end_date

    params["limit"] = limit

    params["startDate"] = start_date

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/reports/general-ledger",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GeneralLedger | None:
    if response.status_code == 200:
        response_200 = GeneralLedger.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GeneralLedger]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    x_organization_id: str,
) -> Response[GeneralLedger]:
    """The general ledger of a period

    Args:
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GeneralLedger]
    """

    kwargs = _get_kwargs(
        end_date=end_date,
        limit=limit,
        start_date=start_date,
        x_organization_id=x_organization_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    x_organization_id: str,
) -> GeneralLedger | None:
    """The general ledger of a period

    Args:
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GeneralLedger
    """

    return sync_detailed(
        client=client,
        end_date=end_date,
        limit=limit,
        start_date=start_date,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    x_organization_id: str,
) -> Response[GeneralLedger]:
    """The general ledger of a period

    Args:
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GeneralLedger]
    """

    kwargs = _get_kwargs(
        end_date=end_date,
        limit=limit,
        start_date=start_date,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    x_organization_id: str,
) -> GeneralLedger | None:
    """The general ledger of a period

    Args:
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GeneralLedger
    """

    return (
        await asyncio_detailed(
            client=client,
            end_date=end_date,
            limit=limit,
            start_date=start_date,
            x_organization_id=x_organization_id,
        )
    ).parsed
