from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.contact_type import ContactType
from ...models.get_contacts_response import GetContactsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    search: str | Unset = UNSET,
    type_: ContactType | Unset = UNSET,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-organization-id"] = x_organization_id

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["page"] = page

    params["search"] = search

    json_type_: str | Unset = UNSET
    if not isinstance(type_, Unset):
        json_type_ = type_.value

    params["type"] = json_type_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/contacts",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GetContactsResponse | None:
    if response.status_code == 200:
        response_200 = GetContactsResponse.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GetContactsResponse]:
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
    search: str | Unset = UNSET,
    type_: ContactType | Unset = UNSET,
    x_organization_id: str,
) -> Response[GetContactsResponse]:
    """Customers and suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        search (str | Unset):
        type_ (ContactType | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetContactsResponse]
    """

    kwargs = _get_kwargs(
        limit=limit,
        page=page,
        search=search,
        type_=type_,
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
    search: str | Unset = UNSET,
    type_: ContactType | Unset = UNSET,
    x_organization_id: str,
) -> GetContactsResponse | None:
    """Customers and suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        search (str | Unset):
        type_ (ContactType | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetContactsResponse
    """

    return sync_detailed(
        client=client,
        limit=limit,
        page=page,
        search=search,
        type_=type_,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    search: str | Unset = UNSET,
    type_: ContactType | Unset = UNSET,
    x_organization_id: str,
) -> Response[GetContactsResponse]:
    """Customers and suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        search (str | Unset):
        type_ (ContactType | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GetContactsResponse]
    """

    kwargs = _get_kwargs(
        limit=limit,
        page=page,
        search=search,
        type_=type_,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    search: str | Unset = UNSET,
    type_: ContactType | Unset = UNSET,
    x_organization_id: str,
) -> GetContactsResponse | None:
    """Customers and suppliers

    Args:
        limit (int | Unset):
        page (int | Unset):
        search (str | Unset):
        type_ (ContactType | Unset):
        x_organization_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GetContactsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            page=page,
            search=search,
            type_=type_,
            x_organization_id=x_organization_id,
        )
    ).parsed
