from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    client_id: str,
    code_challenge: str,
    code_challenge_method: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Unset = UNSET,
    state: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["client_id"] = client_id

    params["code_challenge"] = code_challenge

    params["code_challenge_method"] = code_challenge_method

    params["redirect_uri"] = redirect_uri

    params["response_type"] = response_type

    params["scope"] = scope

    params["state"] = state

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/oauth/authorize",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> str | None:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    client_id: str,
    code_challenge: str,
    code_challenge_method: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Unset = UNSET,
    state: str,
) -> Response[str]:
    """Ask the user for consent

     The user must be an owner or admin of the firm; the token stands for the firm, not for one client
    company.

    Args:
        client_id (str):
        code_challenge (str):
        code_challenge_method (str): S256, the only method.
        redirect_uri (str):
        response_type (str): code
        scope (str | Unset):
        state (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[str]
    """

    kwargs = _get_kwargs(
        client_id=client_id,
        code_challenge=code_challenge,
        code_challenge_method=code_challenge_method,
        redirect_uri=redirect_uri,
        response_type=response_type,
        scope=scope,
        state=state,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    client_id: str,
    code_challenge: str,
    code_challenge_method: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Unset = UNSET,
    state: str,
) -> str | None:
    """Ask the user for consent

     The user must be an owner or admin of the firm; the token stands for the firm, not for one client
    company.

    Args:
        client_id (str):
        code_challenge (str):
        code_challenge_method (str): S256, the only method.
        redirect_uri (str):
        response_type (str): code
        scope (str | Unset):
        state (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        str
    """

    return sync_detailed(
        client=client,
        client_id=client_id,
        code_challenge=code_challenge,
        code_challenge_method=code_challenge_method,
        redirect_uri=redirect_uri,
        response_type=response_type,
        scope=scope,
        state=state,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    client_id: str,
    code_challenge: str,
    code_challenge_method: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Unset = UNSET,
    state: str,
) -> Response[str]:
    """Ask the user for consent

     The user must be an owner or admin of the firm; the token stands for the firm, not for one client
    company.

    Args:
        client_id (str):
        code_challenge (str):
        code_challenge_method (str): S256, the only method.
        redirect_uri (str):
        response_type (str): code
        scope (str | Unset):
        state (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[str]
    """

    kwargs = _get_kwargs(
        client_id=client_id,
        code_challenge=code_challenge,
        code_challenge_method=code_challenge_method,
        redirect_uri=redirect_uri,
        response_type=response_type,
        scope=scope,
        state=state,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    client_id: str,
    code_challenge: str,
    code_challenge_method: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Unset = UNSET,
    state: str,
) -> str | None:
    """Ask the user for consent

     The user must be an owner or admin of the firm; the token stands for the firm, not for one client
    company.

    Args:
        client_id (str):
        code_challenge (str):
        code_challenge_method (str): S256, the only method.
        redirect_uri (str):
        response_type (str): code
        scope (str | Unset):
        state (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        str
    """

    return (
        await asyncio_detailed(
            client=client,
            client_id=client_id,
            code_challenge=code_challenge,
            code_challenge_method=code_challenge_method,
            redirect_uri=redirect_uri,
            response_type=response_type,
            scope=scope,
            state=state,
        )
    ).parsed
