from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bill_payment_request import BillPaymentRequest
from ...models.post_bill_payments_response import PostBillPaymentsResponse
from ...types import Response


def _get_kwargs(
    *,
    body: BillPaymentRequest,
    idempotency_key: str,
    x_organization_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["idempotency-key"] = idempotency_key

    headers["x-organization-id"] = x_organization_id

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/bill-payments",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PostBillPaymentsResponse | None:
    if response.status_code == 200:
        response_200 = PostBillPaymentsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = PostBillPaymentsResponse.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PostBillPaymentsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
    x_organization_id: str,
) -> Response[PostBillPaymentsResponse]:
    """Post a bill payment

     Posts at once, and makes bank-register rows where a bank-linked account is involved. Status 200 on a
    replay is assumed (A).

    Args:
        idempotency_key (str):
        x_organization_id (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PostBillPaymentsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        x_organization_id=x_organization_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
    x_organization_id: str,
) -> PostBillPaymentsResponse | None:
    """Post a bill payment

     Posts at once, and makes bank-register rows where a bank-linked account is involved. Status 200 on a
    replay is assumed (A).

    Args:
        idempotency_key (str):
        x_organization_id (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PostBillPaymentsResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        x_organization_id=x_organization_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
    x_organization_id: str,
) -> Response[PostBillPaymentsResponse]:
    """Post a bill payment

     Posts at once, and makes bank-register rows where a bank-linked account is involved. Status 200 on a
    replay is assumed (A).

    Args:
        idempotency_key (str):
        x_organization_id (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PostBillPaymentsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        x_organization_id=x_organization_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
    x_organization_id: str,
) -> PostBillPaymentsResponse | None:
    """Post a bill payment

     Posts at once, and makes bank-register rows where a bank-linked account is involved. Status 200 on a
    replay is assumed (A).

    Args:
        idempotency_key (str):
        x_organization_id (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PostBillPaymentsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            x_organization_id=x_organization_id,
        )
    ).parsed
