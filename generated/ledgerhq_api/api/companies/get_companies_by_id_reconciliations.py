from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_companies_by_id_reconciliations_response import (
    GetCompaniesByIdReconciliationsResponse,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    company_id: str,
    *,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["page"] = page

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/companies/{company_id}/reconciliations".format(
            company_id=quote(str(company_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetCompaniesByIdReconciliationsResponse | None:
    if response.status_code == 200:
        response_200 = GetCompaniesByIdReconciliationsResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetCompaniesByIdReconciliationsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    company_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[GetCompaniesByIdReconciliationsResponse]:
    """Finished reconciliations, newest first

     Named by the vendor; everything about its answer is assumed (A).

    Args:
        company_id (str):
        limit (int | Unset):
        page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetCompaniesByIdReconciliationsResponse]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        limit=limit,
        page=page,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    company_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> GetCompaniesByIdReconciliationsResponse | None:
    """Finished reconciliations, newest first

     Named by the vendor; everything about its answer is assumed (A).

    Args:
        company_id (str):
        limit (int | Unset):
        page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetCompaniesByIdReconciliationsResponse
    """

    return sync_detailed(
        company_id=company_id,
        client=client,
        limit=limit,
        page=page,
    ).parsed


async def asyncio_detailed(
    company_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[GetCompaniesByIdReconciliationsResponse]:
    """Finished reconciliations, newest first

     Named by the vendor; everything about its answer is assumed (A).

    Args:
        company_id (str):
        limit (int | Unset):
        page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetCompaniesByIdReconciliationsResponse]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        limit=limit,
        page=page,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    company_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> GetCompaniesByIdReconciliationsResponse | None:
    """Finished reconciliations, newest first

     Named by the vendor; everything about its answer is assumed (A).

    Args:
        company_id (str):
        limit (int | Unset):
        page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetCompaniesByIdReconciliationsResponse
    """

    return (
        await asyncio_detailed(
            company_id=company_id,
            client=client,
            limit=limit,
            page=page,
        )
    ).parsed
