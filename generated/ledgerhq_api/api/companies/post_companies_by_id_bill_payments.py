from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bill_payment_request import BillPaymentRequest
from ...models.post_bill_payments_response import PostBillPaymentsResponse
from ...types import Response


def _get_kwargs(
    company_id: str,
    *,
    body: BillPaymentRequest,
    idempotency_key: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["idempotency-key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/companies/{company_id}/bill-payments".format(
            company_id=quote(str(company_id), safe=""),
        ),
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
    company_id: str,
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
) -> Response[PostBillPaymentsResponse]:
    """Post a bill payment

     The same key and receipt as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        idempotency_key (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PostBillPaymentsResponse]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    company_id: str,
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
) -> PostBillPaymentsResponse | None:
    """Post a bill payment

     The same key and receipt as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        idempotency_key (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PostBillPaymentsResponse
    """

    return sync_detailed(
        company_id=company_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    company_id: str,
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
) -> Response[PostBillPaymentsResponse]:
    """Post a bill payment

     The same key and receipt as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        idempotency_key (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PostBillPaymentsResponse]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    company_id: str,
    *,
    client: AuthenticatedClient,
    body: BillPaymentRequest,
    idempotency_key: str,
) -> PostBillPaymentsResponse | None:
    """Post a bill payment

     The same key and receipt as on the route with the x-organization-id header are assumed (A).

    Args:
        company_id (str):
        idempotency_key (str):
        body (BillPaymentRequest): Pays an existing bill and allocates to it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PostBillPaymentsResponse
    """

    return (
        await asyncio_detailed(
            company_id=company_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
