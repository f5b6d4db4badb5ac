"""Responses of the service, and scripts of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx


class Script:
    """Answers in turn, the last one for ever.

    An answer is a status, a response, an exception, or a function that makes one of a request.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        answer = answer(request) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(answer, json={"error": f"status {answer}"})


class CutStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends before it should."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"data": {"id'
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body"
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def cut(_: httpx.Request) -> httpx.Response:
    """Return a response whose body breaks off."""
    return httpx.Response(200, stream=CutStream())


def not_json(_: httpx.Request) -> httpx.Response:
    """Return a response whose body is half a document."""
    return httpx.Response(200, text='{"data": {"id"')


def coded(status: int, code: str, **more: Any) -> httpx.Response:
    """Return a structured error."""
    error = {"code": code, "message": f"{code} happened", "requestId": "req_7", **more}
    return httpx.Response(status, json={"error": error})


def receipt(request: httpx.Request) -> httpx.Response:
    """Return the receipt of whatever was posted."""
    resource = (
        request.url.path.rpartition("/")[2]
        .replace("-", "_")
        .removesuffix("s")
        .replace("entrie", "entry")
    )
    data = {
        "id": "post_1",
        "resourceType": resource,
        "journalEntryId": "je_1",
        "bankTransactionIds": ["btx_1"],
        "status": "posted",
        "postedAt": "2026-06-08T16:00:00.000Z",
        "idempotencyKey": request.headers["Idempotency-Key"],
    }
    return httpx.Response(201, json={"data": data})


def entry(_: httpx.Request | None = None, *, status: int = 201, **more: Any) -> httpx.Response:
    """Return a journal entry of two lines."""
    lines = [
        {
            "id": "l1",
            "accountId": "acc_1",
            "debitAmount": "7.00",
            "creditAmount": "0.00",
            "currencyCode": "USD",
        },
        {
            "id": "l2",
            "accountId": "acc_2",
            "debitAmount": "0.00",
            "creditAmount": "7.00",
            "currencyCode": "USD",
        },
    ]
    data = {
        "id": "je_9",
        "entryNumber": 9,
        "date": "2026-06-08",
        "description": "Accrual",
        "status": "draft",
    }
    return httpx.Response(status, json={"entry": {**data, "lines": lines, **more}})


def account(id: str = "acc_1", code: str = "1010") -> dict[str, Any]:
    """Return an account as it is on the wire."""
    return {
        "id": id,
        "code": code,
        "name": f"Account {code}",
        "type": "asset",
        "currencyCode": "USD",
        "isActive": True,
    }


def accounts(_: httpx.Request | None = None) -> httpx.Response:
    """Return a chart of one account."""
    return httpx.Response(200, json={"accounts": [account()]})


def bank_row(status: str = "unreconciled", **more: Any) -> dict[str, Any]:
    """Return a row of the bank register as it is on the wire."""
    return {
        "id": "btx_1",
        "bankAccountId": "bank_1",
        "date": "2026-06-08",
        "description": "Coffee",
        "amount": -100,
        "status": status,
        "sourceType": "plaid_bank_feed",
        "pending": False,
        "createdAt": "2026-06-08T16:00:00.000Z",
        **more,
    }
