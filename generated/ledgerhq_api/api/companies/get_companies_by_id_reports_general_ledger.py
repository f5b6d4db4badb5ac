from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.general_ledger import GeneralLedger
from ...types import UNSET, Response, Unset


def _get_kwargs(
    company_id: str,
    *,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["endDate"] = end_date

    params["limit"] = limit

    params["startDate"] = start_date

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/companies/{company_id}/reports/general-ledger".format(
            company_id=quote(str(company_id), safe=""),
        ),
        "params": params,
    }

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
    company_id: str,
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> Response[GeneralLedger]:
    """The general ledger of a period

     Answers as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GeneralLedger]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        end_date=end_date,
        limit=limit,
        start_date=start_date,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    company_id: str,
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> GeneralLedger | None:
    """The general ledger of a period

     Answers as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GeneralLedger
    """

    return sync_detailed(
        company_id=company_id,
        client=client,
        end_date=end_date,
        limit=limit,
        start_date=start_date,
    ).parsed


async def asyncio_detailed(
    company_id: str,
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> Response[GeneralLedger]:
    """The general ledger of a period

     Answers as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GeneralLedger]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        end_date=end_date,
        limit=limit,
        start_date=start_date,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    company_id: str,
    *,
    client: AuthenticatedClient,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> GeneralLedger | None:
    """The general ledger of a period

     Answers as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        end_date (str | Unset):
        limit (int | Unset):
        start_date (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GeneralLedger
    """

    return (
        await asyncio_detailed(
            company_id=company_id,
            client=client,
            end_date=end_date,
            limit=limit,
            start_date=start_date,
        )
    ).parsed
